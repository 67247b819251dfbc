/** Values that record what is done with them. Mirrors `torch.fx.proxy`. */
import { is_plain_object } from '../_internal/plain_object.js';
import { kind_of, name_class } from '../_internal/kind_of.js';
import { module_in_python, overriding } from '../_internal/overriding.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { Tuple } from '../_internal/tuple.js';
import { is_overload, is_packet } from '../_ops.js';
import type { Tensor } from '../_tensor.js';
import { DType, Layout, MemoryFormat } from '../types/dtype.js';
import { Device } from '../types/device.js';
import { Complex } from '../types/scalar.js';
import { Float } from '../python/values.js';
import { bound_arguments } from './arguments.js';
import type { Graph } from './graph.js';
import {
  map_aggregate,
  type Node,
  slice_parts,
  SliceOf,
  type Argument,
  type KeywordArguments,
  type Op,
  type Target,
  type TargetFunction,
} from './node.js';
import { function_name, getattr, operators, qualified_name } from './python_names.js';

const NativeProxy = globalThis.Proxy;
const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/**
 * Thrown where a program does something with a {@link Proxy} that a graph cannot record. Mirrors `torch.fx.proxy.TraceError`.
 * @example
 * ```ts
 * try {
 *   torch.fx.symbolic_trace((x: torch.Tensor) => (Number(x) > 0 ? x : x.neg()));
 * } catch (error) {
 *   print(error instanceof torch.fx.proxy.TraceError, (error as Error).message);
 * }
 * ```
 * ```python
 * try:
 *     torch.fx.symbolic_trace(lambda x: x if x > 0 else x.neg())
 * except Exception as error:
 *     print(isinstance(error, torch.fx.proxy.TraceError), error)
 * ```
 */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

interface NodeCall {
  kind: Op;
  target: Target;
  args: readonly unknown[];
  kwargs: KeywordArguments;
  name?: string | null;
  type_expr?: unknown;
}

const CREATE = 'kind: str, target: any, args: Iterable, kwargs: any, name?: str|None, type_expr?: any';
const CREATE_NODE = method_signature<NodeCall>('TracerBase.create_node', CREATE);
const CREATE_PROXY = method_signature<NodeCall>('TracerBase.create_proxy', CREATE);
const PROXY = signature<{ node: Node; tracer?: TracerBase | null }>('Proxy', 'node: FxNode, tracer?: TracerBase|None');
const APPENDING = signature<{ graph: Graph }>('GraphAppendingTracer', 'graph: Graph');

const control_flow = 'symbolically traced variables cannot be used as inputs to control flow';
const iterated =
  'Proxy object cannot be iterated. This can be attempted when the Proxy is used in a loop or as a *args or **kwargs ' +
  'function argument. See the torch.fx docs on pytorch.org for a more detailed explanation of what types of control flow ' +
  'can be traced, and check out the Proxy docstring for help troubleshooting Proxy iteration errors';
const no_length =
  "'len' is not supported in symbolic tracing by default. If you want this call to be recorded, please call " +
  "torch.fx.wrap('len') at module scope";
/** A pattern takes as many elements as it has names; what takes more is a loop. */
const longest_pattern = 64;

/** Adds nodes to a graph. Mirrors `torch.fx.proxy.TracerBase`, which tracers extend. */
export abstract class TracerBase {
  /** The graph that grows. */
  graph!: Graph;

  /**
   * Adds a node; for subclasses to change what becomes of a node. Mirrors `TracerBase.create_node`.
   *
   * @param kind - what the node does
   * @param target - what it calls
   * @param args - its arguments by position
   * @param kwargs - its arguments by name
   * @param name - what to call it; default a name made of the target's
   * @param type_expr - what annotates it in code
   */
  create_node(
    kind: Op,
    target: Target,
    args: readonly Argument[],
    kwargs: KeywordArguments,
    name?: string | null,
    type_expr?: unknown,
  ): Node;
  create_node(...given: unknown[]): Node {
    const { kind, target, args, kwargs, name = null, type_expr = null } = CREATE_NODE.read(given);
    return this.graph.create_node(kind, target, args, kwargs, name, type_expr);
  }

