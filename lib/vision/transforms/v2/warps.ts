/** Transforms that move pixels at random, of images and of all that is in them. */
import { cat, rand } from '../../../generated/functions.js';
import { python_bool, python_float } from '../../../_internal/representation.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { integer, uniform } from '../draws.js';
import { perspective_coefficients } from '../functional/warp.js';
import {
  angle_range,
  check_affine_ranges,
  check_length,
  RandomAffine as AffineOfImages,
  type AffineFactors,
  RandomRotation as RotationOfImages,
  RandomPerspective as PerspectiveOfImages,
  ElasticTransform as ElasticOfImages,
} from '../random_warps.js';
import { float_list, number_text } from '../representation.js';
import { number_or_pair } from './colors.js';
import { gaussian_blur } from './functional/filter.js';
import { mode_name, type InterpolationLike } from './functional/geometry.js';
import { affine, elastic, perspective, rotate } from './functional/warp.js';
import { fill_for, fill_text, type FillLike } from './geometry.js';
import { query_size, RandomTransform, Transform } from './transform.js';

const MODE = 'interpolation?: InterpolationMode|int|str';
const FILL = 'fill?: float|float[]|None|ByClass';

/** How a transform samples pixels. */
export interface WarpOptions {
  /** How pixels between pixels are computed: `'nearest'` or `'bilinear'`. */
  interpolation?: InterpolationLike;
  /** The value outside of the image, of all inputs or by class. Default 0. */
  fill?: FillLike;
}

/** The options of {@link RandomRotation}. */
export interface RandomRotationV2Options extends WarpOptions {
  /** Make results large enough for the whole image. Default false. */
  expand?: boolean;
  /** The pixel `(x, y)` to rotate around. Default null: the middle. */
  center?: readonly number[] | null;
}

type RotationArguments = RandomRotationV2Options & { degrees: number | readonly number[] };

const ROTATION = signature<RotationArguments>(
  'RandomRotation',
  `degrees: float|float[], ${MODE}, expand?: bool, center?: float[]|None, ${FILL}`,
);

/**
 * Rotates inputs by random angles. Mirrors `torchvision.transforms.v2.RandomRotation`.
 *
 * @param degrees - the most in both directions, or least and most
 * @param interpolation - `'nearest'`, the default, or `'bilinear'`; masks take the nearest pixels
 * @param expand - make results large enough for the whole image; default false
 * @param center - the pixel `(x, y)` to rotate around; default null: the middle
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default 0
 * @throws Error for a negative number, and for lists of other lengths
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomRotation([90, 90]);
 * print(transform, transform(torch.tensor([[[1, 2], [3, 4]]])).flatten()); // RandomRotation(degrees=[90.0, 90.0], interpolation=nearest, expand=False, fill=0) tensor([2, 4, 1, 3])
 * ```
 */
