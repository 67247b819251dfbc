/** From a program of `torch.export` to a model of ONNX. */
import { native } from '../_C/native.js';
import type { Tensor } from '../_tensor.js';
import { name_of } from '../export/compile.js';
import type { ExportedProgram } from '../export/exported_program.js';
import { printed_expression, symbol_name } from '../export/expressions.js';
import { dtype_of_code } from '../export/numbers.js';
import type { Argument, Graph, Node, SymInt } from '../export/schema.js';
import * as dtypes from '../types/dtype.js';
import type { DType } from '../types/dtype.js';
import { GraphBuilder, onnx_type, Unsupported, type Value } from './builder.js';
import { Call, type Converter, type Resolved, type Result } from './call.js';
import { derived, derived_views } from './derived.js';
import { elementwise } from './elementwise.js';
import { OnnxExporterError } from './errors.js';
import { further } from './further.js';
import { layers } from './layers.js';
import {
  AttributeType,
  type DimensionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto.js';
import { quantized, with_quantized_products } from './quantized.js';
import { reductions } from './reductions.js';
import { shapes, views as shape_views } from './shapes.js';
import { type Number_, symbolic_operator, symbolic_operators } from './symbolic.js';

/** What a conversion is asked for. */
export interface Conversion {
  readonly opset: number;
  readonly input_names: readonly string[];
  readonly output_names: readonly string[];
  /** Names of sizes that vary, by their symbols. */
  readonly axes: ReadonlyMap<string, string>;
}

/** A model whose tensors are still tensors. */
export interface Converted {
  readonly model: ModelProto;
  /** The tensors of the model, in order: the graph's initializers without their bytes are in the model. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const IR_VERSION = 10n;

/** What shares the memory of its first argument. */
const views: Readonly<Record<string, Converter>> = { ...shape_views, ...derived_views };

const operators: Readonly<Record<string, Converter>> = {
  ...elementwise,
  ...reductions,
  ...layers,
  ...shapes,
  ...derived,
  ...further,
  ...quantized,
  ...views,
};

/** Operators that check, and return nothing. */
const checks = new Set([
  '_assert_scalar',
  '_assert_async',
  '_assert_tensor_metadata',
  'sym_constrain_range',
  'sym_constrain_range_for_size',
  '_functional_sym_constrain_range',
]);

/** Operators that read a number, with what they mean. */
const numbers = new Set(['sym_size', 'sym_numel', 'item', '_local_scalar_dense']);

const in_place_names: Readonly<Record<string, string>> = {
  __iand__: '__and__',
  __ior__: '__or__',
  __ixor__: '__xor__',
};

/** Second names of operators. */
const aliases: Readonly<Record<string, string>> = {
  absolute: 'abs',
  arccos: 'acos',
  arccosh: 'acosh',
  arcsin: 'asin',
  arcsinh: 'asinh',
  arctan: 'atan',
  arctanh: 'atanh',
  greater: 'gt',
  greater_equal: 'ge',
  less: 'lt',
  less_equal: 'le',
  multiply: 'mul',
  negative: 'neg',
  not_equal: 'ne',
  special_erf: 'erf',
  special_erfc: 'erfc',
  special_exp2: 'exp2',
  special_expm1: 'expm1',
  special_log1p: 'log1p',
  special_log_softmax: 'log_softmax',
  special_logit: 'logit',
  special_logsumexp: 'logsumexp',
  special_round: 'round',
  special_sinc: 'sinc',
  special_softmax: 'softmax',
  special_xlogy: 'xlogy',
  subtract: 'sub',
  mH: 'mT',
};

interface Operator {
  readonly name: string;
  readonly converter: Converter;
  /** Whether it changes its first argument. */
  readonly changes: boolean;
}

/** The operator of a node; undefined when there is none. */
function operator_of(target: string): Operator | undefined {
  const match = /^torch\.ops\.aten\.(\w+)\.\w+$/.exec(target);
  if (match === null) return undefined;
  const own = match[1]!;
  const in_place = Object.hasOwn(in_place_names, own) ? in_place_names[own]! : undefined;
  const changes = in_place !== undefined || (own.endsWith('_') && !own.endsWith('__'));
  let name = in_place ?? (changes ? own.slice(0, -1) : own);
  if (Object.hasOwn(aliases, name)) name = aliases[name]!;
  // `view_copy` and its like return the same elements.
  const original = name.replace(/_copy$/, '');
  if (original !== name && !Object.hasOwn(operators, name) && Object.hasOwn(views, original)) name = original;
  const converter = Object.hasOwn(operators, name) ? operators[name] : undefined;
  return converter === undefined ? undefined : { name, converter, changes };
}

const grad_mode = 'torch.ops.higher_order.wrap_with_set_grad_enabled';
const cond = 'torch.ops.higher_order.cond';

/** The graphs within a node. */
const inner_graphs = ({ attribute }: NodeProto): GraphProto[] =>
  attribute.flatMap(({ g }) => (g === undefined ? [] : [g]));

/** What a node takes, and what the graphs within it take. */
const all_inputs = (node: NodeProto): string[] => [
  ...node.input,
  ...inner_graphs(node).flatMap((graph) => [
    ...graph.node.flatMap(all_inputs),
    ...graph.output.map(({ name }) => name),
  ]),
];

function rename_in(node: NodeProto, renamed: (name: string) => string): void {
  node.input = node.input.map(renamed);
  node.output = node.output.map(renamed);
  for (const graph of inner_graphs(node)) for (const inner of graph.node) rename_in(inner, renamed);
}

function is_known(node: Node): boolean {
  const short = /^torch\.ops\.aten\.(\w+)\./.exec(node.target)?.[1];
  return (
    operator_of(node.target) !== undefined ||
    (short !== undefined && (checks.has(short) || numbers.has(short))) ||
    Object.hasOwn(symbolic_operators, node.target) ||
    node.target === grad_mode ||
    node.target === cond
  );
}

/** A tensor that is a view of another, and how it is made of it. */
interface View {
  readonly parent: string;
  readonly make: (parent: Value) => string;
}

/** Where values are last used, and what they are views of, within one graph. */
class Scope {
  readonly values = new Map<string, Value | Number_>();
  readonly views = new Map<string, View>();
  readonly last_use = new Map<string, number>();

  constructor(readonly graph: Graph) {
    graph.nodes.forEach((node, i) => {
      for (const { arg } of node.inputs) for (const name of names_in(arg)) this.last_use.set(name, i);
    });
    for (const output of graph.outputs) for (const name of names_in(output)) this.last_use.set(name, Infinity);
  }

  root(name: string): string {
    let found = name;
    for (let view = this.views.get(found); view !== undefined; view = this.views.get(found)) found = view.parent;
    return found;
  }
}

function names_in(argument: Argument): string[] {
  switch (argument.type) {
    case 'as_tensors':
      return argument.value.map(({ name }) => name);
    case 'as_optional_tensors':
      return argument.value.flatMap((one) => (one.type === 'as_tensor' ? [one.value.name] : []));
    case 'as_sym_ints':
    case 'as_sym_floats':
    case 'as_sym_bools':
      return argument.value.flatMap((one) => (one.type === 'as_name' ? [one.value] : []));
    default: {
      const name = name_of(argument);
      return name === undefined ? [] : [name];
    }
  }
}

/** A conversion on its way. */
class Converting {
  readonly builder: GraphBuilder;
  private readonly problems: string[] = [];
  private readonly infos = new Map<string, ValueInfoProto>();
  /** Names of parameters by where their elements lie. */
  private readonly stored = new Map<string, string>();

  constructor(
    private readonly program: ExportedProgram,
    private readonly wanted: Conversion,
  ) {
    this.builder = new GraphBuilder(wanted.opset);
  }

  run(): Converted {
    const { graph: written } = this.program._written.graph_module;
    const int8 = new Set(
      Object.entries(this.program.graph_signature.inputs_to_buffers).flatMap(([name, target]) =>
        this.program.state_dict[target]?.dtype === dtypes.int8 ? [name] : [],
      ),
    );
    const graph = with_quantized_products(written, (name) => int8.has(name));
    this.check_operators(graph);
    const scope = new Scope(graph);
    for (const name of graph.tensor_values.keys()) this.builder.fresh(name);
    const parameters = new Map<string, Tensor>();
    const inputs = this.inputs(scope, parameters);
    this.nodes(scope);
    if (this.problems.length > 0) {
      throw new OnnxExporterError(
        `export(): ${this.problems.length} calls cannot be exported to ONNX:\n${this.problems.join('\n')}`,
      );
    }
    const outputs = this.outputs(scope);
    return this.model(inputs, outputs, parameters);
  }

  /** @throws OnnxExporterError that names all operators that are missing */
  private check_operators(graph: Graph): void {
    const missing = new Map<string, number>();
    const visit = ({ nodes }: Graph): void => {
      for (const node of nodes) {
        if (!is_known(node)) missing.set(node.target, (missing.get(node.target) ?? 0) + 1);
        else if (node.target === grad_mode || node.target === cond) {
          for (const { arg } of node.inputs) if (arg.type === 'as_graph') visit(arg.value.graph);
        }
      }
    };
    visit(graph);
    if (missing.size === 0) return;
    const lines = Array.from(missing, ([target, count]) => `${target.replace(/^torch\.ops\./, '')} (${count} calls)`);
    throw new OnnxExporterError(
      `export(): ${missing.size} operators of the program have no equivalent for ONNX here:\n${lines.sort().join('\n')}`,
    );
  }

  // ---- Inputs and outputs -----------------------------------------------------------------------

  private dimension(size: SymInt): DimensionProto {
    if (size.type === 'as_int') return { dimValue: BigInt(size.value) };
    const symbol = symbol_name(size.value.expr_str);
    const renamed = symbol === undefined ? undefined : this.wanted.axes.get(symbol);
    if (renamed !== undefined) return { dimParam: renamed };
    const text = printed_expression(size.value.expr_str);
    return { dimParam: text.replace(/[A-Za-z_]\w*/g, (word) => this.wanted.axes.get(word) ?? word) };
  }

  private meta(graph: Graph, name: string): { dtype: DType; sizes: readonly SymInt[] } {
    const found = graph.tensor_values.get(name);
    if (found === undefined)
      throw new OnnxExporterError(`export(): the program does not describe its tensor '${name}'`);
    return { dtype: dtype_of_code(found.dtype, `export(): ${name}`), sizes: found.sizes };
  }

  private value_info(graph: Graph, name: string, as: string): ValueInfoProto {
    const { dtype, sizes } = this.meta(graph, name);
    const elemType = onnx_type(dtype);
    return { name: as, type: { tensorType: { elemType, shape: { dim: sizes.map((size) => this.dimension(size)) } } } };
  }

  private described(graph: Graph, name: string, as: string): Value {
    const { dtype, sizes } = this.meta(graph, name);
    return { name: as, dtype, sizes: sizes.map((size) => (size.type === 'as_int' ? Number(size.value) : -1)) };
  }

  private inputs(scope: Scope, parameters: Map<string, Tensor>): ValueInfoProto[] {
    const { graph } = scope;
    const { input_specs } = this.program.graph_signature;
    const infos: ValueInfoProto[] = [];
    const names = [...this.wanted.input_names];
    const user_count = input_specs.filter(
      ({ kind }, i) => kind === 'USER_INPUT' && name_of(graph.inputs[i]!) !== undefined,
    ).length;
    if (names.length > user_count) {
      throw new OnnxExporterError(
        `export(): input_names has ${names.length} names, but the model takes ${user_count} inputs`,
      );
    }
    graph.inputs.forEach((input, i) => {
      const name = name_of(input);
      const { kind, target } = input_specs[i]!;
      if (name === undefined) return;
      if (kind !== 'USER_INPUT') {
        const tensor = this.program.state_dict[target!] ?? this.program.constants[target!];
        if (tensor === undefined) throw new OnnxExporterError(`export(): inputs of the kind ${kind} are not supported`);
        const own = this.parameter(target!, tensor, parameters);
        scope.values.set(name, { name: own, dtype: tensor.dtype, sizes: [...tensor.shape] });
        return;
      }
      const given = names.shift();
      const own =
        given === undefined
          ? input.type === 'as_tensor'
            ? name
            : this.builder.fresh(name)
          : this.builder.fresh(given);
      if (given !== undefined && own !== given && given !== name) {
        throw new OnnxExporterError(`export(): the name '${given}' of an input is taken`);
      }
      const final = given ?? own;
      if (input.type === 'as_tensor') {
        scope.values.set(name, this.described(graph, name, final));
        infos.push(this.value_info(graph, name, final));
        return;
      }
      const dtype = { as_sym_int: dtypes.int64, as_sym_float: dtypes.float32, as_sym_bool: dtypes.bool }[
        input.type as string
      ];
      if (dtype === undefined)
        throw new OnnxExporterError(`export(): an input of the kind '${input.type}' is not supported`);
      scope.values.set(name, { name: final, dtype });
      infos.push({ name: final, type: { tensorType: { elemType: onnx_type(dtype), shape: { dim: [] } } } });
    });
    return infos;
  }

  /** The name of a parameter or buffer: that of another which is the same tensor, so that tied weights are stored once. */
  private parameter(target: string, tensor: Tensor, parameters: Map<string, Tensor>): string {
    const place = [tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride()].map(String).join(' ');
    const known = tensor.numel() > 0 ? this.stored.get(place) : undefined;
    if (known !== undefined) return known;
    const own = this.builder.fresh(target);
    parameters.set(own, tensor);
    this.stored.set(place, own);
    return own;
  }

  private outputs(scope: Scope): ValueInfoProto[] {
    const { graph } = scope;
    const specs = this.program.graph_signature.output_specs;
    const infos: ValueInfoProto[] = [];
    const names = [...this.wanted.output_names];
    const taken = new Set<string>();
    const produced = new Set(this.builder.nodes.flatMap(({ output }) => output));
    graph.outputs.forEach((output, i) => {
      // Buffers that the program changes are not outputs of a model.
      if (specs[i]!.kind !== 'USER_OUTPUT') return;
      const name = name_of(output);
      // None and constants are not outputs either, as in Python.
      if (name === undefined) return;
      const value = scope.values.get(name);
      if (value === undefined) {
        throw new OnnxExporterError(`export(): the output '${name}' is a result of an operator that is not given here`);
      }
      if (typeof value !== 'object') return;
      const final = this.output_name(scope, name, value.name, names.shift(), taken, produced);
      if (output.type === 'as_tensor') infos.push(this.value_info(graph, name, final));
      else infos.push({ name: final, type: { tensorType: { elemType: onnx_type(value.dtype), shape: { dim: [] } } } });
    });
    if (names.length > 0) {
      const count = this.wanted.output_names.length;
      throw new OnnxExporterError(
        `export(): output_names has ${count} names, but the model returns ${count - names.length} outputs`,
      );
    }
    return infos;
  }

  /** The name of an output: the one that was asked for, and one of its own for what an input or another output is too. */
  private output_name(
    scope: Scope,
    name: string,
    value: string,
    given: string | undefined,
    taken: Set<string>,
    produced: ReadonlySet<string>,
  ): string {
    let own = value;
    if (!produced.has(own) || taken.has(own)) {
      this.builder.prefix = name;
      own = this.builder.node('Identity', [own]);
    }
    const final = given ?? own;
    if (final !== own) this.rename(own, final);
    taken.add(final);
    if (final !== own && own === value) {
      for (const [its, other] of scope.values) {
        if (typeof other === 'object' && other.name === own) scope.values.set(its, { ...other, name: final });
      }
    }
    return final;
  }

  private rename(from: string, to: string, start = 0): void {
    const other = this.builder.is_taken(to) && this.builder.nodes.some(({ output }) => output.includes(to));
    if (other) this.rename(to, this.builder.fresh(`${to}_inner`));
    const renamed = (name: string): string => (name === from ? to : name);
    for (const node of this.builder.nodes.slice(start)) rename_in(node, renamed);
    const info = this.infos.get(from);
    this.infos.delete(from);
    if (info !== undefined) this.infos.set(to, { ...info, name: to });
  }

  // ---- Nodes ------------------------------------------------------------------------------------

  private nodes(scope: Scope): void {
    scope.graph.nodes.forEach((node, i) => {
      const start = this.builder.nodes.length;
      this.builder.prefix = node.outputs.flatMap(names_in)[0] ?? node.name ?? 'value';
      try {
        this.node(scope, node, i, start);
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        const target = node.target.replace(/^torch\.ops\./, '');
        this.problems.push(`${target} (${this.builder.prefix}): ${error.message} is not supported`);
        // Others are looked at too, for one error that names them all.
        for (const name of node.outputs.flatMap(names_in)) {
          const known = scope.graph.tensor_values.has(name);
          scope.values.set(name, known ? this.described(scope.graph, name, name) : { name, dtype: dtypes.int64 });
        }
      }
      this.describe(node, start);
    });
  }

  /** Notes on nodes where in the program they come from, as Python's exporter does. */
  private describe(node: Node, start: number): void {
    const noted = [
      ['pkg.torch.onnx.fx_node', node.name ?? ''],
      ['pkg.torch.onnx.target', node.target],
      ['pkg.torch.onnx.nn_module_stack', node.metadata.get('nn_module_stack') ?? ''],
      ['pkg.torch.onnx.stack_trace', node.metadata.get('stack_trace') ?? ''],
    ].filter(([, value]) => value !== '') as [string, string][];
    for (const made of this.builder.nodes.slice(start)) {
      made.metadataProps = noted.map(([key, value]) => ({ key, value }));
    }
  }

  private node(scope: Scope, node: Node, place: number, start: number): void {
    const short = /^torch\.ops\.aten\.(\w+)\./.exec(node.target)?.[1] ?? '';
    if (checks.has(short)) return;
    const args = new Map(node.inputs.map(({ name, arg }) => [name, this.resolved(scope, arg)] as const));
    if (node.target === grad_mode) {
      this.inline(scope, node);
      return;
    }
    if (node.target === cond) {
      this.branches(scope, node);
      return;
    }
    const result_names = node.outputs.flatMap(names_in);
    if (numbers.has(short)) {
      const value = this.number(short, args, scope, result_names[0]);
      if (result_names[0] !== undefined) scope.values.set(result_names[0], value);
      return;
    }
    const operator = operator_of(node.target);
    if (operator === undefined) {
      const values = [...args.values()] as Number_[];
      const value = symbolic_operator(node.target)(this.builder, ...values);
      if (result_names[0] !== undefined) scope.values.set(result_names[0], value);
      return;
    }
    const described = result_names.map((name) => this.described(scope.graph, name, name));
    const call = new Call(this.builder, node.target, args, described);
    const results = [operator.converter(call)].flat() as Result[];
    const is_view = Object.hasOwn(views, operator.name) && !operator.changes;
    const source = this.source_of(node);
    described.forEach((value, i) => {
      const made = results[i];
      if (typeof made !== 'string') return;
      const name = this.named(made, result_names[i]!, start);
      scope.values.set(value.name, { ...value, name });
      this.infos.set(name, this.value_info(scope.graph, result_names[i]!, name));
    });
    if (is_view && source !== undefined) {
      result_names.forEach((name, i) => {
        scope.views.set(name, {
          parent: source,
          make: (parent) => this.view_again(operator, node, args, described, parent, i),
        });
      });
    }
    if (operator.changes && source !== undefined) this.change(scope, source, result_names[0], place, described[0]);
  }

  /** The tensor that is the first argument of a node. */
  private source_of(node: Node): string | undefined {
    const first = node.inputs[0]?.arg;
    return first?.type === 'as_tensor' ? first.value.name : undefined;
  }

  /** Calls a result by the name that it has in the program, when a node of its own makes it. */
  private named(made: string, wanted: string, start: number): string {
    const own = this.builder.nodes.slice(start).some(({ output }) => output.includes(made));
    if (!own || made === wanted || this.infos.has(wanted)) return made;
    const renamed = (name: string): string => (name === made ? wanted : name);
    for (const node of this.builder.nodes.slice(start)) {
      node.input = node.input.map(renamed);
      if (node.output.includes(made)) node.name = `node_${wanted}`;
      node.output = node.output.map(renamed);
    }
    return wanted;
  }

  private view_again(
    operator: Operator,
    node: Node,
    args: ReadonlyMap<string, Resolved>,
    described: readonly Value[],
    parent: Value,
    i: number,
  ): string {
    const outputs = described.map((value) => ({ ...value, dtype: parent.dtype }));
    const again = new Map(args).set(node.inputs[0]!.name, parent);
    const made = ([operator.converter(new Call(this.builder, node.target, again, outputs))].flat() as Result[])[i];
    if (typeof made !== 'string') throw new Unsupported('a view that is not a tensor');
    return made;
  }

  /**
   * An operator has changed a tensor: whoever shares its memory and is used later changes too. Where it is a view, its
   * elements are set in what it is a view of.
   */
  private change(
    scope: Scope,
    changed: string,
    result: string | undefined,
    place: number,
    described: Value | undefined,
  ): void {
    if (result === undefined || described === undefined) return;
    const value = scope.values.get(result) as Value;
    const before = scope.values.get(changed) as Value;
    const after: Value = { ...before, name: this.builder.cast(value.name, value.dtype, before.dtype) };
    const root = scope.root(changed);
    const shares = [...new Set([root, ...scope.views.keys()])].filter(
      (name) =>
        name !== changed && name !== result && scope.root(name) === root && (scope.last_use.get(name) ?? -1) > place,
    );
    scope.values.set(changed, after);
    scope.views.set(result, { parent: changed, make: (parent) => parent.name });
    if (shares.length === 0) return;
    let base = after;
    if (changed !== root) {
      base = this.written_back(scope, root, changed, after);
      scope.values.set(root, base);
    }
    for (const name of shares) {
      if (name !== root)
        scope.values.set(name, { ...(scope.values.get(name) as Value), name: this.replay(scope, name, base) });
    }
  }

  /** A view made again of the tensor at the root of all views. */
  private replay(scope: Scope, name: string, root: Value): string {
    const view = scope.views.get(name);
    if (view === undefined) return root.name;
    const parent = scope.values.get(view.parent) as Value;
    return view.make({ ...parent, dtype: root.dtype, name: this.replay(scope, view.parent, root) });
  }

  /** The root with the elements of a view: the view of the places of its elements says where they go. */
  private written_back(scope: Scope, root: string, view: string, value: Value): Value {
    const { builder } = this;
    const base = scope.values.get(root) as Value;
    const shape = builder.shape(base);
    const size = builder.node('ReduceProd', [shape], { keepdims: 0 });
    const all = builder.node('Range', [builder.int(0), size, builder.int(1)]);
    const places: Value = { ...base, dtype: dtypes.int64, name: builder.node('Reshape', [all, shape]) };
    const flat = (name: string): string => builder.reshape(name, [-1]);
    const found = builder.node(
      'ScatterElements',
      [flat(base.name), flat(this.replay(scope, view, places)), flat(value.name)],
      { axis: 0 },
    );
    return { ...base, name: builder.node('Reshape', [found, shape]) };
  }

  private number(
    short: string,
    args: ReadonlyMap<string, Resolved>,
    scope: Scope,
    result: string | undefined,
  ): Number_ {
    const self = args.get('self') as Value;
    const { builder } = this;
    if (short === 'sym_size') return builder.size(self, Number(args.get('dim')));
    if (short === 'sym_numel') return { name: builder.node('Size', [self.name]), dtype: dtypes.int64 };
    const graph = scope.graph;
    const dtype = graph.sym_float_values.has(result ?? '')
      ? dtypes.float32
      : graph.sym_bool_values.has(result ?? '')
        ? dtypes.bool
        : dtypes.int64;
    return { name: builder.cast(builder.reshape(self.name, []), self.dtype, dtype), dtype };
  }

  /** `with torch.no_grad()` within a program: the graph inside runs as it is. */
  private inline(scope: Scope, node: Node): void {
    const inner = node.inputs.find(({ arg }) => arg.type === 'as_graph')?.arg;
    if (inner?.type !== 'as_graph') throw new Unsupported('a graph that is not there');
    const { graph } = inner.value;
    const own = new Scope(graph);
    const operands = node.inputs.slice(node.inputs.findIndex(({ arg }) => arg.type === 'as_graph') + 1);
    graph.inputs.forEach((input, i) => {
      const name = name_of(input);
      if (name !== undefined) own.values.set(name, this.resolved(scope, operands[i]!.arg) as Value);
    });
    this.nodes(own);
    const results = graph.outputs.map((output) => own.values.get(name_of(output) ?? '')!);
    node.outputs.flatMap(names_in).forEach((name, i) => scope.values.set(name, results[i]!));
  }

  /** `torch.cond`: an `If`, whose graphs take what they need from outside by its name. */
  private branches(scope: Scope, node: Node): void {
    const { prefix } = this.builder;
    const [pred, yes, no, operands] = node.inputs.map(({ arg }) => arg) as [Argument, Argument, Argument, Argument];
    const given = this.resolved(scope, operands) as readonly Value[];
    const graphs = [yes, no].map((argument) => {
      if (argument.type !== 'as_graph') throw new Unsupported('a branch that is not there');
      return this.branch(argument.value.name, argument.value.graph, given);
    });
    this.builder.prefix = prefix;
    const names = node.outputs.flatMap(names_in);
    const condition = this.resolved(scope, pred) as Value;
    const is_true = this.builder.cast(this.builder.reshape(condition.name, []), condition.dtype, dtypes.bool);
    const results = this.builder.nodes_of('If', [is_true], names.length);
    const type = AttributeType.GRAPH;
    this.builder.nodes
      .at(-1)!
      .attribute.push(...graphs.map((g, i) => ({ name: i === 0 ? 'then_branch' : 'else_branch', type, g })));
    names.forEach((name, i) => scope.values.set(name, this.described(scope.graph, name, results[i]!)));
  }

  private branch(name: string, graph: Graph, operands: readonly Value[]): GraphProto {
    const own = new Scope(graph);
    graph.inputs.forEach((input, i) => {
      const its = name_of(input);
      if (its !== undefined) own.values.set(its, operands[i]!);
    });
    const start = this.builder.nodes.length;
    this.nodes(own);
    const output = graph.outputs.map((argument) => {
      const its = name_of(argument) ?? '';
      const value = own.values.get(its);
      if (typeof value !== 'object') throw new Unsupported('a branch that returns what is not a tensor');
      this.builder.prefix = its;
      return this.value_info(graph, its, this.builder.node('Identity', [value.name]));
    });
    return { node: this.builder.nodes.splice(start), name, initializer: [], input: [], output, valueInfo: [] };
  }

  private resolved(scope: Scope, argument: Argument): Resolved {
    const value = (name: string): Resolved => {
      const found = scope.values.get(name);
      if (found === undefined)
        throw new Unsupported(`the value '${name}', which an operator before it does not give here,`);
      return found;
    };
    switch (argument.type) {
      case 'as_tensor':
        return value(argument.value.name);
      case 'as_tensors':
        return argument.value.map(({ name }) => value(name));
      case 'as_optional_tensor':
        return argument.value.type === 'as_tensor' ? value(argument.value.value.name) : null;
      case 'as_optional_tensors':
        return argument.value.map((one) => (one.type === 'as_tensor' ? value(one.value.name) : null));
      case 'as_sym_int':
      case 'as_sym_float':
      case 'as_sym_bool':
        return argument.value.type === 'as_name' ? value(argument.value.value) : argument.value.value;
      case 'as_sym_ints':
      case 'as_sym_floats':
      case 'as_sym_bools':
        return argument.value.map((one) => (one.type === 'as_name' ? value(one.value) : one.value));
      case 'as_scalar_type':
        return dtype_of_code(argument.value, 'export()');
      case 'as_int':
      case 'as_float':
      case 'as_bool':
      case 'as_string':
      case 'as_ints':
      case 'as_floats':
      case 'as_bools':
      case 'as_strings':
        return argument.value;
      // Layouts, devices and memory formats change no values.
      case 'as_none':
      case 'as_layout':
      case 'as_device':
      case 'as_memory_format':
      case 'as_graph':
        return null;
      default:
        throw new Unsupported(`an argument of the kind '${argument.type}'`);
    }
  }

  // ---- The model --------------------------------------------------------------------------------

  private model(input: ValueInfoProto[], output: ValueInfoProto[], parameters: ReadonlyMap<string, Tensor>): Converted {
    const needed = new Set(output.map(({ name }) => name));
    const node = this.builder.nodes
      .toReversed()
      .filter((one) => {
        if (!one.output.some((name) => needed.has(name))) return false;
        for (const name of all_inputs(one)) needed.add(name);
        return true;
      })
      .reverse();
    const tensors = new Map<string, Tensor>();
    for (const [name, value] of parameters) if (needed.has(name)) tensors.set(name, value.detach());
    for (const { name, value } of this.builder.constants) if (needed.has(name)) tensors.set(name, value);
    const made = new Set(node.flatMap((one) => one.output));
    const outputs = new Set(output.map(({ name }) => name));
    const initializer = Array.from(tensors, ([name, value]): TensorProto => {
      return { dims: [...value.shape].map(BigInt), dataType: onnx_type(value.dtype), name };
    });
    return {
      tensors,
      model: {
        irVersion: IR_VERSION,
        opsetImport: [{ domain: '', version: BigInt(this.wanted.opset) }],
        producerName: 'torch-node',
        producerVersion: native.version_of_libtorch(),
        graph: {
          name: 'main_graph',
          node,
          initializer,
          input,
          output,
          valueInfo: Array.from(this.infos.values()).filter(({ name }) => made.has(name) && !outputs.has(name)),
        },
        metadataProps: [],
      },
    };
  }
}

/**
 * The model of a program.
 * @throws OnnxExporterError that names all operators that ONNX, or this converter, does not have
 */
export function convert(program: ExportedProgram, wanted: Conversion): Converted {
  return new Converting(program, wanted).run();
}
