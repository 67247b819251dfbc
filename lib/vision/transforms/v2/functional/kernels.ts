/**
 * The kernels of functions for one class of inputs, of plain tensors: each calls its function, with an input of the class.
 * They mirror `torchvision.transforms.v2.functional`.
 */
import { signature, type Arguments, type Signature } from '../../../../_internal/signature.js';
import { Tuple } from '../../../../_internal/tuple.js';
import type { Tensor } from '../../../../_tensor.js';
import {
  type BoundingBoxes,
  box_format,
  boxes_of,
  checked_canvas,
  type KeyPoints,
  points_of,
} from '../../../tv_tensors/boxes.js';
import type { BoxFormatLike, CanvasSize, ClampingMode } from '../../../tv_tensors/boxes.js';
import { Mask } from '../../../tv_tensors/images.js';
import { as_class, plain_view, TVTensor } from '../../../tv_tensors/tv_tensor.js';
import type { PaddingMode } from '../../functional/geometry.js';
import type { Corners, Fill } from '../../functional/warp.js';
import { checked_mode } from './boxes.js';
import * as color from './color.js';
import * as crops from './crops.js';
import * as filter from './filter.js';
import * as geometry from './geometry.js';
import type { InterpolationLike } from './geometry.js';
import * as queries from './queries.js';
import * as temporal from './temporal.js';
import * as values from './values.js';
import * as warp from './warp.js';

// ---- Images, videos and masks -------------------------------------------------------------------

/** What a kernel is for; the name of its first argument. */
type Subject = 'image' | 'video' | 'mask';

type Labeled<S extends Subject, Rest extends unknown[]> = S extends 'image'
  ? [image: Tensor, ...Rest]
  : S extends 'video'
    ? [video: Tensor, ...Rest]
    : [mask: Tensor, ...Rest];

/** The ways to call a function, with the subject as the name of its input. */
type OfSubject<A, S extends Subject> = A extends [infer First, ...infer Rest]
  ? First extends Tensor
    ? Labeled<S, Rest>
    : [options: Omit<First, 'inpt'> & Record<S, Tensor>]
  : never;

type Functional = (...args: never[]) => unknown;

/** A function of plain tensors that takes what another takes. */
export type PlainKernel<F extends Functional, S extends Subject> = (
  ...args: OfSubject<Parameters<F>, S>
) => ReturnType<F>;

/** A tensor of no class of tv_tensors. */
const plain = (tensor: Tensor): Tensor => (tensor instanceof TVTensor ? plain_view(tensor) : tensor);

const plain_result = (result: unknown): unknown => (result instanceof TVTensor ? plain_view(result) : result);

const named = <F extends Functional>(kernel: F, name: string): F =>
  Object.defineProperty(kernel, 'name', { value: name });

/** The kernel of a function for a class, which takes what the function takes. */
function kernel_of<F extends Functional, S extends Subject>(
  subject: S,
  function_signature: Signature<{ inpt: Tensor }>,
  functional: F,
): PlainKernel<F, S> {
  const callee = `${function_signature.callee}_${subject}`;
  const own: Signature<object> = function_signature.renamed(callee, { inpt: subject });
  const run = functional as unknown as (given: object) => unknown;
  const kernel = (...args: unknown[]): unknown => {
    const { [subject]: given, ...others } = own.read(args) as Record<S, Tensor>;
    const tensor = plain(given as Tensor);
    return plain_result(run({ ...others, inpt: subject === 'mask' ? as_class(plain_view(tensor), Mask) : tensor }));
  };
  return named(kernel, callee) as PlainKernel<F, S>;
}

