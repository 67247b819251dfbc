/** Quantized transposed convolutions, embeddings and LSTMs, and training for them, against Python to the last bit. */
import { describe, expect, it } from 'vitest';
import torch, { nn, optim, type Tensor } from 'torch-node';

import { side_by_side, type Pair } from './side_by_side.js';

const Q = torch.ao.quantization;
const nnq = torch.ao.nn.quantized;
const head = 'import torch.ao.quantization as Q\nimport torch.ao.nn.quantized as nnq\n';

/** A transposed convolution after calibration. */
function transposed(dims: 1 | 2 | 3): Pair {
  const sizes = [2, 3, ...Array<number>(dims).fill(4)].join(', ');
  const name = `ConvTranspose${dims}d` as const;
  return {
    py: `${head}
net = nn.Sequential(Q.QuantStub(), nn.${name}(3, 4, 3, stride=2, padding=1, output_padding=1, bias=False), nn.${name}(4, 2, 2, dilation=2, groups=2), Q.DeQuantStub()).eval()
net.qconfig = Q.default_qconfig
data = [torch.randn(${sizes}) for _ in range(2)]
prepared = Q.prepare(net)
for x in data: show(prepared(x))
q = Q.convert(prepared)
show(str(q), q(data[0]), q[1].weight().int_repr(), q[2].bias().detach(), q[1].bias())
again = nn.Sequential(nnq.Quantize(1., 0, torch.quint8), nnq.${name}(3, 4, 3, stride=2, padding=1, output_padding=1, bias=False), nnq.${name}(4, 2, 2, 1, 0, 0, 2, True, 2), nnq.DeQuantize())
again.load_state_dict(q.state_dict())
show(sorted(q.state_dict()), again(data[1]))
nnq.${name}(1, 1, 1, padding_mode='reflect')
`,
    ts: (show) => {
      const net = new nn.Sequential(
        new Q.QuantStub(),
        new nn[name](3, 4, 3, { stride: 2, padding: 1, output_padding: 1, bias: false }),
        new nn[name](4, 2, 2, { dilation: 2, groups: 2 }),
        new Q.DeQuantStub(),
      ).eval();
      net.qconfig = Q.default_qconfig;
      const data = [0, 1].map(() => torch.randn(sizes.split(', ').map(Number)));
      const prepared = Q.prepare(net);
      for (const x of data) show(prepared(x));
      const q = Q.convert(prepared) as unknown as nn.Sequential;
      const layer = (i: number): InstanceType<typeof nnq.ConvTranspose2d> => q.at(i) as never;
      show(q, q(data[0]!), layer(1).weight().int_repr(), layer(2).bias()!.detach(), layer(1).bias());
      const again = new nn.Sequential(
        new nnq.Quantize(1, 0, torch.quint8),
        new nnq[name](3, 4, 3, { stride: 2, padding: 1, output_padding: 1, bias: false }),
        new nnq[name](4, 2, 2, 1, 0, 0, 2, true, 2),
        new nnq.DeQuantize(),
      );
      again.load_state_dict(q.state_dict());
      show(Object.keys(q.state_dict()).sort(), again(data[1]!));
      new nnq[name](1, 1, 1, { padding_mode: 'reflect' as 'zeros' });
    },
  };
}

/** Embeddings after training, in 8 or 4 bits. */
function tables(qconfig: 'float_qparams_weight_only_qconfig' | 'float_qparams_weight_only_qconfig_4bit'): Pair {
  return {
    py: `${head}
table, bag = nn.Embedding(6, 8), nn.EmbeddingBag(6, 8, mode='sum', include_last_offset=True)
net = nn.ModuleDict({'table': table, 'bag': bag}).eval()
net.qconfig = Q.${qconfig}
q = Q.convert(Q.prepare(net))
i, offsets = torch.tensor([5, 0, 3, 3]), torch.tensor([0, 1, 4])
show(str(q), q['table'](i), q['table'](i.view(2, 2)), q['bag'](i, offsets), q['bag'](i, offsets, torch.tensor([0.5, 1, 2, -1])))
show(q['table'].weight().dequantize(), q['bag'].weight().q_per_channel_zero_points(), sorted(q.state_dict()))
again = nn.ModuleDict({'table': nnq.Embedding(6, 8), 'bag': nnq.EmbeddingBag(6, 8, mode='sum', include_last_offset=True, dtype=q['bag'].dtype)})
again.load_state_dict(q.state_dict())
show(again['table'](i), again['bag'](i, offsets))
`,
    ts: (show) => {
      const table = new nn.Embedding(6, 8);
      const bag = new nn.EmbeddingBag(6, 8, { mode: 'sum', include_last_offset: true });
      const net = new nn.ModuleDict({ table, bag }).eval();
      net.qconfig = Q[qconfig];
      const q = Q.convert(Q.prepare(net));
      const made = q as unknown as nn.ModuleDict;
      const rows = made.get('table') as InstanceType<typeof nnq.Embedding>;
      const sums = made.get('bag') as InstanceType<typeof nnq.EmbeddingBag>;
      const i = torch.tensor([5, 0, 3, 3]);
      const offsets = torch.tensor([0, 1, 4]);
      show(q, rows(i), rows(i.view(2, 2)), sums(i, offsets), sums(i, offsets, torch.tensor([0.5, 1, 2, -1])));
      show(rows.weight().dequantize(), sums.weight().q_per_channel_zero_points(), Object.keys(q.state_dict()).sort());
      const again = new nn.ModuleDict({
        table: new nnq.Embedding(6, 8),
        bag: new nnq.EmbeddingBag(6, 8, { mode: 'sum', include_last_offset: true, dtype: sums.dtype }),
      });
      again.load_state_dict(q.state_dict());
      show(again.get('table')(i), again.get('bag')(i, offsets));
    },
  };
}

