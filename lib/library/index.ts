/** Mirrors `torch.library`: operators whose kernels are written in TypeScript, and kernels for operators that there are. */
import { python_size } from '../_internal/representation.js';
import { native, type Tagged } from '../_C/native.js';
import { call_in_mode } from '../_internal/callbacks.js';
import { NotImplementedError } from '../_internal/not_implemented.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { kind_of } from '../_internal/kind_of.js';
import {
  forget_operators,
  overload_named,
  is_overload,
  is_packet,
  type Overload,
  type OverloadPacket,
} from '../_ops.js';
import { cast_tensors, mode_of, region_of } from '../amp/region.js';
import type { DType } from '../types/dtype.js';
import { check_aliases } from './aliasing.js';
import { recording_kernel, type Backward, type Derivative, type SetupContext } from './autograd.js';
import { DEFAULT_TESTS, OpCheckError, run_test, TESTS, type Checked } from './opcheck.js';
import { find_operator, kernel_of, parts_of, type Implementation, type Operator } from './operators.js';
import { batched_kernel, type VmapFunction } from './vmap.js';

export * from '../absent/library.js';
export type { Backward, SetupContext } from './autograd.js';
export type { Implementation } from './operators.js';
export type { BatchDims, VmapFunction, VmapInfo } from './vmap.js';

type Kernel = (tagged: readonly Tagged[]) => Tagged[];

/** The dispatch key of a device. */
function key_of_device(device: string): string {
  const known: Record<string, string> = {
    cpu: 'CPU',
    cuda: 'CUDA',
    meta: 'Meta',
    mps: 'MPS',
    xpu: 'XPU',
    xla: 'XLA',
    hpu: 'HPU',
    mtia: 'MTIA',
    default: 'CompositeExplicitAutograd',
  };
  const key = known[device];
  if (key === undefined) {
    throw new Error(
      `Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, mtia, privateuseone device type at start of device string: ${device}`,
    );
  }
  return key;
}

/** What has been registered for an operator, so that it can be taken back. */
const registered = new Map<string, Set<string>>();

function register_for(qualified: string, key: string, kernel: Kernel | null, where_it_records = false): void {
  native.library_impl(qualified, key, kernel, where_it_records);
  const keys = registered.get(qualified) ?? new Set();
  registered.set(qualified, keys.add(key));
}

function take_back(qualified: string): void {
  for (const key of registered.get(qualified) ?? []) native.library_unimpl(qualified, key);
  registered.delete(qualified);
  native.library_undefine(qualified);
  forget_operators();
}

/**
 * A function that stands for a kernel which lets calls through to the next one, for {@link Library.impl}. Mirrors
 * `torch.library.fallthrough_kernel`.
 * @throws Error when it is called
 * @example
 * ```ts
 * const lib = new torch.library.Library('through', 'DEF');
 * lib.define('f(Tensor x) -> Tensor');
 * lib.impl('f', (x: torch.Tensor) => x.mul(2), 'CPU');
 * lib.impl('f', torch.library.fallthrough_kernel, 'Autograd');
 * print(torch.ops.through!.f!(torch.ones(2)));
 * ```
 * ```python
 * lib = torch.library.Library('through', 'DEF')
 * lib.define('f(Tensor x) -> Tensor')
 * lib.impl('f', lambda x: x * 2, 'CPU')
 * lib.impl('f', torch.library.fallthrough_kernel, 'Autograd')
 * print(torch.ops.through.f(torch.ones(2)))
 * ```
 */
export function fallthrough_kernel(...none: []): never;
export function fallthrough_kernel(...args: unknown[]): never {
  FALLTHROUGH.read(args);
  throw new NotImplementedError('fallthrough_kernel() should never be called.');
}
const FALLTHROUGH = signature<object>('fallthrough_kernel', '');

const LIBRARY = signature<{ ns: string; kind: string; dispatch_key?: string }>(
  'Library',
  'ns: str, kind: str, dispatch_key?: str',
);
const DEFINE_IN = method_signature<{ schema: string; alias_analysis?: string }>(
  'Library.define',
  'schema: str, alias_analysis?: str',
);
const IMPL_IN = method_signature<{ op_name: string; fn: Implementation; dispatch_key?: string }>(
  'Library.impl',
  'op_name: str, fn: Callable, dispatch_key?: str',
);
const namespaces = new Set<string>();

/**
 * Defines operators of a namespace, or kernels for operators that there are. Mirrors `torch.library.Library`.
 *
 * What it defines stays until `_destroy()`; each thread registers its own kernels, as each process does in Python.
 *
 * @param ns - the namespace
 * @param kind - `'DEF'` for one that is new, `'FRAGMENT'` to add to one, `'IMPL'` for kernels only
 * @param dispatch_key - the key of all kernels, such as `'CPU'`; default `''`, each has its own
 * @throws Error for another kind, and for a namespace that has been defined
 * @example
 * ```ts
 * const lib = new torch.library.Library('doubling', 'DEF');
 * lib.define('twice(Tensor x) -> Tensor');
 * lib.impl('twice', (x: torch.Tensor) => x.mul(2), 'CPU');
 * print(torch.ops.doubling!.twice!(torch.ones(2)), lib);
 * ```
 * ```python
 * lib = torch.library.Library('doubling', 'DEF')
 * lib.define('twice(Tensor x) -> Tensor')
 * lib.impl('twice', lambda x: x * 2, 'CPU')
 * print(torch.ops.doubling.twice(torch.ones(2)), lib)
 * ```
 */
