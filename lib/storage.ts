/** `torch.UntypedStorage`: the bytes behind tensors. */
import { no_grad } from './autograd/grad_mode.js';
import { type Device, device_text, type DeviceLike } from './types/device.js';
import { type DType, uint8 } from './types/dtype.js';
import { empty, from_file } from './generated/functions.js';
import { native } from './_C/native.js';
import type { Tensor } from './_tensor.js';
import { wrap } from './_C/tensor_base.js';
import { as_readable, StorageBase } from './storage_base.js';
import { define_kind, signature } from './_internal/signature.js';
import type { NodeBuffer } from './_internal/node_types.js';

// What native/data/storage.cpp and native/data/storage_members.cpp export.
declare module './_C/native.js' {
  interface Native {
    storage_bytes(handle: Handle): Wrapped;
    storage_id(handle: Handle): bigint;
    storage_nbytes(handle: Handle): number;
    storage_data_ptr(handle: Handle): bigint;
    storage_memory(handle: Handle, offset: number, length: number): ArrayBuffer;
    storage_slice(handle: Handle, offset: number, length: number): Wrapped;
    storage_resizable(handle: Handle): boolean;
    storage_resize(handle: Handle, nbytes: number): void;
    storage_filename(handle: Handle): string | null;
    over_storage(
      bytes: Handle,
      dtype: number,
      offset: number | bigint,
      sizes: readonly number[],
      strides: readonly number[],
      quantizer?: readonly number[],
    ): Wrapped;
  }
}

/** The byte order of elements. */
export type ByteOrder = 'native' | 'little' | 'big';

/** The options of {@link UntypedStorage.from_buffer}. */
export interface FromBufferOptions {
  /** Byte order of the buffer. Default `'native'`. */
  byte_order?: ByteOrder;
  /** Number of elements. Default -1: all. */
  count?: number;
  /** Number of bytes to skip at the start. Default 0. */
  offset?: number;
  dtype?: DType;
}

interface FromBufferArguments extends FromBufferOptions {
  buffer: ArrayBufferLike | ArrayBufferView;
}

/** The options of `to` of storages. */
export interface StorageToOptions {
  device: DeviceLike;
  non_blocking?: boolean;
}

const none = (name: string) => signature<object>(`UntypedStorage.${name}`, '');

const U = {
  constructor: signature<{ size?: number | bigint | readonly (number | bigint)[]; device?: DeviceLike | null }>(
    'UntypedStorage',
    'size?: int|int[], *, device?: device|None',
  ),
  from_file: signature<{ filename: string; shared?: boolean; nbytes?: number }>(
    'UntypedStorage.from_file',
    'filename: str, shared?: bool, nbytes/size?: int',
  ),
  from_buffer: signature<FromBufferArguments>(
    'UntypedStorage.from_buffer',
    'buffer: bytes, byte_order?: str, count?: int, offset?: int, dtype?: dtype',
  ),
  at: signature<{ index: number }>('UntypedStorage.at', 'index: int'),
  set: signature<{ index: number; value: number }>('UntypedStorage.set', 'index: int, value: int'),
  slice: signature<{ start?: number | null; stop?: number | null }>(
    'UntypedStorage.slice',
    'start?: int|None, stop?: int|None',
  ),
  equals: signature<{ other: unknown }>('UntypedStorage.equals', 'other: any'),
  copy_: signature<{ source: UntypedStorage; non_blocking?: boolean | null }>(
    'UntypedStorage.copy_',
    'source: UntypedStorage, non_blocking?: bool|None',
  ),
  fill_: signature<{ value: number | bigint }>('UntypedStorage.fill_', 'value: int'),
  resize_: signature<{ size: number }>('UntypedStorage.resize_', 'size: int'),
  byteswap: signature<{ dtype: DType }>('UntypedStorage.byteswap', 'dtype: dtype'),
  type: signature<{ dtype?: string | null; non_blocking?: boolean }>(
    'UntypedStorage.type',
    'dtype?: str|None, non_blocking?: bool',
  ),
  to: signature<StorageToOptions>('UntypedStorage.to', 'device: device, non_blocking?: bool'),
  cuda: signature<{ device?: DeviceLike | null; non_blocking?: boolean }>(
    'UntypedStorage.cuda',
    'device?: device|None, non_blocking?: bool',
  ),
  hpu: signature<{ device?: DeviceLike | null; non_blocking?: boolean }>(
    'UntypedStorage.hpu',
    'device?: device|None, non_blocking?: bool',
  ),
  is_pinned: signature<{ device?: DeviceLike | null }>('UntypedStorage.is_pinned', 'device?: device|None'),
  pin_memory: signature<{ device?: DeviceLike | null }>('UntypedStorage.pin_memory', 'device?: device|None'),
  nbytes: none('nbytes'),
  size: none('size'),
  element_size: none('element_size'),
  data_ptr: none('data_ptr'),
  tolist: none('tolist'),
  clone: none('clone'),
  cpu: none('cpu'),
  mps: none('mps'),
  is_shared: none('is_shared'),
  share_memory_: none('share_memory_'),
  get_device: none('get_device'),
  resizable: none('resizable'),
  new: none('new'),
  untyped: none('untyped'),
};