/** An LSTM between stubs; returns the results alone. */
class Recurrent extends nn.Module {
  declare quant: InstanceType<typeof Q.QuantStub>;
  declare lstm: nn.LSTM;
  declare dequant: InstanceType<typeof Q.DeQuantStub>;

  constructor(options: { num_layers?: number; bidirectional?: boolean; bias?: boolean; batch_first?: boolean }) {
    super();
    this.quant = new Q.QuantStub();
    this.lstm = new nn.LSTM(3, 2, options);
    this.dequant = new Q.DeQuantStub();
  }

  forward(x: Tensor): Tensor {
    return this.dequant((this.lstm(this.quant(x)) as unknown as [Tensor])[0]);
  }
}
const recurrent_py = `${head}
class Recurrent(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.quant = Q.QuantStub()
        self.lstm = nn.LSTM(3, 2, **options)
        self.dequant = Q.DeQuantStub()
    def forward(self, x):
        return self.dequant(self.lstm(self.quant(x))[0])
`;

function lstm(py: string, options: object): Pair {
  return {
    py: `${recurrent_py}
net = Recurrent(${py}).eval()
net.qconfig = Q.get_default_qconfig('x86')
data = [torch.randn(4, 2, 3) for _ in range(2)]
prepared = Q.prepare(net)
for x in data: show(prepared(x))
show(str(prepared))
q = Q.convert(prepared)
show(str(q), q(data[0]), sorted(q.state_dict()))
`,
    ts: (show) => {
      const net = new Recurrent(options).eval();
      net.qconfig = Q.get_default_qconfig('x86');
      const data = [0, 1].map(() => torch.randn(4, 2, 3));
      const prepared = Q.prepare(net);
      for (const x of data) show(prepared(x));
      show(prepared);
      const q = Q.convert(prepared);
      show(q, q(data[0]!), Object.keys(q.state_dict()).sort());
    },
  };
}

