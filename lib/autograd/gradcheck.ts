/** Gradients against finite differences: `torch.autograd.gradcheck`, `torch.autograd.gradgradcheck`. */
import { grad } from './gradients.js';
import { Function, type FunctionCtx } from './function.js';
import { promote_types, strided } from '../types/dtype.js';
import { dual_level, make_dual, unpack_dual } from './forward_ad.js';
import { jvp } from '../func/forward.js';
import { vmap } from '../func/vmap.js';
import { allclose, imag, rand, randn_like, real, stack, zeros, zeros_like } from '../generated/functions.js';
import { recording } from '../_C/modes.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of, python_float } from '../_internal/representation.js';
import { warn } from '../_internal/warnings.js';
import { Generator } from '../random.js';
import { Complex } from '../types/scalar.js';
import { Tensor } from '../_tensor.js';
import { call_synchronously, refuse_async, call_in_mode } from '../_internal/callbacks.js';
import { signature } from '../_internal/signature.js';

/** A function of tensors that returns one or several. */
export type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

interface CommonOptions {
  /** Perturbation of the inputs. Default 1e-6. */
  eps?: number;
  /** Absolute tolerance. Default 1e-5. */
  atol?: number;
  /** Relative tolerance. Default 1e-3. */
  rtol?: number;
  /** Throw when the check fails, instead of returning false. Default true. */
  raise_exception?: boolean;
  /** Tolerance for differences between two backward passes. Default 0. */
  nondet_tol?: number;
  /** Check that undefined output gradients are treated as zeros. Default true. */
  check_undefined_grad?: boolean;
  /** Throw when a gradient has another dtype than its input. Default false. */
  check_grad_dtypes?: boolean;
  /** Check backward passes within `torch.vmap`. Default false. */
  check_batched_grad?: boolean;
  /** Compare products of the Jacobians with random vectors instead of whole Jacobians. Default false. */
  fast_mode?: boolean;
  /** Has no effect: it is for sparse inputs, which are not supported. */
  masked?: boolean | null;
}

/** The options of {@link gradcheck}. */
export interface GradcheckOptions extends CommonOptions {
  /** Check forward mode within `torch.vmap`; requires `check_forward_ad`. Default false. */
  check_batched_forward_grad?: boolean;
  /** Check the gradients of forward mode. Default false. */
  check_forward_ad?: boolean;
  /** Check the gradients of backward mode. Default true. */
  check_backward_ad?: boolean;
}

/** The options of {@link gradgradcheck}. */
export interface GradgradcheckOptions extends CommonOptions {
  /** Use noncontiguous random output gradients. Default false. */
  gen_non_contig_grad_outputs?: boolean;
  /** Check forward mode over backward mode. Default false. */
  check_fwd_over_rev?: boolean;
  /** Check backward mode over backward mode. Default true. */
  check_rev_over_rev?: boolean;
}

/**
 * The Error of {@link gradcheck} and {@link gradgradcheck} for gradients that differ. Mirrors
 * `torch.autograd.gradcheck.GradcheckError`.
 * @example
 * ```ts
 * const x = torch.tensor([0.5], { dtype: torch.float64, requires_grad: true });
 * try {
 *   torch.autograd.gradcheck((x) => x.detach().mul(x), x);
 * } catch (error) {
 *   print(error instanceof torch.autograd.GradcheckError);
 * }
 * ```
 * ```python
 * from torch.autograd.gradcheck import GradcheckError
 * x = torch.tensor([0.5], dtype=torch.float64, requires_grad=True)
 * try:
 *     torch.autograd.gradcheck(lambda x: x.detach().mul(x), x)
 * except GradcheckError as error:
 *     print(True)
 * ```
 */
export class GradcheckError extends Error {
  override name = 'GradcheckError';
}

type Fn = (...inputs: Tensor[]) => Tensor[];
type Step = Tensor | number | Complex;
/** Of a real input one vector, of a complex one two. */
type Direction = Tensor | readonly [real: Tensor, imaginary: Tensor];

/** What a check of one function needs, and how its errors are worded. */
interface Check {
  readonly fn: Fn;
  readonly inputs: readonly Tensor[];
  /** All of the function's results. */
  readonly results: readonly Tensor[];
  readonly options: Required<Omit<GradcheckOptions, 'masked'>>;
  /** Whether by forward mode. */
  readonly forward: boolean;
  /** Whether the function is a part of one with complex numbers: of which outputs (inputs in forward mode), which part. */
  readonly complex_places: readonly number[];
  readonly part: 'real' | 'imaginary';
}

const is_inexact = (value: unknown): value is Tensor =>
  value instanceof Tensor && (value.dtype.is_floating_point || value.dtype.is_complex);

