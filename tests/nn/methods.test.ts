/** Methods of modules beside a plain call, and their errors. */
import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, Tensor } from 'torch-node';

import { python } from '../reference.js';
import { answers, told } from './comparison.js';

const { functional: F } = nn;

/** Python code that sets `result`, and what must give the same after the same seed. */
type Case = [code: string, ours: () => unknown];

function adaptive(): nn.AdaptiveLogSoftmaxWithLoss {
  return new nn.AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8], { div_value: 2 });
}

const adaptive_py = 'm = nn.AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8], div_value=2.0); ';

/** The loss and its gradients, which the chunks compute along with it. */
function chunked(
  options: nn.LinearCrossEntropyChoices,
  dtype: torch.DType,
  loss: nn.LinearCrossEntropyLossOptions,
): Tensor[] {
  const module = new nn.LinearCrossEntropyLoss(6, 9, {
    bias: true,
    dtype,
    options: new nn.LinearCrossEntropyOptions(options),
    ...loss,
  });
  const x = torch.randn(7, 6).to(dtype).requires_grad_();
  const target = torch.randint(0, 9, [7]);
  const result = module(x, target);
  result.sum().backward();
  return [result, x.grad!, module.linear.weight.grad!, module.linear.bias!.grad!];
}

const chunked_py = (options: string, dtype: string, loss = ''): string => `
o = nn.LinearCrossEntropyOptions(${options})
m = nn.LinearCrossEntropyLoss(6, 9, bias=True, dtype=torch.${dtype}, options=o${loss})
x = torch.randn(7, 6).to(torch.${dtype}).requires_grad_()
y = m(x, torch.randint(0, 9, [7]))
y.sum().backward()
result = [t.float() for t in (y, x.grad, m.linear.weight.grad, m.linear.bias.grad)]`;

