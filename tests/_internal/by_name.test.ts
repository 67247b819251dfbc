/** Functions that are written by hand take the arguments that Python's take, and throw where Python throws. */
import * as torch from 'torch-node';
import * as safetensors from 'torch-node/safetensors';
import * as torchvision from 'torch-node/vision';
import type { Tensor } from 'torch-node';
import { describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';

const { autograd, masked, nested, sparse } = torch;
const { checkpoint, checkpoint_sequential } = torch.utils.checkpoint;
const { windows } = torch.signal;
const { transforms, utils } = torchvision;
const leaf = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.float64, requires_grad: true });

function shown(source: string): unknown {
  const [[value]] = python<[[unknown]]>('snippets.py', [[source]]);
  return value;
}

describe('autograd.grad and backward', () => {
  it('take inputs in a dict, and only_inputs', () => {
    const [a, b] = [leaf(1, 2), leaf(3, 4)];
    const found = autograd.grad(a.mul(b).sum(), { a, b }, { only_inputs: true });
    expect([Object.keys(found), found.a.tolist(), found.b.tolist()]).toEqual([
      ['a', 'b'],
      [3, 4],
      [1, 2],
    ]);
    expect(autograd.grad({ outputs: a.sum(), inputs: a })[0]?.tolist()).toEqual([1, 1]);
    autograd.backward(a.mul(b).sum(), { inputs: { a } });
    expect([a.grad?.tolist(), b.grad]).toEqual([[3, 4], null]);
  });

  it('take inputs from anything that is iterable', () => {
    const layer = new torch.nn.Linear(2, 1);
    expect(autograd.grad(layer(torch.ones(1, 2)).sum(), layer.parameters()).map(({ shape }) => [...shape])).toEqual([
      [1, 2],
      [1],
    ]);
  });

  it('materialize zeros for infinite inputs too', () => {
    const [a, b] = [leaf(1), leaf(Infinity)];
    expect(autograd.grad(a.sum(), [a, b], { materialize_grads: true }).map((gradient) => gradient.tolist())).toEqual([
      [1],
      [0],
    ]);
    expect(
      torch.func
        .grad((x: Tensor, y: Tensor) => y.sum().add(x.detach().mul(0).nan_to_num().sum()))(b, a)
        .tolist(),
    ).toEqual([0]);
  });

  it.each([
    ['torch.autograd.grad(x.sum(), [])', () => autograd.grad(leaf(1).sum(), [])],
    [
      'torch.autograd.backward(x.sum(), inputs=[])',
      () => {
        autograd.backward(leaf(1).sum(), { inputs: [] });
      },
    ],
    [
      'torch.autograd.backward(x, torch.ones(1), grad_variables=torch.ones(1))',
      () => {
        autograd.backward(leaf(1), torch.ones(1), { grad_variables: torch.ones(1) });
      },
    ],
  ])('refuse as Python: %s', (source, call) => {
    const { error } = shown(`x = torch.ones(1, requires_grad=True)\n${source}`) as { error: string };
    expect(call).toThrow(new Error(error));
  });

  it('Variable is there', () => {
    expect(autograd.Variable(torch.ones(2), { requires_grad: true }).requires_grad).toBe(true);
  });
});

