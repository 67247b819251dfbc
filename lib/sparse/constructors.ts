/** The functions that make sparse tensors, and the check of what they are given. */
import { from_nested, type TensorData } from '../creation.js';
import { default_device } from '../types/default_device.js';
import type { DeviceLike } from '../types/device.js';
import { int64, type DType, type Layout } from '../types/dtype.js';
import * as ops from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Tensor } from '../_tensor.js';
import { type Arguments, no_arguments, signature } from '../_internal/signature.js';

// What native/core/context.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    sparse_invariants(warn: boolean): boolean | null;
    set_sparse_invariants(check: boolean | null): void;
  }
}

/** What all functions that make sparse tensors take by name. */
export interface SparseOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  pin_memory?: boolean;
  /** Whether to check that indices are in range and the like; null for what `check_sparse_tensor_invariants` says. */
  check_invariants?: boolean | null;
}

const OPTIONS =
  'dtype?: dtype|None, device?: device|None, pin_memory?: bool, requires_grad?: bool, check_invariants?: bool|None';

/** Runs `make` while invariants are checked or not; with null, as they are checked now. */
function with_check<T>(check: boolean | null | undefined, make: () => T): T {
  if (check === null || check === undefined) {
    native.sparse_invariants(true);
    return make();
  }
  const before = native.sparse_invariants(false);
  native.set_sparse_invariants(check);
  try {
    return make();
  } finally {
    native.set_sparse_invariants(before);
  }
}

const CHECK = signature<{ enable?: boolean; fn: () => unknown }>(
  'check_sparse_tensor_invariants',
  'enable: bool, fn: Callable',
);

/** {@link check_sparse_tensor_invariants}: a function with functions. */
export interface CheckSparseTensorInvariants {
  <T>(enable: boolean, fn: () => T): T;
  is_enabled(): boolean;
  enable(): void;
  disable(): void;
}

/**
 * Whether functions that make sparse tensors check what they are given: for the time of a function, `(true, fn)`, or from now
 * on with `enable()` and `disable()`. Without a word from the program they do not, and warn once. Mirrors
 * `torch.sparse.check_sparse_tensor_invariants`.
 */
export const check_sparse_tensor_invariants: CheckSparseTensorInvariants = Object.assign(
  (...args: unknown[]): unknown => {
    const { enable = true, fn } = CHECK.read(args);
    return with_check(enable, fn);
  },
  {
    is_enabled(...args: unknown[]): boolean {
      no_arguments('is_enabled', args);
      return native.sparse_invariants(false) ?? false;
    },
    enable(...args: unknown[]): void {
      no_arguments('enable', args);
      native.set_sparse_invariants(true);
    },
    disable(...args: unknown[]): void {
      no_arguments('disable', args);
      native.set_sparse_invariants(false);
    },
  },
) as CheckSparseTensorInvariants;

/** Values as a tensor where they are wanted; a tensor there keeps its history. */
function values_of(callee: string, values: TensorData, { dtype, device }: SparseOptions): Tensor {
  if (values instanceof Tensor) return values.to({ dtype: dtype ?? null, device: device ?? null });
  return from_nested(values, { dtype: dtype ?? null, device: device ?? default_device() ?? null }, callee);
}

/** Indices as a tensor beside the values: int64 from lists. */
function indices_of(callee: string, indices: TensorData, { device }: Tensor): Tensor {
  if (indices instanceof Tensor) return indices.to(device);
  return from_nested(indices, { dtype: int64, device }, callee);
}

function finished(made: Tensor, { requires_grad = false, pin_memory = false }: SparseOptions): Tensor {
  const placed = pin_memory ? made.pin_memory() : made;
  return requires_grad ? placed.requires_grad_() : placed;
}

type Sizes = readonly number[];

interface CooOptions extends SparseOptions {
  is_coalesced?: boolean | null;
}
interface CooArguments extends CooOptions {
  indices: TensorData;
  values: TensorData;
  size?: Sizes;
}

const COO = signature<CooArguments>(
  'sparse_coo_tensor',
  `indices: array_like, values: array_like, size?: int[], *, ${OPTIONS}, is_coalesced?: bool|None`,
);
const COO_OF_SIZE = signature<{ size: Sizes } & SparseOptions>('sparse_coo_tensor', `size: int[], *, ${OPTIONS}`);

/**
 * A sparse tensor from coordinates and values, which may be lists; or, with a size alone, one without elements. Mirrors
 * `torch.sparse_coo_tensor`.
 * @param args - `indices` (sparse dimensions, number), `values` (number, *), `size` (default: as large as the indices ask
 * for), options
 * @throws Error with `check_invariants` when an index is out of range
 */
