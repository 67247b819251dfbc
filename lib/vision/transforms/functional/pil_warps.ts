/** Places of pixels of images of PIL: `Image.transform`, `Image.rotate` and borders, as Pillow computes them. */
import { cos, radians, sin } from '../../../python/math.js';
import type { Tensor } from '../../../_tensor.js';
import {
  filter_of,
  has_alpha,
  of_same_kind,
  planes_of,
  premultiplied,
  unpremultiplied,
  written,
  type Planes,
} from './pil_image.js';

/** The value outside of an image, of all channels or of each; null is 0. */
type Fill = number | readonly number[] | null;

/** A byte for each channel. @throws Error for another number of them */
function colors_of(fill: Fill, channels: number): readonly number[] {
  const given = typeof fill === 'object' && fill !== null ? fill : [fill ?? 0];
  if (given.length !== 1 && given.length !== channels) {
    throw new Error(
      "The number of elements in 'fill' does not match the number of channels of the image " +
        `(${given.length} != ${channels})`,
    );
  }
  const bytes = given.map((value) => Math.min(Math.max(Math.trunc(value), 0), 255));
  return bytes.length === channels ? bytes : Array<number>(channels).fill(bytes[0]!);
}

/** Where pixels of a result come from: affine with six coefficients, a projection with eight. */
type Coefficients = readonly number[];
type Affine = readonly [xx: number, xy: number, x0: number, yx: number, yy: number, y0: number];

/** For each pixel of a result the pixel of the image that it is, -1 for none. */
type Sources = Int32Array;

interface Size {
  readonly height: number;
  readonly width: number;
}

/** Columns and rows on their own, where neither moves with the other. */
function scaled_sources(from: Size, to: Size, [xx, , x0, , yy, y0]: Affine): Sources {
  // Steps are added up, as Pillow does.
  const along = (size: number, count: number, start: number, step: number): number[] => {
    const pixels: number[] = [];
    for (let i = 0, place = start; i < count; i++, place += step) {
      pixels.push(place >= 0 && place < size ? Math.trunc(place) : -1);
    }
    return pixels;
  };
  const columns = along(from.width, to.width, x0 + xx * 0.5, xx);
  const rows = along(from.height, to.height, y0 + yy * 0.5, yy);
  const sources = new Int32Array(to.height * to.width);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      sources[y * to.width + x] = row < 0 || column < 0 ? -1 : row * from.width + column;
    });
  });
  return sources;
}

/** The nearest pixels of an affine transformation, with 16 bits after the point and added steps. */
function fixed_sources(from: Size, to: Size, [xx, xy, x0, yx, yy, y0]: Affine): Sources {
  const fixed = (value: number): number => Math.floor(value * 65536 + 0.5);
  const [x_by_x, x_by_y, y_by_x, y_by_y] = [fixed(xx), fixed(xy), fixed(yx), fixed(yy)];
  const { height, width } = from;
  const sources = new Int32Array(to.height * to.width);
  let [row_x, row_y] = [fixed(x0 + xx * 0.5 + xy * 0.5), fixed(y0 + yx * 0.5 + yy * 0.5)];
  for (let at = 0; at < sources.length; row_x += x_by_y, row_y += y_by_y) {
    let [x, y] = [row_x, row_y];
    for (const end = at + to.width; at < end; at++, x += x_by_x, y += y_by_x) {
      const column = x >> 16;
      const row = y >> 16;
      sources[at] = column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
    }
  }
  return sources;
}

/** The nearest pixels of an affine transformation. */
function affine_sources(from: Size, to: Size, coefficients: Coefficients): Sources {
  const [xx, xy, x0, yx, yy, y0] = coefficients as Affine;
  if (xy === 0 && yx === 0) return scaled_sources(from, to, coefficients as Affine);
  const fits = (x: number, y: number): boolean =>
    Math.abs(x * xx + y * xy + x0) < 32768 && Math.abs(x * yx + y * yy + y0) < 32768;
  if (fits(0, 0) && fits(to.width, to.height) && fits(0, to.height) && fits(to.width, 0)) {
    return fixed_sources(from, to, coefficients as Affine);
  }
  const sources = new Int32Array(to.height * to.width);
  let [row_x, row_y] = [x0 + xy * 0.5 + xx * 0.5, y0 + yy * 0.5 + yx * 0.5];
  for (let at = 0; at < sources.length; row_x += xy, row_y += yy) {
    let [x, y] = [row_x, row_y];
    for (const end = at + to.width; at < end; at++, x += xx, y += yx) {
      const is_inside = x >= 0 && x < from.width && y >= 0 && y < from.height;
      sources[at] = is_inside ? Math.trunc(y) * from.width + Math.trunc(x) : -1;
    }
  }
  return sources;
}

