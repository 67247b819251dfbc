/** Modules that watch tensors and say how to quantize them: `torch.ao.quantization.observer`. */
import { tensor } from '../../creation.js';
import {
  arange,
  bincount,
  bucketize,
  histc,
  linspace,
  ones,
  ones_like,
  rsub,
  where,
  zeros,
  zeros_like,
} from '../../generated/functions.js';
import { signature } from '../../_internal/signature.js';
import { NotImplementedError } from '../../_internal/not_implemented.js';
import { warn } from '../../_internal/warnings.js';
import { Module } from '../../nn/modules/module.js';
import { f } from '../../python/print.js';
import {
  float16,
  float32,
  float8_e4m3fn,
  float8_e5m2,
  get_default_dtype,
  int16,
  int32,
  int64,
  int8,
  qint32,
  qint8,
  quint4x2,
  quint8,
  uint16,
  uint8,
  type DType,
} from '../../types/dtype.js';
import {
  per_channel_affine,
  per_channel_affine_float_qparams,
  per_channel_symmetric,
  per_tensor_affine,
  per_tensor_symmetric,
  type QScheme,
} from '../../types/qscheme.js';
import type { Tensor } from '../../_tensor.js';
import { home_of, keywords_of, partial_of, type ObserverClass, type PartialObserver } from './factories.js';

const EPS = 2 ** -23;

/** The scale and the zero point of a quantization. */
export type QParams = [scale: Tensor, zero_point: Tensor];

/** @internal */
export const is_per_tensor = (qscheme: QScheme): boolean =>
  qscheme === per_tensor_affine || qscheme === per_tensor_symmetric;
/** @internal */
export const is_per_channel = (qscheme: QScheme): boolean =>
  [per_channel_affine, per_channel_symmetric, per_channel_affine_float_qparams].includes(qscheme);

/**
 * The base of all observers. A subclass has a `forward`, which looks at a tensor and returns it, and `calculate_qparams`. Mirrors
 * `torch.ao.quantization.ObserverBase`.
 *
 * @param dtype - the dtype to quantize to
 * @param is_dynamic - whether the range is that of each tensor; default false
 * @example
 * ```ts
 * print(new torch.ao.quantization.MinMaxObserver() instanceof torch.ao.quantization.ObserverBase);
 * ```
 * ```python
 * print(isinstance(torch.ao.quantization.MinMaxObserver(), torch.ao.quantization.ObserverBase))
 * ```
 */
export abstract class ObserverBase extends Module {
  /** The dtype to quantize to. */
  declare dtype: DType;
  /** Whether the range is that of each tensor. */
  declare is_dynamic: boolean;

  constructor(dtype: DType, is_dynamic?: boolean);
  constructor(...args: unknown[]) {
    super();
    const { dtype, is_dynamic = false } = BASE.read(args);
    this.dtype = dtype;
    this.is_dynamic = is_dynamic;
  }

  /**
   * The class with some of its arguments, for a `QConfig`. Mirrors `ObserverBase.with_args`.
   * @param options - arguments by name
   */
  static with_args<M extends Module>(
    this: ObserverClass<M>,
    options: Readonly<Record<string, unknown>>,
  ): PartialObserver<M>;
  static with_args(this: ObserverClass, ...args: unknown[]): PartialObserver {
    return partial_of(this, keywords_of('with_args', args));
  }

  abstract forward(x: Tensor): Tensor;

  /** The scale and the zero point by what has been seen. */
  abstract calculate_qparams(): QParams;
}
const BASE = signature<{ dtype: DType; is_dynamic?: boolean }>('ObserverBase', 'dtype: dtype, is_dynamic?: bool');

/** What observers take that compute a scale and a zero point. */
export interface ObserverOptions {
  /** The dtype to quantize to. Default `torch.quint8`. */
  dtype?: DType;
  /** The scheme. Default affine. */
  qscheme?: QScheme;
  /** Use one bit less, which keeps older processors from overflowing. Default false. */
  reduce_range?: boolean;
  /** The smallest integer. Default null: that of the dtype. */
  quant_min?: number | null;
  /** The largest integer. Default null: that of the dtype. */
  quant_max?: number | null;
  /** Device and dtype of the buffers. Default null. */
  factory_kwargs?: Readonly<Record<string, unknown>> | null;
  /** The smallest scale. Default 2 ** -23. */
  eps?: number;
  /** Whether the range is that of each tensor. Default false. */
  is_dynamic?: boolean;
}

const OPTIONS =
  'dtype?: dtype, qscheme?: qscheme, reduce_range?: bool, quant_min?: int|None, quant_max?: int|None, ' +
  'factory_kwargs?: dict|None, eps?: float, is_dynamic?: bool';
const UNIFORM = signature<ObserverOptions>('UniformQuantizationObserverBase', OPTIONS);

const allowed_dtypes: readonly DType[] = [
  qint8,
  quint8,
  quint4x2,
  qint32,
  int8,
  uint8,
  int16,
  int32,
  float8_e5m2,
  float8_e4m3fn,
  uint16,
];

function check_custom_range(quant_min: number, quant_max: number, dtype: DType): void {
  if (!(quant_min <= 0 && quant_max >= 0)) throw new Error('Used-specified quantization range must include 0.');
  if (quant_min >= quant_max) {
    throw new Error('qmin must be strictly less than qmax for user-specified quantization range.');
  }
  const length = quant_max - quant_min + 1;
  if ((dtype === qint8 || dtype === int8) && length > 256) {
    throw new Error('quantization range should be positive and not exceed the maximum bit range (=256).');
  }
  if ((dtype === qint32 || dtype === int32) && length > 2 ** 32) {
    throw new Error('quantization range should be positive and not exceed the maximum bit range (=4294967296).');
  }
}

