/** Context managers of Python: `using` scopes, decorated functions, scopes left by an exception or an await. */
import { createRequire } from 'node:module';

import { afterEach, describe, expect, it } from 'vitest';

import * as torch from '../../dist/index.js';
import { python } from '../reference.js';

const { autograd, nn, optim, serialization, sparse } = torch;
const { graph, forward_ad } = autograd;

class Twice extends nn.Module {
  forward(weight: torch.Tensor): torch.Tensor {
    return weight.mul(2);
  }
}
const layer = nn.utils.parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Twice());
const parameter = torch.ones(2, { requires_grad: true });
parameter.grad = torch.ones(2);
const optimizer = new optim.SGD([parameter], { momentum: 0.9 });
optimizer.step();
const other = torch.zeros(2);
const x = torch.ones(2, { requires_grad: true });
const level = (): boolean => {
  try {
    const dual = forward_ad.make_dual(torch.ones(1), torch.ones(1));
    return forward_ad.unpack_dual(dual).tangent !== null;
  } catch {
    return false;
  }
};
const hooks_allowed = (): boolean => {
  try {
    return graph.save_on_cpu(() => true);
  } catch {
    return false;
  }
};

/** A guard, the same as a call with a function, and what shows that it is active. */
interface Case {
  readonly guard: () => torch.Guard | torch.Device;
  readonly call: <T>(fn: () => T) => T;
  readonly state: () => unknown;
}

const swapped = [optimizer, { w: other }, optimizer.state_dict()] as const;
const doubled: number[] = [];
const pack = (t: torch.Tensor): torch.Tensor => {
  doubled.push(t.numel());
  return t;
};

/** What becomes of ones that are saved: zeros, where data is skipped. */
function saved_sum(): number {
  const chunks: Uint8Array[] = [];
  torch.set_default_device('cpu', () => {
    torch.save(torch.ones(3, { device: 'cpu' }), { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) });
  });
  return Buffer.concat(chunks).includes(Buffer.from(new Float32Array([1, 1, 1]).buffer)) ? 3 : 0;
}

/** Whether a recomputation goes on after all that backward needs. */
function runs_to_end(): boolean {
  let ends = 0;
  const fn = (value: torch.Tensor): torch.Tensor => {
    const result = value.exp();
    ends++;
    return result;
  };
  torch.set_grad_enabled(true, () => {
    const leaf = torch.ones(2, { requires_grad: true, device: 'cpu' });
    torch.utils.checkpoint.checkpoint(fn, leaf, { use_reentrant: false }).sum().backward();
  });
  return ends === 2;
}

/** Whether the error of a recomputation that differs lists the operators of both runs. */
function lists_operators(): boolean {
  let runs = 0;
  const fn = (value: torch.Tensor): torch.Tensor => (runs++ > 0 ? value.sum() : value).exp();
  return torch.set_grad_enabled(true, () => {
    const leaf = torch.ones(2, { requires_grad: true, device: 'cpu' });
    const y = torch.utils.checkpoint.checkpoint(fn, leaf, { use_reentrant: false });
    try {
      y.sum().backward();
    } catch (error) {
      return (error as Error).message.includes('because you passed');
    }
    throw new Error('the recomputation differs, and was not refused');
  });
}

/** Whether what is saved goes through hooks: it is another tensor then. */
function hooked(): boolean {
  return torch.set_grad_enabled(true, () => {
    const leaf = torch.ones(2, { requires_grad: true, device: 'cpu' });
    const y = leaf.exp();
    torch.no_grad(() => y.mul_(2));
    try {
      y.sum().backward();
      return true;
    } catch {
      return false;
    }
  });
}

/** The strides of a gradient whose layout is not that of its leaf. */
function strides_of_gradient(): string {
  return torch.set_grad_enabled(true, () => {
    const leaf = torch.ones(2, 3, { device: 'cpu' }).t().requires_grad_(true);
    leaf
      .mul(torch.ones([3, 2], { device: 'cpu' }))
      .contiguous()
      .sum()
      .backward();
    return leaf.grad.stride().join();
  });
}

