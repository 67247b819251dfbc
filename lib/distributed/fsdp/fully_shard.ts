/** Fully sharded data parallelism: `torch.distributed.fsdp.fully_shard`. */
import { queue_callback } from '../../_C/after_backward.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { define_kind, method_signature, no_arguments, signature } from '../../_internal/signature.js';
import { is_grad_enabled } from '../../autograd/grad_mode.js';
import type { Module } from '../../nn/modules/module.js';
import type { Parameter } from '../../nn/parameter.js';
import { Tensor } from '../../_tensor.js';
import type { DType } from '../../types/dtype.js';
import { type DeviceMesh, init_device_mesh } from '../device_mesh.js';
import { get_world_size, init_process_group, is_initialized } from '../process_group.js';
import { DTensor } from '../tensor/dtensor.js';
import { ParamGroup, PostBackward, type Place, type Shared } from './param_group.js';
import { MixedPrecisionPolicy } from './policies.js';

/** The keyword arguments of {@link fully_shard}. */
export interface FullyShardOptions {
  /** One dimension, over which parameters are sharded, or two: replicated over the first, sharded over the second. Default null: all processes. */
  mesh?: DeviceMesh | null;
  /** Free gathered parameters after `forward`, and gather them again in backward. Default null: but for the outermost module. */
  reshard_after_forward?: boolean | null;
  /** Dtypes to compute and reduce in. */
  mp_policy?: MixedPrecisionPolicy;
  /** Parameters that are left alone. Default null. */
  ignored_params?: Iterable<Parameter> | null;
}

const FULLY_SHARD = signature<FullyShardOptions & { module: Module }>(
  'fully_shard',
  'module: Module, *, mesh?: DeviceMesh|None, reshard_after_forward?: bool|None, mp_policy?: MixedPrecisionPolicy, ' +
    'ignored_params?: Iterable|None',
);

/** What the modules of one model share. */
interface Context extends Shared {
  all_states: State[];
  iter_forward_root: State | null;
  callback_queued: boolean;
  is_last_backward: boolean;
}

const new_context = (): Context => ({
  all_states: [],
  iter_forward_root: null,
  callback_queued: false,
  is_last_backward: true,
  post_forward_order: [],
});

const states = new WeakMap<Module, State>();

/** Applies a function to the tensors in lists and plain objects. */
function map_tensors(value: unknown, fn: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return fn(value);
  if (Array.isArray(value)) return value.map((item) => map_tensors(item, fn));
  if (!is_plain_object(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map_tensors(item, fn)]));
}

const cast = (value: unknown, dtype: DType | null): unknown =>
  dtype === null
    ? value
    : map_tensors(value, (tensor) =>
        tensor.is_floating_point() && tensor.dtype !== dtype ? tensor.to(dtype) : tensor,
      );

/** A module to which {@link fully_shard} was applied. */
class State {
  private is_root: boolean | null = null;
  private running: 'forward' | 'pre_backward' | 'idle' = 'idle';
  context = new_context();

  constructor(
    readonly module: Module,
    readonly group: ParamGroup,
    private readonly policy: MixedPrecisionPolicy,
    /** Whether nothing was said about the parameters after `forward`. */
    public auto_reshard: boolean,
  ) {
    module.register_forward_pre_hook((_, args, kwargs) => this.pre_forward(args, kwargs), {
      prepend: true,
      with_kwargs: true,
    });
    module.register_forward_hook((_module, _args, output) => this.post_forward(output));
    module.register_state_dict_pre_hook(() => group.to_sharded());
    module.register_load_state_dict_pre_hook(() => group.to_sharded());
  }

  /** The first module that runs is the outermost one. */
  lazy_init(): void {
    if (this.is_root !== null) return;
    this.is_root = true;
    for (const [name, module] of this.module.named_modules()) {
      const state = states.get(module);
      if (state === undefined) continue;
      if (state !== this && state.is_root !== null) {
        throw new Error(
          `FSDP state has already been lazily initialized for ${name}\nFSDP requires running forward through the root module first`,
        );
      }
      if (state !== this) state.is_root = false;
      state.context = this.context;
      state.group.shared = this.context;
      this.context.all_states.push(state);
    }
    // Backward needs them at once.
    if (this.auto_reshard) this.group.reshard_after_forward = false;
  }

