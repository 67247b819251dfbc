/** A queue of calls that run on other threads (libuv's pool, a worker), a limited number of them at once. */
import { native, type NativeCall } from './native.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import type { NodeAbortSignal } from '../_internal/node_types.js';

/** A call that a queue can hold. */
export interface Call<T> {
  /** Starts the call. */
  start(): Promise<T>;
  /** Cancels a call that has not started on its thread; true when it will not run. */
  cancel(): boolean;
}

interface Waiting {
  readonly begin: () => void;
}

/** A call of the addon on libuv's pool. */
export function background_call(call: NativeCall): Call<unknown> {
  return { start: () => native.background_start(call), cancel: () => native.background_cancel(call) };
}

/** Calls in the order in which they came, at most {@link CallQueue.concurrency} of them at once. */
export class CallQueue {
  private most: number;
  private running = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(concurrency = 1) {
    this.most = concurrency;
  }

  /** How many calls may run at once. @throws RangeError unless a positive integer */
  get concurrency(): number {
    return this.most;
  }

  set concurrency(calls: number) {
    if (!Number.isInteger(calls) || calls < 1) {
      throw new RangeError(
        `concurrency must be a positive integer, not ${typeof calls === 'number' ? calls : kind_of(calls)}`,
      );
    }
    this.most = calls;
    this.pump();
  }

  /** How many calls run or wait. */
  get size(): number {
    return this.running + this.waiting.size;
  }

  /**
   * Runs a call when its turn comes. When `signal` is aborted, a call that has not started is cancelled, and the promise is
   * rejected with the signal's reason; for a running call, the promise is rejected when it has ended.
   */
  add<T>(call: Call<T>, signal?: NodeAbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) {
        call.cancel();
        reject(signal.reason as Error);
        return;
      }
      const settle = (done: () => void): void => {
        signal?.removeEventListener('abort', abort);
        if (signal?.aborted) reject(signal.reason as Error);
        else done();
      };
      const entry: Waiting = {
        begin: () => {
          this.running++;
          this.started(call).then(
            (value) => settle(() => resolve(value)),
            (error: unknown) => settle(() => reject(error as Error)),
          );
        },
      };
      const abort = (): void => {
        const waits = this.waiting.delete(entry);
        // A started call may still wait for a thread; the promise is then settled at its end.
        const dropped = call.cancel();
        if (waits || dropped) reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.add(entry);
      this.pump();
    });
  }

  private async started<T>(call: Call<T>): Promise<T> {
    try {
      return await call.start();
    } finally {
      this.running--;
      this.pump();
    }
  }

  private pump(): void {
    for (const entry of this.waiting) {
      if (this.running >= this.concurrency) return;
      this.waiting.delete(entry);
      entry.begin();
    }
  }
}

/** Splits `signal` from the keyword arguments of a call in the background. */
export function take_signal(args: readonly unknown[]): {
  signal: NodeAbortSignal | undefined;
  rest: readonly unknown[];
} {
  const last = args[args.length - 1];
  if (!is_plain_object(last) || !(last['signal'] instanceof AbortSignal)) return { signal: undefined, rest: args };
  const { signal, ...options } = last;
  const others = args.slice(0, -1);
  return { signal: signal as AbortSignal, rest: Object.keys(options).length > 0 ? [...others, options] : others };
}
