/** `Tensor.set_` with tensors and storages, beside Python's. */
import torch, { type Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from './reference.js';

type Outcome = string | { error: string };

const of = (dtype: torch.DType): Tensor => torch.zeros(2, { dtype });
const six = (): Tensor => torch.ones(6);

const cases: [python: string, ours: () => Tensor][] = [
  ['torch.zeros(2).set_()', () => torch.zeros(2).set_()],
  ['torch.zeros(2).set_(torch.ones(3))', () => torch.zeros(2).set_(torch.ones(3))],
  ['torch.zeros(2).set_(torch.ones(3).long())', () => torch.zeros(2).set_(torch.ones(3).long())],
  [
    'torch.zeros(2, dtype=torch.int8).set_(torch.ones(3, dtype=torch.bool))',
    () => of(torch.int8).set_(torch.ones(3).bool()),
  ],
  ['torch.zeros(2).half().set_(torch.ones(2).bfloat16())', () => of(torch.float16).set_(torch.ones(2).bfloat16())],
  [
    'torch.zeros(2).int().set_(torch.ones(2, dtype=torch.complex128))',
    () => of(torch.int32).set_(torch.ones(2).cdouble()),
  ],
  ['torch.zeros(2).set_(torch.ones(6), 1, [2, 2], [2, 1])', () => torch.zeros(2).set_(six(), 1, [2, 2], [2, 1])],
  [
    'torch.zeros(2).set_(source=torch.ones(6), storage_offset=1, size=[2, 2])',
    () => torch.zeros(2).set_({ source: six(), storage_offset: 1, size: [2, 2] }),
  ],
  ['torch.zeros(2).set_(torch.ones(6).untyped_storage())', () => torch.zeros(2).set_(six().untyped_storage())],
  ['torch.zeros(2).long().set_(torch.ones(6).untyped_storage())', () => of(torch.int64).set_(six().untyped_storage())],
  [
    'torch.zeros(2).set_(torch.ones(6).untyped_storage(), 2, [2], [1])',
    () => torch.zeros(2).set_(six().untyped_storage(), 2, [2], [1]),
  ],
  ['torch.zeros(2).set_(torch.ones(6).storage())', () => torch.zeros(2).set_(six().storage())],
];

describe('set_', () => {
  const theirs = python<Outcome[]>('number_limits.py', [cases.map(([expression]) => expression)]);

  it.each(cases.map(([expression, ours], i) => ({ expression, ours, i })))('$expression', ({ ours, i }) => {
    let mine: Outcome;
    try {
      mine = String(ours());
    } catch (error) {
      mine = { error: (error as Error).message };
    }
    expect(mine).toEqual(theirs[i]);
  });

  it('shares the memory', () => {
    const [x, y] = [torch.zeros(2), six()];
    x.set_(y.untyped_storage());
    x.fill_(7);
    expect(y.tolist()).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('refuses other kinds, and sizes that are missing', () => {
    const set = (...args: unknown[]): unknown =>
      (torch.zeros(2).set_ as (...given: unknown[]) => unknown).apply(torch.zeros(2), args);
    expect(() => set(3)).toThrow(
      new TypeError("set_(): argument 'source' must be Tensor or UntypedStorage or TypedStorage, not int"),
    );
    expect(() => set(six(), 1)).toThrow(TypeError);
  });
});
