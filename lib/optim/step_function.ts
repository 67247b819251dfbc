/** Steps of optimizers as functions of lists, such as `torch.optim.adam.adam`, which keep nothing. */
import { native } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import type { Tensor } from '../_tensor.js';
import type { Hyperparameter } from './hyperparameter.js';
import { common_flags, path_of, type Anyhow, type Layout } from './native_optimizer.js';

/** Parallel lists: parameters, their gradients, and their state by its name in the optimizer. */
export interface StepLists {
  readonly params: readonly Tensor[];
  readonly grads: readonly Tensor[];
  readonly state: Readonly<Record<string, readonly (Tensor | null)[]>>;
}

/** What a `GradScaler` gives to a fused step, which unscales the gradients. */
export interface ScalerArguments {
  grad_scale?: Tensor | null;
  found_inf?: Tensor | null;
}

/** Throws where a scaler's tensors are given to a step that takes gradients that have been unscaled. */
function refuse_scaler(callee: string, { grad_scale = null, found_inf = null }: ScalerArguments): void {
  if (grad_scale === null && found_inf === null) return;
  throw new Error(
    `${callee}(): grad_scale and found_inf must be None unless fused is true: unscale the gradients before the step`,
  );
}

function check_lengths(callee: string, { params, grads, state }: StepLists): void {
  for (const [name, list] of Object.entries({ grads, ...state })) {
    if (list.length === params.length || (name !== 'grads' && list.length === 0)) continue;
    throw new RangeError(
      `${callee}(): expected a list of ${params.length} tensors for each of the parameters, but ${name} has ${list.length}`,
    );
  }
}

/** Gives parameters these gradients while a function runs: the addon reads a gradient where backward leaves it. */
function with_gradients<T>(params: readonly Tensor[], grads: readonly Tensor[], run: () => T): T {
  const before = params.map(({ grad }) => grad as Tensor | null);
  const set = (list: readonly (Tensor | null)[]): void => {
    params.forEach((param, i) => {
      native.set_grad(param._h, list[i]?._h ?? -1);
    });
  };
  try {
    set(grads);
    return run();
  } finally {
    set(before);
  }
}

/**
 * One step of an optimizer in the addon.
 * @param callee - the function, for messages
 * @param layout - the optimizer
 * @param lists - what the step changes; a list of state that the options do not ask for may be empty
 * @param group - the options of the step
 * @returns what the kernel returns
 */
export function run_step<O extends object, S extends object>(
  callee: string,
  layout: Layout<O, S>,
  lists: StepLists,
  group: object,
): unknown {
  const { params, grads, state } = lists;
  check_lengths(callee, lists);
  const numbers = layout.numbers(group as O);
  const scalars = Float64Array.from(numbers, (value) => (is_tensor(value) ? 0 : Number(value)));
  const tensors = numbers.some(is_tensor)
    ? Int32Array.from(numbers as readonly Hyperparameter[], (value) => (is_tensor(value) ? value._h : -1))
    : null;
  const columns = layout.state.map((name) => state[name] ?? []);
  const rows = Int32Array.from(params.flatMap((param, i) => [param._h, ...columns.map((list) => list[i]?._h ?? -1)]));
  const how = group as Anyhow & ScalerArguments;
  if (!how.fused) refuse_scaler(callee, how);
  const flags = common_flags(how) | (layout.flags?.(group as O) ?? 0);
  const kernel = native.optimizer_kernel(layout.step);
  return with_gradients(params, grads, () =>
    native.optimizer_step(
      kernel,
      rows,
      scalars,
      tensors,
      flags,
      path_of(how),
      how.grad_scale?._h ?? -1,
      how.found_inf?._h ?? -1,
    ),
  );
}