  private pre_forward(args: unknown[], kwargs: Record<string, unknown>): [unknown[], Record<string, unknown>] {
    const { policy, group } = this;
    const dtype = policy.cast_forward_inputs ? policy.param_dtype : null;
    if (this.running === 'pre_backward') {
      // A forward within backward, as checkpoints run it.
      group.unshard();
      group.wait_for_unshard();
      return [cast(args, dtype) as unknown[], cast(kwargs, dtype) as Record<string, unknown>];
    }
    this.running = 'forward';
    this.lazy_init();
    this.context.iter_forward_root ??= this;
    let [inputs, named] = [cast(args, dtype) as unknown[], cast(kwargs, dtype) as Record<string, unknown>];
    group.state = 'forward';
    group.unshard();
    group.wait_for_unshard();
    if (is_grad_enabled()) [inputs, named] = this.with_post_backward(inputs, named);
    return [inputs, named];
  }

  private with_post_backward(args: unknown[], kwargs: Record<string, unknown>): [unknown[], Record<string, unknown>] {
    const found: Tensor[] = [];
    map_tensors([args, kwargs], (tensor) => {
      if (tensor.requires_grad) found.push(tensor instanceof DTensor ? (tensor as DTensor)._local_tensor : tensor);
      return tensor;
    });
    if (found.length === 0) return [args, kwargs];
    const passed = PostBackward.apply(this.group, ...found);
    let next = 0;
    return map_tensors([args, kwargs], (tensor) => {
      if (!tensor.requires_grad) return tensor;
      const local = passed[next++]!;
      return tensor instanceof DTensor ? (tensor as DTensor)._with_local(local) : local;
    }) as [unknown[], Record<string, unknown>];
  }

  private post_forward(output: unknown): unknown {
    const { policy, group, context } = this;
    if (this.running === 'pre_backward') return cast(output, policy.output_dtype);
    group.post_forward();
    if (is_grad_enabled()) {
      map_tensors(output, (tensor) => {
        if (tensor.requires_grad) tensor.register_hook(() => this.pre_backward());
        return tensor;
      });
    }
    this.running = 'idle';
    if (context.iter_forward_root === this) context.iter_forward_root = null;
    return cast(output, policy.output_dtype);
  }

  private pre_backward(): void {
    this.running = 'pre_backward';
    const { context } = this;
    if (!context.callback_queued) {
      context.callback_queued = true;
      queue_callback(() => end_of_backward(context));
    }
    this.group.pre_backward();
  }

  end_of_backward(): void {
    // The inputs of a model have no gradients, and so nothing of its first module came last.
    if (this.group.state !== 'post_backward') this.group.post_backward();
    this.group.state = 'idle';
    this.running = 'idle';
    if (this.context.is_last_backward) this.group.finish();
  }

  /** Forgets a pass that threw. */
  reset(): void {
    if (this.is_root === false) throw new Error('reset_iter_state must be called on the root FSDP module');
    const { context } = this;
    for (const state of context.all_states.length > 0 ? context.all_states : [this]) {
      state.running = 'idle';
      state.group.state = 'idle';
      state.group.finish();
      state.group.to_sharded();
    }
    context.iter_forward_root = null;
    context.callback_queued = false;
    context.post_forward_order.length = 0;
  }
}

function end_of_backward(context: Context): void {
  context.callback_queued = false;
  context.iter_forward_root = null;
  for (const state of context.all_states) state.end_of_backward();
  if (context.is_last_backward) context.post_forward_order.length = 0;
}

const METHODS = {
  unshard: method_signature<object>('FSDPModule.unshard'),
  reshard: method_signature<object>('FSDPModule.reshard'),
  reset_iter_state: method_signature<object>('FSDPModule.reset_iter_state'),
  set_requires_gradient_sync: method_signature<{ requires_gradient_sync: boolean; recurse?: boolean }>(
    'FSDPModule.set_requires_gradient_sync',
    'requires_gradient_sync: bool, *, recurse?: bool',
  ),
  set_reshard_after_forward: method_signature<{ reshard_after_forward: boolean; recurse?: boolean }>(
    'FSDPModule.set_reshard_after_forward',
    'reshard_after_forward: bool, recurse?: bool',
  ),
  set_reshard_after_backward: method_signature<{ reshard_after_backward: boolean; recurse?: boolean }>(
    'FSDPModule.set_reshard_after_backward',
    'reshard_after_backward: bool, *, recurse?: bool',
  ),
  set_is_last_backward: method_signature<{ is_last_backward: boolean }>(
    'FSDPModule.set_is_last_backward',
    'is_last_backward: bool',
  ),
};

