/**
 * Python's `argparse`: the types of, and the way to, the npm package `argparse`, a port of Python's own. It is an optional peer
 * dependency: `npm install argparse`.
 */
import { inspect } from 'node:util';

import { optional_package } from '../_internal/optional_package.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_repr } from './print.js';

/** How values of an argument are read: a name, or a function of the text. */
export type ArgumentType<T = unknown> = 'int' | 'float' | 'str' | ((text: string) => T);

/** What happens when an argument is met. */
export type ArgumentAction =
  | 'store'
  | 'store_const'
  | 'store_true'
  | 'store_false'
  | 'append'
  | 'append_const'
  | 'count'
  | 'extend'
  | 'help'
  | 'version'
  | (new (
      ...args: never[]
    ) => unknown);

/** The options of {@link ArgumentContainer.add_argument}. */
export interface ArgumentOptions {
  action?: ArgumentAction;
  /** How many values: a number, `'?'`, `'*'`, `'+'`. */
  nargs?: number | string;
  const?: unknown;
  default?: unknown;
  type?: ArgumentType;
  choices?: Iterable<unknown>;
  required?: boolean;
  help?: string;
  metavar?: string | readonly string[];
  /** The name in the namespace. */
  dest?: string;
  /** The text of the action `'version'`. */
  version?: string;
}

/** The options of {@link ArgumentParser}. */
export interface ArgumentParserOptions {
  prog?: string;
  usage?: string;
  description?: string;
  epilog?: string;
  parents?: readonly ArgumentParser[];
  formatter_class?: unknown;
  prefix_chars?: string;
  fromfile_prefix_chars?: string;
  argument_default?: unknown;
  conflict_handler?: string;
  add_help?: boolean;
  allow_abbrev?: boolean;
  /** Whether a mistake ends the process; otherwise an Error is thrown. Default true. */
  exit_on_error?: boolean;
}

/**
 * The values by name. Without a type of its own their types are unknown, so that they must be looked at before they are used;
 * `parser.parse_args<{ epochs: number; lr: number }>()` says what they are.
 */
export type Namespace = { readonly [name: string]: unknown };

/** The calls of {@link Namespace}. */
export interface NamespaceClass {
  new <T extends object>(values: T): T;
  new (): { [name: string]: unknown };
  readonly prototype: Namespace;
}

/** What takes arguments: a parser or a group. */
export interface ArgumentContainer {
  /** An argument by position, `add_argument('file')`, or by name, `add_argument('-b', '--batch-size', { type: 'int' })`. */
  add_argument(name: string, ...args: [...flags: string[], options: ArgumentOptions] | string[]): unknown;
  add_argument_group(options?: { title?: string; description?: string }): ArgumentContainer;
  add_mutually_exclusive_group(options?: { required?: boolean }): ArgumentContainer;
  set_defaults(defaults: Readonly<Record<string, unknown>>): void;
  get_default(dest: string): unknown;
}

/** What {@link ArgumentParser.add_subparsers} returns. */
export interface Subparsers {
  add_parser(
    name: string,
    options?: ArgumentParserOptions & { help?: string; aliases?: readonly string[] },
  ): ArgumentParser;
}

/** A parser of command lines; see {@link ArgumentParser}. */
export interface ArgumentParser extends ArgumentContainer {
  /**
   * The values of a command line, by default that of the program.
   * @throws only with `exit_on_error: false`; otherwise a mistake ends the process with the usage and status 2
   */
  parse_args<T extends object = Namespace>(args?: readonly string[]): T;
  /** The values, and what is left over. */
  parse_known_args<T extends object = Namespace>(args?: readonly string[]): [values: T, rest: string[]];
  add_subparsers(options?: {
    title?: string;
    description?: string;
    dest?: string;
    required?: boolean;
    help?: string;
    metavar?: string;
  }): Subparsers;
  format_help(): string;
  format_usage(): string;
  print_help(): void;
  print_usage(): void;
  /** Ends the process with a message. */
  exit(status?: number, message?: string): never;
  /** Ends the process with the usage, a message and status 2. */
  error(message: string): never;
}

