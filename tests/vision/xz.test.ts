/** Archives of xz, which Python's lzma has written. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { datasets } from 'torch-node/vision';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-xz-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const sums = python('vision/xz.py', [folder]) as Record<string, string>;
const { extract_archive } = datasets.utils;

describe('files of xz', () => {
  it.each(Object.entries(sums))('%s has the content that Python reads', (name, sum) => {
    const path = extract_archive(join(folder, `${name}.bin.xz`));
    expect(path).toBe(join(folder, `${name}.bin`));
    expect(createHash('md5').update(readFileSync(path)).digest('hex')).toBe(sum);
  });

  it('of archives are extracted', () => {
    const inside = join(folder, 'inside');
    expect(extract_archive(join(folder, 'good.tar.xz'), inside)).toBe(inside);
    expect(readFileSync(join(inside, 'b', 'c.txt'), 'utf8')).toBe('b/c.txt');
  });

  it('with other filters are refused', () => {
    expect(() => extract_archive(join(folder, 'filtered.bin.xz'))).toThrow(
      `${join(folder, 'filtered.bin.xz')}: broken xz: it has filters other than LZMA2`,
    );
  });

  it('that are damaged are refused, wherever a byte is changed, and where they end early', () => {
    const whole = readFileSync(join(folder, 'crc32.bin.xz'));
    const path = join(folder, 'broken.bin.xz');
    const accepted: string[] = [];
    const attempt = (what: string, bytes: Uint8Array): void => {
      writeFileSync(path, bytes);
      try {
        extract_archive(path);
        accepted.push(what);
      } catch (error) {
        expect((error as Error).message).toContain(`${path}: broken xz: `);
      }
    };
    // All bytes of headers, checks and indices, and some of the chunks; but not those of the footer, which is not needed.
    const places = [
      ...Array(40).keys(),
      500,
      5000,
      20_000,
      ...Array.from({ length: 16 }, (_, i) => whole.length - 13 - i),
    ];
    for (const at of places) {
      const changed = Uint8Array.from(whole);
      changed[at]! ^= 0x15;
      attempt(`byte ${at}`, changed);
    }
    for (const length of [0, 5, 12, 30, 5000, whole.length - 20, whole.length - 1]) {
      attempt(`${length} bytes`, whole.subarray(0, length));
    }
    expect(accepted).toEqual([]);
  });
});
