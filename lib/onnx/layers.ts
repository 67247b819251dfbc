/** Layers: products of matrices, convolutions, pools, norms, attention, recurrent layers, resizing, losses. */
import { tensor } from '../creation.js';
import { ones, zeros } from '../generated/functions.js';
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { type Attribute, type Int, Unsupported, type Value } from './builder.js';
import type { Call, Converter, Operators } from './call.js';
import { softplus } from './elementwise.js';
import { reduced } from './reductions.js';

const add = (call: Call, a: string, b: string): string => call.graph.node('Add', [a, b]);
const multiply = (call: Call, a: string, b: string): string => call.graph.node('Mul', [a, b]);

/** A number of times a tensor, where it is not 1. */
function scaled(call: Call, x: string, name: string): string {
  return call.has(name) && call.float(name) !== 1 ? multiply(call, x, call.operand(name, call.out.dtype)) : x;
}

function swapped(call: Call, { name, sizes }: Value): string {
  const perm = sizes.map((_, i) => i);
  const rank = perm.length;
  return call.graph.node('Transpose', [name], { perm: [...perm.slice(0, -2), rank - 1, rank - 2] });
}

const linear: Converter = (call) => {
  const { graph } = call;
  const [input, weight, bias] = [call.tensor('input'), call.tensor('weight'), call.optional('bias')];
  if (input.sizes.length === 2 && weight.sizes.length === 2 && (bias?.sizes.length ?? 1) <= 1) {
    return graph.node('Gemm', [input.name, weight.name, bias?.name ?? ''], { transB: 1 });
  }
  const turned = weight.sizes.length < 2 ? weight.name : swapped(call, weight);
  const product = graph.node('MatMul', [input.name, turned]);
  return bias === undefined ? product : add(call, product, bias.name);
};

const product =
  (first: string, second: string): Converter =>
  (call) =>
    call.graph.node('MatMul', [call.tensor(first).name, call.tensor(second).name]);

/** `beta * self + alpha * a @ b`. */
const added_product =
  (a: string, b: string): Converter =>
  (call) => {
    const found = call.graph.node('MatMul', [call.tensor(a).name, call.tensor(b).name]);
    return add(call, scaled(call, call.tensor('self').name, 'beta'), scaled(call, found, 'alpha'));
  };

const einsum: Converter = (call) => {
  const equation = call.string('equation', '');
  const tensors = call.tensors('tensors').map(({ name }) => name);
  return call.graph.node('Einsum', tensors, { equation: equation.replaceAll(' ', '') });
};

function outer_of(call: Call, a: string, b: string): string {
  const { graph } = call;
  const column = graph.node('Unsqueeze', [call.operand(a, call.out.dtype), graph.ints([1])]);
  return multiply(call, column, call.operand(b, call.out.dtype));
}

const outer: Converter = (call) => outer_of(call, 'self', 'vec2');

// ---- Convolutions -------------------------------------------------------------------------------

/** Runs on a batch of one what came without a batch. */
function batched(call: Call, x: Value, rank: number, run: (x: Value) => string): string {
  const { graph } = call;
  if (x.sizes.length === rank) return run(x);
  const wide = graph.node('Unsqueeze', [x.name, graph.ints([0])]);
  return graph.node('Squeeze', [run({ ...x, name: wide, sizes: [1, ...x.sizes] }), graph.ints([0])]);
}

function convolution(dims: number | undefined, transposes?: boolean): Converter {
  return (call) => {
    const { graph } = call;
    const [input, weight, bias] = [call.tensor('input'), call.tensor('weight'), call.optional('bias')];
    const count = dims ?? weight.sizes.length - 2;
    const transposed = transposes ?? call.bool('transposed');
    const common = {
      kernel_shape: weight.sizes.slice(2),
      strides: call.spread('stride', count, 1),
      dilations: call.spread('dilation', count, 1),
      group: call.int('groups', 1),
    };
    let pads: number[];
    const padding = call.args.get('padding');
    if (typeof padding === 'string') {
      const total = common.kernel_shape.map((size, i) => (padding === 'same' ? common.dilations[i]! * (size - 1) : 0));
      pads = [...total.map((size) => Math.floor(size / 2)), ...total.map((size) => size - Math.floor(size / 2))];
    } else {
      const each = call.spread('padding', count, 0);
      pads = [...each, ...each];
    }
    const more = transposed ? { output_padding: call.spread('output_padding', count, 0) } : {};
    return batched(call, input, count + 2, ({ name }) =>
      graph.node(transposed ? 'ConvTranspose' : 'Conv', [name, weight.name, bias?.name ?? ''], {
        ...common,
        pads,
        ...more,
      }),
    );
  };
}

// ---- Pools --------------------------------------------------------------------------------------

function pool_attributes(call: Call, dims: number): Record<string, readonly number[] | number> {
  const kernel_shape = call.spread('kernel_size', dims, 1);
  const strides = call.has('stride') && call.ints('stride').length > 0 ? call.spread('stride', dims, 1) : kernel_shape;
  const each = call.spread('padding', dims, 0);
  return { kernel_shape, strides, pads: [...each, ...each], ceil_mode: Number(call.bool('ceil_mode')) };
}

