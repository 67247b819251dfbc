/** Backward hooks of modules: identities around a module, in whose backward the hooks run. */
import { is_grad_enabled } from '../../autograd/grad_mode.js';
import { Function, type FunctionCtx } from '../../autograd/function.js';
import { run_hook } from '../../_internal/hooks.js';
import { native } from '../../_C/native.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { wrap } from '../../_C/tensor_base.js';
import type { BackwardHookFunction as UserHook, BackwardPreHook, Gradients } from './hooks.js';
import type { Module } from './module.js';
import { kind_of } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

declare module '../../_C/native.js' {
  interface Native {
    /** The node behind a tensor and those that it leads to, as numbers; 0 for none. */
    node_keys(handle: number): bigint[];
  }
}

type OnBackward = (gradients: (Tensor | null)[]) => (Tensor | null)[];

/** Returns its inputs; its backward is a callback. */
class BackwardHookFunction extends Function {
  static forward(ctx: FunctionCtx, materialize: boolean, on_backward: OnBackward, ...tensors: Tensor[]): Tensor[] {
    ctx.on_backward = on_backward;
    ctx.set_materialize_grads(materialize);
    ctx.mark_non_differentiable(...tensors.filter((tensor) => !tensor.requires_grad));
    return tensors;
  }

  static backward(ctx: FunctionCtx, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    return [null, null, ...(ctx.on_backward as OnBackward)(gradients)];
  }
}

/** What one call of a module needs so that its hooks see the gradients of its inputs and outputs. @internal */
export class BackwardHook {
  private grad_outputs: Gradients | null = null;
  private inputs = 0;
  private input_places: number[] | null = null;

  constructor(
    private readonly module: Module,
    private readonly user_hooks: readonly UserHook[],
    private readonly user_pre_hooks: readonly BackwardPreHook[],
  ) {}

  /** The arguments, to be used instead of the given ones. */
  hook_inputs(args: unknown[]): unknown[] {
    const places = places_of_tensors(args);
    this.inputs = args.length;
    if (places === null) return args;
    this.input_places = places;
    return replace_tensors(args, places, true, (gradients) => this.on_inputs(gradients));
  }

  /** The output, to be used instead of the given one. */
  hook_outputs(result: unknown): unknown {
    if (!(result instanceof Tensor) && !Array.isArray(result)) {
      warn(
        'For backward hooks to be called, module output should be a Tensor or a tuple of Tensors but received ' +
          kind_of(result),
      );
    }
    const list: unknown[] = Array.isArray(result) ? result : [result];
    const places = places_of_tensors(list);
    if (places === null) return result;
    // The graph keeps the callback alive, and all that it can see: not the outputs.
    const count = list.length;
    const hooked = replace_tensors(list, places, false, (gradients) => this.on_outputs(gradients, places, count));
    return Array.isArray(result) ? hooked : hooked[0];
  }

  private on_outputs(gradients: (Tensor | null)[], places: readonly number[], outputs: number): (Tensor | null)[] {
    let grad_outputs: Gradients = place_gradients(gradients, places, outputs);
    for (const hook of this.user_pre_hooks) {
      const answer = run_hook(hook, this.module, grad_outputs);
      if (answer === undefined || answer === null) continue;
      if (answer.length !== outputs) {
        throw new Error(
          `Backward pre hook returned an invalid number of grad_output, got ${answer.length}, but expected ${outputs}`,
        );
      }
      grad_outputs = answer;
    }
    if (this.input_places === null) this.on_outputs_alone(grad_outputs);
    else this.grad_outputs = grad_outputs;
    return places.map((place) => grad_outputs[place] ?? null);
  }

  /** No input needs a gradient: nothing but the outputs will call the hooks. */
  private on_outputs_alone(grad_outputs: Gradients): void {
    warn(
      'Full backward hook is firing when gradients are computed with respect to module outputs since no inputs require ' +
        'gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook ' +
        'for more details.',
    );
    const none: Gradients = Array.from({ length: this.inputs }, () => null);
    for (const hook of this.user_hooks) {
      const answer = run_hook(hook, this.module, none, grad_outputs);
      if (answer?.some((gradient) => gradient !== null)) {
        throw new Error(
          'Backward hook for Modules where no input requires gradient should always return None or None for ' +
            'all gradients.',
        );
      }
    }
  }

