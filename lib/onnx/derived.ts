/** Operators that ONNX does not have, made of several that it has: distances, scans, searches, stacks, small products. */
import { arange, eye } from '../generated/functions.js';
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { type GraphBuilder, type Int, Unsupported, type Value } from './builder.js';
import { type Call, type Converter, type Operators, wrapped } from './call.js';
import { self_as_out } from './elementwise.js';
import { reduced_loss } from './layers.js';
import { norm_of_scalar, p_norm, reduced } from './reductions.js';
import { places, sliced, to_the_end } from './shapes.js';

const float_only = (dtype: DType): void => {
  if (!dtype.is_floating_point) throw new Unsupported(`dtype ${String(dtype)}`);
};

/** A size that must be known now. */
export function fixed(of: Value, dim: number): number {
  const size = of.sizes[dim]!;
  if (size < 0) throw new Unsupported('a dimension whose size varies');
  return size;
}

// ---- Scans --------------------------------------------------------------------------------------

/** A scan in about log2(size) steps: each multiplies by what lies 1, 2, 4, ... before it. */
const cumprod: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  let x = self_as_out(call);
  if (self.sizes.length === 0) return graph.node('Identity', [x]);
  const dim = call.dim(self);
  const size = fixed(self, dim);
  const one = graph.scalar(1, out.dtype);
  for (let shift = 1; shift < size; shift *= 2) {
    const head = graph.ints(self.sizes.map((_, i) => (i === dim ? shift : graph.size(self, i))));
    const before = sliced(graph, x, dim, 0, -shift);
    const moved = graph.node('Concat', [graph.node('Expand', [one, head]), before], { axis: dim });
    x = graph.node('Mul', [x, moved]);
  }
  return graph.node('Identity', [x]);
};

const diff: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const dim = call.dim(self, 'dim', -1);
  const ends = ['prepend', 'self', 'append'].filter((name) => call.has(name));
  const all = ends.map((name) => call.operand(name, out.dtype));
  let x = all.length === 1 ? all[0]! : graph.node('Concat', all, { axis: dim });
  for (let i = call.int('n', 1); i > 0; i--) {
    const both = [sliced(graph, x, dim, 1, to_the_end), sliced(graph, x, dim, 0, -1)];
    x = graph.node(out.dtype === dtypes.bool ? 'Xor' : 'Sub', both);
  }
  return graph.node('Identity', [x]);
};

// ---- Distances and norms ------------------------------------------------------------------------

const cdist: Converter = (call) => {
  const { graph, out } = call;
  float_only(out.dtype);
  const a = graph.node('Unsqueeze', [call.tensor('x1').name, graph.ints([-2])]);
  const b = graph.node('Unsqueeze', [call.tensor('x2').name, graph.ints([-3])]);
  return p_norm(call, graph.node('Sub', [a, b]), out.dtype, call.float('p', 2), [-1], false);
};

const dist: Converter = (call) => {
  const { graph, out } = call;
  const difference = graph.node('Sub', [call.operand('self', out.dtype), call.operand('other', out.dtype)]);
  const flat = graph.reshape(difference, [-1]);
  return p_norm(call, flat, out.dtype, call.float('p', 2), [0], false);
};

/** Norms of vectors, and of matrices that of Frobenius. */
const linalg_norm: Converter = (call) => {
  const { out } = call;
  const self = call.tensor(call.args.has('self') ? 'self' : 'A');
  const dims = call.dims(self);
  const order = call.args.get('ord') ?? (call.target.includes('matrix_norm') ? 'fro' : null);
  const frobenius = order === 'fro' && dims.length === 2;
  if (order !== null && !frobenius && dims.length !== 1) throw new Unsupported(`ord=${String(order)} of matrices`);
  if (typeof order === 'string' && !frobenius) throw new Unsupported(`ord='${order}'`);
  const x = call.graph.cast(self.name, self.dtype, out.dtype);
  const number = frobenius || order === null ? 2 : call.float('ord');
  if (self.sizes.length === 0) return norm_of_scalar(call, x, out.dtype, number);
  return p_norm(call, x, out.dtype, number, dims, call.bool('keepdim'));
};

const matrix_norm: Converter = (call) => {
  const given = call.args.has('dim') ? call.args : new Map(call.args).set('dim', [-2, -1]);
  return linalg_norm(Object.assign(Object.create(call) as Call, { args: given }));
};

