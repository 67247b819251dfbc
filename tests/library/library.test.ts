/** torch.library against Python: the same operators, what they give, and how they fail. */
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { side_by_side, type Pair } from '../nn/side_by_side.js';
import { root } from '../package_root.js';

const { library } = torch;
const { custom_op, Library } = library;
type T = Tensor;
type Ctx = torch.autograd.FunctionCtx;
const op = (name: string): ((...args: unknown[]) => unknown) => {
  const [ns, base] = name.split('::') as [string, string];
  return torch.ops[ns]![base]!;
};
const unary = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
const head =
  'from torch.library import *\nfrom torch.library import register_autograd, register_kernel, register_fake\n';
const after = (body: string): string => head + body;

const pairs: Record<string, Pair> = {
  'an operator with all kinds of arguments': {
    py: after(`
seen = []
def fn(x, i, f, b, s, xs, ns, d, t, o, *, k=3):
    seen.append([i, f, b, s, len(xs), ns, str(d), str(t), o, k])
    return [x * i + f, sum(xs)]
f = custom_op('t1::all', mutates_args=(), schema='(Tensor x, int i, float f, bool b, str s, Tensor[] xs, int[] ns, Device d, ScalarType t, Tensor? o, *, int k=3) -> (Tensor, Tensor)')(lambda *a, **k: tuple(fn(*a, **k)))
x = torch.arange(3.)
show(*f(x, 2, 0.5, True, 'a', [x, x], [1, 2], 'cpu', torch.float16, None), *torch.ops.t1.all(x, 2, 0.5, True, 'a', [x], [], torch.device('cpu'), torch.int8, None, k=5), seen)
show(str(f), str(torch.ops.t1.all.default._schema))`),
    ts: (show) => {
      const seen: unknown[] = [];
      const f = custom_op('t1::all', {
        mutates_args: [],
        schema:
          '(Tensor x, int i, float f, bool b, str s, Tensor[] xs, int[] ns, Device d, ScalarType t, Tensor? o, *, int k=3) -> (Tensor, Tensor)',
      })(
        (
          x: T,
          i: number,
          a: number,
          b: boolean,
          s: string,
          xs: T[],
          ns: number[],
          ...rest: [unknown, unknown, T | null, { k: number }?]
        ) => {
          const [d, t, o, { k } = { k: -1 }] = rest;
          seen.push([i, a, b, s, xs.length, ns, String(d), String(t), o, k]);
          return [x.mul(i).add(a), xs.reduce((sum, each) => sum.add(each), torch.zeros(3))];
        },
      );
      const x = torch.arange(3, { dtype: torch.float32 });
      show(...(f(x, 2, 0.5, true, 'a', [x, x], [1, 2], 'cpu', torch.float16, null) as T[]));
      show(
        ...(op('t1::all')(x, 2, 0.5, true, 'a', [x], [], torch.device('cpu'), torch.int8, null, { k: 5 }) as T[]),
        seen,
      );
      show(String(f), torch.ops['t1']!['all']!['default']!.schema);
    },
  },
  'derivatives: one, several, of lists, and none': {
    py: after(`
x, y = torch.tensor([1.5, 2.]).requires_grad_(), torch.tensor([3., 4.]).requires_grad_()
mul = custom_op('t2::mul', mutates_args=(), schema='(Tensor x, Tensor y, float a) -> (Tensor, Tensor)')(lambda x, y, a: (x * y * a, x + y))
needs = []
def setup(ctx, inputs, output):
    x, y, a = inputs
    ctx.save_for_backward(x, y)
    ctx.a = a
    needs.append(list(ctx.needs_input_grad)[:3])
def back(ctx, g, h):
    x, y = ctx.saved_tensors
    return g * y * ctx.a + h, g * x * ctx.a + h, None
mul.register_autograd(back, setup_context=setup)
p, q = mul(x, y, 0.5)
show(p, q, *torch.autograd.grad((p * q).sum(), [x, y]), type(p.grad_fn).__name__, needs)
show(mul(x.detach(), y.detach(), 2.)[0], *torch.autograd.grad(mul(x, y.detach(), 2.)[0].sum(), [x]), needs)
cat = custom_op('t2::cat', mutates_args=(), schema='(Tensor[] xs) -> Tensor')(lambda xs: torch.cat(xs))
cat.register_autograd(lambda ctx, g: [g[:2] * 2, g[2:] * 3])
show(*torch.autograd.grad(cat([x, y]).pow(2).sum(), [x, y]))
split = custom_op('t2::split', mutates_args=(), schema='(Tensor x, *, int n) -> Tensor[]')(lambda x, *, n: [t.clone() for t in x.split(n)])
def setup_split(ctx, inputs, keyword_only_inputs, output):
    ctx.n = keyword_only_inputs['n']
split.register_autograd(lambda ctx, gs: torch.cat(gs) * ctx.n, setup_context=setup_split)
a, b = split(x, n=1)
show(a, b, *torch.autograd.grad((a * 2 + b * 3).sum(), [x]))
none = custom_op('t2::none', mutates_args=(), schema='(Tensor x) -> Tensor')(lambda x: x * 2)
show(none(x))
none(x).sum().backward()`),
    ts: (show) => {
      const x = torch.tensor([1.5, 2]).requires_grad_();
      const y = torch.tensor([3.0, 4.0], { dtype: torch.float32 }).requires_grad_();
      const { grad } = torch.autograd;
      const mul = custom_op('t2::mul', {
        mutates_args: [],
        schema: '(Tensor x, Tensor y, float a) -> (Tensor, Tensor)',
      })((l: T, r: T, a: number) => [l.mul(r).mul(a), l.add(r)] as [T, T]);
      const needs: unknown[] = [];
      mul.register_autograd(
        (ctx, g: T, h: T) => {
          const [l, r] = ctx.saved_tensors as [T, T];
          const a = ctx['a'] as number;
          return [g.mul(r).mul(a).add(h), g.mul(l).mul(a).add(h), null];
        },
        {
          setup_context: (ctx: Ctx, [l, r, a]: [T, T, number]) => {
            ctx.save_for_backward(l, r);
            ctx['a'] = a;
            needs.push([...ctx.needs_input_grad]);
          },
        },
      );
      const [p, q] = mul(x, y, 0.5);
      show(p, q, ...grad(p.mul(q).sum(), [x, y]), p.grad_fn!.name(), needs);
      show(mul(x.detach(), y.detach(), 2)[0], ...grad(mul(x, y.detach(), 2)[0].sum(), [x]), needs);
      const cat = custom_op('t2::cat', { mutates_args: [], schema: '(Tensor[] xs) -> Tensor' })((xs: T[]) =>
        torch.cat(xs),
      );
      cat.register_autograd((_ctx, g: T) => [g.index(':2').mul(2), g.index('2:').mul(3)]);
      show(...grad(cat([x, y]).pow(2).sum(), [x, y]));
      const split = custom_op('t2::split', { mutates_args: [], schema: '(Tensor x, *, int n) -> Tensor[]' })(
        (t: T, { n }: { n: number }) => [...t.split(n)].map((part) => part.clone()),
      );
      split.register_autograd((ctx, gs: T[]) => torch.cat(gs).mul(ctx['n'] as number), {
        setup_context: (ctx: Ctx, _inputs: unknown, { n }: { n: number }) => void (ctx['n'] = n),
      });
      const [a, b] = split(x, { n: 1 }) as [T, T];
      show(a, b, ...grad(a.mul(2).add(b.mul(3)).sum(), [x]));
      const none = custom_op('t2::none', unary)((t: T) => t.mul(2));
      show(none(x));
      none(x).sum().backward();
    },
  },
  'what is changed in place': {
    py: after(`
inc = custom_op('t3::inc', mutates_args={'x'}, schema='(Tensor(a!) x, int by) -> ()')(lambda x, by: x.add_(by) and None if False else (x.add_(by), None)[1])
x = torch.zeros(2)
show(inc(x, 2), x, x._version)
inc.register_autograd(lambda ctx: None)`),
    ts: (show) => {
      const inc = custom_op('t3::inc', { mutates_args: 'x', schema: '(Tensor(a!) x, int by) -> ()' })(
        (x: T, by: number) => {
          x.add_(by);
        },
      );
      const x = torch.zeros(2);
      show(inc(x, 2) ?? null, x, (x as torch._VF.PrivateTensor)._version);
      inc.register_autograd(() => null);
    },
  },
  'vmap, with a function of its own and without one': {
    py: after(`
x = torch.arange(6.).view(2, 3)
dot = custom_op('t4::dot', mutates_args=(), schema='(Tensor x, Tensor y) -> Tensor')(lambda x, y: (x * y).sum(-1))
show(torch.vmap(dot)(x, x), torch.vmap(dot, in_dims=(1, None))(x, x[0, :2]))
seen = []
def batched(info, in_dims, x, y):
    seen.append([info.batch_size, info.randomness, list(in_dims)])
    x = x.movedim(in_dims[0], 0) if in_dims[0] is not None else x
    y = y.movedim(in_dims[1], 0) if in_dims[1] is not None else y
    return dot(x, y), 0
dot.register_vmap(batched)
show(torch.vmap(dot)(x, x), torch.vmap(dot, in_dims=(1, None))(x, x[0, :2]), torch.vmap(torch.vmap(dot))(x[:, :, None], x[:, :, None]), seen)`),
    ts: (show) => {
      const x = torch.arange(6, { dtype: torch.float32 }).view(2, 3);
      const { vmap } = torch;
      const dot = custom_op('t4::dot', { mutates_args: [], schema: '(Tensor x, Tensor y) -> Tensor' })((l: T, r: T) =>
        l.mul(r).sum(-1),
      );
      show(vmap(dot)(x, x), vmap(dot, { in_dims: [1, null] })(x, x.index(0, ':2')));
      const seen: unknown[] = [];
      dot.register_vmap((info, in_dims, l: T, r: T) => {
        seen.push([info.batch_size, info.randomness, [...in_dims]]);
        const [a, b] = in_dims as [number | null, number | null];
        return [dot(a === null ? l : l.movedim(a, 0), b === null ? r : r.movedim(b, 0)), 0];
      });
      show(vmap(dot)(x, x), vmap(dot, { in_dims: [1, null] })(x, x.index(0, ':2')));
      show(vmap(vmap(dot))(x.unsqueeze(-1), x.unsqueeze(-1)), seen);
    },
  },
  'kernels by device, and those that compute sizes only': {
    py: after(`
f = custom_op('t5::f', lambda x: x * 2, mutates_args=(), schema='(Tensor x) -> Tensor')
show(f(torch.ones(2)))
f.register_kernel('cpu', lambda x: x * 3)
show(f(torch.ones(2)))
f.register_kernel('cpu')(lambda x: x * 4)
f.register_fake(lambda x: x.new_empty(x.shape[0], 7))
m = f(torch.ones(2, device='meta'))
show(f(torch.ones(2)), list(m.shape), str(m.device))
g = custom_op('t5::g', lambda x: x * 2, mutates_args=(), schema='(Tensor x) -> Tensor')
g._init_fn.__name__ = 'g'
g(torch.ones(2, device='meta'))`),
    ts: (show) => {
      const f = custom_op('t5::f', (x: T) => x.mul(2), unary);
      show(f(torch.ones(2)));
      f.register_kernel('cpu', (x: T) => x.mul(3));
      show(f(torch.ones(2)));
      f.register_kernel('cpu')((x: T) => x.mul(4));
      f.register_fake((x: T) => x.new_empty(x.size(0), 7));
      const m = f(torch.ones(2, { device: 'meta' }));
      show(f(torch.ones(2)), [...m.shape], String(m.device));
      const g = custom_op('t5::g', function g(x: T) { return x.mul(2); }, unary); // biome-ignore format: one line as in Python
      g(torch.ones(2, { device: 'meta' }));
    },
  },
  'Library, define and impl': {
    py: after(`
lib = Library('t6', 'DEF')
show(lib.define('twice(Tensor x) -> Tensor'), lib.define('add.one(Tensor x, Scalar by) -> Tensor'), str(lib))
lib.impl('twice', lambda x: x * 2, 'CPU')
lib.impl('add.one', lambda x, by: x + by)
x = torch.ones(2, requires_grad=True)
show(torch.ops.t6.twice(x.detach()), torch.ops.t6.add(x, 2), *torch.autograd.grad(torch.ops.t6.add.one(x * 3, 0.5).sum(), [x]))
define('t6::later', '(Tensor x) -> Tensor')
impl('t6::later', 'default', lambda x: x - 1)
show(torch.ops.t6.later(torch.ones(2)))
register_autograd('t6::later', lambda ctx, g: g * 5)
show(*torch.autograd.grad(torch.ops.t6.later(x).sum(), [x]))
Library('t6', 'WHAT')`),
    ts: (show) => {
      const lib = new Library('t6', 'DEF');
      show(lib.define('twice(Tensor x) -> Tensor'), lib.define('add.one(Tensor x, Scalar by) -> Tensor'), String(lib));
      lib.impl('twice', (x: T) => x.mul(2), 'CPU');
      lib.impl('add.one', (x: T, by: number) => x.add(by));
      const x = torch.ones(2, { requires_grad: true });
      const one = torch.ops['t6']!['add']!['one']!;
      show(op('t6::twice')(x.detach()), op('t6::add')(x, 2));
      show(...torch.autograd.grad((one(x.mul(3), 0.5) as T).sum(), [x]));
      library.define('t6::later', '(Tensor x) -> Tensor');
      library.impl('t6::later', 'default', (t: T) => t.sub(1));
      show(op('t6::later')(torch.ones(2)));
      library.register_autograd('t6::later', (_ctx, g: T) => g.mul(5));
      show(...torch.autograd.grad((op('t6::later')(x) as T).sum(), [x]));
      new Library('t6', 'WHAT' as 'DEF');
    },
  },
};

