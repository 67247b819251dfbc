/** The values of pixels of images of PIL, computed with as Pillow's `ImageEnhance`, `ImageOps` and `Image.convert` do. */
import { pow } from '../../../python/math.js';
import type { Tensor } from '../../../_tensor.js';
import { has_alpha, pillow_mode, planes_of, written, type Planes } from './pil_image.js';

/** For each value of a byte another, of a channel. */
type Table = (channel: number) => Uint8Array;

/** A table of 256 values, rounded down and within the range of bytes. */
const table_of = (value: (byte: number) => number): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => Math.min(Math.max(value(byte), 0), 255));

/** An image whose colors are looked up; its alpha stays. */
function looked_up(img: Tensor, table: Table, planes = planes_of(img)): Tensor {
  const size = planes.height * planes.width;
  const colors = has_alpha(planes) ? planes.channels - 1 : planes.channels;
  return written(img, planes, (bytes) => {
    const { bytes: from } = planes;
    for (let channel = 0; channel < colors; channel++) {
      const values = table(channel);
      for (let i = channel * size, end = i + size; i < end; i++) bytes[i] = values[from[i]!]!;
    }
    bytes.set(from.subarray(colors * size), colors * size);
  });
}

/** `from + factor * (to - from)` in single precision, within the range of bytes. */
function mixed(from: number, to: number, factor: number): number {
  const value = Math.fround(from + Math.fround(factor * (to - from)));
  return value <= 0 ? 0 : value >= 255 ? 255 : value;
}

/** The shades of gray of an image. */
function grays_of({ bytes, channels, height, width }: Planes): Uint8Array {
  const size = height * width;
  if (channels < 3) return bytes.subarray(0, size);
  const grays = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    grays[i] = (bytes[i]! * 19595 + bytes[size + i]! * 38470 + bytes[2 * size + i]! * 7471 + 0x8000) >> 16;
  }
  return grays;
}

/** As `ImageEnhance.Brightness`. */
export function brightness_as_pillow(img: Tensor, factor: number): Tensor {
  const share = Math.fround(factor);
  const table = table_of((byte) => mixed(0, byte, share));
  return looked_up(img, () => table);
}

/** As `ImageEnhance.Contrast`. */
export function contrast_as_pillow(img: Tensor, factor: number): Tensor {
  const share = Math.fround(factor);
  const planes = planes_of(img);
  let sum = 0;
  const grays = grays_of(planes);
  for (let i = 0; i < grays.length; i++) sum += grays[i]!;
  const mean = Math.floor(sum / (planes.height * planes.width) + 0.5);
  const table = table_of((byte) => mixed(mean, byte, share));
  return looked_up(img, () => table, planes);
}

/** As `ImageEnhance.Color`. */
export function saturation_as_pillow(img: Tensor, factor: number): Tensor {
  const share = Math.fround(factor);
  const planes = planes_of(img);
  if (planes.channels < 3) return written(img, planes, (bytes) => bytes.set(planes.bytes));
  const { bytes: from, height, width } = planes;
  const size = height * width;
  const grays = grays_of(planes);
  return written(img, planes, (bytes) => {
    for (let start = 0; start < 3 * size; start += size) {
      for (let i = 0; i < size; i++) bytes[start + i] = mixed(grays[i]!, from[start + i]!, share);
    }
    bytes.set(from.subarray(3 * size), 3 * size);
  });
}

/** What a sum of weights of 13 is divided by 13, and rounded. */
const thirteenths = Uint8Array.from({ length: 13 * 255 + 1 }, (_, sum) => (2 * sum + 13) / 26);

/** A plane, but for its border the rounded mean of 3 x 3 pixels, of which the one in the middle counts five times. */
function smoothed(plane: Uint8Array, height: number, width: number): Uint8Array {
  const made = plane.slice();
  const columns = new Int32Array(width);
  for (let y = 1; y < height - 1; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) {
      const at = start + x;
      columns[x] = plane[at - width]! + plane[at]! + plane[at + width]!;
    }
    for (let x = 1; x < width - 1; x++) {
      const at = start + x;
      made[at] = thirteenths[columns[x - 1]! + columns[x]! + columns[x + 1]! + 4 * plane[at]!]!;
    }
  }
  return made;
}

/** As `ImageEnhance.Sharpness`. */
export function sharpness_as_pillow(img: Tensor, factor: number): Tensor {
  const share = Math.fround(factor);
  const planes = planes_of(img);
  const { bytes: from, height, width } = planes;
  const size = height * width;
  const colors = has_alpha(planes) ? planes.channels - 1 : planes.channels;
  return written(img, planes, (bytes) => {
    for (let channel = 0; channel < colors; channel++) {
      const start = channel * size;
      const smooth = smoothed(from.subarray(start, start + size), height, width);
      for (let i = 0; i < size; i++) bytes[start + i] = mixed(smooth[i]!, from[start + i]!, share);
    }
    bytes.set(from.subarray(colors * size), colors * size);
  });
}

/** Hue, saturation and value of a color, each a byte, in one number. */
function hsv_of(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range === 0) return most;
  const distance = (channel: number): number => Math.fround((most - channel) / range);
  let sextant: number;
  if (red === most) sextant = distance(blue) - distance(green);
  else if (green === most) sextant = 2 + distance(red) - distance(blue);
  else sextant = 4 + distance(green) - distance(red);
  const hue = Math.fround((Math.fround(sextant) / 6 + 1) % 1);
  const saturation = Math.fround(range / most);
  return (Math.trunc(hue * 255) << 16) | (Math.trunc(saturation * 255) << 8) | most;
}

/** Each sextant of the circle of colors: which of the value, the falling, the low and the rising shade are red, green and blue. */
const sextants = [
  [0, 3, 2],
  [1, 0, 2],
  [2, 0, 3],
  [2, 1, 0],
  [3, 2, 0],
  [0, 2, 1],
] as const;

