import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';

type Fields = Record<string, unknown>;

function example(): Fields & nn.Linear {
  const module = new nn.Linear(2, 2) as Fields & nn.Linear;
  (module as Fields)['inner'] = new nn.ReLU();
  (module as Fields)['plain'] = 3;
  module.register_buffer('mean', torch.zeros(2));
  module.register_buffer('scratch', torch.zeros(2), { persistent: false });
  return module;
}

const names = (pairs: Iterable<[string, unknown]>): string[] => [...pairs].map(([name]) => name);

/** Statements in Python and the same here. */
const cases: [code: string, run: (m: Fields) => void][] = [
  [
    'm.weight = torch.ones(2, 2)',
    (m) => {
      m['weight'] = torch.ones(2, 2);
    },
  ],
  [
    'm.weight = torch.ones(2, 2, dtype=torch.float64)',
    (m) => {
      m['weight'] = torch.ones(2, 2, { dtype: torch.float64 });
    },
  ],
  [
    'm.weight = 3',
    (m) => {
      m['weight'] = 3;
    },
  ],
  [
    'm.weight = [1, 2]',
    (m) => {
      m['weight'] = [1, 2];
    },
  ],
  [
    'm.weight = {"a": 1}',
    (m) => {
      m['weight'] = { a: 1 };
    },
  ],
  [
    'm.weight = "one"',
    (m) => {
      m['weight'] = 'one';
    },
  ],
  [
    'm.weight = None',
    (m) => {
      m['weight'] = null;
    },
  ],
  [
    'm.weight = None; m.weight = nn.Parameter(torch.ones(1))',
    (m) => {
      m['weight'] = null;
      m['weight'] = new nn.Parameter(torch.ones(1));
    },
  ],
  [
    'm.weight = nn.Parameter(torch.ones(2, 2))',
    (m) => {
      m['weight'] = new nn.Parameter(torch.ones(2, 2));
    },
  ],
  [
    'm.weight = nn.Linear(1, 1)',
    (m) => {
      m['weight'] = new nn.Linear(1, 1);
    },
  ],
  [
    'm.weight = nn.Conv2d(1, 1, 1)',
    (m) => {
      m['weight'] = new nn.Conv2d(1, 1, 1);
    },
  ],
  [
    'm.inner = nn.Tanh()',
    (m) => {
      m['inner'] = new nn.Tanh();
    },
  ],
  [
    'm.inner = None',
    (m) => {
      m['inner'] = null;
    },
  ],
  [
    'm.inner = torch.ones(1)',
    (m) => {
      m['inner'] = torch.ones(1);
    },
  ],
  [
    'm.inner = 3.5',
    (m) => {
      m['inner'] = 3.5;
    },
  ],
  [
    'm.inner = nn.Parameter(torch.ones(1))',
    (m) => {
      m['inner'] = new nn.Parameter(torch.ones(1));
    },
  ],
  [
    'm.inner = nn.Buffer(torch.ones(1))',
    (m) => {
      m['inner'] = new nn.Buffer(torch.ones(1));
    },
  ],
  [
    'm.mean = torch.ones(3)',
    (m) => {
      m['mean'] = torch.ones(3);
    },
  ],
  [
    'm.scratch = torch.ones(3)',
    (m) => {
      m['scratch'] = torch.ones(3);
    },
  ],
  [
    'm.scratch = nn.Buffer(torch.ones(3))',
    (m) => {
      m['scratch'] = new nn.Buffer(torch.ones(3));
    },
  ],
  [
    'm.mean = nn.Buffer(torch.ones(3), persistent=False)',
    (m) => {
      m['mean'] = new nn.Buffer(torch.ones(3), { persistent: false });
    },
  ],
  [
    'm.mean = None',
    (m) => {
      m['mean'] = null;
    },
  ],
  [
    'm.mean = 4',
    (m) => {
      m['mean'] = 4;
    },
  ],
  [
    'm.mean = nn.Parameter(torch.ones(1))',
    (m) => {
      m['mean'] = new nn.Parameter(torch.ones(1));
    },
  ],
  [
    'm.mean = nn.Tanh()',
    (m) => {
      m['mean'] = new nn.Tanh();
    },
  ],
  [
    'm.plain = nn.Parameter(torch.ones(1))',
    (m) => {
      m['plain'] = new nn.Parameter(torch.ones(1));
    },
  ],
  [
    'm.plain = nn.Tanh()',
    (m) => {
      m['plain'] = new nn.Tanh();
    },
  ],
  [
    'm.plain = nn.Buffer(torch.ones(1))',
    (m) => {
      m['plain'] = new nn.Buffer(torch.ones(1));
    },
  ],
  [
    'm.plain = torch.ones(1)',
    (m) => {
      m['plain'] = torch.ones(1);
    },
  ],
  [
    'm.fresh = nn.Parameter(torch.ones(1))',
    (m) => {
      m['fresh'] = new nn.Parameter(torch.ones(1));
    },
  ],
  [
    'm.fresh = nn.Tanh()',
    (m) => {
      m['fresh'] = new nn.Tanh();
    },
  ],
  [
    'm.fresh = torch.ones(1) + nn.Parameter(torch.ones(1))',
    (m) => {
      m['fresh'] = torch.ones(1).add(new nn.Parameter(torch.ones(1)));
    },
  ],
  [
    'm.forward = nn.Parameter(torch.ones(1))',
    (m) => {
      m['forward'] = new nn.Parameter(torch.ones(1));
    },
  ],
  [
    'm.train = nn.Buffer(torch.ones(1))',
    (m) => {
      m['train'] = new nn.Buffer(torch.ones(1));
    },
  ],
  [
    'del m.weight',
    (m) => {
      delete m['weight'];
    },
  ],
  [
    'del m.weight; m.weight = torch.ones(1)',
    (m) => {
      delete m['weight'];
      m['weight'] = torch.ones(1);
    },
  ],
  [
    'del m.inner; m.inner = nn.Tanh()',
    (m) => {
      delete m['inner'];
      m['inner'] = new nn.Tanh();
    },
  ],
  [
    'del m.mean',
    (m) => {
      delete m['mean'];
    },
  ],
  [
    'del m.scratch; m.scratch = nn.Buffer(torch.ones(1))',
    (m) => {
      delete m['scratch'];
      m['scratch'] = new nn.Buffer(torch.ones(1));
    },
  ],
  [
    'm.plain = None; m.register_buffer("plain", None)',
    (m) => {
      m['plain'] = null;
      (m as unknown as nn.Module).register_buffer('plain', null);
    },
  ],
  [
    'm.bias = None; m.add_module("bias", None)',
    (m) => {
      m['bias'] = null;
      (m as unknown as nn.Module).add_module('bias', null);
    },
  ],
];

