/** The functions that make sparse tensors, and the check of what they are given. */
import { from_nested, type TensorData } from '../creation.js';
import { default_device } from '../types/default_device.js';
import type { DeviceLike } from '../types/device.js';
import { int64, type DType, type Layout } from '../types/dtype.js';
import * as ops from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Tensor } from '../_tensor.js';
import { call_in_mode, type Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { type Arguments, no_arguments, signature } from '../_internal/signature.js';

// What native/core/context.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    sparse_invariants(warn: boolean): boolean | null;
    set_sparse_invariants(check: boolean | null): void;
  }
}

/** The options of all constructors of sparse tensors. */
export interface SparseOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  pin_memory?: boolean;
  /** Check that the indices are valid. Default null: as `check_sparse_tensor_invariants` is set. */
  check_invariants?: boolean | null;
}

const OPTIONS =
  'dtype?: dtype|None, device?: device|None, pin_memory?: bool, requires_grad?: bool, check_invariants?: bool|None';

const invariants_mode = (enable: boolean): Mode<boolean | null> => ({
  enter: () => {
    const before = native.sparse_invariants(false);
    native.set_sparse_invariants(enable);
    return before;
  },
  leave: (before) => {
    native.set_sparse_invariants(before);
  },
});

/** Runs `make` while invariants are checked or not; with null, as they are checked now. */
function with_check<T>(check: boolean | null | undefined, make: () => T): T {
  if (check === null || check === undefined) {
    native.sparse_invariants(true);
    return make();
  }
  return call_in_mode(invariants_mode(check), make);
}

const CHECK = signature<{ enable?: boolean; fn?: () => unknown }>(
  'check_sparse_tensor_invariants',
  'enable?: bool, fn?: Callable',
);

/**
 * Whether constructors of sparse tensors check their arguments: in a function, `(true, fn)`, a block of `using`, or a
 * method (see {@link Guard}); or from now on, with `enable()` and `disable()`. Mirrors
 * `torch.sparse.check_sparse_tensor_invariants`. By default they do not check, and warn once.
 *
 * @param enable - whether to check; default true
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * const { check_sparse_tensor_invariants } = torch.sparse;
 * print(check_sparse_tensor_invariants.is_enabled());
 * print(check_sparse_tensor_invariants(true, () => check_sparse_tensor_invariants.is_enabled()));
 * ```
 * ```python
 * from torch.sparse import check_sparse_tensor_invariants
 * print(check_sparse_tensor_invariants.is_enabled())
 * with check_sparse_tensor_invariants(True):
 *     print(check_sparse_tensor_invariants.is_enabled())
 * ```
 */
export function check_sparse_tensor_invariants<T>(enable: boolean, fn: () => T): T;
export function check_sparse_tensor_invariants(enable?: boolean | { enable?: boolean }): Guard;
export function check_sparse_tensor_invariants(...args: unknown[]): unknown {
  const { enable = true, fn } = CHECK.read(args);
  return run_or_guard('check_sparse_tensor_invariants', invariants_mode(enable), fn);
}

export namespace check_sparse_tensor_invariants {
  /** Whether constructors check now. */
  export function is_enabled(...none: []): boolean {
    no_arguments('is_enabled', none);
    return native.sparse_invariants(false) ?? false;
  }

  /** From now on they check. */
  export function enable(...none: []): void {
    no_arguments('enable', none);
    native.set_sparse_invariants(true);
  }

