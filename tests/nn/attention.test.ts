import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';
import { flat, hexed, state_of, total } from './comparison.js';

/** What the calls use; tests/reference/nn_attention.py makes the same. */
interface Inputs {
  x: Tensor;
  y: Tensor;
  wide: Tensor;
  pad: Tensor;
  scattered: Tensor;
  pairs: Tensor;
  causal: Tensor;
}

interface Case<M extends nn.Module = nn.Module> {
  py: [module: string, call: string];
  module: () => M;
  call: (m: M, inputs: Inputs) => unknown;
  /** Whether inference takes a fused kernel, seen by other last bits; null where both ways give the same bits. */
  fused: boolean | null;
}

interface Report {
  repr: string;
  state: [string, string][];
  training: string[];
  gradients: [string, string][];
  inference: string[];
  plain: string[];
}

function inputs(): Inputs {
  torch.manual_seed(8);
  return {
    x: torch.randn(2, 5, 8),
    y: torch.randn(2, 3, 8),
    wide: torch.randn(2, 3, 6),
    pad: torch.tensor([
      [false, false, false, false, false],
      [false, false, false, true, true],
    ]),
    scattered: torch.tensor([
      [false, true, false, false, true],
      [false, false, false, false, false],
    ]),
    pairs: torch.tensor([0, 1, 2, 3, 4].map((i) => [0, 1, 2, 3, 4].map((j) => Math.abs(i - j) > 2))),
    causal: nn.Transformer.generate_square_subsequent_mask(5),
  };
}

function outputs(test: Case, module: nn.Module): Tensor[] {
  const given = inputs();
  torch.manual_seed(9);
  const result = test.call(module, given);
  return Array.isArray(result) ? flat(result.filter((item) => item !== null)) : flat(result);
}

function report(test: Case): Report {
  torch.manual_seed(7);
  const module = test.module();
  const repr = String(module);
  const state = state_of(module);
  const given = outputs(test, module);
  total(given).backward();
  const gradients = [...module.named_parameters()].flatMap(([name, { grad }]): [string, string][] =>
    grad === null ? [] : [[name, hexed(grad)]],
  );
  module.eval();
  const inference = torch.no_grad(() => outputs(test, module)).map(hexed);
  torch.backends.mha.set_fastpath_enabled(false);
  try {
    const plain = torch.no_grad(() => outputs(test, module)).map(hexed);
    return { repr, state, training: given.map(hexed), gradients, inference, plain };
  } finally {
    torch.backends.mha.set_fastpath_enabled(true);
  }
}

function attention(
  fused: boolean | null,
  py: [string, string],
  module: () => nn.MultiheadAttention,
  call: (m: nn.MultiheadAttention, inputs: Inputs) => unknown,
): Case {
  return { py, module, call: call as Case['call'], fused };
}

const any_case = <M extends nn.Module>(
  fused: boolean,
  py: [string, string],
  module: () => M,
  call: (m: M, inputs: Inputs) => unknown,
): Case => ({ py, module, call: call as Case['call'], fused });

const heads =
  (options: nn.MultiheadAttentionOptions = {}) =>
  (): nn.MultiheadAttention =>
    new nn.MultiheadAttention(8, 2, { batch_first: true, ...options });
const layer_of =
  (options: nn.TransformerLayerOptions = {}) =>
  (): nn.TransformerEncoderLayer =>
    new nn.TransformerEncoderLayer(8, 2, 16, 0, { batch_first: true, ...options });
const encoder_of =
  (options: nn.TransformerEncoderOptions = {}, layer: nn.TransformerLayerOptions = {}) =>
  (): nn.TransformerEncoder =>
    new nn.TransformerEncoder(layer_of(layer)(), 2, options);

const heads_py = 'nn.MultiheadAttention(8, 2, batch_first=True';
const layer_py = 'nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True';
const encoder_py = `nn.TransformerEncoder(${layer_py}), 2`;

