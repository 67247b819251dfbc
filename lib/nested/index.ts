/** Lists of tensors of different shapes as one tensor: `torch.nested`, in the layout that libtorch itself has (strided). */
import { from_nested, tensor, type TensorData } from '../creation.js';
import { default_device } from '../types/default_device.js';
import type { DeviceLike } from '../types/device.js';
import { operator } from '../_C/dispatch.js';
import { jagged, strided, type DType, type Layout } from '../types/dtype.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';

export { to_padded_tensor } from '../generated/nested.js';

const ops = {
  from_list: operator('aten::_nested_tensor_from_tensor_list', ''),
  view_from_buffer: operator('aten::_nested_view_from_buffer', ''),
  strides_and_offsets: operator('aten::_nested_compute_contiguous_strides_offsets', ''),
};

interface PlaceOptions {
  /** Dtype of the result. Default null: that of the tensors. */
  dtype?: DType | null;
  /** Device of the result. Default null: that of the tensors. */
  device?: DeviceLike | null;
  /** `torch.strided` (the default); the jagged layout is a class of Python, not of libtorch. */
  layout?: Layout | null;
}

/** The options of {@link nested_tensor}. */
export interface NestedTensorOptions extends PlaceOptions {
  /** Record autograd on the result. Default false. */
  requires_grad?: boolean;
  /** Allocate in page-locked memory. Default false. */
  pin_memory?: boolean;
}

function check_layout(callee: string, layout: Layout | null | undefined): void {
  if (layout === undefined || layout === null || layout === strided) return;
  if (layout === jagged) {
    throw new Error(
      `${callee}(): the jagged layout is written in Python on top of libtorch and is not there in this package; use torch.strided`,
    );
  }
  throw new Error(`${callee}(): Specified layout is unsupported for nested tensors: ${String(layout)}`);
}

const NESTED_TENSOR = signature<NestedTensorOptions & { tensor_list: Iterable<TensorData> }>(
  'nested_tensor',
  'tensor_list: Iterable, *, dtype?: dtype|None, layout?: layout|None, device?: device|None, requires_grad?: bool, pin_memory?: bool',
);
const AS_NESTED_TENSOR = signature<PlaceOptions & { ts: Tensor | readonly Tensor[] }>(
  'as_nested_tensor',
  'ts: Tensor|Tensor[], dtype?: dtype|None, device?: device|None, layout?: layout|None',
);
const NARROW = signature<{ tensor: Tensor; dim: number; start: number; length: number; layout?: Layout | null }>(
  'narrow',
  'tensor: Tensor, dim: int, start: any, length: any, layout?: layout|None',
);

const given = <T>(value: T | null | undefined): T | null => value ?? null;

/**
 * A nested tensor of copies of tensors, or of nested arrays of numbers, without their history. Mirrors
 * `torch.nested.nested_tensor`.
 *
 * @param tensor_list - tensors or nested arrays with the same number of dimensions
 * @param options - `dtype`, `layout`, `device`, `requires_grad`, `pin_memory`; see {@link NestedTensorOptions}
 * @throws Error when they differ in the number of dimensions, or for the jagged layout
 * @example
 * ```ts
 * print(torch.nested.nested_tensor([torch.tensor([0.5, 1.5]), torch.tensor([2.5])]));
 * ```
 * ```python
 * print(torch.nested.nested_tensor([torch.tensor([0.5, 1.5]), torch.tensor([2.5])]))
 * ```
 */
export function nested_tensor(tensor_list: Iterable<TensorData>, options?: NestedTensorOptions): Tensor;
export function nested_tensor(options: NestedTensorOptions & { tensor_list: Iterable<TensorData> }): Tensor;
export function nested_tensor(...args: unknown[]): Tensor {
  return NESTED_TENSOR.call(
    args,
    ({ tensor_list, dtype, device, layout, requires_grad = false, pin_memory = false }) => {
      check_layout('nested_tensor', layout);
      if (tensor_list instanceof Tensor) {
        throw new TypeError(
          'nested_tensor(): Only lists (List[Tensor] and List[List...[Scalar]]) are accepted in nested_tensor',
        );
      }
      const made_by = { dtype: given(dtype), device: default_device() ?? null };
      const parts = [...tensor_list].map((part) =>
        part instanceof Tensor ? part.detach() : from_nested(part, made_by, 'nested_tensor'),
      );
      const place = { dtype: given(dtype), device: device ?? default_device() ?? null };
      const made = ops.from_list(parts, place.dtype, null, place.device, pin_memory);
      return requires_grad ? made.requires_grad_() : made;
    },
  );
}

