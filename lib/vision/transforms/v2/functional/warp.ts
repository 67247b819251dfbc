/** Functions that move pixels along a grid, of images, videos, masks, boxes and points. */
import { cat, ones, stack } from '../../../../generated/functions.js';
import { from_nested } from '../../../../creation.js';
import { cos, radians, sin, tan } from '../../../../python/math.js';
import { float32, int64 } from '../../../../types/dtype.js';
import { python_size } from '../../../../_internal/representation.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import {
  BoundingBoxFormat,
  is_rotated,
  type BoundingBoxes,
  type BoxFields,
  type CanvasSize,
} from '../../../tv_tensors/boxes.js';
import { working_dtype } from '../../functional/image.js';
import { InterpolationMode } from '../../functional/interpolation_mode.js';
import { quarter_turns, rotated_as_pillow, warped_as_pillow } from '../../functional/pil_warps.js';
import {
  affine_grid,
  both_shears,
  check_affine,
  check_warp,
  expanded_size,
  identity_grid,
  perspective_coefficients,
  perspective_grid,
  sample_along,
  type Corners,
  type Fill,
} from '../../functional/warp.js';
import { clamped, columns, converted, numbers_like } from './boxes.js';
import { dispatch, flattened, type Placed } from './dispatch.js';
import { as_image, mode_name, type InterpolationLike } from './geometry.js';
import { rectangles_of } from './rotated_boxes.js';

type Moved = (points: Tensor) => Tensor;

/** As the matrix of v1, with the roundings of v2. */
function affine_matrix(
  [center_x, center_y]: readonly number[],
  angle: number,
  [shift_x, shift_y]: readonly number[],
  scale: number,
  [shear_x, shear_y]: readonly number[],
  inverted = true,
): number[] {
  const rotation = radians(angle);
  const [skew_x, skew_y] = [tan(radians(shear_x!)), radians(shear_y!)];
  const a = cos(rotation - skew_y) / cos(skew_y);
  const b = -(a * skew_x + sin(rotation));
  const c = sin(rotation - skew_y) / cos(skew_y);
  const d = cos(rotation) - c * skew_x;
  const [moved_x, moved_y] = [center_x! + shift_x!, center_y! + shift_y!];
  const linear = inverted ? [d, -b, -c, a].map((x) => x / scale) : [a, b, c, d].map((x) => x * scale);
  const [xx, xy, yx, yy] = linear as [number, number, number, number];
  const [x, y] = inverted ? [moved_x, moved_y] : [center_x!, center_y!];
  const [to_x, to_y] = inverted ? [center_x!, center_y!] : [moved_x, moved_y];
  return [xx, xy, to_x - xx * x - xy * y, yx, yy, to_y - yx * x - yy * y];
}

/** An image along a grid. */
function along(image: Tensor, grid: Tensor, mode: string, fill: Fill): Tensor {
  const [height, width] = [grid.size(1), grid.size(2)];
  if (image.numel() === 0) return image.reshape([...image.shape.slice(0, -2), height, width]);
  return flattened(image, (batch) =>
    sample_along(batch, grid, mode, fill, (values, share, background) =>
      values.sub(background).mul(share).add(background),
    ),
  );
}

/** Points `(N, 2)`, with a third coordinate of 1. */
const homogeneous = (points: Tensor): Tensor =>
  cat([points, ones([points.size(0), 1], { dtype: points.dtype, device: points.device })], 1);

/** The corners of boxes XYXY, as points `(4 * N, 2)`. */
function corners_of(boxes: Tensor): Tensor {
  const [left, top, right, bottom] = columns(boxes);
  const corners = [left, top, right, top, right, bottom, left, bottom];
  return stack(corners, -1).view(-1, 2);
}

/** The boxes XYXY around corners that {@link corners_of} gave. */
function around(points: Tensor): Tensor {
  const quadrilaterals = points.view(-1, 4, 2);
  return cat([quadrilaterals.amin(1), quadrilaterals.amax(1)], 1);
}

const { XYXY, XYXYXYXY, CXCYWHR } = BoundingBoxFormat;

