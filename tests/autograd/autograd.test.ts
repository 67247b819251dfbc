import { spawnSync } from 'node:child_process';
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

const leaf = (data: torch.TensorData): Tensor => torch.tensor(data, { dtype: torch.float32, requires_grad: true });

describe('backward', () => {
  it('sums gradients into leaves', () => {
    const w = leaf([1, 2, 3]);
    w.mul(w).sum().backward();
    w.mul(2).sum().backward();
    expect(w.grad?.tolist()).toEqual([4, 6, 8]);
  });

  it('takes a gradient for what is not a scalar', () => {
    const w = leaf([1, 2]);
    w.mul(3).backward(torch.tensor([1, 10], { dtype: torch.float32 }));
    expect(w.grad?.tolist()).toEqual([3, 30]);
  });

  it('needs a gradient for what is not a scalar', () => {
    expect(() => leaf([1, 2]).mul(3).backward()).toThrow(/grad can be implicitly created only for scalar outputs/);
  });

  it('frees the graph unless told to retain it', () => {
    const w = leaf([1, 2]);
    const y = w.mul(w).sum();
    y.backward({ retain_graph: true });
    y.backward();
    expect(() => y.backward()).toThrow(/backward through the graph a second time/);
    expect(w.grad?.tolist()).toEqual([4, 8]);
  });

  it('can be differentiated again with create_graph', () => {
    const w = leaf(3);
    w.pow(3).backward({ create_graph: true });
    const first = w.grad as Tensor;
    w.grad = null;
    first.backward();
    expect((w.grad as Tensor | null)?.item()).toBe(18);
  });

  it('reaches only the inputs that are named', () => {
    const [a, b] = [leaf(2), leaf(5)];
    a.mul(b).backward({ inputs: [a] });
    expect(a.grad?.item()).toBe(5);
    expect(b.grad).toBeNull();
  });

  it('takes its arguments by position too', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const y = a.mul(b);
    y.backward(torch.ones(2), true, false, [b]);
    torch.autograd.backward(y, torch.ones(2), true);
    torch.autograd.backward(y.sum(), { inputs: a });
    expect([a.grad?.tolist(), b.grad?.tolist()]).toEqual([
      [6, 8],
      [2, 4],
    ]);
    expect(() => {
      y.backward({ speed: 3 } as object);
    }).toThrow("backward() got an unexpected keyword argument 'speed'");
  });

  it('refuses an empty list of inputs', () => {
    expect(() => leaf(1).mul(2).backward({ inputs: [] })).toThrow(/cannot be empty/);
  });
});

describe('autograd.grad', () => {
  it('gives gradients without touching .grad', () => {
    const [a, b] = [leaf(2), leaf(5)];
    const [da, db] = torch.autograd.grad(a.mul(b), [a, b]);
    expect([da?.item(), db?.item()]).toEqual([5, 2]);
    expect(a.grad).toBeNull();
  });

  it('gives null for unused inputs only when that is allowed', () => {
    const [a, b] = [leaf(2), leaf(5)];
    expect(torch.autograd.grad(a.mul(2), [a, b], { allow_unused: true })[1]).toBeNull();
    expect(() => torch.autograd.grad(a.mul(2), [a, b])).toThrow(/allow_unused/);
  });

  it('gives zeros for unused inputs when they are to be materialized', () => {
    const [a, b] = [leaf(2), leaf([5, 6])];
    const [da, db] = torch.autograd.grad(a.mul(2), [a, b], { materialize_grads: true });
    expect([da?.item(), db?.tolist()]).toEqual([2, [0, 0]]);
    expect(() => torch.autograd.grad(a.mul(2), [a, b], { materialize_grads: true, allow_unused: false })).toThrow(
      /allow_unused=False/,
    );
  });

  it('computes the gradients of a batch at once', () => {
    const [a, b, unused] = [leaf([1, 2]), leaf([3, 4]), leaf(1)];
    const y = a.mul(b);
    const [da, db, none] = torch.autograd.grad(y, [a, b, unused], torch.eye(2), null, false, true, true, true);
    expect([da?.tolist(), db?.tolist(), none]).toEqual([
      [
        [3, 0],
        [0, 4],
      ],
      [
        [1, 0],
        [0, 2],
      ],
      null,
    ]);
  });

  it('nests for second derivatives', () => {
    const x = leaf(2);
    const [dx] = torch.autograd.grad(x.pow(4), x, { create_graph: true });
    const [ddx] = torch.autograd.grad(dx as Tensor, x);
    expect(ddx?.item()).toBe(48);
  });
});

