/** Trading time for memory: `torch.utils.checkpoint`. */
import { autocast_states } from '../amp/region.js';
import { saved_tensors_hooks } from '../autograd/graph.js';
import { is_pass_over_whole_graph, recording } from '../_C/modes.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of, text_or_kind } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Generator, get_rng_state, set_rng_state } from '../random.js';
import type { Tensor } from '../_tensor.js';
import { is_tensor } from '../_C/tensor_base.js';
import { native } from '../_C/native.js';
import { Function, type FunctionCtx } from '../autograd/function.js';
import { backward } from '../autograd/gradients.js';
import { accelerator_name } from '../types/device.js';
import { default_device, default_device_mode } from '../types/device_mode.js';
import { call_synchronously, refuse_promise, refuse_steps, call_in_mode, type Mode } from '../_internal/callbacks.js';
import { is_guard, make_guard, run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { tree_leaves } from './_pytree.js';
import { DebugLog } from './checkpoint_debug.js';
import { TorchDispatchMode } from './_python_dispatch.js';

export {
  CheckpointPolicy,
  create_selective_checkpoint_contexts,
  SAC_IGNORED_OPS,
  SelectiveCheckpointContext,
  type PolicyFunction,
} from './selective_checkpoint.js';

/**
 * Python's context manager: a guard such as `torch.no_grad()`, a mode that sees operators, or what runs a function in a mode as
 * `torch.no_grad` does.
 */
export type Context = Guard | TorchDispatchMode | (<T>(fn: () => T) => T);

/** The options of {@link checkpoint_sequential}. */
export interface CheckpointSequentialOptions {
  /**
   * Which of two implementations runs. `false`, which is recommended, records the graph in the first run and computes again what
   * its nodes have saved. `true` runs the function without a graph, and in backward once more with one, through which it then
   * runs a backward pass of its own: at least one argument must require a gradient, tensors within arrays and objects take no part,
   * and `torch.autograd.grad` and `backward({ inputs })` throw. Default null: `true`, with a warning.
   */
  use_reentrant?: boolean | null;
  /** Restore the random state for the recomputation. Default true. */
  preserve_rng_state?: boolean;
}

/** The options of {@link checkpoint}. */
export interface CheckpointOptions extends CheckpointSequentialOptions {
  /**
   * Returns the modes of the forward run and of the recomputation, such as `[torch.no_grad(), torch.enable_grad()]`. Not
   * with `use_reentrant`.
   */
  context_fn?: () => readonly [forward: Context, recompute: Context];
  /** `'default'` compares shapes, dtypes and devices of what the second run saves with those of the first; `'none'` does not. */
  determinism_check?: 'default' | 'none';
  /**
   * The message of a CheckpointError lists the operators of both runs, with the stacks that they were called from. Default false. Not with
   * a `context_fn` of one's own; {@link set_checkpoint_debug_enabled} goes before it.
   */
  debug?: boolean;
  /** Stop the recomputation when all that backward needs has been computed. Default true. */
  early_stop?: boolean;
}

/**
 * The Error of a recomputation that differs from the forward run. Mirrors `torch.utils.checkpoint.CheckpointError`.
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * let runs = 0;
 * const y = torch.utils.checkpoint.checkpoint((x: torch.Tensor) => (runs++ ? x.sum() : x).exp(), x, { use_reentrant: false });
 * try {
 *   y.sum().backward();
 * } catch (error) {
 *   print(error instanceof torch.utils.checkpoint.CheckpointError);
 * }
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * runs = []
 * def fn(x):
 *     runs.append(1)
 *     return (x.sum() if len(runs) > 1 else x).exp()
 * y = torch.utils.checkpoint.checkpoint(fn, x, use_reentrant=False)
 * try:
 *     y.sum().backward()
 * except torch.utils.checkpoint.CheckpointError as error:
 *     print(True)
 * ```
 */
export class CheckpointError extends Error {
  override name = 'CheckpointError';
}

const DEBUG_TIP =
  '\nTip: To see a more detailed error message, either pass `debug: true` to\n`torch.utils.checkpoint.checkpoint(...)` or run the code ' +
  'in\n`torch.utils.checkpoint.set_checkpoint_debug_enabled(true)` to\nenable checkpoint-debug mode globally.\n';

/** Stops the second run once all that backward needs has been computed again. */
class AllRecomputed extends Error {}

/** What is compared between the runs, as Python writes it. */
function metadata_of({ shape, dtype, device }: Tensor): string {
  const place = `device(type='${device.type}'${device.index === null ? '' : `, index=${device.index}`})`;
  return `{'shape': ${String(shape)}, 'dtype': ${String(dtype)}, 'device': ${place}}`;
}

/** What a function saved for backward; computed again when backward asks for the first of it. */
class Recomputed {
  /** What has been computed again and not been asked for yet: a tensor is released as it is given out. */
  private saved: (Tensor | null)[] = [];
  private readonly metadata: string[] = [];
  private count = 0;
  /** Whether the first run has ended: backward may run within it. */
  private complete = false;

  constructor(
    private readonly run: () => unknown,
    private readonly compare: boolean,
    private readonly early_stop: boolean,
    private readonly log: DebugLog | null,
  ) {}

  /** The number under which the next tensor of the first run is found. */
  next(tensor: Tensor): number {
    if (this.compare) this.metadata.push(metadata_of(tensor));
    return this.count++;
  }

  /** The first run has ended. */
  close(): void {
    this.complete = true;
  }

  get(number: number): Tensor {
    if (!this.saved[number]) this.compute();
    const tensor = this.saved[number]!;
    this.saved[number] = null;
    return tensor;
  }

  /** The Error of runs that differ: with the log of operators, where there is one. */
  private differ(text: string): CheckpointError {
    const error = new CheckpointError(text + DEBUG_TIP);
    return this.log === null ? error : new CheckpointError(this.log.text(), { cause: error });
  }

  private compute(): void {
    const now: Tensor[] = [];
    let surplus = false;
    try {
      saved_tensors_hooks(
        (tensor) => {
          if (now.length === this.count) {
            surplus = true;
            if (!this.complete) return tensor;
            throw new AllRecomputed();
          }
          now.push(tensor.detach());
          if (this.early_stop && now.length === this.count) throw new AllRecomputed();
          return tensor;
        },
        (tensor) => tensor,
        this.run,
      );
    } catch (error) {
      if (!(error instanceof AllRecomputed)) throw error;
    } finally {
      this.log?.release();
    }
    if (surplus && this.complete) {
      throw this.differ(
        'torch.utils.checkpoint: trying to save more tensors during recomputation than during the original ' +
          'forward pass.\n',
      );
    }
    this.check(now);
    this.saved = now;
  }

  private check(now: readonly Tensor[]): void {
    if (now.length !== this.count) {
      throw this.differ(
        'torch.utils.checkpoint: A different number of tensors was saved during the original forward and ' +
          `recomputation.\nNumber of tensors saved during forward: ${this.count}\nNumber of tensors saved during recomputation: ` +
          `${now.length}.\n`,
      );
    }
    if (!this.compare) return;
    const different = now
      .map(metadata_of)
      .flatMap((found, i) =>
        found === this.metadata[i]
          ? []
          : [`tensor at position ${i}:\nsaved metadata: ${this.metadata[i]}\nrecomputed metadata: ${found}\n`],
      );
    if (different.length === 0) return;
    throw this.differ(
      'torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during ' +
        `the forward pass.\n${different.join('')}.\n`,
    );
  }
}

let default_device_type: string | null = null;

const SET_DEVICE_TYPE = signature<{ device?: string }>('set_device_type', 'device?: str');

/**
 * The type of device whose random state checkpoints keep where no argument is on a device. Mirrors
 * `torch.utils.checkpoint.DefaultDeviceType`.
 * @example
 * ```ts
 * const { DefaultDeviceType } = torch.utils.checkpoint;
 * DefaultDeviceType.set_device_type('cuda');
 * print(DefaultDeviceType.get_device_type());
 * ```
 * ```python
 * from torch.utils.checkpoint import DefaultDeviceType
 * DefaultDeviceType.set_device_type('cuda')
 * print(DefaultDeviceType.get_device_type())
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: a class that is never an object, as in Python
export class DefaultDeviceType {
  /** Sets the type of device; default `'cuda'`. */
  static set_device_type(device?: string): void;
  static set_device_type(...args: unknown[]): void {
    default_device_type = SET_DEVICE_TYPE.read(args).device ?? 'cuda';
  }

  /** The type of device: the accelerator that there is, otherwise `'cpu'`, unless it was set. */
  static get_device_type(): string;
  static get_device_type(...none: unknown[]): string {
    no_arguments('get_device_type', none);
    const name = accelerator_name();
    return (default_device_type ??= native.device_count(name) > 0 ? name : 'cpu');
  }
}

