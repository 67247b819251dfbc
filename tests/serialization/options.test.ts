/** The options of torch.serialization: skipped data, mapped files, orders of bytes, locations. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { afterAll, expect, it } from 'vitest';

import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-options-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = (name: string): string => join(folder, name);
const { serialization } = torch;

it('skip_data writes zeros that Python loads, and loads tensors of the right shape', () => {
  serialization.skip_data(() => {
    torch.save({ x: torch.ones(2, 3), y: torch.ones(4) }, path('skipped'));
  });
  const source = `x = torch.load(${JSON.stringify(path('skipped'))})
show({key: value.tolist() for key, value in x.items()})
with torch.serialization.skip_data():
    torch.save(torch.ones(5), ${JSON.stringify(path('skipped_by_python'))})`;
  const [[shown]] = python<[[unknown]]>('snippets.py', [[source]]);
  expect(shown).toEqual([
    [
      'x',
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    ['y', [0, 0, 0, 0]],
  ]);
  torch.save(torch.ones(2, 3), path('full'));
  expect(serialization.skip_data(() => torch.load<Tensor>(path('full'))).shape).toEqual(torch.Size.of(2, 3));
  expect(torch.load<Tensor>(path('full')).sum().item()).toBe(6);
  expect(() =>
    serialization.skip_data(() => {
      torch.save(1, path('legacy'), { _use_new_zipfile_serialization: false });
    }),
  ).toThrow('Cannot use skip_data=True with _use_new_zipfile_serialization=False');
});

it('a file that is mapped as shared gets what is written to its tensors', () => {
  torch.save(torch.zeros(1024), path('mapped'));
  const mapped = (): Tensor => torch.load<Tensor>(path('mapped'), { mmap: true });
  mapped().fill_(7);
  expect(mapped().sum().item()).toBe(0);
  serialization.set_default_mmap_options(serialization.MAP_SHARED, mapped).fill_(7);
  expect(mapped().sum().item()).toBe(7 * 1024);
  const [[refusal]] = python<[[{ error: string }]]>('snippets.py', [
    ['torch.serialization.set_default_mmap_options(5)'],
  ]);
  expect(() => serialization.set_default_mmap_options(5)).toThrow(new Error(refusal.error));
});

it('files that name no order of bytes are read in the one that is set', () => {
  torch.save(torch.tensor([1, 256], { dtype: torch.int16 }), path('bare'), { _disable_byteorder_record: true });
  const { LoadEndianness } = serialization;
  const read = (order: torch.serialization.LoadEndianness | null): unknown => {
    serialization.set_default_load_endianness(order);
    try {
      return torch.load<Tensor>(readFileSync(path('bare'))).tolist();
    } finally {
      serialization.set_default_load_endianness(null);
    }
  };
  const source = `
from torch.serialization import LoadEndianness, set_default_load_endianness
def read(order):
    set_default_load_endianness(order)
    return torch.load(${JSON.stringify(path('bare'))}).tolist()
show([read(order) for order in [None, *LoadEndianness]])`;
  const [[expected]] = python<[[unknown]]>('snippets.py', [[source]]);
  expect([null, LoadEndianness.NATIVE, LoadEndianness.LITTLE, LoadEndianness.BIG].map(read)).toEqual(expected);
});

it('locations of a program are written and restored by its functions, before those of libtorch', () => {
  const asked: string[] = [];
  serialization.register_package(
    5,
    (storage) => (storage.nbytes() === 28 ? 'elsewhere:1' : null),
    (storage, location) => {
      asked.push(location);
      return location === 'elsewhere:1' ? storage : null;
    },
  );
  torch.save({ a: torch.ones(7), b: torch.ones(3) }, path('places'));
  const { a, b } = torch.load<{ a: Tensor; b: Tensor }>(path('places'));
  expect([a.sum().item(), b.sum().item(), asked]).toEqual([7, 3, ['elsewhere:1', 'cpu']]);
  expect(serialization.location_tag(torch.ones(7).untyped_storage())).toBe('elsewhere:1');
  expect(() => serialization.default_restore_location(torch.ones(1).untyped_storage(), 'nowhere')).toThrow(
    "don't know how to restore data location of torch.storage.UntypedStorage (tagged with nowhere)",
  );
});
