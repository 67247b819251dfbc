/** Mirrors `torch.nn.attention`: what `nn.functional.scaled_dot_product_attention` computes with, and other kinds of attention. */
import { allow_kernels, allowed_kernels } from '../../backends/sdp.js';
import { native } from '../../_C/native.js';
import { EnumMember } from '../../_internal/enum_member.js';
import { run_or_guard, type Guard } from '../../_internal/guards.js';
import { define_kind, signature } from '../../_internal/signature.js';

export * as bias from './bias.js';
export * as flex_attention from './flex_attention.js';

/**
 * A kernel of {@link SDPBackend}.
 * @example
 * ```ts
 * print(nn.attention.SDPBackend.MATH.name, nn.attention.SDPBackend.MATH.value);
 * ```
 * ```python
 * from torch.nn.attention import SDPBackend
 * print(SDPBackend.MATH.name, SDPBackend.MATH.value)
 * ```
 */
export class Backend extends EnumMember {
  /** @internal */
  constructor(name: string, value: number) {
    signature<object>('Backend', 'name: str, value: int').read([...arguments]);
    super(name, value, 'SDPBackend');
  }
}

/**
 * The kernels of attention, for {@link sdpa_kernel}. Mirrors `torch.nn.attention.SDPBackend`.
 * @example
 * ```ts
 * const { SDPBackend } = nn.attention;
 * print(SDPBackend.MATH, [SDPBackend.FLASH_ATTENTION]);
 * ```
 * ```python
 * from torch.nn.attention import SDPBackend
 * print(SDPBackend.MATH, [SDPBackend.FLASH_ATTENTION])
 * ```
 */
export const SDPBackend = {
  /** What is chosen when no kernel fits. */
  ERROR: new Backend('ERROR', -1),
  /** Plain operators. */
  MATH: new Backend('MATH', 0),
  /** FlashAttention; on the CPU, the fused kernel. */
  FLASH_ATTENTION: new Backend('FLASH_ATTENTION', 1),
  /** The memory-efficient kernel of CUDA devices. */
  EFFICIENT_ATTENTION: new Backend('EFFICIENT_ATTENTION', 2),
  /** cuDNN's. */
  CUDNN_ATTENTION: new Backend('CUDNN_ATTENTION', 3),
  /** That of a device which is added to PyTorch. */
  OVERRIDEABLE: new Backend('OVERRIDEABLE', 4),
} as const;
export type SDPBackend = (typeof SDPBackend)[keyof typeof SDPBackend];

interface KernelArguments {
  backends: unknown;
  set_priority?: boolean;
  fn?: () => unknown;
}

define_kind('SDPBackend', 'SDPBackend', (value) => value instanceof Backend);
const SDPA_KERNEL = signature<KernelArguments>(
  'sdpa_kernel',
  'backends: SDPBackend|SDPBackend[], set_priority?: bool, fn?: Callable',
);

/** What a scope has to go back to. */
interface Before {
  readonly allowed: readonly number[];
  readonly order: readonly number[];
}

/**
 * Allows only some kernels for `nn.functional.scaled_dot_product_attention`: in a function, a block of `using`, or a method.
 * Mirrors `torch.nn.attention.sdpa_kernel`.
 *
 * @param backends - the kernels of {@link SDPBackend} that may be used
 * @param set_priority - whether they are tried in this order; default false
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for what is not a kernel, and for an asynchronous function
 * @example
 * ```ts
 * const { SDPBackend, sdpa_kernel } = nn.attention;
 * const q = torch.randn(1, 1, 2, 4);
 * {
 *   using _ = sdpa_kernel(SDPBackend.MATH);
 *   print(F.scaled_dot_product_attention(q, q, q), torch.backends.cuda.flash_sdp_enabled());
 * }
 * print(sdpa_kernel([SDPBackend.MATH, SDPBackend.FLASH_ATTENTION], { fn: torch.backends.cuda.flash_sdp_enabled }));
 * ```
 * ```python
 * from torch.nn.attention import SDPBackend, sdpa_kernel
 * q = torch.randn(1, 1, 2, 4)
 * with sdpa_kernel(SDPBackend.MATH):
 *     print(F.scaled_dot_product_attention(q, q, q), torch.backends.cuda.flash_sdp_enabled())
 * with sdpa_kernel([SDPBackend.MATH, SDPBackend.FLASH_ATTENTION]):
 *     print(torch.backends.cuda.flash_sdp_enabled())
 * ```
 */
export function sdpa_kernel(backends: SDPBackend | readonly SDPBackend[], set_priority?: boolean): Guard;
export function sdpa_kernel<T>(backends: SDPBackend | readonly SDPBackend[], set_priority: boolean, fn: () => T): T;
export function sdpa_kernel<T>(
  backends: SDPBackend | readonly SDPBackend[],
  options: { set_priority?: boolean; fn: () => T },
): T;
export function sdpa_kernel(backends: SDPBackend | readonly SDPBackend[], options: { set_priority?: boolean }): Guard;
export function sdpa_kernel<T>(options: {
  backends: SDPBackend | readonly SDPBackend[];
  set_priority?: boolean;
  fn: () => T;
}): T;
export function sdpa_kernel(options: { backends: SDPBackend | readonly SDPBackend[]; set_priority?: boolean }): Guard;
export function sdpa_kernel(...args: unknown[]): unknown {
  const { backends, set_priority = false, fn } = SDPA_KERNEL.read(args);
  const wanted = (Array.isArray(backends) ? backends : [backends]) as Backend[];
  const numbers = [...new Set(wanted.map(({ value }) => value))];
  return run_or_guard(
    'sdpa_kernel',
    {
      enter: (): Before => {
        const before = { allowed: allowed_kernels(), order: native.sdp_priority() };
        allow_kernels(numbers);
        if (set_priority) native.set_sdp_priority([...new Set([...numbers, ...before.order])]);
        return before;
      },
      leave: ({ allowed, order }: Before) => {
        allow_kernels(allowed);
        if (set_priority) native.set_sdp_priority(order);
      },
    },
    fn,
  );
}
