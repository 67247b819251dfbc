/** What libtorch computes with, and how: `torch.backends`. */
import './context.js';
import { native } from '../_C/native.js';
import { _nnpack_available } from '../generated/private_functions.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';
import type { Tensor } from '../_tensor.js';
import {
  without_arguments,
  define_switch,
  flag_functions,
  freeze_flags,
  is_frozen,
  switch_functions,
  switches,
  with_members,
  with_precision,
  type Fp32Precision,
} from './switches.js';
import { cufft_plan_cache, preferred_blas_library, preferred_linalg_library } from './cuda_libraries.js';
import {
  can_use_cudnn_attention,
  can_use_efficient_attention,
  can_use_flash_attention,
  is_flash_attention_available,
  sdp_kernel,
  SDPAParams,
} from './sdp.js';

export * as cusparselt from './cusparselt.js';
export * as mha from './mha.js';

// What native/core/context.cpp exports about backends.
declare module '../_C/native.js' {
  interface Native {
    quantized_engine(): number;
    set_quantized_engine(engine: number): void;
    quantized_engines(): number[];
    cudnn_version(): number | null;
    cudnn_benchmark_limit(): number | null;
    set_cudnn_benchmark_limit(limit: number): void;
    set_verbose(library: 'mkl' | 'mkldnn', level: number): boolean;
  }
}

const built_with = (library: string): boolean => native.built_with().includes(library);
const available = (library: string): (() => boolean) => without_arguments('is_available', () => built_with(library));

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
  matmul: with_precision(
    switches('cuda.matmul', {
      allow_tf32: 'cublas_allow_tf32',
      allow_fp16_accumulation: 'cublas_allow_fp16_accumulation',
      allow_fp16_reduced_precision_reduction: 'cublas_allow_fp16_reduction',
      allow_bf16_reduced_precision_reduction: 'cublas_allow_bf16_reduction',
    }),
    'cuda.matmul',
    'cuda',
    'matmul',
  ),
  preferred_linalg_library,
  preferred_blas_library,
  cufft_plan_cache,
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

const cudnn_switches = {} as Record<'enabled' | 'benchmark' | 'deterministic' | 'allow_tf32', boolean> & {
  benchmark_limit: number | null;
  fp32_precision: Fp32Precision;
};
with_members(
  cudnn_switches,
  switches('cudnn', {
    enabled: 'cudnn',
    benchmark: 'cudnn_benchmark',
    deterministic: 'cudnn_deterministic',
    allow_tf32: 'cudnn_allow_tf32',
  }),
);
define_switch<number | null>(cudnn_switches, 'cudnn', 'benchmark_limit', {
  get: () => native.cudnn_benchmark_limit(),
  set: (limit) => {
    if (limit !== null) native.set_cudnn_benchmark_limit(limit);
  },
  kind: 'int',
  accepts: (value) => value === null || Number.isInteger(value),
});
with_precision(cudnn_switches, 'cudnn', 'cuda', 'all');

const IS_ACCEPTABLE = signature<{ tensor: Tensor }>('is_acceptable', 'tensor: Tensor');
const CUDNN_DTYPES = ['torch.float16', 'torch.float32', 'torch.float64'];

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
export const cudnn = with_members(cudnn_switches, {
  is_available: available('cudnn'),
  /** The version as one number, such as 91002; null without cuDNN. */
  version: without_arguments('version', () => native.cudnn_version()),
  /** Whether operators may use cuDNN for a tensor. */
  is_acceptable: ((...args: unknown[]): boolean => {
    const { tensor } = IS_ACCEPTABLE.read(args);
    return (
      native.switch_get('cudnn') &&
      built_with('cudnn') &&
      tensor.device.type === 'cuda' &&
      CUDNN_DTYPES.includes(String(tensor.dtype))
    );
  }) as (tensor: Tensor | { tensor: Tensor }) => boolean,
  conv: with_precision({}, 'cudnn.conv', 'cuda', 'conv'),
  rnn: with_precision({}, 'cudnn.rnn', 'cuda', 'rnn'),
  ...flag_functions<
    {
      enabled?: boolean;
      benchmark?: boolean;
      benchmark_limit?: number;
      deterministic?: boolean;
      allow_tf32?: boolean;
      fp32_precision?: Fp32Precision;
    },
    [
      enabled: boolean,
      benchmark: boolean,
      benchmark_limit: number,
      deterministic: boolean,
      allow_tf32: boolean,
      fp32_precision: Fp32Precision,
    ]
  >(
    cudnn_switches,
    {
      enabled: 'bool',
      benchmark: 'bool',
      benchmark_limit: 'int',
      deterministic: 'bool',
      allow_tf32: 'bool',
      fp32_precision: 'str',
    },
    { enabled: false, benchmark: false, benchmark_limit: 10, deterministic: false, allow_tf32: true },
  ),
});

