import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';

type Any = (...args: unknown[]) => unknown;

function said(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const as_function = (module: unknown): Any => module as Any;
const x = torch.ones(2, 2);

describe('calls of modules that users wrote', () => {
  class Two extends nn.Module {
    forward(a: Tensor, b: Tensor): Tensor {
      return a.add(b);
    }
  }
  class Optional extends nn.Module {
    forward(a: Tensor, b: Tensor | null = null, { scale = [1, 2].length } = {}): number {
      return (b === null ? 1 : 2) * scale;
    }
  }
  class Rest extends nn.Module {
    forward(first: number, ...others: number[]): number {
      return first + others.length;
    }
  }
  class Old extends nn.Module {
    forward(): number {
      return arguments.length;
    }
  }
  class Arrow extends nn.Module {
    forward = (a: Tensor /* , b) { */, text = "),('"): string => `${a.ndim}${text}`;
  }
  class Nothing extends nn.Module {
    forward(): number {
      return 1;
    }
  }

  it("are told of surplus arguments in Python's words", () => {
    const texts = python<string[]>('nn_errors.py', [
      [
        'class Two(nn.Module):\n    def forward(self, a, b): pass\nTwo()(1, 2, 3)',
        'class Nothing(nn.Module):\n    def forward(self): pass\nNothing()(1)',
        'class Optional(nn.Module):\n    def forward(self, a, b=None, c=None): pass\nOptional()(1, 2, 3, 4)',
        'class Two(nn.Module):\n    def forward(self, a, b): pass\nclass Sub(Two): pass\nSub()(1, 2, 3)',
      ],
    ]);
    class Sub extends Two {}
    expect([
      said(() => as_function(new Two())(x, x, x)),
      said(() => as_function(new Nothing())(x)),
      said(() => as_function(new Optional())(x, x, {}, x)),
      said(() => as_function(new Sub())(x, x, x)),
    ]).toEqual(texts);
  });

  it('take what their source says, and any number where it does not say', () => {
    expect(new Optional()(x, x, { scale: 3 })).toBe(6);
    expect(as_function(new Rest())(1, 2, 3, 4)).toBe(4);
    expect(as_function(new Old())(1, 2, 3)).toBe(3);
    expect(as_function(new Arrow())(x, 'a')).toBe('2a');
    expect(said(() => as_function(new Arrow())(x, 'a', 'b'))).toBe(
      'Arrow.forward() takes from 2 to 3 positional arguments but 4 were given',
    );
    const bound = new nn.Module() as nn.Module & { forward: Any };
    bound.forward = Array.prototype.concat.bind([0]);
    expect(as_function(bound)(1, 2)).toEqual([0, 1, 2]);
  });

  it('look again when forward is replaced', () => {
    const module = new Two() as unknown as { forward: Any };
    expect(said(() => as_function(module)(x, x, x))).toContain('takes 3');
    module.forward = (...all: unknown[]) => all.length;
    expect(as_function(module)(x, x, x)).toBe(3);
  });

  it('see arguments after hooks', () => {
    const linear = new nn.Linear(2, 2);
    const handle = linear.register_forward_pre_hook((_module, [input]) => [input]);
    expect((as_function(linear)(x, x) as Tensor).shape[0]).toBe(2);
    handle.remove();
    expect(said(() => as_function(linear)(x, x))).toBe(
      'Linear.forward() takes 2 positional arguments but 3 were given',
    );
  });

  it('name the class, where several share a forward', () => {
    const { quantized } = torch.ao.nn;
    const names = ['Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'] as const;
    const calls = names.map((name) => `torch.ao.nn.quantized.${name}(1, 1, 2)(1, 2)`);
    const ours = names.map((name) => said(() => as_function(new quantized[name](1, 1, 2))(x, x)));
    expect(ours).toEqual(python<string[]>('nn_errors.py', [calls]));
  });
});

describe('arguments by name', () => {
  it('are taken by the modules of this package', () => {
    const linear = as_function(new nn.Linear(2, 2));
    expect(String(linear({ input: x }))).toBe(String(linear(x)));
    const loss = as_function(new nn.MSELoss());
    expect(String(loss(x, { target: x }))).toBe(String(loss({ input: x, target: x })));
    const attention = new nn.MultiheadAttention(2, 1).eval();
    expect(String(attention({ query: x, key: x, value: x })[0])).toBe(String(attention(x, x, x)[0]));
    expect(new nn.LSTM({ input_size: 2, hidden_size: 3 })({ input: x })[0].shape[1]).toBe(3);
    expect(new nn.Transformer(2, 1, 1, 1, 4)({ src: x, tgt: x }).ndim).toBe(2);
  });

  it("may be methods' too", () => {
    const module = new nn.Module();
    module.register_buffer({ name: 'mean', tensor: x, persistent: false });
    module.register_parameter('p', { param: new nn.Parameter(x) });
    expect([...module.named_parameters({ prefix: 'm', recurse: false })].map(([name]) => name)).toEqual(['m.p']);
    expect(Object.keys(module.state_dict())).toEqual(['p']);
    expect(module.get_parameter({ target: 'p' })).toBe(module.get_parameter('p'));
  });
});

describe('states of recurrent layers', () => {
  it('of a wrong kind are refused, naming the argument', () => {
    const hidden = torch.zeros(1, 1, 3);
    const input = torch.zeros(1, 1, 2);
    expect([
      said(() => as_function(new nn.LSTM(2, 3))(input, hidden)),
      said(() => as_function(new nn.LSTM(2, 3))(input, [hidden])),
      said(() => as_function(new nn.LSTM(2, 3))(input, [hidden, 3])),
      said(() => as_function(new nn.GRU(2, 3))(input, [hidden])),
      said(() => as_function(new nn.RNN(2, 3))('x')),
      said(() => as_function(new nn.LSTMCell(2, 3))(input, hidden)),
      said(() => as_function(new nn.GRUCell(2, 3))(input, hidden, hidden)),
      said(() => as_function(new nn.LSTM(2, 3))()),
    ]).toEqual([
      "LSTM.forward(): argument 'hx' must be list of Tensors, not Tensor",
      "LSTM.forward(): argument 'hx' must be a list of two Tensors (h_0, c_0), but has 1",
      "LSTM.forward(): argument 'hx' must be list of Tensors, but found element of type int at pos 1",
      "GRU.forward(): argument 'hx' must be Tensor, not list",
      "RNN.forward(): argument 'input' must be Tensor or PackedSequence, not str",
      "LSTMCell.forward(): argument 'hx' must be list of Tensors, not Tensor",
      'GRUCell.forward() takes from 2 to 3 positional arguments but 4 were given',
      "LSTM.forward() missing 1 required positional argument: 'input'",
    ]);
  });
});

describe('methods of Module', () => {
  it('refuse unknown and surplus arguments, naming the method', () => {
    const module = new nn.Linear(2, 2) as unknown as Record<string, Any>;
    const methods = [
      'parameters',
      'named_parameters',
      'buffers',
      'named_buffers',
      'children',
      'named_children',
      'modules',
      'named_modules',
      'train',
      'eval',
      'requires_grad_',
      'zero_grad',
      'apply',
      'compile',
      'cuda',
      'cpu',
      'type',
      'float',
      'double',
      'half',
      'bfloat16',
      'to_empty',
      'share_memory',
      'state_dict',
      'register_buffer',
      'register_parameter',
      'add_module',
      'get_submodule',
      'set_submodule',
      'get_parameter',
      'get_buffer',
      'register_forward_pre_hook',
      'register_forward_hook',
      'to',
      'register_full_backward_pre_hook',
      'register_full_backward_hook',
      'register_backward_hook',
      'register_state_dict_pre_hook',
      'register_state_dict_post_hook',
      'register_load_state_dict_pre_hook',
      'register_load_state_dict_post_hook',
    ];
    for (const name of methods) {
      expect(said(() => module[name]!({ zzz: 1 }))).toBe(`Module.${name}() got an unexpected keyword argument 'zzz'`);
      expect(said(() => module[name]!(...Array<string>(9).fill('cpu')))).toMatch(
        new RegExp(`^Module\\.${name}\\(\\)(: argument| takes)`),
      );
    }
  });

  it('do not take an async function for apply', () => {
    expect(said(() => new nn.Linear(1, 1).apply(async () => Promise.reject(new Error('late'))))).toBe(
      "Module.apply(): argument 'fn' must not be async",
    );
  });

  it('compile takes what Python takes and changes no result', () => {
    const linear = new nn.Linear(2, 2);
    const before = String(linear(x));
    expect(linear.compile()).toBeUndefined();
    linear.compile({
      fullgraph: true,
      backend: 'inductor',
      options: { epilogue_fusion: true },
      dynamic: null,
    });
    expect(String(linear(x))).toBe(before);
    expect(said(() => linear.compile({ fullgraph: 'yes' as unknown as boolean }))).toContain(
      "argument 'fullgraph' must be bool",
    );
  });
});

describe('containers', () => {
  it("have the methods that Python's have", () => {
    const [shown] = python<unknown[][]>('snippets.py', [
      [
        `
base = set(dir(nn.Module))
for kind in (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict):
    show([name for name in dir(kind) if name not in base and not name.startswith("_")])`,
      ],
    ]);
    const kinds = [nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict];
    kinds.forEach((kind, i) => {
      const prototype = kind.prototype as unknown as Record<string, unknown>;
      const missing = (shown![i] as string[]).filter((name) => typeof prototype[name] !== 'function');
      expect([kind.name, missing]).toEqual([kind.name, []]);
    });
  });

  it("ParameterDict does what Python's does", () => {
    const [shown] = python<unknown[][]>('snippets.py', [
      [
        `
d = nn.ParameterDict({"b": torch.ones(1), "a": torch.zeros(2), "n": 3})
show(list(d.keys()), d.get("z"), d.get("z", 4), d.get("a").shape[0], d.setdefault("c", torch.ones(3)).shape[0], d.setdefault("e"))
show(list(d.keys()), str(d), [name for name, _ in d.named_parameters()], d.popitem()[0], d.pop("n"), list(d.copy().keys()))
f = d.fromkeys(["x", "y"], torch.ones(1))
show(str(f), len(f), list(d.items())[0][0])
d.clear()
show(len(d))`,
      ],
    ]);
    const d = new nn.ParameterDict<number | null>({ b: torch.ones(1), a: torch.zeros(2), n: 3 } as Record<
      string,
      Tensor | number
    >);
    const ours: unknown[] = [
      [...d.keys()],
      d.get('z'),
      d.get('z', 4),
      (d.get('a') as Tensor).shape[0],
      (d.setdefault('c', torch.ones(3)) as Tensor).shape[0],
      d.setdefault('e'),
      [...d.keys()],
      String(d),
      [...d.named_parameters()].map(([name]) => name),
      d.popitem()[0],
      d.pop('n'),
      [...d.copy().keys()],
    ];
    const f = d.fromkeys(['x', 'y'], torch.ones(1));
    ours.push(String(f), f.size, [...d.items()][0]![0]);
    d.clear();
    ours.push(d.size);
    expect(ours).toEqual(shown);
  });

  it("complain in Python's words", () => {
    const cases: [code: string, run: () => unknown][] = [
      ['nn.ParameterDict(3)', () => new nn.ParameterDict(3 as never)],
      ['nn.ParameterDict([1])', () => new nn.ParameterDict([1] as never)],
      ['nn.ParameterDict([["a"]])', () => new nn.ParameterDict([['a']] as never)],
      ['nn.ParameterDict().popitem()', () => new nn.ParameterDict().popitem()],
      ['nn.ParameterDict().pop("a")', () => new nn.ParameterDict().pop('a')],
      ['nn.ParameterDict({1: torch.ones(1)})', () => new nn.ParameterDict(new Map([[1, x]]) as never)],
      ['nn.ModuleDict(3)', () => new nn.ModuleDict(3 as never)],
      ['nn.ModuleDict([1])', () => new nn.ModuleDict([1] as never)],
      ['nn.ModuleDict([[1]])', () => new nn.ModuleDict([[1]] as never)],
      ['nn.ModuleDict({"a": 3})', () => new nn.ModuleDict({ a: 3 } as never)],
      ['nn.ModuleDict({1: nn.ReLU()})', () => new nn.ModuleDict(new Map([[1, new nn.ReLU()]]) as never)],
      ['nn.ModuleDict({"modules": nn.ReLU()})', () => new nn.ModuleDict({ modules: new nn.ReLU() })],
      ['nn.ParameterDict({"parameters": torch.ones(1)})', () => new nn.ParameterDict({ parameters: x })],
      ['nn.ModuleList(3)', () => new nn.ModuleList(3 as never)],
      ['nn.ModuleList([3])', () => new nn.ModuleList([3] as never)],
      ['nn.ModuleList().append(3)', () => new nn.ModuleList().append(3 as never)],
      ['nn.ModuleList([nn.ReLU()])[4]', () => new nn.ModuleList([new nn.ReLU()]).at(4)],
      ['nn.Sequential(3)', () => new nn.Sequential(3 as never)],
      ['nn.Sequential([nn.ReLU()])', () => new nn.Sequential([new nn.ReLU()] as never)],
      ['nn.Sequential(nn.ReLU()).append([])', () => new nn.Sequential(new nn.ReLU()).append([] as never)],
      ['nn.Sequential(nn.ReLU())(1, 2)', () => as_function(new nn.Sequential(new nn.ReLU()))(1, 2)],
      ['nn.ParameterList(3)', () => new nn.ParameterList(3 as never)],
      ['nn.ParameterList(torch.ones(2, 2))', () => new nn.ParameterList(x as never)],
      ['nn.ParameterList([torch.ones(1)])[4]', () => new nn.ParameterList([x]).at(4)],
    ];
    const texts = python<string[]>('nn_errors.py', [cases.map(([code]) => code)]);
    // Python's KeyError shows a text that is its only argument in quotes when it is raised.
    const ours = cases.map(([code, run]) => [code, said(run)?.replace(/^'(popitem.*)'$/, '$1')]);
    expect(ours).toEqual(cases.map(([code], i) => [code, texts[i]]));
  });

  it('hold what is not a tensor as it is', () => {
    const list = new nn.ParameterList<number>([x, 3]);
    expect([list[1], list.length, [...list.parameters()].length, String(list)]).toEqual([
      3,
      2,
      1,
      python<string[][]>('snippets.py', [['show(str(nn.ParameterList([torch.ones(2, 2), 3])))']])[0]![0],
    ]);
  });
});
