/** What Python tells apart and JavaScript does not: tuples, kinds of dictionaries, floats without a fraction. */
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { signature } from '../_internal/signature.js';

export { Tuple } from '../_internal/tuple.js';

const FLOAT = signature<{ value: number }>('Float', 'value: float');

/**
 * A number that is saved as a Python float even when it is whole.
 *
 * @param value - the number
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const { Float } = torch.serialization;
 * const chunks: Uint8Array[] = [];
 * torch.save({ lr: new Float(1) }, { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) });
 * print(torch.load(Buffer.concat(chunks))); // {'lr': 1}
 * ```
 */
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

/**
 * Marks an object or Map to be saved as an `OrderedDict`; dictionaries loaded from one are marked.
 *
 * @param dict - an object or Map
 * @returns the dictionary
 * @throws TypeError for other values
 * @example
 * ```ts
 * print(torch.serialization.ordered_dict({ a: 1, b: 2 })); // OrderedDict([('a', 1), ('b', 2)])
 * ```
 */
export function ordered_dict<T extends object>(dict: T): T {
  check_dict('ordered_dict', dict);
  ordered.add(dict);
  return dict;
}

/** Whether {@link ordered_dict} has seen the object. @internal */
export function is_ordered_dict(dict: object): boolean {
  return ordered.has(dict);
}

/**
 * Marks an object so that its integer keys, which JavaScript turns into strings, are saved as ints.
 *
 * @param dict - an object or Map
 * @returns the dictionary
 * @throws TypeError for other values
 * @example
 * ```ts
 * print(torch.serialization.int_keys({ 0: 0.5, 1: 1.5 }));
 * ```
 * ```python
 * print({0: 0.5, 1: 1.5})
 * ```
 */
export function int_keys<T extends object>(dict: T): T {
  check_dict('int_keys', dict);
  int_keyed.add(dict);
  return dict;
}

/** Whether {@link int_keys} has seen the object. @internal */
export function has_int_keys(dict: object): boolean {
  return int_keyed.has(dict);
}
