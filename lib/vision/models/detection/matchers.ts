/** Which boxes belong to which objects in training, and which of them are learned from. */
import { signature } from '../../../_internal/signature.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import { arange, randperm, where, zeros_like } from '../../../generated/functions.js';
import { int64, uint8 } from '../../../types/dtype.js';

interface MatcherArguments {
  high_threshold: number;
  low_threshold: number;
  allow_low_quality_matches?: boolean;
}

const MATCHER = signature<MatcherArguments>(
  'Matcher',
  'high_threshold: float, low_threshold: float, allow_low_quality_matches?: bool',
);
const SSD_MATCHER = signature<{ threshold: number }>('SSDMatcher', 'threshold: float');
const MATCH = signature<{ match_quality_matrix: Tensor }>('Matcher', 'match_quality_matrix: Tensor');

/** Instances are called. */
export interface Matcher {
  (match_quality_matrix: Tensor): Tensor;
}

/**
 * Assigns to each of N boxes one of M objects, by a matrix `(M, N)` of how well they fit: the index of the object, -1 where
 * the best is below `low_threshold`, -2 where it is between the thresholds. Mirrors
 * `torchvision.models.detection._utils.Matcher`.
 *
 * @param high_threshold - least quality of a match
 * @param low_threshold - quality below which a box is background
 * @param allow_low_quality_matches - assign to each object also the boxes that fit it best; default false
 * @throws Error when `low_threshold` is the greater one; on a call, for a matrix without elements
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const matcher = new models.detection._utils.Matcher(0.7, 0.3);
 * print(matcher(torch.tensor([[0.8, 0.5, 0.1], [0.2, 0.4, 0.2]]))); // tensor([ 0, -2, -1])
 * ```
 */
export class Matcher {
  static readonly BELOW_LOW_THRESHOLD = -1;
  static readonly BETWEEN_THRESHOLDS = -2;
  declare readonly high_threshold: number;
  declare readonly low_threshold: number;
  declare readonly allow_low_quality_matches: boolean;

  constructor(
    high_threshold: number,
    low_threshold: number,
    ...options: Tail<[allow_low_quality_matches: boolean], { allow_low_quality_matches?: boolean }>
  );
  constructor(options: MatcherArguments);
  constructor(...args: unknown[]) {
    const { high_threshold, low_threshold, allow_low_quality_matches = false } = MATCHER.read(args);
    if (low_threshold > high_threshold) throw new Error('low_threshold should be <= high_threshold');
    const self = ((...given: unknown[]): Tensor =>
      self.match(MATCH.read(given).match_quality_matrix)) as unknown as this & {
      match(match_quality_matrix: Tensor): Tensor;
    };
    Object.setPrototypeOf(self, new.target.prototype as object);
    Object.assign(self, { high_threshold, low_threshold, allow_low_quality_matches });
    // A function is what Python calls by `__call__`.
    return self;
  }

  /** @internal */
  match(match_quality_matrix: Tensor): Tensor {
    if (match_quality_matrix.numel() === 0) {
      const what = match_quality_matrix.size(0) === 0 ? 'ground-truth' : 'proposal';
      throw new Error(`No ${what} boxes available for one of the images during training`);
    }
    const [best, found] = match_quality_matrix.max(0);
    const below = best.lt(this.low_threshold);
    const between = best.ge(this.low_threshold).logical_and(best.lt(this.high_threshold));
    const matches = found
      .masked_fill(below, Matcher.BELOW_LOW_THRESHOLD)
      .masked_fill(between, Matcher.BETWEEN_THRESHOLDS);
    if (!this.allow_low_quality_matches) return matches;
    const [best_of_object] = match_quality_matrix.max(1);
    // All boxes that fit an object best, of which there may be several.
    const boxes = where(match_quality_matrix.eq(best_of_object.unsqueeze(1)))[1]!;
    return matches.index_put_([boxes], found.index(boxes));
  }
}

