/** The module of a program: its parameters and buffers, and a `forward` that is one call of the addon. */
import { background_call, CallQueue, take_signal } from '../_C/call_queue.js';
import { native, type NativeProgram, type Wrapped } from '../_C/native.js';
import { is_tensor, wrap } from '../_C/tensor_base.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_float } from '../_internal/representation.js';
import { signature } from '../_internal/signature.js';
import { Kind } from '../generated/shared_numbers.js';
import { Module } from '../nn/modules/module.js';
import { Parameter } from '../nn/parameter.js';
import { python_repr } from '../python/print.js';
import { AssertionError } from '../testing/assertion_error.js';
import type { Tensor } from '../_tensor.js';
import type { CallTree } from './call_spec.js';
import type { QuantizingRequest } from './quantizing.js';

/** A value among the inputs that the export has found to be constant. */
export type Constant = number | bigint | boolean | string | null;

/** How a program takes one of the values that it is called with. */
export interface UserInput {
  readonly kind: 'tensor' | 'int' | 'float' | 'bool' | 'constant';
  readonly value: Constant;
  /** Whether an export wrote the constant as a float. */
  readonly float: boolean;
  /** As conditions name it: `x['a']`. */
  readonly shown: string;
  /** As errors about inputs name it: `*args[0]['a']`. */
  readonly path: string;
  /** Of a tensor its sizes, of an int itself: a number, the name of a symbol, or null for what is not compared. */
  readonly sizes: readonly (number | string | null)[];
  /** The sizes as Python prints them. */
  readonly printed_sizes: string;
}

/** How far a size may vary. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** An input of the graph: one of the module's tensors, or one of the values of a call. */
export type GraphInput = { readonly state: string } | { readonly user: number };

/** Where an output comes from: the results of the native call, an input of the graph, or a constant. */
export type GraphOutput =
  | { readonly result: number; readonly tensor: boolean }
  | { readonly input: number }
  | { readonly constant: Constant };

/** A program that is ready to be called. */
export interface CompiledProgram {
  readonly native: NativeProgram;
  readonly inputs: readonly GraphInput[];
  readonly user_inputs: readonly UserInput[];
  readonly outputs: readonly GraphOutput[];
  readonly in_spec: CallTree;
  readonly out_spec: CallTree;
  /** Whether the program itself checks its inputs; else sizes are compared before each call. */
  readonly check_guards: boolean;
  readonly ranges: ReadonlyMap<string, Range>;
}

/** One of the tensors of a program's module. */
export interface ProgramTensor {
  readonly name: string;
  readonly tensor: Tensor;
  readonly kind: 'parameter' | 'buffer' | 'transient buffer' | 'constant';
}

/** Where one of the graph's tensors is. */
interface Place {
  readonly owner: Record<string, unknown>;
  readonly name: string;
}

interface Internals {
  readonly program: CompiledProgram;
  readonly places: readonly (Place | null)[];
  readonly queue: CallQueue;
  readonly requantized: Requantized;
}

/** Makes another module of the program: one whose linear layers have weights of 8 bits. */
export type Requantized = (model: GraphModule, request: Omit<QuantizingRequest, 'program'>) => GraphModule;

const guard_failed = 'Guard failed: ';
const INTERNALS: unique symbol = Symbol('program');

/**
 * The module of an exported program; `ExportedProgram.module()` makes one. It is a module like any other: callable, with
 * parameters that optimizers train, `state_dict` and `to`. Calls take what the exported module took: tensors and numbers,
 * arrays for tuples and lists, objects for dicts, and keyword arguments in an object at the end.
 *
 * Its mode is that of the export: `train()` and `eval()` are Errors, as in Python.
 */
export class GraphModule extends Module {
  /** @internal */
  declare readonly [INTERNALS]: Internals;

