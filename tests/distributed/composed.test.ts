/** Tensor parallelism and data parallelism along the two dimensions of a mesh: what Python's processes have, to the last bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { compared_with_python, type Kind } from './ranks.js';

const folder_of_checkpoints = mkdtempSync(join(tmpdir(), 'torch-node-composed-'));
afterAll(() => rmSync(folder_of_checkpoints, { recursive: true, force: true }));

it.each<[string, Kind[], number]>([
  ['four processes', ['node', 'node', 'node', 'node'], 9],
  // Without SequenceParallel, whose gradients Python sends later.
  ['four processes, two of them in Python,', ['python', 'node', 'node', 'python'], 8],
])(
  '%s train what is cut already, as Python does',
  async (_, kinds, count) => {
    const extra = { in_one_group_with_python: kinds.includes('python') };
    const [found, expected] = await compared_with_python(kinds, ['fsdp_with_tp', 'ddp_with_tp'], extra);
    const names = Object.keys(expected[0]!);
    expect(names).toHaveLength(count);
    for (const name of names) {
      expect([name, ...found.map((each) => each[name])]).toEqual([name, ...expected.map((each) => each[name])]);
    }
  },
  300_000,
);

it('write the pieces of a checkpoint as Python does, and read what Python wrote', async () => {
  const nodes: Kind[] = ['node', 'node', 'node', 'node'];
  const [found, expected] = await compared_with_python(nodes, ['save_composed'], { folder_of_checkpoints });
  expect(Object.keys(expected[0]!)).toHaveLength(1);
  expect(found).toEqual(expected);
  const [read, read_in_python] = await compared_with_python(nodes, ['read_composed'], { folder_of_checkpoints });
  expect(Object.keys(read_in_python[0]!)).toHaveLength(6);
  expect(read).toEqual(read_in_python);
}, 300_000);
