import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';

let folder: string;
const path = (name: string): string => join(folder, name);
const program = (name: string): ReturnType<typeof torch.export.load> => torch.export.load(path(`${name}.pt2`));
const recorded = (name: string): { inputs: Tensor[]; outputs: Tensor[] } => torch.load(path(`${name}.pt`));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-onnx-'));
  python('onnx.py', [folder]);
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const models = ['cnn', 'gpt', 'lstm', 'gru', 'masked_attention', 'changing', 'sizes'];

describe('a program in onnxruntime gives what Python gives', () => {
  for (const opset of [18, 21]) {
    for (const name of opset === 18 ? ['cnn', 'gpt'] : models) {
      it(`${name}, opset ${opset}`, async () => {
        const { inputs, outputs } = recorded(name);
        const onnx_program = torch.onnx.export(program(name), [], null, { opset_version: opset });
        const results = await onnx_program.call(...inputs);
        expect(results.map(({ shape }) => [...shape])).toEqual(outputs.map(({ shape }) => [...shape]));
        results.forEach((result, i) => {
          torch.testing.assert_close(result, outputs[i]!, { rtol: 1e-4, atol: 1e-4 });
        });
      });
    }
  }

  it('for a batch and a length that the export did not have', async () => {
    const onnx_program = torch.onnx.export(program('gpt'), []);
    const tokens = torch.randint(50, [3, 9]);
    const [logits] = await onnx_program.call(tokens);
    const expected = program('gpt').module()(tokens) as Tensor;
    torch.testing.assert_close(logits!, expected.detach(), { rtol: 1e-4, atol: 1e-4 });
  });
});

class Operators extends nn.Module {
  constructor(private readonly run: (x: Tensor) => Tensor[]) {
    super();
  }

  forward(x: Tensor): Tensor[] {
    return this.run(x);
  }
}

/** What onnxruntime and libtorch return for functions of a tensor. */
async function both(run: (x: Tensor) => Tensor[], x: Tensor): Promise<[Tensor[], Tensor[]]> {
  const module = new Operators(run).eval();
  const onnx_program = torch.onnx.export(module, [x]);
  return [await onnx_program.call(x), run(x)];
}

describe('control flow', () => {
  class Branches extends nn.Module {
    linear = new nn.Linear(3, 3);

    forward(x: Tensor): Tensor[] {
      const chosen = torch.cond(
        x.sum().gt(0),
        (its: Tensor) => this.linear(its).relu(),
        (its: Tensor) =>
          torch.cond(
            its.sum().gt(-3),
            () => its.mul(torch.tensor([1, 2, 3.5])),
            () => its.view(-1, 3),
          ),
        [x],
      );
      return [chosen, torch.no_grad(() => chosen.add(1))];
    }
  }

  it('becomes an If with graphs that take what is outside', async () => {
    const net = new Branches().eval();
    const program = torch.export.export(net, [torch.ones(2, 3)], {
      dynamic_shapes: [{ 0: new torch.export.Dim('n') }],
    });
    const model = torch.onnx.export(program, [], null, { output_names: ['chosen', 'more'] });
    for (const x of [torch.rand(3, 3), torch.rand(4, 3).mul(-0.1), torch.rand(2, 3).sub(3)]) {
      const found = await model.call(x);
      net(x).forEach((value: Tensor, i: number) =>
        torch.testing.assert_close(found[i]!, value.detach(), { rtol: 1e-4, atol: 1e-4 }),
      );
    }
  });
});

