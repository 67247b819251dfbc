/** Modules as functions of their parameters: part of `torch.func`. */
import { stack } from '../generated/functions.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../nn/modules/batchnorm.js';
import { fields_of, Module, swap_member, tensor_of } from '../nn/modules/module.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor } from '../_tensor.js';
import { refuse_promise } from '../_internal/callbacks.js';
import { signature } from '../_internal/signature.js';

/** Parameters and buffers by their dotted names. */
export type NamedTensors = Record<string, Tensor>;

/** The options of {@link functional_call}. */
export interface FunctionalCallOptions {
  /** Give a tensor that the module has under several names to all of them. Default true. */
  tie_weights?: boolean;
  /** Insist on a tensor for each parameter and buffer, and on no others. Default false. */
  strict?: boolean;
}

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

function own_tensors(module: Module): NamedTensors {
  return Object.fromEntries([...module.named_parameters('', true, false), ...module.named_buffers('', true, false)]);
}

/** The given tensors under all names of what they replace. */
function with_tied_names(module: Module, given: Readonly<NamedTensors>): NamedTensors {
  const names_of = new Map<Tensor, string[]>();
  for (const [name, tensor] of Object.entries(own_tensors(module))) {
    names_of.set(tensor, [...(names_of.get(tensor) ?? []), name]);
  }
  const all: NamedTensors = { ...given };
  for (const names of names_of.values()) {
    const [first, ...others] = names.filter((name) => Object.hasOwn(given, name));
    if (names.length === 1 || first === undefined) continue;
    if (others.length > 0 && names.some((name) => given[name] !== given[first])) {
      throw new Error(
        `functional_call got multiple values for keys [${quoted([...names].sort())}], which are tied. ` +
          'Consider using tie_weights=False',
      );
    }
    for (const name of names) all[name] = given[first]!;
  }
  return all;
}

function check_keys(module: Module, given: Readonly<NamedTensors>): void {
  const own = own_tensors(module);
  const unexpected = Object.keys(given)
    .filter((name) => !Object.hasOwn(own, name))
    .sort();
  const missing = Object.keys(own)
    .filter((name) => !Object.hasOwn(given, name))
    .sort();
  const errors = [
    ...(unexpected.length > 0 ? [`Unexpected key(s): ${quoted(unexpected)}.`] : []),
    ...(missing.length > 0 ? [`Missing key(s): ${quoted(missing)}.`] : []),
  ];
  if (errors.length > 0)
    throw new Error(`Error(s) in reparametrizing for ${module._get_name()}:\n\t${errors.join('\n\t')}`);
}

/** A member of a module and its previous value; undefined when there was none. */
interface Place {
  readonly path: string;
  readonly holder: Module;
  readonly name: string;
  readonly before: unknown;
}

function put(module: Module, path: string, tensor: unknown): Place {
  if (tensor !== null && !(tensor instanceof Tensor)) {
    throw new TypeError(`${String(tensor)} is not an instance of torch.Tensor`);
  }
  const dot = path.lastIndexOf('.');
  const holder = module.get_submodule(dot < 0 ? '' : path.slice(0, dot));
  const name = path.slice(dot + 1);
  const before = fields_of(holder)[name];
  if (before !== undefined && before !== null && !(before instanceof Tensor)) {
    throw new TypeError(`attribute \`${name}\`: ${String(before)} is not an instance of torch.Tensor`);
  }
  swap_member(holder, name, tensor);
  return { path, holder, name, before };
}

function with_tensors<T>(module: Module, given: NamedTensors, all: Readonly<NamedTensors>, run: () => T): T {
  const places: Place[] = [];
  try {
    for (const path of Object.keys(all)) places.push(put(module, path, all[path]));
    return run();
  } finally {
    for (const { path, holder, name, before } of places.reverse()) {
      // The call may have put another tensor there.
      if (Object.hasOwn(given, path)) given[path] = tensor_of(holder, name);
      swap_member(holder, name, before);
    }
  }
}

function merged(dicts: unknown): NamedTensors {
  if (is_plain_object(dicts)) return dicts as NamedTensors;
  if (!Array.isArray(dicts)) {
    throw new Error(
      'Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, ' + `but got ${kind_of(dicts)}`,
    );
  }
  if (!dicts.every(is_plain_object)) {
    throw new Error('Expected all elements of parameter_and_buffer_dicts to be dictionaries');
  }
  const names = dicts.flatMap((dict) => Object.keys(dict));
  const repeated = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (repeated.length > 0) {
    throw new Error(
      `[${quoted(repeated)}] appeared in multiple dictionaries; behavior of functional call is ambiguous`,
    );
  }
  return Object.assign({}, ...dicts) as NamedTensors;
}

interface CallArguments extends FunctionalCallOptions {
  module: Module;
  parameter_and_buffer_dicts: unknown;
  args?: unknown;
  kwargs?: Record<string, unknown> | null;
}

const FUNCTIONAL_CALL = signature<CallArguments>(
  'functional_call',
  'module: Module, parameter_and_buffer_dicts: dict|any[], args?: any, kwargs?: dict|None, *, tie_weights?: bool, strict?: bool',
);
const STACK_MODULE_STATE = signature<{ models: Iterable<Module> }>('stack_module_state', 'models: Iterable');
const REPLACE_BATCH_NORM = signature<{ root: Module }>('replace_all_batch_norm_modules_', 'root: Module');

