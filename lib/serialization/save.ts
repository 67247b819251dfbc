import { fileURLToPath } from 'node:url';

import { type Sink, write_durably } from '../_internal/io/durable_file.js';
import type { Tail } from '../_internal/arguments.js';
import { storage_chunks } from '../storage.js';
import { ZipWriter } from '../_internal/io/zip_writer.js';
import { define_kind, signature } from '../_internal/signature.js';
import { Pickler, type SavedStorage } from './pickler.js';
import type { NodeURL } from '../_internal/node_types.js';

/** Where `torch.save` writes to: a path, or an object whose `write` takes the bytes in order. */
export type SaveTarget = string | NodeURL | Sink;

/** What {@link save} takes by name. */
export interface SaveOptions {
  /** There is one way to write pickles here: null. */
  pickle_module?: null;
  /** The protocol of the pickle, 0 to 5; files that `weights_only` loads in Python have 2. Default 2. */
  pickle_protocol?: number;
  /** Write a zip archive; with false the format before it, for PyTorch before 1.6. Default true. */
  _use_new_zipfile_serialization?: boolean;
  /** Leave out the record that tells the order of bytes. Default false. */
  _disable_byteorder_record?: boolean;
}

interface SaveArguments extends SaveOptions {
  obj: unknown;
  f: SaveTarget;
}

define_kind(
  'Sink',
  'object with a function write',
  (value) => typeof value === 'object' && value !== null && typeof (value as Partial<Sink>).write === 'function',
);

const SAVE = signature<SaveArguments>(
  'save',
  'obj: any, f: str|URL|Sink, pickle_module?: None, pickle_protocol?: int, ' +
    '_use_new_zipfile_serialization?: bool, _disable_byteorder_record?: bool',
);
const highest_protocol = 5;

// Records begin at multiples of it, so that files can be mapped into memory.
const alignment = 64;
const archive = 'archive';

/** The bytes of a storage; for somebody else's `write`, copies that it may keep. */
function* content({ storage }: SavedStorage, copied: boolean): Generator<Uint8Array, void, undefined> {
  for (const chunk of storage_chunks(storage.cpu())) yield copied ? Uint8Array.from(chunk) : chunk;
}

/** Writes what was pickled. */
type Write = (sink: Sink, copied: boolean) => void;

function as_archive(pickle: Buffer, storages: readonly SavedStorage[], with_byteorder: boolean): Write {
  return (sink, copied) => {
    const zip = new ZipWriter(sink, { alignment });
    const add = (name: string, text: string): void => zip.add(`${archive}/${name}`, [Buffer.from(text)]);
    zip.add(`${archive}/data.pkl`, [pickle]);
    add('.format_version', '1');
    add('.storage_alignment', String(alignment));
    if (with_byteorder) add('byteorder', 'little');
    for (const storage of storages) zip.add(`${archive}/data/${storage.key}`, content(storage, copied));
    add('version', '3\n');
    zip.finish();
  };
}

/** The format before zip archives: pickles, and then the storages with the number of their elements before each. */
function as_pickles(pickle: Buffer, storages: readonly SavedStorage[], protocol: number): Write {
  const sorted = [...storages].sort((a, b) => (a.key < b.key ? -1 : 1));
  const facts = { protocol_version: 1001, little_endian: true, type_sizes: { short: 2, int: 4, long: 4 } };
  const pickled = (value: unknown): Buffer => new Pickler({ protocol }).dump(value);
  return (sink, copied) => {
    for (const value of [0x1950a86a20f9469cfc6cn, facts.protocol_version, facts]) sink.write(pickled(value));
    sink.write(pickle);
    sink.write(pickled(sorted.map(({ key }) => key)));
    for (const storage of sorted) {
      const numel = Buffer.alloc(8);
      numel.writeBigInt64LE(BigInt(storage.numel));
      sink.write(numel);
      for (const piece of content(storage, copied)) sink.write(piece);
    }
  };
}

function checked_protocol(given: number): number {
  const protocol = given < 0 ? highest_protocol : Number(given);
  if (protocol > highest_protocol) throw new Error(`pickle protocol must be <= ${highest_protocol}`);
  return protocol;
}

/**
 * Saves a value in the `.pt` format of PyTorch, which Python's `torch.load` reads. Mirrors `torch.save`.
 *
 * Values may be tensors of every dtype and layout, parameters, storages, numbers, bigints, strings, booleans, null,
 * {@link Complex}, `Uint8Array` (Python's bytes), dtypes, devices, layouts, sizes, and arrays, Maps, Sets and plain
 * objects of them, in any nesting and with cycles; so state dicts of modules and optimizers, and checkpoints. Whole modules
 * are saved with the Python name of their class, which is known for `torch.nn`'s and told by
 * `torch.serialization.add_safe_globals` for others; Python loads them with `weights_only=False`. What is one object, or one
 * storage, is so in the file. docs/porting.md tells what becomes of what.
 *
 * A path gets the file whole or keeps what it had: it is written under a temporary name, synced and renamed.
 * @param obj - what to save
 * @param f - a path, or an object with `write(bytes)`
 * @throws TypeError for what a file cannot hold, with its place within `obj`; Error with the system's reason when the
 * file cannot be written
 * @example
 * ```ts
 * torch.save({ model: net.state_dict(), epoch: 3 }, 'checkpoint.pt');
 * torch.save(new torch.nn.Linear(2, 3), 'linear.pt');
 * ```
 */
export function save(
  obj: unknown,
  f: SaveTarget,
  ...args: Tail<
    [
      pickle_module: null,
      pickle_protocol: number,
      _use_new_zipfile_serialization: boolean,
      _disable_byteorder_record: boolean,
    ],
    SaveOptions
  >
): void;
export function save(obj: unknown, options: { f: SaveTarget } & SaveOptions): void;
export function save(options: { obj: unknown; f: SaveTarget } & SaveOptions): void;
export function save(...args: unknown[]): void {
  const {
    obj,
    f,
    pickle_protocol = 2,
    _use_new_zipfile_serialization: zipped = true,
    _disable_byteorder_record = false,
  } = SAVE.read(args);
  const protocol = checked_protocol(pickle_protocol);
  const pickler = new Pickler({ protocol, legacy: !zipped });
  const pickle = pickler.dump(obj);
  const write = zipped
    ? as_archive(pickle, pickler.storages, !_disable_byteorder_record)
    : as_pickles(pickle, pickler.storages, protocol);
  if (typeof f === 'string' || f instanceof URL) {
    write_durably(f instanceof URL ? fileURLToPath(f) : f, (sink) => {
      write(sink, false);
    });
  } else
    write(
      {
        write: (bytes) => {
          f.write(bytes);
        },
      },
      true,
    );
}
