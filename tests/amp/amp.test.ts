/** `torch.amp`: the dtypes and bits of operators in regions of autocast, whole training steps, texts and warnings, beside Python. */
import * as torch from 'torch-node';
import { nn, optim, type Tensor } from 'torch-node';
import * as F from 'torch-node/nn/functional';
import { describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';

type Plain = unknown;

/** As `plain` of tests/reference/amp.py. */
function plain(value: unknown): Plain {
  if (value instanceof torch.Tensor) {
    const tensor = value.detach().contiguous();
    const kinds: Record<number, torch.DType> = { 1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64 };
    const bits = tensor.is_complex() ? tensor : tensor.view(kinds[tensor.element_size()]!);
    const { data } = bits.clone().numpy();
    const hex = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
    return [String(tensor.dtype), [...tensor.shape], hex];
  }
  if (value instanceof torch.DType) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

torch.set_num_threads(1);

function inputs(low: torch.DType) {
  torch.manual_seed(0);
  const [a, b] = [torch.randn(4, 4), torch.randn(4, 4)];
  return {
    ...{ a, b, v: torch.randn(4), h: torch.randn(4, 4).to(low), d: torch.randn(4, 4).double() },
    ...{ t: torch.randn(2, 4, 4), u: torch.randn(2, 4, 4), i: torch.tensor([0, 3, 1, 2]), w: torch.randn(3, 4, 2) },
    ...{ image: torch.randn(1, 3, 8, 8), k: torch.randn(4, 3, 3, 3), p: torch.rand(4, 4) },
  };
}
type Inputs = ReturnType<typeof inputs>;

const operators: readonly (readonly [string, (x: Inputs) => unknown])[] = [
  ['torch.mm(a, b)', ({ a, b }) => torch.mm(a, b)],
  ['torch.matmul(a, v)', ({ a, v }) => torch.matmul(a, v)],
  ['a @ b', ({ a, b }) => a.matmul(b)],
  ['torch.mv(a, v)', ({ a, v }) => torch.mv(a, v)],
  ['torch.dot(v, v)', ({ v }) => torch.dot(v, v)],
  ['torch.bmm(t, u)', ({ t, u }) => torch.bmm(t, u)],
  ['torch.addmm(v, a, b)', ({ v, a, b }) => torch.addmm(v, a, b)],
  ['torch.addmv(v, a, v)', ({ v, a }) => torch.addmv(v, a, v)],
  ['torch.baddbmm(t, t, u)', ({ t, u }) => torch.baddbmm(t, t, u)],
  ['torch.addbmm(a, t, u)', ({ a, t, u }) => torch.addbmm(a, t, u)],
  ['torch.chain_matmul(a, b, a)', ({ a, b }) => torch.chain_matmul(a, b, a)],
  ['torch.linalg.multi_dot([a, b, a])', ({ a, b }) => torch.linalg.multi_dot([a, b, a])],
  ['torch.linalg.vecdot(a, b)', ({ a, b }) => torch.linalg.vecdot(a, b)],
  ['torch.einsum("ij,jk->ik", a, b)', ({ a, b }) => torch.einsum('ij,jk->ik', a, b)],
  ['torch.tensordot(a, b, dims=1)', ({ a, b }) => torch.tensordot(a, b, { dims: 1 })],
  ['F.linear(a, b, v)', ({ a, b, v }) => F.linear(a, b, v)],
  ['F.bilinear(a, b, t[:, :4, :4], v[:2])', ({ a, b, t, v }) => F.bilinear(a, b, t, v.index(':2'))],
  ['F.conv1d(t, w)', ({ t, w }) => F.conv1d(t, w)],
  ['F.conv2d(image, k)', ({ image, k }) => F.conv2d(image, k)],
  ['F.conv_transpose2d(image, k.transpose(0, 1))', ({ image, k }) => F.conv_transpose2d(image, k.transpose(0, 1))],
  ['F.scaled_dot_product_attention(t, u, t)', ({ t, u }) => F.scaled_dot_product_attention(t, u, t)],
  ['torch.mm(h, a)', ({ h, a }) => torch.mm(h, a)],
  ['torch.mm(d, d)', ({ d }) => torch.mm(d, d)],
  ['torch.mm(d, a)', ({ d, a }) => torch.mm(d, a)],
  ['a + h', ({ a, h }) => a.add(h)],
  ['h * 2', ({ h }) => h.mul(2)],
  ['1 - h', ({ h }) => torch.rsub(h, 1)],
  ['h / a', ({ h, a }) => h.div(a)],
  ['torch.stack([a, h])', ({ a, h }) => torch.stack([a, h])],
  ['torch.cat([h, a])', ({ a, h }) => torch.cat([h, a])],
  ['torch.cat([h, h])', ({ h }) => torch.cat([h, h])],
  ['torch.index_copy(a, 0, i, h)', ({ a, h, i }) => torch.index_copy(a, 0, i, h)],
  ['torch.addcmul(a, h, h)', ({ a, h }) => torch.addcmul(a, h, h)],
  ['torch.addcdiv(a, a, b)', ({ a, b }) => torch.addcdiv(a, a, b)],
  ['torch.atan2(a, h)', ({ a, h }) => torch.atan2(a, h)],
  ['F.softmax(h, 1)', ({ h }) => F.softmax(h, 1)],
  ['F.log_softmax(h, 1)', ({ h }) => F.log_softmax(h, 1)],
  ['F.softmax(torch.mm(a, b), -1)', ({ a, b }) => F.softmax(torch.mm(a, b), -1)],
  ['F.layer_norm(h, (4,))', ({ h }) => F.layer_norm(h, [4])],
  ['F.layer_norm(h, (4,), v, v)', ({ h, v }) => F.layer_norm(h, [4], v, v)],
  ['F.group_norm(t.to(h.dtype), 2)', ({ t, h }) => F.group_norm(t.to(h.dtype), 2)],
  ['F.gelu(h)', ({ h }) => F.gelu(h)],
  ['F.relu(torch.mm(a, b))', ({ a, b }) => F.relu(torch.mm(a, b))],
  ['torch.tanh(h)', ({ h }) => torch.tanh(h)],
  ['torch.exp(h)', ({ h }) => torch.exp(h)],
  ['torch.pow(h, 2)', ({ h }) => torch.pow(h, 2)],
  ['torch.rsqrt(h.abs())', ({ h }) => torch.rsqrt(h.abs())],
  ['h.sum(), h.mean(), h.prod()', ({ h }) => [h.sum(), h.mean(), h.prod()]],
  ['h.cumsum(0), h.cumprod(0)', ({ h }) => [h.cumsum(0), h.cumprod(0)]],
  ['h.var(), h.std(), h.norm()', ({ h }) => [h.var(), h.std(), h.norm()]],
  ['h.trace()', ({ h }) => h.trace()],
  ['h.quantile(0.5)', ({ h }) => h.quantile(0.5)],
  ['torch.cdist(h, h)', ({ h }) => torch.cdist(h, h)],
  ['torch.linalg.norm(h)', ({ h }) => torch.linalg.norm(h)],
  ['torch.linalg.inv(h)', ({ h }) => torch.linalg.inv(h)],
  ['torch.linalg.det(h)', ({ h }) => torch.linalg.det(h)],
  ['torch.fft.fft(h)', ({ h }) => torch.fft.fft(h)],
  ['F.mse_loss(h, a)', ({ h, a }) => F.mse_loss(h, a)],
  ['F.l1_loss(h, h)', ({ h }) => F.l1_loss(h, h)],
  ['F.smooth_l1_loss(h, a)', ({ h, a }) => F.smooth_l1_loss(h, a)],
  ['F.huber_loss(h, a)', ({ h, a }) => F.huber_loss(h, a)],
  ['F.cross_entropy(h, i)', ({ h, i }) => F.cross_entropy(h, i)],
  ['F.nll_loss(F.log_softmax(h, 1), i)', ({ h, i }) => F.nll_loss(F.log_softmax(h, 1), i)],
  ['F.kl_div(h, p)', ({ h, p }) => F.kl_div(h, p)],
  ['F.binary_cross_entropy(p, p)', ({ p }) => F.binary_cross_entropy(p, p)],
  ['F.binary_cross_entropy_with_logits(h, p)', ({ h, p }) => F.binary_cross_entropy_with_logits(h, p)],
  ['F.poisson_nll_loss(h, p)', ({ h, p }) => F.poisson_nll_loss(h, p)],
  ['F.soft_margin_loss(h, a)', ({ h, a }) => F.soft_margin_loss(h, a)],
  ['F.cosine_embedding_loss(h, h, i.sign())', ({ h, i }) => F.cosine_embedding_loss(h, h, i.sign())],
  ['F.cosine_similarity(h, h)', ({ h }) => F.cosine_similarity(h, h)],
  ['F.avg_pool2d(image.to(h.dtype), 2)', ({ image, h }) => F.avg_pool2d(image.to(h.dtype), 2)],
  ['F.max_pool2d(F.conv2d(image, k), 2)', ({ image, k }) => F.max_pool2d(F.conv2d(image, k), 2)],
  [
    'F.interpolate(image.to(h.dtype), scale_factor=2)',
    ({ image, h }) => F.interpolate(image.to(h.dtype), { scale_factor: 2 }),
  ],
  ['F.embedding(i, a)', ({ i, a }) => F.embedding(i, a)],
  ['torch.where(h > 0, h, a)', ({ h, a }) => torch.where(h.gt(0), h, a)],
  ['a.clone().add_(h)', ({ a, h }) => a.clone().add_(h)],
  ['torch.mm(a, b, out=torch.empty(0))', ({ a, b }) => torch.mm(a, b, { out: torch.empty(0) })],
  ['torch.ones(2), torch.zeros_like(h)', ({ h }) => [torch.ones(2), torch.zeros_like(h)]],
];

type Source = readonly [string, (show: (...values: unknown[]) => void) => void];

/** `with autocast` around the lines, in Python. */
const in_region = (head: string, ...lines: string[]): string =>
  [`with ${head}:`, ...lines.map((line) => `    ${line}`)].join('\n');

const { autocast, amp } = torch;
const is_enabled = torch.is_autocast_enabled;
const loose = <T>(value: unknown): T => value as T;
type Loose = (...args: unknown[]) => unknown;

const snippets: Record<string, Source> = {
  'regions nest, and end': [
    `
def state():
    return [torch.is_autocast_enabled('cpu'), torch.get_autocast_dtype('cpu'), torch.is_autocast_cache_enabled()]
show(state())
with torch.autocast('cpu', torch.float16, cache_enabled=False):
    show(state())
    with torch.autocast('cpu', enabled=False): show(state())
    with torch.autocast('cpu', torch.bfloat16): show(state())
    show(state())
show(state())`,
    (show) => {
      const state = () => [is_enabled('cpu'), torch.get_autocast_dtype('cpu'), torch.is_autocast_cache_enabled()];
      const now = () => show(state());
      now();
      autocast('cpu', { dtype: torch.float16, cache_enabled: false }, () => {
        now();
        autocast('cpu', now, { enabled: false });
        autocast('cpu', torch.bfloat16)(now)();
        now();
      });
      now();
    },
  ],
  'a region has attributes': [
    "r = torch.autocast('cpu', enabled=False)\nshow(r.device, r.fast_dtype)\nshow(torch.autocast('cuda', enabled=False).fast_dtype)",
    (show) => {
      const { device, fast_dtype } = autocast('cpu', { enabled: false });
      show(device, fast_dtype);
      show(autocast({ device_type: 'cuda', enabled: false }).fast_dtype);
    },
  ],
  'exceptions leave a region': [
    `
try:
    with torch.autocast('cpu'): torch.ones(2).view(3)
except RuntimeError: pass
show(torch.is_autocast_enabled('cpu'))`,
    (show) => {
      expect(() => autocast('cpu', () => torch.ones(2).view(3))).toThrow();
      show(is_enabled('cpu'));
    },
  ],
  'copies of parameters live as long as the outermost region': [
    `
w = torch.ones(2, 2, requires_grad=True)
x = torch.ones(1, 2)
with torch.autocast('cpu'):
    show(x.mm(w))
    with torch.no_grad(): w.add_(1)
    show(x.mm(w))
    with torch.autocast('cpu', enabled=False): show(x.mm(w))
    show(x.mm(w))
    torch.clear_autocast_cache()
    show(x.mm(w))
with torch.autocast('cpu', cache_enabled=False):
    with torch.no_grad(): w.add_(1)
    show(x.mm(w))
show(torch.autocast_increment_nesting(), torch.autocast_increment_nesting(), torch.autocast_decrement_nesting())
show(torch.autocast_decrement_nesting())`,
    (show) => {
      const w = torch.ones(2, 2, { requires_grad: true });
      const x = torch.ones(1, 2);
      const one_more = () => torch.no_grad(() => w.add_(1));
      {
        using _ = autocast('cpu');
        show(x.mm(w));
        one_more();
        show(x.mm(w));
        autocast('cpu', () => show(x.mm(w)), { enabled: false });
        show(x.mm(w));
        torch.clear_autocast_cache();
        show(x.mm(w));
      }
      autocast('cpu', { cache_enabled: false }, () => {
        one_more();
        show(x.mm(w));
      });
      show(torch.autocast_increment_nesting(), torch.autocast_increment_nesting(), torch.autocast_decrement_nesting());
      show(torch.autocast_decrement_nesting());
    },
  ],
  'state is set without a region': [
    `
torch.set_autocast_enabled('cpu', True)
torch.set_autocast_dtype('cpu', torch.float16)
show(torch.ones(1, 2).mm(torch.ones(2, 1)), torch.is_autocast_enabled('cpu'), torch.is_autocast_enabled())
torch.set_autocast_enabled('cpu', False)
torch.set_autocast_dtype('cpu', torch.bfloat16)
torch.set_autocast_enabled(True)
show(torch.is_autocast_enabled(), torch.is_autocast_enabled('cuda'), torch.is_autocast_enabled('cpu'))
torch.set_autocast_enabled(False)
show([torch.amp.is_autocast_available(d) for d in ['cpu', 'cuda', 'cuda:1', 'xpu', 'mps', 'meta', 'vulkan']])
show([torch.get_autocast_dtype(d) for d in ['cpu', 'cuda', 'xpu', 'mps', 'xla', 'ipu', 'hpu', 'mtia', 'maia']])`,
    (show) => {
      torch.set_autocast_enabled('cpu', true);
      torch.set_autocast_dtype('cpu', torch.float16);
      show(torch.ones(1, 2).mm(torch.ones(2, 1)), is_enabled('cpu'), is_enabled());
      torch.set_autocast_enabled('cpu', false);
      torch.set_autocast_dtype('cpu', torch.bfloat16);
      torch.set_autocast_enabled(true);
      show(is_enabled(), is_enabled('cuda'), is_enabled('cpu'));
      torch.set_autocast_enabled(false);
      show(['cpu', 'cuda', 'cuda:1', 'xpu', 'mps', 'meta', 'vulkan'].map((d) => amp.is_autocast_available(d)));
      const devices = ['cpu', 'cuda', 'xpu', 'mps', 'xla', 'ipu', 'hpu', 'mtia', 'maia'];
      show(devices.map((d) => torch.get_autocast_dtype(d)));
    },
  ],
  'the names of one type of device are deprecated': [
    `
show(torch.get_autocast_cpu_dtype(), torch.get_autocast_gpu_dtype(), torch.get_autocast_ipu_dtype(), torch.get_autocast_xla_dtype())
show(torch.is_autocast_cpu_enabled(), torch.is_autocast_ipu_enabled(), torch.is_autocast_xla_enabled())
torch.set_autocast_cpu_dtype(torch.bfloat16)
torch.set_autocast_gpu_dtype(torch.float16)
torch.set_autocast_ipu_dtype(torch.float16)
torch.set_autocast_xla_dtype(torch.bfloat16)
torch.set_autocast_cpu_enabled(False)
torch.set_autocast_ipu_enabled(False)
torch.set_autocast_xla_enabled(False)`,
    (show) => {
      show(
        ...[torch.get_autocast_cpu_dtype(), torch.get_autocast_gpu_dtype()],
        ...[torch.get_autocast_ipu_dtype(), torch.get_autocast_xla_dtype()],
      );
      show(torch.is_autocast_cpu_enabled(), torch.is_autocast_ipu_enabled(), torch.is_autocast_xla_enabled());
      torch.set_autocast_cpu_dtype(torch.bfloat16);
      torch.set_autocast_gpu_dtype(torch.float16);
      torch.set_autocast_ipu_dtype(torch.float16);
      torch.set_autocast_xla_dtype(torch.bfloat16);
      torch.set_autocast_cpu_enabled(false);
      torch.set_autocast_ipu_enabled(false);
      torch.set_autocast_xla_enabled(false);
    },
  ],
  'a dtype that the CPU does not have switches autocast off': [
    "r = torch.autocast('cpu', torch.float32)\nwith r: show(torch.is_autocast_enabled('cpu'), torch.ones(1, 1).mm(torch.ones(1, 1)))",
    (show) => autocast('cpu', torch.float32)(() => show(is_enabled('cpu'), torch.ones(1, 1).mm(torch.ones(1, 1))))(),
  ],
  'CUDA without a device switches autocast off': [
    "with torch.autocast('cuda'): show(torch.is_autocast_enabled('cuda'), torch.get_autocast_dtype('cuda'))",
    (show) => autocast('cuda', () => show(is_enabled('cuda'), torch.get_autocast_dtype('cuda'))),
  ],
  'a device without autocast': ["torch.autocast('meta')", () => autocast('meta')],
  'a device that there is not': ["torch.autocast('abacus')", () => autocast('abacus')],
  'the state of a device without autocast': ["torch.is_autocast_enabled('meta')", () => is_enabled('meta')],
  'the dtype of a device without autocast': [
    "torch.get_autocast_dtype('meta')",
    () => torch.get_autocast_dtype('meta'),
  ],
  'a device that is to be registered': ["torch.autocast('privateuseone')", () => autocast('privateuseone')],
  'a loss that is unsafe': [
    in_region("torch.autocast('cpu')", 'F.binary_cross_entropy(torch.rand(2).bfloat16(), torch.rand(2))'),
    () => autocast('cpu', () => F.binary_cross_entropy(torch.rand(2).bfloat16(), torch.rand(2))),
  ],
  'torch.cuda.amp and torch.cpu.amp': [
    `
with torch.cpu.amp.autocast(): show(torch.ones(1, 1).mm(torch.ones(1, 1)), torch.get_autocast_dtype('cpu'))
with torch.cpu.amp.autocast(dtype=torch.float16): show(torch.ones(1, 1).mm(torch.ones(1, 1)))
with torch.cuda.amp.autocast(False): show(torch.get_autocast_dtype('cuda'))
show(torch.cpu.amp.GradScaler(init_scale=2.).scale(torch.ones(1)), torch.cuda.amp.GradScaler(enabled=False).is_enabled())
show(torch.cuda.amp.common.amp_definitely_not_available())`,
    (show) => {
      const product = () => torch.ones(1, 1).mm(torch.ones(1, 1));
      torch.cpu.amp.autocast(() => show(product(), torch.get_autocast_dtype('cpu')));
      torch.cpu.amp.autocast({ dtype: torch.float16 }, () => show(product()));
      torch.cuda.amp.autocast(false)(() => show(torch.get_autocast_dtype('cuda')))();
      const scaler = new torch.cpu.amp.GradScaler({ init_scale: 2 });
      show(scaler.scale(torch.ones(1)), new torch.cuda.amp.GradScaler({ enabled: false }).is_enabled());
      show(torch.cuda.amp.common.amp_definitely_not_available());
    },
  ],
  'custom functions': [
    `
class Cast(torch.autograd.Function):
    @staticmethod
    @torch.amp.custom_fwd(device_type='cpu', cast_inputs=torch.float32)
    def forward(ctx, x, others, n):
        show(torch.is_autocast_enabled('cpu'), x, others, n)
        return x.mm(others[0])
    @staticmethod
    @torch.amp.custom_bwd(device_type='cpu')
    def backward(ctx, g):
        show(torch.is_autocast_enabled('cpu'), g)
        return g, None, None
class Plain(torch.autograd.Function):
    @staticmethod
    @torch.amp.custom_fwd(device_type='cpu')
    def forward(ctx, x):
        show(torch.is_autocast_enabled('cpu'))
        return x.mm(x)
    @staticmethod
    @torch.amp.custom_bwd(device_type='cpu')
    def backward(ctx, g):
        show(torch.is_autocast_enabled('cpu'), torch.get_autocast_dtype('cpu'), g.float().mm(g.float()))
        return g
x = torch.ones(1, 1, requires_grad=True)
y = torch.ones(1, 1, dtype=torch.bfloat16)
z = torch.ones(1, 1, dtype=torch.float64)
with torch.autocast('cpu', torch.float16):
    out = Cast.apply(x, [y, z], 3)
    show(out)
out.sum().backward()
show(x.grad)
show(Cast.apply(x, [torch.ones(1, 1), z], 3))
with torch.autocast('cpu', torch.float16): out = Plain.apply(x)
out.sum().backward()
Plain.apply(x).sum().backward()`,
    (show) => {
      class Cast extends torch.autograd.Function {
        // As decorators; the examples in the documentation have them as such.
        static forward = amp.custom_fwd({ device_type: 'cpu', cast_inputs: torch.float32 })(
          (_: torch.autograd.FunctionCtx, x: Tensor, others: Tensor[], n: number): Tensor => {
            show(is_enabled('cpu'), x, others, n);
            return x.mm(others[0]!);
          },
        );
        static backward = amp.custom_bwd({ device_type: 'cpu' })(
          (_: torch.autograd.FunctionCtx, g: Tensor): [Tensor, null, null] => {
            show(is_enabled('cpu'), g);
            return [g, null, null];
          },
        );
      }
      class Plain extends torch.autograd.Function {
        static forward = amp.custom_fwd(
          (_: torch.autograd.FunctionCtx, x: Tensor) => {
            show(is_enabled('cpu'));
            return x.mm(x);
          },
          { device_type: 'cpu' },
        );
        static backward = amp.custom_bwd(
          (_: torch.autograd.FunctionCtx, g: Tensor) => {
            show(is_enabled('cpu'), torch.get_autocast_dtype('cpu'), g.float().mm(g.float()));
            return g;
          },
          { device_type: 'cpu' },
        );
      }
      const x = torch.ones(1, 1, { requires_grad: true });
      const y = torch.ones(1, 1, { dtype: torch.bfloat16 });
      const z = torch.ones(1, 1, { dtype: torch.float64 });
      let out = autocast('cpu', { dtype: torch.float16 }, () => {
        const inner = Cast.apply(x, [y, z], 3);
        show(inner);
        return inner;
      });
      out.sum().backward();
      show(x.grad);
      show(Cast.apply(x, [torch.ones(1, 1), z], 3));
      out = autocast('cpu', { dtype: torch.float16 }, () => Plain.apply(x));
      out.sum().backward();
      Plain.apply(x).sum().backward();
    },
  ],
  'checkpoints compute again in the precision of the first run': [
    `
from torch.utils.checkpoint import checkpoint
m = nn.Linear(3, 3)
for reentrant in [False, True]:
    x = torch.randn(2, 3, requires_grad=True)
    def f(x):
        show(torch.is_autocast_enabled('cpu'), torch.get_autocast_dtype('cpu'), torch.is_autocast_cache_enabled())
        return m(x)
    with torch.autocast('cpu', torch.float16, cache_enabled=False): y = checkpoint(f, x, use_reentrant=reentrant)
    y.float().sum().backward()
    show(y, x.grad, m.weight.grad)
    with torch.autocast('cpu'): z = checkpoint(f, x, use_reentrant=reentrant)
    with torch.autocast('cpu', torch.float16): z.float().sum().backward()
    show(x.grad)`,
    (show) => {
      const m = new nn.Linear(3, 3);
      for (const use_reentrant of [false, true]) {
        const x = torch.randn(2, 3, { requires_grad: true });
        const f = (input: Tensor): Tensor => {
          show(is_enabled('cpu'), torch.get_autocast_dtype('cpu'), torch.is_autocast_cache_enabled());
          return m(input);
        };
        const run = () => torch.utils.checkpoint.checkpoint(f, x, { use_reentrant });
        const y = autocast('cpu', { dtype: torch.float16, cache_enabled: false }, run);
        y.float().sum().backward();
        show(y, x.grad, m.weight.grad);
        const z = autocast('cpu', run);
        autocast('cpu', { dtype: torch.float16 }, () => z.float().sum().backward());
        show(x.grad);
      }
    },
  ],
  'attention of inference uses the same kernel': [
    `
m = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
a = nn.MultiheadAttention(8, 2, batch_first=True).eval()
x = torch.randn(2, 3, 8)
with torch.no_grad(), torch.autocast('cpu'): show(m(x), a(x, x, x)[0])
torch.set_autocast_enabled(True)
with torch.no_grad(): show(m(x), a(x, x, x)[0])
torch.set_autocast_enabled(False)`,
    (show) => {
      const m = new nn.TransformerEncoderLayer(8, 2, 16, { batch_first: true }).eval();
      const a = new nn.MultiheadAttention(8, 2, { batch_first: true }).eval();
      const x = torch.randn(2, 3, 8);
      const both = () => show(m(x), a(x, x, x)[0]);
      autocast('cpu', () => torch.no_grad(both));
      torch.set_autocast_enabled(true);
      torch.no_grad(both);
      torch.set_autocast_enabled(false);
    },
  ],
  'a scaler by default, without CUDA': [
    `
s = torch.amp.GradScaler()
x = torch.ones(2)
show(s.is_enabled(), s.get_scale(), s.scale(x) is x, s.state_dict(), s.scale('a'), s.update())
w = torch.ones(1, requires_grad=True)
w.grad = torch.ones(1)
o = torch.optim.SGD([w], lr=1.)
show(s.step(o), w, s.unscale_(o), s.load_state_dict({}))`,
    (show) => {
      const s = new amp.GradScaler();
      const x = torch.ones(2);
      show(s.is_enabled(), s.get_scale(), s.scale(x) === x, s.state_dict());
      show(s.scale(loose<Tensor>('a')), s.update() ?? null);
      const w = torch.ones(1, { requires_grad: true });
      w.grad = torch.ones(1);
      const o = new optim.SGD([w], { lr: 1 });
      show(s.step(o) ?? null, w, s.unscale_(o) ?? null, s.load_state_dict({}) ?? null);
    },
  ],
  'a scaler scales lists': [
    `
s = torch.amp.GradScaler('cpu', init_scale=4.)
x = torch.ones(2)
show(s.scale([x, [x.half(), x.double()]]), list(s.scale(v for v in [x])), s.get_scale(), s.is_enabled())`,
    (show) => {
      const s = new amp.GradScaler('cpu', 4);
      const x = torch.ones(2);
      show(s.scale([x, [x.half(), x.double()]]), [...s.scale(new Set([x]))], s.get_scale(), s.is_enabled());
    },
  ],
  'a scaler grows and backs off': [
    `
s = torch.amp.GradScaler('cpu', init_scale=8., growth_factor=3., backoff_factor=0.25, growth_interval=2)
w = torch.ones(2, requires_grad=True)
o = torch.optim.SGD([w], lr=0.5)
for factor in [1., 1., float('inf'), 1., float('nan'), 1., 1.]:
    o.zero_grad()
    s.scale(w.sum() * factor).backward()
    s.step(o)
    s.update()
    show(s.get_scale(), s._get_growth_tracker(), w)
s.set_growth_factor(5.)
s.set_backoff_factor(0.75)
s.set_growth_interval(1)
show(s.get_growth_factor(), s.get_backoff_factor(), s.get_growth_interval(), s.state_dict())
s.update(torch.tensor(3.))
other = torch.amp.GradScaler('cpu')
other.load_state_dict(s.state_dict())
show(other.get_scale(), other.get_growth_factor(), s.get_scale(), other.state_dict())
s.load_state_dict({**s.state_dict(), 'scale': 7., '_growth_tracker': 1})
show(s.get_scale(), s._get_growth_tracker(), s.scale(torch.ones(1)))`,
    (show) => {
      const s = new amp.GradScaler('cpu', 8, 3, 0.25, 2);
      const w = torch.ones(2, { requires_grad: true });
      const o = new optim.SGD([w], { lr: 0.5 });
      const tracker = () => s.state_dict()._growth_tracker;
      for (const factor of [1, 1, Infinity, 1, NaN, 1, 1]) {
        o.zero_grad();
        s.scale(w.sum().mul(factor)).backward();
        s.step(o);
        s.update();
        show(s.get_scale(), tracker(), w.clone());
      }
      s.set_growth_factor(5);
      s.set_backoff_factor(0.75);
      s.set_growth_interval(1);
      show(s.get_growth_factor(), s.get_backoff_factor(), s.get_growth_interval(), s.state_dict());
      s.update(torch.tensor(3).float());
      const other = new amp.GradScaler('cpu');
      other.load_state_dict(s.state_dict());
      show(other.get_scale(), other.get_growth_factor(), s.get_scale(), other.state_dict());
      s.load_state_dict(new Map(Object.entries({ ...s.state_dict(), scale: 7, _growth_tracker: 1 })));
      show(s.get_scale(), tracker(), s.scale(torch.ones(1)));
    },
  ],
  'gradients that are sparse or in float16': [
    `
s = torch.amp.GradScaler('cpu', init_scale=4.)
e = nn.Embedding(3, 2, sparse=True)
o = torch.optim.SGD(e.parameters(), lr=1.)
s.scale(e(torch.tensor([0, 2, 0])).sum()).backward()
s.unscale_(o)
show(e.weight.grad.to_dense())
s.step(o)
show(e.weight)
h = torch.ones(2, dtype=torch.float16, requires_grad=True)
s.update()
s.scale(h.sum()).backward()
s.step(torch.optim.SGD([h], lr=1.))`,
    (show) => {
      const s = new amp.GradScaler('cpu', { init_scale: 4 });
      const e = new nn.Embedding(3, 2, { sparse: true });
      const o = new optim.SGD(e.parameters(), { lr: 1 });
      s.scale(e(torch.tensor([0, 2, 0])).sum()).backward();
      s.unscale_(o);
      show(e.weight.grad!.to_dense());
      s.step(o);
      show(e.weight);
      const h = torch.ones(2, { dtype: torch.float16, requires_grad: true });
      s.update();
      s.scale(h.sum()).backward();
      s.step(new optim.SGD([h], { lr: 1 }));
    },
  ],
  'an optimizer that takes scaled gradients': [
    `
class Own(torch.optim.SGD):
    _step_supports_amp_scaling = True
    def step(self):
        show(self.grad_scale, self.found_inf)
w = torch.ones(2, requires_grad=True)
o = Own([w], lr=1.)
s = torch.amp.GradScaler('cpu', init_scale=4.)
for factor in [1., float('inf')]:
    s.scale(w.sum() * factor).backward()
    s.step(o)
    s.update()
    show(hasattr(o, 'grad_scale'), hasattr(o, 'found_inf'), s.get_scale())
w.grad = None
s.scale(w.sum()).backward()
o.grad_scale = torch.tensor(3.)
s.step(o)
s.update()
w.grad = None
s.scale(w.sum()).backward()
s.unscale_(o)
s.step(o)`,
    (show) => {
      class Own extends optim.SGD {
        override step(): undefined {
          show(this.grad_scale ?? null, this.found_inf);
          return undefined;
        }
      }
      const w = torch.ones(2, { requires_grad: true });
      const o = new Own([w], { lr: 1 });
      o._step_supports_amp_scaling = true;
      const s = new amp.GradScaler('cpu', { init_scale: 4 });
      for (const factor of [1, Infinity]) {
        s.scale(w.sum().mul(factor)).backward();
        s.step(o);
        s.update();
        show('grad_scale' in o, 'found_inf' in o, s.get_scale());
      }
      w.grad = null;
      s.scale(w.sum()).backward();
      o.grad_scale = torch.tensor(3).float();
      s.step(o);
      s.update();
      w.grad = null;
      s.scale(w.sum()).backward();
      s.unscale_(o);
      s.step(o);
    },
  ],
  'operators of the user': [
    `
@torch.library.custom_op('amp_test::seen', mutates_args=[], schema='(Tensor x, Tensor[] others, float n) -> Tensor')
def seen(x, others, n):
    show(torch.is_autocast_enabled('cpu'), x, others, n)
    return x * n
seen.register_autocast('cpu', torch.float16)
x = torch.ones(2, requires_grad=True)
y = torch.ones(1)
z = torch.ones(1, dtype=torch.float64)
with torch.autocast('cpu'): show(torch.ops.amp_test.seen(x, [y, z], 2.), torch.is_autocast_enabled('cpu'))
show(seen(x, [y, z], 2.))
torch.library.register_autocast(seen, 'meta', torch.float16)`,
    (show) => {
      const seen = torch.library.custom_op(
        'amp_test::seen',
        (x: Tensor, others: Tensor[], n: number) => {
          show(is_enabled('cpu'), x, others, n);
          return x.mul(n);
        },
        { mutates_args: [], schema: '(Tensor x, Tensor[] others, float n) -> Tensor' },
      );
      seen.register_autocast('cpu', torch.float16);
      const x = torch.ones(2, { requires_grad: true });
      const others = [torch.ones(1), torch.ones(1, { dtype: torch.float64 })];
      autocast('cpu', () => show(torch.ops['amp_test']!['seen']!(x, others, 2), is_enabled('cpu')));
      show(seen(x, others, 2));
      torch.library.register_autocast(seen, 'meta', torch.float16);
    },
  ],
  'scaled gradients, and an optimizer that is not fused': [
    `
w = torch.ones(2, requires_grad=True)
w.grad = torch.ones(2)
o = torch.optim.Adam([w])
o.grad_scale = torch.tensor(2.)
o.step()`,
    () => {
      const w = torch.ones(2, { requires_grad: true });
      w.grad = torch.ones(2);
      const o = new optim.Adam([w]);
      o.grad_scale = torch.tensor(2).float();
      o.step();
    },
  ],
};

/** Errors of a scaler: the lines that follow `s`, `w` and an optimizer `o` with a gradient. */
const scaler_errors: Record<string, readonly [string, (x: { s: torch.GradScaler; w: Tensor; o: optim.SGD }) => void]> =
  {
    'step before scale': ['s.step(o)', ({ s, o }) => s.step(o)],
    'unscale_ before scale': ['s.unscale_(o)', ({ s, o }) => s.unscale_(o)],
    'update before scale': ['s.update()', ({ s }) => s.update()],
    'update before step': [
      's.scale(w)\ns.update()',
      ({ s, w }) => {
        s.scale(w);
        s.update();
      },
    ],
    'step twice': [
      's.scale(w)\ns.step(o)\ns.step(o)',
      ({ s, w, o }) => {
        s.scale(w);
        s.step(o);
        s.step(o);
      },
    ],
    'unscale_ twice': [
      's.scale(w)\ns.unscale_(o)\ns.unscale_(o)',
      ({ s, w, o }) => {
        s.scale(w);
        s.unscale_(o);
        s.unscale_(o);
      },
    ],
    'unscale_ after step': [
      's.scale(w)\ns.step(o)\ns.unscale_(o)',
      ({ s, w, o }) => {
        s.scale(w);
        s.step(o);
        s.unscale_(o);
      },
    ],
    'no gradient at all': [
      's.scale(w)\nw.grad = None\ns.step(o)',
      ({ s, w, o }) => {
        s.scale(w);
        w.grad = null;
        s.step(o);
      },
    ],
    'a closure': [
      's.scale(w)\ns.step(o, closure=lambda: 1)',
      ({ s, w, o }) => {
        s.scale(w);
        s.step(o, { closure: () => 1 });
      },
    ],
    'a scale of two elements': [
      's.scale(w)\ns.update(torch.ones(2))',
      ({ s, w }) => {
        s.scale(w);
        s.update(torch.ones(2));
      },
    ],
    'what is not a tensor': ['s.scale([w, 3])', ({ s, w }) => s.scale([w, 3])],
    'an empty state': ['s.load_state_dict({})', ({ s }) => s.load_state_dict({})],
    'a growth factor of 1': [
      "torch.amp.GradScaler('cpu', growth_factor=1.)",
      () => void new amp.GradScaler('cpu', { growth_factor: 1 }),
    ],
    'a backoff factor of 1': [
      "torch.amp.GradScaler('cpu', backoff_factor=1.)",
      () => void new amp.GradScaler('cpu', { backoff_factor: 1 }),
    ],
  };
for (const [name, [source, run]] of Object.entries(scaler_errors)) {
  const setup = `
s = torch.amp.GradScaler('cpu')
w = torch.ones(2, requires_grad=True)
w.grad = torch.ones(2)
o = torch.optim.SGD([w], lr=1.)
`;
  snippets[`the error for ${name}`] = [
    setup + source,
    () => {
      const w = torch.ones(2, { requires_grad: true });
      w.grad = torch.ones(2);
      run({ s: new amp.GradScaler('cpu'), w, o: new optim.SGD([w], { lr: 1 }) });
    },
  ];
}

interface Training {
  model: 'MLP' | 'CNN' | 'LSTM' | 'Transformer';
  optimizer: 'SGD' | 'Adam' | 'AdamW' | 'Adagrad';
  dtype: 'bfloat16' | 'float16';
  options?: Record<string, unknown>;
  scaler?: Record<string, number>;
  clip?: number;
  checkpoint?: boolean;
}
/** Beyond what float16 can represent at first, so that steps are left out. */
const too_large = { init_scale: 2 ** 24, backoff_factor: 2 ** -6, growth_interval: 2 };
const trainings: Training[] = [
  { model: 'MLP', optimizer: 'SGD', dtype: 'bfloat16', options: { lr: 0.1, momentum: 0.9 } },
  { model: 'MLP', optimizer: 'Adam', dtype: 'float16', scaler: too_large, clip: 0.5 },
  { model: 'MLP', optimizer: 'AdamW', dtype: 'float16', options: { lr: 0.01, fused: true }, scaler: too_large },
  {
    ...{ model: 'MLP', optimizer: 'SGD', dtype: 'float16', scaler: { ...too_large, init_scale: 2 ** 10 } },
    options: { lr: 0.1, momentum: 0.9, fused: true },
  },
  { model: 'MLP', optimizer: 'Adagrad', dtype: 'float16', options: { lr: 0.1, fused: true }, scaler: too_large },
  { model: 'CNN', optimizer: 'SGD', dtype: 'bfloat16', options: { lr: 0.1 } },
  { model: 'CNN', optimizer: 'Adam', dtype: 'float16', scaler: too_large },
  { model: 'LSTM', optimizer: 'Adam', dtype: 'bfloat16', options: { lr: 0.01 } },
  { model: 'LSTM', optimizer: 'SGD', dtype: 'float16', options: { lr: 0.1 }, clip: 1 },
  { model: 'Transformer', optimizer: 'AdamW', dtype: 'bfloat16', options: { lr: 0.01 }, checkpoint: true },
  { model: 'Transformer', optimizer: 'AdamW', dtype: 'float16', options: { lr: 0.01 }, scaler: too_large, clip: 1 },
];

class CNN extends nn.Module {
  conv = new nn.Conv2d(1, 4, 3);
  norm = new nn.BatchNorm2d(4);
  head = new nn.Linear(36, 3);

  forward(x: Tensor): Tensor {
    return this.head(F.max_pool2d(F.relu(this.norm(this.conv(x))), 2).flatten(1));
  }
}

class Recurrent extends nn.Module {
  lstm = new nn.LSTM(4, 6, { num_layers: 2, batch_first: true });
  head = new nn.Linear(6, 3);

  forward(x: Tensor): Tensor {
    return this.head(this.lstm(x)[0].index(':', -1));
  }
}

class Attentive extends nn.Module {
  embedding = new nn.Embedding(10, 8);
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(8, 2, { dim_feedforward: 16, dropout: 0.1, batch_first: true }),
    2,
    { enable_nested_tensor: false },
  );
  head = new nn.Linear(8, 3);

  forward(x: Tensor): Tensor {
    return this.head(this.encoder(this.embedding(x)).mean(1));
  }
}

const mlp = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Linear(6, 16),
    new nn.GELU(),
    new nn.LayerNorm(16),
    new nn.Dropout(0.1),
    new nn.Linear(16, 3),
  );

