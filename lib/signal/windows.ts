/** Window functions; mirrors `torch.signal.windows`. */
import { tensor } from '../creation.js';
import type { DeviceLike } from '../types/device.js';
import { float32, float64, get_default_dtype, strided, type DType, type Layout } from '../types/dtype.js';
import * as ops from '../generated/functions.js';
import { kind_of, python_int } from '../_internal/representation.js';
import type { Tensor } from '../_tensor.js';
import { signature, type Signature } from '../_internal/signature.js';

/** The options of every window. */
export interface WindowOptions {
  /** A symmetric window, for filters (true, the default), or a periodic one, for spectra. */
  sym?: boolean;
  /** float32 or float64. Default null: the default dtype. */
  dtype?: DType | null;
  /** Only `torch.strided`, the default. */
  layout?: Layout | null;
  /** Device of the window. Default null: the default device. */
  device?: DeviceLike | null;
  /** Record autograd on the window. Default false. */
  requires_grad?: boolean;
}

/** The options of {@link exponential}. */
export interface ExponentialOptions extends WindowOptions {
  /** Position of the maximum; for periodic windows only. Default null: the middle. */
  center?: number | null;
  /** Decay, positive. Default 1. */
  tau?: number;
}

/** The options of {@link gaussian}. */
export interface GaussianOptions extends WindowOptions {
  /** Standard deviation in samples, positive. Default 1. */
  std?: number;
}

/** The options of {@link kaiser}. */
export interface KaiserOptions extends WindowOptions {
  /** Shape parameter, nonnegative. Default 12. */
  beta?: number;
}

/** The options of {@link general_cosine}. */
export interface GeneralCosineOptions extends WindowOptions {
  /** Coefficients of the cosines, from the constant one; their signs alternate. */
  a: Iterable<number>;
}

/** The options of {@link general_hamming}. */
export interface GeneralHammingOptions extends WindowOptions {
  /** Coefficient of the constant; that of the cosine is `1 - alpha`. Default 0.54. */
  alpha?: number;
}

interface Factory {
  dtype: DType;
  device: DeviceLike | null;
  requires_grad: boolean;
}

/** The length of a window: how many samples it has. */
interface Length {
  M: number;
}

/** Declares the arguments of a window; `own` are those that the others do not have. */
function window_signature<O extends WindowOptions>(callee: string, own = ''): Signature<O & Length> {
  return signature(
    callee,
    `M: int, *, ${own}sym?: bool, dtype?: dtype|None, layout?: layout|None, device?: device|None, requires_grad?: bool`,
  );
}

const EXPONENTIAL = window_signature<ExponentialOptions>('exponential', 'center?: float|None, tau?: float, ');
const COSINE = window_signature('cosine');
const GAUSSIAN = window_signature<GaussianOptions>('gaussian', 'std?: float, ');
const KAISER = window_signature<KaiserOptions>('kaiser', 'beta?: float, ');
const BARTLETT = window_signature('bartlett');
const GENERAL_COSINE = window_signature<GeneralCosineOptions>('general_cosine', 'a: any, ');
const GENERAL_HAMMING = window_signature<GeneralHammingOptions>('general_hamming', 'alpha?: float, ');
const HAMMING = window_signature('hamming');
const HANN = window_signature('hann');
const BLACKMAN = window_signature('blackman');
const NUTTALL = window_signature('nuttall');

/** Checks what all windows have in common. @returns how to make the tensors of this window */
function factory_of(callee: string, { M, ...options }: WindowOptions & Length): Factory {
  const { layout = strided, device = null, requires_grad = false } = options;
  const dtype = options.dtype ?? get_default_dtype();
  if (M < 0) throw new Error(`${callee} requires non-negative window length, got M=${M}`);
  if (layout !== null && layout !== strided)
    throw new Error(`${callee} is implemented for strided tensors only, got: ${String(layout)}`);
  if (dtype !== float32 && dtype !== float64) {
    throw new Error(`${callee} expects float32 or float64 dtypes, got: ${String(dtype)}`);
  }
  return { dtype, device, requires_grad };
}

