import { beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { python } from '../reference.js';

const { cond, while_loop } = torch;
const { map, scan } = torch._higher_order_ops;
const { tree_leaves } = torch.utils._pytree;

const x = torch.arange(4, { dtype: torch.float32 });
const xs = torch.arange(6, { dtype: torch.float32 }).view(2, 3);

function gradient(run: (y: Tensor) => unknown): Tensor {
  const y = torch.arange(1, 5, { dtype: torch.float32 }).requires_grad_();
  (tree_leaves(run(y)) as Tensor[])
    .filter(({ requires_grad }) => requires_grad)
    .map((leaf) => leaf.sum())
    .reduce((sum, leaf) => sum.add(leaf))
    .backward();
  return y.grad!;
}

type State = [Tensor, Tensor];
const going = (i: Tensor, _a: Tensor): Tensor => i.lt(3);
const plus = (a: Tensor): Tensor => a.add(1);
const minus = (a: Tensor): Tensor => a.sub(1);

const values: Record<string, () => unknown> = {
  cond: () =>
    [x.sum().gt(0), x.sum().lt(0)].map((pred) =>
      cond(
        pred,
        (a: Tensor) => ({ k: plus(a) }),
        (a: Tensor) => ({ k: minus(a) }),
        [x],
      ),
    ),
  'cond of numbers': () => [true, false].map((pred) => cond(pred, plus, minus, [x])),
  'cond of a float': () => cond(x.sum(), plus, minus, [x]),
  'cond without operands': () =>
    cond(
      torch.tensor(true),
      () => plus(x),
      () => minus(x),
    ),
  while: () => while_loop(going, (i: Tensor, a: Tensor): State => [i.add(1), a.mul(2)], [torch.tensor(0), x]),
  'while of an int': () =>
    while_loop(
      (i: number, _a: Tensor) => i < 3,
      (i: number, a: Tensor): [number, Tensor] => [i + 1, a.mul(2)],
      [0, x],
    ),
  map: () => map((a: { u: Tensor }, b: Tensor, c: number) => ({ s: a.u.add(b.mul(c)) }), { u: x }, torch.tensor(2), 3),
  scan: () =>
    scan((c: Tensor, r: Tensor): State => [c.add(r), c.mul(r)], torch.zeros(2), xs, { dim: 1, reverse: true }),
  'cond gradient': () =>
    gradient((y) =>
      cond(
        y.sum().gt(0),
        (a: Tensor) => a.mul(a),
        (a: Tensor) => a.cos(),
        [y],
      ),
    ),
  'while gradient': () =>
    gradient((y) => while_loop(going, (i: Tensor, a: Tensor): State => [i.add(1), a.mul(y)], [torch.tensor(0), y])[1]),
  'map gradient': () => gradient((y) => map((a: Tensor, b: Tensor) => a.mul(b.sum()), y, y.mul(2))),
  'scan gradient': () =>
    gradient((y) => scan((c: Tensor, r: Tensor): State => [c.mul(r).add(1), c.mul(r)], torch.ones([]), y)),
};

const errors: Record<string, () => unknown> = {
  pred: () => cond(x.gt(0), plus, minus, [x]),
  operands: () => cond(x.sum().gt(0), plus, minus, [x, 2] as never),
  dtype: () =>
    while_loop(
      (a: Tensor) => a.sum().lt(100),
      (a: Tensor): [Tensor] => [a.double().mul(2)],
      [x],
    ),
  mapped: () => map(plus, torch.ones(0, 3)),
  lengths: () => map(([a, b]: Tensor[]) => a!.add(b!), [torch.ones(2), torch.ones(3)]),
  carry: () => scan((c: Tensor, r: Tensor): State => [c.double(), r.clone()], torch.zeros([]), x),
  init: () => scan((c: Tensor[], r: Tensor): [Tensor[], Tensor] => [c, r], [], x),
};

let expected: { values: Record<string, unknown[]>; errors: Record<string, string> };
beforeAll(() => {
  expected = python('control_flow.py');
}, 120_000);

describe('control flow that is called', () => {
  it.each(Object.keys(values))('gives for %s what Python gives', (name) => {
    const found = tree_leaves(values[name]!()).map((leaf) => (leaf instanceof torch.Tensor ? leaf.tolist() : leaf));
    expect(found).toEqual(expected.values[name]);
  });

  it.each(Object.keys(errors))('refuses %s as Python does', (name) => {
    expect(errors[name]).toThrow(expected.errors[name]!);
  });

  it('says which function returns nothing', () => {
    const nothing = (): void => undefined;
    expect(() => cond(torch.tensor(true), nothing, nothing)).toThrow(
      'cond(): true_fn must return a value, not undefined',
    );
    expect(() => cond(false, nothing, nothing)).toThrow('cond(): false_fn must return a value, not undefined');
    expect(() => map(nothing, x)).toThrow('map(): f must return a value, not undefined');
    const half = (c: Tensor): readonly [Tensor, undefined] => [c, undefined];
    expect(() => scan(half, torch.zeros([]), x)).toThrow('scan(): combine_fn must return a value, not undefined');
  });

  it('has a case for each of Python', () => {
    expect([Object.keys(values).sort(), Object.keys(errors).sort()]).toEqual([
      Object.keys(expected.values).sort(),
      Object.keys(expected.errors).sort(),
    ]);
  });
});
