/**
 * The format before zip archives: a magic number, a version, facts about the machine, the object and the keys of its
 * storages, a pickle each, and then the storages. The first pass finds the storages, the second one builds on them.
 */
import type { ByteSource } from '../_internal/io/byte_source.js';
import type { DType } from '../types/dtype.js';
import { kind_of } from '../_internal/representation.js';
import { storage_chunks, UntypedStorage } from '../storage.js';
import { throw_unsafe_global, type FindGlobal } from './allowed_globals.js';
import type { Reading } from './load.js';
import { LoadedStorage, PickledStorageType } from './loaded_storage.js';
import { restore_module } from './module_state.js';
import { Op, PickleReader } from './pickle_opcodes.js';
import type { Tuple } from '../python/values.js';
import type { Restore } from './storage_location.js';
import { PickledFunction, Unpickler, type Surroundings } from './unpickler.js';

const magic_number = 0x1950a86a20f9469cfc6cn;
const protocol_version = 1001;
const length_size = 8;
// The size of reads for the pickles, which come first; storages are read into their own memory.
const most_pickled = 2 ** 28;

// A pickle of the magic number in any protocol is shorter.
const most_beginning = 64;

/** Whether bytes start like a file of this format. */
export function is_legacy(source: ByteSource): boolean {
  const reader = new PickleReader(source.read(0, Math.min(source.size, most_beginning)));
  try {
    for (let op = reader.next(); op === Op.PROTO || op === Op.FRAME; op = reader.next());
    return reader.argument === magic_number && reader.next() === Op.STOP;
  } catch {
    return false;
  }
}

interface Declared {
  readonly dtype: DType;
  readonly location: string;
  readonly numel: number;
}

/** A persistent id: `('storage', class, key, location, numel, view)`. */
function read_id([, type, key, location, numel, view = null]: Tuple): Declared & { key: string; view: unknown } {
  if (
    !(type instanceof PickledStorageType) ||
    typeof location !== 'string' ||
    typeof numel !== 'number' ||
    numel < 0 ||
    !Number.isSafeInteger(numel) ||
    (typeof key !== 'string' && typeof key !== 'number')
  ) {
    throw new Error('the id of a storage must be a class of storages, a key, a device and a number of elements');
  }
  return { dtype: type.dtype, location, numel, key: String(key), view };
}

/** Functions that return nothing: in the first pass tensors have no memory yet. */
function without_tensors(found: unknown): unknown {
  if (!(found instanceof PickledFunction)) return found;
  if (found.registered) return new PickledFunction(found.name, () => ({}), true, found.itself);
  return /^torch\._|Parameter$/.test(found.name) ? new PickledFunction(found.name, () => null) : found;
}

/** Names of the list for one file. @throws Error for all others */
export function finder(find: FindGlobal, weights_only: boolean): Surroundings['find'] {
  return (module, name) => find(module, name) ?? throw_unsafe_global(module, name, weights_only);
}

function no_storages(): never {
  throw new Error('corrupt file: a storage where there should be none');
}

export class LegacyFile {
  private readonly bytes: Buffer;
  private readonly declared = new Map<string, Declared>();

  constructor(
    private readonly source: ByteSource,
    private readonly find: FindGlobal,
    private readonly reading: Reading,
  ) {
    this.bytes = source.read(0, Math.min(source.size, most_pickled));
  }

  private unpickle(position: number, surroundings: Partial<Surroundings>): [value: unknown, end: number] {
    const { weights_only, encoding } = this.reading;
    const reader = new PickleReader(this.bytes, position, encoding);
    const value = new Unpickler(reader, {
      find: finder(this.find, weights_only),
      storage: no_storages,
      finish: (given) => given,
      ...surroundings,
    }).load();
    return [value, reader.position];
  }

