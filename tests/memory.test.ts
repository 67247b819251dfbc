import { spawnSync } from 'node:child_process';
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';
import { root } from './package_root.js';

/** Runs the body of a function in a process of its own and gives back what it returns. */
function alone<T>(body: string, flags: readonly string[] = []): T {
  const script = `
    const torch = require(${JSON.stringify(root)});
    console.log(JSON.stringify((() => { ${body} })()));`;
  const result = spawnSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as T;
}

/** How much the peak memory of a process of its own grows in MB while it runs a script. */
function peak_growth(body: string): number {
  return alone(`
    const { readFileSync } = require('node:fs');
    const peak = () => process.platform === 'linux'
      ? Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
      : process.resourceUsage().maxRSS / 1024;
    const start = peak();
    ${body}
    return peak() - start;`);
}

describe('memory in one synchronous job, without dispose', () => {
  it('stays bounded for tensors of 1 MB', () => {
    // 3 GB go through
    expect(peak_growth('for (let i = 0; i < 3000; i++) torch.zeros(256 * 1024);')).toBeLessThan(450);
  });

  it('stays bounded for small tensors', () => {
    expect(peak_growth('let x = torch.zeros(2, 2); for (let i = 0; i < 300_000; i++) x = x.add(1);')).toBeLessThan(300);
  });

  it('stays bounded for graphs that no one differentiates', () => {
    expect(
      peak_growth(`
        const w = torch.rand([256, 256], { requires_grad: true });
        for (let i = 0; i < 2000; i++) w.mm(w).relu().mul(2).sum();`),
    ).toBeLessThan(450);
  });

  it('stays bounded for small results of heavy graphs that are kept without their graph', () => {
    expect(
      peak_growth(`
        const w = torch.rand([512, 512], { requires_grad: true });
        const kept = [];
        for (let i = 0; i < 1500; i++) kept.push(w.mul(2).relu().sum().detach());`),
    ).toBeLessThan(450);
  });

  it('stays bounded for what the contexts of custom functions hold', () => {
    // 4 GB go through. What a context holds dies one collection after the graph that holds the context.
    const peak = alone<number>(`
      class Twice extends torch.autograd.Function {
        static forward(ctx, held, x) {
          ctx.held = held;
          return x.mul(2);
        }
        static backward(_, gradient) {
          return [null, gradient.mul(2)];
        }
      }
      let most = 0;
      for (let i = 0; i < 4000; i++) {
        const x = torch.ones(1, { requires_grad: true });
        Twice.apply({ tensor: torch.zeros(250_000) }, x).sum().backward();
        most = Math.max(most, torch.memory_stats().live_bytes);
      }
      return most;`);
    expect(peak).toBeLessThan(300e6);
  });

  it.each([
    ['add_', 'h.add_(w.exp().sum());'],
    ['an assignment', 'h.index_put_(0, w.mul(2).sum());'],
    ['out of a function of its own', 'h = Same.apply(w.exp().sum());'],
  ])('stays bounded where a small tensor gets its graph by %s, and its neighbours are kept', (_, change) => {
    expect(
      peak_growth(`
        class Same extends torch.autograd.Function {
          static forward(ctx, x) {
            ctx.held = x.expand(512, 512).clone();
            return x.clone();
          }
          static backward(_, gradient) {
            return gradient;
          }
        }
        const w = torch.rand([512, 512], { requires_grad: true });
        const kept = [];
        for (let i = 0; i < 1500; i++) {
          let h = torch.zeros(1);
          kept.push(torch.zeros(1));
          ${change}
          h.mul(h);
        }`),
    ).toBeLessThan(450);
  });

  it('stays bounded for numpy views', () => {
    expect(peak_growth('for (let i = 0; i < 2000; i++) torch.zeros(256 * 1024).numpy();')).toBeLessThan(450);
  });

  it('keeps what is still reachable', () => {
    const kept = Array.from({ length: 500 }, (_, i) => torch.full([100], i));
    for (let i = 0; i < 20_000; i++) torch.zeros(100);
    for (let i = 0; i < 300; i++) torch.zeros(256 * 1024);
    expect(kept.every((x, i) => x.sum().item() === 100 * i)).toBe(true);
  });

  it('keeps the memory behind a typed array after its tensor is forgotten', () => {
    const data = torch.arange(256 * 1024).numpy().data as BigInt64Array;
    for (let i = 0; i < 500; i++) torch.zeros(256 * 1024).fill_(-1);
    expect(data.every((value, i) => value === BigInt(i))).toBe(true);
  });
});