/** `adjust_brightness` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_brightness_image`. */
export const adjust_brightness_image = kernel_of('image', color.ADJUST_BRIGHTNESS, color.adjust_brightness);
/** `adjust_brightness` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_brightness_video`. */
export const adjust_brightness_video = kernel_of('video', color.ADJUST_BRIGHTNESS, color.adjust_brightness);
/** `adjust_contrast` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_contrast_image`. */
export const adjust_contrast_image = kernel_of('image', color.ADJUST_CONTRAST, color.adjust_contrast);
/** `adjust_contrast` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_contrast_video`. */
export const adjust_contrast_video = kernel_of('video', color.ADJUST_CONTRAST, color.adjust_contrast);
/** `adjust_gamma` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_gamma_image`. */
export const adjust_gamma_image = kernel_of('image', color.ADJUST_GAMMA, color.adjust_gamma);
/** `adjust_gamma` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_gamma_video`. */
export const adjust_gamma_video = kernel_of('video', color.ADJUST_GAMMA, color.adjust_gamma);
/** `adjust_hue` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_hue_image`. */
export const adjust_hue_image = kernel_of('image', color.ADJUST_HUE, color.adjust_hue);
/** `adjust_hue` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_hue_video`. */
export const adjust_hue_video = kernel_of('video', color.ADJUST_HUE, color.adjust_hue);
/** `adjust_saturation` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_saturation_image`. */
export const adjust_saturation_image = kernel_of('image', color.ADJUST_SATURATION, color.adjust_saturation);
/** `adjust_saturation` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_saturation_video`. */
export const adjust_saturation_video = kernel_of('video', color.ADJUST_SATURATION, color.adjust_saturation);
/** `adjust_sharpness` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_sharpness_image`. */
export const adjust_sharpness_image = kernel_of('image', color.ADJUST_SHARPNESS, color.adjust_sharpness);
/** `adjust_sharpness` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.adjust_sharpness_video`. */
export const adjust_sharpness_video = kernel_of('video', color.ADJUST_SHARPNESS, color.adjust_sharpness);
/** `autocontrast` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.autocontrast_image`. */
export const autocontrast_image = kernel_of('image', color.AUTOCONTRAST, color.autocontrast);
/** `autocontrast` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.autocontrast_video`. */
export const autocontrast_video = kernel_of('video', color.AUTOCONTRAST, color.autocontrast);
/** `equalize` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.equalize_image`. */
export const equalize_image = kernel_of('image', color.EQUALIZE, color.equalize);
/** `equalize` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.equalize_video`. */
export const equalize_video = kernel_of('video', color.EQUALIZE, color.equalize);
/** `grayscale_to_rgb` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.grayscale_to_rgb_image`. */
export const grayscale_to_rgb_image = kernel_of('image', color.GRAYSCALE_TO_RGB, color.grayscale_to_rgb);
/** `invert` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.invert_image`. */
export const invert_image = kernel_of('image', color.INVERT, color.invert);
/** `invert` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.invert_video`. */
export const invert_video = kernel_of('video', color.INVERT, color.invert);
/** `permute_channels` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.permute_channels_image`. */
export const permute_channels_image = kernel_of('image', color.PERMUTE_CHANNELS, color.permute_channels);
/** `permute_channels` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.permute_channels_video`. */
export const permute_channels_video = kernel_of('video', color.PERMUTE_CHANNELS, color.permute_channels);
/** `posterize` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.posterize_image`. */
export const posterize_image = kernel_of('image', color.POSTERIZE, color.posterize);
/** `posterize` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.posterize_video`. */
export const posterize_video = kernel_of('video', color.POSTERIZE, color.posterize);
/** `rgb_to_grayscale` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.rgb_to_grayscale_image`. */
export const rgb_to_grayscale_image = kernel_of('image', color.RGB_TO_GRAYSCALE, color.rgb_to_grayscale);
/** `solarize` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.solarize_image`. */
export const solarize_image = kernel_of('image', color.SOLARIZE, color.solarize);
/** `solarize` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.solarize_video`. */
export const solarize_video = kernel_of('video', color.SOLARIZE, color.solarize);
/** `five_crop` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.five_crop_image`. */
export const five_crop_image = kernel_of('image', crops.FIVE_CROP, crops.five_crop);
/** `five_crop` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.five_crop_video`. */
export const five_crop_video = kernel_of('video', crops.FIVE_CROP, crops.five_crop);
/** `ten_crop` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.ten_crop_image`. */
export const ten_crop_image = kernel_of('image', crops.TEN_CROP, crops.ten_crop);
/** `ten_crop` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.ten_crop_video`. */
export const ten_crop_video = kernel_of('video', crops.TEN_CROP, crops.ten_crop);
/** `erase` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.erase_image`. */
export const erase_image = kernel_of('image', filter.ERASE, filter.erase);
/** `erase` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.erase_video`. */
export const erase_video = kernel_of('video', filter.ERASE, filter.erase);
/** `gaussian_blur` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.gaussian_blur_image`. */
export const gaussian_blur_image = kernel_of('image', filter.GAUSSIAN_BLUR, filter.gaussian_blur);
/** `gaussian_blur` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.gaussian_blur_video`. */
export const gaussian_blur_video = kernel_of('video', filter.GAUSSIAN_BLUR, filter.gaussian_blur);
/** `gaussian_noise` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.gaussian_noise_image`. */
export const gaussian_noise_image = kernel_of('image', filter.GAUSSIAN_NOISE, filter.gaussian_noise);
/** `gaussian_noise` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.gaussian_noise_video`. */
export const gaussian_noise_video = kernel_of('video', filter.GAUSSIAN_NOISE, filter.gaussian_noise);
/** `jpeg` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.jpeg_image`. */
export const jpeg_image = kernel_of('image', filter.JPEG, filter.jpeg);
/** `jpeg` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.jpeg_video`. */
export const jpeg_video = kernel_of('video', filter.JPEG, filter.jpeg);
/** `center_crop` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.center_crop_image`. */
export const center_crop_image = kernel_of('image', geometry.CENTER_CROP, geometry.center_crop);
/** `center_crop` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.center_crop_video`. */
export const center_crop_video = kernel_of('video', geometry.CENTER_CROP, geometry.center_crop);
/** `center_crop` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.center_crop_mask`. */
export const center_crop_mask = kernel_of('mask', geometry.CENTER_CROP, geometry.center_crop);
/** `crop` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.crop_image`. */
export const crop_image = kernel_of('image', geometry.CROP, geometry.crop);
/** `crop` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.crop_video`. */
export const crop_video = kernel_of('video', geometry.CROP, geometry.crop);
/** `crop` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.crop_mask`. */
export const crop_mask = kernel_of('mask', geometry.CROP, geometry.crop);
/** `horizontal_flip` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.horizontal_flip_image`. */
export const horizontal_flip_image = kernel_of('image', geometry.FLIP, geometry.horizontal_flip);
/** `horizontal_flip` of a video, a plain tensor. Mirrors
 * `torchvision.transforms.v2.functional.horizontal_flip_video`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.horizontal_flip_video(torch.tensor([[[[1, 2]]]]))); // tensor([[[[2, 1]]]])
 * ```
 */
