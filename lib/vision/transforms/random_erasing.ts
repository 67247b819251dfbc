import { empty } from '../../generated/functions.js';
import { from_nested } from '../../creation.js';
import { Tuple } from '../../python/values.js';
import { float32 } from '../../types/dtype.js';
import { python_bool, python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { happens, integer, uniform } from './draws.js';
import { erase, round_half_even } from './functional/geometry.js';
import { check_ranges, drawn_ratio, log_range } from './random_crops.js';
import { call_text, float_list, number_text } from './representation.js';
import { check_tensor, Transform } from './transform.js';

/** The arguments of {@link RandomErasing}. */
export interface RandomErasingOptions {
  /** Probability. Default 0.5. */
  p?: number;
  /** Least and most of the share of the image. Default (0.02, 0.33). */
  scale?: readonly number[];
  /** Least and most of height over width. Default (0.3, 3.3). */
  ratio?: readonly number[];
  /** The value of all channels or of each, or `'random'` for normally distributed values. Default 0. */
  value?: number | readonly number[] | 'random';
  /** Change the given tensors. Default false. */
  inplace?: boolean;
}

export const RANDOM_ERASING = signature<RandomErasingOptions>(
  'RandomErasing',
  'p?: float, scale?: float[], ratio?: float[], value?: float|str|float[], inplace?: bool',
);

interface ErasingParams {
  img: Tensor;
  scale: readonly number[];
  ratio: readonly number[];
  value?: readonly number[] | null;
}

const PARAMS = signature<ErasingParams>(
  'get_params',
  'img: Tensor, scale: float[], ratio: float[], value?: float[]|None',
);

/** A part of an image, and what is to be there. */
export type ErasedPart = [i: number, j: number, h: number, w: number, v: Tensor];

/** @throws Error for what torchvision refuses */
export function check_erasing({
  scale,
  ratio,
  value,
}: Required<Pick<RandomErasingOptions, 'scale' | 'ratio' | 'value'>>): void {
  if (typeof value === 'string' && value !== 'random') {
    throw new Error("If value is str, it should be 'random'");
  }
  check_ranges(scale, ratio);
  if (scale[0]! < 0 || scale[1]! > 1) throw new Error('Scale should be between 0 and 1');
}

/** A random part of an image, and the values for it, null for random ones; null when ten tries do not fit. */
export function drawn_part(
  [channels, height, width]: readonly [channels: number, height: number, width: number],
  scale: readonly number[],
  ratio: readonly number[],
  value: readonly number[] | null,
  callee: string,
): ErasedPart | null {
  const logarithms = log_range(ratio);
  for (let tries = 0; tries < 10; tries++) {
    const wanted = height * width * uniform(scale[0]!, scale[1]!);
    const aspect = drawn_ratio(logarithms);
    const h = round_half_even(Math.sqrt(wanted * aspect));
    const w = round_half_even(Math.sqrt(wanted / aspect));
    if (h >= height || w >= width) continue;
    const v =
      value === null
        ? empty([channels, h, w], { dtype: float32 }).normal_()
        : from_nested(value, { dtype: float32 }, callee).view(-1, 1, 1);
    const i = integer(0, height - h + 1);
    return [i, integer(0, width - w + 1), h, w, v];
  }
  return null;
}

/**
 * Writes over a random part of some images. Mirrors `torchvision.transforms.RandomErasing`.
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
 * const transform = new transforms.RandomErasing({ p: 1, scale: [0.25, 0.25], ratio: [1, 1] });
 * print(transform); // RandomErasing(p=1.0, scale=[0.25, 0.25], ratio=[1.0, 1.0], value=0, inplace=False)
 * print(transform(torch.ones(1, 8, 8)).sum()); // tensor(48.)
 * ```
 */
export class RandomErasing extends Transform<Tensor, Tensor> {
  readonly p: number;
  readonly scale: readonly number[];
  readonly ratio: readonly number[];
  readonly value: number | readonly number[] | 'random';
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
    super();
    const {
      p = 0.5,
      scale = Tuple.of(0.02, 0.33),
      ratio = Tuple.of(0.3, 3.3),
      value = 0,
      inplace = false,
    } = RANDOM_ERASING.read(args);
    check_erasing({ scale, ratio, value });
    if (p < 0 || p > 1) throw new Error('Random erasing probability should be between 0 and 1');
    this.p = p;
    this.scale = scale;
    this.ratio = ratio;
    this.value = value;
    this.inplace = inplace;
  }

  /** A random part of an image, and its values; the whole image as it is when ten tries do not fit. */
  static get_params(
    ...args: Arguments<
      [img: Tensor, scale: readonly number[], ratio: readonly number[], value?: readonly number[] | null],
      ErasingParams,
      ['img', 'scale', 'ratio', 'value']
    >
  ): ErasedPart;
  static get_params(...args: unknown[]): ErasedPart {
    const { img, scale, ratio, value = null } = PARAMS.read(args);
    const [channels, height, width] = [img.size(-3), img.size(-2), img.size(-1)];
    const part = drawn_part([channels, height, width], scale, ratio, value, 'get_params');
    return part ?? [0, 0, height, width, img];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    if (!happens(this.p)) return img;
    const value = typeof this.value === 'number' ? [this.value] : this.value === 'random' ? null : this.value;
    if (value !== null && value.length !== 1 && value.length !== img.size(-3)) {
      throw new Error(
        'If value is a sequence, it should have either a single value or ' +
          `${img.size(-3)} (number of input channels)`,
      );
    }
    const part = RandomErasing.get_params(img, this.scale, this.ratio, value as readonly number[] | null);
    return erase(img, ...part, this.inplace);
  }

  override toString(): string {
    return call_text(this, {
      p: python_float(this.p),
      scale: float_list(this.scale),
      ratio: float_list(this.ratio),
      value: typeof this.value === 'string' ? this.value : number_text(this.value),
      inplace: python_bool(this.inplace),
    });
  }
}
