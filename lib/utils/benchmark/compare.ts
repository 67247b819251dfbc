/** Tables of measurements: `torch.utils.benchmark.Compare`. */
import { kind_of } from '../../_internal/kind_of.js';
import { format_fixed } from '../../_internal/python_numbers.js';
import { method_signature, signature } from '../../_internal/signature.js';
import { print } from '../../python/print.js';
import { leading_digits, Measurement, trim_sigfig, unit_for, unit_to_english } from './common.js';

const BEST = '\x1b[92m';
const GOOD = '\x1b[34m';
const BAD = '\x1b[2m\x1b[91m';
const VERY_BAD = '\x1b[31m';
const BOLD = '\x1b[1m';
const TERMINATE = '\x1b[0m';

interface Look {
  trim: boolean;
  colors: 'none' | 'columnwise' | 'rowwise';
  warnings: boolean;
}

type Cells = readonly (Measurement | null)[];

/** As Python's `str.center`: an odd space goes left where the width is odd. */
function centered(text: string, width: number, fill = ' '): string {
  const pad = Math.max(0, width - text.length);
  const left = (pad >> 1) + (pad & width & 1);
  return fill.repeat(left) + text + fill.repeat(pad - left);
}

class Column {
  private readonly digits: number;
  private readonly length: number;
  private readonly with_warnings: boolean;

  constructor(
    private readonly look: Look,
    readonly cells: Cells,
    scale: number,
  ) {
    const there = cells.filter((cell) => cell !== null);
    this.with_warnings = look.warnings && there.some((cell) => cell.has_warnings);
    const leading = there.map((cell) => leading_digits(cell.median / scale));
    this.digits = look.trim
      ? Math.min(...there.map((cell, i) => Math.max(cell.significant_figures - leading[i]!, 0)))
      : 1;
    this.length = Math.max(...leading) + this.digits + (this.digits > 0 ? 1 : 0);
  }

  text(value: number | null, figures: number, spread: number | null): string {
    if (value === null) return ' '.repeat(this.text(1, figures, null).length);
    const trimmed = this.look.trim ? trim_sigfig(value, figures) : value;
    const warning = this.with_warnings && spread !== null ? ` (! ${format_fixed(spread * 100, 0)}%)` : '';
    return format_fixed(trimmed, this.digits).padStart(this.length) + warning.padStart(this.with_warnings ? 7 : 0);
  }
}

function colored(text: string, value: number, best: number): string {
  if (value <= best * 1.01 || value <= best + 100e-9) return BEST + BOLD + text + TERMINATE + TERMINATE;
  if (value <= best * 1.1) return GOOD + BOLD + text + TERMINATE + TERMINATE;
  if (value >= best * 5) return VERY_BAD + BOLD + text + TERMINATE + TERMINATE;
  return value >= best * 2 ? BAD + text + TERMINATE + TERMINATE : text;
}

interface Row {
  readonly threads: number;
  readonly env: string;
  readonly name: string;
  readonly cells: (Measurement | null)[];
}

const best_of = (cells: Cells): number => Math.min(...cells.flatMap((cell) => (cell === null ? [] : [cell.median])));

function rows_of(results: readonly Measurement[], columns: readonly string[]): Row[] {
  const rows = new Map<string, Row>();
  for (const result of results) {
    const { num_threads: threads, as_row_name: name } = result;
    const env = result.env ?? '';
    const key = JSON.stringify([threads, env, name]);
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = { threads, env, name, cells: columns.map(() => null) }));
    row.cells[columns.indexOf(result.description ?? '')] = result;
  }
  return [...rows.values()].sort((a, b) => a.threads - b.threads || (a.env < b.env ? -1 : a.env > b.env ? 1 : 0));
}

function table_of(results: readonly Measurement[], look: Look): string {
  const [unit, scale] = unit_for(Math.min(...results.map(({ median }) => median)));
  const titles = [...new Set(results.map(({ description }) => description ?? ''))];
  const rows = rows_of(results, titles);
  const columns = titles.map(
    (_, i) =>
      new Column(
        look,
        rows.map(({ cells }) => cells[i]!),
        scale,
      ),
  );
  const envs = new Set(rows.map(({ env }) => env));
  const env_length = envs.size > 1 ? Math.max(...Array.from(envs, (env) => env.length)) : 0;
  const begins_group = (i: number): boolean => i === 0 || rows[i - 1]!.threads !== rows[i]!.threads;
  const texts = rows.map((row, i) => {
    const shows_env = envs.size > 1 && (begins_group(i) || rows[i - 1]!.env !== row.env);
    const env = (shows_env ? `(${row.env})` : '').padEnd(env_length + 4);
    const cells = row.cells.map((cell, k) =>
      cell === null
        ? columns[k]!.text(null, 1, null)
        : columns[k]!.text(
            cell.median / scale,
            cell.significant_figures,
            cell.has_warnings ? cell.iqr / cell.median : null,
          ),
    );
    return [`  ${env}${row.name}`, ...cells];
  });
  const header = ['', ...titles];
  const widths = header.map((title, i) => Math.max(title.length, ...texts.map((row) => row[i]!.length)));
  const lines = [header.map((title, i) => centered(title, widths[i]!)).join('  |  ')];
  const width = lines[0]!.length;
  for (const [i, row] of rows.entries()) {
    if (begins_group(i)) lines.push(`${row.threads} threads: `.padEnd(width, '-'));
    const group = rows.filter(({ threads }) => threads === row.threads);
    const cells = row.cells.map((cell, k) => {
      const text = centered(texts[i]![k + 1]!, widths[k + 1]!);
      if (cell === null || look.colors === 'none') return text;
      const rivals = look.colors === 'rowwise' ? row.cells : group.map(({ cells: others }) => others[k]!);
      return colored(text, cell.median, best_of(rivals));
    });
    lines.push([texts[i]![0]!.padEnd(widths[0]!), ...cells].join('  |  '));
  }
  const warned = look.warnings && results.some(({ has_warnings }) => has_warnings);
  return (
    `[${centered(` ${results[0]!.label ?? ''} `, width - 2, '-')}]\n${lines.join('\n')}\n\n` +
    `Times are in ${unit_to_english(unit)}s (${unit}).\n` +
    (warned ? '(! XX%) Measurement has high variance, where XX is the IQR / median * 100.\n' : '')
  );
}

