/** Transforms of colors, blurring, noise and erasing, of images and videos; other inputs are returned as they are. */
import { rand, randperm } from '../../../generated/functions.js';
import { Tuple } from '../../../python/values.js';
import { python_bool, python_float } from '../../../_internal/representation.js';
import { no_arguments, signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import {
  GAUSSIAN_BLUR,
  jitter_range,
  odd_sizes,
  type GaussianBlurArguments,
  type JitterRange,
  ColorJitter as JitterOfImages,
  GaussianBlur as BlurOfImages,
} from '../colors.js';
import { happens, integer, uniform } from '../draws.js';
import {
  check_erasing,
  drawn_part,
  RANDOM_ERASING,
  type ErasedPart,
  type RandomErasingOptions,
  RandomErasing as ErasingOfImages,
} from '../random_erasing.js';
import { float_list, number_text } from '../representation.js';
import type { ImageSize } from '../sizes.js';
import {
  adjust_brightness,
  adjust_contrast,
  adjust_hue,
  adjust_saturation,
  adjust_sharpness,
  autocontrast,
  equalize,
  grayscale_to_rgb,
  invert,
  permute_channels,
  posterize,
  rgb_to_grayscale,
  solarize,
} from './functional/color.js';
import { erase, gaussian_blur, gaussian_noise, jpeg } from './functional/filter.js';
import { query_image, RandomTransform, Transform } from './transform.js';

type OnlyP = [p?: number] | [options: { p?: number }];

/** A transform that does the same to some inputs. */
abstract class OnlyProbability extends RandomTransform {
  protected override _texts(): Record<string, string | null> {
    return { p: python_float(this.p) };
  }
}

const GRAYSCALE = signature<{ num_output_channels?: number }>('Grayscale', 'num_output_channels?: int');

/**
 * Converts images to shades of gray. Mirrors `torchvision.transforms.v2.Grayscale`.
 *
 * @param num_output_channels - 1, the default, or 3 of equal values
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.Grayscale();
 * print(transform, transform(torch.tensor([[[0.2]], [[0.4]], [[0.6]]]))); // Grayscale(num_output_channels=1) tensor([[[0.3630]]])
 * ```
 */
export class Grayscale extends Transform {
  readonly num_output_channels: number;

  constructor(...args: [num_output_channels?: number] | [options: { num_output_channels?: number }]);
  constructor(...args: unknown[]) {
    super();
    this.num_output_channels = GRAYSCALE.read(args).num_output_channels ?? 1;
  }

  override transform(inpt: Tensor): Tensor {
    return rgb_to_grayscale(inpt, this.num_output_channels);
  }

  protected override _texts(): Record<string, string> {
    return { num_output_channels: String(this.num_output_channels) };
  }
}

const RANDOM_GRAYSCALE = signature<{ p?: number }>('RandomGrayscale', 'p?: float');

/**
 * Converts some images to shades of gray, with as many channels as they have. Mirrors
 * `torchvision.transforms.v2.RandomGrayscale`.
 *
 * @param p - probability, default 0.1
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomGrayscale(1);
 * print(transform, transform(torch.tensor([[[0.2]], [[0.4]], [[0.6]]])).flatten()); // RandomGrayscale(p=1.0) tensor([0.3630, 0.3630, 0.3630])
 * ```
 */
export class RandomGrayscale extends OnlyProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(RANDOM_GRAYSCALE.read(args).p ?? 0.1);
  }

  override make_params(flat_inputs: readonly unknown[]): { channels: number } {
    return { channels: query_image(flat_inputs)[0] };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return rgb_to_grayscale(inpt, (params as { channels: number }).channels);
  }
}

/**
 * Gives images of one channel three of equal values. Mirrors `torchvision.transforms.v2.RGB`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.RGB()(torch.ones(1, 1, 1)).flatten()); // tensor([1., 1., 1.])
 * ```
 */
export class RGB extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('RGB', none);
  }

  override transform(inpt: Tensor): Tensor {
    return grayscale_to_rgb(inpt);
  }
}

/** A number or a range; null leaves images as they are. */
type JitterLike = number | readonly number[] | null;

