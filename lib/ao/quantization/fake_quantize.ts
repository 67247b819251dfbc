/** Modules that quantize and dequantize in training: `torch.ao.quantization.fake_quantize`. */
import { tensor } from '../../creation.js';
import {
  fake_quantize_per_channel_affine,
  fake_quantize_per_tensor_affine,
  fused_moving_avg_obs_fake_quant,
} from '../../generated/functions.js';
import { signature } from '../../_internal/signature.js';
import { Module } from '../../nn/modules/module.js';
import { f } from '../../python/print.js';
import { float32, int32, int64, int8, qint32, qint8, quint4x2, quint8, uint8, type DType } from '../../types/dtype.js';
import {
  per_channel_affine_float_qparams,
  per_channel_symmetric,
  per_tensor_affine,
  per_tensor_symmetric,
  type QScheme,
} from '../../types/qscheme.js';
import type { Tensor } from '../../_tensor.js';
import {
  home_of,
  keywords_of,
  make_observer,
  partial_of,
  type ObserverClass,
  type ObserverFactory,
  type PartialObserver,
} from './factories.js';
import {
  default_fixed_qparams_range_0to1_observer,
  default_fixed_qparams_range_neg1to1_observer,
  FixedQParamsObserver,
  HistogramObserver,
  is_per_channel,
  is_per_tensor,
  MovingAverageMinMaxObserver,
  MovingAveragePerChannelMinMaxObserver,
  type ObserverBase,
  type QParams,
  resize_as_loaded,
} from './observer.js';

const NONE = signature<object>('FakeQuantizeBase', '');
const ENABLE = signature<{ enabled?: boolean }>('enable', 'enabled?: bool');

/**
 * The base of the modules that quantize and dequantize tensors in training. Mirrors `torch.ao.quantization.FakeQuantizeBase`.
 * @example
 * ```ts
 * const { FakeQuantize, FakeQuantizeBase } = torch.ao.quantization;
 * print(new FakeQuantize() instanceof FakeQuantizeBase);
 * ```
 * ```python
 * from torch.ao.quantization import FakeQuantize, FakeQuantizeBase
 * print(isinstance(FakeQuantize(), FakeQuantizeBase))
 * ```
 */
export abstract class FakeQuantizeBase extends Module {
  /** One element: 1 when tensors are quantized. */
  declare fake_quant_enabled: Tensor;
  /** One element: 1 when tensors are observed. */
  declare observer_enabled: Tensor;

  constructor(...none: []);
  constructor(...args: unknown[]) {
    NONE.read(args);
    super();
    this.register_buffer('fake_quant_enabled', tensor([1], { dtype: uint8 }));
    this.register_buffer('observer_enabled', tensor([1], { dtype: uint8 }));
  }

  abstract forward(X: Tensor): Tensor;
  abstract calculate_qparams(): QParams;

  /** Quantizes tensors from now on. @param enabled - default true */
  enable_fake_quant(enabled?: boolean | { enabled?: boolean }): void;
  enable_fake_quant(...args: unknown[]): void {
    this.fake_quant_enabled.fill_((ENABLE.read(args).enabled ?? true) ? 1 : 0);
  }

  /** Leaves tensors as they are from now on. */
  disable_fake_quant(): void {
    this.enable_fake_quant(false);
  }

  /** Observes tensors from now on. @param enabled - default true */
  enable_observer(enabled?: boolean | { enabled?: boolean }): void;
  enable_observer(...args: unknown[]): void {
    this.observer_enabled.fill_((ENABLE.read(args).enabled ?? true) ? 1 : 0);
  }

  /** Observes no tensors from now on. */
  disable_observer(): void {
    this.enable_observer(false);
  }

  /** The class with some of its arguments, for a `QConfig`. Mirrors `FakeQuantizeBase.with_args`. */
  static with_args<M extends Module>(
    this: ObserverClass<M>,
    options: Readonly<Record<string, unknown>>,
  ): PartialObserver<M>;
  static with_args(this: ObserverClass, ...args: unknown[]): PartialObserver {
    return partial_of(this, keywords_of('with_args', args));
  }
}