interface Argparse {
  readonly ArgumentParser: new (options?: object) => object;
  readonly [name: string]: unknown;
}

/** The npm package. @throws Error that says how to install it */
const argparse = (): Argparse => optional_package<Argparse>('argparse', 'argparse');

/** What stands for a class of the package until it is used: a function that may be called with and without `new`. */
function callable(): void {
  // Calls go to the package.
}

/** An argument of the package's. */
interface Action {
  readonly type: unknown;
}

type Values = Record<string, unknown>;
type Known = (args?: readonly string[], namespace?: Values) => [values: Values, rest: string[]];

/** What is needed of the package's parsers beyond their types. */
interface Inner {
  parse_known_args?: Known;
  add_subparsers?: (...args: unknown[]) => { add_parser: (...args: unknown[]) => object };
  readonly _optionals?: { title?: string };
  _get_value?: (action: Action, text: string) => unknown;
  _registry_get?: (registry: string, name: unknown, otherwise?: unknown) => (text: string) => unknown;
}

/**
 * What the package does otherwise than today's Python: an argument that was not given is undefined there, and None in Python, so
 * null here; and flags in the text of the values are `true`, not `True`.
 */
function with_values(inner: Inner): void {
  const { parse_known_args } = inner;
  const parse: Known = function (this: Inner, args, namespace = new Namespace() as Values) {
    const [values, rest] = parse_known_args!.call(this, args, namespace);
    for (const [name, value] of Object.entries(values)) if (value === undefined) values[name] = null;
    return [values, rest];
  };
  Object.defineProperty(inner, 'parse_known_args', { value: parse, writable: true, configurable: true });
}

/** Parsers of subcommands are as the parser above them. */
function with_subparsers(inner: Inner): void {
  const { add_subparsers } = inner;
  const add = function (this: Inner, ...args: unknown[]): object {
    const subparsers = add_subparsers!.apply(this, args);
    const { add_parser } = subparsers;
    subparsers.add_parser = (...given) => with_texts(add_parser.apply(subparsers, given));
    return subparsers;
  };
  Object.defineProperty(inner, 'add_subparsers', { value: add, writable: true, configurable: true });
}

/**
 * Where the texts of the package are not those of today's Python: since 3.10 the heading is "options", and messages write
 * types as `int`, not `'int'`.
 */
function with_texts(parser: object): ArgumentParser {
  const inner = parser as Inner;
  if (inner._optionals?.title === 'optional arguments') inner._optionals.title = 'options';
  const { _get_value: get_value } = inner;
  const value = function (this: Inner, action: Action, text: string): unknown {
    if (typeof action.type !== 'string') return get_value!.call(this, action, text);
    const convert = this._registry_get!('type', action.type, action.type);
    const type = Object.defineProperty((given: string) => convert(given), 'name', { value: action.type });
    return get_value!.call(this, Object.create(action, { type: { value: type } }) as Action, text);
  };
  Object.defineProperty(inner, '_get_value', { value, writable: true, configurable: true });
  with_values(inner);
  with_subparsers(inner);
  return parser as ArgumentParser;
}

/** The calls of {@link ArgumentParser}, which needs no `new`. */
export interface ArgumentParserClass {
  new (options?: ArgumentParserOptions): ArgumentParser;
  (options?: ArgumentParserOptions): ArgumentParser;
  readonly prototype: ArgumentParser;
}

