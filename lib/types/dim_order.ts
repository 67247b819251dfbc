/** The order of a tensor's dimensions in memory, behind `Tensor.dim_order`. */
import { channels_last, contiguous_format, type MemoryFormat } from './dtype.js';
import type { Tensor } from '../_tensor.js';

/** Whether one dimension lies inside another in memory: 1, -1, or 0 where that is ambiguous. */
function compared(shape: readonly number[], strides: readonly number[], a: number, b: number): -1 | 0 | 1 {
  const [stride_a, stride_b] = [strides[a] as number, strides[b] as number];
  const is_outer_stride = (x: number, y: number): boolean => y === 0 || (x !== 0 && (x >= y || x % y === 0));
  if (stride_a === 0 || stride_b === 0) return 0;
  if (stride_a === stride_b) return is_outer_stride(shape[b] as number, shape[a] as number) ? 0 : 1;
  return is_outer_stride(stride_b, stride_a) ? -1 : 1;
}

/**
 * Dimensions from the outermost to the innermost, as Python's elementwise functions order them.
 * @throws Error with `ambiguity_check` when there is more than one such order and the formats do not decide
 * @internal
 */
export function dimension_order(tensor: Tensor, ambiguity_check: boolean | readonly MemoryFormat[]): number[] {
  const shape = tensor.shape;
  const strides = tensor.stride();
  if (ambiguity_check !== false) {
    const several = strides.some((stride, dim) => stride === strides[dim + 1]) || shape.includes(1);
    const formats = ambiguity_check === true ? [] : ambiguity_check;
    if (several && formats.filter((memory_format) => tensor.is_contiguous({ memory_format })).length !== 1) {
      throw new Error(
        'The tensor does not have unique dim order, or cannot map to exact one of the given memory formats.',
      );
    }
  }
  const dims = Array.from(shape, (_, dim) => dim);
  if (dims.length < 2) return dims;
  const contiguous = tensor.is_contiguous({ memory_format: contiguous_format });
  const last = dims.length === 4 && tensor.is_contiguous({ memory_format: channels_last });
  if (contiguous && !last) return dims;
  if (last && !contiguous) return [0, 2, 3, 1];
  const order = [...dims].reverse();
  for (let i = 1; i < order.length; i++) {
    let moved = i;
    for (let j = i - 1; j >= 0; j--) {
      const comparison = compared(shape, strides, order[j] as number, order[moved] as number);
      if (comparison < 0) break;
      if (comparison > 0) {
        [order[j], order[moved]] = [order[moved] as number, order[j] as number];
        moved = j;
      }
    }
  }
  const ordered = order.every((dim, i) => i === 0 || compared(shape, strides, order[i - 1] as number, dim) === -1);
  if (!ordered && ambiguity_check !== false) throw new Error('The tensor does not have unique dim order.');
  return order.reverse();
}
