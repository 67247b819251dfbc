/**
 * Tar archives (ustar, with the long names of GNU and of pax), read as a stream. Nothing is written outside of the target
 * folder, and links and devices are not made: what has them is refused.
 */
import { createWriteStream, mkdirSync, lstatSync } from 'node:fs';
import { once } from 'node:events';
import { dirname } from 'node:path';

import { place_within } from './place_within.js';

const block = 512;

/** Takes bytes of any lengths from a stream, in order. */
class ByteQueue {
  private buffered: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** The next chunk of at most `most` bytes; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    while (this.buffered.length === 0) {
      const { done, value } = await this.chunks.next();
      if (done === true) return null;
      this.buffered = value as Buffer;
    }
    const taken = this.buffered.subarray(0, most);
    this.buffered = this.buffered.subarray(taken.length);
    return taken;
  }

  /** Exactly `length` bytes; null when the stream ends before the first. @throws Error when it ends later */
  async exactly(length: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null) {
        if (missing === length) return null;
        throw new Error('the archive is truncated');
      }
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Hands on `length` bytes. @throws Error when there are fewer */
  async pass(length: number, take: (bytes: Buffer) => Promise<void> | void): Promise<void> {
    let missing = length;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null) throw new Error('the archive is truncated');
      await take(part);
      missing -= part.length;
    }
  }
}

function text_at(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}

/** A number in octal digits, or, where its first bit is set, in binary. */
function number_at(header: Buffer, from: number, length: number): number {
  if ((header[from]! & 0x80) !== 0) {
    let value = header[from]! & 0x7f;
    for (let i = from + 1; i < from + length; i++) value = value * 256 + header[i]!;
    return value;
  }
  const digits = text_at(header, from, length).trim();
  if (!/^[0-7]*$/.test(digits))
    throw new Error('not a tar archive, or damaged: a header has no number where one belongs');
  return digits === '' ? 0 : parseInt(digits, 8);
}

function check_sum(header: Buffer): void {
  const expected = number_at(header, 148, 8);
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 0x20 : header[i]!;
  if (sum !== expected) throw new Error('not a tar archive, or damaged: the checksum of a header is wrong');
}

/** The records of a pax header: `length key=value\n`. */
function pax_records(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(bytes.subarray(at, space).toString('latin1'));
    if (!Number.isInteger(length) || length < 1 || at + length > bytes.length) {
      throw new Error('the archive is damaged: a pax header is not one');
    }
    const record = bytes.subarray(space + 1, at + length - 1).toString('utf8');
    const sign = record.indexOf('=');
    records.set(record.slice(0, sign), record.slice(sign + 1));
    at += length;
  }
  return records;
}

// What stands for names and attributes is small; more would fill the memory.
const most_described = 1 << 20;

/** What the headers in front of a member have said of it. */
interface Described {
  long_name?: string;
  pax: ReadonlyMap<string, string>;
}

/** The name of a member, in the header itself or before it. */
function name_of(header: Buffer, { long_name, pax }: Described): string {
  const is_ustar = header.subarray(257, 262).toString('latin1') === 'ustar';
  const prefix = is_ustar ? text_at(header, 345, 155) : '';
  const short = text_at(header, 0, 100);
  return pax.get('path') ?? long_name ?? (prefix === '' ? short : `${prefix}/${short}`);
}

function size_of(header: Buffer, { pax }: Described): number {
  const size = Number(pax.get('size') ?? number_at(header, 124, 12));
  if (!Number.isSafeInteger(size) || size < 0) throw new Error('the archive is damaged: a size is not one');
  return size;
}

/** A header that describes the member behind it. */
async function read_description(bytes: ByteQueue, kind: string, size: number, before: Described): Promise<Described> {
  if (size > most_described) throw new Error('the archive is damaged: a name is too long');
  const content = (await bytes.exactly(size)) ?? Buffer.alloc(0);
  if (kind === 'L') return { ...before, long_name: text_at(content, 0, content.length) };
  return kind === 'x' ? { ...before, pax: pax_records(content) } : before;
}

/** Writes a member, of which the name and the size are known. @throws Error for one that is not wanted */
async function extract_member(
  bytes: ByteQueue,
  kind: string,
  name: string,
  size: number,
  target: string,
): Promise<void> {
  const path = place_within(target, name);
  if (kind === '5') {
    mkdirSync(path, { recursive: true });
    await bytes.pass(size, () => {});
  } else if (['0', '\0', '7'].includes(kind)) {
    await write_file(bytes, path, size);
  } else {
    throw new Error(`the archive has ${kind_title(kind)}, ${name}, which is not extracted`);
  }
}

/** Extracts an archive. @throws Error for one that is damaged, or has members that are not wanted */
export async function extract_tar(stream: AsyncIterable<Buffer>, target: string): Promise<void> {
  const bytes = new ByteQueue(stream);
  let described: Described = { pax: new Map() };
  for (;;) {
    const header = await bytes.exactly(block);
    // Two empty blocks end an archive; some have none.
    if (header === null || header.every((byte) => byte === 0)) return;
    check_sum(header);
    const kind = String.fromCharCode(header[156]!);
    const size = size_of(header, described);
    if ('LKxg'.includes(kind)) {
      described = await read_description(bytes, kind, size, described);
    } else {
      await extract_member(bytes, kind, name_of(header, described), size, target);
      described = { pax: new Map() };
    }
    await bytes.pass((block - (size % block)) % block, () => {});
  }
}

function kind_title(kind: string): string {
  if (kind === '1' || kind === '2') return 'a link';
  return ['3', '4', '6'].includes(kind) ? 'a device' : `a member of the unknown kind '${kind}'`;
}

async function write_file(bytes: ByteQueue, path: string, size: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new Error(`${path} is a link, which is not written through`);
  }
  const file = createWriteStream(path);
  const failed = once(file, 'error').then(([error]) => {
    throw error as Error;
  });
  failed.catch(() => undefined);
  try {
    await bytes.pass(size, async (part) => {
      if (!file.write(part)) await Promise.race([once(file, 'drain'), failed]);
    });
  } finally {
    file.end();
    await Promise.race([once(file, 'close'), failed]);
  }
}
