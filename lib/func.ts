/** Transforms of functions, which nest: `torch.func`, `torch.vmap`. */
import { enable_grad, grad as gradients_of } from './autograd.js';
import { eye } from './generated/functions.js';
import { native } from './native.js';
import { bind, function_argument } from './nn/arguments.js';
import { kind_of } from './nn/representation.js';
import { Tensor, wrap } from './tensor.js';

// What native/functorch.cpp exports.
declare module './native.js' {
  interface Native {
    vmap_enter(batch_size: number, randomness: number): number;
    grad_enter(): number;
    layer_exit(): void;
    batch_dim_add(handle: number, dim: number, level: number): number;
    batch_dim_remove(handle: number, level: number, batch_size: number, dim: number): number;
    grad_wrap(handle: number, level: number): number;
    grad_unwrap(handle: number, level: number): number;
  }
}

// Shared with c10's RandomnessType.
const randomness_codes = { error: 0, same: 1, different: 2 };

export interface VmapOptions {
  /** Where the batch is in each argument: one number for all, or one for each; null where there is none. Default 0. */
  in_dims?: number | null | readonly (number | null)[];
  /** Where it goes in each result: one number for all, or one for each. Default 0. */
  out_dims?: number | readonly number[];
  /** What random functions do: refuse, draw the same for all, or anew for each. Default `'error'`. */
  randomness?: keyof typeof randomness_codes;
}

/** Applies to every tensor in nested arrays and plain objects. */
function map_tensors(value: unknown, apply: (tensor: Tensor) => unknown): unknown {
  if (value instanceof Tensor) return apply(value);
  if (Array.isArray(value)) return value.map((item) => map_tensors(item, apply));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map_tensors(item, apply)]));
}

function normalized(dim: number, tensor: Tensor): number {
  const rank = tensor.dim();
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    throw new RangeError(`vmap(): Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${rank} so ` +
      `expected in_dim to satisfy -${rank} <= in_dim < ${rank}.`);
  }
  return dim < 0 ? dim + rank : dim;
}

function batch_size_of(args: readonly unknown[], dims: readonly (number | null)[]): number {
  const sizes = new Set<number>();
  args.forEach((arg, i) => {
    const dim = dims[i];
    if (dim === null || dim === undefined) return;
    map_tensors(arg, (tensor) => sizes.add(tensor.size(normalized(dim, tensor))));
  });
  if (sizes.size === 0) throw new Error('vmap(): at least one argument must be a Tensor with a batch dimension');
  if (sizes.size > 1) {
    throw new Error(`vmap(): Expected all tensors to have the same size in the mapped dimension, got sizes [${[...sizes].join(', ')}] for the mapped dimension`);
  }
  return [...sizes][0] as number;
}

/**
 * A function over batches, from one over single elements: the operators themselves see whole batches. Mirrors
 * `torch.vmap`.
 * @throws Error when the batches differ in size, or the function does what cannot be batched (reading values, say)
 */
export function vmap<A extends unknown[], R>(func: (...args: A) => R, options: VmapOptions = {}): (...args: A) => R {
  function_argument('vmap', 'func', func);
  const { in_dims = 0, out_dims = 0, randomness = 'error' } =
    bind<VmapOptions>('vmap', ['in_dims', 'out_dims', 'randomness'], [options]);
  const code = randomness_codes[randomness];
  if (code === undefined) {
    throw new Error(`vmap(): Only allowed values for randomness are 'error', 'different', or 'same'. Got ${String(randomness)}`);
  }
  return (...args: A): R => {
    const dims = args.map((_, i) => (Array.isArray(in_dims) ? (in_dims as (number | null)[])[i] ?? null : (in_dims as number | null)));
    const size = batch_size_of(args, dims);
    const level = native.vmap_enter(size, code);
    try {
      const batched = args.map((arg, i) => {
        const dim = dims[i];
        if (dim === null || dim === undefined) return arg;
        return map_tensors(arg, (tensor) => wrap(native.batch_dim_add(tensor._h, normalized(dim, tensor), level)));
      });
      const result = func(...(batched as A));
      let next = 0;
      const remove = (tensor: Tensor): Tensor => {
        const dim = typeof out_dims === 'number' ? out_dims : (out_dims[next++] ?? 0);
        return wrap(native.batch_dim_remove(tensor._h, level, size, dim));
      };
      const whole = map_tensors(result, remove);
      if (whole === result) throw new TypeError(`vmap(): the function must return Tensors, not ${kind_of(result)}`);
      return whole as R;
    } finally {
      native.layer_exit();
    }
  };
}