/** An observer as a fake quantization needs it. */
interface RangeObserver extends ObserverBase {
  qscheme: QScheme;
  quant_min: number;
  quant_max: number;
  min_val: Tensor;
  max_val: Tensor;
  ch_axis?: number;
  averaging_constant: number;
  reduce_range: boolean;
}

/** What {@link FakeQuantize} takes; other options are those of the observer. */
export interface FakeQuantizeOptions {
  /** The observer. Default {@link MovingAverageMinMaxObserver}. */
  observer?: ObserverFactory;
  /** The smallest integer. Default null: that of the observer. */
  quant_min?: number | null;
  /** The largest integer. Default null: that of the observer. */
  quant_max?: number | null;
  /** Whether the range is that of each tensor. Default false. */
  is_dynamic?: boolean;
  /** Arguments of the observer. */
  [argument: string]: unknown;
}

const FAKE = signature<FakeQuantizeOptions & { observer_kwargs: Record<string, unknown> }>(
  'FakeQuantize',
  'observer?: Factory, quant_min?: int|None, quant_max?: int|None, is_dynamic?: bool, **observer_kwargs: any',
);

/** The smallest and the largest integer that a dtype holds. */
function bounds_of(dtype: DType): [number, number] {
  if (dtype === qint8 || dtype === int8) return [-128, 127];
  if (dtype === quint8 || dtype === uint8) return [0, 255];
  if (dtype === quint4x2) return [0, 15];
  return dtype === qint32 || dtype === int32 ? [-(2 ** 31), 2 ** 31 - 1] : [-(2 ** 63), 2 ** 63];
}

/**
 * Observes tensors, and quantizes and dequantizes them: `(clamp(round(x / scale + zero_point), quant_min, quant_max) - zero_point) *
 * scale`, whose gradient is that of `x` within the range. Mirrors `torch.ao.quantization.FakeQuantize`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param observer - the observer; default `MovingAverageMinMaxObserver`
 * @param quant_min - the smallest integer; default null, that of the observer
 * @param quant_max - the largest integer; default null, that of the observer
 * @param options - `is_dynamic`, and arguments of the observer
 * @throws Error for a range that the dtype does not have
 * @example
 * ```ts
 * const { FakeQuantize, MovingAverageMinMaxObserver } = torch.ao.quantization;
 * const fake = new FakeQuantize(MovingAverageMinMaxObserver, 0, 255);
 * print(fake(torch.tensor([-1.5, 0.5, 2.25])), fake);
 * ```
 * ```python
 * from torch.ao.quantization import FakeQuantize, MovingAverageMinMaxObserver
 * fake = FakeQuantize(MovingAverageMinMaxObserver, 0, 255)
 * print(fake(torch.tensor([-1.5, 0.5, 2.25])), fake)
 * ```
 */
export class FakeQuantize extends FakeQuantizeBase {
  declare activation_post_process: RangeObserver;
  declare quant_min: number;
  declare quant_max: number;
  declare is_dynamic: boolean;
  declare scale: Tensor;
  declare zero_point: Tensor;
  declare dtype: DType;
  declare qscheme: QScheme;
  declare ch_axis: number;
  declare is_per_channel: boolean;

  constructor(options?: FakeQuantizeOptions);
  constructor(
    observer?: ObserverFactory,
    quant_min?: number | null,
    quant_max?: number | null,
    options?: FakeQuantizeOptions,
  );
  constructor(...args: unknown[]) {
    const given = FAKE.read(args);
    const { observer = MovingAverageMinMaxObserver as ObserverFactory, is_dynamic = false } = given;
    const { quant_min = null, quant_max = null } = given;
    super();
    const options: Record<string, unknown> = { ...given.observer_kwargs };
    if (quant_min !== null && quant_max !== null) {
      if (quant_min > quant_max) throw new Error('quant_min must be less than or equal to quant_max');
      const keywords = (observer as Partial<PartialObserver>).keywords ?? {};
      const [least, most] = bounds_of((keywords['dtype'] ?? options['dtype'] ?? quint8) as DType);
      if (least > quant_min) throw new Error('quant_min out of bound');
      if (quant_max > most) throw new Error('quant_max out of bound');
      Object.assign(options, { quant_min, quant_max });
    }
    this.activation_post_process = make_observer(observer, { ...options, is_dynamic }) as RangeObserver;
    const its = this.activation_post_process;
    this.quant_min = its.quant_min;
    this.quant_max = its.quant_max;
    this.is_dynamic = its.is_dynamic;
    const floats = its.qscheme === per_channel_affine_float_qparams;
    this.register_buffer('scale', tensor([1], { dtype: float32 }));
    this.register_buffer('zero_point', tensor([0], { dtype: floats ? float32 : int32 }));
    this.dtype = its.dtype;
    this.qscheme = its.qscheme;
    this.ch_axis = its.ch_axis ?? -1;
    this.is_per_channel = is_per_channel(its.qscheme);
  }

