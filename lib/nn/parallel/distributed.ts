/** Training one module in several processes: `torch.nn.parallel.DistributedDataParallel`. The reducer of gradients is c10d's of libtorch. */
import { native, type Handle, type NativeReducer } from '../../_C/native.js';
import { wrap } from '../../_C/tensor_base.js';
import { refuse_async, type Mode } from '../../_internal/callbacks.js';
import { kind_of } from '../../_internal/kind_of.js';
import { run_or_guard, type Guard } from '../../_internal/guards.js';
import { name_operator } from '../../_internal/operator_errors.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { method_signature, signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import { Tensor } from '../../_tensor.js';
import { Function as AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { is_grad_enabled, no_grad } from '../../autograd/grad_mode.js';
import { Join, JoinHook, no_join, type Joinable, type JoinConfig } from '../../distributed/algorithms/join.js';
import { all_reduce } from '../../distributed/collectives.js';
import { GradBucket, type BuiltinCommHook, type CommHook } from '../../distributed/comm_hooks.js';
import type { DeviceMesh } from '../../distributed/device_mesh.js';
import { localize_parameters } from '../../distributed/tensor/parallel/ddp.js';
import {
  default_group,
  get_rank,
  is_nccl_available,
  native_of,
  type Group,
  type ProcessGroup,
} from '../../distributed/process_group.js';
import { ReduceOp } from '../../distributed/reduce_op.js';
import { Future } from '../../futures/index.js';
import { tensor as new_tensor } from '../../creation.js';
import { ones, zeros } from '../../generated/functions.js';
import { accelerator, Device, type DeviceLike } from '../../types/device.js';
import { tree_flatten, tree_unflatten } from '../../utils/_pytree.js';
import { Module } from '../modules/module.js';
import { SyncBatchNorm } from '../modules/batchnorm.js';
import { Embedding, EmbeddingBag } from '../modules/sparse.js';
import type { Parameter } from '../parameter.js';
import { is_lazy } from '../uninitialized.js';

/** The options of {@link DistributedDataParallel}. */
export interface DistributedDataParallelOptions {
  /** The device of the module, when it is not on the CPU. Default null. */
  device_ids?: readonly DeviceLike[] | null;
  /** The device of the outputs. Default null. */
  output_device?: DeviceLike | null;
  /** As in Python, where it is not used any more. Default 0. */
  dim?: number;
  /** Older name of `forward_sync_buffers`. Default null. */
  broadcast_buffers?: boolean | null;
  /** Send the parameters and buffers of rank 0 to all others at first. Default true. */
  init_sync?: boolean;
  /** The group. Default null: the default one. */
  process_group?: Group;
  /** Size of the buckets in which gradients are sent, in MiB. Default null: 25, and 1 for the first. */
  bucket_cap_mb?: number | null;
  /** Look in each backward pass for parameters that do not take part. Default false. */
  find_unused_parameters?: boolean;
  /** As in Python, where it is not used any more. Default false. */
  check_reduction?: boolean;
  /** Let gradients be views of the buckets, which saves memory and a copy. Default false. */
  gradient_as_bucket_view?: boolean;
  /** Promise that each pass uses the same parameters in the same order. Default false. */
  static_graph?: boolean;
  /** Must be null. */
  delay_all_reduce_named_params?: null;
  /** Must be null. */
  param_to_hook_all_reduce?: null;
  /** Must be null. */
  mixed_precision?: null;
  /** The processes, instead of `process_group`: a mesh of one dimension, as `mesh.get('dp')`. Default null. */
  device_mesh?: DeviceMesh | null;
  /** Leave out what no process uses. Default false. */
  skip_all_reduce_unused_params?: boolean;
  /** Size of each bucket, in MiB, instead of `bucket_cap_mb`. Default null. */
  bucket_cap_mb_list?: readonly number[] | null;
  /** Copy the gradients of a bucket at once. Default false. */
  batched_grad_copy?: boolean;
  /** Send the buffers of rank 0 to all others in each forward pass. Default null: true. */
  forward_sync_buffers?: boolean | null;
}

/** The options of {@link DistributedDataParallel.join}. */
export interface DistributedJoinOptions {
  /** False divides gradients by the number of processes that go on. Default true. */
  divide_by_initial_world_size?: boolean;
  /** False only calls the function. Default true. */
  enable?: boolean;
  /** Whether all processes throw as soon as one has no inputs left. Default false. */
  throw_on_early_termination?: boolean;
}

interface DistributedArguments<M> extends DistributedDataParallelOptions {
  module: M;
}

const DISTRIBUTED = signature<DistributedArguments<Module>>(
  'DistributedDataParallel',
  'module: Module, device_ids?: device[]|None, output_device?: device|None, dim?: int, broadcast_buffers?: bool|None, ' +
    'init_sync?: bool, process_group?: ProcessGroup|None, bucket_cap_mb?: float|None, find_unused_parameters?: bool, ' +
    'check_reduction?: bool, gradient_as_bucket_view?: bool, static_graph?: bool, delay_all_reduce_named_params?: None, ' +
    'param_to_hook_all_reduce?: None, mixed_precision?: None, device_mesh?: DeviceMesh|None, skip_all_reduce_unused_params?: bool, ' +
    'bucket_cap_mb_list?: float[]|None, batched_grad_copy?: bool, forward_sync_buffers?: bool|None',
);
const NO_SYNC = method_signature<{ fn?: () => unknown }>('DistributedDataParallel.no_sync', 'fn?: Callable');
const BUILTIN_HOOK = method_signature<{ comm_hook_type: BuiltinCommHook }>(
  'DistributedDataParallel._register_builtin_comm_hook',
  'comm_hook_type: BuiltinCommHookType',
);
const COMM_HOOK = method_signature<{ state: unknown; hook: CommHook<unknown> }>(
  'DistributedDataParallel.register_comm_hook',
  'state: any, hook: Callable',
);
const JOIN = method_signature<{ fn: () => unknown } & DistributedJoinOptions>(
  'DistributedDataParallel.join',
  'fn: Callable, divide_by_initial_world_size?: bool, enable?: bool, throw_on_early_termination?: bool',
);
const SAMPLE_RATE = method_signature<{ sample_rate: number }>(
  'DistributedDataParallel._set_ddp_runtime_logging_sample_rate',
  'sample_rate: int',
);

const MIB = 1024 * 1024;
const default_cap = 25 * MIB;
const default_first_cap = MIB;
/** Parameters and buffers are sent in pieces of this size. */
const broadcast_bytes = 250 * MIB;
/** Python's `sys.maxsize`, as far as it is a number here: all in one bucket until the order of gradients is known. */
const no_limit = Number.MAX_SAFE_INTEGER;

/** The parameters whose gradients are averaged, their names, and whether their gradients are sparse. */
interface Reduced {
  parameters: Parameter[];
  names: string[];
  sparse: boolean[];
}

/** How gradients are put together in buckets. @internal */
export interface BucketSettings {
  readonly caps: Caps;
  readonly skips_unused: boolean;
  readonly batches_copies: boolean;
}

/** What files say of a {@link DistributedDataParallel}, beside its module. @internal */
export interface RestoredDistributed {
  readonly dim: number;
  readonly device: Device;
  readonly device_ids: readonly number[] | null;
  readonly output_device: number | null;
  readonly find_unused_parameters: boolean;
  readonly gradient_as_bucket_view: boolean;
  readonly require_backward_grad_sync: boolean;
  readonly require_forward_param_sync: boolean;
  readonly forward_sync_buffers: boolean;
  readonly parameters_to_ignore: ReadonlySet<string>;
  readonly static_graph: boolean;
  readonly _buckets: BucketSettings;
}

interface Caps {
  readonly bucket: number;
  readonly first: number;
  /** One for each bucket; empty where they are not given one by one. */
  readonly each: readonly number[];
}

function caps_of(cap_mb: number | null, list_mb: readonly number[] | null): Caps {
  if (list_mb !== null && list_mb.length > 0) {
    const bucket = Math.trunc(Math.max(...list_mb) * MIB);
    return { bucket, first: bucket, each: list_mb.map((cap) => Math.trunc(cap * MIB)) };
  }
  if (cap_mb === null) return { bucket: default_cap, first: default_first_cap, each: [] };
  const bucket = Math.trunc(cap_mb * MIB);
  return { bucket, first: bucket, each: [] };
}

/** The first assignment of parameters to buckets, which the reducer makes again after the first pass. */
function limits_of({ bucket, first, each }: Caps, static_graph: boolean, find_unused: boolean): readonly number[] {
  if (each.length > 0) return each;
  if (static_graph || !find_unused) return [no_limit];
  return first < bucket ? [first, bucket] : [bucket];
}

/** All tensors within a value. */
function* tensors_in(value: unknown): IterableIterator<Tensor> {
  if (value instanceof Tensor) yield value;
  else if (Array.isArray(value)) for (const each of value as unknown[]) yield* tensors_in(each);
  else if (value instanceof Map) for (const each of value.values()) yield* tensors_in(each);
  else if (is_plain_object(value)) for (const each of Object.values(value)) yield* tensors_in(each);
}

const handles_of = (tensors: Iterable<Tensor>): Handle[] => Array.from(tensors, (tensor) => tensor._h);

/** Runs a call into the addon; its errors name the class. */
function in_reducer<R>(run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw name_operator(error, 'DistributedDataParallel');
  }
}

