/** Tensors, modules and arrays as text, compared with what Python prints. */
import { inspect } from 'node:util';

import * as torch from 'torch-node';
import { format, type NDArray, nn, python_repr, type Tensor } from 'torch-node';
import { describe, expect, it, vi } from 'vitest';

import { python } from './reference.js';

type Case = readonly [python: string, ours: () => string];

/** Expressions that are the same text here and in Python, up to the names of keyword arguments. */
const t = (expression: string, make: () => unknown): Case => [`repr(${expression})`, () => String(make())];
const options = { float64: { dtype: torch.float64 }, int32: { dtype: torch.int32 }, half: { dtype: torch.float16 } };
const grad = { requires_grad: true };
const { inf, nan } = { inf: Infinity, nan: NaN };

function with_options(settings: Parameters<typeof torch.set_printoptions>[0], make: () => Tensor): string {
  torch.set_printoptions(settings);
  try {
    return String(make());
  } finally {
    torch.set_printoptions({ profile: 'default' });
  }
}

function with_default(dtype: torch.DType, make: () => Tensor): string {
  torch.set_default_dtype(dtype);
  try {
    return String(make());
  } finally {
    torch.set_default_dtype(torch.float32);
  }
}

const z = (re: number, im: number): torch.Complex => new torch.Complex(re, im);

