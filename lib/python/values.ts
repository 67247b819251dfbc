/** What Python tells apart and JavaScript does not: tuples, kinds of dictionaries, floats without a fraction. */
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { signature } from '../_internal/signature.js';

/**
 * A Python tuple: an array in every respect, and a tuple again when it is saved.
 *
 * @example
 * ```ts
 * torch.save({ betas: torch.serialization.Tuple.of(0.9, 0.999) }, 'options.pt');
 * ```
 */
export class Tuple<T = unknown> extends Array<T> {
  // map, filter and the like give plain arrays; `new Array(3)` would take a lone number for a length.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static override of<T>(...items: T[]): Tuple<T> {
    return Tuple.from(items);
  }

  static override from<T>(items: Iterable<T> | ArrayLike<T>): Tuple<T> {
    const tuple = new Tuple<T>();
    for (const item of Array.from(items)) tuple.push(item);
    return tuple;
  }
}

const FLOAT = signature<{ value: number }>('Float', 'value: float');

/** A number that is saved as a Python float, also when it is whole: `new torch.serialization.Float(1)` is `1.0`. */
export class Float {
  readonly value: number;

  constructor(value: number);
  constructor(...args: unknown[]) {
    this.value = Number(FLOAT.read(args).value);
  }

  valueOf(): number {
    return this.value;
  }
}

function check_dict(callee: string, dict: unknown): void {
  if (is_plain_object(dict) || dict instanceof Map) return;
  throw new TypeError(`${callee}(): argument 'dict' must be an object or Map, not ${kind_of(dict)}`);
}

const ordered = new WeakSet<object>();
const int_keyed = new WeakSet<object>();

/** Makes an object or Map an `OrderedDict` when it is saved; returns it. Dictionaries that were loaded as one are. */
export function ordered_dict<T extends object>(dict: T): T {
  check_dict('ordered_dict', dict);
  ordered.add(dict);
  return dict;
}

/** Whether {@link ordered_dict} has seen the object. @internal */
export function is_ordered_dict(dict: object): boolean {
  return ordered.has(dict);
}

/** Makes the integer keys of an object, which JavaScript turns into texts, ints when it is saved; returns it. */
export function int_keys<T extends object>(dict: T): T {
  check_dict('int_keys', dict);
  int_keyed.add(dict);
  return dict;
}

/** Whether {@link int_keys} has seen the object. @internal */
export function has_int_keys(dict: object): boolean {
  return int_keyed.has(dict);
}