// Python's classes of errors that are plain Errors here.
const CLASSES: Record<string, string> = { KeyError: 'Error', ValueError: 'Error' };

describe('assigning to a field of a module', () => {
  it("does what Python's Module.__setattr__ and __delattr__ do", () => {
    const theirs = python<[string | null, string[], string[], string[], ...unknown[]][]>('module_assignment.py', [
      cases.map(([code]) => code),
    ]);
    const ours = cases.map(([code, run]) => {
      const module = example();
      let error: string | null = null;
      try {
        run(module);
      } catch (failure) {
        error = `${(failure as Error).name}: ${(failure as Error).message}`;
      }
      return [
        code,
        error,
        names(module.named_parameters()),
        names(module.named_buffers()),
        names(module.named_children()),
        Object.keys(module.state_dict()),
        String(module),
      ];
    });
    const expected = theirs.map(([error, , , , ...rest], i) => [
      cases[i]![0],
      error?.replace(/^\w+/, (name) => CLASSES[name] ?? name) ?? null,
      ...rest,
    ]);
    expect(ours).toEqual(expected);
  });

  it('throws at once in modules whose fields are class fields, too', () => {
    class Scale extends nn.Module {
      factor: Tensor = new nn.Parameter(torch.ones(1));
      layer: unknown = new nn.Linear(1, 1);
    }
    const module = new Scale();
    expect(() => {
      module.factor = torch.ones(1);
    }).toThrow(
      new TypeError("cannot assign 'torch.FloatTensor' as parameter 'factor' (torch.nn.Parameter or None expected)"),
    );
    expect(() => {
      module.layer = 3;
    }).toThrow(TypeError);
    expect(() => Object.assign(module, { layer: 3 })).toThrow(TypeError);
    expect(names(module.named_parameters())).toEqual(['factor', 'layer.weight', 'layer.bias']);
  });

  it("refuses undefined, which is not Python's None", () => {
    const module = example();
    expect(() => {
      (module as Fields)['weight'] = undefined;
    }).toThrow("as parameter 'weight'");
    expect(names(module.named_parameters())).toEqual(['weight', 'bias']);
  });

  it('calls the setter of a class that has one', () => {
    class Guarded extends nn.Module {
      seen: unknown[] = [];
      set weight(value: unknown) {
        this.seen.push(value);
      }
    }
    const module = new Guarded();
    const parameter = new nn.Parameter(torch.ones(1));
    module.weight = parameter;
    expect(module.seen.map((value) => value === parameter)).toEqual([true]);
    expect([...module.parameters()]).toEqual([]);
  });

  it('keeps private fields and the identity of this', () => {
    class Secretive extends nn.Module {
      readonly #secret = 7;
      readonly self = (): Secretive => this;
      forward(): number {
        return this.#secret;
      }
    }
    const module = new Secretive();
    expect([module(), module.self() === module]).toEqual([7, true]);
  });
});