  /** @internal use `ExportedProgram.module` */
  constructor(program: CompiledProgram, tensors: readonly ProgramTensor[], requantized: Requantized) {
    super();
    const constants = new Map<string, Tensor>();
    for (const { name, tensor, kind } of tensors) {
      const [owner, field] = owner_of(this, name);
      if (kind === 'parameter') {
        owner.register_parameter(
          field,
          tensor instanceof Parameter ? tensor : new Parameter(tensor, tensor.requires_grad),
        );
      } else if (kind === 'constant') {
        const constant = tensor.requires_grad ? tensor.detach() : tensor;
        constants.set(name, constant);
        if (!(field in owner)) Object.defineProperty(owner, field, { value: constant, enumerable: true });
      } else owner.register_buffer(field, tensor, kind === 'buffer');
    }
    const held = Object.fromEntries(constants);
    const places = program.inputs.map((input): Place | null => {
      if (!('state' in input)) return null;
      if (constants.has(input.state)) return { owner: held, name: input.state };
      const [owner, name] = owner_of(this, input.state);
      return { owner: owner as unknown as Record<string, unknown>, name };
    });
    this.set_internals({ program, places, queue: new CallQueue(), requantized });
  }

  private set_internals(value: Internals): void {
    Object.defineProperty(this, INTERNALS, { value, configurable: true });
  }

  /** Gives the linear layers weights of 8 bits, in place. @internal */
  _quantize(request: Omit<QuantizingRequest, 'program'>): void {
    if (this[INTERNALS].queue.size > 0) {
      throw new Error('quantize_(): a program cannot be quantized while calls of it run in the background');
    }
    const made = this[INTERNALS].requantized(this, request);
    const own = { recurse: false, remove_duplicate: false };
    const fields = [...this.named_parameters(own), ...this.named_buffers(own), ...this.named_children()];
    for (const [name] of fields) Reflect.deleteProperty(this, name);
    const persistent = new Set(Object.keys(made.state_dict()));
    for (const [name, parameter] of made.named_parameters(own)) this.register_parameter(name, parameter as Parameter);
    for (const [name, buffer] of made.named_buffers(own)) this.register_buffer(name, buffer, persistent.has(name));
    for (const [name, child] of made.named_children()) this.add_module(name, child);
    const internals = made[INTERNALS];
    const places = internals.places.map((place) =>
      place !== null && (place.owner as unknown) === made
        ? { owner: this as unknown as Record<string, unknown>, name: place.name }
        : place,
    );
    this.set_internals({ ...internals, places });
  }

  /**
   * Runs the program. Mirrors calling `ExportedProgram.module()` in Python.
   * @throws Error when the arguments have another structure than those of the export; AssertionError when their sizes or
   * numbers are not those that it was exported for
   */
  forward(...args: unknown[]): unknown {
    const call = new PreparedCall(this[INTERNALS], args);
    return call.finish(guarded(() => native.export_run(this[INTERNALS].program.native, call.values, call.kinds)));
  }

  /**
   * Runs the program on another thread: `await module.forward_async(x, { signal })`. The grad mode, inference mode and the
   * like of now hold; hooks of this module are not called.
   * @returns the result; rejected as {@link GraphModule.forward} throws, or with the reason of the signal
   */
  async forward_async(...args: unknown[]): Promise<unknown> {
    const { signal, rest } = take_signal(args);
    signal?.throwIfAborted();
    const { program, queue } = this[INTERNALS];
    const call = new PreparedCall(this[INTERNALS], rest);
    const prepared = background_call(native.export_prepare(program.native, call.values, call.kinds));
    try {
      return call.finish((await queue.add(prepared, signal)) as unknown[]);
    } catch (error) {
      throw as_assertion(error);
    }
  }

  /** @internal */
  override _apply(fn: (tensor: Tensor) => Tensor, recurse = true): this {
    if (this[INTERNALS].queue.size > 0) {
      throw new Error('a program cannot be moved or cast while calls of it run in the background');
    }
    return super._apply(fn, recurse);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in Module
  override train(...mode: any[]): any;
  override train(...args: unknown[]): never {
    TRAIN.read(args);
    throw new Error('Calling train() is not supported yet.');
  }

  override eval(...args: unknown[]): never {
    EVAL.read(args);
    throw new Error('Calling eval() is not supported yet.');
  }

  override _get_name(): string {
    return 'GraphModule';
  }
}

const TRAIN = signature<{ mode?: boolean }>('train', 'mode?: any');
const EVAL = signature<{ mode?: boolean }>('eval', 'mode?: any');

/** The module that has a tensor with a dotted name, and the tensor's name there. */
function owner_of(root: Module, name: string): [Module, string] {
  const parts = name.split('.');
  const field = parts.pop()!;
  let owner = root;
  for (const part of parts) {
    const children = new Map(owner.named_children());
    let child = children.get(part);
    if (child === undefined) {
      child = new Module();
      owner.add_module(part, child);
    }
    owner = child;
  }
  return [owner, field];
}

function as_assertion(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith(guard_failed)) return error;
  return new AssertionError(error.message);
}

