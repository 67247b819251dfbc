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
  [
    'jacobian(lambda a, b: (a * b, a.sum()), (x, y))',
    () => lists(jacobian((a: Tensor, b: Tensor) => [a.mul(b), a.sum()], [x, y])),
  ],
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
  [
    'jacobian(lambda a, b: (a * b, a.sum()), (x, y), vectorize=True)',
    () => lists(jacobian((a: Tensor, b: Tensor) => [a.mul(b), a.sum()], [x, y], { vectorize: true })),
  ],
  [
    'jacobian(lambda a: (a * 2, torch.ones(2, dtype=torch.float64)), x, False, False, True)',
    () => lists(jacobian((a: Tensor) => [a.mul(2), torch.ones(2, double)] as never, x, false, false, true)),
  ],
  [
    'jacobian(lambda a, b: (a @ b.t(), a.sum()), (m, m), vectorize=True, strategy="forward-mode")',
    () =>
      lists(
        jacobian((a: Tensor, b: Tensor) => [a.matmul(b.t()), a.sum()], [m, m], {
          vectorize: true,
          strategy: 'forward-mode',
        }),
      ),
  ],
  [
    'hessian(lambda a, b: (a * b).exp().sum(), (x, y), vectorize=True)',
    () => lists(hessian(mixed, [x, y], { vectorize: true })),
  ],
  [
    'hessian(lambda a, b: (a * b).exp().sum(), (x, y), vectorize=True, outer_jacobian_strategy="forward-mode")',
    () => lists(hessian(mixed, [x, y], { vectorize: true, outer_jacobian_strategy: 'forward-mode' })),
  ],
  [
    'error(lambda: jacobian(lambda a: a, x, strategy="sideways"))',
    () => error(() => jacobian((a) => a, x, { strategy: 'sideways' as never })),
  ],
  [
    'error(lambda: jacobian(lambda a: a, x, strategy="forward-mode"))',
    () => error(() => jacobian((a) => a, x, { strategy: 'forward-mode' })),
  ],
  [
    'error(lambda: jacobian(lambda a: a, x, create_graph=True, strategy="forward-mode"))',
    () => error(() => jacobian((a) => a, x, { create_graph: true, strategy: 'forward-mode' })),
  ],
  [
    'error(lambda: jacobian(lambda a: a, x, strict=True, vectorize=True))',
    () => error(() => jacobian((a) => a, x, { strict: true, vectorize: true })),
  ],
  [
    'error(lambda: hessian(lambda a: a.sum(), x, outer_jacobian_strategy="sideways"))',
    () => error(() => hessian((a) => a.sum(), x, { outer_jacobian_strategy: 'sideways' as never })),
  ],
  [
    'error(lambda: vjp(lambda a: a * 2, x, torch.ones(2, dtype=torch.float64)))',
    () => error(() => vjp((a) => a.mul(2), x, torch.ones(2, double))),
  ],
  ['error(lambda: hessian(lambda a: a * 2, x))', () => error(() => hessian((a) => a.mul(2), x))],
];

const expected = python<unknown[]>('derivatives.py', [cases.map(([text]) => text)]);

describe('autograd.functional equals Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect(ours()).toEqual(expected[i]);
    });
  });

  it('lets results be differentiated with create_graph, and complains in strict mode', () => {
    const w = x.clone().requires_grad_();
    jacobian((a) => a.pow(2), w, { create_graph: true })
      .sum()
      .backward();
    expect(w.grad?.tolist()).toEqual([2, 2, 2]);
    expect(jacobian((a) => a.pow(2), w).requires_grad).toBe(false);
    expect(() => jacobian(() => ones.mul(2), x, { strict: true })).toThrow(/independent of input 0/);
    expect(() => jacobian((a) => a, 3 as unknown as Tensor)).toThrow(
      /inputs given to jacobian must be either a Tensor/,
    );
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
    expect(() => gradcheck((a) => Wrong.apply(a), leaf(2))).toThrow(
      /Jacobian mismatch for output 0 with respect to input 0/,
    );
    expect(gradcheck((a) => Wrong.apply(a), leaf(2), { raise_exception: false })).toBe(false);
  });

  it('needs an input that requires a gradient', () => {
    expect(() => gradcheck((a) => a, torch.ones(2, double))).toThrow(/at least one input tensor to require gradient/);
  });
});

