/**
 * `PIL.Image`: files of 8 bits a channel, their size, mode, conversion and resizing with Pillow's own arithmetic. An image is what the
 * transforms of `torch-node/vision` take for one, a tensor of uint8 and shape `(C, H, W)`.
 */
import { readFileSync } from 'node:fs';

import { frombuffer } from '../creation.js';
import { NDArray } from '../numpy/ndarray.js';
import { Tuple } from '../python/values.js';
import { Tensor } from '../_tensor.js';
import { uint8 } from '../types/dtype.js';
import { decode_image } from '../vision/io/decode.js';
import { write_png } from '../vision/io/encode.js';
import { FileNotFoundError, NotImplementedError, ValueError } from './exceptions.js';
import type { Any } from './values.js';

const MODES = ['', 'L', 'LA', 'RGB', 'RGBA'] as const;

/** Filters of `resize`: from how far away they take pixels, and with which weights. */
const FILTERS: Readonly<Record<number, { readonly support: number; weight(x: number): number }>> = {
  1: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
  2: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  3: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  4: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
};
const NEAREST = 0;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

function cubic(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function bytes_of(image: Tensor): { bytes: Uint8Array; channels: number; height: number; width: number } {
  if (!(image instanceof Tensor) || image.dtype !== uint8 || image.dim() !== 3 || image.size(0) > 4)
    throw new NotImplementedError('images other than those of 8 bits a channel, of one to four channels, are not here');
  const [channels, height, width] = [image.size(0), image.size(1), image.size(2)];
  return { bytes: image.contiguous().numpy().data as Uint8Array, channels, height, width };
}

function image_of(bytes: Uint8Array, channels: number, height: number, width: number): Tensor {
  return frombuffer(bytes, { dtype: uint8 }).view(channels, height, width);
}

/** For each place of a line: where its pixels begin, and their weights in units of 2**-22. */
function weights_of(from: number, to: number, resample: number): { first: number; weights: number[] }[] {
  const filter = FILTERS[resample]!;
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  return Array.from({ length: to }, (_, place) => {
    const center = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const inverse = 1 / stretch;
    const found = Array.from({ length: end - first }, (_, i) => filter.weight((i + first - center + 0.5) * inverse));
    const sum = found.reduce((total, one) => total + one, 0);
    const parts = sum === 0 ? found : found.map((one) => one / sum);
    return { first, weights: parts.map((one) => Math.trunc((one < 0 ? -0.5 : 0.5) + one * 2 ** 22)) };
  });
}

/** The pixels that are nearest to those of a line: sums of steps, with the rounding that these have. */
function nearest(from: number, to: number): number[] {
  const step = from / to;
  let at = step * 0.5;
  return Array.from({ length: to }, () => {
    const place = Math.trunc(at);
    at += step;
    return place;
  });
}

/** Resizes lines of bytes: `count` of them, each `from` long with a stride between its pixels. */
function resize_lines(
  bytes: Uint8Array,
  lines: { count: number; from: number; to: number; place(line: number, at: number, length: number): number },
  resample: number,
): Uint8Array {
  const { count, from, to, place } = lines;
  const made = new Uint8Array(count * to);
  for (const [at, { first, weights }] of weights_of(from, to, resample).entries()) {
    for (let line = 0; line < count; line++) {
      let sum = 2 ** 21;
      for (let i = 0; i < weights.length; i++) sum += bytes[place(line, first + i, from)]! * weights[i]!;
      made[place(line, at, to)] = Math.min(255, Math.max(0, Math.floor(sum / 2 ** 22)));
    }
  }
  return made;
}

/** `PIL.Image`, the module. */
export const Image = {
  NEAREST,
  LANCZOS: 1,
  BILINEAR: 2,
  BICUBIC: 3,
  BOX: 4,
  Resampling: { NEAREST, LANCZOS: 1, BILINEAR: 2, BICUBIC: 3, BOX: 4 },

  /** A file, or what `open(path, 'rb')` gave. */
  open: (file: Any): Tensor => {
    const path = String(typeof file === 'object' && file !== null && 'name' in file ? file.name : file);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(path);
    } catch {
      throw new FileNotFoundError(`[Errno 2] No such file or directory: '${path}'`);
    }
    // Of a PNG file, the bits a channel and whether there is a palette; the other formats that PIL reads so are JPEG's.
    const png = bytes[0] === 0x89 && bytes[1] === 0x50;
    if (png ? bytes[24] !== 8 || bytes[25] === 3 : bytes[0] !== 0xff || bytes[1] !== 0xd8)
      throw new NotImplementedError(
        `${path}: images other than JPEG, and PNG of 8 bits without a palette, are not here`,
      );
    return decode_image(frombuffer(bytes, { dtype: uint8 }));
  },

  fromarray: (array: NDArray): Tensor => {
    if (!(array instanceof NDArray) || array.dtype !== 'uint8' || array.ndim < 2 || array.ndim > 3)
      throw new NotImplementedError(
        'Image.fromarray of other arrays than those of uint8 with 2 or 3 dimensions is not here',
      );
    const [height, width, channels = 1] = array.shape as [number, number, number?];
    const pixels = frombuffer(Uint8Array.from(array.ravel().data as Uint8Array), { dtype: uint8 });
    return pixels.view(height, width, channels).permute(2, 0, 1).contiguous();
  },
};

