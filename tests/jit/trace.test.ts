import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { call, flat, hexed, total } from '../nn/comparison.js';
import { python } from '../reference.js';

interface Run {
  results: string[];
  /** Those of inputs of other sizes. */
  others: string[];
  gradients: Record<string, string>;
  frozen: number;
  training: boolean;
}

interface Reference {
  runs: Record<string, Run>;
  /** By function: of Python's trace and of ours, what the example gives and what inputs of other sizes give. */
  followed: Record<string, [own: string[], theirs: string[]]>;
  own: { text: string; code: string[]; function: string; schema: string; named: string[] };
  told: Record<string, [warnings: string[], error: string[] | null]>;
}

/** Residual, shared layers, a buffer that is changed, and a branch on what does not vary. */
class Net extends nn.Module {
  down = new nn.Linear(4, 3);
  inner = new nn.Sequential(new nn.Linear(3, 3), new nn.Tanh());
  seen = new nn.Buffer(torch.zeros(3));
  deep = true;
  forward(x: Tensor): Tensor {
    let y = this.inner(this.down(x)) as Tensor;
    if (this.deep) y = (this.inner(y) as Tensor).add(y);
    this.seen.add_(y.detach().mean(0));
    return y.mul(this.seen).clamp_({ min: -1 });
  }
}

/** Nested arguments and results. */
class Nested extends nn.Module {
  scale = new nn.Parameter(torch.tensor([0.5, 2]));
  forward(x: Tensor, others: { a: Tensor; b: Tensor }, [c, d]: [Tensor, Tensor]): [Tensor, [Tensor, Tensor]] {
    return [x.mul(this.scale).add(others.a), [c.mul(this.scale), d.sub(others.b)]];
  }
}

class WithDict extends nn.Module {
  scale = new nn.Parameter(torch.tensor([0.5, 2]));
  forward(x: Tensor): { double: Tensor; half: Tensor } {
    return { double: x.mul(2), half: x.mul(this.scale) };
  }
}

/** A submodule that reads sizes of what it is given, and the module that calls it. */
class Heads extends nn.Module {
  project = new nn.Linear(4, 6);
  forward(x: Tensor): Tensor {
    const [b, t] = x.shape as unknown as [number, number];
    return (this.project(x) as Tensor)
      .view([b, t, 2, 3])
      .transpose(1, 2)
      .reshape([b * 2, t, 3]);
  }
}
class Shaped extends nn.Module {
  heads = new Heads();
  places = new nn.Embedding(16, 4);
  forward(x: Tensor): Tensor {
    const places = this.places(torch.arange(x.size(1))) as Tensor;
    const heads = this.heads(x.add(places)) as Tensor;
    return heads.view([x.shape[0]!, 2 * x.shape[1]!, 3]).div(x.shape[1]!);
  }
}

/** Functions of sizes; those of Python are in tests/reference/jit_trace.py. */
const SIZES: Record<string, (x: Tensor) => Tensor> = {
  view: (x) => x.view([x.shape[0]!, -1]),
  product: (x) => x.view([x.shape[0]! * x.shape[1]!, 4]).sum(1),
  created: (x) => x.add(torch.zeros([x.size(0), 1, 1])).add(torch.arange(x.size(0)).view([-1, 1, 1])),
  quotient: (x) => x.narrow(1, 0, Math.floor(x.shape[1]! / 2)),
  divided: (x) => x.sum(0).div(x.shape[0]!),
  expanded: (x) => torch.ones([1, 1, 4]).expand([x.shape[0]!, x.shape[1]!, -1]).mul(x),
  counted: (x) => x.mul(x.numel()),
  changed: (x) => x.mul(1).add_(x.shape[1]!).reshape([-1, x.shape[0]!]),
  resampled: (x) => nn.functional.interpolate(x, { size: x.shape[2]! * 2 }),
  sum: (x) => torch.cat([x, torch.zeros([x.shape[0]! + x.shape[1]! + 1, ...x.shape.slice(1)])]),
  constant: (x) => x.view([2, -1]),
};

