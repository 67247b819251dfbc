/** Arrays of texts and of times, which a typed array cannot hold: what is loaded from `.npy` files of such types. */
import { NDArray, type NDArrayDTypeLike, type NDArraySubscript } from './ndarray.js';
import { items_repr, items_str } from './printing.js';
import { type MimeBundle, text_output } from '../_internal/notebook.js';
import { method_signature, no_arguments, signature } from '../_internal/signature.js';
import { python_repr } from '../python/print.js';
import { dtype_named, is_complex, is_float } from './types.js';

const INDEX = signature<{ subscripts: NDArraySubscript[] }>('index', '*subscripts: any');

/** An array whose elements are not numbers, which can be read, indexed as an {@link NDArray}, printed and saved. */
export abstract class ItemArray<T> implements Iterable<unknown> {
  /** @internal */
  constructor(
    /** numpy's code of the type: `'<U5'`, `'|S3'`, `'<M8[D]'`. */
    readonly descr: string,
    /** The elements as they are in a file, one after the other. @internal */
    readonly raw: Uint8Array,
    /** For each element the number of the item in `raw`. @internal */
    readonly places: NDArray,
  ) {}

  /** The name of the dtype in numpy: `'<U5'`, `'datetime64[D]'`. */
  abstract get dtype(): string;

  /** The item with a number. */
  protected abstract item_at(place: number): T;

  protected abstract text_at(place: number): string;

  protected abstract with_places(places: NDArray): ItemArray<T>;

  /** Whether items are written to one width. */
  protected abstract readonly padded: boolean;

  get shape(): readonly number[] {
    return this.places.shape;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.places.ndim;
  }

  /** The number of elements. */
  get size(): number {
    return this.places.size;
  }

  /** The size of the first dimension, as Python's `len`. @throws TypeError for a 0-d array */
  get length(): number {
    return this.places.length;
  }

  /** Bytes per element. */
  get itemsize(): number {
    return Number(/\d+/.exec(this.descr)?.[0] ?? 8) * (this.descr[1] === 'U' ? 4 : 1);
  }

  /**
   * What Python writes `a[...]`; see {@link NDArray.index}. An array, or when no dimension is left an item: no type tells which, so
   * that it goes as both.
   *
   * @throws RangeError for what is out of bounds
   */
  index(...subscripts: NDArraySubscript[]): this & T;
  index(...args: unknown[]): this & T {
    const places: unknown = this.places.index(...INDEX.read(args).subscripts);
    const found = typeof places === 'number' ? this.item_at(places) : this.with_places(places as NDArray);
    return found as this & T;
  }

  /** The elements one after the other, in one dimension. */
  ravel(...args: []): this;
  ravel(...args: unknown[]): this {
    no_arguments('ravel', args);
    return this.with_places(this.places.ravel()) as this;
  }

  /** The value of an array with one element. @throws Error when there are more or none */
  item(): T {
    return this.item_at(this.places.item() as number);
  }

  /** The elements as nested arrays; the value itself for a 0-d array. */
  tolist(): unknown {
    const named = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(named) : this.item_at(value as number);
    return named(this.places.tolist());
  }

  /** Nested arrays, for `JSON.stringify`. */
  toJSON(): unknown {
    return this.tolist();
  }

  *[Symbol.iterator](): Generator<this & T, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.index(i);
  }

  /** numpy's `str(a)`. */
  toString(): string {
    if (this.ndim === 0) return this.text_at(this.places.item() as number).replace(/^'(.*)'$/s, '$1');
    return items_str(this.places, (place) => this.text_at(place), this.padded);
  }

  /** numpy's `repr(a)`. */
  repr(): string {
    return items_repr(this.places, (place) => this.text_at(place), this.padded, `'${this.dtype}'`);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr();
  }

  /** What notebooks show. @internal */
  [Symbol.for('Jupyter.display')](): MimeBundle {
    return text_output(this.repr(), ['ndarray', `shape [${this.shape.join(', ')}]`, this.dtype]);
  }
}

/**
 * An array of strings (`<U5`), or of bytes (`|S5`), whose elements are then `Uint8Array`s.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const names = np.load<np.TextArray>('names.npy');
 * print(names, names.dtype, names.index(1));
 * ```
 * ```python
 * import numpy as np
 * names = np.load('names.npy')
 * print(names, names.dtype.str, names[1])
 * ```
 */
export class TextArray<T extends string | Uint8Array = string> extends ItemArray<T> {
  protected readonly padded = false;

  get dtype(): string {
    return this.descr;
  }

