import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn } from 'torch-node';

import { python } from '../reference.js';
import { call, flat, hexed, state_of, told, total, type Told } from './comparison.js';

/** Noise of a shape, integers below a bound, or numbers in [0, 1); tests/reference/nn_modules.py makes the same. */
type Input = number[] | { below: number; shape: number[] } | { unit: number[] };

interface Case {
  py: string;
  ours: () => nn.Module;
  inputs: Input[] | null;
  eval?: boolean;
}

interface Report {
  repr: string;
  state: [string, string][];
  parameters: string[];
  modules: string[];
  outputs?: Told[];
  gradients?: [string, string][];
  after?: [string, string][];
}

function made(spec: Input): torch.Tensor {
  if (Array.isArray(spec)) return torch.randn(spec);
  return 'unit' in spec ? torch.rand(spec.unit) : torch.randint(0, spec.below, spec.shape);
}

function report(test: Case): Report {
  torch.manual_seed(7);
  const module = test.ours();
  const answer: Report = {
    repr: String(module),
    state: state_of(module),
    parameters: [...module.named_parameters()].map(([name]) => name),
    modules: [...module.named_modules()].map(([name]) => name),
  };
  if (test.inputs === null) return answer;
  if (test.eval) module.eval();
  torch.manual_seed(8);
  const outputs = flat(call(module, ...test.inputs.map(made)));
  answer.outputs = outputs.map(told);
  const sum = total(outputs);
  if (sum.requires_grad) sum.backward();
  answer.gradients = [...module.named_parameters()].flatMap(([name, parameter]): [string, string][] => {
    const { grad } = parameter;
    return grad === null || grad.is_sparse ? [] : [[name, hexed(grad)]];
  });
  answer.after = state_of(module);
  return answer;
}

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 2, 3, { padding: 1 });
  body = new nn.Sequential(new nn.ReLU(), new nn.Sequential(new nn.Flatten(), new nn.Linear(32, 4)));
  scale = new nn.Parameter(torch.ones(1));

  forward(x: torch.Tensor): torch.Tensor {
    return this.body(this.conv(x)).mul(this.scale);
  }
}

class Child extends nn.Module {
  weight = new nn.Parameter(torch.zeros(2));

  override extra_repr(): string {
    return 'first line\nsecond line';
  }
}

class Empty extends nn.Module {}

function with_none(): nn.Module {
  const module = new Empty();
  module.add_module('left', new Child());
  module.add_module('right', null);
  return module;
}

const image: Input[] = [[2, 4, 6, 6]];
const rows: Input[] = [[3, 4]];
const classes: Input[] = [[4, 5], { below: 5, shape: [4] }];
const pairs: Input[] = [
  [3, 4],
  [3, 4],
];

const net_py = `type("Net", (nn.Module,), {
  "__init__": lambda self: (nn.Module.__init__(self),
    setattr(self, "conv", nn.Conv2d(1, 2, 3, padding=1)),
    setattr(self, "body", nn.Sequential(nn.ReLU(), nn.Sequential(nn.Flatten(), nn.Linear(32, 4)))),
    setattr(self, "scale", nn.Parameter(torch.ones(1))), None)[-1],
  "forward": lambda self, x: self.body(self.conv(x)) * self.scale})()`;
const child_py = `type("Child", (nn.Module,), {
  "__init__": lambda self: (nn.Module.__init__(self), setattr(self, "weight", nn.Parameter(torch.zeros(2))), None)[-1],
  "extra_repr": lambda self: "first line\\nsecond line"})()`;

