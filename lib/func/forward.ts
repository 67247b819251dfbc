/** Derivatives of functions by tangents carried forward: `torch.func.jvp`, `jacfwd`, `hessian`, `linearize`. */
import { grad as gradients_of } from '../autograd/gradients.js';
import { dual_level, make_dual, unpack_dual } from '../autograd/forward_ad.js';
import { with_forward_enabled } from '../_C/modes.js';
import { native } from '../_C/native.js';
import type { Tensor } from '../_tensor.js';
import { zeros_like } from '../generated/functions.js';
import { refuse_async, refuse_promise } from '../_internal/callbacks.js';
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
import { jacobian_by_rows, type GradTransformOptions, type Jacobian } from './reverse.js';
import { flatten_tensors, map_tensors, type Flat } from './structure.js';
import { vmap, type Randomness } from './vmap.js';

let depth = 0;

/** Runs `body` inside of a layer of tangents. */
function within_jvp_layer<T>(body: (level: number) => T): T {
  const level = native.jvp_enter();
  depth++;
  try {
    // All layers share libtorch's one level of forward mode.
    return with_forward_enabled(true, () => (depth === 1 ? dual_level(() => body(level)) : body(level)));
  } finally {
    depth--;
    native.layer_exit();
  }
}

/** The result of a function and its tangents, for a nested value and tangents of its leaves. */
function push(
  callee: string,
  func: (primals: unknown) => unknown,
  primals: Flat<Tensor>,
  tangents: readonly Tensor[],
  has_aux: boolean,
  strict: boolean,
): { output: unknown; tangents: unknown; aux: unknown } {
  return within_jvp_layer((level) => {
    const duals = primals.leaves.map((leaf, i) => make_dual(leaf, tangents[i]!));
    const [value, aux] = split_aux(callee, refuse_promise(callee, func(primals.rebuild(duals))), has_aux);
    const result = flatten_tensors(callee, 'what the function returns', value);
    const pairs = result.leaves.map((leaf) => unpack_dual(leaf));
    const moved = pairs.map(({ primal, tangent }) => {
      if (tangent === null && strict) {
        throw new Error(
          `${callee}(): The output of f is independent of its inputs and strict=True, so the derivative is not defined.`,
        );
      }
      return tangent ?? zeros_like(primal);
    });
    return {
      output: unwrapped(result.rebuild(pairs.map(({ primal }) => primal)), level),
      tangents: unwrapped(result.rebuild(moved), level),
      aux: map_tensors(aux, (tensor) => unwrapped(unpack_dual(tensor).primal, level)),
    };
  });
}

/** The options of {@link jvp}. */
export interface JvpOptions {
  /** Whether a result that does not depend on the inputs is an Error. Default false: its tangent is zero. */
  strict?: boolean;
  /** Whether the function returns `[output, aux]`, of which aux passes through. Default false. */
  has_aux?: boolean;
}

const JVP = signature<JvpOptions & { func: AnyFunction; primals: readonly unknown[]; tangents: readonly unknown[] }>(
  'jvp',
  'func: Callable, primals: any[], tangents: any[], *, strict?: bool, has_aux?: bool',
);

function checked_tangents(callee: string, primals: Flat<Tensor>, tangents: unknown): readonly Tensor[] {
  const { leaves } = flatten_tensors(callee, 'tangent', tangents);
  if (leaves.length !== primals.leaves.length) {
    throw new Error(
      `${callee}(): Expected primals and tangents to have the same structure: ${primals.leaves.length} Tensors, got ${leaves.length}`,
    );
  }
  return leaves;
}

/**
 * The value of a function and the product of its Jacobian with tangents, in one forward pass. Mirrors
 * `torch.func.jvp`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param primals - the arguments, as an array
 * @param tangents - a tangent per argument, of its structure and shape
 * @param options - `strict`: throw when the output does not depend on the inputs (default false); `has_aux`: the
 * function returns `[output, aux]` (default false)
 * @returns `[output, product]`, with `has_aux` `[output, product, aux]`
 * @throws Error when a tangent differs from its primal in shape or dtype, or an operator has no forward derivative
 * @example
 * ```ts
 * const [output, product] = torch.func.jvp((x: torch.Tensor) => x.square(), [torch.tensor([0.5, 1.5])], [torch.ones(2)]);
 * print(output, product);
 * ```
 * ```python
 * output, product = torch.func.jvp(lambda x: x.square(), (torch.tensor([0.5, 1.5]),), (torch.ones(2),))
 * print(output, product)
 * ```
 */