const max_pool =
  (dims: number, indices = false): Converter =>
  (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const attributes = { ...pool_attributes(call, dims), dilations: call.spread('dilation', dims, 1) };
    if (!indices) return batched(call, self, dims + 2, ({ name }) => graph.node('MaxPool', [name], attributes));
    if (self.sizes.length !== dims + 2) throw new Unsupported('inputs without a batch');
    const [found, places] = graph.nodes_of('MaxPool', [self.name], 2, attributes) as [string, string];
    // ONNX counts places in the whole tensor, PyTorch in each channel.
    const area = self.sizes
      .slice(2)
      .map((_, i) => graph.size(self, i + 2))
      .reduce((a, b) => graph.arithmetic('Mul', a, b), 1);
    return [found, graph.node('Mod', [places, graph.int(area)])];
  };

const avg_pool =
  (dims: number): Converter =>
  (call) => {
    const { graph } = call;
    const overridden = call.has('divisor_override');
    const its = pool_attributes(call, dims);
    if (overridden && its['ceil_mode'] === 1) throw new Unsupported('divisor_override with ceil_mode');
    const attributes = { ...its, count_include_pad: Number(overridden || call.bool('count_include_pad', true)) };
    const { dtype } = call.out;
    return batched(call, call.tensor('self'), dims + 2, ({ name }) => {
      const found = graph.node('AveragePool', [name], attributes);
      if (!overridden) return found;
      const area = call.spread('kernel_size', dims, 1).reduce((a, b) => a * b, 1);
      return multiply(call, found, graph.scalar(area / call.int('divisor_override'), dtype));
    });
  };

/** How much each of `size` elements counts in each of `out` averages. */
function averages(size: number, out: number): number[][] {
  return Array.from({ length: out }, (_, i) => {
    const [start, end] = [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)];
    return Array.from({ length: size }, (_unused, j) => (j >= start && j < end ? 1 / (end - start) : 0));
  });
}

/** Windows along one dimension, each reduced on its own. */
function windows(call: Call, x: string, dim: number, size: number, out: number, type: string): string {
  const { graph } = call;
  const reduced_windows = Array.from({ length: out }, (_, i) => {
    const [start, end] = [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)];
    const window = graph.node('Slice', [x, graph.ints([start]), graph.ints([end]), graph.ints([dim])]);
    return reduced(call, type, window, [dim], true);
  });
  return graph.node('Concat', reduced_windows, { axis: dim });
}

/** A pool to sizes that do not divide those of the input: the means and maxima of windows are those of each dimension. */
function uneven_pool(call: Call, self: Value, wanted: readonly number[], type: 'Average' | 'Max'): string {
  const { graph } = call;
  const rank = self.sizes.length;
  const sizes = self.sizes.slice(rank - wanted.length);
  if (type === 'Average' && wanted.length <= 2) {
    const weights = sizes.map((size, i) => tensor(averages(size, wanted[i]!), { dtype: self.dtype }));
    const across = graph.node('MatMul', [self.name, graph.tensor(weights.at(-1)!.t().contiguous())]);
    return wanted.length === 1 ? across : graph.node('MatMul', [graph.tensor(weights[0]!), across]);
  }
  const reduce = type === 'Average' ? 'ReduceMean' : 'ReduceMax';
  return wanted.reduce((x, out, i) => windows(call, x, rank - wanted.length + i, sizes[i]!, out, reduce), self.name);
}

const adaptive_pool =
  (dims: number, type: 'Average' | 'Max'): Converter =>
  (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const rank = self.sizes.length;
    const sizes = self.sizes.slice(rank - dims);
    const wanted = call.spread('output_size', dims, 1);
    const last = sizes.map((_, i) => rank - dims + i);
    let found: string;
    if (wanted.every((size) => size === 1)) {
      found = reduced(call, type === 'Average' ? 'ReduceMean' : 'ReduceMax', self.name, last, true);
    } else if (sizes.some((size) => size < 0)) {
      throw new Unsupported('sizes that vary');
    } else if (sizes.every((size, i) => size % wanted[i]! === 0)) {
      const kernel_shape = sizes.map((size, i) => size / wanted[i]!);
      found = batched(call, self, dims + 2, ({ name }) =>
        graph.node(`${type}Pool`, [name], { kernel_shape, strides: kernel_shape }),
      );
    } else found = uneven_pool(call, self, wanted, type);
    // The places of maxima are not given.
    return call.outputs.length > 1 ? [found, null] : found;
  };

// ---- Norms --------------------------------------------------------------------------------------

const constant = (call: Call, size: number, value: 0 | 1, dtype: DType): string =>
  call.graph.tensor(value === 0 ? zeros(size, { dtype }) : ones(size, { dtype }));

