/** `torch.jit`: TorchScript archives and traces. What compiles Python (`script`) is Python's own. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';

import { device_text, type DeviceLike } from '../types/device.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { define_kind, signature } from '../_internal/signature.js';
import { ScriptFunction } from './script_function.js';
import { ScriptModule, type ExtraFiles, type TensorModel } from './script_module.js';
import type { NodeURL } from '../_internal/node_types.js';

export * from './eager.js';
export * from './executor.js';
export { Future } from '../futures/index.js';
export { ScriptFunction } from './script_function.js';
export { ScriptModule } from './script_module.js';
export type { AsyncOptions, ExtraFiles, ScriptMethod, TensorModel } from './script_module.js';
export { TopLevelTracedModule, TracingCheckError, is_tracing, trace, trace_module } from './trace.js';
export type { TraceModuleOptions, TraceOptions, Traced, TracedMethods } from './trace.js';
export { NamedTuple, ScriptObject } from './values.js';
export type { ScriptValue } from './values.js';

/** The options of {@link load}. */
export interface LoadOptions {
  /** Device of the tensors. Default null: the one they were saved from. */
  map_location?: DeviceLike | null;
  /** Names of files in the archive, whose values are replaced by their contents, as Buffers. Default null. */
  _extra_files?: ExtraFiles | null;
  /** Must be false (the default): it is for tracing tools. */
  _restore_shapes?: boolean;
}

/** The options of {@link freeze}. */
export interface FreezeOptions {
  /** Attributes and methods to preserve. Default null. */
  preserved_attrs?: readonly string[] | null;
  /** Allow optimizations that change the last bits of results. Default true. */
  optimize_numerics?: boolean;
}

define_kind('Uint8Array', 'Uint8Array', (value) => types.isUint8Array(value));
define_kind('ScriptModule', 'ScriptModule', (value) => value instanceof ScriptModule);
define_kind('ScriptFunction', 'ScriptFunction', (value) => value instanceof ScriptFunction);

const LOAD = signature<LoadOptions & { f: string | NodeURL | Uint8Array }>(
  'load',
  'f: str|URL|Uint8Array, map_location?: device|None, _extra_files?: dict|None, _restore_shapes?: bool',
);
const SAVE = signature<{ m: ScriptModule | ScriptFunction; f: string; _extra_files?: ExtraFiles | null }>(
  'save',
  'm: ScriptModule|ScriptFunction, f: str, _extra_files?: dict|None',
);
const FREEZE = signature<FreezeOptions & { mod: ScriptModule }>(
  'freeze',
  'mod: ScriptModule, preserved_attrs?: str[]|None, optimize_numerics?: bool',
);
const OPTIMIZE = signature<{ mod: ScriptModule; other_methods?: readonly string[] | null }>(
  'optimize_for_inference',
  'mod: ScriptModule, other_methods?: str[]|None',
);

function checked_path(f: string | NodeURL): string {
  const path = f instanceof URL ? fileURLToPath(f) : f;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`The provided filename ${path} does not exist`);
  if (found.isDirectory()) throw new Error(`The provided filename ${path} is a directory`);
  return path;
}

/**
 * Loads a TorchScript archive. Mirrors `torch.jit.load`.
 *
 * ```ts
 * const model = torch.jit.load('model.pt');                     // forward returns a Tensor
 * interface Tagger { forward(x: Tensor, mask?: Tensor): [Tensor, Tensor]; encode(x: Tensor): Tensor }
 * const tagger = torch.jit.load<Tagger>('tagger.pt');
 * const [scores, states] = await tagger.forward_async(x);
 * ```
 *
 * @param f - the path of the archive, or its bytes
 * @param options - `map_location`, `_extra_files`; see {@link LoadOptions}
 * @throws Error when there is no such file, or it is not a TorchScript archive
 * @example
 * ```ts
 * try {
 *   torch.jit.load('missing.pt');
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * try:
 *     torch.jit.load('missing.pt')
 * except ValueError as error:
 *     print(error)
 * ```
 */
export function load<M extends object = TensorModel>(
  f: string | NodeURL | Uint8Array,
  map_location?: DeviceLike | null,
  options?: LoadOptions,
): ScriptModule & M;
export function load<M extends object = TensorModel>(
  f: string | NodeURL | Uint8Array,
  ...options: Tail<[map_location: DeviceLike | null], LoadOptions>
): ScriptModule & M;
export function load<M extends object = TensorModel>(
  options: LoadOptions & { f: string | NodeURL | Uint8Array },
): ScriptModule & M;
export function load(...args: unknown[]): ScriptModule {
  const { f, map_location, _extra_files, _restore_shapes } = LOAD.read(args);
  if (_restore_shapes) throw new Error('load(): _restore_shapes=True is not in torch-node');
  const source = types.isUint8Array(f) ? f : checked_path(f);
  const device = map_location === undefined || map_location === null ? null : device_text(map_location);
  const names = Object.keys(_extra_files ?? {});
  const [module, ...contents] = native.jit_load(source, device, names);
  names.forEach((name, i) => {
    _extra_files![name] = contents[i]!;
  });
  return new ScriptModule(module);
}