/** The number of steps from one end of a window to the other: a periodic window lacks its last sample. */
function steps_of(M: number, { sym = true }: WindowOptions): number {
  return sym || M <= 1 ? M - 1 : M;
}

/** The window of one sample or of none, or undefined where the length asks for a computation. */
function trivial_window(M: number, factory: Factory): Tensor | undefined {
  if (M === 0) return ops.empty([0], factory);
  return M === 1 ? ops.ones([1], factory) : undefined;
}

/** Positions of the samples: M numbers from `first` on, one `step` apart. */
function positions(M: number, first: number, step: number, factory: Factory): Tensor {
  return ops.linspace(first * step, (first + (M - 1)) * step, M, factory);
}

/**
 * The exponential (Poisson) window: `exp(-|n - center| / tau)`. Mirrors `torch.signal.windows.exponential`.
 *
 * @param M - number of samples
 * @param options - `center` (default: the middle); `tau` (default 1); `sym` (default true), `dtype`, `layout`,
 * `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error unless `tau` is positive, for the center of a symmetric window, and as {@link hann}
 * @example
 * ```ts
 * print(torch.signal.windows.exponential(5));
 * ```
 * ```python
 * print(torch.signal.windows.exponential(5))
 * ```
 */
export function exponential(M: number, options?: ExponentialOptions): Tensor;
export function exponential(options: ExponentialOptions & Length): Tensor;
export function exponential(...args: unknown[]): Tensor {
  return EXPONENTIAL.call(args, (given) => {
    const { M } = given;
    const { tau = 1, sym = true, center = null } = given;
    const factory = factory_of('exponential', given);
    if (tau <= 0) throw new Error(`Tau must be positive, got: ${python_int(tau)} instead.`);
    if (sym && center !== null) throw new Error('Center must be None for symmetric windows');
    if (M === 0) return ops.empty([0], factory);
    return positions(M, -(center ?? steps_of(M, given) / 2), 1 / tau, factory)
      .abs()
      .neg()
      .exp();
  });
}

/**
 * The cosine (sine) window: `sin(pi (n + 0.5) / M)`. Mirrors `torch.signal.windows.cosine`.
 *
 * @param M - number of samples
 * @param options - `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.cosine(5));
 * ```
 * ```python
 * print(torch.signal.windows.cosine(5))
 * ```
 */
export function cosine(M: number, options?: WindowOptions): Tensor;
export function cosine(options: WindowOptions & Length): Tensor;
export function cosine(...args: unknown[]): Tensor {
  return COSINE.call(args, (given) => {
    const { M } = given;
    const factory = factory_of('cosine', given);
    if (M === 0) return ops.empty([0], factory);
    return positions(M, 0.5, Math.PI / (steps_of(M, given) + 1), factory).sin();
  });
}

/**
 * The Gaussian window: `exp(-(n / std) ** 2 / 2)`, with n from the middle. Mirrors `torch.signal.windows.gaussian`.
 *
 * @param M - number of samples
 * @param options - `std` (default 1); `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error unless `std` is positive, and as {@link hann}
 * @example
 * ```ts
 * print(torch.signal.windows.gaussian(5, { std: 0.9 }));
 * ```
 * ```python
 * print(torch.signal.windows.gaussian(5, std=0.9))
 * ```
 */
export function gaussian(M: number, options?: GaussianOptions): Tensor;
export function gaussian(options: GaussianOptions & Length): Tensor;
export function gaussian(...args: unknown[]): Tensor {
  return GAUSSIAN.call(args, (given) => {
    const { M } = given;
    const { std = 1 } = given;
    const factory = factory_of('gaussian', given);
    if (std <= 0) throw new Error(`Standard deviation must be positive, got: ${python_int(std)} instead.`);
    if (M === 0) return ops.empty([0], factory);
    return positions(M, -steps_of(M, given) / 2, 1 / (std * Math.SQRT2), factory)
      .pow(2)
      .neg()
      .exp();
  });
}

