import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { PairwiseDistance } from './distance.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Linear } from './linear.js';
import type { LinearCrossEntropyOptions } from '../functional/linear_cross_entropy.js';
import { Loss, WeightedLoss } from './loss_base.js';
import type { Reduction } from '../functional/reduction.js';
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

/**
 * Measures the absolute error between input and target: `l = |x - y|` for each element. Mirrors `torch.nn.L1Loss`.
 *
 * Shapes: input and target `(*)`, with equal shapes (others are broadcast, with a warning); output a scalar, or `(*)`
 * with `reduction: 'none'`. The loss of complex numbers is real. Dtypes: floating point and complex.
 *
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.L1Loss();
 * const input = torch.tensor([1, 2, 4.5], { requires_grad: true });
 * const loss = loss_fn(input, torch.tensor([1.5, 2, 3]));
 * loss.backward();
 * print(loss);
 * print(input.grad);
 * ```
 * ```python
 * loss_fn = nn.L1Loss()
 * input = torch.tensor([1, 2, 4.5], requires_grad=True)
 * loss = loss_fn(input, torch.tensor([1.5, 2, 3]))
 * loss.backward()
 * print(loss)
 * print(input.grad)
 * ```
 */
export class L1Loss extends Loss {
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * Measures the squared error between input and target: `l = (x - y)^2` for each element. Mirrors `torch.nn.MSELoss`.
 *
 * Shapes: input and target `(*)`, with equal shapes (others are broadcast, with a warning); output a scalar, or `(*)`
 * with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.MSELoss();
 * const input = torch.tensor([1, 2, 4.5], { requires_grad: true });
 * const loss = loss_fn(input, torch.tensor([1.5, 2, 3]));
 * loss.backward();
 * print(loss);
 * print(input.grad);
 * ```
 * ```python
 * loss_fn = nn.MSELoss()
 * input = torch.tensor([1, 2, 4.5], requires_grad=True)
 * loss = loss_fn(input, torch.tensor([1.5, 2, 3]))
 * loss.backward()
 * print(loss)
 * print(input.grad)
 * ```
 */
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
 * Measures the negative log-likelihood of class indices, given log-probabilities: `l[n] = -weight[y[n]] * x[n, y[n]]`.
 * The mean divides by the sum of the weights of the targets. Mirrors `torch.nn.NLLLoss`.
 *
 * Shapes: input `(N, C)`, `(C)` or `(N, C, d1, ..., dk)` with log-probabilities, as {@link LogSoftmax} returns them;
 * target `(N)`, `()` or `(N, d1, ..., dk)` with class indices in [0, C), of dtype int64 or uint8; output a scalar, or
 * the shape of the target with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param weight - weight `(C)` of each class; default null: all are 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param ignore_index - targets of this value do not contribute to the loss or its gradient; default -100
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each target; `'mean'`: their weighted mean; `'sum'`: their sum; default
 *   `'mean'`
 * @throws Error on the call, when the sizes of input and target do not match, or when `reduction` is not one of these
 * @throws RangeError on the call, when a target is not the index of a class
 * @example
 * ```ts
 * const loss_fn = new nn.NLLLoss();
 * const log_probs = new nn.LogSoftmax(1)(torch.randn(3, 5));
 * print(loss_fn(log_probs, torch.tensor([1, 0, 4])));
 * ```
 * ```python
 * loss_fn = nn.NLLLoss()
 * log_probs = nn.LogSoftmax(dim=1)(torch.randn(3, 5))
 * print(loss_fn(log_probs, torch.tensor([1, 0, 4])))
 * ```
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
 * Measures the cross entropy between unnormalized scores and targets, which are class indices or probabilities:
 * `l[n] = -weight[y[n]] * log(exp(x[n, y[n]]) / sum_c exp(x[n, c]))` for indices, and
 * `l[n] = -sum_c weight[c] * y[n, c] * log(exp(x[n, c]) / sum_k exp(x[n, k]))` for probabilities. Mirrors
 * `torch.nn.CrossEntropyLoss`.
 *
 * Shapes: input `(N, C)`, `(C)` or `(N, C, d1, ..., dk)` with scores; target `(N)`, `()` or `(N, d1, ..., dk)` with
 * class indices in [0, C), of dtype int64 or uint8, or the shape of the input with probabilities in its dtype; output a
 * scalar, or `(N)`, `()` or `(N, d1, ..., dk)` with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param weight - weight `(C)` of each class; default null: all are 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param ignore_index - targets of this value do not contribute to the loss or its gradient; for class indices only;
 *   default -100
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each target; `'mean'`: their weighted mean; `'sum'`: their sum; default
 *   `'mean'`
 * @param label_smoothing - in [0, 1]: how much of each target is spread evenly over the classes; default 0
 * @throws Error on the call, when the sizes of input and target do not match, when `label_smoothing` is not in [0, 1],
 *   or when `reduction` is not one of these
 * @throws RangeError on the call, when a target is not the index of a class
 * @example
 * ```ts
 * const loss_fn = new nn.CrossEntropyLoss({ label_smoothing: 0.1 });
 * const scores = torch.randn(3, 5, { requires_grad: true });
 * const loss = loss_fn(scores, torch.tensor([1, 0, 4]));
 * loss.backward();
 * print(loss);
 * print(scores.grad);
 * ```
 * ```python
 * loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)
 * scores = torch.randn(3, 5, requires_grad=True)
 * loss = loss_fn(scores, torch.tensor([1, 0, 4]))
 * loss.backward()
 * print(loss)
 * print(scores.grad)
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

