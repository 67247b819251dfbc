/** Modules of TorchScript, which were written and compiled elsewhere. */
import { background_call, CallQueue, take_signal } from '../_C/call_queue.js';
import { write_durably } from '../_internal/io/durable_file.js';
import { native, type NativeModule, type Tagged } from '../_C/native.js';
import { Module } from '../nn/modules/module.js';
import { own_parameter, Parameter } from '../nn/parameter.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import type { Tensor } from '../_tensor.js';
import { is_tensor, wrap } from '../_C/tensor_base.js';
import { signature, type Signature } from '../_internal/signature.js';
import type { Tail } from '../_internal/arguments.js';
import { from_tagged, to_tagged, type ScriptValue } from './values.js';
import type { NodeAbortSignal, NodeBuffer } from '../_internal/node_types.js';

/** The options of a call in the background: a signal, and the keyword arguments of the method. */
export interface AsyncOptions {
  /** Aborting it rejects the promise; a call that has not started by then will not run. */
  signal?: NodeAbortSignal;
  readonly [name: string]: ScriptValue | NodeAbortSignal | undefined;
}

/** A method of a script. */
export interface ScriptMethod {
  (...args: unknown[]): unknown;
  /** The method as TorchScript writes it. */
  readonly code: string;
  /** Its graph of operators, as text. */
  readonly graph: string;
  /** Its name, arguments and results. */
  readonly schema: string;
}

/** The default type of a model's methods: `forward` returns a Tensor. */
export interface TensorModel {
  forward(...inputs: ScriptValue[]): Tensor;
}

/** Contents of files in an archive, by name. */
export type ExtraFiles = Record<string, string | Uint8Array>;

type Forward<M> = M extends { forward(...args: infer A): infer R }
  ? (...args: A) => R
  : (...args: unknown[]) => unknown;
type Needed<A extends unknown[]> = A extends [infer First, ...infer Rest] ? [First, ...Needed<Rest>] : [];
type AsyncArguments<A extends unknown[]> = A | [...Required<A>, AsyncOptions] | [...Needed<A>, AsyncOptions];

/** The state that the modules of one archive share. */
interface Archive {
  readonly queue: CallQueue;
  readonly exclusive: boolean;
  readonly modules: Map<bigint, ScriptModule>;
  /** Whether `torch.jit.trace` has made them: they print the names of their classes then. */
  readonly traced: boolean;
}

interface State {
  readonly native: NativeModule;
  readonly archive: Archive;
}

/** A method's parameters: their names, and whether an object can be one's value. */
type Parameters_ = readonly { readonly name: string; readonly takes_object: boolean }[];

const STATE: unique symbol = Symbol('state');
// The result of jit_tensor when the tensor is unchanged.
const SAME = -2;

const RUN_METHOD = signature<{ method: string }>('run_method', 'method: str');
const RUN_METHOD_ASYNC = signature<{ method: string }>('run_method_async', 'method: str');
const SAVE = signature<{ f: string; _extra_files?: ExtraFiles }>('save', 'f: str, _extra_files?: dict');
const SAVE_TO_BUFFER = signature<{ _extra_files?: ExtraFiles }>('save_to_buffer', '_extra_files?: dict');

/** The name of a method, and the arguments for it, which are whatever its schema says. */
function method_and_arguments(
  its: Signature<{ method: string }>,
  [method, ...args]: readonly unknown[],
): [string, ...unknown[]] {
  return [its.read([method]).method, ...args];
}

/**
 * A module of TorchScript; `torch.jit.load` gives one. Mirrors `torch.jit.ScriptModule`.
 *
 * It is a module like any other: callable, with parameters that optimizers train, `state_dict`, `to`, `train`, `eval`. Its
 * attributes are properties, its exported methods are methods. Attributes cannot be added, and those of a script have the
 * types that they were compiled with.
 *
 * Arguments: arrays are lists or tuples, plain objects and Maps are dicts. A plain object at the end holds keyword
 * arguments, unless the parameter in its place takes a dict.
 * @example
 * ```ts
 * const model = torch.jit.load('net.pt');
 * print(model);
 * print(model(torch.ones(1, 2)), await model.forward_async(torch.ones(1, 2)));
 * ```
 * ```python
 * model = torch.jit.load('net.pt')
 * print(model)
 * print(model(torch.ones(1, 2)), model.forward(torch.ones(1, 2)))
 * ```
 */
export class ScriptModule extends Module {
  /** @internal */
  declare readonly [STATE]: State;

