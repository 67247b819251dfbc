/** The state of models and optimizers by the names of parameters, whichever way they lie: `torch.distributed.checkpoint.state_dict`. */
import '../../_internal/bundled.js';

import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { tensor } from '../../creation.js';
import { empty, zeros_like } from '../../generated/functions.js';

import type { IncompatibleKeys, Module } from '../../nn/modules/module.js';
import { DistributedDataParallel } from '../../nn/parallel/distributed.js';
import { Optimizer } from '../../optim/optimizer.js';
import { Tensor } from '../../_tensor.js';
import { tree_map_only } from '../../utils/_pytree.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { broadcast } from '../collectives.js';
import { broadcast_object_list } from '../object_collectives.js';
import { get_rank, is_initialized } from '../process_group.js';
import { distribute_tensor } from '../tensor/api.js';
import { DTensor } from '../tensor/dtensor.js';

/** The arguments of {@link StateDictOptions}. */
export interface StateDictOptionsInit {
  /** Whole tensors, instead of DTensors. Default false. */
  full_state_dict?: boolean;
  /** Tensors on the CPU; with `full_state_dict`, in the first process alone, and nothing in the others. Default false. */
  cpu_offload?: boolean;
  /** Leave out parameters that need no gradient. Default false. */
  ignore_frozen_params?: boolean;
  /** Is there for modules alone, which are not supported. Default true. */
  keep_submodule_prefixes?: boolean;
  /** Names must be those of the model. Default true. */
  strict?: boolean;
  /** The first process has the whole state, and sends it to the others; with `full_state_dict`. Default false. */
  broadcast_from_rank0?: boolean;
  /** The state of optimizers as one dictionary, whose names have dots. Default false. */
  flatten_optimizer_state_dict?: boolean;
}

const OPTIONS = signature<StateDictOptionsInit>(
  'StateDictOptions',
  'full_state_dict?: bool, cpu_offload?: bool, ignore_frozen_params?: bool, keep_submodule_prefixes?: bool, strict?: bool, ' +
    'broadcast_from_rank0?: bool, flatten_optimizer_state_dict?: bool',
);

/**
 * How {@link get_state_dict} and the like give and take states. Mirrors `torch.distributed.checkpoint.state_dict.StateDictOptions`.
 *
 * @param full_state_dict - whole tensors, instead of DTensors; default false
 * @param cpu_offload - tensors on the CPU; with `full_state_dict`, in the first process alone; default false
 * @param ignore_frozen_params - leave out parameters that need no gradient; default false
 * @param keep_submodule_prefixes - is there for the argument `submodules` alone, which is not supported; default true
 * @param strict - names must be those of the model; default true
 * @param broadcast_from_rank0 - the first process has the whole state, and sends it to the others; default false
 * @param flatten_optimizer_state_dict - the state of optimizers as one dictionary; default false
 * @example
 * ```ts
 * const { StateDictOptions } = torch.distributed.checkpoint.state_dict;
 * const options = new StateDictOptions({ full_state_dict: true });
 * print(options.full_state_dict, options.cpu_offload, options.strict);
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import StateDictOptions
 * options = StateDictOptions(full_state_dict=True)
 * print(options.full_state_dict, options.cpu_offload, options.strict)
 * ```
 */
export class StateDictOptions {
  /** Whole tensors, instead of DTensors. */
  readonly full_state_dict: boolean;
  /** Tensors on the CPU. */
  readonly cpu_offload: boolean;
  /** Leave out parameters that need no gradient. */
  readonly ignore_frozen_params: boolean;
  /** Is there for modules alone. */
  readonly keep_submodule_prefixes: boolean;
  /** Names must be those of the model. */
  readonly strict: boolean;
  /** The first process has the whole state, and sends it to the others. */
  readonly broadcast_from_rank0: boolean;
  /** The state of optimizers as one dictionary. */
  readonly flatten_optimizer_state_dict: boolean;

