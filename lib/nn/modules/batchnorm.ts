import { tensor } from '../../creation.js';
import type { DeviceLike } from '../../types/device.js';
import { int64 } from '../../types/dtype.js';
import { empty, ones, zeros } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { ones_, zeros_ } from '../init.js';
import type { HasBias } from './linear.js';
import { Module, type LoadReport, type StateDict } from './module.js';
import { Parameter } from '../parameter.js';
import { SyncBatchNormFunction } from './sync_batch_norm.js';
import { get_world_size, group_or_default, is_initialized, type Group } from '../../distributed/process_group.js';
import { is_accelerator } from '../../types/device.js';
import { python_bool, python_float, python_int } from '../../_internal/representation.js';
import { method_signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/** What the batch and instance normalization modules take by name. */
export interface NormOptions extends FactoryOptions {
  /** Added to the variance, for numerical stability. Default 1e-5. */
  eps?: number;
  /** Weight of a new batch in the running statistics; null for the cumulative average. Default 0.1. */
  momentum?: number | null;
  /** Learn a scale and a shift for each channel. Default true for batch, false for instance normalization. */
  affine?: boolean;
  /** Keep running statistics, for evaluation. Default true for batch, false for instance normalization. */
  track_running_stats?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

/** @internal */
export const NORM_TEXT = 'eps?: float, momentum?: float|None, affine?: bool, track_running_stats?: bool';
/** @internal */
export const NORM_FACTORY_TEXT = 'device?: device|None, dtype?: dtype|None, *, bias?: bool';

/** What normalizations of channels take. */
export type NormArguments = Arguments<
  [
    num_features: number,
    eps?: number,
    momentum?: number | null,
    affine?: boolean,
    track_running_stats?: boolean,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  NormOptions & { num_features: number },
  ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype']
>;

const NORM = family<NormOptions & { num_features: number }>(
  ['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'SyncBatchNorm', 'InstanceNorm1d', 'InstanceNorm2d', 'InstanceNorm3d'],
  `num_features: int, ${NORM_TEXT}, ${NORM_FACTORY_TEXT}`,
);

/** The scale of modules that can be made without one. The types say that it is there, as it is by default. */
export interface HasScale {
  /** The scale; null when the module was made without one. */
  get weight(): Parameter;
  set weight(value: Parameter | null);
}

export interface NormBase extends HasBias, HasScale {
  /** The running mean; null without `track_running_stats`. */
  get running_mean(): Tensor;
  set running_mean(value: Tensor | null);
  /** The running variance; null without `track_running_stats`. */
  get running_var(): Tensor;
  set running_var(value: Tensor | null);
  /** Number of batches in the running statistics; null without `track_running_stats`. */
  get num_batches_tracked(): Tensor;
  set num_batches_tracked(value: Tensor | null);
}

/**
 * What the normalizations of channels have in common: their parameters and running statistics. Mirrors `torch.nn.modules.batchnorm._NormBase`.
 *
 * @example
 * ```ts
 * print(new nn.InstanceNorm1d(2) instanceof nn.modules.batchnorm._NormBase);
 * ```
 * ```python
 * print(isinstance(nn.InstanceNorm1d(2), nn.modules.batchnorm._NormBase))
 * ```
 */
export abstract class NormBase extends Module {
  declare num_features: number;
  declare eps: number;
  declare momentum: number | null;
  declare affine: boolean;
  declare track_running_stats: boolean;

  constructor(
    options: NormOptions & { num_features: number },
    by_default: { affine: boolean; track_running_stats: boolean },
  ) {
    super();
    const { num_features, eps = 1e-5, momentum = 0.1, bias = true, device = null, dtype = null } = options;
    const { affine = by_default.affine, track_running_stats = by_default.track_running_stats } = options;
    this.num_features = num_features;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.track_running_stats = track_running_stats;
    this.weight = affine ? new Parameter(empty([num_features], { device, dtype })) : null;
    this.bias = affine && bias ? new Parameter(empty([num_features], { device, dtype })) : null;
    const tracked = track_running_stats;
    this.register_buffer('running_mean', tracked ? zeros([num_features], { device, dtype }) : null);
    this.register_buffer('running_var', tracked ? ones([num_features], { device, dtype }) : null);
    this.register_buffer('num_batches_tracked', tracked ? no_batches(device) : null);
    this.reset_parameters();
  }

  /** 2 since `num_batches_tracked` is part of the state. */
  override get _version(): number {
    return 2;
  }

  /** Resets the running statistics: mean 0, variance 1, no batches. */
  reset_running_stats(): void {
    if (!this.track_running_stats) return;
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  /** Resets the running statistics, and reinitializes the scale with ones and the shift with zeros. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    this.reset_running_stats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override extra_repr(): string {
    const momentum = this.momentum === null ? 'None' : python_float(this.momentum);
    return (
      `${python_int(this.num_features)}, eps=${python_float(this.eps)}, momentum=${momentum}, ` +
      `affine=${python_bool(this.affine)}, bias=${python_bool(this.bias !== null)}, ` +
      `track_running_stats=${python_bool(this.track_running_stats)}`
    );
  }

  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: LoadReport,
  ): void {
    const key = `${prefix}num_batches_tracked`;
    if ((local.version ?? 0) < 2 && this.track_running_stats && !Object.hasOwn(state_dict, key)) {
      const current: Tensor | null = this.num_batches_tracked;
      state_dict[key] = current !== null && !current.is_meta ? current : no_batches();
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}

/** The arguments of a normalization of channels. @internal */
export function norm_options(
  target: abstract new (...args: never) => object,
  args: readonly unknown[],
): NormOptions & { num_features: number } {
  return NORM.read(target, args);
}

/** A count of batches before the first one. @internal */
export function no_batches(device?: DeviceLike | null): Tensor {
  return tensor(0, { dtype: int64, device: device ?? undefined });
}

/**
 * Normalizes each channel over the batch. Mirrors `torch.nn.modules.batchnorm._BatchNorm`.
 *
 * @example
 * ```ts
 * print(new nn.BatchNorm2d(2) instanceof nn.modules.batchnorm._BatchNorm);
 * ```
 * ```python
 * print(isinstance(nn.BatchNorm2d(2), nn.modules.batchnorm._BatchNorm))
 * ```
 */
export abstract class BatchNorm extends NormBase {
  constructor(...args: NormArguments);
  constructor(...args: unknown[]) {
    super(norm_options(new.target, args), { affine: true, track_running_stats: true });
  }

  abstract _check_input_dim(input: Tensor): void;

  forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    const { training } = this;
    const { running_mean, running_var } = this as { running_mean: Tensor | null; running_var: Tensor | null };
    const use_running = !training || this.track_running_stats;
    const factor = this.average_factor();
    return F.batch_norm(
      input,
      use_running ? running_mean : null,
      use_running ? running_var : null,
      this.weight,
      this.bias,
      training || (running_mean === null && running_var === null),
      factor,
      this.eps,
    );
  }

  /** Weight of this batch in the running statistics. */
  protected average_factor(): number {
    const tracked = this.training && this.track_running_stats ? this.num_batches_tracked : null;
    tracked?.add_(1);
    if (this.momentum !== null) return this.momentum;
    return tracked === null ? 0 : 1 / tracked.item();
  }
}

/**
 * Normalizes each channel over the batch: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. In training it uses
 * mean and biased variance of the batch, and updates the running statistics (with the unbiased variance); in evaluation
 * it uses the running statistics. Mirrors `torch.nn.BatchNorm1d`.
 *
 * Shapes: input and output `(N, C)` or `(N, C, L)`. Parameters: `weight`, initialized with ones, and `bias`,
 * initialized with zeros, `(C)`. Buffers: `running_mean` and `running_var` `(C)`, and `num_batches_tracked`, a scalar.
 * Dtypes: floating point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has another number of dimensions, or, in training, a single value for each
 *   channel
 * @example
 * ```ts
 * const norm = new nn.BatchNorm1d(2);
 * const x = torch.tensor([[1, 2], [3, 6.5]]);
 * print(norm(x));
 * print(norm.running_mean, norm.running_var);
 * norm.eval();
 * print(norm(x));
 * ```
 * ```python
 * norm = nn.BatchNorm1d(2)
 * x = torch.tensor([[1, 2], [3, 6.5]])
 * print(norm(x))
 * print(norm.running_mean, norm.running_var)
 * norm.eval()
 * print(norm(x))
 * ```
 */
export class BatchNorm1d extends BatchNorm {
  override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 2 && input.ndim !== 3) throw new Error(`expected 2D or 3D input (got ${input.ndim}D input)`);
  }
}

/**
 * Normalizes each channel over the batch and the positions: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. In
 * training it uses mean and biased variance of the batch, and updates the running statistics (with the unbiased
 * variance); in evaluation it uses the running statistics. Mirrors `torch.nn.BatchNorm2d`.
 *
 * Shapes: input and output `(N, C, H, W)`. Parameters: `weight`, initialized with ones, and `bias`, initialized with
 * zeros, `(C)`. Buffers: `running_mean` and `running_var` `(C)`, and `num_batches_tracked`, a scalar. Dtypes: floating
 * point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has another number of dimensions, or, in training, a single value for each
 *   channel
 * @example
 * ```ts
 * const norm = new nn.BatchNorm2d(1);
 * const x = torch.tensor([[[[1, 2], [3, 4.5]]]]);
 * print(norm(x));
 * print(norm.running_mean, norm.running_var);
 * norm.eval();
 * print(norm(x));
 * ```
 * ```python
 * norm = nn.BatchNorm2d(1)
 * x = torch.tensor([[[[1, 2], [3, 4.5]]]])
 * print(norm(x))
 * print(norm.running_mean, norm.running_var)
 * norm.eval()
 * print(norm(x))
 * ```
 */
export class BatchNorm2d extends BatchNorm {
  override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 4) throw new Error(`expected 4D input (got ${input.ndim}D input)`);
  }
}

/**
 * Normalizes each channel over the batch and the positions: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. In
 * training it uses mean and biased variance of the batch, and updates the running statistics (with the unbiased
 * variance); in evaluation it uses the running statistics. Mirrors `torch.nn.BatchNorm3d`.
 *
 * Shapes: input and output `(N, C, D, H, W)`. Parameters: `weight`, initialized with ones, and `bias`, initialized with
 * zeros, `(C)`. Buffers: `running_mean` and `running_var` `(C)`, and `num_batches_tracked`, a scalar. Dtypes: floating
 * point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has another number of dimensions, or, in training, a single value for each
 *   channel
 * @example
 * ```ts
 * const norm = new nn.BatchNorm3d(1);
 * const x = torch.tensor([[[[[1, 2], [3, 4.5]]]]]);
 * print(norm(x));
 * print(norm.running_mean, norm.running_var);
 * norm.eval();
 * print(norm(x));
 * ```
 * ```python
 * norm = nn.BatchNorm3d(1)
 * x = torch.tensor([[[[[1, 2], [3, 4.5]]]]])
 * print(norm(x))
 * print(norm.running_mean, norm.running_var)
 * norm.eval()
 * print(norm(x))
 * ```
 */
export class BatchNorm3d extends BatchNorm {
  override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 5) throw new Error(`expected 5D input (got ${input.ndim}D input)`);
  }
}

