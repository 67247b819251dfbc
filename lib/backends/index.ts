/** What libtorch computes with, and how: `torch.backends`. */
import './context.js';
import { native } from '../_C/native.js';
import { kind_of } from '../_internal/representation.js';
import { no_arguments, signature } from '../_internal/signature.js';
import {
  can_use_cudnn_attention,
  can_use_efficient_attention,
  can_use_flash_attention,
  is_flash_attention_available,
  sdp_kernel,
  SDPAParams,
} from './sdp.js';

export * as mha from './mha.js';
export * from '../absent/backends.js';

/** An object whose properties are switches of libtorch's context, by the names that native/core/context.cpp knows. */
function switches<K extends string>(owner: string, names: Record<K, string>): Record<K, boolean> {
  const object = {};
  for (const key of Object.keys(names) as K[]) {
    Object.defineProperty(object, key, {
      enumerable: true,
      get: () => native.switch_get(names[key]),
      set: (on: unknown) => {
        if (typeof on !== 'boolean')
          throw new TypeError(`torch.backends.${owner}.${key} must be bool, not ${kind_of(on)}`);
        native.switch_set(names[key], on);
      },
    });
  }
  return object as Record<K, boolean>;
}

/** Adds functions without reading the switches. */
function with_functions<T extends object, F extends object>(object: T, functions: F): T & F {
  return Object.defineProperties(object, Object.getOwnPropertyDescriptors(functions)) as T & F;
}

/** A function that takes no arguments. */
function without_arguments<T>(callee: string, answer: () => T): () => T {
  return (...none: unknown[]) => {
    no_arguments(callee, none);
    return answer();
  };
}

const built_with = (library: string): boolean => native.built_with().includes(library);
const available = (library: string): (() => boolean) => without_arguments('is_available', () => built_with(library));

/** A switch as two functions, `<kernel>_enabled` and `enable_<kernel>`. */
function switch_functions(name: string, kernel: string): [get: () => boolean, set: (enabled: boolean) => void] {
  const its = signature<{ enabled: boolean }>(`enable_${kernel}`, 'enabled: bool');
  return [
    without_arguments(`${kernel}_enabled`, () => native.switch_get(name)),
    (...args: unknown[]) => {
      native.switch_set(name, its.read(args).enabled);
    },
  ];
}

const [flash_sdp_enabled, enable_flash_sdp] = switch_functions('sdp_flash', 'flash_sdp');
const [mem_efficient_sdp_enabled, enable_mem_efficient_sdp] = switch_functions(
  'sdp_mem_efficient',
  'mem_efficient_sdp',
);
const [math_sdp_enabled, enable_math_sdp] = switch_functions('sdp_math', 'math_sdp');
const [cudnn_sdp_enabled, enable_cudnn_sdp] = switch_functions('sdp_cudnn', 'cudnn_sdp');
const MATH_REDUCTION = signature<{ enabled: boolean }>('allow_fp16_bf16_reduction_math_sdp', 'enabled: bool');

/**
 * Mirrors `torch.backends.cpu`.
 * @example
 * ```ts
 * print(torch.backends.cpu.get_cpu_capability());
 * ```
 * ```python
 * print(torch.backends.cpu.get_cpu_capability())
 * ```
 */
export const cpu = {
  /** The instructions that kernels are chosen for, as `'AVX2'`. */
  get_cpu_capability: without_arguments('get_cpu_capability', (): string => native.cpu_capability()),
};

/**
 * Mirrors `torch.backends.cuda`: matrix products, and which kernels attention may use.
 * @example
 * ```ts
 * torch.backends.cuda.enable_flash_sdp(false);
 * print(torch.backends.cuda.flash_sdp_enabled(), torch.backends.cuda.math_sdp_enabled());
 * torch.backends.cuda.enable_flash_sdp(true);
 * print(torch.backends.cuda.is_built(), torch.backends.cuda.matmul.allow_tf32);
 * ```
 * ```python
 * torch.backends.cuda.enable_flash_sdp(False)
 * print(torch.backends.cuda.flash_sdp_enabled(), torch.backends.cuda.math_sdp_enabled())
 * torch.backends.cuda.enable_flash_sdp(True)
 * print(torch.backends.cuda.is_built(), torch.backends.cuda.matmul.allow_tf32)
 * ```
 */
export const cuda = {
  /** Whether this libtorch has CUDA; a device need not be there. */
  is_built: without_arguments('is_built', (): boolean => native.device_built('cuda')),
  matmul: switches('cuda.matmul', {
    allow_tf32: 'cublas_allow_tf32',
    allow_fp16_accumulation: 'cublas_allow_fp16_accumulation',
  }),
  flash_sdp_enabled,
  enable_flash_sdp,
  mem_efficient_sdp_enabled,
  enable_mem_efficient_sdp,
  math_sdp_enabled,
  enable_math_sdp,
  cudnn_sdp_enabled,
  enable_cudnn_sdp,
  /** Whether the plain kernel may sum up in half precision. */
  fp16_bf16_reduction_math_sdp_allowed: without_arguments('fp16_bf16_reduction_math_sdp_allowed', () =>
    native.switch_get('sdp_math_reduction'),
  ),
  allow_fp16_bf16_reduction_math_sdp(...args: [enabled: boolean] | [{ enabled: boolean }]): void {
    native.switch_set('sdp_math_reduction', MATH_REDUCTION.read(args).enabled);
  },
  SDPAParams,
  is_flash_attention_available,
  can_use_flash_attention,
  can_use_efficient_attention,
  can_use_cudnn_attention,
  sdp_kernel,
};

/**
 * Mirrors `torch.backends.cudnn`.
 * @example
 * ```ts
 * print(torch.backends.cudnn.is_available(), torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic);
 * ```
 * ```python
 * print(torch.backends.cudnn.is_available(), torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic)
 * ```
 */
export const cudnn = with_functions(
  switches('cudnn', {
    enabled: 'cudnn',
    benchmark: 'cudnn_benchmark',
    deterministic: 'cudnn_deterministic',
    allow_tf32: 'cudnn_allow_tf32',
  }),
  { is_available: available('cudnn') },
);

/**
 * Mirrors `torch.backends.mkl`.
 * @example
 * ```ts
 * print(torch.backends.mkl.is_available());
 * ```
 * ```python
 * print(torch.backends.mkl.is_available())
 * ```
 */
export const mkl = { is_available: available('mkl') };

/**
 * Mirrors `torch.backends.mkldnn`.
 * @example
 * ```ts
 * print(torch.backends.mkldnn.is_available(), torch.backends.mkldnn.enabled);
 * ```
 * ```python
 * print(torch.backends.mkldnn.is_available(), torch.backends.mkldnn.enabled)
 * ```
 */
export const mkldnn = with_functions(
  switches('mkldnn', { enabled: 'mkldnn', deterministic: 'mkldnn_deterministic', allow_tf32: 'mkldnn_allow_tf32' }),
  { is_available: available('mkldnn') },
);

/**
 * Mirrors `torch.backends.nnpack`.
 * @example
 * ```ts
 * print(torch.backends.nnpack.enabled);
 * ```
 * ```python
 * print(torch._C._get_nnpack_enabled())
 * ```
 */
export const nnpack = switches('nnpack', { enabled: 'nnpack' });

/**
 * Mirrors `torch.backends.openmp`.
 * @example
 * ```ts
 * print(torch.backends.openmp.is_available());
 * ```
 * ```python
 * print(torch.backends.openmp.is_available())
 * ```
 */
export const openmp = { is_available: available('openmp') };
