/** Transforms of colors, and blurring. */
import { randperm } from '../../generated/functions.js';
import { python_repr } from '../../python/print.js';
import { Tuple } from '../../python/values.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { uniform } from './draws.js';
import {
  adjust_brightness,
  adjust_contrast,
  adjust_hue,
  adjust_saturation,
  rgb_to_grayscale,
} from './functional/color.js';
import { gaussian_blur } from './functional/filter.js';
import { call_text, float_list, float_text, number_text } from './representation.js';
import { checked_size, type ImageSize } from './sizes.js';
import { check_tensor, Transform } from './transform.js';

/** Least and most; null where the image is to stay as it is. */
export type JitterRange = readonly number[] | null;

/** The arguments of {@link ColorJitter}. */
export interface ColorJitterOptions {
  /** Factors are from `[max(0, 1 - brightness), 1 + brightness]`, or from a given range. Default 0. */
  brightness?: number | readonly number[];
  /** As `brightness`. Default 0. */
  contrast?: number | readonly number[];
  /** As `brightness`. Default 0. */
  saturation?: number | readonly number[];
  /** Parts of the circle are from `[-hue, hue]`, or from a given range within `[-0.5, 0.5]`. Default 0. */
  hue?: number | readonly number[];
}

const NUMBER_OR_RANGE = 'float|float[]';
const COLOR_JITTER = signature<ColorJitterOptions>(
  'ColorJitter',
  ['brightness', 'contrast', 'saturation', 'hue'].map((name) => `${name}?: ${NUMBER_OR_RANGE}`).join(', '),
);
const JITTER_PARAMS = signature<{
  brightness: JitterRange;
  contrast: JitterRange;
  saturation: JitterRange;
  hue: JitterRange;
}>('get_params', 'brightness: float[]|None, contrast: float[]|None, saturation: float[]|None, hue: float[]|None');

/** The range of a number or range. @throws for what torchvision refuses */
export function jitter_range(name: string, value: number | readonly number[], center: number): JitterRange {
  const bound: readonly [number, number] = center === 1 ? [0, Infinity] : [-0.5, 0.5];
  let range: readonly number[];
  if (typeof value === 'number') {
    if (value < 0) throw new Error(`If ${name} is a single number, it must be non negative.`);
    range = [center === 1 ? Math.max(center - value, 0) : center - value, center + value];
  } else if (value.length === 2) {
    range = [...value];
  } else {
    throw new TypeError(`${name} should be a single number or a list/tuple with length 2.`);
  }
  const [low, high] = range as [number, number];
  if (!(bound[0] <= low && low <= high && high <= bound[1])) {
    const shown = center === 1 ? '(0, inf)' : '(-0.5, 0.5)';
    throw new Error(`${name} values should be between ${shown}, but got ${float_list(range)}.`);
  }
  return low === center && high === center ? null : Tuple.from(range);
}

/** The order of four changes, and their factors; null for those that are not to be made. */
export type JitterFactors = [
  order: Tensor,
  brightness: number | null,
  contrast: number | null,
  saturation: number | null,
  hue: number | null,
];

/**
 * Changes brightness, contrast, saturation and hue by random factors, in random order. Mirrors
 * `torchvision.transforms.ColorJitter`.
 *
 * @param brightness - factors are from `[max(0, 1 - brightness), 1 + brightness]`, or from a given range; default 0
 * @param contrast - as `brightness`
 * @param saturation - as `brightness`
 * @param hue - parts of the circle are from `[-hue, hue]`, or from a given range within `[-0.5, 0.5]`; default 0
 * @throws Error for negative numbers, and for ranges outside of those
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.ColorJitter({ brightness: 0.5, hue: 0.3 });
 * print(transform); // ColorJitter(brightness=(0.5, 1.5), contrast=None, saturation=None, hue=(-0.3, 0.3))
 * ```
 */
export class ColorJitter extends Transform<Tensor, Tensor> {
  readonly brightness: JitterRange;
  readonly contrast: JitterRange;
  readonly saturation: JitterRange;
  readonly hue: JitterRange;

  constructor(
    ...args: Arguments<
      [
        brightness?: number | readonly number[],
        contrast?: number | readonly number[],
        saturation?: number | readonly number[],
        hue?: number | readonly number[],
      ],
      ColorJitterOptions,
      ['brightness', 'contrast', 'saturation', 'hue']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { brightness = 0, contrast = 0, saturation = 0, hue = 0 } = COLOR_JITTER.read(args);
    this.brightness = jitter_range('brightness', brightness, 1);
    this.contrast = jitter_range('contrast', contrast, 1);
    this.saturation = jitter_range('saturation', saturation, 1);
    this.hue = jitter_range('hue', hue, 0);
  }