type Net = nn.Module & ((x: Tensor) => Tensor);
const models: Record<Training['model'], readonly [make: () => unknown, batch: () => Tensor]> = {
  MLP: [mlp, () => torch.randn(8, 6)],
  CNN: [() => new CNN(), () => torch.randn(8, 1, 8, 8)],
  LSTM: [() => new Recurrent(), () => torch.randn(8, 5, 4)],
  Transformer: [() => new Attentive(), () => torch.randint(10, [8, 5])],
};

function train(its: Training) {
  torch.manual_seed(0);
  const [make, batch] = models[its.model];
  const model = make() as Net;
  const kinds = optim as unknown as Record<string, new (params: unknown, options: object) => optim.Optimizer>;
  const optimizer = new kinds[its.optimizer]!(model.parameters(), its.options ?? {});
  const scaler = new amp.GradScaler('cpu', its.scaler ?? {});
  const run = its.checkpoint
    ? (x: Tensor) => torch.utils.checkpoint.checkpoint(model as (x: Tensor) => Tensor, x, { use_reentrant: false })
    : (x: Tensor) => model(x);
  const [losses, scales, dtypes]: [unknown[], number[], string[]] = [[], [], []];
  for (let i = 0; i < 4; i++) {
    const [x, y] = [batch(), torch.randint(3, [8])];
    optimizer.zero_grad();
    const [output, loss] = autocast('cpu', { dtype: torch[its.dtype] }, () => {
      const result = run(x);
      return [result, F.cross_entropy(result, y)] as const;
    });
    scaler.scale(loss).backward();
    if (its.clip) {
      scaler.unscale_(optimizer);
      nn.utils.clip_grad_norm_(model.parameters(), its.clip);
    }
    scaler.step(optimizer);
    scaler.update();
    losses.push(plain(loss));
    scales.push(scaler.get_scale());
    dtypes.push(String(output.dtype));
  }
  const states = Object.values(optimizer.state_dict().state) as { step?: Tensor }[];
  const steps = states.flatMap(({ step }) => (step === undefined ? [] : [plain(step)]));
  const params = Object.values(model.state_dict()).map(plain);
  return { losses, scales, dtypes, params, steps, scaler: scaler.state_dict() };
}