/** Methods and attributes of images. */
export const pil = {
  size: (image: Tensor): Any => Tuple.of(bytes_of(image).width, bytes_of(image).height),
  width: (image: Tensor): number => bytes_of(image).width,
  height: (image: Tensor): number => bytes_of(image).height,
  mode: (image: Tensor): string => MODES[bytes_of(image).channels]!,

  /** `np.array(image)`: of shape `(H, W, C)`, and `(H, W)` for one channel. */
  array: (image: Tensor): NDArray => {
    const { channels } = bytes_of(image);
    return (channels === 1 ? image.select(0, 0) : image.permute(1, 2, 0)).contiguous().clone().numpy();
  },

  convert: (image: Tensor, mode: string): Tensor => {
    const { bytes, channels, height, width } = bytes_of(image);
    const from = MODES[channels]!;
    if (from === mode) return image.clone();
    const plane = height * width;
    const gray = (): Uint8Array =>
      channels < 3
        ? bytes.slice(0, plane)
        : Uint8Array.from({ length: plane }, (_, i) => {
            const [r, g, b] = [bytes[i]!, bytes[plane + i]!, bytes[2 * plane + i]!];
            return (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
          });
    if (mode === 'L') return image_of(gray(), 1, height, width);
    if (mode !== 'RGB' && mode !== 'RGBA') throw new NotImplementedError(`Image.convert() to '${mode}' is not here`);
    const made = new Uint8Array(plane * mode.length).fill(255);
    for (let channel = 0; channel < 3; channel++)
      made.set(
        channels < 3 ? bytes.subarray(0, plane) : bytes.subarray(channel * plane, (channel + 1) * plane),
        channel * plane,
      );
    if (mode === 'RGBA' && channels % 2 === 0) made.set(bytes.subarray((channels - 1) * plane), 3 * plane);
    return image_of(made, mode.length, height, width);
  },

  resize: (image: Tensor, size: readonly number[], resample: number | null = 3): Tensor => {
    const { bytes, channels, height, width } = bytes_of(image);
    const [to_width, to_height] = [size[0]!, size[1]!];
    if (!(to_width > 0 && to_height > 0)) throw new ValueError('height and width must be > 0');
    const kind = resample ?? 3;
    if (kind === NEAREST) {
      const made = new Uint8Array(channels * to_height * to_width);
      let at = 0;
      for (let channel = 0; channel < channels; channel++)
        for (const row of nearest(height, to_height))
          for (const column of nearest(width, to_width)) made[at++] = bytes[(channel * height + row) * width + column]!;
      return image_of(made, channels, to_height, to_width);
    }
    if (FILTERS[kind] === undefined) throw new ValueError(`Unknown resampling filter (${kind}).`);
    if (channels % 2 === 0) throw new NotImplementedError('Image.resize() of an image with alpha is not here');
    let made = bytes;
    if (to_width !== width) {
      const place = (line: number, at: number, length: number): number => line * length + at;
      made = resize_lines(made, { count: channels * height, from: width, to: to_width, place }, kind);
    }
    if (to_height !== height) {
      const place = (line: number, at: number, length: number): number =>
        (Math.floor(line / to_width) * length + at) * to_width + (line % to_width);
      made = resize_lines(made, { count: channels * to_width, from: height, to: to_height, place }, kind);
    }
    return image_of(made === bytes ? Uint8Array.from(bytes) : made, channels, to_height, to_width);
  },

  crop: (image: Tensor, box: readonly number[]): Tensor => {
    const { height, width } = bytes_of(image);
    const [left, top, right, bottom] = box as [number, number, number, number];
    if (left < 0 || top < 0 || right > width || bottom > height || right < left || bottom < top)
      throw new NotImplementedError('Image.crop() beyond the image is not here');
    return image
      .narrow(1, top, bottom - top)
      .narrow(2, left, right - left)
      .clone();
  },

  copy: (image: Tensor): Tensor => image.clone(),

  save: (image: Tensor, path: Any): void => {
    const { channels } = bytes_of(image);
    const name = String(path);
    if (!name.toLowerCase().endsWith('.png') || channels % 2 === 0)
      throw new NotImplementedError(`${name}: images are saved as PNG without alpha alone`);
    write_png(image, name);
  },
};
