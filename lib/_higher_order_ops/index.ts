/**
 * Control flow as functions: `torch.cond`, `torch.while_loop` and what else `torch._higher_order_ops` has for programs. Python traces
 * their functions; here they are called, which computes the same, and traced while `torch.export` records a module.
 */
import { cat, stack } from '../generated/functions.js';
import { kind_of, text_or_kind } from '../_internal/representation.js';
import { call_synchronously } from '../_internal/callbacks.js';
import { slice } from '../_internal/slice.js';
import { signature } from '../_internal/signature.js';
import { is_tensor } from '../_C/tensor_base.js';
import { vmap } from '../func/vmap.js';
import { python_repr } from '../python/print.js';
import type { Tensor } from '../_tensor.js';
import { tree_flatten, tree_leaves, tree_map, tree_unflatten, type TreeSpec } from '../utils/_pytree.js';
import { check_same_metadata, traced_cond, traced_map, traced_scan, traced_while_loop } from './traced.js';
import { current_tracer } from './tracer.js';

type AnyFunction = (...args: unknown[]) => unknown;

interface CondArguments {
  pred: boolean | number | Tensor;
  true_fn: AnyFunction;
  false_fn: AnyFunction;
  operands?: readonly unknown[];
}
const COND = signature<CondArguments>(
  'cond',
  'pred: bool|float|Tensor, true_fn: Callable, false_fn: Callable, operands?: any[]',
);

/** @throws Error for operands that Python does not take */
function check_operands(operands: readonly unknown[]): void {
  if (tree_leaves(operands).every(is_tensor)) return;
  throw new Error(
    'Expect operands to be a tuple of possibly nested dict/list/tuple that only consists of tensor leaves, but got ' +
      `${python_repr(operands)}.`,
  );
}

const is_tensor_or_integer = (leaf: unknown): boolean =>
  is_tensor(leaf) || Number.isInteger(leaf) || typeof leaf === 'bigint';

/**
 * Calls one of two functions, as a condition says. Mirrors `torch.cond`.
 *
 * Within `torch.export.export` a condition that is a tensor makes both functions parts of the program: both run, must return
 * tensors of the same kinds and sizes, and may not change tensors from outside.
 *
 * @param pred - a boolean, a number, or a tensor with one element
 * @param true_fn - a synchronous function that is called with the operands when `pred` is true
 * @param false_fn - a synchronous function that is called with the operands otherwise
 * @param operands - the arguments of the functions: tensors, also nested in arrays and plain objects; default none
 * @returns what the function returned
 * @throws Error for a tensor with more or fewer elements than one, and for operands that hold something else than tensors
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5]);
 * const [double, half] = [(x: torch.Tensor) => x.mul(2), (x: torch.Tensor) => x.div(2)];
 * print(torch.cond(x.shape[0]! > 1, double, half, [x]), torch.cond(x.shape[0]! > 2, double, half, [x]));
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5])
 * double, half = lambda x: x * 2, lambda x: x / 2
 * print(torch.cond(x.shape[0] > 1, double, half, [x]), torch.cond(x.shape[0] > 2, double, half, [x]))
 * ```
 */
export function cond<A extends readonly unknown[], R>(
  pred: boolean | number | Tensor,
  true_fn: (...operands: A) => R,
  false_fn: (...operands: A) => R,
  operands?: A | { operands?: A },
): R;
export function cond<A extends readonly unknown[], R>(options: {
  pred: boolean | number | Tensor;
  true_fn: (...operands: A) => R;
  false_fn: (...operands: A) => R;
  operands?: A;
}): R;
export function cond(...args: unknown[]): unknown {
  const { pred, true_fn, false_fn, operands = [] } = COND.read(args);
  const call = (which: boolean): unknown => {
    const result: unknown = call_synchronously('cond', which ? true_fn : false_fn, ...operands);
    return refuse_nothing('cond', which ? 'true_fn' : 'false_fn', result);
  };
  if (!is_tensor(pred)) return call(Boolean(pred));
  if (pred.numel() !== 1) {
    throw new Error(`Expected pred to be bool or single-element tensor, but got ${python_repr(pred)}.`);
  }
  check_operands(operands);
  const tracer = current_tracer();
  if (tracer !== null) return traced_cond(tracer, pred, true_fn, false_fn, operands);
  return call(Boolean(pred.item()));
}

