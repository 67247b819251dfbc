/**
 * `ExportedProgram.run_decompositions`: the graph runs again below autograd, with functional tensors, and what reaches the
 * kernels is recorded; then operators that have a decomposition are replaced by what that calls.
 */
import { native, type SchemaArgument, type Tagged, type Wrapped } from '../_C/native.js';
import { is_tensor, wrap } from '../_C/tensor_base.js';
import { kind_of } from '../_internal/kind_of.js';
import { autocast } from '../amp/autocast_mode.js';
import { no_grad } from '../autograd/grad_mode.js';
import { zeros } from '../generated/functions.js';
import { Kind } from '../generated/shared_numbers.js';
import { from_tagged, to_tagged } from '../jit/values.js';
import { call_user, find_operator, type Operator } from '../library/operators.js';
import { overload_named } from '../_ops.js';
import { get_rng_state, set_rng_state } from '../random.js';
import type { Tensor } from '../_tensor.js';
import { Device } from '../types/device.js';
import { dtype_of, layout_of, memory_format_of } from '../types/dtype.js';
import { Complex } from '../types/scalar.js';
import type { ArchiveContents } from './archive.js';
import { name_of } from './compile.js';
import { can_be_kept, decomposes_as_libtorch, type DecompositionTable } from './decomposition_table.js';
import { always, composite_in_python } from './decompositions.js';
import type { ExportedProgram } from './exported_program.js';
import { expression_value, symbol_name, symbols_in } from './expressions.js';
import { device_name, dtype_of_code, layout_of_code, memory_format_of_code } from './numbers.js';
import { ProgramBuilder } from './program_builder.js';
import type { Autocast, Place, RecordedCall, RecordedFunction, RecordedRegion, Recording } from './record.js';
import type { Argument, Graph, Node, OutputSpecification, SymInt, TensorMeta, WrittenProgram } from './schema.js';
import { resized, run_values, type SizeSymbol, Sizes } from './sizes.js';

const callee = 'run_decompositions';

// ---- What a run has called ------------------------------------------------------------------------

/** An argument or a result, whose tensors are objects: `[Kind.tensor, Tensor]`. */
type Value = Tagged;

interface Call extends Place {
  readonly operator: Operator;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

interface Body {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly items: Item[];
}

/** A call of control flow. */
interface Region extends Place {
  readonly target: string;
  readonly before: readonly Tensor[];
  readonly lists: readonly (readonly Tensor[])[];
  readonly own_list: boolean;
  readonly bodies: readonly Body[];
  readonly results: readonly Tensor[];
}

type Item = Call | Region;

const is_call = (item: Item): item is Call => 'operator' in item;

const place_of = ({ stack_trace, nn_module_stack }: Place): Place => ({ stack_trace, nn_module_stack });

const held = ([kind, payload]: Tagged): Value => {
  if ((kind as Kind) === Kind.tensor) return [kind, wrap(payload as Wrapped)];
  return (kind as Kind) === Kind.list ? [kind, (payload as Tagged[]).map(held)] : [kind, payload];
};

function tensors_in([kind, payload]: Value): Tensor[] {
  if ((kind as Kind) === Kind.tensor) return [payload as Tensor];
  return (kind as Kind) === Kind.list ? (payload as Value[]).flatMap(tensors_in) : [];
}

function with_tensors([kind, payload]: Value, change: (tensor: Tensor) => unknown): Value {
  if ((kind as Kind) === Kind.tensor) return [kind, change(payload as Tensor)];
  if ((kind as Kind) === Kind.list) return [kind, (payload as Value[]).map((each) => with_tensors(each, change))];
  return [kind, payload];
}

/** A value as functions of JavaScript take it. */
function plain(argument: SchemaArgument, value: Value): unknown {
  const read = (each: Value): unknown => {
    const [kind, payload] = each;
    if ((kind as Kind) === Kind.tensor) return payload;
    return (kind as Kind) === Kind.list ? (payload as Value[]).map(read) : from_tagged([kind, payload]);
  };
  const found = read(value);
  if (typeof found !== 'number') return found;
  const { type } = argument;
  if (type.startsWith('ScalarType')) return dtype_of(found);
  if (type.startsWith('MemoryFormat')) return memory_format_of(found);
  return type.startsWith('Layout') ? layout_of(found) : found;
}

/** A number that is a float in Python, though it is an integer here. */
class WholeFloat {
  constructor(readonly value: number) {}
}

const number_of = (value: unknown): unknown => (value instanceof WholeFloat ? value.value : value);

/** Whether a call would take a float for an integer, by which operators choose the dtypes of results. */
const takes_whole_floats = (
  { schema: { arguments: declared, returns } }: Operator,
  inputs: readonly Value[],
): boolean =>
  returns.length === 1 &&
  returns[0]!.type === 'Tensor' &&
  inputs.some(
    ([kind, payload], i) =>
      (kind as Kind) === Kind.float && Number.isInteger(payload) && /^(Tensor|Scalar|number)/.test(declared[i]!.type),
  );

/** Calls an operator with the kinds of its arguments as they are: as a program of one node. */
function call_exactly({ qualified, schema }: Operator, inputs: readonly Value[]): Tensor {
  const tensors: Tensor[] = [];
  const value = (its: Value): Value => {
    const [kind, payload] = its;
    if ((kind as Kind) === Kind.tensor) return [Kind.slot, tensors.push(payload as Tensor) - 1, true];
    if ((kind as Kind) === Kind.list) return [Kind.list, (payload as Value[]).map(value)];
    return its;
  };
  const given = schema.arguments.map(({ name }, i) => [name, value(inputs[i]!)] as const);
  const [name, overload = ''] = qualified.split('.') as [string, string?];
  const result = tensors.length;
  const program = native.export_compile({
    slots: result + 1,
    inputs: tensors.map((_, i) => i),
    nodes: [{ target: qualified, name, overload, arguments: given, results: [result] }],
    outputs: [[Kind.slot, result, true]],
  });
  const handles = Float64Array.from(tensors, ({ _h }) => _h);
  const [found] = native.export_run(program, handles, new Uint8Array(result).fill(Kind.tensor));
  return wrap(found as Wrapped) as Tensor;
}

/** The arguments of a call, those that go by name only in an object at the end. */
function call_arguments({ schema, has_names }: Operator, inputs: readonly Value[]): unknown[] {
  const positional: unknown[] = [];
  const named: Record<string, unknown> = {};
  schema.arguments.forEach((argument, i) => {
    const value = plain(argument, inputs[i]!);
    if (argument.keyword_only) named[argument.name] = value;
    else positional.push(value);
  });
  return has_names ? [...positional, named] : positional;
}

/** What an operator has returned, one value for each result of its schema. */
function results_of({ schema, qualified }: Operator, result: unknown): Value[] {
  const count = schema.returns.length;
  if (count === 0) return [];
  const all = count === 1 ? [result] : (result as readonly unknown[]);
  if (!Array.isArray(all) || all.length !== count) {
    throw new TypeError(`${callee}(): the decomposition of ${qualified} must return ${count} values`);
  }
  const value = (each: unknown): Value => {
    if (is_tensor(each)) return [Kind.tensor, each];
    if (Array.isArray(each)) return [Kind.list, each.map(value)];
    return each === undefined ? [Kind.none, null] : to_tagged(each);
  };
  schema.returns.forEach(({ type }, i) => {
    if (type !== 'Tensor' || is_tensor(all[i]) || (count > 1 && (all[i] ?? null) === null)) return;
    throw new TypeError(`${callee}(): the decomposition of ${qualified} must return a Tensor, not ${kind_of(all[i])}`);
  });
  return all.map(value);
}

const identity = (tensor: Tensor): number => native.tensor_identity(tensor._h);

/** The operators by name, as long as a program is decomposed. */
class Operators {
  private readonly known = new Map<string, Operator>();
  private readonly composite = new Map<string, boolean>();