  /** The proxy of a node; for subclasses that have proxies of their own. Mirrors `TracerBase.proxy`. */
  proxy(node: Node): Proxy {
    return new Proxy(node, this);
  }

  /**
   * Adds a node with arguments among which may be proxies, and returns its proxy. Mirrors `TracerBase.create_proxy`.
   *
   * @param kind - what the node does
   * @param target - what it calls
   * @param args - its arguments by position
   * @param kwargs - its arguments by name
   * @param name - what to call it; default a name made of the target's
   * @param type_expr - what annotates it in code
   * @throws Error for an argument that cannot be in a graph
   */
  create_proxy(
    kind: Op,
    target: Target,
    args: readonly unknown[],
    kwargs: KeywordArguments,
    name?: string | null,
    type_expr?: unknown,
  ): Proxy;
  create_proxy(...given: unknown[]): Proxy {
    const { kind, target, args, kwargs, name = null, type_expr = null } = CREATE_PROXY.read(given);
    const lowered = Tuple.from([...args].map((argument) => this.create_arg(argument)));
    const named = this.create_arg(kwargs) as KeywordArguments;
    return this.proxy(this.create_node(kind, target, lowered, named, name, type_expr));
  }

  /**
   * The argument of a node that stands for a value; for subclasses that take further kinds of values. Mirrors
   * `TracerBase.create_arg`.
   *
   * @param a - a proxy, a number, text, dtype and the like, or a list, tuple, slice or record of those
   * @throws Error for other values
   */
  create_arg(a: unknown): Argument {
    if (is_proxy(a)) return a.node;
    if (a === null || a === undefined) return null;
    if (a instanceof Tuple) return Tuple.from([...a].map((element) => this.create_arg(element)));
    if (Array.isArray(a)) return (a as unknown[]).map((element) => this.create_arg(element));
    const slice = slice_parts(a);
    if (slice !== null) {
      const [start, stop, step] = slice.map((bound) => this.create_arg(bound));
      return new SliceOf(start, stop, step);
    }
    if (is_plain_object(a)) {
      return Object.fromEntries(Object.entries(a).map(([key, value]) => [key, this.create_arg(value)]));
    }
    if (typeof a !== 'object' && typeof a !== 'function') return a;
    if (VALUES.some((kind) => a instanceof kind) || is_overload(a) || is_packet(a)) return a;
    throw new Error(`argument of type: ${kind_of(a)}`);
  }

  /**
   * What a proxy is where a program asks whether it is true; for tracers that know. Mirrors `TracerBase.to_bool`.
   *
   * @throws TraceError unless a subclass answers
   */
  to_bool(_obj: Proxy): boolean {
    throw new TraceError(control_flow);
  }

  /**
   * The elements of a proxy in a loop; for tracers that know them. Mirrors `TracerBase.iter`.
   *
   * @throws TraceError unless a subclass answers
   */
  iter(_obj: Proxy): Iterator<unknown> {
    throw new TraceError(iterated);
  }

  /** What `keys()` of a proxy is. Mirrors `TracerBase.keys`. */
  keys(obj: Proxy): unknown {
    return this.create_proxy('call_method', 'keys', [obj], {});
  }
}

const VALUES = [DType, Layout, MemoryFormat, Device, Complex, Float];

define_kind('TracerBase', 'TracerBase', (value) => value instanceof TracerBase);

/** Adds nodes to a graph that exists, where nothing is traced. Mirrors `torch.fx.proxy.GraphAppendingTracer`. */
export class GraphAppendingTracer extends TracerBase {
  /**
   * @param graph - the graph
   */
  constructor(graph: Graph);
  constructor(...args: unknown[]) {
    super();
    this.graph = APPENDING.read(args).graph;
  }
}