const cases: Record<string, Case> = {
  no_grad: { guard: () => torch.no_grad(), call: torch.no_grad, state: torch.is_grad_enabled },
  autocast: {
    guard: () => torch.autocast('cpu'),
    call: (fn) => torch.autocast('cpu', fn),
    state: () => torch.is_autocast_enabled('cpu'),
  },
  set_grad_enabled: {
    guard: () => torch.set_grad_enabled(false),
    call: (fn) => torch.set_grad_enabled(false, fn),
    state: torch.is_grad_enabled,
  },
  inference_mode: {
    guard: () => torch.inference_mode(),
    call: (fn) => torch.inference_mode(fn),
    state: torch.is_inference_mode_enabled,
  },
  device: {
    guard: () => torch.device('meta'),
    call: (fn) => torch.device('meta', fn),
    state: () => torch.ones(1).device.type,
  },
  set_default_device: {
    guard: () => torch.set_default_device('meta'),
    call: (fn) => torch.set_default_device('meta', fn),
    state: () => torch.ones(1).device.type,
  },
  detect_anomaly: {
    guard: () => autograd.detect_anomaly(),
    call: (fn) => autograd.detect_anomaly(fn),
    state: autograd.is_anomaly_enabled,
  },
  set_detect_anomaly: {
    guard: () => autograd.set_detect_anomaly(true),
    call: (fn) => autograd.set_detect_anomaly(true, true, fn),
    state: autograd.is_anomaly_enabled,
  },
  saved_tensors_hooks: {
    guard: () => graph.saved_tensors_hooks(pack, (t: torch.Tensor) => t),
    call: (fn) => graph.saved_tensors_hooks(pack, (t: torch.Tensor) => t, fn),
    state: () => {
      const before = doubled.length;
      torch.set_grad_enabled(true, () => x.exp());
      return doubled.length - before;
    },
  },
  disable_saved_tensors_hooks: {
    guard: () => graph.disable_saved_tensors_hooks('no'),
    call: (fn) => graph.disable_saved_tensors_hooks('no', fn),
    state: hooks_allowed,
  },
  dual_level: { guard: () => forward_ad.dual_level(), call: forward_ad.dual_level, state: level },
  cached: {
    guard: () => nn.utils.parametrize.cached(),
    call: (fn) => nn.utils.parametrize.cached(fn),
    state: () => layer.weight === layer.weight,
  },
  check_sparse_tensor_invariants: {
    guard: () => sparse.check_sparse_tensor_invariants(),
    call: (fn) => sparse.check_sparse_tensor_invariants(true, fn),
    state: () => sparse.check_sparse_tensor_invariants.is_enabled(),
  },
  safe_globals: {
    guard: () => serialization.safe_globals([Twice]),
    call: (fn) => serialization.safe_globals([Twice], fn),
    state: () => serialization.get_safe_globals().length,
  },
  set_multithreading_enabled: {
    guard: () => autograd.set_multithreading_enabled(false),
    call: (fn) => autograd.set_multithreading_enabled(false, fn),
    state: autograd.is_multithreading_enabled,
  },
  set_default_mmap_options: {
    guard: () => serialization.set_default_mmap_options(serialization.MAP_SHARED),
    call: (fn) => serialization.set_default_mmap_options(serialization.MAP_SHARED, fn),
    state: serialization.get_default_mmap_options,
  },
  skip_data: {
    guard: () => serialization.skip_data(),
    call: (fn) => serialization.skip_data(fn),
    state: () => saved_sum(),
  },
  set_checkpoint_early_stop: {
    guard: () => torch.utils.checkpoint.set_checkpoint_early_stop(false),
    call: (fn) => torch.utils.checkpoint.set_checkpoint_early_stop(false, fn),
    state: () => runs_to_end(),
  },
  set_checkpoint_debug_enabled: {
    guard: () => torch.utils.checkpoint.set_checkpoint_debug_enabled(true),
    call: (fn) => torch.utils.checkpoint.set_checkpoint_debug_enabled(true, fn),
    state: () => lists_operators(),
  },
  save_on_cpu: {
    guard: () => graph.save_on_cpu(),
    call: (fn) => graph.save_on_cpu(fn),
    state: hooked,
  },
  allow_mutation_on_saved_tensors: {
    guard: () => graph.allow_mutation_on_saved_tensors(),
    call: (fn) => graph.allow_mutation_on_saved_tensors(fn),
    state: hooked,
  },
  enforce_grad_layout_policy: {
    guard: () => autograd.enforce_grad_layout_policy(false),
    call: (fn) => autograd.enforce_grad_layout_policy(false, fn),
    state: () => strides_of_gradient(),
  },
  sdpa_kernel: {
    guard: () => nn.attention.sdpa_kernel(nn.attention.SDPBackend.MATH),
    call: (fn) => nn.attention.sdpa_kernel(nn.attention.SDPBackend.MATH, false, fn),
    state: () => torch.backends.cuda.flash_sdp_enabled(),
  },
  flags: {
    guard: () => torch.backends.mkldnn.flags({ enabled: false }),
    call: (fn) => torch.backends.mkldnn.flags(fn, { enabled: false }),
    state: () => torch.backends.mkldnn.enabled,
  },
  swap_in_optimizer_params_and_state: {
    guard: () => optim.swap_in_optimizer_params_and_state(...swapped),
    call: (fn) => optim.swap_in_optimizer_params_and_state(...swapped, fn),
    state: () => optimizer.param_groups[0]!.params[0] === other,
  },
};
const names = Object.keys(cases);
const decorators = names.filter((name) => name !== 'device');

