/** Files that are read into the memory of a GPU and written from it, by NVIDIA's cuFile: `torch.cuda.gds`. */
import { closeSync, constants, openSync } from 'node:fs';
import { cuda_native, type CudaNative } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import { method_signature, signature } from '../_internal/signature.js';
import type { UntypedStorage } from '../storage.js';

type GdsFunction = Extract<keyof CudaNative, `gds_${string}`>;

const STORAGE = 's: UntypedStorage';
const TRANSFER = 'storage: UntypedStorage, offset?: int';
const CALLS = {
  gds_register_buffer: signature<{ s: UntypedStorage }>('gds_register_buffer', STORAGE),
  gds_deregister_buffer: signature<{ s: UntypedStorage }>('gds_deregister_buffer', STORAGE),
  constructor: signature<{ filename: string; flags: number }>('GdsFile', 'filename: str, flags: int'),
  register_handle: method_signature<object>('GdsFile.register_handle'),
  deregister_handle: method_signature<object>('GdsFile.deregister_handle'),
  load_storage: method_signature<{ storage: UntypedStorage; offset?: number }>('GdsFile.load_storage', TRANSFER),
  save_storage: method_signature<{ storage: UntypedStorage; offset?: number }>('GdsFile.save_storage', TRANSFER),
};

/** What calls cuFile. @throws Error with Python's text where libtorch, or the addon for CUDA, was built without it */
function cufile<Name extends GdsFunction>(name: Name): NonNullable<CudaNative[Name]> {
  const call = native.device_built('cuda') ? cuda_native(name)[name] : undefined;
  if (call === undefined) {
    const of_python = name === 'gds_transfer' ? 'gds_load_storage' : name;
    throw new Error(`torch._C._${of_python} is not supported on this platform`);
  }
  return call as NonNullable<CudaNative[Name]>;
}

/**
 * Registers the memory of a storage on a CUDA device, so that files are read into it without a detour. Mirrors
 * `torch.cuda.gds.gds_register_buffer`.
 *
 * @param s - the storage
 * @throws Error where cuFile is not there, or refuses
 * @example
 * ```ts
 * const x = torch.ones(1024);
 * if (torch.cuda.is_available()) torch.cuda.gds.gds_register_buffer(x.cuda().untyped_storage());
 * print(x.sum());
 * ```
 * ```python
 * x = torch.ones(1024)
 * if torch.cuda.is_available(): torch.cuda.gds.gds_register_buffer(x.cuda().untyped_storage())
 * print(x.sum())
 * ```
 */
export function gds_register_buffer(s: UntypedStorage): void;
export function gds_register_buffer(...args: unknown[]): void {
  const { s } = CALLS.gds_register_buffer.read(args);
  cufile('gds_register_buffer')(s.data_ptr(), s.nbytes());
}

/**
 * Takes back what {@link gds_register_buffer} did. Mirrors `torch.cuda.gds.gds_deregister_buffer`.
 *
 * @param s - the storage
 * @throws Error where cuFile is not there, or refuses
 * @example
 * ```ts
 * const x = torch.ones(1024);
 * if (torch.cuda.is_available()) {
 *   const s = x.cuda().untyped_storage();
 *   torch.cuda.gds.gds_register_buffer(s);
 *   torch.cuda.gds.gds_deregister_buffer(s);
 * }
 * print(x.sum());
 * ```
 * ```python
 * x = torch.ones(1024)
 * if torch.cuda.is_available():
 *     s = x.cuda().untyped_storage()
 *     torch.cuda.gds.gds_register_buffer(s)
 *     torch.cuda.gds.gds_deregister_buffer(s)
 * print(x.sum())
 * ```
 */
export function gds_deregister_buffer(s: UntypedStorage): void;
export function gds_deregister_buffer(...args: unknown[]): void {
  const { s } = CALLS.gds_deregister_buffer.read(args);
  cufile('gds_deregister_buffer')(s.data_ptr());
}

interface OpenFile {
  readonly fd: number;
  handle: bigint | null;
}

function close(file: OpenFile): void {
  if (file.handle !== null) cufile('gds_deregister_handle')(file.handle);
  file.handle = null;
  closeSync(file.fd);
}

const forgotten = new FinalizationRegistry<OpenFile>(close);