interface Said {
  readonly shown: unknown[];
  readonly warnings: [string, string][];
}
const theirs = python<{ operators: Plain[][]; snippets: Said[]; trainings: object[] }>('amp.py', [
  operators.map(([source]) => source),
  Object.values(snippets).map(([source]) => source),
  trainings,
]);

/** The reason of an error, without the name of the function that libtorch's errors begin with here. */
const reason = (error: unknown): string => (error as Error).message.replace(/^\w+(?:\.\w+)*\(\): /, '').split('\n')[0]!;

/** What a snippet shows and warns of here, in the form of Python's answer. */
function say(run: Source[1]): Said {
  const shown: unknown[] = [];
  const warnings: [string, string][] = [];
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(((text: string, category: string) => {
    warnings.push([category, text]);
  }) as typeof process.emitWarning);
  torch.manual_seed(1);
  try {
    run((...values) => shown.push(...values.map(plain)));
  } catch (error) {
    shown.push({ error: reason(error) });
  } finally {
    emit.mockRestore();
  }
  return { shown: JSON.parse(JSON.stringify(shown)) as unknown[], warnings };
}

/** Each warning once, as Python's own filter gives them; errors by their first line. */
function said({ shown, warnings }: Said): Said {
  const known = new Set<string>();
  const first = ({ error, ...rest }: { error: string }) => ({ ...rest, error: error.split('\n')[0] });
  return {
    shown: shown.map((value) => (Object.hasOwn(Object(value), 'error') ? first(value as { error: string }) : value)),
    warnings: warnings
      .map(([category, text]): [string, string] => [category, text.replace(/ \(Triggered internally .*\)$/, '')])
      .filter(([category, text]) => !known.has(category + text) && known.add(category + text)),
  };
}

