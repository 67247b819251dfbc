/** Programs that `torch.export` made. */
import { native } from '../_C/native.js';
import { define_kind, signature } from '../_internal/signature.js';
import type { Tagged } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import type { Overload } from '../_ops.js';
import type { Tensor } from '../_tensor.js';
import type { QuantizingRequest } from './quantizing.js';
import type { ArchiveContents } from './archive.js';
import { CallTree } from './call_spec.js';
import { constant_value, GraphCompiler, name_of } from './compile.js';
import { type Decomposition, default_decompositions, type DecompositionTable } from './decomposition_table.js';
import { ExportGraphSignature } from './graph_signature.js';
import { GuardCompiler, type GuardInput } from './guards.js';
import {
  type CompiledProgram,
  type GraphInput,
  type GraphOutput,
  GraphModule,
  type ProgramTensor,
  type UserInput,
} from './module.js';
import { ExportedGraph } from './graph.js';
import type { Argument, SymInt, WrittenProgram } from './schema.js';
import { printed_expression, symbol_name } from './expressions.js';

/** The options of {@link ExportedProgram.module}. */
export interface ModuleOptions {
  /** Check the sizes and numbers among the inputs of each call. Default true. */
  check_guards?: boolean;
}

/** The range of a size that varies: `VR[2, 64]`. */
export class ValueRanges {
  /** @internal */
  constructor(
    /** The least value; -Infinity for none. */
    readonly lower: number,
    /** The largest value; Infinity for none. */
    readonly upper: number,
  ) {}

