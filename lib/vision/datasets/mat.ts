/** MATLAB's files of level 5, as far as datasets have them: arrays of numbers, sparse ones too, texts, cells and structs, compressed or not. */
import { inflateSync } from 'node:zlib';

import type { NodeBuffer } from '../../_internal/node_types.js';

type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** An array of numbers, column by column. */
export interface MatArray {
  readonly kind: 'numbers';
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** What a variable of a file holds. */
export type MatValue =
  | MatArray
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'cells'; readonly shape: readonly number[]; readonly cells: readonly MatValue[] }
  | {
      readonly kind: 'structs';
      readonly shape: readonly number[];
      readonly structs: readonly Readonly<Record<string, MatValue>>[];
    };

interface NumberType {
  readonly size: number;
  readonly make: (length: number) => Numbers;
  readonly read: (bytes: NodeBuffer, at: number) => number;
}

const number_types = new Map<number, NumberType>([
  [1, { size: 1, make: (length) => new Int8Array(length), read: (bytes, at) => bytes.readInt8(at) }],
  [2, { size: 1, make: (length) => new Uint8Array(length), read: (bytes, at) => bytes.readUInt8(at) }],
  [3, { size: 2, make: (length) => new Int16Array(length), read: (bytes, at) => bytes.readInt16LE(at) }],
  [4, { size: 2, make: (length) => new Uint16Array(length), read: (bytes, at) => bytes.readUInt16LE(at) }],
  [5, { size: 4, make: (length) => new Int32Array(length), read: (bytes, at) => bytes.readInt32LE(at) }],
  [6, { size: 4, make: (length) => new Uint32Array(length), read: (bytes, at) => bytes.readUInt32LE(at) }],
  [7, { size: 4, make: (length) => new Float32Array(length), read: (bytes, at) => bytes.readFloatLE(at) }],
  [9, { size: 8, make: (length) => new Float64Array(length), read: (bytes, at) => bytes.readDoubleLE(at) }],
]);
const MATRIX = 14;
const SPARSE = 5;
const COMPRESSED = 15;

/** The type of elements of a class of arrays: double, single, int8, uint8, ... */
const type_of_class = new Map([
  [6, 9],
  [7, 7],
  [8, 1],
  [9, 2],
  [10, 3],
  [11, 4],
  [12, 5],
  [13, 6],
]);

/** A tagged piece of a file. */
interface Element {
  readonly type: number;
  readonly bytes: NodeBuffer;
}

/** Takes element after element. */
class Elements {
  private at = 0;

  constructor(
    private readonly bytes: NodeBuffer,
    private readonly fail: (reason: string) => never,
    /** Nested arrays of a damaged file could go on for ever. */
    readonly depth: number,
  ) {
    if (depth > 16) fail('its arrays are nested too deeply');
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): Element {
    const { bytes, at } = this;
    if (bytes.length - at < 8) return this.fail('it ends within a tag');
    const first = bytes.readUInt32LE(at);
    // Up to four bytes stand in the tag itself.
    const small = first >>> 16;
    const type = small === 0 ? first : first & 0xffff;
    const length = small === 0 ? bytes.readUInt32LE(at + 4) : small;
    const start = small === 0 ? at + 8 : at + 4;
    if (small > 4 || length > bytes.length - start) return this.fail('it ends within an element');
    this.at = small === 0 ? start + length + (type === COMPRESSED ? 0 : (8 - (length % 8)) % 8) : at + 8;
    return { type, bytes: bytes.subarray(start, start + length) };
  }

  numbers(): Numbers {
    const { type, bytes } = this.next();
    const kind = number_types.get(type);
    if (kind === undefined) return this.fail(`numbers of the unknown type ${type}`);
    const count = Math.floor(bytes.length / kind.size);
    const numbers = kind.make(count);
    if (kind.size === 1) numbers.set(type === 2 ? bytes : new Int8Array(bytes.buffer, bytes.byteOffset, count));
    else for (let i = 0; i < count; i++) numbers[i] = kind.read(bytes, i * kind.size);
    return numbers;
  }

  text(): string {
    const { type, bytes } = this.next();
    if (type === 4 || type === 17) return bytes.toString('utf16le');
    return bytes.toString(type === 16 ? 'utf8' : 'latin1').replace(/\0+$/, '');
  }

  nested(bytes: NodeBuffer): Elements {
    return new Elements(bytes, this.fail, this.depth + 1);
  }
}

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

// More elements than any of these files has.
const most_elements = 2 ** 31;

