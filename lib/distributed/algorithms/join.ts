/** Training on uneven inputs: `torch.distributed.algorithms.join`. */
import { call_synchronously } from '../../_internal/callbacks.js';
import { define_kind, method_signature, signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import { ones, zeros } from '../../generated/functions.js';
import type { Device } from '../../types/device.js';
import { all_reduce } from '../collectives.js';
import { get_rank, type ProcessGroup } from '../process_group.js';
import type { Work } from '../work.js';

/** What a {@link Join} lets its joinables know. @internal */
export interface JoinConfig {
  readonly enable: boolean;
  readonly throw_on_early_termination: boolean;
  readonly is_first_joinable: boolean;
}

/** Outside of any {@link Join}. @internal */
export const no_join: JoinConfig = { enable: false, throw_on_early_termination: false, is_first_joinable: false };

/**
 * What a process that has no inputs left does for the others. Mirrors `torch.distributed.algorithms.JoinHook`; classes of hooks extend it.
 * @example
 * ```ts
 * const { JoinHook } = torch.distributed.algorithms;
 * class Counts extends JoinHook {
 *   post_hook(is_last_joiner: boolean): void {
 *     print(is_last_joiner);
 *   }
 * }
 * new Counts().post_hook(true);
 * ```
 * ```python
 * from torch.distributed.algorithms import JoinHook
 * class Counts(JoinHook):
 *     def post_hook(self, is_last_joiner):
 *         print(is_last_joiner)
 * Counts().post_hook(True)
 * ```
 */
export class JoinHook {
  /** Runs once for each step of the processes that go on: the collectives of such a step. */
  main_hook(): void {
    return;
  }

  /** Runs when all processes have joined. @param _is_last_joiner - whether this process is one of the last */
  post_hook(_is_last_joiner: boolean): void {
    return;
  }
}

/**
 * What can take part in a {@link Join}. Mirrors `torch.distributed.algorithms.Joinable`: classes extend it, or have its members, as
 * `DistributedDataParallel` does.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { Joinable } = dist.algorithms;
 * print(new nn.Linear(1, 1) instanceof Joinable);
 * ```
 * ```python
 * from torch.distributed.algorithms import Joinable
 * print(isinstance(nn.Linear(1, 1), Joinable))
 * ```
 */
export abstract class Joinable {
  /** @internal */
  _join_config: JoinConfig = no_join;

  /** The hook for this object. @param options - what the {@link Join} was given beside its own options */
  abstract join_hook(options: Record<string, unknown>): JoinHook;

  /** The device of the tensors that are sent. */
  abstract get join_device(): Device;

  /** The group of the processes. */
  abstract get join_process_group(): ProcessGroup;

  static [Symbol.hasInstance](value: unknown): boolean {
    // Modules are functions.
    const is_object = (typeof value === 'object' && value !== null) || typeof value === 'function';
    return is_object && '_join_config' in value && 'join_hook' in value;
  }
}
define_kind('Joinable', 'Joinable', (value) => value instanceof Joinable);

/** The options of {@link Join}; others go to `join_hook` of each joinable. */
export interface JoinOptions {
  /** False does nothing. Default true. */
  enable?: boolean;
  /** Whether all processes throw as soon as one has no inputs left. Default false. */
  throw_on_early_termination?: boolean;
  /** For `DistributedDataParallel`: false divides gradients by the number of processes that go on. Default true. */
  divide_by_initial_world_size?: boolean;
}

const JOIN = signature<
  Omit<JoinOptions, 'divide_by_initial_world_size'> & {
    joinables: readonly Joinable[];
    kwargs?: Record<string, unknown>;
  }
>('Join', 'joinables: Joinable[], enable?: bool, throw_on_early_termination?: bool, **kwargs: any');
const METHODS = {
  run: method_signature<{ fn: () => unknown }>('Join.run', 'fn: Callable'),
  notify: method_signature<{ joinable: Joinable }>('Join.notify_join_context', 'joinable: Joinable'),
};

/** After so many steps alone, a process says so. */
const many_steps = 1000;

/**
 * Lets processes train together that have different numbers of inputs: one that has no more answers the collectives of the others until all are
 * done. Mirrors `torch.distributed.algorithms.Join`. What is the body of `with Join(...)` in Python is the function that {@link Join.run} calls; a
 * block of `using` would not know whether it ended with an exception, and then must not wait for the others.
 *
 * @param joinables - what takes part, `DistributedDataParallel` first
 * @param enable - false does nothing; default true
 * @param throw_on_early_termination - whether all processes throw as soon as one has no inputs left; default false
 * @param options - by name: what the joinables' hooks take, as `divide_by_initial_world_size`
 * @throws Error without joinables, or when their groups differ
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * new dist.algorithms.Join([model]).run(() => {
 *   for (const x of [torch.ones(1, 2), torch.ones(3, 2)]) model(x).sum().backward();
 * });
 * print(model.module.weight.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms import Join
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * with Join([model]):
 *     for x in [torch.ones(1, 2), torch.ones(3, 2)]:
 *         model(x).sum().backward()
 * print(model.module.weight.grad)
 * dist.destroy_process_group()
 * ```
 */
export class Join {
  private readonly hooks: readonly JoinHook[];
  private readonly config: JoinConfig;
  private readonly group: ProcessGroup;
  private readonly device: Device;

  constructor(
    joinables: readonly Joinable[],
    enable?: boolean,
    throw_on_early_termination?: boolean,
    options?: JoinOptions,
  );
  constructor(
    ...args: Arguments<
      [joinables: readonly Joinable[], enable?: boolean, throw_on_early_termination?: boolean],
      JoinOptions & { joinables: readonly Joinable[] },
      ['joinables', 'enable', 'throw_on_early_termination']
    >
  );
  constructor(...args: unknown[]) {
    const { joinables, enable = true, throw_on_early_termination = false, kwargs = {} } = JOIN.read(args);
    const [first] = joinables;
    if (first === undefined) throw new Error('The join context manager requires at least one joinable');
    this.hooks = joinables.map((each) => each.join_hook(kwargs));
    this.config = { enable, throw_on_early_termination, is_first_joinable: false };
    joinables.forEach((each, i) => {
      each._join_config = { ...this.config, is_first_joinable: i === 0 };
    });
    this.group = first.join_process_group;
    if (joinables.some((each) => each.join_process_group !== this.group)) {
      throw new Error('Using join context manager with multiple process groups');
    }
    this.device = first.join_device;
  }

  /**
   * Runs a function, and then answers the collectives of the processes that are not done.
   * @param fn - a synchronous function: the loop over the inputs of this process
   * @returns what the function returns
   * @throws Error in all processes, with `throw_on_early_termination`, when one is done before the others
   */
  run<T>(fn: () => T): T;
  run<T>(options: { fn: () => T }): T;
  run(...args: unknown[]): unknown {
    const { fn } = METHODS.run.read(args);
    const result = call_synchronously('Join.run', fn);
    if (this.config.enable) this.shadow_others();
    return result;
  }

  private shadow_others(): void {
    let steps = 0;
    for (; this.others_going_on() !== 0; steps++) {
      if (steps === many_steps + 1) {
        warn(
          `Detected uneven input skew of greater than ${many_steps}. This means that rank ${get_rank(this.group)} has at least ` +
            `${many_steps} fewer inputs than other currently-active ranks. This level of skew could lead to performance degradation during training.`,
        );
      }
      if (this.config.throw_on_early_termination) {
        all_reduce(ones([1], { device: this.device }), { group: this.group });
        throw new Error(`Rank ${get_rank(this.group)} exhausted all inputs.`);
      }
      for (const hook of this.hooks) hook.main_hook();
    }
    for (const hook of this.hooks) hook.post_hook(steps === 0);
  }

  private others_going_on(): number {
    const count = zeros([1], { device: this.device });
    all_reduce(count, { group: this.group });
    return count.item() as number;
  }

  /**
   * Lets the other processes know that this one goes on; a joinable calls it before the collectives of each step.
   * @returns the collective that does so, or null where another joinable does it, or outside of a {@link Join}
   * @throws Error when another process is done, with `throw_on_early_termination`
   */
  static notify_join_context(joinable: Joinable): Work | null;
  static notify_join_context(options: { joinable: Joinable }): Work | null;
  static notify_join_context(...args: unknown[]): Work | null {
    const { joinable } = METHODS.notify.read(args);
    const { enable, is_first_joinable, throw_on_early_termination } = joinable._join_config;
    if (!enable || !is_first_joinable) return null;
    const { join_device: device, join_process_group: group } = joinable;
    const work = all_reduce(ones([1], { device }), { group, async_op: true });
    if (throw_on_early_termination) {
      const ended = zeros([1], { device });
      all_reduce(ended, { group });
      if (ended.item() !== 0) {
        throw new Error('Detected at least one rank that exhausted inputs. Throwing across all ranks.');
      }
    }
    return work;
  }
}
