import { fileURLToPath } from 'node:url';

import { type Sink, write_durably } from '../durable_file.js';
import { kind_of } from '../nn/representation.js';
import { storage_chunks } from '../storage.js';
import { ZipWriter } from '../zip_writer.js';
import { Pickler, type SavedStorage } from './pickler.js';
import type { NodeURL } from '../_internal/node_types.js';

/** Where `torch.save` writes to: a path, or an object whose `write` takes the bytes in order. */
export type SaveTarget = string | NodeURL | Sink;

// Records begin at multiples of it, so that files can be mapped into memory.
const alignment = 64;
const archive = 'archive';

/** The bytes of a storage; for somebody else's `write`, copies that it may keep. */
function* content({ storage }: SavedStorage, copied: boolean): Generator<Uint8Array, void, undefined> {
  for (const chunk of storage_chunks(storage.cpu())) yield copied ? Uint8Array.from(chunk) : chunk;
}

function write_archive(pickle: Buffer, storages: readonly SavedStorage[], sink: Sink, copied: boolean): void {
  const zip = new ZipWriter(sink, { alignment });
  const add = (name: string, text: string): void => zip.add(`${archive}/${name}`, [Buffer.from(text)]);
  zip.add(`${archive}/data.pkl`, [pickle]);
  add('.format_version', '1');
  add('.storage_alignment', String(alignment));
  add('byteorder', 'little');
  for (const storage of storages) zip.add(`${archive}/data/${storage.key}`, content(storage, copied));
  add('version', '3\n');
  zip.finish();
}

/**
 * Saves a value in the `.pt` format of PyTorch, which Python's `torch.load` reads. Mirrors `torch.save`.
 *
 * Values may be tensors of every dtype and layout, parameters, storages, numbers, bigints, strings, booleans, null,
 * {@link Complex}, `Uint8Array` (Python's bytes), dtypes, devices, layouts, sizes, and arrays, Maps, Sets and plain
 * objects of them, in any nesting and with cycles; so state dicts of modules and optimizers, and checkpoints. What is
 * one object, or one storage, is so in the file. docs/porting.md tells what becomes of what.
 *
 * A path gets the file whole or keeps what it had: it is written under a temporary name, synced and renamed.
 * @param obj - what to save
 * @param f - a path, or an object with `write(bytes)`
 * @throws TypeError for what a file cannot hold, with its place within `obj`; Error with the system's reason when the
 * file cannot be written
 */
export function save(obj: unknown, f: SaveTarget): void {
  const path = f instanceof URL ? fileURLToPath(f) : f;
  if (typeof path !== 'string' && typeof (path as Partial<Sink> | null | undefined)?.write !== 'function') {
    throw new TypeError(`save(): argument 'f' must be a path or an object with a function write, not ${kind_of(f)}`);
  }
  const pickler = new Pickler();
  const pickle = pickler.dump(obj);
  if (typeof path === 'string') {
    write_durably(path, (sink) => { write_archive(pickle, pickler.storages, sink, false); });
  } else {
    write_archive(pickle, pickler.storages, { write: (bytes) => { path.write(bytes); } }, true);
  }
}
