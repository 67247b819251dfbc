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

/** The pixel that a place is in, -1 before the first one. */
const pixel_at = (place: number): number => (place < 0 ? -1 : Math.trunc(place));

/** For each pixel of a result the pixel of the image that it is, -1 for none. */
type Sources = Int32Array;

interface Size {
  readonly height: number;
  readonly width: number;
}

/** Columns and rows on their own, where neither moves with the other. */
function scaled_sources(from: Size, to: Size, [xx, , x0, , yy, y0]: readonly number[]): Sources {
  // Steps are added up, as Pillow does.
  const along = (size: number, count: number, start: number, step: number): number[] => {
    const pixels: number[] = [];
    for (let i = 0, place = start; i < count; i++, place += step) {
      const pixel = pixel_at(place);
      pixels.push(pixel < size ? pixel : -1);
    }
    return pixels;
  };
  const columns = along(from.width, to.width, x0! + xx! * 0.5, xx!);
  const rows = along(from.height, to.height, y0! + yy! * 0.5, yy!);
  const sources = new Int32Array(to.height * to.width);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      sources[y * to.width + x] = row < 0 || column < 0 ? -1 : row * from.width + column;
    });
  });
  return sources;
}

/** The nearest pixels of an affine transformation: with 16 bits after the point, where they suffice, and with added steps. */
function affine_sources(from: Size, to: Size, coefficients: readonly number[]): Sources {
  const [xx, xy, x0, yx, yy, y0] = coefficients as [number, number, number, number, number, number];
  if (xy === 0 && yx === 0) return scaled_sources(from, to, coefficients);
  const fits = (x: number, y: number): boolean =>
    Math.abs(x * xx + y * xy + x0) < 32768 && Math.abs(x * yx + y * yy + y0) < 32768;
  const is_fixed = fits(0, 0) && fits(to.width, to.height) && fits(0, to.height) && fits(to.width, 0);
  const unit = is_fixed ? 65536 : 1;
  const step = (value: number): number => (is_fixed ? Math.floor(value * unit + 0.5) : value);
  const pixel = is_fixed ? (place: number): number => Math.floor(place / unit) : pixel_at;
  const [x_by_x, x_by_y, y_by_x, y_by_y] = [step(xx), step(xy), step(yx), step(yy)];
  let row_x = step(is_fixed ? x0 + xx * 0.5 + xy * 0.5 : x0 + xy * 0.5 + xx * 0.5);
  let row_y = step(is_fixed ? y0 + yx * 0.5 + yy * 0.5 : y0 + yy * 0.5 + yx * 0.5);
  const sources = new Int32Array(to.height * to.width);
  for (let at = 0; at < sources.length; row_x += x_by_y, row_y += y_by_y) {
    let [place_x, place_y] = [row_x, row_y];
    for (let x = 0; x < to.width; x++, at++, place_x += x_by_x, place_y += y_by_x) {
      const [column, row] = [pixel(place_x), pixel(place_y)];
      const is_inside = column >= 0 && column < from.width && row >= 0 && row < from.height;
      sources[at] = is_inside ? row * from.width + column : -1;
    }
  }
  return sources;
}