export class Library {
  readonly ns: string;
  readonly kind: 'DEF' | 'FRAGMENT' | 'IMPL';
  readonly dispatch_key: string;
  /** @internal */
  private defined: string[] = [];
  /** @internal */
  private kernels: [qualified: string, key: string][] = [];
  /** @internal */
  private destroyed = false;

  constructor(ns: string, kind: 'DEF' | 'FRAGMENT' | 'IMPL', dispatch_key?: string);
  constructor(options: { ns: string; kind: 'DEF' | 'FRAGMENT' | 'IMPL'; dispatch_key?: string });
  constructor(...args: unknown[]) {
    const { ns, kind, dispatch_key = '' } = LIBRARY.read(args);
    if (kind !== 'DEF' && kind !== 'FRAGMENT' && kind !== 'IMPL') throw new Error(`Unsupported kind: ${kind}`);
    if (ns === 'prim' && kind !== 'IMPL') {
      throw new Error(`${ns} is a reserved namespace. Please try creating a library with another name.`);
    }
    if (kind === 'DEF') {
      if (namespaces.has(ns)) {
        throw new Error(
          `Only a single TORCH_LIBRARY can be used to register the namespace ${ns}; please put all of your definitions in a ` +
            "single TORCH_LIBRARY block: new Library(ns, 'FRAGMENT') adds to it",
        );
      }
      namespaces.add(ns);
    }
    this.ns = ns;
    this.kind = kind;
    this.dispatch_key = dispatch_key;
  }

  /**
   * Defines an operator by its schema. Mirrors `Library.define`.
   * @param schema - as `'sum(Tensor self) -> Tensor'`
   * @returns the name of the operator
   * @throws Error for what is not a schema, and for an operator that has been defined
   */
  define(schema: string, alias_analysis?: '' | 'FROM_SCHEMA' | 'CONSERVATIVE'): string;
  define(options: { schema: string; alias_analysis?: '' | 'FROM_SCHEMA' | 'CONSERVATIVE' }): string;
  define(...args: unknown[]): string {
    const { schema, alias_analysis = '' } = DEFINE_IN.read(args);
    if (!['', 'FROM_SCHEMA', 'CONSERVATIVE'].includes(alias_analysis)) {
      throw new Error(`Invalid alias_analysis type ${alias_analysis}`);
    }
    this.check_alive();
    if (this.kind === 'IMPL') {
      throw new Error(
        `define(): Cannot define an operator inside of a TORCH_LIBRARY_IMPL block: new Library('${this.ns}', 'FRAGMENT') can`,
      );
    }
    const qualified = native.library_define(this.ns, schema);
    this.defined.push(qualified);
    forget_operators();
    return qualified.slice(this.ns.length + 2).split('.')[0]!;
  }

  /**
   * Registers a kernel for an operator of the namespace. Mirrors `Library.impl`.
   * @param op_name - the operator, with the overload behind a dot
   * @param fn - takes the operator's arguments: those by position, then in an object those that go by name only; or
   *   {@link fallthrough_kernel}
   * @param dispatch_key - such as `'CPU'`, `'CUDA'`, `'Meta'`; default that of the library, or `'CompositeImplicitAutograd'`
   * @throws Error when the operator is not defined
   */
  impl(op_name: string, fn: Implementation, dispatch_key?: string): void;
  impl(options: { op_name: string; fn: Implementation; dispatch_key?: string }): void;
  impl(...args: unknown[]): void {
    const { op_name, fn, dispatch_key = '' } = IMPL_IN.read(args);
    this.check_alive();
    const key = dispatch_key || this.dispatch_key || 'CompositeImplicitAutograd';
    const its = operator_of(`${this.ns}::${op_name}`, 'Library.impl');
    native.library_impl(its.qualified, key, fn === fallthrough_kernel ? null : kernel_of(its, fn));
    this.kernels.push([its.qualified, key]);
  }

  private check_alive(): void {
    if (this.destroyed) throw new Error('Library object has been destroyed');
  }

  /** Takes back what has been defined and registered. */
  _destroy(...none: []): void;
  _destroy(...args: unknown[]): void {
    DESTROY.read(args);
    this.destroyed = true;
    for (const [qualified, key] of this.kernels.splice(0)) native.library_unimpl(qualified, key);
    for (const qualified of this.defined.splice(0)) take_back(qualified);
    if (this.kind === 'DEF') namespaces.delete(this.ns);
    forget_operators();
  }

