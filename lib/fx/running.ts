/** Running nodes: calls as they are written here, and graphs as lists of steps. */
import { is_plain_object } from '../_internal/plain_object.js';
import { missing_text, surplus_text } from '../_internal/signature.js';
import { Tuple } from '../_internal/tuple.js';
import { is_tensor } from '../_C/tensor_base.js';
import { last_uses } from '../export/graph.js';
import { getitem, Slice } from '../port/op.js';
import { Float } from '../python/values.js';
import { attribute_at, type Graph } from './graph.js';
import { Node, slice_parts, SliceOf, type Argument, type KeywordArguments, type TargetFunction } from './node.js';
import { as_subscript, is_proxy } from './proxy.js';
import { operator_name, operators } from './python_names.js';

/** Numbers that are floats in Python, as functions of torch take them. */
function plain(value: unknown): unknown {
  if (value instanceof Float) return value.value;
  if (value instanceof Tuple) return value.some((element) => element instanceof Float) ? value.map(plain) : value;
  if (Array.isArray(value) && (value.constructor as unknown) === Array) return (value as unknown[]).map(plain);
  return value;
}

function plain_record(kwargs: KeywordArguments): KeywordArguments {
  return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [name, plain(value)]));
}

/** Arguments as a call has them: those by name in an object behind the others. */
export function call_arguments(args: readonly unknown[], kwargs: KeywordArguments): unknown[] {
  return Object.keys(kwargs).length === 0 ? [...args] : [...args, kwargs];
}

function item_of(container: unknown, key: unknown): unknown {
  if (is_proxy(container)) {
    return container.tracer.create_proxy('call_function', operators['getitem']!, [container, key], {});
  }
  const keys = key instanceof Tuple ? [...key] : [key];
  if (is_tensor(container)) return container.index(...(keys.map(as_subscript) as never[]));
  const slice = slice_parts(key);
  if (slice === null) return getitem(container, key);
  const [lower, upper, step] = slice as [number | null, number | null, number | null];
  return getitem(container, new Slice(lower, upper, step));
}

/** Calls a function of a node. */
export function run_function(target: TargetFunction, args: readonly unknown[], kwargs: KeywordArguments): unknown {
  const fn = target as (...args: unknown[]) => unknown;
  const operator = operator_name(target);
  if (operator === 'getitem') return item_of(args[0], args[1]);
  if (operator !== undefined) return fn(...args.map((argument) => bounds_of(argument)));
  return fn(...call_arguments(args.map(plain), plain_record(kwargs)));
}

/** A slice of a graph, as functions of ports take it. */
function bounds_of(value: unknown): unknown {
  if (!(value instanceof SliceOf)) return value;
  return new Slice(value.start as number | null, value.stop as number | null, value.step as number | null);
}

/** Calls a method. */
export function run_method(name: string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
  const [self, ...rest] = args as [Record<string, (...args: unknown[]) => unknown>, ...unknown[]];
  if (name === '__call__') {
    return (self as unknown as (...args: unknown[]) => unknown)(
      ...call_arguments(rest.map(plain), plain_record(kwargs)),
    );
  }
  if (typeof self[name] !== 'function' && !is_proxy(self)) {
    throw new TypeError(`'${(self as object).constructor.name}' object has no attribute '${name}'`);
  }
  return self[name]!(...call_arguments(rest.map(plain), plain_record(kwargs)));
}

/** Calls a module. */
export function run_module(module: unknown, args: readonly unknown[], kwargs: KeywordArguments): unknown {
  return (module as (...args: unknown[]) => unknown)(...call_arguments(args.map(plain), plain_record(kwargs)));
}

/** What a path in a module leads to. @throws Error when there is nothing */
export function fetch_attribute(module: object, target: string): unknown {
  let at: unknown = module;
  for (const [i, name] of target.split('.').entries()) {
    at = attribute_at(at, name);
    if (at !== undefined) continue;
    throw new Error(`Node referenced nonexistent target ${target.split('.', i + 1).join('.')}`);
  }
  return at;
}

type Values = unknown[];
type Fetch = (values: Values) => unknown;

/** A list of steps that run a graph as it is now, on a module. */
export class Program {
  private readonly steps: ((values: Values, module: object) => void)[] = [];
  private readonly inputs: { readonly name: string; readonly place: number; readonly fallback: Fetch | null }[] = [];
  private readonly places = new Map<Node, number>();
  private result: Fetch = () => null;