  constructor(
    ...args: Arguments<
      [
        full_state_dict?: boolean,
        cpu_offload?: boolean,
        ignore_frozen_params?: boolean,
        keep_submodule_prefixes?: boolean,
        strict?: boolean,
        broadcast_from_rank0?: boolean,
        flatten_optimizer_state_dict?: boolean,
      ],
      StateDictOptionsInit,
      [
        'full_state_dict',
        'cpu_offload',
        'ignore_frozen_params',
        'keep_submodule_prefixes',
        'strict',
        'broadcast_from_rank0',
        'flatten_optimizer_state_dict',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const given = OPTIONS.read(args);
    this.full_state_dict = given.full_state_dict ?? false;
    this.cpu_offload = given.cpu_offload ?? false;
    this.ignore_frozen_params = given.ignore_frozen_params ?? false;
    this.keep_submodule_prefixes = given.keep_submodule_prefixes ?? true;
    this.strict = given.strict ?? true;
    this.broadcast_from_rank0 = given.broadcast_from_rank0 ?? false;
    this.flatten_optimizer_state_dict = given.flatten_optimizer_state_dict ?? false;
    if (this.broadcast_from_rank0 && !this.full_state_dict) {
      throw new Error('full_state_dict must be True when broadcast_from_rank0 is True.');
    }
  }
}
define_kind('StateDictOptions', 'StateDictOptions', (value) => value instanceof StateDictOptions);

/** The state of a model by the names of its parameters and buffers. */
export type ModelStateDict = Record<string, unknown>;

/** The state of optimizers: that of each parameter by its name, and the options of the groups. */
export interface NamedOptimizerStateDict {
  state: Record<string, Record<string, unknown>>;
  param_groups: (Record<string, unknown> & { params: string[] })[];
}

/** {@link NamedOptimizerStateDict}, or the one dictionary that `flatten_optimizer_state_dict` gives. */
export type OptimizerStates = NamedOptimizerStateDict | Record<string, unknown>;

type Optimizers = Optimizer | Iterable<Optimizer>;

interface Common {
  options?: StateDictOptions | null;
}

const by_default = new StateDictOptions();
const optimizers_of = (given: Optimizers): Optimizer[] => (given instanceof Optimizer ? [given] : [...given]);

// ---- Names --------------------------------------------------------------------------------------

/** The name of a parameter without those of the wrappers that it goes through. */
function name_without_wrappers(model: Module, name: string): string {
  const kept: string[] = [];
  let at: unknown = model;
  for (const part of name.split('.')) {
    const wraps = at instanceof DistributedDataParallel ? part === 'module' : part === '_orig_mod';
    if (!wraps && part !== '_checkpoint_wrapped_module') kept.push(part);
    at = (at as Record<string, unknown> | undefined)?.[part];
  }
  return kept.join('.');
}

/** All names of each parameter; those that modules share have several. */
function names_of_parameters(model: Module): Map<Tensor, string[]> {
  const names = new Map<Tensor, string[]>();
  for (const [name, parameter] of model.named_parameters('', true, false)) {
    const short = name_without_wrappers(model, name);
    const known = names.get(parameter);
    if (known) known.push(short);
    else names.set(parameter, [short]);
  }
  return names;
}

// ---- Whole tensors and pieces -------------------------------------------------------------------

/** A state as the options ask for it; all processes gather, also those that get nothing. */
function as_asked<T extends object>(state: T, { full_state_dict, cpu_offload }: StateDictOptions): T {
  const changed = (each: Tensor): Tensor => {
    const whole = full_state_dict && each instanceof DTensor ? each.full_tensor() : each;
    return cpu_offload ? whole.cpu() : whole;
  };
  const asked = tree_map_only(Tensor, changed, state) as T;
  return full_state_dict && cpu_offload && is_initialized() && get_rank() !== 0 ? ({} as T) : asked;
}

/** What the first process has, in all. */
function from_first(value: unknown, device: Tensor['device']): unknown {
  const first = get_rank() === 0;
  const sent = [
    first
      ? value instanceof Tensor
        ? { shape: [...value.shape], like: tensor([], { dtype: value.dtype }) }
        : { value }
      : null,
  ];
  broadcast_object_list(sent, 0);
  const got = sent[0] as { value: unknown } | { shape: number[]; like: Tensor };
  if (!('like' in got)) return got.value;
  const whole = first
    ? (value as Tensor).detach().to(device).contiguous()
    : empty(got.shape, { dtype: got.like.dtype, device });
  broadcast(whole, 0);
  return whole;
}

/** A whole tensor as the one that it is to replace lies. */
function laid_like(value: unknown, like: unknown): unknown {
  if (!(value instanceof Tensor) || value instanceof DTensor || !(like instanceof DTensor)) return value;
  const whole = value.detach().to(like.device);
  return distribute_tensor(whole, like.device_mesh, like.placements, { src_data_rank: null });
}

// ---- Models -------------------------------------------------------------------------------------

const GET_MODEL = signature<Common & { model: Module }>(
  'get_model_state_dict',
  'model: Module, *, options?: StateDictOptions|None',
);

/**
 * The state of a model, without the names of wrappers. Mirrors `torch.distributed.checkpoint.state_dict.get_model_state_dict`.
 *
 * @param model - a module, also in `DistributedDataParallel`, or after `fully_shard` and `parallelize_module`
 * @param options - by name only: how it is wanted; default null
 * @returns tensors by the names of parameters and buffers
 * @throws Error when a collective fails; TypeError for the argument `submodules`, which Python has deprecated
 * @example
 * ```ts
 * const { get_model_state_dict } = torch.distributed.checkpoint.state_dict;
 * print(Object.keys(get_model_state_dict(new nn.Linear(2, 1))));
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import get_model_state_dict
 * print([*get_model_state_dict(nn.Linear(2, 1))])
 * ```
 */
export function get_model_state_dict(model: Module, options?: { options?: StateDictOptions | null }): ModelStateDict;
export function get_model_state_dict(...args: unknown[]): ModelStateDict {
  const { model, options } = GET_MODEL.read(args);
  return model_state(model, options ?? by_default);
}

function model_state(model: Module, options: StateDictOptions): ModelStateDict {
  return no_grad(() => {
    const frozen = new Set<string>();
    if (options.ignore_frozen_params) {
      for (const [parameter, names] of names_of_parameters(model)) {
        if (!parameter.requires_grad) for (const name of names) frozen.add(name);
      }
    }
    const state = Object.entries(model.state_dict())
      .map(([name, value]) => [name_without_wrappers(model, name), value] as const)
      .filter(([name]) => !frozen.has(name));
    return as_asked(Object.fromEntries(state), options);
  });
}

const SET_MODEL = signature<Common & { model: Module; model_state_dict: ModelStateDict }>(
  'set_model_state_dict',
  'model: Module, model_state_dict: dict, *, options?: StateDictOptions|None',
);

/**
 * Gives a model a state, as {@link get_model_state_dict} gives it. Mirrors
 * `torch.distributed.checkpoint.state_dict.set_model_state_dict`.
 *
 * @param model - the module
 * @param model_state_dict - tensors by the names of parameters and buffers
 * @param options - by name only: how it is given; with `full_state_dict` whole tensors, of which each process takes its pieces; default null
 * @returns names that were missing, and those that were too many
 * @throws Error where names or shapes differ, unless `strict` is false
 * @example
 * ```ts
 * const { get_model_state_dict, set_model_state_dict } = torch.distributed.checkpoint.state_dict;
 * const [a, b] = [new nn.Linear(2, 1), new nn.Linear(2, 1)];
 * set_model_state_dict(a, get_model_state_dict(b));
 * print(a.weight.equal(b.weight));
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import get_model_state_dict, set_model_state_dict
 * a, b = nn.Linear(2, 1), nn.Linear(2, 1)
 * set_model_state_dict(a, get_model_state_dict(b))
 * print(a.weight.equal(b.weight))
 * ```
 */
export function set_model_state_dict(
  model: Module,
  model_state_dict: ModelStateDict,
  options?: { options?: StateDictOptions | null },
): IncompatibleKeys;
export function set_model_state_dict(...args: unknown[]): IncompatibleKeys {
  const { model, model_state_dict, options } = SET_MODEL.read(args);
  return load_model(model, model_state_dict, options ?? by_default);
}

function load_model(model: Module, given: ModelStateDict, options: StateDictOptions): IncompatibleKeys {
  const { strict, full_state_dict, broadcast_from_rank0 } = options;
  if (Object.keys(given).length === 0 && strict && !broadcast_from_rank0) {
    throw new Error(
      'The option indicates that model state_dict is required to save or load, but model state_dict is empty.',
    );
  }
  return no_grad(() => {
    const state: Record<string, unknown> = {};
    const taken = new Set<string>();
    for (const [name, local] of Object.entries(model.state_dict())) {
      const short = name_without_wrappers(model, name);
      taken.add(short);
      const own = given[short];
      const value = broadcast_from_rank0 && local instanceof Tensor ? from_first(own, local.device) : own;
      if (value !== undefined) state[name] = full_state_dict ? laid_like(value, local) : value;
    }
    for (const [name, value] of Object.entries(given)) if (!taken.has(name)) state[name] = value;
    return model.load_state_dict(state as Parameters<Module['load_state_dict']>[0], { strict });
  });
}

// ---- Optimizers ---------------------------------------------------------------------------------

/** Lets an optimizer make the state that it keeps, by a step that changes nothing. */
function init_state(optimizer: Optimizer): void {
  const parameters = optimizer.param_groups.flatMap(({ params }) => params);
  if (optimizer.state.size > 0 || parameters.some(({ grad }) => grad !== null)) return;
  for (const parameter of parameters) if (parameter.requires_grad) parameter.grad = zeros_like(parameter);
  const groups = optimizer.param_groups as unknown as { lr?: unknown }[];
  const rates = groups.map(({ lr }) => lr);
  for (const group of groups) {
    if (group.lr !== undefined) group.lr = group.lr instanceof Tensor ? zeros_like(group.lr) : 0;
  }
  optimizer.step();
  groups.forEach((group, i) => {
    if (rates[i] !== undefined) group.lr = rates[i];
  });
  optimizer.zero_grad();
}

function named_state(model: Module, optimizer: Optimizer): NamedOptimizerStateDict {
  init_state(optimizer);
  const names = names_of_parameters(model);
  const by_number = optimizer.param_groups.flatMap(({ params }) =>
    params.map((parameter) => {
      const [name] = names.get(parameter) ?? [];
      if (name === undefined)
        throw new Error('get_optimizer_state_dict(): the optimizer has a parameter that the model lacks');
      return name;
    }),
  );
  const { state, param_groups } = optimizer.state_dict();
  return {
    state: Object.fromEntries(
      Object.entries(state).map(([number, value]) => [
        by_number[Number(number)]!,
        { ...(value as Record<string, unknown>) },
      ]),
    ),
    param_groups: param_groups.map((group) => ({ ...group, params: group.params.map((number) => by_number[number]!) })),
  };
}

/** One dictionary of all; a name for each option of each parameter. */
function flat_state({ state, param_groups }: NamedOptimizerStateDict): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  const add = (prefix: string, values: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(values)) {
      const name = `${prefix}.${key}`;
      if (is_plain_object(value)) add(name, value);
      else if (value instanceof Tensor || typeof value === 'number') flat[name] = value;
      else
        throw new Error(`Flattening optimizer state_dict only supports tensor, int, float, dict states now: ${name}`);
    }
  };
  for (const [name, values] of Object.entries(state)) add(`state.${name}`, values);
  for (const { params, ...options } of param_groups) {
    for (const name of params)
      for (const [key, value] of Object.entries(options)) flat[`param_groups.${name}.${key}`] = value;
  }
  return flat;
}