const pairs: Record<string, Pair> = {
  ConvTranspose1d: transposed(1),
  ConvTranspose2d: transposed(2),
  ConvTranspose3d: transposed(3),
  'embeddings in 8 bits': tables('float_qparams_weight_only_qconfig'),
  'embeddings in 4 bits': tables('float_qparams_weight_only_qconfig_4bit'),
  'embeddings that are trained for it': {
    py: `${head}
table, bag = nn.Embedding(6, 8, padding_idx=0), nn.EmbeddingBag(6, 8, mode='sum')
net = nn.ModuleDict({'table': table, 'bag': bag})
net.qconfig = Q.default_embedding_qat_qconfig
prepared = Q.prepare_qat(net, mapping=Q.get_embedding_qat_module_mappings())
optimizer = torch.optim.SGD(prepared.parameters(), lr=0.1)
i, offsets = torch.tensor([5, 0, 3, 3]), torch.tensor([0, 1])
for _ in range(3):
    optimizer.zero_grad()
    loss = prepared['table'](i).pow(2).sum() + prepared['bag'](i, offsets).pow(2).sum()
    loss.backward()
    optimizer.step()
    show(loss)
show(prepared['table'].weight, prepared['bag'].weight_fake_quant.scale, str(prepared['table'].to_float()), prepared['bag'].to_float().weight)
q = Q.convert(prepared.eval(), mapping=Q.get_embedding_static_quant_module_mappings())
show(str(q), q['table'](i), q['bag'](i, offsets))
torch.ao.nn.qat.Embedding(4, 2, qconfig=Q.default_qat_qconfig)
`,
    ts: (show) => {
      const net = new nn.ModuleDict({
        table: new nn.Embedding(6, 8, { padding_idx: 0 }),
        bag: new nn.EmbeddingBag(6, 8, { mode: 'sum' }),
      });
      net.qconfig = Q.default_embedding_qat_qconfig;
      const prepared = Q.prepare_qat(net, { mapping: Q.get_embedding_qat_module_mappings() });
      const table = prepared.get('table') as unknown as InstanceType<typeof torch.ao.nn.qat.Embedding>;
      const bag = prepared.get('bag') as unknown as InstanceType<typeof torch.ao.nn.qat.EmbeddingBag>;
      const optimizer = new optim.SGD(prepared.parameters(), { lr: 0.1 });
      const i = torch.tensor([5, 0, 3, 3]);
      const offsets = torch.tensor([0, 1]);
      for (let step = 0; step < 3; step++) {
        optimizer.zero_grad();
        const loss = table(i).pow(2).sum().add(bag(i, offsets).pow(2).sum());
        loss.backward();
        optimizer.step();
        show(loss);
      }
      show(table.weight, bag.weight_fake_quant.scale, table.to_float(), bag.to_float().weight);
      const q = Q.convert(prepared.eval(), { mapping: Q.get_embedding_static_quant_module_mappings() });
      const made = q as unknown as nn.ModuleDict;
      show(q, made.get('table')(i), made.get('bag')(i, offsets));
      new torch.ao.nn.qat.Embedding(4, 2, { qconfig: Q.default_qat_qconfig });
    },
  },
  'an LSTM': lstm('', {}),
  'an LSTM of two layers in both directions': lstm('num_layers=2, bidirectional=True', {
    num_layers: 2,
    bidirectional: true,
  }),
  'an LSTM without biases, batch first': lstm('bias=False, batch_first=True', { bias: false, batch_first: true }),
  'an LSTM that is trained for it': {
    py: `${recurrent_py}
net = Recurrent().train()
net.qconfig = Q.get_default_qat_qconfig('x86')
prepared = Q.prepare_qat(net)
optimizer = torch.optim.SGD(prepared.parameters(), lr=0.1)
x = torch.randn(4, 2, 3)
for _ in range(3):
    optimizer.zero_grad()
    loss = prepared(x).pow(2).sum()
    loss.backward()
    optimizer.step()
    show(loss)
show(str(prepared))
q = Q.convert(prepared.eval())
show(str(q), q(x))
`,
    ts: (show) => {
      const net = new Recurrent({}).train();
      net.qconfig = Q.get_default_qat_qconfig('x86');
      const prepared = Q.prepare_qat(net);
      const optimizer = new optim.SGD(prepared.parameters(), { lr: 0.1 });
      const x = torch.randn(4, 2, 3);
      for (let step = 0; step < 3; step++) {
        optimizer.zero_grad();
        const loss = prepared(x).pow(2).sum();
        loss.backward();
        optimizer.step();
        show(loss);
      }
      show(prepared);
      const q = Q.convert(prepared.eval());
      show(q, q(x));
    },
  },
  'quantizable cells and LSTMs by themselves': {
    py: `${head}
import torch.ao.nn.quantizable as nnqa
cell = nn.LSTMCell(3, 2)
cell.qconfig = Q.default_qconfig
x, states = torch.randn(2, 3), (torch.randn(2, 2), torch.randn(2, 2))
for split in [False, True]:
    made = nnqa.LSTMCell.from_float(cell, split_gates=split)
    show(str(made), *made(x, states), *made(x))
m = nnqa.LSTM(3, 2, 1, bidirectional=True)
y, (h, c) = m(torch.randn(4, 2, 3), (torch.randn(2, 2, 2), torch.randn(2, 2, 2)))
show(y, h, c, str(m), m.training)
nnqa.LSTM(3, 2, dropout=2.)
`,
    ts: (show) => {
      const { LSTM, LSTMCell } = torch.ao.nn.quantizable;
      const cell = new nn.LSTMCell(3, 2);
      cell.qconfig = Q.default_qconfig;
      const x = torch.randn(2, 3);
      const states: [Tensor, Tensor] = [torch.randn(2, 2), torch.randn(2, 2)];
      for (const split of [false, true]) {
        const made = LSTMCell.from_float(cell, false, split);
        show(made, ...made(x, states), ...made(x));
      }
      const m = new LSTM(3, 2, 1, { bidirectional: true });
      const [y, [h, c]] = m(torch.randn(4, 2, 3), [torch.randn(2, 2, 2), torch.randn(2, 2, 2)]);
      show(y, h, c, m, m.training);
      new LSTM(3, 2, { dropout: 2 });
    },
  },
};

side_by_side(pairs);

describe('LSTMs that are quantized', () => {
  it('are not made from plain ones', () => {
    expect(() => nnq.LSTM.from_float(new nn.LSTM(2, 2))).toThrow(/convert a non-observed LSTM module/);
    expect(() => torch.ao.nn.quantizable.LSTM.from_observed(new nn.LSTM(2, 2))).toThrow(/non-quantizable LSTM module/);
  });
});