  private declare(id: Tuple): null {
    const { key, ...declared } = read_id(id);
    const before = this.declared.get(key);
    if (before !== undefined && (before.dtype !== declared.dtype || before.numel !== declared.numel)) {
      throw new Error(`storage ${key} is declared twice, in different ways`);
    }
    this.declared.set(key, declared);
    return null;
  }

  /** The end of the object's pickle, and of that of the keys. */
  private survey(): { object: number; keys: string[]; storages: number } {
    const [magic, after_magic] = this.unpickle(0, {});
    const [version, after_version] = this.unpickle(after_magic, {});
    if (magic !== magic_number) throw new Error('load(): Invalid magic number; corrupt file?');
    if (version !== protocol_version) throw new Error(`load(): Invalid protocol version: ${String(version)}`);
    const [, object] = this.unpickle(after_version, {});
    const [, after_object] = this.unpickle(object, {
      find: (module, name) => without_tensors(finder(this.find, this.reading.weights_only)(module, name)),
      storage: (id) => this.declare(id),
    });
    const [keys, storages] = this.unpickle(after_object, {});
    if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) {
      throw new Error(`load(): the keys of the storages must be a list of str, not ${kind_of(keys)}`);
    }
    return { object, keys: keys as string[], storages };
  }

  private read_storages(keys: readonly string[], from: number, restore: Restore): Map<string, LoadedStorage> {
    const storages = new Map<string, LoadedStorage>();
    let position = from;
    for (const key of keys) {
      const declared = this.declared.get(key);
      if (declared === undefined || storages.has(key)) {
        throw new Error(`load(): storage ${key} is not one of the file's`);
      }
      const { dtype, location, numel } = declared;
      const nbytes = numel * dtype.itemsize;
      if (position + length_size + nbytes > this.source.size) {
        throw new Error(
          `load(): the file is cut off: storage ${key} of ${nbytes} bytes begins at ${position}, and the file has ` +
            `${this.source.size}`,
        );
      }
      const written = this.source.read(position, length_size).readBigUInt64LE();
      if (written !== BigInt(numel)) {
        throw new Error(`load(): storage ${key} has ${written} elements, and ${numel} were announced`);
      }
      position += length_size;
      const storage = new UntypedStorage(nbytes);
      for (const chunk of storage_chunks(storage)) {
        this.source.read_into(chunk, position);
        position += chunk.length;
      }
      storages.set(key, new LoadedStorage(restore(storage, location), dtype));
    }
    return storages;
  }

  /** The storage that is all of the file: what Python's `torch.storage._load_from_bytes` reads. */
  load_storage(restore: Restore): LoadedStorage {
    const value = this.load(restore, (given) => given);
    if (!(value instanceof LoadedStorage)) throw new Error('the file has something else than one storage');
    return value;
  }

  load(
    restore: Restore,
    finish: Surroundings['finish'] = (given) => (given instanceof LoadedStorage ? given.storage : given),
  ): unknown {
    const { object, keys, storages: start } = this.survey();
    const storages = this.read_storages(keys, start, restore);
    const views = new Map<string, LoadedStorage>();
    const [value] = this.unpickle(object, {
      storage: (id) => {
        const { key, view } = read_id(id);
        const storage = storages.get(key);
        if (storage === undefined) throw new Error(`storage ${key} is not in the file`);
        return view === null ? storage : view_of(storage, view, views);
      },
      finish,
      restore: restore_module,
    });
    return value;
  }
}

/** A part of a storage as one of its own: `(key, offset, numel)`. */
function view_of(root: LoadedStorage, view: unknown, known: Map<string, LoadedStorage>): LoadedStorage {
  const [key, offset, numel] = Array.isArray(view) ? (view as unknown[]) : [];
  if (typeof offset !== 'number' || typeof numel !== 'number') throw new Error('the view of a storage must be a tuple');
  let made = known.get(String(key));
  if (made === undefined) {
    const { itemsize } = root.dtype;
    made = new LoadedStorage(root.storage._slice(offset * itemsize, numel * itemsize), root.dtype);
    known.set(String(key), made);
  }
  return made;
}