function tensors_of(callee: string, result: unknown): Tensor[] {
  const list: unknown[] = Array.isArray(result) ? result : [result];
  return list.map((output) => {
    if (output instanceof Tensor) return output;
    throw new TypeError(`${callee}(): the function must return Tensors, not ${kind_of(output)}`);
  });
}

const differentiable = (results: readonly Tensor[]): Tensor[] => results.filter((output) => output.requires_grad);

/** The places of the inputs that are checked. */
const places_of = (inputs: readonly Tensor[]): number[] =>
  inputs.flatMap((input, i) => (input instanceof Tensor && input.requires_grad ? [i] : []));

const checked_inputs = (inputs: readonly Tensor[]): Tensor[] => places_of(inputs).map((i) => inputs[i]!);

// ---- Finite differences -------------------------------------------------------------------------

/** Every element, as a view of no dimensions. */
function* elements_of(tensor: Tensor): globalThis.Generator<Tensor, void, undefined> {
  if (tensor.dim() === 0) {
    yield tensor;
    return;
  }
  for (let i = 0; i < tensor.size(0); i++) yield* elements_of(tensor.select(0, i));
}

/** Derivatives of all results in a direction, by central differences. `entry` is what is moved, in place. */
function central_differences(
  { fn, inputs, options: { eps } }: Check,
  entry: Tensor,
  step: Step,
  size: number,
): Tensor[] {
  const before = entry.clone();
  const at = (value: Tensor): Tensor[] => {
    entry.copy_(value);
    return fn(...inputs).map((output) => output.clone());
  };
  const below = at(step instanceof Tensor ? before.sub(step) : before.sub(step));
  const above = at(step instanceof Tensor ? before.add(step) : before.add(step));
  entry.copy_(before);
  return above.map((b, i) => {
    const a = below[i]!;
    for (const [what, first, second] of [
      ['shape', a.shape, b.shape],
      ['dtype', a.dtype, b.dtype],
    ] as const) {
      if (String(first) === String(second)) continue;
      throw new Error(
        `Expected \`func\` to return outputs with the same ${what} when inputs are perturbed by ${python_float(eps)}, but got: ` +
          `${what}s ${String(first)} and ${String(second)}.`,
      );
    }
    return b
      .sub(a)
      .div(2 * size)
      .detach()
      .reshape(-1);
  });
}

const I = new Complex(0, 1);

/** As {@link central_differences}; for a complex input the conjugate Wirtinger derivative. */
function differences_along(check: Check, input: Tensor, entry: Tensor, direction: Direction | number): Tensor[] {
  const { eps } = check.options;
  const [first, second] =
    direction instanceof Tensor || typeof direction === 'number' ? [direction, direction] : direction;
  const scaled = (value: Tensor | number): Step => (value instanceof Tensor ? value.mul(eps) : value * eps);
  const along = central_differences(check, entry, scaled(first), eps);
  if (!input.is_complex()) return along;
  const turned = (value: Tensor | number): Step =>
    value instanceof Tensor ? value.mul(new Complex(0, eps)) : new Complex(0, value * eps);
  return central_differences(check, entry, turned(second), eps).map((dy, i) => along[i]!.add(dy.mul(I)));
}

/** Whole Jacobians: `[input][result]`, each of [elements of the input, elements of the result]. */
function numerical(check: Check): Tensor[][] {
  return checked_inputs(check.inputs).map((input) => {
    const rows = [...elements_of(input.data)].map((entry) => differences_along(check, input, entry, 1));
    return check.results.map((output, k) => {
      const dtype = input.is_complex() ? input.dtype : output.dtype;
      return rows.length === 0
        ? zeros([0, output.numel()], { dtype })
        : stack(rows.map((row) => row[k]!)).to({ dtype });
    });
  });
}

// ---- Backward passes and tangents ---------------------------------------------------------------

interface Pulled {
  /** For each input, of [elements of the input, number of cotangents]. */
  jacobians: Tensor[];
  types_ok: boolean;
  sizes_ok: boolean;
}

function pulled(inputs: readonly Tensor[], output: Tensor, cotangents: Iterable<Tensor>): Pulled {
  const columns: (Tensor | null)[][] = inputs.map(() => []);
  for (const cotangent of cotangents) {
    const found = grad(output, inputs, { grad_outputs: cotangent, retain_graph: true, allow_unused: true });
    found.forEach((gradient, i) => (columns[i] as (Tensor | null)[]).push(gradient?.clone() ?? null));
  }
  let [types_ok, sizes_ok] = [true, true];
  const jacobians = inputs.map((input, i) => {
    const list = columns[i] as (Tensor | null)[];
    for (const gradient of list) {
      if (gradient === null) continue;
      if (String(gradient.shape) !== String(input.shape)) sizes_ok = false;
      else if (gradient.dtype !== input.dtype) types_ok = false;
    }
    if (!sizes_ok) return zeros([0]);
    const { dtype, device } = input;
    if (list.length === 0) return zeros([input.numel(), 0], { dtype, device });
    return stack(
      list.map((gradient) =>
        (gradient ?? zeros_like(input)).detach().to_dense().resolve_conj().to({ dtype }).reshape(-1),
      ),
      1,
    );
  });
  return { jacobians, types_ok, sizes_ok };
}

