/** `torch.compile` and what belongs to it, without a compiler: modules and functions as in Python, run as they are. */
import * as torch from 'torch-node';
import { nn } from 'torch-node';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';

type Answer = { value: string } | { error: string };

function answer(run: () => unknown): Answer {
  try {
    return { value: torch.python_repr(run() ?? null) };
  } catch (error) {
    return { error: (error as Error).message.split('\n')[0]! };
  }
}

function compare(cases: readonly (readonly [python: string, run: () => unknown])[]): void {
  const expected = python<Answer[]>('said.py', [cases.map(([text]) => text)]);
  it.each(cases.map(([text, run], i) => [text, run, expected[i]!] as const))('%s', (_text, run, said) => {
    expect(answer(run)).toEqual(said);
  });
}

const sequential = () => new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
const compiled = (options: torch.CompileOptions = { backend: 'eager' }) => torch.compile(sequential(), options);
const IN_PYTHON =
  'm = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU()); c = torch.compile(m, backend="eager"); ';

describe('torch.compile of a module', () => {
  compare([
    [`${IN_PYTHON}c`, compiled],
    [`${IN_PYTHON}list(c.state_dict())`, () => Object.keys(compiled().state_dict())],
    [
      `${IN_PYTHON}[n for n, _ in c.named_parameters()]`,
      () => [...compiled().named_parameters()].map(([name]) => name),
    ],
    [`${IN_PYTHON}[n for n, _ in c.named_modules()]`, () => [...compiled().named_modules()].map(([name]) => name)],
    [`${IN_PYTHON}[n for n, _ in c.named_children()]`, () => [...compiled().named_children()].map(([name]) => name)],
    [`${IN_PYTHON}c.training`, () => compiled().training],
    [
      `${IN_PYTHON}c.eval() is c`,
      () => {
        const c = compiled();
        return c.eval() === c;
      },
    ],
    [
      `${IN_PYTHON}c.eval(); [c.training, m.training, m[0].training]`,
      () => {
        const m = sequential();
        const c = torch.compile(m, { backend: 'eager' });
        c.eval();
        return [c.training, m.training, m.at(0).training];
      },
    ],
    [
      `${IN_PYTHON}c.foo = 5; m.foo`,
      () => {
        const m = sequential();
        (torch.compile(m) as unknown as { foo: number }).foo = 5;
        return (m as unknown as { foo: number }).foo;
      },
    ],
    [
      `${IN_PYTHON}m.foo = 6; c.foo`,
      () => {
        const m = sequential();
        const c = torch.compile(m);
        (m as unknown as { foo: number }).foo = 6;
        return (c as unknown as { foo: number }).foo;
      },
    ],
    [
      `${IN_PYTHON}c._orig_mod is m`,
      () => {
        const m = sequential();
        return torch.compile(m)._orig_mod === m;
      },
    ],
    [`${IN_PYTHON}isinstance(c, torch.nn.Module)`, () => (compiled() as unknown) instanceof nn.Module],
    [`${IN_PYTHON}len(c)`, () => compiled().length],
    [
      `${IN_PYTHON}torch.compile(m, disable=True) is m`,
      () => {
        const m = sequential();
        return torch.compile(m, { disable: true }) === m;
      },
    ],
    [`${IN_PYTHON}torch.nn.Sequential(c)`, () => new nn.Sequential(compiled())],
    [`${IN_PYTHON}__import__("copy").deepcopy(c)`, () => torch.deepcopy(compiled())],
    [
      `${IN_PYTHON}m.compile(backend="eager"); m`,
      () => {
        const m = sequential();
        m.compile({ backend: 'eager' });
        return m;
      },
    ],
    [`${IN_PYTHON}torch.compile(m, backend="foo")`, () => compiled({ backend: 'foo' })],
    [`${IN_PYTHON}torch.compile(m, mode="foo")`, () => compiled({ mode: 'foo' })],
    [
      `${IN_PYTHON}torch.compile(m, mode="default", options={"max_autotune": True})`,
      () => compiled({ mode: 'default', options: { max_autotune: true } }),
    ],
    [`${IN_PYTHON}m.compile(backend="foo")`, () => sequential().compile({ backend: 'foo' })],
    [`${IN_PYTHON}torch.compiler.disable(m)`, () => torch.compiler.disable(sequential())],
  ]);

  it('runs, trains, and loads what it saved', () => {
    const m = new nn.Linear(2, 1);
    const c = torch.compile(m);
    const x = torch.ones(3, 2);
    expect(torch.equal(c(x), m(x))).toBe(true);
    const calls: unknown[] = [];
    c.register_forward_hook((_module, _args, output) => void calls.push(output));
    c(x);
    expect(calls).toHaveLength(1);
    const before = m.weight.detach().clone();
    const optimizer = new torch.optim.SGD(c.parameters(), { lr: 0.1 });
    c(x).sum().backward();
    optimizer.step();
    expect(torch.equal(before, m.weight)).toBe(false);
    const again = torch.compile(new nn.Linear(2, 1));
    again.load_state_dict(c.state_dict());
    expect(torch.equal(again.weight, m.weight)).toBe(true);
    expect(() => new nn.Linear(2, 1).load_state_dict(c.state_dict())).toThrow('_orig_mod.weight');
    const copy = torch.deepcopy(c);
    expect([copy._orig_mod === m, torch.equal(copy.weight, m.weight)]).toEqual([false, true]);
    expect(c.to(torch.float64)).toBe(c);
    expect(m.weight.dtype).toBe(torch.float64);
  });
});

