/**
 * Groups of three processes, each here or in Python: collectives, objects, samplers and training give what Python's processes have among
 * themselves, to the last bit.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { free_port, part_of, python_results, results_of, run_ranks, type Kind } from './ranks.js';

const scenarios = [
  'collectives',
  'objects',
  'sampler',
  'gradients',
  'ddp',
  'hooks',
  'join',
  'zero',
  'sync_batch_norm',
  'shapes',
];
type Results = Record<string, unknown>;
let expected: Results[];

beforeAll(async () => {
  expected = await python_results(3, scenarios);
}, 120_000);

const mixes: Kind[][] = [
  ['node', 'node', 'node'],
  ['python', 'node', 'node'],
  ['node', 'python', 'node'],
];

const is_object = (name: string): boolean => /_object/.test(name);
const is_training = (name: string): boolean =>
  /^ddp |^sync |gradient|no_sync|sparse|no gradient|device_ids|unused|shapes/.test(name);

describe.each(mixes)('a group of %s, %s and %s', (...kinds) => {
  let found: Results[];

  beforeAll(async () => {
    found = results_of(await run_ranks(kinds, { scenarios }));
  }, 120_000);

  it('has the results of collectives that Python has', () => {
    const wanted = (name: string): boolean => !is_object(name) && !is_training(name);
    const of_python = part_of(expected, wanted);
    expect(Object.keys(of_python[0]!).length).toBeGreaterThan(80);
    expect(part_of(found, wanted)).toEqual(of_python);
  });

  it('sends the same objects', () => {
    expect(part_of(found, is_object)).toEqual(part_of(expected, is_object));
  });

  it('trains to the same weights', () => {
    const of_python = part_of(expected, is_training);
    expect(Object.keys(of_python[0]!).length).toBeGreaterThan(18);
    expect(part_of(found, is_training)).toEqual(of_python);
  });
});

// With DETAIL, a second group compares what the processes are about to do.
it('two processes meet by the environment, with TORCH_DISTRIBUTED_DEBUG=DETAIL', async () => {
  const env = { TORCH_DISTRIBUTED_DEBUG: 'DETAIL' };
  const [node, python] = results_of(await run_ranks(['node', 'python'], { scenarios: ['objects'], init: 'env', env }));
  expect(node!['all_gather_object']).toEqual(python!['all_gather_object']);
  expect(node!['broadcast_object_list']).toEqual(python!['broadcast_object_list']);
}, 120_000);

it('worker_threads are processes of a group', async () => {
  const port = await free_port();
  const script = `
    const { Worker, isMainThread, workerData: rank, parentPort } = require('node:worker_threads');
    const torch = require(${JSON.stringify(root)});
    const { nn, distributed: dist } = torch;
    if (isMainThread) {
      const said = [];
      process.on('exit', () => console.log(JSON.stringify(said)));
      for (const rank of [0, 1]) {
        const worker = new Worker(__filename, { workerData: rank });
        worker.on('message', (message) => { said[rank] = message; });
        
      }
    } else {
      dist.init_process_group('gloo', 'tcp://127.0.0.1:${port}', { rank, world_size: 2, timeout: 20 });
      torch.manual_seed(rank);
      const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
      model(torch.randn(3, 2)).sum().backward();
      parentPort.postMessage([dist.get_rank(), model.module.weight.tolist(), model.module.weight.grad.tolist()]);
      dist.destroy_process_group();
    }`;
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-workers-'));
  try {
    writeFileSync(join(folder, 'main.js'), script);
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.js')], {
      encoding: 'utf8',
      timeout: 40_000,
      env: { ...process.env, GLOO_SOCKET_IFNAME: 'lo' },
    });
    expect(stderr).toBe('');
    const [[first, ...of_first], [second, ...of_second]] = JSON.parse(stdout) as [unknown[], unknown[]];
    expect([first, second]).toEqual([0, 1]);
    expect(of_second).toEqual(of_first);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
