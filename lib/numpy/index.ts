/**
 * torch-node/numpy: the files of numpy, under its names. Arrays are what `Tensor.numpy()` returns and `torch.from_numpy`
 * takes.
 */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/one_file.js';
import { types } from 'node:util';

import '../index.js';
import { type ByteSource, FileSource, MemorySource } from '../_internal/io/byte_source.js';
import type { TypedArray } from '../creation.js';
import { write_durably } from '../_internal/io/durable_file.js';
import { define_kind, signature } from '../_internal/signature.js';
import { NDArray, type NDArrayData } from './ndarray.js';
import { natural_dtype } from './types.js';
import { kind_of } from '../_internal/kind_of.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor } from '../_tensor.js';
import { is_zip, ZipReader } from '../_internal/io/zip_reader.js';
import { ZipWriter } from '../_internal/io/zip_writer.js';
import { ItemArray, type TextArray, type TimeArray } from './items.js';
import { is_npy, read_npy, write_npy } from './npy.js';

export { NDArray, NDArray as ndarray, type NDArrayDType } from './ndarray.js';
export * from './functions.js';
export * from './products.js';
export * from './routines.js';
export * as linalg from './linalg.js';
export * from './text.js';
export * as random from './random.js';
export type { ItemArray, TextArray, TimeArray };

/** What can be saved: an array, a tensor on the CPU that does not require a gradient, or a typed array. */
export type ArrayLike = NDArray | ItemArray<unknown> | Tensor | TypedArray;

/** What can be loaded: an array of numbers or, by the requested type, of strings or times. */
export type Loaded = NDArray | ItemArray<unknown>;

define_kind(
  'array',
  'NDArray, Tensor or a typed array',
  (value) =>
    value instanceof NDArray ||
    value instanceof ItemArray ||
    value instanceof Tensor ||
    natural_dtype(value) !== undefined,
);

const FILE = {
  load: signature<{ file: string | Uint8Array }>('load', 'file: str|bytes'),
  load_npz: signature<{ file: string | Uint8Array }>('load_npz', 'file: str|bytes'),
};
const SAVE = signature<{ file: string; arr: ArrayLike }>('save', 'file: str, arr: array');

function as_array(callee: string, name: string, value: unknown): NDArray | ItemArray<unknown> {
  if (value instanceof NDArray || value instanceof ItemArray) return value;
  if (value instanceof Tensor) return value.numpy();
  if (natural_dtype(value) !== undefined) return new NDArray(value as NDArrayData);
  throw new TypeError(
    `${callee}(): argument '${name}' must be NDArray, Tensor or a typed array, not ${kind_of(value)}`,
  );
}

const with_ending = (file: string, ending: string): string => (file.endsWith(ending) ? file : file + ending);

function with_file_in_error<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`load(): ${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const GET = signature<{ key: string }>('get', 'key: str');
define_kind(
  'ByteSource',
  'what load_npz() opened',
  (value) => value instanceof MemorySource || value instanceof FileSource,
);
const NPZ_FILE = signature<{ source: ByteSource; what: string }>('NpzFile', 'source: ByteSource, what: str');

/**
 * The arrays of a `.npz` file, each read when it is requested, as {@link load_npz} returns it. Mirrors
 * `numpy.lib.npyio.NpzFile`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.savez(`${folder}/data.npz`, { x: torch.arange(3) });
 * const file = np.load_npz(`${folder}/data.npz`);
 * print(file.files, file.get('x'));
 * file.close();
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.savez(f'{folder}/data.npz', x=torch.arange(3))
 *     file = np.load(f'{folder}/data.npz')
 *     print(file.files, file['x'])
 *     file.close()
 * ```
 */
export class NpzFile implements Iterable<[name: string, array: NDArray]> {
  private readonly zip: ZipReader;

  private readonly source: ByteSource;
  private readonly what: string;

