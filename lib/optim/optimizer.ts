import { types } from 'node:util';

import { copy_fields, type Memo } from '../utils/copy.js';
import { Hooks, type RemovableHandle } from '../_internal/hooks.js';
import { recording } from '../_C/modes.js';
import { in_range, profiling } from '../_C/ranges.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { warn } from '../_internal/warnings.js';
import { with_inner_handles } from '../_C/tensor_subclass.js';
import { native } from '../_C/native.js';
import { float32 } from '../types/dtype.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_repr } from '../python/print.js';
import { int_keys, Tuple } from '../python/values.js';
import { Tensor } from '../_tensor.js';
import { refuse_promise, refuse_steps, call_in_mode } from '../_internal/callbacks.js';
import { define_kind, signature, no_arguments } from '../_internal/signature.js';

// What native/optim/optim.cpp exports beside the steps.
declare module '../_C/native.js' {
  interface Native {
    zero_grad(handles: Int32Array, set_to_none: boolean): void;
    power(base: number, exponent: number): number;
    cosine(angle: number): number;
    logarithm(value: number): number;
  }
}

/** Parameters that share options: an element of `optimizer.param_groups`. */
export type ParamGroup<O extends object = Record<string, unknown>> = O & {
  params: Tensor[];
  /** Given when the parameters came with names. */
  param_names?: string[];
  /** Kept by learning rate schedulers. */
  initial_lr?: number;
};

/** A group as the caller gives it: options left out take the optimizer's defaults. */
export type ParamGroupInit<O extends object = Record<string, unknown>> = Partial<O> & {
  params: Tensor | Iterable<Tensor> | Iterable<readonly [string, Tensor]>;
};

/** What an optimizer optimizes: parameters, named parameters, or groups with their own options. */
export type Params<O extends object = Record<string, unknown>> =
  | Iterable<Tensor>
  | Iterable<readonly [string, Tensor]>
  | Iterable<ParamGroupInit<O>>;

/** As {@link Params}; Python's name for it. */
export type ParamsT = Params;

/** What `state_dict()` returns: parameters are numbered across the groups, and `state` is keyed by these numbers. */
export interface OptimizerStateDict<
  O extends object = Record<string, unknown>,
  S extends object = Record<string, unknown>,
> {
  state: Record<number, S>;
  param_groups: (O & { params: number[]; param_names?: string[] })[];
}

/** What `load_state_dict()` takes: the state may be a Map, as `torch.load` returns it. */
export interface LoadableOptimizerStateDict<
  O extends object = Record<string, unknown>,
  S extends object = Record<string, unknown>,
> {
  state: Readonly<Record<number, S>> | ReadonlyMap<number | string, S>;
  param_groups: readonly (O & { params: number[]; param_names?: string[] })[];
}

/** Removes a hook: `handle.remove()`. */
export type HookHandle = RemovableHandle;

/** Any optimizer, as hooks and schedulers see it, whatever the options of its groups. */
export interface AnyOptimizer {
  readonly defaults: object;
  readonly param_groups: readonly { readonly params: readonly Tensor[] }[];
  step(): unknown;
  /**
   * Resets the gradients of all parameters. Mirrors `Optimizer.zero_grad`.
   * @param options - `set_to_none`, as an option or alone: true (the default) sets gradients to null, false fills
   * them with zeros
   */
  zero_grad(options?: boolean | { set_to_none?: boolean }): void;
  state_dict(): object;
}

/** Runs before `step`; an array that it returns replaces the arguments. */
export type StepPreHook = (optimizer: AnyOptimizer, args: unknown[]) => unknown[] | undefined | void;
/** Receives a state dict; one that it returns replaces it. */
export type StateDictHook<I, O extends object, S extends object> = (
  optimizer: I,
  state_dict: OptimizerStateDict<O, S>,
) => OptimizerStateDict<O, S> | undefined | void;
/** Runs after `step`. */
export type StepPostHook = (optimizer: AnyOptimizer, args: unknown[]) => void;