  /** From now on they do not check. */
  export function disable(...none: []): void {
    no_arguments('disable', none);
    native.set_sparse_invariants(false);
  }
}

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
  const pinned = pin_memory ? made.pin_memory() : made;
  return requires_grad ? pinned.requires_grad_() : pinned;
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
 * A sparse tensor in COO layout, from coordinates and values; or from a size alone, one without specified elements.
 * Mirrors `torch.sparse_coo_tensor`.
 *
 * @param indices - coordinates, `(sparse dimensions, number)`: a tensor or nested arrays
 * @param values - values, `(number, *)`
 * @param size - default: the smallest that the indices fit in
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`, `check_invariants`; see `SparseOptions`,
 * `is_coalesced`
 * @throws Error when shapes do not fit, and with `check_invariants` when an index is out of range
 * @example
 * ```ts
 * const x = torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.5, 2.5], [2, 2]);
 * print(x);
 * print(x.to_dense());
 * ```
 * ```python
 * x = torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.5, 2.5], [2, 2])
 * print(x)
 * print(x.to_dense())
 * ```
 */
export function sparse_coo_tensor(indices: TensorData, values: TensorData, size?: Sizes, options?: CooOptions): Tensor;
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
  return (args: readonly unknown[]): Tensor => {
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
}

const compressed = {
  sparse_csr_tensor: compressed_constructor('sparse_csr_tensor', 'crow_indices', 'col_indices'),
  sparse_csc_tensor: compressed_constructor('sparse_csc_tensor', 'ccol_indices', 'row_indices'),
  sparse_bsr_tensor: compressed_constructor('sparse_bsr_tensor', 'crow_indices', 'col_indices'),
  sparse_bsc_tensor: compressed_constructor('sparse_bsc_tensor', 'ccol_indices', 'row_indices'),
  sparse_compressed_tensor: compressed_constructor('sparse_compressed_tensor', 'compressed_indices', 'plain_indices'),
};

/**
 * A sparse tensor in compressed rows. Mirrors `torch.sparse_csr_tensor`.
 *
 * @param crow_indices - where each row starts, `(*, rows + 1)`
 * @param col_indices - the columns of the values, `(*, number)`
 * @param values - values, `(*, number)`
 * @param size - default: the smallest that fits
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`, `check_invariants`; see `SparseOptions`
 * @throws Error when shapes do not fit, and with `check_invariants` when the indices are not valid
 * @example
 * ```ts
 * print(torch.sparse_csr_tensor([0, 1, 2], [1, 0], [1.5, 2.5]).to_dense());
 * ```
 * ```python
 * print(torch.sparse_csr_tensor([0, 1, 2], [1, 0], [1.5, 2.5]).to_dense())
 * ```
 */
export function sparse_csr_tensor(
  crow_indices: TensorData,
  col_indices: TensorData,
  values: TensorData,
  size?: Sizes,
  options?: CompressedOptions,
): Tensor;
export function sparse_csr_tensor(...args: CompressedArguments<'crow_indices', 'col_indices'>): Tensor;
export function sparse_csr_tensor(...args: unknown[]): Tensor {
  return compressed.sparse_csr_tensor(args);
}
/**
 * A sparse tensor in compressed columns. Mirrors `torch.sparse_csc_tensor`.
 *
 * @param ccol_indices - where each column starts, `(*, columns + 1)`
 * @param row_indices - the rows of the values, `(*, number)`
 * @param values - values, `(*, number)`
 * @param size - default: the smallest that fits
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`, `check_invariants`; see `SparseOptions`
 * @throws Error when shapes do not fit, and with `check_invariants` when the indices are not valid
 * @example
 * ```ts
 * print(torch.sparse_csc_tensor([0, 1, 2], [1, 0], [1.5, 2.5]).to_dense());
 * ```
 * ```python
 * print(torch.sparse_csc_tensor([0, 1, 2], [1, 0], [1.5, 2.5]).to_dense())
 * ```
 */
