/** Operators that move elements: views, joining, splitting, indexing, gathering, scattering, padding, and new tensors. */
import { arange, eye, linspace, tril_indices, triu_indices } from '../generated/functions.js';
import type { Tensor } from '../_tensor.js';
import { iinfo } from '../types/type_info.js';
import type { DType } from '../types/dtype.js';
import * as dtypes from '../types/dtype.js';
import { type GraphBuilder, type Int, Unsupported, type Value } from './builder.js';
import { type Call, type Converter, type Operators, wrapped } from './call.js';

/** What ONNX takes for "up to the end", and what every 64-bit reader holds. */
export const to_the_end = 2 ** 31 - 1;
const bounded = (value: Int): Int =>
  typeof value === 'number' ? Math.max(-to_the_end, Math.min(value, to_the_end)) : value;

export const identity: Converter = (call) => call.tensor('self').name;

/** A tensor of its own, though with the same elements. */
const copied: Converter = (call) => {
  const self = call.tensor('self');
  return self.dtype === call.out.dtype ? self.name : call.graph.cast(self.name, self.dtype, call.out.dtype);
};

/** The sizes of a result: constants, and what varies as it is found in the arguments, or -1 when one alone varies. */
function result_sizes(call: Call, given: readonly Int[]): Int[] {
  const known = call.outputs[0]?.sizes ?? [];
  if (known.length !== given.length) return [...given];
  return given.map((size, i) => (known[i]! >= 0 ? known[i]! : size));
}

const view: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  // view(dtype) reads bytes in another way.
  if (call.args.has('dtype')) throw new Unsupported('a view of the bytes as another dtype');
  const sizes = result_sizes(call, call.sizes(call.has('shape') ? 'shape' : 'size'));
  return graph.reshape(self.name, sizes);
};

const view_as: Converter = (call) => {
  const { graph } = call;
  return graph.node('Reshape', [call.tensor('self').name, graph.shape(call.tensor('other'))]);
};

const flatten: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const rank = self.sizes.length;
  if (rank === 0) return graph.reshape(self.name, [1]);
  const start = call.dim(self, 'start_dim', 0);
  const end = call.dim(self, 'end_dim', -1);
  const outside = self.sizes.map((_, i) => i).filter((i) => i < start || i > end);
  const varying = outside.filter((i) => self.sizes[i]! < 0);
  const inner = self.sizes.slice(start, end + 1);
  const product = inner.every((size) => size >= 0) ? inner.reduce((a, b) => a * b, 1) : -1;
  const size = (i: number): Int => {
    if (self.sizes[i]! >= 0) return self.sizes[i]!;
    return product >= 0 && varying.length === 1 ? -1 : graph.size(self, i);
  };
  const sizes = [
    ...self.sizes.slice(0, start).map((_, i) => size(i)),
    product,
    ...self.sizes.slice(end + 1).map((_, i) => size(end + 1 + i)),
  ];
  return graph.reshape(self.name, sizes);
};

const unflatten: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const dim = call.dim(self);
  const sizes = self.sizes.flatMap((_, i): Int[] => (i === dim ? call.sizes('sizes') : [graph.size(self, i)]));
  return graph.reshape(self.name, result_sizes(call, sizes));
};

const squeeze: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const asked = call.has('dim') ? call.ints('dim').map((dim) => wrapped(dim, self.sizes.length)) : undefined;
  const dims = self.sizes.flatMap((size, i) => (size === 1 && (asked?.includes(i) ?? true) ? [i] : []));
  return dims.length === 0 ? self.name : graph.node('Squeeze', [self.name, graph.ints(dims)]);
};

const unsqueeze: Converter = (call) => {
  const self = call.tensor('self');
  const dim = call.int('dim');
  const from_start = dim < 0 ? dim + self.sizes.length + 1 : dim;
  return call.graph.node('Unsqueeze', [self.name, call.graph.ints([from_start])]);
};

const expand: Converter = (call) => {
  const { graph } = call;
  const sizes = call.sizes('size').map((size) => (size === -1 ? 1 : size));
  return graph.node('Expand', [call.tensor('self').name, graph.ints(sizes)]);
};

const permuted = (call: Call, self: Value, perm: readonly number[]): string =>
  perm.every((dim, i) => dim === i) ? self.name : call.graph.node('Transpose', [self.name], { perm });

const transpose: Converter = (call) => {
  const self = call.tensor('self');
  const perm = self.sizes.map((_, i) => i);
  if (perm.length === 0) return self.name;
  const named = call.args.has('dim0');
  const [a, b] = named
    ? [call.dim(self, 'dim0'), call.dim(self, 'dim1')]
    : [call.dim(self, 'axis0'), call.dim(self, 'axis1')];
  [perm[a], perm[b]] = [perm[b]!, perm[a]!];
  return permuted(call, self, perm);
};

const reversed_dims: Converter = (call) => {
  const self = call.tensor('self');
  return permuted(call, self, self.sizes.map((_, i) => i).reverse());
};

