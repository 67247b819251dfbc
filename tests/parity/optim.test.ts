/** A part of `npm run parity:optim`: all optimizers, options and forms, in two dtypes. */
import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { replay } from './replay.js';

const parity = (...args: string[]): ReturnType<typeof replay> => replay(root, 'optim.ts', ...args);

it('PyTorch\'s optimizer database gives here what it gives in Python, to the last bit', () => {
  const { status, lines } = parity('--seed', '1', '--dtype', 'float32', '--dtype', 'complex64');
  expect(lines.slice(0, -2)).toEqual([]);
  const [, same, all] = /^to the last bit: (\d+) of (\d+); errors: 124 of 124$/.exec(lines.at(-2) as string) ?? [];
  expect(Number(all)).toBeGreaterThan(650);
  expect(same).toBe(all);
  expect(lines.at(-1)).toBe(`optimizers 15 of 15, samples ${all} of ${all}`);
  expect(status).toBe(0);
});

it('an optimizer that does not exist is an error', () => {
  expect(parity('--optim', 'NoSuchOptimizer').status).toBe(1);
});