/**
 * The Kaiser window: `i0(beta sqrt(1 - (2 n / (M - 1) - 1) ** 2)) / i0(beta)`. Mirrors `torch.signal.windows.kaiser`.
 *
 * @param M - number of samples
 * @param options - `beta` (default 12); `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative `beta`, and as {@link hann}
 * @example
 * ```ts
 * print(torch.signal.windows.kaiser(5));
 * ```
 * ```python
 * print(torch.signal.windows.kaiser(5))
 * ```
 */
export function kaiser(M: number, options?: KaiserOptions): Tensor;
export function kaiser(options: KaiserOptions & Length): Tensor;
export function kaiser(...args: unknown[]): Tensor {
  return KAISER.call(args, (given) => {
    const { M } = given;
    const { beta = 12 } = given;
    const factory = factory_of('kaiser', given);
    if (beta < 0) throw new Error(`beta must be non-negative, got: ${python_int(beta)} instead.`);
    const short = trivial_window(M, factory);
    if (short) return short;
    // Rounded to the dtype, so that the last position does not pass beta, where the square root has no value.
    const shape = tensor(beta, { dtype: factory.dtype, device: factory.device });
    const last = shape.neg().add(
      shape
        .mul(2)
        .div(steps_of(M, given))
        .mul(M - 1),
    );
    const k = ops.linspace(shape.neg(), ops.minimum(shape, last), M, factory);
    return shape.mul(shape).sub(k.pow(2)).sqrt().i0().div(shape.i0());
  });
}

/**
 * The triangular window: `1 - |2 n / (M - 1) - 1|`. Mirrors `torch.signal.windows.bartlett`.
 *
 * @param M - number of samples
 * @param options - `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.bartlett(5));
 * ```
 * ```python
 * print(torch.signal.windows.bartlett(5))
 * ```
 */
export function bartlett(M: number, options?: WindowOptions): Tensor;
export function bartlett(options: WindowOptions & Length): Tensor;
export function bartlett(...args: unknown[]): Tensor {
  return BARTLETT.call(args, (given) => {
    const { M } = given;
    const factory = factory_of('bartlett', given);
    const short = trivial_window(M, factory);
    if (short) return short;
    const k = ops.linspace(-1, -1 + (M - 1) * (2 / steps_of(M, given)), M, factory);
    return ops.rsub(k.abs(), 1);
  });
}

function coefficients(a: unknown): number[] {
  if (typeof a !== 'object' || a === null || !(Symbol.iterator in a)) {
    throw new TypeError('Coefficients must be a list/tuple');
  }
  const list = [...(a as Iterable<unknown>)].map((weight, i) => {
    if (typeof weight === 'number' || typeof weight === 'bigint') return Number(weight);
    throw new TypeError(
      `general_cosine(): argument 'a' must be list of floats, but found element of type ${kind_of(weight)} at pos ${i}`,
    );
  });
  if (list.length === 0) throw new Error('Coefficients cannot be empty');
  return list;
}

/**
 * The sum of cosines `(-1) ** i a[i] cos(2 pi i n / (M - 1))`. Mirrors `torch.signal.windows.general_cosine`.
 *
 * @param M - number of samples
 * @param options - `a`: the coefficients; `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws TypeError unless `a` is a list; Error when it is empty, and as {@link hann}
 * @example
 * ```ts
 * print(torch.signal.windows.general_cosine(5, { a: [0.46, 0.23, 0.31] }));
 * ```
 * ```python
 * print(torch.signal.windows.general_cosine(5, a=[0.46, 0.23, 0.31]))
 * ```
 */
export function general_cosine(M: number, options: GeneralCosineOptions): Tensor;
export function general_cosine(options: GeneralCosineOptions & Length): Tensor;
export function general_cosine(...args: unknown[]): Tensor {
  return GENERAL_COSINE.call(args, (given) => sum_of_cosines('general_cosine', given));
}

function sum_of_cosines(callee: string, given: GeneralCosineOptions & Length): Tensor {
  const { M } = given;
  const factory = factory_of(callee, given);
  const short = trivial_window(M, factory);
  if (short) return short;
  const signed = coefficients(given.a).map((weight, i) => (i % 2 === 0 ? weight : -weight));
  const k = positions(M, 0, (2 * Math.PI) / steps_of(M, given), factory);
  const weights = tensor(signed, factory);
  const multiples = ops.arange(signed.length, factory);
  return weights.unsqueeze(-1).mul(multiples.unsqueeze(-1).mul(k).cos()).sum(0);
}