type AnyHook = (...args: never[]) => unknown;

const hook_signatures = new Map(
  [
    ...[
      'register_optimizer_step_pre_hook',
      'register_optimizer_step_post_hook',
      'register_step_pre_hook',
      'register_step_post_hook',
    ].map((name) => [name, 'hook: Callable'] as const),
    ...[
      'register_state_dict_pre_hook',
      'register_state_dict_post_hook',
      'register_load_state_dict_pre_hook',
      'register_load_state_dict_post_hook',
    ].map((name) => [name, 'hook: Callable, prepend?: bool'] as const),
  ].map(([name, text]) => [name, signature<{ hook: AnyHook; prepend?: boolean }>(name, text)]),
);

/** The arguments of a function that registers a hook. */
function hook_of(callee: string, args: readonly unknown[]): { hook: AnyHook; prepend?: boolean } {
  return hook_signatures.get(callee)!.read(args);
}

const every_pre_hook = new Hooks<StepPreHook>();
const every_post_hook = new Hooks<StepPostHook>();

/**
 * Registers a hook that runs before each step of every optimizer. Mirrors
 * `torch.optim.optimizer.register_optimizer_step_pre_hook`.
 * @param hook - is called with the optimizer and the array of arguments of `step`; an array that it returns replaces
 * them
 * @returns a handle whose `remove()` removes the hook
 * @throws TypeError when `hook` is not a function
 * @example
 * ```ts
 * const handle = optim.register_optimizer_step_pre_hook((optimizer) => {
 *   print(optimizer.param_groups.length);
 * });
 * new optim.SGD([torch.zeros(1, { requires_grad: true })]).step();
 * handle.remove();
 * ```
 * ```python
 * from torch.optim.optimizer import register_optimizer_step_pre_hook
 * handle = register_optimizer_step_pre_hook(lambda optimizer, args, kwargs: print(len(optimizer.param_groups)))
 * optim.SGD([torch.zeros(1, requires_grad=True)]).step()
 * handle.remove()
 * ```
 */
export function register_optimizer_step_pre_hook(hook: StepPreHook): HookHandle;
export function register_optimizer_step_pre_hook(...args: unknown[]): HookHandle {
  return every_pre_hook.add(hook_of('register_optimizer_step_pre_hook', args).hook as StepPreHook);
}

/**
 * Registers a hook that runs after each step of every optimizer. Mirrors
 * `torch.optim.optimizer.register_optimizer_step_post_hook`.
 * @param hook - is called with the optimizer and the array of arguments of `step`
 * @returns a handle whose `remove()` removes the hook
 * @throws TypeError when `hook` is not a function
 * @example
 * ```ts
 * const handle = optim.register_optimizer_step_post_hook((optimizer) => {
 *   print(optimizer.param_groups.length);
 * });
 * new optim.SGD([torch.zeros(1, { requires_grad: true })]).step();
 * handle.remove();
 * ```
 * ```python
 * from torch.optim.optimizer import register_optimizer_step_post_hook
 * handle = register_optimizer_step_post_hook(lambda optimizer, args, kwargs: print(len(optimizer.param_groups)))
 * optim.SGD([torch.zeros(1, requires_grad=True)]).step()
 * handle.remove()
 * ```
 */
export function register_optimizer_step_post_hook(hook: StepPostHook): HookHandle;
export function register_optimizer_step_post_hook(...args: unknown[]): HookHandle {
  return every_post_hook.add(hook_of('register_optimizer_step_post_hook', args).hook as StepPostHook);
}

type Hooked = Optimizer<never, never>;

const OPTIMIZER = signature<{ params: unknown; defaults: object }>('Optimizer', 'params: Iterable, defaults: dict');
const STEP = signature<{ closure?: (() => unknown) | null }>('step', 'closure?: Callable|None');
const ZERO_GRAD = signature<{ set_to_none?: boolean }>('zero_grad', 'set_to_none?: bool');
const ADD_PARAM_GROUP = signature<{ param_group: ParamGroupInit }>('add_param_group', 'param_group: any');
const LOAD_STATE_DICT = signature<{ state_dict: LoadableOptimizerStateDict }>('load_state_dict', 'state_dict: any');

