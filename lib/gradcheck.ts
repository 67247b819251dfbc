/** Gradients against finite differences: `torch.autograd.gradcheck`, `torch.autograd.gradgradcheck`. */
import { enable_grad, grad, no_grad } from './autograd.js';
import { allclose, randn_like, stack, view_as_real, zeros, zeros_like } from './generated/functions.js';
import { bind, function_argument, iterable_argument, options_argument } from './nn/arguments.js';
import { kind_of } from './nn/representation.js';
import { warn } from './nn/warnings.js';
import { Tensor } from './tensor.js';

type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** What {@link gradcheck} and {@link gradgradcheck} take by name. */
export interface GradcheckOptions {
  /** How far inputs are moved. Default 1e-6. */
  eps?: number;
  /** How much a derivative may be off, absolutely. Default 1e-5. */
  atol?: number;
  /** How much a derivative may be off, relatively. Default 1e-3. */
  rtol?: number;
  /** Whether a difference is an Error; otherwise the answer is false. Default true. */
  raise_exception?: boolean;
  /** How much two backward passes may differ. Default 0. */
  nondet_tol?: number;
}

const OPTIONS = ['eps', 'atol', 'rtol', 'raise_exception', 'nondet_tol'];

/** Says that a check failed; mirrors `torch.autograd.gradcheck.GradcheckError`. */
export class GradcheckError extends Error {
  override name = 'GradcheckError';
}

function checked_arguments(callee: string, fn: Checked, inputs: Tensor | readonly Tensor[]): readonly Tensor[] {
  function_argument(callee, 'fn', fn);
  if (inputs instanceof Tensor) return [inputs];
  iterable_argument(callee, 'inputs', inputs, 'Tensor or list of Tensors');
  return [...inputs];
}

function outputs_of(fn: Checked, inputs: readonly Tensor[]): Tensor[] {
  const result = fn(...inputs);
  const list = (result instanceof Tensor ? [result] : [...result]) as Tensor[];
  for (const output of list) {
    if (!(output instanceof Tensor)) throw new TypeError(`gradcheck(): the function must return Tensors, not ${kind_of(output)}`);
  }
  return list.filter(({ dtype }) => dtype.is_floating_point || dtype.is_complex);
}

/** As real numbers in one dimension, which share memory with the tensor where it is contiguous. */
function reals(tensor: Tensor): Tensor {
  return (tensor.is_complex() ? view_as_real(tensor) : tensor).reshape(-1);
}

/** Derivatives by central differences: for each output a matrix [reals of the input, reals of the output]. */
function numerical(fn: Checked, inputs: readonly Tensor[], which: number, eps: number): Tensor[] {
  return no_grad(() => {
    const moved = inputs.map((input, i) => (i === which ? input.detach().clone().contiguous() : input.detach()));
    const elements = reals(moved[which] as Tensor);
    const at = (i: number, value: number): Tensor[] => {
      elements.index(i).fill_(value);
      return outputs_of(fn, moved).map((output) => reals(output).clone());
    };
    const rows = Array.from({ length: elements.size(0) }, (_, i) => {
      const value = elements.index(i).item();
      const above = at(i, value + eps);
      const below = at(i, value - eps);
      elements.index(i).fill_(value);
      return above.map((output, k) => output.sub(below[k] as Tensor).div(2 * eps));
    });
    const outputs = outputs_of(fn, moved);
    return outputs.map((output, k) => {
      const columns = reals(output).size(0);
      return rows.length === 0 ? zeros([0, columns]) : stack(rows.map((row) => row[k] as Tensor));
    });
  });
}

/** Derivatives by backward passes, in the same form. */
function analytical(output: Tensor, input: Tensor): Tensor {
  const columns = Array.from({ length: reals(output).size(0) }, (_, i) => {
    const cotangent = zeros_like(output).contiguous();
    reals(cotangent).index(i).fill_(1);
    const [gradient] = output.requires_grad
      ? grad(output, input, { grad_outputs: cotangent, retain_graph: true, allow_unused: true })
      : [null];
    return reals(gradient ? gradient.to_dense().resolve_conj() : zeros_like(input)).contiguous();
  });
  return columns.length === 0 ? zeros([reals(input).size(0), 0]) : stack(columns, 1);
}

