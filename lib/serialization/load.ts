import { fileURLToPath } from 'node:url';

import { type ByteSource, FileSource, MemorySource } from '../_internal/io/byte_source.js';
import { Device } from '../types/device.js';
import type { DType } from '../types/dtype.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { storage_chunks, UntypedStorage } from '../storage.js';
import { is_zip, type ZipRecord, ZipReader } from '../_internal/io/zip_reader.js';
import { signature } from '../_internal/signature.js';
import { allowed_globals } from './allowed_globals.js';
import { finder, is_legacy, LegacyFile } from './legacy_format.js';
import { LoadedStorage, PickledStorageType, swap_bytes } from './loaded_storage.js';
import { restore_module } from './module_state.js';
import { get_default_mmap_options, is_big_endian_by_default, MAP_SHARED, skips_data } from './options.js';
import { Op, PickleReader, type TextEncoding } from './pickle_opcodes.js';
import type { Tuple } from '../python/values.js';
import { is_meta_location, type MapLocation, type Restore, restorer } from './storage_location.js';
import { Unpickler } from './unpickler.js';
import type { NodeURL } from '../_internal/node_types.js';

/** The options of {@link load}. */
export interface LoadOptions {
  /**
   * Device of the tensors: a device, an object from devices to devices, or a function. Default null: as they were
   * saved.
   */
  map_location?: MapLocation | null;
  /** Must be null (the default): pickles are read in one way. */
  pickle_module?: null;
  /**
   * Allow only tensors and plain values, as Python does. With false, files may contain arrays of numpy, and whole modules: of the
   * classes of `torch.nn`, and of those registered by `torch.serialization.add_safe_globals`. No code of a file is run either
   * way. Default true.
   */
  weights_only?: boolean | null;
  /**
   * Map the file into memory instead of reading it: pages are read when used, and checksums are not compared.
   * Requires a path. Default false.
   */
  mmap?: boolean | null;
  /** Encoding of strings that Python 2 wrote; `'bytes'` returns Uint8Arrays. Default `'utf-8'`. */
  encoding?: 'utf-8' | 'utf8' | 'latin1' | 'ascii' | 'bytes';
  /** What to do with strings that do not fit the encoding: throw. */
  errors?: 'strict';
  /** Map names of Python 2 to those of Python 3: always true. */
  fix_imports?: true;
}

interface LoadArguments extends LoadOptions {
  f: LoadSource;
}

const LOAD = signature<LoadArguments>(
  'load',
  'f: str|URL|bytes, map_location?: str|device|dict|Callable|None, ' +
    'pickle_module?: None, *, weights_only?: bool|None, mmap?: bool|None, encoding?: str, errors?: str, fix_imports?: bool',
);
const UNSAFE_GLOBALS = signature<{ f: LoadSource }>('get_unsafe_globals_in_checkpoint', 'f: str|URL|bytes');

const encodings: Readonly<Record<string, TextEncoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'UTF-8': 'utf-8',
  latin1: 'latin1',
  'latin-1': 'latin1',
  'iso-8859-1': 'latin1',
  ascii: 'ascii',
  ASCII: 'ascii',
  bytes: 'bytes',
};

function encoding_named(name: string): TextEncoding {
  const found = Object.hasOwn(encodings, name) ? encodings[name] : undefined;
  if (found === undefined) throw new Error(`load(): unknown encoding: ${name}`);
  return found;
}

/** How the pickle of a file is read. */
export interface Reading {
  readonly weights_only: boolean;
  readonly encoding: TextEncoding;
}

/** What {@link load} reads: a path, or the bytes of a file. */
export type LoadSource = string | NodeURL | ArrayBufferView | ArrayBufferLike;

// Of the format before zip archives: up to the object.
const pickles_of_legacy = 4;
// A deflated pickle may become a thousand times as large: a larger ratio is not a checkpoint.
const most_inflated = 2 ** 28;

/** A file of the zip format. */
class Checkpoint {
  private readonly zip: ZipReader;
  private readonly folder: string;
  private readonly big_endian: boolean;
  private readonly storages = new Map<string, LoadedStorage>();
  private readonly meta: boolean;
  private readonly restore: Restore;
  private mapped: UntypedStorage | undefined;

