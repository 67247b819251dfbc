import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { root } from '../package_root.js';

/** A worker that answers each message by what the body makes of it. */
function worker_of(body: string): Worker {
  return new Worker(
    `
    const torch = require(${JSON.stringify(root)});
    const { nn, Tensor } = torch;
    const { parentPort } = require('node:worker_threads');
    torch.set_num_threads(1);
    parentPort.on('message', (message) => {
      try {
        parentPort.postMessage((() => { ${body} })());
      } catch (error) {
        parentPort.postMessage({ error: error.message });
      }
    });`,
    { eval: true },
  );
}

async function ask<T>(worker: Worker, message: unknown): Promise<T> {
  const answer = once(worker, 'message');
  worker.postMessage(message);
  return (await answer)[0] as T;
}

/** What structuredClone makes of a message, as a port does. */
async function through_a_port(value: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const received = once(port2, 'message');
  port1.postMessage(value);
  const [message] = (await received) as [unknown];
  port1.close();
  return message;
}

describe('hand_over', () => {
  it('gives another thread the same memory, both ways', async () => {
    const worker = worker_of(`
      const { x, gate } = torch.take_over(message);
      const seen = x.tolist();
      x.fill_(7);
      return { seen, pointer: x.data_ptr(), gate, back: torch.hand_over([x.index(0), torch.arange(3)]) };`);
    try {
      const x = torch.tensor([
        [1, 2],
        [3, 4],
      ]);
      const before = torch.memory_stats().process_bytes;
      const answer = await ask<{ seen: unknown; pointer: bigint; gate: string; back: unknown }>(
        worker,
        torch.hand_over({ x: x.t(), gate: 'open' }),
      );
      expect([answer.seen, answer.pointer, answer.gate]).toEqual([
        [
          [1, 3],
          [2, 4],
        ],
        x.data_ptr(),
        'open',
      ]);
      expect(x.tolist()).toEqual([
        [7, 7],
        [7, 7],
      ]);
      const [row, made] = torch.take_over<[Tensor, Tensor]>(answer.back);
      expect([row.data_ptr(), made.tolist()]).toEqual([x.data_ptr(), [0, 1, 2]]);
      // Of nothing that size has been made a copy.
      expect(torch.memory_stats().process_bytes - before).toBeLessThan(4096);
    } finally {
      await worker.terminate();
    }
  });

  it('makes no copy of large tensors', async () => {
    const worker = worker_of(
      'const t = torch.take_over(message); return [t.numel(), torch.memory_stats().process_bytes];',
    );
    try {
      const big = torch.zeros(4 << 20);
      const before = torch.memory_stats().process_bytes;
      const [count, during] = await ask<[number, number]>(worker, torch.hand_over(big));
      expect(count).toBe(4 << 20);
      expect(during - before).toBeLessThan(1 << 20);
    } finally {
      await worker.terminate();
    }
  });

  it('keeps a tensor alive when its sender has ended', async () => {
    const worker = worker_of('return torch.hand_over(torch.full([1000], message));');
    const message = await ask(worker, 5);
    const taken = torch.take_over<Tensor>(message);
    await worker.terminate();
    expect(taken.sum().item()).toBe(5000);
  });

  it('can be taken from a thread that has ended meanwhile', async () => {
    const worker = new Worker(
      `
      const torch = require(${JSON.stringify(root)});
      require('node:worker_threads').parentPort.postMessage(torch.hand_over(torch.full([1000], 5)));`,
      { eval: true },
    );
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    await once(worker, 'exit');
    expect(torch.take_over<Tensor>(messages[0]).sum().item()).toBe(5000);
  });

  it('trains a module in another thread on the weights of this one', async () => {
    const worker = worker_of(`
      const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1));
      const keys = String(model.load_state_dict(torch.take_over(message), { assign: true }));
      const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
      for (let i = 0; i < 3; i++) {
        optimizer.zero_grad();
        model(torch.ones(4, 2).mul(torch.arange(4).unsqueeze(1))).pow(2).sum().backward();
        optimizer.step();
      }
      return { keys, pointers: [...model.parameters()].map((p) => p.data_ptr()), sum: model[0].weight.sum().item(),
        version: model.state_dict()._metadata['1'] };`);
    try {
      const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1));
      const before = model.state_dict()['0.weight']!.clone();
      const answer = await ask<{ keys: string; pointers: bigint[]; sum: number; version: unknown }>(
        worker,
        torch.hand_over(model.state_dict()),
      );
      const first = model[0] as nn.Linear;
      expect(answer.keys).toBe('<All keys matched successfully>');
      expect(answer.pointers).toEqual([...model.parameters()].map((p) => p.data_ptr()));
      expect(first.weight.sum().item()).toBe(answer.sum);
      expect(first.weight.equal(before)).toBe(false);
      expect((model[1] as nn.BatchNorm1d).num_batches_tracked!.item()).toBe(3);
      expect(answer.version).toEqual({ version: 2 });
    } finally {
      await worker.terminate();
    }
  });

  it('takes gradients along, into which both sides sum up', async () => {
    const worker = worker_of(`
      const { weight } = torch.take_over(message);
      weight.mul(3).sum().backward();
      return [weight instanceof nn.Parameter, weight.requires_grad, weight.grad.tolist()];`);
    try {
      const weight = new nn.Parameter(torch.ones(2));
      weight.sum().backward();
      expect(await ask(worker, torch.hand_over({ weight }))).toEqual([true, true, [4, 4]]);
      expect(weight.grad!.tolist()).toEqual([4, 4]);
    } finally {
      await worker.terminate();
    }
  });

  it('lets threads train side by side on one set of weights', async () => {
    const workers = [1, 2].map(() =>
      worker_of(`
      const { weight, steps } = torch.take_over(message);
      for (let i = 0; i < steps; i++) {
        weight.grad = null;
        weight.sub(1).pow(2).sum().backward();
        torch.no_grad(() => weight.sub_(weight.grad, { alpha: 0.05 }));
      }
      return true;`),
    );
    try {
      const weight = new nn.Parameter(torch.zeros(16));
      await Promise.all(workers.map((worker) => ask(worker, torch.hand_over({ weight, steps: 200 }))));
      expect(weight.sub(1).abs().max().item()).toBeLessThan(1e-3);
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  });

  it('keeps kinds, containers, and what occurs twice', async () => {
    const tensor = torch.ones(1);
    const value = {
      list: [tensor, tensor],
      map: new Map<unknown, unknown>([['p', new nn.Parameter(torch.zeros(1), false)]]),
      set: new Set([1]),
      buffer: new nn.Buffer(torch.ones(2), { persistent: false }),
      number: 1.5,
      none: null,
      bytes: new Uint8Array([1, 2]),
      date: new Date(3),
      leaf: torch.ones(1, { requires_grad: true }),
    };
    const copy = torch.take_over<typeof value>(await through_a_port(torch.hand_over(value)));
    const parameter = copy.map.get('p') as nn.Parameter;
    expect(copy.list[0]).toBe(copy.list[1]);
    expect([parameter instanceof nn.Parameter, parameter.requires_grad]).toEqual([true, false]);
    expect([copy.buffer instanceof nn.Buffer, copy.buffer.persistent, copy.buffer.data_ptr()]).toEqual([
      true,
      false,
      value.buffer.data_ptr(),
    ]);
    expect([copy.leaf.requires_grad, copy.leaf.is_leaf]).toEqual([true, true]);
    expect([copy.set.has(1), copy.number, copy.none, [...copy.bytes], copy.date.getTime()]).toEqual([
      true,
      1.5,
      null,
      [1, 2],
      3,
    ]);
  });

  it('is taken once', async () => {
    const handed = torch.hand_over(torch.ones(1));
    const message = await through_a_port(handed);
    expect(handed.pending).toBe(true);
    torch.take_over(message);
    expect(handed.pending).toBe(false);
    expect(() => torch.take_over(message)).toThrow('take_over(): the Tensor has been taken or released already');
  });

  it('leaks nothing that is released, nor what a thread that ended has left', async () => {
    const bytes = (): number => torch.memory_stats().process_bytes;
    const before = bytes();
    const handed = torch.hand_over({ big: torch.zeros(1 << 20) });
    handed.release();
    expect(handed.pending).toBe(false);
    expect(() => torch.take_over(handed)).toThrow(/taken or released/);

    const worker = worker_of('return torch.hand_over(torch.zeros(8 << 20));');
    const message = await ask(worker, 0);
    expect(bytes() - before).toBeGreaterThan(8 << 20);
    torch.HandedOver.release_orphans();
    expect(bytes() - before).toBeGreaterThan(8 << 20);
    await worker.terminate();
    torch.HandedOver.release_orphans();
    expect(() => torch.take_over(message)).toThrow(/taken or released/);
    expect(bytes() - before).toBeLessThan(16 << 20);
  });

  it('refuses what cannot go across', () => {
    const leaf = torch.ones(1, { requires_grad: true });
    const before = torch.hand_over(torch.ones(1));
    expect(() => torch.hand_over([torch.ones(1), leaf.mul(2)])).toThrow(/non-leaf Tensor which requires grad/);
    expect(() => torch.hand_over(new nn.Linear(1, 1))).toThrow(/^hand_over\(\): a Linear cannot go to another thread/);
    expect(() => torch.hand_over({ a: new (class Other {})() })).toThrow(
      'hand_over(): an object of class Other cannot go to another thread',
    );
    const circular: unknown[] = [];
    circular.push(circular);
    expect(() => torch.hand_over(circular)).toThrow('hand_over(): the value holds itself');
    for (const wrong of [undefined, null, 3, {}, { tensors: [], value: 3 }, [before]]) {
      expect(() => torch.take_over(wrong)).toThrow(/argument 'message' must be what hand_over\(\) gave/);
    }
    expect(() => torch.take_over({ tensors: [{ token: 'x' }], value: { kind: 'tensor', place: 0 } })).toThrow(
      /taken or released/,
    );
    before.release();
  });

  it('goes with sparse tensors', async () => {
    const sparse = torch.eye(3).to_sparse();
    const copy = torch.take_over<Tensor>(await through_a_port(torch.hand_over(sparse)));
    expect(copy.to_dense().tolist()).toEqual(torch.eye(3).tolist());
    const [theirs, mine] = [copy, sparse].map((tensor) => (tensor as torch._VF.PrivateTensor)._values().data_ptr());
    expect(theirs).toBe(mine);
  });
});

