/** Colour maps and norms: numbers to colours. Mirrors `matplotlib.cm` and `matplotlib.colors`. */
import { inflateSync } from 'node:zlib';

import { colormap_data, colormap_sizes } from '../generated/colormaps.js';
import { define_kind, signature } from '../_internal/signature.js';
import { NDArray } from '../numpy/ndarray.js';
import { natural_dtype } from '../numpy/types.js';
import { Tuple } from '../python/values.js';
import { Tensor } from '../_tensor.js';
import type { Rgba } from './colors.js';
import { color_of, type ColorLike } from './colors.js';
import { rc } from './style.js';
import { extent, floats, type Values } from './values.js';

let words: Uint16Array | undefined;

/** All colours of all maps, three numbers of 16 bits each. */
function all_words(): Uint16Array {
  if (words !== undefined) return words;
  const bytes = inflateSync(Buffer.from(colormap_data, 'base64'));
  words = Uint16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
  return words;
}

/** The options of calling a colour map. */
export interface ColormapOptions {
  /** Opacity instead of that of the colours. */
  alpha?: number | null;
  /** Whether numbers count the colours. Default: integers above 1, and the elements of arrays of integers. */
  integer?: boolean;
}

/** Colour maps are functions, as in Python: `plt.cm.viridis(0.5)`. */
export interface Colormap {
  (X: number, options?: ColormapOptions): Tuple<number>;
  (X: Values, options?: ColormapOptions): Tuple<number>[];
}

/** A colour map: from 0 to 1, or from 0 to `N - 1` for integers, to colours. {@link get_cmap} and {@link ListedColormap} make them. */
export class Colormap {
  /** Its name. */
  declare readonly name: string;
  /** Red, green, blue and opacity of each colour, as numbers of 16 bits. */
  declare private readonly table: Uint16Array;
  declare private under: Rgba | null;
  declare private over: Rgba | null;
  declare private bad: Rgba;

  /** @internal */
  constructor(name: string, table: Uint16Array) {
    const self = ((...args: unknown[]) => self.of_numbers(GET.renamed(name).read(args))) as unknown as this;
    // A function's own name and length would hide fields of those names.
    delete (self as { name?: unknown }).name;
    delete (self as { length?: unknown }).length;
    Object.setPrototypeOf(self, new.target.prototype as object);
    const bad: Rgba = [0, 0, 0, 0];
    Object.assign(self, { name, table, under: null, over: null, bad });
    return self;
  }

  /** The number of colours. */
  get N(): number {
    return this.table.length / 4;
  }

  /** @internal */
  _rgba(index: number): Rgba {
    const at = 4 * index;
    const part = (i: number): number => this.table[at + i]! / 65535;
    return [part(0), part(1), part(2), part(3)];
  }

  /** The place in the table of a number from 0 to 1; -1 below, -2 above, -3 for what is not a number. @internal */
  _index(value: number): number {
    if (Number.isNaN(value)) return -3;
    const scaled = value * this.N;
    if (scaled < 0) return -1;
    if (value === 1) return this.N - 1;
    const index = Math.trunc(scaled);
    return index >= this.N ? -2 : index;
  }

  /** @internal */
  _color(value: number): Rgba {
    const index = this._index(value);
    if (index >= 0) return this._rgba(index);
    if (index === -1) return this.under ?? this._rgba(0);
    return index === -2 ? (this.over ?? this._rgba(this.N - 1)) : this.bad;
  }

  /** The colours of many numbers as bytes, four each. @internal */
  _bytes(values: ArrayLike<number>): Uint8ClampedArray {
    const bytes = new Uint8ClampedArray(4 * values.length);
    const outside = [this._color(Number.NEGATIVE_INFINITY), this._color(Number.POSITIVE_INFINITY), this.bad];
    for (let i = 0; i < values.length; i++) {
      const index = this._index(values[i]!);
      // As numpy does it, the fraction is cut off.
      if (index >= 0) for (let c = 0; c < 4; c++) bytes[4 * i + c] = Math.floor(this.table[4 * index + c]! / 257);
      else for (let c = 0; c < 4; c++) bytes[4 * i + c] = Math.floor(outside[-index - 1]![c]! * 255);
    }
    return bytes;
  }

