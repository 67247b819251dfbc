/** Learned and random policies of augmentation. */
import { _sample_dirichlet, arange, linspace, rand, randint } from '../../generated/functions.js';
import { from_nested } from '../../creation.js';
import { atan, degrees } from '../../python/math.js';
import { float32 } from '../../types/dtype.js';
import { python_bool, python_float } from '../../_internal/representation.js';
import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { integer } from './draws.js';
import {
  adjust_brightness,
  adjust_contrast,
  adjust_saturation,
  autocontrast,
  equalize,
  invert,
  posterize,
  solarize,
} from './functional/color.js';
import { adjust_sharpness } from './functional/filter.js';
import { dimensions } from './functional/image.js';
import { InterpolationMode, mode_of, type Interpolation } from './functional/interpolation_mode.js';
import { of_same_kind } from './functional/pil_image.js';
import { affine, rotate, type Fill } from './functional/warp.js';
import { call_text, number_text } from './representation.js';
import { check_tensor, Transform } from './transform.js';

/** What an operation is done with. */
interface How<Mode> {
  readonly interpolation: Mode;
  readonly fill: Fill;
}

type Operation<Mode> = (img: Tensor, magnitude: number, how: How<Mode>) => Tensor;
type Adjust = (img: Tensor, value: number) => Tensor;

/** The functions that operations call. */
interface OperationCalls<Mode>
  extends Record<'adjust_brightness' | 'adjust_contrast' | 'adjust_saturation' | 'adjust_sharpness', Adjust>,
    Record<'posterize' | 'solarize', Adjust>,
    Record<'autocontrast' | 'equalize' | 'invert', (img: Tensor) => Tensor> {
  affine(
    img: Tensor,
    angle: number,
    translate: readonly number[],
    scale: number,
    shear: readonly number[],
    interpolation: Mode,
    fill: Fill,
    center: readonly number[] | null,
  ): Tensor;
  rotate(img: Tensor, angle: number, options: How<Mode>): Tensor;
}

/** Operations by the names that policies have for them, done with functions of v1 or v2. */
export const operations_by = <Mode>(call: OperationCalls<Mode>) => {
  const sheared =
    (in_y: boolean): Operation<Mode> =>
    (img, magnitude, { interpolation, fill }) => {
      const angle = degrees(atan(magnitude));
      const shear = in_y ? [0, angle] : [angle, 0];
      return call.affine(img, 0, [0, 0], 1, shear, interpolation, fill, [0, 0]);
    };
  const translated =
    (in_y: boolean): Operation<Mode> =>
    (img, magnitude, { interpolation, fill }) => {
      const shift = Math.trunc(magnitude);
      return call.affine(img, 0, in_y ? [0, shift] : [shift, 0], 1, [0, 0], interpolation, fill, null);
    };
  return {
    Identity: (img) => img,
    ShearX: sheared(false),
    ShearY: sheared(true),
    TranslateX: translated(false),
    TranslateY: translated(true),
    Rotate: (img, magnitude, { interpolation, fill }) => call.rotate(img, magnitude, { interpolation, fill }),
    Brightness: (img, magnitude) => call.adjust_brightness(img, 1 + magnitude),
    Color: (img, magnitude) => call.adjust_saturation(img, 1 + magnitude),
    Contrast: (img, magnitude) => call.adjust_contrast(img, 1 + magnitude),
    Sharpness: (img, magnitude) => call.adjust_sharpness(img, 1 + magnitude),
    Posterize: (img, magnitude) => call.posterize(img, Math.trunc(magnitude)),
    Solarize: (img, magnitude) => call.solarize(img, magnitude),
    AutoContrast: (img) => call.autocontrast(img),
    Equalize: (img) => call.equalize(img),
    Invert: (img) => call.invert(img),
  } satisfies Record<string, Operation<Mode>>;
};

const operations = operations_by<InterpolationMode>({
  ...{ adjust_brightness, adjust_contrast, adjust_saturation, adjust_sharpness, posterize, solarize },
  ...{ autocontrast, equalize, invert, affine, rotate },
});

export type OperationName = keyof typeof operations;

/** Magnitudes of an operation by level, null where it has none; whether it goes both ways. */
export type Magnitudes = readonly [values: Tensor | null, signed: boolean];
export type Space = readonly (readonly [OperationName, Magnitudes])[];