const f32 = (x: T): T => x;
const refused: Record<string, [py: string, ts: () => unknown]> = {
  'what is changed and not said': [
    "custom_op('r::a', mutates_args=('y',), schema='(Tensor x) -> Tensor')(lambda x: x)",
    () => custom_op('r::a', { mutates_args: ['y'], schema: '(Tensor x) -> Tensor' })(f32),
  ],
  'tensors by name only': [
    "custom_op('r::m', mutates_args=(), schema='(Tensor x, *, Tensor y) -> Tensor')(lambda x: x)",
    () => custom_op('r::m', { mutates_args: [], schema: '(Tensor x, *, Tensor y) -> Tensor' })(f32),
  ],
  'a name without a namespace': [
    "define('alone', '(Tensor x) -> Tensor')",
    () => library.define('alone', '(Tensor x) -> Tensor'),
  ],
  'an unknown type': [
    "custom_op('r::q', mutates_args=(), schema='(Tnsor x) -> Tensor')(lambda x: x)",
    () => custom_op('r::q', { mutates_args: [], schema: '(Tnsor x) -> Tensor' })(f32),
  ],
  'a reserved namespace': ["Library('prim', 'DEF')", () => new Library('prim', 'DEF')],
  'an unknown key': [
    "lib = Library('r3', 'FRAGMENT'); lib.define('f(Tensor x) -> Tensor'); lib.impl('f', lambda x: x, 'XXX')",
    () => {
      const lib = new Library('r3', 'FRAGMENT');
      lib.define('f(Tensor x) -> Tensor');
      lib.impl('f', f32, 'XXX');
    },
  ],
  'a thrown error': [
    `
def fail(x): raise ValueError('boom: 1')
custom_op('r::e', mutates_args=(), schema='(Tensor x) -> Tensor')(fail)(torch.ones(1))`,
    () =>
      custom_op(
        'r::e',
        unary,
      )((_x: T): T => {
        throw new RangeError('boom: 1');
      })(torch.ones(1)),
  ],
};
for (const [name, [py, ts]] of Object.entries(refused)) {
  pairs[`an error about ${name}`] = { py: after(py), ts: () => void ts() };
}