const epsilon = (call: Call): number => call.float('eps', 1e-5);

/** The dimensions of channels as a shape that broadcasts over a tensor. */
const channel_shape = (rank: number): number[] => [-1, ...Array<number>(Math.max(0, rank - 2)).fill(1)];

/** `(x - mean) * weight / sqrt(var + eps) + bias`, with statistics of the input itself over some dimensions. */
function normalized(call: Call, x: string, dims: readonly number[], dtype: DType): string {
  const { graph } = call;
  const mean = reduced(call, 'ReduceMean', x, dims, true);
  const distance = graph.node('Sub', [x, mean]);
  const variance = reduced(call, 'ReduceMean', multiply(call, distance, distance), dims, true);
  const deviation = graph.node('Sqrt', [add(call, variance, graph.scalar(epsilon(call), dtype))]);
  return graph.node('Div', [distance, deviation]);
}

function affine(call: Call, x: string, rank: number): string {
  const { graph } = call;
  const shape = channel_shape(rank);
  const [weight, bias] = [call.optional('weight'), call.optional('bias')];
  let found = x;
  if (weight) found = multiply(call, found, graph.reshape(weight.name, shape));
  if (bias) found = add(call, found, graph.reshape(bias.name, shape));
  return found;
}

const batch_norm: Converter = (call) => {
  const { graph } = call;
  const input = call.tensor('input');
  const [mean, variance] = [call.optional('running_mean'), call.optional('running_var')];
  const rank = input.sizes.length;
  const channels = input.sizes[1]!;
  let found: string;
  if (call.bool('training') || mean === undefined || variance === undefined) {
    const dims = input.sizes.map((_, i) => i).filter((i) => i !== 1);
    found = affine(call, normalized(call, input.name, dims, input.dtype), rank);
  } else {
    const weight = call.optional('weight')?.name ?? constant(call, channels, 1, input.dtype);
    const bias = call.optional('bias')?.name ?? constant(call, channels, 0, input.dtype);
    found = graph.node('BatchNormalization', [input.name, weight, bias, mean.name, variance.name], {
      epsilon: { float: epsilon(call) },
    });
  }
  if (call.outputs.length === 1) return found;
  return [found, ...call.outputs.slice(1).map(() => null)];
};

const instance_norm: Converter = (call) => {
  const { graph } = call;
  const input = call.tensor('input');
  if (!call.bool('use_input_stats', true)) return batch_norm(call);
  const channels = input.sizes[1]!;
  const weight = call.optional('weight')?.name ?? constant(call, channels, 1, input.dtype);
  const bias = call.optional('bias')?.name ?? constant(call, channels, 0, input.dtype);
  return graph.node('InstanceNormalization', [input.name, weight, bias], { epsilon: { float: epsilon(call) } });
};

const layer_norm: Converter = (call) => {
  const { graph, outputs } = call;
  const input = call.tensor('input');
  const shape = call.ints('normalized_shape');
  const weight = call.optional('weight')?.name ?? graph.tensor(ones(shape, { dtype: input.dtype }));
  return graph.nodes_of('LayerNormalization', [input.name, weight, call.optional('bias')?.name ?? ''], outputs.length, {
    axis: -shape.length,
    epsilon: { float: epsilon(call) },
  });
};

const group_norm: Converter = (call) => {
  const { graph } = call;
  const input = call.tensor('input');
  const groups = call.int(call.args.has('num_groups') ? 'num_groups' : 'group');
  const split = graph.reshape(input.name, [graph.size(input, 0), groups, -1]);
  const unit = [constant(call, groups, 1, input.dtype), constant(call, groups, 0, input.dtype)];
  const found = graph.node('InstanceNormalization', [split, ...unit], { epsilon: { float: epsilon(call) } });
  return affine(call, graph.node('Reshape', [found, graph.shape(input)]), input.sizes.length);
};

const rms_norm: Converter = (call) => {
  const { graph } = call;
  const input = call.tensor('input');
  const dims = call.ints('normalized_shape').map((_, i, all) => i - all.length);
  const smallest = input.dtype === dtypes.float64 ? Number.EPSILON : 1.1920928955078125e-7;
  const eps = graph.scalar(call.has('eps') ? call.float('eps') : smallest, input.dtype);
  const mean = reduced(call, 'ReduceMean', multiply(call, input.name, input.name), dims, true);
  const found = graph.node('Div', [input.name, graph.node('Sqrt', [add(call, mean, eps)])]);
  const weight = call.optional('weight');
  return weight === undefined ? found : multiply(call, found, weight.name);
};

// ---- Attention ----------------------------------------------------------------------------------