describe('operators that ONNX does not have', () => {
  it('scans, distances, norms and searches', async () => {
    const [found, expected] = await both(
      (x) => [
        torch.cumprod(x, 1),
        torch.diff(x),
        torch.cdist(x, x.mul(2)),
        torch.cdist(x, x.add(1), { p: 1 }),
        torch.linalg.norm(x, { dim: 1 }),
        torch.take_along_dim(x, torch.argsort(x, { dim: 1 }), 1),
        torch.bucketize(x, torch.tensor([-1, 0, 1])),
        torch.isin(x, torch.tensor([0.5])),
        torch.hstack([x, x]),
        torch.tensordot(x, x.t(), 1),
        torch.trace(x),
      ],
      torch.randn(4, 5),
    );
    found.forEach((result, i) => torch.testing.assert_close(result, expected[i]!, { rtol: 1e-4, atol: 1e-4 }));
  });

  it('losses of margins and angles', async () => {
    const { functional: F } = nn;
    const signs = torch.tensor([1, -1, 1]);
    const classes = torch.tensor([0, 3, 1]);
    const weight = torch.tensor([0.5, 1, 2, 0.25]);
    const labels = torch.tensor([
      [1, 3, -1, 0],
      [-1, 2, 2, 2],
      [2, 2, 0, 1],
    ]);
    const run = (x: Tensor): Tensor[] => [
      F.cosine_embedding_loss(x, x.flip(1), signs, { margin: 0.25, reduction: 'none' }),
      F.cosine_embedding_loss(x, x.roll(1, 0), signs, { reduction: 'sum' }),
      F.multi_margin_loss(x, classes, { p: 2, margin: 0.5, weight, reduction: 'none' }),
      F.multi_margin_loss(x, classes),
      F.multilabel_margin_loss(x, labels, { reduction: 'none' }),
      F.multilabel_margin_loss(x, labels),
    ];
    const [found, expected] = await both(run, torch.randn(3, 4));
    found.forEach((value, i) => torch.testing.assert_close(value, expected[i]!, { rtol: 1e-5, atol: 1e-6 }));
  });

  it('order statistics, patches and products of sets', async () => {
    const index = { kernel_size: 2, stride: [1, 2], padding: [1, 0], dilation: 1 } as never;
    const unfolded = torch.randn(6, 8);
    const [found, expected] = await both(
      (x) => [
        torch.det(x),
        torch.kthvalue(x, 2, 1).values,
        torch.median(x),
        torch.kron(x, x.select(0, 0)),
        torch.renorm(x, 2, 0, 1),
        torch.combinations(x.select(0, 1)),
        torch.cartesian_prod([x.select(0, 0), x.select(0, 1)]),
        torch.cov(x),
        torch.corrcoef(x),
        torch.trapezoid(x, { dx: 0.5, dim: 0 }),
        torch.copysign(x, x.t()),
        torch.nn.functional.unfold(x.reshape(1, 2, 2, 4), index),
        torch.nn.functional.fold(unfolded.mul(x.sum()).reshape(1, 8, 6), [2, 5] as never, index),
      ],
      torch.randn(4, 4),
    );
    found.forEach((result, i) => torch.testing.assert_close(result, expected[i]!, { rtol: 1e-4, atol: 1e-4 }));
  });

  it('scatters with every reduction, with and without the tensor itself', async () => {
    const index = torch.tensor([
      [0, 0, 2, 1],
      [1, 2, 2, 2],
    ]);
    const source = torch.randn(2, 4);
    const [found, expected] = await both(
      (x) =>
        (['sum', 'prod', 'mean', 'amax', 'amin'] as const).flatMap((reduce) =>
          [true, false].map((include_self) => x.scatter_reduce(0, index, source, reduce, { include_self })),
        ),
      torch.randn(4, 4),
    );
    found.forEach((result, i) => torch.testing.assert_close(result, expected[i]!, { rtol: 1e-4, atol: 1e-4 }));
  });

  it('sets what is indexed behind a dimension that is not', async () => {
    const [index, values] = [torch.tensor([2, 0]), torch.randn(3, 2, 2)];
    const [found, expected] = await both(
      (x) => [
        torch.index_put(x, [null, index] as never, values),
        torch.index_put(x, [index], torch.tensor(7.0, { dtype: torch.float32 }), { accumulate: true }),
      ],
      torch.randn(3, 4, 2),
    );
    found.forEach((result, i) => torch.testing.assert_close(result, expected[i]!));
  });

  it('pads with less than nothing', async () => {
    const [found, expected] = await both(
      (x) => [
        nn.functional.pad(x, [-4, 3], { mode: 'replicate' }),
        nn.functional.pad(x, [-3, 2], { mode: 'reflect' }),
        nn.functional.pad(x, [-1, 2], { mode: 'circular' }),
        nn.functional.pad(x, [2, -1]),
      ],
      torch.arange(8, { dtype: torch.float32 }).reshape(1, 2, 4),
    );
    found.forEach((result, i) => expect(torch.equal(result, expected[i]!)).toBe(true));
  });
});

class Tied extends nn.Module {
  readonly embedding = new nn.Embedding(50, 8);
  readonly head = new nn.Linear(8, 50, { bias: false });

  constructor() {
    super();
    this.head.weight = this.embedding.weight;
  }

  forward(tokens: Tensor): Tensor {
    return this.head(this.embedding(tokens));
  }
}

