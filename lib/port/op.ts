/** Python's operators on values whose type a port does not know: `op.add(a, b)` is `a + b`. */
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor } from '../_tensor.js';
import { pow as torch_pow, rsub as torch_rsub } from '../generated/functions.js';
import { tensor as make_tensor } from '../creation.js';
import { get_default_dtype } from '../types/dtype.js';
import { TextArray } from '../numpy/items.js';
import { NDArray } from '../numpy/ndarray.js';
import { pow as math_pow } from '../python/math.js';
import { format } from '../python/print.js';
import { Float, Tuple } from '../python/values.js';
import { IndexError, KeyError, PyTypeError } from './exceptions.js';
import {
  PySet,
  type Any,
  bool,
  compare,
  equal,
  floordiv as number_floordiv,
  is_dict,
  iter,
  mod as number_mod,
  slice_indices,
  truediv as number_truediv,
  type_name,
} from './values.js';

const is_array = (value: unknown): value is Tensor | NDArray => value instanceof Tensor || value instanceof NDArray;

/** A float that is whole, as a tensor computes with it: with a tensor of integers the result has floats. */
function operand(value: Any, beside: Tensor | NDArray): Any {
  if (!(value instanceof Float)) return value;
  if (!Number.isInteger(value.value) || !(beside instanceof Tensor) || beside.is_floating_point()) return value.value;
  return make_tensor(value.value, { dtype: get_default_dtype() });
}

/** `d.keys()` beside a set is one. */
function as_keys(value: Any, beside: Any): Any {
  const keys = typeof value?.next === 'function' || (Array.isArray(value) && !(value instanceof Tuple)); // those of a record are a list
  return beside instanceof Set && keys ? new PySet(iter(value)) : value;
}

interface Operator {
  readonly symbol: string;
  readonly dunder: string;
  readonly method: string;
  readonly reflected: (number: Any, array: Any) => Any;
  readonly numbers: (a: number, b: number) => number;
}

function binary({ symbol, dunder, method, reflected, numbers }: Operator): (a: Any, b: Any) => Any {
  const other_dunder = dunder.replace('__', '__r');
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return numbers(a, b);
    if (symbol === '%' && typeof a === 'string') return others(symbol, a, b);
    if (is_array(a)) {
      if (!is_array(b) && typeof b?.[other_dunder] === 'function') return b[other_dunder](a);
      return (a as Any)[method](operand(b, a));
    }
    if (typeof a?.[dunder] === 'function') return a[dunder](b);
    if (typeof b?.[other_dunder] === 'function') return b[other_dunder](a);
    if (is_array(b)) return reflected(operand(a, b), b);
    const other = others(symbol, as_keys(a, b), as_keys(b, a));
    if (other !== undefined) return other;
    const [x, y] = [as_number(a), as_number(b)];
    if (x === undefined || y === undefined) {
      throw new PyTypeError(`unsupported operand type(s) for ${symbol}: '${type_name(a)}' and '${type_name(b)}'`);
    }
    return numbers(x, y);
  };
}

const as_number = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' || value instanceof Float ? Number(value) : undefined;
};

/** Texts, lists and tuples, sets and dicts. */
function others(symbol: string, a: Any, b: Any): Any {
  if (symbol === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (a instanceof Tuple && b instanceof Tuple) return Tuple.from([...a, ...b]);
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
    if (typeof a?.concat === 'function' && typeof a === 'object' && !Array.isArray(a)) return a.concat(b);
  }
  if (symbol === '*') {
    if (typeof a === 'number' && (typeof b === 'string' || Array.isArray(b))) return others(symbol, b, a);
    if (typeof a === 'string' && typeof b === 'number') return a.repeat(Math.max(0, b));
    if (Array.isArray(a) && typeof b === 'number') {
      const items = Array.from({ length: Math.max(0, b) }, () => [...a]).flat();
      return a instanceof Tuple ? Tuple.from(items) : items;
    }
  }
  if (symbol === '%' && typeof a === 'string') return b instanceof Tuple ? format(a, ...b) : format(a, b);
  if (a instanceof Set && b instanceof Set) return sets(symbol, a, b);
  if (symbol === '|' && is_dict(a) && is_dict(b)) {
    if (a instanceof Map || b instanceof Map) {
      const merged = new Map<unknown, unknown>(a instanceof Map ? a : Object.entries(a));
      for (const [key, value] of b instanceof Map ? b : Object.entries(b)) merged.set(key, value);
      return merged;
    }
    return { ...a, ...b };
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') {
    if (symbol === '&') return a && b;
    if (symbol === '|') return a || b;
    if (symbol === '^') return a !== b;
  }
  return undefined;
}

