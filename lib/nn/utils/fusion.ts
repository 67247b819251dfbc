/** Fusion of a layer and the batch normalization behind it, for evaluation. Mirrors `torch.nn.utils.fusion`. */
import { signature, type Arguments } from '../../_internal/signature.js';
import { deepcopy } from '../../utils/copy.js';
import { ones_like, rsqrt, zeros_like } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../modules/batchnorm.js';
import type { Linear } from '../modules/linear.js';
import type { Module } from '../modules/module.js';
import { Parameter } from '../parameter.js';

type AnyBatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;

/** A layer with a weight for each output and, perhaps, a bias. */
type Weighted = Module & { weight: Parameter; bias: Parameter | null };

function check_modes(layer: Module, bn: AnyBatchNorm): [running_mean: Tensor, running_var: Tensor] {
  if (layer.training || bn.training) throw new Error('Fusion only for eval!');
  const { running_mean, running_var } = bn;
  if (running_mean === null || running_var === null)
    throw new Error('bn.running_mean and bn.running_var must not be None');
  return [running_mean, running_var];
}

interface FuseConvArguments<C> {
  conv: C;
  bn: AnyBatchNorm;
  /** Whether the convolution is a transposed one. Default false. */
  transpose?: boolean;
}

const FUSE_CONV_BN_EVAL = signature<FuseConvArguments<Weighted>>(
  'fuse_conv_bn_eval',
  'conv: Module, bn: Module, transpose?: bool',
);

/**
 * Fuses a convolution and a batch normalization, both in evaluation mode, into one convolution:
 * `W' = W * weight / sqrt(running_var + eps)` and `b' = (b - running_mean) * weight / sqrt(running_var + eps) + bias`.
 * Mirrors `torch.nn.utils.fuse_conv_bn_eval`.
 *
 * @param conv - the convolution, which is not changed
 * @param bn - the batch normalization, with running statistics
 * @param transpose - whether the convolution is a transposed one; default false
 * @returns the fused convolution
 * @throws Error in training mode, or without running statistics
 * @example
 * ```ts
 * const [conv, bn] = [new nn.Conv2d(1, 2, 2).eval(), new nn.BatchNorm2d(2).eval()];
 * const fused = nn.utils.fuse_conv_bn_eval(conv, bn);
 * const x = torch.randn(1, 1, 3, 3);
 * print(fused);
 * print(torch.allclose(fused(x), bn(conv(x)), { atol: 1e-6 }));
 * ```
 * ```python
 * conv, bn = nn.Conv2d(1, 2, 2).eval(), nn.BatchNorm2d(2).eval()
 * fused = nn.utils.fuse_conv_bn_eval(conv, bn)
 * x = torch.randn(1, 1, 3, 3)
 * print(fused)
 * print(torch.allclose(fused(x), bn(conv(x)), atol=1e-6))
 * ```
 */
export function fuse_conv_bn_eval<C extends Weighted>(conv: C, bn: AnyBatchNorm, transpose?: boolean): C;
export function fuse_conv_bn_eval<C extends Weighted>(
  ...args: Arguments<
    [conv: C, bn: AnyBatchNorm, transpose?: boolean],
    FuseConvArguments<C>,
    ['conv', 'bn', 'transpose']
  >
): C;
export function fuse_conv_bn_eval<C extends Weighted>(...args: unknown[]): C {
  return FUSE_CONV_BN_EVAL.call(args, ({ conv, bn, transpose = false }) => {
    const [bn_rm, bn_rv] = check_modes(conv, bn);
    const fused = deepcopy(conv);
    [fused.weight, fused.bias] = fused_conv_weights({
      conv_w: fused.weight,
      conv_b: fused.bias,
      bn_rm,
      bn_rv,
      bn_eps: bn.eps,
      bn_w: bn.weight,
      bn_b: bn.bias,
      transpose,
    });
    return fused;
  }) as C;
}

interface BatchNormWeights {
  /** Running mean of the normalization. */
  bn_rm: Tensor;
  /** Running variance of the normalization. */
  bn_rv: Tensor;
  bn_eps: number;
  bn_w: Tensor | null;
  bn_b: Tensor | null;
}

interface FuseConvWeightsArguments extends BatchNormWeights {
  conv_w: Tensor;
  conv_b: Tensor | null;
  /** Whether the convolution is a transposed one. Default false. */
  transpose?: boolean;
}

const BATCH_NORM = 'bn_rm: Tensor, bn_rv: Tensor, bn_eps: float, bn_w: Tensor|None, bn_b: Tensor|None';

const FUSE_CONV_BN_WEIGHTS = signature<FuseConvWeightsArguments>(
  'fuse_conv_bn_weights',
  `conv_w: Tensor, conv_b: Tensor|None, ${BATCH_NORM}, transpose?: bool`,
);