  /** A random order, and factors from the ranges. */
  static get_params(
    ...args: Arguments<
      [brightness: JitterRange, contrast: JitterRange, saturation: JitterRange, hue: JitterRange],
      { brightness: JitterRange; contrast: JitterRange; saturation: JitterRange; hue: JitterRange },
      ['brightness', 'contrast', 'saturation', 'hue']
    >
  ): JitterFactors;
  static get_params(...args: unknown[]): JitterFactors {
    const { brightness, contrast, saturation, hue } = JITTER_PARAMS.read(args);
    const order = randperm(4);
    const draw = (range: JitterRange): number | null => (range === null ? null : uniform(range[0]!, range[1]!));
    return [order, draw(brightness), draw(contrast), draw(saturation), draw(hue)];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const [order, ...factors] = ColorJitter.get_params(this.brightness, this.contrast, this.saturation, this.hue);
    const changes: ((image: Tensor, factor: number) => Tensor)[] = [
      adjust_brightness,
      adjust_contrast,
      adjust_saturation,
      adjust_hue,
    ];
    return (order.tolist() as number[]).reduce((image, which) => {
      const factor = factors[which]!;
      return factor === null ? image : changes[which]!(image, factor);
    }, img);
  }

  override toString(): string {
    return call_text(this, {
      brightness: float_text(this.brightness),
      contrast: float_text(this.contrast),
      saturation: float_text(this.saturation),
      hue: float_text(this.hue),
    });
  }
}

const GRAYSCALE = signature<{ num_output_channels?: number }>('Grayscale', 'num_output_channels?: int');

/**
 * Converts images to shades of gray. Mirrors `torchvision.transforms.Grayscale`.
 *
 * @param num_output_channels - 1, the default, or 3 of equal values
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.Grayscale();
 * print(transform, transform(torch.tensor([[[0.2]], [[0.4]], [[0.6]]]))); // Grayscale(num_output_channels=1) tensor([[[0.3630]]])
 * ```
 */
export class Grayscale extends Transform<Tensor, Tensor> {
  readonly num_output_channels: number;

  constructor(...args: [num_output_channels?: number] | [options: { num_output_channels?: number }]);
  constructor(...args: unknown[]) {
    super();
    this.num_output_channels = GRAYSCALE.read(args).num_output_channels ?? 1;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return rgb_to_grayscale(img, this.num_output_channels);
  }

  override toString(): string {
    return call_text(this, { num_output_channels: python_repr(this.num_output_channels) });
  }
}

/** The arguments of `GaussianBlur`. */
export interface GaussianBlurArguments {
  kernel_size: ImageSize;
  sigma?: number | readonly number[];
}

export const GAUSSIAN_BLUR = signature<GaussianBlurArguments>(
  'GaussianBlur',
  `kernel_size: int|int[], sigma?: ${NUMBER_OR_RANGE}`,
);
const BLUR_PARAMS = signature<{ sigma_min: number; sigma_max: number }>(
  'get_params',
  'sigma_min: float, sigma_max: float',
);

/** Least and most of a standard deviation. @throws Error for what torchvision refuses */
export function sigma_range(sigma: number | readonly number[]): readonly number[] {
  if (typeof sigma === 'number') {
    if (sigma <= 0) throw new Error('If sigma is a single number, it must be positive.');
    return Tuple.of(sigma, sigma);
  }
  if (sigma.length !== 2) throw new Error('sigma should be a single number or a list/tuple with length 2.');
  if (!(sigma[0]! > 0 && sigma[0]! <= sigma[1]!)) {
    throw new Error('sigma values should be positive and of the form (min, max).');
  }
  return sigma;
}

/** Width and height of a kernel. @throws Error for what torchvision refuses */
export function odd_sizes(kernel_size: ImageSize): readonly number[] {
  const sizes = checked_size(kernel_size, 'Kernel size should be a tuple/list of two integers');
  if (sizes.some((size) => size <= 0 || size % 2 === 0)) {
    throw new Error('Kernel size value should be an odd and positive number.');
  }
  return sizes;
}

/**
 * Blurs images by a Gaussian kernel of random width. Mirrors `torchvision.transforms.GaussianBlur`.
 *
 * @param kernel_size - odd size of the kernel, of both directions or of x and y
 * @param sigma - standard deviation in pixels, or least and most of it; default (0.1, 2)
 * @throws Error for even sizes, and for a `sigma` that is not positive
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.GaussianBlur(5, { sigma: [0.1, 1.5] });
 * print(transform, transform(torch.zeros(3, 8, 8)).shape); // GaussianBlur(kernel_size=(5, 5), sigma=[0.1, 1.5]) torch.Size([3, 8, 8])
 * ```
 */
export class GaussianBlur extends Transform<Tensor, Tensor> {
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
    const { kernel_size, sigma = Tuple.of(0.1, 2) } = GAUSSIAN_BLUR.read(args);
    this.kernel_size = odd_sizes(kernel_size);
    this.sigma = sigma_range(sigma);
  }

  /** A standard deviation from a range. */
  static get_params(
    ...args: Arguments<
      [sigma_min: number, sigma_max: number],
      { sigma_min: number; sigma_max: number },
      ['sigma_min', 'sigma_max']
    >
  ): number;
  static get_params(...args: unknown[]): number {
    const { sigma_min, sigma_max } = BLUR_PARAMS.read(args);
    return uniform(sigma_min, sigma_max);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const sigma = GaussianBlur.get_params(this.sigma[0]!, this.sigma[1]!);
    return gaussian_blur(img, this.kernel_size, [sigma, sigma]);
  }

  override toString(): string {
    return call_text(this, { kernel_size: number_text(this.kernel_size), sigma: float_list(this.sigma) });
  }
}
