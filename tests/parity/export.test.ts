/** A part of `npm run parity:export`: PyTorch's own examples and the models. */
import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { replay } from './replay.js';

const parity = (...args: string[]): ReturnType<typeof replay> => replay(root, 'export.ts', ...args);

it('exported programs give here what they give in Python, to the last bit', () => {
  const { status, lines } = parity('--set', 'exportdb', '--set', 'models');
  expect(lines).toEqual(['programs that print as in Python: 47 of 47', 'exportdb 35 of 35', 'models 12 of 12']);
  expect(status).toBe(0);
}, 120_000);

it('programs give the same after decompositions', () => {
  const { lines } = parity('--decomposed', '--set', 'models');
  // A batch norm in training, decomposed, has no gradient in Python.
  expect(lines.filter((line) => !line.startsWith('Python: models cnn_train: RuntimeError'))).toEqual([
    'programs that print as in Python: 11 of 11',
    'models 11 of 11',
  ]);
}, 120_000);

it('a case that does not exist is an error', () => {
  expect(parity('--set', 'models', '--case', 'no_such_model').status).toBe(1);
});
