/** Where each entry of the operator database is found in this package. */
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';

import { at_path } from './decode.js';

export type Call = (input: unknown, ...args: unknown[]) => unknown;

type Loose = Record<string, unknown>;
type Method = (...args: unknown[]) => unknown;

const method =
  (name: string): Call =>
  (input, ...args) =>
    ((input as Loose)[name] as Method)(...args);
const copied =
  (name: string): Call =>
  (input, ...args) =>
    ((input as Tensor).clone() as unknown as Record<string, Method>)[name]?.(...args);
const getter =
  (name: string): Call =>
  (input) =>
    (input as Loose)[name];
const swapped =
  (name: string): Call =>
  (input, other) =>
    (torch as unknown as Record<string, Method>)[name]?.(other, input);

// Python's operators have no form of their own in TypeScript: these are what docs/porting.md writes for them. Entries that
// the database wraps into a function of its own are called as that function calls them.
const written: Record<string, Call> = {
  __getitem__: (input, subscripts) => (input as Tensor).index(...(subscripts as torch.Subscript[])),
  __radd__: swapped('add'),
  __rmul__: swapped('mul'),
  __rsub__: (input, other) => (torch.rsub as Call)(input, other),
  __rdiv__: (input, other) => (input as Tensor).reciprocal().mul(other as Tensor),
  __rmod__: swapped('remainder'),
  __rpow__: swapped('pow'),
  __rmatmul__: swapped('matmul'),
  __rand__: swapped('bitwise_and'),
  __ror__: swapped('bitwise_or'),
  __rxor__: swapped('bitwise_xor'),
  T: getter('T'),
  H: getter('H'),
  mT: getter('mT'),
  mH: getter('mH'),
  resize_: copied('resize_'),
  resize_as_: copied('resize_as_'),
  zero_: copied('zero_'),
  cauchy: method('cauchy_'),
  exponential: method('exponential_'),
  geometric: method('geometric_'),
  log_normal: method('log_normal_'),
  uniform: method('uniform_'),
  einsum: (tensors, equation) => torch.einsum(equation as string, tensors as Tensor[]),
  polygamma: (input, n, ...rest) => (torch.polygamma as Call)(n, input, ...rest),
  'special.polygamma': (input, n, ...rest) => (torch.special.polygamma as Call)(n, input, ...rest),
  where: (input, condition, other, ...rest) => (torch.where as Call)(condition, input, other, ...rest),
  max_pool2d_with_indices_backward: (input, options) => {
    const {
      kernel_size,
      stride = null,
      padding = 0,
      dilation = 1,
      ceil_mode = false,
    } = options as Record<string, number>;
    const [output, indices] = (torch.nn.functional.max_pool2d as Call)(input, {
      kernel_size,
      stride,
      padding,
      dilation,
      ceil_mode,
      return_indices: true,
    }) as [Tensor, Tensor];
    return (torch.ops.aten as Record<string, Call>)['max_pool2d_with_indices_backward']?.(
      torch.ones_like(output),
      input,
      kernel_size,
      stride ?? kernel_size,
      padding,
      dilation,
      ceil_mode,
      indices,
    );
  },
  svd_lowrank: (a, b, ...rest) => (torch.svd_lowrank as Call)((a as Tensor).matmul((b as Tensor).mT), ...rest),
  pca_lowrank: (a, b, ...rest) => (torch.pca_lowrank as Call)((a as Tensor).matmul((b as Tensor).mT), ...rest),
  // torch.slice makes subscripts here; Python has no function of that name.
  slice: (input, ...rest) => (torch.ops.aten as Record<string, Call>)['slice']!(input, ...rest),
  _segment_reduce: (input, ...rest) => (torch.segment_reduce as Call)(input, ...rest),
  // The database calls randn_like for this one.
  rand_like: (input, ...rest) => (torch.randn_like as Call)(input, ...rest),
  'nn.functional.embedding': (weight, indices, ...rest) =>
    (torch.nn.functional.embedding as Call)(indices, weight, ...rest),
  'nn.functional.embedding_bag': (weight, indices, ...rest) =>
    (torch.nn.functional as unknown as Record<string, Call>)['embedding_bag']?.(indices, weight, ...rest),
};

const written_variants: Record<string, Call> = {
  'linalg.lstsq.grad_oriented': (a, b, options) =>
    [...((torch.linalg.lstsq as unknown as Call)(a, b, options) as Tensor[])].slice(0, 2),
  'linalg.pinv.singular': (a, b, options) =>
    (torch.linalg.pinv as Call)((a as Tensor).matmul((b as Tensor).mT), options),
  'normal.in_place': method('normal_'),
  'normal.number_mean': (std, mean, ...rest) => (torch.normal as Call)(mean, std, ...rest),
};

// Python's API has these as methods only.
const methods_only = new Set([
  'item',
  'contiguous',
  'sum_to_size',
  'expand',
  'expand_as',
  'to',
  'reshape_as',
  'view',
  'view_as',
  'bfloat16',
  'bool',
  'byte',
  'cdouble',
  'cfloat',
  'char',
  'double',
  'float',
  'half',
  'int',
  'long',
  'short',
  'chalf',
  'new_zeros',
  'new_ones',
  'new_empty',
  'new_empty_strided',
  'new_full',
  'unfold',
  'repeat',
  'to_sparse',
]);

/** The function for an entry, or undefined when this package has none. */
export function function_for(name: string, variant: string): Call | undefined {
  const special = written_variants[`${name}.${variant}`] ?? written[name];
  if (special) return special;
  if (methods_only.has(name))
    return typeof (Tensor.prototype as unknown as Loose)[name] === 'function' ? method(name) : undefined;
  const found =
    at_path(name.replace(/^torch\./, '')) ?? (torch.ops.aten as Loose)[name.replace(/^torch\.ops\.aten\./, '')];
  return typeof found === 'function' ? (found as Call) : undefined;
}

/** Entries whose results are memory that no one has filled. */
export const unfilled = new Set([
  'empty',
  'empty_like',
  'empty_strided',
  'empty_permuted',
  'new_empty',
  'new_empty_strided',
  'resize_',
  'resize_as_',
]);
