/** `torch.TypedStorage` and the classes for each dtype, which Python has deprecated: storages as elements of a dtype. */
import { no_grad } from './autograd/grad_mode.js';
import { tensor } from './creation.js';
import type { Device, DeviceLike } from './types/device.js';
import * as dtypes from './types/dtype.js';
import { type DType, get_default_dtype } from './types/dtype.js';
import { native } from './_C/native.js';
import { warn } from './_internal/warnings.js';
import { python_repr } from './python/print.js';
import { Complex, type Scalar } from './types/scalar.js';
import { bytes_of_buffer, UntypedStorage, write_bytes, type ByteOrder, type FromBufferOptions } from './storage.js';
import { bind_typed_storage, as_readable, StorageBase } from './storage_base.js';
import type { Tensor } from './_tensor.js';
import { wrap } from './_C/tensor_base.js';
import { define_kind, signature, type Signature } from './_internal/signature.js';
import { storage_class_of } from './types/storage_classes.js';

const removal =
  'TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the only storage class. ' +
  'This should only matter to you if you are using storages directly.  To access UntypedStorage directly, use ' +
  'tensor.untyped_storage() instead of tensor.storage()';

// Elements of quantized dtypes are read as the integers that they consist of.
const plain_dtypes = new Map<DType, DType>([
  [dtypes.quint8, dtypes.uint8],
  [dtypes.quint4x2, dtypes.uint8],
  [dtypes.quint2x4, dtypes.uint8],
  [dtypes.qint32, dtypes.int32],
  [dtypes.qint8, dtypes.int8],
]);

/** The options of {@link TypedStorage}. */
export interface TypedStorageOptions {
  dtype?: DType;
  device?: DeviceLike | null;
  /** The storage to use instead of new memory. */
  wrap_storage?: UntypedStorage;
}

/** The elements of a storage as numbers. */
export type StorageElements = readonly Scalar[];

const none = (name: string) => signature<object>(`TypedStorage.${name}`, '');

const T = {
  from_file: signature<{ filename: string; shared?: boolean; size?: number }>(
    'TypedStorage.from_file',
    'filename: str, shared?: bool, size?: int',
  ),
  from_buffer: signature<FromBufferOptions & { buffer: ArrayBufferLike | ArrayBufferView; device?: DeviceLike | null }>(
    'TypedStorage.from_buffer',
    'buffer: bytes, byte_order?: str, count?: int, offset?: int, dtype?: dtype, device?: device|None',
  ),
  at: signature<{ index: number }>('TypedStorage.at', 'index: int'),
  set: signature<{ index: number; value: Scalar }>('TypedStorage.set', 'index: int, value: Number'),
  equals: signature<{ other: unknown }>('TypedStorage.equals', 'other: any'),
  copy_: signature<{ source: TypedStorage | UntypedStorage; non_blocking?: boolean | null }>(
    'TypedStorage.copy_',
    'source: TypedStorage|UntypedStorage, non_blocking?: bool|None',
  ),
  fill_: signature<{ value: Scalar }>('TypedStorage.fill_', 'value: Number'),
  resize_: signature<{ size: number }>('TypedStorage.resize_', 'size: int'),
  type: signature<{ dtype?: string | null; non_blocking?: boolean }>(
    'TypedStorage.type',
    'dtype?: str|None, non_blocking?: bool',
  ),
  to: signature<{ device: DeviceLike; non_blocking?: boolean }>(
    'TypedStorage.to',
    'device: device, non_blocking?: bool',
  ),
  cuda: signature<{ device?: DeviceLike | null; non_blocking?: boolean }>(
    'TypedStorage.cuda',
    'device?: device|None, non_blocking?: bool',
  ),
  hpu: signature<{ device?: DeviceLike | null; non_blocking?: boolean }>(
    'TypedStorage.hpu',
    'device?: device|None, non_blocking?: bool',
  ),
  is_pinned: signature<{ device?: DeviceLike | null }>('TypedStorage.is_pinned', 'device?: device|None'),
  pin_memory: signature<{ device?: DeviceLike | null }>('TypedStorage.pin_memory', 'device?: device|None'),
  nbytes: none('nbytes'),
  size: none('size'),
  element_size: none('element_size'),
  data_ptr: none('data_ptr'),
  tolist: none('tolist'),
  clone: none('clone'),
  cpu: none('cpu'),
  is_shared: none('is_shared'),
  share_memory_: none('share_memory_'),
  get_device: none('get_device'),
  resizable: none('resizable'),
  untyped: none('untyped'),
  pickle_storage_type: none('pickle_storage_type'),
};

