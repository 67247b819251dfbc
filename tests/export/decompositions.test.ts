import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { python } from '../reference.js';

const { nn } = torch;
const { functional: F } = nn;

interface Made {
  default: string[];
  empty: string[];
  kinds: string[];
  dialect: string;
}
interface Read {
  default: string[];
  again: string[];
  equal: boolean;
}

const overload = (name: string): Parameters<torch.export.CustomDecompTable['has']>[0] =>
  torch.ops.aten[name]!['default']!;

/** The operators of a graph and of those in it, as tests/reference/decompositions.py has them. */
function operators_of(graph: torch.export.ExportedGraph): string[] {
  const own = graph.nodes
    .filter(({ op, target }) => op === 'call_function' && target.startsWith('torch.ops.'))
    .map(({ target }) => target.replace('torch.ops.', '').replace('higher_order.', ''))
    .filter((name) => !name.startsWith('aten.sym_'));
  return [...own, ...[...graph.subgraphs.values()].flatMap(operators_of)];
}
const sorted = (graph: torch.export.ExportedGraph): string[] => operators_of(graph).sort();

function run(program: torch.export.ExportedProgram, inputs: readonly Tensor[]): Tensor[] {
  const module = program.module();
  const results = torch.no_grad(() => torch.utils._pytree.tree_leaves(module(...inputs.map((x) => x.clone()))));
  return [...(results as Tensor[]), ...Array.from(module.buffers(), (buffer) => buffer.clone())];
}

let [folder, own_folder] = ['', ''];
let made: Record<string, Made>;

beforeAll(() => {
  [folder, own_folder] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'torch-node-decompositions-'))) as [
    string,
    string,
  ];
  made = python<Record<string, Made>>('decompositions.py', ['make', folder]);
});
afterAll(() => {
  for (const each of [folder, own_folder]) rmSync(each, { recursive: true, force: true });
});

