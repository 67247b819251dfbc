/** Finding the operator behind a bad gradient: `torch.autograd.detect_anomaly`. */
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { warn } from '../_internal/warnings.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import { no_arguments, signature } from '../_internal/signature.js';

/** Whether backward passes look for NaN; mirrors `torch.is_anomaly_enabled`. */
export function is_anomaly_enabled(): boolean;
export function is_anomaly_enabled(...none: unknown[]): boolean {
  no_arguments('is_anomaly_enabled', none);
  return native.anomaly_enabled();
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
 * Switches the search for NaN in backward passes on or off, for good or for the time of `fn`; mirrors
 * `torch.autograd.set_detect_anomaly`. It holds for all threads, and makes training slow. The Error names the node whose
 * result is NaN; a warning says where in the program that node was made.
 * @param check_nan - whether a NaN is an Error (default true), or just the trace of a failing node is kept
 * @throws TypeError for an asynchronous function
 */
export function set_detect_anomaly(mode: boolean, check_nan?: boolean | { check_nan?: boolean }): void;
export function set_detect_anomaly<T>(mode: boolean, check_nan: boolean | { check_nan?: boolean }, fn: () => T): T;
export function set_detect_anomaly(options: { mode: boolean; check_nan?: boolean }): void;
export function set_detect_anomaly(...args: unknown[]): unknown {
  // The function is the last argument also after options, where none comes in Python.
  const [first, second, third] = args;
  const options_first = args.length === 3 && typeof third === 'function' && is_plain_object(second);
  const {
    mode,
    check_nan = true,
    fn,
  } = SET_DETECT_ANOMALY.read(options_first ? [first, { ...second, fn: third }] : args);
  if (fn) return run_in_mode('set_detect_anomaly', anomaly_mode(mode, check_nan), fn);
  native.set_anomaly(mode, check_nan);
  return undefined;
}

const DETECT_ANOMALY = signature<{ fn: () => unknown; check_nan?: boolean }>(
  'detect_anomaly',
  'fn: Callable, check_nan?: bool',
);

/**
 * Runs `fn` while backward passes look for NaN; mirrors `torch.autograd.detect_anomaly`. See {@link set_detect_anomaly}.
 * @throws TypeError for an asynchronous function
 */
export function detect_anomaly<T>(fn: () => T, ...args: Tail<[check_nan: boolean], { check_nan?: boolean }>): T;
export function detect_anomaly(...args: unknown[]): unknown {
  const { fn, check_nan = true } = DETECT_ANOMALY.read(args);
  warn(
    'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
  );
  return run_in_mode('detect_anomaly', anomaly_mode(true, check_nan), fn);
}
