/** What a measurement is: `torch.utils.benchmark.Measurement` and `TaskSpec`. */
import { native } from '../../_C/native.js';
import { method_signature, signature } from '../../_internal/signature.js';
import { format_fixed } from '../../_internal/python_numbers.js';
import { tensor } from '../../creation.js';
import { float32, float64 } from '../../types/dtype.js';

/** Fewer do not count as a difference: 25 ns. */
const least_confidence_interval = 25e-9;
const most_figures = 4;
const suspect = 0.1;
const very_suspect = 0.25;

/** What a timer measures. */
export interface TaskSpecOptions {
  stmt: string;
  setup: string;
  global_setup?: string;
  label?: string | null;
  sub_label?: string | null;
  description?: string | null;
  env?: string | null;
  num_threads?: number;
}

const TASK_SPEC = signature<TaskSpecOptions>(
  'TaskSpec',
  'stmt: str, setup: str, global_setup?: str, label?: str|None, sub_label?: str|None, description?: str|None, env?: str|None, ' +
    'num_threads?: int',
);
const NO_ARGUMENTS = {
  setup_str: method_signature<object>('TaskSpec.setup_str'),
  summarize: method_signature<object>('TaskSpec.summarize'),
};

const indented = (text: string): string => text.replace(/^(?=.*\S)/gm, '  ');

/**
 * What a timer measures, without its values. Mirrors `torch.utils.benchmark.TaskSpec`.
 *
 * @param stmt - the statement
 * @param setup - what runs before it
 * @param global_setup - not used here
 * @param label - the title of a table
 * @param sub_label - the row
 * @param description - the column
 * @param env - what tells rows of different environments apart
 * @param num_threads - default 1
 * @example
 * ```ts
 * const { TaskSpec } = torch.utils.benchmark;
 * print(new TaskSpec('x.add(1)', 'pass', { sub_label: '64x64' }).title);
 * ```
 * ```python
 * from torch.utils.benchmark import TaskSpec
 * print(TaskSpec('x.add(1)', 'pass', sub_label='64x64').title)
 * ```
 */
export class TaskSpec {
  readonly stmt: string;
  readonly setup: string;
  readonly global_setup: string;
  readonly label: string | null;
  readonly sub_label: string | null;
  readonly description: string | null;
  readonly env: string | null;
  readonly num_threads: number;

  constructor(
    stmt: string,
    setup: string,
    global_setup?: string,
    label?: string | null,
    sub_label?: string | null,
    description?: string | null,
    env?: string | null,
    num_threads?: number,
  );
  constructor(stmt: string, setup: string, options: Omit<TaskSpecOptions, 'stmt' | 'setup'>);
  constructor(options: TaskSpecOptions);
  constructor(...args: unknown[]) {
    const given = TASK_SPEC.read(args);
    this.stmt = given.stmt;
    this.setup = given.setup;
    this.global_setup = given.global_setup ?? '';
    this.label = given.label ?? null;
    this.sub_label = given.sub_label ?? null;
    this.description = given.description ?? null;
    this.env = given.env ?? null;
    this.num_threads = given.num_threads ?? 1;
  }

  /** The label, or the statement. */
  get title(): string {
    if (this.label !== null) return this.label + (this.sub_label ? `: ${this.sub_label}` : '');
    if (!this.stmt.includes('\n')) return this.stmt + (this.sub_label ? `: ${this.sub_label}` : '');
    return `stmt:${this.sub_label ? ` (${this.sub_label})` : ''}\n${indented(this.stmt)}`;
  }

  /** The setup as {@link Measurement} prints it. Mirrors `torch.utils.benchmark.TaskSpec.setup_str`. */
  setup_str(): string;
  setup_str(...none: unknown[]): string {
    NO_ARGUMENTS.setup_str.read(none);
    if (this.setup === 'pass' || this.setup === '') return '';
    return this.setup.includes('\n') ? `setup:\n${indented(this.setup)}` : `setup: ${this.setup}`;
  }

  /** All of it as {@link Measurement} prints it. Mirrors `torch.utils.benchmark.TaskSpec.summarize`. */
  summarize(): string;
  summarize(...none: unknown[]): string {
    NO_ARGUMENTS.summarize.read(none);
    return [this.title, this.description ?? '', this.setup_str()]
      .filter((section) => section !== '')
      .map((section) => (section.includes('\n') ? `${section}\n` : section))
      .join('\n');
  }

  /** Equal for equal tasks. @internal */
  get _key(): string {
    return JSON.stringify(Object.values(this));
  }
}

interface MeasurementArguments {
  number_per_run: number;
  raw_times: readonly number[];
  task_spec: TaskSpec;
  metadata?: object | null;
}

const MEASUREMENT = signature<MeasurementArguments>(
  'Measurement',
  'number_per_run: int, raw_times: float[], task_spec: any, metadata?: dict|None',
);
const MEETS_CONFIDENCE = method_signature<{ threshold?: number }>('Measurement.meets_confidence', 'threshold?: float');
const MERGE = signature<{ measurements: Iterable<Measurement> }>('merge', 'measurements: Iterable');

