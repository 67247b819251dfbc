/** Python's `csv`, on text: rows from lines, and lines from rows. */
import { method_signature, signature } from '../_internal/signature.js';
import { python_repr } from './print.js';
import { Float } from './values.js';

/** Quotes only where they are needed. */
export const QUOTE_MINIMAL = 0;
/** Quotes everything. */
export const QUOTE_ALL = 1;
/** Quotes what is not a number. */
export const QUOTE_NONNUMERIC = 2;
/** Quotes nothing. */
export const QUOTE_NONE = 3;

/** How values stand in lines. */
export interface Dialect {
  /** What stands between values. Default `','`. */
  delimiter?: string;
  /** What quotes values. Default `'"'`. */
  quotechar?: string;
  /** Whether a quote within quotes is doubled. Default true. */
  doublequote?: boolean;
  /** What takes the meaning from the next character. Default null. */
  escapechar?: string | null;
  /** What ends lines that are written. Default `'\r\n'`. */
  lineterminator?: string;
  /** One of the constants `QUOTE_...`. Default `QUOTE_MINIMAL`. */
  quoting?: number;
  /** Whether spaces behind a delimiter are skipped. Default false. */
  skipinitialspace?: boolean;
}

/** What is written to: `write(text)`, as streams of Node have it. */
export interface Writable {
  write(text: string): unknown;
}

const DIALECT =
  'delimiter?: str, quotechar?: str, doublequote?: bool, escapechar?: str|None, lineterminator?: str, quoting?: int, skipinitialspace?: bool';
const READER = signature<{ csvfile: string | Iterable<string> } & Dialect>(
  'reader',
  `csvfile: str|Iterable, *, ${DIALECT}`,
);
const WRITER = signature<{ csvfile: Writable } & Dialect>('writer', `csvfile: any, *, ${DIALECT}`);
const DICT_READER = signature<
  {
    f: string | Iterable<string>;
    fieldnames?: readonly string[] | null;
    restkey?: string | null;
    restval?: string | null;
  } & Dialect
>('DictReader', `f: str|Iterable, fieldnames?: str[]|None, restkey?: str|None, restval?: str|None, *, ${DIALECT}`);
const DICT_WRITER = signature<
  { f: Writable; fieldnames: readonly string[]; restval?: unknown; extrasaction?: string } & Dialect
>('DictWriter', `f: any, fieldnames: str[], restval?: any, extrasaction?: str, *, ${DIALECT}`);

/** The lines of a text with their ends. */
function lines_of(text: string | Iterable<string>): Iterable<string> {
  return typeof text === 'string' ? (text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []) : text;
}

/** Reads lines into a row. */
class Row {
  private row: (string | number)[] = [];
  private field = '';
  private state: 'start' | 'plain' | 'quoted' | 'after' = 'start';
  private was_quoted = false;
  /** Whether the line has anything, of which a value could be made. */
  private begun = false;

  constructor(private readonly dialect: Dialect) {}

  /** Whether the last value goes on in the next line. */
  get open(): boolean {
    return this.state === 'quoted';
  }

  private end_field(): void {
    const { field } = this;
    if (this.dialect.quoting === QUOTE_NONNUMERIC && !this.was_quoted) {
      const number = Number(field);
      if (field.trim() === '' || Number.isNaN(number)) {
        throw new Error(`could not convert string to float: ${python_repr(field)}`);
      }
      this.row.push(number);
    } else this.row.push(field);
    this.field = '';
    this.state = 'start';
    this.was_quoted = false;
  }

  /** A character within quotes; how many more have been read. */
  private within(c: string, next: string | undefined): number {
    const { quotechar = '"', doublequote = true } = this.dialect;
    if (c !== quotechar) this.field += c;
    else if (doublequote && next === quotechar) {
      this.field += c;
      return 1;
    } else this.state = 'after';
    return 0;
  }

  /** A character outside of quotes. */
  private outside(c: string): void {
    const { delimiter = ',', quotechar = '"', quoting = QUOTE_MINIMAL, skipinitialspace = false } = this.dialect;
    const skipped = this.state === 'start' && skipinitialspace && c === ' ';
    if (skipped) return;
    this.begun = true;
    if (c === delimiter) this.end_field();
    else if (this.state === 'start' && c === quotechar && quoting !== QUOTE_NONE) {
      this.state = 'quoted';
      this.was_quoted = true;
    } else {
      this.field += c;
      this.state = 'plain';
    }
  }

  read(line: string): void {
    const { escapechar = null } = this.dialect;
    const characters = [...line];
    for (let i = 0; i < characters.length; i++) {
      const c = characters[i]!;
      if (escapechar !== null && c === escapechar) {
        this.field += characters[++i] ?? '\n';
        if (this.state !== 'quoted') this.state = 'plain';
        this.begun = true;
      } else if (this.state === 'quoted') i += this.within(c, characters[i + 1]);
      else if (c === '\n' || c === '\r') return;
      else this.outside(c);
    }
  }

