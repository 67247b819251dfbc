/** Values as pickles without a file, as Python's `pickle.dumps` writes them and `pickle.loads` reads them: what processes send each other. */
import { Buffer } from 'node:buffer';

import { MemorySource } from '../_internal/io/byte_source.js';
import { allowed_globals } from './allowed_globals.js';
import { finder, LegacyFile } from './legacy_format.js';
import { LoadedStorage } from './loaded_storage.js';
import { restore_module } from './module_state.js';
import { PickleReader } from './pickle_opcodes.js';
import { Pickler, type SavedStorage } from './pickler.js';
import { as_pickles } from './save.js';
import { restorer } from './storage_location.js';
import { PickledFunction, Unpickler, type Surroundings } from './unpickler.js';

/** A storage as a file of its own, which stands within the pickle as bytes. */
function storage_file(pickle: Buffer, storages: readonly SavedStorage[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  as_pickles(pickle, storages, 2)({ write: (bytes) => pieces.push(bytes) }, true);
  return Buffer.concat(pieces);
}

/** The pickle of a value. @throws TypeError for what cannot be sent, with its place within the value */
export function dumps(value: unknown): Uint8Array {
  return new Pickler({ storage_file }).dump(value);
}

/**
 * The value of a pickle, which another process sent. Names are those that `torch.load` allows by default, and those of
 * `torch.serialization.add_safe_globals`: no code of the pickle is run.
 * @param more what makes objects of further classes, by their full names
 * @throws Error for other names, and for what is no pickle
 */
export function loads(
  bytes: Uint8Array,
  more: ReadonlyMap<string, (...args: unknown[]) => object> = new Map(),
): unknown {
  return load_first(bytes, more).value;
}

/** The value of the pickle that bytes begin with, and where it ends. */
export function load_first(
  bytes: Uint8Array,
  more: ReadonlyMap<string, (...args: unknown[]) => object> = new Map(),
): { value: unknown; end: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const restore = restorer(null);
  const allowed = allowed_globals(restore, true);
  const of_bytes = new PickledFunction('torch.storage._load_from_bytes', ([file]) => {
    if (!(file instanceof Uint8Array)) throw new Error('_load_from_bytes(): expected bytes');
    const reading = { weights_only: true, encoding: 'utf-8' } as const;
    return new LegacyFile(new MemorySource(file), allowed, reading).load_storage(restore);
  });
  const find: Surroundings['find'] = (module, name) => {
    if (module === 'torch.storage' && name === '_load_from_bytes') return of_bytes;
    const full = `${module}.${name}`;
    const make = more.get(full);
    return make ? new PickledFunction(full, (args) => make(...args), true) : finder(allowed, true)(module, name);
  };
  const reader = new PickleReader(buffer, 0, 'utf-8');
  const value = new Unpickler(reader, {
    find,
    storage: () => {
      throw new Error('a storage where there should be none');
    },
    finish: (value) => (value instanceof LoadedStorage ? value.storage : value),
    restore: restore_module,
  }).load();
  return { value, end: reader.position };
}
