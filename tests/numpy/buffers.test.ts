/** Array buffers over the memory of tensors outlive whatever happens to the tensors; hooks go when they are removed. */
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

const count = 4096;

/** Allocates and fills memory of the same size, so that freed memory would be overwritten. */
function fill_memory(): torch.Tensor[] {
  return Array.from({ length: 50 }, () => torch.full([count], -1));
}

function expect_sevens(data: ArrayLike<unknown>): void {
  const others = fill_memory();
  expect(others.length).toBe(50);
  expect(Array.from(data).every((value) => value === 7)).toBe(true);
}

const sevens = (): torch.Tensor => torch.full([count], 7, { dtype: torch.float32 });

describe('memory behind a typed array', () => {
  it('outlives a scope', () => {
    expect_sevens(torch.scope(() => sevens().numpy().data) as Float32Array);
  });

  it('outlives dispose()', () => {
    const x = sevens();
    const { data } = x.numpy();
    x.dispose();
    expect_sevens(data);
  });

  it('outlives set_()', () => {
    const x = sevens();
    const { data } = x.numpy();
    x.set_(torch.zeros(2));
    expect_sevens(data);
  });

  it('outlives an assignment of data', () => {
    const x = sevens();
    const { data } = x.numpy();
    x.data = torch.zeros(2);
    expect_sevens(data);
  });

  it('keeps its storage from being resized, as in Python', () => {
    const x = sevens();
    const { data } = x.numpy();
    expect(() => x.resize_(10 * count)).toThrow('Trying to resize storage that is not resizable');
    expect_sevens(data);
  });

  it('outlives hand_over() and the tensor on both sides', () => {
    const x = sevens();
    const { data } = x.numpy();
    const taken = torch.take_over<torch.Tensor>(structuredClone(torch.hand_over(x)));
    x.dispose();
    taken.dispose();
    expect_sevens(data);
  });

  it('outlives share_memory_() of an array of JavaScript', () => {
    const x = torch.from_numpy(new Float32Array(count).fill(7));
    const { data } = x.numpy();
    x.share_memory_();
    x.dispose();
    expect_sevens(data);
  });

  it('outlives the worker that took the tensor over', async () => {
    const x = sevens();
    const { data } = x.numpy();
    const worker = new Worker(
      `
      const torch = require('torch-node');
      const { parentPort, workerData } = require('node:worker_threads');
      const y = torch.take_over(workerData);
      parentPort.postMessage(y.numpy().data[5]);
    `,
      { eval: true, workerData: torch.hand_over(x) },
    );
    expect(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))).toBe(7);
    await worker.terminate();
    x.dispose();
    expect_sevens(data);
  });

  it('is freed when no one sees it any more, in one synchronous job', () => {
    const before = torch.memory_stats().process_bytes;
    for (let i = 0; i < 400; i++) {
      const x = torch.full([256 * 1024], i, { dtype: torch.float32 });
      const { data } = x.numpy();
      x.dispose();
      expect(data[0]).toBe(i);
    }
    expect(torch.memory_stats().process_bytes - before).toBeLessThan(200 * 2 ** 20);
  });

  it.each([
    ['numpy()', () => sevens().numpy().data.buffer],
    [
      'from_numpy()',
      () => {
        const array = new Float32Array(4);
        torch.from_numpy(array);
        return array.buffer;
      },
    ],
    [
      'from_numpy() of numpy()',
      () => {
        const array = sevens().numpy();
        torch.from_numpy(array);
        return array.data.buffer;
      },
    ],
  ])('stays where it is: %s', (_name, make) => {
    const buffer = make() as ArrayBuffer & { transfer(): unknown };
    const bytes = buffer.byteLength;
    try {
      structuredClone(buffer, { transfer: [buffer] });
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect(buffer.byteLength).toBe(bytes);
    expect(() => buffer.transfer()).toThrow(/belongs to a tensor/);
  });

  it('does not disturb the end of the process', () => {
    const script = `
      const torch = require('torch-node');
      globalThis.kept = [torch.ones(10).numpy(), torch.from_numpy(torch.ones(10).numpy()), torch.from_numpy(new Float32Array(3))];
    `;
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('a hook that is removed', () => {
  it('is gone from the tensor: other hooks stay, in order', () => {
    const x = torch.ones([1], { requires_grad: true });
    const called: string[] = [];
    const handles = ['a', 'b', 'c'].map((name) =>
      x.register_hook(() => {
        called.push(name);
      }),
    );
    handles[1]!.remove();
    handles[1]!.remove();
    x.register_hook(() => {
      called.push('d');
    });
    x.sum().backward();
    expect(called).toEqual(['a', 'c', 'd']);
    handles[2]!.remove();
    x.sum().backward();
    expect(called).toEqual(['a', 'c', 'd', 'a', 'd']);
  });

  it('may be removed after its tensor was disposed', () => {
    const x = torch.ones([1], { requires_grad: true });
    const handle = x.register_hook(() => undefined);
    x.dispose();
    expect(() => {
      handle.remove();
    }).not.toThrow();
  });

  it('is collected, and a loop of hooks stays fast and small', () => {
    const script = `
      const torch = require('torch-node');
      const leaf = torch.ones([1], { requires_grad: true });
      const seen = new FinalizationRegistry(() => { collected++; });
      let collected = 0;
      let calls = 0;
      for (let i = 0; i < 3000; i++) {
        const h = leaf.register_hook((grad) => { calls++; });
        if (i === 0) (() => { const own = (grad) => grad; seen.register(own, 0); leaf.register_hook(own).remove(); })();
        leaf.mul(2).backward();
        h.remove();
      }
      setTimeout(() => {
        gc();
        setTimeout(() => { console.log(JSON.stringify({ calls, collected, live: torch.memory_stats().live_tensors })); }, 50);
      }, 10);
    `;
    const run = spawnSync(process.execPath, ['--expose-gc', '-e', script], { encoding: 'utf8', timeout: 60_000 });
    expect(run.stderr).toBe('');
    const { calls, collected, live } = JSON.parse(run.stdout) as { calls: number; collected: number; live: number };
    expect(calls).toBe(3000);
    expect(collected).toBe(1);
    expect(live).toBeLessThan(10_000);
  });
});

describe('an operator that cannot enlarge a storage', () => {
  it.each([
    ['resize_', (x: torch.Tensor) => x.resize_(100_000)],
    [
      'set_',
      (x: torch.Tensor) =>
        torch.ops.aten['set_']!['source_Tensor_storage_offset']!(
          x,
          torch.from_numpy(new Float32Array(2)),
          0,
          [100_000],
          [1],
        ),
    ],
    ['out', (x: torch.Tensor) => torch.add(torch.ones(1000), 1, { out: x })],
  ])('leaves the tensor as it was: %s', (_name, enlarge) => {
    for (const x of [
      torch.from_numpy(new Float32Array([1, 2, 3])),
      torch.tensor([1, 2, 3], { dtype: torch.float32 }),
    ]) {
      x.numpy();
      expect(() => enlarge(x)).toThrow('Trying to resize storage that is not resizable');
      expect([[...x.shape], x.tolist()]).toEqual([[3], [1, 2, 3]]);
    }
  });
});
