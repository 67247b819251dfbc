/** What a loader and its workers say to each other. */
import type { MessagePort } from 'node:worker_threads';

import type { Parcel } from '../../multiprocessing/parcel.js';
import type { Numbers } from './fetch.js';

/** Counts what workers have sent: a loader that waits sleeps on it. */
export const SENT = 0;
/** The number of the epoch; workers skip what belongs to another one. */
export const EPOCH = 1;
/** Of each worker, from this cell on: whether it has ended. */
export const ENDED = 2;

/** The epoch of a loader that needs its workers no longer. */
export const CLOSED = -1;

/** What a worker begins with. */
export interface WorkerSetup {
  readonly port: MessagePort;
  /** The cells above, in shared memory. */
  readonly control: Int32Array;
  readonly id: number;
  readonly num_workers: number;
  readonly base_seed: number | bigint;
  /** A {@link WorkerContent}. */
  readonly content: Parcel;
  readonly auto_collation: boolean;
  readonly drop_last: boolean;
}

/** What goes to a worker with its classes. */
export interface WorkerContent {
  readonly dataset: unknown;
  readonly collate_fn: ((items: never) => unknown) | null;
  readonly worker_init_fn: ((worker_id: number) => void) | null;
}

/** A batch to be read. */
export interface Task {
  readonly epoch: number;
  readonly index: number;
  readonly numbers: Numbers;
}

/** What a worker has thrown. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** What came of a task. */
export type Answer =
  | { readonly kind: 'batch'; readonly epoch: number; readonly index: number; readonly batch: Parcel }
  | { readonly kind: 'end'; readonly epoch: number; readonly index: number }
  | { readonly kind: 'error'; readonly epoch: number; readonly index: number; readonly error: Thrown };

/**
 * What a worker sends: that it has its dataset (with the token of a tensor, which is an orphan when the thread has ended, however it did), that
 * it cannot have it, that it dies of an error, or an answer.
 */
export type Reply =
  | { readonly kind: 'ready'; readonly life: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'died'; readonly error: Thrown }
  | Answer;