/** Key and value heads that several query heads share, once for each. */
function shared_heads(call: Call, x: Value, heads: number): Value {
  const { graph } = call;
  const rank = x.sizes.length;
  const own = x.sizes[rank - 3]!;
  if (own === heads) return x;
  const times = heads / own;
  const wide = graph.node('Unsqueeze', [x.name, graph.ints([rank - 2])]);
  const ones_and_times = Array<number>(rank + 1).fill(1);
  ones_and_times[rank - 2] = times;
  const tiled = graph.node('Tile', [wide, graph.ints(ones_and_times)]);
  const sizes = graph.sizes(x).map((size, i): Int => (i === rank - 3 ? heads : size));
  return { ...x, name: graph.reshape(tiled, sizes), sizes: x.sizes.map((size, i) => (i === rank - 3 ? heads : size)) };
}

const attention: Converter = (call) => {
  const { graph, out } = call;
  const query = call.tensor('query');
  let [key, value] = [call.tensor('key'), call.tensor('value')];
  if (call.bool('enable_gqa')) {
    const heads = query.sizes.at(-3)!;
    [key, value] = [shared_heads(call, key, heads), shared_heads(call, value, heads)];
  }
  if (call.has('dropout_p') && call.float('dropout_p') > 0)
    throw new Unsupported('dropout: export a module in evaluation mode');
  const rank = query.sizes.length;
  const scale = call.has('scale') ? call.float('scale') : 1 / Math.sqrt(query.sizes[rank - 1]!);
  const { dtype } = query;
  const k = (number: number): string => graph.scalar(number, dtype);
  const queries = multiply(call, query.name, k(scale));
  let scores = graph.node('MatMul', [queries, swapped(call, key)]);
  const mask = call.optional('attn_mask');
  let may_be_empty = false;
  if (call.bool('is_causal')) {
    const [rows, columns] = [graph.size(query, rank - 2), graph.size(key, key.sizes.length - 2)];
    const all = graph.node('Expand', [k(-Infinity), graph.ints([rows, columns])]);
    scores = add(call, scores, graph.node('Trilu', [all, graph.int(1)], { upper: 1 }));
  } else if (mask?.dtype === dtypes.bool) {
    scores = graph.node('Where', [mask.name, scores, k(-Infinity)]);
    may_be_empty = true;
  } else if (mask !== undefined) {
    scores = add(call, scores, graph.cast(mask.name, mask.dtype, dtype));
    may_be_empty = true;
  }
  let weights = graph.node('Softmax', [scores], { axis: -1 });
  // A row of which everything is masked gives zeros in PyTorch, and NaN in ONNX.
  if (may_be_empty) {
    const least = graph.node('ReduceMax', [scores, graph.ints([-1])], { keepdims: 1 });
    weights = graph.node('Where', [graph.node('Equal', [least, k(-Infinity)]), k(0), weights]);
  }
  return graph.cast(graph.node('MatMul', [weights, value.name]), dtype, out.dtype);
};

// ---- Recurrent layers ---------------------------------------------------------------------------

type Cell = 'LSTM' | 'GRU' | 'RNN';

/** In which order ONNX has PyTorch's gates. */
const gates: Readonly<Record<Cell, readonly number[]>> = { LSTM: [0, 3, 1, 2], GRU: [1, 0, 2], RNN: [0] };

/** The gates of a weight in ONNX's order, with a dimension of directions in front. */
function gate_rows(call: Call, cell: Cell, name: string): string {
  const { graph } = call;
  const order = gates[cell];
  let ordered = name;
  if (order.length > 1) {
    const split = graph.nodes_of('Split', [name], order.length, { axis: 0, num_outputs: order.length });
    ordered = graph.node(
      'Concat',
      order.map((i) => split[i]!),
      { axis: 0 },
    );
  }
  return graph.node('Unsqueeze', [ordered, graph.ints([0])]);
}

interface Recurrent {
  readonly cell: Cell;
  readonly activation: 'Tanh' | 'Relu' | undefined;
  readonly directions: number;
  readonly layers: number;
  readonly has_biases: boolean;
  readonly params: readonly Value[];
  readonly states: readonly Value[];
}

/** The weights of a layer, one direction behind the other: those of the input, of the state, and the biases. */
function layer_weights(call: Call, { cell, directions, has_biases, params }: Recurrent, layer: number): string[] {
  const { graph } = call;
  const each = has_biases ? 4 : 2;
  return (has_biases ? [0, 1, 2] : [0, 1]).map((place) => {
    const all = Array.from({ length: directions }, (_, d) => {
      const row = (at: number): string => gate_rows(call, cell, params[(layer * directions + d) * each + at]!.name);
      return place < 2 ? row(place) : graph.node('Concat', [row(2), row(3)], { axis: 1 });
    });
    return all.length === 1 ? all[0]! : graph.node('Concat', all, { axis: 0 });
  });
}

