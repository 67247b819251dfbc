/** `torch.export`: modules as programs, and the files of those, which Python's `torch.export` reads and writes too. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Sink, write_durably } from '../_internal/io/durable_file.js';
import { define_kind, signature } from '../_internal/signature.js';
import { is_plain_object } from '../_internal/plain_object.js';
import type { Tail } from '../_internal/arguments.js';
import { type ProgramSource, read_archive } from './archive.js';
import type { NodeURL } from '../_internal/node_types.js';
import type { Module } from '../nn/modules/module.js';
import { ExportedProgram } from './exported_program.js';
import { exported } from './exporting.js';
import { write_archive } from './saving.js';

export * from '../absent/export.js';
export type { ProgramSource } from './archive.js';
export type { CallTree } from './call_spec.js';
export { CustomDecompTable, default_decompositions } from './decomposition_table.js';
export type { Decomposition, DecompositionTable } from './decomposition_table.js';
export { Dim, type DerivedDim, type DimHint } from './dim.js';
export {
  ExportedProgram,
  type ModuleOptions,
  type RunDecompositionsOptions,
  type ValueRanges,
} from './exported_program.js';
export type { ExportedGraph, GraphNode, NodeArgument, Written } from './graph.js';
export { ExportGraphSignature, type InputSpec, type OutputSpec } from './graph_signature.js';
export type { ArgumentSpec, InputKind, OutputKind } from './graph_signature.js';
export type { GraphModule } from './module.js';

/** The options of {@link load}. */
export interface LoadOptions {
  /** Files in the archive: their names become keys, their contents values. Default null. */
  extra_files?: Record<string, string> | null;
  /** The versions of sets of operators that are expected: those of a program are compared with them. Default null. */
  expected_opset_version?: Readonly<Record<string, number>> | null;
}

define_kind('ExportedProgram', 'ExportedProgram', (value) => value instanceof ExportedProgram);

const LOAD = signature<LoadOptions & { f: ProgramSource }>(
  'load',
  'f: str|URL|bytes, *, extra_files?: dict|None, expected_opset_version?: dict|None',
);

/**
 * Loads a program that Python's `torch.export.save` saved. Mirrors `torch.export.load`.
 *
 * ```ts
 * const program = torch.export.load('model.pt2');
 * const model = program.module();             // a module: callable, with parameters to train
 * const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
 * model(x).sum().backward();
 * optimizer.step();
 * ```
 *
 * No code of the file is run: operators are those of libtorch, and those that have been registered by `torch.library`.
 * Archives of version 0 with schema 8 are read, as PyTorch 2.8 and later write them; 2.8 to 2.14 are tested.
 *
 * @param f - the path of a `.pt2` file, or its bytes
 * @param options - `extra_files`, `expected_opset_version`; see {@link LoadOptions}
 * @throws Error when the file is damaged, was made by a version with another format, or needs what is not here: operators
 * that are not known, objects of other classes
 * @example
 * ```ts
 * const program = torch.export.load('net.pt2');
 * const model = program.module();
 * (model(torch.ones(3, 2)) as torch.Tensor).sum().backward();
 * for (const [name, parameter] of model.named_parameters()) print(name, parameter.grad);
 * ```
 * ```python
 * program = torch.export.load('net.pt2')
 * model = program.module()
 * model(torch.ones(3, 2)).sum().backward()
 * for name, parameter in model.named_parameters():
 *     print(name, parameter.grad)
 * ```
 */
export function load(f: ProgramSource, ...options: Tail<[], LoadOptions>): ExportedProgram;
export function load(options: LoadOptions & { f: ProgramSource }): ExportedProgram;
export function load(...args: unknown[]): ExportedProgram {
  const { f, extra_files, expected_opset_version } = LOAD.read(args);
  const contents = not_too_deep(() => read_archive(f));
  for (const [name, version] of Object.entries(expected_opset_version ?? {})) {
    const found = contents.program.opset_version.get(name);
    if (found !== version) {
      throw new Error(`Compiler doesn't support opset version ${found} of namespace ${name}, but ${version}`);
    }
  }
  const program = not_too_deep(() => new ExportedProgram(contents));
  if (is_plain_object(extra_files)) Object.assign(extra_files, contents.extra_files);
  return program;
}

/** Reads what a file nests. @throws Error where that takes more than the stack */
function not_too_deep<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError && /call stack/.test(error.message))) throw error;
    throw new Error('load(): the program is nested too deeply', { cause: error });
  }
}

/** The options of {@link export_}. */
export interface ExportOptions {
  /** Inputs by name. Default null. */
  kwargs?: Readonly<Record<string, unknown>> | null;
  /**
   * Which sizes of the inputs may vary: of each input, by position or by name, an object from dimensions to {@link Dim}, or a
   * Dim of each dimension; null where none does. Default null: all sizes are those of the examples.
   */
  dynamic_shapes?: unknown;
  /** Must be false, the default: the module is run, and its source is not read. */
  strict?: boolean;
  /** Module names whose signatures are kept: must be empty, the default. */
  preserve_module_call_signature?: readonly string[];
  /** Must be false, the default. */
  prefer_deferred_runtime_asserts_over_guards?: boolean;
}

interface ExportArguments extends ExportOptions {
  mod: Module;
  args: readonly unknown[];
}

define_kind('example_inputs', 'tuple', (value) => Array.isArray(value));

const EXPORT = signature<ExportArguments>(
  'export',
  'mod: Module, args: example_inputs, kwargs?: dict|None, *, dynamic_shapes?: any, strict?: bool, ' +
    'preserve_module_call_signature?: example_inputs, prefer_deferred_runtime_asserts_over_guards?: bool',
);