const tensors: Case[] = [
  t('torch.tensor([])', () => torch.tensor([])),
  t('torch.tensor(1)', () => torch.tensor(1)),
  t('torch.tensor(1.5)', () => torch.tensor(1.5)),
  t('torch.tensor(True)', () => torch.tensor(true)),
  t('torch.tensor([1, 2, 3])', () => torch.tensor([1, 2, 3])),
  t('torch.tensor([1., 2., 3.])', () => torch.tensor([1, 2, 3], { dtype: torch.float32 })),
  t('torch.tensor([1.5, -2, 3])', () => torch.tensor([1.5, -2, 3])),
  t('torch.tensor([-1, 10, 100])', () => torch.tensor([-1, 10, 100])),
  t('torch.tensor([True, False])', () => torch.tensor([true, false])),
  t('torch.tensor([[1, 2], [3, 4]], dtype=torch.int32)', () =>
    torch.tensor(
      [
        [1, 2],
        [3, 4],
      ],
      options.int32,
    ),
  ),
  t('torch.tensor([1, 255], dtype=torch.uint8)', () => torch.tensor([1, 255], { dtype: torch.uint8 })),
  t('torch.tensor([1, -128], dtype=torch.int8)', () => torch.tensor([1, -128], { dtype: torch.int8 })),
  t('torch.tensor([1, -300], dtype=torch.int16)', () => torch.tensor([1, -300], { dtype: torch.int16 })),
  t('torch.tensor([2**62, 1])', () => torch.tensor([2n ** 62n, 1n])),
  t('torch.tensor([1.5, 2], dtype=torch.float64)', () => torch.tensor([1.5, 2], options.float64)),
  t('torch.tensor([1.5, 2], dtype=torch.float16)', () => torch.tensor([1.5, 2], options.half)),
  t('torch.tensor([1.5, 2.125], dtype=torch.bfloat16)', () => torch.tensor([1.5, 2.125], { dtype: torch.bfloat16 })),
  t('torch.tensor([1e-5, 1])', () => torch.tensor([1e-5, 1])),
  t('torch.tensor([1e5, 1.5])', () => torch.tensor([1e5, 1.5])),
  t('torch.tensor([1e10, 1.])', () => torch.tensor([1e10, 1], { dtype: torch.float32 })),
  t('torch.tensor([1e9, 2e9])', () => torch.tensor([1e9, 2e9], { dtype: torch.float32 })),
  t('torch.tensor([123456789.0])', () => torch.tensor([123456789], { dtype: torch.float32 })),
  t('torch.tensor([0.00012345, 0.1])', () => torch.tensor([0.00012345, 0.1])),
  t('torch.tensor([0.1, 0.25, 0.125, 0.0625, 0.03125])', () => torch.tensor([0.1, 0.25, 0.125, 0.0625, 0.03125])),
  t('torch.tensor([inf, -inf, nan, 1.5])', () => torch.tensor([inf, -inf, nan, 1.5])),
  t('torch.tensor([inf, 1.])', () => torch.tensor([inf, 1])),
  t('torch.tensor([nan])', () => torch.tensor([nan])),
  t('torch.tensor([nan, nan])', () => torch.tensor([nan, nan])),
  t('torch.tensor([-0., 0.])', () => torch.tensor([-0, 0], { dtype: torch.float32 })),
  t('torch.tensor([0.99999, 1.00001])', () => torch.tensor([0.99999, 1.00001])),
  t('torch.tensor([1e-45, 1.])', () => torch.tensor([1e-45, 1])),
  t('torch.tensor([3.4e38, -3.4e38])', () => torch.tensor([3.4e38, -3.4e38])),
  t('torch.tensor([1e300, 1e-300], dtype=torch.float64)', () => torch.tensor([1e300, 1e-300], options.float64)),
  t('torch.tensor([1+2j, -1.5j])', () => torch.tensor([z(1, 2), z(-0, -1.5)])),
  t('torch.tensor([1+2j, 3-4j])', () => torch.tensor([z(1, 2), z(3, -4)])),
  t('torch.tensor([complex(nan, 1), complex(inf, -inf)])', () => torch.tensor([z(nan, 1), z(inf, -inf)])),
  t('torch.tensor([1+1e-6j])', () => torch.tensor([z(1, 1e-6)])),
  t('torch.tensor(2-1j, dtype=torch.complex128)', () => torch.tensor(z(2, -1), { dtype: torch.complex128 })),
  t('torch.zeros(2, 3)', () => torch.zeros(2, 3)),
  t('torch.zeros(2, 0)', () => torch.zeros(2, 0)),
  t('torch.zeros(0, 3, dtype=torch.int64)', () => torch.zeros(0, 3, { dtype: torch.int64 })),
  t('torch.zeros(0, dtype=torch.int64)', () => torch.zeros(0, { dtype: torch.int64 })),
  t('torch.zeros(2, 3, 4)', () => torch.zeros(2, 3, 4)),
  t('torch.zeros(1, 1, 1, 1)', () => torch.zeros(1, 1, 1, 1)),
  t('torch.ones(2, 2, dtype=torch.bool)', () => torch.ones(2, 2, { dtype: torch.bool })),
  t('torch.eye(4)', () => torch.eye(4)),
  t('torch.eye(3).double()', () => torch.eye(3).double()),
  t('torch.arange(30)', () => torch.arange(30)),
  t('torch.arange(30.)', () => torch.arange(30, { dtype: torch.float32 })),
  t('torch.arange(1000)', () => torch.arange(1000)),
  t('torch.arange(1001)', () => torch.arange(1001)),
  t('torch.arange(2000.)', () => torch.arange(2000, { dtype: torch.float32 })),
  t('torch.arange(10000).view(100, 100)', () => torch.arange(10000).view(100, 100)),
  t('torch.arange(10000).view(10, 10, 100)', () => torch.arange(10000).view(10, 10, 100)),
  t('torch.arange(2400).view(2, 2, 6, 100)', () => torch.arange(2400).view(2, 2, 6, 100)),
  t('torch.arange(2400).view(600, 4)', () => torch.arange(2400).view(600, 4)),
  t('torch.arange(2000.).mul(1e-3).view(2, 1000)', () =>
    torch.arange(2000, { dtype: torch.float32 }).mul(1e-3).view(2, 1000),
  ),
  t('torch.linspace(0, 1, 11)', () => torch.linspace(0, 1, 11)),
  t('torch.linspace(-1000, 1000, 7)', () => torch.linspace(-1000, 1000, 7)),
  t('torch.logspace(-6, 6, 5)', () => torch.logspace(-6, 6, 5)),
  t('torch.full((2, 2), 3.14159265)', () => torch.full([2, 2], 3.14159265)),
  t('torch.full((3,), 7)', () => torch.full([3], 7)),
  t('torch.arange(12).view(3, 4).t()', () => torch.arange(12).view(3, 4).t()),
  t('torch.arange(24).view(2, 3, 4)[:, 1]', () => torch.arange(24).view(2, 3, 4).index(':', 1)),
  t('torch.ones(2, requires_grad=True)', () => torch.ones(2, grad)),
  t('torch.ones(2, requires_grad=True) + 1', () => torch.ones(2, grad).add(1)),
  t('(torch.ones(2, 2, requires_grad=True) * 2).sum()', () => torch.ones(2, 2, grad).mul(2).sum()),
  t('torch.ones(2, 2, requires_grad=True).view(4)', () => torch.ones(2, 2, grad).view(4)),
  t('torch.ones(2, 2, requires_grad=True)[0]', () => torch.ones(2, 2, grad).index(0)),
  t('torch.ones(2, 2, requires_grad=True).mm(torch.ones(2, 2)).relu()', () =>
    torch.ones(2, 2, grad).mm(torch.ones(2, 2)).relu(),
  ),
  t('torch.ones(20, requires_grad=True).exp().mul(1.5)', () => torch.ones(20, grad).exp().mul(1.5)),
  t('torch.ones(2, dtype=torch.float64, requires_grad=True).log_softmax(0)', () =>
    torch.ones(2, { ...options.float64, ...grad }).log_softmax(0),
  ),
  t('torch.ones(2, requires_grad=True).detach()', () => torch.ones(2, grad).detach()),
  t('torch.ones(2, requires_grad=True).clone().detach().requires_grad_()', () =>
    torch.ones(2, grad).clone().detach().requires_grad_(),
  ),
  t('nn.Parameter(torch.ones(2, 2))', () => new nn.Parameter(torch.ones(2, 2))),
  t(
    'nn.Parameter(torch.arange(3), requires_grad=False)',
    () => new nn.Parameter(torch.arange(3), { requires_grad: false }),
  ),
  t("torch.zeros(2, 3, device='meta')", () => torch.zeros(2, 3, { device: 'meta' })),
  t("torch.zeros(2, device='meta', dtype=torch.int64)", () => torch.zeros(2, { device: 'meta', dtype: torch.int64 })),
  t("torch.zeros((), device='meta', requires_grad=True)", () =>
    torch.zeros([], { device: 'meta', requires_grad: true }),
  ),
  t('torch.eye(2).to_sparse()', () => torch.eye(2).to_sparse()),
  t('torch.eye(2, dtype=torch.float64).to_sparse()', () => torch.eye(2, options.float64).to_sparse()),
  t('torch.zeros(2, 2).to_sparse()', () => torch.zeros(2, 2).to_sparse()),
  t('torch.eye(3).to_sparse_csr()', () => torch.eye(3).to_sparse_csr()),
  t('torch.eye(3).to_sparse_csc()', () => torch.eye(3).to_sparse_csc()),
  t('torch.manual_seed(3).initial_seed()', () => torch.manual_seed(3).initial_seed()),
  t('torch.rand(3, 4, generator=torch.Generator().manual_seed(1))', () =>
    torch.rand([3, 4], { generator: new torch.Generator().manual_seed(1) }),
  ),
  t('torch.randn(5, 5, generator=torch.Generator().manual_seed(1))', () =>
    torch.randn([5, 5], { generator: new torch.Generator().manual_seed(1) }),
  ),
  t('torch.randn(40, 40, generator=torch.Generator().manual_seed(2)) * 1e4', () =>
    torch.randn([40, 40], { generator: new torch.Generator().manual_seed(2) }).mul(1e4),
  ),
  t('torch.randn(3, 30, generator=torch.Generator().manual_seed(2)).exp()', () =>
    torch.randn([3, 30], { generator: new torch.Generator().manual_seed(2) }).exp(),
  ),
  t('torch.randn(2, 3, dtype=torch.complex64, generator=torch.Generator().manual_seed(2))', () =>
    torch.randn([2, 3], { dtype: torch.complex64, generator: new torch.Generator().manual_seed(2) }),
  ),
  t('torch.randint(0, 9, (4, 20), generator=torch.Generator().manual_seed(2))', () =>
    torch.randint(0, 9, [4, 20], { generator: new torch.Generator().manual_seed(2) }),
  ),
  t('torch.max(torch.tensor([[1., 2.5], [4., 3.]]), 1)', () =>
    torch.max(
      torch.tensor([
        [1, 2.5],
        [4, 3],
      ]),
      1,
    ),
  ),
  t('torch.linalg.eigh(torch.eye(2))', () => torch.linalg.eigh(torch.eye(2))),
  t('torch.ones(2, 3).shape', () => torch.ones(2, 3).shape),
  t('torch.ones(2).dtype', () => torch.ones(2).dtype),
  ["str(torch.device('cuda', 1))", () => String(torch.device('cuda', 1))],
  ['str(torch.strided) + str(torch.channels_last)', () => String(torch.strided) + String(torch.channels_last)],
  [
    'with_options(lambda: torch.tensor([1/3]), precision=8)',
    () => with_options({ precision: 8 }, () => torch.tensor([1 / 3])),
  ],
  [
    'with_options(lambda: torch.arange(40.), threshold=10, edgeitems=2)',
    () => with_options({ threshold: 10, edgeitems: 2 }, () => torch.arange(40, { dtype: torch.float32 })),
  ],
  [
    'with_options(lambda: torch.arange(40.).view(5, 8), threshold=10, edgeitems=1)',
    () => with_options({ threshold: 10, edgeitems: 1 }, () => torch.arange(40, { dtype: torch.float32 }).view(5, 8)),
  ],
  [
    'with_options(lambda: torch.arange(40.), linewidth=40)',
    () => with_options({ linewidth: 40 }, () => torch.arange(40, { dtype: torch.float32 })),
  ],
  [
    'with_options(lambda: torch.tensor([1., 2.5]), sci_mode=True)',
    () => with_options({ sci_mode: true }, () => torch.tensor([1, 2.5])),
  ],
  [
    'with_options(lambda: torch.tensor([1e-9, 2.5]), sci_mode=False)',
    () => with_options({ sci_mode: false }, () => torch.tensor([1e-9, 2.5])),
  ],
  [
    "with_options(lambda: torch.linspace(0, 1, 2000), profile='short')",
    () => with_options({ profile: 'short' }, () => torch.linspace(0, 1, 2000)),
  ],
  [
    "with_options(lambda: torch.arange(1200), profile='full')",
    () => with_options({ profile: 'full' }, () => torch.arange(1200)),
  ],
  [
    'with_default(torch.float64, lambda: torch.tensor([1.5]))',
    () => with_default(torch.float64, () => torch.tensor([1.5])),
  ],
  [
    'with_default(torch.float64, lambda: torch.ones(1, dtype=torch.float32))',
    () => with_default(torch.float64, () => torch.ones(1, { dtype: torch.float32 })),
  ],
];

