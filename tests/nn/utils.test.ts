import { spawnSync } from 'node:child_process';

import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { root } from '../package_root.js';
import { python } from '../reference.js';
import { side_by_side, type Show } from './side_by_side.js';

// Each warning is emitted once per process.
const told = new Set<string>();
const emitted = vi.spyOn(process, 'emitWarning').mockImplementation((text) => void told.add(String(text)));
const warnings = (): string[] => emitted.mock.calls.map(([text, category]) => `${String(category)}: ${String(text)}`);
beforeEach(() => emitted.mockClear());
afterAll(() => emitted.mockRestore());

describe('clip_grad', () => {
  side_by_side({
    'norms of all and of each kind, and the scaled gradients': {
      py: `
        for norm_type in (1.0, 2.0, float("inf")):
            for foreach in (None, False):
                m = nn.Linear(3, 2)
                m(torch.randn(2, 3)).pow(2).sum().backward()
                show(nn.utils.clip_grad_norm_(m.parameters(), 0.5, norm_type, foreach=foreach))
                show([p.grad for p in m.parameters()])
                show(nn.utils.get_total_norm([p.grad for p in m.parameters()], norm_type))`,
      ts: (show) => {
        for (const norm_type of [1, 2, Infinity]) {
          for (const foreach of [null, false]) {
            const m = new nn.Linear(3, 2);
            m(torch.randn(2, 3)).pow(2).sum().backward();
            show(nn.utils.clip_grad_norm_(m.parameters(), 0.5, norm_type, { foreach }));
            show([...m.parameters()].map((p) => p.grad));
            show(
              nn.utils.get_total_norm(
                [...m.parameters()].map((p) => p.grad!),
                norm_type,
              ),
            );
          }
        }
      },
    },
    'in two steps': {
      py: `
        m = nn.Linear(3, 2)
        m(torch.randn(2, 3)).pow(2).sum().backward()
        total = nn.utils.get_total_norm(p.grad for p in m.parameters())
        nn.utils.clip_grads_with_norm_(m.parameters(), 0.1, total)
        show(total, [p.grad for p in m.parameters()], nn.utils.get_total_norm([]))`,
      ts: (show) => {
        const m = new nn.Linear(3, 2);
        m(torch.randn(2, 3)).pow(2).sum().backward();
        const total = nn.utils.get_total_norm([...m.parameters()].map((p) => p.grad!));
        nn.utils.clip_grads_with_norm_(m.parameters(), 0.1, total);
        show(
          total,
          [...m.parameters()].map((p) => p.grad),
          nn.utils.get_total_norm([]),
        );
      },
    },
    values: {
      py: `
        m = nn.Linear(3, 2)
        m(torch.randn(2, 3)).pow(2).sum().backward()
        nn.utils.clip_grad_value_(m.parameters(), 0.25)
        show([p.grad for p in m.parameters()])`,
      ts: (show) => {
        const m = new nn.Linear(3, 2);
        m(torch.randn(2, 3)).pow(2).sum().backward();
        nn.utils.clip_grad_value_(m.parameters(), 0.25);
        show([...m.parameters()].map((p) => p.grad));
      },
    },
    'clip_grad_value_ of parameters without gradients': {
      py: `
        p = [nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))]
        p[0].grad = torch.tensor([3., -0.5])
        show(nn.utils.clip_grad_value_(p, 1.0), p[0].grad, p[1].grad)
        p[0].grad = None
        show(nn.utils.clip_grad_norm_(p, 1.0), nn.utils.clip_grad_norm_([], 1.0))
        nn.utils.clip_grad_value_(p, 1.0)`,
      ts: (show) => {
        const p = [new nn.Parameter(torch.ones(2)), new nn.Parameter(torch.ones(2))] as const;
        p[0].grad = torch.tensor([3, -0.5]);
        show(nn.utils.clip_grad_value_(p, 1), p[0].grad, p[1].grad);
        p[0].grad = null;
        show(nn.utils.clip_grad_norm_(p, 1), nn.utils.clip_grad_norm_([], 1));
        nn.utils.clip_grad_value_(p, 1);
      },
    },
    'norms that are not finite': {
      py: `
        p = nn.Parameter(torch.ones(1))
        p.grad = torch.tensor([float("inf")])
        nn.utils.clip_grad_norm_(p, 1.0, error_if_nonfinite=True)`,
      ts: () => {
        const p = new nn.Parameter(torch.ones(1));
        p.grad = torch.tensor([Infinity]);
        nn.utils.clip_grad_norm_(p, 1, { error_if_nonfinite: true });
      },
    },
  });

  it('has an old name, which warns, and warns of empty generators', () => {
    const p = new nn.Parameter(torch.ones(1));
    p.grad = torch.tensor([4], { dtype: torch.float32 });
    expect(nn.utils.clip_grad_norm(p, 1).item()).toBe(4);
    nn.utils.clip_grad_norm_(new nn.ReLU().parameters(), 1);
    expect(warnings()).toEqual([
      'FutureWarning: `torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.',
      'UserWarning: `parameters` is an empty generator, no gradient clipping will occur.',
    ]);
  });

  it('warns of no parameters, not of no gradients, and only of generators', () => {
    // A text is told once in a process, so each call has one of its own.
    const cases: [py: string, js: string][] = [
      ['nn.utils.clip_grad_norm_(empty.parameters(), 1)', ''],
      ['nn.utils.clip_grad_norm_(exhausted, 1)', ''],
      [
        'nn.utils.clip_grad_norm_((p for p in linear.parameters() if not p.requires_grad), 1)',
        'nn.utils.clip_grad_norm_(frozen(), 1)',
      ],
      ['nn.utils.clip_grad_norm_(linear.parameters(), 1)', ''],
      ['nn.utils.clip_grad_norm_([], 1)', ''],
      ['nn.utils.clip_grad_norm_({}.values(), 1)', 'nn.utils.clip_grad_norm_(new Map().values(), 1)'],
      ['nn.utils.clip_grad_norm_(iter([]), 1)', 'nn.utils.clip_grad_norm_([].values(), 1)'],
      ['nn.utils.get_total_norm(empty.parameters())', ''],
      ['nn.utils.clip_grads_with_norm_(empty.parameters(), 1, torch.ones([]))', ''],
    ];
    const [theirs] = python<unknown[][]>('snippets.py', [
      [
        `
import warnings
empty, linear = nn.ReLU(), nn.Linear(1, 1)
exhausted = empty.parameters()
list(exhausted)
${cases
  .map(
    ([code]) => `
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    ${code}
show([f'{w.category.__name__}: {w.message}' for w in caught])`,
  )
  .join('')}`,
      ],
    ]);
    const ours = cases.map(([py, js]) => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [
          '--no-warnings',
          '-e',
          `
        const torch = require(${JSON.stringify(root)});
        const { nn } = torch;
        const [empty, linear] = [new nn.ReLU(), new nn.Linear(1, 1)];
        const exhausted = empty.parameters();
        [...exhausted];
        function* frozen() { for (const p of linear.parameters()) if (!p.requires_grad) yield p; }
        const caught = [];
        process.emitWarning = (text, category) => { caught.push(category + ': ' + text); };
        ${js || py};
        console.log(JSON.stringify(caught));`,
        ],
        { encoding: 'utf8' },
      );
      return stdout === '' ? stderr : (JSON.parse(stdout) as unknown);
    });
    expect(ours).toEqual(theirs);
    expect(theirs!.flat().length).toBe(3);
  });

  it('says which type of device has no kernels for lists, as Python', () => {
    const functions = [
      'clip_grad_norm_(p, 1.0, foreach=True)',
      'clip_grad_value_(p, 1.0, foreach=True)',
      'get_total_norm(p, foreach=True)',
      'clip_grads_with_norm_(p, 1.0, torch.ones([]), foreach=True)',
    ];
    const theirs = python<unknown[][]>('snippets.py', [
      functions.map(
        (call) => `
p = nn.Parameter(torch.ones(1, device='meta'))
p.grad = torch.ones(1, device='meta')
nn.utils.${call}`,
      ),
    ]);
    const p = new nn.Parameter(torch.ones(1, { device: 'meta' }));
    p.grad = torch.ones(1, { device: 'meta' });
    const calls = [
      () => nn.utils.clip_grad_norm_(p, 1, { foreach: true }),
      () => nn.utils.clip_grad_value_(p, 1, { foreach: true }),
      () => nn.utils.get_total_norm(p, { foreach: true }),
      () => {
        nn.utils.clip_grads_with_norm_(p, 1, torch.ones([]), { foreach: true });
      },
    ];
    const ours = calls.map((call) => {
      try {
        return [call()];
      } catch (error) {
        return [{ error: (error as Error).message }];
      }
    });
    expect(ours).toEqual(theirs);
  });
});

