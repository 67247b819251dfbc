/** torch.library.opcheck against Python: good operators, and operators that do not do what they say. */
import { beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { python } from '../reference.js';

const { custom_op, Library, opcheck } = torch.library;
type T = Tensor;
type Options = torch.library.OpcheckOptions;
type Operator = Parameters<typeof opcheck>[0];

/** `show(operator, arguments, options)` adds what opcheck says of each test. */
type Show = (op: Operator, args: unknown[], options?: Options & { kwargs?: Record<string, unknown> }) => void;

interface Case {
  py: string;
  ts: (show: Show, x: T, grad: T) => void;
}

const unary = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
const lib = new Library('checked', 'DEF');
/** An operator of `torch.ops.checked` with kernels by their keys. */
function define(name: string, schema: string, kernels: Record<string, (x: T) => unknown>): Operator {
  lib.define(`${name}${schema}`);
  for (const [key, kernel] of Object.entries(kernels)) lib.impl(name, kernel as never, key);
  return torch.ops['checked']![name]!;
}
/** An operator of `custom_op` from its kernel, the kernel for tensors without data, and the derivative. */
function custom(
  name: string,
  kernel: (x: T) => unknown,
  fake?: (x: T) => unknown,
  backward?: (ctx: torch.autograd.FunctionCtx, gradient: T) => unknown,
): Operator {
  const op = custom_op(`check::${name}`, kernel as never, unary);
  if (fake !== undefined) op.register_fake(fake as never);
  if (backward !== undefined) op.register_autograd(backward);
  return op as unknown as Operator;
}

const cases: Record<string, Case> = {
  'a good operator': {
    py: `
good = custom('good', lambda x: x * 2, lambda x: torch.empty_like(x), lambda ctx, g: g * 2)
show(good, (x,)); show(good, (grad,)); show(good, (grad[:, :2],), test_utils='ALL')
show(good, (grad,), rtol=1e-3, atol=1e-3, test_utils=['test_faketensor', 'test_schema'])
show(good, (x.to('meta'),)); show(torch.ops.check.good, (x,)); show(torch.ops.check.good.default, (x,))`,
    ts: (show, x, grad) => {
      const twice = (t: T): T => t.mul(2);
      const good = custom(
        'good',
        twice,
        (t) => torch.empty_like(t),
        (_ctx, g) => twice(g),
      );
      show(good, [x]);
      show(good, [grad]);
      show(good, [grad.index(':', ':2')], { test_utils: 'ALL' });
      show(good, [grad], { rtol: 1e-3, atol: 1e-3, test_utils: ['test_faketensor', 'test_schema'] });
      show(good, [x.to('meta')]);
      show(torch.ops['check']!['good']!, [x]);
      show(torch.ops['check']!['good']!['default']!, [x]);
    },
  },
  'an argument that changes though the schema does not say so': {
    py: `
mut = custom('mut', lambda x: x.add_(1).clone(), lambda x: torch.empty_like(x))
show(mut, (x,)); show(mut, (grad,))
lists = custom_op('check::lists', lambda xs: xs[1].add_(1).clone(), mutates_args=(), schema='(Tensor[] xs) -> Tensor')
lists.register_fake(lambda xs: torch.empty_like(xs[1]))
show(lists, ([x, x.clone()],))`,
    ts: (show, x, grad) => {
      const mut = custom(
        'mut',
        (t) => t.add_(1).clone(),
        (t) => torch.empty_like(t),
      );
      show(mut, [x]);
      show(mut, [grad]);
      const lists = custom_op('check::lists', (xs: T[]) => xs[1]!.add_(1).clone(), {
        mutates_args: [],
        schema: '(Tensor[] xs) -> Tensor',
      });
      lists.register_fake((xs: T[]) => torch.empty_like(xs[1]!));
      show(lists as unknown as Operator, [[x, x.clone()]]);
    },
  },
  'an argument that the schema lets change': {
    py: `
inc = custom_op('check::inc', lambda x: [x.add_(1), None][1], mutates_args='x', schema='(Tensor(a!) x) -> ()')
show(inc, (x,))`,
    ts: (show, x) => {
      const inc = custom_op('check::inc', (t: T) => void t.add_(1), {
        mutates_args: 'x',
        schema: '(Tensor(a!) x) -> ()',
      });
      show(inc as unknown as Operator, [x]);
    },
  },
  'results that share memory': {
    py: `
show(custom('alias', lambda x: x.view(-1), lambda x: x.new_empty(6)), (x,))
itself = define('itself', '(Tensor x) -> Tensor', CPU=lambda x: x, Meta=lambda x: x)
show(itself, (x,)); show(itself, (grad,))
view = define('view', '(Tensor x) -> Tensor', CPU=lambda x: x.view(-1), Meta=lambda x: x.new_empty(6))
show(view, (x,)); show(view, (grad,))
def both(x):
    y = x * 2
    return y, y.view(-1)
show(define('both', '(Tensor x) -> (Tensor, Tensor)', CPU=both, Meta=lambda x: (torch.empty_like(x), x.new_empty(6))), (x,))
show(define('allowed', '(Tensor(a) x) -> Tensor(a)', CPU=lambda x: x, Meta=lambda x: x), (x,))`,
    ts: (show, x, grad) => {
      const same = (t: T): T => t;
      const flat = (t: T): T => t.view(-1);
      const six = (t: T): T => t.new_empty([6]);
      show(custom('alias', flat, six), [x]);
      const itself = define('itself', '(Tensor x) -> Tensor', { CPU: same, Meta: same });
      show(itself, [x]);
      show(itself, [grad]);
      const view = define('view', '(Tensor x) -> Tensor', { CPU: flat, Meta: six });
      show(view, [x]);
      show(view, [grad]);
      const both = (t: T): T[] => {
        const y = t.mul(2);
        return [y, y.view(-1)];
      };
      const apart = (t: T): T[] => [torch.empty_like(t), six(t)];
      show(define('both', '(Tensor x) -> (Tensor, Tensor)', { CPU: both, Meta: apart }), [x]);
      show(define('allowed', '(Tensor(a) x) -> Tensor(a)', { CPU: same, Meta: same }), [x]);
    },
  },
  'kernels for tensors without data: none, and wrong ones': {
    py: `
none = custom('none', lambda x: x * 2)
show(none, (x,)); show(none, (grad,))
show(custom('shape', lambda x: x * 2, lambda x: x.new_empty(7)), (x,))
show(custom('type', lambda x: x * 2, lambda x: x.new_empty(2, 3, dtype=torch.float64)), (x,))
show(custom('stride', lambda x: x * 2, lambda x: x.new_empty(3, 2).t()), (x,))
lone = define('lone', '(Tensor x) -> Tensor', CPU=lambda x: x.sin())
show(lone, (x,))
def numbers(x): return x * 2
numbers = custom_op('check::numbers', numbers, mutates_args=(), schema='(int x) -> int')
show(numbers, (3,))
numbers.register_fake(lambda x: x)
show(numbers, (3,), test_utils='test_faketensor')`,
    ts: (show, x, grad) => {
      const kernel = (t: T): T => t.mul(2);
      const none = custom('none', kernel);
      show(none, [x]);
      show(none, [grad]);
      show(
        custom('shape', kernel, (t) => t.new_empty([7])),
        [x],
      );
      show(
        custom('type', kernel, (t) => t.new_empty([2, 3], { dtype: torch.float64 })),
        [x],
      );
      show(
        custom('stride', kernel, (t) => t.new_empty([3, 2]).t()),
        [x],
      );
      show(define('lone', '(Tensor x) -> Tensor', { CPU: (t) => t.sin() }), [x]);
      const numbers = custom_op('check::numbers', (n: number) => n * 2, { mutates_args: [], schema: '(int x) -> int' });
      show(numbers as unknown as Operator, [3]);
      numbers.register_fake((n: number) => n);
      show(numbers as unknown as Operator, [3], { test_utils: 'test_faketensor' });
    },
  },
  'derivatives at the wrong place, of the wrong shape, and none': {
    py: `
show(define('cpu', '(Tensor x) -> Tensor', CPU=lambda x: x.sin(), Meta=lambda x: torch.empty_like(x)), (grad,))
show(define('composite', '(Tensor x) -> Tensor', CompositeImplicitAutograd=lambda x: x.sin()), (grad,))
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g): return g * 2
show(define('function', '(Tensor x) -> Tensor', CPU=lambda x: Twice.apply(x), Meta=lambda x: torch.empty_like(x)), (grad,))
show(custom('shapes', lambda x: x * 2, lambda x: torch.empty_like(x), lambda ctx, g: g[0]), (grad,))
show(custom('nothing', lambda x: x * 2, lambda x: torch.empty_like(x)), (grad,))`,
    ts: (show, _x, grad) => {
      const like = (t: T): T => torch.empty_like(t);
      show(define('cpu', '(Tensor x) -> Tensor', { CPU: (t) => t.sin(), Meta: like }), [grad]);
      show(define('composite', '(Tensor x) -> Tensor', { CompositeImplicitAutograd: (t) => t.sin() }), [grad]);
      class Twice extends torch.autograd.Function {
        static forward(_ctx: torch.autograd.FunctionCtx, t: T): T {
          return t.mul(2);
        }
        static backward(_ctx: torch.autograd.FunctionCtx, g: T): T {
          return g.mul(2);
        }
      }
      show(define('function', '(Tensor x) -> Tensor', { CPU: (t) => Twice.apply(t), Meta: like }), [grad]);
      show(
        custom(
          'shapes',
          (t) => t.mul(2),
          like,
          (_ctx, g) => g.index(0),
        ),
        [grad],
      );
      show(
        custom('nothing', (t) => t.mul(2), like),
        [grad],
      );
    },
  },
  'results that differ from call to call': {
    py: `
calls = [0]
def state(x):
    calls[0] += 1
    return x * calls[0]
show(custom('state', state, lambda x: torch.empty_like(x)), (x,))
show(custom('random', lambda x: torch.rand(2), lambda x: x.new_empty(2)), (x,))`,
    ts: (show, x) => {
      let calls = 0;
      show(
        custom(
          'state',
          (t) => t.mul(++calls),
          (t) => torch.empty_like(t),
        ),
        [x],
      );
      show(
        custom(
          'random',
          () => torch.rand(2),
          (t) => t.new_empty([2]),
        ),
        [x],
      );
    },
  },
  'operators of libtorch': {
    py: `
aten = torch.ops.aten
show(aten.sin.default, (x,)); show(aten.sin.default, (grad,)); show(aten.add_.Tensor, (x, x), kwargs={'alpha': 2})
show(aten.view.default, (grad, [6])); show(aten.nonzero.default, (x,)); show(aten.rand_like.default, (x,))
show(aten.native_batch_norm.default, (x, None, None, torch.zeros(3), torch.ones(3), True, 0.1, 1e-5))
show(aten.linear.default, (grad, x)); show(aten.max.dim, (grad, 0)); show(aten.split.Tensor, (x, 1))`,
    ts: (show, x, grad) => {
      const { aten } = torch.ops as unknown as { aten: Record<string, Record<string, Operator>> };
      show(aten['sin']!['default']!, [x]);
      show(aten['sin']!['default']!, [grad]);
      show(aten['add_']!['Tensor']!, [x, x], { kwargs: { alpha: 2 } });
      show(aten['view']!['default']!, [grad, [6]]);
      show(aten['nonzero']!['default']!, [x]);
      show(aten['rand_like']!['default']!, [x]);
      const statistics = [torch.zeros(3), torch.ones(3), true, 0.1, 1e-5];
      show(aten['native_batch_norm']!['default']!, [x, null, null, ...statistics]);
      show(aten['linear']!['default']!, [grad, x]);
      show(aten['max']!['dim']!, [grad, 0]);
      show(aten['split']!['Tensor']!, [x, 1]);
    },
  },
};

const head = `
import logging, re, warnings
import torch
from torch.library import Library, custom_op, opcheck
warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)
lib = Library('checked', 'DEF')
def define(name, schema, **kernels):
    lib.define(name + schema)
    for key, kernel in kernels.items():
        lib.impl(name, kernel, key)
    return getattr(torch.ops.checked, name)
def custom(name, kernel, fake=None, backward=None):
    op = custom_op('check::' + name, kernel, mutates_args=(), schema='(Tensor x) -> Tensor')
    if fake: op.register_fake(fake)
    if backward: op.register_autograd(backward)
    return op
plain = show
def said(error):
    error = re.sub(r'(alias annotations: .*?[.]) .*', r'\\1', str(error))
    return re.sub(r' \\(with implementation in .*?\\)', '', re.sub('use .*?.register_fake', 'use f.register_fake', str(error)))
def show(op, args, kwargs=None, **options):
    results = opcheck(op, args, kwargs, raise_exception=False, **options)
    plain([[name, result if isinstance(result, str) else said(result)] for name, result in results.items()])
x = torch.arange(6.).reshape(2, 3)
grad = x.clone().requires_grad_()
`;

describe('opcheck', () => {
  let answers: unknown[][];
  beforeAll(() => {
    answers = python<unknown[][]>('snippets.py', [
      [
        head +
          Object.values(cases)
            .map(({ py }) => `${py}\nplain('')`)
            .join(''),
      ],
    ]);
    // What one script shows, cut where a case ends.
    const all = answers[0]!;
    answers = [];
    for (let rest = all; rest.length > 0; ) {
      const end = rest.indexOf('');
      answers.push(rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
  });

  Object.entries(cases).forEach(([name, { ts }], i) => {
    it(name, () => {
      const x = torch.arange(6, { dtype: torch.float32 }).reshape(2, 3);
      const shown: unknown[] = [];
      const show: Show = (op, args, { kwargs = {}, ...options } = {}) => {
        const results = opcheck(op, args, kwargs, { raise_exception: false, ...options });
        const said = (result: string | Error): string =>
          typeof result === 'string'
            ? result
            : result.message
                .replace(/use .*?.register_fake/, 'use f.register_fake')
                .replace(/(alias annotations: .*?[.]) .*/s, '$1');
        shown.push(Object.entries(results).map(([test, result]) => [test, said(result)]));
      };
      ts(show, x, x.clone().requires_grad_());
      expect(answers[i]!.length).toBeGreaterThan(0);
      expect(shown).toEqual(answers[i]);
      expect(x.tolist(), 'the arguments stay as they are').toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
    });
  });

  it('throws what Python raises', () => {
    const { aten } = torch.ops;
    const x = torch.ones(2);
    const calls: [py: string, ts: () => unknown][] = [
      ['torch.ops.aten.slice_copy, (x,)', () => opcheck(aten['slice_copy']!, [x])],
      ['torch.ops.aten.sin.default, (x,), rtol=1e-3', () => opcheck(aten['sin']!['default']!, [x], { rtol: 1e-3 })],
      [
        "torch.ops.aten.sin.default, (x,), test_utils='a'",
        () => opcheck(aten['sin']!['default']!, [x], { test_utils: 'a' }),
      ],
      [
        "torch.ops.aten.sin.default, (x,), test_utils=['test_schema', 'a']",
        () => opcheck(aten['sin']!['default']!, [x], { test_utils: ['test_schema', 'a'] }),
      ],
      [
        "custom_op('check::thrown', lambda x: x.add_(1).clone(), mutates_args=(), schema='(Tensor x) -> Tensor'), (x,)",
        () =>
          opcheck(
            custom('thrown', (t) => t.add_(1).clone()),
            [x],
          ),
      ],
    ];
    const script = calls.map(([py]) => `try: opcheck(${py})\nexcept Exception as error: show(str(error))\n`).join('');
    const prefix = 'import torch\nfrom torch.library import custom_op, opcheck\nx = torch.ones(2)\n';
    const [expected] = python<string[][]>('snippets.py', [[prefix + script]]);
    const thrown = calls.map(([, run]) => {
      try {
        return run();
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(thrown).toEqual(expected);
  });

  it('throws an OpCheckError that holds what the test found, and refuses what is not an operator', () => {
    const op = custom('cause', (t) => t.add_(1).clone());
    let caught: unknown;
    try {
      opcheck(op, [torch.ones(2)]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      name: 'OpCheckError',
      cause: { message: 'Argument x is not defined as mutable but was mutated' },
    });
    expect(() => opcheck(3 as never, [])).toThrow(
      new TypeError(
        'opcheck(op, ...): op must be instance of torch._ops.OpOverload, e.g. torch.ops.aten.sin.default, got int',
      ),
    );
    expect(() => opcheck(op, [torch.ones(2)], null, { zzz: 1 } as never)).toThrow(TypeError);
  });
});
