/** Runs the processes of a group: some with this package (rank.mjs), some with Python (tests/reference/distributed.py). */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../package_root.js';
import { interpreter } from '../reference.js';

export type Kind = 'node' | 'python';

/** What a process printed: its results by name, or how it ended. */
export interface Rank {
  readonly results: Record<string, unknown>;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** How long it ran, in milliseconds. */
  readonly took: number;
}

/** A port that was free a moment ago. */
export async function free_port(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** The command of one process. */
export function command_of(kind: Kind): [string, string[]] {
  return kind === 'node'
    ? [process.execPath, [join(root, 'tests', 'distributed', 'rank.mjs')]]
    : [interpreter, [join(root, 'tests', 'reference', 'distributed.py')]];
}

function run_one(kind: Kind, given: object, env: Record<string, string>, deadline: number): Promise<Rank> {
  const [command, args] = command_of(kind);
  const began = Date.now();
  // A group of its own, as what it forks is killed with it.
  const detached = 'forked' in given;
  const child = spawn(command, [...args, JSON.stringify(given)], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: 'lo', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  const killer = setTimeout(() => {
    if (detached) process.kill(-child.pid!, 'SIGKILL');
    else child.kill('SIGKILL');
  }, deadline);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(killer);
      const last = stdout.trim().split('\n').pop() ?? '';
      let results: Record<string, unknown> = {};
      try {
        if (!detached) results = JSON.parse(last) as Record<string, unknown>;
      } catch {
        stderr += `\nnot JSON: ${stdout.slice(0, 2000)}`;
      }
      resolve({ results, stderr, code, signal, took: Date.now() - began });
    });
  });
}

export interface RunOptions {
  /** What all processes do. */
  readonly scenarios: readonly string[];
  /** Where they meet; by default a file. */
  readonly init?: 'file' | 'env';
  /** Each process is killed then, in milliseconds. */
  readonly deadline?: number;
  readonly env?: Record<string, string>;
  /** More for the scenarios. */
  readonly extra?: Record<string, unknown>;
}

/** Runs a process for each kind, in the order of ranks. */
export async function run_ranks(
  kinds: readonly Kind[],
  { scenarios, init = 'file', deadline = 110_000, env = {}, extra = {} }: RunOptions,
): Promise<Rank[]> {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-ranks-'));
  try {
    const port = init === 'env' ? await free_port() : 0;
    return await Promise.all(
      kinds.map((kind, rank) =>
        run_one(
          kind,
          { scenarios, rank, world_size: kinds.length, init, folder, root, ...extra },
          {
            ...env,
            ...(init === 'env'
              ? {
                  RANK: String(rank),
                  WORLD_SIZE: String(kinds.length),
                  MASTER_ADDR: '127.0.0.1',
                  MASTER_PORT: String(port),
                }
              : {}),
          },
          deadline,
        ),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The results of processes that must all have ended well. */
export function results_of(ranks: readonly Rank[]): Record<string, unknown>[] {
  return ranks.map(({ results, code, signal, stderr }, rank) => {
    if (code !== 0) throw new Error(`rank ${rank} ended with ${String(code ?? signal)}:\n${stderr}`);
    return results;
  });
}

/** The results of Python's processes; where they can be forked, so that PyTorch is imported once for all of them. */
export async function python_results(
  size: number,
  scenarios: readonly string[],
  extra: Record<string, unknown> = {},
): Promise<Record<string, unknown>[]> {
  if (process.platform !== 'linux') {
    const kinds = Array.from({ length: size }, (): Kind => 'python');
    return results_of(await run_ranks(kinds, { scenarios, extra }));
  }
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-ranks-'));
  try {
    const given = { scenarios, rank: 0, world_size: size, init: 'file', folder, root, forked: true, ...extra };
    const { code, signal, stderr } = await run_one('python', given, {}, 110_000);
    if (code !== 0) throw new Error(`processes of Python ended with ${String(code ?? signal)}:\n${stderr}`);
    return Array.from({ length: size }, (_, rank) => {
      const text = readFileSync(join(folder, `results_${rank}.json`), 'utf8');
      return JSON.parse(text) as Record<string, unknown>;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What processes have, and what processes in Python have that do the same; by rank, and by name. */
export async function compared_with_python(
  kinds: readonly Kind[],
  scenarios: readonly string[],
  extra: Record<string, unknown> = {},
): Promise<[found: Record<string, unknown>[], expected: Record<string, unknown>[]]> {
  return [
    results_of(await run_ranks(kinds, { scenarios, extra })),
    await python_results(kinds.length, scenarios, extra),
  ];
}

/** The results whose names are wanted. */
export const part_of = (
  results: readonly Record<string, unknown>[],
  wanted: (name: string) => boolean,
): Record<string, unknown>[] =>
  results.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => wanted(name))));
