/** `torch.utils.flop_counter` counts what Python's counts, and prints its tables. */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { FlopCounterMode, register_flop_formula } = torch.utils.flop_counter;
type Counts = Record<string, Record<string, number>>;
interface Counted {
  counts: Counts;
  total: number;
  tables: string[];
}
const theirs = python<{ cases: Record<string, Counted>; registered: Record<string, number>; duplicate: string }>(
  'flop_counter.py',
);

class Net extends nn.Module {
  body = new nn.Sequential(new nn.Linear(6, 6), new nn.Tanh());
  head = new nn.Linear(6, 2);

  forward(x: Tensor): Tensor {
    return this.head(this.body(this.body(x)).matmul(torch.ones(6, 6)));
  }
}

class RNN extends nn.Module {
  cell = new nn.GRUCell(3, 4);

  forward(x: Tensor): Tensor {
    let h = torch.zeros(2, 4);
    for (const step of x) h = this.cell(step, h);
    return h;
  }
}

type Run = () => unknown;
const of =
  (net: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Run =>
  () =>
    net(...inputs)
      .sum()
      .backward();

function lstm(batch_first: boolean): Run {
  const net = new nn.LSTM(4, 6, 2, { batch_first });
  return () =>
    net(torch.ones(3, 2, 4))[0]
      .sum()
      .backward();
}

function sdpa(is_causal: boolean): void {
  const [q, k] = [4, 6].map((n) => torch.ones(1, 2, n, 8, { requires_grad: true })) as [Tensor, Tensor];
  nn.functional.scaled_dot_product_attention(q, k, k, { is_causal }).sum().backward();
}

function twice(): Run {
  const net: (x: Tensor) => Tensor = new Net();
  const x = torch.ones(3, 6, { requires_grad: true });
  return () => {
    const y = net(x);
    y.sum().backward({ retain_graph: true });
    torch.ones(2, 3).matmul(torch.ones(3, 4));
    y.sum().backward();
    torch.no_grad(() => net(x));
    torch.inference_mode(() => net(x.detach()));
  };
}

const with_grad = (...shape: number[]): Tensor => torch.ones(shape, { requires_grad: true });
const cases: Record<string, () => Run> = {
  linear: () => of(new nn.Linear(3, 4), torch.ones(5, 3)),
  'linear, 3d': () => of(new nn.Linear(3, 4, { bias: false }), with_grad(2, 5, 3)),
  conv: () =>
    of(
      new nn.Sequential(new nn.Conv2d(3, 8, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(288, 10)) as never,
      torch.ones(2, 3, 8, 8),
    ),
  'conv with groups': () => of(new nn.Conv1d(4, 8, 3, { stride: 2, padding: 1, groups: 2 }), with_grad(2, 4, 9)),
  'transposed conv': () => of(new nn.ConvTranspose2d(3, 4, 3, { stride: 2 }) as never, with_grad(1, 3, 5, 5)),
  conv3d: () => of(new nn.Conv3d(2, 2, 2), torch.ones(1, 2, 4, 4, 4)),
  net: () => of(new Net() as never, with_grad(3, 6)),
  twice,
  attention: () => {
    const net = new nn.MultiheadAttention(8, 2, { batch_first: true });
    const x = with_grad(2, 5, 8);
    return () => net(x, x, x)[0].sum().backward();
  },
  encoder: () => of(new nn.TransformerEncoderLayer(16, 2, 32, { batch_first: true }) as never, torch.ones(2, 5, 16)),
  transformer: () => of(new nn.Transformer(8, 2, 1, 1, 16) as never, torch.ones(4, 2, 8), torch.ones(3, 2, 8)),
  lstm: () => lstm(false),
  'lstm, batch first': () => lstm(true),
  'gru cell': () => of(new RNN() as never, torch.ones(3, 2, 3)),
  bilinear: () => of(new nn.Bilinear(3, 4, 5), torch.ones(2, 3), torch.ones(2, 4)),
  mm: () => () => torch.mm(torch.ones(40, 50), torch.ones(50, 60)),
  'small mm': () => () => torch.mm(torch.ones(2, 3), torch.ones(3, 2)),
  bmm: () => () => torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 5)),
  baddbmm: () => () => torch.baddbmm(torch.ones(2, 3, 5), torch.ones(2, 3, 4), torch.ones(2, 4, 5)),
  einsum: () => () => torch.einsum('bij,bjk->ik', torch.ones(2, 3, 4), torch.ones(2, 4, 5)),
  matmul: () => () => [
    torch.ones(3).matmul(torch.ones(3)),
    torch.ones(2, 3).matmul(torch.ones(3)),
    torch.ones(2, 1, 3, 4).matmul(torch.ones(5, 4, 3)),
  ],
  sdpa: () => () => [sdpa(false), sdpa(true)],
  nothing: () => () => torch.ones(2).add(1),
  large: () => () => torch.mm(torch.ones(1000, 1000, { device: 'meta' }), torch.ones(1000, 1000, { device: 'meta' })),
};