export function jvp<P extends unknown[], R, X>(
  func: (...primals: P) => readonly [R, X],
  primals: readonly [...P],
  tangents: readonly [...P],
  options: JvpOptions & { has_aux: true },
): [output: R, product: R, aux: X];
export function jvp<P extends unknown[], R>(
  func: (...primals: P) => R,
  primals: readonly [...P],
  tangents: readonly [...P],
  options?: JvpOptions,
): [output: R, product: R];
export function jvp(...given: unknown[]): unknown[] {
  const { func, primals, tangents, strict = false, has_aux = false } = JVP.read(given);
  refuse_async('jvp', func);
  for (const [name, value] of [
    ['primals', primals],
    ['tangents', tangents],
  ] as const) {
    if (value.length === 0)
      throw new TypeError(`jvp(): Expected ${name} to be a list with an element for each argument`);
  }
  const flat = flatten_tensors('jvp', 'primal', primals);
  const found = push(
    'jvp',
    (all) => func(...(all as never[])),
    flat,
    checked_tangents('jvp', flat, tangents),
    has_aux,
    strict,
  );
  return has_aux ? [found.output, found.tangents, found.aux] : [found.output, found.tangents];
}

/** The options of {@link jacfwd}. */
export interface JacfwdOptions<N extends number | readonly number[] = number | readonly number[]>
  extends GradTransformOptions<N> {
  /** What random functions do, as in `vmap`. Default `'error'`. */
  randomness?: Randomness;
}

const JACFWD = signature<JacfwdOptions & { func: AnyFunction }>(
  'jacfwd',
  'func: Callable, argnums?: int|int[], has_aux?: bool, *, randomness?: str',
);

/**
 * A function that computes the Jacobian of another one in one batched forward pass; cheaper than {@link jacrev} for
 * fewer inputs than outputs. Mirrors `torch.func.jacfwd`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param argnums - index or indices of the arguments to differentiate with respect to; default 0
 * @param has_aux - the function returns `[output, aux]`; default false
 * @param randomness - what random functions do; default `'error'`
 * @returns a function whose result has shape [...output, ...input], nested as outputs and chosen arguments are
 * @throws Error when an operator has no forward derivative
 * @example
 * ```ts
 * print(torch.func.jacfwd((x: torch.Tensor) => x.square())(torch.tensor([0.5, 1.5])));
 * ```
 * ```python
 * print(torch.func.jacfwd(lambda x: x.square())(torch.tensor([0.5, 1.5])))
 * ```
 */
export function jacfwd<F extends WithAux, const N extends number | readonly number[] = 0>(
  func: F,
  options: JacfwdOptions<N> & { has_aux: true },
): (...args: Parameters<F>) => [jacobian: Jacobian<ReturnType<F>[0], Chosen<Parameters<F>, N>>, aux: ReturnType<F>[1]];
export function jacfwd<F extends AnyFunction, const N extends number | readonly number[] = 0>(
  func: F,
  options?: JacfwdOptions<N>,
): (...args: Parameters<F>) => Jacobian<ReturnType<F>, Chosen<Parameters<F>, N>>;
export function jacfwd<F extends AnyFunction, const N extends number | readonly number[]>(
  func: F,
  argnums: N,
  has_aux?: false | Omit<JacfwdOptions<N>, 'argnums'>,
): (...args: Parameters<F>) => Jacobian<ReturnType<F>, Chosen<Parameters<F>, N>>;
export function jacfwd(...given: unknown[]): (...args: unknown[]) => unknown {
  return jacobian_by_columns('jacfwd', JACFWD.read(given));
}

function jacobian_by_columns(
  callee: string,
  { func, argnums = 0, has_aux = false, randomness = 'error' }: JacfwdOptions & { func: AnyFunction },
): (...args: unknown[]) => unknown {
  refuse_async(callee, func);
  return (...args) => {
    const at = places(callee, argnums, args.length);
    const inputs = flatten_tensors(callee, 'argument', select_args(argnums, at, args));
    // All of the chosen arguments, since those outside may be wrapped for another layer.
    const through = (inner: unknown): unknown => func(...(replace_args(args, argnums, at, inner) as never[]));
    const directions = vmap(
      (tangents: Tensor[]) => {
        const { tangents: product, aux } = push(callee, through, inputs, tangents, has_aux, false);
        return has_aux ? [product, aux] : [product];
      },
      { randomness, out_dims: has_aux ? [-1, null] : [-1] },
    );
    const [columns, aux] = directions(basis_of(inputs.leaves));
    const output = flatten_tensors(callee, 'what the function returns', columns);
    const jacobian = output.rebuild(
      output.leaves.map((leaf) => {
        const shape = leaf.shape.slice(0, -1);
        const parts = columns_of(inputs.leaves, [leaf.movedim(-1, 0)], (part, input) =>
          part.movedim(0, -1).reshape([...shape, ...input.shape]),
        );
        return inputs.rebuild(parts.map(([part]) => part));
      }),
    );
    return has_aux ? [jacobian, aux] : jacobian;
  };
}

