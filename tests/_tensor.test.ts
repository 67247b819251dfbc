/** Members of Tensor and functions of torch that are written by hand print what Python's print. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from './reference.js';

const float = { dtype: torch.float32 };
const x = (): torch.Tensor => torch.arange(6, float).view(2, 3);
const tuple = (tensors: readonly torch.Tensor[]): string => `(${tensors.map(String).join(', ')})`;

const cases: [python: string, ours: () => unknown][] = [
  ['X.apply_(lambda a: a * 2 + 1)', () => x().apply_((a) => a * 2 + 1)],
  [
    'X.t().map_(torch.ones(2), lambda a, b: a - b)',
    () =>
      x()
        .t()
        .map_(torch.ones(2), (a, b) => a - b),
  ],
  ['X.map2_(X, torch.ones(3), lambda a, b, c: a * b + c)', () => x().map2_(x(), torch.ones(3), (a, b, c) => a * b + c)],
  ['X.where(X > 2, -X)', () => x().where(x().gt(2), x().neg())],
  ['X.where(X > 2, 7)', () => x().where(x().gt(2), 7)],
  ['X.where(condition=X > 2, other=X.double())', () => x().where({ condition: x().gt(2), other: x().double() })],
  ['torch.eye(2).lu()', () => tuple(torch.eye(2).lu())],
  ['torch.eye(2).lu(get_infos=True)[2]', () => torch.eye(2).lu({ get_infos: true })[2]],
  ['X.to_sparse_coo()', () => x().to_sparse_coo()],
  [
    'torch.empty(2, 3, 4, 5).permute(0, 3, 1, 2).dim_order()',
    () => `(${torch.empty(2, 3, 4, 5).permute(0, 3, 1, 2).dim_order().join(', ')})`,
  ],
  ['torch.dsmm(X.to_sparse(), torch.ones(3, 1))', () => torch.dsmm(x().to_sparse(), torch.ones(3, 1))],
  ['torch.hsmm(X.to_sparse(), torch.ones(3, 1))', () => torch.hsmm(x().to_sparse(), torch.ones(3, 1))],
  ['torch.split(X, 2, dim=1)', () => tuple(torch.split(x(), 2, { dim: 1 }))],
  ['X.split([1, 2], 1)', () => tuple(x().split([1, 2], 1))],
  ['X.norm(dim=1, keepdim=True)', () => x().norm({ dim: 1, keepdim: true })],
  ['torch.norm(X, 1, 0)', () => torch.norm(x(), 1, 0)],
  ['torch.norm(X, "nuc")', () => torch.norm(x(), 'nuc')],
  ['X.norm(float("inf"), dtype=torch.float64)', () => x().norm(Infinity, { dtype: torch.float64 })],
  [
    'torch.unique(torch.tensor([3, 1, 3]), True, True)',
    () => tuple(torch.unique(torch.tensor([3, 1, 3]), true, true) as torch.Tensor[]),
  ],
  [
    'torch.tensor([3, 1, 3]).unique(return_counts=True)',
    () => tuple(torch.tensor([3, 1, 3]).unique({ return_counts: true })),
  ],
  [
    'torch.unique_consecutive(torch.tensor([3, 3, 1]), return_counts=True)',
    () => tuple(torch.unique_consecutive(torch.tensor([3, 3, 1]), { return_counts: true })),
  ],
  [
    'X.requires_grad_(requires_grad=False).requires_grad',
    () => torch.python_repr(x().requires_grad_({ requires_grad: false }).requires_grad),
  ],
  [
    'X.unbind()[1].output_nr, X.split(1, 1)[2].output_nr',
    () => `(${x().unbind()[1]?.output_nr}, ${x().split(1, 1)[2]?.output_nr})`,
  ],
  ['X.requires_grad_().unbind()[1].output_nr', () => x().requires_grad_().unbind()[1]?.output_nr],
  ['torch.get_device(X)', () => torch.get_device(x())],
  ['torch.asarray([1, 2])', () => torch.asarray([1, 2])],
  ['torch.asarray(X, dtype=torch.float64)', () => torch.asarray(x(), { dtype: torch.float64 })],
  ['torch.asarray(X, requires_grad=True)', () => torch.asarray(x(), { requires_grad: true })],
  ['torch.asarray(X.requires_grad_() * 2)', () => torch.asarray(x().requires_grad_().mul(2))],
  [
    'torch.asarray(X.requires_grad_() * 2, requires_grad=False)',
    () => torch.asarray(x().requires_grad_().mul(2), { requires_grad: false }),
  ],
  [
    'torch.frombuffer(np.arange(4, dtype=np.float32), dtype=torch.float32, offset=4, count=2)',
    () => torch.frombuffer(new Float32Array([0, 1, 2, 3]), { dtype: torch.float32, offset: 4, count: 2 }),
  ],
  [
    'torch.frombuffer(np.arange(2, dtype=np.int64), dtype=torch.int32)',
    () => torch.frombuffer(new BigInt64Array([0n, 1n]), { dtype: torch.int32 }),
  ],
];

const expected = python<string[]>('printing.py', [
  cases.map(([text]) => text.replaceAll('X', 'torch.arange(6.).view(2, 3)')),
]);

describe('equals Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect(String(ours())).toBe(expected[i]);
    });
  });
});

describe('memory', () => {
  it('is shared by asarray unless a copy is asked for', () => {
    const data = x();
    torch.asarray(data).fill_(1);
    expect(data.sum().item()).toBe(6);
    torch.asarray(data, { copy: true }).fill_(2);
    expect(data.sum().item()).toBe(6);
  });

  it('is shared by frombuffer', () => {
    const bytes = new ArrayBuffer(8);
    torch.frombuffer(bytes, { dtype: torch.int32 }).fill_(5);
    expect([...new Int32Array(bytes)]).toEqual([5, 5]);
  });
});

describe('wrong use is an Error', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'apply_ without a function',
      () => x().apply_(3 as unknown as () => number),
      /apply_\(\): argument 'callable' must be a function, not int/,
    ],
    [
      'apply_ where there is a gradient',
      () =>
        x()
          .requires_grad_()
          .apply_(() => 1),
      /Can't call apply_\(\) on Variable that requires grad/,
    ],
    [
      'apply_ on another device',
      () =>
        x()
          .to('meta')
          .apply_(() => 1),
      /only implemented on CPU/,
    ],
    ['map_ with what does not fit', () => x().map_(torch.ones(4), (a) => a), /expand/],
    ['asarray without a copy of a list', () => torch.asarray([1], { copy: false }), /can't alias arbitrary sequence/],
    [
      'asarray without a copy in another dtype',
      () => torch.asarray(x(), { copy: false, dtype: torch.int32 }),
      /can't alias a tensor of torch.float32/,
    ],
    ['frombuffer of nothing', () => torch.frombuffer(new ArrayBuffer(0), { dtype: torch.uint8 }), /must not be 0/],
    [
      'frombuffer of a part of an element',
      () => torch.frombuffer(new ArrayBuffer(7), { dtype: torch.int32 }),
      /multiple of element size \(4\)/,
    ],
    [
      'frombuffer of more than there is',
      () => torch.frombuffer(new ArrayBuffer(8), { dtype: torch.int32, count: 3 }),
      /must not be greater than actual buffer length/,
    ],
    [
      'frombuffer from past the end',
      () => torch.frombuffer(new ArrayBuffer(8), { dtype: torch.int32, offset: 8 }),
      /offset \(8 bytes\)/,
    ],
    [
      'frombuffer without a dtype',
      () => torch.frombuffer(new ArrayBuffer(8), {} as { dtype: torch.DType }),
      /missing 1 required keyword-only argument: 'dtype'/,
    ],
  ])('%s', (_title, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('functions whose names begin with an underscore', () => {
  it('are there at run time, with types in torch._VF', async () => {
    const functions = torch as unknown as Record<string, unknown>;
    const names = Object.keys(torch._VF);
    expect(names).toContain('_foreach_abs');
    for (const name of names) expect(functions[name]).toBe((torch._VF as Record<string, unknown>)[name]);
    const { _foreach_abs } = (await import('torch-node')) as unknown as {
      _foreach_abs: (tensors: torch.Tensor[]) => torch.Tensor[];
    };
    expect(String(_foreach_abs([torch.tensor([-1])])[0])).toBe('tensor([1])');
  });
});
