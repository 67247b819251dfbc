/** The `.npy` format: a header that is a Python dictionary, and the elements. */
import type { ByteSource } from '../_internal/io/byte_source.js';
import { array_types, NDArray, type NDArrayDType } from './ndarray.js';
import { dtype_named } from './types.js';
import { type ItemArray, TextArray, TimeArray } from './items.js';

const magic = Buffer.from('\x93NUMPY', 'latin1');
const alignment = 64;
// numpy throws for longer headers, unless the file is trusted.
const longest_header = 10_000;
// Texts without characters take no bytes of a file, so that its size bounds nothing.
const most_empty = 2 ** 26;
// Room for a first dimension that grows, as numpy leaves it.
const digits_of_growth = 21;

const codes: Record<NDArrayDType, string> = {
  bool: 'b1',
  int8: 'i1',
  uint8: 'u1',
  int16: 'i2',
  uint16: 'u2',
  int32: 'i4',
  uint32: 'u4',
  int64: 'i8',
  uint64: 'u8',
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
  complex64: 'c8',
  complex128: 'c16',
};
const itemsize_of = (dtype: NDArrayDType): number => Number(codes[dtype].slice(1));

/** What is in a file: numbers, or texts and times by their code. */
type Elements =
  | { readonly dtype: NDArrayDType; readonly itemsize: number }
  | { readonly descr: string; readonly itemsize: number };

export type NpyHeader = Elements & {
  readonly big_endian: boolean;
  readonly fortran_order: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
};

