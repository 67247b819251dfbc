/** Reductions, sorting, and what is normalized by them. */
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { Unsupported, type Value } from './builder.js';
import type { Call, Converter, Operators } from './call.js';
import { self_as_out } from './elementwise.js';

/** A node that reduces: dimensions are an input of it. */
export function reduced(call: Call, type: string, x: string, dims: readonly number[], keepdim: boolean): string {
  return call.graph.node(type, [x, call.graph.ints(dims)], { keepdims: Number(keepdim) });
}

function reduction(type: string): Converter {
  return (call) => {
    const self = call.tensor('self');
    const x = self_as_out(call);
    if (self.sizes.length === 0) return call.graph.node('Identity', [x]);
    return reduced(call, type, x, call.dims(self), call.bool('keepdim'));
  };
}

/** The greatest or least: of all, or along a dimension, with its index. */
function extreme(type: 'Max' | 'Min'): Converter {
  return (call) => {
    const { graph } = call;
    if (call.has('other')) {
      const { dtype } = call.out;
      return graph.node(type, [call.operand('self', dtype), call.operand('other', dtype)]);
    }
    const self = call.tensor('self');
    const rank = self.sizes.length;
    if (!call.has('dim')) {
      return rank === 0
        ? graph.node('Identity', [self.name])
        : graph.node(`Reduce${type}`, [self.name], { keepdims: 0 });
    }
    if (rank === 0) return [graph.node('Identity', [self.name]), graph.scalar(0, dtypes.int64)];
    const dim = call.dim(self);
    const keepdim = call.bool('keepdim');
    return [
      reduced(call, `Reduce${type}`, self.name, [dim], keepdim),
      graph.node(`Arg${type}`, [self.name], { axis: dim, keepdims: Number(keepdim) }),
    ];
  };
}

function arg(type: 'ArgMax' | 'ArgMin'): Converter {
  return (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const keepdim = call.bool('keepdim');
    if (self.sizes.length === 0) return graph.node('Identity', [graph.scalar(0, dtypes.int64)]);
    if (call.has('dim')) {
      return graph.node(type, [self.name], { axis: call.dim(self), keepdims: Number(keepdim) });
    }
    const flat = graph.node(type, [graph.reshape(self.name, [-1])], { axis: 0, keepdims: 0 });
    return keepdim
      ? graph.reshape(
          flat,
          self.sizes.map(() => 1),
        )
      : flat;
  };
}

/** Whether any or all elements are true. */
function truth(type: 'ReduceMax' | 'ReduceMin'): Converter {
  return (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const bits = graph.cast(graph.cast(self.name, self.dtype, dtypes.bool), dtypes.bool, dtypes.int32);
    const found = self.sizes.length === 0 ? bits : reduced(call, type, bits, call.dims(self), call.bool('keepdim'));
    return graph.cast(found, dtypes.int32, call.out.dtype);
  };
}

/** Sum of squared distances from the mean, over their number less the correction. */
function variance(call: Call): { variance: string; mean: string } {
  const { graph } = call;
  const self = call.tensor('self');
  const { dtype } = call.out;
  const x = graph.cast(self.name, self.dtype, dtype);
  const dims = call.dims(self);
  const keepdim = call.bool('keepdim');
  const correction = call.has('unbiased') ? Number(call.bool('unbiased')) : call.float('correction', 1);
  const mean = reduced(call, 'ReduceMean', x, dims, true);
  const distance = graph.node('Sub', [x, mean]);
  const squares = graph.node('Mul', [distance, distance]);
  let found = reduced(call, 'ReduceMean', squares, dims, keepdim);
  if (correction !== 0) {
    const sizes = dims.map((dim) => graph.size(self, dim));
    const number = sizes.reduce((product, size) => graph.arithmetic('Mul', product, size), 1);
    if (typeof number === 'number') {
      found = graph.node('Mul', [found, graph.scalar(number / Math.max(0, number - correction), dtype)]);
    } else {
      const count = graph.cast(number.name, dtypes.int64, dtype);
      const less = graph.node('Sub', [count, graph.scalar(correction, dtype)]);
      found = graph.node('Mul', [found, graph.node('Div', [count, less])]);
    }
  }
  return { variance: found, mean: keepdim ? mean : reduced(call, 'ReduceMean', x, dims, false) };
}

/** 1 for what is not 0. */
function nonzeros({ graph }: Call, x: string, dtype: DType): string {
  const nonzero = graph.node('Not', [graph.node('Equal', [x, graph.scalar(0, dtype)])]);
  return graph.cast(nonzero, dtypes.bool, dtype);
}

/** The norm of one number. */
export const norm_of_scalar = (call: Call, x: string, dtype: DType, order: number): string =>
  order === 0 ? nonzeros(call, x, dtype) : call.graph.node('Abs', [x]);

/** The norm of an order, over some dimensions. */
export function p_norm(
  call: Call,
  x: string,
  dtype: DType,
  order: number,
  dims: readonly number[],
  keepdim: boolean,
): string {
  const { graph } = call;
  const abs = (): string => graph.node('Abs', [x]);
  if (order === 2) return reduced(call, 'ReduceL2', x, dims, keepdim);
  if (order === 1) return reduced(call, 'ReduceL1', x, dims, keepdim);
  if (order === Infinity) return reduced(call, 'ReduceMax', abs(), dims, keepdim);
  if (order === -Infinity) return reduced(call, 'ReduceMin', abs(), dims, keepdim);
  if (order === 0) return reduced(call, 'ReduceSum', nonzeros(call, x, dtype), dims, keepdim);
  const powers = graph.node('Pow', [abs(), graph.scalar(order, dtype)]);
  return graph.node('Pow', [reduced(call, 'ReduceSum', powers, dims, keepdim), graph.scalar(1 / order, dtype)]);
}

