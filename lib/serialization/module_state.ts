/** Modules in pickles: between a module's `__dict__` in Python and its fields here. */
import { types } from 'node:util';

import type { Hooks } from '../_internal/hooks.js';
import { ParameterDict, ParameterList } from '../nn/modules/container.js';
import type { ModuleHooks } from '../nn/modules/hooks.js';
import { infer_parameters } from '../nn/modules/lazy_module.js';
import { DistributedDataParallel } from '../nn/parallel/distributed.js';
import {
  fields_of,
  hooks_of,
  members_of,
  Module,
  present_hooks_of,
  set_members,
  type ModuleMembers,
} from '../nn/modules/module.js';
import { Parameter } from '../nn/parameter.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { distributed_attributes, restore_distributed } from './distributed_state.js';
import { builtin_class_name, builtin_function } from './module_classes.js';
import { BoundMethod, PythonObject } from './python_objects.js';
import { Float, ordered_dict, Tuple } from '../python/values.js';
import { as_foreign } from '../_internal/operator_errors.js';

// ---- Kinds of attributes ------------------------------------------------------------------------

// Attributes that Python's classes of torch.nn keep as floats and as tuples, where JavaScript has numbers and arrays.
const floats = new Set([
  'alpha',
  'beta',
  'delta',
  'div_value',
  'dropout',
  'eps',
  'init',
  'label_smoothing',
  'lambd',
  'lower',
  'margin',
  'max_norm',
  'max_val',
  'min_val',
  'momentum',
  'negative_slope',
  'norm',
  'norm_type',
  'p',
  'scale_factor',
  'threshold',
  'upper',
  'value',
]);
const tuples = new Set([
  '_reversed_padding_repeated_twice',
  'dilation',
  'kernel_size',
  'normalized_shape',
  'out_features',
  'output_padding',
  'output_size',
  'padding',
  'scale_factor',
  'size',
  'stride',
  'unflattened_size',
]);
// Empty slots of torch.nn's own classes, which are null fields here.
const empty_parameters = new Set([
  'bias',
  'bias_hh',
  'bias_ih',
  'in_proj_bias',
  'in_proj_weight',
  'k_proj_weight',
  'q_proj_weight',
  'v_proj_weight',
  'weight',
]);
const empty_buffers = new Set(['num_batches_tracked', 'running_mean', 'running_var']);

/** The Python name of the class of torch.nn that a module is or extends; undefined when that is only Module. */
function builtin_base(module: Module): string | undefined {
  for (let at: unknown = module.constructor; is_class(at) && at !== Module; at = Object.getPrototypeOf(at)) {
    const name = builtin_class_name(at);
    if (name !== undefined) return name;
  }
  return undefined;
}

function is_class(value: unknown): value is object {
  return typeof value === 'function';
}

function is_float(name: string, base: string): boolean {
  if (name === 'k') return base.endsWith('.LocalResponseNorm');
  return floats.has(name) && !(name === 'p' && base.endsWith('.MultiMarginLoss'));
}

function as_python(module: Module, name: string, value: unknown, base: string): unknown {
  if (typeof value === 'number' && is_float(name, base)) return new Float(value);
  if (!Array.isArray(value) || !tuples.has(name)) return value;
  // For padding given by name, Python computes a list.
  if (name === '_reversed_padding_repeated_twice' && typeof fields_of(module)['padding'] === 'string') return value;
  return Tuple.from<unknown>(value.map((item) => as_python(module, name, item, base)));
}

// ---- Hooks --------------------------------------------------------------------------------------

// In Python's order of definition.
const hook_dicts = [
  '_backward_pre_hooks',
  '_backward_hooks',
  '_forward_hooks',
  '_forward_hooks_with_kwargs',
  '_forward_hooks_always_called',
  '_forward_pre_hooks',
  '_forward_pre_hooks_with_kwargs',
  '_state_dict_hooks',
  '_state_dict_pre_hooks',
  '_load_state_dict_pre_hooks',
  '_load_state_dict_post_hooks',
] as const;

type HookDicts = Record<(typeof hook_dicts)[number], Map<number, unknown>>;

const lazy_hook = '_infer_parameters';
// Python keeps the handles of the two hooks of a lazy module in these fields.
const lazy_handles = ['_load_hook', '_initialize_hook'];

function is_lazy_module(module: Module): boolean {
  return 'cls_to_become' in module;
}