/** Calls `mix` for each pixel of a result that comes from within the image, with its place there. */
function each_place(
  from: Size,
  to: Size,
  coefficients: Coefficients,
  mix: (at: number, x: number, y: number) => void,
): void {
  const [xx, xy, x0, yx, yy, y0, zx = 0, zy = 0] = coefficients as [number, number, number, number, number, number];
  for (let row = 0, at = 0; row < to.height; row++) {
    const y = row + 0.5;
    for (let column = 0; column < to.width; column++, at++) {
      const x = column + 0.5;
      const depth = zx * x + zy * y + 1;
      const from_x = (xx * x + xy * y + x0) / depth;
      const from_y = (yx * x + yy * y + y0) / depth;
      if (from_x >= 0 && from_x < from.width && from_y >= 0 && from_y < from.height) mix(at, from_x, from_y);
    }
  }
}

/** The nearest pixels of a projection. */
function projected_sources(from: Size, to: Size, coefficients: Coefficients): Sources {
  const sources = new Int32Array(to.height * to.width).fill(-1);
  each_place(from, to, coefficients, (at, x, y) => {
    sources[at] = Math.trunc(y) * from.width + Math.trunc(x);
  });
  return sources;
}

/** The nearest pixel that there is. */
const inside = (pixel: number, size: number): number => (pixel < 0 ? 0 : pixel < size ? pixel : size - 1);

/** Of each channel a mix of 2 x 2 pixels around each place. */
function mix_linearly(from: Planes, to: Size, coefficients: Coefficients, out: Uint8Array): void {
  const { bytes, height, width } = from;
  const [plane, out_plane] = [height * width, to.height * to.width];
  each_place(from, to, coefficients, (at, x, y) => {
    const column = Math.floor(x - 0.5);
    const row = Math.floor(y - 0.5);
    const by_x = x - 0.5 - column;
    const by_y = y - 0.5 - row;
    const left = inside(column, width);
    const right = inside(column + 1, width);
    let above = inside(row, height) * width;
    let below = inside(row + 1, height) * width;
    for (let end = at + from.channels * out_plane; at < end; at += out_plane, above += plane, below += plane) {
      const upper = bytes[above + left]! + (bytes[above + right]! - bytes[above + left]!) * by_x;
      const lower = bytes[below + left]! + (bytes[below + right]! - bytes[below + left]!) * by_x;
      out[at] = upper + (lower - upper) * by_y;
    }
  });
}

/** A number between `b` and `c`, on a cubic curve. */
function cubic(a: number, b: number, c: number, d: number, fraction: number): number {
  const third = -a + b - c + d;
  const second = 2 * (a - b) + c - d;
  return b + fraction * (-a + c + fraction * (second + fraction * third));
}

