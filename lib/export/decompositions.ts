/**
 * What operators are made of, as Python's table of the core operators has it: functions of tensors, called while they are
 * recorded, so that each may use operators that are decomposed in turn.
 */
import { is_tensor } from '../_C/tensor_base.js';
import { overload_named } from '../_ops.js';
import type { Tensor } from '../_tensor.js';
import * as dtypes from '../types/dtype.js';
import { finfo } from '../types/type_info.js';
import type { DType } from '../types/dtype.js';
import type { Decomposition } from './decomposition_table.js';

// ---- Parts --------------------------------------------------------------------------------------------

/** Calls an overload of aten. */
const op = (name: string, ...args: unknown[]): Tensor => overload_named(`aten::${name}`)(...args) as Tensor;
const ops = (name: string, ...args: unknown[]): Tensor[] => overload_named(`aten::${name}`)(...args) as Tensor[];

type Scalar = number | boolean;

const scalar = (value: Scalar, { dtype, device }: Pick<Tensor, 'dtype' | 'device'>): Tensor =>
  op('scalar_tensor', value, { dtype, layout: dtypes.strided, device });
const full = (sizes: readonly number[], value: Scalar, { dtype, device }: Pick<Tensor, 'dtype' | 'device'>): Tensor =>
  op('full', sizes, value, { dtype, layout: dtypes.strided, device, pin_memory: false });

/** `where` in which numbers become tensors of the dtype of the other one. */
function where(condition: Tensor, a: Tensor | Scalar, b: Tensor | Scalar): Tensor {
  const like = (is_tensor(a) ? a : b) as Tensor;
  const other = (value: Tensor | Scalar): Tensor =>
    is_tensor(value) ? (value as Tensor) : scalar(value as Scalar, like);
  return op('where.self', condition, other(a), other(b));
}

const indices = (end: number, device: Tensor['device'], dtype: DType | null = null): Tensor =>
  op('arange.start_step', 0, end, 1, { dtype, layout: dtypes.strided, device, pin_memory: false });

const from_front = (dim: number, dims: number): number => (dim < 0 ? dim + dims : dim);
const every = (count: number): number[] => [...Array(count).keys()];
const is_half = ({ dtype }: Tensor): boolean => dtype === dtypes.float16 || dtype === dtypes.bfloat16;
const to = (tensor: Tensor, dtype: DType): Tensor =>
  tensor.dtype === dtype ? tensor : op('_to_copy', tensor, { dtype });

/** Elementwise arithmetic, which halves do as floats. */
function pointwise(fn: (...args: never[]) => Tensor): Decomposition {
  return (...args: unknown[]): Tensor => {
    const half = args.find((value): value is Tensor => is_tensor(value) && is_half(value as Tensor));
    if (half === undefined) return fn(...(args as never[]));
    const floats = args.map((value) =>
      is_tensor(value) && is_half(value as Tensor) ? to(value as Tensor, dtypes.float32) : value,
    );
    return to(fn(...(floats as never[])), half.dtype);
  };
}

/** Losses by their number: none, mean, sum. */
const reduced = (loss: Tensor, reduction: number): Tensor =>
  reduction === 1 ? op('mean', loss) : reduction === 2 ? op('sum', loss) : loss;

/** `exp`, `clamp` and so on between 0 and 6, for hardswish. */
const between_0_and_6 = (x: Tensor): Tensor => op('clamp', op('clamp', op('add.Tensor', x, 3), 0), null, 6);

const softplus = (x: Tensor, beta = 1, threshold = 20): Tensor => {
  const scaled = beta === 1 ? x : op('mul.Tensor', x, beta);
  const soft = op('log1p', op('exp', scaled));
  return where(op('gt.Scalar', scaled, threshold), x, beta === 1 ? soft : op('div.Tensor', soft, beta));
};

const log_sigmoid = (x: Tensor): Tensor =>
  op('sub.Tensor', op('minimum', full([], 0, x), x), op('log1p', op('exp', op('neg', op('abs', x)))));

const logical_all = (x: Tensor, any: (x: Tensor) => Tensor): Tensor => op('logical_not', any(op('logical_not', x)));

const lerp = (start: Tensor, end: Tensor, weight: Tensor): Tensor => {
  const far = op('ge.Scalar', op('abs', weight), 0.5);
  const factor = op('where.self', far, op('sub.Tensor', weight, 1), weight);
  const base = op('where.self', far, end, start);
  return op('add.Tensor', op('mul.Tensor', factor, op('sub.Tensor', end, start)), base);
};

const dot = (a: Tensor, b: Tensor): Tensor => op('sum', op('mul.Tensor', a, b));

function xlogy(x: Tensor, y: Tensor): Tensor {
  const product = where(op('eq.Scalar', x, 0), 0, op('mul.Tensor', x, op('log', y)));
  return where(op('isnan', y), NaN, product);
}

/** The index of a column minus that of a row, compared with a diagonal. */
function triangle(compare: string, diagonal: number, rows: number, columns: number, device: Tensor['device']): Tensor {
  const column = op('unsqueeze', indices(columns, device), -2);
  const row = op('unsqueeze', indices(rows, device), -1);
  return op(compare, op('sub.Tensor', column, row), diagonal);
}
const triangular =
  (compare: string) =>
  (x: Tensor, diagonal = 0): Tensor => {
    const mask = triangle(compare, diagonal, x.size(-2), x.size(-1), x.device);
    return x.dtype === dtypes.bool ? op('logical_and', mask, x) : where(mask, x, 0);
  };

/** `x[..., index, ...]` with an index at one dimension. */
const index_at = (dim: number, index: Tensor): (Tensor | null)[] => [...Array<null>(dim).fill(null), index];

function index_put(x: Tensor, dim: number, index: Tensor, values: Tensor, accumulate = false): Tensor {
  const at = index_at(from_front(dim, x.dim()), index);
  if (x.dim() > 0) return op('index_put', x, at, values, accumulate);
  const alone = op('index_put', op('unsqueeze', x, 0), at, values, accumulate);
  return op('squeeze.dim', alone, 0);
}

function index_fill(x: Tensor, dim: number, index: Tensor, value: Scalar | Tensor): Tensor {
  const along = from_front(dim, x.dim());
  const number = is_tensor(value) ? (value as Tensor) : scalar(value as Scalar, x);
  const sizes = x.shape.map((size, i) => (i === along ? index.numel() : size));
  return index_put(x, dim, index, op('expand', number, sizes));
}

/** Pads with elements of the tensor itself: `positions` says which, of a size and what goes before and behind. */
const padded =
  (positions: (size: number, before: number, behind: number, device: Tensor['device']) => Tensor) =>
  (x: Tensor, padding: readonly number[]): Tensor => {
    const dims = padding.length / 2;
    let found = x;
    for (let i = 0; i < dims; i++) {
      const dim = x.dim() - dims + i;
      const [before, behind] = padding.slice(2 * (dims - 1 - i), 2 * (dims - i)) as [number, number];
      const at: (Tensor | null)[] = Array<null>(x.dim()).fill(null);
      at[dim] = positions(x.size(dim), before, behind, x.device);
      found = op('index.Tensor', found, at);
    }
    return found;
  };