/** The format in which boxes are moved, their corners, and the boxes of moved corners. */
function in_corners(format: BoundingBoxFormat): {
  readonly through: BoundingBoxFormat;
  readonly corners: (boxes: Tensor) => Tensor;
  readonly boxes: (corners: Tensor) => Tensor;
} {
  if (!is_rotated(format)) return { through: XYXY, corners: corners_of, boxes: around };
  return {
    through: XYXYXYXY,
    corners: (boxes) => boxes.reshape(-1, 2),
    boxes: (corners) => rectangles_of(corners.view(-1, 8)),
  };
}

/** Numbers of a dtype on the device of a tensor. */
const constant = (like: Tensor, values: readonly unknown[]): Tensor =>
  from_nested(values as number[][], { dtype: like.dtype }, 'transforms').to(like.device);

/** The offset by which a turned image is moved so that all of it is within, and its size. */
interface Expansion {
  readonly offset: Tensor;
  readonly canvas_size: CanvasSize;
}

/** An affine transformation of points, around the middle of the image unless a center is given. */
class AffineOfPoints {
  constructor(
    private readonly matrix_of: (center: readonly number[], inverted: boolean) => number[],
    private readonly center: readonly number[] | null,
    private readonly expand: boolean,
  ) {}

  private around([height, width]: CanvasSize): readonly number[] {
    return this.center ?? [width! * 0.5, height! * 0.5];
  }

  private turned(points: Tensor, canvas_size: CanvasSize): Tensor {
    const matrix = constant(points, this.matrix_of(this.around(canvas_size), false));
    return homogeneous(points).matmul(matrix.view(2, 3).t());
  }

  private expansion(like: Tensor, canvas_size: CanvasSize): Expansion {
    const [height, width] = canvas_size as [number, number];
    const corners = constant(like, [
      [0, 0],
      [0, height],
      [width, height],
      [width, 0],
    ]);
    const offset = this.turned(corners, canvas_size).amin(0, true);
    const matrix = this.matrix_of(this.around(canvas_size), true);
    return { offset, canvas_size: expanded_size(matrix, [height, width]) };
  }

  points(values: Tensor, canvas_size: CanvasSize): Placed {
    if (values.numel() === 0) return [values, canvas_size];
    const floats = values.is_floating_point() ? values : values.to(float32);
    const moved = this.turned(floats.reshape(-1, 2), canvas_size);
    const back = (points: Tensor): Tensor => points.reshape([...values.shape]).to(values.dtype);
    if (!this.expand) return [back(moved), canvas_size];
    const { offset, canvas_size: size } = this.expansion(floats, canvas_size);
    return [back(moved.sub(offset)), size];
  }

  boxes(values: Tensor, { format, canvas_size, clamping_mode }: BoundingBoxes): Placed {
    if (values.numel() === 0) return [values, canvas_size];
    const floats = values.is_floating_point() ? values : values.to(float32);
    const { through, ...of } = in_corners(format);
    let boxes = of.boxes(this.turned(of.corners(converted(floats, format, through)), canvas_size));
    let size = canvas_size;
    if (this.expand) {
      const expansion = this.expansion(floats, canvas_size);
      boxes = boxes.sub(expansion.offset.repeat(1, boxes.size(1) / 2));
      size = expansion.canvas_size;
    }
    const inside = clamped(boxes, through, size, clamping_mode);
    return [
      converted(inside, through, format)
        .reshape([...values.shape])
        .to(values.dtype),
      size,
    ];
  }
}

interface RotateArguments {
  inpt: Tensor;
  angle: number;
  interpolation?: InterpolationLike;
  expand?: boolean;
  center?: readonly number[] | null;
  fill?: Fill;
}

const MODE = 'InterpolationMode|int|str';
const FILL = 'fill?: float|float[]|None';
export const ROTATE = signature<RotateArguments>(
  'rotate',
  `inpt: Tensor, angle: float, interpolation?: ${MODE}, expand?: bool, center?: float[]|None, ${FILL}`,
);

/** From pixels of the image, for which (0, 0) is the upper left corner, to distances from its middle. */
const from_middle = (image: Tensor, center: readonly number[] | null): [number, number] =>
  center === null ? [0, 0] : [center[0]! - image.size(-1) * 0.5, center[1]! - image.size(-2) * 0.5];

