/**
 * Images of files of which only a part will be read: a transform that begins with a random part of an image asks for nothing but the size
 * before. What stands for such an image has its size, and no pixels of its own.
 */
import { zeros } from '../../../generated/functions.js';
import type { Tensor } from '../../../_tensor.js';
import { uint8 } from '../../../types/dtype.js';
import { as_pil_image } from './pil_image.js';

/** Rows and columns of an image. */
export type ImagePart = readonly [top: number, left: number, height: number, width: number];

const unread = new WeakMap<Tensor, (part: ImagePart) => Tensor>();
const cutting = new WeakSet<object>();
const composing = new WeakSet<object>();

/** What stands for an image of three channels, for a transform of {@link cuts_first}. */
export function unread_image([height, width]: readonly [number, number], read: (part: ImagePart) => Tensor): Tensor {
  const image = as_pil_image(zeros([1, 1, 1], { dtype: uint8 }).expand(3, height, width));
  unread.set(image, read);
  return image;
}

/** A part of an image that has not been read; undefined for others. */
export const part_of_unread = (image: Tensor, part: ImagePart): Tensor | undefined => unread.get(image)?.(part);

/** Says that transforms of a class, though not those of classes derived from it, do nothing to an image before they cut a part out of it. */
export const declare_cutting = (type: object): void => void cutting.add(type);

/** Says that a class calls its `transforms` one after the other. */
export const declare_composing = (type: object): void => void composing.add(type);

/** Whether the first thing that a transform does to an image is to cut a part out of it. */
export function cuts_first(transform: unknown): boolean {
  if (typeof transform !== 'function' || Object.hasOwn(transform, 'forward')) return false;
  const given = transform as {
    readonly transforms?: readonly unknown[];
    readonly _forward_pre_hooks?: { readonly size: number };
    readonly _forward_hooks?: { readonly size: number };
  };
  if ((given._forward_pre_hooks?.size ?? 0) + (given._forward_hooks?.size ?? 0) > 0) return false;
  return composing.has(given.constructor) ? cuts_first(given.transforms?.[0]) : cutting.has(given.constructor);
}
