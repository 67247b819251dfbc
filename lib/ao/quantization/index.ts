/** Mirrors `torch.ao.quantization`: dynamic quantization, static quantization after calibration, and training for it. */
import { types } from 'node:util';

import { define_kind, signature } from '../../_internal/signature.js';
import { Linear as FloatLinear } from '../../nn/modules/linear.js';
import type { Module } from '../../nn/modules/module.js';
import {
  GRU as FloatGRU,
  GRUCell as FloatGRUCell,
  LSTM as FloatLSTM,
  LSTMCell as FloatLSTMCell,
  RNNCell as FloatRNNCell,
} from '../../nn/modules/rnn.js';
import { float16, qint8, type DType } from '../../types/dtype.js';
import { deepcopy } from '../../utils/copy.js';
import { GRU, GRUCell, Linear, LSTM, LSTMCell, RNNCell } from '../nn/quantized/dynamic/index.js';

export {
  FakeQuantize,
  FakeQuantizeBase,
  FixedQParamsFakeQuantize,
  FusedMovingAvgObsFakeQuantize,
  default_dynamic_fake_quant,
  default_embedding_fake_quant,
  default_embedding_fake_quant_4bit,
  default_fake_quant,
  default_fixed_qparams_range_0to1_fake_quant,
  default_fixed_qparams_range_neg1to1_fake_quant,
  default_fused_act_fake_quant,
  default_fused_per_channel_wt_fake_quant,
  default_fused_wt_fake_quant,
  default_histogram_fake_quant,
  default_per_channel_weight_fake_quant,
  default_weight_fake_quant,
  disable_fake_quant,
  disable_observer,
  enable_fake_quant,
  enable_observer,
  type FakeQuantizeOptions,
} from './fake_quantize.js';
export {
  FixedQParamsObserver,
  HistogramObserver,
  MinMaxObserver,
  MovingAverageMinMaxObserver,
  MovingAveragePerChannelMinMaxObserver,
  NoopObserver,
  ObserverBase,
  PerChannelMinMaxObserver,
  PlaceholderObserver,
  RecordingObserver,
  UniformQuantizationObserverBase,
  default_debug_observer,
  default_dynamic_quant_observer,
  default_fixed_qparams_range_0to1_observer,
  default_fixed_qparams_range_neg1to1_observer,
  default_float_qparams_observer,
  default_float_qparams_observer_4bit,
  default_histogram_observer,
  default_observer,
  default_per_channel_weight_observer,
  default_placeholder_observer,
  default_weight_observer,
  per_channel_weight_observer_range_neg_127_to_127,
  weight_observer_range_neg_127_to_127,
  type QParams,
  type ObserverOptions,
  type MovingAverageOptions,
  type PerChannelOptions,
  type MovingAveragePerChannelOptions,
  type HistogramOptions,
  type FixedQParamsOptions,
  type PlaceholderOptions,
} from './observer.js';
export {
  QConfig,
  default_activation_only_qconfig,
  default_debug_qconfig,
  default_dynamic_qat_qconfig,
  default_dynamic_qconfig,
  default_embedding_qat_qconfig,
  default_embedding_qat_qconfig_4bit,
  default_per_channel_qconfig,
  default_qat_qconfig,
  default_qat_qconfig_v2,
  default_qconfig,
  default_quint8_weight_qconfig,
  default_weight_only_qconfig,
  float16_dynamic_qconfig,
  float16_static_qconfig,
  float_qparams_weight_only_qconfig,
  float_qparams_weight_only_qconfig_4bit,
  get_default_qat_qconfig,
  get_default_qconfig,
  per_channel_dynamic_qconfig,
} from './qconfig.js';
export type { ObserverClass, ObserverFactory, PartialObserver } from './factories.js';
export {
  Int8DynamicActivationInt8WeightConfig,
  Int8WeightOnlyConfig,
  quantize_,
  type Int8Config,
  type QuantizeFilter,
  type QuantizeInt8Options,
} from './int8.js';
export { fuse_modules, fuse_modules_qat, type ModuleNames } from './fuse_modules.js';
export {
  add_quant_dequant,
  convert,
  get_default_qat_module_mappings,
  get_default_static_quant_module_mappings,
  get_embedding_qat_module_mappings,
  get_embedding_static_quant_module_mappings,
  prepare,
  prepare_qat,
  propagate_qconfig_,
  quantize,
  quantize_qat,
  type Mapping,
  type QConfigs,
} from './quantize.js';
export { DeQuantStub, QuantStub, QuantWrapper } from './stubs.js';

/** A class of modules. */
type ModuleClass = { readonly prototype: Module };
/** Which submodules are quantized: by their class, or by their dotted name. */
export type QuantizeSpec = ReadonlySet<ModuleClass | string>;

