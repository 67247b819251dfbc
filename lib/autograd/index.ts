/** Automatic differentiation beside `Tensor.backward`: `torch.autograd` and the grad modes. */
import { vmap } from '../func/vmap.js';
import { zeros_like } from '../generated/functions.js';
import { not_recording, recording } from '../_C/modes.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { warn } from '../_internal/warnings.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor, wrap } from '../_tensor.js';
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
  const [fn] = args.length === 1 && typeof args[0] === 'function' ? (args as [() => unknown]) : [ENABLE_GRAD.read(args).fn];
  return run_in_mode('enable_grad', recording, fn);
}

const SET_GRAD_ENABLED = signature<{ mode: boolean; fn?: () => unknown }>('set_grad_enabled', 'mode: bool, fn?: Callable');

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
    enter: () => { native.inference_mode_enter(mode); },
    leave: () => { native.inference_mode_exit(); },
  };
  return run_in_mode('inference_mode', its, fn);
}

/** Whether the code runs in {@link inference_mode}; mirrors `torch.is_inference_mode_enabled`. */
export function is_inference_mode_enabled(): boolean;
export function is_inference_mode_enabled(...none: unknown[]): boolean {
  no_arguments('is_inference_mode_enabled', none);
  return native.inference_mode_enabled();
}

type Tensors = Tensor | Iterable<Tensor>;
type NamedTensors = Readonly<Record<string, Tensor>>;
type Cotangents = Tensor | Iterable<Tensor | null> | null;

/** The tensors of an argument: one, those of a list, or the values of an object. @throws TypeError for another element */
function tensors_of(callee: string, name: string, given: unknown, nullable = false): (Tensor | null)[] {
  if (given === null || given === undefined) return [];
  if (given instanceof Tensor) return [given];
  const list: unknown[] = is_plain_object(given) ? Object.values(given) : [...(given as Iterable<unknown>)];
  return list.map((element, i) => {
    if (element instanceof Tensor || (nullable && element === null)) return element as Tensor | null;
    throw new TypeError(
      `${callee}(): argument '${name}' must be Tensor or list of Tensors, but found element of type ${kind_of(element)} at pos ${i}`);
  });
}

const handles = (tensors: readonly (Tensor | null)[]): number[] => tensors.map((tensor) => (tensor === null ? -1 : tensor._h));

/** What {@link grad} takes by name. */
export interface GradOptions {
  /** Of the shapes of the outputs; may be left out for scalars. */
  grad_outputs?: Cotangents;
  /** Whether the graph stays for another backward pass; as `create_graph` when left out. */
  retain_graph?: boolean | null;
  /** Whether the gradients can be differentiated in turn. Default false. */
  create_graph?: boolean;
  /** Has no effect any more; false gives a warning. Default true. */
  only_inputs?: boolean;
  /** Whether outputs may not depend on an input, which then gives null. Default: as `materialize_grads`. */
  allow_unused?: boolean | null;
  /** Whether `grad_outputs` has one more dimension in front, over which gradients are computed. Default false. */
  is_grads_batched?: boolean;
  /** Whether there are zeros where an input has no gradient. Default false. */
  materialize_grads?: boolean;
}

type GradArguments = [
  grad_outputs: Cotangents, retain_graph: boolean | null, create_graph: boolean, only_inputs: boolean, allow_unused: boolean | null,
  is_grads_batched: boolean, materialize_grads: boolean,
];

const GRAD = signature<GradOptions & { outputs: Tensors; inputs: Tensors | NamedTensors }>('grad',
  'outputs: Tensor|Iterable, inputs: Tensor|Iterable|dict, grad_outputs?: Tensor|Iterable|None, retain_graph?: bool|None, '
  + 'create_graph?: bool, only_inputs?: bool, allow_unused?: bool|None, is_grads_batched?: bool, materialize_grads?: bool');

/**
 * The gradients of `outputs` with respect to `inputs`, which keep no `.grad`; mirrors `torch.autograd.grad`.
 * With `allow_unused`, inputs that the outputs do not depend on give null. For inputs in an object, such as
 * `Object.fromEntries(model.named_parameters())`, the gradients come in an object with the same names.
 * @throws Error when there is no graph, or no gradient for an output that is not a scalar, or an input is unused
 * @example
 * ```ts
 * const [dx, dy] = torch.autograd.grad(x.mul(y).sum(), [x, y]);
 * ```
 */
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions & { allow_unused: true; materialize_grads?: false }): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, ...args: Tail<GradArguments, GradOptions>): Tensor[];
export function grad<K extends string>(
  outputs: Tensors, inputs: Readonly<Record<K, Tensor>>, ...args: Tail<GradArguments, GradOptions>): Record<K, Tensor>;
export function grad(outputs: Tensors, options: GradOptions & { inputs: Tensors }): Tensor[];
export function grad(options: GradOptions & { outputs: Tensors; inputs: Tensors }): Tensor[];
export function grad(...args: unknown[]): (Tensor | null)[] | Record<string, Tensor | null> {
  const options = GRAD.read(args);
  const { inputs, retain_graph, create_graph = false, only_inputs = true, materialize_grads = false } = options;
  if (materialize_grads && options.allow_unused === false) {
    throw new Error('Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.');
  }
  const [outputs, targets] = [tensors_of('grad', 'outputs', options.outputs), tensors_of('grad', 'inputs', inputs) as Tensor[]];
  if (targets.length === 0) throw new Error('`inputs` argument to `grad()` cannot be empty.');
  if (!only_inputs) {
    warn('only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for other parts of the '
      + 'graph, please use torch.autograd.backward.', 'FutureWarning');
  }
  const [from, to] = [handles(outputs), handles(targets)];
  const once = (cotangents: readonly (Tensor | null)[]): (Tensor | null)[] => {
    const found = native.gradients(
      from, to, handles(cotangents), retain_graph ?? undefined, create_graph, options.allow_unused ?? materialize_grads).map(wrap);
    if (!materialize_grads) return found;
    return found.map((gradient, i) => gradient ?? zeros_like(targets[i] as Tensor, { requires_grad: create_graph }));
  };
  const cotangents = tensors_of('grad', 'grad_outputs', options.grad_outputs, true);
  const found = options.is_grads_batched ? batched_gradients(once, cotangents) : once(cotangents);
  if (!is_plain_object(inputs)) return found;
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, found[i] as Tensor | null]));
}

