/** The kernels of attention: which are allowed, in which order they are tried, and which fits. */
import { operator } from '../_C/dispatch.js';
import { native } from '../_C/native.js';
import { define_kind, no_arguments, signature, type Arguments } from '../_internal/signature.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import type { Mode } from '../_internal/callbacks.js';
import { warn } from '../_internal/warnings.js';
import type { Tensor } from '../_tensor.js';

/** The switches of the kernels, by the numbers of `torch.nn.attention.SDPBackend`. */
export const sdp_switches: readonly (readonly [backend: number, name: string])[] = [
  [3, 'sdp_cudnn'],
  [1, 'sdp_flash'],
  [2, 'sdp_mem_efficient'],
  [0, 'sdp_math'],
  [4, 'sdp_overrideable'],
];

/** The numbers of the kernels that are allowed. */
export function allowed_kernels(): number[] {
  return sdp_switches.filter(([, name]) => native.switch_get(name)).map(([backend]) => backend);
}

/** Allows these kernels only. */
export function allow_kernels(backends: readonly number[]): void {
  for (const [backend, name] of sdp_switches) native.switch_set(name, backends.includes(backend));
}

interface Params {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  attn_mask: Tensor | null;
  dropout: number;
  is_causal: boolean;
  enable_gqa: boolean;
}

const PARAMS = signature<Params>(
  'SDPAParams',
  'query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor|None, dropout: float, is_causal: bool, enable_gqa: bool',
);

/**
 * The arguments of attention for which `can_use_flash_attention()` and its like say whether a kernel fits. Mirrors
 * `torch.backends.cuda.SDPAParams`.
 * @example
 * ```ts
 * const q = torch.ones(1, 1, 2, 8);
 * const params = new torch.backends.cuda.SDPAParams(q, q, q, null, 0, true, false);
 * print(params.is_causal, torch.backends.cuda.can_use_flash_attention(params));
 * ```
 * ```python
 * q = torch.ones(1, 1, 2, 8)
 * params = torch.backends.cuda.SDPAParams(q, q, q, None, 0., True, False)
 * print(params.is_causal, torch.backends.cuda.can_use_flash_attention(params))
 * ```
 */
export class SDPAParams {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly attn_mask: Tensor | null;
  readonly dropout: number;
  readonly is_causal: boolean;
  readonly enable_gqa: boolean;

  constructor(
    ...args: Arguments<
      [
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | null,
        dropout: number,
        is_causal: boolean,
        enable_gqa: boolean,
      ],
      Params,
      ['query', 'key', 'value', 'attn_mask', 'dropout', 'is_causal', 'enable_gqa']
    >
  );
  constructor(...args: unknown[]) {
    const given = PARAMS.read(args);
    this.query = given.query;
    this.key = given.key;
    this.value = given.value;
    this.attn_mask = given.attn_mask;
    this.dropout = given.dropout;
    this.is_causal = given.is_causal;
    this.enable_gqa = given.enable_gqa;
  }
}

define_kind('SDPAParams', 'SDPAParams', (value) => value instanceof SDPAParams);

const choose = operator('aten::_fused_sdp_choice', '');

/** Runs something while only some kernels are allowed. */
function among<T>(backends: readonly number[], run: () => T): T {
  const before = allowed_kernels();
  allow_kernels(backends);
  try {
    return run();
  } finally {
    allow_kernels(before);
  }
}

function chosen(params: SDPAParams, backends: readonly number[]): number {
  const { query, key, value, attn_mask, dropout, is_causal, enable_gqa } = params;
  return among(backends, () => Number(choose(query, key, value, attn_mask, dropout, is_causal, { enable_gqa })));
}

/** libtorch says whether a kernel of CUDA's fits by choosing it where nothing but the plain one is allowed beside it. */
function fitting(callee: string, backend: number): (params: SDPAParams, debug?: boolean) => boolean {
  const its = signature<{ params: SDPAParams; debug?: boolean }>(callee, 'params: SDPAParams, debug?: bool');
  return (...args: unknown[]) => {
    const { params, debug = false } = its.read(args);
    if (params.query.device.type !== 'cuda' || !allowed_kernels().includes(backend)) return false;
    const fits = chosen(params, [backend, 0]) === backend;
    if (debug && !fits) {
      // Asked for this kernel alone, libtorch warns about each reason before it gives up.
      try {
        chosen(params, [backend]);
      } catch {
        // The answer is known.
      }
    }
    return fits;
  };
}

/**
 * Whether libtorch has the kernel of FlashAttention. Mirrors `torch.backends.cuda.is_flash_attention_available`.
 * @example
 * ```ts
 * print(torch.backends.cuda.is_flash_attention_available());
 * ```
 * ```python
 * print(torch.backends.cuda.is_flash_attention_available())
 * ```
 */
export function is_flash_attention_available(...none: []): boolean {
  no_arguments('is_flash_attention_available', none);
  return native.device_built('cuda');
}

