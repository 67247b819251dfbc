/** Differentiable functions of the user. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { side_by_side } from '../nn/side_by_side.js';

type Ctx = torch.autograd.FunctionCtx;

const leaf = (data: number[]): Tensor => torch.tensor(data, { dtype: torch.float64, requires_grad: true });

class Exp extends torch.autograd.Function {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    const result = x.exp();
    ctx.save_for_backward(result);
    return result;
  }

  static backward(ctx: Ctx, gradient: Tensor): Tensor {
    const [result] = ctx.saved_tensors as [Tensor];
    return gradient.mul(result);
  }
}

/** Two tensors around a number, two results. */
class Scaled extends torch.autograd.Function {
  static forward(ctx: Ctx, a: Tensor, factor: number, b: Tensor): [Tensor, Tensor] {
    ctx['factor'] = factor;
    return [a.mul(factor), b.add(1)];
  }

  static backward(ctx: Ctx, first: Tensor, second: Tensor): (Tensor | null)[] {
    return [first.mul(ctx['factor'] as number), null, second];
  }
}

describe('autograd.Function', () => {
  it('gives values and gradients, and is named in the graph', () => {
    const x = leaf([1, 2]);
    const y = Exp.apply(x);
    expect(y.equal(x.exp())).toBe(true);
    expect(String(y.grad_fn)).toBe('<ExpBackward>');
    y.sum().backward();
    expect(x.grad?.equal(x.exp().detach())).toBe(true);
  });

  it('returns the very tensor that forward has made', () => {
    let made: Tensor | undefined;
    class Doubled extends torch.autograd.Function {
      static forward(_ctx: Ctx, x: Tensor): Tensor {
        made = x.mul(2);
        return made;
      }
    }
    const result = Doubled.apply(leaf([1]));
    expect(result).toBe(made);
    expect(result.grad_fn?.name()).toBe('DoubledBackward');
    expect(Doubled.apply(torch.ones(1))).toBe(made);
  });

  it('can be differentiated twice', () => {
    const x = leaf([1, 2]);
    const [first] = torch.autograd.grad(Exp.apply(x).sum(), x, { create_graph: true }) as [Tensor];
    const [second] = torch.autograd.grad(first.sum(), x) as [Tensor];
    expect(second.equal(x.exp().detach())).toBe(true);
  });

  it('takes arguments of any kind and gives several results', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const [first, second] = Scaled.apply(a, 3, b);
    first.mul(10).add(second).sum().backward();
    expect([a.grad?.tolist(), b.grad?.tolist()]).toEqual([
      [30, 30],
      [1, 1],
    ]);
  });

  it('knows which arguments need a gradient, and records nothing when none does', () => {
    let needed: boolean[] = [];
    class Watching extends torch.autograd.Function {
      static forward(ctx: Ctx, a: Tensor, _n: number, b: Tensor): Tensor {
        needed = ctx.needs_input_grad;
        return a.add(b);
      }

      static backward(_ctx: Ctx, gradient: Tensor): (Tensor | null)[] {
        return [gradient, null, null];
      }
    }
    Watching.apply(leaf([1]), 1, torch.ones(1));
    expect(needed).toEqual([true, false, false]);
    expect(Watching.apply(torch.ones(1), 1, torch.ones(1)).requires_grad).toBe(false);
    expect(torch.no_grad(() => Watching.apply(leaf([1]), 1, leaf([1]))).requires_grad).toBe(false);
  });

  it('may change its input when it says so', () => {
    class Double extends torch.autograd.Function {
      static forward(ctx: Ctx, x: Tensor): Tensor {
        ctx.mark_dirty(x.mul_(2));
        return x;
      }

      static backward(_ctx: Ctx, gradient: Tensor): Tensor {
        return gradient.mul(2);
      }
    }
    const x = leaf([1, 2]);
    const y = x.clone();
    const { _version: before } = y as torch._VF.PrivateTensor;
    Double.apply(y).sum().backward();
    expect([y.tolist(), x.grad?.tolist(), (y as torch._VF.PrivateTensor)._version > before]).toEqual([
      [2, 4],
      [2, 2],
      true,
    ]);
  });

  it('fills in gradients that are missing with zeros, or with null when told to', () => {
    let seen: unknown[] = [];
    class Pair extends torch.autograd.Function {
      static forward(ctx: Ctx, x: Tensor, materialize: boolean): [Tensor, Tensor] {
        ctx.set_materialize_grads(materialize);
        return [x.mul(1), x.mul(2)];
      }

      static backward(_ctx: Ctx, first: Tensor | null, second: Tensor | null): (Tensor | null)[] {
        seen = [first?.tolist(), second?.tolist()];
        return [first, null];
      }
    }
    Pair.apply(leaf([1]), true)[0]
      .sum()
      .backward();
    expect(seen).toEqual([[1], [0]]);
    Pair.apply(leaf([1]), false)[0]
      .sum()
      .backward();
    expect(seen).toEqual([[1], undefined]);
  });

  it('marks results that have no gradient', () => {
    class Sorted extends torch.autograd.Function {
      static forward(ctx: Ctx, x: Tensor): [Tensor, Tensor] {
        const [values, indices] = x.sort();
        ctx.save_for_backward(indices);
        ctx.mark_non_differentiable(indices);
        return [values, indices];
      }

      static backward(ctx: Ctx, gradient: Tensor): Tensor {
        const [indices] = ctx.saved_tensors as [Tensor];
        return torch.zeros_like(gradient).scatter(0, indices, gradient);
      }
    }
    const x = leaf([3, 1, 2]);
    const [values, indices] = Sorted.apply(x);
    expect([values.requires_grad, indices.requires_grad]).toEqual([true, false]);
    values
      .mul(torch.tensor([1, 10, 100]))
      .sum()
      .backward();
    expect(x.grad?.tolist()).toEqual([100, 1, 10]);
  });

  it('may set up its context apart from forward', () => {
    class Square extends torch.autograd.Function {
      static forward(x: Tensor): Tensor {
        return x.mul(x);
      }

      static setup_context(ctx: Ctx, [x]: [Tensor], _output: Tensor): void {
        ctx.save_for_backward(x);
      }

      static backward(ctx: Ctx, gradient: Tensor): Tensor {
        const [x] = ctx.saved_tensors as [Tensor];
        return gradient.mul(x).mul(2);
      }
    }
    const x = leaf([3]);
    Square.apply(x).sum().backward();
    expect(x.grad?.item()).toBe(6);
  });

  it('carries tangents when it has a jvp', () => {
    class Scaled extends torch.autograd.Function {
      static forward(ctx: Ctx, a: Tensor, k: number, b: Tensor): [Tensor, Tensor] {
        ctx.save_for_forward(a, b);
        ctx['k'] = k;
        return [a.mul(b).mul(k), a.add(1)];
      }
      static jvp(ctx: Ctx, a_tangent: Tensor, k_tangent: null, b_tangent: Tensor): [Tensor, Tensor] {
        expect(k_tangent).toBe(null);
        const [a, b] = ctx.saved_tensors as [Tensor, Tensor];
        return [
          a_tangent
            .mul(b)
            .add(b_tangent.mul(a))
            .mul(ctx['k'] as number),
          a_tangent,
        ];
      }
      static backward(): null {
        return null;
      }
    }
    const v = torch.arange(3, { dtype: torch.float64 });
    const apply = (a: Tensor): [Tensor, Tensor] => Scaled.apply(a, 3, v) as [Tensor, Tensor];
    const [values, tangents] = torch.func.jvp(apply, [v], [v]);
    expect(values.map((value) => value.tolist())).toEqual([
      [0, 3, 12],
      [1, 2, 3],
    ]);
    expect(tangents.map((tangent) => tangent.tolist())).toEqual([
      [0, 3, 12],
      [0, 1, 2],
    ]);

    class Without extends torch.autograd.Function {
      static forward(_ctx: Ctx, a: Tensor): Tensor {
        return a.mul(2);
      }
      static backward(_ctx: Ctx, gradient: Tensor): Tensor {
        return gradient.mul(2);
      }
    }
    expect(() => torch.func.jvp((a: Tensor) => Without.apply(a), [v], [v])).toThrow('needs a static jvp');
  });

  it('passes on what its backward throws, and says what is wrong with what it returns', () => {
    class Bad extends torch.autograd.Function {
      static answer: () => unknown = () => null;

      static forward(_ctx: Ctx, x: Tensor, _n: number): Tensor {
        return x.mul(1);
      }

      static backward(): Tensor[] {
        return Bad.answer() as Tensor[];
      }
    }
    const run = (answer: () => unknown) => () => {
      Bad.answer = answer;
      Bad.apply(leaf([1, 2]), 2)
        .sum()
        .backward();
    };
    expect(
      run(() => {
        throw new RangeError('mine');
      }),
    ).toThrow(new RangeError('mine'));
    expect(run(() => torch.ones(1))).toThrow(
      /function BadBackward returned an incorrect number of gradients \(expected 2, got 1\)/,
    );
    expect(run(() => [torch.ones(1), torch.ones(1)])).toThrow(/gradient different than null at position 2/);
    expect(run(() => [3, null])).toThrow(/expected Tensors or null, not int/);
    expect(run(() => [torch.ones(5, { dtype: torch.float64 }), null])).toThrow(/invalid gradient at index 0/);
  });

  it('refuses to go back twice through what it saved', () => {
    const y = Exp.apply(leaf([1])).sum();
    y.backward();
    expect(() => {
      y.backward();
    }).toThrow(/second time/);
  });

  it('wants its saved tensors read in backward', () => {
    class Wrong extends torch.autograd.Function {
      static forward(ctx: Ctx, x: Tensor): Tensor {
        return ctx.saved_tensors[0] ?? x;
      }

      static backward(): null {
        return null;
      }
    }
    expect(() => Wrong.apply(leaf([1]))).toThrow(/can be read in backward and jvp only/);
  });

  it('gives memory back, with all that the context holds, in a synchronous loop', () => {
    class Twice extends torch.autograd.Function {
      static forward(ctx: Ctx, held: { tensor: Tensor }, x: Tensor): Tensor {
        ctx.held = held;
        return x.mul(2);
      }

      static backward(_ctx: Ctx, gradient: Tensor): (Tensor | null)[] {
        return [null, gradient.mul(2)];
      }
    }
    const before = torch.memory_stats().live_bytes;
    let peak = 0;
    for (let i = 0; i < 1000; i++) {
      Twice.apply({ tensor: torch.zeros(250_000) }, leaf([1]))
        .sum()
        .backward();
      if (i % 50 === 0) peak = Math.max(peak, torch.memory_stats().live_bytes - before);
    }
    // All together are 1 GB.
    expect(peak).toBeLessThan(300e6);
  });
});

