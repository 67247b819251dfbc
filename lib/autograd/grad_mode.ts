/** The modes that say whether operators record a graph: `torch.no_grad` and the like. */
import { not_recording, recording } from '../_C/modes.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import { no_arguments, signature } from '../_internal/signature.js';

const NO_GRAD = signature<{ fn: () => unknown }>('no_grad', 'fn: Callable');
const ENABLE_GRAD = signature<{ fn: () => unknown }>('enable_grad', 'fn: Callable');

/**
 * Runs a function without recording a graph. Mirrors `torch.no_grad`.
 *
 * Of a generator function, every step runs without recording.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned
 * @throws TypeError for an asynchronous function, since the mode would end at its first `await`
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.no_grad(() => x.mul(2)));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * with torch.no_grad():
 *     print(x.mul(2))
 * ```
 */
export function no_grad<T>(fn: () => T): T;
export function no_grad(...args: unknown[]): unknown {
  const [fn] = args.length === 1 && typeof args[0] === 'function' ? (args as [() => unknown]) : [NO_GRAD.read(args).fn];
  return run_in_mode('no_grad', not_recording, fn);
}

/**
 * Runs a function with recording enabled, also within {@link no_grad}. Mirrors `torch.enable_grad`.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.no_grad(() => torch.enable_grad(() => x.mul(2))));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * with torch.no_grad():
 *     with torch.enable_grad():
 *         print(x.mul(2))
 * ```
 */
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
 * Enables or disables recording, permanently or while a function runs. Mirrors `torch.set_grad_enabled`.
 *
 * @param mode - whether operators record a graph
 * @param fn - a synchronous function that runs with this setting, which is restored afterwards
 * @returns what `fn` returned
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.set_grad_enabled(false, () => x.mul(2)));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * with torch.set_grad_enabled(False):
 *     print(x.mul(2))
 * ```
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

/**
 * Whether operators currently record a graph. Mirrors `torch.is_grad_enabled`.
 * @example
 * ```ts
 * print(torch.is_grad_enabled(), torch.no_grad(() => torch.is_grad_enabled()));
 * ```
 * ```python
 * print(torch.is_grad_enabled(), torch.no_grad()(torch.is_grad_enabled)())
 * ```
 */
export function is_grad_enabled(): boolean;
export function is_grad_enabled(...none: unknown[]): boolean {
  no_arguments('is_grad_enabled', none);
  return native.grad_enabled();
}

const INFERENCE_MODE = signature<{ fn: () => unknown; mode?: boolean }>('inference_mode', 'fn: Callable, mode?: bool');

/**
 * Runs a function in inference mode, which records no graph and no version counters. Mirrors `torch.inference_mode`.
 *
 * @param fn - a synchronous function
 * @param mode - whether to use the mode; default true
 * @returns what `fn` returned
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const y = torch.inference_mode(() => model(torch.ones(1, 2)));
 * print(y, y.is_inference());
 * ```
 * ```python
 * model = nn.Linear(2, 1)
 * with torch.inference_mode():
 *     y = model(torch.ones(1, 2))
 * print(y, y.is_inference())
 * ```
 */
export function inference_mode<T>(fn: () => T, mode?: boolean, options?: { mode?: boolean }): T;
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

/**
 * Whether the code runs in {@link inference_mode}. Mirrors `torch.is_inference_mode_enabled`.
 * @example
 * ```ts
 * print(torch.is_inference_mode_enabled());
 * ```
 * ```python
 * print(torch.is_inference_mode_enabled())
 * ```
 */
export function is_inference_mode_enabled(): boolean;
export function is_inference_mode_enabled(...none: unknown[]): boolean {
  no_arguments('is_inference_mode_enabled', none);
  return native.inference_mode_enabled();
}