describe('gradcheck with the options of Python', () => {
  const wrong_source = `
from torch.autograd import gradcheck, gradgradcheck
double = torch.float64
class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a): return a * 2
    @staticmethod
    def backward(ctx, gradient): return gradient * 3
    @staticmethod
    def jvp(ctx, tangent): return tangent * 3
class Constant(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a): return a * 2
    @staticmethod
    def backward(ctx, gradient): return torch.full_like(gradient, 2)
class Single(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a): return a * 2
    @staticmethod
    def backward(ctx, gradient): return (gradient * 2).float()
x = (torch.arange(1, 4, dtype=double) / 4).requires_grad_()
z = torch.complex(x, x.flip(0)).detach().requires_grad_()
def answer(run):
    try: return run()
    except Exception as error: return str(error)
`;
  class Wrong extends torch.autograd.Function {
    static forward(_ctx: torch.autograd.FunctionCtx, a: Tensor): Tensor {
      return a.mul(2);
    }
    static backward(_ctx: torch.autograd.FunctionCtx, gradient: Tensor): Tensor {
      return gradient.mul(3);
    }
    static jvp(_ctx: torch.autograd.FunctionCtx, tangent: Tensor): Tensor {
      return tangent.mul(3);
    }
  }
  class Constant extends torch.autograd.Function {
    static forward(_ctx: torch.autograd.FunctionCtx, a: Tensor): Tensor {
      return a.mul(2);
    }
    static backward(_ctx: torch.autograd.FunctionCtx, gradient: Tensor): Tensor {
      return torch.full_like(gradient, 2);
    }
  }
  class Single extends torch.autograd.Function {
    static forward(_ctx: torch.autograd.FunctionCtx, a: Tensor): Tensor {
      return a.mul(2);
    }
    static backward(_ctx: torch.autograd.FunctionCtx, gradient: Tensor): Tensor {
      return gradient.mul(2).float();
    }
  }
  const w = x.clone().requires_grad_();
  const z = torch.complex(w, w.flip(0)).detach().requires_grad_();
  const answer = (run: () => boolean): unknown => {
    try {
      return run();
    } catch (problem) {
      return (problem as Error).message;
    }
  };

  const checks: [python: string, ours: () => boolean][] = [
    ['gradcheck(lambda a: a.sin(), x)', () => gradcheck((a) => a.sin(), w)],
    ['gradcheck(lambda a: a.sin(), x, fast_mode=True)', () => gradcheck((a) => a.sin(), w, { fast_mode: true })],
    [
      'gradcheck(lambda a: a.sin() * a, z, fast_mode=True)',
      () => gradcheck((a) => a.sin().mul(a), z, { fast_mode: true }),
    ],
    [
      'gradcheck(lambda a: a.sin() * a, z, check_forward_ad=True)',
      () => gradcheck((a) => a.sin().mul(a), z, { check_forward_ad: true }),
    ],
    [
      'gradcheck(lambda a: a.abs(), z, fast_mode=True, check_forward_ad=True)',
      () => gradcheck((a) => a.abs(), z, { fast_mode: true, check_forward_ad: true }),
    ],
    [
      'gradcheck(lambda a: (a.exp(), a.detach() * 1), x, check_forward_ad=True, check_batched_forward_grad=True, check_batched_grad=True)',
      () =>
        gradcheck((a) => [a.exp(), a.detach().mul(1)], w, {
          check_forward_ad: true,
          check_batched_forward_grad: true,
          check_batched_grad: true,
        }),
    ],
    ['gradcheck(Wrong.apply, x)', () => gradcheck((a) => Wrong.apply(a), w)],
    [
      'gradcheck(Wrong.apply, x, raise_exception=False)',
      () => gradcheck((a) => Wrong.apply(a), w, { raise_exception: false }),
    ],
    ['gradcheck(Wrong.apply, x, fast_mode=True)', () => gradcheck((a) => Wrong.apply(a), w, { fast_mode: true })],
    [
      'gradcheck(Wrong.apply, x, check_forward_ad=True, check_backward_ad=False)',
      () => gradcheck((a) => Wrong.apply(a), w, { check_forward_ad: true, check_backward_ad: false }),
    ],
    [
      'gradcheck(Wrong.apply, x, check_forward_ad=True, check_backward_ad=False, fast_mode=True)',
      () => gradcheck((a) => Wrong.apply(a), w, { check_forward_ad: true, check_backward_ad: false, fast_mode: true }),
    ],
    ['gradcheck(Wrong.apply, x, rtol=1.0)', () => gradcheck((a) => Wrong.apply(a), w, { rtol: 1 })],
    ['gradcheck(Wrong.apply, z)', () => gradcheck((a) => Wrong.apply(a), z)],
    ['gradcheck(Constant.apply, x)', () => gradcheck((a) => Constant.apply(a), w)],
    [
      'gradcheck(Single.apply, x, check_grad_dtypes=True)',
      () => gradcheck((a) => Single.apply(a), w, { check_grad_dtypes: true }),
    ],
    ['gradcheck(lambda a: a.detach() * 2, x)', () => gradcheck((a) => a.detach().mul(2), w)],
    ['gradcheck(lambda a: a, x, check_backward_ad=False)', () => gradcheck((a) => a, w, { check_backward_ad: false })],
    [
      'gradcheck(lambda a: a, x, check_batched_forward_grad=True)',
      () => gradcheck((a) => a, w, { check_batched_forward_grad: true }),
    ],
    ['gradcheck(lambda a: a, torch.ones(2, dtype=double))', () => gradcheck((a) => a, torch.ones(2, double))],
    [
      'gradcheck(lambda a: a, torch.ones(1, dtype=double, requires_grad=True).expand(3))',
      () => gradcheck((a) => a, torch.ones(1, { ...double, requires_grad: true }).expand(3)),
    ],
    [
      'gradgradcheck(lambda a: a.sin(), x, fast_mode=True)',
      () => gradgradcheck((a) => a.sin(), w, { fast_mode: true }),
    ],
    [
      'gradgradcheck(lambda a: a.sin() * a, x, check_fwd_over_rev=True, gen_non_contig_grad_outputs=True)',
      () => gradgradcheck((a) => a.sin().mul(a), w, { check_fwd_over_rev: true, gen_non_contig_grad_outputs: true }),
    ],
    [
      'gradgradcheck(lambda a: a.sin(), x, [torch.ones(3, dtype=double)])',
      () => gradgradcheck((a) => a.sin(), w, [torch.ones(3, double)]),
    ],
    [
      'gradgradcheck(lambda a: a, x, check_rev_over_rev=False)',
      () => gradgradcheck((a) => a, w, { check_rev_over_rev: false }),
    ],
  ];
  const answers = python<[unknown[]][]>('snippets.py', [
    [`${wrong_source}\nshow([${checks.map(([text]) => `answer(lambda: ${text})`).join(', ')}])`],
  ])[0]![0];

  // What is told beside the difference: links and ways out for PyTorch's own tests.
  const told = (text: unknown): unknown =>
    typeof text === 'string' ? text.split('\n\nNOTE')[0]!.split('\nFast gradcheck')[0]!.trim() : text;

  checks.forEach(([text, ours], i) => {
    it(text, () => {
      expect(told(answer(ours))).toBe(told(answers[i]));
    });
  });
});
