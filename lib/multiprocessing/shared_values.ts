/** Numbers in shared memory: `Value` and `Array`. */
import { native } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { float_repr } from '../_internal/python_numbers.js';
import { define_kind, no_arguments, signature } from '../_internal/signature.js';
import type { Tensor } from '../_tensor.js';
import { check_system } from './process_memory.js';
import { Lock, RLock } from './synchronize.js';

type Elements =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Letters for the types of C, as in Python's module `array`. */
export type TypeCode = 'b' | 'B' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L' | 'q' | 'Q' | 'f' | 'd';

interface TypeOfC {
  readonly name: string;
  readonly elements: new (buffer: ArrayBuffer) => Elements;
  readonly bytes: number;
}

const type_of = (
  name: string,
  elements: { new (buffer: ArrayBuffer): Elements; BYTES_PER_ELEMENT: number },
): TypeOfC => ({
  name,
  elements,
  bytes: elements.BYTES_PER_ELEMENT,
});

// As on Linux with 64 bits, where `long` and `long long` are the same.
const types_of_c: Readonly<Record<TypeCode, TypeOfC>> = {
  b: type_of('c_byte', Int8Array),
  B: type_of('c_ubyte', Uint8Array),
  h: type_of('c_short', Int16Array),
  H: type_of('c_ushort', Uint16Array),
  i: type_of('c_int', Int32Array),
  I: type_of('c_uint', Uint32Array),
  l: type_of('c_long', BigInt64Array),
  L: type_of('c_ulong', BigUint64Array),
  q: type_of('c_long', BigInt64Array),
  Q: type_of('c_ulong', BigUint64Array),
  f: type_of('c_float', Float32Array),
  d: type_of('c_double', Float64Array),
};

function known_type(callee: string, typecode: string): TypeCode {
  if (Object.hasOwn(types_of_c, typecode)) return typecode as TypeCode;
  const known = Object.keys(types_of_c).join(', ');
  throw new TypeError(`${callee}(): argument 'typecode_or_type' must be one of ${known}, not '${typecode}'`);
}

/** Elements in memory that other processes map too. */
class SharedElements {
  readonly elements: Elements;

  constructor(
    readonly typecode: TypeCode,
    readonly memory: Tensor,
  ) {
    const { elements, bytes } = types_of_c[typecode];
    const length = memory.numel() - (memory.numel() % bytes);
    this.elements = new elements(native.storage_memory(memory._h, 0, length));
  }

  static zeros(typecode: TypeCode, count: number): SharedElements {
    return new SharedElements(typecode, wrap(native.shared_memory_new(count * types_of_c[typecode].bytes)));
  }

  get(index: number): number {
    return Number(this.elements[index]);
  }

  set(index: number, value: unknown): void {
    const { elements } = this;
    const whole = !(elements instanceof Float32Array || elements instanceof Float64Array);
    if ((typeof value !== 'number' && typeof value !== 'bigint') || (whole && !Number.isInteger(Number(value)))) {
      const kind = typeof value === 'number' ? 'float' : value === null ? 'None' : typeof value;
      throw new TypeError(
        whole ? `'${kind}' object cannot be interpreted as an integer` : `must be real number, not ${kind}`,
      );
    }
    if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) elements[index] = BigInt(value);
    // What does not fit is cut off, as C does it; a bigint would be an Error.
    else if (whole) elements[index] = Number(BigInt.asIntN(32, BigInt(value)));
    else elements[index] = Number(value);
  }

  get name(): string {
    return types_of_c[this.typecode].name;
  }
}

/** What shared numbers are in another process. */
interface SharedState {
  readonly typecode: TypeCode;
  readonly memory: Tensor;
  readonly lock: Lock | RLock | null;
}

/** A number in shared memory, with or without a lock. */
class SharedNumber {
  /** @internal */
  _shared: SharedElements;
  /** @internal */
  _lock: Lock | RLock | null;

  /** @internal */
  constructor(shared: SharedElements, lock: Lock | RLock | null) {
    this._shared = shared;
    this._lock = lock;
  }