/** What a function has returned. @throws TypeError for one without a `return` */
function refuse_nothing(callee: string, name: string, result: unknown): unknown {
  if (result !== undefined) return result;
  throw new TypeError(`${callee}(): ${name} must return a value, not undefined`);
}

interface WhileArguments {
  cond_fn: AnyFunction;
  body_fn: AnyFunction;
  carried_inputs: readonly unknown[];
}
const WHILE_LOOP = signature<WhileArguments>(
  'while_loop',
  'cond_fn: Callable, body_fn: Callable, carried_inputs: any[]',
);

/** Whether the loop goes on: a boolean, or a tensor that holds one. */
function goes_on(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  if (is_tensor(answer) && answer.numel() === 1) return Boolean(answer.item());
  throw new Error(
    `while_loop(): cond_fn must return a boolean or a tensor with one element, not ${is_tensor(answer) ? `a tensor of shape [${answer.shape.join(', ')}]` : kind_of(answer)}`,
  );
}

const tensors_in = (value: unknown): Tensor[] => tree_leaves(value).filter(is_tensor) as Tensor[];

/**
 * Calls `body_fn` with what it returned the time before, as long as `cond_fn` is true for that. Mirrors `torch.while_loop`.
 *
 * Within `torch.export.export` the loop becomes a part of the program: it carries tensors, `cond_fn` returns one, each function
 * runs once and changes no tensor from outside.
 *
 * @param cond_fn - a synchronous function that returns a boolean, or a tensor with one
 * @param body_fn - a synchronous function that returns as many values as it takes
 * @param carried_inputs - the arguments of the first calls: tensors and integers, also nested in arrays and plain objects
 * @returns what `body_fn` returned last; the inputs where it was never called
 * @throws Error for inputs that hold something else than tensors and integers, for another number of results, and for results of
 * other sizes or dtypes
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const [i, x] = torch.while_loop(
 *   (i: torch.Tensor) => i.lt(3),
 *   (i: torch.Tensor, x: torch.Tensor) => [i.add(1), x.mul(2)],
 *   [torch.tensor(0), torch.ones(2)],
 * );
 * print(i, x);
 * ```
 * ```python
 * i, x = torch.tensor(0), torch.ones(2)
 * while i < 3:
 *     i, x = i + 1, x * 2
 * print(i, x)
 * ```
 */
export function while_loop<A extends readonly unknown[]>(
  cond_fn: (...carried: A) => boolean | Tensor,
  body_fn: (...carried: A) => A,
  carried_inputs: A,
): A;
export function while_loop<A extends readonly unknown[]>(options: {
  cond_fn: (...carried: A) => boolean | Tensor;
  body_fn: (...carried: A) => A;
  carried_inputs: A;
}): A;
export function while_loop(...args: unknown[]): unknown {
  const { cond_fn, body_fn, carried_inputs } = WHILE_LOOP.read(args);
  if (!tree_leaves(carried_inputs).every(is_tensor_or_integer)) {
    throw new Error(
      'Expect carried_inputs to be a tuple of possibly nested dict/list/tuple that only consists of tensor or int leaves, but got ' +
        `${python_repr(carried_inputs)}.`,
    );
  }
  const tracer = current_tracer();
  if (tracer !== null) return traced_while_loop(tracer, cond_fn, body_fn, carried_inputs);
  let carried = carried_inputs;
  while (goes_on(call_synchronously('while_loop', cond_fn, ...carried))) {
    const next = call_synchronously('while_loop', body_fn, ...carried);
    if (!Array.isArray(next) || next.length !== carried.length) {
      throw new Error(
        `while_loop(): body_fn must return as many values as it takes, ${carried.length}, not ` +
          (Array.isArray(next) ? String(next.length) : kind_of(next)),
      );
    }
    check_same_metadata(['body_fn_output', 'carried_inputs'], tensors_in(next), tensors_in(carried));
    carried = next;
  }
  return carried;
}

/** Several results of one structure, stacked leaf by leaf. */
function stacked(trees: readonly unknown[], dim = 0): unknown {
  const flat = trees.map((tree) => tree_flatten(tree));
  const spec = flat[0]![1];
  const leaves = flat[0]![0].map((_, i) =>
    stack(
      flat.map(([each]) => each[i] as Tensor),
      dim,
    ),
  );
  return tree_unflatten(leaves, spec);
}