const last_two: Converter = (call) => {
  const self = call.tensor('self');
  const perm = self.sizes.map((_, i) => i);
  const rank = perm.length;
  return permuted(call, self, [...perm.slice(0, -2), rank - 1, rank - 2]);
};

const movedim: Converter = (call) => {
  const self = call.tensor('self');
  const rank = self.sizes.length;
  const from = call.ints('source').map((dim) => wrapped(dim, rank));
  const to = call.ints('destination').map((dim) => wrapped(dim, rank));
  const others = self.sizes.map((_, i) => i).filter((i) => !from.includes(i));
  const perm = self.sizes.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : others.shift()!));
  return permuted(call, self, perm);
};

/** Part of a dimension. */
export function sliced(graph: GraphBuilder, name: string, dim: number, start: Int, end: Int, step = 1): string {
  return graph.node('Slice', [
    name,
    graph.ints([bounded(start)]),
    graph.ints([bounded(end)]),
    graph.ints([dim]),
    graph.ints([step]),
  ]);
}

const slice: Converter = (call) => {
  const self = call.tensor('self');
  const dim = call.dim(self, 'dim', 0);
  const [start, end] = [call.size('start', 0), call.size('end', to_the_end)];
  const step = call.int('step', 1);
  if (start === 0 && step === 1 && typeof end === 'number') {
    const size = self.sizes[dim]!;
    if (end >= to_the_end || (size >= 0 && end >= size)) return self.name;
  }
  return sliced(call.graph, self.name, dim, start, end, step);
};

const narrow: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const start = call.size('start');
  return sliced(graph, self.name, call.dim(self), start, graph.arithmetic('Add', start, call.size('length')));
};

const select: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  return graph.node('Gather', [self.name, graph.int(call.size('index'))], { axis: call.dim(self) });
};

/** The parts of a dimension, as many as the operator returns. */
const parts: Converter = (call) => {
  const { graph, outputs } = call;
  const self = call.tensor('self');
  const dim = call.dim(self, 'dim', 0);
  const sizes = outputs.map((output) => output.sizes[dim]!);
  if (outputs.length === 1) return [graph.node('Identity', [self.name])];
  if (sizes.every((size) => size >= 0)) {
    return graph.nodes_of('Split', [self.name, graph.ints(sizes)], outputs.length, { axis: dim });
  }
  const name = call.has('split_sizes') ? 'split_sizes' : call.has('split_size') ? 'split_size' : undefined;
  if (name === undefined) throw new Unsupported('chunks of a size that varies');
  const given = call.sizes(name);
  let start: Int = 0;
  return outputs.map((_, i) => {
    const end = graph.arithmetic('Add', start, given.length === 1 ? given[0]! : given[i]!);
    const part = sliced(graph, self.name, dim, start, end);
    start = end;
    return part;
  });
};

const unbind: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const axis = call.dim(self, 'dim', 0);
  return call.outputs.map((_, i) => graph.node('Gather', [self.name, graph.int(i)], { axis }));
};

const cat: Converter = (call) => {
  const { graph, out } = call;
  const all = call.tensors('tensors');
  // A tensor of shape [0] is left out, whatever the others' shapes are.
  const tensors = all.filter(({ sizes }) => !(sizes.length === 1 && sizes[0] === 0 && out.sizes.length !== 1));
  const names = tensors.map((tensor) => graph.cast(tensor.name, tensor.dtype, out.dtype));
  if (names.length === 1) return graph.node('Identity', names);
  return graph.node('Concat', names, { axis: call.dim(tensors[0]!, 'dim', 0) });
};

const stack: Converter = (call) => {
  const { graph, out } = call;
  const rank = out.sizes.length;
  const axis = wrapped(call.int('dim', 0), rank);
  const names = call.tensors('tensors').map((tensor) => {
    return graph.node('Unsqueeze', [graph.cast(tensor.name, tensor.dtype, out.dtype), graph.ints([axis])]);
  });
  return graph.node('Concat', names, { axis });
};

const repeat: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const repeats = call.sizes(call.args.has('dims') ? 'dims' : 'repeats');
  const missing = repeats.length - self.sizes.length;
  let { name } = self;
  if (missing > 0) name = graph.node('Unsqueeze', [name, graph.ints(Array.from({ length: missing }, (_, i) => i))]);
  const all = [...Array<Int>(Math.max(0, -missing)).fill(1), ...repeats];
  return all.length === 0 ? graph.node('Identity', [name]) : graph.node('Tile', [name, graph.ints(all)]);
};