  /** The values so far; the next line begins a new row. */
  take(): string[] {
    if (this.begun) this.end_field();
    const { row } = this;
    this.row = [];
    this.begun = false;
    return row as string[];
  }
}

function* rows_of(lines: Iterable<string>, dialect: Dialect): Generator<string[], void, undefined> {
  const row = new Row(dialect);
  for (const line of lines) {
    row.read(line);
    if (!row.open) yield row.take();
  }
  if (row.open) yield row.take();
}

/**
 * The rows of a text, or of lines. Mirrors `csv.reader`.
 *
 * @param csvfile - the text, or an iterable of lines
 * @param dialect - how values stand in lines; see {@link Dialect}
 * @throws Error under `QUOTE_NONNUMERIC` for a value without quotes that is not a number
 * @example
 * ```ts
 * import { csv } from 'torch-node/python';
 * for (const row of csv.reader('name,size\n"a, b",2\n')) print(row);
 * ```
 * ```python
 * import csv, io
 * for row in csv.reader(io.StringIO('name,size\n"a, b",2\n')):
 *     print(row)
 * ```
 */
export function reader(csvfile: string | Iterable<string>, dialect?: Dialect): IterableIterator<string[]>;
export function reader(...args: unknown[]): IterableIterator<string[]> {
  const { csvfile, ...dialect } = READER.read(args);
  return rows_of(lines_of(csvfile), dialect);
}

/** A value as text; null is nothing. */
function text_of(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : python_repr(value);
}

class Lines {
  constructor(
    private readonly sink: Writable,
    private readonly dialect: Dialect,
  ) {
    if (typeof (sink as Partial<Writable> | null)?.write !== 'function') {
      throw new TypeError('argument 1 must have a "write" method');
    }
  }

  private cell(value: unknown, alone: boolean): string {
    const { delimiter = ',', quotechar = '"', doublequote = true, escapechar = null } = this.dialect;
    const { quoting = QUOTE_MINIMAL, lineterminator = '\r\n' } = this.dialect;
    const text = text_of(value);
    const number = typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
    const special = [delimiter, quotechar, escapechar, '\r', '\n', ...lineterminator].some(
      (c) => c !== null && c !== '' && text.includes(c),
    );
    const quoted =
      quoting === QUOTE_ALL ||
      (quoting === QUOTE_NONNUMERIC && !number) ||
      (quoting === QUOTE_MINIMAL && (special || (alone && text === '')));
    const escaped = (which: readonly string[]): string => {
      let result = '';
      for (const c of text) {
        if (!which.includes(c)) result += c;
        else if (c === quotechar && doublequote && quoted) result += c + c;
        else if (escapechar === null) throw new Error('need to escape, but no escapechar set');
        else result += escapechar + c;
      }
      return result;
    };
    const escape = escapechar === null ? [] : [escapechar];
    if (quoted) return quotechar + escaped([quotechar, ...escape]) + quotechar;
    if (quoting !== QUOTE_NONE) return text;
    if (alone && text === '') throw new Error('single empty field record must be quoted');
    return escaped([delimiter, quotechar, '\r', '\n', ...escape]);
  }

  write(values: Iterable<unknown>): unknown {
    const row = [...values];
    const { delimiter = ',', lineterminator = '\r\n' } = this.dialect;
    return this.sink.write(row.map((value) => this.cell(value, row.length === 1)).join(delimiter) + lineterminator);
  }
}

const WRITEROW = method_signature<{ row: Iterable<unknown> }>('writer.writerow', 'row: Iterable');
const WRITEROWS = method_signature<{ rows: Iterable<Iterable<unknown>> }>('writer.writerows', 'rows: Iterable');

/** What {@link writer} returns. */
export interface Writer {
  /** Writes a row; returns what `write` returned. */
  writerow(row: Iterable<unknown>): unknown;
  /** Writes rows. */
  writerows(rows: Iterable<Iterable<unknown>>): void;
}

/**
 * Writes rows as lines. Mirrors `csv.writer`.
 *
 * @param csvfile - what is written to: anything with `write(text)`, such as a stream of Node
 * @param dialect - how values stand in lines; see {@link Dialect}
 * @throws TypeError when it has no `write`
 * @example
 * ```ts
 * import { csv } from 'torch-node/python';
 * let text = '';
 * const rows = csv.writer({ write: (line) => (text += line) }, { lineterminator: '\n' });
 * rows.writerow(['epoch', 'loss']);
 * rows.writerow([1, 0.25]);
 * print(text);
 * ```
 * ```python
 * import csv, io
 * text = io.StringIO()
 * rows = csv.writer(text, lineterminator='\n')
 * rows.writerow(['epoch', 'loss'])
 * rows.writerow([1, 0.25])
 * print(text.getvalue())
 * ```
 */
