/** Groups that communicate by NCCL, as far as one GPU goes: alone in a group, and two processes on it, which NCCL refuses. */
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { root } from '../package_root.js';

const dist = torch.distributed;
const has_nccl = torch.cuda.is_available() && dist.is_nccl_available();
const device = 'cuda';
const alone = (more: object = {}): void =>
  dist.init_process_group('nccl', { store: new dist.HashStore(), rank: 0, world_size: 1, timeout: 60, ...more });

/** What a process that runs `body` prints, and how it ends. */
function run(body: string, env: Record<string, string> = {}): Promise<{ code: number | null; text: string }> {
  const program = `const torch = require(${JSON.stringify(root)}); const dist = torch.distributed; (async () => { ${body} })()
    .catch((error) => { console.log(error.message); process.exitCode = 3; });`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', program], { env: { ...process.env, ...env } });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.stderr.on('data', (part) => (text += part));
    child.on('close', (code) => resolve({ code, text }));
  });
}

describe.skipIf(!has_nccl)('a group of NCCL with one process', () => {
  afterEach(() => {
    if (dist.is_initialized()) dist.destroy_process_group();
  });

  it('is made as Python makes it', () => {
    alone();
    expect([dist.get_backend(), dist.get_backend_config(), dist.group.WORLD!.name()]).toEqual([
      'nccl',
      'cuda:nccl',
      'nccl',
    ]);
    const part = dist.new_group([0], { pg_options: new dist.ProcessGroupNCCL.Options(true) });
    expect(dist.get_backend(part)).toBe('nccl');
    const x = torch.ones(3, { device });
    dist.all_reduce(x, { group: part });
    expect(x.tolist()).toEqual([1, 1, 1]);
  });

  it('is the default where there is a GPU', () => {
    dist.init_process_group({ store: new dist.HashStore(), rank: 0, world_size: 1 });
    expect(dist.get_backend_config()).toBe('cuda:nccl');
  });

  it('normalizes as BatchNorm does, by the kernels of SyncBatchNorm', async () => {
    alone();
    const file = new URL('../../dist/nn/modules/sync_batch_norm.js', import.meta.url).href;
    const { SyncBatchNormFunction } = (await import(file)) as {
      SyncBatchNormFunction: { apply(...args: unknown[]): torch.Tensor };
    };
    torch.manual_seed(1);
    const norm = new torch.nn.BatchNorm2d(3, { device });
    const passes = [1, 0].map((whole) => {
      torch.manual_seed(2);
      const x = torch.randn([4, 3, 5, 5], { device, requires_grad: true });
      const [mean, variance] = [torch.zeros(3, { device }), torch.ones(3, { device })];
      norm.zero_grad();
      norm.running_mean!.zero_();
      norm.running_var!.fill_(1);
      const y =
        whole === 1
          ? norm(x)
          : SyncBatchNormFunction.apply(x, norm.weight, norm.bias, mean, variance, 1e-5, 0.1, dist.group.WORLD!, 1);
      y.pow(3).sum().backward();
      const running = whole === 1 ? [norm.running_mean!.clone(), norm.running_var!.clone()] : [mean, variance];
      return [y, x.grad!, norm.weight.grad!.clone(), norm.bias!.grad!.clone(), ...running];
    });
    passes[0]!.forEach((expected, i) => torch.testing.assert_close(passes[1]![i]!, expected));
  });

  it('connects at once to a device that it is bound to', () => {
    alone({ device_id: 'cuda:0' });
    expect(String(dist.group.WORLD!.bound_device_id)).toBe('cuda:0');
    const x = torch.arange(4, { device });
    dist.broadcast(x, 0);
    dist.barrier();
    expect(x.tolist()).toEqual([0, 1, 2, 3]);
    dist.destroy_process_group();
    expect(() => alone({ device_id: 'cuda' })).toThrow(/accelerator with an index/);
  });

  it('has the collectives', () => {
    alone();
    const x = torch.arange(6, { dtype: torch.float32, device });
    for (const op of [dist.ReduceOp.SUM, dist.ReduceOp.AVG, dist.ReduceOp.MAX, dist.ReduceOp.PRODUCT]) {
      const y = x.clone();
      dist.all_reduce(y, op);
      expect(y.equal(x)).toBe(true);
      dist.reduce(y, 0, op);
      expect(y.equal(x)).toBe(true);
    }
    const out = torch.empty_like(x);
    dist.all_gather([out], x);
    expect(out.equal(x)).toBe(true);
    dist.all_gather_into_tensor(out.zero_(), x);
    expect(out.equal(x)).toBe(true);
    dist.reduce_scatter_tensor(out.zero_(), x);
    expect(out.equal(x)).toBe(true);
    dist.reduce_scatter(out.zero_(), [x]);
    expect(out.equal(x)).toBe(true);
    dist.all_to_all_single(out.zero_(), x);
    expect(out.equal(x)).toBe(true);
    dist.scatter(out.zero_(), [x], 0);
    expect(out.equal(x)).toBe(true);
    dist.gather(x, [out.zero_()], 0);
    expect(out.equal(x)).toBe(true);
  });

  it('orders what follows behind a collective, and can be awaited', async () => {
    alone();
    const x = torch.ones(1 << 20, { device });
    const work = dist.all_reduce(x, { async_op: true })!;
    expect(work.wait()).toBe(true);
    expect(x.sum().item()).toBe(1 << 20);
    await dist.all_reduce(x.mul_(2), { async_op: true })!;
    expect(x.sum().item()).toBe(1 << 21);
  });

  it('sends objects', () => {
    alone();
    const list: unknown[] = [null];
    dist.all_gather_object(list, { a: 1, b: 'two' });
    expect(list).toEqual([{ a: 1, b: 'two' }]);
  });

  it('trains a module', () => {
    alone();
    torch.manual_seed(0);
    const plain = new nn.Linear(8, 4).to(device);
    torch.manual_seed(0);
    const shared = new nn.parallel.DistributedDataParallel(new nn.Linear(8, 4).to(device), { device_ids: [0] });
    const x = torch.randn(16, 8, { device });
    const losses = [plain, shared].map((model) => {
      const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
      return Array.from({ length: 5 }, () => {
        optimizer.zero_grad();
        const loss = (model(x) as Tensor).pow(2).mean();
        loss.backward();
        optimizer.step();
        return loss.item();
      });
    });
    expect(losses[1]).toEqual(losses[0]);
  });

  it('stands beside Gloo for the CPU', () => {
    dist.init_process_group('cpu:gloo,cuda:nccl', { store: new dist.HashStore(), rank: 0, world_size: 1 });
    expect(dist.get_backend_config()).toBe('cpu:gloo,cuda:nccl');
    for (const where of ['cpu', 'cuda']) {
      const x = torch.full([3], 2, { dtype: torch.float32, device: where });
      dist.all_reduce(x);
      expect(x.tolist()).toEqual([2, 2, 2]);
    }
    dist.barrier();
  });

  it('refuses tensors of the CPU', () => {
    alone();
    expect(() => dist.all_reduce(torch.ones(2))).toThrow(/No backend type associated with device type cpu/);
  });

  it('may be left behind at the end of the process', async () => {
    const { code, text } = await run(`
      dist.init_process_group('nccl', { store: new dist.HashStore(), rank: 0, world_size: 1 });
      const x = torch.ones(2, { device: 'cuda' });
      dist.all_reduce(x);
      console.log(x.tolist().join());`);
    expect([code, text.trim().split('\n').at(-1)]).toEqual([0, '1,1']);
  });
});

describe.skipIf(!has_nccl)('two processes on one GPU', () => {
  it('are refused by NCCL', async () => {
    const port = 29500 + (process.pid % 400);
    const body = `
      dist.init_process_group('nccl', { init_method: 'tcp://127.0.0.1:${port}', rank: Number(process.env.RANK), world_size: 2, timeout: 30 });
      dist.all_reduce(torch.ones(2, { device: 'cuda' }));`;
    const ends = await Promise.all(['0', '1'].map((RANK) => run(body, { RANK })));
    for (const { code, text } of ends) {
      expect(code).not.toBe(0);
      expect(text).toMatch(/Duplicate GPU detected|NCCL error|invalid usage/);
    }
  });
});