const cases: Case[] = [
  [`${adaptive_py}result = m.log_prob(torch.randn(5, 6))`, () => adaptive().log_prob(torch.randn(5, 6))],
  [`${adaptive_py}result = m.predict(torch.randn(9, 6))`, () => adaptive().predict(torch.randn(9, 6))],
  [`${adaptive_py}result = m.predict(torch.zeros(0, 6))`, () => adaptive().predict(torch.zeros([0, 6]))],
  [
    `${adaptive_py}m.reset_parameters(); result = list(m.parameters())`,
    () => {
      const module = adaptive();
      module.reset_parameters();
      return [...module.parameters()];
    },
  ],
  [
    `${adaptive_py}o = m(torch.randn(3, 6), torch.tensor([1, 5, 11])); result = [o.output, o.loss]`,
    () => {
      const { output, loss } = adaptive()(torch.randn(3, 6), torch.tensor([1, 5, 11]));
      return [output, loss];
    },
  ],
  [
    'm = nn.EmbeddingBag(10, 3, mode="sum"); i = torch.tensor([1, 2, 4, 5, 4, 3]); ' +
      'result = m(i, torch.tensor([0, 4]), per_sample_weights=torch.randn(6))',
    () => {
      const module = new nn.EmbeddingBag(10, 3, { mode: 'sum' });
      return module(torch.tensor([1, 2, 4, 5, 4, 3]), torch.tensor([0, 4]), { per_sample_weights: torch.randn(6) });
    },
  ],
  [
    'm = nn.EmbeddingBag(10, 3, include_last_offset=True); ' +
      'result = m(torch.tensor([1, 2, 4]), offsets=torch.tensor([0, 2, 3]))',
    () => {
      const module = new nn.EmbeddingBag(10, 3, { include_last_offset: true });
      return module(torch.tensor([1, 2, 4]), { offsets: torch.tensor([0, 2, 3]) });
    },
  ],
  [
    'o, i = nn.MaxPool2d(2, 2, return_indices=True)(torch.randn(1, 1, 5, 5)); ' +
      'result = nn.MaxUnpool2d(2, 2)(o, i, output_size=[5, 5])',
    () => {
      const [output, indices] = new nn.MaxPool2d(2, 2, { return_indices: true })(torch.randn(1, 1, 5, 5));
      return new nn.MaxUnpool2d(2, 2)(output, indices, { output_size: [5, 5] });
    },
  ],
  [
    'result = nn.ConvTranspose2d(1, 1, 3, 2)(torch.randn(1, 1, 3, 3), output_size=[8, 8])',
    () => new nn.ConvTranspose2d(1, 1, 3, 2)(torch.randn(1, 1, 3, 3), { output_size: [8, 8] }),
  ],
  [
    'result = nn.GRU(2, 3)(torch.randn(4, 1, 2), hx=torch.randn(1, 1, 3))',
    () => new nn.GRU(2, 3)(torch.randn(4, 1, 2), { hx: torch.randn(1, 1, 3) }),
  ],
  [
    'result = nn.LSTMCell(2, 3)(torch.randn(1, 2), hx=(torch.randn(1, 3), torch.randn(1, 3)))',
    () => new nn.LSTMCell(2, 3)(torch.randn(1, 2), { hx: [torch.randn(1, 3), torch.randn(1, 3)] }),
  ],
  [
    'result = F.grouped_mm(torch.randn(2, 4, 8), torch.randn(2, 8, 16))',
    () => F.grouped_mm(torch.randn(2, 4, 8), torch.randn(2, 8, 16)),
  ],
  [
    'result = F.grouped_mm(torch.randn(6, 8), torch.randn(2, 8, 16), offs=torch.tensor([2, 6], dtype=torch.int32))',
    () =>
      F.grouped_mm(torch.randn(6, 8), torch.randn(2, 8, 16), { offs: torch.tensor([2, 6], { dtype: torch.int32 }) }),
  ],
  [
    'e = torch.float8_e4m3fn; t = F.ScalingType.TensorWise; result = F.scaled_mm(torch.randn(16, 32).to(e), ' +
      'torch.randn(16, 32).to(e).t(), torch.full([1], 0.5), t, torch.ones(1), t, output_dtype=torch.float32)',
    () => {
      const { TensorWise } = F.ScalingType;
      const [a, b] = [torch.randn(16, 32), torch.randn(16, 32)].map((x) => x.to(torch.float8_e4m3fn)) as [
        Tensor,
        Tensor,
      ];
      return F.scaled_mm(a, b.t(), torch.full([1], 0.5), TensorWise, torch.ones(1), TensorWise, {
        output_dtype: torch.float32,
      });
    },
  ],
  ...(['accurate', 'balanced', 'compact'] as const).flatMap((acc_policy): Case[] => [
    [
      chunked_py(`acc_policy="${acc_policy}", batch_chunk_size=3`, 'float64'),
      () => chunked({ acc_policy, batch_chunk_size: 3 }, torch.float64, {}).map((t) => t.float()),
    ],
    [
      chunked_py(`acc_policy="${acc_policy}", acc_dtype=torch.float32, batch_chunk_size=3`, 'bfloat16'),
      () =>
        chunked({ acc_policy, acc_dtype: torch.float32, batch_chunk_size: 3 }, torch.bfloat16, {}).map((t) =>
          t.float(),
        ),
    ],
    [
      chunked_py(`acc_policy="${acc_policy}", acc_dtype=torch.float32`, 'float16', ', reduction="sum", ignore_index=3'),
      () =>
        chunked({ acc_policy, acc_dtype: torch.float32 }, torch.float16, { reduction: 'sum', ignore_index: 3 }).map(
          (t) => t.float(),
        ),
    ],
  ]),
  [
    chunked_py('', 'bfloat16', ', reduction="none", weight=torch.arange(9.0).bfloat16()'),
    () => chunked({}, torch.bfloat16, { reduction: 'none', weight: torch.arange(9).bfloat16() }).map((t) => t.float()),
  ],
];

let expected: unknown[];

beforeAll(() => {
  torch.set_num_threads(1);
  expected = python<unknown[]>('nn_functions.py', [cases.map(([code]) => code)]);
});

const all_told = (value: unknown): unknown => (value instanceof Tensor ? told(value) : (value as Tensor[]).map(told));

describe('modules beyond a plain call, compared with Python', () => {
  cases.forEach(([code, ours], i) => {
    it(code.trim().split('\n')[0]!, () => {
      torch.manual_seed(5);
      expect(all_told(ours())).toEqual(expected[i]);
    });
  });
});

