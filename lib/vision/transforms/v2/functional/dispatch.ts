/** Which kernel of a function is for which class. */
import { is_computed_as_pillow, of_same_kind } from '../../functional/pil_image.js';
import { BoundingBoxes, KeyPoints } from '../../../tv_tensors/boxes.js';
import { Image, Mask, Video } from '../../../tv_tensors/images.js';
import { plain_view, TVTensor } from '../../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../../tv_tensors/wrap.js';
import type { CanvasSize } from '../../../tv_tensors/boxes.js';
import type { Tensor } from '../../../../_tensor.js';

/** A kernel's result for boxes and points: the values, and the size of the image, when it has changed. */
export type Placed = readonly [values: Tensor, canvas_size?: CanvasSize];

/** Kernels of a function by what they are for; a class without one is returned as it is. */
export interface Kernels {
  /** Of images, videos and plain tensors. */
  readonly image: (image: Tensor) => Tensor;
  /** Of images of PIL, where they are computed with otherwise than other images. */
  readonly pil?: (image: Tensor) => Tensor;
  readonly mask?: (mask: Tensor) => Tensor;
  readonly boxes?: (values: Tensor, boxes: BoundingBoxes) => Placed;
  readonly points?: (values: Tensor, points: KeyPoints) => Placed;
}

/** A call as the kernels of custom classes get it: the name of the function, and its other arguments. */
export type Call = readonly [functional: string, given?: object];

/** A kernel of a class of one's own: of the input, and of the other arguments by name. */
export type CustomKernel = (inpt: never, given?: never) => unknown;

const custom_kernels = new Map<string, Map<unknown, CustomKernel>>();

/** Adds a kernel for a class of one's own. @throws Error where the class has one */
export function add_kernel(functional: string, kind: { readonly name: string }, kernel: CustomKernel): void {
  const kernels = custom_kernels.get(functional) ?? new Map<unknown, CustomKernel>();
  if (kernels.has(kind)) {
    throw new Error(`Functional ${functional} already has a kernel registered for type ${kind.name}.`);
  }
  custom_kernels.set(functional, kernels.set(kind, kernel));
}

/** The kernel that the class of an input has, or the nearest that it extends. */
function kernel_for(functional: string, inpt: Tensor): CustomKernel | undefined {
  const kernels = custom_kernels.get(functional);
  if (kernels === undefined || !(inpt instanceof TVTensor)) return undefined;
  for (let kind = inpt.constructor; kind !== TVTensor; kind = Object.getPrototypeOf(kind) as typeof kind) {
    const kernel = kernels.get(kind);
    if (kernel !== undefined) return kernel;
  }
  return undefined;
}

/** What a kernel of the input's own class gives, in an array; undefined without such a kernel. */
export function by_custom_kernel([functional, given]: Call, inpt: Tensor): readonly [unknown] | undefined {
  const kernel = kernel_for(functional, inpt);
  if (kernel === undefined) return undefined;
  return [given === undefined ? kernel(inpt as never) : kernel(inpt as never, given as never)];
}

/** Whether it is a tensor of no class of tv_tensors. */
export const is_pure = (tensor: Tensor): boolean => !(tensor instanceof TVTensor);

/** What a kernel makes of a tensor of no class of tv_tensors. */
function plain_result(image: Tensor, kernels: Kernels): Tensor {
  if (!is_computed_as_pillow(image)) return of_same_kind(image, kernels.image(image));
  if (kernels.pil !== undefined) return kernels.pil(image);
  // Images of PIL have channels even where there is no dimension of them.
  if (image.dim() > 2) return of_same_kind(image, kernels.image(image));
  const made = kernels.image(image.unsqueeze(0));
  return of_same_kind(image, made.size(0) === 1 ? made.squeeze(0) : made);
}

/** Runs the kernel for the class of the input, and gives the result this class. */
export function dispatch<T extends Tensor>(inpt: T, call: Call, kernels: Kernels): T {
  const like: Tensor = inpt;
  if (!(like instanceof TVTensor)) return plain_result(like, kernels) as T;
  const custom = by_custom_kernel(call, like);
  if (custom !== undefined) return custom[0] as T;
  const values = plain_view(like);
  let placed: Placed | undefined;
  if (like instanceof BoundingBoxes) placed = kernels.boxes?.(values, like);
  else if (like instanceof KeyPoints) placed = kernels.points?.(values, like);
  else if (like instanceof Mask) placed = kernels.mask && [kernels.mask(values)];
  else if (like instanceof Image || like instanceof Video) placed = [kernels.image(values)];
  if (placed === undefined) return inpt;
  const [result, canvas_size] = placed;
  return wrapped(result, like, canvas_size === undefined ? {} : { canvas_size }) as Tensor as T;
}

/** Runs a kernel of images `(N, C, H, W)` for any number of dimensions, as `(T, C, H, W)` of videos. */
export function flattened(image: Tensor, run: (batch: Tensor) => Tensor): Tensor {
  const leading = image.shape.slice(0, -3);
  if (leading.length <= 1) return run(image);
  const result = run(image.reshape([-1, ...image.shape.slice(-3)]));
  return result.reshape([...leading, ...result.shape.slice(-3)]);
}
