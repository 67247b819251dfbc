import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import torch, { nn, type DType, type Tensor } from 'torch-node';

const { Int8DynamicActivationInt8WeightConfig, Int8WeightOnlyConfig, quantize_ } = torch.ao.quantization;

interface Found {
  weights: number[][][];
  scales: number[][];
  output: number[][][];
}

// What torchao makes of the model: quantize_int8.py has written it.
const golden = JSON.parse(readFileSync(join(__dirname, 'quantize_int8.json'), 'utf8')) as {
  state: Record<string, number[]>;
  x: number[][][];
} & Record<string, Found>;

function network(dtype: DType = torch.float32): nn.Sequential {
  const net = new nn.Sequential(new nn.Linear(7, 5), new nn.ReLU(), new nn.Linear(5, 3, { bias: false }));
  net.load_state_dict(
    Object.fromEntries(Object.entries(golden.state).map(([name, values]) => [name, torch.tensor(values)])),
  );
  return net.to(dtype).eval();
}
const input = (dtype: DType = torch.float32): Tensor => torch.tensor(golden.x).to(dtype);
const run = (net: nn.Module, x: Tensor): Tensor => torch.no_grad(() => (net as nn.Sequential)(x) as Tensor);

const configs = [
  ['weights', () => new Int8WeightOnlyConfig()],
  ['dynamic', () => new Int8DynamicActivationInt8WeightConfig()],
] as const;