const linalg_vecdot: Converter = (call) => {
  const { graph, out } = call;
  const [x, y] = [call.tensor('x'), call.tensor('y')];
  const dim = call.int('dim', -1);
  const rank = Math.max(x.sizes.length, y.sizes.length);
  return reduced(
    call,
    'ReduceSum',
    graph.node('Mul', [x.name, y.name]),
    [wrapped(dim, rank)],
    out.sizes.length === rank,
  );
};

const triplet_margin_loss: Converter = (call) => {
  const { graph, out } = call;
  const { dtype } = out;
  const apart = (a: string, b: string): string => {
    const difference = graph.node('Sub', [call.operand(a, dtype), call.operand(b, dtype)]);
    const moved = graph.node('Add', [difference, graph.scalar(call.float('eps', 1e-6), dtype)]);
    return p_norm(call, moved, dtype, call.float('p', 2), [-1], false);
  };
  const near = apart('anchor', 'positive');
  let far = apart('anchor', 'negative');
  if (call.bool('swap')) far = graph.node('Min', [far, apart('positive', 'negative')]);
  const margin = graph.scalar(call.float('margin', 1), dtype);
  const each = graph.node('Max', [graph.node('Add', [graph.node('Sub', [near, far]), margin]), graph.scalar(0, dtype)]);
  return reduced_loss(call, each);
};

const cosine_embedding_loss: Converter = (call) => {
  const { graph, out } = call;
  const k = (value: number): string => graph.scalar(value, out.dtype);
  const n = (type: string, ...inputs: string[]): string => graph.node(type, inputs);
  const [x, y] = [call.operand('input1', out.dtype), call.operand('input2', out.dtype)];
  const target = call.operand('target', out.dtype);
  const dim = call.tensor('target').sizes.length;
  const product = (a: string, b: string): string => reduced(call, 'ReduceSum', n('Mul', a, b), [dim], false);
  const length = (of: string): string => n('Add', product(of, of), k(1e-12));
  const cosine = n('Div', product(x, y), n('Sqrt', n('Mul', length(x), length(y))));
  const margin = k(call.float('margin', 0));
  const alike = n('Where', n('Equal', target, k(1)), n('Sub', k(1), cosine), k(0));
  const apart = n('Max', n('Sub', cosine, margin), k(0));
  return reduced_loss(call, n('Add', alike, n('Where', n('Equal', target, k(-1)), apart, k(0))));
};

/** The numbers of the classes, and how many: those of the last dimension. */
function classes_of(call: Call, of: Value): { numbers: string; count: number } {
  const count = fixed(of, of.sizes.length - 1);
  return { numbers: call.graph.tensor(arange(count)), count };
}

const multi_margin_loss: Converter = (call) => {
  const { graph, out } = call;
  const k = (value: number): string => graph.scalar(value, out.dtype);
  const n = (type: string, ...inputs: string[]): string => graph.node(type, inputs);
  const [self, target] = [call.tensor('self'), call.tensor('target')];
  const { numbers, count } = classes_of(call, self);
  // A class for each row, [N, 1]; [1] where there is one row alone.
  const at = graph.reshape(target.name, self.sizes.length === 1 ? [1] : [-1, 1]);
  const of_target = graph.node('GatherElements', [self.name, at], { axis: -1 });
  let each = n('Max', n('Add', n('Sub', k(call.float('margin', 1)), of_target), self.name), k(0));
  if (call.float('p', 1) === 2) each = n('Mul', each, each);
  const weight = call.optional('weight');
  if (weight !== undefined) each = n('Mul', each, graph.node('Gather', [weight.name, at], { axis: 0 }));
  each = n('Where', n('Equal', numbers, at), k(0), each);
  return reduced_loss(call, n('Div', reduced(call, 'ReduceSum', each, [self.sizes.length - 1], false), k(count)));
};