/**
 * Measures the binary cross entropy between probabilities and targets:
 * `l = -weight * (y * log(x) + (1 - y) * log(1 - x))` for each element, with logarithms not less than -100. Mirrors
 * `torch.nn.BCELoss`.
 *
 * Shapes: input `(*)` with values in [0, 1], target `(*)` of the same shape, usually with values in [0, 1]; output a
 * scalar, or `(*)` with `reduction: 'none'`. Both have the same dtype. Dtypes: floating point.
 *
 * @param weight - factor of each element, of a shape that can be broadcast to the input; default null: all are 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when the shapes differ, when an element of the input is not in [0, 1], or when `reduction`
 *   is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.BCELoss();
 * const probabilities = torch.sigmoid(torch.randn(4));
 * print(loss_fn(probabilities, torch.tensor([1, 0, 0.5, 1])));
 * ```
 * ```python
 * loss_fn = nn.BCELoss()
 * probabilities = torch.sigmoid(torch.randn(4))
 * print(loss_fn(probabilities, torch.tensor([1, 0, 0.5, 1])))
 * ```
 */
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

/**
 * Measures the binary cross entropy between unnormalized scores and targets; it combines {@link Sigmoid} and
 * {@link BCELoss} in a numerically stable way:
 * `l = -weight * (pos_weight * y * log(sigmoid(x)) + (1 - y) * log(1 - sigmoid(x)))` for each element. Mirrors
 * `torch.nn.BCEWithLogitsLoss`.
 *
 * Shapes: input and target `(*)`, with equal shapes; output a scalar, or `(*)` with `reduction: 'none'`.
 * Dtypes: floating point.
 *
 * @param weight - factor of each element, of a shape that can be broadcast to the input; default null: all are 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @param pos_weight - weight of the positive targets, of a shape that can be broadcast to the input, such as one for
 *   each class; default null: all are 1
 * @throws Error on the call, when the shapes differ, or when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.BCEWithLogitsLoss({ pos_weight: torch.tensor([2, 2, 2]) });
 * print(loss_fn(torch.tensor([1.5, -1, 0]), torch.tensor([1, 0, 0.5])));
 * ```
 * ```python
 * loss_fn = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2, 2, 2]))
 * print(loss_fn(torch.tensor([1.5, -1, 0]), torch.tensor([1, 0, 0.5])))
 * ```
 */
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

/**
 * Measures a squared error for small differences and an absolute error for large ones: `l = 0.5 * (x - y)^2 / beta`
 * where `|x - y| < beta`, else `l = |x - y| - 0.5 * beta`. Mirrors `torch.nn.SmoothL1Loss`.
 *
 * Shapes: input and target `(*)`, with equal shapes (others are broadcast, with a warning); output a scalar, or `(*)`
 * with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @param beta - where the loss changes from squared to absolute error, 0 or greater; default 1
 * @throws Error on the call, when `beta` is negative, or when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.SmoothL1Loss({ reduction: 'none', beta: 0.5 });
 * print(loss_fn(torch.tensor([1, 2, 4.5]), torch.tensor([1.25, 2, 3])));
 * ```
 * ```python
 * loss_fn = nn.SmoothL1Loss(reduction='none', beta=0.5)
 * print(loss_fn(torch.tensor([1, 2, 4.5]), torch.tensor([1.25, 2, 3])))
 * ```
 */
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