const image = (): Tensor => torch.randn(2, 3, 8, 8);
const MODULES: Record<string, () => [nn.Module, inputs: unknown[], others?: unknown[]]> = {
  net: () => [new Net(), [torch.randn(2, 4)]],
  convolutions: () => [
    new nn.Sequential(
      ...[new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4), new nn.GELU(), new nn.AdaptiveAvgPool2d(1)],
      ...[new nn.Flatten(), new nn.Linear(4, 2), new nn.LogSoftmax({ dim: 1 })],
    ),
    [image()],
    [torch.randn(3, 3, 6, 7)],
  ],
  lstm: () => [
    new nn.LSTM(3, 4, { num_layers: 2, bidirectional: true }),
    [torch.randn(5, 2, 3)],
    [torch.randn(3, 4, 3)],
  ],
  gru: () => [
    new nn.GRU(3, 4, { batch_first: true }),
    [torch.randn(2, 5, 3), torch.randn(1, 2, 4)],
    [torch.randn(3, 4, 3), torch.randn(1, 3, 4)],
  ],
  attention: () => [
    new nn.MultiheadAttention(4, 2, { batch_first: true }),
    [torch.randn(2, 5, 4), torch.randn(2, 3, 4), torch.randn(2, 3, 4)],
    [torch.randn(3, 2, 4), torch.randn(3, 7, 4), torch.randn(3, 7, 4)],
  ],
  shaped: () => [new Shaped(), [torch.randn(2, 3, 4)], [torch.randn(5, 2, 4)]],
  embedding: () => [
    new nn.Sequential(new nn.Embedding(7, 4), new nn.LayerNorm(4), new nn.Linear(4, 2)),
    [torch.tensor([[1, 2, 6]])],
    [
      torch.tensor([
        [1, 2],
        [3, 0],
      ]),
    ],
  ],
  encoder: () => [
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, 8, 0), 2, { enable_nested_tensor: false }),
    [torch.randn(3, 2, 4)],
    [torch.randn(5, 3, 4)],
  ],
  nested: () => [
    new Nested(),
    [torch.randn(2), { a: torch.randn(2), b: torch.randn(2) }, [torch.randn(2), torch.randn(2)]],
  ],
  dict: () => [new WithDict(), [torch.randn(2)]],
};

/** The Tensors of a result, those of dicts too. */
const tensors = (value: unknown): Tensor[] =>
  flat(value instanceof torch.Tensor || Array.isArray(value) ? value : Object.values(value as object));

interface Warned {
  readonly category: string;
  readonly message: string;
}

