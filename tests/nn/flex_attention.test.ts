/** torch.nn.attention against Python: the same programs in both, to the last bit. */
import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { side_by_side, type Pair } from './side_by_side.js';

const F = nn.functional;
const { bias, flex_attention: flex, sdpa_kernel, SDPBackend } = nn.attention;
const { cuda } = torch.backends;
type T = Tensor;
const warnings: string[] = [];
process.on('warning', ({ message }) => void warnings.push(message));

const causal = (_b: T, _h: T, q: T, kv: T): T => q.ge(kv);
const window = (_b: T, _h: T, q: T, kv: T): T => q.sub(kv).abs().lt(20);
const distance = (score: T, _b: T, _h: T, q: T, kv: T): T => score.sub(q.sub(kv).abs().mul(0.1));
const padding = torch.tensor([37, 50]);
const by_batch = (b: T, _h: T, _q: T, kv: T): T => kv.lt(padding.index(b));
const slopes = torch.tensor([0.5, 0.25]);
const alibi = (score: T, _b: T, h: T, q: T, kv: T): T => score.add(slopes.index(h).mul(kv.sub(q)));
function inputs(): [T, T, T] {
  torch.manual_seed(5);
  return [torch.randn(2, 2, 50, 8), torch.randn(2, 2, 60, 8), torch.randn(2, 2, 60, 6)];
}

const python = `
import warnings
from torch.nn.attention import sdpa_kernel, SDPBackend
from torch.nn.attention import bias
import torch.nn.attention.flex_attention as flex
from torch.backends import cuda
flex._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG = True
# A build for CUDA puts masks on a GPU, whether there is one or not.
if not torch.accelerator.is_available():
    torch.accelerator.current_accelerator = lambda: None
causal = lambda b, h, q, kv: q >= kv
causal.__name__ = 'causal'
window = lambda b, h, q, kv: (q - kv).abs() < 20
distance = lambda score, b, h, q, kv: score - (q - kv).abs() * 0.1
padding = torch.tensor([37, 50])
by_batch = lambda b, h, q, kv: kv < padding[b]
slopes = torch.tensor([0.5, 0.25])
alibi = lambda score, b, h, q, kv: score + slopes[h] * (kv - q)
torch.manual_seed(5)
q, k, v = torch.randn(2, 2, 50, 8), torch.randn(2, 2, 60, 8), torch.randn(2, 2, 60, 6)
`;
const after = (body: string): string => python + body;

