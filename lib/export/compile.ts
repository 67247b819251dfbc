/**
 * From the graph of a program to the description of which the addon makes a list of native calls (native/export/). Each
 * value of the graph gets a slot; the last node that takes it empties the slot.
 */
import { Kind } from '../generated/shared_numbers.js';
import type { Tagged } from '../_C/native.js';
import { device_name, dtype_of_code, layout_of_code, memory_format_of_code } from './numbers.js';
import type { Argument, Graph, Node } from './schema.js';

/** A node for the addon. */
export interface NodeDescription {
  /** The operator of numbers, the higher-order operator, `size`, `assert`, or of others anything. */
  target: string;
  /** Of an operator: as the dispatcher knows it. */
  name?: string;
  overload?: string;
  arguments: readonly (readonly [name: string, value: Tagged])[];
  /** A slot, -1 for a value that nothing takes, or the slots of a list. */
  results: (number | number[])[];
  /** What an assertion says. */
  text?: string;
}

/** A graph for the addon. */
export interface GraphDescription {
  slots: number;
  inputs: number[];
  nodes: NodeDescription[];
  outputs: Tagged[];
}

const none: Tagged = [Kind.none, null];
const int = (value: number | bigint): Tagged => [typeof value === 'bigint' ? Kind.bigint : Kind.int, value];
const float = (value: number): Tagged => [Kind.float, value];
const bool = (value: boolean): Tagged => [Kind.bool, value];
const string = (value: string): Tagged => [Kind.string, value];
const list = (values: readonly Tagged[]): Tagged => [Kind.list, values];

/** The name of a value in a graph; undefined for a constant. */
export function name_of(argument: Argument): string | undefined {
  switch (argument.type) {
    case 'as_tensor':
    case 'as_custom_obj':
      return argument.value.name;
    case 'as_sym_int':
    case 'as_sym_float':
    case 'as_sym_bool':
      return argument.value.type === 'as_name' ? argument.value.value : undefined;
    case 'as_optional_tensor':
      return argument.value.type === 'as_tensor' ? argument.value.value.name : undefined;
    default:
      return undefined;
  }
}

/** The value of a constant among inputs or outputs. @throws Error for what is no constant */
export function constant_value(argument: Argument, where: string): number | bigint | boolean | string | null {
  switch (argument.type) {
    case 'as_none':
      return null;
    case 'as_int':
    case 'as_float':
    case 'as_bool':
    case 'as_string':
      return argument.value;
    case 'as_sym_int':
    case 'as_sym_float':
    case 'as_sym_bool':
      if (argument.value.type !== 'as_name') return argument.value.value;
      break;
    case 'as_optional_tensor':
      if (argument.value.type === 'as_none') return null;
      break;
  }
  throw new Error(`${where} cannot be a value of the kind '${argument.type}'`);
}

/** Operators that open files, or take sizes, strides and indices without asking whether they lie in a tensor's memory. */
const reaches_outside =
  /^(?:(?:inductor|static_runtime|symm_mem|_test)::|aten::(?:from_file$|_nested_view_from_|_sparse_\w+_unsafe$))/;

/** A graph on its way to its description. */
export class GraphCompiler {
  readonly nodes: NodeDescription[] = [];
  private readonly slot_of = new Map<string, number>();
  private slots = 0;
  private readonly inputs: number[];

  constructor(
    private readonly graph: Graph,
    private readonly where: string,
  ) {
    this.inputs = graph.inputs.map((input, i) => {
      const name = name_of(input);
      if (name !== undefined) return this.define(name);
      constant_value(input, `${where}: input ${i}`);
      return this.new_slot();
    });
  }

  /** A slot for a value without a name. */
  new_slot(): number {
    return this.slots++;
  }

  private define(name: string): number {
    const slot = this.new_slot();
    this.slot_of.set(name, slot);
    return slot;
  }

  /** The value with a name. @throws Error when nothing has made it */
  value(name: string): Tagged {
    const slot = this.slot_of.get(name);
    if (slot === undefined) throw new Error(`${this.where}: there is no value '${name}'`);
    return [Kind.slot, slot, false];
  }

  /** The value of an input. */
  input(i: number): Tagged {
    return [Kind.slot, this.inputs[i]!, false];
  }

  add(node: NodeDescription): void {
    this.nodes.push(node);
  }

  /** The nodes of the graph itself. */
  add_nodes(): void {
    for (const node of this.graph.nodes) this.add(this.described(node));
  }

  /** The description, once all nodes are there. */
  finish(outputs: Tagged[]): GraphDescription {
    const seen = new Set<number>();
    const last_use = (value: Tagged): void => {
      if (value[0] === (Kind.slot as number)) {
        const slot = value[1] as number;
        value[2] = !seen.has(slot);
        seen.add(slot);
      } else if (value[0] === (Kind.list as number)) {
        for (const element of (value[1] as Tagged[]).toReversed()) last_use(element);
      }
    };
    const taken = (slot: number): number => (seen.has(slot) ? slot : -1);
    for (const output of outputs.toReversed()) last_use(output);
    for (const node of this.nodes.toReversed()) {
      node.results = node.results.map((result) => (Array.isArray(result) ? result.map(taken) : taken(result)));
      for (const [, value] of node.arguments.toReversed()) last_use(value);
    }
    return { slots: this.slots, inputs: this.inputs.map(taken), nodes: this.nodes, outputs };
  }

  /** The description of the graph as it is, for graphs within graphs. */
  compile(): GraphDescription {
    this.add_nodes();
    return this.finish(this.graph.outputs.map((output) => this.tagged(output, `${this.where}: an output`)));
  }