  get(qualified: string): Operator {
    let found = this.known.get(qualified);
    if (found === undefined) {
      const made = find_operator(qualified);
      if (made === undefined) throw new Error(`${callee}(): there is no operator ${qualified}`);
      this.known.set(qualified, (found = made));
    }
    return found;
  }

  /** Whether libtorch makes the operator of others. */
  is_composite(qualified: string): boolean {
    let found = this.composite.get(qualified);
    if (found === undefined) {
      const [name, overload = ''] = qualified.split('.') as [string, string?];
      this.composite.set(qualified, (found = native.is_composite(name, overload)));
    }
    return found;
  }
}

/** Operators whose results depend on values of tensors, and so would the graph. */
const depending = new Set(['aten::item', 'aten::_local_scalar_dense', 'aten::is_nonzero', 'aten::equal']);

const depends_on_values = (qualified: string): Error =>
  new Error(
    `${callee}(): ${qualified} reads values of tensors, and what depends on them is not decomposed here: decompose the ` +
      'program in Python',
  );

/** Records what reaches the kernels while functional tensors are in use. */
class Tracer {
  items: Item[] = [];
  place: Place = { stack_trace: '', nn_module_stack: '' };
  /** Kept, so that no other tensor gets the address of one. */
  private readonly kept: Tensor[] = [];

  constructor(readonly operators: Operators) {}

  private readonly handle = (qualified: string, tagged: readonly Tagged[]): Tagged[] => {
    if (depending.has(qualified)) throw depends_on_values(qualified);
    const operator = this.operators.get(qualified);
    const inputs = tagged.map(held);
    const outputs = this.call(operator, inputs);
    return outputs.map((value) => tagged_of(value));
  };

  /** Calls an operator past the mode, and records it. */
  call(operator: Operator, inputs: readonly Value[]): Value[] {
    const result = takes_whole_floats(operator, inputs)
      ? call_exactly(operator, inputs)
      : operator.call(...call_arguments(operator, inputs));
    const outputs = results_of(operator, result);
    this.add({ operator, inputs, outputs, ...this.place });
    return outputs;
  }

  add(item: Item): void {
    const of = is_call(item) ? [...item.inputs, ...item.outputs].flatMap(tensors_in) : item.results;
    this.kept.push(...of);
    this.items.push(item);
  }

  /** Runs a function with functional tensors on, what reaches the kernels is recorded. */
  run<T>(body: () => T): T {
    const before = native.functional_mode(true);
    native.dispatch_mode_push(this.handle);
    try {
      return body();
    } finally {
      native.dispatch_mode_pop();
      native.functional_mode(before);
    }
  }

  /** Runs what is no part of the program. */
  aside<T>(body: () => T): T {
    native.dispatch_mode_pop();
    native.functional_mode(false);
    try {
      return body();
    } finally {
      native.functional_mode(true);
      native.dispatch_mode_push(this.handle);
    }
  }

