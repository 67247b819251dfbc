/** Derivatives of functions by backward passes: `torch.func.grad`, `vjp`, `jacrev`. */
import { grad as gradients_of } from '../autograd/gradients.js';
import { is_grad_enabled } from '../autograd/grad_mode.js';
import { zeros_like } from '../generated/functions.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { call_synchronously, refuse_async, refuse_promise } from '../_internal/callbacks.js';
import { signature } from '../_internal/signature.js';
import { basis_of, columns_of } from './basis.js';
import {
  select_args,
  places,
  replace_args,
  split_aux,
  unwrapped,
  within_grad_layer,
  wrapped,
  type AnyFunction,
  type Chosen,
  type WithAux,
} from './layers.js';
import { flatten_tensors, type Flat } from './structure.js';
import { vmap } from './vmap.js';

/** The options of {@link grad} and {@link grad_and_value}. */
export interface GradTransformOptions<N extends number | readonly number[] = number | readonly number[]> {
  /** Which arguments to differentiate with respect to. Default 0. */
  argnums?: N;
  /** Whether the function returns `[value, aux]`, of which aux passes through. Default false. */
  has_aux?: boolean;
}

type AnyArguments = { func: AnyFunction };
type TransformArguments = GradTransformOptions & AnyArguments;

const GRAD = signature<TransformArguments>('grad', 'func: Callable, argnums?: int|int[], has_aux?: bool');
const GRAD_AND_VALUE = signature<TransformArguments>(
  'grad_and_value',
  'func: Callable, argnums?: int|int[], has_aux?: bool',
);

/** Gradients of the chosen inputs, zeros where the outputs do not depend on one. */
function gradients_or_zeros(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  cotangents: readonly Tensor[] | null,
  create_graph: boolean,
): Tensor[] {
  const kept = outputs
    .map((output, i) => ({ output, cotangent: cotangents?.[i] ?? null }))
    .filter(({ output }) => output.requires_grad);
  const found =
    kept.length === 0
      ? []
      : gradients_of(
          kept.map(({ output }) => output),
          inputs,
          {
            create_graph,
            retain_graph: true,
            allow_unused: true,
            grad_outputs: cotangents && kept.map(({ cotangent }) => cotangent),
          },
        );
  return inputs.map((input, i) => found[i] ?? zeros_like(input));
}

/** The chosen arguments as the function sees them in a layer: they can be differentiated. */
function differentiable(callee: string, value: unknown, level: number): Flat<Tensor> {
  const flat = flatten_tensors(callee, 'argument', wrapped(value, level));
  for (const leaf of flat.leaves) leaf.requires_grad_();
  return flat;
}

function check_kinds(callee: string, args: readonly unknown[], at: readonly number[]): void {
  for (const place of at) flatten_tensors(callee, `argument ${place}`, args[place]);
}

function scalar_result(callee: string, value: unknown): Tensor {
  if (!(value instanceof Tensor))
    throw new TypeError(`${callee}(): Expected the function to return a tensor, got type ${kind_of(value)}`);
  if (value.dim() !== 0) {
    throw new Error(
      `${callee}(): Expected the function to return a scalar tensor, got tensor with ${value.dim()} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`,
    );
  }
  return value;
}

/**
 * A function that computes the gradient of another one, which returns a scalar, together with its value. Mirrors
 * `torch.func.grad_and_value`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param argnums - index or indices of the arguments to differentiate with respect to; default 0
 * @param has_aux - the function returns `[output, aux]`; default false
 * @returns a function that returns `[gradient, value]`, with `has_aux` `[gradient, [value, aux]]`
 * @throws Error when the result is not a scalar
 * @example
 * ```ts
 * const [gradient, value] = torch.func.grad_and_value((x: torch.Tensor) => x.square().sum())(torch.tensor([0.5, 1.5]));
 * print(gradient, value);
 * ```
 * ```python
 * gradient, value = torch.func.grad_and_value(lambda x: x.square().sum())(torch.tensor([0.5, 1.5]))
 * print(gradient, value)
 * ```
 */
export function grad_and_value<F extends AnyFunction, const N extends number | readonly number[] = 0>(
  func: F,
  options?: GradTransformOptions<N>,
): (...args: Parameters<F>) => [gradient: Chosen<Parameters<F>, N>, value: ReturnType<F>];
export function grad_and_value<F extends AnyFunction, const N extends number | readonly number[]>(
  func: F,
  argnums: N,
  has_aux?: false | { has_aux?: false },
): (...args: Parameters<F>) => [gradient: Chosen<Parameters<F>, N>, value: ReturnType<F>];
export function grad_and_value(...given: unknown[]): (...args: unknown[]) => [gradient: unknown, value: unknown] {
  return with_value('grad_and_value', GRAD_AND_VALUE.read(given));
}

