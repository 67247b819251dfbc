/** The IDX format of MNIST: a magic number with element type and rank, big-endian sizes, big-endian elements. */
import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { from_numpy, type TypedArray } from '../../creation.js';
import type { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import type { NodeBuffer } from '../../_internal/node_types.js';

interface ElementType {
  readonly name: string;
  readonly size: number;
  view(buffer: ArrayBuffer, offset: number, length: number): TypedArray;
}

const element_types = new Map<number, ElementType>([
  [0x08, { name: 'uint8', size: 1, view: (buffer, offset, length) => new Uint8Array(buffer, offset, length) }],
  [0x09, { name: 'int8', size: 1, view: (buffer, offset, length) => new Int8Array(buffer, offset, length) }],
  [0x0b, { name: 'int16', size: 2, view: (buffer, offset, length) => new Int16Array(buffer, offset, length) }],
  [0x0c, { name: 'int32', size: 4, view: (buffer, offset, length) => new Int32Array(buffer, offset, length) }],
  [0x0d, { name: 'float32', size: 4, view: (buffer, offset, length) => new Float32Array(buffer, offset, length) }],
  [0x0e, { name: 'float64', size: 8, view: (buffer, offset, length) => new Float64Array(buffer, offset, length) }],
]);

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

/** Whether bytes are gzip. */
export function is_gzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The content of gzip bytes. @throws Error that names `source` */
export function unpack(bytes: Uint8Array, source: string): NodeBuffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Error(`${source}: broken gzip: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function swap(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
}

/**
 * The tensor in IDX bytes, in the machine's byte order.
 * @param source - what error texts call the bytes
 * @throws Error when the magic number, the element type, the sizes or the length are wrong
 */
export function parse_idx(bytes: NodeBuffer, source: string): Tensor {
  if (bytes.length < 4) throw new Error(`${source}: truncated: ${bytes.length} bytes are too few for an IDX file`);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw new Error(
      `${source}: not an IDX file: the magic number starts with ${hex(bytes[0] as number)} ` +
        `${hex(bytes[1] as number)}, not with two zeros`,
    );
  }
  const code = bytes[2] as number;
  const type = element_types.get(code);
  if (!type) throw new Error(`${source}: not an IDX file: unknown element type ${hex(code)}`);
  const rank = bytes[3] as number;
  if (rank === 0) throw new Error(`${source}: not an IDX file: it has no dimensions`);
  const start = 4 + 4 * rank;
  if (bytes.length < start)
    throw new Error(`${source}: truncated: the header needs ${start} bytes, there are ${bytes.length}`);
  const shape = Array.from({ length: rank }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = start + count * type.size;
  if (bytes.length !== expected) {
    throw new Error(
      `${source}: ${bytes.length < expected ? 'truncated' : 'too long'}: ${type.name} of shape [${shape.join(', ')}] ` +
        `makes ${expected} bytes, there are ${bytes.length}`,
    );
  }
  return from_numpy(elements(bytes, start, count, type)).view(shape);
}

function elements(bytes: Buffer, start: number, count: number, type: ElementType): TypedArray {
  // A buffer of its own can be shared with the tensor as it is; others (from Node's pool, or unaligned) are copied.
  if (type.size === 1 && bytes.buffer.byteLength === bytes.length && types.isArrayBuffer(bytes.buffer)) {
    return type.view(bytes.buffer, bytes.byteOffset + start, count);
  }
  const copy = new ArrayBuffer(count * type.size);
  const target = Buffer.from(copy);
  bytes.copy(target, 0, start);
  swap(target, type.size);
  return type.view(copy, 0, count);
}

const READ_IDX = signature<{ path: string }>('read_idx', 'path: str');

/**
 * Reads an IDX file, gzipped or not, of any element type. Mirrors
 * `torchvision.datasets.mnist.read_sn3_pascalvincent_tensor`.
 *
 * @param path - path of the file
 * @throws Error when the file is not a valid IDX file
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/x`, new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]));
 * print(datasets.read_idx(`${folder}/x`)); // tensor([7, 9], dtype=torch.uint8)
 * rmSync(folder, { recursive: true });
 * ```
 */
export function read_idx(path: string): Tensor;
export function read_idx(...args: unknown[]): Tensor {
  const { path } = READ_IDX.read(args);
  const bytes = readFileSync(path);
  return parse_idx(is_gzip(bytes) ? unpack(bytes, path) : bytes, path);
}