  toString(): string {
    return `Library(kind=${this.kind}, ns=${this.ns}, dispatch_key=${this.dispatch_key})>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
const DESTROY = method_signature<object>('Library._destroy');

function operator_of(qualified: string, callee: string): Operator {
  const its = find_operator(qualified);
  if (its === undefined) throw new Error(`${callee}(): there is no operator ${qualified}; define it first`);
  return its;
}

/** `mylib.sin.default` of `mylib::sin`. */
function dotted(qualified: string): string {
  const [namespace, name] = parts_of(qualified);
  return `${namespace}.${name.includes('.') ? name : `${name}.default`}`;
}

type OneOrMore = string | readonly string[];

/** The options of {@link custom_op}. */
export interface CustomOpOptions {
  /** Names of the arguments that the function changes in place. */
  mutates_args: OneOrMore;
  /** Devices that the function is for; default null, all. */
  device_types?: OneOrMore | null;
  /** The arguments and results, as `'(Tensor x, float a) -> Tensor'`; an argument that is changed is `Tensor(a!) x`. */
  schema: string;
}

const CUSTOM_OP = signature<CustomOpOptions & { name: string; fn?: Implementation | null }>(
  'custom_op',
  'name: str, fn?: Callable|None, *, mutates_args: str|str[], device_types?: str|str[]|None, schema?: str|None',
);

/** An operator that {@link custom_op} has defined: a function with methods that say more about it. */
export interface CustomOpDef<F extends Implementation = Implementation> {
  (...args: Parameters<F>): ReturnType<F>;
  /** Registers a function for devices. @returns the function; without one, a function that takes it */
  register_kernel(device_types: OneOrMore | null, fn: F): F;
  register_kernel(device_types: OneOrMore | null): (fn: F) => F;
  /** Registers what computes sizes and dtypes only, for tensors of the device `meta`. */
  register_fake<G extends Implementation>(fn: G): G;
  /** Registers the derivative: what maps gradients of results to those of arguments, and what saves tensors for it. */
  register_autograd(backward: Backward, options?: { setup_context?: SetupContext | null }): void;
  /** Registers how batches of `torch.vmap` are computed. */
  register_vmap<G extends VmapFunction>(func: G): G;
  /** In regions of autocast, casts floating point tensors among the arguments, and runs without autocast. */
  register_autocast(device_type: string, cast_inputs: DType): void;
  toString(): string;
}

const METHOD_KERNEL = method_signature<{ device_types: OneOrMore | null; fn?: Implementation | null }>(
  'CustomOpDef.register_kernel',
  'device_types: str|str[]|None, fn?: Callable|None',
);
const METHOD_FAKE = method_signature<{ fn: Implementation }>('CustomOpDef.register_fake', 'fn: Callable');
const METHOD_AUTOGRAD = method_signature<{ backward: Backward; setup_context?: SetupContext | null }>(
  'CustomOpDef.register_autograd',
  'backward: Callable, *, setup_context?: Callable|None',
);
const METHOD_VMAP = method_signature<{ func: VmapFunction }>('CustomOpDef.register_vmap', 'func: Callable');
const METHOD_AUTOCAST = method_signature<{ device_type: string; cast_inputs: DType }>(
  'CustomOpDef.register_autocast',
  'device_type: str, cast_inputs: dtype',
);

const definitions = new Map<string, Definition>();

/** What a {@link CustomOpDef} knows. */
class Definition {
  readonly derivative: Derivative = { backward: undefined, setup_context: null };
  private fake: Implementation | undefined;
  private batched: VmapFunction | undefined;
  private readonly kernels = new Map<string, Implementation>();
  private readonly cast_for = new Set<string>();

  constructor(
    readonly qualified: string,
    readonly its: Operator,
    private readonly init: Implementation,
  ) {
    register_for(
      qualified,
      'Meta',
      kernel_of(its, (...args: never[]) => this.pretend(args)),
    );
    register_for(qualified, 'Autograd', recording_kernel(its, dotted(qualified), this.derivative), true);
    if (this.writes()) native.library_bump_versions(qualified);
  }

  writes(): boolean {
    return this.its.schema.arguments.some(({ written }) => written);
  }

  text(): string {
    return `<CustomOpDef(${this.qualified})>`;
  }

  /** What the kernel for tensors without data does. */
  pretend(args: never[]): unknown {
    if (this.fake !== undefined) return this.fake(...args);
    if (this.its.schema.returns.length === 0) return undefined;
    throw new Error(
      `There was no fake impl registered for ${this.text()}. This is necessary for torch.compile/export/fx tracing to work. ` +
        `Please use \`${this.init.name}.register_fake\` to add an fake impl.`,
    );
  }

  register_kernel(device_types: OneOrMore | null, fn: Implementation): void {
    const { schema } = this.its;
    const takes_tensors = schema.arguments.some(({ type }) => type.startsWith('Tensor'));
    if (device_types !== null && !takes_tensors) {
      throw new Error('Functions without tensor inputs are for all devices: leave out device_types');
    }
    const devices =
      device_types === null ? ['default'] : typeof device_types === 'string' ? [device_types] : device_types;
    for (const key of devices.map(key_of_device)) {
      const known = this.kernels.has(key);
      this.kernels.set(key, fn);
      if (known) continue;
      const name = parts_of(this.qualified)[1];
      const run = (...args: never[]): unknown => this.kernels.get(key)!(...args);
      register_for(
        this.qualified,
        key,
        kernel_of(this.its, run, ({ positional }, result) => {
          check_aliases(name, positional, result);
        }),
      );
    }
  }

  register_fake(fn: Implementation): void {
    this.fake = fn;
  }

  register_autograd(backward: Backward, setup_context: SetupContext | null): void {
    const { returns } = this.its.schema;
    if (this.writes() || returns.some(({ aliases }) => aliases)) {
      throw new Error(
        `Cannot register autograd formula for non-functional operator ${this.text()} with schema ${qualified_schema(this)}. Please ` +
          'create a functional operator and register an autograd formula for that.',
      );
    }
    this.derivative.backward = backward;
    this.derivative.setup_context = setup_context;
  }

  register_vmap(func: VmapFunction): void {
    const first = this.batched === undefined;
    this.batched = func;
    if (first)
      register_for(
        this.qualified,
        'FuncTorchBatched',
        batched_kernel(this.its, () => this.batched!),
      );
  }

  register_autocast(device_type: string, cast_inputs: DType): void {
    // As in Python, the first dtype stays.
    if (this.cast_for.has(device_type)) return;
    cast_for(this.its, device_type, cast_inputs);
    this.cast_for.add(device_type);
  }
}