const repeat_interleave: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const repeats = call.size('repeats');
  if (call.args.get('repeats') instanceof Object && 'sizes' in (call.args.get('repeats') as object)) {
    throw new Unsupported('repeats in a tensor');
  }
  const flat = call.has('dim') ? undefined : graph.reshape(self.name, [-1]);
  const dim = flat === undefined ? call.dim(self) : 0;
  const wide = graph.node('Unsqueeze', [flat ?? self.name, graph.ints([dim + 1])]);
  const rank = flat === undefined ? self.sizes.length : 1;
  const ones = Array<Int>(rank + 1).fill(1);
  ones[dim + 1] = repeats;
  const tiled = graph.node('Tile', [wide, graph.ints(ones)]);
  if (flat !== undefined) return graph.reshape(tiled, [-1]);
  const sizes = self.sizes.map((_, i) =>
    i === dim ? graph.arithmetic('Mul', graph.size(self, i), repeats) : graph.size(self, i),
  );
  return graph.reshape(tiled, sizes);
};

const roll: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const shifts = call.ints('shifts');
  const dims = call.ints('dims', []);
  const shifted = (name: string, dim: number, shift: number): string => {
    const size = dims.length === 0 ? undefined : self.sizes[dim]!;
    const by = size !== undefined && size > 0 ? ((shift % size) + size) % size : shift;
    if (by === 0) return name;
    const [last, first] = [sliced(graph, name, dim, -by, to_the_end), sliced(graph, name, dim, 0, -by)];
    return graph.node('Concat', [last, first], { axis: dim });
  };
  if (dims.length > 0) {
    return dims.reduce((name, dim, i) => shifted(name, wrapped(dim, self.sizes.length), shifts[i]!), self.name);
  }
  const flat = graph.reshape(self.name, [-1]);
  return graph.node('Reshape', [shifted(flat, 0, shifts[0]!), graph.shape(self)]);
};

const flip: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const given = call.args.has('dims') ? call.ints('dims') : [call.target.includes('fliplr') ? 1 : 0];
  const dims = given.map((dim) => wrapped(dim, self.sizes.length));
  if (dims.length === 0) return graph.node('Identity', [self.name]);
  const all = (value: number): string => graph.ints(dims.map(() => value));
  return graph.node('Slice', [self.name, all(-1), all(-to_the_end), graph.ints(dims), all(-1)]);
};

const triangle =
  (upper: number): Converter =>
  (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const diagonal = graph.int(call.size('diagonal', 0));
    if (self.dtype !== dtypes.bool) return graph.node('Trilu', [self.name, diagonal], { upper });
    const bits = graph.cast(self.name, dtypes.bool, dtypes.int64);
    return graph.cast(graph.node('Trilu', [bits, diagonal], { upper }), dtypes.int64, dtypes.bool);
  };

/** A view of a tensor whose sizes are known: the places of its elements are found here, once. */
export const places =
  (of: (places: Tensor, call: Call) => Tensor): Converter =>
  (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    if (self.sizes.some((size) => size < 0)) throw new Unsupported('sizes that vary');
    const count = self.sizes.reduce((a, b) => a * b, 1);
    const found = of(arange(count).reshape([...self.sizes]), call).contiguous();
    return graph.node('Gather', [graph.reshape(self.name, [-1]), graph.tensor(found)], { axis: 0 });
  };

// ---- Indexing -----------------------------------------------------------------------------------

/** The index of each dimension that is indexed by tensors, masks as the places where they are true. */
function tensor_indices(call: Call): { dims: number[]; indices: Value[] } {
  const { graph } = call;
  const dims: number[] = [];
  const indices: Value[] = [];
  let dim = 0;
  for (const index of call.optional_tensors('indices')) {
    if (index === null) {
      dim++;
      continue;
    }
    if (index.dtype === dtypes.bool || index.dtype === dtypes.uint8) {
      const found = graph.node('NonZero', [graph.cast(index.name, index.dtype, dtypes.bool)]);
      for (let i = 0; i < index.sizes.length; i++) {
        dims.push(dim++);
        indices.push({
          name: graph.node('Gather', [found, graph.int(i)], { axis: 0 }),
          dtype: dtypes.int64,
          sizes: [-1],
        });
      }
      continue;
    }
    dims.push(dim++);
    indices.push({ name: graph.cast(index.name, index.dtype, dtypes.int64), dtype: dtypes.int64, sizes: index.sizes });
  }
  return { dims, indices };
}

/** Indices of several dimensions as one tensor, whose last dimension says one place. */
function joined_indices(graph: GraphBuilder, indices: readonly Value[]): string {
  let names = indices.map(({ name }) => name);
  const [first, ...others] = indices;
  const same = others.every(({ sizes }) => {
    return sizes.length === first!.sizes.length && sizes.every((size, i) => size === first!.sizes[i] && size >= 0);
  });
  if (!same) {
    // Each broadcast to all others: added to zeros of every shape.
    const zeros = names.map((name) => graph.node('Sub', [name, name]));
    const zero = zeros.reduce((a, b) => graph.node('Add', [a, b]));
    names = names.map((name) => graph.node('Add', [name, zero]));
  }
  const columns = names.map((name) => graph.node('Unsqueeze', [name, graph.ints([-1])]));
  return columns.length === 1 ? columns[0]! : graph.node('Concat', columns, { axis: -1 });
}