const byte_orders: readonly string[] = ['native', 'little', 'big'];

/** The elements of a buffer as bytes in the order of this machine. @throws Error with Python's text for what does not fit */
export function bytes_of_buffer(args: FromBufferArguments, callee: string): Uint8Array {
  const { buffer, byte_order, count = -1, offset = 0, dtype } = args;
  if (dtype === undefined) throw new TypeError(`${callee}() missing 1 required positional argument: 'dtype'`);
  const one_byte = dtype.itemsize === 1;
  if (byte_order === undefined && !one_byte) {
    throw new TypeError(`${callee}() function missing required argument 'byte_order' (pos 2)`);
  }
  if (byte_order !== undefined && !byte_orders.includes(byte_order)) {
    throw new Error(`invalid byte_order '${byte_order as string}' (expected 'big', 'little', or 'native')`);
  }
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  const { itemsize } = dtype;
  if (offset < 0 || offset > bytes.length) {
    throw new Error(
      `offset must be non-negative and no greater than buffer length (${bytes.length}), but got ${offset}`,
    );
  }
  const rest = bytes.length - offset;
  if (count < 0 && rest % itemsize !== 0) {
    throw new Error(`buffer size (${bytes.length}) must be a multiple of element size (${itemsize})`);
  }
  const elements = count < 0 ? rest / itemsize : count;
  if (elements * itemsize > rest) {
    throw new Error(
      `buffer has only ${Math.floor(rest / itemsize)} elements after offset ${offset}, but specified a size of ${count}`,
    );
  }
  const copy = Uint8Array.from(bytes.subarray(offset, offset + elements * itemsize));
  if (byte_order === 'big') swap_elements(copy, dtype);
  return copy;
}

function swap_elements(bytes: Uint8Array, dtype: DType): void {
  const size = dtype.is_complex ? dtype.itemsize / 2 : dtype.itemsize;
  for (let at = 0; at < bytes.length && size > 1; at += size) bytes.subarray(at, at + size).reverse();
}

function place_in(storage: UntypedStorage, index: number): number {
  const size = storage.nbytes();
  const place = index < 0 ? index + size : index;
  if (place < 0 || place >= size) throw new RangeError(`index ${place} out of range for storage of size ${size}`);
  return place;
}

/**
 * The memory of one or several tensors as bytes. Mirrors `torch.UntypedStorage`. Two tensors share memory when their
 * storages are equal ({@link UntypedStorage.equals}).
 *
 * @param size - number of bytes of new memory (default 0), or the bytes
 * @param options - `device`: device of the memory; default the CPU
 * @throws RangeError for a negative size
 * @example
 * ```ts
 * const x = torch.ones(2);
 * print(x.untyped_storage().tolist(), x.untyped_storage().nbytes());
 * print(x.untyped_storage().equals(x.view(1, 2).untyped_storage()));
 * ```
 * ```python
 * x = torch.ones(2)
 * print(x.untyped_storage().tolist(), x.untyped_storage().nbytes())
 * print(x.untyped_storage().data_ptr() == x.view(1, 2).untyped_storage().data_ptr())
 * ```
 */