describe('torch.compile of functions', () => {
  it('gives a function that does the same', async () => {
    const double = torch.compile((x: torch.Tensor) => x.mul(2), {
      mode: 'max-autotune',
      fullgraph: true,
      dynamic: false,
    });
    expect(double(torch.ones(1)).item()).toBe(2);
    const later = torch.compile(async (x: number) => Promise.resolve(x + 1));
    expect(await later(1)).toBe(2);
    expect(torch.compile({ mode: 'reduce-overhead' })((x: number) => x + 1)(1)).toBe(2);
    expect(torch.compile()((x: number) => x + 1)(1)).toBe(2);
    expect(torch.compile(null)((x: number) => x + 1)(1)).toBe(2);
    expect(torch.compile({ model: (x: number) => x + 1, backend: 'eager' })(1)).toBe(2);
    expect(
      torch.compile(function named(a: number, b: number) {
        return a + b;
      }).name,
    ).toBe('named');
  });

  it('decorates methods, which keep their object', () => {
    // As TypeScript calls decorators of methods; the compiler of the tests has none.
    const context = {
      kind: 'method',
      name: 'times',
      addInitializer: () => undefined,
    } as unknown as ClassMethodDecoratorContext;
    type Times = (this: { scale: number }, x: number) => number;
    const times: Times = function (x) {
      return this.scale * x;
    };
    const decorated: Times[] = [
      torch.compile(times, context),
      torch.compile({ backend: 'eager' })(times, context),
      torch.compiler.disable(times, context),
      torch.compiler.disable()(times, context),
      torch.jit.ignore(times, context),
      torch.jit.ignore({ drop: false })(times, context),
      torch.jit.unused(times, context),
      torch.jit.export(times, context),
      torch.jit.script_if_tracing(times, context),
    ];
    expect(decorated.map((method) => method.call({ scale: 3 }, 2))).toEqual(decorated.map(() => 6));
  });

  it('replaces a forward', () => {
    const m = new nn.Linear(2, 1);
    m.forward = torch.compile(m.forward);
    expect(m(torch.ones(1, 2)).shape).toEqual([1, 1]);
  });

  it('refuses what cannot be called, and unknown options', () => {
    expect(() => torch.compile(5 as never)).toThrow("compile(): argument 'model' must be a function, not int");
    expect(() => torch.compile(() => 1, { foo: 1 } as never)).toThrow("unexpected keyword argument 'foo'");
    expect(() => torch.compile({ foo: 1 } as never)).toThrow("unexpected keyword argument 'foo'");
  });

  it('says once that nothing is compiled', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    torch.compile(() => 1);
    torch.compile(() => 1);
    expect(warned.mock.calls.length).toBeLessThanOrEqual(1);
    warned.mockRestore();
  });
});

