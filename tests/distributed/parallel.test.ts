/** Tensor parallel training: losses, gradients and weights as Python's, to the last bit. */
import { expect, it } from 'vitest';

import { compared_with_python, type Kind } from './ranks.js';

it.each<[string, Kind[], number]>([
  ['two processes', ['node', 'node'], 20],
  ['four processes', ['node', 'node', 'node', 'node'], 20],
  // Without SequenceParallel and gradients of rows of an Embedding alone, which Python sends when they are asked for.
  ['two processes, one of them in Python,', ['python', 'node'], 16],
])(
  '%s cut layers as Python does',
  async (_, kinds, count) => {
    const extra = { in_one_group_with_python: kinds.includes('python') };
    const [found, expected] = await compared_with_python(kinds, ['tensor_parallel'], extra);
    expect(Object.keys(expected[0]!)).toHaveLength(count);
    expect(found).toEqual(expected);
  },
  300_000,
);
