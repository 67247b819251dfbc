/** Calls that run elsewhere (libuv's pool, a worker) while JavaScript goes on: so many at once, the others wait. */
import { native, type NativeCall } from './native.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import type { NodeAbortSignal } from '../_internal/node_types.js';

/** What can wait in a queue. */
export interface Call<T> {
  /** Begins with it. */
  start(): Promise<T>;
  /** Drops a call that has not begun, or that only its own queue knows to have; true when it will not run. */
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
   * Runs a call when its turn comes. When `signal` is aborted, a call that has not begun never will, and the promise is
   * rejected with the signal's reason; one that runs comes to its end, and then the promise is rejected.
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
        // One that was begun may still wait for a thread; then its end tells.
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

/** Takes the signal out of the object of keyword arguments at the end of a call in the background. */
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
