/** Automatic differentiation beside `Tensor.backward`: `torch.autograd` and the grad modes. */
import { native } from './native.js';
import { function_argument } from './nn/arguments.js';
import { Tensor, wrap } from './tensor.js';

function is_promise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

function refuse_promise<T>(name: string, value: T): T {
  if (is_promise(value)) {
    throw new TypeError(`${name}(): the function must be synchronous: the mode ends when it returns`);
  }
  return value;
}

function with_grad_mode<T>(name: string, enabled: boolean, fn: () => T): T {
  function_argument(name, 'fn', fn);
  const before = native.set_grad_enabled(enabled);
  try {
    return refuse_promise(name, fn());
  } finally {
    native.set_grad_enabled(before);
  }
}

/** Runs `fn` without recording a graph and returns its result; mirrors `torch.no_grad`. */
export function no_grad<T>(fn: () => T): T {
  return with_grad_mode('no_grad', false, fn);
}

/** Runs `fn` with recording on; mirrors `torch.enable_grad`. */
export function enable_grad<T>(fn: () => T): T {
  return with_grad_mode('enable_grad', true, fn);
}

/**
 * Switches recording on or off: for good, or for the time of `fn`; mirrors `torch.set_grad_enabled`.
 */
export function set_grad_enabled(mode: boolean): void;
export function set_grad_enabled<T>(mode: boolean, fn: () => T): T;
export function set_grad_enabled<T>(mode: boolean, fn?: () => T): T | void {
  if (fn) return with_grad_mode('set_grad_enabled', mode, fn);
  native.set_grad_enabled(mode);
}

/** Whether operators record a graph now; mirrors `torch.is_grad_enabled`. */
export function is_grad_enabled(): boolean {
  return native.grad_enabled();
}

/** Runs `fn` in inference mode: no graph, no version counters; mirrors `torch.inference_mode`. */
export function inference_mode<T>(fn: () => T, mode = true): T {
  native.inference_mode_enter(mode);
  try {
    return refuse_promise('inference_mode', fn());
  } finally {
    native.inference_mode_exit();
  }
}

/** Whether the code runs in {@link inference_mode}; mirrors `torch.is_inference_mode_enabled`. */
export function is_inference_mode_enabled(): boolean {
  return native.inference_mode_enabled();
}

type Tensors = Tensor | readonly Tensor[];

function as_array<T>(value: T | readonly T[] | null | undefined): readonly T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

const handle_of = (tensor: Tensor | null): number => (tensor === null ? -1 : tensor._h);

function handles(name: string, argument: string, tensors: readonly (Tensor | null)[]): number[] {
  return tensors.map((tensor) => {
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new TypeError(`${name}(): argument '${argument}' must hold Tensors, not ${typeof tensor}`);
    }
    return handle_of(tensor);
  });
}

/** What {@link grad} takes by name. */
export interface GradOptions {
  grad_outputs?: Tensor | readonly (Tensor | null)[] | null;
  retain_graph?: boolean;
  create_graph?: boolean;
  allow_unused?: boolean;
}

/**
 * The gradients of `outputs` with respect to `inputs`, which keep no `.grad`; mirrors `torch.autograd.grad`.
 * With `allow_unused`, inputs that the outputs do not depend on give null.
 */
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions & { allow_unused: true }): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, options?: GradOptions): Tensor[];
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions = {}): (Tensor | null)[] {
  return native
    .gradients(
      handles('grad', 'outputs', as_array(outputs)), handles('grad', 'inputs', as_array(inputs)),
      handles('grad', 'grad_outputs', as_array<Tensor | null>(options.grad_outputs)), options.retain_graph,
      options.create_graph ?? false, options.allow_unused ?? false,
    )
    .map(wrap);
}

/** What {@link backward} takes by name. */
export interface BackwardAllOptions {
  retain_graph?: boolean;
  create_graph?: boolean;
  inputs?: Tensors;
}

/** Sums the gradients of `tensors` into the leaves of their graphs; mirrors `torch.autograd.backward`. */
export function backward(
  tensors: Tensors, grad_tensors: Tensor | readonly (Tensor | null)[] | null = null, options: BackwardAllOptions = {},
): void {
  native.backward(
    handles('backward', 'tensors', as_array(tensors)),
    handles('backward', 'grad_tensors', as_array<Tensor | null>(grad_tensors)), options.retain_graph,
    options.create_graph ?? false, handles('backward', 'inputs', as_array(options.inputs)),
  );
}

export { Function, FunctionCtx, type FunctionClass, type FunctionClassWithSetup } from './autograd_function.js';
export * as forward_ad from './forward_ad.js';
export * as functional from './autograd_functional.js';
export { gradcheck, GradcheckError, gradgradcheck, type GradcheckOptions } from './gradcheck.js';
export * as graph from './autograd_graph.js';

/** Whether backward passes look for NaN; mirrors `torch.is_anomaly_enabled`. */
export function is_anomaly_enabled(): boolean {
  return native.anomaly_enabled();
}

/**
 * Switches the search for NaN in backward passes on or off, for good or for the time of `fn`; mirrors
 * `torch.autograd.set_detect_anomaly`. It holds for all threads, and makes training slow. The Error names the node whose
 * result is NaN; a warning says where in the program that node was made.
 */
export function set_detect_anomaly(mode: boolean, options?: { check_nan?: boolean }): void;
export function set_detect_anomaly<T>(mode: boolean, options: { check_nan?: boolean }, fn: () => T): T;
export function set_detect_anomaly<T>(mode: boolean, options: { check_nan?: boolean } = {}, fn?: () => T): T | void {
  if (fn !== undefined) function_argument('set_detect_anomaly', 'fn', fn);
  const before = [native.anomaly_enabled(), native.anomaly_checks_nan()] as const;
  native.set_anomaly(mode, options.check_nan ?? true);
  if (!fn) return;
  try {
    return refuse_promise('set_detect_anomaly', fn());
  } finally {
    native.set_anomaly(...before);
  }
}

/** Runs `fn` while backward passes look for NaN; mirrors `torch.autograd.detect_anomaly`. */
export function detect_anomaly<T>(fn: () => T, options: { check_nan?: boolean } = {}): T {
  function_argument('detect_anomaly', 'fn', fn);
  return set_detect_anomaly(true, options, fn);
}
