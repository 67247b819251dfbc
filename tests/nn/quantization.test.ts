/** Static quantization and training for it against Python: what modules print, and their outputs to the last bit. */
import { describe, expect, it } from 'vitest';
import torch, { nn, optim, type Tensor } from 'torch-node';

import { side_by_side, type Pair } from './side_by_side.js';

const Q = torch.ao.quantization;

class Net extends nn.Module {
  quant = new Q.QuantStub();
  conv = new nn.Conv2d(1, 3, 3, { padding: 1 });
  bn = new nn.BatchNorm2d(3);
  relu = new nn.ReLU();
  last = new nn.Conv2d(3, 2, 2, { stride: 2, bias: false });
  sum = new torch.ao.nn.quantized.FloatFunctional();
  hidden = new nn.Linear(8, 4);
  act = new nn.ReLU();
  out = new nn.Linear(4, 2);
  dequant = new Q.DeQuantStub();

  forward(x: Tensor): Tensor {
    let y = this.quant(x);
    y = this.relu(this.bn(this.conv(y)) as Tensor);
    y = this.last(y);
    y = this.sum.add(y, y).flatten(1);
    return this.dequant(this.out(this.act(this.hidden(y))));
  }
}
const net_py = `
import torch.ao.quantization as Q
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = Q.QuantStub()
        self.conv = nn.Conv2d(1, 3, 3, padding=1)
        self.bn = nn.BatchNorm2d(3)
        self.relu = nn.ReLU()
        self.last = nn.Conv2d(3, 2, 2, stride=2, bias=False)
        self.sum = torch.ao.nn.quantized.FloatFunctional()
        self.hidden = nn.Linear(8, 4)
        self.act = nn.ReLU()
        self.out = nn.Linear(4, 2)
        self.dequant = Q.DeQuantStub()
    def forward(self, x):
        y = self.quant(x)
        y = self.relu(self.bn(self.conv(y)))
        y = self.last(y)
        y = self.sum.add(y, y).flatten(1)
        return self.dequant(self.out(self.act(self.hidden(y))))
net = Net()
data = [torch.randn(4, 1, 4, 4) for _ in range(3)]
groups = [['conv', 'bn', 'relu'], ['hidden', 'act']]
`;
const groups = [
  ['conv', 'bn', 'relu'],
  ['hidden', 'act'],
];
function made(): [Net, Tensor[]] {
  const net = new Net();
  return [net, [0, 1, 2].map(() => torch.randn(4, 1, 4, 4))];
}

/** After calibration. */
function calibrated(qconfig: string): Pair {
  return {
    py: `${net_py}
net.eval()
net.qconfig = Q.${qconfig}
fused = Q.fuse_modules(net, groups)
prepared = Q.prepare(fused)
for x in data: show(prepared(x))
show(str(prepared))
q = Q.convert(prepared)
show(str(q), q(data[0]), q.out.weight().int_repr(), q.conv.bias().detach())
show(hasattr(q.conv, 'qconfig'), str(net))
`,
    ts: (show) => {
      const [net, data] = made();
      net.eval();
      net.qconfig = qconfig.startsWith('get_default')
        ? Q.get_default_qconfig(/'(\w+)'/.exec(qconfig)![1])
        : Q[qconfig as 'default_qconfig'];
      const fused = Q.fuse_modules(net, groups);
      const prepared = Q.prepare(fused);
      for (const x of data) show(prepared(x));
      show(String(prepared));
      const q = Q.convert(prepared);
      const [out, conv] = [q.out, q.conv] as unknown as [
        InstanceType<typeof torch.ao.nn.quantized.Linear>,
        InstanceType<typeof torch.ao.nn.quantized.Conv2d>,
      ];
      show(String(q), q(data[0]!), out.weight().int_repr(), conv.bias()!.detach());
      show('qconfig' in conv, String(net));
    },
  };
}

/** In training. */
function trained(backend: string, version: number): Pair {
  return {
    py: `${net_py}
net.train()
net.qconfig = Q.get_default_qat_qconfig('${backend}', ${version})
prepared = Q.prepare_qat(Q.fuse_modules_qat(net, groups))
show(str(prepared), torch.rand(1))
optimizer = torch.optim.SGD(prepared.parameters(), lr=0.1)
for x in data:
    optimizer.zero_grad()
    loss = prepared(x).square().mean()
    loss.backward()
    optimizer.step()
    show(loss)
prepared.eval()
show(str(prepared), prepared(data[0]))
q = Q.convert(prepared)
show(str(q), q(data[0]))
`,
    ts: (show) => {
      const [net, data] = made();
      net.train();
      net.qconfig = Q.get_default_qat_qconfig(backend, version);
      const prepared = Q.prepare_qat(Q.fuse_modules_qat(net, groups));
      show(String(prepared), torch.rand(1));
      const optimizer = new optim.SGD(prepared.parameters(), { lr: 0.1 });
      for (const x of data) {
        optimizer.zero_grad();
        const loss = prepared(x).square().mean();
        loss.backward();
        optimizer.step();
        show(loss);
      }
      prepared.eval();
      show(String(prepared), prepared(data[0]!));
      const q = Q.convert(prepared);
      show(String(q), q(data[0]!));
    },
  };
}