  /** @internal */
  constructor(source: ByteSource, what: string);
  constructor(...args: unknown[]) {
    ({ source: this.source, what: this.what } = NPZ_FILE.read(args));
    this.zip = new ZipReader(this.source, `load(): ${this.what}`);
  }

  /** The names of the arrays. */
  get files(): string[] {
    return [...this.zip.records.keys()].map((name) => name.replace(/\.npy$/, ''));
  }

  /** Reads an array; Python's `npz['x']`. @throws Error when there is none of that name, or it is damaged */
  get<A extends Loaded = NDArray>(key: string | { key: string }): A;
  get(...args: unknown[]): Loaded {
    const { key: name } = GET.read(args);
    const record = this.zip.records.get(`${name}.npy`) ?? this.zip.records.get(name);
    if (record === undefined) throw new Error(`${name} is not a file in the archive ${this.what}`);
    const content = new MemorySource(this.zip.read(record));
    return with_file_in_error(`${record.name} of ${this.what}`, () => {
      if (!is_npy(content)) throw new Error('the magic string is not correct; this is not a .npy file');
      return read_npy(content);
    });
  }

  *[Symbol.iterator](): Generator<[name: string, array: NDArray], void, undefined> {
    for (const name of this.files) yield [name, this.get<NDArray>(name)];
  }

