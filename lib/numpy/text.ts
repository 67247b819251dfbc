/** Arrays in files without a header: rows of text, raw elements, mapped files. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';

import type { Tail } from '../_internal/arguments.js';
import { method_signature, signature } from '../_internal/signature.js';
import { from_file } from '../generated/functions.js';
import { format, python_repr } from '../python/print.js';
import { uint8 } from '../types/dtype.js';
import { array_from, dtype_or, shape_of, type ArrayArgument, type DTypeOptions, type ShapeLike } from './arguments.js';
import { parsed_float, TextArray } from './items.js';
import { NDArray, type NDArrayDTypeLike } from './ndarray.js';
import { allocate, array_types, dtype_named, is_complex, is_float, product, write_element } from './types.js';

// --- text ------------------------------------------------------------------------------------------

interface ReadingOptions extends DTypeOptions {
  /** What begins a comment. Default `'#'`. */
  comments?: string;
  /** What stands between columns. Default null: white space. */
  delimiter?: string | null;
  /** The columns to read. Default null: all. */
  usecols?: number | readonly number[] | null;
}
/** The options of {@link genfromtxt}. */
export interface GenFromTxtOptions extends ReadingOptions {
  /** How many lines to skip at the beginning. Default 0. */
  skip_header?: number;
}
/** The options of {@link loadtxt}. */
export interface LoadTxtOptions extends ReadingOptions {
  /** How many lines to skip at the beginning. Default 0. */
  skiprows?: number;
}
/** The options of {@link savetxt}. */
export interface SaveTxtOptions {
  /** The format of a number, or of a row. Default `'%.18e'`. */
  fmt?: string;
  /** What goes between columns. Default `' '`. */
  delimiter?: string;
  /** What goes behind a row. Default `'\n'`. */
  newline?: string;
  /** A text above the rows. Default none. */
  header?: string;
  /** A text below the rows. Default none. */
  footer?: string;
  /** What goes before header and footer. Default `'# '`. */
  comments?: string;
}

const GENFROMTXT = signature<{ fname: string | Iterable<string> } & GenFromTxtOptions>(
  'genfromtxt',
  'fname: str|Iterable, dtype?: str|None, comments?: str, delimiter?: str|None, skip_header?: int, *, usecols?: int|int[]|None',
);
const LOADTXT = signature<{ fname: string | Iterable<string> } & LoadTxtOptions>(
  'loadtxt',
  'fname: str|Iterable, dtype?: str|None, comments?: str, delimiter?: str|None, *, skiprows?: int, usecols?: int|int[]|None',
);
const SAVETXT = signature<{ fname: string; X: ArrayArgument } & SaveTxtOptions>(
  'savetxt',
  'fname: str, X: array_value, fmt?: str, delimiter?: str, newline?: str, header?: str, footer?: str, comments?: str',
);

const texts = new Set(['str', 'str_', 'U', '<U']);

/** The cells of each line that has some. */
function cells_of(fname: string | Iterable<string>, skip: number, options: ReadingOptions): string[][] {
  const { comments = '#', delimiter = null, usecols = null } = options;
  const lines = typeof fname === 'string' ? readFileSync(fname, 'utf8').split(/\r\n|\r|\n/) : [...fname];
  const rows: string[][] = [];
  for (const line of lines.slice(skip)) {
    const kept = (comments === '' ? line : line.split(comments, 1)[0]!).trim();
    if (kept === '') continue;
    const cells = delimiter === null ? kept.split(/\s+/) : kept.split(delimiter).map((cell) => cell.trim());
    rows.push(usecols === null ? cells : shape_of(usecols).map((column) => cells.at(column) ?? ''));
  }
  return rows;
}

/** The array of texts, as wide as the longest. */
function array_of_texts(cells: readonly string[], shape: readonly number[]): TextArray {
  const width = Math.max(1, ...cells.map((cell) => [...cell].length));
  const raw = new Uint8Array(4 * width * cells.length);
  const view = new DataView(raw.buffer);
  cells.forEach((cell, i) => {
    [...cell].forEach((character, k) => {
      view.setUint32(4 * (i * width + k), character.codePointAt(0)!, true);
    });
  });
  const places = new NDArray(
    Float64Array.from(cells, (_, i) => i),
    shape,
  );
  return new TextArray(`<U${width}`, raw, places);
}