/** As Pillow's images in HSV, whose hue is one byte. */
export function hue_as_pillow(img: Tensor, factor: number): Tensor {
  const planes = planes_of(img);
  if (planes.channels === 1) return img;
  const { bytes: from } = planes;
  const size = planes.height * planes.width;
  const turn = Math.trunc(factor * 255);
  const shades = [0, 0, 0, 0];
  return written(img, planes, (bytes) => {
    // Alpha does not come back.
    if (has_alpha(planes)) bytes.fill(255, (planes.channels - 1) * size);
    if (planes.channels === 2) bytes.set(from.subarray(0, size));
    for (let i = 0; planes.channels > 2 && i < size; i++) {
      const hsv = hsv_of(from[i]!, from[size + i]!, from[2 * size + i]!);
      const value = hsv & 255;
      const saturation = Math.fround(((hsv >> 8) & 255) / 255);
      const place = ((((hsv >> 16) + turn) & 255) * 6) / 255;
      const sextant = Math.floor(place);
      const fraction = Math.fround(place - sextant);
      shades[0] = value;
      shades[1] = Math.round(value * (1 - Math.fround(saturation * fraction)));
      shades[2] = Math.round(value * (1 - saturation));
      shades[3] = Math.round(value * (1 - saturation * (1 - fraction)));
      const parts = sextants[sextant % 6]!;
      bytes[i] = shades[parts[0]]!;
      bytes[size + i] = shades[parts[1]]!;
      bytes[2 * size + i] = shades[parts[2]]!;
    }
  });
}

/** As torchvision's table for Pillow's `Image.point`. @throws Error for a negative gamma */
export function gamma_as_pillow(img: Tensor, gamma: number, gain: number): Tensor {
  if (gamma < 0) throw new Error('Gamma should be a non-negative real number');
  const table = table_of((byte) => Math.trunc((255 + 1 - 1e-3) * gain * pow(byte / 255, gamma)));
  const planes = planes_of(img);
  const made = looked_up(img, () => table, planes);
  // Alpha does not come back.
  if (has_alpha(planes)) made.select(0, planes.channels - 1).fill_(255);
  return made;
}

/** One shade of gray for each pixel, in one channel or in three. */
export function grayscale_as_pillow(img: Tensor, channels: 1 | 3): Tensor {
  const planes = planes_of(img);
  const grays = grays_of(planes);
  return written(img, { ...planes, channels }, (bytes) => {
    for (let channel = 0; channel < channels; channel++) bytes.set(grays, channel * grays.length);
  });
}

/** As `Image.convert('RGB')`. */
export function rgb_as_pillow(img: Tensor): Tensor {
  const planes = planes_of(img);
  if (planes.channels < 3) return grayscale_as_pillow(img, 3);
  const size = planes.height * planes.width;
  return written(img, { ...planes, channels: 3 }, (bytes) => bytes.set(planes.bytes.subarray(0, 3 * size)));
}

/** @throws Error for an image with alpha, as `ImageOps` */
function planes_without_alpha(img: Tensor): Planes {
  const planes = planes_of(img);
  if (has_alpha(planes)) throw new Error(`not supported for mode ${pillow_mode(planes)}`);
  return planes;
}

const negative = table_of((byte) => 255 - byte);

/** As `ImageOps.invert`. @throws Error for an image with alpha */
export function inverted_as_pillow(img: Tensor): Tensor {
  return looked_up(img, () => negative, planes_without_alpha(img));
}

/** As `ImageOps.posterize`. @throws Error for an image with alpha, and for no bits */
export function posterized_as_pillow(img: Tensor, bits: number): Tensor {
  if (bits < 1 || bits > 8) throw new Error('bits must be between or equal to 1 and 8');
  const table = table_of((byte) => byte & (256 - 2 ** (8 - bits)));
  return looked_up(img, () => table, planes_without_alpha(img));
}

/** As `ImageOps.solarize`. @throws Error for an image with alpha */
export function solarized_as_pillow(img: Tensor, threshold: number): Tensor {
  const table = table_of((byte) => (byte < threshold ? byte : 255 - byte));
  return looked_up(img, () => table, planes_without_alpha(img));
}

/** How often each value is in a channel. */
function histogram({ bytes, height, width }: Planes, channel: number): Uint32Array {
  const counts = new Uint32Array(256);
  const size = height * width;
  for (let i = channel * size; i < (channel + 1) * size; i++) counts[bytes[i]!]!++;
  return counts;
}

const same = table_of((byte) => byte);

/** As `ImageOps.autocontrast`. @throws Error for an image with alpha */
export function autocontrast_as_pillow(img: Tensor): Tensor {
  const planes = planes_without_alpha(img);
  const table: Table = (channel) => {
    const counts = histogram(planes, channel);
    const lowest = counts.findIndex((count) => count > 0);
    const highest = counts.findLastIndex((count) => count > 0);
    if (highest <= lowest) return same;
    const scale = 255 / (highest - lowest);
    const offset = -lowest * scale;
    return table_of((byte) => Math.trunc(byte * scale + offset));
  };
  return looked_up(img, table, planes);
}

/** As `ImageOps.equalize`. @throws Error for an image with alpha */
export function equalized_as_pillow(img: Tensor): Tensor {
  const planes = planes_without_alpha(img);
  const table: Table = (channel) => {
    const counts = histogram(planes, channel);
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((planes.height * planes.width - last) / 255);
    if (step === 0) return same;
    let below = Math.floor(step / 2);
    return table_of((byte) => {
      const rank = Math.floor(below / step);
      below += counts[byte]!;
      return rank;
    });
  };
  return looked_up(img, table, planes);
}
