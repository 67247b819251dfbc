/** A part of `npm run parity:optim`: all optimizers, options and forms, in two dtypes. */
import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';
import { replay } from './replay.js';

const parity = (...args: string[]): ReturnType<typeof replay> => replay(root, 'optim.ts', ...args);

it("PyTorch's optimizer database gives here what it gives in Python, to the last bit", () => {
  const dtypes = ['float32', 'complex64'];
  // Wrong inputs are of one dtype, float32.
  const { optimizers, steps, errors } = python<{ optimizers: number; steps: number; errors: number }>(
    'optim_samples.py',
    [dtypes],
  );
  const { status, lines } = parity('--seed', '1', ...dtypes.flatMap((dtype) => ['--dtype', dtype]));
  expect(lines).toEqual([
    `optimizers ${optimizers} of ${optimizers}, samples ${steps + errors} of ${steps + errors}`,
    `steps that are equal to the last bit: ${steps} of ${steps}`,
  ]);
  expect(steps).toBeGreaterThan(0);
  expect(status).toBe(0);
});

it('an optimizer that does not exist is an error', () => {
  expect(parity('--optim', 'NoSuchOptimizer').status).toBe(1);
});
