import { spawnSync } from 'node:child_process';

import { afterEach, describe, expect, it, vi } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { root } from '../package_root.js';
import { after, side_by_side } from './side_by_side.js';

const hooks_of_all = nn.modules.module;

/** Two inputs, two outputs, an option. */
class Pair extends nn.Module {
  inner = new nn.Linear(2, 2);

  forward(a: Tensor, b: Tensor, options: { factor?: number } = {}): [Tensor, Tensor] {
    return [this.inner(a).mul(options.factor ?? 1), b.mul(3)];
  }
}

const PAIR = `
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2, 2)
    def forward(self, a, b, factor=1):
        return self.inner(a) * factor, b * 3
`;

const py = (body: string): string => after(PAIR, body);

describe('forward hooks', () => {
  side_by_side({
    'get keyword arguments apart, and may replace them': {
      py: py(`
        m = Pair()
        def before(module, args, kwargs):
            show("before", len(args), kwargs)
            return (args[0] * 2, args[1]), {"factor": 10}
        def after(module, args, kwargs, output):
            show("after", len(args), kwargs, args[0])
            return output[0]
        m.register_forward_pre_hook(before, with_kwargs=True)
        m.register_forward_hook(after, with_kwargs=True)
        show(m(torch.ones(1, 2), torch.ones(1), factor=5))
        show(m(torch.ones(1, 2), torch.ones(1)))`),
      ts: (show) => {
        const m = new Pair();
        m.register_forward_pre_hook(
          (_module, args, kwargs) => {
            show('before', args.length, kwargs);
            return [[(args[0] as Tensor).mul(2), args[1]], { factor: 10 }];
          },
          { with_kwargs: true },
        );
        m.register_forward_hook(
          (_module, args, kwargs, output) => {
            show('after', args.length, kwargs, args[0]);
            return (output as Tensor[])[0];
          },
          { with_kwargs: true },
        );
        show(m(torch.ones(1, 2), torch.ones(1), { factor: 5 }));
        show(m(torch.ones(1, 2), torch.ones(1)));
      },
    },
    'of all modules run before those of one, those prepended before the others': {
      py: py(`
        m = nn.Sequential(nn.Linear(1, 1), nn.ReLU())
        G = nn.modules.module
        handles = [
            G.register_module_forward_pre_hook(lambda m, a: show("global pre " + type(m).__name__)),
            G.register_module_forward_hook(lambda m, a, o: show("global " + type(m).__name__)),
        ]
        m[0].register_forward_pre_hook(lambda m, a: show("pre 1"))
        m[0].register_forward_pre_hook(lambda m, a: show("pre 0"), prepend=True)
        m[0].register_forward_hook(lambda m, a, o: show("after 1"))
        handles.append(m[0].register_forward_hook(lambda m, a, o: show("after 0"), prepend=True))
        m(torch.zeros(1, 1))
        for handle in handles: handle.remove()
        m(torch.zeros(1, 1))`),
      ts: (show) => {
        const linear = new nn.Linear(1, 1);
        const m = new nn.Sequential(linear, new nn.ReLU());
        const handles = [
          hooks_of_all.register_module_forward_pre_hook((module) => show(`global pre ${module._get_name()}`)),
          hooks_of_all.register_module_forward_hook((module) => show(`global ${module._get_name()}`)),
        ];
        linear.register_forward_pre_hook(() => show('pre 1'));
        linear.register_forward_pre_hook(() => show('pre 0'), { prepend: true });
        linear.register_forward_hook(() => show('after 1'));
        handles.push(linear.register_forward_hook(() => show('after 0'), { prepend: true }));
        m(torch.zeros(1, 1));
        for (const handle of handles) handle.remove();
        m(torch.zeros(1, 1));
      },
    },
    'run after a failure when they always run, with what there is': {
      py: py(`
        m = nn.Linear(2, 2)
        G = nn.modules.module
        handle = G.register_module_forward_hook(lambda m, a, o: show("all", o), always_call=True)
        m.register_forward_hook(lambda m, a, o: show("always", o), always_call=True)
        m.register_forward_hook(lambda m, a, o: show("never"))
        try:
            m(torch.zeros(1, 3))
        except RuntimeError as error:
            show(str(error))
        handle.remove()`),
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        const handle = hooks_of_all.register_module_forward_hook((_m, _a, o) => show('all', o), { always_call: true });
        m.register_forward_hook((_m, _a, o) => show('always', o), { always_call: true });
        m.register_forward_hook(() => show('never'));
        try {
          m(torch.zeros(1, 3));
        } catch (error) {
          show((error as Error).message.replace('linear(): ', ''));
        }
        handle.remove();
      },
    },
    'that return half of what they should are refused': {
      py: py(`
        m = nn.ReLU()
        m.register_forward_pre_hook(lambda m, a, k: a[0], with_kwargs=True)
        try:
            m(torch.zeros(1))
        except RuntimeError as error:
            show(str(error).split(", but got")[0])`),
      ts: (show) => {
        const m = new nn.ReLU();
        m.register_forward_pre_hook(((_m: nn.Module, a: unknown[]) => a[0]) as never, { with_kwargs: true });
        try {
          m(torch.zeros(1));
        } catch (error) {
          show((error as Error).message.split(', but got')[0]);
        }
      },
    },
  });

  it('must be functions, or objects that can be called', () => {
    const m = new nn.ReLU();
    expect(() => m.register_forward_hook(3 as never)).toThrow(
      "register_forward_hook(): argument 'hook' must be a function, not int",
    );
    const hook = { __call__: vi.fn() };
    m.register_forward_hook(hook);
    m(torch.zeros(1));
    expect(hook.__call__).toHaveBeenCalledOnce();
  });
});

