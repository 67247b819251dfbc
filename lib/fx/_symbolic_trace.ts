/** Recording what a program does with its inputs as a graph. Mirrors `torch.fx._symbolic_trace`. */
import { is_plain_object } from '../_internal/plain_object.js';
import { method_signature, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { is_tensor } from '../_C/tensor_base.js';
import { namespace } from '../_internal/namespace.js';
import { global_hooks, split_kwargs } from '../nn/modules/hooks.js';
import { default_arguments, names_of_parameters, takes_tensor } from '../nn/modules/forward_arguments.js';
import { Module, read_members_by } from '../nn/modules/module.js';
import { Sequential } from '../nn/modules/container.js';
import { Parameter } from '../nn/parameter.js';
import type { Tensor } from '../_tensor.js';
import { Tuple } from '../_internal/tuple.js';
import { _assert } from './asserting.js';
import { Graph } from './graph.js';
import { GraphModule } from './graph_module.js';
import type { Argument, KeywordArguments, Node, TargetFunction } from './node.js';
import { parameter_proxy, proxies_in, TracerBase, type Proxy } from './proxy.js';
import { name_in_python } from './python_names.js';
import { call_arguments } from './running.js';

type AnyFunction = (...args: never[]) => unknown;
type Forward = (...args: unknown[]) => unknown;

interface TracerOptions {
  /** Let `shape`, `size()` and the like of parameters be values. Default false. */
  param_shapes_constant?: boolean;
}

const TRACER = signature<TracerOptions>('Tracer', '*, param_shapes_constant?: bool');
const TRACE = method_signature<{ root: Module | AnyFunction; concrete_args?: ConcreteArgs | null }>(
  'Tracer.trace',
  'root: Callable, concrete_args?: any',
);
const SYMBOLIC_TRACE = signature<{ root: Module | AnyFunction; concrete_args?: ConcreteArgs | null }>(
  'symbolic_trace',
  'root: Callable, concrete_args?: any',
);
const WRAP = signature<{ fn_or_name: AnyFunction | string }>('wrap', 'fn_or_name: Callable|str');
const PATH = method_signature<{ mod: Module }>('Tracer.path_of_module', 'mod: Module');
const IS_LEAF = method_signature<{ m: Module; module_qualified_name: string }>(
  'Tracer.is_leaf_module',
  'm: Module, module_qualified_name: str',
);

/** Inputs that are values instead of proxies: by the names of parameters. */
export type ConcreteArgs = Readonly<Record<string, unknown>>;

class PlaceholderInput {
  toString(): string {
    return 'PH';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'PH';
  }
}

/** Stands in `concrete_args` for an input that is a proxy all the same. Mirrors `torch.fx.PH`. */
export const PH: object = Object.freeze(new PlaceholderInput());

/** An annotation of Python's. */
const TENSOR = 'torch.Tensor';

let tracing = 0;

/**
 * Whether something is being traced. Mirrors `torch.fx._symbolic_trace.is_fx_tracing`.
 * @example
 * ```ts
 * print(torch.fx._symbolic_trace.is_fx_tracing());
 * ```
 * ```python
 * import torch.fx
 * print(torch.fx._symbolic_trace.is_fx_tracing())
 * ```
 */
export function is_fx_tracing(): boolean {
  return tracing > 0;
}

let own_modules: Set<unknown> | undefined;

/** The classes of `torch.nn` and `torch.ao.nn`. */
function classes_of_torch(): Set<unknown> {
  if (own_modules !== undefined) return own_modules;
  own_modules = new Set();
  const add = (holder: unknown, depth: number): void => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const value of Object.values(holder)) {
      if (typeof value === 'function') own_modules?.add(value);
      else if (depth > 0) add(value, depth - 1);
    }
  };
  const { nn, ao } = namespace.torch as { nn: object; ao: { nn?: object } };
  add(nn, 1);
  add(ao.nn, 3);
  return own_modules;
}

