/** Arguments of methods, and of `forward` in particular: how many there are, and their names. */
import { method_signature, signature, type Signature } from '../../_internal/signature.js';

type AnyFunction = (...args: never[]) => unknown;

/** The arguments of a call by position, from those by position and by name. @throws TypeError for a wrong call */
export function in_order(takes: Signature<object>, args: readonly unknown[]): unknown[] {
  const bound = takes.read(args) as Record<string, unknown>;
  const values = takes.parsed.parameters.map(({ name }) => bound[name]);
  while (values.length > 0 && values[values.length - 1] === undefined) values.pop();
  return values;
}

/** By the `forward` of a class, and by the prototype of a class that has the `forward` of its base, maybe with others. */
const declared = new WeakMap<object, Signature<object>>();

interface HasForward {
  readonly name: string;
  readonly prototype: { forward: AnyFunction };
}

/**
 * Declares the arguments of a module's `forward`, so that a call of the module may pass them by name, and throws for missing
 * and surplus ones. For those that take a fixed number of arguments; the others read their arguments themselves.
 *
 * @param callee - Python's name of the method, where its class is called otherwise there
 */
export function forward_takes(module: abstract new (...args: never) => object, text: string, callee?: string): void {
  const { name, prototype } = module as unknown as HasForward;
  const takes = method_signature(callee ?? `${name}.forward`, text);
  declared.set(prototype.forward, takes);
  if (!Object.hasOwn(prototype, 'forward')) declared.set(prototype, takes);
}

/** By the `forward` of a class that reads its arguments itself. */
const read_by_itself = new WeakMap<object, Signature<object>>();

/** Says what the `forward` of a module reads by itself, for who asks for the names of its arguments. */
export function forward_reads(module: abstract new (...args: never) => object, takes: Signature<object>): void {
  read_by_itself.set((module as unknown as HasForward).prototype.forward, takes);
}

/** How the `forward` of a module takes its arguments; null for one that reads them itself, or that a user wrote. */
export function declared_arguments(module: object, forward: AnyFunction): Signature<object> | null {
  let prototype = Object.getPrototypeOf(module) as { forward?: AnyFunction };
  if (prototype.forward === forward) {
    for (; !Object.hasOwn(prototype, 'forward'); prototype = Object.getPrototypeOf(prototype) as object) {
      const shared = declared.get(prototype);
      if (shared !== undefined) return shared;
    }
  }
  return declared.get(forward) ?? null;
}

// ---- Functions that users wrote -----------------------------------------------------------------

const arities = new WeakMap<AnyFunction, number>();

/**
 * How many arguments a function takes by position: infinitely many when its source does not say, because it has a rest
 * parameter, uses `arguments`, or is not written in JavaScript. (`length` does not count parameters with a default.)
 */
export function arity_of(fn: AnyFunction): number {
  let arity = arities.get(fn);
  if (arity === undefined) {
    arity = arity_in(Function.prototype.toString.call(fn));
    arities.set(fn, arity);
  }
  return arity;
}

const LONE_PARAMETER = /^(?:async\s+)?[\w$]+\s*=>/;
const COMMENT_OR_TEXT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/g;

/** How a character changes the number of open brackets. */
function nesting(char: string): number {
  if ('([{'.includes(char)) return 1;
  return ')]}'.includes(char) ? -1 : 0;
}