/** The smallest and the largest integer of a dtype. */
function range_of(dtype: DType, reduce_range: boolean): [number, number] {
  if (dtype === qint8 || dtype === int8) return reduce_range ? [-64, 63] : [-128, 127];
  if (dtype === quint8 || dtype === uint8) return reduce_range ? [0, 127] : [0, 255];
  if (dtype === qint32 || dtype === int32) return [-(2 ** 31), 2 ** 31 - 1];
  if (dtype === uint16) return [0, 2 ** 16 - 1];
  return dtype === int16 ? [-(2 ** 15), 2 ** 15 - 1] : [0, 15];
}

/** Whether there is a range. @throws Error for one that ends before it begins */
function is_valid_range(min_val: Tensor, max_val: Tensor): boolean {
  const unseen = (): boolean => {
    warn('must run observer before calling calculate_qparams. Returning default values.');
    return false;
  };
  if (min_val.numel() === 0 || max_val.numel() === 0) return unseen();
  if (min_val.dim() === 0 || max_val.dim() === 0) {
    if (min_val.item() === Infinity && max_val.item() === -Infinity) return unseen();
    if (min_val.item() > max_val.item()) throw new Error(f`min ${min_val} should be less than max ${max_val}`);
  } else if (min_val.gt(max_val).any().item()) {
    throw new Error(f`min ${min_val} should be less than max ${max_val}`);
  }
  return true;
}

const at_least_1d = (value: Tensor): Tensor => (value.dim() === 0 ? value.reshape(1) : value);

/**
 * The base of the observers that compute a scale and a zero point from a range. Mirrors
 * `torch.ao.quantization.UniformQuantizationObserverBase`.
 *
 * @param options - see {@link ObserverOptions}
 * @throws Error for a dtype or a scheme that has no such numbers, and for a range without 0
 * @example
 * ```ts
 * const { MinMaxObserver, UniformQuantizationObserverBase } = torch.ao.quantization;
 * print(new MinMaxObserver() instanceof UniformQuantizationObserverBase);
 * ```
 * ```python
 * from torch.ao.quantization import MinMaxObserver, UniformQuantizationObserverBase
 * print(isinstance(MinMaxObserver(), UniformQuantizationObserverBase))
 * ```
 */
export abstract class UniformQuantizationObserverBase extends ObserverBase {
  declare qscheme: QScheme;
  declare reduce_range: boolean;
  declare eps: Tensor;
  declare has_customized_qrange: boolean;
  declare quant_min: number;
  declare quant_max: number;
  declare min_val: Tensor;
  declare max_val: Tensor;

  constructor(options?: ObserverOptions);
  constructor(...args: unknown[]) {
    const given = UNIFORM.read(args);
    const { dtype = quint8, qscheme = per_tensor_affine, reduce_range = false, eps = EPS } = given;
    const { quant_min = null, quant_max = null, is_dynamic = false } = given;
    super(dtype, is_dynamic);
    this.qscheme = qscheme;
    if (reduce_range) {
      const gap = ' '.repeat(21);
      warn(
        `Please use quant_min and quant_max to specify the range for observers.${gap}reduce_range will be deprecated in a ` +
          'future release of PyTorch.',
      );
    }
    this.reduce_range = reduce_range;
    this.register_buffer('eps', tensor([eps], { dtype: float32 }));
    if (!is_per_tensor(qscheme) && !is_per_channel(qscheme)) {
      throw new Error(
        'Default Observer only works for per_tensor_affine, per_tensor_symmetric, per_channel_affine, per_channel_symmetric and ' +
          'per_channel_float_qparams quantization scheme',
      );
    }
    if (!allowed_dtypes.includes(dtype)) {
      throw new Error(`Default Observer only works for (${allowed_dtypes.join(', ')}) data type`);
    }
    this.has_customized_qrange = quant_min !== null && quant_max !== null;
    if (quant_min !== null && quant_max !== null) {
      check_custom_range(quant_min, quant_max, dtype);
      [this.quant_min, this.quant_max] = reduce_range
        ? [Math.floor(quant_min / 2), Math.floor(quant_max / 2)]
        : [quant_min, quant_max];
    } else {
      [this.quant_min, this.quant_max] = range_of(dtype, reduce_range);
    }
  }

  override get _version(): number {
    return 3;
  }

  /** The scale and the zero point for a range, or for one of each channel. @internal */
  _calculate_qparams(min_val: Tensor, max_val: Tensor): QParams {
    const { device } = min_val;
    if (!is_valid_range(min_val, max_val)) {
      return [tensor([1], { dtype: float32, device }), tensor([0], { dtype: int64, device })];
    }
    const { quant_min, quant_max, qscheme, dtype } = this;
    const low = min_val.minimum(zeros_like(min_val));
    const high = max_val.maximum(zeros_like(max_val));
    const steps = quant_max - quant_min;
    const zero = zeros(low.shape, { dtype: int64, device });
    if (qscheme === per_tensor_symmetric || qscheme === per_channel_symmetric) {
      const scale = low
        .neg()
        .maximum(high)
        .div(steps / 2)
        .maximum(this.eps);
      return [scale, at_least_1d(zero.fill_(this.symmetric_zero_point(dtype)))];
    }
    if (qscheme === per_channel_affine_float_qparams) {
      const exact = max_val.sub(min_val).div(steps);
      const scale = where(exact.gt(this.eps), exact, ones_like(exact));
      return [at_least_1d(scale), at_least_1d(min_val.mul(-1).div(scale))];
    }
    const scale = high.sub(low).div(steps).maximum(this.eps);
    const zero_point = rsub(low.div(scale).round().to(int32), quant_min).clamp(quant_min, quant_max);
    return [scale, zero_point];
  }

