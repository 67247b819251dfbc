/** Losses of `torch.nn.functional` that are made of other functions. */
import { overridable_exports } from '../../_internal/overriding.js';
import { in_name_of } from '../../_internal/operator_errors.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { get_default_dtype } from '../../types/dtype.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import type { Tensor } from '../../_tensor.js';
import {
  can_be_chunked,
  chunked_linear_cross_entropy,
  type LinearCrossEntropyOptions,
} from './linear_cross_entropy.js';
import { reduction_code, resolve_reduction, type LegacyReduction, type Reduction } from './reduction.js';
import { python_float, python_size, text_or_kind } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

function reduce(losses: Tensor, reduction: string): Tensor | undefined {
  switch (reduction) {
    case 'none':
      return losses;
    case 'mean':
      return losses.mean();
    case 'sum':
      return losses.sum();
    default:
      return undefined;
  }
}

/** The options of {@link multilabel_soft_margin_loss}. */
export interface MultiLabelSoftMarginLossOptions extends LegacyReduction {
  /** Weight of each class, `(C)`. Default null: 1. */
  weight?: Tensor | null;
  /** `'none'`, `'mean'` (the default) or `'sum'`. */
  reduction?: Reduction;
}

interface MultiLabelSoftMarginLossArguments extends MultiLabelSoftMarginLossOptions {
  input: Tensor;
  target: Tensor;
}

const MULTILABEL_SOFT_MARGIN_LOSS = signature<MultiLabelSoftMarginLossArguments>(
  'multilabel_soft_margin_loss',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ' +
    'reduce?: bool|None, reduction?: str',
);

/**
 * The binary cross entropy of logits, averaged over the classes. Mirrors
 * `torch.nn.functional.multilabel_soft_margin_loss`.
 *
 * @param input - logits, `(N, C)` or `(C)`
 * @param target - targets in [0, 1], of that shape
 * @param weight - weight of each class, `(C)`; default null
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per sample
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * print(F.multilabel_soft_margin_loss(torch.tensor([[0.5, -1.5, 2.5]]), torch.tensor([[1, 0, 1]])));
 * ```
 * ```python
 * print(F.multilabel_soft_margin_loss(torch.tensor([[0.5, -1.5, 2.5]]), torch.tensor([[1, 0, 1]])))
 * ```
 */
