/** Transforms of whole samples: boxes with their labels, and batches with theirs. */
import { rand } from '../../../generated/functions.js';
import { from_nested } from '../../../creation.js';
import { Beta } from '../../../distributions/beta.js';
import { one_hot } from '../../../nn/functional/index.js';
import { tree_flatten, tree_unflatten } from '../../../utils/_pytree.js';
import { float32 } from '../../../types/dtype.js';
import { kind_of, python_float } from '../../../_internal/representation.js';
import { is_plain_object } from '../../../_internal/plain_object.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import { Tensor } from '../../../_tensor.js';
import { BoundingBoxes, BoundingBoxFormat, KeyPoints } from '../../tv_tensors/boxes.js';
import { Image, Mask, Video } from '../../tv_tensors/images.js';
import { plain_view } from '../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../tv_tensors/wrap.js';
import { integer } from '../draws.js';
import { float_list } from '../representation.js';
import { columns, converted, valid_boxes } from './functional/boxes.js';
import { is_pure } from './functional/dispatch.js';
import { part_of } from './functional/geometry.js';
import { one_or_all, query_size, Transform } from './transform.js';

/** How the labels of a sample are found: `'default'`, a function, or null for none. */
export type LabelsGetter = 'default' | ((inputs: never) => unknown) | null;

/** Labels where samples of most datasets have them. @throws Error when there are none */
function usual_labels(inputs: unknown): unknown {
  const place: unknown = Array.isArray(inputs) ? inputs[1] : inputs;
  if (place instanceof Tensor && is_pure(place)) return place;
  if (!is_plain_object(place) && !(place instanceof Map)) {
    throw new Error(
      'When using the default labels_getter, the input passed to forward must be a dictionary or a two-tuple ' +
        `whose second item is a dictionary or a tensor, but got ${kind_of(place)} instead.`,
    );
  }
  const entries: [unknown, unknown][] = place instanceof Map ? [...place] : Object.entries(place);
  const named = (test: (key: string) => boolean): [unknown, unknown] | undefined =>
    entries.find(([key]) => typeof key === 'string' && test(key.toLowerCase()));
  const found = named((key) => key === 'labels') ?? named((key) => key.includes('label'));
  if (found === undefined) {
    throw new Error(
      'Could not infer where the labels are in the sample. Try passing a callable as the labels_getter parameter?' +
        'If there are no labels in the sample by design, pass labels_getter=None.',
    );
  }
  return found[1];
}

/** The labels of a sample. @throws Error for a getter of another kind */
export function labels_of(getter: LabelsGetter, inputs: unknown): unknown {
  if (getter === null) return null;
  return getter === 'default' ? usual_labels(inputs) : getter(inputs as never);
}

/** @throws Error for texts other than `'default'` */
export function check_getter(getter: unknown): void {
  if (typeof getter !== 'string' || getter === 'default') return;
  throw new Error(`labels_getter should either be 'default', a callable, or None, but got ${getter}.`);
}

interface SanitizeArguments {
  min_size?: number;
  min_area?: number;
  labels_getter?: LabelsGetter;
}

const SANITIZE = signature<SanitizeArguments>(
  'SanitizeBoundingBoxes',
  'min_size?: float, min_area?: float, labels_getter?: Callable|str|None',
);

/** The labels of boxes, as a list. @throws Error for other values */
export function label_list(labels: unknown): readonly Tensor[] {
  if (labels === null) return [];
  const list: readonly unknown[] = Array.isArray(labels) ? labels : [labels];
  const wrong = list.find((each) => !(each instanceof Tensor));
  if (wrong !== undefined) {
    throw new Error(`The labels in the input to forward() must be a tensor or None, got ${kind_of(wrong)} instead.`);
  }
  return list as readonly Tensor[];
}

/**
 * Removes boxes that are too small or not within the image, with their labels and masks. Mirrors
 * `torchvision.transforms.v2.SanitizeBoundingBoxes`.
 *
 * @param min_size - the least width and height, at least 1; default 1
 * @param min_area - the least area, at least 1; default 1
 * @param labels_getter - a function that gives the labels of a sample, or a list of them; null for none; default `'default'`: what
 *   is named `labels`, or has `label` in its name, in the sample, or in its second part
 * @throws Error for smaller sizes
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([[1, 2, 3, 4], [5, 5, 5, 9]], { format: 'XYXY', canvas_size: [10, 20] });
 * const sample = { boxes, labels: torch.tensor([7, 8]) };
 * print(new transforms.v2.SanitizeBoundingBoxes()(sample).labels); // tensor([7])
 * ```
 */
