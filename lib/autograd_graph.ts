/** What operators save for backward: `torch.autograd.graph`. */
import { native } from './native.js';
import { function_argument, string_argument, tensor_list } from './nn/arguments.js';
import { kind_of } from './nn/representation.js';
import { Tensor, wrap } from './tensor.js';

export { GradFn as Node } from './grad_fn.js';

// What native/saved_tensor_hooks.cpp exports.
declare module './native.js' {
  interface Native {
    saved_hooks_push(pack: (handle: number) => { value: unknown }, unpack: (packed: { value: unknown }) => number): void;
    saved_hooks_pop(): void;
    anomaly_enabled(): boolean;
    anomaly_checks_nan(): boolean;
    set_anomaly(enabled: boolean, check_nan: boolean): void;
  }
}

let why_disabled: string | undefined;

/** Runs `fn`; meanwhile hooks on saved tensors are refused with this message. Mirrors `disable_saved_tensors_hooks`. */
export function disable_saved_tensors_hooks<T>(error_message: string, fn: () => T): T {
  string_argument('disable_saved_tensors_hooks', 'error_message', error_message);
  function_argument('disable_saved_tensors_hooks', 'fn', fn);
  const before = why_disabled;
  why_disabled = error_message;
  try {
    return fn();
  } finally {
    why_disabled = before;
  }
}

/** Counts a change in place that libtorch did not see, for the check in backward. Mirrors `increment_version`. */
export function increment_version(tensor: Tensor | readonly Tensor[]): void {
  const tensors = tensor instanceof Tensor ? [tensor] : tensor_list('increment_version', 'tensor', tensor);
  for (const each of tensors) native.increment_version(each._h);
}

/**
 * Runs `fn`; each tensor that an operator saves for backward meanwhile goes through `pack`, and what that gave goes through
 * `unpack` when backward needs it. Mirrors `torch.autograd.graph.saved_tensors_hooks`.
 * @throws TypeError when `pack` or `unpack` is no function, or `unpack` does not give a Tensor; Error where hooks are disabled
 */
export function saved_tensors_hooks<P, T>(pack: (tensor: Tensor) => P, unpack: (packed: P) => Tensor, fn: () => T): T {
  for (const [name, value] of [['pack', pack], ['unpack', unpack], ['fn', fn]] as const) {
    if (typeof value === 'function') continue;
    throw new TypeError(`saved_tensors_hooks(): argument '${name}' must be a function, not ${kind_of(value)}`);
  }
  if (why_disabled !== undefined) throw new Error(why_disabled);
  native.saved_hooks_push(
    (handle) => ({ value: pack(wrap(handle)) }),
    (packed) => {
      const tensor = unpack(packed.value as P);
      if (tensor instanceof Tensor) return tensor._h;
      throw new TypeError(`saved_tensors_hooks(): argument 'unpack' must return a Tensor, not ${kind_of(tensor)}`);
    },
  );
  try {
    return fn();
  } finally {
    native.saved_hooks_pop();
  }
}

/** Keeps what is saved while `fn` runs in CPU memory until backward. Mirrors `torch.autograd.graph.save_on_cpu`. */
export function save_on_cpu<T>(fn: () => T): T {
  return saved_tensors_hooks((tensor) => ({ device: tensor.device, copy: tensor.cpu() }), ({ device, copy }) => copy.to(device), fn);
}