/**
 * A program of what a module does with examples of its inputs. Mirrors `torch.export.export` with `strict=False`.
 *
 * The module runs with copies of the examples, and its calls of libtorch's operators are recorded: `nn.Linear` is one
 * `aten.linear`, as in Python. Its parameters and buffers are those of the program, without copies; what the run changes in
 * them is put back, and so is the state of the random numbers. Arrays among inputs and outputs are tuples in Python.
 *
 * Numbers, texts and sizes that the module computes with are constants of the program. Sizes in `dynamic_shapes` vary: the
 * module runs with other sizes too, and the program has the expressions that give the sizes of all runs.
 *
 * @param mod - the module
 * @param args - the inputs by position: tensors, numbers, booleans, texts, null, and arrays and objects of those
 * @param options - `kwargs`, `dynamic_shapes`, `strict`; see {@link ExportOptions}
 * @returns the program: it prints as Python's, `module()` runs it, {@link save} saves it
 * @throws Error where the module reads values of tensors (`item()`, `tolist()`), with the place; where its calls depend on
 * sizes that vary, and in a region of autocast
 * @throws TypeError for an input of another kind
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(3, 2), new nn.ReLU());
 * const batch = new torch.export.Dim('batch');
 * const program = torch.export.export(model, [torch.ones(4, 3)], { dynamic_shapes: [{ 0: batch }] });
 * print(program.graph_signature.parameters); // ['0.weight', '0.bias']
 * print((program.module()(torch.ones(5, 3)) as torch.Tensor).shape); // torch.Size([5, 2])
 * ```
 */
function export_(
  mod: Module,
  args: readonly unknown[],
  kwargs?: Readonly<Record<string, unknown>> | null,
): ExportedProgram;
function export_(
  mod: Module,
  args: readonly unknown[],
  ...options: Tail<[kwargs: Readonly<Record<string, unknown>> | null], ExportOptions>
): ExportedProgram;
function export_(options: ExportArguments): ExportedProgram;
function export_(...given: unknown[]): ExportedProgram {
  const {
    mod,
    args,
    kwargs,
    dynamic_shapes = null,
    strict = false,
    preserve_module_call_signature = [],
    prefer_deferred_runtime_asserts_over_guards = false,
  } = EXPORT.read(given);
  if (strict) throw new Error('export(): strict: true reads the bytecode of Python; strict: false is supported');
  if (preserve_module_call_signature.length > 0 || prefer_deferred_runtime_asserts_over_guards) {
    throw new Error(
      'export(): preserve_module_call_signature and prefer_deferred_runtime_asserts_over_guards are not supported',
    );
  }
  return new ExportedProgram(exported({ module: mod, args, kwargs: kwargs ?? {}, dynamic_shapes, callee: 'export' }));
}

export { export_ as export };

/** Where {@link save} writes: a path, or an object whose `write` receives the bytes in order. */
export type ProgramTarget = string | NodeURL | Sink;

/** The options of {@link save}. */
export interface SaveProgramOptions {
  /** Files to add to the archive, by their names. Default null. */
  extra_files?: Readonly<Record<string, string>> | null;
  /** Versions of sets of operators: must be null, the default, or those of the program. */
  opset_version?: Readonly<Record<string, number>> | null;
}

const SAVE = signature<SaveProgramOptions & { ep: ExportedProgram; f: ProgramTarget }>(
  'save',
  'ep: ExportedProgram, f: str|URL|Sink, *, extra_files?: dict|None, opset_version?: dict|None',
);

/**
 * Saves a program, for {@link load} and for Python's `torch.export.load`. Mirrors `torch.export.save`.
 *
 * @param ep - the program
 * @param f - a path, `.pt2` by convention, or an object with `write(bytes)`
 * @param options - `extra_files`, `opset_version`; see {@link SaveProgramOptions}
 * @throws TypeError unless `ep` is an ExportedProgram
 * @throws Error when the file cannot be written
 * @example
 * ```ts
 * const chunks: Uint8Array[] = [];
 * const program = torch.export.export(new nn.ReLU(), [torch.ones(2)]);
 * torch.export.save(program, { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) });
 * print(torch.export.load(Buffer.concat(chunks)).module()(torch.tensor([-1, 0.5]))); // tensor([0.0000, 0.5000])
 * ```
 */
export function save(ep: ExportedProgram, f: ProgramTarget, options?: SaveProgramOptions): void;
export function save(ep: ExportedProgram, options: SaveProgramOptions & { f: ProgramTarget }): void;
export function save(options: SaveProgramOptions & { ep: ExportedProgram; f: ProgramTarget }): void;
export function save(...args: unknown[]): void {
  const { ep, f, extra_files, opset_version } = SAVE.read(args);
  for (const [name, version] of Object.entries(opset_version ?? {})) {
    const own = ep._written.opset_version.get(name);
    if (own !== version)
      throw new Error(`save(): the program has version ${own} of the operators '${name}', not ${version}`);
  }
  const contents = {
    program: ep._written,
    state_dict: ep.state_dict,
    constants: ep.constants,
    example_inputs: ep.example_inputs,
    extra_files: Object.fromEntries(Object.entries(extra_files ?? {}).map(([name, text]) => [name, String(text)])),
  };
  if (typeof f !== 'string' && !(f instanceof URL)) {
    write_archive(f as Sink, 'archive', contents);
    return;
  }
  const path = f instanceof URL ? fileURLToPath(f) : f;
  write_durably(path, (sink) => write_archive(sink, basename(path).replace(/\.[^.]*$/, '') || 'archive', contents));
}