/**
 * Calls a module with other parameters and buffers, which are replaced for the duration of the call. Gradients flow
 * to the given tensors. Mirrors `torch.func.functional_call`.
 *
 * @param module - the module
 * @param parameter_and_buffer_dicts - tensors by dotted names; several objects must not share names
 * @param args - the arguments of the call: an array, or a single one
 * @param kwargs - keyword arguments: the options object of the call; default null
 * @param options - `tie_weights`: replace tied parameters together (default true); `strict`: all names must match
 * (default false)
 * @returns what the module returns
 * @throws Error when a name is given twice or is unknown, or with `strict` one is missing
 * @example
 * ```ts
 * const layer = new nn.Linear(2, 1);
 * const weights = { weight: torch.tensor([[0.5, 1.5]]), bias: torch.zeros(1) };
 * print(torch.func.functional_call(layer, weights, [torch.ones(1, 2)]));
 * ```
 * ```python
 * layer = nn.Linear(2, 1)
 * weights = {'weight': torch.tensor([[0.5, 1.5]]), 'bias': torch.zeros(1)}
 * print(torch.func.functional_call(layer, weights, (torch.ones(1, 2),)))
 * ```
 */
export function functional_call<M extends Module>(
  module: M,
  parameter_and_buffer_dicts: NamedTensors | readonly NamedTensors[],
  args?: unknown,
  kwargs?: Record<string, unknown> | null,
  options?: FunctionalCallOptions,
): ReturnType<M>;
export function functional_call<M extends Module>(
  module: M,
  parameter_and_buffer_dicts: NamedTensors | readonly NamedTensors[],
  args: unknown,
  options: FunctionalCallOptions & { kwargs?: Record<string, unknown> | null },
): ReturnType<M>;
export function functional_call(...all_args: unknown[]): unknown {
  const {
    module,
    parameter_and_buffer_dicts,
    args = null,
    kwargs = null,
    tie_weights = true,
    strict = false,
  } = FUNCTIONAL_CALL.read(all_args);
  const given = merged(parameter_and_buffer_dicts);
  const all = tie_weights ? with_tied_names(module, given) : given;
  if (strict) check_keys(module, all);
  const positional = args === null ? [] : Array.isArray(args) ? (args as unknown[]) : [args];
  const call = module as unknown as (...args: unknown[]) => unknown;
  return with_tensors(module, given, all, () =>
    refuse_promise('functional_call', call(...positional, ...(kwargs === null ? [] : [kwargs]))),
  );
}

/**
 * Stacks the parameters and buffers of several modules by name along a new first dimension, for ensembles with
 * `torch.vmap`. Mirrors `torch.func.stack_module_state`.
 *
 * @param models - modules of one class
 * @returns `[params, buffers]`
 * @throws Error when there are none, or they differ in class, in mode, or in what requires gradients
 * @example
 * ```ts
 * const models = [new nn.Linear(2, 1), new nn.Linear(2, 1)];
 * const [params, buffers] = torch.func.stack_module_state(models);
 * print(params["weight"], buffers);
 * ```
 * ```python
 * models = [nn.Linear(2, 1), nn.Linear(2, 1)]
 * params, buffers = torch.func.stack_module_state(models)
 * print(params['weight'], buffers)
 * ```
 */
export function stack_module_state(models: Iterable<Module>): [params: NamedTensors, buffers: NamedTensors];
export function stack_module_state(...args: unknown[]): [params: NamedTensors, buffers: NamedTensors] {
  const list = [...STACK_MODULE_STATE.read(args).models];
  list.forEach((model, i) => {
    if (model instanceof Module) return;
    throw new TypeError(
      `stack_module_state(): argument 'models' must be a list of Modules, but found element of type ${kind_of(model)} at pos ${i}`,
    );
  });
  const [first] = list;
  if (first === undefined) throw new Error('stack_module_state: Expected at least one model, got 0.');
  if (list.some((model) => model.training !== first.training)) {
    throw new Error('stack_module_state: Expected all models to have the same training/eval mode.');
  }
  if (list.some((model) => model.constructor !== first.constructor)) {
    throw new Error('stack_module_state: Expected all models to be of the same class.');
  }
  return [
    stacked(list.map((model) => Object.fromEntries(model.named_parameters()))),
    stacked(list.map((model) => Object.fromEntries(model.named_buffers()))),
  ];
}

function stacked(states: readonly Readonly<NamedTensors>[]): NamedTensors {
  return Object.fromEntries(
    Object.keys(states[0]!).map((name) => {
      const tensors = states.map((state) => state[name]!);
      const requiring = tensors.filter((tensor) => tensor.requires_grad).length;
      if (requiring !== 0 && requiring !== tensors.length) {
        throw new Error(`Expected ${name} from each model to have the same .requires_grad`);
      }
      const all = stack(tensors);
      return [name, requiring === 0 ? all : all.detach().requires_grad_()];
    }),
  );
}

/**
 * Removes the running statistics of all batch normalization layers of a module, since functional transforms do not
 * allow updates in place. Mirrors `torch.func.replace_all_batch_norm_modules_`.
 *
 * @param root - the module, which is changed
 * @returns the module
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const model = torch.func.replace_all_batch_norm_modules_(new nn.Sequential(new nn.BatchNorm1d(2)));
 * print(model);
 * ```
 * ```python
 * model = torch.func.replace_all_batch_norm_modules_(nn.Sequential(nn.BatchNorm1d(2)))
 * print(model)
 * ```
 */
export function replace_all_batch_norm_modules_<M extends Module>(root: M): M;
export function replace_all_batch_norm_modules_(...args: unknown[]): Module {
  const { root } = REPLACE_BATCH_NORM.read(args);
  for (const module of root.modules()) {
    if (![BatchNorm1d, BatchNorm2d, BatchNorm3d].some((kind) => module instanceof kind)) continue;
    const norm = module as BatchNorm1d;
    if (!norm.track_running_stats) continue;
    norm.running_mean = null;
    norm.running_var = null;
    norm.num_batches_tracked = null;
    norm.track_running_stats = false;
  }
  return root;
}