/** One layer: what it gives at each time, and its last states. */
function recurrent_layer(call: Call, its: Recurrent, layer: number, x: string): [output: string, ...ends: string[]] {
  const { graph } = call;
  const { cell, directions, states } = its;
  const weights = layer_weights(call, its, layer);
  const initial = states.map(({ name }) => {
    if (its.layers === 1) return name;
    const [from, to] = [layer * directions, (layer + 1) * directions];
    return graph.node('Slice', [name, graph.ints([from]), graph.ints([to]), graph.ints([0])]);
  });
  const inputs = [x, weights[0]!, weights[1]!, weights[2] ?? '', '', ...initial];
  const [y, ...ends] = graph.nodes_of(cell, inputs, 1 + states.length, {
    hidden_size: states[0]!.sizes.at(-1)!,
    direction: directions === 2 ? 'bidirectional' : 'forward',
    linear_before_reset: cell === 'GRU' ? 1 : undefined,
    // The default is Tanh.
    activations: its.activation === 'Relu' ? { strings: Array<string>(directions).fill('Relu') } : undefined,
  }) as [string, ...string[]];
  // [time, directions, batch, hidden]
  if (directions === 1) return [graph.node('Squeeze', [y, graph.ints([1])]), ...ends];
  const turned = graph.node('Transpose', [y], { perm: [0, 2, 1, 3] });
  return [graph.node('Reshape', [turned, graph.ints([0, 0, -1])]), ...ends];
}

function recurrent(cell: Cell, activation?: 'Tanh' | 'Relu'): Converter {
  return (call) => {
    const { graph } = call;
    if (call.has('batch_sizes')) throw new Unsupported('a packed sequence');
    if (call.bool('train') && call.float('dropout') > 0) {
      throw new Unsupported('dropout between layers in a module that is not in evaluation mode');
    }
    const its: Recurrent = {
      cell,
      activation,
      directions: call.bool('bidirectional') ? 2 : 1,
      layers: call.int('num_layers'),
      has_biases: call.bool('has_biases'),
      params: call.tensors('params'),
      states: cell === 'LSTM' ? call.tensors('hx') : [call.tensor('hx')],
    };
    if (its.params.length !== its.layers * its.directions * (its.has_biases ? 4 : 2))
      throw new Unsupported('proj_size');
    const turned = (name: string): string =>
      call.bool('batch_first') ? graph.node('Transpose', [name], { perm: [1, 0, 2] }) : name;
    let x = turned(call.tensor('input').name);
    const last: string[][] = its.states.map(() => []);
    for (let layer = 0; layer < its.layers; layer++) {
      const [output, ...ends] = recurrent_layer(call, its, layer, x);
      x = output;
      ends.forEach((end, i) => last[i]!.push(end));
    }
    const ends = last.map((names) => (names.length === 1 ? names[0]! : graph.node('Concat', names, { axis: 0 })));
    return [turned(x), ...ends];
  };
}

/** One step of a cell: the gates of the input and of the state. */
function cell_gates(call: Call, state: Value, count: number): { ours: string[]; theirs: string[] } {
  const { graph } = call;
  const of = (x: Value, weight: string, bias: string): string[] => {
    const its = call.optional(bias);
    const found = graph.node('Gemm', [x.name, call.tensor(weight).name, its?.name ?? ''], { transB: 1 });
    return count === 1 ? [found] : graph.nodes_of('Split', [found], count, { axis: 1, num_outputs: count });
  };
  return { ours: of(call.tensor('input'), 'w_ih', 'b_ih'), theirs: of(state, 'w_hh', 'b_hh') };
}

const lstm_cell: Converter = (call) => {
  const { graph } = call;
  const [h, c] = call.tensors('hx') as [Value, Value];
  const { ours, theirs } = cell_gates(call, h, 4);
  const gate = (i: number, type = 'Sigmoid'): string => graph.node(type, [add(call, ours[i]!, theirs[i]!)]);
  const next = add(call, multiply(call, gate(1), c.name), multiply(call, gate(0), gate(2, 'Tanh')));
  return [multiply(call, gate(3), graph.node('Tanh', [next])), next];
};

const gru_cell: Converter = (call) => {
  const { graph } = call;
  const h = call.tensor('hx');
  const { ours, theirs } = cell_gates(call, h, 3);
  const gate = (i: number): string => graph.node('Sigmoid', [add(call, ours[i]!, theirs[i]!)]);
  const fresh = graph.node('Tanh', [add(call, ours[2]!, multiply(call, gate(0), theirs[2]!))]);
  const update = gate(1);
  return add(call, fresh, multiply(call, update, graph.node('Sub', [h.name, fresh])));
};

const rnn_cell =
  (type: 'Tanh' | 'Relu'): Converter =>
  (call) => {
    const { ours, theirs } = cell_gates(call, call.tensor('hx'), 1);
    return call.graph.node(type, [add(call, ours[0]!, theirs[0]!)]);
  };

// ---- Resizing -----------------------------------------------------------------------------------

type ResizeMode = 'nearest' | 'nearest_exact' | 'linear' | 'cubic';

