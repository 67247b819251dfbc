/** The limits of number types: `torch.finfo`, `torch.iinfo`. */
import { complex128, complex32, complex64, type DType, get_default_dtype } from './dtype.js';
import { format_exponential } from '../_internal/python_numbers.js';
import { signature } from '../_internal/signature.js';

/** Bits of the fraction, least and greatest exponent of 2, and where libtorch's limits do not follow from these. */
const formats: Record<
  string,
  {
    fraction: number;
    least: number;
    greatest: number;
    max?: number;
    min?: number;
    eps?: number;
  }
> = {
  float64: { fraction: 52, least: -1022, greatest: 1023 },
  float32: { fraction: 23, least: -126, greatest: 127 },
  float16: { fraction: 10, least: -14, greatest: 15 },
  bfloat16: { fraction: 7, least: -126, greatest: 127 },
  float8_e5m2: { fraction: 2, least: -14, greatest: 15 },
  float8_e4m3fn: { fraction: 3, least: -6, greatest: 8, max: 448 },
  float8_e5m2fnuz: { fraction: 2, least: -15, greatest: 15, eps: 0.125 },
  float8_e4m3fnuz: { fraction: 3, least: -7, greatest: 7 },
  float8_e8m0fnu: { fraction: 0, least: -127, greatest: 127, max: 2 ** 127, min: 2 ** -127 },
};

const real_part = new Map([
  [complex32, 'float16'],
  [complex64, 'float32'],
  [complex128, 'float64'],
]);

const FINFO = signature<{ type?: DType }>('finfo', 'type?: dtype');
const IINFO = signature<{ type: DType }>('iinfo', 'type: dtype');
const FLOAT_INFO = signature<{ type?: DType }>('FloatInfo', 'type?: dtype');
const INTEGER_INFO = signature<{ type: DType }>('IntegerInfo', 'type: dtype');

/**
 * The numerical limits of a floating point type, as {@link finfo} returns them; of a complex type, those of its
 * parts. Mirrors `torch.finfo`.
 *
 * @param type - default: the default dtype
 * @throws TypeError unless the type is floating point or complex
 * @example
 * ```ts
 * const info = new torch.FloatInfo(torch.float16);
 * print(info.max + 0.5, info.eps, info.bits);
 * ```
 * ```python
 * info = torch.finfo(torch.float16)
 * print(info.max + 0.5, info.eps, info.bits)
 * ```
 */
export class FloatInfo {
  readonly bits: number;
  /** The difference between 1 and the next larger number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number with full precision. */
  readonly smallest_normal: number;
  /** As {@link smallest_normal}. */
  readonly tiny: number;
  /** The decimal resolution: `10 ** -digits`. */
  readonly resolution: number;
  readonly dtype: string;

  constructor(type?: DType | { type?: DType });
  constructor(...args: unknown[]) {
    const { type: dtype = get_default_dtype() } = FLOAT_INFO.read(args);
    this.dtype = real_part.get(dtype) ?? dtype.name;
    const format = formats[this.dtype];
    if (!format) {
      throw new TypeError(
        `torch.finfo() requires a floating point input type. Use torch.iinfo to handle '${String(dtype)}'`,
      );
    }
    const { fraction, least, greatest } = format;
    this.bits = Number(/^b?float(\d+)/.exec(this.dtype)?.[1]);
    this.eps = format.eps ?? 2 ** -fraction;
    this.max = format.max ?? (2 - 2 ** -fraction) * 2 ** greatest;
    this.min = format.min ?? -this.max;
    this.smallest_normal = this.tiny = 2 ** least;
    this.resolution = Number(`1e-${Math.floor(fraction * Math.log10(2))}`);
  }

  toString(): string {
    const names = ['resolution', 'min', 'max', 'eps', 'smallest_normal', 'tiny'] as const;
    return `finfo(${names.map((name) => `${name}=${six_digits(this[name])}`).join(', ')}, dtype=${this.dtype})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** With six digits, as C++ streams write numbers. */
function six_digits(value: number): string {
  const size = Math.abs(value);
  const scientific = format_exponential(value, 5);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(Number(scientific));
  const [digits = '', exponent = ''] = scientific.split('e');
  return `${digits.replace(/\.?0+$/, '')}e${exponent}`;
}

/**
 * The numerical limits of an integer type, as {@link iinfo} returns them. Mirrors `torch.iinfo`.
 *
 * @param type - an integer dtype
 * @throws TypeError unless the type is an integer type
 * @example
 * ```ts
 * const info = new torch.IntegerInfo(torch.int8);
 * print(info.min, info.max, info.bits);
 * ```
 * ```python
 * info = torch.iinfo(torch.int8)
 * print(info.min, info.max, info.bits)
 * ```
 */
export class IntegerInfo {
  readonly bits: number;
  /** A bigint where a number would not be exact. */
  readonly max: number | bigint;
  readonly min: number | bigint;
  readonly dtype: string;

  constructor(type: DType | { type: DType });
  constructor(...args: unknown[]) {
    const { type: dtype } = INTEGER_INFO.read(args);
    if (!/^u?int(8|16|32|64)$/.test(dtype.name) && dtype.name !== 'bool') {
      throw new TypeError(`torch.iinfo() requires an integer input type. Use torch.finfo to handle '${String(dtype)}'`);
    }
    if (dtype.name === 'bool') throw new TypeError('torch.bool is not supported by torch.iinfo');
    this.dtype = dtype.name;
    this.bits = dtype.itemsize * 8;
    const range = 2n ** BigInt(this.bits);
    this.max = exact(dtype.is_signed ? range / 2n - 1n : range - 1n);
    this.min = exact(dtype.is_signed ? -range / 2n : 0n);
  }

  toString(): string {
    return `iinfo(min=${general_integer(this.min)}, max=${general_integer(this.max)}, dtype=${this.dtype})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function general_integer(value: number | bigint): string {
  return Math.abs(Number(value)) >= 1e6 ? six_digits(Number(value)) : String(value);
}

/**
 * The numerical limits of a floating point type. Mirrors `torch.finfo`.
 *
 * @param type - floating point or complex; default: the default dtype
 * @throws TypeError unless the type is floating point or complex
 * @example
 * ```ts
 * print(torch.finfo());
 * print(torch.finfo(torch.bfloat16).smallest_normal);
 * ```
 * ```python
 * print(torch.finfo())
 * print(torch.finfo(torch.bfloat16).smallest_normal)
 * ```
 */
export function finfo(type?: DType | { type?: DType }): FloatInfo;
export function finfo(...args: unknown[]): FloatInfo {
  return new FloatInfo(FINFO.read(args).type);
}

/**
 * The numerical limits of an integer type. Mirrors `torch.iinfo`.
 *
 * @param type - an integer dtype
 * @throws TypeError for bool and for types that are not integer types
 * @example
 * ```ts
 * print(torch.iinfo(torch.int16));
 * ```
 * ```python
 * print(torch.iinfo(torch.int16))
 * ```
 */
export function iinfo(type: DType | { type: DType }): IntegerInfo;
export function iinfo(...args: unknown[]): IntegerInfo {
  return new IntegerInfo(IINFO.read(args).type);
}
