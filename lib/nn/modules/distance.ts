/** Modules that measure how far apart vectors are. */
import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { signature, type Arguments } from '../../_internal/signature.js';

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
  declare norm: number;
  declare eps: number;
  declare keepdim: boolean;

  constructor(
    ...args: Arguments<[p?: number, eps?: number, keepdim?: boolean], PairwiseDistanceOptions, ['p', 'eps', 'keepdim']>
  );
  constructor(...args: unknown[]) {
    super();
    const { p = 2, eps = 1e-6, keepdim = false } = PAIRWISE.read(args);
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
  declare dim: number;
  declare eps: number;

  constructor(...args: Arguments<[dim?: number, eps?: number], CosineSimilarityOptions, ['dim', 'eps']>);
  constructor(...args: unknown[]) {
    super();
    const { dim = 1, eps = 1e-8 } = COSINE.read(args);
    this.dim = dim;
    this.eps = eps;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosine_similarity(x1, x2, this.dim, this.eps);
  }
}

const PAIRWISE = signature<PairwiseDistanceOptions>('PairwiseDistance', 'p?: float, eps?: float, keepdim?: bool');
const COSINE = signature<CosineSimilarityOptions>('CosineSimilarity', 'dim?: int, eps?: float');
for (const module of [PairwiseDistance, CosineSimilarity]) forward_takes(module, 'x1: Tensor, x2: Tensor');
