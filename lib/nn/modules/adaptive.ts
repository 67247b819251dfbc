import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { ModuleList, Sequential } from './container.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { method_signature, signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/** Keyword arguments of {@link AdaptiveLogSoftmaxWithLoss}. */
export interface AdaptiveLogSoftmaxOptions extends FactoryOptions {
  /** Each further cluster has this many times fewer features. Default 4. */
  div_value?: number;
  /** Learn a bias in the head. Default false. */
  head_bias?: boolean;
}

/** What an {@link AdaptiveLogSoftmaxWithLoss} must be given. */
export interface AdaptiveLogSoftmaxSizes {
  /** Features of the input. */
  in_features: number;
  /** Number of classes. */
  n_classes: number;
  /** The first class of each cluster of rarer classes, in increasing order. */
  cutoffs: readonly number[];
}

/** What {@link AdaptiveLogSoftmaxWithLoss} returns: a pair `[output, loss]` with names. */
export type ASMoutput = [output: Tensor, loss: Tensor] & {
  /** The log-probability of each target. */
  readonly output: Tensor;
  /** The mean of the negative log-probabilities. */
  readonly loss: Tensor;
};

const ADAPTIVE = signature<AdaptiveLogSoftmaxSizes & AdaptiveLogSoftmaxOptions>(
  'AdaptiveLogSoftmaxWithLoss',
  'in_features: int, n_classes: int, cutoffs: float[], div_value?: float, head_bias?: bool, device?: device|None, ' +
    'dtype?: dtype|None',
);
const LOG_PROB = method_signature<{ input: Tensor }>('AdaptiveLogSoftmaxWithLoss.log_prob', 'input: Tensor');
const PREDICT = method_signature<{ input: Tensor }>('AdaptiveLogSoftmaxWithLoss.predict', 'input: Tensor');