const step_1 = (start: number, end: number, device: Tensor['device']): Tensor =>
  op('arange.start_step', start, end, 1, { layout: dtypes.strided, device, pin_memory: false });

const reflected = padded((size, before, behind, device) => {
  const last = size - 1;
  const inside = op('rsub.Scalar', op('abs', step_1(-before, size + behind, device)), last);
  return op('rsub.Scalar', op('abs', inside), last);
});
const replicated = padded((size, before, behind, device) =>
  op('clamp', step_1(-before, size + behind, device), 0, size - 1),
);

/** The negative log likelihood, and the sum of the weights. */
function nll_loss(
  x: Tensor,
  target: Tensor,
  weight: Tensor | null,
  reduction: number,
  ignore_index: number,
): [Tensor, Tensor] {
  const dim = x.dim() < 2 ? 0 : 1;
  const classes = x.size(dim);
  let weights: Tensor | null = null;
  if (weight !== null) {
    const sizes = x.shape.map((_, i) => (i === dim ? classes : 1));
    weights = x.dim() > 1 ? op('view', weight, sizes) : weight;
  }
  const scaled = weights === null ? x : op('mul.Tensor', x, weights);
  const counted = (): Tensor => op('ne.Scalar', target, ignore_index);
  const safe = where(counted(), target, 0);
  const at = op('unsqueeze', safe, dim);
  const picked = op('neg', op('squeeze.dim', op('gather', scaled, dim, at), dim));
  const loss = where(counted(), picked, 0);
  if (reduction === 0 && x.dim() > 1) return [loss, full([], 0, x)];
  if (weights !== null) {
    const expanded = op('expand', weights, x.shape);
    const its = op('squeeze.dim', op('gather', expanded, dim, at), dim);
    const total = op('sum', where(counted(), its, 0));
    const sum = op('sum', loss);
    return [reduction === 1 ? op('div.Tensor', sum, total) : sum, total];
  }
  if (reduction === 0) return [loss, full([], 0, x)];
  const total = to(op('sum', counted()), x.dtype);
  const sum = op('sum', loss);
  return [reduction === 1 ? op('div.Tensor', sum, total) : sum, total];
}

function linspace(start: Scalar, end: Scalar, steps: number, options: object): Tensor {
  const { device, dtype: wanted = dtypes.float32 } = filled(options) as { device: Tensor['device']; dtype?: DType };
  const [first, last] = [Number(start), Number(end)];
  if (steps < 2) return full(steps === 0 ? [0] : [1], first, { dtype: wanted, device });
  const step = (last - first) / (steps - 1);
  const position = indices(steps, device);
  const up = op('add.Tensor', op('mul.Tensor', to(position, wanted), step), first);
  const down = op('rsub.Scalar', op('mul.Tensor', to(op('rsub.Scalar', position, steps - 1), wanted), step), last);
  return to(op('where.self', op('lt.Scalar', position, steps / 2), up, down), wanted);
}

/** Where the blocks of `unfold` begin, and the elements within. */
function blocks(
  size: number,
  kernel: number,
  dilation: number,
  padding: number,
  stride: number,
  device: Tensor['device'],
): Tensor {
  const options = { dtype: dtypes.int64, device, pin_memory: false };
  const end = size + 2 * padding - dilation * (kernel - 1);
  const starts = op('unsqueeze', op('arange.start_step', 0, end, stride, options), 0);
  const within = op('unsqueeze', op('arange.start_step', 0, kernel * dilation, dilation, options), -1);
  return op('add.Tensor', starts, within);
}

const deeper = (index: Tensor): Tensor => op('unsqueeze', op('unsqueeze', index, -1), -1);

/** The kernel, dilation, padding and stride of `unfold`, of rows and columns each. */
type Window = [kernel: Pair, dilation: Pair, padding: Pair, stride: Pair];
type Pair = [number, number];

function im2col(x: Tensor, ...[[kh, kw], [dh, dw], [ph, pw], [sh, sw]]: Window): Tensor {
  const batched = x.dim() === 4;
  const input = batched ? x : op('unsqueeze', x, 0);
  const [batch, channels, height, width] = input.shape as unknown as [number, number, number, number];
  const rows = blocks(height, kh, dh, ph, sh, x.device);
  const columns = blocks(width, kw, dw, pw, sw, x.device);
  const padded_input = op('constant_pad_nd', input, [pw, pw, ph, ph], 0);
  const found = op('index.Tensor', padded_input, [null, null, deeper(rows), columns]);
  const turned = op('permute', found, [0, 1, 2, 4, 3, 5]);
  const out = turned.reshape([batch, channels * kh * kw, rows.size(1) * columns.size(1)]);
  return batched ? out : op('squeeze.dim', out, 0);
}

function col2im(x: Tensor, [height, width]: Pair, ...[[kh, kw], [dh, dw], [ph, pw], [sh, sw]]: Window): Tensor {
  const batched = x.dim() === 3;
  const input = batched ? x : op('unsqueeze', x, 0);
  const [batch, columns_in] = input.shape as unknown as [number, number];
  const channels = columns_in / (kh * kw);
  const counts = [[height, dh, kh, ph, sh] as const, [width, dw, kw, pw, sw] as const].map(
    ([size, dilation, kernel, padding, stride]) =>
      Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1),
  ) as [number, number];
  const parts = op('permute', input.reshape([batch, channels, kh, kw, ...counts]), [0, 1, 2, 4, 3, 5]);
  const rows = deeper(blocks(height, kh, dh, ph, sh, x.device));
  const columns = blocks(width, kw, dw, pw, sw, x.device);
  const empty = full([batch, channels, height + 2 * ph, width + 2 * pw], 0, x);
  const summed = op('index_put', empty, [null, null, rows, columns], parts, true);
  const out = op('constant_pad_nd', summed, [-pw, -pw, -ph, -ph], 0);
  return batched ? out : op('squeeze.dim', out, 0);
}

/** `p` of vectors along dimensions. */
const norm = (
  x: Tensor,
  p: Scalar | null = 2,
  dim: readonly number[] | null = null,
  keepdim = false,
  options: object = {},
): Tensor => op('linalg_vector_norm', x, p ?? 2, dim === null || dim.length === 0 ? null : dim, keepdim, options);

function squeezed(x: Tensor, dims: readonly number[]): Tensor {
  return op('squeeze.dims', x, dims);
}

const slice = (x: Tensor, dim: number, from: number, end: number): Tensor => op('slice.Tensor', x, dim, from, end);

interface AttentionOptions {
  readonly attn_mask?: Tensor | null;
  readonly scale?: number | null;
  readonly enable_gqa?: boolean;
}

