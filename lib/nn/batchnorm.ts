import { tensor } from '../creation.js';
import { int64 } from '../dtype.js';
import { empty, ones, zeros } from '../generated/functions.js';
import type { Tensor } from '../tensor.js';
import { bind, type FactoryOptions, type Tail } from './arguments.js';
import * as F from './functional.js';
import { ones_, zeros_ } from './init.js';
import { Module, type LoadReport, type StateDict } from './module.js';
import { Parameter } from './parameter.js';
import { python_bool, python_float, python_int } from './representation.js';

/** What the batch and instance normalisations take by name. */
export interface NormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** How far the running statistics move to those of a batch; null for a plain average. Default 0.1. */
  momentum?: number | null;
  /** Learn a scale and a shift for each channel. */
  affine?: boolean;
  /** Keep running statistics for evaluation. */
  track_running_stats?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

const NORM = ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype', 'bias'];

type NormTail = Tail<[eps: number, momentum: number | null, affine: boolean, track_running_stats: boolean], NormOptions>;

/** What the normalisations of channels share: their parameters and running statistics. */
abstract class NormBase extends Module {
  num_features: number;
  eps: number;
  momentum: number | null;
  affine: boolean;
  track_running_stats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor(args: readonly unknown[], by_default: { affine: boolean; track_running_stats: boolean }) {
    super();
    const options = bind<NormOptions & { num_features: number }>(this._get_name(), NORM, args, 1);
    const { num_features, eps = 1e-5, momentum = 0.1, bias = true, device, dtype } = options;
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
    this.register_buffer(
      'num_batches_tracked', tracked ? tensor(0, { dtype: int64, device: device ?? undefined }) : null);
    this.reset_parameters();
  }

  /** 2 since `num_batches_tracked` is part of the state. */
  override get _version(): number {
    return 2;
  }

  /** Forgets the running statistics. */
  reset_running_stats(): void {
    if (!this.track_running_stats) return;
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  /** Forgets the running statistics and sets scale 1 and shift 0. */
  reset_parameters(): void {
    this.reset_running_stats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override extra_repr(): string {
    const momentum = this.momentum === null ? 'None' : python_float(this.momentum);
    return `${python_int(this.num_features)}, eps=${python_float(this.eps)}, momentum=${momentum}, `
      + `affine=${python_bool(this.affine)}, bias=${python_bool(this.bias !== null)}, `
      + `track_running_stats=${python_bool(this.track_running_stats)}`;
  }

  /** @internal */
  override _load_from_state_dict(
    state_dict: StateDict, prefix: string, local: { version?: number; assign: boolean }, report: LoadReport,
  ): void {
    const key = `${prefix}num_batches_tracked`;
    if ((local.version ?? 0) < 2 && this.track_running_stats && !Object.hasOwn(state_dict, key)) {
      const current = this.num_batches_tracked;
      state_dict[key] = current !== null && !current.is_meta ? current : tensor(0, { dtype: int64 });
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}

/** Normalises each channel over the batch. */
export abstract class BatchNorm extends NormBase {
  constructor(num_features: number, ...args: NormTail);
  constructor(options: NormOptions & { num_features: number });
  constructor(...args: unknown[]) {
    super(args, { affine: true, track_running_stats: true });
  }

  abstract _check_input_dim(input: Tensor): void;

  forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    const { training, running_mean, running_var } = this;
    const use_running = !training || this.track_running_stats;
    return F.batch_norm(
      input, use_running ? running_mean : null, use_running ? running_var : null, this.weight, this.bias,
      training || (running_mean === null && running_var === null), this.average_factor(), this.eps);
  }

  /** How far the running statistics move in this call. */
  private average_factor(): number {
    const tracked = this.training && this.track_running_stats ? this.num_batches_tracked : null;
    tracked?.add_(1);
    if (this.momentum !== null) return this.momentum;
    return tracked === null ? 0 : 1 / tracked.item();
  }
}

/**
 * Normalises each channel of (N, C) or (N, C, L) over the batch. Mirrors `torch.nn.BatchNorm1d`.
 * Parameters `weight` and `bias`, buffers `running_mean` and `running_var`: (C).
 */
export class BatchNorm1d extends BatchNorm {
  override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 2 && input.ndim !== 3) throw new Error(`expected 2D or 3D input (got ${input.ndim}D input)`);
  }
}

/** Normalises each channel of (N, C, H, W) over the batch. Mirrors `torch.nn.BatchNorm2d`. */
export class BatchNorm2d extends BatchNorm {
  override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 4) throw new Error(`expected 4D input (got ${input.ndim}D input)`);
  }
}

/** Normalises each channel of (N, C, D, H, W) over the batch. Mirrors `torch.nn.BatchNorm3d`. */
export class BatchNorm3d extends BatchNorm {
  override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 5) throw new Error(`expected 5D input (got ${input.ndim}D input)`);
  }
}