/** The unit cotangents of an output. */
function* units_of(output: Tensor): globalThis.Generator<Tensor, void, undefined> {
  const unit = zeros(output.shape, { dtype: output.dtype, device: output.device });
  for (const element of elements_of(unit)) {
    unit.zero_();
    element.fill_(1);
    yield unit.clone();
  }
}

/** Jacobians by backward passes, of which two must agree. */
function analytical(
  { inputs, options: { nondet_tol, check_grad_dtypes } }: Check,
  output: Tensor,
  cotangents: () => Iterable<Tensor>,
): Tensor[] {
  const wanted = checked_inputs(inputs);
  const { jacobians, types_ok, sizes_ok } = pulled(wanted, output, cotangents());
  const again = pulled(wanted, output, cotangents()).jacobians;
  if (!types_ok && check_grad_dtypes) throw new GradcheckError('Gradient has dtype mismatch');
  if (!sizes_ok) throw new GradcheckError('Analytical gradient has incorrect size');
  const agree = jacobians.every(
    (found, i) => found.numel() === 0 || !(found.sub(again[i]!).abs().max().item<number>() > nondet_tol),
  );
  if (!agree) {
    throw new GradcheckError(
      'Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives ' +
        'different values, although analytical gradient matches numerical gradient.' +
        `The tolerance for nondeterminism was ${python_float(nondet_tol)}.`,
    );
  }
  return jacobians;
}

/** Runs the function on duals with these tangents, and gives those of its results. */
function pushed(
  { fn, inputs, options: { check_grad_dtypes } }: Check,
  tangents: ReadonlyMap<number, Tensor>,
): Tensor[] {
  return dual_level(() => {
    const duals = inputs.map((input, i) => {
      const tangent = tangents.get(i);
      return tangent === undefined ? input : make_dual(input.detach(), tangent);
    });
    return fn(...duals).map((output) => {
      if (!is_inexact(output)) return output;
      const { primal, tangent } = unpack_dual(output);
      if (check_grad_dtypes && tangent !== null && primal.is_complex() !== tangent.is_complex()) {
        throw new GradcheckError('Forward AD gradient has dtype mismatch.');
      }
      return (tangent ?? zeros_like(primal)).detach().clone();
    });
  });
}

/** The tangents of the checked inputs: one given, zeros for the others. */
function tangents_with(inputs: readonly Tensor[], place: number, tangent: Tensor): Map<number, Tensor> {
  return new Map(places_of(inputs).map((i) => [i, i === place ? tangent : zeros_like(inputs[i]!.detach())]));
}

/** Whole Jacobians by forward mode: `[input][result]`. */
function analytical_forward(check: Check): Tensor[][] {
  return places_of(check.inputs).map((place) => {
    const input = check.inputs[place]!.detach();
    const rows = [...units_of(input)].map((unit) => pushed(check, tangents_with(check.inputs, place, unit)));
    return check.results.map((output, k) =>
      rows.length === 0 ? zeros([0, output.numel()]) : stack(rows.map((row) => row[k]!.reshape(-1))),
    );
  });
}

// ---- Comparison ---------------------------------------------------------------------------------

function close(a: Tensor, b: Tensor, rtol: number, atol: number): boolean {
  const dtype = promote_types(a.dtype, b.dtype);
  return allclose(a.to({ dtype }), b.to({ device: a.device, dtype }), rtol, atol);
}

/** As Python formats a tensor: one without dimensions as its number. */
function formatted(tensor: Tensor): string {
  if (tensor.dim() > 0) return String(tensor);
  const value: unknown = tensor.item();
  return typeof value === 'number' ? python_float(value) : String(value);
}

function mismatch(
  check: Check,
  found: Tensor,
  wanted: Tensor,
  output: number,
  input: number,
  more = '',
): GradcheckError {
  const { forward, complex_places, part } = check;
  const complex = complex_places.includes(forward ? input : output);
  const prefix = complex
    ? `While considering the ${part} part of complex ${forward ? 'inputs' : 'outputs'} only, `
    : '';
  return new GradcheckError(
    `${prefix}Jacobian ${forward ? 'computed with forward mode ' : ''}mismatch for output ${output} with respect to ` +
      `input ${input},\nnumerical:${formatted(wanted)}\nanalytical:${formatted(found)}\n${more}`,
  );
}

