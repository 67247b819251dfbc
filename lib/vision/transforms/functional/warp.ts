/** Functions that move pixels along a grid: rotations, affine and perspective transformations, elastic ones. */
import { cat, linspace, ones, stack, where } from '../../../generated/functions.js';
import { from_nested } from '../../../creation.js';
import { lstsq } from '../../../generated/linalg.js';
import { grid_sample } from '../../../nn/functional/index.js';
import { cos, radians, sin, tan } from '../../../python/math.js';
import { python_repr } from '../../../python/print.js';
import { float32, float64, type DType } from '../../../types/dtype.js';
import type { Device } from '../../../types/device.js';
import { python_size } from '../../../_internal/representation.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { check_image, dimensions, through_batch, working_dtype } from './image.js';
import { InterpolationMode, mode_of, type Interpolation } from './interpolation_mode.js';
import { is_computed_as_pillow } from './pil_image.js';
import { rotated_as_pillow, warped_as_pillow } from './pil_warps.js';

/** The value outside of the image, of all channels or of each; null is 0. */
export type Fill = number | readonly number[] | null;

/** @throws Error for what torchvision refuses */
export function check_warp(img: Tensor, mode: string, fill: Fill): void {
  const [channels] = dimensions(img);
  if (fill !== null && typeof fill !== 'number' && fill.length > 1 && fill.length !== channels) {
    throw new Error(
      "The number of elements in 'fill' cannot broadcast to match the number of channels of the image " +
        `(${fill.length} != ${channels})`,
    );
  }
  if (mode !== 'nearest' && mode !== 'bilinear') {
    throw new Error(`Interpolation mode '${mode}' is unsupported with Tensor input`);
  }
}

/** `values` where `share` is 1, `background` where it is 0. */
type Mix = (values: Tensor, share: Tensor, background: Tensor) => Tensor;
const weighted: Mix = (values, share, background) => values.mul(share).add(share.neg().add(1).mul(background));

/** An image along a grid of shape `(1, H', W', 2)`, in the coordinates of `grid_sample`; v2 mixes with another rounding. */
export function sample_along(img: Tensor, grid: Tensor, mode: string, fill: Fill, mix: Mix = weighted): Tensor {
  return through_batch(img, [grid.dtype], (batch) => {
    const [count] = batch.shape as unknown as [number];
    const places = count > 1 ? grid.expand(count, -1, -1, -1) : grid;
    const options = { mode: mode as 'nearest', padding_mode: 'zeros', align_corners: false } as const;
    if (fill === null) return grid_sample(batch, places, options);
    // A channel of ones becomes how much of each pixel is from within the image.
    const [, , height, width] = batch.shape as unknown as [number, number, number, number];
    const inside = ones([count, 1, height, width], { dtype: batch.dtype, device: batch.device });
    const sampled = grid_sample(cat([batch, inside], 1), places, options);
    const channels = sampled.size(1) - 1;
    const values = sampled.narrow(1, 0, channels);
    const share = sampled.narrow(1, channels, 1).expand_as(values);
    const colors = from_nested(typeof fill === 'number' ? [fill] : fill, { dtype: batch.dtype }, 'fill');
    const background = colors.to(batch.device).view(1, -1, 1, 1).expand_as(values);
    if (mode === 'nearest') return where(share.lt(0.5), background, values);
    return mix(values, share, background);
  });
}

/** Homogeneous coordinates `(x, y, 1)` of pixels, from given first ones, of shape `(1, H * W, 3)`. */
function pixel_places(
  [height, width]: readonly [number, number],
  [first_y, first_x]: readonly [number, number],
  dtype: DType,
  device: Device,
): Tensor {
  const along = (first: number, count: number): Tensor =>
    linspace(first, first + count - 1, count, { device }).to(dtype);
  const x = along(first_x, width).expand(height, width);
  const y = along(first_y, height).unsqueeze(-1).expand(height, width);
  const one = ones([height, width], { dtype, device });
  return stack([x, y, one], -1).view(1, height * width, 3);
}

