/** Derivatives of functions: `torch.autograd.functional`. */
import { grad } from './gradients.js';
import { basis_of, columns_of } from '../func/basis.js';
import { jvp as forward_product } from '../func/forward.js';
import { grad as gradient_of } from '../func/reverse.js';
import { vmap } from '../func/vmap.js';
import { stack, zeros, zeros_like } from '../generated/functions.js';
import { recording } from '../_C/modes.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { call_synchronously, call_in_mode } from '../_internal/callbacks.js';
import { signature } from '../_internal/signature.js';

type Many = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** The options that the functions of `torch.autograd.functional` share. */
export interface DerivativeOptions {
  /** Record the computation, for higher derivatives. Default false. */
  create_graph?: boolean;
  /** Throw when an output does not depend on an input, instead of returning zeros. Default false. */
  strict?: boolean;
}

/** Backward or forward passes. */
export type Strategy = 'reverse-mode' | 'forward-mode';

/** The options of {@link jacobian}. */
export interface JacobianOptions extends DerivativeOptions {
  /** Compute all rows in one batched pass (see `torch.vmap`); not with `strict`. Default false. */
  vectorize?: boolean;
  /**
   * `'reverse-mode'` (the default), or `'forward-mode'`, which is cheaper for fewer inputs than outputs and requires
   * `vectorize`.
   */
  strategy?: Strategy;
}

/** The options of {@link hessian}. */
export interface HessianOptions extends DerivativeOptions {
  /** As in {@link jacobian}. */
  vectorize?: boolean;
  /** Strategy for differentiating the gradient. Default `'reverse-mode'`. */
  outer_jacobian_strategy?: Strategy;
}

interface Given {
  func: Many;
  inputs: Tensor | readonly Tensor[];
}

interface GivenVector extends Given, DerivativeOptions {
  v?: Vector;
}

const with_vector = (callee: string) =>
  signature<GivenVector>(callee, 'func: Callable, inputs: any, v?: any, create_graph?: bool, strict?: bool');

const JACOBIAN = signature<Given & JacobianOptions>(
  'jacobian',
  'func: Callable, inputs: any, create_graph?: bool, strict?: bool, vectorize?: bool, strategy?: str',
);
const HESSIAN = signature<Given & HessianOptions>(
  'hessian',
  'func: Callable, inputs: any, create_graph?: bool, strict?: bool, vectorize?: bool, outer_jacobian_strategy?: str',
);
const VJP = with_vector('vjp');
const JVP = with_vector('jvp');
const VHP = with_vector('vhp');
const HVP = with_vector('hvp');

type Settled = Required<DerivativeOptions>;

function tensors_of(callee: string, argument: string, value: unknown): Tensor[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (item instanceof Tensor) return item;
    throw new TypeError(
      `The ${argument} given to ${callee} must be either a Tensor or a tuple of Tensors but the value has type ${kind_of(item)}.`,
    );
  });
}

/** Inputs that gradients can be taken with respect to, and nothing before them. */
function fresh_inputs(inputs: readonly Tensor[], create_graph: boolean): Tensor[] {
  return inputs.map((input) => {
    if (create_graph && input.requires_grad) return input.view_as(input);
    return input.detach().requires_grad_();
  });
}

function finished(tensor: Tensor, create_graph: boolean): Tensor {
  return create_graph ? tensor : tensor.detach();
}