  private symmetric_zero_point(dtype: DType): number {
    if (dtype === uint16) return 2 ** 15;
    if (dtype !== quint8 && dtype !== uint8) return 0;
    return this.has_customized_qrange ? Math.floor((this.quant_min + this.quant_max) / 2) : 128;
  }

  override calculate_qparams(): QParams {
    return this._calculate_qparams(this.min_val, this.max_val);
  }

  override extra_repr(): string {
    return f`min_val=${this.min_val}, max_val=${this.max_val}`;
  }

  /** Forgets what has been seen. */
  reset_min_max_vals(): void {
    throw new NotImplementedError('Cannot reset min/max values in the given observer.');
  }

  override _load_from_state_dict(...args: Parameters<Module['_load_from_state_dict']>): void {
    resize_as_loaded(this, ['min_val', 'max_val'], ...args);
    super._load_from_state_dict(...args);
  }
}

/** Gives buffers the shapes that they have in a state dict: those of channels have no size before the first tensor. @internal */
export function resize_as_loaded<N extends string>(
  module: Readonly<Record<N, Tensor>>,
  names: readonly N[],
  ...[state_dict, prefix]: Parameters<Module['_load_from_state_dict']>
): void {
  for (const name of names) {
    const value = state_dict[prefix + name];
    if (value !== undefined) module[name].resize_(value.shape);
  }
}

function check_per_tensor(name: string, qscheme: QScheme): void {
  if (is_per_tensor(qscheme)) return;
  throw new NotImplementedError(
    `${name}'s qscheme only support torch.per_tensor_symmetric${' '.repeat(21)}and torch.per_tensor_affine.`,
  );
}

function check_symmetric_range({ qscheme, reduce_range, dtype }: UniformQuantizationObserverBase): void {
  const symmetric = qscheme === per_tensor_symmetric || qscheme === per_channel_symmetric;
  if (!symmetric || !reduce_range || dtype !== quint8) return;
  throw new NotImplementedError('Cannot reduce range for symmetric quantization for quint8');
}

const MIN_MAX = signature<ObserverOptions>('MinMaxObserver', OPTIONS);

/**
 * An observer of the smallest and the largest value so far. Mirrors `torch.ao.quantization.MinMaxObserver`.
 *
 * `scale = (max - min) / (quant_max - quant_min)`, `zero_point = quant_min - round(min / scale)`; symmetric schemes take the larger
 * magnitude for both ends.
 *
 * @param options - see {@link ObserverOptions}
 * @throws Error for a scheme by channels
 * @example
 * ```ts
 * const observer = new torch.ao.quantization.MinMaxObserver();
 * observer(torch.tensor([-1.5, 0.5, 2.25]));
 * print(observer, observer.calculate_qparams());
 * ```
 * ```python
 * observer = torch.ao.quantization.MinMaxObserver()
 * observer(torch.tensor([-1.5, 0.5, 2.25]))
 * print(observer, list(observer.calculate_qparams()))
 * ```
 */
export class MinMaxObserver extends UniformQuantizationObserverBase {
  constructor(options?: ObserverOptions);
  constructor(...args: unknown[]) {
    const options = MIN_MAX.read(args);
    check_per_tensor('MinMaxObserver', options.qscheme ?? per_tensor_affine);
    super(options);
    this.register_buffer('min_val', tensor(Infinity, { dtype: float32 }));
    this.register_buffer('max_val', tensor(-Infinity, { dtype: float32 }));
    check_symmetric_range(this);
  }

  override forward(x_orig: Tensor): Tensor {
    if (x_orig.numel() === 0) return x_orig;
    const { min, max } = x_orig.detach().to(this.min_val.dtype).aminmax();
    this.take(min, max);
    return x_orig;
  }

  /** Takes the range of a tensor into account. */
  protected take(min: Tensor, max: Tensor): void {
    this.min_val.copy_(min.minimum(this.min_val));
    this.max_val.copy_(max.maximum(this.max_val));
  }

  override reset_min_max_vals(): void {
    this.min_val.fill_(Infinity);
    this.max_val.fill_(-Infinity);
  }
}

/** What observers of moving averages take. */
export interface MovingAverageOptions extends Omit<ObserverOptions, 'factory_kwargs'> {
  /** The weight of a new tensor. Default 0.01. */
  averaging_constant?: number;
}
const MOVING = signature<MovingAverageOptions>('MovingAverageMinMaxObserver', `averaging_constant?: float, ${OPTIONS}`);

/** `average + constant * (now - average)`. */
const moved = (average: Tensor, now: Tensor, constant: number): Tensor => average.add(now.sub(average).mul(constant));

