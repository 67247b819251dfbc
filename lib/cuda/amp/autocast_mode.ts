/** `torch.cuda.amp.autocast_mode`: names of `torch.amp`, deprecated. */
import { is_decoration, type AnyFunction } from '../../_internal/guards.js';
import { signature } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tail } from '../../_internal/arguments.js';
import { device_autocast, type DeviceAutocastOptions } from '../../amp/deprecated.js';
import {
  custom_bwd as bwd_of,
  custom_fwd as fwd_of,
  type Autocast,
  type FunctionDecorator,
} from '../../amp/autocast_mode.js';
import { float16, type DType } from '../../types/dtype.js';

type Rest = Tail<[enabled: boolean, dtype: DType, cache_enabled: boolean], DeviceAutocastOptions>;

/**
 * As `torch.autocast('cuda', ...)`, with a warning, since it is deprecated. Mirrors `torch.cuda.amp.autocast`.
 *
 * @param enabled - whether operators cast their inputs; default true
 * @param dtype - the dtype of operators that run in lower precision; default `torch.float16`
 * @param cache_enabled - keep the copies of parameters that were cast; default true
 * @returns what the function returned; a guard without one
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const y = torch.cuda.amp.autocast({ enabled: torch.cuda.is_available() }, () => torch.ones(1, 2).mm(torch.ones(2, 1)));
 * print(y);
 * ```
 * ```python
 * with torch.cuda.amp.autocast(enabled=torch.cuda.is_available()):
 *     y = torch.ones(1, 2).mm(torch.ones(2, 1))
 * print(y)
 * ```
 */
export function autocast(enabled?: boolean, dtype?: DType, cache_enabled?: boolean): Autocast;
export function autocast<T>(fn: () => T): T;
export function autocast<T>(options: DeviceAutocastOptions, fn: () => T): T;
export function autocast<T>(fn: () => T, ...args: Rest): T;
export function autocast(...args: Rest): Autocast;
export function autocast(...args: unknown[]): unknown {
  return device_autocast('cuda', float16, args);
}

const CUSTOM_FWD = signature<{ fwd?: AnyFunction | null; cast_inputs?: DType | null }>(
  'custom_fwd',
  'fwd?: Callable|None, *, cast_inputs?: dtype|None',
);
const CUSTOM_BWD = signature<{ bwd: AnyFunction }>('custom_bwd', 'bwd: Callable');

/**
 * As `torch.amp.custom_fwd` with `device_type: 'cuda'`, with a warning, since it is deprecated. Mirrors `torch.cuda.amp.custom_fwd`.
 *
 * @param fwd - a static `forward(ctx, ...)`; default null, for a decorator: `@torch.cuda.amp.custom_fwd({ cast_inputs: torch.float32 })`
 * @param cast_inputs - default null
 * @example
 * ```ts
 * class Double extends torch.autograd.Function {
 *   static forward = torch.cuda.amp.custom_fwd((ctx: torch.autograd.FunctionCtx, x: torch.Tensor) => x.mul(2));
 *   static backward = torch.cuda.amp.custom_bwd((ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor) => gradient.mul(2));
 * }
 * const x = torch.ones(2, { requires_grad: true });
 * Double.apply(x).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * class Double(torch.autograd.Function):
 *     @staticmethod
 *     @torch.cuda.amp.custom_fwd
 *     def forward(ctx, x):
 *         return x.mul(2)
 *     @staticmethod
 *     @torch.cuda.amp.custom_bwd
 *     def backward(ctx, gradient):
 *         return gradient.mul(2)
 * x = torch.ones(2, requires_grad=True)
 * Double.apply(x).sum().backward()
 * print(x.grad)
 * ```
 */
export function custom_fwd<F extends AnyFunction>(
  fwd: F,
  options?: { cast_inputs?: DType | null } | ClassMethodDecoratorContext,
): F;
export function custom_fwd(options?: { fwd?: null; cast_inputs?: DType | null }): FunctionDecorator;
export function custom_fwd(...args: unknown[]): unknown {
  const { fwd = null, cast_inputs = null } = CUSTOM_FWD.read(is_decoration(args) ? [args[0]] : args);
  warn(
    "`torch.cuda.amp.custom_fwd(args...)` is deprecated. Please use `torch.amp.custom_fwd(args..., device_type='cuda')` instead.",
    'FutureWarning',
  );
  const options = { device_type: 'cuda', cast_inputs };
  return fwd === null ? fwd_of(options) : fwd_of(fwd, options);
}

/**
 * As `torch.amp.custom_bwd` with `device_type: 'cuda'`, with a warning, since it is deprecated. Mirrors `torch.cuda.amp.custom_bwd`.
 *
 * @param bwd - a static `backward(ctx, ...)`
 * @example
 * ```ts
 * const backward = torch.cuda.amp.custom_bwd((ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor) => gradient.mul(2));
 * class Double extends torch.autograd.Function {
 *   static forward = torch.cuda.amp.custom_fwd((ctx: torch.autograd.FunctionCtx, x: torch.Tensor) => x.mul(2));
 *   static backward = backward;
 * }
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.autograd.grad(Double.apply(x).sum(), [x])[0]);
 * ```
 * ```python
 * class Double(torch.autograd.Function):
 *     @staticmethod
 *     @torch.cuda.amp.custom_fwd
 *     def forward(ctx, x):
 *         return x.mul(2)
 *     @staticmethod
 *     @torch.cuda.amp.custom_bwd
 *     def backward(ctx, gradient):
 *         return gradient.mul(2)
 * x = torch.ones(2, requires_grad=True)
 * print(torch.autograd.grad(Double.apply(x).sum(), [x])[0])
 * ```
 */
export function custom_bwd<F extends AnyFunction>(bwd: F, context?: ClassMethodDecoratorContext): F;
export function custom_bwd(...args: unknown[]): AnyFunction {
  const { bwd } = CUSTOM_BWD.read(is_decoration(args) ? [args[0]] : args);
  warn(
    "`torch.cuda.amp.custom_bwd(args...)` is deprecated. Please use `torch.amp.custom_bwd(args..., device_type='cuda')` instead.",
    'FutureWarning',
  );
  return bwd_of(bwd, { device_type: 'cuda' });
}