/** What a closure returns, with gradients recorded. */
function loss_of(closure: (() => unknown) | null): unknown {
  if (closure === null) return undefined;
  refuse_steps('step', closure);
  return call_in_mode(recording, () => refuse_promise('step', closure()));
}

const hooked = new WeakSet<Hooked['step']>();

/** Wraps a class's `step` with the hooks, once; subclasses may override `step`. */
function hook_step(prototype: Hooked): void {
  const plain = prototype.step;
  if (hooked.has(plain)) return;
  const step = function step<L>(this: Hooked, ...given: [closure?: () => L]): L | undefined {
    if (!profiling.on) return run<L>(this, given);
    return in_range(`Optimizer.step#${this.constructor.name}.step`, () => run<L>(this, given));
  };
  const run = <L>(its: Hooked, given: [closure?: () => L]): L | undefined => {
    let args = given;
    for (const hooks of [every_pre_hook, its._step_pre_hooks]) {
      for (const hook of hooks) {
        const replaced = refuse_promise('step', hook(its, args));
        if (replaced === undefined || replaced === null) continue;
        if (!Array.isArray(replaced)) {
          throw new Error(
            `step(): a pre hook must return nothing or an array of arguments, but got ${kind_of(replaced)}`,
          );
        }
        args = replaced as [closure?: () => L];
      }
    }
    const loss = (plain as (...args: unknown[]) => unknown).apply(its, args) as L | undefined;
    for (const hooks of [its._step_post_hooks, every_post_hook]) {
      for (const hook of hooks) refuse_promise('step', hook(its, args) as unknown);
    }
    return loss;
  };
  hooked.add(step as Hooked['step']);
  Object.defineProperty(prototype, 'step', { value: step, writable: true, configurable: true });
}

function python_value(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Tensor && value.dim() === 0 && !value.is_meta) return python_repr(value.item());
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      typeof item === 'string' ? `'${item}'` : item instanceof Tensor ? String(item) : python_value(item),
    );
    if (value.some((item) => typeof item === 'string')) return `[${items.join(', ')}]`;
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
  }
  return python_repr(value);
}

function deep_copy(value: unknown): unknown {
  if (value instanceof Tensor) return value.detach().clone();
  if (Array.isArray(value)) return value.map(deep_copy);
  if (is_plain_object(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep_copy(v)]));
  return value;
}

function entries_of(
  state: Readonly<Record<number, object>> | ReadonlyMap<number | string, object>,
): Iterable<[string, object]> {
  const entries: Iterable<[unknown, object]> = types.isMap(state)
    ? (state as Map<number | string, object>)
    : Object.entries(state);
  return [...entries].map(([key, value]) => [String(key), value]);
}

/** Options as Python has them: lists of numbers, such as `betas`, are tuples. */
function python_options(options: object): object {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value) && name !== 'param_names' ? Tuple.from(value as unknown[]) : value,
    ]),
  );
}

function check_state_dict(state_dict: unknown): void {
  const { state, param_groups } = (state_dict ?? {}) as Partial<OptimizerStateDict>;
  const has_state = types.isMap(state) || is_plain_object(state);
  if (
    has_state &&
    Array.isArray(param_groups) &&
    param_groups.every((group: unknown) => is_plain_object(group) && Array.isArray(group['params']))
  )
    return;
  throw new TypeError(
    "load_state_dict(): expected what state_dict() gives, with 'state' and 'param_groups', but got " +
      kind_of(state_dict),
  );
}

function is_named(value: unknown): value is readonly [string, Tensor] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

