/** Functions that choose among pixels, of images, videos, masks, boxes and points. */
import { cpu } from '../../../../backends/index.js';
import { from_nested } from '../../../../creation.js';
import { interpolate, type InterpolateOptions } from '../../../../nn/functional/index.js';
import { python_repr } from '../../../../python/print.js';
import { float32, float64, uint8, type DType } from '../../../../types/dtype.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import { BoundingBoxFormat, is_rotated, type BoundingBoxes, type CanvasSize } from '../../../tv_tensors/boxes.js';
import { InterpolationMode, mode_of, type Interpolation } from '../../functional/interpolation_mode.js';
import {
  borders,
  center_cropped,
  check_padding,
  cropped,
  height_and_width,
  padded,
  resized_size,
  round_half_even,
  type PaddingMode,
} from '../../functional/geometry.js';
import { is_computed_as_pillow, resized_as_pillow } from '../../functional/pil_image.js';
import { padded_as_pillow } from '../../functional/pil_warps.js';
import type { Fill } from '../../functional/warp.js';
import { clamped, columns, converted, from_columns, numbers_like, shift_of } from './boxes.js';
import { by_custom_kernel, dispatch, flattened, type Placed } from './dispatch.js';
import { mirrored_rotated, rectangles_of } from './rotated_boxes.js';

/** A mode, its name, or Pillow's number of it. */
export type InterpolationLike = Interpolation | string;

/** The name of a mode for `interpolate`. @throws Error for other names */
export function mode_name(interpolation: InterpolationLike): string {
  if (typeof interpolation !== 'string') return mode_of(interpolation).value;
  const names = ['nearest', 'nearest-exact', 'bilinear', 'bicubic', 'box', 'hamming', 'lanczos'];
  const name = interpolation.toLowerCase();
  if (!names.includes(name)) throw new Error(`'${interpolation}' is not a valid InterpolationMode`);
  return name;
}

export const FLIP = signature<{ inpt: Tensor }>('horizontal_flip', 'inpt: Tensor');
export const VERTICAL_FLIP = FLIP.renamed('vertical_flip');

/** Boxes seen in a mirror along an axis: 0 for x, 1 for y. */
function mirrored_boxes(values: Tensor, { format, canvas_size }: BoundingBoxes, axis: 0 | 1): Tensor {
  const size = axis === 0 ? canvas_size[1]! : canvas_size[0]!;
  if (is_rotated(format)) return mirrored_rotated(values, format, size, axis);
  const parts = columns(values);
  const from_far_side = (place: Tensor): Tensor => place.sub(size).neg();
  if (format === BoundingBoxFormat.XYXY) {
    const [near, far] = [parts[axis], parts[axis + 2]!];
    parts[axis] = from_far_side(far);
    parts[axis + 2] = from_far_side(near);
  } else {
    const edge = format === BoundingBoxFormat.XYWH ? parts[axis].add(parts[axis + 2]!) : parts[axis];
    parts[axis] = from_far_side(edge);
  }
  return from_columns(parts);
}

/** Points seen in a mirror along an axis. */
function mirrored_points(values: Tensor, size: number, axis: 0 | 1): Tensor {
  const parts = values.unbind(-1);
  parts[axis] = parts[axis]!.sub(size - 1).neg();
  return from_columns(parts);
}

/** As {@link horizontal_flip}, or {@link vertical_flip} for the axis 1. */
export function flipped<T extends Tensor>(inpt: T, axis: 0 | 1): T {
  const flip = (image: Tensor): Tensor => image.flip(axis === 0 ? -1 : -2);
  return dispatch(inpt, [axis === 0 ? 'horizontal_flip' : 'vertical_flip'], {
    image: flip,
    mask: flip,
    boxes: (values, boxes) => [mirrored_boxes(values, boxes, axis)],
    points: (values, { canvas_size }) => [mirrored_points(values, canvas_size[1 - axis]!, axis)],
  });
}

/**
 * Flips an input from left to right. Mirrors `torchvision.transforms.v2.functional.horizontal_flip`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.functional.horizontal_flip(boxes)); // BoundingBoxes([[17,  2, 19,  4]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 20), clamping_mode=soft)
 * ```
 */
export function horizontal_flip<T extends Tensor>(...args: [inpt: T] | [options: { inpt: T }]): T;
export function horizontal_flip(...args: unknown[]): Tensor {
  return flipped(FLIP.read(args).inpt, 0);
}