/** The leaves of what is walked along a dimension, and how long it is. @throws Error for leaves that cannot be */
function slices_of(
  callee: string,
  xs: unknown,
  dim: number,
): { length: number; at(index: number): unknown; leaves: Tensor[]; spec: TreeSpec } {
  const [leaves, spec] = tree_flatten(xs);
  const tensors = leaves.map((leaf) => {
    if (is_tensor(leaf)) return leaf;
    throw new Error(`${callee}(): all xs leaves must be a Tensor but got ${text_or_kind(leaf)}`);
  });
  const sizes = new Set(tensors.map((tensor) => (tensor.dim() > dim ? tensor.size(dim) : 0)));
  if (sizes.has(0)) {
    throw new Error("All xs leaves must at least have 'dim' number of dimensions and scan dimension > 0");
  }
  if (sizes.size > 1) throw new Error(`${callee}(): all xs leaves must have the same size in dimension ${dim}`);
  return {
    length: [...sizes][0] ?? 0,
    at: (index) =>
      tree_unflatten(
        tensors.map((tensor) => tensor.select(dim, index)),
        spec,
      ),
    leaves: tensors,
    spec,
  };
}

const MAP = signature<{ f: AnyFunction; xs: unknown; args: unknown[] }>('map', 'f: Callable, xs: any, *args: any');

/**
 * Calls a function with each slice along the first dimension, and stacks the results. Mirrors `torch._higher_order_ops.map`.
 *
 * @param f - a synchronous function of a slice and `args`; it returns tensors, also nested in arrays and plain objects
 * @param xs - a tensor, or several in arrays and plain objects
 * @param args - other arguments of each call
 * @returns the stacked results
 * @throws Error for leaves that are not tensors, or have no elements
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.arange(6).reshape(3, 2);
 * print(torch._higher_order_ops.map((row: torch.Tensor, y: torch.Tensor) => row.add(y), x, torch.tensor(10)));
 * ```
 * ```python
 * x = torch.arange(6).reshape(3, 2)
 * print(torch.stack([row + torch.tensor(10) for row in x]))
 * ```
 */
export function map<X, A extends unknown[], R>(f: (x: X, ...args: A) => R, xs: X, ...args: A): R;
export function map(...given: unknown[]): unknown {
  const { f, xs, args } = MAP.read(given);
  const shapes = tensors_in(xs).map(({ shape }) => shape);
  if (shapes.some(([first]) => first === 0)) throw new Error('Leading dimensions of mapped xs cannot be 0.');
  if (new Set(shapes.map(([first]) => first)).size > 1) {
    const texts = shapes.map((sizes) => `torch.Size([${sizes.join(', ')}])`);
    throw new Error(`Leading dimensions of mapped xs must be consistent. Got shapes [${texts.join(', ')}].`);
  }
  const slices = slices_of('map', xs, 0);
  if (slices.length === 0) throw new Error('map(): xs must hold a tensor');
  const tracer = current_tracer();
  if (tracer !== null) return traced_map(tracer, f, xs, args ?? []);
  return stacked(
    Array.from({ length: slices.length }, (_, i) =>
      refuse_nothing('map', 'f', call_synchronously('map', f, slices.at(i), ...(args ?? []))),
    ),
  );
}

interface ScanArguments {
  combine_fn: AnyFunction;
  init: unknown;
  xs: unknown;
  dim?: number;
  reverse?: boolean;
}
const SCAN = signature<ScanArguments>('scan', 'combine_fn: Callable, init: any, xs: any, *, dim?: int, reverse?: bool');

/** A dimension from the front. @throws RangeError when there is none */
function dimension(dim: number, dims: number): number {
  if (dim >= -dims && dim < dims) return dim < 0 ? dim + dims : dim;
  throw new RangeError(`Dimension out of range (expected to be in range of [${-dims}, ${dims - 1}], but got ${dim})`);
}

