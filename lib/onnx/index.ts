/** `torch.onnx`: programs and modules as models of ONNX, for other runtimes and for web pages. */
import { fileURLToPath } from 'node:url';

import type { Tail } from '../_internal/arguments.js';
import type { NodeURL } from '../_internal/node_types.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { define_kind, no_arguments, signature } from '../_internal/signature.js';
import { is_absent } from '../absent/absent.js';
import * as exporting from '../export/index.js';
import { ExportedProgram } from '../export/exported_program.js';
import { name_of } from '../export/compile.js';
import { symbol_name } from '../export/expressions.js';
import type { Module } from '../nn/modules/module.js';
import { OnnxExporterError } from './errors.js';
import { ONNXProgram } from './program.js';
import { check_library } from './proto.js';

export { OnnxExporterError } from './errors.js';
export { ONNXProgram, type SaveOptions } from './program.js';
export type {
  AttributeProto,
  DimensionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  StringStringEntry,
  TensorProto,
  ValueInfoProto,
} from './proto.js';

/** The options of {@link export}. */
export interface ExportOptions {
  /** Keyword arguments of the module. Default null. */
  kwargs?: Readonly<Record<string, unknown>> | null;
  /** Print what is done. Default null: no. */
  verbose?: boolean | null;
  /** Names of the model's inputs, in order. Default null: those of the module's arguments. */
  input_names?: readonly string[] | null;
  /** Names of the model's outputs, in order. Default null: those of the operators that return them. */
  output_names?: readonly string[] | null;
  /** The set of operators, 18 to 21. Default null: 20. */
  opset_version?: number | null;
  /** Write the tensors into a file beside the model, `m.onnx.data`. Default true, as in Python. */
  external_data?: boolean;
  /**
   * The sizes that vary, for each argument: `[{ 0: 'batch' }]` or `{ x: { 0: 'batch' } }`; names, or what
   * `torch.export.export` takes. Default null.
   */
  dynamic_shapes?: DynamicShapes | null;
  /** Write the parameters. Default true. */
  export_params?: boolean;
  /** Make inputs of parameters too. Default false. */
  keep_initializers_as_inputs?: boolean;
}

/** The sizes that vary: by the name or the place of the argument. */
export type DynamicShapes = Readonly<Record<string, unknown>> | readonly unknown[];

define_kind('ONNXProgram', 'ONNXProgram', (value) => value instanceof ONNXProgram);

const EXPORT = signature<
  ExportOptions & { model: Module | ExportedProgram; args?: readonly unknown[]; f?: string | NodeURL | null }
>(
  'export',
  'model: Module|ExportedProgram, args?: any[], f?: str|URL|None, *, kwargs?: dict|None, verbose?: bool|None, ' +
    'input_names?: str[]|None, output_names?: str[]|None, opset_version?: int|None, external_data?: bool, ' +
    'dynamic_shapes?: dict|any[]|None, export_params?: bool, keep_initializers_as_inputs?: bool',
);

const DEFAULT_OPSET = 20;
const OPSETS = [18, 19, 20, 21];

let exports_running = 0;

/**
 * Exports a module, or a program of `torch.export`, as a model of ONNX. Mirrors `torch.onnx.export` with `dynamo=True`.
 *
 * ```ts
 * torch.onnx.export(model.eval(), [torch.randn(1, 1, 28, 28)], 'digits.onnx', {
 *   input_names: ['image'],
 *   output_names: ['scores'],
 *   dynamic_shapes: [{ 0: 'batch' }],
 * });
 * ```
 *
 * Needs the npm package `@bufbuild/protobuf`. A module is exported by `torch.export.export` first. Operators change to
 * those of ONNX: elementwise functions, reductions, views, indexing, convolutions, pools, norms, attention, recurrent
 * layers, resizing and losses. Dropout and other random operators are not exported: set the module to evaluation mode.
 *
 * @param model - the module, or the program
 * @param args - the positional arguments of the module; not used for a program
 * @param f - the path of the file; without it nothing is written
 * @param options - see {@link ExportOptions}
 * @returns the model
 * @throws OnnxExporterError that names all operators which cannot be exported
 * @throws Error when the package `@bufbuild/protobuf` is not installed
 * @example
 * ```ts
 * const program = torch.export.load('net.pt2');
 * const onnx_program = torch.onnx.export(program, [], null, { input_names: ['x'], output_names: ['y'] });
 * print(onnx_program.model_proto.graph.output[0]!.name); // y
 * ```
 */