/** Rows as an array; numbers are what `number_of` makes of cells. */
function array_of_rows(
  rows: readonly (readonly string[])[],
  dtype: string | null | undefined,
  number_of: (cell: string, whole: boolean, row: number, column: number) => number | bigint,
): NDArray | TextArray {
  const columns = rows[0]?.length ?? 0;
  // What has one row or one column has one dimension.
  const shape = [rows.length, columns].filter((size) => size !== 1);
  if (dtype !== undefined && dtype !== null && texts.has(dtype)) return array_of_texts(rows.flat(), shape);
  const type = dtype_or(dtype, 'float64');
  const made = allocate(rows.length === 0 ? [0] : shape, type);
  const whole = !is_float(type) && !is_complex(type);
  rows.forEach((row, i) => {
    row.forEach((cell, k) => {
      write_element(made, i * columns + k, number_of(cell, whole, i, k));
    });
  });
  return NDArray._of(made);
}

/**
 * The numbers of a text file, row by row; a cell that is not a number is NaN, or -1 for integers. Mirrors `numpy.genfromtxt`.
 *
 * @param fname - a path, or the lines
 * @param dtype - the element type, default float64; `'str'` gives an array of texts
 * @param options - `comments`, `delimiter`, `skip_header`, `usecols`; see {@link GenFromTxtOptions}
 * @throws Error when rows differ in length
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.genfromtxt(['1 2.5 x', '# none', '3 4 5']));
 * ```
 * ```python
 * import numpy as np
 * print(np.genfromtxt(['1 2.5 x', '# none', '3 4 5']))
 * ```
 */
export function genfromtxt(fname: string | Iterable<string>, options: GenFromTxtOptions & { dtype: 'str' }): TextArray;
export function genfromtxt(
  fname: string | Iterable<string>,
  ...args: Tail<
    [dtype: NDArrayDTypeLike | null, comments: string, delimiter: string | null, skip_header: number],
    GenFromTxtOptions
  >
): NDArray;
export function genfromtxt(...args: unknown[]): NDArray | TextArray {
  const { fname, dtype, skip_header = 0, ...options } = GENFROMTXT.read(args);
  const rows = cells_of(fname, skip_header, options);
  const wrong = rows.flatMap((row, i) => (row.length === rows[0]!.length ? [] : [[i + 1, row.length] as const]));
  if (wrong.length > 0) {
    const lines = wrong.map(([line, got]) => `    Line #${line} (got ${got} columns instead of ${rows[0]!.length})`);
    throw new Error(`Some errors were detected !\n${lines.join('\n')}`);
  }
  return array_of_rows(rows, dtype, (cell, whole) => {
    if (whole) return /^[-+]?\d+$/.test(cell) ? BigInt(cell) : -1;
    return parsed_float(cell) ?? NaN;
  });
}

/**
 * The numbers of a text file, row by row. Mirrors `numpy.loadtxt`.
 *
 * @param fname - a path, or the lines
 * @param dtype - the element type, default float64; `'str'` gives an array of texts
 * @param options - `comments`, `delimiter`, `skiprows`, `usecols`; see {@link LoadTxtOptions}
 * @throws Error for a cell that is not a number, and when rows differ in length
 */
export function loadtxt(fname: string | Iterable<string>, options: LoadTxtOptions & { dtype: 'str' }): TextArray;
export function loadtxt(
  fname: string | Iterable<string>,
  ...args: Tail<[dtype: NDArrayDTypeLike | null, comments: string, delimiter: string | null], LoadTxtOptions>
): NDArray;
export function loadtxt(...args: unknown[]): NDArray | TextArray {
  const { fname, dtype, skiprows = 0, ...options } = LOADTXT.read(args);
  const rows = cells_of(fname, skiprows, options);
  rows.forEach((row, i) => {
    if (row.length === rows[0]!.length) return;
    throw new Error(
      `the number of columns changed from ${rows[0]!.length} to ${row.length} at row ${i + 1}; ` +
        'use `usecols` to select a subset and avoid this error',
    );
  });
  return array_of_rows(rows, dtype, (cell, whole, row, column) => {
    const value = whole && /^[-+]?\d+$/.test(cell) ? BigInt(cell) : whole ? undefined : parsed_float(cell);
    if (value !== undefined) return value;
    const type = dtype_named(dtype ?? 'float64');
    throw new Error(`could not convert string '${cell}' to ${type} at row ${row}, column ${column + 1}.`);
  });
}

