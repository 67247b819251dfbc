/** The names in Python of functions that nodes call. */
import { is_overload, is_packet } from '../_ops.js';
import { namespace } from '../_internal/namespace.js';
import { module_in_python } from '../_internal/overriding.js';
import { overridable } from '../overridable.js';
import * as op from '../port/op.js';
import { BUILTIN_NN, RANDOM, WRITTEN_IN_PYTHON } from './written.js';

type AnyFunction = (...args: never[]) => unknown;

/** What Python knows of a function. */
interface Named {
  /** Its `__module__`. */
  readonly module: string;
  /** Its `__name__`. */
  readonly name: string;
  /** Whether it is written in C. */
  readonly builtin: boolean;
}

/** What reads an attribute of what a graph computes. Mirrors Python's `getattr` in graphs. */
export function getattr(object: object, name: string): unknown {
  return (object as Record<string, unknown>)[name];
}

/** Python's operators, by name: the functions of ports. */
export const operators: Readonly<Record<string, AnyFunction>> = {
  add: op.add,
  sub: op.sub,
  mul: op.mul,
  truediv: op.truediv,
  floordiv: op.floordiv,
  mod: op.mod,
  pow: op.pow,
  matmul: op.matmul,
  and_: op.and,
  or_: op.or,
  xor: op.xor,
  lshift: op.lshift,
  rshift: op.rshift,
  eq: op.eq,
  ne: op.ne,
  lt: op.lt,
  le: op.le,
  gt: op.gt,
  ge: op.ge,
  neg: op.neg,
  pos: op.pos,
  invert: op.invert,
  getitem: op.getitem,
  setitem: op.setitem,
  abs: (value: never): unknown => (value as { abs(): unknown }).abs(),
};

const operator_names = new Map<unknown, string>(Object.entries(operators).map(([name, fn]) => [fn, name]));

/** The name of one of Python's operators. */
export function operator_name(fn: AnyFunction): string | undefined {
  return operator_names.get(fn);
}

/** Names that functions got here: those that `wrap` was given. */
const own_names = new WeakMap<AnyFunction, Named>();

/** Gives a function a name in Python. */
export function name_in_python(fn: AnyFunction, module: string, name: string): void {
  own_names.set(fn, { module, name, builtin: false });
}

/** The function that one stands for: a program may hold one that was made before `torch.fx` was read. */
function of_torch(fn: AnyFunction): Named | undefined {
  const path = overridable().names.get(fn) ?? extra_names().get(fn);
  if (path === undefined) return undefined;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const parent = path.slice(0, path.lastIndexOf('.'));
  const { torch } = namespace as { torch: Record<string, unknown> };
  if (parent === 'torch.nn.functional') {
    if (WRITTEN_IN_PYTHON.functional.has(name)) return { module: parent, name, builtin: false };
    if (torch[name] === fn) return { module: 'torch', name, builtin: true };
    return { module: 'torch._C._nn', name: BUILTIN_NN[name] ?? name, builtin: true };
  }
  if (WRITTEN_IN_PYTHON.torch.has(name) && torch[name] === fn) {
    return { module: 'torch.functional', name, builtin: false };
  }
  const sub = /^torch\.(fft|linalg|special)$/.exec(parent)?.[1];
  if (sub !== undefined) return { module: `torch._C._${sub}`, name: `${sub}_${name}`, builtin: true };
  if (parent === 'torch.nn.init') return { module: parent, name, builtin: false };
  return { module: 'torch', name, builtin: true };
}

let others: Map<unknown, string> | undefined;

/** The functions of torch that no class can take over: factories and the like. */
function extra_names(): Map<unknown, string> {
  if (others !== undefined) return others;
  others = new Map();
  for (const [name, value] of Object.entries(namespace.torch)) {
    if (typeof value === 'function' && /^[a-z]/.test(name)) others.set(value, `torch.${name}`);
  }
  return others;
}

function named(fn: AnyFunction): Named {
  const own = own_names.get(fn);
  if (own !== undefined) return own;
  const module = module_in_python(fn);
  if (module !== undefined) return { module, name: fn.name, builtin: false };
  const operator = operator_names.get(fn);
  if (operator !== undefined) return { module: '_operator', name: operator, builtin: true };
  if (fn === (getattr as unknown)) return { module: 'builtins', name: 'getattr', builtin: true };
  return of_torch(fn) ?? { module: '__main__', name: fn.name === '' ? '<lambda>' : fn.name, builtin: false };
}

/** Its `__name__`. */
export function function_name(fn: AnyFunction): string {
  if (is_overload(fn) || is_packet(fn))
    return String(fn)
      .replace(/^\w+\./, '')
      .replace('.', '_');
  return named(fn).name;
}

/** Whether it is a function of torch, whose names code needs no import for. */
export function is_from_torch(fn: AnyFunction): boolean {
  return is_overload(fn) || is_packet(fn) || /^torch(\.|$)/.test(named(fn).module);
}

/** Its name with its module, such as `torch.nn.functional.relu`. */
export function qualified_name(fn: AnyFunction): string {
  if (is_overload(fn) || is_packet(fn)) return `torch.ops.${String(fn)}`;
  const { module, name } = named(fn);
  return module === 'builtins' ? name : `${module}.${name}`;
}

/** A target as a line of a printed graph has it. */
export function printed_target(target: AnyFunction | string): string {
  if (typeof target === 'string') return target;
  if (is_overload(target) || is_packet(target)) return qualified_name(target);
  const { module, name } = named(target);
  if (module === 'builtins') return `builtins.${name}`;
  return module === '_operator' ? `operator.${name}` : `${module}.${name}`;
}

/** A target as Python prints the object, without its address. */
export function represented_target(target: AnyFunction | string): string {
  if (typeof target === 'string') return target;
  if (is_overload(target) || is_packet(target)) return String(target);
  const { module, name, builtin } = named(target);
  // These choose one of two functions by whether indices are returned.
  if (module === 'torch.nn.functional' && WRITTEN_IN_PYTHON.functional.has(`${name}_with_indices`)) {
    return '<function boolean_dispatch.<locals>.fn>';
  }
  if (!builtin) return `<function ${name}>`;
  return module === 'torch' ? `<built-in method ${name} of type object>` : `<built-in function ${name}>`;
}

/** Whether a function does more than to return a value. */
export function is_impure_function(fn: AnyFunction): boolean {
  if (fn === operators['setitem']) return true;
  if (is_overload(fn)) {
    return /\(\w+!\)/.test(String((fn as { _schema?: unknown })._schema ?? '')) || /_assert/.test(String(fn));
  }
  const { module, name } = named(fn);
  return module.startsWith('torch') && (RANDOM.has(name) || name.startsWith('_assert'));
}
