/** Images: tensors in any order of dimensions as rows of pixels, grids of them, boxes, and PNG files. */
import { encode_png } from '../../_internal/io/png.js';
import { optional_package } from '../../_internal/optional_package.js';
import { python_str } from '../../python/print.js';
import { Tuple } from '../../python/values.js';
import type { NDArray } from '../../numpy/ndarray.js';
import { flat } from './arrays.js';
import { bytes, int, message } from './protobuf.js';

/** Rows of pixels with interleaved channels. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Floats in the order of their dimensions. */
interface Floats {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

const as_floats = (array: NDArray): Floats => ({ data: flat(array), shape: array.shape });

/** `str(shape)`. */
const shape_text = (shape: readonly number[]): string => python_str(Tuple.from(shape));

/**
 * Images side by side, up to 8 in a row; one channel becomes three.
 * @returns height, width and channels, in this order
 */
export function grid({ data, shape }: Floats, columns = 8): Floats {
  if (shape.length !== 4 || (shape[1] !== 1 && shape[1] !== 3))
    throw new Error('Input should be a 4D numpy array with 3 channels');
  const [count, channels, height, width] = shape as [number, number, number, number];
  const across = Math.min(count, columns);
  const down = Math.ceil(count / across);
  const stride = width * across * 3;
  const result = new Float64Array(height * down * stride);
  for (let image = 0; image < count; image++) {
    const corner = Math.floor(image / across) * height * stride + (image % across) * width * 3;
    for (let c = 0; c < 3; c++) {
      const from = (image * channels + (channels === 1 ? 0 : c)) * height * width;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) result[corner + y * stride + x * 3 + c] = data[from + y * width + x]!;
      }
    }
  }
  return { data: result, shape: [height * down, width * across, 3] };
}

/** The last dimension three times; grey becomes colour. */
function tripled({ data, shape }: Floats): Floats {
  const result = new Float64Array(data.length * 3);
  for (let i = 0; i < data.length; i++) result.fill(data[i]!, 3 * i, 3 * i + 3);
  return { data: result, shape: [...shape.slice(0, 2), 3] };
}

/** An image of any order of dimensions, such as `CHW`, `NHWC` or `HW`, as height, width and channels. @throws Error */
function to_hwc(array: NDArray, dataformats: string): Floats {
  if (new Set(dataformats).size !== dataformats.length) {
    throw new Error(`You can not use the same dimension shorthand twice.             input_format: ${dataformats}`);
  }
  if (array.shape.length !== dataformats.length) {
    throw new Error(
      'size of input tensor and input format are different. ' +
        `        tensor shape: ${shape_text(array.shape)}, input_format: ${dataformats}`,
    );
  }
  const format = dataformats.toUpperCase();
  const wanted = { 4: 'NCHW', 3: 'HWC', 2: 'HW' }[format.length];
  if (wanted === undefined) throw new Error(`dataformats must have 2 to 4 letters, not '${dataformats}'`);
  const ordered = as_floats(array.transpose(...Array.from(wanted, (letter) => format.indexOf(letter))));
  if (format.length === 4) return grid(ordered);
  return format.length === 2 || ordered.shape[2] === 1 ? tripled(ordered) : ordered;
}

/** Values as bytes: those of uint8 as they are, others from 0 to 1, in float32 as numpy calculates. */
export const to_byte = (value: number, scale: number): number =>
  Math.min(255, Math.max(0, Math.trunc(Math.fround(Math.fround(value) * scale)))) || 0;

/** The pixels of an image. @throws Error for dimensions that do not fit */
export function pixels_of(array: NDArray, dataformats: string): Pixels {
  const scale = array.dtype === 'uint8' ? 1 : 255;
  const { data, shape } = to_hwc(array, dataformats);
  const [height, width, channels] = shape as [number, number, number];
  return { data: Uint8Array.from(data, (value) => to_byte(value, scale)), height, width, channels };
}

/** `Summary.Image` of pixels; the PNG may be of another size. */
export const image_proto = ({ height, width, channels }: Pixels, file: Uint8Array): Uint8Array =>
  message(int(1, height), int(2, width), int(3, channels), bytes(4, file, false));