describe('torch.library', () => {
  side_by_side(pairs);

  it('gives errors of the function as they are, from backward too', () => {
    class Mine extends Error {}
    const mine = new Mine('mine');
    const fail = custom_op(
      'e1::f',
      unary,
    )((x: T): T => {
      if (x.numel() === 1) throw mine;
      return x.clone();
    });
    fail.register_autograd(() => {
      throw mine;
    });
    const thrown = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error;
      }
    };
    expect(thrown(() => fail(torch.ones(1)))).toBe(mine);
    expect(thrown(() => op('e1::f')(torch.ones(1)))).toBe(mine);
    const x = torch.ones(2, { requires_grad: true });
    expect(thrown(() => fail(x).sum().backward())).toBe(mine);
    expect(thrown(() => fail(torch.ones(1, { requires_grad: true })))).toBe(mine);
    const wrong = custom_op('e1::w', unary)((() => 3) as never) as unknown as (x: T) => unknown;
    expect(() => wrong(torch.ones(1))).toThrow('e1::w(): the function must return Tensor, not int');
    const same = custom_op('e1::s', unary)((x: T) => x);
    expect(() => same(torch.ones(1))).toThrow('s: The output of this custom operator (1) must not also be an input');
    const view = custom_op('e1::v', unary)((t: T) => t.view(-1));
    expect(() => view(torch.ones(3))).toThrow('may not alias any inputs');
  });

  it('is defined again with another schema, and what was held goes on or fails, but never crashes', () => {
    const one = custom_op('again::f', unary)((x: T) => x.mul(2));
    const held = op('again::f');
    expect(one(torch.ones(1)).item()).toBe(2);
    expect((held(torch.ones(1)) as T).item()).toBe(2);
    const two = custom_op('again::f', { mutates_args: [], schema: '(Tensor x, Tensor y, Tensor z) -> Tensor' })(
      (x: T, y: T, z: T) => x.add(y).add(z),
    );
    const t = torch.ones(1);
    expect(two(t, t, t).item()).toBe(3);
    expect((held(t, t, t) as T).item()).toBe(3);
    expect(() => held(t)).toThrow(TypeError);
    expect(() => one(t)).toThrow(TypeError);
    const lib = new Library('again2', 'DEF');
    lib.define('g(Tensor x) -> Tensor');
    lib.impl('g', (x: T) => x.neg());
    const g = op('again2::g');
    expect((g(t) as T).item()).toBe(-1);
    lib._destroy();
    expect(() => g(t)).toThrow(Error);
    expect(torch.ops['again2']!['g']).toBeUndefined();
    new Library('again2', 'DEF').define('g(Tensor x, int n) -> Tensor');
    expect(() => g(t)).toThrow(TypeError);
  });

  it('frees what graphs and calls held', () => {
    const f = custom_op('mem::f', unary)((x: T) => x.mul(x));
    f.register_autograd((ctx, g: T) => g.mul(ctx.saved_tensors[0]!).mul(2), {
      setup_context: (ctx: Ctx, [x]: [T]) => ctx.save_for_backward(x),
    });
    const step = (): void => {
      const x = torch.ones(256, 256, { requires_grad: true });
      f(f(x)).sum().backward();
    };
    for (let i = 0; i < 300; i++) step();
    expect(torch.memory_stats().live_bytes).toBeLessThan(150 * 2 ** 20);
  });

  it('belongs to the thread that defines it', async () => {
    custom_op('threads::f', unary)((x: T) => x.mul(2));
    const worker = new Worker(
      `const torch = require(${JSON.stringify(join(root, 'dist/index.js'))});
       const { parentPort } = require('node:worker_threads');
       const tried = (run) => { try { return run(); } catch (error) { return error.message; } };
       const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
       const told = [tried(() => torch.ops.threads.f(torch.ones(1)).item())];
       const f = torch.library.custom_op('threads::f', options)((x) => x.mul(5));
       told.push(tried(() => f(torch.ones(1)).item()));
       told.push(tried(() => torch.library.custom_op('threads::f', { mutates_args: [], schema: '(Tensor x, int y) -> Tensor' })((x) => x)));
       torch.library.custom_op('threads::own', options)((x) => x.mul(7));
       parentPort.postMessage(told);`,
      { eval: true },
    );
    const told = await new Promise<unknown[]>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    await worker.terminate();
    expect(told[0]).toMatch(/this thread has not registered an implementation: each thread registers its own/);
    expect(told[1]).toBe(5);
    expect(told[2]).toMatch(/it cannot have another schema while several threads use torch-node/);
    expect((op('threads::f')(torch.ones(1)) as T).item()).toBe(2);
    expect(() => op('threads::own')(torch.ones(1))).toThrow('each thread registers its own');
    const own = custom_op('threads::own', unary)((x: T) => x.mul(9));
    expect(own(torch.ones(1)).item()).toBe(9);
  });

  it('says what is missing', () => {
    expect(() => custom_op('x::y', { mutates_args: [] } as never)).toThrow(
      'have no types at run time, so give the schema',
    );
    expect(() => library.impl('x::nothing', 'cpu', f32)).toThrow('there is no operator x::nothing; define it first');
    expect(() => library.register_fake('nothing' as never, f32)).toThrow('namespace::name');
  });
});
