/** torch.func and torch.vmap against Python. */
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { vmap } = torch;
const { grad, grad_and_value, hessian, jacfwd, jacrev, jvp, linearize, vjp } = torch.func;
const double = { dtype: torch.float64 };
const x = torch.arange(6, double).view(2, 3).div(6);
const y = torch.arange(6, 12, double).view(2, 3).div(6);
const v = x.index(0).add(0.5);

function lists(value: unknown): unknown {
  if (value instanceof Tensor) return value.tolist();
  if (Array.isArray(value)) return value.map(lists);
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, lists(item)]));
}

function seeded<T>(make: () => T): T {
  torch.manual_seed(0);
  return make();
}

const dot = (a: Tensor, b: Tensor): Tensor => a.dot(b);
const energy = (a: Tensor): Tensor => a.sin().mul(a).sum();
const cubes = (a: Tensor): Tensor => a.pow(3).sum();

const cases: [python: string, ours: () => unknown][] = [
  ['vmap(torch.dot)(x, y)', () => vmap(dot)(x, y)],
  ['vmap(torch.dot, in_dims=(1, 1))(x, y)', () => vmap(dot, { in_dims: [1, 1] })(x, y)],
  [
    'vmap(lambda a, b: a * b, in_dims=(0, None))(x, v)',
    () => vmap((a: Tensor, b: Tensor) => a.mul(b), { in_dims: [0, null] })(x, v),
  ],
  ['vmap(lambda a: a * 2, out_dims=1)(x)', () => vmap((a: Tensor) => a.mul(2), { out_dims: 1 })(x)],
  [
    'vmap(lambda a: a * 2, in_dims=-1, out_dims=-1)(x)',
    () => vmap((a: Tensor) => a.mul(2), { in_dims: -1, out_dims: -1 })(x),
  ],
  ['vmap(lambda a: (a.sum(), {"twice": a * 2}))(x)', () => vmap((a: Tensor) => [a.sum(), { twice: a.mul(2) }])(x)],
  ['vmap(lambda a: v * 3)(x)', () => vmap((_a: Tensor) => v.mul(3))(x)],
  [
    'vmap(lambda d: d["a"] + d["b"])({"a": x, "b": y})',
    () => vmap((d: { a: Tensor; b: Tensor }) => d.a.add(d.b))({ a: x, b: y }),
  ],
  ['vmap(vmap(torch.mul))(x, y)', () => vmap(vmap((a: Tensor, b: Tensor) => a.mul(b)))(x, y)],
  [
    'vmap(lambda a: a.sort(descending=True).values.cumsum(0))(x)',
    () => vmap((a: Tensor) => a.sort({ descending: true }).values.cumsum(0))(x),
  ],
  [
    'seeded(lambda: vmap(lambda a: a + torch.rand(3), randomness="different")(x))',
    () => seeded(() => vmap((a: Tensor) => a.add(torch.rand(3)), { randomness: 'different' })(x)),
  ],
  [
    'seeded(lambda: vmap(lambda a: a + torch.rand(3), randomness="same")(x))',
    () => seeded(() => vmap((a: Tensor) => a.add(torch.rand(3)), { randomness: 'same' })(x)),
  ],
  ['grad(lambda a: (a.sin() * a).sum())(v)', () => grad(energy)(v)],
  ['grad(grad(lambda a: a.sin()))(v[0])', () => grad(grad((a: Tensor) => a.sin()))(v.index(0))],
  ['grad(torch.dot, argnums=1)(v, v * 2)', () => grad(dot, { argnums: 1 })(v, v.mul(2))],
  ['grad(torch.dot, argnums=(0, 1))(v, v * 2)', () => grad_and_value(dot, { argnums: [0, 1] })(v, v.mul(2))[0]],
  [
    'grad(lambda a: (a.sum(), a * 2), has_aux=True)(v)',
    () => grad((a: Tensor) => [a.sum(), a.mul(2)], { has_aux: true })(v),
  ],
  ['grad_and_value(lambda a: a.pow(3).sum())(v)', () => grad_and_value(cubes)(v)],
  ['vmap(grad(lambda a: (a.sin() * a).sum()))(x)', () => vmap(grad(energy))(x)],
  ['grad(lambda a: vmap(torch.dot)(a, y).sum())(x)', () => grad((a: Tensor) => vmap(dot)(a, y).sum())(x)],
  ['vjp(lambda a: a.exp(), v)[1](v)', () => vjp((a) => a.exp(), v)[1](v)],
  ['jacrev(lambda a: a.exp() * a.sum())(v)', () => jacrev((a: Tensor) => a.exp().mul(a.sum()))(v)],
  [
    'jacrev(lambda a, b: a @ b.t(), argnums=1)(x, y)',
    () => jacrev((a: Tensor, b: Tensor) => a.matmul(b.t()), { argnums: 1 })(x, y),
  ],
  ['vmap(jacrev(torch.sin))(x)', () => vmap(jacrev((a: Tensor) => a.sin()))(x)],
  ['hessian(lambda a: a.pow(3).sum())(v)', () => hessian(cubes)(v)],
  ['hessian(lambda a: (a.sin() * a).sum() ** 2)(v)', () => hessian((a: Tensor) => energy(a).pow(2))(v)],
  ['vmap(lambda a: a.sin().sum(), chunk_size=1)(x)', () => vmap((a: Tensor) => a.sin().sum(), { chunk_size: 1 })(x)],
  [
    'vmap(lambda a, d: a * d["b"] + d["c"], in_dims=(0, {"b": 1, "c": None}), out_dims=1, chunk_size=2)(x.t(), {"b": y, "c": v[0]})',
    () =>
      vmap((a: Tensor, d: { b: Tensor; c: Tensor }) => a.mul(d.b).add(d.c), {
        in_dims: [0, { b: 1, c: null }],
        out_dims: 1,
        chunk_size: 2,
      })(x.t(), { b: y, c: v.index(0) }),
  ],
  [
    'vmap(lambda a: (a * 2, {"sum": a.sum()}), out_dims=(1, {"sum": 0}))(x)',
    () => vmap((a: Tensor) => [a.mul(2), { sum: a.sum() }], { out_dims: [1, { sum: 0 }] })(x),
  ],
  [
    'grad(lambda d: (d["a"] * d["b"]).sum())({"a": v, "b": v * 2})',
    () => grad((d: { a: Tensor; b: Tensor }) => d.a.mul(d.b).sum())({ a: v, b: v.mul(2) }),
  ],
  [
    'grad(lambda a, b: (a * b[0]).sum() + b[1].sin().sum(), argnums=(1, 0))(v, (v * 2, v))',
    () =>
      grad((a: Tensor, b: [Tensor, Tensor]) => a.mul(b[0]).sum().add(b[1].sin().sum()), { argnums: [1, 0] })(v, [
        v.mul(2),
        v,
      ]),
  ],
  [
    'vjp(lambda a, b: (a @ b.t(), a.sum()), x, y)[1]((torch.ones(2, 2).double(), v[0]))',
    () =>
      vjp((a: Tensor, b: Tensor): [Tensor, Tensor] => [a.matmul(b.t()), a.sum()], x, y)[1]([
        torch.ones(2, 2, double),
        v.index(0),
      ]),
  ],
  [
    'vjp(lambda a: (a.exp(), a * 2), v, has_aux=True)[2]',
    () => vjp((a: Tensor): [Tensor, Tensor] => [a.exp(), a.mul(2)], v, { has_aux: true })[2],
  ],
  [
    'jacrev(lambda a, b: {"product": a @ b.t(), "sum": a.sum(0)}, argnums=(0, 1))(x, y)',
    () => jacrev((a: Tensor, b: Tensor) => ({ product: a.matmul(b.t()), sum: a.sum(0) }), { argnums: [0, 1] })(x, y),
  ],
  [
    'jacrev(lambda a: (a.exp() * a.sum(), a + 1), has_aux=True, chunk_size=2)(v)',
    () =>
      jacrev((a: Tensor): [Tensor, Tensor] => [a.exp().mul(a.sum()), a.add(1)], { has_aux: true, chunk_size: 2 })(v),
  ],
  [
    'jvp(lambda a, b: (a * b).sin(), (x, y), (y, x))',
    () => jvp((a: Tensor, b: Tensor) => a.mul(b).sin(), [x, y], [y, x]),
  ],
  [
    'jvp(lambda a: {"e": a.exp(), "c": v * 2}, (v,), (v,))',
    () => jvp((a: Tensor) => ({ e: a.exp(), c: v.mul(2) }), [v], [v]),
  ],
  [
    'jvp(lambda a: (a.exp(), a + 1), (v,), (v,), has_aux=True)',
    () => jvp((a: Tensor): [Tensor, Tensor] => [a.exp(), a.add(1)], [v], [v], { has_aux: true }),
  ],
  ['jvp(grad(lambda a: (a.sin() * a).sum()), (v,), (v,))', () => jvp(grad(energy), [v], [v])],
  [
    'jvp(lambda a: jvp(torch.sin, (a,), (a,))[1], (v,), (v,))',
    () => jvp((a: Tensor) => jvp((b: Tensor) => b.sin(), [a], [a])[1], [v], [v]),
  ],
  [
    'grad(lambda a: jvp(torch.sin, (a,), (a,))[1].sum())(v)',
    () => grad((a: Tensor) => jvp((b: Tensor) => b.sin(), [a], [a])[1].sum())(v),
  ],
  [
    'vmap(lambda a, b: jvp(torch.tanh, (a,), (b,))[1])(x, y)',
    () => vmap((a: Tensor, b: Tensor) => jvp((c: Tensor) => c.tanh(), [a], [b])[1])(x, y),
  ],
  ['jacfwd(lambda a: a.exp() * a.sum())(v)', () => jacfwd((a: Tensor) => a.exp().mul(a.sum()))(v)],
  [
    'jacfwd(lambda a, b: a @ b.t(), argnums=(1, 0))(x, y)',
    () => jacfwd((a: Tensor, b: Tensor) => a.matmul(b.t()), { argnums: [1, 0] })(x, y),
  ],
  [
    'jacfwd(lambda d: {"p": d["a"] @ d["b"].t()})({"a": x, "b": y})',
    () => jacfwd((d: { a: Tensor; b: Tensor }) => ({ p: d.a.matmul(d.b.t()) }))({ a: x, b: y }),
  ],
  [
    'jacfwd(lambda a: (a.exp(), a * 2), has_aux=True)(v)',
    () => jacfwd((a: Tensor): [Tensor, Tensor] => [a.exp(), a.mul(2)], { has_aux: true })(v),
  ],
  ['jacfwd(jacfwd(lambda a: a.pow(3).sum()))(v)', () => jacfwd(jacfwd(cubes))(v)],
  ['vmap(jacfwd(torch.sin))(x)', () => vmap(jacfwd((a: Tensor) => a.sin()))(x)],
  ['vmap(hessian(lambda a: a.pow(3).sum()))(x)', () => vmap(hessian(cubes))(x)],
  [
    'hessian(lambda a, b: (a * b).sum() ** 2, argnums=(0, 1))(v, v * 2)',
    () => hessian((a: Tensor, b: Tensor) => a.mul(b).sum().pow(2), { argnums: [0, 1] })(v, v.mul(2)),
  ],
  [
    'linearize(lambda a, b: (a * b).sin(), x, y)[0]',
    () => linearize((a: Tensor, b: Tensor) => a.mul(b).sin(), x, y)[0],
  ],
  [
    'linearize(lambda a, b: (a * b).sin(), x, y)[1](y, x)',
    () => linearize((a: Tensor, b: Tensor) => a.mul(b).sin(), x, y)[1](y, x),
  ],
];