const ZERO_EXPECTED = 'Numerical gradient for function expected to be zero';

function slow_check(check: Check): void {
  const { rtol, atol } = check.options;
  const outputs = differentiable(check.results);
  const by_input = numerical(check);
  if (outputs.length === 0) {
    if (by_input.flat().some((jacobian) => jacobian.ne(0).any().item<boolean>()))
      throw new GradcheckError(ZERO_EXPECTED);
    return;
  }
  const kept = check.results.flatMap((output, k) => (output.requires_grad ? [k] : []));
  const forward = check.forward ? analytical_forward(check) : null;
  outputs.forEach((output, i) => {
    const found = forward
      ? forward.map((row) => row[kept[i] as number]!)
      : analytical(check, output, () => units_of(output));
    found.forEach((jacobian, j) => {
      const wanted = by_input[j]![kept[i] as number]!;
      if (!close(jacobian, wanted, rtol, atol)) throw mismatch(check, jacobian, wanted, i, j);
    });
  });
}

/** A random vector of length one in the real dtype, or in the tensor's own. */
function random_vector(tensor: Tensor, generator: Generator, as_real: boolean): Tensor {
  const { dtype, device } = tensor;
  const drawn = rand([tensor.numel()], { generator, device: 'cpu' }).to({
    dtype: as_real && dtype.is_complex ? real(zeros_like(tensor)).dtype : dtype,
    device,
  });
  return drawn.div(drawn.norm());
}

function sum_of(direction: Direction): number {
  if (direction instanceof Tensor) return direction.sum().item<number>();
  return direction[0].sum().item<number>() + direction[1].sum().item<number>();
}

function fast_check(check: Check): void {
  const {
    inputs,
    results,
    forward,
    options: { rtol, atol, nondet_tol },
  } = check;
  const outputs = differentiable(results);
  const wanted = checked_inputs(inputs);
  const generator = new Generator();
  const directions: Direction[] = wanted.map((input) => {
    const first = random_vector(input, generator, true);
    return input.is_complex() ? [first, random_vector(input, generator, true)] : first;
  });
  const cotangents = forward ? null : outputs.map((output) => random_vector(output, generator, false));
  const shaped = (direction: Direction, { shape }: Tensor): Direction =>
    direction instanceof Tensor ? direction.reshape(shape) : [direction[0].reshape(shape), direction[1].reshape(shape)];
  const moved = wanted.map((input, j) =>
    differences_along(check, input, input.data, shaped(directions[j] as Direction, input)),
  );
  if (outputs.length === 0 && !forward) {
    if (moved.flat().some((jvp) => jvp.numel() > 0 && jvp.abs().max().item<number>() > nondet_tol))
      throw new GradcheckError(ZERO_EXPECTED);
    return;
  }
  const kept = results.flatMap((output, k) => (output.requires_grad ? [k] : []));
  const places = places_of(inputs);
  // Forward mode takes complex inputs apart, so that each input has one direction.
  const tangents = forward
    ? places.map((place, j) =>
        pushed(check, tangents_with(inputs, place, shaped(directions[j]!, wanted[j]!) as Tensor)),
      )
    : null;
  const pulls = forward
    ? null
    : outputs.map((output, i) =>
        analytical(check, output, () => [cotangents![i]!.reshape(output.shape)]).map((jacobian) =>
          jacobian.reshape(-1),
        ),
      );
  directions.forEach((direction, j) => {
    kept.forEach((k, i) => {
      const jvp = moved[j]![k]!;
      const numeric = cotangents ? cotangents[i]!.mul(jvp).sum() : jvp;
      const found = tangents ? tangents[j]![k]!.reshape(-1) : product_with(pulls![i]![j]!, direction);
      const adjusted = atol * sum_of(direction) * (cotangents ? real_part(cotangents[i]!).sum().item<number>() : 1);
      if (close(found, numeric, rtol, adjusted)) return;
      throw mismatch(check, found, numeric, i, j, slow_details(check, i, k, j));
    });
  });
}

const real_part = (tensor: Tensor): Tensor => (tensor.is_complex() ? real(tensor) : tensor);

/** A pulled-back cotangent times a direction. */
function product_with(pull: Tensor, direction: Direction): Tensor {
  if (direction instanceof Tensor) return pull.mul(direction).sum();
  return real(pull).mul(direction[0]).sum().add(imag(pull).mul(direction[1]).sum().mul(I));
}

const FAST_FAILS_ALONE = `Fast gradcheck failed but element-wise differences are small. This means that the
test might've passed in slow_mode!`;