function infer_device_type(args: readonly unknown[]): string {
  const found = tensors_in(args)
    .map(({ device }) => device.type)
    .filter((type) => type !== 'cpu');
  const types = [...new Set(found)].sort();
  if (types.length > 1) {
    const listed = types.map((type) => `'${type}'`).join(', ');
    warn(
      'Tensor arguments, excluding CPU tensors, are detected on at least two types of devices. Device state will only be saved for ' +
        'devices of a single device type, and the remaining devices will be ignored. Consequently, if any checkpointed functions ' +
        'involve randomness, this may result in incorrect gradients. (Note that if CUDA devices are among the devices detected, it ' +
        'will be prioritized; otherwise, the first device encountered will be selected.)\n' +
        `Device types: [${listed}] first device type: ${found[0]}`,
    );
  }
  if (found.length === 0) return DefaultDeviceType.get_device_type();
  return types.includes('cuda') ? 'cuda' : found[0]!;
}

function tensors_in(args: readonly unknown[]): Tensor[] {
  return tree_leaves(args).filter(is_tensor);
}

const generator_of = (type: string, index: number): Generator =>
  Generator._from_native(native.generator_default(`${type}:${index}`));

/**
 * The devices of tensors, and the states of their generators; the CPU is left out. Mirrors
 * `torch.utils.checkpoint.get_device_states`.
 *
 * @param tensors - any values; tensors are found within arrays, objects and Maps
 * @returns the indices of the devices, and a state for each
 * @example
 * ```ts
 * print(torch.utils.checkpoint.get_device_states(torch.ones(1), [2]));
 * ```
 * ```python
 * print(list(torch.utils.checkpoint.get_device_states(torch.ones(1), [2])))
 * ```
 */