describe('full backward hooks', () => {
  side_by_side({
    'see the gradients of inputs and outputs': {
      py: py(`
        m = Pair()
        m.register_full_backward_pre_hook(lambda m, go: show("pre", go))
        m.register_full_backward_hook(lambda m, gi, go: show("full", gi, go))
        a, b = torch.ones(1, 2, requires_grad=True), torch.ones(1)
        x, y = m(a, b)
        show(x.grad_fn.name(), y.requires_grad)
        x.pow(2).sum().backward()
        show(a.grad, m.inner.weight.grad)`),
      ts: (show) => {
        const m = new Pair();
        m.register_full_backward_pre_hook((_m, go) => show('pre', go));
        m.register_full_backward_hook((_m, gi, go) => show('full', gi, go));
        const [a, b] = [torch.ones(1, 2, { requires_grad: true }), torch.ones(1)];
        const [x, y] = m(a, b);
        show(x.grad_fn!.name(), y.requires_grad);
        x.pow(2).sum().backward();
        show(a.grad, m.inner.weight.grad);
      },
    },
    'replace gradients, one after the other': {
      py: py(`
        m = nn.Linear(2, 2)
        m.register_full_backward_pre_hook(lambda m, go: (go[0] * 2,))
        m.register_full_backward_hook(lambda m, gi, go: (gi[0] + 1,))
        m.register_full_backward_hook(lambda m, gi, go: (gi[0] * 10,))
        m.register_full_backward_hook(lambda m, gi, go: show("first", gi, go), prepend=True)
        a = torch.ones(1, 2, requires_grad=True)
        m(a).sum().backward()
        show(a.grad, m.weight.grad, m.bias.grad)`),
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        m.register_full_backward_pre_hook((_m, go) => [go[0]!.mul(2)]);
        m.register_full_backward_hook((_m, gi) => [gi[0]!.add(1)]);
        m.register_full_backward_hook((_m, gi) => [gi[0]!.mul(10)]);
        m.register_full_backward_hook((_m, gi, go) => show('first', gi, go), { prepend: true });
        const a = torch.ones(1, 2, { requires_grad: true });
        m(a).sum().backward();
        show(a.grad, m.weight.grad, m.bias!.grad);
      },
    },
    'run when only parameters need gradients': {
      py: py(`
        m = nn.Linear(2, 2)
        m.register_full_backward_hook(lambda m, gi, go: show(gi, go))
        m(torch.ones(1, 2)).sum().backward()
        show(m.weight.grad)
        with torch.no_grad():
            show(m(torch.zeros(1, 2)))`),
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        m.register_full_backward_hook((_m, gi, go) => show(gi, go));
        m(torch.ones(1, 2)).sum().backward();
        show(m.weight.grad);
        torch.no_grad(() => show(m(torch.zeros(1, 2))));
      },
    },
    'of all modules run before those of one': {
      py: py(`
        m = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
        G = nn.modules.module
        handles = [
            G.register_module_full_backward_pre_hook(lambda m, go: show("pre " + type(m).__name__, go)),
            G.register_module_full_backward_hook(lambda m, gi, go: show("all " + type(m).__name__, gi, go)),
        ]
        m[1].register_full_backward_hook(lambda m, gi, go: show("own", gi))
        m(torch.ones(1, 2, requires_grad=True)).sum().backward()
        for handle in handles: handle.remove()`),
      ts: (show) => {
        const tanh = new nn.Tanh();
        const m = new nn.Sequential(new nn.Linear(2, 2), tanh);
        const handles = [
          hooks_of_all.register_module_full_backward_pre_hook((module, go) => show(`pre ${module._get_name()}`, go)),
          hooks_of_all.register_module_full_backward_hook((module, gi, go) =>
            show(`all ${module._get_name()}`, gi, go),
          ),
        ];
        tanh.register_full_backward_hook((_m, gi) => show('own', gi));
        m(torch.ones(1, 2, { requires_grad: true }))
          .sum()
          .backward();
        for (const handle of handles) handle.remove();
      },
    },
    'allow second derivatives': {
      py: py(`
        m = nn.Tanh()
        m.register_full_backward_hook(lambda m, gi, go: show(gi, go))
        a = torch.tensor([0.5], requires_grad=True)
        grad, = torch.autograd.grad(m(a).sum(), a, create_graph=True)
        grad.sum().backward()
        show(a.grad)`),
      ts: (show) => {
        const m = new nn.Tanh();
        m.register_full_backward_hook((_m, gi, go) => show(gi, go));
        const a = torch.tensor([0.5], { requires_grad: true });
        const [grad] = torch.autograd.grad(m(a).sum(), a, { create_graph: true });
        grad!.sum().backward();
        show(a.grad);
      },
    },
    'must return as many gradients as there are inputs': {
      py: py(`
        m = nn.Tanh()
        m.register_full_backward_hook(lambda m, gi, go: (None, None))
        m(torch.ones(1, requires_grad=True)).sum().backward()`),
      ts: () => {
        const m = new nn.Tanh();
        m.register_full_backward_hook(() => [null, null]);
        m(torch.ones(1, { requires_grad: true }))
          .sum()
          .backward();
      },
    },
    'and as many as there are outputs': {
      py: py(`
        m = nn.Tanh()
        m.register_full_backward_pre_hook(lambda m, go: (None, None))
        m(torch.ones(1, requires_grad=True)).sum().backward()`),
      ts: () => {
        const m = new nn.Tanh();
        m.register_full_backward_pre_hook(() => [null, null]);
        m(torch.ones(1, { requires_grad: true }))
          .sum()
          .backward();
      },
    },
    'do not go together with the old ones': {
      py: py(`
        m = nn.Tanh()
        m.register_backward_hook(lambda m, gi, go: None)
        m.register_full_backward_hook(lambda m, gi, go: None)`),
      ts: () => {
        const m = new nn.Tanh();
        m.register_backward_hook(() => undefined);
        m.register_full_backward_hook(() => undefined);
      },
    },
  });
});