/**
 * Records what a module or function does with its inputs; a subclass decides what becomes of modules and nodes. Mirrors
 * `torch.fx.Tracer`.
 *
 * Modules of `torch.nn` are leaves, whose calls are nodes; of other modules what their `forward` does is recorded. Functions that a
 * program calls with proxies are run, unless {@link wrap} made them.
 *
 * @param options - `param_shapes_constant`: shapes of parameters are values; default false
 * @example
 * ```ts
 * class WithoutReLU extends torch.fx.Tracer {
 *   override is_leaf_module(m: nn.Module, name: string): boolean {
 *     return !(m instanceof nn.ReLU) && super.is_leaf_module(m, name);
 *   }
 * }
 * print(new WithoutReLU().trace(new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU())));
 * ```
 * ```python
 * class WithoutReLU(torch.fx.Tracer):
 *     def is_leaf_module(self, m, name):
 *         return not isinstance(m, nn.ReLU) and super().is_leaf_module(m, name)
 * print(WithoutReLU().trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU())))
 * ```
 */
export class Tracer extends TracerBase {
  /** What is traced; of a function an empty module. */
  root!: Module;
  /** Whether buffers are read by nodes where `forward` reads them, as parameters are. */
  proxy_buffer_attributes = false;
  /** The method of a module that is traced. */
  traced_func_name = 'forward';
  /** Whether shapes of parameters are values. */
  param_shapes_constant: boolean;
  private submodule_paths: Map<Module, string> | null = null;
  private readonly module_stack: [key: string, entry: Tuple][] = [];
  private readonly num_calls = new Map<string, number>();
  private tensor_paths = new Map<unknown, string>();
  private members = new Map<unknown, string>();
  private parameter_proxies = new Map<string, Proxy>();

  constructor(options?: TracerOptions);
  constructor(...args: unknown[]) {
    super();
    this.param_shapes_constant = TRACER.read(args).param_shapes_constant ?? false;
  }

  override create_node(...given: Parameters<TracerBase['create_node']>): Node {
    const node = super.create_node(...given);
    if (this.module_stack.length > 0) node.meta['nn_module_stack'] = Object.fromEntries(this.module_stack);
    return node;
  }

  /**
   * As `TracerBase.create_arg`, with parameters, buffers and modules, which nodes read, and other tensors, which become attributes of
   * the root. Mirrors `torch.fx.Tracer.create_arg`.
   *
   * @throws Error for a parameter that the root does not have, and for values that cannot be in a graph
   */
  override create_arg(a: unknown): Argument {
    if (a instanceof Parameter) {
      const path = this.path_of_member(a);
      if (path === undefined) throw new Error('parameter is not a member of this module');
      return this.create_node('get_attr', path, [], {});
    }
    if (a instanceof Module) {
      for (const [path, module] of this.root.named_modules()) {
        if (module === a) return this.create_node('get_attr', path, [], {});
      }
    }
    if (!is_tensor(a)) return super.create_arg(a);
    let path = this.path_of_member(a) ?? this.tensor_paths.get(a);
    if (path === undefined) {
      path = this.fresh_name('_tensor_constant');
      this.tensor_paths.set(a, path);
      (this.root as unknown as Record<string, unknown>)[path] = a;
    }
    return this.create_node('get_attr', path, [], {});
  }

  private path_of_member(tensor: Tensor): string | undefined {
    if (this.submodule_paths !== null) return this.members.get(tensor);
    for (const members of [this.root.named_parameters(), this.root.named_buffers()]) {
      for (const [path, member] of members) if (member === tensor) return path;
    }
    return undefined;
  }

  private fresh_name(prefix: string): string {
    let i = 0;
    while (`${prefix}${i}` in this.root) i++;
    return `${prefix}${i}`;
  }

