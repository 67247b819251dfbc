import { fileURLToPath } from 'node:url';
import { types } from 'node:util';

import { type ByteSource, FileSource, MemorySource } from '../byte_source.js';
import type { DType } from '../dtype.js';
import { bind, type Tail } from '../nn/arguments.js';
import { kind_of } from '../nn/representation.js';
import { storage_chunks, UntypedStorage } from '../storage.js';
import { is_zip, type ZipRecord, ZipReader } from '../zip_reader.js';
import { allowed_globals } from './allowed_globals.js';
import { finder, is_legacy, LegacyFile } from './legacy_format.js';
import { LoadedStorage, PickledStorageType, swap_bytes } from './loaded_storage.js';
import { Op, PickleReader } from './pickle_opcodes.js';
import type { Tuple } from './python_values.js';
import { is_meta_location, type MapLocation, type Restore, restorer } from './storage_location.js';
import { Unpickler } from './unpickler.js';
import type { NodeURL } from '../_internal/node_types.js';

/** What {@link load} takes by name. */
export interface LoadOptions {
  /** Where tensors go: a device, an object from devices to devices, or a function. As they were saved when left out. */
  map_location?: MapLocation | null;
  /** Map the file into memory instead of reading it: pages come when they are used. Needs a path. Default false. */
  mmap?: boolean | null;
  /** There is no other way than true: nothing of a file is ever run. */
  weights_only?: true | null;
}

/** What {@link load} reads from: a path, or the bytes of a file. */
export type LoadSource = string | NodeURL | Uint8Array;

// Of the format before zip archives: up to the object.
const pickles_of_legacy = 4;
// A deflated pickle may become a thousand times as large: more than this is no checkpoint.
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
    const order = record === undefined ? 'little' : this.zip.read(record).toString('latin1');
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
        `load(): the pickle of ${this.what} unpacks to ${record.size} bytes; more than ${most_inflated} are refused`);
    }
    return this.zip.read(record);
  }

  load(): unknown {
    const unpickler = new Unpickler(new PickleReader(this.pickle()), {
      find: finder(allowed_globals(this.restore)),
      storage: (id) => this.storage(id),
      finish: (value) => (value instanceof LoadedStorage ? value.storage : value),
    });
    return unpickler.load();
  }

  private storage([, type, key, location, numel]: Tuple): LoadedStorage {
    if (!(type instanceof PickledStorageType) || typeof key !== 'string' || typeof location !== 'string'
      || typeof numel !== 'number') {
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
        `storage ${key} has ${record.size} bytes, and ${numel} elements of ${itemsize} bytes were announced`);
    }
    if (this.meta) return new UntypedStorage(record.size, { device: 'meta' });
    const mapped = this.path === undefined ? undefined : this.map_record(record, itemsize);
    const storage = mapped ?? this.read_record(record);
    if (this.big_endian) {
      for (const chunk of storage_chunks(storage)) {
        swap_bytes(chunk.subarray(0, chunk.length - chunk.length % itemsize), dtype);
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
    this.mapped ??= UntypedStorage.from_file(this.path as string, false, this.source.size);
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
        'weights_only=False in Python, and save it again');
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
  if (types.isUint8Array(f)) {
    const source = new MemorySource(f);
    check_format(source, 'the data');
    return use({ source, what: 'the data', path: undefined });
  }
  const path = f instanceof URL ? fileURLToPath(f) : f;
  if (typeof path !== 'string') {
    throw new TypeError(`load(): argument 'f' must be a path or a Uint8Array, not ${kind_of(f)}`);
  }
  const source = new FileSource(path);
  try {
    check_format(source, path);
    return use({ source, what: path, path });
  } finally {
    source.close();
  }
}

/**
 * Loads what `torch.save` saved, here or in Python: the zip format of today and the one before it. Mirrors `torch.load`
 * with `weights_only=True`: a file that names anything but what tensors and plain values need is refused with that
 * name, and nothing of it is run (see {@link add_safe_globals}).
 *
 * Dictionaries whose keys are all texts are objects, others Maps; tuples are arrays of the class {@link Tuple}. Tensors
 * that shared memory share it again. docs/porting.md tells what becomes of what.
 *
 * @param f - a path, or the bytes of a file
 * @param args - `map_location`, `mmap`
 * @throws Error when the file is damaged, or names something that is not allowed
 * @example
 * ```ts
 * const checkpoint = torch.load<{ model: StateDict; epoch: number }>('checkpoint.pt', { map_location: 'cpu' });
 * model.load_state_dict(checkpoint.model);
 * ```
 */
export function load<T = unknown>(f: LoadSource, ...args: Tail<[map_location: MapLocation | null], LoadOptions>): T {
  const options = bind<LoadOptions>('load', ['map_location', 'mmap', 'weights_only'], args);
  if ((options.weights_only as boolean | null | undefined) === false) {
    throw new Error(
      'load(): weights_only: false would run code of the file, which is Python; there is no such way here');
  }
  return with_source(f, ({ source, what, path }) => {
    const mapped = options.mmap === true;
    if (mapped && path === undefined) {
      throw new Error('load(): f must be a file path in order to use the mmap argument');
    }
    if (is_zip(source)) return new Checkpoint(source, what, options.map_location, mapped ? path : undefined).load();
    if (mapped) {
      throw new Error(
        'load(): mmap can only be used with files saved with `torch.save(_use_new_zipfile_serialization=True)`, please ' +
          'torch.save your checkpoint with this option in order to use mmap.');
    }
    const restore = restorer(options.map_location);
    return new LegacyFile(source, allowed_globals(restore)).load(restore);
  }) as T;
}

/**
 * The names in a file that {@link load} would refuse; mirrors `torch.serialization.get_unsafe_globals_in_checkpoint`.
 */
export function get_unsafe_globals_in_checkpoint(f: LoadSource): string[] {
  return with_source(f, ({ source, what }) => {
    if (!is_zip(source)) return unknown_names(source.read(0, source.size), pickles_of_legacy);
    return unknown_names(new Checkpoint(source, what, null, undefined).pickle(), 1);
  });
}

function unknown_names(pickles: Buffer, count: number): string[] {
  const find = allowed_globals((storage) => storage);
  const reader = new PickleReader(pickles);
  const names = new Set<string>();
  for (let left = count; left > 0;) {
    const op = reader.next();
    if (op === Op.STOP) left--;
    if (op !== Op.GLOBAL) continue;
    const [module, name] = [String(reader.argument), reader.name];
    if (find(module, name) === undefined) names.add(`${module}.${name}`);
  }
  return [...names];
}