/** A context manager that lets a library write what it computes; `argument` is what Python calls the level. */
function verbose_of(library: 'mkl' | 'mkldnn', argument: string) {
  const RUN = signature<Record<string, number> & { fn: () => unknown }>('verbose', `${argument}: int, fn: Callable`);
  const GUARD = signature<Record<string, number>>('verbose', `${argument}: int`);
  const verbose = (...args: unknown[]): unknown => {
    const { fn, ...given } = args.length > 1 ? RUN.read(args) : { ...GUARD.read(args), fn: undefined };
    const level = (given as Record<string, number>)[argument]!;
    const mode = {
      enter: () => {
        if (level !== 0 && !native.set_verbose(library, level)) {
          const name = library.toUpperCase();
          throw new Error(`Failed to set ${name} into verbose mode. Please consider to disable this verbose scope.`);
        }
      },
      leave: () => {
        native.set_verbose(library, 0);
      },
    };
    return run_or_guard('verbose', mode, fn as (() => unknown) | undefined);
  };
  return verbose as { (level: number): Guard; <T>(level: number, fn: () => T): T };
}

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
export const mkl = {
  is_available: available('mkl'),
  VERBOSE_OFF: 0,
  VERBOSE_ON: 1,
  /** Lets the library write what it computes, for a while. */
  verbose: verbose_of('mkl', 'enable'),
};

const mkldnn_switches = with_precision(
  switches('mkldnn', { enabled: 'mkldnn', deterministic: 'mkldnn_deterministic', allow_tf32: 'mkldnn_allow_tf32' }),
  'mkldnn',
  'mkldnn',
  'all',
);

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
export const mkldnn = with_members(mkldnn_switches, {
  is_available: available('mkldnn'),
  /** Whether libtorch was built with the library of Arm beneath. */
  is_acl_available: without_arguments('is_acl_available', () => built_with('mkldnn_acl')),
  VERBOSE_OFF: 0,
  VERBOSE_ON: 1,
  VERBOSE_ON_CREATION: 2,
  /** Lets the library write what it computes, for a while. */
  verbose: verbose_of('mkldnn', 'level'),
  conv: with_precision({}, 'mkldnn.conv', 'mkldnn', 'conv'),
  matmul: with_precision({}, 'mkldnn.matmul', 'mkldnn', 'matmul'),
  rnn: with_precision({}, 'mkldnn.rnn', 'mkldnn', 'rnn'),
  ...flag_functions<
    { enabled?: boolean; deterministic?: boolean; allow_tf32?: boolean; fp32_precision?: Fp32Precision },
    [enabled: boolean, deterministic: boolean, allow_tf32: boolean, fp32_precision: Fp32Precision]
  >(
    mkldnn_switches,
    { enabled: 'bool', deterministic: 'bool', allow_tf32: 'bool', fp32_precision: 'str' },
    { enabled: false, deterministic: false, allow_tf32: true },
  ),
});

const nnpack_switches = switches('nnpack', { enabled: 'nnpack' });

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
export const nnpack = with_members(nnpack_switches, {
  /** Whether libtorch was built with NNPACK. */
  is_available: without_arguments('is_available', () => _nnpack_available()),
  ...flag_functions<{ enabled?: boolean }, [enabled: boolean]>(
    nnpack_switches,
    { enabled: 'bool' },
    { enabled: false },
  ),
});

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

/**
 * Mirrors `torch.backends.kleidiai`.
 * @example
 * ```ts
 * print(torch.backends.kleidiai.is_available());
 * ```
 * ```python
 * print(torch.backends.kleidiai.is_available())
 * ```
 */
export const kleidiai = { is_available: available('kleidiai') };

const miopen_switches = switches('miopen', { immediate: 'miopen_immediate' });

/**
 * Mirrors `torch.backends.miopen`: switches of AMD's library, which have no effect on other devices.
 * @example
 * ```ts
 * print(torch.backends.miopen.immediate, torch.backends.miopen.flags(() => torch.backends.miopen.immediate, { immediate: true }));
 * ```
 * ```python
 * before = torch.backends.miopen.immediate
 * with torch.backends.miopen.flags(immediate=True): print(before, torch.backends.miopen.immediate)
 * ```
 */