describe('dispose', () => {
  it('makes later use an Error that names the operator', () => {
    const x = torch.ones(2);
    x.dispose();
    expect(() => x.add(1)).toThrow(/add\(\): the tensor was disposed/);
    expect(() => x.shape).toThrow(/disposed/);
    expect(String(x)).toContain('disposed');
  });

  it('may be called twice, and does not hurt views', () => {
    const x = torch.ones(4);
    const view = x.view(2, 2);
    x.dispose();
    x.dispose();
    expect(view.sum().item()).toBe(4);
  });

  it('happens at the end of a block through Symbol.dispose', () => {
    const x = torch.ones(2);
    x[Symbol.dispose]();
    expect(() => x.sum()).toThrow(/disposed/);
  });
});

describe('scope', () => {
  it('disposes what was made inside, except the result', () => {
    let inner: torch.Tensor | undefined;
    const result = torch.scope(() => {
      inner = torch.ones(3);
      return { kept: [inner.mul(2)] };
    });
    expect(result.kept[0]?.tolist()).toEqual([2, 2, 2]);
    expect(() => inner?.sum()).toThrow(/disposed/);
  });

  it('keeps what is named, and what an outer scope returns', () => {
    let named: torch.Tensor | undefined;
    const result = torch.scope(() =>
      torch.scope(() => {
        named = torch.keep(torch.ones(2));
        return torch.zeros(2);
      }),
    );
    expect(named?.sum().item()).toBe(2);
    expect(result.sum().item()).toBe(0);
  });

  it('cleans up after an exception, and refuses asynchronous functions', () => {
    const before = torch.memory_stats().live_tensors;
    expect(() =>
      torch.scope(() => {
        torch.ones(1e5);
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(() => torch.scope(async () => torch.ones(1))).toThrow(TypeError);
    expect(torch.memory_stats().live_tensors).toBeLessThanOrEqual(before + 1);
  });
});

describe('the collections that the table asks for', () => {
  // Each makes less garbage of JavaScript's than V8 lets gather before it collects by itself.
  const swept = (loop: string, flags?: readonly string[]): { sweeps: number; live: number } =>
    alone(
      `const x = torch.rand(4, 4);
      ${loop}
      const { sweeps, live_tensors } = torch.memory_stats();
      return { sweeps, live: live_tensors };`,
      flags,
    );

  it('come by results', () => {
    const { sweeps, live } = swept('for (let i = 0; i < 20_000; i++) x.add(1);');
    expect(sweeps).toBeGreaterThan(0);
    expect(live).toBeLessThan(20_000);
  });

  it('come where each call has several results', () => {
    const { sweeps, live } = swept('for (let i = 0; i < 20_000; i++) x.max(1);');
    expect(sweeps).toBeGreaterThan(0);
    expect(live).toBeLessThan(40_000);
  });

  it('come by bytes', () => {
    const { sweeps, live } = swept('for (let i = 0; i < 500; i++) torch.zeros(1 << 18);');
    expect(sweeps).toBeGreaterThan(0);
    expect(live).toBeLessThan(200);
  });

  it('reach what has grown old', () => {
    // 1 GB in all, each part of which lives through many collections of the young.
    const live = alone<number>(`
      for (let round = 0; round < 10; round++) {
        const kept = Array.from({ length: 100 }, () => torch.zeros(1 << 18));
        for (let i = 0; i < 300; i++) torch.zeros(1 << 18);
      }
      return torch.memory_stats().live_bytes;`);
    expect(live).toBeLessThan(700e6);
  });

  it('leave no function for it in sight', () => {
    const seen = alone(`
      for (let i = 0; i < 20_000; i++) torch.ones(1);
      return [torch.memory_stats().sweeps > 0, typeof gc, require('node:vm').runInNewContext('typeof gc')];`);
    expect(seen).toEqual([true, 'undefined', 'undefined']);
  });

  it('leave a function that was asked for', () => {
    expect(alone('for (let i = 0; i < 20_000; i++) torch.ones(1); return typeof gc;', ['--expose-gc'])).toBe(
      'function',
    );
  });

  it('are not asked for where flags are frozen', () => {
    const { live } = swept('for (let i = 0; i < 400_000; i++) x.add(1);', ['--freeze-flags-after-init']);
    expect(live).toBeLessThan(400_000);
  });
});

describe('memory_stats', () => {
  it('counts a storage once, however many views it has', () => {
    const counts = alone(`
      const before = torch.memory_stats().live_bytes;
      const x = torch.zeros(1000, 1000);
      const views = [x.t(), x.view(-1), x.index(0)];
      const during = torch.memory_stats().live_bytes - before;
      for (const tensor of [x, ...views]) tensor.dispose();
      return [during, torch.memory_stats().live_bytes - before];`);
    expect(counts).toEqual([4_000_000, 0]);
  });

  it('counts tensors', () => {
    const counts = alone(`
      const before = torch.memory_stats().live_tensors;
      const made = [torch.ones(1), torch.ones(1e5)];
      const during = torch.memory_stats().live_tensors - before;
      for (const tensor of made) tensor.dispose();
      return [during, torch.memory_stats().live_tensors - before];`);
    expect(counts).toEqual([2, 0]);
  });
});
