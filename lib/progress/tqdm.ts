/**
 * Progress bars: `tqdm` and `trange`, with the line, the options and the timing of Python's package tqdm.
 *
 * A bar is written when enough time has passed since the last line, which is asked for after a number of iterations that
 * adapts itself, so that a bar costs a fast loop little.
 */
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { type Guard, run_or_guard } from '../_internal/guards.js';
import type { Mode } from '../_internal/callbacks.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { range } from '../python/builtins.js';
import { python_str } from '../python/print.js';
import { display_width } from './display_width.js';
import { format_interval, format_meter, format_num, format_sizeof, type MeterOptions } from './meter.js';

/** What bars are written to: a stream of Node's, or anything with `write(text)`. */
export interface TextSink {
  write(text: string): unknown;
  flush?(): unknown;
  /** Whether it is a terminal; Node's streams have `isTTY`. */
  isatty?(): boolean;
  readonly isTTY?: boolean;
  /** `'utf-8'` for bars of blocks; sinks that say nothing get bars of `#`. */
  readonly encoding?: string | null;
}

/** The options of {@link tqdm}. */
export interface ProgressOptions {
  /** Description in front of the bar. */
  desc?: string | null;
  /** Number of expected iterations; default: the length of the iterable. */
  total?: number | null;
  /** Whether the bar stays when it ends; null: only the outermost. Default true. */
  leave?: boolean | null;
  /** Where the bar is written to. Default `process.stderr`. */
  file?: TextSink | null;
  /** Columns of the line; default: those of the terminal. 0 shows counts without a bar. */
  ncols?: number | null;
  /** Seconds between two updates of the line. Default 0.1. */
  mininterval?: number | null;
  /** Seconds after which the line is updated in spite of `miniters`. Default 10. */
  maxinterval?: number | null;
  /** Iterations between two updates of the line; default: adapts itself. */
  miniters?: number | null;
  /** Whether the bar is of `#` and digits; or its characters, from empty to full. */
  ascii?: boolean | string | null;
  /** Whether nothing is written; null: nothing when the file is not a terminal. Default false. */
  disable?: boolean | null;
  /** Unit of the counts. Default `'it'`. */
  unit?: string;
  /** Whether counts have prefixes such as k and M; or a number to scale them by. Default false. */
  unit_scale?: boolean | number;
  /** Whether the size of the terminal is asked for at each update. Default false. */
  dynamic_ncols?: boolean;
  /** Smoothing of the rate, from 0 (average) to 1 (current). Default 0.3. */
  smoothing?: number | null;
  /** The line as a format of Python's `str.format`: `'{l_bar}{bar}{r_bar}'`. */
  bar_format?: string | null;
  /** Count at the start. Default 0. */
  initial?: number;
  /** Line of the bar below the first one; default: the first free one. */
  position?: number | null;
  /** What comes behind the rate: values by name, or a text. */
  postfix?: unknown;
  /** Between two prefixes of `unit_scale`. Default 1000. */
  unit_divisor?: number;
  /** Whether the file takes bytes. Default false. */
  write_bytes?: boolean;
  /** Rows of the screen; bars below are hidden. */
  nrows?: number | null;
  /** A colour's name or `#rrggbb`. */
  colour?: string | null;
  /** Seconds until the bar is shown. Default 0. */
  delay?: number;
  /** How Python waits for the lock of its threads. Here one thread writes all bars, and nothing is waited for. */
  lock_args?: readonly unknown[] | null;
  /** Python's internal switch of `tqdm.gui`. @throws Error for true */
  gui?: false;
}

type Elements<T> = Iterable<T> | AsyncIterable<T>;
type Named = ProgressOptions & { iterable?: Elements<unknown> | null };

define_kind(
  'AsyncIterable',
  'iterable',
  (value) =>
    typeof (value as { [Symbol.asyncIterator]?: unknown } | null | undefined)?.[Symbol.asyncIterator] === 'function',
);
define_kind(
  'text_sink',
  'an object with write()',
  (value) => typeof (value as { write?: unknown } | null | undefined)?.write === 'function',
);

const OPTIONS =
  'desc?: str|None, total?: float|None, leave?: bool|None, ' +
  'file?: text_sink|None, ncols?: int|None, mininterval?: float|None, maxinterval?: float|None, ' +
  'miniters?: float|None, ascii?: bool|str|None, disable?: bool|None, unit?: str, unit_scale?: bool|float, ' +
  'dynamic_ncols?: bool, smoothing?: float|None, bar_format?: str|None, initial?: float, position?: int|None, ' +
  'postfix?: any|None, unit_divisor?: float, write_bytes?: bool, lock_args?: Iterable|None, *, nrows?: int|None, colour?: str|None, delay?: float, gui?: bool';