const cases: Case[] = [
  // Linear layers
  { py: 'nn.Linear(4, 3)', ours: () => new nn.Linear(4, 3), inputs: rows },
  { py: 'nn.Linear(4, 3, bias=False)', ours: () => new nn.Linear(4, 3, false), inputs: rows },
  {
    py: 'nn.Linear(in_features=4, out_features=3, dtype=torch.float64)',
    ours: () => new nn.Linear({ in_features: 4, out_features: 3, dtype: torch.float64 }),
    inputs: null,
  },
  { py: 'nn.Linear(4, 100)', ours: () => new nn.Linear(4, 100), inputs: rows },
  { py: 'nn.Bilinear(4, 4, 2)', ours: () => new nn.Bilinear(4, 4, 2), inputs: pairs },
  { py: 'nn.Bilinear(4, 4, 2, bias=False)', ours: () => new nn.Bilinear(4, 4, 2, { bias: false }), inputs: pairs },
  { py: 'nn.Identity(54, unused=1)', ours: () => new nn.Identity(54, { unused: 1 }), inputs: rows },
  // Recurrent layers (their numbers: rnn.test.ts)
  { py: 'nn.LSTM(28, 64, batch_first=True)', ours: () => new nn.LSTM(28, 64, { batch_first: true }), inputs: null },
  {
    py: 'nn.LSTM(3, 5, 2, bias=False, dropout=0.5, bidirectional=True, proj_size=2)',
    ours: () => new nn.LSTM(3, 5, 2, { bias: false, dropout: 0.5, bidirectional: true, proj_size: 2 }),
    inputs: null,
  },
  {
    py: 'nn.GRU(3, 5, num_layers=3, dropout=1)',
    ours: () => new nn.GRU(3, 5, { num_layers: 3, dropout: 1 }),
    inputs: null,
  },
  { py: 'nn.RNN(3, 5, nonlinearity="relu")', ours: () => new nn.RNN(3, 5, { nonlinearity: 'relu' }), inputs: null },
  {
    py: 'nn.RNNCell(3, 5, bias=False, nonlinearity="relu")',
    ours: () => new nn.RNNCell(3, 5, false, { nonlinearity: 'relu' }),
    inputs: null,
  },
  { py: 'nn.LSTMCell(3, 5)', ours: () => new nn.LSTMCell(3, 5), inputs: null },
  { py: 'nn.GRUCell(3, 5, bias=False)', ours: () => new nn.GRUCell(3, 5, { bias: false }), inputs: null },
  // Convolutions
  { py: 'nn.Conv1d(4, 6, 3)', ours: () => new nn.Conv1d(4, 6, 3), inputs: [[2, 4, 9]] },
  {
    py: 'nn.Conv1d(4, 6, 3, padding="same", padding_mode="circular")',
    ours: () => new nn.Conv1d(4, 6, 3, { padding: 'same', padding_mode: 'circular' }),
    inputs: [[2, 4, 9]],
  },
  {
    py: 'nn.Conv2d(4, 6, 3, stride=2, padding=1)',
    ours: () => new nn.Conv2d(4, 6, 3, { stride: 2, padding: 1 }),
    inputs: image,
  },
  {
    py: 'nn.Conv2d(4, 6, (3, 2), 1, (4, 2), (3, 1), 2, False)',
    ours: () => new nn.Conv2d(4, 6, [3, 2], 1, [4, 2], [3, 1], 2, false),
    inputs: image,
  },
  { py: 'nn.Conv2d(4, 6, 3, padding="same")', ours: () => new nn.Conv2d(4, 6, 3, { padding: 'same' }), inputs: image },
  {
    py: 'nn.Conv2d(4, 6, 3, padding="valid")',
    ours: () => new nn.Conv2d(4, 6, 3, { padding: 'valid' }),
    inputs: image,
  },
  {
    py: 'nn.Conv2d(4, 6, 3, padding=(1, 2), padding_mode="reflect")',
    ours: () => new nn.Conv2d(4, 6, 3, { padding: [1, 2], padding_mode: 'reflect' }),
    inputs: image,
  },
  { py: 'nn.Conv3d(4, 2, 2)', ours: () => new nn.Conv3d(4, 2, 2), inputs: [[1, 4, 3, 3, 3]] },
  {
    py: 'nn.ConvTranspose1d(4, 2, 3, stride=2)',
    ours: () => new nn.ConvTranspose1d(4, 2, 3, { stride: 2 }),
    inputs: [[2, 4, 5]],
  },
  {
    py: 'nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2)',
    ours: () => new nn.ConvTranspose2d(4, 6, 3, { stride: 2, padding: 1, output_padding: 1, groups: 2, dilation: 2 }),
    inputs: image,
  },
  {
    py: 'nn.ConvTranspose3d(4, 2, 2, bias=False)',
    ours: () => new nn.ConvTranspose3d(4, 2, 2, { bias: false }),
    inputs: [[1, 4, 3, 3, 3]],
  },
  // Pooling
  { py: 'nn.MaxPool1d(3)', ours: () => new nn.MaxPool1d(3), inputs: [[2, 4, 9]] },
  { py: 'nn.MaxPool2d(2)', ours: () => new nn.MaxPool2d(2), inputs: image },
  {
    py: 'nn.MaxPool2d((3, 2), stride=(2, 1), padding=1, return_indices=True, ceil_mode=True)',
    ours: () => new nn.MaxPool2d([3, 2], { stride: [2, 1], padding: 1, return_indices: true, ceil_mode: true }),
    inputs: image,
  },
  { py: 'nn.MaxPool3d(2, 1)', ours: () => new nn.MaxPool3d(2, 1), inputs: [[1, 4, 3, 3, 3]] },
  { py: 'nn.AvgPool1d(3, 2)', ours: () => new nn.AvgPool1d(3, 2), inputs: [[2, 4, 9]] },
  {
    py: 'nn.AvgPool2d(3, padding=1, count_include_pad=False)',
    ours: () => new nn.AvgPool2d(3, { padding: 1, count_include_pad: false }),
    inputs: image,
  },
  {
    py: 'nn.AvgPool3d((2, 1, 2), divisor_override=3)',
    ours: () => new nn.AvgPool3d([2, 1, 2], { divisor_override: 3 }),
    inputs: [[1, 4, 3, 3, 3]],
  },
  { py: 'nn.AdaptiveAvgPool1d(5)', ours: () => new nn.AdaptiveAvgPool1d(5), inputs: [[2, 4, 9]] },
  { py: 'nn.AdaptiveAvgPool2d((3, None))', ours: () => new nn.AdaptiveAvgPool2d([3, null]), inputs: image },
  { py: 'nn.AdaptiveAvgPool2d(1)', ours: () => new nn.AdaptiveAvgPool2d(1), inputs: image },
  { py: 'nn.AdaptiveAvgPool3d(2)', ours: () => new nn.AdaptiveAvgPool3d(2), inputs: [[1, 4, 3, 3, 3]] },
  { py: 'nn.AdaptiveMaxPool1d(5)', ours: () => new nn.AdaptiveMaxPool1d(5), inputs: [[2, 4, 9]] },
  {
    py: 'nn.AdaptiveMaxPool2d((None, 2), return_indices=True)',
    ours: () => new nn.AdaptiveMaxPool2d([null, 2], true),
    inputs: image,
  },
  { py: 'nn.AdaptiveMaxPool3d(2)', ours: () => new nn.AdaptiveMaxPool3d(2), inputs: [[1, 4, 3, 3, 3]] },
  {
    py: 'nn.FractionalMaxPool2d((3, 2), output_ratio=(0.5, 0.6), return_indices=True)',
    ours: () => new nn.FractionalMaxPool2d([3, 2], { output_ratio: [0.5, 0.6], return_indices: true }),
    inputs: image,
  },
  {
    py: 'nn.FractionalMaxPool3d(2, output_size=2)',
    ours: () => new nn.FractionalMaxPool3d(2, { output_size: 2 }),
    inputs: [[1, 4, 4, 4, 4]],
  },
  { py: 'nn.LPPool2d(1.5, 3, stride=2)', ours: () => new nn.LPPool2d(1.5, 3, { stride: 2 }), inputs: image },
  ...[2, 3].map((norm) => ({
    py: `nn.LPPool1d(${norm}.0, 2)`,
    ours: () => new nn.LPPool1d(norm, 2),
    inputs: [{ below: 9, shape: [2, 4, 8] }],
  })),
  {
    py: 'nn.MaxUnpool2d(2)',
    ours: () => new nn.MaxUnpool2d(2),
    inputs: [[1, 2, 2, 2], { below: 16, shape: [1, 2, 2, 2] }],
  },
  {
    py: 'nn.MaxUnpool1d(3, 2, 1)',
    ours: () => new nn.MaxUnpool1d(3, 2, 1),
    inputs: [[1, 2, 4], { below: 7, shape: [1, 2, 4] }],
  },
  // Borders
  { py: 'nn.ConstantPad2d((1, 2, 0, 3), 0.5)', ours: () => new nn.ConstantPad2d([1, 2, 0, 3], 0.5), inputs: image },
  { py: 'nn.ZeroPad1d(2)', ours: () => new nn.ZeroPad1d(2), inputs: [[2, 4, 9]] },
  { py: 'nn.ReflectionPad2d(1)', ours: () => new nn.ReflectionPad2d(1), inputs: image },
  {
    py: 'nn.ReplicationPad3d((1, 2, 3, 4, 5, 6))',
    ours: () => new nn.ReplicationPad3d([1, 2, 3, 4, 5, 6]),
    inputs: [[1, 4, 3, 3, 3]],
  },
  { py: 'nn.CircularPad2d(2)', ours: () => new nn.CircularPad2d(2), inputs: image },
  // Normalization
  { py: 'nn.CrossMapLRN2d(3, 0.5)', ours: () => new nn.CrossMapLRN2d(3, 0.5), inputs: image },
  {
    py: 'nn.CrossMapLRN2d(4, alpha=0.1, beta=0.5, k=1.5)',
    ours: () => new nn.CrossMapLRN2d(4, { alpha: 0.1, beta: 0.5, k: 1.5 }),
    inputs: [[2, 3, 2, 2]],
  },
  { py: 'nn.InstanceNorm1d(4)', ours: () => new nn.InstanceNorm1d(4), inputs: [[2, 4, 9]] },
  {
    py: 'nn.InstanceNorm2d(4, affine=True, track_running_stats=True)',
    ours: () => new nn.InstanceNorm2d(4, { affine: true, track_running_stats: true }),
    inputs: image,
  },
  {
    py: 'nn.InstanceNorm3d(4, track_running_stats=True)',
    ours: () => new nn.InstanceNorm3d(4, { track_running_stats: true }),
    inputs: [[4, 3, 3, 3]],
    eval: true,
  },
  { py: 'nn.SyncBatchNorm(4)', ours: () => new nn.SyncBatchNorm(4), inputs: image },
  {
    py: 'nn.SyncBatchNorm(4, momentum=None, bias=False)',
    ours: () => new nn.SyncBatchNorm(4, { momentum: null, bias: false }),
    inputs: rows,
  },
  { py: 'nn.SyncBatchNorm(4)', ours: () => new nn.SyncBatchNorm(4), inputs: rows, eval: true },
  { py: 'nn.BatchNorm1d(4)', ours: () => new nn.BatchNorm1d(4), inputs: rows },
  { py: 'nn.BatchNorm1d(4)', ours: () => new nn.BatchNorm1d(4), inputs: rows, eval: true },
  {
    py: 'nn.BatchNorm2d(4, eps=1e-3, momentum=None)',
    ours: () => new nn.BatchNorm2d(4, { eps: 1e-3, momentum: null }),
    inputs: image,
  },
  {
    py: 'nn.BatchNorm2d(4, affine=False, track_running_stats=False)',
    ours: () => new nn.BatchNorm2d(4, { affine: false, track_running_stats: false }),
    inputs: image,
  },
  {
    py: 'nn.BatchNorm3d(4, bias=False)',
    ours: () => new nn.BatchNorm3d(4, { bias: false }),
    inputs: [[1, 4, 3, 3, 3]],
  },
  { py: 'nn.LayerNorm(4)', ours: () => new nn.LayerNorm(4), inputs: rows },
  {
    py: 'nn.LayerNorm([6, 6], eps=1e-12, bias=False)',
    ours: () => new nn.LayerNorm([6, 6], 1e-12, { bias: false }),
    inputs: image,
  },
  {
    py: 'nn.LayerNorm((3, 4), elementwise_affine=False)',
    ours: () => new nn.LayerNorm([3, 4], { elementwise_affine: false }),
    inputs: rows,
  },
  { py: 'nn.RMSNorm(4)', ours: () => new nn.RMSNorm(4), inputs: rows },
  { py: 'nn.RMSNorm([3, 4], eps=1e-6)', ours: () => new nn.RMSNorm([3, 4], { eps: 1e-6 }), inputs: rows },
  { py: 'nn.GroupNorm(2, 4)', ours: () => new nn.GroupNorm(2, 4), inputs: image },
  { py: 'nn.GroupNorm(4, 4, affine=False)', ours: () => new nn.GroupNorm(4, 4, { affine: false }), inputs: image },
  { py: 'nn.LocalResponseNorm(3)', ours: () => new nn.LocalResponseNorm(3), inputs: image },
  {
    py: 'nn.LocalResponseNorm(2, 0.01, 0.5, 2.0)',
    ours: () => new nn.LocalResponseNorm(2, 0.01, 0.5, 2),
    inputs: [[2, 4, 6]],
  },
  // Embedding
  { py: 'nn.Embedding(10, 3)', ours: () => new nn.Embedding(10, 3), inputs: [{ below: 10, shape: [2, 4] }] },
  {
    py: 'nn.Embedding(10, 3, padding_idx=-2, scale_grad_by_freq=True)',
    ours: () => new nn.Embedding(10, 3, { padding_idx: -2, scale_grad_by_freq: true }),
    inputs: [{ below: 10, shape: [2, 4] }],
  },
  {
    py: 'nn.Embedding(10, 3, max_norm=1.0, norm_type=1.0)',
    ours: () => new nn.Embedding(10, 3, { max_norm: 1, norm_type: 1 }),
    inputs: [{ below: 10, shape: [2, 4] }],
  },
  {
    py: 'nn.Embedding(10, 3, sparse=True)',
    ours: () => new nn.Embedding(10, 3, { sparse: true }),
    inputs: [{ below: 10, shape: [2, 4] }],
  },
  {
    py: 'nn.Embedding.from_pretrained(torch.ones(2, 3))',
    ours: () => nn.Embedding.from_pretrained(torch.ones(2, 3)),
    inputs: [{ below: 2, shape: [4] }],
  },
  { py: 'nn.EmbeddingBag(10, 3)', ours: () => new nn.EmbeddingBag(10, 3), inputs: [{ below: 10, shape: [2, 4] }] },
  {
    py: 'nn.EmbeddingBag(10, 3, max_norm=1.0, mode="sum", padding_idx=-1)',
    ours: () => new nn.EmbeddingBag(10, 3, { max_norm: 1, mode: 'sum', padding_idx: -1 }),
    inputs: [{ below: 10, shape: [2, 4] }],
  },
  {
    py: 'nn.EmbeddingBag(10, 3, None, 2.0, False, "max")',
    ours: () => new nn.EmbeddingBag(10, 3, null, 2, false, 'max'),
    inputs: [{ below: 10, shape: [2, 4] }],
  },
  {
    py: 'nn.EmbeddingBag.from_pretrained(torch.ones(2, 3), mode="sum")',
    ours: () => nn.EmbeddingBag.from_pretrained(torch.ones(2, 3), { mode: 'sum' }),
    inputs: [{ below: 2, shape: [4, 2] }],
  },
  // Activations
  { py: 'nn.ReLU()', ours: () => new nn.ReLU(), inputs: rows },
  { py: 'nn.ReLU(inplace=True)', ours: () => new nn.ReLU({ inplace: true }), inputs: rows },
  { py: 'nn.ReLU6(True)', ours: () => new nn.ReLU6(true), inputs: rows },
  { py: 'nn.LeakyReLU(0.2)', ours: () => new nn.LeakyReLU(0.2), inputs: rows },
  { py: 'nn.LeakyReLU(inplace=True)', ours: () => new nn.LeakyReLU({ inplace: true }), inputs: rows },
  { py: 'nn.RReLU()', ours: () => new nn.RReLU(), inputs: rows },
  { py: 'nn.RReLU(0.1, 0.5)', ours: () => new nn.RReLU(0.1, 0.5), inputs: rows, eval: true },
  { py: 'nn.PReLU()', ours: () => new nn.PReLU(), inputs: rows },
  { py: 'nn.PReLU(4, init=0.5)', ours: () => new nn.PReLU(4, { init: 0.5 }), inputs: rows },
  { py: 'nn.ELU(0.5)', ours: () => new nn.ELU(0.5), inputs: rows },
  { py: 'nn.CELU(inplace=True)', ours: () => new nn.CELU({ inplace: true }), inputs: rows },
  { py: 'nn.SELU()', ours: () => new nn.SELU(), inputs: rows },
  { py: 'nn.GELU()', ours: () => new nn.GELU(), inputs: rows },
  { py: 'nn.GELU(approximate="tanh")', ours: () => new nn.GELU({ approximate: 'tanh' }), inputs: rows },
  { py: 'nn.SiLU()', ours: () => new nn.SiLU(), inputs: rows },
  { py: 'nn.Mish(inplace=True)', ours: () => new nn.Mish(true), inputs: rows },
  { py: 'nn.Hardswish(inplace=True)', ours: () => new nn.Hardswish(true), inputs: rows },
  { py: 'nn.Hardsigmoid()', ours: () => new nn.Hardsigmoid(), inputs: rows },
  { py: 'nn.Hardtanh(-2.0, 0.5)', ours: () => new nn.Hardtanh(-2, 0.5), inputs: rows },
  {
    py: 'nn.Threshold(0.1, 20.0, inplace=True)',
    ours: () => new nn.Threshold(0.1, 20, { inplace: true }),
    inputs: rows,
  },
  { py: 'nn.Sigmoid()', ours: () => new nn.Sigmoid(), inputs: rows },
  { py: 'nn.LogSigmoid()', ours: () => new nn.LogSigmoid(), inputs: rows },
  { py: 'nn.Tanh()', ours: () => new nn.Tanh(), inputs: rows },
  { py: 'nn.Tanhshrink()', ours: () => new nn.Tanhshrink(), inputs: rows },
  { py: 'nn.Softsign()', ours: () => new nn.Softsign(), inputs: rows },
  { py: 'nn.Softplus()', ours: () => new nn.Softplus(), inputs: rows },
  {
    py: 'nn.Softplus(beta=2.0, threshold=1e-7)',
    ours: () => new nn.Softplus({ beta: 2, threshold: 1e-7 }),
    inputs: rows,
  },
  { py: 'nn.Softshrink(0.25)', ours: () => new nn.Softshrink(0.25), inputs: rows },
  { py: 'nn.Hardshrink()', ours: () => new nn.Hardshrink(), inputs: rows },
  { py: 'nn.GLU(dim=1)', ours: () => new nn.GLU({ dim: 1 }), inputs: rows },
  { py: 'nn.Softmax(dim=1)', ours: () => new nn.Softmax({ dim: 1 }), inputs: rows },
  { py: 'nn.Softmax()', ours: () => new nn.Softmax(), inputs: rows },
  { py: 'nn.Softmin(0)', ours: () => new nn.Softmin(0), inputs: rows },
  { py: 'nn.Softmax2d()', ours: () => new nn.Softmax2d(), inputs: image },
  { py: 'nn.LogSoftmax(dim=-1)', ours: () => new nn.LogSoftmax(-1), inputs: rows },
  // Dropout
  { py: 'nn.Dropout()', ours: () => new nn.Dropout(), inputs: rows },
  { py: 'nn.Dropout(0.25)', ours: () => new nn.Dropout(0.25), inputs: rows, eval: true },
  { py: 'nn.Dropout(p=0.1, inplace=True)', ours: () => new nn.Dropout({ p: 0.1, inplace: true }), inputs: rows },
  { py: 'nn.Dropout1d(0.5)', ours: () => new nn.Dropout1d(0.5), inputs: [[2, 4, 9]] },
  { py: 'nn.Dropout2d(0.5)', ours: () => new nn.Dropout2d(0.5), inputs: image },
  { py: 'nn.Dropout3d(0.5)', ours: () => new nn.Dropout3d(0.5), inputs: [[4, 3, 3, 3]] },
  { py: 'nn.AlphaDropout(0.5)', ours: () => new nn.AlphaDropout(0.5), inputs: rows },
  { py: 'nn.FeatureAlphaDropout(0.5)', ours: () => new nn.FeatureAlphaDropout(0.5), inputs: image },
  // Losses
  { py: 'nn.CrossEntropyLoss()', ours: () => new nn.CrossEntropyLoss(), inputs: classes },
  {
    py: 'nn.CrossEntropyLoss(torch.arange(5.0), ignore_index=2, label_smoothing=0.1)',
    ours: () => new nn.CrossEntropyLoss(torch.arange(5).float(), { ignore_index: 2, label_smoothing: 0.1 }),
    inputs: classes,
  },
  {
    py: 'nn.CrossEntropyLoss(reduction="none")',
    ours: () => new nn.CrossEntropyLoss({ reduction: 'none' }),
    inputs: [[2, 5, 3], { below: 5, shape: [2, 3] }],
  },
  {
    py: 'nn.CrossEntropyLoss(size_average=False)',
    ours: () => new nn.CrossEntropyLoss({ size_average: false }),
    inputs: classes,
  },
  { py: 'nn.CrossEntropyLoss(reduce=False)', ours: () => new nn.CrossEntropyLoss({ reduce: false }), inputs: classes },
  { py: 'nn.CrossEntropyLoss()', ours: () => new nn.CrossEntropyLoss(), inputs: [[4, 5], { unit: [4, 5] }] },
  { py: 'nn.NLLLoss(reduction="sum")', ours: () => new nn.NLLLoss({ reduction: 'sum' }), inputs: classes },
  { py: 'nn.MSELoss()', ours: () => new nn.MSELoss(), inputs: pairs },
  { py: 'nn.L1Loss(reduction="none")', ours: () => new nn.L1Loss({ reduction: 'none' }), inputs: pairs },
  { py: 'nn.SmoothL1Loss(beta=0.5)', ours: () => new nn.SmoothL1Loss({ beta: 0.5 }), inputs: pairs },
  { py: 'nn.SmoothL1Loss(beta=0.0)', ours: () => new nn.SmoothL1Loss({ beta: 0 }), inputs: pairs },
  { py: 'nn.HuberLoss(delta=0.5)', ours: () => new nn.HuberLoss({ delta: 0.5 }), inputs: pairs },
  { py: 'nn.BCELoss()', ours: () => new nn.BCELoss(), inputs: [{ unit: [3, 4] }, { unit: [3, 4] }] },
  {
    py: 'nn.BCELoss(torch.arange(4.0))',
    ours: () => new nn.BCELoss(torch.arange(4).float()),
    inputs: [{ unit: [3, 4] }, { unit: [3, 4] }],
  },
  {
    py: 'nn.BCEWithLogitsLoss(pos_weight=torch.arange(4.0))',
    ours: () => new nn.BCEWithLogitsLoss({ pos_weight: torch.arange(4).float() }),
    inputs: [[3, 4], { unit: [3, 4] }],
  },
  {
    py: 'nn.KLDivLoss(reduction="batchmean")',
    ours: () => new nn.KLDivLoss({ reduction: 'batchmean' }),
    inputs: [[3, 4], { unit: [3, 4] }],
  },
  { py: 'nn.KLDivLoss(log_target=True)', ours: () => new nn.KLDivLoss({ log_target: true }), inputs: pairs },
  {
    py: 'nn.PoissonNLLLoss(full=True)',
    ours: () => new nn.PoissonNLLLoss({ full: true }),
    inputs: [[3, 4], { unit: [3, 4] }],
  },
  {
    py: 'nn.GaussianNLLLoss(full=True)',
    ours: () => new nn.GaussianNLLLoss({ full: true }),
    inputs: [[3, 4], [3, 4], { unit: [3, 1] }],
  },
  { py: 'nn.HingeEmbeddingLoss(0.5)', ours: () => new nn.HingeEmbeddingLoss(0.5), inputs: pairs },
  { py: 'nn.MarginRankingLoss(0.5)', ours: () => new nn.MarginRankingLoss(0.5), inputs: [[4], [4], [4]] },
  { py: 'nn.CosineEmbeddingLoss()', ours: () => new nn.CosineEmbeddingLoss(), inputs: [[3, 4], [3, 4], [3]] },
  { py: 'nn.SoftMarginLoss()', ours: () => new nn.SoftMarginLoss(), inputs: pairs },
  {
    py: 'nn.MultiLabelMarginLoss()',
    ours: () => new nn.MultiLabelMarginLoss(),
    inputs: [[3, 4], { below: 4, shape: [3, 4] }],
  },
  {
    py: 'nn.TripletMarginLoss(swap=True)',
    ours: () => new nn.TripletMarginLoss({ swap: true }),
    inputs: [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
  },
  { py: 'nn.NLLLoss2d()', ours: () => new nn.NLLLoss2d(), inputs: [[2, 5, 3, 3], { below: 5, shape: [2, 3, 3] }] },
  {
    py: 'nn.TripletMarginWithDistanceLoss(distance_function=nn.CosineSimilarity(), margin=0.5, swap=True)',
    ours: () =>
      new nn.TripletMarginWithDistanceLoss({
        distance_function: new nn.CosineSimilarity(),
        margin: 0.5,
        swap: true,
      }),
    inputs: [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
  },
  {
    py: 'nn.LinearCrossEntropyLoss(4, 7, options=nn.LinearCrossEntropyOptions(batch_chunk_size=2))',
    ours: () =>
      new nn.LinearCrossEntropyLoss(4, 7, { options: new nn.LinearCrossEntropyOptions({ batch_chunk_size: 2 }) }),
    inputs: [[5, 4], { below: 7, shape: [5] }],
  },
  {
    py: 'nn.LinearCrossEntropyLoss(4, 7, bias=True, reduction="none", options=nn.LinearCrossEntropyOptions())',
    ours: () =>
      new nn.LinearCrossEntropyLoss(4, 7, {
        bias: true,
        reduction: 'none',
        options: new nn.LinearCrossEntropyOptions(),
      }),
    inputs: [[5, 4], { below: 7, shape: [5] }],
  },
  {
    py: 'nn.AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8], div_value=2.0)',
    ours: () => new nn.AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8], { div_value: 2 }),
    inputs: [[9, 6], { below: 12, shape: [9] }],
  },
  {
    py: 'nn.AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8], head_bias=True)',
    ours: () => new nn.AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8], { head_bias: true }),
    inputs: [[6], { below: 12, shape: [] }],
  },
  // Distances
  { py: 'nn.PairwiseDistance()', ours: () => new nn.PairwiseDistance(), inputs: pairs },
  {
    py: 'nn.PairwiseDistance(p=1.0, eps=0.5, keepdim=True)',
    ours: () => new nn.PairwiseDistance({ p: 1, eps: 0.5, keepdim: true }),
    inputs: pairs,
  },
  { py: 'nn.CosineSimilarity(dim=0)', ours: () => new nn.CosineSimilarity({ dim: 0 }), inputs: pairs },
  // Shapes
  { py: 'nn.PixelShuffle(2)', ours: () => new nn.PixelShuffle(2), inputs: image },
  { py: 'nn.PixelUnshuffle(3)', ours: () => new nn.PixelUnshuffle(3), inputs: image },
  { py: 'nn.ChannelShuffle(2)', ours: () => new nn.ChannelShuffle(2), inputs: image },
  {
    py: 'nn.Unfold(3, dilation=2, padding=(1, 2))',
    ours: () => new nn.Unfold(3, { dilation: 2, padding: [1, 2] }),
    inputs: image,
  },
  { py: 'nn.Fold((4, 5), 2)', ours: () => new nn.Fold([4, 5], 2), inputs: [[2, 8, 12]] },
  { py: 'nn.Upsample(scale_factor=2)', ours: () => new nn.Upsample({ scale_factor: 2 }), inputs: image },
  {
    py: 'nn.Upsample(size=(9, 7), mode="bicubic", align_corners=False)',
    ours: () => new nn.Upsample({ size: [9, 7], mode: 'bicubic', align_corners: false }),
    inputs: image,
  },
  {
    py: 'nn.Upsample(scale_factor=(1.5, 2.0), mode="bilinear", recompute_scale_factor=True)',
    ours: () => new nn.Upsample({ scale_factor: [1.5, 2], mode: 'bilinear', recompute_scale_factor: true }),
    inputs: image,
  },
  { py: 'nn.UpsamplingNearest2d(size=(9, 7))', ours: () => new nn.UpsamplingNearest2d([9, 7]), inputs: image },
  {
    py: 'nn.UpsamplingBilinear2d(scale_factor=1.5)',
    ours: () => new nn.UpsamplingBilinear2d({ scale_factor: 1.5 }),
    inputs: image,
  },
  { py: 'nn.Flatten()', ours: () => new nn.Flatten(), inputs: image },
  { py: 'nn.Flatten(0, -2)', ours: () => new nn.Flatten(0, -2), inputs: image },
  { py: 'nn.Unflatten(1, (2, 2))', ours: () => new nn.Unflatten(1, [2, 2]), inputs: rows },
  // Containers
  { py: 'nn.Sequential()', ours: () => new nn.Sequential(), inputs: rows },
  {
    py: 'nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))',
    ours: () => new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2)),
    inputs: rows,
  },
  {
    py: 'nn.Sequential(__import__("collections").OrderedDict(hidden=nn.Linear(4, 3), act=nn.Tanh()))',
    ours: () => new nn.Sequential({ hidden: new nn.Linear(4, 3), act: new nn.Tanh() }),
    inputs: rows,
  },
  {
    py: 'nn.Sequential(*[nn.Linear(4, 4) for _ in range(11)])',
    ours: () => new nn.Sequential(...Array.from({ length: 11 }, () => new nn.Linear(4, 4))),
    inputs: rows,
  },
  {
    py: '(lambda shared: nn.Sequential(shared, nn.ReLU(), shared))(nn.Linear(4, 4))',
    ours: () => {
      const shared = new nn.Linear(4, 4);
      return new nn.Sequential(shared, new nn.ReLU(), shared);
    },
    inputs: rows,
  },
  { py: 'nn.ModuleList()', ours: () => new nn.ModuleList(), inputs: null },
  {
    py: 'nn.ModuleList([nn.Linear(4, 4) for _ in range(3)] + [nn.ReLU()] + [nn.Sequential(nn.ReLU(), nn.ReLU())] * 2)',
    ours: () => {
      const tail = new nn.Sequential(new nn.ReLU(), new nn.ReLU());
      const linears = Array.from({ length: 3 }, () => new nn.Linear(4, 4));
      return new nn.ModuleList<nn.Module>([...linears, new nn.ReLU(), tail, tail]);
    },
    inputs: null,
  },
  {
    py: 'nn.ModuleDict({"conv": nn.Conv2d(1, 2, 3), "act": nn.ReLU()})',
    ours: () => new nn.ModuleDict<nn.Module>({ conv: new nn.Conv2d(1, 2, 3), act: new nn.ReLU() }),
    inputs: null,
  },
  {
    py: 'nn.ModuleDict([["2", nn.Linear(1, 2)], ["a", nn.ReLU()], ["1", nn.Linear(1, 1)]])',
    ours: () =>
      new nn.ModuleDict<nn.Module>([
        ['2', new nn.Linear(1, 2)],
        ['a', new nn.ReLU()],
        ['1', new nn.Linear(1, 1)],
      ]),
    inputs: null,
  },
  {
    py: 'nn.ParameterList([nn.Parameter(torch.ones(2, 3)), torch.zeros(4, dtype=torch.float64)])',
    ours: () => new nn.ParameterList([new nn.Parameter(torch.ones(2, 3)), torch.zeros(4, { dtype: torch.float64 })]),
    inputs: null,
  },
  { py: 'nn.ParameterList([torch.ones(2)])', ours: () => new nn.ParameterList([torch.ones(2)]), inputs: null },
  {
    py: 'nn.ParameterDict({"b": torch.ones(2), "a": torch.zeros(1, 3)})',
    ours: () => new nn.ParameterDict({ b: torch.ones(2), a: torch.zeros(1, 3) }),
    inputs: null,
  },
  {
    py: 'nn.Container(left=nn.Linear(1, 2), right=nn.ReLU())',
    ours: () => new nn.Container({ left: new nn.Linear(1, 2), right: new nn.ReLU() }),
    inputs: null,
  },
  { py: 'nn.DataParallel(nn.Linear(4, 3))', ours: () => new nn.DataParallel(new nn.Linear(4, 3)), inputs: rows },
  // Modules of one's own
  { py: net_py, ours: () => new Net(), inputs: [[2, 1, 4, 4]] },
  { py: child_py, ours: () => new Child(), inputs: null },
  {
    py: `nn.Sequential(${child_py}, nn.ModuleList([${child_py}, ${child_py}]))`,
    ours: () => new nn.Sequential(new Child(), new nn.ModuleList([new Child(), new Child()])),
    inputs: null,
  },
  {
    py: `(lambda m: (m.add_module("left", ${child_py}), m.add_module("right", None), m)[-1])(
    type("Empty", (nn.Module,), {})())`,
    ours: with_none,
    inputs: null,
  },
  { py: 'nn.Module()', ours: () => new nn.Module(), inputs: null },
];

let expected: Report[];

beforeAll(() => {
  expected = python<Report[]>('nn_modules.py', [
    cases.map(({ py, inputs, eval: evaluate }) => ({
      py,
      inputs,
      eval: evaluate ?? false,
    })),
  ]);
});

describe('modules, compared with Python', () => {
  it('has one answer for each case', () => {
    expect(expected.length).toBe(cases.length);
  });

  cases.forEach((test, i) => {
    const name = test.py.replace(/\s+/g, ' ').slice(0, 90);
    it(`${name}${test.eval ? ' (evaluation)' : ''}: text, state, numbers and gradients`, () => {
      const { repr, ...rest } = report(test);
      expect(repr).toBe(expected[i]!.repr);
      expect({ repr, ...rest }).toEqual(expected[i]);
    });
  });
});