describe('the model', () => {
  it('holds tied weights once', async () => {
    const [model, tokens] = [new Tied().eval(), torch.randint(50, [2, 3])];
    const onnx_program = torch.onnx.export(model, [tokens]);
    const { initializer } = onnx_program.model_proto.graph;
    expect(initializer.filter(({ dims }) => dims.join() === '50,8').length).toBe(1);
    const [found] = await onnx_program.call(tokens);
    torch.testing.assert_close(found!, model(tokens).detach(), { rtol: 1e-4, atol: 1e-5 });
  });

  it('has the names that are asked for, of inputs, outputs and sizes', () => {
    const { model_proto } = torch.onnx.export(program('cnn'), [], null, {
      input_names: ['image'],
      output_names: ['scores'],
      dynamic_shapes: [{ 0: 'images' }],
    });
    const [input] = model_proto.graph.input;
    expect(input!.name).toBe('image');
    expect(input!.type.tensorType.shape.dim).toEqual([
      { dimParam: 'images' },
      { dimValue: 3n },
      { dimValue: 8n },
      { dimValue: 8n },
    ]);
    expect(model_proto.graph.output.map(({ name }) => name)).toEqual(['scores']);
    expect(model_proto.graph.output[0]!.type.tensorType.shape.dim[0]).toEqual({ dimParam: 'images' });
  });

  it('names parameters as the module does, and says where nodes come from', () => {
    const { model_proto } = torch.onnx.export(program('cnn'));
    expect(model_proto.graph.initializer.map(({ name }) => name)).toContain('features.0.weight');
    const conv = model_proto.graph.node.find(({ opType }) => opType === 'Conv')!;
    const notes = Object.fromEntries(conv.metadataProps.map(({ key, value }) => [key, value]));
    expect(notes['pkg.torch.onnx.fx_node']).toBe('conv2d');
    expect(notes['pkg.torch.onnx.nn_module_stack']).toContain('features.0');
    expect(model_proto.producerName).toBe('torch-node');
    expect(model_proto.opsetImport).toEqual([{ domain: '', version: 20n }]);
  });

  it('returns an input, and one value under two names', async () => {
    const { inputs, outputs } = recorded('shared');
    const onnx_program = torch.onnx.export(program('shared'), [], null, { output_names: ['same', 'a', 'b'] });
    const found = await onnx_program.call(...inputs);
    found.forEach((result, i) => expect(torch.equal(result, outputs[i]!)).toBe(true));
  });
});

describe('a file', () => {
  it('holds the tensors itself, or leaves them in a file beside it', () => {
    const onnx_program = torch.onnx.export(program('gpt'));
    onnx_program.save(path('whole.onnx'));
    expect(existsSync(path('whole.onnx.data'))).toBe(false);
    torch.onnx.export(program('gpt'), [], path('parts.onnx'));
    expect(statSync(path('parts.onnx')).size).toBeLessThan(statSync(path('whole.onnx')).size / 2);
    const weight = program('gpt').state_dict['words.weight']!;
    const bytes = Buffer.from(weight.detach().contiguous().view(torch.uint8).numpy().data as Uint8Array);
    expect(readFileSync(path('parts.onnx.data')).includes(bytes)).toBe(true);
    expect(readFileSync(path('whole.onnx')).includes(bytes)).toBe(true);
    onnx_program.save(path('bare.onnx'), { include_initializers: false });
    expect(readFileSync(path('bare.onnx')).includes(bytes)).toBe(false);
  });
});

describe('what cannot be exported', () => {
  it('is named, all of it in one Error', () => {
    const attempt = (): unknown => torch.onnx.export(program('missing'));
    expect(attempt).toThrow(torch.onnx.OnnxExporterError);
    expect(attempt).toThrow(
      /4 operators.*aten\.fft_fft\.default.*aten\.linalg_svdvals\.default.*aten\.polygamma\.default/s,
    );
  });

  it('other opsets, too many names', () => {
    expect(() => torch.onnx.export(program('cnn'), [], null, { opset_version: 17 })).toThrow(
      /opset_version must be one of 18, 19, 20, 21/,
    );
    expect(() => torch.onnx.export(program('cnn'), [], null, { input_names: ['a', 'b'] })).toThrow(/takes 1 inputs/);
    expect(() => torch.onnx.export(program('cnn'), [], null, { output_names: ['a', 'b'] })).toThrow(
      /returns 1 outputs/,
    );
  });
});

describe('mistakes', () => {
  it('in the arguments of a call and of save', async () => {
    const onnx_program = torch.onnx.export(program('cnn'));
    await expect(onnx_program.call()).rejects.toThrow(/call\(\): the model takes 1 tensors, not 0/);
    await expect(onnx_program.call(3 as never)).rejects.toThrow(/call\(\): argument 0 must be Tensor/);
    expect(() => onnx_program.save(3 as never)).toThrow(TypeError);
    expect(() => onnx_program.save(path('x.onnx'), { external: true } as never)).toThrow(/external/);
  });

  it('a module in training', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Dropout(0.5));
    expect(() => torch.onnx.export(model, [torch.randn(1, 2)])).toThrow(/aten\.dropout.*evaluation mode by eval\(\)/);
  });
});

it('is_in_onnx_export is false outside of an export', () => {
  expect(torch.onnx.is_in_onnx_export()).toBe(false);
});
