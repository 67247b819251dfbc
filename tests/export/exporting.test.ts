import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { Tuple } from '../../dist/python/values.js';
import { python } from '../reference.js';

const { nn } = torch;
const { Dim } = torch.export;

class Small extends nn.Module {
  declare fc: torch.nn.Linear;
  declare count: Tensor;
  scale = torch.ones(4);

  constructor() {
    super();
    this.fc = new nn.Linear(3, 4);
    this.register_buffer('count', torch.zeros(2));
  }

  forward(x: Tensor, pair: [Tensor, number], { z }: { z: Tensor }): unknown {
    const y = this.fc(x).mul(this.scale);
    this.count.add_(1);
    z.mul_(2);
    const [a, b] = torch.split(y, 2, 1) as [Tensor, Tensor];
    return [{ a: a.add(torch.tensor(3, { dtype: torch.float32 })), pair: [pair[0].add(this.count.sum()), b] }, x, z];
  }
}

class Resized extends nn.Module {
  declare fc: torch.nn.Linear;

  constructor() {
    super();
    this.fc = new nn.Linear(3, 4);
  }

  forward(x: Tensor): Tensor {
    return this.fc(x).view(x.shape[0]! * 2, 2);
  }
}

class Convolved extends nn.Module {
  declare conv: torch.nn.Conv2d;

  constructor() {
    super();
    this.conv = new nn.Conv2d(3, 4, 3, { stride: 2, padding: 1 });
  }

  forward(x: Tensor): Tensor {
    const y = this.conv(x);
    return y.view(y.shape[0]! * 2, 2, y.shape[2]!, y.shape[3]!).sum(-1);
  }
}

/** Sizes among the results, and inputs whose sizes depend on one another. */
class Sized extends nn.Module {
  forward(x: Tensor, others: { y: Tensor }, zs: [Tensor]): unknown {
    const [{ y }, [z]] = [others, zs];
    return [x.add(z), x.shape[0], { three: y.shape[0]! * 3, next: y.shape[0]! + 1 }, y.sum(), 7, x.shape[1]];
  }
}

/** Tensors past the dispatcher, and constants that are changed in place. */
class Constants extends nn.Module {
  forward(x: Tensor): unknown {
    const sum = torch.tensor([1, 2, 3], { dtype: torch.float32 });
    const before = sum.mul(1);
    sum.add_(x.data.sum(0));
    const shared = torch.from_numpy(new Float32Array([1, 2, 3]));
    return [before, sum, x.mul(x.detach()), shared.mul_(2), new nn.Parameter(x).mul(outer), torch.tensor([7, 8])];
  }
}
const outer = torch.tensor([0.5, 1, 2]);

class Classifier extends nn.Module {
  declare lstm: torch.nn.LSTM;
  declare fc: torch.nn.Linear;

  constructor() {
    super();
    this.lstm = new nn.LSTM(28, 16, { num_layers: 2, batch_first: true });
    this.fc = new nn.Linear(16, 10);
  }

  forward(x: Tensor): Tensor {
    const [out] = this.lstm(x);
    return this.fc(out.select(1, -1));
  }
}

/** Plain attributes that have the memory of a buffer, and of one another. */
class Aliases extends nn.Module {
  declare total: Tensor;
  part: Tensor;
  whole: Tensor;
  fixed = torch.ones(2);
  first: Tensor;

  constructor() {
    super();
    this.register_buffer('total', torch.zeros(4));
    this.part = this.total.narrow(0, 1, 2);
    this.whole = this.total.detach();
    this.first = this.fixed.select(0, 0);
  }

  forward(x: Tensor): unknown {
    this.total.add_(x);
    const seen = this.part.sum();
    this.part.mul_(2);
    return [seen, this.whole.mul(1), this.total.sum(), this.first.add(this.fixed)];
  }
}

type Called = (...args: unknown[]) => unknown;
const call = (module: torch.nn.Module, ...args: unknown[]): unknown => (module as unknown as Called)(...args);
const tuples = (value: unknown): unknown => (Array.isArray(value) ? Tuple.from(value.map(tuples)) : value);
const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy);
  return value instanceof torch.Tensor ? value.clone() : value;
};

interface Answer {
  equal: boolean[];
  text: string;
  decomposed: boolean;
  refused: string;
  guards?: [written: string[], own: string[]];
}

let folder: string;
let answers: Record<string, Answer> & {
  dims: unknown[];
  'small graph': { text: string; signature: string; code: string; table: string };
};
const programs: Record<string, torch.export.ExportedProgram> = {};