/** @throws Error unless it is a point */
function check_center(center: readonly number[] | null): void {
  if (center !== null && center.length !== 2) throw new Error('center should be a sequence of length 2.');
}

/** @throws TypeError for fewer than three dimensions */
function check_dimensions(image: Tensor): void {
  if (image.dim() >= 3) return;
  throw new TypeError(`Input image tensor should have at least 3 dimensions, but found ${image.dim()}`);
}

/**
 * Rotates an input counterclockwise. Mirrors `torchvision.transforms.v2.functional.rotate`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param angle - in degrees
 * @param interpolation - `InterpolationMode.NEAREST`, the default, or `BILINEAR`; masks take the nearest pixels
 * @param expand - make the result large enough for the whole image; default false
 * @param center - the pixel `(x, y)` to rotate around; default null: the middle
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @returns of the same class
 * @throws Error for other modes, and for a `fill` of another number of channels
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([[1, 2, 3, 4]], { format: 'XYXY', canvas_size: [10, 10] });
 * print(transforms.v2.functional.rotate(boxes, 90)); // BoundingBoxes([[2, 7, 4, 9]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 10), clamping_mode=soft)
 * ```
 */
export function rotate<T extends Tensor>(
  ...args: Arguments<
    [
      inpt: T,
      angle: number,
      interpolation?: InterpolationLike,
      expand?: boolean,
      center?: readonly number[] | null,
      fill?: Fill,
    ],
    RotateArguments & { inpt: T },
    ['inpt', 'angle', 'interpolation', 'expand', 'center', 'fill']
  >
): T;
export function rotate(...args: unknown[]): Tensor {
  const {
    inpt,
    angle,
    interpolation = InterpolationMode.NEAREST,
    expand = false,
    center = null,
    fill = null,
  } = ROTATE.read(args);
  const mode = mode_name(interpolation);
  check_center(center);
  const turned = (image: Tensor, how: string): Tensor => {
    check_dimensions(image);
    const within = ((angle % 360) + 360) % 360;
    const turns = center === null ? quarter_turns(image, within, expand) : undefined;
    if (turns !== undefined) return turns === 0 ? image.clone() : image.rot90(turns, [-2, -1]);
    const matrix = affine_matrix(from_middle(image, center), -within, [0, 0], 1, [0, 0]);
    check_warp(image, how, fill);
    const size = [image.size(-2), image.size(-1)] as const;
    const out = expand ? expanded_size(matrix, size) : size;
    return along(image, affine_grid(matrix, size, out, working_dtype(image), image.device), how, fill);
  };
  const points = new AffineOfPoints(
    (middle, inverted) => affine_matrix(middle, -angle, [0, 0], 1, [0, 0], inverted),
    center,
    expand,
  );
  return dispatch(inpt, ['rotate', { angle, interpolation, expand, center, fill }], {
    pil: (image) => rotated_as_pillow(image, angle, mode, { expand, center, fill }),
    image: (image) => turned(image, mode),
    mask: (mask) => as_image(mask, (image) => turned(image, 'nearest')),
    boxes: (values, boxes) => points.boxes(values, boxes),
    points: (values, { canvas_size }) => points.points(values, canvas_size),
  });
}

interface AffineArguments {
  inpt: Tensor;
  angle: number;
  translate: readonly number[];
  scale: number;
  shear: number | readonly number[];
  interpolation?: InterpolationLike;
  fill?: Fill;
  center?: readonly number[] | null;
}

export const AFFINE = signature<AffineArguments>(
  'affine',
  `inpt: Tensor, angle: float, translate: float[], scale: float, shear: float|float[], interpolation?: ${MODE}, ` +
    `${FILL}, center?: float[]|None`,
);

/**
 * Rotates, moves, scales and shears an input. Mirrors `torchvision.transforms.v2.functional.affine`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param angle - in degrees, clockwise
 * @param translate - pixels to the right and down
 * @param scale - factor of the size
 * @param shear - degrees in x, or in x and y
 * @param interpolation - `InterpolationMode.NEAREST`, the default, or `BILINEAR`; masks take the nearest pixels
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @param center - the pixel `(x, y)` that stays; default null: the middle
 * @returns of the same class
 * @throws Error for a scale that is not positive, other modes, and a `fill` of another number of channels
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([[1, 2]], { canvas_size: [10, 10] });
 * print(transforms.v2.functional.affine(points, 0, [3, 1], 1, 0)); // KeyPoints([[4, 3]], canvas_size=(10, 10))
 * ```
 */
