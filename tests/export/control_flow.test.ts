import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { python } from '../reference.js';

const { nn } = torch;
const { map, scan } = torch._higher_order_ops;

class Branches extends nn.Module {
  declare linear: torch.nn.Linear;

  constructor() {
    super();
    this.linear = new nn.Linear(3, 3);
  }

  forward(x: Tensor): unknown {
    const positive = x.sum().gt(0);
    const chosen = torch.cond(
      positive,
      (its: Tensor) => this.linear(its).relu(),
      (its: Tensor) => its.cos().mul(this.linear.bias!),
      [x],
    );
    const nested = torch.cond(
      positive,
      ({ a }: { a: Tensor }) =>
        torch.cond(
          a.sum().gt(3),
          (its: Tensor) => ({ found: its.sin() }),
          (its: Tensor) => ({ found: this.linear(its).add(torch.tensor([1, 2, 3.5])) }),
          [a],
        ),
      ({ a }: { a: Tensor }) => ({ found: a }),
      [{ a: chosen }],
    );
    return [
      chosen,
      nested.found,
      torch.cond(
        positive,
        () => this.linear(x),
        () => x.view(x.shape),
      ),
    ];
  }
}

class Loops extends nn.Module {
  declare linear: torch.nn.Linear;

  constructor() {
    super();
    this.linear = new nn.Linear(3, 3);
  }

  forward(x: Tensor, xs: Tensor): unknown {
    const [count, last] = torch.while_loop(
      (i: Tensor, y: Tensor) => i.lt(4).logical_and(y.sum().lt(1000)),
      (i: Tensor, y: Tensor) => [i.add(1), y.sin().add(x)] as [Tensor, Tensor],
      [torch.zeros([], { dtype: torch.int64 }), x],
    );
    const rows = map((row: Tensor, offset: Tensor) => this.linear(row).add(offset), xs, x.select(0, 0));
    const sums = scan(
      (carry: Tensor, row: Tensor): [Tensor, Tensor] => [carry.add(row), this.linear(carry).mul(row)],
      x.select(0, 0).clone(),
      xs,
    );
    const columns = scan(
      (carry: { c: Tensor }, column: Tensor): [{ c: Tensor }, Tensor] => [
        { c: carry.c.add(column) },
        carry.c.mul(column),
      ],
      { c: xs.select(1, 0).clone() },
      xs,
      { dim: 1, reverse: true },
    );
    return [count, last, rows, ...sums, columns[0].c, columns[1]];
  }
}

/** Sizes within branches. */
class Sizes extends nn.Module {
  scale = new nn.Parameter(torch.ones(2));

  forward(x: Tensor, y: Tensor): unknown {
    return torch.cond(
      x.sum().gt(0),
      (its: Tensor) =>
        its
          .clone()
          .view(its.shape[0]! * 2, 2)
          .add(y.shape[0]!),
      (its: Tensor) => its.cos().view(-1, 2).mul(this.scale),
      [x],
    );
  }
}

class Modes extends nn.Module {
  declare linear: torch.nn.Linear;
  declare calls: Tensor;

  constructor() {
    super();
    this.linear = new nn.Linear(4, 4);
    this.register_buffer('calls', torch.zeros([]));
  }

  forward(x: Tensor): unknown {
    const constant = torch.no_grad(() => {
      const found = this.linear(x).exp();
      this.calls.add_(1);
      return found;
    });
    const half = torch.autocast('cpu', { dtype: torch.bfloat16 }, () => this.linear(x).mm(x));
    return [constant.mul(x), half, this.linear(x).add(constant).add(this.calls)];
  }
}

/** Modes within modes, and in branches. */
class NestedModes extends nn.Module {
  declare linear: torch.nn.Linear;

  constructor() {
    super();
    this.linear = new nn.Linear(4, 4);
  }