/** The arguments of {@link ColorJitter}. */
export interface ColorJitterV2Options {
  /** Factors are from `[max(0, 1 - brightness), 1 + brightness]`, or from a given range. Default null. */
  brightness?: JitterLike;
  /** As `brightness`. Default null. */
  contrast?: JitterLike;
  /** As `brightness`. Default null. */
  saturation?: JitterLike;
  /** Parts of the circle are from `[-hue, hue]`, or from a given range within `[-0.5, 0.5]`. Default null. */
  hue?: JitterLike;
}

const JITTER_NAMES = ['brightness', 'contrast', 'saturation', 'hue'] as const;
const COLOR_JITTER = signature<ColorJitterV2Options>(
  'ColorJitter',
  JITTER_NAMES.map((name) => `${name}?: float|float[]|None`).join(', '),
);

const range_text = (range: JitterRange): string | null => range && float_list(range);
const changes = [adjust_brightness, adjust_contrast, adjust_saturation, adjust_hue] as readonly ((
  inpt: Tensor,
  factor: number,
) => Tensor)[];

/** Which changes come after another, and their factors. */
interface JitterParams {
  readonly order: readonly number[];
  readonly factors: readonly (number | null)[];
}

/**
 * Changes brightness, contrast, saturation and hue by random factors, in random order. Mirrors
 * `torchvision.transforms.v2.ColorJitter`.
 *
 * @param brightness - factors are from `[max(0, 1 - brightness), 1 + brightness]`, or from a given range; default null
 * @param contrast - as `brightness`
 * @param saturation - as `brightness`
 * @param hue - parts of the circle are from `[-hue, hue]`, or from a given range within `[-0.5, 0.5]`; default null
 * @throws Error for negative numbers, and for ranges outside of those
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.ColorJitter({ brightness: 0.5, hue: 0.3 })); // ColorJitter(brightness=(0.5, 1.5), hue=(-0.3, 0.3))
 * ```
 */
export class ColorJitter extends Transform {
  /** Draws random parameters, as `ColorJitter.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof JitterOfImages.get_params = JitterOfImages.get_params;

  readonly brightness: JitterRange;
  readonly contrast: JitterRange;
  readonly saturation: JitterRange;
  readonly hue: JitterRange;

  constructor(
    ...args: Arguments<
      [brightness?: JitterLike, contrast?: JitterLike, saturation?: JitterLike, hue?: JitterLike],
      ColorJitterV2Options,
      ['brightness', 'contrast', 'saturation', 'hue']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = COLOR_JITTER.read(args);
    const range = (name: (typeof JITTER_NAMES)[number], center: number): JitterRange => {
      const value = given[name] ?? null;
      return value === null ? null : jitter_range(name, value, center);
    };
    this.brightness = range('brightness', 1);
    this.contrast = range('contrast', 1);
    this.saturation = range('saturation', 1);
    this.hue = range('hue', 0);
  }

  override make_params(): JitterParams {
    const order = randperm(4).tolist() as number[];
    const factors = [this.brightness, this.contrast, this.saturation, this.hue].map((range) =>
      range === null ? null : uniform(range[0]!, range[1]!),
    );
    return { order, factors };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { order, factors } = params as JitterParams;
    return order.reduce((image, which) => {
      const factor = factors[which] ?? null;
      return factor === null ? image : changes[which]!(image, factor);
    }, inpt);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      brightness: range_text(this.brightness),
      contrast: range_text(this.contrast),
      saturation: range_text(this.saturation),
      hue: range_text(this.hue),
    };
  }
}

/**
 * Puts the channels of images in random order. Mirrors `torchvision.transforms.v2.RandomChannelPermutation`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.RandomChannelPermutation()(torch.ones(3, 1, 1)).flatten()); // tensor([1., 1., 1.])
 * ```
 */
export class RandomChannelPermutation extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('RandomChannelPermutation', none);
  }

  override make_params(flat_inputs: readonly unknown[]): { permutation: readonly number[] } {
    return { permutation: randperm(query_image(flat_inputs)[0]).tolist() as number[] };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return permute_channels(inpt, (params as { permutation: readonly number[] }).permutation);
  }
}

/** The arguments of {@link RandomPhotometricDistort}. */
export interface PhotometricDistortOptions {
  /** Least and most of the factor. Default (0.875, 1.125). */
  brightness?: readonly number[];
  /** Least and most of the factor. Default (0.5, 1.5). */
  contrast?: readonly number[];
  /** Least and most of the factor. Default (0.5, 1.5). */
  saturation?: readonly number[];
  /** Least and most of the part of the circle. Default (-0.05, 0.05). */
  hue?: readonly number[];
  /** Probability of each change. Default 0.5. */
  p?: number;
}