describe('vectors of parameters', () => {
  side_by_side({
    'go back and forth': {
      py: `
        m = nn.Linear(2, 2)
        v = nn.utils.parameters_to_vector(m.parameters())
        show(v)
        nn.utils.vector_to_parameters(v * 2, m.parameters())
        show(m.state_dict())
        v = torch.zeros(6)
        nn.utils.vector_to_parameters(v, m.parameters())
        v.fill_(7)
        show(m.state_dict())`,
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        show(nn.utils.parameters_to_vector(m.parameters()));
        nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(m.parameters()).mul(2), m.parameters());
        show(m.state_dict());
        const v = torch.zeros(6);
        nn.utils.vector_to_parameters(v, m.parameters());
        v.fill_(7);
        show(m.state_dict());
      },
    },
  });
});

describe('weight_norm by a hook', () => {
  side_by_side({
    'splits the weight, trains and comes off again': {
      py: `
        for dim in (0, 1, None):
            m = nn.utils.weight_norm(nn.Linear(3, 2), dim=dim)
            show(m, m.state_dict(), m.weight, [name for name, _ in m.named_parameters()])
            m(torch.ones(1, 3)).sum().backward()
            show([p.grad for p in m.parameters()])
            nn.utils.remove_weight_norm(m)
            show(m.state_dict(), [name for name, _ in m.named_parameters()])`,
      ts: (show) => {
        for (const dim of [0, 1, null]) {
          const m = nn.utils.weight_norm(new nn.Linear(3, 2), { dim });
          show(
            m,
            m.state_dict(),
            m.weight,
            [...m.named_parameters()].map(([name]) => name),
          );
          m(torch.ones(1, 3)).sum().backward();
          show([...m.parameters()].map((p) => p.grad));
          nn.utils.remove_weight_norm(m);
          show(
            m.state_dict(),
            [...m.named_parameters()].map(([name]) => name),
          );
        }
      },
    },
    'is there once only': {
      py: 'nn.utils.weight_norm(nn.utils.weight_norm(nn.Linear(3, 2)))',
      ts: () => nn.utils.weight_norm(nn.utils.weight_norm(new nn.Linear(3, 2))),
    },
    'cannot be removed where there is none': {
      py: 'nn.utils.remove_weight_norm(nn.Linear(3, 2))',
      ts: () => nn.utils.remove_weight_norm(new nn.Linear(3, 2)),
    },
  });
});

