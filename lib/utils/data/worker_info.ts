import { signature } from '../../_internal/signature.js';

/** What {@link get_worker_info} returns in a worker. */
export interface WorkerInfo {
  /** The number of this worker, from 0. */
  readonly id: number;
  /** How many workers there are. */
  readonly num_workers: number;
  /** The seed of this worker's generators. */
  readonly seed: number | bigint;
  /** The dataset of this worker, which has its own copy of it; its tensors have the memory of the original. */
  readonly dataset: unknown;
}

const GET_WORKER_INFO = signature<object>('get_worker_info', '');

let current: WorkerInfo | null = null;
let within_worker = false;

/** Whether this thread is, or will be, a worker. */
export function is_worker(): boolean {
  return within_worker;
}

/** Says that this thread is a worker. */
export function become_worker(): void {
  within_worker = true;
}

/** Sets what {@link get_worker_info} returns. */
export function set_worker_info(info: WorkerInfo): void {
  current = Object.freeze(info);
}

/**
 * Information about the current worker of a `DataLoader`: its `id`, `num_workers`, `seed` and `dataset`; null in all other threads.
 * Mirrors `torch.utils.data.get_worker_info`.
 *
 * An `IterableDataset` asks for it to read its part of the data only: each worker has a copy of the dataset, and reads all of it otherwise.
 * @example
 * ```ts
 * print(torch.utils.data.get_worker_info());
 * ```
 * ```python
 * print(torch.utils.data.get_worker_info())
 * ```
 */
export function get_worker_info(): WorkerInfo | null;
export function get_worker_info(...args: unknown[]): WorkerInfo | null {
  GET_WORKER_INFO.read(args);
  return current;
}