const DISTORT = signature<PhotometricDistortOptions>(
  'RandomPhotometricDistort',
  `${JITTER_NAMES.map((name) => `${name}?: float[]`).join(', ')}, p?: float`,
);

interface DistortParams {
  readonly factors: readonly (number | null)[];
  readonly contrast_first: boolean;
  readonly permutation: readonly number[] | null;
}

/**
 * Changes colors of images as SSD does: each of brightness, contrast, saturation, hue and the order of channels with a
 * probability. Mirrors `torchvision.transforms.v2.RandomPhotometricDistort`.
 *
 * @param brightness - least and most of the factor; default (0.875, 1.125)
 * @param contrast - least and most of the factor; default (0.5, 1.5)
 * @param saturation - least and most of the factor; default (0.5, 1.5)
 * @param hue - least and most of the part of the circle; default (-0.05, 0.05)
 * @param p - probability of each change, default 0.5
 * @throws Error for ranges of other than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.RandomPhotometricDistort({ p: 0 })(torch.ones(3, 1, 1)).flatten()); // tensor([1., 1., 1.])
 * ```
 */
export class RandomPhotometricDistort extends Transform {
  readonly brightness: readonly number[];
  readonly contrast: readonly number[];
  readonly saturation: readonly number[];
  readonly hue: readonly number[];
  readonly p: number;

  constructor(
    ...args: Arguments<
      [
        brightness?: readonly number[],
        contrast?: readonly number[],
        saturation?: readonly number[],
        hue?: readonly number[],
        p?: number,
      ],
      PhotometricDistortOptions,
      ['brightness', 'contrast', 'saturation', 'hue', 'p']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      brightness = Tuple.of(0.875, 1.125),
      contrast = Tuple.of(0.5, 1.5),
      saturation = Tuple.of(0.5, 1.5),
      hue = Tuple.of(-0.05, 0.05),
      p = 0.5,
    } = DISTORT.read(args);
    const ranges = { brightness, contrast, saturation, hue };
    for (const [name, range] of Object.entries(ranges)) {
      if (range.length !== 2) throw new Error(`${name} should be a sequence of length 2.`);
    }
    this.brightness = brightness;
    this.contrast = contrast;
    this.saturation = saturation;
    this.hue = hue;
    this.p = p;
  }

  override make_params(flat_inputs: readonly unknown[]): DistortParams {
    const [channels] = query_image(flat_inputs);
    const factors = [this.brightness, this.contrast, this.saturation, this.hue].map((range) =>
      happens(this.p) ? uniform(range[0]!, range[1]!) : null,
    );
    const contrast_first = rand([]).item<number>() < 0.5;
    const permutation = happens(this.p) ? (randperm(channels).tolist() as number[]) : null;
    return { factors, contrast_first, permutation };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { factors, contrast_first, permutation } = params as DistortParams;
    const order = contrast_first ? [0, 1, 2, 3] : [0, 2, 3, 1];
    const changed = order.reduce((image, which) => {
      const factor = factors[which] ?? null;
      return factor === null ? image : changes[which]!(image, factor);
    }, inpt);
    return permutation === null ? changed : permute_channels(changed, permutation);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      brightness: float_list(this.brightness),
      contrast: float_list(this.contrast),
      hue: float_list(this.hue),
      saturation: float_list(this.saturation),
      p: python_float(this.p),
    };
  }
}

const EQUALIZE = signature<{ p?: number }>('RandomEqualize', 'p?: float');
const INVERT = EQUALIZE.renamed('RandomInvert');
const AUTOCONTRAST = EQUALIZE.renamed('RandomAutocontrast');

/**
 * Spreads the values of some images evenly. Mirrors `torchvision.transforms.v2.RandomEqualize`.
 *
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomEqualize({ p: 1 });
 * print(transform, transform(torch.full([1, 2, 2], 7, { dtype: torch.uint8 })).max().item()); // RandomEqualize(p=1.0) 7
 * ```
 */
export class RandomEqualize extends OnlyProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(EQUALIZE.read(args).p ?? 0.5);
  }

  override transform(inpt: Tensor): Tensor {
    return equalize(inpt);
  }
}

