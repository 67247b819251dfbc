/** What the others see of a process that dies or does not come: an Error within the timeout, and no process that hangs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
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

it('a process that is stopped is an Error of the others in time, and of itself when it goes on', async () => {
  const ranks = await run_ranks(['node', 'node'], { scenarios: ['stops'], extra: { timeout: 2 }, deadline: 40_000 });
  for (const { code, results } of ranks) {
    expect({ code, error: results['error'] }).toMatchObject({
      code: 0,
      error: expect.stringMatching(/^all_reduce\(\): /),
    });
  }
  const { took } = ranks[0]!.results as { took: number };
  expect(took).toBeGreaterThan(1500);
  expect(took).toBeLessThan(20_000);
}, 60_000);

it('a process that does not come lets awaited collectives fail while the event loop goes on', async () => {
  const ranks = await run_ranks(['node', 'node'], { scenarios: ['late'], extra: { timeout: 2 }, deadline: 40_000 });
  expect({ code: ranks[0]!.code, stderr: ranks[0]!.stderr }).toMatchObject({ code: 0 });
  const { awaited, turns, monitored } = ranks[0]!.results as { awaited: string; turns: number; monitored: string };
  expect(awaited).toMatch(/^all_reduce\(\): .*[Tt]imed out/s);
  // Two seconds of one turn each 50 ms.
  expect(turns).toBeGreaterThan(20);
  expect(monitored).toMatch(/^monitored_barrier\(\): /);
}, 120_000);

it('a worker_thread that ends while it awaits a collective does not end the process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-ranks-'));
  const worker = `
    const { workerData: rank } = require('node:worker_threads');
    import(${JSON.stringify(pathToFileURL(join(root, 'dist', 'index.mjs')).href)}).then(async (torch) => {
      const dist = torch.distributed;
      dist.init_process_group('gloo', { init_method: ${JSON.stringify(`file://${folder}/store`)}, rank, world_size: 2, timeout: 1 });
      if (rank === 1) dist.all_reduce(torch.ones(1), { async_op: true }).then(() => 0, () => 0);
      if (rank === 1) process.exit(0);
      await new Promise((resolve) => setTimeout(resolve, 2500));
    });`;
  const script = `
    const { Worker } = require('node:worker_threads');
    const ends = [0, 1].map((rank) => new Promise((resolve, reject) => {
      new Worker(${JSON.stringify(worker)}, { eval: true, workerData: rank }).on('exit', resolve).on('error', reject);
    }));
    Promise.all(ends).then(() => console.log('both have ended'));`;
  try {
    const env = { ...process.env, GLOO_SOCKET_IFNAME: 'lo' };
    const { stdout, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env, timeout: 40_000 });
    expect({ stdout, status }).toEqual({ stdout: 'both have ended\n', status: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
