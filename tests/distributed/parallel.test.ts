/** Tensor parallel training: losses, gradients and weights as Python's, to the last bit. */
import { beforeAll, expect, it } from 'vitest';

import { part_of, python_results, results_of, run_ranks, type Kind } from './ranks.js';

const scenarios = ['tensor_parallel'];
const expected = new Map<number, Record<string, unknown>[]>();

beforeAll(async () => {
  for (const size of [2, 4]) expected.set(size, await python_results(size, scenarios));
}, 300_000);

it.each<[string, Kind[], number]>([
  ['two processes', ['node', 'node'], 20],
  ['four processes', ['node', 'node', 'node', 'node'], 20],
  // Without SequenceParallel and gradients of rows of an Embedding alone, which Python sends when they are asked for.
  ['two processes, one of them in Python,', ['python', 'node'], 16],
])(
  '%s cut layers as Python does',
  async (_, kinds, count) => {
    const extra = { in_one_group_with_python: kinds.includes('python') };
    const found = results_of(await run_ranks(kinds, { scenarios, extra }));
    const names = Object.keys(found[0]!);
    expect(names).toHaveLength(count);
    const of_python = expected.get(kinds.length)!;
    expect(Object.keys(of_python[0]!)).toHaveLength(20);
    expect(found).toEqual(part_of(of_python, (name) => names.includes(name)));
  },
  300_000,
);