  protected item_at(place: number): T {
    const { itemsize } = this;
    const bytes = this.raw.subarray(place * itemsize, (place + 1) * itemsize);
    if (this.descr[1] === 'S') {
      let end = bytes.length;
      while (end > 0 && bytes[end - 1] === 0) end--;
      return bytes.slice(0, end) as T;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = '';
    for (let at = 0; at < bytes.length; at += 4) text += String.fromCodePoint(view.getUint32(at, true));
    return text.replace(/\0+$/, '') as T;
  }

  protected text_at(place: number): string {
    return python_repr(this.item_at(place));
  }

  protected with_places(places: NDArray): TextArray<T> {
    return new TextArray<T>(this.descr, this.raw, places);
  }

  /**
   * The numbers that the texts are. Mirrors `numpy.ndarray.astype`.
   *
   * @param dtype - the type of the numbers
   * @throws Error with numpy's text for one that is not a number of the type
   * @example
   * ```ts
   * import * as np from 'torch-node/numpy';
   * const table = np.genfromtxt(['31336 0 1', '1061127 1 0'], { dtype: 'str' });
   * print(table.index(':', 0).astype(np.int32), table.index(':', '1:').astype(np.float32));
   * ```
   * ```python
   * import numpy as np
   * table = np.genfromtxt(['31336 0 1', '1061127 1 0'], dtype=np.dtype(str))
   * print(table[:, 0].astype(np.int32), table[:, 1:].astype(np.float32))
   * ```
   */
  astype(dtype: NDArrayDTypeLike): NDArray;
  astype(...args: unknown[]): NDArray {
    const { dtype } = ASTYPE.read(args);
    const named = dtype_named(dtype);
    const texts = (this.places.ravel().tolist() as number[]).map((place) => {
      const item: string | Uint8Array = this.item_at(place);
      return typeof item === 'string' ? item : Buffer.from(item).toString('latin1');
    });
    const whole = named !== 'bool' && !is_float(named) && !is_complex(named);
    const numbers = whole
      ? new NDArray(BigInt64Array.from(texts, integer_of))
      : new NDArray(Float64Array.from(texts, float_of));
    return numbers.astype(named).reshape(...this.shape);
  }
}

const ASTYPE = method_signature<{ dtype: string }>('TextArray.astype', 'dtype: str');

/** A text as Python's `int` reads it. */
function integer_of(text: string): bigint {
  const digits = text.trim();
  if (/^[-+]?\d+(_\d+)*$/.test(digits)) return BigInt(digits.replaceAll('_', '').replace(/^\+/, ''));
  throw new Error(`invalid literal for int() with base 10: np.str_(${python_repr(text)})`);
}

/** A text as Python's `float` reads it. */
function float_of(text: string): number {
  const number = parsed_float(text.trim());
  if (number !== undefined) return number;
  throw new Error(`could not convert string to float: np.str_(${python_repr(text)})`);
}

/** A float as Python writes one; undefined for what is not. */
export function parsed_float(text: string): number | undefined {
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(text);
  if (special === null) return undefined;
  return special[2]!.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
}

/** Seconds, or fractions of them, per unit; days for those of the calendar. */
const units: Record<string, { seconds?: bigint; digits?: number }> = {
  h: { seconds: 3600n },
  m: { seconds: 60n },
  s: { seconds: 1n },
  ms: { digits: 3 },
  us: { digits: 6 },
  ns: { digits: 9 },
  ps: { digits: 12 },
  fs: { digits: 15 },
  as: { digits: 18 },
};

const not_a_time = -(2n ** 63n);

function floor_division(x: bigint, y: bigint): [quotient: bigint, rest: bigint] {
  const rest = ((x % y) + y) % y;
  return [(x - rest) / y, rest];
}

/** The date of a number of days since 1970; the proleptic Gregorian calendar, from eras of 400 years. */
function date_of(days: bigint): [year: bigint, month: bigint, day: bigint] {
  const [era, of_era] = floor_division(days + 719468n, 146097n);
  const year = (of_era - of_era / 1460n + of_era / 36524n - of_era / 146096n) / 365n;
  const of_year = of_era - (365n * year + year / 4n - year / 100n);
  const shifted = (5n * of_year + 2n) / 153n;
  const month = shifted < 10n ? shifted + 3n : shifted - 9n;
  return [year + era * 400n + (month <= 2n ? 1n : 0n), month, of_year - (153n * shifted + 2n) / 5n + 1n];
}

const two = (x: bigint): string => String(x).padStart(2, '0');
const year_text = (year: bigint): string =>
  year < 0n ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');

/**
 * An array of dates and times (`<M8[D]`), or of time differences (`<m8[s]`). Dates and times of units down to
 * milliseconds are `Date`s (in UTC), finer ones and differences are counts of the unit; NaT (not a time) is null.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const times = np.load<np.TimeArray>('times.npy');
 * print(times, times.dtype, times.counts);
 * print((times.index(0) as Date).getUTCFullYear(), times.index(1)); // NaT is null
 * ```
 * ```python
 * import numpy as np
 * times = np.load('times.npy')
 * print(times, times.dtype, times.view('i8'))
 * print(times[0].item().year, times[1].item())
 * ```
 */
export class TimeArray extends ItemArray<Date | number | bigint | null> {
  protected readonly padded = true;