  /** @internal use `torch.jit.load` */
  constructor(module: NativeModule, archive?: Archive, traced = false) {
    super();
    const exclusive = archive?.exclusive ?? native.jit_exclusive(module);
    const state: State = {
      native: module,
      archive: archive ?? { queue: new CallQueue(), exclusive, modules: new Map(), traced },
    };
    Object.defineProperty(this, STATE, { value: state });
    state.archive.modules.set(native.jit_identity(module), this);
    define_members(this, state);
  }

  /**
   * The name of the class that was compiled.
   * @example
   * ```ts
   * print(torch.jit.load('net.pt').original_name);
   * ```
   * ```python
   * print(torch.jit.load('net.pt').original_name)
   * ```
   */
  get original_name(): string {
    return native.jit_original_name(this[STATE].native);
  }

  /**
   * `forward` as TorchScript writes it.
   * @example
   * ```ts
   * print(torch.jit.load('net.pt').code);
   * ```
   * ```python
   * print(torch.jit.load('net.pt').code)
   * ```
   */
  get code(): string {
    return native.jit_text(this[STATE].native, 'forward', 'code');
  }

  /**
   * The operators of `forward`, as text.
   * @example
   * ```ts
   * print(torch.jit.load('net.pt').graph.includes('prim::CallMethod'));
   * ```
   * ```python
   * print('prim::CallMethod' in str(torch.jit.load('net.pt').graph))
   * ```
   */
  get graph(): string {
    return native.jit_text(this[STATE].native, 'forward', 'graph');
  }

  /**
   * As {@link ScriptModule.graph}, with the graphs of called methods instead of the calls.
   * @example
   * ```ts
   * print(torch.jit.load('net.pt').inlined_graph.includes('aten::linear'));
   * ```
   * ```python
   * print('aten::linear' in str(torch.jit.load('net.pt').inlined_graph))
   * ```
   */
  get inlined_graph(): string {
    return native.jit_text(this[STATE].native, 'forward', 'inlined_graph');
  }

  /**
   * How many calls of this model may run in the background at once; the others wait for their turn. Default 1. A model that
   * assigns its attributes, or has lists, dicts or objects as attributes, runs one call at a time whatever is said here.
   * @throws RangeError unless a positive integer
   * @example
   * ```ts
   * const model = torch.jit.load('net.pt');
   * model.concurrency = 2;
   * const inputs = [torch.zeros(1, 2), torch.ones(1, 2)];
   * print(await Promise.all(inputs.map((x) => model.forward_async(x))));
   * ```
   * ```python
   * model = torch.jit.load('net.pt')
   * inputs = [torch.zeros(1, 2), torch.ones(1, 2)]
   * print([model(x) for x in inputs])
   * ```
   */
  get concurrency(): number {
    return this[STATE].archive.queue.concurrency;
  }

  set concurrency(calls: number) {
    const { queue, exclusive } = this[STATE].archive;
    queue.concurrency = calls;
    if (exclusive) queue.concurrency = 1;
  }

  /**
   * Calls a method by name.
   * @throws TypeError when an argument does not fit the method's schema; Error with TorchScript's traceback when the script
   * fails
   * @example
   * ```ts
   * print(torch.jit.load('net.pt').run_method('bounds', torch.tensor([2.5, -1])));
   * ```
   * ```python
   * print(torch.jit.load('net.pt').bounds(torch.tensor([2.5, -1])))
   * ```
   */
  run_method(method: string, ...args: unknown[]): unknown;
  run_method(...given: unknown[]): unknown {
    const [method, ...args] = method_and_arguments(RUN_METHOD, given);
    const { positional, named } = split_arguments(this, method, args);
    return from_tagged(native.jit_call(this[STATE].native, method, positional, named));
  }

  /**
   * Calls a method by name on another thread. The grad mode, inference mode and the like of now hold; hooks of this module
   * and saved-tensor hooks are not called. An `AsyncOptions` object may come last.
   * @returns the result; rejected as {@link ScriptModule.run_method} throws, or with the reason of the signal
   * @example
   * ```ts
   * const model = torch.jit.load('net.pt');
   * print(await model.run_method_async('bounds', torch.tensor([2.5, -1])));
   * ```
   * ```python
   * print(torch.jit.load('net.pt').bounds(torch.tensor([2.5, -1])))
   * ```
   */
  async run_method_async(method: string, ...args: unknown[]): Promise<unknown>;
  async run_method_async(...given: unknown[]): Promise<unknown> {
    const [method, ...args] = method_and_arguments(RUN_METHOD_ASYNC, given);
    const { signal, rest } = take_signal(args);
    signal?.throwIfAborted();
    const { positional, named } = split_arguments(this, method, rest);
    const { native: module, archive } = this[STATE];
    const call = background_call(native.jit_prepare(module, method, positional, named));
    return from_tagged((await archive.queue.add(call, signal)) as Tagged);
  }

