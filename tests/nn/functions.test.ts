import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, Tensor } from 'torch-node';

import { python } from '../reference.js';
import { answers, told } from './comparison.js';

const { functional: F, init, utils } = nn;

/** Python code that sets `result`, and what must give the same after the same seed. */
type Case = [code: string, ours: () => unknown];

const filled: Case[] = [
  ['result = init.uniform_(torch.empty(3, 4))', () => init.uniform_(torch.empty(3, 4))],
  ['result = init.uniform_(torch.empty(3, 4), -2, 3)', () => init.uniform_(torch.empty(3, 4), -2, 3)],
  ['result = init.normal_(torch.empty(5, 7), std=0.5)', () => init.normal_(torch.empty(5, 7), { std: 0.5 })],
  [
    'result = init.normal_(torch.empty(5), 1, 2, generator=torch.Generator().manual_seed(9))',
    () => init.normal_(torch.empty(5), 1, 2, { generator: new torch.Generator().manual_seed(9) }),
  ],
  ['result = init.constant_(torch.empty(2), 0.3)', () => init.constant_(torch.empty(2), 0.3)],
  ['result = init.ones_(torch.empty(2))', () => init.ones_(torch.empty(2))],
  ['result = init.zeros_(torch.ones(2))', () => init.zeros_(torch.ones(2))],
  ['result = init.eye_(torch.ones(3, 5))', () => init.eye_(torch.ones(3, 5))],
  ['result = init.dirac_(torch.ones(4, 2, 3), 2)', () => init.dirac_(torch.ones(4, 2, 3), 2)],
  ['result = init.dirac_(torch.ones(2, 3, 3, 4))', () => init.dirac_(torch.ones(2, 3, 3, 4))],
  ['result = init.dirac_(torch.ones(2, 2, 3, 3, 3))', () => init.dirac_(torch.ones(2, 2, 3, 3, 3))],
  [
    'result = init.xavier_uniform_(torch.empty(3, 5), gain=init.calculate_gain("relu"))',
    () => init.xavier_uniform_(torch.empty(3, 5), { gain: init.calculate_gain('relu') }),
  ],
  ['result = init.xavier_normal_(torch.empty(3, 5, 2), 0.7)', () => init.xavier_normal_(torch.empty(3, 5, 2), 0.7)],
  [
    'result = init.kaiming_uniform_(torch.empty(3, 5), mode="fan_out", nonlinearity="relu")',
    () => init.kaiming_uniform_(torch.empty(3, 5), { mode: 'fan_out', nonlinearity: 'relu' }),
  ],
  ['result = init.kaiming_uniform_(torch.empty(3, 5), 0.2)', () => init.kaiming_uniform_(torch.empty(3, 5), 0.2)],
  ['result = init.kaiming_normal_(torch.empty(3, 5, 2, 2))', () => init.kaiming_normal_(torch.empty(3, 5, 2, 2))],
  ['result = init.trunc_normal_(torch.empty(50, 50))', () => init.trunc_normal_(torch.empty(50, 50))],
  [
    'result = init.trunc_normal_(torch.empty(20, 20), mean=0.5, std=0.02)',
    () => init.trunc_normal_(torch.empty(20, 20), { mean: 0.5, std: 0.02 }),
  ],
  [
    'result = init.trunc_normal_(torch.empty(20, 20), 0.0, 1.0, 1.5, 2.0)',
    () => init.trunc_normal_(torch.empty(20, 20), 0, 1, 1.5, 2),
  ],
  [
    'result = init.trunc_normal_(torch.empty(20, 20, dtype=torch.float64), 0.0, 1.0, -0.1, 0.1, torch.Generator().manual_seed(2))',
    () =>
      init.trunc_normal_(
        torch.empty(20, 20, { dtype: torch.float64 }),
        0,
        1,
        -0.1,
        0.1,
        new torch.Generator().manual_seed(2),
      ),
  ],
  ['result = init.orthogonal_(torch.empty(3, 5))', () => init.orthogonal_(torch.empty(3, 5))],
  [
    'result = init.orthogonal_(torch.empty(5, 2, 2), gain=2)',
    () => init.orthogonal_(torch.empty(5, 2, 2), { gain: 2 }),
  ],
  ['result = init.sparse_(torch.empty(10, 4), sparsity=0.3)', () => init.sparse_(torch.empty(10, 4), 0.3)],
  [
    'result = [init.calculate_gain(n) for n in ["linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]]',
    () =>
      (['linear', 'conv2d', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'] as const).map((name) =>
        init.calculate_gain(name),
      ),
  ],
  [
    'result = [init.calculate_gain("leaky_relu", p) for p in [0, 0.2, 1, 5 ** 0.5]]',
    () => [0, 0.2, 1, Math.sqrt(5)].map((slope) => init.calculate_gain('leaky_relu', slope)),
  ],
];

const computed: Case[] = [
  ['result = F.linear(torch.randn(2, 3), torch.randn(4, 3))', () => F.linear(torch.randn(2, 3), torch.randn(4, 3))],
  ['result = F.relu(torch.randn(9), inplace=True)', () => F.relu(torch.randn(9), { inplace: true })],
  [
    'result = F.softmax(torch.randn(2, 3), 1, dtype=torch.float64)',
    () => F.softmax(torch.randn(2, 3), 1, { dtype: torch.float64 }),
  ],
  ['result = F.gumbel_softmax(torch.randn(2, 3), tau=0.5)', () => F.gumbel_softmax(torch.randn(2, 3), { tau: 0.5 })],
  ['result = F.gumbel_softmax(torch.randn(2, 3), hard=True)', () => F.gumbel_softmax(torch.randn(2, 3), 1, true)],
  ['result = F.dropout(torch.randn(9), 0.3)', () => F.dropout(torch.randn(9), 0.3)],
  ['result = F.dropout(torch.randn(9), training=False)', () => F.dropout(torch.randn(9), { training: false })],
  [
    'result = F.cross_entropy(torch.randn(3, 4), torch.tensor([0, 3, 1]), label_smoothing=0.2)',
    () => F.cross_entropy(torch.randn(3, 4), torch.tensor([0, 3, 1]), { label_smoothing: 0.2 }),
  ],
  [
    'result = F.nll_loss(torch.randn(3, 4), torch.tensor([0, 3, 1]), torch.rand(4), reduction="sum")',
    () => F.nll_loss(torch.randn(3, 4), torch.tensor([0, 3, 1]), torch.rand(4), { reduction: 'sum' }),
  ],
  [
    'result = F.mse_loss(torch.randn(3), torch.randn(3), weight=torch.rand(3))',
    () => F.mse_loss(torch.randn(3), torch.randn(3), { weight: torch.rand(3) }),
  ],
  [
    'result = F.l1_loss(torch.randn(3), torch.randn(3), weight=torch.rand(3))',
    () => F.l1_loss(torch.randn(3), torch.randn(3), { weight: torch.rand(3) }),
  ],
  ['result = F.mse_loss(torch.randn(2, 3), torch.randn(3))', () => F.mse_loss(torch.randn(2, 3), torch.randn(3))],
  [
    'result = [F.huber_loss(torch.randn(3), torch.randn(3), r, 0.5, torch.rand(3)) for r in ["none", "mean", "sum"]]',
    () =>
      (['none', 'mean', 'sum'] as const).map((reduction) =>
        F.huber_loss(torch.randn(3), torch.randn(3), reduction, 0.5, torch.rand(3)),
      ),
  ],
  [
    'result = F.multi_margin_loss(torch.randn(3, 4), torch.tensor([0, 3, 1]), p=2)',
    () => F.multi_margin_loss(torch.randn(3, 4), torch.tensor([0, 3, 1]), { p: 2 }),
  ],
  [
    'result = F.gaussian_nll_loss(torch.randn(3, 4), torch.randn(3, 4), torch.rand(3))',
    () => F.gaussian_nll_loss(torch.randn(3, 4), torch.randn(3, 4), torch.rand(3)),
  ],
  [
    'result = F.ctc_loss(torch.randn(6, 2, 5).log_softmax(2), torch.randint(1, 5, (2, 3)), torch.tensor([6, 5]), torch.tensor([3, 2]))',
    () =>
      F.ctc_loss(
        torch.randn(6, 2, 5).log_softmax(2),
        torch.randint(1, 5, [2, 3]),
        torch.tensor([6, 5]),
        torch.tensor([3, 2]),
      ),
  ],
  [
    'result = F.ctc_loss(torch.randn(6, 2, 5).log_softmax(2), torch.randint(1, 5, (2, 3)), [6, 5], [3, 2], reduction="none")',
    () =>
      F.ctc_loss(torch.randn(6, 2, 5).log_softmax(2), torch.randint(1, 5, [2, 3]), [6, 5], [3, 2], {
        reduction: 'none',
      }),
  ],
  ['result = F.normalize(torch.randn(2, 3, 4), p=3, dim=2)', () => F.normalize(torch.randn(2, 3, 4), { p: 3, dim: 2 })],
  ['result = F.normalize(torch.randn(2, 3))', () => F.normalize(torch.randn(2, 3))],
  ['result = F.instance_norm(torch.randn(2, 3, 4))', () => F.instance_norm(torch.randn(2, 3, 4))],
  ['result = F.pad(torch.randn(2, 3), (1, 2), value=0.5)', () => F.pad(torch.randn(2, 3), [1, 2], { value: 0.5 })],
  ['result = F.pad(torch.randn(1, 2, 3), (1, 2), "reflect")', () => F.pad(torch.randn(1, 2, 3), [1, 2], 'reflect')],
  [
    'result = F.unfold(torch.randn(1, 2, 4, 4), 2, stride=2)',
    () => F.unfold(torch.randn(1, 2, 4, 4), 2, { stride: 2 }),
  ],
  [
    'result = F.fold(torch.randn(1, 8, 4), (4, 4), (2, 2), stride=2)',
    () => F.fold(torch.randn(1, 8, 4), [4, 4], [2, 2], { stride: 2 }),
  ],
  [
    'result = F.max_pool2d(torch.randn(1, 4, 4), 2, return_indices=True)',
    () => F.max_pool2d(torch.randn(1, 4, 4), 2, { return_indices: true }),
  ],
  [
    'result = F.max_pool1d(torch.randn(1, 6), 2, return_indices=True)',
    () => F.max_pool1d(torch.randn(1, 6), 2, { return_indices: true }),
  ],
  [
    'result = F.embedding(torch.tensor([0, 2]), torch.randn(3, 2), max_norm=0.5)',
    () => F.embedding(torch.tensor([0, 2]), torch.randn(3, 2), { max_norm: 0.5 }),
  ],
  ['result = F.one_hot(torch.tensor([0, 2]), 4)', () => F.one_hot(torch.tensor([0, 2]), 4)],
  [
    'result = F.cosine_similarity(torch.randn(2, 3), torch.randn(2, 3))',
    () => F.cosine_similarity(torch.randn(2, 3), torch.randn(2, 3)),
  ],
  [
    'result = F.scaled_dot_product_attention(torch.randn(1, 3, 4), torch.randn(1, 3, 4), torch.randn(1, 3, 4), is_causal=True)',
    () =>
      F.scaled_dot_product_attention(torch.randn(1, 3, 4), torch.randn(1, 3, 4), torch.randn(1, 3, 4), {
        is_causal: true,
      }),
  ],
];

const clip = `
m = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2).double())
(m[0](torch.randn(5, 3)).double() @ m[1].weight.T).pow(2).sum().mul(10).backward()
`;

function clipped(change: (module: nn.Module) => unknown): unknown[] {
  const [first, second] = [new nn.Linear(3, 4), new nn.Linear(4, 2).double()];
  const module = new nn.Sequential(first, second);
  first(torch.randn(5, 3)).double().matmul(second.weight.T).pow(2).sum().mul(10).backward();
  const result = change(module) ?? null;
  return [result, ...[...module.parameters()].flatMap(({ grad }) => (grad === null ? [] : [grad]))];
}

const grads = ', *[p.grad for p in m.parameters() if p.grad is not None]]';

const of_parameters: Case[] = [
  [
    `${clip}result = [utils.clip_grad_norm_(m.parameters(), 1.5)${grads}`,
    () => clipped((module) => utils.clip_grad_norm_(module.parameters(), 1.5)),
  ],
  [
    `${clip}result = [utils.clip_grad_norm_(m.parameters(), 1.5, foreach=False)${grads}`,
    () => clipped((module) => utils.clip_grad_norm_(module.parameters(), 1.5, { foreach: false })),
  ],
  [
    `${clip}result = [utils.clip_grad_norm_(m.parameters(), 0.1, float("inf"))${grads}`,
    () => clipped((module) => utils.clip_grad_norm_(module.parameters(), 0.1, Infinity)),
  ],
  [
    `${clip}result = [utils.clip_grad_norm_(m.parameters(), 1e9, norm_type=1.0)${grads}`,
    () => clipped((module) => utils.clip_grad_norm_(module.parameters(), 1e9, { norm_type: 1 })),
  ],
  [
    `${clip}result = [utils.clip_grad_value_(m.parameters(), 0.3)${grads}`,
    () => clipped((module) => utils.clip_grad_value_(module.parameters(), 0.3)),
  ],
  ['result = utils.clip_grad_norm_([], 1.0)', () => utils.clip_grad_norm_([], 1)],
  [
    'result = utils.parameters_to_vector(nn.Linear(2, 3).parameters())',
    () => utils.parameters_to_vector(new nn.Linear(2, 3).parameters()),
  ],
];

function report(value: unknown): unknown {
  if (value instanceof Tensor) return told(value);
  return Array.isArray(value) ? value.map(report) : value;
}

for (const [title, cases] of [
  ['nn.init', filled],
  ['nn.functional', computed],
  ['nn.utils', of_parameters],
] as const) {
  describe(`${title}, compared with Python to the last bit`, () => {
    let expected: unknown[];

    beforeAll(() => {
      expected = python<unknown[]>('nn_functions.py', [cases.map(([code]) => code)]);
    });

    cases.forEach(([code, ours], i) => {
      it(code.trim().split('\n').at(-1)!.replace('result = ', ''), () => {
        torch.manual_seed(5);
        expect(report(ours())).toEqual(expected[i]);
      });
    });
  });
}

describe('nn.init', () => {
  it('leaves autograd out and keeps the parameter', () => {
    const weight = new nn.Parameter(torch.empty(2, 2));
    expect(init.xavier_uniform_(weight)).toBe(weight);
    expect([weight.is_leaf, weight.requires_grad]).toEqual([true, true]);
  });

  it('refuses wrong shapes, modes and nonlinearities', () => {
    expect(() => init.eye_(torch.empty(2))).toThrow('Only tensors with 2 dimensions are supported');
    expect(() => init.xavier_normal_(torch.empty(2))).toThrow(
      'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
    );
    expect(() => init.kaiming_normal_(torch.empty(2, 2), { mode: 'fan' as 'fan_in' })).toThrow(
      "Mode fan not supported, please use one of ['fan_in', 'fan_out']",
    );
    expect(() => init.calculate_gain('gelu' as 'relu')).toThrow('Unsupported nonlinearity gelu');
    expect(() => init.uniform_('x' as unknown as Tensor)).toThrow(
      "uniform_(): argument 'tensor' must be Tensor, not str",
    );
  });
});

describe('nn.functional', () => {
  it("says with Python's words what is wrong", () => {
    const cases: Case[] = [
      ['F.dropout(torch.ones(1), 1.5)', () => F.dropout(torch.ones(1), 1.5)],
      [
        'F.cross_entropy(torch.ones(1, 2), torch.tensor([0]), reduction="all")',
        () => F.cross_entropy(torch.ones(1, 2), torch.tensor([0]), { reduction: 'all' as 'sum' }),
      ],
      [
        'F.binary_cross_entropy(torch.ones(2), torch.ones(3))',
        () => F.binary_cross_entropy(torch.ones(2), torch.ones(3)),
      ],
      [
        'F.binary_cross_entropy_with_logits(torch.ones(2), torch.ones(3))',
        () => F.binary_cross_entropy_with_logits(torch.ones(2), torch.ones(3)),
      ],
      [
        'F.batch_norm(torch.ones(1, 2), None, None, training=True)',
        () => F.batch_norm(torch.ones(1, 2), null, null, { training: true }),
      ],
      ['F.instance_norm(torch.ones(1, 2, 1))', () => F.instance_norm(torch.ones(1, 2, 1))],
      ['F.group_norm(torch.ones(2), 1)', () => F.group_norm(torch.ones(2), 1)],
      ['F.hardtanh(torch.ones(1), 1, -1)', () => F.hardtanh(torch.ones(1), 1, -1)],
      ['F.glu(torch.tensor(1.0))', () => F.glu(torch.tensor(1.5))],
      ['F.adaptive_avg_pool2d(torch.ones(2, 2), (1, 1))', () => F.adaptive_avg_pool2d(torch.ones(2, 2), [1, 1])],
      ['F.dropout1d(torch.ones(1))', () => F.dropout1d(torch.ones(1))],
      ['nn.Dropout(-0.5)', () => new nn.Dropout(-0.5)],
      ['nn.Conv2d(3, 4, 2, groups=2)', () => new nn.Conv2d(3, 4, 2, { groups: 2 })],
      ['nn.Conv2d(4, 3, 2, groups=2)', () => new nn.Conv2d(4, 3, 2, { groups: 2 })],
      ['nn.Conv2d(4, 4, 2, groups=0)', () => new nn.Conv2d(4, 4, 2, { groups: 0 })],
      ['nn.Conv2d(4, 4, 2, 2, padding="same")', () => new nn.Conv2d(4, 4, 2, 2, { padding: 'same' })],
      ['nn.BatchNorm1d(2)(torch.ones(2))', () => new nn.BatchNorm1d(2)(torch.ones(2))],
      ['nn.BatchNorm2d(2)(torch.ones(2))', () => new nn.BatchNorm2d(2)(torch.ones(2))],
      ['nn.GroupNorm(2, 3)', () => new nn.GroupNorm(2, 3)],
      ['nn.Embedding(2, 3, padding_idx=2)', () => new nn.Embedding(2, 3, { padding_idx: 2 })],
      ['nn.Embedding(2, 3, padding_idx=-3)', () => new nn.Embedding(2, 3, { padding_idx: -3 })],
      ['nn.Hardtanh(1.0, -1.0)', () => new nn.Hardtanh(1, -1)],
      ['nn.Unflatten(1, (2, "a"))', () => new nn.Unflatten(1, [2, 'a'] as unknown as number[])],
      [
        'nn.ConvTranspose2d(1, 1, 3)(torch.ones(1, 1, 4, 4), output_size=[9, 9])',
        () => new nn.ConvTranspose2d(1, 1, 3)(torch.ones(1, 1, 4, 4), [9, 9]),
      ],
    ];
    const texts = python<string[]>('nn_errors.py', [cases.map(([code]) => code)]);
    expect(answers(cases.map(([, run]) => run))).toEqual(texts);
  });
});

describe('nn.utils', () => {
  it('puts the values of a vector into parameters', () => {
    const linear = new nn.Linear(2, 1);
    utils.vector_to_parameters(torch.arange(3).float(), linear.parameters());
    expect([linear.weight.tolist(), linear.bias!.tolist()]).toEqual([[[0, 1]], [2]]);
    expect(() => utils.vector_to_parameters([1] as unknown as Tensor, [])).toThrow(TypeError);
  });

  it('refuses norms that are not finite when asked', () => {
    const parameter = new nn.Parameter(torch.ones(1));
    parameter.grad = torch.tensor([Infinity]);
    expect(() => utils.clip_grad_norm_(parameter, 1, { error_if_nonfinite: true })).toThrow(/is non-finite/);
  });
});
