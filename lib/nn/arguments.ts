import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';

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
 * True for an object literal (or one without a prototype): the only thing that counts as an options object.
 */
export function is_plain_object(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
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