/**
 * A file for transfers between a disk and the memory of a GPU, without the memory of the CPU where driver and file system allow it.
 * It is closed when it is collected. Mirrors `torch.cuda.gds.GdsFile`.
 *
 * @param filename - the file
 * @param flags - those of `fs.constants`, such as `O_CREAT | O_RDWR`; `O_DIRECT` is added
 * @throws Error where the file cannot be opened, or cuFile is not there or refuses it
 * @example
 * ```ts
 * const x = torch.ones(1024);
 * if (torch.cuda.is_available()) {
 *   const file = new torch.cuda.gds.GdsFile('x.bin', 66); // O_CREAT | O_RDWR
 *   file.save_storage(x.cuda().untyped_storage());
 * }
 * print(x.sum());
 * ```
 * ```python
 * x = torch.ones(1024)
 * if torch.cuda.is_available():
 *     file = torch.cuda.gds.GdsFile('x.bin', 66)
 *     file.save_storage(x.cuda().untyped_storage())
 * print(x.sum())
 * ```
 */
export class GdsFile {
  readonly filename: string;
  readonly flags: number;
  readonly #file: OpenFile;

  constructor(filename: string, flags: number);
  constructor(...args: unknown[]) {
    const { filename, flags } = CALLS.constructor.read(args);
    if (process.platform === 'win32') throw new Error('GdsFile is not supported on this platform.');
    this.filename = filename;
    this.flags = flags;
    this.#file = { fd: openSync(filename, flags | constants.O_DIRECT), handle: null };
    try {
      this.register_handle();
    } catch (error) {
      closeSync(this.#file.fd);
      throw error;
    }
    forgotten.register(this, this.#file);
  }

  /** The descriptor of the open file. */
  get fd(): number {
    return this.#file.fd;
  }

  /** cuFile's handle as a number, or null while the file is not registered. */
  get handle(): bigint | null {
    return this.#file.handle;
  }

  #registered(refusal: string): bigint {
    if (this.#file.handle === null) throw new Error(refusal);
    return this.#file.handle;
  }

  /** Registers the file with cuFile, as the constructor does. @throws Error where it is registered */
  register_handle(...args: []): void {
    CALLS.register_handle.read(args);
    if (this.#file.handle !== null) throw new Error('Cannot register a handle that is already registered.');
    this.#file.handle = cufile('gds_register_handle')(this.#file.fd);
  }

  /** Takes back what {@link GdsFile.register_handle} did. @throws Error where the file is not registered */
  deregister_handle(...args: []): void {
    CALLS.deregister_handle.read(args);
    cufile('gds_deregister_handle')(this.#registered('Cannot deregister a handle that is not registered.'));
    this.#file.handle = null;
  }

  /**
   * Fills a storage from the file.
   * @param storage - on a CUDA device
   * @param offset - the first byte in the file; default 0
   * @throws Error where the file is not registered, or cannot be read
   */
  load_storage(storage: UntypedStorage, offset?: number): void;
  load_storage(storage: UntypedStorage, options: { offset?: number }): void;
  load_storage(...args: unknown[]): void {
    const { storage, offset = 0 } = CALLS.load_storage.read(args);
    this.#transfer(true, storage, offset);
  }

  /**
   * Writes all bytes of a storage to the file.
   * @param storage - on a CUDA device
   * @param offset - the first byte in the file; default 0
   * @throws Error where the file is not registered, or cannot be written
   */
  save_storage(storage: UntypedStorage, offset?: number): void;
  save_storage(storage: UntypedStorage, options: { offset?: number }): void;
  save_storage(...args: unknown[]): void {
    const { storage, offset = 0 } = CALLS.save_storage.read(args);
    this.#transfer(false, storage, offset);
  }

  #transfer(loads: boolean, storage: UntypedStorage, offset: number): void {
    const handle = this.#registered(
      `Cannot ${loads ? 'load data from' : 'save data to'} a file that is not registered.`,
    );
    if (storage.device.type !== 'cuda')
      throw new Error(`expected a storage on a CUDA device, not on ${String(storage.device)}`);
    cufile('gds_transfer')(loads, handle, storage.data_ptr(), storage.nbytes(), offset, storage.device.index ?? 0);
  }
}