const expected = python<unknown[]>('func.py', [cases.map(([text]) => text)]);

/** Equal but for the last bits: batched kernels may add up in another order. */
function expect_close(ours: unknown, theirs: unknown): void {
  if (typeof theirs === 'number') expect(ours).toBeCloseTo(theirs, 12);
  else if (Array.isArray(theirs))
    theirs.forEach((item, i) => {
      expect_close((ours as unknown[])[i], item);
    });
  else
    Object.entries(theirs as object).forEach(([key, item]) => {
      expect_close((ours as Record<string, unknown>)[key], item);
    });
}

describe('torch.func equals Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect_close(lists(ours()), expected[i]);
    });
  });
});

describe('layers', () => {
  it('are left when the function throws', () => {
    expect(() =>
      vmap((_a: Tensor): Tensor => {
        throw new Error('mine');
      })(x),
    ).toThrow('mine');
    expect(() =>
      grad((_a: Tensor): Tensor => {
        throw new Error('mine');
      })(v),
    ).toThrow('mine');
    expect(x.add(1).tolist()).toEqual(x.clone().add(1).tolist());
    expect(vmap(dot)(x, y).tolist()).toEqual(lists(x.mul(y).sum(1)));
  });

  it('keep per-sample gradients of a module apart', () => {
    const layer = new torch.nn.Linear(3, 1).double();
    const loss = (w: Tensor, row: Tensor): Tensor =>
      torch.nn.functional
        .linear(row, w, layer.bias as Tensor)
        .pow(2)
        .sum();
    const each = vmap(grad(loss), { in_dims: [null, 0] })(layer.weight.detach(), x);
    expect([...each.shape]).toEqual([2, 1, 3]);
    layer.zero_grad();
    layer(x).pow(2).sum().backward();
    expect_close(lists(each.sum(0)), lists(layer.weight.grad));
  });
});