const TQDM = signature<Named>('tqdm', `iterable?: Iterable|AsyncIterable|None, ${OPTIONS}`);
const PANDAS = signature<object>('tqdm.pandas', '*args: any, **kwargs: any');
const TRANGE = signature<ProgressOptions & { numbers: (number | bigint)[] }>('trange', `*numbers: int, ${OPTIONS}`);

/** How the value of an environment variable such as `TQDM_DISABLE` is read; a flag is set by any text, as in Python. */
const from_environment: { readonly [K in keyof ProgressOptions]?: (text: string) => ProgressOptions[K] } = {
  ...{ desc: String, total: Number, leave: Boolean, ncols: Number, mininterval: Number, maxinterval: Number },
  ...{ miniters: Number, ascii: String, disable: Boolean, unit: String, unit_scale: Boolean, dynamic_ncols: Boolean },
  ...{ smoothing: Number, bar_format: String, initial: Number, position: Number, postfix: String },
  ...{ unit_divisor: Number, write_bytes: Boolean, nrows: Number, colour: String, delay: Number },
};

/** What the environment sets instead of the defaults. */
const environment = Object.fromEntries(
  Object.entries(from_environment).flatMap(([name, read]) => {
    const text = process.env[`TQDM_${name.toUpperCase()}`];
    return text === undefined ? [] : [[name, (read as (text: string) => unknown)(text)]];
  }),
) as ProgressOptions;

/** An average that gives the newest values the most weight. */
class MovingAverage {
  private last = 0;
  private calls = 0;

  constructor(private readonly smoothing: number) {}

  add(value: number): number {
    this.last = this.smoothing * value + (1 - this.smoothing) * this.last;
    this.calls++;
    return this.value();
  }

  value(): number {
    return this.calls === 0 ? this.last : this.last / (1 - (1 - this.smoothing) ** this.calls);
  }
}

/** Seconds of a clock that does not go back. */
const now = (): number => performance.now() / 1000;

const move_up = '\x1b[A';

/** The bars that are shown. They are held weakly: what a program drops must not keep its line. */
const shown = new Set<WeakRef<Tqdm<unknown>>>();

function* live_bars(): Generator<Tqdm<unknown>, void, undefined> {
  for (const reference of shown) {
    const bar = reference.deref();
    if (bar === undefined) shown.delete(reference);
    else yield bar;
  }
}

/** Seconds between two looks at bars that have not moved for long; 0 switches that off. */
const monitor_interval = 10;
let monitor: NodeJS.Timeout | undefined;

/**
 * Looks at the bars from time to time while the event loop turns: a loop that became slow would not ask for the time until
 * `miniters` further iterations are done.
 */
function watch_bars(): void {
  if (monitor !== undefined) return;
  monitor = setInterval(() => {
    let any = false;
    for (const bar of live_bars()) {
      any = true;
      if (bar.miniters > 1 && now() - bar.last_print_t >= bar.maxinterval) {
        bar.miniters = 1;
        bar.refresh();
      }
    }
    if (any) return;
    clearInterval(monitor);
    monitor = undefined;
  }, monitor_interval * 1000);
  monitor.unref();
}

const is_standard = (file: unknown): boolean => file === process.stderr || file === process.stdout;

/** Whether a sink takes characters beyond ASCII; streams of Node's do, since they take text. */
function takes_unicode(file: TextSink): boolean {
  if (typeof file.encoding === 'string') return /^utf-?(8|16)/i.test(file.encoding);
  return is_standard(file) || typeof (file as { pipe?: unknown }).pipe === 'function';
}

/** Whether a sink is a terminal; undefined when it does not say. */
function is_terminal(file: TextSink): boolean | undefined {
  if (typeof file.isatty === 'function') return file.isatty();
  if (typeof file.isTTY === 'boolean') return file.isTTY;
  return is_standard(file) || typeof (file as { pipe?: unknown }).pipe === 'function' ? false : undefined;
}

/** Columns and rows of a terminal, one less each, so that the cursor stays in the line; null for what is not one. */
function screen_size(file: TextSink): [columns: number | null, rows: number | null] {
  const { columns, rows } = file as { columns?: unknown; rows?: unknown };
  return typeof columns === 'number' && typeof rows === 'number' && columns > 0
    ? [columns - 1, rows - 1]
    : [null, null];
}

/** The columns and rows of a bar: those that were asked for, or of the terminal. */
function size_for(
  file: TextSink,
  { ncols = null, nrows = null, dynamic_ncols = false }: ProgressOptions,
): [columns: number | null, rows: number | null] {
  if (dynamic_ncols) return screen_size(file);
  if (!is_standard(file)) return [ncols, nrows];
  const [columns, rows] = screen_size(file);
  return [ncols ?? columns, nrows ?? rows];
}

