/** The graph of a model while operators are added to it. */
import type { Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { storage_chunks } from '../storage.js';
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { type AttributeProto, AttributeType, type NodeProto, type TensorProto } from './proto.js';

const onnx_types: ReadonlyMap<DType, number> = new Map([
  [dtypes.float32, 1],
  [dtypes.uint8, 2],
  [dtypes.int8, 3],
  [dtypes.uint16, 4],
  [dtypes.int16, 5],
  [dtypes.int32, 6],
  [dtypes.int64, 7],
  [dtypes.bool, 9],
  [dtypes.float16, 10],
  [dtypes.float64, 11],
  [dtypes.uint32, 12],
  [dtypes.uint64, 13],
  [dtypes.bfloat16, 16],
]);

/** The number of a dtype in ONNX. @throws Error for dtypes that have none there */
export function onnx_type(dtype: DType): number {
  const found = onnx_types.get(dtype);
  if (found === undefined) throw new Unsupported(`dtype ${String(dtype)}`);
  return found;
}

/** What ONNX, or this converter, cannot express; the operator that is converted is added to the text. */
export class Unsupported extends Error {}

/** A number that is known when the program runs: the name of a tensor without dimensions. */
export interface Symbolic {
  readonly name: string;
  readonly dtype: DType;
}

/** A size or another integer, now or when the program runs. */
export type Int = number | Symbolic;

/** A tensor of the graph. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  /** -1 for sizes that vary. */
  readonly sizes: readonly number[];
}

/** An attribute: numbers are integers unless they are said to be floats. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { float: number }
  | { strings: readonly string[] }
  | { tensor: TensorProto };

/** A tensor's bytes, in the order of its elements. */
export function tensor_bytes(value: Tensor): Uint8Array {
  const here = value.detach().cpu().resolve_conj().resolve_neg().contiguous();
  const chunks = [...storage_chunks(here.untyped_storage()._slice(here.storage_offset() * here.itemsize, here.nbytes))];
  // Chunks may be parts of one buffer that is used again.
  return chunks.length === 1 ? Uint8Array.from(chunks[0]!) : Buffer.concat(chunks);
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: BigInt(value) };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ('strings' in value) {
    return { name, type: AttributeType.STRINGS, strings: value.strings.map((text) => Buffer.from(text)) };
  }
  if ('tensor' in value) return { name, type: AttributeType.TENSOR, t: value.tensor };
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) };
}

/** Collects nodes and initializers; values are known by their names. */
export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  /** Constants that operators need, by name; the program's own tensors are added by who converts it. */
  readonly constants: { name: string; value: Tensor }[] = [];
  private readonly known_constants = new Map<string, string>();
  private readonly names = new Set<string>();
  /** The name that new values begin with: that of the node that is converted. */
  prefix = 'value';

  constructor(readonly opset: number) {}

  /** A name that nothing has yet. */
  fresh(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.names.has(name); i++) name = `${wanted}_${i}`;
    this.names.add(name);
    return name;
  }

  is_taken(name: string): boolean {
    return this.names.has(name);
  }

  /** Adds a node with several results, and returns their names. */
  nodes_of(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute | undefined>> = {},
  ): string[] {
    const input = [...inputs];
    while (input.at(-1) === '') input.pop();
    const results = Array.from({ length: outputs }, (_, i) =>
      this.fresh(`${this.prefix}_${type}${i > 0 ? `_${i}` : ''}`),
    );
    this.nodes.push({
      input,
      output: results,
      name: `node_${results[0]}`,
      opType: type,
      attribute: Object.entries(attributes).flatMap(([name, value]) =>
        value === undefined ? [] : [attribute(name, value)],
      ),
      metadataProps: [],
    });
    return results;
  }

  /** Adds a node, and returns the name of its result. An input that is left out is `''`. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute | undefined>> = {},
  ): string {
    return this.nodes_of(type, inputs, 1, attributes)[0]!;
  }

  /** A constant tensor. */
  tensor(value: Tensor, wanted = `${this.prefix}_constant`): string {
    const name = this.fresh(wanted);
    this.constants.push({ name, value });
    return name;
  }

  /** A number as a tensor without dimensions. */
  scalar(value: number | bigint | boolean, dtype: DType): string {
    const number = typeof value === 'bigint' && dtype.is_floating_point ? Number(value) : value;
    const key = `${String(dtype)} ${Object.is(number, -0) ? '-0' : String(number)}`;
    const known = this.known_constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh(`${Object.is(number, -0) ? '-0' : String(number)}_${String(dtype).replace('torch.', '')}`);
    const given =
      dtype === dtypes.bool
        ? Boolean(number)
        : !dtype.is_floating_point && typeof number === 'number'
          ? Math.trunc(number)
          : number;
    this.constants.push({ name, value: tensor(given, { dtype }) });
    this.known_constants.set(key, name);
    return name;
  }

  /** Integers as a tensor of one dimension. */
  ints(values: readonly Int[]): string {
    if (values.every((value) => typeof value === 'number')) {
      const key = `[${values.join(',')}]`;
      const known = this.known_constants.get(key);
      if (known !== undefined) return known;
      const name = this.fresh(`ints_${values.join('_')}`);
      this.constants.push({ name, value: tensor([...values], { dtype: dtypes.int64 }) });
      this.known_constants.set(key, name);
      return name;
    }
    const parts = values.map((value) =>
      typeof value === 'number' ? this.ints([value]) : this.node('Reshape', [value.name, this.ints([1])]),
    );
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: 0 });
  }

  /** A whole number as a tensor without dimensions. */
  int(value: Int): string {
    return typeof value === 'number' ? this.scalar(value, dtypes.int64) : value.name;
  }

  cast(name: string, from: DType, to: DType): string {
    return from === to ? name : this.node('Cast', [name], { to: onnx_type(to) });
  }

  /** One size of a tensor. */
  size(of: Value, dim: number): Int {
    const size = of.sizes[dim]!;
    if (size >= 0) return size;
    const shape = this.node('Shape', [of.name], { start: dim, end: dim + 1 });
    return { name: this.node('Squeeze', [shape]), dtype: dtypes.int64 };
  }

  sizes(of: Value): Int[] {
    return of.sizes.map((_, i) => this.size(of, i));
  }

  /** The shape of a tensor, as a tensor. */
  shape(of: Value): string {
    return of.sizes.every((size) => size >= 0) ? this.ints(of.sizes) : this.node('Shape', [of.name]);
  }

  reshape(name: string, sizes: readonly Int[]): string {
    return this.node('Reshape', [name, this.ints(sizes)], sizes.includes(0) ? { allowzero: 1 } : {});
  }

  /** `a op b` of integers, now where both are known. */
  arithmetic(type: 'Add' | 'Sub' | 'Mul' | 'Div', a: Int, b: Int): Int {
    if (typeof a === 'number' && typeof b === 'number') {
      if (type === 'Add') return a + b;
      if (type === 'Sub') return a - b;
      return type === 'Mul' ? a * b : Math.floor(a / b);
    }
    return { name: this.node(type, [this.int(a), this.int(b)]), dtype: dtypes.int64 };
  }
}

/** A tensor as an initializer whose bytes are in the model. */
export function tensor_proto(name: string, value: Tensor): TensorProto {
  return { dims: [...value.shape].map(BigInt), dataType: onnx_type(value.dtype), name, rawData: tensor_bytes(value) };
}