  override calculate_qparams(): QParams {
    return this.activation_post_process.calculate_qparams();
  }

  override forward(X: Tensor): Tensor {
    const { activation_post_process: its, scale, zero_point } = this;
    if (this.observer_enabled.item() === 1) {
      its(X.detach());
      const [new_scale, new_zero_point] = this.calculate_qparams();
      scale.resize_(new_scale.shape).copy_(new_scale);
      zero_point.resize_(new_zero_point.shape).copy_(new_zero_point);
    }
    if (this.fake_quant_enabled.item() !== 1) return X;
    const { quant_min, quant_max } = its;
    return this.is_per_channel
      ? fake_quantize_per_channel_affine(X, scale, zero_point, this.ch_axis, quant_min, quant_max)
      : fake_quantize_per_tensor_affine(X, scale, zero_point, quant_min, quant_max);
  }

  override extra_repr(): string {
    const { quant_min, quant_max } = this.activation_post_process;
    return (
      f`fake_quant_enabled=${this.fake_quant_enabled}, observer_enabled=${this.observer_enabled}, ` +
      f`quant_min=${quant_min}, quant_max=${quant_max}, dtype=${this.dtype}, qscheme=${this.qscheme}, ` +
      f`ch_axis=${this.ch_axis}, scale=${this.scale}, zero_point=${this.zero_point}`
    );
  }

  override _load_from_state_dict(...args: Parameters<Module['_load_from_state_dict']>): void {
    resize_as_loaded(this, ['scale', 'zero_point'], ...args);
    super._load_from_state_dict(...args);
  }
}

const FIXED = signature<{ observer: ObserverFactory }>('FixedQParamsFakeQuantize', 'observer: Factory');

/**
 * Quantizes and dequantizes with a fixed scale and zero point. Mirrors `torch.ao.quantization.FixedQParamsFakeQuantize`.
 *
 * @param observer - a {@link FixedQParamsObserver} with its arguments
 * @throws Error for another observer
 * @example
 * ```ts
 * const { FixedQParamsFakeQuantize, FixedQParamsObserver } = torch.ao.quantization;
 * const fake = new FixedQParamsFakeQuantize(FixedQParamsObserver.with_args({ scale: 0.5, zero_point: 3 }));
 * print(fake(torch.tensor([0.3, 0.8])), fake);
 * ```
 * ```python
 * from torch.ao.quantization import FixedQParamsFakeQuantize, FixedQParamsObserver
 * fake = FixedQParamsFakeQuantize(FixedQParamsObserver.with_args(scale=0.5, zero_point=3))
 * print(fake(torch.tensor([0.3, 0.8])), fake)
 * ```
 */
export class FixedQParamsFakeQuantize extends FakeQuantize {
  constructor(observer: ObserverFactory | { observer: ObserverFactory });
  constructor(...args: unknown[]) {
    super({ observer: FIXED.read(args).observer });
    if ((this.activation_post_process as ObserverBase).constructor !== FixedQParamsObserver) {
      throw new Error(`${this._get_name()}'s observer must be a FixedQParamsObserver`);
    }
    const its = this.activation_post_process as unknown as FixedQParamsObserver;
    this.scale = its.scale;
    this.zero_point = its.zero_point;
    if (!is_per_tensor(this.qscheme)) {
      throw new Error(
        `Only per tensor quantization is supported FixedQParamsFakeQuantize module, got qscheme:${String(this.qscheme)}`,
      );
    }
  }