/**
 * Measures a squared error for small differences and a scaled absolute error for large ones: `l = 0.5 * (x - y)^2`
 * where `|x - y| < delta`, else `l = delta * (|x - y| - 0.5 * delta)`. Mirrors `torch.nn.HuberLoss`.
 *
 * Shapes: input and target `(*)`, with equal shapes (others are broadcast, with a warning); output a scalar, or `(*)`
 * with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @param delta - where the loss changes from squared to absolute error, greater than 0; default 1
 * @throws TypeError when `delta` is not a number
 * @throws Error on the call, when `delta` is not greater than 0, or when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.HuberLoss({ reduction: 'none', delta: 0.5 });
 * print(loss_fn(torch.tensor([1, 2, 4.5]), torch.tensor([1.25, 2, 3])));
 * ```
 * ```python
 * loss_fn = nn.HuberLoss(reduction='none', delta=0.5)
 * print(loss_fn(torch.tensor([1, 2, 4.5]), torch.tensor([1.25, 2, 3])))
 * ```
 */
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

/**
 * Measures the Kullback-Leibler divergence of a distribution, given as log-probabilities, from a target distribution:
 * `l = y * (log(y) - x)` for each element, or `l = exp(y) * (y - x)` with `log_target`. Mirrors `torch.nn.KLDivLoss`.
 *
 * Shapes: input and target `(*)`, with equal shapes (others are broadcast, with a warning); output a scalar, or `(*)`
 * with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'batchmean'`: their sum divided by the size of the first
 *   dimension, which is the divergence by its definition; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @param log_target - the target holds log-probabilities as well; default false
 * @throws Error on the call, when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.KLDivLoss({ reduction: 'batchmean' });
 * const input = F.log_softmax(torch.randn(2, 3), 1);
 * print(loss_fn(input, F.softmax(torch.randn(2, 3), 1)));
 * ```
 * ```python
 * loss_fn = nn.KLDivLoss(reduction='batchmean')
 * input = F.log_softmax(torch.randn(2, 3), dim=1)
 * print(loss_fn(input, F.softmax(torch.randn(2, 3), dim=1)))
 * ```
 */
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

/**
 * Measures the negative log-likelihood of counts that follow a Poisson distribution: `l = exp(x) - y * x` with
 * `log_input`, else `l = x - y * log(x + eps)`, without the term `log(y!)`. Mirrors `torch.nn.PoissonNLLLoss`.
 *
 * Shapes: input and target `(*)`, which are broadcast; output a scalar, or `(*)` with `reduction: 'none'`.
 * Dtypes: floating point, complex and integers.
 *
 * @param log_input - the input is the logarithm of the expected counts; default true
 * @param full - add Stirling's approximation of `log(y!)`, which is `y * log(y) - y + 0.5 * log(2 * pi * y)` for
 *   targets above 1; default false
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param eps - added to the input before the logarithm when `log_input` is false; default 1e-8
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.PoissonNLLLoss();
 * print(loss_fn(torch.tensor([0.5, 1, 2]), torch.tensor([1, 3, 7])));
 * ```
 * ```python
 * loss_fn = nn.PoissonNLLLoss()
 * print(loss_fn(torch.tensor([0.5, 1, 2]), torch.tensor([1, 3, 7])))
 * ```
 */
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

/**
 * Measures the negative log-likelihood of targets that follow normal distributions with the given means and variances:
 * `l = 0.5 * (log(max(var, eps)) + (x - y)^2 / max(var, eps))` for each element. Mirrors `torch.nn.GaussianNLLLoss`.
 *
 * Shapes: input `(N, *)` or `(*)` with the means; target of the same shape; variance of the same shape, without its
 * last dimension or with size 1 there, or a number; output a scalar, or the shape of the input with
 * `reduction: 'none'`. Dtypes: floating point.
 *
 * @param full - add the constant `0.5 * log(2 * pi)`; default false
 * @param eps - lower bound of the variances, for numerical stability; default 1e-6
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when a variance is negative or of a wrong shape, or when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.GaussianNLLLoss();
 * const [mean, target, variance] = [torch.tensor([1, 2.5]), torch.tensor([1, 2]), torch.tensor([0.5, 2])];
 * print(loss_fn(mean, target, variance));
 * ```
 * ```python
 * loss_fn = nn.GaussianNLLLoss()
 * mean, target, variance = torch.tensor([1, 2.5]), torch.tensor([1, 2]), torch.tensor([0.5, 2])
 * print(loss_fn(mean, target, variance))
 * ```
 */
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

