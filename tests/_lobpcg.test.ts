/** torch.lobpcg from the same start as Python's. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { hex_of, python } from './reference.js';

interface Result {
  E: unknown;
  X: unknown;
  hex: string;
  steps: number[][];
}

const theirs = python<{
  results: Record<string, Result>;
  gradients: Record<string, number[][]>;
  errors: Record<string, string>;
}>('lobpcg.py');

const { float32, float64 } = torch;
const count = (...sizes: number[]): number => sizes.reduce((product, size) => product * size, 1);

function matrix(m: number, dtype = float64, batch: number[] = []): Tensor {
  const a = torch
    .arange(count(m, m, ...batch), { dtype: float64 })
    .cos()
    .reshape([...batch, m, m]);
  const identity = torch.eye(m, { dtype: float64 }).mul(2 * m);
  return a
    .add(a.mT)
    .div(2)
    .add(identity)
    .add(torch.diag(torch.arange(m, { dtype: float64 })))
    .to(dtype);
}

const start = (m: number, n: number, dtype = float64, batch: number[] = []): Tensor =>
  torch
    .arange(count(m, n, ...batch), { dtype: float64 })
    .pow(2)
    .sin()
    .reshape([...batch, m, n])
    .to(dtype);

const b = (): Tensor =>
  start(12, 12)
    .add(start(12, 12).mT)
    .div(2)
    .add(torch.eye(12, { dtype: float64 }).mul(24));
const cases: Record<string, () => [Tensor, torch.LobpcgOptions]> = {
  ortho: () => [matrix(12), { X: start(12, 3) }],
  smallest: () => [matrix(12), { X: start(12, 2), largest: false }],
  fewer: () => [matrix(12), { k: 2, X: start(12, 4) }],
  float32: () => [matrix(10, float32), { X: start(10, 2, float32) }],
  general: () => [matrix(12), { B: b(), X: start(12, 2) }],
  preconditioned: () => [matrix(12), { X: start(12, 2), iK: torch.linalg.inv(matrix(12)), largest: false }],
  basic: () => [matrix(12), { X: start(12, 2), method: 'basic', niter: 20, tol: 1e-6 }],
  'basic general': () => [matrix(12), { B: b(), X: start(12, 2), method: 'basic', niter: 4 }],
  sparse: () => [matrix(12).to_sparse(), { X: start(12, 2) }],
  batch: () => [matrix(9, float64, [2]), { X: start(9, 2, float64, [2]) }],
  dropping: () => [matrix(12), { X: start(12, 3), ortho_bparams: { ortho_use_drop: true } }],
  tight: () => [
    matrix(12),
    { X: start(12, 2), tol: 1e-10, ortho_iparams: { ortho_i_max: 2 }, ortho_fparams: { ortho_tol: 1e-9 } },
  ],
  limited: () => [matrix(12), { X: start(12, 2), niter: 3 }],
};

const hexes = (...tensors: Tensor[]): string =>
  tensors.map((tensor) => hex_of(tensor.contiguous().numpy().data as ArrayBufferView)).join('');

describe('lobpcg', () => {
  it.each(Object.keys(cases))('gives the bits of Python, in as many steps: %s', (name) => {
    const [A, options] = cases[name]!();
    const steps: number[][] = [];
    const tracker = (worker: torch.LOBPCG): void => {
      steps.push(['istep', 'converged_count', 'converged_end'].map((key) => worker.ivars[key]!));
    };
    const [E, X] = torch.lobpcg(A, { ...options, tracker });
    expect(steps).toEqual(theirs.results[name]!.steps);
    expect([E.tolist(), X.tolist()]).toEqual([theirs.results[name]!.E, theirs.results[name]!.X]);
    expect(hexes(E, X)).toBe(theirs.results[name]!.hex);
  });

  it('finds eigenvalues from a random start', () => {
    const A = matrix(30);
    const [E, X] = torch.lobpcg(A, 3);
    const all = torch.linalg.eigvalsh(A).flip([0]).narrow(0, 0, 3);
    expect(torch.allclose(E, all, { rtol: 1e-6 })).toBe(true);
    expect(torch.allclose(A.matmul(X), X.mul(E), { atol: 1e-4 })).toBe(true);
  });

  it('stops when the tracker says so, and shows its state', () => {
    let calls = 0;
    torch.lobpcg(matrix(12), {
      X: start(12, 2),
      tol: 1e-14,
      tracker: (worker) => {
        calls++;
        expect([worker.E.shape[0], worker.R.size(1), worker.S.size(1), worker.tvars['rerr']?.numel()]).toEqual([
          2, 2, 6, 2,
        ]);
        worker.bvars['force_stop'] = calls === 2;
      },
    });
    expect(calls).toBe(2);
  });

  it("has Python's gradients", () => {
    const gradient = (m: number, n: number, options: torch.LobpcgOptions = {}): Tensor => {
      const A = matrix(m).requires_grad_();
      const [E, X] = torch.lobpcg(A, { X: start(m, n), tol: 1e-12, ...options });
      E.sum()
        .add(
          X.pow(2)
            .mul(torch.arange(m, { dtype: float64 }).unsqueeze(-1))
            .sum(),
        )
        .backward();
      return A.grad!;
    };
    for (const [name, found] of [
      ['largest', gradient(12, 2)],
      ['smallest', gradient(12, 3, { largest: false })],
      ['one', gradient(9, 1)],
    ] as const) {
      const expected = torch.tensor(theirs.gradients[name]!, { dtype: float64 });
      expect(torch.allclose(found, expected, { rtol: 1e-6, atol: 1e-8 })).toBe(true);
    }
  });

  it.each<[string, () => unknown]>([
    ['small', () => torch.lobpcg(matrix(5), 2)],
    ['square', () => torch.lobpcg(torch.ones(3, 4), 1)],
    ['shapes', () => torch.lobpcg(matrix(9), { B: matrix(8), k: 1 })],
    [
      'sparse',
      () =>
        torch
          .lobpcg(matrix(9).to_sparse().requires_grad_(), { X: start(9, 1) })[0]
          .sum()
          .backward(),
    ],
    [
      'general',
      () =>
        torch
          .lobpcg(matrix(9).requires_grad_(), { B: matrix(9), X: start(9, 1) })[0]
          .sum()
          .backward(),
    ],
  ])('refuses with the words of Python: %s', (name, call) => {
    expect(call).toThrow(theirs.errors[name]);
  });

  it('takes arguments by position and by name, and no others', () => {
    const any = torch.lobpcg as (...args: unknown[]) => [Tensor, Tensor];
    const E = theirs.results['ortho']!.E;
    expect(any(matrix(12), null, null, start(12, 3))[0].tolist()).toEqual(E);
    expect(any({ A: matrix(12), X: start(12, 3) })[0].tolist()).toEqual(E);
    expect(
      any(matrix(12), 3, null, start(12, 3), null, null, null, null, true, 'ortho', null, null, null, null)[0].tolist(),
    ).toEqual(E);
    expect(() => any(matrix(12), { zzz: 1 })).toThrow("lobpcg() got an unexpected keyword argument 'zzz'");
    expect(() => any(matrix(12), 1.5)).toThrow(/lobpcg\(\): argument 'k' must be int, not float/);
    expect(() => any(matrix(12), { method: 'other' })).toThrow(
      /argument 'method' must be 'basic' or 'ortho', not 'other'/,
    );
  });
});