describe('spectral_norm by a hook', () => {
  side_by_side({
    'divides the weight, trains and comes off again': {
      py: `
        for make in (lambda: nn.Linear(3, 2), lambda: nn.Conv2d(2, 3, 2), lambda: nn.ConvTranspose1d(2, 3, 2)):
            m = nn.utils.spectral_norm(make(), n_power_iterations=2)
            show(m, m.state_dict(), [name for name, _ in m.named_parameters()])
            x = torch.randn(*{"Linear": (1, 3), "Conv2d": (1, 2, 4, 4), "ConvTranspose1d": (1, 2, 4)}[type(m).__name__])
            (m(x).sum() - m(x).pow(2).sum()).backward()
            show(m.state_dict(), m.weight_orig.grad, m.eval()(x), m._buffers)
            nn.utils.remove_spectral_norm(m)
            show(m.state_dict())`,
      ts: (show) => {
        const run = (made: nn.Module, size: number[]): void => {
          const m = nn.utils.spectral_norm(made, { n_power_iterations: 2 });
          const forward = m as unknown as (x: Tensor) => Tensor;
          show(
            m,
            m.state_dict(),
            [...m.named_parameters()].map(([name]) => name),
          );
          const x = torch.randn(size);
          forward(x).sum().sub(forward(x).pow(2).sum()).backward();
          show(m.state_dict(), m.get_parameter('weight_orig').grad);
          m.eval();
          show(forward(x), Object.fromEntries(m.named_buffers()));
          nn.utils.remove_spectral_norm(m);
          show(m.state_dict());
        };
        run(new nn.Linear(3, 2), [1, 3]);
        run(new nn.Conv2d(2, 3, 2), [1, 2, 4, 4]);
        run(new nn.ConvTranspose1d(2, 3, 2), [1, 2, 4]);
      },
    },
    'loads state dicts of its own, without metadata, and of before version 1': {
      py: `
        m, n = (nn.utils.spectral_norm(nn.Linear(3, 2)) for _ in range(2))
        state = m.state_dict()
        show(state._metadata[""])
        show(str(n.load_state_dict(state)), str(n.load_state_dict(dict(state))))
        old = {"bias": state["bias"], "weight_orig": state["weight_orig"], "weight_u": state["weight_u"],
               "weight": state["weight_orig"] / 3}
        show(str(n.load_state_dict(old)), n.state_dict())
        show(str(n.load_state_dict({"bias": state["bias"]}, strict=False)))`,
      ts: (show) => {
        const [m, n] = [0, 1].map(() => nn.utils.spectral_norm(new nn.Linear(3, 2))) as [nn.Linear, nn.Linear];
        const state = m.state_dict();
        show((state as unknown as { _metadata: Record<string, object> })._metadata['']);
        show(String(n.load_state_dict(state)), String(n.load_state_dict({ ...state })));
        const old = {
          bias: state.bias!,
          weight_orig: state.weight_orig!,
          weight_u: state.weight_u!,
          weight: state.weight_orig!.div(3),
        };
        show(String(n.load_state_dict(old)), n.state_dict());
        show(String(n.load_state_dict({ bias: state.bias! }, { strict: false })));
      },
    },
    'is there once only': {
      py: 'nn.utils.spectral_norm(nn.utils.spectral_norm(nn.Linear(3, 2)))',
      ts: () => nn.utils.spectral_norm(nn.utils.spectral_norm(new nn.Linear(3, 2))),
    },
    'wants iterations': {
      py: 'nn.utils.spectral_norm(nn.Linear(3, 2), n_power_iterations=0)',
      ts: () => nn.utils.spectral_norm(new nn.Linear(3, 2), { n_power_iterations: 0 }),
    },
    'cannot be removed where there is none': {
      py: 'nn.utils.remove_spectral_norm(nn.Linear(3, 2))',
      ts: () => nn.utils.remove_spectral_norm(new nn.Linear(3, 2)),
    },
  });
});

