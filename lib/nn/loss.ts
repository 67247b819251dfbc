import type { Tensor } from '../tensor.js';
import { bind, type Tail } from './arguments.js';
import * as F from './functional.js';
import { Module } from './module.js';
import { resolve_reduction, type Reduction } from './reduction.js';
import { kind_of } from './representation.js';

const LOSS = ['size_average', 'reduce', 'reduction'];

type LossTail = Tail<[size_average: boolean | null, reduce: boolean | null, reduction: Reduction], F.LossOptions>;

/** A loss that is reduced to one number, or not. */
class Loss<R extends string = Reduction> extends Module {
  reduction: R | Reduction;

  constructor(options: { size_average?: boolean | null; reduce?: boolean | null; reduction?: R | Reduction }) {
    super();
    this.reduction = resolve_reduction(options.size_average, options.reduce, options.reduction ?? 'mean');
  }
}

/** A loss with a weight, kept as a buffer, for each class or element. */
class WeightedLoss extends Loss {
  declare weight: Tensor | null;

  constructor(options: F.WeightedLossOptions) {
    super(options);
    this.register_buffer('weight', options.weight ?? null);
  }
}

/** The absolute differences of input and target. Mirrors `torch.nn.L1Loss`. */
export class L1Loss extends Loss {
  constructor(...args: LossTail) {
    super(bind<F.LossOptions>('L1Loss', LOSS, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

/** The squared differences of input and target. Mirrors `torch.nn.MSELoss`. */
export class MSELoss extends Loss {
  constructor(...args: LossTail) {
    super(bind<F.LossOptions>('MSELoss', LOSS, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.mse_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * The negative log likelihood of class indices. Mirrors `torch.nn.NLLLoss`.
 *
 * Shapes: log probabilities (N, C, ...) or (C), target (N, ...) or (), output a scalar, or as the target
 * without reduction.
 */
export class NLLLoss extends WeightedLoss {
  ignore_index: number;

  constructor(
    ...args: Tail<[weight: Tensor | null, size_average: boolean | null, ignore_index: number, reduce: boolean | null,
      reduction: Reduction], F.NLLLossOptions>
  ) {
    const options = bind<F.NLLLossOptions>(
      'NLLLoss', ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction'], args);
    super(options);
    this.ignore_index = options.ignore_index ?? -100;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction } = this;
    return F.nll_loss(input, target, { weight, ignore_index, reduction });
  }
}

/**
 * The cross entropy of unnormalised scores with targets. Mirrors `torch.nn.CrossEntropyLoss`.
 *
 * Shapes: scores (N, C, ...) or (C); target (N, ...) or () with class indices, or as the scores with
 * probabilities; output a scalar, or (N, ...) without reduction.
 *
 * @example
 * ```ts
 * const loss_func = new nn.CrossEntropyLoss({ label_smoothing: 0.1 });
 * const loss = loss_func(torch.randn(3, 5), torch.tensor([1, 0, 4]));
 * ```
 */
export class CrossEntropyLoss extends WeightedLoss {
  ignore_index: number;
  label_smoothing: number;

  constructor(
    ...args: Tail<[weight: Tensor | null, size_average: boolean | null, ignore_index: number, reduce: boolean | null,
      reduction: Reduction, label_smoothing: number], F.CrossEntropyOptions>
  ) {
    const options = bind<F.CrossEntropyOptions>(
      'CrossEntropyLoss', ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing'], args);
    super(options);
    this.ignore_index = options.ignore_index ?? -100;
    this.label_smoothing = options.label_smoothing ?? 0;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction, label_smoothing } = this;
    return F.cross_entropy(input, target, { weight, ignore_index, reduction, label_smoothing });
  }
}

/** The cross entropy of probabilities with targets in [0, 1]. Mirrors `torch.nn.BCELoss`. */
export class BCELoss extends WeightedLoss {
  constructor(
    ...args: Tail<[weight: Tensor | null, size_average: boolean | null, reduce: boolean | null, reduction: Reduction],
      F.BCELossOptions>
  ) {
    super(bind<F.BCELossOptions>('BCELoss', ['weight', ...LOSS], args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** The cross entropy of unnormalised scores with targets in [0, 1]. Mirrors `torch.nn.BCEWithLogitsLoss`. */
export class BCEWithLogitsLoss extends WeightedLoss {
  declare pos_weight: Tensor | null;

  constructor(
    ...args: Tail<[weight: Tensor | null, size_average: boolean | null, reduce: boolean | null, reduction: Reduction,
      pos_weight: Tensor | null], F.BCEWithLogitsLossOptions>
  ) {
    const options = bind<F.BCEWithLogitsLossOptions>('BCEWithLogitsLoss', ['weight', ...LOSS, 'pos_weight'], args);
    super(options);
    this.register_buffer('pos_weight', options.pos_weight ?? null);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, pos_weight, reduction } = this;
    return F.binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction });
  }
}

/** Squared differences below `beta`, absolute ones above. Mirrors `torch.nn.SmoothL1Loss`. */
export class SmoothL1Loss extends Loss {
  beta: number;

  constructor(
    ...args: Tail<[size_average: boolean | null, reduce: boolean | null, reduction: Reduction, beta: number],
      F.SmoothL1LossOptions>
  ) {
    const options = bind<F.SmoothL1LossOptions>('SmoothL1Loss', [...LOSS, 'beta'], args);
    super(options);
    this.beta = options.beta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** Squared differences below `delta`, absolute ones (times `delta`) above. Mirrors `torch.nn.HuberLoss`. */
export class HuberLoss extends Loss {
  delta: number;

  constructor(
    ...args: Tail<[reduction: Reduction, delta: number], { reduction?: Reduction; delta?: number }>
  ) {
    const { reduction, delta = 1 } =
      bind<{ reduction?: Reduction; delta?: number }>('HuberLoss', ['reduction', 'delta'], args);
    if (typeof delta !== 'number') throw new TypeError(`delta must be a float or int, got: ${kind_of(delta)}`);
    super({ reduction });
    this.delta = delta;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.huber_loss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

/** The Kullback-Leibler divergence of the target from log probabilities. Mirrors `torch.nn.KLDivLoss`. */
export class KLDivLoss extends Loss<Reduction | 'batchmean'> {
  log_target: boolean;

  constructor(
    ...args: Tail<[size_average: boolean | null, reduce: boolean | null, reduction: Reduction | 'batchmean',
      log_target: boolean], F.KLDivOptions>
  ) {
    const options = bind<F.KLDivOptions>('KLDivLoss', [...LOSS, 'log_target'], args);
    super(options);
    this.log_target = options.log_target ?? false;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.kl_div(input, target, { reduction: this.reduction, log_target: this.log_target });
  }
}

/** The negative log likelihood of counts under a Poisson distribution. Mirrors `torch.nn.PoissonNLLLoss`. */
export class PoissonNLLLoss extends Loss {
  log_input: boolean;
  full: boolean;
  eps: number;

  constructor(
    ...args: Tail<[log_input: boolean, full: boolean, size_average: boolean | null, eps: number,
      reduce: boolean | null, reduction: Reduction], F.PoissonNLLLossOptions>
  ) {
    const options = bind<F.PoissonNLLLossOptions>(
      'PoissonNLLLoss', ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'], args);
    super(options);
    this.log_input = options.log_input ?? true;
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-8;
  }

  forward(log_input: Tensor, target: Tensor): Tensor {
    const { full, eps, reduction } = this;
    return F.poisson_nll_loss(log_input, target, { log_input: this.log_input, full, eps, reduction });
  }
}

/** The negative log likelihood under normal distributions. Mirrors `torch.nn.GaussianNLLLoss`. */
export class GaussianNLLLoss extends Loss {
  full: boolean;
  eps: number;

  constructor(options: F.GaussianNLLLossOptions = {}) {
    const { full = false, eps = 1e-6, reduction } =
      bind<F.GaussianNLLLossOptions>('GaussianNLLLoss', ['full', 'eps', 'reduction'], [options]);
    super({ reduction });
    this.full = full;
    this.eps = eps;
  }

  forward(input: Tensor, target: Tensor, var_: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return F.gaussian_nll_loss(input, target, var_, { full, eps, reduction });
  }
}

/** A loss with a margin. */
class MarginLoss extends Loss {
  margin: number;

  constructor(options: F.MarginLossOptions, otherwise: number) {
    super(options);
    this.margin = options.margin ?? otherwise;
  }
}

type MarginTail = Tail<
  [margin: number, size_average: boolean | null, reduce: boolean | null, reduction: Reduction], F.MarginLossOptions>;

/** `x` for targets 1, `max(0, margin - x)` for targets -1. Mirrors `torch.nn.HingeEmbeddingLoss`. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginTail) {
    super(bind<F.MarginLossOptions>('HingeEmbeddingLoss', ['margin', ...LOSS], args), 1);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.hinge_embedding_loss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** `max(0, -target * (input1 - input2) + margin)`. Mirrors `torch.nn.MarginRankingLoss`. */
export class MarginRankingLoss extends MarginLoss {
  constructor(...args: MarginTail) {
    super(bind<F.MarginLossOptions>('MarginRankingLoss', ['margin', ...LOSS], args), 0);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.margin_ranking_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** `1 - cos` for targets 1, `max(0, cos - margin)` for targets -1. Mirrors `torch.nn.CosineEmbeddingLoss`. */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginTail) {
    super(bind<F.MarginLossOptions>('CosineEmbeddingLoss', ['margin', ...LOSS], args), 0);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosine_embedding_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** `log(1 + exp(-target * x))`. Mirrors `torch.nn.SoftMarginLoss`. */
export class SoftMarginLoss extends Loss {
  constructor(...args: LossTail) {
    super(bind<F.LossOptions>('SoftMarginLoss', LOSS, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** The margin loss of several classes at once. Mirrors `torch.nn.MultiLabelMarginLoss`. */
export class MultiLabelMarginLoss extends Loss {
  constructor(...args: LossTail) {
    super(bind<F.LossOptions>('MultiLabelMarginLoss', LOSS, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. Mirrors `torch.nn.TripletMarginLoss`. */
export class TripletMarginLoss extends MarginLoss {
  p: number;
  eps: number;
  swap: boolean;

  constructor(
    ...args: Tail<[margin: number, p: number, eps: number, swap: boolean, size_average: boolean | null,
      reduce: boolean | null, reduction: Reduction], F.TripletMarginLossOptions>
  ) {
    const options = bind<F.TripletMarginLossOptions>(
      'TripletMarginLoss', ['margin', 'p', 'eps', 'swap', ...LOSS], args);
    super(options, 1);
    if (!(this.margin > 0)) {
      throw new Error(`TripletMarginLoss: expected margin to be greater than 0, got ${this.margin} instead`);
    }
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return F.triplet_margin_loss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/** The connectionist temporal classification loss. Mirrors `torch.nn.CTCLoss`. */
export class CTCLoss extends Loss {
  blank: number;
  zero_infinity: boolean;

  constructor(...args: Tail<[blank: number, reduction: Reduction, zero_infinity: boolean], F.CTCLossOptions>) {
    const { blank = 0, reduction, zero_infinity = false } =
      bind<F.CTCLossOptions>('CTCLoss', ['blank', 'reduction', 'zero_infinity'], args);
    super({ reduction });
    this.blank = blank;
    this.zero_infinity = zero_infinity;
  }

  forward(
    log_probs: Tensor, targets: Tensor, input_lengths: Tensor | readonly number[],
    target_lengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, reduction, zero_infinity } = this;
    return F.ctc_loss(log_probs, targets, input_lengths, target_lengths, { blank, reduction, zero_infinity });
  }
}
