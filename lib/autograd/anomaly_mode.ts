/** Finding the operator behind a bad gradient: `torch.autograd.detect_anomaly`. */
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { warn } from '../_internal/warnings.js';
import type { Mode } from '../_internal/callbacks.js';
import { has_function, run_or_guard, run_or_set, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';

/**
 * Whether backward passes check for NaN. Mirrors `torch.is_anomaly_enabled`.
 * @example
 * ```ts
 * print(torch.autograd.is_anomaly_enabled());
 * ```
 * ```python
 * print(torch.is_anomaly_enabled())
 * ```
 */
export function is_anomaly_enabled(): boolean;
export function is_anomaly_enabled(...none: unknown[]): boolean {
  no_arguments('is_anomaly_enabled', none);
  return native.anomaly_enabled();
}

/**
 * Whether backward passes with anomaly detection throw for NaN. Mirrors `torch.is_anomaly_check_nan_enabled`.
 *
 * @example
 * ```ts
 * print(torch.is_anomaly_check_nan_enabled());
 * ```
 * ```python
 * print(torch.is_anomaly_check_nan_enabled())
 * ```
 */
export function is_anomaly_check_nan_enabled(): boolean;
export function is_anomaly_check_nan_enabled(...none: unknown[]): boolean {
  no_arguments('is_anomaly_check_nan_enabled', none);
  return native.anomaly_checks_nan();
}

const SET_ANOMALY_ENABLED = signature<{ enabled: boolean; check_nan?: boolean }>(
  'set_anomaly_enabled',
  'enabled: bool, check_nan?: bool',
);

/**
 * Enables or disables anomaly detection from now on; {@link set_detect_anomaly} does so for a while. Mirrors
 * `torch.set_anomaly_enabled`.
 *
 * @param enabled - whether to check
 * @param check_nan - throw for NaN; default true
 * @example
 * ```ts
 * torch.set_anomaly_enabled(true, false);
 * print(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled());
 * torch.set_anomaly_enabled(false);
 * ```
 * ```python
 * torch.set_anomaly_enabled(True, False)
 * print(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
 * torch.set_anomaly_enabled(False)
 * ```
 */
export function set_anomaly_enabled(enabled: boolean, check_nan?: boolean): void;
export function set_anomaly_enabled(enabled: boolean, options: { check_nan?: boolean }): void;
export function set_anomaly_enabled(options: { enabled: boolean; check_nan?: boolean }): void;
export function set_anomaly_enabled(...args: unknown[]): void {
  const { enabled, check_nan = true } = SET_ANOMALY_ENABLED.read(args);
  native.set_anomaly(enabled, check_nan);
}

type Anomaly = readonly [enabled: boolean, check_nan: boolean];

const anomaly_now = (): Anomaly => [native.anomaly_enabled(), native.anomaly_checks_nan()];

function anomaly_mode(...wanted: Anomaly): Mode<Anomaly> {
  return {
    enter: () => {
      const before = anomaly_now();
      native.set_anomaly(...wanted);
      return before;
    },
    leave: (before) => {
      native.set_anomaly(...before);
    },
  };
}

const SET_DETECT_ANOMALY = signature<{ mode: boolean; check_nan?: boolean; fn?: () => unknown }>(
  'set_detect_anomaly',
  'mode: bool, check_nan?: bool, fn?: Callable',
);

/**
 * Enables or disables the check for NaN in backward passes: from now on, while a function runs, until the end of a block of
 * `using`, or in a method; see {@link Guard}. Mirrors `torch.autograd.set_detect_anomaly`.
 *
 * It applies to all threads and makes training slow. The Error names the node whose result is NaN; a warning shows
 * where in the program that node was created.
 *
 * @param mode - whether to check
 * @param check_nan - throw for NaN (default true), or only keep the trace of a failing node
 * @param fn - a synchronous function that runs with this setting, which is restored afterwards
 * @returns what `fn` returned; without `fn` a guard, which has set it already
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 0], { requires_grad: true });
 * try {
 *   torch.autograd.set_detect_anomaly(true, true, () => x.mul(0).div(x).sum().backward());
 * } catch (error) {
 *   print((error as Error).message.includes('returned nan values'));
 * }
 * ```
 * ```python
 * x = torch.tensor([0.5, 0], requires_grad=True)
 * try:
 *     with torch.autograd.set_detect_anomaly(True):
 *         x.mul(0).div(x).sum().backward()
 * except RuntimeError as error:
 *     print('returned nan values' in str(error))
 * ```
 */
export function set_detect_anomaly(mode: boolean, check_nan?: boolean | { check_nan?: boolean }): Guard;
export function set_detect_anomaly<T>(mode: boolean, check_nan: boolean | { check_nan?: boolean }, fn: () => T): T;
export function set_detect_anomaly(options: { mode: boolean; check_nan?: boolean }): Guard;
export function set_detect_anomaly(...args: unknown[]): unknown {
  // The function is the last argument also after options, where none comes in Python.
  const [first, second, third] = args;
  const options_first = args.length === 3 && typeof third === 'function' && is_plain_object(second);
  const {
    mode,
    check_nan = true,
    fn,
  } = SET_DETECT_ANOMALY.read(options_first ? [first, { ...second, fn: third }] : args);
  return run_or_set('set_detect_anomaly', anomaly_mode(mode, check_nan), fn);
}

const DETECT_ANOMALY = {
  run: signature<{ fn: () => unknown; check_nan?: boolean }>('detect_anomaly', 'fn: Callable, check_nan?: bool'),
  guard: signature<{ check_nan?: boolean }>('detect_anomaly', 'check_nan?: bool'),
};

/**
 * Checks for NaN in backward passes: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.autograd.detect_anomaly`; see {@link set_detect_anomaly}.
 *
 * @param fn - a synchronous function
 * @param check_nan - throw for NaN (default true), or only keep the trace of a failing node
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 0], { requires_grad: true });
 * try {
 *   torch.autograd.detect_anomaly(() => x.mul(0).div(x).sum().backward());
 * } catch (error) {
 *   print((error as Error).message.includes('returned nan values'));
 * }
 * ```
 * ```python
 * x = torch.tensor([0.5, 0], requires_grad=True)
 * try:
 *     with torch.autograd.detect_anomaly():
 *         x.mul(0).div(x).sum().backward()
 * except RuntimeError as error:
 *     print('returned nan values' in str(error))
 * ```
 */
export function detect_anomaly<T>(fn: () => T, check_nan?: boolean, options?: { check_nan?: boolean }): T;
export function detect_anomaly(...args: Tail<[check_nan: boolean], { check_nan?: boolean }>): Guard;
export function detect_anomaly<T>(fn: () => T, ...args: Tail<[check_nan: boolean], { check_nan?: boolean }>): T;
export function detect_anomaly(...args: unknown[]): unknown {
  const { fn, check_nan = true } = has_function(args)
    ? DETECT_ANOMALY.run.read(args)
    : { ...DETECT_ANOMALY.guard.read(args), fn: undefined };
  warn(
    'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
  );
  return run_or_guard('detect_anomaly', anomaly_mode(true, check_nan), fn);
}