/** What {@link flat_state} was made of, for the parameters and the state that an optimizer has. */
function unflattened(flat: Readonly<Record<string, unknown>>, own: NamedOptimizerStateDict): NamedOptimizerStateDict {
  const picked = (prefix: string, like: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(like).flatMap(([key, value]) => {
        const name = `${prefix}.${key}`;
        if (is_plain_object(value)) return [[key, picked(name, value)]];
        return name in flat ? [[key, flat[name]]] : [];
      }),
    );
  return {
    state: Object.fromEntries(
      Object.entries(own.state)
        .map(([name, values]) => [name, picked(`state.${name}`, values)] as const)
        .filter(([, values]) => Object.keys(values).length > 0),
    ),
    param_groups: own.param_groups.map(({ params, ...options }) => ({
      ...(params.length === 0 ? options : picked(`param_groups.${params[0]}`, options)),
      params,
    })),
  };
}

const is_named = (given: OptimizerStates): given is NamedOptimizerStateDict =>
  Array.isArray(given['param_groups']) && is_plain_object(given['state']);

const GET_OPTIMIZER = signature<Common & { model: Module; optimizers: Optimizers }>(
  'get_optimizer_state_dict',
  'model: Module, optimizers: any, *, options?: StateDictOptions|None',
);

/**
 * The state of optimizers, by the names of the parameters instead of their numbers. Mirrors
 * `torch.distributed.checkpoint.state_dict.get_optimizer_state_dict`. An optimizer that has not made a step makes one that changes nothing, so that
 * it has its state.
 *
 * @param model - the module whose parameters are optimized
 * @param optimizers - an optimizer, or several
 * @param options - by name only: how it is wanted; default null
 * @returns the state by names, and the options of the groups; with `flatten_optimizer_state_dict` one dictionary
 * @throws Error for a parameter that the model lacks
 * @example
 * ```ts
 * const { get_optimizer_state_dict } = torch.distributed.checkpoint.state_dict;
 * const model = new nn.Linear(2, 1);
 * const { state } = get_optimizer_state_dict(model, new optim.AdamW(model.parameters()));
 * print(state);
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import get_optimizer_state_dict
 * model = nn.Linear(2, 1)
 * state = get_optimizer_state_dict(model, optim.AdamW(model.parameters()))['state']
 * print(state)
 * ```
 */