describe('linear_cross_entropy in chunks', () => {
  const loss_of = (allow_retain_graph: boolean): Tensor => {
    const module = new nn.LinearCrossEntropyLoss(4, 3, {
      options: new nn.LinearCrossEntropyOptions({ allow_retain_graph }),
    });
    return module(torch.ones([2, 4]), torch.tensor([0, 1]));
  };

  it('goes back once, unless it was told to keep the gradients', () => {
    const once = loss_of(false);
    once.backward({ retain_graph: true });
    expect(() => once.backward()).toThrow(/chunked backward called twice/);
    const often = loss_of(true);
    often.backward({ retain_graph: true });
    often.backward();
  });

  it('takes its options as an object of their class only', () => {
    expect(() =>
      F.linear_cross_entropy(torch.ones([2, 4]), torch.ones([3, 4]), torch.tensor([0, 1]), {
        options: { batch_chunk_size: 2 } as unknown as nn.LinearCrossEntropyOptions,
      }),
    ).toThrow(/argument 'options' must be LinearCrossEntropyOptions, not dict/);
  });
});

describe('SyncBatchNorm.convert_sync_batchnorm', () => {
  it('puts synchronized normalizations with the same tensors instead of others', () => {
    const net = new nn.Sequential(
      new nn.Linear(3, 4),
      new nn.Sequential(new nn.BatchNorm1d(4)),
      new nn.InstanceNorm1d(4),
    );
    const { weight, running_mean } = (net[1] as nn.Sequential)[0] as nn.BatchNorm1d;
    net.eval();
    const before = net[1]!.state_dict();
    expect(nn.SyncBatchNorm.convert_sync_batchnorm(net)).toBe(net);
    const converted = (net[1] as nn.Sequential)[0] as nn.SyncBatchNorm;
    expect(converted).toBeInstanceOf(nn.SyncBatchNorm);
    expect(converted.weight).toBe(weight);
    expect(converted.running_mean).toBe(running_mean);
    expect(converted.training).toBe(false);
    expect(Object.keys(net[1]!.state_dict())).toEqual(Object.keys(before));
    expect(net[2]).toBeInstanceOf(nn.InstanceNorm1d);
  });

  it('gives the new module when the outermost one is a normalization', () => {
    const norm = new nn.BatchNorm2d(3, { affine: false, momentum: null });
    const converted = nn.SyncBatchNorm.convert_sync_batchnorm(norm);
    expect(String(converted)).toBe(String(norm).replace('BatchNorm2d', 'SyncBatchNorm'));
  });
});

describe('DataParallel', () => {
  it('calls the module, whose state has a prefix, when there are no devices', () => {
    const module = new nn.Linear(4, 3);
    const parallel = new nn.DataParallel(module);
    const x = torch.randn(2, 4);
    const output: Tensor = parallel(x);
    expect(torch.equal(output, module(x))).toBe(true);
    expect(Object.keys(parallel.state_dict())).toEqual(['module.weight', 'module.bias']);
    expect(parallel.device_ids).toEqual([]);
    expect(nn.parallel.DataParallel).toBe(nn.DataParallel);
  });
});

