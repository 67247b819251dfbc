/** Pictures in axes. Mirrors `matplotlib.image.AxesImage`. */
import { python_size } from '../_internal/representation.js';
import { method_signature } from '../_internal/signature.js';
import { type DataLimits, ScalarMappable, type View } from './artists.js';
import type { Colormap, Normalize } from './cm.js';
import type { Box, Renderer } from './renderer.js';
import { Tuple } from '../python/values.js';
import { type Floats, floats, type Values } from './values.js';

type Kernel = { readonly radius: number; weight(x: number): number };

const kernels: Readonly<Record<string, Kernel>> = {
  bilinear: { radius: 1, weight: (x) => 1 - x },
  hanning: { radius: 1, weight: (x) => 0.5 + 0.5 * Math.cos(Math.PI * x) },
  bicubic: {
    radius: 2,
    weight: (x) => {
      const cube = (v: number): number => (v <= 0 ? 0 : v ** 3);
      return (cube(x + 2) - 4 * cube(x + 1) + 6 * cube(x) - 4 * cube(x - 1)) / 6;
    },
  },
  lanczos: {
    radius: 3,
    weight: (x) =>
      x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * (Math.sin((Math.PI * x) / 3) / ((Math.PI * x) / 3)),
  },
};
const interpolations = ['auto', 'antialiased', 'nearest', 'none', ...Object.keys(kernels)];

/** @throws Error for another name */
export function check_interpolation(callee: string, name: string): string {
  if (!interpolations.includes(name)) {
    throw new Error(
      `${callee}(): '${name}' is not a valid value for interpolation; supported values are ${interpolations.map((each) => `'${each}'`).join(', ')}`,
    );
  }
  return name;
}

/** For each pixel in a row of the result, which ones of the source count, and how much. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

/** @param start source position of the left edge of the first pixel; @param step source pixels in one */
function taps(count: number, start: number, step: number, size: number, kernel: Kernel | null): Taps {
  const first = new Int32Array(count);
  const weights: Float64Array[] = [];
  const stretch = Math.max(1, Math.abs(step));
  for (let i = 0; i < count; i++) {
    const middle = start + (i + 0.5) * step;
    if (kernel === null) {
      first[i] = Math.min(size - 1, Math.max(0, Math.floor(middle)));
      weights.push(Float64Array.of(1));
      continue;
    }
    const reach = kernel.radius * stretch;
    const from = Math.ceil(middle - reach - 0.5);
    const to = Math.floor(middle + reach - 0.5);
    const kept: number[] = [];
    let sum = 0;
    for (let k = from; k <= to; k++) {
      const distance = Math.abs(k + 0.5 - middle) / stretch;
      const weight = distance < kernel.radius ? kernel.weight(distance) : 0;
      kept.push(weight);
      sum += weight;
    }
    first[i] = from;
    weights.push(Float64Array.from(kept, (weight) => weight / sum));
  }
  return { first, weights };
}

/** Bytes of a picture at the places of the pixels of another. */
function resample(
  source: Uint8ClampedArray,
  rows: number,
  columns: number,
  across: Taps,
  down: Taps,
): Uint8ClampedArray {
  const width = across.first.length;
  const height = down.first.length;
  const result = new Uint8ClampedArray(4 * width * height);
  const inside = (index: number, size: number): number => Math.min(size - 1, Math.max(0, index));
  if (across.weights.every((each) => each.length === 1) && down.weights.every((each) => each.length === 1)) {
    const from = new Uint32Array(source.buffer, source.byteOffset, rows * columns);
    const to = new Uint32Array(result.buffer);
    for (let y = 0; y < height; y++) {
      const row = down.first[y]! * columns;
      for (let x = 0; x < width; x++) to[y * width + x] = from[row + across.first[x]!]!;
    }
    return result;
  }
  const between = new Float64Array(4 * width * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const weights = across.weights[x]!;
      for (let k = 0; k < weights.length; k++) {
        const at = 4 * (y * columns + inside(across.first[x]! + k, columns));
        for (let c = 0; c < 4; c++) between[4 * (y * width + x) + c]! += weights[k]! * source[at + c]!;
      }
    }
  }
  for (let y = 0; y < height; y++) {
    const weights = down.weights[y]!;
    for (let x = 0; x < 4 * width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += weights[k]! * between[4 * width * inside(down.first[y]! + k, rows) + x]!;
      result[4 * width * y + x] = sum;
    }
  }
  return result;
}

/** The kernel of a name, for a picture that is enlarged by factors. */
function kernel_of(interpolation: string, scale_x: number, scale_y: number): Kernel | null {
  if (interpolation === 'nearest' || interpolation === 'none') return null;
  if (interpolation !== 'auto' && interpolation !== 'antialiased') return kernels[interpolation]!;
  // Pictures that are enlarged a lot, or by whole numbers, keep their pixels.
  const keeps = (scale: number): boolean => scale >= 3 || scale === 1 || scale === 2;
  return keeps(scale_x) && keeps(scale_y) ? null : kernels['hanning']!;
}

const SET_DATA = method_signature<{ A: Values }>('set_data', 'A: values');
const SET_EXTENT = method_signature<{ extent: readonly number[] }>('set_extent', 'extent: float[]');
const GET_EXTENT = method_signature<object>('get_extent');
const GET_ARRAY = method_signature<object>('get_array');

/** A picture: numbers that a colour map shows, or colours. */
export class AxesImage extends ScalarMappable {
  private values: Floats;

  /** @internal */
  constructor(
    callee: string,
    values: unknown,
    cmap: Colormap,
    norm: Normalize,
    private readonly options: {
      readonly origin: 'upper' | 'lower';
      extent: readonly number[] | null;
      readonly interpolation: string;
    },
  ) {
    super(cmap, norm);
    this.values = checked(callee, values);
    this._zorder = 0;
    this.fit();
  }