/** Registers the kernel that casts. @throws Error for a type of device without autocast */
function cast_for(its: Operator, device_type: string, cast_inputs: DType): void {
  if (!native.autocast_available(device_type)) {
    throw new Error(`Device type '${device_type}' does not support autocast.`);
  }
  const run = (...args: never[]): unknown =>
    call_in_mode(mode_of(region_of(device_type, { enabled: false })), () =>
      its.call(...(cast_tensors(args, device_type, cast_inputs) as unknown[])),
    );
  register_for(its.qualified, `Autocast${key_of_device(device_type)}`, kernel_of(its, run));
}

const qualified_schema = ({ its }: Definition): string => its.schema.text;

/** The callable face of a definition. */
function face_of(definition: Definition): CustomOpDef {
  const call = (...args: unknown[]): unknown => definition.its.call(...args);
  const methods = {
    register_kernel(...args: unknown[]): unknown {
      const { device_types, fn = null } = METHOD_KERNEL.read(args);
      const take = (given: Implementation): Implementation => {
        definition.register_kernel(device_types, given);
        return given;
      };
      return fn === null ? take : take(fn);
    },
    register_fake(...args: unknown[]): unknown {
      const { fn } = METHOD_FAKE.read(args);
      definition.register_fake(fn);
      return fn;
    },
    register_autograd(...args: unknown[]): void {
      const { backward, setup_context = null } = METHOD_AUTOGRAD.read(args);
      definition.register_autograd(backward, setup_context);
    },
    register_vmap(...args: unknown[]): unknown {
      const { func } = METHOD_VMAP.read(args);
      definition.register_vmap(func);
      return func;
    },
    register_autocast(...args: unknown[]): void {
      const { device_type, cast_inputs } = METHOD_AUTOCAST.read(args);
      definition.register_autocast(device_type, cast_inputs);
    },
    toString: () => definition.text(),
    [Symbol.for('nodejs.util.inspect.custom')]: () => definition.text(),
  };
  for (const key of Reflect.ownKeys(methods)) {
    Object.defineProperty(call, key, { value: methods[key as keyof typeof methods], enumerable: false });
  }
  faces.set(call, definition);
  return call as unknown as CustomOpDef;
}
const faces = new WeakMap<object, Definition>();

/** Python's `set`, as it writes it. */
const set_text = (names: ReadonlySet<string>): string =>
  names.size === 0 ? 'set()' : `{${[...names].map((name) => `'${name}'`).join(', ')}}`;

function check_schema(schema: string, name: string, mutates: readonly string[]): void {
  const parsed = native.library_parse(`${name}${schema}`);
  if (parsed.arguments.some(({ keyword_only, type }) => keyword_only && type.startsWith('Tensor'))) {
    throw new NotImplementedError(
      `custom_op with kwarg-only Tensor args. Please make your tensors not kwarg-only. Got: ${name}${schema}`,
    );
  }
  const written = new Set(parsed.arguments.filter((argument) => argument.written).map((argument) => argument.name));
  if (written.size !== new Set(mutates).size || mutates.some((each) => !written.has(each))) {
    const listed = mutates.length === 1 ? `('${mutates[0]}',)` : `(${mutates.map((each) => `'${each}'`).join(', ')})`;
    throw new Error(
      `Attempted to create a custom op with \`mutates_args=${listed}\` and \`schema=${schema}. The schema suggests that the op ` +
        `mutates ${set_text(written)}which is different from what was provided to us in \`mutates_args\`. Please make these ` +
        'consistent.',
    );
  }
  if (parsed.returns.some(({ aliases }) => aliases)) {
    throw new NotImplementedError('custom_op(): results that are arguments or views of them are not supported here');
  }
}

/**
 * Defines an operator whose kernel is a function: it is called as this returns it, or as `torch.ops.ns.name`, also by TorchScript,
 * and takes part in autograd and `torch.vmap` by what is registered with its methods. Mirrors `torch.library.custom_op`.
 *
 * JavaScript's functions have no types at run time, so the schema must be given. Functions cannot be decorated in JavaScript:
 * without `fn`, what is returned takes it. Errors of the function come out as they are. Each worker_thread defines its operators
 * itself, as each process does in Python; defining one again replaces it.
 *
 * @param name - as `'mylib::sin'`
 * @param options - `mutates_args`: the names of arguments that are changed in place; `schema`; `device_types`: devices that the
 *   function is for, default null, all
 * @param fn - takes the arguments by position, then in an object those that go by name only
 * @returns the operator, a {@link CustomOpDef}; without `fn` a function that takes it
 * @throws Error for what is not a schema, and when it does not say what `mutates_args` does
 * @example
 * ```ts
 * const scale = torch.library.custom_op('docs::scale', {
 *   mutates_args: [],
 *   schema: '(Tensor x, float a) -> Tensor',
 * })((x: torch.Tensor, a: number) => x.mul(a));
 * scale.register_autograd((ctx, gradient: torch.Tensor) => [gradient.mul(ctx['a'] as number), null], {
 *   setup_context: (ctx, [, a]: [torch.Tensor, number]) => void (ctx['a'] = a),
 * });
 * const x = torch.ones(2, { requires_grad: true });
 * scale(x, 2.5).sum().backward();
 * print(scale, x.grad, torch.ops.docs!.scale!(torch.ones(2), 0.5));
 * ```
 * ```python
 * @torch.library.custom_op('docs::scale', mutates_args=[], schema='(Tensor x, float a) -> Tensor')
 * def scale(x, a):
 *     return x * a
 * def setup_context(ctx, inputs, output):
 *     ctx.a = inputs[1]
 * scale.register_autograd(lambda ctx, gradient: (gradient * ctx.a, None), setup_context=setup_context)
 * x = torch.ones(2, requires_grad=True)
 * scale(x, 2.5).sum().backward()
 * print(scale, x.grad, torch.ops.docs.scale(torch.ones(2), 0.5))
 * ```
 */