export class SanitizeBoundingBoxes extends Transform {
  readonly min_size: number;
  readonly min_area: number;
  readonly labels_getter: LabelsGetter;

  constructor(
    ...args: Arguments<
      [min_size?: number, min_area?: number, labels_getter?: LabelsGetter],
      SanitizeArguments,
      ['min_size', 'min_area', 'labels_getter']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { min_size = 1, min_area = 1, labels_getter = 'default' } = SANITIZE.read(args);
    if (min_size < 1) throw new Error(`min_size must be >= 1, got ${min_size}.`);
    if (min_area < 1) throw new Error(`min_area must be >= 1, got ${min_area}.`);
    check_getter(labels_getter);
    this.min_size = min_size;
    this.min_area = min_area;
    this.labels_getter = labels_getter;
  }

  override forward(...inputs: unknown[]): unknown {
    const input = one_or_all(this, inputs);
    const labels = label_list(labels_of(this.labels_getter, input));
    const [flat_inputs, spec] = tree_flatten(input);
    const boxes = flat_inputs.find((leaf): leaf is BoundingBoxes => leaf instanceof BoundingBoxes);
    if (boxes === undefined) throw new Error('No bounding boxes were found in the sample');
    for (const label of labels) {
      if (label.size(0) === boxes.size(0)) continue;
      throw new Error(
        `Number of boxes (shape=${String(boxes.shape)}) and must match the number of labels.` +
          `Found labels with shape=${String(label.shape)}).`,
      );
    }
    const valid = valid_boxes(plain_view(boxes), boxes.format, boxes.canvas_size, this.min_size, this.min_area);
    const params = { valid, labels };
    return tree_unflatten(
      flat_inputs.map((leaf) => (leaf instanceof Tensor ? this.transform(leaf, params) : leaf)),
      spec,
    );
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { valid, labels } = params as { valid: Tensor; labels: readonly Tensor[] };
    if (labels.includes(inpt)) return inpt.index(valid);
    if (!(inpt instanceof BoundingBoxes || inpt instanceof Mask)) return inpt;
    // A mask that is not one of each box stays as it is.
    if (inpt.dim() === 0 || inpt.size(0) !== valid.size(0)) return inpt;
    return wrapped(plain_view(inpt).index(valid), inpt);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      min_size: python_float(this.min_size),
      min_area: python_float(this.min_area),
      labels_getter: typeof this.labels_getter === 'string' ? this.labels_getter : null,
    };
  }
}

interface IoUCropArguments {
  min_scale?: number;
  max_scale?: number;
  min_aspect_ratio?: number;
  max_aspect_ratio?: number;
  sampler_options?: readonly number[] | null;
  trials?: number;
}

const IOU_CROP = signature<IoUCropArguments>(
  'RandomIoUCrop',
  'min_scale?: float, max_scale?: float, min_aspect_ratio?: float, max_aspect_ratio?: float, ' +
    'sampler_options?: float[]|None, trials?: int',
);

/** A part, and which boxes have their middle in it. */
interface IoUCropParams {
  readonly part?: readonly [top: number, left: number, height: number, width: number];
  readonly within?: Tensor;
}

/** Intersection over union of boxes, given by corners, with one box. */
function overlap(boxes: Tensor, [left, top, right, bottom]: readonly number[]): Tensor {
  const floats = boxes.is_floating_point() ? boxes : boxes.to(float32);
  const [x1, y1, x2, y2] = columns(floats);
  const across = x2
    .clamp({ max: right! })
    .sub(x1.clamp({ min: left! }))
    .clamp({ min: 0 });
  const down = y2
    .clamp({ max: bottom! })
    .sub(y1.clamp({ min: top! }))
    .clamp({ min: 0 });
  const shared = across.mul(down);
  const own = x2.sub(x1).mul(y2.sub(y1));
  return shared.div(own.add((right! - left!) * (bottom! - top!)).sub(shared));
}

