/** Weights as libtorch's quantized operators take them: packed for a processor, in objects of classes of libtorch. */
import { quantize_per_tensor } from '../../../generated/functions.js';
import { native } from '../../../_C/native.js';
import { ScriptObject, from_tagged, to_tagged } from '../../../jit/values.js';
import { float16, float32, qint8, type DType } from '../../../types/dtype.js';
import type { Tensor } from '../../../_tensor.js';

/** Packed weights. They never change, so a deep copy of a module shares them. */
export class PackedParams extends ScriptObject {
  /** @internal */
  __deepcopy__(): PackedParams {
    return this;
  }
}

/** Calls an operator that takes or gives objects of classes. */
export function call_packed(qualified: string, ...args: unknown[]): unknown[] {
  return native.library_call(qualified, args.map(to_tagged)).map((result) => {
    const value = from_tagged(result);
    return value instanceof ScriptObject ? new PackedParams(value._native, value.description) : value;
  });
}

const packing = new Map([
  [qint8, ['quantized::linear_prepack', 'quantized::linear_unpack'] as const],
  [float16, ['quantized::linear_prepack_fp16', 'quantized::linear_unpack_fp16'] as const],
]);

function packing_of(dtype: DType): readonly [pack: string, unpack: string] {
  const found = packing.get(dtype);
  if (found === undefined) throw new Error('Unsupported dtype on dynamic quantized linear!');
  return found;
}

/** Packs a weight that is quantized already, or for float16 a plain one, with a bias. */
export function pack(weight: Tensor, bias: Tensor | null, dtype: DType): PackedParams {
  return call_packed(packing_of(dtype)[0], weight, bias)[0] as PackedParams;
}

/** What was packed. */
export function unpack(packed: PackedParams, dtype: DType): [weight: Tensor, bias: Tensor | null] {
  return call_packed(packing_of(dtype)[1], packed) as [Tensor, Tensor | null];
}

/**
 * A weight as `pack` takes it. In 8 bits, the scale is that of Python's default observer of weights: the largest magnitude at
 * the middle between 127 and 128, zero at 0.
 */
export function quantized_weight(weight: Tensor, dtype: DType): Tensor {
  if (dtype !== qint8) return weight.to(float32);
  const plain = weight.detach().to(float32);
  const [low, high] = plain.aminmax();
  // The smallest step of float32 beside 1 is the smallest scale.
  const scale = low
    .clamp({ max: 0 })
    .neg()
    .maximum(high.clamp({ min: 0 }))
    .div(127.5)
    .clamp({ min: 2 ** -23 });
  return quantize_per_tensor(plain, scale.item() as number, 0, qint8);
}
