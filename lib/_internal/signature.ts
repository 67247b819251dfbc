/**
 * The one owner of argument checking for what is written by hand: a signature says which arguments a function, method or
 * constructor takes, in which order, of which kinds, and reads a call by it. Knows nothing of torch: kinds of the layers
 * above are registered by them with `define_kind`.
 */
import { types } from 'node:util';

import { is_plain_object } from './plain_object.js';
import { kind_of } from './kind_of.js';
import { name_function } from './operator_errors.js';
import { stands_in } from './overriding.js';

type Accepts = (value: unknown) => boolean;

/** A kind of argument. */
interface Kind {
  /** Its name in error texts, as in `must be Tensor, not str`. */
  readonly title: string;
  readonly accepts: Accepts;
}

const kinds = new Map<string, Kind>();

/**
 * Registers a kind under the name that signatures use.
 * @param title its name in error texts
 * @throws Error when the name is taken
 */
export function define_kind(name: string, title: string, accepts: (value: unknown) => boolean): void {
  if (kinds.has(name)) throw new Error(`define_kind: kind '${name}' is defined already`);
  kinds.set(name, { title, accepts });
}

define_kind('any', 'object', () => true);
// For arguments of which a wrong kind has a text of Python's own: anything but an object with options.
define_kind('value', 'object', (value) => !is_plain_object(value));
define_kind('None', 'None', (value) => value === null);
define_kind('bool', 'bool', (value) => typeof value === 'boolean');
define_kind('str', 'str', (value) => typeof value === 'string');
define_kind('int', 'int', (value) => Number.isInteger(value) || typeof value === 'bigint');
define_kind('float', 'float', (value) => typeof value === 'number' || typeof value === 'bigint');
define_kind('Callable', 'a function', (value) => typeof value === 'function');
define_kind('dict', 'dict', (value) => is_plain_object(value) || types.isMap(value));
define_kind('bytes', 'bytes-like', (value) => ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value));
define_kind('URL', 'URL', (value) => Object.prototype.toString.call(value) === '[object URL]');
define_kind(
  'Iterable',
  'iterable',
  (value) => typeof (value as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] === 'function',
);

/** One argument of a signature. */
interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly keyword_only: boolean;
  readonly nullable: boolean;
  /** Kinds of which the value must have one. */
  readonly kinds: readonly string[];
  /** Kinds of which each element of a list must have one; none when lists are not taken. */
  readonly elements: readonly string[];
  /** Tests for these kinds. */
  readonly accepts: readonly Accepts[];
  readonly accepts_element: readonly Accepts[];
  /** The kinds as error texts list them. */
  readonly wanted: string;
}

interface Parsed {
  readonly parameters: readonly Parameter[];
  /** How many there are by position. */
  readonly positional: number;
  readonly required: readonly Parameter[];
  /** All that come after these by position, under one name. */
  readonly rest: Parameter | undefined;
  /** The name under which all other arguments by name come; undefined where they throw. */
  readonly others: string | undefined;
  readonly by_name: ReadonlyMap<string, Parameter>;
}

function list_title(elements: readonly string[]): string {
  const titles = elements.map((kind) => kind_named(kind).title);
  return titles.length === 1 && /^[A-Za-z]+$/.test(titles[0]!)
    ? `list of ${titles[0]}s`
    : `list of ${titles.join(' or ')}`;
}

function kind_named(kind: string): Kind {
  const found = kinds.get(kind);
  if (found === undefined) throw new Error(`signature: kind '${kind}' is not defined`);
  return found;
}