const by_name = (counts: Map<unknown, number>): Record<string, number> =>
  Object.fromEntries(Array.from(counts, ([op, count]) => [String(op).replace(/^torch\.ops\./, ''), count]));

describe('counts and tables', () => {
  it('of all cases', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(theirs.cases));
  });

  it.each(Object.entries(cases))('%s', (name, make) => {
    torch.manual_seed(0);
    const run = make();
    const counter = new FlopCounterMode({ display: false });
    counter.run(run);
    const counts = Object.entries(counter.get_flop_counts()).map(([module, its]) => [module, by_name(its)]);
    expect(Object.fromEntries(counts)).toEqual(theirs.cases[name]!.counts);
    expect(counter.get_total_flops()).toBe(theirs.cases[name]!.total);
    expect([counter.get_table(), counter.get_table(1), counter.get_table({ depth: 9 })]).toEqual(
      theirs.cases[name]!.tables,
    );
  });
});

describe('formulas', () => {
  it('of the program are used, with shapes or tensors', () => {
    register_flop_formula(torch.ops.aten['sigmoid']!)(
      (x: number[], { out_shape }: { out_shape: number[] }) => 4 * x[0]! + out_shape[1]!,
    );
    register_flop_formula([torch.ops.aten['exp']!, torch.ops.aten['sum']!], { get_raw: true })(
      (x: Tensor, ...rest: unknown[]) => {
        const { out_val } = rest.pop() as { out_val: Tensor };
        return x.sum().item() + out_val.numel() + 100 * rest.length;
      },
    );
    const custom_mapping = new Map([[torch.ops.aten['mm']!, (a: number[]) => a[0]!]]);
    const counter = new FlopCounterMode({ display: false, custom_mapping });
    counter.run(() => {
      const x = torch.ones(2, 3);
      x.sigmoid();
      x.exp();
      x.sum(1);
      x.mm(x.t());
    });
    expect(by_name(counter.get_flop_counts()['Global']!)).toEqual(theirs.registered);
  });

  it('are one for each operator', () => {
    expect(() => register_flop_formula(torch.ops.aten['mm']!)(() => 1)).toThrow(theirs.duplicate);
    expect(() => register_flop_formula((() => 1) as never)).toThrow(/expected each target to be OpOverloadPacket/);
  });

  it('must return numbers', () => {
    const counter = new FlopCounterMode({ custom_mapping: new Map([[torch.ops.aten['mm']!, (() => 'x') as never]]) });
    expect(() => counter.run(() => torch.mm(torch.ones(1, 1), torch.ones(1, 1)))).toThrow(
      new TypeError('FlopCounterMode: the formula for aten.mm must return a number, not str'),
    );
    expect(new FlopCounterMode({ display: false }).run(() => 2)).toBe(2);
  });
});

describe('a counter', () => {
  const square = (): Tensor => torch.mm(torch.ones(2, 2), torch.ones(2, 2));

  it('counts in a block, in a function that it decorates, and within another one', () => {
    const [outer, inner] = [new FlopCounterMode({ display: false }), new FlopCounterMode({ display: false })];
    {
      using _outer = outer;
      square();
      {
        using _inner = inner;
        square();
      }
      square();
    }
    square();
    expect([outer.get_total_flops(), inner.get_total_flops()]).toEqual([48, 16]);
    outer.decorate(square)();
    expect(outer.get_total_flops()).toBe(16);
  });

  it('is not its own', () => {
    const counter = new FlopCounterMode({ display: false });
    expect(() => counter.run(() => counter.run(square))).toThrow('FlopCounterMode is not reentrant');
    expect(() => counter.run((async () => 1) as never)).toThrow(TypeError);
  });

  it('counts after an error', () => {
    const counter = new FlopCounterMode({ display: false });
    expect(() =>
      counter.run(() => {
        square();
        throw new Error('of the program');
      }),
    ).toThrow('of the program');
    expect(counter.get_total_flops()).toBe(16);
    counter.run(square);
    expect(counter.get_total_flops()).toBe(16);
  });
});
