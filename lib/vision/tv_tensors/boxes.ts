/** Boxes and points in images. */
import type { TensorData } from '../../creation.js';
import { python_repr } from '../../python/print.js';
import { Tuple } from '../../python/values.js';
import { define_kind, signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { as_class, handle_of, tensor_of_data, TV_OPTIONS, TVTensor, type TVTensorOptions } from './tv_tensor.js';

const MEMBER = signature<object>('BoundingBoxFormat', 'name: str');

/**
 * What the numbers of a box are: two corners; a corner and the size; the middle and the size; the last two with an angle in degrees,
 * counterclockwise; or four corners, clockwise. Mirrors `torchvision.tv_tensors.BoundingBoxFormat`.
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(tv_tensors.BoundingBoxFormat.CXCYWH); // BoundingBoxFormat.CXCYWH
 * ```
 */
export class BoundingBoxFormat {
  static readonly XYXY = new BoundingBoxFormat('XYXY');
  static readonly XYWH = new BoundingBoxFormat('XYWH');
  static readonly CXCYWH = new BoundingBoxFormat('CXCYWH');
  static readonly XYWHR = new BoundingBoxFormat('XYWHR');
  static readonly CXCYWHR = new BoundingBoxFormat('CXCYWHR');
  static readonly XYXYXYXY = new BoundingBoxFormat('XYXYXYXY');

  private constructor(
    /** `'XYXY'` */
    readonly name: string,
  ) {
    MEMBER.read([...arguments]);
  }

  /** `'XYXY'` */
  get value(): string {
    return this.name;
  }

  /** `BoundingBoxFormat.XYXY` */
  toString(): string {
    return `BoundingBoxFormat.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('BoundingBoxFormat', 'BoundingBoxFormat', (value) => value instanceof BoundingBoxFormat);

/** A format, or its name in capitals or not. */
export type BoxFormatLike = BoundingBoxFormat | string;

const FORMATS = ['XYXY', 'XYWH', 'CXCYWH', 'XYWHR', 'CXCYWHR', 'XYXYXYXY'] as const;
const ROTATED: readonly string[] = FORMATS.slice(3);

/** @throws Error for the name of no format */
export function box_format(format: BoxFormatLike): BoundingBoxFormat {
  if (typeof format !== 'string') return format;
  const name = FORMATS.find((each) => each === format.toUpperCase());
  if (name !== undefined) return BoundingBoxFormat[name];
  throw new Error(`'${format.toUpperCase()}' is not a BoundingBoxFormat: ${FORMATS.join(', ')}`);
}

const IS_ROTATED = signature<{ format: BoxFormatLike }>('is_rotated_bounding_format', 'format: BoundingBoxFormat|str');

/**
 * Whether a format, or its name, is one of rotated boxes. Mirrors `torchvision.tv_tensors.is_rotated_bounding_format`.
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(tv_tensors.is_rotated_bounding_format('XYWHR')); // True
 * ```
 */
export function is_rotated_bounding_format(format: BoxFormatLike | { format: BoxFormatLike }): boolean;
export function is_rotated_bounding_format(...args: unknown[]): boolean {
  return is_rotated(IS_ROTATED.read(args).format);
}

/** As {@link is_rotated_bounding_format}. @internal */
export const is_rotated = (format: BoxFormatLike): boolean =>
  ROTATED.includes(typeof format === 'string' ? format : format.name);

/**
 * What boxes are clamped to the image by: `'hard'` keeps rotated boxes within it, `'soft'` keeps around them what is within it; both are
 * the same for boxes that are not rotated; null leaves them as they are.
 */
export type ClampingMode = 'soft' | 'hard' | null;

/** Height and width of the image that boxes or points are in. */
export type CanvasSize = readonly number[];

/** @throws Error unless there are two */
export function checked_canvas(callee: string, size: CanvasSize): Tuple<number> {
  if (size.length !== 2) throw new Error(`${callee}(): canvas_size must be (height, width), got ${python_repr(size)}`);
  return Tuple.from(size);
}

/** Keyword arguments of {@link BoundingBoxes}. */
export interface BoundingBoxesOptions extends TVTensorOptions {
  /** What the numbers of a box are. */
  format: BoxFormatLike;
  /** Height and width of the image. */
  canvas_size: CanvasSize;
  /** How transforms clamp boxes to the image. Default `'soft'`. */
  clamping_mode?: ClampingMode;
}

const BOUNDING_BOXES = signature<BoundingBoxesOptions & { data: TensorData }>(
  'BoundingBoxes',
  `data: array_like, *, format: BoundingBoxFormat|str, canvas_size: int[], clamping_mode?: str|None, ${TV_OPTIONS}`,
);

/** The fields of boxes. */
export interface BoxFields {
  readonly format: BoundingBoxFormat;
  readonly canvas_size: CanvasSize;
  readonly clamping_mode: ClampingMode;
}

/**
 * Boxes in an image, of shape `(N, K)`: K is 4, for rotated boxes 5 or 8. Mirrors `torchvision.tv_tensors.BoundingBoxes`.
 *
 * @param data - a tensor, or what `torch.as_tensor` takes; of one dimension it becomes `(1, K)`
 * @param options - `format`, `canvas_size` and `clamping_mode`; see {@link BoundingBoxesOptions}
 * @throws Error for more than two dimensions, and for rotated boxes of integers
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(new tv_tensors.BoundingBoxes([[1, 2, 3, 4]], { format: 'XYXY', canvas_size: [10, 20] })); // BoundingBoxes([[1, 2, 3, 4]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 20), clamping_mode=soft)
 * ```
 */
export class BoundingBoxes extends TVTensor implements BoxFields {
  declare readonly format: BoundingBoxFormat;
  declare readonly canvas_size: CanvasSize;
  declare readonly clamping_mode: ClampingMode;

  constructor(
    ...args: [data: TensorData, options: BoundingBoxesOptions] | [options: BoundingBoxesOptions & { data: TensorData }]
  );
  constructor(...args: unknown[]) {
    const { data, format, canvas_size, clamping_mode = 'soft', ...options } = BOUNDING_BOXES.read(args);
    const tensor = tensor_of_data(data, options);
    super(handle_of(tensor));
    if (tensor.dim() !== 1 && tensor.dim() !== 2) throw new Error(`Expected a 1D or 2D tensor, got ${tensor.dim()}D`);
    if (clamping_mode !== null && clamping_mode !== 'hard' && clamping_mode !== 'soft') {
      throw new Error(`clamping_mode must be None, hard or soft, got ${String(clamping_mode)}.`);
    }
    const its_format = box_format(format);
    if (is_rotated(its_format) && !tensor.is_floating_point()) {
      throw new Error(`Rotated bounding boxes should be floating point tensors, got ${String(tensor.dtype)}.`);
    }
    return boxes_of(tensor.dim() === 1 ? tensor.unsqueeze(0) : tensor, {
      format: its_format,
      canvas_size: checked_canvas('BoundingBoxes', canvas_size),
      clamping_mode,
    });
  }

  /** @internal */
  override _give_class(tensor: Tensor): this {
    return boxes_of(tensor, this) as this;
  }

  /** @internal */
  protected override _metadata(): string {
    const { format, canvas_size, clamping_mode } = this;
    return `format=${String(format)}, canvas_size=${python_repr(canvas_size)}, clamping_mode=${clamping_mode ?? 'None'}`;
  }
}

/** Boxes of a tensor object, which gets the class. */
export const boxes_of = (tensor: Tensor, { format, canvas_size, clamping_mode }: BoxFields): BoundingBoxes =>
  as_class(tensor, BoundingBoxes, { format, canvas_size: Tuple.from(canvas_size), clamping_mode });

const KEY_POINTS = signature<TVTensorOptions & { data: TensorData; canvas_size: CanvasSize }>(
  'KeyPoints',
  `data: array_like, *, canvas_size: int[], ${TV_OPTIONS}`,
);

/**
 * Points in an image, of shape `(..., 2)`: x and y. Mirrors `torchvision.tv_tensors.KeyPoints`.
 *
 * @param data - a tensor, or what `torch.as_tensor` takes; of one dimension it becomes `(1, 2)`
 * @param options - `canvas_size`: height and width of the image
 * @throws Error for other shapes
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(new tv_tensors.KeyPoints([[1, 2]], { canvas_size: [10, 20] })); // KeyPoints([[1, 2]], canvas_size=(10, 20))
 * ```
 */
export class KeyPoints extends TVTensor {
  declare readonly canvas_size: CanvasSize;

  constructor(
    ...args:
      | [data: TensorData, options: TVTensorOptions & { canvas_size: CanvasSize }]
      | [options: TVTensorOptions & { data: TensorData; canvas_size: CanvasSize }]
  );
  constructor(...args: unknown[]) {
    const { data, canvas_size, ...options } = KEY_POINTS.read(args);
    const tensor = tensor_of_data(data, options);
    super(handle_of(tensor));
    if (tensor.dim() === 0 || (tensor.dim() > 1 && tensor.size(-1) !== 2)) {
      throw new Error(`Expected a tensor of shape (..., 2), not ${String(tensor.shape)}`);
    }
    return points_of(tensor.dim() === 1 ? tensor.unsqueeze(0) : tensor, checked_canvas('KeyPoints', canvas_size));
  }

  /** @internal */
  override _give_class(tensor: Tensor): this {
    return points_of(tensor, this.canvas_size) as this;
  }

  /** @internal */
  protected override _metadata(): string {
    return `canvas_size=${python_repr(this.canvas_size)}`;
  }
}

/** Points of a tensor object, which gets the class. */
export const points_of = (tensor: Tensor, canvas_size: CanvasSize): KeyPoints =>
  as_class(tensor, KeyPoints, { canvas_size: Tuple.from(canvas_size) });

define_kind('BoundingBoxes', 'BoundingBoxes', (value) => value instanceof BoundingBoxes);
define_kind('KeyPoints', 'KeyPoints', (value) => value instanceof KeyPoints);