describe('torch.compiler', () => {
  afterAll(() => {
    torch.compiler.set_default_backend(null);
  });

  compare([
    ['torch.compiler.is_compiling()', () => torch.compiler.is_compiling()],
    ['torch.compiler.is_exporting()', () => torch.compiler.is_exporting()],
    ['torch.compiler.list_backends()', () => torch.compiler.list_backends()],
    ['torch.compiler.list_backends(())', () => torch.compiler.list_backends([])],
    ['torch.compiler.list_backends(["debug"])', () => torch.compiler.list_backends(['debug'])],
    ['torch.compiler.list_backends(exclude_tags=None)', () => torch.compiler.list_backends(null)],
    ['torch.compiler.get_default_backend()', () => torch.compiler.get_default_backend()],
    [
      'torch.compiler.set_default_backend("eager"); torch.compiler.get_default_backend()',
      () => {
        torch.compiler.set_default_backend('eager');
        return torch.compiler.get_default_backend();
      },
    ],
    [
      'torch.compiler.allow_in_graph(5)',
      () => {
        try {
          return torch.compiler.allow_in_graph(5 as never);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          throw new Error('allow_in_graph expects a callable');
        }
      },
    ],
    ['torch.compiler.config.force_disable_caches', () => torch.compiler.config.force_disable_caches],
  ]);

  it('has guards and marks', () => {
    using _ = torch.compiler.set_stance('force_eager');
    const fn = (x: number): number => x;
    const { allow_in_graph, assume_constant_result, wrap_numpy, nested_compile_region } = torch.compiler;
    expect([allow_in_graph(fn), assume_constant_result(fn), wrap_numpy(fn), nested_compile_region(fn)]).toEqual([
      fn,
      fn,
      fn,
      fn,
    ]);
  });
});

describe('settings', () => {
  const names = (object: object): string[] =>
    Object.entries(object)
      .filter(([, value]) => typeof value !== 'object')
      .map(([name]) => name);
  const { _dynamo, _inductor } = torch;
  compare([
    ...names(_dynamo.config).map(
      (name) => [`__import__("torch._dynamo"); torch._dynamo.config.${name}`, () => _dynamo.config[name]] as const,
    ),
    ...names(_inductor.config).map(
      (name) =>
        [
          `__import__("torch._inductor.config"); torch._inductor.config.${name}`,
          () => (_inductor.config as Record<string, unknown>)[name],
        ] as const,
    ),
    ...names(_inductor.config.triton).map(
      (name) =>
        [
          `__import__("torch._inductor.config"); torch._inductor.config.triton.${name}`,
          () => (_inductor.config.triton as Record<string, unknown>)[name],
        ] as const,
    ),
    ...names(_inductor.config.cpp).map(
      (name) =>
        [
          `__import__("torch._inductor.config"); torch._inductor.config.cpp.${name}`,
          () => (_inductor.config.cpp as Record<string, unknown>)[name],
        ] as const,
    ),
  ]);

  it('can be set', () => {
    _dynamo.config.suppress_errors = true;
    _dynamo.config['some_other'] = 3;
    _inductor.config.triton.unique_kernel_names = true;
    expect([_dynamo.config.suppress_errors, _dynamo.config['some_other']]).toEqual([true, 3]);
    _dynamo.config.suppress_errors = false;
    _dynamo.mark_dynamic(torch.ones(2), 0);
    _dynamo.graph_break();
  });
});