  /** @internal */
  __getstate__(): SharedState {
    return { typecode: this._shared.typecode, memory: this._shared.memory, lock: this._lock };
  }

  /** @internal */
  __setstate__({ typecode, memory, lock }: SharedState): void {
    this._shared = new SharedElements(typecode, memory);
    this._lock = lock;
  }
}

/** A number in shared memory without a lock, as {@link RawValue} makes it. */
export class SimpleValue extends SharedNumber {
  /** The number. */
  get value(): number {
    return this._shared.get(0);
  }

  set value(value: number) {
    this._shared.set(0, value);
  }

  override toString(): string {
    const { value, _shared } = this;
    return `${_shared.name}(${/float|double/.test(_shared.name) ? float_repr(value) : String(value)})`;
  }
}

/** What has a lock. */
function lock_of({ _lock }: SharedNumber): Lock | RLock {
  return _lock!;
}

/**
 * A number in shared memory with a lock, as {@link Value} makes it. Reading or writing `value` takes the lock; `value.value += 1` is two
 * steps, for which the program takes it: `using _ = value.get_lock();`.
 */
export class Synchronized extends SharedNumber {
  /** The number. */
  get value(): number {
    using _ = lock_of(this);
    return this._shared.get(0);
  }

  set value(value: number) {
    using _ = lock_of(this);
    this._shared.set(0, value);
  }

  /** The lock. */
  get_lock(...none: []): Lock | RLock {
    no_arguments('get_lock', none);
    return lock_of(this);
  }

  /** The same number without the lock. */
  get_obj(...none: []): SimpleValue {
    no_arguments('get_obj', none);
    return new SimpleValue(this._shared, null);
  }

  override toString(): string {
    return `<Synchronized wrapper for ${String(this.get_obj())}>`;
  }
}

interface Subscripted {
  _get(index: number): unknown;
  _set(index: number, value: unknown): void;
}

/** What `array[2]` is: objects from other processes are made without a constructor, so that these are members of the prototype. */
export const subscripts = (prototype: object): object =>
  new Proxy(Object.create(prototype) as object, {
    get(target, key, receiver: Subscripted) {
      return typeof key === 'string' && /^-?\d+$/.test(key)
        ? receiver._get(Number(key))
        : Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver: Subscripted) {
      if (typeof key !== 'string' || !/^-?\d+$/.test(key)) return Reflect.set(target, key, value, receiver);
      receiver._set(Number(key), value);
      return true;
    },
  });

/** Numbers in shared memory, with or without a lock. */
abstract class SharedArray extends SharedNumber implements Iterable<number> {
  [index: number]: number;

  /** How many there are. */
  get length(): number {
    return this._shared.elements.length;
  }

  /** @internal */
  _place(index: number): number {
    const place = index < 0 ? index + this.length : index;
    if (place < 0 || place >= this.length) throw new RangeError('invalid index');
    return place;
  }

  /** @internal */
  _locked<T>(run: () => T): T {
    if (this._lock === null) return run();
    using _ = this._lock;
    return run();
  }

  /** @internal */
  _get(index: number): number {
    return this._locked(() => this._shared.get(this._place(index)));
  }

  /** @internal */
  _set(index: number, value: unknown): void {
    this._locked(() => {
      this._shared.set(this._place(index), value);
    });
  }

  /** All numbers, as `array[:]` in Python. */
  tolist(...none: []): number[] {
    no_arguments('tolist', none);
    return this._locked(() => Array.from(this._shared.elements as ArrayLike<number | bigint>, Number));
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.tolist()[Symbol.iterator]();
  }
}
Object.setPrototypeOf(SharedArray.prototype, subscripts(SharedNumber.prototype));

/** Numbers in shared memory without a lock, as {@link RawArray} makes them: `array[0]`, `array.length`, `array.tolist()`. */
export class SimpleArray extends SharedArray {
  override toString(): string {
    return `<${this._shared.name}_Array_${this.length}>`;
  }
}

