/** `torch-node run`: environment, exit codes, restarts and logs; and that Python's torchrun starts the same programs. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import * as torch from 'torch-node';
import { interpreter, python } from '../reference.js';

const { read } = createRequire(import.meta.url)('../../scripts/install/run_options.js') as {
  read: (args: readonly string[]) => unknown;
};

interface Ended {
  readonly code: number | null;
  readonly lines: Record<string, unknown>[];
  readonly stdout: string;
  readonly stderr: string;
}

const script = join(root, 'tests', 'distributed', 'run_script.mjs');

function start(command: string, args: readonly string[], signal_after?: number): Promise<Ended> {
  const { OMP_NUM_THREADS: _, ...env } = process.env;
  const child = spawn(command, args, {
    env: { ...env, GLOO_SOCKET_IFNAME: 'lo', TORCH_NODE_TEST_RUN: JSON.stringify({ root }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), 100_000);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => {
    if (stdout === '' && signal_after !== undefined) setTimeout(() => child.kill('SIGTERM'), signal_after);
    stdout += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(killer);
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      said.sort((a, b) => Number(a['rank']) - Number(b['rank']));
      resolve({ code, lines: said, stdout, stderr });
    });
  });
}

const run = (...args: string[]): Promise<Ended> =>
  start(process.execPath, [join(root, 'scripts', 'install', 'torch-node.js'), 'run', ...args]);

it('starts processes that find each other, as torchrun does', async () => {
  const [here, python] = await Promise.all([
    run('--nproc_per_node=2', script, 'a', '--b'),
    start(interpreter, [
      ...['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2', '--no-python'],
      ...[process.execPath, script, 'a', '--b'],
    ]),
  ]);
  expect(here).toMatchObject({ code: 0 });
  expect(here.lines).toEqual(python.lines);
  expect(here.lines[1]).toMatchObject({ rank: 1, size: 2, sum: 3, LOCAL_RANK: '1', args: ['a', '--b'] });
}, 120_000);

it('ends the others when one fails, with its exit code', async () => {
  const began = Date.now();
  const { code, stderr } = await run('--nproc-per-node', '3', script, 'fail');
  expect(code).toBe(7);
  expect(stderr).toMatch(/rank 1 \(local rank 1, pid \d+\) of role default failed: exit code 7/);
  expect(Date.now() - began).toBeLessThan(30_000);
}, 120_000);

it('starts all again as often as --max-restarts says, and writes logs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-run-'));
  try {
    const { code, stdout } = await run(
      ...['--nproc-per-node', '2', '--max-restarts', '1', '--log-dir', folder, '-r', '0:1', '--tee', '1:3'],
      ...['--rdzv-id', 'job', script, 'fail once'],
    );
    expect(code).toBe(0);
    expect(stdout.match(/^\[default1\]:\{"rank":1/gm)).toHaveLength(2);
    expect(stdout).not.toMatch(/default0/);
    const [job] = readdirSync(folder) as [string];
    expect(job).toMatch(/^job_/);
    const log = (attempt: number, local: number): { TORCHELASTIC_RESTART_COUNT: string } =>
      JSON.parse(readFileSync(join(folder, job, `attempt_${attempt}`, String(local), 'stdout.log'), 'utf8')) as never;
    for (const attempt of [0, 1]) {
      for (const local of [0, 1]) expect(log(attempt, local).TORCHELASTIC_RESTART_COUNT).toBe(String(attempt));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

it('resumes from a checkpoint after each failure, to the weights of a run without failures', async () => {
  const [whole, failing] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'torch-node-run-'))) as [string, string];
  try {
    const resumed = join(root, 'tests', 'distributed', 'resume_script.mjs');
    const expected = await run('--nproc-per-node', '2', resumed, whole);
    const found = await run('--nproc-per-node', '2', '--max-restarts', '3', resumed, failing, 'fail');
    expect({ code: expected.code, stderr: expected.stderr }).toEqual({ code: 0, stderr: '' });
    expect(found.code).toBe(0);
    expect(found.stderr.match(/starting all processes again/g)).toHaveLength(3);
    expect(found.lines.map(({ began }) => began)).toEqual([4, 4]);
    expect(found.lines.map(({ weights }) => weights)).toEqual(expected.lines.map(({ weights }) => weights));
    expect(readdirSync(failing).sort()).toEqual(['2', '4', '6', '8']);
  } finally {
    for (const folder of [whole, failing]) rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

it('passes signals on', async () => {
  const args = [join(root, 'scripts', 'install', 'torch-node.js'), 'run', '--nproc-per-node', '1', script, 'wait'];
  const { code } = await start(process.execPath, args, 0);
  expect(code).toBe(143);
}, 120_000);

it.each([
  [['--nope', script], "Unknown option '--nope'"],
  [['--max-restarts', 'x', script], "--max-restarts must be an integer, not 'x'"],
  [['--start-method', 'thread', script], '--start-method must be spawn, fork or forkserver'],
  [[], 'a script is required'],
  [['--no-python', ''], 'a script is required'],
  [['--numa-binding', 'node', script], "torchrun's option --numa-binding is not there"],
  [['-m', 'package'], "torchrun's option --module is not there"],
])('refuses %j, with the usage of run', async (args, text) => {
  const { code, stderr } = await run(...args);
  expect(stderr).toContain(text);
  expect(stderr).toContain('Usage: torch-node run [options] <script>');
  expect(code).toBe(2);
});

it.each([
  [['--nproc-per-node', 'x', script], "--nproc-per-node must be auto, cpu, gpu or an integer of at least 1, not 'x'"],
  [['--nnodes', '2', '--max-restarts', '1', script], '--max-restarts on several machines needs --rdzv-backend c10d'],
  [['--nnodes', '1:4', script], '--nnodes 1:4: a number of machines that changes needs --rdzv-backend c10d'],
  [
    ['--nnodes', '1:4', '--rdzv-backend', 'c10d', '--rdzv-conf', 'join_timeout=0', script],
    "--rdzv-conf: join_timeout must be a positive integer, not '0'",
  ],
  [
    ['--nnodes', '1:4', '--rdzv-backend', 'c10d', '--rdzv-conf', 'join_timout=9', script],
    '--rdzv-conf: there is no join_timout=9 for c10d',
  ],
  [['--local-addr', '127.0.0.1', script], '--local-addr is for --rdzv-backend c10d on several machines'],
  [['--rdzv-backend', 'etcd', script], '--rdzv-backend etcd is not there'],
  [['--standalone', '--nnodes', '2', script], '--standalone is for one machine, not for --nnodes 2'],
  [['absent.mjs'], 'there is no file absent.mjs'],
  [[join(root, 'tests')], `${join(root, 'tests')} is a folder without a script`],
  [['--master-port', '99999', script], "--master-port must be an integer from 1 to 65535, not '99999'"],
  [['--local-ranks-filter', 'a', script], "--local-ranks-filter must be like 0,2, not 'a'"],
  [['--local-ranks-filter', '0,1', script], '--local-ranks-filter: there is no local rank 1 of 1 processes'],
  [['--signals-to-handle', 'SIGKILL', script], '--signals-to-handle must name signals that can be handled'],
])('refuses the value in %j', async (args, text) => {
  const { code, stdout, stderr } = await run(...args);
  expect(stderr).toContain(`torch-node: `);
  expect(stderr).toContain(text);
  expect([code, stdout]).toEqual([1, '']);
});

it.runIf(process.platform === 'linux')(
  'ends with an error when logs cannot be written, without a process',
  async () => {
    for (const more of [['--redirects', '3'], []]) {
      const { code, stdout, stderr } = await run('--log-dir', '/proc/torch-node/logs', ...more, script);
      expect(stderr).toContain('torch-node: --log-dir: cannot make the folder /proc/torch-node/logs');
      expect([code, stdout]).toEqual([1, '']);
    }
  },
);

// Options with values that torchrun takes, and some that it does not. Those that differ on purpose are in the tests above.
const values: Record<string, readonly string[]> = {
  'nproc-per-node': ['1', '2', ' 3', '0', '-1', 'cpu', 'gpu', 'many', '1.5', ''],
  nnodes: ['1', '1:1', '2:1', '0', '-1', 'a', '1:', '1:1:1'],
  'master-port': ['1', '29500', '65535', '99999', '-5', 'a', '1.0', ''],
  'rdzv-backend': ['static', 'c10d'],
  'rdzv-endpoint': ['host:29400', 'host', '127.0.0.1:1', 'host:99999', ''],
  'rdzv-id': ['job', ''],
  'rdzv-conf': ['timeout=3', 'a=1,b=2', 'a', 'a=', '=1', '', ' '],
  role: ['worker', ''],
  'max-restarts': ['0', '3', '-1', 'x', '1.5'],
  'monitor-interval': ['0.1', '5', '1e-3', 'soon', ''],
  'start-method': ['spawn', 'fork', 'forkserver', 'thread', 'Spawn'],
  'shutdown-timeout': ['0', '30', 'x', '1.5'],
  redirects: ['0', '1', '2', '3', '4', '0:1', '0:1,1:3', '0:9', '0:1,', 'a', ''],
  tee: ['0', '3', '0:3', '1:2', '33', '-1'],
  'local-ranks-filter': ['0', '0,', 'a', '0,b', ''],
  'node-rank': ['0', 'a', '1.0'],
};

it('takes and refuses the command lines that torchrun does, with its exit codes', () => {
  const random = torch.manual_seed(0);
  const pick = <T>(list: readonly T[]): T => list[torch.randint(list.length, [1], { generator: random }).item()] as T;
  const lines = Object.entries(values).flatMap(([name, texts]) => texts.map((text) => [`--${name}=${text}`, script]));
  for (let i = 0; i < 300; i++) {
    const names = Array.from({ length: 3 }, () => pick(Object.keys(values)));
    lines.push([
      ...names.flatMap((name) => {
        const written = pick([name, name.replaceAll('-', '_')]);
        const text = pick(values[name]!);
        return text === '' || text.startsWith('-') || pick([true, false])
          ? [`--${written}=${text}`]
          : [`--${written}`, text];
      }),
      ...(pick([true, false]) ? ['--standalone'] : []),
      script,
      '--tee',
    ]);
  }
  lines.push(
    ['--standalone', '--rdzv-backend', 'etcd', script],
    ['--rdzv-id'],
    ['--standalone'],
    ['--unknown', script],
    ['--log-dir', '/proc/absent/logs', script],
  );
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-run-'));
  const { TMPDIR } = process.env;
  try {
    // Where both make folders for logs.
    process.env['TMPDIR'] = folder;
    const expected = python<number[]>('torchrun.py', [lines]);
    const found = lines.map((line) => {
      try {
        read(line);
        return 0;
      } catch (error) {
        return error instanceof TypeError ? 2 : 1;
      }
    });
    const differing = lines.flatMap((line, i) => (found[i] === expected[i] ? [] : [[line, found[i], expected[i]]]));
    expect(differing).toEqual([]);
    expect(new Set(expected)).toEqual(new Set([0, 1, 2]));
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

it('takes what is not given from the environment, as torchrun does', () => {
  process.env['PET_NPROC_PER_NODE'] = '3';
  process.env['PET_STANDALONE'] = '1';
  try {
    expect(read([script])).toMatchObject({ local_size: 3, port: undefined });
    expect(read(['--nproc-per-node', '2', script])).toMatchObject({ local_size: 2 });
  } finally {
    delete process.env['PET_NPROC_PER_NODE'];
    delete process.env['PET_STANDALONE'];
  }
});

it('gives each process the GPU of its number with --virtual-local-rank', async () => {
  const shown = ['-e', 'console.log(JSON.stringify([process.env.LOCAL_RANK, process.env.CUDA_VISIBLE_DEVICES]))'];
  const { stdout } = await run('--nproc-per-node=2', '--virtual-local-rank', '--no-python', process.execPath, ...shown);
  expect(stdout.trim().split('\n').sort()).toEqual(['["0","0"]', '["0","1"]']);
});
