import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';
import { is_plain_object } from '../plain_object.js';
import { Tensor } from '../tensor.js';
import { kind_of } from './representation.js';

/**
 * The optional part of a call as PyTorch users write it: any number of the positional arguments in `P`, in
 * order, and then at most one options object in the place of Python's keyword arguments.
 */
export type Tail<P extends unknown[], O> =
  | [options?: O]
  | (P extends [unknown, ...infer R] ? (P extends [...infer H, ...R] ? [...H, ...Tail<R, O>] : never) : never);

/** Arguments that each layer with parameters takes: where they live and what they are made of. */
export interface FactoryOptions {
  /** Device of the parameters; the current default when left out. */
  device?: DeviceLike | null;
  /** Data type of the parameters; `torch.get_default_dtype()` when left out. */
  dtype?: DType | null;
}

/**
 * Joins positional arguments and a trailing options object into one record, with Python's complaints about
 * missing, unknown and doubled arguments. Arguments that are `undefined` count as left out.
 *
 * @param callee - what was called, as the error texts name it
 * @param names - the names of the arguments, in positional order
 * @param args - what the caller passed
 * @param required - how many of the first names must be present
 */
export function bind<T extends object>(
  callee: string, names: readonly string[], args: readonly unknown[], required = 0,
): T {
  const last = args[args.length - 1];
  const options = is_plain_object(last) ? last : undefined;
  const positional = options === undefined ? args.length : args.length - 1;
  if (positional > names.length) {
    throw new TypeError(`${callee}() takes ${names.length} positional arguments but ${positional} were given`);
  }
  const bound: Record<string, unknown> = {};
  for (let i = 0; i < positional; i++) {
    if (args[i] !== undefined) bound[names[i]!] = args[i];
  }
  for (const name in options) {
    if (options[name] === undefined) continue;
    if (!names.includes(name)) throw new TypeError(`${callee}() got an unexpected keyword argument '${name}'`);
    if (name in bound) throw new TypeError(`${callee}() got multiple values for argument '${name}'`);
    bound[name] = options[name];
  }
  require_arguments(callee, names.slice(0, required), bound);
  return bound as T;
}

function require_arguments(callee: string, names: readonly string[], bound: Record<string, unknown>): void {
  const missing = names.filter((name) => !(name in bound)).map((name) => `'${name}'`);
  if (missing.length === 0) return;
  const plural = missing.length === 1 ? '' : 's';
  const listed = missing.length < 3
    ? missing.join(' and ')
    : `${missing.slice(0, -1).join(', ')}, and ${missing[missing.length - 1]}`;
  throw new TypeError(`${callee}() missing ${missing.length} required positional argument${plural}: ${listed}`);
}

/** Reads a lone optional flag that may come as a boolean or inside an options object: `relu(x, true)`. */
export function flag<K extends string>(
  callee: string, name: K, value: boolean | { [P in K]?: boolean } | undefined, otherwise: boolean,
): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? otherwise;
  return bind<{ [P in K]?: boolean }>(callee, [name], [value])[name] ?? otherwise;
}

// ---- Kinds of arguments -------------------------------------------------------------------------

