/** How a module is quantized: `torch.ao.quantization.qconfig`. */
import { signature } from '../../_internal/signature.js';
import { kind_of } from '../../_internal/representation.js';
import { Identity } from '../../nn/modules/linear.js';
import { Module } from '../../nn/modules/module.js';
import { float16, float32 } from '../../types/dtype.js';
import { factory_text, partial_of, type ObserverFactory } from './factories.js';
import {
  default_dynamic_fake_quant,
  default_embedding_fake_quant,
  default_embedding_fake_quant_4bit,
  default_fake_quant,
  default_fused_act_fake_quant,
  default_fused_per_channel_wt_fake_quant,
  default_fused_wt_fake_quant,
  default_per_channel_weight_fake_quant,
  default_weight_fake_quant,
  FakeQuantize,
  FusedMovingAvgObsFakeQuantize,
} from './fake_quantize.js';
import {
  default_debug_observer,
  default_dynamic_quant_observer,
  default_float_qparams_observer,
  default_float_qparams_observer_4bit,
  default_observer,
  default_per_channel_weight_observer,
  default_placeholder_observer,
  default_weight_observer,
  HistogramObserver,
  MinMaxObserver,
  MovingAverageMinMaxObserver,
  NoopObserver,
  PlaceholderObserver,
} from './observer.js';

declare module '../../nn/modules/module.js' {
  interface Module {
    /** How the module is quantized; null for not at all. Undefined: as the module that holds it. */
    qconfig?: QConfig | null;
  }
}

const QCONFIG = signature<{ activation: ObserverFactory; weight: ObserverFactory }>(
  'QConfig',
  'activation: Callable, weight: Callable',
);

/**
 * How a module is quantized: which observers watch its results and its weight. A field `qconfig` of a module holds for the modules in it.
 * Mirrors `torch.ao.quantization.QConfig`.
 *
 * @param activation - a class of observers, or one with some arguments (`MinMaxObserver.with_args({ ... })`)
 * @param weight - the same for the weight
 * @throws Error for an observer instead of a class
 * @example
 * ```ts
 * const { MinMaxObserver, QConfig } = torch.ao.quantization;
 * print(new QConfig(MinMaxObserver.with_args({ dtype: torch.quint8 }), MinMaxObserver));
 * ```
 * ```python
 * from torch.ao.quantization import MinMaxObserver, QConfig
 * print(QConfig(MinMaxObserver.with_args(dtype=torch.quint8), MinMaxObserver))
 * ```
 */
export class QConfig {
  readonly activation: ObserverFactory;
  readonly weight: ObserverFactory;

  constructor(activation: ObserverFactory, weight: ObserverFactory);
  constructor(options: { activation: ObserverFactory; weight: ObserverFactory });
  constructor(...args: unknown[]) {
    const { activation, weight } = QCONFIG.read(args);
    if ((activation as unknown) instanceof Module || (weight as unknown) instanceof Module) {
      throw new Error(
        'QConfig received observer instance, please pass observer class instead. Use MyObserver.with_args(x=1) to override ' +
          'arguments to constructor if needed',
      );
    }
    this.activation = activation;
    this.weight = weight;
  }

  /** What never changes is shared by copies. @internal */
  __deepcopy__(): QConfig {
    return this;
  }