describe('share_memory_', () => {
  it('moves what lies in a JavaScript array, once, with all views', () => {
    const array = new Float32Array([1, 2, 3]);
    const x = torch.from_numpy(array as never);
    const view = x.index('1:');
    expect([x.is_shared(), torch.ones(1).is_shared()]).toEqual([false, process.platform !== 'linux']);
    expect(() => torch.hand_over(x)).toThrow(/belongs to a JavaScript array/);
    const seen = x.numpy();
    expect(x.share_memory_()).toBe(x);
    expect([x.is_shared(), view.is_shared(), x.tolist(), view.tolist()]).toEqual([true, true, [1, 2, 3], [2, 3]]);
    const pointer = x.data_ptr();
    expect(x.share_memory_().data_ptr()).toBe(pointer);
    x.fill_(9);
    expect([[...array], view.tolist(), [...(seen.data as Float32Array)]]).toEqual([
      [1, 2, 3],
      [9, 9],
      [1, 2, 3],
    ]);
    expect(torch.take_over<Tensor>(torch.hand_over(x)).data_ptr()).toBe(pointer);
  });

  it('of a module does so for all its tensors', () => {
    const linear = new nn.Linear(1, 1);
    linear.load_state_dict(
      { weight: torch.from_numpy(new Float32Array([1]) as never).view(1, 1), bias: torch.ones(1) },
      { assign: true },
    );
    expect(linear.weight.is_shared()).toBe(false);
    expect(linear.share_memory().weight.is_shared()).toBe(true);
    expect(linear.weight.item()).toBe(1);
  });

  it('survives the array and its thread', () => {
    const script = `
      const torch = require(${JSON.stringify(root)});
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(\`
        const torch = require(${JSON.stringify(root)});
        const x = torch.from_numpy(new Float32Array(100000).fill(2)).share_memory_();
        require('node:worker_threads').parentPort.postMessage(torch.hand_over(x));\`, { eval: true });
      let taken;
      worker.on('message', (message) => { taken = torch.take_over(message); });
      worker.on('exit', () => {
        for (let i = 0; i < 50; i++) new Float32Array(100000).fill(i);
        console.log(taken.sum().item());
      });`;
    const result = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect([result.stdout.trim(), result.status]).toEqual(['200000', 0]);
  });
});