interface Statistics {
  readonly sorted: readonly number[];
  readonly median: number;
  readonly mean: number;
  readonly p25: number;
  readonly p75: number;
}

const units = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 } as const;
type Unit = keyof typeof units;

/** Numbers of float32, as Python's come from tensors. */
const floats = (value: number | readonly number[]) => tensor(value as number, { dtype: float32 });
const log10 = (value: number): number => floats(value).log10().item();

/** How many digits a time has before the point. @internal */
export function leading_digits(value: number): number {
  return Math.ceil(log10(Math.abs(value)));
}

/** The unit in which a time has one to three digits before the point. @internal */
export function unit_for(seconds: number): [unit: Unit, scale: number] {
  const power = Math.trunc(Math.floor(log10(seconds) / 3));
  const unit = power === -3 ? 'ns' : power === -2 ? 'us' : power === -1 ? 'ms' : 's';
  return [unit, units[unit]];
}

/**
 * The times of a statement, and what they say. All but `raw_times` is in seconds per run. Mirrors
 * `torch.utils.benchmark.Measurement`; {@link Timer} makes them.
 *
 * @param number_per_run - how often the statement ran in each time
 * @param raw_times - seconds
 * @param task_spec - what was measured
 * @param metadata - anything
 * @example
 * ```ts
 * const { Measurement, TaskSpec } = torch.utils.benchmark;
 * const measured = new Measurement(100, [0.5, 0.25, 0.75], new TaskSpec('x.add(1)', 'pass'));
 * print(measured.median, measured.mean, measured.iqr);
 * ```
 * ```python
 * from torch.utils.benchmark import Measurement, TaskSpec
 * measured = Measurement(100, [0.5, 0.25, 0.75], TaskSpec('x.add(1)', 'pass'))
 * print(measured.median, measured.mean, measured.iqr)
 * ```
 */
export class Measurement {
  readonly number_per_run: number;
  readonly raw_times: readonly number[];
  readonly task_spec: TaskSpec;
  metadata: object | null;
  private statistics: Statistics | undefined;

  constructor(number_per_run: number, raw_times: readonly number[], task_spec: TaskSpec, metadata?: object | null);
  constructor(options: MeasurementArguments);
  constructor(...args: unknown[]) {
    const { number_per_run, raw_times, task_spec, metadata = null } = MEASUREMENT.read(args);
    if (!(task_spec instanceof TaskSpec)) {
      throw new TypeError("Measurement(): argument 'task_spec' must be TaskSpec");
    }
    this.number_per_run = Number(number_per_run);
    this.raw_times = Array.from(raw_times, Number);
    this.task_spec = task_spec;
    this.metadata = metadata;
  }

  private get known(): Statistics {
    if (this.statistics !== undefined) return this.statistics;
    const sorted = [...this.times].sort((a, b) => a - b);
    if (sorted.length === 0) return { sorted, median: -1, mean: -1, p25: -1, p75: -1 };
    const all = tensor(sorted, { dtype: float64 });
    const quantile = (q: number): number => all.quantile(q).item();
    this.statistics = {
      sorted,
      median: quantile(0.5),
      mean: all.mean().item(),
      p25: quantile(0.25),
      p75: quantile(0.75),
    };
    return this.statistics;
  }

  /** Seconds per run. */
  get times(): number[] {
    return this.raw_times.map((time) => time / this.number_per_run);
  }
  get median(): number {
    return this.known.median;
  }
  get mean(): number {
    return this.known.mean;
  }
  /** The range from the first to the third quartile. */
  get iqr(): number {
    return this.known.p75 - this.known.p25;
  }
  /** How many digits of the median the spread leaves, 1 to 4. */
  get significant_figures(): number {
    const { sorted, median } = this.known;
    const inner = sorted.slice(Math.floor(sorted.length / 4), Math.ceil((3 * sorted.length) / 4));
    const std = floats(inner).std({ unbiased: false }).item();
    const interval = Math.max((1.645 * std) / floats(inner.length).sqrt().item(), least_confidence_interval);
    return Math.min(Math.max(Math.floor(log10(median / interval)), 1), most_figures);
  }
  get has_warnings(): boolean {
    return this.warnings.length > 0;
  }
  get title(): string {
    return this.task_spec.title;
  }
  get stmt(): string {
    return this.task_spec.stmt;
  }
  get setup(): string {
    return this.task_spec.setup;
  }
  get label(): string | null {
    return this.task_spec.label;
  }
  get sub_label(): string | null {
    return this.task_spec.sub_label;
  }
  get description(): string | null {
    return this.task_spec.description;
  }
  get env(): string | null {
    return this.task_spec.env;
  }
  get num_threads(): number {
    return this.task_spec.num_threads;
  }
  get as_row_name(): string {
    return this.sub_label || this.stmt || '[Unknown]';
  }

  private get warnings(): string[] {
    if (this.raw_times.length === 0 || this.meets_confidence(suspect)) return [];
    const why = this.meets_confidence(very_suspect)
      ? 'This could indicate system fluctuation.'
      : 'This suggests significant environmental influence.';
    const share = format_fixed((this.iqr / this.median) * 100, 1);
    return [`  WARNING: Interquartile range is ${share}% of the median measurement.\n           ${why}`];
  }

