/** Optimizers whose state is divided among processes: `torch.distributed.optim.ZeroRedundancyOptimizer`. */
import { method_signature, signature, type Arguments } from '../../_internal/signature.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { warn } from '../../_internal/warnings.js';
import { native } from '../../_C/native.js';
import { Tensor } from '../../_tensor.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { from_numpy, tensor } from '../../creation.js';
import { empty, zeros } from '../../generated/functions.js';
import {
  Optimizer,
  type AnyOptimizer,
  type LoadableOptimizerStateDict,
  type OptimizerStateDict,
  type ParamGroup,
  type ParamGroupInit,
  type Params,
} from '../../optim/optimizer.js';
import { load } from '../../serialization/load.js';
import { save } from '../../serialization/save.js';
import { int64, uint8 } from '../../types/dtype.js';
import type { Device } from '../../types/device.js';
import { Join, JoinHook, no_join, type JoinConfig, type Joinable } from '../algorithms/join.js';
import { broadcast } from '../collectives.js';
import { default_group, type Group, type ProcessGroup } from '../process_group.js';
import type { Work } from '../work.js';

/** The class of the optimizer that each process has. */
type OptimizerClass = new (params: never, options: never) => AnyOptimizer;
type Options = Record<string, unknown>;
type StateDict = OptimizerStateDict;

/** The options of {@link ZeroRedundancyOptimizer}; others are those of the optimizer. */
export interface ZeroRedundancyOptimizerOptions {
  /** The group. Default null: the default one. */
  process_group?: Group;
  /** Send the parameters of a process as one tensor, of which they become views. Default false. */
  parameters_as_bucket_view?: boolean;
  /** Must be false. */
  overlap_with_ddp?: false;
  [option: string]: unknown;
}

interface Given {
  params: Params;
  optimizer_class: OptimizerClass;
  process_group?: Group;
  parameters_as_bucket_view?: boolean;
  overlap_with_ddp?: boolean;
  kwargs?: Options;
}

const ZERO = signature<Given>(
  'ZeroRedundancyOptimizer',
  'params: Iterable, optimizer_class: Callable, process_group?: ProcessGroup|None, parameters_as_bucket_view?: bool, ' +
    'overlap_with_ddp?: bool, **kwargs: any',
);
const METHODS = {
  add_param_group: method_signature<{ param_group: ParamGroupInit }>(
    'ZeroRedundancyOptimizer.add_param_group',
    'param_group: any',
  ),
  consolidate: method_signature<{ to?: number }>('ZeroRedundancyOptimizer.consolidate_state_dict', 'to?: int'),
  step: method_signature<{ closure?: (() => unknown) | null }>(
    'ZeroRedundancyOptimizer.step',
    'closure?: Callable|None',
  ),
  state_dict: method_signature<object>('ZeroRedundancyOptimizer.state_dict'),
  load_state_dict: method_signature<{ state_dict: LoadableOptimizerStateDict }>(
    'ZeroRedundancyOptimizer.load_state_dict',
    'state_dict: any',
  ),
};

/** What a process without inputs does for the others: a step, which sends its parameters. */
class ZeroJoinHook extends JoinHook {
  constructor(private readonly optimizer: ZeroRedundancyOptimizer) {
    super();
  }

  override main_hook(): void {
    this.optimizer.step();
  }
}

/** All parameters, when there are some, and all have one dtype, as Python demands. */
function checked_parameters(params: Params): Tensor[] {
  if (params instanceof Tensor) {
    throw new TypeError(`\`params\` argument should be an iterable of Tensors, but got ${params.type()}`);
  }
  const list: unknown[] = [...params];
  if (list.length === 0) throw new Error('ZeroRedundancyOptimizer got an empty parameter list');
  const groups = list.every(is_plain_object);
  if (!groups && !list.every((each) => each instanceof Tensor)) {
    throw new TypeError('`params` argument should be an iterable of Tensors or dicts');
  }
  const all = groups
    ? list.flatMap((group) => {
        if (!('params' in group)) {
          throw new Error(
            "Each parameter group passed-in via `params` must have a 'params' key mapping to the parameters in the group",
          );
        }
        const its = group['params'] as Tensor | Iterable<Tensor>;
        return its instanceof Tensor ? [its] : [...its];
      })
    : (list as Tensor[]);
  const [first, ...others] = all.map((each) => each.type());
  const other = others.find((type) => type !== first);
  if (first !== undefined && other !== undefined) {
    throw new Error(
      `ZeroRedundancyOptimizer only supports using the same dense type for all parameters but got both ${first} and ${other}`,
    );
  }
  return all;
}