  /**
   * Whether the call of a module is one node, instead of the nodes of its `forward`: modules of `torch.nn` are, but `Sequential`. For
   * subclasses to decide. Mirrors `torch.fx.Tracer.is_leaf_module`.
   *
   * @param m - the module
   * @param module_qualified_name - its path in the root
   */
  is_leaf_module(m: Module, module_qualified_name: string): boolean;
  is_leaf_module(...args: unknown[]): boolean {
    const { m } = IS_LEAF.read(args);
    return classes_of_torch().has(m.constructor) && !(m instanceof Sequential);
  }

  /**
   * The path of a module in the root. Mirrors `torch.fx.Tracer.path_of_module`.
   *
   * @param mod - the module
   * @throws Error when the root does not have it
   */
  path_of_module(mod: Module): string;
  path_of_module(...args: unknown[]): string {
    const { mod } = PATH.read(args);
    const path =
      this.submodule_paths?.get(mod) ?? [...this.root.named_modules()].find(([, module]) => module === mod)?.[0];
    if (path === undefined) throw new Error('module is not installed as a submodule');
    return path;
  }

  /**
   * What the call of a module gives: a node of a leaf, else what its `forward` gives. For subclasses to change. Mirrors
   * `torch.fx.Tracer.call_module`.
   *
   * @param m - the module
   * @param forward - calls it
   * @param args - its arguments by position
   * @param kwargs - its arguments by name
   */
  call_module(m: Module, forward: Forward, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    const path = this.path_of_module(m);
    const calls = this.num_calls.get(path) ?? 0;
    this.num_calls.set(path, calls + 1);
    this.module_stack.push([calls > 0 ? `${path}@${calls}` : path, Tuple.of<unknown>(path, m.constructor)]);
    try {
      if (this.is_leaf_module(m, path)) return this.create_proxy('call_module', path, args, kwargs);
      return forward(...call_arguments(args, kwargs));
    } finally {
      this.module_stack.pop();
    }
  }

  /**
   * Records a module or function. Mirrors `torch.fx.Tracer.trace`.
   *
   * @param root - the module or function; the names of its parameters are read from its source
   * @param concrete_args - values of inputs that are none, so that control flow may depend on them; default null
   * @returns the graph
   * @throws TraceError where control flow depends on an input
   * @throws Error for parameters that are patterns or take any number of arguments
   */
  trace(root: Module | AnyFunction, concrete_args?: ConcreteArgs | null): Graph;
  trace(...given: unknown[]): Graph {
    const { root, concrete_args = null } = TRACE.read(is_options_of_trace(given) ? given : positional_trace(given));
    const is_module = root instanceof Module;
    this.root = is_module ? root : new Module();
    const fn = (is_module ? (root as unknown as Record<string, unknown>)[this.traced_func_name] : root) as Forward;
    if (typeof fn !== 'function') {
      throw new Error(`traced_func_name=${this.traced_func_name} doesn't exist in ${this.root._get_name()}`);
    }
    this.graph = new Graph(null, this.constructor);
    this.look_at_root();
    const before = global_hooks.tracer;
    const ends: (() => void)[] = [];
    tracing++;
    try {
      const args = this.inputs_of(fn, concrete_args);
      for (const [path, module] of this.submodule_paths === null ? [] : [...this.root.named_modules()]) {
        if (path !== '' && this.is_leaf_module(module, path)) continue;
        ends.push(read_members_by(module, (value) => this.read_member(value)));
      }
      global_hooks.tracer = (module, forward, called) => {
        const [positional, named] = split_kwargs(called);
        return this.call_module(module, forward, positional, named);
      };
      const result = fn.apply(is_module ? root : undefined, args);
      const typed = [...this.graph.nodes].some(({ op, type }) => op === 'placeholder' && type !== null);
      this.create_node('output', 'output', [this.create_arg(result)], {}, null, typed ? TENSOR : null);
    } finally {
      global_hooks.tracer = before;
      for (const end of ends) end();
      tracing--;
      this.submodule_paths = null;
    }
    return this.graph;
  }