/** The number of iterations; null when it is unknown. */
function total_of(given: number | null, iterable: Elements<unknown> | null): number | null {
  const total = given ?? (iterable === null ? null : length_of(iterable));
  return total === Infinity ? null : total;
}

/** The length of an iterable; null when it has none. */
function length_of(iterable: Elements<unknown>): number | null {
  try {
    const { length, size } = iterable as { length?: unknown; size?: unknown };
    return typeof length === 'number' ? length : typeof size === 'number' ? size : null;
  } catch (error) {
    // Loaders of iterable datasets throw, as in Python.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const is_number = (value: unknown): value is number | bigint | boolean =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';

/** Values by name as they stand behind the rate. */
function postfix_text(entries: Iterable<[unknown, unknown]>): string {
  return Array.from(entries, ([name, value]) => {
    const text = is_number(value) ? format_num(value) : python_str(value);
    return `${String(name)}=${text.trim()}`;
  }).join(', ');
}

const by_name = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);

const entries_of = (dict: object): [unknown, unknown][] =>
  Object.prototype.toString.call(dict) === '[object Map]' ? [...(dict as Map<unknown, unknown>)] : Object.entries(dict);

const UPDATE = method_signature<{ n?: number | null }>('tqdm.update', 'n?: float|None');
const CLOSE = method_signature<object>('tqdm.close');
const CLEAR = method_signature<object>('tqdm.clear');
const REFRESH = method_signature<object>('tqdm.refresh');
const UNPAUSE = method_signature<object>('tqdm.unpause');
const RESET = method_signature<{ total?: number | null }>('tqdm.reset', 'total?: float|None');
const DISPLAY = method_signature<{ msg?: string | null; pos?: number | null }>(
  'tqdm.display',
  'msg?: str|None, pos?: int|None',
);
const MOVETO = method_signature<{ n: number }>('tqdm.moveto', 'n: int');
const DESCRIPTION = 'desc?: str|None, refresh?: bool';
const SET_DESCRIPTION = method_signature<{ desc?: string | null; refresh?: boolean }>(
  'tqdm.set_description',
  DESCRIPTION,
);
const SET_DESCRIPTION_STR = method_signature<{ desc?: string | null; refresh?: boolean }>(
  'tqdm.set_description_str',
  DESCRIPTION,
);
const SET_POSTFIX = method_signature<{ ordered_dict?: object | null; refresh?: boolean; kwargs: object }>(
  'tqdm.set_postfix',
  'ordered_dict?: dict|None, refresh?: bool, **kwargs: any',
);
const SET_POSTFIX_STR = method_signature<{ s?: unknown; refresh?: boolean }>(
  'tqdm.set_postfix_str',
  's?: any, refresh?: bool',
);
const WRITE = signature<{ s: string; file?: TextSink | null; end?: string }>(
  'tqdm.write',
  's: str, file?: text_sink|None, end?: str',
);
const EXTERNAL = signature<{ file?: TextSink | null; fn?: () => unknown }>(
  'tqdm.external_write_mode',
  'file?: text_sink|None, fn?: Callable',
);

/** The methods and attributes of {@link tqdm}, by their names in Python. */
export class Tqdm<T> {
  /** What the bar is about; null for a bar that is updated by hand. */
  iterable: Elements<T> | null;
  /** The description with its colon. */
  desc: string;
  /** Iterations that are done. */
  n: number;
  /** Iterations that are expected; null when unknown. */
  total: number | null;
  /** Whether the bar stays when it ends; null: only the outermost. */
  leave: boolean | null;
  /** Where the bar is written to. */
  fp: TextSink;
  /** Columns of the line. */
  ncols: number | null;
  /** Rows of the screen. */
  nrows: number | null;
  /** Seconds between two updates of the line. */
  mininterval: number;
  /** Seconds after which the line is updated in spite of `miniters`. */
  maxinterval: number;
  /** Iterations between two updates of the line. */
  miniters: number;
  /** Whether `miniters` adapts itself. */
  dynamic_miniters: boolean;
  /** Whether the bar is of `#` and digits; or its characters. */
  ascii: boolean | string;
  /** Whether nothing is written. */
  disable: boolean;
  /** Unit of the counts. */
  unit: string;
  /** Whether counts have prefixes; or a number to scale them by. */
  unit_scale: boolean | number;
  /** Between two prefixes. */
  unit_divisor: number;
  /** Count at the start. */
  initial: number;
  /** Seconds until the bar is shown. */
  delay: number;
  /** Whether the size of the terminal is asked for at each update. */
  dynamic_ncols: boolean;
  /** Smoothing of the rate. */
  smoothing: number;
  /** The line as a format. */
  bar_format: string | null;
  /** What comes behind the rate. */
  postfix: unknown;
  /** A colour's name or `#rrggbb`. */
  colour: string | null;
  /** Line of the bar; negative when it was given. */
  pos: number;
  /** The count at the last update of the line. */
  last_print_n: number;
  /** The time of the last update of the line, in seconds. */
  last_print_t: number;
  /** The time of the start, in seconds. */
  start_t: number;

  /** Whether nothing was shown from the start. */
  private readonly inert: boolean;
  private readonly reference: WeakRef<this>;
  private readonly as_bytes: boolean;
  private last_width = 0;
  private average_dn: MovingAverage;
  private average_dt: MovingAverage;
  private average_miniters: MovingAverage;
  /** Whether the rate is that of the whole time, as in the last line. */
  private overall = false;

  constructor(iterable?: Elements<T> | null, options?: ProgressOptions);
  constructor(...args: unknown[]) {
    const given = { ...environment, ...TQDM.read(args) };
    if ((given.gui as boolean | undefined) === true)
      throw new Error(
        'tqdm(): gui=True is not in torch-node/progress: bars are lines of the terminal; plot with torch-node/pyplot',
      );
    const { iterable = null, desc, leave = true, mininterval = 0.1, maxinterval = 10, miniters = null } = given;
    const { unit = 'it', unit_scale = false, unit_divisor = 1000, dynamic_ncols = false, smoothing = 0.3 } = given;
    const { bar_format = null, initial = 0, position = null, postfix, write_bytes = false, colour = null } = given;
    const { delay = 0 } = given;
    const file = given.file ?? process.stderr;
    const disable = given.disable === null ? is_terminal(file) === false : (given.disable ?? false);
    const [ncols, nrows] = disable ? [null, null] : size_for(file, given);
    this.iterable = iterable as Elements<T> | null;
    this.desc = desc ?? '';
    this.n = initial;
    this.total = total_of(given.total ?? null, iterable);
    this.leave = leave;
    this.fp = file;
    this.ncols = ncols;
    this.nrows = nrows;
    this.mininterval = mininterval ?? 0;
    this.maxinterval = maxinterval ?? 0;
    this.miniters = miniters ?? 0;
    this.dynamic_miniters = miniters === null;
    this.ascii = given.ascii ?? !takes_unicode(file);
    this.disable = disable;
    this.unit = unit;
    this.unit_scale = unit_scale;
    this.unit_divisor = unit_divisor;
    this.initial = initial;
    this.delay = delay;
    this.dynamic_ncols = dynamic_ncols;
    this.smoothing = smoothing ?? 0;
    this.bar_format = bar_format;
    this.colour = colour;
    this.postfix = null;
    this.last_print_n = initial;
    this.as_bytes = write_bytes;
    this.inert = disable;
    this.average_dn = new MovingAverage(this.smoothing);
    this.average_dt = new MovingAverage(this.smoothing);
    this.average_miniters = new MovingAverage(this.smoothing);
    this.reference = new WeakRef(this);
    this.pos = position === null ? this.free_position() : -position;
    this.start_t = this.last_print_t = 0;
    if (disable) return;
    shown.add(this.reference as unknown as WeakRef<Tqdm<unknown>>);
    watch_bars();
    if (is_plain_object(postfix)) this.postfix = postfix_text(Object.entries(postfix).sort(by_name));
    else if (postfix !== undefined && postfix !== '') this.postfix = postfix;
    if (delay <= 0) this.refresh();
    this.start_t = this.last_print_t = now();
  }

  /** The first line that no bar has. */
  private free_position(): number {
    const taken = new Set<number>();
    for (const bar of live_bars()) taken.add(Math.abs(bar.pos));
    let position = 0;
    while (taken.has(position)) position++;
    return position;
  }

  private put(text: string): void {
    try {
      this.fp.write(this.as_bytes ? (Buffer.from(text) as unknown as string) : text);
    } catch (error) {
      // A terminal that is gone must not end the program: the bar shows nothing more.
      const { code, message } = error as { code?: unknown; message?: unknown };
      if (code !== 'EIO' && code !== 'ERR_STREAM_DESTROYED' && !String(message).includes('closed')) throw error;
      this.miniters = Infinity;
    }
  }

  /** Writes the line of the bar over the last one. */
  private put_line(text: string): void {
    const width = display_width(text);
    this.put(`\r${text}${' '.repeat(Math.max(this.last_width - width, 0))}`);
    this.fp.flush?.();
    this.last_width = width;
  }

  /** The number of iterations: those of the iterable, or the total. Python's `len(bar)`. */
  get length(): number | null {
    return this.iterable === null ? this.total : (length_of(this.iterable) ?? this.total);
  }

  /** What the line is made of: the arguments of `format_meter` by name. */
  get format_dict(): MeterOptions & { n: number; total: number | null; elapsed: number } {
    if (this.inert) return { n: this.n, total: this.total, elapsed: 0, unit: 'it' };
    if (this.dynamic_ncols) [this.ncols, this.nrows] = screen_size(this.fp);
    const dt = this.overall ? 0 : this.average_dt.value();
    return {
      ...{ n: this.n, total: this.total, elapsed: this.start_t === 0 ? 0 : now() - this.start_t },
      ...{ ncols: this.ncols, nrows: this.nrows, prefix: this.desc, ascii: this.ascii, unit: this.unit },
      ...{ unit_scale: this.unit_scale, rate: dt ? this.average_dn.value() / dt : null },
      ...{ bar_format: this.bar_format, postfix: this.postfix, unit_divisor: this.unit_divisor },
      ...{ initial: this.initial, colour: this.colour },
    };
  }

  /** The line. */
  toString(): string {
    return format_meter(this.format_dict);
  }

  /**
   * Counts iterations that were done.
   * @param n - how many; default 1
   * @returns true when the line was written
   */
  update(n?: number | null): boolean | null;
  update(options: { n?: number | null }): boolean | null;
  update(...args: unknown[]): boolean | null {
    const [first] = args;
    const step = args.length <= 1 && typeof first === 'number' ? first : (UPDATE.read(args).n ?? 1);
    if (this.disable) return null;
    if (step < 0) this.last_print_n += step;
    this.n += step;
    if (this.n - this.last_print_n < this.miniters) return null;
    const time = now();
    const dt = time - this.last_print_t;
    if (dt < this.mininterval || time < this.start_t + this.delay) return null;
    const dn = this.n - this.last_print_n;
    if (this.smoothing && dt && dn) {
      this.average_dn.add(dn);
      this.average_dt.add(dt);
    }
    this.refresh();
    if (this.dynamic_miniters) this.adapt(dn, dt);
    this.last_print_n = this.n;
    this.last_print_t = time;
    return true;
  }

  /** Sets after how many iterations the time is asked for again. */
  private adapt(dn: number, dt: number): void {
    if (this.maxinterval && dt >= this.maxinterval) {
      this.miniters = (dn * (this.mininterval || this.maxinterval)) / dt;
    } else if (this.smoothing) {
      this.miniters = this.average_miniters.add(dn * (this.mininterval && dt ? this.mininterval / dt : 1));
    } else this.miniters = Math.max(this.miniters, dn);
  }

  /** Ends the bar: writes the last line, or clears it with `leave: false`. */
  close(): void;
  close(...args: unknown[]): void {
    CLOSE.read(args);
    if (this.disable) return;
    this.disable = true;
    const pos = Math.abs(this.pos);
    this.leave_screen();
    if (this.last_print_t < this.start_t + this.delay) return;
    if (this.leave ?? pos === 0) {
      this.overall = true;
      this.display(null, 0);
      this.put('\n');
    } else if (this.display('', pos) && pos === 0) this.put('\r');
  }

  /** Frees the line; a bar that was hidden below the screen takes it. */
  private leave_screen(): void {
    shown.delete(this.reference as unknown as WeakRef<Tqdm<unknown>>);
    const last = (this.nrows ?? 20) - 1;
    let next: Tqdm<unknown> | undefined;
    for (const bar of live_bars()) if (bar.pos >= last && (next === undefined || bar.pos < next.pos)) next = bar;
    if (next === undefined) return;
    next.clear();
    next.pos = Math.abs(this.pos);
  }

  /** Clears the line, so that something else can be written there. */
  clear(): void;
  clear(...args: unknown[]): void {
    CLEAR.read(args);
    if (this.disable) return;
    const pos = Math.abs(this.pos);
    if (pos >= (this.nrows ?? 20)) return;
    this.moveto(pos);
    this.put_line('');
    this.put('\r');
    this.moveto(-pos);
  }

  /** Writes the line now. @returns true; null when the bar is disabled */
  refresh(): true | null;
  refresh(...args: unknown[]): true | null {
    REFRESH.read(args);
    if (this.disable) return null;
    this.display();
    return true;
  }

  /** Starts the clock again after a pause, whose time does not count. */
  unpause(): void;
  unpause(...args: unknown[]): void {
    UNPAUSE.read(args);
    if (this.disable) return;
    const time = now();
    this.start_t += time - this.last_print_t;
    this.last_print_t = time;
  }

  /**
   * Starts the bar again at 0.
   * @param total - the new total; default: as before
   */
  reset(total?: number | null): void;
  reset(options: { total?: number | null }): void;
  reset(...args: unknown[]): void {
    const { total = null } = RESET.read(args);
    this.n = 0;
    if (total !== null) this.total = total === Infinity ? null : total;
    if (this.disable) return;
    this.last_print_n = 0;
    this.last_print_t = this.start_t = now();
    this.average_dn = new MovingAverage(this.smoothing);
    this.average_dt = new MovingAverage(this.smoothing);
    this.average_miniters = new MovingAverage(this.smoothing);
    this.refresh();
  }

  /**
   * Sets the description.
   * @param desc - a colon is added behind it; null: none
   * @param refresh - whether the line is written at once; default true
   */
  set_description(desc?: string | null, refresh?: boolean): void;
  set_description(desc: string | null, options: { refresh?: boolean }): void;
  set_description(options: { desc?: string | null; refresh?: boolean }): void;
  set_description(...args: unknown[]): void {
    const { desc, refresh = true } = SET_DESCRIPTION.read(args);
    this.desc = desc ? `${desc}: ` : '';
    if (refresh) this.refresh();
  }

  /** Sets the description, without a colon behind it; see {@link set_description}. */
  set_description_str(desc?: string | null, refresh?: boolean): void;
  set_description_str(desc: string | null, options: { refresh?: boolean }): void;
  set_description_str(options: { desc?: string | null; refresh?: boolean }): void;
  set_description_str(...args: unknown[]): void {
    const { desc, refresh = true } = SET_DESCRIPTION_STR.read(args);
    this.desc = desc ?? '';
    if (refresh) this.refresh();
  }

  /**
   * Sets the values behind the rate. Those of an object or Map stand in its order, as those of a dict in Python; as a last
   * argument behind `ordered_dict` and `refresh` they are Python's keyword arguments, which are sorted:
   * `bar.set_postfix(null, { loss, accuracy })`.
   *
   * @param ordered_dict - values by name; numbers are written with three digits
   * @param refresh - whether the line is written at once; default true
   */
  set_postfix(ordered_dict?: object | null, refresh?: boolean, kwargs?: Record<string, unknown>): void;
  set_postfix(ordered_dict: object | null, options: { refresh?: boolean; [name: string]: unknown }): void;
  set_postfix(...args: unknown[]): void {
    const { ordered_dict, refresh = true, kwargs } = SET_POSTFIX.read(args);
    const values = new Map(ordered_dict ? entries_of(ordered_dict) : []);
    for (const [name, value] of Object.entries(kwargs).sort(by_name)) values.set(name, value);
    this.postfix = postfix_text(values);
    if (refresh) this.refresh();
  }

  /** Sets the text behind the rate; see {@link set_postfix}. */
  set_postfix_str(s?: unknown, refresh?: boolean): void;
  set_postfix_str(s: unknown, options: { refresh?: boolean }): void;
  set_postfix_str(options: { s?: unknown; refresh?: boolean }): void;
  set_postfix_str(...args: unknown[]): void {
    const { s = '', refresh = true } = SET_POSTFIX_STR.read(args);
    this.postfix = python_str(s);
    if (refresh) this.refresh();
  }

  /** Moves the cursor by lines: down, or up when negative. */
  moveto(n: number): void;
  moveto(options: { n: number }): void;
  moveto(...args: unknown[]): void {
    const { n } = MOVETO.read(args);
    this.put(n > 0 ? '\n'.repeat(n) : move_up.repeat(-n));
    this.fp.flush?.();
  }

  /**
   * Writes a line where the bar is.
   * @param msg - default: the bar
   * @param pos - line below the first one; default: that of the bar
   * @returns false when the line is below the screen
   */
  display(msg?: string | null, pos?: number | null): boolean;
  display(options: { msg?: string | null; pos?: number | null }): boolean;
  display(...args: unknown[]): boolean {
    const given = DISPLAY.read(args);
    const pos = given.pos ?? Math.abs(this.pos);
    let { msg = null } = given;
    const nrows = this.nrows || 20;
    if (pos >= nrows - 1) {
      if (pos >= nrows) return false;
      if (msg !== '') msg = ' ... (more hidden) ...';
    }
    if (pos) this.moveto(pos);
    this.put_line(msg ?? this.toString());
    if (pos) this.moveto(-pos);
    return true;
  }

  /** The elements of the iterable; the bar counts those that the loop is done with, and ends with them. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    const elements = this.iterable as Iterable<T> | null;
    if (typeof elements?.[Symbol.iterator] !== 'function') {
      throw new TypeError(
        elements === null
          ? 'tqdm: there is nothing to iterate over: the bar was made without an iterable'
          : 'tqdm: the iterable is asynchronous: use for await',
      );
    }
    if (this.disable) {
      yield* elements;
      return;
    }
    let n = this.n;
    try {
      for (const element of elements) {
        yield element;
        n++;
        if (n - this.last_print_n >= this.miniters) this.count_to(n);
      }
    } finally {
      this.n = n;
      this.close();
    }
  }

  /** The elements of an asynchronous iterable, or of one of promises; as for other loops. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Awaited<T>, void, undefined> {
    if (this.iterable === null)
      throw new TypeError('tqdm: there is nothing to iterate over: the bar was made without an iterable');
    let n = this.n;
    const counts = !this.disable;
    try {
      for await (const element of this.iterable as AsyncIterable<T>) {
        yield element as Awaited<T>;
        n++;
        if (counts && n - this.last_print_n >= this.miniters) this.count_to(n);
      }
    } finally {
      if (counts) {
        this.n = n;
        this.close();
      }
    }
  }

  /** Writes the line when it is time, in a loop that has done n iterations. */
  private count_to(n: number): void {
    const time = now();
    if (time - this.last_print_t < this.mininterval || time < this.start_t + this.delay) return;
    // The loop counts by itself: `n` of the bar is that of the last line.
    this.update(n - this.last_print_n);
  }

  /** Ends the bar, at the end of a block of `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /**
   * Writes a text above the bars.
   * @param s - the text
   * @param file - default `process.stdout`
   * @param end - what comes behind it; default a newline
   */
  static write(s: string, file?: TextSink | null, end?: string): void;
  static write(s: string, options: { file?: TextSink | null; end?: string }): void;
  static write(options: { s: string; file?: TextSink | null; end?: string }): void;
  static write(...args: unknown[]): void {
    const { s, file, end = '\n' } = WRITE.read(args);
    const sink = file ?? process.stdout;
    const mode = without_bars(sink);
    const cleared = mode.enter();
    sink.write(s);
    sink.write(end);
    mode.leave(cleared);
  }

  /**
   * Refuses: Python's adds `progress_apply` to the data frames of pandas, which are not in JavaScript.
   * @throws Error always, with what to write instead
   */
  static pandas(...args: unknown[]): never;
  static pandas(...args: unknown[]): never {
    PANDAS.read(args);
    throw new Error(
      'tqdm.pandas(): there are no data frames of pandas in JavaScript; give the rows to tqdm: for (const row of tqdm(rows))',
    );
  }

  /**
   * Clears the bars while something else is written: a guard, for `using` or with a function.
   * @param file - where that is written to; default `process.stdout`
   */
  static external_write_mode(file?: TextSink | null): Guard;
  static external_write_mode<R>(file: TextSink | null, fn: () => R): R;
  static external_write_mode<R>(options: { file?: TextSink | null; fn: () => R }): R;
  static external_write_mode(options?: { file?: TextSink | null }): Guard;
  static external_write_mode(...args: unknown[]): unknown {
    const { file, fn } = EXTERNAL.read(args);
    return run_or_guard('tqdm.external_write_mode', without_bars(file ?? process.stdout), fn);
  }

  /** The line of a bar as text: counts, times in seconds, and the options of the bar. */
  static format_meter(n: number, total: number | null, elapsed: number, options?: MeterOptions): string;
  static format_meter(options: MeterOptions & { n: number; total: number | null; elapsed: number }): string;
  static format_meter(...args: unknown[]): string {
    return format_meter(...args);
  }

  /** Seconds as `[H:]MM:SS`. */
  static format_interval(t: number): string;
  static format_interval(options: { t: number }): string;
  static format_interval(...args: unknown[]): string {
    return format_interval(...args);
  }

  /** A number as short as three digits allow. */
  static format_num(n: number | bigint | boolean): string;
  static format_num(options: { n: number | bigint | boolean }): string;
  static format_num(...args: unknown[]): string {
    return format_num(...args);
  }

  /** A number of three digits with an SI prefix. */
  static format_sizeof(num: number, suffix?: string, divisor?: number): string;
  static format_sizeof(num: number, options: { suffix?: string; divisor?: number }): string;
  static format_sizeof(options: { num: number; suffix?: string; divisor?: number }): string;
  static format_sizeof(...args: unknown[]): string {
    return format_sizeof(...args);
  }
}

/** While it is entered, the bars that would mix with what is written to a sink are cleared. */
const without_bars = (sink: TextSink): Mode<Tqdm<unknown>[]> => ({
  enter: () => {
    const cleared: Tqdm<unknown>[] = [];
    for (const bar of live_bars()) {
      if (bar.fp !== sink && !(is_standard(sink) && is_standard(bar.fp))) continue;
      bar.clear();
      cleared.push(bar);
    }
    return cleared;
  },
  leave: (cleared) => {
    for (const bar of cleared) bar.refresh();
  },
});

/** The calls of {@link tqdm}, which needs no `new`. */
export interface TqdmClass {
  <T>(
    iterable: Iterable<T> | AsyncIterable<T>,
    desc?: string | null,
    total?: number | null,
    leave?: boolean | null,
    file?: TextSink | null,
    ncols?: number | null,
    options?: ProgressOptions,
  ): Tqdm<T>;
  <T>(iterable: Iterable<T> | AsyncIterable<T>, options?: ProgressOptions): Tqdm<T>;
  <T>(iterable: Iterable<T> | AsyncIterable<T>, desc: string | null, options?: ProgressOptions): Tqdm<T>;
  <T = never>(options?: ProgressOptions & { iterable?: Iterable<T> | AsyncIterable<T> | null }): Tqdm<T>;
  new <T>(iterable: Iterable<T> | AsyncIterable<T>, options?: ProgressOptions): Tqdm<T>;
  new <T = never>(options?: ProgressOptions & { iterable?: Iterable<T> | AsyncIterable<T> | null }): Tqdm<T>;
  readonly prototype: Tqdm<unknown>;
  readonly write: typeof Tqdm.write;
  readonly pandas: typeof Tqdm.pandas;
  readonly external_write_mode: typeof Tqdm.external_write_mode;
  readonly format_meter: typeof Tqdm.format_meter;
  readonly format_interval: typeof Tqdm.format_interval;
  readonly format_num: typeof Tqdm.format_num;
  readonly format_sizeof: typeof Tqdm.format_sizeof;
}

/**
 * Shows a progress bar for a loop, or for what is counted by hand. Mirrors `tqdm.tqdm`.
 *
 * `for (const x of tqdm(loader))` and `for await (const x of tqdm(stream))` count by themselves, and end the bar when the
 * loop ends, also by `break` or an exception. Without an iterable, `using bar = tqdm({ total })` is updated by
 * `bar.update(n)`, and ended by `bar.close()` or the end of the block. The bar is written to `process.stderr`, as in Python
 * also when that is not a terminal; `disable: null` writes to terminals only. Environment variables such as `TQDM_DISABLE`
 * and `TQDM_MININTERVAL` set defaults.
 *
 * @param iterable - an array, a loader, a `range()`, any iterable; left out for a bar that is updated by hand
 * @param options - `desc`, `total`, `leave`, `file`, `ncols`, `unit`, `disable` and the like; see {@link ProgressOptions}
 * @returns the bar, an iterable
 * @throws TypeError for an unknown option
 * @example
 * ```ts
 * import { tqdm } from 'torch-node/progress';
 * let sum = 0;
 * for (const x of tqdm([1, 2, 3], { desc: 'adding', disable: true })) sum += x;
 * print(sum);
 * print(tqdm.format_meter(30, 100, 12.5, { ncols: 60, prefix: 'epoch 1', postfix: 'loss=0.25' }));
 * ```
 * ```python
 * from tqdm import tqdm
 * total = 0
 * for x in tqdm([1, 2, 3], desc='adding', disable=True):
 *     total += x
 * print(total)
 * print(tqdm.format_meter(30, 100, 12.5, ncols=60, prefix='epoch 1', postfix='loss=0.25'))
 * ```
 */
export const tqdm = new Proxy(Tqdm, {
  apply: (target, _self, args: unknown[]) => new target(...(args as [])),
}) as unknown as TqdmClass;

/**
 * A bar over a range of integers: `tqdm(range(...))`. Mirrors `tqdm.trange`.
 *
 * @param start - first integer; default 0
 * @param stop - end, exclusive
 * @param step - difference of the integers; default 1
 * @param options - those of {@link tqdm}
 * @example
 * ```ts
 * import { trange } from 'torch-node/progress';
 * const steps: number[] = [];
 * for (const i of trange(2, 8, 3, { disable: true })) steps.push(i);
 * print(steps);
 * ```
 * ```python
 * from tqdm import trange
 * steps = []
 * for i in trange(2, 8, 3, disable=True):
 *     steps.append(i)
 * print(steps)
 * ```
 */
export function trange(stop: number, options?: ProgressOptions): Tqdm<number>;
export function trange(start: number, stop: number, options?: ProgressOptions): Tqdm<number>;
export function trange(start: number, stop: number, step: number, options?: ProgressOptions): Tqdm<number>;
export function trange(...args: unknown[]): Tqdm<number> {
  const { numbers, ...options } = TRANGE.read(args);
  return tqdm(range(...(numbers as [number])), options);
}