const modules: Case[] = [
  t('nn.Linear(3, 4)', () => new nn.Linear(3, 4)),
  t('nn.Linear(3, 4, bias=False)', () => new nn.Linear(3, 4, { bias: false })),
  t('nn.LSTM(28, 64, 1, batch_first=True)', () => new nn.LSTM(28, 64, 1, { batch_first: true })),
  t(
    'nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2)',
    () => new nn.LSTM(3, 4, { num_layers: 2, bidirectional: true, proj_size: 2 }),
  ),
  t('nn.GRU(3, 4, 2, dropout=0.5)', () => new nn.GRU(3, 4, 2, { dropout: 0.5 })),
  t("nn.RNN(3, 4, nonlinearity='relu', bias=False)", () => new nn.RNN(3, 4, { nonlinearity: 'relu', bias: false })),
  t('nn.Sequential()', () => new nn.Sequential()),
  t(
    'nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Dropout(0.25))',
    () => new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Dropout(0.25)),
  ),
  t(
    'nn.Sequential(nn.Sequential(nn.Linear(2, 3)), nn.Sequential(nn.Tanh(), nn.Flatten()))',
    () => new nn.Sequential(new nn.Sequential(new nn.Linear(2, 3)), new nn.Sequential(new nn.Tanh(), new nn.Flatten())),
  ),
  t(
    'nn.ModuleList([nn.Linear(2, 3), nn.Linear(2, 3), nn.ReLU()])',
    () => new nn.ModuleList([new nn.Linear(2, 3), new nn.Linear(2, 3), new nn.ReLU()]),
  ),
  t('nn.CrossEntropyLoss()', () => new nn.CrossEntropyLoss()),
  t('nn.MSELoss()', () => new nn.MSELoss()),
  t('nn.Conv2d(1, 16, 3, stride=2, padding=1)', () => new nn.Conv2d(1, 16, 3, { stride: 2, padding: 1 })),
  t(
    "nn.Conv2d(1, 16, (3, 5), padding='same', bias=False, groups=1)",
    () => new nn.Conv2d(1, 16, [3, 5], { padding: 'same', bias: false, groups: 1 }),
  ),
  t('nn.Conv1d(4, 8, 3, dilation=2, groups=2)', () => new nn.Conv1d(4, 8, 3, { dilation: 2, groups: 2 })),
  t('nn.MaxPool2d(2)', () => new nn.MaxPool2d(2)),
  t('nn.AvgPool2d(3, stride=2)', () => new nn.AvgPool2d(3, { stride: 2 })),
  t('nn.BatchNorm2d(16)', () => new nn.BatchNorm2d(16)),
  t('nn.LayerNorm([3, 4])', () => new nn.LayerNorm([3, 4])),
  t('nn.Embedding(10, 3, padding_idx=0)', () => new nn.Embedding(10, 3, { padding_idx: 0 })),
  t('nn.LeakyReLU(0.2)', () => new nn.LeakyReLU(0.2)),
  t('nn.Softmax(dim=1)', () => new nn.Softmax({ dim: 1 })),
  t('nn.ELU(alpha=1e-05)', () => new nn.ELU({ alpha: 1e-5 })),
  t('nn.Identity()', () => new nn.Identity()),
];