export const horizontal_flip_video = kernel_of('video', geometry.FLIP, geometry.horizontal_flip);
/** `horizontal_flip` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.horizontal_flip_mask`. */
export const horizontal_flip_mask = kernel_of('mask', geometry.FLIP, geometry.horizontal_flip);
/** `pad` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.pad_image`. */
export const pad_image = kernel_of('image', geometry.PAD, geometry.pad);
/** `pad` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.pad_video`. */
export const pad_video = kernel_of('video', geometry.PAD, geometry.pad);
/** `pad` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.pad_mask`. */
export const pad_mask = kernel_of('mask', geometry.PAD, geometry.pad);
/** `resize` of an image, a plain tensor. Mirrors
 * `torchvision.transforms.v2.functional.resize_image`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.resize_image(torch.zeros(1, 4, 4), [1, 2])); // tensor([[[0., 0.]]])
 * ```
 */
export const resize_image = kernel_of('image', geometry.RESIZE, geometry.resize);
/** `resize` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.resize_video`. */
export const resize_video = kernel_of('video', geometry.RESIZE, geometry.resize);
/** `resized_crop` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.resized_crop_image`. */
export const resized_crop_image = kernel_of('image', geometry.RESIZED_CROP, geometry.resized_crop);
/** `resized_crop` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.resized_crop_video`. */
export const resized_crop_video = kernel_of('video', geometry.RESIZED_CROP, geometry.resized_crop);
/** `vertical_flip` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.vertical_flip_image`. */
export const vertical_flip_image = kernel_of('image', geometry.VERTICAL_FLIP, geometry.vertical_flip);
/** `vertical_flip` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.vertical_flip_video`. */
export const vertical_flip_video = kernel_of('video', geometry.VERTICAL_FLIP, geometry.vertical_flip);
/** `vertical_flip` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.vertical_flip_mask`. */
export const vertical_flip_mask = kernel_of('mask', geometry.VERTICAL_FLIP, geometry.vertical_flip);
/** `get_dimensions` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_dimensions_image`. */
export const get_dimensions_image = kernel_of('image', queries.GET_DIMENSIONS, queries.get_dimensions);
/** `get_dimensions` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_dimensions_video`. */
export const get_dimensions_video = kernel_of('video', queries.GET_DIMENSIONS, queries.get_dimensions);
/** `get_num_channels` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_num_channels_image`. */
export const get_num_channels_image = kernel_of('image', queries.GET_NUM_CHANNELS, queries.get_num_channels);
/** `get_num_channels` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_num_channels_video`. */
export const get_num_channels_video = kernel_of('video', queries.GET_NUM_CHANNELS, queries.get_num_channels);
/** `get_num_frames` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_num_frames_video`. */
export const get_num_frames_video = kernel_of('video', queries.GET_NUM_FRAMES, queries.get_num_frames);
/** `uniform_temporal_subsample` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.uniform_temporal_subsample_video`. */
export const uniform_temporal_subsample_video = kernel_of(
  'video',
  temporal.SUBSAMPLE,
  temporal.uniform_temporal_subsample,
);
/** `get_size` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_size_image`. */
export const get_size_image = kernel_of('image', values.GET_SIZE, values.get_size);
/** `get_size` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_size_video`. */
export const get_size_video = kernel_of('video', values.GET_SIZE, values.get_size);
/** `get_size` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.get_size_mask`. */
export const get_size_mask = kernel_of('mask', values.GET_SIZE, values.get_size);
/** `normalize` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.normalize_image`. */
export const normalize_image = kernel_of('image', values.NORMALIZE, values.normalize);
/** `normalize` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.normalize_video`. */
export const normalize_video = kernel_of('video', values.NORMALIZE, values.normalize);
/** `to_dtype` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.to_dtype_image`. */
export const to_dtype_image = kernel_of('image', values.TO_DTYPE, values.to_dtype);
/** `to_dtype` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.to_dtype_video`. */
export const to_dtype_video = kernel_of('video', values.TO_DTYPE, values.to_dtype);
/** `affine` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.affine_image`. */
export const affine_image = kernel_of('image', warp.AFFINE, warp.affine);
/** `affine` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.affine_video`. */
export const affine_video = kernel_of('video', warp.AFFINE, warp.affine);
/** `elastic` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.elastic_image`. */
export const elastic_image = kernel_of('image', warp.ELASTIC, warp.elastic);
/** `elastic` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.elastic_video`. */
export const elastic_video = kernel_of('video', warp.ELASTIC, warp.elastic);
/** `perspective` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.perspective_image`. */
export const perspective_image = kernel_of('image', warp.PERSPECTIVE, warp.perspective);
/** `perspective` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.perspective_video`. */
export const perspective_video = kernel_of('video', warp.PERSPECTIVE, warp.perspective);
/** `rotate` of an image, a plain tensor. Mirrors `torchvision.transforms.v2.functional.rotate_image`. */
export const rotate_image = kernel_of('image', warp.ROTATE, warp.rotate);
/** `rotate` of a video, a plain tensor. Mirrors `torchvision.transforms.v2.functional.rotate_video`. */
export const rotate_video = kernel_of('video', warp.ROTATE, warp.rotate);