/** Gradients, where those that do not exist are zeros (an Error when `strict`). */
function gradients(
  callee: string,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  grad_outputs: readonly Tensor[] | null,
  { create_graph, strict }: Settled,
): Tensor[] {
  const kept = outputs
    .map((output, i) => [output, grad_outputs?.[i]] as const)
    .filter(([output]) => output.requires_grad);
  const found =
    kept.length === 0
      ? inputs.map(() => null)
      : grad(
          kept.map(([output]) => output),
          inputs,
          {
            allow_unused: true,
            create_graph,
            retain_graph: true,
            grad_outputs: grad_outputs === null ? null : kept.map(([, cotangent]) => cotangent!),
          },
        );
  return found.map((gradient, i) => {
    if (gradient) return gradient;
    if (strict)
      throw new Error(
        `${callee}: Output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
      );
    return zeros_like(inputs[i]!);
  });
}

function resolve_options({ create_graph = false, strict = false }: DerivativeOptions): Settled {
  return { create_graph, strict };
}

/** The Jacobian of one output with respect to each input: of shape [...output, ...input]. */
function jacobian_of(output: Tensor, inputs: readonly Tensor[], options: Settled): Tensor[] {
  const flat = output.reshape(-1);
  const rows = Array.from({ length: flat.size(0) }, (_, i) =>
    gradients('jacobian', [flat.index(i)], inputs, null, options),
  );
  return inputs.map((input, i) => {
    const shape = [...output.shape, ...input.shape];
    const { dtype, device } = input;
    return rows.length === 0 ? zeros(shape, { dtype, device }) : stack(rows.map((row) => row[i]!)).view(shape);
  });
}

/** Several Jacobians, nested as Python nests them: a list only where the function was given, or gave, one. */
function nested(matrices: Tensor[][], inputs: unknown, outputs: unknown): unknown {
  const rows = matrices.map((row) => (inputs instanceof Tensor ? row[0] : row));
  return outputs instanceof Tensor ? rows[0] : rows;
}

/** All rows at once: `[output][input]`. */
function vectorized(outputs: readonly Tensor[], given: readonly Tensor[], { create_graph }: Settled): Tensor[][] {
  const flat = outputs.map((output) => output.reshape(-1));
  const basis = basis_of(flat);
  const kept = flat.map((_, i) => i).filter((i) => flat[i]!.requires_grad);
  const rows =
    kept.length === 0
      ? given.map(() => null)
      : grad(
          kept.map((i) => flat[i]!),
          given,
          {
            grad_outputs: kept.map((i) => basis[i]!),
            retain_graph: true,
            create_graph,
            allow_unused: true,
            is_grads_batched: true,
          },
        );
  const total = flat.reduce((sum, output) => sum + output.numel(), 0);
  const whole = given.map((input, i) => rows[i] ?? zeros_like(input).expand([total, ...input.shape]));
  return columns_of(outputs, whole, (part, output, i) => part.view([...output.shape, ...given[i]!.shape]));
}

/** All columns at once, by tangents. */
function by_tangents(
  callee: string,
  func: Many,
  inputs: Tensor | readonly Tensor[],
  { strict }: Settled,
  vectorize: boolean,
): unknown {
  if (strict) {
    throw new Error(
      'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not supported together (yet). ' +
        'Please either set `strict=False` or `strategy="reverse-mode"`.',
    );
  }
  if (!vectorize) {
    throw new Error(
      'Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented for `vectorize=True`.',
    );
  }
  const given = tensors_of(callee, 'inputs', inputs);
  let single: unknown;
  let shapes: readonly (readonly number[])[] = [];
  const columns = vmap((tangents: Tensor[]) => {
    const [, moved] = forward_product(
      (...inner: Tensor[]) => {
        const result = call_synchronously(callee, func, ...inner);
        const outputs = tensors_of(callee, 'outputs', result);
        single = result;
        shapes = outputs.map(({ shape }) => [...shape]);
        return [...outputs];
      },
      given,
      tangents,
    );
    return moved;
  })(basis_of(given));
  const matrices = columns.map((column, k) =>
    columns_of(given, [column], (part, input) =>
      part.movedim(0, -1).reshape([...(shapes[k] as number[]), ...input.shape]),
    ).map(([part]) => part!),
  );
  return nested(matrices, inputs, single);
}

const NO_STRATEGY = 'Expected strategy to be either "forward-mode" or "reverse-mode".';

function jacobian_for(
  callee: string,
  func: Many,
  inputs: Tensor | readonly Tensor[],
  how: Settled,
  vectorize: boolean,
  strategy: string,
): unknown {
  if (strategy !== 'forward-mode' && strategy !== 'reverse-mode') {
    throw new Error(
      `${NO_STRATEGY} Hint: If your function has more outputs than inputs, "forward-mode" tends to be more performant. ` +
        'Otherwise, prefer to use "reverse-mode".',
    );
  }
  if (strategy === 'forward-mode') {
    if (how.create_graph) {
      throw new Error(
        'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` are not supported together ' +
          '(yet). Please either set `create_graph=False` or `strategy="reverse-mode"`.',
      );
    }
    return by_tangents(callee, func, inputs, how, vectorize);
  }
  return call_in_mode(recording, () => {
    const given = fresh_inputs(tensors_of(callee, 'inputs', inputs), how.create_graph);
    const result = call_synchronously(callee, func, ...given);
    const outputs = tensors_of(callee, 'outputs of the user-provided function', result);
    if (vectorize && how.strict) {
      throw new Error(
        'torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together. Please either ' +
          'set `strict=False` or `vectorize=False`.',
      );
    }
    const matrices = vectorize
      ? vectorized(outputs, given, how)
      : outputs.map((output) => jacobian_of(output, given, how));
    return nested(
      matrices.map((row) => row.map((matrix) => finished(matrix, how.create_graph))),
      inputs,
      result,
    );
  });
}

