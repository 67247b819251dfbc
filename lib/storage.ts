/** `torch.UntypedStorage`: the bytes behind tensors. */
import { Device, device_text, type DeviceLike } from './device.js';
import { uint8 } from './dtype.js';
import { empty, from_file } from './generated/functions.js';
import { native } from './native.js';
import { number_arguments, string_argument } from './nn/arguments.js';
import { Tensor, wrap } from './tensor.js';
import { define_kind } from './_internal/signature.js';
import type { NodeBuffer } from './_internal/node_types.js';

// What native/storage.cpp exports.
declare module './native.js' {
  interface Native {
    storage_bytes(handle: Handle): Wrapped;
    storage_id(handle: Handle): bigint;
    storage_nbytes(handle: Handle): number;
    storage_data_ptr(handle: Handle): bigint;
    storage_memory(handle: Handle, offset: number, length: number): ArrayBuffer;
    storage_slice(handle: Handle, offset: number, length: number): Wrapped;
    over_storage(
      bytes: Handle, dtype: number, offset: number | bigint, sizes: readonly number[], strides: readonly number[],
      quantizer?: readonly number[],
    ): Wrapped;
  }
}

/**
 * The memory that a tensor lies in, perhaps together with others. Mirrors `torch.UntypedStorage`, of which there is
 * what files need: two tensors share memory when their storages have the same `data_ptr()`.
 */
export class UntypedStorage {
  /** The bytes as a tensor on the same memory. @internal */
  readonly _bytes: Tensor;

  /**
   * @param size how many bytes of new memory; or a tensor whose storage is meant
   * @param options - `device`: where the memory is, the CPU when left out
   */
  constructor(size: number | Tensor, options: { device?: DeviceLike | null } = {}) {
    if (size instanceof Tensor) {
      this._bytes = wrap(native.storage_bytes(size._h));
      return;
    }
    number_arguments('UntypedStorage', 'int', { size });
    this._bytes = empty([size], { dtype: uint8, device: device_text(options.device ?? 'cpu') });
  }

  /**
   * The content of a file as memory: pages are read when they are used. Mirrors `UntypedStorage.from_file`.
   * @param shared whether what is written goes to the file; else it stays in this process
   * @param nbytes how many bytes; needed as in Python
   */
  static from_file(filename: string, shared = false, nbytes = 0): UntypedStorage {
    string_argument('UntypedStorage.from_file', 'filename', filename);
    number_arguments('UntypedStorage.from_file', 'int', { nbytes });
    return new UntypedStorage(from_file(filename, shared, nbytes, { dtype: uint8 }));
  }

  /** How many bytes there are. */
  nbytes(): number {
    return native.storage_nbytes(this._bytes._h);
  }

  /** The same as {@link UntypedStorage.nbytes}. */
  size(): number {
    return this.nbytes();
  }

  /** The address of the first byte; 0 when there is no memory. */
  data_ptr(): bigint {
    return native.storage_data_ptr(this._bytes._h);
  }

  get device(): Device {
    return this._bytes.device;
  }

  /** The bytes as numbers. */
  tolist(): number[] {
    return this._bytes.tolist() as number[];
  }

  /** A copy with memory of its own. */
  clone(): UntypedStorage {
    return new UntypedStorage(this._bytes.clone());
  }

  /** This storage when it is on the CPU, else a copy that is. */
  cpu(): UntypedStorage {
    return this.to('cpu');
  }

  /** A copy in CUDA memory. @throws Error when there is no CUDA */
  cuda(device: DeviceLike = 'cuda'): UntypedStorage {
    return this.to(device);
  }

  /** This storage when it is on the device, else a copy that is. */
  to(device: DeviceLike): UntypedStorage {
    const moved = this._bytes.to(device);
    return moved === this._bytes ? this : new UntypedStorage(moved);
  }

  /** A part of the bytes as a storage of its own, without a copy. @internal */
  _slice(offset: number, nbytes: number): UntypedStorage {
    return new UntypedStorage(wrap(native.storage_slice(this._bytes._h, offset, nbytes)));
  }

  toString(): string {
    return `[torch.storage.UntypedStorage(device=${String(this.device)}) of size ${this.nbytes()}]`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
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
