/** `torch.export`: programs that Python's `torch.export` made and saved. Exporting itself is Python's own. */
import { define_kind, signature } from '../_internal/signature.js';
import { is_plain_object } from '../_internal/plain_object.js';
import type { Tail } from '../_internal/arguments.js';
import { type ProgramSource, read_archive } from './archive.js';
import { ExportedProgram } from './exported_program.js';

export * from '../absent/export.js';
export type { ProgramSource } from './archive.js';
export type { CallTree } from './call_spec.js';
export { ExportedProgram, type ModuleOptions, type ValueRanges } from './exported_program.js';
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
 * Archives of version 0 with schema 8 are read, as PyTorch 2.9 and later write them; 2.13 and 2.14 are tested.
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
  const contents = read_archive(f);
  for (const [name, version] of Object.entries(expected_opset_version ?? {})) {
    const found = contents.program.opset_version.get(name);
    if (found !== version) {
      throw new Error(`Compiler doesn't support opset version ${found} of namespace ${name}, but ${version}`);
    }
  }
  const program = new ExportedProgram(contents);
  if (is_plain_object(extra_files)) Object.assign(extra_files, contents.extra_files);
  return program;
}