const f32 = { dtype: torch.float32 };
const a = (expression: string, make: () => NDArray): Case[] => [
  [`str(${expression})`, () => String(make())],
  [`repr(${expression})`, () => inspect(make())],
];
const arrays: Case[] = [
  a('torch.tensor([7, 2, 1, 0]).numpy()', () => torch.tensor([7, 2, 1, 0]).numpy()),
  a('torch.arange(60).numpy()', () => torch.arange(60).numpy()),
  a('torch.arange(-5, 2000).numpy()', () => torch.arange(-5, 2000).numpy()),
  a('torch.arange(12.).view(3, 4).numpy()', () => torch.arange(12, f32).view(3, 4).numpy()),
  a('torch.arange(24).view(2, 3, 4).numpy()', () => torch.arange(24).view(2, 3, 4).numpy()),
  a('torch.arange(12).view(3, 4).numpy().T', () => torch.arange(12).view(3, 4).numpy().T),
  a('torch.arange(3000).view(30, 100).numpy()', () => torch.arange(3000).view(30, 100).numpy()),
  a('torch.tensor([True, False]).numpy()', () => torch.tensor([true, false]).numpy()),
  a('torch.tensor(True).numpy()', () => torch.tensor(true).numpy()),
  a('torch.tensor(3).numpy()', () => torch.tensor(3).numpy()),
  a('torch.tensor(0.1).numpy()', () => torch.tensor(0.1).numpy()),
  a('torch.tensor(1e-7, dtype=torch.float64).numpy()', () => torch.tensor(1e-7, options.float64).numpy()),
  a('torch.tensor([0.1, 0.25, 1/3]).numpy()', () => torch.tensor([0.1, 0.25, 1 / 3]).numpy()),
  a('torch.tensor([0.1, 0.25, 1/3], dtype=torch.float64).numpy()', () =>
    torch.tensor([0.1, 0.25, 1 / 3], options.float64).numpy(),
  ),
  a('torch.tensor([0.1, 0.25, 1/3], dtype=torch.float16).numpy()', () =>
    torch.tensor([0.1, 0.25, 1 / 3], options.half).numpy(),
  ),
  a('torch.tensor([1e-5, 1.25]).numpy()', () => torch.tensor([1e-5, 1.25]).numpy()),
  a('torch.tensor([1e10, 1.]).numpy()', () => torch.tensor([1e10, 1], f32).numpy()),
  a('torch.tensor([1e200, -1e-200], dtype=torch.float64).numpy()', () =>
    torch.tensor([1e200, -1e-200], options.float64).numpy(),
  ),
  a('torch.tensor([inf, -inf, nan, 1.]).numpy()', () => torch.tensor([inf, -inf, nan, 1]).numpy()),
  a('torch.tensor([nan, nan]).numpy()', () => torch.tensor([nan, nan]).numpy()),
  a('torch.tensor([-0., 0.]).numpy()', () => torch.tensor([-0, 0], f32).numpy()),
  a('torch.zeros(0, 3).numpy()', () => torch.zeros(0, 3).numpy()),
  a('torch.zeros(0).numpy()', () => torch.zeros(0).numpy()),
  a('torch.tensor([1+2j, -1.5j]).numpy()', () => torch.tensor([z(1, 2), z(-0, -1.5)]).numpy()),
  a('torch.tensor(1+2j).numpy()', () => torch.tensor(z(1, 2)).numpy()),
  a('torch.tensor([1, 2], dtype=torch.uint8).numpy()', () => torch.tensor([1, 2], { dtype: torch.uint8 }).numpy()),
  a('torch.randn(5, 5, generator=torch.Generator().manual_seed(1)).numpy()', () =>
    torch.randn([5, 5], { generator: new torch.Generator().manual_seed(1) }).numpy(),
  ),
  a('torch.randn(5, 50, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).numpy()', () =>
    torch.randn([5, 50], { dtype: torch.float64, generator: new torch.Generator().manual_seed(1) }).numpy(),
  ),
  a('torch.randn(60, 60, generator=torch.Generator().manual_seed(1)).exp().exp().numpy()', () =>
    torch
      .randn([60, 60], { generator: new torch.Generator().manual_seed(1) })
      .exp()
      .exp()
      .numpy(),
  ),
  a('torch.linspace(0, 1, 2000).numpy()', () => torch.linspace(0, 1, 2000).numpy()),
].flat();

