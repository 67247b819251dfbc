/** Derivatives of operators whose kernels are JavaScript. */
import { Function as AutogradFunction, type FunctionCtx } from '../autograd/function.js';
import { native, type Tagged } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import { arguments_of, call_user, given_to, tagged_results, type Operator } from './operators.js';

/** Maps the gradients of the results to gradients of the arguments by position: one, or an array, null where there is none. */
export type Backward = (ctx: FunctionCtx, ...gradients: never[]) => unknown;
/**
 * Saves what {@link Backward} needs: gets the arguments by position, where the schema has some those by name, and the result.
 */
export type SetupContext = (ctx: FunctionCtx, inputs: never, ...rest: never[]) => void;

/** How an operator is differentiated. */
export interface Derivative {
  backward: Backward | undefined;
  setup_context: SetupContext | null;
}

const is_tensor_list = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.every((item) => is_tensor(item));

/** How many tensors stand for each value, -1 for a value that is not a list of them. */
type Counts = readonly number[];

const counts_of = (values: readonly unknown[]): Counts =>
  values.map((value) => (is_tensor_list(value) ? value.length : -1));

/** Values in which the tensors of lists stand one by one. */
function unrolled(values: readonly unknown[], counts: Counts): unknown[] {
  return values.flatMap((value, i) => (counts[i]! < 0 ? [value] : (value as unknown[])));
}

/** The way back. */
function rolled(flat: readonly unknown[], counts: Counts): unknown[] {
  let next = 0;
  return counts.map((count) => {
    if (count < 0) return flat[next++];
    next += count;
    return flat.slice(next - count, next);
  });
}

/** Runs something with operators below autograd. */
function below_autograd<T>(run: () => T): T {
  native.below_autograd_enter();
  try {
    return run();
  } finally {
    native.below_autograd_exit();
  }
}

/** What goes through `apply` beside the tensors; the graph does not hold it. */
class Call {
  outputs: Counts = [];
  constructor(
    readonly inputs: Counts,
    readonly named: Record<string, unknown> | undefined,
  ) {}
}

/** What a context remembers of its call: numbers only, since the graph holds it. */
interface Remembered {
  readonly inputs: Counts;
  readonly outputs: Counts;
}

/** The gradients of the tensors one by one, from what `backward` has returned for the arguments. */
function flat_gradients(answer: unknown, counts: Counts): unknown[] {
  let given: readonly unknown[] = Array.isArray(answer) ? (answer as unknown[]) : [answer];
  // For the only argument, which is a list, its list of gradients will do.
  if (counts.length === 1 && counts[0]! >= 0 && !(given.length === 1 && Array.isArray(given[0]))) given = [given];
  return [
    ...counts.flatMap((count, i) => {
      const gradient = given[i];
      if (count < 0) return [i < given.length ? gradient : undefined];
      return Array.isArray(gradient) ? (gradient as unknown[]) : Array<null>(count).fill(null);
    }),
    // Too many are refused as those of any Function.
    ...given.slice(counts.length),
  ];
}

/** Runs something while a context says for whole arguments which of them need a gradient. */
function with_needs(ctx: FunctionCtx, counts: Counts, run: () => unknown): unknown {
  const { needs_input_grad } = ctx;
  ctx.needs_input_grad = rolled(needs_input_grad.slice(1), counts) as boolean[];
  try {
    return run();
  } finally {
    ctx.needs_input_grad = needs_input_grad;
  }
}

/** The {@link AutogradFunction} of an operator: made once, since the graph holds it, and all that is in sight of it. */
function function_of(its: Operator, name: string, derivative: Derivative): typeof AutogradFunction {
  const one = its.schema.returns.length === 1;
  class Generated extends AutogradFunction {
    static forward(ctx: FunctionCtx, call: Call, ...flat: unknown[]): unknown[] {
      const positional = rolled(flat, call.inputs);
      const result = below_autograd(() => its.call(...arguments_of({ positional, named: call.named })));
      const results = one ? [result] : ((result ?? []) as unknown[]);
      call.outputs = counts_of(results);
      ctx['_call'] = { inputs: call.inputs, outputs: call.outputs } satisfies Remembered;
      const setup = derivative.setup_context;
      if (setup !== null) {
        const names = call.named === undefined ? [] : [call.named];
        with_needs(ctx, call.inputs, () => call_user(setup, 'setup_context', [ctx, positional, ...names, result]));
      }
      return unrolled(results, call.outputs);
    }

    static backward(ctx: FunctionCtx, ...flat: unknown[]): unknown[] {
      const { backward } = derivative;
      if (backward === undefined) {
        throw new Error(
          `Trying to backward through ${name} but no autograd formula was registered. Please use register_autograd to ` +
            'add one.',
        );
      }
      const { inputs, outputs } = ctx['_call'] as Remembered;
      const gradients = [ctx, ...rolled(flat, outputs)];
      const answer = with_needs(ctx, inputs, () => call_user(backward, 'backward', gradients));
      return [null, ...flat_gradients(answer, inputs)];
    }
  }
  Object.defineProperty(Generated, 'name', { value: `GeneratedBackwardFor_${name.replaceAll('.', '_')}` });
  return Generated;
}

/** The kernel for calls that a graph records. @param name - of the operator, as `mylib.sin.default` */
export function recording_kernel(
  its: Operator,
  name: string,
  derivative: Derivative,
): (tagged: readonly Tagged[]) => Tagged[] {
  const generated = function_of(its, name, derivative) as unknown as { apply(...args: unknown[]): unknown[] };
  return (tagged) => {
    const { positional, named } = given_to(its, tagged);
    const call = new Call(counts_of(positional), named);
    const results = rolled(generated.apply(call, ...unrolled(positional, call.inputs)), call.outputs);
    return tagged_results(its, its.schema.returns.length === 1 ? results[0] : results);
  };
}
