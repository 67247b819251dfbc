/** Numbers that a dtype or an argument cannot hold throw Python's errors. */
import * as torch from 'torch-node';
import { beforeAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

type Outcome = string | { error: string };

const of = (dtype: torch.DType): { dtype: torch.DType } => ({ dtype });
const zeros = (dtype: torch.DType): torch.Tensor => torch.zeros(2, { dtype });

// What Python evaluates, and the same here.
const cases: [python: string, ours: () => torch.Tensor][] = [
  ['torch.tensor([300], dtype=torch.uint8)', () => torch.tensor([300], of(torch.uint8))],
  ['torch.tensor([-1], dtype=torch.uint8)', () => torch.tensor([-1], of(torch.uint8))],
  ['torch.tensor([-256], dtype=torch.uint8)', () => torch.tensor([-256], of(torch.uint8))],
  ['torch.tensor([-255], dtype=torch.uint8)', () => torch.tensor([-255], of(torch.uint8))],
  ['torch.tensor([-0.5], dtype=torch.uint8)', () => torch.tensor([-0.5], of(torch.uint8))],
  ['torch.tensor([255.5], dtype=torch.uint8)', () => torch.tensor([255.5], of(torch.uint8))],
  ['torch.tensor([1.7], dtype=torch.uint8)', () => torch.tensor([1.7], of(torch.uint8))],
  ['torch.tensor([-200], dtype=torch.int8)', () => torch.tensor([-200], of(torch.int8))],
  ['torch.tensor([70000], dtype=torch.int16)', () => torch.tensor([70000], of(torch.int16))],
  ['torch.tensor([2**40], dtype=torch.int32)', () => torch.tensor([2 ** 40], of(torch.int32))],
  ['torch.tensor([2**100], dtype=torch.int32)', () => torch.tensor([2n ** 100n], of(torch.int32))],
  ['torch.tensor([-70000], dtype=torch.uint16)', () => torch.tensor([-70000], of(torch.uint16))],
  ['torch.tensor([-1], dtype=torch.uint16)', () => torch.tensor([-1], of(torch.uint16))],
  ['torch.tensor([2**32], dtype=torch.uint32)', () => torch.tensor([2 ** 32], of(torch.uint32))],
  ['torch.tensor([nan], dtype=torch.int64)', () => torch.tensor([NaN], of(torch.int64))],
  ['torch.tensor([inf], dtype=torch.int64)', () => torch.tensor([Infinity], of(torch.int64))],
  ['torch.tensor([1.7, True], dtype=torch.int64)', () => torch.tensor([1.7, true], of(torch.int64))],
  ['torch.tensor([1e300], dtype=torch.int64)', () => torch.tensor([1e300], of(torch.int64))],
  ['torch.tensor([2**63], dtype=torch.int64)', () => torch.tensor([2n ** 63n], of(torch.int64))],
  ['torch.tensor([-2**63])', () => torch.tensor([-(2n ** 63n)])],
  ['torch.tensor([2**63 - 1])', () => torch.tensor([2n ** 63n - 1n])],
  ['torch.tensor([2**100])', () => torch.tensor([2n ** 100n])],
  ['torch.tensor([True, 2**70])', () => torch.tensor([true, 2n ** 70n])],
  ['torch.tensor([1.5, 2**63])', () => torch.tensor([1.5, 2n ** 63n])],
  ['torch.tensor([2**100], dtype=torch.float64)', () => torch.tensor([2n ** 100n], of(torch.float64))],
  ['torch.tensor([2**100], dtype=torch.complex64)', () => torch.tensor([2n ** 100n], of(torch.complex64))],
  ['torch.tensor([10**400], dtype=torch.float64)', () => torch.tensor([10n ** 400n], of(torch.float64))],
  ['torch.tensor([10**400], dtype=torch.complex64)', () => torch.tensor([10n ** 400n], of(torch.complex64))],
  ['torch.tensor([10**400, nan, 0.], dtype=torch.bool)', () => torch.tensor([10n ** 400n, NaN, 0], of(torch.bool))],
  ['torch.tensor([70000], dtype=torch.float16)', () => torch.tensor([70000], of(torch.float16))],
  ['torch.tensor([2**63], dtype=torch.uint64)', () => torch.tensor([2n ** 63n], of(torch.uint64))],
  ['torch.tensor([2**64], dtype=torch.uint64)', () => torch.tensor([2n ** 64n], of(torch.uint64))],
  ['torch.tensor([-1], dtype=torch.uint64)', () => torch.tensor([-1], of(torch.uint64))],
  ['torch.tensor([1.5], dtype=torch.uint64)', () => torch.tensor([1.5], of(torch.uint64))],
  ['torch.tensor([1+2j], dtype=torch.float32)', () => torch.tensor([new torch.Complex(1, 2)], of(torch.float32))],
  ['torch.tensor([1+2j], dtype=torch.int8)', () => torch.tensor([new torch.Complex(1, 2)], of(torch.int8))],
  ['torch.as_tensor([300], dtype=torch.uint8)', () => torch.as_tensor([300], of(torch.uint8))],
  ['torch.zeros(2, dtype=torch.uint8).new_tensor([300])', () => zeros(torch.uint8).new_tensor([300])],
  ['torch.full((2,), 300, dtype=torch.uint8)', () => torch.full([2], 300, of(torch.uint8))],
  ['torch.full((2,), nan, dtype=torch.int64)', () => torch.full([2], NaN, of(torch.int64))],
  ['torch.full((2,), -1, dtype=torch.uint8)', () => torch.full([2], -1, of(torch.uint8))],
  ['torch.full((2,), 2**63, dtype=torch.uint64)', () => torch.full([2], 2n ** 63n, of(torch.uint64))],
  ['torch.full((2,), 2**100)', () => torch.full([2], 2n ** 100n)],
  ['torch.zeros(2, dtype=torch.uint8).fill_(300)', () => zeros(torch.uint8).fill_(300)],
  ['torch.zeros(2, dtype=torch.int64).fill_(nan)', () => zeros(torch.int64).fill_(NaN)],
  ['torch.zeros(2, dtype=torch.int64).fill_(2**63)', () => zeros(torch.int64).fill_(2n ** 63n)],
  ['torch.zeros(2) + 2**100', () => zeros(torch.float32).add(2n ** 100n)],
  ['torch.zeros(2, dtype=torch.int64) + 2**63', () => zeros(torch.int64).add(2n ** 63n)],
  ['torch.zeros(2, dtype=torch.int64).eq(2**70)', () => zeros(torch.int64).eq(2n ** 70n)],
  ['torch.zeros(2).clamp(max=2**70)', () => zeros(torch.float32).clamp({ max: 2n ** 70n })],
  ['torch.arange(2**63)', () => torch.arange(2n ** 63n)],
  ['torch.linspace(0, 2**70, 3)', () => torch.linspace(0, (2n ** 70n) as unknown as number, 3)],
  ['torch.ones(2).sum(2**70)', () => torch.ones(2).sum((2n ** 70n) as unknown as number)],
  [
    'torch.zeros(2, dtype=torch.uint8).masked_fill(torch.tensor([True, False]), 300)',
    () => zeros(torch.uint8).masked_fill(torch.tensor([true, false]), 300),
  ],
  [
    'torch.zeros(2, dtype=torch.uint8).index_fill(0, torch.tensor([0]), 300)',
    () => zeros(torch.uint8).index_fill(0, torch.tensor([0]), 300),
  ],
];

let theirs: Outcome[];
beforeAll(() => {
  theirs = python<Outcome[]>('number_limits.py', [cases.map(([expression]) => expression)]);
});

/** What a call gives; of an error its text without the function's name, which Python leaves out. */
function outcome(run: () => torch.Tensor): Outcome {
  try {
    return String(run());
  } catch (error) {
    const { message } = error as Error;
    expect(message).toMatch(/^\w+\(\): /);
    return { error: message.split('\n')[0]!.replace(/^\w+\(\): /, '') };
  }
}

describe('numbers', () => {
  it.each(cases.map(([expression, ours], i) => ({ expression, ours, i })))('$expression', ({ ours, i }) => {
    expect(outcome(ours)).toEqual(theirs[i]);
  });

  it('refuses in assignments what the elements cannot hold', () => {
    expect(() => zeros(torch.uint8).index_put_([0], 300)).toThrow(
      'index_put_(): value cannot be converted to type uint8 without overflow',
    );
    expect(() => zeros(torch.int64).index_put_([0], NaN)).toThrow(
      'index_put_(): value cannot be converted to type int64 without overflow',
    );
  });

  it('takes seeds of 64 bits, and no larger ones', () => {
    expect(torch.manual_seed(2n ** 64n - 1n).initial_seed()).toBe(2n ** 64n - 1n);
    expect(() => torch.manual_seed(2n ** 64n)).toThrow('Overflow when unpacking long long');
  });
});