const consecutive = (dims: readonly number[]): boolean => dims.every((dim, i) => i === 0 || dim === dims[i - 1]! + 1);

const index: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const { dims, indices } = tensor_indices(call);
  if (dims.length === 0) return graph.node('Identity', [self.name]);
  if (dims.length === 1) return graph.node('Gather', [self.name, indices[0]!.name], { axis: dims[0]! });
  const others = self.sizes.map((_, i) => i).filter((i) => !dims.includes(i));
  const first = permuted(call, self, [...dims, ...others]);
  const found = graph.node('GatherND', [first, joined_indices(graph, indices)]);
  const ahead = others.filter((i) => i < dims[0]!).length;
  if (!consecutive(dims) || ahead === 0) return found;
  // The indices stand together: what they give takes their place.
  const width = Math.max(...indices.map(({ sizes }) => sizes.length));
  const result = others.length + width;
  const perm = [
    ...Array.from({ length: ahead }, (_, i) => width + i),
    ...Array.from({ length: width }, (_, i) => i),
    ...Array.from({ length: result - width - ahead }, (_, i) => width + ahead + i),
  ];
  return graph.node('Transpose', [found], { perm });
};

const index_put: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const values = call.tensor('values');
  const { dims, indices } = tensor_indices(call);
  const others = self.sizes.map((_, i) => i).filter((i) => !dims.includes(i));
  const perm = [...dims, ...others];
  // Values come with the dimensions of the indices where those stand together, else in front.
  const ahead = consecutive(dims) ? others.filter((i) => i < dims[0]!).length : 0;
  const first = permuted(call, self, perm);
  const places = joined_indices(graph, indices);
  const index_shape = graph.node('Shape', [places], { start: 0, end: -1 });
  const other_shape = (start: number, end: number): string[] =>
    start === end ? [] : [graph.node('Shape', [first], { start: dims.length + start, end: dims.length + end })];
  const sizes = [...other_shape(0, ahead), index_shape, ...other_shape(ahead, others.length)];
  const shape = sizes.length === 1 ? sizes[0]! : graph.node('Concat', sizes, { axis: 0 });
  let updates = graph.node('Expand', [graph.cast(values.name, values.dtype, self.dtype), shape]);
  if (ahead > 0) {
    const width = Math.max(...indices.map((one) => one.sizes.length));
    const order = Array.from({ length: width + others.length }, (_, i) => i);
    const moved = [...order.slice(ahead, ahead + width), ...order.slice(0, ahead), ...order.slice(ahead + width)];
    updates = graph.node('Transpose', [updates], { perm: moved });
  }
  const reduction = call.bool('accumulate') ? { reduction: 'add' } : {};
  const done = graph.node('ScatterND', [first, places, updates], reduction);
  const back = perm.map((_, i) => perm.indexOf(i));
  return permuted(call, { ...self, name: done }, back);
};

const embedding: Converter = (call) => {
  const { graph } = call;
  return graph.node('Gather', [call.tensor('weight').name, call.tensor('indices').name], { axis: 0 });
};

const index_select: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const given = call.tensor('index');
  if (self.sizes.length === 0) return graph.node('Identity', [self.name]);
  const name = given.sizes.length === 0 ? graph.reshape(given.name, [1]) : given.name;
  return graph.node('Gather', [self.name, name], { axis: call.dim(self) });
};

const gather: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const given = call.tensor('index');
  if (self.sizes.length > 0) return graph.node('GatherElements', [self.name, given.name], { axis: call.dim(self) });
  return graph.node('Expand', [self.name, graph.shape(given)]);
};

const reduction_names: Readonly<Record<string, string>> = {
  add: 'add',
  sum: 'add',
  multiply: 'mul',
  prod: 'mul',
  amax: 'max',
  amin: 'min',
};

/** The greatest and the least number of a dtype. */
function limit(dtype: DType, greatest: boolean): number | bigint {
  if (dtype.is_floating_point) return greatest ? Infinity : -Infinity;
  const { min, max } = iinfo(dtype);
  return BigInt(greatest ? max : min);
}

/** What a scatter sets, in the shape of its index. */
function scattered(call: Call, self: Value, given: Value, index_shape: string): string {
  const { graph } = call;
  const source = call.optional('src');
  if (source === undefined) return graph.node('Expand', [call.operand('value', self.dtype), index_shape]);
  if (self.sizes.length === 0) return graph.reshape(source.name, [-1]);
  const same =
    source.sizes.length === given.sizes.length && source.sizes.every((size, i) => size >= 0 && size === given.sizes[i]);
  if (same) return source.name;
  const axes = given.sizes.map((_, i) => i);
  return graph.node('Slice', [source.name, graph.ints(axes.map(() => 0)), index_shape, graph.ints(axes)]);
}

