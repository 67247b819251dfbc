/** The header of a safetensors file: which tensors there are, and where their bytes lie. */
import * as dtypes from '../types/dtype.js';
import type { DType } from '../types/dtype.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { dtype_named } from '../serialization/loaded_storage.js';
import type { NodeBuffer } from '../_internal/node_types.js';

/**
 * The Error for invalid safetensors files. Mirrors `safetensors.SafetensorError`.
 * @example
 * ```ts
 * import { load, SafetensorError } from 'torch-node/safetensors';
 * try {
 *   load(new Uint8Array(4));
 * } catch (error) {
 *   print(error instanceof SafetensorError);
 * }
 * ```
 * ```python
 * from safetensors import SafetensorError
 * from safetensors.torch import load
 * try:
 *     load(bytes(4))
 * except SafetensorError as error:
 *     print(True)
 * ```
 */
export class SafetensorError extends Error {
  override readonly name = 'SafetensorError';
}

/** What the header says of a tensor. */
export interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The first byte, and the one after the last, counted from the end of the header. */
  readonly data_offsets: readonly [begin: number, end: number];
}

/** Descriptions of a file. */
export interface Header {
  readonly metadata: Readonly<Record<string, string>> | null;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Where the bytes of the tensors begin. */
  readonly start: number;
}

export const length_size = 8;
const largest = 100_000_000;
const alignment = 8;

// The names of the format, with large elements first: the order in which tensors are written.
const known: readonly (readonly [name: string, dtype: DType])[] = [
  ['U64', dtypes.uint64],
  ['I64', dtypes.int64],
  ['F64', dtypes.float64],
  ['C64', dtypes.complex64],
  ['F32', dtypes.float32],
  ['U32', dtypes.uint32],
  ['I32', dtypes.int32],
  ['BF16', dtypes.bfloat16],
  ['F16', dtypes.float16],
  ['U16', dtypes.uint16],
  ['I16', dtypes.int16],
  ['F8_E5M2FNUZ', dtypes.float8_e5m2fnuz],
  ['F8_E4M3FNUZ', dtypes.float8_e4m3fnuz],
  ['F8_E8M0', dtype_named('float8_e8m0fnu') as DType],
  ['F8_E4M3', dtypes.float8_e4m3fn],
  ['F8_E5M2', dtypes.float8_e5m2],
  ['I8', dtypes.int8],
  ['U8', dtypes.uint8],
  ['F4', dtype_named('float4_e2m1fn_x2') as DType],
  ['BOOL', dtypes.bool],
];
const by_name = new Map(known);
const order = new Map(known.map(([name], i) => [name, i]));

/** The format's name of a dtype; undefined when it has none. */
export function name_of(dtype: DType): string | undefined {
  return known.find(([, its]) => its === dtype)?.[0];
}

/** The dtype with a name of the format. */
export function dtype_of_name(name: string): DType {
  return by_name.get(name) as DType;
}

/** How many elements an element of the dtype in PyTorch stands for: two 4-bit floats share a byte. */
export function packing(name: string): 1 | 2 {
  return name === 'F4' ? 2 : 1;
}

function fail(reason: string): never {
  throw new SafetensorError(`Error while deserializing header: ${reason}`);
}

function is_count(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function checked_info(name: string, value: unknown): TensorInfo {
  if (!is_plain_object(value)) fail(`invalid JSON in header: '${name}' must be an object`);
  const { dtype, shape, data_offsets } = value;
  if (typeof dtype !== 'string' || !by_name.has(dtype)) {
    const names = [...by_name.keys()].join(', ');
    fail(`invalid JSON in header: unknown dtype ${JSON.stringify(dtype)} of '${name}', expected one of ${names}`);
  }
  if (!Array.isArray(shape) || !shape.every(is_count)) {
    fail(`invalid JSON in header: 'shape' of '${name}' must be a list of non-negative integers`);
  }
  if (!Array.isArray(data_offsets) || data_offsets.length !== 2 || !data_offsets.every(is_count)) {
    fail(`invalid JSON in header: 'data_offsets' of '${name}' must be two non-negative integers`);
  }
  return { dtype, shape: shape as number[], data_offsets: data_offsets as [number, number] };
}

/** The bytes that a tensor takes. @throws SafetensorError when they are more than can be counted */
function bytes_of({ dtype, shape }: TensorInfo): number {
  const count = shape.reduce((product, size) => product * BigInt(size), 1n);
  const bytes = (count * BigInt(dtype_of_name(dtype).itemsize)) / BigInt(packing(dtype));
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) fail('overflow computing buffer size from shape and/or element type');
  return Number(bytes);
}

function parse(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    fail(`invalid JSON in header: ${(error as Error).message}`);
  }
  if (!is_plain_object(parsed)) fail('invalid JSON in header: expected an object');
  return parsed;
}

function checked_metadata(value: unknown): Readonly<Record<string, string>> | null {
  if (value === undefined || value === null) return null;
  if (is_plain_object(value) && Object.values(value).every((text) => typeof text === 'string')) {
    return value as Record<string, string>;
  }
  return fail('invalid JSON in header: __metadata__ must be an object of texts');
}

/**
 * Reads and checks a header. The bytes of the tensors must follow each other without holes and end with the file.
 * @param size the size of the file
 * @param read gives bytes of the file, which are there
 * @throws SafetensorError when anything is wrong
 */
export function read_header(size: number, read: (position: number, length: number) => NodeBuffer): Header {
  if (size < length_size) fail('header too small');
  const length = read(0, length_size).readBigUInt64LE();
  if (length > BigInt(largest)) fail('header too large');
  const start = length_size + Number(length);
  if (start > size) fail('invalid header length');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(read(length_size, Number(length)));
  } catch {
    fail('invalid UTF-8 in header');
  }
  const { __metadata__, ...entries } = parse(text);
  const infos = Object.entries(entries).map(([name, value]): [string, TensorInfo] => [name, checked_info(name, value)]);
  infos.sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [name, info] of infos) {
    const [from, to] = info.data_offsets;
    if (from !== end || to < from) fail(`invalid offset for tensor \`${name}\``);
    if (to - from !== bytes_of(info)) fail(`invalid shape, data type, or offset for tensor \`${name}\``);
    end = to;
  }
  if (start + end !== size) fail('incomplete metadata, file not fully covered');
  return { metadata: checked_metadata(__metadata__), tensors: new Map(infos), start };
}

const compare_bytes = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The header of tensors, and their names in the order in which their bytes follow it. */
export function write_header(
  tensors: Readonly<Record<string, Omit<TensorInfo, 'data_offsets'>>>,
  metadata: Readonly<Record<string, string>> | null,
): [header: NodeBuffer, names: string[]] {
  const sorted = Object.entries(tensors)
    .sort(compare_bytes)
    .sort(([, a], [, b]) => (order.get(a.dtype) as number) - (order.get(b.dtype) as number));
  let end = 0;
  const entries = sorted.map(([name, { dtype, shape }]) => {
    const begin = end;
    end += bytes_of({ dtype, shape, data_offsets: [0, 0] });
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  if (metadata !== null) {
    const pairs = Object.entries(metadata)
      .sort(compare_bytes)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    entries.unshift(`"__metadata__":{${pairs.join(',')}}`);
  }
  const text = Buffer.from(`{${entries.join(',')}}`);
  const length = Math.ceil(text.length / alignment) * alignment;
  const header = Buffer.alloc(length_size + length, ' ');
  header.writeBigUInt64LE(BigInt(length));
  text.copy(header, length_size);
  return [header, sorted.map(([name]) => name)];
}