describe('operators in a region of autocast', () => {
  it.each(operators.map(([source, run], i) => [source, run, i] as const))('%s', (_, run, i) => {
    const ours = [torch.bfloat16, torch.float16].map((dtype) => {
      const given = inputs(dtype);
      return autocast('cpu', { dtype }, () => {
        try {
          return plain(run(given));
        } catch (error) {
          return { error: reason(error) };
        }
      });
    });
    const answers = theirs.operators[i]!.map((answer) => said({ shown: [answer], warnings: [] }).shown[0]);
    expect(ours).toEqual(answers);
  });

  it('are cast, most of them', () => {
    const cast = theirs.operators.filter(([low]) => Array.isArray(low) && low[0] === 'torch.bfloat16');
    expect(cast.length).toBeGreaterThan(20);
  });
});

describe('as in Python', () => {
  it.each(Object.keys(snippets).map((name, i) => [name, i] as const))('%s', (name, i) => {
    expect(say(snippets[name]![1])).toEqual(said(theirs.snippets[i]!));
  });
});

describe('training steps', () => {
  it.each(trainings.map((its, i) => [its.model, its.optimizer, its.dtype, i] as const))('%s %s %s', (_m, _o, _d, i) => {
    const expected = theirs.trainings[i]!;
    // What the processor cannot compute is refused on both sides.
    if (Object.hasOwn(expected, 'error')) {
      const { error } = expected as { error: string };
      expect(() => train(trainings[i]!)).toThrow(error.split('\n')[0]!);
    } else expect(train(trainings[i]!)).toEqual(expected);
  });

  it('are left out where the scale is too large', () => {
    const scales = theirs.trainings.map((training) => (training as { scales?: number[] }).scales ?? [0]);
    expect(scales.filter(([first, second]) => second! < first! || first! < 2 ** 24).length).toBeGreaterThan(3);
  });
});