  override calculate_qparams(): QParams {
    return [this.scale, this.zero_point];
  }

  override extra_repr(): string {
    const { quant_min, quant_max } = this.activation_post_process;
    return (
      f`fake_quant_enabled=${this.fake_quant_enabled}, observer_enabled=${this.observer_enabled}, ` +
      f`scale=${this.scale}, zero_point=${this.zero_point}, dtype=${this.dtype}, quant_min=${quant_min}, ` +
      f`quant_max=${quant_max}, qscheme=${this.qscheme}`
    );
  }
}

const FUSED = signature<FakeQuantizeOptions & { observer_kwargs: Record<string, unknown> }>(
  'FusedMovingAvgObsFakeQuantize',
  'observer?: Factory, quant_min?: int, quant_max?: int, **observer_kwargs: any',
);

/**
 * {@link FakeQuantize} with a moving average, in one operator. Mirrors `torch.ao.quantization.FusedMovingAvgObsFakeQuantize`.
 *
 * @param observer - an observer of moving averages; default `MovingAverageMinMaxObserver`
 * @param quant_min - the smallest integer; default 0
 * @param quant_max - the largest integer; default 255
 * @param options - arguments of the observer
 * @throws Error for another observer
 * @example
 * ```ts
 * const fake = new torch.ao.quantization.FusedMovingAvgObsFakeQuantize();
 * print(fake(torch.tensor([-1.5, 0.5, 2.25])), fake);
 * ```
 * ```python
 * fake = torch.ao.quantization.FusedMovingAvgObsFakeQuantize()
 * print(fake(torch.tensor([-1.5, 0.5, 2.25])), fake)
 * ```
 */
export class FusedMovingAvgObsFakeQuantize extends FakeQuantize {
  declare is_symmetric_quant: boolean;

  constructor(options?: FakeQuantizeOptions);
  constructor(observer?: ObserverFactory, quant_min?: number, quant_max?: number, options?: FakeQuantizeOptions);
  constructor(...args: unknown[]) {
    const given = FUSED.read(args);
    const { observer = MovingAverageMinMaxObserver as ObserverFactory, quant_min = 0, quant_max = 255 } = given;
    super(observer, quant_min, quant_max, given.observer_kwargs);
    const its: unknown = this.activation_post_process;
    if (!(its instanceof MovingAverageMinMaxObserver || its instanceof MovingAveragePerChannelMinMaxObserver)) {
      throw new Error('Fused observer+fake_quant module only works with MovingAverageMinMaxObserver');
    }
    this.fake_quant_enabled = tensor([1], { dtype: int64 });
    this.observer_enabled = tensor([1], { dtype: int64 });
    this.is_symmetric_quant = this.qscheme === per_tensor_symmetric || this.qscheme === per_channel_symmetric;
  }

  override forward(X: Tensor): Tensor {
    const { activation_post_process: its } = this;
    return fused_moving_avg_obs_fake_quant(
      X,
      this.observer_enabled,
      this.fake_quant_enabled,
      its.min_val,
      its.max_val,
      this.scale,
      this.zero_point,
      its.averaging_constant,
      its.quant_min,
      its.quant_max,
      this.ch_axis,
      this.is_per_channel,
      this.is_symmetric_quant,
    );
  }

  override extra_repr(): string {
    const { quant_min, quant_max, reduce_range } = this.activation_post_process;
    return (
      f`fake_quant_enabled=${this.fake_quant_enabled}, observer_enabled=${this.observer_enabled}, ` +
      f`scale=${this.scale}, zero_point=${this.zero_point}, dtype=${this.dtype}, quant_min=${quant_min}, ` +
      f`quant_max=${quant_max}, qscheme=${this.qscheme}, reduce_range=${reduce_range}`
    );
  }
}

home_of('torch.ao.quantization.fake_quantize', FakeQuantize, FixedQParamsFakeQuantize, FusedMovingAvgObsFakeQuantize);