describe('backward hooks that are not full', () => {
  const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  afterEach(() => emitted.mockClear());

  side_by_side({
    'see the last node': {
      py: py(`
        m = nn.Linear(2, 3)
        m.register_backward_hook(lambda m, gi, go: show(gi, go))
        a = torch.ones(1, 2, requires_grad=True)
        m(a).pow(2).sum().backward()
        show(a.grad, m.weight.grad)`),
      ts: (show) => {
        const m = new nn.Linear(2, 3);
        m.register_backward_hook((_m, gi, go) => show(gi, go));
        const a = torch.ones(1, 2, { requires_grad: true });
        m(a).pow(2).sum().backward();
        show(a.grad, m.weight.grad);
      },
    },
    'may replace its gradients': {
      py: py(`
        m = nn.Tanh()
        m.register_backward_hook(lambda m, gi, go: (gi[0] * 5,))
        a = torch.ones(2, requires_grad=True)
        m(a).sum().backward()
        show(a.grad)`),
      ts: (show) => {
        const m = new nn.Tanh();
        m.register_backward_hook((_m, gi) => [gi[0]!.mul(5)]);
        const a = torch.ones(2, { requires_grad: true });
        m(a).sum().backward();
        show(a.grad);
      },
    },
  });

  it('warn that they miss something', () => {
    const module = new Pair();
    module.register_backward_hook(() => undefined);
    module(torch.ones(1, 2, { requires_grad: true }), torch.ones(1, { requires_grad: true }));
    expect(emitted.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringContaining('when outputs are generated by different autograd Nodes is deprecated'),
    ]);
  });
});