/** What the graph knows of the module. */
interface Reduction {
  readonly reducer: NativeReducer;
  /** Whether the first pass of a static graph has queued its reduction. */
  queued: boolean;
  static_graph: boolean;
}

/** Passes outputs on; in backward, it is the first of the module, and queues the reduction of a static graph. */
class DDPSink extends AutogradFunction {
  static forward(ctx: FunctionCtx & { reduction?: Reduction }, reduction: Reduction, ...inputs: unknown[]): unknown[] {
    ctx.set_materialize_grads(false);
    ctx.reduction = reduction;
    return inputs.map((input) => (input instanceof Tensor ? input.clone() : input));
  }

  static backward(ctx: FunctionCtx & { reduction?: Reduction }, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    const { reduction } = ctx;
    if (reduction?.static_graph && !reduction.queued) {
      native.reducer_delay_all_reduce(reduction.reducer);
      reduction.queued = true;
    }
    return [null, ...gradients];
  }
}

/** What a process without inputs does for the others: the collectives of a step, with zeros for gradients. */
class DDPJoinHook extends JoinHook {
  constructor(private readonly model: DistributedDataParallel<Module>) {
    super();
  }

  override main_hook(): void {
    this.model._shadow_step();
  }

  override post_hook(is_last_joiner: boolean): void {
    this.model._sync_final_model(is_last_joiner);
  }
}

