/** Batch normalisation folded into the layer before it, for evaluation. Mirrors `torch.nn.utils.fusion`. */
import { deepcopy } from '../../copy.js';
import { ones_like, rsqrt, zeros_like } from '../../generated/functions.js';
import type { Tensor } from '../../tensor.js';
import { flag } from '../arguments.js';
import type { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../batchnorm.js';
import type { Linear } from '../linear.js';
import type { Module } from '../module.js';
import { Parameter } from '../parameter.js';

type AnyBatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;

/** A layer with a weight for each output and, perhaps, a bias. */
type Weighted = Module & { weight: Parameter; bias: Parameter | null };

function check_modes(layer: Module, bn: AnyBatchNorm): [running_mean: Tensor, running_var: Tensor] {
  if (layer.training || bn.training) throw new Error('Fusion only for eval!');
  const { running_mean, running_var } = bn;
  if (running_mean === null || running_var === null) throw new Error('bn.running_mean and bn.running_var must not be None');
  return [running_mean, running_var];
}

/**
 * A convolution that does what `conv` and `bn` do one after the other. Mirrors `torch.nn.utils.fuse_conv_bn_eval`.
 *
 * @param conv - a convolution in evaluation mode; it stays as it is
 * @param bn - a batch normalisation in evaluation mode, with running statistics
 * @param transpose - whether the weight is (in, out, ...), as that of a transposed convolution
 * @throws Error in training mode, or without running statistics
 */
export function fuse_conv_bn_eval<C extends Weighted>(
  conv: C, bn: AnyBatchNorm, transpose: boolean | { transpose?: boolean } = false,
): C {
  const [mean, variance] = check_modes(conv, bn);
  const fused = deepcopy(conv);
  [fused.weight, fused.bias] =
    fuse_conv_bn_weights(fused.weight, fused.bias, mean, variance, bn.eps, bn.weight, bn.bias, transpose);
  return fused;
}

/**
 * Weight and bias of the convolution that {@link fuse_conv_bn_eval} makes. Mirrors `torch.nn.utils.fuse_conv_bn_weights`.
 */
export function fuse_conv_bn_weights(
  conv_w: Tensor, conv_b: Tensor | null, bn_rm: Tensor, bn_rv: Tensor, bn_eps: number, bn_w: Tensor | null,
  bn_b: Tensor | null, transpose: boolean | { transpose?: boolean } = false,
): [weight: Parameter, bias: Parameter] {
  const leading = flag('fuse_conv_bn_weights', 'transpose', transpose, false) ? [1, -1] : [-1, 1];
  const shape = [...leading, ...Array.from({ length: conv_w.ndim - 2 }, () => 1)];
  const bias = conv_b ?? zeros_like(bn_rm);
  const gain = bn_w ?? ones_like(bn_rm);
  const scale = rsqrt(bn_rv.add(bn_eps));
  const fused_w = conv_w.mul(gain.mul(scale).reshape(shape)).to(conv_w.dtype);
  const fused_b = bias.sub(bn_rm).mul(scale).mul(gain).add(bn_b ?? zeros_like(bn_rm)).to((conv_b ?? conv_w).dtype);
  return [new Parameter(fused_w, conv_w.requires_grad), new Parameter(fused_b, bias.requires_grad)];
}

/**
 * A linear layer that does what `linear` and `bn` do one after the other. Mirrors `torch.nn.utils.fuse_linear_bn_eval`.
 *
 * @throws Error in training mode, without running statistics, or when the numbers of features do not fit
 */
export function fuse_linear_bn_eval<L extends Linear>(linear: L, bn: AnyBatchNorm): L {
  const [mean, variance] = check_modes(linear, bn);
  const { out_features } = linear;
  if (out_features !== bn.num_features && bn.num_features !== 1) {
    throw new Error('To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got '
      + `linear.out_features=${out_features} and bn.num_features=${bn.num_features}`);
  }
  const fused = deepcopy(linear);
  [fused.weight, fused.bias] =
    fuse_linear_bn_weights(fused.weight, fused.bias, mean, variance, bn.eps, bn.weight, bn.bias);
  return fused;
}

/**
 * Weight and bias of the layer that {@link fuse_linear_bn_eval} makes. Mirrors `torch.nn.utils.fuse_linear_bn_weights`.
 */
export function fuse_linear_bn_weights(
  linear_w: Tensor, linear_b: Tensor | null, bn_rm: Tensor, bn_rv: Tensor, bn_eps: number, bn_w: Tensor | null,
  bn_b: Tensor | null,
): [weight: Parameter, bias: Parameter] {
  const bias = linear_b ?? zeros_like(bn_rm);
  const scale = (bn_w ?? ones_like(bn_rm)).mul(rsqrt(bn_rv.add(bn_eps)));
  const fused_w = linear_w.mul(scale.unsqueeze(-1).to(linear_w.dtype));
  const fused_b = bias.sub(bn_rm).mul(scale).add(bn_b ?? zeros_like(bn_rm)).to((linear_b ?? linear_w).dtype);
  return [new Parameter(fused_w, linear_w.requires_grad), new Parameter(fused_b, bias.requires_grad)];
}
