/** More operators that ONNX does not have: determinants, order statistics, patches of images, products of sets. */
import { arange, cartesian_prod as products_of, combinations as combinations_of, eye } from '../generated/functions.js';
import type { Tensor } from '../_tensor.js';
import * as dtypes from '../types/dtype.js';
import { Unsupported, type Value } from './builder.js';
import type { Call, Converter, Operators } from './call.js';
import { fixed } from './derived.js';
import { self_as_out } from './elementwise.js';
import { p_norm, reduced } from './reductions.js';
import { sliced, to_the_end } from './shapes.js';

const determinant =
  (name: string): Converter =>
  (call) =>
    call.graph.node('Det', [call.tensor(name).name]);

const aminmax: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  if (self.sizes.length === 0) return [graph.node('Identity', [self.name]), graph.node('Identity', [self.name])];
  const dims = call.has('dim') ? call.dims(self) : self.sizes.map((_, i) => i);
  return ['ReduceMin', 'ReduceMax'].map((type) => reduced(call, type, self.name, dims, call.bool('keepdim')));
};

/** Whether a number has the sign minus, zeros too. */
function is_negative({ graph }: Call, x: string, dtype: dtypes.DType): string {
  const zero = graph.scalar(0, dtype);
  const below = graph.node('Less', [x, zero]);
  if (!dtype.is_floating_point) return below;
  const reciprocal = graph.node('Div', [graph.scalar(1, dtype), x]);
  const minus_zero = graph.node('And', [graph.node('Equal', [x, zero]), graph.node('Less', [reciprocal, zero])]);
  return graph.node('Or', [below, minus_zero]);
}

const copysign: Converter = (call) => {
  const { graph, out } = call;
  const size = graph.node('Abs', [self_as_out(call)]);
  const negative = is_negative(call, call.operand('other', out.dtype), out.dtype);
  return graph.node('Where', [negative, graph.node('Neg', [size]), size]);
};

const signbit: Converter = (call) => {
  const self = call.tensor('self');
  if (self.dtype === dtypes.bool) throw new Unsupported('dtype torch.bool');
  return is_negative(call, self.name, self.dtype);
};

const logaddexp2: Converter = (call) => {
  const { graph, out } = call;
  const [a, b] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
  const ln2 = graph.scalar(Math.LN2, out.dtype);
  const distance = graph.node('Mul', [graph.node('Abs', [graph.node('Sub', [a, b])]), ln2]);
  const more = graph.node('Div', [graph.node('Softplus', [graph.node('Neg', [distance])]), ln2]);
  return graph.node('Add', [graph.node('Max', [a, b]), more]);
};

const xlog1py: Converter = (call) => {
  const { graph, out } = call;
  const [a, b] = [call.operand('self', out.dtype), call.operand('other', out.dtype)];
  const is_zero = graph.node('Equal', [a, graph.scalar(0, out.dtype)]);
  const zero = graph.node('And', [is_zero, graph.node('Not', [graph.node('IsNaN', [b])])]);
  const log = graph.node('Log', [graph.node('Add', [b, graph.scalar(1, out.dtype)])]);
  return graph.node('Where', [zero, graph.scalar(0, out.dtype), graph.node('Mul', [a, log])]);
};

/** The k-th smallest elements along a dimension, and where they are. */
function kth(call: Call, self: Value, k: number, dim: number, keepdim: boolean): string[] {
  const { graph } = call;
  const found = graph.nodes_of('TopK', [self.name, graph.ints([k])], 2, { axis: dim, largest: 0, sorted: 1 });
  return found.map((all) => {
    const last = sliced(graph, all, dim, k - 1, to_the_end);
    return keepdim ? last : graph.node('Squeeze', [last, graph.ints([dim])]);
  });
}

const kthvalue: Converter = (call) => {
  const self = call.tensor('self');
  if (self.sizes.length === 0) throw new Unsupported('a tensor without dimensions');
  return kth(call, self, call.int('k'), call.dim(self, 'dim', -1), call.bool('keepdim'));
};

const median: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  if (self.sizes.length === 0) throw new Unsupported('a tensor without dimensions');
  const middle = (size: number): number => Math.floor((size + 1) / 2);
  if (call.has('dim')) {
    const dim = call.dim(self);
    return kth(call, self, middle(fixed(self, dim)), dim, call.bool('keepdim'));
  }
  const count = self.sizes.reduce((product, _, dim) => product * fixed(self, dim), 1);
  if (count === 0) throw new Unsupported('a tensor without elements');
  const flat = { ...self, name: graph.reshape(self.name, [-1]), sizes: [count] };
  return kth(call, flat, middle(count), 0, false)[0]!;
};