/**
 * Approximates the softmax over many classes, sorted from frequent to rare, efficiently: the head scores the frequent
 * classes and the clusters of the rarer ones, and a cluster is computed only for the samples that need it:
 * `log p(y) = log p(cluster of y) + log p(y | cluster of y)`. Mirrors `torch.nn.AdaptiveLogSoftmaxWithLoss`.
 *
 * Shapes: input `(N, in_features)` or `(in_features)`, target `(N)` or `()` with class indices in [0, n_classes), of
 * dtype int64; the result is the pair of output, the log-probability of each target, `(N)` or `()`, and loss, the mean
 * of their negatives, a scalar. The input has the dtype of the parameters. Dtypes: floating point.
 *
 * @param in_features - features of the input
 * @param n_classes - number of classes
 * @param cutoffs - the first class of each cluster, in increasing order
 * @param div_value - each further cluster has this many times fewer features; default 4
 * @param head_bias - learn a bias in the head; default false
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error unless the cutoffs are unique, increasing and between 1 and `n_classes - 1`; on the call, when a target
 *   is out of range or the shapes do not match
 * @example
 * ```ts
 * const softmax = new nn.AdaptiveLogSoftmaxWithLoss(8, 10, [2, 6]);
 * const input = torch.randn(3, 8);
 * const [output, loss] = softmax(input, torch.tensor([1, 4, 9]));
 * print(output, loss);
 * print(softmax.predict(input));
 * ```
 * ```python
 * softmax = nn.AdaptiveLogSoftmaxWithLoss(8, 10, cutoffs=[2, 6])
 * input = torch.randn(3, 8)
 * output, loss = softmax(input, torch.tensor([1, 4, 9]))
 * print(output, loss)
 * print(softmax.predict(input))
 * ```
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  declare in_features: number;
  declare n_classes: number;
  /** The first class of each cluster, and `n_classes`. */
  declare cutoffs: readonly number[];
  declare div_value: number;
  declare head_bias: boolean;
  declare shortlist_size: number;
  declare n_clusters: number;
  declare head_size: number;
  declare head: Linear;
  declare tail: ModuleList<Sequential>;

  constructor(
    ...args: Arguments<
      [
        in_features: number,
        n_classes: number,
        cutoffs: readonly number[],
        div_value?: number,
        head_bias?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      AdaptiveLogSoftmaxSizes & AdaptiveLogSoftmaxOptions,
      ['in_features', 'n_classes', 'cutoffs', 'div_value', 'head_bias', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const {
      in_features,
      n_classes,
      cutoffs,
      div_value = 4,
      head_bias = false,
      device = null,
      dtype = null,
    } = ADAPTIVE.read(args);
    super();
    check_cutoffs(cutoffs, n_classes);
    this.in_features = in_features;
    this.n_classes = n_classes;
    this.cutoffs = [...cutoffs, n_classes];
    this.div_value = div_value;
    this.head_bias = head_bias;
    this.shortlist_size = cutoffs[0]!;
    this.n_clusters = cutoffs.length;
    this.head_size = this.shortlist_size + this.n_clusters;
    this.head = new Linear(in_features, this.head_size, { bias: head_bias, device, dtype });
    this.tail = new ModuleList(
      cutoffs.map((start, i) => {
        const features = Math.floor(in_features / div_value ** (i + 1));
        const layer = (from: number, to: number): Linear => new Linear(from, to, { bias: false, device, dtype });
        return new Sequential(layer(in_features, features), layer(features, this.cutoffs[i + 1]! - start));
      }),
    );
  }

  /** Reinitializes the parameters of the head and of the clusters. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    this.head.reset_parameters();
    for (const cluster of this.tail) for (const layer of cluster) (layer as Linear).reset_parameters();
  }

  forward(input_: Tensor, target_: Tensor): ASMoutput {
    check_target(input_, target_);
    const batched = target_.ndim > 0;
    const [input, target] = batched ? [input_, target_] : [input_.unsqueeze(0), target_.unsqueeze(0)];
    const [in_clusters, head_places] = this.clusters_of(input, target);
    const head = F.log_softmax(this.head(input), 1);
    const log_probs = in_clusters.add_(head.gather(1, head_places.unsqueeze(1)).squeeze());
    const loss = log_probs.neg().mean();
    const output = batched ? log_probs : log_probs.squeeze(0);
    return Object.assign([output, loss] as [Tensor, Tensor], { output, loss });
  }

  /** The log probability of each target within its cluster, and where its cluster, or itself, is in the head. */
  private clusters_of(input: Tensor, target: Tensor): [in_clusters: Tensor, head_places: Tensor] {
    const batch = target.size(0);
    const in_clusters = input.new_zeros([batch]);
    const head_places = target.new_empty([batch]);
    let used = 0;
    [0, ...this.cutoffs.slice(0, -1)].forEach((low, i) => {
      const mask = target.ge(low).logical_and(target.lt(this.cutoffs[i]!));
      const rows = mask.nonzero().squeeze();
      if (rows.numel() === 0) return;
      used += rows.numel();
      if (i === 0) {
        head_places.index_copy_(0, rows, target.index(mask));
        return;
      }
      const scores = this.tail.at(i - 1)(input.index_select(0, rows));
      head_places.index_fill_(0, rows, this.shortlist_size + i - 1);
      const own = F.log_softmax(scores, 1).gather(1, target.index(mask).sub(low).unsqueeze(1));
      in_clusters.index_copy_(0, rows, own.squeeze(1));
    });
    if (used !== batch) {
      throw new Error(
        `Target values should be in [0, ${this.n_classes - 1}], but values in range ` +
          `[${target.min().item()}, ${target.max().item()}] were found. `,
      );
    }
    return [in_clusters, head_places];
  }

  private full_log_prob(input: Tensor, head_output: Tensor): Tensor {
    const head = F.log_softmax(head_output, 1);
    const parts = [...this.tail].map((cluster, i) =>
      F.log_softmax(cluster(input), 1).add(head.select(1, this.shortlist_size + i).unsqueeze(1)),
    );
    return ops.cat([head.narrow(1, 0, this.shortlist_size), ...parts], 1);
  }

  /** Returns the log-probabilities of all classes: `(N, in_features)` gives `(N, n_classes)`. */
  log_prob(input: Tensor | { input: Tensor }): Tensor;
  log_prob(...args: unknown[]): Tensor {
    const { input } = LOG_PROB.read(args);
    return this.full_log_prob(input, this.head(input));
  }

  /**
   * Returns the most probable class of each sample: `(N, in_features)` gives `(N)`. Clusters are computed only where
   * needed.
   */
  predict(input: Tensor | { input: Tensor }): Tensor;
  predict(...args: unknown[]): Tensor {
    const { input } = PREDICT.read(args);
    const head_output = this.head(input);
    const output = head_output.argmax(1);
    const rare = output.ge(this.shortlist_size);
    if (!rare.any().item<boolean>()) return output;
    if (rare.all().item<boolean>()) return this.full_log_prob(input, head_output).argmax(1);
    const found = this.full_log_prob(input.index(rare), head_output.index(rare)).argmax(1);
    output.index_put_([rare], found);
    return output;
  }
}

function check_cutoffs(cutoffs: readonly number[], n_classes: number): void {
  if (cutoffs.length === 0) throw new Error('cutoffs should be a sequence of length larger than 0');
  const wrong = cutoffs.some((cutoff, i) => !Number.isInteger(cutoff) || cutoff <= (i > 0 ? cutoffs[i - 1]! : 0));
  if (wrong || cutoffs[cutoffs.length - 1]! > n_classes - 1) {
    throw new Error(
      'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where ' +
        'each value is between 1 and n_classes-1',
    );
  }
}

function check_target(input: Tensor, target: Tensor): void {
  const rank = target.ndim;
  if (rank > 1) throw new Error('0D or 1D target tensor expected, multi-target not supported');
  if (rank === 1 && input.size(0) !== target.size(0)) {
    throw new Error('Input and target should have the same size in the batch dimension.');
  }
  if (input.ndim !== rank + 1) {
    throw new Error(
      `${rank}D target tensor expects ${rank + 1}D input tensors, but found inputs with size ` + String(input.size()),
    );
  }
}

forward_takes(AdaptiveLogSoftmaxWithLoss, 'input_: Tensor, target_: Tensor');
