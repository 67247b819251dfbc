/** Learned and random policies of augmentation, of one image or video in a sample. */
import { _sample_dirichlet, rand } from '../../../generated/functions.js';
import { from_nested } from '../../../creation.js';
import { tree_flatten, tree_unflatten } from '../../../utils/_pytree.js';
import { float32 } from '../../../types/dtype.js';
import { python_bool, python_float } from '../../../_internal/representation.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { BoundingBoxes, KeyPoints } from '../../tv_tensors/boxes.js';
import { Image, Mask, Video } from '../../tv_tensors/images.js';
import { plain_view } from '../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../tv_tensors/wrap.js';
import {
  AutoAugmentPolicy,
  bits,
  colored,
  geometric,
  levels,
  paper_ranges,
  steps_of,
  toned,
  without,
  type Magnitudes,
  operations_by,
  type Space,
  AutoAugment as AutoAugmentOfImages,
} from '../autoaugment.js';
import { integer } from '../draws.js';
import { max_value } from '../functional/image.js';
import { of_same_kind } from '../functional/pil_image.js';
import type { Fill } from '../functional/warp.js';
import {
  adjust_brightness,
  adjust_contrast,
  adjust_saturation,
  adjust_sharpness,
  autocontrast,
  equalize,
  invert,
  posterize,
  solarize,
} from './functional/color.js';
import { mode_name, type InterpolationLike } from './functional/geometry.js';
import { size_of } from './functional/values.js';
import { affine, rotate } from './functional/warp.js';
import { fill_for, fill_text, type FillLike } from './geometry.js';
import { one_or_all, Transform } from './transform.js';

const operations = operations_by<InterpolationLike>({
  ...{ adjust_brightness, adjust_contrast, adjust_saturation, adjust_sharpness, posterize },
  // Thresholds are shares of the largest value.
  solarize: (img, share) => solarize(img, max_value(img.dtype) * share),
  ...{ autocontrast, equalize, invert, affine, rotate },
});

/** The magnitude of a level, which some operations take with a random sign. */
function drawn_magnitude([values, signed]: Magnitudes, level: () => number): number {
  if (values === null) return 0;
  const size = values.index(level()).item<number>();
  return signed && rand([]).item<number>() <= 0.5 ? -size : size;
}

/** A member of a space, with equal probabilities. */
const drawn = (space: Space): Space[number] => space[integer(0, space.length)]!;

/** The options that all policies have. */
export interface PolicyOptions {
  /** Of geometric operations: `'nearest'` or `'bilinear'`. */
  interpolation?: InterpolationLike;
  /** The value outside of the image, of all inputs or by class. Default null: 0. */
  fill?: FillLike;
}

const POLICY = 'interpolation?: InterpolationMode|int|str, fill?: float|float[]|None|ByClass';

/** A policy for the one image or video of a sample. */
abstract class Augmentation extends Transform {
  readonly interpolation: InterpolationLike;
  readonly fill: FillLike;

  constructor({ interpolation, fill }: Required<PolicyOptions>) {
    super();
    mode_name(interpolation);
    this.interpolation = interpolation;
    this.fill = fill;
  }

  protected how(image: Tensor): { interpolation: InterpolationLike; fill: Fill } {
    return { interpolation: this.interpolation, fill: fill_for(this.fill, image) };
  }

  /** @throws TypeError for samples with boxes, points or masks, and for other than one image */
  override forward(...inputs: unknown[]): unknown {
    const [flat_inputs, spec] = tree_flatten(one_or_all(this, inputs));
    const needs = this.needs_transform(flat_inputs);
    const places: number[] = [];
    for (const [i, leaf] of flat_inputs.entries()) {
      if (leaf instanceof BoundingBoxes || leaf instanceof Mask || leaf instanceof KeyPoints) {
        throw new TypeError(`Inputs of type ${leaf.constructor.name} are not supported by ${this.constructor.name}()`);
      }
      if (needs[i]) places.push(i);
    }
    if (places.length === 0) throw new TypeError('Found no image in the sample.');
    if (places.length > 1) {
      throw new TypeError(
        'Auto augment transformations are only properly defined for a single image or video, ' +
          `but found ${places.length}.`,
      );
    }
    const [place] = places as [number];
    return tree_unflatten(
      flat_inputs.map((leaf, i) => (i === place ? this.transform(leaf as Tensor) : leaf)),
      spec,
    );
  }

