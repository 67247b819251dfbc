/** Event files: TensorFlow's records, each with its length and checksums, appended to a file. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { method_signature, signature } from '../../_internal/signature.js';
import type {} from '../../_internal/node_types.js';
import { masked_crc32c } from './crc32c.js';
import { double, message, nested, text, type Field, int } from './protobuf.js';

const RECORD_WRITER = signature<{ writer: string }>('RecordWriter', 'writer: str');
const WRITE = method_signature<{ data: Uint8Array }>('RecordWriter.write', 'data: Uint8Array');
const FLUSH = method_signature<object>('RecordWriter.flush');
const CLOSE = method_signature<object>('RecordWriter.close');

/** A record: length, checksum of the length, data, checksum of the data. */
function record(data: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(data.length + 16);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(masked_crc32c(bytes.subarray(0, 8)), 8);
  bytes.set(data, 12);
  bytes.writeUInt32LE(masked_crc32c(data), data.length + 12);
  return bytes;
}

/**
 * Appends records to a file. Each goes to the system whole and at once, so that a process that is killed leaves all that was
 * written before. Mirrors `torch.utils.tensorboard.RecordWriter`.
 *
 * @param writer - the path of the file; Python takes the open file
 * @example
 * ```ts
 * import { RecordWriter } from 'torch-node/tensorboard';
 * import { statSync } from 'node:fs';
 * const writer = new RecordWriter('greeting.tfrecord');
 * writer.write(Buffer.from('hello'));
 * writer.close();
 * print(statSync('greeting.tfrecord').size);
 * ```
 * ```python
 * import os
 * from torch.utils.tensorboard import RecordWriter
 * writer = RecordWriter(open('plain.tfrecord', 'wb'))
 * writer.write(b'hello')
 * writer.close()
 * print(os.path.getsize('plain.tfrecord'))
 * ```
 */
export class RecordWriter {
  private file: number | undefined;

  constructor(writer: string);
  constructor(options: { writer: string });
  constructor(...args: unknown[]) {
    this.file = openSync(RECORD_WRITER.read(args).writer, 'a');
  }

  /** Appends a record. @throws Error when the writer is closed */
  write(data: Uint8Array): void;
  write(options: { data: Uint8Array }): void;
  write(...args: unknown[]): void {
    const { data } = WRITE.read(args);
    if (this.file === undefined) throw new Error('RecordWriter.write(): the writer is closed');
    const bytes = record(data);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
  }

  /** Does nothing: records are written at once. */
  flush(): void;
  flush(...args: unknown[]): void {
    FLUSH.read(args);
  }

  /** Closes the file; further calls do nothing. */
  close(): void;
  close(...args: unknown[]): void {
    CLOSE.read(args);
    if (this.file === undefined) return;
    closeSync(this.file);
    this.file = undefined;
  }
}

/** Seconds since 1970. */
export const wall_clock = (): number => (performance.timeOrigin + performance.now()) / 1000;

/** How many event files this process has made: a part of their names. */
let files = 0;

/** The member of an event that says what it is about. */
export const event_file_version = (version: string): Field => text(3, version, true);
export const event_summary = (summary: Uint8Array): Field => nested(5, summary);

/** An event. */
export const encode_event = (what: Field, walltime: number, step: number | bigint | null): Uint8Array =>
  message(double(1, walltime), step === null ? new Uint8Array(0) : int(2, step), what);

/** An event file in a folder, with the name that TensorBoard looks for. */
export class EventFile {
  private readonly records: RecordWriter;

  constructor(
    readonly logdir: string,
    suffix: string,
  ) {
    mkdirSync(logdir, { recursive: true });
    const seconds = String(Math.floor(wall_clock())).padStart(10, '0');
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}${suffix}`;
    this.records = new RecordWriter(join(logdir, name));
    const source = nested(10, text(1, 'tensorboard.summary.writer.event_file_writer'));
    this.records.write(message(double(1, wall_clock()), event_file_version('brain.Event:2'), source));
  }

  add(event: Uint8Array): void {
    this.records.write(event);
  }

  close(): void {
    this.records.close();
  }
}
