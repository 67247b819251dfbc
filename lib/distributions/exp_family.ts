/** Exponential families. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import type { Tensor } from '../_tensor.js';
import { grad } from '../autograd/index.js';
import { Distribution, mark_own } from './distribution.js';

/**
 * The base class of exponential families, whose density is `exp(<t(x), natural parameters> - log normalizer + k(x))`. A subclass
 * defines `_natural_params`, `_log_normalizer` and `_mean_carrier_measure`, by which it has the entropy. Mirrors
 * `torch.distributions.ExponentialFamily`.
 *
 * @param batch_shape - shape of independent distributions; default `[]`
 * @param event_shape - shape of one draw; default `[]`
 * @param validate_args - check parameters and values; default: as {@link Distribution.set_default_validate_args} says
 * @example
 * ```ts
 * const { ExponentialFamily, Gamma, Normal } = torch.distributions;
 * print(new Normal(0, 1) instanceof ExponentialFamily, new Gamma(1, 1) instanceof ExponentialFamily);
 * ```
 * ```python
 * from torch.distributions import ExponentialFamily, Gamma, Normal
 * print(isinstance(Normal(0, 1), ExponentialFamily), isinstance(Gamma(1, 1), ExponentialFamily))
 * ```
 */
export class ExponentialFamily extends Distribution {
  /** The natural parameters; for subclasses to define. */
  get _natural_params(): readonly Tensor[] {
    throw new NotImplementedError();
  }

  /** The logarithm of the normalizer of natural parameters; for subclasses to define. */
  _log_normalizer(..._natural_params: readonly Tensor[]): Tensor {
    throw new NotImplementedError();
  }

  /** The mean of the carrier measure; for subclasses to define. */
  get _mean_carrier_measure(): number {
    throw new NotImplementedError();
  }

  /** By the Bregman divergence of the log normalizer. @internal */
  override _entropy(): Tensor {
    const carrier = -this._mean_carrier_measure;
    const params = this._natural_params.map((param) => param.detach().requires_grad_());
    const log_normalizer = this._log_normalizer(...params);
    const gradients = grad(log_normalizer.sum(), params, { create_graph: true });
    return params.reduce(
      (result, param, i) =>
        result.sub(
          param
            .mul(gradients[i]!)
            .reshape([...this._batch_shape, -1])
            .sum(-1),
        ),
      log_normalizer.add(carrier),
    );
  }
}

mark_own(ExponentialFamily);