const multilabel_margin_loss: Converter = (call) => {
  const { graph, out } = call;
  const k = (value: number): string => graph.scalar(value, out.dtype);
  const n = (type: string, ...inputs: string[]): string => graph.node(type, inputs);
  const [self, target] = [call.tensor('self'), call.tensor('target')];
  const { numbers, count } = classes_of(call, self);
  const rows = (name: string, sizes: readonly Int[]): string => graph.reshape(name, sizes);
  const x = rows(self.name, [-1, count]);
  const labels = rows(target.name, [-1, count]);
  // Labels count up to the first that is negative.
  const negative = graph.cast(n('Less', labels, graph.scalar(0, dtypes.int64)), dtypes.bool, dtypes.int64);
  const ended = graph.node('CumSum', [negative, graph.scalar(1, dtypes.int64)]);
  const counts = n('Equal', ended, graph.scalar(0, dtypes.int64));
  const column = (name: string): string => rows(name, [-1, count, 1]);
  const is_label = n('And', n('Equal', column(labels), numbers), column(counts));
  const labelled = reduced(call, 'ReduceMax', graph.cast(is_label, dtypes.bool, out.dtype), [1], false);
  const places_of = n('Max', labels, graph.scalar(0, dtypes.int64));
  const of_label = graph.node('GatherElements', [x, places_of], { axis: 1 });
  const apart = n('Max', n('Add', n('Sub', k(1), column(of_label)), rows(x, [-1, 1, count])), k(0));
  const others = n('Sub', k(1), rows(labelled, [-1, 1, count]));
  const each = n('Mul', n('Mul', apart, others), column(graph.cast(counts, dtypes.bool, out.dtype)));
  const sums = n('Div', reduced(call, 'ReduceSum', each, [1, 2], false), k(count));
  return reduced_loss(call, sums);
};

// ---- Gathering and searching --------------------------------------------------------------------

/** Both tensors as wide as each other in all dimensions but one. */
const take_along_dim: Converter = (call) => {
  const { graph } = call;
  const [self, indices] = [call.tensor('self'), call.tensor('indices')];
  if (!call.has('dim')) {
    const flat = [graph.reshape(self.name, [-1]), graph.reshape(indices.name, [-1])];
    return graph.node('GatherElements', flat, { axis: 0 });
  }
  const dim = call.dim(self);
  const wide = (x: Value): string => {
    const sizes = x.sizes.map((size, i): Int => {
      if (i === dim) return 1;
      const other = (x === self ? indices : self).sizes[i]!;
      // Expand takes the greater of both sizes.
      return size === other && size >= 0 ? 1 : graph.size(x === self ? indices : self, i);
    });
    return sizes.every((size) => size === 1) ? x.name : graph.node('Expand', [x.name, graph.ints(sizes)]);
  };
  return graph.node('GatherElements', [wide(self), wide(indices)], { axis: dim });
};

const masked_scatter: Converter = (call) => {
  const { graph } = call;
  const [self, mask, source] = [call.tensor('self'), call.tensor('mask'), call.tensor('source')];
  const shape = graph.shape(call.out.sizes.every((size) => size >= 0) ? call.out : self);
  const wide = graph.node('Expand', [mask.name, shape]);
  const ones = graph.cast(graph.reshape(wide, [-1]), dtypes.bool, dtypes.int64);
  const counted = graph.node('Sub', [graph.node('CumSum', [ones, graph.int(0)]), graph.int(1)]);
  const from = graph.node('Max', [counted, graph.int(0)]);
  const taken = graph.node('Gather', [graph.reshape(source.name, [-1]), from], { axis: 0 });
  return graph.node('Where', [wide, graph.node('Reshape', [taken, shape]), self.name]);
};

const isin: Converter = (call) => {
  const { graph } = call;
  const [elements, tests] = [call.tensor('elements'), call.tensor('test_elements')];
  const dtype = call.common_dtype('elements', 'test_elements');
  const column = graph.node('Unsqueeze', [graph.cast(elements.name, elements.dtype, dtype), graph.ints([-1])]);
  const row = graph.reshape(graph.cast(tests.name, tests.dtype, dtype), [-1]);
  const bits = graph.cast(graph.node('Equal', [column, row]), dtypes.bool, dtypes.int32);
  const found = graph.cast(reduced(call, 'ReduceSum', bits, [-1], false), dtypes.int32, dtypes.bool);
  return call.bool('invert') ? graph.node('Not', [found]) : found;
};

