/** Backward passes on devices, whose nodes run on threads of the engine: JavaScript is called on its own thread, and nothing hangs. */
import { beforeAll, describe, expect, it } from 'vitest';

import { imitation, on_imitation, prelude } from './library.js';

// Elsewhere it is not built: its memory is mapped as Linux does it.
const linux = process.platform === 'linux';

beforeAll(() => {
  if (linux) imitation();
}, 600_000);

/** The same program on the CPU and on a device, which computes with the CPU's kernels: all numbers are equal. */
function on_both<T>(body: string): { cpu: T; there: T } {
  const run = `const run = (device) => { torch.manual_seed(0); ${body} };`;
  return on_imitation<{ cpu: T; there: T }>(`${run} return { cpu: run('cpu'), there: run(device) };`);
}

const FUNCTIONS = `
  class Square extends torch.autograd.Function {
    static forward(ctx, x) { ctx.save_for_backward(x); return x.mul(x); }
    static backward(ctx, gradient) {
      const [x] = ctx.saved_tensors;
      return gradient.mul(x).mul(2);
    }
  }
  class Nested extends torch.autograd.Function {
    static forward(ctx, x) { ctx.save_for_backward(x); return x.pow(3); }
    static backward(ctx, gradient) {
      const [x] = ctx.saved_tensors;
      const inner = x.detach().requires_grad_();
      torch.enable_grad(() => inner.pow(3).sum().backward());
      return gradient.mul(inner.grad);
    }
  }`;