/**
 * Flips an input upside down. Mirrors `torchvision.transforms.v2.functional.vertical_flip`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([1, 2], { canvas_size: [10, 20] });
 * print(transforms.v2.functional.vertical_flip(points)); // KeyPoints([[1, 7]], canvas_size=(10, 20))
 * ```
 */
export function vertical_flip<T extends Tensor>(...args: [inpt: T] | [options: { inpt: T }]): T;
export function vertical_flip(...args: unknown[]): Tensor {
  return flipped(VERTICAL_FLIP.read(args).inpt, 1);
}

/** Whether bytes are resampled as they are, as torchvision decides it: by what the CPU can. */
function takes_bytes(mode: string): boolean {
  if (mode === 'bicubic' || mode === 'lanczos' || mode.startsWith('nearest')) return true;
  if (mode !== 'bilinear') return false;
  return ['AVX2', 'AVX512'].includes(cpu.get_cpu_capability()) || process.arch === 'arm64';
}

/** Resamples the last two dimensions. */
function resampled(
  image: Tensor,
  [height, width]: readonly [number, number],
  mode: string,
  antialias: boolean,
): Tensor {
  const old = [image.size(-2), image.size(-1)];
  if (old[0] === height && old[1] === width) return image;
  if (is_computed_as_pillow(image)) return resized_as_pillow(image, [height, width], mode);
  const smooth = ['bilinear', 'bicubic', 'lanczos'].includes(mode);
  if (mode === 'lanczos' && !antialias) throw new Error('InterpolationMode.LANCZOS requires antialias=True');
  const shape = [...image.shape];
  const [channels] = shape.slice(-3) as [number];
  const leading = shape.slice(0, -3);
  const result = [...leading, channels, height, width];
  if (image.numel() === 0) return image.reshape(result);
  const native: DType[] = image.device.type === 'cpu' || !smooth ? [uint8] : [];
  const as_it_is = [float32, float64, ...(takes_bytes(mode) ? native : [])].includes(image.dtype);
  const batch = image.reshape([-1, channels, ...old] as number[]);
  const options: InterpolateOptions = {
    size: [height, width],
    mode: mode as InterpolateOptions['mode'] & string,
    align_corners: smooth ? false : null,
    antialias: antialias && smooth,
  };
  let output = interpolate(as_it_is ? batch : batch.to(float32), options);
  if (!as_it_is) {
    if ((mode === 'bicubic' || mode === 'lanczos') && image.dtype === uint8) output = output.clamp(0, 255);
    output = (image.is_floating_point() ? output : output.round()).to(image.dtype);
  }
  return output.reshape(result);
}

/** Masks have two dimensions at least, images three. */
export const as_image = (mask: Tensor, run: (image: Tensor) => Tensor): Tensor =>
  mask.dim() < 3 ? run(mask.unsqueeze(0)).squeeze(0) : run(mask);

/** How {@link resize} is done. */
export interface ResizeHow {
  readonly size: readonly number[] | null;
  readonly mode: string;
  readonly max_size: number | null;
  readonly antialias: boolean;
}

/** @throws Error for a size of other than one or two numbers, and for none without `max_size` */
export function checked_sizes(
  size: number | readonly number[] | null,
  max_size: number | null,
): readonly number[] | null {
  if (size === null) {
    if (max_size === null) throw new Error('max_size must be an integer when size is None, but got None instead.');
    return null;
  }
  const sizes = typeof size === 'number' ? [size] : [...size];
  if (sizes.length === 1 || sizes.length === 2) return sizes;
  throw new Error(
    `size can be an integer, a sequence of one or two integers, or None, but got ${python_repr(size)} instead.`,
  );
}