/**
 * An observer of the moving averages of the smallest and the largest value of each tensor. Mirrors
 * `torch.ao.quantization.MovingAverageMinMaxObserver`.
 *
 * @param options - `averaging_constant`: the weight of a new tensor, default 0.01; see {@link ObserverOptions} for the others
 * @throws Error for a scheme by channels, and for `is_dynamic` with another weight than 1
 * @example
 * ```ts
 * const observer = new torch.ao.quantization.MovingAverageMinMaxObserver({ averaging_constant: 0.5 });
 * for (const x of [torch.tensor([-1, 1]), torch.tensor([-2, 3])]) observer(x);
 * print(observer, observer.calculate_qparams());
 * ```
 * ```python
 * observer = torch.ao.quantization.MovingAverageMinMaxObserver(averaging_constant=0.5)
 * for x in [torch.tensor([-1, 1]), torch.tensor([-2, 3])]: observer(x)
 * print(observer, list(observer.calculate_qparams()))
 * ```
 */
export class MovingAverageMinMaxObserver extends MinMaxObserver {
  declare averaging_constant: number;

  constructor(options?: MovingAverageOptions);
  constructor(averaging_constant?: number, options?: ObserverOptions);
  constructor(...args: unknown[]) {
    const { averaging_constant = 0.01, ...options } = MOVING.read(args);
    check_per_tensor('MovingAverageMinMaxObserver', options.qscheme ?? per_tensor_affine);
    if (options.is_dynamic === true && averaging_constant !== 1) {
      throw new NotImplementedError(
        `MovingAverageMinMaxObserver doesn't support dynamic quantization for averaging constant of ${averaging_constant}`,
      );
    }
    super(options);
    this.averaging_constant = averaging_constant;
  }

  protected override take(min: Tensor, max: Tensor): void {
    const { min_val, max_val, averaging_constant } = this;
    const first = min_val.item() === Infinity && max_val.item() === -Infinity;
    min_val.copy_(first ? min : moved(min_val, min, averaging_constant));
    max_val.copy_(first ? max : moved(max_val, max, averaging_constant));
  }
}

/** What observers of channels take. */
export interface PerChannelOptions extends ObserverOptions {
  /** The dimension of the channels. Default 0. */
  ch_axis?: number;
}
const PER_CHANNEL = signature<PerChannelOptions>('PerChannelMinMaxObserver', `ch_axis?: int, ${OPTIONS}`);

function check_channels(name: string, qscheme: QScheme, is_dynamic: boolean): void {
  if (!is_per_channel(qscheme)) {
    throw new NotImplementedError(
      `${name}'s qscheme only support torch.per_channel_symmetric, torch.per_channel_affine and torch.per_channel_affine_float_qparams.`,
    );
  }
  if (is_dynamic) throw new NotImplementedError(`${name} doesn't support dynamic quantization`);
}

/**
 * An observer of the smallest and the largest value of each channel so far. Mirrors
 * `torch.ao.quantization.PerChannelMinMaxObserver`.
 *
 * @param options - `ch_axis`: the dimension of the channels, default 0; see {@link ObserverOptions} for the others
 * @throws Error for a scheme by tensors
 * @example
 * ```ts
 * const observer = new torch.ao.quantization.PerChannelMinMaxObserver({ dtype: torch.qint8 });
 * observer(torch.tensor([[-1.5, 0.5], [2.25, 4]]));
 * print(observer, observer.calculate_qparams());
 * ```
 * ```python
 * observer = torch.ao.quantization.PerChannelMinMaxObserver(dtype=torch.qint8)
 * observer(torch.tensor([[-1.5, 0.5], [2.25, 4]]))
 * print(observer, list(observer.calculate_qparams()))
 * ```
 */
export class PerChannelMinMaxObserver extends UniformQuantizationObserverBase {
  declare ch_axis: number;

  constructor(options?: PerChannelOptions);
  constructor(ch_axis?: number, options?: ObserverOptions);
  constructor(...args: unknown[]) {
    const { ch_axis = 0, qscheme = per_channel_affine, ...options } = PER_CHANNEL.read(args);
    check_channels('PerChannelMinMaxObserver', qscheme, options.is_dynamic ?? false);
    super({ ...options, qscheme });
    this.ch_axis = ch_axis;
    this.register_buffer('min_val', tensor([], { dtype: float32 }));
    this.register_buffer('max_val', tensor([], { dtype: float32 }));
    check_symmetric_range(this);
  }

  override forward(x_orig: Tensor): Tensor {
    if (x_orig.numel() === 0) return x_orig;
    const { min_val, max_val, ch_axis } = this;
    const rows = x_orig.detach().transpose(0, ch_axis).to(min_val.dtype).flatten(1);
    const { min, max } = rows.aminmax({ dim: 1 });
    const first = min_val.numel() === 0 || max_val.numel() === 0;
    const [low, high] = first ? [min, max] : this.joined(min, max);
    min_val.resize_(low.shape).copy_(low);
    max_val.resize_(high.shape).copy_(high);
    return x_orig;
  }

  /** The ranges with those of another tensor. */
  protected joined(min: Tensor, max: Tensor): [Tensor, Tensor] {
    return [min.minimum(this.min_val), max.maximum(this.max_val)];
  }

  override reset_min_max_vals(): void {
    this.min_val = zeros([0]);
    this.max_val = zeros([0]);
  }
}

/** What observers of moving averages of channels take. */
export interface MovingAveragePerChannelOptions extends MovingAverageOptions {
  /** The dimension of the channels. Default 0. */
  ch_axis?: number;
}
const MOVING_PER_CHANNEL = signature<MovingAveragePerChannelOptions>(
  'MovingAveragePerChannelMinMaxObserver',
  `averaging_constant?: float, ch_axis?: int, ${OPTIONS}`,
);