describe('checkpoint', () => {
  it('keeps its own options, and hands on the others', () => {
    const x = leaf(0.5, 1);
    const seen: unknown[] = [];
    const scaled = (value: Tensor, options: { factor: number }): Tensor => {
      seen.push(options);
      return value.exp().mul(options.factor).sum();
    };
    const loss = checkpoint(scaled, x, {
      use_reentrant: false,
      factor: 3,
      early_stop: false,
      determinism_check: 'none',
    });
    loss.backward();
    expect(seen).toEqual([{ factor: 3 }, { factor: 3 }]);
    expect(x.grad?.tolist()).toEqual(x.detach().exp().mul(3).tolist());
  });

  it('leaves an object alone that holds none of its options', () => {
    const batch = { input: leaf(2) };
    expect(checkpoint((given: typeof batch) => given === batch && given.input.sum().item(), batch)).toBe(2);
  });

  it('runs both times in what context_fn gives', () => {
    const x = leaf(1);
    const seen: string[] = [];
    const context =
      (name: string) =>
      <T>(fn: () => T): T => {
        seen.push(name);
        return fn();
      };
    checkpoint((value: Tensor) => value.exp().sum(), x, {
      use_reentrant: false,
      context_fn: () => [context('forward'), context('again')],
    }).backward();
    expect(seen).toEqual(['forward', 'again']);
  });

  it('tells as Python what the second run does otherwise', () => {
    const twice = (second: (x: Tensor) => Tensor, first: (x: Tensor) => Tensor, options: object): string => {
      let runs = 0;
      const loss = checkpoint((x: Tensor) => (runs++ === 0 ? first(x) : second(x)), leaf(1, 2), {
        use_reentrant: false,
        ...options,
      });
      try {
        loss.backward();
      } catch (error) {
        expect(error).toBeInstanceOf(torch.utils.checkpoint.CheckpointError);
        return (error as Error).message;
      }
      return 'nothing';
    };
    const more = (x: Tensor): Tensor => x.exp().sin().exp().sum();
    const fewer = (x: Tensor): Tensor => x.exp().sum();
    const smaller = (x: Tensor): Tensor => x.index(':1').exp().sum();
    const ours = [twice(fewer, more, {}), twice(more, fewer, { early_stop: false }), twice(smaller, fewer, {})];
    const theirs = shown(`
from torch.utils.checkpoint import checkpoint
def twice(second, first, **options):
    runs = []
    def both(x):
        runs.append(1)
        return first(x) if len(runs) == 1 else second(x)
    loss = checkpoint(both, torch.tensor([1., 2.], dtype=torch.float64, requires_grad=True), use_reentrant=False, **options)
    try:
        loss.backward()
    except Exception as error:
        return str(error)
more = lambda x: x.exp().sin().exp().sum()
fewer = lambda x: x.exp().sum()
smaller = lambda x: x[:1].exp().sum()
show([twice(fewer, more), twice(more, fewer, early_stop=False), twice(smaller, fewer)])`) as string[];
    // The tip about debug that follows names other ways to write it.
    expect(ours.map((text) => text.split('\nTip:')[0])).toEqual(theirs.map((text) => text.split('\nTip:')[0]));
  });

  it.each([
    [
      { use_reentrant: true, context_fn: () => [torch.no_grad, torch.no_grad] },
      'use_reentrant=True, context_fn=lambda: 1',
    ],
    [{ use_reentrant: true, factor: 3 }, 'use_reentrant=True, factor=3'],
    [{ use_reentrant: false, determinism_check: 'all' }, 'use_reentrant=False, determinism_check="all"'],
  ])('refuses as Python: %j', (options, source) => {
    const { error } = shown(
      `from torch.utils.checkpoint import checkpoint\ncheckpoint(lambda x: x, torch.ones(1), ${source})`,
    ) as { error: string };
    expect(() => checkpoint((x: Tensor) => x, torch.ones(1), options as object)).toThrow(new Error(error));
  });

  const doubled = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.float64, requires_grad: true });
  const outcome = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return (error as Error).message;
    }
  };
  const reentrant = { use_reentrant: true };
  const programs: Record<string, () => unknown> = {
    'through(lambda x: x.exp().sin())': () => through((x) => x.exp().sin()),
    'through(lambda x: checkpoint(torch.sin, x.exp(), use_reentrant=True))': () =>
      through((x) => checkpoint((y: Tensor) => y.sin(), x.exp(), reentrant)),
    'through(lambda x: x.detach())': () => through((x) => x.detach()),
    'through(torch.exp, lambda y, x: torch.autograd.grad(y, x))': () =>
      through(
        (x) => x.exp(),
        (y, x) => torch.autograd.grad(y, x),
      ),
    'through(torch.exp, lambda y, x: y.backward(inputs=[x]))': () =>
      through(
        (x) => x.exp(),
        (y, x) => {
          y.backward({ inputs: [x] });
        },
      ),
    'through(torch.exp, lambda y, x: torch.autograd.backward(y, inputs=[x]))': () =>
      through(
        (x) => x.exp(),
        (y, x) => {
          torch.autograd.backward(y, { inputs: [x] });
        },
      ),
    'through(torch.exp)': () => through((x) => x.exp()), // After the Errors above, all is as before.
    'checkpoint(torch.exp, torch.ones(1), use_reentrant=True).requires_grad': () =>
      checkpoint((x: Tensor) => x.exp(), torch.ones(1), reentrant).requires_grad,
    'checkpoint(lambda x: (x, 3), torch.ones(1, requires_grad=True), use_reentrant=True)[1]': () =>
      checkpoint((x: Tensor) => [x, 3] as const, torch.ones(1, { requires_grad: true }), reentrant)[1],
    'twice()': () => {
      const x = doubled(0.5, 1.5);
      let runs = 0;
      const fn = (value: Tensor): Tensor => {
        runs++;
        return value.exp().sin();
      };
      const y = checkpoint(fn, x, { use_reentrant: false }).sum();
      y.backward({ retain_graph: true });
      y.backward();
      return [runs, x.grad!.tolist()];
    },
    'inside(True)': () => inside(true),
    'inside(False)': () => inside(false),
  };
  function through(
    fn: (x: Tensor) => Tensor,
    pass: (y: Tensor, x: Tensor) => unknown = (y) => {
      y.backward();
    },
  ): unknown {
    const x = doubled(0.5, 1.5);
    pass(checkpoint(fn, x, reentrant).sum(), x);
    return x.grad?.tolist();
  }
  function inside(early_stop: boolean): unknown {
    const x = doubled(0.5, 1.5);
    const fn = (value: Tensor): Tensor => {
      const [gradient] = torch.autograd.grad(value.sin().cos().sum(), [value], { retain_graph: true });
      return value.cos().mul(gradient!);
    };
    checkpoint(fn, x, { use_reentrant: false, early_stop }).sum().backward();
    return x.grad!.tolist();
  }

  it('computes what Python computes in both forms, and refuses what its reentrant form refuses', () => {
    const source = `
from torch.utils.checkpoint import checkpoint
def doubled(): return torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
def through(fn, run=lambda y, x: y.backward()):
    x = doubled()
    run(checkpoint(fn, x, use_reentrant=True).sum(), x)
    return x.grad.tolist()
def twice():
    x, runs = doubled(), []
    y = checkpoint(lambda x: runs.append(1) or x.exp().sin(), x, use_reentrant=False).sum()
    y.backward(retain_graph=True)
    y.backward()
    return [len(runs), x.grad.tolist()]
def inside(early_stop):
    x = doubled()
    def fn(x):
        gradient, = torch.autograd.grad(x.sin().cos().sum(), [x], retain_graph=True)
        return x.cos() * gradient
    checkpoint(fn, x, use_reentrant=False, early_stop=early_stop).sum().backward()
    return x.grad.tolist()
def outcome(run):
    try:
        return run()
    except Exception as error:
        return str(error)
show([outcome(run) for run in [${Object.keys(programs)
      .map((text) => `lambda: ${text}`)
      .join(', ')}]])`;
    expect(Object.values(programs).map(outcome)).toEqual(shown(source));
  });

  it('warns as Python where a form is not named, and where no input requires a gradient', () => {
    const spy = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const x = torch.ones(2, { dtype: torch.float16 });
    checkpoint_sequential([(y: Tensor) => y, (y: Tensor) => y], 2, x);
    torch.utils.checkpoint.check_backward_validity([x]);
    const ours = spy.mock.calls.map(([text]) => String(text));
    spy.mockRestore();
    const theirs = shown(`
import warnings
from torch.utils.checkpoint import *
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    checkpoint(lambda x: x, torch.ones(2), use_reentrant=None)
    checkpoint_sequential([lambda y: y, lambda y: y], 2, torch.ones(2, requires_grad=True))
show([str(warning.message) for warning in caught])`) as string[];
    // Each text is given once in a process.
    expect(theirs).toEqual(expect.arrayContaining(ours));
    expect(ours.length).toBeGreaterThan(0);
  });

  it('takes modules in sequence by position or name', () => {
    const model = new torch.nn.Sequential(new torch.nn.Linear(2, 2), new torch.nn.ReLU(), new torch.nn.Linear(2, 1));
    const x = torch.ones(1, 2);
    const wanted = model(x).tolist();
    expect(checkpoint_sequential(model as never, 2, x, false).tolist()).toEqual(wanted);
    expect(
      checkpoint_sequential(model as never, 2, x, { use_reentrant: false, preserve_rng_state: false }).tolist(),
    ).toEqual(wanted);
  });
});