describe('registration hooks', () => {
  it('see parameters, buffers and modules, also those of class fields', () => {
    const seen: string[] = [];
    const handles = [
      hooks_of_all.register_module_parameter_registration_hook(
        (module, name) => void seen.push(`${module._get_name()} ${name}`),
      ),
      hooks_of_all.register_module_buffer_registration_hook(
        (module, name) => void seen.push(`${module._get_name()} ${name}`),
      ),
      hooks_of_all.register_module_module_registration_hook(
        (module, name) => void seen.push(`${module._get_name()} ${name}`),
      ),
    ];
    try {
      const net = new nn.Sequential(new nn.Linear(1, 1), new nn.BatchNorm1d(1));
      net(torch.zeros(2, 1));
      expect([...seen].sort()).toEqual([
        'BatchNorm1d bias',
        'BatchNorm1d num_batches_tracked',
        'BatchNorm1d running_mean',
        'BatchNorm1d running_var',
        'BatchNorm1d weight',
        'Linear bias',
        'Linear weight',
        'Sequential 0',
        'Sequential 1',
      ]);
      const before = seen.length;
      net(torch.zeros(2, 1));
      net.state_dict();
      expect(seen.length).toBe(before);
    } finally {
      for (const handle of handles) handle.remove();
    }
  });

  it('may put something else in the place', () => {
    const handle = hooks_of_all.register_module_parameter_registration_hook((_module, _name, param) =>
      param === null ? param : new nn.Parameter(param.mul(0).detach()),
    );
    try {
      class Scale extends nn.Module {
        factor = new nn.Parameter(torch.ones(1));
      }
      expect(new Scale().factor.item()).toBe(0);
      const module = new nn.Module();
      module.register_parameter('p', new nn.Parameter(torch.ones(1)));
      expect(module.get_parameter('p').item()).toBe(0);
    } finally {
      handle.remove();
    }
    expect(new nn.Linear(2, 1).weight.tolist()).not.toEqual([[0, 0]]);
  });
});

describe('hooks with an engine on another thread', () => {
  it('are served by the calling one', () => {
    const script = `
      const torch = require(${JSON.stringify(root)});
      const { nn } = torch;
      const seen = [];
      const m = new nn.Sequential(new nn.Linear(1, 1, { bias: false }), new nn.Tanh());
      m.register_full_backward_hook((_m, gi, go) => { seen.push('full', gi[0].tolist(), go[0].tolist()); });
      m[1].register_backward_hook((_m, gi) => { seen.push('last node'); return [gi[0].mul(2)]; });
      m[0].weight.register_post_accumulate_grad_hook((p) => { seen.push('leaf', p.grad.tolist()); });
      torch.no_grad(() => m[0].weight.fill_(0));
      const x = torch.ones(1, 1, { requires_grad: true });
      m(x).sum().backward();
      m[1].register_forward_pre_hook(() => { throw new RangeError('from the hook'); });
      let message = '';
      try { m(x); } catch (error) { message = error.name; }
      console.log(JSON.stringify([seen, message]));`;
    const result = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, TORCH_NODE_HOOK_THREAD: '1', NODE_NO_WARNINGS: '1' },
    });
    expect(result.stderr).toBe('');
    const [seen, message] = JSON.parse(result.stdout) as [unknown[], string];
    expect([seen[0], message]).toEqual(['last node', 'RangeError']);
    // The order of the leaf and of the input is the engine's.
    expect(seen).toEqual(expect.arrayContaining(['full', [[0]], [[1]], 'leaf', [[2]]]));
  });
});

describe('memory', () => {
  /** The most that is alive at a time. */
  function peak_of(times: number, run: () => void): number {
    const before = torch.memory_stats().live_bytes;
    let peak = 0;
    for (let i = 0; i < times; i++) {
      run();
      if (i % 50 === 0) peak = Math.max(peak, torch.memory_stats().live_bytes - before);
    }
    return peak;
  }

  it('of leaves with hooks is given back', () => {
    const peak = peak_of(1500, () => {
      const p = new nn.Parameter(torch.zeros(200_000));
      p.register_post_accumulate_grad_hook((its) => {
        its.grad = null;
      });
      p.sum().backward();
    });
    // All together are 1.2 GB.
    expect(peak).toBeLessThan(400e6);
  });

  it('of modules with backward hooks is given back', () => {
    const peak = peak_of(600, () => {
      const m = new nn.Linear(500, 500);
      m.register_full_backward_hook(() => undefined);
      m(torch.zeros(1, 500, { requires_grad: true }))
        .sum()
        .backward();
    });
    // All together are 1.2 GB.
    expect(peak).toBeLessThan(400e6);
  });
});