/**
 * An observer of the moving averages of the smallest and the largest value of each channel. Mirrors
 * `torch.ao.quantization.MovingAveragePerChannelMinMaxObserver`.
 *
 * @param options - `averaging_constant`: the weight of a new tensor, default 0.01; `ch_axis`: the dimension of the channels, default
 *   0; see {@link ObserverOptions} for the others
 * @throws Error for a scheme by tensors
 * @example
 * ```ts
 * const observer = new torch.ao.quantization.MovingAveragePerChannelMinMaxObserver({ averaging_constant: 0.5 });
 * for (const x of [torch.tensor([[-1, 1]]), torch.tensor([[-2, 3]])]) observer(x);
 * print(observer, observer.calculate_qparams());
 * ```
 * ```python
 * observer = torch.ao.quantization.MovingAveragePerChannelMinMaxObserver(averaging_constant=0.5)
 * for x in [torch.tensor([[-1, 1]]), torch.tensor([[-2, 3]])]: observer(x)
 * print(observer, list(observer.calculate_qparams()))
 * ```
 */
export class MovingAveragePerChannelMinMaxObserver extends PerChannelMinMaxObserver {
  declare averaging_constant: number;

  constructor(options?: MovingAveragePerChannelOptions);
  constructor(averaging_constant?: number, ch_axis?: number, options?: ObserverOptions);
  constructor(...args: unknown[]) {
    const { averaging_constant = 0.01, ...options } = MOVING_PER_CHANNEL.read(args);
    check_channels(
      'MovingAveragePerChannelMinMaxObserver',
      options.qscheme ?? per_channel_affine,
      options.is_dynamic ?? false,
    );
    super(options);
    this.averaging_constant = averaging_constant;
  }

  protected override joined(min: Tensor, max: Tensor): [Tensor, Tensor] {
    const { min_val, max_val, averaging_constant } = this;
    return [moved(min_val, min, averaging_constant), moved(max_val, max, averaging_constant)];
  }
}

/** What {@link HistogramObserver} takes. */
export interface HistogramOptions extends ObserverOptions {
  /** Number of bins. Default 2048. */
  bins?: number;
}
const HISTOGRAM = signature<HistogramOptions>('HistogramObserver', `bins?: int, ${OPTIONS}`);

/** Bins of a histogram are divided into so many parts where they go into other bins. */
const PARTS = 16;

/** The integral of `x ** 2` from `begin` to `end`, times the density. */
function squared(begin: Tensor, end: Tensor, density: Tensor): Tensor {
  const cube = (x: Tensor): Tensor => x.mul(x).mul(x);
  return density.mul(cube(end).sub(cube(begin)).div(3));
}

/**
 * An observer that keeps a histogram, and chooses the range in which quantization loses least. Mirrors
 * `torch.ao.quantization.HistogramObserver`.
 *
 * @param options - `bins`: their number, default 2048; see {@link ObserverOptions} for the others
 * @throws Error for a scheme by channels, and for `is_dynamic`
 * @example
 * ```ts
 * const observer = new torch.ao.quantization.HistogramObserver({ bins: 64 });
 * observer(torch.linspace(-1, 2, 50));
 * print(observer, observer.calculate_qparams());
 * ```
 * ```python
 * observer = torch.ao.quantization.HistogramObserver(bins=64)
 * observer(torch.linspace(-1, 2, 50))
 * print(observer, list(observer.calculate_qparams()))
 * ```
 */
export class HistogramObserver extends UniformQuantizationObserverBase {
  declare bins: number;
  declare histogram: Tensor;
  declare dst_nbins: number;

  constructor(options?: HistogramOptions);
  constructor(bins?: number, options?: ObserverOptions);
  constructor(...args: unknown[]) {
    const { bins = 2048, ...options } = HISTOGRAM.read(args);
    check_per_tensor('HistogramObserver', options.qscheme ?? per_tensor_affine);
    if (options.is_dynamic === true) {
      throw new NotImplementedError("HistogramObserver doesn't support dynamic quantization");
    }
    super(options);
    this.bins = bins;
    this.register_buffer('histogram', zeros([bins]));
    this.register_buffer('min_val', tensor(Infinity, { dtype: float32 }));
    this.register_buffer('max_val', tensor(-Infinity, { dtype: float32 }));
    this.dst_nbins = 2 ** (8 * this.dtype.itemsize);
  }

  override forward(x_orig: Tensor): Tensor {
    if (x_orig.numel() === 0) return x_orig;
    let x = x_orig.detach();
    let { min, max } = x.aminmax();
    if (min.item() === -Infinity || max.item() === Infinity) {
      warn('torch.inf detected in input tensor, ignoring input');
      x = x.masked_select(x.abs().ne(Infinity));
      if (x.numel() === 0) return x_orig;
      ({ min, max } = x.aminmax());
    }
    const { min_val, max_val } = this;
    if (min_val.item() === Infinity || max_val.item() === -Infinity) {
      this.set(min, max, this.count(x, min, max));
      return x_orig;
    }
    const [low, high] = [min_val.minimum(min), max_val.maximum(max)];
    const added = this.count(x, low, high);
    this.set(low, high, this.combined(added, low, high));
    return x_orig;
  }

