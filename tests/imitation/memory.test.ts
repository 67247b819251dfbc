/** Memory of devices, which V8 does not see: it is counted, freed in time, and makes an Error of its own when it ends. */
import { beforeAll, describe, expect, it } from 'vitest';

import { imitation, on_imitation } from './library.js';

// Elsewhere it is not built: its memory is mapped as Linux does it.
const linux = process.platform === 'linux';

beforeAll(() => {
  if (linux) imitation();
}, 600_000);

const MB = 2 ** 20;
// Between two collections of the young generation this much may be allocated on any device.
const INTERVAL = 32 * MB;
// So much may grow old before the whole heap is collected, where no more than that is in use.
const OLD = 128 * MB;

/** The most bytes that device 0 had in use while a program ran. */
const peak_of = (body: string): number => on_imitation<number>(`${body}\nreturn imitation.peak();`);

describe.runIf(linux)('memory of a device in one synchronous job, without dispose', () => {
  // Counting references, a loop needs two of its tensors: the one that is being made, and the one before.
  it.each([
    ['20,000 x 1 MB', 20_000, 1],
    ['400 x 100 MB', 400, 100],
    ['200 x 1 GB', 200, 1024],
  ])('%s', (_, count, megabytes) => {
    const peak = peak_of(`
      let x;
      for (let i = 0; i < ${count}; i++) x = torch.empty(${megabytes * MB}, { dtype: torch.uint8, device });`);
    expect(peak).toBeLessThanOrEqual(2 * 2 * megabytes * MB + megabytes * MB + INTERVAL);
  });

  it('of small tensors, a million of 4 KB', () => {
    const peak = peak_of(`
      let x;
      for (let i = 0; i < 1_000_000; i++) x = torch.empty(4096, { dtype: torch.uint8, device });`);
    expect(peak).toBeLessThanOrEqual(INTERVAL + 2 * MB);
  });

  it('of small tensors that grow', () => {
    const peak = peak_of(`
      const [a, b] = [torch.ones(${MB / 4}, { device }), torch.ones(${MB / 4}, { device })];
      for (let i = 0; i < 4_000; i++) torch.add(a, b, { out: torch.empty(0, { device }) });`);
    expect(peak).toBeLessThanOrEqual(OLD + 2 * INTERVAL);
  });

  it('of both devices', () => {
    const peaks = on_imitation<number[]>(`
      for (let i = 0; i < 400; i++) {
        torch.empty(${50 * MB}, { dtype: torch.uint8, device: 'imitation:0' });
        torch.empty(${50 * MB}, { dtype: torch.uint8, device: 'imitation:1' });
      }
      return [imitation.peak(0), imitation.peak(1)];`);
    for (const peak of peaks) expect(peak).toBeLessThanOrEqual(2 * 100 * MB + 50 * MB + INTERVAL);
  });

  it('of pinned memory, which is on the CPU', () => {
    const [before, most] = on_imitation<[number, number]>(`
      const before = process.memoryUsage().rss;
      let most = before;
      for (let i = 0; i < 200; i++) {
        torch.empty(${16 * MB}, { dtype: torch.uint8, pin_memory: true }).fill_(1);
        most = Math.max(most, process.memoryUsage().rss);
      }
      return [before, most];`);
    expect(most - before).toBeLessThanOrEqual(OLD + INTERVAL + 2 * 2 * 16 * MB);
  });

  /** A step keeps four activations of 2 MB, and its backward makes about as many gradients. */
  const step = (loss: string): string => `
    class Double extends torch.autograd.Function {
      static forward(ctx, x) { ctx.save_for_backward(x); return x.mul(2); }
      static backward(ctx, gradient) { return gradient.mul(2); }
    }
    const w = torch.ones(${MB / 2}, { device, requires_grad: true });
    const optimizer = new optim.SGD([w], { lr: 0.001 });
    const run = () => {
      const h = ${loss};
      optimizer.zero_grad();
      h.sum().backward();
      optimizer.step();
    };
    for (let i = 0; i < 3; i++) torch.scope(run);`;
  it.each([
    ['with graphs', 'w.mul(w).mul(w).mul(w).mul(w)'],
    ['with custom functions', 'Double.apply(Double.apply(w.mul(w)).mul(w)).mul(w)'],
    ['with hooks', '(() => { const h = w.mul(w).mul(w); h.register_hook((g) => g.mul(2)); return h.mul(w); })()'],
  ])('of 1,000 training steps %s', (_, loss) => {
    const [needed, peak] = on_imitation<[number, number]>(`
      ${step(loss)}
      torch.accelerator.reset_peak_memory_stats();
      torch.scope(run);
      const needed = imitation.peak();
      for (let i = 0; i < 1000; i++) run();
      return [needed, imitation.peak()];`);
    expect(peak).toBeLessThanOrEqual(needed + Math.max(needed, OLD) + 2 * MB + INTERVAL);
  });

  it('is freed before the process ends, or with it', () => {
    expect(on_imitation(`globalThis.kept = torch.ones(10, { device }); return imitation.allocated() > 0;`)).toBe(true);
  });
});