/** What is between the parentheses of a function's parameters; undefined where only a parser could tell. */
function parameter_list(code: string): string | undefined {
  const start = code.indexOf('(');
  // A computed name, or a class.
  if (start < 0 || /[[{`/]/.test(code.slice(0, start))) return undefined;
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    const char = code[at]!;
    // A template, a regular expression or a division.
    if (char === '`' || char === '/') return undefined;
    depth += nesting(char);
    if (depth === 0) return code.slice(start + 1, at);
  }
  return undefined;
}

/** Splits a list at its commas outside of brackets. */
function split_list(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < list.length; at++) {
    depth += nesting(list[at]!);
    if (depth > 0 || list[at] !== ',') continue;
    parts.push(list.slice(from, at).trim());
    from = at + 1;
  }
  const last = list.slice(from).trim();
  return last === '' ? parts : [...parts, last];
}

function arity_in(source: string): number {
  if (/\barguments\b|\[native code\]/.test(source)) return Infinity;
  if (LONE_PARAMETER.test(source)) return 1;
  const list = parameter_list(source.replace(COMMENT_OR_TEXT, ''));
  if (list === undefined) return Infinity;
  const parameters = split_list(list);
  return parameters.some((parameter) => parameter.startsWith('...')) ? Infinity : parameters.length;
}

/** The names of the parameters of a function, as far as its source says them: until the first that is a pattern. */
export function names_of_parameters(fn: AnyFunction): string[] {
  const takes = declared.get(fn) ?? read_by_itself.get(fn);
  if (takes !== undefined) return takes.parsed.parameters.map(({ name }) => name);
  const source = Function.prototype.toString.call(fn);
  const lone = LONE_PARAMETER.test(source) ? source.replace(/^async\s+/, '').split('=>')[0] : undefined;
  const list = lone ?? /^[^(]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/.exec(source)?.[1] ?? '';
  const names: string[] = [];
  for (const part of list.split(',')) {
    const name = part.split('=')[0]!.trim();
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) break;
    names.push(name);
  }
  return names;
}

/** The parameters of a function with their defaults as its source has them, undefined for none; null when it does not say. */
export function default_arguments(fn: AnyFunction): Map<string, unknown> | null {
  const takes = declared.get(fn);
  if (takes !== undefined) return new Map(takes.parsed.parameters.map(({ name }) => [name, undefined]));
  const source = Function.prototype.toString.call(fn);
  const lone = LONE_PARAMETER.test(source) ? source.replace(/^async\s+/, '').split('=>')[0] : undefined;
  const list = lone ?? parameter_list(source.replace(/\/\*[\s\S]*?\*\//g, ''));
  if (list === undefined) return null;
  const found = new Map<string, unknown>();
  for (const part of split_list(list)) {
    const [, name, , text] = /^([A-Za-z_$][\w$]*)(\s*=\s*([\s\S]+))?$/.exec(part) ?? [];
    if (name === undefined) return null;
    found.set(name, text === undefined ? undefined : literal(text.trim()));
  }
  return found;
}

/** Whether a parameter of a `forward` of this package is a tensor. */
export function takes_tensor(fn: AnyFunction, name: string): boolean {
  const parameter = declared.get(fn)?.parsed.by_name.get(name);
  return parameter?.kinds.length === 1 && parameter.kinds[0] === 'Tensor';
}

/** The value of a literal; undefined for any other expression. */
function literal(text: string): unknown {
  const single = /^'([^'\\]*)'$/.exec(text);
  if (single !== null) return single[1];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// ---- Classes that take the same -----------------------------------------------------------------

/** The arguments of several classes that take the same, under the name of each. */
export class Family<T extends object> {
  private readonly members: ReadonlyMap<string, Signature<T>>;

  constructor(names: readonly string[], text: string) {
    this.members = new Map(names.map((name) => [name, signature<T>(name, text)]));
  }

  /** Reads a call of the constructor of a class, or of one that it extends. */
  read(target: abstract new (...args: never) => object, args: readonly unknown[]): T {
    let found = target as { name: string } | null;
    while (found !== null) {
      const member = this.members.get(found.name);
      if (member !== undefined) return member.read(args);
      found = Object.getPrototypeOf(found) as { name: string } | null;
    }
    throw new Error(`${target.name} is not of the family`);
  }
}

/** Declares the arguments of the constructors of several classes. */
export function family<T extends object>(names: readonly string[], text: string): Family<T> {
  return new Family<T>(names, text);
}
