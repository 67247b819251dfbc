/** The modes that say whether operators record a graph: `torch.no_grad` and the like. */
import { not_recording, recording } from '../_C/modes.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import { no_arguments, signature } from '../_internal/signature.js';

const NO_GRAD = signature<{ fn: () => unknown }>('no_grad', 'fn: Callable');
const ENABLE_GRAD = signature<{ fn: () => unknown }>('enable_grad', 'fn: Callable');

/**
 * Runs `fn` without recording a graph and returns its result; mirrors `torch.no_grad`. Of a generator function, each step
 * runs so, whenever it is made.
 * @throws TypeError for an asynchronous function: the mode would end at its first `await`
 * @example
 * ```ts
 * const prediction = torch.no_grad(() => model(x));
 * ```
 */
export function no_grad<T>(fn: () => T): T;
export function no_grad(...args: unknown[]): unknown {
  const [fn] = args.length === 1 && typeof args[0] === 'function' ? (args as [() => unknown]) : [NO_GRAD.read(args).fn];
  return run_in_mode('no_grad', not_recording, fn);
}

/** Runs `fn` with recording on, as {@link no_grad} runs it with recording off; mirrors `torch.enable_grad`. */
export function enable_grad<T>(fn: () => T): T;
export function enable_grad(...args: unknown[]): unknown {
  const [fn] =
    args.length === 1 && typeof args[0] === 'function' ? (args as [() => unknown]) : [ENABLE_GRAD.read(args).fn];
  return run_in_mode('enable_grad', recording, fn);
}

const SET_GRAD_ENABLED = signature<{ mode: boolean; fn?: () => unknown }>(
  'set_grad_enabled',
  'mode: bool, fn?: Callable',
);

/**
 * Switches recording on or off: for good, or for the time of `fn`; mirrors `torch.set_grad_enabled`.
 * @throws TypeError for an asynchronous function
 */
export function set_grad_enabled(mode: boolean): void;
export function set_grad_enabled<T>(mode: boolean, fn: () => T): T;
export function set_grad_enabled(options: { mode: boolean }): void;
export function set_grad_enabled(...args: unknown[]): unknown {
  const { mode, fn } = SET_GRAD_ENABLED.read(args);
  if (fn) return run_in_mode('set_grad_enabled', mode ? recording : not_recording, fn);
  native.set_grad_enabled(mode);
  return undefined;
}

/** Whether operators record a graph now; mirrors `torch.is_grad_enabled`. */
export function is_grad_enabled(): boolean;
export function is_grad_enabled(...none: unknown[]): boolean {
  no_arguments('is_grad_enabled', none);
  return native.grad_enabled();
}

const INFERENCE_MODE = signature<{ fn: () => unknown; mode?: boolean }>('inference_mode', 'fn: Callable, mode?: bool');

/**
 * Runs `fn` in inference mode: no graph, no version counters; mirrors `torch.inference_mode`.
 * @param args - `mode`: whether to (default true)
 * @throws TypeError for an asynchronous function
 */
export function inference_mode<T>(fn: () => T, ...args: Tail<[mode: boolean], { mode?: boolean }>): T;
export function inference_mode(...args: unknown[]): unknown {
  const { fn, mode = true } = INFERENCE_MODE.read(args);
  const its: Mode<void> = {
    enter: () => {
      native.inference_mode_enter(mode);
    },
    leave: () => {
      native.inference_mode_exit();
    },
  };
  return run_in_mode('inference_mode', its, fn);
}

/** Whether the code runs in {@link inference_mode}; mirrors `torch.is_inference_mode_enabled`. */
export function is_inference_mode_enabled(): boolean;
export function is_inference_mode_enabled(...none: unknown[]): boolean {
  no_arguments('is_inference_mode_enabled', none);
  return native.inference_mode_enabled();
}
