import { inspect } from 'node:util';

import { describe, expect, it, vi } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';

class Net extends nn.Module {
  first = new nn.Linear(2, 3);
  norm = new nn.BatchNorm1d(3);
  second = new nn.Linear(3, 1);

  forward(x: Tensor): Tensor {
    return this.second(this.norm(this.first(x)));
  }
}

const names = (pairs: Iterable<[string, unknown]>): string[] => [...pairs].map(([name]) => name);

function message_of(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('Module as a function', () => {
  it('runs forward when it is called, with this', () => {
    const net = new Net();
    expect(typeof net).toBe('function');
    expect([...net(torch.zeros(4, 2)).shape]).toEqual([4, 1]);
  });

  it('is an instance of its classes and has only its fields as keys', () => {
    const net = new Net();
    expect([net instanceof Net, net instanceof nn.Module, net.first instanceof nn.Linear]).toEqual([true, true, true]);
    expect(Object.keys(net)).toEqual(['first', 'norm', 'second']);
    expect(net.constructor).toBe(Net);
  });

  it('can have fields called name and length', () => {
    class Named extends nn.Module {
      override name = 'mine';
      override length = 7;
    }
    const module = new Named();
    expect([module.name, module.length, Object.keys(module)]).toEqual(['mine', 7, ['name', 'length']]);
    const bare = new nn.Module() as unknown as { name?: string };
    expect(bare.name).toBeUndefined();
  });

  it('says that forward is missing', () => {
    class Bare extends nn.Module {}
    const call = new Bare() as unknown as () => unknown;
    expect(() => call()).toThrow('Module [Bare] is missing the required "forward" function');
  });

  it('hands errors of forward on', () => {
    class Fails extends nn.Module {
      forward(): void {
        throw new Error('inside');
      }
    }
    expect(() => new Fails()()).toThrow('inside');
  });

  it('types tuple results from forward without casts', () => {
    const lstm = new nn.LSTM(2, 3);
    const [output, [h_n, c_n]] = lstm(torch.zeros(1, 1, 2), null);
    const shapes: number[][] = [output, h_n, c_n].map((tensor) => [...tensor.shape]);
    expect(shapes).toEqual([
      [1, 1, 3],
      [1, 1, 3],
      [1, 1, 3],
    ]);
  });
});

describe('parameters, buffers and submodules', () => {
  it('come in the order of definition, depth first', () => {
    const net = new Net();
    expect(names(net.named_parameters())).toEqual([
      'first.weight',
      'first.bias',
      'norm.weight',
      'norm.bias',
      'second.weight',
      'second.bias',
    ]);
    expect(names(net.named_buffers())).toEqual(['norm.running_mean', 'norm.running_var', 'norm.num_batches_tracked']);
    expect(names(net.named_modules())).toEqual(['', 'first', 'norm', 'second']);
    expect(names(net.named_children())).toEqual(['first', 'norm', 'second']);
    expect([...net.parameters()].every((parameter) => parameter instanceof nn.Parameter)).toBe(true);
  });

  it('take a prefix and stay on one level when asked', () => {
    class Outer extends nn.Module {
      scale = new nn.Parameter(torch.ones(1));
      inner = new nn.Linear(1, 1);
    }
    const outer = new Outer();
    expect(names(outer.named_parameters('model'))).toEqual(['model.scale', 'model.inner.weight', 'model.inner.bias']);
    expect(names(outer.named_parameters({ recurse: false }))).toEqual(['scale']);
    expect([...outer.parameters(false)].map((parameter) => parameter === outer.scale)).toEqual([true]);
  });

  it('are reported once however many names they have', () => {
    class Tied extends nn.Module {
      left = new nn.Linear(2, 2);
      right = this.left;
      other = new nn.Linear(2, 2);

      constructor() {
        super();
        this.other.weight = this.left.weight;
      }
    }
    const tied = new Tied();
    expect(names(tied.named_parameters())).toEqual(['left.weight', 'left.bias', 'other.bias']);
    expect(names(tied.named_parameters({ remove_duplicate: false }))).toEqual([
      'left.weight',
      'left.bias',
      'right.weight',
      'right.bias',
      'other.weight',
      'other.bias',
    ]);
    expect(names(tied.named_modules())).toEqual(['', 'left', 'other']);
    expect(Object.keys(tied.state_dict())).toEqual([
      'left.weight',
      'left.bias',
      'right.weight',
      'right.bias',
      'other.weight',
      'other.bias',
    ]);
  });

  it('are no parameters when they are plain tensors, nor modules when they lie in arrays', () => {
    class Hides extends nn.Module {
      table = torch.ones(2);
      layers = [new nn.Linear(1, 1)];
    }
    const module = new Hides();
    expect([...module.parameters()]).toEqual([]);
    expect([...module.buffers()]).toEqual([]);
    expect([...module.children()]).toEqual([]);
  });

  it("can be registered by name, with Python's words for mistakes", () => {
    const module = new nn.Module();
    module.register_parameter('weight', new nn.Parameter(torch.ones(2)));
    module.register_parameter('bias', null);
    module.register_buffer('mean', torch.zeros(2));
    module.register_buffer('scratch', torch.zeros(2), { persistent: false });
    module.register_buffer('nothing', null);
    module.add_module('inner', new nn.ReLU());
    expect(names(module.named_parameters())).toEqual(['weight']);
    expect(names(module.named_buffers())).toEqual(['mean', 'scratch']);
    expect(Object.keys(module.state_dict())).toEqual(['weight', 'mean']);

    const wrong = (value: unknown): never => value as never;
    const mistakes: [code: string, run: () => unknown][] = [
      ['m.register_buffer(1, None)', () => module.register_buffer(wrong(1), null)],
      ['m.register_buffer("a.b", None)', () => module.register_buffer('a.b', null)],
      ['m.register_buffer("", None)', () => module.register_buffer('', null)],
      ['m.register_buffer("train", None)', () => module.register_buffer('train', null)],
      ['m.register_buffer("inner", None)', () => module.register_buffer('inner', null)],
      ['m.register_buffer("x", 3)', () => module.register_buffer('x', wrong(3))],
      ['m.register_parameter("a.b", None)', () => module.register_parameter('a.b', null)],
      ['m.register_parameter("", None)', () => module.register_parameter('', null)],
      ['m.register_parameter("inner", None)', () => module.register_parameter('inner', null)],
      ['m.register_parameter("x", 3)', () => module.register_parameter('x', wrong(3))],
      ['m.register_parameter("x", torch.ones(1))', () => module.register_parameter('x', wrong(torch.ones(1)))],
      ['m.add_module("a.b", None)', () => module.add_module('a.b', null)],
      ['m.add_module("", None)', () => module.add_module('', null)],
      ['m.add_module("mean", None)', () => module.add_module('mean', null)],
      ['m.add_module("x", 3)', () => module.add_module('x', wrong(3))],
    ];
    const build = 'm = nn.Module(); m.register_buffer("mean", torch.zeros(2)); m.add_module("inner", nn.ReLU()); ';
    const texts = python<string[]>('nn_errors.py', [mistakes.map(([code]) => build + code)]);
    expect(mistakes.map(([, run]) => message_of(run))).toEqual(texts);
  });

  it("keep Python's order for names that JavaScript would sort", () => {
    class Numbers extends nn.Module {
      conv = new nn.Linear(1, 1);
    }
    const module = new Numbers();
    module.add_module('10', new nn.ReLU());
    module.add_module('2', new nn.ReLU());
    expect(names(module.named_children())).toEqual(['conv', '10', '2']);
  });

  it('find Buffer fields, and keep them buffers', () => {
    class Counts extends nn.Module {
      seen: Tensor = new nn.Buffer(torch.zeros(1));
      scratch: Tensor = new nn.Buffer(torch.zeros(1), { persistent: false });
    }
    const module = new Counts();
    expect(names(module.named_buffers())).toEqual(['seen', 'scratch']);
    expect(Object.keys(module.state_dict())).toEqual(['seen']);
    module.seen = module.seen.add(1);
    module.double();
    expect([...module.buffers()].map((buffer) => buffer.dtype)).toEqual([torch.float64, torch.float64]);
  });

  it('are reached by their paths', () => {
    const net = new nn.Sequential(new Net(), new nn.ReLU());
    expect(net.get_submodule('')).toBe(net);
    expect(net.get_submodule('0.first')).toBe((net[0] as Net).first);
    expect(net.get_parameter('0.first.bias')).toBe((net[0] as Net).first.bias);
    expect(net.get_buffer('0.norm.running_mean')).toBe((net[0] as Net).norm.running_mean);
    net.set_submodule('0.first', new nn.Identity());
    expect(String((net[0] as Net).first)).toBe('Identity()');
    expect(() => net.get_submodule('0.none')).toThrow('Net has no attribute `none`');
    expect(() => net.get_submodule('0.training')).toThrow('`training` is not an nn.Module');
    expect(() => net.get_parameter('0.norm.eps')).toThrow('`eps` is not an nn.Parameter');
    expect(() => net.get_buffer('0.norm.weight')).toThrow('`weight` is not a buffer');
  });
});

describe('modes and conversions', () => {
  it('train and eval reach all modules and give the module', () => {
    const net = new nn.Sequential(new nn.Dropout(), new nn.Sequential(new nn.Dropout()));
    expect(net.eval()).toBe(net);
    expect([...net.modules()].map((module) => module.training)).toEqual([false, false, false, false]);
    expect(net.train().training).toBe(true);
    expect(() => net.train(1 as unknown as boolean)).toThrow(TypeError);
  });

  it('keeps the parameters the same objects when the dtype changes', () => {
    const net = new Net();
    const { weight } = net.first;
    net(torch.randn(4, 2)).sum().backward();
    net.to(torch.float64);
    expect(net.first.weight).toBe(weight);
    expect([weight.dtype, weight.grad!.dtype, weight.requires_grad, weight.is_leaf]).toEqual([
      torch.float64,
      torch.float64,
      true,
      true,
    ]);
    expect(net.norm.num_batches_tracked!.dtype).toBe(torch.int64);
    expect(net.half().first.weight.dtype).toBe(torch.float16);
    expect(net.bfloat16().norm.running_mean!.dtype).toBe(torch.bfloat16);
    expect(net.to({ dtype: torch.float32, device: 'cpu' }).float().first.weight.dtype).toBe(torch.float32);
    expect(() => net.to(torch.int64)).toThrow(
      'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64',
    );
  });

  it('follows a tensor, and moves to the meta device and back without values', () => {
    const linear = new nn.Linear(2, 2).to(torch.zeros(1, { dtype: torch.float64 }));
    expect(linear.weight.dtype).toBe(torch.float64);
    linear.to('meta');
    expect([linear.weight.is_meta, linear.weight instanceof nn.Parameter]).toEqual([true, true]);
    linear.to_empty({ device: 'cpu' });
    expect([linear.weight.device.type, linear.weight.requires_grad]).toEqual(['cpu', true]);
  });

  it('drops gradients, or fills them with zeros', () => {
    const linear = new nn.Linear(2, 1);
    const step = (): void => linear(torch.ones(1, 2)).sum().backward();
    step();
    linear.zero_grad({ set_to_none: false });
    expect(linear.weight.grad!.tolist()).toEqual([[0, 0]]);
    linear.zero_grad();
    expect(linear.weight.grad).toBeNull();
  });

  it('freezes parameters', () => {
    const net = new Net().requires_grad_(false);
    expect([...net.parameters()].some((parameter) => parameter.requires_grad)).toBe(false);
    expect(net.eval()(torch.zeros(1, 2)).requires_grad).toBe(false);
  });

  it('applies a function to the innermost modules first', () => {
    const seen: string[] = [];
    new nn.Sequential(new nn.ReLU(), new nn.Sequential(new nn.Tanh())).apply((module) => seen.push(module._get_name()));
    expect(seen).toEqual(['ReLU', 'Tanh', 'Sequential', 'Sequential']);
  });
});

describe('state dicts', () => {
  it('share memory with the module and are detached', () => {
    const linear = new nn.Linear(1, 1);
    const state = linear.state_dict();
    expect([state.weight!.requires_grad, state.weight instanceof nn.Parameter]).toEqual([false, false]);
    state.weight!.fill_(5);
    expect(linear.weight.item()).toBe(5);
    expect(linear.state_dict({ keep_vars: true, prefix: 'a.' })['a.weight']).toBe(linear.weight);
  });

  it('go from one module to another, as an object or a Map', () => {
    const [from, to] = [new Net(), new Net()];
    from(torch.randn(4, 2));
    expect(String(to.load_state_dict(from.state_dict()))).toBe('<All keys matched successfully>');
    to.load_state_dict(new Map(Object.entries(from.state_dict())));
    const input = torch.randn(3, 2);
    expect(to.eval()(input).tolist()).toEqual(from.eval()(input).tolist());
    expect(to.norm.num_batches_tracked!.item()).toBe(1);
  });

  it('complain as Python does about keys and shapes', () => {
    const build = 'm = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)); ';
    const module = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
    const cases: [code: string, run: () => unknown][] = [
      ['m.load_state_dict({})', () => module.load_state_dict({})],
      [
        'm.load_state_dict({**m.state_dict(), "2.weight": torch.ones(1), "0.extra": torch.ones(1), "top": torch.ones(1)})',
        () =>
          module.load_state_dict({
            ...module.state_dict(),
            '2.weight': torch.ones(1),
            '0.extra': torch.ones(1),
            top: torch.ones(1),
          }),
      ],
      [
        'm.load_state_dict({**m.state_dict(), "0.weight": torch.ones(3, 3), "0.bias": torch.ones(1)})',
        () => module.load_state_dict({ ...module.state_dict(), '0.weight': torch.ones(3, 3), '0.bias': torch.ones(1) }),
      ],
      [
        'm.load_state_dict({"0.weight": torch.ones(1), "x": torch.ones(1)})',
        () => module.load_state_dict({ '0.weight': torch.ones(1), x: torch.ones(1) }),
      ],
      [
        'm.load_state_dict({"0.weight": torch.ones(1), "x": torch.ones(1)}, strict=False)',
        () => module.load_state_dict({ '0.weight': torch.ones(1), x: torch.ones(1) }, { strict: false }),
      ],
    ];
    const texts = python<string[]>('nn_errors.py', [cases.map(([code]) => build + code)]);
    expect(cases.map(([, run]) => message_of(run))).toEqual(texts);
    expect(() => module.load_state_dict(3 as never)).toThrow('Expected state_dict to be dict-like');
  });

  it('report what did not match when they need not', () => {
    const linear = new nn.Linear(2, 1);
    const result = linear.load_state_dict({ weight: torch.ones(1, 2), other: torch.ones(1) }, false);
    expect([result.missing_keys, result.unexpected_keys]).toEqual([['bias'], ['other']]);
    expect(String(result)).toBe("_IncompatibleKeys(missing_keys=['bias'], unexpected_keys=['other'])");
    expect(linear.weight.tolist()).toEqual([[1, 1]]);
  });

  it('can be assigned instead of copied', () => {
    const linear = new nn.Linear(2, 1, { bias: false });
    const weight = torch.ones(1, 2, { dtype: torch.float64 });
    linear.load_state_dict({ weight }, { assign: true });
    expect([linear.weight instanceof nn.Parameter, linear.weight.dtype, linear.weight.requires_grad]).toEqual([
      true,
      torch.float64,
      true,
    ]);
    weight.fill_(3);
    expect(linear.weight.tolist()).toEqual([[3, 3]]);
  });

  it('carry the versions of their modules out of sight', () => {
    const state = new nn.Sequential(new nn.BatchNorm1d(1)).state_dict();
    expect(Object.keys(state)).not.toContain('_metadata');
    expect((state as unknown as { _metadata: unknown })._metadata).toEqual({ '': { version: 1 }, 0: { version: 2 } });
  });

  it('without num_batches_tracked, from before there was one, are accepted', () => {
    const norm = new nn.BatchNorm1d(1);
    const old: nn.StateDict = { ...norm.state_dict() };
    delete old.num_batches_tracked;
    expect(String(norm.load_state_dict(old))).toBe('<All keys matched successfully>');
  });
});

describe('hooks', () => {
  it('see the arguments before and the output after, and may replace both', () => {
    const linear = new nn.Linear(1, 1);
    const seen: string[] = [];
    const before = linear.register_forward_pre_hook((module, args) => {
      seen.push(`before ${module === linear} ${args.length}`);
      return [torch.zeros(1, 1)];
    });
    const after = linear.register_forward_hook((module, args, output) => {
      seen.push(`after ${(args[0] as Tensor).item()}`);
      return (output as Tensor).mul(0).add(42);
    });
    expect(linear(torch.ones(1, 1)).item()).toBe(42);
    before.remove();
    after.remove();
    expect(seen).toEqual(['before true 1', 'after 0']);
    expect(linear(torch.zeros(1, 1)).item()).toBe(linear.bias!.item());
  });

  it('run in order, those that are prepended first', () => {
    const relu = new nn.ReLU();
    const seen: number[] = [];
    relu.register_forward_hook(() => void seen.push(1));
    relu.register_forward_hook(() => void seen.push(2));
    relu.register_forward_hook(() => void seen.push(0), { prepend: true });
    relu(torch.zeros(1));
    expect(seen).toEqual([0, 1, 2]);
  });

  it('run after a failure when they always run', () => {
    const linear = new nn.Linear(1, 1);
    const always = vi.fn();
    const sometimes = vi.fn();
    linear.register_forward_hook(always, { always_call: true });
    linear.register_forward_hook(sometimes);
    expect(() => linear(torch.zeros(1, 2))).toThrow('mat1 and mat2 shapes cannot be multiplied (1x2 and 1x1)');
    expect([always.mock.calls.length, sometimes.mock.calls.length]).toEqual([1, 0]);
  });
});

describe('printing', () => {
  it('of a module is the same for String and console.log', () => {
    const net = new Net();
    expect(inspect(net)).toBe(String(net));
    expect(String(net)).toBe(
      [
        'Net(',
        '  (first): Linear(in_features=2, out_features=3, bias=True)',
        '  (norm): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)',
        '  (second): Linear(in_features=3, out_features=1, bias=True)',
        ')',
      ].join('\n'),
    );
  });
});

describe('Parameter and Buffer', () => {
  it('share memory with their data', () => {
    const data = torch.zeros(2);
    const parameter = new nn.Parameter(data);
    data.fill_(3);
    expect([parameter.tolist(), parameter.requires_grad, parameter.is_leaf, data.requires_grad]).toEqual([
      [3, 3],
      true,
      true,
      false,
    ]);
    expect(new nn.Parameter(data, false).requires_grad).toBe(false);
    expect(new nn.Parameter(data, { requires_grad: false }).requires_grad).toBe(false);
    expect(new nn.Buffer(data).data_ptr()).toBe(data.data_ptr());
  });

  it('refuse what is not a tensor, or can have no gradient', () => {
    expect(() => new nn.Parameter([1] as unknown as Tensor)).toThrow(
      "Parameter(): argument 'data' must be Tensor, not list",
    );
    expect(() => new nn.Parameter(torch.zeros(1, { dtype: torch.int64 }))).toThrow(/floating point and complex/);
  });

  it('collect gradients', () => {
    const parameter = new nn.Parameter(torch.tensor([1.5, 2]));
    parameter.mul(parameter).sum().backward();
    expect(parameter.grad!.tolist()).toEqual([3, 4]);
  });
});

describe('arguments of modules', () => {
  it('are named in the errors', () => {
    const create = nn.Linear as unknown as new (...args: unknown[]) => nn.Linear;
    expect(() => new create()).toThrow(
      "Linear() missing 2 required positional arguments: 'in_features' and 'out_features'",
    );
    expect(() => new create(1)).toThrow("Linear() missing 1 required positional argument: 'out_features'");
    expect(() => new create(1, 2, { biased: true })).toThrow("Linear() got an unexpected keyword argument 'biased'");
    expect(() => new create(1, { in_features: 2, out_features: 2 })).toThrow(
      "Linear() got multiple values for argument 'in_features'",
    );
    expect(() => new create(1, 2, true, null, null, 3)).toThrow(
      'Linear() takes from 2 to 5 positional arguments but 6 were given',
    );
  });
});

describe('containers', () => {
  const linear = (): nn.Linear => new nn.Linear(1, 1);

  it('lists have their modules assigned by index, as far as they have one', () => {
    const [a, b, c] = [linear(), linear(), linear()];
    for (const list of [new nn.Sequential(a, b), new nn.ModuleList([a, b])]) {
      list[1] = c;
      expect([...list]).toEqual([a, c]);
      expect(() => (list[2] = b)).toThrow('index 2 is out of range: there are 2 modules');
      expect(() => (list[-1] = b)).toThrow(RangeError);
      expect([...list]).toEqual([a, c]);
    }
  });

  it('Sequential can be changed like a list', () => {
    const [a, b, c, d] = [linear(), linear(), linear(), linear()];
    const net = new nn.Sequential(a, b);
    net.append(c).insert(1, d);
    expect([...net]).toEqual([a, d, b, c]);
    expect([net.length, net[0], net.at(-1)]).toEqual([4, a, c]);
    expect(net.pop(1)).toBe(d);
    net.set(0, d);
    net.delete(-1);
    expect([...net]).toEqual([d, b]);
    expect(names(net.named_children())).toEqual(['0', '1']);
    expect([...net.slice(1)]).toEqual([b]);
    expect(() => net.at(2)).toThrow(RangeError);
    expect(() => net.insert(5, a)).toThrow('Index out of range: 5');
  });

  it('ModuleList gives modules that can be called', () => {
    const layers = new nn.ModuleList([linear(), linear()]);
    let x: Tensor = torch.ones(1, 1);
    for (const layer of layers) x = layer(x);
    expect([...x.shape]).toEqual([1, 1]);
    expect(layers.concat([linear()]).length).toBe(3);
    expect(() => (layers as unknown as () => void)()).toThrow(
      'Module [ModuleList] is missing the required "forward" function',
    );
  });

  it('ModuleDict has modules by name', () => {
    const choices = new nn.ModuleDict<nn.Module>({ relu: new nn.ReLU(), linear: linear() });
    expect([...choices]).toEqual(['relu', 'linear']);
    choices.set('tanh', new nn.Tanh());
    expect([choices.size, choices.has('tanh'), String(choices.pop('relu'))]).toEqual([3, true, 'ReLU()']);
    expect([...choices.keys()]).toEqual(['linear', 'tanh']);
    expect(() => choices.get('none')).toThrow("'none'");
    expect(() => choices.set('train', new nn.ReLU())).toThrow("attribute 'train' already exists");
    choices.clear();
    expect(choices.size).toBe(0);
  });

  it('ParameterList and ParameterDict make parameters of tensors', () => {
    const list = new nn.ParameterList([torch.ones(1)]).append(torch.zeros(2));
    expect([list.length, list.at(-1) instanceof nn.Parameter, Object.keys(list.state_dict())]).toEqual([
      2,
      true,
      ['0', '1'],
    ]);
    list.set(0, torch.ones(3));
    expect([...list[0]!.shape]).toEqual([3]);
    list[0] = new nn.Parameter(torch.ones(4));
    expect([...list].map(({ shape }) => [...shape])).toEqual([[4], [2]]);
    expect(() => (list[3] = new nn.Parameter(torch.ones(1)))).toThrow(
      'index 3 is out of range: there are 2 parameters',
    );
    expect(() => (list[-1] = new nn.Parameter(torch.ones(1)))).toThrow(RangeError);
    expect(() => (list as unknown as () => void)()).toThrow('ParameterList should not be called.');
    const dict = new nn.ParameterDict(
      new Map([
        ['b', torch.ones(1)],
        ['a', torch.ones(1)],
      ]),
    );
    expect([[...dict.keys()], dict.at('b').requires_grad, dict.has('c')]).toEqual([['b', 'a'], true, false]);
    expect(dict.delete('b')).toBe(true);
    expect(Object.keys(dict.state_dict())).toEqual(['a']);
  });
});
