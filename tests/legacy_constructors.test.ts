/** The legacy constructors, as Python's: sizes or data, with and without `new`; handles of the addon are rejected. */
import * as torch from 'torch-node';
import { describe, expect, expectTypeOf, it } from 'vitest';

import { python } from './reference.js';

type Outcome = string | { error: string };

// `!` leaves only the shape and dtype to compare: the tensor is not initialized.
const cases: [python: string, ours: () => unknown][] = [
  ['torch.Tensor()', () => new torch.Tensor()],
  ['torch.Tensor(3, 4)!', () => new torch.Tensor(3, 4)],
  ['torch.Tensor([1, 2])', () => new torch.Tensor([1, 2])],
  [
    'torch.Tensor([[1, 2], [3, 4]])',
    () =>
      torch.Tensor([
        [1, 2],
        [3, 4],
      ]),
  ],
  ['torch.Tensor(torch.Size([2, 3]))!', () => new torch.Tensor(torch.ones(2, 3).shape)],
  ['torch.Tensor(torch.ones(2))', () => new torch.Tensor(torch.ones(2))],
  ['torch.Tensor(torch.ones(2, dtype=torch.int64))', () => new torch.Tensor(torch.ones([2], { dtype: torch.int64 }))],
  ['torch.Tensor(2, device="cpu")!', () => new torch.Tensor(2, { device: 'cpu' })],
  ['torch.Tensor(2, device="meta")', () => new torch.Tensor(2, { device: 'meta' })],
  ['torch.Tensor(-1)', () => new torch.Tensor(-1)],
  ['torch.Tensor([True, 2])', () => new torch.Tensor([true, 2])],
  ['torch.Tensor(range(3))', () => new torch.Tensor(torch.range(3))],
  ['torch.Tensor(data=[1])', () => new torch.Tensor({ data: [1] } as object)],
  ['torch.Tensor(size=(2,))!', () => new torch.Tensor({ size: [2] } as object)],
  ['torch.Tensor([])', () => new torch.Tensor([])],
  ['torch.Tensor(torch.ones(3).untyped_storage())', () => new torch.Tensor(torch.ones(3).untyped_storage())],
  ['torch.Tensor(5.5)', () => new torch.Tensor(5.5)],
  ['torch.Tensor("a")', () => new torch.Tensor('a' as unknown as number)],
  ['torch.Tensor(None)', () => new torch.Tensor(null as unknown as number)],
  ['torch.Tensor(2, 3.5)', () => new torch.Tensor(2, 3.5)],
  ['torch.FloatTensor([1, 2])', () => torch.FloatTensor([1, 2])],
  ['torch.FloatTensor(2, 3)!', () => new torch.FloatTensor(2, 3)],
  ['torch.LongTensor([1.7])', () => new torch.LongTensor([1.7])],
  ['torch.LongTensor(2, 3)!', () => torch.LongTensor(2, 3)],
  ['torch.LongTensor([2**63])', () => torch.LongTensor([2n ** 63n])],
  ['torch.ByteTensor([300])', () => torch.ByteTensor([300])],
  ['torch.BoolTensor([0, 2])', () => torch.BoolTensor([0, 2])],
  ['torch.HalfTensor([70000])', () => torch.HalfTensor([70000])],
  ['torch.BFloat16Tensor([1])', () => torch.BFloat16Tensor([1])],
  ['torch.ShortTensor([nan])', () => torch.ShortTensor([NaN])],
  ['torch.DoubleTensor()', () => torch.DoubleTensor()],
  ['torch.IntTensor(4)!', () => torch.IntTensor(4)],
  ['torch.CharTensor([[1], [2]])', () => torch.CharTensor([[1], [2]])],
  ['torch.FloatTensor(1.5)', () => torch.FloatTensor(1.5)],
  ['torch.FloatTensor(2, device="meta")', () => torch.FloatTensor(2, { device: 'meta' })],
];

describe('legacy constructors', () => {
  const theirs = python<Outcome[]>('number_limits.py', [cases.map(([expression]) => expression.replace(/!$/, ''))]);

  it.each(cases.map(([expression, ours], i) => ({ expression, ours, i })))('$expression', ({ expression, ours, i }) => {
    let mine: Outcome;
    try {
      mine = String(ours());
    } catch (error) {
      mine = { error: (error as Error).message.split('\n')[0]!.replace(/^\w+\(\): /, '') };
    }
    const wanted = typeof theirs[i] === 'string' ? theirs[i] : { error: theirs[i]!.error.replace(/^new\(\): /, '') };
    if (!expression.endsWith('!')) {
      expect(mine).toEqual(wanted);
      return;
    }
    const shape = python<string[]>('number_limits.py', [
      [expression.replace(/!$/, '.shape'), expression.replace(/!$/, '.dtype')],
    ]);
    const made = ours() as torch.Tensor;
    expect([String(made.shape), String(made.dtype)]).toEqual(shape.map((text) => text.replace(/^'|'$/g, '')));
  });

  it('share the memory of a tensor', () => {
    const x = torch.ones(2);
    new torch.Tensor(x).fill_(7);
    expect(x.tolist()).toEqual([7, 7]);
  });

  it('take no handle: a number is a size', () => {
    const others = Array.from({ length: 100 }, () => torch.ones(3));
    for (let i = 0; i < 20; i++) new torch.Tensor(i).fill_(7);
    expect(others.every((x) => x.eq(1).all().item())).toBe(true);
    const kind = torch.ones(1).constructor as typeof torch.Tensor;
    expect(kind).toBe(torch.Tensor);
    expect([...new kind(0).shape]).toEqual([0]);
  });

  it('refuse unknown names and a second value', () => {
    expect(() => new torch.Tensor({ zzz: 1 } as object)).toThrow(
      new TypeError("Tensor() got an unexpected keyword argument 'zzz'"),
    );
    expect(() => torch.FloatTensor([1], { data: [1] } as object)).toThrow(
      "FloatTensor() got multiple values for argument 'data'",
    );
  });

  it('can be derived from', () => {
    class Marked extends torch.Tensor {
      mark = 1;
      twice(): torch.Tensor {
        return this.mul(2);
      }
    }
    const x = new Marked([1, 2]);
    expect(x).toBeInstanceOf(Marked);
    expect(x).toBeInstanceOf(torch.Tensor);
    expect([x.mark, x.twice().tolist()]).toEqual([1, [2, 4]]);
  });

  it('are classes that tensors are instances of', () => {
    const x = torch.ones(2);
    expect([x instanceof torch.Tensor, x instanceof torch.FloatTensor, x.long() instanceof torch.FloatTensor]).toEqual([
      true,
      true,
      false,
    ]);
    expect(x.type(torch.LongTensor).dtype).toBe(torch.int64);
    expect(String(torch.FloatTensor)).toBe('torch.FloatTensor');
    expectTypeOf(new torch.Tensor(2)).toEqualTypeOf<torch.Tensor>();
  });
});
