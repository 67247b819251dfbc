/** Grad mode and forward mode as modes that functions run in. */
import { native } from './native.js';
import type { Mode } from '../_internal/callbacks.js';

// What native/autograd/functorch.cpp exports.
declare module './native.js' {
  interface Native {
    set_forward_enabled(enabled: boolean): boolean;
  }
}

const leave_grad_mode = (before: boolean): void => {
  native.set_grad_enabled(before);
};

/** Operators record a graph. */
export const recording: Mode<boolean> = { enter: () => native.set_grad_enabled(true), leave: leave_grad_mode };

/** Operators record nothing. */
export const not_recording: Mode<boolean> = { enter: () => native.set_grad_enabled(false), leave: leave_grad_mode };

/** Runs `fn` with forward mode on or off: whether operators propagate tangents. */
export function with_forward_enabled<T>(enabled: boolean, fn: () => T): T {
  const before = native.set_forward_enabled(enabled);
  try {
    return fn();
  } finally {
    native.set_forward_enabled(before);
  }
}

let over_whole_graph = true;

/** Whether the backward pass that runs, if any, computes the gradients of all leaves: only then may a hook run a pass of its own. */
export function is_pass_over_whole_graph(): boolean {
  return over_whole_graph;
}

/** A backward pass for some inputs only. */
export const pass_for_inputs: Mode<boolean> = {
  enter: () => {
    const before = over_whole_graph;
    over_whole_graph = false;
    return before;
  },
  leave: (before) => {
    over_whole_graph = before;
  },
};