describe('fusion', () => {
  side_by_side({
    'of convolutions and batch normalizations': {
      py: `
        bn = nn.BatchNorm2d(4)
        bn(torch.randn(5, 4, 3, 3))
        nn.init.normal_(bn.weight); nn.init.normal_(bn.bias)
        bn.eval()
        for bias in (True, False):
            conv = nn.Conv2d(2, 4, 2, bias=bias).eval()
            fused = nn.utils.fuse_conv_bn_eval(conv, bn)
            show(fused, fused.state_dict(), fused(torch.ones(1, 2, 3, 3)), conv.weight)
        conv = nn.ConvTranspose2d(2, 4, 2).eval()
        show(nn.utils.fuse_conv_bn_eval(conv, bn, transpose=True).state_dict())
        plain = nn.BatchNorm2d(4, affine=False).eval()
        show(nn.utils.fusion.fuse_conv_bn_weights(
            conv.weight.double(), None, plain.running_mean, plain.running_var, plain.eps, None, None, True))`,
      ts: (show) => {
        const bn = new nn.BatchNorm2d(4);
        bn(torch.randn(5, 4, 3, 3));
        nn.init.normal_(bn.weight!);
        nn.init.normal_(bn.bias!);
        bn.eval();
        for (const bias of [true, false]) {
          const conv = new nn.Conv2d(2, 4, 2, { bias }).eval();
          const fused = nn.utils.fuse_conv_bn_eval(conv, bn);
          show(fused, fused.state_dict(), fused(torch.ones(1, 2, 3, 3)), conv.weight);
        }
        const conv = new nn.ConvTranspose2d(2, 4, 2).eval();
        show(nn.utils.fuse_conv_bn_eval(conv, bn, { transpose: true }).state_dict());
        const plain = new nn.BatchNorm2d(4, { affine: false }).eval();
        show(
          nn.utils.fusion.fuse_conv_bn_weights(
            conv.weight.double(),
            null,
            plain.running_mean!,
            plain.running_var!,
            plain.eps,
            null,
            null,
            true,
          ),
        );
      },
    },
    'of linear layers and batch normalizations': {
      py: `
        for features in (4, 1):
            bn = nn.BatchNorm1d(features)
            bn(torch.randn(5, features))
            nn.init.normal_(bn.weight); nn.init.normal_(bn.bias)
            fused = nn.utils.fuse_linear_bn_eval(nn.Linear(3, 4).eval(), bn.eval())
            show(fused, fused.state_dict())`,
      ts: (show) => {
        for (const features of [4, 1]) {
          const bn = new nn.BatchNorm1d(features);
          bn(torch.randn(5, features));
          nn.init.normal_(bn.weight!);
          nn.init.normal_(bn.bias!);
          const fused = nn.utils.fuse_linear_bn_eval(new nn.Linear(3, 4).eval(), bn.eval());
          show(fused, fused.state_dict());
        }
      },
    },
    'is for evaluation': {
      py: 'nn.utils.fuse_conv_bn_eval(nn.Conv1d(1, 1, 1), nn.BatchNorm1d(1))',
      ts: () => nn.utils.fuse_conv_bn_eval(new nn.Conv1d(1, 1, 1), new nn.BatchNorm1d(1)),
    },
    'wants numbers of features that fit': {
      py: 'nn.utils.fuse_linear_bn_eval(nn.Linear(2, 3).eval(), nn.BatchNorm1d(2).eval())',
      ts: () => nn.utils.fuse_linear_bn_eval(new nn.Linear(2, 3).eval(), new nn.BatchNorm1d(2).eval()),
    },
  });
});