export function get_device_states(...tensors: unknown[]): [devices: number[], states: Tensor[]];
export function get_device_states(...args: unknown[]): [devices: number[], states: Tensor[]] {
  const type = infer_device_type(args);
  const devices = tensors_in(args)
    .filter(({ device }) => device.type !== 'cpu' && device.type !== 'meta')
    .map(({ device }) => device.index ?? 0);
  return [devices, devices.map((index) => generator_of(type, index).get_state())];
}

const SET_DEVICE_STATES = signature<{
  devices: Iterable<number>;
  states: Iterable<Tensor>;
  device_type?: string | null;
}>('set_device_states', 'devices: Iterable, states: Iterable, *, device_type?: str|None');

/**
 * Sets the states of the generators of devices. Mirrors `torch.utils.checkpoint.set_device_states`.
 *
 * @param devices - the indices of the devices
 * @param states - a state for each, as {@link get_device_states} returns them
 * @param options - `device_type`: default null, that of {@link DefaultDeviceType}
 * @example
 * ```ts
 * const { get_device_states, set_device_states } = torch.utils.checkpoint;
 * set_device_states(...get_device_states(torch.ones(1)));
 * print(torch.rand(1).shape);
 * ```
 * ```python
 * from torch.utils.checkpoint import get_device_states, set_device_states
 * set_device_states(*get_device_states(torch.ones(1)))
 * print(torch.rand(1).shape)
 * ```
 */
export function set_device_states(
  devices: Iterable<number>,
  states: Iterable<Tensor>,
  options?: { device_type?: string | null },
): void;
export function set_device_states(...args: unknown[]): void {
  const { devices, states, device_type } = SET_DEVICE_STATES.read(args);
  const type = device_type ?? DefaultDeviceType.get_device_type();
  if (type === 'meta') return;
  const list = [...states];
  [...devices].slice(0, list.length).forEach((index, i) => {
    generator_of(type, index).set_state(list[i]!);
  });
}

/** The states of the generators that a function may draw from: that of the CPU, and those of the devices of its arguments. */
class RandomStates {
  private readonly cpu = get_rng_state();
  private readonly device_type: string;
  private readonly devices: readonly number[];
  private readonly states: readonly Tensor[];