/**
 * Inverts some images. Mirrors `torchvision.transforms.v2.RandomInvert`.
 *
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomInvert(1);
 * print(transform, transform(torch.tensor([[[0.25]]]))); // RandomInvert(p=1.0) tensor([[[0.7500]]])
 * ```
 */
export class RandomInvert extends OnlyProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(INVERT.read(args).p ?? 0.5);
  }

  override transform(inpt: Tensor): Tensor {
    return invert(inpt);
  }
}

/**
 * Stretches the values of some images to the whole range. Mirrors `torchvision.transforms.v2.RandomAutocontrast`.
 *
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomAutocontrast(1);
 * print(transform, transform(torch.tensor([[[0.25, 0.5]]]))); // RandomAutocontrast(p=1.0) tensor([[[0., 1.]]])
 * ```
 */
export class RandomAutocontrast extends OnlyProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(AUTOCONTRAST.read(args).p ?? 0.5);
  }

  override transform(inpt: Tensor): Tensor {
    return autocontrast(inpt);
  }
}

const POSTERIZE = signature<{ bits: number; p?: number }>('RandomPosterize', 'bits: int, p?: float');

/**
 * Keeps the highest bits of some images. Mirrors `torchvision.transforms.v2.RandomPosterize`.
 *
 * @param bits - how many bits stay, from 0 to 8
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomPosterize(2, { p: 1 });
 * print(transform, transform(torch.full([1, 1, 1], 200, { dtype: torch.uint8 })).item()); // RandomPosterize(p=1.0, bits=2) 192
 * ```
 */
export class RandomPosterize extends RandomTransform {
  readonly bits: number;

  constructor(...args: Arguments<[bits: number, p?: number], { bits: number; p?: number }, ['bits', 'p']>);
  constructor(...args: unknown[]) {
    const { bits, p = 0.5 } = POSTERIZE.read(args);
    super(p);
    this.bits = bits;
  }

  override transform(inpt: Tensor): Tensor {
    return posterize(inpt, this.bits);
  }

  protected override _texts(): Record<string, string> {
    return { p: python_float(this.p), bits: String(this.bits) };
  }
}

const SOLARIZE = signature<{ threshold: number; p?: number }>('RandomSolarize', 'threshold: float, p?: float');

/**
 * Inverts the values of some images from a threshold on. Mirrors `torchvision.transforms.v2.RandomSolarize`.
 *
 * @param threshold - the lowest value that is inverted
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomSolarize(128, { p: 1 });
 * print(transform, transform(torch.full([1, 1, 1], 200, { dtype: torch.uint8 })).item()); // RandomSolarize(p=1.0, threshold=128) 55
 * ```
 */
export class RandomSolarize extends RandomTransform {
  readonly threshold: number;

  constructor(
    ...args: Arguments<[threshold: number, p?: number], { threshold: number; p?: number }, ['threshold', 'p']>
  );
  constructor(...args: unknown[]) {
    const { threshold, p = 0.5 } = SOLARIZE.read(args);
    super(p);
    this.threshold = threshold;
  }

  override transform(inpt: Tensor): Tensor {
    return solarize(inpt, this.threshold);
  }

  protected override _texts(): Record<string, string> {
    return { p: python_float(this.p), threshold: number_text(this.threshold) };
  }
}

const SHARPNESS = signature<{ sharpness_factor: number; p?: number }>(
  'RandomAdjustSharpness',
  'sharpness_factor: float, p?: float',
);

/**
 * Changes the sharpness of some images. Mirrors `torchvision.transforms.v2.RandomAdjustSharpness`.
 *
 * @param sharpness_factor - 0 smooths, 1 gives the image itself, 2 twice the sharpness
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomAdjustSharpness(2, { p: 1 });
 * print(transform, transform(torch.ones(1, 3, 3)).shape); // RandomAdjustSharpness(p=1.0, sharpness_factor=2) torch.Size([1, 3, 3])
 * ```
 */
export class RandomAdjustSharpness extends RandomTransform {
  readonly sharpness_factor: number;

  constructor(
    ...args: Arguments<
      [sharpness_factor: number, p?: number],
      { sharpness_factor: number; p?: number },
      ['sharpness_factor', 'p']
    >
  );
  constructor(...args: unknown[]) {
    const { sharpness_factor, p = 0.5 } = SHARPNESS.read(args);
    super(p);
    this.sharpness_factor = sharpness_factor;
  }