/** Hooks that are functions which files can name; all others throw. */
function pickled_hooks(module: Module): HookDicts {
  const dicts = Object.fromEntries(hook_dicts.map((name) => [name, ordered_dict(new Map())])) as HookDicts;
  const hooks = present_hooks_of(module);
  if (hooks === null) return dicts;
  let id = 0;
  const put = (name: keyof HookDicts, hook: unknown): number => {
    dicts[name].set(++id, hook);
    return id;
  };
  for (const { hook, with_kwargs } of hooks.forward_pre) {
    // Python has a method of the module there.
    if (hook === infer_parameters) continue;
    const key = put('_forward_pre_hooks', hook);
    if (with_kwargs) dicts._forward_pre_hooks_with_kwargs.set(key, true);
  }
  for (const { hook, with_kwargs, always_call } of hooks.forward) {
    const key = put('_forward_hooks', hook);
    if (with_kwargs) dicts._forward_hooks_with_kwargs.set(key, true);
    if (always_call) dicts._forward_hooks_always_called.set(key, true);
  }
  for (const hook of hooks.backward_pre) put('_backward_pre_hooks', hook);
  for (const hook of hooks.backward) put('_backward_hooks', hook);
  const others: [string, Hooks<unknown>][] = [
    ['state_dict pre-hooks', hooks.state_dict_pre],
    ['state_dict post-hooks', hooks.state_dict_post],
    ['load_state_dict pre-hooks', hooks.load_pre],
    ['load_state_dict post-hooks', hooks.load_post],
  ];
  for (const [what, list] of others) {
    if (list.size > 0) throw new Error(`the ${what} of a module cannot be saved: remove them first`);
  }
  if (is_lazy_module(module)) add_lazy_hooks(module, dicts, id);
  return dicts;
}

function add_lazy_hooks(module: Module, dicts: HookDicts, last: number): void {
  dicts._load_state_dict_pre_hooks.set(
    last + 1,
    new PythonObject('torch.nn.modules.module', '_WrappedHook', {
      hook: new BoundMethod(module, '_lazy_load_hook'),
      with_module: false,
    }),
  );
  dicts._forward_pre_hooks.set(last + 2, new BoundMethod(module, lazy_hook));
  dicts._forward_pre_hooks_with_kwargs.set(last + 2, true);
}

function lazy_attributes(dicts: HookDicts): [string, unknown][] {
  const handle = (dict: Map<number, unknown>, extra: unknown[]): PythonObject => {
    const [id] = [...dict.keys()].slice(-1);
    return new PythonObject('torch.utils.hooks', 'RemovableHandle', Tuple.from<unknown>([dict, id, Tuple.from(extra)]));
  };
  return [
    ['_load_hook', handle(dicts._load_state_dict_pre_hooks, [])],
    ['_initialize_hook', handle(dicts._forward_pre_hooks, [dicts._forward_pre_hooks_with_kwargs])],
  ];
}

// ---- To Python ----------------------------------------------------------------------------------

const with_names = <T>(entries: readonly (readonly [string, T, ...unknown[]])[]): Map<string, T> =>
  new Map(entries.map(([name, value]): [string, T] => [name, value]));

/** Attributes of some classes that only Python has. */
function extra_fields(module: Module, base: string): [string, unknown][] {
  if (module instanceof ParameterList) return [['_size', module.length]];
  if (module instanceof ParameterDict)
    return [['_keys', new Map([...module.keys()].map((name): [string, null] => [name, null]))]];
  const { _flat_weights_names } = fields_of(module) as { _flat_weights_names?: readonly string[] };
  if (!base.startsWith('torch.nn.modules.rnn.') || _flat_weights_names === undefined) return [];
  return [['_flat_weights', _flat_weights_names.map((name) => fields_of(module)[name] ?? null)]];
}

/** Puts null fields of torch.nn's own classes into the slots that they have in Python. */
function with_empty_slots(given: ModuleMembers): ModuleMembers {
  const is_empty =
    (names: ReadonlySet<string>) =>
    ([name, value]: readonly [string, unknown]): boolean =>
      value === null && names.has(name);
  const parameters = given.attributes.filter(is_empty(empty_parameters));
  const buffers = given.attributes.filter(is_empty(empty_buffers));
  const moved = new Set([...parameters, ...buffers].map(([name]) => name));
  return {
    ...given,
    parameters: [...given.parameters, ...parameters.map(([name]) => [name, null] as const)],
    buffers: [...given.buffers, ...buffers.map(([name]) => [name, null, true] as const)],
    attributes: given.attributes.filter(([name]) => !moved.has(name)),
  };
}

