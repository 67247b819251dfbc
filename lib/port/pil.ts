/**
 * `PIL.Image`: files of 8 bits a channel, their size, mode, conversion and resizing with Pillow's own arithmetic. An image is what the
 * transforms of `torch-node/vision` take for one, a tensor of uint8 and shape `(C, H, W)`.
 */
import { readFileSync } from 'node:fs';

import { frombuffer } from '../creation.js';
import { cat, full_like } from '../generated/functions.js';
import { NDArray } from '../numpy/ndarray.js';
import { Tuple } from '../python/values.js';
import { Tensor } from '../_tensor.js';
import { uint8 } from '../types/dtype.js';
import { decode_image } from '../vision/io/decode.js';
import { write_png } from '../vision/io/encode.js';
import { grayscale_as_pillow, rgb_as_pillow } from '../vision/transforms/functional/pil_colors.js';
import { as_pil_image, has_alpha, pillow_mode, resized_as_pillow } from '../vision/transforms/functional/pil_image.js';
import { FileNotFoundError, NotImplementedError, ValueError } from './exceptions.js';
import type { Any } from './values.js';

const NEAREST = 0;

/** The filters of `resize` by their numbers. */
const FILTERS: Readonly<Record<number, string>> = {
  [NEAREST]: 'nearest',
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
  4: 'box',
  5: 'hamming',
};

/** @throws NotImplementedError for what is not such an image */
function checked(image: Tensor): Tensor {
  if (!(image instanceof Tensor) || image.dtype !== uint8 || image.dim() !== 3 || image.size(0) > 4)
    throw new NotImplementedError('images other than those of 8 bits a channel, of one to four channels, are not here');
  return image;
}

const mode_of = (image: Tensor): string => pillow_mode({ channels: image.size(0) });

/** `PIL.Image`, the module. */
export const Image = {
  NEAREST,
  LANCZOS: 1,
  BILINEAR: 2,
  BICUBIC: 3,
  BOX: 4,
  HAMMING: 5,
  Resampling: { NEAREST, LANCZOS: 1, BILINEAR: 2, BICUBIC: 3, BOX: 4, HAMMING: 5 },

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
    return as_pil_image(decode_image(frombuffer(bytes, { dtype: uint8 })));
  },

  fromarray: (array: NDArray): Tensor => {
    if (!(array instanceof NDArray) || array.dtype !== 'uint8' || array.ndim < 2 || array.ndim > 3)
      throw new NotImplementedError(
        'Image.fromarray of other arrays than those of uint8 with 2 or 3 dimensions is not here',
      );
    const [height, width, channels = 1] = array.shape as [number, number, number?];
    const pixels = frombuffer(Uint8Array.from(array.ravel().data as Uint8Array), { dtype: uint8 });
    return as_pil_image(pixels.view(height, width, channels).permute(2, 0, 1).contiguous());
  },
};

/** Methods and attributes of images. */
export const pil = {
  size: (image: Tensor): Any => Tuple.of(checked(image).size(2), image.size(1)),
  width: (image: Tensor): number => checked(image).size(2),
  height: (image: Tensor): number => checked(image).size(1),
  mode: (image: Tensor): string => mode_of(checked(image)),

  /** `np.array(image)`: of shape `(H, W, C)`, and `(H, W)` for one channel. */
  array: (image: Tensor): NDArray => {
    const pixels = checked(image).size(0) === 1 ? image.select(0, 0) : image.permute(1, 2, 0);
    return pixels.contiguous().clone().numpy();
  },

  convert: (image: Tensor, mode: string): Tensor => {
    if (mode_of(checked(image)) === mode) return as_pil_image(image.clone());
    if (mode === 'L') return grayscale_as_pillow(image, 1);
    if (mode !== 'RGB' && mode !== 'RGBA') throw new NotImplementedError(`Image.convert() to '${mode}' is not here`);
    const colors = rgb_as_pillow(image);
    if (mode === 'RGB') return colors;
    const channels = image.size(0);
    const alpha = has_alpha({ channels }) ? image.narrow(0, channels - 1, 1) : full_like(image.narrow(0, 0, 1), 255);
    return as_pil_image(cat([colors, alpha]));
  },

  resize: (image: Tensor, size: readonly number[], resample: number | null = 3): Tensor => {
    const [width, height] = [size[0]!, size[1]!];
    if (!(width > 0 && height > 0)) throw new ValueError('height and width must be > 0');
    const filter = FILTERS[resample ?? 3];
    if (filter === undefined) throw new ValueError(`Unknown resampling filter (${resample}).`);
    return resized_as_pillow(checked(image), [height, width], filter);
  },

  crop: (image: Tensor, box: readonly number[]): Tensor => {
    const [height, width] = [checked(image).size(1), image.size(2)];
    const [left, top, right, bottom] = box as [number, number, number, number];
    if (left < 0 || top < 0 || right > width || bottom > height || right < left || bottom < top)
      throw new NotImplementedError('Image.crop() beyond the image is not here');
    return as_pil_image(
      image
        .narrow(1, top, bottom - top)
        .narrow(2, left, right - left)
        .clone(),
    );
  },

  copy: (image: Tensor): Tensor => as_pil_image(image.clone()),

  save: (image: Tensor, path: Any): void => {
    const channels = checked(image).size(0);
    const name = String(path);
    if (!name.toLowerCase().endsWith('.png') || has_alpha({ channels }))
      throw new NotImplementedError(`${name}: images are saved as PNG without alpha alone`);
    write_png(image, name);
  },
};
