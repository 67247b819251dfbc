/** Dynamic quantization against Python: what layers print, their state, and their outputs to the last bit. */
import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { side_by_side, type Pair } from './side_by_side.js';

const { quantize_dynamic } = torch.ao.quantization;
const { pack_padded_sequence } = nn.utils.rnn;

class Net extends nn.Module {
  lstm = new nn.LSTM(6, 5, { num_layers: 2, bidirectional: true });
  gru = new nn.GRU(10, 4, { batch_first: true });
  inner = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2, { bias: false }));
}
const net_py = `
from torch.ao.quantization import quantize_dynamic
from torch.nn.utils.rnn import pack_padded_sequence
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 5, num_layers=2, bidirectional=True)
        self.gru = nn.GRU(10, 4, batch_first=True)
        self.inner = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2, bias=False))
net = Net()
x = torch.randn(7, 3, 6)
`;
const outputs_py = `
def outputs(q):
    y, (h, c) = q.lstm(x)
    z, hz = q.gru(y)
    show(y, h, c, z, hz, q.inner(z))
    show(*q.lstm(x, (torch.ones(4, 3, 5), torch.zeros(4, 3, 5)))[1], q.gru(y, torch.ones(1, 7, 4))[1])
    packed, (h, c) = q.lstm(pack_padded_sequence(x, torch.tensor([4, 7, 2]), enforce_sorted=False))
    show(packed.data, packed.batch_sizes, h, c)
`;
function made(): [Net, Tensor] {
  const net = new Net();
  return [net, torch.randn(7, 3, 6)];
}
function outputs(show: (...values: unknown[]) => void, q: Net, x: Tensor): void {
  const [y, [h, c]] = q.lstm.forward(x);
  const [z, hz] = q.gru.forward(y);
  show(y, h, c, z, hz, q.inner.forward(z));
  show(...q.lstm.forward(x, [torch.ones(4, 3, 5), torch.zeros(4, 3, 5)])[1], q.gru.forward(y, torch.ones(1, 7, 4))[1]);
  const [packed, [hp, cp]] = q.lstm.forward(
    pack_padded_sequence(x, torch.tensor([4, 7, 2]), { enforce_sorted: false }),
  );
  show(packed.data, packed.batch_sizes, hp, cp);
}