/** As {@link resize}. */
export function resized<T extends Tensor>(inpt: T, { size, mode, max_size, antialias }: ResizeHow): T {
  const target = (from: CanvasSize): [number, number] => resized_size([from[0]!, from[1]!], size, max_size);
  const image = (img: Tensor): Tensor => resampled(img, target([img.size(-2), img.size(-1)]), mode, antialias);
  const nearest = mode.startsWith('nearest') ? mode : 'nearest';
  const scaled = (values: Tensor, from: CanvasSize, twice: boolean): Placed => {
    const [height, width] = target(from);
    if (height === from[0] && width === from[1]) return [values, from];
    const ratios = [width / from[1]!, height / from[0]!];
    const factors = from_nested(twice ? [...ratios, ...ratios] : ratios, { dtype: float32 }, 'resize').to(
      values.device,
    );
    return [values.mul(factors).to(values.dtype), [height, width]];
  };
  return dispatch(inpt, ['resize', { size, interpolation: mode, max_size, antialias }], {
    pil: image,
    image,
    mask: (mask) => as_image(mask, (img) => resampled(img, target([img.size(-2), img.size(-1)]), nearest, false)),
    boxes: (values, { format, canvas_size, clamping_mode }) => {
      if (!is_rotated(format)) return scaled(values, canvas_size, true);
      const [points, new_size = canvas_size] = scaled(
        converted(values, format, BoundingBoxFormat.XYXYXYXY).view(-1, 2),
        canvas_size,
        false,
      );
      if (new_size === canvas_size) return [values, canvas_size];
      const boxes = rectangles_of(points.view(-1, 8));
      const inside = clamped(boxes, BoundingBoxFormat.XYXYXYXY, new_size, clamping_mode);
      return [converted(inside, BoundingBoxFormat.XYXYXYXY, format).to(values.dtype), new_size];
    },
    points: (values, { canvas_size }) => scaled(values, canvas_size, false),
  });
}

interface ResizeArguments {
  inpt: Tensor;
  size: number | readonly number[] | null;
  interpolation?: InterpolationLike;
  max_size?: number | null;
  antialias?: boolean | null;
}

const INTERPOLATION = 'interpolation?: InterpolationMode|int|str';
export const RESIZE = signature<ResizeArguments>(
  'resize',
  `inpt: Tensor, size: int|int[]|None, ${INTERPOLATION}, max_size?: int|None, antialias?: bool|None`,
);

/**
 * Resizes an input. Mirrors `torchvision.transforms.v2.functional.resize`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param size - height and width, one number for the shorter edge, or null: the longer edge becomes `max_size`
 * @param interpolation - default `InterpolationMode.BILINEAR`; masks take the nearest pixels
 * @param max_size - the most that the longer edge may have; default null
 * @param antialias - low-pass filter when downsampling; default true
 * @returns of the same class; boxes and points have the new size of the image
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.functional.resize(boxes, [20, 40])); // BoundingBoxes([[2, 4, 6, 8]], format=BoundingBoxFormat.XYXY, canvas_size=(20, 40), clamping_mode=soft)
 * ```
 */
export function resize<T extends Tensor>(
  ...args: Arguments<
    [
      inpt: T,
      size: number | readonly number[] | null,
      interpolation?: InterpolationLike,
      max_size?: number | null,
      antialias?: boolean | null,
    ],
    ResizeArguments & { inpt: T },
    ['inpt', 'size', 'interpolation', 'max_size', 'antialias']
  >
): T;
export function resize(...args: unknown[]): Tensor {
  const {
    inpt,
    size,
    interpolation = InterpolationMode.BILINEAR,
    max_size = null,
    antialias = true,
  } = RESIZE.read(args);
  const how = { size: checked_sizes(size, max_size), mode: mode_name(interpolation), max_size };
  return resized(inpt, { ...how, antialias: antialias ?? false });
}

/** As {@link crop}. */
export function part_of<T extends Tensor>(inpt: T, top: number, left: number, height: number, width: number): T {
  const cut = (image: Tensor): Tensor => cropped(image, top, left, height, width);
  return dispatch(inpt, ['crop', { top, left, height, width }], {
    image: cut,
    mask: cut,
    boxes: (values, { format, clamping_mode }) => {
      const moved = values.sub(shift_of(values, format, left, top));
      const boxes = format === BoundingBoxFormat.XYXYXYXY ? rectangles_of(moved) : moved;
      return [clamped(boxes, format, [height, width], clamping_mode), [height, width]];
    },
    points: (values) => [values.sub(numbers_like(values, [left, top])), [height, width]],
  });
}

interface CropArguments {
  inpt: Tensor;
  top: number;
  left: number;
  height: number;
  width: number;
}

export const CROP = signature<CropArguments>('crop', 'inpt: Tensor, top: int, left: int, height: int, width: int');

/**
 * Cuts a part out of an input. Mirrors `torchvision.transforms.v2.functional.crop`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param top - row of the upper edge
 * @param left - column of the left edge
 * @param height - number of rows
 * @param width - number of columns
 * @returns of the same class; boxes are cut off at the edges of the part
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 9, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.functional.crop(boxes, 1, 2, 5, 5)); // BoundingBoxes([[0, 1, 5, 3]], format=BoundingBoxFormat.XYXY, canvas_size=(5, 5), clamping_mode=soft)
 * ```
 */