  override transform(inpt: Tensor): Tensor {
    return adjust_sharpness(inpt, this.sharpness_factor);
  }

  protected override _texts(): Record<string, string> {
    return { p: python_float(this.p), sharpness_factor: number_text(this.sharpness_factor) };
  }
}

/**
 * Blurs images by a Gaussian kernel of random width. Mirrors `torchvision.transforms.v2.GaussianBlur`.
 *
 * @param kernel_size - odd size of the kernel, of both directions or of x and y
 * @param sigma - standard deviation in pixels, or least and most of it; default (0.1, 2)
 * @throws Error for even sizes, and for a `sigma` that is not positive
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.GaussianBlur(5, { sigma: [0.1, 1.5] });
 * print(transform, transform(torch.zeros(3, 8, 8)).shape); // GaussianBlur(kernel_size=(5, 5), sigma=[0.1, 1.5]) torch.Size([3, 8, 8])
 * ```
 */
export class GaussianBlur extends Transform {
  /** Draws random parameters, as `GaussianBlur.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof BlurOfImages.get_params = BlurOfImages.get_params;

  readonly kernel_size: readonly number[];
  readonly sigma: readonly number[];

  constructor(
    ...args: Arguments<
      [kernel_size: ImageSize, sigma?: number | readonly number[]],
      GaussianBlurArguments,
      ['kernel_size', 'sigma']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { kernel_size, sigma = [0.1, 2] } = GAUSSIAN_BLUR.read(args);
    this.kernel_size = odd_sizes(kernel_size);
    this.sigma = number_or_pair('sigma', sigma);
    if (!(this.sigma[0]! > 0 && this.sigma[0]! <= this.sigma[1]!)) {
      throw new Error(`sigma values should be positive and of the form (min, max). Got ${float_list(this.sigma)}`);
    }
  }

  override make_params(): { sigma: number } {
    return { sigma: uniform(this.sigma[0]!, this.sigma[1]!) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return gaussian_blur(inpt, this.kernel_size, (params as { sigma: number }).sigma);
  }

  protected override _texts(): Record<string, string> {
    return { kernel_size: number_text(this.kernel_size), sigma: float_list(this.sigma) };
  }
}

/** One number twice, or two. @throws Error for other lengths */
export function number_or_pair(name: string, value: number | readonly number[]): readonly number[] {
  if (typeof value === 'number') return [value, value];
  if (value.length === 1) return [value[0]!, value[0]!];
  if (value.length === 2) return [...value];
  throw new Error(`If ${name} is a sequence its length should be 1 or 2. Got ${value.length}`);
}

interface GaussianNoiseArguments {
  mean?: number;
  sigma?: number;
  clip?: boolean;
}

const GAUSSIAN_NOISE = signature<GaussianNoiseArguments>('GaussianNoise', 'mean?: float, sigma?: float, clip?: bool');

/**
 * Adds normally distributed noise to images. Mirrors `torchvision.transforms.v2.GaussianNoise`.
 *
 * @param mean - of the noise, where white is 1; default 0
 * @param sigma - standard deviation of the noise, where white is 1; default 0.1
 * @param clip - cut values off at black and white; default true
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.GaussianNoise(0.5, 0);
 * print(transform, transform(torch.zeros(1, 1, 2))); // GaussianNoise(mean=0.5, sigma=0.0, clip=True) tensor([[[0.5000, 0.5000]]])
 * ```
 */
export class GaussianNoise extends Transform {
  readonly mean: number;
  readonly sigma: number;
  readonly clip: boolean;

  constructor(
    ...args: Arguments<
      [mean?: number, sigma?: number, clip?: boolean],
      GaussianNoiseArguments,
      ['mean', 'sigma', 'clip']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { mean = 0, sigma = 0.1, clip = true } = GAUSSIAN_NOISE.read(args);
    this.mean = mean;
    this.sigma = sigma;
    this.clip = clip;
  }

  override transform(inpt: Tensor): Tensor {
    return gaussian_noise(inpt, this.mean, this.sigma, this.clip);
  }