  /** Notes where modules, parameters, buffers and other tensors of the root are. */
  private look_at_root(): void {
    this.submodule_paths = new Map([...this.root.named_modules()].map(([path, module]) => [module, path]));
    this.members = new Map();
    for (const [path, tensor] of [...this.root.named_buffers(), ...this.root.named_parameters()]) {
      this.members.set(tensor, path);
    }
    this.tensor_paths = new Map();
    this.parameter_proxies = new Map();
    for (const [module, path] of this.submodule_paths) {
      for (const [name, value] of Object.entries(module)) {
        if (is_tensor(value)) this.tensor_paths.set(value, path === '' ? name : `${path}.${name}`);
      }
    }
  }

  /** What `this.weight` is in a module that is being traced. */
  private read_member(value: Tensor): unknown {
    const path = this.members.get(value);
    const is_parameter = value instanceof Parameter;
    if (path === undefined || !(is_parameter || this.proxy_buffer_attributes)) return value;
    let proxy = this.parameter_proxies.get(path);
    if (proxy === undefined) {
      proxy = this.create_proxy('get_attr', path, [], {});
      if (this.param_shapes_constant && is_parameter) proxy = parameter_proxy(proxy, value);
      this.parameter_proxies.set(path, proxy);
    }
    return proxy;
  }

  /** The arguments that `forward` is called with: proxies of placeholders, and what is concrete. */
  private inputs_of(fn: Forward, concrete_args: ConcreteArgs | null): unknown[] {
    const defaults = default_arguments(fn);
    const names = defaults === null ? names_of_parameters(fn) : [...defaults.keys()];
    if (defaults === null && names.length < fn.length) {
      throw new Error('trace(): parameters must be names, so that placeholders can have them');
    }
    for (const name of Object.keys(concrete_args ?? {})) {
      if (!names.includes(name)) throw new Error(`trace(): concrete_args has '${name}', which is not a parameter`);
    }
    return names.map((name) => {
      const fallback = defaults?.get(name);
      const args = fallback === undefined ? [] : [fallback];
      if (concrete_args === null || !Object.hasOwn(concrete_args, name)) {
        // Modules of torch.nn say in Python what they take.
        return this.create_proxy('placeholder', name, args, {}, null, takes_tensor(fn, name) ? TENSOR : null);
      }
      return this.concrete_input(name, concrete_args[name], args, { count: 0 });
    });
  }

  private concrete_input(name: string, value: unknown, fallback: readonly unknown[], made: { count: number }): unknown {
    if (Array.isArray(value)) {
      const inner = (value as unknown[]).map((each) => this.concrete_input(name, each, fallback, made));
      return value instanceof Tuple ? Tuple.from(inner) : inner;
    }
    if (is_plain_object(value)) {
      const inner = Object.entries(value).map(([key, each]) => [key, this.concrete_input(name, each, fallback, made)]);
      return Object.fromEntries(inner) as unknown;
    }
    const input = this.create_proxy('placeholder', `${name}_${++made.count}`, fallback, {});
    if (value === PH) return input;
    if (value === null) {
      const text = `${name} has been specialized to have value None but got another value`;
      this.create_proxy('call_function', _assert_is_none as unknown as TargetFunction, [input, text], {});
    } else if (['number', 'boolean', 'string'].includes(typeof value)) {
      const shown = typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
      const text = `${name} has been specialized to have value ${shown} but got another value`;
      const same = (input as unknown as { __eq__(other: unknown): Proxy }).__eq__(value);
      this.create_proxy('call_function', _assert as unknown as TargetFunction, [same, text], {});
    } else {
      warn(
        `Was not able to add assertion to guarantee correct input ${name} to specialized function. It is up to the user to make ` +
          'sure that your inputs match the inputs you specialized the function with.',
      );
    }
    return value;
  }
}

const is_options_of_trace = (given: readonly unknown[]): boolean => given.length !== 2 || !is_plain_object(given[1]);