  /**
   * Colours of numbers; the same as calling the map.
   * @param X - from 0 to 1. In Python an integer counts the colours; here those above 1 do, and all with `integer: true`
   * @returns red, green, blue and opacity, of each number for an array
   */
  get(X: number, options?: ColormapOptions): Tuple<number>;
  get(X: Values, options?: ColormapOptions): Tuple<number>[];
  get(options: ColormapOptions & { X: number | Values }): Tuple<number> | Tuple<number>[];
  get(...args: unknown[]): Tuple<number> | Tuple<number>[] {
    return this.of_numbers(GET.read(args));
  }

  private of_numbers({
    X,
    alpha = null,
    integer,
  }: ColormapOptions & { X: number | Values }): Tuple<number> | Tuple<number>[] {
    const one = (value: number, counts: boolean): Tuple<number> => {
      const at = value >= this.N ? Number.POSITIVE_INFINITY : (value + 0.5) / this.N;
      const [r, g, b, a] = this._color(counts ? at : value);
      return Tuple.from([r, g, b, alpha ?? a]) as Tuple<number>;
    };
    if (typeof X === 'number') return one(X, integer ?? (Number.isInteger(X) && X > 1));
    const whole = integer ?? is_whole(X);
    return Array.from(floats('get', X).data, (value) => one(value, whole));
  }

  /** The same colours in the other order. */
  reversed(...none: []): Colormap;
  reversed(...args: unknown[]): Colormap {
    REVERSED.read(args);
    const table = new Uint16Array(this.table.length);
    for (let i = 0; i < this.N; i++) table.set(this.table.subarray(4 * (this.N - 1 - i), 4 * (this.N - i)), 4 * i);
    return new Colormap(this.name.endsWith('_r') ? this.name.slice(0, -2) : `${this.name}_r`, table);
  }

  /** A map of so many of these colours. */
  resampled(lutsize: number | { lutsize: number }): Colormap;
  resampled(...args: unknown[]): Colormap {
    const { lutsize } = RESAMPLED.read(args);
    if (lutsize < 1) throw new Error(`resampled(): argument 'lutsize' must be positive, not ${lutsize}`);
    const table = new Uint16Array(4 * lutsize);
    for (let i = 0; i < lutsize; i++) {
      const index = Math.max(0, this._index(lutsize > 1 ? i / (lutsize - 1) : 0));
      table.set(this.table.subarray(4 * index, 4 * index + 4), 4 * i);
    }
    return new Colormap(this.name, table);
  }

  /** Sets the colour of numbers below 0. */
  set_under(color: ColorLike | { color: ColorLike }): void;
  set_under(...args: unknown[]): void {
    this.under = color_of('set_under', 'color', SET_UNDER.read(args).color);
  }

  /** Sets the colour of numbers above 1. */
  set_over(color: ColorLike | { color: ColorLike }): void;
  set_over(...args: unknown[]): void {
    this.over = color_of('set_over', 'color', SET_OVER.read(args).color);
  }

  /** Sets the colour of what is not a number; transparent when nothing is set. */
  set_bad(color: ColorLike | { color: ColorLike }): void;
  set_bad(...args: unknown[]): void {
    this.bad = color_of('set_bad', 'color', SET_BAD.read(args).color);
  }
}

/** Whether an array has a type of integers. */
function is_whole(value: Values): boolean {
  const dtype =
    value instanceof Tensor ? String(value.dtype) : value instanceof NDArray ? value.dtype : natural_dtype(value);
  return dtype !== undefined && /u?int\d+$/.test(dtype);
}

const GET = signature<ColormapOptions & { X: number | Values }>(
  'get',
  'X: values, alpha?: float|None, *, integer?: bool',
);
const REVERSED = signature<Record<never, never>>('reversed', '');
const RESAMPLED = signature<{ lutsize: number }>('resampled', 'lutsize: int');
const SET_UNDER = signature<{ color: ColorLike }>('set_under', 'color: color');
const SET_OVER = signature<{ color: ColorLike }>('set_over', 'color: color');
const SET_BAD = signature<{ color: ColorLike }>('set_bad', 'color: color');

define_kind('cmap', 'str or Colormap', (value) => typeof value === 'string' || value instanceof Colormap);

/** A colour map, or its name. */
export type ColormapLike = string | Colormap;

const LISTED = signature<{ colors: readonly ColorLike[]; name?: string }>(
  'ListedColormap',
  'colors: color[], name?: str',
);