export function get_optimizer_state_dict(
  model: Module,
  optimizers: Optimizer | Iterable<Optimizer>,
  options?: { options?: StateDictOptions | null },
): NamedOptimizerStateDict;
export function get_optimizer_state_dict(...args: unknown[]): OptimizerStates {
  const { model, optimizers, options } = GET_OPTIMIZER.read(args);
  return optimizer_state(model, optimizers_of(optimizers), options ?? by_default);
}

function optimizer_state(model: Module, optimizers: readonly Optimizer[], options: StateDictOptions): OptimizerStates {
  if (optimizers.length === 0) throw new Error('Optimizers are not passed in but optim_only is set to True.');
  return no_grad(() => {
    const parts = optimizers.map((optimizer) => named_state(model, optimizer));
    const all: NamedOptimizerStateDict = {
      state: Object.assign({}, ...parts.map(({ state }) => state)) as NamedOptimizerStateDict['state'],
      param_groups: parts.flatMap(({ param_groups }) => param_groups),
    };
    return as_asked(options.flatten_optimizer_state_dict ? flat_state(all) : all, options);
  });
}

const SET_OPTIMIZER = signature<Common & { model: Module; optimizers: Optimizers; optim_state_dict: OptimizerStates }>(
  'set_optimizer_state_dict',
  'model: Module, optimizers: any, optim_state_dict: dict, *, options?: StateDictOptions|None',
);

