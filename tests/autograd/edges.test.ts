/** Edges of the graph of gradients, and what belongs to them, against Python. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { get_gradient_edge, GradientEdge } = torch.autograd.graph;
const { backward, grad } = torch.autograd;
const { swap_tensors } = torch.utils;

const source = `
from torch.autograd.graph import get_gradient_edge, GradientEdge
from torch.autograd import grad, backward
x = torch.tensor([0.5, 1.5], requires_grad=True)
y = x * x
z = y.exp().sum()
show(grad(z, get_gradient_edge(y), retain_graph=True)[0].tolist())
show(grad(get_gradient_edge(z), [get_gradient_edge(x), y], retain_graph=True)[0].tolist())
show(grad(GradientEdge(y.grad_fn, 0), x, grad_outputs=torch.ones(2), retain_graph=True)[0].tolist())
show([g if g is None else g.tolist() for g in grad(z, [get_gradient_edge(y), torch.ones(1, requires_grad=True)], retain_graph=True, allow_unused=True)])
backward([get_gradient_edge(z)], retain_graph=True)
show(x.grad.tolist())
backward(z, inputs=[get_gradient_edge(x)], retain_graph=True)
show(x.grad.tolist())
def error(fn):
    try:
        fn()
    except Exception as error:
        show(str(error))
error(lambda: get_gradient_edge(torch.ones(1)))
error(lambda: grad(get_gradient_edge(y), x, retain_graph=True))
error(lambda: grad(get_gradient_edge(y), x, grad_outputs=torch.ones(3), retain_graph=True))
`;

describe('an edge', () => {
  it('takes the place of its tensor in a backward pass, as in Python', () => {
    const shown: unknown[] = [];
    const error = (fn: () => unknown): void => {
      try {
        fn();
      } catch (thrown) {
        shown.push((thrown as Error).message);
      }
    };
    const x = torch.tensor([0.5, 1.5], { requires_grad: true });
    const y = x.mul(x);
    const z = y.exp().sum();
    const keep = { retain_graph: true };
    shown.push(grad(z, get_gradient_edge(y), keep)[0]!.tolist());
    shown.push(grad(get_gradient_edge(z), [get_gradient_edge(x), y], keep)[0]!.tolist());
    shown.push(grad(new GradientEdge(y.grad_fn!, 0), x, { grad_outputs: torch.ones(2), ...keep })[0]!.tolist());
    const unused = torch.ones(1, { requires_grad: true });
    const some = grad(z, [get_gradient_edge(y), unused], { ...keep, allow_unused: true });
    shown.push(some.map((g) => g?.tolist() ?? null));
    backward([get_gradient_edge(z)], keep);
    shown.push(x.grad.tolist());
    backward(z, { inputs: [get_gradient_edge(x)], ...keep });
    shown.push(x.grad.tolist());
    error(() => get_gradient_edge(torch.ones(1)));
    error(() => grad(get_gradient_edge(y), x, keep));
    error(() => grad(get_gradient_edge(y), x, { grad_outputs: torch.ones(3), ...keep }));
    expect(shown).toEqual(python<unknown[][]>('snippets.py', [[source]])[0]);
  });

  it('of a leaf keeps the node that accumulates, whose hooks run', () => {
    const x = torch.ones(2, { requires_grad: true });
    const { node } = get_gradient_edge(x);
    const seen: unknown[] = [];
    node.register_prehook(([g]) => {
      seen.push(g!.tolist());
    });
    x.mul(3).sum().backward();
    expect([node.name(), seen]).toEqual(['AccumulateGrad', [[3, 3]]]);
  });
});

describe('a backward that is differentiable once', () => {
  class Cube extends torch.autograd.Function {
    static forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor): torch.Tensor {
      ctx.save_for_backward(x);
      return x.pow(3);
    }

    static backward = torch.autograd.function.once_differentiable(
      (ctx: torch.autograd.FunctionCtx, g: torch.Tensor): torch.Tensor => ctx.saved_tensors[0]!.square().mul(3).mul(g),
    );
  }

  it('gives a gradient, and throws when that is differentiated', () => {
    const x = torch.tensor([2], { dtype: torch.float32, requires_grad: true });
    const [g] = grad(Cube.apply(x).mul(x), x, { create_graph: true });
    expect(g!.item()).toBe(32);
    expect(() => g!.backward()).toThrow(
      'trying to differentiate twice a function that was marked with @once_differentiable',
    );
  });
});

describe('tensors that may be changed after they were saved', () => {
  it('need both passes in one scope', () => {
    const a = torch.ones(2, { requires_grad: true });
    const { allow_mutation_on_saved_tensors } = torch.autograd.graph;
    const out = allow_mutation_on_saved_tensors(() => a.clone().pow(2).sum());
    expect(() => out.backward()).toThrow(
      /^Trying to backward outside of the 'allow_mutation_on_saved_tensors' context/,
    );
    expect(() => allow_mutation_on_saved_tensors(() => allow_mutation_on_saved_tensors(() => 1))).toThrow(
      'allow_mutation_on_saved_tensors contexts cannot be nested',
    );
  });
});

describe('swap_tensors', () => {
  it('exchanges elements, dtypes, gradients, classes and properties', () => {
    const p = new torch.nn.Parameter(torch.ones(2));
    const t = torch.arange(300_000);
    p.grad = torch.full([2], 5.5);
    (t as unknown as Record<string, unknown>)['note'] = 'mine';
    const [of_p, of_t] = [p.data_ptr(), t.data_ptr()];
    swap_tensors(p, t);
    expect([p.data_ptr(), t.data_ptr()]).toEqual([of_t, of_p]);
    expect([p.dtype, t.dtype, p.requires_grad, t.requires_grad]).toEqual([torch.int64, torch.float32, false, true]);
    expect([t instanceof torch.nn.Parameter, p instanceof torch.nn.Parameter]).toEqual([true, false]);
    expect([t.grad.tolist(), (p as unknown as Record<string, unknown>)['note']]).toEqual([[5.5, 5.5], 'mine']);
  });

  it('refuses a tensor that a graph holds, and poisons the pass into a leaf', () => {
    const a = torch.ones(2, { requires_grad: true });
    const b = torch.zeros(2);
    const y = a.exp();
    const saved = y.mul(y);
    expect(() => swap_tensors(y, b)).toThrow(/^Expected use_count of t1 to be 1 or 2/);
    expect(saved.numel()).toBe(2);
    const leaf = torch.ones(2, { requires_grad: true });
    const sum = leaf.sum();
    swap_tensors(leaf, b);
    expect(() => sum.backward()).toThrow(/poisoned by swap_tensors/);
  });
});
