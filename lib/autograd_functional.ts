/** Derivatives of functions: `torch.autograd.functional`. */
import { enable_grad, grad } from './autograd.js';
import { stack, zeros, zeros_like } from './generated/functions.js';
import { bind } from './nn/arguments.js';
import { kind_of } from './nn/representation.js';
import { Tensor } from './tensor.js';

type Many = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** What the functions of `torch.autograd.functional` take by name. */
export interface DerivativeOptions {
  /** Whether the results can be differentiated in turn. Default false. */
  create_graph?: boolean;
  /** Whether it is an Error that an output does not depend on an input; otherwise zeros. Default false. */
  strict?: boolean;
}

const OPTIONS = ['create_graph', 'strict'];

function tensors_of(callee: string, argument: string, value: unknown): Tensor[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  for (const item of list) {
    if (item instanceof Tensor) continue;
    throw new TypeError(`The ${argument} given to ${callee} must be either a Tensor or a tuple of Tensors but the value has type ${kind_of(item)}.`);
  }
  return list as Tensor[];
}

/** Inputs that gradients can be taken with respect to, and nothing before them. */
function prepared(inputs: readonly Tensor[], create_graph: boolean): Tensor[] {
  return inputs.map((input) => {
    if (create_graph && input.requires_grad) return input.view_as(input);
    return input.detach().requires_grad_();
  });
}

function finished(tensor: Tensor, create_graph: boolean): Tensor {
  return create_graph ? tensor : tensor.detach();
}

/** Gradients, where those that do not exist are zeros (an Error when `strict`). */
function gradients(callee: string, outputs: readonly Tensor[], inputs: readonly Tensor[], grad_outputs: readonly Tensor[] | null,
  { create_graph, strict }: Required<DerivativeOptions>): Tensor[] {
  const kept = outputs.map((output, i) => [output, grad_outputs?.[i]] as const).filter(([output]) => output.requires_grad);
  const found = kept.length === 0 ? inputs.map(() => null) : grad(kept.map(([output]) => output), inputs, {
    allow_unused: true, create_graph, retain_graph: true,
    grad_outputs: grad_outputs === null ? null : kept.map(([, cotangent]) => cotangent as Tensor),
  });
  return found.map((gradient, i) => {
    if (gradient) return gradient;
    if (strict) throw new Error(`${callee}: Output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`);
    return zeros_like(inputs[i] as Tensor);
  });
}

function settled(callee: string, options: DerivativeOptions): Required<DerivativeOptions> {
  const { create_graph = false, strict = false } = bind<DerivativeOptions>(callee, OPTIONS, [options]);
  return { create_graph, strict };
}

/** The Jacobian of one output with respect to each input: of shape [...output, ...input]. */
function jacobian_of(output: Tensor, inputs: readonly Tensor[], options: Required<DerivativeOptions>): Tensor[] {
  const flat = output.reshape(-1);
  const rows = Array.from({ length: flat.size(0) }, (_, i) => gradients('jacobian', [flat.index(i)], inputs, null, options));
  return inputs.map((input, i) => {
    const shape = [...output.shape, ...input.shape];
    const { dtype, device } = input;
    return rows.length === 0 ? zeros(shape, { dtype, device }) : stack(rows.map((row) => row[i] as Tensor)).view(shape);
  });
}

/**
 * The matrix of all derivatives of a function. Mirrors `torch.autograd.functional.jacobian`.
 *
 * For one input and one output it is a tensor of shape [...output, ...input]; several inputs give a list, several outputs
 * a list of these.
 * @throws TypeError unless inputs and outputs are Tensors
 */
export function jacobian(func: (input: Tensor) => Tensor, inputs: Tensor, options?: DerivativeOptions): Tensor;
export function jacobian(func: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], options?: DerivativeOptions): Tensor[];
export function jacobian(func: Many, inputs: Tensor | readonly Tensor[], options?: DerivativeOptions): Tensor[] | Tensor[][];
export function jacobian(func: Many, inputs: Tensor | readonly Tensor[], options: DerivativeOptions = {}): unknown {
  const how = settled('jacobian', options);
  return enable_grad(() => {
    const given = prepared(tensors_of('jacobian', 'inputs', inputs), how.create_graph);
    const result = func(...given);
    const outputs = tensors_of('jacobian', 'outputs of the user-provided function', result);
    const all = outputs.map((output) => {
      const of_output = jacobian_of(output, given, how).map((matrix) => finished(matrix, how.create_graph));
      return inputs instanceof Tensor ? of_output[0] : of_output;
    });
    return result instanceof Tensor ? all[0] : all;
  });
}

function scalar_of(callee: string, value: unknown): Tensor {
  const [output] = tensors_of(callee, 'outputs of the user-provided function', value) as [Tensor];
  if (!(value instanceof Tensor)) throw new Error(`The function given to ${callee} should return a single Tensor`);
  if (output.numel() !== 1) throw new Error('The Tensor returned by the function given to hessian should contain a single element');
  return output.squeeze();
}

