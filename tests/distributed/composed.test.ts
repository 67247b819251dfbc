/** Tensor parallelism and data parallelism along the two dimensions of a mesh: what Python's processes have, to the last bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { python_results, results_of, run_ranks, type Kind } from './ranks.js';

const folder_of_checkpoints = mkdtempSync(join(tmpdir(), 'torch-node-composed-'));
afterAll(() => rmSync(folder_of_checkpoints, { recursive: true, force: true }));

const training = ['fsdp_with_tp', 'ddp_with_tp'];
const nodes: Kind[] = ['node', 'node', 'node', 'node'];
const extra = { folder_of_checkpoints };
let found: Record<string, unknown>[];
let expected: Record<string, unknown>[];

// Both write before one of them reads.
beforeAll(async () => {
  found = results_of(await run_ranks(nodes, { scenarios: [...training, 'save_composed'], extra }));
  expected = await python_results(4, [...training, 'save_composed', 'read_composed'], extra);
  expect(Object.keys(expected[0]!)).toHaveLength(9 + 1 + 6);
}, 300_000);

/** That all results of a group are those of Python, by name. */
function compare(group: readonly Record<string, unknown>[], count: number): void {
  const names = Object.keys(group[0]!);
  expect(names).toHaveLength(count);
  for (const name of names) {
    expect([name, ...group.map((each) => each[name])]).toEqual([name, ...expected.map((each) => each[name])]);
  }
}

it('four processes train what is cut already, and write the pieces of a checkpoint, as Python does', () => {
  compare(found, 9 + 1);
});

it('four processes, two of them in Python, train what is cut already as Python does', async () => {
  const kinds: Kind[] = ['python', 'node', 'node', 'python'];
  const mixed = await run_ranks(kinds, { scenarios: training, extra: { in_one_group_with_python: true } });
  // Without SequenceParallel, whose gradients Python sends later.
  compare(results_of(mixed), 8);
}, 300_000);

it('read what Python wrote', async () => {
  compare(results_of(await run_ranks(nodes, { scenarios: ['read_composed'], extra })), 6);
}, 300_000);
