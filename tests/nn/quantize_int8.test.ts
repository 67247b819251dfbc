import { readFileSync } from 'node:fs';
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
});
