import type { Tensor } from '../../_tensor.js';
import { norm_options, NormBase, type NormArguments } from './batchnorm.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import type { LoadReport, StateDict } from './module.js';
import { python_int } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

/**
 * Normalizes each channel of each sample. Mirrors `torch.nn.modules.instancenorm._InstanceNorm`.
 *
 * @example
 * ```ts
 * print(new nn.InstanceNorm2d(2) instanceof nn.modules.instancenorm._InstanceNorm);
 * ```
 * ```python
 * print(isinstance(nn.InstanceNorm2d(2), nn.modules.instancenorm._InstanceNorm))
 * ```
 */
export abstract class InstanceNorm extends NormBase {
  constructor(...args: NormArguments);
  constructor(...args: unknown[]) {
    super(norm_options(new.target, args), { affine: false, track_running_stats: false });
  }

  /** The number of dimensions of an input without a batch dimension. */
  abstract _get_no_batch_dim(): number;

  _check_input_dim(input: Tensor): void {
    const unbatched = this._get_no_batch_dim();
    if (input.ndim === unbatched || input.ndim === unbatched + 1) return;
    throw new Error(`expected ${unbatched}D or ${unbatched + 1}D input (got ${input.ndim}D input)`);
  }

  forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    const unbatched = input.ndim === this._get_no_batch_dim();
    check_channels(this, input, unbatched ? 0 : 1);
    return unbatched ? normalized(this, input.unsqueeze(0)).squeeze(0) : normalized(this, input);
  }

  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: LoadReport,
  ): void {
    if (local.version === undefined && !this.track_running_stats) {
      refuse_old_statistics(this, state_dict, prefix, report);
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}

function check_channels(norm: InstanceNorm, input: Tensor, dim: number): void {
  const channels = input.size(dim);
  if (channels === norm.num_features) return;
  if (norm.affine) {
    throw new Error(
      `expected input's size at dim=${dim} to match num_features (${python_int(norm.num_features)}), ` +
        `but got: ${channels}.`,
    );
  }
  warn(
    `input's size at dim=${dim} does not match num_features. You can silence this warning by not passing in ` +
      'num_features, which is not used because affine=False',
  );
}

function normalized(norm: InstanceNorm, input: Tensor): Tensor {
  const { running_mean, running_var, weight, bias, training, track_running_stats, momentum, eps } = norm;
  return F.instance_norm(
    input,
    running_mean,
    running_var,
    weight,
    bias,
    training || !track_running_stats,
    momentum ?? 0,
    eps,
  );
}

// PyTorch before 0.4 always kept statistics.
function refuse_old_statistics(norm: InstanceNorm, state_dict: StateDict, prefix: string, report: LoadReport): void {
  const keys = [`${prefix}running_mean`, `${prefix}running_var`].filter((key) => Object.hasOwn(state_dict, key));
  if (keys.length === 0) return;
  const name = norm._get_name();
  report.errors.push(
    `Unexpected running stats buffer(s) ${keys.map((key) => `"${key}"`).join(' and ')} for ${name} with ` +
      'track_running_stats=False. If state_dict is a checkpoint saved before 0.4.0, this may be expected because ' +
      `${name} does not track running stats by default since 0.4.0. Please remove these keys from state_dict. If the ` +
      `running stats are actually needed, instead set track_running_stats=True in ${name} to enable them. See the ` +
      `documentation of ${name} for details.`,
  );
  for (const key of keys) delete state_dict[key];
}

/**
 * Normalizes each channel of each sample over its positions: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`,
 * with the biased variance. By default it has neither parameters nor running statistics, and computes the same in
 * training and in evaluation. Mirrors `torch.nn.InstanceNorm1d`.
 *
 * Shapes: input and output `(N, C, L)` or `(C, L)`. Parameters, with `affine`: `weight`, initialized with ones, and
 * `bias`, initialized with zeros, `(C)`. Buffers, with `track_running_stats`: `running_mean` and `running_var` `(C)`,
 * and `num_batches_tracked`, a scalar. Dtypes: floating point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default false
 * @param track_running_stats - keep running statistics and use them in evaluation; default false
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has another number of dimensions, a single position for each channel, or,
 *   with `affine`, another number of channels
 * @example
 * ```ts
 * const norm = new nn.InstanceNorm1d(2, { affine: true });
 * print(norm(torch.tensor([[1, 2, 3], [4, 4, 5.5]])));
 * ```
 * ```python
 * norm = nn.InstanceNorm1d(2, affine=True)
 * print(norm(torch.tensor([[1, 2, 3], [4, 4, 5.5]])))
 * ```
 */
export class InstanceNorm1d extends InstanceNorm {
  override _get_no_batch_dim(): number {
    return 2;
  }
}

/**
 * Normalizes each channel of each sample over its positions: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`,
 * with the biased variance. By default it has neither parameters nor running statistics, and computes the same in
 * training and in evaluation. Mirrors `torch.nn.InstanceNorm2d`.
 *
 * Shapes: input and output `(N, C, H, W)` or `(C, H, W)`. Parameters, with `affine`: `weight`, initialized with ones,
 * and `bias`, initialized with zeros, `(C)`. Buffers, with `track_running_stats`: `running_mean` and `running_var`
 * `(C)`, and `num_batches_tracked`, a scalar. Dtypes: floating point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default false
 * @param track_running_stats - keep running statistics and use them in evaluation; default false
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has another number of dimensions, a single position for each channel, or,
 *   with `affine`, another number of channels
 * @example
 * ```ts
 * const norm = new nn.InstanceNorm2d(1, { affine: true });
 * print(norm(torch.tensor([[[1, 2], [3, 4.5]]])));
 * ```
 * ```python
 * norm = nn.InstanceNorm2d(1, affine=True)
 * print(norm(torch.tensor([[[1, 2], [3, 4.5]]])))
 * ```
 */
export class InstanceNorm2d extends InstanceNorm {
  override _get_no_batch_dim(): number {
    return 3;
  }
}

/**
 * Normalizes each channel of each sample over its positions: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`,
 * with the biased variance. By default it has neither parameters nor running statistics, and computes the same in
 * training and in evaluation. Mirrors `torch.nn.InstanceNorm3d`.
 *
 * Shapes: input and output `(N, C, D, H, W)` or `(C, D, H, W)`. Parameters, with `affine`: `weight`, initialized with
 * ones, and `bias`, initialized with zeros, `(C)`. Buffers, with `track_running_stats`: `running_mean` and
 * `running_var` `(C)`, and `num_batches_tracked`, a scalar. Dtypes: floating point.
 *
 * @param num_features - number of channels `C`
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default false
 * @param track_running_stats - keep running statistics and use them in evaluation; default false
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error on the call, when the input has another number of dimensions, a single position for each channel, or,
 *   with `affine`, another number of channels
 * @example
 * ```ts
 * const norm = new nn.InstanceNorm3d(1, { affine: true });
 * print(norm(torch.tensor([[[[1, 2], [3, 4.5]]]])));
 * ```
 * ```python
 * norm = nn.InstanceNorm3d(1, affine=True)
 * print(norm(torch.tensor([[[[1, 2], [3, 4.5]]]])))
 * ```
 */
export class InstanceNorm3d extends InstanceNorm {
  override _get_no_batch_dim(): number {
    return 4;
  }
}

forward_takes(InstanceNorm, 'input: Tensor', '_InstanceNorm.forward');