describe('tensor hooks', () => {
  side_by_side({
    'run in order, and replace the gradient': {
      py: `
        a = torch.tensor([1., 2.], requires_grad=True)
        b = a * 2
        b.register_hook(lambda g: show("b 1", g))
        handle = b.register_hook(lambda g: g * 10)
        b.register_hook(lambda g: show("b 3", g))
        b.retain_grad()
        a.register_hook(lambda g: g + 1)
        b.sum().backward(retain_graph=True)
        show(a.grad, b.grad)
        handle.remove()
        b.sum().backward()
        show(a.grad, b.grad)`,
      ts: (show) => {
        const a = torch.tensor([1, 2], { dtype: torch.float32, requires_grad: true });
        const b = a.mul(2);
        b.register_hook((g) => show('b 1', g));
        const handle = b.register_hook((g) => g.mul(10));
        b.register_hook((g) => show('b 3', g));
        b.retain_grad();
        a.register_hook((g) => g.add(1));
        b.sum().backward({ retain_graph: true });
        show(a.grad, b.grad);
        handle.remove();
        b.sum().backward();
        show(a.grad, b.grad);
      },
    },
    'after accumulation see the sum, after the other hooks': {
      py: `
        p = nn.Parameter(torch.tensor([1., 2.]))
        p.register_hook(lambda g: show("hook", g))
        p.register_post_accumulate_grad_hook(lambda t: show("first", t.grad, t is p))
        handle = p.register_post_accumulate_grad_hook(lambda t: (t.grad.mul_(2), None)[1])
        p.pow(2).sum().backward()
        show(p.grad)
        handle.remove()
        p.pow(2).sum().backward()
        show(p.grad)`,
      ts: (show) => {
        const p = new nn.Parameter(torch.tensor([1, 2], { dtype: torch.float32 }));
        p.register_hook((g) => show('hook', g));
        p.register_post_accumulate_grad_hook((t) => show('first', t.grad, t === p));
        const handle = p.register_post_accumulate_grad_hook((t) => void t.grad!.mul_(2));
        p.pow(2).sum().backward();
        show(p.grad);
        handle.remove();
        p.pow(2).sum().backward();
        show(p.grad);
      },
    },
    'after accumulation return nothing': {
      py: `
        p = nn.Parameter(torch.ones(1))
        p.register_post_accumulate_grad_hook(lambda t: t.grad)
        p.sum().backward()`,
      ts: () => {
        const p = new nn.Parameter(torch.ones(1));
        p.register_post_accumulate_grad_hook(((t: Tensor) => t.grad) as never);
        p.sum().backward();
      },
    },
    'can be the step of an optimizer within backward': {
      py: `
        m = nn.Linear(2, 2)
        optimizers = {p: torch.optim.Adam([p], lr=0.1) for p in m.parameters()}
        def step(p):
            optimizers[p].step()
            optimizers[p].zero_grad()
        for p in m.parameters():
            p.register_post_accumulate_grad_hook(step)
        for _ in range(2):
            m(torch.ones(1, 2)).sum().backward()
        show(m.state_dict(), m.weight.grad)`,
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        const optimizers = new Map([...m.parameters()].map((p) => [p, new torch.optim.Adam([p], { lr: 0.1 })]));
        for (const p of m.parameters()) {
          p.register_post_accumulate_grad_hook((its) => {
            optimizers.get(its)!.step();
            optimizers.get(its)!.zero_grad();
          });
        }
        for (let i = 0; i < 2; i++) m(torch.ones(1, 2)).sum().backward();
        show(m.state_dict(), m.weight.grad);
      },
    },
    'after accumulation are for leaves': {
      py: 'torch.ones(1, requires_grad=True).mul(2).register_post_accumulate_grad_hook(lambda t: None)',
      ts: () =>
        torch
          .ones(1, { requires_grad: true })
          .mul(2)
          .register_post_accumulate_grad_hook(() => undefined),
    },
    'after accumulation are for what requires gradients': {
      py: 'torch.ones(1).register_post_accumulate_grad_hook(lambda t: None)',
      ts: () => torch.ones(1).register_post_accumulate_grad_hook(() => undefined),
    },
  });
});