/** What the slow mode would have found, for the error of the fast one. */
function slow_details(check: Check, output: number, result: number, input: number): string {
  const { rtol, atol } = check.options;
  const wanted = numerical(check)[input]![result]!;
  const target = differentiable(check.results)[output]!;
  const lenient = { ...check, options: { ...check.options, nondet_tol: Infinity, check_grad_dtypes: false } };
  const found = check.forward
    ? analytical_forward(check)[input]![result]!
    : analytical(lenient, target, () => units_of(target))[input]!;
  const text =
    '\nThe above quantities relating the numerical and analytical jacobians are computed \n' +
    'in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background \n' +
    'about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:\n\n' +
    `Numerical:\n ${String(wanted)}\nAnalytical:\n${String(found)}\n\n` +
    `The max per-element difference (slow mode) is: ${python_float(wanted.sub(found).abs().max().item<number>())}.\n`;
  return close(found, wanted, rtol, atol) ? `${text}${FAST_FAILS_ALONE}` : text;
}

// ---- Complex numbers ----------------------------------------------------------------------------

type PartOf = (tensor: Tensor) => Tensor;

/** The function, with a part of its complex outputs. */
const of_outputs =
  (fn: Fn, part: PartOf): Fn =>
  (...inputs) =>
    fn(...inputs).map((output) => (output.is_complex() ? part(output) : output));

/** The function of a part of its complex inputs, the other part being what it is. */
function of_inputs(fn: Fn, inputs: readonly Tensor[], part: 'real' | 'imaginary'): Fn {
  return (...given) =>
    fn(
      ...given.map((value, i) => {
        const whole = inputs[i]!;
        if (!(whole instanceof Tensor) || !whole.is_complex()) return value;
        return part === 'real' ? value.add(imag(whole).mul(I)) : real(whole).add(value.mul(I));
      }),
    );
}

function check_parts(fn: Fn, inputs: readonly Tensor[], results: readonly Tensor[], options: Check['options']): void {
  const run = options.fast_mode ? fast_check : slow_check;
  const whole: Check = { fn, inputs, results, options, forward: false, complex_places: [], part: 'real' };
  if (options.check_backward_ad) {
    const complex_places = differentiable(results).flatMap((output, i) => (output.is_complex() ? [i] : []));
    if (!results.some((output) => output.is_complex())) run(whole);
    else {
      for (const [part, of] of [
        ['imaginary', imag],
        ['real', real],
      ] as const) {
        const its = of_outputs(fn, of as PartOf);
        run({ ...whole, fn: its, results: its(...inputs), complex_places, part });
      }
    }
  }
  if (!options.check_forward_ad) return;
  const complex_places = inputs.flatMap((input, i) => (input instanceof Tensor && input.is_complex() ? [i] : []));
  const checks: Check[] =
    complex_places.length === 0
      ? [{ ...whole, forward: true }]
      : (
          [
            ['imaginary', imag],
            ['real', real],
          ] as const
        ).map(([part, of]) => {
          const its = of_inputs(fn, inputs, part);
          const parts = inputs.map((input, i) => (complex_places.includes(i) ? (of as PartOf)(input) : input));
          return { ...whole, fn: its, inputs: parts, results: its(...parts), forward: true, complex_places, part };
        });
  for (const check of checks) run(check);
  if (options.check_undefined_grad) checks.forEach(check_undefined_tangents);
}

// ---- Other checks -------------------------------------------------------------------------------

/** A tangent that is not there must count as one of zeros. */
function check_undefined_tangents(check: Check): void {
  const generator = new Generator();
  const all = new Map(
    places_of(check.inputs).map((i) => {
      const input = check.inputs[i]!;
      return [i, random_vector(input, generator, true).reshape(input.shape)] as const;
    }),
  );
  for (const place of all.keys()) {
    const with_zeros = new Map(all).set(place, zeros_like(check.inputs[place]!.detach()));
    const without = new Map(all);
    without.delete(place);
    const inputs = check.inputs.map((input, i) => (i === place ? input.detach() : input));
    const [first, second] = [pushed(check, with_zeros), pushed({ ...check, inputs }, without)];
    first.forEach((tangent, k) => {
      if (allclose(tangent, second[k]!)) return;
      throw new GradcheckError(
        `Mismatch in tangent values for output with index: ${k} when input: ${String(check.inputs[place])} has an ` +
          `undefined tangent value.  Got: ${String(tangent)} but expected: ${String(second[k])}`,
      );
    });
  }
}

const FAILED_BATCHED = 'gradcheck or gradgradcheck failed while testing batched gradient computation.';
const FAILED_BATCHED_FORWARD = 'gradcheck failed while testing batched gradient computation with forward-mode AD.';