/** How many boundaries lie before each value. */
function searched(call: Call, boundaries: Value, values: string): string {
  const { graph, out } = call;
  const right = call.bool('right') || call.args.get('side') === 'right';
  if (call.has('sorter')) throw new Unsupported('sorter');
  const value = call.args.get(values);
  const rank = typeof value === 'object' && value !== null && 'sizes' in value ? (value as Value).sizes.length : 0;
  const dtype = call.common_dtype(values, call.args.has('boundaries') ? 'boundaries' : 'sorted_sequence');
  let column = call.operand(values, dtype);
  if (rank > 0) column = graph.node('Unsqueeze', [column, graph.ints([-1])]);
  let row = graph.cast(boundaries.name, boundaries.dtype, dtype);
  if (boundaries.sizes.length > 1) row = graph.node('Unsqueeze', [row, graph.ints([-2])]);
  const before = graph.node(right ? 'LessOrEqual' : 'Less', [row, column]);
  const counts = reduced(call, 'ReduceSum', graph.cast(before, dtypes.bool, dtypes.int64), [-1], false);
  return graph.cast(counts, dtypes.int64, out.dtype);
}

// ---- Stacks and parts ---------------------------------------------------------------------------

function at_least({ graph }: Call, { name, sizes }: Value, rank: number): string {
  const own = sizes.length;
  if (own >= rank) return name;
  if (own === 0) return graph.reshape(name, Array<number>(rank).fill(1));
  const axes = rank === 2 ? [0] : own === 1 ? [0, 2] : [2];
  return graph.node('Unsqueeze', [name, graph.ints(axes)]);
}

const at_least_rank =
  (rank: number): Converter =>
  (call) => {
    if (call.args.has('self')) return at_least(call, call.tensor('self'), rank);
    return call.tensors('tensors').map((tensor) => at_least(call, tensor, rank));
  };

function stacked(rank: number, dim: (first: Value) => number): Converter {
  return (call) => {
    const { graph, out } = call;
    const tensors = call.tensors('tensors');
    const names = tensors.map((tensor) => {
      const name = graph.cast(tensor.name, tensor.dtype, out.dtype);
      return at_least(call, { ...tensor, name }, rank);
    });
    return graph.node('Concat', names, { axis: dim(tensors[0]!) });
  };
}

const column_stack: Converter = (call) => {
  const { graph, out } = call;
  const names = call.tensors('tensors').map(({ name, dtype, sizes }) => {
    const its = graph.cast(name, dtype, out.dtype);
    return sizes.length < 2 ? graph.reshape(its, [-1, 1]) : its;
  });
  return graph.node('Concat', names, { axis: 1 });
};

/** Parts of sizes that the program knows, along a dimension. */
const split_along =
  (dim: (call: Call, self: Value) => number): Converter =>
  (call) => {
    const { graph, outputs } = call;
    const self = call.tensor('self');
    const axis = dim(call, self);
    const sizes = outputs.map((output) => fixed(output, axis));
    if (sizes.length === 1) return [graph.node('Identity', [self.name])];
    return graph.nodes_of('Split', [self.name, graph.ints(sizes)], sizes.length, { axis });
  };

// ---- Products of matrices -----------------------------------------------------------------------

const product_of = (graph: GraphBuilder, sizes: readonly Int[]): Int =>
  sizes.reduce((a, b) => graph.arithmetic('Mul', a, b), 1);

const tensordot: Converter = (call) => {
  const { graph, out } = call;
  const [a, b] = [call.tensor('self'), call.tensor('other')];
  const from_a = call.ints('dims_self').map((dim) => wrapped(dim, a.sizes.length));
  const from_b = call.ints('dims_other').map((dim) => wrapped(dim, b.sizes.length));
  // Of a dimension whose sizes differ one is 1, and is added up with all of the other.
  if (from_a.some((dim, i) => a.sizes[dim] !== b.sizes[from_b[i]!])) throw new Unsupported('sizes that differ');
  const rest = (x: Value, dims: readonly number[]): number[] =>
    x.sizes.map((_, i) => i).filter((i) => !dims.includes(i));
  const [rest_a, rest_b] = [rest(a, from_a), rest(b, from_b)];
  const sizes = (x: Value, dims: readonly number[]): Int[] => dims.map((dim) => graph.size(x, dim));
  const turned = (x: Value, perm: number[]): string =>
    perm.length === 0 ? x.name : graph.node('Transpose', [x.name], { perm });
  const summed = product_of(graph, sizes(a, from_a));
  const left = graph.reshape(turned(a, [...rest_a, ...from_a]), [product_of(graph, sizes(a, rest_a)), summed]);
  const right = graph.reshape(turned(b, [...from_b, ...rest_b]), [summed, product_of(graph, sizes(b, rest_b))]);
  const shape = [...sizes(a, rest_a), ...sizes(b, rest_b)];
  const known = out.sizes.every((size) => size >= 0) ? out.sizes : shape;
  return graph.reshape(graph.node('MatMul', [left, right]), known);
};