describe('forward mode', () => {
  const { dual_level, enter_dual_level, exit_dual_level, make_dual, unpack_dual } = torch.autograd.forward_ad;

  it('carries tangents beside values', () => {
    const [value, tangent] = dual_level(() => {
      const { primal, tangent: moved } = unpack_dual(make_dual(v, v.mul(2)).exp());
      return [primal.tolist(), moved?.tolist()];
    });
    expect(value).toEqual(v.exp().tolist());
    expect(tangent).toEqual(v.exp().mul(v.mul(2)).tolist());
  });

  it('knows no tangents outside of a level', () => {
    const dual = dual_level(() => make_dual(v, v).exp());
    expect(unpack_dual(dual).tangent).toBe(null);
    expect(dual_level(() => unpack_dual(dual).tangent)).toBe(null);
    expect(() => make_dual(v, v)).toThrow('no level exists');
  });

  it('prints tangents as Python', () => {
    const cases: [code: string, make: () => torch.Tensor][] = [
      ['make_dual(torch.ones(2), torch.tensor([3.5, 4.5]))', () => make_dual(torch.ones(2), torch.tensor([3.5, 4.5]))],
      ['make_dual(torch.tensor(1.5), torch.tensor(2.))', () => make_dual(torch.tensor(1.5), torch.tensor(2).float())],
      [
        'make_dual(torch.tensor(1.5j), torch.tensor(2+1j))',
        () => make_dual(torch.tensor(new torch.Complex(0, 1.5)), torch.tensor(new torch.Complex(2, 1))),
      ],
      [
        'make_dual(torch.ones(2, requires_grad=True), torch.ones(2)).exp()',
        () => make_dual(torch.ones(2, { requires_grad: true }), torch.ones(2)).exp(),
      ],
      [
        'make_dual(torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True).mul(2))',
        () => make_dual(torch.ones(2, { requires_grad: true }), torch.ones(2, { requires_grad: true }).mul(2)),
      ],
      [
        'make_dual(torch.ones(2, 12), torch.full((2, 12), 1.5))',
        () => make_dual(torch.ones(2, 12), torch.full([2, 12], 1.5)),
      ],
      [
        'make_dual(torch.ones(2, device="meta"), torch.ones(2, device="meta"))',
        () => make_dual(torch.ones(2, { device: 'meta' }), torch.ones(2, { device: 'meta' })),
      ],
      ['make_dual(torch.ones(0), torch.ones(0))', () => make_dual(torch.ones(0), torch.ones(0))],
      ['make_dual(torch.ones(2), torch.zeros(2)).detach()', () => make_dual(torch.ones(2), torch.zeros(2)).detach()],
      ['torch.ones(2)', () => torch.ones(2)],
      [
        'unpack_dual(make_dual(torch.ones(2), torch.zeros(2))).primal',
        () => unpack_dual(make_dual(torch.ones(2), torch.zeros(2))).primal,
      ],
      ['nn.Parameter(torch.ones(2))', () => new torch.nn.Parameter(torch.ones(2))],
    ];
    const theirs = python<string[][]>('snippets.py', [
      cases.map(
        ([code]) => `
from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual
with dual_level():
    show(repr(${code}))`,
      ),
    ]);
    expect(cases.map(([, make]) => [dual_level(() => String(make()))])).toEqual(theirs);
    expect(theirs.flat().filter((text) => text.includes('tangent=')).length).toBeGreaterThan(7);
  });

  it('has one level', () => {
    const level = enter_dual_level();
    expect(() => enter_dual_level()).toThrow(/[Nn]ested forward mode/);
    exit_dual_level({ level });
    expect(() => {
      exit_dual_level();
    }).toThrow('not the last one');
  });

  it('leaves its level when the function throws', () => {
    expect(() =>
      dual_level(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(() =>
      jvp(
        (_a: Tensor): Tensor => {
          throw new Error('mine');
        },
        [v],
        [v],
      ),
    ).toThrow('mine');
    expect(lists(jvp((a: Tensor) => a.mul(3), [v], [v])[1])).toEqual(lists(v.mul(3)));
  });

  it('gives the products of a linearized function without running it again', () => {
    let runs = 0;
    const [, product] = linearize((a: Tensor) => {
      runs++;
      return a.mul(a);
    }, v);
    expect_close(lists(product(v)), lists(v.mul(v).mul(2)));
    expect_close(lists(product(v.mul(2))), lists(v.mul(v).mul(4)));
    expect(runs).toBe(1);
  });
});

describe('wrong use is an Error', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['no function', () => vmap(3 as unknown as () => void), /vmap\(\): argument 'func' must be a function, not int/],
    [
      'batches of different sizes',
      () => vmap(dot)(x, torch.ones(3, 3, double)),
      /same size in the mapped dimension, got sizes \[2, 3\]/,
    ],
    ['no batch', () => vmap(dot, { in_dims: null })(x, y), /at least one argument/],
    ['a dimension out of range', () => vmap(dot, { in_dims: 5 })(x, y), /Got in_dim=5/],
    [
      'a dimension of the result out of range',
      () => vmap((a: Tensor) => a.sum(), { out_dims: 4 })(x),
      /Dimension out of range/,
    ],
    ['reading values', () => vmap((a: Tensor) => torch.tensor(a.sum().item()))(x), /vmap/],
    ['random numbers without leave', () => vmap((a: Tensor) => a.add(torch.rand(3)))(x), /random/],
    ['a result that is not a Tensor', () => vmap((_a: Tensor) => 3)(x), /must return Tensors, not int/],
    [
      'a gradient of what is not a scalar',
      () => grad((a: Tensor) => a.mul(2))(v),
      /scalar tensor, got tensor with 1 dims/,
    ],
    [
      'an argument that is not there',
      () => grad(energy, { argnums: 3 })(v),
      /Got argnum=3, but only 1 positional inputs/,
    ],
    ['in_dims of another structure', () => vmap(dot, { in_dims: [0] })(x, y), /in_dims is not compatible/],
    [
      'a batch of what is not a Tensor',
      () => vmap((a: Tensor, n: number) => a.mul(n))(x, 2),
      /Got in_dim=0 for an input but the input is of type int/,
    ],
    ['a chunk of nothing', () => vmap(dot, { chunk_size: 0 }), /chunk_size/],
    [
      'a tangent of another shape',
      () => jvp((a: Tensor) => a.sin(), [v], [x]),
      /different size than that of the original Tensor/,
    ],
    [
      'a missing tangent',
      () => jvp((a: Tensor) => a.sin(), [v], [] as unknown as [Tensor]),
      /Expected tangents to be a list/,
    ],
    [
      'a result without a tangent, when strict',
      () => jvp((_a: Tensor) => x, [v], [v], { strict: true }),
      /independent of its inputs and strict=True/,
    ],
    [
      'integers',
      () => jvp((a: Tensor) => a, [torch.tensor([1])], [torch.tensor([1])]),
      /Expected primal to be floating point/,
    ],
    [
      'an argument that is not a Tensor',
      () => grad((a: number) => v.mul(a).sum())(3),
      /argument 0 must be Tensor, not int/,
    ],
  ])('%s', (_title, run, message) => {
    expect(run).toThrow(message);
  });
});