/** Why a dtype that numpy has cannot be loaded. */
function unsupported_type(descr: string): string {
  if (/^\[/.test(descr)) return `structured arrays are not supported: ${descr}`;
  switch (descr.replace(/^[<>|=]/, '')[0]) {
    case 'O':
      return 'Object arrays cannot be loaded when allow_pickle=False, which is the only way here';
    default:
      return `arrays of the type '${descr}' are not supported`;
  }
}

/** The value of a key in the dictionary, as it is written there. */
function entry(text: string, key: string): string {
  const found = new RegExp(`['"]${key}['"]\\s*:\\s*('[^']*'|"[^"]*"|\\[[\\s\\S]*\\]|\\([^)]*\\)|\\w+)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`Header does not contain the correct keys: there is no '${key}'`);
  return found;
}

/** The elements that a type describes: a code, or a name such as `float64`. @throws Error for those that cannot be read */
function elements_of(descr: string): Elements {
  const text = /^[<>|=]?([US])(\d+)$/.exec(descr);
  if (text !== null) {
    const [, kind, length] = text;
    return { descr: `${kind === 'S' ? '|' : '<'}${kind}${length}`, itemsize: Number(length) * (kind === 'U' ? 4 : 1) };
  }
  const time = /^[<>=]?([Mm])8(\[\d*(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?$/.exec(descr);
  if (time !== null) return { descr: `<${time[1]}8${time[2] ?? ''}`, itemsize: 8 };
  try {
    const dtype = dtype_named(descr.replace(/^[<>|=]/, ''));
    return { dtype, itemsize: itemsize_of(dtype) };
  } catch {
    throw new Error(unsupported_type(descr));
  }
}

function parse_header(text: string, start: number): NpyHeader {
  if (!/^\{[\s\S]*\}\s*$/.test(text)) throw new Error('Header is not a dictionary');
  const descr = entry(text, 'descr').replace(/^['"]|['"]$/g, '');
  const elements = elements_of(descr);
  const order = entry(text, 'fortran_order');
  if (order !== 'True' && order !== 'False') throw new Error(`fortran_order is not a valid bool: ${order}`);
  const shape_text = entry(text, 'shape');
  if (!/^\((\s*\d+L?\s*,)*(\s*\d+L?\s*)?\)$/.test(shape_text)) throw new Error(`shape is not valid: ${shape_text}`);
  const shape = (shape_text.match(/\d+/g) ?? []).map(Number);
  return { ...elements, big_endian: descr.startsWith('>'), fortran_order: order === 'True', shape, start };
}

/** Whether bytes begin like a `.npy` file. */
export function is_npy(source: ByteSource): boolean {
  return source.size >= magic.length && source.read(0, magic.length).equals(magic);
}

function read_header(source: ByteSource): NpyHeader {
  if (source.size < magic.length + 4) throw new Error('EOF: reading the header');
  const [major = 0, minor = 0] = source.read(magic.length, 2);
  if (![1, 2, 3].includes(major) || minor !== 0) {
    throw new Error(`we only support format version (1,0), (2,0), and (3,0), not (${major},${minor})`);
  }
  const width = major === 1 ? 2 : 4;
  const from = magic.length + 2 + width;
  const length = source.read(magic.length + 2, width).readUIntLE(0, width);
  if (length > longest_header) throw new Error(`Header info length (${length}) is large and may not be safe to load`);
  return parse_header(source.read(from, length).toString(major === 3 ? 'utf8' : 'latin1'), from + length);
}

function column_major(shape: readonly number[]): number[] {
  let step = 1;
  return shape.map((size) => {
    const stride = step;
    step *= size;
    return stride;
  });
}

function swap(bytes: Buffer, width: number): void {
  if (width === 2) bytes.swap16();
  else if (width === 4) bytes.swap32();
  else if (width === 8) bytes.swap64();
}

/** The elements of an array as a file has them. */
export interface Contents {
  /** numpy's code of their type: `'<f8'`, `'<U5'`. */
  readonly descr: string;
  readonly fortran_order: boolean;
  readonly content: Uint8Array;
}

/** @throws Error for the code of a type of which there are no arrays here, given without the order of its bytes */
export function check_code(code: string): void {
  elements_of(code);
}

/** An array over a memory of its own. */
function array_over(
  elements: Elements & Pick<NpyHeader, 'big_endian' | 'fortran_order' | 'shape'>,
  memory: ArrayBuffer,
): NDArray | ItemArray<unknown> {
  const { big_endian, fortran_order, shape, itemsize } = elements;
  const content = Buffer.from(memory);
  const strides = fortran_order ? { strides: column_major(shape) } : {};
  if ('dtype' in elements) {
    const { dtype } = elements;
    if (big_endian) swap(content, dtype.startsWith('complex') ? itemsize / 2 : itemsize);
    return new NDArray(new array_types[dtype](memory), shape, { dtype, ...strides });
  }
  const { descr } = elements;
  if (big_endian && descr[1] !== 'S') swap(content, descr[1] === 'U' ? 4 : 8);
  const count = bytes_of(shape, 1);
  if (itemsize === 0 && count > most_empty) throw new Error(`more than ${most_empty} texts without characters`);
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const places = new NDArray(order, shape, strides);
  const Items = descr[1] === 'U' || descr[1] === 'S' ? TextArray : TimeArray;
  return new Items(descr, new Uint8Array(memory), places);
}

const bytes_of = (shape: readonly number[], itemsize: number): number =>
  shape.reduce((product, size) => product * size, itemsize);

/** An array with a copy of its elements. @throws Error when there are not as many as its shape says */
export function array_of(
  { descr, fortran_order, content }: Contents,
  shape: readonly number[],
): NDArray | ItemArray<unknown> {
  const elements = elements_of(descr);
  const bytes = bytes_of(shape, elements.itemsize);
  if (bytes !== content.length) {
    throw new Error(`an array of shape (${shape.join(', ')}) has ${bytes} bytes, and ${content.length} are given`);
  }
  const memory = new ArrayBuffer(bytes);
  new Uint8Array(memory).set(content);
  return array_over({ ...elements, big_endian: descr.startsWith('>'), fortran_order, shape }, memory);
}

/** The array in a file. @throws Error when it is damaged or holds what NDArrays cannot */
export function read_npy(source: ByteSource): NDArray | ItemArray<unknown> {
  const header = read_header(source);
  const { shape, start, itemsize } = header;
  const bytes = bytes_of(shape, itemsize);
  if (!Number.isSafeInteger(bytes) || bytes > source.size - start) {
    throw new Error(
      `cannot read the elements: an array of shape (${shape.join(', ')}) has ${bytes} bytes, and the file has ` +
        `${source.size - start}`,
    );
  }
  const memory = new ArrayBuffer(bytes);
  source.read_into(Buffer.from(memory), start);
  return array_over(header, memory);
}

function header_of(descr: string, fortran_order: boolean, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const growing = shape[fortran_order ? shape.length - 1 : 0];
  const growth = growing === undefined ? '' : ' '.repeat(Math.max(0, digits_of_growth - String(growing).length));
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran_order ? 'True' : 'False'}, 'shape': ${tuple}, }${growth}`;
  const used = magic.length + 4 + text.length + 1;
  const header = Buffer.from(`${text}${' '.repeat(alignment - (used % alignment))}\n`, 'latin1');
  return Buffer.concat([magic, Buffer.of(1, 0, header.length & 0xff, header.length >> 8), header]);
}

/** The elements of an array in the order of a file, on the array's own memory where they are in order. */
export function contents_of(array: NDArray | ItemArray<unknown>): Contents {
  const layout = array instanceof NDArray ? array : array.places;
  const fortran_order = !layout.c_contiguous && layout.T.c_contiguous;
  const packed = fortran_order ? layout.T : layout.c_contiguous ? layout : layout.copy();
  if (!(array instanceof NDArray)) {
    const { itemsize, raw } = array;
    const content = Buffer.alloc(array.size * itemsize);
    let at = 0;
    for (const place of packed.ravel().tolist() as number[]) {
      content.set(raw.subarray(place * itemsize, (place + 1) * itemsize), at);
      at += itemsize;
    }
    return { descr: array.descr, fortran_order, content };
  }
  const { dtype } = array;
  const itemsize = itemsize_of(dtype);
  const { data, offset } = packed;
  const content = Buffer.from(data.buffer as ArrayBuffer, data.byteOffset + offset * itemsize, array.size * itemsize);
  return { descr: `${itemsize === 1 ? '|' : '<'}${codes[dtype]}`, fortran_order, content };
}

/** The bytes of a file: the header, and the elements. */
export function* write_npy(array: NDArray | ItemArray<unknown>): Generator<Uint8Array, void, undefined> {
  const { descr, fortran_order, content } = contents_of(array);
  yield header_of(descr, fortran_order, array.shape);
  yield content;
}