function parse_parameter(text: string, keyword_only: boolean): { parameter: Parameter; aliases: string[] } {
  const match = /^([\w/]+)(\?)?: *(.+)$/.exec(text.trim());
  if (match === null) throw new Error(`signature: '${text}' is not an argument`);
  const [, names, optional, type] = match as unknown as [string, string, string | undefined, string];
  const [name, ...aliases] = names.split('/') as [string, ...string[]];
  const alternatives = type
    .replace(/\(([^)]*)\)/g, (_, inner: string) => inner.replaceAll('|', '&'))
    .split('|')
    .map((part) => part.trim());
  const plain = alternatives.filter((part) => !part.endsWith('[]') && part !== 'None');
  const elements = alternatives
    .filter((part) => part.endsWith('[]'))
    .flatMap((part) =>
      part
        .slice(0, -2)
        .split('&')
        .map((kind) => kind.trim()),
    );
  const wanted = [
    ...plain.map((kind) => kind_named(kind).title),
    ...(elements.length > 0 ? [list_title(elements.filter((kind) => kind !== 'None'))] : []),
  ];
  return {
    parameter: {
      name,
      required: optional === undefined,
      keyword_only,
      nullable: alternatives.includes('None'),
      kinds: plain,
      elements,
      accepts: plain.map((kind) => kind_named(kind).accepts),
      accepts_element: elements.map((kind) => kind_named(kind).accepts),
      wanted: wanted.length === 0 ? 'None' : wanted.join(' or '),
    },
    aliases,
  };
}

function parse(text: string): Parsed {
  const parameters: Parameter[] = [];
  const by_name = new Map<string, Parameter>();
  let rest: Parameter | undefined;
  let others: string | undefined;
  let keyword_only = false;
  for (const part of text.split(',')) {
    const piece = part.trim();
    if (piece === '') continue;
    if (piece === '*') {
      keyword_only = true;
      continue;
    }
    const { parameter, aliases } = parse_parameter(piece.replace(/^\*+/, ''), keyword_only);
    if (piece.startsWith('**')) {
      others = parameter.name;
      continue;
    }
    if (piece.startsWith('*')) {
      rest = parameter;
      keyword_only = true;
      continue;
    }
    parameters.push(parameter);
    for (const name of [parameter.name, ...aliases]) by_name.set(name, parameter);
  }
  const positional = parameters.filter((parameter) => !parameter.keyword_only).length;
  return { parameters, positional, required: parameters.filter(({ required }) => required), rest, others, by_name };
}

const is_list = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || types.isTypedArray(value);

function has_kind(kinds: readonly Accepts[], value: unknown): boolean {
  for (let i = 0; i < kinds.length; i++) if (kinds[i]!(value)) return true;
  return false;
}

/** What is written about a call, for tests that walk all functions. @internal */
export const signatures: Signature<object>[] = [];

/** Python's sentence for more arguments than a function takes; `range` says how many it takes. */
export function surplus_text(callee: string, range: string, given: number): string {
  return `${callee}() takes ${range} positional argument${range === '1' ? '' : 's'} but ${given} ${given === 1 ? 'was' : 'were'} given`;
}

/** Python's sentence for arguments that a call lacks. */
export function missing_text(callee: string, kind: 'positional' | 'keyword-only', names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  const listed = quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
  return `${callee}() missing ${names.length} required ${kind} argument${names.length === 1 ? '' : 's'}: ${listed}`;
}

/** The arguments of a function, method or constructor. */
export class Signature<T extends object> {
  private parsed_lazily: Parsed | undefined;

  constructor(
    /** The name of the function in error texts: `conv2d`, `Linear`, `Tensor.to`. */
    readonly callee: string,
    private readonly text: string,
    /** 1 for methods: Python's sentences count `self` among what is given by position. */
    private readonly self: 0 | 1 = 0,
  ) {
    signatures.push(this);
  }

  /** The same arguments of a function with another name; some may have other names, too. */
  renamed(callee: string, names?: Readonly<Record<string, string>>): Signature<T> {
    const text = names && this.text.replace(/\w+(?=\??:)/g, (name) => names[name] ?? name);
    return new Signature<T>(callee, text ?? this.text);
  }

  /** @internal */
  get parsed(): Parsed {
    return (this.parsed_lazily ??= parse(this.text));
  }