  constructor(
    private readonly source: ByteSource,
    private readonly what: string,
    map_location: MapLocation | null | undefined,
    private readonly path: string | undefined,
    private readonly reading: Reading,
  ) {
    this.zip = new ZipReader(source, `load(): ${what}`);
    const [first = ''] = this.zip.records.keys();
    this.folder = first.slice(0, first.indexOf('/') + 1);
    this.meta = is_meta_location(map_location);
    this.restore = restorer(map_location);
    this.big_endian = this.read_byteorder() === 'big';
  }

  private record(name: string): ZipRecord | undefined {
    return this.zip.records.get(this.folder + name);
  }

  private required(name: string): ZipRecord {
    const record = this.record(name);
    if (record === undefined) throw new Error(`load(): ${this.what} has no record ${this.folder}${name}`);
    return record;
  }

  private read_byteorder(): string {
    const record = this.record('byteorder');
    const fallback = is_big_endian_by_default() ? 'big' : 'little';
    const order = record === undefined ? fallback : this.zip.read(record).toString('latin1');
    if (order !== 'little' && order !== 'big') {
      throw new Error(`load(): Unknown endianness type: ${JSON.stringify(order)}`);
    }
    return order;
  }

  /** The pickle of the object. */
  pickle(): Buffer {
    if (this.record('constants.pkl') !== undefined) {
      throw new Error(`load(): ${this.what} is a TorchScript archive; use torch.jit.load for those`);
    }
    const record = this.required('data.pkl');
    if (record.deflated && record.size > most_inflated) {
      throw new Error(
        `load(): the pickle of ${this.what} unpacks to ${record.size} bytes; more than ${most_inflated} are refused`,
      );
    }
    return this.zip.read(record);
  }

  load(): unknown {
    const { weights_only, encoding } = this.reading;
    const unpickler = new Unpickler(new PickleReader(this.pickle(), 0, encoding), {
      find: finder(allowed_globals(this.restore, weights_only), weights_only),
      storage: (id) => this.storage(id),
      finish: (value) => (value instanceof LoadedStorage ? value.storage : value),
      restore: restore_module,
    });
    return unpickler.load();
  }

  private storage([, type, key, location, numel]: Tuple): LoadedStorage {
    if (
      !(type instanceof PickledStorageType) ||
      typeof key !== 'string' ||
      typeof location !== 'string' ||
      typeof numel !== 'number'
    ) {
      throw new Error('the id of a storage must be a class of storages, a key, a device and a number of elements');
    }
    let loaded = this.storages.get(key);
    if (loaded === undefined) {
      loaded = new LoadedStorage(this.read_storage(key, type.dtype, location, numel), type.dtype);
      this.storages.set(key, loaded);
    }
    return loaded.dtype === type.dtype ? loaded : new LoadedStorage(loaded.storage, type.dtype);
  }

  private read_storage(key: string, dtype: DType, location: string, numel: number): UntypedStorage {
    const record = this.required(`data/${key}`);
    const { itemsize } = dtype;
    if (!Number.isSafeInteger(numel) || numel < 0 || Math.floor(record.size / itemsize) !== numel) {
      throw new Error(
        `storage ${key} has ${record.size} bytes, and ${numel} elements of ${itemsize} bytes were announced`,
      );
    }
    if (this.meta) return new UntypedStorage(record.size, { device: 'meta' });
    if (skips_data()) return this.restore(new UntypedStorage(record.size), location);
    const mapped = this.path === undefined ? undefined : this.map_record(record, itemsize);
    const storage = mapped ?? this.read_record(record);
    if (this.big_endian) {
      for (const chunk of storage_chunks(storage)) {
        swap_bytes(chunk.subarray(0, chunk.length - (chunk.length % itemsize)), dtype);
      }
    }
    return this.restore(storage, location);
  }

  private read_record(record: ZipRecord): UntypedStorage {
    const storage = new UntypedStorage(record.size);
    this.zip.read_into(record, storage_chunks(storage));
    return storage;
  }

  /** A part of the mapped file; undefined where elements would not lie at multiples of their size. */
  private map_record(record: ZipRecord, itemsize: number): UntypedStorage | undefined {
    if (record.deflated) throw new Error(`record ${record.name} is deflated, and cannot be mapped`);
    const offset = this.zip.content_offset(record);
    if (offset % itemsize !== 0) return undefined;
    this.mapped ??= UntypedStorage.from_file(
      this.path as string,
      get_default_mmap_options() === MAP_SHARED,
      this.source.size,
    );
    return this.mapped._slice(offset, record.size);
  }
}