function guarded(run: () => unknown[]): unknown[] {
  try {
    return run();
  } catch (error) {
    throw as_assertion(error);
  }
}

/** `<class 'int'>`, as Python's errors have it. */
function shown_class(value: unknown): string {
  const names: Record<string, string> = { bigint: 'int', boolean: 'bool', string: 'str' };
  if (value === null || value === undefined) return "<class 'NoneType'>";
  if (typeof value === 'number') return `<class '${Number.isInteger(value) ? 'int' : 'float'}'>`;
  return `<class '${names[typeof value] ?? (value as object).constructor.name}'>`;
}

/** The arguments of one call as the addon takes them. */
class PreparedCall {
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  private readonly leaves: unknown[] = [];
  private readonly tensors: (Tensor | null)[];

  constructor(
    private readonly its: Internals,
    args: readonly unknown[],
  ) {
    const { program, places } = its;
    this.take(args);
    this.values = new Float64Array(program.inputs.length);
    this.kinds = new Uint8Array(program.inputs.length);
    this.tensors = new Array<Tensor | null>(program.inputs.length).fill(null);
    if (!program.check_guards) new InputCheck(program.ranges).check(program.user_inputs, this.leaves);
    for (let i = 0; i < places.length; i++) {
      const place = places[i];
      if (place) {
        const tensor = place.owner[place.name];
        if (!is_tensor(tensor))
          throw new TypeError(`forward(): '${place.name}' of the module is not a tensor any more`);
        this.put_tensor(i, tensor as Tensor);
      } else {
        const { user } = program.inputs[i] as { user: number };
        this.put(i, program.user_inputs[user]!, this.leaves[user] ?? null);
      }
    }
  }

  private put_tensor(i: number, tensor: Tensor): void {
    this.tensors[i] = tensor;
    this.values[i] = tensor._h;
    this.kinds[i] = Kind.tensor;
  }

  private put_number(i: number, kind: Kind, value: number): void {
    this.values[i] = value;
    this.kinds[i] = kind;
  }

  private put(i: number, input: UserInput, leaf: unknown): void {
    switch (input.kind) {
      case 'tensor':
        if (!is_tensor(leaf)) {
          throw new Error(`Expected input at ${input.path} to be a tensor, but got ${shown_class(leaf)}`);
        }
        this.put_tensor(i, leaf as Tensor);
        return;
      case 'int':
        if (typeof leaf !== 'number' || !Number.isSafeInteger(leaf)) throw wrong_number(input, 'an int', leaf);
        this.put_number(i, Kind.int, leaf);
        return;
      case 'float':
        if (typeof leaf !== 'number') throw wrong_number(input, 'a float', leaf);
        this.put_number(i, Kind.float, leaf);
        return;
      case 'bool':
        if (typeof leaf !== 'boolean') throw wrong_number(input, 'a bool', leaf);
        this.put_number(i, Kind.bool, Number(leaf));
        return;
      case 'constant':
        this.check_constant(input, leaf);
        if (typeof input.value === 'boolean') this.put_number(i, Kind.bool, Number(input.value));
        else if (typeof input.value === 'number') {
          this.put_number(i, input.float ? Kind.float : Kind.int, input.value);
        }
    }
  }

  private check_constant({ value, shown, path, float }: UserInput, leaf: unknown): void {
    if (value === null || (typeof value === 'number' ? Object.is(value, leaf) || value === leaf : value === leaf))
      return;
    if (!this.its.program.check_guards) {
      const text = (of: unknown): string => (typeof of === 'string' ? of : python_value(of as Constant, float));
      throw new Error(`Expected input at ${path} to be equal to ${text(value)}, but got ${text(leaf)}`);
    }
    if (Number.isNaN(value)) throw new AssertionError(`${guard_failed}math.isnan(${shown})`);
    const infinite = value === Infinity ? 'math.inf' : value === -Infinity ? '-math.inf' : undefined;
    throw new AssertionError(`${guard_failed}${shown} == ${infinite ?? python_value(value, float)}`);
  }