function sets(symbol: string, a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): Set<unknown> | undefined {
  const [first, second] = [new PySet(a), new PySet(b)];
  if (symbol === '&') return new PySet([...a].filter((item) => second.has(item)));
  if (symbol === '|') return new PySet([...a, ...b]);
  if (symbol === '-') return new PySet([...a].filter((item) => !second.has(item)));
  if (symbol === '^')
    return new PySet([...[...a].filter((item) => !second.has(item)), ...[...b].filter((item) => !first.has(item))]);
  return undefined;
}

const swap =
  (method: string) =>
  (number: Any, array: Any): Any =>
    array[method](number);
const filled = (number: Any, array: Any): Any =>
  array instanceof Tensor ? make_tensor(number) : array.mul(0).add(number);

export const add = binary({
  symbol: '+',
  dunder: '__add__',
  method: 'add',
  reflected: swap('add'),
  numbers: (a, b) => a + b,
});
export const sub = binary({
  symbol: '-',
  dunder: '__sub__',
  method: 'sub',
  reflected: (number, array) => (array instanceof Tensor ? torch_rsub(array, number) : array.neg().add(number)),
  numbers: (a, b) => a - b,
});
export const mul = binary({
  symbol: '*',
  dunder: '__mul__',
  method: 'mul',
  reflected: swap('mul'),
  numbers: (a, b) => a * b,
});
export const truediv = binary({
  symbol: '/',
  dunder: '__truediv__',
  method: 'div',
  reflected: (number, array) =>
    array instanceof Tensor ? array.reciprocal().mul(number) : filled(number, array).div(array),
  numbers: number_truediv,
});
export const floordiv = binary({
  symbol: '//',
  dunder: '__floordiv__',
  method: 'floor_divide',
  reflected: (number, array) => filled(number, array).floor_divide(array),
  numbers: number_floordiv,
});
const remainder = binary({
  symbol: '%',
  dunder: '__mod__',
  method: 'remainder',
  reflected: (number, array) => filled(number, array).remainder(array),
  numbers: number_mod,
});
export const mod = (a: Any, b: Any): Any => (a instanceof NDArray ? a.mod(b) : remainder(a, b));
export const pow = binary({
  symbol: '**',
  dunder: '__pow__',
  method: 'pow',
  reflected: (number, array) => (array instanceof Tensor ? torch_pow(number, array) : filled(number, array).pow(array)),
  numbers: (a, b) => number_pow(a, b),
});
export const matmul = binary({
  symbol: '@',
  dunder: '__matmul__',
  method: 'matmul',
  reflected: (number, array) => array.matmul(number),
  numbers: () => Number.NaN,
});
const bitwise = (
  symbol: string,
  dunder: string,
  method: string,
  numbers: (a: number, b: number) => number,
): ((a: Any, b: Any) => Any) => binary({ symbol, dunder, method, reflected: swap(method), numbers });
/** JavaScript's own operators have 32 bits. */
const wide =
  (run: (a: bigint, b: bigint) => bigint) =>
  (a: number, b: number): number =>
    Number(run(BigInt(a), BigInt(b)));
export const and = bitwise(
  '&',
  '__and__',
  'bitwise_and',
  wide((a, b) => a & b),
);
export const or = bitwise(
  '|',
  '__or__',
  'bitwise_or',
  wide((a, b) => a | b),
);
export const xor = bitwise(
  '^',
  '__xor__',
  'bitwise_xor',
  wide((a, b) => a ^ b),
);
export const lshift = bitwise('<<', '__lshift__', 'bitwise_left_shift', (a, b) => a * 2 ** b);
export const rshift = bitwise('>>', '__rshift__', 'bitwise_right_shift', (a, b) => Math.floor(a / 2 ** b));

/** `a ** b` of numbers, with the digits of the C library where the result is no safe integer. */
export function number_pow(a: number, b: number): number {
  if (Number.isInteger(a) && Number.isInteger(b) && b >= 0) {
    let result = 1;
    for (let i = 0; i < b && Number.isSafeInteger(result); i++) result *= a;
    if (Number.isSafeInteger(result)) return result;
  }
  return math_pow(a, b);
}

export function neg(a: Any): Any {
  if (is_array(a)) return a.neg();
  if (typeof a?.__neg__ === 'function') return a.__neg__();
  return a instanceof Float ? new Float(-a.value) : 0 - Number(a);
}

export function pos(a: Any): Any {
  if (is_array(a)) return a;
  return typeof a?.__pos__ === 'function' ? a.__pos__() : Number(a);
}

export function invert(a: Any): Any {
  if (a instanceof Tensor) return a.dtype.toString() === 'torch.bool' ? a.logical_not() : a.bitwise_not();
  if (a instanceof NDArray) return a.bitwise_not();
  return typeof a?.__invert__ === 'function' ? a.__invert__() : ~Number(a);
}