const cases: Case[] = [
  // One attention
  attention(null, [`${heads_py})`, 'm(x, x, x)'], heads(), (m, { x }) => m(x, x, x)),
  attention(true, [`${heads_py})`, 'm(x, x, x, need_weights=False)'], heads(), (m, { x }) =>
    m(x, x, x, { need_weights: false }),
  ),
  attention(null, [`${heads_py})`, 'm(x, x, x, average_attn_weights=False)'], heads(), (m, { x }) =>
    m(x, x, x, { average_attn_weights: false }),
  ),
  attention(true, [`${heads_py})`, 'm(x, x, x, key_padding_mask=pad)'], heads(), (m, { x, pad }) =>
    m(x, x, x, { key_padding_mask: pad }),
  ),
  attention(true, [`${heads_py})`, 'm(x, x, x, attn_mask=pairs)'], heads(), (m, { x, pairs }) =>
    m(x, x, x, { attn_mask: pairs }),
  ),
  attention(
    true,
    [`${heads_py})`, 'm(x, x, x, pad, True, pairs.repeat(4, 1, 1), False)'],
    heads(),
    (m, { x, pad, pairs }) => m(x, x, x, pad, true, pairs.repeat([4, 1, 1]), false),
  ),
  attention(
    false,
    [`${heads_py})`, 'm(x, x, x, attn_mask=causal, is_causal=True, need_weights=False)'],
    heads(),
    (m, { x, causal }) => m(x, x, x, { attn_mask: causal, is_causal: true, need_weights: false }),
  ),
  attention(false, [`${heads_py})`, 'm(x, y, y)'], heads(), (m, { x, y }) => m(x, y, y)),
  attention(
    false,
    [`${heads_py}, kdim=8, vdim=6)`, 'm(x, y, wide)'],
    heads({ kdim: 8, vdim: 6 }),
    (m, { x, y, wide }) => m(x, y, wide),
  ),
  attention(
    false,
    [`${heads_py}, add_bias_kv=True)`, 'm(x, x, x, key_padding_mask=scattered)'],
    heads({ add_bias_kv: true }),
    (m, { x, scattered }) => m(x, x, x, { key_padding_mask: scattered }),
  ),
  attention(
    false,
    [`${heads_py}, add_zero_attn=True, bias=False)`, 'm(x, x, x)'],
    heads({ add_zero_attn: true, bias: false }),
    (m, { x }) => m(x, x, x),
  ),
  attention(
    false,
    ['nn.MultiheadAttention(8, 4, dropout=0.5)', 'm(x, x, x)'],
    () => new nn.MultiheadAttention(8, 4, { dropout: 0.5 }),
    (m, { x }) => m(x, x, x),
  ),
  attention(false, [`${heads_py})`, 'm(x[0], y[0], y[0])'], heads(), (m, { x, y }) =>
    m(x.select(0, 0), y.select(0, 0), y.select(0, 0)),
  ),
  // Encoder layers
  any_case(true, [`${layer_py})`, 'm(x)'], layer_of(), (m, { x }) => m(x)),
  any_case(
    true,
    [`${layer_py}, norm_first=True, activation="gelu")`, 'm(x)'],
    layer_of({ norm_first: true, activation: 'gelu' }),
    (m, { x }) => m(x),
  ),
  any_case(
    true,
    [`${layer_py}, activation=nn.GELU())`, 'm(x, src_key_padding_mask=pad)'],
    layer_of({ activation: new nn.GELU() }),
    (m, { x, pad }) => m(x, { src_key_padding_mask: pad }),
  ),
  any_case(true, [`${layer_py})`, 'm(x, pairs, scattered)'], layer_of(), (m, { x, pairs, scattered }) =>
    m(x, pairs, scattered),
  ),
  any_case(
    false,
    [`${layer_py}, activation=torch.tanh)`, 'm(x, causal, is_causal=True)'],
    layer_of({ activation: (input) => torch.tanh(input) }),
    (m, { x, causal }) => m(x, causal, { is_causal: true }),
  ),
  any_case(false, [`${layer_py}, bias=False)`, 'm(x)'], layer_of({ bias: false }), (m, { x }) => m(x)),
  any_case(
    false,
    ['nn.TransformerEncoderLayer(8, 2, 16, 0.5)', 'm(x)'],
    () => new nn.TransformerEncoderLayer(8, 2, 16, 0.5),
    (m, { x }) => m(x),
  ),
  // Encoders: padding at the end is left out of the computation
  any_case(true, [`${encoder_py})`, 'm(x, src_key_padding_mask=pad)'], encoder_of(), (m, { x, pad }) =>
    m(x, { src_key_padding_mask: pad }),
  ),
  any_case(true, [`${encoder_py})`, 'm(x, src_key_padding_mask=scattered)'], encoder_of(), (m, { x, scattered }) =>
    m(x, { src_key_padding_mask: scattered }),
  ),
  any_case(
    true,
    [`${encoder_py}, nn.LayerNorm(8), mask_check=False)`, 'm(x, None, pad)'],
    () => new nn.TransformerEncoder(layer_of()(), 2, new nn.LayerNorm(8), { mask_check: false }),
    (m, { x, pad }) => m(x, null, pad),
  ),
  any_case(
    true,
    [`${encoder_py}, enable_nested_tensor=False)`, 'm(x, src_key_padding_mask=pad)'],
    encoder_of({ enable_nested_tensor: false }),
    (m, { x, pad }) => m(x, { src_key_padding_mask: pad }),
  ),
  any_case(true, [`${encoder_py})`, 'm(x, causal)'], encoder_of(), (m, { x, causal }) => m(x, causal)),
  any_case(true, [`${encoder_py})`, 'm(x, pairs, pad, True)'], encoder_of(), (m, { x, pairs, pad }) =>
    m(x, pairs, pad, true),
  ),
  // Decoders
  any_case(
    false,
    ['nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, 0.0, batch_first=True), 2)', 'm(x, y, causal)'],
    () => new nn.TransformerDecoder(new nn.TransformerDecoderLayer(8, 2, 16, 0, { batch_first: true }), 2),
    (m, { x, y, causal }) => m(x, y, causal),
  ),
  any_case(
    false,
    [
      'nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, 0.5, "gelu", norm_first=True), 1, nn.LayerNorm(8))',
      'm(x.transpose(0, 1), y.transpose(0, 1), tgt_key_padding_mask=pad)',
    ],
    () =>
      new nn.TransformerDecoder(
        new nn.TransformerDecoderLayer(8, 2, 16, 0.5, 'gelu', { norm_first: true }),
        1,
        new nn.LayerNorm(8),
      ),
    (m, { x, y, pad }) => m(x.transpose(0, 1), y.transpose(0, 1), { tgt_key_padding_mask: pad }),
  ),
  // Both
  any_case(
    true,
    [
      'nn.Transformer(8, 2, 2, 2, 16, 0.0, batch_first=True)',
      'm(x, y, src_key_padding_mask=pad, memory_key_padding_mask=pad)',
    ],
    () => new nn.Transformer(8, 2, 2, 2, 16, 0, { batch_first: true }),
    (m, { x, y, pad }) => m(x, y, { src_key_padding_mask: pad, memory_key_padding_mask: pad }),
  ),
  any_case(
    false,
    [
      'nn.Transformer(d_model=8, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)',
      'm(x.transpose(0, 1), x.transpose(0, 1), tgt_mask=causal, tgt_is_causal=True)',
    ],
    () =>
      new nn.Transformer({ d_model: 8, nhead: 2, num_encoder_layers: 1, num_decoder_layers: 1, dim_feedforward: 16 }),
    (m, { x, causal }) => m(x.transpose(0, 1), x.transpose(0, 1), { tgt_mask: causal, tgt_is_causal: true }),
  ),
];