/** Attention step by step: the result, and the weights. */
function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  mask: Tensor | null,
  dropout_p: number,
  is_causal: boolean,
  scale: number | null,
): [Tensor, Tensor] {
  const [length, width] = [query.size(-2), query.size(-1)];
  const root = Math.sqrt(scale ?? 1 / Math.sqrt(width));
  const scaled = op('mul.Scalar', query, root);
  let bias = mask;
  if (is_causal) bias = op('tril', full([length, key.size(-2)], true, { dtype: dtypes.bool, device: query.device }));
  if (bias?.dtype === dtypes.bool) {
    bias = op('where.self', bias, scalar(0, query), scalar(-Infinity, query));
  }
  const product = op('matmul', scaled, op('mul.Scalar', op('transpose.int', key, -2, -1), root));
  let weights = op('_safe_softmax', bias === null ? product : op('add.Tensor', product, bias), -1);
  if (dropout_p > 0) [weights] = ops('native_dropout', weights, dropout_p, true) as [Tensor];
  return [op('matmul', weights, value), weights];
}

function flash_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  dropout_p = 0,
  is_causal = false,
  { attn_mask = null, scale = null }: AttentionOptions = {},
): [Tensor, Tensor] {
  const [output, weights] = attention(query, key, value, attn_mask, dropout_p, is_causal, scale);
  // The memory of the kernel: the length is the first dimension.
  return [op('permute', op('permute', output, [2, 0, 1, 3]).contiguous(), [1, 2, 0, 3]), weights];
}

