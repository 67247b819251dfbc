/** What operators save for backward: `torch.autograd.graph`. */
import type { Device } from '../types/device.js';
import { empty } from '../generated/functions.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { wrap } from '../_C/tensor_base.js';
import { refuse_promise, type Mode } from '../_internal/callbacks.js';
import { has_function, run_or_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';
import { as_foreign } from '../_internal/operator_errors.js';

export { GradFn as Node } from './node.js';
export { get_gradient_edge, GradientEdge } from './gradient_edge.js';
export { register_multi_grad_hook } from './multi_grad_hook.js';

// What native/autograd/saved_tensor_hooks.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    saved_hooks_push(
      pack: (handle: number) => { value: unknown },
      unpack: (packed: { value: unknown }) => number,
    ): void;
    saved_hooks_pop(): void;
    anomaly_enabled(): boolean;
    anomaly_checks_nan(): boolean;
    set_anomaly(enabled: boolean, check_nan: boolean): void;
  }
}

let why_disabled: string | undefined;

const DISABLE = signature<{ error_message: string; fn?: () => unknown }>(
  'disable_saved_tensors_hooks',
  'error_message: str, fn?: Callable',
);

/**
 * Makes hooks on saved tensors an Error: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.autograd.graph.disable_saved_tensors_hooks`.
 *
 * @param error_message - the message of the Error
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { disable_saved_tensors_hooks, save_on_cpu } = torch.autograd.graph;
 * try {
 *   disable_saved_tensors_hooks('no hooks here', () => save_on_cpu(() => torch.ones(1)));
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * from torch.autograd.graph import disable_saved_tensors_hooks, save_on_cpu
 * try:
 *     with disable_saved_tensors_hooks('no hooks here'), save_on_cpu():
 *         torch.ones(1)
 * except RuntimeError as error:
 *     print(error)
 * ```
 */
export function disable_saved_tensors_hooks(error_message: string | { error_message: string }): Guard;
export function disable_saved_tensors_hooks<T>(error_message: string, fn: () => T): T;
export function disable_saved_tensors_hooks(...args: unknown[]): unknown {
  const { error_message, fn } = DISABLE.read(args);
  const its: Mode<string | undefined> = {
    enter: () => {
      const before = why_disabled;
      why_disabled = error_message;
      return before;
    },
    leave: (before) => {
      why_disabled = before;
    },
  };
  return run_or_guard('disable_saved_tensors_hooks', its, fn);
}

const INCREMENT_VERSION = signature<{ tensor: Tensor | Iterable<Tensor> }>(
  'increment_version',
  'tensor: Tensor|Iterable',
);

/**
 * Increments the version counters of tensors that were changed without libtorch noticing, for the check in backward.
 * Mirrors `torch.autograd.graph.increment_version`.
 *
 * @param tensor - a tensor or several
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5]);
 * const version = (): number => (x as torch._VF.PrivateTensor)._version;
 * const before = version();
 * torch.autograd.graph.increment_version(x);
 * print(version() - before);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5])
 * before = x._version
 * torch.autograd.graph.increment_version(x)
 * print(x._version - before)
 * ```
 */
export function increment_version(tensor: Tensor | Iterable<Tensor>): void;
export function increment_version(...args: unknown[]): void {
  const { tensor } = INCREMENT_VERSION.read(args);
  const list: unknown[] = tensor instanceof Tensor ? [tensor] : [...tensor];
  const tensors = list.map((each, i) => {
    if (each instanceof Tensor) return each;
    throw new TypeError(
      `increment_version(): argument 'tensor' must be a list of Tensors, but found element of type ${kind_of(each)} at pos ${i}`,
    );
  });
  for (const each of tensors) native.increment_version(each._h);
}

type Pack = (tensor: Tensor) => unknown;
type Unpack = (packed: never) => Tensor;