  /**
   * Reads a call: positional arguments, then perhaps an options object. Arguments that are `undefined` count as left out
   * and are not in the result.
   * @throws TypeError with Python's sentence for missing, unknown, doubled and surplus arguments, and for those of a wrong kind
   */
  read(args: readonly unknown[]): T {
    const { required, others } = this.parsed;
    const options = this.options_of(args);
    const bound: Record<string, unknown> = {};
    this.bind_positional(bound, args, options === undefined ? args.length : args.length - 1);
    if (options !== undefined || others !== undefined) this.bind_named(bound, options);
    for (let i = 0; i < required.length; i++) {
      if (bound[required[i]!.name] === undefined) throw this.missing(bound);
    }
    return bound as T;
  }

  /** Binds the first `count` arguments of a call. */
  private bind_positional(bound: Record<string, unknown>, args: readonly unknown[], count: number): void {
    const { parameters, positional, rest } = this.parsed;
    let given = count;
    if (given > positional && rest === undefined) {
      while (given > positional && args[given - 1] === undefined) --given;
      if (given > positional) throw this.surplus(positional, given);
    }
    for (let i = 0; i < given && i < positional; i++) {
      const value = args[i];
      if (value === undefined) continue;
      const parameter = parameters[i]!;
      bound[parameter.name] = this.checked(parameter, value);
    }
    if (rest === undefined) return;
    const values = args.slice(positional, Math.max(given, positional));
    bound[rest.name] = values.map((value) => this.checked(rest, value ?? null));
  }

  /** Binds the arguments of an options object. */
  private bind_named(bound: Record<string, unknown>, options: Record<string, unknown> | undefined): void {
    const { others, by_name } = this.parsed;
    const surplus: Record<string, unknown> = {};
    if (others !== undefined) bound[others] = surplus;
    for (const key in options) {
      const value = options[key];
      const parameter = by_name.get(key);
      if (parameter === undefined) {
        if (others === undefined) throw new TypeError(`${this.callee}() got an unexpected keyword argument '${key}'`);
        surplus[key] = value;
        continue;
      }
      if (value === undefined) continue;
      if (parameter.name in bound) throw new TypeError(`${this.callee}() got multiple values for argument '${key}'`);
      bound[parameter.name] = this.checked(parameter, value);
    }
  }

  /** Reads a call and runs `body` with its arguments; errors of operators in it name this function. */
  call<R>(args: readonly unknown[], body: (given: T) => R): R {
    const given = this.read(args);
    try {
      return body(given);
    } catch (error) {
      throw name_function(error, this.callee);
    }
  }

  /** The options object of a call. One in a place that takes dicts is that dict, unless it names all that is required. */
  private options_of(args: readonly unknown[]): Record<string, unknown> | undefined {
    const { parameters, positional, rest, others, by_name } = this.parsed;
    const last = args[args.length - 1];
    if (!is_plain_object(last)) return undefined;
    if (others !== undefined && args.length > positional) return last;
    const place = args.length - 1 < positional ? parameters[args.length - 1] : rest;
    if (place === undefined || !has_kind(place.accepts, last)) return last;
    const keys = Object.keys(last);
    const names_all = parameters.every(({ name, required }, i) => !required || i < args.length - 1 || name in last);
    const by_names = keys.length > 0 && keys.every((key) => by_name.has(key)) && names_all;
    return by_names ? last : undefined;
  }

  /** The value of an argument: a boolean where a float belongs is 0 or 1, as in Python. */
  private checked(parameter: Parameter, value: unknown): unknown {
    if (value === null) {
      if (parameter.nullable || has_kind(parameter.accepts, value)) return value;
    } else if (has_kind(parameter.accepts, value)) return value;
    else if (typeof value === 'boolean' && parameter.kinds.includes('float')) return Number(value);
    else if (parameter.accepts_element.length > 0 && is_list(value)) {
      for (let i = 0; i < value.length; i++) {
        const element = value[i] ?? null;
        if (has_kind(parameter.accepts_element, element) || stands_in(element)) continue;
        if (i > 0 && parameter.elements.every((kind) => kind === 'int')) {
          const where = `argument '${parameter.name}' failed to unpack the object at pos ${i + 1}`;
          const text = `type must be tuple of ints,but got ${kind_of(element)}`;
          throw new TypeError(`${this.callee}(): ${where} with error "${text}"`);
        }
        throw new TypeError(
          `${this.callee}(): argument '${parameter.name}' must be ${parameter.wanted}, but found element of ` +
            `type ${kind_of(element)} at pos ${i}`,
        );
      }
      return value;
    }
    if (stands_in(value)) return value;
    throw new TypeError(
      `${this.callee}(): argument '${parameter.name}' must be ${parameter.wanted}, not ${kind_of(value)}`,
    );
  }

