/** `torch.testing.make_tensor`: random tensors for tests. */
import type { DeviceLike } from '../types/device.js';
import * as dtypes from '../types/dtype.js';
import type { DType, MemoryFormat } from '../types/dtype.js';
import { empty, randint, view_as_real } from '../generated/functions.js';
import { warn } from '../_internal/warnings.js';
import { python_repr } from '../python/print.js';
import { float_repr } from '../_internal/python_numbers.js';
import type { Tensor } from '../_tensor.js';
import { finfo, iinfo } from '../types/type_info.js';
import { signature } from '../_internal/signature.js';

/** The options of {@link make_tensor}. */
export interface MakeTensorOptions {
  /** Dtype of the tensor. */
  dtype: DType;
  /** Device of the tensor. */
  device: DeviceLike;
  /** Lower bound, inclusive. Default null: -9, or 0 for bool and unsigned integers. */
  low?: number | bigint | null;
  /** Upper bound, exclusive. Default null: 9 for floats, 10 for integers, 2 for bool. */
  high?: number | bigint | null;
  /** Record autograd on the result. Default false. */
  requires_grad?: boolean;
  /** Make the tensor noncontiguous, when it has at least two elements. Default false. */
  noncontiguous?: boolean;
  /** Replace 0 by 1, or by the smallest normal number of the dtype. Default false. */
  exclude_zero?: boolean;
  /** Memory format. Default null. */
  memory_format?: MemoryFormat | null;
}

const integers: readonly DType[] = [
  dtypes.uint8,
  dtypes.int8,
  dtypes.int16,
  dtypes.int32,
  dtypes.int64,
  dtypes.uint16,
  dtypes.uint32,
  dtypes.uint64,
  dtypes.bool,
];
const floats: readonly DType[] = [dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64];
const complexes: readonly DType[] = [dtypes.complex32, dtypes.complex64, dtypes.complex128];
const float8s: readonly DType[] = [
  dtypes.float8_e4m3fn,
  dtypes.float8_e5m2,
  dtypes.float8_e4m3fnuz,
  dtypes.float8_e5m2fnuz,
];

type Bound = number | bigint;

interface Limits {
  readonly lowest: Bound;
  readonly highest: Bound;
  readonly default_low: number;
  readonly default_high: number;
}

function limits_of(dtype: DType): Limits {
  if (dtype === dtypes.bool) return { lowest: 0, highest: 2, default_low: 0, default_high: 2 };
  if (integers.includes(dtype)) {
    const { min, max } = iinfo(dtype);
    // randint takes bounds below 2 ** 63 only.
    const highest = dtype === dtypes.int64 ? max : BigInt(max) + 1n;
    return { lowest: min, highest, default_low: -9, default_high: 10 };
  }
  if (floats.includes(dtype) || complexes.includes(dtype) || float8s.includes(dtype)) {
    const { min, max } = finfo(dtype);
    return { lowest: min, highest: max, default_low: -9, default_high: 9 };
  }
  throw new TypeError(
    `The requested dtype '${String(dtype)}' is not supported by torch.testing.make_tensor(). To request ` +
      'support, file an issue at: https://github.com/pytorch/pytorch/issues',
  );
}

const is_nan = (value: Bound): boolean => Number.isNaN(value);

/** The bounds inside of what the dtype can hold. */
function value_bounds(dtype: DType, given_low: Bound | null, given_high: Bound | null): { low: Bound; high: Bound } {
  const { lowest, highest, default_low, default_high } = limits_of(dtype);
  const low = given_low ?? default_low;
  const high = given_high ?? default_high;
  if (is_nan(low) || is_nan(high)) {
    throw new Error(
      `\`low\` and \`high\` cannot be NaN, but got low=${python_repr(low)} and high=${python_repr(high)}`,
    );
  }
  // biome-ignore lint/suspicious/noDoubleEquals: one may be a bigint
  if (low == high && (floats.includes(dtype) || complexes.includes(dtype))) {
    warn(
      'Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is deprecated since 2.1 and will be ' +
        'removed in 2.3. Use `torch.full(...)` instead.',
      'FutureWarning',
    );
  } else if (low >= high) {
    throw new Error(`\`low\` must be less than \`high\`, but got ${python_repr(low)} >= ${python_repr(high)}`);
  } else if (high < lowest || low >= highest) {
    const limit = (value: Bound): string => (integers.includes(dtype) ? python_repr(value) : float_repr(Number(value)));
    throw new Error(
      `The value interval specified by \`low\` and \`high\` is [${python_repr(low)}, ${python_repr(high)}), but ` +
        `${String(dtype)} only supports [${limit(lowest)}, ${limit(highest)})`,
    );
  }
  const clamped = (value: Bound): Bound => (value < lowest ? lowest : value > highest ? highest : value);
  const whole = (value: Bound): Bound => (typeof value === 'bigint' ? value : Math.ceil(value));
  const [least, most] = [clamped(low), clamped(high)];
  return integers.includes(dtype) ? { low: whole(least), high: whole(most) } : { low: least, high: most };
}