describe.runIf(linux)('memory_stats', () => {
  it('has bytes of both kinds, each storage once', () => {
    const [before, during, after] = on_imitation<Record<string, number>[]>(`
      const stats = () => { const { live_bytes, device_bytes } = torch.memory_stats(); return { live_bytes, device_bytes }; };
      const before = stats();
      const here = torch.zeros(1000, 1000);
      const there = here.to(device);
      const view = there.view(-1);
      const during = stats();
      for (const x of [here, there, view]) x.dispose();
      return [before, during, stats()];`);
    expect(during!['device_bytes']! - before!['device_bytes']!).toBe(4e6);
    expect(during!['live_bytes']! - before!['live_bytes']!).toBe(8e6);
    expect(after).toEqual(before);
  });

  it('follows storages that are replaced, grow and shrink', () => {
    const bytes = on_imitation<number[]>(
      `
      const x = torch.zeros(1000, { device });
      const seen = [torch.memory_stats().device_bytes];
      x.data = torch.zeros(2000, { device });
      x.resize_(4000);
      for (let i = 0; i < 100; i++) torch.zeros(100_000, { device });
      const parameter = new nn.Linear(1000, 1, { bias: false }).to(device).weight;
      for (let i = 0; i < 3000; i++) torch.zeros(1).add(1);
      global.gc();
      for (let i = 0; i < 3000; i++) torch.zeros(1).add(1);
      seen.push(torch.memory_stats().device_bytes);
      x.dispose();
      seen.push(torch.memory_stats().device_bytes);
      return seen;`,
      ['--expose-gc'],
    );
    expect(bytes).toEqual([4000, 20_000, 4000]);
  });

  it('counts tensors that one thread hands to another where they are', () => {
    const result = on_imitation(`
      const x = torch.zeros(1000, { device });
      const handed = torch.hand_over({ x });
      x.dispose();
      const before = torch.memory_stats().device_bytes;
      const { x: taken } = torch.take_over(handed);
      return [before, torch.memory_stats().device_bytes, taken.sum().item()];`);
    expect(result).toEqual([0, 4000, 0]);
  });
});