/** The overloads of aten that are decomposed, by their names. */
const table: Readonly<Record<string, (...args: never[]) => unknown>> = {
  // Activations.
  silu: pointwise((x: Tensor) => op('mul.Tensor', x, op('sigmoid', x))),
  hardswish: pointwise((x: Tensor) => op('div.Tensor', op('mul.Tensor', x, between_0_and_6(x)), 6)),
  hardsigmoid: pointwise((x: Tensor) => op('div.Tensor', between_0_and_6(x), 6)),
  softplus: pointwise(softplus),
  mish: pointwise((x: Tensor) => op('mul.Tensor', x, op('tanh', softplus(x)))),
  celu: pointwise((x: Tensor, alpha = 1) => {
    const below = alpha === 1 ? op('expm1', x) : op('mul.Tensor', op('expm1', op('div.Tensor', x, alpha)), alpha);
    return where(op('gt.Scalar', x, 0), x, below);
  }),
  glu: pointwise((x: Tensor, dim = -1) => {
    const along = from_front(dim, x.dim());
    const half = x.size(along) / 2;
    return op('mul.Tensor', slice(x, along, 0, half), op('sigmoid', slice(x, along, half, 2 * half)));
  }),
  logit: pointwise((x: Tensor, eps: number | null = null) => {
    const [low, high] = [eps ?? -1, 1 - (eps ?? -1)];
    const [below, above] = [op('lt.Scalar', x, low), op('gt.Scalar', x, high)];
    const clamped = where(below, low, where(above, high, x));
    return op('log', op('div.Tensor', clamped, op('rsub.Scalar', clamped, 1)));
  }),
  hardshrink: pointwise((x: Tensor, lambd = 0.5) => where(op('le.Scalar', op('abs', x), lambd), 0, x)),
  softshrink: pointwise((x: Tensor, lambd = 0.5) => {
    const far = op('gt.Scalar', op('abs', x), lambd);
    const shrunk = op('sub.Tensor', x, op('mul.Tensor', op('sign', x), lambd));
    return op('where.self', far, shrunk, op('mul.Tensor', x, 0));
  }),
  threshold: pointwise((x: Tensor, threshold: Scalar, value: Scalar) => where(op('le.Scalar', x, threshold), value, x)),
  _prelu_kernel: pointwise((x: Tensor, weight: Tensor) => where(op('gt.Scalar', x, 0), x, op('mul.Tensor', weight, x))),
  log_sigmoid_forward: (x: Tensor) => [pointwise(log_sigmoid)(x as never), full([0], 0, x)],
  _safe_softmax: (x: Tensor, dim: number, dtype: DType | null = null) => {
    const found = dtype === null ? x : to(x, dtype);
    const out = op('_softmax', found, dim, false);
    const masked = op('all.dim', op('eq.Scalar', found, -Infinity), dim, true);
    return op('where.self', masked, op('zeros_like', out, { memory_format: dtypes.preserve_format }), out);
  },
  // Shapes.
  'transpose.int': (x: Tensor, a: number, b: number) => {
    const order = every(x.dim());
    if (order.length < 2) return op('alias', x);
    const [from, into] = [from_front(a, x.dim()), from_front(b, x.dim())];
    [order[from], order[into]] = [into, from];
    return op('permute', x, order);
  },
  t: (x: Tensor) => (x.dim() < 2 ? op('alias', x) : op('permute', x, [1, 0])),
  squeeze: (x: Tensor) => squeezed(x, every(x.dim())),
  'squeeze.dim': (x: Tensor, dim: number) => squeezed(x, [dim]),
  detach: (x: Tensor) => op('alias', x),
  _unsafe_view: (x: Tensor, sizes: number[]) => op('view', x, sizes),
  _reshape_alias: (x: Tensor, sizes: number[]) => op('view', x, sizes),
  'split.Tensor': (x: Tensor, size: number, dim = 0) => {
    const total = x.size(dim);
    const count = Math.max(Math.ceil(total / Math.max(size, 1)), 1);
    const parts = every(count).map((i) => Math.min(size, total - i * size));
    return ops('split_with_sizes', x, parts, dim);
  },
  'unsafe_split.Tensor': (x: Tensor, size: number, dim = 0) => ops('split.Tensor', x, size, dim),
  unsafe_split_with_sizes: (x: Tensor, sizes: number[], dim = 0) => ops('split_with_sizes', x, sizes, dim),
  _unsafe_index_put: (x: Tensor, at: (Tensor | null)[], values: Tensor, accumulate = false) =>
    op('index_put', x, at, values, accumulate),
  '_unsafe_index.Tensor': (x: Tensor, at: (Tensor | null)[]) => op('index.Tensor', x, at),
  rot90: (x: Tensor, k = 1, dims: readonly [number, number] = [0, 1]) => {
    const [a, b] = dims;
    const times = ((k % 4) + 4) % 4;
    if (times === 0) return op('clone', x, { memory_format: dtypes.contiguous_format });
    if (times === 2) return op('flip', x, dims);
    return times === 1 ? op('transpose.int', op('flip', x, [b]), a, b) : op('flip', op('transpose.int', x, a, b), [b]);
  },
  'unbind.int': (x: Tensor, dim = 0) => {
    const along = from_front(dim, x.dim());
    const slices = every(x.size(along)).map((i) => slice(x, along, i, i + 1));
    return slices.map((each) => squeezed(each, [along]));
  },
  stack: (tensors: readonly Tensor[], dim = 0) => {
    const [first] = tensors as [Tensor];
    const along = from_front(dim, first.dim() + 1);
    if (along === first.dim())
      return op(
        'cat',
        tensors.map((each) => op('unsqueeze', each, along)),
        along,
      );
    const sizes = [...first.shape.slice(0, along), tensors.length, ...first.shape.slice(along)];
    return op('view', op('cat', tensors, along), sizes);
  },
  select_scatter: (x: Tensor, source: Tensor, dim: number, index: number) => {
    const along = from_front(dim, x.dim());
    const shape = x.shape.map((_, i) => (i === along ? -1 : 1));
    const mask = op('eq.Scalar', op('view', indices(x.size(along), x.device), shape), from_front(index, x.size(along)));
    return op('where.self', mask, op('expand', op('unsqueeze', source, along), x.shape), x);
  },
  roll: (x: Tensor, shifts: readonly number[], dims: readonly number[] = []) => {
    const turned = (tensor: Tensor, shift: number, dim: number): Tensor => {
      const size = tensor.size(dim);
      if (size === 0) return op('clone', tensor);
      const start = (((size - shift) % size) + size) % size;
      const at = op('fmod.Scalar', op('add.Tensor', indices(size, x.device), start), size);
      return op('index_select', tensor, dim, at);
    };
    if (dims.length === 0) return op('view', turned(x.reshape([-1]), shifts[0]!, 0), x.shape);
    return dims.reduce((tensor, dim, i) => turned(tensor, shifts[i]!, from_front(dim, x.dim())), x);
  },
  pixel_shuffle: (x: Tensor, factor: number) => {
    const [channels, height, width] = x.shape.slice(-3) as [number, number, number];
    const outer = x.shape.slice(0, -3);
    const n = outer.length;
    const out = channels / (factor * factor);
    const parts = op('view', x, [...outer, out, factor, factor, height, width]);
    const turned = op('permute', parts, [...every(n), n, n + 3, n + 1, n + 4, n + 2]);
    return op('clone', turned.reshape([...outer, out, height * factor, width * factor]), {
      memory_format: dtypes.contiguous_format,
    });
  },
  pixel_unshuffle: (x: Tensor, factor: number) => {
    const [channels, height, width] = x.shape.slice(-3) as [number, number, number];
    const outer = x.shape.slice(0, -3);
    const n = outer.length;
    const [high, wide] = [height / factor, width / factor];
    const parts = op('view', x, [...outer, channels, high, factor, wide, factor]);
    const turned = op('permute', parts, [...every(n), n, n + 2, n + 4, n + 1, n + 3]);
    return op('clone', turned.reshape([...outer, channels * factor * factor, high, wide]), {
      memory_format: dtypes.contiguous_format,
    });
  },
  channel_shuffle: (x: Tensor, groups: number) => {
    const [batch, channels, ...rest] = x.shape as unknown as [number, number, ...number[]];
    const parts = op('view', x, [batch, groups, channels / groups, ...rest]);
    const turned = op('permute', parts, [0, 2, 1, ...rest.map((_, i) => i + 3)]);
    return turned.reshape(x.shape);
  },
  im2col,
  col2im,
  reflection_pad1d: reflected,
  reflection_pad2d: reflected,
  reflection_pad3d: reflected,
  replication_pad1d: replicated,
  replication_pad2d: replicated,
  replication_pad3d: replicated,
  // Tensors from numbers.
  ones: (sizes: number[], options: Record<string, never>) => made(sizes, 1, options),
  zeros: (sizes: number[], options: Record<string, never>) => made(sizes, 0, options),
  ones_like: (x: Tensor, options: Record<string, unknown>) => op('full_like', x, 1, { ...options, pin_memory: false }),
  zeros_like: (x: Tensor, options: Record<string, unknown>) => op('full_like', x, 0, { ...options, pin_memory: false }),
  new_zeros: (x: Tensor, sizes: number[], options: object) => made(sizes, 0, options, x),
  new_ones: (x: Tensor, sizes: number[], options: object) => made(sizes, 1, options, x),
  new_full: (x: Tensor, sizes: number[], value: Scalar, options: object) => made(sizes, value, options, x),
  new_empty: (x: Tensor, sizes: number[], options: object) =>
    op('empty.memory_format', sizes, { ...given_options(options, x), pin_memory: false }),
  empty_like: (x: Tensor, options: object) => {
    const strides = x.stride();
    const order = every(x.dim()).sort((a, b) => strides[b]! - strides[a]! || a - b);
    return op('empty_permuted', x.shape, order, { ...given_options(options, x), pin_memory: false });
  },
  arange: (end: Scalar, options: object) =>
    op('arange.start_step', 0, end, 1, { ...filled(options), pin_memory: false }),
  'arange.start': (start: Scalar, end: Scalar, options: object) =>
    op('arange.start_step', start, end, 1, { ...filled(options), pin_memory: false }),
  'fill.Scalar': (x: Tensor, value: Scalar) => op('full_like', x, value, { pin_memory: false }),
  'fill.Tensor': (x: Tensor, value: Tensor) => op('copy', x, value),
  zero: (x: Tensor) => op('zeros_like', x, { memory_format: dtypes.preserve_format }),
  eye: (n: number, options: object) => identity_matrix(n, n, options),
  'eye.m': (n: number, m: number, options: object) => identity_matrix(n, m, options),
  linspace,
  tril: triangular('le.Scalar'),
  triu: triangular('ge.Scalar'),
  diag_embed: (x: Tensor, offset = 0, dim1 = -2, dim2 = -1) => {
    const dims = x.dim() + 1;
    let [from, into] = [from_front(dim1, dims), from_front(dim2, dims)];
    let by = offset;
    if (from > into) {
      [from, into] = [into, from];
      by = -by;
    }
    const size = x.size(-1) + Math.abs(by);
    let values = op('unsqueeze', x, from);
    if (by !== 0) {
      const empty = full(
        values.shape.map((its, i) => (i === dims - 1 ? Math.abs(by) : its)),
        0,
        x,
      );
      values = op('cat', by > 0 ? [empty, values] : [values, empty], -1);
    }
    const order = every(dims - 1);
    order.splice(into, 0, dims - 1);
    const moved = op('permute', values, order);
    const options = { dtype: dtypes.int64, layout: dtypes.strided, device: x.device, pin_memory: false };
    const columns = op('arange.start_step', 0, size, 1, options);
    const rows = op('unsqueeze', op('arange.start_step', by, size + by, 1, options), -1);
    const equal = op('eq.Tensor', columns, rows);
    const sizes = every(dims).map((dim) => (dim === from || dim === into ? size : 1));
    return where(op('view', equal, sizes), moved, 0);
  },
  block_diag: (tensors: readonly Tensor[]) => {
    const matrices = tensors.map((each) => (each.dim() < 2 ? op('view', each, [1, -1]) : each));
    const columns = matrices.reduce((sum, each) => sum + each.size(1), 0);
    let before = 0;
    const rows = matrices.map((each) => {
      const [height, width] = each.shape as unknown as [number, number];
      const row = op(
        'cat',
        [full([height, before], 0, each), each, full([height, columns - before - width], 0, each)],
        1,
      );
      before += width;
      return row;
    });
    return op('cat', rows);
  },
  // Arithmetic.
  'rsub.Scalar': (x: Tensor, other: Scalar, alpha: Scalar = 1) =>
    op('sub.Tensor', other, alpha === 1 ? x : op('mul.Tensor', x, alpha)),
  'rsub.Tensor': (x: Tensor, other: Tensor, { alpha = 1 }: { alpha?: Scalar } = {}) =>
    op('sub.Tensor', other, x, { alpha }),
  'masked_fill.Scalar': (x: Tensor, mask: Tensor, value: Scalar) => where(mask, value, x),
  'masked_fill.Tensor': (x: Tensor, mask: Tensor, value: Tensor) => where(mask, to(value, x.dtype), x),
  addcmul: pointwise((x: Tensor, a: Tensor, b: Tensor, { value = 1 }: { value?: Scalar } = {}) =>
    op('add.Tensor', x, op('mul.Tensor', op('mul.Tensor', a, value), b)),
  ),
  addcdiv: pointwise((x: Tensor, a: Tensor, b: Tensor, { value = 1 }: { value?: Scalar } = {}) =>
    op('add.Tensor', x, op('div.Tensor', op('mul.Tensor', a, value), b)),
  ),
  'lerp.Scalar': pointwise((start: Tensor, end: Tensor, weight: Scalar) => lerp(start, end, full([], weight, start))),
  'lerp.Tensor': pointwise(lerp),
  baddbmm: (x: Tensor, a: Tensor, b: Tensor, { beta = 1, alpha = 1 }: { beta?: Scalar; alpha?: Scalar } = {}) => {
    const product = op('bmm', a, b);
    const scaled = alpha === 1 ? product : op('mul.Tensor', product, alpha);
    if (beta === 0) return scaled;
    return beta === 1 ? op('add.Tensor', x, scaled) : op('add.Tensor', op('mul.Tensor', x, beta), scaled);
  },
  dot: pointwise(dot),
  vdot: pointwise((a: Tensor, b: Tensor) => dot(a.is_complex() ? a.conj() : a, b)),
  mv: pointwise((x: Tensor, v: Tensor) => op('sum.dim_IntList', op('mul.Tensor', x, v), [1])),
  addr: pointwise(
    (x: Tensor, a: Tensor, b: Tensor, { beta = 1, alpha = 1 }: { beta?: Scalar; alpha?: Scalar } = {}) => {
      const [rows, columns] = [a.size(0), b.size(0)];
      const start = op('mul.Tensor', op('expand', x, [rows, columns]), beta);
      const product = op('mul.Tensor', op('view', a, [rows, 1]), b);
      return op('add.Tensor', start, op('mul.Tensor', product, alpha));
    },
  ),
  'std.correction': (x: Tensor, dim: number[] | null = null, options: Record<string, unknown> = {}) =>
    op('sqrt', op('var.correction', x, dim, options)),
  'std_mean.correction': (x: Tensor, dim: number[] | null = null, options: Record<string, unknown> = {}) => {
    const [variance, mean] = ops('var_mean.correction', x, dim, options) as [Tensor, Tensor];
    return [op('sqrt', variance), mean];
  },
  sum: (x: Tensor, options: object) => op('sum.dim_IntList', x, [], false, options),
  all: (x: Tensor) => logical_all(x, (inverse) => op('any.dims', inverse)),
  'all.dim': (x: Tensor, dim: number, keepdim = false) => logical_all(x, (not) => op('any.dim', not, dim, keepdim)),
  'all.dims': (x: Tensor, dim: number[] | null = null, keepdim = false) =>
    logical_all(x, (not) => op('any.dims', not, dim, keepdim)),
  clamp_min: (x: Tensor, min: Scalar) => op('clamp', x, min),
  clamp_max: (x: Tensor, max: Scalar) => op('clamp', x, null, max),
  'clamp_min.Tensor': (x: Tensor, min: Tensor) => op('clamp.Tensor', x, min),
  'clamp_max.Tensor': (x: Tensor, max: Tensor) => op('clamp.Tensor', x, null, max),
  floor_divide: (x: Tensor, y: Tensor) => op('div.Tensor_mode', x, y, { rounding_mode: 'floor' }),
  'floor_divide.Scalar': (x: Tensor, y: Scalar) => op('div.Scalar_mode', x, y, { rounding_mode: 'floor' }),
  'xlogy.Tensor': pointwise(xlogy),
  logsumexp: (x: Tensor, dim: number[], keepdim = false) => {
    if (x.numel() === 0) return op('log', op('sum.dim_IntList', op('exp', x), dim, keepdim));
    const largest = op('amax', x, dim, true);
    const finite = where(op('eq.Scalar', op('abs', largest), Infinity), 0, largest);
    const offset = keepdim ? finite : squeezed(finite, dim);
    const exps = op('exp', op('sub.Tensor', x, finite));
    return op('add.Tensor', op('log', op('sum.dim_IntList', exps, dim, keepdim)), offset);
  },
  logaddexp: pointwise((a: Tensor, b: Tensor) => {
    const order = op('ge.Tensor', a, b);
    const [most, least] = [op('where.self', order, a, b), op('where.self', order, b, a)];
    const same = op('logical_and', op('logical_not', finite(a)), op('eq.Tensor', a, b));
    const sum = op('add.Tensor', most, op('log1p', op('exp', op('sub.Tensor', least, most))));
    return op('where.self', same, a, sum);
  }),
  isfinite: finite,
  isposinf: (x: Tensor) => op('eq.Scalar', x, Infinity),
  isneginf: (x: Tensor) => op('eq.Scalar', x, -Infinity),
  frac: pointwise((x: Tensor) => op('sub.Tensor', x, op('trunc', x))),
  deg2rad: pointwise((x: Tensor) => op('mul.Tensor', x, Math.PI / 180)),
  rad2deg: pointwise((x: Tensor) => op('mul.Tensor', x, 180 / Math.PI)),
  sgn: (x: Tensor) => (x.is_complex() ? undefined : op('sign', x)),
  sinc: pointwise((x: Tensor) => {
    const by_pi = op('mul.Tensor', x, Math.PI);
    return where(op('eq.Scalar', by_pi, 0), 1, op('div.Tensor', op('sin', by_pi), by_pi));
  }),
  special_entr: pointwise((x: Tensor) => {
    const nan = op('isnan', x);
    const [above, inside] = [op('gt.Scalar', x, 0), op('mul.Tensor', op('neg', x), op('log', x))];
    const rest = op('where.self', op('eq.Scalar', x, 0), scalar(0, x), scalar(-Infinity, x));
    return op('where.self', nan, x, op('where.self', above, inside, rest));
  }),
  nan_to_num: (x: Tensor, nan: number | null = null, posinf: number | null = null, neginf: number | null = null) => {
    if (!x.is_floating_point()) return op('clone', x);
    const { max, min } = finfo(x.dtype);
    const without = where(op('isnan', x), nan ?? 0, x);
    const above = where(op('eq.Scalar', x, -Infinity), neginf ?? min, without);
    return where(op('eq.Scalar', x, Infinity), posinf ?? max, above);
  },
  heaviside: (x: Tensor, values: Tensor) => {
    const zero = op('eq.Scalar', x, 0);
    const below = op('logical_or', op('lt.Scalar', x, 0), op('isnan', x));
    const options = { dtype: dtypes.int64, device: x.device };
    const step = op('where.self', below, scalar(0, options), scalar(1, options));
    return op('where.self', zero, values, step);
  },
  aminmax: (x: Tensor, { dim = null, keepdim = false }: { dim?: number | null; keepdim?: boolean } = {}) => {
    const dims = dim === null ? [] : [dim];
    return [op('amin', x, dims, keepdim), op('amax', x, dims, keepdim)];
  },
  count_nonzero: (x: Tensor, dim: number | null = null) =>
    op('sum.dim_IntList', op('ne.Scalar', x, 0), dim === null ? null : [dim]),
  'count_nonzero.dim_IntList': (x: Tensor, dim: number[]) => op('sum.dim_IntList', op('ne.Scalar', x, 0), dim),
  nansum: (x: Tensor, dim: number[] | null = null, keepdim = false, options: object = {}) =>
    op('sum.dim_IntList', where(op('isnan', x), 0, x), dim, keepdim, options),
  trace: (x: Tensor) => op('sum', op('clone', op('diagonal', x), { memory_format: dtypes.contiguous_format })),
  take: (x: Tensor, index: Tensor) => op('index.Tensor', op('view', x, [-1]), [index]),
  'isin.Tensor_Tensor': (
    x: Tensor,
    tests: Tensor,
    { invert = false }: { assume_unique?: boolean; invert?: boolean } = {},
  ) => {
    // Python sorts where there are many.
    if (tests.numel() >= 10 * x.numel() ** 0.145) return undefined;
    const shape = [...x.shape, ...tests.shape.map(() => 1)];
    const equal = op('eq.Tensor', op('view', x, shape), tests);
    const found = op(
      'any.dims',
      equal,
      tests.shape.map((_, i) => i - tests.dim()),
    );
    return invert ? op('logical_not', found) : found;
  },
  linalg_cross: (a: Tensor, b: Tensor, { dim = -1 }: { dim?: number } = {}) => {
    const along = from_front(dim, a.dim());
    const order = indices(3, a.device);
    const at = (x: Tensor, by: number): Tensor =>
      op('index_select', x, along, op('remainder.Scalar', op('add.Tensor', order, by), 3));
    const first = op('mul.Tensor', at(a, 1), at(b, 2));
    return op('sub.Tensor', first, op('mul.Tensor', at(a, 2), at(b, 1)));
  },
  mvlgamma: (x: Tensor, p: number) => {
    const options = { dtype: x.dtype, device: x.device, pin_memory: false };
    const steps = op('mul.Tensor', op('arange.start_step', 1 - p, 1, 1, options), 0.5);
    const terms = op('lgamma', op('add.Tensor', op('unsqueeze', x, -1), steps));
    return op('add.Tensor', op('sum.dim_IntList', terms, [-1]), (p * (p - 1) * Math.log(Math.PI)) / 4);
  },
  renorm: (x: Tensor, p: Scalar, dim: number, maxnorm: Scalar) => {
    if (is_half(x)) return undefined;
    const along = from_front(dim, x.dim());
    const found = norm(
      x,
      p,
      every(x.dim()).filter((each) => each !== along),
      true,
    );
    const factor = op('mul.Tensor', op('reciprocal', op('add.Tensor', found, 1e-7)), maxnorm);
    return op('mul.Tensor', x, where(op('gt.Scalar', found, maxnorm), factor, 1));
  },
  _euclidean_dist: (a: Tensor, b: Tensor) => {
    const squares = (x: Tensor): [Tensor, Tensor] => {
      const its = op('sum.dim_IntList', op('pow.Tensor_Scalar', x, 2), [-1], true);
      return [its, op('ones_like', its, { memory_format: dtypes.contiguous_format })];
    };
    const [[left, one], [right, other]] = [squares(a), squares(b)];
    const rows = op('cat', [op('mul.Tensor', a, -2), left, one], -1);
    const columns = op('cat', [b, other, right], -1);
    return op('sqrt', op('clamp_min', op('matmul', rows, columns.transpose(-2, -1)), 0));
  },
  'norm.Scalar': (x: Tensor, p: Scalar) => norm(x, p),
  'norm.ScalarOpt_dtype': (x: Tensor, p: Scalar | null, options: object) => norm(x, p, null, false, options),
  'norm.ScalarOpt_dim': norm,
  'norm.ScalarOpt_dim_dtype': norm,
  _weight_norm_interface: (v: Tensor, g: Tensor, dim = 0) => {
    const dtype = g.dtype === dtypes.bfloat16 ? { dtype: dtypes.float32 } : {};
    const found = norm(
      v,
      2,
      every(v.dim()).filter((each) => each !== dim),
      true,
      dtype,
    );
    return [op('mul.Tensor', v, op('div.Tensor', g, to(found, g.dtype))), found];
  },
  // Elements at indices.
  index_add: (x: Tensor, dim: number, index: Tensor, source: Tensor, { alpha = 1 }: { alpha?: Scalar } = {}) =>
    index_put(x, dim, index, alpha === 1 ? source : op('mul.Tensor', source, alpha), true),
  index_copy: (x: Tensor, dim: number, index: Tensor, source: Tensor) => index_put(x, dim, index, source),
  'index_fill.int_Scalar': index_fill,
  'index_fill.int_Tensor': index_fill,
  bernoulli: (x: Tensor) => {
    const drawn = op('rand', x.shape, { dtype: dtypes.float32, device: x.device, pin_memory: false });
    return to(op('lt.Tensor', drawn, x), x.dtype);
  },
  // Losses.
  mse_loss: (x: Tensor, y: Tensor, reduction = 1) =>
    reduced(op('pow.Tensor_Scalar', op('sub.Tensor', x, y), 2), reduction),
  smooth_l1_loss: (x: Tensor, y: Tensor, reduction = 1, beta = 1) => {
    const distance = op('abs', op('sub.Tensor', x, y));
    const near = op('lt.Scalar', distance, beta);
    const square = op('div.Tensor', op('mul.Tensor', op('pow.Tensor_Scalar', distance, 2), 0.5), beta);
    return reduced(op('where.self', near, square, op('sub.Tensor', distance, 0.5 * beta)), reduction);
  },
  huber_loss: (x: Tensor, y: Tensor, reduction = 1, delta = 1) => {
    const distance = op('abs', op('sub.Tensor', x, y));
    const near = op('lt.Scalar', distance, delta);
    const square = op('mul.Tensor', op('mul.Tensor', distance, 0.5), distance);
    const line = op('mul.Tensor', op('sub.Tensor', distance, 0.5 * delta), delta);
    return reduced(op('where.self', near, square, line), reduction);
  },
  soft_margin_loss: (x: Tensor, y: Tensor, reduction = 1) =>
    reduced(op('log1p', op('exp', op('mul.Tensor', op('neg', x), y))), reduction),
  binary_cross_entropy: (x: Tensor, y: Tensor, weight: Tensor | null = null, reduction = 1) => {
    const least = (): Tensor => full([], -100, x);
    const off = op('mul.Tensor', op('sub.Tensor', y, 1), op('maximum', op('log1p', op('neg', x)), least()));
    const on = op('mul.Tensor', y, op('maximum', op('log', x), least()));
    const loss = op('sub.Tensor', off, on);
    return reduced(weight === null ? loss : op('mul.Tensor', loss, weight), reduction);
  },
  binary_cross_entropy_with_logits: (
    x: Tensor,
    y: Tensor,
    weight: Tensor | null = null,
    pos_weight: Tensor | null = null,
    reduction = 1,
  ) => {
    const factor =
      pos_weight === null ? null : op('add.Tensor', op('mul.Tensor', op('sub.Tensor', pos_weight, 1), y), 1);
    const off = op('mul.Tensor', op('rsub.Scalar', y, 1), x);
    const logs = log_sigmoid(x);
    const loss = op('sub.Tensor', off, factor === null ? logs : op('mul.Tensor', factor, logs));
    return reduced(weight === null ? loss : op('mul.Tensor', loss, weight), reduction);
  },
  nll_loss_forward: nll_loss,
  nll_loss2d_forward: nll_loss,
  multi_margin_loss: (
    x: Tensor,
    target: Tensor,
    p: Scalar = 1,
    margin: Scalar = 1,
    weight: Tensor | null = null,
    reduction = 1,
  ) => {
    const input = x.dim() < 2 ? op('view', x, [1, -1]) : x;
    const classes = target.dim() < 1 ? op('view', target, [1]) : target;
    const at = op('unsqueeze', classes, 1);
    const distance = op('clamp_min', op('add.Tensor', op('rsub.Scalar', op('gather', input, 1, at), margin), input), 0);
    const powered = p === 1 ? distance : op('mul.Tensor', distance, distance);
    const weighted = weight === null ? powered : op('mul.Tensor', powered, op('index.Tensor', weight, [classes]));
    const others = where(op('ne.Tensor', indices(input.size(1), x.device), at), weighted, 0);
    if (reduction === 1) return op('mean', others);
    return reduction === 2 ? op('div.Tensor', op('sum', others), input.size(1)) : op('mean.dim', others, [1]);
  },
  _scaled_dot_product_flash_attention_for_cpu: flash_attention,
};

