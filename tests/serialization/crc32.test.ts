/** The checksum of archives where Node has none. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';

const { crc32_of_bytes } = createRequire(import.meta.url)(join(root, 'dist', '_internal', 'io', 'crc32.js')) as {
  crc32_of_bytes: typeof crc32;
};

it.skipIf(crc32 === undefined)('is the same in JavaScript, also when it goes on', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
  for (const [start, end] of [
    [0, 0],
    [0, 1],
    [0, 1000],
    [3, 700],
  ] as const) {
    const part = bytes.subarray(start, end);
    expect(crc32_of_bytes(part)).toBe(crc32(part));
    expect(crc32_of_bytes(part, crc32(bytes))).toBe(crc32(part, crc32(bytes)));
  }
});