/**
 * Goes through slices of tensors with a state: `combine_fn(state, slice)` returns the next state and a result. Mirrors
 * `torch._higher_order_ops.scan`.
 *
 * @param combine_fn - a synchronous function that returns `[state, result]`, each tensors, also nested in arrays and plain objects
 * @param init - the first state
 * @param xs - a tensor, or several in arrays and plain objects
 * @param options - `dim`: the dimension to go along, default 0; `reverse`: begin with the last slice, default false
 * @returns the last state, and the results stacked along `dim`
 * @throws Error for leaves that are not tensors, or have no elements
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const add = (sum: torch.Tensor, x: torch.Tensor): [torch.Tensor, torch.Tensor] => [sum.add(x), sum.add(x)];
 * const [last, sums] = torch._higher_order_ops.scan(add, torch.tensor(0), torch.tensor([1, 2, 3]));
 * print(last, sums);
 * ```
 * ```python
 * print(torch.tensor(6), torch.cumsum(torch.tensor([1, 2, 3]), 0))
 * ```
 */
export function scan<S, X, Y>(
  combine_fn: (state: S, x: X) => readonly [S, Y],
  init: S,
  xs: X,
  options?: { dim?: number; reverse?: boolean },
): [S, Y];
export function scan<S, X, Y>(options: {
  combine_fn: (state: S, x: X) => readonly [S, Y];
  init: S;
  xs: X;
  dim?: number;
  reverse?: boolean;
}): [S, Y];
export function scan(...args: unknown[]): unknown {
  const { combine_fn, init, xs, dim = 0, reverse = false } = SCAN.read(args);
  const [leaves] = tree_flatten(xs);
  if (leaves.length === 0) return [init, []];
  const states = tree_leaves(init);
  if (states.length === 0) throw new Error('scan() operator requires init leaves.');
  for (const leaf of states) {
    if (!is_tensor(leaf)) throw new Error(`All init leaves must be a Tensor but got ${text_or_kind(leaf)}`);
  }
  const along = dimension(dim, is_tensor(leaves[0]) ? leaves[0].dim() : 0);
  const slices = slices_of('scan', xs, along);
  const combine = (state: unknown, slice: unknown): readonly [unknown, unknown] => {
    const answer = call_synchronously('scan', combine_fn, state, slice);
    if (!Array.isArray(answer) || answer.length !== 2) {
      throw new Error(`scan(): combine_fn must return a state and a result, not ${text_or_kind(answer)}`);
    }
    return answer as [unknown, unknown];
  };
  const tracer = current_tracer();
  if (tracer !== null) {
    const walked = (leaf: Tensor): Tensor => {
      const moved = along === 0 ? leaf : leaf.movedim(along, 0);
      return reverse ? moved.flip(0) : moved;
    };
    const [last, results] = traced_scan(tracer, combine, init, tree_map(walked, xs));
    const back = (leaf: Tensor): Tensor => {
      const turned = reverse ? leaf.flip(0) : leaf;
      return along !== 0 && along < leaf.dim() ? turned.movedim(0, along) : turned;
    };
    return [last, tree_map(back, results)];
  }
  const order = [...Array(slices.length).keys()];
  if (reverse) order.reverse();
  const results: unknown[] = [];
  let state = init;
  for (const index of order) {
    [state, results[index]] = combine(state, slices.at(index));
    check_same_metadata(['init', 'carry'], states as Tensor[], tensors_in(state));
    refuse_nothing('scan', 'combine_fn', results[index]);
  }
  const out = tree_map(
    (leaf: Tensor) => (along !== 0 && along < leaf.dim() ? leaf.movedim(0, along) : leaf),
    stacked(results),
  );
  return [state, out];
}

interface AssociativeArguments {
  combine_fn: AnyFunction;
  xs: unknown;
  dim: number;
  reverse?: boolean;
  combine_mode?: string;
}
const ASSOCIATIVE_SCAN = signature<AssociativeArguments>(
  'associative_scan',
  'combine_fn: Callable, xs: any, dim: int, reverse?: bool, combine_mode?: str',
);

type Combine = (a: readonly Tensor[], b: readonly Tensor[]) => Tensor[];

/** Every second slice along the first dimension. */
const every_second = (leaves: readonly Tensor[], from: number, to: number): Tensor[] =>
  leaves.map((leaf) => leaf.index(slice(from, to, 2)));

