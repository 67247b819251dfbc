/** Subscripts as in Python's brackets, for `x.index(...)` and `x.index_put_(...)`. */
import { scratch } from './scratch.js';
import { SubscriptKind } from '../generated/shared_numbers.js';
import { types } from 'node:util';

import { Slice } from '../_internal/slice.js';
import { is_tensor } from './tensor_base.js';
import type { Tensor } from '../_tensor.js';
import { kind_of } from '../_internal/kind_of.js';

/** Indices as a list, which Python converts to a tensor. */
type IndexList = readonly (number | boolean | IndexList)[];

/**
 * One subscript: an integer, a slice in text form (`':'`, `'1:'`, `':-1:2'`) or as `torch.slice(a, b)`, `null` (a new axis),
 * `'...'`, a boolean, a tensor, or a list or typed array of integers, or a list of booleans.
 */
export type Subscript =
  | number
  | bigint
  | string
  | boolean
  | null
  | Tensor
  | Slice
  | IndexList
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A missing bound of a slice, in the scratch memory and in an array. */
const missing = Number.NEGATIVE_INFINITY;
const missing_in_array = -(2n ** 63n);

const parsed = new Map<string, readonly (number | bigint)[]>();

function parse_bound(text: string, whole: string, callee: string): number | bigint {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'None') return missing;
  if (!/^[+-]?\d+$/.test(trimmed)) {
    throw new TypeError(`${callee}(): '${whole}' is not a slice: expected 'start:stop:step' with integers`);
  }
  return Number(trimmed);
}

function parse_text(text: string, callee: string): readonly (number | bigint)[] {
  const known = parsed.get(text);
  if (known) return known;
  const trimmed = text.trim();
  let codes: readonly (number | bigint)[];
  if (trimmed === '...') codes = [SubscriptKind.ellipsis];
  else if (trimmed === 'None') codes = [SubscriptKind.none];
  else {
    const parts = trimmed.split(':');
    if (parts.length > 3 || trimmed === '') {
      throw new TypeError(
        `${callee}(): '${text}' is not a subscript: expected a slice such as ':', '1:' or ':-1:2', or '...'`,
      );
    }
    codes =
      parts.length === 1
        ? [SubscriptKind.integer, parse_bound(trimmed, text, callee)]
        : [SubscriptKind.slice, ...[0, 1, 2].map((i) => parse_bound(parts[i] ?? '', text, callee))];
  }
  if (parsed.size < 10_000) parsed.set(text, codes);
  return codes;
}

/** The indices of a list or typed array; undefined for other values. */
function index_list(value: unknown): IndexList | undefined {
  if (Array.isArray(value)) return value as IndexList;
  // An Uint8Array holds indices too, where a uint8 tensor would be a mask.
  return types.isTypedArray(value) ? Array.from(value as Iterable<number | bigint>, Number) : undefined;
}

/**
 * Whether Python takes a list alone in brackets for several subscripts, as if it were a tuple: `x[[[0, 1], [2, 3]]]` is
 * `x[[0, 1], [2, 3]]`, and a list of tensors is a subscript for each.
 */
export function is_list_of_subscripts(subscripts: readonly unknown[]): subscripts is [Subscript[]] {
  const [list] = subscripts;
  return (
    subscripts.length === 1 &&
    Array.isArray(list) &&
    list.length < 32 &&
    list.some((item) => item === null || typeof item === 'object' || typeof item === 'string')
  );
}

/**
 * Writes the flat form of subscripts to the scratch memory. Returns the argument for the addon: their count, or the array
 * itself where they do not fit.
 */
export function leave_subscripts(codes: readonly (number | bigint)[]): number | (number | bigint)[] {
  const { length } = codes;
  let fits = length <= scratch.length;
  for (let i = 0; fits && i < length; i++) {
    const code = codes[i]!;
    if (code === missing || Number.isSafeInteger(code)) scratch[i] = code as number;
    else fits = false;
  }
  return fits ? length : codes.map((code) => (code === missing ? missing_in_array : code));
}

function not_a_subscript(value: unknown, callee: string): TypeError {
  return new TypeError(
    `${callee}(): a subscript must be an integer, a slice ('1:5' or torch.slice(1, 5)), '...', null, a boolean, a Tensor ` +
      `or a list of integers, not ${value === undefined ? 'undefined' : kind_of(value)}`,
  );
}

/** Appends the flat form of a number, text, boolean or null. */
function push_plain(codes: (number | bigint)[], subscript: unknown, callee: string): void {
  switch (typeof subscript) {
    case 'number':
      if (!Number.isSafeInteger(subscript)) {
        throw new TypeError(`${callee}(): a subscript must be an integer, not ${subscript}`);
      }
      codes.push(SubscriptKind.integer, subscript);
      return;
    case 'bigint':
      codes.push(SubscriptKind.integer, subscript);
      return;
    case 'string':
      codes.push(...parse_text(subscript, callee));
      return;
    case 'boolean':
      codes.push(SubscriptKind.boolean, subscript ? 1 : 0);
      return;
    default:
      if (subscript !== null) throw not_a_subscript(subscript, callee);
      codes.push(SubscriptKind.none);
  }
}

/** The tensor of a list or typed array of indices. */
function tensor_of_list(value: unknown, as_tensor: (list: IndexList) => Tensor, callee: string): Tensor {
  const list = index_list(value);
  if (list === undefined) throw not_a_subscript(value, callee);
  return as_tensor(list);
}

/**
 * Parses subscripts into the flat form that native/core/indexing.cpp reads, and keeps the tensors made for it alive.
 * @param callee - what error texts call the method
 */
export function parse_subscripts(
  subscripts: readonly Subscript[],
  as_tensor: (list: IndexList) => Tensor,
  callee = 'index',
): { codes: (number | bigint)[]; alive: Tensor[] } {
  const codes: (number | bigint)[] = [];
  const alive: Tensor[] = [];
  for (const subscript of subscripts) {
    if (typeof subscript !== 'object' || subscript === null) push_plain(codes, subscript, callee);
    else if (is_tensor(subscript)) codes.push(SubscriptKind.tensor, subscript._h);
    else if (subscript instanceof Slice) {
      codes.push(SubscriptKind.slice, subscript.start ?? missing, subscript.stop ?? missing, subscript.step ?? missing);
    } else {
      const tensor = tensor_of_list(subscript, as_tensor, callee);
      alive.push(tensor);
      codes.push(SubscriptKind.tensor, tensor._h);
    }
  }
  return { codes, alive };
}
