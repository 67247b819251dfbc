/** `torch.utils._python_dispatch.TorchDispatchMode`: what reaches it, and what it may change. */
import * as torch from 'torch-node';
import { nn } from 'torch-node';
import { TorchDispatchMode, _get_current_dispatch_mode } from 'torch-node/utils/_python_dispatch';
import { describe, expect, it } from 'vitest';
import { python } from '../reference.js';

type Overload = Parameters<TorchDispatchMode['__torch_dispatch__']>[0];

const plain = (value: unknown): unknown => {
  if (value instanceof torch.Tensor) return `T${JSON.stringify([...value.shape])}`;
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value);
};

/** Python fills in the first two where they are the defaults; the seed of a backward pass has another format here. */
const OMITTED = ['device', 'pin_memory', 'memory_format'];

/**
 * A gradient that the mode has seen is copied when it becomes that of a leaf, since its object of JavaScript lives on; in Python
 * it is gone, and the gradient is only detached.
 */
const without_copies = (lines: readonly Line[]): readonly Line[] =>
  lines.filter(
    ([name]) => !['aten.detach.default', 'aten.new_empty_strided.default', 'aten.copy_.default'].includes(name),
  );

type Line = readonly [name: string, args: unknown[], kwargs: object];

class Log extends TorchDispatchMode {
  readonly lines: Line[] = [];

  __torch_dispatch__(func: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
    const named = Object.entries(kwargs).filter(([name]) => !OMITTED.includes(name));
    this.lines.push([String(func), args.map(plain), Object.fromEntries(named.map(([k, v]) => [k, plain(v)]))]);
    return func(...args, kwargs);
  }
}

describe('a dispatch mode', () => {
  it('sees the operators and arguments that the one of Python sees', () => {
    const log = new Log();
    const x = torch.arange(6, { dtype: torch.float32 }).view(2, 3).requires_grad_();
    const [w, b, image] = [torch.ones(4, 3), torch.ones(4), torch.ones(1, 2, 5, 5)];
    const conv = new nn.Conv2d(2, 3, 3, { padding: 1 });
    {
      using _ = log;
      const y = nn.functional.linear(x, w, b);
      const z = y.sum(1).add(2, { alpha: 3 });
      z.mul(2);
      z.max(0);
      z.split(1);
      torch.cat([z, z]);
      torch.softmax(z, 0).to(torch.float64);
      z.index(0).item();
      conv(image).relu().mean();
      torch.arange(4);
      torch.zeros(2, { dtype: torch.float64 });
      z.sum().backward();
    }
    expect(without_copies(log.lines)).toEqual(without_copies(python('dispatch_mode.py')));
  });

  it('decides what an operator returns', () => {
    class Doubling extends TorchDispatchMode {
      __torch_dispatch__(func: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
        const result = func(...args, kwargs) as torch.Tensor;
        return String(func) === 'aten.exp.default' ? result.mul(2) : result;
      }
    }
    const x = torch.tensor([0.5, 1.5], { requires_grad: true });
    const y = new Doubling().run(() => x.exp());
    y.sum().backward();
    expect(y.tolist()).toEqual(x.exp().mul(2).tolist());
    expect(x.grad!.tolist()).toEqual(y.tolist());
  });

  it('hands what it calls to the mode around it', () => {
    const [outer, inner] = [new Log(), new Log()];
    outer.run(() => inner.run(() => torch.ones(2).add(1)));
    expect(inner.lines.length).toBeGreaterThan(0);
    expect(outer.lines).toEqual(inner.lines);
  });

  it('is off within itself, and after an exception', () => {
    class Failing extends TorchDispatchMode {
      __torch_dispatch__(): unknown {
        expect(_get_current_dispatch_mode()).toBe(null);
        torch.ones(2).add(1);
        throw new RangeError('enough');
      }
    }
    const x = torch.ones(2);
    expect(() => new Failing().run(() => x.add(1))).toThrow(new RangeError('enough'));
    expect(_get_current_dispatch_mode()).toBe(null);
    expect(x.add(1).tolist()).toEqual([2, 2]);
  });

  it('refuses results of another type, and asynchronous functions', () => {
    class Wrong extends TorchDispatchMode {
      constructor(private readonly result: unknown) {
        super();
      }

      __torch_dispatch__(): unknown {
        return this.result;
      }
    }
    const x = torch.ones(2);
    expect(() => new Wrong('text').run(() => x.add(1))).toThrow(/add\(\): the function must return Tensor, not str/);
    expect(() => new Wrong(x).run(() => x.max(0))).toThrow(/must return an array of 2 values, not one value/);
    expect(() => new Wrong(Promise.resolve()).run(() => x.add(1))).toThrow(TypeError);
    expect(() => new Wrong(x).run(async () => Promise.resolve())).toThrow(TypeError);
    expect(x.add(1).tolist()).toEqual([2, 2]);
  });

  it('changes tensors in place, and counts that', () => {
    const log = new Log();
    const x = torch.zeros(2);
    const y = log.run(() => x.add_(1));
    expect(y.data_ptr()).toBe(x.data_ptr());
    expect(x.tolist()).toEqual([1, 1]);
    expect((x as torch._VF.PrivateTensor)._version).toBe(1);
  });

  it('leaves out gradients that are not asked for', () => {
    const conv = new nn.Conv2d(1, 2, 3);
    const image = torch.arange(25, { dtype: torch.float32 }).view(1, 1, 5, 5);
    conv(image).sum().backward();
    const without = conv.weight.grad!.tolist();
    conv.zero_grad();
    const log = new Log();
    log.run(() => conv(image).sum().backward());
    expect(log.lines.map(([name]) => name)).toContain('aten.convolution_backward.default');
    expect(conv.weight.grad!.tolist()).toEqual(without);
  });

  it('does not see operators that take a storage, which go to their kernels', () => {
    const x = torch.arange(3);
    const log = new Log();
    const y = log.run(() => torch.empty(0, { dtype: torch.int64 }).set_(x.untyped_storage(), 0, [3], [1]));
    expect(y.tolist()).toEqual([0, 1, 2]);
    expect(y.data_ptr()).toBe(x.data_ptr());
  });

  it.each([undefined, null, 'text', 3])('passes on what it throws: %s', (what) => {
    class Throwing extends TorchDispatchMode {
      __torch_dispatch__(): unknown {
        throw what;
      }
    }
    let caught: unknown = 'nothing';
    try {
      new Throwing().run(() => torch.ones(2));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(what);
  });

  it('is on in each call of a method that it decorates', () => {
    const log = new Log();
    const decorated = log.decorate((x: torch.Tensor) => x.add(1));
    decorated(torch.ones(1));
    decorated(torch.ones(1));
    expect(log.lines).toHaveLength(2);
  });
});
