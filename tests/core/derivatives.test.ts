/** torch.autograd.functional against Python, and the checks of gradients. */
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { functional, gradcheck, gradgradcheck, GradcheckError } = torch.autograd;
const { jacobian, hessian, vjp, jvp, vhp, hvp } = functional;
const double = { dtype: torch.float64 };
const x = torch.arange(1, 4, double).div(4);
const y = torch.arange(4, 7, double).div(4);
const m = torch.arange(6, double).view(2, 3).div(6);
const ones = torch.ones(3, double);

function lists(value: unknown): unknown {
  return value instanceof Tensor ? value.tolist() : (value as unknown[]).map(lists);
}

function error(make: () => unknown): string {
  try {
    make();
  } catch (problem) {
    return (problem as Error).message;
  }
  return '';
}

const product = (a: Tensor, b: Tensor): Tensor => a.mul(b).add(a.sum());
const cubes = (a: Tensor): Tensor => a.pow(3).sum();
const mixed = (a: Tensor, b: Tensor): Tensor => a.mul(b).exp().sum();

const cases: [python: string, ours: () => unknown][] = [
  ['jacobian(lambda a: a.exp(), x)', () => lists(jacobian((a) => a.exp(), x))],
  ['jacobian(lambda a: a.t() @ a, m)', () => lists(jacobian((a) => a.t().matmul(a), m))],
  ['jacobian(lambda a: a.sum(), x)', () => lists(jacobian((a) => a.sum(), x))],
  ['jacobian(lambda a, b: a * b + a.sum(), (x, y))', () => lists(jacobian(product, [x, y]))],
  ['jacobian(lambda a, b: (a * b, a.sum()), (x, y))', () => lists(jacobian((a: Tensor, b: Tensor) => [a.mul(b), a.sum()], [x, y]))],
  ['jacobian(lambda a: torch.ones(2, dtype=torch.float64), x)', () => lists(jacobian(() => torch.ones(2, double), x))],
  ['hessian(lambda a: a.pow(3).sum(), x)', () => lists(hessian(cubes, x))],
  ['hessian(lambda a, b: (a * b).exp().sum(), (x, y))', () => lists(hessian(mixed, [x, y]))],
  ['vjp(lambda a: a.pow(2), x, x)', () => lists(vjp((a) => a.pow(2), x, x))],
  ['vjp(lambda a, b: a * b + a.sum(), (x, y), x)', () => lists(vjp(product, [x, y], x))],
  ['vjp(lambda a: a.sum(), x)', () => lists(vjp((a) => a.sum(), x))],
  ['jvp(lambda a: a.pow(2), x, y)', () => lists(jvp((a) => a.pow(2), x, y))],
  ['jvp(lambda a, b: a * b + a.sum(), (x, y), (y, x))', () => lists(jvp(product, [x, y], [y, x]))],
  ['vhp(lambda a: a.pow(3).sum(), x, y)', () => lists(vhp(cubes, x, y))],
  ['hvp(lambda a: a.pow(3).sum(), x, y)', () => lists(hvp(cubes, x, y))],
  ['hvp(lambda a, b: (a * b).exp().sum(), (x, y), (y, x))', () => lists(hvp(mixed, [x, y], [y, x]))],
  ['error(lambda: vjp(lambda a: a * 2, x, torch.ones(2, dtype=torch.float64)))',
    () => error(() => vjp((a) => a.mul(2), x, torch.ones(2, double)))],
  ['error(lambda: hessian(lambda a: a * 2, x))', () => error(() => hessian((a) => a.mul(2), x))],
];

const expected = python<unknown[]>('derivatives.py', [cases.map(([text]) => text)]);

describe('autograd.functional equals Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => { expect(ours()).toEqual(expected[i]); });
  });

  it('lets results be differentiated with create_graph, and complains in strict mode', () => {
    const w = x.clone().requires_grad_();
    jacobian((a) => a.pow(2), w, { create_graph: true }).sum().backward();
    expect(w.grad?.tolist()).toEqual([2, 2, 2]);
    expect(jacobian((a) => a.pow(2), w).requires_grad).toBe(false);
    expect(() => jacobian(() => ones.mul(2), x, { strict: true })).toThrow(/independent of input 0/);
    expect(() => jacobian((a) => a, 3 as unknown as Tensor)).toThrow(/inputs given to jacobian must be either a Tensor/);
  });
});

describe('gradcheck', () => {
  const leaf = (...shape: number[]): Tensor => torch.rand(shape, double).requires_grad_();

  it('accepts right gradients, of real and of complex functions', () => {
    expect(gradcheck((a, b) => a.mm(b).tanh(), [leaf(2, 3), leaf(3, 2)])).toBe(true);
    expect(gradcheck((a) => [a.exp(), a.sum()], leaf(3))).toBe(true);
    const z = torch.rand(3, { dtype: torch.complex128 }).requires_grad_();
    expect(gradcheck((a) => a.mul(a).exp(), z)).toBe(true);
    expect(gradgradcheck((a, b) => a.mm(b).tanh(), [leaf(2, 3), leaf(3, 2)])).toBe(true);
    expect(gradgradcheck((a) => a.mul(a).exp(), z)).toBe(true);
  });

  it('finds wrong ones', () => {
    class Wrong extends torch.autograd.Function {
      static forward(_ctx: torch.autograd.FunctionCtx, a: Tensor): Tensor {
        return a.mul(2);
      }

      static backward(_ctx: torch.autograd.FunctionCtx, gradient: Tensor): Tensor {
        return gradient.mul(3);
      }
    }
    expect(() => gradcheck((a) => Wrong.apply(a), leaf(2))).toThrow(GradcheckError);
    expect(() => gradcheck((a) => Wrong.apply(a), leaf(2))).toThrow(/Jacobian mismatch for output 0 with respect to input 0/);
    expect(gradcheck((a) => Wrong.apply(a), leaf(2), { raise_exception: false })).toBe(false);
  });

  it('needs an input that requires a gradient', () => {
    expect(() => gradcheck((a) => a, torch.ones(2, double))).toThrow(/at least one input tensor to require gradient/);
  });
});