  wrap(tensor: Tensor): Tensor {
    this.kept.push(tensor);
    return wrap(native.functional_wrap(tensor._h));
  }

  value(tensor: Tensor): Tensor {
    const found = wrap(native.functional_value(tensor._h)) as Tensor;
    this.kept.push(found);
    return found;
  }

  /** What a function calls, instead of in the items so far. */
  within<T>(body: () => T): [items: Item[], result: T] {
    const outer = this.items;
    this.items = [];
    try {
      const result = body();
      return [this.items, result];
    } finally {
      this.items = outer;
    }
  }
}

function tagged_of([kind, payload]: Value): Tagged {
  if ((kind as Kind) === Kind.tensor) return to_tagged(payload);
  if ((kind as Kind) === Kind.list) return [kind, (payload as Value[]).map(tagged_of)];
  return [kind, payload];
}

// ---- Running the graph ------------------------------------------------------------------------------

const floor_mod = (a: number, b: number): number => a - b * Math.floor(a / b);
type Arithmetic = (a: number, b: number, c: number) => number | boolean;
const arithmetic: Readonly<Record<string, Arithmetic>> = {
  '_operator.add': (a, b) => a + b,
  '_operator.sub': (a, b) => a - b,
  '_operator.mul': (a, b) => a * b,
  '_operator.truediv': (a, b) => a / b,
  '_operator.floordiv': (a, b) => Math.floor(a / b),
  '_operator.mod': floor_mod,
  '_operator.pow': (a, b) => a ** b,
  '_operator.and_': (a, b) => Boolean(a) && Boolean(b),
  '_operator.or_': (a, b) => Boolean(a) || Boolean(b),
  '_operator.eq': (a, b) => a === b,
  '_operator.ne': (a, b) => a !== b,
  '_operator.lt': (a, b) => a < b,
  '_operator.gt': (a, b) => a > b,
  '_operator.le': (a, b) => a <= b,
  '_operator.ge': (a, b) => a >= b,
  '_operator.neg': (a) => -a,
  '_operator.pos': (a) => a,
  'math.trunc': Math.trunc,
  'math.floor': Math.floor,
  'math.ceil': Math.ceil,
  'torch.sym_int': Math.trunc,
  'torch.sym_float': (a) => a,
  'torch.sym_not': (a) => !a,
  'torch.sym_ite': (a, b, c) => (a ? b : c),
  'torch.sym_max': (a, b) => Math.max(a, b),
  'torch.sym_min': (a, b) => Math.min(a, b),
  'torch._sym_sqrt': (a) => Math.sqrt(a),
};

/** What tells sizes: numbers here. */
const sizes_asked: Readonly<Record<string, (tensor: Tensor, dim: number) => number>> = {
  'aten::sym_size.int': (tensor, dim) => tensor.size(dim),
  'aten::sym_stride.int': (tensor, dim) => tensor.stride(dim),
  'aten::sym_numel': (tensor) => tensor.numel(),
  'aten::sym_storage_offset': (tensor) => tensor.storage_offset(),
};

/** Conditions on sizes, which the guards of the program have too. */
const conditions = new Set(['aten::_assert_scalar', 'aten::sym_constrain_range', 'aten::sym_constrain_range_for_size']);

function number_in(argument: Argument, env: ReadonlyMap<string, unknown>): unknown {
  const { value } = argument as { value: { type: string; value: unknown } };
  return value.type === 'as_name' ? env.get(value.value as string) : value.value;
}

class Interpreter {
  constructor(
    private readonly tracer: Tracer,
    private readonly table: DecompositionTable,
  ) {}

  run(graph: Graph, inputs: readonly unknown[]): unknown[] {
    const env = new Map<string, unknown>();
    graph.inputs.forEach((input, i) => {
      const name = name_of(input);
      if (name !== undefined) env.set(name, inputs[i]);
    });
    for (const node of graph.nodes) this.node(node, env);
    return graph.outputs.map((output) => number_of(this.value(output, env)));
  }

  private node(node: Node, env: Map<string, unknown>): void {
    const { tracer } = this;
    tracer.place = {
      stack_trace: node.metadata.get('stack_trace') ?? '',
      nn_module_stack: node.metadata.get('nn_module_stack') ?? '',
    };
    const operate = Object.hasOwn(arithmetic, node.target) ? arithmetic[node.target] : undefined;
    if (operate !== undefined) {
      const [a, b, c] = node.inputs.map(({ arg }) => number_of(this.value(arg, env)) as number);
      bind(node.outputs, operate(a!, b!, c!), env);
      return;
    }
    const match = /^torch\.ops\.([^.]+)\.([^.]+)(?:\.([^.]+))?$/.exec(node.target);
    if (match === null) throw unsupported(node.target);
    const [, namespace, name, overload = 'default'] = match;
    if (namespace === 'higher_order') {
      bind(node.outputs, this.higher_order(name!, node, env), env);
      return;
    }
    const qualified = `${namespace}::${name}${overload === 'default' ? '' : `.${overload}`}`;
    const operator = tracer.operators.get(qualified);
    const inputs = operator.schema.arguments.map((argument): unknown => {
      const given = node.inputs.find((input) => input.name === argument.name);
      if (given !== undefined) return this.value(given.arg, env);
      if (argument.default === undefined) throw new Error(`${callee}(): ${node.target} has no '${argument.name}'`);
      return plain(argument, argument.default);
    });
    if (Object.hasOwn(sizes_asked, qualified)) {
      bind(node.outputs, sizes_asked[qualified]!(inputs[0] as Tensor, inputs[1] as number), env);
    } else if (depending.has(qualified)) {
      throw depends_on_values(qualified);
    } else if (!conditions.has(qualified)) bind(node.outputs, this.call(operator, inputs), env);
  }

