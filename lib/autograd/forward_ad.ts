/** Forward-mode differentiation: tensors that carry a tangent; mirrors `torch.autograd.forward_ad`. */
import { operator_as } from '../_C/dispatch.js';
import { native } from '../_C/native.js';
import type { Tensor } from '../_tensor.js';
import type { Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';

// What native/autograd/functorch.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    dual_level_enter(): number;
    dual_level_exit(level: number): void;
  }
}

const op = {
  make_dual: operator_as('make_dual', 'aten::_make_dual', ''),
  unpack_dual: operator_as('unpack_dual', 'aten::_unpack_dual', ''),
};

// libtorch has one level at a time.
let current = -1;

/**
 * Enters the level of forward-mode differentiation. Mirrors `torch.autograd.forward_ad.enter_dual_level`.
 *
 * @returns the index of the level
 * @throws Error when it is entered already
 * @example
 * ```ts
 * const fwAD = torch.autograd.forward_ad;
 * const level = fwAD.enter_dual_level();
 * print(fwAD.unpack_dual(fwAD.make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).exp()).tangent);
 * fwAD.exit_dual_level({ level });
 * ```
 * ```python
 * import torch.autograd.forward_ad as fwAD
 * level = fwAD.enter_dual_level()
 * print(fwAD.unpack_dual(fwAD.make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).exp()).tangent)
 * fwAD.exit_dual_level(level=level)
 * ```
 */
export function enter_dual_level(): number;
export function enter_dual_level(...none: unknown[]): number {
  no_arguments('enter_dual_level', none);
  const level = native.dual_level_enter();
  if (level !== current + 1) {
    throw new Error(
      'Entering a new forward AD level but the current level is not valid. Make sure you did not modified it directly.',
    );
  }
  current = level;
  return level;
}

function close_level(level: number): void {
  if (level !== current || current < 0) {
    throw new Error(
      'Trying to exit a forward AD level that was not the last one that was created. This is not supported.',
    );
  }
  native.dual_level_exit(level);
  current = level - 1;
}

const EXIT = signature<{ level?: number | null }>('exit_dual_level', '*, level?: int|None');

/**
 * Leaves the level, which removes all tangents. Mirrors `torch.autograd.forward_ad.exit_dual_level`.
 *
 * @param options - `level`: index of the level; default null, the current one
 * @throws Error when it is not the current level
 * @example
 * ```ts
 * const fwAD = torch.autograd.forward_ad;
 * const level = fwAD.enter_dual_level();
 * print(fwAD.unpack_dual(fwAD.make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).exp()).tangent);
 * fwAD.exit_dual_level({ level });
 * ```
 * ```python
 * import torch.autograd.forward_ad as fwAD
 * level = fwAD.enter_dual_level()
 * print(fwAD.unpack_dual(fwAD.make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).exp()).tangent)
 * fwAD.exit_dual_level(level=level)
 * ```
 */
export function exit_dual_level(options?: { level?: number | null }): void;
export function exit_dual_level(...args: unknown[]): void {
  close_level(EXIT.read(args).level ?? current);
}

/** The level as a mode. */
const level_mode: Mode<number> = { enter: () => enter_dual_level(), leave: close_level };
const DUAL_LEVEL = signature<{ fn?: () => unknown }>('dual_level', 'fn?: Callable');

/**
 * A level of forward-mode differentiation: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.autograd.forward_ad.dual_level`.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { dual_level, make_dual, unpack_dual } = torch.autograd.forward_ad;
 * const { primal, tangent } = dual_level(() => unpack_dual(make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).square()));
 * print(primal, tangent);
 * ```
 * ```python
 * from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual
 * with dual_level():
 *     primal, tangent = unpack_dual(make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).square())
 *     print(primal, tangent)
 * ```
 */
export function dual_level(): Guard;
export function dual_level<T>(fn: () => T): T;
export function dual_level(...args: unknown[]): unknown {
  return run_or_guard('dual_level', level_mode, DUAL_LEVEL.read(args).fn);
}

const MAKE_DUAL = signature<{ tensor: Tensor; tangent: Tensor; level?: number | null }>(
  'make_dual',
  'tensor: Tensor, tangent: Tensor, *, level?: int|None',
);

/**
 * A tensor with a tangent, for use within a level. Mirrors `torch.autograd.forward_ad.make_dual`.
 *
 * @param tensor - the primal, floating point or complex
 * @param tangent - of the same shape and dtype
 * @param options - `level`: default null, the current one
 * @throws Error outside of a level, and when shapes or dtypes differ
 * @example
 * ```ts
 * const { dual_level, make_dual, unpack_dual } = torch.autograd.forward_ad;
 * const { primal, tangent } = dual_level(() => unpack_dual(make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).square()));
 * print(primal, tangent);
 * ```
 * ```python
 * from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual
 * with dual_level():
 *     primal, tangent = unpack_dual(make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).square())
 *     print(primal, tangent)
 * ```
 */
export function make_dual(tensor: Tensor, tangent: Tensor, options?: { level?: number | null }): Tensor;
export function make_dual(options: { tensor: Tensor; tangent: Tensor; level?: number | null }): Tensor;
export function make_dual(...args: unknown[]): Tensor {
  const { tensor, tangent, level: given } = MAKE_DUAL.read(args);
  const level = given ?? current;
  if (level < 0) {
    throw new Error(
      'Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first.',
    );
  }
  if (!(tensor.dtype.is_floating_point || tensor.dtype.is_complex)) {
    throw new Error(`Expected primal to be floating point or complex, but got: ${String(tensor.dtype)}`);
  }
  if (!(tangent.dtype.is_floating_point || tangent.dtype.is_complex)) {
    throw new Error(`Expected tangent to be floating point or complex, but got: ${String(tangent.dtype)}`);
  }
  return op.make_dual(tensor, tangent, level);
}

/** A primal and its tangent, null where there is none. */
export interface UnpackedDualTensor {
  readonly primal: Tensor;
  readonly tangent: Tensor | null;
}

const UNPACK_DUAL = signature<{ tensor: Tensor; level?: number | null }>(
  'unpack_dual',
  'tensor: Tensor, *, level?: int|None',
);

/**
 * The primal and the tangent of a tensor. Mirrors `torch.autograd.forward_ad.unpack_dual`.
 *
 * @param tensor - any tensor
 * @param options - `level`: default null, the current one
 * @returns `primal`, and `tangent`, which is null where there is none or outside of a level
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const { dual_level, make_dual, unpack_dual } = torch.autograd.forward_ad;
 * const { primal, tangent } = dual_level(() => unpack_dual(make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).square()));
 * print(primal, tangent);
 * ```
 * ```python
 * from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual
 * with dual_level():
 *     primal, tangent = unpack_dual(make_dual(torch.tensor([0.5, 1.5]), torch.ones(2)).square())
 *     print(primal, tangent)
 * ```
 */
export function unpack_dual(tensor: Tensor, options?: { level?: number | null }): UnpackedDualTensor;
export function unpack_dual(...args: unknown[]): UnpackedDualTensor {
  const { tensor, level: given } = UNPACK_DUAL.read(args);
  const level = given ?? current;
  if (level < 0) return { primal: tensor, tangent: null };
  const { primal, tangent }: UnpackedDualTensor = op.unpack_dual(tensor, level);
  return { primal, tangent };
}