/** Where a point of the result lies in the input. */
function resize_attributes(mode: ResizeMode, align_corners: boolean): Record<string, Attribute> {
  if (mode === 'nearest') {
    return { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  }
  if (mode === 'nearest_exact') {
    return { mode: 'nearest', coordinate_transformation_mode: 'half_pixel', nearest_mode: 'round_prefer_ceil' };
  }
  return {
    mode,
    coordinate_transformation_mode: align_corners ? 'align_corners' : 'pytorch_half_pixel',
    ...(mode === 'cubic' ? { cubic_coeff_a: { float: -0.75 } } : {}),
  };
}

function resize(dims: number, mode: ResizeMode): Converter {
  return (call) => {
    const { graph } = call;
    const self = call.tensor(call.args.has('input') ? 'input' : 'self');
    const attributes = resize_attributes(mode, call.bool('align_corners'));
    const factors = call.args.get('scale_factors');
    if (Array.isArray(factors)) {
      const scales = [1, 1, ...(factors as readonly number[])];
      const name = graph.tensor(tensor(scales, { dtype: dtypes.float32 }));
      return graph.node('Resize', [self.name, '', name], attributes);
    }
    const sizes = [graph.size(self, 0), graph.size(self, 1), ...call.sizes('output_size')];
    if (sizes.length !== dims + 2) throw new Unsupported('an output_size of another number of dimensions');
    return graph.node('Resize', [self.name, '', '', graph.ints(sizes)], attributes);
  };
}

const grid_sampler: Converter = (call) => {
  const { graph } = call;
  const mode = call.int('interpolation_mode', 0);
  const names = graph.opset >= 20 ? ['linear', 'nearest', 'cubic'] : ['bilinear', 'nearest', 'bicubic'];
  const paddings = ['zeros', 'border', 'reflection'];
  return graph.node('GridSample', [call.tensor('input').name, call.tensor('grid').name], {
    mode: names[mode]!,
    padding_mode: paddings[call.int('padding_mode', 0)]!,
    align_corners: Number(call.bool('align_corners')),
  });
};

// ---- Losses -------------------------------------------------------------------------------------

const reductions_by_number = ['none', 'mean', 'sum'] as const;

/** The loss of each element as `reduction` says. */
export function reduced_loss(call: Call, loss: string): string {
  const { graph } = call;
  const reduction = reductions_by_number[call.int('reduction', 1)];
  if (reduction === 'none') return loss;
  return graph.node(reduction === 'mean' ? 'ReduceMean' : 'ReduceSum', [loss], { keepdims: 0 });
}

type Node = (type: string, ...inputs: string[]) => string;
type Constant = (value: number) => string;

/** A loss of each element by a formula of `self` and `target`. */
function loss(make: (x: string, y: string, n: Node, k: Constant, call: Call) => string): Converter {
  return (call) => {
    const { dtype } = call.out;
    return reduced_loss(
      call,
      make(
        call.operand('self', dtype),
        call.operand('target', dtype),
        (type, ...inputs) => call.graph.node(type, inputs),
        (value) => call.graph.scalar(value, dtype),
        call,
      ),
    );
  };
}

/** The loss of classes, from logarithms of probabilities. */
function nll(call: Call, log_probabilities: string, from: Value): string {
  const { graph } = call;
  const target = call.tensor('target');
  const { dtype } = from;
  const axis = from.sizes.length === 1 ? 0 : 1;
  const weight = call.optional('weight');
  const ignored = graph.node('Equal', [target.name, graph.scalar(call.int('ignore_index', -100), target.dtype)]);
  const classes = graph.node('Where', [ignored, graph.scalar(0, target.dtype), target.name]);
  const wide = graph.node('Unsqueeze', [classes, graph.ints([axis])]);
  const found = graph.node('GatherElements', [log_probabilities, wide], { axis });
  const each = graph.node('Squeeze', [found, graph.ints([axis])]);
  const own = weight === undefined ? graph.scalar(1, dtype) : graph.node('Gather', [weight.name, classes], { axis: 0 });
  const weights = graph.node('Where', [ignored, graph.scalar(0, dtype), own]);
  const losses = multiply(call, graph.node('Neg', [each]), weights);
  const reduction = reductions_by_number[call.int('reduction', 1)];
  if (reduction === 'none') return losses;
  const total = graph.node('ReduceSum', [losses], { keepdims: 0 });
  return reduction === 'sum' ? total : graph.node('Div', [total, graph.node('ReduceSum', [weights], { keepdims: 0 })]);
}

const cross_entropy: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const target = call.tensor('target');
  const { dtype } = self;
  const axis = self.sizes.length === 1 ? 0 : 1;
  const log_probabilities = graph.node('LogSoftmax', [self.name], { axis });
  const smoothing = call.has('label_smoothing') ? call.float('label_smoothing') : 0;
  const reduction = reductions_by_number[call.int('reduction', 1)];
  if (!target.dtype.is_floating_point) {
    if (smoothing > 0) throw new Unsupported('label_smoothing with classes');
    return nll(call, log_probabilities, self);
  }
  let wanted = target.name;
  if (smoothing > 0) {
    wanted = add(
      call,
      multiply(call, wanted, graph.scalar(1 - smoothing, dtype)),
      graph.scalar(smoothing / self.sizes[axis]!, dtype),
    );
  }
  let products = multiply(call, log_probabilities, wanted);
  const weight = call.optional('weight');
  if (weight) {
    const shape = self.sizes.map((_, i) => (i === axis ? -1 : 1));
    products = multiply(call, products, graph.reshape(weight.name, shape));
  }
  const each = graph.node('Neg', [reduced(call, 'ReduceSum', products, [axis], false)]);
  if (reduction === 'none') return each;
  return graph.node(reduction === 'mean' ? 'ReduceMean' : 'ReduceSum', [each], { keepdims: 0 });
};