/** A sparse matrix with its zeros: `rows` of the elements, and where each column begins among them. */
function dense(
  shape: readonly number[],
  rows: Numbers,
  columns: Numbers,
  values: Numbers,
  fail: (reason: string) => never,
): MatArray {
  const [height = 0, width = 0] = shape;
  const all = new (values.constructor as new (length: number) => Numbers)(height * width);
  for (let column = 0; column < width; column++) {
    const [from = 0, to = 0] = columns.subarray(column, column + 2);
    for (let i = from; i < to; i++) {
      const [row, value] = [rows[i], values[i]];
      if (row === undefined || value === undefined || !(row < height)) return fail('a sparse matrix is damaged');
      all[column * height + row] = value;
    }
  }
  return { kind: 'numbers', shape, data: all };
}

/** An array with its name. */
function read_matrix(elements: Elements, bytes: NodeBuffer, fail: (reason: string) => never): [string, MatValue] {
  const parts = elements.nested(bytes);
  const flags = parts.numbers();
  const array_class = (flags[0] ?? 0) & 0xff;
  if ((((flags[0] ?? 0) >> 8) & 8) !== 0) return fail('complex numbers are not read');
  const shape = [...parts.numbers()];
  const count = product(shape);
  if (!(count >= 0 && count < most_elements)) return fail('an array has no sizes');
  const name = parts.text();
  const member = (): MatValue => {
    const { type, bytes: inner } = parts.next();
    if (type !== MATRIX) return fail('an array holds what is not one');
    return inner.length === 0
      ? { kind: 'numbers', shape: [0, 0], data: new Float64Array(0) }
      : read_matrix(parts, inner, fail)[1];
  };
  const members = (): MatValue[] => {
    const all: MatValue[] = [];
    while (all.length < count) all.push(member());
    return all;
  };
  if (array_class === 1) return [name, { kind: 'cells', shape, cells: members() }];
  if (array_class === 2) {
    const length = parts.numbers()[0] ?? 0;
    const names = parts.next().bytes.toString('latin1');
    if (length < 1) return fail('a struct has no names');
    const fields = Array.from({ length: Math.floor(names.length / length) }, (_, i) =>
      names.slice(i * length, (i + 1) * length).replace(/\0.*$/s, ''),
    );
    const structs: Record<string, MatValue>[] = [];
    while (structs.length < count) structs.push(Object.fromEntries(fields.map((field) => [field, member()])));
    return [name, { kind: 'structs', shape, structs }];
  }
  if (array_class === SPARSE) return [name, dense(shape, parts.numbers(), parts.numbers(), parts.numbers(), fail)];
  if (array_class === 4) return [name, { kind: 'text', text: parts.ended ? '' : parts.text() }];
  const type = type_of_class.get(array_class);
  if (type === undefined) return fail(`arrays of class ${array_class} are not read`);
  const stored = parts.numbers();
  if (stored.length !== count) return fail(`${name} has ${stored.length} elements, not ${count}`);
  const wanted = number_types.get(type)!.make(0).constructor;
  const data = stored.constructor === wanted ? stored : number_types.get(type)!.make(count);
  if (data !== stored) data.set(stored);
  return [name, { kind: 'numbers', shape, data }];
}

/**
 * The variables of a file.
 * @param source - what error texts call it
 * @throws Error when it is damaged, of another level, or has what is not read here
 */
export function parse_mat(bytes: NodeBuffer, source: string): Map<string, MatValue> {
  const fail = (reason: string): never => {
    throw new Error(`${source}: not a MATLAB file of level 5 that can be read here: ${reason}`);
  };
  if (bytes.length < 128 || bytes.toString('latin1', 126, 128) !== 'IM') return fail('its header is another');
  const variables = new Map<string, MatValue>();
  const read = (elements: Elements): void => {
    while (!elements.ended) {
      const { type, bytes: content } = elements.next();
      if (type === COMPRESSED) {
        let unpacked: NodeBuffer;
        try {
          unpacked = inflateSync(content);
        } catch (error) {
          return fail((error as Error).message);
        }
        read(elements.nested(unpacked));
      } else if (type === MATRIX) {
        const [name, value] = read_matrix(elements, content, fail);
        variables.set(name, value);
      }
    }
  };
  read(new Elements(bytes.subarray(128), fail, 0));
  return variables;
}

/** The numbers of a variable. @throws Error when it has none */
export function mat_numbers(variables: ReadonlyMap<string, MatValue>, name: string, source: string): MatArray {
  const found = variables.get(name);
  if (found?.kind !== 'numbers') throw new Error(`${source}: has no numbers '${name}'`);
  return found;
}