const trapezoid: Converter = (call) => {
  const { graph, out } = call;
  const y = call.tensor('y');
  const dim = call.dim(y, 'dim', -1);
  const values = graph.cast(y.name, y.dtype, out.dtype);
  const pairs = (x: string, type: string, along: number): string =>
    graph.node(type, [sliced(graph, x, along, 1, to_the_end), sliced(graph, x, along, 0, -1)]);
  let heights = pairs(values, 'Add', dim);
  if (call.has('x')) {
    const x = call.tensor('x');
    if (x.sizes.length !== y.sizes.length) throw new Unsupported('x with other dimensions than y');
    heights = graph.node('Mul', [heights, pairs(graph.cast(x.name, x.dtype, out.dtype), 'Sub', dim)]);
  } else heights = graph.node('Mul', [heights, graph.scalar(call.float('dx', 1), out.dtype)]);
  return graph.node('Mul', [reduced(call, 'ReduceSum', heights, [dim], false), graph.scalar(0.5, out.dtype)]);
};

const kron: Converter = (call) => {
  const { graph, out } = call;
  const [a, b] = [call.tensor('self'), call.tensor('other')];
  const rank = out.sizes.length;
  const sizes = ({ sizes: its }: Value): number[] => [...Array<number>(rank - its.length).fill(1), ...its];
  if ([...a.sizes, ...b.sizes].some((size) => size < 0)) throw new Unsupported('a dimension whose size varies');
  const spread = (name: string, its: readonly number[], first: boolean): string =>
    graph.reshape(
      call.operand(name, out.dtype),
      its.flatMap((size) => (first ? [size, 1] : [1, size])),
    );
  const product = graph.node('Mul', [spread('self', sizes(a), true), spread('other', sizes(b), false)]);
  return graph.reshape(product, out.sizes);
};

const renorm: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const dim = call.dim(self);
  const others = self.sizes.flatMap((_, i) => (i === dim ? [] : [i]));
  const norm = p_norm(call, self.name, out.dtype, call.float('p'), others, true);
  const most = graph.scalar(call.float('maxnorm'), out.dtype);
  const factor = graph.node('Div', [most, graph.node('Add', [norm, graph.scalar(1e-7, out.dtype)])]);
  const scale = graph.node('Where', [graph.node('Greater', [norm, most]), factor, graph.scalar(1, out.dtype)]);
  return graph.node('Mul', [self.name, scale]);
};

/** The elements of a tensor of one dimension at places that are known now. */
const gathered = ({ graph }: Call, x: string, index: Tensor): string =>
  graph.node('Gather', [x, graph.tensor(index.contiguous())], { axis: 0 });

const combinations: Converter = (call) => {
  const self = call.tensor('self');
  return gathered(
    call,
    self.name,
    combinations_of(arange(fixed(self, 0)), call.int('r', 2), call.bool('with_replacement')),
  );
};

const cartesian_prod: Converter = (call) => {
  const { graph } = call;
  const tensors = call.tensors('tensors');
  if (tensors.length === 1) return graph.node('Identity', [tensors[0]!.name]);
  const index = products_of(tensors.map((its) => arange(its.sizes.length === 0 ? 1 : fixed(its, 0))));
  const columns = tensors.map(({ name }, i) => {
    const flat = graph.reshape(name, [-1]);
    return graph.node('Unsqueeze', [gathered(call, flat, index.select(1, i)), graph.ints([1])]);
  });
  return graph.node('Concat', columns, { axis: 1 });
};

const vander: Converter = (call) => {
  const { graph, out } = call;
  const x = call.tensor('x');
  const powers = arange(fixed(out, out.sizes.length - 1), { dtype: out.dtype });
  const values = graph.cast(x.name, x.dtype, out.dtype);
  const rows = x.sizes.length === 0 ? graph.reshape(values, [1]) : values;
  const column = graph.node('Unsqueeze', [rows, graph.ints([-1])]);
  return graph.node('Pow', [column, graph.tensor(powers)]);
};

/** Covariances of the rows of a matrix. */
function covariances(call: Call, correction: number): string {
  const { graph, out } = call;
  const self = call.tensor('self');
  if (self.sizes.length !== 2) throw new Unsupported('a tensor that is not a matrix');
  const x = graph.cast(self.name, self.dtype, out.dtype);
  const centred = graph.node('Sub', [x, reduced(call, 'ReduceMean', x, [1], true)]);
  const products = graph.node('MatMul', [centred, graph.node('Transpose', [centred], { perm: [1, 0] })]);
  return graph.node('Div', [products, graph.scalar(Math.max(fixed(self, 1) - correction, 0), out.dtype)]);
}