/**
 * Cuts a random part out of samples with boxes, so that a box is in it to a random degree; boxes whose middle is outside
 * become empty, for `SanitizeBoundingBoxes` to remove. Mirrors `torchvision.transforms.v2.RandomIoUCrop`.
 *
 * @param min_scale - the least share of width and height; default 0.3
 * @param max_scale - the most of it; default 1
 * @param min_aspect_ratio - the least width over height; default 0.5
 * @param max_aspect_ratio - the most of it; default 2
 * @param sampler_options - least intersections over union to choose from, from 1 on for the whole image; default null: 0, 0.1,
 *   0.3, 0.5, 0.7, 0.9 and 1
 * @param trials - how many parts are tried before it is chosen again; default 40
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([[2, 2, 8, 8]], { format: 'XYXY', canvas_size: [10, 10] });
 * const transform = new transforms.v2.RandomIoUCrop({ sampler_options: [1] });
 * print(transform(torch.zeros(3, 10, 10), boxes)[1]); // BoundingBoxes([[2, 2, 8, 8]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 10), clamping_mode=soft)
 * ```
 */
export class RandomIoUCrop extends Transform {
  readonly min_scale: number;
  readonly max_scale: number;
  readonly min_aspect_ratio: number;
  readonly max_aspect_ratio: number;
  readonly options: readonly number[];
  readonly trials: number;

  constructor(
    ...args: Arguments<
      [
        min_scale?: number,
        max_scale?: number,
        min_aspect_ratio?: number,
        max_aspect_ratio?: number,
        sampler_options?: readonly number[] | null,
        trials?: number,
      ],
      IoUCropArguments,
      ['min_scale', 'max_scale', 'min_aspect_ratio', 'max_aspect_ratio', 'sampler_options', 'trials']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      min_scale = 0.3,
      max_scale = 1,
      min_aspect_ratio = 0.5,
      max_aspect_ratio = 2,
      sampler_options = null,
      trials = 40,
    } = IOU_CROP.read(args);
    this.min_scale = min_scale;
    this.max_scale = max_scale;
    this.min_aspect_ratio = min_aspect_ratio;
    this.max_aspect_ratio = max_aspect_ratio;
    this.options = sampler_options ?? [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1];
    if (this.options.length === 0) throw new Error('RandomIoUCrop(): sampler_options has no options');
    this.trials = trials;
  }

  override check_inputs(flat_inputs: readonly unknown[]): void {
    const has_boxes = flat_inputs.some((leaf) => leaf instanceof BoundingBoxes);
    const has_image = flat_inputs.some((leaf) => leaf instanceof Image || (leaf instanceof Tensor && is_pure(leaf)));
    if (has_boxes && has_image) return;
    throw new TypeError(
      `${this.constructor.name}() requires input sample to contain tensor or PIL images ` +
        'and bounding boxes. Sample can also contain masks.',
    );
  }

  /** A part that fits, or undefined. */
  private tried([height, width]: readonly [number, number], corners: Tensor, least: number): IoUCropParams | undefined {
    const whole = (size: Tensor): number => Math.trunc(size.item<number>());
    const [x_share, y_share] = rand(2)
      .mul(this.max_scale - this.min_scale)
      .add(this.min_scale)
      .unbind(0) as [Tensor, Tensor];
    const [columns_in, rows] = [whole(x_share.mul(width)), whole(y_share.mul(height))];
    const ratio = columns_in / rows;
    if (!(ratio >= this.min_aspect_ratio && ratio <= this.max_aspect_ratio)) return undefined;
    const [across, down] = rand(2).unbind(0) as [Tensor, Tensor];
    const left = whole(across.mul(width - columns_in));
    const top = whole(down.mul(height - rows));
    const [right, bottom] = [left + columns_in, top + rows];
    if (left === right || top === bottom) return undefined;
    const [x1, y1, x2, y2] = columns(corners);
    const [x, y] = [x1.add(x2).mul(0.5), y1.add(y2).mul(0.5)];
    const within = x.gt(left).logical_and(x.lt(right)).logical_and(y.gt(top)).logical_and(y.lt(bottom));
    if (!within.any().item<boolean>()) return undefined;
    if (overlap(corners.index(within), [left, top, right, bottom]).max().item<number>() < Math.fround(least)) {
      return undefined;
    }
    return { part: [top, left, rows, columns_in], within };
  }

  override make_params(flat_inputs: readonly unknown[]): IoUCropParams {
    const size = query_size(flat_inputs);
    const boxes = flat_inputs.find((leaf): leaf is BoundingBoxes => leaf instanceof BoundingBoxes)!;
    const corners = converted(plain_view(boxes), boxes.format, BoundingBoxFormat.XYXY);
    for (;;) {
      const least = this.options[integer(0, this.options.length)]!;
      if (least >= 1) return {};
      for (let i = 0; i < this.trials; i++) {
        const found = this.tried(size, corners, least);
        if (found !== undefined) return found;
      }
    }
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { part, within } = params as IoUCropParams;
    if (part === undefined || within === undefined) return inpt;
    const output = part_of(inpt, ...part);
    if (!(output instanceof BoundingBoxes)) return output;
    return wrapped(plain_view(output).masked_fill(within.logical_not().unsqueeze(-1), 0), output);
  }

  protected override _texts(): Record<string, string> {
    return {
      min_scale: python_float(this.min_scale),
      max_scale: python_float(this.max_scale),
      min_aspect_ratio: python_float(this.min_aspect_ratio),
      max_aspect_ratio: python_float(this.max_aspect_ratio),
      options: float_list(this.options),
      trials: String(this.trials),
    };
  }
}