  constructor(args: readonly unknown[]) {
    this.device_type = infer_device_type(args);
    [this.devices, this.states] = get_device_states(...args);
  }

  /** Runs a function from these states on, and goes back to the present ones. */
  during<T>(fn: () => T): T {
    const cpu = get_rng_state();
    const states = this.devices.map((index) => generator_of(this.device_type, index).get_state());
    set_rng_state(this.cpu);
    set_device_states(this.devices, this.states, { device_type: this.device_type });
    try {
      return fn();
    } finally {
      set_rng_state(cpu);
      set_device_states(this.devices, states, { device_type: this.device_type });
    }
  }
}

const with_states = <T>(states: RandomStates | null, fn: () => T): T => (states === null ? fn() : states.during(fn));

const DETACH_VARIABLE = signature<{ inputs: readonly unknown[] }>('detach_variable', 'inputs: any[]');

/**
 * Leaves that share the memory of tensors and require gradients where these do; other values stay. Mirrors
 * `torch.utils.checkpoint.detach_variable`.
 *
 * @param inputs - any values
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true }).mul(2);
 * print(torch.utils.checkpoint.detach_variable([x, 3]));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True).mul(2)
 * print(list(torch.utils.checkpoint.detach_variable((x, 3))))
 * ```
 */
export function detach_variable(inputs: readonly unknown[]): unknown[];
export function detach_variable(...args: unknown[]): unknown[] {
  return DETACH_VARIABLE.read(args).inputs.map((input) => {
    if (!is_tensor(input)) return input;
    const leaf = input.detach();
    leaf.requires_grad = input.requires_grad;
    return leaf;
  });
}

const CHECK_BACKWARD_VALIDITY = signature<{ inputs: Iterable<unknown> }>('check_backward_validity', 'inputs: Iterable');

/**
 * Warns unless one of the inputs requires a gradient. Mirrors `torch.utils.checkpoint.check_backward_validity`.
 *
 * @param inputs - any values
 * @example
 * ```ts
 * torch.utils.checkpoint.check_backward_validity([torch.ones(1, { requires_grad: true })]);
 * print('valid');
 * ```
 * ```python
 * torch.utils.checkpoint.check_backward_validity([torch.ones(1, requires_grad=True)])
 * print('valid')
 * ```
 */
export function check_backward_validity(inputs: Iterable<unknown>): void;
export function check_backward_validity(...args: unknown[]): void {
  for (const input of CHECK_BACKWARD_VALIDITY.read(args).inputs) if (is_tensor(input) && input.requires_grad) return;
  warn('None of the inputs have requires_grad=True. Gradients will be None');
}

/** What the reentrant form keeps between its two runs. */
interface Kept {
  readonly run_function: AnyFunction;
  readonly states: RandomStates | null;
  /** Runs a function in the state of autocast of the first run. */
  readonly as_before: <T>(fn: () => T) => T;
  /** The arguments, with null where a tensor is that `saved_tensors` has. */
  readonly inputs: readonly unknown[];
  readonly tensor_indices: readonly number[];
}

/**
 * The reentrant form of {@link checkpoint}: a function of the graph whose backward runs `run_function` again and a backward pass through
 * it. Mirrors `torch.utils.checkpoint.CheckpointFunction`.
 *
 * `apply(run_function, preserve_rng_state, ...args)` returns what `run_function(...args)` returns.
 *
 * @throws Error in backward when `torch.autograd.grad` or `inputs` is used, or no output requires a gradient
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * const y = torch.utils.checkpoint.CheckpointFunction.apply((x: torch.Tensor) => x.exp(), true, x) as torch.Tensor;
 * y.sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * torch.utils.checkpoint.CheckpointFunction.apply(lambda x: x.exp(), True, x).sum().backward()
 * print(x.grad)
 * ```
 */
