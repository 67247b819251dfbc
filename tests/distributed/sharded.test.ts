/** Meshes, distributed tensors and fully sharded training: what Python's processes have, to the last bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { compared_with_python, type Kind } from './ranks.js';

type Results = Record<string, unknown>;

// Where the four processes write, and the two read.
const folder_of_checkpoints = mkdtempSync(join(tmpdir(), 'torch-node-checkpoints-'));
afterAll(() => rmSync(folder_of_checkpoints, { recursive: true, force: true }));

async function compared(
  kinds: readonly Kind[],
  scenarios: readonly string[],
): Promise<[found: Results[], expected: Results[]]> {
  const [found, expected] = await compared_with_python(kinds, scenarios, {
    folder_of_checkpoints,
    modules: ['torch.distributed.checkpoint', 'torch.distributed.fsdp'],
  });
  expect(Object.keys(found[0]!)).toEqual(Object.keys(expected[0]!));
  return [found, expected];
}

const nodes = (count: number): Kind[] => Array.from({ length: count }, () => 'node');

describe('four processes', () => {
  let found: Results[];
  let expected: Results[];

  beforeAll(async () => {
    [found, expected] = await compared(nodes(4), ['mesh', 'dtensor', 'fsdp', 'checkpoint']);
  }, 120_000);

  const differing = (wanted: (name: string) => boolean): void => {
    const names = Object.keys(expected[0]!).filter(wanted);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      expect([name, ...found.map((each) => each[name])]).toEqual([name, ...expected.map((each) => each[name])]);
    }
  };
  const is_checkpoint = (name: string): boolean => name.startsWith('checkpoint');
  const is_training = (name: string): boolean => /^(fsdp|load) /.test(name);

  it('have the meshes and the distributed tensors that Python has', () => {
    differing((name) => !is_training(name) && !is_checkpoint(name));
  });

  it('train over shards and replicas to the same weights', () => {
    differing(is_training);
  });

  it('write the pieces of a checkpoint that Python writes, to the same files', () => {
    differing(is_checkpoint);
  });
});

// No size of the model is even, and so the pieces of two processes differ.
it('two processes, one of them in Python, train with uneven shards, and read the checkpoints of four', async () => {
  const [found, expected] = await compared(['node', 'python'], ['fsdp', 'read_checkpoint']);
  expect(Object.keys(found[0]!).filter((name) => /^(read|go on|no such)/.test(name))).toHaveLength(8);
  expect(found).toEqual(expected);
}, 120_000);
