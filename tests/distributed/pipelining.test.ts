/** Pipelines of two and four stages: outputs, losses and weights as Python's, to the last bit. */
import { expect, it } from 'vitest';

import { compared_with_python } from './ranks.js';

it.each([2, 4])(
  '%i stages train as in Python',
  async (count) => {
    const kinds = Array.from({ length: count }, () => 'node' as const);
    const [found, expected] = await compared_with_python(kinds, ['pipeline']);
    expect(Object.keys(expected[0]!)).toHaveLength(27);
    expect(found).toEqual(expected);
  },
  300_000,
);