describe('quantize_', () => {
  for (const [name, config] of configs) {
    it.each([torch.float32, torch.bfloat16])(`has the numbers of torchao for ${name} in %s`, (dtype) => {
      const net = network(dtype);
      quantize_(net, config());
      const { weights, scales, output } = golden[`${name} ${String(dtype)}`]!;
      const state = net.state_dict() as Record<string, Tensor>;
      expect([state['0.weight']!.tolist(), state['2.weight']!.tolist()]).toEqual(weights);
      expect([state['0.scale']!.tolist(), state['2.scale']!.tolist()]).toEqual(scales);
      expect(run(net, input(dtype)).float().tolist()).toEqual(output);
    });

    it.each([torch.float32, torch.bfloat16])(`takes modules of loaded programs for ${name} in %s`, async (dtype) => {
      const folder = mkdtempSync(join(tmpdir(), 'torch-node-quantize-'));
      try {
        const sizes = [{ 0: new torch.export.Dim('batch'), 1: new torch.export.Dim('time') }];
        const path = join(folder, 'net.pt2');
        torch.export.save(torch.export.export(network(dtype), [input(dtype)], { dynamic_shapes: sizes }), path);
        const program = torch.export.load(path);
        const loaded = program.module();
        const bias = loaded.get_parameter('0.bias');
        quantize_(loaded, config());
        const { weights, scales, output } = golden[`${name} ${String(dtype)}`]!;
        const state = loaded.state_dict() as Record<string, Tensor>;
        expect([state['0.weight']!.tolist(), state['2.weight']!.tolist()]).toEqual(weights);
        expect([state['0.scale']!.tolist(), state['2.scale']!.tolist()]).toEqual(scales);
        expect(run(loaded, input(dtype)).float().tolist()).toEqual(output);
        expect(loaded.get_parameter('0.bias')).toBe(bias);
        expect([...loaded.named_parameters()].map(([key]) => key)).toEqual(['0.bias']);
        // The program itself, and modules that it makes, stay as they were.
        expect(run(program.module(), input(dtype)).equal(run(network(dtype), input(dtype)))).toBe(true);
        const again = network(dtype);
        quantize_(again, config());
        const others = torch.randn(4, 5, 7).to(dtype);
        expect(run(loaded, others).equal(run(again, others))).toBe(true);
        if (dtype !== torch.float32) return;
        // Recorded again, saved, and in ONNX.
        const second = join(folder, 'int8.pt2');
        torch.export.save(torch.export.export(loaded, [input()], { dynamic_shapes: sizes }), second);
        expect(run(torch.export.load(second).module(), others).equal(run(again, others))).toBe(true);
        const model = torch.onnx.export(torch.export.load(second), [], null);
        const [found] = await model.call(others);
        torch.testing.assert_close(found!, run(again, others), { rtol: 1e-4, atol: 1e-4 });
        const kinds = model.model_proto.graph!.node.map(({ opType }) => opType);
        const integers = name === 'weights' ? 'DequantizeLinear' : 'MatMulInteger';
        expect(kinds.filter((kind) => kind === integers)).toHaveLength(2);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it(`is exported for ${name}: programs, ONNX with integers`, async () => {
      const net = network();
      quantize_(net, config());
      const x = torch.randn(3, 7);
      const program = torch.export.export(net, [x], { dynamic_shapes: [{ 0: new torch.export.Dim('batch') }] });
      const others = torch.randn(5, 7);
      expect(torch.equal(program.module()(others) as Tensor, run(net, others))).toBe(true);
      const model = torch.onnx.export(program, [], null, { opset_version: 21 });
      const [found] = await model.call(others);
      torch.testing.assert_close(found!, run(net, others), { rtol: 1e-4, atol: 1e-4 });
      const { graph } = model.model_proto;
      const kinds = graph!.node.map(({ opType }) => opType);
      expect(kinds.filter((kind) => kind === (name === 'weights' ? 'DequantizeLinear' : 'MatMulInteger'))).toHaveLength(
        2,
      );
      const int8 = 3;
      expect(graph!.initializer.filter(({ dataType }) => dataType === int8)).toHaveLength(2);
      if (name === 'weights') expect(kinds).not.toContain('Cast');
    });
  }

  it('replaces what filter_fn chooses, shared layers once, and keeps shapes and biases', () => {
    const shared = new nn.Linear(4, 4);
    const net = new nn.Sequential(shared, new nn.Sequential(shared, new nn.Linear(4, 2)));
    quantize_(
      net,
      new Int8WeightOnlyConfig(),
      (_module: nn.Module, fqn: string) => fqn !== '1.1' && /\d$/.test(fqn) && fqn !== '1',
    );
    expect(net[0]).toBe((net[1] as nn.Sequential)[0]);
    expect(String(net)).toContain('(0): Int8WeightOnlyLinear(in_features=4, out_features=4, bias=True, weight=int8)');
    expect(String(net)).toContain('(1): Linear(in_features=4, out_features=2, bias=True)');
    const x = torch.randn(2, 3, 4, { requires_grad: true });
    const y = net(x) as Tensor;
    expect(y.shape).toEqual([2, 3, 2]);
    y.sum().backward();
    expect(x.grad!.shape).toEqual([2, 3, 4]);
    expect(torch.equal((net.state_dict() as Record<string, Tensor>)['0.bias']!, shared.bias)).toBe(true);
  });

  it('refuses what it cannot quantize', () => {
    const net = network();
    expect(() => quantize_(new nn.Linear(2, 2), new Int8WeightOnlyConfig())).toThrow(/nn\.Sequential/);
    expect(() => quantize_(net, new Int8WeightOnlyConfig(), (_, fqn) => fqn === '1')).toThrow(/'1' is not a Linear/);
    expect(() => quantize_(net, {} as never)).toThrow(TypeError);
    expect(() => new (Int8WeightOnlyConfig as unknown as new (x: number) => unknown)(32)).toThrow(
      /Int8WeightOnlyConfig/,
    );
  });

  it('takes the layers of a program that a filter chooses, and weights that calls share', () => {
    class Twice extends nn.Module {
      first = new nn.Linear(4, 4);
      second = new nn.Linear(4, 4);
      forward(x: Tensor): Tensor {
        return (this.second(this.first(this.first(x) as Tensor) as Tensor) as Tensor).add(this.second.weight);
      }
    }
    const net = new Twice();
    const x = torch.randn(4, 4);
    const module = torch.export.export(net, [x]).module();
    const asked: string[] = [];
    quantize_(module, new Int8WeightOnlyConfig(), (its, fqn) => {
      asked.push(fqn);
      return its instanceof nn.Module;
    });
    // The weight of the second layer is used by itself, too.
    expect(asked).toEqual(['first']);
    expect([...module.named_parameters()].map(([key]) => key)).toEqual(['first.bias', 'second.weight', 'second.bias']);
    const half = new Twice();
    half.load_state_dict(net.state_dict());
    quantize_(half, new Int8WeightOnlyConfig(), (_, fqn) => fqn === 'first');
    expect((module(x) as Tensor).equal(half(x) as Tensor)).toBe(true);
    expect(() => quantize_(module, new Int8WeightOnlyConfig(), () => false)).toThrow(
      'quantize_(): the program has no linear layer that can be quantized',
    );
    const plain = torch.export.export(new nn.ReLU(), [x]).module();
    expect(() => quantize_(plain, new Int8WeightOnlyConfig())).toThrow('no linear layer that can be quantized');
    expect((plain(x) as Tensor).equal(x.relu())).toBe(true);
  });
});