const HESSIAN = signature<{ func: AnyFunction; argnums?: number | readonly number[] }>(
  'hessian',
  'func: Callable, argnums?: int|int[]',
);

/**
 * A function that computes the second derivatives of another one, forward over backward. Mirrors
 * `torch.func.hessian`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param argnums - index or indices of the arguments to differentiate with respect to; default 0
 * @returns a function whose result has shape [...output, ...input, ...input]
 * @throws Error when an operator has no forward derivative
 * @example
 * ```ts
 * print(torch.func.hessian((x: torch.Tensor) => x.pow(3).sum())(torch.tensor([0.5, 1.5])));
 * ```
 * ```python
 * print(torch.func.hessian(lambda x: x.pow(3).sum())(torch.tensor([0.5, 1.5])))
 * ```
 */
export function hessian<F extends AnyFunction, const N extends number | readonly number[] = 0>(
  func: F,
  options?: { argnums?: N },
): (...args: Parameters<F>) => Jacobian<Jacobian<ReturnType<F>, Chosen<Parameters<F>, N>>, Chosen<Parameters<F>, N>>;
export function hessian<F extends AnyFunction, const N extends number | readonly number[]>(
  func: F,
  argnums: N,
): (...args: Parameters<F>) => Jacobian<Jacobian<ReturnType<F>, Chosen<Parameters<F>, N>>, Chosen<Parameters<F>, N>>;
export function hessian(...given: unknown[]): (...args: unknown[]) => unknown {
  const { func, argnums = 0 } = HESSIAN.read(given);
  return jacobian_by_columns('hessian', { func: jacobian_by_rows('hessian', { func, argnums }), argnums });
}

const LINEARIZE = signature<{ func: AnyFunction; primals: unknown[] }>('linearize', 'func: Callable, *primals: any');

/**
 * The value of a function at `primals`, and its linear approximation there: the function runs once, the products of
 * its Jacobian with tangents use its graph. Mirrors `torch.func.linearize`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param primals - the arguments
 * @returns `[output, jvp_fn]`
 * @throws Error when an operator cannot be differentiated twice
 * @example
 * ```ts
 * const [output, jvp_fn] = torch.func.linearize((x: torch.Tensor) => x.square(), torch.tensor([0.5, 1.5]));
 * print(output, jvp_fn(torch.ones(2)));
 * ```
 * ```python
 * output, jvp_fn = torch.func.linearize(lambda x: x.square(), torch.tensor([0.5, 1.5]))
 * print(output, jvp_fn(torch.ones(2)))
 * ```
 */
export function linearize<P extends unknown[], R>(
  func: (...primals: P) => R,
  ...primals: P
): [output: R, jvp_fn: (...tangents: P) => R];
export function linearize(...args: unknown[]): [output: unknown, jvp_fn: (...tangents: unknown[]) => unknown] {
  const { func, primals } = LINEARIZE.read(args);
  refuse_async('linearize', func);
  const given = flatten_tensors('linearize', 'argument', primals);
  return within_grad_layer((level) => {
    const inputs = wrapped(given.leaves, level).map((leaf) => leaf.requires_grad_());
    const output = flatten_tensors(
      'linearize',
      'what the function returns',
      refuse_promise('linearize', func(...(given.rebuild(inputs) as never[]))),
    );
    // The pullback is linear in its cotangents: its own derivative with respect to them is the Jacobian.
    const cotangents = output.leaves.map((leaf) => zeros_like(leaf).detach().requires_grad_());
    const attached = output.leaves.filter((leaf) => leaf.requires_grad);
    const pulled =
      attached.length === 0
        ? []
        : gradients_of(attached, inputs, {
            create_graph: true,
            allow_unused: true,
            grad_outputs: cotangents.filter((_, i) => output.leaves[i]?.requires_grad),
          });
    const used = pulled.flatMap((gradient, i) => (gradient?.requires_grad ? [{ gradient, i }] : []));
    const jvp_fn = (...tangents: unknown[]): unknown => {
      const moved = checked_tangents('linearize', given, tangents);
      const found =
        used.length === 0
          ? []
          : gradients_of(
              used.map(({ gradient }) => gradient),
              cotangents,
              {
                allow_unused: true,
                retain_graph: true,
                grad_outputs: used.map(({ i }) => moved[i]!),
              },
            );
      return output.rebuild(output.leaves.map((leaf, i) => found[i] ?? zeros_like(unwrapped(leaf, level))));
    };
    return [unwrapped(output.rebuild(output.leaves), level), jvp_fn];
  });
}