/** What Python's `__getstate__` of the module gives. @throws Error for hooks that files cannot hold */
export function pickled_state(module: Module): Map<string, unknown> {
  if (fields_of(module)['parametrizations'] !== undefined) {
    throw new Error(
      'Serialization of parametrized modules is only supported through state_dict(). See:\n' +
        'https://pytorch.org/tutorials/beginner/saving_loading_models.html#saving-loading-a-general-checkpoint-for-inference' +
        '-and-or-resuming-training',
    );
  }
  const base = builtin_base(module);
  const members = base === undefined ? members_of(module) : with_empty_slots(members_of(module));
  const hooks = pickled_hooks(module);
  const full = present_hooks_of(module)?.full ?? null;
  const state = new Map<string, unknown>([
    ['training', members.training],
    ['_parameters', with_names(members.parameters)],
    ['_buffers', with_names(members.buffers)],
    [
      '_non_persistent_buffers_set',
      new Set(members.buffers.filter(([, , persistent]) => !persistent).map(([name]) => name)),
    ],
  ]);
  for (const name of hook_dicts) {
    state.set(name, hooks[name]);
    if (name === '_backward_hooks') state.set('_is_full_backward_hook', full);
  }
  state.set('_modules', with_names(members.modules));
  if (module instanceof DistributedDataParallel) {
    for (const [name, value] of distributed_attributes(module)) state.set(name, value);
    return state;
  }
  for (const [name, value] of members.attributes)
    state.set(name, base === undefined ? value : as_python(module, name, value, base));
  if (base !== undefined) for (const [name, value] of extra_fields(module, base)) state.set(name, value);
  if (is_lazy_module(module)) for (const [name, value] of lazy_attributes(hooks)) state.set(name, value);
  return state;
}

// ---- From Python --------------------------------------------------------------------------------

function state_error(what: string, wanted: string, value: unknown): Error {
  return new Error(`${what} of a module must be ${wanted}, not ${kind_of(value)}`);
}

function entries_of(name: string, dict: unknown): [string, unknown][] {
  if (dict === undefined || dict === null) return [];
  if (types.isMap(dict)) return [...(dict as Map<unknown, unknown>)].map(([key, value]) => [String(key), value]);
  if (typeof dict !== 'object' || Array.isArray(dict)) throw state_error(`'${name}'`, 'a dict', dict);
  return Object.entries(dict);
}

function add_hooks(hooks: ModuleHooks, state: ReadonlyMap<string, unknown>): void {
  const flags = (name: string): Set<string> =>
    new Set(
      entries_of(name, state.get(name))
        .filter(([, on]) => on === true)
        .map(([id]) => id),
    );
  const callable = (name: string): [id: string, hook: never][] =>
    entries_of(name, state.get(name)).map(([id, hook]) => {
      if (typeof hook !== 'function') throw state_error(`a hook in '${name}'`, 'a function', hook);
      return [id, hook as never];
    });
  const kwargs = { pre: flags('_forward_pre_hooks_with_kwargs'), forward: flags('_forward_hooks_with_kwargs') };
  const always = flags('_forward_hooks_always_called');
  for (const [id, hook] of callable('_forward_pre_hooks'))
    hooks.forward_pre.add({ hook, with_kwargs: kwargs.pre.has(id) as never });
  for (const [id, hook] of callable('_forward_hooks')) {
    hooks.forward.add({ hook, with_kwargs: kwargs.forward.has(id) as never, always_call: always.has(id) });
  }
  for (const [, hook] of callable('_backward_pre_hooks')) hooks.backward_pre.add(hook);
  for (const [, hook] of callable('_backward_hooks')) hooks.backward.add(hook);
  const full = state.get('_is_full_backward_hook');
  if (typeof full === 'boolean') hooks.full = full;
  for (const name of [
    '_state_dict_hooks',
    '_state_dict_pre_hooks',
    '_load_state_dict_pre_hooks',
    '_load_state_dict_post_hooks',
  ]) {
    if (entries_of(name, state.get(name)).length > 0) {
      throw new Error(`a module with '${name}' cannot be loaded: remove these hooks before it is saved`);
    }
  }
}

