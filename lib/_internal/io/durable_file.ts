/** Files that are either there whole or not at all. */
import * as fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

/** What is written piece by piece. */
export interface Sink {
  write(bytes: Uint8Array): void;
}

function write_fully(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at, bytes.length - at);
}

/** The file that a path leads to, when there is one. */
function stat_of_target(path: string): { path: string; stat: fs.Stats } | undefined {
  try {
    const real = fs.realpathSync(path);
    return { path: real, stat: fs.statSync(real) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a link leads to that has no file yet; the path itself when it is not such a link. */
function end_of_link(path: string): string {
  let target = path;
  // More links than any system follows.
  for (let i = 0; i < 64; i++) {
    const stat = fs.lstatSync(target, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() !== true) break;
    target = resolve(dirname(target), fs.readlinkSync(target));
  }
  return target;
}

const code_of = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** So that the new name survives a power failure; not every system can do that with a folder. */
function sync_folder(folder: string): void {
  if (process.platform === 'win32') return;
  const file = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

function open_new(path: string, folder: string): number {
  try {
    return fs.openSync(path, 'wx');
  } catch (error) {
    if (code_of(error) !== 'ENOENT') throw error;
    throw new Error(`Parent directory ${folder} does not exist.`, { cause: error });
  }
}

function write_to(file: number, fill: (sink: Sink) => void, sync: boolean): void {
  try {
    fill({ write: (bytes) => write_fully(file, bytes) });
    if (sync) fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

function rename_or_replace(temporary: string, target: string): void {
  try {
    fs.renameSync(temporary, target);
  } catch (error) {
    // A mount point cannot be replaced.
    if (code_of(error) !== 'EBUSY') throw error;
    fs.copyFileSync(temporary, target);
    fs.rmSync(temporary);
  }
}

const temporary_in = (folder: string): string =>
  join(folder, `.torch-node-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);

/**
 * Writes a file under a temporary name in the same folder, syncs it, and gives it its name: whatever goes wrong, the
 * path has the old content or the new one. Links are followed; devices and pipes are written to directly, and so is a file
 * that there is in a folder which takes no new ones (a read-only folder, a file that is a mount of its own).
 * @param fill writes the content, in order
 */
export function write_durably(path: string, fill: (sink: Sink) => void): void {
  const old = stat_of_target(path);
  if (old !== undefined && !old.stat.isFile()) {
    write_to(fs.openSync(path, 'w'), fill, false);
    return;
  }
  const target = old?.path ?? end_of_link(path);
  const folder = dirname(target);
  const temporary = temporary_in(folder);
  let file: number;
  try {
    file = open_new(temporary, folder);
  } catch (error) {
    if (old === undefined || !['EACCES', 'EPERM', 'EROFS'].includes(code_of(error) ?? '')) throw error;
    write_to(fs.openSync(target, 'w'), fill, true);
    return;
  }
  try {
    if (old !== undefined) fs.fchmodSync(file, old.stat.mode & 0o7777);
    write_to(file, fill, true);
    rename_or_replace(temporary, target);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  sync_folder(folder);
}

/** The same of a new file whose content is there, without blocking the event loop while it is written. */
export async function write_durably_later(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const temporary = temporary_in(dirname(path));
  try {
    const file = await fs.promises.open(temporary, 'wx');
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    rename_or_replace(temporary, path);
  } catch (error) {
    await fs.promises.rm(temporary, { force: true });
    throw error;
  }
  sync_folder(dirname(path));
}