  private surplus(most: number, given: number): TypeError {
    const least = this.parsed.parameters.filter(({ required, keyword_only }) => required && !keyword_only).length;
    const [from, to, count] = [least + this.self, most + this.self, given + this.self];
    const range = from === to ? String(to) : `from ${from} to ${to}`;
    return new TypeError(surplus_text(this.callee, range, count));
  }

  private missing(bound: Record<string, unknown>): TypeError {
    const absent = this.parsed.parameters.filter(({ name, required }) => required && !(name in bound));
    const positional = absent.filter(({ keyword_only }) => !keyword_only);
    const kind = positional.length > 0 ? 'positional' : 'keyword-only';
    const names = (positional.length > 0 ? positional : absent).map(({ name }) => name);
    return new TypeError(missing_text(this.callee, kind, names));
  }
}

/**
 * Declares the arguments of a function, in a line that reads like its type:
 *
 *     const PAD = signature<PadArguments>('pad', 'input: Tensor, pad: int[], mode?: str, value?: float|None');
 *     const { input, pad, mode = 'constant', value = null } = PAD.read(args);
 *
 * `name?` may be left out; `a|b` is either; `kind[]` a list, `(a|b)[]` one of mixed elements; `None` lets null in; `dim/axis`
 * has another name; what follows `*` goes by name only; `*tensors: Tensor` collects all that follow by position, `**kwargs: any`
 * all other arguments by name.
 */
export function signature<T extends object>(callee: string, text: string): Signature<T> {
  return new Signature<T>(callee, text);
}

/** As {@link signature}, for a method: Python's sentences count `self`. */
export function method_signature<T extends object>(callee: string, text = ''): Signature<T> {
  return new Signature<T>(callee, text, 1);
}

type ByName<R> = [keyof R] extends [never] ? [] : object extends R ? [options?: R] : [options: R];

/** As `Omit`, which loses the other names of a record that also takes any. */
type Without<R, N> = { [P in keyof R as P extends N ? never : P]: R[P] };

/**
 * All ways to write a call: any number of arguments by position, the others by name in one trailing object. `P` is the list
 * of all arguments in order (labeled, for editors), `R` the record of them by name, `K` the names in the order of `P`.
 *
 *     type PadArguments = Arguments<[input: Tensor, pad: number[], mode?: string], { input: Tensor; pad: number[]; mode?: string },
 *       ['input', 'pad', 'mode']>;
 */
export type Arguments<P extends unknown[], R extends object, K extends readonly unknown[]> =
  | ByName<R>
  | (P extends [unknown?, ...infer PR]
      ? K extends readonly [infer N, ...infer KR]
        ? P extends [...infer H, ...PR]
          ? [...H, ...Arguments<PR, Without<R, N>, KR>]
          : never
        : never
      : never);

/** Throws for arguments of a function without parameters, which is declared `(...none: [])`. @throws TypeError */
export function no_arguments(callee: string, none: readonly unknown[]): void {
  if (none.length > 0) throw unexpected(callee, none);
}

function unexpected(callee: string, given: readonly unknown[]): TypeError {
  const last = given[given.length - 1];
  const name = is_plain_object(last) ? Object.keys(last)[0] : undefined;
  if (name !== undefined) return new TypeError(`${callee}() got an unexpected keyword argument '${name}'`);
  const were = given.length === 1 ? 'was' : 'were';
  return new TypeError(`${callee}() takes 0 positional arguments but ${given.length} ${were} given`);
}