  abstract override transform(inpt: Tensor): Tensor;

  protected override _texts(): Record<string, string | null> {
    return { interpolation: String(this.interpolation), fill: fill_text(this.fill) };
  }
}

/** The arguments of {@link AutoAugment}. */
export interface AutoAugmentV2Options extends PolicyOptions {
  /** Default `AutoAugmentPolicy.IMAGENET`. */
  policy?: AutoAugmentPolicy;
}

const AUTO_AUGMENT = signature<AutoAugmentV2Options>('AutoAugment', `policy?: AutoAugmentPolicy, ${POLICY}`);

/**
 * Applies one of the 25 pairs of operations of a learned policy. Mirrors `torchvision.transforms.v2.AutoAugment`.
 *
 * @param policy - default `AutoAugmentPolicy.IMAGENET`
 * @param interpolation - of geometric operations: `'nearest'`, the default, or `'bilinear'`
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default null: 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.AutoAugment(transforms.AutoAugmentPolicy.CIFAR10);
 * print(transform, transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // AutoAugment(interpolation=nearest, policy=AutoAugmentPolicy.CIFAR10) torch.Size([3, 32, 32])
 * ```
 */
export class AutoAugment extends Augmentation {
  /** Draws random parameters, as `AutoAugment.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof AutoAugmentOfImages.get_params = AutoAugmentOfImages.get_params;

  readonly policy: AutoAugmentPolicy;

  constructor(
    ...args: Arguments<
      [policy?: AutoAugmentPolicy, interpolation?: InterpolationLike, fill?: FillLike],
      AutoAugmentV2Options,
      ['policy', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    const { policy = AutoAugmentPolicy.IMAGENET, interpolation = 'nearest', fill = null } = AUTO_AUGMENT.read(args);
    super({ interpolation, fill });
    this.policy = policy;
  }

  override transform(inpt: Tensor): Tensor {
    const policies = steps_of(this.policy);
    const ranges = paper_ranges(10, ...size_of(inpt));
    const space = new Map([...geometric(10, ranges), ...colored(10, ranges), ...toned(10, ranges, 1)]);
    return policies[integer(0, policies.length)]!.reduce((image, [name, p, level]) => {
      if (rand([]).item<number>() > Math.fround(p)) return image;
      const magnitude = drawn_magnitude(space.get(name) ?? without, () => level!);
      return operations[name](image, magnitude, this.how(image));
    }, inpt);
  }

  protected override _texts(): Record<string, string | null> {
    return { ...super._texts(), policy: String(this.policy) };
  }
}

/** The arguments of {@link RandAugment}. */
export interface RandAugmentV2Options extends PolicyOptions {
  /** How many operations each image goes through. Default 2. */
  num_ops?: number;
  /** The level of all operations. Default 9. */
  magnitude?: number;
  /** How many levels there are. Default 31. */
  num_magnitude_bins?: number;
}

const RAND_AUGMENT = signature<RandAugmentV2Options>(
  'RandAugment',
  `num_ops?: int, magnitude?: int, num_magnitude_bins?: int, ${POLICY}`,
);

/**
 * Applies operations that are chosen at random, all of one level. Mirrors `torchvision.transforms.v2.RandAugment`.
 *
 * @param num_ops - how many operations each image goes through; default 2
 * @param magnitude - the level of all operations; default 9
 * @param num_magnitude_bins - how many levels there are; default 31
 * @param interpolation - of geometric operations: `'nearest'`, the default, or `'bilinear'`
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default null: 0
 * @throws Error for a negative number of operations
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandAugment({ magnitude: 7 });
 * print(transform); // RandAugment(interpolation=nearest, num_ops=2, magnitude=7, num_magnitude_bins=31)
 * print(transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // torch.Size([3, 32, 32])
 * ```
 */
export class RandAugment extends Augmentation {
  readonly num_ops: number;
  readonly magnitude: number;
  readonly num_magnitude_bins: number;