  private call(operator: Operator, given_inputs: readonly unknown[]): unknown {
    const { tracer, table } = this;
    const { qualified, schema } = operator;
    const inputs = given_inputs.map(number_of);
    const tagged = (): Value[] =>
      given_inputs.map((value) =>
        value instanceof WholeFloat ? [Kind.float, value.value] : results_of(one_result, value)[0]!,
      );
    if (given_inputs.some((value) => value instanceof WholeFloat) && !tracer.operators.is_composite(qualified)) {
      const values = tagged();
      if (takes_whole_floats(operator, values)) return call_exactly(operator, values);
    }
    const args = schema.arguments.map((argument, i) => [argument, inputs[i]] as const);
    const positional = args.flatMap(([{ keyword_only }, value]) => (keyword_only ? [] : [value]));
    const named = Object.fromEntries(
      args.flatMap(([{ keyword_only, name }, value]) => (keyword_only ? [[name, value]] : [])),
    );
    const given = operator.has_names ? [...positional, named] : positional;
    if (!tracer.operators.is_composite(qualified)) return operator.call(...given);
    const decomposition = table.get(overload_named(qualified));
    if (decomposition !== undefined && !decomposes_as_libtorch(decomposition)) {
      const result = call_user(decomposition, qualified, given);
      results_of(operator, result);
      return result;
    }
    const aliases = [...schema.arguments, ...schema.returns].some((each) => each.aliases);
    if (decomposition !== undefined || aliases || !can_be_kept(qualified)) {
      const own = composite_in_python[qualified];
      return own === undefined ? operator.call(...given) : own(...(given as never[]));
    }
    // The operator stays as it is.
    const wrapped = (value: Value): Value => with_tensors(value, (tensor) => tracer.wrap(tensor));
    const values = tagged();
    const outputs = tracer.aside(() =>
      tracer.call(
        operator,
        values.map((value) => with_tensors(value, (tensor) => tracer.value(tensor))),
      ),
    );
    const found = outputs.map(wrapped).map((value, i) => plain(schema.returns[i] as SchemaArgument, value));
    return found.length === 1 ? found[0] : found;
  }

  private higher_order(target: string, node: Node, env: ReadonlyMap<string, unknown>): unknown[] {
    const graphs = node.inputs.flatMap(({ arg }) => (arg.type === 'as_graph' ? [arg.value.graph] : []));
    const first = node.inputs.findIndex(({ arg }) => arg.type === 'as_graph');
    const rest = node.inputs.filter(({ arg }) => arg.type !== 'as_graph').map(({ arg }) => this.value(arg, env));
    switch (target) {
      case 'wrap_with_set_grad_enabled':
        return this.run(graphs[0]!, rest.slice(first));
      case 'wrap_with_autocast': {
        const [device_type, dtype, enabled] = rest as [string, never, boolean];
        const options = { dtype, enabled, cache_enabled: false };
        return autocast(device_type, options as object, () => this.run(graphs[0]!, rest.slice(first)));
      }
      case 'cond': {
        const [pred, operands] = rest as [Tensor, Tensor[]];
        if (!is_tensor(pred)) throw new Error(`${callee}(): cond() on a number is not supported`);
        return this.region(target, ['true_graph', 'false_graph'], graphs, [pred], [operands], [], ([yes]) => yes!);
      }
      case 'while_loop': {
        const [carried, outside] = rest as [Tensor[], unknown[]];
        const names = ['while_loop_cond_graph', 'while_loop_body_graph'];
        return this.region(target, names, graphs, [], [carried], outside, ([, body]) => body!);
      }
      case 'map_impl': {
        const [xs, args] = rest as [Tensor[], Tensor[]];
        return this.region(target, ['body_graph'], graphs, [], [xs, args], [], ([found]) =>
          found!.map((tensor) => repeated(tensor, xs[0]!.size(0))),
        );
      }
      case 'scan': {
        const [init, xs, outside] = rest as [Tensor[], Tensor[], unknown[]];
        return this.region(target, ['scan_combine_graph'], graphs, [], [init, xs], outside, ([found]) =>
          found!.map((tensor, i) => (i < init.length ? tensor : repeated(tensor, xs[0]!.size(0)))),
        );
      }
      default:
        throw unsupported(node.target);
    }
  }

