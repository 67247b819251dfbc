/** `torch.multiprocessing.Pool`: what Python's has, and an Error where a process of it dies. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

it.runIf(process.platform === 'linux')(
  'calls functions in other processes as Python does',
  () => {
    const program = join(root, 'tests', 'multiprocessing', 'pool_program.cjs');
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'die'], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [said, died] = stdout.split('\n') as [string, string];
    const expected = python<Record<string, unknown>>('pool.py');
    expect(Object.keys(expected)).toHaveLength(16);
    expect(JSON.parse(said.replace(/Pool\(\): /, ''))).toEqual(expected);
    expect(died).toBe('a process of the Pool ended with exit code 3');
  },
  240_000,
);
