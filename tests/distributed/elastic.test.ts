/** Elastic launches of `torch-node run`: machines that come, go, die and fail, here agents on one machine; and such launches together with Python's torchrun. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { root } from '../package_root.js';
import { interpreter } from '../reference.js';
import { free_port } from './ranks.js';

interface Said {
  readonly machine: string;
  readonly sum?: number;
  readonly pid: number;
  readonly env: Record<string, string>;
}

const script = join(root, 'tests', 'distributed', 'elastic_script.mjs');
const quick = { last_call_timeout: 1, keep_alive_interval: 1, keep_alive_max_attempt: 5, join_timeout: 60 };

let folder: string;
let port: number;
let machines: Machine[];

/** An agent, and what its processes have said. */
class Machine {
  readonly said: Said[] = [];
  stderr = '';
  code: number | null | undefined;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], name: string, env: Record<string, string>) {
    const { OMP_NUM_THREADS: _, ...around } = process.env;
    const given = { ...around, GLOO_SOCKET_IFNAME: 'lo', PYTHONDONTWRITEBYTECODE: '1', ...env };
    const TORCH_NODE_TEST_RUN = JSON.stringify({ folder, machine: name, root });
    this.child = spawn(command, args, { env: { ...given, TORCH_NODE_TEST_RUN }, stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.child.stdout!.on('data', (piece: Buffer) => {
      const lines = (rest + piece.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith('{')) this.said.push(JSON.parse(line) as Said);
      for (const listen of this.listeners) listen();
    });
    this.child.stderr!.on('data', (piece: Buffer) => {
      this.stderr += piece.toString();
    });
    this.ended = new Promise((resolve) => {
      this.child.on('exit', (code) => {
        this.code = code;
        resolve();
        for (const listen of this.listeners) listen();
      });
    });
    machines.push(this);
  }

  /** Waits until so many processes have said where they are, and gives the last of them. */
  async says(count: number): Promise<Said['env']> {
    await new Promise<void>((resolve, reject) => {
      const listen = (): void => {
        if (this.said.length < count && this.code === undefined) return;
        this.listeners.delete(listen);
        if (this.said.length >= count) resolve();
        else reject(new Error(`the agent ended with ${String(this.code)} before:\n${this.stderr}`));
      };
      this.listeners.add(listen);
      listen();
    });
    return this.said[count - 1]!.env;
  }

  async end(): Promise<number | null> {
    await this.ended;
    return this.code!;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends the agent and its processes, as a machine does that loses its power. */
  die(): void {
    this.kill('SIGKILL');
    for (const { pid } of this.said) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-elastic-'));
  port = await free_port();
  machines = [];
});

afterEach(() => {
  for (const machine of machines) machine.die();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file that processes look for. */
function tell(what: string): void {
  writeFileSync(join(folder, what), '');
}

function options_of(name: string, nnodes: string, conf: Record<string, number>, more: readonly string[]): string[] {
  // The first one has the store.
  const pairs = Object.entries({ is_host: name === 'a' ? 1 : 0, ...quick, ...conf }).map(
    ([key, value]) => `${key}=${value}`,
  );
  return [
    ...['--nnodes', nnodes, '--rdzv-backend', 'c10d', '--rdzv-id', 'job', '--rdzv-endpoint', `127.0.0.1:${port}`],
    ...['--rdzv-conf', pairs.join(','), '--local-addr', '127.0.0.1', ...more],
  ];
}

interface MachineOptions {
  readonly conf?: Record<string, number>;
  readonly more?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

function here(
  name: string,
  nnodes: string,
  { conf = {}, more = [], args = [], env = {} }: MachineOptions = {},
): Machine {
  const command = [join(root, 'scripts', 'install', 'torch-node.js'), 'run'];
  return new Machine(
    process.execPath,
    [...command, ...options_of(name, nnodes, conf, more), script, ...args],
    name,
    env,
  );
}

function in_python(
  name: string,
  nnodes: string,
  { conf = {}, more = [], args = [], env = {} }: MachineOptions = {},
): Machine {
  const command = ['-m', 'torch.distributed.run', ...options_of(name, nnodes, conf, more)];
  return new Machine(interpreter, [...command, '--no-python', process.execPath, script, ...args], name, env);
}

const sizes = (...all: Said['env'][]): unknown[] =>
  all.map((env) => [env['RANK'], env['WORLD_SIZE'], env['GROUP_WORLD_SIZE'], env['TORCHELASTIC_RESTART_COUNT']]);

it('starts processes again with the new world size when a machine comes, and when one has died', async () => {
  const first = here('a', '1:3', { more: ['--max-restarts', '1'] });
  expect(sizes(await first.says(1))).toEqual([['0', '1', '1', '0']]);
  const second = here('b', '1:3', { more: ['--nproc-per-node', '2'] });
  const both = [await first.says(2), await second.says(1), await second.says(2)];
  expect(both.map((env) => env['RANK']).sort()).toEqual(['0', '1', '2']);
  for (const env of both) {
    expect(env).toMatchObject({ WORLD_SIZE: '3', GROUP_WORLD_SIZE: '2', TORCHELASTIC_RESTART_COUNT: '0' });
  }
  expect(new Set(both.map((env) => env['MASTER_PORT'])).size).toBe(1);
  expect(first.stderr).toContain('torch-node: starting all processes again, as 1 more machine came');
  second.die();
  tell('fail a');
  expect(sizes(await first.says(3))).toEqual([['0', '1', '1', '1']]);
  tell('end');
  expect(await first.end()).toBe(0);
}, 60_000);

it('says that too few machines are left, in time', async () => {
  const options = { conf: { join_timeout: 6 }, more: ['--max-restarts', '1'] };
  const [first, second] = [here('a', '2:3', options), here('b', '2:3', options)];
  await Promise.all([first.says(1), second.says(1)]);
  second.die();
  tell('fail a');
  const began = Date.now();
  expect(await first.end()).toBe(1);
  expect(first.stderr).toContain(
    "torch-node: no rendezvous 'job' of at least 2 machines within 6 seconds (join_timeout): there were 1",
  );
  expect(Date.now() - began).toBeLessThan(20_000);
}, 60_000);

it('lets a machine leave that is told to end, without waiting for its heartbeats', async () => {
  const options = { conf: { keep_alive_interval: 1000 }, more: ['--max-restarts', '1'] };
  const [first, second] = [here('a', '1:2', options), here('b', '1:2', options)];
  await Promise.all([first.says(1), second.says(1)]);
  second.kill('SIGTERM');
  expect(await second.end()).toBe(143);
  tell('fail a');
  expect(sizes(await first.says(2))).toEqual([['0', '1', '1', '1']]);
  tell('end');
  expect(await first.end()).toBe(0);
}, 60_000);

it('ends on all machines when one has failed too often', async () => {
  const [first, second] = [here('a', '2', { more: ['--max-restarts', '1'] }), here('b', '2')];
  await Promise.all([first.says(1), second.says(1)]);
  tell('fail b');
  expect(await second.end()).toBe(7);
  tell('fail a');
  expect(await first.end()).toBe(1);
  expect(first.stderr).toContain("the rendezvous 'job' is closed");
}, 60_000);

it('keeps a machine waiting that is one too many, until it is needed or the launch ends', async () => {
  const options = { more: ['--max-restarts', '1'] };
  const [first, second] = [here('a', '2', options), here('b', '2', options)];
  await Promise.all([first.says(1), second.says(1)]);
  const [third, fourth] = [here('c', '2'), here('d', '2')];
  second.die();
  tell('fail a');
  // Which two of the three come first is not known.
  const left = [first, third, fourth];
  const next = (): Said[] => [...first.said.slice(1), ...third.said, ...fourth.said];
  await vi.waitFor(() => expect(next().length).toBe(2), { timeout: 80_000, interval: 50 });
  expect(next().map(({ env }) => env['WORLD_SIZE'])).toEqual(['2', '2']);
  tell('end');
  expect(await Promise.all(left.map((machine) => machine.end()))).toEqual([0, 0, 0]);
  const surplus = left.filter(({ stderr }) => stderr.includes('torch-node: the launch ended without this machine'));
  expect(surplus.length).toBe(1);
}, 120_000);

it('ends with an Error when the machine with the store dies, without a process', async () => {
  const [first, second] = [here('a', '2'), here('b', '2')];
  await Promise.all([first.says(1), second.says(1)]);
  const { pid } = second.said[0]!;
  first.die();
  const began = Date.now();
  expect(await second.end()).toBe(1);
  expect(second.stderr).toContain('the connection to the store of the rendezvous is lost');
  expect(Date.now() - began).toBeLessThan(20_000);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}, 60_000);

it('lets processes find each other again after a failure, in the store that they have used before', async () => {
  const options = { more: ['--max-restarts', '1', '--nproc-per-node', '2'], args: ['sum'] };
  const [first, second] = [here('a', '2', options), here('b', '2', options)];
  await Promise.all([first.says(2), second.says(2)]);
  tell('fail a');
  await Promise.all([first.says(4), second.says(4)]);
  expect([...first.said, ...second.said].map(({ sum }) => sum)).toEqual(Array.from({ length: 8 }, () => 10));
  tell('end');
  expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
  expect(second.stderr).not.toMatch(/lost|reset/);
}, 100_000);

/** What processes are told, without ports, the order in which agents came, and a file that functions of Python write. */
const told = (each: Machine): unknown[] =>
  [...each.said]
    .sort((a, b) => Number(a.env['LOCAL_RANK']) - Number(b.env['LOCAL_RANK']))
    .map(({ sum, env }) => {
      const { MASTER_PORT, RANK, GROUP_RANK, ROLE_RANK, TORCHELASTIC_ERROR_FILE: _, ...rest } = env;
      return { sum, rest, ranks: [MASTER_PORT, RANK, GROUP_RANK, ROLE_RANK].map((value) => /^\d+$/.test(value!)) };
    });

it('meets agents of Python, whichever has the store, and tells processes what they tell theirs', async () => {
  const options = { more: ['--max-restarts', '2', '--nproc-per-node', '2'], args: ['sum'] };
  const launches = [[here('a', '2', options), in_python('b', '2', options)]];
  port = await free_port();
  launches.push([in_python('a', '2', options), here('b', '2', options)]);
  for (const [first, second] of launches as [Machine, Machine][]) {
    await Promise.all([first.says(2), second.says(2)]);
    expect(told(first)).toEqual(told(second));
    expect([...first.said, ...second.said].map(({ sum }) => sum)).toEqual([10, 10, 10, 10]);
    expect([...first.said, ...second.said].map(({ env }) => env['RANK']).sort()).toEqual(['0', '1', '2', '3']);
  }
  tell('end');
  for (const [first, second] of launches as [Machine, Machine][])
    expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
}, 100_000);

it('starts again together with agents of Python, and takes in one that comes later', async () => {
  // As Python's agents keep what processes have written into the store of a round before.
  const env = { TORCH_DISABLE_SHARE_RDZV_TCP_STORE: '1' };
  const options = { more: ['--max-restarts', '1'], args: ['sum'], env };
  const first = here('a', '1:2', options);
  await first.says(1);
  const second = in_python('b', '1:2', options);
  await Promise.all([first.says(2), second.says(1)]);
  expect(second.said[0]).toMatchObject({ sum: 3, env: { WORLD_SIZE: '2', TORCHELASTIC_USE_AGENT_STORE: 'False' } });
  tell('fail b');
  await Promise.all([first.says(3), second.says(2)]);
  expect(first.said[2]).toMatchObject({ sum: 3, env: { WORLD_SIZE: '2', TORCHELASTIC_RESTART_COUNT: '0' } });
  expect(second.said[1]).toMatchObject({ sum: 3, env: { WORLD_SIZE: '2', TORCHELASTIC_RESTART_COUNT: '1' } });
  tell('end');
  expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
}, 100_000);