/** What the guards of the tests have left behind. */
afterEach(() => {
  expect(names.map((name) => cases[name]!.state())).toEqual(outside);
});
const outside = names.map((name) => cases[name]!.state());

describe('a scope of `using`', () => {
  it.each(names)('is that of %s with a function, and ends with the block', (name) => {
    const { guard, call, state } = cases[name]!;
    const wanted = call(state);
    const before = state();
    expect(wanted).not.toEqual(before);
    {
      using _ = guard();
      expect(state()).toEqual(wanted);
    }
    expect(state()).toEqual(before);
  });

  it.each(names)('of %s ends when an exception leaves it', (name) => {
    const { guard, state } = cases[name]!;
    const before = state();
    expect(() => {
      using _ = guard();
      throw new RangeError('out');
    }).toThrow(new RangeError('out'));
    expect(state()).toEqual(before);
  });

  it('begins there: a guard that is not used switches nothing, and can be used again', () => {
    const guard = torch.no_grad();
    expect(torch.is_grad_enabled()).toBe(true);
    for (let i = 0; i < 2; i++) {
      using _ = guard;
      {
        using __ = guard;
        expect(torch.is_grad_enabled()).toBe(false);
      }
      expect(torch.is_grad_enabled()).toBe(false);
    }
    expect(torch.is_grad_enabled()).toBe(true);
  });
});

describe('a decorated function', () => {
  it.each(decorators)('runs in %s, with its receiver, arguments and result', (name) => {
    const { guard, call, state } = cases[name]!;
    const wanted = call(state);
    const before = state();
    const decorate = guard() as torch.Guard;
    class Counter {
      factor = 3;
      seen(n: number, more: number[]): unknown[] {
        return [this.factor * n, more, state()];
      }
    }
    Counter.prototype.seen = decorate(Counter.prototype.seen);
    expect(state()).toEqual(before);
    const more = [1];
    for (let i = 0; i < 2; i++) {
      const result = new Counter().seen(2, more);
      expect(result).toEqual([6, more, wanted]);
      expect(result[1]).toBe(more);
      expect(state()).toEqual(before);
    }
    expect([Counter.prototype.seen.name, Counter.prototype.seen.length]).toEqual(['seen', 2]);
  });

  it('that is asynchronous is refused when it is decorated', () => {
    expect(() => torch.no_grad()(async () => Promise.resolve(1))).toThrow(
      new TypeError('no_grad(): the function must be synchronous: the mode ends when it returns'),
    );
    expect(() => torch.no_grad()(() => Promise.resolve(1))()).toThrow(/^no_grad\(\): the function must be synchronous/);
  });

  it('must be a function, and the decorator one of ECMAScript', () => {
    const decorate = torch.no_grad() as unknown as (...args: unknown[]) => unknown;
    const context = { kind: 'field', name: 'f', addInitializer: () => undefined };
    expect(() => decorate(3)).toThrow(new TypeError('no_grad(): decorates methods and functions, not int'));
    expect(() => decorate(class {}, { ...context, kind: 'class' })).toThrow(
      new TypeError('no_grad(): decorates methods and functions, not a class'),
    );
    expect(() => decorate(undefined, context)).toThrow(TypeError);
    expect(() => decorate(() => 1, 'name', { value: 1 })).toThrow(/experimentalDecorators/);
  });
});