/** Numbers in shared memory with a lock, as {@link Array_} makes them: `array[0]`, `array.length`, `array.tolist()`. */
export class SynchronizedArray extends SharedArray {
  /** The lock. */
  get_lock(...none: []): Lock | RLock {
    no_arguments('get_lock', none);
    return lock_of(this);
  }

  /** The same numbers without the lock. */
  get_obj(...none: []): SimpleArray {
    no_arguments('get_obj', none);
    return new SimpleArray(this._shared, null);
  }

  override toString(): string {
    return `<SynchronizedArray wrapper for ${String(this.get_obj())}>`;
  }
}

define_kind(
  'mp.AnyLock',
  'bool, Lock or RLock',
  (value) => typeof value === 'boolean' || value instanceof Lock || value instanceof RLock,
);

const VALUE = signature<{ typecode_or_type: string; value?: number; lock?: boolean | Lock | RLock }>(
  'Value',
  'typecode_or_type: str, value?: float, *, lock?: mp.AnyLock',
);
const RAW_VALUE = signature<{ typecode_or_type: string; value?: number }>(
  'RawValue',
  'typecode_or_type: str, value?: float',
);
const ARRAY = signature<{
  typecode_or_type: string;
  size_or_initializer: number | Iterable<number>;
  lock?: boolean | Lock | RLock;
}>('Array', 'typecode_or_type: str, size_or_initializer: int|Iterable, *, lock?: mp.AnyLock');
const RAW_ARRAY = signature<{ typecode_or_type: string; size_or_initializer: number | Iterable<number> }>(
  'RawArray',
  'typecode_or_type: str, size_or_initializer: int|Iterable',
);

function new_value(callee: string, typecode: string, value: number): SharedElements {
  check_system(callee);
  const shared = SharedElements.zeros(known_type(callee, typecode), 1);
  shared.set(0, value);
  return shared;
}

function new_array(callee: string, typecode: string, size_or_initializer: number | Iterable<number>): SharedElements {
  check_system(callee);
  const code = known_type(callee, typecode);
  if (typeof size_or_initializer !== 'object') {
    if (size_or_initializer < 0) throw new Error('Negative size');
    return SharedElements.zeros(code, Number(size_or_initializer));
  }
  const values = [...size_or_initializer];
  const shared = SharedElements.zeros(code, values.length);
  values.forEach((value, i) => {
    shared.set(i, value);
  });
  return shared;
}

/**
 * A number in shared memory, 0 at first unless one is given, with a lock. Mirrors `torch.multiprocessing.Value`.
 *
 * @param typecode_or_type - its type in C: `'i'` for `int`, `'d'` for `double`, see {@link TypeCode}
 * @param value - its value at first, default 0
 * @param lock - a lock to use, default true: an `RLock` of its own; false: none, as {@link RawValue}
 * @example
 * ```ts
 * const counter = torch.multiprocessing.Value('i', 3);
 * counter.value += 1;
 * print(counter.value, counter);
 * ```
 * ```python
 * counter = torch.multiprocessing.Value('i', 3)
 * counter.value += 1
 * print(counter.value, counter)
 * ```
 */
export function Value(typecode_or_type: TypeCode, value?: number): Synchronized;
export function Value(typecode_or_type: TypeCode, value: number, options: { lock: false }): SimpleValue;
export function Value(typecode_or_type: TypeCode, options: { lock: false }): SimpleValue;
export function Value(typecode_or_type: TypeCode, value: number, options: { lock?: true | Lock | RLock }): Synchronized;
export function Value(
  typecode_or_type: TypeCode,
  options: { value?: number; lock?: true | Lock | RLock },
): Synchronized;
export function Value(options: {
  typecode_or_type: TypeCode;
  value?: number;
  lock?: true | Lock | RLock;
}): Synchronized;
export function Value(...args: unknown[]): Synchronized | SimpleValue {
  const { typecode_or_type, value = 0, lock = true } = VALUE.read(args);
  const shared = new_value('Value', typecode_or_type, value);
  return lock === false ? new SimpleValue(shared, null) : new Synchronized(shared, lock === true ? new RLock() : lock);
}