/** The grid of an affine transformation around the middle of an image. */
export function affine_grid(
  matrix: readonly number[],
  [height, width]: readonly [number, number],
  [out_height, out_width]: readonly [number, number],
  dtype: DType,
  device: Device,
): Tensor {
  const theta = from_nested(matrix, { dtype }, 'affine').to(device).view(1, 2, 3);
  const half = from_nested([0.5 * width, 0.5 * height], { dtype }, 'affine').to(device);
  const first = (size: number): number => -size * 0.5 + 0.5;
  const places = pixel_places([out_height, out_width], [first(out_height), first(out_width)], dtype, device);
  return places.bmm(theta.transpose(1, 2).div(half)).view(1, out_height, out_width, 2);
}

/**
 * The matrix by which a place in the result is traced back to the image: of rotation, shears (in degrees) and scale around a
 * center, then a translation. Without `inverted`, the matrix that moves the image.
 */
export function affine_matrix(
  center: readonly number[],
  angle: number,
  translate: readonly number[],
  scale: number,
  shear: readonly number[],
  inverted = true,
): number[] {
  const rotation = radians(angle);
  const [shear_x, shear_y] = [radians(shear[0]!), radians(shear[1]!)];
  const [center_x, center_y] = center as [number, number];
  const [shift_x, shift_y] = translate as [number, number];
  const skewed = rotation - shear_y;
  const a = cos(skewed) / cos(shear_y);
  const b = (-cos(skewed) * tan(shear_x)) / cos(shear_y) - sin(rotation);
  const c = sin(skewed) / cos(shear_y);
  const d = (-sin(skewed) * tan(shear_x)) / cos(shear_y) + cos(rotation);
  // Rotations and shears have determinant 1, so that their inverse needs no division.
  const linear = inverted ? [d, -b, -c, a].map((x) => x / scale) : [a, b, c, d].map((x) => x * scale);
  const [xx, xy, yx, yy] = linear as [number, number, number, number];
  const before = inverted ? [-center_x - shift_x, -center_y - shift_y] : [-center_x, -center_y];
  const after = inverted ? [center_x, center_y] : [center_x + shift_x, center_y + shift_y];
  const offset = (by_x: number, by_y: number): number => by_x * before[0]! + by_y * before[1]!;
  return [xx, xy, offset(xx, xy) + after[0]!, yx, yy, offset(yx, yy) + after[1]!];
}

/** The size of the image that holds all of a rotated one. */
export function expanded_size(matrix: readonly number[], [height, width]: readonly [number, number]): [number, number] {
  const [x, y] = [0.5 * width, 0.5 * height];
  const corners = from_nested(
    [
      [-x, -y, 1],
      [-x, y, 1],
      [x, y, 1],
      [x, -y, 1],
    ],
    { dtype: float32 },
    'rotate',
  );
  const moved = corners.matmul(from_nested(matrix, { dtype: float32 }, 'rotate').view(2, 3).t());
  const middle = from_nested([x, y], { dtype: float32 }, 'rotate');
  // Multiples of 1e-4, so that 1e-15 more than a whole number is not a pixel more.
  const steps = (places: Tensor): Tensor => places.add(middle).div(1e-4).trunc().mul(1e-4);
  const size = steps(moved.amax(0))
    .ceil()
    .sub(steps(moved.amin(0)).floor());
  return [size.index(1).item<number>(), size.index(0).item<number>()];
}

/** From pixels of the image, for which (0, 0) is the upper left corner, to distances from its middle. */
function from_middle(img: Tensor, center: readonly number[] | null): [number, number] {
  if (center === null) return [0, 0];
  const [, height, width] = dimensions(img);
  return [center[0]! - width * 0.5, center[1]! - height * 0.5];
}

/** The options of {@link rotate}. */
export interface RotateOptions {
  /** `InterpolationMode.NEAREST`, the default, or `BILINEAR`. */
  interpolation?: Interpolation;
  /** Make the result large enough for the whole image. Default false. */
  expand?: boolean;
  /** The pixel `(x, y)` to rotate around. Default null: the middle. */
  center?: readonly number[] | null;
  /** The value outside of the image, of all channels or of each. Default null: 0. */
  fill?: Fill;
}

interface RotateArguments extends RotateOptions {
  img: Tensor;
  angle: number;
}