export class CheckpointFunction extends Function {
  static forward(
    ctx: FunctionCtx,
    run_function: (...args: never[]) => unknown,
    preserve_rng_state: boolean,
    ...args: unknown[]
  ): unknown {
    check_backward_validity(args);
    const tensor_indices = args.flatMap((arg, i) => (is_tensor(arg) ? [i] : []));
    const kept: Kept = {
      run_function: run_function as unknown as AnyFunction,
      states: preserve_rng_state ? new RandomStates(args) : null,
      as_before: autocast_states(infer_device_type(args)),
      inputs: args.map((arg) => (is_tensor(arg) ? null : arg)),
      tensor_indices,
    };
    ctx['kept'] = kept;
    ctx.save_for_backward(...tensor_indices.map((i) => args[i] as Tensor));
    return refuse_promise('checkpoint', kept.run_function(...args));
  }

  static backward(ctx: FunctionCtx, ...grad_outputs: (Tensor | null)[]): (Tensor | null)[] {
    if (!is_pass_over_whole_graph()) {
      throw new Error(
        'When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` parameter to ' +
          '.backward(). To resolve this error, you can either set use_reentrant=False, or call .backward() without passing the ' +
          '`inputs` argument.',
      );
    }
    const { run_function, states, as_before, inputs, tensor_indices } = ctx['kept'] as Kept;
    const saved = ctx.saved_tensors;
    const filled = [...inputs];
    tensor_indices.forEach((index, i) => {
      filled[index] = saved[i];
    });
    const leaves = detach_variable(filled);
    const outputs = with_states(states, () => call_in_mode(recording, () => as_before(() => run_function(...leaves))));
    const list: readonly unknown[] = Array.isArray(outputs) ? outputs : [outputs];
    const roots = list.flatMap((output, i) =>
      is_tensor(output) && output.requires_grad ? [[output, i] as const] : [],
    );
    if (roots.length === 0) {
      throw new Error('none of output has requires_grad=True, this checkpoint() is not necessary');
    }
    backward(
      roots.map(([output]) => output),
      roots.map(([, i]) => grad_outputs[i]!),
    );
    return [null, null, ...leaves.map((leaf) => (is_tensor(leaf) ? leaf.grad : null))];
  }
}

const nothing: Mode<void> = { enter: () => undefined, leave: () => undefined };

/**
 * The `context_fn` of {@link checkpoint} that switches nothing. Mirrors `torch.utils.checkpoint.noop_context_fn`.
 * @example
 * ```ts
 * const { checkpoint, noop_context_fn } = torch.utils.checkpoint;
 * const x = torch.ones(2, { requires_grad: true });
 * checkpoint((x: torch.Tensor) => x.exp(), x, { use_reentrant: false, context_fn: noop_context_fn }).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * from torch.utils.checkpoint import checkpoint, noop_context_fn
 * x = torch.ones(2, requires_grad=True)
 * checkpoint(lambda x: x.exp(), x, use_reentrant=False, context_fn=noop_context_fn).sum().backward()
 * print(x.grad)
 * ```
 */
export function noop_context_fn(): [forward: Guard, recompute: Guard];
export function noop_context_fn(...none: unknown[]): [forward: Guard, recompute: Guard] {
  no_arguments('noop_context_fn', none);
  return [make_guard('noop_context_fn', nothing), make_guard('noop_context_fn', nothing)];
}

let early_stop_for_all: boolean | null = null;

const SET_EARLY_STOP = signature<{ enable: boolean; fn?: () => unknown }>(
  'set_checkpoint_early_stop',
  'enable: bool, fn?: Callable',
);

/**
 * Whether the recomputations of checkpoints stop early, whatever their option `early_stop` says: of those whose first run is in a
 * function, a block of `using`, or a method; see {@link Guard}. Mirrors `torch.utils.checkpoint.set_checkpoint_early_stop`.
 *
 * @param enable - stop when all that backward needs has been computed
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * const ran: string[] = [];
 * const f = (x: torch.Tensor): torch.Tensor => { const y = x.exp(); ran.push('to the end'); return y; };
 * const { checkpoint, set_checkpoint_early_stop } = torch.utils.checkpoint;
 * set_checkpoint_early_stop(false, () => checkpoint(f, x, { use_reentrant: false })).sum().backward();
 * print(ran);
 * ```
 * ```python
 * from torch.utils.checkpoint import checkpoint, set_checkpoint_early_stop
 * x = torch.ones(2, requires_grad=True)
 * ran = []
 * def f(x):
 *     y = x.exp()
 *     ran.append('to the end')
 *     return y
 * with set_checkpoint_early_stop(False):
 *     y = checkpoint(f, x, use_reentrant=False)
 * y.sum().backward()
 * print(ran)
 * ```
 */