/**
 * Computes weight and bias of a convolution that is fused with a batch normalization, as {@link fuse_conv_bn_eval}
 * does. Mirrors `torch.nn.utils.fuse_conv_bn_weights`.
 *
 * @param conv_w - weight of the convolution
 * @param conv_b - bias of the convolution, or null
 * @param bn_rm - running mean
 * @param bn_rv - running variance
 * @param bn_eps - `eps` of the normalization
 * @param bn_w - scale of the normalization, or null for ones
 * @param bn_b - shift of the normalization, or null for zeros
 * @param transpose - whether the convolution is a transposed one; default false
 * @returns weight and bias
 * @example
 * ```ts
 * const [w, mean, variance] = [torch.ones(1, 1, 1), torch.tensor([0.5]), torch.tensor([4])];
 * const [weight, bias] = nn.utils.fuse_conv_bn_weights(w, null, mean, variance, 0, null, null);
 * print(weight, bias);
 * ```
 * ```python
 * w, mean, variance = torch.ones(1, 1, 1), torch.tensor([0.5]), torch.tensor([4])
 * weight, bias = nn.utils.fuse_conv_bn_weights(w, None, mean, variance, 0, None, None)
 * print(weight, bias)
 * ```
 */
export function fuse_conv_bn_weights(
  conv_w: Tensor,
  conv_b: Tensor | null,
  bn_rm: Tensor,
  bn_rv: Tensor,
  bn_eps: number,
  bn_w: Tensor | null,
  bn_b: Tensor | null,
  transpose?: boolean,
): [weight: Parameter, bias: Parameter];
export function fuse_conv_bn_weights(
  ...args: Arguments<
    [
      conv_w: Tensor,
      conv_b: Tensor | null,
      bn_rm: Tensor,
      bn_rv: Tensor,
      bn_eps: number,
      bn_w: Tensor | null,
      bn_b: Tensor | null,
      transpose?: boolean,
    ],
    FuseConvWeightsArguments,
    ['conv_w', 'conv_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b', 'transpose']
  >
): [weight: Parameter, bias: Parameter];
export function fuse_conv_bn_weights(...args: unknown[]): [weight: Parameter, bias: Parameter] {
  return FUSE_CONV_BN_WEIGHTS.call(args, fused_conv_weights);
}

function fused_conv_weights({
  conv_w,
  conv_b,
  bn_rm,
  bn_rv,
  bn_eps,
  bn_w,
  bn_b,
  transpose = false,
}: FuseConvWeightsArguments): [weight: Parameter, bias: Parameter] {
  const leading = transpose ? [1, -1] : [-1, 1];
  const shape = [...leading, ...Array.from({ length: conv_w.ndim - 2 }, () => 1)];
  const bias = conv_b ?? zeros_like(bn_rm);
  const gain = bn_w ?? ones_like(bn_rm);
  const scale = rsqrt(bn_rv.add(bn_eps));
  const fused_w = conv_w.mul(gain.mul(scale).reshape(shape)).to(conv_w.dtype);
  const fused_b = bias
    .sub(bn_rm)
    .mul(scale)
    .mul(gain)
    .add(bn_b ?? zeros_like(bn_rm))
    .to((conv_b ?? conv_w).dtype);
  return [new Parameter(fused_w, conv_w.requires_grad), new Parameter(fused_b, bias.requires_grad)];
}

interface FuseLinearArguments<L> {
  linear: L;
  bn: AnyBatchNorm;
}

const FUSE_LINEAR_BN_EVAL = signature<FuseLinearArguments<Linear>>('fuse_linear_bn_eval', 'linear: Module, bn: Module');

/**
 * Fuses a linear layer and a batch normalization, both in evaluation mode, into one linear layer:
 * `W' = W * weight / sqrt(running_var + eps)` and `b' = (b - running_mean) * weight / sqrt(running_var + eps) + bias`.
 * Mirrors `torch.nn.utils.fuse_linear_bn_eval`.
 *
 * @param linear - the linear layer, which is not changed
 * @param bn - the batch normalization, with running statistics
 * @returns the fused layer
 * @throws Error in training mode, without running statistics, or when the numbers of features do not match
 * @example
 * ```ts
 * const [linear, bn] = [new nn.Linear(2, 3).eval(), new nn.BatchNorm1d(3).eval()];
 * const fused = nn.utils.fuse_linear_bn_eval(linear, bn);
 * const x = torch.randn(2, 2);
 * print(torch.allclose(fused(x), bn(linear(x)), { atol: 1e-6 }));
 * ```
 * ```python
 * linear, bn = nn.Linear(2, 3).eval(), nn.BatchNorm1d(3).eval()
 * fused = nn.utils.fuse_linear_bn_eval(linear, bn)
 * x = torch.randn(2, 2)
 * print(torch.allclose(fused(x), bn(linear(x)), atol=1e-6))
 * ```
 */