const pairs: Record<string, Pair> = {
  'a network in 8 bits': {
    py: `${net_py}${outputs_py}q = quantize_dynamic(net)\nshow(str(q), q.training, net.training)\noutputs(q)`,
    ts: (show) => {
      const [net, x] = made();
      const q = quantize_dynamic(net);
      show(String(q), q.training, net.training);
      outputs(show, q, x);
    },
  },
  'a network in half precision': {
    py: `${net_py}${outputs_py}q = quantize_dynamic(net, dtype=torch.float16)\nshow(str(q))\noutputs(q)`,
    ts: (show) => {
      const [net, x] = made();
      const q = quantize_dynamic(net, { dtype: torch.float16 });
      show(String(q));
      outputs(show, q, x);
    },
  },
  'some of a network, by class and by name, in place': {
    py: `${net_py}
show(str(quantize_dynamic(net, {nn.Linear})), str(quantize_dynamic(net, {nn.GRU, 'inner.2'})), str(quantize_dynamic(net, {'inner'})))
same = quantize_dynamic(net, {nn.LSTM}, inplace=True)
show(same is net, str(net))
quantize_dynamic(net, dtype=torch.int8)`,
    ts: (show) => {
      const [net] = made();
      show(String(quantize_dynamic(net, new Set([nn.Linear]))));
      show(String(quantize_dynamic(net, new Set<typeof nn.GRU | string>([nn.GRU, 'inner.2']))));
      show(String(quantize_dynamic(net, new Set(['inner']))));
      const same = quantize_dynamic(net, { qconfig_spec: new Set([nn.LSTM]), inplace: true });
      show(same === net, String(net));
      quantize_dynamic(net, null, torch.int8);
    },
  },
  'recurrent layers from sizes': {
    py: `
dynamic = torch.ao.nn.quantized.dynamic
m, n = dynamic.LSTM(3, 2, num_layers=2, bidirectional=True), dynamic.GRU(3, 2, 1, False, True, dtype=torch.float16)
show(str(m), str(n), m(torch.ones(2, 1, 3))[0], n(torch.ones(1, 2, 3))[0], torch.rand(1))`,
    ts: (show) => {
      const { dynamic } = torch.ao.nn.quantized;
      const m = new dynamic.LSTM(3, 2, { num_layers: 2, bidirectional: true });
      const n = new dynamic.GRU(3, 2, 1, false, true, { dtype: torch.float16 });
      show(String(m), String(n), m.forward(torch.ones(2, 1, 3))[0], n.forward(torch.ones(1, 2, 3))[0], torch.rand(1));
    },
  },
  'the state of linear layers': {
    py: `${net_py}
q = quantize_dynamic(net.inner)
state = q.state_dict()
show(list(state), state['0.scale'], state['0.zero_point'], str(state['0._packed_params.dtype']), str(state['0._packed_params._packed_params'][0]), len(state['0._packed_params._packed_params']))
other = quantize_dynamic(nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2, bias=False)))
show(str(other.load_state_dict(state)), other(torch.ones(2, 4)), q[0].weight().int_repr(), q[0].weight().q_scale(), q[0].bias().detach(), q[2].bias())`,
    ts: (show) => {
      const q = quantize_dynamic(made()[0].inner);
      const state = q.state_dict() as Record<string, unknown>;
      show(Object.keys(state), state['0.scale'], state['0.zero_point'], String(state['0._packed_params.dtype']));
      const params = state['0._packed_params._packed_params'] as unknown[];
      show(String(params[0]), params.length);
      const other = quantize_dynamic(
        new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2, { bias: false })),
      );
      type Dynamic = torch.ao.nn.quantized.dynamic.Linear;
      const [first, last] = [q[0], q[2]] as unknown as [Dynamic, Dynamic];
      show(String(other.load_state_dict(state as never)), other.forward(torch.ones(2, 4)));
      show(first.weight().int_repr(), first.weight().q_scale(), first.bias()!.detach(), last.bias());
    },
  },
};

describe('torch.ao.quantization.quantize_dynamic()', () => {
  side_by_side(pairs);

  it('loads the state of recurrent layers', () => {
    const [one, two] = [0, 1].map(() =>
      quantize_dynamic(new nn.Sequential(new nn.LSTM(3, 2, { num_layers: 2 }))),
    ) as unknown as [nn.Sequential, nn.Sequential];
    const state = one.state_dict();
    expect(Object.keys(state)).toEqual(['0._all_weight_values.0.param', '0._all_weight_values.1.param']);
    two.load_state_dict(state);
    const x = torch.randn(4, 1, 3);
    expect(String(two(x))).toBe(String(one(x)));
  });

  it('copies, and refuses what it cannot quantize', () => {
    const q = quantize_dynamic(new nn.Sequential(new nn.Linear(2, 2)));
    expect(String(torch.deepcopy(q)(torch.ones(1, 2)))).toBe(String(q(torch.ones(1, 2))));
    expect(() => quantize_dynamic(new nn.LSTM(2, 2) as never, ['x'] as never)).toThrow(TypeError);
    expect(() => quantize_dynamic(new nn.Sequential(new nn.LSTM(2, 2, { bias: false })))).toThrow(
      'mod.bias must be True',
    );
    const { dynamic } = torch.ao.nn.quantized;
    expect(() => dynamic.Linear.from_float(new nn.ReLU() as never)).toThrow('must be nn.Linear, not ReLU');
    expect(() => dynamic.LSTM.from_float(new nn.LSTM(2, 2)).forward(torch.ones(1, 2))).toThrow(
      'must have 3 dimensions',
    );
  });
});
