/** Nested dictionaries and lists as one dictionary, whose names are paths with dots, and back. */
import { types } from 'node:util';

import { is_plain_object } from '../../_internal/plain_object.js';
import { Tuple } from '../../python/values.js';
import { Size, Tensor } from '../../_tensor.js';
import type { ObjectPath } from './metadata.js';

/** A dictionary: an object, or a Map. */
export type StateDict = Record<string, unknown> | Map<string, unknown>;

/** Values by their names, and where each of them lies. */
export interface Flat {
  readonly values: Map<string, unknown>;
  readonly paths: Map<string, ObjectPath>;
}

function is_dict(value: unknown): value is StateDict {
  return is_plain_object(value) || types.isMap(value);
}

const is_list = (value: unknown): value is unknown[] =>
  Array.isArray(value) && !(value instanceof Tuple) && !(value instanceof Size);

export const entries_of = (dict: StateDict): [string, unknown][] =>
  (dict instanceof Map ? [...dict] : Object.entries(dict))
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [String(key), value]);

/** Whether a list is a value as a whole: it holds neither tensors nor dictionaries. */
function is_whole(list: readonly unknown[]): boolean {
  return list.every((item) => !(is_dict(item) || item instanceof Tensor || (is_list(item) && !is_whole(item))));
}

/** @throws Error when two values have the same name */
export function flatten(state_dict: StateDict): Flat {
  const values = new Map<string, unknown>();
  const paths = new Map<string, ObjectPath>();
  const visit = (path: ObjectPath, value: unknown): void => {
    if (is_dict(value)) {
      for (const [key, item] of entries_of(value)) visit([...path, key], item);
    } else if (is_list(value) && !is_whole(value)) {
      value.forEach((item, i) => visit([...path, i], item));
    } else {
      const name = path.join('.');
      if (values.has(name)) throw new Error(`duplicated flatten key ${name}`);
      values.set(name, value);
      paths.set(name, path);
    }
  };
  for (const [key, value] of entries_of(state_dict)) visit([key], value);
  return { values, paths };
}

export function get_item(container: unknown, key: string | number): unknown {
  if (container instanceof Map) {
    const map = container as Map<unknown, unknown>;
    return map.has(key) ? map.get(key) : map.get(Number(key));
  }
  return (container as Record<string | number, unknown>)[key];
}

export function set_item(container: unknown, key: string | number, value: unknown): void {
  if (container instanceof Map) {
    const map = container as Map<unknown, unknown>;
    map.set(map.has(key) || !map.has(Number(key)) ? key : Number(key), value);
  } else if (key === '__proto__') {
    Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
  } else (container as Record<string | number, unknown>)[key] = value;
}

/** Puts a value where another one lies. */
export function set_element(root: StateDict, path: ObjectPath, value: unknown): void {
  let container: unknown = root;
  for (const key of path.slice(0, -1)) container = get_item(container, key);
  set_item(container, path.at(-1)!, value);
}