/** `uniform_` throws for ranges beyond the greatest number of the dtype: then half the range is drawn and doubled. */
function fill_uniform(tensor: Tensor, low: number, high: number): void {
  if (high - low >= finfo(tensor.dtype).max) tensor.uniform_(low / 2, high / 2).mul_(2);
  else tensor.uniform_(low, high);
}

function drawn(size: readonly number[], dtype: DType, device: DeviceLike, given: MakeTensorOptions): Tensor {
  const { low, high } = value_bounds(dtype, given.low ?? null, given.high ?? null);
  if (integers.includes(dtype)) return randint(low as number, high as number, size, { dtype, device });
  const drawn_as = float8s.includes(dtype) ? dtypes.float32 : dtype;
  const result = empty(size, { dtype: drawn_as, device });
  fill_uniform(dtype.is_complex ? view_as_real(result) : result, Number(low), Number(high));
  return result.to(dtype);
}

const MAKE_TENSOR = signature<MakeTensorOptions & { shape: unknown[] }>(
  'make_tensor',
  '*shape: int|int[], dtype: dtype, device: device, low?: float|None, high?: float|None, requires_grad?: bool, ' +
    'noncontiguous?: bool, exclude_zero?: bool, memory_format?: memory_format|None',
);

/**
 * A tensor of uniformly distributed values in [low, high). Mirrors `torch.testing.make_tensor`; with the same seed,
 * the values are Python's.
 *
 * @param shape - sizes, one by one or as an array
 * @param options - `dtype`, `device`, `low`, `high`, `requires_grad`, `noncontiguous`, `exclude_zero`,
 * `memory_format`; see {@link MakeTensorOptions}
 * @throws Error when `low` is not below `high`, for bounds outside of the dtype, and for `requires_grad` of integers
 * @example
 * ```ts
 * print(torch.testing.make_tensor(2, 3, { dtype: torch.float64, device: 'cpu', low: 0, high: 1 }));
 * ```
 * ```python
 * print(torch.testing.make_tensor(2, 3, dtype=torch.float64, device='cpu', low=0, high=1))
 * ```
 */
export function make_tensor(size: readonly number[], options: MakeTensorOptions): Tensor;
export function make_tensor(...args: [...shape: number[], options: MakeTensorOptions]): Tensor;
export function make_tensor(...args: unknown[]): Tensor {
  const { shape, ...given } = MAKE_TENSOR.read(args);
  const { dtype, device, requires_grad = false, exclude_zero = false, memory_format = null } = given;
  const size = (shape.length === 1 && Array.isArray(shape[0]) ? shape[0] : shape) as number[];
  if (given.noncontiguous && memory_format !== null) {
    throw new Error(
      'The parameters `noncontiguous` and `memory_format` are mutually exclusive, but got noncontiguous=True and ' +
        `memory_format=${String(memory_format)}`,
    );
  }
  if (requires_grad && integers.includes(dtype)) {
    throw new Error(
      `\`requires_grad=True\` is not supported for boolean and integral dtypes, but got dtype=${String(dtype)}`,
    );
  }
  const gaps = given.noncontiguous === true && size.reduce((product, n) => product * n, 1) > 1;
  // Twice the elements, of which every second one is left out.
  const wide = gaps ? [...size.slice(0, -1), 2 * size[size.length - 1]!] : size;
  let result = drawn(wide, dtype, device, given);
  if (gaps) result = result.index('...', '1::2');
  else if (memory_format !== null) result = result.clone({ memory_format });
  if (exclude_zero) result.index_put_([result.eq(0)], integers.includes(dtype) ? 1 : finfo(dtype).tiny);
  return requires_grad ? result.requires_grad_() : result;
}