export function custom_op(name: string, options: CustomOpOptions): <F extends Implementation>(fn: F) => CustomOpDef<F>;
export function custom_op<F extends Implementation>(name: string, fn: F, options: CustomOpOptions): CustomOpDef<F>;
export function custom_op(...args: unknown[]): unknown {
  const { name, fn = null, mutates_args, device_types = null, schema } = CUSTOM_OP.read(args);
  if (typeof schema !== 'string') {
    throw new TypeError(
      "custom_op(): functions of JavaScript have no types at run time, so give the schema: { schema: '(Tensor x) -> Tensor' }",
    );
  }
  const mutates = typeof mutates_args === 'string' ? [mutates_args] : mutates_args;
  const make = (given: Implementation): CustomOpDef => {
    const [namespace, op_name] = parts_of(name);
    check_schema(schema, op_name, mutates);
    take_back(name);
    const qualified = native.library_define(namespace, `${op_name}${schema}`);
    forget_operators();
    const definition = new Definition(qualified, operator_of(qualified, 'custom_op'), given);
    definitions.set(qualified, definition);
    definition.register_kernel(device_types, given);
    return face_of(definition);
  };
  return fn === null ? make : make(fn);
}

/** An operator of {@link custom_op}, or the name of any. */
export type Operation = string | { readonly register_vmap: (func: never) => unknown };

define_kind(
  'operator',
  'str or CustomOpDef',
  (value) => typeof value === 'string' || faces.has(Object(value) as object),
);

/** The definition behind an operator, or the operator itself where `custom_op` has not made it. */
function definition_of(op: unknown, callee: string): Definition | Operator {
  const qualified = typeof op === 'string' ? op : faces.get(op as object)!.qualified;
  return definitions.get(qualified) ?? operator_of(qualified, callee);
}

const DEFINE = signature<{ qualname: string; schema: string; lib?: Library | null }>(
  'define',
  'qualname: str, schema: str, *, lib?: Library|None',
);
define_kind('Library', 'Library', (value) => value instanceof Library);

/**
 * Defines an operator without a kernel. Mirrors `torch.library.define`.
 *
 * @param qualname - as `'mylib::sin'`
 * @param schema - its arguments and results, as `'(Tensor x) -> Tensor'`
 * @throws Error for what is not a name or a schema, and when it has been defined
 * @example
 * ```ts
 * torch.library.define('docs::triple', '(Tensor x) -> Tensor');
 * torch.library.impl('docs::triple', 'cpu', (x: torch.Tensor) => x.mul(3));
 * print(torch.ops.docs!.triple!(torch.ones(2)));
 * ```
 * ```python
 * torch.library.define('docs::triple', '(Tensor x) -> Tensor')
 * torch.library.impl('docs::triple', 'cpu', lambda x: x * 3)
 * print(torch.ops.docs.triple(torch.ones(2)))
 * ```
 */
export function define(qualname: string, schema: string, options?: { lib?: Library | null }): void;
export function define(options: { qualname: string; schema: string; lib?: Library | null }): void;
export function define(...args: unknown[]): void {
  const { qualname, schema, lib = null } = DEFINE.read(args);
  const [namespace, name] = parts_of(qualname);
  if (!/^\(.*\) -> .*$/.test(schema)) {
    throw new Error('define(...): expected schema to look like e.g. "(Tensor x) -> Tensor" but got ' + `"${schema}"`);
  }
  if (lib === null) {
    native.library_define(namespace, name + schema);
    forget_operators();
  } else lib.define(name + schema);
}

const IMPL = signature<{ qualname: string; types: OneOrMore; func?: Implementation | null; lib?: Library | null }>(
  'impl',
  'qualname: str, types: str|str[], func?: Callable|None, *, lib?: Library|None',
);

/**
 * Registers a function as the kernel of an operator for devices. Mirrors `torch.library.impl`.
 *
 * @param qualname - the operator, as `'mylib::sin'`
 * @param types - devices, or `'default'` for all
 * @param func - takes the operator's arguments
 * @returns nothing; without `func`, a function that takes it
 * @throws Error when the operator is not defined
 * @example
 * ```ts
 * torch.library.define('docs::minus', '(Tensor x, *, int by=1) -> Tensor');
 * torch.library.impl('docs::minus', 'default', (x: torch.Tensor, { by }: { by: number }) => x.sub(by));
 * print(torch.ops.docs!.minus!(torch.ones(2)), torch.ops.docs!.minus!(torch.ones(2), { by: 3 }));
 * ```
 * ```python
 * torch.library.define('docs::minus', '(Tensor x, *, int by=1) -> Tensor')
 * torch.library.impl('docs::minus', 'default', lambda x, *, by=1: x - by)
 * print(torch.ops.docs.minus(torch.ones(2)), torch.ops.docs.minus(torch.ones(2), by=3))
 * ```
 */
export function impl(
  qualname: string,
  types: OneOrMore,
  func: Implementation,
  options?: { lib?: Library | null },
): void;
export function impl(
  qualname: string,
  types: OneOrMore,
  options?: { lib?: Library | null },
): (func: Implementation) => void;
export function impl(...args: unknown[]): unknown {
  const { qualname, types, func = null, lib = null } = IMPL.read(args);
  const keys = (typeof types === 'string' ? [types] : types).map(key_of_device);
  const take = (fn: Implementation): void => {
    for (const key of keys) {
      if (lib !== null) lib.impl(parts_of(qualname)[1], fn, key);
      else {
        const its = operator_of(qualname, 'impl');
        register_for(its.qualified, key, fn === fallthrough_kernel ? null : kernel_of(its, fn));
      }
    }
  };
  return func === null ? take : take(func);
}

