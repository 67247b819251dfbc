/** `torch.multiprocessing.Pool`: what Python's has, and an Error for what a process of it was doing when it died. */
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
    const ended = (code: number): string => `a process of the Pool ended with exit code ${code}`;
    expect(JSON.parse(died)).toEqual([ended(3), 0, 1, ended(0), 9, 16, [1, 4, 9], ended(4)]);
  },
  240_000,
);