const p = (template: string, ...values: [python: string, ours: unknown][]): Case => [
  `${JSON.stringify(template)} % (${values.map(([text]) => `${text},`).join(' ')})`,
  () => format(template, ...values.map(([, value]) => value)),
];
const texts: Case[] = [
  p('| train loss: %.4f', ['2.29921', 2.29921]),
  p('%d of %i', ['3', 3], ['7.9', 7.9]),
  p('%5d|%-5d|%05d', ['-3', -3], ['4', 4], ['-5', -5]),
  p('%+.2f %+d', ['1.005', 1.005], ['3', 3]),
  p('%e %.3e %E', ['12345.678', 12345.678], ['1e-7', 1e-7], ['0.5', 0.5]),
  p('%g %g %g %g', ['0.0001', 0.0001], ['1e-05', 1e-5], ['123456789.0', 123456789], ['100000.0', 100000]),
  p('%.3g %#g %G', ['1234.5', 1234.5], ['1.5', 1.5], ['1e-10', 1e-10]),
  p('%f %f', ['inf', inf], ['nan', nan]),
  p('%s and %r', ["'a'", 'a'], ['"it\'s"', "it's"]),
  p('%x %X %#x %o', ['255', 255], ['255', 255], ['-255', -255], ['8', 8]),
  p('100%% %s', ['None', null]),
  p('%8.3f|%-8.2f|%08.2f', ['3.14159', Math.PI], ['2.5', 2.5], ['-2.5', -2.5]),
  p('%.0f %.0f %.1f', ['0.5', 0.5], ['1.5', 1.5], ['0.25', 0.25]),
  p('%s', ['[1, 2.5, None, True]', [1, 2.5, null, true]]),
  p('%.2s|%5s', ["'abc'", 'abc'], ["'ab'", 'ab']),
  p('%d', ['2**70', 2n ** 70n]),
  p('%s', ['torch.tensor([1, 2])', torch.tensor([1, 2])]),
  p('%.2f', ['torch.tensor(1.234).item()', torch.tensor(1.234).item()]),
  ["repr({'a': [1.5, 'b'], 'c': None})", () => python_repr({ a: [1.5, 'b'], c: null })],
  ['repr({1, 2})', () => python_repr(new Set([1, 2]))],
  [String.raw`repr('tab\t "quoted" \x01 \\')`, () => python_repr('tab\t "quoted" \x01 \\')],
  ['repr(1e16) + repr(0.1) + repr(1e-5) + repr(-1.5e300)', () => [1e16, 0.1, 1e-5, -1.5e300].map(python_repr).join('')],
];