export class UntypedStorage extends StorageBase {
  /** The bytes as a tensor on the same memory, as many as there were at first. @internal */
  readonly _bytes: Tensor;

  constructor(size?: number | readonly number[], options?: { device?: DeviceLike | null });
  constructor(options: { size?: number | readonly number[]; device?: DeviceLike | null });
  constructor(...args: unknown[]) {
    super();
    if (args[0] instanceof Over) {
      this._bytes = args[0].bytes;
      return;
    }
    const { size = 0, device } = U.constructor.read(args);
    const place = { dtype: uint8, device: device_text(device ?? 'cpu') };
    if (typeof size === 'number' || typeof size === 'bigint') {
      if (size < 0) throw new RangeError(`UntypedStorage(): the size must not be negative, got ${size}`);
      this._bytes = empty([Number(size)], place);
      return;
    }
    const bytes = Uint8Array.from(Array.from(size), (value) => Number(BigInt.asUintN(8, BigInt(value))));
    this._bytes = empty([bytes.length], { dtype: uint8 });
    write_bytes(this, bytes);
    this._bytes = this._bytes.to(place.device);
  }

  /** @internal */
  get _owner(): 'UntypedStorage' {
    return 'UntypedStorage';
  }

  /** The storage of a tensor. @internal */
  static _of(tensor: Tensor): UntypedStorage {
    return new UntypedStorage(new Over(wrap(native.storage_bytes(tensor._h))) as unknown as number);
  }

  /**
   * The content of a file as memory, whose pages are read when used. Mirrors `UntypedStorage.from_file`.
   * @param filename - a path
   * @param shared - write changes to the file; default false
   * @param nbytes - number of bytes, needed as in Python
   */
  static from_file(filename: string, shared?: boolean, nbytes?: number): UntypedStorage;
  static from_file(filename: string, options: { shared?: boolean; nbytes?: number }): UntypedStorage;
  static from_file(filename: string, shared: boolean, options: { nbytes?: number }): UntypedStorage;
  static from_file(options: { filename: string; shared?: boolean; nbytes?: number }): UntypedStorage;
  static from_file(...args: unknown[]): UntypedStorage {
    const { filename, shared = false, nbytes = 0 } = U.from_file.read(args);
    return UntypedStorage._of(from_file(filename, shared, nbytes, { dtype: uint8 }));
  }

  /**
   * A copy of a buffer, whose elements are of `dtype` and in `byte_order`. Mirrors `UntypedStorage.from_buffer`.
   * @throws Error when the buffer does not consist of whole elements, or `count` and `offset` do not fit
   */
  static from_buffer(buffer: ArrayBufferLike | ArrayBufferView, options: FromBufferOptions): UntypedStorage;
  static from_buffer(
    buffer: ArrayBufferLike | ArrayBufferView,
    byte_order: ByteOrder,
    count?: number,
    offset?: number,
    dtype?: DType,
  ): UntypedStorage;
  static from_buffer(
    buffer: ArrayBufferLike | ArrayBufferView,
    byte_order: ByteOrder,
    options: FromBufferOptions,
  ): UntypedStorage;
  static from_buffer(options: { buffer: ArrayBufferLike | ArrayBufferView } & FromBufferOptions): UntypedStorage;
  static from_buffer(...args: unknown[]): UntypedStorage {
    const bytes = bytes_of_buffer(U.from_buffer.read(args), 'UntypedStorage.from_buffer');
    const made = new UntypedStorage(bytes.length);
    write_bytes(made, bytes);
    return made;
  }

  // ---- What it is -------------------------------------------------------------------------------

  /** The number of bytes. */
  nbytes(...args: []): number {
    U.nbytes.read(args);
    return native.storage_nbytes(this._bytes._h);
  }

  /** The number of bytes. */
  size(...args: []): number {
    U.size.read(args);
    return this.nbytes();
  }