/**
 * A number in shared memory without a lock, see {@link Value}. Mirrors `torch.multiprocessing.RawValue`.
 * @example
 * ```ts
 * const value = torch.multiprocessing.RawValue('d', 0.5);
 * print(value.value, value);
 * ```
 * ```python
 * value = torch.multiprocessing.RawValue('d', 0.5)
 * print(value.value, value)
 * ```
 */
export function RawValue(typecode_or_type: TypeCode, value?: number): SimpleValue;
export function RawValue(typecode_or_type: TypeCode, options: { value?: number }): SimpleValue;
export function RawValue(options: { typecode_or_type: TypeCode; value?: number }): SimpleValue;
export function RawValue(...args: unknown[]): SimpleValue {
  const { typecode_or_type, value = 0 } = RAW_VALUE.read(args);
  return new SimpleValue(new_value('RawValue', typecode_or_type, value), null);
}

type Elements_ = number | Iterable<number>;

/**
 * Numbers in shared memory with a lock. Mirrors `torch.multiprocessing.Array`.
 *
 * @param typecode_or_type - their type in C, see {@link Value}
 * @param size_or_initializer - how many zeros, or the numbers
 * @param lock - as in {@link Value}
 * @example
 * ```ts
 * const array = torch.multiprocessing.Array('i', [1, 2, 3]);
 * array[0] = 7;
 * print(array[0], array.length, array.tolist());
 * ```
 * ```python
 * array = torch.multiprocessing.Array('i', [1, 2, 3])
 * array[0] = 7
 * print(array[0], len(array), array[:])
 * ```
 */
export function Array_(typecode_or_type: TypeCode, size_or_initializer: Elements_): SynchronizedArray;
export function Array_(
  typecode_or_type: TypeCode,
  size_or_initializer: Elements_,
  options: { lock: false },
): SimpleArray;
export function Array_(
  typecode_or_type: TypeCode,
  size_or_initializer: Elements_,
  options: { lock?: true | Lock | RLock },
): SynchronizedArray;
export function Array_(
  typecode_or_type: TypeCode,
  options: { size_or_initializer: Elements_; lock?: true | Lock | RLock },
): SynchronizedArray;
export function Array_(options: {
  typecode_or_type: TypeCode;
  size_or_initializer: Elements_;
  lock?: true | Lock | RLock;
}): SynchronizedArray;
export function Array_(...args: unknown[]): SharedArray {
  const { typecode_or_type, size_or_initializer, lock = true } = ARRAY.read(args);
  const shared = new_array('Array', typecode_or_type, size_or_initializer);
  return lock === false
    ? new SimpleArray(shared, null)
    : new SynchronizedArray(shared, lock === true ? new RLock() : lock);
}

/**
 * Numbers in shared memory without a lock, see {@link Array_}. Mirrors `torch.multiprocessing.RawArray`.
 * @example
 * ```ts
 * const array = torch.multiprocessing.RawArray('f', 2);
 * array[0] = 1.5;
 * array[1] = 0.5;
 * print(array.tolist());
 * ```
 * ```python
 * array = torch.multiprocessing.RawArray('f', 2)
 * array[0] = 1.5
 * array[1] = 0.5
 * print(array[:])
 * ```
 */
export function RawArray(typecode_or_type: TypeCode, size_or_initializer: Elements_): SimpleArray;
export function RawArray(typecode_or_type: TypeCode, options: { size_or_initializer: Elements_ }): SimpleArray;
export function RawArray(options: { typecode_or_type: TypeCode; size_or_initializer: Elements_ }): SimpleArray;
export function RawArray(...args: unknown[]): SimpleArray {
  const { typecode_or_type, size_or_initializer } = RAW_ARRAY.read(args);
  return new SimpleArray(new_array('RawArray', typecode_or_type, size_or_initializer), null);
}