function check(cases: readonly Case[]): void {
  const expected = python<string[]>('printing.py', [cases.map(([text]) => text)]);
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect(ours()).toBe(expected[i]);
    });
  });
}

describe('tensors print as in Python', () => {
  check(tensors);
});
describe('modules print as in Python', () => {
  check(modules);
});
describe('arrays print as in numpy', () => {
  check(arrays);
});
describe('% formats as in Python', () => {
  check(texts);

  it('refuses what Python refuses', () => {
    expect(() => format('%d')).toThrow(/not enough arguments/);
    expect(() => format('a', 1)).toThrow(/not all arguments converted/);
    expect(() => format('%d', 'a')).toThrow(/%d format: a real number is required, not str/);
    expect(() => format('%d', inf)).toThrow(/cannot convert float infinity to integer/);
  });
});

describe('print', () => {
  function printed(...values: unknown[]): string {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    try {
      torch.print(...values);
      return write.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      write.mockRestore();
    }
  }

  it('puts spaces between values, and formats texts with the values that follow', () => {
    expect(printed('Epoch: ', 0, '| train loss: %.4f', 2.29921, '| test accuracy: %.2f', 0.21)).toBe(
      'Epoch:  0 | train loss: 2.2992 | test accuracy: 0.21\n',
    );
    expect(printed(torch.tensor([7, 2]).numpy(), 'prediction number')).toBe('[7 2] prediction number\n');
    expect(printed(null, true, [1, 'a'], torch.ones(2))).toBe("None True [1, 'a'] tensor([1., 1.])\n");
    expect(printed()).toBe('\n');
  });

  it('leaves a text alone that has no conversion, or nothing after it', () => {
    expect(printed('100%', 3)).toBe('100% 3\n');
    expect(printed('%d')).toBe('%d\n');
    expect(printed('50% done', 3)).toBe('50% done 3\n');
  });

  it('takes sep and end', () => {
    expect(printed(1, 2, { sep: '-', end: '' })).toBe('1-2');
    expect(printed({ a: 1 })).toBe("{'a': 1}\n");
  });

  it("writes a text as it stands when its conversions do not fit the values, as Python's print", () => {
    const cases: [code: string, values: unknown[]][] = [
      ["'%d', 'a'", ['%d', 'a']],
      ["'%d of %d', 1", ['%d of %d', 1]],
      ["'%s is %d', 'x', 'y'", ['%s is %d', 'x', 'y']],
      ["'%s is %d', 'x'", ['%s is %d', 'x']],
      ["'%x', 1.5, '%%'", ['%x', 1.5, '%%']],
      ["'%c', 'ab'", ['%c', 'ab']],
      ["'%*d', 'a', 3", ['%*d', 'a', 3]],
      ["'%d', None", ['%d', null]],
      ["'%d', [1]", ['%d', [1]]],
      ["'%d', float('inf')", ['%d', Infinity]],
      ["'%.1f', torch.ones(2)", ['%.1f', torch.ones(2)]],
      ["'%%', 5", ['%%', 5]],
      ["'100%%', 5, '%d'", ['100%%', 5, '%d']],
    ];
    const theirs = python<string[][]>('snippets.py', [
      cases.map(
        ([code]) => `
import io
out = io.StringIO()
print(${code}, file=out)
show(out.getvalue())`,
      ),
    ]);
    expect(cases.map(([, values]) => [printed(...values)])).toEqual(theirs);
  });

  it('goes on behind such a text', () => {
    expect(printed('%d', 'a', '%d', 3)).toBe('%d a 3\n');
    expect(printed('%d%% of %s', 50, 'all')).toBe('50% of all\n');
  });
});