  /** The number of bytes; Python's `len`. */
  get length(): number {
    return this.nbytes();
  }

  /** Bytes per element: 1. */
  element_size(...args: []): number {
    U.element_size.read(args);
    return 1;
  }

  /** The address of the first byte; 0 when there is no memory. */
  data_ptr(...args: []): bigint {
    U.data_ptr.read(args);
    return native.storage_data_ptr(this._bytes._h);
  }

  get device(): Device {
    return this._bytes.device;
  }

  /** The index of the device among those of its type; null on the CPU. */
  get_device(...args: []): number | null {
    U.get_device.read(args);
    return this.device.index;
  }

  get is_cuda(): boolean {
    return this.device.type === 'cuda';
  }

  get is_hpu(): boolean {
    return this.device.type === 'hpu';
  }

  get is_sparse(): boolean {
    return false;
  }

  get is_sparse_csr(): boolean {
    return false;
  }

  /** The file of {@link UntypedStorage.from_file}, else null. */
  get filename(): string | null {
    return native.storage_filename(this._bytes._h);
  }

  /** Whether it is the same memory; Python's `==`. */
  equals(other: unknown): boolean;
  equals(options: { other: unknown }): boolean;
  equals(...args: unknown[]): boolean {
    const { other } = U.equals.read(args);
    return other instanceof UntypedStorage && native.storage_id(other._bytes._h) === native.storage_id(this._bytes._h);
  }

  /** A number that identifies the memory. */
  get _cdata(): bigint {
    return native.storage_id(this._bytes._h);
  }

  // ---- Bytes ------------------------------------------------------------------------------------

  /** All bytes there are now. @internal */
  _all(): Tensor {
    return this._bytes.numel() === this.nbytes() ? this._bytes : wrap(native.storage_bytes(this._bytes._h));
  }

  /** The bytes as numbers. */
  tolist(...args: []): number[] {
    U.tolist.read(args);
    return as_readable(this).tolist() as number[];
  }

  *[Symbol.iterator](): IterableIterator<number> {
    yield* this.tolist();
  }

  /**
   * The byte at an index, from the end when negative; Python's `storage[index]`. @throws RangeError when the index is
   * out of range
   */
  at(index: number): number;
  at(options: { index: number }): number;
  at(...args: unknown[]): number {
    const { index } = U.at.read(args);
    return as_readable(this).select(0, place_in(this, index)).item<number>();
  }

  /** Sets the byte at an index, from the end when negative; Python's `storage[index] = value`. */
  set(index: number, value: number): void;
  set(options: { index: number; value: number }): void;
  set(index: number, options: { value: number }): void;
  set(...args: unknown[]): void {
    const { index, value } = U.set.read(args);
    const place = as_readable(this).select(0, place_in(this, index));
    no_grad(() => place.fill_(Number(BigInt.asUintN(8, BigInt(value)))));
  }

  /** A range of the bytes as a storage on the same memory; Python's `storage[start:stop]`. */
  slice(start?: number | null, stop?: number | null): UntypedStorage;
  slice(options: { start?: number | null; stop?: number | null }): UntypedStorage;
  slice(...args: unknown[]): UntypedStorage {
    const { start, stop } = U.slice.read(args);
    const size = this.nbytes();
    const within = (place: number): number => Math.min(Math.max(place < 0 ? place + size : place, 0), size);
    const from = within(start ?? 0);
    return this._slice(from, Math.max(within(stop ?? size) - from, 0));
  }

  /** Copies the bytes of another storage of the same size. @throws Error when the sizes differ */
  copy_(source: UntypedStorage, non_blocking?: boolean | null): this;
  copy_(source: UntypedStorage, options: { non_blocking?: boolean | null }): this;
  copy_(options: { source: UntypedStorage; non_blocking?: boolean | null }): this;
  copy_(...args: unknown[]): this {
    const { source, non_blocking } = U.copy_.read(args);
    const [size, given] = [this.nbytes(), source.nbytes()];
    if (size !== given) throw new Error(`size does not match, self was ${size} bytes but src was ${given} bytes`);
    no_grad(() => this._all().copy_(source._all(), non_blocking ?? false));
    return this;
  }

