/** Files as tensors of bytes. */
import { readFileSync, writeFileSync } from 'node:fs';

import { frombuffer } from '../../creation.js';
import { zeros } from '../../generated/functions.js';
import { uint8 } from '../../types/dtype.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';

/** Bytes as a tensor that owns them. */
export const tensor_of_bytes = (bytes: Uint8Array): Tensor =>
  bytes.length === 0 ? zeros(0, { dtype: uint8 }) : frombuffer(new Uint8Array(bytes), { dtype: uint8 });

/** The bytes of a tensor. @throws Error unless it is a uint8 tensor of one dimension with elements */
export function bytes_of(callee: string, input: Tensor): Uint8Array {
  if (input.device.type !== 'cpu') throw new Error(`${callee}(): Input tensor must be a CPU tensor`);
  if (input.dim() !== 1 || input.numel() === 0) {
    throw new Error(`${callee}(): Expected a non empty 1-dimensional tensor`);
  }
  if (input.dtype !== uint8) {
    throw new Error(`${callee}(): Expected a torch.uint8 tensor, but got ${String(input.dtype)}`);
  }
  return new Uint8Array(input.contiguous().numpy().data as Uint8Array);
}

const READ_FILE = signature<{ path: string }>('read_file', 'path: str');

/**
 * The bytes of a file. Mirrors `torchvision.io.read_file`.
 *
 * @param path - the file
 * @returns uint8, of one dimension
 * @throws Error for a file that cannot be read
 * @example
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { io } from 'torch-node/vision';
 * const path = join(mkdtempSync(join(tmpdir(), 'io-')), 'bytes');
 * writeFileSync(path, Uint8Array.of(1, 2, 3));
 * print(io.read_file(path)); // tensor([1, 2, 3], dtype=torch.uint8)
 * ```
 */
export function read_file(...args: [path: string] | [options: { path: string }]): Tensor;
export function read_file(...args: unknown[]): Tensor {
  const { path } = READ_FILE.read(args);
  try {
    return tensor_of_bytes(readFileSync(path));
  } catch (error) {
    throw new Error(`read_file(): ${(error as Error).message}`, { cause: error });
  }
}

const WRITE_FILE = signature<{ filename: string; data: Tensor }>('write_file', 'filename: str, data: Tensor');

/** Writes a tensor of bytes to a file. */
export function write_bytes(callee: string, filename: string, bytes: Uint8Array): void {
  try {
    writeFileSync(filename, bytes);
  } catch (error) {
    throw new Error(`${callee}(): ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Writes bytes to a file. Mirrors `torchvision.io.write_file`.
 *
 * @param filename - the file
 * @param data - uint8, of one dimension
 * @throws Error for other tensors, and for a file that cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { io } from 'torch-node/vision';
 * const path = join(mkdtempSync(join(tmpdir(), 'io-')), 'bytes');
 * io.write_file(path, torch.tensor([1, 2, 3], { dtype: torch.uint8 }));
 * print(io.read_file(path)); // tensor([1, 2, 3], dtype=torch.uint8)
 * ```
 */
export function write_file(
  ...args: Arguments<[filename: string, data: Tensor], { filename: string; data: Tensor }, ['filename', 'data']>
): void;
export function write_file(...args: unknown[]): void {
  const { filename, data } = WRITE_FILE.read(args);
  write_bytes('write_file', filename, bytes_of('write_file', data));
}
