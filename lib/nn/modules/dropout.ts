import type { Tensor } from '../../_tensor.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_bool, python_float } from '../../_internal/representation.js';
import type { Arguments } from '../../_internal/signature.js';

/** What the dropout modules take by name. */
export interface DropoutModuleOptions {
  /** Probability of an element (or channel) to be zeroed. Default 0.5. */
  p?: number;
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
 * In training, zeroes elements at random and scales the others by 1 / (1 - p). Mirrors `torch.nn.Dropout`.
 */
export class Dropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}

/** In training, zeroes whole channels of (N, C, L) or (C, L). Mirrors `torch.nn.Dropout1d`. */
export class Dropout1d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}

/** In training, zeroes whole channels of (N, C, H, W). Mirrors `torch.nn.Dropout2d`. */
export class Dropout2d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}

/** In training, zeroes whole channels of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.Dropout3d`. */
export class Dropout3d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}

/** Dropout that keeps mean and variance of self-normalising inputs. Mirrors `torch.nn.AlphaDropout`. */
export class AlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.alpha_dropout(input, this.p, this.training);
  }
}

/** Alpha dropout of whole channels. Mirrors `torch.nn.FeatureAlphaDropout`. */
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