  /** A call of control flow: each graph runs once, with tensors that only it has. */
  private region(
    target: string,
    names: readonly string[],
    graphs: readonly Graph[],
    before: readonly Tensor[],
    lists: readonly (readonly Tensor[])[],
    outside: readonly unknown[],
    results_of_bodies: (outputs: readonly (readonly Tensor[])[]) => readonly Tensor[],
  ): Tensor[] {
    const { tracer } = this;
    const { place } = tracer;
    const current = (tensor: Tensor): Tensor => tracer.value(tensor);
    const given = lists.map((tensors) => tensors.map(current));
    const bodies = graphs.map((graph, i): Body => {
      const inputs = tracer.aside(() =>
        given.flatMap((tensors, list) =>
          tensors.map((tensor) =>
            (target === 'map_impl' && list === 0) || (target === 'scan' && list === 1)
              ? tensor.select(0, 0)
              : tensor.view(tensor.shape),
          ),
        ),
      );
      const [items, outputs] = tracer.within(() =>
        this.run(graph, [...inputs.map((tensor) => tracer.wrap(tensor)), ...outside]).map((output) => {
          if (is_tensor(output)) return current(output as Tensor);
          throw new Error(
            `${callee}(): a function of ${target} returns something else than tensors, which is not supported`,
          );
        }),
      );
      return { name: names[i]!, inputs, outputs, items };
    });
    tracer.place = place;
    const results = tracer.aside(() =>
      results_of_bodies(bodies.map(({ outputs }) => outputs)).map((tensor) => tensor.clone()),
    );
    const own_list = target === 'while_loop' || target === 'scan';
    tracer.add({ target, before: before.map(current), lists: given, own_list, bodies, results, ...place });
    return results.map((tensor) => tracer.wrap(tensor));
  }

  private value(argument: Argument, env: ReadonlyMap<string, unknown>): unknown {
    const tensor = (name: string): unknown => {
      if (!env.has(name)) throw new Error(`${callee}(): there is no value '${name}'`);
      return env.get(name);
    };
    switch (argument.type) {
      case 'as_tensor':
      case 'as_custom_obj':
        return tensor(argument.value.name);
      case 'as_tensors':
        return argument.value.map(({ name }) => tensor(name));
      case 'as_nested_tensors':
        return argument.value.map((inner) => inner.map(({ name }) => tensor(name)));
      case 'as_optional_tensor':
        return argument.value.type === 'as_tensor' ? tensor(argument.value.value.name) : null;
      case 'as_optional_tensors':
        return argument.value.map((one) => (one.type === 'as_tensor' ? tensor(one.value.name) : null));
      case 'as_float':
        return Number.isInteger(argument.value) ? new WholeFloat(argument.value) : argument.value;
      case 'as_scalar_type':
        return dtype_of_code(argument.value, callee);
      case 'as_layout':
        return layout_of_code(argument.value, callee);
      case 'as_memory_format':
        return memory_format_of_code(argument.value, callee);
      case 'as_device':
        return new Device(device_name(argument.value));
      case 'as_complex':
        return new Complex(argument.value.real, argument.value.imag);
      case 'as_sym_int':
      case 'as_sym_float':
      case 'as_sym_bool':
        return number_in(argument, env);
      case 'as_sym_ints':
      case 'as_sym_floats':
      case 'as_sym_bools':
        return argument.value.map((each) => number_in({ value: each } as Argument, env));
      case 'as_graph':
      case 'as_operator':
      case 'as_string_to_argument':
        throw new Error(`${callee}(): an argument of the kind '${argument.type}' is not supported`);
      default:
        return argument.value;
    }
  }
}

/** A schema of one result, for values alone. */
const one_result = { qualified: callee, schema: { returns: [{}] } } as unknown as Operator;

const repeated = (tensor: Tensor, count: number): Tensor => tensor.unsqueeze(0).expand([count, ...tensor.shape]);

function unsupported(target: string): Error {
  return new Error(`${callee}(): the operator ${target} is not supported`);
}

/** Gives the results of a node their names. */
function bind(outputs: readonly Argument[], result: unknown, env: Map<string, unknown>): void {
  const values =
    Array.isArray(result) && (outputs.length !== 1 || outputs[0]!.type === 'as_tensor') ? result : [result];
  outputs.forEach((output, i) => {
    const value: unknown = values[i];
    const name = name_of(output);
    if (name !== undefined) env.set(name, value);
    else if (output.type === 'as_tensors')
      output.value.forEach((each, j) => env.set(each.name, (value as unknown[])[j]));
    else if (output.type === 'as_optional_tensors') {
      output.value.forEach((each, j) => {
        if (each.type === 'as_tensor') env.set(each.value.name, (value as unknown[])[j]);
      });
    } else if (output.type === 'as_sym_ints') {
      output.value.forEach((each, j) => {
        if (each.type === 'as_name') env.set(each.value, (value as unknown[])[j]);
      });
    }
  });
}

// ---- Replacing operators by what they are made of ----------------------------------------------------

const deepest = 32;

class Replacer {
  private readonly replaced = new Map<number, Tensor>();

  constructor(
    private readonly tracer: Tracer,
    private readonly table: DecompositionTable,
  ) {}

  /** The tensor that stands for another one now. */
  now(tensor: Tensor): Tensor {
    return this.replaced.get(identity(tensor)) ?? tensor;
  }

  private replace(before: readonly Value[], after: readonly Value[]): void {
    const old = before.flatMap(tensors_in);
    const made = after.flatMap(tensors_in);
    old.forEach((tensor, i) => {
      if (made[i] !== undefined && identity(made[i]) !== identity(tensor)) this.replaced.set(identity(tensor), made[i]);
    });
  }