export function set_checkpoint_early_stop(enable: boolean | { enable: boolean }): Guard;
export function set_checkpoint_early_stop<T>(enable: boolean, fn: () => T): T;
export function set_checkpoint_early_stop(...args: unknown[]): unknown {
  const { enable, fn } = SET_EARLY_STOP.read(args);
  const mode: Mode<boolean | null> = {
    enter: () => {
      const before = early_stop_for_all;
      early_stop_for_all = enable;
      return before;
    },
    leave: (before) => {
      early_stop_for_all = before;
    },
  };
  return run_or_guard('set_checkpoint_early_stop', mode, fn);
}

let debug_for_all: boolean | null = null;

const SET_DEBUG = signature<{ enabled: boolean | null; fn?: () => unknown }>(
  'set_checkpoint_debug_enabled',
  'enabled: bool|None, fn?: Callable',
);

/**
 * Whether checkpoints log their operators, whatever their option `debug` says: of those whose first run is in a function, a block of `using`,
 * or a method; see {@link Guard}. Mirrors `torch.utils.checkpoint.set_checkpoint_debug_enabled`.
 *
 * @param enabled - whether they do; null for what their options say
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { checkpoint, CheckpointError, set_checkpoint_debug_enabled } = torch.utils.checkpoint;
 * const x = torch.ones(2, { requires_grad: true });
 * let runs = 0;
 * const f = (x: torch.Tensor): torch.Tensor => (runs++ ? x.sum() : x).exp();
 * const y = set_checkpoint_debug_enabled(true, () => checkpoint(f, x, { use_reentrant: false }));
 * try {
 *   y.sum().backward();
 * } catch (error) {
 *   if (error instanceof CheckpointError) print(error.message.includes('torch._ops.aten.sum.default($0)'));
 * }
 * ```
 * ```python
 * from torch.utils.checkpoint import checkpoint, CheckpointError, set_checkpoint_debug_enabled
 * x = torch.ones(2, requires_grad=True)
 * runs = []
 * def f(x):
 *     runs.append(1)
 *     return (x.sum() if len(runs) > 1 else x).exp()
 * with set_checkpoint_debug_enabled(True):
 *     y = checkpoint(f, x, use_reentrant=False)
 * try:
 *     y.sum().backward()
 * except CheckpointError as error:
 *     print('torch._ops.aten.sum.default($0)' in str(error))
 * ```
 */
export function set_checkpoint_debug_enabled(enabled: boolean | null | { enabled: boolean | null }): Guard;
export function set_checkpoint_debug_enabled<T>(enabled: boolean | null, fn: () => T): T;
export function set_checkpoint_debug_enabled(...args: unknown[]): unknown {
  const { enabled, fn } = SET_DEBUG.read(args);
  const mode: Mode<boolean | null> = {
    enter: () => {
      const before = debug_for_all;
      debug_for_all = enabled;
      return before;
    },
    leave: (before) => {
      debug_for_all = before;
    },
  };
  return run_or_guard('set_checkpoint_debug_enabled', mode, fn);
}

type AnyFunction = (...args: unknown[]) => unknown;

const CHECKPOINT = signature<{ function: AnyFunction } & CheckpointOptions>(
  'checkpoint',
  'function: Callable, *, use_reentrant?: bool|None, context_fn?: Callable, determinism_check?: str, debug?: bool, ' +
    'early_stop?: bool, preserve_rng_state?: bool',
);

const OWN = new Set(['use_reentrant', 'context_fn', 'determinism_check', 'debug', 'early_stop', 'preserve_rng_state']);

/** What is for `checkpoint` itself, and what is for the function: other names go on, as Python's `**kwargs` do. */
function split_options(given: readonly unknown[]): { own: object; args: readonly unknown[]; others: string[] } {
  const last = given[given.length - 1];
  if (!is_plain_object(last)) return { own: {}, args: given, others: [] };
  const names = Object.keys(last);
  if (!names.some((name) => OWN.has(name))) return { own: {}, args: given, others: [] };
  const part = (own: boolean): [string, unknown][] => Object.entries(last).filter(([name]) => OWN.has(name) === own);
  const others = part(false);
  const args = given.slice(0, -1);
  return {
    own: Object.fromEntries(part(true)),
    args: others.length > 0 ? [...args, Object.fromEntries(others)] : args,
    others: others.map(([name]) => name),
  };
}