function with_value(
  callee: string,
  { func, argnums = 0, has_aux = false }: TransformArguments,
): (...args: unknown[]) => [gradient: unknown, value: unknown] {
  refuse_async(callee, func);
  return (...args) =>
    within_grad_layer((level) => {
      const at = places(callee, argnums, args.length);
      check_kinds(callee, args, at);
      const inputs = differentiable(callee, select_args(argnums, at, args), level);
      const answer = refuse_promise(
        callee,
        func(...(replace_args(args, argnums, at, inputs.rebuild(inputs.leaves)) as never[])),
      );
      const value = scalar_result(callee, split_aux(callee, answer, has_aux)[0]);
      const gradient = inputs.rebuild(gradients_or_zeros([value], inputs.leaves, null, true));
      return [unwrapped(gradient, level), unwrapped(answer, level)];
    });
}

/**
 * A function that computes the gradient of another one, which returns a scalar. Mirrors `torch.func.grad`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param argnums - index or indices of the arguments to differentiate with respect to; default 0
 * @param has_aux - the function returns `[output, aux]`; default false
 * @returns a function that returns the gradient, with `has_aux` `[gradient, aux]`
 * @throws Error when the result is not a scalar
 * @example
 * ```ts
 * const cube = (x: torch.Tensor) => x.pow(3);
 * print(torch.func.grad(cube)(torch.tensor(0.5)), torch.func.grad(torch.func.grad(cube))(torch.tensor(0.5)));
 * ```
 * ```python
 * cube = lambda x: x.pow(3)
 * print(torch.func.grad(cube)(torch.tensor(0.5)), torch.func.grad(torch.func.grad(cube))(torch.tensor(0.5)))
 * ```
 */
export function grad<F extends WithAux, const N extends number | readonly number[] = 0>(
  func: F,
  options: GradTransformOptions<N> & { has_aux: true },
): (...args: Parameters<F>) => [gradient: Chosen<Parameters<F>, N>, aux: ReturnType<F>[1]];
export function grad<F extends AnyFunction, const N extends number | readonly number[] = 0>(
  func: F,
  options?: GradTransformOptions<N>,
): (...args: Parameters<F>) => Chosen<Parameters<F>, N>;
export function grad<F extends AnyFunction, const N extends number | readonly number[]>(
  func: F,
  argnums: N,
  has_aux?: false | { has_aux?: false },
): (...args: Parameters<F>) => Chosen<Parameters<F>, N>;
export function grad(...given: unknown[]): (...args: unknown[]) => unknown {
  const read = GRAD.read(given);
  const both = with_value('grad', read);
  return (...args) => {
    const [gradient, value] = both(...args);
    return read.has_aux ? [gradient, (value as unknown[])[1]] : gradient;
  };
}

const VJP = signature<AnyArguments & { primals: unknown[]; has_aux?: boolean }>(
  'vjp',
  'func: Callable, *primals: any, has_aux?: bool',
);

/**
 * The value of a function, and a function that computes the product of a cotangent with its Jacobian. Mirrors
 * `torch.func.vjp`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param primals - the arguments; a trailing `{ has_aux: true }` says that the function returns `[output, aux]`
 * @returns `[output, vjp_fn]`, with `has_aux` `[output, vjp_fn, aux]`; `vjp_fn` returns an array with a product per
 * argument
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const [output, vjp_fn] = torch.func.vjp((x: torch.Tensor) => x.square(), torch.tensor([0.5, 1.5]));
 * const [product] = vjp_fn(torch.ones(2));
 * print(output, product);
 * ```
 * ```python
 * output, vjp_fn = torch.func.vjp(lambda x: x.square(), torch.tensor([0.5, 1.5]))
 * product, = vjp_fn(torch.ones(2))
 * print(output, product)
 * ```
 */
export function vjp<P extends unknown[], R>(
  func: (...primals: P) => R,
  ...primals: P
): [output: R, vjp_fn: (cotangent: R) => P];
export function vjp<P extends unknown[], R, X>(
  func: (...primals: P) => readonly [R, X],
  ...primals: [...P, { has_aux: true }]
): [output: R, vjp_fn: (cotangent: R) => P, aux: X];
export function vjp(...given: unknown[]): unknown[] {
  const { func, primals, has_aux = false } = VJP.read(given);
  const { output, aux, pull } = pullback('vjp', func, primals, has_aux);
  const vjp_fn = (cotangent: unknown): unknown => {
    const cotangents = flatten_tensors('vjp', 'cotangent', cotangent).leaves;
    if (cotangents.length !== output.leaves.length) {
      throw new Error(
        `vjp(): Expected the cotangents to have the structure of the output: ${output.leaves.length} Tensors, got ${cotangents.length}`,
      );
    }
    return pull(cotangents);
  };
  const value = output.rebuild(output.leaves);
  return has_aux ? [value, vjp_fn, aux] : [value, vjp_fn];
}