  /** Closes the file. */
  close(): void {
    this.source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function open(file: string | ArrayBufferView | ArrayBufferLike): [source: ByteSource, what: string] {
  if (typeof file === 'string') return [new FileSource(file), file];
  // Bytes of any realm, on the same memory.
  const bytes = types.isAnyArrayBuffer(file)
    ? Buffer.from(file as ArrayBuffer)
    : Buffer.from(file.buffer as ArrayBuffer, file.byteOffset, file.byteLength);
  return [new MemorySource(bytes), 'the data'];
}

/**
 * Loads the array of a `.npy` file. Mirrors `numpy.load`.
 *
 * All numeric and boolean dtypes of numpy are supported, of either byte order, in row-major or column-major order;
 * strings are a {@link TextArray}, times a {@link TimeArray}, when requested by type:
 * `np.load<np.TextArray>('names.npy')`.
 *
 * @param file - a path, or the bytes of a file
 * @throws Error when the file is damaged, or contains structures or objects
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.save(`${folder}/x.npy`, torch.tensor([[0.5, 1.5], [2.5, 3.5]]));
 * print(np.load(`${folder}/x.npy`));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.save(f'{folder}/x.npy', torch.tensor([[0.5, 1.5], [2.5, 3.5]]))
 *     print(np.load(f'{folder}/x.npy'))
 * ```
 */
export function load<A extends Loaded = NDArray>(file: string | Uint8Array | { file: string | Uint8Array }): A;
export function load(...args: unknown[]): Loaded {
  const [source, what] = open(FILE.load.read(args).file);
  try {
    return with_file_in_error(what, () => {
      if (is_npy(source)) return read_npy(source);
      throw new Error(
        is_zip(source)
          ? 'this is a .npz file; use load_npz'
          : 'the magic string is not correct; this is not a .npy file',
      );
    });
  } finally {
    source.close();
  }
}

/**
 * Opens a `.npz` file. Mirrors `numpy.load` of such a file.
 *
 * @param file - a path, or the bytes of a file
 * @throws Error when the file is damaged
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.savez(`${folder}/data.npz`, { x: torch.arange(3), y: torch.ones(2) });
 * for (const [name, array] of np.load_npz(`${folder}/data.npz`)) print(name, array);
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.savez(f'{folder}/data.npz', x=torch.arange(3), y=torch.ones(2))
 *     for name, array in np.load(f'{folder}/data.npz').items():
 *         print(name, array)
 * ```
 */
export function load_npz(file: string | Uint8Array | { file: string | Uint8Array }): NpzFile;
export function load_npz(...args: unknown[]): NpzFile {
  const [source, what] = open(FILE.load_npz.read(args).file);
  try {
    return new NpzFile(source, what);
  } catch (error) {
    source.close();
    throw error;
  }
}

/**
 * Saves an array in the `.npy` format. Mirrors `numpy.save`; the file is byte for byte that of numpy, and appears
 * when it is complete.
 *
 * @param file - a path; `.npy` is appended when it has another ending
 * @param arr - the array
 * @throws TypeError for values that are not arrays
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.save(`${folder}/x`, new Float64Array([0.5, 1.5]));
 * print(np.load(`${folder}/x.npy`));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.save(f'{folder}/x', np.array([0.5, 1.5]))
 *     print(np.load(f'{folder}/x.npy'))
 * ```
 */
export function save(file: string, arr: ArrayLike | { arr: ArrayLike }): void;
export function save(options: { file: string; arr: ArrayLike }): void;
export function save(...args: unknown[]): void {
  const { file, arr } = SAVE.read(args);
  const array = as_array('save', 'arr', arr);
  write_durably(with_ending(file, '.npy'), (sink) => {
    for (const piece of write_npy(array)) sink.write(piece);
  });
}

/** Arrays by name: `{ x, y }`. */
export type NamedArrays = Readonly<Record<string, ArrayLike>>;

const SAVEZ = {
  savez: signature<{ file: string; args: unknown[] }>('savez', 'file: str, *args: any'),
  savez_compressed: signature<{ file: string; args: unknown[] }>('savez_compressed', 'file: str, *args: any'),
};

function write_npz(callee: keyof typeof SAVEZ, call: readonly unknown[], deflate: boolean): void {
  const { file, args } = SAVEZ[callee].read(call);
  const arrays = new Map<string, Loaded>();
  args.forEach((arg, i) => {
    if (i === args.length - 1 && is_plain_object(arg)) {
      for (const [name, value] of Object.entries(arg)) {
        if (arrays.has(name)) throw new Error(`${callee}(): Cannot use un-named variables and keyword ${name}`);
        arrays.set(name, as_array(callee, name, value));
      }
    } else arrays.set(`arr_${i}`, as_array(callee, `args[${i}]`, arg));
  });
  write_durably(with_ending(file, '.npz'), (sink) => {
    const zip = new ZipWriter(sink);
    for (const [name, array] of arrays) zip.add(`${name}.npy`, write_npy(array), { deflate });
    zip.finish();
  });
}

/**
 * Saves several arrays in a `.npz` file; those without a name are `arr_0`, `arr_1`, ... Mirrors `numpy.savez`.
 *
 * @param file - a path; `.npz` is appended when it has another ending
 * @param args - arrays, and at the end an object of arrays by name
 * @throws TypeError for values that are not arrays
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.savez(`${folder}/data`, torch.arange(3), { y: torch.ones(2) });
 * print(np.load_npz(`${folder}/data.npz`).files);
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.savez(f'{folder}/data', torch.arange(3), y=torch.ones(2))
 *     print(sorted(np.load(f'{folder}/data.npz').files))
 * ```
 */
export function savez(file: string, ...args: (ArrayLike | NamedArrays)[]): void;
export function savez(...args: unknown[]): void {
  write_npz('savez', args, false);
}

/**
 * {@link savez} with compression. Mirrors `numpy.savez_compressed`.
 *
 * @param file - a path; `.npz` is appended when it has another ending
 * @param args - arrays, and at the end an object of arrays by name
 * @throws TypeError for values that are not arrays
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * np.savez_compressed(`${folder}/data`, { x: torch.arange(3) });
 * print(np.load_npz(`${folder}/data.npz`).get('x'));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import numpy as np
 * with tempfile.TemporaryDirectory() as folder:
 *     np.savez_compressed(f'{folder}/data', x=torch.arange(3))
 *     print(np.load(f'{folder}/data.npz')['x'])
 * ```
 */
export function savez_compressed(file: string, ...args: (ArrayLike | NamedArrays)[]): void;
export function savez_compressed(...args: unknown[]): void {
  write_npz('savez_compressed', args, true);
}