/** Copies all options from groups to groups. */
function copy_options(from: readonly object[], to: readonly object[]): void {
  to.forEach((group, i) => {
    for (const [name, value] of Object.entries(from[i] ?? {})) {
      if (name !== 'params') (group as Options)[name] = value;
    }
  });
}

function to_bytes(value: unknown): Tensor {
  const pieces: Uint8Array[] = [];
  save(value, {
    write: (piece: Uint8Array) => {
      pieces.push(Uint8Array.from(piece));
    },
  });
  return from_numpy(Uint8Array.from(Buffer.concat(pieces)));
}

/**
 * Divides the state of an optimizer among processes: each keeps that of some parameters, updates these, and sends them to the others. Mirrors
 * `torch.distributed.optim.ZeroRedundancyOptimizer`; parameters go to the same processes as in Python, so that both train together. Gradients
 * must be the same in all processes, as `DistributedDataParallel` makes them.
 *
 * @param params - all parameters, of one dtype, or groups of them with options; the same in all processes
 * @param optimizer_class - the class of the optimizer, such as `optim.Adam`
 * @param process_group - the group; default null, the default one
 * @param parameters_as_bucket_view - send the parameters of a process as one tensor, of which they become views; default false
 * @param overlap_with_ddp - must be false
 * @param options - by name: the options of the optimizer, such as `lr`
 * @throws TypeError when `params` is a Tensor or contains something else; Error when it is empty, or dtypes differ
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * const optimizer = new dist.optim.ZeroRedundancyOptimizer(model.parameters(), optim.Adam, { lr: 0.1 });
 * model(torch.ones(1, 2)).sum().backward();
 * optimizer.step();
 * optimizer.consolidate_state_dict();
 * print(Object.keys(optimizer.state_dict().state).length);
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.optim import ZeroRedundancyOptimizer
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * optimizer = ZeroRedundancyOptimizer(model.parameters(), optim.Adam, lr=0.1)
 * model(torch.ones(1, 2)).sum().backward()
 * optimizer.step()
 * optimizer.consolidate_state_dict()
 * print(len(optimizer.state_dict()['state']))
 * dist.destroy_process_group()
 * ```
 */
export class ZeroRedundancyOptimizer extends Optimizer {
  /** @internal */
  declare _join_config: JoinConfig;
  /** The optimizer of this process, with its part of the parameters. */
  declare optim: Optimizer;
  /** The group. */
  declare process_group: ProcessGroup;
  /** The rank within the group. */
  declare rank: number;
  /** How many processes there are. */
  declare world_size: number;
  /** Whether parameters are views of the tensors that are sent. */
  declare parameters_as_bucket_view: boolean;
  /** False while the constructor runs. */
  declare initialized: boolean;
  declare private first: Tensor;
  declare private trainable: string;
  /** The tensor that each rank sends, when parameters are views of them. */
  declare private buckets: readonly Tensor[];
  /** The states of all processes, once consolidated. */
  declare private all_states: readonly StateDict[];

  constructor(params: Params, optimizer_class: OptimizerClass, options?: ZeroRedundancyOptimizerOptions);
  constructor(
    ...args: Arguments<
      [params: Params, optimizer_class: OptimizerClass, process_group?: Group, parameters_as_bucket_view?: boolean],
      ZeroRedundancyOptimizerOptions & { params: Params; optimizer_class: OptimizerClass },
      ['params', 'optimizer_class', 'process_group', 'parameters_as_bucket_view']
    >
  );
  constructor(...args: unknown[]) {
    const given = ZERO.read(args);
    const { optimizer_class, kwargs = {} } = given;
    const params = given.params instanceof Tensor ? given.params : ([...given.params] as unknown as Params);
    const all = checked_parameters(params);
    if (given.overlap_with_ddp) {
      throw new Error('ZeroRedundancyOptimizer: overlap_with_ddp is not there; leave it out');
    }
    super(params, kwargs);
    this._join_config = no_join;
    this.first = all[0]!;
    this.process_group = given.process_group ?? default_group();
    this.world_size = this.process_group.size();
    this.rank = this.process_group.rank();
    this.all_states = [];
    this.buckets = [];
    this.parameters_as_bucket_view = given.parameters_as_bucket_view ?? false;
    this.trainable = this.trainable_now();
    const Class = optimizer_class as unknown as new (params: readonly ParamGroup[], options: Options) => Optimizer;
    this.optim = new Class(this.groups_by_rank()[this.rank]!, kwargs);
    copy_options(this.optim.param_groups, this.param_groups);
    this.build_buckets();
    this.initialized = true;
  }