  private count(x: Tensor, low: Tensor, high: Tensor): Tensor {
    return histc(x, this.bins, low.item(), high.item()).to(this.histogram.device);
  }

  private set(low: Tensor, high: Tensor, histogram: Tensor): void {
    this.histogram.detach_().resize_(histogram.shape).copy_(histogram);
    this.min_val.detach_().resize_(low.shape).copy_(low);
    this.max_val.detach_().resize_(high.shape).copy_(high);
  }

  /** The histogram in the bins of another range, with what is in these. */
  private combined(added: Tensor, low: Tensor, high: Tensor): Tensor {
    const { histogram, min_val, max_val, bins } = this;
    const [from, to] = [min_val.item(), max_val.item()];
    if (low.item() === from && high.item() === to) return histogram.add(added);
    if (from === to) return this.count(min_val, low, high).mul(histogram.sum()).add(added);
    const parts = bins * PARTS;
    const fine = histogram.repeat_interleave(PARTS).div(PARTS);
    const size = max_val.sub(min_val).div(parts);
    const middles = linspace(min_val, max_val, parts + 1)
      .narrow(0, 0, parts)
      .add(size.mul(0.5));
    const boundaries = linspace(low, high, bins + 1);
    const places = bucketize(middles, boundaries, { right: true })
      .sub(1)
      .clamp(0, bins - 1);
    return added.add(bincount(places, fine, bins));
  }

  override calculate_qparams(): QParams {
    if (this.min_val.item() === Infinity && this.max_val.item() === -Infinity) {
      warn(
        `must run observer before calling calculate_qparams.${' '.repeat(36)}Returning default scale and zero point `,
      );
      return [tensor([1], { dtype: float32 }), tensor([0], { dtype: int64 })];
    }
    if (this.bins !== this.histogram.length) {
      throw new Error(
        'The number of bins in histogram should be equal to the number of bins supplied while making this observer',
      );
    }
    return this._calculate_qparams(...this.best_range());
  }

  /** What quantization loses when its range goes from one bin to another. */
  private error_of(start: number, end: number): number {
    const { bins, histogram, dst_nbins, min_val, max_val } = this;
    const width = (max_val.item() - min_val.item()) / bins;
    const step = (width * (end - start + 1)) / dst_nbins;
    if (step === 0) return 0;
    // In a floating dtype, since a width may be a whole number, and then would leave integers.
    const floating = get_default_dtype();
    const constant = (value: number): Tensor => tensor(value, { dtype: floating });
    const begins = arange(bins).sub(start).to(floating).mul(width);
    const ends = begins.add(width);
    const bin_of = (x: Tensor): Tensor => x.div(step, { rounding_mode: 'floor' }).clamp(0, dst_nbins - 1);
    const [first, last] = [bin_of(begins), bin_of(ends)];
    const density = histogram.div(width);
    const norm = zeros([bins]);
    norm.add_(squared(begins.sub(first.add(0.5).mul(step)), ones([bins]).mul(step / 2), density));
    norm.add_(
      last
        .sub(first)
        .sub(1)
        .mul(squared(constant(-step / 2), constant(step / 2), density)),
    );
    norm.add_(squared(constant(-step / 2), ends.sub(last.mul(step).add(step / 2)), density));
    return norm.sum().item();
  }

  /** The range with the smallest loss: it shrinks from either side as long as the loss does. */
  private best_range(): [Tensor, Tensor] {
    const { bins, histogram, min_val, max_val } = this;
    const width = max_val.sub(min_val).div(bins);
    const total = histogram.sum().item();
    const sums: number[] = histogram.cumsum(0).tolist();
    // A comparison with a number is made in the dtype of the tensor.
    const in_dtype = histogram.dtype === float32 ? Math.fround : (value: number) => value;
    const grain = 1e-5;
    let [alpha, beta, start, end, least] = [0, 1, 0, bins - 1, Infinity];
    while (alpha < beta) {
      const [next_alpha, next_beta] = [alpha + grain, beta - grain];
      let [left, right] = [start, end];
      while (left < end && sums[left]! < in_dtype(next_alpha * total)) left++;
      while (right > start && sums[right]! > in_dtype(next_beta * total)) right--;
      let [next_start, next_end] = [start, end];
      if (left - start > end - right) [next_start, alpha] = [left, next_alpha];
      else [next_end, beta] = [right, next_beta];
      if (next_start === start && next_end === end) continue;
      const error = this.error_of(next_start, next_end);
      if (error > least) break;
      [least, start, end] = [error, next_start, next_end];
    }
    return [min_val.add(width.mul(start)), min_val.add(width.mul(end + 1))];
  }
}

/** What {@link FixedQParamsObserver} takes. */
export interface FixedQParamsOptions {
  /** The scale. */
  scale: number;
  /** The zero point. */
  zero_point: number;
  /** The dtype to quantize to. Default `torch.quint8`. */
  dtype?: DType;
  /** The scheme. Default `torch.per_tensor_affine`. */
  qscheme?: QScheme;
  /** The smallest integer. Default 0. */
  quant_min?: number;
  /** The largest integer. Default 255. */
  quant_max?: number;
  /** Must be false. */
  is_dynamic?: boolean;
}
const FIXED = signature<FixedQParamsOptions>(
  'FixedQParamsObserver',
  'scale: float, zero_point: int, dtype?: dtype, qscheme?: qscheme, quant_min?: int, quant_max?: int, is_dynamic?: bool',
);