/** The mode in which saved tensors go through hooks. */
function hooks_mode(callee: string, pack: Pack, unpack: Unpack): Mode<void> {
  return {
    enter: () => {
      if (why_disabled !== undefined) throw new Error(why_disabled);
      native.saved_hooks_push(
        (handle) => as_foreign(() => ({ value: refuse_promise(callee, pack(wrap(handle))) })),
        (packed) =>
          as_foreign(() => {
            const tensor = refuse_promise(callee, unpack(packed.value as never));
            if (tensor instanceof Tensor) return tensor._h;
            throw new TypeError(
              'Output of saved tensor unpack_hook expected to be a Tensor but got result of type ' + kind_of(tensor),
            );
          }),
      );
    },
    leave: () => {
      native.saved_hooks_pop();
    },
  };
}

const SAVED_TENSORS_HOOKS = signature<{ pack_hook: Pack; unpack_hook: Unpack; fn?: () => unknown }>(
  'saved_tensors_hooks',
  'pack_hook: Callable, unpack_hook: Callable, fn?: Callable',
);

/**
 * Passes each tensor that is saved for backward through `pack_hook`, and what that returned through `unpack_hook` when
 * backward needs it: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.autograd.graph.saved_tensors_hooks`.
 *
 * @param pack_hook - from a tensor to any value
 * @param unpack_hook - from that value to a tensor
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError when one of them is not a function or is asynchronous, or `unpack_hook` does not return a Tensor
 * @throws Error where hooks are disabled
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * const { saved_tensors_hooks } = torch.autograd.graph;
 * const y = saved_tensors_hooks((t) => t.half(), (t) => t.float(), () => x.exp());
 * y.sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * with torch.autograd.graph.saved_tensors_hooks(lambda t: t.half(), lambda t: t.float()):
 *     y = x.exp()
 * y.sum().backward()
 * print(x.grad)
 * ```
 */
export function saved_tensors_hooks<P>(pack_hook: (tensor: Tensor) => P, unpack_hook: (packed: P) => Tensor): Guard;
export function saved_tensors_hooks<P, T>(
  pack_hook: (tensor: Tensor) => P,
  unpack_hook: (packed: P) => Tensor,
  fn: () => T,
): T;
export function saved_tensors_hooks(...args: unknown[]): unknown {
  const { pack_hook, unpack_hook, fn } = SAVED_TENSORS_HOOKS.read(args);
  return run_or_guard('saved_tensors_hooks', hooks_mode('saved_tensors_hooks', pack_hook, unpack_hook), fn);
}

/** The options of {@link save_on_cpu}. */
export interface SaveOnCpuOptions {
  /** Copy to page-locked memory asynchronously, where there is such a device. Default false. */
  pin_memory?: boolean;
  /** The type of device that page-locked memory is for. Default `'cuda'`. */
  device_type?: string;
}

const SAVE_ON_CPU = {
  run: signature<{ fn: () => unknown } & SaveOnCpuOptions>(
    'save_on_cpu',
    'fn: Callable, pin_memory?: bool, device_type?: str',
  ),
  guard: signature<SaveOnCpuOptions>('save_on_cpu', 'pin_memory?: bool, device_type?: str'),
};

/**
 * Keeps saved tensors in CPU memory until backward: those of a function, a block of `using`, or a method; see {@link Guard}.
 * Mirrors `torch.autograd.graph.save_on_cpu`.
 *
 * @param fn - a synchronous function
 * @param pin_memory - use page-locked memory; default false
 * @param device_type - the type of device that it is for; default `'cuda'`
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * const y = torch.autograd.graph.save_on_cpu(() => x.exp());
 * y.sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * with torch.autograd.graph.save_on_cpu():
 *     y = x.exp()
 * y.sum().backward()
 * print(x.grad)
 * ```
 */