/** What a hook has returned, when it is there. */
function result_of_hook(returned: unknown, bucket: GradBucket, length: number): Tensor {
  if (!(returned instanceof Future)) {
    throw new TypeError(`register_comm_hook(): the hook must return a torch.futures.Future, not ${kind_of(returned)}`);
  }
  const result: unknown = returned.wait();
  if (!(result instanceof Tensor)) {
    throw new TypeError(`register_comm_hook(): the future of the hook must hold a Tensor, not ${kind_of(result)}`);
  }
  if (!result.is_sparse && result.numel() !== length) {
    throw new Error(
      `register_comm_hook(): the result of the hook has ${result.numel()} elements, but bucket ${bucket.index()} has ${length}`,
    );
  }
  return result;
}

/** A value with its tensors on another device. */
function moved(value: unknown, device: string): unknown {
  if (value instanceof Tensor) return value.to({ device });
  if (Array.isArray(value)) return value.map((item) => moved(item, device));
  if (!is_plain_object(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, moved(item, device)]));
}

const device_repr = ({ type, index }: Device): string =>
  `device(type='${type}'${index === null ? '' : `, index=${index}`})`;
const index_of = (device: DeviceLike): number =>
  typeof device === 'number' ? device : (new Device(device).index ?? 0);

/**
 * Trains one module in the processes of a group: each has a copy and reads its own part of the data, and while backward runs, gradients are
 * averaged over all of them. Mirrors `torch.nn.parallel.DistributedDataParallel`; the reducer is libtorch's, so that processes here and in Python
 * train together, with the same results to the last bit.
 *
 * The processes must make the same calls in the same order. At first, all take the parameters and buffers of rank 0; buffers again before each
 * forward pass. The module itself is `module`.
 *
 * @param module - the module, of the same class and sizes in all processes
 * @param device_ids - the device of the module, when it is not on the CPU; default null
 * @param output_device - the device of the outputs; default null, that of the module
 * @param dim - not used, as in Python
 * @param broadcast_buffers - older name of `forward_sync_buffers`; default null
 * @param init_sync - send the parameters and buffers of rank 0 to all others at first; default true
 * @param process_group - the group; default null, the default one
 * @param bucket_cap_mb - size of the buckets in which gradients are sent, in MiB; default null, 25
 * @param find_unused_parameters - look in each pass for parameters that do not take part, which are otherwise an Error of the next pass; default
 *   false
 * @param check_reduction - not used, as in Python
 * @param gradient_as_bucket_view - let gradients be views of the buckets; default false
 * @param static_graph - promise that each pass uses the same parameters in the same order; default false
 * @param delay_all_reduce_named_params - must be null
 * @param param_to_hook_all_reduce - must be null
 * @param mixed_precision - must be null
 * @param device_mesh - the processes, instead of `process_group`: a mesh of one dimension. Of a module that `parallelize_module` has cut over another
 *   dimension of the mesh, the parameters become the pieces of this process; default null
 * @param skip_all_reduce_unused_params - leave out what no process uses; default false
 * @param bucket_cap_mb_list - size of each bucket, in MiB; default null
 * @param batched_grad_copy - copy the gradients of a bucket at once; default false
 * @param forward_sync_buffers - send the buffers of rank 0 to all others in each forward pass; default null, true
 * @throws Error when no parameter requires a gradient, or parameters differ between processes
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * model(torch.ones(1, 2)).sum().backward();
 * print(model.module.weight.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * model(torch.ones(1, 2)).sum().backward()
 * print(model.module.weight.grad)
 * dist.destroy_process_group()
 * ```
 */