const copies = [
  'alias',
  'expand',
  'squeeze',
  'squeeze.dim',
  'squeeze.dims',
  't',
  'transpose.int',
  'unsqueeze',
  'diagonal',
  'unfold',
];
/** What is replaced whatever the table says. */
export const always: Readonly<Record<string, Decomposition | undefined>> = {
  'aten::lift_fresh_copy': (x: Tensor) => op('clone', x),
};

/** `expand_copy` and its like: the view, copied. */
const copying = Object.fromEntries(
  copies.map((name) => {
    const [base, overload] = name.split('.') as [string, string?];
    return [
      `${base}_copy${overload === undefined ? '' : `.${overload}`}`,
      (...args: unknown[]): Tensor => op('clone', op(name, ...args), { memory_format: dtypes.contiguous_format }),
    ];
  }),
);

function finite(x: Tensor): Tensor {
  if (!x.is_floating_point()) return full(x.shape, true, { dtype: dtypes.bool, device: x.device });
  const bounded = op('ne.Scalar', op('abs', x), Infinity);
  return op('mul.Tensor', op('eq.Tensor', x, x), bounded);
}

/** The options that are not null. */
const filled = (options: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));

/** The options of a factory, by default as a tensor has them. */
const given_options = (options: object, like: Pick<Tensor, 'dtype' | 'device'>): Record<string, unknown> => {
  const { memory_format: _, pin_memory: __, ...given } = filled(options);
  return { dtype: like.dtype, layout: dtypes.strided, device: like.device, ...given };
};