/** Compares a function of single vectors with the same in `vmap`. */
function check_batched(note: string, example: Tensor, output: number, once: (vector: Tensor) => Tensor[]): void {
  const vectors = [randn_like(example), randn_like(example)];
  const singles = vectors.map(once);
  let batched: Tensor[];
  try {
    batched = vmap(once)(stack(vectors));
  } catch (error) {
    throw new GradcheckError(`While computing batched gradients, got: ${(error as Error).message}\n\n${note}`, {
      cause: error,
    });
  }
  batched.forEach((found, i) => {
    const wanted = stack(singles.map((single) => single[i]!));
    if (allclose(found, wanted)) return;
    throw new GradcheckError(
      `For output ${output} and input ${i}:\n\n${note}\n\nGot:\n${String(found)}\n\nExpected:\n${String(wanted)}`,
    );
  });
}

function check_batched_backward(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
  const wanted = checked_inputs(inputs);
  outputs.forEach((output, i) => {
    check_batched(FAILED_BATCHED, output.detach(), i, (cotangent) => {
      const found = grad(output, wanted, { grad_outputs: cotangent, retain_graph: true, allow_unused: true });
      return found.map((gradient, j) => gradient ?? zeros_like(wanted[j]!));
    });
  });
}

function check_batched_forward(fn: Fn, inputs: readonly Tensor[]): void {
  for (const place of places_of(inputs)) {
    const input = inputs[place]!.detach();
    if (!is_inexact(input)) continue;
    const of_one = (value: Tensor): Tensor[] =>
      fn(...inputs.map((other, i) => (i === place ? value : other instanceof Tensor ? other.detach() : other)));
    check_batched(FAILED_BATCHED_FORWARD, input, place, (tangent) => jvp(of_one, [input], [tangent])[1]);
  }
}

/** Gradients must be products with those of the outputs: zeros for zeros. */
function check_zero_cotangents(outputs: readonly Tensor[], inputs: readonly Tensor[]): void {
  const wanted = checked_inputs(inputs);
  if (wanted.length === 0) throw new GradcheckError('no Tensors requiring grad found in input');
  if (outputs.length === 0) return;
  const found = grad(outputs, wanted, {
    grad_outputs: outputs.map((output) => zeros_like(output)),
    allow_unused: true,
    retain_graph: true,
  });
  found.forEach((gradient, i) => {
    if (gradient === null) return;
    const { dtype, device, shape } = wanted[i]!;
    if (gradient.ne(0).any().item<boolean>()) throw new GradcheckError('backward not multiplied by grad_output');
    if (gradient.dtype !== dtype) throw new GradcheckError('grad is incorrect type');
    if (String(gradient.device) !== String(device)) throw new GradcheckError('grad is incorrect device');
    if (String(gradient.shape) !== String(shape)) throw new GradcheckError('grad is incorrect size');
  });
}

/** Gives its input, but no gradient. */
class UndefinedGrad extends Function {
  static forward(_ctx: FunctionCtx, input: Tensor): Tensor {
    return input.view_as(input);
  }

  static backward(): null {
    return null;
  }
}

/** A gradient that is not there must count as one of zeros. */
function check_undefined_cotangents(fn: Fn, inputs: readonly Tensor[], count: number): void {
  const wanted = checked_inputs(inputs);
  if (count === 0) return;
  const check = (is_undefined: (i: number) => boolean): void => {
    const outputs = differentiable(fn(...inputs)).map((output, i) =>
      is_undefined(i) ? UndefinedGrad.apply(output) : output,
    );
    let found: (Tensor | null)[];
    try {
      found = grad(outputs, wanted, { grad_outputs: outputs.map((output) => zeros_like(output)), allow_unused: true });
    } catch (error) {
      throw new GradcheckError(
        'Expected backward function to handle undefined output grads. Please look at "Notes about undefined output ' +
          'gradients" in "tools/autograd/derivatives.yaml"',
        { cause: error },
      );
    }
    if (found.some((gradient) => gradient?.ne(0).any().item<boolean>())) {
      throw new GradcheckError(
        'Expected all input grads to be undefined or zero when all output grads are undefined or zero. Please look at ' +
          '"Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"',
      );
    }
  };
  check(() => true);
  if (count > 1) for (let k = 0; k < count; k++) check((i) => i === k);
}

