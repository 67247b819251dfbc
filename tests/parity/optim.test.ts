/** A part of `npm run parity:optim`: all optimizers, options and forms, in two dtypes. */
import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { replay } from './replay.js';

const parity = (...args: string[]): ReturnType<typeof replay> => replay(root, 'optim.ts', ...args);

it('PyTorch\'s optimizer database gives here what it gives in Python, to the last bit', () => {
  const { status, lines } = parity('--seed', '1', '--dtype', 'float32', '--dtype', 'complex64');
  expect(lines.slice(0, -2)).toEqual([]);
  const [, same, all] = /^optimizers 15 of 15, samples (\d+) of (\d+)$/.exec(lines.at(-2) as string) ?? [];
  expect(Number(all)).toBeGreaterThan(780);
  expect(same).toBe(all);
  expect(lines.at(-1)).toBe(`steps that are equal to the last bit: ${Number(all) - 124} of ${Number(all) - 124}`);
  expect(status).toBe(0);
});

it('an optimizer that does not exist is an error', () => {
  expect(parity('--optim', 'NoSuchOptimizer').status).toBe(1);
});