interface KernelArguments {
  op: Operation;
  device_types: OneOrMore | null;
  func?: Implementation | null;
}
const REGISTER_KERNEL = signature<KernelArguments>(
  'register_kernel',
  'op: operator, device_types: str|str[]|None, func?: Callable|None',
);

/**
 * Registers a function for devices of an operator. Mirrors `torch.library.register_kernel`.
 *
 * @param op - the operator, or its name
 * @param device_types - devices; null for all
 * @param func - takes the operator's arguments
 * @returns the function; without `func`, a function that takes it
 * @example
 * ```ts
 * const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
 * const half = torch.library.custom_op('docs::half', (x: torch.Tensor) => x.mul(0), options);
 * torch.library.register_kernel(half, 'cpu', (x: torch.Tensor) => x.mul(0.5));
 * print(half(torch.ones(2)));
 * ```
 * ```python
 * half = torch.library.custom_op('docs::half', lambda x: x * 0, mutates_args=[], schema='(Tensor x) -> Tensor')
 * torch.library.register_kernel(half, 'cpu', lambda x: x * 0.5)
 * print(half(torch.ones(2)))
 * ```
 */
export function register_kernel<F extends Implementation>(op: Operation, device_types: OneOrMore | null, func: F): F;
export function register_kernel(
  op: Operation,
  device_types: OneOrMore | null,
): <F extends Implementation>(func: F) => F;
export function register_kernel(...args: unknown[]): unknown {
  const { op, device_types, func = null } = REGISTER_KERNEL.read(args);
  const take = (fn: Implementation): Implementation => {
    const found = definition_of(op, 'register_kernel');
    if (found instanceof Definition) found.register_kernel(device_types, fn);
    else {
      const devices =
        device_types === null ? ['default'] : typeof device_types === 'string' ? [device_types] : device_types;
      for (const key of devices.map(key_of_device)) register_for(found.qualified, key, kernel_of(found, fn));
    }
    return fn;
  };
  return func === null ? take : take(func);
}

const REGISTER_FAKE = signature<{ op: Operation; func: Implementation }>(
  'register_fake',
  'op: operator, func: Callable',
);

/**
 * Registers what computes sizes and dtypes of an operator's results, for tensors of the device `meta`. Mirrors
 * `torch.library.register_fake`.
 *
 * @param op - the operator, or its name
 * @param func - takes the operator's arguments
 * @returns the function
 * @example
 * ```ts
 * const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
 * const sums = torch.library.custom_op('docs::sums', (x: torch.Tensor) => x.sum(0), options);
 * torch.library.register_fake(sums, (x: torch.Tensor) => x.new_empty(x.shape.slice(1)));
 * print(sums(torch.ones(3, 2, { device: 'meta' })));
 * ```
 * ```python
 * sums = torch.library.custom_op('docs::sums', lambda x: x.sum(0), mutates_args=[], schema='(Tensor x) -> Tensor')
 * torch.library.register_fake(sums, lambda x: x.new_empty(x.shape[1:]))
 * print(sums(torch.ones(3, 2, device='meta')))
 * ```
 */
export function register_fake<F extends Implementation>(op: Operation, func: F): F;
export function register_fake<F extends Implementation>(options: { op: Operation; func: F }): F;
export function register_fake(...args: unknown[]): unknown {
  const { op, func } = REGISTER_FAKE.read(args);
  const found = definition_of(op, 'register_fake');
  if (found instanceof Definition) found.register_fake(func);
  else register_for(found.qualified, 'Meta', kernel_of(found, func));
  return func;
}

const REGISTER_AUTOGRAD = signature<{ op: Operation; backward: Backward; setup_context?: SetupContext | null }>(
  'register_autograd',
  'op: operator, backward: Callable, *, setup_context?: Callable|None',
);
const derivatives = new Map<string, Derivative>();

/**
 * Registers the derivative of an operator. Mirrors `torch.library.register_autograd`.
 *
 * @param op - the operator, or its name
 * @param backward - gets a context and the gradients of the results; returns the gradients of the arguments by position, null for
 *   those that have none
 * @param options - `setup_context`: gets a context, the arguments and the result after each call, and saves what `backward` needs
 * @throws Error for an operator that changes its arguments
 * @example
 * ```ts
 * const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
 * const square = torch.library.custom_op('docs::square', (x: torch.Tensor) => x.mul(x), options);
 * const setup_context = (ctx: torch.autograd.FunctionCtx, [x]: [torch.Tensor]) => ctx.save_for_backward(x);
 * torch.library.register_autograd(square, (ctx, g: torch.Tensor) => g.mul(ctx.saved_tensors[0]!).mul(2), { setup_context });
 * const x = torch.tensor([1.5, 2], { requires_grad: true });
 * square(x).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * square = torch.library.custom_op('docs::square', lambda x: x * x, mutates_args=[], schema='(Tensor x) -> Tensor')
 * def setup_context(ctx, inputs, output):
 *     ctx.save_for_backward(inputs[0])
 * torch.library.register_autograd(square, lambda ctx, g: g * ctx.saved_tensors[0] * 2, setup_context=setup_context)
 * x = torch.tensor([1.5, 2], requires_grad=True)
 * square(x).sum().backward()
 * print(x.grad)
 * ```
 */
