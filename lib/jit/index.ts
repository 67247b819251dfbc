/** `torch.jit`: TorchScript archives. What compiles Python (`script`, `trace`) is Python's own. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';

import { device_text, type DeviceLike } from '../device.js';
import { native } from '../native.js';
import { bind, type Tail } from '../nn/arguments.js';
import { kind_of } from '../nn/representation.js';
import { ScriptModule, type ExtraFiles, type TensorModel } from './script_module.js';
import type { NodeURL } from '../_internal/node_types.js';

export { ScriptModule } from './script_module.js';
export type { AsyncOptions, ExtraFiles, ScriptMethod, TensorModel } from './script_module.js';
export { NamedTuple, ScriptObject } from './values.js';
export type { ScriptValue } from './values.js';

/** What {@link load} takes by name. */
export interface LoadOptions {
  /** The device on which the tensors shall be; the one that they were saved from when left out. */
  map_location?: DeviceLike | null;
  /** Names of files in the archive: their contents, as a Buffer, take the place of the values. */
  _extra_files?: ExtraFiles | null;
}

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
 * @example
 * ```ts
 * const model = torch.jit.load('model.pt');                     // one that gives a Tensor
 * interface Tagger { forward(x: Tensor, mask?: Tensor): [Tensor, Tensor]; encode(x: Tensor): Tensor }
 * const tagger = torch.jit.load<Tagger>('tagger.pt');
 * const [scores, states] = await tagger.forward_async(x);
 * ```
 * @param f - the path of the archive, or its bytes
 * @throws Error when there is no such file, or when it is no TorchScript archive
 */
export function load<M extends object = TensorModel>(
  f: string | NodeURL | Uint8Array, ...args: Tail<[map_location: DeviceLike | null], LoadOptions>
): ScriptModule & M {
  const { map_location, _extra_files } = bind<LoadOptions>('load', ['map_location', '_extra_files'], args);
  if (typeof f !== 'string' && !(f instanceof URL) && !types.isUint8Array(f)) {
    throw new TypeError(`load(): argument 'f' must be str or Uint8Array, not ${kind_of(f)}`);
  }
  const source = types.isUint8Array(f) ? f : checked_path(f);
  const device = map_location === undefined || map_location === null ? null : device_text(map_location);
  const names = Object.keys(_extra_files ?? {});
  const [module, ...contents] = native.jit_load(source, device, names);
  names.forEach((name, i) => { _extra_files![name] = contents[i]!; });
  return new ScriptModule(module) as ScriptModule & M;
}

function script_module(callee: string, name: string, module: unknown): ScriptModule {
  if (module instanceof ScriptModule) return module;
  throw new TypeError(`${callee}(): argument '${name}' must be ScriptModule, not ${kind_of(module)}`);
}

/** Writes an archive that `torch.jit.load` reads. Mirrors `torch.jit.save`. @throws Error when it cannot be written */
export function save(m: ScriptModule, f: string, options: { _extra_files?: ExtraFiles } = {}): void {
  script_module('save', 'm', m).save(f, options);
}

/**
 * A copy of a module in evaluation mode in which submodules are inlined, and parameters and attributes are constants,
 * except those in `preserved_attrs`. Mirrors `torch.jit.freeze`.
 * @throws Error when the module is in training mode
 */
export function freeze<M extends ScriptModule>(
  mod: M,
  ...args: Tail<[preserved_attrs: readonly string[] | null, optimize_numerics: boolean],
    { preserved_attrs?: readonly string[] | null; optimize_numerics?: boolean }>
): M {
  const { preserved_attrs = null, optimize_numerics = true } =
    bind<{ preserved_attrs?: readonly string[] | null; optimize_numerics?: boolean }>(
      'freeze', ['preserved_attrs', 'optimize_numerics'], args);
  return script_module('freeze', 'mod', mod)._freeze(preserved_attrs, optimize_numerics) as M;
}

/**
 * A frozen copy of a module, rewritten so that it runs faster. Mirrors `torch.jit.optimize_for_inference`.
 * @param other_methods - methods beside `forward` that shall be kept and rewritten
 */
export function optimize_for_inference<M extends ScriptModule>(mod: M, other_methods: readonly string[] | null = null): M {
  return script_module('optimize_for_inference', 'mod', mod)._optimize_for_inference(other_methods ?? []) as M;
}