  constructor(
    ...args: Arguments<
      [
        num_ops?: number,
        magnitude?: number,
        num_magnitude_bins?: number,
        interpolation?: InterpolationLike,
        fill?: FillLike,
      ],
      RandAugmentV2Options,
      ['num_ops', 'magnitude', 'num_magnitude_bins', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    const {
      num_ops = 2,
      magnitude = 9,
      num_magnitude_bins = 31,
      interpolation = 'nearest',
      fill = null,
    } = RAND_AUGMENT.read(args);
    super({ interpolation, fill });
    if (num_ops < 0) throw new Error(`num_ops should be a non-negative integer, but got ${num_ops} instead.`);
    this.num_ops = num_ops;
    this.magnitude = magnitude;
    this.num_magnitude_bins = num_magnitude_bins;
  }

  override transform(inpt: Tensor): Tensor {
    const bins = this.num_magnitude_bins;
    const ranges = paper_ranges(bins, ...size_of(inpt));
    const space: Space = [
      ['Identity', without],
      ...geometric(bins, ranges),
      ...colored(bins, ranges),
      ...toned(bins, ranges, 1),
    ];
    let image = inpt;
    for (let i = 0; i < this.num_ops; i++) {
      const [name, magnitudes] = drawn(space);
      const magnitude = drawn_magnitude(magnitudes, () => this.magnitude);
      image = operations[name](image, magnitude, this.how(image));
    }
    return image;
  }

  protected override _texts(): Record<string, string | null> {
    return {
      ...super._texts(),
      num_ops: String(this.num_ops),
      magnitude: String(this.magnitude),
      num_magnitude_bins: String(this.num_magnitude_bins),
    };
  }
}

/** The arguments of {@link TrivialAugmentWide}. */
export type TrivialAugmentWideV2Options = Pick<RandAugmentV2Options, 'num_magnitude_bins' | 'interpolation' | 'fill'>;

const TRIVIAL_AUGMENT = signature<TrivialAugmentWideV2Options>(
  'TrivialAugmentWide',
  `num_magnitude_bins?: int, ${POLICY}`,
);

/**
 * Applies one operation of a random level. Mirrors `torchvision.transforms.v2.TrivialAugmentWide`.
 *
 * @param num_magnitude_bins - how many levels there are; default 31
 * @param interpolation - of geometric operations: `'nearest'`, the default, or `'bilinear'`
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default null: 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.TrivialAugmentWide();
 * print(transform); // TrivialAugmentWide(interpolation=nearest, num_magnitude_bins=31)
 * print(transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // torch.Size([3, 32, 32])
 * ```
 */
export class TrivialAugmentWide extends Augmentation {
  readonly num_magnitude_bins: number;

  constructor(
    ...args: Arguments<
      [num_magnitude_bins?: number, interpolation?: InterpolationLike, fill?: FillLike],
      TrivialAugmentWideV2Options,
      ['num_magnitude_bins', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    const { num_magnitude_bins = 31, interpolation = 'nearest', fill = null } = TRIVIAL_AUGMENT.read(args);
    super({ interpolation, fill });
    this.num_magnitude_bins = num_magnitude_bins;
  }

  override transform(inpt: Tensor): Tensor {
    const bins = this.num_magnitude_bins;
    const ranges = { shear: 0.99, across: 32, down: 32, rotate: 135, color: 0.99, posterize: bits(8, 6, bins) };
    const [name, magnitudes] = drawn([
      ['Identity', without],
      ...geometric(bins, ranges),
      ...colored(bins, ranges),
      ...toned(bins, ranges, 1),
    ]);
    const magnitude = drawn_magnitude(magnitudes, () => integer(0, bins));
    return operations[name](inpt, magnitude, this.how(inpt));
  }

  protected override _texts(): Record<string, string | null> {
    return { ...super._texts(), num_magnitude_bins: String(this.num_magnitude_bins) };
  }
}

/** The arguments of {@link AugMix}. */
export interface AugMixV2Options extends PolicyOptions {
  /** The highest level of operations, from 1 to 10. Default 3. */
  severity?: number;
  /** How many chains of operations are mixed. Default 3. */
  mixture_width?: number;
  /** The length of chains; not positive: from 1 to 3. Default -1. */
  chain_depth?: number;
  /** Of the distributions of weights. Default 1. */
  alpha?: number;
  /** Change brightness, contrast, color and sharpness as well. Default true. */
  all_ops?: boolean;
}

const AUG_MIX = signature<AugMixV2Options>(
  'AugMix',
  `severity?: int, mixture_width?: int, chain_depth?: int, alpha?: float, all_ops?: bool, ${POLICY}`,
);

/**
 * Mixes the image with copies that went through chains of random operations. Mirrors
 * `torchvision.transforms.v2.AugMix`.
 *
 * @param severity - the highest level of operations, from 1 to 10; default 3
 * @param mixture_width - how many chains of operations are mixed; default 3
 * @param chain_depth - the length of chains; not positive: from 1 to 3; default -1
 * @param alpha - of the distributions of weights; default 1
 * @param all_ops - change brightness, contrast, color and sharpness as well; default true
 * @param interpolation - of geometric operations: `'bilinear'`, the default, or `'nearest'`
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default null: 0
 * @throws Error for another severity
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.AugMix({ severity: 5 });
 * print(transform); // AugMix(interpolation=bilinear, severity=5, mixture_width=3, chain_depth=-1, alpha=1.0, all_ops=True)
 * print(transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // torch.Size([3, 32, 32])
 * ```
 */
export class AugMix extends Augmentation {
  readonly severity: number;
  readonly mixture_width: number;
  readonly chain_depth: number;
  readonly alpha: number;
  readonly all_ops: boolean;

