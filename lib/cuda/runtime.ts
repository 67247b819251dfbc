/** The functions of CUDA's runtime that `torch.cuda.cudart()` has, and the errors that they return. */
import { cuda_native, type CudaNative } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { lazy_init, require_cuda_build } from './device_index.js';

const POINTER = 'ptr: int';
const CALLS = {
  check_error: signature<{ res: number }>('check_error', 'res: int'),
  error: signature<{ code: number }>('CudaError', 'code: int'),
  deferred: signature<{ message?: string; cause?: unknown }>('DeferredCudaCallError', 'message?: str, *, cause?: any'),
  text: signature<{ error: number }>('cudaGetErrorString', 'error: int'),
  register: signature<{ ptr: number | bigint; size: number; flags: number }>(
    'cudaHostRegister',
    `${POINTER}, size: int, flags: int`,
  ),
  unregister: signature<{ ptr: number | bigint }>('cudaHostUnregister', POINTER),
  destroy: signature<{ ptr: number | bigint }>('cudaStreamDestroy', POINTER),
  info: signature<{ device: number }>('cudaMemGetInfo', 'device: int'),
};

/**
 * Codes that functions of {@link cudart} return. Mirrors `torch.cuda.cudaStatus`.
 * @example
 * ```ts
 * print(torch.cuda.cudaStatus.SUCCESS, torch.cuda.cudaStatus.ERROR_NOT_READY);
 * ```
 * ```python
 * print(torch.cuda.cudaStatus.SUCCESS, torch.cuda.cudaStatus.ERROR_NOT_READY)
 * ```
 */
export const cudaStatus = { SUCCESS: 0, ERROR_NOT_READY: 34 } as const;

/** The functions of CUDA's runtime, under its names; those that can fail return its code, 0 for success. */
export interface CudaRuntime {
  /** The codes of errors. */
  readonly cudaError: { readonly success: 0 };
  cudaGetErrorString(error: number): string;
  cudaProfilerStart(): number;
  cudaProfilerStop(): number;
  /** Locks the pages of memory of the host. */
  cudaHostRegister(ptr: number | bigint, size: number, flags: number): number;
  cudaHostUnregister(ptr: number | bigint): number;
  /** A new stream: the code, and its `cudaStream_t`. */
  cudaStreamCreate(): [code: number, stream: bigint];
  cudaStreamDestroy(ptr: number | bigint): number;
  cudaMemGetInfo(device: number): [free: number, total: number];
}

function runtime_of(addon: CudaNative): CudaRuntime {
  return {
    cudaError: { success: 0 },
    cudaGetErrorString: (...args: unknown[]) => addon.error_string(CALLS.text.read(args).error),
    cudaProfilerStart(...none: unknown[]) {
      no_arguments('cudaProfilerStart', none);
      return addon.profiler_start();
    },
    cudaProfilerStop(...none: unknown[]) {
      no_arguments('cudaProfilerStop', none);
      return addon.profiler_stop();
    },
    cudaHostRegister(...args: unknown[]) {
      const { ptr, size, flags } = CALLS.register.read(args);
      return addon.host_register(BigInt(ptr), size, flags);
    },
    cudaHostUnregister: (...args: unknown[]) => addon.host_unregister(BigInt(CALLS.unregister.read(args).ptr)),
    cudaStreamCreate(...none: unknown[]) {
      no_arguments('cudaStreamCreate', none);
      return addon.stream_create();
    },
    cudaStreamDestroy: (...args: unknown[]) => addon.stream_destroy(BigInt(CALLS.destroy.read(args).ptr)),
    cudaMemGetInfo: (...args: unknown[]) => native.accelerator_memory(CALLS.info.read(args).device),
  };
}

let runtime: CudaRuntime | undefined;

/** The runtime, once CUDA is initialized. */
export function open_runtime(callee: string): CudaRuntime {
  lazy_init();
  return (runtime ??= runtime_of(cuda_native(callee)));
}

/**
 * The functions of CUDA's runtime. Mirrors `torch.cuda.cudart`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.check_error(torch.cuda.cudart().cudaProfilerStop());
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.check_error(torch.cuda.cudart().cudaProfilerStop())
 * print(torch.cuda.is_available())
 * ```
 */
export function cudart(...none: []): CudaRuntime {
  no_arguments('cudart', none);
  return open_runtime('cudart');
}

/**
 * The Error of a function of CUDA's runtime. Mirrors `torch.cuda.CudaError`.
 * @param code - what it returned
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   if (torch.cuda.is_available()) torch.cuda.check_error(2);
 * } catch (error) {
 *   print(error instanceof torch.cuda.CudaError);
 * }
 * print('checked');
 * ```
 * ```python
 * try:
 *     if torch.cuda.is_available(): torch.cuda.check_error(2)
 * except torch.cuda.CudaError as error:
 *     print(True)
 * print('checked')
 * ```
 */
export class CudaError extends Error {
  override readonly name = 'CudaError';

  constructor(code: number);
  constructor(...args: unknown[]) {
    const { code } = CALLS.error.read(args);
    require_cuda_build();
    super(`${cuda_native('CudaError').error_string(code)} (${code})`);
  }
}

/**
 * Throws unless a function of CUDA's runtime succeeded. Mirrors `torch.cuda.check_error`.
 * @param res - what it returned
 * @throws CudaError for an error
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.check_error(torch.cuda.cudaStatus.SUCCESS);
 * print(torch.cuda.cudaStatus.SUCCESS);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.check_error(torch.cuda.cudart().cudaError.success)
 * print(torch.cuda.cudaStatus.SUCCESS)
 * ```
 */
export function check_error(res: number): void;
export function check_error(...args: unknown[]): void {
  const { res } = CALLS.check_error.read(args);
  require_cuda_build();
  if (res !== cudaStatus.SUCCESS) throw new CudaError(res);
}

/**
 * Python's Error for what was asked of CUDA before it was initialized and failed then. Here such calls run at once, so that they
 * throw their own Error. Mirrors `torch.cuda.DeferredCudaCallError`.
 * @example
 * ```ts
 * print(new torch.cuda.DeferredCudaCallError('later').message);
 * ```
 * ```python
 * print(torch.cuda.DeferredCudaCallError('later'))
 * ```
 */
export class DeferredCudaCallError extends Error {
  override readonly name = 'DeferredCudaCallError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = CALLS.deferred.read(args);
    super(message, options);
  }
}