/**
 * Writes an array of one or two dimensions as text. Mirrors `numpy.savetxt`.
 *
 * @param fname - a path
 * @param X - the array
 * @param options - `fmt`, `delimiter`, `newline`, `header`, `footer`, `comments`; see {@link SaveTxtOptions}
 * @throws Error for an array of other dimensions
 */
export function savetxt(
  fname: string,
  X: ArrayArgument,
  ...args: Tail<
    [fmt: string, delimiter: string, newline: string, header: string, footer: string, comments: string],
    SaveTxtOptions
  >
): void;
export function savetxt(...args: unknown[]): void {
  const given = SAVETXT.read(args);
  const { fname, fmt = '%.18e', delimiter = ' ', newline = '\n', header = '', footer = '', comments = '# ' } = given;
  const array = array_from('savetxt', given.X);
  if (array.ndim === 0 || array.ndim > 2) throw new Error(`Expected 1D or 2D array, got ${array.ndim}D array instead`);
  const rows = (array.ndim === 1 ? array.reshape(array.size, 1) : array).tolist() as number[][];
  const remark = (text: string): string =>
    text === '' ? '' : `${comments}${text.replaceAll('\n', `\n${comments}`)}${newline}`;
  const single = fmt.split('%').length === 2;
  const line = (row: number[]): string =>
    single ? row.map((value) => format(fmt, value)).join(delimiter) : format(fmt, ...row);
  writeFileSync(fname, remark(header) + rows.map((row) => line(row) + newline).join('') + remark(footer));
}

// --- raw elements ----------------------------------------------------------------------------------

const FROMFILE = signature<{ file: string; count?: number; offset?: number } & DTypeOptions>(
  'fromfile',
  'file: str, dtype?: str|None, count?: int, *, offset?: int',
);
const FROMBUFFER = signature<
  { buffer: ArrayBufferView | ArrayBufferLike; count?: number; offset?: number } & DTypeOptions
>('frombuffer', 'buffer: bytes, dtype?: str|None, count?: int, offset?: int');

/** The elements in bytes, on their memory where it is aligned. */
function elements_in(callee: string, bytes: Uint8Array, dtype: string | null | undefined, count: number): NDArray {
  const type = dtype_or(dtype, 'float64');
  const View = array_types[type];
  const size = new View(0).BYTES_PER_ELEMENT;
  const wide = is_complex(type) ? 2 : 1;
  const there = bytes.length / (size * wide);
  if (count < 0 && !Number.isInteger(there)) {
    throw new Error(`${callee}(): buffer size must be a multiple of element size`);
  }
  if (count > there) throw new Error(`${callee}(): buffer is smaller than requested size`);
  const length = count < 0 ? there : count;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const data = new View(aligned.buffer, aligned.byteOffset, length * wide);
  return new NDArray(data, [length], { dtype: type });
}

/**
 * The elements of a file without a header, as {@link NDArray.tofile} writes it. Mirrors `numpy.fromfile`.
 *
 * @param file - a path
 * @param dtype - the element type; default float64
 * @param count - how many; default -1, all
 * @param options - `offset`: bytes to skip, default 0
 * @throws Error when there are fewer
 */
export function fromfile(
  file: string,
  ...args: Tail<[dtype: NDArrayDTypeLike | null, count: number], { count?: number; offset?: number } & DTypeOptions>
): NDArray;
export function fromfile(...args: unknown[]): NDArray {
  const { file, dtype, count = -1, offset = 0 } = FROMFILE.read(args);
  return elements_in('fromfile', new Uint8Array(readFileSync(file)).subarray(offset), dtype, count);
}

/**
 * The elements in a buffer, on its memory. Mirrors `numpy.frombuffer`.
 *
 * @param buffer - bytes
 * @param dtype - the element type; default float64
 * @param count - how many; default -1, all
 * @param offset - bytes to skip; default 0
 * @throws Error when there are fewer
 */
export function frombuffer(
  buffer: ArrayBufferView | ArrayBufferLike,
  ...args: Tail<
    [dtype: NDArrayDTypeLike | null, count: number, offset: number],
    { count?: number; offset?: number } & DTypeOptions
  >
): NDArray;
export function frombuffer(...args: unknown[]): NDArray {
  const { buffer, dtype, count = -1, offset = 0 } = FROMBUFFER.read(args);
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  return elements_in('frombuffer', bytes.subarray(offset), dtype, count);
}