/** @throws Error that says what a file is, when it is of no format that is read */
function check_format(source: ByteSource, what: string): void {
  if (is_zip(source) || is_legacy(source)) return;
  if (source.size === 0) throw new Error(`load(): ${what} is empty`);
  if (source.size > 512 && source.read(257, 5).toString('latin1') === 'ustar') {
    throw new Error(
      `load(): ${what} is in the legacy .tar format, of which Python too loads no weights only; load it with ` +
        'weights_only=False in Python, and save it again',
    );
  }
  throw new Error(`load(): ${what} is not a file of torch.save: Invalid magic number; corrupt file?`);
}

interface Opened {
  readonly source: ByteSource;
  /** What the source is called in error texts. */
  readonly what: string;
  /** Where the source is, when it is a file. */
  readonly path: string | undefined;
}

function with_source<T>(f: LoadSource, use: (opened: Opened) => T): T {
  if (typeof f !== 'string' && !(f instanceof URL)) {
    const bytes = ArrayBuffer.isView(f) ? new Uint8Array(f.buffer, f.byteOffset, f.byteLength) : new Uint8Array(f);
    const source = new MemorySource(bytes);
    check_format(source, 'the data');
    return use({ source, what: 'the data', path: undefined });
  }
  const path = f instanceof URL ? fileURLToPath(f) : f;
  const source = new FileSource(path);
  try {
    check_format(source, path);
    return use({ source, what: path, path });
  } finally {
    source.close();
  }
}

/** Throws for an object at the position of `map_location` whose keys are not devices: misspelled options. */
function check_location(map_location: unknown): void {
  if (!is_plain_object(map_location)) return;
  for (const [key, value] of Object.entries(map_location)) {
    if (LOAD.parsed.by_name.has(key)) continue;
    try {
      new Device(key);
    } catch {
      throw new TypeError(`load() got an unexpected keyword argument '${key}'`);
    }
    if (typeof value === 'string' || value instanceof Device) continue;
    throw new TypeError(
      `load(): argument 'map_location' must map devices to devices, but '${key}' is mapped to ${kind_of(value)}`,
    );
  }
}

/**
 * Loads what `torch.save` saved, here or in Python: the zip format and the legacy one, with pickles of any protocol.
 * Mirrors `torch.load`.
 *
 * With `weights_only` (the default), a file that names anything but what tensors and plain values need is an Error
 * with that name; without, it may contain modules too. Code of a file is never run (see
 * `torch.serialization.add_safe_globals`).
 * Dictionaries whose keys are all strings become objects, others Maps; tuples become arrays of the class
 * {@link Tuple}. Tensors that shared memory share it again. docs/porting.md lists the conversions.
 *
 * @param f - a path, or the bytes of a file
 * @param map_location - device of the tensors; default null, as they were saved
 * @param options - `pickle_module`, `weights_only`, `mmap`, `encoding`, `errors`, `fix_imports`; see
 * {@link LoadOptions}
 * @throws Error when the file is damaged, or names something that is not allowed
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * torch.save(new nn.Linear(2, 1).state_dict(), `${folder}/model.pt`);
 * const model = new nn.Linear(2, 1);
 * print(model.load_state_dict(torch.load<nn.StateDict>(`${folder}/model.pt`, { map_location: 'cpu' })));
 * print(model.weight.detach());
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * with tempfile.TemporaryDirectory() as folder:
 *     torch.save(nn.Linear(2, 1).state_dict(), f'{folder}/model.pt')
 *     model = nn.Linear(2, 1)
 *     print(model.load_state_dict(torch.load(f'{folder}/model.pt', map_location='cpu')))
 *     print(model.weight.detach())
 * ```
 */