/**
 * Writes a module to an archive that `torch.jit.load` reads, here and in Python. Mirrors `torch.jit.save`.
 *
 * @param m - the module, or a function that `torch.jit.trace` has made
 * @param f - the path of the archive
 * @param _extra_files - contents of additional files by name; default null
 * @throws Error when the file cannot be written
 * @example
 * ```ts
 * import { rmSync } from 'node:fs';
 * torch.jit.save(torch.jit.load('net.pt'), 'saved.pt', { _extra_files: { 'version.txt': '2' } });
 * const _extra_files: torch.jit.ExtraFiles = { 'version.txt': '' };
 * torch.jit.load('saved.pt', { _extra_files });
 * print(String(_extra_files['version.txt']));
 * rmSync('saved.pt');
 * ```
 * ```python
 * import os
 * torch.jit.save(torch.jit.load('net.pt'), 'saved.pt', _extra_files={'version.txt': '2'})
 * _extra_files = {'version.txt': ''}
 * torch.jit.load('saved.pt', _extra_files=_extra_files)
 * print(_extra_files['version.txt'].decode())
 * os.remove('saved.pt')
 * ```
 */
export function save(
  m: ScriptModule | ScriptFunction<never[]>,
  f: string,
  _extra_files?: ExtraFiles | null,
  options?: { _extra_files?: ExtraFiles | null },
): void;
export function save(
  m: ScriptModule | ScriptFunction<never[]>,
  f: string,
  ...options: Tail<[_extra_files: ExtraFiles | null], { _extra_files?: ExtraFiles | null }>
): void;
export function save(options: {
  m: ScriptModule | ScriptFunction<never[]>;
  f: string;
  _extra_files?: ExtraFiles | null;
}): void;
export function save(...args: unknown[]): void {
  const { m, f, _extra_files = null } = SAVE.read(args);
  m.save(f, { _extra_files: _extra_files ?? {} });
}

/**
 * A copy of a module in evaluation mode with inlined submodules, whose parameters and attributes are constants.
 * Mirrors `torch.jit.freeze`.
 *
 * @param mod - a module in evaluation mode
 * @param preserved_attrs - attributes and methods to preserve; default null
 * @param optimize_numerics - allow optimizations that change the last bits of results; default true
 * @throws Error when the module is in training mode
 * @example
 * ```ts
 * const model = torch.jit.freeze(torch.jit.load('net.pt').eval());
 * print(model(torch.ones(1, 2)), [...model.parameters()]);
 * ```
 * ```python
 * model = torch.jit.freeze(torch.jit.load('net.pt').eval())
 * print(model(torch.ones(1, 2)), list(model.parameters()))
 * ```
 */
export function freeze<M extends ScriptModule>(
  mod: M,
  preserved_attrs?: readonly string[] | null,
  optimize_numerics?: boolean,
  options?: FreezeOptions,
): M;
export function freeze<M extends ScriptModule>(
  mod: M,
  ...options: Tail<[preserved_attrs: readonly string[] | null, optimize_numerics: boolean], FreezeOptions>
): M;
export function freeze<M extends ScriptModule>(options: FreezeOptions & { mod: M }): M;
export function freeze(...args: unknown[]): ScriptModule {
  const { mod, preserved_attrs = null, optimize_numerics = true } = FREEZE.read(args);
  return mod._freeze(preserved_attrs, optimize_numerics);
}

/**
 * A frozen copy of a module, optimized for inference. Mirrors `torch.jit.optimize_for_inference`.
 *
 * @param mod - the module; it is put into evaluation mode, as in Python
 * @param other_methods - methods besides `forward` to preserve and optimize; default null
 * @throws Error when the module has no such method
 * @example
 * ```ts
 * const model = torch.jit.optimize_for_inference(torch.jit.load('net.pt').eval());
 * print(model(torch.ones(1, 2)));
 * ```
 * ```python
 * model = torch.jit.optimize_for_inference(torch.jit.load('net.pt').eval())
 * print(model(torch.ones(1, 2)))
 * ```
 */
export function optimize_for_inference<M extends ScriptModule>(
  mod: M,
  other_methods?: readonly string[] | null,
  options?: { other_methods?: readonly string[] | null },
): M;
export function optimize_for_inference<M extends ScriptModule>(
  mod: M,
  ...other_methods: Tail<[other_methods: readonly string[] | null], { other_methods?: readonly string[] | null }>
): M;
export function optimize_for_inference(...args: unknown[]): ScriptModule {
  const { mod, other_methods = null } = OPTIMIZE.read(args);
  return mod._optimize_for_inference(other_methods ?? []);
}

export * from '../absent/jit.js';
