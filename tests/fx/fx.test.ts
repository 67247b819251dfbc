/** torch.fx: graphs of modules and functions, compared with what Python prints of its own, and what is done with graphs. */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { op } from 'torch-node/port';
import { describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';

const F = nn.functional;
const { symbolic_trace } = torch.fx;

/** What ports write for Python's operators, of tensors. */
const { add, mul, sub, truediv, matmul, neg, getitem, gt, pow, invert, eq } = op as unknown as Record<
  'add' | 'mul' | 'sub' | 'truediv' | 'matmul' | 'neg' | 'getitem' | 'gt' | 'pow' | 'invert' | 'eq',
  (...args: unknown[]) => Tensor
>;

/** What a program prints. */
function printed(run: () => void): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    run();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

/** Spaces of a table depend on the addresses of functions. */
const squeezed = (text: string): string =>
  text
    .replaceAll(/ at 0x[0-9a-f]+/g, '')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-+/g, '-')
    .replaceAll(/ $/gm, '');

function lists(value: unknown): unknown {
  if (value instanceof torch.Tensor) return value.tolist();
  if (Array.isArray(value)) return value.map(lists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lists(item)]));
}

/** The numbers in some values. */
const numbers = (value: unknown): number[] =>
  (JSON.stringify(value).match(/-?\d[\d.e+-]*|true|false/g) ?? []).map((text) =>
    text === 'true' || text === 'false' ? Number(text === 'true') : Number(text),
  );

interface Case {
  /** Python's `root` and `args`. */
  readonly source: string;
  readonly root: () => nn.Module | ((...args: never[]) => unknown);
  readonly args: () => Tensor[];
}

class Mlp extends nn.Module {
  first = new nn.Linear(3, 4);
  act = new nn.ReLU();
  second = new nn.Linear(4, 2);
  forward(x: Tensor): Tensor {
    return this.second(this.act(this.first(x)));
  }
}

class Residual extends nn.Module {
  body = new nn.Sequential(new nn.Linear(3, 3), new nn.Tanh(), new nn.Linear(3, 3));
  forward(x: Tensor): Tensor {
    return add(this.body(x), x);
  }
}

class WithMembers extends nn.Module {
  declare scale: nn.Parameter;
  declare shift: Tensor;
  offset = torch.ones(3);
  constructor() {
    super();
    this.scale = new nn.Parameter(torch.full([3], 2.5));
    this.register_buffer('shift', torch.arange(3, { dtype: torch.float32 }));
  }
  forward(x: Tensor): Tensor {
    const scaled = mul(mul(x, this.scale), this.scale);
    return add(add(add(scaled, this.shift), this.offset), torch.ones(3));
  }
}

class Nested extends nn.Module {
  mlp = new Mlp();
  residual = new Residual();
  forward(x: Tensor): Tensor {
    return torch.cat([this.mlp(x), this.residual(x), this.mlp(x)], 1);
  }
}

class Convolutional extends nn.Module {
  conv = new nn.Conv2d(1, 2, 3);
  bn = new nn.BatchNorm2d(2);
  fc = new nn.Linear(2 * 3 * 3, 2);
  forward(x: Tensor): Tensor {
    let y = F.relu(this.bn(this.conv(x)));
    y = F.max_pool2d(y, 2);
    y = torch.flatten(y, 1);
    y = F.dropout(y, { training: false });
    return F.log_softmax(this.fc(y), { dim: 1 });
  }
}