describe('what is given by name or position gives what Python gives', () => {
  it('sparse.sum', () => {
    const x = torch
      .tensor([
        [0, 1.5],
        [2, 0],
      ])
      .to_sparse();
    const ours = [
      sparse.sum(x, { dtype: torch.float64 }),
      sparse.sum(x, 0, torch.float64).to_dense(),
      sparse.sum({ input: x, dim: [1] }).to_dense(),
    ].map((value) => [value.tolist(), String(value.dtype)]);
    expect(ours).toEqual(
      shown(`
x = torch.tensor([[0, 1.5], [2, 0]]).to_sparse()
show([[v.tolist(), str(v.dtype)] for v in [
    torch.sparse.sum(x, dtype=torch.float64), torch.sparse.sum(x, 0, torch.float64).to_dense(), torch.sparse.sum(x, dim=[1]).to_dense()]])`),
    );
  });

  it('save_on_cpu', () => {
    const gradient = (pin: boolean): unknown => {
      const x = leaf(1, 2);
      autograd.graph.save_on_cpu(() => x.mul(x).sum(), { pin_memory: pin }).backward();
      return x.grad?.tolist();
    };
    expect([gradient(false), gradient(true)]).toEqual([
      [2, 4],
      [2, 4],
    ]);
  });

  it('vmap and its like', () => {
    const add = (a: Tensor, b: Tensor): Tensor => a.add(b);
    const m = torch.arange(6).view(2, 3);
    expect(torch.vmap(add, [1, null], 0, 'error')(m, torch.ones(2)).tolist()).toEqual(
      torch
        .vmap(add, { in_dims: [1, null] })(m, torch.ones(2))
        .tolist(),
    );
    expect(
      torch.func
        .grad((a: Tensor, b: Tensor) => a.mul(b).sum(), 1)(leaf(2), leaf(3))
        .tolist(),
    ).toEqual([2]);
    expect(
      torch.func
        .hessian(
          (a: Tensor) => a.pow(3).sum(),
          0,
        )(leaf(2))
        .tolist(),
    ).toEqual([[12]]);
  });

  it('Normalize, make_grid and Compose', () => {
    const image = torch.arange(8, { dtype: torch.float32 }).view(2, 2, 2);
    const wanted = new transforms.Normalize([1, 2], [3, 4])(image).tolist();
    expect(new transforms.Normalize({ mean: [1, 2], std: [3, 4] })(image).tolist()).toEqual(wanted);
    expect(
      new transforms.Compose({ transforms: [new transforms.Normalize([1, 2], { std: [3, 4] })] as const })(
        image,
      ).tolist(),
    ).toEqual(wanted);
    expect(utils.make_grid(image.unsqueeze(1), 1, 0).tolist()).toEqual(
      utils.make_grid({ tensor: image.unsqueeze(1), nrow: 1, padding: 0 }).tolist(),
    );
  });

  it('masked, windows and nested tensors', () => {
    const x = torch.tensor([1, 2, 3]);
    expect(masked.sum({ input: x, dim: 0 }).item()).toBe(6);
    expect(windows.hann({ M: 5 }).tolist()).toEqual(windows.hann(5).tolist());
    expect(nested.nested_tensor({ tensor_list: [[1], [2, 3]] }).is_nested).toBe(true);
  });
});

