import { define_kind, signature } from '../../_internal/signature.js';
import type { ReadMode } from './codec.js';

const MEMBER = signature<object>('ImageReadMode', 'name: str, value: int');

/**
 * The channels that a decoded image has: those of its file, or others that they are converted to. Mirrors
 * `torchvision.io.ImageReadMode`.
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * print(io.ImageReadMode.RGB, io.ImageReadMode.RGB.value); // ImageReadMode.RGB 3
 * ```
 */
export class ImageReadMode {
  static readonly UNCHANGED = new ImageReadMode('UNCHANGED', 0);
  static readonly GRAY = new ImageReadMode('GRAY', 1);
  static readonly GRAY_ALPHA = new ImageReadMode('GRAY_ALPHA', 2);
  static readonly RGB = new ImageReadMode('RGB', 3);
  static readonly RGB_ALPHA = new ImageReadMode('RGB_ALPHA', 4);
  static readonly RGBA = ImageReadMode.RGB_ALPHA;

  private constructor(
    /** The name of the member: `'RGB'`. */
    readonly name: string,
    /** The number of torchvision. */
    readonly value: number,
  ) {
    MEMBER.read([...arguments]);
  }

  /** `ImageReadMode.RGB` */
  toString(): string {
    return `ImageReadMode.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('ImageReadMode', 'ImageReadMode', (value) => value instanceof ImageReadMode);

/** A mode, or its name in capitals or not. */
export type ReadModeLike = ImageReadMode | string;

/** The name of a mode. @throws Error for names of no mode */
export function read_mode(mode: ReadModeLike): ReadMode {
  const name = typeof mode === 'string' ? mode.toUpperCase() : mode.name;
  if (name === 'RGBA') return 'RGB_ALPHA';
  if (!['UNCHANGED', 'GRAY', 'GRAY_ALPHA', 'RGB', 'RGB_ALPHA'].includes(name)) {
    throw new Error(`'${name}' is not an ImageReadMode: UNCHANGED, GRAY, GRAY_ALPHA, RGB or RGB_ALPHA`);
  }
  return name as ReadMode;
}