/**
 * Gives optimizers a state, as {@link get_optimizer_state_dict} gives it. Mirrors
 * `torch.distributed.checkpoint.state_dict.set_optimizer_state_dict`.
 *
 * @param model - the module whose parameters are optimized
 * @param optimizers - an optimizer, or several
 * @param optim_state_dict - the state by names, or the one dictionary of `flatten_optimizer_state_dict`
 * @param options - by name only: how it is given; default null
 * @throws Error where the state of a parameter is missing, unless `strict` is false
 * @example
 * ```ts
 * const { get_optimizer_state_dict, set_optimizer_state_dict } = torch.distributed.checkpoint.state_dict;
 * const model = new nn.Linear(2, 1);
 * const saved = get_optimizer_state_dict(model, new optim.Adam(model.parameters(), { lr: 0.25 }));
 * const optimizer = new optim.Adam(model.parameters());
 * set_optimizer_state_dict(model, optimizer, saved);
 * print(optimizer.param_groups[0]!.lr);
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import get_optimizer_state_dict, set_optimizer_state_dict
 * model = nn.Linear(2, 1)
 * saved = get_optimizer_state_dict(model, optim.Adam(model.parameters(), lr=0.25))
 * optimizer = optim.Adam(model.parameters())
 * set_optimizer_state_dict(model, optimizer, saved)
 * print(optimizer.param_groups[0]['lr'])
 * ```
 */
