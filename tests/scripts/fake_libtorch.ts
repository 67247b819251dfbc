/** Folders that look like a libtorch as far as file headers go. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { VERSION } from './release.js';

export const here = process.arch === 'arm64' ? 0xb7 : 0x3e;
export const elsewhere = process.arch === 'arm64' ? 0x3e : 0xb7;

/** A file that looks like a shared library for a machine, as far as its header goes. */
export function library(machine: number): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

export function fake_libtorch(
  target: string,
  { version = `${VERSION}+cpu`, machine = here, without = '' } = {},
): string {
  mkdirSync(join(target, 'lib'), { recursive: true });
  for (const file of ['libc10.so', 'libtorch_cpu.so', 'libtorch.so']) {
    if (file !== without) writeFileSync(join(target, 'lib', file), library(machine));
  }
  writeFileSync(join(target, 'version.py'), `__version__ = '${version}'\n`);
  return target;
}