  /** Sets every byte to the lowest byte of an integer. */
  fill_(value: number): this;
  fill_(options: { value: number }): this;
  fill_(...args: unknown[]): this {
    const { value } = U.fill_.read(args);
    no_grad(() => this._all().fill_(Number(BigInt.asUintN(8, BigInt(value)))));
    return this;
  }

  /**
   * Resizes the storage; what fits is kept, and new bytes are uninitialized. Tensors on it keep their sizes.
   * @throws Error when the memory is not allocated by libtorch, or an array views it (see {@link
   * UntypedStorage.resizable})
   */
  resize_(size: number): this;
  resize_(options: { size: number }): this;
  resize_(...args: unknown[]): this {
    const { size } = U.resize_.read(args);
    native.storage_resize(this._bytes._h, Number(size));
    return this;
  }

  /** Whether {@link UntypedStorage.resize_} is possible. */
  resizable(...args: []): boolean {
    U.resizable.read(args);
    return native.storage_resizable(this._bytes._h);
  }

  /** Reverses the bytes of each element of a dtype; of complex ones, those of each part. */
  byteswap(dtype: DType): void;
  byteswap(options: { dtype: DType }): void;
  byteswap(...args: unknown[]): void {
    const { dtype } = U.byteswap.read(args);
    const size = dtype.is_complex ? dtype.itemsize / 2 : dtype.itemsize;
    if (this.nbytes() % size !== 0) throw new Error(`the length of data is not a multiple of ${size}`);
    const bytes = as_readable(this);
    no_grad(() => bytes.copy_(bytes.view(-1, size).flip(1).view(-1)));
  }

  /** A copy in new memory. */
  clone(...args: []): UntypedStorage {
    U.clone.read(args);
    return UntypedStorage._of(this._all().clone());
  }

  /** An empty storage on the same device. */
  new(...args: []): UntypedStorage {
    U.new.read(args);
    return new UntypedStorage(0, { device: this.device });
  }

  /** This storage. */
  untyped(...args: []): this {
    U.untyped.read(args);
    return this;
  }

  /** A part of the bytes as a storage of its own, without a copy. @internal */
  _slice(offset: number, nbytes: number): UntypedStorage {
    return UntypedStorage._of(wrap(native.storage_slice(this._bytes._h, offset, nbytes)));
  }

  // ---- Where it is ------------------------------------------------------------------------------

  /** This storage when it is on the CPU, else a copy on the CPU. */
  cpu(...args: []): UntypedStorage {
    U.cpu.read(args);
    return this.to('cpu');
  }

  /** This storage when it is on the device, else a copy in CUDA memory. @throws Error when there is no CUDA */
  cuda(device?: DeviceLike | null, non_blocking?: boolean): UntypedStorage;
  cuda(options: { device?: DeviceLike | null; non_blocking?: boolean }): UntypedStorage;
  cuda(...args: unknown[]): UntypedStorage {
    const { device, non_blocking = false } = U.cuda.read(args);
    return this.to({ device: device ?? 'cuda', non_blocking });
  }

  /** This storage when it is on the device, else a copy in the memory of an HPU. @throws Error when there is none */
  hpu(device?: DeviceLike | null, non_blocking?: boolean): UntypedStorage;
  hpu(options: { device?: DeviceLike | null; non_blocking?: boolean }): UntypedStorage;
  hpu(...args: unknown[]): UntypedStorage {
    const { device, non_blocking = false } = U.hpu.read(args);
    return this.to({ device: device ?? 'hpu', non_blocking });
  }

  /**
   * This storage when it is on the device, else a copy in the memory of an Apple GPU. @throws Error when there is
   * none
   */
  mps(...args: []): UntypedStorage {
    U.mps.read(args);
    return this.to('mps');
  }