describe('a scope that does not end in order', () => {
  const begin = (guard: torch.Guard): (() => void) => guard[Symbol.dispose].bind(guard);

  it('ends with the scope around it, and throws when it is disposed', () => {
    const end_outer = begin(torch.no_grad());
    const end_inner = begin(torch.enable_grad());
    end_outer();
    expect(torch.is_grad_enabled()).toBe(true);
    expect(end_inner).toThrow(new Error('enable_grad(): the scope around it, of no_grad(), ended before it'));
    expect(torch.is_grad_enabled()).toBe(true);
    end_inner();
    end_outer();
  });

  it('ends with the function that it was opened in', () => {
    let end: (() => void) | undefined;
    torch.inference_mode(() => {
      end = begin(torch.no_grad());
    });
    expect(end).toThrow(new Error('no_grad(): the scope around it, of inference_mode(), ended before it'));
  });

  it.each(names)('of %s ends at an await, where other code may run, and throws', async (name) => {
    const { guard, state } = cases[name]!;
    const before = state();
    const seen: unknown[] = [];
    const run = async (): Promise<void> => {
      using _ = guard();
      await null;
      seen.push(state());
    };
    const running = run();
    await null;
    seen.push(state());
    await expect(running).rejects.toThrow(
      new Error(`${name}(): the mode ended at the first await, which its scope must not contain`),
    );
    expect(seen).toEqual([before, before]);
  });

  it('lets an asynchronous function open and close scopes between awaits', async () => {
    const run = async (): Promise<boolean[]> => {
      const seen: boolean[] = [];
      for (let i = 0; i < 3; i++) {
        {
          using _ = torch.no_grad();
          seen.push(torch.is_grad_enabled());
        }
        await null;
        seen.push(torch.is_grad_enabled());
      }
      return seen;
    };
    const all = await Promise.all([run(), run()]);
    expect(all).toEqual([0, 0].map(() => [false, true, false, true, false, true]));
  });
});

describe('as in Python', () => {
  it('modes nest, and set_grad_enabled sets at once', () => {
    const log: boolean[] = [];
    const note = (): void => {
      log.push(torch.is_grad_enabled());
    };
    {
      using _ = torch.no_grad();
      note();
      {
        using __ = torch.enable_grad();
        note();
        torch.set_grad_enabled(false);
        note();
      }
      note();
      {
        using __ = torch.inference_mode(false);
        note();
      }
      note();
    }
    note();
    const guard = torch.set_grad_enabled(false);
    note();
    torch.set_grad_enabled(true);
    {
      using _ = guard;
      note();
    }
    note();
    const decorated = torch.set_grad_enabled(false)(note);
    note();
    decorated();
    note();
    const [expected] = python<[unknown[]]>('snippets.py', [
      [
        `
log = []
note = lambda: log.append(torch.is_grad_enabled())
with torch.no_grad():
    note()
    with torch.enable_grad():
        note()
        torch.set_grad_enabled(False)
        note()
    note()
    with torch.inference_mode(False):
        note()
    note()
note()
guard = torch.set_grad_enabled(False)
note()
torch.set_grad_enabled(True)
with guard:
    note()
note()
decorated = torch.set_grad_enabled(False)(note)
note()
decorated()
note()
show(log)`,
      ],
    ]);
    expect([log]).toEqual(expected);
  });

  it('fork_rng restores what was drawn in it', () => {
    const drawn: number[] = [];
    const draw = (): void => {
      drawn.push(torch.rand(1).item());
    };
    torch.manual_seed(3);
    {
      using _ = torch.random.fork_rng();
      draw();
      torch.manual_seed(5);
      draw();
    }
    draw();
    torch.random.fork_rng(draw);
    torch.random.fork_rng(draw, [], false);
    torch.random.fork_rng()(draw)();
    draw();
    const [expected] = python<[unknown[]]>('snippets.py', [
      [
        `
drawn = []
draw = lambda: drawn.append(torch.rand(1).item())
torch.manual_seed(3)
with torch.random.fork_rng():
    draw()
    torch.manual_seed(5)
    draw()
draw()
with torch.random.fork_rng():
    draw()
with torch.random.fork_rng([], False):
    draw()
torch.random.fork_rng()(draw)()
draw()
show(drawn)`,
      ],
    ]);
    expect([drawn]).toEqual(expected);
    expect(() => torch.random.fork_rng({ device_type: 'nowhere' })).toThrow(/^torch has no module of `nowhere`/);
  });

  it('save_on_cpu and checkpoint take and are guards', () => {
    const grads: number[][] = [];
    const w = torch.tensor([0.5, 1.5], { requires_grad: true });
    {
      using _ = graph.save_on_cpu();
      w.exp().sum().backward();
    }
    grads.push(w.grad.tolist());
    const log: boolean[] = [];
    const y = torch.utils.checkpoint.checkpoint(
      (t: torch.Tensor) => {
        log.push(torch.is_grad_enabled());
        return t.sin();
      },
      w,
      { use_reentrant: false, context_fn: () => [torch.enable_grad(), torch.set_grad_enabled(true)] },
    );
    y.sum().backward();
    grads.push(w.grad.tolist());
    const [expected] = python<[unknown[]]>('snippets.py', [
      [
        `
w = torch.tensor([0.5, 1.5], requires_grad=True)
grads, log = [], []
with torch.autograd.graph.save_on_cpu():
    w.exp().sum().backward()
grads.append(w.grad.tolist())
def f(t):
    log.append(torch.is_grad_enabled())
    return t.sin()
from torch.utils.checkpoint import checkpoint
y = checkpoint(f, w, use_reentrant=False, context_fn=lambda: (torch.enable_grad(), torch.set_grad_enabled(True)))
y.sum().backward()
grads.append(w.grad.tolist())
show(grads)
show(log)`,
      ],
    ]);
    expect([grads, log]).toEqual(expected);
  });
});

