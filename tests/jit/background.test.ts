import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { root } from '../package_root.js';
import { archives } from './archives.js';
import { told } from './plain_values.js';

const made = archives();

interface Spin {
  forward(x: Tensor, rounds: number): Tensor;
}

const spin = () => torch.jit.load<Spin>(made.path('spin'));

describe('calls in the background', () => {
  it('give what calls give, errors included', async () => {
    expect(told(await spin().forward_async(torch.eye(8), 3))).toEqual(made.expected['spin']);
    const values = torch.jit.load<{ forward(x: Tensor, y: Tensor): Tensor; fails(n: number): number }>(
      made.path('values'),
    );
    await expect(values.forward_async(torch.ones(2), torch.ones(3))).rejects.toThrow(
      /The size of tensor a \(2\) must match/,
    );
    await expect(values.forward_async(3 as never, torch.ones(3))).rejects.toThrow(TypeError);
    await expect(values.run_method_async('fails', 0)).rejects.toThrow(/out of depth/);
  });

  it('leave the event loop free', async () => {
    let turns = 0;
    let running = true;
    const count = (): void => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await spin().forward_async(torch.eye(128), 300);
    running = false;
    expect(turns).toBeGreaterThan(10);
  });

  it('keep the modes of their caller, and the graph', async () => {
    const model = torch.jit.load(made.path('scripted'));
    const x = torch.ones(2, 1, 5, 5);
    (await model.forward_async(x)).sum().backward();
    expect(model.get_parameter('head.weight').grad).not.toBe(null);
    const calls: Promise<Tensor>[] = [];
    torch.no_grad(() => void calls.push(model.forward_async(x)));
    torch.inference_mode(() => void calls.push(model.forward_async(x)));
    const [plain, inference] = (await Promise.all(calls)) as [Tensor, Tensor];
    expect([plain.requires_grad, plain.is_inference(), inference.is_inference()]).toEqual([false, false, true]);
    expect((await model.forward_async(x)).requires_grad).toBe(true);
  });

  it('may go backward, but not through hooks in JavaScript, which no one would run', async () => {
    const model = torch.jit.load<{ forward(x: Tensor): Tensor }>(made.path('pulling'));
    const x = torch.ones([3], { requires_grad: true });
    await model.forward_async(x);
    expect(x.grad?.tolist()).toEqual([2, 2, 2]);
    x.register_hook((grad) => grad.mul(2));
    await expect(model.forward_async(x)).rejects.toThrow(
      /a hook in JavaScript was reached from a thread that JavaScript does not wait for/,
    );
    model(x);
    expect(x.grad?.tolist()).toEqual([6, 6, 6]);
  });

  it('are cancelled by a signal', async () => {
    const model = spin();
    const first = model.forward_async(torch.eye(64), 200);
    const controller = new AbortController();
    const waiting = [1, 2].map(() => model.forward_async(torch.eye(64), 200, { signal: controller.signal }));
    controller.abort(new Error('not needed'));
    for (const call of waiting) await expect(call).rejects.toThrow('not needed');
    expect((await first).shape).toEqual([64, 64]);
    await expect(model.forward_async(torch.eye(2), 1, { signal: controller.signal })).rejects.toThrow('not needed');
    const running = new AbortController();
    const begun = model.forward_async(torch.eye(128), 3000, { signal: running.signal });
    await new Promise((resolve) => setImmediate(resolve));
    running.abort();
    await expect(begun).rejects.toThrow(/aborted/);
  });

  it('run several at once, and one at a time where a model changes itself', async () => {
    const model = spin();
    model.concurrency = 3;
    const results = await Promise.all(Array.from({ length: 12 }, () => model.forward_async(torch.eye(8), 3)));
    for (const result of results) expect(told(result)).toEqual(made.expected['spin']);
    const counter = torch.jit.load<{ forward(x: Tensor): Tensor; count: number }>(made.path('counter'));
    counter.concurrency = 4;
    expect(counter.concurrency).toBe(1);
    const counts = await Promise.all(Array.from({ length: 20 }, () => counter.forward_async(torch.ones(2))));
    expect(counts.map((tensor) => tensor.tolist())).toEqual(counts.map((_, i) => [i + 1, i + 1]));
    expect(counter.count).toBe(20);
    expect(() => {
      model.concurrency = 0;
    }).toThrow(RangeError);
  });

  it('keep what they compute with alive, and nothing longer', async () => {
    const model = spin();
    const x = torch.eye(64);
    const call = model.forward_async(x, 2);
    x.dispose();
    expect((await call).shape).toEqual([64, 64]);
    const start = torch.memory_stats();
    for (let i = 0; i < 300; i++) {
      const input = torch.eye(64);
      const result = await model.forward_async(input, 1);
      input.dispose();
      result.dispose();
    }
    const end = torch.memory_stats();
    expect(end.live_tensors).toBeLessThanOrEqual(start.live_tensors);
    expect(end.process_bytes - start.process_bytes).toBeLessThan(1e6);
  });

  it('let a process or a worker end while they run', () => {
    const work = `const torch = require(${JSON.stringify(root)});
      const model = torch.jit.load(${JSON.stringify(made.path('spin'))});
      for (let i = 0; i < 3; i++) model.forward_async(torch.eye(64), 500);`;
    const in_worker = `const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(`${work} require('node:worker_threads').parentPort.postMessage(0)`)}, { eval: true });
      worker.once('message', () => worker.terminate().then(() => console.log('ended')));`;
    for (const [script, output] of [
      [`${work} setTimeout(() => process.exit(0), 5)`, ''],
      [work, ''],
      [in_worker, 'ended\n'],
    ]) {
      const result = spawnSync(process.execPath, ['-e', script!], { encoding: 'utf8', timeout: 60_000 });
      expect([result.status, result.stdout, result.stderr]).toEqual([0, output, '']);
    }
  });
});