/** From 0 to the most, both ways. */
const up_to = (most: number, bins: number): Magnitudes => [linspace(0, most, bins), true];
export const without: Magnitudes = [null, false];

/** Bits that stay: fewer by `steps` at the last level. */
export const bits = (first: number, steps: number, bins: number): Magnitudes => [
  arange(bins)
    .div((bins - 1) / steps)
    .round()
    .neg()
    .add(first),
  false,
];

export interface Ranges {
  readonly shear: number;
  readonly across: number;
  readonly down: number;
  readonly rotate: number;
  readonly color: number;
  readonly posterize: Magnitudes;
}

export const geometric = (bins: number, { shear, across, down, rotate: most }: Ranges): Space => [
  ['ShearX', up_to(shear, bins)],
  ['ShearY', up_to(shear, bins)],
  ['TranslateX', up_to(across, bins)],
  ['TranslateY', up_to(down, bins)],
  ['Rotate', up_to(most, bins)],
];

export const colored = (bins: number, { color }: Ranges): Space => [
  ['Brightness', up_to(color, bins)],
  ['Color', up_to(color, bins)],
  ['Contrast', up_to(color, bins)],
  ['Sharpness', up_to(color, bins)],
];

/** `brightest` is the threshold of the first level: v2 has shares of the largest value. */
export const toned = (bins: number, { posterize: magnitudes }: Ranges, brightest = 255): Space => [
  ['Posterize', magnitudes],
  ['Solarize', [linspace(brightest, 0, bins), false]],
  ['AutoContrast', without],
  ['Equalize', without],
];

/** The ranges of AutoAugment and RandAugment, whose images move by up to 150 of 331 pixels. */
export const paper_ranges = (bins: number, height: number, width: number): Ranges => ({
  shear: 0.3,
  across: (150 / 331) * width,
  down: (150 / 331) * height,
  rotate: 30,
  color: 0.9,
  posterize: bits(8, 4, bins),
});

/** The value of each channel, null for zeros. */
const fill_of = (fill: Fill, img: Tensor): Fill =>
  typeof fill === 'number' ? Array<number>(dimensions(img)[0]).fill(fill) : fill;

const FILL = 'float|float[]|None';
const MODE = 'InterpolationMode|int';

const MEMBER = signature<object>('AutoAugmentPolicy', 'name: str, value: str');

/**
 * Policies that were learned on a dataset. Mirrors `torchvision.transforms.AutoAugmentPolicy`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.AutoAugmentPolicy.CIFAR10, transforms.AutoAugmentPolicy.CIFAR10.value); // AutoAugmentPolicy.CIFAR10 cifar10
 * ```
 */
export class AutoAugmentPolicy {
  static readonly IMAGENET = new AutoAugmentPolicy('IMAGENET', 'imagenet');
  static readonly CIFAR10 = new AutoAugmentPolicy('CIFAR10', 'cifar10');
  static readonly SVHN = new AutoAugmentPolicy('SVHN', 'svhn');

  private constructor(
    /** The name of the member: `'IMAGENET'`. */
    readonly name: string,
    /** `'imagenet'` */
    readonly value: string,
  ) {
    MEMBER.read([...arguments]);
  }