describe('torch.jit for programs that are not scripted', () => {
  compare([
    ['torch.jit.is_scripting()', () => torch.jit.is_scripting()],
    ['torch.jit.is_tracing()', () => torch.jit.is_tracing()],
    ['torch.jit.annotate(int, 5)', () => torch.jit.annotate(Number, 5)],
    ['torch.jit.isinstance(X, torch.Tensor)', () => torch.jit.isinstance(torch.ones(1), torch.Tensor)],
    ['torch.jit.isinstance(5, torch.Tensor)', () => torch.jit.isinstance(5, torch.Tensor)],
    [
      'torch.jit.wait(torch.jit.fork(lambda x, y: x + y, 3, 4))',
      () => torch.jit.wait(torch.jit.fork((x: number, y: number) => x + y, 3, 4)),
    ],
    ['torch.jit.Attribute(1, int).value', () => new torch.jit.Attribute(1, Number).value],
    ['torch.jit.Future is torch.futures.Future', () => torch.jit.Future === torch.futures.Future],
  ]);

  it('lets what a function throws through', () => {
    expect(() =>
      torch.jit.fork(() => {
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
    expect(() => torch.jit.script(new nn.Linear(1, 1) as never)).toThrow('torch.jit.script is not in torch-node');
  });
});

describe('torch.futures', () => {
  const { Future, collect_all, wait_all } = torch.futures;
  const made = <T>(value: T): torch.futures.Future<T> => {
    const future = new Future<T>();
    future.set_result(value);
    return future;
  };
  const DONE = 'f = torch.futures.Future(); f.set_result(5); ';
  const FAILED = 'f = torch.futures.Future(); f.set_exception(ValueError("boom")); ';
  const failed = (): torch.futures.Future<number> => {
    const future = new Future<number>();
    future.set_exception(new Error('boom'));
    return future;
  };
  compare([
    ['torch.futures.Future().done()', () => new Future().done()],
    [`${DONE}f.done()`, () => made(5).done()],
    [`${DONE}f.wait()`, () => made(5).wait()],
    [`${DONE}f.value()`, () => made(5).value()],
    [`${DONE}f.set_result(6)`, () => made(5).set_result(6)],
    [
      `${DONE}f.then(lambda g: g.wait() + 1).wait()`,
      () =>
        made(5)
          .then((g) => g.wait() + 1)
          .wait(),
    ],
    [
      `${DONE}f.then(lambda g: g.wait() + 1).then(lambda g: g.wait() * 2).wait()`,
      () =>
        made(5)
          .then((g) => g.wait() + 1)
          .then((g) => g.wait() * 2)
          .wait(),
    ],
    [`${FAILED}f.done()`, () => failed().done()],
    [`${FAILED}f.wait()`, () => failed().wait()],
    [`${FAILED}f.value()`, () => failed().value()],
    [
      `${FAILED}f.then(lambda g: 7).wait()`,
      () =>
        failed()
          .then(() => 7)
          .wait(),
    ],
    ['torch.futures.Future().set_exception(5)', () => new Future().set_exception(5 as never)],
    ['torch.futures.Future(devices=["cpu"])', () => new Future({ devices: ['cpu'] })],
    [
      `${DONE}[g.wait() for g in torch.futures.collect_all([f, f]).wait()]`,
      () => {
        const f = made(5);
        return collect_all([f, f])
          .wait()
          .map((g) => g.wait());
      },
    ],
    [
      `${DONE}torch.futures.wait_all([f, f])`,
      () => {
        const f = made(5);
        return wait_all([f, f]);
      },
    ],
    [`${FAILED}torch.futures.wait_all([f])`, () => wait_all([failed()])],
    ['torch.futures.wait_all([])', () => wait_all([])],
    ['torch.futures.collect_all([torch.futures.Future()]).done()', () => collect_all([new Future()]).done()],
  ]);

  it('can be awaited', async () => {
    const later = new Future<number>();
    setTimeout(() => {
      later.set_result(3);
    }, 1);
    expect(() => later.wait()).toThrow('await it');
    expect(await later).toBe(3);
    await expect((async () => failed())()).rejects.toThrow('boom');
    expect((await collect_all([made(1), made('a')] as torch.futures.Future<unknown>[])).length).toBe(2);
  });

  it('runs callbacks in order, and makes a warning of what they throw', () => {
    const seen: unknown[] = [];
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const future = new Future<number>();
    future.add_done_callback((f) => seen.push(['first', f.wait()]));
    future.add_done_callback(() => {
      throw new TypeError('no');
    });
    const next = future.then(() => {
      throw new TypeError('no');
    });
    future.add_done_callback(() => seen.push('last'));
    expect(seen).toEqual([]);
    future.set_result(1);
    expect(seen).toEqual([['first', 1], 'last']);
    const text = 'Got the following error when running the callback: TypeError: no';
    expect(String(warned.mock.calls[0]![0])).toContain(text);
    expect(() => next.wait()).toThrow(text);
    warned.mockRestore();
  });
});

describe('torch.overrides', () => {
  const x = torch.ones(1);
  const { overrides } = torch;
  compare([
    ['torch.overrides.is_tensor_like(X)', () => overrides.is_tensor_like(x)],
    ['torch.overrides.is_tensor_like(5)', () => overrides.is_tensor_like(5)],
    ['torch.overrides.has_torch_function((X,))', () => overrides.has_torch_function([x])],
    ['torch.overrides.has_torch_function_unary(X)', () => overrides.has_torch_function_unary(x)],
    ['torch.overrides.has_torch_function_variadic(X, 5)', () => overrides.has_torch_function_variadic(x, 5)],
    [
      'O = torch.ones(1); torch.overrides.handle_torch_function(torch.add, [O], O, O)',
      () => overrides.handle_torch_function(torch.add as (a: torch.Tensor, b: torch.Tensor) => torch.Tensor, [x], x, x),
    ],
    [
      'torch.overrides.is_tensor_method_or_property(torch.Tensor.add)',
      () => overrides.is_tensor_method_or_property(torch.Tensor.prototype.add),
    ],
    [
      'torch.overrides.is_tensor_method_or_property(torch.add)',
      () => overrides.is_tensor_method_or_property(torch.add),
    ],
  ]);
});
