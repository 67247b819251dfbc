/** Downloads the files of a dataset from mirrors, checks them, and stores them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { write_durably } from '../../_internal/io/durable_file.js';
import { is_gzip, unpack } from './idx.js';
import { run_beside } from './run_beside.js';

/** A file of a dataset. */
export interface Resource {
  /** The name without `.gz`. */
  readonly name: string;
  /** MD5 of the published `.gz` file. */
  readonly gz_md5: string;
  /** MD5 of the unpacked content, where known: accepts the same data from mirrors that compress it differently. */
  readonly md5?: string;
}

const md5_of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** The unpacked content, when it is what was published. @throws Error otherwise */
function verified(bytes: Buffer, resource: Resource, source: string): Buffer {
  if (!is_gzip(bytes)) {
    const found = md5_of(bytes);
    if (resource.md5 === undefined || found === resource.md5) return bytes;
    throw new Error(`${source}: MD5 is ${found}, not ${resource.md5}`);
  }
  const found = md5_of(bytes);
  if (found === resource.gz_md5) return unpack(bytes, source);
  if (resource.md5 !== undefined) {
    const content = unpack(bytes, source);
    if (md5_of(content) === resource.md5) return content;
  }
  throw new Error(`${source}: MD5 is ${found}, not ${resource.gz_md5}`);
}

function download(url: string, target: string): Buffer {
  try {
    run_beside('fetch_file', [url, target], url);
    return readFileSync(target);
  } finally {
    rmSync(target, { force: true });
  }
}

function is_url(mirror: string): boolean {
  return /^https?:\/\//.test(mirror);
}

function from_folder(folder: string, resource: Resource): Buffer | undefined {
  for (const name of [resource.name, `${resource.name}.gz`]) {
    const file = join(folder, name);
    if (existsSync(file)) return verified(readFileSync(file), resource, file);
  }
  return undefined;
}

function from_mirror(mirror: string, resource: Resource, part: string): Buffer {
  if (!is_url(mirror)) {
    const content = from_folder(mirror, resource);
    if (!content) throw new Error(`${mirror}: has no ${resource.name}`);
    return content;
  }
  const url = `${mirror}${mirror.endsWith('/') ? '' : '/'}${resource.name}.gz`;
  return verified(download(url, part), resource, url);
}

/**
 * Brings a file of a dataset into `folder`, unpacked, from the first mirror (URL or local folder) that has it complete. It
 * appears under its name only when it is complete and checked.
 * @throws Error with what went wrong at each mirror
 */
export function acquire(resource: Resource, folder: string, mirrors: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, resource.name);
  const part = `${target}.${process.pid}.part`;
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      const content = from_mirror(mirror, resource, part);
      write_durably(target, (sink) => {
        sink.write(content);
      });
      return;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`Error downloading ${resource.name}: ${failures.join('; ') || 'there are no mirrors'}`);
}