  private on_inputs(gradients: (Tensor | null)[]): (Tensor | null)[] {
    const { grad_outputs, input_places } = this;
    // The gradient went by the outputs, as in a second derivative.
    if (grad_outputs === null || input_places === null) return gradients;
    let grad_inputs: Gradients = place_gradients(gradients, input_places, this.inputs);
    for (const hook of this.user_hooks) {
      const answer = run_hook(hook, this.module, grad_inputs, grad_outputs);
      if (answer === undefined || answer === null) continue;
      if (answer.length !== grad_inputs.length) {
        throw new Error(
          'Backward hook returned an invalid number of grad_input, ' +
            `got ${answer.length}, but expected ${grad_inputs.length}`,
        );
      }
      grad_inputs = answer;
    }
    this.grad_outputs = null;
    return input_places.map((place) => grad_inputs[place] ?? null);
  }
}

/** Where the tensors are; null when there is nothing to differentiate. */
function places_of_tensors(values: readonly unknown[]): number[] | null {
  const places = values.flatMap((value, i) => (value instanceof Tensor ? [i] : []));
  if (!is_grad_enabled() || !values.some((value) => value instanceof Tensor && value.requires_grad)) return null;
  return places;
}

function replace_tensors(
  values: readonly unknown[],
  places: readonly number[],
  materialize: boolean,
  on_backward: OnBackward,
): unknown[] {
  const tensors = places.map((place) => values[place]!);
  const hooked = BackwardHookFunction.apply(materialize, on_backward, ...tensors);
  const result = [...values];
  places.forEach((place, i) => {
    result[place] = hooked[i];
  });
  return result;
}

function place_gradients(gradients: readonly (Tensor | null)[], places: readonly number[], length: number): Gradients {
  const all: (Tensor | null)[] = Array.from({ length }, () => null);
  places.forEach((place, i) => {
    all[place] = gradients[i] ?? null;
  });
  return all;
}

// ---- Hooks that are not full --------------------------------------------------------------------

/** Runs hooks after the node that made a module's output: all that `register_backward_hook` sees. @internal */
export function hook_last_node(
  module: Module,
  hooks: readonly UserHook[],
  args: readonly unknown[],
  result: unknown,
): void {
  const output = first_tensor(result);
  if (hooks.length === 0 || output === null || output.grad_fn === null) return;
  for (const hook of hooks) {
    native.register_node_hook(output._h, (outputs, inputs) => {
      const answer = run_hook(hook, module, outputs.map(wrap), inputs.map(wrap));
      return answer?.map((gradient) => gradient?._h ?? -1);
    });
  }
  const missing = what_is_missed(args, result, output);
  if (missing !== null) warn(missing, 'FutureWarning');
}

function first_tensor(value: unknown): Tensor | null {
  if (value instanceof Tensor) return value;
  if (Array.isArray(value)) return first_tensor(value[0]);
  if (is_plain_object(value)) return Object.values(value).find((item) => item instanceof Tensor) ?? null;
  return null;
}

/** Why the hook may not see what its user expects. */
function what_is_missed(args: readonly unknown[], result: unknown, output: Tensor): string | null {
  const full = 'Please use register_full_backward_hook to get the documented behavior.';
  const results: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (!results.every((item): item is Tensor => item instanceof Tensor)) {
    return (
      'Using non-full backward hooks on a Module that does not return a single Tensor or a tuple of Tensors is ' +
      `deprecated and will be removed in future versions. This hook will be missing some of the grad_output. ${full}`
    );
  }
  if (!args.every((item): item is Tensor => item instanceof Tensor)) {
    return (
      'Using non-full backward hooks on a Module that does not take as input a single Tensor or a tuple of Tensors is ' +
      `deprecated and will be removed in future versions. This hook will be missing some of the grad_input. ${full}`
    );
  }
  if (new Set(nodes_of(results)).size > 1) {
    return (
      'Using a non-full backward hook when outputs are generated by different autograd Nodes is deprecated and will be ' +
      `removed in future versions. This hook will be missing some grad_output. ${full}`
    );
  }
  const next = new Set(native.node_keys(output._h).slice(1));
  const before = new Set(nodes_of(args));
  if (next.size !== before.size || [...next].some((node) => !before.has(node))) {
    return (
      'Using a non-full backward hook when the forward contains multiple autograd Nodes is deprecated and will be ' +
      `removed in future versions. This hook will be missing some grad_input. ${full}`
    );
  }
  return null;
}

function nodes_of(tensors: readonly Tensor[]): bigint[] {
  return tensors.map((tensor) => native.node_keys(tensor._h)[0] ?? 0n).filter((node) => node !== 0n);
}