function state_of(module: object): State {
  const state = states.get(module as Module);
  if (state === undefined) throw new Error('FSDPModule: fully_shard() was not applied to this module');
  return state;
}

function states_below(module: object, recurse: boolean): State[] {
  if (!recurse) return [state_of(module)];
  return [...(module as Module).modules()].map((each) => states.get(each)).filter((state) => state !== undefined);
}

/**
 * What {@link fully_shard} adds to a module. Mirrors `torch.distributed.fsdp.FSDPModule`.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = dist.fsdp.fully_shard(new nn.Linear(2, 1), { mesh: dist.init_device_mesh('cpu', [1]) });
 * print(model instanceof dist.fsdp.FSDPModule);
 * model.unshard();
 * print(model.weight.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.fsdp import fully_shard, FSDPModule
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = fully_shard(nn.Linear(2, 1), mesh=dist.init_device_mesh('cpu', (1,)))
 * print(isinstance(model, FSDPModule))
 * model.unshard()
 * print(model.weight.shape)
 * dist.destroy_process_group()
 * ```
 */
export abstract class FSDPModule {
  /** @internal fully_shard gives its members to modules */
  constructor(...none: unknown[]) {
    no_arguments('FSDPModule', none);
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return (typeof value === 'function' || typeof value === 'object') && value !== null && states.has(value as Module);
  }

  /** Gathers the parameters of this module, not those of submodules that have been sharded themselves. */
  unshard(...args: []): void {
    METHODS.unshard.read(args);
    const { group } = state_of(this);
    group.unshard();
    group.wait_for_unshard();
  }

  /** Frees the gathered parameters of this module. */
  reshard(...args: []): void {
    METHODS.reshard.read(args);
    state_of(this).group.reshard();
  }

  /** Forgets a pass that threw, with its gradients; for the outermost module. */
  reset_iter_state(...args: []): void {
    METHODS.reset_iter_state.read(args);
    state_of(this).reset();
  }

  /**
   * Whether backward reduces gradients; where not, they add up in each process.
   * @param requires_gradient_sync - whether it does
   * @param options - `recurse`: for sharded submodules too; default true
   */
  set_requires_gradient_sync(requires_gradient_sync: boolean, options?: { recurse?: boolean }): void;
  set_requires_gradient_sync(...args: unknown[]): void {
    const { requires_gradient_sync, recurse = true } = METHODS.set_requires_gradient_sync.read(args);
    for (const { group } of states_below(this, recurse)) group.reduce_grads = requires_gradient_sync;
  }

  /**
   * Whether gathered parameters are freed after `forward`.
   * @param reshard_after_forward - whether they are
   * @param recurse - for sharded submodules too; default true
   */
  set_reshard_after_forward(reshard_after_forward: boolean, recurse?: boolean | { recurse?: boolean }): void;
  set_reshard_after_forward(...args: unknown[]): void {
    const { reshard_after_forward, recurse = true } = METHODS.set_reshard_after_forward.read(args);
    for (const state of states_below(this, recurse)) {
      state.auto_reshard = false;
      state.group.reshard_after_forward = reshard_after_forward;
    }
  }

  /**
   * Whether gathered parameters are freed after backward.
   * @param reshard_after_backward - whether they are
   * @param options - `recurse`: for sharded submodules too; default true
   */
  set_reshard_after_backward(reshard_after_backward: boolean, options?: { recurse?: boolean }): void;
  set_reshard_after_backward(...args: unknown[]): void {
    const { reshard_after_backward, recurse = true } = METHODS.set_reshard_after_backward.read(args);
    for (const { group } of states_below(this, recurse)) group.reshard_after_backward = reshard_after_backward;
  }

  /** Whether the next backward is the last one before the optimizer's step. */
  set_is_last_backward(is_last_backward: boolean | { is_last_backward: boolean }): void;
  set_is_last_backward(...args: unknown[]): void {
    state_of(this).context.is_last_backward = METHODS.set_is_last_backward.read(args).is_last_backward;
  }
}
define_kind('FSDPModule', 'FSDPModule', (value) => value instanceof FSDPModule);

const sharded_classes = new WeakMap<object, object>();

/** The prototype of the sharded form of a class: `FSDPLinear` for `Linear`. */
function sharded_prototype(prototype: object): object {
  const known = sharded_classes.get(prototype);
  if (known !== undefined) return known;
  const original = prototype.constructor as new () => object;
  const sharded = { [`FSDP${original.name}`]: class extends original {} }[`FSDP${original.name}`]!;
  for (const name of Reflect.ownKeys(FSDPModule.prototype)) {
    if (name === 'constructor') continue;
    Object.defineProperty(sharded.prototype, name, Object.getOwnPropertyDescriptor(FSDPModule.prototype, name)!);
  }
  sharded_classes.set(prototype, sharded.prototype as object);
  return sharded.prototype as object;
}

