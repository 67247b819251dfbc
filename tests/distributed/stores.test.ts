/** Stores: each operation gives what it gives in Python, and one server serves clients here and there. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { free_port, results_of, run_ranks, type Kind } from './ranks.js';

it('each operation of each store has the result, or the error, of Python', async () => {
  const run = { scenarios: ['operations'], extra: { own_init: true } };
  const [[here], [python]] = (await Promise.all(
    (['node', 'python'] as const).map(async (kind) => results_of(await run_ranks([kind], run))),
  )) as [Record<string, unknown>[], Record<string, unknown>[]];
  expect(Object.keys(python!).length).toBeGreaterThan(100);
  expect(here).toEqual(python);
}, 120_000);

const mixes: Kind[][] = [
  ['node', 'node', 'python'],
  ['python', 'node', 'node'],
];

describe('a TCPStore', () => {
  it.each(mixes)(
    'is shared by %s (the server), %s and %s',
    async (...kinds) => {
      const found = results_of(
        await run_ranks(kinds, { scenarios: ['shared'], extra: { own_init: true, port: await free_port() } }),
      );
      const hex = (text: string): { bytes: string } => ({ bytes: Buffer.from(text).toString('hex') });
      found.forEach((each, rank) => {
        expect(each).toEqual({
          'shared counter': true,
          'shared values': [0, 1, 2].map((i) => hex(`value of ${i}`)),
          'shared queue': hex(`for ${rank}`),
          'shared once': hex('first'),
          'shared appended': [hex('xxx'), hex('3')],
        });
      });
    },
    60_000,
  );
});

it('a FileStore in a folder that is not there is refused at once', () => {
  const { FileStore, DistStoreError } = torch.distributed;
  expect(() => new FileStore('/nowhere/at/all/store', 1)).toThrow('FileStore(): there is no folder /nowhere/at/all');
  expect(() => new FileStore('/nowhere/at/all/store', 1)).toThrow(DistStoreError);
}, 10_000);