/** The constructor's own way to wrap a storage, without a warning. */
class Wrapped {
  constructor(
    readonly storage: UntypedStorage,
    readonly dtype: DType,
  ) {}
}

function element_at(storage: TypedStorage, index: number): Tensor {
  const size = storage.length;
  const at = index < 0 ? index + size : index;
  if (at < 0 || at >= size) throw new RangeError(`index ${at} out of range for storage of size ${size}`);
  return as_readable(storage).select(0, at);
}

/** The same dtype over other memory. */
function over(storage: TypedStorage, memory: UntypedStorage): TypedStorage {
  return memory === storage._untyped_storage ? storage : TypedStorage._over(memory, storage.dtype);
}

/** The constructor's arguments, for the class that is named. */
function constructor_of(name: string): Signature<TypedStorageOptions & { size?: number | StorageElements }> {
  let found = constructors.get(name);
  if (found === undefined) {
    found = signature(
      name,
      'size?: int|Number[], *, dtype?: dtype, device?: device|None, wrap_storage?: UntypedStorage',
    );
    constructors.set(name, found);
  }
  return found;
}

const constructors = new Map<string, Signature<TypedStorageOptions & { size?: number | StorageElements }>>();

/**
 * A storage as elements of a dtype. Mirrors `torch.TypedStorage`, which is deprecated: use {@link UntypedStorage}.
 * @example
 * ```ts
 * print(torch.tensor([0.5, 1.5]).storage().tolist());
 * ```
 * ```python
 * print(torch.tensor([0.5, 1.5]).storage().tolist())
 * ```
 */
export class TypedStorage extends StorageBase {
  readonly dtype: DType;
  /** @internal */
  readonly _untyped_storage: UntypedStorage;
  /** Where new memory is. @internal */
  static readonly _device_type: string = 'cpu';

  /**
   * @param size how many elements of new memory, none when left out; or the elements
   * @param options - `dtype`: the default dtype when left out; `device`: the CPU when left out; `wrap_storage`: memory to look
   * at instead
   */
  constructor(size?: number | StorageElements, options?: TypedStorageOptions);
  constructor(options: TypedStorageOptions & { size?: number | StorageElements });
  constructor(...args: unknown[]) {
    super();
    const [first] = args;
    if (first instanceof Wrapped) {
      this.dtype = first.dtype;
      this._untyped_storage = first.storage;
      return;
    }
    warn(removal);
    const { size = 0, dtype, device, wrap_storage } = constructor_of(new.target.name).read(args);
    const own = (new.target as { dtype?: DType }).dtype;
    const place = device ?? new.target._device_type;
    if (own !== undefined && dtype !== undefined) {
      throw new TypeError(`${new.target.name}(): argument 'dtype' cannot be given: it is ${String(own)}`);
    }
    this.dtype = own ?? dtype ?? (Array.isArray(size) ? tensor(size as number[]).dtype : get_default_dtype());
    if (wrap_storage !== undefined) {
      if ((args.length > 0 && typeof first === 'number') || device !== undefined) {
        throw new TypeError(`${new.target.name}(): arguments 'size' and 'device' cannot be given with 'wrap_storage'`);
      }
      this._untyped_storage = wrap_storage;
    } else if (typeof size === 'number') {
      if (size < 0) throw new RangeError(`${new.target.name}(): the size must not be negative, got ${size}`);
      this._untyped_storage = new UntypedStorage(size * this.dtype.itemsize, { device: place });
    } else {
      const elements = Array.isArray(size) ? (size as number[]) : Array.from(size as ArrayLike<number>);
      const made = tensor(elements, { dtype: plain_dtypes.get(this.dtype) ?? this.dtype, device: place });
      this._untyped_storage = made.untyped_storage();
    }
  }