export function sparse_coo_tensor(
  ...args: Arguments<
    [indices: TensorData, values: TensorData, size?: Sizes],
    CooArguments,
    ['indices', 'values', 'size']
  >
): Tensor;
export function sparse_coo_tensor(...args: Arguments<[size: Sizes], { size: Sizes } & SparseOptions, ['size']>): Tensor;
export function sparse_coo_tensor(...args: unknown[]): Tensor {
  if (is_size_alone(args)) {
    const { size, ...options } = COO_OF_SIZE.read(args);
    const { dtype = null, device = default_device() ?? null } = options;
    return finished(
      with_check(options.check_invariants, () => ops.sparse_coo_tensor(size, { dtype, device })),
      options,
    );
  }
  const { indices: given, values: data, size, is_coalesced = null, ...options } = COO.read(args);
  const values = values_of('sparse_coo_tensor', data, options);
  const indices = indices_of('sparse_coo_tensor', given, values).to(int64);
  const made = with_check(options.check_invariants, () =>
    size === undefined
      ? ops.sparse_coo_tensor(indices, values, { is_coalesced })
      : ops.sparse_coo_tensor(indices, values, size, { is_coalesced }),
  );
  return finished(made, options);
}

function is_size_alone(args: readonly unknown[]): boolean {
  const [first, second] = args;
  if (Array.isArray(first)) return args.length === 1 || (args.length === 2 && is_options(second));
  return args.length === 1 && is_options(first) && 'size' in first && !('indices' in first) && !('values' in first);
}

const is_options = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Tensor) &&
  !ArrayBuffer.isView(value);

interface CompressedOptions extends SparseOptions {
  layout?: Layout | null;
}

type Compressed<C extends string, P extends string> = { [K in C | P | 'values']: TensorData } & {
  size?: Sizes;
} & CompressedOptions;
type CompressedArguments<C extends string, P extends string> = Arguments<
  [compressed_indices: TensorData, plain_indices: TensorData, values: TensorData, size?: Sizes],
  Compressed<C, P>,
  [C, P, 'values', 'size']
>;

// What libtorch calls layouts in its texts.
const layout_names: Readonly<Record<string, string>> = {
  strided: 'Strided',
  sparse_coo: 'Sparse',
  sparse_csr: 'SparseCsr',
  sparse_csc: 'SparseCsc',
  sparse_bsr: 'SparseBsr',
  sparse_bsc: 'SparseBsc',
  _mkldnn: 'Mkldnn',
  jagged: 'Jagged',
};

function check_layout(name: string, layout: Layout | null | undefined): void {
  const own = name.replace('_tensor', '');
  if (layout === null || layout === undefined || own === 'sparse_compressed' || layout.name === own) return;
  throw new Error(`${name}: layout must be ${layout_names[own]} but got ${layout_names[layout.name]}`);
}

type Make = (compressed: Tensor, plain: Tensor, values: Tensor, ...rest: unknown[]) => Tensor;

/** One of the functions that make tensors of a compressed layout. */
function compressed_constructor<C extends string, P extends string>(name: string, compressed: C, plain: P) {
  const call = signature<Compressed<C, P>>(
    name,
    `${compressed}: array_like, ${plain}: array_like, values: array_like, size?: int[], *, layout?: layout|None, ${OPTIONS}`,
  );
  const make = (ops as unknown as Record<string, Make>)[name] as Make;
  const made = (...args: CompressedArguments<C, P>): Tensor => {
    const given = call.read(args) as Record<string, unknown> & CompressedOptions;
    check_layout(name, given.layout);
    const values = values_of(name, given['values'] as TensorData, given);
    const rows = indices_of(name, given[compressed] as TensorData, values);
    const columns = indices_of(name, given[plain] as TensorData, values);
    const options = { dtype: values.dtype, layout: given.layout ?? null, device: values.device };
    const size = given['size'];
    return finished(
      with_check(given.check_invariants, () =>
        size === undefined ? make(rows, columns, values, options) : make(rows, columns, values, size, options),
      ),
      given,
    );
  };
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

/**
 * A sparse tensor in compressed rows; the parts may be lists. Mirrors `torch.sparse_csr_tensor`.
 * @param args - `crow_indices` (*, rows + 1), `col_indices` (*, number), `values` (*, number), `size`, options
 * @throws Error with `check_invariants` when the parts do not fit
 */
export const sparse_csr_tensor = compressed_constructor('sparse_csr_tensor', 'crow_indices', 'col_indices');
/** As {@link sparse_csr_tensor} in compressed columns: `ccol_indices`, `row_indices`. Mirrors `torch.sparse_csc_tensor`. */
export const sparse_csc_tensor = compressed_constructor('sparse_csc_tensor', 'ccol_indices', 'row_indices');
/** As {@link sparse_csr_tensor}, of blocks: `values` (*, number, block rows, block columns). Mirrors `torch.sparse_bsr_tensor`. */
export const sparse_bsr_tensor = compressed_constructor('sparse_bsr_tensor', 'crow_indices', 'col_indices');
/** As {@link sparse_csc_tensor}, of blocks. Mirrors `torch.sparse_bsc_tensor`. */
export const sparse_bsc_tensor = compressed_constructor('sparse_bsc_tensor', 'ccol_indices', 'row_indices');
/** As these, in the layout that `layout` names. Mirrors `torch.sparse_compressed_tensor`. */
export const sparse_compressed_tensor = compressed_constructor(
  'sparse_compressed_tensor',
  'compressed_indices',
  'plain_indices',
);