export const miopen = with_members(
  miopen_switches,
  flag_functions<{ immediate?: boolean }, [immediate: boolean]>(
    miopen_switches,
    { immediate: 'bool' },
    { immediate: false },
  ),
);

const IS_MACOS = signature<{ major: number; minor: number }>('is_macos_or_newer', 'major: int, minor: int');
const IS_MACOS_13 = signature<{ minor?: number }>('is_macos13_or_newer', 'minor?: int');

/**
 * Mirrors `torch.backends.mps`.
 * @example
 * ```ts
 * const device = torch.backends.mps.is_available() ? 'mps' : 'cpu';
 * print(torch.ones(2, { device }).cpu());
 * ```
 * ```python
 * device = 'mps' if torch.backends.mps.is_available() else 'cpu'
 * print(torch.ones(2, device=device).cpu())
 * ```
 */
export const mps = {
  /** Whether libtorch has Metal, whatever the machine has. */
  is_built: without_arguments('is_built', () => native.mps_built()),
  /** Whether there is a device that can be used now. */
  is_available: without_arguments('is_available', () => native.mps_available()),
  /** Whether the system is that version of macOS or a newer one. @throws Error with Python's text without Metal */
  is_macos_or_newer: ((...args: unknown[]): boolean => {
    const { major, minor } = IS_MACOS.read(args);
    return native.mps_on_macos(major, minor);
  }) as (major: number, minor: number) => boolean,
  /** Whether the system is macOS 13 or newer. @throws Error with Python's text without Metal */
  is_macos13_or_newer: ((...args: unknown[]): boolean => {
    const { minor = 0 } = IS_MACOS_13.read(args);
    return native.mps_on_macos(13, minor);
  }) as (minor?: number | { minor?: number }) => boolean,
};

// The numbers of c10::QEngine.
const engines = ['none', 'fbgemm', 'qnnpack', 'onednn', 'x86'] as const;

/** What quantized operators compute with. */
export type QuantizedEngine = (typeof engines)[number];

/**
 * Mirrors `torch.backends.quantized`: the library behind quantized operators.
 * @example
 * ```ts
 * print(torch.backends.quantized.engine, torch.backends.quantized.supported_engines);
 * ```
 * ```python
 * print(torch.backends.quantized.engine, torch.backends.quantized.supported_engines)
 * ```
 */
export const quantized = {} as { engine: QuantizedEngine; readonly supported_engines: QuantizedEngine[] };

define_switch<QuantizedEngine>(quantized, 'quantized', 'engine', {
  get: () => engines[native.quantized_engine()]!,
  set: (engine) => {
    const number = engines.indexOf(engine);
    if (number < 0) throw new Error(`${engine} is not a valid value for quantized engine`);
    native.set_quantized_engine(number);
  },
  kind: 'str',
  accepts: (value) => typeof value === 'string',
});
Object.defineProperty(quantized, 'supported_engines', {
  enumerable: true,
  get: () => native.quantized_engines().map((number) => engines[number]!),
  set: () => {
    throw new Error('Assignment not supported');
  },
});

/**
 * Mirrors `torch.backends.xnnpack`.
 * @example
 * ```ts
 * print(torch.backends.xnnpack.enabled);
 * ```
 * ```python
 * import torch.backends.xnnpack
 * print(torch.backends.xnnpack.enabled)
 * ```
 */
export const xnnpack = {} as { readonly enabled: boolean };

Object.defineProperty(xnnpack, 'enabled', {
  enumerable: true,
  get: () => built_with('xnnpack'),
  set: () => {
    throw new Error('Assignment not supported');
  },
});

/** In which order `torch.einsum` contracts. */
type EinsumStrategy = 'auto' | 'greedy' | 'optimal';

const opt_einsum_switches = {} as { enabled: boolean; strategy: EinsumStrategy | null };
const WITHOUT_PATHS = 'opt_einsum is not available, so setting';