/**
 * Whether attention can use a kernel: FlashAttention of CUDA. Mirrors `torch.backends.cuda.can_use_flash_attention`.
 *
 * @param params - the arguments of attention
 * @param debug - whether to warn about the reasons against it; default false
 * @example
 * ```ts
 * const q = torch.ones(1, 1, 2, 8);
 * const params = new torch.backends.cuda.SDPAParams(q, q, q, null, 0, true, false);
 * print(torch.backends.cuda.can_use_flash_attention(params));
 * ```
 * ```python
 * q = torch.ones(1, 1, 2, 8)
 * params = torch.backends.cuda.SDPAParams(q, q, q, None, 0., True, False)
 * print(torch.backends.cuda.can_use_flash_attention(params))
 * ```
 */
export const can_use_flash_attention = fitting('can_use_flash_attention', 1);
/**
 * Whether attention can use a kernel: the memory-efficient kernel of CUDA. Mirrors `torch.backends.cuda.can_use_efficient_attention`.
 *
 * @param params - the arguments of attention
 * @param debug - whether to warn about the reasons against it; default false
 * @example
 * ```ts
 * const q = torch.ones(1, 1, 2, 8);
 * const params = new torch.backends.cuda.SDPAParams(q, q, q, null, 0, true, false);
 * print(torch.backends.cuda.can_use_efficient_attention(params));
 * ```
 * ```python
 * q = torch.ones(1, 1, 2, 8)
 * params = torch.backends.cuda.SDPAParams(q, q, q, None, 0., True, False)
 * print(torch.backends.cuda.can_use_efficient_attention(params))
 * ```
 */
export const can_use_efficient_attention = fitting('can_use_efficient_attention', 2);
/**
 * Whether attention can use a kernel: the kernel of cuDNN. Mirrors `torch.backends.cuda.can_use_cudnn_attention`.
 *
 * @param params - the arguments of attention
 * @param debug - whether to warn about the reasons against it; default false
 * @example
 * ```ts
 * const q = torch.ones(1, 1, 2, 8);
 * const params = new torch.backends.cuda.SDPAParams(q, q, q, null, 0, true, false);
 * print(torch.backends.cuda.can_use_cudnn_attention(params));
 * ```
 * ```python
 * q = torch.ones(1, 1, 2, 8)
 * params = torch.backends.cuda.SDPAParams(q, q, q, None, 0., True, False)
 * print(torch.backends.cuda.can_use_cudnn_attention(params))
 * ```
 */
export const can_use_cudnn_attention = fitting('can_use_cudnn_attention', 3);

interface KernelOptions {
  enable_flash?: boolean;
  enable_math?: boolean;
  enable_mem_efficient?: boolean;
  enable_cudnn?: boolean;
}

const SDP_KERNEL = signature<KernelOptions & { fn?: () => unknown }>(
  'sdp_kernel',
  'enable_flash?: bool, enable_math?: bool, enable_mem_efficient?: bool, enable_cudnn?: bool, fn?: Callable',
);

/**
 * Allows some kernels in a scope; deprecated, as in Python: `torch.nn.attention.sdpa_kernel()` replaces it. Mirrors
 * `torch.backends.cuda.sdp_kernel`.
 *
 * @param enable_flash - FlashAttention; default true
 * @param enable_math - plain operators; default true
 * @param enable_mem_efficient - the memory-efficient kernel; default true
 * @param enable_cudnn - cuDNN's; default true
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * const { cuda } = torch.backends;
 * print(cuda.sdp_kernel({ enable_flash: false, fn: () => [cuda.flash_sdp_enabled(), cuda.math_sdp_enabled()] }));
 * ```
 * ```python
 * cuda = torch.backends.cuda
 * with cuda.sdp_kernel(enable_flash=False):
 *     print([cuda.flash_sdp_enabled(), cuda.math_sdp_enabled()])
 * ```
 */
export function sdp_kernel(
  enable_flash?: boolean,
  enable_math?: boolean,
  enable_mem_efficient?: boolean,
  enable_cudnn?: boolean,
): Guard;
export function sdp_kernel<T>(
  enable_flash: boolean,
  enable_math: boolean,
  enable_mem_efficient: boolean,
  enable_cudnn: boolean,
  fn: () => T,
): T;
export function sdp_kernel<T>(options: KernelOptions & { fn: () => T }): T;
export function sdp_kernel(options: KernelOptions): Guard;
export function sdp_kernel(...args: unknown[]): unknown {
  const given = SDP_KERNEL.read(args);
  const { enable_flash = true, enable_math = true, enable_mem_efficient = true, enable_cudnn = true, fn } = given;
  warn(
    '`torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this context manager will be removed. Please see ' +
      '`torch.nn.attention.sdpa_kernel()` for the new context manager, with updated signature.',
    'FutureWarning',
  );
  const wanted = [
    ...(enable_flash ? [1] : []),
    ...(enable_mem_efficient ? [2] : []),
    ...(enable_math ? [0] : []),
    ...(enable_cudnn ? [3] : []),
  ];
  const mode: Mode<number[]> = {
    enter: () => {
      const before = allowed_kernels();
      allow_kernels(wanted);
      return before;
    },
    leave: allow_kernels,
  };
  return run_or_guard('sdp_kernel', mode, fn);
}