interface Pullback {
  output: Flat<Tensor>;
  aux: unknown;
  /** From cotangents, one for each leaf of the output, to gradients in the structure of the inputs. */
  pull(cotangents: readonly Tensor[]): unknown;
}

/** Runs the function in a layer. The graph outlives its layer, so that cotangents may come later. */
function pullback(
  callee: string,
  func: AnyFunction,
  primals: unknown,
  has_aux: boolean,
  call = func as (...args: unknown[]) => unknown,
): Pullback {
  return within_grad_layer((level) => {
    flatten_tensors(callee, 'argument', primals);
    const inputs = differentiable(callee, primals, level);
    const answer = call_synchronously(callee, call, ...(inputs.rebuild(inputs.leaves) as unknown[]));
    const [value, aux] = split_aux(callee, answer, has_aux);
    const inner = flatten_tensors(callee, 'what the function returns', value);
    return {
      output: { leaves: inner.leaves.map((leaf) => unwrapped(leaf, level)), rebuild: inner.rebuild },
      aux: unwrapped(aux, level),
      pull: (cotangents) =>
        inputs.rebuild(gradients_or_zeros(inner.leaves, inputs.leaves, cotangents, is_grad_enabled())),
    };
  });
}

/** The options of {@link jacrev}. */
export interface JacrevOptions<N extends number | readonly number[] = number | readonly number[]>
  extends GradTransformOptions<N> {
  /** Number of rows computed at once. Default null: all. */
  chunk_size?: number | null;
}

const JACREV = signature<JacrevOptions & AnyArguments>(
  'jacrev',
  'func: Callable, argnums?: int|int[], *, has_aux?: bool, chunk_size?: int|None',
);

/** The structure of a Jacobian: that of the argument within that of the result. */
export type Jacobian<R, A> = R extends Tensor
  ? A
  : R extends object
    ? { -readonly [K in keyof R]: Jacobian<R[K], A> }
    : never;

/**
 * A function that computes the Jacobian of another one in one batched backward pass. Mirrors `torch.func.jacrev`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param argnums - index or indices of the arguments to differentiate with respect to; default 0
 * @param has_aux - the function returns `[output, aux]`; default false
 * @param chunk_size - number of rows computed at once; default null, all
 * @returns a function whose result has shape [...output, ...input], nested as outputs and chosen arguments are
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.func.jacrev((x: torch.Tensor) => x.square())(torch.tensor([0.5, 1.5])));
 * ```
 * ```python
 * print(torch.func.jacrev(lambda x: x.square())(torch.tensor([0.5, 1.5])))
 * ```
 */
export function jacrev<F extends WithAux, const N extends number | readonly number[] = 0>(
  func: F,
  options: JacrevOptions<N> & { has_aux: true },
): (...args: Parameters<F>) => [jacobian: Jacobian<ReturnType<F>[0], Chosen<Parameters<F>, N>>, aux: ReturnType<F>[1]];
export function jacrev<F extends AnyFunction, const N extends number | readonly number[] = 0>(
  func: F,
  options?: JacrevOptions<N>,
): (...args: Parameters<F>) => Jacobian<ReturnType<F>, Chosen<Parameters<F>, N>>;
export function jacrev<F extends AnyFunction, const N extends number | readonly number[]>(
  func: F,
  argnums: N,
  options?: Omit<JacrevOptions<N>, 'argnums'>,
): (...args: Parameters<F>) => Jacobian<ReturnType<F>, Chosen<Parameters<F>, N>>;
export function jacrev(...given: unknown[]): (...args: unknown[]) => unknown {
  return jacobian_by_rows('jacrev', JACREV.read(given));
}

/** What `jacrev` gives, also where another function is to be named. @internal */
export function jacobian_by_rows(
  callee: string,
  { func, argnums = 0, has_aux = false, chunk_size = null }: JacrevOptions & AnyArguments,
): (...args: unknown[]) => unknown {
  refuse_async(callee, func);
  return (...args) => {
    const at = places(callee, argnums, args.length);
    check_kinds(callee, args, at);
    const selected = select_args(argnums, at, args);
    const { output, aux, pull } = pullback(callee, func, [selected], has_aux, (inner) =>
      func(...(replace_args(args, argnums, at, inner) as never[])),
    );
    const inputs = flatten_tensors(callee, 'argument', selected);
    const pull_rows = vmap((cotangents: Tensor[]) => flatten_tensors(callee, 'gradient', pull(cotangents)).leaves, {
      chunk_size,
    });
    // rows[j]: d(all elements of all outputs) / d(input j)
    const rows = pull_rows(basis_of(output.leaves));
    const jacobian = output.rebuild(
      columns_of(output.leaves, rows, (part, out, j) => part.view([...out.shape, ...inputs.leaves[j]!.shape])).map(
        (parts) => inputs.rebuild(parts),
      ),
    );
    return has_aux ? [jacobian, aux] : jacobian;
  };
}