/** What a proxy has beside what it records. */
interface ProxyFields {
  /** The node that computes the value. */
  readonly node: Node;
  /** What adds nodes. */
  readonly tracer: TracerBase;
}

/**
 * A value of a graph, for which functions of torch, methods and `op.add` of ports add nodes instead of computing something. Mirrors
 * `torch.fx.Proxy`.
 *
 * A method adds a `call_method` node: `x.add(1)`. Python's `x + 1` is a call of `operator.add`, here `op.add(x, 1)` of
 * `torch-node/port`. JavaScript asks no object whether it is true: `if (x)` is not noticed, while `x > 0`, `py.bool(x)` and `for`
 * throw a {@link TraceError}.
 *
 * @example
 * ```ts
 * const graph = new torch.fx.Graph();
 * const x = new torch.fx.Proxy(graph.placeholder('x'));
 * const y = torch.relu(x).neg() as torch.fx.Proxy;
 * graph.output(y.node);
 * print(graph);
 * ```
 * ```python
 * graph = torch.fx.Graph()
 * x = torch.fx.Proxy(graph.placeholder('x'))
 * y = torch.relu(x).neg()
 * graph.output(y.node)
 * print(graph)
 * ```
 */
export type Proxy = Tensor & ProxyFields;

/** @internal */
interface Recorded {
  node: Node;
  tracer: TracerBase;
}

const all = new WeakSet<object>();

/** Whether a value is a proxy. */
export function is_proxy(value: unknown): value is Proxy {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && all.has(value);
}

/** Python's operators on proxies. */
const REFLECTED = 'add sub mul floordiv truediv mod pow lshift rshift and_ or_ xor matmul'.split(' ');
const MAGIC = [...REFLECTED, ...'getitem eq ne lt gt le ge pos neg invert'.split(' ')];

const dunders = new Map<string, (proxy: Proxy, args: unknown[]) => unknown>();
for (const name of MAGIC) {
  const target = operators[name]!;
  dunders.set(`__${name.replace('_', '')}__`, (proxy, args) =>
    proxy.tracer.create_proxy('call_function', target, [proxy, ...args], {}),
  );
}
for (const name of REFLECTED) {
  const target = operators[name]!;
  dunders.set(`__r${name.replace('_', '')}__`, (proxy, [other]) =>
    proxy.tracer.create_proxy('call_function', target, [other, proxy], {}),
  );
}
dunders.set('__abs__', (proxy) => proxy.tracer.create_proxy('call_function', operators['abs']!, [proxy], {}));
dunders.set('__bool__', (proxy) => proxy.tracer.to_bool(proxy));
dunders.set('__repr__', (proxy) => String(proxy));
dunders.set('__len__', () => {
  throw new Error(no_length);
});
dunders.set('__call__', (proxy, args) =>
  proxy.tracer.create_proxy('call_method', '__call__', ...split([proxy, ...args])),
);
dunders.set('keys', (proxy) => proxy.tracer.keys(proxy));

/** The arguments by position and by name of a call as it is written here. */
function split(args: readonly unknown[]): [args: unknown[], kwargs: KeywordArguments] {
  const last = args[args.length - 1];
  if (args.length > 0 && is_plain_object(last)) return [args.slice(0, -1), last];
  const count = args.findLastIndex((argument) => argument !== undefined) + 1;
  return [args.slice(0, count), {}];
}

/** What tools ask any object for. */
const PROBES = new Set([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  '$$typeof',
  'nodeType',
  'asymmetricMatch',
  '__esModule',
]);

function* pattern(proxy: Proxy): Generator<unknown, void, undefined> {
  for (let i = 0; i < longest_pattern; i++) {
    yield proxy.tracer.create_proxy('call_function', operators['getitem']!, [proxy, i], {});
  }
  yield* { [Symbol.iterator]: () => proxy.tracer.iter(proxy) as Iterator<unknown, void, undefined> };
}

