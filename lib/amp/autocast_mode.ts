/** Mixed precision: `torch.autocast`, and what custom functions need in its regions. */
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { call_in_mode } from '../_internal/callbacks.js';
import { is_guard, type AnyFunction, type Guard } from '../_internal/guards.js';
import { define_kind, signature } from '../_internal/signature.js';
import { dtype_of, type DType } from '../types/dtype.js';
import { autocast_call, cast_tensors, mode_of, region_of, with_function_at } from './region.js';

/** The options of {@link autocast}. */
export interface AutocastOptions {
  /** The dtype of operators that run in lower precision. Default null: `torch.get_autocast_dtype(device_type)`. */
  dtype?: DType | null;
  /** Whether operators cast their inputs in the region. Default true. */
  enabled?: boolean;
  /** Keep the copies of parameters that were cast, for further uses in the region. Default null: as it is set now. */
  cache_enabled?: boolean | null;
}

/** What {@link autocast} returns without a function. */
export interface Autocast extends Guard {
  /** The type of device. */
  readonly device: string;
  /** The dtype of operators that run in lower precision. */
  readonly fast_dtype: DType;
  /** @internal */
  readonly _enabled: boolean;
  /** @internal */
  readonly _cache_enabled: boolean;
}

interface Given extends AutocastOptions {
  device_type: string;
  fn?: () => unknown;
}

const AUTOCAST = {
  run: signature<Given>(
    'autocast',
    'device_type: str, fn: Callable, dtype?: dtype|None, enabled?: bool, cache_enabled?: bool|None',
  ),
  guard: signature<Given>(
    'autocast',
    'device_type: str, dtype?: dtype|None, enabled?: bool, cache_enabled?: bool|None',
  ),
};

type Rest = Tail<[dtype: DType | null, enabled: boolean, cache_enabled: boolean | null], AutocastOptions>;

/**
 * Runs operators in mixed precision: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors `torch.autocast`.
 *
 * Operators that gain by it, such as products of matrices and convolutions, cast their inputs to `dtype`; those that need the
 * range of float32, such as losses, cast theirs to float32; all others run in the dtype of their inputs. Which these are is libtorch's
 * choice for each type of device. The model and its inputs stay in float32. The region is for the forward pass and the loss; the
 * backward pass belongs behind it, and uses the dtypes of the forward pass. With `dtype: torch.float16` small gradients become 0
 * unless a `GradScaler` scales the loss.
 *
 * The state belongs to the thread. Within a region, `torch.autocast(device_type, { enabled: false })` switches it off.
 *
 * @param device_type - such as `'cuda'` or `'cpu'`
 * @param dtype - `torch.bfloat16` or `torch.float16`; default null: `torch.get_autocast_dtype(device_type)`, which is float16 for CUDA
 * and bfloat16 for the CPU
 * @param enabled - whether operators cast; default true
 * @param cache_enabled - keep the copies of parameters that were cast, for further uses in the region; default null: as it is set now
 * @returns what the function returned; a guard without one, with `device` and `fast_dtype`
 * @throws Error for a type of device without autocast; TypeError for an asynchronous function
 * @example
 * ```ts
 * const model = new nn.Linear(2, 2);
 * const x = torch.ones(1, 2);
 * {
 *   using _ = torch.autocast('cpu', { dtype: torch.bfloat16 });
 *   print(model(x), F.mse_loss(model(x), x));
 * }
 * print(torch.autocast('cpu', () => model(x).dtype), model(x).dtype);
 * ```
 * ```python
 * model = nn.Linear(2, 2)
 * x = torch.ones(1, 2)
 * with torch.autocast('cpu', dtype=torch.bfloat16):
 *     print(model(x), F.mse_loss(model(x), x))
 * with torch.autocast('cpu'):
 *     dtype = model(x).dtype
 * print(dtype, model(x).dtype)
 * ```
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   layer = new nn.Linear(2, 1);
 *   @torch.autocast({ device_type: 'cpu', dtype: torch.float16 })
 *   forward(x: torch.Tensor) {
 *     return this.layer(x);
 *   }
 * }
 * print(new Net()(torch.ones(1, 2)).dtype);
 * ```
 * ```python
 * class Net(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.layer = nn.Linear(2, 1)
 *     @torch.autocast(device_type='cpu', dtype=torch.float16)
 *     def forward(self, x):
 *         return self.layer(x)
 * print(Net()(torch.ones(1, 2)).dtype)
 * ```
 */
export function autocast(
  device_type: string,
  dtype?: DType | null,
  enabled?: boolean,
  cache_enabled?: boolean | null,
): Autocast;
export function autocast<T>(device_type: string, fn: () => T): T;
export function autocast<T>(device_type: string, options: AutocastOptions, fn: () => T): T;
export function autocast<T>(device_type: string, fn: () => T, ...args: Rest): T;
export function autocast<T>(options: AutocastOptions & { device_type: string; fn: () => T }): T;
export function autocast(options: AutocastOptions & { device_type: string }): Autocast;
export function autocast(device_type: string, ...args: Rest): Autocast;
export function autocast(...given: unknown[]): unknown {
  const { args, run } = with_function_at(1, given);
  const { device_type, fn, ...options } = (run ? AUTOCAST.run : AUTOCAST.guard).read(args);
  return autocast_call('autocast', device_type, options, fn);
}