// ---- Kernels with arguments of their own --------------------------------------------------------

/** All arguments of such kernels. */
interface Given {
  mask: [mask: Tensor];
  bounding_boxes: [bounding_boxes: Tensor];
  keypoints: [keypoints: Tensor];
  inpt: [inpt: Tensor];
  format: [format: BoxFormatLike];
  canvas_size: [canvas_size: CanvasSize];
  clamping_mode: [clamping_mode: ClampingMode];
  size: [size: number | readonly number[]];
  size_or_none: [size: number | readonly number[] | null];
  max_size: [max_size: number | null];
  output_size: [output_size: number | readonly number[]];
  interpolation: [interpolation: InterpolationLike];
  top: [top: number];
  left: [left: number];
  height: [height: number];
  width: [width: number];
  padding: [padding: number | readonly number[]];
  padding_mode: [padding_mode: PaddingMode];
  fill: [fill: Fill];
  angle: [angle: number];
  translate: [translate: readonly number[]];
  scale: [scale: number];
  shear: [shear: number | readonly number[]];
  expand: [expand: boolean];
  center: [center: readonly number[] | null];
  startpoints: [startpoints: Corners | null];
  endpoints: [endpoints: Corners | null];
  coefficients: [coefficients: readonly number[] | null];
  displacement: [displacement: Tensor];
}