function checked_param(param: unknown, differentiable: boolean): asserts param is Tensor {
  if (!(param instanceof Tensor)) {
    throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${kind_of(param)}`);
  }
  if (!differentiable && !param.is_leaf && !param.retains_grad) throw new Error("can't optimize a non-leaf Tensor");
}

/**
 * The base class of all optimizers. Mirrors `torch.optim.Optimizer`.
 *
 * `O` is the type of the options of a parameter group, `S` that of the state kept for a parameter. A subclass passes
 * its parameters and defaults to the constructor and defines `step_group`, which updates the parameters of one group,
 * or `step`.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param defaults - the options of groups that do not give them
 * @throws TypeError when `params` is a single Tensor or contains something else; Error when it is empty, or a
 * parameter is not a leaf
 * @example
 * ```ts
 * class SignSGD extends optim.Optimizer<{ lr: number }> {
 *   protected override step_group(group: optim.ParamGroup<{ lr: number }>): void {
 *     torch.no_grad(() => group.params.forEach((param) => param.sub_(param.grad!.sign(), { alpha: group.lr })));
 *   }
 * }
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * w.square().sum().backward();
 * new SignSGD([w], { lr: 0.1 }).step();
 * print(w);
 * ```
 * ```python
 * class SignSGD(optim.Optimizer):
 *     @torch.no_grad()
 *     def step(self):
 *         for group in self.param_groups:
 *             for param in group['params']:
 *                 param.sub_(param.grad.sign(), alpha=group['lr'])
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * w.square().sum().backward()
 * SignSGD([w], {'lr': 0.1}).step()
 * print(w)
 * ```
 */
export class Optimizer<O extends object = Record<string, unknown>, S extends object = Record<string, unknown>> {
  /** The options of groups that do not give them. */
  readonly defaults: O;
  /** The parameters with their options, which may be changed: `optimizer.param_groups[0].lr = 0.01`. */
  param_groups: ParamGroup<O>[] = [];
  /** The state of each parameter, such as its momentum. */
  state: Map<Tensor, S> = new Map();
  /**
   * Whether `step` unscales the gradients itself, and leaves itself out where one is not finite, by `grad_scale` and `found_inf`; so
   * do the fused kernels. Otherwise `torch.GradScaler` does both. Mirrors `Optimizer._step_supports_amp_scaling`.
   */
  declare _step_supports_amp_scaling?: boolean;
  /** Set by a `GradScaler` while `step` runs: what the gradients were multiplied with. */
  declare grad_scale?: Tensor | null | undefined;
  /** Set by a `GradScaler` while `step` runs: above 0 where a gradient is infinite or NaN. */
  declare found_inf?: Tensor | undefined;

  /** @internal */
  readonly _step_pre_hooks = new Hooks<StepPreHook>();
  /** @internal */
  readonly _step_post_hooks = new Hooks<StepPostHook>();
  private readonly state_dict_pre_hooks = new Hooks<(optimizer: this) => void>();
  private readonly state_dict_post_hooks = new Hooks<StateDictHook<this, O, S>>();
  private readonly load_pre_hooks = new Hooks<StateDictHook<this, O, S>>();
  private readonly load_post_hooks = new Hooks<(optimizer: this) => void>();
  private handles = new Int32Array(0);

  constructor(params: Params<O>, defaults: O);
  constructor(...args: unknown[]) {
    const { params, defaults } = OPTIMIZER.read(args) as { params: Params<O>; defaults: O };
    this.defaults = defaults;
    hook_step(Object.getPrototypeOf(this) as Hooked);
    if (params instanceof Tensor) {
      throw new TypeError(
        'params argument given to the optimizer should be an iterable of Tensors or dicts, but got Tensor',
      );
    }
    const list: unknown[] = [...params];
    if (list.length === 0) throw new Error('optimizer got an empty parameter list');
    const groups = is_plain_object(list[0]) ? list : [{ params: list }];
    for (const group of groups) this.add_param_group(group as ParamGroupInit<O>);
  }

  /**
   * Adds a parameter group with its own options, such as newly unfrozen layers. Mirrors `Optimizer.add_param_group`.
   * @param param_group - `{ params, ...options }`; options left out take the defaults
   * @throws Error when a parameter is in another group already
   * @example
   * ```ts
   * const [body, head] = [new nn.Linear(2, 2), new nn.Linear(2, 1)];
   * const optimizer = new optim.SGD(head.parameters(), { lr: 0.1 });
   * optimizer.add_param_group({ params: body.parameters(), lr: 0.01 });
   * print(optimizer.param_groups.map((group) => group.lr));
   * ```
   * ```python
   * body, head = nn.Linear(2, 2), nn.Linear(2, 1)
   * optimizer = optim.SGD(head.parameters(), lr=0.1)
   * optimizer.add_param_group({'params': body.parameters(), 'lr': 0.01})
   * print([group['lr'] for group in optimizer.param_groups])
   * ```
   */
  add_param_group(param_group: ParamGroupInit<O>): void;
  add_param_group(...args: unknown[]): void {
    const { param_group } = ADD_PARAM_GROUP.read(args) as { param_group: ParamGroupInit<O> };
    if (!is_plain_object(param_group)) {
      throw new TypeError(`add_param_group(): argument 'param_group' must be a dict, but got ${kind_of(param_group)}`);
    }
    const given: unknown = param_group.params;
    const list: unknown[] = given instanceof Tensor ? [given] : [...(given as Iterable<unknown>)];
    const named = list.filter(is_named);
    if (named.length !== 0 && named.length !== list.length) {
      throw new Error('all optimizer params should be with/without names. Some param names are missing');
    }
    const params = named.length === 0 ? list : named.map(([, param]) => param);
    const differentiable = (this.defaults as { differentiable?: boolean }).differentiable === true;
    for (const param of params) checked_param(param, differentiable);

    // In Python's order: the given options, the names, then the defaults.
    const group = { ...defined(param_group), params } as ParamGroup<O>;
    if (named.length !== 0) group.param_names = named.map(([name]) => name);
    for (const [name, value] of Object.entries(this.defaults))
      if (!(name in group)) Object.assign(group, { [name]: value });
    this.check_against_other_groups(group);
    this.param_groups.push(group);
  }

  private check_against_other_groups(group: ParamGroup<O>): void {
    if (new Set(group.params).size !== group.params.length) {
      warn('optimizer contains a parameter group with duplicate parameters; in future, this will cause an error');
    }
    const known = new Set(this.param_groups.flatMap((other) => other.params));
    for (const other of this.param_groups) {
      if ((other.param_names === undefined) === (group.param_names === undefined)) continue;
      throw new Error(
        'all optimizer param groups should be with/without names. cannot add param group ' +
          `${group.param_names === undefined ? 'without names' : 'with names'} to the optimizer`,
      );
    }
    if (group.params.some((param) => known.has(param))) {
      throw new Error('some parameters appear in more than one parameter group');
    }
  }

  /**
   * Updates the parameters from their gradients. Mirrors `Optimizer.step`.
   * @param closure - is called first, with gradients recorded, and recomputes the loss
   * @returns what the closure returned; undefined without one
   * @throws TypeError when the closure is not a function, or is asynchronous
   */
  step(): undefined;
  step<L>(closure?: (() => L) | null): L;
  step<L>(options: { closure?: (() => L) | null }): L;
  step(...args: unknown[]): unknown {
    const loss = args.length > 0 ? loss_of(STEP.read(args).closure ?? null) : undefined;
    for (const group of this.param_groups) this.step_group(group);
    return loss;
  }

  /** Updates the parameters of one group: what a subclass defines, unless it has a `step` of its own. */
  protected step_group(_group: ParamGroup<O>): void {
    throw new Error(`${this.constructor.name}: step_group() is not implemented`);
  }

  /**
   * Resets the gradients of all parameters; mirrors `Optimizer.zero_grad`.
   * @param options - `set_to_none` (default true), as an option or by itself; false fills them with zeros
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * w.sum().backward();
   * optimizer.zero_grad({ set_to_none: false });
   * print(w.grad);
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * w.sum().backward()
   * optimizer.zero_grad(set_to_none=False)
   * print(w.grad)
   * ```
   */
  zero_grad(options?: boolean | { set_to_none?: boolean }): void;
  zero_grad(...args: unknown[]): void {
    const set_to_none = args.length === 0 ? true : (ZERO_GRAD.read(args).set_to_none ?? true);
    let count = 0;
    for (const group of this.param_groups) count += group.params.length;
    if (this.handles.length !== count) this.handles = new Int32Array(count);
    let i = 0;
    with_inner_handles(() => {
      for (const group of this.param_groups) {
        for (const param of group.params) this.handles[i++] = param._h;
      }
    });
    if (!profiling.on) native.zero_grad(this.handles, set_to_none);
    else {
      in_range(`Optimizer.zero_grad#${this.constructor.name}.zero_grad`, () => {
        native.zero_grad(this.handles, set_to_none);
      });
    }
  }

  /**
   * The state and the options of the groups, with parameters replaced by their numbers; tensors are shared, not
   * copied. Mirrors `Optimizer.state_dict`.
   * @example
   * ```ts
   * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.1 });
   * print(optimizer.state_dict());
   * ```
   * ```python
   * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
   * print(optimizer.state_dict())
   * ```
   */
  state_dict(...none: []): OptimizerStateDict<O, S> {
    no_arguments('state_dict', none);
    for (const hook of this.state_dict_pre_hooks) hook(this);
    const numbers = new Map<Tensor, number>();
    let start = 0;
    const param_groups = this.param_groups.map((group) => {
      group.params.forEach((param, i) => {
        if (!numbers.has(param)) numbers.set(param, start + i);
      });
      start += group.params.length;
      const { params, ...options } = group;
      return { ...python_options(options), params: params.map((param) => numbers.get(param) as number) };
    }) as OptimizerStateDict<O, S>['param_groups'];
    const state: Record<number, S> = {};
    for (const [param, its] of this.state) {
      const number = numbers.get(param);
      if (number !== undefined) state[number] = its;
    }
    let state_dict: OptimizerStateDict<O, S> = { state: int_keys(state), param_groups };
    for (const hook of this.state_dict_post_hooks) state_dict = hook(this, state_dict) ?? state_dict;
    return state_dict;
  }

  /**
   * Loads what `state_dict()` returned, here or in Python (as `torch.load` reads it); state is moved to the dtype and
   * device of its parameter. Mirrors `Optimizer.load_state_dict`.
   * @throws TypeError when the argument is not a state dict; Error when the groups differ in number or size
   * @example
   * ```ts
   * const w = new nn.Parameter(torch.tensor([0.5]));
   * const saved = new optim.Adam([w], { lr: 0.25 }).state_dict();
   * const optimizer = new optim.Adam([w]);
   * optimizer.load_state_dict(saved);
   * print(optimizer.param_groups[0]!.lr);
   * ```
   * ```python
   * w = nn.Parameter(torch.tensor([0.5]))
   * saved = optim.Adam([w], lr=0.25).state_dict()
   * optimizer = optim.Adam([w])
   * optimizer.load_state_dict(saved)
   * print(optimizer.param_groups[0]['lr'])
   * ```
   */
  load_state_dict(state_dict: LoadableOptimizerStateDict<O, S> | LoadableOptimizerStateDict): void;
  load_state_dict(...args: unknown[]): void {
    const { state_dict } = LOAD_STATE_DICT.read(args);
    check_state_dict(state_dict);
    let source = { ...state_dict } as unknown as OptimizerStateDict<O, S>;
    for (const hook of this.load_pre_hooks) source = hook(this, source) ?? source;
    const saved = deep_copy(source.param_groups) as OptimizerStateDict<O, S>['param_groups'];
    if (saved.length !== this.param_groups.length) {
      throw new Error('loaded state dict has a different number of parameter groups');
    }
    const by_number = new Map<string, { param: Tensor; group: object }>();
    this.param_groups.forEach((group, i) => {
      const numbers = saved[i]?.params ?? [];
      if (numbers.length !== group.params.length) {
        throw new Error(
          "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
        );
      }
      group.params.forEach((param, j) => by_number.set(String(numbers[j]), { param, group: saved[i] as object }));
    });

    const state = new Map<Tensor, S>();
    for (const [key, value] of entries_of(source.state)) {
      const owner = by_number.get(key);
      if (owner) state.set(owner.param, place_state(owner.param, value, owner.group, undefined) as S);
    }
    this.state = state;
    this.param_groups = this.param_groups.map((group, i) => {
      const options = saved[i] as OptimizerStateDict<O, S>['param_groups'][number];
      const names = options.param_names ?? group.param_names;
      return { ...options, params: group.params, ...(names === undefined ? {} : { param_names: names }) };
    }) as ParamGroup<O>[];
    this.after_load();
    for (const hook of this.load_post_hooks) hook(this);
  }

  /** Adds options and state that state dicts of older versions lack; Python's `__setstate__`. */
  protected after_load(): void {}

  /**
   * Registers a hook that runs before each step. Mirrors `Optimizer.register_step_pre_hook`.
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const handle = optimizer.register_step_pre_hook(() => print(w));
   * w.sum().backward();
   * optimizer.step();
   * handle.remove();
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * handle = optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: print(w))
   * w.sum().backward()
   * optimizer.step()
   * handle.remove()
   * ```
   */
  register_step_pre_hook(hook: StepPreHook): HookHandle;
  register_step_pre_hook(...args: unknown[]): HookHandle {
    return this._step_pre_hooks.add(hook_of('register_step_pre_hook', args).hook as StepPreHook);
  }

  /**
   * Registers a hook that runs after each step. Mirrors `Optimizer.register_step_post_hook`.
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const handle = optimizer.register_step_post_hook(() => print(w));
   * w.sum().backward();
   * optimizer.step();
   * handle.remove();
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * handle = optimizer.register_step_post_hook(lambda optimizer, args, kwargs: print(w))
   * w.sum().backward()
   * optimizer.step()
   * handle.remove()
   * ```
   */
  register_step_post_hook(hook: StepPostHook): HookHandle;
  register_step_post_hook(...args: unknown[]): HookHandle {
    return this._step_post_hooks.add(hook_of('register_step_post_hook', args).hook as StepPostHook);
  }

  /**
   * Registers a hook that runs before `state_dict()`. Mirrors `Optimizer.register_state_dict_pre_hook`.
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const handle = optimizer.register_state_dict_pre_hook((optimizer) => {
   *   print(optimizer.param_groups[0]!.lr);
   * });
   * optimizer.state_dict();
   * handle.remove();
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * handle = optimizer.register_state_dict_pre_hook(lambda optimizer: print(optimizer.param_groups[0]['lr']))
   * optimizer.state_dict()
   * handle.remove()
   * ```
   */
  register_state_dict_pre_hook(
    hook: (optimizer: this) => void,
    ...prepend: Tail<[prepend: boolean], { prepend?: boolean }>
  ): HookHandle;
  register_state_dict_pre_hook(...args: unknown[]): HookHandle {
    const { hook, prepend } = hook_of('register_state_dict_pre_hook', args);
    return this.state_dict_pre_hooks.add(hook as (optimizer: this) => void, prepend);
  }

  /**
   * Registers a hook that receives what `state_dict()` returns, and may replace it. Mirrors
   * `Optimizer.register_state_dict_post_hook`.
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const handle = optimizer.register_state_dict_post_hook((_optimizer, state_dict) => {
   *   print(state_dict.param_groups[0]!.params);
   * });
   * optimizer.state_dict();
   * handle.remove();
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * handle = optimizer.register_state_dict_post_hook(lambda optimizer, state_dict: print(state_dict['param_groups'][0]['params']))
   * optimizer.state_dict()
   * handle.remove()
   * ```
   */
  register_state_dict_post_hook(
    hook: StateDictHook<this, O, S>,
    ...prepend: Tail<[prepend: boolean], { prepend?: boolean }>
  ): HookHandle;
  register_state_dict_post_hook(...args: unknown[]): HookHandle {
    const { hook, prepend } = hook_of('register_state_dict_post_hook', args);
    return this.state_dict_post_hooks.add(hook as StateDictHook<this, O, S>, prepend);
  }

  /**
   * Registers a hook that receives the argument of `load_state_dict`, and may replace it. Mirrors
   * `Optimizer.register_load_state_dict_pre_hook`.
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const handle = optimizer.register_load_state_dict_pre_hook((optimizer) => {
   *   print(optimizer.param_groups[0]!.lr);
   * });
   * optimizer.load_state_dict(optimizer.state_dict());
   * handle.remove();
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * handle = optimizer.register_load_state_dict_pre_hook(lambda optimizer, state_dict: print(optimizer.param_groups[0]['lr']))
   * optimizer.load_state_dict(optimizer.state_dict())
   * handle.remove()
   * ```
   */
  register_load_state_dict_pre_hook(
    hook: StateDictHook<this, O, S>,
    ...prepend: Tail<[prepend: boolean], { prepend?: boolean }>
  ): HookHandle;
  register_load_state_dict_pre_hook(...args: unknown[]): HookHandle {
    const { hook, prepend } = hook_of('register_load_state_dict_pre_hook', args);
    return this.load_pre_hooks.add(hook as StateDictHook<this, O, S>, prepend);
  }

  /**
   * Registers a hook that runs after `load_state_dict`. Mirrors `Optimizer.register_load_state_dict_post_hook`.
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const handle = optimizer.register_load_state_dict_post_hook((optimizer) => {
   *   print(optimizer.param_groups[0]!.lr);
   * });
   * optimizer.load_state_dict(optimizer.state_dict());
   * handle.remove();
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * handle = optimizer.register_load_state_dict_post_hook(lambda optimizer: print(optimizer.param_groups[0]['lr']))
   * optimizer.load_state_dict(optimizer.state_dict())
   * handle.remove()
   * ```
   */
  register_load_state_dict_post_hook(
    hook: (optimizer: this) => void,
    ...prepend: Tail<[prepend: boolean], { prepend?: boolean }>
  ): HookHandle;
  register_load_state_dict_post_hook(...args: unknown[]): HookHandle {
    const { hook, prepend } = hook_of('register_load_state_dict_post_hook', args);
    return this.load_post_hooks.add(hook as (optimizer: this) => void, prepend);
  }

  /** A copy over copies of the parameters, without the hooks; what `deepcopy` makes of an optimizer. */
  __deepcopy__(memo: Memo): unknown {
    const fields = this as unknown as Record<string, unknown>;
    const hooks = Object.keys(fields).filter((name) => fields[name] instanceof Hooks);
    const copy = Object.create(Object.getPrototypeOf(this) as object) as Record<string, unknown>;
    for (const name of hooks) copy[name] = new Hooks();
    return copy_fields(this, copy, memo, new Set(hooks));
  }

  /** As Python's `repr`. */
  toString(): string {
    const groups = this.param_groups.map((group, i) => {
      const options = Object.entries(group)
        .filter(([name]) => name !== 'params')
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const lines = options.map(([name, value]) => `    ${name}: ${python_value(value)}\n`);
      return `\nParameter Group ${i}\n${lines.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function defined(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Converts state to its parameter's device and, when the parameter is floating point, dtype; `step` keeps its own. */
function place_state(param: Tensor, value: unknown, group: object, key: string | undefined): unknown {
  if (value instanceof Tensor) {
    const { capturable, fused } = group as { capturable?: boolean; fused?: boolean };
    if (key === 'step') return capturable || fused ? value.to({ dtype: float32, device: param.device }) : value;
    return param.is_floating_point()
      ? value.to({ dtype: param.dtype, device: param.device })
      : value.to({ device: param.device });
  }
  if (Array.isArray(value)) return value.map((item) => place_state(param, item, group, undefined));
  if (!is_plain_object(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, place_state(param, v, group, k)]));
}

define_kind('Optimizer', 'Optimizer', (value) => value instanceof Optimizer);