type JacobianArguments = [create_graph: boolean, strict: boolean, vectorize: boolean, strategy: Strategy];

/**
 * The Jacobian of a function: the matrix of all first derivatives. Mirrors `torch.autograd.functional.jacobian`.
 *
 * @param func - a function of tensors
 * @param inputs - a tensor or an array of tensors
 * @param create_graph - record the computation; default false
 * @param strict - throw when an output does not depend on an input; default false
 * @param vectorize - compute all rows in one batched pass; default false
 * @param strategy - `'reverse-mode'` (the default) or `'forward-mode'`, which requires `vectorize`
 * @returns a tensor of shape [...output, ...input]; an array per several inputs, and an array of these per several
 * outputs
 * @throws TypeError unless inputs and outputs are tensors
 * @throws Error for options that exclude each other
 * @example
 * ```ts
 * print(torch.autograd.functional.jacobian((x) => x.square(), torch.tensor([0.5, 1.5])));
 * ```
 * ```python
 * print(torch.autograd.functional.jacobian(lambda x: x.square(), torch.tensor([0.5, 1.5])))
 * ```
 */
export function jacobian(
  func: (input: Tensor) => Tensor,
  inputs: Tensor,
  create_graph?: boolean,
  strict?: boolean,
  vectorize?: boolean,
  strategy?: Strategy,
  options?: JacobianOptions,
): Tensor;
export function jacobian(
  func: (input: Tensor) => Tensor,
  inputs: Tensor,
  ...options: Tail<JacobianArguments, JacobianOptions>
): Tensor;
export function jacobian(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  ...options: Tail<JacobianArguments, JacobianOptions>
): Tensor[];
export function jacobian(
  func: Many,
  inputs: Tensor | readonly Tensor[],
  ...options: Tail<JacobianArguments, JacobianOptions>
): Tensor[] | Tensor[][];
export function jacobian(...args: unknown[]): unknown {
  const { func, inputs, vectorize = false, strategy = 'reverse-mode', ...options } = JACOBIAN.read(args);
  return jacobian_for('jacobian', func, inputs, resolve_options(options), vectorize, strategy);
}

function scalar_of(callee: string, value: unknown): Tensor {
  const [output] = tensors_of(callee, 'outputs of the user-provided function', value) as [Tensor];
  if (!(value instanceof Tensor)) throw new Error(`The function given to ${callee} should return a single Tensor`);
  if (output.numel() !== 1)
    throw new Error(`The Tensor returned by the function given to ${callee} should contain a single element`);
  return output.squeeze();
}

type HessianArguments = [create_graph: boolean, strict: boolean, vectorize: boolean, outer_jacobian_strategy: Strategy];

/**
 * The Hessian of a scalar function: the matrix of all second derivatives. Mirrors
 * `torch.autograd.functional.hessian`.
 *
 * @param func - a function of tensors
 * @param inputs - a tensor or an array of tensors
 * @param create_graph - record the computation; default false
 * @param strict - throw when an output does not depend on an input; default false
 * @param vectorize - as in {@link jacobian}
 * @param outer_jacobian_strategy - strategy for differentiating the gradient; default `'reverse-mode'`
 * @returns a tensor of shape [...input, ...input]; an array of arrays for several inputs
 * @throws TypeError unless inputs and outputs are tensors
 * @throws Error when the result has several elements
 * @example
 * ```ts
 * print(torch.autograd.functional.hessian((x) => x.pow(3).sum(), torch.tensor([0.5, 1.5])));
 * ```
 * ```python
 * print(torch.autograd.functional.hessian(lambda x: x.pow(3).sum(), torch.tensor([0.5, 1.5])))
 * ```
 */