/** `Summary.Image` of pixels. */
export const png_proto = (pixels: Pixels): Uint8Array =>
  image_proto(pixels, encode_png(pixels.data, pixels.width, pixels.height, pixels.channels));

/** What is used of the package `@napi-rs/canvas`. */
export interface CanvasPackage {
  createCanvas(width: number, height: number): Canvas;
  GifEncoder: new (
    width: number,
    height: number,
    config?: { repeat?: number; quality?: number },
  ) => {
    addFrame(data: Uint8Array, width: number, height: number, config?: { delay?: number }): void;
    finish(): Uint8Array;
  };
}
interface Canvas {
  getContext(kind: '2d'): {
    fillStyle: string;
    font: string;
    imageSmoothingQuality: string;
    createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
    putImageData(image: object, x: number, y: number): void;
    drawImage(image: object, x: number, y: number, width: number, height: number): void;
    fillRect(x: number, y: number, width: number, height: number): void;
    fillText(text: string, x: number, y: number): void;
    measureText(text: string): { width: number; actualBoundingBoxAscent: number; actualBoundingBoxDescent: number };
  };
  toBuffer(type: 'image/png'): Uint8Array;
}

/** Pixels with an alpha channel. */
export function rgba_of({ data, height, width, channels }: Pixels): Uint8Array {
  const result = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < Math.min(channels, 4); c++) result[4 * i + c] = data[channels * i + c]!;
  }
  return result;
}

/** Draws the outline of a box in red, two pixels wide. */
function outline({ data, height, width, channels }: Pixels, box: readonly number[]): void {
  const [left, top, right, bottom] = box.map(Math.trunc) as [number, number, number, number];
  const red = (x: number, y: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const at = (y * width + x) * channels;
    data[at] = 255;
    for (let c = 1; c < 3; c++) data[at + c] = 0;
    if (channels === 4) data[at + 3] = 255;
  };
  // As Pillow draws the lines: the second pixel is on the left of the way down, along, up and back.
  const [down, along] = [bottom >= top ? 1 : -1, right >= left ? 1 : -1];
  for (const second of [0, 1]) {
    for (let x = Math.min(left, right); x <= Math.max(left, right); x++) {
      red(x, top - second * along);
      red(x, bottom + second * along);
    }
    for (let y = Math.min(top, bottom); y <= Math.max(top, bottom); y++) {
      red(left + second * down, y);
      red(right - second * down, y);
    }
  }
}

/** `Summary.Image` of pixels with boxes; labels and another size are drawn by `@napi-rs/canvas`. */
export function boxes_proto(
  pixels: Pixels,
  boxes: readonly (readonly number[])[],
  labels: readonly string[] | null,
  rescale: number,
): Uint8Array {
  for (const box of boxes) outline(pixels, box);
  if (labels === null && rescale === 1) return png_proto(pixels);
  const { createCanvas } = optional_package<CanvasPackage>(
    '@napi-rs/canvas',
    'add_image_with_boxes() with labels or rescale',
  );
  const { height, width } = pixels;
  const plain = createCanvas(width, height);
  const context = plain.getContext('2d');
  const image = context.createImageData(width, height);
  image.data.set(rgba_of(pixels));
  context.putImageData(image, 0, 0);
  context.font = '10px sans-serif';
  labels?.forEach((label, i) => {
    const [left, , , bottom] = boxes[i] as [number, number, number, number];
    const size = context.measureText(label);
    const text_height = size.actualBoundingBoxAscent + size.actualBoundingBoxDescent;
    const margin = Math.ceil(0.05 * text_height);
    context.fillStyle = 'red';
    context.fillRect(left, bottom - text_height - 2 * margin, size.width, text_height + 2 * margin);
    context.fillStyle = 'black';
    context.fillText(label, left + margin, bottom - margin - size.actualBoundingBoxDescent);
  });
  const scaled = createCanvas(Math.trunc(width * rescale), Math.trunc(height * rescale));
  const onto = scaled.getContext('2d');
  onto.imageSmoothingQuality = 'high';
  onto.drawImage(plain, 0, 0, Math.trunc(width * rescale), Math.trunc(height * rescale));
  return image_proto(pixels, scaled.toBuffer('image/png'));
}
