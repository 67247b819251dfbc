import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { after, side_by_side } from './side_by_side.js';

const { parametrize, parametrizations } = nn.utils;

const SYMMETRIC = `
class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).mT
    def right_inverse(self, a):
        return a.triu()

class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))
    def forward(self, x):
        return x * self.factor

class Split(nn.Module):
    def forward(self, a, b):
        return a + b
    def right_inverse(self, x):
        return x.clone() * 0.25, x.clone() * 0.75

class Shrink(nn.Module):
    def forward(self, x):
        return x[1:]
`;

class Symmetric extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).mT);
  }

  right_inverse(a: Tensor): Tensor {
    return a.triu();
  }
}

class Scale extends nn.Module {
  factor: nn.Parameter;

  constructor(factor: number) {
    super();
    this.factor = new nn.Parameter(torch.tensor(factor, { dtype: torch.float32 }));
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

class Split extends nn.Module {
  forward(a: Tensor, b: Tensor): Tensor {
    return a.add(b);
  }

  right_inverse(x: Tensor): Tensor[] {
    return [x.clone().mul(0.25), x.clone().mul(0.75)];
  }
}

class Shrink extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.index('1:');
  }
}

const py = (body: string): string => after(SYMMETRIC, body);

describe('register_parametrization', () => {
  side_by_side({
    'prints the class, moves the original and computes the value': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
        show(m, m.state_dict(), m.weight, m(torch.ones(1, 3)), [name for name, _ in m.named_parameters()])
        show(parametrize.is_parametrized(m), parametrize.is_parametrized(m, "bias"),
             parametrize.type_before_parametrizations(m).__name__)`),
      ts: (show) => {
        const m = parametrize.register_parametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
        show(
          m,
          m.state_dict(),
          m.weight,
          m(torch.ones(1, 3)),
          [...m.named_parameters()].map(([name]) => name),
        );
        show(
          parametrize.is_parametrized(m),
          parametrize.is_parametrized(m, 'bias'),
          parametrize.type_before_parametrizations(m).name,
        );
      },
    },
    'chains several on several tensors': {
      py: py(`
        m = nn.Linear(3, 3)
        parametrize.register_parametrization(m, "weight", Symmetric())
        parametrize.register_parametrization(m, "weight", Scale(2.))
        parametrize.register_parametrization(m, "bias", Scale(0.5))
        show(m, m.state_dict(), m.weight, m.bias)
        m(torch.ones(2, 3)).sum().backward()
        show([[name, p.grad] for name, p in m.named_parameters()])`),
      ts: (show) => {
        const m = new nn.Linear(3, 3);
        parametrize.register_parametrization(m, 'weight', new Symmetric());
        parametrize.register_parametrization(m, 'weight', new Scale(2));
        parametrize.register_parametrization(m, 'bias', new Scale(0.5));
        show(m, m.state_dict(), m.weight, m.bias);
        m(torch.ones(2, 3)).sum().backward();
        show([...m.named_parameters()].map(([name, p]) => [name, p.grad]));
      },
    },
    'starts from several tensors': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(2, 3), "weight", Split())
        show(m, m.state_dict(), m.weight)
        with torch.no_grad():
            m.weight = torch.ones(3, 2)
        show(m.state_dict())
        parametrize.remove_parametrizations(m, "weight")
        show(m, m.state_dict())`),
      ts: (show) => {
        const m = parametrize.register_parametrization(new nn.Linear(2, 3), 'weight', new Split());
        show(m, m.state_dict(), m.weight);
        torch.no_grad(() => {
          m.weight = torch.ones(3, 2) as nn.Parameter;
        });
        show(m.state_dict());
        parametrize.remove_parametrizations(m, 'weight');
        show(m, m.state_dict());
      },
    },
    'takes values by assignment': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
        a = torch.randn(3, 3)
        m.weight = a + a.T
        show(m.weight, m.parametrizations.weight.original)`),
      ts: (show) => {
        const m = parametrize.register_parametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
        const a = torch.randn(3, 3);
        m.weight = a.add(a.T) as nn.Parameter;
        show(m.weight, m.parametrizations.weight!.original);
      },
    },
    'refuses values that it has no right_inverse for': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Scale(2.))
        m.weight = torch.ones(3, 3)`),
      ts: () => {
        const m = parametrize.register_parametrization(new nn.Linear(3, 3), 'weight', new Scale(2));
        m.weight = torch.ones(3, 3) as nn.Parameter;
      },
    },
    'is undone with the value or the original': {
      py: py(`
        for leave in (True, False):
            m = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
            original = m.parametrizations.weight.original
            parametrize.remove_parametrizations(m, "weight", leave_parametrized=leave)
            show(m, m.state_dict(), m.weight is original, [name for name, _ in m.named_parameters()])`),
      ts: (show) => {
        for (const leave of [true, false]) {
          const m = parametrize.register_parametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
          const { original } = m.parametrizations.weight!;
          parametrize.remove_parametrizations(m, 'weight', { leave_parametrized: leave });
          show(
            m,
            m.state_dict(),
            (m.weight as Tensor) === original,
            [...m.named_parameters()].map(([name]) => name),
          );
        }
      },
    },
    'keeps the class while another tensor is parametrized': {
      py: py(`
        m = nn.Linear(2, 2)
        parametrize.register_parametrization(m, "weight", Symmetric())
        parametrize.register_parametrization(m, "bias", Scale(3.))
        parametrize.remove_parametrizations(m, "weight")
        show(m, m.state_dict(), parametrize.is_parametrized(m, "weight"))`),
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        parametrize.register_parametrization(m, 'weight', new Symmetric());
        parametrize.register_parametrization(m, 'bias', new Scale(3));
        parametrize.remove_parametrizations(m, 'weight');
        show(m, m.state_dict(), parametrize.is_parametrized(m, 'weight'));
      },
    },
    'of a buffer leaves it one': {
      py: py(`
        m = nn.BatchNorm1d(3)
        parametrize.register_parametrization(m, "running_mean", Scale(2.))
        show(m.state_dict(), [name for name, _ in m.named_buffers()])
        parametrize.remove_parametrizations(m, "running_mean")
        show([name for name, _ in m.named_buffers()])`),
      ts: (show) => {
        const m = new nn.BatchNorm1d(3);
        parametrize.register_parametrization(m, 'running_mean', new Scale(2));
        show(
          m.state_dict(),
          [...m.named_buffers()].map(([name]) => name),
        );
        parametrize.remove_parametrizations(m, 'running_mean');
        show([...m.named_buffers()].map(([name]) => name));
      },
    },
    'refuses another shape': {
      py: py('parametrize.register_parametrization(nn.Linear(2, 2), "weight", Shrink())'),
      ts: () => parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Shrink()),
    },
    'refuses another shape further on': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
        parametrize.register_parametrization(m, "weight", Shrink())`),
      ts: () => {
        const m = parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Symmetric());
        parametrize.register_parametrization(m, 'weight', new Shrink());
      },
    },
    'allows another shape when told': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(2, 3), "weight", Shrink(), unsafe=True)
        show(m.weight)`),
      ts: (show) => {
        show(
          parametrize.register_parametrization(new nn.Linear(2, 3), 'weight', new Shrink(), { unsafe: true }).weight,
        );
      },
    },
    'refuses names of nothing': {
      py: py('parametrize.register_parametrization(nn.Linear(2, 2), "what", Symmetric())'),
      ts: () => parametrize.register_parametrization(new nn.Linear(2, 2), 'what', new Symmetric()),
    },
    'refuses to remove what is not there': {
      py: py('parametrize.remove_parametrizations(nn.Linear(2, 2), "weight")'),
      ts: () => parametrize.remove_parametrizations(new nn.Linear(2, 2), 'weight'),
    },
    'passes to another module': {
      py: py(`
        a = nn.Linear(3, 3)
        parametrize.register_parametrization(a, "weight", Symmetric())
        parametrize.register_parametrization(a, "weight", Scale(2.))
        parametrize.register_parametrization(a, "bias", Split())
        b = parametrize.transfer_parametrizations_and_params(a, nn.Linear(3, 3))
        show(b, b.state_dict(), b.weight, b.bias, b.parametrizations.weight.original is a.parametrizations.weight.original)`),
      ts: (show) => {
        const a = new nn.Linear(3, 3);
        parametrize.register_parametrization(a, 'weight', new Symmetric());
        parametrize.register_parametrization(a, 'weight', new Scale(2));
        const source = parametrize.register_parametrization(a, 'bias', new Split());
        const b = parametrize.transfer_parametrizations_and_params(a, new nn.Linear(3, 3)) as typeof source;
        show(
          b,
          b.state_dict(),
          b.weight,
          b.bias,
          b.parametrizations.weight!.original === source.parametrizations.weight!.original,
        );
      },
    },
    'is copied by deepcopy': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
        c = copy.deepcopy(m)
        with torch.no_grad():
            c.parametrizations.weight.original.fill_(1)
        show(c, c.weight, m.weight, c.state_dict())`),
      ts: (show) => {
        const m = parametrize.register_parametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
        const c = torch.deepcopy(m);
        torch.no_grad(() => c.parametrizations.weight!.original.fill_(1));
        show(c, c.weight, m.weight, c.state_dict());
      },
    },
    'follows modes, dtypes and state dicts': {
      py: py(`
        m = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
        n = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
        show(str(m.load_state_dict(n.state_dict())), m.double().weight, m.eval().parametrizations.weight[0].training)`),
      ts: (show) => {
        const m = parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Symmetric());
        const n = parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Symmetric());
        show(
          String(m.load_state_dict(n.state_dict())),
          m.double().weight,
          m.eval().parametrizations.weight![0]!.training,
        );
      },
    },
  });

  it('computes once within cached', () => {
    let count = 0;
    class Counts extends nn.Module {
      forward(x: Tensor): Tensor {
        count++;
        return x.mul(1);
      }
    }
    const m = parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Counts());
    count = 0;
    const same = parametrize.cached(
      () => (m.weight as Tensor) === parametrize.cached(() => m.weight) && m.weight === m.weight,
    );
    expect([same, count]).toEqual([true, 1]);
    expect(m.weight === m.weight).toBe(false);
  });

  it('names what is not a module', () => {
    expect(() => parametrize.register_parametrization(new nn.Linear(1, 1), 'weight', new Map() as never)).toThrow(
      "register_parametrization(): argument 'parametrization' must be Module, not dict",
    );
  });

  it('leaves a copy alone when it is undone on the original', () => {
    const m = parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Symmetric());
    const c = torch.deepcopy(m);
    parametrize.remove_parametrizations(m, 'weight');
    expect([...c.weight.shape]).toEqual([2, 2]);
    expect(parametrize.is_parametrized(c, 'weight')).toBe(true);
  });
});

describe('parametrizations', () => {
  const shapes = [
    [3, 3],
    [5, 3],
    [3, 5],
  ] as const;
  const maps = ['matrix_exp', 'cayley', 'householder'] as const;
  side_by_side({
    ...Object.fromEntries(
      maps.flatMap((map) =>
        [true, false].map((trivial) => [
          `orthogonal by ${map}${trivial ? '' : ' without trivialisation'}`,
          {
            py: `
        for n, k in [(3, 3), (5, 3), (3, 5)]:
            m = parametrizations.orthogonal(nn.Linear(k, n), orthogonal_map="${map}", use_trivialization=${trivial ? 'True' : 'False'})
            show(m, m.state_dict(), m.weight)
            m(torch.ones(1, k)).pow(2).sum().backward()
            show(m.parametrizations.weight.original.grad)`,
            ts: (show: (...values: unknown[]) => void) => {
              for (const [n, k] of shapes) {
                const m = parametrizations.orthogonal(new nn.Linear(k, n), {
                  orthogonal_map: map,
                  use_trivialization: trivial,
                });
                show(m, m.state_dict(), m.weight);
                m(torch.ones(1, k)).pow(2).sum().backward();
                show(m.parametrizations.weight!.original.grad);
              }
            },
          },
        ]),
      ),
    ),
    'orthogonal takes values': {
      py: `
        for map in ("householder", "matrix_exp"):
            m = parametrizations.orthogonal(nn.Linear(3, 4), orthogonal_map=map)
            w = torch.empty(4, 3)
            nn.init.orthogonal_(w)
            m.weight = w
            show(m.weight)
        m = parametrizations.orthogonal(nn.Linear(3, 3), use_trivialization=False)
        m.weight = torch.eye(3)`,
      ts: (show) => {
        for (const map of ['householder', 'matrix_exp'] as const) {
          const m = parametrizations.orthogonal(new nn.Linear(3, 4), { orthogonal_map: map });
          const w = torch.empty(4, 3);
          nn.init.orthogonal_(w);
          m.weight = w as nn.Parameter;
          show(m.weight);
        }
        const m = parametrizations.orthogonal(new nn.Linear(3, 3), { use_trivialization: false });
        m.weight = torch.eye(3) as nn.Parameter;
      },
    },
    'orthogonal refuses vectors': {
      py: 'parametrizations.orthogonal(nn.Linear(3, 3), "bias")',
      ts: () => parametrizations.orthogonal(new nn.Linear(3, 3), 'bias'),
    },
    'orthogonal refuses other maps': {
      py: 'parametrizations.orthogonal(nn.Linear(3, 3), orthogonal_map="qr")',
      ts: () => parametrizations.orthogonal(new nn.Linear(3, 3), { orthogonal_map: 'qr' as never }),
    },
    weight_norm: {
      py: `
        m = parametrizations.weight_norm(nn.Linear(3, 2))
        show(m, m.state_dict(), m.weight)
        m(torch.ones(1, 3)).sum().backward()
        show([p.grad for p in m.parameters()])
        show(parametrizations.weight_norm(nn.Conv1d(2, 3, 2), dim=None).state_dict())
        old = nn.utils.weight_norm(nn.Linear(3, 2))
        show(str(m.load_state_dict(old.state_dict())), m.state_dict())`,
      ts: (show) => {
        const m = parametrizations.weight_norm(new nn.Linear(3, 2));
        show(m, m.state_dict(), m.weight);
        m(torch.ones(1, 3)).sum().backward();
        show([...m.parameters()].map((p) => p.grad));
        show(parametrizations.weight_norm(new nn.Conv1d(2, 3, 2), { dim: null }).state_dict());
        const old = nn.utils.weight_norm(new nn.Linear(3, 2));
        show(String(m.load_state_dict(old.state_dict())), m.state_dict());
      },
    },
    spectral_norm: {
      py: `
        m = parametrizations.spectral_norm(nn.Linear(3, 4), n_power_iterations=2)
        show(m, m.state_dict(), m.weight, m.eval().weight, m.state_dict())
        m(torch.ones(1, 3)).sum().backward()
        show([p.grad for p in m.parameters()])
        show(parametrizations.spectral_norm(nn.ConvTranspose2d(2, 3, 2)).state_dict())
        b = parametrizations.spectral_norm(nn.Linear(3, 4), "bias")
        show(b.bias, b.state_dict())`,
      ts: (show) => {
        const m = parametrizations.spectral_norm(new nn.Linear(3, 4), { n_power_iterations: 2 });
        // Reading the weight in training mode moves the vectors, which the state dict shares.
        show(m, m.state_dict(), m.weight, m.eval().weight, m.state_dict());
        m(torch.ones(1, 3)).sum().backward();
        show([...m.parameters()].map((p) => p.grad));
        show(parametrizations.spectral_norm(new nn.ConvTranspose2d(2, 3, 2)).state_dict());
        const b = parametrizations.spectral_norm(new nn.Linear(3, 4), 'bias');
        show(b.bias, b.state_dict());
      },
    },
    'spectral_norm refuses other dimensions': {
      py: 'parametrizations.spectral_norm(nn.Linear(3, 3), dim=2)',
      ts: () => parametrizations.spectral_norm(new nn.Linear(3, 3), { dim: 2 }),
    },
    'spectral_norm refuses no iterations': {
      py: 'parametrizations.spectral_norm(nn.Linear(3, 3), n_power_iterations=0)',
      ts: () => parametrizations.spectral_norm(new nn.Linear(3, 3), { n_power_iterations: 0 }),
    },
    'refuse names of nothing': {
      py: 'parametrizations.spectral_norm(nn.Linear(3, 3), "what")',
      ts: () => parametrizations.spectral_norm(new nn.Linear(3, 3), 'what'),
    },
    'of recurrent layers': {
      py: `
        m = parametrizations.orthogonal(nn.RNN(2, 3), "weight_hh_l0")
        out, _ = m(torch.randn(4, 1, 2))
        show(out)
        out.sum().backward()
        show([[name, p.grad] for name, p in m.named_parameters()])`,
      ts: (show) => {
        const m = new nn.RNN(2, 3);
        parametrizations.orthogonal(m, 'weight_hh_l0');
        const [out] = m(torch.randn(4, 1, 2));
        show(out);
        out.sum().backward();
        show([...m.named_parameters()].map(([name, p]) => [name, p.grad]));
      },
    },
  });
});