export function affine<T extends Tensor>(
  ...args: Arguments<
    [
      inpt: T,
      angle: number,
      translate: readonly number[],
      scale: number,
      shear: number | readonly number[],
      interpolation?: InterpolationLike,
      fill?: Fill,
      center?: readonly number[] | null,
    ],
    AffineArguments & { inpt: T },
    ['inpt', 'angle', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center']
  >
): T;
export function affine(...args: unknown[]): Tensor {
  const {
    inpt,
    angle,
    translate,
    scale,
    shear,
    interpolation = InterpolationMode.NEAREST,
    fill = null,
    center = null,
  } = AFFINE.read(args);
  const mode = mode_name(interpolation);
  check_affine(translate, scale);
  check_center(center);
  const shears = both_shears(shear);
  const moved = (image: Tensor, how: string): Tensor => {
    check_dimensions(image);
    const matrix = affine_matrix(from_middle(image, center), angle, translate, scale, shears);
    check_warp(image, how, fill);
    const size = [image.size(-2), image.size(-1)] as const;
    return along(image, affine_grid(matrix, size, size, working_dtype(image), image.device), how, fill);
  };
  const points = new AffineOfPoints(
    (middle, inverted) => affine_matrix(middle, angle, translate, scale, shears, inverted),
    center,
    false,
  );
  return dispatch(inpt, ['affine', { angle, translate, scale, shear, interpolation, fill, center }], {
    pil: (image) => {
      const [height, width] = [image.size(-2), image.size(-1)];
      const matrix = affine_matrix(center ?? [width * 0.5, height * 0.5], angle, translate, scale, shears);
      return warped_as_pillow(image, [height, width], matrix, mode, fill);
    },
    image: (image) => moved(image, mode),
    mask: (mask) => as_image(mask, (image) => moved(image, 'nearest')),
    boxes: (values, boxes) => points.boxes(values, boxes),
    points: (values, { canvas_size }) => points.points(values, canvas_size),
  });
}

interface PerspectiveArguments {
  inpt: Tensor;
  startpoints: Corners | null;
  endpoints: Corners | null;
  interpolation?: InterpolationLike;
  fill?: Fill;
  coefficients?: readonly number[] | null;
}

export const PERSPECTIVE = signature<PerspectiveArguments>(
  'perspective',
  `inpt: Tensor, startpoints: Corner[]|None, endpoints: Corner[]|None, interpolation?: ${MODE}, ${FILL}, ` +
    'coefficients?: float[]|None',
);

/** The coefficients that are given, or those of the corners. @throws Error for both, and for none */
function coefficients_of(
  startpoints: Corners | null,
  endpoints: Corners | null,
  coefficients: readonly number[] | null,
): readonly number[] {
  const has_corners = startpoints !== null && endpoints !== null;
  if (coefficients === null) {
    if (has_corners) return perspective_coefficients(startpoints, endpoints);
    throw new Error('Either the startpoints/endpoints or the coefficients must have non `None` values.');
  }
  if (has_corners) {
    throw new Error("The startpoints/endpoints and the coefficients shouldn't be defined concurrently.");
  }
  if (coefficients.length !== 8) throw new Error('Argument coefficients should have 8 float values');
  return coefficients;
}

/** The inverse of a projection, of points. @throws Error where there is none */
function projected(coefficients: readonly number[], kind: string): Moved {
  const [a, b, c, d, e, f, g, h] = coefficients as [number, number, number, number, number, number, number, number];
  const determinant = a * e - b * d;
  if (determinant === 0) {
    throw new Error(
      `Provided perspective_coeffs [${coefficients.join(', ')}] can not be inverted to transform ${kind}. ` +
        'Denominator is zero, denom=0.0',
    );
  }
  const [first, second, third] = [
    [e - f * h, -b + c * h, b * f - c * e],
    [-d + f * g, a - c * g, -a * f + c * d],
    [-e * g + d * h, -a * h + b * g, determinant],
  ].map((row) => row.map((value) => value / determinant)) as [number[], number[], number[]];
  return (points) => {
    const rows = homogeneous(points);
    const above = rows.matmul(constant(points, [first, second]).t());
    return above.div(rows.matmul(constant(points, [third, third]).t()));
  };
}

/**
 * Moves four corners of an input to other places, by a projection. Mirrors
 * `torchvision.transforms.v2.functional.perspective`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param startpoints - corners `[x, y]` in the image: top left, top right, bottom right, bottom left; or null
 * @param endpoints - where they are in the result; or null
 * @param interpolation - `InterpolationMode.BILINEAR`, the default, or `NEAREST`; masks take the nearest pixels
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @param coefficients - the eight coefficients of the projection from the result to the image, instead of corners
 * @returns of the same class
 * @throws Error for other than four corners, for corners and coefficients, and for neither
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.tensor([[[1, 2], [3, 4]]]);
 * print(transforms.v2.functional.perspective(img, null, null, { coefficients: [1, 0, 1, 0, 1, 0, 0, 0] })); // tensor([[[2, 0],
 * //          [4, 0]]])
 * ```
 */
export function perspective<T extends Tensor>(
  ...args: Arguments<
    [
      inpt: T,
      startpoints: Corners | null,
      endpoints: Corners | null,
      interpolation?: InterpolationLike,
      fill?: Fill,
      coefficients?: readonly number[] | null,
    ],
    PerspectiveArguments & { inpt: T },
    ['inpt', 'startpoints', 'endpoints', 'interpolation', 'fill', 'coefficients']
  >
): T;
export function perspective(...args: unknown[]): Tensor {
  const {
    inpt,
    startpoints,
    endpoints,
    interpolation = InterpolationMode.BILINEAR,
    fill = null,
    coefficients = null,
  } = PERSPECTIVE.read(args);
  const factors = coefficients_of(startpoints, endpoints, coefficients);
  const mode = mode_name(interpolation);
  const moved = (image: Tensor, how: string): Tensor => {
    check_dimensions(image);
    check_warp(image, how, fill);
    const size = [image.size(-2), image.size(-1)] as const;
    return along(image, perspective_grid(factors, size, working_dtype(image), image.device), how, fill);
  };
  return dispatch(inpt, ['perspective', { startpoints, endpoints, interpolation, fill, coefficients }], {
    pil: (image) => warped_as_pillow(image, [image.size(-2), image.size(-1)], factors, mode, fill),
    image: (image) => moved(image, mode),
    mask: (mask) => as_image(mask, (image) => moved(image, 'nearest')),
    boxes: (values, { format, canvas_size, clamping_mode }) => {
      if (values.numel() === 0) return [values];
      const { through, ...of } = in_corners(format);
      const boxes = converted(values, format, through);
      const floats = boxes.is_floating_point() ? boxes : boxes.to(float32);
      const result = of.boxes(projected(factors, 'bounding boxes')(of.corners(floats)));
      const inside = clamped(result, through, canvas_size, clamping_mode);
      return [
        converted(inside, through, format)
          .reshape([...values.shape])
          .to(values.dtype),
      ];
    },
    points: (values) => {
      if (values.numel() === 0) return [values];
      const floats = values.is_floating_point() ? values : values.to(float32);
      const result = projected(factors, 'keypoints')(floats.reshape(-1, 2));
      return [result.to(values.dtype).reshape([...values.shape])];
    },
  });
}

interface ElasticArguments {
  inpt: Tensor;
  displacement: Tensor;
  interpolation?: InterpolationLike;
  fill?: Fill;
}

export const ELASTIC = signature<ElasticArguments>(
  'elastic',
  `inpt: Tensor, displacement: Tensor, interpolation?: ${MODE}, ${FILL}`,
);

/** @throws Error unless there is a displacement for each pixel */
function check_displacement(displacement: Tensor, [height, width]: CanvasSize): void {
  const wanted = [1, height!, width!, 2];
  if (displacement.dim() === 4 && wanted.every((length, i) => displacement.size(i) === length)) return;
  throw new Error(
    `Argument displacement shape should be (${wanted.join(', ')}), but given ${python_size([...displacement.shape])}`,
  );
}

/** Where points are after a displacement: about so, by that at the pixel they are in. */
function displaced(points: Tensor, places: Tensor, displacement: Tensor, [height, width]: CanvasSize): Tensor {
  const grid = identity_grid([height!, width!], points.device).to(points.dtype);
  const inverse = grid.sub(displacement.to(points.device).to(points.dtype)).view(-1, 2);
  const [x, y] = places.to(int64).unbind(1) as [Tensor, Tensor];
  const at = y
    .clamp(0, height! - 1)
    .mul(width!)
    .add(x.clamp(0, width! - 1));
  const half = numbers_like(points, [width! * 0.5, height! * 0.5]);
  return inverse.index_select(0, at).add(1).mul(half).sub(0.5);
}

/** Rotated boxes with their middles moved against a displacement. */
function displaced_rotated(
  values: Tensor,
  displacement: Tensor,
  { format, canvas_size, clamping_mode }: BoxFields,
): Tensor {
  const boxes = converted(values, format, CXCYWHR);
  const middles = boxes.narrow(1, 0, 2);
  const moved = displaced(middles, middles.ceil(), displacement, canvas_size).to(values.dtype);
  const inside = clamped(cat([moved, boxes.narrow(1, 2, 3)], 1), CXCYWHR, canvas_size, clamping_mode);
  return converted(inside, CXCYWHR, format);
}

/**
 * Moves each pixel by a displacement; boxes and points move against it, about so. Mirrors
 * `torchvision.transforms.v2.functional.elastic`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor of shape `(..., C, H, W)`
 * @param displacement - of shape `(1, H, W, 2)`, in x and y, where the image goes from -1 to 1
 * @param interpolation - `InterpolationMode.BILINEAR`, the default, or `NEAREST`; masks take the nearest pixels
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @returns of the same class
 * @throws Error for a displacement of another shape
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.tensor([[[1, 2], [3, 4]]]);
 * print(transforms.v2.functional.elastic(img, torch.ones(1, 2, 2, 2), { interpolation: 'nearest' })); // tensor([[[4, 0],
 * //          [0, 0]]])
 * ```
 */
export function elastic<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, displacement: Tensor, interpolation?: InterpolationLike, fill?: Fill],
    ElasticArguments & { inpt: T },
    ['inpt', 'displacement', 'interpolation', 'fill']
  >
): T;
export function elastic(...args: unknown[]): Tensor {
  const { inpt, displacement, interpolation = InterpolationMode.BILINEAR, fill = null } = ELASTIC.read(args);
  const mode = mode_name(interpolation);
  const moved = (image: Tensor, how: string): Tensor => {
    check_dimensions(image);
    const size = [image.size(-2), image.size(-1)] as const;
    check_displacement(displacement, size);
    check_warp(image, how, fill);
    const dtype = working_dtype(image);
    const grid = identity_grid(size, image.device).to(dtype).add(displacement.to(image.device).to(dtype));
    return along(image, grid, how, fill);
  };
  return dispatch(inpt, ['elastic', { displacement, interpolation, fill }], {
    image: (image) => moved(image, mode),
    mask: (mask) => as_image(mask, (image) => moved(image, 'nearest')),
    boxes: (values, { format, canvas_size, clamping_mode }) => {
      check_displacement(displacement, canvas_size);
      if (values.numel() === 0) return [values];
      if (is_rotated(format)) return [displaced_rotated(values, displacement, { format, canvas_size, clamping_mode })];
      const boxes = converted(values, format, XYXY).reshape(-1, 4);
      const floats = boxes.is_floating_point() ? boxes : boxes.to(float32);
      const corners = corners_of(floats);
      const result = around(displaced(corners, corners.ceil(), displacement, canvas_size)).to(values.dtype);
      const inside = clamped(result, XYXY, canvas_size, clamping_mode);
      return [converted(inside, XYXY, format).reshape([...values.shape])];
    },
    points: (values, { canvas_size }) => {
      check_displacement(displacement, canvas_size);
      if (values.numel() === 0) return [values];
      const floats = values.is_floating_point() ? values : values.to(float32);
      const flat = floats.reshape(-1, 2);
      return [
        displaced(flat, flat, displacement, canvas_size)
          .to(values.dtype)
          .reshape([...values.shape]),
      ];
    },
  });
}
