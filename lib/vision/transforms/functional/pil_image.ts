/**
 * Images of PIL, which are tensors of bytes here. Those that datasets read, that `to_pil_image` makes and that functions make of such are
 * known: they are computed with by Pillow's arithmetic, while other tensors are computed with as torchvision computes with tensors.
 */
import { native } from '../../../_C/native.js';
import { wrap } from '../../../_C/tensor_base.js';
import { zeros } from '../../../generated/functions.js';
import type { Tensor } from '../../../_tensor.js';
import { pil_kind_of, set_pil_kind, type PilKind } from '../../../_internal/pil_kind.js';
import { uint8 } from '../../../types/dtype.js';

/** Makes a tensor of bytes one that stands for an image of PIL; others stay as they are. */
export function as_pil_image<T extends Tensor>(image: T, kind: PilKind = 'pixels'): T {
  if (image.dtype === uint8) set_pil_kind(image, kind);
  return image;
}

/** Whether a tensor stands for an image of PIL. */
export const is_pil_image = (image: Tensor): boolean => pil_kind_of(image) !== undefined;

/** What a function made of an image, which stands for an image of PIL when that did. */
export function of_same_kind(image: Tensor, made: Tensor): Tensor {
  const kind = pil_kind_of(image);
  return kind === undefined ? made : as_pil_image(made, kind);
}

/** An image as a tensor that does not stand for one of PIL: a copy, as in Python, where it did. */
export const without_pil = (image: Tensor): Tensor => (is_pil_image(image) ? image.clone() : image);

/** How Pillow samples an image by a filter: numbers of colors cannot be mixed. */
export const filter_of = (image: Tensor, filter: string): string =>
  filter === 'nearest-exact' || pil_kind_of(image) === 'palette' ? 'nearest' : filter;

/** Whether Pillow's arithmetic is there for an image: not on other devices, and not for what has become a batch in place. */
export const is_computed_as_pillow = (image: Tensor): boolean =>
  is_pil_image(image) &&
  image.device.type === 'cpu' &&
  (image.dim() === 2 || (image.dim() === 3 && image.size(0) >= 1 && image.size(0) <= 4)) &&
  image.numel() > 0;

/** The bytes of an image: those of its channels one after the other, the last of an even number being alpha. */
export interface Planes {
  readonly bytes: Uint8Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

const names = ['', 'L', 'LA', 'RGB', 'RGBA'] as const;

/** What Pillow calls an image of so many channels. */
export const pillow_mode = ({ channels }: Pick<Planes, 'channels'>): string => names[channels]!;

/** Whether the last channel is alpha. */
export const has_alpha = ({ channels }: Pick<Planes, 'channels'>): boolean => channels % 2 === 0;

/** The bytes of an image, which are those of the tensor. */
export function planes_of(image: Tensor): Planes {
  const [height, width] = [image.size(-2), image.size(-1)];
  const bytes = image.contiguous().numpy().data as Uint8Array;
  return { bytes, channels: image.dim() === 2 ? 1 : image.size(0), height, width };
}

/** An image of what `write` puts where all bytes are 0, with no dimension of channels where `like` has none and one is enough. */
export function written(
  like: Tensor,
  { channels, height, width }: Omit<Planes, 'bytes'>,
  write: (bytes: Uint8Array) => void,
): Tensor {
  const shape = like.dim() === 2 && channels === 1 ? [height, width] : [channels, height, width];
  const made = zeros(shape, { dtype: uint8 });
  write(made.numpy().data as Uint8Array);
  return as_pil_image(made, pil_kind_of(like));
}

/** The colors of an image with alpha multiplied with it, and rounded. */
export function premultiplied(image: Tensor): Tensor {
  const planes = planes_of(image);
  const size = planes.height * planes.width;
  const alpha = (planes.channels - 1) * size;
  return written(image, planes, (bytes) => {
    bytes.set(planes.bytes.subarray(alpha), alpha);
    for (let i = 0; i < alpha; i++) {
      const product = planes.bytes[i]! * planes.bytes[alpha + (i % size)]! + 128;
      bytes[i] = ((product >> 8) + product) >> 8;
    }
  });
}

/** The colors of an image divided by its alpha, which {@link premultiplied} multiplied them with. */
export function unpremultiplied(image: Tensor): Tensor {
  const planes = planes_of(image);
  const size = planes.height * planes.width;
  const alpha = (planes.channels - 1) * size;
  return written(image, planes, (bytes) => {
    bytes.set(planes.bytes);
    for (let i = 0; i < alpha; i++) {
      const share = planes.bytes[alpha + (i % size)]!;
      if (share > 0 && share < 255) bytes[i] = Math.min(Math.floor((255 * planes.bytes[i]!) / share), 255);
    }
  });
}

/** An image of bytes `(C, H, W)` or `(H, W)` in another size, with the bytes of `PIL.Image.resize`. @throws Error for an unknown filter */
export function resized_as_pillow(image: Tensor, [height, width]: readonly [number, number], filter: string): Tensor {
  const planes = image.dim() === 2 ? image.unsqueeze(0) : image;
  const name = filter_of(image, filter);
  const changes = height !== planes.size(1) || width !== planes.size(2);
  const mixes_alpha = changes && name !== 'nearest' && has_alpha({ channels: planes.size(0) });
  const from = mixes_alpha ? premultiplied(planes) : planes;
  const made = as_pil_image(wrap(native.resize_as_pillow(from._h, height, width, name)));
  if (mixes_alpha) return unpremultiplied(made);
  return of_same_kind(image, image.dim() === 2 ? made.squeeze(0) : made);
}