  toString(): string {
    const shown = (bound: number): string =>
      Number.isFinite(bound) ? String(bound) : bound > 0 ? 'int_oo' : '-int_oo';
    return `VR[${shown(this.lower)}, ${shown(this.upper)}]`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The options of {@link ExportedProgram.run_decompositions}. */
export interface RunDecompositionsOptions {
  /** Which operators are decomposed, and into what. Default null: {@link default_decompositions}. */
  decomp_table?: DecompositionTable | null;
  /** Must be false, the default. */
  decompose_custom_triton_ops?: boolean;
}

const MODULE = signature<ModuleOptions>('module', 'check_guards?: bool');

define_kind('DecompositionTable', 'dict', (value) => value instanceof Map);
const RUN_DECOMPOSITIONS = signature<{
  decomp_table?: ReadonlyMap<Overload, Decomposition> | null;
  decompose_custom_triton_ops?: boolean;
}>('run_decompositions', 'decomp_table?: DecompositionTable|None, decompose_custom_triton_ops?: bool');

/**
 * A program that Python's `torch.export` made: {@link load} returns one. Mirrors `torch.export.ExportedProgram`.
 *
 * `module()` makes a module of it that runs and trains; the program itself is not callable. What it consists of can be
 * read: `graph_signature` says what the inputs and outputs of the graph are, `graph_module.graph.nodes` are its calls, and
 * it prints as in Python.
 * @example
 * ```ts
 * const program = torch.export.load('net.pt2');
 * print(program.graph_signature.parameters);
 * print(program.graph);
 * print(program.module()(torch.ones(3, 2)));
 * ```
 * ```python
 * program = torch.export.load('net.pt2')
 * print(list(program.graph_signature.parameters))
 * print(program.graph)
 * print(program.module()(torch.ones(3, 2)))
 * ```
 */
export class ExportedProgram {
  readonly graph_signature: ExportGraphSignature;
  /** Parameters and persistent buffers by their names in the module. */
  readonly state_dict: Readonly<Record<string, Tensor>>;
  /** Constants, and buffers that are not in the `state_dict`, by their names. */
  readonly constants: Readonly<Record<string, Tensor>>;
  /** The sizes that may vary, and how far. */
  readonly range_constraints: ReadonlyMap<string, ValueRanges>;
  /** The structures of what `module()` takes and returns. */
  readonly call_spec: { readonly in_spec: CallTree; readonly out_spec: CallTree };
  /** The inputs of the export, when they are of classes that are known here; else null. */
  readonly example_inputs: readonly [args: unknown, kwargs: unknown] | null;
  /** The version of torch that exported it. */
  readonly torch_version: string;
  /** The kind of program: `'TRAINING'`, or `'ATEN'` after decompositions. */
  readonly dialect: string;
  /** The graph, to read. */
  readonly graph_module: { readonly graph: ExportedGraph };
  /** @internal */
  readonly _written!: WrittenProgram;
  /** Whether the inputs of the export are known. @internal */
  readonly _has_examples!: boolean;
  private readonly compiled!: Map<boolean, CompiledProgram>;

  /** @internal use `torch.export.load` */
  constructor(contents: ArchiveContents) {
    const { program, state_dict, constants, example_inputs } = contents;
    const { signature: written, module_call_graph, treespec_namedtuple_fields } = program.graph_module;
    const call = module_call_graph.find(({ fqn }) => fqn === '')?.signature;
    if (!call) throw new Error('load(): the program does not say what it takes and returns');
    this.graph_signature = new ExportGraphSignature(written.input_specs, written.output_specs);
    this.state_dict = state_dict;
    this.constants = constants;
    this.range_constraints = new Map(
      Array.from(program.range_constraints, ([name, { min_val, max_val }]) => [
        name,
        new ValueRanges(min_val === null ? -Infinity : Number(min_val), max_val === null ? Infinity : Number(max_val)),
      ]),
    );
    this.call_spec = {
      in_spec: CallTree.parse(call.in_spec, treespec_namedtuple_fields),
      out_spec: CallTree.parse(call.out_spec, treespec_namedtuple_fields),
    };
    this.example_inputs = example_inputs !== null && example_inputs[0] !== null ? example_inputs : null;
    this.torch_version = program.torch_version;
    this.dialect = program.verifiers[0] ?? 'TRAINING';
    this.graph_module = { graph: ExportedGraph._of(program.graph_module) };
    Object.defineProperty(this, '_written', { value: program });
    Object.defineProperty(this, '_has_examples', { value: example_inputs !== null });
    Object.defineProperty(this, 'compiled', { value: new Map() });
    check_signature(program);
    this.compile(this._has_examples);
  }

  /** The graph, to read. */
  get graph(): ExportedGraph {
    return this.graph_module.graph;
  }

  /** The parameters, in the order of the graph. */
  *parameters(...none: []): IterableIterator<Tensor> {
    for (const [, parameter] of this.named_parameters(...none)) yield parameter;
  }

  /** The parameters with their names, in the order of the graph. */
  *named_parameters(...none: []): IterableIterator<[name: string, parameter: Tensor]> {
    NO_ARGUMENTS.named_parameters.read(none);
    for (const name of this.graph_signature.parameters) yield [name, this.tensor(name)];
  }

  /** The buffers, in the order of the graph. */
  *buffers(...none: []): IterableIterator<Tensor> {
    for (const [, buffer] of this.named_buffers(...none)) yield buffer;
  }

  /** The buffers with their names, in the order of the graph. */
  *named_buffers(...none: []): IterableIterator<[name: string, buffer: Tensor]> {
    NO_ARGUMENTS.named_buffers.read(none);
    for (const name of this.graph_signature.buffers) yield [name, this.tensor(name)];
  }

  /**
   * A module that runs the program, with the program's own parameters and buffers. Mirrors
   * `torch.export.ExportedProgram.module`.
   * @param check_guards - check the sizes and numbers among the inputs; default true
   */
  module(...options: Tail<[check_guards: boolean], ModuleOptions>): GraphModule;
  module(...args: unknown[]): GraphModule {
    const { check_guards = true } = MODULE.read(args);
    const tensors = this.graph_signature.input_specs.flatMap(({ kind, target, persistent }): ProgramTensor[] => {
      if (target === null) return [];
      const tensor = this.tensor(target);
      if (kind === 'PARAMETER') return [{ name: target, tensor, kind: 'parameter' }];
      if (kind !== 'BUFFER') return [{ name: target, tensor, kind: 'constant' }];
      return [{ name: target, tensor, kind: persistent === false ? 'transient buffer' : 'buffer' }];
    });
    return new GraphModule(this.compile(check_guards && this._has_examples), tensors, (model, request) =>
      this.requantized(model, request).module(check_guards),
    );
  }

  /**
   * The program without operators that libtorch makes of others, without changes in place, and without the operators of a table:
   * another program, with the same parameters and buffers. Mirrors `torch.export.ExportedProgram.run_decompositions`.
   *
   * The graph runs once for the sizes of the examples, and a few times more where sizes vary; where the examples are not known, with
   * zeros. Buffers and inputs that the program changes become outputs that are copied there, as `graph_signature` says.
   *
   * @param decomp_table - from overloads of `torch.ops` to functions that do their work by others; default what
   * {@link default_decompositions} returns. With an empty Map, operators stay that can
   * @param options - `decompose_custom_triton_ops`: must be false, the default
   * @throws Error for programs in which something depends on values of tensors, for inputs that are numbers that vary, and for
   * operators of functions other than `cond`, `while_loop`, `map` and `scan`: these are for Python to decompose
   * @example
   * ```ts
   * const program = torch.export.export(new nn.Linear(3, 2), [torch.ones(1, 3)]).run_decompositions();
   * for (const { op, name } of program.graph.nodes) if (op === 'call_function') print(name);
   * ```
   * ```python
   * program = torch.export.export(torch.nn.Linear(3, 2), (torch.ones(1, 3),)).run_decompositions()
   * for node in program.graph.nodes:
   *     if node.op == 'call_function':
   *         print(node.name)
   * ```
   */
  run_decompositions(
    ...options: Tail<[decomp_table: DecompositionTable | null], RunDecompositionsOptions>
  ): ExportedProgram;
  run_decompositions(...args: unknown[]): ExportedProgram {
    const { decomp_table, decompose_custom_triton_ops = false } = RUN_DECOMPOSITIONS.read(args);
    if (decompose_custom_triton_ops) throw new Error('run_decompositions(): there are no operators of Triton here');
    const { decomposed } = require('./decomposing.js') as typeof import('./decomposing.js');
    return new ExportedProgram(decomposed(this, decomp_table ?? default_decompositions()));
  }

  toString(): string {
    const graph = this.graph.print_readable().replaceAll('\n', '\n    ');
    const described = String(this.graph_signature).replaceAll('\n', '\n    ');
    const ranges = Array.from(this.range_constraints, ([name, range]) => `${name}: ${range}`).join(', ');
    return `ExportedProgram:\n    ${graph}\nGraph signature: ${described}\nRange constraints: {${ranges}}\n`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** One of the program's tensors. @throws Error when the archive does not have it */
  private tensor(name: string): Tensor {
    for (const place of [this.state_dict, this.constants]) {
      if (Object.hasOwn(place, name)) return place[name]!;
    }
    throw new Error(`load(): the archive has no tensor '${name}'`);
  }

  /** The program with the tensors of one of its modules, and linear layers with weights of 8 bits. */
  private requantized(model: GraphModule, request: Omit<QuantizingRequest, 'program'>): ExportedProgram {
    const { quantized_program } = require('./quantizing.js') as typeof import('./quantizing.js');
    const { program, weights } = quantized_program({ ...request, program: this._written });
    const tensors = new Map<string, Tensor>([...model.named_parameters(), ...model.named_buffers()]);
    const present = (of: Readonly<Record<string, Tensor>>): [string, Tensor][] =>
      Object.entries(of).map(([name, tensor]) => [name, tensors.get(name) ?? tensor]);
    const added = [...weights].flatMap(([name, { weight, scale }]): [string, Tensor][] => [
      [name, weight],
      [name.replace(/weight$/, 'scale'), scale],
    ]);
    return new ExportedProgram({
      program,
      state_dict: Object.fromEntries([...present(this.state_dict), ...added]),
      constants: Object.fromEntries(present(this.constants)),
      example_inputs: this.example_inputs,
      extra_files: {},
    });
  }

  private compile(check_guards: boolean): CompiledProgram {
    const known = this.compiled.get(check_guards);
    if (known !== undefined) return known;
    const made = this.compile_program(check_guards);
    this.compiled.set(check_guards, made);
    return made;
  }

  private compile_program(check_guards: boolean): CompiledProgram {
    const { graph } = this._written.graph_module;
    const { input_specs } = this.graph_signature;
    const { in_spec, out_spec } = this.call_spec;
    const user = input_specs.flatMap(({ kind }, i) => (kind === 'USER_INPUT' ? [i] : []));
    if (in_spec.num_leaves !== user.length || in_spec.children.length !== 2) {
      throw new Error(`load(): the program takes ${in_spec.num_leaves} values, but its graph ${user.length}`);
    }
    const user_inputs = this.user_inputs(user.map((i) => graph.inputs[i]!));
    const compiler = new GraphCompiler(graph, 'load()');
    if (check_guards) this.add_guards(compiler, user, user_inputs);
    compiler.add_nodes();
    const { outputs, results } = this.outputs(compiler);
    if (out_spec.num_leaves !== outputs.length) {
      throw new Error(`load(): the program returns ${out_spec.num_leaves} values, but its graph ${outputs.length}`);
    }
    return {
      native: native.export_compile(compiler.finish(results)),
      inputs: input_specs.map(({ kind, target }, i): GraphInput => {
        if (kind === 'USER_INPUT') return { user: user.indexOf(i) };
        if (target === null || kind === 'CUSTOM_OBJ' || kind === 'TOKEN') {
          throw new Error(`load(): an input of the kind ${kind} is not supported`);
        }
        this.tensor(target);
        return { state: target };
      }),
      user_inputs,
      outputs,
      in_spec,
      out_spec,
      check_guards,
      ranges: this.range_constraints,
    };
  }

  private user_inputs(inputs: readonly Argument[]): UserInput[] {
    const paths = this.input_paths();
    return inputs.map((argument, i) => {
      const { shown, path } = paths[i]!;
      if (name_of(argument) === undefined) {
        const value = constant_value(argument, `load(): input ${shown}`);
        const float = argument.type === 'as_float';
        return { kind: 'constant', value, float, shown, path, sizes: [], printed_sizes: '' };
      }
      const kinds = { as_tensor: 'tensor', as_sym_int: 'int', as_sym_float: 'float', as_sym_bool: 'bool' } as const;
      if (!Object.hasOwn(kinds, argument.type)) {
        throw new Error(`load(): input ${shown} cannot be of the kind '${argument.type}'`);
      }
      const sizes = this.sizes_of(argument);
      return {
        kind: kinds[argument.type as keyof typeof kinds],
        value: null,
        float: false,
        shown,
        path,
        sizes: sizes.map((size) => {
          if (size.type === 'as_int') return Number(size.value);
          return symbol_name(size.value.expr_str) ?? null;
        }),
        printed_sizes: sizes
          .map((size) => (size.type === 'as_int' ? String(size.value) : printed_expression(size.value.expr_str)))
          .join(', '),
      };
    });
  }

  private sizes_of(argument: Argument): readonly SymInt[] {
    const { tensor_values, sym_int_values } = this._written.graph_module.graph;
    const name = name_of(argument) ?? '';
    if (argument.type === 'as_tensor') {
      const meta = tensor_values.get(name);
      if (meta === undefined) throw new Error(`load(): the program does not describe its input '${name}'`);
      return meta.sizes;
    }
    const size = sym_int_values.get(name);
    return size === undefined ? [] : [size];
  }

  /** How the leaves of the inputs are called: in conditions, and in errors. */
  private input_paths(): { key: string; shown: string; path: string }[] {
    const { in_spec } = this.call_spec;
    const call = this._written.graph_module.module_call_graph.find(({ fqn }) => fqn === '')!.signature!;
    const [positional, keywords] = in_spec.children as [CallTree, CallTree];
    const names = call.forward_arg_names ?? [];
    const of = (tree: CallTree, name: string, outer: string): { key: string; shown: string; path: string }[] =>
      tree.paths().map((rest) => ({ key: `['${name}']${rest}`, shown: `${name}${rest}`, path: `${outer}${rest}` }));
    return [
      ...positional.children.flatMap((child, i) => of(child, names[i] ?? `arg_${i}`, `*args[${i}]`)),
      ...keywords.children.flatMap((child, i) => of(child, String(keywords.keys[i]), `'${keywords.keys[i]}'`)),
    ];
  }

  private add_guards(compiler: GraphCompiler, user: readonly number[], user_inputs: readonly UserInput[]): void {
    const { graph } = this._written.graph_module;
    const inputs: GuardInput[] = [];
    const slots: Tagged[] = [];
    const paths = this.input_paths();
    paths.forEach(({ key, shown }, i) => {
      // An element of *args is an argument of its own in the program.
      const variadic = /^\['(.+)_(\d+)'\](.*)$/s.exec(key);
      const keys = [
        key,
        `['flat_args'][${i}]`,
        ...(variadic ? [`['${variadic[1]}'][${variadic[2]}]${variadic[3]}`] : []),
      ];
      for (const its of keys) {
        inputs.push({ key: its, shown });
        slots.push(compiler.input(user[i]!));
      }
    });
    const guards = new GuardCompiler(compiler, inputs, slots);
    const sources = new Map<string, string>();
    const add_symbol = (size: SymInt | undefined, source: string): void => {
      const symbol = size?.type === 'as_expr' ? symbol_name(size.value.expr_str) : undefined;
      const range = symbol === undefined ? undefined : this.range_constraints.get(symbol);
      if (symbol === undefined || range === undefined) return;
      const first = sources.get(symbol);
      if (first !== undefined) {
        guards.add(`${source} == ${first}`);
        return;
      }
      sources.set(symbol, source);
      if (range.lower > 2) guards.add(`${source} >= ${range.lower}`);
      if (Number.isFinite(range.upper)) guards.add(`${source} <= ${range.upper}`);
    };
    user_inputs.forEach(({ kind }, i) => {
      const source = `L${paths[i]!.key}`;
      const sizes = this.sizes_of(graph.inputs[user[i]!]!);
      if (kind === 'int') add_symbol(sizes[0], source);
      if (kind !== 'tensor') return;
      sizes.forEach((size, dim) => {
        const its = `${source}.size()[${dim}]`;
        if (size.type === 'as_int') guards.add(`${its} == ${size.value}`);
        else add_symbol(size, its);
      });
    });
    for (const code of this._written.guards_code) guards.add(code);
  }

  /** What the module returns, and what the native call has to return for it. */
  private outputs(compiler: GraphCompiler): { outputs: GraphOutput[]; results: Tagged[] } {
    const { graph } = this._written.graph_module;
    const { input_specs, output_specs } = this.graph_signature;
    const input_of = new Map(graph.inputs.map((input, i) => [name_of(input), i] as const));
    // Outputs that replace a buffer or an input are copied there; who returns them too returns what was copied to.
    const copied = new Map<string, number>();
    output_specs.forEach(({ kind, target }, i) => {
      if (kind !== 'BUFFER_MUTATION' && kind !== 'PARAMETER_MUTATION' && kind !== 'USER_INPUT_MUTATION') return;
      const name = name_of(graph.outputs[i]!);
      const place =
        kind === 'USER_INPUT_MUTATION'
          ? input_specs.findIndex((spec) => spec.kind === 'USER_INPUT' && spec.arg.name === target)
          : input_specs.findIndex(
              (spec) => spec.target === target && spec.kind === (kind === 'BUFFER_MUTATION' ? 'BUFFER' : 'PARAMETER'),
            );
      if (place < 0 || name === undefined) throw new Error(`Could not find ${target} in either buffer or input nodes`);
      copied.set(name, place);
      compiler.add({
        target: 'torch.ops.aten.copy_.default',
        name: 'aten::copy_',
        overload: '',
        arguments: [
          ['self', compiler.input(place)],
          ['src', compiler.value(name)],
        ],
        results: [compiler.new_slot()],
      });
    });
    const results: Tagged[] = [];
    const outputs = output_specs.flatMap(({ kind }, i): GraphOutput[] => {
      if (kind.endsWith('_MUTATION')) return [];
      if (kind === 'TOKEN') throw new Error('load(): programs with tokens of effects are not supported');
      const argument = graph.outputs[i]!;
      const name = name_of(argument);
      if (name === undefined) return [{ constant: constant_value(argument, 'load(): an output') }];
      const tensor = argument.type === 'as_tensor';
      const input = copied.get(name) ?? (tensor ? input_of.get(name) : undefined);
      if (input !== undefined) return [{ input }];
      results.push(compiler.value(name));
      return [{ result: results.length - 1, tensor }];
    });
    return { outputs, results };
  }
}

const NO_ARGUMENTS = {
  named_parameters: signature<object>('named_parameters', ''),
  named_buffers: signature<object>('named_buffers', ''),
};

/** @throws Error when the signature is not that of the graph */
function check_signature({ graph_module: { graph, signature: written } }: WrittenProgram): void {
  if (written.input_specs.length !== graph.inputs.length || written.output_specs.length !== graph.outputs.length) {
    throw new Error('load(): the signature of the program is not that of its graph');
  }
}