/** Exports a module, and saves it with what it gives for some inputs. */
function save(
  name: string,
  module: torch.nn.Module,
  args: unknown[],
  options: torch.export.ExportOptions = {},
  others: unknown[][] = [],
): void {
  const program = torch.export.export(module, args, options);
  programs[name] = program;
  torch.export.save(program, join(folder, `${name}.pt2`));
  const kwargs = (options as { kwargs?: Record<string, unknown> }).kwargs ?? {};
  const runs = [args, ...others].map((given) => {
    const named = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, copy(value)]));
    const its = {
      args: tuples(given),
      kwargs: Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, copy(value)])),
    };
    torch.manual_seed(0);
    const expected = torch.no_grad(() =>
      call(program.module(), ...(copy(given) as unknown[]), ...(Object.keys(named).length > 0 ? [named] : [])),
    );
    torch.manual_seed(0);
    return { ...its, expected: tuples(expected) };
  });
  torch.save(runs, join(folder, `${name}.pt`));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-exporting-'));
  torch.manual_seed(0);
  save(
    'dynamic',
    new Resized(),
    [torch.randn(2, 3)],
    { dynamic_shapes: [{ 0: new Dim('batch', { min: 1, max: 8 }) }] },
    [[torch.randn(5, 3)]],
  );
  save(
    'sizes',
    new Convolved(),
    [torch.randn(2, 3, 8, 9)],
    { dynamic_shapes: { x: { 0: new Dim('n'), 2: Dim.DYNAMIC, 3: Dim.AUTO } } },
    [[torch.randn(3, 3, 11, 20)]],
  );
  const batch = new Dim('batch', { min: 2, max: 9 });
  save(
    'sized',
    new Sized(),
    [torch.ones(3, 2), { y: torch.ones(7, 2) }, [torch.ones(3, 2)]],
    { dynamic_shapes: [{ 0: batch }, { y: { 0: batch.mul(2).add(1) } }, [{ 0: batch }]] },
    [[torch.ones(4, 2), { y: torch.ones(9, 2) }, [torch.ones(4, 2)]]],
  );
  save('lstm', new Classifier(), [torch.randn(4, 7, 28)]);
  save('encoder', new nn.TransformerEncoderLayer(8, 2, { dim_feedforward: 16, batch_first: true, dropout: 0 }), [
    torch.randn(2, 5, 8),
  ]);
  save('aliases', new Aliases(), [torch.tensor([1, 2, 3, 4.5])], {}, [[torch.ones(4)]]);
  save('constants', new Constants(), [torch.randn(2, 3)], {}, [[torch.randn(2, 3)]]);
  programs['small'] = torch.export.export(new Small(), [torch.ones(2, 3), [torch.ones(2), 4]], {
    kwargs: { z: torch.ones(3) },
  });
  torch.export.save(programs['small'], join(folder, 'small.pt2'));
  torch.save([], join(folder, 'small.pt'));
  answers = python('exported_here.py', [folder]);
}, 300_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('torch.export.save', () => {
  it.each(['dynamic', 'sizes', 'sized', 'lstm', 'encoder', 'constants', 'aliases', 'small'])(
    'writes %s as Python loads it',
    (name) => {
      const { equal, decomposed } = answers[name]!;
      expect(equal).not.toContain(false);
      expect(decomposed).toBe(true);
    },
  );

  it('keeps the ranges of sizes, which Python checks', () => {
    expect(answers['dynamic']!.refused).toContain('<= 8');
  });

  it('keeps which sizes depend on one another, which Python and the program check', () => {
    const { guards, refused } = answers['sized']!;
    expect(refused).toContain("y']");
    const program = programs['sized']!;
    expect(guards![0]).toEqual(guards![1]);
    const module = program.module() as unknown as (...args: unknown[]) => unknown;
    const run = (x: number, y: number, z: number): (() => unknown) => {
      return () => module(torch.ones(x, 2), { y: torch.ones(y, 2) }, [torch.ones(z, 2)]);
    };
    expect(run(4, 9, 4)).not.toThrow();
    expect(run(4, 8, 4)).toThrow(/Guard failed/);
    expect(run(4, 9, 5)).toThrow(/Guard failed/);
  });
});