const matrix_power: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor(call.args.has('self') ? 'self' : 'A');
  const n = call.int('n');
  if (n < 1) throw new Unsupported(`n=${n}`);
  let [result, power] = ['', self.name];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === '' ? power : graph.node('MatMul', [result, power]);
    if (rest > 1) power = graph.node('MatMul', [power, power]);
  }
  return graph.node('Identity', [result]);
};

const cross: Converter = (call) => {
  const { graph, out } = call;
  const [a, b] = [call.tensor('self'), call.tensor('other')];
  const dim = call.has('dim')
    ? wrapped(call.int('dim'), out.sizes.length)
    : call.target.includes('linalg')
      ? out.sizes.length - 1
      : out.sizes.indexOf(3);
  const from_end = dim - out.sizes.length;
  const [next, last] = [graph.ints([1, 2, 0]), graph.ints([2, 0, 1])];
  const take = (x: Value, order: string): string => graph.node('Gather', [x.name, order], { axis: from_end });
  const product = (x: string, y: string): string => graph.node('Mul', [x, y]);
  return graph.node('Sub', [product(take(a, next), take(b, last)), product(take(a, last), take(b, next))]);
};

const diag_embed: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const rank = out.sizes.length;
  const dims = [wrapped(call.int('dim1', -2), rank), wrapped(call.int('dim2', -1), rank)];
  if (
    call.int(call.args.has('offset') ? 'offset' : 'diagonal', 0) !== 0 ||
    dims[0] !== rank - 2 ||
    dims[1] !== rank - 1
  )
    throw new Unsupported('another diagonal than that of the last two dimensions');
  const mask = graph.tensor(eye(fixed(out, rank - 1), { dtype: dtypes.bool }));
  const column = graph.node('Unsqueeze', [self.name, graph.ints([-1])]);
  return graph.node('Where', [mask, column, graph.scalar(0, out.dtype)]);
};

const main_diagonal = places((of, call) => of.diagonal(call.int('diagonal', 0), 0, 1));

// ---- Tests and functions of elements ------------------------------------------------------------

const isclose: Converter = (call) => {
  const { graph } = call;
  const dtype = call.common_dtype('self', 'other');
  float_only(dtype);
  const [a, b] = [call.operand('self', dtype), call.operand('other', dtype)];
  const n = (type: string, ...inputs: string[]): string => graph.node(type, inputs);
  const apart = n('Abs', n('Sub', a, b));
  const relative = n('Abs', n('Mul', b, graph.scalar(call.float('rtol', 1e-5), dtype)));
  const allowed = n('Add', relative, graph.scalar(call.float('atol', 1e-8), dtype));
  const near = n('And', n('LessOrEqual', apart, allowed), n('Less', apart, graph.scalar(Infinity, dtype)));
  const close = n('Or', n('Equal', a, b), near);
  return call.bool('equal_nan') ? n('Or', close, n('And', n('IsNaN', a), n('IsNaN', b))) : close;
};

const infinite =
  (positive: boolean): Converter =>
  (call) => {
    const x = call.tensor('self');
    const given = x.dtype.is_floating_point ? x.name : call.graph.cast(x.name, x.dtype, dtypes.float32);
    const signs = { detect_positive: Number(positive), detect_negative: Number(!positive) };
    return call.graph.node('IsInf', [given], signs);
  };