/** How ONNX calls a reduction; a mean is a sum first. */
function scatter_type(asked: string, dtype: DType): string | undefined {
  if (asked === '') return undefined;
  if (asked === 'mean') {
    if (!dtype.is_floating_point) throw new Unsupported(`reduce='mean' of ${String(dtype)}`);
    return 'add';
  }
  if (!Object.hasOwn(reduction_names, asked)) throw new Unsupported(`reduce='${asked}'`);
  return reduction_names[asked];
}

/** The number that a reduction does not see. */
function neutral(type: string, dtype: DType): number | bigint {
  if (type === 'add') return 0;
  return type === 'mul' ? 1 : limit(dtype, type === 'min');
}

/** Sets elements at an index; of the source only what the index covers is taken. */
function scatter(reduction?: string): Converter {
  return (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const given = call.tensor('index');
    const { dtype } = self;
    const asked = reduction ?? call.string('reduce', '');
    const mean = asked === 'mean';
    const type = scatter_type(asked, dtype);
    const rank = self.sizes.length;
    const flat = (name: string): string => (rank === 0 ? graph.reshape(name, [-1]) : name);
    const index = flat(given.name);
    const index_shape = rank === 0 ? graph.node('Shape', [index]) : graph.shape(given);
    const updates = scattered(call, self, given, index_shape);
    const axis = rank === 0 ? 0 : call.dim(self);
    const set = (into: string, what: string, how?: string): string =>
      graph.node('ScatterElements', [into, index, what], { axis, ...(how === undefined ? {} : { reduction: how }) });
    const everywhere = (value: number | bigint): string =>
      graph.node('Expand', [graph.scalar(value, dtype), index_shape]);
    let base = flat(self.name);
    const include_self = call.args.get('include_self') !== false;
    if (!include_self && type !== undefined) base = set(base, everywhere(neutral(type, dtype)));
    let found = set(base, updates, type);
    if (mean) {
      const ones = graph.node('Expand', [graph.scalar(1, dtype), graph.node('Shape', [base])]);
      // What nothing is added to counts once.
      const counted = include_self ? ones : set(ones, everywhere(0));
      found = graph.node('Div', [found, set(counted, everywhere(1), 'add')]);
    }
    return rank === 0 ? graph.reshape(found, []) : found;
  };
}

/** `index_add` and the like: slices along a dimension are set. */
function scatter_slices(updates: (call: Call, shape: string) => string, reduction?: string): Converter {
  return (call) => {
    const { graph } = call;
    const self = call.tensor('self');
    const given = call.tensor('index');
    const rank = self.sizes.length;
    if (rank === 0) {
      const index = graph.reshape(given.name, [-1]);
      const made = graph.reshape(updates(call, graph.node('Shape', [index])), [-1]);
      const into = graph.reshape(self.name, [1]);
      const found = graph.node('ScatterElements', [into, index, made], {
        axis: 0,
        ...(reduction ? { reduction } : {}),
      });
      return graph.reshape(found, []);
    }
    const dim = call.dim(self);
    const column = graph.reshape(
      given.name,
      self.sizes.map((_, i) => (i === dim ? -1 : 1)),
    );
    const sizes = graph.sizes(self).map((size, i) => (i === dim ? 1 : size));
    const places = graph.node('Expand', [column, graph.ints(sizes)]);
    const made = updates(call, graph.node('Shape', [places]));
    return graph.node('ScatterElements', [self.name, places, made], { axis: dim, ...(reduction ? { reduction } : {}) });
  };
}

const source_of: (call: Call) => string = (call) => call.operand('source', call.tensor('self').dtype);

const masked_select: Converter = (call) => {
  const { graph } = call;
  const [self, mask] = [call.tensor('self'), call.tensor('mask')];
  const wide_mask = graph.node('Or', [
    mask.name,
    graph.node('Expand', [graph.scalar(false, dtypes.bool), graph.shape(self)]),
  ]);
  const wide = graph.node('Expand', [self.name, graph.node('Shape', [wide_mask])]);
  return graph.node('Compress', [graph.reshape(wide, [-1]), graph.reshape(wide_mask, [-1])], { axis: 0 });
};

/** `base[..., start:end, ...] = src`. */
const slice_scatter: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const dim = call.dim(self, 'dim', 0);
  const count = graph.size(self, dim);
  const all = graph.node('Range', [graph.int(0), graph.int(count), graph.int(1)]);
  const [start, end] = [call.size('start', 0), call.size('end', to_the_end)];
  const chosen = sliced(graph, all, 0, start, end, call.int('step', 1));
  const column = graph.reshape(
    chosen,
    self.sizes.map((_, i) => (i === dim ? -1 : 1)),
  );
  const src = call.tensor('src');
  const places = graph.node('Expand', [column, graph.shape(src)]);
  const updates = graph.cast(src.name, src.dtype, self.dtype);
  return graph.node('ScatterElements', [self.name, places, updates], { axis: dim });
};