  private fit(): void {
    if (this.values.shape.length === 2) this.norm._fit(this.values.data);
  }

  /** Left, right, bottom and top. @internal */
  _edges(): readonly [number, number, number, number] {
    const { extent, origin } = this.options;
    if (extent !== null) return extent as unknown as [number, number, number, number];
    const [rows, columns] = this.values.shape as [number, number];
    return origin === 'upper' ? [-0.5, columns - 0.5, rows - 0.5, -0.5] : [-0.5, columns - 0.5, -0.5, rows - 0.5];
  }

  /** @internal */
  override _limits(): DataLimits {
    const [left, right, bottom, top] = this._edges();
    const x = [Math.min(left, right), Math.max(left, right)] as const;
    const y = [Math.min(bottom, top), Math.max(bottom, top)] as const;
    return { x, y, sticky_x: x, sticky_y: y };
  }

  /** The colours of all pixels, row by row from the first one, four bytes each. @internal */
  _bytes(): Uint8ClampedArray {
    const { data, shape, bytes } = this.values;
    const count = shape[0]! * shape[1]!;
    let result: Uint8ClampedArray;
    if (shape.length === 2) result = this.cmap._bytes(Float64Array.from(data, (value) => this.norm._map(value)));
    else {
      const channels = shape[2]!;
      result = new Uint8ClampedArray(4 * count).fill(255);
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < channels; c++) {
          const value = data[i * channels + c]!;
          result[4 * i + c] = bytes ? value : Math.trunc(Math.min(1, Math.max(0, value)) * 255);
        }
      }
    }
    if (this._alpha !== null) for (let i = 3; i < result.length; i += 4) result[i] = result[i]! * this._alpha;
    return result;
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const [rows, columns] = this.values.shape as [number, number];
    if (rows === 0 || columns === 0) return;
    const [left, right, bottom, top] = this._edges();
    // The first row is at the top, or for 'lower' at the bottom.
    const first_row = this.options.origin === 'upper' ? top : bottom;
    const last_row = this.options.origin === 'upper' ? bottom : top;
    const [x0, x1] = [view.x(left), view.x(right)];
    const [y0, y1] = [view.y(first_row), view.y(last_row)];
    const box: Box = {
      left: Math.max(Math.min(x0, x1), view.box.left),
      right: Math.min(Math.max(x0, x1), view.box.right),
      top: Math.max(Math.min(y0, y1), view.box.top),
      bottom: Math.min(Math.max(y0, y1), view.box.bottom),
    };
    if (!(box.right > box.left && box.bottom > box.top)) return;
    // Formats without pixels get some anyway, small enough for edges to be where they belong.
    const fine = r.snaps ? 1 : 4;
    const [from_x, from_y] = [Math.floor(box.left * fine + 1e-6), Math.floor(box.top * fine + 1e-6)];
    const [to_x, to_y] = [Math.ceil(box.right * fine - 1e-6), Math.ceil(box.bottom * fine - 1e-6)];
    const step_x = columns / ((x1 - x0) * fine);
    const step_y = rows / ((y1 - y0) * fine);
    const kernel = kernel_of(this.options.interpolation, Math.abs(1 / (step_x * fine)), Math.abs(1 / (step_y * fine)));
    const across = taps(to_x - from_x, (from_x - x0 * fine) * step_x, step_x, columns, kernel);
    const down = taps(to_y - from_y, (from_y - y0 * fine) * step_y, step_y, rows, kernel);
    const pixels = resample(this._bytes(), rows, columns, across, down);
    r.pixels(pixels, to_x - from_x, to_y - from_y, from_x / fine, from_y / fine, 1 / fine);
  }

  /** Sets the numbers or colours; the limits of the colours stay. */
  set_data(A: Values | { A: Values }): void;
  set_data(...args: unknown[]): void {
    this.values = checked('set_data', SET_DATA.read(args).A);
    this._changed();
  }

  /** The numbers or colours, row by row. */
  get_array(...none: []): number[];
  get_array(...args: unknown[]): number[] {
    GET_ARRAY.read(args);
    return [...this.values.data];
  }

  /** Sets where the picture is: left, right, bottom and top. */
  set_extent(extent: readonly number[] | { extent: readonly number[] }): void;
  set_extent(...args: unknown[]): void {
    this.options.extent = checked_extent('set_extent', SET_EXTENT.read(args).extent);
    this._changed();
  }

  /** Where the picture is: left, right, bottom and top. */
  get_extent(...none: []): Tuple<number>;
  get_extent(...args: unknown[]): Tuple<number> {
    GET_EXTENT.read(args);
    return Tuple.from(this._edges()) as Tuple<number>;
  }
}

/** @throws Error unless there are four numbers */
export function checked_extent(callee: string, extent: readonly number[]): readonly number[] {
  if (extent.length !== 4 || !extent.every(Number.isFinite))
    throw new Error(`${callee}(): extent must be four numbers: left, right, bottom, top`);
  return extent;
}

/** A picture of one channel in its last dimension is one of numbers. @throws TypeError for other shapes */
function checked(callee: string, value: unknown): Floats {
  const values = floats(callee, value);
  const { shape } = values;
  if (shape.length === 3 && shape[2] === 1) return { ...values, shape: shape.slice(0, 2) };
  if (shape.length === 2 || (shape.length === 3 && (shape[2] === 3 || shape[2] === 4))) return values;
  throw new TypeError(`${callee}(): Invalid shape ${python_size(shape)} for image data`);
}