/** Numbers of 16 bits of colours. */
function table_of(callee: string, colors: readonly unknown[]): Uint16Array {
  return Uint16Array.from(
    colors.flatMap((each) => color_of(callee, 'colors', each).map((part) => Math.round(part * 65535))),
  );
}

/**
 * A colour map of given colours. Mirrors `matplotlib.colors.ListedColormap`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const cmap = new plt.colors.ListedColormap(['red', 'lime']);
 * print(cmap.N, cmap(0.9)); // 2 (0, 1, 0, 1)
 * ```
 */
export class ListedColormap extends Colormap {
  constructor(colors: readonly ColorLike[], name?: string | { name?: string });
  constructor(options: { colors: readonly ColorLike[]; name?: string });
  constructor(...args: unknown[]) {
    const { colors, name = 'from_list' } = LISTED.read(args);
    super(name, table_of('ListedColormap', colors));
  }
}

const made = new Map<string, Colormap>();

function built_in(name: string): Colormap | undefined {
  const known = made.get(name);
  if (known !== undefined) return known;
  if (name.endsWith('_r') && !Object.hasOwn(colormap_sizes, name)) {
    const reversed = built_in(name.slice(0, -2))?.reversed();
    if (reversed !== undefined) made.set(name, reversed);
    return reversed;
  }
  if (!Object.hasOwn(colormap_sizes, name)) return undefined;
  let at = 0;
  for (const [each, size] of Object.entries(colormap_sizes)) {
    if (each === name) break;
    at += 3 * size;
  }
  const size = colormap_sizes[name]!;
  const table = new Uint16Array(4 * size);
  for (let i = 0; i < size; i++) {
    table.set(all_words().subarray(at + 3 * i, at + 3 * i + 3), 4 * i);
    table[4 * i + 3] = 65535;
  }
  const cmap = new Colormap(name, table);
  made.set(name, cmap);
  return cmap;
}

const GET_CMAP = signature<{ name?: ColormapLike | null; lut?: number | null }>(
  'get_cmap',
  'name?: cmap|None, lut?: int|None',
);

/**
 * A colour map by its name; `_r` at the end reverses it. Mirrors `matplotlib.pyplot.get_cmap`.
 * @param name - default: that of the settings, viridis
 * @param lut - number of colours; default: those of the map
 * @throws Error for a name that is not there
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.get_cmap('gray')(0)); // (0, 0, 0, 1)
 * ```
 */
export function get_cmap(name?: ColormapLike | null, lut?: number | null | { lut?: number | null }): Colormap;
export function get_cmap(options: { name?: ColormapLike | null; lut?: number | null }): Colormap;
export function get_cmap(...args: unknown[]): Colormap {
  const { name = null, lut = null } = GET_CMAP.read(args);
  const cmap = cmap_of('get_cmap', name);
  return lut === null ? cmap : cmap.resampled(lut);
}

/** @throws Error for a name that is not there */
export function cmap_of(callee: string, name: ColormapLike | null | undefined): Colormap {
  if (name instanceof Colormap) return name;
  const wanted = name ?? (rc['image.cmap'] as string);
  const cmap = built_in(wanted);
  if (cmap === undefined) {
    const names = [...colormap_names].sort();
    throw new Error(
      `${callee}(): '${wanted}' is not a valid value for cmap; supported values are ${names.join(', ')}, and each with _r`,
    );
  }
  return cmap;
}

/** The names of all maps, without those that are reversed. */
export const colormap_names: readonly string[] = Object.keys(colormap_sizes).filter((name) => !name.endsWith('_r'));

/** The maps as properties, `cm.viridis`. Mirrors `matplotlib.pyplot.cm`. */
export const cm: Readonly<Record<string, Colormap>> = Object.defineProperties(
  {},
  Object.fromEntries(
    colormap_names
      .flatMap((name) => [name, `${name}_r`])
      .map((name) => [name, { enumerable: true, get: (): Colormap => cmap_of('cm', name) }]),
  ),
) as Record<string, Colormap>;

interface Limits {
  vmin?: number | null;
  vmax?: number | null;
  clip?: boolean;
}

const NORMALIZE = signature<Limits>('Normalize', 'vmin?: float|None, vmax?: float|None, clip?: bool');
const LOG_NORM = NORMALIZE.renamed('LogNorm');
const AUTOSCALE = signature<{ A: Values }>('autoscale', 'A: values');
const NORM_GET = signature<{ value: number | Values }>('get', 'value: values');