let warned: Warned[] = [];
beforeAll(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation((message, category) => {
    warned.push({ message: String(message), category: String(category) });
  });
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe('traces run in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-trace-'));
  const here: Record<string, Omit<Run, 'frozen'>> = {};
  const followed: Record<string, string[]> = {};
  let reference: Reference;
  beforeAll(() => {
    torch.manual_seed(0);
    for (const [name, make] of Object.entries(MODULES)) {
      const [module, inputs, others = []] = make();
      if (name === 'convolutions') module.eval();
      // A buffer that the module changes stays what it was: each call would add to it.
      const traced = torch.jit.trace(module, inputs, { strict: name !== 'dict', check_trace: name !== 'net' });
      traced.save(join(folder, `${name}.pt`));
      torch.save(inputs, join(folder, `${name}.inputs.pt`));
      torch.save(others, join(folder, `${name}.others.pt`));
      const results = tensors(call(torch.jit.load(join(folder, `${name}.pt`)), ...inputs));
      const again = tensors(call(traced, ...inputs));
      expect(again.map(hexed), name).toEqual(results.map(hexed));
      if (name !== 'net') {
        expect(results.map(hexed), name).toEqual(tensors(call(module, ...inputs)).map(hexed));
      }
      const of_others = others.length === 0 ? [] : tensors(call(traced, ...others)).map(hexed);
      if (others.length > 0) expect(of_others, name).toEqual(tensors(call(module, ...others)).map(hexed));
      total(again.filter((tensor) => tensor.requires_grad)).backward();
      const gradients = [...module.named_parameters()].map(([key, { grad }]) => [key, hexed(grad!)] as const);
      here[name] = {
        results: results.map(hexed),
        others: of_others,
        gradients: Object.fromEntries(gradients),
        training: name !== 'convolutions',
      };
    }
    for (const [name, function_] of Object.entries(SIZES)) {
      const [x, other] = [torch.randn(2, 4, 4), torch.randn(4, 6, 4)];
      const traced = torch.jit.trace(function_, x);
      traced.save(join(folder, `${name}.pt`));
      torch.save([[x], [other]], join(folder, `${name}.inputs.pt`));
      followed[name] = [x, other].map((each) => hexed(traced(each)));
    }
    reference = python('jit_trace.py', [folder, ...Object.keys(MODULES)]);
  }, 300_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(MODULES))('%s: results, gradients, and after torch.jit.freeze', (name) => {
    expect(reference.runs[name]).toEqual({ ...here[name]!, frozen: 0 });
  });

  it.each(Object.keys(SIZES))('sizes are followed: %s', (name) => {
    const [own, theirs] = reference.followed[name]!;
    expect(followed[name]).toEqual(own);
    expect(theirs).toEqual(own);
  });

  it('their text and code are those of Python’s traces', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.ReLU(), new nn.BatchNorm1d(3))).eval();
    const traced = torch.jit.trace(net, torch.ones(4, 2));
    expect(String(traced)).toBe(reference.own.text);
    const children = [...traced.children()] as torch.jit.ScriptModule[];
    // Python knows the names of local variables.
    const plain = (code: string): string => code.replace(/\binput\d*\b/g, 'x').replace(/\bargument_1\b/g, 'x');
    expect([traced.code, ...children.map((child) => child.code)].map(plain)).toEqual(reference.own.code.map(plain));
    const f = torch.jit.trace((x: Tensor, y: Tensor) => x.sin().mul(y), [torch.ones(2), torch.ones(2)]);
    expect(f.code.replace('_lambda', 'f')).toBe(reference.own.function.replace('_lambda', 'f'));
    expect(f.schema).toBe(reference.own.schema);
    expect(f.graph).toContain('aten::sin(%x)');
    expect(f.inlined_graph).toBe(f.graph);
  });

  it('names arguments as Python does where layers read them themselves', () => {
    const rows = torch.ones(3, 2, 4);
    const given: [nn.Module, Record<string, Tensor>][] = [
      [new nn.GRU(2, 3), { hx: torch.ones(1, 4, 3), input: torch.ones(5, 4, 2) }],
      [new nn.LSTMCell(2, 3), { input: torch.ones(4, 2) }],
      [new nn.MultiheadAttention(4, 2), { query: rows, key: rows, value: rows, key_padding_mask: torch.zeros(2, 3) }],
      [new nn.ConvTranspose1d(1, 1, 2), { input: torch.ones(1, 1, 3) }],
    ];
    const heads = given.map(([module, example_kwarg_inputs]) => {
      const { code } = torch.jit.trace(module, { example_kwarg_inputs });
      return code.slice(0, code.indexOf(')'));
    });
    expect(heads).toEqual(reference.own.named);
    const program = torch.export.export(new nn.LSTM(2, 3), [torch.ones(1, 4, 2)]);
    expect(program.graph_signature.user_inputs).toEqual(['input']);
  });

  it('what Python warns of and throws', () => {
    const x = torch.zeros(2);
    let calls = 0;
    const cases: Record<string, () => unknown> = {
      random: () => torch.jit.trace((t: Tensor) => t.add(torch.rand(2)), x),
      constructor: () => torch.jit.trace((t: Tensor) => t.add(torch.tensor([1, 2])), x),
      changing: () => torch.jit.trace((t: Tensor) => (++calls % 2 === 1 ? t.sin() : t.cos()), x),
      unchecked: () => torch.jit.trace((t: Tensor) => t.add(torch.rand(2)), x, { check_trace: false }),
    };
    // Nodes carry lines of Python's source there, and differences random numbers.
    const plain = (text: string): string =>
      text
        .replace('Python function', 'function')
        .replace(/ # .*/g, '')
        .replace(/%\d+/g, '%')
        .replace(/aten::rand\(.*/g, 'rand')
        .replace(/[\d.]+ at index \(\d+,?\)/g, 'N');
    for (const [name, run] of Object.entries(cases)) {
      warned = [];
      let error: string[] | null = null;
      try {
        run();
      } catch (failure) {
        expect(failure).toBeInstanceOf(torch.jit.TracingCheckError);
        error = (failure as Error).message.split('\n').slice(0, 2);
      }
      const texts = warned.filter(({ category }) => category === 'TracerWarning').map(({ message }) => plain(message));
      const [wanted, thrown] = reference.told[name]!;
      // A text is told once here.
      expect([texts, error], name).toEqual([[...new Set(wanted.map(plain))], thrown]);
    }
  });
});