function read(target: object, name: string | symbol, proxy: Proxy): unknown {
  if (name === Symbol.iterator) return () => pattern(proxy);
  if (name === Symbol.toPrimitive) {
    return (hint: string) => (hint === 'string' ? (target as Proxy).toString() : proxy.tracer.to_bool(proxy));
  }
  if (typeof name === 'symbol' || name in target || PROBES.has(name))
    return Reflect.get(target, name, proxy) as unknown;
  const dunder = dunders.get(name);
  if (dunder !== undefined) return (...args: unknown[]) => dunder(proxy, args);
  // Ports ask for what Python's classes may have.
  if (name.startsWith('__') && name.endsWith('__')) return undefined;
  if (name === 'index') return (...keys: unknown[]) => item(proxy, keys);
  if (name === 'length') throw new Error(no_length);
  return new Attribute(proxy, name);
}

/** `x.index(0, '1:')`, which is Python's `x[0, 1:]`. */
function item(proxy: Proxy, keys: readonly unknown[]): unknown {
  const subscripts = keys.map((key) => (typeof key === 'string' ? subscript(key) : key));
  const whole = subscripts.length === 1 ? subscripts[0] : Tuple.from(subscripts);
  return proxy.tracer.create_proxy('call_function', operators['getitem']!, [proxy, whole], {});
}

/** Python's `...` in an index. */
class Ellipsis {
  toString(): string {
    return 'Ellipsis';
  }

  [inspect_custom](): string {
    return 'Ellipsis';
  }
}
const ELLIPSIS = new Ellipsis();
VALUES.push(Ellipsis as never);

function subscript(text: string): unknown {
  if (text === '...') return ELLIPSIS;
  const bounds = text.split(':').map((bound) => (bound.trim() === '' ? null : Number(bound)));
  return new SliceOf(bounds[0] ?? null, bounds[1] ?? null, bounds[2] ?? null);
}

/** A subscript of a graph as `x.index` takes it. */
export function as_subscript(key: unknown): unknown {
  if (key === ELLIPSIS) return '...';
  const slice = slice_parts(key);
  if (slice === null) return key;
  const [start, stop, step] = slice.map((bound) => (bound === null ? '' : String(bound)));
  return step === '' ? `${start}:${stop}` : `${start}:${stop}:${step}`;
}

class RecordedProxy implements Recorded {
  readonly node!: Node;
  readonly tracer!: TracerBase;

  constructor(...args: unknown[]) {
    const { node, tracer = null } = PROXY.read(args);
    // From the first proxy on, functions of torch look whether they are given one.
    overriding.taker = taker;
    Object.defineProperty(this, 'node', { value: node, writable: true });
    Object.defineProperty(this, 'tracer', { value: tracer ?? new GraphAppendingTracer(node.graph), writable: true });
    const proxy = new NativeProxy(this, { get: (target, name) => read(target, name, proxy as unknown as Proxy) });
    all.add(proxy);
    return proxy;
  }

  toString(): string {
    return `Proxy(${this.node.name})`;
  }

  [inspect_custom](): string {
    return String(this);
  }
}
name_class(RecordedProxy, 'Proxy');
Object.defineProperty(RecordedProxy, 'name', { value: 'Proxy' });

/** The class of proxies. */
export const Proxy = RecordedProxy as unknown as new (node: Node, tracer?: TracerBase | null) => Proxy;

/** An attribute of a proxy: a method when it is called, else a value that has a node from its first use. Mirrors `torch.fx.proxy.Attribute`. */
export type Attribute = Proxy & ((...args: unknown[]) => Proxy) & { readonly root: Proxy; readonly attr: string };