export function multilabel_soft_margin_loss(
  input: Tensor,
  target: Tensor,
  weight?: Tensor | null,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function multilabel_soft_margin_loss(input: Tensor, target: Tensor): Tensor;
export function multilabel_soft_margin_loss(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      weight?: Tensor | null,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    MultiLabelSoftMarginLossArguments,
    ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction']
  >
): Tensor;
export function multilabel_soft_margin_loss(...args: unknown[]): Tensor {
  return MULTILABEL_SOFT_MARGIN_LOSS.call(args, soft_margins);
}

function soft_margins(options: MultiLabelSoftMarginLossArguments): Tensor {
  const { input, target, weight = null } = options;
  const reduction = resolve_reduction(options.size_average, options.reduce, options.reduction ?? 'mean');
  const present = target.mul(nn.log_sigmoid(input));
  const absent = ops.rsub(target, 1).mul(nn.log_sigmoid(input.neg()));
  const losses = present.add(absent).neg();
  const weighted = weight === null ? losses : losses.mul(weight);
  const class_dim = input.ndim - 1;
  const reduced = reduce(weighted.sum(class_dim).div(input.size(class_dim)), reduction);
  if (reduced === undefined) throw new Error(`${text_or_kind(reduction)} is not valid`);
  return reduced;
}

/** The options of {@link triplet_margin_with_distance_loss}. */
export interface TripletMarginWithDistanceLossOptions {
  /** Distance of two batches. Default null: `pairwise_distance`. */
  distance_function?: ((x: Tensor, y: Tensor) => Tensor) | null;
  /** The margin. Default 1. */
  margin?: number;
  /** Use the distance between positive and negative where that is smaller. Default false. */
  swap?: boolean;
  /** `'none'`, `'mean'` (the default) or `'sum'`. */
  reduction?: Reduction;
}

interface TripletMarginWithDistanceLossArguments extends TripletMarginWithDistanceLossOptions {
  anchor: Tensor;
  positive: Tensor;
  negative: Tensor;
}

const TRIPLET_MARGIN_WITH_DISTANCE_LOSS = signature<TripletMarginWithDistanceLossArguments>(
  'triplet_margin_with_distance_loss',
  'anchor: Tensor, positive: Tensor, negative: Tensor, *, ' +
    'distance_function?: Callable|None, margin?: float, swap?: bool, reduction?: str',
);

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)`, for a custom distance `d`. Mirrors
 * `torch.nn.functional.triplet_margin_with_distance_loss`.
 *
 * @param anchor - any shape that the distance takes
 * @param positive - with as many dimensions
 * @param negative - with as many dimensions
 * @param distance_function - default null, `pairwise_distance`
 * @param margin - positive; default 1
 * @param swap - use the distance between positive and negative where that is smaller; default false
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown, the margin is not positive, or the numbers of dimensions differ
 * @example
 * ```ts
 * const [anchor, positive, negative] = [torch.randn(2, 3), torch.randn(2, 3), torch.randn(2, 3)];
 * const distance_function = (x: torch.Tensor, y: torch.Tensor) => x.sub(y).abs().sum(1);
 * print(F.triplet_margin_with_distance_loss(anchor, positive, negative, { distance_function }));
 * ```
 * ```python
 * anchor, positive, negative = torch.randn(2, 3), torch.randn(2, 3), torch.randn(2, 3)
 * distance_function = lambda x, y: x.sub(y).abs().sum(1)
 * print(F.triplet_margin_with_distance_loss(anchor, positive, negative, distance_function=distance_function))
 * ```
 */
export function triplet_margin_with_distance_loss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginWithDistanceLossOptions,
): Tensor;
export function triplet_margin_with_distance_loss(
  ...args: Arguments<
    [anchor: Tensor, positive: Tensor, negative: Tensor],
    TripletMarginWithDistanceLossArguments,
    ['anchor', 'positive', 'negative']
  >
): Tensor;
export function triplet_margin_with_distance_loss(...args: unknown[]): Tensor {
  const given = TRIPLET_MARGIN_WITH_DISTANCE_LOSS.read(args);
  const { anchor, positive, negative, distance_function = null, margin = 1, swap = false, reduction = 'mean' } = given;
  check_triplet(anchor, positive, negative, margin, reduction);
  const { callee } = TRIPLET_MARGIN_WITH_DISTANCE_LOSS;
  const distance = distance_function ?? ((x, y) => in_name_of(callee, () => ops.pairwise_distance(x, y)));
  const to_positive = distance(anchor, positive);
  const to_negative = distance(anchor, negative);
  const between = swap ? distance(positive, negative) : null;
  return in_name_of(callee, () => {
    const nearer = between === null ? to_negative : to_negative.minimum(between);
    return reduce(with_float_added(to_positive, margin).sub(nearer).clamp_min(0), reduction)!;
  });
}

function check_triplet(anchor: Tensor, positive: Tensor, negative: Tensor, margin: number, reduction: string): void {
  if (!['mean', 'sum', 'none'].includes(reduction))
    throw new Error(`${text_or_kind(reduction)} is not a valid value for reduction`);
  if (margin <= 0) throw new Error(`margin must be greater than 0, got ${python_float(margin)}`);
  const [a, p, n] = [anchor.ndim, positive.ndim, negative.ndim];
  if (a === p && p === n) return;
  throw new Error(
    'The anchor, positive, and negative tensors are expected to have the same number of dimensions, but ' +
      `got: anchor ${a}D, positive ${p}D, and negative ${n}D inputs`,
  );
}

// A float in Python, even when its value is an integer: integers become floating-point.
function with_float_added(tensor: Tensor, value: number): Tensor {
  const { is_floating_point, is_complex } = tensor.dtype;
  return (is_floating_point || is_complex ? tensor : tensor.to(get_default_dtype())).add(value);
}

/** The options of {@link linear_cross_entropy}. */
export interface LinearCrossEntropyFunctionOptions {
  /** Bias of the linear transformation, of shape (C) or (C, d1, ..., dK). Default null. */
  linear_bias?: Tensor | null;
  /** Weight of each class, `(C)`. Default null: 1. */
  weight?: Tensor | null;
  /** `'none'`, `'mean'` (the default) or `'sum'`. */
  reduction?: Reduction;
  /** Targets of this class do not contribute; for class indices only. Default -100. */
  ignore_index?: number | null;
  /** Fraction of the target that is spread evenly over the classes, in [0, 1]. Default 0. */
  label_smoothing?: number;
  /** How to compute in chunks of the batch, which takes less memory. Default null: all at once. */
  options?: LinearCrossEntropyOptions | null;
}

interface LinearCrossEntropyArguments extends LinearCrossEntropyFunctionOptions {
  input: Tensor;
  linear_weight: Tensor;
  target: Tensor;
}

const LINEAR_CROSS_ENTROPY = signature<LinearCrossEntropyArguments>(
  'linear_cross_entropy',
  'input: Tensor, linear_weight: Tensor, target: Tensor, *, linear_bias?: Tensor|None, ' +
    'weight?: Tensor|None, reduction?: str, ignore_index?: int|None, label_smoothing?: float, ' +
    'options?: LinearCrossEntropyOptions|None',
);

/**
 * The cross entropy of the logits of a linear layer: `cross_entropy(linear(input, linear_weight, linear_bias),
 * target)`. Mirrors `torch.nn.functional.linear_cross_entropy`.
 *
 * With `options` it is computed in chunks, so that the logits of the whole batch never exist at once.
 *
 * @param input - of shape `(in_features)` or `(N, in_features)`
 * @param linear_weight - of shape `(C, in_features)`, or `(C, d1, ..., dK, in_features)` for losses in K dimensions
 * @param target - class indices `()`, `(N)` or `(N, d1, ..., dK)`, or probabilities of the shape of the logits
 * @param options - `linear_bias`, `weight`, `reduction`, `ignore_index`, `label_smoothing`, `options`; see {@link
 * LinearCrossEntropyFunctionOptions}
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when shapes do not fit, `ignore_index` comes with probabilities, or the sizes of chunks contradict
 * each other
 * @example
 * ```ts
 * const [input, weight] = [torch.randn(3, 4), torch.randn(5, 4)];
 * print(F.linear_cross_entropy(input, weight, torch.tensor([0, 4, 2])));
 * ```
 * ```python
 * input, weight = [torch.randn(3, 4), torch.randn(5, 4)]
 * print(F.linear_cross_entropy(input, weight, torch.tensor([0, 4, 2])))
 * ```
 */
export function linear_cross_entropy(
  input: Tensor,
  linear_weight: Tensor,
  target: Tensor,
  options?: LinearCrossEntropyFunctionOptions,
): Tensor;
export function linear_cross_entropy(
  ...args: Arguments<
    [input: Tensor, linear_weight: Tensor, target: Tensor],
    LinearCrossEntropyArguments,
    ['input', 'linear_weight', 'target']
  >
): Tensor;
export function linear_cross_entropy(...args: unknown[]): Tensor {
  return LINEAR_CROSS_ENTROPY.call(args, linear_then_cross_entropy);
}

function linear_then_cross_entropy(given: LinearCrossEntropyArguments): Tensor {
  const { input, linear_weight, target, linear_bias = null, weight = null } = given;
  const { reduction = 'mean', ignore_index = null, label_smoothing = 0, options: in_chunks = null } = given;
  check_linear(input, linear_weight, linear_bias);
  const positions = linear_weight.shape.slice(0, -1);
  const scores_shape = [...input.shape.slice(0, -1), ...positions];
  if (ignore_index !== null && python_size(target.shape) === python_size(scores_shape)) {
    throw new Error('ignore_index cannot be specified when target contains probabilities');
  }
  if (in_chunks !== null && !can_be_chunked(target, linear_weight, reduction, label_smoothing)) {
    warn_of_ignored_options(target, positions, linear_bias, reduction, label_smoothing);
  } else if (in_chunks !== null) {
    return chunked_linear_cross_entropy(
      { input, linear_weight, target, linear_bias, weight },
      reduction,
      ignore_index ?? -100,
      in_chunks,
    );
  }
  const rows = positions.reduce((product, size) => product * size);
  const matrix = positions.length > 1 ? linear_weight.reshape([rows, input.size(-1)]) : linear_weight;
  const bias = positions.length > 1 && linear_bias !== null ? linear_bias.reshape([rows]) : linear_bias;
  const scores = nn.linear(input, matrix, bias).reshape(scores_shape);
  return nn.cross_entropy_loss(
    scores,
    target,
    weight,
    reduction_code(reduction),
    ignore_index ?? -100,
    label_smoothing,
  );
}

function check_linear(input: Tensor, linear_weight: Tensor, linear_bias: Tensor | null): void {
  const [shape, weight_shape] = [input.shape, linear_weight.shape];
  if (shape.length < 1 || shape.length > 2) {
    throw new Error(`expected input with dimensionality 1 or 2, got ${shape.length}`);
  }
  if (weight_shape.length < 2) {
    throw new Error(`expected linear_weight with dimensionality at least 2, got ${weight_shape.length}`);
  }
  const in_features = shape[shape.length - 1]!;
  const weight_features = weight_shape[weight_shape.length - 1]!;
  if (in_features !== weight_features) {
    throw new Error(
      'expected equal input and linear_weight last dimensions (in_features), got ' +
        `${in_features} and ${weight_features}, respectively`,
    );
  }
  const positions = weight_shape.slice(0, -1);
  if (linear_bias !== null && python_size(linear_bias.shape) !== python_size(positions)) {
    throw new Error(`expected linear_bias shape ${python_size(positions)}, got ${python_size(linear_bias.shape)}`);
  }
  if (positions.length > 1 && shape.length === 1) {
    throw new Error(
      `K-dimensional loss defined by linear_weight shape ${python_size(weight_shape)} requires batched ` +
        `input, (N, ${in_features}), got unbatched input with shape ${python_size(shape)}`,
    );
  }
}

function warn_of_ignored_options(
  target: Tensor,
  positions: readonly number[],
  linear_bias: Tensor | null,
  reduction: string,
  label_smoothing: number,
): void {
  warn(
    "linear_cross_entropy: ``options`` ignored; chunked path needs reduction in {'mean','sum','none'}, " +
      `label_smoothing == 0, target.dtype == int64, out_features == (). Got reduction='${reduction}', ` +
      `label_smoothing=${python_float(label_smoothing)}, target.dtype=${String(target.dtype)}, ` +
      `out_features=${python_size(positions.slice(1))}, tracing=False, ` +
      `linear_bias.shape=${linear_bias === null ? 'None' : python_size(linear_bias.shape)}.`,
  );
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