function made(sizes: readonly number[], value: Scalar, options: object, like?: Tensor): Tensor {
  const given = like === undefined ? filled(options) : given_options(options, like);
  return op('full', sizes, value, { dtype: dtypes.float32, layout: dtypes.strided, ...given, pin_memory: false });
}

function identity_matrix(n: number, m: number, options: object): Tensor {
  const { device, dtype = dtypes.float32 } = filled(options) as { device?: never; dtype?: DType };
  const count = Math.max(n, m) < 256 ? dtypes.uint8 : dtypes.int64;
  const axis = (size: number): Tensor =>
    op('arange.start_step', 0, size, 1, { dtype: count, layout: dtypes.strided, device, pin_memory: false });
  const [rows, columns] = [axis(n), axis(m)];
  return to(op('eq.Tensor', op('unsqueeze', rows, -1), columns), dtype);
}

// ---- Operators that Python makes of others in another way than libtorch ------------------------------

type Composite = (...args: never[]) => unknown;

function batch_norm(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  running_mean: Tensor | null,
  running_var: Tensor | null,
  training: boolean,
  momentum: number,
  eps: number,
): Tensor {
  if (running_mean === null || running_var === null) {
    return ops('_native_batch_norm_legit.no_stats', x, weight, bias, training, momentum, eps)[0]!;
  }
  if (training) {
    return ops('_native_batch_norm_legit', x, weight, bias, running_mean, running_var, true, momentum, eps)[0]!;
  }
  return ops('_native_batch_norm_legit_no_training', x, weight, bias, running_mean, running_var, momentum, eps)[0]!;
}