/**
 * A {@link Matcher} of one threshold, which assigns to each object the box that fits it best, whatever the threshold. Mirrors
 * `torchvision.models.detection._utils.SSDMatcher`.
 *
 * @param threshold - least quality of other matches
 * @throws Error on a call, for a matrix without elements
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const matcher = new models.detection._utils.SSDMatcher(0.5);
 * print(matcher(torch.tensor([[0.8, 0.6, 0.1], [0.2, 0.3, 0.4]]))); // tensor([0, 0, 1])
 * ```
 */
export class SSDMatcher extends Matcher {
  constructor(threshold: number | { threshold: number });
  constructor(...args: unknown[]) {
    const { threshold } = SSD_MATCHER.read(args);
    super(threshold, threshold);
  }

  /** @internal */
  override match(match_quality_matrix: Tensor): Tensor {
    const matches = super.match(match_quality_matrix);
    const [, boxes] = match_quality_matrix.max(1);
    return matches.index_put_([boxes], arange(boxes.size(0), { dtype: int64, device: boxes.device }));
  }
}

interface SamplerArguments {
  batch_size_per_image: number;
  positive_fraction: number;
}

const SAMPLER = signature<SamplerArguments>(
  'BalancedPositiveNegativeSampler',
  'batch_size_per_image: int, positive_fraction: float',
);
const SAMPLE = signature<{ matched_idxs: readonly Tensor[] }>('sample', 'matched_idxs: Tensor[]');

/**
 * Draws boxes to learn from, of which a part are objects. Mirrors
 * `torchvision.models.detection._utils.BalancedPositiveNegativeSampler`, whose call is {@link
 * BalancedPositiveNegativeSampler.sample}.
 *
 * @param batch_size_per_image - number of boxes of each image, where there are as many
 * @param positive_fraction - largest part of objects
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const sampler = new models.detection._utils.BalancedPositiveNegativeSampler(4, 0.5);
 * const [positive, negative] = sampler.sample([torch.tensor([0, 1, -1, 0])]);
 * print(positive, negative); // [tensor([0, 1, 0, 0], dtype=torch.uint8)] [tensor([1, 0, 0, 1], dtype=torch.uint8)]
 * ```
 */
export class BalancedPositiveNegativeSampler {
  readonly batch_size_per_image: number;
  readonly positive_fraction: number;

  constructor(batch_size_per_image: number, positive_fraction: number | { positive_fraction: number });
  constructor(options: SamplerArguments);
  constructor(...args: unknown[]) {
    const { batch_size_per_image, positive_fraction } = SAMPLER.read(args);
    this.batch_size_per_image = batch_size_per_image;
    this.positive_fraction = positive_fraction;
  }

  /**
   * Draws from boxes whose labels are at least 1, and from those of label 0; the others are left out.
   * @param matched_idxs - the labels of each image
   * @returns for each image a mask of the drawn objects, and one of the drawn background, both uint8
   */
  sample(matched_idxs: readonly Tensor[]): [positive: Tensor[], negative: Tensor[]];
  sample(...args: unknown[]): [positive: Tensor[], negative: Tensor[]] {
    const drawn = SAMPLE.read(args).matched_idxs.map((labels) => this.sample_image(labels));
    return [drawn.map(([positive]) => positive), drawn.map(([, negative]) => negative)];
  }

  private sample_image(labels: Tensor): [positive: Tensor, negative: Tensor] {
    const positive = where(labels.ge(1))[0]!;
    const negative = where(labels.eq(0))[0]!;
    const objects = Math.min(positive.numel(), Math.trunc(this.batch_size_per_image * this.positive_fraction));
    const others = Math.min(negative.numel(), this.batch_size_per_image - objects);
    const mask = (members: Tensor, count: number): Tensor => {
      const drawn = randperm(members.numel(), { device: members.device }).narrow(0, 0, count);
      return zeros_like(labels, { dtype: uint8 }).index_fill_(0, members.index_select(0, drawn), 1);
    };
    return [mask(positive, objects), mask(negative, others)];
  }
}