describe('what a tensor knows of its history', () => {
  it('names the node that made it', () => {
    expect(String(leaf([1]).add(1).grad_fn)).toBe('<AddBackward0>');
    expect(leaf([1]).grad_fn).toBeNull();
  });

  it('tells leaves', () => {
    const w = leaf([1]);
    expect([w.is_leaf, w.add(1).is_leaf, w.detach().is_leaf]).toEqual([true, false, true]);
  });

  it('keeps the gradient of what is not a leaf after retain_grad', () => {
    const w = leaf([1, 2]);
    const y = w.mul(2);
    y.retain_grad();
    y.sum().backward();
    expect(y.retains_grad).toBe(true);
    expect(y.grad?.tolist()).toEqual([1, 1]);
  });

  it('refuses integers as differentiable', () => {
    expect(() => torch.tensor([1]).requires_grad_()).toThrow(/floating point and complex/);
  });

  it('refuses to switch requires_grad off for computed tensors', () => {
    expect(() => leaf([1]).add(1).requires_grad_(false)).toThrow(/leaf variables/);
  });

  it('refuses a gradient of another shape', () => {
    const w = leaf([1, 2]);
    expect(() => {
      w.grad = torch.zeros(3);
    }).toThrow(/different size/);
  });

  it('shares storage with .data and .detach', () => {
    const w = leaf([1, 2]);
    w.data.mul_(2);
    w.detach().add_(1);
    expect(w.tolist()).toEqual([3, 5]);
  });

  it('takes new data in place', () => {
    const w = leaf([1, 2]);
    w.data = torch.tensor([7, 8, 9], { dtype: torch.float32 });
    expect([w.tolist(), w.requires_grad]).toEqual([[7, 8, 9], true]);
  });
});

describe('modes', () => {
  it('record nothing in no_grad, and again afterwards', () => {
    const w = leaf([1]);
    expect(torch.no_grad(() => w.add(1).requires_grad)).toBe(false);
    expect(w.add(1).requires_grad).toBe(true);
  });

  it('come back after an exception', () => {
    expect(() =>
      torch.no_grad(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(torch.is_grad_enabled()).toBe(true);
  });

  it('nest', () => {
    const w = leaf([1]);
    expect(torch.no_grad(() => torch.enable_grad(() => w.add(1).requires_grad))).toBe(true);
    expect(torch.set_grad_enabled(false, () => w.add(1).requires_grad)).toBe(false);
  });

  it('switch for good with set_grad_enabled', () => {
    torch.set_grad_enabled(false);
    expect(torch.is_grad_enabled()).toBe(false);
    torch.set_grad_enabled(true);
  });

  it('make inference tensors', () => {
    const x = torch.inference_mode(() => torch.ones(2).mul(2));
    expect(torch.is_inference_mode_enabled()).toBe(false);
    expect(() => leaf([1, 2]).mul(x).sum().backward()).toThrow(/[Ii]nference tensors/);
  });

  it('refuse asynchronous functions', () => {
    expect(() => torch.no_grad(async () => torch.ones(1))).toThrow(TypeError);
    expect(torch.is_grad_enabled()).toBe(true);
  });
});

describe('hooks', () => {
  it('see the gradient', () => {
    const w = leaf([1, 2]);
    const seen: unknown[] = [];
    w.register_hook((grad) => {
      seen.push(grad.tolist());
    });
    w.mul(3).sum().backward();
    expect(seen).toEqual([[3, 3]]);
  });

  it('replace the gradient', () => {
    const w = leaf([1, 2]);
    const y = w.mul(3);
    y.register_hook((grad) => grad.mul(10));
    y.sum().backward();
    expect(w.grad?.tolist()).toEqual([30, 30]);
  });

  it('can be removed', () => {
    const w = leaf([1, 2]);
    const handle = w.register_hook((grad) => grad.mul(10));
    handle.remove();
    w.sum().backward();
    expect(w.grad?.tolist()).toEqual([1, 1]);
  });

  it('pass their exceptions on to backward', () => {
    const w = leaf([1, 2]);
    w.register_hook(() => {
      throw new RangeError('from the hook');
    });
    expect(() => w.sum().backward()).toThrow(new RangeError('from the hook'));
  });

  it('may run operators and backward passes themselves', () => {
    const w = leaf([1, 2]);
    const other = leaf([3, 4]);
    w.register_hook((grad) => {
      torch.enable_grad(() => other.mul(other).sum().backward());
      return grad.add(other.grad as Tensor);
    });
    w.sum().backward();
    expect(w.grad?.tolist()).toEqual([7, 9]);
  });

  it('need a tensor that requires grad', () => {
    expect(() => torch.ones(1).register_hook(() => undefined)).toThrow(/doesn't require gradient/);
  });

  it('are served by the calling thread when the engine runs on another one, as on an accelerator', () => {
    const script = `
      const torch = require(${JSON.stringify(root)});
      const w = torch.tensor([1, 2], { dtype: torch.float32, requires_grad: true });
      const other = torch.tensor([3, 4], { dtype: torch.float32, requires_grad: true });
      const handle = w.register_hook((grad) => {
        torch.enable_grad(() => other.mul(other).sum().backward());
        return grad.add(other.grad);
      });
      w.sum().backward();
      handle.remove();
      w.register_hook(() => { throw new RangeError('from the hook'); });
      let message = '';
      try { w.sum().backward(); } catch (error) { message = error.name + ': ' + error.message; }
      console.log(JSON.stringify([w.grad.tolist(), message]));`;
    const result = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, TORCH_NODE_HOOK_THREAD: '1' },
    });
    expect(result.stderr).toBe('');
    expect(JSON.parse(result.stdout)).toEqual([[7, 9], 'RangeError: from the hook']);
  });
});