export function fuse_linear_bn_eval<L extends Linear>(linear: L, bn: AnyBatchNorm): L;
export function fuse_linear_bn_eval<L extends Linear>(
  ...args: Arguments<[linear: L, bn: AnyBatchNorm], FuseLinearArguments<L>, ['linear', 'bn']>
): L;
export function fuse_linear_bn_eval<L extends Linear>(...args: unknown[]): L {
  return FUSE_LINEAR_BN_EVAL.call(args, ({ linear, bn }) => {
    const [bn_rm, bn_rv] = check_modes(linear, bn);
    const { out_features } = linear;
    if (out_features !== bn.num_features && bn.num_features !== 1) {
      throw new Error(
        'To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got ' +
          `linear.out_features=${out_features} and bn.num_features=${bn.num_features}`,
      );
    }
    const fused = deepcopy(linear);
    [fused.weight, fused.bias] = fused_linear_weights({
      linear_w: fused.weight,
      linear_b: fused.bias,
      bn_rm,
      bn_rv,
      bn_eps: bn.eps,
      bn_w: bn.weight,
      bn_b: bn.bias,
    });
    return fused;
  }) as L;
}

interface FuseLinearWeightsArguments extends BatchNormWeights {
  linear_w: Tensor;
  linear_b: Tensor | null;
}

const FUSE_LINEAR_BN_WEIGHTS = signature<FuseLinearWeightsArguments>(
  'fuse_linear_bn_weights',
  `linear_w: Tensor, linear_b: Tensor|None, ${BATCH_NORM}`,
);

/**
 * Computes weight and bias of a linear layer that is fused with a batch normalization, as {@link fuse_linear_bn_eval}
 * does. Mirrors `torch.nn.utils.fuse_linear_bn_weights`.
 *
 * @param linear_w - weight of the layer
 * @param linear_b - bias of the layer, or null
 * @param bn_rm - running mean
 * @param bn_rv - running variance
 * @param bn_eps - `eps` of the normalization
 * @param bn_w - scale of the normalization
 * @param bn_b - shift of the normalization
 * @returns weight and bias
 * @example
 * ```ts
 * const [w, mean, variance] = [torch.ones(1, 2), torch.tensor([0.5]), torch.tensor([4])];
 * const [weight, bias] = nn.utils.fuse_linear_bn_weights(w, null, mean, variance, 0, torch.ones(1), torch.zeros(1));
 * print(weight, bias);
 * ```
 * ```python
 * w, mean, variance = torch.ones(1, 2), torch.tensor([0.5]), torch.tensor([4])
 * weight, bias = nn.utils.fuse_linear_bn_weights(w, None, mean, variance, 0, torch.ones(1), torch.zeros(1))
 * print(weight, bias)
 * ```
 */
export function fuse_linear_bn_weights(
  linear_w: Tensor,
  linear_b: Tensor | null,
  bn_rm: Tensor,
  bn_rv: Tensor,
  bn_eps: number,
  bn_w: Tensor | null,
  bn_b: Tensor | null,
): [weight: Parameter, bias: Parameter];
export function fuse_linear_bn_weights(
  ...args: Arguments<
    [
      linear_w: Tensor,
      linear_b: Tensor | null,
      bn_rm: Tensor,
      bn_rv: Tensor,
      bn_eps: number,
      bn_w: Tensor | null,
      bn_b: Tensor | null,
    ],
    FuseLinearWeightsArguments,
    ['linear_w', 'linear_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b']
  >
): [weight: Parameter, bias: Parameter];
export function fuse_linear_bn_weights(...args: unknown[]): [weight: Parameter, bias: Parameter] {
  return FUSE_LINEAR_BN_WEIGHTS.call(args, fused_linear_weights);
}

function fused_linear_weights({
  linear_w,
  linear_b,
  bn_rm,
  bn_rv,
  bn_eps,
  bn_w,
  bn_b,
}: FuseLinearWeightsArguments): [weight: Parameter, bias: Parameter] {
  const bias = linear_b ?? zeros_like(bn_rm);
  const scale = (bn_w ?? ones_like(bn_rm)).mul(rsqrt(bn_rv.add(bn_eps)));
  const fused_w = linear_w.mul(scale.unsqueeze(-1).to(linear_w.dtype));
  const fused_b = bias
    .sub(bn_rm)
    .mul(scale)
    .add(bn_b ?? zeros_like(bn_rm))
    .to((linear_b ?? linear_w).dtype);
  return [new Parameter(fused_w, linear_w.requires_grad), new Parameter(fused_b, bias.requires_grad)];
}