  /** @internal */
  get _owner(): 'TypedStorage' {
    return 'TypedStorage';
  }

  /** Looks at a storage. @internal */
  static _over(storage: UntypedStorage, dtype: DType): TypedStorage {
    return new TypedStorage(new Wrapped(storage, dtype) as unknown as number);
  }

  /** The content of a file as memory. Mirrors `TypedStorage.from_file`: `size` counts elements. */
  static from_file(filename: string, shared?: boolean, size?: number): TypedStorage;
  static from_file(filename: string, options: { shared?: boolean; size?: number }): TypedStorage;
  static from_file(options: { filename: string; shared?: boolean; size?: number }): TypedStorage;
  static from_file(this: typeof TypedStorage & { dtype?: DType }, ...args: unknown[]): TypedStorage {
    warn(removal);
    const { filename, shared = false, size = 0 } = T.from_file.read(args);
    if (this.dtype === undefined) throw new Error('from_file can only be called on derived classes');
    return TypedStorage._over(UntypedStorage.from_file(filename, shared, size * this.dtype.itemsize), this.dtype);
  }

  /** A copy of a buffer, whose elements are in `byte_order`. Mirrors `TypedStorage.from_buffer`. */
  static from_buffer(
    buffer: ArrayBufferLike | ArrayBufferView,
    byte_order?: ByteOrder,
    count?: number,
    offset?: number,
  ): TypedStorage;
  static from_buffer(
    buffer: ArrayBufferLike | ArrayBufferView,
    options: FromBufferOptions & { device?: DeviceLike | null },
  ): TypedStorage;
  static from_buffer(
    options: { buffer: ArrayBufferLike | ArrayBufferView } & FromBufferOptions & { device?: DeviceLike | null },
  ): TypedStorage;
  static from_buffer(this: typeof TypedStorage & { dtype?: DType }, ...args: unknown[]): TypedStorage {
    warn(removal);
    const given = T.from_buffer.read(args);
    if (this.dtype !== undefined && given.dtype !== undefined) {
      throw new TypeError(
        "from_buffer: 'dtype' can only be specified in UntypedStorage.from_buffer and TypedStorage.from_buffer, " +
          `not in ${this.name}.from_buffer`,
      );
    }
    const dtype = this.dtype ?? given.dtype ?? get_default_dtype();
    const bytes = bytes_of_buffer({ ...given, dtype }, 'TypedStorage.from_buffer');
    const made = new UntypedStorage(bytes.length);
    write_bytes(made, bytes);
    return TypedStorage._over(
      given.device === undefined || given.device === null ? made : made.to(given.device),
      dtype,
    );
  }

  /** All elements, as a tensor on the memory. @internal */
  _all(): Tensor {
    const storage = this._untyped_storage;
    const dtype = plain_dtypes.get(this.dtype) ?? this.dtype;
    const count = Math.floor(storage.nbytes() / dtype.itemsize);
    return wrap(native.over_storage(storage._all()._h, dtype.code, 0, [count], [1]));
  }

  /** How many elements there are. */
  size(...args: []): number {
    T.size.read(args);
    warn(removal);
    return this.length;
  }

  /** How many elements there are; Python's `len`. */
  get length(): number {
    return Math.floor(this._untyped_storage.nbytes() / this.dtype.itemsize);
  }