export interface GradTransformOptions {
  /** Which arguments to differentiate with respect to. Default 0. */
  argnums?: number | readonly number[];
  /** Whether the function returns `[value, aux]`, of which aux passes through. Default false. */
  has_aux?: boolean;
}

const GRAD_OPTIONS = ['argnums', 'has_aux'];

type AnyFunction = (...args: never[]) => unknown;
type Gradient = Tensor | Tensor[];

function places(callee: string, argnums: number | readonly number[], count: number): number[] {
  return (typeof argnums === 'number' ? [argnums] : [...argnums]).map((place) => {
    if (!Number.isInteger(place) || place < -count || place >= count) {
      throw new RangeError(`${callee}(): Got argnum=${place}, but only ${count} positional inputs`);
    }
    return place < 0 ? place + count : place;
  });
}

/** Runs `body` inside of a layer of gradients. */
function within_layer<T>(body: (level: number) => T): T {
  const level = native.grad_enter();
  try {
    return enable_grad(() => body(level));
  } finally {
    native.layer_exit();
  }
}

const unwrap = (tensor: Tensor, level: number): Tensor => wrap(native.grad_unwrap(tensor._h, level));

/** The arguments as the function sees them in a layer; those at `chosen` can be differentiated. */
function layered(callee: string, args: readonly unknown[], chosen: readonly number[], level: number): unknown[] {
  return args.map((arg, i) => {
    if (!chosen.includes(i)) return arg;
    if (!(arg instanceof Tensor)) throw new TypeError(`${callee}(): argument ${i} must be Tensor, not ${kind_of(arg)}`);
    return wrap(native.grad_wrap(arg._h, level)).requires_grad_();
  });
}

function scalar_result(callee: string, value: unknown): Tensor {
  if (!(value instanceof Tensor)) throw new TypeError(`${callee}(): Expected the function to return a tensor, got type ${kind_of(value)}`);
  if (value.dim() !== 0) {
    throw new Error(`${callee}(): Expected the function to return a scalar tensor, got tensor with ${value.dim()} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`);
  }
  return value;
}

function gradients_or_zeros(outputs: Tensor, inputs: readonly Tensor[], cotangents: Tensor | null): Tensor[] {
  if (!outputs.requires_grad) return inputs.map((input) => input.detach().mul(0));
  const found = gradients_of(outputs, inputs, { create_graph: true, allow_unused: true, grad_outputs: cotangents });
  return found.map((gradient, i) => gradient ?? (inputs[i] as Tensor).detach().mul(0));
}

/**
 * A function that gives the gradient of another one, which returns a scalar, and that one's value: `[gradient, value]`.
 * Mirrors `torch.func.grad_and_value`.
 */
export function grad_and_value<F extends AnyFunction>(
  func: F, options: GradTransformOptions = {},
): (...args: Parameters<F>) => [gradient: Gradient, value: ReturnType<F>] {
  function_argument('grad_and_value', 'func', func);
  const { argnums = 0, has_aux = false } = bind<GradTransformOptions>('grad_and_value', GRAD_OPTIONS, [options]);
  return (...args) => within_layer((level) => {
    const chosen = places('grad', argnums, args.length);
    const inputs = layered('grad', args, chosen, level);
    const answer = func(...(inputs as never[]));
    const value = scalar_result('grad', has_aux ? (answer as unknown[])[0] : answer);
    const found = gradients_or_zeros(value, chosen.map((place) => inputs[place] as Tensor), null)
      .map((gradient) => unwrap(gradient, level));
    const plain = map_tensors(answer, (tensor) => unwrap(tensor, level)) as ReturnType<F>;
    return [typeof argnums === 'number' ? (found[0] as Tensor) : found, plain];
  });
}

