/** `torch.nn.modules.utils`: what layers of programs read their sizes with. */
import { types } from 'node:util';

import { signature } from '../../../_internal/signature.js';
import type { StateDict } from '../module.js';

/** What a layer takes as a size: one value for all dimensions, or one for each. */
type OneOrMany<T> = T | Iterable<T>;

/** Gives one value for each dimension. */
export type ReadsSizes = <T extends number | boolean | null>(x: OneOrMany<T>) => T[];

const NTUPLE = signature<{ n: number; name?: string }>('_ntuple', 'n: int, name?: str');
const PARSE = signature<{ x: unknown }>('parse', 'x: any');

/**
 * Makes a function that repeats one value `n` times, and takes a sequence as it is. Mirrors `torch.nn.modules.utils._ntuple`.
 *
 * @param n - how many values
 * @param name - the name of the function; default `'parse'`
 * @example
 * ```ts
 * const sizes = nn.modules.utils._ntuple(3);
 * print(...sizes(2), ...sizes([1, 2, 3]));
 * ```
 * ```python
 * sizes = nn.modules.utils._ntuple(3)
 * print(*sizes(2), *sizes([1, 2, 3]))
 * ```
 */
export function _ntuple(n: number, name?: string): ReadsSizes;
export function _ntuple(options: { n: number; name?: string }): ReadsSizes;
export function _ntuple(...args: unknown[]): unknown {
  const { n, name = 'parse' } = NTUPLE.read(args);
  const parse = (...given: unknown[]): unknown[] => {
    const { x } = PARSE.read(given);
    const is_sequence = typeof x === 'string' || (typeof x === 'object' && x !== null && Symbol.iterator in x);
    return is_sequence ? [...(x as Iterable<unknown>)] : Array<unknown>(n).fill(x);
  };
  return Object.defineProperty(parse, 'name', { value: name }) as typeof parse;
}

/**
 * One value, or a sequence of it. Mirrors `torch.nn.modules.utils._single`. See {@link _ntuple}.
 * @example
 * ```ts
 * print(...nn.modules.utils._single(3));
 * ```
 * ```python
 * print(*nn.modules.utils._single(3))
 * ```
 */
export const _single = _ntuple(1, '_single');
/**
 * Two values: one is repeated. Mirrors `torch.nn.modules.utils._pair`. See {@link _ntuple}.
 * @example
 * ```ts
 * print(...nn.modules.utils._pair(3));
 * ```
 * ```python
 * print(*nn.modules.utils._pair(3))
 * ```
 */
export const _pair = _ntuple(2, '_pair');
/**
 * Three values: one is repeated. Mirrors `torch.nn.modules.utils._triple`. See {@link _ntuple}.
 * @example
 * ```ts
 * print(...nn.modules.utils._triple(3));
 * ```
 * ```python
 * print(*nn.modules.utils._triple(3))
 * ```
 */
export const _triple = _ntuple(3, '_triple');
/**
 * Four values: one is repeated. Mirrors `torch.nn.modules.utils._quadruple`. See {@link _ntuple}.
 * @example
 * ```ts
 * print(...nn.modules.utils._quadruple(3));
 * ```
 * ```python
 * print(*nn.modules.utils._quadruple(3))
 * ```
 */
export const _quadruple = _ntuple(4, '_quadruple');

const REVERSE_REPEAT = signature<{ t: readonly number[]; n: number }>('_reverse_repeat_tuple', 't: int[], n: int');

/**
 * Repeats each of some values `n` times, last first: sizes of a convolution as `F.pad` takes them. Mirrors
 * `torch.nn.modules.utils._reverse_repeat_tuple`.
 *
 * @param t - the values
 * @param n - how often each is repeated
 * @example
 * ```ts
 * print(...nn.modules.utils._reverse_repeat_tuple([1, 2], 2));
 * ```
 * ```python
 * print(*nn.modules.utils._reverse_repeat_tuple((1, 2), 2))
 * ```
 */
export function _reverse_repeat_tuple(t: readonly number[], n: number): number[];
export function _reverse_repeat_tuple(options: { t: readonly number[]; n: number }): number[];
export function _reverse_repeat_tuple(...args: unknown[]): number[] {
  const { t, n } = REVERSE_REPEAT.read(args);
  return [...t].reverse().flatMap((value) => Array<number>(n).fill(value));
}

