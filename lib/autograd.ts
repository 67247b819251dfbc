/** Automatic differentiation beside `Tensor.backward`: `torch.autograd` and the grad modes. */
import { vmap } from './func/vmap.js';
import { native } from './native.js';
import { bind, flag, function_argument, type Tail } from './nn/arguments.js';
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
export function inference_mode<T>(fn: () => T, mode: boolean | { mode?: boolean } = true): T {
  function_argument('inference_mode', 'fn', fn);
  native.inference_mode_enter(flag('inference_mode', 'mode', mode, true));
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

type Cotangents = Tensor | readonly (Tensor | null)[] | null;

/** What {@link grad} takes by name. */
export interface GradOptions {
  /** Of the shapes of the outputs; may be left out for scalars. */
  grad_outputs?: Cotangents;
  /** Whether the graph stays for another backward pass; as `create_graph` when left out. */
  retain_graph?: boolean | null;
  create_graph?: boolean;
  /** Whether outputs may not depend on an input, which then gives null. */
  allow_unused?: boolean | null;
  /** Whether `grad_outputs` has one more dimension in front, over which gradients are computed. */
  is_grads_batched?: boolean;
  /** Whether there are zeros where an input has no gradient. */
  materialize_grads?: boolean;
}

const GRAD_ARGUMENTS = ['grad_outputs', 'retain_graph', 'create_graph', 'allow_unused', 'is_grads_batched', 'materialize_grads'];

type GradArguments = [
  grad_outputs: Cotangents, retain_graph: boolean | null, create_graph: boolean, allow_unused: boolean | null,
  is_grads_batched: boolean, materialize_grads: boolean,
];

/**
 * The gradients of `outputs` with respect to `inputs`, which keep no `.grad`; mirrors `torch.autograd.grad`.
 * With `allow_unused`, inputs that the outputs do not depend on give null.
 * @throws Error when there is no graph, or no gradient for an output that is no scalar, or an input is unused
 */
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions & { allow_unused: true; materialize_grads?: false }): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, ...args: Tail<GradArguments, GradOptions>): Tensor[];
export function grad(outputs: Tensors, inputs: Tensors, ...args: Tail<GradArguments, GradOptions>): (Tensor | null)[] {
  const options = bind<GradOptions>('grad', GRAD_ARGUMENTS, args);
  const { materialize_grads = false } = options;
  if (materialize_grads && options.allow_unused === false) {
    throw new Error('Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.');
  }
  const { retain_graph, create_graph = false } = options;
  const [from, to] = [handles('grad', 'outputs', as_array(outputs)), handles('grad', 'inputs', as_array(inputs))];
  const once = (cotangents: readonly (Tensor | null)[]): (Tensor | null)[] => {
    const given = handles('grad', 'grad_outputs', cotangents);
    const found = native.gradients(from, to, given, retain_graph ?? undefined, create_graph, options.allow_unused ?? materialize_grads).map(wrap);
    if (!materialize_grads) return found;
    return found.map((gradient, i) => gradient ?? (as_array(inputs)[i] as Tensor).detach().mul(0));
  };
  const cotangents = as_array<Tensor | null>(options.grad_outputs);
  if (!options.is_grads_batched) return once(cotangents);
  // A batch of the gradients that there are; what has none has none for the whole batch.
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
  grad_tensors?: Cotangents;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  inputs?: Tensors;
}

/** Sums the gradients of `tensors` into the leaves of their graphs; mirrors `torch.autograd.backward`. */
export function backward(
  tensors: Tensors, ...args: Tail<[grad_tensors: Cotangents, retain_graph: boolean | null, create_graph: boolean], BackwardAllOptions>
): void {
  const { grad_tensors, retain_graph, create_graph = false, inputs } =
    bind<BackwardAllOptions>('backward', ['grad_tensors', 'retain_graph', 'create_graph', 'inputs'], args);
  native.backward(
    handles('backward', 'tensors', as_array(tensors)), handles('backward', 'grad_tensors', as_array<Tensor | null>(grad_tensors)),
    retain_graph ?? undefined, create_graph, handles('backward', 'inputs', as_array(inputs)),
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