  /** This storage when it is on the device, else a copy on the device. */
  to(device: DeviceLike, options?: { non_blocking?: boolean }): UntypedStorage;
  to(options: StorageToOptions): UntypedStorage;
  to(...args: unknown[]): UntypedStorage {
    const { device, non_blocking = false } = U.to.read(args);
    const all = this._all();
    const moved = all.to({ device: device_text(device), non_blocking });
    return moved === all ? this : UntypedStorage._of(moved);
  }

  /** The name of the class; conversions to other classes are not available. */
  type(dtype?: null): string;
  type(dtype: string, non_blocking?: boolean): this;
  type(options: { dtype?: string | null; non_blocking?: boolean }): string | this;
  type(...args: unknown[]): string | this {
    const { dtype } = U.type.read(args);
    const name =
      this.device.type === 'cpu' || this.device.type === 'meta'
        ? 'torch.storage.UntypedStorage'
        : `torch.${this.device.type}.UntypedStorage`;
    if (dtype === undefined || dtype === null) return name;
    if (dtype === name || dtype === 'torch.UntypedStorage') return this;
    throw new Error(
      `UntypedStorage.type(): there is no class of storages '${dtype}'; use to(device), or float() and the like`,
    );
  }

  /** Whether the memory is page-locked, so that copies to a GPU are faster. */
  is_pinned(device?: DeviceLike | null): boolean;
  is_pinned(options: { device?: DeviceLike | null }): boolean;
  is_pinned(...args: unknown[]): boolean {
    const { device } = U.is_pinned.read(args);
    return device === undefined || device === null
      ? this._bytes.is_pinned()
      : this._bytes.is_pinned(device_text(device));
  }

  /** This storage when it is page-locked, else a page-locked copy. @throws Error when there is no accelerator */
  pin_memory(device?: DeviceLike | null): UntypedStorage;
  pin_memory(options: { device?: DeviceLike | null }): UntypedStorage;
  pin_memory(...args: unknown[]): UntypedStorage {
    const { device } = U.pin_memory.read(args);
    const all = this._all();
    const pinned = device === undefined || device === null ? all.pin_memory() : all.pin_memory(device_text(device));
    return pinned === all ? this : UntypedStorage._of(pinned);
  }

  /** Whether other threads may use the memory: not while it belongs to a JavaScript array. */
  is_shared(...args: []): boolean {
    U.is_shared.read(args);
    return this._bytes.is_shared();
  }

  /** Moves memory that belongs to a JavaScript array so that other threads may use it; returns this. */
  share_memory_(...args: []): this {
    U.share_memory_.read(args);
    this._bytes.share_memory_();
    return this;
  }

  /** As Python prints it: all bytes, then where and how many they are. */
  override toString(): string {
    const about = `[torch.storage.UntypedStorage(device=${String(this.device)}) of size ${this.nbytes()}]`;
    return this.device.type === 'meta' ? `...\n${about}` : ` ${this.tolist().join('\n ')}\n${about}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: { depth?: number | null }): string {
    const text = this.toString();
    // Within another object, what it is says enough.
    return depth < (options.depth ?? 2) ? text.slice(text.lastIndexOf('[')) : text;
  }
}

/** What the constructor takes for the memory of a tensor. */
class Over {
  constructor(readonly bytes: Tensor) {}
}

/** Fills a storage on the CPU. @internal */
export function write_bytes(storage: UntypedStorage, bytes: Uint8Array): void {
  let at = 0;
  for (const piece of storage_chunks(storage)) {
    piece.set(bytes.subarray(at, at + piece.length));
    at += piece.length;
  }
}

const chunk = 2 ** 26;

/**
 * The bytes of a storage on the CPU in pieces, each on the storage's own memory. Use them only while the storage is alive.
 * @internal
 */
export function* storage_chunks(storage: UntypedStorage): Generator<NodeBuffer, void, undefined> {
  const total = storage.nbytes();
  for (let at = 0; at < total; at += chunk) {
    yield Buffer.from(native.storage_memory(storage._bytes._h, at, Math.min(chunk, total - at)));
  }
}

define_kind('UntypedStorage', 'UntypedStorage', (value) => value instanceof UntypedStorage);
