import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

const training = `
  const torch = require(${JSON.stringify(root)});
  torch.set_num_threads(1);
  const generator = new torch.Generator().manual_seed(1);
  const w = torch.rand([8, 8], { generator }).requires_grad_();
  for (let i = 0; i < 200; i++) {
    const loss = w.mm(w).sub(1).pow(2).sum();
    loss.backward();
    torch.no_grad(() => { w.sub_(w.grad, { alpha: 1e-4 }); w.grad = null; });
  }
  const result = w.sum().item();`;

function in_worker(): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(`${training} require('node:worker_threads').parentPort.postMessage(result);`, {
      eval: true,
    });
    let result = NaN;
    worker.on('message', (value: number) => {
      result = value;
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve(result) : reject(new Error(`exit code ${code}`))));
  });
}

describe('worker_threads', () => {
  it('load the addon side by side and exit cleanly, with equal results', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, in_worker));
    expect(new Set(results).size).toBe(1);
    expect(Number.isFinite(results[0])).toBe(true);
  });

  it('may be stopped in the middle of work', async () => {
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        Array.from({ length: 4 }, async (_, i) => {
          const worker = new Worker(
            `const torch = require(${JSON.stringify(root)}); require('node:worker_threads').parentPort.postMessage(0);
           while (true) torch.rand(10, 10).mm(torch.rand(10, 10));`,
            { eval: true },
          );
          await new Promise((resolve) => worker.once('message', resolve));
          await new Promise((resolve) => setTimeout(resolve, 5 * i));
          await worker.terminate();
        }),
      );
    }
    expect(await in_worker()).not.toBeNaN();
  });

  it('may load the addon before the main thread does', () => {
    const script = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(training)}, { eval: true });
      worker.on('exit', (code) => {
        const torch = require(${JSON.stringify(root)});
        for (let i = 0; i < 100; i++) torch.zeros(1e5);
        console.log(code, torch.ones(2).sum().item());
      });`;
    const result = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(result.stdout.trim()).toBe('0 2');
    expect(result.status).toBe(0);
  });
});

describe('modules', () => {
  it('are one and the same from ESM and CommonJS', () => {
    const script = `
      import { createRequire } from 'node:module';
      import * as esm from 'torch-node';
      import torch from 'torch-node';
      const cjs = createRequire(import.meta.url)('torch-node');
      console.log(esm.Tensor === cjs.Tensor, torch.zeros === cjs.zeros, esm.ones(2) instanceof cjs.Tensor);`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', cwd: root });
    expect(result.stderr).toBe('');
    expect(result.stdout.trim()).toBe('true true true');
  });
});