const pairs: Record<string, Pair> = {
  'a network after calibration, by default_qconfig': calibrated('default_qconfig'),
  'a network after calibration, by channels': calibrated('default_per_channel_qconfig'),
  'a network after calibration, for x86': calibrated("get_default_qconfig('x86')"),
  'a network after calibration, for qnnpack': calibrated("get_default_qconfig('qnnpack')"),
  'a network in training, for x86': trained('x86', 1),
  'a network in training, for qnnpack': trained('qnnpack', 1),
  'a network in training, in several operators': trained('x86', 0),
  'cells in 8 bits': {
    py: `
from torch.ao.quantization import quantize_dynamic
class Cells(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.gru = nn.LSTMCell(3, 4), nn.GRUCell(3, 4)
        self.rnn, self.relu = nn.RNNCell(3, 4), nn.RNNCell(3, 4, nonlinearity='relu')
cells, x = Cells(), torch.randn(2, 3)
for dtype in [torch.qint8, torch.float16]:
    q = quantize_dynamic(cells, dtype=dtype)
    show(str(q), *q.lstm(x), q.gru(x), q.rnn(x), q.relu(x, torch.ones(2, 4)), torch.rand(1))
`,
    ts: (show) => {
      class Cells extends nn.Module {
        lstm = new nn.LSTMCell(3, 4);
        gru = new nn.GRUCell(3, 4);
        rnn = new nn.RNNCell(3, 4);
        relu = new nn.RNNCell(3, 4, { nonlinearity: 'relu' });
      }
      const [cells, x] = [new Cells(), torch.randn(2, 3)];
      for (const dtype of [torch.qint8, torch.float16]) {
        const q = Q.quantize_dynamic(cells, null, dtype);
        show(String(q), ...q.lstm(x), q.gru(x), q.rnn(x), q.relu(x, torch.ones(2, 4)), torch.rand(1));
      }
    },
  },
  'observers of several tensors': {
    py: `
import torch.ao.quantization as Q
kinds = [Q.MinMaxObserver, Q.MovingAverageMinMaxObserver, Q.PerChannelMinMaxObserver,
         Q.MovingAveragePerChannelMinMaxObserver, Q.HistogramObserver]
for kind in kinds:
    by_channel = 'PerChannel' in kind.__name__
    schemes = [torch.per_channel_affine, torch.per_channel_symmetric] if by_channel else [torch.per_tensor_affine, torch.per_tensor_symmetric]
    for scheme in schemes:
        for dtype in [torch.quint8, torch.qint8]:
            observer = kind(dtype=dtype, qscheme=scheme)
            for scale in [1, 3, 0.5]: observer(torch.randn(4, 50) * scale + 0.25)
            show(str(observer), *observer.calculate_qparams())
`,
    ts: (show) => {
      const kinds = [
        Q.MinMaxObserver,
        Q.MovingAverageMinMaxObserver,
        Q.PerChannelMinMaxObserver,
        Q.MovingAveragePerChannelMinMaxObserver,
        Q.HistogramObserver,
      ];
      for (const kind of kinds) {
        const schemes = kind.name.includes('PerChannel')
          ? [torch.per_channel_affine, torch.per_channel_symmetric]
          : [torch.per_tensor_affine, torch.per_tensor_symmetric];
        for (const qscheme of schemes) {
          for (const dtype of [torch.quint8, torch.qint8]) {
            const observer = new (kind as typeof Q.MinMaxObserver)({ dtype, qscheme });
            for (const scale of [1, 3, 0.5]) observer(torch.randn(4, 50).mul(scale).add(0.25));
            show(String(observer), ...observer.calculate_qparams());
          }
        }
      }
    },
  },
  'state dicts of prepared and of quantized networks': {
    py: `${net_py}
net.eval()
net.qconfig = Q.get_default_qconfig('x86')
prepared = Q.prepare(net)
for x in data: prepared(x)
show(list(prepared.state_dict().keys()))
q = Q.convert(prepared)
show(sorted(q.state_dict().keys()))
again = Q.convert(Q.prepare(net))
again.load_state_dict(q.state_dict())
show(again(data[1]))
`,
    ts: (show) => {
      const [net, data] = made();
      net.eval();
      net.qconfig = Q.get_default_qconfig('x86');
      const prepared = Q.prepare(net);
      for (const x of data) prepared(x);
      show(Object.keys(prepared.state_dict()));
      const q = Q.convert(prepared);
      show(Object.keys(q.state_dict()).sort());
      const again = Q.convert(Q.prepare(net));
      again.load_state_dict(q.state_dict());
      show(again(data[1]!));
    },
  },
};

side_by_side(pairs);

describe('what Python quantizes and this package does not', () => {
  it('throws instead of leaving a part of the model as it is', () => {
    const net = new nn.Sequential(new Q.QuantStub(), new nn.LayerNorm(3)).eval();
    net.qconfig = Q.default_qconfig;
    const prepared = Q.prepare(net);
    prepared(torch.ones(1, 1, 3, 3));
    expect(() => Q.convert(prepared)).toThrow(/nn\.LayerNorm has no quantized counterpart in torch-node/);
  });
});