const LIST_WITH_DEFAULT = signature<{ out_size: number | Iterable<number | null>; defaults: readonly number[] }>(
  '_list_with_default',
  'out_size: int|Iterable, defaults: int[]',
);

/**
 * Fills what is null in an output size with the last sizes of an input. Mirrors
 * `torch.nn.modules.utils._list_with_default`.
 *
 * @param out_size - sizes, or null for those of the input
 * @param defaults - the sizes of the input
 * @throws Error unless `defaults` has more sizes than `out_size`
 * @example
 * ```ts
 * print(nn.modules.utils._list_with_default([null, 3], [1, 2, 4]));
 * ```
 * ```python
 * print(nn.modules.utils._list_with_default([None, 3], [1, 2, 4]))
 * ```
 */
export function _list_with_default(
  out_size: number | readonly (number | null)[],
  defaults: readonly number[],
): number | number[];
export function _list_with_default(options: {
  out_size: number | readonly (number | null)[];
  defaults: readonly number[];
}): number | number[];
export function _list_with_default(...args: unknown[]): number | number[] {
  const { out_size, defaults } = LIST_WITH_DEFAULT.read(args);
  if (typeof out_size === 'number') return out_size;
  const wanted = [...out_size];
  if (defaults.length <= wanted.length) throw new Error(`Input dimension should be at least ${wanted.length + 1}`);
  const last = defaults.slice(defaults.length - wanted.length);
  return wanted.map((size, place) => size ?? last[place]!);
}

const CONSUME_PREFIX = signature<{ state_dict: object; prefix: string }>(
  'consume_prefix_in_state_dict_if_present',
  'state_dict: dict, prefix: str',
);

/** Renames keys that begin with a prefix; each renamed one goes to the end, as in Python. */
function rename_keys<T>(dict: object, keys: (key: string) => string | undefined): void {
  if (types.isMap(dict)) {
    const map = dict as Map<string, T>;
    for (const key of [...map.keys()]) {
      const renamed = keys(key);
      if (renamed === undefined) continue;
      const value = map.get(key)!;
      map.delete(key);
      map.set(renamed, value);
    }
    return;
  }
  const record = dict as Record<string, T>;
  for (const key of Object.keys(record)) {
    const renamed = keys(key);
    if (renamed === undefined) continue;
    const value = record[key]!;
    delete record[key];
    record[renamed] = value;
  }
}

/**
 * Strips a prefix from the names of a state dict, in place: the dict of a module that `DataParallel` wrapped then fits the
 * module itself. Mirrors `torch.nn.modules.utils.consume_prefix_in_state_dict_if_present`.
 *
 * @param state_dict - the state dict, which is changed
 * @param prefix - the prefix, `'module.'` for `DataParallel`
 * @example
 * ```ts
 * const state_dict = new nn.DataParallel(new nn.Linear(2, 1)).state_dict();
 * nn.modules.utils.consume_prefix_in_state_dict_if_present(state_dict, 'module.');
 * print(Object.keys(state_dict));
 * ```
 * ```python
 * state_dict = nn.DataParallel(nn.Linear(2, 1)).state_dict()
 * nn.modules.utils.consume_prefix_in_state_dict_if_present(state_dict, 'module.')
 * print(list(state_dict))
 * ```
 */
export function consume_prefix_in_state_dict_if_present(
  state_dict: StateDict | Map<string, unknown>,
  prefix: string,
): void;
export function consume_prefix_in_state_dict_if_present(options: {
  state_dict: StateDict | Map<string, unknown>;
  prefix: string;
}): void;
export function consume_prefix_in_state_dict_if_present(...args: unknown[]): void {
  const { state_dict, prefix } = CONSUME_PREFIX.read(args);
  const stripped = (key: string): string | undefined => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined);
  rename_keys(state_dict, stripped);
  const { _metadata } = state_dict as { _metadata?: object };
  if (_metadata === undefined || _metadata === null || typeof _metadata !== 'object') return;
  // The module itself is listed without the dot at the end.
  rename_keys(_metadata, (key) => (key !== '' && key === prefix.replaceAll('.', '') ? '' : stripped(key)));
}