/**
 * Measures the negative log-likelihood of class indices, as {@link NLLLoss} does, and warns that its name is
 * deprecated. Mirrors `torch.nn.NLLLoss2d`.
 *
 * Shapes: as for {@link NLLLoss}. Dtypes: floating point.
 *
 * @deprecated use {@link NLLLoss}
 * @example
 * ```ts
 * const loss_fn = new nn.NLLLoss2d();
 * print(loss_fn(F.log_softmax(torch.randn(1, 3, 2, 2), 1), torch.tensor([[[0, 1], [2, 0]]])));
 * ```
 * ```python
 * loss_fn = nn.NLLLoss2d()
 * print(loss_fn(F.log_softmax(torch.randn(1, 3, 2, 2), dim=1), torch.tensor([[[0, 1], [2, 0]]])))
 * ```
 */
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
 * Measures, for samples with several labels, the mean binary cross entropy over the classes:
 * `l[n] = -mean_c(weight[c] * (y[n, c] * log(sigmoid(x[n, c])) + (1 - y[n, c]) * log(sigmoid(-x[n, c]))))`. Mirrors
 * `torch.nn.MultiLabelSoftMarginLoss`.
 *
 * Shapes: input `(N, C)` or `(C)` with scores, target of the same shape with values 0 and 1; output a scalar, or `(N)`
 * with `reduction: 'none'`. Dtypes: floating point.
 *
 * @param weight - weight `(C)` of each class; default null: all are 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each sample; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.MultiLabelSoftMarginLoss();
 * print(loss_fn(torch.tensor([[1.5, -0.5, 2]]), torch.tensor([[1, 0, 1]])));
 * ```
 * ```python
 * loss_fn = nn.MultiLabelSoftMarginLoss()
 * print(loss_fn(torch.tensor([[1.5, -0.5, 2]]), torch.tensor([[1, 0, 1]])))
 * ```
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
 * Measures the multi-class hinge loss between scores and class indices:
 * `l[n] = sum_c(weight[y[n]] * max(0, margin - x[n, y[n]] + x[n, c])^p) / C`, where `c` runs over the classes other
 * than `y[n]`. Mirrors `torch.nn.MultiMarginLoss`.
 *
 * Shapes: input `(N, C)` or `(C)` with scores, target `(N)` or `()` with class indices of dtype int64; output a scalar,
 * or the shape of the target with `reduction: 'none'`. Dtypes: float32 and float64.
 *
 * @param p - exponent, 1 or 2; default 1
 * @param margin - how far the score of the target is to exceed the others; default 1
 * @param weight - weight `(C)` of each class; default null: all are 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each sample; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error when `p` is neither 1 nor 2, or when `weight` is not a vector; on the call, when the shapes do not
 *   match
 * @example
 * ```ts
 * const loss_fn = new nn.MultiMarginLoss();
 * print(loss_fn(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([3])));
 * ```
 * ```python
 * loss_fn = nn.MultiMarginLoss()
 * print(loss_fn(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([3])))
 * ```
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
 * Measures the triplet loss of anchors, positive and negative examples for any distance function:
 * `l = max(0, d(anchor, positive) - d(anchor, negative) + margin)`. Mirrors `torch.nn.TripletMarginWithDistanceLoss`.
 *
 * Shapes: anchor, positive and negative `(N, *)`, as the distance function takes them; output a scalar, or the shape of
 * the distances with `reduction: 'none'`. Dtypes: floating point, complex and integers.
 *
 * @param distance_function - a function or module of two tensors that returns their distances; a module becomes a
 *   submodule; default {@link PairwiseDistance}
 * @param margin - how much farther the negative example is to be, greater than 0; default 1
 * @param swap - use the distance between positive and negative example where it is smaller than that between anchor and
 *   negative example; default false
 * @param reduction - `'none'`: one loss for each triplet; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error unless `margin` is greater than 0
 * @example
 * ```ts
 * const loss_fn = new nn.TripletMarginWithDistanceLoss({
 *   distance_function: (x, y) => torch.sub(1, F.cosine_similarity(x, y)),
 *   margin: 0.5,
 * });
 * print(loss_fn(torch.randn(4, 8), torch.randn(4, 8), torch.randn(4, 8)));
 * ```
 * ```python
 * loss_fn = nn.TripletMarginWithDistanceLoss(
 *     distance_function=lambda x, y: 1 - F.cosine_similarity(x, y), margin=0.5)
 * print(loss_fn(torch.randn(4, 8), torch.randn(4, 8), torch.randn(4, 8)))
 * ```
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

/** Keyword arguments of {@link LinearCrossEntropyLoss}. */
export interface LinearCrossEntropyLossOptions extends FactoryOptions {
  /** Shape of the positions that each input is scored for. Default `[]`: one. */
  out_features?: readonly number[];
  /** Learn a bias. Default false. */
  bias?: boolean;
  /** `'none'`, `'mean'` or `'sum'`. Default `'mean'`. */
  reduction?: Reduction;
  /** Weight of each class. Default null: all are 1. */
  weight?: Tensor | null;
  /** Targets of this value do not contribute to the loss or its gradient; for class indices only. Default null: -100. */
  ignore_index?: number | null;
  /** In [0, 1]: how much of each target is spread evenly over the classes. Default 0. */
  label_smoothing?: number;
  /** How to compute in chunks of the batch, which takes less memory. Default null: all at once. */
  options?: LinearCrossEntropyOptions | null;
}

/**
 * Applies a linear layer of its own and measures the cross entropy between its scores and the targets:
 * `l = cross_entropy(x W^T + b, y)`. With `options` it computes in chunks of the batch and never holds all scores at
 * once. Mirrors `torch.nn.LinearCrossEntropyLoss`.
 *
 * Shapes: input `(N, in_features)` or `(in_features)`; target as for {@link CrossEntropyLoss} with scores
 * `(N, num_classes, *out_features)` or `(num_classes, *out_features)`; output a scalar, or the shape of the losses with
 * `reduction: 'none'`. The input has the dtype of the parameters, those of `linear`. Dtypes: floating point.
 *
 * @param in_features - size of the last dimension of the input
 * @param num_classes - number of classes
 * @param out_features - shape of the positions that each input is scored for; default `[]`: one
 * @param bias - learn a bias; default false
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @param reduction - `'none'`: one loss for each target; `'mean'`: their weighted mean; `'sum'`: their sum; default
 *   `'mean'`
 * @param weight - weight `(num_classes)` of each class; default null: all are 1
 * @param ignore_index - targets of this value do not contribute to the loss or its gradient; for class indices only;
 *   default null: -100
 * @param label_smoothing - in [0, 1]: how much of each target is spread evenly over the classes; default 0
 * @param options - how to compute in chunks of the batch; default null: all at once
 * @throws Error when `weight` is of a wrong shape, or when `label_smoothing` is not in [0, 1]
 * @example
 * ```ts
 * const loss_fn = new nn.LinearCrossEntropyLoss(4, 3);
 * const loss = loss_fn(torch.randn(2, 4), torch.tensor([0, 2]));
 * print(loss_fn);
 * print(loss);
 * ```
 * ```python
 * loss_fn = nn.LinearCrossEntropyLoss(4, 3)
 * loss = loss_fn(torch.randn(2, 4), torch.tensor([0, 2]))
 * print(loss_fn)
 * print(loss)
 * ```
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

/**
 * Measures whether distances are small for similar pairs and large for dissimilar ones: `l = x` for targets 1, and
 * `l = max(0, margin - x)` for targets -1. Mirrors `torch.nn.HingeEmbeddingLoss`.
 *
 * Shapes: input `(*)`, usually distances; target of the same shape with values 1 and -1; output a scalar, or `(*)` with
 * `reduction: 'none'`. Dtypes: floating point.
 *
 * @param margin - how large the distances of dissimilar pairs are to be; default 1
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when `reduction` is not one of these
 * @example
 * ```ts
 * const loss_fn = new nn.HingeEmbeddingLoss({ reduction: 'none' });
 * print(loss_fn(torch.tensor([0.2, 0.3, 1.5]), torch.tensor([1, -1, -1])));
 * ```
 * ```python
 * loss_fn = nn.HingeEmbeddingLoss(reduction='none')
 * print(loss_fn(torch.tensor([0.2, 0.3, 1.5]), torch.tensor([1, -1, -1])))
 * ```
 */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArguments);
  constructor(...args: unknown[]) {
    super(MARGIN.read(new.target, args), 1);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.hinge_embedding_loss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * Measures whether the first of two scores is higher, for targets 1, or lower, for targets -1:
 * `l = max(0, -y * (x1 - x2) + margin)`. Mirrors `torch.nn.MarginRankingLoss`.
 *
 * Shapes: both inputs and target `(N)` or `()`; output a scalar, or `(N)` with `reduction: 'none'`. Dtypes: floating
 * point and integers.
 *
 * @param margin - how large the difference of the scores is to be; default 0
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each pair; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when the inputs have different numbers of dimensions, or when `reduction` is not one of
 *   these
 * @example
 * ```ts
 * const loss_fn = new nn.MarginRankingLoss(0.1);
 * print(loss_fn(torch.tensor([0.5, 2]), torch.tensor([1, 1.5]), torch.tensor([1, 1])));
 * ```
 * ```python
 * loss_fn = nn.MarginRankingLoss(margin=0.1)
 * print(loss_fn(torch.tensor([0.5, 2]), torch.tensor([1, 1.5]), torch.tensor([1, 1])))
 * ```
 */
export class MarginRankingLoss extends MarginLoss {
  constructor(...args: MarginArguments);
  constructor(...args: unknown[]) {
    super(MARGIN.read(new.target, args), 0);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.margin_ranking_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * Measures whether vectors are similar, by the cosine of the angle between them: `l = 1 - cos(x1, x2)` for targets 1,
 * and `l = max(0, cos(x1, x2) - margin)` for targets -1. Mirrors `torch.nn.CosineEmbeddingLoss`.
 *
 * Shapes: both inputs `(N, D)` or `(D)`, target `(N)` or `()` with values 1 and -1; output a scalar, or the shape of
 * the target with `reduction: 'none'`. Dtypes: floating point, integers and bool.
 *
 * @param margin - the cosine that dissimilar pairs may have, between -1 and 1, best between 0 and 0.5; default 0
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each pair; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when the shapes do not match
 * @example
 * ```ts
 * const loss_fn = new nn.CosineEmbeddingLoss();
 * print(loss_fn(torch.tensor([[1, 0.5]]), torch.tensor([[1, -0.5]]), torch.tensor([1])));
 * ```
 * ```python
 * loss_fn = nn.CosineEmbeddingLoss()
 * print(loss_fn(torch.tensor([[1, 0.5]]), torch.tensor([[1, -0.5]]), torch.tensor([1])))
 * ```
 */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArguments);
  constructor(...args: unknown[]) {
    super(MARGIN.read(new.target, args), 0);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosine_embedding_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * Measures the logistic loss between scores and targets 1 and -1: `l = log(1 + exp(-y * x))` for each element. Mirrors
 * `torch.nn.SoftMarginLoss`.
 *
 * Shapes: input and target `(*)`, with equal shapes; output a scalar, or `(*)` with `reduction: 'none'`.
 * Dtypes: floating point and complex.
 *
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each element; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when the shapes differ
 * @example
 * ```ts
 * const loss_fn = new nn.SoftMarginLoss();
 * print(loss_fn(torch.tensor([0.5, -1, 2]), torch.tensor([1, -1, -1])));
 * ```
 * ```python
 * loss_fn = nn.SoftMarginLoss()
 * print(loss_fn(torch.tensor([0.5, -1, 2]), torch.tensor([1, -1, -1])))
 * ```
 */
export class SoftMarginLoss extends Loss {
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * Measures the multi-class hinge loss for samples with several labels:
 * `l[n] = sum_(i, j) max(0, 1 - (x[n, y[n, j]] - x[n, i])) / C`, where `j` runs over the labels of the sample and `i`
 * over the other classes. Mirrors `torch.nn.MultiLabelMarginLoss`.
 *
 * Shapes: input `(N, C)` or `(C)` with scores; target of the same shape, with dtype int64: the labels of each sample
 * first, then -1; output a scalar, or `(N)` with `reduction: 'none'`. Dtypes: float32 and float64.
 *
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each sample; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error on the call, when the shapes differ
 * @example
 * ```ts
 * const loss_fn = new nn.MultiLabelMarginLoss();
 * // The labels are 3 and 0; those behind the first -1 do not count.
 * print(loss_fn(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([[3, 0, -1, 1]])));
 * ```
 * ```python
 * loss_fn = nn.MultiLabelMarginLoss()
 * # The labels are 3 and 0; those behind the first -1 do not count.
 * print(loss_fn(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([[3, 0, -1, 1]])))
 * ```
 */
export class MultiLabelMarginLoss extends Loss {
  constructor(...args: LossArguments);
  constructor(...args: unknown[]) {
    super(LOSS.read(new.target, args));
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * Measures the triplet loss of anchors, positive and negative examples:
 * `l = max(0, d(anchor, positive) - d(anchor, negative) + margin)`, where `d(x, y)` is the `p`-norm of `x - y + eps`.
 * Mirrors `torch.nn.TripletMarginLoss`.
 *
 * Shapes: anchor, positive and negative `(N, D)` or `(D)`; output a scalar, or `(N)` or `()` with `reduction: 'none'`.
 * Dtypes: floating point, complex and integers.
 *
 * @param margin - how much farther the negative example is to be, greater than 0; default 1
 * @param p - order of the norm; default 2
 * @param eps - added to the differences, for numerical stability; default 1e-6
 * @param swap - use the distance between positive and negative example where it is smaller than that between anchor and
 *   negative example; default false
 * @param size_average - deprecated in favor of `reduction`; false for `'sum'`
 * @param reduce - deprecated in favor of `reduction`; false for `'none'`
 * @param reduction - `'none'`: one loss for each triplet; `'mean'`: their mean; `'sum'`: their sum; default `'mean'`
 * @throws Error unless `margin` is greater than 0; on the call, when the numbers of dimensions differ
 * @example
 * ```ts
 * const loss_fn = new nn.TripletMarginLoss({ margin: 1, p: 2 });
 * print(loss_fn(torch.randn(4, 8), torch.randn(4, 8), torch.randn(4, 8)));
 * ```
 * ```python
 * loss_fn = nn.TripletMarginLoss(margin=1, p=2)
 * print(loss_fn(torch.randn(4, 8), torch.randn(4, 8), torch.randn(4, 8)))
 * ```
 */
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

/**
 * Measures the connectionist temporal classification loss between sequences of log-probabilities and unaligned target
 * sequences: the negative logarithm of the sum of the probabilities of all alignments that yield the target,
 * `l[n] = -log p(target[n] | input[n])`. Mirrors `torch.nn.CTCLoss`.
 *
 * Shapes: log_probs `(T, N, C)` or `(T, C)`, as {@link LogSoftmax} returns them; targets `(N, S)`, or the concatenation
 * of all in one dimension, with class indices other than `blank`; input_lengths and target_lengths `(N)` or `()`,
 * tensors or lists of integers; output a scalar, or `(N)` or `()` with `reduction: 'none'`. The dtype is that of
 * log_probs; the others are integers, and labels are not checked against `C`. Dtypes: float32 and float64.
 *
 * @param blank - index of the blank label; default 0
 * @param reduction - `'none'`: one loss for each sequence; `'mean'`: the mean of the losses divided by the lengths of
 *   their targets; `'sum'`: their sum; default `'mean'`
 * @param zero_infinity - replace infinite losses, of targets longer than their inputs, and their gradients by zero;
 *   default false
 * @throws Error on the call, when lengths do not match the tensors
 * @example
 * ```ts
 * const ctc_loss = new nn.CTCLoss();
 * const log_probs = F.log_softmax(torch.randn(6, 2, 4), 2);
 * const targets = torch.tensor([[1, 2, 2], [3, 1, 0]]);
 * print(ctc_loss(log_probs, targets, [6, 6], [3, 2]));
 * ```
 * ```python
 * ctc_loss = nn.CTCLoss()
 * log_probs = F.log_softmax(torch.randn(6, 2, 4), dim=2)
 * targets = torch.tensor([[1, 2, 2], [3, 1, 0]])
 * print(ctc_loss(log_probs, targets, [6, 6], [3, 2]))
 * ```
 */
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