export class DistributedDataParallel<M extends Module> extends Module {
  declare module: M;
  declare process_group: ProcessGroup;
  declare device_ids: readonly number[] | null;
  declare output_device: number | null;
  declare dim: number;
  declare device: Device;
  declare device_type: string;
  declare find_unused_parameters: boolean;
  declare gradient_as_bucket_view: boolean;
  declare static_graph: boolean;
  /** Whether backward averages gradients; false within {@link DistributedDataParallel.no_sync}. */
  declare require_backward_grad_sync: boolean;
  declare require_forward_param_sync: boolean;
  /** Whether each forward pass sends the buffers of rank 0 to all others. */
  declare forward_sync_buffers: boolean;
  /** Names of parameters and buffers that are left alone. */
  declare parameters_to_ignore: ReadonlySet<string>;
  /** @internal */
  declare _reduction: Reduction;
  /** @internal */
  declare _join_config: JoinConfig;
  /** How gradients are put together. @internal */
  declare _buckets: BucketSettings;
  /** The parameters that the reducer knows, in its order. */
  declare private reduced: readonly Parameter[];
  declare private divides_by_initial_size: boolean;

  constructor(
    ...args: Arguments<
      [
        module: M,
        device_ids?: readonly DeviceLike[] | null,
        output_device?: DeviceLike | null,
        dim?: number,
        broadcast_buffers?: boolean | null,
        init_sync?: boolean,
        process_group?: Group,
        bucket_cap_mb?: number | null,
        find_unused_parameters?: boolean,
        check_reduction?: boolean,
        gradient_as_bucket_view?: boolean,
        static_graph?: boolean,
      ],
      DistributedArguments<M>,
      [
        'module',
        'device_ids',
        'output_device',
        'dim',
        'broadcast_buffers',
        'init_sync',
        'process_group',
        'bucket_cap_mb',
        'find_unused_parameters',
        'check_reduction',
        'gradient_as_bucket_view',
        'static_graph',
      ]
    >
  ) {
    super();
    const given = DISTRIBUTED.read(args) as DistributedArguments<M>;
    const { module } = given;
    this.process_group = this.choose_group(given);
    const group = native_of(this.process_group);
    const ignored = (module as { _ddp_params_and_buffers_to_ignore?: Iterable<string> })
      ._ddp_params_and_buffers_to_ignore;
    this.parameters_to_ignore = new Set(ignored ?? []);
    const kept = [...module.named_parameters()].filter(([name]) => !this.parameters_to_ignore.has(name));
    check_parameters(kept.map(([, parameter]) => parameter));
    this.dim = given.dim ?? 0;
    this.module = module;
    this.device = kept[0]![1].device;
    this.device_type = this.device.type;
    this.set_devices(given.device_ids ?? null, given.output_device ?? null, kept);
    this.find_unused_parameters = given.find_unused_parameters ?? false;
    this.gradient_as_bucket_view = given.gradient_as_bucket_view ?? false;
    this.require_backward_grad_sync = true;
    this.require_forward_param_sync = true;
    this.static_graph = false;
    this._join_config = no_join;
    this.divides_by_initial_size = true;
    const sync_buffers_at_first = this.choose_buffer_sync(given);
    if (given.check_reduction) {
      warn(
        'The `check_reduction` argument in `DistributedDataParallel` module is deprecated. Please avoid using it.',
        'FutureWarning',
      );
    }
    const { parameters, names, sparse } = this.parameters_for_reducer();
    if (given.init_sync ?? true) {
      in_reducer(() => native.verify_params(group, handles_of(parameters)));
      this.sync_states(sync_buffers_at_first);
    }
    this._buckets = {
      caps: caps_of(given.bucket_cap_mb ?? null, given.bucket_cap_mb_list ?? null),
      skips_unused: given.skip_all_reduce_unused_params ?? false,
      batches_copies: given.batched_grad_copy ?? false,
    };
    this.build_reducer({ parameters, names, sparse }, given.static_graph ?? false);
  }