export function set_optimizer_state_dict(
  model: Module,
  optimizers: Optimizer | Iterable<Optimizer>,
  optim_state_dict: NamedOptimizerStateDict | Record<string, unknown>,
  options?: { options?: StateDictOptions | null },
): void;
export function set_optimizer_state_dict(...args: unknown[]): void {
  const { model, optimizers, optim_state_dict, options } = SET_OPTIMIZER.read(args);
  load_optimizers(model, optimizers_of(optimizers), optim_state_dict, options ?? by_default);
}

/** The state that is given, in all processes; where the first one has it, each piece is sent by itself. */
function given_state(
  given: OptimizerStates,
  own: NamedOptimizerStateDict,
  options: StateDictOptions,
): NamedOptimizerStateDict {
  const named = is_named(given) ? given : unflattened(given, own);
  if (!options.broadcast_from_rank0) return named;
  const first = get_rank() === 0;
  const device = Object.values(own.state)
    .flatMap((values) => Object.values(values))
    .find((value): value is Tensor => value instanceof Tensor && value.ndim > 0)?.device;
  const shape = [
    first
      ? {
          groups: named.param_groups,
          names: Object.entries(named.state).map(([name, values]) => [name, Object.keys(values)]),
        }
      : null,
  ];
  broadcast_object_list(shape, 0);
  const { groups, names } = shape[0]!;
  const state: NamedOptimizerStateDict['state'] = {};
  for (const [name, keys] of names as [string, string[]][]) {
    state[name] = {};
    for (const key of keys) {
      const local = own.state[name]?.[key];
      const place = local instanceof Tensor ? local.device : (device ?? tensor(0).device);
      state[name][key] = from_first(named.state[name]?.[key], place);
    }
  }
  return { state, param_groups: groups };
}

function load_optimizers(
  model: Module,
  optimizers: readonly Optimizer[],
  given: OptimizerStates,
  options: StateDictOptions,
): void {
  if (Object.keys(given).length === 0 && !options.broadcast_from_rank0) {
    throw new Error(
      'The option indicates that model state_dict is required to save, or load but optim state_dict is empty. {}',
    );
  }
  no_grad(() => {
    const names = names_of_parameters(model);
    for (const optimizer of optimizers) {
      const own = named_state(model, optimizer);
      const loaded = given_state(given, own, options);
      const in_groups = new Map(
        loaded.param_groups.flatMap((group) => group.params.map((name) => [name, group] as const)),
      );
      const state: Record<number, Record<string, unknown>> = {};
      let number = 0;
      const param_groups = optimizer.param_groups.map(({ params }, i) => {
        let options_of_group: Record<string, unknown> = own.param_groups[i]!;
        const numbers = params.map((parameter) => {
          const all = names.get(parameter)!;
          const name = all.find((each) => in_groups.has(each)) ?? all[0]!;
          options_of_group = in_groups.get(name) ?? options_of_group;
          const values = loaded.state[name];
          if (values !== undefined) {
            const like = own.state[all[0]!] ?? {};
            state[number] = Object.fromEntries(
              Object.entries(values).map(([key, value]) => [
                key,
                options.full_state_dict ? laid_like(value, like[key]) : value,
              ]),
            );
          } else if (parameter.requires_grad && options.strict && Object.keys(loaded.state).length > 0) {
            throw new Error(
              `Missing optimizer state for parameter '${name}' in checkpoint. The parameter requires gradients but has no saved optimizer ` +
                'state. To load anyway, use StateDictOptions(strict=False).',
            );
          }
          return number++;
        });
        return { ...options_of_group, params: numbers };
      });
      optimizer.load_state_dict({ state, param_groups });
    }
  });
}

// ---- Both ---------------------------------------------------------------------------------------

const GET = signature<Common & { model: Module; optimizers: Optimizers }>(
  'get_state_dict',
  'model: Module, optimizers: any, *, options?: StateDictOptions|None',
);