function run_in_context<T>(context: Context, fn: () => T): T {
  if (context instanceof TorchDispatchMode) return context.run(fn);
  return is_guard(context) ? context(fn)() : context(fn);
}

/** The two contexts of a `context_fn`. */
function contexts_of(context_fn: NonNullable<CheckpointOptions['context_fn']>): readonly [Context, Context] {
  const found: unknown = call_synchronously('checkpoint', context_fn);
  const must = "checkpoint(): argument 'context_fn' must return two context managers";
  if (!Array.isArray(found)) throw new TypeError(`${must}, not ${kind_of(found)}`);
  if (found.length !== 2) throw new Error(`${must}, not ${found.length}`);
  for (const context of found as unknown[]) {
    if (context instanceof TorchDispatchMode || is_guard(context) || typeof context === 'function') continue;
    throw new TypeError(`${must}, not ${kind_of(context)}`);
  }
  return found as [Context, Context];
}

function check_choices(
  { use_reentrant, context_fn, determinism_check, debug }: CheckpointOptions,
  others: readonly string[],
): void {
  if (use_reentrant && others.length > 0) throw new Error(`Unexpected keyword arguments: ${others.join(',')}`);
  if (use_reentrant && ((context_fn ?? noop_context_fn) !== noop_context_fn || debug)) {
    throw new Error('Passing `context_fn` or `debug` is only supported when use_reentrant=False.');
  }
  if (!use_reentrant && (debug_for_all ?? debug) && (context_fn ?? noop_context_fn) !== noop_context_fn) {
    throw new Error('debug=True is incompatible with non-default context_fn');
  }
  if (determinism_check !== undefined && determinism_check !== 'default' && determinism_check !== 'none') {
    throw new Error(
      `determinism_check should be one of ['default', 'none'], but got ${text_or_kind(determinism_check)}`,
    );
  }
}

/**
 * Runs a function without saving its intermediate results; backward recomputes them, which trades time for memory.
 * Mirrors `torch.utils.checkpoint.checkpoint`.
 *
 * Options in a trailing object that `checkpoint` itself has are its own; the others are passed to the function, in an
 * options object at the end.
 *
 * @param fn - a synchronous function of tensors
 * @param args - its arguments
 * @param options - `use_reentrant`, `preserve_rng_state`, `context_fn`, `determinism_check`, `debug`, `early_stop`;
 * see {@link CheckpointOptions}
 * @returns what the function returns
 * @throws TypeError for an asynchronous or a generator function
 * @throws CheckpointError in backward, when the recomputation differs from the forward run
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * const y = torch.utils.checkpoint.checkpoint((x: torch.Tensor) => x.exp().sin(), x, { use_reentrant: false });
 * y.sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * y = torch.utils.checkpoint.checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False)
 * y.sum().backward()
 * print(x.grad)
 * ```
 */
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R;
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R, ...args: [...A, CheckpointOptions]): R;
export function checkpoint<R>(fn: (...args: never[]) => R, ...args: unknown[]): R;
export function checkpoint(...given: unknown[]): unknown {
  const [first, ...rest] = given;
  const { own, args, others } =
    is_plain_object(first) && given.length === 1 ? { own: first, args: [], others: [] } : split_options(rest);
  const options = CHECKPOINT.read(own === first ? [own] : [first, own]);
  const {
    function: fn,
    context_fn = noop_context_fn,
    determinism_check = 'default',
    early_stop = true,
    preserve_rng_state = true,
  } = options;
  refuse_steps('checkpoint', fn);
  const use_reentrant = explicit_form('torch.utils.checkpoint', 'calling checkpoint', options.use_reentrant);
  check_choices({ ...options, use_reentrant }, use_reentrant ? others : []);
  if (use_reentrant) return CheckpointFunction.apply(fn, preserve_rng_state, ...args);
  const log = (debug_for_all ?? options.debug) ? new DebugLog() : null;
  const [forward, recompute] = log === null ? contexts_of(context_fn) : [log.forward, log.recompute];
  const call = (): unknown => refuse_promise('checkpoint', fn(...args));
  const states = preserve_rng_state ? new RandomStates(args) : null;
  if (!native.grad_enabled()) return call();
  const as_before = autocast_states(infer_device_type(args));
  const device = default_device();
  const again = (): unknown =>
    with_states(states, () => call_in_mode(recording, () => as_before(() => run_in_context(recompute, call))));
  const recomputed = new Recomputed(
    device === undefined ? again : () => call_in_mode(default_device_mode(device), again),
    determinism_check === 'default',
    early_stop_for_all ?? early_stop,
    log,
  );
  const result = saved_tensors_hooks(
    (tensor) => recomputed.next(tensor),
    (number) => recomputed.get(number),
    () => run_in_context(forward, call),
  );
  recomputed.close();
  log?.release();
  return result;
}