  forward(x: Tensor): unknown {
    const [half, constant] = torch.autocast('cpu', { dtype: torch.bfloat16 }, () => {
      const found = this.linear(x);
      const inner = torch.autocast('cpu', { enabled: false }, () => found.float().mm(x));
      return [found, torch.no_grad(() => inner.exp())];
    }) as [Tensor, Tensor];
    const chosen = torch.cond(
      x.sum().gt(0),
      (its: Tensor) => torch.no_grad(() => this.linear(its)).mul(this.linear(its)),
      (its: Tensor) => torch.no_grad(() => torch.enable_grad(() => this.linear(its)).add(1)),
      [x],
    );
    return [half, constant, chosen];
  }
}

interface Answer {
  equal: boolean[];
  gradients: boolean[];
  decomposed: boolean;
  text: string;
}
type Called = (...args: unknown[]) => unknown;

let folder: string;
let answers: Record<string, Answer> & { operators: [unknown, unknown] };
const programs: Record<string, torch.export.ExportedProgram> = {};
const names = ['branches', 'loops', 'sizes', 'modes', 'nested_modes'];
const inputs: Record<string, Tensor[][]> = {};
const modules: Record<string, torch.nn.Module> = {};

const leaves = (value: unknown): Tensor[] => torch.utils._pytree.tree_leaves(value) as Tensor[];

/** The outputs of a call, and the gradients of the parameters. */
function run(module: torch.nn.Module, args: Tensor[]): { outputs: Tensor[]; gradients: Tensor[] } {
  const outputs = leaves((module as unknown as Called)(...args));
  for (const parameter of module.parameters()) parameter.grad = null;
  outputs
    .filter(({ requires_grad }) => requires_grad)
    .map((output) => output.float().sum())
    .reduce((sum, its) => sum.add(its))
    .backward();
  // Of parameters in a branch that did not run Python's cond has zeros.
  const gradients = [...module.parameters()].map((parameter) => parameter.grad ?? torch.zeros_like(parameter));
  return { outputs: outputs.map((output) => output.detach().clone()), gradients };
}

