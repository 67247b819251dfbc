import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

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

describe('the model', () => {
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

it('is_in_onnx_export is false outside of an export', () => {
  expect(torch.onnx.is_in_onnx_export()).toBe(false);
});