function export_(
  model: Module | ExportedProgram,
  ...others: Tail<[args: readonly unknown[], f: string | NodeURL | null], ExportOptions>
): ONNXProgram;
function export_(
  options: ExportOptions & { model: Module | ExportedProgram; args?: readonly unknown[]; f?: string | NodeURL | null },
): ONNXProgram;
function export_(...given: unknown[]): ONNXProgram {
  const { model, args = [], f = null, ...options } = EXPORT.read(given);
  check_library('export()');
  // The converters of all operators, which nothing else needs: they would be read with every start of a program.
  const { convert } = require('./convert.js') as typeof import('./convert.js');
  const opset = options.opset_version ?? DEFAULT_OPSET;
  if (!OPSETS.includes(opset)) {
    throw new OnnxExporterError(`export(): opset_version must be one of ${OPSETS.join(', ')}, not ${opset}`);
  }
  exports_running++;
  try {
    const program = model instanceof ExportedProgram ? model : exported(model, args, options);
    const converted = convert(program, {
      opset,
      input_names: options.input_names ?? [],
      output_names: options.output_names ?? [],
      axes: names_of_axes(program, options.dynamic_shapes ?? null),
    });
    const made = new ONNXProgram(program, converted);
    if (options.verbose === true) console.log(String(made));
    if (f !== null) {
      made.save(f instanceof URL ? fileURLToPath(f) : f, {
        include_initializers: options.export_params ?? true,
        keep_initializers_as_inputs: options.keep_initializers_as_inputs ?? false,
        external_data: options.external_data ?? true,
      });
    }
    return made;
  } finally {
    exports_running--;
  }
}

export { export_ as export };

/**
 * Whether an export to ONNX runs. Mirrors `torch.onnx.is_in_onnx_export`.
 * @example
 * ```ts
 * print(torch.onnx.is_in_onnx_export()); // False
 * ```
 */
export function is_in_onnx_export(...none: []): boolean;
export function is_in_onnx_export(...none: unknown[]): boolean {
  no_arguments('is_in_onnx_export', none);
  return exports_running > 0;
}

/** `torch.export.export` of a module. */
function exported(
  module: Module,
  args: readonly unknown[],
  { kwargs, dynamic_shapes }: ExportOptions,
): ExportedProgram {
  const { export: run, Dim } = exporting as unknown as {
    export?: (module: Module, args: readonly unknown[], options: object) => ExportedProgram;
    Dim?: { DYNAMIC?: unknown };
  };
  if (run === undefined || is_absent(run)) {
    throw new OnnxExporterError(
      'export(): a module is exported by torch.export.export(), which is not there; give a program of torch.export.load()',
    );
  }
  // Names of sizes are for ONNX: torch.export is told that they vary.
  const unnamed = (value: unknown): unknown => {
    if (typeof value === 'string') return Dim?.DYNAMIC;
    if (Array.isArray(value)) return (value as unknown[]).map(unnamed);
    if (is_plain_object(value))
      return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, unnamed(its)]));
    return value;
  };
  return run(module, args, {
    ...(kwargs ? { kwargs } : {}),
    ...(dynamic_shapes ? { dynamic_shapes: unnamed(dynamic_shapes) } : {}),
  });
}

/** Which symbols of the program's sizes have which names. */
function names_of_axes(program: ExportedProgram, dynamic_shapes: DynamicShapes | null): Map<string, string> {
  const names = new Map<string, string>();
  if (dynamic_shapes === null) return names;
  const { graph } = program._written.graph_module;
  const inputs = program.graph_signature.input_specs.flatMap(({ kind }, i) =>
    kind === 'USER_INPUT' ? [name_of(graph.inputs[i]!)] : [],
  );
  const shapes: [string | undefined, unknown][] = Array.isArray(dynamic_shapes)
    ? flat_shapes(dynamic_shapes).map((shape, i) => [inputs[i], shape])
    : is_plain_object(dynamic_shapes)
      ? Object.values(dynamic_shapes)
          .flatMap((shape) => flat_shapes([shape]))
          .map((shape, i) => [inputs[i], shape])
      : [];
  for (const [input, shape] of shapes) {
    const sizes = graph.tensor_values.get(input ?? '')?.sizes ?? [];
    for (const [dim, name] of Object.entries(shape ?? {}) as [string, unknown][]) {
      const text = typeof name === 'string' ? name : (name as { __name__?: unknown } | null)?.__name__;
      const size = sizes[Number(dim)];
      const symbol = size?.type === 'as_expr' ? symbol_name(size.value.expr_str) : undefined;
      if (typeof text === 'string' && symbol !== undefined && !names.has(symbol)) names.set(symbol, text);
    }
  }
  return names;
}

/** The shapes of tensors in nested arguments: an object whose keys are numbers, or null, is one. */
function flat_shapes(value: readonly unknown[]): unknown[] {
  return value.flatMap((shape): unknown[] => {
    if (Array.isArray(shape)) return flat_shapes(shape as unknown[]);
    if (!is_plain_object(shape)) return [shape];
    const keys = Object.keys(shape);
    return keys.every((key) => /^\d+$/.test(key)) ? [shape] : flat_shapes(Object.values(shape));
  });
}