describe('torch.export.export', () => {
  it('has the graph of Python', () => {
    // Python says where a float constant was made; the numbers of dtypes and defaults are the same.
    expect(String(programs['small']!.graph)).toBe(answers['small graph'].text);
    expect(String(programs['small']!.graph_signature)).toBe(answers['small graph'].signature);
    expect(programs['small']!.graph.code).toBe(answers['small graph'].code);
    const lines: string[] = [];
    const log = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    programs['small']!.graph.print_tabular();
    log.mockRestore();
    expect(lines.join('').trimEnd()).toBe(answers['small graph'].table);
  });

  it('prints what Python prints after loading', () => {
    for (const name of ['dynamic', 'lstm', 'small']) expect(String(programs[name])).toBe(answers[name]!.text);
  });

  it('gives what the module gives', () => {
    const model = new Classifier();
    const x = torch.randn(3, 4, 28);
    const program = torch.export.export(model, [x]);
    expect(torch.equal(program.module()(x) as Tensor, model(x) as Tensor)).toBe(true);
  });

  it('depends on inputs that leave the graph of autograd', () => {
    const model = new Constants();
    const module = torch.export.export(model, [torch.randn(2, 3)]).module();
    for (const x of [torch.randn(2, 3), torch.zeros(2, 3)]) {
      const [found, expected] = [module(x), model(x)] as [Tensor[], Tensor[]];
      expect(found.map((value) => value.tolist())).toEqual(expected.map((value) => value.tolist()));
    }
  });

  it('leaves buffers, inputs and random numbers as they were', () => {
    const model = new nn.Sequential(new nn.BatchNorm1d(3), new nn.Dropout(0.5), new nn.ReLU({ inplace: true }));
    const x = torch.randn(4, 3);
    const before = [x.clone(), torch.get_rng_state()] as const;
    torch.export.export(model, [x]);
    expect(torch.equal(x, before[0])).toBe(true);
    expect(torch.equal(torch.get_rng_state(), before[1])).toBe(true);
    expect((model.state_dict()['0.num_batches_tracked'] as Tensor).item()).toBe(0);
  });

  it('trains the parameters of the module', () => {
    const model = new nn.Linear(2, 1);
    const program = torch.export.export(model, [torch.ones(1, 2)]);
    (program.module()(torch.ones(1, 2)) as Tensor).sum().backward();
    expect(model.weight.grad!.tolist()).toEqual([[1, 1]]);
  });

  const refused = (forward: (x: Tensor) => unknown, options = {}): (() => unknown) => {
    class Refused extends nn.Module {
      forward(x: Tensor): unknown {
        return forward(x);
      }
    }
    return () => torch.export.export(new Refused(), [torch.ones(3, 2)], options);
  };

  it('refuses values of tensors, with the place', () => {
    expect(refused((x) => x.mul(x.sum().item()))).toThrow(/values.*exporting\.test\.ts/s);
    expect(refused((x) => x.mul((x.tolist() as unknown as number[][])[0]![0]!))).toThrow(/read.*exporting\.test\.ts/s);
  });

  it('refuses what depends on sizes that vary', () => {
    const dynamic_shapes = [{ 0: new Dim('n') }];
    expect(refused((x) => (x.shape[0] === 3 ? x.add(1) : x.mul(2)), { dynamic_shapes })).toThrow(/other operators/);
    expect(refused((x) => x, { dynamic_shapes: [{ 5: new Dim('n') }] })).toThrow(/dimension 5/);
    expect(refused((x) => x, { dynamic_shapes: [{ 0: new Dim('n', { max: 2 }) }] })).toThrow(/range/);
  });

  it('refuses to run in a region of autocast', () => {
    expect(() =>
      torch.autocast(
        'cpu',
        { dtype: torch.bfloat16 },
        refused((x) => torch.mm(x, x.t())),
      ),
    ).toThrow(/autocast/);
  });

  it('refuses tensors that no operator has made', () => {
    expect(refused((x) => torch.from_dlpack(x).add(1))).toThrow(/values of a tensor are read.*exporting\.test\.ts/);
    expect(
      refused((x) => {
        const y = torch.empty(3, 2);
        y.data = x;
        return y.add(1);
      }),
    ).toThrow(/data of another one.*exporting\.test\.ts/);
    expect(refused((x) => torch.func.vmap((row: Tensor) => row.mul(2))(x))).toThrow(/no operator has made/);
    expect(refused((x) => torch.func.grad((its: Tensor) => its.sum())(x))).toThrow(/no operator has made|grad mode/);
  });

  it('refuses tensors of others that are changed in place', () => {
    const total = torch.zeros(2);
    expect(refused((x) => total.add_(x.sum(0)).clone())).toThrow(/neither a buffer/);
  });

  it('has names of sizes that depend on another, as Python writes them', () => {
    const n = new Dim('n', { min: 2, max: 9 });
    const all = [n.mul(2).add(1), n.add(1), n.sub(1), n.mul(2).mul(3), n.add(1).mul(2), n.mul(2).sub(3)];
    expect(all.map(({ __name__, min, max }) => [__name__, min, max])).toEqual(answers['dims']);
    expect(all.every((dim) => dim instanceof Dim)).toBe(true);
    expect(() => n.mul(1.5)).toThrow('Attempted to multiply 1.5 with n, where a positive integer was expected');
    expect(() => n.mul(-1)).toThrow('Attempted to multiply -1 with n, where a positive integer was expected');
    expect(() => n.add(0.5)).toThrow('Attempted to add 0.5 to n, where an integer was expected');
    expect(() => n.sub(1.5)).toThrow('Attempted to subtract 1.5 from n, where an integer was expected');
    expect(refused((x) => x, { dynamic_shapes: [{ 0: n.mul(2) }] })).toThrow(/no input has the size n/);
    expect(refused((x) => x, { dynamic_shapes: [{ 1: n, 0: n.mul(2) }] })).toThrow(/Constraints violated/);
    expect(refused((x) => [x, x.shape[0]! / 2], { dynamic_shapes: [{ 0: n }] })).toThrow(/is not an integer/);
  });

  it('refuses bad arguments', () => {
    expect(() => torch.export.export(3 as never, [])).toThrow(TypeError);
    expect(refused((x) => x, { strict: true })).toThrow(/strict/);
    expect(() => torch.export.save(3 as never, 'x.pt2')).toThrow(TypeError);
    expect(() => new Dim('n', { min: 4, max: 2 })).toThrow(/inconsistent/);
    expect(() => torch.export.load('/nowhere/model.pt2')).toThrow(/load\(\)/);
  });
});
