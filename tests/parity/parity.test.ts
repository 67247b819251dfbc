/** A part of `npm run parity:ops`: some samples of every operator and dtype. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';

function parity(...args: string[]): { status: number | null; lines: string[] } {
  const result = spawnSync(process.execPath, ['--import', 'tsx', join('tests', 'parity', 'ops.ts'), ...args], {
    cwd: root, encoding: 'utf8', maxBuffer: 1 << 26,
  });
  return { status: result.status, lines: result.stdout.trim().split('\n') };
}

it('PyTorch\'s operator database gives here what it gives in Python', () => {
  const { status, lines } = parity('--samples', '4', '--seed', '1');
  expect(lines.filter((line) => /sample \d+: /.test(line))).toEqual([]);
  // What is left out, and why, is printed; more of it means that something got lost.
  const [, passed, all] = /^ops (\d+) of (\d+), samples \d+ of \d+$/.exec(lines[lines.length - 1] as string) ?? [];
  expect(Number(all) - Number(passed)).toBeLessThanOrEqual(8);
  expect(Number(all)).toBeGreaterThan(690);
  expect(status).toBe(0);
}, 900_000);

it('an operator that does not exist is an error', () => {
  expect(parity('--op', 'no_such_operator').status).toBe(1);
});