describe.runIf(linux)('a device that is out of memory', () => {
  it('gets what is garbage, and what its allocator keeps, before the operator is tried once more', () => {
    const [ooms, emptied, sum] = on_imitation<number[]>(`
      imitation.set_limit(${100 * MB});
      // Garbage of another size, which the allocator cannot use again; less than makes a collection due.
      for (let i = 0; i < 7; i++) torch.empty(${MB}, { dtype: torch.uint8, device });
      torch.empty(${60 * MB}, { dtype: torch.uint8, device });
      const x = torch.zeros(${90 * MB}, { dtype: torch.uint8, device });
      return [imitation.ooms(), imitation.emptied(), x.index(0).item()];`);
    expect([ooms, emptied, sum]).toEqual([1, 1, 0]);
  });

  it('keeps the arguments of the operator meanwhile', () => {
    const values = on_imitation(`
      imitation.set_limit(${100 * MB});
      const one = () => torch.ones(${7 * MB}, { device });
      // A function of its own: what is in a loop may stay in the interpreter's registers until the next round.
      const run = () => one().mul(one()).index(-1).item();
      const results = [];
      for (let i = 0; i < 20; i++) results.push(run());
      return [new Set(results).size, results[0], imitation.ooms() > 0];`);
    expect(values).toEqual([1, 1, true]);
  });

  it.each([
    ['that grows its tensor', 'const x = bytes(1)', `x.resize_(${90 * MB})`, 90 * MB],
    [
      'that keeps its tensor for the backward pass, and does its work once',
      `const w = torch.tensor([3], { dtype: torch.float32, device, requires_grad: true });
       const x = w.expand(${11 * MB}).mul(1)`,
      'x.pow_(2).index(-1).item()',
      9,
    ],
  ])('lets an operator in place be tried once more, %s', (_, tensor, call, value) => {
    const seen = on_imitation<unknown[]>(`
      imitation.set_limit(${100 * MB});
      const bytes = (size) => torch.empty(size, { dtype: torch.uint8, device });
      ${tensor};
      for (let i = 0; i < 7; i++) bytes(${MB});
      bytes(${40 * MB});
      const result = ${call};
      return [imitation.ooms(), imitation.emptied(), typeof result === 'number' ? result : result.numel()];`);
    expect(seen).toEqual([1, 1, value]);
  });

  it.each([
    [
      'an operator',
      'torch.empty(2 ** 30, { device })',
      /^empty\(\): imitation out of memory\. Tried to allocate 4\.00 GiB\. Device 0 /,
    ],
    [
      'an operator in place',
      'torch.ones(1, { device }).resize_(2 ** 30)',
      /imitation out of memory\. Tried to allocate 4\.00 GiB\. /,
    ],
    [
      'a move of a module',
      'new nn.Linear(2 ** 13, 2 ** 12).to(device)',
      /imitation out of memory\. Tried to allocate 128\.00 MiB\. /,
    ],
    [
      'a backward pass',
      `(() => {
         const x = torch.ones(1, { device, requires_grad: true });
         x.expand(2 ** 12).mul(1).expand(2 ** 13, 2 ** 12).sum().backward({ create_graph: true });
         const y = torch.ones(10 * ${MB}, { device, requires_grad: true });
         y.register_hook((g) => torch.empty(2 ** 30, { device }));
         y.mul(y).sum().backward();
       })()`,
      /imitation out of memory\. Tried to allocate /,
    ],
  ])('throws an OutOfMemoryError from %s, and works afterwards', (_, program, text) => {
    const [is_one, name, message, sum] = on_imitation<[boolean, string, string, number]>(`
      imitation.set_limit(${100 * MB});
      try {
        ${program};
        return 'nothing thrown';
      } catch (error) {
        const is_one = error instanceof torch.OutOfMemoryError && error instanceof Error && !(new Error('a') instanceof torch.OutOfMemoryError);
        return [is_one, error.name, error.message, torch.ones(3, { device }).sum().item()];
      }`);
    expect([is_one, name, sum]).toEqual([true, 'OutOfMemoryError', 3]);
    expect(message).toMatch(text);
  });

  it('has garbage collected before passes, which cannot be repeated', () => {
    // Eight activations of 16 MB, and gradients: without garbage they fit.
    const [needed, ooms, steps] = on_imitation<number[]>(
      `
      const w = torch.ones(4 * ${MB}, { device, requires_grad: true });
      const optimizer = new optim.Adam([w], { lr: 0.001 });
      const run = () => {
        optimizer.zero_grad();
        const h = w.mul(w).mul(w).mul(w).mul(w).mul(w).mul(w).mul(w);
        h.mul(h).sum().backward();
        optimizer.step();
      };
      run(); // makes the state, which a scope would take
      global.gc();
      torch.scope(run);
      torch.accelerator.reset_peak_memory_stats();
      torch.scope(run);
      const needed = imitation.peak();
      torch.accelerator.empty_cache();
      imitation.set_limit(Math.ceil(needed * 1.3));
      let steps = 0;
      for (; steps < 20; steps++) run();
      return [needed, imitation.ooms(), steps];`,
      ['--expose-gc'],
    );
    expect([needed! > 100 * MB, steps]).toEqual([true, 20]);
    // Operators may be repeated; that they are is the rare case.
    expect(ooms).toBeLessThan(20);
  });

  it('does not repeat an operator that writes into its arguments', () => {
    const values = on_imitation(`
      const x = torch.zeros(2, { device });
      let thrown = false;
      try {
        imitation.add_then_run_out_of_memory(x);
      } catch (error) {
        thrown = error instanceof torch.OutOfMemoryError;
      }
      return [thrown, x.tolist()];`);
    expect(values).toEqual([true, [1, 1]]);
  });
});