const KINDS: Readonly<Record<keyof Given, string>> = {
  mask: 'Tensor',
  bounding_boxes: 'Tensor',
  keypoints: 'Tensor',
  inpt: 'Tensor',
  format: 'BoundingBoxFormat|str',
  canvas_size: 'int[]',
  clamping_mode: 'str|None',
  size: 'int|int[]',
  size_or_none: 'int|int[]|None',
  max_size: 'int|None',
  output_size: 'int|int[]',
  interpolation: 'InterpolationMode|int|str',
  top: 'int',
  left: 'int',
  height: 'int',
  width: 'int',
  padding: 'int|int[]',
  padding_mode: 'str',
  fill: 'float|float[]|None',
  angle: 'float',
  translate: 'float[]',
  scale: 'float',
  shear: 'float|float[]',
  expand: 'bool',
  center: 'float[]|None',
  startpoints: 'Corner[]|None',
  endpoints: 'Corner[]|None',
  coefficients: 'float[]|None',
  displacement: 'Tensor',
};

type Name = keyof Given;
type Names = readonly Name[];
type Positional<R extends Names, O extends Names> = R extends readonly [infer H extends Name, ...infer T extends Names]
  ? [...Given[H], ...Positional<T, O>]
  : O extends readonly [infer H extends Name, ...infer T extends Names]
    ? [...Partial<Given[H]>, ...Positional<[], T>]
    : [];
/** The name that callers write. */
type Key<N> = N extends 'size_or_none' ? 'size' : N;
type Keys<L extends Names> = { [I in keyof L]: Key<L[I]> };
type ByName<R extends Names, O extends Names> = { [K in R[number] as Key<K>]: Given[K][0] } & {
  [K in O[number] as Key<K>]?: Given[K][0];
};

/** A function of plain tensors with required and optional arguments. */
export type Kernel<R extends Names, O extends Names, Result> = (
  ...args: Arguments<Positional<R, O>, ByName<R, O>, Keys<[...R, ...O]>>
) => Result;

/** A kernel that runs on the arguments by name. */
function kernel<const R extends Names, const O extends Names, Result>(
  callee: string,
  required: R,
  optional: O,
  run: (given: ByName<R, O>) => Result,
): Kernel<R, O, Result> {
  const key = (name: Name): string => (name === 'size_or_none' ? 'size' : name);
  const texts = [
    ...required.map((name) => `${key(name)}: ${KINDS[name]}`),
    ...optional.map((name) => `${key(name)}?: ${KINDS[name]}`),
  ];
  const own = signature<ByName<R, O>>(callee, texts.join(', '));
  return named((...args: unknown[]) => run(own.read(args)), callee);
}

const mask_of = (mask: Tensor): Mask => as_class(plain_view(mask), Mask);

/** `resize` of a mask, a plain tensor, which takes the nearest pixels. Mirrors
 * `torchvision.transforms.v2.functional.resize_mask`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.resize_mask(torch.tensor([[1, 2]]), [1, 4])); // tensor([[1, 1, 2, 2]])
 * ```
 */