/** Python's context managers that have no case above, and why. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^torch\.(?:cuda|amp|cpu|mtia|xpu|mps|accelerator)\./, 'of devices: tested with them'],
  [
    /\.(?:profile|record_function|Profile|range|metal_capture)$/,
    'begins and ends something: tests/profiler, with `using`',
  ],
  [/\.emit_(?:itt|nvtx)$/, 'a guard for one use: tests/autograd/emit.test.ts'],
  [/\.(?:FlopCounterMode|ModuleTracker|RemovableHandle)$/, 'an object that `using` ends: tested with it'],
  [/^torch\.random\.fork_rng$|^torch\.autograd\.grad_mode\.enable_grad$/, 'tests/random.test.ts, and below'],
  [/^torch\.jit\.strict_fusion$/, 'has no effect without fusion: tests/jit'],
  [/^torch\.backends\.(?:cuda\.sdp_kernel|mkl\.verbose|mkldnn\.verbose)$/, 'prints, or is deprecated: tests/backends'],
];

describe("Python's context managers", () => {
  const source = `
import ast, os, torch
out = []
root = os.path.dirname(torch.__file__)
skipped = ('testing', 'onnx', 'distributed', 'fx', 'include', 'lib', 'bin', 'share', 'contrib')
for at, folders, files in os.walk(root):
    parts = [] if at == root else os.path.relpath(at, root).split(os.sep)
    if any(part.startswith('_') or part in skipped for part in parts):
        folders[:] = []
        continue
    for file in files:
        if not file.endswith('.py') or (file.startswith('_') and file != '__init__.py'): continue
        module = '.'.join(['torch', *parts, *([] if file == '__init__.py' else [file[:-3]])])
        for node in ast.parse(open(os.path.join(at, file)).read()).body:
            name = getattr(node, 'name', '_')
            if name.startswith('_'): continue
            if isinstance(node, ast.ClassDef):
                methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
                bases = [ast.unparse(base) for base in node.bases]
                if '__enter__' in methods or any('ContextManager' in base or 'saved_tensors_hooks' in base for base in bases):
                    out.append(f'{module}.{name}')
            elif isinstance(node, ast.FunctionDef) and any('contextmanager' in ast.unparse(each) for each in node.decorator_list):
                out.append(f'{module}.{name}')
show(sorted(out))
`;
  const own = createRequire(import.meta.url);
  const { lookup } = own('../../scripts/dev/name_lookup.js') as { lookup(name: string): boolean };

  it('work in all three forms where they are here', () => {
    const [[all]] = python<string[][][]>('snippets.py', [[source]]) as [[string[]]];
    expect(all.length).toBeGreaterThan(50);
    const untested = all.filter(
      (path) =>
        lookup(path) &&
        !Object.hasOwn(cases, path.split('.').at(-1)!) &&
        !others.some(([pattern]) => pattern.test(path)),
    );
    expect(untested).toEqual([]);
    expect(others.filter(([pattern]) => !all.some((path) => pattern.test(path))).map(String)).toEqual([]);
  });
});