const norm: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const x = graph.cast(self.name, self.dtype, out.dtype);
  const order = call.has('ord') ? call.float('ord') : call.has('p') ? call.float('p') : 2;
  if (self.sizes.length === 0) return norm_of_scalar(call, x, out.dtype, order);
  return p_norm(call, x, out.dtype, order, call.dims(self), call.bool('keepdim'));
};

/** Softmax and the like, along one dimension. */
export function along(call: Call, type: 'Softmax' | 'LogSoftmax', x: string, from: Value, dtype: DType): string {
  const { graph } = call;
  const given = graph.cast(x, from.dtype, dtype);
  if (from.sizes.length === 0) {
    const flat = graph.node(type, [graph.reshape(given, [1])], { axis: 0 });
    return graph.reshape(flat, []);
  }
  return graph.node(type, [given], { axis: call.dim(from) });
}

const softmax =
  (type: 'Softmax' | 'LogSoftmax'): Converter =>
  (call) => {
    const self = call.tensor('self');
    return along(call, type, self.name, self, call.out.dtype);
  };

const cumsum: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const x = self_as_out(call);
  if (self.sizes.length === 0) return graph.node('Identity', [x]);
  return graph.node('CumSum', [x, graph.scalar(call.dim(self), dtypes.int64)]);
};

function top(call: Call, self: Value, count: string, dim: number, largest: boolean): string[] {
  const { graph } = call;
  return graph.nodes_of('TopK', [self.name, count], 2, { axis: dim, largest: Number(largest), sorted: 1 });
}

const sort: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  if (self.sizes.length === 0) {
    return [graph.node('Identity', [self.name]), graph.node('Identity', [graph.scalar(0, dtypes.int64)])];
  }
  const dim = call.dim(self, 'dim', -1);
  return top(call, self, graph.ints([graph.size(self, dim)]), dim, call.bool('descending'));
};

export const reductions: Operators = {
  sum: reduction('ReduceSum'),
  mean: reduction('ReduceMean'),
  amax: reduction('ReduceMax'),
  amin: reduction('ReduceMin'),
  prod: reduction('ReduceProd'),
  max: extreme('Max'),
  min: extreme('Min'),
  argmax: arg('ArgMax'),
  argmin: arg('ArgMin'),
  any: truth('ReduceMax'),
  all: truth('ReduceMin'),
  var: (call) => variance(call).variance,
  std: (call) => call.graph.node('Sqrt', [variance(call).variance]),
  var_mean: (call) => {
    const found = variance(call);
    return [found.variance, found.mean];
  },
  std_mean: (call) => {
    const found = variance(call);
    return [call.graph.node('Sqrt', [found.variance]), found.mean];
  },
  norm,
  linalg_vector_norm: norm,
  logsumexp: (call) => {
    const self = call.tensor('self');
    const x = self_as_out(call);
    if (self.sizes.length === 0) return call.graph.node('Identity', [x]);
    return reduced(call, 'ReduceLogSumExp', x, call.dims(self), call.bool('keepdim'));
  },
  softmax: softmax('Softmax'),
  _softmax: softmax('Softmax'),
  log_softmax: softmax('LogSoftmax'),
  _log_softmax: softmax('LogSoftmax'),
  cumsum,
  topk: (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const largest = call.bool('largest', true);
    return top(call, self, graph.ints([call.size('k')]), call.dim(self, 'dim', -1), largest);
  },
  sort,
  msort: (call) => {
    const self = call.tensor('self');
    if (self.sizes.length === 0) return call.graph.node('Identity', [self.name]);
    return top(call, self, call.graph.ints([call.graph.size(self, 0)]), 0, false)[0]!;
  },
  argsort: (call) => {
    const found = sort(call);
    return (found as readonly string[])[1]!;
  },
  count_nonzero: (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const bits = graph.cast(graph.cast(self.name, self.dtype, dtypes.bool), dtypes.bool, dtypes.int64);
    return self.sizes.length === 0 ? bits : reduced(call, 'ReduceSum', bits, call.dims(self), false);
  },
  cosine_similarity: (call) => {
    const { graph, out } = call;
    const [a, b] = [call.tensor('x1'), call.tensor('x2')];
    const dim = call.dim(a.sizes.length >= b.sizes.length ? a : b, 'dim', 1);
    const eps = graph.scalar(call.float('eps', 1e-8), out.dtype);
    const rank = Math.max(a.sizes.length, b.sizes.length);
    const from_end = dim - rank;
    const unit = (x: Value): string => {
      const length = graph.node('ReduceL2', [x.name, graph.ints([from_end])], { keepdims: 1 });
      return graph.node('Div', [x.name, graph.node('Max', [length, eps])]);
    };
    const product = graph.node('Mul', [unit(a), unit(b)]);
    return reduced(call, 'ReduceSum', product, [dim], false);
  },
  pairwise_distance: (call) => {
    const { graph, out } = call;
    const order = call.float('p', 2);
    const difference = graph.node('Add', [
      graph.node('Sub', [call.operand('x1', out.dtype), call.operand('x2', out.dtype)]),
      graph.scalar(call.float('eps', 1e-6), out.dtype),
    ]);
    if (order !== 1 && order !== 2) throw new Unsupported(`p=${order}`);
    const type = order === 1 ? 'ReduceL1' : 'ReduceL2';
    return graph.node(type, [difference, graph.ints([-1])], { keepdims: Number(call.bool('keepdim')) });
  },
};
