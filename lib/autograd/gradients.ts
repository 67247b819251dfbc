/** Gradients of tensors: `torch.autograd.grad` and `torch.autograd.backward`. */
import { vmap } from '../func/vmap.js';
import { zeros_like } from '../generated/functions.js';
import { in_pass } from '../_C/after_backward.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { warn } from '../_internal/warnings.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor } from '../_tensor.js';
import { GradientEdge, place_of } from './gradient_edge.js';
import { wrap } from '../_C/tensor_base.js';
import { call_in_mode } from '../_internal/callbacks.js';
import { pass_for_inputs } from '../_C/modes.js';
import { signature } from '../_internal/signature.js';

type End = Tensor | GradientEdge;
type Tensors = End | Iterable<End>;
type NamedTensors = Readonly<Record<string, Tensor>>;
type Cotangents = Tensor | Iterable<Tensor | null> | null;

const is_end = (value: unknown): value is End => value instanceof Tensor || value instanceof GradientEdge;

/** The elements of an argument: one, those of a list, or the values of an object. @throws TypeError for another element */
function elements_of<T>(callee: string, name: string, given: unknown, fits: (value: unknown) => value is T): T[] {
  if (given === null || given === undefined) return [];
  const list = is_end(given)
    ? [given]
    : is_plain_object(given)
      ? Object.values(given)
      : [...(given as Iterable<unknown>)];
  return list.map((element, i) => {
    if (fits(element)) return element;
    throw new TypeError(
      `${callee}(): argument '${name}' must be Tensor or list of Tensors, but found element of type ${kind_of(element)} at pos ${i}`,
    );
  });
}

/** The tensors and edges of an argument. */
const ends_of = (callee: string, name: string, given: unknown): End[] => elements_of(callee, name, given, is_end);

/** The tensors of an argument, and null where there is none. */
const tensors_or_null = (callee: string, name: string, given: unknown): (Tensor | null)[] =>
  elements_of(callee, name, given, (value) => value === null || value instanceof Tensor);

const handles = (tensors: readonly (Tensor | null)[]): number[] =>
  tensors.map((tensor) => (tensor === null ? -1 : tensor._h));

/** All of a list when it holds tensors alone, which libtorch takes as they are; undefined where one is an edge. */
function all_tensors(ends: readonly End[]): Tensor[] | undefined {
  return ends.every((end) => end instanceof Tensor) ? (ends as Tensor[]) : undefined;
}

/** The options of {@link grad}. */
export interface GradOptions {
  /** The vector of the vector-Jacobian product: a tensor per output, of its shape. Default null: ones, for scalars. */
  grad_outputs?: Cotangents;
  /** Keep the graph for another backward pass. Default null: `create_graph`. */
  retain_graph?: boolean | null;
  /** Record the computation of the gradients, for higher derivatives. Default false. */
  create_graph?: boolean;
  /** Has no effect; false gives a warning. Default true. */
  only_inputs?: boolean;
  /** Allow inputs that the outputs do not depend on, whose gradients are null. Default null: `materialize_grads`. */
  allow_unused?: boolean | null;
  /** `grad_outputs` has an additional first dimension, over which gradients are computed in a batch. Default false. */
  is_grads_batched?: boolean;
  /** Return zeros instead of null for inputs without a gradient. Default false. */
  materialize_grads?: boolean;
}

type GradArguments = [
  grad_outputs: Cotangents,
  retain_graph: boolean | null,
  create_graph: boolean,
  only_inputs: boolean,
  allow_unused: boolean | null,
  is_grads_batched: boolean,
  materialize_grads: boolean,
];

const GRAD = signature<GradOptions & { outputs: Tensors; inputs: Tensors | NamedTensors }>(
  'grad',
  'outputs: Tensor|Iterable, inputs: Tensor|Iterable|dict, grad_outputs?: Tensor|Iterable|None, retain_graph?: bool|None, ' +
    'create_graph?: bool, only_inputs?: bool, allow_unused?: bool|None, is_grads_batched?: bool, materialize_grads?: bool',
);