const cov: Converter = (call) => {
  if (call.has('fweights') || call.has('aweights')) throw new Unsupported('weights of observations');
  return covariances(call, call.int('correction', 1));
};

const corrcoef: Converter = (call) => {
  const { graph, out } = call;
  const found = covariances(call, 1);
  const count = fixed(out, 0);
  const mask = graph.tensor(eye(count, { dtype: out.dtype }));
  const variances = reduced(call, 'ReduceSum', graph.node('Mul', [found, mask]), [1], true);
  const deviations = graph.node('Sqrt', [variances]);
  const scaled = graph.node('Div', [
    graph.node('Div', [found, deviations]),
    graph.node('Transpose', [deviations], { perm: [1, 0] }),
  ]);
  const one = graph.scalar(1, out.dtype);
  return graph.node('Clip', [scaled, graph.scalar(-1, out.dtype), one]);
};

interface Patches {
  readonly weight: string;
  readonly attributes: {
    kernel_shape: number[];
    strides: number[];
    pads: number[];
    dilations: number[];
    group: number;
  };
}

/** A convolution whose channels are the elements of patches. */
function patches(call: Call, channels: number): Patches {
  const { graph, out } = call;
  const kernel = call.spread('kernel_size', 2, 1);
  const padding = call.spread('padding', 2, 0);
  const size = kernel[0]! * kernel[1]!;
  const one = eye(size, { dtype: out.dtype }).reshape([size, 1, ...kernel]);
  return {
    weight: graph.tensor(one.repeat([channels, 1, 1, 1])),
    attributes: {
      kernel_shape: kernel,
      strides: call.spread('stride', 2, 1),
      pads: [...padding, ...padding],
      dilations: call.spread('dilation', 2, 1),
      group: channels,
    },
  };
}

const im2col: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const rank = self.sizes.length;
  const { weight, attributes } = patches(call, fixed(self, rank - 3));
  const x = rank === 4 ? self.name : graph.node('Unsqueeze', [self.name, graph.ints([0])]);
  const found = graph.node('Conv', [x, weight], attributes);
  const rows = out.sizes.length === 3 ? [graph.size(self, 0)] : [];
  return graph.reshape(found, [...rows, ...out.sizes.slice(-2)]);
};

const col2im: Converter = (call) => {
  const { graph, out } = call;
  const self = call.tensor('self');
  const rank = out.sizes.length;
  const channels = fixed(out, rank - 3);
  const { weight, attributes } = patches(call, channels);
  const { kernel_shape, strides, pads, dilations } = attributes;
  const size = call.ints('output_size');
  const reach = (i: number): number => dilations[i]! * (kernel_shape[i]! - 1) + 1;
  const counts = size.map((its, i) => Math.floor((its + 2 * pads[i]! - reach(i)) / strides[i]!) + 1);
  const output_padding = size.map((its, i) => its - ((counts[i]! - 1) * strides[i]! - 2 * pads[i]! + reach(i)));
  const batch = rank === 4 ? graph.size(out, 0) : 1;
  const blocks = channels * kernel_shape[0]! * kernel_shape[1]!;
  const x = graph.reshape(self.name, [rank === 4 ? batch : 1, blocks, ...counts]);
  const found = graph.node('ConvTranspose', [x, weight], { ...attributes, output_padding });
  return rank === 4 ? found : graph.node('Squeeze', [found, graph.ints([0])]);
};

const diagflat: Converter = (call) => {
  const { graph, out } = call;
  if (call.int('offset', 0) !== 0) throw new Unsupported('another diagonal than the main one');
  const column = graph.reshape(call.tensor('self').name, [-1, 1]);
  return graph.node('Where', [
    graph.tensor(eye(fixed(out, 0), { dtype: dtypes.bool })),
    column,
    graph.scalar(0, out.dtype),
  ]);
};

export const further: Operators = {
  det: determinant('self'),
  linalg_det: determinant('A'),
  logdet: (call) => call.graph.node('Log', [determinant('self')(call) as string]),
  aminmax,
  copysign,
  signbit,
  logaddexp2,
  special_xlog1py: xlog1py,
  kthvalue,
  median,
  trapezoid,
  trapz: trapezoid,
  kron,
  renorm,
  combinations,
  cartesian_prod,
  linalg_vander: vander,
  cov,
  corrcoef,
  im2col,
  col2im,
  diagflat,
};