  private choose_group({ process_group, device_mesh = null, module }: DistributedArguments<Module>): ProcessGroup {
    if (device_mesh === null) return process_group ?? default_group();
    if (process_group) {
      throw new Error('DistributedDataParallel(): Cannot specify both process_group and device_mesh arguments.');
    }
    if (device_mesh.ndim !== 1) {
      throw new Error(`DistributedDataParallel(): Only 1D device mesh is supported, but got ${String(device_mesh)}.`);
    }
    localize_parameters(module);
    return device_mesh.get_group(0);
  }

  private build_reducer({ parameters, names, sparse }: Reduced, static_graph: boolean): void {
    const group = native_of(this.process_group);
    const { caps, skips_unused, batches_copies } = this._buckets;
    const limits = limits_of(caps, static_graph, this.find_unused_parameters);
    const reducer = in_reducer(() => {
      const [buckets] = native.bucket_assignment(handles_of(parameters), limits, sparse);
      return native.reducer_new(
        handles_of(parameters),
        buckets.reverse(),
        group,
        sparse,
        caps.bucket,
        this.find_unused_parameters,
        this.gradient_as_bucket_view,
        names,
        caps.first,
        skips_unused,
        caps.each,
        batches_copies,
      );
    });
    this._reduction = { reducer, queued: false, static_graph: false };
    this.reduced = parameters;
    const synchronized = [...this.module.modules()].some((each) => each instanceof SyncBatchNorm);
    native.reducer_log_construction(
      reducer,
      this.module._get_name(),
      this.device_ids ?? [],
      this.output_device ?? -1,
      this.forward_sync_buffers,
      synchronized,
      static_graph,
    );
    if (synchronized && this.device_type === 'cpu') {
      throw new Error('SyncBatchNorm layers only work with GPU modules');
    }
    if (static_graph) this._set_static_graph();
  }

  /** @throws Error unless the processes are all: files know no other group @internal */
  _check_default_group(): void {
    if (this.process_group === default_group()) return;
    throw new Error(
      'DDP Pickling/Unpickling are only supported when using DDP with the default process group. That is, when you have called ' +
        'init_process_group and have not passed process_group argument to DDP constructor',
    );
  }

  /** Sets what a file says on an object that was made without its constructor, for the processes that there are now. @internal */
  _restore({ static_graph, ...given }: RestoredDistributed): void {
    this.process_group = default_group();
    Object.assign(this, given);
    this.device_type = this.device.type;
    this.static_graph = false;
    this._join_config = no_join;
    this.divides_by_initial_size = true;
    this.build_reducer(this.parameters_for_reducer(), static_graph);
  }

  private set_devices(
    device_ids: readonly DeviceLike[] | null,
    output_device: DeviceLike | null,
    kept: readonly (readonly [string, Parameter])[],
  ): void {
    if (device_ids !== null && device_ids.length > 1) {
      throw new Error('device_ids can only be None or contain a single element.');
    }
    const devices = new Set(kept.map(([, { device }]) => device_repr(device)));
    const types = new Set(kept.map(([, { device }]) => device.type));
    if (types.size !== 1) {
      throw new Error(
        "DistributedDataParallel's input module must be on the same type of devices, but input module parameters locate in " +
          `{${[...types].map((type) => `'${type}'`).join(', ')}}.`,
      );
    }
    this.device_ids = null;
    this.output_device = null;
    if (device_ids === null || device_ids.length === 0 || this.device_type === 'cpu' || devices.size > 1) {
      if ((device_ids !== null && device_ids.length > 0) || output_device !== null) {
        throw new Error(
          'DistributedDataParallel device_ids and output_device arguments only work with single-device/multiple-device GPU modules or ' +
            `CPU modules, but got device_ids [${(device_ids ?? []).map(String).join(', ')}], output_device ` +
            `${output_device === null ? 'None' : String(output_device)}, and module parameters {${[...devices].join(', ')}}.`,
        );
      }
      return;
    }
    this.device_ids = device_ids.map(index_of);
    this.output_device = index_of(output_device ?? device_ids[0]!);
  }

  /** @returns whether buffers are sent at first */
  private choose_buffer_sync({
    broadcast_buffers = null,
    forward_sync_buffers = null,
  }: DistributedDataParallelOptions): boolean {
    if (broadcast_buffers !== null) {
      warn(
        forward_sync_buffers !== null
          ? 'Both `broadcast_buffers` and `forward_sync_buffers` were specified. `broadcast_buffers` is deprecated and its value is ' +
              'ignored when `forward_sync_buffers` is provided.'
          : '`broadcast_buffers` is deprecated. Use `forward_sync_buffers` instead. IMPORTANT: unlike `broadcast_buffers=False`, ' +
              '`forward_sync_buffers=False` still syncs buffers at init. If you rely on buffers NOT being synced at init (e.g. rank-local ' +
              'buffers), keep using `broadcast_buffers=False` until `init_sync_buffers` is available.',
        'FutureWarning',
      );
    }
    this.forward_sync_buffers = forward_sync_buffers ?? broadcast_buffers ?? true;
    return forward_sync_buffers !== null || this.forward_sync_buffers;
  }