export function eq(a: Any, b: Any): Any {
  if (is_array(a)) return (a as Any).eq(b ?? Number.NaN);
  if (is_array(b)) return (b as Any).eq(a ?? Number.NaN);
  if (typeof a?.__eq__ === 'function') return a.__eq__(b);
  return equal(a, b);
}

export function ne(a: Any, b: Any): Any {
  if (is_array(a)) return (a as Any).ne(b ?? Number.NaN);
  if (is_array(b)) return (b as Any).ne(a ?? Number.NaN);
  if (typeof a?.__ne__ === 'function') return a.__ne__(b);
  return !bool(eq(a, b));
}

function ordered(name: 'lt' | 'le' | 'gt' | 'ge', test: (order: number) => boolean): (a: Any, b: Any) => Any {
  const swapped = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' }[name];
  return (a, b) => {
    if (is_array(a)) return (a as Any)[name](b);
    if (is_array(b)) return (b as Any)[swapped](a);
    if (typeof a?.[`__${name}__`] === 'function') return a[`__${name}__`](b);
    if (typeof b?.[`__${swapped}__`] === 'function') return b[`__${swapped}__`](a);
    if (a instanceof Set && b instanceof Set) {
      const [small, large] = name === 'lt' || name === 'le' ? [a, b] : [b, a];
      const within = [...small].every((item) => large.has(item));
      return within && (name === 'le' || name === 'ge' || small.size < large.size);
    }
    return test(compare(a, b));
  };
}

export const lt = ordered('lt', (order) => order < 0);
export const le = ordered('le', (order) => order <= 0);
export const gt = ordered('gt', (order) => order > 0);
export const ge = ordered('ge', (order) => order >= 0);

const IN_PLACE: Readonly<Record<string, [method: string, run: (a: Any, b: Any) => Any]>> = {
  '+': ['add_', add],
  '-': ['sub_', sub],
  '*': ['mul_', mul],
  '/': ['div_', truediv],
  '//': ['floor_divide_', floordiv],
  '%': ['remainder_', mod],
  '**': ['pow_', pow],
  '&': ['bitwise_and_', and],
  '|': ['bitwise_or_', or],
  '^': ['bitwise_xor_', xor],
  '@': ['', matmul],
  '<<': ['bitwise_left_shift_', lshift],
  '>>': ['bitwise_right_shift_', rshift],
};

const IN_PLACE_DUNDER: Readonly<Record<string, string>> = {
  '+': '__iadd__',
  '-': '__isub__',
  '*': '__imul__',
  '/': '__itruediv__',
};

/** `a += b` and the like: lists and tensors change, and are the result. */
export function in_place(symbol: string, a: Any, b: Any): Any {
  const [method, run] = IN_PLACE[symbol]!;
  if (a instanceof Tensor && typeof (a as Any)[method] === 'function') return (a as Any)[method](operand(b, a));
  if (a instanceof NDArray && typeof (a as Any)[method] === 'function') return (a as Any)[method](operand(b, a));
  const dunder = IN_PLACE_DUNDER[symbol];
  if (dunder && typeof a?.[dunder] === 'function') return a[dunder](b);
  if (symbol === '+' && Array.isArray(a) && !(a instanceof Tuple)) {
    for (const item of [...iter(b)]) a.push(item);
    return a;
  }
  return run(a, b);
}

/** `item in container`. */
export function contains(container: Any, item: Any): boolean {
  if (typeof container === 'string') return container.includes(item);
  if (container instanceof Map || container instanceof Set) return container.has(item);
  if (container instanceof Tensor) return bool(container.eq(item).any());
  if (typeof container?.__contains__ === 'function') return bool(container.__contains__(item));
  if (is_plain_object(container)) return Object.hasOwn(container, item);
  if (typeof container?.has === 'function') return container.has(item);
  for (const one of iter(container)) if (equal(one, item)) return true;
  return false;
}

/** A slice as a value, `x[lower:upper:step]` of what is not known. */
export class Slice {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly step: number | null;

  constructor(
    lower: number | Tensor | NDArray | null,
    upper: number | Tensor | NDArray | null,
    step: number | Tensor | NDArray | null,
  ) {
    [this.lower, this.upper, this.step] = [slice_bound(lower), slice_bound(upper), slice_bound(step)];
  }
}

/** A bound of a slice: a tensor or an array of one integer stands for it. */
export function slice_bound(bound: number | Tensor | NDArray | null): number | null {
  return is_array(bound) ? Number(bound.item()) : bound;
}