describe('torch.autocast', () => {
  it('is a guard, a decorator, and takes a function behind or before its options', () => {
    const dtype = (): torch.DType => torch.ones(1, 1).mm(torch.ones(1, 1)).dtype;
    expect(autocast('cpu')(dtype)()).toBe(torch.bfloat16);
    expect(autocast('cpu', autocast({ device_type: 'cpu', enabled: false })(dtype))).toBe(torch.float32);
    expect(autocast('cpu', dtype, { dtype: torch.float16 })).toBe(torch.float16);
    expect(autocast('cpu', { dtype: torch.float16 }, dtype)).toBe(torch.float16);
    expect(autocast('cpu', dtype, torch.float16, true)).toBe(torch.float16);
    expect(autocast({ device_type: 'cpu', dtype: torch.float16, fn: dtype })).toBe(torch.float16);
    expect(amp.autocast_mode.autocast_decorator(autocast('cpu'), dtype)()).toBe(torch.bfloat16);
    expect([amp.autocast, amp.GradScaler]).toEqual([autocast, torch.GradScaler]);
    expect(is_enabled('cpu')).toBe(false);
  });

  it('ends at an await, and refuses asynchronous functions', async () => {
    const region = autocast('cpu');
    expect(() => region(async () => Promise.resolve())).toThrow('must be synchronous');
    const end = region[Symbol.dispose];
    expect(is_enabled('cpu')).toBe(true);
    await Promise.resolve();
    expect(is_enabled('cpu')).toBe(false);
    expect(() => end.call(region)).toThrow('await');
    expect(torch.autocast_increment_nesting()).toBe(1);
    expect(torch.autocast_decrement_nesting()).toBe(0);
  });

  it('refuses wrong arguments', () => {
    const call = autocast as Loose;
    expect(() => call()).toThrow(new TypeError("autocast() missing 1 required positional argument: 'device_type'"));
    expect(() => call(1)).toThrow(TypeError);
    expect(() => call('cpu', 'bfloat16')).toThrow(TypeError);
    expect(() => call('cpu', { type: torch.bfloat16 })).toThrow("unexpected keyword argument 'type'");
    expect(() => (torch.autocast('cpu') as unknown as Loose)(3)).toThrow('decorates methods and functions, not int');
    expect(() => (amp.custom_fwd as Loose)(() => 1)).toThrow(
      "custom_fwd() missing 1 required keyword-only argument: 'device_type'",
    );
  });

  it('does not keep what is computed in it', () => {
    const w = torch.randn(64, 64, { requires_grad: true });
    const before = torch.memory_stats().live_tensors;
    for (let i = 0; i < 2000; i++) {
      autocast('cpu', () => torch.randn(4, 64).mm(w).float().sum()).backward();
      w.grad = null;
    }
    expect(torch.memory_stats().live_tensors - before).toBeLessThan(5000);
  });
});