export function register_autograd(
  op: Operation,
  backward: Backward,
  options?: { setup_context?: SetupContext | null },
): void;
export function register_autograd(options: {
  op: Operation;
  backward: Backward;
  setup_context?: SetupContext | null;
}): void;
export function register_autograd(...args: unknown[]): void {
  const { op, backward, setup_context = null } = REGISTER_AUTOGRAD.read(args);
  const found = definition_of(op, 'register_autograd');
  if (found instanceof Definition) {
    found.register_autograd(backward, setup_context);
    return;
  }
  const known = derivatives.get(found.qualified);
  if (known !== undefined && registered.get(found.qualified)?.has('Autograd')) {
    Object.assign(known, { backward, setup_context });
    return;
  }
  const derivative: Derivative = { backward, setup_context };
  derivatives.set(found.qualified, derivative);
  register_for(found.qualified, 'Autograd', recording_kernel(found, dotted(found.qualified), derivative), true);
}

const REGISTER_VMAP = signature<{ op: Operation; func: VmapFunction }>('register_vmap', 'op: operator, func: Callable');

/**
 * Registers how an operator computes batches of `torch.vmap`. Mirrors `torch.library.register_vmap`.
 *
 * @param op - the operator, or its name
 * @param func - gets the size of the batch, its place in each argument (null where it is not), and the arguments; returns the
 *   result and the place of the batch in it
 * @returns the function
 * @example
 * ```ts
 * const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
 * const cube = torch.library.custom_op('docs::cube', (x: torch.Tensor) => x.pow(3), options);
 * torch.library.register_vmap(cube, (_info, in_dims, x: torch.Tensor) => [cube(x), in_dims[0]]);
 * print(torch.vmap(cube, { in_dims: 1 })(torch.tensor([[1, 2], [3, 4]])));
 * ```
 * ```python
 * cube = torch.library.custom_op('docs::cube', lambda x: x ** 3, mutates_args=[], schema='(Tensor x) -> Tensor')
 * torch.library.register_vmap(cube, lambda info, in_dims, x: (cube(x), in_dims[0]))
 * print(torch.vmap(cube, in_dims=1)(torch.tensor([[1, 2], [3, 4]])))
 * ```
 */
export function register_vmap<F extends VmapFunction>(op: Operation, func: F): F;
export function register_vmap<F extends VmapFunction>(options: { op: Operation; func: F }): F;
export function register_vmap(...args: unknown[]): unknown {
  const { op, func } = REGISTER_VMAP.read(args);
  const found = definition_of(op, 'register_vmap');
  if (found instanceof Definition) found.register_vmap(func);
  else
    register_for(
      found.qualified,
      'FuncTorchBatched',
      batched_kernel(found, () => func),
    );
  return func;
}

const REGISTER_AUTOCAST = signature<{
  op: Operation;
  device_type: string;
  cast_inputs: DType;
  lib?: Library | null;
}>('register_autocast', 'op: operator, device_type: str, cast_inputs: dtype, *, lib?: Library|None');

/**
 * Casts the arguments of an operator in regions of autocast: floating point tensors of a type of device, except those in float64. The
 * operator then runs without autocast. Mirrors `torch.library.register_autocast`.
 *
 * @param op - the operator, or its name
 * @param device_type - such as `'cuda'`
 * @param cast_inputs - the dtype to which they are cast
 * @throws Error for a type of device without autocast
 * @example
 * ```ts
 * const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
 * const tenth = torch.library.custom_op('docs::tenth', (x: torch.Tensor) => x.div(10), options);
 * torch.library.register_autocast(tenth, 'cpu', torch.bfloat16);
 * print(tenth(torch.ones(2)), torch.autocast('cpu', () => tenth(torch.ones(2))));
 * ```
 * ```python
 * tenth = torch.library.custom_op('docs::tenth', lambda x: x / 10, mutates_args=[], schema='(Tensor x) -> Tensor')
 * torch.library.register_autocast(tenth, 'cpu', torch.bfloat16)
 * print(tenth(torch.ones(2)), torch.autocast('cpu')(tenth)(torch.ones(2)))
 * ```
 */
export function register_autocast(
  op: Operation,
  device_type: string,
  cast_inputs: DType,
  options?: { lib?: Library | null },
): void;
export function register_autocast(...args: unknown[]): void {
  const { op, device_type, cast_inputs } = REGISTER_AUTOCAST.read(args);
  const found = definition_of(op, 'register_autocast');
  if (found instanceof Definition) found.register_autocast(device_type, cast_inputs);
  else cast_for(found, device_type, cast_inputs);
}

/** The options of {@link opcheck}. */
export interface OpcheckOptions {
  /** The names of the tests, or `'ALL'`. Default: all but `'test_aot_dispatch_static'`. */
  test_utils?: string | readonly string[];
  /** Whether the first test that fails throws. Default true. */
  raise_exception?: boolean;
  /** Tolerances of results and gradients in `test_aot_dispatch_dynamic`, both or none; default those of `torch.testing.assert_close`. */
  rtol?: number | null;
  atol?: number | null;
}

const OPCHECK = signature<
  OpcheckOptions & { op: unknown; args: readonly unknown[]; kwargs?: Record<string, unknown> | null }
>(
  'opcheck',
  'op: any, args: any[], kwargs?: dict|None, *, test_utils?: str|str[], raise_exception?: bool, rtol?: float|None, atol?: float|None',
);