/**
 * The gradients of outputs with respect to inputs, without accumulating into `.grad`. Mirrors `torch.autograd.grad`.
 *
 * For inputs in an object, such as `Object.fromEntries(model.named_parameters())`, the gradients are returned in an
 * object with the same names.
 *
 * @param outputs - a tensor or several
 * @param inputs - a tensor, several, or an object of tensors
 * @param options - `grad_outputs`, `retain_graph`, `create_graph`, `only_inputs`, `allow_unused`, `is_grads_batched`,
 * `materialize_grads`; see {@link GradOptions}
 * @returns a gradient per input, of its shape
 * @throws Error when there is no graph, a nonscalar output has no `grad_outputs`, or an input is unused
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * const y = torch.tensor([2.5, 3.5], { requires_grad: true });
 * const [dx, dy] = torch.autograd.grad(x.mul(y).sum(), [x, y]);
 * print(dx, dy);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * y = torch.tensor([2.5, 3.5], requires_grad=True)
 * dx, dy = torch.autograd.grad(x.mul(y).sum(), [x, y])
 * print(dx, dy)
 * ```
 */
export function grad(
  outputs: Tensors,
  inputs: Tensors,
  options: GradOptions & { allow_unused: true; materialize_grads?: false },
): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, ...args: Tail<GradArguments, GradOptions>): Tensor[];
export function grad<K extends string>(
  outputs: Tensors,
  inputs: Readonly<Record<K, Tensor>>,
  ...args: Tail<GradArguments, GradOptions>
): Record<K, Tensor>;
export function grad(outputs: Tensors, options: GradOptions & { inputs: Tensors }): Tensor[];
export function grad(options: GradOptions & { outputs: Tensors; inputs: Tensors }): Tensor[];
export function grad(...args: unknown[]): (Tensor | null)[] | Record<string, Tensor | null> {
  const options = GRAD.read(args);
  const { inputs, retain_graph, create_graph = false, only_inputs = true, materialize_grads = false } = options;
  if (materialize_grads && options.allow_unused === false) {
    throw new Error(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const [outputs, targets] = [ends_of('grad', 'outputs', options.outputs), ends_of('grad', 'inputs', inputs)];
  if (targets.length === 0) throw new Error('`inputs` argument to `grad()` cannot be empty.');
  if (!only_inputs) {
    warn(
      'only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for other parts of the ' +
        'graph, please use torch.autograd.backward.',
      'FutureWarning',
    );
  }
  const pass = gradient_pass(outputs, targets, retain_graph, create_graph, options.allow_unused ?? materialize_grads);
  const once = (cotangents: readonly (Tensor | null)[]): (Tensor | null)[] => {
    const found = in_pass(() => call_in_mode(pass_for_inputs, () => pass(handles(cotangents)))).map(wrap);
    if (!materialize_grads) return found;
    return found.map((gradient, i) => gradient ?? zeros_for(targets[i]!, create_graph));
  };
  const cotangents = tensors_or_null('grad', 'grad_outputs', options.grad_outputs);
  const found = options.is_grads_batched ? batched_gradients(once, cotangents) : once(cotangents);
  if (!is_plain_object(inputs)) return found;
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, found[i]!]));
}

/** What computes gradients from those of the outputs. */
function gradient_pass(
  outputs: readonly End[],
  inputs: readonly End[],
  retain_graph: boolean | null | undefined,
  create_graph: boolean,
  allow_unused: boolean,
): (cotangents: number[]) => number[] {
  const retain = retain_graph ?? undefined;
  const [from, to] = [all_tensors(outputs), all_tensors(inputs)];
  if (from !== undefined && to !== undefined) {
    const [roots, targets] = [handles(from), handles(to)];
    return (cotangents) => native.gradients(roots, targets, cotangents, retain, create_graph, allow_unused);
  }
  const [roots, targets] = [outputs.map(place_of), inputs.map(place_of)];
  return (cotangents) =>
    native.gradients_of_edges(roots, cotangents, retain, create_graph, targets, false, allow_unused);
}

/** Zeros where an input has no gradient. @throws Error for an edge, whose tensor is not known */
function zeros_for(target: End, requires_grad: boolean): Tensor {
  if (target instanceof Tensor) return zeros_like(target, { requires_grad });
  throw new Error('materialize_grads cannot be used when the given input is a GradientEdge');
}