  /** `AutoAugmentPolicy.IMAGENET` */
  toString(): string {
    return `AutoAugmentPolicy.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('AutoAugmentPolicy', 'AutoAugmentPolicy', (value) => value instanceof AutoAugmentPolicy);

/**
 * The policies of the AutoAugment paper (Cubuk et al., 2019): pairs of operations, each with its probability in tenths and
 * its level.
 */
const published: Readonly<Record<string, string>> = {
  imagenet: `
    Posterize 4 8, Rotate 6 9; Solarize 6 5, AutoContrast 6; Equalize 8, Equalize 6; Posterize 6 7, Posterize 6 6;
    Equalize 4, Solarize 2 4; Equalize 4, Rotate 8 8; Solarize 6 3, Equalize 6; Posterize 8 5, Equalize 10;
    Rotate 2 3, Solarize 6 8; Equalize 6, Posterize 4 6; Rotate 8 8, Color 4 0; Rotate 4 9, Equalize 6;
    Equalize 0, Equalize 8; Invert 6, Equalize 10; Color 6 4, Contrast 10 8; Rotate 8 8, Color 10 2;
    Color 8 8, Solarize 8 7; Sharpness 4 7, Invert 6; ShearX 6 5, Equalize 10; Color 4 0, Equalize 6;
    Equalize 4, Solarize 2 4; Solarize 6 5, AutoContrast 6; Invert 6, Equalize 10; Color 6 4, Contrast 10 8;
    Equalize 8, Equalize 6`,
  cifar10: `
    Invert 1, Contrast 2 6; Rotate 7 2, TranslateX 3 9; Sharpness 8 1, Sharpness 9 3; ShearY 5 8, TranslateY 7 9;
    AutoContrast 5, Equalize 9; ShearY 2 7, Posterize 3 7; Color 4 3, Brightness 6 7; Sharpness 3 9, Brightness 7 9;
    Equalize 6, Equalize 5; Contrast 6 7, Sharpness 6 5; Color 7 7, TranslateX 5 8; Equalize 3, AutoContrast 4;
    TranslateY 4 3, Sharpness 2 6; Brightness 9 6, Color 2 8; Solarize 5 2, Invert 0; Equalize 2, AutoContrast 6;
    Equalize 2, Equalize 6; Color 9 9, Equalize 6; AutoContrast 8, Solarize 2 8; Brightness 1 3, Color 7 0;
    Solarize 4 5, AutoContrast 9; TranslateY 9 9, TranslateY 7 9; AutoContrast 9, Solarize 8 3; Equalize 8, Invert 1;
    TranslateY 7 9, AutoContrast 9`,
  svhn: `
    ShearX 9 4, Invert 2; ShearY 9 8, Invert 7; Equalize 6, Solarize 6 6; Invert 9, Equalize 6; Equalize 6, Rotate 9 3;
    ShearX 9 4, AutoContrast 8; ShearY 9 8, Invert 4; ShearY 9 5, Solarize 2 6; Invert 9, AutoContrast 8;
    Equalize 6, Rotate 9 3; ShearX 9 4, Solarize 3 3; ShearY 8 8, Invert 7; Equalize 9, TranslateY 6 6;
    Invert 9, Equalize 6; Contrast 3 3, Rotate 8 4; Invert 8, TranslateY 0 2; ShearY 7 6, Solarize 4 8;
    Invert 6, Rotate 8 4; ShearY 3 7, TranslateX 9 3; ShearX 1 6, Invert 6; Solarize 7 2, TranslateY 6 7;
    ShearY 8 4, Invert 8; ShearX 7 9, TranslateY 8 3; ShearY 8 5, AutoContrast 7; ShearX 7 2, Invert 1`,
};

/** An operation of a policy: its probability, and the level of its magnitude. */
type PolicyStep = readonly [name: OperationName, p: number, level: number | null];

export function steps_of(policy: AutoAugmentPolicy): PolicyStep[][] {
  return published[policy.value]!.split(';').map((pair) =>
    pair.split(',').map((step) => {
      const [name, tenths, level] = step.trim().split(' ') as [OperationName, string, string?];
      return [name, Number(tenths) / 10, level === undefined ? null : Number(level)];
    }),
  );
}

/** The arguments of {@link AutoAugment}. */
export interface AutoAugmentOptions {
  /** Default `AutoAugmentPolicy.IMAGENET`. */
  policy?: AutoAugmentPolicy;
  /** Of geometric operations: `InterpolationMode.NEAREST`, the default, or `BILINEAR`. */
  interpolation?: Interpolation;
  /** The value outside of the image. Default null: 0. */
  fill?: Fill;
}

const AUTO_AUGMENT = signature<AutoAugmentOptions>(
  'AutoAugment',
  `policy?: AutoAugmentPolicy, interpolation?: ${MODE}, fill?: ${FILL}`,
);
const POLICY_PARAMS = signature<{ transform_num: number }>('get_params', 'transform_num: int');

/**
 * Applies one of the 25 pairs of operations of a learned policy. Mirrors `torchvision.transforms.AutoAugment`.
 *
 * @param policy - default `AutoAugmentPolicy.IMAGENET`
 * @param interpolation - of geometric operations: `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.AutoAugment(transforms.AutoAugmentPolicy.CIFAR10);
 * print(transform, transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // AutoAugment(policy=AutoAugmentPolicy.CIFAR10, fill=None) torch.Size([3, 32, 32])
 * ```
 */
export class AutoAugment extends Transform<Tensor, Tensor> {
  readonly policy: AutoAugmentPolicy;
  readonly interpolation: InterpolationMode;
  readonly fill: Fill;

  constructor(
    ...args: Arguments<
      [policy?: AutoAugmentPolicy, interpolation?: Interpolation, fill?: Fill],
      AutoAugmentOptions,
      ['policy', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      policy = AutoAugmentPolicy.IMAGENET,
      interpolation = InterpolationMode.NEAREST,
      fill = null,
    } = AUTO_AUGMENT.read(args);
    this.policy = policy;
    this.interpolation = mode_of(interpolation);
    this.fill = fill;
  }

  /** The number of a pair, two numbers to compare with probabilities, and two signs. */
  static get_params(
    ...args: [transform_num: number] | [options: { transform_num: number }]
  ): [policy_id: number, probs: Tensor, signs: Tensor];
  static get_params(...args: unknown[]): [number, Tensor, Tensor] {
    const { transform_num } = POLICY_PARAMS.read(args);
    const policy_id = integer(0, transform_num);
    const probs = rand(2);
    return [policy_id, probs, randint(2, [2])];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const how = { interpolation: this.interpolation, fill: fill_of(this.fill, img) };
    const [, height, width] = dimensions(img);
    const policies = steps_of(this.policy);
    const [policy_id, probs, signs] = AutoAugment.get_params(policies.length);
    const ranges = paper_ranges(10, height, width);
    const space = new Map([...geometric(10, ranges), ...colored(10, ranges), ...toned(10, ranges)]);
    return policies[policy_id]!.reduce((image, [name, p, level], i) => {
      if (probs.index(i).item<number>() > Math.fround(p)) return image;
      const [values, signed] = space.get(name) ?? without;
      const size = level === null || values === null ? 0 : values.index(level).item<number>();
      return operations[name](image, signed && signs.index(i).item<number>() === 0 ? -size : size, how);
    }, img);
  }

  override toString(): string {
    return call_text(this, { policy: String(this.policy), fill: number_text(this.fill) });
  }
}

/** Draws whether a magnitude of an operation that goes both ways is negative. */
const signed_size = (size: number, signed: boolean): number => (signed && integer(0, 2) === 1 ? -size : size);

/** The arguments of {@link RandAugment}. */
export interface RandAugmentOptions {
  /** How many operations each image goes through. Default 2. */
  num_ops?: number;
  /** The level of all operations. Default 9. */
  magnitude?: number;
  /** How many levels there are. Default 31. */
  num_magnitude_bins?: number;
  /** Of geometric operations: `InterpolationMode.NEAREST`, the default, or `BILINEAR`. */
  interpolation?: Interpolation;
  /** The value outside of the image. Default null: 0. */
  fill?: Fill;
}

const RAND_AUGMENT = signature<RandAugmentOptions>(
  'RandAugment',
  `num_ops?: int, magnitude?: int, num_magnitude_bins?: int, interpolation?: ${MODE}, fill?: ${FILL}`,
);

/**
 * Applies operations that are chosen at random, all of one level. Mirrors `torchvision.transforms.RandAugment`.
 *
 * @param num_ops - how many operations each image goes through; default 2
 * @param magnitude - the level of all operations; default 9
 * @param num_magnitude_bins - how many levels there are; default 31
 * @param interpolation - of geometric operations: `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandAugment({ magnitude: 7 });
 * print(transform); // RandAugment(num_ops=2, magnitude=7, num_magnitude_bins=31, interpolation=InterpolationMode.NEAREST, fill=None)
 * print(transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // torch.Size([3, 32, 32])
 * ```
 */
export class RandAugment extends Transform<Tensor, Tensor> {
  readonly num_ops: number;
  readonly magnitude: number;
  readonly num_magnitude_bins: number;
  readonly interpolation: InterpolationMode;
  readonly fill: Fill;

  constructor(
    ...args: Arguments<
      [num_ops?: number, magnitude?: number, num_magnitude_bins?: number, interpolation?: Interpolation, fill?: Fill],
      RandAugmentOptions,
      ['num_ops', 'magnitude', 'num_magnitude_bins', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      num_ops = 2,
      magnitude = 9,
      num_magnitude_bins = 31,
      interpolation = InterpolationMode.NEAREST,
      fill = null,
    } = RAND_AUGMENT.read(args);
    this.num_ops = num_ops;
    this.magnitude = magnitude;
    this.num_magnitude_bins = num_magnitude_bins;
    this.interpolation = mode_of(interpolation);
    this.fill = fill;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const how = { interpolation: this.interpolation, fill: fill_of(this.fill, img) };
    const [, height, width] = dimensions(img);
    const bins = this.num_magnitude_bins;
    const ranges = paper_ranges(bins, height, width);
    const space: Space = [
      ['Identity', without],
      ...geometric(bins, ranges),
      ...colored(bins, ranges),
      ...toned(bins, ranges),
    ];
    let image = img;
    for (let i = 0; i < this.num_ops; i++) {
      const [name, [values, signed]] = space[integer(0, space.length)]!;
      const size = values === null ? 0 : values.index(this.magnitude).item<number>();
      image = operations[name](image, signed_size(size, signed), how);
    }
    return image;
  }

  override toString(): string {
    return call_text(this, {
      num_ops: String(this.num_ops),
      magnitude: String(this.magnitude),
      num_magnitude_bins: String(this.num_magnitude_bins),
      interpolation: String(this.interpolation),
      fill: number_text(this.fill),
    });
  }
}

/** The arguments of {@link TrivialAugmentWide}. */
export type TrivialAugmentWideOptions = Pick<RandAugmentOptions, 'num_magnitude_bins' | 'interpolation' | 'fill'>;

const TRIVIAL_AUGMENT = signature<TrivialAugmentWideOptions>(
  'TrivialAugmentWide',
  `num_magnitude_bins?: int, interpolation?: ${MODE}, fill?: ${FILL}`,
);

/**
 * Applies one operation of a random level. Mirrors `torchvision.transforms.TrivialAugmentWide`.
 *
 * @param num_magnitude_bins - how many levels there are; default 31
 * @param interpolation - of geometric operations: `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.TrivialAugmentWide();
 * print(transform); // TrivialAugmentWide(num_magnitude_bins=31, interpolation=InterpolationMode.NEAREST, fill=None)
 * print(transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // torch.Size([3, 32, 32])
 * ```
 */
export class TrivialAugmentWide extends Transform<Tensor, Tensor> {
  readonly num_magnitude_bins: number;
  readonly interpolation: InterpolationMode;
  readonly fill: Fill;

  constructor(
    ...args: Arguments<
      [num_magnitude_bins?: number, interpolation?: Interpolation, fill?: Fill],
      TrivialAugmentWideOptions,
      ['num_magnitude_bins', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      num_magnitude_bins = 31,
      interpolation = InterpolationMode.NEAREST,
      fill = null,
    } = TRIVIAL_AUGMENT.read(args);
    this.num_magnitude_bins = num_magnitude_bins;
    this.interpolation = mode_of(interpolation);
    this.fill = fill;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const how = { interpolation: this.interpolation, fill: fill_of(this.fill, img) };
    const bins = this.num_magnitude_bins;
    const ranges = { shear: 0.99, across: 32, down: 32, rotate: 135, color: 0.99, posterize: bits(8, 6, bins) };
    const space: Space = [
      ['Identity', without],
      ...geometric(bins, ranges),
      ...colored(bins, ranges),
      ...toned(bins, ranges),
    ];
    const [name, [values, signed]] = space[integer(0, space.length)]!;
    const size = values === null ? 0 : values.index(integer(0, bins)).item<number>();
    return operations[name](img, signed_size(size, signed), how);
  }

  override toString(): string {
    return call_text(this, {
      num_magnitude_bins: String(this.num_magnitude_bins),
      interpolation: String(this.interpolation),
      fill: number_text(this.fill),
    });
  }
}

/** The arguments of {@link AugMix}. */
export interface AugMixOptions {
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
  /** Of geometric operations: `InterpolationMode.BILINEAR`, the default, or `NEAREST`. */
  interpolation?: Interpolation;
  /** The value outside of the image. Default null: 0. */
  fill?: Fill;
}

const AUG_MIX = signature<AugMixOptions>(
  'AugMix',
  'severity?: int, mixture_width?: int, chain_depth?: int, alpha?: float, all_ops?: bool, ' +
    `interpolation?: ${MODE}, fill?: ${FILL}`,
);

/** How many levels of severity there are. */
export const levels = 10;

/**
 * Mixes the image with copies that went through chains of random operations. Mirrors `torchvision.transforms.AugMix`.
 *
 * @param severity - the highest level of operations, from 1 to 10; default 3
 * @param mixture_width - how many chains of operations are mixed; default 3
 * @param chain_depth - the length of chains; not positive: from 1 to 3; default -1
 * @param alpha - of the distributions of weights; default 1
 * @param all_ops - change brightness, contrast, color and sharpness as well; default true
 * @param interpolation - of geometric operations: `InterpolationMode.BILINEAR`, the default, or `NEAREST`
 * @param fill - the value outside of the image, of all channels or of each; default null: 0
 * @throws Error for another severity
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.AugMix({ severity: 5 });
 * print(transform); // AugMix(severity=5, mixture_width=3, chain_depth=-1, alpha=1.0, all_ops=True, interpolation=InterpolationMode.BILINEAR, fill=None)
 * print(transform(torch.zeros([3, 32, 32], { dtype: torch.uint8 })).shape); // torch.Size([3, 32, 32])
 * ```
 */
export class AugMix extends Transform<Tensor, Tensor> {
  readonly severity: number;
  readonly mixture_width: number;
  readonly chain_depth: number;
  readonly alpha: number;
  readonly all_ops: boolean;
  readonly interpolation: InterpolationMode;
  readonly fill: Fill;

  constructor(
    ...args: Arguments<
      [
        severity?: number,
        mixture_width?: number,
        chain_depth?: number,
        alpha?: number,
        all_ops?: boolean,
        interpolation?: Interpolation,
        fill?: Fill,
      ],
      AugMixOptions,
      ['severity', 'mixture_width', 'chain_depth', 'alpha', 'all_ops', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      severity = 3,
      mixture_width = 3,
      chain_depth = -1,
      alpha = 1,
      all_ops = true,
      interpolation = InterpolationMode.BILINEAR,
      fill = null,
    } = AUG_MIX.read(args);
    if (severity < 1 || severity > levels) {
      throw new Error(`The severity must be between [1, ${levels}]. Got ${severity} instead.`);
    }
    this.severity = severity;
    this.mixture_width = mixture_width;
    this.chain_depth = chain_depth;
    this.alpha = alpha;
    this.all_ops = all_ops;
    this.interpolation = mode_of(interpolation);
    this.fill = fill;
  }

  private space(height: number, width: number): Space {
    const ranges = {
      shear: 0.3,
      across: width / 3,
      down: height / 3,
      rotate: 30,
      color: 0.9,
      posterize: bits(4, 4, levels),
    };
    const always = [...geometric(levels, ranges), ...toned(levels, ranges)];
    return this.all_ops ? [...always, ...colored(levels, ranges)] : always;
  }

  /** A copy after a chain of random operations. */
  private chain(batch: Tensor, space: Space, how: How<InterpolationMode>): Tensor {
    const depth = this.chain_depth > 0 ? this.chain_depth : integer(1, 4);
    let image = batch;
    for (let i = 0; i < depth; i++) {
      const [name, [values, signed]] = space[integer(0, space.length)]!;
      const size = values === null ? 0 : values.index(integer(0, this.severity)).item<number>();
      image = operations[name](image, signed_size(size, signed), how);
    }
    return image;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const how = { interpolation: this.interpolation, fill: fill_of(this.fill, img) };
    const [, height, width] = dimensions(img);
    const space = this.space(height, width);
    const shape = [...img.shape];
    const batch = img.view([...Array<number>(Math.max(4 - shape.length, 0)).fill(1), ...shape]);
    const count = batch.size(0);
    const each = [count, ...Array<number>(batch.dim() - 1).fill(1)];
    const dirichlet = (length: number): Tensor =>
      _sample_dirichlet(
        from_nested(Array<number>(length).fill(this.alpha), { dtype: float32 }, 'AugMix')
          .to(batch.device)
          .expand(count, -1),
      );
    const [own, mixed] = dirichlet(2).unbind(1) as [Tensor, Tensor];
    const weights = dirichlet(this.mixture_width).mul(mixed.view(count, -1)).unbind(1);
    const mix = own.view(each).mul(batch);
    for (const weight of weights) mix.add_(weight.view(each).mul(this.chain(batch, space, how)));
    return of_same_kind(img, mix.view(shape).to(img.dtype));
  }

  override toString(): string {
    return call_text(this, {
      severity: String(this.severity),
      mixture_width: String(this.mixture_width),
      chain_depth: String(this.chain_depth),
      alpha: python_float(this.alpha),
      all_ops: python_bool(this.all_ops),
      interpolation: String(this.interpolation),
      fill: number_text(this.fill),
    });
  }
}