interface Cell {
  readonly gates: number;
  next(gates: Tensor, state: Tensor[], recurrent: (hidden: Tensor) => Tensor): Tensor[];
}

const lstm_cell: Cell = {
  gates: 4,
  next(input, [hidden, cell], recurrent) {
    const parts = ops('chunk', op('add.Tensor', recurrent(hidden!), input), 4, 2) as [Tensor, Tensor, Tensor, Tensor];
    const into = op('sigmoid', parts[0]);
    const forget = op('sigmoid', parts[1]);
    const candidate = op('tanh', parts[2]);
    const out = op('sigmoid', parts[3]);
    const next = op('add.Tensor', op('mul.Tensor', forget, cell!), op('mul.Tensor', into, candidate));
    return [op('mul.Tensor', out, op('tanh', next)), next];
  },
};
const gru_cell: Cell = {
  gates: 3,
  next(input, [hidden], recurrent) {
    const [ir, iz, in_] = ops('chunk', input, 3, 1) as [Tensor, Tensor, Tensor];
    const [hr, hz, hn] = ops('chunk', recurrent(hidden!), 3, 2) as [Tensor, Tensor, Tensor];
    const reset = op('sigmoid', op('add.Tensor', hr, ir));
    const update = op('sigmoid', op('add.Tensor', hz, iz));
    const candidate = op('tanh', op('add.Tensor', in_, op('mul.Tensor', hn, reset)));
    return [op('add.Tensor', op('mul.Tensor', op('sub.Tensor', hidden!, candidate), update), candidate)];
  },
};
const rnn_cell = (activation: string): Cell => ({
  gates: 1,
  next: (input, [hidden], recurrent) => [op(activation, op('add.Tensor', recurrent(hidden!), input))],
});

