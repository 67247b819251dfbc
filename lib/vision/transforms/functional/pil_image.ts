/**
 * Images of PIL, which are tensors of bytes here. Those that datasets read, that `to_pil_image` makes and that functions make of such are
 * known: their size changes by Pillow's arithmetic, while other tensors are computed with as torchvision computes with tensors.
 */
import { native } from '../../../_C/native.js';
import { wrap } from '../../../_C/tensor_base.js';
import type { Tensor } from '../../../_tensor.js';
import { uint8 } from '../../../types/dtype.js';

const known = new WeakSet<Tensor>();

/** Makes a tensor of bytes one that stands for an image of PIL; others stay as they are. */
export function as_pil_image<T extends Tensor>(image: T): T {
  if (image.dtype === uint8) known.add(image);
  return image;
}

/** Whether a tensor stands for an image of PIL. */
export const is_pil_image = (image: Tensor): boolean => known.has(image);

/** What a function made of an image, which stands for an image of PIL when that did. */
export const of_same_kind = (image: Tensor, made: Tensor): Tensor => (known.has(image) ? as_pil_image(made) : made);

/** An image as a tensor that does not stand for one of PIL: a copy, as in Python, where it did. */
export const without_pil = (image: Tensor): Tensor => (known.has(image) ? image.clone() : image);

/** Images with alpha are multiplied with it before, which is not done here, except where single pixels are taken. */
const has_alpha = (image: Tensor): boolean => image.dim() === 3 && image.size(0) % 2 === 0;

const takes_pixels = (filter: string): boolean => filter === 'nearest' || filter === 'nearest-exact';

/** Whether Pillow's arithmetic is there for an image: not on other devices, and not for what has become a batch in place. */
export const is_resized_as_pillow = (image: Tensor, filter: string): boolean =>
  is_pil_image(image) &&
  image.device.type === 'cpu' &&
  (image.dim() === 2 || image.dim() === 3) &&
  (takes_pixels(filter) || !has_alpha(image));

/** An image of bytes `(C, H, W)` or `(H, W)` in another size, with the bytes of `PIL.Image.resize`. @throws Error for an unknown filter */
export function resized_as_pillow(image: Tensor, [height, width]: readonly [number, number], filter: string): Tensor {
  const planes = image.dim() === 2 ? image.unsqueeze(0) : image;
  const name = takes_pixels(filter) ? 'nearest' : filter;
  const made = wrap(native.resize_as_pillow(planes._h, height, width, name));
  return as_pil_image(image.dim() === 2 ? made.squeeze(0) : made);
}
