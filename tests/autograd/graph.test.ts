/** Hooks around saved tensors, checkpoints and anomaly mode. */
import { spawnSync } from 'node:child_process';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const { graph, detect_anomaly, is_anomaly_enabled, set_detect_anomaly } = torch.autograd;
const { checkpoint, checkpoint_sequential } = torch.utils.checkpoint;
const leaf = (data: number[]): Tensor => torch.tensor(data, { dtype: torch.float64, requires_grad: true });

describe('saved_tensors_hooks', () => {
  it('pack what is saved while the function runs, and unpack it in backward', () => {
    const x = leaf([1, 2, 3]);
    const seen: string[] = [];
    const loss = graph.saved_tensors_hooks(
      (tensor) => {
        seen.push('pack');
        return { copy: tensor.clone() };
      },
      ({ copy }) => {
        seen.push('unpack');
        return copy;
      },
      () => x.mul(x).exp().sum(),
    );
    x.mul(2).exp();
    expect(seen).toEqual(['pack', 'pack', 'pack']);
    loss.backward();
    expect(seen.slice(3)).toEqual(['unpack', 'unpack', 'unpack']);
    expect(x.grad?.equal(x.mul(x).exp().mul(x).mul(2).detach())).toBe(true);
  });

  it('nest, and end with the function', () => {
    const x = leaf([2]);
    const seen: string[] = [];
    const watch = (name: string, fn: () => unknown): void => {
      graph.saved_tensors_hooks(
        (tensor) => {
          seen.push(name);
          return tensor;
        },
        (tensor) => tensor,
        fn,
      );
    };
    watch('outer', () => {
      x.exp();
      watch('inner', () => {
        x.exp();
      });
      expect(() => {
        watch('broken', () => {
          throw new Error('mine');
        });
      }).toThrow('mine');
      x.exp();
    });
    x.exp();
    expect(seen).toEqual(['outer', 'inner', 'outer']);
  });

  it('may keep what is saved on the CPU', () => {
    const x = leaf([1, 2]);
    graph.save_on_cpu(() => x.mul(x).sum()).backward();
    expect(x.grad?.tolist()).toEqual([2, 4]);
  });

  it('pass on exceptions, and want a Tensor back', () => {
    const x = leaf([1]);
    expect(() =>
      graph.saved_tensors_hooks(
        () => {
          throw new RangeError('mine');
        },
        (t: Tensor) => t,
        () => x.mul(x),
      ),
    ).toThrow(new RangeError('mine'));
    const wrong = graph.saved_tensors_hooks(
      () => 1,
      (n) => n as unknown as Tensor,
      () => x.mul(x).sum(),
    );
    expect(() => {
      wrong.backward();
    }).toThrow(/unpack_hook expected to be a Tensor but got result of type int/);
    expect(() =>
      graph.saved_tensors_hooks(
        3 as unknown as () => void,
        () => x,
        () => x,
      ),
    ).toThrow(/'pack_hook' must be a function, not int/);
  });
});

describe('register_multi_grad_hook', () => {
  const called = (mode: 'all' | 'any', run: (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => void): unknown[] => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const [c, d] = [a.mul(b), a.mul(b)];
    const seen: unknown[] = [];
    const tensors = [a, b, c, d];
    const handle =
      mode === 'all'
        ? graph.register_multi_grad_hook(tensors, (grads) => {
            seen.push(grads.map((grad) => grad?.tolist() ?? null));
          })
        : graph.register_multi_grad_hook(
            tensors,
            (grad) => {
              seen.push(grad.tolist());
            },
            { mode },
          );
    run(a, b, c, d);
    handle.remove();
    c.sum().backward({ retain_graph: true });
    return seen;
  };
  const passes = (a: Tensor, b: Tensor, c: Tensor, d: Tensor): void => {
    c.sum().backward({ retain_graph: true });
    c.sum().backward({ inputs: [a], retain_graph: true });
    d.mul(2).sum().backward({ retain_graph: true });
    c.add(d).sum().backward({ retain_graph: true });
    torch.autograd.grad(c.sum().add(b.sum()), [c], { retain_graph: true });
  };
  const source = `
from torch.autograd.graph import register_multi_grad_hook
def called(mode):
    a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in ([1., 2.], [3., 4.]))
    c, d = a * b, a * b
    seen = []
    def every(grads): seen.append([None if grad is None else grad.tolist() for grad in grads])
    def first(grad): seen.append(grad.tolist())
    handle = register_multi_grad_hook([a, b, c, d], every if mode == "all" else first, mode=mode)
    c.sum().backward(retain_graph=True)
    c.sum().backward(inputs=[a], retain_graph=True)
    (d * 2).sum().backward(retain_graph=True)
    (c + d).sum().backward(retain_graph=True)
    torch.autograd.grad(c.sum() + b.sum(), [c], retain_graph=True)
    handle.remove()
    c.sum().backward(retain_graph=True)
    return seen
show(called("all"))
show(called("any"))
register_multi_grad_hook([torch.ones(1)], print, mode="some")`;

  it('calls once in each pass, with the gradients that the pass computes', () => {
    const [[every, first, refusal]] = python<[[unknown, unknown, { error: string }]]>('snippets.py', [[source]]);
    expect([called('all', passes), called('any', passes)]).toEqual([every, first]);
    expect(() => graph.register_multi_grad_hook([torch.ones(1)], () => undefined, { mode: 'some' as 'all' })).toThrow(
      new Error(refusal.error),
    );
  });

  it('does not keep the graph', () => {
    const once = (): void => {
      const x = torch.ones(1 << 16, { requires_grad: true });
      const y = x.exp();
      graph.register_multi_grad_hook([x, y], () => undefined);
      y.sin().sum().backward();
    };
    for (let i = 0; i < 20; i++) once();
    const before = torch.memory_stats().process_bytes;
    for (let i = 0; i < 400; i++) once();
    // 400 graphs have 300 MB; what has died is collected in turns.
    expect(torch.memory_stats().process_bytes - before).toBeLessThan(100e6);
  });
});