export function crop<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, top: number, left: number, height: number, width: number],
    CropArguments & { inpt: T },
    ['inpt', 'top', 'left', 'height', 'width']
  >
): T;
export function crop(...args: unknown[]): Tensor {
  const { inpt, top, left, height, width } = CROP.read(args);
  return part_of(inpt, top, left, height, width);
}

/** As {@link center_crop}. */
export function middle_of<T extends Tensor>(inpt: T, size: readonly number[]): T {
  const [height, width] = size as [number, number];
  const cut = (image: Tensor): Tensor => center_cropped(image, [height, width]);
  const placed = (like: Tensor, [full_height, full_width]: CanvasSize): Tensor => {
    const top = round_half_even((full_height! - height) / 2);
    return part_of(like, top, round_half_even((full_width! - width) / 2), height, width);
  };
  return dispatch(inpt, ['center_crop', { output_size: size }], {
    image: cut,
    mask: cut,
    boxes: (_values, boxes) => [placed(boxes, boxes.canvas_size), [height, width]],
    points: (_values, points) => [placed(points, points.canvas_size), [height, width]],
  });
}

type SizeArguments = { inpt: Tensor; output_size: number | readonly number[] };
export const CENTER_CROP = signature<SizeArguments>('center_crop', 'inpt: Tensor, output_size: int|int[]');

/** @throws Error for more than two numbers */
export function two_sizes(size: number | readonly number[]): readonly number[] {
  const both = height_and_width(size);
  if (both.length !== 2) throw new Error('Please provide only two dimensions (h, w) for size.');
  return both;
}

/**
 * Cuts the middle out of an input; smaller images get a border of zeros. Mirrors
 * `torchvision.transforms.v2.functional.center_crop`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param output_size - height and width, or one number for both
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const mask = new tv_tensors.Mask(torch.arange(16).view(4, 4));
 * print(transforms.v2.functional.center_crop(mask, 2)); // Mask([[ 5,  6],
 * //       [ 9, 10]])
 * ```
 */
export function center_crop<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, output_size: number | readonly number[]],
    SizeArguments & { inpt: T },
    ['inpt', 'output_size']
  >
): T;
export function center_crop(...args: unknown[]): Tensor {
  const { inpt, output_size } = CENTER_CROP.read(args);
  return middle_of(inpt, two_sizes(output_size));
}

interface ResizedCropArguments extends CropArguments {
  size: number | readonly number[];
  interpolation?: InterpolationLike;
  antialias?: boolean | null;
}

export const RESIZED_CROP = signature<ResizedCropArguments>(
  'resized_crop',
  `inpt: Tensor, top: int, left: int, height: int, width: int, size: int|int[], ${INTERPOLATION}, antialias?: bool|None`,
);

/** As {@link resized_crop}. */
export function resized_part<T extends Tensor>(
  inpt: T,
  part: readonly [number, number, number, number],
  how: ResizeHow,
): T {
  const [top, left, height, width] = part;
  const { size, mode: interpolation, antialias } = how;
  const custom = by_custom_kernel(['resized_crop', { top, left, height, width, size, interpolation, antialias }], inpt);
  if (custom !== undefined) return custom[0] as T;
  return resized(part_of(inpt, ...part), how);
}

/**
 * Cuts a part out of an input and resizes it. Mirrors `torchvision.transforms.v2.functional.resized_crop`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param top - row of the upper edge
 * @param left - column of the left edge
 * @param height - number of rows
 * @param width - number of columns
 * @param size - height and width of the result, or one number for the shorter edge
 * @param interpolation - default `InterpolationMode.BILINEAR`; masks take the nearest pixels
 * @param antialias - low-pass filter when downsampling; default true
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([[4, 6]], { canvas_size: [10, 20] });
 * print(transforms.v2.functional.resized_crop(points, 2, 2, 5, 5, [10, 10])); // KeyPoints([[4, 8]], canvas_size=(10, 10))
 * ```
 */