export class RandomRotation extends Transform {
  /** Draws random parameters, as `RandomRotation.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof RotationOfImages.get_params = RotationOfImages.get_params;

  readonly degrees: readonly number[];
  readonly interpolation: InterpolationLike;
  readonly expand: boolean;
  readonly center: readonly number[] | null;
  readonly fill: FillLike;

  constructor(
    ...args: Arguments<
      [
        degrees: number | readonly number[],
        interpolation?: InterpolationLike,
        expand?: boolean,
        center?: readonly number[] | null,
        fill?: FillLike,
      ],
      RotationArguments,
      ['degrees', 'interpolation', 'expand', 'center', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { degrees, interpolation = 'nearest', expand = false, center = null, fill = 0 } = ROTATION.read(args);
    this.degrees = angle_range('degrees', degrees);
    mode_name(interpolation);
    this.interpolation = interpolation;
    this.expand = expand;
    this.fill = fill;
    if (center !== null) check_length('center', center, [2]);
    this.center = center;
  }

  override make_params(): { angle: number } {
    return { angle: uniform(this.degrees[0]!, this.degrees[1]!) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { angle } = params as { angle: number };
    return rotate(inpt, angle, this.interpolation, this.expand, this.center, fill_for(this.fill, inpt));
  }

  protected override _texts(): Record<string, string | null> {
    return {
      degrees: float_list(this.degrees),
      interpolation: String(this.interpolation),
      expand: python_bool(this.expand),
      fill: fill_text(this.fill),
      center: this.center && number_text(this.center),
    };
  }
}

/** The options of {@link RandomAffine}. */
export interface RandomAffineV2Options extends WarpOptions {
  /** The most that images move, as shares of width and height. Default null: they do not. */
  translate?: readonly number[] | null;
  /** Least and most of the factor of the size. Default null: 1. */
  scale?: readonly number[] | null;
  /** The most in x, in both directions, in degrees; or least and most in x, and in y. Default null: 0. */
  shear?: number | readonly number[] | null;
  /** The pixel `(x, y)` that rotation, scale and shear leave where it is. Default null: the middle. */
  center?: readonly number[] | null;
}

type RandomAffineArguments = RandomAffineV2Options & { degrees: number | readonly number[] };

const RANDOM_AFFINE = signature<RandomAffineArguments>(
  'RandomAffine',
  'degrees: float|float[], translate?: float[]|None, scale?: float[]|None, shear?: float|float[]|None, ' +
    `${MODE}, ${FILL}, center?: float[]|None`,
);

/**
 * Rotates, moves, scales and shears inputs at random. Mirrors `torchvision.transforms.v2.RandomAffine`.
 *
 * @param degrees - the most in both directions, or least and most
 * @param translate - the most that images move, as shares of width and height; default null: they do not
 * @param scale - least and most of the factor of the size; default null: 1
 * @param shear - the most in x, in both directions, in degrees; or least and most in x, and in y; default null: 0
 * @param interpolation - `'nearest'`, the default, or `'bilinear'`; masks take the nearest pixels
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default 0
 * @param center - the pixel `(x, y)` that rotation, scale and shear leave where it is; default null: the middle
 * @throws Error for shares above 1, scales that are not positive, and lists of other lengths
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomAffine(30, { translate: [0.1, 0.2] });
 * print(transform, transform(torch.zeros(1, 4, 4)).shape); // RandomAffine(degrees=[-30.0, 30.0], translate=[0.1, 0.2], interpolation=nearest, fill=0) torch.Size([1, 4, 4])
 * ```
 */
export class RandomAffine extends Transform {
  /** Draws random parameters, as `RandomAffine.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof AffineOfImages.get_params = AffineOfImages.get_params;

  readonly degrees: readonly number[];
  readonly translate: readonly number[] | null;
  readonly scale: readonly number[] | null;
  readonly shear: readonly number[] | null;
  readonly interpolation: InterpolationLike;
  readonly fill: FillLike;
  readonly center: readonly number[] | null;

  constructor(
    ...args: Arguments<
      [
        degrees: number | readonly number[],
        translate?: readonly number[] | null,
        scale?: readonly number[] | null,
        shear?: number | readonly number[] | null,
        interpolation?: InterpolationLike,
        fill?: FillLike,
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
      interpolation = 'nearest',
      fill = 0,
      center = null,
    } = RANDOM_AFFINE.read(args);
    this.degrees = angle_range('degrees', degrees);
    check_affine_ranges(translate, scale);
    this.translate = translate;
    this.scale = scale;
    this.shear = shear === null ? null : angle_range('shear', shear, [2, 4]);
    mode_name(interpolation);
    this.interpolation = interpolation;
    this.fill = fill;
    if (center !== null) check_length('center', center, [2]);
    this.center = center;
  }

  override make_params(flat_inputs: readonly unknown[]): { factors: AffineFactors } {
    const [height, width] = query_size(flat_inputs);
    const { degrees, translate, scale, shear } = this;
    return { factors: AffineOfImages.get_params(degrees, translate, scale, shear, [width, height]) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { factors } = params as { factors: AffineFactors };
    return affine(inpt, ...factors, this.interpolation, fill_for(this.fill, inpt), this.center);
  }

  protected override _texts(): Record<string, string | null> {
    const { translate, scale, shear, center } = this;
    return {
      degrees: float_list(this.degrees),
      translate: translate && number_text(translate),
      scale: scale && number_text(scale),
      shear: shear && float_list(shear),
      interpolation: String(this.interpolation),
      fill: fill_text(this.fill),
      center: center && number_text(center),
    };
  }
}

/** The arguments of {@link RandomPerspective}. */
export interface RandomPerspectiveV2Options extends WarpOptions {
  /** How far the corners move, from 0 to 1, which is the middle. Default 0.5. */
  distortion_scale?: number;
  /** Probability. Default 0.5. */
  p?: number;
}

const PERSPECTIVE = signature<RandomPerspectiveV2Options>(
  'RandomPerspective',
  `distortion_scale?: float, p?: float, ${MODE}, ${FILL}`,
);

/**
 * Moves the corners of some inputs at random. Mirrors `torchvision.transforms.v2.RandomPerspective`.
 *
 * @param distortion_scale - how far the corners move, from 0 to 1, which is the middle; default 0.5
 * @param p - probability, default 0.5
 * @param interpolation - `'bilinear'`, the default, or `'nearest'`; masks take the nearest pixels
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default 0
 * @throws Error for a scale or probability outside of [0, 1]
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomPerspective({ distortion_scale: 0.6, p: 1 });
 * print(transform, transform(torch.zeros(1, 8, 8)).shape); // RandomPerspective(p=1.0, distortion_scale=0.6, interpolation=bilinear, fill=0) torch.Size([1, 8, 8])
 * ```
 */
export class RandomPerspective extends RandomTransform {
  /** Draws random parameters, as `RandomPerspective.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof PerspectiveOfImages.get_params = PerspectiveOfImages.get_params;

  readonly distortion_scale: number;
  readonly interpolation: InterpolationLike;
  readonly fill: FillLike;

  constructor(
    ...args: Arguments<
      [distortion_scale?: number, p?: number, interpolation?: InterpolationLike, fill?: FillLike],
      RandomPerspectiveV2Options,
      ['distortion_scale', 'p', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    const { distortion_scale = 0.5, p = 0.5, interpolation = 'bilinear', fill = 0 } = PERSPECTIVE.read(args);
    super(p);
    if (!(distortion_scale >= 0 && distortion_scale <= 1)) {
      throw new Error('Argument distortion_scale value should be between 0 and 1');
    }
    mode_name(interpolation);
    this.distortion_scale = distortion_scale;
    this.interpolation = interpolation;
    this.fill = fill;
  }

  override make_params(flat_inputs: readonly unknown[]): { coefficients: readonly number[] } {
    const [height, width] = query_size(flat_inputs);
    const bound = (size: number): number => Math.trunc(this.distortion_scale * Math.floor(size / 2)) + 1;
    const [down, across] = [bound(height), bound(width)];
    const [left, right] = [() => integer(0, across), () => integer(width - across, width)];
    const [top, bottom] = [() => integer(0, down), () => integer(height - down, height)];
    const endpoints = [
      [left(), top()],
      [right(), top()],
      [right(), bottom()],
      [left(), bottom()],
    ];
    const startpoints = [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ];
    return { coefficients: perspective_coefficients(startpoints, endpoints) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { coefficients } = params as { coefficients: readonly number[] };
    return perspective(inpt, null, null, this.interpolation, fill_for(this.fill, inpt), coefficients);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      p: python_float(this.p),
      distortion_scale: python_float(this.distortion_scale),
      interpolation: String(this.interpolation),
      fill: fill_text(this.fill),
    };
  }
}

/** The arguments of {@link ElasticTransform}. */
export interface ElasticTransformV2Options extends WarpOptions {
  /** How far pixels move, in both directions or in x and y. Default 50. */
  alpha?: number | readonly number[];
  /** How smooth the displacements are, in both directions or in x and y. Default 5. */
  sigma?: number | readonly number[];
}

const ELASTIC = signature<ElasticTransformV2Options>(
  'ElasticTransform',
  `alpha?: float|float[], sigma?: float|float[], ${MODE}, ${FILL}`,
);

/**
 * Moves each pixel of inputs by a smooth random displacement. Mirrors `torchvision.transforms.v2.ElasticTransform`.
 *
 * @param alpha - how far pixels move, in both directions or in x and y; default 50
 * @param sigma - how smooth the displacements are, in both directions or in x and y; default 5
 * @param interpolation - `'bilinear'`, the default, or `'nearest'`; masks take the nearest pixels
 * @param fill - the value outside of the image, of all channels or of each, or a Map of values by class; default 0
 * @throws Error for lists of other lengths
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.ElasticTransform({ alpha: 20, sigma: 2 });
 * print(transform, transform(torch.zeros(1, 16, 16)).shape); // ElasticTransform(alpha=[20.0, 20.0], sigma=[2.0, 2.0], interpolation=bilinear, fill=0) torch.Size([1, 16, 16])
 * ```
 */
export class ElasticTransform extends Transform {
  /** Draws random parameters, as `ElasticTransform.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof ElasticOfImages.get_params = ElasticOfImages.get_params;

  readonly alpha: readonly number[];
  readonly sigma: readonly number[];
  readonly interpolation: InterpolationLike;
  readonly fill: FillLike;

  constructor(
    ...args: Arguments<
      [
        alpha?: number | readonly number[],
        sigma?: number | readonly number[],
        interpolation?: InterpolationLike,
        fill?: FillLike,
      ],
      ElasticTransformV2Options,
      ['alpha', 'sigma', 'interpolation', 'fill']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { alpha = 50, sigma = 5, interpolation = 'bilinear', fill = 0 } = ELASTIC.read(args);
    this.alpha = number_or_pair('alpha', alpha);
    this.sigma = number_or_pair('sigma', sigma);
    mode_name(interpolation);
    this.interpolation = interpolation;
    this.fill = fill;
  }

  override make_params(flat_inputs: readonly unknown[]): { displacement: Tensor } {
    const [height, width] = query_size(flat_inputs);
    const along = (i: 0 | 1, length: number): Tensor => {
      let moved = rand([1, 1, height, width]).mul(2).sub(1);
      if (this.sigma[i]! > 0) {
        const kernel = Math.trunc(8 * this.sigma[i]! + 1);
        const odd = kernel % 2 === 0 ? kernel + 1 : kernel;
        moved = gaussian_blur(moved, [odd, odd], [...this.sigma]);
      }
      return moved.mul(this.alpha[i]!).div(length);
    };
    return { displacement: cat([along(0, width), along(1, height)], 1).permute([0, 2, 3, 1]) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { displacement } = params as { displacement: Tensor };
    return elastic(inpt, displacement, this.interpolation, fill_for(this.fill, inpt));
  }

  protected override _texts(): Record<string, string | null> {
    return {
      alpha: float_list(this.alpha),
      sigma: float_list(this.sigma),
      interpolation: String(this.interpolation),
      fill: fill_text(this.fill),
    };
  }
}