const pairs: Record<string, Pair> = {
  'flex_attention() without functions, its strides': {
    py: after('out = flex.flex_attention(q, k, v)\nshow(out, out.stride(), flex.flex_attention(q, k, v, scale=0.5))'),
    ts: (show) => {
      const [q, k, v] = inputs();
      const out = flex.flex_attention(q, k, v);
      show(out, out.stride(), flex.flex_attention(q, k, v, { scale: 0.5 }));
    },
  },
  'flex_attention() keeps the order of the dimensions of the query': {
    py: after(
      'out = flex.flex_attention(q.transpose(1, 2).contiguous().transpose(1, 2), k, v)\nshow(out, out.stride())',
    ),
    ts: (show) => {
      const [q, k, v] = inputs();
      const out = flex.flex_attention(q.transpose(1, 2).contiguous().transpose(1, 2), k, v);
      show(out, out.stride());
    },
  },
  'flex_attention() with functions of scores': {
    py: after('show(flex.flex_attention(q, k, v, distance), flex.flex_attention(q, k, v, score_mod=alibi))'),
    ts: (show) => {
      const [q, k, v] = inputs();
      show(flex.flex_attention(q, k, v, distance), flex.flex_attention(q, k, v, { score_mod: alibi }));
    },
  },
  'flex_attention() in double and half precision': {
    py: after(
      'show(*(flex.flex_attention(q.to(t), k.to(t), v.to(t), distance) for t in (torch.float64, torch.float16)))',
    ),
    ts: (show) => {
      const all = inputs();
      for (const dtype of [torch.float64, torch.float16]) {
        const [q, k, v] = all.map((tensor) => tensor.to(dtype)) as [T, T, T];
        show(flex.flex_attention(q, k, v, distance));
      }
    },
  },
  'flex_attention() with masks': {
    py: after(`
for mod in (causal, window, by_batch, flex.and_masks(causal, window), flex.or_masks(causal, by_batch), flex.noop_mask):
    show(flex.flex_attention(q, k, v, distance, flex.create_block_mask(mod, 2, 2, 50, 60, BLOCK_SIZE=16)))`),
    ts: (show) => {
      const [q, k, v] = inputs();
      const mods = [causal, window, by_batch, flex.and_masks(causal, window), flex.or_masks(causal, by_batch)];
      for (const mod of [...mods, flex.noop_mask]) {
        const mask = flex.create_block_mask(mod, 2, 2, 50, 60, { BLOCK_SIZE: 16 });
        show(flex.flex_attention(q, k, v, distance, mask));
      }
    },
  },
  'flex_attention() of rows that are masked wholly': {
    py: after(`
never = lambda b, h, q, kv: (q > 10) & (kv < 5)
out, aux = flex.flex_attention(q, k, v, block_mask=flex.create_block_mask(never, 1, 1, 50, 60), return_aux=flex.AuxRequest(lse=True))
show(out, aux.lse, aux.max_scores)`),
    ts: (show) => {
      const [q, k, v] = inputs();
      const never = (_b: T, _h: T, i: T, j: T): T => i.gt(10).bitwise_and(j.lt(5));
      const block_mask = flex.create_block_mask(never, 1, 1, 50, 60);
      const [out, aux] = flex.flex_attention(q, k, v, { block_mask, return_aux: new flex.AuxRequest({ lse: true }) });
      show(out, aux.lse, aux.max_scores);
    },
  },
  'flex_attention() with shared heads, and its sums': {
    py: after(`
show(*flex.flex_attention(q, k[:, :1], v[:, :1], enable_gqa=True, return_lse=True))
show(flex.flex_attention(q, k, v, return_aux=flex.AuxRequest())[1].lse)`),
    ts: (show) => {
      const [q, k, v] = inputs();
      show(...flex.flex_attention(q, k.narrow(1, 0, 1), v.narrow(1, 0, 1), { enable_gqa: true, return_lse: true }));
      show(flex.flex_attention(q, k, v, { return_aux: new flex.AuxRequest() })[1].lse);
    },
  },
  'create_mask() of functions of masks and scores': {
    py: after(`
cut = lambda score, b, h, q, kv: torch.where(q >= kv, score, -float('inf'))
show(flex.create_mask(causal, None, None, 3, 4), flex.create_mask(by_batch, 2, 1, 2, 60), flex.create_mask(cut, 2, 1, 3, 4))`),
    ts: (show) => {
      const cut = (score: T, _b: T, _h: T, q: T, kv: T): T => torch.where(q.ge(kv), score, -Infinity);
      show(flex.create_mask(causal, null, null, 3, 4), flex.create_mask(by_batch, 2, 1, 2, 60));
      show(flex.create_mask(cut, 2, 1, 3, 4));
    },
  },
  'BlockMask: fields, texts and methods': {
    py: after(`
mask = flex.create_block_mask(causal, 2, 3, 300, 400)
show(*(t for t in mask.as_tuple()[2:10]), mask.as_tuple()[:2], mask.as_tuple(False)[0], mask.shape, mask.numel(), mask.sparsity())
show(str(mask), repr(mask), mask.to_string((2, 3), limit=2), mask.to_string(grid_size=1), mask.to_dense())
show(str(flex.create_block_mask(causal, 1, 1, 300, 300, separate_full_blocks=False)), str(flex.create_block_mask(causal, 1, 1, 300, 400, BLOCK_SIZE=(64, 32))))
for part in (mask[0], mask[0, 1], mask[:, :, 1], mask[-1, 0:2, 2], mask[:, :, torch.tensor([2, 0])]):
    show(part.kv_num_blocks, part.kv_indices, part.q_indices, part.full_q_num_blocks, repr(part))
small = mask._adjust(200, 130)
show(small.kv_num_blocks, small.kv_indices, small.full_kv_num_blocks, small.shape, small.to_dense(), mask.to('cpu').kv_indices)
own = flex.BlockMask.from_kv_blocks(torch.tensor([[[1, 2]]], dtype=torch.int32), torch.tensor([[[[0, 1], [0, 1]]]], dtype=torch.int32), BLOCK_SIZE=4, compute_q_blocks=False)
show(repr(own), own.shape, own.to_dense())`),
    ts: (show) => {
      const mask = flex.create_block_mask(causal, 2, 3, 300, 400);
      show(...mask.as_tuple().slice(2, 10), mask.as_tuple().slice(0, 2), mask.as_tuple(false)[0]);
      show(mask.shape, mask.numel(), mask.sparsity());
      show(String(mask), mask.repr(), mask.to_string([2, 3], 2), mask.to_string({ grid_size: 1 }), mask.to_dense());
      show(String(flex.create_block_mask(causal, 1, 1, 300, 300, { separate_full_blocks: false })));
      show(String(flex.create_block_mask(causal, 1, 1, 300, 400, { BLOCK_SIZE: [64, 32] })));
      const parts = [
        mask.index(0),
        mask.index(0, 1),
        mask.index(':', ':', 1),
        mask.index(-1, '0:2', 2),
        mask.index(':', ':', torch.tensor([2, 0])),
      ];
      for (const part of parts) {
        show(part.kv_num_blocks, part.kv_indices, part.q_indices, part.full_q_num_blocks, part.repr());
      }
      const small = mask._adjust(200, 130);
      show(small.kv_num_blocks, small.kv_indices, small.full_kv_num_blocks, small.shape, small.to_dense());
      show(mask.to('cpu').kv_indices);
      const int = { dtype: torch.int32 };
      const columns = torch.tensor([[[[0, 1], [0, 1]]]], int); // biome-ignore format: one row of blocks a line says nothing
      const own = flex.BlockMask.from_kv_blocks(torch.tensor([[[1, 2]]], int), columns, {
        BLOCK_SIZE: 4,
        compute_q_blocks: false,
      });
      show(own.repr(), own.shape, own.to_dense());
    },
  },
  'sdpa_kernel() switches kernels, in their order, and back': {
    py: after(`
def on():
    return [cuda.flash_sdp_enabled(), cuda.mem_efficient_sdp_enabled(), cuda.math_sdp_enabled(), cuda.cudnn_sdp_enabled()]
q, k, v = (t.requires_grad_() for t in (q, k, k.clone()))
for backends in (SDPBackend.MATH, [SDPBackend.FLASH_ATTENTION], [SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]):
    with sdpa_kernel(backends):
        out = F.scaled_dot_product_attention(q, k, v)
        show(on(), out, *torch.autograd.grad(out.sum(), [q, k, v]))
with sdpa_kernel([SDPBackend.MATH, SDPBackend.FLASH_ATTENTION], set_priority=True):
    show(F.scaled_dot_product_attention(q, k, v), torch._C._get_sdp_priority_order())
show(on(), torch._C._get_sdp_priority_order(), str(SDPBackend.MATH), repr(SDPBackend.CUDNN_ATTENTION), SDPBackend.ERROR.value)
with sdpa_kernel([]):
    F.scaled_dot_product_attention(q, k, v)`),
    ts: (show) => {
      const on = (): boolean[] => [
        cuda.flash_sdp_enabled(),
        cuda.mem_efficient_sdp_enabled(),
        cuda.math_sdp_enabled(),
        cuda.cudnn_sdp_enabled(),
      ];
      const [q, k] = inputs().map((tensor) => tensor.requires_grad_()) as [T, T, T];
      const v = k.detach().clone().requires_grad_();
      const { MATH, FLASH_ATTENTION } = SDPBackend;
      for (const backends of [MATH, [FLASH_ATTENTION], [FLASH_ATTENTION, MATH]]) {
        using _ = sdpa_kernel(backends);
        const out = F.scaled_dot_product_attention(q, k, v);
        show(on(), out, ...torch.autograd.grad(out.sum(), [q, k, v]));
      }
      sdpa_kernel([MATH, FLASH_ATTENTION], true, () => {
        show(F.scaled_dot_product_attention(q, k, v), [0, 1, 2, 3, 4]);
      });
      show(on(), [1, 2, 0, 3, 4], String(MATH), SDPBackend.CUDNN_ATTENTION.repr(), SDPBackend.ERROR.value);
      try {
        sdpa_kernel([])(() => F.scaled_dot_product_attention(q, k, v))();
      } catch (error) {
        throw new Error((error as Error).message.replace(/^scaled_dot_product_attention\(\): /, ''));
      }
    },
  },
  CausalBias: {
    py: after(`
q, k, v = (t.requires_grad_() for t in (q, k, v))
for mask in (bias.causal_upper_left(50, 60), bias.causal_lower_right(50, 60), bias.causal_lower_right(50, 50)):
    out = F.scaled_dot_product_attention(q, k[:, :, :mask.seq_len_kv], v[:, :, :mask.seq_len_kv], mask, scale=0.3)
    show(out, *torch.autograd.grad(out.sum(), [q, k, v]))
show(str(bias.causal_lower_right(2, 3)), mask.variant, mask.seq_len_q)
F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=True)`),
    ts: (show) => {
      const [q, k, v] = inputs().map((tensor) => tensor.requires_grad_()) as [T, T, T];
      const masks = [bias.causal_upper_left(50, 60), bias.causal_lower_right(50, 60), bias.causal_lower_right(50, 50)];
      for (const mask of masks) {
        const [keys, values] = [k, v].map((tensor) => tensor.narrow(2, 0, mask.seq_len_kv)) as [T, T];
        const out = F.scaled_dot_product_attention(q, keys, values, mask, { scale: 0.3 });
        show(out, ...torch.autograd.grad(out.sum(), [q, k, v]));
      }
      const mask = masks[2]!;
      show(String(bias.causal_lower_right(2, 3)), mask.variant, mask.seq_len_q);
      F.scaled_dot_product_attention(q, k, v, { attn_mask: mask, is_causal: true });
    },
  },
};