const select_scatter: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const dim = call.dim(self);
  const src = call.tensor('src');
  const wide = graph.node('Unsqueeze', [graph.cast(src.name, src.dtype, self.dtype), graph.ints([dim])]);
  const places = graph.node('Expand', [graph.int(call.size('index')), graph.node('Shape', [wide])]);
  return graph.node('ScatterElements', [self.name, places, wide], { axis: dim });
};

const one_hot: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const classes = call.int('num_classes', -1);
  if (classes < 0) throw new Unsupported('num_classes that the values decide');
  const values = graph.ints([0, 1]);
  return graph.node('OneHot', [self.name, graph.int(classes), values], { axis: -1 });
};

// ---- Padding ------------------------------------------------------------------------------------

const pad_modes: Readonly<Record<string, string>> = { constant: 'constant', reflect: 'reflect', replicate: 'edge' };

/** Both ends of a tensor behind and before it, since runtimes do not have the mode of ONNX. */
function wrapped_around(graph: GraphBuilder, name: string, dim: number, before: number, after: number): string {
  const parts = [
    ...(before > 0 ? [sliced(graph, name, dim, -before, to_the_end)] : []),
    name,
    ...(after > 0 ? [sliced(graph, name, dim, 0, after)] : []),
  ];
  return parts.length === 1 ? name : graph.node('Concat', parts, { axis: dim });
}

/** Padding in PyTorch's order, from the last dimension, for a tensor. */
function padded(call: Call, self: Value, padding: readonly Int[], mode: string, value?: string): string {
  const { graph } = call;
  const rank = self.sizes.length;
  const before = Array<Int>(rank).fill(0);
  const after = Array<Int>(rank).fill(0);
  let { name } = self;
  const cuts: (() => void)[] = [];
  for (let i = 0; i < padding.length / 2; i++) {
    const dim = rank - 1 - i;
    const [low, high] = [padding[2 * i]!, padding[2 * i + 1]!];
    const cut = (size: Int): number => (typeof size === 'number' ? Math.max(0, -size) : 0);
    const grown = (size: Int): Int => (typeof size === 'number' ? Math.max(0, size) : size);
    if (cut(low) + cut(high) > 0)
      cuts.push(() => {
        name = sliced(graph, name, dim, cut(low), cut(high) > 0 ? -cut(high) : to_the_end);
      });
    [before[dim], after[dim]] = [grown(low), grown(high)];
  }
  // Less than nothing is cut off: before what goes around, which takes of what is left, and after all else.
  if (mode === 'circular') for (const cut of cuts) cut();
  const sizes = [...before, ...after];
  if (!sizes.every((size) => size === 0)) name = grown_by(call, self, name, before, after, mode, value);
  if (mode !== 'circular') for (const cut of cuts) cut();
  return name === self.name ? graph.node('Identity', [name]) : name;
}

function grown_by(
  { graph }: Call,
  self: Value,
  name: string,
  before: readonly Int[],
  after: readonly Int[],
  mode: string,
  value?: string,
): string {
  const sizes = [...before, ...after];
  if (mode === 'circular') {
    if (!sizes.every((size) => typeof size === 'number')) throw new Unsupported("mode='circular' of sizes that vary");
    return self.sizes.reduce(
      (found, _size, dim) => wrapped_around(graph, found, dim, before[dim] as number, after[dim] as number),
      name,
    );
  }
  const onnx_mode = pad_modes[mode];
  if (onnx_mode === undefined) throw new Unsupported(`mode='${mode}'`);
  return graph.node('Pad', [name, graph.ints(sizes), mode === 'constant' ? (value ?? '') : ''], { mode: onnx_mode });
}

const pad =
  (mode?: string): Converter =>
  (call) => {
    const self = call.tensor('self');
    const its = mode ?? call.string('mode', 'constant');
    const padding = call.sizes(call.args.has('padding') ? 'padding' : 'pad');
    return padded(call, self, padding, its, its === 'constant' ? call.operand('value', self.dtype, 0) : undefined);
  };

const pixel_shuffle: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  if (self.sizes.length !== 4) throw new Unsupported('inputs that do not have 4 dimensions');
  return graph.node('DepthToSpace', [self.name], { blocksize: call.int('upscale_factor'), mode: 'CRD' });
};

const pixel_unshuffle: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  if (self.sizes.length !== 4) throw new Unsupported('inputs that do not have 4 dimensions');
  const factor = call.int('downscale_factor');
  const [n, c, h, w] = graph.sizes(self) as [Int, Int, Int, Int];
  const [down, across] = [graph.arithmetic('Div', h, factor), graph.arithmetic('Div', w, factor)];
  const split = graph.reshape(self.name, [n, c, down, factor, across, factor]);
  const turned = graph.node('Transpose', [split], { perm: [0, 1, 3, 5, 2, 4] });
  return graph.reshape(turned, [n, graph.arithmetic('Mul', c, factor * factor), down, across]);
};