const ROTATE = signature<RotateArguments>(
  'rotate',
  'img: Tensor, angle: float, interpolation?: InterpolationMode|int, expand?: bool, center?: float[]|None, ' +
    'fill?: float|float[]|None',
);

/**
 * Rotates an image counterclockwise. Mirrors `torchvision.transforms.functional.rotate`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param angle - in degrees
 * @param interpolation - `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param expand - make the result large enough for the whole image; default false
 * @param center - the pixel `(x, y)` to rotate around; default null: the middle
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @throws Error for other modes, and for a `fill` of another number of channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.rotate(torch.tensor([[[1, 2], [3, 4]]]), 90)); // tensor([[[2, 4],
 * //          [1, 3]]])
 * ```
 */
export function rotate(
  ...args: Arguments<
    [
      img: Tensor,
      angle: number,
      interpolation?: Interpolation,
      expand?: boolean,
      center?: readonly number[] | null,
      fill?: Fill,
    ],
    RotateArguments,
    ['img', 'angle', 'interpolation', 'expand', 'center', 'fill']
  >
): Tensor;
export function rotate(...args: unknown[]): Tensor {
  const {
    img,
    angle,
    interpolation = InterpolationMode.NEAREST,
    expand = false,
    center = null,
    fill = null,
  } = ROTATE.read(args);
  const { value: mode } = mode_of(interpolation);
  if (is_computed_as_pillow(img)) return rotated_as_pillow(img, angle, mode, { expand, center, fill });
  const around = from_middle(img, center);
  // The angles of affine() go the other way.
  const matrix = affine_matrix(around, -angle, [0, 0], 1, [0, 0]);
  check_warp(img, mode, fill);
  const size = [img.size(-2), img.size(-1)] as const;
  const out = expand ? expanded_size(matrix, size) : size;
  return sample_along(img, affine_grid(matrix, size, out, working_dtype(img), img.device), mode, fill);
}

/** The options of {@link affine}. */
export interface AffineOptions {
  /** `InterpolationMode.NEAREST`, the default, or `BILINEAR`. */
  interpolation?: Interpolation;
  /** The value outside of the image, of all channels or of each. Default null: 0. */
  fill?: Fill;
  /** The pixel `(x, y)` that rotation, scale and shear leave where it is. Default null: the middle. */
  center?: readonly number[] | null;
}

interface AffineArguments extends AffineOptions {
  img: Tensor;
  angle: number;
  translate: readonly number[];
  scale: number;
  shear: number | readonly number[];
}

const AFFINE = signature<AffineArguments>(
  'affine',
  'img: Tensor, angle: float, translate: float[], scale: float, shear: float|float[], ' +
    'interpolation?: InterpolationMode|int, fill?: float|float[]|None, center?: float[]|None',
);

/** Both shears of one number, a list of one, or both. @throws Error for other lengths */
export function both_shears(shear: number | readonly number[]): readonly number[] {
  if (typeof shear === 'number') return [shear, 0];
  const both = shear.length === 1 ? [shear[0]!, shear[0]!] : shear;
  if (both.length !== 2) {
    throw new Error(`Shear should be a sequence containing two values. Got ${python_repr(shear)}`);
  }
  return both;
}

/** @throws Error for what torchvision refuses */
export function check_affine(translate: readonly number[], scale: number): void {
  if (translate.length !== 2) throw new Error('Argument translate should be a sequence of length 2');
  if (scale <= 0) throw new Error('Argument scale should be positive');
}

/**
 * Rotates, moves, scales and shears an image. Mirrors `torchvision.transforms.functional.affine`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param angle - in degrees, clockwise
 * @param translate - pixels to the right and down
 * @param scale - factor of the size
 * @param shear - degrees in x, or in x and y
 * @param interpolation - `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @param center - the pixel `(x, y)` that stays; default null: the middle
 * @throws Error for a scale that is not positive, other modes, and a `fill` of another number of channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.tensor([[[1, 2], [3, 4]]]);
 * print(transforms.functional.affine(img, 0, [1, 0], 1, 0, { fill: 9 })); // tensor([[[9, 1],
 * //          [9, 3]]])
 * ```
 */
