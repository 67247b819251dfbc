/** One libtorch in many threads, processes and module systems. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-processes-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules', 'torch-node'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script that finds the package by its name, and reads the JSON document that it prints. */
function run(name: string, text: string): unknown {
  const file = join(folder, name);
  writeFileSync(file, text);
  const result = spawnSync(process.execPath, [file], { encoding: 'utf8', cwd: folder });
  if (result.status !== 0) throw new Error(`${name} ended with ${result.signal ?? result.status}: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

const training = `
  const torch = require('torch-node');
  torch.set_num_threads(1);
  torch.manual_seed(1);
  const model = new torch.nn.Linear(4, 1);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.04 });
  for (let i = 0; i < 20; i++) {
    const loss = model(torch.ones(2, 4)).sub(1).pow(2).sum();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
  const result = model(torch.ones(2, 4)).sum().item();`;

describe('the addon', () => {
  it('trains in eight worker_threads at once, and in the main thread beside them', () => {
    const results = run(
      'workers.cjs',
      `
      const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      ${training}
      if (!isMainThread) parentPort.postMessage(result);
      else {
        const workers = Array.from({ length: 8 }, () => new Promise((resolve, reject) => {
          let answer;
          const worker = new Worker(__filename).on('message', (value) => { answer = value; }).on('error', reject);
          worker.on('exit', (code) => (code === 0 ? resolve(answer) : reject(new Error('exit code ' + code))));
        }));
        Promise.all(workers).then((answers) => console.log(JSON.stringify([result, ...answers])));
      }`,
    ) as number[];
    expect(results.length).toBe(9);
    expect(results[0]).toBeCloseTo(2, 1);
    // The generator is one for the process, so the start differs from thread to thread; where training leads does not.
    for (const result of results) expect(result).toBeCloseTo(2, 1);
  });

  it('works in child processes of a process that uses it', () => {
    const results = run(
      'children.cjs',
      `
      ${training}
      if (process.send) process.send(result);
      else {
        const { fork } = require('node:child_process');
        const children = [1, 2].map(() => new Promise((resolve) => fork(__filename).on('message', resolve)));
        Promise.all(children).then((answers) => console.log(JSON.stringify([result, ...answers])));
      }`,
    ) as number[];
    expect(new Set(results).size).toBe(1);
    expect(results[0]).toBeCloseTo(2, 1);
  });

  it('works in the workers of a cluster', () => {
    const results = run(
      'cluster.cjs',
      `
      const cluster = require('node:cluster');
      ${training}
      if (cluster.isPrimary) {
        const answers = [result];
        cluster.on('message', (worker, value) => { answers.push(value); worker.kill(); });
        cluster.on('exit', () => { if (answers.length === 3) { console.log(JSON.stringify(answers)); process.exit(); } });
        cluster.fork();
        cluster.fork();
      } else process.send(result);`,
    ) as number[];
    expect(results.length).toBe(3);
    expect(new Set(results).size).toBe(1);
  });

  it('is one for ES modules and CommonJS: classes, random numbers, grad mode, defaults', () => {
    expect(
      run(
        'both.mjs',
        `
      import { createRequire } from 'node:module';
      import * as esm from 'torch-node';
      import by_default from 'torch-node';
      const cjs = createRequire(import.meta.url)('torch-node');
      const dynamic = await import('torch-node');
      esm.manual_seed(7);
      const first = esm.rand(3).tolist();
      cjs.manual_seed(7);
      const second = esm.rand(3).tolist();
      const inside = esm.no_grad(() => cjs.is_grad_enabled());
      cjs.set_default_dtype(cjs.float64);
      console.log(JSON.stringify({
        tensor: esm.Tensor === cjs.Tensor && by_default.Tensor === cjs.Tensor && dynamic.Tensor === esm.Tensor,
        instance: cjs.ones(1) instanceof esm.Tensor, same: JSON.stringify(first) === JSON.stringify(second), inside,
        dtype: esm.tensor([0.5]).dtype === esm.float64, sum: esm.add(cjs.ones(2), esm.ones(2)).sum().item(),
      }));`,
      ),
    ).toEqual({ tensor: true, instance: true, same: true, inside: false, dtype: true, sum: 4 });
  });

  it('may be loaded a second time by a module cache that was emptied', () => {
    expect(
      run(
        'twice.cjs',
        `
      const first = require('torch-node');
      for (const file of Object.keys(require.cache)) if (!file.endsWith('.node')) delete require.cache[file];
      const second = require('torch-node');
      first.manual_seed(3);
      const a = first.rand(2).tolist();
      second.manual_seed(3);
      const b = second.rand(2).tolist();
      console.log(JSON.stringify({ other: first !== second, same: JSON.stringify(a) === JSON.stringify(b) }));`,
      ),
    ).toEqual({ other: true, same: true });
  });
});