  /** The parameters whose gradients are averaged, each once, with their names and whether their gradients are sparse. */
  private parameters_for_reducer(): Reduced {
    const found = new Map<Parameter, { name: string; sparse: boolean }>();
    for (const [path, module] of this.module.named_modules()) {
      const sparse = (module instanceof Embedding || module instanceof EmbeddingBag) && module.sparse;
      for (const [name, parameter] of module.named_parameters('', false)) {
        const full = `${path}.${name}`;
        if (!parameter.requires_grad || this.parameters_to_ignore.has(full)) continue;
        const before = found.get(parameter);
        // Python keeps the first module of a shared parameter, and the last of its names.
        found.set(parameter, { name: full, sparse: before?.sparse ?? sparse });
      }
    }
    const facts = [...found.values()];
    return {
      parameters: [...found.keys()],
      names: facts.map(({ name }) => name),
      sparse: facts.map(({ sparse }) => sparse),
    };
  }

  private buffers_to_sync(): Tensor[] {
    return Array.from(this.module.named_buffers()).flatMap(([name, buffer]) =>
      this.parameters_to_ignore.has(name) ? [] : [buffer],
    );
  }

  /** Takes the parameters and buffers of one rank. */
  private sync_states(with_buffers: boolean, source = 0): void {
    const states = [...this.module.named_parameters()].flatMap(([name, parameter]) =>
      this.parameters_to_ignore.has(name) ? [] : [parameter.detach()],
    );
    if (with_buffers) states.push(...this.buffers_to_sync().map((buffer) => buffer.detach()));
    if (states.length === 0) return;
    in_reducer(() =>
      native.broadcast_coalesced(native_of(this.process_group), handles_of(states), broadcast_bytes, source, false),
    );
  }

  /** Takes the buffers of rank 0, or of the last that has inputs; a graph that has saved them does not notice. */
  private sync_buffers(going_on = true): void {
    const buffers = this.buffers_to_sync();
    if (!this.require_forward_param_sync || !this.forward_sync_buffers || buffers.length === 0) return;
    const source = this._join_config.enable ? this.common_rank(going_on) : 0;
    no_grad(() =>
      in_reducer(() =>
        native.broadcast_coalesced(native_of(this.process_group), handles_of(buffers), broadcast_bytes, source, true),
      ),
    );
  }

  /** The largest rank among those for which a condition is true. */
  private common_rank(condition: boolean): number {
    const rank = new_tensor([condition ? this._distributed_rank : -1], { device: this.device });
    all_reduce(rank, { op: ReduceOp.MAX, group: this.process_group });
    return rank.item() as number;
  }

  /** Lets processes without inputs know whether this step averages gradients; of such a process, whether it does. */
  private step_averages(going_on: boolean): boolean {
    const flag = (going_on && this.require_backward_grad_sync ? ones : zeros)([1], { device: this.device });
    const work = all_reduce(flag, { group: this.process_group, async_op: true })!;
    if (going_on) return true;
    work.wait();
    return flag.item() !== 0;
  }

  /** The collectives of a step of the processes that have inputs. @internal */
  _shadow_step(): void {
    const { reducer } = this._reduction;
    in_reducer(() => native.reducer_rebuild_buckets(reducer));
    this.sync_buffers(false);
    this.require_forward_param_sync = this.step_averages(false);
    if (!this.require_forward_param_sync) return;
    in_reducer(() => native.reducer_shadow_backward(reducer));
    if (this.find_unused_parameters) {
      const [used] = in_reducer(() => native.reducer_local_used_map(reducer));
      all_reduce(wrap(used), { group: this.process_group });
    }
    in_reducer(() => native.reducer_push_rebuilt_params(reducer));
  }

  /** Takes the parameters of a process that was one of the last. @internal */
  _sync_final_model(is_last_joiner: boolean): void {
    this.sync_states(this.forward_sync_buffers, this.common_rank(is_last_joiner));
  }

  private before_forward(inputs: readonly unknown[]): readonly unknown[] {
    const { reducer } = this._reduction;
    const recording = is_grad_enabled();
    in_reducer(() => {
      if (recording && this.require_backward_grad_sync) native.reducer_prepare_forward(reducer);
    });
    const going_on = Join.notify_join_context(this);
    in_reducer(() => {
      if (going_on !== null) {
        native.reducer_set_forward_work(reducer, going_on._work, this.divides_by_initial_size);
      }
      if (recording) native.reducer_rebuild_buckets(reducer);
    });
    this.sync_buffers();
    if (this._join_config.enable) this.step_averages(true);
    if (this.device_ids === null) return inputs;
    const place = `${accelerator().name}:${this.device_ids[0]!}`;
    return inputs.map((input) => moved(input, place));
  }