export function writer(csvfile: Writable, dialect?: Dialect): Writer;
export function writer(...args: unknown[]): Writer {
  const { csvfile, ...dialect } = WRITER.read(args);
  const lines = new Lines(csvfile, dialect);
  return {
    writerow: (...row: unknown[]) => lines.write(WRITEROW.read(row).row),
    writerows: (...rows: unknown[]) => {
      for (const row of WRITEROWS.read(rows).rows) lines.write(row);
    },
  };
}

/**
 * The rows of a text as objects by the names in its first row. Mirrors `csv.DictReader`.
 *
 * @param f - the text, or an iterable of lines
 * @param options - `fieldnames`: the names, where no row has them; `restkey`: the name of what a row has too many, default
 * null, under the key `'null'`; `restval`: what stands for missing values, default null; and {@link Dialect}
 */
export class DictReader implements Iterable<Record<string, string>> {
  private readonly rows: IterableIterator<string[]>;
  private names: readonly string[] | null;
  private readonly restkey: string | null;
  private readonly restval: string | null;

  constructor(
    f: string | Iterable<string>,
    options?: { fieldnames?: readonly string[] | null; restkey?: string | null; restval?: string | null } & Dialect,
  );
  constructor(...args: unknown[]) {
    const { f, fieldnames = null, restkey = null, restval = null, ...dialect } = DICT_READER.read(args);
    this.rows = rows_of(lines_of(f), dialect);
    this.names = fieldnames;
    this.restkey = restkey;
    this.restval = restval;
  }

  /** The names; null for an empty text. */
  get fieldnames(): readonly string[] | null {
    if (this.names === null) {
      const { value, done } = this.rows.next();
      if (done !== true) this.names = value;
    }
    return this.names;
  }

  *[Symbol.iterator](): Generator<Record<string, string>, void, undefined> {
    const names = this.fieldnames;
    if (names === null) return;
    for (const row of this.rows) {
      if (row.length === 0) continue;
      const entries: [string, unknown][] = names.map((name, i) => [name, row[i] ?? this.restval]);
      if (row.length > names.length) entries.push([String(this.restkey), row.slice(names.length)]);
      yield Object.fromEntries(entries) as Record<string, string>;
    }
  }
}

const DICT_WRITEROW = method_signature<{ rowdict: Readonly<Record<string, unknown>> }>(
  'DictWriter.writerow',
  'rowdict: dict',
);
const DICT_WRITEROWS = method_signature<{ rowdicts: Iterable<Readonly<Record<string, unknown>>> }>(
  'DictWriter.writerows',
  'rowdicts: Iterable',
);
const WRITEHEADER = method_signature<object>('DictWriter.writeheader', '');

/**
 * Writes objects as lines, their values in the order of names. Mirrors `csv.DictWriter`.
 *
 * @param f - what is written to
 * @param fieldnames - the names
 * @param options - `restval`: what stands for missing values, default `''`; `extrasaction`: `'raise'` (default) or `'ignore'`
 * for values of other names; and {@link Dialect}
 * @throws Error for another `extrasaction`
 */
export class DictWriter {
  private readonly lines: Lines;
  private readonly fieldnames: readonly string[];
  private readonly restval: unknown;
  private readonly ignores: boolean;

  constructor(
    f: Writable,
    fieldnames: readonly string[],
    options?: { restval?: unknown; extrasaction?: 'raise' | 'ignore' } & Dialect,
  );
  constructor(...args: unknown[]) {
    const { f, fieldnames, restval = '', extrasaction = 'raise', ...dialect } = DICT_WRITER.read(args);
    if (extrasaction !== 'raise' && extrasaction !== 'ignore') {
      throw new Error(`extrasaction (${extrasaction}) must be 'raise' or 'ignore'`);
    }
    this.lines = new Lines(f, dialect);
    this.fieldnames = fieldnames;
    this.restval = restval;
    this.ignores = extrasaction === 'ignore';
  }

  /** Writes the names. */
  writeheader(...args: []): void;
  writeheader(...args: unknown[]): void {
    WRITEHEADER.read(args);
    this.lines.write(this.fieldnames);
  }

  /** Writes a row. @throws Error for values of other names */
  writerow(rowdict: Readonly<Record<string, unknown>>): void;
  writerow(...args: unknown[]): void {
    this.row(DICT_WRITEROW.read(args).rowdict);
  }

  /** Writes rows. @throws Error for values of other names */
  writerows(rowdicts: Iterable<Readonly<Record<string, unknown>>>): void;
  writerows(...args: unknown[]): void {
    for (const rowdict of DICT_WRITEROWS.read(args).rowdicts) this.row(rowdict);
  }

  private row(rowdict: Readonly<Record<string, unknown>>): void {
    const wrong = Object.keys(rowdict).filter((key) => !this.fieldnames.includes(key));
    if (wrong.length > 0 && !this.ignores) {
      throw new Error(`dict contains fields not in fieldnames: ${wrong.map((key) => python_repr(key)).join(', ')}`);
    }
    this.lines.write(this.fieldnames.map((name) => (Object.hasOwn(rowdict, name) ? rowdict[name] : this.restval)));
  }
}
