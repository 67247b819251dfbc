/** The iterator of a `DataLoader` with workers. */
import { unpack } from '../../multiprocessing/parcel.js';
import { END, pin, type Numbers } from './fetch.js';
import { rethrown, WorkerPool, type PoolOptions } from './worker_pool.js';
import type { Answer } from './worker_protocol.js';

/** What an iterator is made of. */
export interface IteratorOptions extends PoolOptions {
  readonly prefetch_factor: number;
  readonly timeout: number;
  readonly in_order: boolean;
  readonly persistent_workers: boolean;
  readonly pin_memory: boolean;
}

/** What an epoch begins with. */
export interface Epoch {
  /** The numbers of the items, or of those of each batch. */
  readonly numbers: Iterator<Numbers>;
  /** Called with the count of batches that have come. */
  readonly counted: (count: number) => void;
}

/** Closes the pools of iterators that no one has anymore. The pool must not hold its iterator. */
const dropped = new FinalizationRegistry<WorkerPool>((pool) => {
  pool.close();
});

/**
 * Gives batches to be read to workers, some ahead, and returns what they have read: the algorithm, and so the order, is that of
 * Python's `_MultiProcessingDataLoaderIter`.
 */
export class WorkerIterator<B> implements IterableIterator<B> {
  private readonly pool: WorkerPool;
  private readonly all: readonly number[];
  private numbers!: Iterator<Numbers>;
  private counted!: (count: number) => void;
  private given = 0;
  private sent = 0;
  private received = 0;
  /** The workers of the batches that they have read, or will have read. */
  private pending = new Map<number, number>();
  /** Of each worker: whether it has more to read, and how many tasks it has. */
  private active: boolean[] = [];
  private tasks: number[] = [];
  private last = -1;
  private open = false;
  /** Whether the workers have ended. */
  closed = false;

  constructor(
    private readonly options: IteratorOptions,
    epoch: Epoch,
  ) {
    if (options.prefetch_factor <= 0) {
      throw new Error('prefetch_factor must be greater than 0 for MultiProcessingDataLoaderIter');
    }
    this.all = Array.from({ length: options.num_workers }, (_, id) => id);
    this.pool = new WorkerPool(options);
    dropped.register(this, this.pool, this);
    this.begin(epoch);
  }

  /** Begins an epoch, with the workers of the one before. */
  begin({ numbers, counted }: Epoch): void {
    const { prefetch_factor, num_workers } = this.options;
    if (this.open) this.numbers.return?.();
    this.numbers = numbers;
    this.counted = counted;
    this.given = this.sent = this.received = 0;
    this.last = -1;
    this.pending = new Map();
    this.active = this.all.map(() => true);
    this.tasks = this.all.map(() => 0);
    this.open = true;
    this.pool.next_epoch();
    this.guarded(() => {
      for (let i = 0; i < prefetch_factor * num_workers; i++) this.send_next();
    });
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<B> {
    return this.guarded(() => {
      const steps = this.next_batch();
      let step = steps.next();
      while (!step.done) step = steps.next(this.pool.wait(step.value, this.options.timeout));
      return this.result(step.value);
    });
  }

  /** As `next`, while the event loop turns. */
  async next_async(): Promise<IteratorResult<B>> {
    try {
      const steps = this.next_batch();
      let step = steps.next();
      while (!step.done) step = steps.next(await this.pool.wait_async(step.value, this.options.timeout));
      return this.result(step.value);
    } catch (error) {
      this.end(true);
      throw error;
    }
  }

  return(value?: unknown): IteratorResult<B> {
    this.end(false);
    return { done: true, value };
  }

  /** Ends what runs when something fails. */
  private guarded<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      this.end(true);
      throw error;
    }
  }

  private result(batch: unknown): IteratorResult<B> {
    if (batch === END) {
      this.end(false);
      return { done: true, value: undefined };
    }
    this.counted(++this.given);
    return { done: false, value: (this.options.pin_memory ? pin(batch) : batch) as B };
  }

  /** Ends the epoch, and the workers unless they are to be kept. */
  private end(failed: boolean): void {
    if (this.open) {
      this.open = false;
      this.numbers.return?.();
      this.pool.next_epoch();
    }
    if (this.closed || (this.options.persistent_workers && !failed)) return;
    this.closed = true;
    dropped.unregister(this);
    this.pool.close();
  }

  /** The next batch, or END. It yields the workers of which it needs an answer. */
  private *next_batch(): globalThis.Generator<readonly number[], unknown, Answer> {
    while (this.open) {
      this.skip_what_never_comes();
      if (this.received >= this.sent) return END;
      const expected = this.pending.get(this.received)!;
      const answer = yield this.options.in_order
        ? [expected]
        : this.all.filter((id) => this.tasks[id]! > 0 && this.active[id]);
      const worker = this.pending.get(answer.index)!;
      if (answer.kind === 'end') {
        this.active[worker] = false;
        this.send_next();
        continue;
      }
      this.pending.delete(answer.index);
      if (answer.index === this.received) this.received++;
      this.tasks[worker]!--;
      this.send_next();
      if (answer.kind === 'error') throw rethrown(answer.error, worker);
      return unpack(answer.batch);
    }
    return END;
  }

  /** Batches that a worker was to read from a dataset that has come to its end there. */
  private skip_what_never_comes(): void {
    for (; this.received < this.sent; this.received++) {
      const expected = this.pending.get(this.received);
      if (expected !== undefined && this.active[expected]) return;
      this.pending.delete(this.received);
    }
  }

  /** Gives the next batch to a worker that has room for it, one after the other. */
  private send_next(): void {
    const next = this.numbers.next();
    if (next.done) return;
    const worker = this.next_worker();
    if (worker === undefined) return;
    this.pool.send(worker, this.sent, next.value);
    this.pending.set(this.sent++, worker);
    this.tasks[worker]!++;
  }

  private next_worker(): number | undefined {
    const { num_workers, prefetch_factor, in_order } = this.options;
    const most = Math.floor((prefetch_factor * num_workers) / this.active.filter(Boolean).length);
    for (let i = 0; i < num_workers; i++) {
      this.last = (this.last + 1) % num_workers;
      if (this.active[this.last] && (in_order || this.tasks[this.last]! < most)) return this.last;
    }
    return undefined;
  }
}
