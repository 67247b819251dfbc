/** Modules that measure how far apart vectors are. */
import type { Tensor } from '../tensor.js';
import { bind, type Tail } from './arguments.js';
import * as F from './functional.js';
import { Module } from './module.js';

/** What {@link PairwiseDistance} takes by name. */
export interface PairwiseDistanceOptions {
  /** Order of the norm. Default 2. */
  p?: number;
  /** Added to each difference. Default 1e-6. */
  eps?: number;
  /** Keep the last dimension, with size 1. */
  keepdim?: boolean;
}

/**
 * The norm of the differences along the last dimension. Mirrors `torch.nn.PairwiseDistance`.
 *
 * Shapes: inputs (N, D) or (D), output (N) or (), or with a last dimension of 1.
 */
export class PairwiseDistance extends Module {
  norm: number;
  eps: number;
  keepdim: boolean;

  constructor(...args: Tail<[p: number, eps: number, keepdim: boolean], PairwiseDistanceOptions>) {
    super();
    const { p = 2, eps = 1e-6, keepdim = false } =
      bind<PairwiseDistanceOptions>('PairwiseDistance', ['p', 'eps', 'keepdim'], args);
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwise_distance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}

/** What {@link CosineSimilarity} takes by name. */
export interface CosineSimilarityOptions {
  /** The dimension that goes. Default 1. */
  dim?: number;
  /** The smallest product of norms that is divided by. Default 1e-8. */
  eps?: number;
}

/** The cosine of the angle between vectors along `dim`. Mirrors `torch.nn.CosineSimilarity`. */
export class CosineSimilarity extends Module {
  dim: number;
  eps: number;

  constructor(...args: Tail<[dim: number, eps: number], CosineSimilarityOptions>) {
    super();
    const { dim = 1, eps = 1e-8 } = bind<CosineSimilarityOptions>('CosineSimilarity', ['dim', 'eps'], args);
    this.dim = dim;
    this.eps = eps;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosine_similarity(x1, x2, this.dim, this.eps);
  }
}