/**
 * The generalized Hamming window: `alpha - (1 - alpha) cos(2 pi n / (M - 1))`. Mirrors
 * `torch.signal.windows.general_hamming`.
 *
 * @param M - number of samples
 * @param options - `alpha` (default 0.54); `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.general_hamming(5, { alpha: 0.46 }));
 * ```
 * ```python
 * print(torch.signal.windows.general_hamming(5, alpha=0.46))
 * ```
 */
export function general_hamming(M: number, options?: GeneralHammingOptions): Tensor;
export function general_hamming(options: GeneralHammingOptions & Length): Tensor;
export function general_hamming(...args: unknown[]): Tensor {
  return GENERAL_HAMMING.call(args, ({ alpha = 0.54, ...common }) => {
    return sum_of_cosines('general_hamming', { ...common, a: [alpha, 1 - alpha] });
  });
}

/**
 * The Hamming window: `0.54 - 0.46 cos(2 pi n / (M - 1))`. Mirrors `torch.signal.windows.hamming`.
 *
 * @param M - number of samples
 * @param options - `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.hamming(5));
 * ```
 * ```python
 * print(torch.signal.windows.hamming(5))
 * ```
 */
export function hamming(M: number, options?: WindowOptions): Tensor;
export function hamming(options: WindowOptions & Length): Tensor;
export function hamming(...args: unknown[]): Tensor {
  return HAMMING.call(args, (given) => sum_of_cosines('hamming', { ...given, a: [0.54, 1 - 0.54] }));
}

/**
 * The Hann window: `(1 - cos(2 pi n / (M - 1))) / 2`. Mirrors `torch.signal.windows.hann`.
 *
 * @param M - number of samples
 * @param options - `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.hann(5, { sym: false }));
 * ```
 * ```python
 * print(torch.signal.windows.hann(5, sym=False))
 * ```
 */
export function hann(M: number, options?: WindowOptions): Tensor;
export function hann(options: WindowOptions & Length): Tensor;
export function hann(...args: unknown[]): Tensor {
  return HANN.call(args, (given) => sum_of_cosines('hann', { ...given, a: [0.5, 1 - 0.5] }));
}

/**
 * The Blackman window: `0.42 - 0.5 cos(z) + 0.08 cos(2 z)`, with `z = 2 pi n / (M - 1)`. Mirrors
 * `torch.signal.windows.blackman`.
 *
 * @param M - number of samples
 * @param options - `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.blackman(5));
 * ```
 * ```python
 * print(torch.signal.windows.blackman(5))
 * ```
 */
export function blackman(M: number, options?: WindowOptions): Tensor;
export function blackman(options: WindowOptions & Length): Tensor;
export function blackman(...args: unknown[]): Tensor {
  return BLACKMAN.call(args, (given) => {
    return sum_of_cosines('blackman', { ...given, a: [0.42, 0.5, 0.08] });
  });
}

/**
 * The Blackman-Harris window by Nuttall, of four cosine terms. Mirrors `torch.signal.windows.nuttall`.
 *
 * @param M - number of samples
 * @param options - `sym` (default true), `dtype`, `layout`, `device`, `requires_grad`
 * @returns a tensor of shape `(M)`
 * @throws Error for a negative length, a dtype other than float32 and float64, or a layout that is not strided
 * @example
 * ```ts
 * print(torch.signal.windows.nuttall(5));
 * ```
 * ```python
 * print(torch.signal.windows.nuttall(5))
 * ```
 */
export function nuttall(M: number, options?: WindowOptions): Tensor;
export function nuttall(options: WindowOptions & Length): Tensor;
export function nuttall(...args: unknown[]): Tensor {
  return NUTTALL.call(args, (given) =>
    sum_of_cosines('nuttall', { ...given, a: [0.3635819, 0.4891775, 0.1365995, 0.0106411] }),
  );
}