/**
 * Reads command lines. Mirrors `argparse.ArgumentParser`; names of arguments are Python's, `type=int` is `type: 'int'`.
 *
 * @param options - `description`, `prog` and the like; see {@link ArgumentParserOptions}
 * @throws Error when the npm package `argparse` is not installed
 * @example
 * ```ts
 * import { argparse } from 'torch-node/python';
 * const parser = new argparse.ArgumentParser({ description: 'MNIST' });
 * parser.add_argument('--batch-size', { type: 'int', default: 64, help: 'input batch size' });
 * parser.add_argument('--no-accel', { action: 'store_true' });
 * const args = parser.parse_args<{ batch_size: number; no_accel: boolean }>(['--batch-size', '32']);
 * print(args.batch_size, args.no_accel);
 * ```
 * ```python
 * import argparse
 * parser = argparse.ArgumentParser(description='MNIST')
 * parser.add_argument('--batch-size', type=int, default=64, help='input batch size')
 * parser.add_argument('--no-accel', action='store_true')
 * args = parser.parse_args(['--batch-size', '32'])
 * print(args.batch_size, args.no_accel)
 * ```
 */
export const ArgumentParser = new Proxy(callable as unknown as ArgumentParserClass, {
  apply: (_target, _self, args: unknown[]) => with_texts(new (argparse().ArgumentParser)(...(args as [object?]))),
  construct: (_target, args: unknown[], wanted) =>
    with_texts(Reflect.construct(argparse().ArgumentParser, args, wanted) as object),
  get: (_target, name) => Reflect.get(argparse().ArgumentParser, name) as unknown,
});

/**
 * Values by name, without a command line. Mirrors `argparse.Namespace`.
 *
 * @param values - the values, in one object; default none
 * @throws TypeError for what is not one object
 * @example
 * ```ts
 * import { argparse } from 'torch-node/python';
 * const args = new argparse.Namespace({ lr: 0.1, name: 'run' });
 * print(args, args.lr);
 * ```
 * ```python
 * import argparse
 * args = argparse.Namespace(lr=0.1, name='run')
 * print(args, args.lr)
 * ```
 */
export const Namespace = class Namespace {
  constructor(...args: unknown[]) {
    const [values = {}] = args;
    if (args.length > 1 || !is_plain_object(values))
      throw new TypeError('Namespace(): takes one object with the values');
    Object.assign(this, values);
  }

  toString(): string {
    return `Namespace(${Object.entries(this)
      .map(([name, value]) => `${name}=${python_repr(value)}`)
      .join(', ')})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
} as NamespaceClass;

/** Whatever else the package has, such as `ArgumentDefaultsHelpFormatter`. @throws Error when there is none of the name */
function of_package(name: string): unknown {
  const value = argparse()[name];
  if (value === undefined) throw new Error(`the npm package argparse has no ${name}`);
  return value;
}

/** A class of the package, loaded when it is used. */
const lazy_class = (name: string): object =>
  new Proxy(callable as object, {
    get: (_target, key) => Reflect.get(of_package(name) as object, key) as unknown,
    apply: (_target, _self, args: unknown[]) => (of_package(name) as (...given: unknown[]) => unknown)(...args),
    construct: (_target, args: unknown[]) => new (of_package(name) as new (...given: unknown[]) => object)(...args),
  });

/** For `formatter_class`: help that shows defaults. Mirrors `argparse.ArgumentDefaultsHelpFormatter`. */
export const ArgumentDefaultsHelpFormatter = lazy_class('ArgumentDefaultsHelpFormatter');
/** For `formatter_class`: descriptions keep their lines. Mirrors `argparse.RawDescriptionHelpFormatter`. */
export const RawDescriptionHelpFormatter = lazy_class('RawDescriptionHelpFormatter');
/** For `formatter_class`: all texts keep their lines. Mirrors `argparse.RawTextHelpFormatter`. */
export const RawTextHelpFormatter = lazy_class('RawTextHelpFormatter');
/** For `action`: `--flag` and `--no-flag`. Mirrors `argparse.BooleanOptionalAction`. */
export const BooleanOptionalAction = lazy_class('BooleanOptionalAction') as new (...args: never[]) => unknown;