  /**
   * `forward` on another thread: `await model.forward_async(x, { signal })`. See {@link ScriptModule.run_method_async}.
   * @example
   * ```ts
   * const model = torch.jit.load('net.pt');
   * print(await model.forward_async(torch.ones(1, 2), { signal: AbortSignal.timeout(60_000) }));
   * ```
   * ```python
   * print(torch.jit.load('net.pt')(torch.ones(1, 2)))
   * ```
   */
  forward_async(...args: AsyncArguments<Parameters<Forward<this>>>): Promise<ReturnType<Forward<this>>> {
    return this.run_method_async('forward', ...args) as Promise<ReturnType<Forward<this>>>;
  }

  /**
   * Writes an archive that `torch.jit.load` reads, here and in Python.
   * @throws Error when the file cannot be written
   * @example
   * ```ts
   * import { rmSync } from 'node:fs';
   * torch.jit.load('net.pt').save('copy.pt');
   * print(torch.jit.load('copy.pt')(torch.ones(1, 2)));
   * rmSync('copy.pt');
   * ```
   * ```python
   * import os
   * torch.jit.load('net.pt').save('copy.pt')
   * print(torch.jit.load('copy.pt')(torch.ones(1, 2)))
   * os.remove('copy.pt')
   * ```
   */
  save(f: string, ...options: Tail<[_extra_files: ExtraFiles], { _extra_files?: ExtraFiles }>): void;
  save(...args: unknown[]): void {
    const { f, ...options } = SAVE.read(args);
    write_durably(f, (sink) => write_archive(this, options, (bytes) => sink.write(bytes)));
  }

  /**
   * The bytes of an archive.
   * @example
   * ```ts
   * const bytes = torch.jit.load('net.pt').save_to_buffer();
   * print(torch.jit.load(bytes)(torch.ones(1, 2)));
   * ```
   * ```python
   * import io
   * data = torch.jit.load('net.pt').save_to_buffer()
   * print(torch.jit.load(io.BytesIO(data))(torch.ones(1, 2)))
   * ```
   */
  save_to_buffer(...options: Tail<[_extra_files: ExtraFiles], { _extra_files?: ExtraFiles }>): NodeBuffer;
  save_to_buffer(...args: unknown[]): NodeBuffer {
    const pieces: Uint8Array[] = [];
    write_archive(this, SAVE_TO_BUFFER.read(args), (bytes) => void pieces.push(bytes));
    return Buffer.concat(pieces);
  }

  override register_buffer(...args: unknown[]): never {
    throw frozen_attribute_error(String(args[0]));
  }

  override register_parameter(...args: unknown[]): never {
    throw frozen_attribute_error(String(args[0]));
  }

  override add_module(...args: unknown[]): never {
    throw frozen_attribute_error(String(args[0]));
  }

  /** @internal */
  override _apply(fn: (tensor: Tensor) => Tensor, recurse = true): this {
    if (this[STATE].archive.queue.size > 0) {
      throw new Error('a ScriptModule cannot be moved or cast while calls of it run in the background');
    }
    return super._apply(fn, recurse);
  }

  override _get_name(): string {
    return this[STATE].archive.traced ? this.original_name : 'RecursiveScriptModule';
  }

  override extra_repr(): string {
    return `original_name=${this.original_name}`;
  }

  /** @internal its object of the addon */
  get _native(): NativeModule {
    return this[STATE].native;
  }

  /** @internal `torch.jit.freeze` */
  _freeze(preserved: readonly string[] | null, optimize_numerics: boolean): ScriptModule {
    if (this.training) {
      throw new Error(
        'Freezing is currently only implemented for modules in eval mode. Please call .eval() on your module before freezing.',
      );
    }
    return new ScriptModule(native.jit_freeze(this[STATE].native, preserved, optimize_numerics));
  }

  /** @internal `torch.jit.optimize_for_inference` */
  _optimize_for_inference(methods: readonly string[]): ScriptModule {
    // What is frozen has no mode, and is taken as it is.
    if (native.jit_members(this[STATE].native).includes('training')) {
      return this.eval()._freeze(methods, true)._optimize_for_inference(methods);
    }
    return new ScriptModule(native.jit_optimize_for_inference(this[STATE].native, methods));
  }
}

function frozen_attribute_error(name: string): Error {
  return new Error(`'${name}' cannot be added: a ScriptModule has the attributes that it was compiled with`);
}

function write_archive(
  module: ScriptModule,
  { _extra_files = {} }: { _extra_files?: ExtraFiles },
  write: (bytes: Uint8Array) => void,
): void {
  const files = Object.entries(_extra_files).flatMap(([name, content]) => [name, Buffer.from(content as Uint8Array)]);
  native.jit_save(module[STATE].native, write, files);
}

// ---- Members ------------------------------------------------------------------------------------

