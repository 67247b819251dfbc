/** Some thousand steps of `npm run fuzz:memory`, from two seeds. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';

it.each([1, 2])(
  'interleavings of what memory depends on: seed %i',
  (seed) => {
    const result = spawnSync(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', join('tests', 'fuzz', 'memory.ts'), '--seed', String(seed), '--steps', '2500'],
      { cwd: root, encoding: 'utf8' },
    );
    expect(result.stderr).toBe('');
    expect(result.stdout).toMatch(
      new RegExp(`^fuzz:memory --seed ${seed}: 2500 steps, \\d+ live tensors, \\d+ MB$`, 'm'),
    );
  },
  300_000,
);
