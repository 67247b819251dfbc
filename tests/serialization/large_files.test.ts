/** Files beyond what 32 bits can count, and storages that are written and read in pieces. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { p, pickle, ZipWriter } from './crafted.js';

const folder = fs.mkdtempSync(join(tmpdir(), 'torch-node-large-'));
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const piece = Buffer.alloc(2 ** 26);
const pieces = 65;

/** Our archive of a storage of more than 4 GiB and one behind it; the zeros of the file take no room on the disk. */
function write_large(file: string): void {
  const target = fs.openSync(file, 'w');
  let position = 0;
  const zip = new ZipWriter(
    {
      write(bytes) {
        if (bytes !== piece) fs.writeSync(target, bytes, 0, bytes.length, position);
        position += bytes.length;
      },
    },
    { alignment: 64 },
  );
  const tensor = (numel: number, key: string): ReturnType<typeof p.tensor> =>
    p.tensor(0, [numel], [1], p.storage(p.int(numel), key));
  zip.add('archive/data.pkl', [pickle(p.items(tensor((piece.length / 4) * pieces, '0'), tensor(3, '1')))]);
  zip.add('archive/byteorder', [Buffer.from('little')]);
  zip.add(
    'archive/data/0',
    (function* () {
      for (let i = 0; i < pieces; i++) yield piece;
    })(),
  );
  zip.add('archive/data/1', [Buffer.from(Float32Array.of(1, 2, 3).buffer)]);
  zip.add('archive/version', [Buffer.from('3\n')]);
  zip.finish();
  fs.ftruncateSync(target, position);
  fs.closeSync(target);
}

describe('an archive of more than 4 GiB', () => {
  const file = join(folder, 'large.pt');
  write_large(file);

  it('is mapped here', () => {
    const [large, small] = torch.load<[Tensor, Tensor]>(file, { mmap: true });
    expect([large.numel(), large.index(-1).item(), small.tolist()]).toEqual([2 ** 24 * pieces, 0, [1, 2, 3]]);
  });

  it('is mapped by Python', () => {
    expect(python('serialization_large.py', [file])).toEqual([2 ** 24 * pieces, 0, [1, 2, 3]]);
  });
});

it('a storage larger than a piece is written and read whole', () => {
  const x = torch.arange(2 ** 23 + 11);
  const file = join(folder, 'pieces.pt');
  torch.save(x, file);
  expect(torch.equal(torch.load<Tensor>(file), x)).toBe(true);
  expect(torch.equal(torch.load<Tensor>(file, { mmap: true }), x)).toBe(true);
});