const channel_shuffle: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const groups = call.int('groups');
  const sizes = graph.sizes(self);
  const [n, c, ...rest] = sizes as [Int, Int, ...Int[]];
  const split = graph.reshape(self.name, [n, groups, graph.arithmetic('Div', c, groups), ...rest]);
  const perm = [0, 2, 1, ...rest.map((_, i) => i + 3)];
  return graph.reshape(graph.node('Transpose', [split], { perm }), sizes);
};

const glu: Converter = (call) => {
  const { graph } = call;
  const self = call.tensor('self');
  const dim = call.dim(self, 'dim', -1);
  const half = graph.arithmetic('Div', graph.size(self, dim), 2);
  const first = sliced(graph, self.name, dim, 0, half);
  const second = sliced(graph, self.name, dim, half, to_the_end);
  return graph.node('Mul', [first, graph.node('Sigmoid', [second])]);
};

// ---- New tensors --------------------------------------------------------------------------------

function filled(call: Call, sizes: string, value: string): string {
  return call.graph.node('Expand', [value, sizes]);
}

const new_filled =
  (value?: number): Converter =>
  (call) => {
    const { dtype } = call.out;
    return filled(
      call,
      call.graph.ints(call.sizes('size')),
      value === undefined ? call.operand('fill_value', dtype) : call.graph.scalar(value, dtype),
    );
  };

const filled_like =
  (value?: number): Converter =>
  (call) => {
    const { dtype } = call.out;
    return filled(
      call,
      call.graph.shape(call.tensor('self')),
      value === undefined ? call.operand('fill_value', dtype) : call.graph.scalar(value, dtype),
    );
  };

/** `fill_` and the like: the tensor with one value throughout. */
const fill =
  (value?: number): Converter =>
  (call) => {
    const self = call.tensor('self');
    const number = value === undefined ? call.operand('value', self.dtype) : call.graph.scalar(value, self.dtype);
    return filled(call, call.graph.shape(self), number);
  };

const range: Converter = (call) => {
  const { graph } = call;
  const { dtype } = call.out;
  const counted: DType = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64].includes(dtype)
    ? dtype
    : dtypes.float32;
  const made = graph.node('Range', [
    call.operand('start', counted, 0),
    call.operand('end', counted),
    call.operand('step', counted, 1),
  ]);
  return graph.cast(made, counted, dtype);
};

/** A tensor that depends on no input. */
const constant =
  (make: (call: Call) => Tensor): Converter =>
  (call) =>
    call.graph.tensor(make(call).to(call.out.dtype));

const copy: Converter = (call) => {
  const { graph } = call;
  const [self, src] = [call.tensor('self'), call.tensor('src')];
  const name = graph.cast(src.name, src.dtype, self.dtype);
  const same =
    src.sizes.length === self.sizes.length && src.sizes.every((size, i) => size >= 0 && size === self.sizes[i]);
  return same ? graph.node('Identity', [name]) : graph.node('Expand', [name, graph.shape(self)]);
};

const dropout: Converter = (call) => {
  if (!call.bool('train')) return call.tensor(call.args.has('input') ? 'input' : 'self').name;
  throw new Unsupported('train=True (set the module to evaluation mode by eval() before the export)');
};

/** What returns the elements of its tensor, in memory that both have: changing one changes the other. */
export const views: Operators = {
  view,
  reshape: view,
  _unsafe_view: view,
  view_as,
  reshape_as: view_as,
  flatten,
  ravel: (call) => call.graph.reshape(call.tensor('self').name, [-1]),
  unflatten,
  squeeze,
  unsqueeze,
  expand,
  expand_as: (call) => call.graph.node('Expand', [call.tensor('self').name, call.graph.shape(call.tensor('other'))]),
  broadcast_to: expand,
  transpose,
  swapaxes: transpose,
  swapdims: transpose,
  t: reversed_dims,
  numpy_T: reversed_dims,
  mT: last_two,
  adjoint: last_two,
  permute: (call) => {
    const self = call.tensor('self');
    return permuted(
      call,
      self,
      call.ints('dims').map((dim) => wrapped(dim, self.sizes.length)),
    );
  },
  movedim,
  moveaxis: movedim,
  slice,
  narrow,
  select,
  split: parts,
  split_with_sizes: parts,
  chunk: parts,
  unsafe_chunk: parts,
  unsafe_split: parts,
  unbind,
  detach: identity,
  alias: identity,
  lift_fresh: identity,
  lift_fresh_copy: identity,
  contiguous: identity,
  resolve_conj: identity,
  resolve_neg: identity,
  dropout,
  feature_dropout: dropout,
  alpha_dropout: dropout,
  feature_alpha_dropout: dropout,
  diagonal: places((of, call) => of.diagonal(call.int('offset', 0), call.int('dim1', 0), call.int('dim2', 1))),
  unfold: places((of, call) => of.unfold(call.int('dimension'), call.int('size'), call.int('step'))),
  as_strided: places((of, call) =>
    of.as_strided(call.ints('size'), call.ints('stride'), call.int('storage_offset', 0)),
  ),
  to: copied,
};