const cases: Record<string, Case> = {
  'layers that follow one another': {
    source: `
class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.act = nn.ReLU()
        self.second = nn.Linear(4, 2)
    def forward(self, x):
        return self.second(self.act(self.first(x)))
root, args = Mlp(), (torch.ones(2, 3),)`,
    root: () => new Mlp(),
    args: () => [torch.ones(2, 3)],
  },
  'a sequential module, and an operator': {
    source: `
class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    def forward(self, x):
        return self.body(x) + x
root, args = Residual(), (torch.ones(2, 3),)`,
    root: () => new Residual(),
    args: () => [torch.ones(2, 3)],
  },
  'parameters, buffers and other tensors': {
    source: `
class WithMembers(nn.Module):
    def __init__(self):
        super().__init__()
        self.offset = torch.ones(3)
        self.scale = nn.Parameter(torch.full((3,), 2.5))
        self.register_buffer('shift', torch.arange(3.))
    def forward(self, x):
        scaled = x * self.scale * self.scale
        return scaled + self.shift + self.offset + torch.ones(3)
root, args = WithMembers(), (torch.ones(2, 3),)`,
    root: () => new WithMembers(),
    args: () => [torch.ones(2, 3)],
  },
  'modules in modules, called several times': {
    source: `
class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.act = nn.ReLU()
        self.second = nn.Linear(4, 2)
    def forward(self, x):
        return self.second(self.act(self.first(x)))
class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    def forward(self, x):
        return self.body(x) + x
class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = Mlp()
        self.residual = Residual()
    def forward(self, x):
        return torch.cat([self.mlp(x), self.residual(x), self.mlp(x)], 1)
root, args = Nested(), (torch.ones(2, 3),)`,
    root: () => new Nested(),
    args: () => [torch.ones(2, 3)],
  },
  'functions of torch.nn.functional with their defaults': {
    source: `
class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.bn = nn.BatchNorm2d(2)
        self.fc = nn.Linear(2 * 3 * 3, 2)
    def forward(self, x):
        y = F.relu(self.bn(self.conv(x)))
        y = F.max_pool2d(y, 2)
        y = torch.flatten(y, 1)
        y = F.dropout(y, training=False)
        return F.log_softmax(self.fc(y), dim=1)
root, args = Convolutional(), (torch.ones(2, 1, 8, 8),)`,
    root: () => new Convolutional(),
    args: () => [torch.ones(2, 1, 8, 8)],
  },
  'more functions': {
    source: `
def root(x):
    y = F.leaky_relu(F.elu(x, 0.5), inplace=False)
    y = F.gelu(F.silu(F.sigmoid(y)))
    y = F.layer_norm(y, [3])
    y = F.softmax(torch.einsum('ij->ji', y), -1)
    y = F.normalize(F.pad(y, (1, 1)), dim=0)
    return torch.linalg.norm(torch.special.expit(y)), F.hardtanh(y), torch.zeros_like(y)
args = (torch.arange(6.).view(2, 3),)`,
    root: () =>
      function root(x: Tensor) {
        let y = F.leaky_relu(F.elu(x, 0.5), { inplace: false });
        y = F.gelu(F.silu(F.sigmoid(y)));
        y = F.layer_norm(y, [3]);
        y = F.softmax(torch.einsum('ij->ji', y), -1);
        y = F.normalize(F.pad(y, torch.serialization.Tuple.of(1, 1)), { dim: 0 });
        return torch.serialization.Tuple.of(
          torch.linalg.norm(torch.special.expit(y)),
          F.hardtanh(y),
          torch.zeros_like(y),
        );
      },
    args: () => [torch.arange(6, { dtype: torch.float32 }).view(2, 3)],
  },
  operators: {
    source: `
def root(x, y):
    a = x + y - 1
    b = 2 * a / y
    c = -(b @ x.t()) ** 2
    return (c > 0, ~(c == 1), 1 - c[0, 1:], c[..., 0])
args = (torch.arange(6.).view(2, 3), torch.ones(2, 3))`,
    root: () =>
      function root(x: Tensor, y: Tensor) {
        const a = sub(add(x, y), 1);
        const b = truediv(mul(2, a), y);
        const c = neg(pow(matmul(b, x.t()), 2));
        return torch.serialization.Tuple.of(gt(c, 0), invert(eq(c, 1)), sub(1, c.index(0, '1:')), c.index('...', 0));
      },
    args: () => [torch.arange(6, { dtype: torch.float32 }).view(2, 3), torch.ones(2, 3)],
  },
  'methods, attributes and elements': {
    source: `
def root(x):
    a, b = x.chunk(2)
    rows = x.shape[0]
    return [x.view(rows, -1).sum(dim=1, keepdim=True), a.neg(), {'b': b.mul(2).add(a)}]
args = (torch.arange(6.).view(2, 3),)`,
    root: () =>
      function root(x: Tensor) {
        const [a, b] = x.chunk(2) as [Tensor, Tensor];
        const rows = getitem(x.shape, 0) as unknown as number;
        return [x.view(rows, -1).sum({ dim: 1, keepdim: true }), a.neg(), { b: b.mul(2).add(a) }];
      },
    args: () => [torch.arange(6, { dtype: torch.float32 }).view(2, 3)],
  },
  'parameters with defaults, and unused ones': {
    source: `
class Scaled(nn.Module):
    def forward(self, x, scale=2, mask=None):
        return x * scale
root, args = Scaled(), (torch.ones(2),)`,
    root: () =>
      new (class Scaled extends nn.Module {
        forward(x: Tensor, scale = 2, mask = null): Tensor {
          void mask;
          return mul(x, scale);
        }
      })(),
    args: () => [torch.ones(2)],
  },
  'a root of torch.nn': {
    source: `root, args = nn.LeakyReLU(), (torch.tensor([-1., 2.]),)`,
    root: () => new nn.LeakyReLU(),
    args: () => [torch.tensor([-1, 2], { dtype: torch.float32 })],
  },
  'names that Python has': {
    source: `
def root(input, lambda_):
    return torch.max(input).float().half().sum() + lambda_
args = (torch.ones(2), torch.ones(2))`,
    root: () =>
      function root(input: Tensor, lambda_: Tensor) {
        return add(torch.max(input).float().half().sum(), lambda_);
      },
    args: () => [torch.ones(2), torch.ones(2)],
  },
};

const expected = new Map(
  python<[graph: string, code: string, table: string, result: string][]>('snippets.py', [
    Object.values(cases).map(
      ({ source }) => `
import contextlib, io
import torch.nn.functional as F
from torch import nn
torch.manual_seed(0)
${source}
traced = torch.fx.symbolic_trace(root)
text = io.StringIO()
with contextlib.redirect_stdout(text):
    traced.graph.print_tabular()
def lists(value):
    if isinstance(value, torch.Tensor): return value.tolist()
    if isinstance(value, dict): return {k: lists(v) for k, v in value.items()}
    return [lists(v) for v in value] if isinstance(value, (list, tuple)) else value
show(str(traced.graph), traced.code, text.getvalue(), json.dumps(lists(traced(*args))))
`,
    ),
  ]).map((shown, i) => [Object.keys(cases)[i]!, shown]),
);

describe.each(Object.entries(cases))('the graph of %s', (name, { root, args }) => {
  const [graph, code, table, result] = expected.get(name)!;
  torch.manual_seed(0);
  const of = root();
  const traced = symbolic_trace(of as nn.Module);

  it('prints as in Python', () => {
    expect(String(traced.graph)).toBe(graph);
  });
  it('is the same code', () => {
    expect(traced.code).toBe(code);
  });
  it('is the same table', () => {
    expect(squeezed(printed(() => traced.graph.print_tabular()))).toBe(squeezed(table));
  });
  it('gives what the program gives', () => {
    const ours = numbers(lists(traced(...args())));
    const wanted = numbers(JSON.parse(result));
    expect(ours.length).toBe(wanted.length);
    for (const [i, value] of ours.entries()) expect(value).toBe(wanted[i]);
  });
});