function check_inputs(inputs: readonly Tensor[]): number[] {
  const wanted = inputs.flatMap((input, i) => (input instanceof Tensor && input.requires_grad ? [i] : []));
  if (wanted.length === 0) {
    throw new Error('gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.');
  }
  for (const i of wanted) {
    const { dtype } = inputs[i] as Tensor;
    if (!['float64', 'complex128'].includes(dtype.name)) {
      warn(`Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if ` +
        'all the inputs are not of double precision floating point or complex.');
    }
  }
  return wanted;
}

/**
 * Whether the gradients of `fn` agree with finite differences, element by element; complex inputs by their real and
 * imaginary parts. Mirrors `torch.autograd.gradcheck` (its slow mode).
 * @param inputs - in double precision; those that require a gradient are checked
 * @throws GradcheckError when they do not, unless `raise_exception` is false
 */
export function gradcheck(fn: Checked, inputs: Tensor | readonly Tensor[], options: GradcheckOptions = {}): boolean {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, raise_exception = true, nondet_tol = 0 } =
    bind<GradcheckOptions>('gradcheck', OPTIONS, [options_argument('gradcheck', options)]);
  const given = checked_arguments('gradcheck', fn, inputs);
  try {
    for (const which of check_inputs(given)) {
      const input = given[which] as Tensor;
      const expected = numerical(fn, given, which, eps);
      const outputs = enable_grad(() => outputs_of(fn, given));
      outputs.forEach((output, k) => {
        const found = analytical(output, input);
        const again = analytical(output, input);
        if (found.numel() > 0 && found.sub(again).abs().max().item() > nondet_tol) {
          throw new GradcheckError('Backward is not reentrant, i.e., running backward with same input and grad_output multiple ' +
            `times gives different values, although analytical gradient matches numerical gradient. The tolerance for nondeterminism was ${nondet_tol}.`);
        }
        const wanted = (expected[k] as Tensor).to(found.dtype);
        if (allclose(found, wanted, rtol, atol)) return;
        throw new GradcheckError(`Jacobian mismatch for output ${k} with respect to input ${which},\n` +
          `numerical:${String(wanted)}\nanalytical:${String(found)}\n`);
      });
    }
    return true;
  } catch (error) {
    if (error instanceof GradcheckError && !raise_exception) return false;
    throw error;
  }
}

/**
 * Whether the gradients of the gradients of `fn` agree with finite differences. Mirrors `torch.autograd.gradgradcheck`.
 * @param grad_outputs - cotangents of the outputs; random ones when left out
 * @throws GradcheckError as {@link gradcheck}
 */
export function gradgradcheck(
  fn: Checked, inputs: Tensor | readonly Tensor[], grad_outputs: Tensor | readonly Tensor[] | null = null,
  options: GradcheckOptions = {},
): boolean {
  const given = checked_arguments('gradgradcheck', fn, inputs);
  const wanted = check_inputs(given);
  const outputs = enable_grad(() => outputs_of(fn, given)).map((output) => output.requires_grad);
  const cotangents = grad_outputs === null
    ? no_grad(() => outputs_of(fn, given)).map((output) => randn_like(output).requires_grad_())
    : [...(grad_outputs instanceof Tensor ? [grad_outputs] : grad_outputs)];
  const first = (...all: Tensor[]): Tensor[] => enable_grad(() => {
    // Finite differences move copies, which have lost the need of a gradient.
    const used = all.slice(0, given.length).map(
      (input, i) => (wanted.includes(i) && !input.requires_grad ? input.detach().requires_grad_() : input));
    const pairs = outputs_of(fn, used).map((output, k) => [output, all[given.length + k] as Tensor] as const)
      .filter((_, k) => outputs[k]);
    return grad(pairs.map(([output]) => output), wanted.map((i) => used[i] as Tensor), {
      grad_outputs: pairs.map(([, cotangent]) => cotangent), create_graph: true, allow_unused: true,
    }).filter((gradient): gradient is Tensor => gradient !== null);
  });
  return gradcheck(first, [...given, ...cotangents], options);
}