function weighted(call: Call, x: string): string {
  const weight = call.optional('weight');
  return weight === undefined ? x : multiply(call, x, weight.name);
}

const binary_cross_entropy = loss((x, y, n, k, call) => {
  // Logarithms are no less than -100.
  const log = (p: string): string => n('Max', n('Log', p), k(-100));
  const sum = n('Add', n('Mul', y, log(x)), n('Mul', n('Sub', k(1), y), log(n('Sub', k(1), x))));
  return weighted(call, n('Neg', sum));
});

const binary_cross_entropy_with_logits = loss((x, y, n, k, call) => {
  // softplus(-x) = -log(sigmoid(x))
  const soft = n('Add', n('Softplus', n('Neg', n('Abs', x))), n('Max', n('Neg', x), k(0)));
  const rest = n('Mul', n('Sub', k(1), y), x);
  const positive = call.optional('pos_weight');
  if (positive === undefined) return weighted(call, n('Add', rest, soft));
  const factor = n('Add', n('Mul', n('Sub', positive.name, k(1)), y), k(1));
  return weighted(call, n('Add', rest, n('Mul', factor, soft)));
});

const huber = (x: string, y: string, n: Node, k: Constant, delta: number, over: number): string => {
  const distance = n('Abs', n('Sub', x, y));
  const square = n('Mul', n('Mul', distance, distance), k(0.5 / over));
  const line = n('Mul', n('Sub', distance, k(0.5 * delta)), k(delta / over));
  return n('Where', n('Less', distance, k(delta)), square, line);
};