export function save_on_cpu<T>(fn: () => T, pin_memory?: boolean, device_type?: string, options?: SaveOnCpuOptions): T;
export function save_on_cpu(...args: Tail<[pin_memory: boolean, device_type: string], SaveOnCpuOptions>): Guard;
export function save_on_cpu<T>(
  fn: () => T,
  ...args: Tail<[pin_memory: boolean, device_type: string], SaveOnCpuOptions>
): T;
export function save_on_cpu(...args: unknown[]): unknown {
  const {
    fn,
    pin_memory = false,
    device_type = 'cuda',
  } = has_function(args) ? SAVE_ON_CPU.run.read(args) : { ...SAVE_ON_CPU.guard.read(args), fn: undefined };
  const available = pin_memory && native.device_count(device_type) > 0;
  const pack = (tensor: Tensor): { device: Device; copy: Tensor } => {
    const { device, dtype, layout } = tensor;
    if (!pin_memory) return { device, copy: tensor.cpu() };
    const pinned = available && !tensor.is_sparse;
    const copy = empty(tensor.shape, { dtype, layout, device: 'cpu', pin_memory: pinned });
    return { device, copy: copy.copy_(tensor, pinned) };
  };
  const unpack = ({ device, copy }: { device: Device; copy: Tensor }): Tensor =>
    copy.to(device, { non_blocking: pin_memory });
  return run_or_guard('save_on_cpu', hooks_mode('save_on_cpu', pack, unpack), fn);
}

/** What the tensors that are saved now belong to; undefined outside of {@link allow_mutation_on_saved_tensors}. */
let mutable_scope: object | undefined;

interface SavedCopy {
  readonly copy: Tensor;
  readonly scope: object;
}

/** The mode in which a copy is saved of each tensor. */
function copying_mode(): Mode<void> {
  const hooks = hooks_mode(
    'allow_mutation_on_saved_tensors',
    (tensor): SavedCopy => ({ copy: tensor.clone(), scope: mutable_scope! }),
    ({ copy, scope }: SavedCopy) => {
      if (scope === mutable_scope) return copy;
      // As Python writes it.
      throw new Error(
        "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context" +
          'in which the graph was originally recorded.',
      );
    },
  );
  return {
    enter: () => {
      if (mutable_scope !== undefined) throw new Error('allow_mutation_on_saved_tensors contexts cannot be nested');
      hooks.enter();
      mutable_scope = {};
    },
    leave: () => {
      mutable_scope = undefined;
      hooks.leave();
    },
  };
}

const ALLOW_MUTATION = signature<{ fn?: () => unknown }>('allow_mutation_on_saved_tensors', 'fn?: Callable');

/**
 * Lets programs change tensors in place that operators have saved for backward: in a function, a block of `using`, or a method; see
 * {@link Guard}. Both passes must be in it. Mirrors `torch.autograd.graph.allow_mutation_on_saved_tensors`.
 *
 * Each saved tensor is copied, whereas Python copies those that are changed.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error within itself; in backward outside of the scope of the forward pass
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const a = torch.ones(2, { requires_grad: true });
 * torch.autograd.graph.allow_mutation_on_saved_tensors(() => {
 *   const b = a.clone();
 *   const out = b.pow(2).sum();
 *   b.sin_();
 *   out.backward();
 * });
 * print(a.grad);
 * ```
 * ```python
 * a = torch.ones(2, requires_grad=True)
 * with torch.autograd.graph.allow_mutation_on_saved_tensors():
 *     b = a.clone()
 *     out = (b**2).sum()
 *     b.sin_()
 *     out.backward()
 * print(a.grad)
 * ```
 */
export function allow_mutation_on_saved_tensors(): Guard;
export function allow_mutation_on_saved_tensors<T>(fn: () => T): T;
export function allow_mutation_on_saved_tensors(...args: unknown[]): unknown {
  const { fn } = ALLOW_MUTATION.read(args);
  return run_or_guard('allow_mutation_on_saved_tensors', copying_mode(), fn);
}