class RecordedAttribute {
  constructor(root: Proxy, attr: string) {
    let node: Node | undefined;
    const { tracer } = root;
    const fields = {
      root,
      attr,
      tracer,
      get node(): Node {
        return (node ??= tracer.create_proxy(
          'call_function',
          getattr as unknown as TargetFunction,
          [root, attr],
          {},
        ).node);
      },
      toString: () => `Proxy(${fields.node.name})`,
    };
    Object.setPrototypeOf(fields, RecordedAttribute.prototype);
    const proxy: unknown = new NativeProxy(() => undefined, {
      apply: (_, __, args: unknown[]) => tracer.create_proxy('call_method', attr, ...split([root, ...args])),
      get: (_, name) => read(fields, name, proxy as Proxy),
      getPrototypeOf: () => RecordedAttribute.prototype,
      has: (_, name) => name in fields,
    });
    all.add(proxy as object);
    return proxy as RecordedAttribute;
  }
}
Object.setPrototypeOf(RecordedAttribute.prototype, RecordedProxy.prototype);
name_class(RecordedAttribute, 'Attribute');

/** The class of attributes of proxies. */
export const Attribute = RecordedAttribute as unknown as new (root: Proxy, attr: string) => Attribute;

/** A proxy of a parameter whose shape is known. Mirrors `torch.fx.proxy.ParameterProxy`. */
export function parameter_proxy(proxy: Proxy, parameter: Tensor): Proxy {
  return new ParameterProxy(proxy.node, proxy.tracer, parameter) as unknown as Proxy;
}

class ParameterProxy extends RecordedProxy {
  readonly shape!: Tensor['shape'];
  readonly ndim!: number;
  readonly size!: Tensor['size'];
  readonly dim!: () => number;
  readonly numel!: () => number;
  readonly nelement!: () => number;

  constructor(node: Node, tracer: TracerBase, parameter: Tensor) {
    super(node, tracer);
    const values = {
      shape: parameter.shape,
      ndim: parameter.dim(),
      size: parameter.size.bind(parameter),
      dim: () => parameter.dim(),
      numel: () => parameter.numel(),
      nelement: () => parameter.numel(),
    };
    for (const [name, value] of Object.entries(values)) Object.defineProperty(this, name, { value });
  }

  override toString(): string {
    return `ParameterProxy(${this.node.name})`;
  }
}

/** The proxies in some arguments. */
export function proxies_in(args: unknown): Proxy[] {
  const found: Proxy[] = [];
  map_aggregate(args, (value) => {
    if (is_proxy(value)) found.push(value);
    return null;
  });
  return found;
}

function tracer_of(fn: TargetFunction, args: readonly unknown[]): TracerBase {
  const tracers = new Set(proxies_in([...args]).map(({ tracer }) => tracer));
  if (tracers.size > 1) {
    const listed = [...tracers].map((tracer) => `<${tracer.constructor.name} object>`).join(', ');
    throw new Error(
      `Found multiple different tracers [${listed}] while trying to trace operations ${qualified_name(fn)}`,
    );
  }
  return [...tracers][0]!;
}

const taker: NonNullable<typeof overriding.taker> = {
  stands: is_proxy,
  call(fn, args, method) {
    const tracer = tracer_of(fn, args);
    const [positional, named] = split(args);
    if (method !== null) return tracer.create_proxy('call_method', method, positional, named);
    return tracer.create_proxy('call_function', fn, positional, named, function_name(fn));
  },
  operator(name, a, b) {
    const target = operators[name]!;
    return tracer_of(target, [a, b]).create_proxy('call_function', target, [a, b], {});
  },
  call_written(fn, args, run) {
    const bound = bound_arguments(fn, args, split);
    if (bound === null) return run();
    const name = function_name(fn);
    const made = tracer_of(fn, args).create_proxy('call_function', fn, bound.args, bound.kwargs, name);
    if (module_in_python(fn) !== undefined) made.node.meta['is_wrapped'] = true;
    return made;
  },
};