/** `a[0], b[0], a[1], b[1], ...` along the first dimension; `a` may have one more. */
function by_turns(a: Tensor, b: Tensor): Tensor {
  const [longer, pairs] = [a.size(0), b.size(0)];
  const mixed = stack([a.narrow(0, 0, pairs), b], 1).flatten(0, 1);
  return longer > pairs ? cat([mixed, a.narrow(0, pairs, longer - pairs)], 0) : mixed;
}

/** Prefixes of slices along the first dimension: of pairs first, from which those between follow. */
function prefixes(combine: Combine, leaves: readonly Tensor[]): Tensor[] {
  const length = leaves[0]!.size(0);
  if (length < 2) return [...leaves];
  const pairs = combine(every_second(leaves, 0, length - 1), every_second(leaves, 1, length));
  const odd = prefixes(combine, pairs);
  const before = length % 2 === 0 ? odd.map((leaf) => leaf.narrow(0, 0, leaf.size(0) - 1)) : odd;
  const between = before[0]!.size(0) > 0 ? combine(before, every_second(leaves, 2, length)) : null;
  return leaves.map((leaf, i) => {
    const first = leaf.narrow(0, 0, 1);
    return by_turns(between === null ? first : cat([first, between[i]!], 0), odd[i]!);
  });
}

/**
 * All prefixes of slices along a dimension, combined by an associative function. Mirrors
 * `torch._higher_order_ops.associative_scan`.
 *
 * @param combine_fn - a synchronous function of two slices that returns one; with `'generic'` it is called under `torch.vmap`
 * @param xs - a tensor, or several in arrays and plain objects, which the function takes
 * @param dim - the dimension
 * @param reverse - begin with the last slice; default false
 * @param combine_mode - `'pointwise'` (the default), for CUDA tensors, or `'generic'`
 * @returns what has the structure and the shapes of `xs`
 * @throws Error for leaves that are not tensors or have no elements, and for `'pointwise'` elsewhere
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.tensor([1, 2, 3, 4]);
 * const options = { dim: 0, combine_mode: 'generic' } as const;
 * print(torch._higher_order_ops.associative_scan((a: torch.Tensor, b: torch.Tensor) => a.mul(b), x, options));
 * ```
 * ```python
 * from torch._higher_order_ops import associative_scan
 * print(associative_scan(lambda a, b: a * b, torch.tensor([1, 2, 3, 4]), dim=0, combine_mode='generic'))
 * ```
 */
export function associative_scan<X>(
  combine_fn: (a: X, b: X) => X,
  xs: X,
  dim: number,
  reverse?: boolean,
  combine_mode?: 'pointwise' | 'generic',
): X;
export function associative_scan<X>(
  combine_fn: (a: X, b: X) => X,
  xs: X,
  options: { dim: number; reverse?: boolean; combine_mode?: 'pointwise' | 'generic' },
): X;
export function associative_scan(...args: unknown[]): unknown {
  const { combine_fn, xs, dim, reverse = false, combine_mode = 'pointwise' } = ASSOCIATIVE_SCAN.read(args);
  if (combine_mode !== 'pointwise' && combine_mode !== 'generic') {
    throw new Error(`Combine_mode must either 'pointwise' or 'generic', but got ${combine_mode}`);
  }
  const [leaves] = tree_flatten(xs);
  if (leaves.length === 0) throw new Error('Expected at least 1 xs leaf');
  if (!leaves.every(is_tensor)) throw new Error('xs leaves must be a Tensor');
  const tensors = leaves as Tensor[];
  const along = dimension(dim, tensors[0]!.dim());
  const { spec } = slices_of('associative_scan', xs, along);
  if (combine_mode === 'pointwise' && !tensors.every(({ is_cuda, device }) => is_cuda || device.type === 'xpu')) {
    throw new Error("For combine_mode='pointwise', all input tensors need to be on CUDA or XPU");
  }
  const each = vmap((a: unknown, b: unknown) => call_synchronously('associative_scan', combine_fn, a, b));
  const combine: Combine = (a, b) =>
    tree_leaves(each(tree_unflatten(a, spec) as never, tree_unflatten(b, spec) as never)) as Tensor[];
  const first = tensors.map((leaf) => {
    const moved = leaf.movedim(along, 0);
    return reverse ? moved.flip(0) : moved;
  });
  const done = prefixes(combine, first).map((leaf) => (reverse ? leaf.flip(0) : leaf).movedim(0, along));
  return tree_unflatten(done, spec);
}
