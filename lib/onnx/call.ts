/** A call of an operator of ATen on its way to ONNX: its arguments by their names, and what it returns. */
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { type GraphBuilder, type Int, type Symbolic, Unsupported, type Value } from './builder.js';

/** An argument: a tensor, a number, now or when the program runs, or a list of those. */
export type Resolved = Value | Symbolic | DType | number | bigint | boolean | string | null | readonly Resolved[];

/** What an operator becomes: the name of a tensor, or null for one that ONNX cannot give: an Error only where it is used. */
export type Result = string | null;

/** Adds the nodes of an operator. */
export type Converter = (call: Call) => Result | readonly Result[];

export type Operators = Readonly<Record<string, Converter>>;

const is_value = (resolved: Resolved | undefined): resolved is Value =>
  typeof resolved === 'object' && resolved !== null && 'sizes' in resolved;
const is_symbolic = (resolved: Resolved | undefined): resolved is Symbolic =>
  typeof resolved === 'object' &&
  resolved !== null &&
  'name' in resolved &&
  !('sizes' in resolved) &&
  'dtype' in resolved;

export class Call {
  constructor(
    readonly graph: GraphBuilder,
    /** `aten.add.Tensor` */
    readonly target: string,
    readonly args: ReadonlyMap<string, Resolved>,
    /** The tensors that it returns; their names mean nothing yet. */
    readonly outputs: readonly Value[],
  ) {}

  /** The first tensor that it returns. */
  get out(): Value {
    const found = this.outputs[0];
    if (found === undefined) throw new Unsupported('a result that is not a tensor');
    return found;
  }

  has(name: string): boolean {
    const value = this.args.get(name);
    return value !== undefined && value !== null;
  }

  private wrong(name: string, wanted: string): Unsupported {
    return new Unsupported(`argument '${name}' that is not ${wanted}`);
  }

  tensor(name: string): Value {
    const value = this.args.get(name);
    if (!is_value(value)) throw this.wrong(name, 'a tensor');
    return value;
  }

  optional(name: string): Value | undefined {
    return this.has(name) ? this.tensor(name) : undefined;
  }

  tensors(name: string): Value[] {
    const value = this.args.get(name);
    if (!Array.isArray(value)) throw this.wrong(name, 'a list of tensors');
    return (value as readonly Resolved[]).map((element) => {
      if (!is_value(element)) throw this.wrong(name, 'a list of tensors');
      return element;
    });
  }

  /** Tensors, of which some are None. */
  optional_tensors(name: string): (Value | null)[] {
    const value = this.args.get(name);
    if (!Array.isArray(value)) throw this.wrong(name, 'a list of tensors');
    return (value as readonly Resolved[]).map((element) => (is_value(element) ? element : null));
  }

  /** An integer, perhaps one that is known when the program runs. */
  size(name: string, otherwise?: number): Int {
    const value = this.args.get(name) ?? otherwise;
    if (is_symbolic(value)) return value;
    if (is_value(value)) return { name: value.name, dtype: value.dtype };
    if (typeof value !== 'number' && typeof value !== 'bigint') throw this.wrong(name, 'an int');
    return Number(value);
  }

  sizes(name: string): Int[] {
    const value = this.args.get(name);
    if (!Array.isArray(value)) return [this.size(name)];
    return (value as readonly Resolved[]).map((element) => {
      if (is_symbolic(element)) return element;
      if (typeof element !== 'number' && typeof element !== 'bigint') throw this.wrong(name, 'a list of ints');
      return Number(element);
    });
  }

  /** An integer that does not depend on the inputs. */
  int(name: string, otherwise?: number): number {
    const value = this.size(name, otherwise);
    if (typeof value !== 'number') throw this.wrong(name, 'a constant');
    return value;
  }

  ints(name: string, otherwise?: readonly number[]): number[] {
    if (!this.has(name) && otherwise !== undefined) return [...otherwise];
    return this.sizes(name).map((value) => {
      if (typeof value !== 'number') throw this.wrong(name, 'a list of constants');
      return value;
    });
  }