const weights = { quant_min: -128, quant_max: 127, dtype: qint8 } as const;

/** For activations. Mirrors `torch.ao.quantization.default_fake_quant`. */
export const default_fake_quant = partial_of(FakeQuantize, {
  observer: MovingAverageMinMaxObserver,
  quant_min: 0,
  quant_max: 255,
  dtype: quint8,
  qscheme: per_tensor_affine,
  reduce_range: true,
});
/** For weights. Mirrors `torch.ao.quantization.default_weight_fake_quant`. */
export const default_weight_fake_quant = partial_of(FakeQuantize, {
  observer: MovingAverageMinMaxObserver,
  ...weights,
  qscheme: per_tensor_symmetric,
  reduce_range: false,
});
/** For activations by their own range. Mirrors `torch.ao.quantization.default_dynamic_fake_quant`. */
export const default_dynamic_fake_quant = partial_of(FakeQuantize, {
  observer: MovingAverageMinMaxObserver,
  quant_min: 0,
  quant_max: 255,
  is_dynamic: true,
  dtype: quint8,
  averaging_constant: 1,
});
/** For results from -1 to 1. Mirrors `torch.ao.quantization.default_fixed_qparams_range_neg1to1_fake_quant`. */
export const default_fixed_qparams_range_neg1to1_fake_quant = partial_of(FixedQParamsFakeQuantize, {
  observer: default_fixed_qparams_range_neg1to1_observer,
});
/** For results from 0 to 1. Mirrors `torch.ao.quantization.default_fixed_qparams_range_0to1_fake_quant`. */
export const default_fixed_qparams_range_0to1_fake_quant = partial_of(FixedQParamsFakeQuantize, {
  observer: default_fixed_qparams_range_0to1_observer,
});
/** For weights by channels. Mirrors `torch.ao.quantization.default_per_channel_weight_fake_quant`. */
export const default_per_channel_weight_fake_quant = partial_of(FakeQuantize, {
  observer: MovingAveragePerChannelMinMaxObserver,
  ...weights,
  qscheme: per_channel_symmetric,
  reduce_range: false,
  ch_axis: 0,
});
/** For rows of embeddings. Mirrors `torch.ao.quantization.default_embedding_fake_quant`. */
export const default_embedding_fake_quant = partial_of(FakeQuantize, {
  observer: MovingAveragePerChannelMinMaxObserver,
  qscheme: per_channel_affine_float_qparams,
  dtype: quint8,
  quant_min: 0,
  quant_max: 255,
  ch_axis: 0,
  averaging_constant: 1,
});
/** For rows of embeddings in 4 bits. Mirrors `torch.ao.quantization.default_embedding_fake_quant_4bit`. */
export const default_embedding_fake_quant_4bit = partial_of(FakeQuantize, {
  observer: MovingAveragePerChannelMinMaxObserver,
  qscheme: per_channel_affine_float_qparams,
  ch_axis: 0,
  dtype: quint4x2,
  averaging_constant: 1,
});
/** For activations by a histogram. Mirrors `torch.ao.quantization.default_histogram_fake_quant`. */
export const default_histogram_fake_quant = partial_of(FakeQuantize, {
  observer: HistogramObserver,
  quant_min: 0,
  quant_max: 255,
  dtype: quint8,
  qscheme: per_tensor_affine,
  reduce_range: true,
});
/** {@link default_fake_quant} in one operator. Mirrors `torch.ao.quantization.default_fused_act_fake_quant`. */
export const default_fused_act_fake_quant = partial_of(FusedMovingAvgObsFakeQuantize, {
  observer: MovingAverageMinMaxObserver,
  quant_min: 0,
  quant_max: 255,
  dtype: quint8,
});
/** {@link default_weight_fake_quant} in one operator. Mirrors `torch.ao.quantization.default_fused_wt_fake_quant`. */
export const default_fused_wt_fake_quant = partial_of(FusedMovingAvgObsFakeQuantize, {
  observer: MovingAverageMinMaxObserver,
  ...weights,
  qscheme: per_tensor_symmetric,
});
/** {@link default_per_channel_weight_fake_quant} in one operator. Mirrors `torch.ao.quantization.default_fused_per_channel_wt_fake_quant`. */
export const default_fused_per_channel_wt_fake_quant = partial_of(FusedMovingAvgObsFakeQuantize, {
  observer: MovingAveragePerChannelMinMaxObserver,
  ...weights,
  qscheme: per_channel_symmetric,
});

