/** A part of `npm run parity:ops`: some samples of every operator and dtype. */
import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { replay } from './replay.js';

const parity = (...args: string[]): ReturnType<typeof replay> => replay(root, 'ops.ts', ...args);

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