  /** The items with what operators of the table are made of. */
  items(items: readonly Item[], depth = 0): Item[] {
    const { tracer } = this;
    return items.flatMap((item): Item[] => {
      if (!is_call(item)) {
        const now = (tensor: Tensor): Tensor => this.now(tensor);
        const [before, lists] = [item.before.map(now), item.lists.map((list) => list.map(now))];
        const bodies = item.bodies.map((body) => {
          const inner = this.items(body.items, depth);
          return { ...body, items: inner, outputs: body.outputs.map(now) };
        });
        return [{ ...item, before, lists, bodies }];
      }
      const inputs = item.inputs.map((value) => with_tensors(value, (tensor) => this.now(tensor)));
      const { operator } = item;
      const decomposition = tracer.operators.is_composite(operator.qualified)
        ? undefined
        : (always[operator.qualified] ?? this.table.get(overload_named(operator.qualified)));
      if (decomposition !== undefined && depth < deepest) {
        tracer.place = place_of(item);
        const [made, outputs] = tracer.within(() => this.decomposed(operator, decomposition, inputs));
        if (outputs !== undefined) {
          const inner = this.items(made, depth + 1);
          this.replace(
            item.outputs,
            outputs.map((value) => with_tensors(value, (tensor) => this.now(tensor))),
          );
          return inner;
        }
      }
      const tensors = [item.inputs, inputs].map((values) => values.flatMap(tensors_in));
      if (tensors[0]!.every((tensor, i) => identity(tensor) === identity(tensors[1]![i]!))) return [item];
      tracer.place = place_of(item);
      const [again, outputs] = tracer.within(() => tracer.call(operator, inputs));
      this.replace(item.outputs, outputs);
      return again;
    });
  }

  private decomposed(
    operator: Operator,
    decomposition: (...args: never[]) => unknown,
    inputs: readonly Value[],
  ): Value[] | undefined {
    const { tracer } = this;
    return tracer.run(() => {
      const given = inputs.map((value) => with_tensors(value, (tensor) => tracer.wrap(tensor)));
      const result = call_user(decomposition, operator.qualified, call_arguments(operator, given));
      if (result === undefined) return undefined;
      return results_of(operator, result).map((value) => with_tensors(value, (tensor) => tracer.value(tensor)));
    });
  }
}

// ---- From what has been called to a program ----------------------------------------------------------

interface Run {
  readonly items: readonly Item[];
  /** What is returned: first what buffers and inputs become. */
  readonly results: readonly unknown[];
}

/** Operators without results that belong to a program. */
const has_effect = ({ operator }: Call): boolean =>
  operator.schema.returns.length === 0 || /^aten::_?assert/.test(operator.qualified);

/** The items whose results something takes. */
function needed(items: readonly Item[], used: Set<number>): Item[] {
  const found: Item[] = [];
  for (const item of items.toReversed()) {
    const results = is_call(item) ? item.outputs.flatMap(tensors_in) : item.results;
    const kept = results.some((tensor) => used.has(identity(tensor)));
    if (is_call(item)) {
      if (!kept && !has_effect(item)) continue;
      for (const tensor of item.inputs.flatMap(tensors_in)) used.add(identity(tensor));
      found.push(item);
      continue;
    }
    if (!kept) continue;
    const bodies = item.bodies.map((body) => {
      for (const tensor of body.outputs) used.add(identity(tensor));
      return { ...body, items: needed(body.items, used) };
    });
    for (const tensor of [...item.before, ...item.lists.flat()]) used.add(identity(tensor));
    found.push({ ...item, bodies });
  }
  return found.reverse();
}

/** The calls of a run as the builder of programs takes them. */
class Writer {
  readonly calls: RecordedCall[] = [];
  readonly tensors: Tensor[] = [];
  readonly numbers = new Map<Tensor, number>();
  private readonly number_by_identity = new Map<number, number>();

  number(tensor: Tensor): number {
    const key = identity(tensor);
    let found = this.number_by_identity.get(key);
    if (found === undefined) {
      this.number_by_identity.set(key, (found = this.tensors.length));
      this.tensors.push(tensor);
    }
    this.numbers.set(tensor, found);
    return found;
  }

  private tagged(value: Value): Tagged {
    return with_tensors(value, (tensor) => this.number(tensor));
  }