/** Calls `pixel` for each pixel of a result that comes from within the image, with its place there. */
function each_place(
  from: Size,
  to: Size,
  coefficients: Coefficients,
  pixel: (at: number, x: number, y: number) => void,
): void {
  const [xx, xy, x0, yx, yy, y0, zx = 0, zy = 0] = coefficients as [number, number, number, number, number, number];
  for (let row = 0, at = 0; row < to.height; row++) {
    const y = row + 0.5;
    for (let column = 0; column < to.width; column++, at++) {
      const x = column + 0.5;
      const depth = zx * x + zy * y + 1;
      const [from_x, from_y] = [(xx * x + xy * y + x0) / depth, (yx * x + yy * y + y0) / depth];
      if (from_x >= 0 && from_x < from.width && from_y >= 0 && from_y < from.height) pixel(at, from_x, from_y);
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

/** A number between numbers. */
type Mix = (values: Float64Array, fraction: number) => number;

const linear: Mix = (values, fraction) => values[0]! + (values[1]! - values[0]!) * fraction;

const cubic: Mix = (values, fraction) => {
  const [a, b, c, d] = values as unknown as [number, number, number, number];
  const third = -a + b - c + d;
  const second = 2 * (a - b) + c - d;
  return b + fraction * (-a + c + fraction * (second + fraction * third));
};

/** Of each channel a mix of 2 x 2 or 4 x 4 pixels around each place; beyond the edges stands the edge. */
function mix_pixels(from: Planes, to: Size, coefficients: Coefficients, is_cubic: boolean, bytes: Uint8Array): void {
  const { height, width } = from;
  const [count, mix] = is_cubic ? [4, cubic] : [2, linear];
  const first = is_cubic ? -1 : 0;
  const columns = new Int32Array(count);
  const [across, down] = [new Float64Array(count), new Float64Array(count)];
  const inside = (pixel: number, size: number): number => (pixel < 0 ? 0 : pixel < size ? pixel : size - 1);
  each_place(from, to, coefficients, (at, x, y) => {
    const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
    const [by_x, by_y] = [x - 0.5 - left, y - 0.5 - top];
    for (let i = 0; i < count; i++) columns[i] = inside(left + first + i, width);
    for (let channel = 0; channel < from.channels; channel++) {
      const plane = channel * height * width;
      for (let j = 0; j < count; j++) {
        const row = plane + inside(top + first + j, height) * width;
        for (let i = 0; i < count; i++) across[i] = from.bytes[row + columns[i]!]!;
        down[j] = mix(across, by_x);
      }
      const value = mix(down, by_y);
      bytes[channel * to.height * to.width + at] = value <= 0 ? 0 : value >= 255 ? 255 : value;
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
    if (!is_nearest) return mix_pixels(planes, to, coefficients, filter === 'bicubic', bytes);
    const sources = (coefficients.length === 6 ? affine_sources : projected_sources)(planes, to, coefficients);
    for (let channel = 0; channel < planes.channels; channel++) {
      const plane = channel * planes.height * planes.width;
      for (let i = 0; i < size; i++) {
        if (sources[i]! >= 0) bytes[channel * size + i] = planes.bytes[plane + sources[i]!]!;
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

/** The pixel that stands at a place before the first one or behind the last, or -1. */
const bordering: Readonly<Record<string, (place: number, size: number) => number>> = {
  constant: (place, size) => (place < size ? Math.max(place, -1) : -1),
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
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

/** As `ImageOps.expand` and, for other borders than those of one color, `numpy.pad`. @throws Error for another number of colors */
export function padded_as_pillow(img: Tensor, sides: readonly number[], fill: Fill, padding_mode: string): Tensor {
  const [left, top, right, bottom] = sides as [number, number, number, number];
  const planes = planes_of(img);
  const colors = colors_of(fill, planes.channels);
  // A negative border is cut off before there is another.
  const along = (size: number, before: number, after: number): number[] => {
    const [cut, kept] = [Math.max(-before, 0), size - Math.max(-before, 0) - Math.max(-after, 0)];
    if (size + before + after < 0 || (kept < 1 && padding_mode !== 'constant')) {
      throw new Error('Width and height must be >= 0');
    }
    return Array.from({ length: size + before + after }, (_, i) => {
      if (padding_mode === 'constant') return bordering['constant']!(i - before, size);
      return cut + bordering[padding_mode]!(i - Math.max(before, 0), kept);
    });
  };
  const columns = along(planes.width, left, right);
  const rows = along(planes.height, top, bottom);
  const to = { channels: planes.channels, height: rows.length, width: columns.length };
  return written(img, to, (bytes) => {
    let at = 0;
    for (let channel = 0; channel < planes.channels; channel++) {
      const plane = channel * planes.height * planes.width;
      for (const row of rows) {
        for (const column of columns) {
          const is_inside = row >= 0 && column >= 0;
          bytes[at++] = is_inside ? planes.bytes[plane + row * planes.width + column]! : colors[channel]!;
        }
      }
    }
  });
}