/** A batch of the gradients that there are; what has none has none for the whole batch. */
function batched_gradients(
  once: (cotangents: readonly (Tensor | null)[]) => (Tensor | null)[], cotangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
  let present: boolean[] = [];
  const batched = vmap((list: (Tensor | null)[]) => {
    const found = once(list);
    present = found.map((gradient) => gradient !== null);
    return found.filter((gradient) => gradient !== null);
  }, { in_dims: [cotangents.map((cotangent) => (cotangent === null ? null : 0))] })([...cotangents]);
  return present.map((there) => (there ? (batched.shift() as Tensor) : null));
}

/** What {@link backward} takes by name. */
export interface BackwardAllOptions {
  /** Of the shapes of the tensors; may be left out for scalars. */
  grad_tensors?: Cotangents;
  /** Whether the graph stays for another backward pass; as `create_graph` when left out. */
  retain_graph?: boolean | null;
  /** Whether the gradients can be differentiated in turn. Default false. */
  create_graph?: boolean;
  /** Old name of `grad_tensors`. */
  grad_variables?: Cotangents;
  /** The leaves whose gradients are summed up; all of the graph when left out. */
  inputs?: Tensors | NamedTensors | null;
}

type BackwardArguments = [
  grad_tensors: Cotangents, retain_graph: boolean | null, create_graph: boolean, grad_variables: Cotangents,
  inputs: Tensors | NamedTensors | null,
];

const BACKWARD = signature<BackwardAllOptions & { tensors: Tensors }>('backward',
  'tensors: Tensor|Iterable, grad_tensors?: Tensor|Iterable|None, retain_graph?: bool|None, create_graph?: bool, '
  + 'grad_variables?: Tensor|Iterable|None, inputs?: Tensor|Iterable|dict|None');

/**
 * Sums the gradients of `tensors` into the leaves of their graphs; mirrors `torch.autograd.backward`.
 * @throws Error when there is no graph, no gradient for a tensor that is not a scalar, or `inputs` is empty
 */
export function backward(tensors: Tensors, ...args: Tail<BackwardArguments, BackwardAllOptions>): void;
export function backward(options: BackwardAllOptions & { tensors: Tensors }): void;
export function backward(...args: unknown[]): void {
  const { tensors, grad_tensors = null, retain_graph, create_graph = false, grad_variables = null, inputs = null } = BACKWARD.read(args);
  if (grad_variables !== null) {
    warn('`grad_variables` is deprecated. Use `grad_tensors` instead.', 'FutureWarning');
    if (grad_tensors !== null) {
      throw new Error('`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only use `grad_tensors`.');
    }
  }
  const targets = tensors_of('backward', 'inputs', inputs);
  if (inputs !== null && targets.length === 0) throw new Error('`inputs` argument to `backward()` cannot be empty.');
  native.backward(
    handles(tensors_of('backward', 'tensors', tensors)),
    handles(tensors_of('backward', 'grad_tensors', grad_tensors ?? grad_variables, true)),
    retain_graph ?? undefined, create_graph, handles(targets),
  );
}

export { Function, FunctionCtx, type FunctionClass, type FunctionClassWithSetup } from './function.js';
export * as forward_ad from './forward_ad.js';
export * as functional from './functional.js';
export { gradcheck, GradcheckError, gradgradcheck, type GradcheckOptions } from './gradcheck.js';
export * as graph from './graph.js';
export { Variable } from '../python/builtins.js';
export * from '../absent/autograd.js';

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
    leave: (before) => { native.set_anomaly(...before); },
  };
}

const SET_DETECT_ANOMALY = signature<{ mode: boolean; check_nan?: boolean; fn?: () => unknown }>(
  'set_detect_anomaly', 'mode: bool, check_nan?: bool, fn?: Callable');

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
  const { mode, check_nan = true, fn } = SET_DETECT_ANOMALY.read(options_first ? [first, { ...second, fn: third }] : args);
  if (fn) return run_in_mode('set_detect_anomaly', anomaly_mode(mode, check_nan), fn);
  native.set_anomaly(mode, check_nan);
  return undefined;
}

const DETECT_ANOMALY = signature<{ fn: () => unknown; check_nan?: boolean }>('detect_anomaly', 'fn: Callable, check_nan?: bool');

/**
 * Runs `fn` while backward passes look for NaN; mirrors `torch.autograd.detect_anomaly`. See {@link set_detect_anomaly}.
 * @throws TypeError for an asynchronous function
 */
export function detect_anomaly<T>(fn: () => T, ...args: Tail<[check_nan: boolean], { check_nan?: boolean }>): T;
export function detect_anomaly(...args: unknown[]): unknown {
  const { fn, check_nan = true } = DETECT_ANOMALY.read(args);
  warn('Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.');
  return run_in_mode('detect_anomaly', anomaly_mode(true, check_nan), fn);
}
