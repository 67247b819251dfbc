import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { PairwiseDistance } from './distance.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Linear } from './linear.js';
import type { LinearCrossEntropyOptions } from '../functional/linear_cross_entropy.js';
import { Module } from './module.js';
import { resolve_reduction, type Reduction } from '../functional/reduction.js';
import { kind_of, python_bool, python_float, python_int, python_size } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { signature, type Arguments } from '../../_internal/signature.js';

type LossArguments = Arguments<
  [size_average?: boolean | null, reduce?: boolean | null, reduction?: Reduction],
  F.LossOptions,
  ['size_average', 'reduce', 'reduction']
>;

const REDUCTION = 'size_average?: bool|None, reduce?: bool|None, reduction?: str';
const LOSS = family<F.LossOptions>(['L1Loss', 'MSELoss', 'SoftMarginLoss', 'MultiLabelMarginLoss'], REDUCTION);

/** A loss that is reduced to one number, or not. */
class Loss<R extends string = Reduction> extends Module {
  declare reduction: R | Reduction;

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
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

/** The squared differences of input and target. Mirrors `torch.nn.MSELoss`. */
export class MSELoss extends Loss {
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
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
  declare ignore_index: number;

  constructor(
    ...args: Arguments<
      [
        weight?: Tensor | null,
        size_average?: boolean | null,
        ignore_index?: number,
        reduce?: boolean | null,
        reduction?: Reduction,
      ],
      F.NLLLossOptions,
      ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction']
    >
  );
  constructor(...args: unknown[]) {
    const options = NLL.read(new.target, args);
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
  declare ignore_index: number;
  declare label_smoothing: number;

  constructor(
    ...args: Arguments<
      [
        weight?: Tensor | null,
        size_average?: boolean | null,
        ignore_index?: number,
        reduce?: boolean | null,
        reduction?: Reduction,
        label_smoothing?: number,
      ],
      F.CrossEntropyOptions,
      ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing']
    >
  );
  constructor(...args: unknown[]) {
    const options = CROSS_ENTROPY.read(args);
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
    ...args: Arguments<
      [weight?: Tensor | null, size_average?: boolean | null, reduce?: boolean | null, reduction?: Reduction],
      F.BCELossOptions,
      ['weight', 'size_average', 'reduce', 'reduction']
    >
  );
  constructor(...args: unknown[]) {
    super(WEIGHTED.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** The cross entropy of unnormalised scores with targets in [0, 1]. Mirrors `torch.nn.BCEWithLogitsLoss`. */
export class BCEWithLogitsLoss extends WeightedLoss {
  declare pos_weight: Tensor | null;

  constructor(
    ...args: Arguments<
      [
        weight?: Tensor | null,
        size_average?: boolean | null,
        reduce?: boolean | null,
        reduction?: Reduction,
        pos_weight?: Tensor | null,
      ],
      F.BCEWithLogitsLossOptions,
      ['weight', 'size_average', 'reduce', 'reduction', 'pos_weight']
    >
  );
  constructor(...args: unknown[]) {
    const options = BCE_WITH_LOGITS.read(args);
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
  declare beta: number;

  constructor(
    ...args: Arguments<
      [size_average?: boolean | null, reduce?: boolean | null, reduction?: Reduction, beta?: number],
      F.SmoothL1LossOptions,
      ['size_average', 'reduce', 'reduction', 'beta']
    >
  );
  constructor(...args: unknown[]) {
    const options = SMOOTH_L1.read(args);
    super(options);
    this.beta = options.beta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** Squared differences below `delta`, absolute ones (times `delta`) above. Mirrors `torch.nn.HuberLoss`. */
export class HuberLoss extends Loss {
  declare delta: number;

  constructor(
    ...args: Arguments<
      [reduction?: Reduction, delta?: number],
      { reduction?: Reduction; delta?: number },
      ['reduction', 'delta']
    >
  );
  constructor(...args: unknown[]) {
    const { reduction = 'mean', delta = 1 } = HUBER.read(args);
    if (typeof delta !== 'number') {
      throw new TypeError(`delta must be a float or int, got: <class '${kind_of(delta)}'>`);
    }
    super({ reduction });
    this.delta = delta;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.huber_loss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

/** The Kullback-Leibler divergence of the target from log probabilities. Mirrors `torch.nn.KLDivLoss`. */
export class KLDivLoss extends Loss<Reduction | 'batchmean'> {
  declare log_target: boolean;

  constructor(
    ...args: Arguments<
      [
        size_average?: boolean | null,
        reduce?: boolean | null,
        reduction?: Reduction | 'batchmean',
        log_target?: boolean,
      ],
      F.KLDivOptions,
      ['size_average', 'reduce', 'reduction', 'log_target']
    >
  );
  constructor(...args: unknown[]) {
    const options = KL_DIV.read(args);
    super(options);
    this.log_target = options.log_target ?? false;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.kl_div(input, target, { reduction: this.reduction, log_target: this.log_target });
  }
}

/** The negative log likelihood of counts under a Poisson distribution. Mirrors `torch.nn.PoissonNLLLoss`. */
export class PoissonNLLLoss extends Loss {
  declare log_input: boolean;
  declare full: boolean;
  declare eps: number;

  constructor(
    ...args: Arguments<
      [
        log_input?: boolean,
        full?: boolean,
        size_average?: boolean | null,
        eps?: number,
        reduce?: boolean | null,
        reduction?: Reduction,
      ],
      F.PoissonNLLLossOptions,
      ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction']
    >
  );
  constructor(...args: unknown[]) {
    const options = POISSON.read(args);
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
  declare full: boolean;
  declare eps: number;

  constructor(options?: F.GaussianNLLLossOptions);
  constructor(...args: unknown[]) {
    const { full = false, eps = 1e-6, reduction = 'mean' } = GAUSSIAN.read(args);
    super({ reduction });
    this.full = full;
    this.eps = eps;
  }

  forward(input: Tensor, target: Tensor, var_: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return F.gaussian_nll_loss(input, target, var_, { full, eps, reduction });
  }
}

/** The negative log likelihood of class indices. Mirrors `torch.nn.NLLLoss2d`. @deprecated use {@link NLLLoss} */
export class NLLLoss2d extends NLLLoss {
  constructor(...args: ConstructorParameters<typeof NLLLoss>) {
    warn(
      '`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement and see ' +
        'https://pytorch.org/docs/main/nn.html#torch.nn.NLLLoss for more details.',
      'FutureWarning',
    );
    super(...args);
  }
}

/**
 * The mean over classes of the binary cross entropy of unnormalised scores (N, C) or (C). Mirrors
 * `torch.nn.MultiLabelSoftMarginLoss`.
 */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  constructor(
    ...args: Arguments<
      [weight?: Tensor | null, size_average?: boolean | null, reduce?: boolean | null, reduction?: Reduction],
      F.MultiLabelSoftMarginLossOptions,
      ['weight', 'size_average', 'reduce', 'reduction']
    >
  );
  constructor(...args: unknown[]) {
    super(WEIGHTED.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_soft_margin_loss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/**
 * How far the scores (N, C) or (C) of other classes come within a margin of the target's. Mirrors
 * `torch.nn.MultiMarginLoss`.
 */
export class MultiMarginLoss extends WeightedLoss {
  declare p: number;
  declare margin: number;

  constructor(
    ...args: Arguments<
      [
        p?: number,
        margin?: number,
        weight?: Tensor | null,
        size_average?: boolean | null,
        reduce?: boolean | null,
        reduction?: Reduction,
      ],
      F.MultiMarginLossOptions,
      ['p', 'margin', 'weight', 'size_average', 'reduce', 'reduction']
    >
  );
  constructor(...args: unknown[]) {
    const options = MULTI_MARGIN.read(args);
    const { p = 1, margin = 1, weight = null } = options;
    super(options);
    if (p !== 1 && p !== 2) throw new Error('only p == 1 and p == 2 supported');
    if (weight !== null && weight.ndim !== 1) {
      throw new Error(`MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.ndim}D instead`);
    }
    this.p = p;
    this.margin = margin;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return F.multi_margin_loss(input, target, { p, margin, weight, reduction });
  }
}

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)` for a distance of your own. Mirrors
 * `torch.nn.TripletMarginWithDistanceLoss`.
 */
export class TripletMarginWithDistanceLoss extends Loss {
  declare distance_function: (x: Tensor, y: Tensor) => Tensor;
  declare margin: number;
  declare swap: boolean;

  constructor(options?: F.TripletMarginWithDistanceLossOptions);
  constructor(...args: unknown[]) {
    const { distance_function = null, margin = 1, swap = false, reduction = 'mean' } = TRIPLET_WITH_DISTANCE.read(args);
    super({ reduction });
    if (margin <= 0) {
      throw new Error(
        'TripletMarginWithDistanceLoss: expected margin to be greater than 0, got ' + `${python_float(margin)} instead`,
      );
    }
    // A module that measures distances becomes a submodule, as in Python.
    this.distance_function = distance_function ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distance_function, margin, swap, reduction } = this;
    return F.triplet_margin_with_distance_loss(anchor, positive, negative, {
      distance_function,
      margin,
      swap,
      reduction,
    });
  }
}

/** What {@link LinearCrossEntropyLoss} takes by name. */
export interface LinearCrossEntropyLossOptions extends FactoryOptions {
  /** Shape of the positions that each input is scored for. Default (). */
  out_features?: readonly number[];
  /** Learn a bias. Default false. */
  bias?: boolean;
  reduction?: Reduction;
  /** A factor for each class. */
  weight?: Tensor | null;
  /** Targets of this class do not count; for class indices only. Default -100. */
  ignore_index?: number | null;
  /** How much of the target is spread evenly over the classes, in [0, 1]. Default 0. */
  label_smoothing?: number;
  /** How to compute in chunks of the batch, which takes less memory; null for all at once. */
  options?: LinearCrossEntropyOptions | null;
}

/**
 * The cross entropy of the scores of a linear layer of its own. Mirrors `torch.nn.LinearCrossEntropyLoss`.
 *
 * Shapes: input (in_features) or (N, in_features); target as for {@link CrossEntropyLoss} with scores (num_classes,
 * ...out_features) or (N, num_classes, ...out_features).
 */
export class LinearCrossEntropyLoss extends WeightedLoss {
  declare num_classes: number;
  declare out_features: readonly number[];
  declare ignore_index: number | null;
  declare label_smoothing: number;
  declare linear: Linear;
  declare options: LinearCrossEntropyOptions | null;

  constructor(
    ...args: Arguments<
      [in_features: number, num_classes: number],
      LinearCrossEntropySizes,
      ['in_features', 'num_classes']
    >
  );
  constructor(...args: unknown[]) {
    const { in_features, num_classes, ...given } = LINEAR_CROSS_ENTROPY.read(args);
    const {
      out_features = [],
      bias = false,
      weight = null,
      label_smoothing = 0,
      reduction = 'mean',
      device = null,
      dtype = null,
    } = given;
    if (weight !== null && python_size(weight.shape) !== python_size([num_classes])) {
      throw new Error(`expected weight shape to be ${python_size([num_classes])}, got ${python_size(weight.shape)}`);
    }
    if (!(label_smoothing >= 0 && label_smoothing <= 1)) {
      throw new Error(`expected label_smoothing to be in range [0, 1], got ${python_float(label_smoothing)}`);
    }
    super({ weight, reduction });
    this.num_classes = num_classes;
    this.out_features = out_features;
    this.ignore_index = given.ignore_index ?? null;
    this.label_smoothing = label_smoothing;
    const rows = out_features.reduce((product, size) => product * size, num_classes);
    this.linear = new Linear(in_features, rows, { bias, device, dtype });
    this.options = given.options ?? null;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { num_classes, out_features, linear, weight, reduction, ignore_index, label_smoothing, options } = this;
    const linear_weight = linear.weight.reshape([num_classes, ...out_features, linear.in_features]);
    const linear_bias = linear.bias?.reshape([num_classes, ...out_features]) ?? null;
    return F.linear_cross_entropy(input, linear_weight, target, {
      linear_bias,
      weight,
      reduction,
      ignore_index,
      label_smoothing,
      options,
    });
  }

  override extra_repr(): string {
    const { linear, out_features, ignore_index } = this;
    return (
      `in_features=${python_int(linear.in_features)}, num_classes=${python_int(this.num_classes)}, ` +
      `out_features=${python_size(out_features)}, bias=${python_bool(linear.bias !== null)}, ` +
      `reduction=${this.reduction}, ignore_index=${ignore_index === null ? 'None' : python_int(ignore_index)}, ` +
      `label_smoothing=${python_float(this.label_smoothing)}, ` +
      `options=${this.options === null ? 'None' : String(this.options)}`
    );
  }
}

/** A loss with a margin. */
class MarginLoss extends Loss {
  declare margin: number;

  constructor(options: F.MarginLossOptions, otherwise: number) {
    super(options);
    this.margin = options.margin ?? otherwise;
  }
}

type MarginArguments = Arguments<
  [margin?: number, size_average?: boolean | null, reduce?: boolean | null, reduction?: Reduction],
  F.MarginLossOptions,
  ['margin', 'size_average', 'reduce', 'reduction']
>;

/** `x` for targets 1, `max(0, margin - x)` for targets -1. Mirrors `torch.nn.HingeEmbeddingLoss`. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArguments);
  constructor(...args: unknown[]) {
    super(MARGIN.read(new.target, args), 1);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.hinge_embedding_loss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** `max(0, -target * (input1 - input2) + margin)`. Mirrors `torch.nn.MarginRankingLoss`. */
export class MarginRankingLoss extends MarginLoss {
  constructor(...args: MarginArguments);
  constructor(...args: unknown[]) {
    super(MARGIN.read(new.target, args), 0);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.margin_ranking_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** `1 - cos` for targets 1, `max(0, cos - margin)` for targets -1. Mirrors `torch.nn.CosineEmbeddingLoss`. */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArguments);
  constructor(...args: unknown[]) {
    super(MARGIN.read(new.target, args), 0);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosine_embedding_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** `log(1 + exp(-target * x))`. Mirrors `torch.nn.SoftMarginLoss`. */
export class SoftMarginLoss extends Loss {
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** The margin loss of several classes at once. Mirrors `torch.nn.MultiLabelMarginLoss`. */
export class MultiLabelMarginLoss extends Loss {
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. Mirrors `torch.nn.TripletMarginLoss`. */
export class TripletMarginLoss extends MarginLoss {
  declare p: number;
  declare eps: number;
  declare swap: boolean;

  constructor(
    ...args: Arguments<
      [
        margin?: number,
        p?: number,
        eps?: number,
        swap?: boolean,
        size_average?: boolean | null,
        reduce?: boolean | null,
        reduction?: Reduction,
      ],
      F.TripletMarginLossOptions,
      ['margin', 'p', 'eps', 'swap', 'size_average', 'reduce', 'reduction']
    >
  );
  constructor(...args: unknown[]) {
    const options = TRIPLET.read(args);
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
  declare blank: number;
  declare zero_infinity: boolean;

  constructor(
    ...args: Arguments<
      [blank?: number, reduction?: Reduction, zero_infinity?: boolean],
      F.CTCLossOptions,
      ['blank', 'reduction', 'zero_infinity']
    >
  );
  constructor(...args: unknown[]) {
    const { blank = 0, reduction = 'mean', zero_infinity = false } = CTC.read(args);
    super({ reduction });
    this.blank = blank;
    this.zero_infinity = zero_infinity;
  }

  forward(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | readonly number[],
    target_lengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, reduction, zero_infinity } = this;
    return F.ctc_loss(log_probs, targets, input_lengths, target_lengths, { blank, reduction, zero_infinity });
  }
}

// ---- Arguments ----------------------------------------------------------------------------------

type LinearCrossEntropySizes = LinearCrossEntropyLossOptions & { in_features: number; num_classes: number };

const IGNORING = `weight?: Tensor|None, size_average?: bool|None, ignore_index?: int, reduce?: bool|None, reduction?: str`;
const NLL = family<F.NLLLossOptions>(['NLLLoss', 'NLLLoss2d'], IGNORING);
const CROSS_ENTROPY = signature<F.CrossEntropyOptions>('CrossEntropyLoss', `${IGNORING}, label_smoothing?: float`);
const WEIGHTED = family<F.BCELossOptions>(
  ['BCELoss', 'MultiLabelSoftMarginLoss'],
  `weight?: Tensor|None, ${REDUCTION}`,
);
const BCE_WITH_LOGITS = signature<F.BCEWithLogitsLossOptions>(
  'BCEWithLogitsLoss',
  `weight?: Tensor|None, ${REDUCTION}, pos_weight?: Tensor|None`,
);
const SMOOTH_L1 = signature<F.SmoothL1LossOptions>('SmoothL1Loss', `${REDUCTION}, beta?: float`);
// A delta that is not a number has a text of Python's own.
const HUBER = signature<{ reduction?: Reduction; delta?: number }>('HuberLoss', 'reduction?: str, delta?: value');
const KL_DIV = signature<F.KLDivOptions>('KLDivLoss', `${REDUCTION}, log_target?: bool`);
const POISSON = signature<F.PoissonNLLLossOptions>(
  'PoissonNLLLoss',
  'log_input?: bool, full?: bool, size_average?: bool|None, eps?: float, reduce?: bool|None, reduction?: str',
);
const GAUSSIAN = signature<F.GaussianNLLLossOptions>('GaussianNLLLoss', '*, full?: bool, eps?: float, reduction?: str');
const MULTI_MARGIN = signature<F.MultiMarginLossOptions>(
  'MultiMarginLoss',
  `p?: int, margin?: float, weight?: Tensor|None, ${REDUCTION}`,
);
const TRIPLET_WITH_DISTANCE = signature<F.TripletMarginWithDistanceLossOptions>(
  'TripletMarginWithDistanceLoss',
  '*, distance_function?: Callable|None, margin?: float, swap?: bool, reduction?: str',
);
const LINEAR_CROSS_ENTROPY = signature<LinearCrossEntropySizes>(
  'LinearCrossEntropyLoss',
  'in_features: int, num_classes: int, *, out_features?: int[], bias?: bool, device?: device|None, dtype?: dtype|None, ' +
    'reduction?: str, weight?: Tensor|None, ignore_index?: int|None, label_smoothing?: float, ' +
    'options?: LinearCrossEntropyOptions|None',
);
const MARGIN = family<F.MarginLossOptions>(
  ['HingeEmbeddingLoss', 'MarginRankingLoss', 'CosineEmbeddingLoss'],
  `margin?: float, ${REDUCTION}`,
);
const TRIPLET = signature<F.TripletMarginLossOptions>(
  'TripletMarginLoss',
  `margin?: float, p?: float, eps?: float, swap?: bool, ${REDUCTION}`,
);
const CTC = signature<F.CTCLossOptions>('CTCLoss', 'blank?: int, reduction?: str, zero_infinity?: bool');

for (const module of [
  L1Loss,
  MSELoss,
  NLLLoss,
  CrossEntropyLoss,
  BCELoss,
  BCEWithLogitsLoss,
  SmoothL1Loss,
  HuberLoss,
  KLDivLoss,
  HingeEmbeddingLoss,
  MultiLabelMarginLoss,
  MultiLabelSoftMarginLoss,
  MultiMarginLoss,
  SoftMarginLoss,
  LinearCrossEntropyLoss,
])
  forward_takes(module, 'input: Tensor, target: Tensor');
forward_takes(PoissonNLLLoss, 'log_input: Tensor, target: Tensor');
forward_takes(GaussianNLLLoss, 'input: Tensor, target: Tensor, var: Tensor|float');
for (const module of [CosineEmbeddingLoss, MarginRankingLoss])
  forward_takes(module, 'input1: Tensor, input2: Tensor, ' + 'target: Tensor');
for (const module of [TripletMarginLoss, TripletMarginWithDistanceLoss]) {
  forward_takes(module, 'anchor: Tensor, positive: Tensor, negative: Tensor');
}
forward_takes(CTCLoss, 'log_probs: Tensor, targets: Tensor, input_lengths: Tensor|int[], target_lengths: Tensor|int[]');