  add(items: readonly Item[]): RecordedRegion[] {
    const regions: RecordedRegion[] = [];
    for (const item of items) {
      const base = { grad_mode: true, autocast: [] as readonly Autocast[], aside: false };
      const { stack_trace, nn_module_stack } = item;
      if (is_call(item)) {
        const { operator, inputs, outputs } = item;
        this.calls.push({
          operator: operator.qualified,
          inputs: inputs.map((value) => this.tagged(value)),
          outputs: outputs.map((value) => this.tagged(value)),
          stack_trace,
          nn_module_stack,
          ...base,
        });
        continue;
      }
      const start = this.calls.length;
      const { target, before, lists, own_list, results } = item;
      for (const tensor of [...before, ...lists.flat(), ...results]) this.number(tensor);
      const functions = item.bodies.map(({ name, inputs, outputs, items: inner }): RecordedFunction => {
        for (const tensor of inputs) this.number(tensor);
        const from = this.calls.length;
        const within = this.add(inner);
        for (const tensor of outputs) this.number(tensor);
        return { name, start: from, end: this.calls.length, inputs, outputs, regions: within };
      });
      // The builder takes the mode of a region from its last call.
      const nothing = { operator: 'aten::clone', inputs: [], outputs: [], stack_trace: '', nn_module_stack: '' };
      this.calls.push({ ...nothing, ...base, aside: true });
      const end = this.calls.length;
      regions.push({ target, before, lists, own_list, results, functions, start, end, stack_trace, nn_module_stack });
    }
    return regions;
  }
}

const outputs_with = (call: Call): [number, Call][] =>
  call.outputs.flatMap(tensors_in).map((tensor) => [identity(tensor), call]);

/** What an input becomes: of a copy into all of it, what is copied. */
function copied_from(tensor: Tensor, input: Tensor, made_by: ReadonlyMap<number, Call>): Tensor {
  const call = made_by.get(identity(tensor));
  if (call?.operator.qualified !== 'aten::copy') return tensor;
  const source = call.inputs[1]![1] as Tensor;
  const alike = source.dtype === tensor.dtype && source.shape.join() === tensor.shape.join();
  return alike && made_by.has(identity(source)) && identity(source) !== identity(input) ? source : tensor;
}

interface Symbol extends SizeSymbol {
  readonly hint: number;
}

/** The sizes of an input, with the values of its symbols. */
const sizes_with = (sizes: readonly SymInt[], values: ReadonlyMap<string, number>): number[] =>
  sizes.map((size) => (size.type === 'as_int' ? Number(size.value) : expression_value(size.value.expr_str, values)));

/** The sizes that vary among the inputs. */
function symbols_of(
  program: WrittenProgram,
  tensors: readonly { readonly name: string; readonly meta: TensorMeta; readonly number: number }[],
): Omit<Symbol, 'values'>[] {
  const found = new Map<string, Omit<Symbol, 'values'>>();
  const wanted = new Set<string>();
  for (const { name, meta, number } of tensors) {
    meta.sizes.forEach((size, dim) => {
      if (size.type === 'as_int') return;
      for (const symbol of symbols_in(size.value.expr_str)) wanted.add(symbol);
      const symbol = symbol_name(size.value.expr_str);
      if (symbol === undefined || found.has(symbol)) return;
      const { min_val = null, max_val = null } = program.range_constraints.get(symbol) ?? {};
      const hint = Number(size.value.hint?.value ?? Math.max(Number(min_val ?? 0), 2));
      const range = { min: Number(min_val ?? 0), max: max_val === null ? null : Number(max_val) };
      found.set(symbol, { name: symbol, hint, ...range, input: name, number, dim });
    });
  }
  for (const symbol of wanted) {
    if (!found.has(symbol)) throw new Error(`${callee}(): no input has the size ${symbol}, on which others depend`);
  }
  return [...found.values()];
}

/** The program without composite operators, changes in place, and operators of the table. */
export function decomposed(program: ExportedProgram, table: DecompositionTable): ArchiveContents {
  const written = program._written;
  const { graph, signature } = written.graph_module;
  const specs = program.graph_signature.input_specs;
  const examples = example_leaves(program);
  let user = 0;
  const entries = graph.inputs.map((input, i) => {
    const { kind, target } = specs[i]!;
    const name = name_of(input);
    const leaf = kind === 'USER_INPUT' ? examples?.[user++] : undefined;
    if (name === undefined) return { name: '', input, tensor: null, meta: null };
    const meta = input.type === 'as_tensor' ? graph.tensor_values.get(name) : undefined;
    if (meta === undefined) {
      throw new Error(`${callee}(): the input '${name}' is not a tensor, and may vary, which is not supported`);
    }
    const tensor = target === null ? null : (program.state_dict[target] ?? program.constants[target] ?? null);
    return { name, input, tensor: tensor ?? (is_tensor(leaf) ? (leaf as Tensor) : null), meta };
  });
  const tensor_entries = entries.filter((entry) => entry.meta !== null);
  const numbered = tensor_entries.map(({ name, meta }, number) => ({ name, meta: meta!, number }));
  const found_symbols = symbols_of(written, numbered);
  const values = run_values(found_symbols, callee);
  const symbols = found_symbols.map((symbol, i): Symbol => ({ ...symbol, values: values.map((of_run) => of_run[i]!) }));
  const operators = new Operators();
  const rng = get_rng_state();

  const mutated = new Set<number>();
  const run = (of_run: readonly number[]): Run & { inputs: Tensor[] } =>
    no_grad(() => {
      const by_name = new Map(symbols.map(({ name }, i) => [name, of_run[i]!]));
      const tracer = new Tracer(operators);
      const inputs = tensor_entries.map(({ tensor, meta }) => {
        const sizes = sizes_with(meta!.sizes, by_name);
        if (tensor === null) {
          const options = { dtype: dtype_of_code(meta!.dtype, callee), device: device_name(meta!.device) };
          return zeros(sizes, options).requires_grad_(meta!.requires_grad);
        }
        return sizes.every((size, dim) => size === tensor.size(dim)) ? tensor : resized(tensor, sizes);
      });
      try {
        const wrappers = inputs.map((tensor) => tracer.wrap(tensor));
        const results = tracer.run(() => {
          let next = 0;
          const given = entries.map(({ meta }) => (meta === null ? null : wrappers[next++]));
          const outputs = new Interpreter(tracer, table).run(graph, given);
          tracer.place = { stack_trace: '', nn_module_stack: '' };
          const current = (value: unknown): unknown => (is_tensor(value) ? tracer.value(value as Tensor) : value);
          return { changed: wrappers.map(current) as Tensor[], outputs: outputs.map(current) };
        });
        const replacer = new Replacer(tracer, table);
        const items = replacer.items(tracer.items);
        const now = (value: unknown): unknown => (is_tensor(value) ? replacer.now(value as Tensor) : value);
        const made_by = new Map(items.flatMap((item) => (is_call(item) ? outputs_with(item) : [])));
        const changed = results.changed.map((tensor, i) => copied_from(now(tensor) as Tensor, inputs[i]!, made_by));
        changed.forEach((tensor, i) => {
          if (identity(tensor) !== identity(inputs[i]!)) mutated.add(i);
        });
        const all = [...changed, ...results.outputs.map(now)];
        const used = new Set(all.flatMap((value) => (is_tensor(value) ? [identity(value as Tensor)] : [])));
        return { items: needed(items, used), results: all, inputs };
      } finally {
        set_rng_state(rng);
      }
    });
  const runs = values.map(run);
  const recordings = runs.map(({ items, results, inputs }): Recording => {
    const writer = new Writer();
    for (const tensor of inputs) writer.number(tensor);
    const regions = writer.add(items);
    const tensors = results.filter(is_tensor) as Tensor[];
    const numbers = tensors.map((tensor) => writer.number(tensor));
    const { calls, tensors: all, numbers: by_tensor } = writer;
    return { calls, regions, tensors: all, numbers: by_tensor, results: numbers, constants: new Map(), result: null };
  });

  const lifted: { name: string; target: string; tensor: Tensor }[] = [];
  const builder = new ProgramBuilder(recordings, new Sizes(symbols, callee), callee, (number, its) => {
    const target = `_tensor_constant${lifted.length}`;
    const name = its.names.exact(`c_${target}`);
    its.name_tensor(number, name);
    lifted.push({ name, target, tensor: its.tensor(number).detach().clone() });
  });
  for (const { name } of entries) if (name !== '') builder.names.exact(name);
  numbered.forEach(({ name, number }) => {
    builder.name_tensor(number, name);
  });
  builder.add_calls({ grad_mode: true, autocast: [] });
  const output = (i: number): Argument => {
    const [value] = runs.map(({ results }) => results[i]);
    if (is_tensor(value)) {
      return { type: 'as_tensor', value: { name: builder.name_of(recordings[0]!.numbers.get(value as Tensor)!) } };
    }
    const across = runs.map(({ results }) => results[i]);
    const original = graph.outputs[i - tensor_entries.length]!;
    if (name_of(original) === undefined) return original;
    return builder.size(across as number[], `${callee}(): output ${i - tensor_entries.length}`);
  };
  const output_specs: OutputSpecification[] = [];
  const outputs: Argument[] = [];
  const changes: { spec: OutputSpecification; argument: Argument; buffer: boolean }[] = [];
  for (const i of [...mutated].sort((a, b) => a - b)) {
    const at = entries.indexOf(tensor_entries[i]!);
    const { kind, target } = specs[at]!;
    const argument = output(i);
    const arg = { name: name_of(argument)! };
    if (kind === 'CONSTANT_TENSOR') {
      throw new Error(`${callee}(): the program changes the constant '${target}' in place, which is not supported`);
    }
    const spec: OutputSpecification =
      kind === 'BUFFER'
        ? { type: 'buffer_mutation', value: { arg, buffer_name: target! } }
        : kind === 'PARAMETER'
          ? { type: 'parameter_mutation', value: { arg, parameter_name: target! } }
          : { type: 'user_input_mutation', value: { arg, user_input_name: tensor_entries[i]!.name } };
    changes.push({ spec, argument, buffer: kind !== 'USER_INPUT' });
  }
  for (const { spec, argument } of changes) {
    output_specs.push(spec);
    outputs.push(argument);
  }
  graph.outputs.forEach((_, i) => {
    const spec = signature.output_specs[i]!;
    // What a program that is decomposed already says of its changes stays.
    const argument = output(tensor_entries.length + i);
    outputs.push(argument);
    output_specs.push(
      spec.type === 'user_output'
        ? { type: 'user_output', value: { arg: argument } }
        : ({ type: spec.type, value: { ...spec.value, arg: { name: name_of(argument)! } } } as OutputSpecification),
    );
  });
  const constants: Record<string, Tensor> = { ...program.constants };
  const constant_inputs = lifted.map(({ name, target, tensor }) => {
    constants[target] = tensor;
    return {
      argument: { type: 'as_tensor', value: { name } } as Argument,
      spec: { type: 'tensor_constant', value: { arg: { name }, tensor_constant_name: target } } as const,
    };
  });
  builder.graph.inputs.push(...constant_inputs.map(({ argument }) => argument), ...graph.inputs);
  builder.graph.outputs.push(...outputs);
  return {
    program: {
      ...written,
      graph_module: {
        ...written.graph_module,
        graph: builder.graph,
        signature: {
          input_specs: [...constant_inputs.map(({ spec }) => spec), ...signature.input_specs],
          output_specs,
        },
      },
      verifiers: ['ATEN'],
    },
    state_dict: { ...program.state_dict },
    constants,
    example_inputs: program._has_examples ? (program.example_inputs ?? [null, null]) : null,
    extra_files: {},
  };
}

/** The leaves of the inputs of the export; undefined where they are not known. */
function example_leaves(program: ExportedProgram): unknown[] | undefined {
  if (program.example_inputs === null) return undefined;
  const [args, kwargs] = program.example_inputs;
  const leaves: unknown[] = [];
  const [positional, keywords] = program.call_spec.in_spec.children;
  const fits = positional!.flatten(args, leaves) && keywords!.flatten(kwargs, leaves);
  return fits ? leaves : undefined;
}