function wrong_kind(callee: string, name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${callee}(): argument '${name}' must be ${wanted}, not ${kind_of(value)}`);
}

/**
 * Refuses values that are no tensors: `tensor_arguments('mse_loss', { input, target }, { weight })`.
 *
 * @param callee - what was called, as the error texts name it
 * @param values - tensors, by the names of the arguments
 * @param optional - tensors that may be null or left out
 * @throws TypeError for the first one that is something else
 */
export function tensor_arguments(
  callee: string, values: Readonly<Record<string, unknown>>, optional?: Readonly<Record<string, unknown>>,
): void {
  for (const name in values) {
    if (!(values[name] instanceof Tensor)) throw wrong_kind(callee, name, 'Tensor', values[name]);
  }
  for (const name in optional) {
    const value = optional[name] ?? null;
    if (value !== null && !(value instanceof Tensor)) throw wrong_kind(callee, name, 'Tensor', value);
  }
}

/** Refuses values that are no numbers, or for `'int'` no integers. @throws TypeError for the first such value */
export function number_arguments(
  callee: string, kind: 'int' | 'float', values: Readonly<Record<string, unknown>>,
): void {
  for (const name in values) {
    const value = values[name];
    if (typeof value !== 'number' || (kind === 'int' && !Number.isInteger(value))) {
      throw wrong_kind(callee, name, kind, value);
    }
  }
}

/**
 * Refuses what is neither a number nor a list of numbers, such as a size or the dimensions of a reduction.
 *
 * @param kind - what to call the numbers
 * @param nullable - whether the value and the elements of the list may be null
 * @throws TypeError for another value, and for a list with another element
 */
export function size_argument(
  callee: string, name: string, value: unknown, kind: 'int' | 'float' = 'int', nullable = false,
): void {
  if (typeof value === 'number' || (nullable && value === null)) return;
  check_list(callee, name, value, `${kind} or list of ${kind}s`, nullable);
}

/** As {@link size_argument}, where one number is not enough. */
export function list_argument(callee: string, name: string, value: unknown, kind: 'int' | 'float' = 'int'): void {
  check_list(callee, name, value, `list of ${kind}s`, false);
}

function check_list(
  callee: string, name: string, value: unknown, wanted: string, nullable: boolean,
): void {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw wrong_kind(callee, name, wanted, value);
  const list = value as ArrayLike<unknown>;
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] === 'number' || (nullable && list[i] === null)) continue;
    throw new TypeError(
      `${callee}(): argument '${name}' must be ${wanted}, but found element of type ${kind_of(list[i])} at pos ${i}`);
  }
}

/** Refuses what cannot be iterated over. @throws TypeError */
export function iterable_argument(callee: string, name: string, value: unknown, wanted = 'iterable'): void {
  if (typeof (value as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] === 'function') return;
  throw wrong_kind(callee, name, wanted, value);
}

/** The tensors of a list. @throws TypeError when there is no list, or something else in it */
export function tensor_list(callee: string, name: string, value: unknown): Tensor[] {
  iterable_argument(callee, name, value, 'a list of Tensors');
  const list = [...value as Iterable<unknown>];
  list.forEach((element, i) => {
    if (element instanceof Tensor) return;
    throw new TypeError(
      `${callee}(): argument '${name}' must be a list of Tensors, but found element of type ${kind_of(element)} at pos ${i}`);
  });
  return list as Tensor[];
}

/** One number for each dimension, from one for all of them or one for each. */
export function spread(value: number | readonly number[], dimensions: number): number[] {
  return typeof value === 'number' ? Array<number>(dimensions).fill(value) : [...value];
}

/** Gives back an options object. @throws TypeError for anything else */
export function options_argument<O>(callee: string, options: O): O {
  if (!is_plain_object(options)) throw wrong_kind(callee, 'options', 'an object', options);
  return options;
}

/** Refuses what cannot be called. @throws TypeError */
export function function_argument(callee: string, name: string, value: unknown): void {
  if (typeof value !== 'function') throw wrong_kind(callee, name, 'a function', value);
}

/** Refuses what is neither true nor false. @throws TypeError */
export function boolean_argument(callee: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw wrong_kind(callee, name, 'bool', value);
}

/** Refuses what is no text. @throws TypeError */
export function string_argument(callee: string, name: string, value: unknown): void {
  if (typeof value !== 'string') throw wrong_kind(callee, name, 'str', value);
}

/** A row's place, from the end when negative. @throws Error when there is no such row */
export function checked_padding_idx(padding_idx: number | null, rows: number, name = 'Padding_idx'): number | null {
  if (padding_idx === null) return null;
  if (padding_idx >= rows && padding_idx > 0) throw new Error(`${name} must be within num_embeddings`);
  if (padding_idx < -rows) throw new Error(`${name} must be within num_embeddings`);
  return padding_idx < 0 ? rows + padding_idx : padding_idx;
}