/** Keyword arguments of {@link SyncBatchNorm}. */
export interface SyncBatchNormOptions extends NormOptions {
  /** The processes whose batches are normalized together. Default null, all. */
  process_group?: Group;
}

interface SyncOptions extends SyncBatchNormOptions {
  num_features: number;
}

/**
 * Normalizes each channel over the batches of all processes of a group:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. In evaluation, in one process, and before
 * `torch.distributed` is initialized it computes what the other batch normalizations compute. Training in a process
 * group needs inputs on a GPU, as in Python. Mirrors `torch.nn.SyncBatchNorm`.
 *
 * Shapes: input and output `(N, C, *)`. Parameters and buffers: as for {@link BatchNorm1d}. The input is floating
 * point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param process_group - the processes whose batches are normalized together; default null, all
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has fewer than 2 dimensions or 0 channels, and when it is on the CPU in
 *   training in a process group
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2));
 * print(nn.SyncBatchNorm.convert_sync_batchnorm(model));
 * ```
 * ```python
 * model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
 * print(nn.SyncBatchNorm.convert_sync_batchnorm(model))
 * ```
 */
export class SyncBatchNorm extends BatchNorm {
  process_group: Group;

  constructor(
    ...args: Arguments<
      [
        num_features: number,
        eps?: number,
        momentum?: number | null,
        affine?: boolean,
        track_running_stats?: boolean,
        process_group?: Group,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      SyncOptions,
      ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', 'process_group', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { process_group = null, ...options } = SYNC.read(new.target, args);
    super(options);
    this.process_group = process_group;
  }

  override _check_input_dim(input: Tensor): void {
    if (input.ndim < 2) throw new Error(`expected at least 2D input (got ${input.ndim}D input)`);
    if (input.size(1) === 0) throw new Error('SyncBatchNorm number of input channels should be non-zero');
  }

  override forward(input: Tensor): Tensor {
    if (!this.training || !is_initialized()) return super.forward(input);
    this._check_input_dim(input);
    if (input.device.type === 'cpu' || !is_accelerator(input.device.type)) {
      // Once it is counted, as in Python.
      this.average_factor();
      throw new Error('SyncBatchNorm expected input tensor to be on GPU or XPU or privateuseone');
    }
    const group = group_or_default(this.process_group);
    const size = get_world_size(group);
    if (size === 1) return super.forward(input);
    const { weight, bias, running_mean, running_var } = this as unknown as Record<string, Tensor | null>;
    const tracked = this.track_running_stats;
    return SyncBatchNormFunction.apply(
      input,
      weight ?? null,
      bias ?? null,
      tracked ? (running_mean ?? null) : null,
      tracked ? (running_var ?? null) : null,
      this.eps,
      this.average_factor(),
      group,
      size,
    );
  }

  /**
   * Replaces each batch normalization in a module by a {@link SyncBatchNorm} with the same parameters and statistics.
   *
   * @param module - the module whose submodules are replaced, itself included
   * @param process_group - the processes whose batches are normalized together; default null, all
   * @returns the module, or the {@link SyncBatchNorm} that replaces it
   */
  static convert_sync_batchnorm(module: Module, process_group?: Group | { process_group?: Group }): Module;
  static convert_sync_batchnorm(...args: unknown[]): Module {
    const { module, process_group = null } = CONVERT.read(args);
    const converted = module instanceof BatchNorm ? synchronized(module, process_group) : module;
    for (const [name, child] of [...module.named_children()]) {
      converted.add_module(name, SyncBatchNorm.convert_sync_batchnorm(child, process_group));
    }
    return converted;
  }
}

function synchronized(norm: BatchNorm, group: Group): SyncBatchNorm {
  const { num_features, eps, momentum, affine, track_running_stats } = norm;
  const sync = new SyncBatchNorm(num_features, eps, momentum, affine, track_running_stats, group, {
    bias: norm.bias !== null,
  });
  sync.weight = norm.weight;
  sync.bias = norm.bias;
  sync.running_mean = norm.running_mean;
  sync.running_var = norm.running_var;
  sync.num_batches_tracked = norm.num_batches_tracked;
  sync.training = norm.training;
  return sync;
}

const SYNC = family<SyncOptions>(
  ['SyncBatchNorm'],
  `num_features: int, ${NORM_TEXT}, process_group?: ProcessGroup|None, ${NORM_FACTORY_TEXT}`,
);
const CONVERT = method_signature<{ module: Module; process_group?: Group }>(
  'SyncBatchNorm.convert_sync_batchnorm',
  'module: Module, process_group?: ProcessGroup|None',
);
forward_takes(BatchNorm, 'input: Tensor', '_BatchNorm.forward');
forward_takes(SyncBatchNorm, 'input: Tensor');