/** A batch of the gradients that there are; what has none has none for the whole batch. */
function batched_gradients(
  once: (cotangents: readonly (Tensor | null)[]) => (Tensor | null)[],
  cotangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
  let present: boolean[] = [];
  const batched = vmap(
    (list: (Tensor | null)[]) => {
      const found = once(list);
      present = found.map((gradient) => gradient !== null);
      return found.filter((gradient) => gradient !== null);
    },
    { in_dims: [cotangents.map((cotangent) => (cotangent === null ? null : 0))] },
  )([...cotangents]);
  return present.map((there) => (there ? batched.shift()! : null));
}

/** The options of {@link backward}. */
export interface BackwardAllOptions {
  /** The vector of the vector-Jacobian product: a tensor per tensor, of its shape. Default null: ones, for scalars. */
  grad_tensors?: Cotangents;
  /** Keep the graph for another backward pass. Default null: `create_graph`. */
  retain_graph?: boolean | null;
  /** Record the computation of the gradients, for higher derivatives. Default false. */
  create_graph?: boolean;
  /** Deprecated name of `grad_tensors`. */
  grad_variables?: Cotangents;
  /** The leaves to accumulate gradients into. Default null: all leaves of the graph. */
  inputs?: Tensors | NamedTensors | null;
}

type BackwardArguments = [
  grad_tensors: Cotangents,
  retain_graph: boolean | null,
  create_graph: boolean,
  grad_variables: Cotangents,
  inputs: Tensors | NamedTensors | null,
];

const BACKWARD = signature<BackwardAllOptions & { tensors: Tensors }>(
  'backward',
  'tensors: Tensor|Iterable, grad_tensors?: Tensor|Iterable|None, retain_graph?: bool|None, create_graph?: bool, ' +
    'grad_variables?: Tensor|Iterable|None, inputs?: Tensor|Iterable|dict|None',
);

/**
 * Accumulates the gradients of tensors into the leaves of their graphs. Mirrors `torch.autograd.backward`.
 *
 * @param tensors - a tensor or several
 * @param options - `grad_tensors`, `retain_graph`, `create_graph`, `inputs`; see {@link BackwardAllOptions}
 * @throws Error when there is no graph, a nonscalar tensor has no `grad_tensors`, or `inputs` is empty
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * torch.autograd.backward([x.square().sum(), x.sum()]);
 * print(x.grad);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * torch.autograd.backward([x.square().sum(), x.sum()])
 * print(x.grad)
 * ```
 */
export function backward(
  tensors: Tensors,
  grad_tensors?: Cotangents,
  retain_graph?: boolean | null,
  create_graph?: boolean,
  grad_variables?: Cotangents,
  inputs?: Tensors | NamedTensors | null,
  options?: BackwardAllOptions,
): void;
export function backward(tensors: Tensors, ...args: Tail<BackwardArguments, BackwardAllOptions>): void;
export function backward(options: BackwardAllOptions & { tensors: Tensors }): void;
export function backward(...args: unknown[]): void {
  const {
    tensors,
    grad_tensors = null,
    retain_graph,
    create_graph = false,
    grad_variables = null,
    inputs = null,
  } = BACKWARD.read(args);
  if (grad_variables !== null) {
    warn('`grad_variables` is deprecated. Use `grad_tensors` instead.', 'FutureWarning');
    if (grad_tensors !== null) {
      throw new Error(
        '`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only use `grad_tensors`.',
      );
    }
  }
  const targets = ends_of('backward', 'inputs', inputs);
  if (inputs !== null && targets.length === 0) throw new Error('`inputs` argument to `backward()` cannot be empty.');
  const run = (): void => {
    const roots = ends_of('backward', 'tensors', tensors);
    const gradients = handles(tensors_or_null('backward', 'grad_tensors', grad_tensors ?? grad_variables));
    const retain = retain_graph ?? undefined;
    const [from, to] = [all_tensors(roots), all_tensors(targets)];
    if (from !== undefined && to !== undefined) {
      native.backward(handles(from), gradients, retain, create_graph, handles(to));
      return;
    }
    native.gradients_of_edges(roots.map(place_of), gradients, retain, create_graph, targets.map(place_of), true, false);
  };
  if (inputs === null) in_pass(run);
  else in_pass(() => call_in_mode(pass_for_inputs, run));
}