const IS_AVAILABLE = signature<{ device_type: string }>('is_autocast_available', 'device_type: str');

/**
 * Whether a type of device has autocast. Mirrors `torch.amp.is_autocast_available`.
 *
 * @param device_type - such as `'cuda'`
 * @throws Error for what is not a device
 * @example
 * ```ts
 * print(torch.amp.is_autocast_available('cpu'), torch.amp.is_autocast_available('meta'));
 * ```
 * ```python
 * print(torch.amp.is_autocast_available('cpu'), torch.amp.is_autocast_available('meta'))
 * ```
 */
export function is_autocast_available(device_type: string): boolean;
export function is_autocast_available(options: { device_type: string }): boolean;
export function is_autocast_available(...args: unknown[]): boolean {
  return native.autocast_available(IS_AVAILABLE.read(args).device_type);
}

define_kind('Guard', 'a context manager', is_guard);
const DECORATOR = signature<{ autocast_instance: Guard; func: AnyFunction }>(
  'autocast_decorator',
  'autocast_instance: Guard, func: Callable',
);

/**
 * A function each of whose calls runs in a region of autocast: `autocast_instance(func)`. Mirrors
 * `torch.amp.autocast_mode.autocast_decorator`.
 *
 * @param autocast_instance - what {@link autocast} returned
 * @param func - a synchronous function
 * @example
 * ```ts
 * const product = torch.amp.autocast_mode.autocast_decorator(torch.autocast('cpu'), torch.mm);
 * print(product(torch.ones(1, 2), torch.ones(2, 1)));
 * ```
 * ```python
 * product = torch.amp.autocast_mode.autocast_decorator(torch.autocast('cpu'), torch.mm)
 * print(product(torch.ones(1, 2), torch.ones(2, 1)))
 * ```
 */
export function autocast_decorator<F extends AnyFunction>(autocast_instance: Guard, func: F): F;
export function autocast_decorator(...args: unknown[]): AnyFunction {
  const { autocast_instance, func } = DECORATOR.read(args);
  return autocast_instance(func);
}

// ---- Custom functions ---------------------------------------------------------------------------

/** The options of {@link custom_fwd}. */
export interface CustomFwdOptions {
  /** The type of device, such as `'cuda'`. */
  device_type: string;
  /** In a region of autocast, cast floating point tensors to this dtype and run without autocast. Default null. */
  cast_inputs?: DType | null;
}

/** A decorator of functions, and of static methods. */
export type FunctionDecorator = <F extends AnyFunction>(fn: F, context?: ClassMethodDecoratorContext) => F;

const CUSTOM_FWD = signature<CustomFwdOptions & { fwd?: AnyFunction | null }>(
  'custom_fwd',
  'fwd?: Callable|None, *, device_type: str, cast_inputs?: dtype|None',
);
const CUSTOM_BWD = signature<{ bwd?: AnyFunction | null; device_type: string }>(
  'custom_bwd',
  'bwd?: Callable|None, *, device_type: str',
);

/** What the context of a custom function remembers of its forward run. */
interface Remembered {
  _dtype?: DType;
  _fwd_used_autocast?: boolean;
}

type Loose = (this: unknown, ...args: unknown[]) => unknown;

/** Gives a function the name and the number of parameters of the one that it wraps. */
function as_named<F extends AnyFunction>(wrapper: Loose, wrapped: F): F {
  for (const name of ['name', 'length'] as const) {
    Object.defineProperty(wrapper, name, { value: wrapped[name], configurable: true });
  }
  return wrapper as unknown as F;
}

/**
 * Prepares the `forward` of a custom function for regions of autocast: as a decorator, `@torch.amp.custom_fwd({ device_type: 'cuda' })`, or
 * called with the function. Mirrors `torch.amp.custom_fwd`.
 *
 * With `cast_inputs`, in a region, floating point tensors are cast to that dtype and `forward` runs without autocast; without, it runs
 * as the region says. Outside of regions it has no effect. `backward` wants {@link custom_bwd}.
 *
 * @param fwd - a static `forward(ctx, ...)`; default null, for a decorator
 * @param device_type - such as `'cuda'`
 * @param cast_inputs - default null
 * @example
 * ```ts
 * class Product extends torch.autograd.Function {
 *   @torch.amp.custom_fwd({ device_type: 'cpu', cast_inputs: torch.float32 })
 *   static forward(ctx: torch.autograd.FunctionCtx, a: torch.Tensor, b: torch.Tensor): torch.Tensor {
 *     ctx.save_for_backward(a, b);
 *     return a.mm(b);
 *   }
 *   @torch.amp.custom_bwd({ device_type: 'cpu' })
 *   static backward(ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor): [torch.Tensor, torch.Tensor] {
 *     const [a, b] = ctx.saved_tensors as [torch.Tensor, torch.Tensor];
 *     return [gradient.mm(b.t()), a.t().mm(gradient)];
 *   }
 * }
 * const a = torch.ones(1, 2, { requires_grad: true });
 * const y = torch.autocast('cpu', () => Product.apply(a, torch.ones(2, 1, { dtype: torch.bfloat16 })));
 * y.sum().backward();
 * print(y.dtype, a.grad);
 * ```
 * ```python
 * class Product(torch.autograd.Function):
 *     @staticmethod
 *     @torch.amp.custom_fwd(device_type='cpu', cast_inputs=torch.float32)
 *     def forward(ctx, a, b):
 *         ctx.save_for_backward(a, b)
 *         return a.mm(b)
 *     @staticmethod
 *     @torch.amp.custom_bwd(device_type='cpu')
 *     def backward(ctx, gradient):
 *         a, b = ctx.saved_tensors
 *         return gradient.mm(b.t()), a.t().mm(gradient)
 * a = torch.ones(1, 2, requires_grad=True)
 * with torch.autocast('cpu'):
 *     y = Product.apply(a, torch.ones(2, 1, dtype=torch.bfloat16))
 * y.sum().backward()
 * print(y.dtype, a.grad)
 * ```
 */