/** Removes the hooks that every lazy module has from its state. */
function without_lazy_hooks(state: Map<string, unknown>): void {
  const pre = entries_of('_forward_pre_hooks', state.get('_forward_pre_hooks'));
  state.set(
    '_forward_pre_hooks',
    new Map(pre.filter(([, hook]) => !(hook instanceof BoundMethod && hook.name === lazy_hook))),
  );
  const load = entries_of('_load_state_dict_pre_hooks', state.get('_load_state_dict_pre_hooks'));
  state.set('_load_state_dict_pre_hooks', new Map(load.filter(([, hook]) => !(hook instanceof PythonObject))));
  for (const name of lazy_handles) state.delete(name);
}

const relu = (): unknown => builtin_function('torch.nn.functional.relu');

// Attributes that older versions of Python's classes did not write; their __setstate__ adds them.
const later_fields: readonly [classes: RegExp, name: string, value: () => unknown][] = [
  [/\.conv\.\w*Conv(Transpose)?[123]d$/, 'padding_mode', () => 'zeros'],
  [/\.AvgPool3d$/, 'padding', () => 0],
  [/\.AvgPool3d$/, 'ceil_mode', () => false],
  [/\.AvgPool3d$/, 'count_include_pad', () => true],
  [/\.upsampling\./, 'recompute_scale_factor', () => true],
  [/\.MultiheadAttention$/, '_qkv_same_embed_dim', () => true],
  [/\.(Softmin|Softmax|LogSoftmax)$/, 'dim', () => null],
  [/\.Transformer(Encoder|Decoder)Layer$/, 'activation', relu],
  [/\.rnn\.(RNNBase|RNN|LSTM|GRU)$/, 'proj_size', () => 0],
];
// Attributes that are stored elsewhere here.
const only_python = new Set(['_flat_weights', '_keys', '_size', '_compiled_call_impl']);
const slots = new Set<string>([
  'training',
  '_parameters',
  '_buffers',
  '_non_persistent_buffers_set',
  '_modules',
  '_is_full_backward_hook',
  ...hook_dicts,
]);

/**
 * Sets the state from a file on a module that was made without its constructor; its `__setstate__`, if it has one, is
 * called with the plain fields.
 * @throws Error when the state is not that of a module
 */
export function restore_module(module: Module, given: unknown): void {
  const state = new Map(entries_of('state', given));
  const base = builtin_base(module);
  const lazy = is_lazy_module(module);
  if (lazy) without_lazy_hooks(state);
  if (base !== undefined) {
    for (const [classes, name, value] of later_fields) {
      if (classes.test(base) && !state.has(name)) state.set(name, value());
    }
  }
  const unsaved = state.get('_non_persistent_buffers_set');
  const temporary = types.isSet(unsaved) ? (unsaved as ReadonlySet<unknown>) : new Set();
  const is_distributed = module instanceof DistributedDataParallel;
  const attributes = [...state].filter(
    ([name]) => !slots.has(name) && !is_distributed && !(base !== undefined && only_python.has(name)),
  );
  set_members(module, {
    training: state.get('training') !== false,
    parameters: entries_of('_parameters', state.get('_parameters')).map(([name, value]) => {
      if (value !== null && !(value instanceof Parameter))
        throw state_error(`parameter '${name}'`, 'a Parameter', value);
      return [name, value];
    }),
    buffers: entries_of('_buffers', state.get('_buffers')).map(([name, value]) => {
      if (value !== null && !(value instanceof Tensor)) throw state_error(`buffer '${name}'`, 'a Tensor', value);
      return [name, value, !temporary.has(name)];
    }),
    modules: entries_of('_modules', state.get('_modules')).map(([name, value]) => {
      if (value !== null && !(value instanceof Module)) throw state_error(`submodule '${name}'`, 'a Module', value);
      return [name, value];
    }),
    attributes,
  });
  if (module instanceof ParameterDict) {
    const keys = entries_of('_keys', state.get('_keys')).map(([name]) => name);
    Object.defineProperty(module, '_keys', { value: new Set(keys), configurable: true });
  }
  const has_hooks = hook_dicts.some((name) => entries_of(name, state.get(name)).length > 0);
  if (has_hooks) add_hooks(hooks_of(module), state);
  if (lazy) module.register_forward_pre_hook(infer_parameters);
  if (is_distributed) restore_distributed(module, state);
  const { __setstate__ } = module as { __setstate__?: unknown };
  if (typeof __setstate__ === 'function') {
    as_foreign(() => {
      (__setstate__ as (state: unknown) => void).call(module, Object.fromEntries(attributes));
    });
  }
}