  private parameters(): Tensor[] {
    return this.param_groups.flatMap((group) => group.params);
  }

  private trainable_now(): string {
    return String(this.parameters().map((each) => each.requires_grad));
  }

  /** The groups of each rank: in each group, the largest parameter goes to the rank that has fewest elements. */
  private groups_by_rank(): ParamGroup[][] {
    const ranks = Array.from({ length: this.world_size }, (_, rank) => rank);
    const sizes = ranks.map(() => 0);
    const parts: ParamGroup[][] = ranks.map(() => []);
    for (const group of this.param_groups) {
      const params: Tensor[][] = ranks.map(() => []);
      for (const each of [...group.params].sort((a, b) => b.numel() - a.numel())) {
        const rank = sizes.indexOf(Math.min(...sizes));
        params[rank]!.push(each);
        sizes[rank]! += each.numel();
      }
      for (const rank of ranks) parts[rank]!.push({ ...group, params: params[rank]! });
    }
    return parts;
  }

  /** Makes parameters views of one tensor for each rank. */
  private build_buckets(): void {
    if (!this.parameters_as_bucket_view) return;
    this.buckets = this.groups_by_rank().map((groups) => {
      const params = groups.flatMap((group) => group.params);
      const frozen = params.filter((each) => !each.requires_grad);
      for (const each of frozen) each.data = each.detach().clone();
      const trained = params.filter((each) => each.requires_grad);
      const { device, dtype } = this.first;
      if (trained.length === 0) return zeros([1], { device });
      const size = trained.reduce((sum, each) => sum + each.numel(), 0);
      const bucket = empty([size], { device, dtype });
      let start = 0;
      no_grad(() => {
        for (const each of trained) {
          const part = bucket.narrow(0, start, each.numel());
          part.copy_(each.detach().reshape(-1));
          each.data = part.view(each.shape);
          start += each.numel();
        }
      });
      return bucket;
    });
  }

  /** Sends each rank's parameters to all others. */
  private send_parameters(): void {
    const group = this.process_group;
    const works: (Work | null)[] = [];
    this.groups_by_rank().forEach((groups, rank) => {
      const sent = this.parameters_as_bucket_view
        ? [this.buckets[rank]!]
        : groups.flatMap(({ params }) => params.map((each) => each.detach()));
      for (const each of sent) works.push(broadcast(each, { group, group_src: rank, async_op: true }));
    });
    for (const work of works) work?.wait();
  }

  /**
   * Adds a group of parameters with options; all processes must.
   * @throws Error as the constructor does
   */
  override add_param_group(param_group: ParamGroupInit): void;
  override add_param_group(...args: unknown[]): void {
    const { param_group } = METHODS.add_param_group.read(args);
    super.add_param_group(param_group);
    if (!this.initialized) return;
    const groups = this.groups_by_rank()[this.rank]!;
    if (groups.length === this.optim.param_groups.length + 1) this.optim.add_param_group(groups.at(-1)!);
    this.build_buckets();
  }

  /**
   * Updates the parameters of this process, and exchanges all. All processes must.
   * @param closure - computes the loss again, and its gradients; default null
   * @returns what the closure returns
   */
  override step(): undefined;
  override step<L>(closure?: (() => L) | null): L;
  override step<L>(options: { closure?: (() => L) | null }): L;
  override step(...args: unknown[]): unknown {
    const { closure = null } = METHODS.step.read(args);
    Join.notify_join_context(this as unknown as Joinable);
    const trainable = this.trainable_now();
    if (trainable !== this.trainable) {
      warn(
        'ZeroRedundancyOptimizer detected that the trainable parameters changed; rebuilding the parameter buckets if enabled',
      );
      this.build_buckets();
      this.trainable = trainable;
    }
    copy_options(this.param_groups, this.optim.param_groups);
    const loss = closure === null ? this.optim.step() : this.optim.step(closure);
    copy_options(this.optim.param_groups, this.param_groups);
    this.send_parameters();
    return loss;
  }