  toString(): string {
    return `QConfig(activation=${factory_text(this.activation)}, weight=${factory_text(this.weight)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** For quantization after calibration. Mirrors `torch.ao.quantization.default_qconfig`. */
export const default_qconfig = new QConfig(default_observer, default_weight_observer);
/** For debugging. Mirrors `torch.ao.quantization.default_debug_qconfig`. */
export const default_debug_qconfig = new QConfig(default_debug_observer, default_weight_observer);
/** With weights by channels. Mirrors `torch.ao.quantization.default_per_channel_qconfig`. */
export const default_per_channel_qconfig = new QConfig(default_observer, default_per_channel_weight_observer);
/** For dynamic quantization. Mirrors `torch.ao.quantization.default_dynamic_qconfig`. */
export const default_dynamic_qconfig = new QConfig(default_dynamic_quant_observer, default_weight_observer);
/** For dynamic quantization to half precision. Mirrors `torch.ao.quantization.float16_dynamic_qconfig`. */
export const float16_dynamic_qconfig = new QConfig(
  partial_of(PlaceholderObserver, { dtype: float16, is_dynamic: true }),
  partial_of(PlaceholderObserver, { dtype: float16 }),
);
/** For static quantization to half precision. Mirrors `torch.ao.quantization.float16_static_qconfig`. */
export const float16_static_qconfig = new QConfig(
  partial_of(PlaceholderObserver, { dtype: float16 }),
  partial_of(PlaceholderObserver, { dtype: float16 }),
);
/** For dynamic quantization with weights by channels. Mirrors `torch.ao.quantization.per_channel_dynamic_qconfig`. */
export const per_channel_dynamic_qconfig = new QConfig(
  default_dynamic_quant_observer,
  default_per_channel_weight_observer,
);
/** For training. Mirrors `torch.ao.quantization.default_qat_qconfig`. */
export const default_qat_qconfig = new QConfig(default_fake_quant, default_weight_fake_quant);
/** For training with dynamic quantization. Mirrors `torch.ao.quantization.default_dynamic_qat_qconfig`. */
export const default_dynamic_qat_qconfig = new QConfig(default_dynamic_fake_quant, default_weight_fake_quant);
/** For weights alone. Mirrors `torch.ao.quantization.default_weight_only_qconfig`. */
export const default_weight_only_qconfig = new QConfig(Identity, default_weight_fake_quant);
/** For activations alone. Mirrors `torch.ao.quantization.default_activation_only_qconfig`. */
export const default_activation_only_qconfig = new QConfig(default_fake_quant, Identity);
/** For training, in one operator. Mirrors `torch.ao.quantization.default_qat_qconfig_v2`. */
export const default_qat_qconfig_v2 = new QConfig(default_fused_act_fake_quant, default_fused_wt_fake_quant);
/** With weights in `torch.quint8`. Mirrors `torch.ao.quantization.default_quint8_weight_qconfig`. */
export const default_quint8_weight_qconfig = new QConfig(HistogramObserver, MinMaxObserver);

/** For rows of embeddings, after training. Mirrors `torch.ao.quantization.float_qparams_weight_only_qconfig`. */
export const float_qparams_weight_only_qconfig = new QConfig(
  default_placeholder_observer,
  default_float_qparams_observer,
);
/** The same in 4 bits. Mirrors `torch.ao.quantization.float_qparams_weight_only_qconfig_4bit`. */
export const float_qparams_weight_only_qconfig_4bit = new QConfig(
  default_placeholder_observer,
  default_float_qparams_observer_4bit,
);
const unwatched = partial_of(NoopObserver, { dtype: float32 });
/** For rows of embeddings, in training. Mirrors `torch.ao.quantization.default_embedding_qat_qconfig`. */
export const default_embedding_qat_qconfig = new QConfig(unwatched, default_embedding_fake_quant);
/** The same in 4 bits. Mirrors `torch.ao.quantization.default_embedding_qat_qconfig_4bit`. */
export const default_embedding_qat_qconfig_4bit = new QConfig(unwatched, default_embedding_fake_quant_4bit);

const backends = ['fbgemm', 'x86', 'qnnpack', 'onednn'];

function check_backend(backend: string): void {
  if (backends.includes(backend)) return;
  const listed = backends.map((name) => `'${name}'`).join(', ');
  throw new Error(`backend: ${backend} not supported. backend must be one of [${listed}]`);
}

const GET_DEFAULT = signature<{ backend?: string; version?: number }>(
  'get_default_qconfig',
  'backend?: str, version?: int',
);

/**
 * How to quantize after calibration, for a kind of processors. Mirrors `torch.ao.quantization.get_default_qconfig`.
 *
 * @param backend - `'x86'` (the default), `'fbgemm'`, `'qnnpack'` or `'onednn'`
 * @param version - 0
 * @throws Error for another backend or version
 * @example
 * ```ts
 * print(torch.ao.quantization.get_default_qconfig('x86'));
 * ```
 * ```python
 * print(torch.ao.quantization.get_default_qconfig('x86'))
 * ```
 */
export function get_default_qconfig(backend?: string, version?: number): QConfig;
export function get_default_qconfig(options: { backend?: string; version?: number }): QConfig;
export function get_default_qconfig(...args: unknown[]): QConfig {
  const { backend = 'x86', version = 0 } = GET_DEFAULT.read(args);
  check_backend(backend);
  if (version !== 0) {
    throw new Error(`Version number: ${version} in get_default_qconfig is not supported. Version number must be 0`);
  }
  const reduce_range = backend === 'fbgemm' || backend === 'x86';
  const weight = backend === 'qnnpack' ? default_weight_observer : default_per_channel_weight_observer;
  return new QConfig(partial_of(HistogramObserver, { reduce_range }), weight);
}

const GET_DEFAULT_QAT = signature<{ backend?: string; version?: number }>(
  'get_default_qat_qconfig',
  'backend?: str, version?: int',
);

/**
 * How to quantize in training, for a kind of processors. Mirrors `torch.ao.quantization.get_default_qat_qconfig`.
 *
 * @param backend - `'x86'` (the default), `'fbgemm'`, `'qnnpack'` or `'onednn'`
 * @param version - 1 (the default) observes and quantizes in one operator, 0 in several
 * @throws Error for another backend or version
 * @example
 * ```ts
 * print(torch.ao.quantization.get_default_qat_qconfig('qnnpack'));
 * ```
 * ```python
 * print(torch.ao.quantization.get_default_qat_qconfig('qnnpack'))
 * ```
 */
export function get_default_qat_qconfig(backend?: string, version?: number): QConfig;
export function get_default_qat_qconfig(options: { backend?: string; version?: number }): QConfig;
export function get_default_qat_qconfig(...args: unknown[]): QConfig {
  const { backend = 'x86', version = 1 } = GET_DEFAULT_QAT.read(args);
  check_backend(backend);
  if (version !== 0 && version !== 1) {
    throw new Error(
      `Version number: ${version}in get_default_qat_qconfig is not supported. Version number must be 0 or 1`,
    );
  }
  const range = backend === 'onednn' ? {} : { reduce_range: backend !== 'qnnpack' };
  const keywords = { observer: MovingAverageMinMaxObserver, quant_min: 0, quant_max: 255, ...range };
  const by_tensor = backend === 'qnnpack';
  if (version === 0) {
    const weight = by_tensor ? default_weight_fake_quant : default_per_channel_weight_fake_quant;
    return new QConfig(partial_of(FakeQuantize, keywords), weight);
  }
  const weight = by_tensor ? default_fused_wt_fake_quant : default_fused_per_channel_wt_fake_quant;
  return new QConfig(partial_of(FusedMovingAvgObsFakeQuantize, keywords), weight);
}

/** The qconfig of a module. @throws TypeError for what is not one */
export function qconfig_of(module: Module): QConfig | null | undefined {
  const qconfig: unknown = module.qconfig;
  if (qconfig === undefined || qconfig === null || qconfig instanceof QConfig)
    return qconfig as QConfig | null | undefined;
  throw new TypeError(`${module._get_name()}: the field 'qconfig' must be QConfig or None, not ${kind_of(qconfig)}`);
}