export function load<T = unknown>(
  f: LoadSource,
  map_location?: MapLocation | null,
  pickle_module?: null,
  options?: LoadOptions,
): T;
export function load<T = unknown>(
  f: LoadSource,
  ...args: Tail<[map_location: MapLocation | null, pickle_module: null], LoadOptions>
): T;
export function load<T = unknown>(options: { f: LoadSource } & LoadOptions): T;
export function load(...args: unknown[]): unknown {
  const {
    f,
    map_location,
    weights_only,
    mmap,
    encoding = 'utf-8',
    errors = 'strict',
    fix_imports = true,
  } = LOAD.read(args);
  check_location(map_location);
  if (errors !== 'strict') throw new Error(`load(): errors: ${JSON.stringify(errors)} is not supported; 'strict' is`);
  if (!fix_imports) throw new Error('load(): fix_imports: false is not supported');
  const reading: Reading = { weights_only: weights_only ?? true, encoding: encoding_named(encoding) };
  return with_source(f, ({ source, what, path }) => {
    const mapped = mmap === true;
    if (mapped && path === undefined) {
      throw new Error('load(): f must be a file path in order to use the mmap argument');
    }
    if (is_zip(source)) return new Checkpoint(source, what, map_location, mapped ? path : undefined, reading).load();
    if (mapped) {
      throw new Error(
        'load(): mmap can only be used with files saved with `torch.save(_use_new_zipfile_serialization=True)`, please ' +
          'torch.save your checkpoint with this option in order to use mmap.',
      );
    }
    const restore = restorer(map_location);
    return new LegacyFile(source, allowed_globals(restore, reading.weights_only), reading).load(restore);
  });
}

/**
 * The names in a file that {@link load} with `weights_only` would not allow. Mirrors
 * `torch.serialization.get_unsafe_globals_in_checkpoint`.
 *
 * @param f - a path, or the bytes of a file
 * @throws Error when the file is damaged
 * @example
 * ```ts
 * const chunks: Uint8Array[] = [];
 * torch.save(new nn.ReLU(), { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) });
 * print(torch.serialization.get_unsafe_globals_in_checkpoint(Buffer.concat(chunks)).includes('torch.nn.modules.activation.ReLU'));
 * ```
 * ```python
 * import io
 * buffer = io.BytesIO()
 * torch.save(nn.ReLU(), buffer)
 * buffer.seek(0)
 * print('torch.nn.modules.activation.ReLU' in torch.serialization.get_unsafe_globals_in_checkpoint(buffer))
 * ```
 */
export function get_unsafe_globals_in_checkpoint(f: LoadSource): string[];
export function get_unsafe_globals_in_checkpoint(options: { f: LoadSource }): string[];
export function get_unsafe_globals_in_checkpoint(...args: unknown[]): string[] {
  const { f } = UNSAFE_GLOBALS.read(args);
  const reading: Reading = { weights_only: true, encoding: 'utf-8' };
  return with_source(f, ({ source, what }) => {
    if (!is_zip(source)) return unknown_names(source.read(0, source.size), pickles_of_legacy);
    return unknown_names(new Checkpoint(source, what, null, undefined, reading).pickle(), 1);
  });
}

const texts = new Set([Op.BINUNICODE, Op.SHORT_BINUNICODE, Op.BINUNICODE8, Op.UNICODE]);
const gets = new Set([Op.BINGET, Op.LONG_BINGET, Op.GET]);
const puts = new Set([Op.BINPUT, Op.LONG_BINPUT, Op.PUT]);

/** The last strings pushed on the stack: the module and name of STACK_GLOBAL. */
class RecentTexts {
  readonly last: unknown[] = [];
  private memo = new Map<number, unknown>();

  see(op: Op, argument: unknown): void {
    if (op === Op.PROTO) this.memo = new Map();
    else if (puts.has(op)) this.memo.set(argument as number, this.last.at(-1));
    else if (op === Op.MEMOIZE) this.memo.set(this.memo.size, this.last.at(-1));
    else {
      this.last.push(texts.has(op) ? argument : gets.has(op) ? this.memo.get(argument as number) : undefined);
      if (this.last.length > 2) this.last.shift();
    }
  }
}

function unknown_names(pickles: Buffer, count: number): string[] {
  const find = allowed_globals((storage) => storage, true);
  const reader = new PickleReader(pickles);
  const names = new Set<string>();
  const recent = new RecentTexts();
  for (let left = count; left > 0; ) {
    const op = reader.next();
    if (op === Op.STOP) left--;
    if (op === Op.GLOBAL || op === Op.INST || op === Op.STACK_GLOBAL) {
      const [module, name] = op === Op.STACK_GLOBAL ? recent.last.map(String) : [String(reader.argument), reader.name];
      if (find(module ?? '', name ?? '') === undefined) names.add(`${module}.${name}`);
    }
    recent.see(op, reader.argument);
  }
  return [...names];
}