describe('RemovableHandle', () => {
  it('removes hooks of all kinds, at the end of a scope too', () => {
    const { RemovableHandle } = torch.utils.hooks;
    const linear = new torch.nn.Linear(1, 1);
    const x = leaf([1]);
    const runs: string[] = [];
    {
      using forward = linear.register_forward_hook(() => {
        runs.push('forward');
      });
      using gradient = x.register_hook(() => {
        runs.push('gradient');
      });
      expect([forward, gradient].every((handle) => handle instanceof RemovableHandle)).toBe(true);
      expect(gradient.id).not.toBe(forward.id);
      linear(torch.ones(1, 1));
      x.sum().backward();
    }
    linear(torch.ones(1, 1));
    x.sum().backward();
    expect(runs).toEqual(['forward', 'gradient']);
  });

  it("removes from a program's own dicts", () => {
    const [map, extra] = [new Map<number, string>(), {} as Record<number, string>];
    const handle = new torch.utils.hooks.RemovableHandle(map, { extra_dict: extra });
    map.set(handle.id, 'a');
    extra[handle.id] = 'b';
    handle.remove();
    expect([map.size, Object.keys(extra)]).toEqual([0, []]);
  });
});

describe('checkpoint', () => {
  const noisy = (x: Tensor, factor: number): Tensor =>
    x
      .mul(x)
      .exp()
      .mul(torch.rand(3, { dtype: torch.float64 }))
      .mul(factor)
      .sin()
      .sum();

  it('gives the values, gradients and random numbers of a plain run', () => {
    const run = (forward: (x: Tensor) => Tensor): unknown[] => {
      const x = leaf([0.1, 0.2, 0.3]);
      torch.manual_seed(0);
      const loss = forward(x);
      const next = torch.rand(1).item();
      loss.backward();
      return [loss.item(), next, torch.rand(1).item(), x.grad?.tolist()];
    };
    let runs = 0;
    const counted = (x: Tensor, factor: number): Tensor => {
      runs++;
      return noisy(x, factor);
    };
    for (const use_reentrant of [true, false]) {
      runs = 0;
      expect(run((x) => checkpoint(counted, x, 3, { use_reentrant }))).toEqual(run((x) => noisy(x, 3)));
      expect(runs).toBe(2);
    }
  });

  it('reaches parameters that the function finds by itself', () => {
    const w = torch.rand(2, 2, { requires_grad: true });
    const loss = checkpoint((x: Tensor) => x.mm(w).relu().sum(), torch.ones(2, 2), { use_reentrant: false });
    expect(torch.autograd.grad(loss, w)[0]?.tolist()).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('keeps less', () => {
    const saved_once = (forward: (x: Tensor) => Tensor): number => {
      const before = torch.memory_stats().process_bytes;
      const loss = forward(torch.ones(1 << 16, { requires_grad: true }));
      const bytes = torch.memory_stats().process_bytes - before;
      loss.dispose();
      return bytes;
    };
    // What is collected meanwhile lowers the figure.
    const saved = (forward: (x: Tensor) => Tensor): number =>
      Math.max(...Array.from({ length: 5 }, () => saved_once(forward)));
    const deep = (x: Tensor): Tensor => torch.scope(() => x.exp().sin().exp().sin().exp().sum());
    for (const use_reentrant of [true, false]) {
      expect(saved((x) => checkpoint(deep, x, { use_reentrant }))).toBeLessThan(saved(deep) / 2);
    }
  });

  it('says so when the second run does something else', () => {
    let first = true;
    const x = leaf([1]);
    const loss = checkpoint(
      (y: Tensor) => {
        const result = first ? y.exp().sin().exp() : y.exp();
        first = false;
        return result.sum();
      },
      x,
      { use_reentrant: false },
    );
    expect(() => {
      loss.backward();
    }).toThrow(/Number of tensors saved during forward: 3\nNumber of tensors saved during recomputation: 1/);
    expect(() => checkpoint(3 as unknown as () => void)).toThrow(TypeError);
  });

  it('runs functions in sequence', () => {
    const x = leaf([0.5]);
    const list = [torch.exp, torch.sin, torch.cos, torch.exp] as ((input: Tensor) => Tensor)[];
    const value = checkpoint_sequential(list, 2, x);
    expect(value.item()).toBe(x.exp().sin().cos().exp().item());
    value.backward();
    expect(x.grad).not.toBeNull();
    expect(() => checkpoint_sequential(list, 9, x)).toThrow(RangeError);
  });
});

describe('the graph', () => {
  const tree = (node: torch.GradFn | null): unknown =>
    node && [node.name(), ...node.next_functions.map(([next, input]) => [tree(next), input])];

  it('can be walked as in Python', () => {
    const a = torch.ones([2, 2], { requires_grad: true });
    const b = torch.ones(2);
    const loss = a.mul(b).add(a.sum()).split(1)[1]?.mean() as Tensor;
    expect(tree(loss.grad_fn)).toEqual(python('graph.py'));
  });

  it('has one object for a node, so that a walk meets each once', () => {
    const x = leaf([1]);
    let y = x.mul(1);
    // 2^60 ways lead from the end to the beginning.
    for (let i = 0; i < 60; i++) y = y.add(y);
    const seen = new Set<torch.GradFn>();
    const names: string[] = [];
    const walk = (node: torch.GradFn | null): void => {
      if (node === null || seen.has(node)) return;
      seen.add(node);
      names.push(node.name());
      for (const [next] of node.next_functions) walk(next);
    };
    walk(y.grad_fn);
    expect(names).toEqual([...Array<string>(60).fill('AddBackward0'), 'MulBackward0', 'AccumulateGrad']);
    const before = y.grad_fn;
    expect(y.grad_fn).toBe(before);
    y.mul_(2);
    expect(y.grad_fn).not.toBe(before);
    expect(y.grad_fn!.name()).toBe('MulBackward0');
    y.detach_();
    expect(y.grad_fn).toBeNull();
  });

  it('leads to the leaves, and tells what was made later', () => {
    const a = leaf([1, 2]);
    const y = a.mul(2).sum();
    const mul = y.grad_fn?.next_functions[0]?.[0] as torch.GradFn;
    const accumulate = mul.next_functions[0]?.[0] as torch.GradFn;
    expect(accumulate.variable?.data_ptr()).toBe(a.data_ptr());
    expect(mul.variable).toBeUndefined();
    expect(y.grad_fn?._sequence_nr()).toBeGreaterThan(mul._sequence_nr());
    expect(a.grad_fn).toBe(null);
    a.detach_();
  });

  it('changes with its tensor', () => {
    const y = leaf([1, 2]).mul(2);
    const node = y.grad_fn as torch.GradFn;
    const [next] = node.next_functions[0] as [torch.GradFn, number];
    y.detach_();
    expect(() => next.next_functions).toThrow(/the graph has changed/);
  });
});

describe('saved tensors', () => {
  it('have no hooks where they are disabled', () => {
    const hooks = (): unknown =>
      torch.autograd.graph.saved_tensors_hooks(
        (x) => x,
        (x) => x,
        () => 1,
      );
    expect(() => torch.autograd.graph.disable_saved_tensors_hooks('not here', hooks)).toThrow('not here');
    expect(hooks()).toBe(1);
  });

  it('are guarded against changes that were counted', () => {
    const x = leaf([1, 2]);
    const y = x.exp();
    torch.autograd.graph.increment_version(y);
    expect(() => {
      y.sum().backward();
    }).toThrow(/modified by an inplace operation/);
  });
});

describe('anomaly mode', () => {
  const broken = (): void => {
    leaf([-1]).sqrt().sum().backward();
  };

  it('finds the node whose gradient is NaN, for the time of a function or for good', () => {
    expect(broken).not.toThrow();
    expect(() => {
      detect_anomaly(broken);
    }).toThrow(/Function 'SqrtBackward0' returned nan values in its 0th output/);
    expect(() => {
      detect_anomaly(broken, { check_nan: false });
    }).not.toThrow();
    set_detect_anomaly(true);
    expect(is_anomaly_enabled()).toBe(true);
    set_detect_anomaly(false);
    expect(is_anomaly_enabled()).toBe(false);
  });

  it('says where the node was made', () => {
    const script = `
      const torch = require(${JSON.stringify(root)});
      function guilty() { return torch.tensor([-1], { dtype: torch.float32, requires_grad: true }).sqrt(); }
      torch.autograd.detect_anomaly(() => guilty().sum().backward());`;
    const result = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(result.stderr).toMatch(/Error detected in SqrtBackward0.*\n(.*\n)*.*at guilty/);
  });
});
