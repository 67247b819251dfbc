/** How quantised tensors relate integers to numbers: `torch.qscheme`. */
import { NamedConstant } from '../_internal/named_constant.js';

/** Mirrors `torch.qscheme`. Compare with `===`. */
export class QScheme extends NamedConstant {}

/** One scale and zero point for the whole tensor. */
export const per_tensor_affine = new QScheme('per_tensor_affine', 0);
/** A scale and zero point for each index of one dimension. */
export const per_channel_affine = new QScheme('per_channel_affine', 1);
/** One scale, and 0 as the zero point. */
export const per_tensor_symmetric = new QScheme('per_tensor_symmetric', 2);
/** A scale for each index of one dimension, and 0 as the zero point. */
export const per_channel_symmetric = new QScheme('per_channel_symmetric', 3);
/** As {@link per_channel_affine}, with zero points that are no integers. */
export const per_channel_affine_float_qparams = new QScheme('per_channel_affine_float_qparams', 4);

const schemes = [
  per_tensor_affine,
  per_channel_affine,
  per_tensor_symmetric,
  per_channel_symmetric,
  per_channel_affine_float_qparams,
];

/** The scheme with a given `c10::QScheme` number. */
export function qscheme_of(code: number): QScheme {
  const scheme = schemes[code];
  if (!scheme) throw new Error(`libtorch knows a quantization scheme ${code} that is unknown here`);
  return scheme;
}