const MODES = ['r', 'c', 'r+', 'w+', 'readonly', 'copyonwrite', 'readwrite', 'write'];

/** The options of {@link memmap}. */
export interface MemmapOptions extends DTypeOptions {
  /**
   * `'r'` and `'c'`: changes stay in memory; `'r+'` (default): they go to the file; `'w+'`: the file is made, with zeros. numpy
   * refuses changes under `'r'`.
   */
  mode?: 'r' | 'c' | 'r+' | 'w+';
  /** Where in the file the array begins, in bytes. Default 0. */
  offset?: number;
  /** Its shape. Default null: one dimension up to the end of the file. */
  shape?: ShapeLike | null;
}

const MEMMAP = signature<{ filename: string } & MemmapOptions>(
  'memmap',
  'filename: str, dtype?: str|None, mode?: str, offset?: int, shape?: int|int[]|None',
);

const FLUSH = method_signature<object>('memmap.flush', '');

/** The memory of a file. */
function mapped(given: { filename: string } & MemmapOptions): {
  data: Uint8Array;
  shape: readonly number[];
  owner: NDArray;
} {
  const { filename, mode = 'r+', offset = 0, shape = null } = given;
  if (!MODES.includes(mode)) {
    throw new Error(`mode must be one of ${python_repr(MODES)} (got ${python_repr(mode)})`);
  }
  if (mode === 'w+' && shape === null) throw new Error("shape must be given if mode == 'w+'");
  const type = dtype_or(given.dtype, 'uint8');
  const size = new array_types[type](0).BYTES_PER_ELEMENT * (is_complex(type) ? 2 : 1);
  const file = openSync(filename, mode === 'w+' ? 'w+' : 'r');
  let bytes: number;
  let sizes: readonly number[];
  try {
    if (mode === 'w+') ftruncateSync(file, offset + product(shape_of(shape!)) * size);
    bytes = fstatSync(file).size;
    if (shape === null && (bytes - offset) % size !== 0) {
      throw new Error('Size of available data is not a multiple of the data-type size.');
    }
    sizes = shape === null ? [(bytes - offset) / size] : shape_of(shape);
  } finally {
    closeSync(file);
  }
  const wanted = offset + product(sizes) * size;
  if (wanted > bytes) throw new Error('mmap length is greater than file size');
  if (wanted === 0) throw new Error('cannot mmap an empty file');
  const all = from_file(filename, mode === 'r+' || mode === 'w+', wanted, { dtype: uint8 }).numpy();
  return { data: (all.data as Uint8Array).subarray(offset), shape: sizes, owner: all };
}

/**
 * An array on a file, whose pages are read when they are used. Mirrors `numpy.memmap`.
 *
 * @param filename - a path
 * @param dtype - the element type; default uint8
 * @param options - `mode`, `offset`, `shape`; see {@link MemmapOptions}
 * @throws Error when the file is shorter, or empty
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.array([5, 6, 7], { dtype: np.uint16 }).tofile(`${folder}/x.bin`);
 * const data = new np.memmap(`${folder}/x.bin`, { dtype: np.uint16, mode: 'r' });
 * print(data.index('1:').astype(np.int64));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.array([5, 6, 7], dtype=np.uint16).tofile(f'{folder}/x.bin')
 *     data = np.memmap(f'{folder}/x.bin', dtype=np.uint16, mode='r')
 *     print(data[1:].astype(np.int64))
 * ```
 */
export class memmap extends NDArray {
  /** The path. */
  readonly filename: string;
  /** How the file was opened. */
  readonly mode: string;

  constructor(filename: string, options?: MemmapOptions);
  constructor(...args: unknown[]) {
    const given = MEMMAP.read(args);
    const type = dtype_or(given.dtype, 'uint8');
    const { data, shape, owner } = mapped(given);
    const { data: elements } = elements_in('memmap', data, type, -1);
    super(elements, shape, { dtype: type, owner });
    this.filename = given.filename;
    this.mode = given.mode ?? 'r+';
  }

  /** Writes changes to the disk, when they go to the file at all. */
  flush(...args: []): void;
  flush(...args: unknown[]): void {
    FLUSH.read(args);
    if (!this.mode.endsWith('+')) return;
    const file = openSync(this.filename, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