const refused: Record<string, [py: string, ts: (q: T, k: T, v: T) => unknown]> = {
  gradients: [
    'flex.flex_attention(q.requires_grad_(), k, v)',
    (q, k, v) => flex.flex_attention(q.requires_grad_(), k, v),
  ],
  'three dimensions': [
    'flex.flex_attention(q[0], k[0], v[0])',
    (q, k, v) => flex.flex_attention(q.index(0), k.index(0), v.index(0)),
  ],
  heads: [
    'flex.flex_attention(q, k[:, :1], v[:, :1])',
    (q, k, v) => flex.flex_attention(q, k.narrow(1, 0, 1), v.narrow(1, 0, 1)),
  ],
  embedding: ['flex.flex_attention(q[..., :4], k, v)', (q, k, v) => flex.flex_attention(q.narrow(-1, 0, 4), k, v)],
  batches: ['flex.flex_attention(q[:1], k, v)', (q, k, v) => flex.flex_attention(q.narrow(0, 0, 1), k, v)],
  'maximal scores': [
    'flex.flex_attention(q, k, v, return_aux=flex.AuxRequest(max_scores=True))',
    (q, k, v) => flex.flex_attention(q, k, v, { return_aux: new flex.AuxRequest({ max_scores: true }) }),
  ],
  'a shorter mask': [
    'flex.flex_attention(q, k, v, block_mask=flex.create_block_mask(causal, 1, 1, 50, 40))',
    (q, k, v) => flex.flex_attention(q, k, v, null, flex.create_block_mask(causal, 1, 1, 50, 40)),
  ],
  'a longer mask': [
    'flex.flex_attention(q, k, v, block_mask=flex.create_block_mask(causal, 1, 1, 50, 90))',
    (q, k, v) => flex.flex_attention(q, k, v, null, flex.create_block_mask(causal, 1, 1, 50, 90)),
  ],
  'a part of a mask': [
    'flex.flex_attention(q, k, v, block_mask=flex.create_block_mask(causal, 1, 1, 50, 60)[0])',
    (q, k, v) => flex.flex_attention(q, k, v, null, flex.create_block_mask(causal, 1, 1, 50, 60).index(0)),
  ],
  'the function of a part of a mask': [
    'flex.create_block_mask(causal, 1, 1, 50, 60)[0].mask_mod(q, q, q, q)',
    (q) => flex.create_block_mask(causal, 1, 1, 50, 60).index(0).mask_mod(q, q, q, q),
  ],
  'a function of two numbers': [
    'flex.create_mask(lambda a, b: a, 1, 1, 2, 2)',
    () => flex.create_mask(((a: T, _b: T) => a) as never, 1, 1, 2, 2),
  ],
};
for (const [name, [py, ts]] of Object.entries(refused)) {
  pairs[`an error about ${name}`] = {
    py: after(py),
    ts: () => {
      ts(...inputs());
    },
  };
}

describe('torch.nn.attention', () => {
  side_by_side(pairs);

  it('warns once about what is not compiled', async () => {
    const [q, k, v] = inputs();
    flex.flex_attention(q, k, v);
    flex.flex_attention(q, k, v);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings.filter((text) => text.startsWith('flex_attention called without'))).toHaveLength(1);
  });

  it('switches in each call of what it decorates', () => {
    const allowed = sdpa_kernel(SDPBackend.MATH)(() => cuda.flash_sdp_enabled());
    expect([allowed(), cuda.flash_sdp_enabled(), allowed()]).toEqual([false, true, false]);
  });

  it('refuses what is not a kernel, a variant or a mask', () => {
    expect(() => sdpa_kernel('MATH' as never)).toThrow(TypeError);
    expect(() => new bias.CausalBias(3 as never, 2, 2)).toThrow(TypeError);
    expect(() => flex.and_masks(1 as never)).toThrow("and_masks(): argument 'mask_mods' must be a function, not int");
    expect(() => flex.flex_attention(torch.ones(1), null as never, torch.ones(1))).toThrow(TypeError);
  });
});