describe('what Python refuses is refused', () => {
  const x = torch.ones(3);
  it.each([
    [
      () => autograd.detect_anomaly(() => 1, { check_nann: true } as object),
      "detect_anomaly() got an unexpected keyword argument 'check_nann'",
    ],
    [
      () => {
        autograd.set_detect_anomaly('yes' as never);
      },
      "set_detect_anomaly(): argument 'mode' must be bool, not str",
    ],
    [
      () => torch.no_grad(...([() => 1, 2] as unknown as [() => number])),
      'no_grad() takes from 0 to 1 positional arguments but 2 were given',
    ],
    [() => torch.scope(3 as never), "scope(): argument 'fn' must be a function, not int"],
    [
      () => {
        torch.set_default_device('cpu', 3 as never);
      },
      "set_default_device(): argument 'fn' must be a function, not int",
    ],
    [
      () => {
        torch.set_num_threads('2' as never);
      },
      "set_num_threads(): argument 'count' must be int, not str",
    ],
    [
      () => {
        torch.use_deterministic_algorithms(true, { warn: true } as object);
      },
      "use_deterministic_algorithms() got an unexpected keyword argument 'warn'",
    ],
    [
      () => {
        torch.backends.cuda.enable_math_sdp(1 as never);
      },
      "enable_math_sdp(): argument 'enabled' must be bool, not int",
    ],
    [
      () => {
        torch.backends.mha.set_fastpath_enabled(1 as never);
      },
      "set_fastpath_enabled(): argument 'value' must be bool, not int",
    ],
    [
      () => {
        torch.cuda.synchronize({ device: true } as never);
      },
      "synchronize(): argument 'device' must be torch.device, not bool",
    ],
    [() => autograd.forward_ad.make_dual(x, 3 as never), "make_dual(): argument 'tangent' must be Tensor, not int"],
    [
      () => torch.func.vmap((a: Tensor) => a, { in_dim: 0 } as object),
      "vmap() got an unexpected keyword argument 'in_dim'",
    ],
    [() => torch.func.functional_call(3 as never, {}), "functional_call(): argument 'module' must be Module, not int"],
    [
      () => new transforms.Normalize([1], [1], { in_place: true } as object),
      "Normalize() got an unexpected keyword argument 'in_place'",
    ],
    [() => utils.make_grid(x, { rows: 2 } as object), "make_grid() got an unexpected keyword argument 'rows'"],
    [
      () => new torchvision.datasets.MNIST('.', { trainn: true } as object),
      "MNIST() got an unexpected keyword argument 'trainn'",
    ],
    [() => masked.sum(x, { dims: 0 } as object), "sum() got an unexpected keyword argument 'dims'"],
    [
      () => masked.softmax(x, ...([] as unknown as [number])),
      "softmax() missing 1 required positional argument: 'dim'",
    ],
    [() => windows.kaiser(5, { betta: 1 } as object), "kaiser() got an unexpected keyword argument 'betta'"],
    [() => windows.general_cosine(5, {} as never), "general_cosine() missing 1 required keyword-only argument: 'a'"],
    [
      () => nested.nested_tensor([x], { dtpe: null } as object),
      "nested_tensor() got an unexpected keyword argument 'dtpe'",
    ],
    [
      () => sparse.sum(x.to_sparse(), 0, torch.float32, ...([1] as unknown as [])),
      'sum() takes from 1 to 3 positional arguments but 4 were given',
    ],
    [() => torch.jit.freeze(3 as never), "freeze(): argument 'mod' must be ScriptModule, not int"],
    [
      () => {
        torch.hub.set_dir(3 as never);
      },
      "set_dir(): argument 'd' must be str, not int",
    ],
    [
      () => {
        safetensors.save_file({}, 3 as never);
      },
      "save_file(): argument 'filename' must be str or URL, not int",
    ],
    [
      () => safetensors.load_file('x', { device: 'cpu', backend: 'io_uring' as never }),
      "load_file(): backend io_uring is invalid; there is 'mmap'",
    ],
    [
      () => torch.hand_over(...([1, 2] as unknown as [number])),
      'hand_over() takes 1 positional argument but 2 were given',
    ],
  ])('%s', (call, message) => {
    expect(call).toThrow(message);
  });
});