/** Of each channel a mix of 4 x 4 pixels around each place. */
function mix_cubically(from: Planes, to: Size, coefficients: Coefficients, out: Uint8Array): void {
  const { bytes, height, width } = from;
  const [plane, out_plane] = [height * width, to.height * to.width];
  each_place(from, to, coefficients, (at, x, y) => {
    const column = Math.floor(x - 0.5);
    const row = Math.floor(y - 0.5);
    const by_x = x - 0.5 - column;
    const by_y = y - 0.5 - row;
    const x0 = inside(column - 1, width);
    const x1 = inside(column, width);
    const x2 = inside(column + 1, width);
    const x3 = inside(column + 2, width);
    const y0 = inside(row - 1, height) * width;
    const y1 = inside(row, height) * width;
    const y2 = inside(row + 1, height) * width;
    const y3 = inside(row + 2, height) * width;
    for (let channel = 0; channel < from.channels; channel++) {
      const start = channel * plane;
      const r0 = start + y0;
      const r1 = start + y1;
      const r2 = start + y2;
      const r3 = start + y3;
      const a = cubic(bytes[r0 + x0]!, bytes[r0 + x1]!, bytes[r0 + x2]!, bytes[r0 + x3]!, by_x);
      const b = cubic(bytes[r1 + x0]!, bytes[r1 + x1]!, bytes[r1 + x2]!, bytes[r1 + x3]!, by_x);
      const c = cubic(bytes[r2 + x0]!, bytes[r2 + x1]!, bytes[r2 + x2]!, bytes[r2 + x3]!, by_x);
      const d = cubic(bytes[r3 + x0]!, bytes[r3 + x1]!, bytes[r3 + x2]!, bytes[r3 + x3]!, by_x);
      const value = cubic(a, b, c, d, by_y);
      out[at + channel * out_plane] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
  });
}

/** Pillow's numbers of the filters that places cannot be computed with. */
const refused: Readonly<Record<string, string>> = { box: 'BOX (4)', hamming: 'HAMMING (5)', lanczos: 'LANCZOS (1)' };

/** As `Image.transform`. @throws Error for other filters, and for another number of colors */
export function warped_as_pillow(
  img: Tensor,
  [height, width]: readonly [number, number],
  coefficients: Coefficients,
  mode: string,
  fill: Fill,
): Tensor {
  if (refused[mode] !== undefined) {
    throw new Error(
      `Image.Resampling.${refused[mode]} cannot be used. Use Image.Resampling.NEAREST (0), ` +
        'Image.Resampling.BILINEAR (2) or Image.Resampling.BICUBIC (3)',
    );
  }
  const filter = filter_of(img, mode);
  const is_nearest = filter === 'nearest';
  const mixes_alpha = !is_nearest && has_alpha({ channels: img.dim() === 2 ? 1 : img.size(0) });
  const planes = planes_of(mixes_alpha ? premultiplied(img) : img);
  const colors = colors_of(fill, planes.channels);
  const to = { channels: planes.channels, height, width };
  const size = height * width;
  const made = written(img, to, (bytes) => {
    colors.forEach((color, channel) => bytes.fill(color, channel * size, (channel + 1) * size));
    if (!is_nearest) {
      (filter === 'bicubic' ? mix_cubically : mix_linearly)(planes, to, coefficients, bytes);
      return;
    }
    const sources = (coefficients.length === 6 ? affine_sources : projected_sources)(planes, to, coefficients);
    for (let channel = 0; channel < planes.channels; channel++) {
      const plane = planes.height * planes.width;
      const from = planes.bytes.subarray(channel * plane, (channel + 1) * plane);
      for (let i = 0, at = channel * size; i < size; i++, at++) {
        const source = sources[i]!;
        if (source >= 0) bytes[at] = from[source]!;
      }
    }
  });
  return mixes_alpha ? unpremultiplied(made) : made;
}

/** Quarter turns counterclockwise that need no sampling, or undefined. */
export function quarter_turns(image: Tensor, angle: number, expand: boolean): number | undefined {
  if (angle === 0) return 0;
  if (angle === 180) return 2;
  if (!expand && image.size(-1) !== image.size(-2)) return undefined;
  return { 90: 1, 270: 3 }[angle];
}

/** Python's `round(value, 15)`. */
const to_15_digits = (value: number): number => Number(value.toFixed(15));

/** As `Image.rotate`. @throws Error for other filters, and for another number of colors */
export function rotated_as_pillow(
  img: Tensor,
  angle: number,
  mode: string,
  { expand, center, fill }: { expand: boolean; center: readonly number[] | null; fill: Fill },
): Tensor {
  const within = ((angle % 360) + 360) % 360;
  colors_of(fill, img.dim() === 2 ? 1 : img.size(0));
  const turns = center === null ? quarter_turns(img, within, expand) : undefined;
  if (turns !== undefined) return of_same_kind(img, turns === 0 ? img.clone() : img.rot90(turns, [-2, -1]));
  const [height, width] = [img.size(-2), img.size(-1)];
  const [center_x, center_y] = (center ?? [width / 2, height / 2]) as [number, number];
  const turn = -radians(within);
  const [xx, xy, yx, yy] = [cos(turn), sin(turn), -sin(turn), cos(turn)].map(to_15_digits) as [
    number,
    number,
    number,
    number,
  ];
  const traced = (x: number, y: number, [x0, y0]: readonly [number, number]): [number, number] => [
    xx * x + xy * y + x0,
    yx * x + yy * y + y0,
  ];
  let [x0, y0] = traced(-center_x, -center_y, [0, 0]);
  x0 += center_x;
  y0 += center_y;
  let size: readonly [number, number] = [height, width];
  if (expand) {
    const corners = [traced(0, 0, [x0, y0]), traced(width, 0, [x0, y0])];
    corners.push(traced(width, height, [x0, y0]), traced(0, height, [x0, y0]));
    const [wide, high] = ([0, 1] as const).map((i) => {
      const places = corners.map((corner) => corner[i]);
      return Math.ceil(Math.max(...places)) - Math.floor(Math.min(...places));
    }) as [number, number];
    [x0, y0] = traced(-(wide - width) / 2, -(high - height) / 2, [x0, y0]);
    size = [high, wide];
  }
  return warped_as_pillow(img, size, [xx, xy, x0, yx, yy, y0], mode, fill);
}

/** The pixel that stands at a place before the first one or behind the last. */
const bordering: Readonly<Record<string, (place: number, size: number) => number>> = {
  edge: inside,
  reflect: (place, size) => {
    const period = Math.max(2 * (size - 1), 1);
    const within = ((place % period) + period) % period;
    return within < size ? within : period - within;
  },
  symmetric: (place, size) => {
    const within = ((place % (2 * size)) + 2 * size) % (2 * size);
    return within < size ? within : 2 * size - 1 - within;
  },
};

/** The pixels along one side of an image with borders, of which negative ones are cut off before there are others; -1 outside. */
function bordered(size: number, before: number, after: number, padding_mode: string): number[] {
  const cut = Math.max(-before, 0);
  const kept = size - cut - Math.max(-after, 0);
  const place = bordering[padding_mode];
  if (size + before + after < 0 || (kept < 1 && place !== undefined)) throw new Error('Width and height must be >= 0');
  return Array.from({ length: size + before + after }, (_, i) => {
    if (place !== undefined) return cut + place(i - Math.max(before, 0), kept);
    return i >= before && i < before + size ? i - before : -1;
  });
}

/** As `ImageOps.expand` and, for other borders than those of one color, `numpy.pad`. @throws Error for another number of colors */
export function padded_as_pillow(img: Tensor, sides: readonly number[], fill: Fill, padding_mode: string): Tensor {
  const [left, top, right, bottom] = sides as [number, number, number, number];
  const { bytes: from, channels, height, width } = planes_of(img);
  const colors = colors_of(fill, channels);
  const columns = bordered(width, left, right, padding_mode);
  const rows = bordered(height, top, bottom, padding_mode);
  // What is copied at once, and the columns beside it.
  const start = Math.max(left, 0);
  const end = start + Math.max(width - Math.max(-left, 0) - Math.max(-right, 0), 0);
  const beside = columns.map((_, x) => x).filter((x) => x < start || x >= end);
  const write_row = (out: Uint8Array, source: Uint8Array, color: number): void => {
    for (const x of beside) out[x] = columns[x]! < 0 ? color : source[columns[x]!]!;
    if (end > start) out.set(source.subarray(columns[start], columns[end - 1]! + 1), start);
  };
  return written(img, { channels, height: rows.length, width: columns.length }, (bytes) => {
    colors.forEach((color, channel) => {
      rows.forEach((row, y) => {
        const at = (channel * rows.length + y) * columns.length;
        const source = (channel * height + row) * width;
        const out = bytes.subarray(at, at + columns.length);
        if (row < 0) out.fill(color);
        else write_row(out, from.subarray(source, source + width), color);
      });
    });
  });
}