/**
 * The states of a model and of its optimizers, by the names of parameters, for {@link save} and {@link load}. Mirrors
 * `torch.distributed.checkpoint.state_dict.get_state_dict`.
 *
 * @param model - a module, also in `DistributedDataParallel`, or after `fully_shard` and `parallelize_module`
 * @param optimizers - an optimizer, or several
 * @param options - by name only: how they are wanted; default null
 * @returns the state of the model, and that of the optimizers
 * @throws Error when a collective fails
 * @example
 * ```ts
 * const { get_state_dict } = torch.distributed.checkpoint.state_dict;
 * const model = new nn.Linear(2, 1);
 * const [weights, { param_groups }] = get_state_dict(model, new optim.SGD(model.parameters(), { lr: 0.5 }));
 * print(Object.keys(weights), param_groups[0]!.params, param_groups[0]!['lr']);
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import get_state_dict
 * model = nn.Linear(2, 1)
 * weights, states = get_state_dict(model, optim.SGD(model.parameters(), lr=0.5))
 * print([*weights], states['param_groups'][0]['params'], states['param_groups'][0]['lr'])
 * ```
 */
export function get_state_dict(
  model: Module,
  optimizers: Optimizer | Iterable<Optimizer>,
  options?: { options?: StateDictOptions | null },
): [model_state_dict: ModelStateDict, optim_state_dict: NamedOptimizerStateDict];
export function get_state_dict(...args: unknown[]): [ModelStateDict, OptimizerStates] {
  const { model, optimizers, options } = GET.read(args);
  const asked = options ?? by_default;
  const all = optimizers_of(optimizers);
  return [model_state(model, asked), all.length === 0 ? {} : optimizer_state(model, all, asked)];
}

/** What {@link set_state_dict} takes. */
export interface SetStateDictOptions {
  /** The state of the model. */
  model_state_dict: ModelStateDict;
  /** The state of the optimizers. */
  optim_state_dict: NamedOptimizerStateDict | Record<string, unknown>;
  /** How they are given. Default null. */
  options?: StateDictOptions | null;
}

const SET = signature<SetStateDictOptions & { model: Module; optimizers: Optimizers }>(
  'set_state_dict',
  'model: Module, optimizers: any, *, model_state_dict: dict, optim_state_dict: dict, options?: StateDictOptions|None',
);

/**
 * Gives a model and its optimizers the states that {@link get_state_dict} gave. Mirrors
 * `torch.distributed.checkpoint.state_dict.set_state_dict`.
 *
 * @param model - the module
 * @param optimizers - an optimizer, or several
 * @param model_state_dict - by name only: the state of the model
 * @param optim_state_dict - by name only: the state of the optimizers
 * @param options - by name only: how they are given; default null
 * @returns names that the model missed, and those that were too many
 * @throws Error where names or shapes differ, unless `strict` is false
 * @example
 * ```ts
 * const { get_state_dict, set_state_dict } = torch.distributed.checkpoint.state_dict;
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(model.parameters());
 * const [model_state_dict, optim_state_dict] = get_state_dict(model, optimizer);
 * print(set_state_dict(model, optimizer, { model_state_dict, optim_state_dict }));
 * ```
 * ```python
 * from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict
 * model = nn.Linear(2, 1)
 * optimizer = optim.Adam(model.parameters())
 * weights, states = get_state_dict(model, optimizer)
 * print(set_state_dict(model, optimizer, model_state_dict=weights, optim_state_dict=states))
 * ```
 */
export function set_state_dict(
  model: Module,
  optimizers: Optimizer | Iterable<Optimizer>,
  options: SetStateDictOptions,
): IncompatibleKeys;
export function set_state_dict(...args: unknown[]): IncompatibleKeys {
  const { model, optimizers, model_state_dict, optim_state_dict, options } = SET.read(args);
  const asked = options ?? by_default;
  const all = optimizers_of(optimizers);
  const keys = load_model(model, model_state_dict, asked);
  if (all.length > 0) load_optimizers(model, all, optim_state_dict, asked);
  return keys;
}
