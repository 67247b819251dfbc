import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { hexed } from '../nn/comparison.js';
import { python } from '../reference.js';
import { archives } from './archives.js';
import { told } from './plain_values.js';

const made = archives();

interface Point extends ReadonlyArray<unknown> {
  readonly x: Tensor;
  readonly label: string;
}

interface Values {
  forward(x: Tensor, y?: Tensor | null | { scale?: number }, scale?: number): Tensor;
  numbers(i: unknown, f: unknown, b: unknown, s: unknown, c: unknown): unknown[];
  lists(ints: unknown, floats: unknown, texts: unknown, nested: unknown): unknown[];
  dicts(d: unknown, n: unknown): [Record<string, Tensor>, Map<number, number>];
  point(p: unknown, flip?: unknown): Point;
  pair(p: unknown): [number, Tensor];
  maybe(n: unknown, names?: unknown): number | null;
  either(v: unknown): string;
  anything(v: unknown): string;
  place(d: unknown): torch.Device;
  typed(x: Tensor, dtype: unknown): Tensor;
  nothing(): null;
  huge(): bigint;
  color(blue: boolean): torch.jit.ScriptObject;
  is_blue(color: unknown): boolean;
  fails(depth: number): number;
  forked(x: Tensor): Tensor;
  later(x: Tensor): Tensor;
}

interface Classifier {
  forward(words: Tensor): Tensor;
  named(words: Tensor): Record<string, number>;
}

const x = torch.arange(6, { dtype: torch.float32 }).reshape(3, 2).sub(2);
const words = torch.arange(24).reshape(4, 6).remainder(11);
const image = () => torch.randn(2, 1, 5, 5, { generator: new torch.Generator().manual_seed(1) });

