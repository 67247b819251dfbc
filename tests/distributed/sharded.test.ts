/** Meshes, distributed tensors and fully sharded training: what Python's processes have, to the last bit. */
import { beforeAll, describe, expect, it } from 'vitest';

import { results_of, run_ranks, type Kind } from './ranks.js';

type Results = Record<string, unknown>;

async function compared(
  kinds: readonly Kind[],
  scenarios: readonly string[],
): Promise<[found: Results[], expected: Results[]]> {
  const [found, expected] = [
    results_of(await run_ranks(kinds, { scenarios })),
    results_of(
      await run_ranks(
        kinds.map(() => 'python'),
        { scenarios },
      ),
    ),
  ];
  expect(Object.keys(found[0]!)).toEqual(Object.keys(expected[0]!));
  return [found, expected];
}

const nodes = (count: number): Kind[] => Array.from({ length: count }, () => 'node');

describe('four processes', () => {
  let found: Results[];
  let expected: Results[];

  beforeAll(async () => {
    [found, expected] = await compared(nodes(4), ['mesh', 'dtensor', 'fsdp']);
  }, 120_000);

  const differing = (wanted: (name: string) => boolean): void => {
    const names = Object.keys(expected[0]!).filter(wanted);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      expect([name, ...found.map((each) => each[name])]).toEqual([name, ...expected.map((each) => each[name])]);
    }
  };
  const is_training = (name: string): boolean => /^(fsdp|load) /.test(name);

  it('have the meshes and the distributed tensors that Python has', () => {
    differing((name) => !is_training(name));
  });

  it('train over shards and replicas to the same weights', () => {
    differing(is_training);
  });
});

// No size of the model is even, and so the pieces of two processes differ.
it('two processes, one of them in Python, train with uneven shards to the same weights', async () => {
  const [found, expected] = await compared(['node', 'python'], ['fsdp']);
  expect(found).toEqual(expected);
}, 120_000);