  constructor(
    ...args: Arguments<
      [
        severity?: number,
        mixture_width?: number,
        chain_depth?: number,
        alpha?: number,
        all_ops?: boolean,
        interpolation?: InterpolationLike,
        fill?: FillLike,
      ],
      AugMixV2Options,
      ['severity', 'mixture_width', 'chain_depth', 'alpha', 'all_ops', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    const {
      severity = 3,
      mixture_width = 3,
      chain_depth = -1,
      alpha = 1,
      all_ops = true,
      interpolation = 'bilinear',
      fill = null,
    } = AUG_MIX.read(args);
    super({ interpolation, fill });
    if (severity < 1 || severity > levels) {
      throw new Error(`The severity must be between [1, ${levels}]. Got ${severity} instead.`);
    }
    this.severity = severity;
    this.mixture_width = mixture_width;
    this.chain_depth = chain_depth;
    this.alpha = alpha;
    this.all_ops = all_ops;
  }

  private space([height, width]: readonly [number, number]): Space {
    const ranges = {
      shear: 0.3,
      across: width / 3,
      down: height / 3,
      rotate: 30,
      color: 0.9,
      posterize: bits(4, 4, levels),
    };
    const always = [...geometric(levels, ranges), ...toned(levels, ranges, 1)];
    return this.all_ops ? [...always, ...colored(levels, ranges)] : always;
  }

  /** A copy after a chain of random operations. */
  private chain(batch: Tensor, space: Space): Tensor {
    const depth = this.chain_depth > 0 ? this.chain_depth : integer(1, 4);
    let image = batch;
    for (let i = 0; i < depth; i++) {
      const [name, magnitudes] = drawn(space);
      const magnitude = drawn_magnitude(magnitudes, () => integer(0, this.severity));
      image = operations[name](image, magnitude, this.how(image));
    }
    return image;
  }

  override transform(inpt: Tensor): Tensor {
    const is_video = inpt instanceof Video;
    const values = is_video || inpt instanceof Image ? plain_view(inpt) : inpt;
    const space = this.space(size_of(inpt));
    const shape = [...values.shape];
    const missing = Math.max((is_video ? 5 : 4) - shape.length, 0);
    const batch = values.reshape([...Array<number>(missing).fill(1), ...shape]);
    const count = batch.size(0);
    const each = [count, ...Array<number>(batch.dim() - 1).fill(1)];
    const dirichlet = (length: number): Tensor =>
      _sample_dirichlet(
        from_nested(Array<number>(length).fill(this.alpha), { dtype: float32 }, 'AugMix')
          .to(batch.device)
          .expand(count, -1),
      );
    const [own, mixed] = dirichlet(2).unbind(1) as [Tensor, Tensor];
    const weights = dirichlet(this.mixture_width)
      .mul(mixed.reshape([count, -1]))
      .unbind(1);
    const mix = own.reshape(each).mul(batch);
    for (const weight of weights) mix.add_(weight.reshape(each).mul(this.chain(batch, space)));
    const result = mix.reshape(shape).to(values.dtype);
    return is_video || inpt instanceof Image ? wrapped(result, inpt) : of_same_kind(inpt, result);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      ...super._texts(),
      severity: String(this.severity),
      mixture_width: String(this.mixture_width),
      chain_depth: String(this.chain_depth),
      alpha: python_float(this.alpha),
      all_ops: python_bool(this.all_ops),
    };
  }
}
