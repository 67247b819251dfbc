/** What the others see of a process that dies or does not come: an Error within the timeout, and no process that hangs. */
import { describe, expect, it } from 'vitest';

import { run_ranks, type Kind } from './ranks.js';

const mixes: Kind[][] = [
  ['node', 'node', 'node'],
  ['node', 'node', 'python'],
  ['python', 'node', 'node'],
];

describe('a process that is killed', () => {
  it.each(mixes)(
    'is an Error of the others (%s, %s, %s)',
    async (...kinds) => {
      const ranks = await run_ranks(kinds, { scenarios: ['dies'], extra: { timeout: 8 }, deadline: 40_000 });
      expect(ranks.at(-1)!.signal).toBe('SIGKILL');
      kinds.slice(0, -1).forEach((kind, rank) => {
        expect({ kind, code: ranks[rank]!.code, stderr: ranks[rank]!.stderr }).toMatchObject({ code: 0 });
        const { error } = ranks[rank]!.results as { error: string };
        expect(error).toMatch(kind === 'node' ? /^all_reduce\(\): .*(closed by peer|reset by peer|imed out)/s : /./);
      });
    },
    60_000,
  );
});

it('a process that does not come lets awaited collectives fail while the event loop goes on', async () => {
  const ranks = await run_ranks(['node', 'node'], { scenarios: ['late'], extra: { timeout: 2 }, deadline: 40_000 });
  expect({ code: ranks[0]!.code, stderr: ranks[0]!.stderr }).toMatchObject({ code: 0 });
  const { awaited, turns, monitored } = ranks[0]!.results as { awaited: string; turns: number; monitored: string };
  expect(awaited).toMatch(/^all_reduce\(\): .*[Tt]imed out/s);
  // Two seconds of one turn each 50 ms.
  expect(turns).toBeGreaterThan(20);
  expect(monitored).toMatch(/^monitored_barrier\(\): /);
}, 120_000);