const COMPARE = signature<{ results: Iterable<Measurement> }>('Compare', 'results: Iterable');
const METHODS = {
  extend: method_signature<{ results: Iterable<Measurement> }>('Compare.extend_results', 'results: Iterable'),
  trim: method_signature<object>('Compare.trim_significant_figures'),
  colorize: method_signature<{ rowwise?: boolean }>('Compare.colorize', 'rowwise?: bool'),
  highlight: method_signature<object>('Compare.highlight_warnings'),
  print: method_signature<object>('Compare.print'),
};

/**
 * A table of measurements: a row for each `sub_label`, a column for each `description`, a table for each `label`. Mirrors
 * `torch.utils.benchmark.Compare`.
 *
 * @param results - measurements
 * @throws Error for other values
 * @example
 * ```ts
 * const { Compare, Measurement, TaskSpec } = torch.utils.benchmark;
 * const measured = ['add', 'mul'].map(
 *   (description, i) => new Measurement(1, [3e-6 + i * 1e-6], new TaskSpec('x', '', { label: 'ops', sub_label: '64', description })),
 * );
 * print(new Compare(measured));
 * ```
 * ```python
 * from torch.utils.benchmark import Compare, Measurement, TaskSpec
 * measured = [
 *     Measurement(1, [3e-6 + i * 1e-6], TaskSpec('x', '', label='ops', sub_label='64', description=description))
 *     for i, description in enumerate(['add', 'mul'])
 * ]
 * print(Compare(measured))
 * ```
 */
export class Compare {
  private readonly results: Measurement[] = [];
  private readonly look: Look = { trim: false, colors: 'none', warnings: false };

  constructor(results: Iterable<Measurement>);
  constructor(options: { results: Iterable<Measurement> });
  constructor(...args: unknown[]) {
    this.extend_results(COMPARE.read(args).results);
  }

  /**
   * Adds measurements. Mirrors `torch.utils.benchmark.Compare.extend_results`.
   * @param results - measurements
   * @throws Error for other values
   */
  extend_results(results: Iterable<Measurement>): void;
  extend_results(options: { results: Iterable<Measurement> }): void;
  extend_results(...args: unknown[]): void {
    const added: unknown[] = [...METHODS.extend.read(args).results];
    for (const each of added) {
      if (each instanceof Measurement) continue;
      throw new TypeError(
        `Compare.extend_results(): Expected an instance of \`Measurement\`, got ${kind_of(each)} instead.`,
      );
    }
    this.results.push(...(added as Measurement[]));
  }

  /** Shows only digits that the spread leaves. Mirrors `torch.utils.benchmark.Compare.trim_significant_figures`. */
  trim_significant_figures(): void;
  trim_significant_figures(...none: unknown[]): void {
    METHODS.trim.read(none);
    this.look.trim = true;
  }

  /**
   * Colors the times by how much they differ from the best one. Mirrors `torch.utils.benchmark.Compare.colorize`.
   * @param rowwise - from the best of the row; default of the column
   */
  colorize(rowwise?: boolean | { rowwise?: boolean }): void;
  colorize(...args: unknown[]): void {
    this.look.colors = METHODS.colorize.read(args).rowwise === true ? 'rowwise' : 'columnwise';
  }

  /** Marks times that differ much among themselves. Mirrors `torch.utils.benchmark.Compare.highlight_warnings`. */
  highlight_warnings(): void;
  highlight_warnings(...none: unknown[]): void {
    METHODS.highlight.read(none);
    this.look.warnings = true;
  }

  /** Prints the tables. Mirrors `torch.utils.benchmark.Compare.print`. */
  print(): void;
  print(...none: unknown[]): void {
    METHODS.print.read(none);
    print(this.toString());
  }

  toString(): string {
    const groups = new Map<string | null, Measurement[]>();
    for (const each of Measurement.merge(this.results))
      groups.set(each.label, [...(groups.get(each.label) ?? []), each]);
    return Array.from(groups.values(), (group) => table_of(group, this.look)).join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
