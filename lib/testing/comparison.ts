/** `torch.testing.assert_close`: walks two values side by side, and says in Python's words where and by how much they differ. */
import { types } from 'node:util';

import { as_tensor, tensor, type TensorData } from '../creation.js';
import * as dtypes from '../types/dtype.js';
import { type DType, promote_types, type Layout } from '../types/dtype.js';
import { abs, all, hypot, isclose, max, sum } from '../generated/functions.js';
import { NDArray } from '../numpy/ndarray.js';
import { kind_of } from '../_internal/representation.js';
import { warn } from '../_internal/warnings.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_repr } from '../python/print.js';
import { float_repr, format_fixed } from '../_internal/python_numbers.js';
import { Complex, type Scalar } from '../types/scalar.js';
import { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';
import { AssertionError } from './assertion_error.js';

/** The options of {@link assert_close}. */
export interface AssertCloseOptions {
  /** Allow comparisons of directly related classes, such as a `Parameter` and a `Tensor`. Default true. */
  allow_subclasses?: boolean;
  /** Relative tolerance, given together with `atol`. Default null: by dtype. */
  rtol?: number | null;
  /** Absolute tolerance, given together with `rtol`. Default null: by dtype. */
  atol?: number | null;
  /** Treat two NaN as equal. Default false. */
  equal_nan?: boolean;
  /** Require equal devices; otherwise tensors of different devices are compared on the CPU. Default true. */
  check_device?: boolean;
  /** Require equal dtypes; otherwise tensors are promoted to a common one. Default true. */
  check_dtype?: boolean;
  /** Require equal layouts; otherwise tensors are made dense. Default true. */
  check_layout?: boolean;
  /** Require equal strides of strided tensors. Default false. */
  check_stride?: boolean;
  /** Message of the Error, or a function that receives the generated message and returns it. Default null. */
  msg?: string | ((message: string) => string) | null;
}

/** The options, with the defaults in their places. */
interface Settings {
  readonly allow_subclasses: boolean;
  readonly rtol: number | null;
  readonly atol: number | null;
  readonly equal_nan: boolean;
  readonly check_device: boolean;
  readonly check_dtype: boolean;
  readonly check_layout: boolean;
  readonly check_stride: boolean;
}

/** Tolerances of one comparison. */
interface Tolerances {
  readonly rtol: number;
  readonly atol: number;
  readonly equal_nan: boolean;
}

/** Where in nested values a pair is: indices and keys. */
type Path = readonly unknown[];

/** A mismatch whose place is known; becomes the error that the caller sees. */
class Mismatch extends Error {
  constructor(
    readonly kind: new (message: string) => Error,
    readonly text: string,
    readonly path: Path,
  ) {
    super(text);
  }

  to_error(msg: AssertCloseOptions['msg'] = null): Error {
    const place = this.path.length === 0 ? '' : `\n\nThe failure occurred for item ${path_text(this.path)}`;
    const message = typeof msg === 'string' ? msg : msg ? msg(this.text + place) : this.text + place;
    return new this.kind(message);
  }
}

const path_text = (path: Path): string => path.map((item) => python_repr([item])).join('');

// --- how Python writes values ------------------------------------------------------------------------

/** `(1,)`, `(0, 1)` */
function tuple_text(items: readonly unknown[]): string {
  return items.length === 1 ? `(${python_repr(items[0])},)` : `(${items.map(python_repr).join(', ')})`;
}

/** A part of a complex number: as a float, but without `.0`. */
const part_text = (value: number): string => float_repr(value).replace(/\.0$/, '');

function complex_text({ re, im }: Complex): string {
  const imaginary = `${part_text(im)}j`;
  if (Object.is(re, 0)) return imaginary;
  return `(${part_text(re)}${/^[-]/.test(imaginary) ? '' : '+'}${imaginary})`;
}

/** A scalar of a kind that is known, since a number of JavaScript's does not say whether it is a float. */
function scalar_text(value: Scalar, floating: boolean): string {
  if (value instanceof Complex) return complex_text(value);
  return floating && typeof value === 'number' ? float_repr(value) : python_repr(value);
}

/** Python's `str`. */
const text_of = (value: unknown): string => (typeof value === 'string' ? value : python_repr(value ?? null));

/** Python's `str` of the class of a value: `<class 'torch.Tensor'>`. */
function class_text(value: unknown): string {
  return `<class '${class_name(value)}'>`;
}

function class_name(value: unknown): string {
  if (Array.isArray(value)) return Array.isArray(Object.getPrototypeOf(value)) ? 'list' : kind_of(value);
  if (types.isMap(value) || is_plain_object(value)) return 'dict';
  if (value instanceof NDArray) return 'numpy.ndarray';
  if (typeof value === 'bigint') return 'int';
  const name = kind_of(value);
  if (!(value instanceof Tensor)) return name;
  return Object.getPrototypeOf(value) === Tensor.prototype ? 'torch.Tensor' : `torch.nn.parameter.${name}`;
}

// --- tolerances --------------------------------------------------------------------------------------

/** The default tolerances of the dtypes that have any: relative, absolute. */
const precisions = new Map<DType, readonly [rtol: number, atol: number]>([
  [dtypes.float16, [0.001, 1e-5]],
  [dtypes.bfloat16, [0.016, 1e-5]],
  [dtypes.float32, [1.3e-6, 1e-5]],
  [dtypes.float64, [1e-7, 1e-7]],
  [dtypes.complex32, [0.001, 1e-5]],
  [dtypes.complex64, [1.3e-6, 1e-5]],
  [dtypes.complex128, [1e-7, 1e-7]],
  // Quantized tensors are compared as the float32 numbers that they stand for.
  [dtypes.quint8, [1.3e-6, 1e-5]],
  [dtypes.quint2x4, [1.3e-6, 1e-5]],
  [dtypes.quint4x2, [1.3e-6, 1e-5]],
  [dtypes.qint8, [1.3e-6, 1e-5]],
  [dtypes.qint32, [1.3e-6, 1e-5]],
]);

/** The loosest of the dtypes' default tolerances. */
function default_tolerances(
  inputs: readonly DType[],
  table: typeof precisions = precisions,
): { rtol: number; atol: number } {
  const found = inputs.map((dtype) => table.get(dtype) ?? ([0, 0] as const));
  return { rtol: Math.max(...found.map(([rtol]) => rtol)), atol: Math.max(...found.map(([, atol]) => atol)) };
}

function tolerances(inputs: readonly DType[], { rtol, atol }: Settings, path: Path): { rtol: number; atol: number } {
  if (rtol !== null && atol !== null) return { rtol, atol };
  if (rtol === null && atol === null) return default_tolerances(inputs);
  throw new Mismatch(
    Error,
    `Both 'rtol' and 'atol' must be either specified or omitted, but got no ${rtol === null ? 'rtol' : 'atol'}.`,
    path,
  );
}

// --- the texts ---------------------------------------------------------------------------------------

interface Difference {
  /** What is compared, such as `Tensor-likes`. */
  readonly identifier: string;
  /** A line before the differences. */
  readonly extra: string;
  readonly absolute: string;
  readonly relative: string;
  /** Where the greatest differences are; not of scalars. */
  readonly places?: { readonly absolute: readonly number[]; readonly relative: readonly number[] };
}

function mismatch_text(difference: Difference, { rtol, atol }: { rtol: number; atol: number }): string {
  const equality = rtol === 0 && atol === 0;
  const line = (kind: 'absolute' | 'relative', tolerance: number): string => {
    const { [kind]: amount, places } = difference;
    const start =
      places === undefined
        ? `${kind === 'absolute' ? 'Absolute' : 'Relative'} difference: ${amount}`
        : `Greatest ${kind} difference: ${amount} at index ${tuple_text(places[kind])}`;
    return start + (equality ? '' : ` (up to ${python_repr(tolerance)} allowed)`);
  };
  return [
    `${difference.identifier} are not ${equality ? 'equal' : 'close'}!`,
    '',
    difference.extra,
    line('absolute', atol),
    line('relative', rtol),
  ].join('\n');
}

/** As C's, which Python calls; V8's differs in the last bit. */
function hypotenuse(x: number, y: number): number {
  const side = (length: number): Tensor => tensor(length, { dtype: dtypes.float64 });
  return hypot(side(x), side(y)).item();
}

function magnitude(value: Scalar): number | bigint {
  if (value instanceof Complex) return hypotenuse(value.re, value.im);
  return typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(Number(value));
}

/** `abs(a - b)` as Python computes it for two scalars of one kind. */
function scalar_difference(a: Scalar, b: Scalar): number | bigint {
  if (a instanceof Complex || b instanceof Complex) {
    const [x, y] = [a, b].map((value) => (value instanceof Complex ? value : new Complex(Number(value)))) as [
      Complex,
      Complex,
    ];
    return hypotenuse(x.re - y.re, x.im - y.im);
  }
  if (typeof a === 'bigint' || typeof b === 'bigint') return magnitude(BigInt(a) - BigInt(b));
  return Math.abs(Number(a) - Number(b));
}

// biome-ignore lint/suspicious/noDoubleEquals: of a bigint too
const is_zero = (value: Scalar): boolean => magnitude(value) == 0;

function scalar_mismatch_text(
  actual: Scalar,
  expected: Scalar,
  identifier: string,
  floating: boolean,
  tolerance: { rtol: number; atol: number },
): string {
  const difference = scalar_difference(actual, expected);
  const relative = is_zero(expected) ? Infinity : Number(difference) / Number(magnitude(expected));
  return mismatch_text(
    {
      identifier,
      extra: `Expected ${scalar_text(expected, floating)} but got ${scalar_text(actual, floating)}.`,
      absolute: floating ? float_repr(Number(difference)) : python_repr(difference),
      relative: float_repr(relative),
    },
    tolerance,
  );
}

/** The index of an element of a tensor of this shape from its number in row-major order. */
function unravelled(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

const is_float8 = (dtype: DType): boolean => dtype.is_floating_point && dtype.itemsize === 1;

function tensor_mismatch_text(
  actual: Tensor,
  expected: Tensor,
  matches: Tensor,
  identifier: string,
  tolerance: { rtol: number; atol: number },
): string {
  const { shape } = matches;
  const count = matches.numel();
  const mismatches = count - sum(matches).item();
  const extra = `Mismatched elements: ${mismatches} / ${count} (${format_fixed((mismatches / count) * 100, 1)}%)`;
  if (is_float8(actual.dtype)) {
    const first = (matches.logical_not().nonzero().tolist() as number[][])[0] as number[];
    return `${identifier} are not 'equal'!\n\n${extra}\nThe first mismatched element is at index ${tuple_text(first)}.`;
  }
  const floating = actual.dtype.is_floating_point || actual.dtype.is_complex;
  const [got, wanted] = [actual, expected].map((input) => {
    const flat = input.detach().flatten();
    return floating ? flat : flat.to(dtypes.int64);
  }) as [Tensor, Tensor];
  const matched = matches.flatten();
  const greatest = (differences: Tensor): { amount: Scalar; place: number[] } => {
    differences.index_put_([matched], 0);
    const [value, place] = max(differences, 0) as unknown as [Tensor, Tensor];
    return { amount: value.item<number | bigint>(), place: unravelled(Number(place.item()), shape) };
  };
  const differences = abs(got.sub(wanted));
  const absolute = greatest(differences);
  const relative = greatest(differences.div(abs(wanted)));
  return mismatch_text(
    {
      identifier,
      extra,
      absolute: scalar_text(absolute.amount, floating),
      relative: scalar_text(relative.amount, true),
      places: { absolute: absolute.place, relative: relative.place },
    },
    tolerance,
  );
}

// --- pairs -------------------------------------------------------------------------------------------

/** Two values that are compared as one. */
interface Pair {
  /** @throws Mismatch */
  compare(): void;
  /** For the text of an unexpected error. */
  toString(): string;
}

function pair_text(name: string, fields: Readonly<Record<string, unknown>>): string {
  return [`${name}(`, ...Object.entries(fields).map(([key, value]) => `    ${key}=${text_of(value)},`), ')'].join('\n');
}

class NonePair implements Pair {
  constructor(
    private readonly actual: unknown,
    private readonly expected: unknown,
    private readonly path: Path,
  ) {}

  compare(): void {
    if ((this.actual ?? null) === null && (this.expected ?? null) === null) return;
    throw new Mismatch(
      AssertionError,
      `None mismatch: ${text_of(this.actual)} is not ${text_of(this.expected)}`,
      this.path,
    );
  }
}

class BooleanPair implements Pair {
  constructor(
    private readonly actual: boolean,
    private readonly expected: boolean,
    private readonly path: Path,
  ) {}

  compare(): void {
    if (this.actual === this.expected) return;
    throw new Mismatch(
      AssertionError,
      `Booleans mismatch: ${text_of(this.actual)} is not ${text_of(this.expected)}`,
      this.path,
    );
  }
}

type PythonNumber = number | bigint | Complex;

const is_number = (value: unknown): value is PythonNumber =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Complex;

/** Python's type of a number: an integer is an int, unless it stands beside a float. */
function number_class(value: PythonNumber, other: PythonNumber): 'int' | 'float' | 'complex' {
  if (value instanceof Complex) return 'complex';
  if (typeof value === 'bigint') return 'int';
  const beside_float = typeof other === 'number' && !Number.isInteger(other);
  return Number.isInteger(value) && !beside_float ? 'int' : 'float';
}

const dtype_of_number = { int: dtypes.int64, float: dtypes.float64, complex: dtypes.complex128 };

class NumberPair implements Pair {
  private readonly kinds: readonly ['int' | 'float' | 'complex', 'int' | 'float' | 'complex'];
  private readonly tolerance: { rtol: number; atol: number };

  constructor(
    private readonly actual: PythonNumber,
    private readonly expected: PythonNumber,
    private readonly settings: Settings,
    private readonly path: Path,
  ) {
    this.kinds = [number_class(actual, expected), number_class(expected, actual)];
    this.tolerance = tolerances(
      this.kinds.map((kind) => dtype_of_number[kind]),
      settings,
      path,
    );
  }

  compare(): void {
    const {
      actual,
      expected,
      kinds: [got, wanted],
      path,
    } = this;
    if (this.settings.check_dtype && got !== wanted) {
      throw new Mismatch(AssertionError, `The (d)types do not match: <class '${got}'> != <class '${wanted}'>.`, path);
    }
    const [x, y] = [actual, expected].map((value) => (value instanceof Complex ? value : new Complex(Number(value))));
    const both_exact = typeof actual === 'bigint' || typeof expected === 'bigint';
    if (
      both_exact && got === 'int' && wanted === 'int'
        ? BigInt(actual as bigint) === BigInt(expected as bigint)
        : x!.re === y!.re && x!.im === y!.im
    )
      return;
    const is_nan = ({ re, im }: Complex): boolean => Number.isNaN(re) || Number.isNaN(im);
    if (this.settings.equal_nan && is_nan(x!) && is_nan(y!)) return;
    const difference = Number(scalar_difference(actual, expected));
    const { rtol, atol } = this.tolerance;
    if (Number.isFinite(difference) && difference <= atol + rtol * Number(magnitude(expected))) return;
    const floating = got !== 'int' || wanted !== 'int';
    throw new Mismatch(
      AssertionError,
      scalar_mismatch_text(actual, expected, 'Scalars', floating, this.tolerance),
      path,
    );
  }

  toString(): string {
    const {
      path,
      actual,
      expected,
      tolerance,
      settings: { equal_nan, check_dtype },
    } = this;
    return pair_text('NumberPair', { id: tuple_text(path), actual, expected, ...tolerance, equal_nan, check_dtype });
  }
}

const supported_layouts: readonly Layout[] = [
  dtypes.strided,
  dtypes.jagged,
  dtypes.sparse_coo,
  dtypes.sparse_csr,
  dtypes.sparse_csc,
  dtypes.sparse_bsr,
  dtypes.sparse_bsc,
];

/** The names of the index tensors of compressed layouts. */
const compressed = new Map<Layout, readonly [format: string, compressed: IndexMethod, plain: IndexMethod]>([
  [dtypes.sparse_csr, ['CSR', 'crow_indices', 'col_indices']],
  [dtypes.sparse_csc, ['CSC', 'ccol_indices', 'row_indices']],
  [dtypes.sparse_bsr, ['BSR', 'crow_indices', 'col_indices']],
  [dtypes.sparse_bsc, ['BSC', 'ccol_indices', 'row_indices']],
]);
type IndexMethod = 'crow_indices' | 'col_indices' | 'ccol_indices' | 'row_indices';

const widened = (dtype: DType): DType =>
  [dtypes.uint64, dtypes.uint32, dtypes.uint16].includes(dtype) ? dtypes.int64 : dtype;

class TensorPair implements Pair {
  private readonly tolerance: Tolerances;

  constructor(
    private readonly actual: Tensor,
    private readonly expected: Tensor,
    private readonly settings: Settings,
    private readonly path: Path,
  ) {
    for (const { layout } of [actual, expected]) {
      if (!supported_layouts.includes(layout))
        throw new Mismatch(Error, `Unsupported tensor layout ${String(layout)}`, path);
    }
    this.tolerance = { ...tolerances([actual.dtype, expected.dtype], settings, path), equal_nan: settings.equal_nan };
  }

  compare(): void {
    this.compare_attributes();
    if (this.actual.is_meta || this.expected.is_meta) return;
    this.compare_values(...this.equalized());
  }

  private fail(text: string): never {
    throw new Mismatch(AssertionError, text, this.path);
  }

  private differ(attribute: string, actual: string, expected: string): void {
    if (actual !== expected)
      this.fail(`The values for attribute '${attribute}' do not match: ${actual} != ${expected}.`);
  }

  private compare_attributes(): void {
    const { actual, expected, settings } = this;
    const same = (attribute: string, of: (tensor: Tensor) => unknown): void => {
      this.differ(attribute, String(of(actual)), String(of(expected)));
    };
    same('shape', ({ shape }) => shape);
    same('is_quantized', ({ is_quantized }) => python_repr(is_quantized));
    if (actual.is_quantized) same('qscheme()', (tensor) => tensor.qscheme());
    if (settings.check_layout) same('layout', ({ layout }) => layout);
    if (settings.check_stride && actual.layout === expected.layout && actual.layout === dtypes.strided) {
      same('stride()', (tensor) => tuple_text(tensor.stride()));
    }
    if (settings.check_device) same('device', ({ device }) => device);
    if (settings.check_dtype) same('dtype', ({ dtype }) => dtype);
  }

  /** The tensors on one device, of one dtype and one layout. */
  private equalized(): [Tensor, Tensor] {
    let { actual, expected } = this;
    if (!actual.device.equals(expected.device)) [actual, expected] = [actual.cpu(), expected.cpu()];
    if (actual.dtype !== expected.dtype) {
      const dtype = promote_types(widened(actual.dtype), widened(expected.dtype));
      [actual, expected] = [actual.to(dtype), expected.to(dtype)];
    }
    if (actual.layout !== expected.layout) {
      const dense = (input: Tensor): Tensor => (input.layout === dtypes.strided ? input : input.to_dense());
      [actual, expected] = [dense(actual), dense(expected)];
    }
    return [actual, expected];
  }

  private compare_values(actual: Tensor, expected: Tensor): void {
    const { tolerance } = this;
    if (actual.is_quantized) {
      return this.compare_regular(
        actual.dequantize(),
        expected.dequantize(),
        tolerance,
        (name) => `Quantized ${name.toLowerCase()}`,
      );
    }
    if (actual.is_sparse) return this.compare_sparse_coo(actual, expected);
    if (compressed.has(actual.layout)) return this.compare_sparse_compressed(actual, expected);
    if (actual.layout === dtypes.jagged) return this.compare_regular(actual.values(), expected.values(), tolerance);
    if (is_float8(actual.dtype) && (tolerance.rtol !== 0 || tolerance.atol !== 0)) {
      this.fail(
        `Rtol=${python_repr(tolerance.rtol)} and atol=${python_repr(tolerance.atol)} are not supported for bitwise ` +
          'comparison of low dimensional floats. Please use rtol=0.0 and atol=0.0.',
      );
    }
    this.compare_regular(actual, expected, tolerance);
  }

  private compare_sparse_coo(actual: Tensor, expected: Tensor): void {
    const counted = (what: string, a: number, b: number): void => {
      if (a !== b) this.fail(`The number of ${what} in sparse COO tensors does not match: ${a} != ${b}`);
    };
    counted('sparse dimensions', actual.sparse_dim(), expected.sparse_dim());
    counted('specified values', actual._nnz(), expected._nnz());
    this.compare_equal(actual._indices(), expected._indices(), 'Sparse COO indices');
    this.compare_regular(actual._values(), expected._values(), this.tolerance, () => 'Sparse COO values');
  }

  private compare_sparse_compressed(actual: Tensor, expected: Tensor): void {
    const [format, ...methods] = compressed.get(actual.layout)!;
    const [got, wanted] = [actual._nnz(), expected._nnz()];
    if (got !== wanted) {
      this.fail(`The number of specified values in sparse ${format} tensors does not match: ${got} != ${wanted}`);
    }
    // Indices are int32 or int64, and those of the two tensors may differ in that.
    const dtype = promote_types(actual[methods[0]]().dtype, expected[methods[0]]().dtype);
    for (const method of methods) {
      this.compare_equal(actual[method]().to(dtype), expected[method]().to(dtype), `Sparse ${format} ${method}`);
    }
    this.compare_regular(actual.values(), expected.values(), this.tolerance, () => `Sparse ${format} values`);
  }

  private compare_equal(actual: Tensor, expected: Tensor, identifier: string): void {
    this.compare_regular(actual, expected, { rtol: 0, atol: 0, equal_nan: false }, () => identifier);
  }

  private compare_regular(
    actual: Tensor,
    expected: Tensor,
    tolerance: Tolerances,
    identifier: (name: string) => string = (name) => name,
  ): void {
    const { rtol, atol, equal_nan } = tolerance;
    const matches = isclose(actual, expected, { rtol, atol, equal_nan });
    if (all(matches).item<boolean>()) return;
    if (actual.dim() > 0)
      this.fail(tensor_mismatch_text(actual, expected, matches, identifier('Tensor-likes'), tolerance));
    const floating = actual.dtype.is_floating_point || actual.dtype.is_complex;
    this.fail(
      scalar_mismatch_text(actual.item<Scalar>(), expected.item<Scalar>(), identifier('Scalars'), floating, tolerance),
    );
  }

  toString(): string {
    const {
      path,
      actual,
      expected,
      tolerance: { rtol, atol, equal_nan },
      settings,
    } = this;
    const { check_device, check_dtype, check_layout, check_stride } = settings;
    return pair_text('TensorLikePair', {
      id: tuple_text(path),
      actual,
      expected,
      rtol,
      atol,
      equal_nan,
      check_device,
      check_dtype,
      check_layout,
      check_stride,
    });
  }
}

// --- the walk ----------------------------------------------------------------------------------------

const as_mapping = (value: unknown): Map<unknown, unknown> | undefined =>
  types.isMap(value) ? value : is_plain_object(value) ? new Map(Object.entries(value)) : undefined;

/** In the order that Python sorts keys into; as they came when they cannot be compared. */
function sorted_keys(keys: readonly unknown[]): unknown[] {
  const comparable = keys.every((key) => typeof key === 'string') || keys.every((key) => typeof key === 'number');
  return comparable ? [...(keys as string[])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : [...keys];
}

/** What stands for the class of an object: its prototype, since a constructor may be a stand-in; all typed arrays are of one. */
function class_of(value: object): object | null {
  return types.isTypedArray(value) ? TYPED_ARRAYS : (Object.getPrototypeOf(value) as object | null);
}

const TYPED_ARRAYS = {};

/** Whether one is an instance of the other's class. */
function directly_related(actual: object, expected: object): boolean {
  const [got, wanted] = [class_of(actual), class_of(expected)];
  if (got === null || wanted === null || got === TYPED_ARRAYS || wanted === TYPED_ARRAYS) return got === wanted;
  return (
    got === wanted ||
    Object.prototype.isPrototypeOf.call(wanted, actual) ||
    Object.prototype.isPrototypeOf.call(got, expected)
  );
}

function tensor_like(value: unknown): Tensor | undefined {
  if (value instanceof Tensor) return value;
  try {
    return as_tensor(value as TensorData);
  } catch {
    return undefined;
  }
}

function tensor_pair(actual: object, expected: object, settings: Settings, path: Path): Pair | undefined {
  if (!directly_related(actual, expected)) return undefined;
  if (!settings.allow_subclasses && class_of(actual) !== class_of(expected)) return undefined;
  const [got, wanted] = [tensor_like(actual), tensor_like(expected)];
  return got && wanted && new TensorPair(got, wanted, settings, path);
}

function pair_of(actual: unknown, expected: unknown, settings: Settings, path: Path): Pair {
  if (actual === null || actual === undefined || expected === null || expected === undefined) {
    return new NonePair(actual, expected, path);
  }
  if (typeof actual === 'boolean' && typeof expected === 'boolean') return new BooleanPair(actual, expected, path);
  if (is_number(actual) && is_number(expected)) return new NumberPair(actual, expected, settings, path);
  const pair =
    typeof actual === 'object' && typeof expected === 'object'
      ? tensor_pair(actual, expected, settings, path)
      : undefined;
  if (pair !== undefined) return pair;
  throw new Mismatch(
    TypeError,
    `No comparison pair was able to handle inputs of type ${class_text(actual)} and ${class_text(expected)}.`,
    path,
  );
}

/** The pairs of two values: of the elements of sequences and mappings, or of the two themselves. @throws Mismatch */
function pairs_of(actual: unknown, expected: unknown, settings: Settings, path: Path = []): Pair[] {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      throw new Mismatch(
        AssertionError,
        `The length of the sequences mismatch: ${actual.length} != ${expected.length}`,
        path,
      );
    }
    return actual.flatMap((item: unknown, i) => pairs_of(item, expected[i], settings, [...path, i]));
  }
  const [got, wanted] = [as_mapping(actual), as_mapping(expected)];
  if (got === undefined || wanted === undefined) return [pair_of(actual, expected, settings, path)];
  const missing = [...wanted.keys()].filter((key) => !got.has(key));
  const additional = [...got.keys()].filter((key) => !wanted.has(key));
  if (missing.length > 0 || additional.length > 0) {
    throw new Mismatch(
      AssertionError,
      'The keys of the mappings do not match:\n' +
        `Missing keys in the actual mapping: ${python_repr(sorted_keys(missing))}\n` +
        `Additional keys in the actual mapping: ${python_repr(sorted_keys(additional))}`,
      path,
    );
  }
  return sorted_keys([...got.keys()]).flatMap((key) =>
    pairs_of(got.get(key), wanted.get(key), settings, [...path, key]),
  );
}

function unexpected(pair: Pair, cause: unknown): Error {
  return new Error(
    `Comparing\n\n${pair.toString()}\n\nresulted in the unexpected exception above. If you are a user and see this message ` +
      'during normal operation please file an issue at https://github.com/pytorch/pytorch/issues. If you are a developer and ' +
      'working on the comparison functions, please except the previous error and raise an expressive `ErrorMeta` instead.',
    { cause },
  );
}

/** The first mismatch, or null. @throws the error of values that cannot be compared at all */
function first_mismatch(actual: unknown, expected: unknown, settings: Settings): Mismatch | null {
  let pairs: Pair[];
  try {
    pairs = pairs_of(actual, expected, settings);
  } catch (error) {
    throw error instanceof Mismatch ? error.to_error() : error;
  }
  for (const pair of pairs) {
    try {
      pair.compare();
    } catch (error) {
      if (error instanceof Mismatch) return error;
      throw unexpected(pair, error);
    }
  }
  return null;
}

/** Reads a call of two values and options. One object alone has everything by name, though a value may be an object too. */
function two_values<T extends object>(
  callee: string,
  positional: string,
  others: string,
): (args: readonly unknown[]) => T {
  const usual = signature<T>(callee, `actual: any, expected: any, ${positional}${others}`);
  const by_name = signature<T>(callee, `*, actual: any, expected: any, ${others}`);
  return (args) => (args.length === 1 && is_plain_object(args[0]) ? by_name : usual).read(args);
}

const read_assert_close = two_values<AssertCloseOptions & { actual: unknown; expected: unknown }>(
  'assert_close',
  '*, ',
  'allow_subclasses?: bool, rtol?: float|None, atol?: float|None, equal_nan?: bool, check_device?: bool, check_dtype?: bool, ' +
    'check_layout?: bool, check_stride?: bool, msg?: str|Callable|None',
);

/**
 * Asserts that two values are close: `|actual - expected| <= atol + rtol * |expected|` for numbers and finite
 * elements. Mirrors `torch.testing.assert_close`, with its messages.
 *
 * Tensors must also agree in shape, device, dtype and layout. Arrays are compared element by element, objects and
 * Maps key by key, typed arrays and NDArrays as tensors. Default tolerances `rtol` and `atol` by dtype: 1.3e-6 and
 * 1e-5 (float32), 1e-7 and 1e-7 (float64), 1e-3 and 1e-5 (float16), 0.016 and 1e-5 (bfloat16), 0 (integers and
 * booleans). A number is a Python int when it is an integer and the other one is not a fraction; two ints must be
 * equal.
 *
 * @param actual - the value
 * @param expected - the expected value
 * @param options - `allow_subclasses`, `rtol`, `atol`, `equal_nan`, `check_device`, `check_dtype`, `check_layout`,
 * `check_stride`, `msg`; see {@link AssertCloseOptions}
 * @throws AssertionError that says what differs and where
 * @throws TypeError for values of unrelated classes
 * @throws Error when only one tolerance is given
 * @example
 * ```ts
 * torch.testing.assert_close(torch.tensor([1, 2.00001]), torch.tensor([1, 2.5 - 0.5]), { rtol: 1e-4, atol: 0, check_dtype: false });
 * try {
 *   torch.testing.assert_close(torch.tensor([0.5, 1.5]), torch.tensor([0.5, 2.5]));
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * torch.testing.assert_close(torch.tensor([1, 2.00001]), torch.tensor([1, 2]), rtol=1e-4, atol=0, check_dtype=False)
 * try:
 *     torch.testing.assert_close(torch.tensor([0.5, 1.5]), torch.tensor([0.5, 2.5]))
 * except AssertionError as error:
 *     print(error)
 * ```
 */
export function assert_close(actual: unknown, expected: unknown, options?: AssertCloseOptions): void;
export function assert_close(options: AssertCloseOptions & { actual: unknown; expected: unknown }): void;
export function assert_close(...args: unknown[]): void {
  const { actual, expected, msg = null, ...given } = read_assert_close(args);
  const mismatch = first_mismatch(actual, expected, { ...defaults, ...given });
  if (mismatch !== null) throw mismatch.to_error(msg);
}

const defaults: Settings = {
  allow_subclasses: true,
  rtol: null,
  atol: null,
  equal_nan: false,
  check_device: true,
  check_dtype: true,
  check_layout: true,
  check_stride: false,
};

/** How two tensors differ when every bit of a difference counts, but two NaN are equal; null when they do not. @internal */
export function tensor_difference(actual: Tensor, expected: Tensor): string | null {
  return first_mismatch(actual, expected, { ...defaults, rtol: 0, atol: 0, equal_nan: true })?.text ?? null;
}

const read_assert_allclose = two_values<AssertAllcloseOptions & { actual: unknown; expected: unknown }>(
  'assert_allclose',
  '',
  'rtol?: float|None, atol?: float|None, equal_nan?: bool, msg?: str',
);

const loose_precisions: typeof precisions = new Map([
  [dtypes.float16, [1e-3, 1e-3]],
  [dtypes.float32, [1e-4, 1e-5]],
  [dtypes.float64, [1e-5, 1e-8]],
]);

/** The options of {@link assert_allclose}. */
export interface AssertAllcloseOptions {
  /** Relative tolerance. Default null: by dtype. */
  rtol?: number | null;
  /** Absolute tolerance. Default null: by dtype. */
  atol?: number | null;
  /** Treat two NaN as equal. Default true. */
  equal_nan?: boolean;
  /** Message of the Error. Default: the generated one. */
  msg?: string;
}

/**
 * {@link assert_close} with looser tolerances, equal NaN and without a comparison of dtypes. Mirrors
 * `torch.testing.assert_allclose`.
 *
 * @deprecated since PyTorch 1.12; use {@link assert_close}
 * @param actual - the value
 * @param expected - the expected value
 * @param options - `rtol`, `atol`, `equal_nan`, `msg`
 * @throws AssertionError that says what differs and where
 * @example
 * ```ts
 * torch.testing.assert_allclose(torch.tensor([0.5, 1.50001]), torch.tensor([0.5, 1.5]));
 * print("close");
 * ```
 * ```python
 * torch.testing.assert_allclose(torch.tensor([0.5, 1.50001]), torch.tensor([0.5, 1.5]))
 * print("close")
 * ```
 */
export function assert_allclose(actual: unknown, expected: unknown, options?: AssertAllcloseOptions): void;
export function assert_allclose(
  actual: unknown,
  expected: unknown,
  rtol: number | null,
  options?: Omit<AssertAllcloseOptions, 'rtol'>,
): void;
export function assert_allclose(
  actual: unknown,
  expected: unknown,
  rtol: number | null,
  atol: number | null,
  equal_nan?: boolean,
  msg?: string,
): void;
export function assert_allclose(...args: unknown[]): void {
  const given = read_assert_allclose(args);
  warn(
    '`torch.testing.assert_allclose()` is deprecated since 1.12 and will be removed in a future release. Please use ' +
      '`torch.testing.assert_close()` instead. You can find detailed upgrade instructions in ' +
      'https://github.com/pytorch/pytorch/issues/61844.',
    'FutureWarning',
  );
  const actual = given.actual instanceof Tensor ? given.actual : tensor(given.actual as TensorData);
  const expected =
    given.expected instanceof Tensor ? given.expected : tensor(given.expected as TensorData, { dtype: actual.dtype });
  const { rtol = null, atol = null, equal_nan = true, msg } = given;
  const chosen =
    rtol === null && atol === null
      ? default_tolerances([actual.dtype, expected.dtype], loose_precisions)
      : { rtol, atol };
  assert_close(actual, expected, { ...chosen, equal_nan, check_dtype: false, msg: msg || null }); // '' is replaced as null is
}