type Switch = 'disable_fake_quant' | 'enable_fake_quant' | 'disable_observer' | 'enable_observer';

function switcher(name: Switch): (args: readonly unknown[]) => void {
  const declared = signature<{ mod: Module }>(name, 'mod: Module');
  return (args) => {
    const { mod } = declared.read(args);
    if (mod instanceof FakeQuantizeBase) mod[name]();
  };
}
const SWITCH = {
  disable_fake_quant: switcher('disable_fake_quant'),
  enable_fake_quant: switcher('enable_fake_quant'),
  disable_observer: switcher('disable_observer'),
  enable_observer: switcher('enable_observer'),
};

/**
 * Stops quantization in a module, for `model.apply`; other modules stay as they are. Mirrors `torch.ao.quantization.disable_fake_quant`.
 *
 * @param mod - any module
 * @example
 * ```ts
 * const fake = new torch.ao.quantization.FakeQuantize();
 * fake.apply(torch.ao.quantization.disable_fake_quant);
 * print(fake.fake_quant_enabled);
 * ```
 * ```python
 * fake = torch.ao.quantization.FakeQuantize()
 * fake.apply(torch.ao.quantization.disable_fake_quant)
 * print(fake.fake_quant_enabled)
 * ```
 */
export function disable_fake_quant(mod: Module | { mod: Module }): void;
export function disable_fake_quant(...args: unknown[]): void {
  SWITCH.disable_fake_quant(args);
}

/**
 * Begins quantization in a module, for `model.apply`; other modules stay as they are. Mirrors `torch.ao.quantization.enable_fake_quant`.
 *
 * @param mod - any module
 * @example
 * ```ts
 * const fake = new torch.ao.quantization.FakeQuantize();
 * fake.apply(torch.ao.quantization.enable_fake_quant);
 * print(fake.fake_quant_enabled);
 * ```
 * ```python
 * fake = torch.ao.quantization.FakeQuantize()
 * fake.apply(torch.ao.quantization.enable_fake_quant)
 * print(fake.fake_quant_enabled)
 * ```
 */
export function enable_fake_quant(mod: Module | { mod: Module }): void;
export function enable_fake_quant(...args: unknown[]): void {
  SWITCH.enable_fake_quant(args);
}

/**
 * Stops observation in a module, for `model.apply`; other modules stay as they are. Mirrors `torch.ao.quantization.disable_observer`.
 *
 * @param mod - any module
 * @example
 * ```ts
 * const fake = new torch.ao.quantization.FakeQuantize();
 * fake.apply(torch.ao.quantization.disable_observer);
 * print(fake.observer_enabled);
 * ```
 * ```python
 * fake = torch.ao.quantization.FakeQuantize()
 * fake.apply(torch.ao.quantization.disable_observer)
 * print(fake.observer_enabled)
 * ```
 */
export function disable_observer(mod: Module | { mod: Module }): void;
export function disable_observer(...args: unknown[]): void {
  SWITCH.disable_observer(args);
}

/**
 * Begins observation in a module, for `model.apply`; other modules stay as they are. Mirrors `torch.ao.quantization.enable_observer`.
 *
 * @param mod - any module
 * @example
 * ```ts
 * const fake = new torch.ao.quantization.FakeQuantize();
 * fake.apply(torch.ao.quantization.enable_observer);
 * print(fake.observer_enabled);
 * ```
 * ```python
 * fake = torch.ao.quantization.FakeQuantize()
 * fake.apply(torch.ao.quantization.enable_observer)
 * print(fake.observer_enabled)
 * ```
 */
export function enable_observer(mod: Module | { mod: Module }): void;
export function enable_observer(...args: unknown[]): void {
  SWITCH.enable_observer(args);
}