describe('mistakes', () => {
  const mistakes: [py: string, ours: () => unknown][] = [
    ['nn.AdaptiveLogSoftmaxWithLoss(4, 10, [])', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [])],
    ['nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3, 3])', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3, 3])],
    ['nn.AdaptiveLogSoftmaxWithLoss(4, 10, [10])', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [10])],
    [
      'nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(torch.ones(2, 4), torch.tensor([1, 12]))',
      () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(torch.ones([2, 4]), torch.tensor([1, 12])),
    ],
    [
      'nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(torch.ones(3, 4), torch.tensor([1, 1]))',
      () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(torch.ones([3, 4]), torch.tensor([1, 1])),
    ],
    [
      'nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(torch.ones(1, 4), torch.tensor(1))',
      () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(torch.ones([1, 4]), torch.tensor(1)),
    ],
    ['nn.CircularPad2d(1)(torch.ones(3, 3))', () => new nn.CircularPad2d(1)(torch.ones([3, 3]))],
    ['nn.CrossMapLRN2d(3)(torch.ones(3, 3))', () => new nn.CrossMapLRN2d(3)(torch.ones([3, 3]))],
    ['nn.EmbeddingBag(3, 2, padding_idx=3)', () => new nn.EmbeddingBag(3, 2, { padding_idx: 3 })],
    [
      'nn.EmbeddingBag(3, 2, _weight=torch.ones(2, 3))',
      () => new nn.EmbeddingBag(3, 2, { _weight: torch.ones([2, 3]) }),
    ],
    ['nn.EmbeddingBag.from_pretrained(torch.ones(3))', () => nn.EmbeddingBag.from_pretrained(torch.ones([3]))],
    ['nn.FractionalMaxPool2d(2)', () => new nn.FractionalMaxPool2d(2)],
    ['nn.FractionalMaxPool3d(0, 1)', () => new nn.FractionalMaxPool3d(0, 1)],
    ['nn.FractionalMaxPool2d(2, 3, 0.5)', () => new nn.FractionalMaxPool2d(2, 3, 0.5)],
    [
      'nn.FractionalMaxPool2d(2, output_ratio=(0.5, 1.5))',
      () => new nn.FractionalMaxPool2d(2, { output_ratio: [0.5, 1.5] }),
    ],
    ['nn.InstanceNorm2d(3)(torch.ones(3, 3))', () => new nn.InstanceNorm2d(3)(torch.ones([3, 3]))],
    [
      'nn.InstanceNorm1d(3, affine=True)(torch.ones(2, 4, 5))',
      () => new nn.InstanceNorm1d(3, { affine: true })(torch.ones([2, 4, 5])),
    ],
    [
      'nn.InstanceNorm1d(3).load_state_dict({"running_mean": torch.ones(3)})',
      () => new nn.InstanceNorm1d(3).load_state_dict({ running_mean: torch.ones(3) }),
    ],
    [
      'nn.LinearCrossEntropyOptions(acc_policy="fast")',
      () => new nn.LinearCrossEntropyOptions({ acc_policy: 'fast' as 'auto' }),
    ],
    [
      'nn.LinearCrossEntropyOptions(chunking_method="aspect_ratio:0")',
      () => new nn.LinearCrossEntropyOptions({ chunking_method: 'aspect_ratio:0' }),
    ],
    [
      'nn.LinearCrossEntropyOptions(batch_chunk_size=0)',
      () => new nn.LinearCrossEntropyOptions({ batch_chunk_size: 0 }),
    ],
    [
      'nn.LinearCrossEntropyOptions(acc_dtype=torch.int64)',
      () => new nn.LinearCrossEntropyOptions({ acc_dtype: torch.int64 }),
    ],
    [
      'nn.LinearCrossEntropyLoss(4, 3, options=nn.LinearCrossEntropyOptions(batch_chunk_size=2, ' +
        'chunking_method="aspect_ratio"))(torch.ones(6, 4), torch.ones(6, dtype=torch.int64))',
      () =>
        new nn.LinearCrossEntropyLoss(4, 3, {
          options: new nn.LinearCrossEntropyOptions({ batch_chunk_size: 2, chunking_method: 'aspect_ratio' }),
        })(torch.ones([6, 4]), torch.ones([6], { dtype: torch.int64 })),
    ],
    [
      'nn.LinearCrossEntropyLoss(4, 3, options=nn.LinearCrossEntropyOptions(acc_dtype=torch.float64))' +
        '(torch.ones(6, 4), torch.ones(6, dtype=torch.int64))',
      () =>
        new nn.LinearCrossEntropyLoss(4, 3, {
          options: new nn.LinearCrossEntropyOptions({ acc_dtype: torch.float64 }),
        })(torch.ones([6, 4]), torch.ones([6], { dtype: torch.int64 })),
    ],
    ['nn.MultiheadAttention(0, 1)', () => new nn.MultiheadAttention(0, 1)],
    ['nn.MultiheadAttention(5, 2)', () => new nn.MultiheadAttention(5, 2)],
    [
      'nn.MultiheadAttention(4, 2)(*[torch.ones(2, 1, 4)] * 3, key_padding_mask=torch.ones(1, 2, dtype=torch.int64))',
      () => {
        const x = torch.ones([2, 1, 4]);
        const key_padding_mask = torch.ones([1, 2], { dtype: torch.int64 });
        return new nn.MultiheadAttention(4, 2)(x, x, x, { key_padding_mask });
      },
    ],
    ['nn.MultiMarginLoss(3)', () => new nn.MultiMarginLoss(3)],
    ['nn.MultiMarginLoss(weight=torch.ones(2, 2))', () => new nn.MultiMarginLoss({ weight: torch.ones([2, 2]) })],
    ['nn.SyncBatchNorm(3)(torch.ones(3))', () => new nn.SyncBatchNorm(3)(torch.ones([3]))],
    ['nn.SyncBatchNorm(3)(torch.ones(2, 0))', () => new nn.SyncBatchNorm(3)(torch.ones([2, 0]))],
    [
      'nn.Transformer(8, 2, 1, 1, 8)(torch.ones(3, 2, 8), torch.ones(3, 1, 8))',
      () => new nn.Transformer(8, 2, 1, 1, 8)(torch.ones([3, 2, 8]), torch.ones([3, 1, 8])),
    ],
    [
      'nn.Transformer(8, 2, 1, 1, 8)(torch.ones(3, 2, 6), torch.ones(3, 2, 8))',
      () => new nn.Transformer(8, 2, 1, 1, 8)(torch.ones([3, 2, 6]), torch.ones([3, 2, 8])),
    ],
    [
      'nn.TransformerEncoderLayer(8, 2, activation="selu")',
      () => new nn.TransformerEncoderLayer(8, 2, { activation: 'selu' as 'relu' }),
    ],
    ['nn.TripletMarginWithDistanceLoss(margin=-1.0)', () => new nn.TripletMarginWithDistanceLoss({ margin: -1 })],
    ['nn.Upsample(2, 3)(torch.ones(1, 1, 4))', () => new nn.Upsample(2, 3)(torch.ones([1, 1, 4]))],
  ];

  it("are Errors with Python's words", () => {
    const texts = python<string[]>('nn_errors.py', [mistakes.map(([py]) => py)]);
    const ours = answers(mistakes.map(([, run]) => run));
    expect(mistakes.map(([py], i) => [py, ours[i]])).toEqual(mistakes.map(([py], i) => [py, texts[i]]));
  });

  it('of kind name the class, the argument and what came', () => {
    const x = torch.ones([2, 1, 4]);
    const wrong = 'wrong' as unknown;
    const layer = new nn.TransformerEncoderLayer(4, 2, 8);
    const kinds: [text: string, run: () => unknown][] = [
      [
        "ReflectionPad1d(): argument 'padding' must be int or list of ints, not str",
        () => new nn.ReflectionPad1d(wrong as number),
      ],
      [
        "MultiheadAttention(): argument 'num_heads' must be int, not str",
        () => new nn.MultiheadAttention(4, wrong as number),
      ],
      [
        "MultiheadAttention.forward(): argument 'key' must be Tensor, not str",
        () => new nn.MultiheadAttention(4, 2)(x, wrong as Tensor, x),
      ],
      [
        "MultiheadAttention.forward() got an unexpected keyword argument 'mask'",
        () => new nn.MultiheadAttention(4, 2)(x, x, x, { mask: x } as nn.AttentionOptions),
      ],
      [
        "TransformerEncoder(): argument 'num_layers' must be int, not str",
        () => new nn.TransformerEncoder(layer, wrong as number),
      ],
      ["'Linear' object has no attribute 'self_attn'", () => new nn.TransformerEncoder(new nn.Linear(4, 4), 1)(x)],
      [
        "LazyConv2d.forward(): argument 'input' must be Tensor, not str",
        () => new nn.LazyConv2d(4, 1)(wrong as Tensor),
      ],
      ["DataParallel(): argument 'module' must be Module, not str", () => new nn.DataParallel(wrong as nn.Module)],
      [
        "SyncBatchNorm.convert_sync_batchnorm(): argument 'module' must be Module, not str",
        () => nn.SyncBatchNorm.convert_sync_batchnorm(wrong as nn.Module),
      ],
      [
        "AdaptiveLogSoftmaxWithLoss(): argument 'cutoffs' must be list of floats, not str",
        () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, wrong as number[]),
      ],
      ["CrossMapLRN2d(): argument 'size' must be positive, not 0", () => new nn.CrossMapLRN2d(0)],
      [
        "TripletMarginWithDistanceLoss(): argument 'distance_function' must be a function, not str",
        () => new nn.TripletMarginWithDistanceLoss({ distance_function: wrong as () => Tensor }),
      ],
      [
        "LinearCrossEntropyLoss(): argument 'num_classes' must be int, not str",
        () => new nn.LinearCrossEntropyLoss(3, wrong as number),
      ],
      [
        "set_fastpath_enabled(): argument 'value' must be bool, not str",
        () => torch.backends.mha.set_fastpath_enabled(wrong as boolean),
      ],
    ];
    expect(answers(kinds.map(([, run]) => run))).toEqual(kinds.map(([text]) => text));
  });

  it('what a CPU cannot do is an Error', () => {
    const a = torch.randn(16, 32).to(torch.float8_e4m3fn);
    const one = torch.ones(1);
    expect(() => F.scaled_grouped_mm(a, a.t(), one, F.ScalingType.TensorWise, one, F.ScalingType.TensorWise)).toThrow(
      /Could not run 'aten::_scaled_grouped_mm_v2' with arguments from the 'CPU' backend/,
    );
  });
});
