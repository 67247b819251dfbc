import { fileURLToPath } from 'node:url';

import { type Sink, write_durably } from '../_internal/io/durable_file.js';
import type { Tail } from '../_internal/arguments.js';
import { storage_chunks } from '../storage.js';
import { ZipWriter } from '../_internal/io/zip_writer.js';
import { define_kind, signature } from '../_internal/signature.js';
import { skips_data } from './options.js';
import { Pickler, type SavedStorage } from './pickler.js';
import type { NodeURL } from '../_internal/node_types.js';

/** Where `torch.save` writes: a path, or an object whose `write` receives the bytes in order. */
export type SaveTarget = string | NodeURL | Sink;

/** The options of {@link save}. */
export interface SaveOptions {
  /** Must be null (the default): pickles are written in one way. */
  pickle_module?: null;
  /** Protocol of the pickle, 0 to 5. Default 2, the one of files that Python loads with `weights_only`. */
  pickle_protocol?: number;
  /** Write a zip archive; false writes the legacy format, for PyTorch before 1.6. Default true. */
  _use_new_zipfile_serialization?: boolean;
  /** Omit the record of the byte order. Default false. */
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

const most_zeros = 1 << 20;

/** As many zeros, in pieces. */
function* zeros(count: number): Generator<Uint8Array, void, undefined> {
  for (let left = count; left > 0; left -= most_zeros) yield new Uint8Array(Math.min(left, most_zeros));
}

/** The bytes of a storage; copies for a user's `write`, which may keep them. */
function* content({ storage }: SavedStorage, copied: boolean): Generator<Uint8Array, void, undefined> {
  if (skips_data()) {
    yield* zeros(storage.nbytes());
    return;
  }
  for (const chunk of storage_chunks(storage.cpu())) yield copied ? Uint8Array.from(chunk) : chunk;
}

/** Writes the archive: the pickle and the storages. */
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
export function as_pickles(pickle: Uint8Array, storages: readonly SavedStorage[], protocol: number): Write {
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
 * {@link Complex}, `Uint8Array` (Python's bytes), NDArrays, dtypes, devices, layouts, sizes, and arrays, Maps, Sets and plain
 * objects of them, with cycles; so state dicts of modules and optimizers, and checkpoints. Whole modules are saved
 * with the Python name of their class, which is known for those of `torch.nn` and registered by
 * `torch.serialization.add_safe_globals` for others; Python loads them with `weights_only=False`. Objects and
 * storages that are shared within the value are shared in the file. docs/porting.md lists the conversions.
 *
 * A file is replaced atomically: it is written under a temporary name, synced and renamed.
 *
 * @param obj - the value
 * @param f - a path, or an object with `write(bytes)`
 * @param options - `pickle_module`, `pickle_protocol`, `_use_new_zipfile_serialization`, `_disable_byteorder_record`;
 * see {@link SaveOptions}
 * @throws TypeError for a value that a file cannot represent, with its place within `obj`
 * @throws Error with the system's reason when the file cannot be written
 * @example
 * ```ts
 * const chunks: Uint8Array[] = [];
 * torch.save({ weight: torch.tensor([0.5, 1.5]), epoch: 3 }, { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) });
 * print(torch.load(Buffer.concat(chunks)));
 * ```
 * ```python
 * import io
 * buffer = io.BytesIO()
 * torch.save({'weight': torch.tensor([0.5, 1.5]), 'epoch': 3}, buffer)
 * buffer.seek(0)
 * print(torch.load(buffer))
 * ```
 */
export function save(
  obj: unknown,
  f: SaveTarget,
  pickle_module?: null,
  pickle_protocol?: number,
  _use_new_zipfile_serialization?: boolean,
  _disable_byteorder_record?: boolean,
  options?: SaveOptions,
): void;
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
  if (!zipped && skips_data()) {
    throw new Error('Cannot use skip_data=True with _use_new_zipfile_serialization=False');
  }
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