/** Which form runs. Leaving it to the default warns. */
function explicit_form(callee: string, call: string, use_reentrant: boolean | null | undefined): boolean {
  if (use_reentrant !== null && use_reentrant !== undefined) return use_reentrant;
  const sequential = callee.endsWith('sequential');
  warn(
    `${callee}: the use_reentrant parameter should be passed explicitly. ` +
      (sequential
        ? 'In version 2.9 we will raise an exception if use_reentrant is not passed. '
        : `Starting in PyTorch 2.9, ${call} without use_reentrant will raise an exception. `) +
      'use_reentrant=False is recommended, but if you need to preserve the current default behavior, you can pass ' +
      'use_reentrant=True. Refer to docs for more details on the differences between the two variants.',
  );
  return true;
}

type Functions = Iterable<(input: Tensor) => Tensor>;

const SEQUENTIAL = signature<CheckpointSequentialOptions & { functions: Functions; segments: number; input: Tensor }>(
  'checkpoint_sequential',
  'functions: Iterable, segments: int, input: any, use_reentrant?: bool|None, *, preserve_rng_state?: bool',
);

/**
 * Runs functions, such as the modules of a `Sequential`, one after the other in `segments` parts, each of which but
 * the last is a checkpoint. Mirrors `torch.utils.checkpoint.checkpoint_sequential`.
 *
 * @param functions - functions of one tensor
 * @param segments - number of parts
 * @param input - the input of the first function
 * @param options - `use_reentrant`, `preserve_rng_state`
 * @throws RangeError unless `segments` is between 1 and the number of functions
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh(), new nn.Linear(2, 1));
 * const x = torch.ones(1, 2, { requires_grad: true });
 * torch.utils.checkpoint.checkpoint_sequential(model, 2, x, { use_reentrant: false }).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
 * x = torch.ones(1, 2, requires_grad=True)
 * torch.utils.checkpoint.checkpoint_sequential(model, 2, x, use_reentrant=False).sum().backward()
 * print(x.grad)
 * ```
 */
export function checkpoint_sequential(
  functions: Functions,
  segments: number,
  input: Tensor,
  use_reentrant?: boolean | null,
  options?: CheckpointSequentialOptions,
): Tensor;
export function checkpoint_sequential(
  functions: Functions,
  segments: number,
  input: Tensor,
  ...options: Tail<[use_reentrant: boolean | null], CheckpointSequentialOptions>
): Tensor;
export function checkpoint_sequential(...args: unknown[]): Tensor {
  const { functions, segments, input, preserve_rng_state = true, ...rest } = SEQUENTIAL.read(args);
  const use_reentrant = explicit_form('torch.utils.checkpoint.checkpoint_sequential', '', rest.use_reentrant);
  const list = [...functions];
  if (segments < 1 || segments > list.length) {
    throw new RangeError(
      `checkpoint_sequential(): argument 'segments' must be between 1 and ${list.length}, not ${String(segments)}`,
    );
  }
  const size = Math.floor(list.length / segments);
  const run =
    (from: number, to: number) =>
    (x: Tensor): Tensor =>
      list.slice(from, to).reduce((value, fn) => fn(value), x);
  let value = input;
  for (let i = 0; i < segments - 1; i++) {
    value = checkpoint(run(i * size, (i + 1) * size), value, { use_reentrant, preserve_rng_state });
  }
  return run((segments - 1) * size, list.length)(value);
}
export * from '../absent/utils_checkpoint.js';