define_switch<boolean>(opt_einsum_switches, 'opt_einsum', 'enabled', {
  get: () => false,
  set: (enabled) => {
    if (!enabled) return;
    throw new Error(
      `${WITHOUT_PATHS} \`enabled\` to True will not reap the benefits of calculating an optimal path for einsum. ` +
        'torch.einsum will fall back to contracting from left to right. To enable this optimal path calculation, please ' +
        'install opt-einsum.',
    );
  },
  kind: 'bool',
  accepts: (value) => typeof value === 'boolean',
});
define_switch<EinsumStrategy | null>(opt_einsum_switches, 'opt_einsum', 'strategy', {
  get: () => null,
  set: (strategy) => {
    if (strategy === null) return;
    throw new Error(
      `${WITHOUT_PATHS} \`strategy\` to ${strategy} will not be meaningful. torch.einsum will bypass path calculation and ` +
        'simply contract from left to right. Please install opt_einsum or unset `strategy`.',
    );
  },
  kind: 'str or None',
  accepts: (value) => value === null || typeof value === 'string',
});

/**
 * Mirrors `torch.backends.opt_einsum`, as in Python without the package opt_einsum: `torch.einsum` contracts from left to right.
 * @example
 * ```ts
 * print(torch.backends.opt_einsum.is_available(), torch.backends.opt_einsum.strategy);
 * ```
 * ```python
 * print(torch.backends.opt_einsum.is_available(), torch.backends.opt_einsum.strategy)
 * ```
 */
export const opt_einsum = with_members(opt_einsum_switches, {
  is_available: without_arguments('is_available', () => false),
  get_opt_einsum: without_arguments('get_opt_einsum', () => null),
  ...flag_functions<{ enabled?: boolean; strategy?: EinsumStrategy }, [enabled: boolean, strategy: EinsumStrategy]>(
    opt_einsum_switches,
    { enabled: 'bool', strategy: 'str' },
    {},
  ),
});

const all_backends = with_precision({}, 'backends', 'generic', 'all');
const precision_flags = flag_functions<{ fp32_precision?: Fp32Precision }, [fp32_precision: Fp32Precision]>(
  all_backends,
  { fp32_precision: 'str' },
  {},
);

/**
 * Sets the precision of float32 for all backends: `'none'`, `'ieee'`, `'tf32'` or `'bf16'`. Mirrors
 * `torch.backends.set_flags`; it stands for assignments to `torch.backends.fp32_precision` too.
 *
 * @returns what it was, in a list
 * @throws Error for another word
 * @example
 * ```ts
 * print(torch.backends.set_flags('ieee'), torch.backends.set_flags('none'));
 * ```
 * ```python
 * print(list(torch.backends.set_flags('ieee')), list(torch.backends.set_flags('none')))
 * ```
 */
export function set_flags(_fp32_precision?: Fp32Precision | { _fp32_precision?: Fp32Precision }): [Fp32Precision];
export function set_flags(...args: unknown[]): unknown {
  return (precision_flags.set_flags as (...args: unknown[]) => unknown)(...args);
}

/**
 * Sets the precision of float32 for all backends in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors
 * `torch.backends.flags`.
 *
 * @param fp32_precision - `'none'`, `'ieee'`, `'tf32'` or `'bf16'`
 * @throws Error for another word
 * @example
 * ```ts
 * torch.backends.flags(() => print(torch.backends.cudnn.conv.fp32_precision), { fp32_precision: 'ieee' });
 * ```
 * ```python
 * with torch.backends.flags(fp32_precision='ieee'): print(torch.backends.cudnn.conv.fp32_precision)
 * ```
 */
export function flags(fp32_precision?: Fp32Precision | { fp32_precision?: Fp32Precision }): Guard;
export function flags<T>(fn: () => T, options?: Fp32Precision | { fp32_precision?: Fp32Precision }): T;
export function flags(...args: unknown[]): unknown {
  return (precision_flags.flags as (...args: unknown[]) => unknown)(...args);
}

/**
 * Whether switches of backends may only be set by `flags()`. Mirrors `torch.backends.flags_frozen`.
 * @example
 * ```ts
 * print(torch.backends.flags_frozen());
 * ```
 * ```python
 * print(torch.backends.flags_frozen())
 * ```
 */
export function flags_frozen(...none: []): boolean {
  no_arguments('flags_frozen', none);
  return is_frozen();
}

/**
 * From now on switches of backends may only be set by `flags()`, so that each change ends. Mirrors
 * `torch.backends.disable_global_flags`.
 * @example
 * ```ts
 * print(typeof torch.backends.disable_global_flags);
 * ```
 * ```python
 * print(type(torch.backends.disable_global_flags).__name__)
 * ```
 */
export function disable_global_flags(...none: []): void {
  no_arguments('disable_global_flags', none);
  freeze_flags();
}