  private after_forward(output: unknown): unknown {
    const reduction = this._reduction;
    if (is_grad_enabled() && this.require_backward_grad_sync) {
      this.require_forward_param_sync = true;
      const searched = this.find_unused_parameters && !this.static_graph;
      in_reducer(() =>
        native.reducer_prepare_backward(reduction.reducer, searched ? handles_of(tensors_in(output)) : []),
      );
    } else this.require_forward_param_sync = false;
    const sinks = this.static_graph ? !reduction.queued : this.find_unused_parameters;
    if (!sinks) return output;
    const [leaves, spec] = tree_flatten(output);
    const passed = DDPSink.apply(reduction, ...leaves) as unknown[];
    // What has no history stays as it is.
    const merged = leaves.map((leaf, i) => (leaf instanceof Tensor && leaf.grad_fn === null ? leaf : passed[i]));
    return tree_unflatten(merged, spec);
  }

  forward(...inputs: Parameters<M>): ReturnType<M> {
    const call = this.module as unknown as (...inputs: unknown[]) => unknown;
    const output = call(...this.before_forward(inputs));
    return this.after_forward(output) as ReturnType<M>;
  }

  /**
   * Lets backward passes accumulate gradients without averaging them, for a function, a block of `using` or a method; see {@link Guard}. The
   * first pass afterwards averages the sum. The forward pass must be within it too.
   * @param fn - a synchronous function; without it, a guard is returned
   */
  no_sync(): Guard;
  no_sync<T>(fn: () => T): T;
  no_sync<T>(options: { fn: () => T }): T;
  no_sync(...args: unknown[]): unknown {
    const { fn } = NO_SYNC.read(args);
    const mode: Mode<boolean> = {
      enter: () => {
        const before = this.require_backward_grad_sync;
        this.require_backward_grad_sync = false;
        return before;
      },
      leave: (before) => {
        this.require_backward_grad_sync = before;
      },
    };
    return run_or_guard('DistributedDataParallel.no_sync', mode, fn);
  }

  /** Whether forward passes send buffers. */
  will_sync_module_buffers(...args: []): boolean {
    WILL_SYNC.read(args);
    return this.require_forward_param_sync && this.forward_sync_buffers && this.buffers_to_sync().length > 0;
  }

  /** Promises that each pass uses the same parameters in the same order, as the option `static_graph`. */
  _set_static_graph(): void {
    if (this.static_graph) {
      warn("You've set static_graph to be True, no need to set it again.");
      return;
    }
    this.static_graph = true;
    this._reduction.static_graph = true;
    this._reduction.queued = false;
    native.reducer_set_static_graph(this._reduction.reducer);
    if (this.find_unused_parameters) {
      warn(
        'You passed find_unused_parameters=true to DistributedDataParallel, `_set_static_graph` will detect unused parameters ' +
          'automatically, so you do not need to set find_unused_parameters=true, just be sure these unused parameters will not change ' +
          'during training loop while calling `_set_static_graph`.',
      );
    }
  }

  /** Lets one of libtorch's own hooks send the buckets. @throws Error when there is a hook already */
  _register_builtin_comm_hook(...args: [comm_hook_type: BuiltinCommHook]): void {
    const { comm_hook_type } = BUILTIN_HOOK.read(args);
    in_reducer(() =>
      native.reducer_builtin_comm_hook(this._reduction.reducer, comm_hook_type.value, String(comm_hook_type)),
    );
  }

  /**
   * Lets a function send the gradients of each bucket instead of averaging them. It is called as soon as they are there, while backward runs; what
   * its future holds replaces them. Mirrors `DistributedDataParallel.register_comm_hook`.
   *
   * Callbacks of futures run on this thread, at the end of the backward pass; all processes must start the same collectives in the same order.
   *
   * @param state - what the hook gets first, such as a group
   * @param hook - a function of the state and a {@link GradBucket}, whose buffer is not divided by the number of processes. It returns a future of
   *   a tensor with as many elements, as `work.get_future().then(...)`
   * @throws Error when there is a hook already; TypeError for a bfloat16 hook without NCCL
   */
  register_comm_hook<S>(state: S, hook: CommHook<S>): void;
  register_comm_hook(options: { state: unknown; hook: CommHook<never> }): void;
  register_comm_hook(...args: unknown[]): void {
    const { state, hook } = COMM_HOOK.read(args);
    refuse_async('DistributedDataParallel.register_comm_hook', hook);
    const in_bfloat16 = hook.name === 'bf16_compress_hook' || hook.name === 'bf16_compress_wrapper_hook';
    if (in_bfloat16 && !is_nccl_available()) {
      throw new TypeError('BF16 all reduce communication hook required CUDA 11+ and NCCL 2.10+ or XPU and XCCL');
    }
    const { reduced } = this;
    const send = (index: number, is_last: boolean, [buffer]: [number], indices: number[]): (() => [Handle]) => {
      const flat = wrap(buffer);
      const length = flat.numel();
      const bucket = new GradBucket({ index, is_last, parameters: indices.map((i) => reduced[i]!) }, flat);
      const returned: unknown = hook(state, bucket);
      return () => [result_of_hook(returned, bucket, length)._h];
    };
    in_reducer(() => native.reducer_comm_hook(this._reduction.reducer, send, hook.name, handles_of(reduced)));
  }

