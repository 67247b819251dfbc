/** Kernels of programs, for classes of their own. */
import { kind_of } from '../../../../_internal/kind_of.js';
import { signature } from '../../../../_internal/signature.js';
import { python_repr } from '../../../../python/print.js';
import type { Tensor } from '../../../../_tensor.js';
import { BoundingBoxes, KeyPoints } from '../../../tv_tensors/boxes.js';
import { Image, Mask, Video } from '../../../tv_tensors/images.js';
import { TVTensor } from '../../../tv_tensors/tv_tensor.js';
import * as color from './color.js';
import * as crops from './crops.js';
import { add_kernel, type CustomKernel } from './dispatch.js';
import * as filter from './filter.js';
import * as geometry from './geometry.js';
import * as queries from './queries.js';
import * as temporal from './temporal.js';
import * as values from './values.js';
import * as warp from './warp.js';

/** The functions that choose a kernel by the class of their input, by their names. */
const functionals = (): Readonly<Record<string, unknown>> => {
  const { horizontal_flip, vertical_flip, center_crop, crop, pad, resize, resized_crop } = geometry;
  const { rgb_to_grayscale, grayscale_to_rgb, adjust_brightness, adjust_saturation, adjust_contrast } = color;
  const { adjust_sharpness, adjust_hue, adjust_gamma, posterize, invert, solarize, autocontrast, equalize } = color;
  const { affine, elastic, perspective, rotate } = warp;
  const { get_dimensions, get_num_channels, get_num_frames } = queries;
  const { five_crop, ten_crop } = crops;
  const { erase, gaussian_blur, gaussian_noise, jpeg } = filter;
  const { get_size, normalize, to_dtype } = values;
  return {
    ...{ horizontal_flip, vertical_flip, center_crop, crop, pad, resize, resized_crop, five_crop, ten_crop },
    ...{ rgb_to_grayscale, grayscale_to_rgb, adjust_brightness, adjust_saturation, adjust_contrast, adjust_sharpness },
    ...{ adjust_hue, adjust_gamma, posterize, invert, solarize, autocontrast, equalize, affine, elastic, perspective },
    ...{ rotate, get_dimensions, get_num_channels, get_num_frames, get_size, erase, gaussian_blur, gaussian_noise },
    ...{ jpeg, normalize, to_dtype, permute_channels: color.permute_channels },
    uniform_temporal_subsample: temporal.uniform_temporal_subsample,
  };
};

const ALIASES: Readonly<Record<string, string>> = {
  hflip: 'horizontal_flip',
  vflip: 'vertical_flip',
  elastic_transform: 'elastic',
  to_grayscale: 'rgb_to_grayscale',
  get_image_num_channels: 'get_num_channels',
};

/** The name of a function. @throws Error for what is not one that chooses kernels */
function name_of(functional: unknown): string {
  const known = functionals();
  if (typeof functional !== 'string') {
    const found = Object.entries(known).find(([, own]) => own === functional);
    if (found !== undefined) return found[0];
    throw new Error(
      'Kernels can only be registered on functionals from the torchvision.transforms.v2.functional namespace, ' +
        `but got ${python_repr(functional)}.`,
    );
  }
  const name = ALIASES[functional] ?? functional;
  if (Object.hasOwn(known, name)) return name;
  throw new Error(
    `Could not find functional with name '${functional}' in torchvision.transforms.v2.functional that chooses a kernel ` +
      'by the class of its input.',
  );
}

const BUILT_IN: readonly unknown[] = [TVTensor, Image, Video, Mask, BoundingBoxes, KeyPoints];

/** A class that extends one of `tv_tensors`. */
type TVTensorClass<T extends TVTensor> = { readonly prototype: T; readonly name: string };

interface RegisterArguments {
  functional: string | ((...args: never[]) => unknown);
  tv_tensor_cls: TVTensorClass<TVTensor>;
}

const REGISTER_KERNEL = signature<RegisterArguments>(
  'register_kernel',
  'functional: str|Callable, tv_tensor_cls: Callable',
);

/**
 * Makes a function of this namespace, and the transforms that use it, run a kernel of one's own for a class of one's own.
 * Mirrors `torchvision.transforms.v2.functional.register_kernel`, a decorator.
 *
 * @param functional - the function, or its name
 * @param tv_tensor_cls - a class that extends one of `tv_tensors`
 * @returns a function that registers the kernel that it is given, and returns it. A kernel is called with the input, and
 *   with the other arguments of the function in one object
 * @throws Error for other functions, for classes of `tv_tensors` itself and others, and for a class that has a kernel
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * class Depth extends tv_tensors.TVTensor {}
 * F2.register_kernel('hflip', Depth)((depth) => tv_tensors.wrap(depth.flip(-1), { like: depth }));
 * const depth = torch.tensor([[1, 2]]).as_subclass(Depth);
 * print(F2.hflip(depth), new transforms.v2.RandomHorizontalFlip(1)(depth)); // Depth([[2, 1]]) Depth([[2, 1]])
 * ```
 */
export function register_kernel<T extends TVTensor>(
  functional: string | ((...args: never[]) => unknown),
  tv_tensor_cls: TVTensorClass<T>,
): <K extends (inpt: T, given: never) => unknown>(kernel: K) => K;
export function register_kernel<T extends TVTensor>(options: {
  functional: string | ((...args: never[]) => unknown);
  tv_tensor_cls: TVTensorClass<T>;
}): <K extends (inpt: T, given: never) => unknown>(kernel: K) => K;
export function register_kernel(...args: unknown[]): (kernel: never) => never {
  const { functional, tv_tensor_cls } = REGISTER_KERNEL.read(args);
  const name = name_of(functional);
  if (!BUILT_IN.includes(tv_tensor_cls) && !((tv_tensor_cls.prototype as Tensor | undefined) instanceof TVTensor)) {
    throw new Error(
      'Kernels can only be registered for subclasses of torchvision.tv_tensors.TVTensor, but got ' +
        `${tv_tensor_cls.name}.`,
    );
  }
  if (BUILT_IN.includes(tv_tensor_cls)) {
    throw new Error(`Kernels cannot be registered for the builtin tv_tensor classes, but got ${tv_tensor_cls.name}`);
  }
  return (kernel) => {
    if (typeof kernel !== 'function') {
      throw new TypeError(`register_kernel(): the kernel must be a function, not ${kind_of(kernel)}`);
    }
    add_kernel(name, tv_tensor_cls, kernel as CustomKernel);
    return kernel;
  };
}