  protected override _texts(): Record<string, string> {
    return { mean: python_float(this.mean), sigma: python_float(this.sigma), clip: python_bool(this.clip) };
  }
}

interface ErasingParams {
  readonly part: ErasedPart | null;
}

/**
 * Writes over a random part of some images. Mirrors `torchvision.transforms.v2.RandomErasing`.
 *
 * @param p - probability, default 0.5
 * @param scale - least and most of the share of the image; default (0.02, 0.33)
 * @param ratio - least and most of height over width; default (0.3, 3.3)
 * @param value - the value of all channels or of each, or `'random'` for normally distributed values; default 0
 * @param inplace - change the given tensors; default false
 * @throws Error for shares and probabilities outside of [0, 1]
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomErasing({ p: 1, scale: [0.25, 0.25], ratio: [1, 1] });
 * print(transform(torch.ones(1, 8, 8)).sum()); // tensor(48.)
 * ```
 */
export class RandomErasing extends RandomTransform {
  /** Draws random parameters, as `RandomErasing.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof ErasingOfImages.get_params = ErasingOfImages.get_params;

  readonly scale: readonly number[];
  readonly ratio: readonly number[];
  /** The values of channels, null for random ones. */
  readonly value: readonly number[] | null;
  readonly inplace: boolean;

  constructor(
    ...args: Arguments<
      [
        p?: number,
        scale?: readonly number[],
        ratio?: readonly number[],
        value?: number | readonly number[] | 'random',
        inplace?: boolean,
      ],
      RandomErasingOptions,
      ['p', 'scale', 'ratio', 'value', 'inplace']
    >
  );
  constructor(...args: unknown[]) {
    const {
      p = 0.5,
      scale = Tuple.of(0.02, 0.33),
      ratio = Tuple.of(0.3, 3.3),
      value = 0,
      inplace = false,
    } = RANDOM_ERASING.read(args);
    super(p);
    check_erasing({ scale, ratio, value });
    this.scale = scale;
    this.ratio = ratio;
    if (typeof value === 'string') this.value = null;
    else this.value = typeof value === 'number' ? [value] : [...value];
    this.inplace = inplace;
  }

  override make_params(flat_inputs: readonly unknown[]): ErasingParams {
    const [channels, height, width] = query_image(flat_inputs);
    if (this.value !== null && this.value.length !== 1 && this.value.length !== channels) {
      throw new Error(
        `If value is a sequence, it should have either a single value or ${channels} (number of inpt channels)`,
      );
    }
    return { part: drawn_part([channels, height, width], this.scale, this.ratio, this.value, 'RandomErasing') };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { part } = params as ErasingParams;
    return part === null ? inpt : erase(inpt, ...part, this.inplace);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      p: python_float(this.p),
      scale: float_list(this.scale),
      ratio: float_list(this.ratio),
      value: this.value && float_list(this.value),
      inplace: python_bool(this.inplace),
    };
  }
}

const JPEG_ARGUMENTS = signature<{ quality: number | readonly number[] }>('JPEG', 'quality: int|int[]');

/**
 * Compresses uint8 images as JPEG of random quality, and decodes them. Mirrors `torchvision.transforms.v2.JPEG`.
 *
 * @param quality - from 1 to 100, or least and most of it
 * @throws Error for other numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.JPEG([40, 60]);
 * print(transform, transform(torch.zeros([3, 8, 8], { dtype: torch.uint8 })).shape); // JPEG(quality=[40, 60]) torch.Size([3, 8, 8])
 * ```
 */
export class JPEG extends Transform {
  readonly quality: readonly number[];

  constructor(...args: [quality: number | readonly number[]] | [options: { quality: number | readonly number[] }]);
  constructor(...args: unknown[]) {
    super();
    const { quality } = JPEG_ARGUMENTS.read(args);
    const range = typeof quality === 'number' ? [quality, quality] : quality;
    if (range.length !== 2) throw new Error('quality should be a sequence of length 2.');
    const [least, most] = range as [number, number];
    if (!(least >= 1 && least <= most && most <= 100)) {
      throw new Error('quality must be an integer from 1 to 100, or a sequence of such integers');
    }
    this.quality = range;
  }

  override make_params(): { quality: number } {
    return { quality: integer(this.quality[0]!, this.quality[1]! + 1) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return jpeg(inpt, (params as { quality: number }).quality);
  }

  protected override _texts(): Record<string, string> {
    return { quality: number_text(this.quality) };
  }
}