  /**
   * Trains on uneven inputs: a process that has no more answers the collectives of the others until all are done, and takes the parameters of one of
   * the last. Mirrors `DistributedDataParallel.join`; the function is the body of Python's `with model.join():`.
   *
   * @param fn - a synchronous function: the loop over the inputs of this process
   * @param divide_by_initial_world_size - false divides gradients by the number of processes that go on; default true
   * @param enable - false only calls the function; default true
   * @param throw_on_early_termination - whether all processes throw as soon as one has no inputs left; default false
   * @returns what the function returns
   */
  join<T>(
    fn: () => T,
    divide_by_initial_world_size?: boolean,
    enable?: boolean,
    throw_on_early_termination?: boolean,
  ): T;
  join<T>(fn: () => T, options?: DistributedJoinOptions): T;
  join<T>(options: { fn: () => T } & DistributedJoinOptions): T;
  join(...args: unknown[]): unknown {
    const { fn, ...options } = JOIN.read(args);
    return new Join([this as unknown as Joinable], options).run(fn);
  }

  /** The hook by which the model takes part in a {@link Join}. @param options - `divide_by_initial_world_size`, default true */
  join_hook(options: { divide_by_initial_world_size?: boolean } = {}): JoinHook {
    this.divides_by_initial_size = options.divide_by_initial_world_size ?? true;
    return new DDPJoinHook(this as unknown as DistributedDataParallel<Module>);
  }

  /** The device of the tensors by which processes agree. */
  get join_device(): Device {
    return this.device;
  }

  /** The group of the model. */
  get join_process_group(): ProcessGroup {
    return this.process_group;
  }

  /** What the reducer has measured, by name. */
  _get_ddp_logging_data(): Record<string, string | number | bigint> {
    return native.reducer_logged(this._reduction.reducer);
  }

  /** Sets after how many passes times are measured again. */
  _set_ddp_runtime_logging_sample_rate(...args: [sample_rate: number]): void {
    const { sample_rate } = SAMPLE_RATE.read(args);
    if (sample_rate < 1) throw new Error('DDP runtime logging sample rate should be equal or greater than 1');
    native.reducer_set_sample_rate(this._reduction.reducer, sample_rate);
  }

  /** @throws Error unless the last backward pass has averaged all gradients */
  _check_reducer_finalized(): void {
    in_reducer(() => native.reducer_check_finalized(this._reduction.reducer));
  }

  /** Takes the reducer's hooks off the parameters. */
  _remove_autograd_hooks(): void {
    native.reducer_remove_hooks(this._reduction.reducer);
  }

  /** The rank of this process within the group. */
  get _distributed_rank(): number {
    return get_rank(this.process_group);
  }

  /** Names parameters and buffers of a module that a {@link DistributedDataParallel} of it leaves alone. */
  static _set_params_and_buffers_to_ignore_for_model(
    module: Module,
    params_and_buffers_to_ignore: Iterable<string>,
  ): void {
    const marked = module as { _ddp_params_and_buffers_to_ignore?: readonly string[] };
    marked._ddp_params_and_buffers_to_ignore = [...params_and_buffers_to_ignore];
  }
}

const WILL_SYNC = method_signature<object>('DistributedDataParallel.will_sync_module_buffers');

function check_parameters(parameters: readonly Parameter[]): void {
  if (!parameters.some((parameter) => is_lazy(parameter) || parameter.requires_grad)) {
    throw new Error(
      "DistributedDataParallel is not needed when a module doesn't have any parameter that requires a gradient.",
    );
  }
  if (parameters.some((parameter) => is_lazy(parameter))) {
    throw new Error(
      "Modules with uninitialized parameters can't be used with `DistributedDataParallel`. Run a dummy forward pass to correctly " +
        'initialize the modules',
    );
  }
}
