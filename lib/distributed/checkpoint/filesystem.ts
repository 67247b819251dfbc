/** Checkpoints in folders: `.metadata`, and a file `__0_0.distcp` of each process. */
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { write_durably, write_durably_later } from '../../_internal/io/durable_file.js';
import { define_kind, method_signature, signature, type Arguments } from '../../_internal/signature.js';
import { metadata_of_bytes, type Metadata, type StorageInfo } from './metadata.js';

/** Writes bytes one after the other. */
export type Piece = (write: (bytes: Uint8Array) => void) => void;

/** Writes pieces, and says where they lie. */
function placed(name: string, pieces: readonly Piece[], write: (bytes: Uint8Array) => void): StorageInfo[] {
  let at = 0;
  return pieces.map((piece) => {
    const offset = at;
    piece((bytes) => {
      write(bytes);
      at += bytes.length;
    });
    return { relative_path: name, offset, length: at - offset };
  });
}

/** Keyword arguments of {@link FileSystemWriter}. */
export interface FileSystemWriterOptions {
  /** Write over a checkpoint that is there, with a warning. Default true. */
  overwrite?: boolean;
}

const WRITER = signature<FileSystemWriterOptions & { path: string }>(
  'FileSystemWriter',
  'path: str, *, overwrite?: bool',
);
const READER = signature<{ path: string }>('FileSystemReader', 'path: str');
const READ_METADATA = method_signature<object>('FileSystemReader.read_metadata');

/**
 * Makes a folder and those above it. Not with `recursive`, by which Node.js tries without end in file systems that have folders but take no new
 * ones, such as /proc.
 */
function make_folder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) make_folder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}

/** @throws Error for a path that no checkpoint can be at, in Python's words */
export function check_path(path: string): void {
  const undetected = new Error(
    'Cannot detect which StorageReader or StorageWriter to use. Please specify the storage_reader/storage_writer.',
  );
  if (path.includes('://')) throw undetected;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      accessSync(folder, constants.W_OK);
      return;
    } catch {
      if (dirname(folder) === folder) throw undetected;
    }
  }
}

/**
 * Writes checkpoints to a folder. Mirrors `torch.distributed.checkpoint.FileSystemWriter`: one file for each process, written whole or not at
 * all, and `.metadata` last.
 *
 * @param path - the folder, which need not be there
 * @param overwrite - by name only: write over a checkpoint that is there, with a warning; default true
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * const dcp = torch.distributed.checkpoint;
 * const folder = mkdtempSync('dcp-');
 * dcp.save({ step: 3 }, { storage_writer: new dcp.FileSystemWriter(folder, { overwrite: false }), no_dist: true });
 * const state = { step: 0 };
 * dcp.load(state, { storage_reader: new dcp.FileSystemReader(folder), no_dist: true });
 * print(state);
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import torch.distributed.checkpoint as dcp
 * with tempfile.TemporaryDirectory() as folder:
 *     dcp.save({'step': 3}, storage_writer=dcp.FileSystemWriter(folder, overwrite=False), no_dist=True)
 *     state = {'step': 0}
 *     dcp.load(state, storage_reader=dcp.FileSystemReader(folder), no_dist=True)
 *     print(state)
 * ```
 */
export class FileSystemWriter {
  /** The folder. */
  readonly path: string;
  /** Whether it writes over a checkpoint that is there. */
  readonly overwrite: boolean;

  constructor(path: string, options?: FileSystemWriterOptions);
  constructor(options: FileSystemWriterOptions & { path: string });
  constructor(...args: unknown[]) {
    const { path, overwrite = true } = WRITER.read(args);
    this.path = path;
    this.overwrite = overwrite;
  }

  /** Where it writes. */
  get checkpoint_id(): string {
    return this.path;
  }

  /** @internal makes the folder; returns whether a checkpoint is there */
  _prepare(): boolean {
    make_folder(this.path);
    const found = existsSync(join(this.path, '.metadata'));
    if (found && !this.overwrite) throw new Error('Checkpoint already exists and self.overwrite=False.');
    return found;
  }

  /** @internal writes a file one piece after the other; returns where they lie */
  _write(name: string, pieces: readonly Piece[]): StorageInfo[] {
    let places: StorageInfo[] = [];
    write_durably(join(this.path, name), (sink) => {
      places = placed(name, pieces, (bytes) => sink.write(bytes));
    });
    return places;
  }

  /** @internal copies what a file is to have; returns where its pieces will lie, and what writes it without blocking */
  _stage(name: string, pieces: readonly Piece[]): [StorageInfo[], () => Promise<void>] {
    const copies: Uint8Array[] = [];
    const places = placed(name, pieces, (bytes) => copies.push(Uint8Array.from(bytes)));
    return [places, () => write_durably_later(join(this.path, name), copies)];
  }

  /** @internal */
  _finish(metadata: Uint8Array): void {
    write_durably(join(this.path, '.metadata'), (sink) => sink.write(metadata));
  }
}
define_kind('StorageWriter', 'StorageWriter', (value) => value instanceof FileSystemWriter);

/**
 * Reads checkpoints of a folder, which {@link FileSystemWriter} or Python has written. Mirrors
 * `torch.distributed.checkpoint.FileSystemReader`. No code of a checkpoint is run.
 *
 * @param path - the folder
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * const dcp = torch.distributed.checkpoint;
 * const folder = mkdtempSync('dcp-');
 * dcp.save({ a: torch.ones(2, 3), step: 3 }, { checkpoint_id: folder, no_dist: true });
 * print([...new dcp.FileSystemReader(folder).read_metadata().state_dict_metadata.keys()]);
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import torch.distributed.checkpoint as dcp
 * with tempfile.TemporaryDirectory() as folder:
 *     dcp.save({'a': torch.ones(2, 3), 'step': 3}, checkpoint_id=folder, no_dist=True)
 *     print([*dcp.FileSystemReader(folder).read_metadata().state_dict_metadata.keys()])
 * ```
 */
export class FileSystemReader {
  /** The folder. */
  readonly path: string;

  constructor(...args: Arguments<[path: string], { path: string }, ['path']>);
  constructor(...args: unknown[]) {
    this.path = READER.read(args).path;
  }

  /** Where it reads. */
  get checkpoint_id(): string {
    return this.path;
  }

  /** What the checkpoint holds. @throws Error where there is none, or it is damaged */
  read_metadata(...args: []): Metadata {
    READ_METADATA.read(args);
    return metadata_of_bytes(readFileSync(join(this.path, '.metadata')));
  }

  /** @internal the bytes of a piece */
  _read({ relative_path, offset, length }: StorageInfo): Uint8Array {
    const file = openSync(join(this.path, relative_path), 'r');
    try {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const count = readSync(file, bytes, at, length - at, offset + at);
        if (count === 0) throw new Error(`${relative_path} ends within a piece: it is damaged`);
        at += count;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  }
}
define_kind('StorageReader', 'StorageReader', (value) => value instanceof FileSystemReader);