describe('the order of parameters and submodules', () => {
  it('is that of assignment, as in Python, not that of declaration', () => {
    class Net extends nn.Module {
      last: nn.Linear;
      first: nn.Linear;
      scale: nn.Parameter;
      constructor() {
        super();
        this.first = new nn.Linear(1, 2);
        this.scale = new nn.Parameter(torch.ones(1));
        this.last = new nn.Linear(2, 1);
      }
    }
    const [shown] = python<unknown[][]>('snippets.py', [
      [
        `
class Net(nn.Module):
    last: nn.Linear
    first: nn.Linear
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(1, 2)
        self.scale = nn.Parameter(torch.ones(1))
        self.last = nn.Linear(2, 1)
net = Net()
show(str(net), [name for name, _ in net.named_parameters()])`,
      ],
    ]);
    const net = new Net();
    expect([String(net), names(net.named_parameters())]).toEqual(shown);
  });

  // TypeScript defines declared fields as undefined, or leaves them out, by this setting.
  it.each([true, false])('is that of assignment with useDefineForClassFields: %s', (useDefineForClassFields) => {
    const { code } = transformSync(
      `(nn, torch) => class Net extends nn.Module {
      last: nn.Linear;
      scratch: Tensor;
      middle: nn.Module = new nn.ReLU();
      scale: nn.Parameter;
      first: nn.Linear;
      constructor() {
        super();
        this.first = new nn.Linear(1, 2);
        this.scale = new nn.Parameter(torch.ones(1));
        this.add_module('added', new nn.Linear(2, 2));
        this.register_buffer('scratch', torch.zeros(1));
        this.shift = new nn.Parameter(torch.ones(1));
        this.last = new nn.Linear(2, 1);
      }
    }`,
      { loader: 'ts', tsconfigRaw: { compilerOptions: { useDefineForClassFields, target: 'es2022' } } },
    );
    expect(/^\s*last;$/m.test(code)).toBe(useDefineForClassFields);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const make = new Function(`return ${code.trim().replace(/;$/, '')}`)() as (
      ...args: unknown[]
    ) => new () => nn.Module;
    const net = new (make(nn, torch))();
    const [shown] = python<unknown[][]>('snippets.py', [
      [
        `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.middle = nn.ReLU()
        self.first = nn.Linear(1, 2)
        self.scale = nn.Parameter(torch.ones(1))
        self.add_module('added', nn.Linear(2, 2))
        self.register_buffer('scratch', torch.zeros(1))
        self.shift = nn.Parameter(torch.ones(1))
        self.last = nn.Linear(2, 1)
net = Net()
show(str(net), [name for name, _ in net.named_parameters()], [name for name, _ in net.named_children()], list(net.state_dict()))`,
      ],
    ]);
    expect([
      String(net),
      names(net.named_parameters()),
      names(net.named_children()),
      Object.keys(net.state_dict()),
    ]).toEqual(shown);
  });

  it('is not lost when a subclass declares a field again', () => {
    class Wide extends nn.Linear {
      // @ts-expect-error TypeScript wants `declare`; what runs is the same as in JavaScript
      weight: nn.Parameter;
    }
    const wide = new Wide(2, 3);
    expect(names(wide.named_parameters())).toEqual(['weight', 'bias']);
    expect([...wide.weight.shape]).toEqual([3, 2]);
  });
});