describe.runIf(linux)('a backward pass on a device', () => {
  it.each([
    [
      'calls hooks of tensors',
      `const x = torch.ones(3, { device, requires_grad: true });
       const y = x.mul(2);
       const seen = [];
       y.register_hook((gradient) => { seen.push(gradient.tolist(), String(gradient.device).startsWith(device)); return gradient.mul(3); });
       y.sin().sum().backward();
       return [seen, x.grad.tolist()];`,
    ],
    [
      'calls hooks of nodes, and those after accumulation',
      `const x = torch.ones(3, { device, requires_grad: true });
       const seen = [];
       x.register_post_accumulate_grad_hook((p) => { seen.push('accumulated', p.grad.tolist()); });
       const y = x.sin();
       y.grad_fn.register_prehook((gradients) => { seen.push('before'); return gradients.map((g) => g.mul(2)); });
       y.grad_fn.register_hook(() => { seen.push('after'); });
       y.sum().backward();
       return seen;`,
    ],
    [
      'calls custom functions',
      `${FUNCTIONS}
       const x = torch.arange(4, { device, dtype: torch.float32 }).requires_grad_();
       Square.apply(Square.apply(x)).sum().backward();
       return x.grad.tolist();`,
    ],
    [
      'may run another one within a hook',
      `const x = torch.ones(3, { device, requires_grad: true });
       const inner = torch.full([3], 2.5, { device, requires_grad: true });
       const y = x.mul(2);
       y.register_hook((gradient) => {
         torch.enable_grad(() => inner.pow(2).sum().backward());
         return gradient.mul(inner.grad);
       });
       y.sum().backward();
       return [x.grad.tolist(), inner.grad.tolist()];`,
    ],
    [
      'may run another one, with hooks of its own, within one within a custom function',
      `${FUNCTIONS}
       class Deeper extends torch.autograd.Function {
         static forward(ctx, x) { ctx.save_for_backward(x); return x.mul(2); }
         static backward(ctx, gradient) {
           const [x] = ctx.saved_tensors;
           const inner = x.detach().requires_grad_();
           torch.enable_grad(() => {
             const y = Nested.apply(inner);
             y.register_hook((g) => g.mul(2));
             y.sum().backward();
           });
           return gradient.mul(inner.grad);
         }
       }
       const x = torch.arange(4, { device, dtype: torch.float32 }).requires_grad_();
       Deeper.apply(x).sum().backward();
       return x.grad.tolist();`,
    ],
    [
      'goes through a dispatch mode',
      `const { TorchDispatchMode } = torch.utils._python_dispatch;
       const seen = [];
       class Log extends TorchDispatchMode {
         __torch_dispatch__(func, types, args, kwargs) {
           seen.push(String(func));
           return func(...args, kwargs);
         }
       }
       const w = torch.ones(2, 2, { device, requires_grad: true });
       const y = w.mm(w).sum();
       new Log().run(() => y.backward());
       return [seen.filter((name) => name === 'aten.mm.default').length, seen.includes('aten.expand.default'), w.grad.tolist()];`,
    ],
    [
      'nests deeper than the engine keeps on one thread',
      `class Deep extends torch.autograd.Function {
         static forward(ctx, x, depth) { ctx.save_for_backward(x); ctx.depth = depth; return x.mul(2); }
         static backward(ctx, gradient) {
           const [x] = ctx.saved_tensors;
           if (ctx.depth === 0) return [gradient, null];
           const inner = x.detach().requires_grad_();
           torch.enable_grad(() => Deep.apply(inner, ctx.depth - 1).sum().backward());
           return [gradient.add(inner.grad), null];
         }
       }
       const x = torch.ones(2, { device, requires_grad: true });
       Deep.apply(x, 70).sum().backward();
       return x.grad.tolist();`,
    ],
    [
      'recomputes what checkpoints have dropped',
      `const { checkpoint } = torch.utils.checkpoint;
       const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 4)).to(device);
       const x = torch.arange(8, { dtype: torch.float32 }).view(2, 4).to(device).requires_grad_();
       const run = (use_reentrant) => {
         net.zero_grad();
         const y = checkpoint((h) => net(h), x, { use_reentrant });
         checkpoint((h) => net(h), y, { use_reentrant }).sum().backward();
         return [...net.parameters()].map((p) => p.grad.tolist());
       };
       return [run(true), run(false)];`,
    ],
    [
      'is differentiated again',
      `${FUNCTIONS}
       const x = torch.arange(3, { device, dtype: torch.float32 }).requires_grad_();
       const [first] = torch.autograd.grad(Square.apply(x).mul(x).sum(), [x], { create_graph: true });
       first.register_hook((g) => g.mul(2));
       first.sin().sum().backward();
       return [first.tolist(), x.grad.tolist()];`,
    ],
    [
      'calls hooks of saved tensors',
      `const seen = [];
       const x = torch.ones(3, { device, requires_grad: true });
       const y = torch.autograd.graph.saved_tensors_hooks(
         (t) => { seen.push('pack'); return t.cpu(); },
         (t) => { seen.push('unpack'); return t.to(device); },
         () => x.mul(x).sin(),
       );
       y.sum().backward();
       const z = torch.autograd.graph.save_on_cpu(() => x.mul(x).cos());
       z.sum().backward();
       return [seen, x.grad.tolist()];`,
    ],
    [
      'looks for what is not a number, and says where it was made',
      `return torch.autograd.detect_anomaly(() => {
         const x = torch.zeros(2, { device, requires_grad: true });
         x.register_hook((g) => g);
         try {
           x.mul(0).sqrt().sum().backward();
         } catch (error) {
           return error.message.split('\\n')[0];
         }
       });`,
    ],
    [
      'is as without threads for a module with hooks',
      `const net = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 1)).to(device);
       const seen = [];
       net[1].register_full_backward_hook((_, into, out) => { seen.push(into[0].sum().item(), out[0].sum().item()); });
       const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
       const x = torch.arange(12, { dtype: torch.float32 }).view(3, 4).to(device);
       for (let i = 0; i < 5; i++) {
         optimizer.zero_grad();
         net(x).square().mean().backward();
         optimizer.step();
       }
       return [seen, net(x).tolist()];`,
    ],
  ])('%s', (_, body) => {
    const { cpu, there } = on_both<unknown[]>(body);
    expect(JSON.stringify(cpu).length).toBeGreaterThan(4);
    expect(there).toEqual(cpu);
  });

  it.each([
    ['a hook', `y.register_hook(() => { throw wrong; });`],
    ['a custom function', `y = Wrong.apply(y);`],
    ['a pass within a hook', `y.register_hook(() => torch.enable_grad(() => { Wrong.apply(x).sum().backward(); }));`],
  ])('throws what %s throws, and works afterwards', (_, change) => {
    const results = on_imitation(`
      const wrong = new RangeError('wrong');
      class Wrong extends torch.autograd.Function {
        static forward(ctx, x) { return x.mul(1); }
        static backward() { throw wrong; }
      }
      const results = [];
      for (let i = 0; i < 50; i++) {
        const x = torch.ones(2, { device, requires_grad: true });
        let y = x.mul(2);
        ${change}
        try {
          y.sum().backward();
          results.push('nothing thrown');
        } catch (error) {
          results.push(error === wrong);
        }
        x.sin().sum().backward();
      }
      return [...new Set(results)];`);
    expect(results).toEqual([true]);
  });

  it('calls hooks with the device and the stream of the node, and no others', () => {
    const seen = on_imitation(`
      const a = torch.ones(2, { device: 'imitation:1', requires_grad: true });
      const seen = [];
      const stream = new torch.Stream('imitation:1');
      const before = torch.accelerator.current_stream(1);
      torch.accelerator.set_stream(stream);
      const y = a.sin();
      torch.accelerator.set_stream(before);
      torch.accelerator.set_device_index(0);
      y.register_hook(() => { seen.push(torch.accelerator.current_device_index()); });
      y.grad_fn.register_prehook(() => {
        seen.push(torch.accelerator.current_device_index());
        seen.push(torch.accelerator.current_stream().stream_id === stream.stream_id);
      });
      y.sum().backward();
      seen.push(torch.accelerator.current_device_index());
      return seen;`);
    expect(seen).toEqual([1, 1, true, 0]);
  });

  it('runs on two devices at once', () => {
    const [gradients, calls] = on_imitation<[number[][], string[]]>(`
      const a = torch.ones(3, { device: 'imitation:0', requires_grad: true });
      const b = torch.ones(3, { device: 'imitation:1', requires_grad: true });
      const calls = new Set();
      const hook = (inner) => (gradient) => {
        calls.add(String(gradient.device));
        const x = inner.detach().requires_grad_();
        torch.enable_grad(() => x.mul(3).sum().backward());
        return gradient.mul(x.grad);
      };
      const left = a.sin();
      const right = b.cos();
      left.register_hook(hook(a));
      right.register_hook(hook(b));
      left.sum().add(right.sum().to('imitation:0')).backward();
      return [[a.grad.tolist(), b.grad.tolist()], [...calls].sort()];`);
    expect(calls).toEqual(['imitation:0', 'imitation:1']);
    expect(gradients[0]![0]).toBeCloseTo(3 * Math.cos(1), 5);
    expect(gradients[1]![0]).toBeCloseTo(-3 * Math.sin(1), 5);
  });

  it('runs in worker_threads that share the threads of the engine', () => {
    // Each runs passes with hooks that start passes.
    const worker = `${prelude()}
      const { parentPort } = require('node:worker_threads');
      let sum = 0;
      for (let i = 0; i < 20; i++) {
        const x = torch.ones(3, { device, requires_grad: true });
        const y = x.mul(2);
        y.register_hook((gradient) => {
          const inner = x.detach().requires_grad_();
          torch.enable_grad(() => inner.mul(3).sum().backward());
          return gradient.mul(inner.grad);
        });
        y.sum().backward();
        sum += x.grad.sum().item();
      }
      parentPort.postMessage(sum);`;
    const sums = on_imitation(`
      const { Worker } = require('node:worker_threads');
      const run = () => new Promise((resolve, reject) => {
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      return Promise.all([run(), run()]);`);
    expect(sums).toEqual([360, 360]);
  });
});