/**
 * An observer that looks at nothing, and gives the scale and the zero point that it was made with. Mirrors
 * `torch.ao.quantization.FixedQParamsObserver`.
 *
 * @param scale - the scale
 * @param zero_point - the zero point
 * @param options - `dtype`, `qscheme`, `quant_min`, `quant_max`
 * @throws Error for `is_dynamic`
 * @example
 * ```ts
 * print(new torch.ao.quantization.FixedQParamsObserver(0.5, 3).calculate_qparams());
 * ```
 * ```python
 * print(list(torch.ao.quantization.FixedQParamsObserver(0.5, 3).calculate_qparams()))
 * ```
 */
export class FixedQParamsObserver extends ObserverBase {
  declare qscheme: QScheme;
  declare quant_min: number;
  declare quant_max: number;
  declare scale: Tensor;
  declare zero_point: Tensor;

  constructor(scale: number, zero_point: number, options?: Omit<FixedQParamsOptions, 'scale' | 'zero_point'>);
  constructor(options: FixedQParamsOptions);
  constructor(...args: unknown[]) {
    const given = FIXED.read(args);
    const { scale, zero_point, dtype = quint8, qscheme = per_tensor_affine, quant_min = 0, quant_max = 255 } = given;
    if (given.is_dynamic === true) {
      throw new NotImplementedError("FixedQParamsObserver doesn't support dynamic quantization");
    }
    super(dtype);
    this.quant_min = quant_min;
    this.quant_max = quant_max;
    this.register_buffer('scale', tensor([scale], { dtype: float32 }));
    this.register_buffer('zero_point', tensor([zero_point], { dtype: int32 }));
    this.qscheme = qscheme;
  }

  override forward(X: Tensor): Tensor {
    return X;
  }

  override calculate_qparams(): QParams {
    return [this.scale, this.zero_point];
  }
}

/** What {@link PlaceholderObserver} takes. */
export interface PlaceholderOptions {
  /** The dtype to quantize to. Default `torch.float32`. */
  dtype?: DType;
  /** The name of an operator. Default `''`. */
  custom_op_name?: string;
  /** Deprecated: a dtype for dynamic quantization. Default null. */
  compute_dtype?: DType | null;
  /** The smallest integer. Default null. */
  quant_min?: number | null;
  /** The largest integer. Default null. */
  quant_max?: number | null;
  /** The scheme. Default null: `torch.per_tensor_affine`. */
  qscheme?: QScheme | null;
  /** The smallest scale. Default null: 2 ** -23. */
  eps?: number | null;
  /** Whether the range is that of each tensor. Default false. */
  is_dynamic?: boolean;
}
const PLACEHOLDER = signature<PlaceholderOptions>(
  'PlaceholderObserver',
  'dtype?: dtype, custom_op_name?: str, compute_dtype?: dtype|None, quant_min?: int|None, quant_max?: int|None, ' +
    'qscheme?: qscheme|None, eps?: float|None, is_dynamic?: bool',
);

/**
 * An observer that looks at nothing, and only says which dtype is meant. Mirrors `torch.ao.quantization.PlaceholderObserver`.
 *
 * @param options - see {@link PlaceholderOptions}
 * @example
 * ```ts
 * print(new torch.ao.quantization.PlaceholderObserver({ dtype: torch.float16 }));
 * ```
 * ```python
 * print(torch.ao.quantization.PlaceholderObserver(dtype=torch.float16))
 * ```
 */
export class PlaceholderObserver extends ObserverBase {
  declare qscheme: QScheme;
  declare quant_min: number | null;
  declare quant_max: number | null;
  declare eps: number;
  declare custom_op: string;

  constructor(options?: PlaceholderOptions);
  constructor(...args: unknown[]) {
    const { dtype = float32, custom_op_name = '', is_dynamic = false, ...others } = PLACEHOLDER.read(args);
    super(dtype, is_dynamic);
    this.qscheme = others.qscheme ?? per_tensor_affine;
    this.quant_min = others.quant_min ?? null;
    this.quant_max = others.quant_max ?? null;
    this.eps = others.eps ?? EPS;
    this.custom_op = custom_op_name;
  }

  override forward(x: Tensor): Tensor {
    return x;
  }

  override extra_repr(): string {
    return f`dtype=${this.dtype}, is_dynamic=${this.is_dynamic}`;
  }

  override calculate_qparams(): never {
    throw new Error('calculate_qparams should not be called for PlaceholderObserver');
  }
}

const RECORDING = signature<{ dtype?: DType }>('RecordingObserver', 'dtype?: dtype');

/**
 * An observer that keeps all tensors, for debugging. Mirrors `torch.ao.quantization.RecordingObserver`.
 *
 * @param dtype - the dtype to quantize to; default `torch.quint8`
 * @example
 * ```ts
 * const observer = new torch.ao.quantization.RecordingObserver();
 * observer(torch.tensor([0.5]));
 * print(observer.get_tensor_value());
 * ```
 * ```python
 * observer = torch.ao.quantization.RecordingObserver()
 * observer(torch.tensor([0.5]))
 * print(observer.get_tensor_value())
 * ```
 */
export class RecordingObserver extends ObserverBase {
  declare tensor_val: Tensor[];

  constructor(dtype?: DType | { dtype?: DType });
  constructor(...args: unknown[]) {
    super(RECORDING.read(args).dtype ?? quint8);
    this.tensor_val = [];
  }