function error_of(fn: () => unknown): Error {
  try {
    fn();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('arguments and results of scripts are Python’s to the last bit', () => {
  let values: torch.jit.ScriptModule & Values;
  beforeAll(() => {
    values = torch.jit.load<Values>(made.path('values'));
  });

  it('Tensors, with control flow, None and keyword arguments', () => {
    const results = [values(x), values(x, x), values(x, { scale: 3 }), values(x, x, 0.5)];
    expect(told(results)).toEqual(made.expected['forward']);
    expect(told([values(x, null), values(x, undefined)])).toEqual(told([values(x), values(x)]));
  });

  it('numbers, booleans, texts and complex numbers', () => {
    expect(told(values.numbers(1, 0.25, true, 'a', new torch.Complex(1, 2)))).toEqual(made.expected['numbers']);
    expect(values.numbers(torch.tensor(4), 1, false, '', 2)[0]).toBe(5);
    expect(values.numbers(2n ** 53n, 1, false, '', 2)[0]).toBe(2n ** 53n + 1n);
    expect(values.huge()).toBe(9007199254740993n);
    expect(values.nothing()).toBe(null);
  });

  it('lists, tuples and dicts', () => {
    expect(told(values.lists([1, 2], [0.5], ['x'], [[x], []]))).toEqual(made.expected['lists']);
    expect(told(values.lists(new Int32Array([1, 2]), [0.5], ['x'], [[x], []]))).toEqual(made.expected['lists']);
    const dicts = values.dicts(
      { a: x, b: x.add(1) },
      new Map([
        [3, ['p', 'q']],
        [1, []],
      ]),
    );
    expect(told(dicts)).toEqual(made.expected['dicts']);
    expect(dicts[0]['a2']!.shape).toEqual([3, 2]);
    expect(values.dicts({}, { 7: ['a'] })[1]).toEqual(new Map([[7, 1]]));
    expect(told(values.pair([x, 3]))).toEqual(made.expected['pair']);
  });

  it('named tuples, whose elements have names', () => {
    const points = [values.point([x, 'p']), values.point({ x, label: 'p' }, { flip: true })];
    expect(told(points)).toEqual(made.expected['point']);
    expect(points[1]!.x).toBe(points[1]![0]);
    expect(points[1]!.label).toBe("p'");
    expect(String(values.point([torch.ones(1), 'q']))).toBe('Point(x=tensor([1.]), label="q\'")');
  });

  it('optional values, unions and values of any type', () => {
    expect([values.maybe(null), values.maybe(2), values.maybe(2, { names: ['a'] })]).toEqual(made.expected['maybe']);
    expect([values.either(1), values.either('s'), values.either(x)]).toEqual(made.expected['either']);
    expect([1, 1.5, 's', [1, 2], { a: 1 }, x, null].map((v) => values.anything(v))).toEqual(made.expected['anything']);
  });

  it('devices and dtypes', () => {
    expect(told(values.place('cpu'))).toEqual(made.expected['place']);
    expect(values.place(torch.device('cpu')).type).toBe('cpu');
    expect(told(values.typed(x, torch.float64))).toEqual(made.expected['typed']);
  });

  it('values that only scripts can use', () => {
    const blue = values.color(true);
    expect(blue).toBeInstanceOf(torch.jit.ScriptObject);
    expect(String(blue)).toBe('<torch.ScriptObject Color.BLUE>');
    expect([values.is_blue(blue), values.is_blue(values.color(false))]).toEqual([true, false]);
    expect(() => values.maybe(blue)).toThrow(
      /Expected a value of type 'Optional\[int\]'.* but instead found type 'ScriptObject'/,
    );
  });

  it('fork and wait, and futures, which are waited for', () => {
    expect(told(values.forked(torch.ones(3, 3)))).toEqual(made.expected['forked']);
    expect(values.later(x).tolist()).toEqual(x.neg().tolist());
  });

  it('names methods, and shows code, graph and schema as Python does', () => {
    const numbers = values.numbers as unknown as torch.jit.ScriptMethod;
    const texts = [values.code, values.graph, numbers.code, numbers.schema, String(values)];
    expect(texts).toEqual(made.expected['texts']);
    expect(values.inlined_graph).toContain('aten::zeros_like');
    expect(values.run_method('maybe', 3)).toBe(3);
    expect(values.original_name).toBe('Values');
  });
});

describe('arguments that do not fit are refused', () => {
  const refused: [
    string,
    (model: torch.jit.ScriptModule & Record<string, (...args: unknown[]) => unknown>) => unknown,
    RegExp,
  ][] = [
    [
      'another kind',
      (m) => m.forward!(3),
      /^forward\(\) Expected a value of type 'Tensor' for argument 'x' but instead found type 'int'\.\nPosition: 1\nDeclaration: forward\(/,
    ],
    [
      'another kind for an optional one',
      (m) => m.maybe!('a'),
      /type 'Optional\[int\]' for argument 'n' but instead found type 'str'/,
    ],
    [
      'a float for an int',
      (m) => m.maybe!(1.5),
      /type 'Optional\[int\]' for argument 'n' but instead found type 'float'/,
    ],
    [
      'a part of a list',
      (m) => m.lists!([1, 'a'], [], [], []),
      /found type 'list'\.\nPosition: 1\nIn it, at \[1\]: expected 'int', found 'str'/,
    ],
    ['a part of a dict', (m) => m.dicts!({ a: x, b: 2 }, {}), /In it, at \[b\]: expected 'Tensor', found 'int'/],
    ['a key of a dict', (m) => m.dicts!({}, { a: [] }), /at {2}\(a key\): expected 'int', found 'str'/],
    ['a part deep inside', (m) => m.lists!([], [], [], [[x], [x, 1]]), /at \[1\]\[1\]: expected 'Tensor', found 'int'/],
    [
      'a tuple that is too short',
      (m) => m.pair!([x]),
      /Expected a value of type 'Tuple\[Tensor, int\]' for argument 'p'/,
    ],
    ['a field of a named tuple', (m) => m.point!({ x }), /Expected a value of type '.*Point.*' for argument 'p'/],
    ['an object of a class', (m) => m.forward!(new Date()), /but instead found type 'Date'/],
    ['a function', (m) => m.forward!(() => x), /but instead found type/],
    ['nothing', (m) => m.forward!(), /^forward\(\) is missing value for argument 'x'/],
    ['too many', (m) => m.forward!(x, x, 1, 2), /^forward\(\) expected at most 3 argument\(s\) but received 4/],
    ['an unknown name', (m) => m.forward!(x, { z: 1 }), /^Unknown keyword argument 'z' for operator 'forward'/],
    ['the module itself by name', (m) => m.forward!(x, { self: 1 }), /^Unknown keyword argument 'self'/],
    [
      'a value given twice',
      (m) => m.forward!(x, { x }),
      /^Argument 'x' specified both as positional and keyword argument/,
    ],
    [
      'a list without end',
      (m) => {
        const a: unknown[] = [];
        for (let i = 0, at = a; i < 1000; i++) {
          const b: unknown[] = [];
          at.push(b);
          at = b;
        }
        return m.anything!(a);
      },
      /a value nested deeper than 100/,
    ],
  ];
  for (const [what, call, message] of refused) {
    it(what, () => {
      const error = error_of(() => call(torch.jit.load(made.path('values')) as never));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(message);
    });
  }

  it('a value that holds itself, a method that does not exist', () => {
    const model = torch.jit.load<Values>(made.path('values'));
    const ring: unknown[] = [];
    ring.push(ring);
    expect(() => model.anything(ring)).toThrow(RangeError);
    expect(() => model.run_method('absent')).toThrow("Method 'absent' is not defined.");
  });

  it('errors of a script carry its traceback', () => {
    const model = torch.jit.load<Values>(made.path('values'));
    expect(model.fails(2)).toBe(2);
    const error = error_of(() => model.fails(0));
    expect(error.message).toMatch(
      /^The following operation failed in the TorchScript interpreter\.\nTraceback of TorchScript/,
    );
    expect(error.message).toContain('builtins.ValueError: out of depth');
    expect(error_of(() => model(torch.ones(2), torch.ones(3))).message).toContain(
      'The size of tensor a (2) must match',
    );
  });
});

describe('modules', () => {
  it('have names, parameters and submodules as in Python', () => {
    const model = torch.jit.load<Classifier>(made.path('classifier'));
    const names = [
      [...model.named_parameters()].map(([name]) => name),
      Object.keys(model.state_dict()),
      [...model.named_modules()].map(([name]) => name),
      String(model),
    ];
    expect(names).toEqual(made.expected['classifier names']);
    expect([...model.children()].every((child) => child instanceof torch.jit.ScriptModule)).toBe(true);
    const weight = model.get_parameter('out.0.weight');
    expect(model.get_parameter('out.0.weight')).toBe(weight);
    expect(weight).toBeInstanceOf(nn.Parameter);
    expect(weight.requires_grad).toBe(true);
  });

  it('give Python’s outputs', () => {
    const model = torch.jit.load<Classifier>(made.path('classifier')).eval();
    expect(told([model(words), model.named(words)])).toEqual(made.expected['classifier eval']);
  });

  it('are trained by our optimizers, to the last bit of Python’s training', () => {
    const model = torch.jit.load<Classifier>(made.path('classifier'));
    model.eval();
    model(words);
    model.named(words);
    model.train();
    const labels = torch.tensor([0, 2, 1, 1]);
    torch.manual_seed(5);
    const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01 });
    const losses = Array.from({ length: 6 }, () => {
      optimizer.zero_grad();
      const loss = nn.functional.cross_entropy(model(words), labels);
      loss.backward();
      optimizer.step();
      return loss;
    });
    expect(told([losses, Object.values(model.state_dict())])).toEqual(made.expected['classifier training']);
  });

  it('that were scripted, traced or frozen give what they give in Python', () => {
    const models = ['scripted', 'traced', 'frozen'].map((name) => torch.jit.load(made.path(name)));
    expect(told(models.map((model) => model(image())))).toEqual(made.expected['image']);
    expect(models.map((model) => Object.keys(model.state_dict()))).toEqual(made.expected['image state']);
    expect(models[2]!.training).toBe(false);
    expect(models[2]!.train().training).toBe(false);
  });

  it('can be frozen here', () => {
    const model = torch.jit.load(made.path('scripted'));
    const optimized = torch.jit.optimize_for_inference(torch.jit.load(made.path('scripted')).eval());
    expect(told([torch.jit.freeze(model)(image()), optimized(image())])).toEqual(made.expected['image frozen here']);
    expect(() => torch.jit.freeze(model.train())).toThrow(String(made.expected['freezing refused']));
    const trained = torch.jit.load(made.path('scripted')).train();
    const result = torch.jit.optimize_for_inference(trained)(image());
    expect([told([result]), trained.training]).toEqual(made.expected['image optimized']);
    const classifier = torch.jit.load<Classifier>(made.path('classifier')).eval();
    expect(Object.keys(torch.jit.freeze(classifier, ['named']).named(words))).toEqual(['a', 'b', 'c']);
    const optimized_too = torch.jit.optimize_for_inference(classifier, ['named']);
    expect(Object.keys(optimized_too.named(words))).toEqual(['a', 'b', 'c']);
    expect(() => torch.jit.optimize_for_inference(classifier, ['missing'])).toThrow('Unknown name: missing');
  });

  it('have modes, attributes and constants', () => {
    const model = torch.jit.load<{ forward(x: Tensor): Tensor; pad: number; ratio: number }>(made.path('scripted'));
    expect([model.pad, model.ratio]).toEqual(made.expected['image attributes']);
    expect(() => {
      model.pad = 2;
    }).toThrow("Can't set constant 'pad'");
    expect(() => {
      model.ratio = 'a' as never;
    }).toThrow("Could not cast attribute 'ratio' to type float: expected 'float', but found 'str'");
    expect(model.training).toBe(false);
    model.train();
    expect([...model.modules()].every((module) => module.training)).toBe(true);
    expect(told([model(image()), Object.values(model.state_dict())])).toEqual(made.expected['image training']);
    model.eval();
    const before = model(image());
    model.ratio = 1;
    expect(torch.equal(model(image()), before)).toBe(false);
    expect(() => model.register_buffer('other')).toThrow(/^'other' cannot be added/);
    expect(() => {
      (model as unknown as { conv: unknown }).conv = new nn.Linear(2, 2);
    }).toThrow("Cannot re-assign module 'conv' of a ScriptModule with Linear");
  });

  it('can be cast, moved and given other tensors', () => {
    const model = torch.jit.load(made.path('scripted')).double();
    expect(told(model(image().double()))).toEqual(made.expected['image double']);
    const weight = model.get_parameter('head.weight');
    expect(weight.dtype).toBe(torch.float64);
    const other = torch.jit.load(made.path('scripted'));
    other.load_state_dict(model.state_dict());
    expect(told([other(image())])).toEqual([(made.expected['image'] as unknown[])[0]]);
    other.load_state_dict(model.state_dict(), { assign: true });
    expect(other.get_parameter('head.weight').dtype).toBe(torch.float64);
    expect(told(other(image().double()))).toEqual(made.expected['image double']);
    expect(torch.jit.load(made.path('scripted'), 'meta').get_parameter('head.weight').is_meta).toBe(true);
    other.to('meta');
    expect([...other.parameters(), ...other.buffers()].every((tensor) => tensor.is_meta)).toBe(true);
  });

  it('that change themselves show their new state', () => {
    const model = torch.jit.load<{ forward(x: Tensor): Tensor; count: number; history: number[]; last: Tensor }>(
      made.path('counter'),
    );
    const [zeros] = [...model.buffers()];
    const outputs = [1, 2, 3].map(() => model(torch.ones(2)));
    expect(told([outputs, model.count, model.history, model.last])).toEqual(made.expected['counter']);
    expect([...model.buffers()][0] === zeros).toBe(false);
    model.count = 10;
    model.last = torch.zeros(2);
    expect(model(torch.ones(2)).tolist()).toEqual([1, 1]);
    expect(model.count).toBe(11);
  });

  it('run the hooks that were scripted with them', () => {
    expect(told(torch.jit.load(made.path('hooked'))(torch.ones(1, 2)))).toEqual(made.expected['hooked']);
  });

  it('are parts of other modules', () => {
    class Whole extends nn.Module {
      inner = torch.jit.load(made.path('scripted'));
      last = new nn.Linear(2, 1);
      forward(x: Tensor): Tensor {
        return this.last(this.inner(x));
      }
    }
    const whole = new Whole();
    expect(Object.keys(whole.state_dict())).toEqual([
      ...(made.expected['image state'] as string[][])[0]!.map((name) => `inner.${name}`),
      'last.weight',
      'last.bias',
    ]);
    whole(image()).sum().backward();
    expect(whole.inner.get_parameter('conv.weight').grad!.abs().sum().item()).toBeGreaterThan(0);
  });

  it('outlive a scope, and their own parameters’ dispose()', () => {
    const model = torch.scope(() => {
      const loaded = torch.jit.load(made.path('hooked'));
      loaded(torch.ones(1, 2));
      return loaded;
    });
    torch.scope(() => {
      model.zero_grad();
    });
    const weight = model.get_parameter('linear.weight');
    expect(weight.shape).toEqual([2, 2]);
    weight.dispose();
    expect(model.get_parameter('linear.weight').shape).toEqual([2, 2]);
    expect(told(model(torch.ones(1, 2)))).toEqual(made.expected['hooked']);
  });

  it('take a dict for a dict, and keyword arguments for what is none', () => {
    const model = torch.jit.load(made.path('batch'));
    expect(model({ a: x }).tolist()).toEqual(x.tolist());
    expect(model({ a: x }, { signal: 2 } as never).tolist()).toEqual(x.add(2).tolist());
    expect(model(new Map([['a', x]]), 1).tolist()).toEqual(x.add(1).tolist());
  });
});

describe('archives', () => {
  it('are read from bytes as well, with extra files', () => {
    const _extra_files: torch.jit.ExtraFiles = { 'notes.txt': '', empty: 'x', absent: '' };
    const model = torch.jit.load<Values>(readFileSync(made.path('values')), { _extra_files });
    expect(Object.values(_extra_files).map(String)).toEqual(['made by Python', '', '']);
    expect(told(model.pair([x, 3]))).toEqual(made.expected['pair']);
  });

  it('that were saved here load in Python, and here', () => {
    const classifier = torch.jit.load<Classifier>(made.path('classifier')).eval();
    torch.no_grad(() => {
      for (const parameter of classifier.parameters()) parameter.mul_(0.5);
    });
    const counter = torch.jit.load<{ forward(x: Tensor): Tensor; count: number; history: number[] }>(
      made.path('counter'),
    );
    counter(torch.ones(2));
    const frozen = torch.jit.freeze(torch.jit.load(made.path('scripted')));
    const folder = join(made.folder, 'again');
    mkdirSync(folder);
    torch.jit.save(classifier, join(folder, 'classifier.pt'), {
      _extra_files: { 'notes.txt': 'geändert', bytes: new Uint8Array([0, 255]) },
    });
    counter.save(join(folder, 'counter.pt'));
    writeFileSync(join(folder, 'frozen.pt'), frozen.save_to_buffer());
    const again = python<Record<string, unknown>>('jit_reload.py', [folder]);
    expect(again).toEqual({
      outputs: hexed(classifier(words)),
      state: Object.entries(classifier.state_dict()).map(([name, tensor]) => [name, hexed(tensor)]),
      extra: { 'notes.txt': Buffer.from('geändert').toString('hex'), bytes: '00ff' },
      counter: [1, [1], hexed(torch.ones(2))],
      frozen: hexed(frozen(torch.ones(1, 1, 5, 5))),
    });
    expect(hexed(torch.jit.load<Classifier>(join(folder, 'classifier.pt'))(words))).toBe(hexed(classifier(words)));
    expect(readdirSync(folder).sort()).toEqual(['classifier.pt', 'counter.pt', 'frozen.pt']);
  });

  it('are whole or not there: a failing save leaves the old file', () => {
    const model = torch.jit.load(made.path('hooked'));
    const file = join(made.folder, 'kept.pt');
    copyFileSync(made.path('spin'), file);
    expect(() => model.save(join(made.folder, 'absent', 'model.pt'))).toThrow(/Parent directory .* does not exist/);
    expect(() => model.save(file, { _extra_files: { a: 3 as never } })).toThrow(TypeError);
    expect(readFileSync(file).equals(readFileSync(made.path('spin')))).toBe(true);
    expect(readdirSync(made.folder).filter((name) => name.includes('.tmp'))).toEqual([]);
    if (process.platform === 'linux') {
      symlinkSync('/dev/full', join(made.folder, 'full.pt'));
      expect(() => model.save(join(made.folder, 'full.pt'))).toThrow(/ENOSPC/);
    }
  });

  it('that are none are Errors', () => {
    expect(() => torch.jit.load(join(made.folder, 'absent.pt'))).toThrow(
      /^The provided filename .*absent.pt does not exist/,
    );
    expect(() => torch.jit.load(made.folder)).toThrow(/is a directory/);
    expect(() => torch.jit.load(made.path('no_script'))).toThrow(/failed locating file constants.pkl/);
    expect(() => torch.jit.load(new Uint8Array(0))).toThrow(/PytorchStreamReader failed/);
    expect(() => torch.jit.load(Buffer.from('no archive at all'))).toThrow(/PytorchStreamReader failed/);
    expect(() => torch.jit.load(3 as never)).toThrow("load(): argument 'f' must be str or URL or Uint8Array, not int");
    expect(() => torch.jit.load(made.path('values'), 'nowhere')).toThrow(/Expected one of cpu, cuda/);
    expect(() => torch.jit.load(made.path('values'), { location: 'cpu' } as never)).toThrow(
      "load() got an unexpected keyword argument 'location'",
    );
    expect(() => torch.jit.save({} as never, 'x.pt')).toThrow(
      "save(): argument 'm' must be ScriptModule or ScriptFunction, not dict",
    );
  });

  // The sanitizer's operator new gives null where there is not so much memory, which libtorch's reader does not expect.
  it.skipIf(process.env['TORCH_NODE_SANITIZED'] === '1')(
    'that are cut off or damaged are Errors, or the archive that they were',
    () => {
      const whole = readFileSync(made.path('hooked'));
      let refused = 0;
      for (let length = 0; length < whole.length; length += 61) {
        expect(() => torch.jit.load(whole.subarray(0, length))).toThrow(Error);
        refused++;
      }
      let seed = 1;
      for (let round = 0; round < 400; round++) {
        const damaged = Buffer.from(whole);
        for (let flips = 0; flips < 3; flips++) {
          seed = (seed * 1103515245 + 12345) % 2147483648;
          damaged[seed % damaged.length]! ^= 1 << ((seed >> 8) % 8);
        }
        try {
          torch.jit.load(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(100);
      expect(told(torch.jit.load(whole)(torch.ones(1, 2)))).toEqual(made.expected['hooked']);
    },
  );
});

it('nothing is scripted or traced, as in Python outside of scripts', () => {
  const asked = ['is_scripting', 'is_tracing'] as const;
  const theirs = python<[boolean[]]>('snippets.py', [[asked.map((name) => `show(torch.jit.${name}())`).join('\n')]]);
  expect([asked.map((name) => torch.jit[name]())]).toEqual(theirs);
});