function check_inputs(inputs: readonly Tensor[]): void {
  for (const i of places_of(inputs)) {
    const input = inputs[i]!;
    if (!['float64', 'complex128'].includes(input.dtype.name)) {
      warn(
        `Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if ` +
          'all the inputs are not of double precision floating point or complex. ',
      );
    }
    if (input.layout !== strided) {
      throw new Error(
        `gradcheck(): inputs of layout ${String(input.layout)} are not in torch-node; check a function of a strided tensor`,
      );
    }
    if (input.stride().some((step, dim) => step === 0 && input.size(dim) > 1)) {
      throw new Error(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping to be able to ` +
          'compute the numerical gradients correctly. You should call .contiguous on the input before passing it to gradcheck.',
      );
    }
  }
  if (places_of(inputs).length > 0) return;
  throw new Error(
    'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
  );
}

// ---- The functions ------------------------------------------------------------------------------

const COMMON =
  'eps?: float, atol?: float, rtol?: float, raise_exception?: bool, nondet_tol?: float, check_undefined_grad?: bool, ' +
  'check_grad_dtypes?: bool, check_batched_grad?: bool, fast_mode?: bool, masked?: bool|None';

type Inputs = Tensor | readonly Tensor[];

const GRADCHECK = signature<GradcheckOptions & { func: Checked; inputs: Inputs }>(
  'gradcheck',
  `func: Callable, inputs: Tensor|any[], *, ${COMMON}, check_batched_forward_grad?: bool, check_forward_ad?: bool, check_backward_ad?: bool`,
);

const inputs_of = (inputs: Inputs): Tensor[] => (inputs instanceof Tensor ? [inputs] : [...inputs]);

/**
 * Compares the gradients of a function with finite differences, element by element, or in `fast_mode` along random
 * vectors. Mirrors `torch.autograd.gradcheck`.
 *
 * Complex outputs are checked by their real and imaginary parts. Sparse inputs are not supported.
 *
 * @param func - a function of tensors that returns one or several
 * @param inputs - in double precision; those that require a gradient are checked. They are perturbed in place, and
 * restored
 * @param options - `eps`, `atol`, `rtol`, `raise_exception`, `nondet_tol`, `check_undefined_grad`,
 * `check_grad_dtypes`, `check_batched_grad`, `check_batched_forward_grad`, `check_forward_ad`, `check_backward_ad`,
 * `fast_mode`; see {@link GradcheckOptions}
 * @returns whether they agree
 * @throws GradcheckError when they differ, unless `raise_exception` is false
 * @example
 * ```ts
 * const x = torch.rand(3, { dtype: torch.float64, requires_grad: true });
 * print(torch.autograd.gradcheck((x) => x.sin(), x));
 * ```
 * ```python
 * x = torch.rand(3, dtype=torch.float64, requires_grad=True)
 * print(torch.autograd.gradcheck(lambda x: x.sin(), x))
 * ```
 */
export function gradcheck(func: Checked, inputs: Inputs, options?: GradcheckOptions): boolean;
export function gradcheck(options: GradcheckOptions & { func: Checked; inputs: Inputs }): boolean;
export function gradcheck(...args: unknown[]): boolean {
  const { func, inputs, ...options } = GRADCHECK.read(args);
  return run_gradcheck('gradcheck', func, inputs_of(inputs), options);
}

function run_gradcheck(callee: string, func: Checked, inputs: readonly Tensor[], given: GradcheckOptions): boolean {
  const options = {
    eps: 1e-6,
    atol: 1e-5,
    rtol: 1e-3,
    raise_exception: true,
    nondet_tol: 0,
    check_undefined_grad: true,
    check_grad_dtypes: false,
    check_batched_grad: false,
    check_batched_forward_grad: false,
    check_forward_ad: false,
    check_backward_ad: true,
    fast_mode: false,
    ...given,
  };
  refuse_async(callee, func);
  const { check_forward_ad, check_backward_ad, check_batched_grad, check_batched_forward_grad } = options;
  if (!check_forward_ad && !check_backward_ad)
    throw new Error('Expected at least one of check_forward_ad or check_backward_ad to be True');
  if (check_batched_grad && !check_backward_ad)
    throw new Error('Setting check_batched_grad=True requires check_backward_ad to be True');
  if (check_batched_forward_grad && !check_forward_ad) {
    throw new Error('Setting check_batched_forward_grad=True requires check_forward_ad to be True');
  }
  const fn: Fn = (...values) => tensors_of(callee, call_synchronously(callee, func, ...values));
  try {
    check_inputs(inputs);
    call_in_mode(recording, () => {
      check_all(fn, inputs, options);
    });
    return true;
  } catch (error) {
    if (error instanceof GradcheckError && !options.raise_exception) return false;
    throw error;
  }
}

function check_all(fn: Fn, inputs: readonly Tensor[], options: Check['options']): void {
  const results = fn(...inputs);
  const outputs = differentiable(results);
  if (outputs.some((output) => output.layout !== strided)) {
    throw new Error(
      'Sparse output is not supported at gradcheck yet. Please call to_dense(masked_grad=...) on the output of fn for gradcheck.',
    );
  }
  check_parts(fn, inputs, results, options);
  if (options.check_batched_forward_grad) check_batched_forward(fn, inputs);
  if (!options.check_backward_ad) return;
  if (options.check_batched_grad) check_batched_backward(inputs, outputs);
  check_zero_cotangents(outputs, inputs);
  if (options.check_undefined_grad) check_undefined_cotangents(fn, inputs, outputs.length);
}

type Cotangents = Tensor | readonly Tensor[] | null;

const GRADGRADCHECK = signature<GradgradcheckOptions & { func: Checked; inputs: Inputs; grad_outputs?: Cotangents }>(
  'gradgradcheck',
  `func: Callable, inputs: Tensor|any[], grad_outputs?: Tensor|Tensor[]|None, *, ${COMMON}, gen_non_contig_grad_outputs?: bool, ` +
    'check_fwd_over_rev?: bool, check_rev_over_rev?: bool',
);

/** Random numbers between -1 and 1, of which every second one of a larger tensor is taken when not `contiguous`. */
function random_cotangent({ shape, dtype, device }: Tensor, contiguous: boolean): Tensor {
  const drawn = rand(shape, { dtype, device })
    .mul(2)
    .sub(dtype.is_complex ? new Complex(1, 1) : 1);
  if (contiguous || drawn.numel() < 2) return drawn.requires_grad_();
  return drawn.repeat_interleave(2, -1).unflatten(-1, [-1, 2]).select(-1, 0).requires_grad_();
}

/**
 * Compares the second derivatives of a function with finite differences of its gradients. Mirrors
 * `torch.autograd.gradgradcheck`.
 *
 * @param func - a function of tensors that returns one or several
 * @param inputs - in double precision
 * @param grad_outputs - output gradients; default null, random
 * @param options - those of {@link gradcheck} and `gen_non_contig_grad_outputs`, `check_fwd_over_rev`,
 * `check_rev_over_rev`; see `GradgradcheckOptions`
 * @returns whether they agree
 * @throws GradcheckError when they differ, unless `raise_exception` is false
 * @example
 * ```ts
 * const x = torch.rand(3, { dtype: torch.float64, requires_grad: true });
 * print(torch.autograd.gradgradcheck((x) => x.sin(), x));
 * ```
 * ```python
 * x = torch.rand(3, dtype=torch.float64, requires_grad=True)
 * print(torch.autograd.gradgradcheck(lambda x: x.sin(), x))
 * ```
 */
export function gradgradcheck(
  func: Checked,
  inputs: Inputs,
  grad_outputs?: Cotangents,
  options?: GradgradcheckOptions & { grad_outputs?: Cotangents },
): boolean;
export function gradgradcheck(
  func: Checked,
  inputs: Inputs,
  ...args: Tail<[grad_outputs: Cotangents], GradgradcheckOptions & { grad_outputs?: Cotangents }>
): boolean;
export function gradgradcheck(...args: unknown[]): boolean {
  const {
    func,
    inputs,
    grad_outputs = null,
    gen_non_contig_grad_outputs = false,
    check_fwd_over_rev = false,
    check_rev_over_rev = true,
    ...options
  } = GRADGRADCHECK.read(args);
  refuse_async('gradgradcheck', func);
  const { check_undefined_grad = true, check_batched_grad = false } = options;
  if (!check_fwd_over_rev && !check_rev_over_rev) {
    throw new Error('Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True');
  }
  if (check_undefined_grad && !check_rev_over_rev)
    throw new Error('Setting check_undefined_grad=True requires check_rev_over_rev to be True');
  if (check_batched_grad && !check_rev_over_rev)
    throw new Error('Setting check_batched_grad=True requires check_rev_over_rev to be True');
  const fn: Fn = (...values) => tensors_of('gradgradcheck', call_synchronously('gradgradcheck', func, ...values));
  const given = inputs_of(inputs);
  const cotangents =
    grad_outputs === null
      ? call_in_mode(recording, () => differentiable(fn(...given))).map((output) =>
          random_cotangent(output, !gen_non_contig_grad_outputs),
        )
      : grad_outputs instanceof Tensor
        ? [grad_outputs]
        : [...grad_outputs];
  const [wanted, needed] = [places_of(given), places_of(cotangents)];
  const first = (...all: Tensor[]): Tensor[] => {
    // Forward mode gets detached copies.
    const restored = (list: Tensor[], places: readonly number[]): Tensor[] =>
      list.map((value, i) => (places.includes(i) ? value.requires_grad_() : value));
    const used = restored(all.slice(0, given.length), wanted);
    const outputs = differentiable(fn(...used));
    const found = grad(
      outputs,
      wanted.map((i) => used[i]!),
      {
        grad_outputs: restored(all.slice(given.length), needed),
        create_graph: true,
        allow_unused: true,
      },
    );
    return found.filter((gradient): gradient is Tensor => gradient !== null);
  };
  return run_gradcheck('gradgradcheck', first, [...given, ...cotangents], {
    ...options,
    check_forward_ad: check_fwd_over_rev,
    check_backward_ad: check_rev_over_rev,
  });
}