function define_members(module: ScriptModule, state: State): void {
  const members = native.jit_members(state.native);
  // A frozen module has no training mode: it stays in evaluation mode.
  let trainable = false;
  for (let i = 0; i < members.length; i += 2) {
    const name = members[i]!;
    switch (members[i + 1]) {
      case 'parameter':
        Module.prototype.register_parameter.call(module, name, null);
        define(module, name, tensor_property(state, name, true));
        break;
      case 'buffer':
        Module.prototype.register_buffer.call(module, name, null);
        define(module, name, tensor_property(state, name, false));
        break;
      case 'module':
        Module.prototype.add_module.call(module, name, null);
        define(module, name, child_property(state, name));
        break;
      case 'method':
        if (name === 'forward' || !(name in module)) {
          Object.defineProperty(module, name, { value: method_of(module, name), writable: true, configurable: true });
        }
        break;
      default:
        if (name === 'training') trainable = true;
        else if (!(name in module)) Object.defineProperty(module, name, attribute_property(state, name));
    }
  }
  Object.defineProperty(
    module,
    'training',
    trainable ? attribute_property(state, 'training') : { get: () => false, set: () => undefined, configurable: true },
  );
}

/** Defines a property for a name that was registered. */
function define(module: ScriptModule, name: string, property: PropertyDescriptor): void {
  Object.defineProperty(module, name, { ...property, enumerable: true, configurable: true });
}

/** A parameter or buffer: the script's current tensor; the same object for the same tensor. */
function tensor_property(state: State, name: string, parameter: boolean): PropertyDescriptor {
  let known: Tensor | null = null;
  const adopt = (tensor: Tensor | null): Tensor | null => {
    known = tensor !== null && parameter && !(tensor instanceof Parameter) ? own_parameter(tensor) : tensor;
    // It lives as long as the module, whatever scope was open at the first access.
    if (known !== null) native.scope_keep(known._h);
    return known;
  };
  return {
    get: () => {
      const found = native.jit_tensor(state.native, name, known === null ? -1 : known._h);
      return found === SAME ? known : adopt(wrap(found));
    },
    set: (value: unknown) => {
      native.jit_set_attribute(state.native, name, to_tagged(value));
      adopt(is_tensor(value) ? value : null);
    },
  };
}

function child_property(state: State, name: string): PropertyDescriptor {
  const child = native.jit_child(state.native, name);
  const module = state.archive.modules.get(native.jit_identity(child)) ?? new ScriptModule(child, state.archive);
  return {
    get: () => module,
    set: (value: unknown) => {
      if (value !== module)
        throw new TypeError(`Cannot re-assign module '${name}' of a ScriptModule with ${kind_of(value)}`);
    },
  };
}

function attribute_property(state: State, name: string): PropertyDescriptor {
  return {
    get: () => from_tagged(native.jit_attribute(state.native, name)),
    set: (value: unknown) => native.jit_set_attribute(state.native, name, to_tagged(value)),
    configurable: true,
  };
}

function method_of(module: ScriptModule, name: string): ScriptMethod {
  const method = (...args: unknown[]): unknown => module.run_method(name, ...args);
  for (const what of ['code', 'graph', 'schema'] as const) {
    Object.defineProperty(method, what, { get: () => native.jit_text(module[STATE].native, name, what) });
  }
  return Object.defineProperty(method, 'name', { value: name }) as ScriptMethod;
}

// ---- Arguments ----------------------------------------------------------------------------------

const known_parameters = new WeakMap<ScriptModule, Map<string, Parameters_>>();

function parameters_of(module: ScriptModule, method: string): Parameters_ {
  let methods = known_parameters.get(module);
  if (methods === undefined) known_parameters.set(module, (methods = new Map()));
  let parameters = methods.get(method);
  if (parameters === undefined) {
    const flat = native.jit_parameters_of(module[STATE].native, method);
    parameters = Array.from({ length: flat.length / 2 }, (_, i) => ({
      name: flat[2 * i] as string,
      takes_object: flat[2 * i + 1] as boolean,
    }));
    methods.set(method, parameters);
  }
  return parameters;
}

function split_arguments(
  module: ScriptModule,
  method: string,
  args: readonly unknown[],
): { positional: Tagged[]; named: (string | Tagged)[] } {
  const parameters = parameters_of(module, method);
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  const last = args[count - 1];
  const options = is_plain_object(last) && !(parameters[count - 1]?.takes_object ?? false) ? last : undefined;
  if (options !== undefined) count--;
  const named: (string | Tagged)[] = [];
  for (const name in options) if (options[name] !== undefined) named.push(name, to_tagged(options[name]));
  return { positional: args.slice(0, count).map(to_tagged), named };
}
