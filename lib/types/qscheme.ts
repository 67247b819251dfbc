/** How quantized tensors relate integers to numbers: `torch.qscheme`. */
import { NamedConstant } from '../_internal/named_constant.js';
import { define_kind } from '../_internal/signature.js';

/**
 * A quantization scheme. Mirrors `torch.qscheme`. Compare with `===`.
 * @example
 * ```ts
 * const q = torch.quantize_per_tensor(torch.tensor([0.5, 1.5]), 0.5, 0, torch.qint8);
 * print(q.qscheme());
 * ```
 * ```python
 * q = torch.quantize_per_tensor(torch.tensor([0.5, 1.5]), 0.5, 0, torch.qint8)
 * print(q.qscheme())
 * ```
 */
export class QScheme extends NamedConstant {}
define_kind('qscheme', 'torch.qscheme', (value) => value instanceof QScheme);

/** One scale and zero point for the whole tensor; `torch.per_tensor_affine`. */
export const per_tensor_affine = new QScheme('per_tensor_affine', 0);
/** A scale and zero point per index of one dimension; `torch.per_channel_affine`. */
export const per_channel_affine = new QScheme('per_channel_affine', 1);
/** One scale, with zero point 0; `torch.per_tensor_symmetric`. */
export const per_tensor_symmetric = new QScheme('per_tensor_symmetric', 2);
/** A scale per index of one dimension, with zero point 0; `torch.per_channel_symmetric`. */
export const per_channel_symmetric = new QScheme('per_channel_symmetric', 3);
/** As {@link per_channel_affine}, with floating point zero points; `torch.per_channel_affine_float_qparams`. */
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