/** `container[key]`; several keys are those of a tensor. */
export function getitem(container: Any, ...keys: Any[]): Any {
  if (is_array(container)) return (container as Any).index(...keys.map(tensor_key));
  if (container instanceof TextArray) return container.index(...keys.map(tensor_key));
  const [key] = keys;
  // Rows of subplots, which are an array of NumPy in Python.
  if (keys.length > 1 && Array.isArray(container)) {
    const rest = keys.slice(1);
    if (key instanceof Slice) return sliced(container, key).map((row: Any) => getitem(row, ...rest));
    return getitem(at(container, key, 'list'), ...rest);
  }
  if (key instanceof Slice) return sliced(container, key);
  if (typeof container === 'string') {
    const text = [...container];
    return at(text, key, 'string');
  }
  if (typeof container?.__getitem__ === 'function')
    return container.__getitem__(keys.length > 1 ? Tuple.from(keys) : key);
  if (Array.isArray(container)) return at(container, key, container instanceof Tuple ? 'tuple' : 'list');
  if (container instanceof Map) {
    const whole = keys.length > 1 ? Tuple.from(keys) : key;
    // A defaultdict and a Counter have an answer for every key.
    const value = container.get(whole);
    if (value === undefined && !container.has(whole)) throw new KeyError(whole);
    return value;
  }
  if (is_plain_object(container)) {
    if (!Object.hasOwn(container, key)) throw new KeyError(key);
    return (container as Any)[key];
  }
  if (ArrayBuffer.isView(container)) return at(container as Any, key, 'bytes');
  if (typeof container?.at === 'function') return container.at(key);
  if (typeof container?.get === 'function') return container.get(key);
  if (typeof container?.index === 'function') return container.index(...keys);
  return container[key];
}

function tensor_key(key: Any): Any {
  if (!(key instanceof Slice)) return key;
  const text = (bound: number | null): string => (bound === null ? '' : String(bound));
  return `${text(key.lower)}:${text(key.upper)}${key.step === null ? '' : `:${key.step}`}`;
}

function at(items: ArrayLike<Any>, key: Any, kind: string): Any {
  const index = key instanceof Tensor ? key.item() : key;
  const place = index < 0 ? index + items.length : index;
  if (typeof place !== 'number' || !Number.isInteger(place))
    throw new PyTypeError(`${kind} indices must be integers or slices, not ${type_name(key)}`);
  if (place < 0 || place >= items.length) throw new IndexError(`${kind} index out of range`);
  return items[place];
}

function sliced(container: Any, { lower, upper, step }: Slice): Any {
  if (typeof container?.__getitem__ === 'function') return container.__getitem__(new Slice(lower, upper, step));
  if (typeof container !== 'string' && !Array.isArray(container) && typeof container?.slice === 'function') {
    return container.slice(lower ?? 0, upper ?? undefined);
  }
  const items = typeof container === 'string' ? [...container] : container;
  const found = slice_indices(items.length, lower, upper, step).map((i) => items[i]);
  if (typeof container === 'string') return found.join('');
  return container instanceof Tuple ? Tuple.from(found) : found;
}

/** `container[key] = value`. */
export function setitem(container: Any, key: Any, value: Any): void {
  if (is_array(container)) {
    (container as Any).index_put_(
      Array.isArray(key) && key instanceof Tuple ? key.map(tensor_key) : tensor_key(key),
      value,
    );
    return;
  }
  if (typeof container?.__setitem__ === 'function') container.__setitem__(key, value);
  else if (container instanceof Map) container.set(key, value);
  else if (Array.isArray(container)) {
    if (key instanceof Slice) {
      const places = slice_indices(container.length, key.lower, key.upper, key.step);
      const items = [...iter(value)];
      if (key.step === null || key.step === 1) {
        const start = places[0] ?? slice_indices(container.length, null, key.lower, null).length;
        container.splice(start, places.length, ...items);
      } else for (const [i, place] of places.entries()) container[place] = items[i];
      return;
    }
    const place = key < 0 ? key + container.length : key;
    if (place < 0 || place >= container.length) throw new IndexError('list assignment index out of range');
    container[place] = value;
  } else if (is_plain_object(container)) (container as Any)[key] = value;
  else if (typeof container?.set === 'function') container.set(key, value);
  else container[key] = value;
}

/** `del container[key]`. */
export function delitem(container: Any, key: Any): void {
  if (typeof container?.__delitem__ === 'function') container.__delitem__(key);
  else if (container instanceof Map) {
    if (!container.delete(key)) throw new KeyError(key);
  } else if (Array.isArray(container)) {
    const places =
      key instanceof Slice
        ? slice_indices(container.length, key.lower, key.upper, key.step)
        : [key < 0 ? key + container.length : key];
    for (const place of places.sort((a, b) => b - a)) {
      if (place < 0 || place >= container.length) throw new IndexError('list assignment index out of range');
      container.splice(place, 1);
    }
  } else {
    if (!Object.hasOwn(container, key)) throw new KeyError(key);
    delete container[key];
  }
}