/**
 * Maps numbers linearly to 0 to 1. Mirrors `matplotlib.colors.Normalize`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(new plt.colors.Normalize(0, 10).get(2.5)); // 0.25
 * ```
 */
export class Normalize {
  /** What becomes 0; null until numbers set it. */
  vmin: number | null;
  /** What becomes 1. */
  vmax: number | null;
  /** Whether numbers outside become 0 and 1. */
  clip: boolean;

  constructor(vmin?: number | null, vmax?: number | null, clip?: boolean | { clip?: boolean });
  constructor(options?: Limits);
  constructor(...args: unknown[]) {
    const { vmin = null, vmax = null, clip = false } = (new.target === LogNorm ? LOG_NORM : NORMALIZE).read(args);
    [this.vmin, this.vmax, this.clip] = [vmin, vmax, clip];
  }

  /** Whether a number counts for the limits. @internal */
  _counts(value: number): boolean {
    return Number.isFinite(value);
  }

  /** Sets those limits that are not set. @internal */
  _fit(values: ArrayLike<number>): void {
    if (this.vmin !== null && this.vmax !== null) return;
    const found = extent(Array.prototype.filter.call(values, (value: number) => this._counts(value)) as number[]);
    this.vmin ??= found?.[0] ?? null;
    this.vmax ??= found?.[1] ?? null;
  }

  /** @internal */
  _map(value: number): number {
    const [low, high] = [this.vmin ?? 0, this.vmax ?? 1];
    if (high === low) return Number.isNaN(value) ? value : 0;
    const at = (value - low) / (high - low);
    return this.clip ? Math.min(1, Math.max(0, at)) : at;
  }

  /** @internal */
  _unmap(at: number): number {
    const [low, high] = [this.vmin ?? 0, this.vmax ?? 1];
    return low + at * (high - low);
  }

  /** Sets the limits to those of an array. */
  autoscale(A: Values | { A: Values }): void;
  autoscale(...args: unknown[]): void {
    const { A } = AUTOSCALE.read(args);
    [this.vmin, this.vmax] = [null, null];
    this._fit(floats('autoscale', A).data);
  }

  /** Maps a number, or each of an array. Python's `norm(value)`. */
  get(value: number): number;
  get(value: Values): number[];
  get(options: { value: number | Values }): number | number[];
  get(...args: unknown[]): number | number[] {
    const { value } = NORM_GET.read(args);
    if (typeof value === 'number') return this._map(value);
    const { data } = floats('get', value);
    this._fit(data);
    return Array.from(data, (each) => this._map(each));
  }
}

/**
 * Maps numbers to 0 to 1 by their logarithms. Mirrors `matplotlib.colors.LogNorm`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(new plt.colors.LogNorm(1, 100).get(10)); // 0.5
 * ```
 */
export class LogNorm extends Normalize {
  override _counts(value: number): boolean {
    return Number.isFinite(value) && value > 0;
  }

  override _map(value: number): number {
    if (!(value > 0)) return Number.NaN;
    const [low, high] = [Math.log(this.vmin ?? 1), Math.log(this.vmax ?? 10)];
    if (high === low) return 0;
    const at = (Math.log(value) - low) / (high - low);
    return this.clip ? Math.min(1, Math.max(0, at)) : at;
  }

  override _unmap(at: number): number {
    const [low, high] = [Math.log(this.vmin ?? 1), Math.log(this.vmax ?? 10)];
    return Math.exp(low + at * (high - low));
  }
}

define_kind('norm', 'str or Normalize', (value) => value instanceof Normalize || value === 'log' || value === 'linear');

/** A norm, or the name of its scale. */
export type NormLike = Normalize | 'linear' | 'log';

/** A norm with limits. @throws Error when limits are given beside a norm */
export function norm_of(
  callee: string,
  norm: NormLike | null | undefined,
  vmin: number | null | undefined,
  vmax: number | null | undefined,
): Normalize {
  if (norm instanceof Normalize) {
    if ((vmin ?? null) !== null || (vmax ?? null) !== null) {
      throw new Error(
        `${callee}(): Passing a Normalize instance simultaneously with vmin/vmax is not supported. Please pass vmin/vmax directly to the norm when creating it.`,
      );
    }
    return norm;
  }
  return norm === 'log' ? new LogNorm(vmin ?? null, vmax ?? null) : new Normalize(vmin ?? null, vmax ?? null);
}
