/** Models with observers, and quantized ones: `torch.ao.quantization.quantize`. */
import { signature } from '../../_internal/signature.js';
import { call_synchronously } from '../../_internal/callbacks.js';
import { warn } from '../../_internal/warnings.js';
import {
  ELU,
  Hardsigmoid,
  Hardswish,
  LeakyReLU,
  PReLU,
  ReLU6,
  Sigmoid,
  Softmax,
  Tanh,
} from '../../nn/modules/activation.js';
import { BatchNorm2d, BatchNorm3d } from '../../nn/modules/batchnorm.js';
import { Sequential } from '../../nn/modules/container.js';
import { Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../../nn/modules/conv.js';
import { Dropout } from '../../nn/modules/dropout.js';
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from '../../nn/modules/instancenorm.js';
import { Linear } from '../../nn/modules/linear.js';
import { hooks_of, type Module } from '../../nn/modules/module.js';
import { GroupNorm, LayerNorm } from '../../nn/modules/normalization.js';
import { GRU, GRUCell, LSTM, LSTMCell, RNNCell } from '../../nn/modules/rnn.js';
import { Embedding, EmbeddingBag } from '../../nn/modules/sparse.js';
import { MultiheadAttention } from '../../nn/modules/attention.js';
import { deepcopy } from '../../utils/copy.js';
import * as intrinsic from '../nn/intrinsic/fused.js';
import * as intrinsic_qat from '../nn/intrinsic/qat/fused.js';
import * as intrinsic_quantized from '../nn/intrinsic/quantized/fused.js';
import * as qat_tables from '../nn/qat/embedding.js';
import * as qat from '../nn/qat/layers.js';
import { LSTM as QuantizableLSTM, passes } from '../nn/quantizable/rnn.js';
import * as transposed from '../nn/quantized/conv_transpose.js';
import * as tables from '../nn/quantized/embedding.js';
import * as layers from '../nn/quantized/layers.js';
import * as modules from '../nn/quantized/modules.js';
import { LSTM as QuantizedLSTM } from '../nn/quantized/rnn.js';
import { make_observer, type ObserverFactory } from './factories.js';
import {
  default_fixed_qparams_range_0to1_fake_quant,
  default_fixed_qparams_range_neg1to1_fake_quant,
  FakeQuantizeBase,
} from './fake_quantize.js';
import { ObserverBase } from './observer.js';
import { qconfig_of, type QConfig } from './qconfig.js';
import { DeQuantStub, QuantStub, QuantWrapper } from './stubs.js';

/** A class of modules. */
type ModuleClass = { readonly prototype: Module; readonly name: string };
/** A class that is made from another one's objects. */
interface Target {
  readonly name: string;
  readonly prototype: Module;
  from_float(mod: never): Module;
}
/** Which class replaces which. */
export type Mapping = ReadonlyMap<ModuleClass, Target>;

const class_of = (module: Module): ModuleClass => module.constructor as unknown as ModuleClass;

/** What replaces prepared modules. */
const static_mapping: Mapping = new Map<ModuleClass, Target>([
  [QuantStub, modules.Quantize],
  [DeQuantStub, modules.DeQuantize],
  [BatchNorm2d, modules.BatchNorm2d],
  [BatchNorm3d, modules.BatchNorm3d],
  [Dropout, modules.Dropout],
  [Conv1d, layers.Conv1d],
  [Conv2d, layers.Conv2d],
  [Conv3d, layers.Conv3d],
  [ConvTranspose1d, transposed.ConvTranspose1d],
  [ConvTranspose2d, transposed.ConvTranspose2d],
  [ConvTranspose3d, transposed.ConvTranspose3d],
  [ELU, modules.ELU],
  [Embedding, tables.Embedding],
  [EmbeddingBag, tables.EmbeddingBag],
  [Hardswish, modules.Hardswish],
  [LeakyReLU, modules.LeakyReLU],
  [Linear, layers.Linear],
  [ReLU6, modules.ReLU6],
  [modules.FloatFunctional, modules.QFunctional],
  [intrinsic.BNReLU2d, intrinsic_quantized.BNReLU2d],
  [intrinsic.BNReLU3d, intrinsic_quantized.BNReLU3d],
  [intrinsic.ConvReLU1d, intrinsic_quantized.ConvReLU1d],
  [intrinsic.ConvReLU2d, intrinsic_quantized.ConvReLU2d],
  [intrinsic.ConvReLU3d, intrinsic_quantized.ConvReLU3d],
  [intrinsic.LinearReLU, intrinsic_quantized.LinearReLU],
  [intrinsic_qat.ConvBn1d, layers.Conv1d],
  [intrinsic_qat.ConvBn2d, layers.Conv2d],
  [intrinsic_qat.ConvBn3d, layers.Conv3d],
  [intrinsic_qat.ConvBnReLU1d, intrinsic_quantized.ConvReLU1d],
  [intrinsic_qat.ConvBnReLU2d, intrinsic_quantized.ConvReLU2d],
  [intrinsic_qat.ConvBnReLU3d, intrinsic_quantized.ConvReLU3d],
  [intrinsic_qat.ConvReLU2d, intrinsic_quantized.ConvReLU2d],
  [intrinsic_qat.ConvReLU3d, intrinsic_quantized.ConvReLU3d],
  [intrinsic_qat.LinearReLU, intrinsic_quantized.LinearReLU],
  [intrinsic_qat.LinearBn1d, layers.Linear],
  [qat.Linear, layers.Linear],
  [qat.Conv2d, layers.Conv2d],
  [qat.Conv3d, layers.Conv3d],
]);

/** What replaces plain modules in training. */
const qat_mapping: Mapping = new Map<ModuleClass, Target>([
  [Conv2d, qat.Conv2d],
  [Conv3d, qat.Conv3d],
  [Linear, qat.Linear],
  [intrinsic.ConvBn1d, intrinsic_qat.ConvBn1d],
  [intrinsic.ConvBn2d, intrinsic_qat.ConvBn2d],
  [intrinsic.ConvBn3d, intrinsic_qat.ConvBn3d],
  [intrinsic.ConvBnReLU1d, intrinsic_qat.ConvBnReLU1d],
  [intrinsic.ConvBnReLU2d, intrinsic_qat.ConvBnReLU2d],
  [intrinsic.ConvBnReLU3d, intrinsic_qat.ConvBnReLU3d],
  [intrinsic.ConvReLU2d, intrinsic_qat.ConvReLU2d],
  [intrinsic.ConvReLU3d, intrinsic_qat.ConvReLU3d],
  [intrinsic.LinearReLU, intrinsic_qat.LinearReLU],
  [intrinsic.LinearBn1d, intrinsic_qat.LinearBn1d],
]);

/** What Python quantizes and this package does not: a model that holds one of them with a qconfig would be quantized in part. */
const not_here: ReadonlySet<ModuleClass> = new Set<ModuleClass>([
  GroupNorm,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  LayerNorm,
  PReLU,
  MultiheadAttention,
]);

/** Modules whose results are observed. */
const observed: ReadonlySet<unknown> = new Set<unknown>([
  ...static_mapping.keys(),
  ...qat_mapping.keys(),
  ...not_here,
  LSTM,
  GRU,
  GRUCell,
  LSTMCell,
  RNNCell,
  Sequential,
]);

/** Whose results have a fixed range, in training. */
const fixed_ranges: ReadonlyMap<ModuleClass, ObserverFactory> = new Map<ModuleClass, ObserverFactory>([
  [Hardsigmoid, default_fixed_qparams_range_0to1_fake_quant],
  [Sigmoid, default_fixed_qparams_range_0to1_fake_quant],
  [Softmax, default_fixed_qparams_range_0to1_fake_quant],
  [Tanh, default_fixed_qparams_range_neg1to1_fake_quant],
]);

const PROPAGATE = signature<{ module: Module; qconfig_dict?: QConfigs | null }>(
  'propagate_qconfig_',
  'module: Module, qconfig_dict?: dict|None',
);

/** Qconfigs by class or by dotted name. */
export type QConfigs = ReadonlyMap<ModuleClass | string, QConfig | null> | Readonly<Record<string, QConfig | null>>;

function propagate(
  module: Module,
  of: ReadonlyMap<unknown, QConfig | null>,
  parent: QConfig | null,
  prefix: string,
): void {
  const by_class = of.has(class_of(module)) ? of.get(class_of(module))! : parent;
  const by_name = of.has(prefix) ? of.get(prefix)! : by_class;
  const own = qconfig_of(module);
  const its = own === undefined ? by_name : own;
  module.qconfig = its;
  for (const [name, child] of module.named_children()) {
    propagate(child, of, its, prefix === '' ? name : `${prefix}.${name}`);
  }
}

/**
 * Gives each module within a module its `qconfig`: its own one, that of its name or class, or that of the module that holds it. Mirrors
 * `torch.ao.quantization.propagate_qconfig_`.
 *
 * @param module - the module
 * @param qconfig_dict - qconfigs by class or dotted name; default null
 * @throws TypeError for a field `qconfig` that is not one
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(2, 1));
 * net.qconfig = torch.ao.quantization.default_qconfig;
 * torch.ao.quantization.propagate_qconfig_(net);
 * print(net[0].qconfig === net.qconfig); // True
 * ```
 */
export function propagate_qconfig_(module: Module, qconfig_dict?: QConfigs | null): void;
export function propagate_qconfig_(options: { module: Module; qconfig_dict?: QConfigs | null }): void;
export function propagate_qconfig_(...args: unknown[]): void {
  const { module, qconfig_dict = null } = PROPAGATE.read(args);
  const of =
    qconfig_dict === null
      ? []
      : (qconfig_dict as { entries?: unknown }).entries
        ? qconfig_dict
        : Object.entries(qconfig_dict);
  propagate(module, new Map(of as Iterable<[unknown, QConfig | null]>), null, '');
}

/** The observer of a module's results. */
interface Observed extends Module {
  activation_post_process?: Module;
}

const observe_output = (module: Module, _args: unknown[], output: unknown): unknown =>
  (module as Observed).activation_post_process!(output);
const observe_input = (module: Module, args: unknown[]): unknown =>
  (module as Observed).activation_post_process!(args[0]);

function is_memoryless(observer: Module): boolean {
  const its =
    observer instanceof FakeQuantizeBase ? ((observer as Observed).activation_post_process ?? observer) : observer;
  return (its as unknown as { averaging_constant?: number }).averaging_constant === 1;
}

/** The device of a module's tensors; undefined when it has none. @throws Error for several */
function device_of(module: Module): string | undefined {
  const devices = new Set([...module.parameters(), ...module.buffers()].map(({ device }) => device.toString()));
  devices.delete('meta');
  if (devices.size > 1) {
    throw new Error(
      `prepare only works with cpu or single-device CUDA modules, but got devices {${[...devices].join(', ')}}`,
    );
  }
  return [...devices][0];
}

function observer_for(qconfig: QConfig, device: string | undefined, special?: ObserverFactory): Module {
  const observer = make_observer(special ?? qconfig.activation);
  if (device !== undefined) observer.to(device);
  return observer;
}

function insert_observer(module: Module, device: string | undefined, special?: ObserverFactory): void {
  const qconfig = qconfig_of(module);
  if (!qconfig || module instanceof DeQuantStub) return;
  module.add_module('activation_post_process', observer_for(qconfig, device, special));
  if (is_memoryless(make_observer(qconfig.activation))) {
    module.register_forward_pre_hook(observe_input as never, { prepend: true });
  } else {
    module.register_forward_hook(observe_output as never, { prepend: true });
  }
}

function add_observers(
  module: Module,
  which: ReadonlySet<unknown>,
  non_leaves: ReadonlySet<unknown>,
  device: string | undefined,
): void {
  for (const [name, child] of [...module.named_children()]) {
    const its = class_of(child);
    const special = child.training ? fixed_ranges.get(its) : undefined;
    if (its === (Dropout as unknown)) continue;
    const qconfig = qconfig_of(child);
    if (child instanceof modules.FloatFunctional || child instanceof modules.QFunctional) {
      if (qconfig) child.activation_post_process = observer_for(qconfig, device);
    } else if (intrinsic_qat.is_fused(child) || non_leaves.has(its)) insert_observer(child, device);
    else if (special !== undefined) insert_observer(child, device, special);
    else if (qconfig && its === (MultiheadAttention as unknown)) throw missing(its);
    else if (qconfig && its === (LSTM as unknown)) module.add_module(name, QuantizableLSTM.from_float(child));
    else add_observers(child, which, non_leaves, device);
  }
  const leaf = [...module.children()].length === 0;
  if (leaf && !(module instanceof Sequential) && which.has(class_of(module))) insert_observer(module, device);
}

const missing = (of: ModuleClass): Error =>
  new Error(
    `torch.ao.quantization: nn.${of.name} has no quantized counterpart in torch-node; set the field qconfig of the module to null`,
  );

interface PrepareArguments {
  model: Module;
  inplace?: boolean;
  allow_list?: ReadonlySet<ModuleClass> | null;
  observer_non_leaf_module_list?: ReadonlySet<ModuleClass> | null;
}
const PREPARE = signature<PrepareArguments>(
  'prepare',
  'model: Module, inplace?: bool, allow_list?: Set|None, observer_non_leaf_module_list?: Set|None',
);

function prepared({ model, inplace = false, allow_list, observer_non_leaf_module_list }: PrepareArguments): Module {
  const own = inplace ? model : deepcopy(model);
  propagate(own, new Map(), null, '');
  if (![...own.modules()].some((module) => qconfig_of(module))) {
    warn(
      'None of the submodule got qconfig applied. Make sure you passed correct configuration through `qconfig_dict` or by assigning ' +
        'the `.qconfig` attribute directly on submodules',
    );
  }
  add_observers(own, allow_list ?? observed, observer_non_leaf_module_list ?? new Set(), device_of(own));
  return own;
}

/**
 * Puts observers into a model, as the fields `qconfig` of its modules say. Run the model with some data then, and {@link convert} it.
 * Mirrors `torch.ao.quantization.prepare`.
 *
 * @param model - the model, in `eval()`
 * @param inplace - change the model itself instead of a copy; default false
 * @param allow_list - the classes of modules to observe; default null, all that can be quantized
 * @param observer_non_leaf_module_list - classes of modules that hold others and are observed too; default null
 * @returns the model
 * @throws Error for a model on several devices
 * @example
 * ```ts
 * const net = new nn.Sequential(new torch.ao.quantization.QuantStub(), new nn.Linear(2, 1)).eval();
 * net.qconfig = torch.ao.quantization.default_qconfig;
 * print(torch.ao.quantization.prepare(net));
 * ```
 * ```python
 * net = nn.Sequential(torch.ao.quantization.QuantStub(), nn.Linear(2, 1)).eval()
 * net.qconfig = torch.ao.quantization.default_qconfig
 * print(torch.ao.quantization.prepare(net))
 * ```
 */
export function prepare<M extends Module>(
  model: M,
  inplace?: boolean,
  allow_list?: ReadonlySet<ModuleClass> | null,
  observer_non_leaf_module_list?: ReadonlySet<ModuleClass> | null,
): M;
export function prepare<M extends Module>(model: M, options: Omit<PrepareArguments, 'model'>): M;
export function prepare<M extends Module>(options: PrepareArguments & { model: M }): M;
export function prepare(...args: unknown[]): Module {
  return prepared(PREPARE.read(args));
}

/** The quantized counterpart of a module, with its hooks. */
function swapped(module: Module, mapping: Mapping): Module {
  const qconfig = qconfig_of(module);
  if (qconfig && is_observed_whole(module)) return with_hooks(module, QuantizedLSTM.from_observed(module));
  const target = qconfig ? mapping.get(class_of(module)) : undefined;
  if (target === undefined) {
    if (qconfig && mapping === static_mapping && not_here.has(class_of(module))) throw missing(class_of(module));
    return module;
  }
  return with_hooks(module, target.from_float(module as never));
}

/** Whether a module is swapped with all that is in it. */
const is_observed_whole = (module: Module): boolean => class_of(module) === (QuantizableLSTM as unknown);

/** What a module is swapped for, with its hooks, on its device. */
function with_hooks(module: Module, made: Module): Module {
  const device = device_of(module);
  for (const { hook } of hooks_of(module).forward_pre) made.register_forward_pre_hook(hook as never);
  for (const { hook } of hooks_of(module).forward) {
    if ((hook as unknown) !== observe_output) made.register_forward_hook(hook as never);
  }
  if (device !== undefined) made.to(device);
  return made;
}

function replace_children(module: Module, mapping: Mapping): void {
  const replaced = [...module.named_children()].map(([name, child]) => {
    if (!intrinsic_qat.is_fused(child) && !is_observed_whole(child)) replace_children(child, mapping);
    return [name, swapped(child, mapping)] as const;
  });
  for (const [name, child] of replaced) module.add_module(name, child);
}

/** Takes away the qconfigs and the observers. */
function remove_qconfig(module: Module): void {
  for (const child of [...module.children()]) remove_qconfig(child);
  if (module.qconfig !== undefined) delete module.qconfig;
  const observer = (module as Observed).activation_post_process;
  if (observer instanceof ObserverBase || observer instanceof FakeQuantizeBase) {
    delete (module as Observed).activation_post_process;
  }
  hooks_of(module).forward_pre.remove_if(({ hook }) => (hook as unknown) === observe_input);
  hooks_of(module).forward.remove_if(({ hook }) => (hook as unknown) === observe_output);
}

interface ConvertArguments {
  module: Module;
  mapping?: Mapping | null;
  inplace?: boolean;
  remove_qconfig?: boolean;
}
const CONVERT = signature<ConvertArguments>(
  'convert',
  'module: Module, mapping?: dict|None, inplace?: bool, remove_qconfig?: bool',
);

function converted({ module, mapping, inplace = false, remove_qconfig: remove = true }: ConvertArguments): Module {
  const own = inplace ? module : deepcopy(module);
  replace_children(own, mapping ?? static_mapping);
  if (remove) remove_qconfig(own);
  return own;
}

/**
 * Replaces the modules of a model that {@link prepare} or {@link prepare_qat} has prepared by quantized ones. Mirrors
 * `torch.ao.quantization.convert`.
 *
 * @param module - the model, in `eval()`
 * @param mapping - which class replaces which; default null, all that there are
 * @param inplace - change the model itself instead of a copy; default false
 * @param options - `remove_qconfig`: take away the qconfigs and the observers; default true
 * @returns the quantized model
 * @throws Error for a module that Python quantizes and this package does not
 * @example
 * ```ts
 * const { convert, default_qconfig, prepare, QuantStub } = torch.ao.quantization;
 * const net = new nn.Sequential(new QuantStub(), new nn.Linear(2, 1)).eval();
 * net.qconfig = default_qconfig;
 * const prepared = prepare(net);
 * prepared(torch.ones(1, 2));
 * print(convert(prepared));
 * ```
 * ```python
 * from torch.ao.quantization import convert, default_qconfig, prepare, QuantStub
 * net = nn.Sequential(QuantStub(), nn.Linear(2, 1)).eval()
 * net.qconfig = default_qconfig
 * prepared = prepare(net)
 * prepared(torch.ones(1, 2))
 * print(convert(prepared))
 * ```
 */
export function convert<M extends Module>(
  module: M,
  mapping?: Mapping | null,
  inplace?: boolean,
  remove_qconfig?: boolean,
): M;
export function convert<M extends Module>(module: M, options: Omit<ConvertArguments, 'module'>): M;
export function convert<M extends Module>(options: ConvertArguments & { module: M }): M;
export function convert(...args: unknown[]): Module {
  return converted(CONVERT.read(args));
}

passes.prepare = (model) => void prepared({ model, inplace: true });
passes.prepare_qat = (model) => void prepared_for_training({ model, inplace: true });
passes.convert = (module) => converted({ module });

const NO_ARGUMENTS = {
  get_default_static_quant_module_mappings: signature<object>('get_default_static_quant_module_mappings', ''),
  get_embedding_static_quant_module_mappings: signature<object>('get_embedding_static_quant_module_mappings', ''),
  get_default_qat_module_mappings: signature<object>('get_default_qat_module_mappings', ''),
  get_embedding_qat_module_mappings: signature<object>('get_embedding_qat_module_mappings', ''),
};

/**
 * Which class `convert` replaces by which, in a Map of its own. Mirrors `torch.ao.quantization.get_default_static_quant_module_mappings`.
 * @example
 * ```ts
 * const { get_default_static_quant_module_mappings } = torch.ao.quantization;
 * print(get_default_static_quant_module_mappings().get(nn.Linear) === torch.ao.nn.quantized.Linear); // True
 * ```
 */
export function get_default_static_quant_module_mappings(...none: []): Map<ModuleClass, Target> {
  NO_ARGUMENTS.get_default_static_quant_module_mappings.read(none);
  return new Map(static_mapping);
}

/**
 * The same with embeddings that were trained for it. Mirrors `torch.ao.quantization.get_embedding_static_quant_module_mappings`.
 * @example
 * ```ts
 * const { get_embedding_static_quant_module_mappings } = torch.ao.quantization;
 * print(get_embedding_static_quant_module_mappings().get(torch.ao.nn.qat.Embedding) === torch.ao.nn.quantized.Embedding); // True
 * ```
 */
export function get_embedding_static_quant_module_mappings(...none: []): Map<ModuleClass, Target> {
  NO_ARGUMENTS.get_embedding_static_quant_module_mappings.read(none);
  const trained: [ModuleClass, Target][] = [
    [qat_tables.EmbeddingBag, tables.EmbeddingBag],
    [qat_tables.Embedding, tables.Embedding],
  ];
  return new Map([...static_mapping, ...trained]);
}

/**
 * Which class `prepare_qat` replaces by which, in a Map of its own. Mirrors `torch.ao.quantization.get_default_qat_module_mappings`.
 * @example
 * ```ts
 * const { get_default_qat_module_mappings } = torch.ao.quantization;
 * print(get_default_qat_module_mappings().get(nn.Linear) === torch.ao.nn.qat.Linear); // True
 * ```
 */
export function get_default_qat_module_mappings(...none: []): Map<ModuleClass, Target> {
  NO_ARGUMENTS.get_default_qat_module_mappings.read(none);
  return new Map(qat_mapping);
}

/**
 * The same with embeddings. Mirrors `torch.ao.quantization.get_embedding_qat_module_mappings`.
 * @example
 * ```ts
 * const { get_embedding_qat_module_mappings } = torch.ao.quantization;
 * print(get_embedding_qat_module_mappings().get(nn.Embedding) === torch.ao.nn.qat.Embedding); // True
 * ```
 */
export function get_embedding_qat_module_mappings(...none: []): Map<ModuleClass, Target> {
  NO_ARGUMENTS.get_embedding_qat_module_mappings.read(none);
  const of_tables: [ModuleClass, Target][] = [
    [EmbeddingBag, qat_tables.EmbeddingBag],
    [Embedding, qat_tables.Embedding],
  ];
  return new Map([...qat_mapping, ...of_tables]);
}

interface PrepareQatArguments {
  model: Module;
  mapping?: Mapping | null;
  inplace?: boolean;
}
const PREPARE_QAT = signature<PrepareQatArguments>('prepare_qat', 'model: Module, mapping?: dict|None, inplace?: bool');

function prepared_for_training({ model, mapping, inplace = false }: PrepareQatArguments): Module {
  if (!model.training) throw new Error('prepare_qat only works on models in training mode');
  const own = inplace ? model : deepcopy(model);
  const its = mapping ?? qat_mapping;
  propagate(own, new Map(), null, '');
  converted({ module: own, mapping: its, inplace: true, remove_qconfig: false });
  const made = new Set<ModuleClass>([...its.values()] as unknown as ModuleClass[]);
  return prepared({ model: own, inplace: true, observer_non_leaf_module_list: made });
}

/**
 * Puts modules into a model that quantize and dequantize in training, as the fields `qconfig` of its modules say. Train the model
 * then, and {@link convert} it. Mirrors `torch.ao.quantization.prepare_qat`.
 *
 * @param model - the model, in `train()`
 * @param mapping - which class replaces which; default null, all that there are
 * @param inplace - change the model itself instead of a copy; default false
 * @returns the model
 * @throws Error for a model that is not in training
 * @example
 * ```ts
 * const { get_default_qat_qconfig, prepare_qat, QuantStub } = torch.ao.quantization;
 * const net = new nn.Sequential(new QuantStub(), new nn.Linear(2, 1));
 * net.qconfig = get_default_qat_qconfig('x86');
 * print(prepare_qat(net)(torch.ones(1, 2)));
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig, prepare_qat, QuantStub
 * net = nn.Sequential(QuantStub(), nn.Linear(2, 1))
 * net.qconfig = get_default_qat_qconfig('x86')
 * print(prepare_qat(net)(torch.ones(1, 2)))
 * ```
 */
export function prepare_qat<M extends Module>(model: M, mapping?: Mapping | null, inplace?: boolean): M;
export function prepare_qat<M extends Module>(model: M, options: Omit<PrepareQatArguments, 'model'>): M;
export function prepare_qat<M extends Module>(options: PrepareQatArguments & { model: M }): M;
export function prepare_qat(...args: unknown[]): Module {
  return prepared_for_training(PREPARE_QAT.read(args));
}

type RunFunction = (model: Module, ...args: unknown[]) => unknown;
interface QuantizeArguments {
  model: Module;
  run_fn: RunFunction;
  run_args: readonly unknown[];
  mapping?: Mapping | null;
  inplace?: boolean;
}
const QUANTIZE = signature<QuantizeArguments>(
  'quantize',
  'model: Module, run_fn: Callable, run_args: any[], mapping?: dict|None, inplace?: bool',
);
const QUANTIZE_QAT = signature<QuantizeArguments>(
  'quantize_qat',
  'model: Module, run_fn: Callable, run_args: any[], inplace?: bool',
);

/**
 * {@link prepare}, a function that runs the model, and {@link convert}. Mirrors `torch.ao.quantization.quantize`.
 *
 * @param model - the model
 * @param run_fn - a synchronous function of the prepared model and `run_args`
 * @param run_args - its other arguments
 * @param mapping - which class replaces which; default null
 * @param inplace - change the model itself instead of a copy; default false
 * @returns the quantized model
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { default_qconfig, quantize, QuantStub } = torch.ao.quantization;
 * const net = new nn.Sequential(new QuantStub(), new nn.Linear(2, 1));
 * net.qconfig = default_qconfig;
 * print(quantize(net, (model, x: torch.Tensor) => model(x), [torch.ones(1, 2)]));
 * ```
 * ```python
 * from torch.ao.quantization import default_qconfig, quantize, QuantStub
 * net = nn.Sequential(QuantStub(), nn.Linear(2, 1))
 * net.qconfig = default_qconfig
 * print(quantize(net, lambda model, x: model(x), [torch.ones(1, 2)]))
 * ```
 */
export function quantize<M extends Module, A extends readonly unknown[]>(
  model: M,
  run_fn: (model: M, ...args: A) => unknown,
  run_args: A,
  mapping?: Mapping | null,
  inplace?: boolean,
): M;
export function quantize<M extends Module, A extends readonly unknown[]>(
  model: M,
  run_fn: (model: M, ...args: A) => unknown,
  run_args: A,
  options: { mapping?: Mapping | null; inplace?: boolean },
): M;
export function quantize(...args: unknown[]): Module {
  const { model, run_fn, run_args, mapping = null, inplace = false } = QUANTIZE.read(args);
  const own = inplace ? model : deepcopy(model);
  own.eval();
  prepared({ model: own, inplace: true });
  call_synchronously('quantize', run_fn, own, ...run_args);
  return converted({ module: own, mapping, inplace: true });
}

/**
 * {@link prepare_qat}, a function that trains the model, and {@link convert}. Mirrors `torch.ao.quantization.quantize_qat`.
 *
 * @param model - the model
 * @param run_fn - a synchronous function of the prepared model and `run_args`
 * @param run_args - its other arguments
 * @param inplace - change the model itself instead of a copy; default false
 * @returns the quantized model
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { default_qat_qconfig, quantize_qat, QuantStub } = torch.ao.quantization;
 * const net = new nn.Sequential(new QuantStub(), new nn.Linear(2, 1));
 * net.qconfig = default_qat_qconfig;
 * print(quantize_qat(net, (model, x: torch.Tensor) => model(x), [torch.ones(1, 2)]));
 * ```
 * ```python
 * from torch.ao.quantization import default_qat_qconfig, quantize_qat, QuantStub
 * net = nn.Sequential(QuantStub(), nn.Linear(2, 1))
 * net.qconfig = default_qat_qconfig
 * print(quantize_qat(net, lambda model, x: model(x), [torch.ones(1, 2)]))
 * ```
 */
export function quantize_qat<M extends Module, A extends readonly unknown[]>(
  model: M,
  run_fn: (model: M, ...args: A) => unknown,
  run_args: A,
  inplace?: boolean,
): M;
export function quantize_qat<M extends Module, A extends readonly unknown[]>(
  model: M,
  run_fn: (model: M, ...args: A) => unknown,
  run_args: A,
  options: { inplace?: boolean },
): M;
export function quantize_qat(...args: unknown[]): Module {
  const { model, run_fn, run_args, inplace = false } = QUANTIZE_QAT.read(args);
  const own = inplace ? model : deepcopy(model);
  own.train();
  prepared_for_training({ model: own, inplace: true });
  call_synchronously('quantize_qat', run_fn, own, ...run_args);
  return converted({ module: own, inplace: true });
}

const ADD_STUBS = signature<{ module: Module }>('add_quant_dequant', 'module: Module');

/**
 * Puts each leaf with a qconfig between a `QuantStub` and a `DeQuantStub`. Mirrors `torch.ao.quantization.add_quant_dequant`.
 *
 * @param module - a module, which is changed
 * @returns the module, or for a leaf a `QuantWrapper` around it
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * linear.qconfig = torch.ao.quantization.default_qconfig;
 * print(torch.ao.quantization.add_quant_dequant(new nn.Sequential(linear, new nn.ReLU())));
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * linear.qconfig = torch.ao.quantization.default_qconfig
 * print(torch.ao.quantization.add_quant_dequant(nn.Sequential(linear, nn.ReLU())))
 * ```
 */
export function add_quant_dequant(module: Module | { module: Module }): Module;
export function add_quant_dequant(...args: unknown[]): Module {
  const { module } = ADD_STUBS.read(args);
  const children = [...module.named_children()];
  if (children.length === 0 && qconfig_of(module)) return new QuantWrapper(module);
  for (const [name, child] of children) module.add_module(name, add_quant_dequant(child));
  return module;
}