/** Like Python's `f(lambda: ...)`: the text of the error. */
const refused = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};
const REFUSED = `
def refused(run):
    try:
        run()
    except Exception as error:
        return str(error)
    return "no error"
`;
const one = (): Tensor => torch.ones(2, { requires_grad: true });

describe('a Function', () => {
  side_by_side({
    'may return more than Tensors, whose gradients are None': {
      py: `
        class Mixed(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, y):
                return "a", x * 2, y * 3, 5
            @staticmethod
            def backward(ctx, a, b, c, d):
                show(a, b, c, d)
                return b * 2, c * 3
        class Five(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return 5
        x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
        outputs = Mixed.apply(x, y)
        show(outputs[0], outputs[3])
        outputs[1].sum().backward()
        show(x.grad, y.grad, Five.apply(x))`,
      ts: (show) => {
        class Mixed extends torch.autograd.Function {
          static forward(_: Ctx, x: Tensor, y: Tensor): [string, Tensor, Tensor, number] {
            return ['a', x.mul(2), y.mul(3), 5];
          }

          static backward(_: Ctx, a: null, b: Tensor, c: Tensor, d: null): Tensor[] {
            show(a, b, c, d);
            return [b.mul(2), c.mul(3)];
          }
        }
        class Five extends torch.autograd.Function {
          static forward(): number {
            return 5;
          }
        }
        const [x, y] = [one(), one()];
        const outputs = Mixed.apply(x, y);
        show(outputs[0], outputs[3]);
        outputs[1].sum().backward();
        show(x.grad, y.grad, (Five as unknown as { apply(x: Tensor): number }).apply(x));
      },
    },
    'may have a vjp, and needs it or backward': {
      py: `${REFUSED}
class Vjp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def vjp(ctx, g):
        return g * 2
class Neither(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
class Both(Vjp):
    @staticmethod
    def backward(ctx, g):
        return g
class Nothing(torch.autograd.Function):
    pass
class Saving(Vjp):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x, 5)
        return x
x = torch.ones(2, requires_grad=True)
Vjp.apply(x).sum().backward()
show(x.grad)
for kind in [Neither, Both, Nothing, Saving]:
    show(refused(lambda: kind.apply(x).sum().backward()))`,
      ts: (show) => {
        class Vjp extends torch.autograd.Function {
          static forward(_: Ctx, x: Tensor): Tensor {
            return x.mul(2);
          }

          static vjp(_: Ctx, g: Tensor): Tensor {
            return g.mul(2);
          }
        }
        class Neither extends torch.autograd.Function {
          static forward(_: Ctx, x: Tensor): Tensor {
            return x.mul(2);
          }
        }
        class Both extends Vjp {
          static backward(_: Ctx, g: Tensor): Tensor {
            return g;
          }
        }
        class Nothing extends torch.autograd.Function {}
        class Saving extends Vjp {
          static override forward(ctx: Ctx, x: Tensor): Tensor {
            ctx.save_for_backward(x, 5 as never);
            return x;
          }
        }
        const x = one();
        Vjp.apply(x).sum().backward();
        show(x.grad);
        for (const kind of [Neither, Both, Nothing as unknown as typeof Vjp, Saving]) {
          show(
            refused(() => {
              (kind as typeof Vjp).apply(x).sum().backward();
            }),
          );
        }
      },
    },
    'gives back what it changed in place': {
      py: `
        class Up(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                x.add_(1)
                ctx.mark_dirty(x)
                return x
            @staticmethod
            def backward(ctx, g):
                return g * 5
        leaf = torch.ones(2, requires_grad=True)
        x = leaf * 2
        y = Up.apply(x)
        show(y is x, type(x.grad_fn).__name__)
        x.sum().backward()
        show(leaf.grad)`,
      ts: (show) => {
        class Up extends torch.autograd.Function {
          static forward(ctx: Ctx, x: Tensor): Tensor {
            x.add_(1);
            ctx.mark_dirty(x);
            return x;
          }

          static backward(_: Ctx, g: Tensor): Tensor {
            return g.mul(5);
          }
        }
        const leaf_ = one();
        const x = leaf_.mul(2);
        const y = Up.apply(x);
        show(y === x, String(x.grad_fn).slice(1, -1));
        x.sum().backward();
        show(leaf_.grad);
      },
    },
    'fails with the error of a hook on what is saved, not with that of the operator': {
      py: `${REFUSED}
def fail(x):
    raise ValueError("mine")
x = torch.ones(2, requires_grad=True)
def run(pack, unpack):
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = (x * x).sum()
    y.backward()
show(refused(lambda: run(fail, lambda x: x)), refused(lambda: run(lambda x: x, fail)))
show(refused(lambda: run(lambda x: x, lambda x: 5)))`,
      ts: (show) => {
        const fail = (): never => {
          throw new Error('mine');
        };
        const x = one();
        const run = (pack: (x: Tensor) => Tensor, unpack: (x: Tensor) => Tensor): string =>
          refused(() => {
            torch.autograd.graph.saved_tensors_hooks(pack, unpack, () => x.mul(x).sum()).backward();
          });
        show(
          run(fail, (t) => t),
          run((t) => t, fail),
          run(
            (t) => t,
            () => 5 as never,
          ),
        );
      },
    },
  });
});