/** The overload to check: the only one of an operator. */
function overload_to_check(op: unknown): Overload {
  const definition = faces.get(Object(op) as object);
  if (definition !== undefined) return overload_named(definition.qualified);
  if (is_overload(op)) return op;
  if (!is_packet(op)) {
    throw new TypeError(
      `opcheck(op, ...): op must be instance of torch._ops.OpOverload, e.g. torch.ops.aten.sin.default, got ${kind_of(op)}`,
    );
  }
  const names = op.overloads();
  if (names.length === 1) return op[names[0]!]!;
  throw new Error(
    `opcheck can only test operators without overloads. Got the following overloads for ${op.qualified}: ` +
      `[${names.map((name) => `'${name === 'default' ? '' : name}'`).join(', ')}]`,
  );
}

/** `('a', 'b')`, as Python writes a tuple of names. */
const names_text = (names: readonly string[]): string => python_size(names.map((name) => `'${name}'`));

/**
 * Tests whether an operator does what has been registered for it. Mirrors `torch.library.opcheck`. What each test checks here:
 *
 * - `test_schema`: the kernel changes no argument that the schema does not mark (`Tensor(a!)`), and returns no argument, no view of one,
 *   and no two views of the same memory unless the schema says so
 * - `test_autograd_registration`: with arguments that require a gradient, results that require one come from a kernel for autograd
 *   ({@link register_autograd}), not from what a kernel of a device has recorded
 * - `test_faketensor`: what {@link register_fake} gives has the shapes, strides, dtypes and aliasing of the real results. It is run on
 *   tensors of the device `meta`; devices are not compared, and operators of libtorch's own (`aten`) pass
 * - `test_aot_dispatch_dynamic`, and `test_aot_dispatch_static`: two runs with the same random numbers give the same results and gradients,
 *   the operator and its derivative run on tensors without data, and the gradients found so are for the same arguments and of the same
 *   shapes. Python compiles the operator for this; nothing is compiled here. Results that share memory with arguments or each other are
 *   warned of, and are an error where the environment variable `CI` is set, as in Python
 *
 * Tensors without data among the arguments pass all tests. Whether a derivative is right is for {@link torch.autograd.gradcheck}.
 *
 * @param op - of {@link custom_op}, or of `torch.ops`, such as `torch.ops.aten.sin.default`
 * @param args - the arguments by position, which stay as they are
 * @param kwargs - those by name; default null, none
 * @param options - `test_utils`, `raise_exception`, `rtol`, `atol`; see {@link OpcheckOptions}
 * @returns for each test `'SUCCESS'`, or without `raise_exception` the Error
 * @throws OpCheckError with the first test that fails, and why
 * @throws TypeError for what is not an operator
 * @throws Error for an operator with several overloads, an unknown test, and one tolerance without the other
 * @example
 * ```ts
 * const options = { mutates_args: [], schema: '(Tensor x) -> Tensor' };
 * const twice = torch.library.custom_op('docs::twice', (x: torch.Tensor) => x.mul(2), options);
 * twice.register_fake((x: torch.Tensor) => x.new_empty([7]));
 * print(torch.library.opcheck(twice, [torch.ones(3)], { test_utils: 'test_schema' }));
 * try {
 *   torch.library.opcheck(twice, [torch.ones(3)]);
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * twice = torch.library.custom_op('docs::twice', lambda x: x * 2, mutates_args=[], schema='(Tensor x) -> Tensor')
 * twice.register_fake(lambda x: x.new_empty([7]))
 * print(torch.library.opcheck(twice, (torch.ones(3),), test_utils='test_schema'))
 * try:
 *     torch.library.opcheck(twice, (torch.ones(3),))
 * except Exception as error:
 *     print(error)
 * ```
 */
export function opcheck(
  op: Exclude<Operation, string> | Overload | OverloadPacket,
  args: readonly unknown[],
  kwargs?: Record<string, unknown> | null,
  options?: OpcheckOptions,
): Record<string, 'SUCCESS' | Error>;
export function opcheck(
  op: Exclude<Operation, string> | Overload | OverloadPacket,
  args: readonly unknown[],
  options?: OpcheckOptions & { kwargs?: Record<string, unknown> | null },
): Record<string, 'SUCCESS' | Error>;
export function opcheck(...given: unknown[]): Record<string, 'SUCCESS' | Error> {
  const { op, args, kwargs, test_utils, raise_exception = true, rtol = null, atol = null } = OPCHECK.read(given);
  if ((rtol === null) !== (atol === null)) {
    throw new Error('opcheck(op, ...): if you specify one of rtol/atol, you must specify both');
  }
  const overload = overload_to_check(op);
  const names = test_utils === 'ALL' ? Object.keys(TESTS) : [test_utils ?? DEFAULT_TESTS].flat();
  if (!names.every((name) => Object.hasOwn(TESTS, name))) {
    const listed = typeof test_utils === 'string' ? names_text(names) : `[${names_text(names).slice(1, -1)}]`;
    throw new Error(
      `opcheck(op, ..., test_utils=${listed}), expected test_utils to be subset of ${names_text(Object.keys(TESTS))} but it was not`,
    );
  }
  const definition = definitions.get(overload.qualified);
  const fake: Checked['fake'] =
    definition === undefined
      ? undefined
      : (positional, named) =>
          definition.pretend([...positional, ...(Object.keys(named).length === 0 ? [] : [named])] as never[]);
  const checked: Checked = { op: overload, args, kwargs: kwargs ?? {}, fake, rtol, atol };
  const results: Record<string, 'SUCCESS' | Error> = {};
  for (const name of names) {
    try {
      run_test(name, checked);
      results[name] = 'SUCCESS';
    } catch (cause) {
      if (raise_exception) {
        throw new OpCheckError(
          `opcheck(op, ...): ${name} failed with ${(cause as Error).message} (scroll up for stack trace)`,
          { cause },
        );
      }
      results[name] = cause as Error;
    }
  }
  return results;
}