/**
 * A nested tensor that keeps the history: of copies of the tensors in a list, or of the rows of one tensor, whose
 * memory it shares. Mirrors `torch.nested.as_nested_tensor`.
 *
 * @param ts - tensors with the same number of dimensions, or one tensor of at least 2
 * @param dtype - default null, that of the tensors
 * @param device - default null, that of the tensors
 * @param layout - `torch.strided`
 * @throws TypeError for an argument of a wrong type
 * @throws Error for a tensor of fewer than two dimensions, or for the jagged layout
 * @example
 * ```ts
 * const a = torch.ones(2, { requires_grad: true });
 * const x = torch.nested.as_nested_tensor([a, torch.ones(3)]);
 * x.to_padded_tensor(0).sum().backward();
 * print(a.grad);
 * ```
 * ```python
 * a = torch.ones(2, requires_grad=True)
 * x = torch.nested.as_nested_tensor([a, torch.ones(3)])
 * x.to_padded_tensor(0).sum().backward()
 * print(a.grad)
 * ```
 */
export function as_nested_tensor(
  ts: Tensor | readonly Tensor[],
  dtype?: DType | null,
  device?: DeviceLike | null,
  layout?: Layout | null,
  options?: PlaceOptions,
): Tensor;
export function as_nested_tensor(
  ts: Tensor | readonly Tensor[],
  ...options: Tail<[dtype: DType | null, device: DeviceLike | null, layout: Layout | null], PlaceOptions>
): Tensor;
export function as_nested_tensor(options: PlaceOptions & { ts: Tensor | readonly Tensor[] }): Tensor;
export function as_nested_tensor(...args: unknown[]): Tensor {
  return AS_NESTED_TENSOR.call(args, ({ ts, dtype, device, layout }) => {
    check_layout('as_nested_tensor', layout);
    const place = { dtype: given(dtype), device: given(device) };
    if (!(ts instanceof Tensor)) return ops.from_list([...ts], place.dtype, null, place.device, null);
    if (ts.is_nested) return ts.to(place);
    if (ts.dim() < 2) throw new Error('as_nested_tensor(): Expected tensor argument to have dim() > 1');
    const sizes = tensor(Array.from({ length: ts.size(0) }, () => [...ts.shape.slice(1)]));
    const [strides, offsets] = ops.strides_and_offsets(sizes);
    return ops.view_from_buffer(ts.reshape(-1).to(place), sizes, strides, offsets);
  });
}

/**
 * A nested tensor of a range of the rows of a tensor. Mirrors `torch.nested.narrow`.
 *
 * @param tensor - of at least 2 dimensions
 * @param dim - the dimension of the range; libtorch supports 0
 * @param start - first element
 * @param length - number of elements
 * @param layout - `torch.strided`
 * @throws Error when `start` or `length` is not an integer, or the range does not fit
 * @example
 * ```ts
 * print(torch.nested.narrow(torch.arange(6).view(3, 2), 0, 1, 2));
 * ```
 * ```python
 * print(torch.nested.narrow(torch.arange(6).view(3, 2), 0, 1, 2, layout=torch.strided))
 * ```
 */
export function narrow(
  tensor: Tensor,
  dim: number,
  start: number,
  length: number,
  layout?: Layout | null,
  options?: { layout?: Layout | null },
): Tensor;
export function narrow(
  tensor: Tensor,
  dim: number,
  start: number,
  length: number,
  ...layout: Tail<[layout: Layout | null], { layout?: Layout | null }>
): Tensor;
export function narrow(
  tensor: Tensor,
  options: { dim: number; start: number; length: number; layout?: Layout | null },
): Tensor;
export function narrow(...args: unknown[]): Tensor {
  return NARROW.call(args, ({ tensor: input, dim, start, length, layout }) => {
    check_layout('narrow', layout);
    for (const [name, value] of [
      ['start', start],
      ['length', length],
    ] as const) {
      if (Number.isInteger(value)) continue;
      throw new Error(`narrow(): ${name} must be an integer for the strided layout, not ${kind_of(value)}`);
    }
    return as_nested_tensor(input.unbind(0)).narrow(dim, start, length);
  });
}
export * from '../absent/nested.js';