export function hessian(
  func: (input: Tensor) => Tensor,
  inputs: Tensor,
  create_graph?: boolean,
  strict?: boolean,
  vectorize?: boolean,
  outer_jacobian_strategy?: Strategy,
  options?: HessianOptions,
): Tensor;
export function hessian(
  func: (input: Tensor) => Tensor,
  inputs: Tensor,
  ...options: Tail<HessianArguments, HessianOptions>
): Tensor;
export function hessian(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  ...options: Tail<HessianArguments, HessianOptions>
): Tensor[][];
export function hessian(...args: unknown[]): unknown {
  const { func, inputs, vectorize = false, outer_jacobian_strategy = 'reverse-mode', ...options } = HESSIAN.read(args);
  const how = resolve_options(options);
  if (outer_jacobian_strategy !== 'forward-mode' && outer_jacobian_strategy !== 'reverse-mode')
    throw new Error(NO_STRATEGY);
  const scalar = (...given: Tensor[]): Tensor => scalar_of('hessian', call_synchronously('hessian', func, ...given));
  const first = (...given: Tensor[]): Tensor[] => {
    // Forward mode wants a gradient in a layer of its own; there is one for each argument that is asked for.
    if (outer_jacobian_strategy === 'forward-mode')
      return gradient_of(
        scalar,
        given.map((_, i) => i),
      )(...given) as Tensor[];
    return gradients('hessian', [scalar(...given)], given, null, { ...how, create_graph: true });
  };
  const list = tensors_of('hessian', 'inputs', inputs);
  // A row for the only result of each gradient, as `first` gives lists.
  const all = jacobian_for('hessian', first, list, how, vectorize, outer_jacobian_strategy) as Tensor[][];
  return inputs instanceof Tensor ? all[0]?.[0] : all;
}

/** What comes before the product: checked `v`, or ones where that has a meaning. */
function vector_for(callee: string, v: unknown, others: readonly Tensor[], what: string): Tensor[] {
  if (v === null || v === undefined) {
    if (others.length !== 1 || others[0]?.numel() !== 1) {
      throw new Error(`The vector v can only be None if ${what} or is a single tensor with a single element.`);
    }
    return others.map((other) => other.new_ones(other.shape));
  }
  const list = tensors_of(callee, 'v', v);
  if (list.length !== others.length)
    throw new Error(`v is a tuple of invalid length: should be ${others.length} but got ${list.length}.`);
  list.forEach((tensor, i) => {
    if (tensor.shape.join() === others[i]?.shape.join()) return;
    const entry = list.length === 1 ? 'v' : `Entry ${i} in v`;
    throw new Error(
      `${entry} has invalid size: should be ${String(others[i]?.shape)} but got ${String(tensor.shape)}.`,
    );
  });
  return list;
}

type Vector = Tensor | readonly Tensor[] | null;
type VectorTail = Tail<[v: Vector, create_graph: boolean, strict: boolean], DerivativeOptions & { v?: Vector }>;
type Product = [outputs: Tensor | Tensor[], product: Tensor | Tensor[]];

function as_given(list: Tensor[], form: unknown, create_graph: boolean): Tensor | Tensor[] {
  const done = list.map((tensor) => finished(tensor, create_graph));
  return form instanceof Tensor ? done[0]! : done;
}

/**
 * The value of a function and the product of a vector with its Jacobian: `v @ J`. Mirrors
 * `torch.autograd.functional.vjp`.
 *
 * @param func - a function of tensors
 * @param inputs - a tensor or an array of tensors
 * @param v - the vector, of the structure of the outputs; default null for a single element
 * @param create_graph - record the computation; default false
 * @param strict - throw when an output does not depend on an input; default false
 * @returns `[output, product]`
 * @throws TypeError unless inputs and outputs are tensors
 * @throws Error when `v` does not fit
 * @example
 * ```ts
 * const [output, product] = torch.autograd.functional.vjp((x) => x.square(), torch.tensor([0.5, 1.5]), torch.ones(2));
 * print(output, product);
 * ```
 * ```python
 * output, product = torch.autograd.functional.vjp(lambda x: x.square(), torch.tensor([0.5, 1.5]), torch.ones(2))
 * print(output, product)
 * ```
 */
