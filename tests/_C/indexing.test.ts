/** Subscripts compared with what Python's brackets give. */
import * as torch from 'torch-node';
import type { Subscript } from 'torch-node';
import { describe, expect, it } from 'vitest';
import { python } from '../reference.js';

const make = (): torch.Tensor => torch.arange(60, { dtype: torch.float32 }).view(3, 4, 5);
const mask = (): torch.Tensor => make().gt(30);

/** Subscripts here and the same in Python. */
const cases: [python: string, subscripts: () => Subscript[]][] = [
  ['0', () => [0]],
  ['-1', () => [-1]],
  ['1, 2', () => [1, 2]],
  ['1, -1, 3', () => [1, -1, 3]],
  [':', () => [':']],
  ['1:', () => ['1:']],
  [':2', () => [':2']],
  ['::2', () => ['::2']],
  ['-2:', () => ['-2:']],
  [':, -1, :', () => [':', -1, ':']],
  [':, 1:3', () => [':', '1:3']],
  ['0:3:2, ::3', () => ['0:3:2', '::3']],
  ['..., 0', () => ['...', 0]],
  ['0, ...', () => [0, '...']],
  ['...', () => ['...']],
  ['None', () => [null]],
  [':, None, 0', () => [':', null, 0]],
  ['..., None', () => ['...', null]],
  ['True', () => [true]],
  ['False', () => [false]],
  ['[0, 2]', () => [[0, 2]]],
  [
    '[0, 2], [1, 3]',
    () => [
      [0, 2],
      [1, 3],
    ],
  ],
  [':, [0, 2]', () => [':', [0, 2]]],
  ['[True, False, True]', () => [[true, false, true]]],
  ['torch.tensor([2, 0])', () => [torch.tensor([2, 0])]],
  [
    '[[0, 2], [1, 3]]',
    () => [
      [
        [0, 2],
        [1, 3],
      ],
    ],
  ],
  ['[[2, 1]]', () => [[[2, 1]]]],
  ['[torch.tensor([0, 2]), torch.tensor([1, 3])]', () => [[torch.tensor([0, 2]), torch.tensor([1, 3])] as never]],
  ['[slice(1, 3), 0]', () => [['1:3', 0] as never]],
  ['[torch.tensor(1), torch.tensor(2)]', () => [[torch.tensor(1), torch.tensor(2)] as never]],
  [
    'torch.tensor([[2, 0], [1, 1]]), 1',
    () => [
      torch.tensor([
        [2, 0],
        [1, 1],
      ]),
      1,
    ],
  ],
  ['x > 30', () => [mask()]],
  [':, torch.tensor([0, 1]), torch.tensor([2, 3])', () => [':', torch.tensor([0, 1]), torch.tensor([2, 3])]],
  ['torch.tensor(1)', () => [torch.tensor(1)]],
  ['5:', () => ['5:']],
  ['2:1', () => ['2:1']],
  ['-100:100', () => ['-100:100']],
];

/** Subscripts and what is assigned, here and in Python. */
const assignments: [python: string, subscripts: () => Subscript[], value: () => torch.Tensor | number][] = [
  ['x[0] = 7', () => [0], () => 7],
  ['x[:, 1:3] = -1', () => [':', '1:3'], () => -1],
  ['x[..., 0] = torch.arange(4.)', () => ['...', 0], () => torch.arange(4, { dtype: torch.float32 })],
  ['x[x > 30] = 0', () => [mask()], () => 0],
  ['x[[0, 2]] = 1.5', () => [[0, 2]], () => 1.5],
  ['x[[0, 2], 1] = torch.ones(5)', () => [[0, 2], 1], () => torch.ones(5)],
  ['x[True] = 3', () => [true], () => 3],
  ['x[1, 1, 1] = 2', () => [1, 1, 1], () => 2],
];

