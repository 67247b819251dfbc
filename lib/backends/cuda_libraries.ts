/** Which libraries compute on CUDA devices, and what plans of Fourier transforms are kept: parts of `torch.backends.cuda`. */
import { overloads_of } from '../_C/dispatch.js';
import { native } from '../_C/native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { Device, initialize_device, type DeviceLike } from '../types/device.js';

// What native/core/context.cpp exports about libraries.
declare module '../_C/native.js' {
  interface Native {
    preferred_library(kind: 'linalg' | 'blas', number: number | null): number;
  }
}

// The numbers of at::LinalgBackend and at::BlasBackend.
const LINALG = { default: 0, cusolver: 1, magma: 2 } as const;
const BLAS = { default: 0, cublas: 1, hipblas: 1, cublaslt: 2, hipblaslt: 2, ck: 3 } as const;
const LINALG_NAMES = ['Default', 'Cusolver', 'Magma'];
const BLAS_NAMES = ['Default', 'Cublas', 'Cublaslt', 'Ck'];

/** A library as Python prints it, `_LinalgBackend.Default`: a text. */
export type PreferredLibrary = string;

const READ_LINALG = signature<{ backend?: string | null }>('preferred_linalg_library', 'backend?: str|None');
const READ_BLAS = signature<{ backend?: string | null }>('preferred_blas_library', 'backend?: str|None');

/** Sets a library unless it is null. @throws Error with Python's text for an unknown name */
function choose(kind: 'linalg' | 'blas', numbers: Readonly<Record<string, number>>, backend: string | null): number {
  if (backend === null) return native.preferred_library(kind, null);
  const number = numbers[backend];
  if (number === undefined) {
    throw new Error(`Unknown input value. Choose from: ${Object.keys(numbers).join(', ')}.`);
  }
  return native.preferred_library(kind, number);
}

/**
 * Sets and gets which library of linear algebra is preferred on CUDA devices. Mirrors `torch.backends.cuda.preferred_linalg_library`.
 * @param backend - `'default'`, `'cusolver'`, `'magma'`, or one that was returned; default null, which only gets it
 * @returns the library, as `_LinalgBackend.Default`
 * @throws Error for another name
 * @example
 * ```ts
 * print(torch.backends.cuda.preferred_linalg_library());
 * ```
 * ```python
 * print(torch.backends.cuda.preferred_linalg_library())
 * ```
 */
export function preferred_linalg_library(
  backend?: 'default' | 'cusolver' | 'magma' | PreferredLibrary | null,
): PreferredLibrary;
export function preferred_linalg_library(...args: unknown[]): PreferredLibrary {
  const { backend = null } = READ_LINALG.read(args);
  const name = backend?.replace(/^_LinalgBackend\./, '').toLowerCase() ?? null;
  return `_LinalgBackend.${LINALG_NAMES[choose('linalg', LINALG, name)]}`;
}

/**
 * Sets and gets which library of matrix products is preferred on CUDA devices. Mirrors `torch.backends.cuda.preferred_blas_library`.
 * @param backend - `'default'`, `'cublas'`, `'cublaslt'`, `'ck'`, or one that was returned; default null, which only gets it
 * @returns the library, as `_BlasBackend.Cublas`
 * @throws Error for another name
 * @example
 * ```ts
 * print(torch.backends.cuda.preferred_blas_library());
 * ```
 * ```python
 * print(torch.backends.cuda.preferred_blas_library())
 * ```
 */
export function preferred_blas_library(
  backend?: 'default' | 'cublas' | 'hipblas' | 'cublaslt' | 'hipblaslt' | 'ck' | PreferredLibrary | null,
): PreferredLibrary;
export function preferred_blas_library(...args: unknown[]): PreferredLibrary {
  const { backend = null } = READ_BLAS.read(args);
  const name = backend?.replace(/^_BlasBackend\./, '').toLowerCase() ?? null;
  return `_BlasBackend.${BLAS_NAMES[choose('blas', BLAS, name)]}`;
}

/** The plans of Fourier transforms that a device keeps. Mirrors `torch.backends.cuda.cuFFTPlanCache`. */
export interface CuFFTPlanCache {
  /** How many plans there are. */
  readonly size: number;
  /** How many there may be. */
  max_size: number;
  /** Drops all plans. */
  clear(): void;
}

/** The plans of the current device, and those of others. */
export interface CuFFTPlanCaches extends CuFFTPlanCache {
  /** The plans of a device; Python's brackets. @throws Error for a device that is not there */
  at(device: DeviceLike): CuFFTPlanCache;
}

const AT = signature<{ device: DeviceLike }>('at', 'device: device');
const READ_ONLY =
  '.size is a read-only property showing the number of plans currently in the cache. To change the cache capacity, set ' +
  'cufft_plan_cache.max_size.';

const plans_of = overloads_of('_cufft_get_plan_cache_size', 'aten::_cufft_get_plan_cache_size', ['']);
const most_plans_of = overloads_of('_cufft_get_plan_cache_max_size', 'aten::_cufft_get_plan_cache_max_size', ['']);
const set_most_plans = overloads_of('_cufft_set_plan_cache_max_size', 'aten::_cufft_set_plan_cache_max_size', ['']);
const clear_plans = overloads_of('_cufft_clear_plan_cache', 'aten::_cufft_clear_plan_cache', ['']);

function cache_of(index: () => number): CuFFTPlanCache {
  return {
    get size() {
      return Number(plans_of(index()));
    },
    set size(_: number) {
      throw new Error(READ_ONLY);
    },
    get max_size() {
      return Number(most_plans_of(index()));
    },
    set max_size(plans: number) {
      set_most_plans(index(), plans);
    },
    clear(...none: []) {
      no_arguments('clear', none);
      clear_plans(index());
    },
  };
}

const current = (): number => {
  initialize_device('cuda');
  return native.device_current('cuda');
};

/**
 * The plans of Fourier transforms that CUDA devices keep: of the current device, and with `at(device)` of another one. Mirrors
 * `torch.backends.cuda.cufft_plan_cache`.
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.backends.cuda.cufft_plan_cache.size >= 0 : true);
 * ```
 * ```python
 * print(torch.backends.cuda.cufft_plan_cache.size >= 0 if torch.cuda.is_available() else True)
 * ```
 */
export const cufft_plan_cache: CuFFTPlanCaches = Object.defineProperties(cache_of(current) as CuFFTPlanCaches, {
  at: {
    enumerable: true,
    value: (...args: unknown[]): CuFFTPlanCache => {
      const { device } = AT.read(args);
      const wanted = typeof device === 'number' ? device : (new Device(device).index ?? current());
      const count = native.device_count('cuda');
      if (wanted < 0 || wanted >= count) {
        throw new Error(`cufft_plan_cache: expected 0 <= device index < ${count}, but got device with index ${wanted}`);
      }
      return cache_of(() => wanted);
    },
  },
});