  constructor(graph: Graph) {
    const uses = last_uses(graph.nodes.reversed());
    for (const node of graph.nodes) {
      const place = this.places.size;
      this.places.set(node, place);
      if (node.op === 'placeholder') {
        const fallback = node.args.length > 0 ? this.fetch(node.args[0]) : null;
        this.inputs.push({ name: node.target as string, place, fallback });
        continue;
      }
      if (node.op === 'output') {
        this.result = this.fetch(node.args[0]);
        continue;
      }
      const run = this.step(node);
      const unused = (uses.get(node) ?? []).map((used) => this.places.get(used)!);
      this.steps.push((values, module) => {
        values[place] = run(values, module);
        for (const gone of unused) values[gone] = undefined;
      });
    }
  }

  /** The names of the inputs. */
  get input_names(): string[] {
    return this.inputs.map(({ name }) => name);
  }

  /** Runs the steps. @throws TypeError for missing and surplus arguments */
  run(module: object, args: readonly unknown[]): unknown {
    const values: Values = [];
    this.bind(values, args);
    for (const step of this.steps) step(values, module);
    return this.result(values);
  }

  private bind(values: Values, given: readonly unknown[]): void {
    const last = given[given.length - 1];
    const names = this.input_names;
    const by_name = is_plain_object(last) && Object.keys(last).every((name) => names.includes(name));
    const named = by_name && (given.length > names.length || Object.keys(last).length > 0) ? last : {};
    const args = named === last ? given.slice(0, -1) : given;
    const count = args.findLastIndex((argument) => argument !== undefined) + 1;
    if (count > names.length) {
      const [most, found] = [names.length + 1, count + 1];
      throw new TypeError(surplus_text('forward', String(most), found));
    }
    const missing: string[] = [];
    for (const [i, { name, place, fallback }] of this.inputs.entries()) {
      const value = i < args.length && args[i] !== undefined ? args[i] : named[name];
      if (value === undefined && fallback === null) missing.push(name);
      values[place] = value === undefined ? fallback?.(values) : value;
    }
    if (missing.length > 0) {
      throw new TypeError(missing_text('forward', 'positional', missing));
    }
  }

  private step(node: Node): (values: Values, module: object) => unknown {
    const args = node.args.map((argument) => this.fetch(argument));
    const kwargs = Object.entries(node.kwargs).map(([name, value]) => [name, this.fetch(value)] as const);
    const positional = (values: Values): unknown[] => args.map((fetch) => fetch(values));
    const named = (values: Values): KeywordArguments =>
      Object.fromEntries(kwargs.map(([name, fetch]) => [name, fetch(values)]));
    const target = node.target as string;
    switch (node.op) {
      case 'get_attr':
        return (_, module) => fetch_attribute(module, target);
      case 'call_module':
        return (values, module) => run_module(fetch_attribute(module, target), positional(values), named(values));
      case 'call_method':
        return (values) => run_method(target, positional(values), named(values));
      default: {
        const fn = node.target as TargetFunction;
        return (values) => run_function(fn, positional(values), named(values));
      }
    }
  }

  /** What reads an argument from the values of nodes. */
  private fetch(argument: Argument): Fetch {
    if (argument instanceof Node) {
      const place = this.places.get(argument);
      if (place === undefined) {
        throw new Error(`Node referenced nonexistent value ${argument.name}! Run Graph.lint() to diagnose such issues`);
      }
      return (values) => values[place];
    }
    if (argument instanceof Tuple) {
      const parts = [...argument].map((element) => this.fetch(element));
      return (values) => Tuple.from(parts.map((fetch) => fetch(values)));
    }
    if (Array.isArray(argument) && (argument.constructor as unknown) === Array) {
      const parts = (argument as Argument[]).map((element) => this.fetch(element));
      return (values) => parts.map((fetch) => fetch(values));
    }
    if (is_plain_object(argument)) {
      const parts = Object.entries(argument).map(([name, value]) => [name, this.fetch(value)] as const);
      return (values) => Object.fromEntries(parts.map(([name, fetch]) => [name, fetch(values)]));
    }
    if (argument instanceof SliceOf) {
      const [start, stop, step] = [argument.start, argument.stop, argument.step].map((bound) => this.fetch(bound));
      return (values) => new SliceOf(start!(values), stop!(values), step!(values));
    }
    return () => argument;
  }
}