/** A module and its submodules, innermost first, but for those that were sharded before. */
function managed_modules(module: Module, seen = new Set<Module>()): Module[] {
  seen.add(module);
  const below = [...module.children()].filter((child) => !states.has(child));
  const found: Module[] = [];
  for (const child of below) if (!seen.has(child)) found.push(...managed_modules(child, seen));
  return [...found, module];
}

/** The parameters of modules, each with the places where it is. */
function parameters_of(modules: readonly Module[], ignored: ReadonlySet<Parameter>): Map<Parameter, Place[]> {
  const found = new Map<Parameter, Place[]>();
  for (const module of modules) {
    for (const [name, parameter] of module.named_parameters('', false, false)) {
      if (ignored.has(parameter)) continue;
      const places = found.get(parameter);
      if (places === undefined) found.set(parameter, [{ module, name }]);
      else places.push({ module, name });
    }
  }
  return found;
}

/**
 * Shards the parameters of a module, their gradients and what optimizers keep of them over processes, in place. Mirrors
 * `torch.distributed.fsdp.fully_shard` (FSDP2): results are those of Python's, to the last bit at the same processes.
 *
 * Each parameter becomes a {@link DTensor} that is cut along its first dimension. Before `forward` and before backward all processes gather the
 * parameters of the module; after them they free them. Gradients are averaged, and each process keeps its piece. Apply it to the blocks of a model
 * first, then to the model: parameters of one call are gathered together. All processes begin with the same values, as by the same seed. What
 * `parallelize_module` has cut over `mesh.get('tp')` is cut further over `mesh.get('dp')`.
 *
 * An optimizer is made after it, on `model.parameters()`. `state_dict()` gives DTensors.
 *
 * @param module - the module
 * @param mesh - by name only: one dimension, or two: replicated over the first, sharded over the second; default null, all processes
 * @param reshard_after_forward - by name only: free gathered parameters after `forward`; default null: but for the outermost module
 * @param mp_policy - by name only: dtypes to compute and reduce in
 * @param ignored_params - by name only: parameters that are left alone; default null
 * @returns the module, which is an {@link FSDPModule} now
 * @throws Error when it was applied already, or a parameter has no dimensions
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const mesh = dist.init_device_mesh('cpu', [1]);
 * const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
 * dist.fsdp.fully_shard(model[0], { mesh });
 * dist.fsdp.fully_shard(model, { mesh });
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 * model(torch.ones(4, 2)).sum().backward();
 * optimizer.step();
 * print(model);
 * print(model.state_dict()['1.bias']);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.fsdp import fully_shard
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * mesh = dist.init_device_mesh('cpu', (1,))
 * model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
 * fully_shard(model[0], mesh=mesh)
 * fully_shard(model, mesh=mesh)
 * optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
 * model(torch.ones(4, 2)).sum().backward()
 * optimizer.step()
 * print(model)
 * print(model.state_dict()['1.bias'])
 * dist.destroy_process_group()
 * ```
 */
export function fully_shard<M extends Module>(module: M, options?: FullyShardOptions): M & FSDPModule;
export function fully_shard<M extends Module>(options: FullyShardOptions & { module: M }): M & FSDPModule;
export function fully_shard(...args: unknown[]): Module {
  const given = FULLY_SHARD.read(args);
  const { module, mp_policy = new MixedPrecisionPolicy(), ignored_params = null } = given;
  if (states.has(module)) throw new Error('fully_shard(): it has been applied to this module already');
  if (given.mesh == null && !is_initialized()) init_process_group();
  const mesh = given.mesh ?? init_device_mesh('cpu', [get_world_size()]);
  if (mesh.ndim > 2) throw new Error(`fully_shard expects a 1D or 2D DeviceMesh but got ${String(mesh)}`);
  const reshard = given.reshard_after_forward ?? null;
  const params = parameters_of(managed_modules(module), new Set(ignored_params ?? []));
  const group = new ParamGroup([...params], mesh, reshard ?? true, mp_policy);
  states.set(module, new State(module, group, mp_policy, reshard === null));
  Object.setPrototypeOf(module, sharded_prototype(Object.getPrototypeOf(module) as object));
  return module;
}