let expected: Report[];

beforeAll(() => {
  torch.set_num_threads(1);
  expected = python<Report[]>('nn_attention.py', [cases.map(({ py }) => py)]);
});

describe('attention, compared with Python', () => {
  cases.forEach((test, i) => {
    it(`${test.py.join(': ')}: text, state, numbers, gradients and inference`, () => {
      const ours = report(test);
      expect(ours).toEqual(expected[i]);
      expect(String(ours.inference) === String(ours.plain)).toBe(test.fused !== true);
    });
  });

  it('hooks keep the fused kernels away', () => {
    const layer = layer_of()().eval();
    let calls = 0;
    layer.linear1.register_forward_hook(() => void calls++);
    torch.no_grad(() => layer(inputs().x));
    expect(calls).toBe(1);
  });

  it('layers of a stack are copies that share nothing', () => {
    const layer = layer_of({ activation: new nn.ReLU() })();
    const { layers } = new nn.TransformerEncoder(layer, 2);
    const [first, second] = [layers.at(0), layers.at(1)];
    torch.no_grad(() => first.linear1.weight.zero_());
    expect(first.linear1.weight.eq(0).all().item()).toBe(true);
    expect(torch.equal(second.linear1.weight, layer.linear1.weight)).toBe(true);
    expect(first.activation).not.toBe(second.activation);
    expect(first.linear1.weight).toBeInstanceOf(nn.Parameter);
  });
});