  /** How many bytes there are. */
  nbytes(...args: []): number {
    T.nbytes.read(args);
    warn(removal);
    return this._untyped_storage.nbytes();
  }
  /** Bytes per element. */
  element_size(...args: []): number {
    T.element_size.read(args);
    warn(removal);
    return this.dtype.itemsize;
  }
  /** The address of the first byte; 0 when there is no memory. */
  data_ptr(...args: []): bigint {
    T.data_ptr.read(args);
    warn(removal);
    return this._untyped_storage.data_ptr();
  }
  get device(): Device {
    return this._untyped_storage.device;
  }
  /** Which of several devices of its type holds the memory; null on the CPU. */
  get_device(...args: []): number | null {
    T.get_device.read(args);
    warn(removal);
    return this._untyped_storage.get_device();
  }
  get is_cuda(): boolean {
    return this._untyped_storage.is_cuda;
  }
  get is_hpu(): boolean {
    return this._untyped_storage.is_hpu;
  }
  get is_sparse(): boolean {
    return false;
  }
  /** The file behind the memory, or null. */
  get filename(): string | null {
    return this._untyped_storage.filename;
  }

  /** Whether it is the very same memory with the same dtype. */
  equals(other: unknown): boolean;
  equals(options: { other: unknown }): boolean;
  equals(...args: unknown[]): boolean {
    const { other } = T.equals.read(args);
    return (
      other instanceof TypedStorage &&
      other.dtype === this.dtype &&
      this._untyped_storage.equals(other._untyped_storage)
    );
  }

  /** The elements as values. */
  tolist(...args: []): Scalar[] {
    T.tolist.read(args);
    warn(removal);
    return as_readable(this).tolist() as Scalar[];
  }

  *[Symbol.iterator](): IterableIterator<Scalar> {
    yield* as_readable(this).tolist() as Scalar[];
  }

  /** The element at a place, from the end when negative; Python's `storage[index]`. @throws RangeError when there is none */
  at(index: number): Scalar;
  at(options: { index: number }): Scalar;
  at(...args: unknown[]): Scalar {
    const { index } = T.at.read(args);
    warn(removal);
    return element_at(this, index).item<number>();
  }

  /** Puts an element at a place, from the end when negative; Python's `storage[index] = value`. */
  set(index: number, value: Scalar): void;
  set(index: number, options: { value: Scalar }): void;
  set(options: { index: number; value: Scalar }): void;
  set(...args: unknown[]): void {
    const { index, value } = T.set.read(args);
    warn(removal);
    const place = element_at(this, index);
    no_grad(() => place.fill_(value as number));
  }

  /** Copies the bytes, not the values, of another storage of the same size. @throws Error when the sizes differ */
  copy_(source: TypedStorage | UntypedStorage, non_blocking?: boolean | null): this;
  copy_(source: TypedStorage | UntypedStorage, options: { non_blocking?: boolean | null }): this;
  copy_(options: { source: TypedStorage | UntypedStorage; non_blocking?: boolean | null }): this;
  copy_(...args: unknown[]): this {
    const { source, non_blocking } = T.copy_.read(args);
    warn(removal);
    this._untyped_storage.copy_(
      source instanceof TypedStorage ? source._untyped_storage : source,
      non_blocking ?? false,
    );
    return this;
  }

  /** Puts a number into every place. */
  fill_(value: Scalar): this;
  fill_(options: { value: Scalar }): this;
  fill_(...args: unknown[]): this {
    const { value } = T.fill_.read(args);
    warn(removal);
    no_grad(() => this._all().fill_(value as number));
    return this;
  }

  /** Changes the number of elements; as in Python, it returns nothing. See {@link UntypedStorage.resize_}. */
  resize_(size: number): void;
  resize_(options: { size: number }): void;
  resize_(...args: unknown[]): void {
    const { size } = T.resize_.read(args);
    warn(removal);
    this._untyped_storage.resize_(Number(size) * this.dtype.itemsize);
  }

  /** Whether {@link TypedStorage.resize_} works. */
  resizable(...args: []): boolean {
    T.resizable.read(args);
    warn(removal);
    return this._untyped_storage.resizable();
  }
  /** A copy with memory of its own. */
  clone(...args: []): TypedStorage {
    T.clone.read(args);
    warn(removal);
    return over(this, this._untyped_storage.clone());
  }
  /** The bytes. */
  untyped(...args: []): UntypedStorage {
    T.untyped.read(args);
    warn(removal);
    return this._untyped_storage;
  }