/**
 * A function that gives the gradient of another one, which returns a scalar; with `has_aux`, `[gradient, aux]`. Mirrors
 * `torch.func.grad`.
 */
export function grad<F extends AnyFunction>(
  func: F, options: { argnums?: number; has_aux?: false },
): (...args: Parameters<F>) => Tensor;
export function grad<F extends AnyFunction>(func: F): (...args: Parameters<F>) => Tensor;
export function grad<F extends AnyFunction>(func: F, options: GradTransformOptions): (...args: Parameters<F>) => unknown;
export function grad<F extends AnyFunction>(func: F, options: GradTransformOptions = {}): (...args: Parameters<F>) => unknown {
  const both = grad_and_value(func, options);
  return (...args) => {
    const [gradient, value] = both(...args);
    return options.has_aux ? [gradient, (value as unknown[])[1]] : gradient;
  };
}

/**
 * The value of a function, and a function that gives the product of a cotangent with its Jacobian: a list, with an element
 * for each of `primals`. Mirrors `torch.func.vjp`.
 */
export function vjp(func: (...primals: Tensor[]) => Tensor, ...primals: Tensor[]): [output: Tensor, vjp_fn: (cotangent: Tensor) => Tensor[]] {
  function_argument('vjp', 'func', func);
  return within_layer((level) => {
    const inputs = layered('vjp', primals, primals.map((_, i) => i), level) as Tensor[];
    const output = func(...inputs);
    if (!(output instanceof Tensor)) throw new TypeError(`vjp(): Expected the function to return a tensor, got type ${kind_of(output)}`);
    // The graph outlives its layer.
    return [unwrap(output, level), (cotangent) => gradients_or_zeros(output, inputs, cotangent)];
  });
}

/**
 * A function that gives the Jacobian of another one, of shape [...output, ...input], by one batched backward pass. Mirrors
 * `torch.func.jacrev`.
 */
export function jacrev<F extends (...args: never[]) => Tensor>(
  func: F, options: { argnums?: number } = {},
): (...args: Parameters<F>) => Tensor {
  function_argument('jacrev', 'func', func);
  const { argnums = 0 } = bind<{ argnums?: number }>('jacrev', ['argnums'], [options]);
  return (...args) => within_layer((level) => {
    const [place] = places('jacrev', argnums, args.length) as [number];
    const inputs = layered('jacrev', args, [place], level);
    const input = inputs[place] as Tensor;
    const output = func(...(inputs as never[]));
    if (!(output instanceof Tensor)) throw new TypeError(`jacrev(): Expected the function to return a tensor, got type ${kind_of(output)}`);
    const count = output.numel();
    const basis = eye(count, { dtype: output.dtype, device: output.device }).view([count, ...output.shape]);
    const rows = vmap((cotangent: Tensor) => gradients_or_zeros(output, [input], cotangent)[0] as Tensor)(basis);
    // Unwrapped last: what operators give in here belongs to the layer.
    return unwrap(rows.reshape([...output.shape, ...input.shape]), level);
  });
}

/** A function that gives the second derivatives of another one, of shape [...output, ...input, ...input]. Mirrors `torch.func.hessian`. */
export function hessian<F extends (...args: never[]) => Tensor>(
  func: F, options: { argnums?: number } = {},
): (...args: Parameters<F>) => Tensor {
  return jacrev(jacrev(func, options) as unknown as F, options);
}

export {
  functional_call, replace_all_batch_norm_modules_, stack_module_state, type FunctionalCallOptions, type NamedTensors,
} from './functional_call.js';