export const resize_mask = kernel(
  'resize_mask',
  ['mask', 'size_or_none'],
  ['interpolation', 'max_size'],
  ({ mask, ...others }) => plain(geometry.resize({ ...others, inpt: mask_of(mask) })),
);
/** `resized_crop` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.resized_crop_mask`. */
export const resized_crop_mask = kernel(
  'resized_crop_mask',
  ['mask', 'top', 'left', 'height', 'width', 'size'],
  [],
  ({ mask, ...others }) => plain(geometry.resized_crop({ ...others, inpt: mask_of(mask) })),
);
/** `rotate` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.rotate_mask`. */
export const rotate_mask = kernel(
  'rotate_mask',
  ['mask', 'angle'],
  ['expand', 'center', 'fill'],
  ({ mask, ...others }) => plain(warp.rotate({ ...others, inpt: mask_of(mask) })),
);
/** `affine` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.affine_mask`. */
export const affine_mask = kernel(
  'affine_mask',
  ['mask', 'angle', 'translate', 'scale', 'shear'],
  ['fill', 'center'],
  ({ mask, ...others }) => plain(warp.affine({ ...others, inpt: mask_of(mask) })),
);
/** `perspective` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.perspective_mask`. */
export const perspective_mask = kernel(
  'perspective_mask',
  ['mask', 'startpoints', 'endpoints'],
  ['fill', 'coefficients'],
  ({ mask, ...others }) => plain(warp.perspective({ ...others, inpt: mask_of(mask) })),
);
/** `elastic` of a mask, a plain tensor. Mirrors `torchvision.transforms.v2.functional.elastic_mask`. */
export const elastic_mask = kernel('elastic_mask', ['mask', 'displacement'], ['fill'], ({ mask, ...others }) =>
  plain(warp.elastic({ ...others, inpt: mask_of(mask) })),
);

/** Values, and the size of the image that they are in then. */
type Placed = [values: Tensor, canvas_size: CanvasSize];

const placed = (result: BoundingBoxes | KeyPoints): Placed => [plain_view(result), Tuple.from(result.canvas_size)];

/** Where a kernel does not ask for the size of the image, since the result does not depend on it. */
const ANY_SIZE: CanvasSize = [1, 1];

interface BoxesGiven {
  bounding_boxes: Tensor;
  format?: BoxFormatLike;
  canvas_size?: CanvasSize;
  clamping_mode?: ClampingMode;
}

/** Plain values as boxes, with the arguments that are not of these. @throws Error for other formats, sizes and modes */
function boxes_in<G extends BoxesGiven>(callee: string, given: G): { inpt: BoundingBoxes } & Omit<G, keyof BoxesGiven> {
  const { bounding_boxes, format = 'XYXY', canvas_size = ANY_SIZE, clamping_mode = 'soft', ...others } = given;
  checked_mode(clamping_mode, ['soft', 'hard']);
  const fields = { format: box_format(format), canvas_size: checked_canvas(callee, canvas_size), clamping_mode };
  return { ...others, inpt: boxes_of(plain_view(bounding_boxes), fields) };
}

/** Plain values as points, with the other arguments. @throws Error for other sizes */
function points_in<G extends { keypoints: Tensor; canvas_size?: CanvasSize }>(
  callee: string,
  given: G,
): { inpt: KeyPoints } & Omit<G, 'keypoints' | 'canvas_size'> {
  const { keypoints, canvas_size = ANY_SIZE, ...others } = given;
  return { ...others, inpt: points_of(plain_view(keypoints), checked_canvas(callee, canvas_size)) };
}