describe('torch.jit.trace', () => {
  it('shares the parameters of the module, and trains them', () => {
    const linear = new nn.Linear(2, 1);
    const traced = torch.jit.trace(linear, torch.ones(1, 2));
    const before = hexed(linear.weight);
    const sgd = new torch.optim.SGD(traced.parameters(), { lr: 0.5 });
    traced(torch.ones(3, 2)).sum().backward();
    sgd.step();
    expect(hexed(linear.weight)).not.toBe(before);
    expect(hexed(traced(torch.ones(3, 2)))).toBe(hexed(linear(torch.ones(3, 2))));
  });

  it('takes arguments by name, and methods by trace_module', () => {
    class Two extends nn.Module {
      scale = new nn.Parameter(torch.tensor(3, { dtype: torch.float32 }));
      forward(x: Tensor, y?: Tensor, z?: Tensor): Tensor {
        return x
          .mul(this.scale)
          .sub(y ?? 0)
          .add(z ?? 0);
      }
      scaled(weight: Tensor): Tensor {
        return weight.mul(this.scale);
      }
    }
    const two = new Two();
    const traced = torch.jit.trace(two, { example_kwarg_inputs: { z: torch.ones(2), x: torch.ones(2) } });
    const named = traced.run_method('forward', torch.ones(1), { z: torch.full([1], 4) }) as Tensor;
    expect(named.tolist()).toEqual([7]);
    expect(() => torch.jit.trace(two, { example_kwarg_inputs: { w: torch.ones(2) } })).toThrow(
      "'w' is not in forward() method's arguments, valid arguments name are [x,y,z]",
    );
    const inputs = { forward: [torch.ones(2), torch.ones(2)], scaled: torch.ones(1) };
    const methods = torch.jit.trace_module(two, inputs);
    expect(methods.scaled(torch.tensor([2])).tolist()).toEqual([6]);
    expect(methods(torch.ones(1), torch.ones(1)).tolist()).toEqual([2]);
    expect(() => torch.jit.trace_module(two, { missing: torch.ones(1) })).toThrow(
      "trace_module(): the module has no method 'missing'",
    );
    const checked = torch.jit.trace(two, [torch.ones(2)], { check_inputs: [[torch.ones(3)], torch.zeros(1)] });
    expect(checked(torch.ones(1)).tolist()).toEqual([3]);
  });

  it('reads of values are told, data and numbers become constants', () => {
    warned = [];
    const f = torch.jit.trace(
      (x: Tensor) =>
        x
          .add(
            torch
              .tensor([[1, 2]])
              .sum()
              .item(),
          )
          .mul(x.sum().item()),
      torch.ones(2),
    );
    expect(f(torch.zeros(1)).tolist()).toEqual([6]);
    const texts = warned.filter(({ category }) => category === 'TracerWarning').map(({ message }) => message);
    expect(texts.filter((text) => text.startsWith('Converting a tensor to a JavaScript value might'))).toHaveLength(1);
    expect(torch.jit.trace((x: Tensor) => x.data.mul(3), torch.ones(2))(torch.full([2], 2))).toEqual(
      torch.full([2], 6),
    );
  });

  it('says which sizes it cannot follow, and keeps those of the example', () => {
    const texts = (trace: () => unknown): string[] => {
      warned = [];
      trace();
      return warned.filter(({ category }) => category === 'TracerWarning').map(({ message }) => message);
    };
    const x = torch.ones(2, 4);
    const loop = (t: Tensor): Tensor => t.shape.reduce((sum, size) => (size > 2 ? sum.sin() : sum.cos()), t);
    expect(texts(() => torch.jit.trace(loop, x))).toEqual([
      expect.stringMatching(
        /^Branches on sizes .* depends on size 0 of input 0, and the trace has those of the example/,
      ),
    ]);
    const root = (t: Tensor): Tensor => t.mul(Math.sqrt(t.shape[0]!));
    expect(texts(() => torch.jit.trace(root, x))).toEqual([
      expect.stringMatching(/argument 2 of aten::mul.Tensor depends on sizes in a way that is not known/),
    ]);
    expect(texts(() => torch.jit.trace((t: Tensor) => t.view([t.shape[0]!, 2, -1]), x))).toEqual([]);
  });

  it('runs what it traces once more only where sizes are read, and changes buffers once', () => {
    class Counting extends nn.Module {
      seen = new nn.Buffer(torch.zeros(1));
      calls = 0;
      reads = false;
      forward(t: Tensor): Tensor {
        this.calls++;
        this.seen.add_(1);
        t.add_(1);
        const noise = torch.rand(1);
        return (this.reads ? t.view([t.shape[0]!, 2, 2]) : t).mul(this.seen).add(noise);
      }
    }
    for (const reads of [false, true]) {
      const net = new Counting();
      net.reads = reads;
      const x = torch.zeros(3, 4);
      torch.manual_seed(3);
      const traced = torch.jit.trace(net, x, { check_trace: false });
      const next = torch.rand(1);
      torch.manual_seed(3);
      torch.rand(1);
      expect(next.equal(torch.rand(1))).toBe(true);
      expect([net.seen.item(), x.sum().item()]).toEqual([1, 12]);
      expect(net.calls === 1).toBe(!reads);
      expect((traced(torch.zeros(5, 4)) as Tensor).shape).toEqual(torch.zeros(reads ? [5, 2, 2] : [5, 4]).shape);
    }
  });

  it('knows that it traces', () => {
    const seen: boolean[] = [];
    const asks = (x: Tensor): Tensor => {
      seen.push(torch.jit.is_tracing());
      return x.sin();
    };
    torch.jit.trace(asks, torch.ones(2), { check_trace: false });
    expect([...seen, torch.jit.is_tracing()]).toEqual([true, false]);
    const fails = (): Tensor => {
      throw new RangeError('mine');
    };
    expect(() => torch.jit.trace(fails, [torch.ones(1)])).toThrow(RangeError);
    expect(torch.jit.is_tracing()).toBe(false);
  });

  it('refuses what cannot be traced', () => {
    const x = torch.ones(2);
    const refused: [() => unknown, string][] = [
      [() => torch.jit.trace((t: Tensor) => t, [3]), "Type 'int' cannot be traced."],
      [() => torch.jit.trace(() => null, x), "The traced function didn't return any values!"],
      [() => torch.jit.trace(() => 3, x), 'Only tensors, and arrays or objects of tensors can be output'],
      [() => torch.jit.trace((t: Tensor) => ({ a: t.sin() }), x), 'Encountering a dict at the output of the tracer'],
      [() => torch.jit.trace(3 as never, x), "trace(): argument 'func' must be a function, not int"],
      [() => torch.jit.trace((t: Tensor) => t, x, { checktrace: false } as never), 'checktrace'],
      [() => torch.jit.trace(((t: Tensor) => t) as never), 'example_kwarg_inputs should be a dict'],
    ];
    for (const [run, text] of refused) expect(run).toThrow(text);
    class Shared extends nn.Module {
      a = new nn.Parameter(torch.ones(1));
      b = this.a;
      forward(t: Tensor): Tensor {
        return t.mul(this.a).add(this.b);
      }
    }
    expect(() => torch.jit.trace(new Shared(), x)).toThrow("don't support parameter sharing");
    const traced = torch.jit.trace(new nn.Linear(2, 2), x);
    expect(torch.jit.trace(traced, x)).toBe(traced);
  });
});