  private described(node: Node): NodeDescription {
    const where = `${this.where}: ${node.name ?? node.target}`;
    const args = node.inputs.map(({ name, arg }) => [name, this.tagged(arg, where)] as const);
    // Names first mean the results from here on: a node cannot take what it makes.
    const results = node.outputs.map((output) => this.result(output, where));
    const described = { target: node.target, arguments: args, results };
    const operator = /^torch\.ops\.([^.]+)\.([^.]+)\.([^.]+)$/.exec(node.target);
    if (operator === null) {
      if (!/^(_operator|math|torch)\.[\w.]+$/.test(node.target)) throw unsupported(where, node.target);
      return described;
    }
    const [, namespace, name, overload] = operator;
    if (namespace === 'higher_order') throw unsupported(where, node.target);
    if (reaches_outside.test(`${namespace}::${name}`)) {
      throw new Error(
        `${where}: the operator ${node.target} reaches files or memory outside of a program, and is refused`,
      );
    }
    const names = node.inputs.map((input) => input.name);
    const twice = names.find((its, i) => names.indexOf(its) < i);
    if (twice !== undefined) throw new Error(`${where}: ${namespace}::${name} has the argument '${twice}' twice`);
    return {
      ...described,
      name: `${namespace}::${name}`,
      overload: overload === 'default' ? '' : overload!,
      // An operator that returns nothing is written with a result that is None.
      results: node.outputs.every(({ type }) => type === 'as_none') ? [] : results,
    };
  }

  private result(output: Argument, where: string): number | number[] {
    const name = name_of(output);
    if (name !== undefined) return this.define(name);
    switch (output.type) {
      case 'as_none':
      case 'as_optional_tensor':
        return this.new_slot();
      case 'as_tensors':
        return output.value.map(({ name: element }) => this.define(element));
      case 'as_optional_tensors':
        return output.value.map((element) =>
          element.type === 'as_tensor' ? this.define(element.value.name) : this.new_slot(),
        );
      case 'as_sym_ints':
      case 'as_sym_floats':
      case 'as_sym_bools':
        return output.value.map((element) =>
          element.type === 'as_name' ? this.define(element.value) : this.new_slot(),
        );
      case 'as_int':
      case 'as_float':
      case 'as_bool':
      case 'as_sym_int':
      case 'as_sym_float':
      case 'as_sym_bool':
        // A number that the export has found to be the same whatever the inputs are.
        return this.new_slot();
      case 'as_ints':
      case 'as_floats':
      case 'as_bools':
        return output.value.map(() => this.new_slot());
      default:
        throw new Error(`${where}: a result of the kind '${output.type}' is not supported`);
    }
  }

  private symbolic(
    argument:
      | { readonly type: 'as_name'; readonly value: string }
      | { readonly type: 'as_int'; readonly value: number | bigint }
      | { readonly type: 'as_float'; readonly value: number }
      | { readonly type: 'as_bool'; readonly value: boolean },
  ): Tagged {
    switch (argument.type) {
      case 'as_name':
        return this.value(argument.value);
      case 'as_int':
        return int(argument.value);
      case 'as_float':
        return float(argument.value);
      case 'as_bool':
        return bool(argument.value);
    }
  }

  /** An argument for the addon. */
  tagged(argument: Argument, where: string): Tagged {
    switch (argument.type) {
      case 'as_none':
        return none;
      case 'as_tensor':
        return this.value(argument.value.name);
      case 'as_tensors':
        return list(argument.value.map(({ name }) => this.value(name)));
      case 'as_nested_tensors':
        return list(argument.value.map((inner) => list(inner.map(({ name }) => this.value(name)))));
      case 'as_optional_tensor':
        return argument.value.type === 'as_tensor' ? this.value(argument.value.value.name) : none;
      case 'as_optional_tensors':
        return list(argument.value.map((one) => (one.type === 'as_tensor' ? this.value(one.value.name) : none)));
      case 'as_int':
        return int(argument.value);
      case 'as_ints':
        return list(argument.value.map(int));
      case 'as_int_lists':
        return list(argument.value.map((inner) => list(inner.map(int))));
      case 'as_float':
        return float(argument.value);
      case 'as_floats':
        return list(argument.value.map(float));
      case 'as_float_lists':
        return list(argument.value.map((inner) => list(inner.map(float))));
      case 'as_bool':
        return bool(argument.value);
      case 'as_bools':
        return list(argument.value.map(bool));
      case 'as_string':
        return string(argument.value);
      case 'as_strings':
        return list(argument.value.map(string));
      case 'as_complex':
        return [Kind.complex, [argument.value.real, argument.value.imag]];
      case 'as_scalar_type':
        return [Kind.dtype, dtype_of_code(argument.value, where).code];
      case 'as_layout':
        return [Kind.layout, layout_of_code(argument.value, where).code];
      case 'as_memory_format':
        return [Kind.memory_format, memory_format_of_code(argument.value, where).code];
      case 'as_device':
        return [Kind.device, device_name(argument.value)];
      case 'as_sym_int':
      case 'as_sym_float':
      case 'as_sym_bool':
        return this.symbolic(argument.value);
      case 'as_sym_ints':
      case 'as_sym_floats':
      case 'as_sym_bools':
        return list(argument.value.map((element) => this.symbolic(element)));
      case 'as_graph':
        return [Kind.graph, new GraphCompiler(argument.value.graph, `${this.where}: ${argument.value.name}`).compile()];
      default:
        throw new Error(`${where}: an argument of the kind '${argument.type}' is not supported`);
    }
  }
}

function unsupported(where: string, target: string): Error {
  return new Error(`${where}: the operator ${target} is not supported`);
}