/** `affine` of boxes, a plain tensor. Mirrors `torchvision.transforms.v2.functional.affine_bounding_boxes`. */
export const affine_bounding_boxes = kernel(
  'affine_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size', 'angle', 'translate', 'scale', 'shear'],
  ['center', 'clamping_mode'],
  (given) => plain(warp.affine(boxes_in('affine_bounding_boxes', given))),
);
/** `center_crop` of boxes, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.center_crop_bounding_boxes`. */
export const center_crop_bounding_boxes = kernel(
  'center_crop_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size', 'output_size'],
  ['clamping_mode'],
  (given) => placed(geometry.center_crop(boxes_in('center_crop_bounding_boxes', given))),
);
/** `crop` of boxes, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.crop_bounding_boxes`. */
export const crop_bounding_boxes = kernel(
  'crop_bounding_boxes',
  ['bounding_boxes', 'format', 'top', 'left', 'height', 'width'],
  ['clamping_mode'],
  (given) => placed(geometry.crop(boxes_in('crop_bounding_boxes', given))),
);
/** `elastic` of boxes, a plain tensor. Mirrors `torchvision.transforms.v2.functional.elastic_bounding_boxes`. */
export const elastic_bounding_boxes = kernel(
  'elastic_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size', 'displacement'],
  ['clamping_mode'],
  (given) => plain(warp.elastic(boxes_in('elastic_bounding_boxes', given))),
);
/** `horizontal_flip` of boxes, a plain tensor. Mirrors `torchvision.transforms.v2.functional.horizontal_flip_bounding_boxes`. */
export const horizontal_flip_bounding_boxes = kernel(
  'horizontal_flip_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size'],
  [],
  (given) => plain(geometry.horizontal_flip(boxes_in('horizontal_flip_bounding_boxes', given))),
);
/** `pad` of boxes, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.pad_bounding_boxes`. */
export const pad_bounding_boxes = kernel(
  'pad_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size', 'padding'],
  ['padding_mode', 'clamping_mode'],
  (given) => placed(geometry.pad(boxes_in('pad_bounding_boxes', given))),
);
/** `perspective` of boxes, a plain tensor. Mirrors `torchvision.transforms.v2.functional.perspective_bounding_boxes`. */
export const perspective_bounding_boxes = kernel(
  'perspective_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size', 'startpoints', 'endpoints'],
  ['coefficients', 'clamping_mode'],
  (given) => plain(warp.perspective(boxes_in('perspective_bounding_boxes', given))),
);
/** `resize` of boxes, a plain tensor, with the size of the image then. Mirrors
 * `torchvision.transforms.v2.functional.resize_bounding_boxes`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.resize_bounding_boxes(torch.tensor([[1, 2, 3, 4]]), [10, 20], [20, 40])); // [tensor([[2, 4, 6, 8]]), (20, 40)]
 * ```
 */
export const resize_bounding_boxes = kernel(
  'resize_bounding_boxes',
  ['bounding_boxes', 'canvas_size', 'size_or_none'],
  ['max_size', 'format', 'clamping_mode'],
  (given) => placed(geometry.resize(boxes_in('resize_bounding_boxes', given))),
);
/** `resized_crop` of boxes, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.resized_crop_bounding_boxes`. */
export const resized_crop_bounding_boxes = kernel(
  'resized_crop_bounding_boxes',
  ['bounding_boxes', 'format', 'top', 'left', 'height', 'width', 'size'],
  ['clamping_mode'],
  (given) => placed(geometry.resized_crop(boxes_in('resized_crop_bounding_boxes', given))),
);
/** `rotate` of boxes, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.rotate_bounding_boxes`. */
export const rotate_bounding_boxes = kernel(
  'rotate_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size', 'angle'],
  ['expand', 'center', 'clamping_mode'],
  (given) => placed(warp.rotate(boxes_in('rotate_bounding_boxes', given))),
);
/** `vertical_flip` of boxes, a plain tensor. Mirrors `torchvision.transforms.v2.functional.vertical_flip_bounding_boxes`. */
export const vertical_flip_bounding_boxes = kernel(
  'vertical_flip_bounding_boxes',
  ['bounding_boxes', 'format', 'canvas_size'],
  [],
  (given) => plain(geometry.vertical_flip(boxes_in('vertical_flip_bounding_boxes', given))),
);
/** `affine` of points, a plain tensor, with the size of the image. Mirrors `torchvision.transforms.v2.functional.affine_keypoints`. */
export const affine_keypoints = kernel(
  'affine_keypoints',
  ['keypoints', 'canvas_size', 'angle', 'translate', 'scale', 'shear'],
  ['center'],
  (given) => placed(warp.affine(points_in('affine_keypoints', given))),
);
/** `center_crop` of points, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.center_crop_keypoints`. */
export const center_crop_keypoints = kernel(
  'center_crop_keypoints',
  ['inpt', 'canvas_size', 'output_size'],
  [],
  ({ inpt: keypoints, ...others }) =>
    placed(geometry.center_crop(points_in('center_crop_keypoints', { ...others, keypoints }))),
);
/** `crop` of points, a plain tensor, with the size of the image then. Mirrors
 * `torchvision.transforms.v2.functional.crop_keypoints`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.crop_keypoints(torch.tensor([[4, 6]]), 1, 2, 8, 9)); // [tensor([[2, 5]]), (8, 9)]
 * ```
 */