  /** This storage when it is on the CPU, else a copy that is. */
  cpu(...args: []): TypedStorage {
    T.cpu.read(args);
    warn(removal);
    return over(this, this._untyped_storage.cpu());
  }

  /** This storage when it is there, else a copy in CUDA memory. @throws Error when there is no CUDA */
  cuda(device?: DeviceLike | null, non_blocking?: boolean): TypedStorage;
  cuda(options: { device?: DeviceLike | null; non_blocking?: boolean }): TypedStorage;
  cuda(...args: unknown[]): TypedStorage {
    const { device, non_blocking = false } = T.cuda.read(args);
    warn(removal);
    return over(this, this._untyped_storage.cuda(device ?? null, non_blocking));
  }

  /** This storage when it is there, else a copy in the memory of an HPU. @throws Error when there is none */
  hpu(device?: DeviceLike | null, non_blocking?: boolean): TypedStorage;
  hpu(options: { device?: DeviceLike | null; non_blocking?: boolean }): TypedStorage;
  hpu(...args: unknown[]): TypedStorage {
    const { device, non_blocking = false } = T.hpu.read(args);
    warn(removal);
    return over(this, this._untyped_storage.hpu(device ?? null, non_blocking));
  }

  /** This storage when it is on the device, else a copy that is. */
  to(device: DeviceLike, options?: { non_blocking?: boolean }): TypedStorage;
  to(options: { device: DeviceLike; non_blocking?: boolean }): TypedStorage;
  to(...args: unknown[]): TypedStorage {
    warn(removal);
    return over(this, this._untyped_storage.to(T.to.read(args)));
  }

  /** The name of the class; with that name again, this storage. */
  type(dtype?: null): string;
  type(dtype: string, non_blocking?: boolean): this;
  type(options: { dtype?: string | null; non_blocking?: boolean }): string | this;
  type(...args: unknown[]): string | this {
    const { dtype } = T.type.read(args);
    warn(removal);
    const place = this.device.type === 'cpu' ? '' : `${this.device.type}.`;
    const name = `torch.${place}${storage_class_of(this.dtype) ?? 'storage.TypedStorage'}`;
    if (dtype === undefined || dtype === null) return name;
    if (dtype === name) return this;
    throw new Error(`TypedStorage.type(): '${dtype}' is not ${name}; use to(device), or float() and the like`);
  }

  /** The name under which files have the class. @throws Error for dtypes that have none */
  pickle_storage_type(...args: []): string {
    T.pickle_storage_type.read(args);
    warn(removal);
    const name = storage_class_of(this.dtype);
    if (name === undefined) throw new Error(`dtype ${String(this.dtype)} is not recognized`);
    return name;
  }

  /** Whether the memory is page-locked, so that a GPU copies it faster. */
  is_pinned(device?: DeviceLike | null): boolean;
  is_pinned(options: { device?: DeviceLike | null }): boolean;
  is_pinned(...args: unknown[]): boolean {
    const { device = null } = T.is_pinned.read(args);
    warn(removal);
    return this._untyped_storage.is_pinned(device);
  }

  /** This storage when it is page-locked, else a copy that is. @throws Error when there is no accelerator */
  pin_memory(device?: DeviceLike | null): TypedStorage;
  pin_memory(options: { device?: DeviceLike | null }): TypedStorage;
  pin_memory(...args: unknown[]): TypedStorage {
    const { device = null } = T.pin_memory.read(args);
    warn(removal);
    return over(this, this._untyped_storage.pin_memory(device));
  }

  /** Whether other threads may use the memory: not while it is that of a JavaScript array. */
  is_shared(...args: []): boolean {
    T.is_shared.read(args);
    warn(removal);
    return this._untyped_storage.is_shared();
  }

