/** How weights are quantized by what an observer has seen, and what `from_float` of all quantized layers reads. */
import {
  _make_per_channel_quantized_tensor,
  _make_per_tensor_quantized_tensor,
  quantize_per_channel,
  quantize_per_tensor,
} from '../../../generated/functions.js';
import { method_signature } from '../../../_internal/signature.js';
import type { Module } from '../../../nn/modules/module.js';
import { float32, float64, int64, qint8, quint4x2, type DType } from '../../../types/dtype.js';
import {
  per_channel_affine,
  per_channel_affine_float_qparams,
  per_channel_symmetric,
  per_tensor_affine,
  per_tensor_symmetric,
} from '../../../types/qscheme.js';
import type { Tensor } from '../../../_tensor.js';
import { make_observer } from '../../quantization/factories.js';
import type { FakeQuantize } from '../../quantization/fake_quantize.js';
import type { ObserverBase, QParams, UniformQuantizationObserverBase } from '../../quantization/observer.js';
import { qconfig_of } from '../../quantization/qconfig.js';

/** What watches a weight: an observer, or one within a fake quantization. */
export type WeightObserver = UniformQuantizationObserverBase & { ch_axis: number };

type ModuleClass = { readonly prototype: Module; readonly name: string };

const FROM_FLOAT = method_signature<{ mod: Module; use_precomputed_fake_quant?: boolean }>(
  'from_float',
  'mod: Module, use_precomputed_fake_quant?: bool',
);

/** The module of a call of `from_float`. */
export function module_of(args: readonly unknown[]): Module {
  return FROM_FLOAT.read(args).mod;
}

/** The quantized values with those beyond the observer's range moved to its ends: a range may be narrower than its dtype. */
function clamped(quantized: Tensor, observer: WeightObserver, scale: Tensor, zero_point: Tensor): Tensor {
  const its = (observer as unknown as Partial<FakeQuantize>).activation_post_process ?? observer;
  const { quant_min, quant_max, qscheme } = its;
  const [lowest, highest] = quantized.dtype === qint8 ? [-128, 127] : [0, 255];
  // What is narrower than a byte has no integers to clamp.
  if (quantized.dtype === quint4x2 || (quant_min <= lowest && quant_max >= highest)) return quantized;
  const integers = quantized.int_repr().clamp(quant_min, quant_max);
  return qscheme === per_tensor_symmetric || qscheme === per_tensor_affine
    ? _make_per_tensor_quantized_tensor(integers, scale.item(), zero_point.item())
    : _make_per_channel_quantized_tensor(integers, scale, zero_point, its.ch_axis!);
}

/** A weight in 8 bits by the range that an observer has seen. @throws Error for a scheme that weights do not have */
export function quantize_weight(weight: Tensor, observer: WeightObserver): Tensor {
  const [scale, zero_point] = observer.calculate_qparams();
  const { qscheme } = observer;
  if (qscheme === per_tensor_symmetric || qscheme === per_tensor_affine) {
    const quantized = quantize_per_tensor(weight, scale.item(), zero_point.item(), qint8);
    return clamped(quantized, observer, scale, zero_point);
  }
  if (qscheme === per_channel_symmetric || qscheme === per_channel_affine) {
    const axis = observer.ch_axis;
    const quantized = quantize_per_channel(weight, scale.to(float64), zero_point.to(int64), axis, qint8);
    return clamped(quantized, observer, scale, zero_point);
  }
  if (qscheme === per_channel_affine_float_qparams) {
    const { ch_axis, dtype } = observer;
    return clamped(
      quantize_per_channel(weight, scale, zero_point.to(float32), ch_axis, dtype),
      observer,
      scale,
      zero_point,
    );
  }
  throw new Error(`Unexpected qscheme ${String(qscheme)}`);
}

/** What watches the results of a prepared module. @throws Error for a module that was not prepared */
export function activation_observer(module: Module): ObserverBase {
  const observer = (module as unknown as { activation_post_process?: ObserverBase }).activation_post_process;
  if (observer !== undefined) return observer;
  throw new Error(`Module ${module._get_name()} must have activation_post_process attribute`);
}

/** The scale and the zero point as numbers. */
export function numbers_of([scale, zero_point]: QParams): [scale: number, zero_point: number] {
  return [scale.item(), zero_point.item()];
}

/** A prepared layer: its weight in 8 bits, and the scale and the zero point of its results. */
export interface Quantized {
  readonly weight: Tensor;
  readonly scale: number;
  readonly zero_point: number;
}

/**
 * Quantizes a prepared layer.
 * @param prepared - what is replaced, with a `qconfig` and what watches its results
 * @param layer - the layer within it, with the weight
 * @throws Error for a weight that is not quantized to 8 bits
 */
export function quantize_layer(prepared: Module, layer: Module & { weight: Tensor }): Quantized {
  const trained = (prepared as unknown as { weight_fake_quant?: WeightObserver }).weight_fake_quant;
  const qconfig = qconfig_of(layer) ?? qconfig_of(prepared);
  if (trained === undefined && !qconfig) throw new Error('Input float module must have qconfig defined');
  const observer = trained ?? (make_observer(qconfig!.weight) as WeightObserver);
  observer(layer.weight);
  if ((observer.dtype as DType) !== qint8) {
    throw new Error(`Weight observer must have dtype torch.qint8, got ${String(observer.dtype)}`);
  }
  const weight = quantize_weight(layer.weight.to(float32).detach(), observer);
  const [scale, zero_point] = numbers_of(activation_observer(prepared).calculate_qparams());
  return { weight, scale, zero_point };
}

/** Throws unless a module is of one of these very classes. */
export function check_source(name: string, module: Module, classes: readonly ModuleClass[]): void {
  if (classes.includes(module.constructor as unknown as ModuleClass)) return;
  const listed = classes.map((each) => each.name).join(', ');
  throw new Error(`nnq.${name}.from_float only works for ${listed}, but got: ${module._get_name()}`);
}
