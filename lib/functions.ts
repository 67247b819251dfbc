/** Functions of `torch` that Python writes by hand on top of the operators. */
import { operator } from './dispatch.js';
import { dtype_of, type DType } from './dtype.js';
import type { Scalar } from './scalar.js';
import { Tensor } from './tensor.js';

const op = {
  einsum: operator('aten::einsum', ''),
  t: operator('aten::t', ''),
  result_type: operator('aten::result_type', 'Tensor', 'Scalar', 'Scalar_Tensor', 'Scalar_Scalar'),
};

function tensor_argument(name: string, value: unknown): Tensor {
  if (!(value instanceof Tensor)) {
    throw new TypeError(`${name}(): argument 'input' (position 1) must be Tensor, not ${typeof value}`);
  }
  return value;
}

/** Whether a value is a tensor; mirrors `torch.is_tensor`. */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** The old-style type name; mirrors `torch.typename`. */
export function typename(value: unknown): string {
  if (value instanceof Tensor) return value.type();
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

/** The number of elements; mirrors `torch.numel`. */
export function numel(input: Tensor): number {
  return tensor_argument('numel', input).numel();
}

/** Mirrors `torch.is_floating_point`. */
export function is_floating_point(input: Tensor): boolean {
  return tensor_argument('is_floating_point', input).dtype.is_floating_point;
}

/** Mirrors `torch.is_complex`. */
export function is_complex(input: Tensor): boolean {
  return tensor_argument('is_complex', input).dtype.is_complex;
}

/** Whether the only element is not zero; mirrors `torch.is_nonzero`. @throws Error unless there is one element */
export function is_nonzero(input: Tensor): boolean {
  if (tensor_argument('is_nonzero', input).numel() !== 1) {
    throw new Error('Boolean value of Tensor with more than one value is ambiguous');
  }
  return input.ne(0).item<boolean>();
}

/** The transpose of a tensor of at most two dimensions; mirrors `torch.t`. */
export function t(input: Tensor): Tensor {
  return op.t(input) as Tensor;
}

/** Chunks of a size, or of given sizes, along a dimension; mirrors `torch.split`. */
export function split(tensor: Tensor, split_size_or_sections: number | readonly number[], dim = 0): Tensor[] {
  return tensor_argument('split', tensor).split(split_size_or_sections, dim);
}

/** The different elements; mirrors `torch.unique`. */
export function unique(
  input: Tensor,
  options: { sorted?: boolean; return_inverse?: boolean; return_counts?: boolean; dim?: number | null } = {},
): Tensor | Tensor[] {
  return tensor_argument('unique', input).unique(options);
}

/** A vector or matrix norm; mirrors `torch.norm`. */
export function norm(
  input: Tensor, p: number | 'fro' | 'nuc' | null = 'fro', dim: number | readonly number[] | null = null, keepdim = false,
  options: { dtype?: DType } = {},
): Tensor {
  return tensor_argument('norm', input).norm(p, dim, keepdim, options);
}

/**
 * Sums products of tensors as the equation says; mirrors `torch.einsum`. Operands follow one by one or as a list.
 */
export function einsum(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor {
  const list = Array.isArray(operands[0]) ? (operands[0] as readonly Tensor[]) : (operands as Tensor[]);
  return op.einsum(equation, list) as Tensor;
}

function each(tensors: readonly (Tensor | readonly Tensor[])[], apply: (tensor: Tensor) => Tensor): Tensor | Tensor[] {
  const list = (Array.isArray(tensors[0]) ? tensors[0] : tensors) as readonly Tensor[];
  const results = list.map(apply);
  return tensors.length === 1 && results.length === 1 && !Array.isArray(tensors[0]) ? (results[0] as Tensor) : results;
}

/** At least one dimension; mirrors `torch.atleast_1d`. */
export function atleast_1d(...tensors: (Tensor | readonly Tensor[])[]): Tensor | Tensor[] {
  return each(tensors, (x) => (x.dim() === 0 ? x.reshape(1) : x));
}

/** At least two dimensions; mirrors `torch.atleast_2d`. */
export function atleast_2d(...tensors: (Tensor | readonly Tensor[])[]): Tensor | Tensor[] {
  return each(tensors, (x) => (x.dim() === 0 ? x.reshape(1, 1) : x.dim() === 1 ? x.unsqueeze(0) : x));
}

/** At least three dimensions; mirrors `torch.atleast_3d`. */
export function atleast_3d(...tensors: (Tensor | readonly Tensor[])[]): Tensor | Tensor[] {
  return each(tensors, (x) => {
    if (x.dim() === 0) return x.reshape(1, 1, 1);
    if (x.dim() === 1) return x.unsqueeze(0).unsqueeze(-1);
    return x.dim() === 2 ? x.unsqueeze(-1) : x;
  });
}

/** The dtype that an operator on these would have; mirrors `torch.result_type`. */
export function result_type(tensor1: Tensor | Scalar, tensor2: Tensor | Scalar): DType {
  return dtype_of(op.result_type(tensor1, tensor2) as number);
}