  /**
   * Whether the times are close to each other. Mirrors `torch.utils.benchmark.Measurement.meets_confidence`.
   * @param threshold - of the range between the quartiles to the median; default 0.1
   */
  meets_confidence(threshold?: number | { threshold?: number }): boolean;
  meets_confidence(...args: unknown[]): boolean {
    const { threshold = suspect } = MEETS_CONFIDENCE.read(args);
    return this.iqr / this.median < threshold;
  }

  /**
   * Measurements of the same task as one. Mirrors `torch.utils.benchmark.Measurement.merge`.
   * @param measurements - of any tasks
   * @returns one for each task, with `number_per_run` 1
   */
  static merge(measurements: Iterable<Measurement>): Measurement[];
  static merge(options: { measurements: Iterable<Measurement> }): Measurement[];
  static merge(...args: unknown[]): Measurement[] {
    const groups = new Map<string, Measurement[]>();
    for (const each of MERGE.read(args).measurements) {
      const key = each.task_spec._key;
      groups.set(key, [...(groups.get(key) ?? []), each]);
    }
    return Array.from(
      groups.values(),
      (group) =>
        new Measurement(
          1,
          group.flatMap(({ times }) => times),
          group[0]!.task_spec,
        ),
    );
  }

  toString(): string {
    const { median, p25, p75 } = this.known;
    const n = this.raw_times.length;
    const [unit, scale] = unit_for(median);
    const shown = (seconds: number): string => format_fixed(seconds / scale, 2);
    const runs = `${this.number_per_run} runs ${n > 1 ? 'per measurement,' : ','}`;
    const lines = [
      '<torch.utils.benchmark.utils.common.Measurement object>',
      this.task_spec.summarize(),
      `  ${n > 1 ? 'Median: ' : ''}${shown(median)} ${unit}`,
      ...(n >= 4 ? [`  IQR:    ${shown(this.iqr)} ${unit} (${shown(p25)} to ${shown(p75)})`] : []),
      `  ${n} measurement${n > 1 ? 's' : ''}, ${runs} ${this.num_threads} thread${this.num_threads > 1 ? 's' : ''}`,
      ...this.warnings,
    ];
    return lines.join('\n').trim();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const SELECT_UNIT = signature<{ t: number }>('select_unit', 't: float');
const UNIT_TO_ENGLISH = signature<{ u: string }>('unit_to_english', 'u: str');
const TRIM_SIGFIG = signature<{ x: number; n: number }>('trim_sigfig', 'x: float, n: int');

/**
 * The unit in which a time reads well, and its length in seconds. Mirrors `torch.utils.benchmark.select_unit`.
 * @param t - seconds
 * @example
 * ```ts
 * print(torch.utils.benchmark.select_unit(3e-5)[0]);
 * ```
 * ```python
 * print(torch.utils.benchmark.select_unit(3e-5)[0])
 * ```
 */
export function select_unit(t: number | { t: number }): [unit: string, scale: number];
export function select_unit(...args: unknown[]): [unit: string, scale: number] {
  return unit_for(Number(SELECT_UNIT.read(args).t));
}

/**
 * The name of a unit. Mirrors `torch.utils.benchmark.unit_to_english`.
 * @param u - such as `'us'`
 * @throws Error for other texts
 * @example
 * ```ts
 * print(torch.utils.benchmark.unit_to_english('us'));
 * ```
 * ```python
 * print(torch.utils.benchmark.unit_to_english('us'))
 * ```
 */
export function unit_to_english(u: string | { u: string }): string;
export function unit_to_english(...args: unknown[]): string {
  const { u } = UNIT_TO_ENGLISH.read(args);
  const names: Record<string, string> = { ns: 'nanosecond', us: 'microsecond', ms: 'millisecond', s: 'second' };
  if (!Object.hasOwn(names, u)) throw new Error(`unit_to_english(): expected 'ns', 'us', 'ms' or 's', not '${u}'`);
  return names[u]!;
}

/**
 * A number with some significant digits only, in float32. Mirrors `torch.utils.benchmark.trim_sigfig`.
 * @param x - the number
 * @param n - how many digits
 * @example
 * ```ts
 * print(torch.utils.benchmark.trim_sigfig(3.14159, 2));
 * ```
 * ```python
 * print(torch.utils.benchmark.trim_sigfig(3.14159, 2))
 * ```
 */
export function trim_sigfig(x: number, n: number): number;
export function trim_sigfig(options: { x: number; n: number }): number;
export function trim_sigfig(...args: unknown[]): number {
  const { x, n } = TRIM_SIGFIG.read(args);
  const magnitude = leading_digits(Number(x));
  const scale = 10 ** (magnitude - Number(n));
  return tensor(Number(x) / scale)
    .round()
    .mul(scale)
    .item();
}

/** Runs a function with a number of threads. @internal */
export function with_threads<T>(count: number, run: () => T): T {
  const before = native.get_num_threads();
  native.set_num_threads(count);
  try {
    return run();
  } finally {
    native.set_num_threads(before);
  }
}