/**
 * The matrix of second derivatives of a function with a scalar result. Mirrors `torch.autograd.functional.hessian`. Several
 * inputs give a list of lists.
 */
export function hessian(func: (input: Tensor) => Tensor, inputs: Tensor, options?: DerivativeOptions): Tensor;
export function hessian(func: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], options?: DerivativeOptions): Tensor[][];
export function hessian(func: Many, inputs: Tensor | readonly Tensor[], options: DerivativeOptions = {}): unknown {
  const how = settled('hessian', options);
  const first = (...given: Tensor[]): Tensor[] => {
    const output = scalar_of('hessian', func(...given));
    return gradients('hessian', [output], given, null, { ...how, create_graph: true });
  };
  const all = jacobian(first, tensors_of('hessian', 'inputs', inputs), how) as Tensor[][];
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
  if (list.length !== others.length) throw new Error(`v is a tuple of invalid length: should be ${others.length} but got ${list.length}.`);
  list.forEach((tensor, i) => {
    if (tensor.shape.join() === others[i]?.shape.join()) return;
    const entry = list.length === 1 ? 'v' : `Entry ${i} in v`;
    throw new Error(`${entry} has invalid size: should be ${String(others[i]?.shape)} but got ${String(tensor.shape)}.`);
  });
  return list;
}

type Vector = Tensor | readonly Tensor[] | null;
type Product = [outputs: Tensor | Tensor[], product: Tensor | Tensor[]];

function as_given(list: Tensor[], form: unknown, create_graph: boolean): Tensor | Tensor[] {
  const done = list.map((tensor) => finished(tensor, create_graph));
  return form instanceof Tensor ? (done[0] as Tensor) : done;
}

/** `[func(inputs), v @ jacobian]`. Mirrors `torch.autograd.functional.vjp`. */
export function vjp(func: Many, inputs: Tensor | readonly Tensor[], v: Vector = null, options: DerivativeOptions = {}): Product {
  const how = settled('vjp', options);
  return enable_grad(() => {
    const given = prepared(tensors_of('vjp', 'inputs', inputs), how.create_graph);
    const result = func(...given);
    const outputs = tensors_of('vjp', 'outputs of the user-provided function', result);
    const vector = vector_for('vjp', v, outputs, 'the user-provided function returns a single Tensor');
    const product = gradients('vjp', outputs, given, vector, how);
    return [as_given(outputs, result, how.create_graph), as_given(product, inputs, how.create_graph)];
  });
}

/** `[func(inputs), jacobian @ v]`, by differentiating backwards twice. Mirrors `torch.autograd.functional.jvp`. */
export function jvp(func: Many, inputs: Tensor | readonly Tensor[], v: Vector = null, options: DerivativeOptions = {}): Product {
  const how = settled('jvp', options);
  return enable_grad(() => {
    const given = prepared(tensors_of('jvp', 'inputs', inputs), how.create_graph);
    const vector = vector_for('jvp', v, given, 'the input to the user-provided function is a single Tensor');
    const result = func(...given);
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
  const output = func(...given);
  const scalar = scalar_of(callee, output);
  return [output as Tensor, gradients(callee, [scalar], given, null, { create_graph: true, strict })];
}

/** `[func(inputs), v @ hessian]`. Mirrors `torch.autograd.functional.vhp`. */
export function vhp(func: Many, inputs: Tensor | readonly Tensor[], v: Vector = null, options: DerivativeOptions = {}): Product {
  const how = settled('vhp', options);
  return enable_grad(() => {
    const given = prepared(tensors_of('vhp', 'inputs', inputs), how.create_graph);
    const vector = vector_for('vhp', v, given, 'the input to the user-provided function is a single Tensor');
    const [output, first] = value_and_gradient('vhp', func, given, how.strict);
    const product = gradients('vhp', first, given, vector, how);
    return [finished(output, how.create_graph), as_given(product, inputs, how.create_graph)];
  });
}

/** `[func(inputs), hessian @ v]`. Mirrors `torch.autograd.functional.hvp`; `vhp` is faster, and the same by symmetry. */
export function hvp(func: Many, inputs: Tensor | readonly Tensor[], v: Vector = null, options: DerivativeOptions = {}): Product {
  const how = settled('hvp', options);
  return enable_grad(() => {
    const given = prepared(tensors_of('hvp', 'inputs', inputs), how.create_graph);
    const vector = vector_for('hvp', v, given, 'the input to the user-provided function is a single Tensor');
    const [output, first] = value_and_gradient('hvp', func, given, how.strict);
    const cotangents = first.map((gradient) => zeros_like(gradient).detach().requires_grad_());
    const pulled = gradients('hvp', first, given, cotangents, { create_graph: true, strict: how.strict });
    const product = gradients('hvp', pulled, cotangents, vector, { ...how, strict: false });
    return [finished(output, how.create_graph), as_given(product, inputs, how.create_graph)];
  });
}