export function vjp(
  func: Many,
  inputs: Tensor | readonly Tensor[],
  v?: Vector,
  create_graph?: boolean,
  strict?: boolean,
  options?: DerivativeOptions & { v?: Vector },
): Product;
export function vjp(func: Many, inputs: Tensor | readonly Tensor[], ...options: VectorTail): Product;
export function vjp(...args: unknown[]): Product {
  const { func, inputs, v = null, ...options } = VJP.read(args);
  const how = resolve_options(options);
  return call_in_mode(recording, () => {
    const given = fresh_inputs(tensors_of('vjp', 'inputs', inputs), how.create_graph);
    const result = call_synchronously('vjp', func, ...given);
    const outputs = tensors_of('vjp', 'outputs of the user-provided function', result);
    const vector = vector_for('vjp', v, outputs, 'the user-provided function returns a single Tensor');
    const product = gradients('vjp', outputs, given, vector, how);
    return [as_given(outputs, result, how.create_graph), as_given(product, inputs, how.create_graph)];
  });
}

/**
 * The value of a function and the product of its Jacobian with a vector: `J @ v`, by differentiating backwards twice.
 * Mirrors `torch.autograd.functional.jvp`.
 *
 * @param func - a function of tensors
 * @param inputs - a tensor or an array of tensors
 * @param v - the vector, of the structure of the inputs; default null for a single element
 * @param create_graph - record the computation; default false
 * @param strict - throw when an output does not depend on an input; default false
 * @returns `[output, product]`
 * @throws TypeError unless inputs and outputs are tensors
 * @throws Error when `v` does not fit
 * @example
 * ```ts
 * const [output, product] = torch.autograd.functional.jvp((x) => x.square(), torch.tensor([0.5, 1.5]), torch.ones(2));
 * print(output, product);
 * ```
 * ```python
 * output, product = torch.autograd.functional.jvp(lambda x: x.square(), torch.tensor([0.5, 1.5]), torch.ones(2))
 * print(output, product)
 * ```
 */
export function jvp(
  func: Many,
  inputs: Tensor | readonly Tensor[],
  v?: Vector,
  create_graph?: boolean,
  strict?: boolean,
  options?: DerivativeOptions & { v?: Vector },
): Product;
export function jvp(func: Many, inputs: Tensor | readonly Tensor[], ...options: VectorTail): Product;
export function jvp(...args: unknown[]): Product {
  const { func, inputs, v = null, ...options } = JVP.read(args);
  const how = resolve_options(options);
  return call_in_mode(recording, () => {
    const given = fresh_inputs(tensors_of('jvp', 'inputs', inputs), how.create_graph);
    const vector = vector_for('jvp', v, given, 'the input to the user-provided function is a single Tensor');
    const result = call_synchronously('jvp', func, ...given);
    const outputs = tensors_of('jvp', 'outputs of the user-provided function', result);
    // Linear in the cotangents: its derivative with respect to them is the product.
    const cotangents = outputs.map((output) => zeros_like(output).detach().requires_grad_());
    const pulled = gradients('jvp', outputs, given, cotangents, { create_graph: true, strict: how.strict });
    const product = gradients('jvp', pulled, cotangents, vector, { ...how, strict: false });
    return [as_given(outputs, result, how.create_graph), as_given(product, result, how.create_graph)];
  });
}

/** The value and gradient of a scalar function at inputs that can be differentiated again. */
function value_and_gradient(callee: string, func: Many, given: Tensor[], strict: boolean): [Tensor, Tensor[]] {
  const output = call_synchronously(callee, func, ...given);
  const scalar = scalar_of(callee, output);
  // scalar_of has seen that it is one.
  return [output as Tensor, gradients(callee, [scalar], given, null, { create_graph: true, strict })];
}