export function resized_crop<T extends Tensor>(
  ...args: Arguments<
    [
      inpt: T,
      top: number,
      left: number,
      height: number,
      width: number,
      size: number | readonly number[],
      interpolation?: InterpolationLike,
      antialias?: boolean | null,
    ],
    ResizedCropArguments & { inpt: T },
    ['inpt', 'top', 'left', 'height', 'width', 'size', 'interpolation', 'antialias']
  >
): T;
export function resized_crop(...args: unknown[]): Tensor {
  const {
    inpt,
    top,
    left,
    height,
    width,
    size,
    interpolation = InterpolationMode.BILINEAR,
    antialias = true,
  } = RESIZED_CROP.read(args);
  return resized_part(inpt, [top, left, height, width], {
    size: checked_sizes(size, null),
    mode: mode_name(interpolation),
    max_size: null,
    antialias: antialias ?? false,
  });
}

/** A border of one value, or of one for each channel. */
function padded_image(image: Tensor, sides: readonly number[], fill: Fill, mode: PaddingMode): Tensor {
  const values = typeof fill === 'number' || fill === null ? [fill ?? 0] : fill;
  if (values.length === 1) return flattened(image, (batch) => padded(batch, sides, values[0]!, mode));
  if (mode !== 'constant') throw new Error(`Padding mode '${mode}' is not supported if fill is not scalar`);
  const result = flattened(image, (batch) => padded(batch, sides, 0, mode)).clone();
  const color = from_nested(values as number[], { dtype: float32 }, 'pad')
    .to(image.dtype)
    .to(image.device)
    .view(-1, 1, 1);
  const [left, top, right, bottom] = sides as [number, number, number, number];
  const paint = (dim: number, from: number, length: number): void => {
    if (length > 0) result.narrow(dim, from, length).copy_(color);
  };
  paint(-2, 0, top);
  paint(-1, 0, left);
  paint(-2, result.size(-2) - bottom, bottom);
  paint(-1, result.size(-1) - right, right);
  return result;
}

/** As {@link pad}. */
export function bordered<T extends Tensor>(inpt: T, sides: readonly number[], fill: Fill, mode: PaddingMode): T {
  const [left, top, right, bottom] = sides as [number, number, number, number];
  const canvas = ([height, width]: CanvasSize): [number, number] => [height! + top + bottom, width! + left + right];
  const check = (what: string): void => {
    if (mode !== 'constant') throw new Error(`Padding mode '${mode}' is not supported with ${what}`);
  };
  return dispatch(inpt, ['pad', { padding: sides, fill, padding_mode: mode }], {
    pil: (image) => padded_as_pillow(image, sides, fill, mode),
    image: (image) => padded_image(image, sides, fill, mode),
    mask: (mask) => {
      if (typeof fill === 'object' && fill !== null) throw new Error('Non-scalar fill value is not supported');
      return as_image(mask, (image) => padded_image(image, sides, fill, mode));
    },
    boxes: (values, { format, canvas_size, clamping_mode }) => {
      check('bounding boxes');
      const size = canvas(canvas_size);
      return [clamped(values.add(shift_of(values, format, left, top)), format, size, clamping_mode), size];
    },
    points: (values, { canvas_size }) => {
      check('KeyPoints (supported modes are constant)');
      return [values.add(numbers_like(values, [left, top])), canvas(canvas_size)];
    },
  });
}

interface PadArguments {
  inpt: Tensor;
  padding: number | readonly number[];
  fill?: Fill;
  padding_mode?: PaddingMode;
}

export const PAD = signature<PadArguments>(
  'pad',
  'inpt: Tensor, padding: int|int[], fill?: float|float[]|None, padding_mode?: str',
);

/**
 * Adds a border to an input. Mirrors `torchvision.transforms.v2.functional.pad`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param padding - of all sides, of left/right and top/bottom, or of left, top, right and bottom
 * @param fill - the value of a constant border, of all channels or of each; default null: 0
 * @param padding_mode - `'constant'`, the default, `'edge'`, `'reflect'` or `'symmetric'`; boxes and points take the first
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYWH', canvas_size: [10, 20] });
 * print(transforms.v2.functional.pad(boxes, [1, 2])); // BoundingBoxes([[2, 4, 3, 4]], format=BoundingBoxFormat.XYWH, canvas_size=(14, 22), clamping_mode=soft)
 * ```
 */
export function pad<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, padding: number | readonly number[], fill?: Fill, padding_mode?: PaddingMode],
    PadArguments & { inpt: T },
    ['inpt', 'padding', 'fill', 'padding_mode']
  >
): T;
export function pad(...args: unknown[]): Tensor {
  const { inpt, padding, fill = null, padding_mode = 'constant' } = PAD.read(args);
  check_padding(padding, padding_mode);
  return bordered(inpt, borders(padding), fill, padding_mode);
}
