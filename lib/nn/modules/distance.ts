/** Modules that measure the distance between vectors. */
import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/** Keyword arguments of {@link PairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /** Order of the norm. Default 2. */
  p?: number;
  /** Added to each difference, for numerical stability. Default 1e-6. */
  eps?: number;
  /** Keep the last dimension, with size 1. Default false. */
  keepdim?: boolean;
}

/**
 * Measures the distance between vectors by a norm of their difference: `d = ||x1 - x2 + eps||_p` along the last
 * dimension. Mirrors `torch.nn.PairwiseDistance`.
 *
 * Shapes: inputs `(N, D)` or `(D)`, which are broadcast; output `(N)` or `()`, or with a last dimension of size 1 when
 * `keepdim`. Dtypes: floating point, complex and integers.
 *
 * @param p - order of the norm, which may be negative or infinite; default 2
 * @param eps - added to each difference, to avoid division by zero in the gradient; default 1e-6
 * @param keepdim - keep the last dimension, with size 1; default false
 * @example
 * ```ts
 * const distance = new nn.PairwiseDistance();
 * print(distance(torch.tensor([[0, 0], [1, 1.5]]), torch.tensor([[3, 4], [1, 1.5]])));
 * ```
 * ```python
 * distance = nn.PairwiseDistance(p=2)
 * print(distance(torch.tensor([[0, 0], [1, 1.5]]), torch.tensor([[3, 4], [1, 1.5]])))
 * ```
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

/** Keyword arguments of {@link CosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** The dimension of the vectors. Default 1. */
  dim?: number;
  /** Lower bound of the divisor, for numerical stability. Default 1e-8. */
  eps?: number;
}

/**
 * Measures the cosine of the angle between vectors along a dimension: `y = x1 . x2 / max(||x1|| * ||x2||, eps)`.
 * Mirrors `torch.nn.CosineSimilarity`.
 *
 * Shapes: inputs `(*, D, *)` with `D` at `dim`, which are broadcast; output `(*, *)`, without that dimension.
 * Dtypes: floating point.
 *
 * @param dim - the dimension of the vectors; default 1
 * @param eps - lower bound of the divisor; default 1e-8
 * @throws RangeError on the call, when the inputs do not have the dimension
 * @example
 * ```ts
 * const similarity = new nn.CosineSimilarity(1);
 * print(similarity(torch.tensor([[1, 0], [1, 1.5]]), torch.tensor([[1, 1], [2, 3]])));
 * ```
 * ```python
 * similarity = nn.CosineSimilarity(dim=1)
 * print(similarity(torch.tensor([[1, 0], [1, 1.5]]), torch.tensor([[1, 1], [2, 3]])))
 * ```
 */
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
