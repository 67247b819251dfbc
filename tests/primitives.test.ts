/** JavaScript's own operators on tensors: the number of one element, and an Error instead of NaN for several. */
import { spawnSync } from 'node:child_process';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { root } from './package_root.js';

const many = torch.arange(3);
const one = torch.tensor([[2.5]]);
// Operators on objects, which TypeScript refuses.
const operators: readonly (readonly [string, (a: unknown, b: unknown) => unknown])[] = [
  ['-a', (a) => -(a as number)],
  ['+a', (a) => +(a as number)],
  ['~a', (a) => ~(a as number)],
  ['a + b', (a, b) => (a as number) + (b as number)],
  ['a > b', (a, b) => (a as number) > (b as number)],
  ['a * b', (a, b) => (a as number) * (b as number)],
  ['Number(a)', (a) => Number(a)],
  // biome-ignore lint/suspicious/noDoubleEquals: what == does is tested
  ['a == 1', (a) => a == 1],
];

describe('operators of JavaScript', () => {
  it.each(operators)('%s of several elements throws and names what to use', (_text, apply) => {
    expect(() => apply(many, many)).toThrow(TypeError);
    expect(() => apply(many, many)).toThrow(
      /only one element tensors can be converted to Python scalars.*a\.neg\(\).*logical_not/,
    );
  });

  it('work on one element', () => {
    expect(operators.map(([, apply]) => apply(one, torch.tensor(1)))).toEqual([
      -2.5,
      2.5,
      ~2.5,
      3.5,
      true,
      2.5,
      2.5,
      false,
    ]);
    expect(Number(torch.tensor(true))).toBe(1);
    expect(() => Number(torch.tensor(new torch.Complex(1, 2)))).toThrow("can't convert complex to float");
  });

  it('refuse a mask that `~` was written for', () => {
    const mask = many.gt(1);
    expect(() => many.index(~(mask as unknown as number))).toThrow(TypeError);
  });

  it('put what is printed into texts', () => {
    expect(`${many as unknown as string}`).toBe('tensor([0, 1, 2])');
    expect(`${one as unknown as string}`).toBe('tensor([[2.5000]])');
    expect([String(torch.tensor(1)), [many].join()]).toEqual(['tensor(1)', 'tensor([0, 1, 2])']);
  });
});

describe('the warning about sparse invariants', () => {
  const warnings = (source: string): string => {
    const ran = spawnSync(process.execPath, ['-e', `const torch = require(${JSON.stringify(root)}); ${source}`], {
      encoding: 'utf8',
    });
    expect(ran.status).toBe(0);
    return ran.stderr;
  };
  const text = /UserWarning: Sparse invariant checks are implicitly disabled\./g;

  it('is given once where a sparse tensor is made', () => {
    expect(
      warnings('torch.sparse_coo_tensor([[0]], [1]); torch.sparse_coo_tensor([[0]], [1]);').match(text),
    ).toHaveLength(1);
    expect(warnings('torch.sparse_csr_tensor([0, 1], [0], [1]);').match(text)).toHaveLength(1);
  });

  it('is not given where the program has said, nor for conversions', () => {
    for (const source of [
      'torch.sparse_coo_tensor([[0]], [1], [1], { check_invariants: false })',
      'torch.ones(2, 2).to_sparse()',
      'torch.sparse.check_sparse_tensor_invariants.disable(); torch.sparse_coo_tensor([[0]], [1])',
      'torch.sparse.check_sparse_tensor_invariants(true, () => torch.sparse_coo_tensor([[0]], [1]))',
    ])
      expect(warnings(source)).not.toMatch(text);
  });
});