describe('torch.GradScaler', () => {
  it('refuses wrong arguments', () => {
    const scaler = new amp.GradScaler('cpu');
    const call = scaler as unknown as Record<string, Loose>;
    expect(() => call['scale']!(3)).toThrow(TypeError);
    expect(() => call['step']!({})).toThrow(TypeError);
    expect(() => call['update']!('a')).toThrow(TypeError);
    expect(() => call['load_state_dict']!({ scale: 1 })).toThrow("has no 'growth_factor'");
    expect(() => new (amp.GradScaler as unknown as new (...args: unknown[]) => object)('cpu', '1')).toThrow(TypeError);
  });

  it('keeps its scale beyond torch.scope', () => {
    const scaler = new amp.GradScaler('cpu', { init_scale: 4, growth_interval: 1 });
    const w = torch.ones(2, { requires_grad: true });
    const o = new optim.SGD([w], { lr: 0.5 });
    for (let i = 0; i < 2; i++) {
      torch.scope(() => {
        o.zero_grad();
        scaler.scale(w.sum()).backward();
      });
      torch.scope(() => scaler.step(o));
      scaler.update();
    }
    expect([scaler.get_scale(), w.tolist()]).toEqual([16, [0, 0]]);
  });

  it('is copied with deepcopy', () => {
    const scaler = new amp.GradScaler('cpu', { init_scale: 4 });
    scaler.scale(torch.ones(1));
    const copy = torch.deepcopy(scaler);
    scaler.update(2);
    expect([copy.get_scale(), scaler.get_scale()]).toEqual([4, 2]);
  });
});