/** Assignments that Python refuses, and those of wrong shapes that it takes since nothing is assigned. */
const refusals: [python: string, assign: (x: torch.Tensor) => torch.Tensor][] = [
  ['x[False] = torch.ones(7)', (x) => x.index_put_(false, torch.ones(7))],
  ['x[False, 0] = torch.ones(7)', (x) => x.index_put_([false, 0], torch.ones(7))],
  ['x[0, False] = torch.ones(7)', (x) => x.index_put_([0, false], torch.ones(7))],
  ['x[False, False] = torch.ones(7)', (x) => x.index_put_([false, false], torch.ones(7))],
  ['x[..., False] = torch.ones(7)', (x) => x.index_put_(['...', false], torch.ones(7))],
  ['x[torch.tensor(False)] = torch.ones(7)', (x) => x.index_put_(torch.tensor(false), torch.ones(7))],
  ['x[True] = torch.ones(7)', (x) => x.index_put_(true, torch.ones(7))],
  ['x[True] = torch.ones(2, 3, 4, 5)', (x) => x.index_put_(true, torch.ones(2, 3, 4, 5))],
  ['x[5] = 1', (x) => x.index_put_(5, 1)],
  ['x.to_sparse()[0] = 1', (x) => x.to_sparse().index_put_(0, 1)],
  ['x.long().to_sparse()[0, 0, 0] = 1', (x) => x.long().to_sparse().index_put_([0, 0, 0], 1)],
  ['x.to_sparse()[False] = 1', (x) => x.to_sparse().index_put_(false, 1)],
  ['x.to_sparse()[0] = torch.ones(4, 5)', (x) => x.to_sparse().index_put_(0, torch.ones(4, 5))],
  ['x[0].to_sparse_csr()[0] = 1', (x) => x.index(0).to_sparse_csr().index_put_(0, 1)],
  ['x[0].to_sparse_csc()[0] = 1', (x) => x.index(0).to_sparse_csc().index_put_(0, 1)],
];

const names: Readonly<Record<string, string>> = { Error: 'RuntimeError', RangeError: 'IndexError' };

const expected = python<{ reads: unknown[]; writes: unknown[]; refusals: unknown[] }>('indexing.py', [
  cases.map(([text]) => text),
  assignments.map(([text]) => text),
  refusals.map(([text]) => text),
]);

describe('index', () => {
  cases.forEach(([text, subscripts], i) => {
    it(`x[${text}]`, () => {
      const result = make().index(...subscripts());
      expect({ shape: [...result.shape], values: result.tolist() }).toEqual(expected.reads[i]);
    });
  });

  it('gives views for integers and slices', () => {
    const x = make();
    x.index(0, '1:').zero_();
    expect(x.index(0, 1).sum().item()).toBe(0);
  });

  it('reports what is out of range as a RangeError', () => {
    expect(() => make().index(3)).toThrow(RangeError);
    expect(() => make().index(0, 0, 0, 0)).toThrow(/too many indices/);
  });

  it('refuses steps that are not positive, as PyTorch does', () => {
    expect(() => make().index('::-1')).toThrow(/step must be greater than zero/);
  });

  it.each([['1.5:'], ['a:b'], [''], ['1:2:3:4']])('refuses the subscript %j', (text) => {
    expect(() => make().index(text)).toThrow(TypeError);
  });

  it('refuses other objects', () => {
    expect(() => make().index({} as unknown as Subscript)).toThrow(/not dict/);
    expect(() => make().index(1.5)).toThrow(/must be an integer, not 1.5/);
  });
});

describe('index_put_', () => {
  assignments.forEach(([text, subscripts, value], i) => {
    it(text, () => {
      expect(make().index_put_(subscripts(), value()).tolist()).toEqual(expected.writes[i]);
    });
  });

  it.each(refusals)('as Python: %s', (text, assign) => {
    const x = make();
    let found: unknown;
    try {
      assign(x);
      found = x.tolist();
    } catch (error) {
      const { name, message } = error as Error;
      found = [names[name] ?? name, message];
    }
    expect(found).toEqual(expected.refusals[refusals.findIndex(([python]) => python === text)]);
  });

  it('adds up with accumulate', () => {
    const x = torch.zeros(3);
    x.index_put_([[0, 0, 2]], torch.ones(3), { accumulate: true });
    expect(x.tolist()).toEqual([2, 0, 1]);
    expect(x.index_put_(':2', 1, { accumulate: true }).tolist()).toEqual([3, 1, 1]);
  });

  it('calls types in errors as Python does', () => {
    expect(() => torch.zeros(2).index_put_(0, torch.ones(2))).toThrow(
      /^expand\(torch\.FloatTensor\{\[2\]\}, size=\[\]\)/,
    );
  });

  it('is part of the graph', () => {
    const value = torch.tensor(2, { dtype: torch.float32, requires_grad: true });
    torch.zeros(3).index_put_(1, value).mul(5).sum().backward();
    expect(value.grad?.item()).toBe(5);
  });
});