export function custom_fwd<F extends AnyFunction>(fwd: F, options: CustomFwdOptions): F;
export function custom_fwd(fwd: null, options: CustomFwdOptions): FunctionDecorator;
export function custom_fwd(options: CustomFwdOptions): FunctionDecorator;
export function custom_fwd(...args: unknown[]): unknown {
  const { fwd = null, device_type, cast_inputs = null } = CUSTOM_FWD.read(args);
  const decorate: FunctionDecorator = (fn) =>
    as_named(function (...given) {
      const run = fn as unknown as Loose;
      const ctx = given[0] as Remembered;
      const in_region = native.autocast_enabled(device_type);
      ctx._dtype = dtype_of(native.autocast_dtype(device_type));
      ctx._fwd_used_autocast = cast_inputs === null && in_region;
      if (cast_inputs === null || !in_region) return run.apply(this, given);
      const without = mode_of(region_of(device_type, { enabled: false }));
      const cast_args = cast_tensors(given, device_type, cast_inputs) as unknown[];
      return call_in_mode(without, () => run.apply(this, cast_args));
    }, fn);
  return fwd === null ? decorate : decorate(fwd);
}

/**
 * Lets the `backward` of a custom function run in the state of autocast that {@link custom_fwd} has found in `forward`: as a decorator,
 * `@torch.amp.custom_bwd({ device_type: 'cuda' })`, or called with the function. Mirrors `torch.amp.custom_bwd`.
 *
 * @param bwd - a static `backward(ctx, ...)`; default null, for a decorator
 * @param device_type - such as `'cuda'`
 * @example
 * ```ts
 * class Double extends torch.autograd.Function {
 *   static forward = torch.amp.custom_fwd((ctx: torch.autograd.FunctionCtx, x: torch.Tensor) => x.mul(2), { device_type: 'cpu' });
 *   static backward = torch.amp.custom_bwd(
 *     (ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor) => {
 *       print(torch.is_autocast_enabled('cpu'));
 *       return gradient.mul(2);
 *     },
 *     { device_type: 'cpu' },
 *   );
 * }
 * const x = torch.ones(2, { requires_grad: true });
 * torch.autocast('cpu', () => Double.apply(x)).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * class Double(torch.autograd.Function):
 *     @staticmethod
 *     @torch.amp.custom_fwd(device_type='cpu')
 *     def forward(ctx, x):
 *         return x.mul(2)
 *     @staticmethod
 *     @torch.amp.custom_bwd(device_type='cpu')
 *     def backward(ctx, gradient):
 *         print(torch.is_autocast_enabled('cpu'))
 *         return gradient.mul(2)
 * x = torch.ones(2, requires_grad=True)
 * with torch.autocast('cpu'):
 *     y = Double.apply(x)
 * y.sum().backward()
 * print(x.grad)
 * ```
 */
export function custom_bwd<F extends AnyFunction>(bwd: F, options: { device_type: string }): F;
export function custom_bwd(bwd: null, options: { device_type: string }): FunctionDecorator;
export function custom_bwd(options: { device_type: string }): FunctionDecorator;
export function custom_bwd(...args: unknown[]): unknown {
  const { bwd = null, device_type } = CUSTOM_BWD.read(args);
  const decorate: FunctionDecorator = (fn) =>
    as_named(function (...given) {
      const { _dtype, _fwd_used_autocast } = given[0] as Remembered;
      if (_fwd_used_autocast === undefined || _dtype === undefined) {
        throw new Error('custom_bwd(): forward() is not decorated with custom_fwd(), or takes no context');
      }
      const region = region_of(device_type, { enabled: _fwd_used_autocast, dtype: _dtype });
      return call_in_mode(mode_of(region), () => (fn as unknown as Loose).apply(this, given));
    }, fn);
  return bwd === null ? decorate : decorate(bwd);
}
