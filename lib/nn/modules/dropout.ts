import type { Tensor } from '../../_tensor.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_bool, python_float } from '../../_internal/representation.js';
import type { Arguments } from '../../_internal/signature.js';

/** What the dropout modules take by name. */
export interface DropoutModuleOptions {
  /** Probability of an element, or channel, to be zeroed. Default 0.5. */
  p?: number;
  /** Write the result into the input. Default false. */
  inplace?: boolean;
}

class DropoutNd extends Module {
  declare p: number;
  declare inplace: boolean;

  constructor(...args: Arguments<[p?: number, inplace?: boolean], DropoutModuleOptions, ['p', 'inplace']>);
  constructor(...args: unknown[]) {
    super();
    const { p = 0.5, inplace = false } = DROPOUT.read(new.target, args);
    if (p < 0 || p > 1) {
      throw new Error(`dropout probability has to be between 0 and 1, but got ${python_float(p)}`);
    }
    this.p = p;
    this.inplace = inplace;
  }

  override extra_repr(): string {
    return `p=${python_float(this.p)}, inplace=${python_bool(this.inplace)}`;
  }
}

/**
 * Zeroes elements of its input at random during training, each with probability `p`, and scales the others by
 * `1 / (1 - p)`, so that the expected value stays the same: `y = x * m / (1 - p)` with `m ~ Bernoulli(1 - p)`. In
 * evaluation it returns its input. Mirrors `torch.nn.Dropout`.
 *
 * Shapes: input `(*)`; the output has the shape and the dtype of the input. Dtypes: floating point.
 *
 * @param p - probability of an element to be zeroed; default 0.5
 * @param inplace - write the result into the input; default false
 * @throws Error unless `p` is between 0 and 1
 * @example
 * ```ts
 * const m = new nn.Dropout(0.2);
 * print(m(torch.ones(2, 5)));
 * m.eval();
 * print(m(torch.ones(2, 5)));
 * ```
 * ```python
 * m = nn.Dropout(p=0.2)
 * print(m(torch.ones(2, 5)))
 * m.eval()
 * print(m(torch.ones(2, 5)))
 * ```
 */
export class Dropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}

/**
 * Zeroes whole channels of sequences at random during training, each with probability `p` and for each sample on its
 * own, and scales the others by `1 / (1 - p)`: `y[n, c] = x[n, c] * m[n, c] / (1 - p)` with `m ~ Bernoulli(1 - p)`. In
 * evaluation it returns its input. Mirrors `torch.nn.Dropout1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`; the output has the shape and the dtype of the input. Dtypes: floating point.
 *
 * @param p - probability of a channel to be zeroed; default 0.5
 * @param inplace - write the result into the input; default false
 * @throws Error unless `p` is between 0 and 1
 * @example
 * ```ts
 * const m = new nn.Dropout1d(0.5);
 * print(m(torch.ones(1, 4, 3)));
 * ```
 * ```python
 * m = nn.Dropout1d(p=0.5)
 * print(m(torch.ones(1, 4, 3)))
 * ```
 */
export class Dropout1d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}

/**
 * Zeroes whole channels of images at random during training, each with probability `p` and for each sample on its own,
 * and scales the others by `1 / (1 - p)`: `y[n, c] = x[n, c] * m[n, c] / (1 - p)` with `m ~ Bernoulli(1 - p)`. In
 * evaluation it returns its input. Mirrors `torch.nn.Dropout2d`.
 *
 * Shapes: input `(N, C, H, W)`; with 3 dimensions it is taken as `(N, C, L)`, with a warning; the output has the shape
 * and the dtype of the input. Dtypes: floating point.
 *
 * @param p - probability of a channel to be zeroed; default 0.5
 * @param inplace - write the result into the input; default false
 * @throws Error unless `p` is between 0 and 1
 * @example
 * ```ts
 * const m = new nn.Dropout2d(0.5);
 * print(m(torch.ones(1, 3, 2, 2)));
 * ```
 * ```python
 * m = nn.Dropout2d(p=0.5)
 * print(m(torch.ones(1, 3, 2, 2)))
 * ```
 */
export class Dropout2d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}

/**
 * Zeroes whole channels of volumes at random during training, each with probability `p` and for each sample on its own,
 * and scales the others by `1 / (1 - p)`: `y[n, c] = x[n, c] * m[n, c] / (1 - p)` with `m ~ Bernoulli(1 - p)`. In
 * evaluation it returns its input. Mirrors `torch.nn.Dropout3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`; the output has the shape and the dtype of the input.
 * Dtypes: floating point.
 *
 * @param p - probability of a channel to be zeroed; default 0.5
 * @param inplace - write the result into the input; default false
 * @throws Error unless `p` is between 0 and 1
 * @example
 * ```ts
 * const m = new nn.Dropout3d(0.5);
 * print(m(torch.ones(1, 4, 1, 2, 2)).sum([2, 3, 4]));
 * ```
 * ```python
 * m = nn.Dropout3d(p=0.5)
 * print(m(torch.ones(1, 4, 1, 2, 2)).sum([2, 3, 4]))
 * ```
 */
export class Dropout3d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}

/**
 * Masks elements of its input at random during training with the negative saturation value of {@link SELU}, and applies
 * an affine transformation that keeps mean and variance of inputs with zero mean and unit variance:
 * `y = a * (x * m + alpha' * (1 - m)) + b` with `m ~ Bernoulli(1 - p)` and `alpha' = -1.7581`. In evaluation it returns
 * its input. Mirrors `torch.nn.AlphaDropout`.
 *
 * Shapes: input `(*)`; the output has the shape and the dtype of the input. Dtypes: floating point.
 *
 * @param p - probability of an element to be masked; default 0.5
 * @param inplace - has no effect, as in Python; default false
 * @throws Error unless `p` is between 0 and 1
 * @example
 * ```ts
 * const m = new nn.AlphaDropout(0.2);
 * print(m(torch.zeros(2, 4)));
 * ```
 * ```python
 * m = nn.AlphaDropout(p=0.2)
 * print(m(torch.zeros(2, 4)))
 * ```
 */
export class AlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.alpha_dropout(input, this.p, this.training);
  }
}

/**
 * Masks whole channels at random during training with the negative saturation value of {@link SELU}, and keeps mean and
 * variance as {@link AlphaDropout} does: `y[n, c] = a * (x[n, c] * m[n, c] + alpha' * (1 - m[n, c])) + b` with
 * `m ~ Bernoulli(1 - p)`. In evaluation it returns its input. Mirrors `torch.nn.FeatureAlphaDropout`.
 *
 * Shapes: input `(N, C, *)`; the output has the shape and the dtype of the input. Dtypes: floating point.
 *
 * @param p - probability of a channel to be masked; default 0.5
 * @param inplace - has no effect, as in Python; default false
 * @throws Error unless `p` is between 0 and 1; on the call in training, when the input has fewer than 2 dimensions
 * @example
 * ```ts
 * const m = new nn.FeatureAlphaDropout(0.5);
 * print(m(torch.zeros(1, 4, 2, 1)).squeeze());
 * ```
 * ```python
 * m = nn.FeatureAlphaDropout(p=0.5)
 * print(m(torch.zeros(1, 4, 2, 1)).squeeze())
 * ```
 */
export class FeatureAlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.feature_alpha_dropout(input, this.p, this.training);
  }
}

const DROPOUT = family<DropoutModuleOptions>(
  ['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'],
  'p?: float, inplace?: bool',
);
for (const module of [Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout]) {
  forward_takes(module, 'input: Tensor');
}