export function sparse_csc_tensor(
  ccol_indices: TensorData,
  row_indices: TensorData,
  values: TensorData,
  size?: Sizes,
  options?: CompressedOptions,
): Tensor;
export function sparse_csc_tensor(...args: CompressedArguments<'ccol_indices', 'row_indices'>): Tensor;
export function sparse_csc_tensor(...args: unknown[]): Tensor {
  return compressed.sparse_csc_tensor(args);
}
/**
 * A sparse tensor in compressed rows of dense blocks. Mirrors `torch.sparse_bsr_tensor`.
 *
 * @param crow_indices - where each row starts, `(*, rows + 1)`
 * @param col_indices - the columns of the values, `(*, number)`
 * @param values - blocks, `(*, number, block rows, block columns)`
 * @param size - default: the smallest that fits
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`, `check_invariants`; see `SparseOptions`
 * @throws Error when shapes do not fit, and with `check_invariants` when the indices are not valid
 * @example
 * ```ts
 * print(torch.sparse_bsr_tensor([0, 1, 2], [1, 0], [[[1.5, 2]], [[2.5, 3]]]).to_dense());
 * ```
 * ```python
 * print(torch.sparse_bsr_tensor([0, 1, 2], [1, 0], [[[1.5, 2]], [[2.5, 3]]]).to_dense())
 * ```
 */
export function sparse_bsr_tensor(
  crow_indices: TensorData,
  col_indices: TensorData,
  values: TensorData,
  size?: Sizes,
  options?: CompressedOptions,
): Tensor;
export function sparse_bsr_tensor(...args: CompressedArguments<'crow_indices', 'col_indices'>): Tensor;
export function sparse_bsr_tensor(...args: unknown[]): Tensor {
  return compressed.sparse_bsr_tensor(args);
}
/**
 * A sparse tensor in compressed columns of dense blocks. Mirrors `torch.sparse_bsc_tensor`.
 *
 * @param ccol_indices - where each column starts, `(*, columns + 1)`
 * @param row_indices - the rows of the values, `(*, number)`
 * @param values - blocks, `(*, number, block rows, block columns)`
 * @param size - default: the smallest that fits
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`, `check_invariants`; see `SparseOptions`
 * @throws Error when shapes do not fit, and with `check_invariants` when the indices are not valid
 * @example
 * ```ts
 * print(torch.sparse_bsc_tensor([0, 1, 2], [1, 0], [[[1.5, 2]], [[2.5, 3]]]).to_dense());
 * ```
 * ```python
 * print(torch.sparse_bsc_tensor([0, 1, 2], [1, 0], [[[1.5, 2]], [[2.5, 3]]]).to_dense())
 * ```
 */
export function sparse_bsc_tensor(
  ccol_indices: TensorData,
  row_indices: TensorData,
  values: TensorData,
  size?: Sizes,
  options?: CompressedOptions,
): Tensor;
export function sparse_bsc_tensor(...args: CompressedArguments<'ccol_indices', 'row_indices'>): Tensor;
export function sparse_bsc_tensor(...args: unknown[]): Tensor {
  return compressed.sparse_bsc_tensor(args);
}
/**
 * A sparse tensor in the compressed layout that `layout` names. Mirrors `torch.sparse_compressed_tensor`.
 *
 * @param compressed_indices - where each row or column starts
 * @param plain_indices - the indices of the values, `(*, number)`
 * @param values - values, `(*, number)`
 * @param size - default: the smallest that fits
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`, `check_invariants`; see `SparseOptions`,
 * and `layout`
 * @throws Error when shapes do not fit, and with `check_invariants` when the indices are not valid
 * @example
 * ```ts
 * print(torch.sparse_compressed_tensor([0, 1, 2], [1, 0], [1.5, 2.5], [2, 2], { layout: torch.sparse_csr }).to_dense());
 * ```
 * ```python
 * print(torch.sparse_compressed_tensor([0, 1, 2], [1, 0], [1.5, 2.5], [2, 2], layout=torch.sparse_csr).to_dense())
 * ```
 */
export function sparse_compressed_tensor(
  compressed_indices: TensorData,
  plain_indices: TensorData,
  values: TensorData,
  size?: Sizes,
  options?: CompressedOptions,
): Tensor;
export function sparse_compressed_tensor(...args: CompressedArguments<'compressed_indices', 'plain_indices'>): Tensor;
export function sparse_compressed_tensor(...args: unknown[]): Tensor {
  return compressed.sparse_compressed_tensor(args);
}