export const shapes: Operators = {
  clone: copied,
  _to_copy: copied,
  type_as: copied,
  cat,
  concat: cat,
  concatenate: cat,
  stack,
  repeat,
  tile: repeat,
  repeat_interleave,
  roll,
  flip,
  fliplr: flip,
  flipud: flip,
  rot90: places((of, call) => of.rot90(call.int('k', 1), call.ints('dims', [0, 1]) as [number, number])),
  tril: triangle(0),
  triu: triangle(1),
  index,
  index_put,
  _unsafe_index: index,
  _unsafe_index_put: index_put,
  embedding,
  index_select,
  gather,
  scatter: scatter(),
  scatter_add: scatter('add'),
  scatter_reduce: scatter(),
  index_add: scatter_slices((call) => {
    const alpha = call.has('alpha') ? call.float('alpha') : 1;
    const source = source_of(call);
    if (alpha === 1) return source;
    return call.graph.node('Mul', [source, call.graph.scalar(alpha, call.tensor('self').dtype)]);
  }, 'add'),
  index_copy: scatter_slices(source_of),
  index_fill: scatter_slices((call, shape) =>
    call.graph.node('Expand', [call.operand('value', call.tensor('self').dtype), shape]),
  ),
  broadcast_tensors: (call) => {
    const { graph, outputs } = call;
    const shapes = call.tensors('tensors').map((tensor) => graph.shape(tensor));
    const zeros = shapes.map((shape) => graph.node('Expand', [graph.int(0), shape]));
    const all = graph.node('Shape', [zeros.reduce((a, b) => graph.node('Add', [a, b]))]);
    const known = outputs[0]!.sizes.every((size) => size >= 0) ? graph.ints(outputs[0]!.sizes) : all;
    return call.tensors('tensors').map(({ name }) => graph.node('Expand', [name, known]));
  },
  masked_select,
  nonzero: (call) => {
    const self = call.tensor('self');
    if (self.sizes.length === 0) throw new Unsupported('a tensor without dimensions');
    return call.graph.node('Transpose', [call.graph.node('NonZero', [self.name])], { perm: [1, 0] });
  },
  argwhere: (call) => {
    const self = call.tensor('self');
    if (self.sizes.length === 0) throw new Unsupported('a tensor without dimensions');
    return call.graph.node('Transpose', [call.graph.node('NonZero', [self.name])], { perm: [1, 0] });
  },
  slice_scatter,
  select_scatter,
  one_hot,
  take: (call) => {
    const { graph } = call;
    return graph.node('Gather', [graph.reshape(call.tensor('self').name, [-1]), call.tensor('index').name], {
      axis: 0,
    });
  },
  constant_pad_nd: pad('constant'),
  pad: pad(),
  reflection_pad1d: pad('reflect'),
  reflection_pad2d: pad('reflect'),
  reflection_pad3d: pad('reflect'),
  replication_pad1d: pad('replicate'),
  replication_pad2d: pad('replicate'),
  replication_pad3d: pad('replicate'),
  pixel_shuffle,
  pixel_unshuffle,
  channel_shuffle,
  native_channel_shuffle: channel_shuffle,
  glu,
  zeros: new_filled(0),
  ones: new_filled(1),
  full: new_filled(),
  // What memory holds is not defined: zeros are as good as anything.
  empty: new_filled(0),
  new_zeros: new_filled(0),
  new_ones: new_filled(1),
  new_full: new_filled(),
  new_empty: new_filled(0),
  zeros_like: filled_like(0),
  ones_like: filled_like(1),
  full_like: filled_like(),
  empty_like: filled_like(0),
  fill: fill(),
  zero: fill(0),
  arange: range,
  scalar_tensor: (call) => call.graph.node('Identity', [call.operand('s', call.out.dtype)]),
  eye: constant((call) => eye(call.int('n'), call.int('m', call.int('n')))),
  linspace: constant((call) =>
    linspace(call.float('start'), call.float('end'), call.int('steps'), { dtype: dtypes.float64 }),
  ),
  tril_indices: constant((call) => tril_indices(call.int('row'), call.int('col'), call.int('offset', 0))),
  triu_indices: constant((call) => triu_indices(call.int('row'), call.int('col'), call.int('offset', 0))),
  copy,
  meshgrid: (call) => {
    const { graph } = call;
    const tensors = call.tensors('tensors');
    const names = call.outputs.map((_, i) => i);
    const swapped = call.string('indexing', 'ij') === 'xy' && tensors.length >= 2;
    const order = swapped ? [1, 0, ...names.slice(2)] : names;
    const sizes = order.map((i) => (tensors[i]!.sizes.length === 0 ? 1 : graph.size(tensors[i]!, 0)));
    return tensors.map((tensor, i) => {
      const row = graph.reshape(
        tensor.name,
        order.map((its) => (its === i ? -1 : 1)),
      );
      return graph.node('Expand', [row, graph.ints(sizes)]);
    });
  },
};