function save(name: string, module: torch.nn.Module, runs: Tensor[][], options: torch.export.ExportOptions = {}): void {
  const program = torch.export.export(module, runs[0]!, options);
  programs[name] = program;
  inputs[name] = runs;
  modules[name] = module;
  torch.export.save(program, join(folder, `${name}.pt2`));
  // Buffers begin anew in each program that Python loads.
  const state = Object.fromEntries(
    Object.entries(module.state_dict()).map(([key, its]) => [key, (its as Tensor).clone()]),
  );
  const found = runs.map((args) => {
    module.load_state_dict(state);
    return { args, ...run(module, args) };
  });
  module.load_state_dict(state);
  torch.save(found, join(folder, `${name}.pt`));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-control-flow-'));
  torch.manual_seed(0);
  const small = torch.rand(2, 3).mul(0.1);
  save('branches', new Branches(), [[small], [torch.rand(2, 3).neg()], [torch.rand(2, 3).add(3)]]);
  save('loops', new Loops(), [
    [torch.randn(2, 3), torch.randn(5, 3)],
    [torch.full([2, 3], 300.5), torch.randn(5, 3)],
  ]);
  const [b, c] = [new torch.export.Dim('b'), new torch.export.Dim('c')];
  save(
    'sizes',
    new Sizes(),
    [
      [torch.rand(4, 4).neg(), torch.ones(3, 1)],
      [torch.rand(6, 4).neg(), torch.ones(7, 1)],
    ],
    { dynamic_shapes: [{ 0: b }, { 0: c }] },
  );
  save('modes', new Modes(), [[torch.randn(4, 4)]]);
  save('nested_modes', new NestedModes(), [[torch.rand(4, 4)], [torch.rand(4, 4).neg()]]);
  answers = python('control_flow_here.py', [folder]);
}, 300_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('control flow and modes in torch.export', () => {
  it.each(names)('writes %s as Python loads, runs, trains and decomposes it', (name) => {
    const { equal, gradients, decomposed } = answers[name]!;
    expect({ equal, gradients, decomposed }).toEqual({
      equal: inputs[name]!.map(() => true),
      gradients: inputs[name]!.map(() => true),
      decomposed: true,
    });
  });

  it.each(names)('runs and trains %s after loading it', (name) => {
    for (const args of inputs[name]!) {
      const program = torch.export.load(join(folder, `${name}.pt2`));
      const found = run(program.module(), args);
      const expected = run(modules[name]!, args);
      expect(found.outputs.map((its, i) => torch.equal(its, expected.outputs[i]!))).not.toContain(false);
      // Loops add their gradients in another order.
      const same = name === 'loops' ? torch.allclose : torch.equal;
      expect(found.gradients.map((its, i) => same(its, expected.gradients[i]!))).not.toContain(false);
      if (name === 'modes') (modules[name] as unknown as { calls: Tensor }).calls.zero_();
    }
  });

  it('has the operators of Python, in graphs of the same structure', () => {
    const [own, here] = answers.operators;
    expect(here).toEqual(own);
  });

  it('prints what Python prints after loading', () => {
    for (const name of ['branches', 'modes']) expect(String(programs[name])).toBe(answers[name]!.text);
  });

  it('runs the branch that other sizes and signs need', () => {
    const module = programs['sizes']!.module() as unknown as Called;
    for (const x of [torch.rand(5, 4), torch.rand(5, 4).neg()]) {
      const y = torch.ones(9, 1);
      expect(torch.equal(module(x, y) as Tensor, (modules['sizes'] as unknown as Called)(x, y) as Tensor)).toBe(true);
    }
  });

  const refused = (forward: (x: Tensor) => unknown): (() => unknown) => {
    class Refused extends nn.Module {
      seen = new nn.Buffer(torch.zeros(2));

      forward(x: Tensor): unknown {
        return forward.call(this, x);
      }
    }
    return () => torch.export.export(new Refused(), [torch.ones(3, 2)]);
  };

  it('refuses functions that change what is outside, with the place', () => {
    const change = (its: Tensor): Tensor => its.add_(1).mul(2);
    const text = /a function of cond .*control_flow\.test\.ts.* changes a tensor from outside/;
    expect(refused((x) => torch.cond(x.sum().gt(0), change, (its: Tensor) => its.mul(2), [x]))).toThrow(text);
    expect(
      refused((x) =>
        torch.cond(
          x.sum().gt(0),
          () => change(x.mul(1)),
          () => change(x),
        ),
      ),
    ).toThrow(text);
    const view = (its: Tensor): Tensor => {
      its.select(0, 0).add_(1);
      return its.mul(1);
    };
    expect(refused((x) => torch.cond(x.sum().gt(0), view, view, [x]))).toThrow(text);
    const outer = torch.ones(2);
    expect(refused((x) => map((row: Tensor) => row.add(outer.add_(1)), x))).toThrow(
      /add_.Tensor .* takes a tensor that/,
    );
  });

  it('refuses branches and loops that no program can hold', () => {
    const pred = (x: Tensor): Tensor => x.sum().gt(0);
    expect(
      refused((x) =>
        torch.cond(
          pred(x),
          () => [x.mul(1)],
          () => [x.mul(1), x.mul(2)],
        ),
      ),
    ).toThrow(/Unmatched output spec/);
    expect(
      refused((x) =>
        torch.cond(
          pred(x),
          () => x.double(),
          () => x.mul(1),
        ),
      ),
    ).toThrow(/expected same dtype/);
    expect(
      refused((x) =>
        torch.cond(
          pred(x),
          () => x.sum(),
          () => x.mul(1),
        ),
      ),
    ).toThrow(/other shapes/);
    expect(
      refused((x) =>
        torch.cond(
          pred(x),
          () => [x.sum(), 1],
          () => [x.sum(), 2],
        ),
      ),
    ).toThrow(/return 1 and 2/);
    expect(
      refused(
        (x) =>
          torch.while_loop(
            (i: number) => i < 3,
            (i: number): [number] => [i + 1],
            [0],
          ) && x,
      ),
    ).toThrow(/torch.tensor\(0\)/);
    expect(
      refused((x) =>
        torch.while_loop(
          (its: Tensor) => its.sum().lt(9),
          (its: Tensor): [Tensor] => [torch.cat([its, its])],
          [x],
        ),
      ),
    ).toThrow(/Expected body_fn_output and carried_inputs to have same metadata.*torch.Size\(\[6, 2\]\)/s);
  });
});
