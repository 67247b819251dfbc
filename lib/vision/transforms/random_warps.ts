/** Transforms that move pixels at random: rotations, affine and perspective transformations, elastic ones. */
import { cat, rand } from '../../generated/functions.js';
import { python_bool, python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { happens, integer, uniform } from './draws.js';
import { gaussian_blur } from './functional/filter.js';
import { round_half_even } from './functional/geometry.js';
import { dimensions } from './functional/image.js';
import { InterpolationMode, mode_of, type Interpolation } from './functional/interpolation_mode.js';
import { affine, elastic_transform, perspective, rotate } from './functional/warp.js';
import { call_text, float_list, float_text, number_text } from './representation.js';
import { check_tensor, Transform } from './transform.js';

/** One value for all channels, or one for each. */
export type TransformFill = number | readonly number[];

const FILL = 'float|float[]|None';
const MODE = 'InterpolationMode|int';

/** The value of each channel. */
export const channel_fill = (fill: TransformFill, img: Tensor): readonly number[] =>
  typeof fill === 'number' ? Array<number>(dimensions(img)[0]).fill(fill) : fill;

/** @throws Error unless there are as many numbers as wanted */
export function check_length(name: string, values: readonly number[], lengths: readonly number[]): void {
  if (!lengths.includes(values.length)) {
    throw new Error(`${name} should be a sequence of length ${lengths.join(' or ')}.`);
  }
}

/** A range of angles of one number, which goes both ways, or of a list. @throws Error for what torchvision refuses */
export function angle_range(
  name: string,
  value: number | readonly number[],
  lengths: readonly number[] = [2],
): readonly number[] {
  if (typeof value !== 'number') {
    check_length(name, value, lengths);
    return [...value];
  }
  if (value < 0) throw new Error(`If ${name} is a single number, it must be positive.`);
  return [0 - value, value]; // not -0, which would print
}

/** The options of {@link RandomRotation}. */
export interface RandomRotationOptions {
  /** `InterpolationMode.NEAREST`, the default, or `BILINEAR`. */
  interpolation?: Interpolation;
  /** Make results large enough for the whole image. Default false. */
  expand?: boolean;
  /** The pixel `(x, y)` to rotate around. Default null: the middle. */
  center?: readonly number[] | null;
  /** The value outside of the image. Default 0. */
  fill?: TransformFill | null;
}

type RandomRotationArguments = RandomRotationOptions & { degrees: number | readonly number[] };

const RANDOM_ROTATION = signature<RandomRotationArguments>(
  'RandomRotation',
  `degrees: float|float[], interpolation?: ${MODE}, expand?: bool, center?: float[]|None, fill?: ${FILL}`,
);
const ROTATION_PARAMS = signature<{ degrees: readonly number[] }>('get_params', 'degrees: float[]');

/**
 * Rotates images by random angles. Mirrors `torchvision.transforms.RandomRotation`.
 *
 * @param degrees - the most in both directions, or least and most
 * @param interpolation - `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param expand - make results large enough for the whole image; default false
 * @param center - the pixel `(x, y)` to rotate around; default null: the middle
 * @param fill - the value outside of the image, of all channels or of each; default 0
 * @throws Error for a negative number, and for lists of other lengths
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomRotation([90, 90]);
 * print(transform, transform(torch.tensor([[[1, 2], [3, 4]]])).flatten()); // RandomRotation(degrees=[90.0, 90.0], interpolation=nearest, expand=False, fill=0) tensor([2, 4, 1, 3])
 * ```
 */
export class RandomRotation extends Transform<Tensor, Tensor> {
  readonly degrees: readonly number[];
  readonly interpolation: InterpolationMode;
  readonly expand: boolean;
  readonly center: readonly number[] | null;
  readonly fill: TransformFill;

  constructor(
    ...args: Arguments<
      [
        degrees: number | readonly number[],
        interpolation?: Interpolation,
        expand?: boolean,
        center?: readonly number[] | null,
        fill?: TransformFill | null,
      ],
      RandomRotationArguments,
      ['degrees', 'interpolation', 'expand', 'center', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      degrees,
      interpolation = InterpolationMode.NEAREST,
      expand = false,
      center = null,
      fill = 0,
    } = RANDOM_ROTATION.read(args);
    this.interpolation = mode_of(interpolation);
    this.degrees = angle_range('degrees', degrees);
    if (center !== null) check_length('center', center, [2]);
    this.center = center;
    this.expand = expand;
    this.fill = fill ?? 0;
  }

  /** An angle from a range. */
  static get_params(...args: [degrees: readonly number[]] | [options: { degrees: readonly number[] }]): number;
  static get_params(...args: unknown[]): number {
    const { degrees } = ROTATION_PARAMS.read(args);
    return uniform(degrees[0]!, degrees[1]!);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const fill = channel_fill(this.fill, img);
    const angle = RandomRotation.get_params(this.degrees);
    return rotate(img, angle, this.interpolation, this.expand, this.center, fill);
  }

  override toString(): string {
    return call_text(this, {
      degrees: float_list(this.degrees),
      interpolation: this.interpolation.value,
      expand: python_bool(this.expand),
      center: this.center === null ? null : number_text(this.center),
      fill: number_text(this.fill),
    });
  }
}

/** The options of {@link RandomAffine}. */
export interface RandomAffineOptions {
  /** The most that images move, as shares of width and height. Default null: they do not. */
  translate?: readonly number[] | null;
  /** Least and most of the factor of the size. Default null: 1. */
  scale?: readonly number[] | null;
  /** The most in x, in both directions, in degrees; or least and most in x, and in y. Default null: 0. */
  shear?: number | readonly number[] | null;
  /** `InterpolationMode.NEAREST`, the default, or `BILINEAR`. */
  interpolation?: Interpolation;
  /** The value outside of the image. Default 0. */
  fill?: TransformFill | null;
  /** The pixel `(x, y)` that rotation, scale and shear leave where it is. Default null: the middle. */
  center?: readonly number[] | null;
}

type RandomAffineArguments = RandomAffineOptions & { degrees: number | readonly number[] };

const RANDOM_AFFINE = signature<RandomAffineArguments>(
  'RandomAffine',
  `degrees: float|float[], translate?: float[]|None, scale?: float[]|None, shear?: float|float[]|None, ` +
    `interpolation?: ${MODE}, fill?: ${FILL}, center?: float[]|None`,
);

interface AffineParams {
  degrees: readonly number[];
  translate: readonly number[] | null;
  scale_ranges: readonly number[] | null;
  shears: readonly number[] | null;
  img_size: readonly number[];
}

const AFFINE_PARAMS = signature<AffineParams>(
  'get_params',
  'degrees: float[], translate: float[]|None, scale_ranges: float[]|None, shears: float[]|None, img_size: int[]',
);

/** What `affine` takes. */
export type AffineFactors = [angle: number, translate: [number, number], scale: number, shear: [number, number]];

/** @throws Error for what torchvision refuses */
export function check_affine_ranges(translate: readonly number[] | null, scale: readonly number[] | null): void {
  if (translate !== null) {
    check_length('translate', translate, [2]);
    if (translate.some((share) => !(share >= 0 && share <= 1))) {
      throw new Error('translation values should be between 0 and 1');
    }
  }
  if (scale !== null) {
    check_length('scale', scale, [2]);
    if (scale.some((factor) => factor <= 0)) throw new Error('scale values should be positive');
  }
}

/**
 * Rotates, moves, scales and shears images at random. Mirrors `torchvision.transforms.RandomAffine`.
 *
 * @param degrees - the most in both directions, or least and most
 * @param translate - the most that images move, as shares of width and height; default null: they do not
 * @param scale - least and most of the factor of the size; default null: 1
 * @param shear - the most in x, in both directions, in degrees; or least and most in x, and in y; default null: 0
 * @param interpolation - `InterpolationMode.NEAREST`, the default, or `BILINEAR`
 * @param fill - the value outside of the image, of all channels or of each; default 0
 * @param center - the pixel `(x, y)` that rotation, scale and shear leave where it is; default null: the middle
 * @throws Error for shares above 1, scales that are not positive, and lists of other lengths
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomAffine(30, { translate: [0.1, 0.2], shear: 10 });
 * print(transform, transform(torch.zeros(1, 4, 4)).shape); // RandomAffine(degrees=[-30.0, 30.0], translate=[0.1, 0.2], shear=[-10.0, 10.0]) torch.Size([1, 4, 4])
 * ```
 */
export class RandomAffine extends Transform<Tensor, Tensor> {
  readonly degrees: readonly number[];
  readonly translate: readonly number[] | null;
  readonly scale: readonly number[] | null;
  readonly shear: readonly number[] | null;
  readonly interpolation: InterpolationMode;
  readonly fill: TransformFill;
  readonly center: readonly number[] | null;

  constructor(
    ...args: Arguments<
      [
        degrees: number | readonly number[],
        translate?: readonly number[] | null,
        scale?: readonly number[] | null,
        shear?: number | readonly number[] | null,
        interpolation?: Interpolation,
        fill?: TransformFill | null,
        center?: readonly number[] | null,
      ],
      RandomAffineArguments,
      ['degrees', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      degrees,
      translate = null,
      scale = null,
      shear = null,
      interpolation = InterpolationMode.NEAREST,
      fill = 0,
      center = null,
    } = RANDOM_AFFINE.read(args);
    this.interpolation = mode_of(interpolation);
    this.degrees = angle_range('degrees', degrees);
    check_affine_ranges(translate, scale);
    this.translate = translate;
    this.scale = scale;
    this.shear = shear === null ? null : angle_range('shear', shear, [2, 4]);
    this.fill = fill ?? 0;
    if (center !== null) check_length('center', center, [2]);
    this.center = center;
  }

  /** Random arguments of `affine`, for an image of `[width, height]`. */
  static get_params(
    ...args: Arguments<
      [
        degrees: readonly number[],
        translate: readonly number[] | null,
        scale_ranges: readonly number[] | null,
        shears: readonly number[] | null,
        img_size: readonly number[],
      ],
      AffineParams,
      ['degrees', 'translate', 'scale_ranges', 'shears', 'img_size']
    >
  ): AffineFactors;
  static get_params(...args: unknown[]): AffineFactors {
    const { degrees, translate, scale_ranges, shears, img_size } = AFFINE_PARAMS.read(args);
    const angle = uniform(degrees[0]!, degrees[1]!);
    const shift = (i: number): number => {
      const most = translate![i]! * img_size[i]!;
      return round_half_even(uniform(-most, most));
    };
    const moved: [number, number] = translate === null ? [0, 0] : [shift(0), shift(1)];
    const scale = scale_ranges === null ? 1 : uniform(scale_ranges[0]!, scale_ranges[1]!);
    const shear_x = shears === null ? 0 : uniform(shears[0]!, shears[1]!);
    const shear_y = shears?.length === 4 ? uniform(shears[2]!, shears[3]!) : 0;
    return [angle, moved, scale, [shear_x, shear_y]];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const fill = channel_fill(this.fill, img);
    const [, height, width] = dimensions(img);
    const factors = RandomAffine.get_params(this.degrees, this.translate, this.scale, this.shear, [width, height]);
    return affine(img, ...factors, this.interpolation, fill, this.center);
  }

  override toString(): string {
    const { translate, scale, shear, interpolation, fill, center } = this;
    return call_text(this, {
      degrees: float_list(this.degrees),
      translate: translate === null ? null : number_text(translate),
      scale: scale === null ? null : number_text(scale),
      shear: shear === null ? null : float_list(shear),
      interpolation: interpolation.value === 'nearest' ? null : interpolation.value,
      fill: fill === 0 ? null : number_text(fill),
      center: center === null ? null : number_text(center),
    });
  }
}

/** Corners of the image, and where they go. */
export type PerspectivePoints = [startpoints: number[][], endpoints: number[][]];

/** The arguments of {@link RandomPerspective}. */
export interface RandomPerspectiveOptions {
  /** How far the corners move, from 0 to 1, which is the middle. Default 0.5. */
  distortion_scale?: number;
  /** Probability. Default 0.5. */
  p?: number;
  /** `InterpolationMode.BILINEAR`, the default, or `NEAREST`. */
  interpolation?: Interpolation;
  /** The value outside of the image. Default 0. */
  fill?: TransformFill | null;
}

const RANDOM_PERSPECTIVE = signature<RandomPerspectiveOptions>(
  'RandomPerspective',
  `distortion_scale?: float, p?: float, interpolation?: ${MODE}, fill?: ${FILL}`,
);
const PERSPECTIVE_PARAMS = signature<{ width: number; height: number; distortion_scale: number }>(
  'get_params',
  'width: int, height: int, distortion_scale: float',
);

/**
 * Moves the corners of some images at random. Mirrors `torchvision.transforms.RandomPerspective`.
 *
 * @param distortion_scale - how far the corners move, from 0 to 1, which is the middle; default 0.5
 * @param p - probability, default 0.5
 * @param interpolation - `InterpolationMode.BILINEAR`, the default, or `NEAREST`
 * @param fill - the value outside of the image, of all channels or of each; default 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomPerspective({ distortion_scale: 0.6, p: 1 });
 * print(transform, transform(torch.zeros(1, 8, 8)).shape); // RandomPerspective(p=1.0) torch.Size([1, 8, 8])
 * ```
 */
export class RandomPerspective extends Transform<Tensor, Tensor> {
  readonly distortion_scale: number;
  readonly p: number;
  readonly interpolation: InterpolationMode;
  readonly fill: TransformFill;

  constructor(
    ...args: Arguments<
      [distortion_scale?: number, p?: number, interpolation?: Interpolation, fill?: TransformFill | null],
      RandomPerspectiveOptions,
      ['distortion_scale', 'p', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      distortion_scale = 0.5,
      p = 0.5,
      interpolation = InterpolationMode.BILINEAR,
      fill = 0,
    } = RANDOM_PERSPECTIVE.read(args);
    this.p = p;
    this.interpolation = mode_of(interpolation);
    this.distortion_scale = distortion_scale;
    this.fill = fill ?? 0;
  }

  /** The corners of an image, and random places for them. */
  static get_params(
    ...args: Arguments<
      [width: number, height: number, distortion_scale: number],
      { width: number; height: number; distortion_scale: number },
      ['width', 'height', 'distortion_scale']
    >
  ): PerspectivePoints;
  static get_params(...args: unknown[]): PerspectivePoints {
    const { width, height, distortion_scale } = PERSPECTIVE_PARAMS.read(args);
    const reach = (size: number): number => Math.trunc(distortion_scale * Math.floor(size / 2));
    const first = (size: number): number => integer(0, reach(size) + 1);
    const last = (size: number): number => integer(size - reach(size) - 1, size);
    const endpoints = [
      [first(width), first(height)],
      [last(width), first(height)],
      [last(width), last(height)],
      [first(width), last(height)],
    ];
    const startpoints = [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ];
    return [startpoints, endpoints];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const fill = channel_fill(this.fill, img);
    const [, height, width] = dimensions(img);
    if (!happens(this.p)) return img;
    const points = RandomPerspective.get_params(width, height, this.distortion_scale);
    return perspective(img, ...points, this.interpolation, fill);
  }

  override toString(): string {
    return call_text(this, { p: python_float(this.p) });
  }
}

/** The arguments of {@link ElasticTransform}. */
export interface ElasticTransformOptions {
  /** How far pixels move, in both directions or in x and y. Default 50. */
  alpha?: number | readonly number[];
  /** How smooth the displacements are, in both directions or in x and y. Default 5. */
  sigma?: number | readonly number[];
  /** `InterpolationMode.BILINEAR`, the default, or `NEAREST`. */
  interpolation?: Interpolation;
  /** The value outside of the image. Default 0. */
  fill?: TransformFill;
}

const ELASTIC_TRANSFORM = signature<ElasticTransformOptions>(
  'ElasticTransform',
  `alpha?: float|float[], sigma?: float|float[], interpolation?: ${MODE}, fill?: float|float[]`,
);

interface ElasticParams {
  alpha: readonly number[];
  sigma: readonly number[];
  size: readonly number[];
}

const ELASTIC_PARAMS = signature<ElasticParams>('get_params', 'alpha: float[], sigma: float[], size: int[]');

/** One number for both directions, or both. @throws Error for lists of other lengths */
export function both_directions(name: string, value: number | readonly number[]): readonly number[] {
  if (typeof value === 'number') return [value, value];
  if (value.length === 2) return value;
  throw new Error(`If ${name} is a sequence its length should be 2. Got ${value.length}`);
}

/** Random displacements of shape `(1, H, W, 2)`, smoothed by Gaussian kernels. */
export function random_displacement(
  alpha: readonly number[],
  sigma: readonly number[],
  size: readonly number[],
): Tensor {
  const [height, width] = size as [number, number];
  const along = (i: 0 | 1, length: number): Tensor => {
    let moved = rand([1, 1, height, width]).mul(2).sub(1);
    if (sigma[i]! > 0) {
      const kernel = Math.trunc(8 * sigma[i]! + 1);
      const odd = kernel % 2 === 0 ? kernel + 1 : kernel;
      moved = gaussian_blur(moved, [odd, odd], [...sigma]);
    }
    return moved.mul(alpha[i]!).div(length);
  };
  return cat([along(0, width), along(1, height)], 1).permute([0, 2, 3, 1]);
}

/**
 * Moves pixels by random displacements that change smoothly, as seen through water. Mirrors
 * `torchvision.transforms.ElasticTransform`.
 *
 * @param alpha - how far pixels move, in both directions or in x and y; default 50
 * @param sigma - how smooth the displacements are, in both directions or in x and y; default 5
 * @param interpolation - `InterpolationMode.BILINEAR`, the default, or `NEAREST`
 * @param fill - the value outside of the image, of all channels or of each; default 0
 * @throws Error for lists of other lengths
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.ElasticTransform({ alpha: 20, sigma: 1 });
 * print(transform, transform(torch.zeros(1, 8, 8)).shape); // ElasticTransform(alpha=[20.0, 20.0], sigma=[1.0, 1.0], interpolation=InterpolationMode.BILINEAR, fill=[0.0]) torch.Size([1, 8, 8])
 * ```
 */
export class ElasticTransform extends Transform<Tensor, Tensor> {
  readonly alpha: readonly number[];
  readonly sigma: readonly number[];
  readonly interpolation: InterpolationMode;
  readonly fill: readonly number[];

  constructor(
    ...args: Arguments<
      [
        alpha?: number | readonly number[],
        sigma?: number | readonly number[],
        interpolation?: Interpolation,
        fill?: TransformFill,
      ],
      ElasticTransformOptions,
      ['alpha', 'sigma', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      alpha = 50,
      sigma = 5,
      interpolation = InterpolationMode.BILINEAR,
      fill = 0,
    } = ELASTIC_TRANSFORM.read(args);
    this.alpha = both_directions('alpha', alpha);
    this.sigma = both_directions('sigma', sigma);
    this.interpolation = mode_of(interpolation);
    this.fill = typeof fill === 'number' ? [fill] : fill;
  }

  /** Random displacements, for an image of `[height, width]`. */
  static get_params(
    ...args: Arguments<
      [alpha: readonly number[], sigma: readonly number[], size: readonly number[]],
      ElasticParams,
      ['alpha', 'sigma', 'size']
    >
  ): Tensor;
  static get_params(...args: unknown[]): Tensor {
    const { alpha, sigma, size } = ELASTIC_PARAMS.read(args);
    return random_displacement(alpha, sigma, size);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const [, height, width] = dimensions(img);
    const displacement = ElasticTransform.get_params(this.alpha, this.sigma, [height, width]);
    return elastic_transform(img, displacement, this.interpolation, this.fill);
  }

  override toString(): string {
    return call_text(this, {
      alpha: float_text(this.alpha),
      sigma: float_text(this.sigma),
      interpolation: String(this.interpolation),
      fill: float_text(this.fill),
    });
  }
}