interface QuantizeOptions {
  /** Classes and names of the modules to quantize; default null, all Linear, LSTM, GRU, LSTMCell, GRUCell and RNNCell. */
  qconfig_spec?: QuantizeSpec | null;
  /** `torch.qint8` (the default) or `torch.float16`. */
  dtype?: DType;
  /** Change the model itself instead of a copy; default false. */
  inplace?: boolean;
}

define_kind(
  'quantize_spec',
  'set of classes and names of modules',
  (value) => types.isSet(value) && [...value].every((item) => typeof item === 'string' || typeof item === 'function'),
);
const QUANTIZE_DYNAMIC = signature<QuantizeOptions & { model: Module }>(
  'quantize_dynamic',
  'model: Module, qconfig_spec?: quantize_spec|None, dtype?: dtype, *, inplace?: bool',
);

const everything: QuantizeSpec = new Set([FloatLinear, FloatLSTM, FloatGRU, FloatLSTMCell, FloatGRUCell, FloatRNNCell]);

/** The quantized counterpart of a module; undefined when there is none. */
function counterpart(module: Module, dtype: DType): Module | undefined {
  if (module instanceof FloatLinear) return Linear.from_float(module, dtype);
  if (module.constructor === FloatLSTM) return LSTM.from_float(module as FloatLSTM, dtype);
  if (module.constructor === FloatGRU) return GRU.from_float(module as FloatGRU, dtype);
  if (module.constructor === FloatLSTMCell) return LSTMCell.from_float(module as FloatLSTMCell, dtype);
  if (module.constructor === FloatGRUCell) return GRUCell.from_float(module as FloatGRUCell, dtype);
  if (module.constructor === FloatRNNCell) return RNNCell.from_float(module as FloatRNNCell, dtype);
  return undefined;
}

/** Replaces the children of a module that are chosen, or lie in one that is. */
function replace_children(module: Module, prefix: string, spec: QuantizeSpec, inherited: boolean, dtype: DType): void {
  for (const [name, child] of [...module.named_children()]) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const chosen = inherited || spec.has(child.constructor as unknown as ModuleClass) || spec.has(path);
    replace_children(child, path, spec, chosen, dtype);
    const made = chosen ? counterpart(child, dtype) : undefined;
    if (made === undefined) continue;
    made.eval();
    module.register_module(name, made);
  }
}

/**
 * A model whose layers with large weights hold them in 8 bits, and quantize their inputs while they run: smaller, and faster on
 * CPUs. Mirrors `torch.ao.quantization.quantize_dynamic`.
 *
 * Linear layers, LSTMs, GRUs and the cells of recurrent networks are replaced by those of `torch.ao.nn.quantized.dynamic`; the model is switched to `eval()`.
 *
 * @param model - the trained model
 * @param qconfig_spec - the classes and dotted names of the submodules to quantize, as a Set; what lies in them is quantized too.
 *   Default null: all that can be
 * @param dtype - `torch.qint8` (the default) or `torch.float16`, for weights in half precision
 * @param options - `inplace`: change the model itself instead of a copy; default false
 * @returns the quantized model
 * @throws Error for another dtype
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 1));
 * const quantized = torch.ao.quantization.quantize_dynamic(net, new Set([nn.Linear]), torch.qint8);
 * print(quantized, quantized(torch.ones(2, 3)));
 * ```
 * ```python
 * net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
 * quantized = torch.ao.quantization.quantize_dynamic(net, {nn.Linear}, torch.qint8)
 * print(quantized, quantized(torch.ones(2, 3)))
 * ```
 */
export function quantize_dynamic<M extends Module>(
  model: M,
  qconfig_spec?: QuantizeSpec | null,
  dtype?: DType,
  options?: { inplace?: boolean },
): M;
export function quantize_dynamic<M extends Module>(
  model: M,
  qconfig_spec: QuantizeSpec | null,
  options: { dtype?: DType; inplace?: boolean },
): M;
export function quantize_dynamic<M extends Module>(model: M, options: QuantizeOptions): M;
export function quantize_dynamic<M extends Module>(options: QuantizeOptions & { model: M }): M;
export function quantize_dynamic(...args: unknown[]): Module {
  const { model, qconfig_spec = null, dtype = qint8, inplace = false } = QUANTIZE_DYNAMIC.read(args);
  if (dtype !== qint8 && dtype !== float16) {
    throw new Error(
      `Don't know how to quantize with default settings for ${dtype.toString()}. Provide full qconfig please`,
    );
  }
  const own = inplace ? model : deepcopy(model);
  own.eval();
  const spec = qconfig_spec ?? everything;
  replace_children(own, '', spec, spec.has(own.constructor as unknown as ModuleClass) || spec.has(''), dtype);
  return own;
}