export const crop_keypoints = kernel('crop_keypoints', ['keypoints', 'top', 'left', 'height', 'width'], [], (given) =>
  placed(geometry.crop(points_in('crop_keypoints', given))),
);
/** `elastic` of points, a plain tensor. Mirrors `torchvision.transforms.v2.functional.elastic_keypoints`. */
export const elastic_keypoints = kernel(
  'elastic_keypoints',
  ['keypoints', 'canvas_size', 'displacement'],
  [],
  (given) => plain(warp.elastic(points_in('elastic_keypoints', given))),
);
/** `horizontal_flip` of points, a plain tensor. Mirrors `torchvision.transforms.v2.functional.horizontal_flip_keypoints`. */
export const horizontal_flip_keypoints = kernel(
  'horizontal_flip_keypoints',
  ['keypoints', 'canvas_size'],
  [],
  (given) => plain(geometry.horizontal_flip(points_in('horizontal_flip_keypoints', given))),
);
/** `pad` of points, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.pad_keypoints`. */
export const pad_keypoints = kernel(
  'pad_keypoints',
  ['keypoints', 'canvas_size', 'padding'],
  ['padding_mode'],
  (given) => placed(geometry.pad(points_in('pad_keypoints', given))),
);
/** `perspective` of points, a plain tensor. Mirrors `torchvision.transforms.v2.functional.perspective_keypoints`. */
export const perspective_keypoints = kernel(
  'perspective_keypoints',
  ['keypoints', 'canvas_size', 'startpoints', 'endpoints'],
  ['coefficients'],
  (given) => plain(warp.perspective(points_in('perspective_keypoints', given))),
);
/** `resize` of points, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.resize_keypoints`. */
export const resize_keypoints = kernel(
  'resize_keypoints',
  ['keypoints', 'size_or_none', 'canvas_size'],
  ['max_size'],
  (given) => placed(geometry.resize(points_in('resize_keypoints', given))),
);
/** `resized_crop` of points, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.resized_crop_keypoints`. */
export const resized_crop_keypoints = kernel(
  'resized_crop_keypoints',
  ['keypoints', 'top', 'left', 'height', 'width', 'size'],
  [],
  (given) => placed(geometry.resized_crop(points_in('resized_crop_keypoints', given))),
);
/** `rotate` of points, a plain tensor, with the size of the image then. Mirrors `torchvision.transforms.v2.functional.rotate_keypoints`. */
export const rotate_keypoints = kernel(
  'rotate_keypoints',
  ['keypoints', 'canvas_size', 'angle'],
  ['expand', 'center'],
  (given) => placed(warp.rotate(points_in('rotate_keypoints', given))),
);
/** `vertical_flip` of points, a plain tensor. Mirrors `torchvision.transforms.v2.functional.vertical_flip_keypoints`. */
export const vertical_flip_keypoints = kernel('vertical_flip_keypoints', ['keypoints', 'canvas_size'], [], (given) =>
  plain(geometry.vertical_flip(points_in('vertical_flip_keypoints', given))),
);

const SIZE_OF_BOXES = signature<{ bounding_box: BoundingBoxes }>(
  'get_size_bounding_boxes',
  'bounding_box: BoundingBoxes',
);
const SIZE_OF_POINTS = signature<{ keypoints: KeyPoints }>('get_size_keypoints', 'keypoints: KeyPoints');

/** Height and width of the image of boxes. Mirrors
 * `torchvision.transforms.v2.functional.get_size_bounding_boxes`.
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(F2.get_size_bounding_boxes(boxes)); // [10, 20]
 * ```
 */
export function get_size_bounding_boxes(
  ...args: [bounding_box: BoundingBoxes] | [options: { bounding_box: BoundingBoxes }]
): [height: number, width: number];
export function get_size_bounding_boxes(...args: unknown[]): [number, number] {
  return values.size_of(SIZE_OF_BOXES.read(args).bounding_box);
}

/** Height and width of the image of points. Mirrors
 * `torchvision.transforms.v2.functional.get_size_keypoints`.
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.get_size_keypoints(new tv_tensors.KeyPoints([1, 2], { canvas_size: [10, 20] }))); // [10, 20]
 * ```
 */
export function get_size_keypoints(
  ...args: [keypoints: KeyPoints] | [options: { keypoints: KeyPoints }]
): [height: number, width: number];
export function get_size_keypoints(...args: unknown[]): [number, number] {
  return values.size_of(SIZE_OF_POINTS.read(args).keypoints);
}