  /** Moves the memory of a JavaScript array to where other threads may use it; returns this. */
  share_memory_(...args: []): this {
    T.share_memory_.read(args);
    warn(removal);
    this._untyped_storage.share_memory_();
    return this;
  }

  /** As Python prints it: all elements, then what and how many they are. */
  override toString(): string {
    const about = `[torch.storage.TypedStorage(dtype=${String(this.dtype)}, device=${String(this.device)}) of size ${this.length}]`;
    if (this.device.type === 'meta') return `...\n${about}`;
    const floats = this.dtype.is_floating_point;
    const shown = (value: Scalar): string =>
      typeof value === 'number' && floats && Number.isInteger(value) && Math.abs(value) < 1e16
        ? `${value}.0`
        : value instanceof Complex
          ? complex_text(value)
          : python_repr(value);
    return ` ${[...this].map(shown).join('\n ')}\n${about}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: { depth?: number | null }): string {
    const text = this.toString();
    return depth < (options.depth ?? 2) ? text.slice(text.lastIndexOf('[')) : text;
  }
}

/** Python writes whole parts of complex numbers without a fraction. */
function complex_text({ re, im }: Complex): string {
  const imaginary = `${im < 0 || Object.is(im, -0) ? '-' : '+'}${String(Math.abs(im))}j`;
  return re === 0 && !Object.is(re, -0) ? `${imaginary.replace(/^\+/, '')}` : `(${String(re)}${imaginary})`;
}

/** The elements of a tensor as another dtype, in memory of their own. */
function typed_copy(elements: Tensor, dtype: DType): TypedStorage {
  warn(removal);
  return TypedStorage._over(elements.to({ dtype, copy: true }).untyped_storage(), dtype);
}

bind_typed_storage(typed_copy);

/** The storage of a tensor with its dtype, with Python's warning. @internal */
export function typed_storage_of(of: Tensor): TypedStorage {
  warn(removal);
  return TypedStorage._over(of.untyped_storage(), of.dtype);
}

/** A class of storages of one dtype, such as `torch.FloatStorage`. */
export type TypedStorageClass = typeof TypedStorage & { readonly dtype: DType };

function storage_class(dtype: DType): TypedStorageClass {
  const name = storage_class_of(dtype)!;
  const made = {
    [name]: class extends TypedStorage {
      static readonly dtype = dtype;
      // As in Python, every storage of this dtype is one.
      static override [Symbol.hasInstance](value: unknown): boolean {
        return (
          Function.prototype[Symbol.hasInstance].call(TypedStorage, value) && (value as TypedStorage).dtype === dtype
        );
      }
    },
  }[name]!;
  return made;
}

/** The class of storages of one dtype on CUDA devices, such as `torch.cuda.FloatStorage`. @internal */
export function cuda_storage_class(dtype: DType): TypedStorageClass {
  const name = storage_class_of(dtype)!;
  const made = {
    [name]: class extends TypedStorage {
      static readonly dtype = dtype;
      static override readonly _device_type = 'cuda';
      static override [Symbol.hasInstance](value: unknown): boolean {
        const is_storage = Function.prototype[Symbol.hasInstance].call(TypedStorage, value);
        return is_storage && (value as TypedStorage).dtype === dtype && (value as TypedStorage).device.type === 'cuda';
      }

      static override from_buffer(...args: unknown[]): never {
        T.from_buffer.read(args);
        warn(removal);
        throw new Error('from_buffer: Not available for CUDA storage');
      }
    },
  }[name]!;
  return made as TypedStorageClass;
}

/** Storages of float64; mirrors `torch.DoubleStorage`. */
export const DoubleStorage: TypedStorageClass = storage_class(dtypes.float64);
/** Storages of float32; mirrors `torch.FloatStorage`. */
export const FloatStorage: TypedStorageClass = storage_class(dtypes.float32);
/** Storages of float16; mirrors `torch.HalfStorage`. */
export const HalfStorage: TypedStorageClass = storage_class(dtypes.float16);
/** Storages of int64; mirrors `torch.LongStorage`. */
export const LongStorage: TypedStorageClass = storage_class(dtypes.int64);
/** Storages of int32; mirrors `torch.IntStorage`. */
export const IntStorage: TypedStorageClass = storage_class(dtypes.int32);
/** Storages of int16; mirrors `torch.ShortStorage`. */
export const ShortStorage: TypedStorageClass = storage_class(dtypes.int16);
/** Storages of int8; mirrors `torch.CharStorage`. */
export const CharStorage: TypedStorageClass = storage_class(dtypes.int8);
/** Storages of uint8; mirrors `torch.ByteStorage`. */
export const ByteStorage: TypedStorageClass = storage_class(dtypes.uint8);
/** Storages of bool; mirrors `torch.BoolStorage`. */
export const BoolStorage: TypedStorageClass = storage_class(dtypes.bool);
/** Storages of bfloat16; mirrors `torch.BFloat16Storage`. */
export const BFloat16Storage: TypedStorageClass = storage_class(dtypes.bfloat16);
/** Storages of complex128; mirrors `torch.ComplexDoubleStorage`. */
export const ComplexDoubleStorage: TypedStorageClass = storage_class(dtypes.complex128);
/** Storages of complex64; mirrors `torch.ComplexFloatStorage`. */
export const ComplexFloatStorage: TypedStorageClass = storage_class(dtypes.complex64);
/** Storages of qint8; mirrors `torch.QInt8Storage`. */
export const QInt8Storage: TypedStorageClass = storage_class(dtypes.qint8);
/** Storages of qint32; mirrors `torch.QInt32Storage`. */
export const QInt32Storage: TypedStorageClass = storage_class(dtypes.qint32);
/** Storages of quint8; mirrors `torch.QUInt8Storage`. */
export const QUInt8Storage: TypedStorageClass = storage_class(dtypes.quint8);
/** Storages of quint4x2; mirrors `torch.QUInt4x2Storage`. */
export const QUInt4x2Storage: TypedStorageClass = storage_class(dtypes.quint4x2);
/** Storages of quint2x4; mirrors `torch.QUInt2x4Storage`. */
export const QUInt2x4Storage: TypedStorageClass = storage_class(dtypes.quint2x4);
/** The same as {@link FloatStorage}; mirrors `torch.Storage`. */
export const Storage: TypedStorageClass = FloatStorage;

const by_dtype = new Map(
  [
    DoubleStorage,
    FloatStorage,
    HalfStorage,
    LongStorage,
    IntStorage,
    ShortStorage,
    CharStorage,
    ByteStorage,
    BoolStorage,
    BFloat16Storage,
    ComplexDoubleStorage,
    ComplexFloatStorage,
    QInt8Storage,
    QInt32Storage,
    QUInt8Storage,
    QUInt4x2Storage,
    QUInt2x4Storage,
  ].map((made) => [made.dtype, made]),
);

/** The class of storages of a dtype. @internal */
export function storage_class_for(dtype: DType): TypedStorageClass {
  const found = by_dtype.get(dtype);
  if (found === undefined) throw new Error(`dtype ${String(dtype)} is not recognized`);
  return found;
}

const IS_STORAGE = signature<{ obj: unknown }>('is_storage', 'obj: any');

/**
 * Whether a value is a storage. Mirrors `torch.is_storage`.
 *
 * @param obj - any value
 * @example
 * ```ts
 * print(torch.is_storage(torch.ones(2).untyped_storage()), torch.is_storage(torch.ones(2)));
 * ```
 * ```python
 * print(torch.is_storage(torch.ones(2).untyped_storage()), torch.is_storage(torch.ones(2)))
 * ```
 */
export function is_storage(obj: unknown): obj is UntypedStorage | TypedStorage;
export function is_storage(options: { obj: unknown }): boolean;
export function is_storage(...args: unknown[]): boolean {
  const { obj } = IS_STORAGE.read(args);
  return obj instanceof UntypedStorage || obj instanceof TypedStorage;
}

define_kind('TypedStorage', 'TypedStorage', (value) => value instanceof TypedStorage);