  /** The leaves of the arguments. */
  private take(args: readonly unknown[]): void {
    const { in_spec } = this.its.program;
    const [positional, keywords] = in_spec.children as [CallTree, CallTree];
    const wanted = keywords.keys as readonly string[];
    const last = args[args.length - 1];
    const has_all = (object: object): boolean =>
      Object.keys(object).length === wanted.length && wanted.every((name) => Object.hasOwn(object, name));
    // Of a dict in the place of a positional argument, no one can tell which it is but by its keys.
    const named =
      wanted.length > 0 && is_plain_object(last) && (args.length === positional.children.length + 1 || has_all(last));
    const given = named ? last : {};
    const names = Object.keys(given);
    if (!has_all(given)) {
      throw new Error(
        `Ran into a kwarg keyword mismatch: Got the following keywords ${python_repr(names)} but expected ` +
          python_repr(wanted),
      );
    }
    const ordered = Object.fromEntries(wanted.map((name) => [name, given[name]]));
    const values = named ? args.slice(0, -1) : args;
    if (positional.flatten(values, this.leaves) && keywords.flatten(ordered, this.leaves)) return;
    throw new Error(
      `Trying to flatten user inputs with exported input tree spec: \n${in_spec}\nbut actually got inputs with tree ` +
        `spec of: \n${in_spec.printed_structure([values, ordered])}.\nPlease check that the inputs have the same number ` +
        'and type of args and kwargs as the ones you used when tracing.',
    );
  }

  /** The value of the call. */
  finish(results: readonly unknown[]): unknown {
    const { outputs, out_spec } = this.its.program;
    const leaves = outputs.map((output) => {
      if ('input' in output) return this.tensors[output.input];
      if ('constant' in output) return output.constant;
      const result = results[output.result];
      return output.tensor && typeof result === 'number' ? wrap(result as Wrapped) : result;
    });
    return out_spec.is_leaf() ? leaves[0] : out_spec.unflatten(leaves);
  }
}

/** Compares inputs with those of the export, for programs without conditions of their own. */
class InputCheck {
  private readonly found = new Map<string, number>();

  constructor(private readonly ranges: ReadonlyMap<string, Range>) {}

  /** @throws Error when an input cannot be one of the program */
  check(inputs: readonly UserInput[], leaves: readonly unknown[]): void {
    inputs.forEach((input, i) => {
      const leaf = leaves[i];
      if (input.kind === 'int' && typeof leaf === 'number') this.check_size(input.path, input.sizes[0] ?? null, leaf);
      if (input.kind === 'tensor' && is_tensor(leaf)) this.check_tensor(input, (leaf as Tensor).shape);
    });
  }

  private check_tensor({ path, sizes, printed_sizes }: UserInput, shape: readonly number[]): void {
    if (sizes.length !== shape.length) {
      throw new Error(
        `Unexpected number of dimensions in input at ${path}.shape (expected torch.Size([${printed_sizes}]), got ` +
          `torch.Size([${shape.join(', ')}]))`,
      );
    }
    sizes.forEach((size, dim) => this.check_size(`${path}.shape[${dim}]`, size, shape[dim]!));
  }

  private check_size(path: string, size: number | string | null, given: number): void {
    if (size === null) return;
    if (typeof size === 'number') {
      if (given === size) return;
      throw new Error(
        `Expected input at ${path} to be equal to ${size}, but got ${given}. If you meant for this dimension to be ` +
          'dynamic, please re-export and specify dynamic_shapes (e.g. with Dim.DYNAMIC)',
      );
    }
    const known = this.found.get(size);
    if (known !== undefined && known !== given) {
      throw new Error(`Expected input at ${path} to be equal to ${known}, but got ${given}`);
    }
    this.found.set(size, given);
    const { lower, upper } = this.ranges.get(size) ?? { lower: -Infinity, upper: Infinity };
    // Sizes of 0 and 1 are allowed, whatever the export assumed.
    if (lower > 2 && given < lower) throw new Error(`Expected input at ${path} to be >= ${lower}, but got ${given}`);
    if (given > upper) throw new Error(`Expected input at ${path} to be <= ${upper}, but got ${given}`);
  }
}

function wrong_number({ shown }: UserInput, wanted: string, leaf: unknown): TypeError {
  return new TypeError(`forward(): '${shown}' must be ${wanted}, not ${shown_class(leaf)}`);
}

function python_value(value: Constant, float: boolean): string {
  return float && typeof value === 'number' ? python_float(value) : python_repr(value);
}