describe('skip_init', () => {
  side_by_side({
    'draws nothing': {
      py: `
        m = nn.utils.skip_init(nn.Linear, 3, 2, bias=False, dtype=torch.float64)
        show(m, list(m.weight.shape), str(m.weight.dtype), str(m.weight.device), torch.randn(2))`,
      ts: (show) => {
        const m = nn.utils.skip_init(nn.Linear, 3, 2, { bias: false, dtype: torch.float64 });
        show(m, [...m.weight.shape], String(m.weight.dtype), String(m.weight.device), torch.randn(2));
      },
    },
    'wants a class that takes a device': {
      py: 'nn.utils.skip_init(nn.Flatten)',
      ts: () => nn.utils.skip_init(nn.Flatten),
    },
  });

  it('wants a module', () => {
    expect(() => nn.utils.skip_init(Map as never)).toThrow('Expected a Module; got Map');
  });
});

describe('memory formats', () => {
  const stride = (show: Show, module: { weight: Tensor }): void => show(module.weight.stride());
  side_by_side({
    'of the weights of convolutions': {
      py: `
        for dims, format in (("2", torch.channels_last), ("3", torch.channels_last_3d)):
            kinds = [getattr(nn, "Conv" + dims + "d"), getattr(nn, "ConvTranspose" + dims + "d")]
            m = nn.Sequential(*[kind(2, 3, 2) for kind in kinds], nn.Conv1d(2, 3, 2))
            m = getattr(nn.utils, "convert_conv" + dims + "d_weight_memory_format")(m, format)
            for each in m: show(list(each.weight.stride()))
            show(m.state_dict())`,
      ts: (show) => {
        const two = [new nn.Conv2d(2, 3, 2), new nn.ConvTranspose2d(2, 3, 2), new nn.Conv1d(2, 3, 2)];
        const a = nn.utils.convert_conv2d_weight_memory_format(new nn.Sequential(...two), torch.channels_last);
        for (const each of two) stride(show, each);
        show(a.state_dict());
        const three = [new nn.Conv3d(2, 3, 2), new nn.ConvTranspose3d(2, 3, 2), new nn.Conv1d(2, 3, 2)];
        const b = nn.utils.convert_conv3d_weight_memory_format(new nn.Sequential(...three), torch.channels_last_3d);
        for (const each of three) stride(show, each);
        show(b.state_dict());
      },
    },
    'of whole modules': {
      py: `
        m = nn.Sequential(nn.Conv2d(2, 3, 2), nn.Linear(2, 2)).to(memory_format=torch.channels_last)
        show(list(m[0].weight.stride()), list(m[1].weight.stride()), m.state_dict())`,
      ts: (show) => {
        const [conv, linear] = [new nn.Conv2d(2, 3, 2), new nn.Linear(2, 2)];
        const m = new nn.Sequential(conv, linear).to({ memory_format: torch.channels_last });
        show(conv.weight.stride(), linear.weight.stride(), m.state_dict());
      },
    },
  });
});