describe('run_decompositions', () => {
  it.each(['net_eval', 'net_train', 'changes', 'branches', 'parts', 'looped'])(
    'makes of %s what Python makes',
    (name) => {
      const path = join(folder, `${name}.pt2`);
      const program = torch.export.load(path).run_decompositions();
      const expected = made[name]!;
      expect(sorted(program.graph)).toEqual(expected.default);
      expect(program.graph_signature.output_specs.map(({ kind }) => kind)).toEqual(expected.kinds);
      expect(program.dialect).toBe(expected.dialect);
      const [inputs, results] = torch.load<[Tensor[], Tensor[]]>(join(folder, `${name}.pt`));
      const found = run(program, inputs);
      expect(found.map((tensor, i) => tensor.dtype === results[i]!.dtype && tensor.equal(results[i]!))).toEqual(
        results.map(() => true),
      );
      // Python replaces hardshrink and softshrink whatever the table says.
      if (name === 'parts') return;
      expect(sorted(torch.export.load(path).run_decompositions(new Map()).graph)).toEqual(expected.empty);
    },
  );

  it('decomposes programs that were exported here, for Python too', () => {
    class Mixed extends nn.Module {
      declare seen: Tensor;
      readonly linear = new nn.Linear(4, 3);
      readonly norm = new nn.BatchNorm1d(3);
      constructor() {
        super();
        this.register_buffer('seen', torch.zeros(3));
      }
      forward(x: Tensor): Tensor[] {
        const y = F.silu(this.norm(this.linear(x)));
        this.seen.add_(y.sum(0));
        const z = y.clone();
        z.select(0, 0).fill_(1);
        return [z.transpose(0, 1), F.log_softmax(y, 1), torch.stack([y, z])];
      }
    }
    class Chosen extends nn.Module {
      forward(x: Tensor): Tensor {
        const yes = (t: Tensor): Tensor => F.hardswish(t).t();
        return torch.cond(x.sum().gt(0), yes, (t: Tensor) => t.t().mul(2), [x]);
      }
    }
    torch.manual_seed(0);
    const batch = { x: { 0: new torch.export.Dim('batch', { min: 2 }) } };
    const cases = { mixed: new Mixed(), chosen: new Chosen() };
    const found: Record<string, string[]> = {};
    for (const [name, module] of Object.entries(cases)) {
      const program = torch.export.export(module, [torch.randn(3, 4)], {
        dynamic_shapes: name === 'mixed' ? batch : null,
      });
      const decomposed = program.run_decompositions();
      found[name] = sorted(decomposed.graph);
      const inputs = [torch.randn(name === 'mixed' ? 6 : 3, 4)];
      torch.export.save(program, join(own_folder, `${name}.pt2`));
      torch.export.save(decomposed, join(own_folder, `${name}_decomposed.pt2`));
      torch.save([inputs, run(decomposed, inputs)], join(own_folder, `${name}.pt`));
    }
    const answers = python<Record<string, Read>>('decompositions.py', ['read', own_folder]);
    for (const [name, operators] of Object.entries(found)) {
      expect(answers[name]).toEqual({ default: operators, again: operators, equal: true });
    }
  });

  it('follows its table', () => {
    class Two extends nn.Module {
      readonly linear = new nn.Linear(2, 2);
      forward(x: Tensor): Tensor {
        return F.silu(this.linear(x));
      }
    }
    const program = torch.export.export(new Two(), [torch.ones(1, 2)]);
    const table = torch.export.default_decompositions();
    expect(operators_of(program.run_decompositions(table).graph)).toEqual([
      'aten.permute.default',
      'aten.addmm.default',
      'aten.sigmoid.default',
      'aten.mul.Tensor',
    ]);
    const linear = table.pop(overload('linear'));
    expect(linear).toBeTypeOf('function');
    expect(() => table.pop(overload('linear'))).toThrow('the table has no aten.linear.default');
    const copy = table.copy();
    copy.set(overload('silu'), (x: Tensor) => x.add(torch.tensor(2)).relu());
    const changed = program.run_decompositions({ decomp_table: copy });
    expect(operators_of(changed.graph)).toEqual(['aten.linear.default', 'aten.add.Tensor', 'aten.relu.default']);
    const x = torch.randn(1, 2);
    const expected = F.linear(x, ...(Object.values(program.state_dict) as [Tensor, Tensor]))
      .add(2)
      .relu();
    expect(torch.equal(changed.module()(x) as Tensor, expected)).toBe(true);
    expect(operators_of(program.run_decompositions(new Map()).graph)).toEqual([
      'aten.linear.default',
      'aten.silu.default',
    ]);
    expect(() => table.set('aten.silu' as never, () => null)).toThrow(TypeError);
  });

  it.each(['silu', 'linear'])('refuses results that are no tensors: %s', (name) => {
    class Two extends nn.Module {
      linear = new nn.Linear(2, 2);
      forward(x: Tensor): Tensor {
        return F.silu(this.linear(x));
      }
    }
    const program = torch.export.export(new Two(), [torch.ones(1, 2)]);
    const table = torch.export.default_decompositions();
    for (const [result, kind] of [
      [5, 'int'],
      [[torch.ones(1, 2)], 'list'],
      ['text', 'str'],
    ] as const) {
      table.set(overload(name), () => result as never);
      expect(() => program.run_decompositions(table)).toThrow(
        `run_decompositions(): the decomposition of aten::${name} must return a Tensor, not ${kind}`,
      );
    }
  });

  it('refuses what depends on values, with its name', () => {
    const path = join(folder, 'values.pt2');
    expect(() => torch.export.load(path).run_decompositions()).toThrow('aten::item reads values of tensors');
    expect(() => torch.export.load(path).run_decompositions(3 as never)).toThrow(TypeError);
    expect(() => torch.export.load(path).run_decompositions({ decompose_custom_triton_ops: true })).toThrow('Triton');
  });
});