export const layers: Operators = {
  linear,
  matmul: product('self', 'other'),
  mm: product('self', 'mat2'),
  bmm: product('self', 'mat2'),
  mv: product('self', 'vec'),
  dot: product('self', 'tensor'),
  inner: (call) => {
    const [a, b] = [call.tensor('self'), call.tensor('other')];
    if (a.sizes.length === 0 || b.sizes.length === 0) return multiply(call, a.name, b.name);
    const turned = b.sizes.length < 2 ? b.name : swapped(call, b);
    return call.graph.node('MatMul', [a.name, turned]);
  },
  addmm: added_product('mat1', 'mat2'),
  addmv: added_product('mat', 'vec'),
  baddbmm: added_product('batch1', 'batch2'),
  addbmm: (call) => {
    const all = call.graph.node('MatMul', [call.tensor('batch1').name, call.tensor('batch2').name]);
    const summed = reduced(call, 'ReduceSum', all, [0], false);
    return add(call, scaled(call, call.tensor('self').name, 'beta'), scaled(call, summed, 'alpha'));
  },
  addr: (call) => {
    const found = outer_of(call, 'vec1', 'vec2');
    return add(call, scaled(call, call.operand('self', call.out.dtype), 'beta'), scaled(call, found, 'alpha'));
  },
  einsum,
  outer,
  ger: outer,
  bilinear: (call) => {
    const { graph } = call;
    const inputs = [call.tensor('input1').name, call.tensor('weight').name, call.tensor('input2').name];
    const found = graph.node('Einsum', inputs, { equation: '...i,oij,...j->...o' });
    const bias = call.optional('bias');
    return bias === undefined ? found : add(call, found, bias.name);
  },
  conv1d: convolution(1, false),
  conv2d: convolution(2, false),
  conv3d: convolution(3, false),
  conv_transpose1d: convolution(1, true),
  conv_transpose2d: convolution(2, true),
  conv_transpose3d: convolution(3, true),
  convolution: convolution(undefined),

  max_pool1d: max_pool(1),
  max_pool2d: max_pool(2),
  max_pool3d: max_pool(3),
  max_pool1d_with_indices: max_pool(1, true),
  max_pool2d_with_indices: max_pool(2, true),
  max_pool3d_with_indices: max_pool(3, true),
  avg_pool1d: avg_pool(1),
  avg_pool2d: avg_pool(2),
  avg_pool3d: avg_pool(3),
  adaptive_avg_pool1d: adaptive_pool(1, 'Average'),
  adaptive_avg_pool2d: adaptive_pool(2, 'Average'),
  _adaptive_avg_pool2d: adaptive_pool(2, 'Average'),
  adaptive_avg_pool3d: adaptive_pool(3, 'Average'),
  _adaptive_avg_pool3d: adaptive_pool(3, 'Average'),
  adaptive_max_pool1d: adaptive_pool(1, 'Max'),
  adaptive_max_pool2d: adaptive_pool(2, 'Max'),
  adaptive_max_pool3d: adaptive_pool(3, 'Max'),

  batch_norm,
  _native_batch_norm_legit: batch_norm,
  _native_batch_norm_legit_no_training: batch_norm,
  native_batch_norm: batch_norm,
  instance_norm,
  layer_norm,
  native_layer_norm: layer_norm,
  group_norm,
  rms_norm,
  scaled_dot_product_attention: attention,

  lstm: recurrent('LSTM'),
  gru: recurrent('GRU'),
  rnn_tanh: recurrent('RNN'),
  rnn_relu: recurrent('RNN', 'Relu'),
  lstm_cell,
  gru_cell,
  rnn_tanh_cell: rnn_cell('Tanh'),
  rnn_relu_cell: rnn_cell('Relu'),

  upsample_nearest1d: resize(1, 'nearest'),
  upsample_nearest2d: resize(2, 'nearest'),
  upsample_nearest3d: resize(3, 'nearest'),
  _upsample_nearest_exact1d: resize(1, 'nearest_exact'),
  _upsample_nearest_exact2d: resize(2, 'nearest_exact'),
  _upsample_nearest_exact3d: resize(3, 'nearest_exact'),
  upsample_linear1d: resize(1, 'linear'),
  upsample_bilinear2d: resize(2, 'linear'),
  upsample_trilinear3d: resize(3, 'linear'),
  upsample_bicubic2d: resize(2, 'cubic'),
  grid_sampler,
  grid_sampler_2d: grid_sampler,
  grid_sampler_3d: grid_sampler,

  mse_loss: loss((x, y, n) => {
    const distance = n('Sub', x, y);
    return n('Mul', distance, distance);
  }),
  l1_loss: loss((x, y, n) => n('Abs', n('Sub', x, y))),
  smooth_l1_loss: loss((x, y, n, k, call) => {
    const beta = call.has('beta') ? call.float('beta') : 1;
    return beta === 0 ? n('Abs', n('Sub', x, y)) : huber(x, y, n, k, beta, beta);
  }),
  huber_loss: loss((x, y, n, k, call) => huber(x, y, n, k, call.has('delta') ? call.float('delta') : 1, 1)),
  soft_margin_loss: loss((x, y, n, _k, call) => softplus(call, n('Neg', n('Mul', x, y)), call.out.dtype, 1, 20)),
  binary_cross_entropy,
  binary_cross_entropy_with_logits,
  kl_div: loss((x, y, n, k, call) => {
    if (call.bool('log_target')) return n('Mul', n('Exp', y), n('Sub', y, x));
    const log = n('Where', n('Equal', y, k(0)), k(0), n('Mul', y, n('Log', y)));
    return n('Sub', log, n('Mul', y, x));
  }),
  hinge_embedding_loss: loss((x, y, n, k, call) => {
    const margin = call.has('margin') ? call.float('margin') : 1;
    const apart = n('Max', n('Sub', k(margin), x), k(0));
    const positive = n('Where', n('Equal', y, k(-1)), k(0), x);
    return n('Add', positive, n('Where', n('Equal', y, k(1)), k(0), apart));
  }),
  poisson_nll_loss: (call) => {
    const { graph, out } = call;
    const n: Node = (type, ...inputs) => graph.node(type, inputs);
    const k: Constant = (value) => graph.scalar(value, out.dtype);
    const [x, y] = [call.operand('input', out.dtype), call.operand('target', out.dtype)];
    let each = call.bool('log_input')
      ? n('Sub', n('Exp', x), n('Mul', y, x))
      : n('Sub', x, n('Mul', y, n('Log', n('Add', x, k(call.float('eps'))))));
    if (call.bool('full')) {
      const stirling = n(
        'Add',
        n('Sub', n('Mul', y, n('Log', y)), y),
        n('Mul', k(0.5), n('Log', n('Mul', k(2 * Math.PI), y))),
      );
      each = n('Add', each, n('Where', n('Greater', y, k(1)), stirling, k(0)));
    }
    return reduced_loss(call, each);
  },
  margin_ranking_loss: (call) => {
    const { graph, out } = call;
    const n: Node = (type, ...inputs) => graph.node(type, inputs);
    const difference = n('Sub', call.operand('input1', out.dtype), call.operand('input2', out.dtype));
    const signed = n('Mul', n('Neg', call.operand('target', out.dtype)), difference);
    const margin = graph.scalar(call.has('margin') ? call.float('margin') : 0, out.dtype);
    return reduced_loss(call, n('Max', n('Add', signed, margin), graph.scalar(0, out.dtype)));
  },
  nll_loss: (call) => nll(call, call.tensor('self').name, call.tensor('self')),
  nll_loss_nd: (call) => nll(call, call.tensor('self').name, call.tensor('self')),
  nll_loss2d: (call) => nll(call, call.tensor('self').name, call.tensor('self')),
  cross_entropy_loss: cross_entropy,
};