/** `concrete_args` is a record itself. */
function positional_trace([root, concrete_args]: readonly unknown[]): unknown[] {
  const record = concrete_args as Record<string, unknown>;
  const named = Object.keys(record).length === 1 && 'concrete_args' in record;
  return [named ? { root, ...record } : { root, concrete_args }];
}

function _assert_is_none(value: unknown, msg: string): void {
  if (value !== null && value !== undefined) throw new Error(msg);
}
name_in_python(_assert_is_none, 'torch.fx._symbolic_trace', '_assert_is_none');
name_in_python(_assert, 'torch', '_assert');

/**
 * Records a module or function as a graph, and returns a module that runs it. Mirrors `torch.fx.symbolic_trace`.
 *
 * @param root - the module or function
 * @param concrete_args - values of inputs that are none, by their names; default null
 * @throws TraceError where control flow depends on an input; of `if (x)` JavaScript says nothing
 * @example
 * ```ts
 * class Model extends nn.Module {
 *   linear = new nn.Linear(2, 2);
 *   forward(x: torch.Tensor): torch.Tensor {
 *     return torch.relu(this.linear(x)).neg();
 *   }
 * }
 * print(torch.fx.symbolic_trace(new Model()).graph);
 * ```
 * ```python
 * class Model(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.linear = nn.Linear(2, 2)
 *     def forward(self, x):
 *         return torch.relu(self.linear(x)).neg()
 * print(torch.fx.symbolic_trace(Model()).graph)
 * ```
 */
export function symbolic_trace(root: Module | AnyFunction, concrete_args?: ConcreteArgs | null): GraphModule;
export function symbolic_trace(...given: unknown[]): GraphModule {
  const { root, concrete_args = null } = SYMBOLIC_TRACE.read(
    is_options_of_trace(given) ? given : positional_trace(given),
  );
  const tracer = new Tracer();
  const graph = tracer.trace(root, concrete_args);
  const name = root instanceof Module ? root._get_name() : root.name || '<lambda>';
  return new GraphModule(tracer.root, graph, name);
}

/**
 * Lets a function be one node of a graph, instead of what it does. Mirrors `torch.fx.wrap`, which replaces the function of that name
 * in its module; here the function that is returned is to be called instead: `const f = torch.fx.wrap(function f(x) { ... })`.
 *
 * @param fn_or_name - the function; texts throw, since names cannot be looked up
 * @returns a function that adds a node where it is called with a proxy while something is traced
 * @example
 * ```ts
 * const rounded = torch.fx.wrap(function rounded(x: torch.Tensor) {
 *   return x.item() > 0.5 ? torch.ones(1) : torch.zeros(1);
 * });
 * print(torch.fx.symbolic_trace((x: torch.Tensor) => rounded(x).neg()).graph);
 * ```
 * ```python
 * torch.fx.wrap("rounded")
 * def rounded(x):
 *     return torch.ones(1) if x.item() > 0.5 else torch.zeros(1)
 * print(torch.fx.symbolic_trace(lambda x: rounded(x).neg()).graph)
 * ```
 */
export function wrap<F extends AnyFunction>(fn_or_name: F): F;
export function wrap(...args: unknown[]): unknown {
  const { fn_or_name: fn } = WRAP.read(args);
  if (typeof fn === 'string') {
    throw new Error(`wrap(): give the function itself, and call what is returned: const ${fn} = torch.fx.wrap(${fn})`);
  }
  // While its node is made, a tracer may call the function for what it does.
  let recording = false;
  const wrapped = function (this: unknown, ...given: unknown[]): unknown {
    const [proxy] = tracing > 0 && !recording ? proxies_in(given) : [];
    if (proxy === undefined) return (fn as Forward).apply(this, given);
    const [positional, named] = split_kwargs(given);
    recording = true;
    try {
      const made = proxy.tracer.create_proxy('call_function', wrapped, positional, named);
      made.node.meta['is_wrapped'] = true;
      return made;
    } finally {
      recording = false;
    }
  };
  Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true });
  name_in_python(wrapped, '__main__', fn.name);
  return wrapped;
}