  get dtype(): string {
    return `${this.descr[1] === 'M' ? 'datetime64' : 'timedelta64'}${/\[.*\]/.exec(this.descr)?.[0] ?? ''}`;
  }

  private get unit(): { count: bigint; name: string } {
    const [, count = '', name = ''] = /\[(\d*)(\w+)\]/.exec(this.descr) ?? [];
    return { count: count === '' ? 1n : BigInt(count), name };
  }

  /** The counts as they are stored, in units since 1970; numpy's `view('i8')`. */
  get counts(): NDArray {
    const counts = Array.from({ length: this.raw.length / 8 }, (_, place) => this.count_at(place));
    return new NDArray(BigInt64Array.from(counts)).index(this.places);
  }

  /** Days since 1970, not a number for NaT. @internal */
  _days(): Float64Array {
    return Float64Array.from(this.places.ravel(), (place) => {
      const count = this.count_at(Number(place));
      if (count === not_a_time) return Number.NaN;
      const parts = /^(-?\d+)(?:-(\d+))?(?:-(\d+))?(?:T(\d+))?(?::(\d+))?(?::(\d+))?(\.\d+)?/.exec(this.iso(count))!;
      const field = (i: number, first: number): number => (parts[i] === undefined ? first : Number(parts[i]));
      const midnight = new Date(0).setUTCFullYear(field(1, 0), field(2, 1) - 1, field(3, 1)) / 1000;
      const second = field(4, 0) * 3600 + field(5, 0) * 60 + field(6, 0);
      return (midnight + second + field(7, 0)) / 86400;
    });
  }

  private count_at(place: number): bigint {
    return new DataView(this.raw.buffer, this.raw.byteOffset, this.raw.byteLength).getBigInt64(8 * place, true);
  }

  protected item_at(place: number): Date | number | bigint | null {
    const count = this.count_at(place);
    if (count === not_a_time) return null;
    const { name } = this.unit;
    if (this.descr[1] === 'M' && !['us', 'ns', 'ps', 'fs', 'as'].includes(name)) {
      const text = this.iso(count);
      // Dates that JavaScript reads, which numpy's of other years are not.
      if (/^\d{4}(?!\d)/.test(text)) return new Date(`${text}${'-01-01T00:00:00.000'.slice(text.length - 4)}Z`);
    }
    const number = Number(count);
    return Number.isSafeInteger(number) ? number : count;
  }

  protected text_at(place: number): string {
    const count = this.count_at(place);
    if (this.descr[1] === 'm') return count === not_a_time ? "'NaT'" : String(count);
    return count === not_a_time ? "'NaT'" : `'${this.iso(count)}'`;
  }

  /** A time as numpy writes it, as far as its unit goes. */
  private iso(stored: bigint): string {
    const { count, name } = this.unit;
    const value = stored * count;
    if (name === 'Y') return year_text(1970n + value);
    if (name === 'M') {
      const [years, month] = floor_division(value, 12n);
      return `${year_text(1970n + years)}-${two(month + 1n)}`;
    }
    const calendar = (days: bigint): string => {
      const [year, month, day] = date_of(days);
      return `${year_text(year)}-${two(month)}-${two(day)}`;
    };
    if (name === 'W') return calendar(value * 7n);
    if (name === 'D') return calendar(value);
    const { seconds, digits = 0 } = units[name] ?? { seconds: 1n };
    const [whole, fraction] =
      seconds === undefined ? floor_division(value, 10n ** BigInt(digits)) : [value * seconds, 0n];
    const [days, second] = floor_division(whole, 86400n);
    let text = `${calendar(days)}T${two(second / 3600n)}`;
    if (name !== 'h') text += `:${two((second / 60n) % 60n)}`;
    if (name !== 'h' && name !== 'm') text += `:${two(second % 60n)}`;
    return digits > 0 ? `${text}.${String(fraction).padStart(digits, '0')}` : text;
  }

  protected with_places(places: NDArray): TimeArray {
    return new TimeArray(this.descr, this.raw, places);
  }

  override toJSON(): unknown {
    const named = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(named);
      const text = this.text_at(value as number);
      if (text === "'NaT'") return null;
      return text.startsWith("'") ? text.slice(1, -1) : Number(text);
    };
    return named(this.places.tolist());
  }
}
