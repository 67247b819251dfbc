import { define_kind, signature } from '../../../_internal/signature.js';

/** The numbers that Pillow has for the modes. */
const pillow_numbers: readonly (readonly [code: number, value: string])[] = [
  [0, 'nearest'],
  [1, 'lanczos'],
  [2, 'bilinear'],
  [3, 'bicubic'],
  [4, 'box'],
  [5, 'hamming'],
];

const MEMBER = signature<object>('InterpolationMode', 'name: str, value: str');

/**
 * How pixels between pixels are computed. Mirrors `torchvision.transforms.InterpolationMode`. `BOX`, `HAMMING` and
 * `LANCZOS` are for images of PIL, which datasets and `to_pil_image` give; other tensors refuse them, as in Python.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const { InterpolationMode } = transforms;
 * print(InterpolationMode.BILINEAR, InterpolationMode.BILINEAR.value); // InterpolationMode.BILINEAR bilinear
 * ```
 */
export class InterpolationMode {
  static readonly NEAREST = new InterpolationMode('NEAREST', 'nearest');
  static readonly NEAREST_EXACT = new InterpolationMode('NEAREST_EXACT', 'nearest-exact');
  static readonly BILINEAR = new InterpolationMode('BILINEAR', 'bilinear');
  static readonly BICUBIC = new InterpolationMode('BICUBIC', 'bicubic');
  static readonly BOX = new InterpolationMode('BOX', 'box');
  static readonly HAMMING = new InterpolationMode('HAMMING', 'hamming');
  static readonly LANCZOS = new InterpolationMode('LANCZOS', 'lanczos');

  private constructor(
    /** The name of the member: `'BILINEAR'`. */
    readonly name: string,
    /** What `interpolate` calls the mode: `'bilinear'`. */
    readonly value: string,
  ) {
    MEMBER.read([...arguments]);
  }

  /** `InterpolationMode.BILINEAR` */
  toString(): string {
    return `InterpolationMode.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('InterpolationMode', 'InterpolationMode', (value) => value instanceof InterpolationMode);

/** A mode, or Pillow's number of it. */
export type Interpolation = InterpolationMode | number;

const members: readonly InterpolationMode[] = [
  InterpolationMode.NEAREST,
  InterpolationMode.NEAREST_EXACT,
  InterpolationMode.BILINEAR,
  InterpolationMode.BICUBIC,
  InterpolationMode.BOX,
  InterpolationMode.HAMMING,
  InterpolationMode.LANCZOS,
];

/** The mode of a number as Pillow has them. @throws Error for other numbers */
export function mode_of(interpolation: Interpolation): InterpolationMode {
  if (typeof interpolation !== 'number') return interpolation;
  const value = pillow_numbers.find(([code]) => code === interpolation)?.[1];
  const mode = members.find((member) => member.value === value);
  if (mode === undefined) throw new Error(`${interpolation} is not the number of an InterpolationMode`);
  return mode;
}