/** One direction of a layer: its outputs, and its last state. */
function layer(
  cell: Cell,
  x: Tensor,
  state: readonly Tensor[],
  weights: readonly Tensor[],
  reverse: boolean,
): [Tensor, Tensor[]] {
  const [input_weight, hidden_weight, input_bias = null, hidden_bias = null] = weights as [
    Tensor,
    Tensor,
    Tensor?,
    Tensor?,
  ];
  const projected = op('linear', x, input_weight, input_bias);
  let now = state.map((each) => op('unsqueeze', each, 0));
  const inputs = ops('unbind.int', reverse ? op('flip', projected, [0]) : projected, 0);
  const recurrent = (hidden: Tensor): Tensor => op('linear', hidden, hidden_weight, hidden_bias);
  const outputs = inputs.map((input) => {
    now = cell.next(input, now, recurrent);
    return now[0]!;
  });
  if (reverse) outputs.reverse();
  return [op('cat', outputs, 0), now.map((each) => op('squeeze.dim', each, 0))];
}

function recurrent_layers(
  cell: Cell,
  input: Tensor,
  states: readonly Tensor[],
  params: readonly Tensor[],
  has_biases: boolean,
  layers: number,
  dropout: number,
  train: boolean,
  bidirectional: boolean,
  batch_first: boolean,
): Tensor[] | undefined {
  const count = has_biases ? 4 : 2;
  const directions = bidirectional ? 2 : 1;
  // With projections there are more weights.
  if (params.length !== layers * directions * count) return undefined;
  const starts = states.map((each) => ops('unbind.int', each, 0));
  const ends: Tensor[][] = states.map(() => []);
  let x = batch_first ? op('transpose.int', input, 0, 1) : input;
  for (let i = 0; i < layers; i++) {
    const outputs = every(directions).map((direction) => {
      const at = i * directions + direction;
      const [output, end] = layer(
        cell,
        x,
        starts.map((each) => each[at]!),
        params.slice(at * count, (at + 1) * count),
        direction === 1,
      );
      end.forEach((each, j) => ends[j]!.push(each));
      return output;
    });
    x = bidirectional ? op('cat', outputs, outputs[0]!.dim() - 1) : outputs[0]!;
    if (dropout !== 0 && train && i < layers - 1) x = op('dropout', x, dropout, true);
  }
  return [batch_first ? op('transpose.int', x, 0, 1) : x, ...ends.map((each) => op('stack', each, 0))];
}

const recurrent =
  (cell: Cell, name: string): Composite =>
  (...args: unknown[]): unknown => {
    const [input, states, ...rest] = args as [Tensor, Tensor | Tensor[], ...unknown[]];
    const all = Array.isArray(states) ? states : [states];
    const found = recurrent_layers(
      cell,
      input,
      all,
      ...(rest as [Tensor[], boolean, number, number, boolean, boolean, boolean]),
    );
    return found ?? overload_named(`aten::${name}`)(...args);
  };

/** By the names of the operators: what Python calls for those that libtorch makes of others. */
export const composite_in_python: Readonly<Record<string, Composite | undefined>> = {
  'aten::batch_norm': batch_norm,
  'aten::instance_norm': (
    x: Tensor,
    weight: Tensor | null,
    bias: Tensor | null,
    running_mean: Tensor | null,
    running_var: Tensor | null,
    use_input_stats: boolean,
    momentum: number,
    eps: number,
  ) => {
    if (running_mean !== null || running_var !== null || !use_input_stats) {
      const rest = [running_mean, running_var, use_input_stats, momentum, eps, false];
      return op('instance_norm', x, weight, bias, ...rest);
    }
    const [batch, channels, ...sizes] = x.shape as unknown as [number, number, ...number[]];
    const repeated = (each: Tensor | null): Tensor | null => (each === null ? null : each.repeat([batch]));
    const flat = op('view', x.contiguous(), [1, batch * channels, ...sizes]);
    return op('view', batch_norm(flat, repeated(weight), repeated(bias), null, null, true, momentum, eps), x.shape);
  },
  'aten::dropout': (x: Tensor, p: number, train: boolean) => {
    if (!train || p === 0) return op('clone', x);
    return ops('native_dropout', x, p, true)[0];
  },
  'aten::scaled_dot_product_attention': (
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | null,
    dropout_p: number,
    is_causal: boolean,
    options: AttentionOptions,
  ) => {
    const { scale = null, enable_gqa = false } = options;
    if (dropout_p > 0 && !enable_gqa) return attention(query, key, value, mask, dropout_p, is_causal, scale)[0];
    return op('scaled_dot_product_attention', query, key, value, mask, dropout_p, is_causal, options);
  },
  'aten::lstm.input': recurrent(lstm_cell, 'lstm.input'),
  'aten::gru.input': recurrent(gru_cell, 'gru.input'),
  'aten::rnn_tanh.input': recurrent(rnn_cell('tanh'), 'rnn_tanh.input'),
  'aten::rnn_relu.input': recurrent(rnn_cell('relu'), 'rnn_relu.input'),
  'aten::one_hot': (x: Tensor, classes = -1) => {
    if (classes <= 0) return op('one_hot', x, classes);
    op('_assert_async.msg', op('all', op('ge.Scalar', x, 0)), 'one_hot: Class values must be non-negative.');
    op(
      '_assert_async.msg',
      op('all', op('lt.Scalar', x, classes)),
      'one_hot: Class values must be smaller than num_classes.',
    );
    const options = { dtype: dtypes.int64, layout: dtypes.strided, device: x.device, pin_memory: false };
    const equal = op('eq.Tensor', op('unsqueeze', x, -1), op('arange.start_step', 0, classes, 1, options));
    return op('_to_copy', equal, { dtype: dtypes.int64 });
  },
};

/** By the names of the operators: what the default table has, besides what libtorch makes of others. */
export const core: Readonly<Record<string, Decomposition>> = { ...table, ...copying };