  override forward(x: Tensor): Tensor {
    this.tensor_val.push(x.clone());
    return x;
  }

  override calculate_qparams(): never {
    throw new Error('calculate_qparams should not be called for RecordingObserver');
  }

  /** The tensors. */
  get_tensor_value(): Tensor[] {
    return this.tensor_val;
  }
}

const NOOP = signature<{ dtype?: DType; custom_op_name?: string }>(
  'NoopObserver',
  'dtype?: dtype, custom_op_name?: str',
);

/**
 * An observer that does nothing. Mirrors `torch.ao.quantization.NoopObserver`.
 *
 * @param dtype - the dtype to quantize to; default `torch.float16`
 * @param custom_op_name - the name of an operator; default `''`
 * @example
 * ```ts
 * print(new torch.ao.quantization.NoopObserver()(torch.tensor([0.5])));
 * ```
 * ```python
 * print(torch.ao.quantization.NoopObserver()(torch.tensor([0.5])))
 * ```
 */
export class NoopObserver extends ObserverBase {
  declare custom_op: string;

  constructor(dtype?: DType | { dtype?: DType; custom_op_name?: string }, custom_op_name?: string);
  constructor(...args: unknown[]) {
    const { dtype = float16, custom_op_name = '' } = NOOP.read(args);
    super(dtype);
    this.custom_op = custom_op_name;
  }

  override forward(x: Tensor): Tensor {
    return x;
  }

  override calculate_qparams(): never {
    throw new Error('calculate_qparams should not be called for NoopObserver');
  }
}

home_of(
  'torch.ao.quantization.observer',
  MinMaxObserver,
  MovingAverageMinMaxObserver,
  PerChannelMinMaxObserver,
  MovingAveragePerChannelMinMaxObserver,
  HistogramObserver,
  FixedQParamsObserver,
  PlaceholderObserver,
  RecordingObserver,
  NoopObserver,
);

const signed = { dtype: qint8, qscheme: per_tensor_symmetric } as const;
const signed_channels = { dtype: qint8, qscheme: per_channel_symmetric } as const;
const without_lowest = { quant_min: -127, quant_max: 127, eps: 2 ** -12 } as const;

/** The observer of activations of `default_qconfig`. Mirrors `torch.ao.quantization.default_observer`. */
export const default_observer = partial_of(MinMaxObserver, { quant_min: 0, quant_max: 127 });
/** An observer for what is not quantized by its range. Mirrors `torch.ao.quantization.default_placeholder_observer`. */
export const default_placeholder_observer = PlaceholderObserver;
/** An observer for debugging. Mirrors `torch.ao.quantization.default_debug_observer`. */
export const default_debug_observer = RecordingObserver;
/** The observer of weights. Mirrors `torch.ao.quantization.default_weight_observer`. */
export const default_weight_observer = partial_of(MinMaxObserver, signed);
/** An observer of weights that leaves out -128. Mirrors `torch.ao.quantization.weight_observer_range_neg_127_to_127`. */
export const weight_observer_range_neg_127_to_127 = partial_of(MinMaxObserver, { ...signed, ...without_lowest });
/** An observer of activations by a histogram. Mirrors `torch.ao.quantization.default_histogram_observer`. */
export const default_histogram_observer = partial_of(HistogramObserver, { quant_min: 0, quant_max: 127 });
/** The observer of weights by channels. Mirrors `torch.ao.quantization.default_per_channel_weight_observer`. */
export const default_per_channel_weight_observer = partial_of(PerChannelMinMaxObserver, signed_channels);
/** The same without -128. Mirrors `torch.ao.quantization.per_channel_weight_observer_range_neg_127_to_127`. */
export const per_channel_weight_observer_range_neg_127_to_127 = partial_of(PerChannelMinMaxObserver, {
  ...signed_channels,
  ...without_lowest,
});
/** The observer of dynamic quantization. Mirrors `torch.ao.quantization.default_dynamic_quant_observer`. */
export const default_dynamic_quant_observer = partial_of(PlaceholderObserver, {
  dtype: quint8,
  quant_min: 0,
  quant_max: 255,
  is_dynamic: true,
});
/** An observer with zero points that are floats. Mirrors `torch.ao.quantization.default_float_qparams_observer`. */
export const default_float_qparams_observer = partial_of(PerChannelMinMaxObserver, {
  dtype: quint8,
  qscheme: per_channel_affine_float_qparams,
  ch_axis: 0,
});
/** The same in 4 bits. Mirrors `torch.ao.quantization.default_float_qparams_observer_4bit`. */
export const default_float_qparams_observer_4bit = partial_of(PerChannelMinMaxObserver, {
  dtype: quint4x2,
  qscheme: per_channel_affine_float_qparams,
  ch_axis: 0,
});
const fixed = { dtype: quint8, quant_min: 0, quant_max: 255 } as const;
/** For results from -1 to 1. Mirrors `torch.ao.quantization.default_fixed_qparams_range_neg1to1_observer`. */
export const default_fixed_qparams_range_neg1to1_observer = partial_of(FixedQParamsObserver, {
  scale: 2 / 256,
  zero_point: 128,
  ...fixed,
});
/** For results from 0 to 1. Mirrors `torch.ao.quantization.default_fixed_qparams_range_0to1_observer`. */
export const default_fixed_qparams_range_0to1_observer = partial_of(FixedQParamsObserver, {
  scale: 1 / 256,
  zero_point: 0,
  ...fixed,
});