/** A sum without what is not a number, and how many are left. */
function without_nan(call: Call): { sum: string; count: string } {
  const { graph, out } = call;
  const self = call.tensor('self');
  float_only(self.dtype);
  const nan = graph.node('IsNaN', [self.name]);
  const zero = graph.scalar(0, self.dtype);
  const kept = graph.cast(graph.node('Where', [nan, zero, self.name]), self.dtype, out.dtype);
  const ones = graph.cast(graph.node('Not', [nan]), dtypes.bool, out.dtype);
  if (self.sizes.length === 0) return { sum: kept, count: ones };
  const of = (x: string): string => reduced(call, 'ReduceSum', x, call.dims(self), call.bool('keepdim'));
  return { sum: of(kept), count: of(ones) };
}

const safe_softmax: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const x = graph.cast(self.name, self.dtype, out.dtype);
  const axis = call.dim(self);
  const empty = graph.node('Equal', [reduced(call, 'ReduceMax', x, [axis], true), graph.scalar(-Infinity, out.dtype)]);
  return graph.node('Where', [empty, graph.scalar(0, out.dtype), graph.node('Softmax', [x], { axis })]);
};

const entropy: Converter = (call) => {
  const { graph, out } = call;
  const x = self_as_out(call);
  const zero = graph.scalar(0, out.dtype);
  const terms = graph.node('Neg', [graph.node('Mul', [x, graph.node('Log', [x])])]);
  const below = graph.node('Where', [graph.node('Less', [x, zero]), graph.scalar(-Infinity, out.dtype), terms]);
  return graph.node('Where', [graph.node('Equal', [x, zero]), zero, below]);
};

export const derived_views: Operators = {
  atleast_1d: at_least_rank(1),
  atleast_2d: at_least_rank(2),
  atleast_3d: at_least_rank(3),
  tensor_split: split_along((call, self) => call.dim(self, 'dim', 0)),
  hsplit: split_along((_call, self) => (self.sizes.length === 1 ? 0 : 1)),
  vsplit: split_along(() => 0),
  dsplit: split_along(() => 2),
};

export const derived: Operators = {
  cumprod,
  diff,
  cdist,
  dist,
  linalg_norm,
  linalg_matrix_norm: matrix_norm,
  linalg_vecdot,
  triplet_margin_loss,
  cosine_embedding_loss,
  multi_margin_loss,
  multilabel_margin_loss,
  take_along_dim,
  masked_scatter,
  isin,
  bucketize: (call) => searched(call, call.tensor('boundaries'), 'self'),
  searchsorted: (call) => searched(call, call.tensor('sorted_sequence'), 'self'),
  hstack: stacked(1, ({ sizes }) => (sizes.length < 2 ? 0 : 1)),
  vstack: stacked(2, () => 0),
  dstack: stacked(3, () => 2),
  column_stack,
  tensordot,
  linalg_matrix_power: matrix_power,
  linalg_multi_dot: (call) =>
    call
      .tensors('tensors')
      .map(({ name }) => name)
      .reduce((a, b) => call.graph.node('MatMul', [a, b])),
  cross,
  linalg_cross: cross,
  diag_embed,
  diag: (call) => (call.tensor('self').sizes.length === 1 ? diag_embed(call) : main_diagonal(call)),
  trace: (call) => {
    const { graph, out } = call;
    const self = call.tensor('self');
    const found = places((of) => of.diagonal())(call) as string;
    return reduced(call, 'ReduceSum', graph.cast(found, self.dtype, out.dtype), [0], false);
  },
  vdot: (call) => call.graph.node('MatMul', [call.tensor('self').name, call.tensor('other').name]),
  isclose,
  isposinf: infinite(true),
  isneginf: infinite(false),
  nansum: (call) => without_nan(call).sum,
  nanmean: (call) => {
    const { sum, count } = without_nan(call);
    return call.graph.node('Div', [sum, count]);
  },
  _safe_softmax: safe_softmax,
  special_entr: entropy,
  special_ndtr: (call) => {
    const { graph, out } = call;
    const k = (value: number): string => graph.scalar(value, out.dtype);
    const erf = graph.node('Erf', [graph.node('Mul', [self_as_out(call), k(Math.SQRT1_2)])]);
    return graph.node('Mul', [graph.node('Add', [erf, k(1)]), k(0.5)]);
  },
  ldexp: (call) => {
    const { graph, out } = call;
    const power = graph.node('Pow', [graph.scalar(2, out.dtype), call.operand('other', out.dtype)]);
    return graph.node('Mul', [self_as_out(call), power]);
  },
};