/**
 * The value of a scalar function and the product of a vector with its Hessian: `v @ H`. Mirrors
 * `torch.autograd.functional.vhp`.
 *
 * @param func - a function of tensors
 * @param inputs - a tensor or an array of tensors
 * @param v - the vector, of the structure of the inputs; default null for a single element
 * @param create_graph - record the computation; default false
 * @param strict - throw when an output does not depend on an input; default false
 * @returns `[output, product]`
 * @throws TypeError unless inputs and outputs are tensors
 * @throws Error when `v` does not fit
 * @example
 * ```ts
 * const [output, product] = torch.autograd.functional.vhp((x) => x.pow(3).sum(), torch.tensor([0.5, 1.5]), torch.ones(2));
 * print(output, product);
 * ```
 * ```python
 * output, product = torch.autograd.functional.vhp(lambda x: x.pow(3).sum(), torch.tensor([0.5, 1.5]), torch.ones(2))
 * print(output, product)
 * ```
 */
export function vhp(
  func: Many,
  inputs: Tensor | readonly Tensor[],
  v?: Vector,
  create_graph?: boolean,
  strict?: boolean,
  options?: DerivativeOptions & { v?: Vector },
): Product;
export function vhp(func: Many, inputs: Tensor | readonly Tensor[], ...options: VectorTail): Product;
export function vhp(...args: unknown[]): Product {
  const { func, inputs, v = null, ...options } = VHP.read(args);
  const how = resolve_options(options);
  return call_in_mode(recording, () => {
    const given = fresh_inputs(tensors_of('vhp', 'inputs', inputs), how.create_graph);
    const vector = vector_for('vhp', v, given, 'the input to the user-provided function is a single Tensor');
    const [output, first] = value_and_gradient('vhp', func, given, how.strict);
    const product = gradients('vhp', first, given, vector, how);
    return [finished(output, how.create_graph), as_given(product, inputs, how.create_graph)];
  });
}

/**
 * The value of a scalar function and the product of its Hessian with a vector: `H @ v`. {@link vhp} is faster, and
 * equal by symmetry. Mirrors `torch.autograd.functional.hvp`.
 *
 * @param func - a function of tensors
 * @param inputs - a tensor or an array of tensors
 * @param v - the vector, of the structure of the inputs; default null for a single element
 * @param create_graph - record the computation; default false
 * @param strict - throw when an output does not depend on an input; default false
 * @returns `[output, product]`
 * @throws TypeError unless inputs and outputs are tensors
 * @throws Error when `v` does not fit
 * @example
 * ```ts
 * const [output, product] = torch.autograd.functional.hvp((x) => x.pow(3).sum(), torch.tensor([0.5, 1.5]), torch.ones(2));
 * print(output, product);
 * ```
 * ```python
 * output, product = torch.autograd.functional.hvp(lambda x: x.pow(3).sum(), torch.tensor([0.5, 1.5]), torch.ones(2))
 * print(output, product)
 * ```
 */
export function hvp(
  func: Many,
  inputs: Tensor | readonly Tensor[],
  v?: Vector,
  create_graph?: boolean,
  strict?: boolean,
  options?: DerivativeOptions & { v?: Vector },
): Product;
export function hvp(func: Many, inputs: Tensor | readonly Tensor[], ...options: VectorTail): Product;
export function hvp(...args: unknown[]): Product {
  const { func, inputs, v = null, ...options } = HVP.read(args);
  const how = resolve_options(options);
  return call_in_mode(recording, () => {
    const given = fresh_inputs(tensors_of('hvp', 'inputs', inputs), how.create_graph);
    const vector = vector_for('hvp', v, given, 'the input to the user-provided function is a single Tensor');
    const [output, first] = value_and_gradient('hvp', func, given, how.strict);
    const cotangents = first.map((gradient) => zeros_like(gradient).detach().requires_grad_());
    const pulled = gradients('hvp', first, given, cotangents, { create_graph: true, strict: how.strict });
    const product = gradients('hvp', pulled, cotangents, vector, { ...how, strict: false });
    return [finished(output, how.create_graph), as_given(product, inputs, how.create_graph)];
  });
}
