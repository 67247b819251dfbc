/** PowerSGD, averages of models and checkpoints that are written while the program trains: what Python has, to the last bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { compared_with_python } from './ranks.js';

const folder_of_checkpoints = mkdtempSync(join(tmpdir(), 'torch-node-checkpoints-'));
afterAll(() => rmSync(folder_of_checkpoints, { recursive: true, force: true }));

it.each([2, 4])(
  '%i processes have what Python has',
  async (count) => {
    const kinds = Array.from({ length: count }, () => 'node' as const);
    const [found, expected] = await compared_with_python(kinds, ['algorithms'], { folder_of_checkpoints });
    expect(Object.keys(expected[0]!)).toHaveLength(14);
    expect(found).toEqual(expected);
  },
  300_000,
);