describe('functional_call', () => {
  const { functional_call, stack_module_state } = torch.func;
  class Tied extends nn.Module {
    left = new nn.Linear(2, 2);
    right = new nn.Linear(2, 2);

    constructor() {
      super();
      this.right.weight = this.left.weight;
    }

    forward(x: Tensor, options: { scale?: number } = {}): Tensor {
      return this.right(this.left(x)).mul(options.scale ?? 1);
    }
  }
  const TIED = `
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(2, 2), nn.Linear(2, 2)
        self.right.weight = self.left.weight
    def forward(self, x, scale=1):
        return self.right(self.left(x)) * scale
`;
  side_by_side({
    'puts other tensors into the places, and gradients flow to them': {
      py: `
        m = nn.Linear(2, 2)
        weight = torch.randn(2, 2, requires_grad=True)
        y = torch.func.functional_call(m, {"weight": weight}, torch.ones(1, 2))
        y.sum().backward()
        show(y, weight.grad, m.weight.grad, m.bias.grad, m.state_dict())
        show(torch.func.functional_call(m, ({"weight": weight}, {"bias": torch.zeros(2)}), (torch.ones(1, 2),)))`,
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        const weight = torch.randn(2, 2).requires_grad_();
        const y = functional_call(m, { weight }, torch.ones(1, 2));
        y.sum().backward();
        show(y, weight.grad, m.weight.grad, m.bias!.grad, m.state_dict());
        show(functional_call(m, [{ weight }, { bias: torch.zeros(2) }], [torch.ones(1, 2)]));
      },
    },
    'ties what is tied, and takes options': {
      py: `${TIED}
m, w, x = Tied(), torch.randn(2, 2), torch.ones(1, 2)
show(torch.func.functional_call(m, {"left.weight": w}, x, {"scale": 3}))
show(torch.func.functional_call(m, {"left.weight": w}, x, tie_weights=False))
show(torch.func.functional_call(m, {"left.weight": w, "right.weight": w}, x))
torch.func.functional_call(m, {"left.weight": w, "right.weight": w + 1}, x)`,
      ts: (show) => {
        const [m, w, x] = [new Tied(), torch.randn(2, 2), torch.ones(1, 2)];
        show(functional_call(m, { 'left.weight': w }, x, { scale: 3 }));
        show(functional_call(m, { 'left.weight': w }, x, null, { tie_weights: false }));
        show(functional_call(m, { 'left.weight': w, 'right.weight': w }, x));
        functional_call(m, { 'left.weight': w, 'right.weight': w.add(1) }, x);
      },
    },
    'writes back what the call has changed, and leaves buffers alone': {
      py: `
        m = nn.BatchNorm1d(2)
        state = {name: buffer.clone() for name, buffer in m.named_buffers()}
        torch.func.functional_call(m, state, torch.randn(3, 2))
        show(state, m.state_dict())`,
      ts: (show) => {
        const m = new nn.BatchNorm1d(2);
        const state = Object.fromEntries([...m.named_buffers()].map(([name, buffer]) => [name, buffer.clone()]));
        functional_call(m, state, torch.randn(3, 2));
        show(state, m.state_dict());
      },
    },
    'of parametrized modules': {
      py: `
        m = parametrizations.weight_norm(nn.Linear(2, 2))
        show(torch.func.functional_call(m, {"parametrizations.weight.original0": torch.ones(2, 1)}, torch.ones(1, 2)))`,
      ts: (show) => {
        const m = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 2));
        show(functional_call(m, { 'parametrizations.weight.original0': torch.ones(2, 1) }, torch.ones(1, 2)));
      },
    },
    'says which names are missing or too many': {
      py: 'torch.func.functional_call(nn.Linear(2, 2), {"weight": torch.ones(2, 2), "w": torch.ones(1)}, torch.ones(1, 2), strict=True)',
      ts: () =>
        functional_call(new nn.Linear(2, 2), { weight: torch.ones(2, 2), w: torch.ones(1) }, torch.ones(1, 2), null, {
          strict: true,
        }),
    },
    'wants each name once': {
      py: 'torch.func.functional_call(nn.Linear(1, 1), [{"weight": torch.ones(1, 1)}] * 2, torch.ones(1, 1))',
      ts: () =>
        functional_call(
          new nn.Linear(1, 1),
          [{ weight: torch.ones(1, 1) }, { weight: torch.ones(1, 1) }],
          torch.ones(1, 1),
        ),
    },
    'of modules side by side under vmap': {
      py: `
        models = [nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)) for _ in range(3)]
        params, buffers = torch.func.stack_module_state(models)
        show(params, buffers)
        def call(params, x):
            return torch.func.functional_call(models[0], params, (x,))
        y = torch.vmap(call, in_dims=(0, None))(params, torch.ones(4, 2))
        y.sum().backward()
        show(y, params["0.weight"].grad)`,
      ts: (show) => {
        const models = Array.from(
          { length: 3 },
          () => new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1)),
        );
        const [params, buffers] = stack_module_state(models);
        show(params, buffers);
        const call = (its: Record<string, Tensor>, x: Tensor): Tensor => functional_call(models[0]!, its, [x]);
        const y = torch.vmap(call, { in_dims: [0, null] })(params, torch.ones(4, 2));
        y.sum().backward();
        show(y, params['0.weight']!.grad);
      },
    },
    'of no modules': {
      py: 'torch.func.stack_module_state([])',
      ts: () => stack_module_state([]),
    },
    'of modules of several classes': {
      py: 'torch.func.stack_module_state([nn.ReLU(), nn.Tanh()])',
      ts: () => stack_module_state([new nn.ReLU(), new nn.Tanh()]),
    },
    'of modules in several modes': {
      py: 'torch.func.stack_module_state([nn.ReLU(), nn.ReLU().eval()])',
      ts: () => stack_module_state([new nn.ReLU(), new nn.ReLU().eval()]),
    },
    'without running statistics': {
      py: `
        m = torch.func.replace_all_batch_norm_modules_(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)))
        show(m, list(m.state_dict()), m.eval()(torch.randn(3, 2)))`,
      ts: (show) => {
        const m = torch.func.replace_all_batch_norm_modules_(
          new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2)),
        );
        show(m, Object.keys(m.state_dict()), m.eval()(torch.randn(3, 2)));
      },
    },
  });

  it('gives the module its tensors back after an error', () => {
    const linear = new nn.Linear(2, 2);
    const { weight } = linear;
    expect(() => functional_call(linear, { weight: torch.ones(3, 3) }, torch.ones(1, 2))).toThrow(
      'mat1 and mat2 shapes cannot be multiplied (1x2 and 3x3)',
    );
    expect(() => functional_call(linear, { weight: 3 as never }, torch.ones(1, 2))).toThrow(
      '3 is not an instance of torch.Tensor',
    );
    expect(() =>
      functional_call(linear, { extra: torch.ones(1), 'no.weight': torch.ones(1) }, torch.ones(1, 2)),
    ).toThrow('Linear has no attribute `no`');
    expect([linear.weight === weight, Object.keys(linear).includes('extra')]).toEqual([true, false]);
  });

  it('has an old name, which warns', () => {
    const linear = new nn.Linear(1, 1);
    const weight = torch.ones(1, 1);
    nn.utils.stateless.functional_call(linear, { weight }, torch.ones(1, 1));
    expect(warnings()).toEqual([expect.stringContaining('Please use `torch.func.functional_call` instead')]);
  });
});

describe('init under old names', () => {
  const names = [
    'uniform',
    'normal',
    'eye',
    'xavier_uniform',
    'xavier_normal',
    'kaiming_uniform',
    'kaiming_normal',
    'orthogonal',
  ] as const;
  side_by_side({
    'draws the same': {
      py: `
        for name in ${JSON.stringify(names)}:
            show(getattr(nn.init, name)(torch.empty(3, 4)))
        show(nn.init.constant(torch.empty(2), 3), nn.init.dirac(torch.empty(3, 2, 3)), nn.init.sparse(torch.empty(3, 4), 0.5))`,
      ts: (show) => {
        for (const name of names) {
          const fill: (tensor: torch.Tensor) => torch.Tensor = nn.init[name];
          show(fill(torch.empty(3, 4)));
        }
        show(
          nn.init.constant(torch.empty(2), 3),
          nn.init.dirac(torch.empty(3, 2, 3)),
          nn.init.sparse(torch.empty(3, 4), 0.5),
        );
      },
    },
  });

  it('warns', () => {
    for (const name of [...names, 'constant', 'dirac', 'sparse']) {
      expect(told).toContain(`\`nn.init.${name}\` is now deprecated in favor of \`nn.init.${name}_\`.`);
    }
  });
});