/** The options of {@link MixUp} and {@link CutMix}. */
export interface MixOptions {
  /** Of the Beta distribution of the share. Default 1. */
  alpha?: number;
  /** How many classes there are, for labels that are their numbers. Default null. */
  num_classes?: number | null;
  /** A function that gives the labels of a batch. Default `'default'`. */
  labels_getter?: LabelsGetter;
}

const MIX = '*, alpha?: float, num_classes?: int|None, labels_getter?: Callable|str|None';
const MIX_UP = signature<MixOptions>('MixUp', MIX);
const CUT_MIX = signature<MixOptions>('CutMix', MIX);

/** What both kinds of mixing are given. */
interface MixParams {
  readonly labels: Tensor;
  readonly batch_size: number;
  /** The share of the image itself. */
  readonly share: number;
  readonly box?: readonly number[];
}

/** A transform that mixes each image of a batch with the one before it, and its label. */
abstract class Mixing extends Transform {
  readonly alpha: number;
  readonly num_classes: number | null;
  readonly labels_getter: LabelsGetter;

  constructor({ alpha = 1, num_classes = null, labels_getter = 'default' }: MixOptions) {
    super();
    check_getter(labels_getter);
    this.alpha = alpha;
    // Refuses what is not positive.
    this.distribution();
    this.num_classes = num_classes;
    this.labels_getter = labels_getter;
  }

  private distribution(): Beta {
    const alpha = (): Tensor => from_nested([this.alpha], { dtype: float32 }, 'Beta');
    return new Beta(alpha(), alpha());
  }

  /** The share of images themselves. */
  protected drawn_share(): number {
    return this.distribution().sample([]).item<number>();
  }

  /** The labels of a batch. @throws Error for what torchvision refuses */
  private checked_labels(inputs: unknown): Tensor {
    const labels = labels_of(this.labels_getter, inputs);
    if (!(labels instanceof Tensor))
      throw new Error(`The labels must be a tensor, but got ${kind_of(labels)} instead.`);
    if (labels.dim() !== 1 && labels.dim() !== 2) {
      throw new Error(
        'labels should be index based with shape (batch_size,) or probability based with shape (batch_size, ' +
          `num_classes), but got a tensor of shape ${String(labels.shape)} instead.`,
      );
    }
    if (labels.dim() === 2 && this.num_classes !== null && labels.size(-1) !== this.num_classes) {
      throw new Error(
        'When passing 2D labels, the number of elements in last dimension must match num_classes: ' +
          `${labels.size(-1)} != ${this.num_classes}. You can Leave num_classes to None.`,
      );
    }
    if (labels.dim() === 1 && this.num_classes === null) {
      throw new Error('num_classes must be passed if the labels are index-based (1D)');
    }
    return labels;
  }

  override forward(...inputs: unknown[]): unknown {
    const input = one_or_all(this, inputs);
    const [flat_inputs, spec] = tree_flatten(input);
    const needs = this.needs_transform(flat_inputs);
    if (
      flat_inputs.some((leaf) => leaf instanceof BoundingBoxes || leaf instanceof Mask || leaf instanceof KeyPoints)
    ) {
      throw new Error(`${this.constructor.name}() does not support PIL images, bounding boxes, keypoints and masks.`);
    }
    const labels = this.checked_labels(input);
    const own = this.make_params(flat_inputs.filter((_, i) => needs[i]));
    const at = flat_inputs.indexOf(labels);
    if (at === -1) throw new Error(`${this.constructor.name}(): the labels are not among the inputs`);
    needs[at] = true;
    const params = { labels, batch_size: labels.size(0), ...own };
    return tree_unflatten(this.transformed(flat_inputs, needs, params), spec);
  }

  /** Mixes a batch of images. */
  protected abstract mixed(batch: Tensor, params: MixParams): Tensor;