export function affine(
  ...args: Arguments<
    [
      img: Tensor,
      angle: number,
      translate: readonly number[],
      scale: number,
      shear: number | readonly number[],
      interpolation?: Interpolation,
      fill?: Fill,
      center?: readonly number[] | null,
    ],
    AffineArguments,
    ['img', 'angle', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center']
  >
): Tensor;
export function affine(...args: unknown[]): Tensor {
  const {
    img,
    angle,
    translate,
    scale,
    shear,
    interpolation = InterpolationMode.NEAREST,
    fill = null,
    center = null,
  } = AFFINE.read(args);
  const { value: mode } = mode_of(interpolation);
  check_affine(translate, scale);
  const shears = both_shears(shear);
  const size = [img.size(-2), img.size(-1)] as const;
  if (is_computed_as_pillow(img)) {
    const around = center ?? [size[1] * 0.5, size[0] * 0.5];
    return warped_as_pillow(img, size, affine_matrix(around, angle, translate, scale, shears), mode, fill);
  }
  const matrix = affine_matrix(from_middle(img, center), angle, translate, scale, shears);
  check_warp(img, mode, fill);
  return sample_along(img, affine_grid(matrix, size, size, working_dtype(img), img.device), mode, fill);
}

/** Corners of a quadrilateral: top left, top right, bottom right, bottom left, each `[x, y]`. */
export type Corners = readonly (readonly number[])[];

/**
 * The eight coefficients of the projection that takes `endpoints` to `startpoints`.
 * @throws Error for other than four corners
 */
export function perspective_coefficients(startpoints: Corners, endpoints: Corners): number[] {
  if (startpoints.length !== 4 || endpoints.length !== 4) {
    throw new Error(
      `Please provide exactly four corners, got ${startpoints.length} startpoints and ${endpoints.length} endpoints.`,
    );
  }
  const rows = endpoints.flatMap((end, i) => {
    const [x, y] = end as [number, number];
    const [from_x, from_y] = startpoints[i] as [number, number];
    return [
      [x, y, 1, 0, 0, 0, -from_x * x, -from_x * y],
      [0, 0, 0, x, y, 1, -from_y * x, -from_y * y],
    ];
  });
  const system = from_nested(rows, { dtype: float32 }, 'perspective').to(float64);
  const wanted = from_nested(startpoints, { dtype: float64 }, 'perspective').view(8);
  // As in torchvision: the solution is in double precision, the coefficients are not.
  return lstsq(system, wanted, { driver: 'gels' }).solution.to(float32).tolist() as number[];
}

/** The grid of a projection. */
export function perspective_grid(
  coefficients: readonly number[],
  [height, width]: readonly [number, number],
  dtype: DType,
  device: Device,
): Tensor {
  const [a, b, c, d, e, f, g, h] = coefficients as number[];
  const constant = (values: readonly (readonly (number | undefined)[])[]): Tensor =>
    from_nested(values as number[][], { dtype }, 'perspective').to(device);
  const theta = constant([
    [a, b, c],
    [d, e, f],
  ]).unsqueeze(0);
  const depth = constant([
    [g, h, 1],
    [g, h, 1],
  ]).unsqueeze(0);
  const half = from_nested([0.5 * width, 0.5 * height], { dtype }, 'perspective').to(device);
  const places = pixel_places([height, width], [0.5, 0.5], dtype, device);
  const grid = places
    .bmm(theta.transpose(1, 2).div(half))
    .div(places.bmm(depth.transpose(1, 2)))
    .sub(1);
  return grid.view(1, height, width, 2);
}

/** The options of {@link perspective}. */
export interface PerspectiveOptions {
  /** `InterpolationMode.BILINEAR`, the default, or `NEAREST`. */
  interpolation?: Interpolation;
  /** The value outside of the image, of all channels or of each. Default null: 0. */
  fill?: Fill;
}

interface PerspectiveArguments extends PerspectiveOptions {
  img: Tensor;
  startpoints: Corners;
  endpoints: Corners;
}

const PERSPECTIVE = signature<PerspectiveArguments>(
  'perspective',
  'img: Tensor, startpoints: Corner[], endpoints: Corner[], interpolation?: InterpolationMode|int, ' +
    'fill?: float|float[]|None',
);

/**
 * Moves four corners of an image to other places, by a projection. Mirrors
 * `torchvision.transforms.functional.perspective`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param startpoints - corners `[x, y]` in the image: top left, top right, bottom right, bottom left
 * @param endpoints - where they are in the result
 * @param interpolation - `InterpolationMode.BILINEAR`, the default, or `NEAREST`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @throws Error for other than four corners, other modes, and a `fill` of another number of channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const corners = [[0, 0], [3, 0], [3, 3], [0, 3]];
 * const img = torch.arange(16).view(1, 4, 4);
 * print(transforms.functional.perspective(img, corners, [[3, 0], [0, 0], [0, 3], [3, 3]])); // tensor([[[ 2,  1,  0,  0],
 * //          [ 6,  5,  4,  0],
 * //          [10,  9,  8,  0],
 * //          [14, 13, 12,  0]]])
 * ```
 */
export function perspective(
  ...args: Arguments<
    [img: Tensor, startpoints: Corners, endpoints: Corners, interpolation?: Interpolation, fill?: Fill],
    PerspectiveArguments,
    ['img', 'startpoints', 'endpoints', 'interpolation', 'fill']
  >
): Tensor;
export function perspective(...args: unknown[]): Tensor {
  const {
    img,
    startpoints,
    endpoints,
    interpolation = InterpolationMode.BILINEAR,
    fill = null,
  } = PERSPECTIVE.read(args);
  const coefficients = perspective_coefficients(startpoints, endpoints);
  const { value: mode } = mode_of(interpolation);
  const size = [img.size(-2), img.size(-1)] as const;
  if (is_computed_as_pillow(img)) return warped_as_pillow(img, size, coefficients, mode, fill);
  check_warp(img, mode, fill);
  const grid = perspective_grid(coefficients, size, working_dtype(img), img.device);
  return sample_along(img, grid, mode, fill);
}

interface ElasticArguments extends PerspectiveOptions {
  img: Tensor;
  displacement: Tensor;
}

const ELASTIC_TRANSFORM = signature<ElasticArguments>(
  'elastic_transform',
  'img: Tensor, displacement: Tensor, interpolation?: InterpolationMode|int, fill?: float|float[]|None',
);

/** Where each pixel is, in the coordinates of `grid_sample`. */
export function identity_grid([height, width]: readonly [number, number], device: Device): Tensor {
  const along = (size: number): Tensor => linspace((-size + 1) / size, (size - 1) / size, size, { device });
  const x = along(width).expand(height, width);
  const y = along(height).unsqueeze(-1).expand(height, width);
  return stack([x, y], -1).unsqueeze(0);
}

/**
 * Moves each pixel by a displacement. Mirrors `torchvision.transforms.functional.elastic_transform`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param displacement - of shape `(1, H, W, 2)`, in x and y, where the image goes from -1 to 1
 * @param interpolation - `InterpolationMode.BILINEAR`, the default, or `NEAREST`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @throws Error for a displacement of another shape
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.tensor([[[1, 2], [3, 4]]]);
 * print(transforms.functional.elastic_transform(img, torch.ones(1, 2, 2, 2).mul(0.5))); // tensor([[[2, 2],
 * //          [2, 1]]])
 * ```
 */
export function elastic_transform(
  ...args: Arguments<
    [img: Tensor, displacement: Tensor, interpolation?: Interpolation, fill?: Fill],
    ElasticArguments,
    ['img', 'displacement', 'interpolation', 'fill']
  >
): Tensor;
export function elastic_transform(...args: unknown[]): Tensor {
  const { img, displacement, interpolation = InterpolationMode.BILINEAR, fill = null } = ELASTIC_TRANSFORM.read(args);
  const { value: mode } = mode_of(interpolation);
  check_image(img);
  const size = [img.size(-2), img.size(-1)] as const;
  const wanted = [1, ...size, 2];
  if (displacement.dim() !== 4 || wanted.some((length, i) => displacement.size(i) !== length)) {
    throw new Error(
      `Argument displacement shape should be ${python_size(wanted)}, but given ${String(displacement.shape)}`,
    );
  }
  const grid = identity_grid(size, img.device).add(displacement.to(img.device));
  return sample_along(img, grid, mode, fill);
}
