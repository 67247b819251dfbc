/** Who records control flow: `torch.export` while it runs a module, so that branches and loops become parts of a program. */
import type { Tensor } from '../_tensor.js';

/** An operator of functions, as programs call it. */
export interface TracedOperator {
  /** Python's name: `cond`, `while_loop`, `map_impl`, `scan`. */
  readonly target: string;
  /** Tensors before the functions among its arguments. */
  readonly before: readonly Tensor[];
  /** Lists of tensors behind them. */
  readonly lists: readonly (readonly Tensor[])[];
  /** Whether tensors that the functions take from outside are a list of their own; else they are at the end of the last one. */
  readonly own_list: boolean;
}

/** A call of an operator of functions that is being recorded. */
export interface TracedRegion {
  /**
   * Runs one of the functions once, and records what it calls.
   * @param name - what its graph is called: `true_graph`
   * @param inputs - the tensors that are its arguments, which no one else has
   */
  trace<T>(name: string, inputs: readonly Tensor[], run: () => T, outputs: (result: T) => readonly Tensor[]): T;
  /** Ends the call; returns tensors that stand for its results, with the values of the given ones. */
  end(results: readonly Tensor[]): Tensor[];
}

/** What records the calls of a module. */
export interface ControlFlowTracer {
  /** Runs what is no part of the program. */
  aside<T>(body: () => T): T;
  begin(operator: TracedOperator): TracedRegion;
}

let tracer: ControlFlowTracer | null = null;

/** What records control flow now; null when no one does. */
export const current_tracer = (): ControlFlowTracer | null => tracer;

/** Runs a function while its control flow is recorded. */
export function with_tracer<T>(its: ControlFlowTracer, body: () => T): T {
  const outer = tracer;
  tracer = its;
  try {
    return body();
  } finally {
    tracer = outer;
  }
}