  override transform(inpt: Tensor, given: object): Tensor {
    const params = given as MixParams;
    if (inpt === params.labels) return this.mixed_labels(inpt, params.share);
    const is_video = inpt instanceof Video;
    if (!is_pure(inpt) && !is_video && !(inpt instanceof Image)) return inpt;
    const wanted = is_video ? 5 : 4;
    if (inpt.dim() !== wanted) {
      throw new Error(`Expected a batched input with ${wanted} dims, but got ${inpt.dim()} dimensions instead.`);
    }
    if (inpt.size(0) !== params.batch_size) {
      throw new Error(
        'The batch size of the image or video does not match the batch size of the labels: ' +
          `${inpt.size(0)} != ${params.batch_size}.`,
      );
    }
    const output = this.mixed(inpt, params);
    return inpt instanceof Image || inpt instanceof Video ? wrapped(output, inpt) : output;
  }

  private mixed_labels(labels: Tensor, share: number): Tensor {
    const rows = labels.dim() === 1 ? one_hot(labels, this.num_classes!) : labels;
    const shares = rows.is_floating_point() ? rows : rows.to(float32);
    return shares
      .roll(1, 0)
      .mul(1 - share)
      .add(shares.mul(share));
  }

  protected override _texts(): Record<string, string | null> {
    return {
      alpha: python_float(this.alpha),
      num_classes: this.num_classes === null ? null : String(this.num_classes),
    };
  }
}

/**
 * Mixes each image of a batch with another one, and their labels. Mirrors `torchvision.transforms.v2.MixUp`.
 *
 * @param options - `alpha`, `num_classes` and `labels_getter`; see {@link MixOptions}
 * @throws Error for an `alpha` that is not positive, labels of another shape, and for boxes, masks and points
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.MixUp({ num_classes: 3 });
 * const [images, labels] = transform(torch.rand(2, 3, 4, 4), torch.tensor([0, 2]));
 * print(transform, images.shape, labels.shape); // MixUp(alpha=1.0, num_classes=3) torch.Size([2, 3, 4, 4]) torch.Size([2, 3])
 * ```
 */
export class MixUp extends Mixing {
  constructor(...args: [options?: MixOptions]);
  constructor(...args: unknown[]) {
    super(MIX_UP.read(args));
  }

  override make_params(): { share: number } {
    return { share: this.drawn_share() };
  }

  protected mixed(batch: Tensor, { share }: MixParams): Tensor {
    return batch
      .roll(1, 0)
      .mul(1 - share)
      .add(batch.mul(share));
  }
}

/**
 * Writes a part of another image over each image of a batch, and mixes their labels. Mirrors
 * `torchvision.transforms.v2.CutMix`.
 *
 * @param options - `alpha`, `num_classes` and `labels_getter`; see {@link MixOptions}
 * @throws Error for an `alpha` that is not positive, labels of another shape, and for boxes, masks and points
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.CutMix({ num_classes: 3 });
 * const [images, labels] = transform(torch.rand(2, 3, 4, 4), torch.tensor([0, 2]));
 * print(transform, images.shape, labels.shape); // CutMix(alpha=1.0, num_classes=3) torch.Size([2, 3, 4, 4]) torch.Size([2, 3])
 * ```
 */
export class CutMix extends Mixing {
  constructor(...args: [options?: MixOptions]);
  constructor(...args: unknown[]) {
    super(CUT_MIX.read(args));
  }

  override make_params(flat_inputs: readonly unknown[]): { share: number; box: number[] } {
    const drawn = this.drawn_share();
    const [height, width] = query_size(flat_inputs);
    const x = integer(0, width);
    const y = integer(0, height);
    const reach = 0.5 * Math.sqrt(1 - drawn);
    const [across, down] = [Math.trunc(reach * width), Math.trunc(reach * height)];
    const [left, top] = [Math.max(x - across, 0), Math.max(y - down, 0)];
    const [right, bottom] = [Math.min(x + across, width), Math.min(y + down, height)];
    return { share: 1 - ((right - left) * (bottom - top)) / (width * height), box: [left, top, right, bottom] };
  }

  protected mixed(batch: Tensor, { box }: MixParams): Tensor {
    const [left, top, right, bottom] = box as [number, number, number, number];
    const output = plain_view(batch).clone();
    const part = (images: Tensor): Tensor => images.narrow(-2, top, bottom - top).narrow(-1, left, right - left);
    part(output).copy_(part(batch.roll(1, 0)));
    return output;
  }
}
