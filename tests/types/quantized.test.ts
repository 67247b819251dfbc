/** Quantized and nested tensors, against Python: what they print, and what they hold. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { nested } = torch;
const x = torch.arange(6).view(2, 3).div(3);
const scales = torch.tensor([0.1, 0.2]);
const zeros = torch.tensor([0, 1]);
const quantized = torch.quantize_per_tensor(x, 0.1, 10, torch.quint8);
const channels = torch.quantize_per_channel(x, scales, zeros, 0, torch.qint8);
const parts = (): Tensor[] => [torch.ones(2, 3), torch.zeros(4, 3)];
const leaf = (): Tensor => nested.nested_tensor(parts(), { requires_grad: true });
const double = { dtype: torch.float64 };

const q = 'torch.quantize_per_tensor(x, 0.1, 10, torch.quint8)';
const c = 'torch.quantize_per_channel(x, scales, zeros, 0, torch.qint8)';
const n = 'torch.nested.nested_tensor([torch.ones(2, 3), torch.zeros(4, 3)])';
const with_grad = 'torch.nested.nested_tensor([torch.ones(2, 3), torch.zeros(4, 3)], requires_grad=True)';

const cases: [python: string, ours: () => unknown][] = [
  [q, () => quantized],
  ['torch.quantize_per_tensor(x, 1.0, 0, torch.qint32)', () => torch.quantize_per_tensor(x, 1, 0, torch.qint32)],
  [
    'torch.quantize_per_tensor(x, 0.1, 10, torch.quint4x2)',
    () => torch.quantize_per_tensor(x, 0.1, 10, torch.quint4x2),
  ],
  [c, () => channels],
  [`${q}.qscheme()`, () => quantized.qscheme()],
  [`${c}.qscheme()`, () => channels.qscheme()],
  [`${q}[0]`, () => quantized.index(0)],
  [`${q}.int_repr()`, () => quantized.int_repr()],
  [`${q}.dequantize()`, () => quantized.dequantize()],
  [`${c}.int_repr()`, () => channels.int_repr()],
  [`${c}.dequantize()`, () => channels.dequantize()],
  [`${c}.q_per_channel_scales()`, () => channels.q_per_channel_scales()],
  [`${c}.q_per_channel_zero_points()`, () => channels.q_per_channel_zero_points()],
  [
    `(${q}.q_scale(), ${q}.q_zero_point(), ${c}.q_per_channel_axis())`,
    () =>
      `(${String(quantized.q_scale())}, ${String(quantized.q_zero_point())}, ${String(channels.q_per_channel_axis())})`,
  ],
  [`${q}.clone().view(3, 2)`, () => quantized.clone().view(3, 2)],
  [`${q}.relu()`, () => quantized.relu()],
  [
    `torch.ops.quantized.add(${q}, ${q}, 0.2, 3)`,
    () =>
      (torch.ops as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>)['quantized']?.['add']?.(
        quantized,
        quantized,
        0.2,
        3,
      ),
  ],
  [
    'torch._empty_affine_quantized([2, 0], scale=0.5, zero_point=3, dtype=torch.qint8)',
    () => torch._VF._empty_affine_quantized([2, 0], { scale: 0.5, zero_point: 3, dtype: torch.qint8 }),
  ],
  [
    'torch.fake_quantize_per_tensor_affine(x, 0.1, 0, 0, 15)',
    () => torch.fake_quantize_per_tensor_affine(x, 0.1, 0, 0, 15),
  ],
  [n, () => nested.nested_tensor(parts())],
  [with_grad, leaf],
  [`${with_grad} * 2`, () => leaf().mul(2)],
  [`torch.nested.to_padded_tensor(${n}, -1.0)`, () => nested.to_padded_tensor(nested.nested_tensor(parts()), -1)],
  [`${n}.unbind()[1]`, () => nested.nested_tensor(parts()).unbind()[1]],
  [`${n}.size(0)`, () => nested.nested_tensor(parts()).size(0)],
  [`${n}.size(2)`, () => nested.nested_tensor(parts()).size(2)],
  [
    'torch.nested.nested_tensor([[1., 2.], [3.]], dtype=torch.float64)',
    () => nested.nested_tensor([[1, 2], [3]], double),
  ],
  ['torch.nested.as_nested_tensor(x)', () => nested.as_nested_tensor(x)],
  [
    'torch.nested.as_nested_tensor([x, x[:1]], dtype=torch.float64)',
    () => nested.as_nested_tensor([x, x.index(':1')], torch.float64),
  ],
  ['torch.nested.narrow(x, 0, 1, 1)', () => nested.narrow(x, 0, 1, 1)],
  [`${n}.softmax(-1)`, () => nested.nested_tensor(parts()).softmax(-1)],
  [
    `torch.matmul(${n}, torch.nested.nested_tensor([torch.ones(3, 2), torch.ones(3, 1)]))`,
    () => torch.matmul(nested.nested_tensor(parts()), nested.nested_tensor([torch.ones(3, 2), torch.ones(3, 1)])),
  ],
];

const expected = python<string[]>('quantized.py', [cases.map(([text]) => text)]);

describe('quantized and nested tensors are what they are in Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect(String(ours())).toBe(expected[i]);
    });
  });
});

describe('nested tensors', () => {
  it('hand gradients to the tensors they were made of', () => {
    const [a, b] = [torch.ones([3], { requires_grad: true }), torch.ones([5], { requires_grad: true })];
    const whole = nested.as_nested_tensor([a, b]);
    whole.backward(nested.nested_tensor([torch.ones(3).mul(2), torch.arange(5, { dtype: torch.float32 })]));
    expect(a.grad?.tolist()).toEqual([2, 2, 2]);
    expect(b.grad?.tolist()).toEqual([0, 1, 2, 3, 4]);
  });

  it('of one tensor share its memory', () => {
    const rows = torch.zeros(2, 3);
    nested.as_nested_tensor(rows).unbind()[1]?.fill_(7);
    expect(rows.tolist()).toEqual([
      [0, 0, 0],
      [7, 7, 7],
    ]);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'of the jagged layout',
      () => nested.nested_tensor(parts(), { layout: torch.jagged }),
      /nested_tensor\(\): the jagged layout is written in Python/,
    ],
    [
      'of another layout',
      () => nested.as_nested_tensor(parts(), { layout: torch.sparse_coo }),
      /layout is unsupported for nested tensors: torch.sparse_coo/,
    ],
    [
      'of too few dimensions',
      () => nested.as_nested_tensor(torch.ones(3)),
      /Expected tensor argument to have dim\(\) > 1/,
    ],
    ['of different ranks', () => nested.nested_tensor([torch.ones(2), torch.ones(2, 2)]), /same dimension/],
    [
      'of no list',
      () => nested.as_nested_tensor(3 as unknown as Tensor),
      /argument 'ts' must be Tensor or list of Tensors, not int/,
    ],
    ['with a shape', () => nested.nested_tensor(parts()).shape, /doesn't support sizes/],
    ['with an irregular size', () => nested.nested_tensor(parts()).size(1), /dimension 1 is irregular/i],
    ['as an array', () => nested.nested_tensor(parts()).numpy(), /./],
    ['as lists', () => nested.nested_tensor(parts()).tolist(), /./],
  ])('%s are an Error', (_title, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('quantized tensors', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['have no scheme when they are plain', () => x.qscheme(), /qscheme\(\)/],
    ['give no array', () => quantized.numpy(), /Got unsupported ScalarType quint8/],
    [
      'take only quantized dtypes',
      () => torch.quantize_per_tensor(x, 0.1, 0, torch.float32),
      /quantize_per_tensor\(\)/,
    ],
    ['do not mix with plain ones', () => quantized.add(x), /add\(\)/],
  ])('%s', (_title, run, message) => {
    expect(run).toThrow(message);
  });
});