  /** Integers, one for each of a number of dimensions: a single one counts for all. */
  spread(name: string, count: number, otherwise: number): number[] {
    const found = this.ints(name, [otherwise]);
    if (found.length === 0) return Array<number>(count).fill(otherwise);
    return found.length === 1 ? Array<number>(count).fill(found[0]!) : found;
  }

  float(name: string, otherwise?: number): number {
    const value = this.args.get(name) ?? otherwise;
    if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') {
      throw this.wrong(name, 'a number');
    }
    return Number(value);
  }

  bool(name: string, otherwise = false): boolean {
    return Boolean(this.args.get(name) ?? otherwise);
  }

  string(name: string, otherwise: string): string {
    const value = this.args.get(name) ?? otherwise;
    if (typeof value !== 'string') throw this.wrong(name, 'a text');
    return value;
  }

  /** A tensor or a number, as a tensor of a dtype. */
  operand(name: string, dtype: DType, otherwise?: number): string {
    const value = this.args.get(name) ?? otherwise;
    if (is_value(value) || is_symbolic(value)) return this.graph.cast(value.name, value.dtype, dtype);
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
      return this.graph.scalar(value, dtype);
    }
    throw this.wrong(name, 'a tensor or a number');
  }

  /** The dtype in which `self` and `other` are compared: that of their sum. */
  common_dtype(a: string, b: string): DType {
    const of = (name: string): { dtype: DType; rank: number } => {
      const value = this.args.get(name)!;
      if (is_value(value)) return { dtype: value.dtype, rank: value.sizes.length > 0 ? 2 : 1 };
      if (is_symbolic(value)) return { dtype: value.dtype, rank: 0 };
      if (typeof value === 'boolean') return { dtype: dtypes.bool, rank: 0 };
      return { dtype: Number.isInteger(Number(value)) ? dtypes.int64 : dtypes.float32, rank: 0 };
    };
    return promoted(of(a), of(b));
  }

  /** The rank of a tensor, and a dimension of it as a number from 0. */
  dim(of: Value, name = 'dim', otherwise?: number): number {
    return wrapped(this.int(name, otherwise), of.sizes.length);
  }

  /** The dimensions of a reduction; all when there are none. */
  dims(of: Value, name = 'dim'): number[] {
    const rank = of.sizes.length;
    const given = this.has(name) ? this.ints(name) : [];
    return given.length === 0 ? of.sizes.map((_, i) => i) : given.map((dim) => wrapped(dim, rank));
  }
}

export function wrapped(dim: number, rank: number): number {
  return dim < 0 ? dim + Math.max(rank, 1) : dim;
}

const order: readonly DType[] = [
  dtypes.bool,
  dtypes.uint8,
  dtypes.int8,
  dtypes.int16,
  dtypes.int32,
  dtypes.int64,
  dtypes.float16,
  dtypes.bfloat16,
  dtypes.float32,
  dtypes.float64,
];

const category = (dtype: DType): number => (dtype === dtypes.bool ? 0 : dtype.is_floating_point ? 2 : 1);

/** The dtype of a sum: of what has more dimensions, unless the other is of a higher kind. */
function promoted(a: { dtype: DType; rank: number }, b: { dtype: DType; rank: number }): DType {
  const [high, low] = a.rank >= b.rank ? [a, b] : [b, a];
  if (high.rank > low.rank) {
    if (category(low.dtype) <= category(high.dtype)) return high.dtype;
    return low.rank === 0 && category(low.dtype) === 2 ? dtypes.float32 : low.dtype;
  }
  if (a.dtype === b.dtype) return a.dtype;
  const pair = new Set([a.dtype, b.dtype]);
  if (pair.has(dtypes.uint8) && pair.has(dtypes.int8)) return dtypes.int16;
  if (pair.has(dtypes.float16) && pair.has(dtypes.bfloat16)) return dtypes.float32;
  return order.indexOf(a.dtype) > order.indexOf(b.dtype) ? a.dtype : b.dtype;
}