  /**
   * Collects the state of all processes in one of them, for {@link ZeroRedundancyOptimizer.state_dict} there. All processes must call it.
   * @param to - the rank within the group; default 0
   */
  consolidate_state_dict(to?: number): void;
  consolidate_state_dict(options: { to?: number }): void;
  consolidate_state_dict(...args: unknown[]): void {
    const { to = 0 } = METHODS.consolidate.read(args);
    copy_options(this.param_groups, this.optim.param_groups);
    const group = this.process_group;
    const { device } = this.first;
    // A process that collects sends nothing of its own.
    const nothing = tensor([0], { dtype: uint8, device });
    const states: StateDict[] = [];
    for (let rank = 0; rank < this.world_size; rank++) {
      const own = rank === this.rank;
      if (own && rank === Number(to)) {
        states.push(load<StateDict>(new Uint8Array(native.read(to_bytes(this.optim.state_dict())._h))));
        continue;
      }
      if (rank === Number(to)) continue;
      const bytes = own ? to_bytes(this.optim.state_dict()).to(device) : nothing;
      const length = tensor([bytes.numel()], { dtype: int64, device });
      broadcast(length, { group, group_src: rank });
      const data = own ? bytes : empty([length.item() as number], { dtype: uint8, device });
      broadcast(data, { group, group_src: rank });
      if (this.rank === Number(to)) states.push(load<StateDict>(new Uint8Array(native.read(data.cpu()._h)), 'cpu'));
    }
    this.all_states = states;
  }

  /**
   * The state of all parameters, as the last {@link ZeroRedundancyOptimizer.consolidate_state_dict} has collected it: what the optimizer itself
   * would give.
   * @throws Error in a process where it has not been collected
   */
  override state_dict(...args: []): StateDict {
    METHODS.state_dict.read(args);
    if (this.all_states.length === 0) {
      throw new Error(
        `Optimizer state has not been consolidated on this rank. Please call \`consolidate_state_dict(to=${this.rank})\` on all ranks ` +
          'beforehand if you meant to save the global state.',
      );
    }
    const collected = super.state_dict();
    const numbers = new Map(this.parameters().map((each, i) => [each, i]));
    const state: [number, Options][] = [];
    this.groups_by_rank().forEach((groups, rank) => {
      const its = this.all_states[rank]!;
      const by_number = new Map(entries_of(its.state));
      groups.forEach((group, i) => {
        group.params.forEach((each, j) => {
          const found = by_number.get(String(its.param_groups[i]!.params[j]));
          if (found !== undefined) state.push([numbers.get(each)!, found]);
        });
      });
    });
    state.sort(([a], [b]) => a - b);
    for (const [number, value] of state) collected.state[number] = value;
    return collected;
  }

  /**
   * Takes the state of the parameters of this process from that of all.
   * @param state_dict - what {@link ZeroRedundancyOptimizer.state_dict}, or the optimizer itself, gives
   * @throws Error when there are other groups or other numbers of parameters
   */
  override load_state_dict(state_dict: LoadableOptimizerStateDict): void;
  override load_state_dict(...args: unknown[]): void {
    const { state_dict } = METHODS.load_state_dict.read(args);
    super.load_state_dict({ ...state_dict, state: {} });
    const numbers = new Map(this.parameters().map((each, i) => [each, i]));
    const saved = new Map(entries_of(state_dict.state));
    const order = state_dict.param_groups.flatMap((group) => group.params);
    const state: Record<number, Options> = {};
    let next = 0;
    const param_groups = this.groups_by_rank()[this.rank]!.map((group) => {
      const params = group.params.map((each) => {
        const found = saved.get(String(order[numbers.get(each)!]));
        if (found !== undefined) state[next] = found;
        return next++;
      });
      return { ...group, params };
    });
    this.optim.load_state_dict({ state, param_groups });
    copy_options(this.param_groups, this.optim.param_groups);
  }

  /** The hook by which the optimizer takes part in a {@link Join}. */
  join_hook(_options: Options = {}): JoinHook {
    return new ZeroJoinHook(this);
  }

  /** The device of the tensors by which processes agree. */
  get join_device(): Device {
    return this.first.device;
  }

  /** The group of the optimizer. */
  get join_process_group(): ProcessGroup {
    return this.process_group;
  }
}

const entries_of = (state: object): [string, Options][] =>
  [...(state instanceof Map ? (state as Map<unknown, Options>) : Object.entries(state as Options))].map(
    ([key, value]) => [String(key), value as Options],
  );
