/** Functional collectives: results and gradients as Python's, to the last bit. */
import { expect, it } from 'vitest';

import { compared_with_python, type Kind } from './ranks.js';

it.each<[string, Kind[]]>([
  ['four processes', ['node', 'node', 'node', 'node']],
  ['two processes, one of them in Python,', ['python', 'node']],
])(
  '%s have what Python has',
  async (_, kinds) => {
    const [found, expected] = await compared_with_python(kinds, ['functional']);
    expect(Object.keys(expected[0]!).length).toBeGreaterThan(40);
    expect(found).toEqual(expected);
  },
  300_000,
);
