/** Processes that wait for work: `torch.multiprocessing.Pool`. */
import { method_signature, signature, type Arguments } from '../_internal/signature.js';
import { kind_of } from '../_internal/kind_of.js';
import { Empty } from '../python/queue.js';
import { message_of, value_of_message } from './process_memory.js';
import { cpu_count, Process, type Target } from './process.js';
import { Queue } from './queues.js';
import { RawArray, type SimpleArray } from './shared_values.js';

/** What a worker is asked to call. */
interface Task {
  readonly calls: readonly (readonly unknown[])[];
  readonly func: Target;
  readonly kwds: object;
}

/** What it answers. */
interface Answer {
  readonly job: number;
  readonly part: number;
  readonly values?: readonly unknown[];
  readonly error?: { readonly name: string; readonly message: string };
}

/** What a worker is doing, in the first of its two numbers: nothing yet, nothing more, or the job of this number; the second one is the part. */
const [BEGINS, IDLE, FIRST_JOB] = [0, 1, 2];

// A message begins with the job and the part, which are known also where the rest of it cannot be read.
const HEADER = 8;

/** A part of a job for a worker; nothing in it tells one to end. */
function message_for(job: number, part: number, task: Task): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeInt32LE(job, 0);
  header.writeInt32LE(part, 4);
  return Buffer.concat([header, message_of(task)]);
}

/** What a worker runs until it gets an empty message. @internal */
export async function pool_worker(
  tasks: Queue,
  answers: Queue<Answer>,
  doing: SimpleArray,
  place: number,
  initializer: Target | null,
  initargs: readonly unknown[],
): Promise<void> {
  await initializer?.(...initargs);
  for (;;) {
    doing[place] = IDLE;
    const message = tasks._open().get(Infinity)!;
    if (message.length === 0) return;
    const [job, part] = [message.readInt32LE(0), message.readInt32LE(4)];
    doing[place + 1] = part;
    doing[place] = FIRST_JOB + job;
    try {
      const { func, calls, kwds } = value_of_message(message.subarray(HEADER)) as Task;
      const values: unknown[] = [];
      const named = Object.keys(kwds).length > 0 ? [kwds] : [];
      for (const args of calls) values.push(await func(...args, ...named));
      answers.put({ job, part, values });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      answers.put({ job, part, error: { name, message } });
    }
  }
}

/** What the arguments of {@link Pool} are. */
export interface PoolOptions {
  /** How many processes. Default null, as many as the machine has processors. */
  processes?: number | null;
  /** What each process calls first. Default null. */
  initializer?: Target | null;
  /** Its arguments. Default `[]`. */
  initargs?: readonly unknown[];
}

interface Given {
  func: Target;
  iterable: Iterable<unknown>;
  chunksize?: number | null;
  callback?: ((value: unknown) => void) | null;
  error_callback?: ((error: Error) => void) | null;
}

interface Applied {
  func: Target;
  args?: readonly unknown[];
  kwds?: object;
  callback?: ((value: unknown) => void) | null;
  error_callback?: ((error: Error) => void) | null;
}

const POOL = signature<PoolOptions>('Pool', 'processes?: int|None, initializer?: Callable|None, initargs?: any[]');
const AFTER = 'callback?: Callable|None, error_callback?: Callable|None';
const METHODS = {
  apply: method_signature<Applied>('Pool.apply', 'func: Callable, args?: any[], kwds?: dict'),
  apply_async: method_signature<Applied>('Pool.apply_async', `func: Callable, args?: any[], kwds?: dict, ${AFTER}`),
  map: method_signature<Given>('Pool.map', 'func: Callable, iterable: Iterable, chunksize?: int|None'),
  map_async: method_signature<Given>(
    'Pool.map_async',
    `func: Callable, iterable: Iterable, chunksize?: int|None, ${AFTER}`,
  ),
  starmap: method_signature<Given>('Pool.starmap', 'func: Callable, iterable: Iterable, chunksize?: int|None'),
  starmap_async: method_signature<Given>(
    'Pool.starmap_async',
    `func: Callable, iterable: Iterable, chunksize?: int|None, ${AFTER}`,
  ),
  imap: method_signature<Given>('Pool.imap', 'func: Callable, iterable: Iterable, chunksize?: int'),
  imap_unordered: method_signature<Given>('Pool.imap_unordered', 'func: Callable, iterable: Iterable, chunksize?: int'),
  none: method_signature<object>('Pool', ''),
  wait: method_signature<{ timeout?: number | null }>('AsyncResult.wait', 'timeout?: float|None'),
  get: method_signature<{ timeout?: number | null }>('AsyncResult.get', 'timeout?: float|None'),
};

/** How many calls a process gets at a time. @throws RangeError for less than one, where Python's `map` returns nothing */
function chunk_of({ chunksize }: Given, otherwise: number): number {
  const size = Number(chunksize ?? otherwise);
  if (size < 1) throw new RangeError(`Chunksize must be 1+, not ${size}`);
  return size;
}

/** The arguments of a call of `starmap`. */
function arguments_in(item: unknown): unknown[] {
  if (typeof (item as Iterable<unknown> | null)?.[Symbol.iterator] === 'function') return [...(item as unknown[])];
  throw new TypeError(`Pool.starmap(): each element must hold the arguments of a call, not ${kind_of(item)}`);
}

/** How often it is looked whether the workers are alive, in seconds. */
const LOOK = 0.2;

/** What {@link Pool.apply_async} and the like return. Mirrors `multiprocessing.pool.AsyncResult`. */
export class AsyncResult<R = unknown> {
  /** @internal the answers, by part, in the order in which they came */
  readonly _parts = new Map<number, readonly unknown[]>();
  /** @internal */
  _error: Error | null = null;
  /** @internal what runs when it is done */
  _after: (() => void) | null = null;
  /** @internal what was sent, kept until then: what a manager has made goes with the last who has it */
  _sent: readonly unknown[] = [];

  /** @internal */
  constructor(
    private readonly pool: Pool,
    private readonly count: number,
    private readonly whole: (values: unknown[]) => R,
  ) {}

  /** Whether the work is done. */
  ready(...args: []): boolean {
    METHODS.none.read(args);
    this.pool._drain(0);
    return this.is_done;
  }

  /** @internal */
  get is_done(): boolean {
    return this._error !== null || this._parts.size === this.count;
  }

  /** Whether it was done without an Error. @throws Error while it is not done */
  successful(...args: []): boolean {
    METHODS.none.read(args);
    if (!this.ready()) throw new Error(`AsyncResult.successful(): not ready`);
    return this._error === null;
  }

  /** Blocks until the work is done, or some seconds are over. */
  wait(timeout?: number | null): void;
  wait(...args: unknown[]): void {
    const { timeout = null } = METHODS.wait.read(args);
    const end = timeout === null ? Infinity : performance.now() + 1e3 * Number(timeout);
    while (!this.is_done && performance.now() < end) {
      this.pool._drain(Math.min(LOOK, Math.max(0, (end - performance.now()) / 1e3)));
    }
  }

  /** Blocks until the work is done, and returns what the function returned. @throws Error that it threw, and after `timeout` seconds */
  get(timeout?: number | null): R;
  get(...args: unknown[]): R {
    const { timeout = null } = METHODS.get.read(args);
    this.wait(timeout);
    if (this._error !== null) throw this._error;
    if (!this.is_done) throw new Error('AsyncResult.get(): TimeoutError');
    const ordered = [...this._parts].sort(([a], [b]) => a - b);
    return this.whole(ordered.flatMap(([, values]) => values));
  }
}

/**
 * Processes that call functions of the program with arguments from a list. Mirrors `torch.multiprocessing.Pool`. The functions are exported by their
 * modules, as those of {@link Process}, and may be asynchronous. Results of the methods without `async` are waited for by blocking the thread. Call
 * `close()` and `join()`, or write `using pool = new Pool(4)`, which ends the processes as `with` does. A process that dies is replaced; what it was
 * doing is an Error, for which Python waits without an end.
 *
 * @param processes - how many; default null, as many as the machine has processors
 * @param initializer - what each calls first; default null
 * @param initargs - its arguments; default `[]`
 * @throws RangeError for less than one process
 * @example
 * ```ts
 * import { Pool } from 'torch-node/multiprocessing';
 * const pool = new Pool(1);
 * print(pool.map(torch.square, [torch.ones(2), torch.tensor(3)])); // [tensor([1., 1.]), tensor(9)]
 * pool.close();
 * pool.join();
 * ```
 */
export class Pool {
  private readonly tasks = new Queue();
  private readonly answers = new Queue<Answer>();
  private readonly workers: Process[];
  private readonly doing: SimpleArray;
  private started = 0;
  private readonly jobs = new Map<number, AsyncResult>();
  private readonly start_worker: (place: number) => Process;
  private count = 0;
  private state: 'running' | 'closed' | 'ended' = 'running';

  constructor(
    ...args: Arguments<
      [processes?: number | null, initializer?: Target | null, initargs?: readonly unknown[]],
      PoolOptions,
      ['processes', 'initializer', 'initargs']
    >
  );
  constructor(...args: unknown[]) {
    const { processes = null, initializer = null, initargs = [] } = POOL.read(args);
    const size = processes === null ? cpu_count() : Number(processes);
    if (size < 1) throw new RangeError('Pool(): Number of processes must be at least 1');
    this.doing = RawArray('i', 2 * size);
    this.start_worker = (i) => {
      this.doing[2 * i] = BEGINS;
      const worker = new Process({
        target: pool_worker,
        args: [this.tasks, this.answers, this.doing, 2 * i, initializer, initargs],
        name: `PoolWorker-${++this.started}`,
        daemon: true,
      });
      worker.start();
      return worker;
    };
    this.workers = Array.from({ length: size }, (_, i) => this.start_worker(i));
  }

  /** @internal takes answers that are there, or come within some seconds */
  _drain(seconds: number): void {
    for (let wait = seconds; ; wait = 0) {
      let answer: Answer;
      try {
        answer = wait > 0 ? this.answers.get(true, wait) : this.answers.get(false);
      } catch (error) {
        if (!(error instanceof Empty)) throw error;
        break;
      }
      const result = this.jobs.get(answer.job);
      if (result === undefined) continue;
      if (answer.error === undefined) result._parts.set(answer.part, answer.values ?? []);
      else result._error ??= Object.assign(new Error(answer.error.message), { name: answer.error.name });
      this.finish(answer.job, result);
    }
    if (this.state !== 'ended') this.workers.forEach((worker, i) => this.replace(worker, i));
  }

  /** Starts a process for one that died. What that did is lost; where it has not begun, neither would another one. */
  private replace({ exitcode }: Process, place: number): void {
    if (exitcode === null) return;
    const [doing, part] = [this.doing[2 * place]!, this.doing[2 * place + 1]!];
    if (doing === IDLE && exitcode === 0) return;
    const lost = doing === BEGINS ? [...this.jobs] : [...this.jobs].filter(([job]) => job === doing - FIRST_JOB);
    for (const [job, result] of lost) {
      if (doing !== BEGINS && result._parts.has(part)) continue;
      result._error ??= new Error(`a process of the Pool ended with exit code ${exitcode}`);
      this.finish(job, result);
    }
    if (doing !== BEGINS) this.workers[place] = this.start_worker(place);
  }

  private finish(job: number, result: AsyncResult): void {
    if (!result.is_done) return;
    this.jobs.delete(job);
    const after = result._after;
    result._after = null;
    result._sent = [];
    after?.();
  }

  private start<R>(
    { func, callback = null, error_callback = null }: Pick<Given, 'func' | 'callback' | 'error_callback'>,
    calls: readonly (readonly unknown[])[],
    kwds: object,
    chunk: number,
    whole: (values: unknown[]) => R,
  ): AsyncResult<R> {
    if (this.state !== 'running') throw new Error('Pool not running');
    const parts = Math.ceil(calls.length / chunk);
    const job = this.count++;
    const result = new AsyncResult<R>(this, parts, whole);
    result._after = () => {
      if (result._error === null) callback?.(result.get());
      else error_callback?.(result._error);
    };
    result._sent = [func, calls, kwds];
    if (parts > 0) this.jobs.set(job, result as AsyncResult);
    for (let part = 0; part < parts; part++) {
      const task = { func, calls: calls.slice(part * chunk, (part + 1) * chunk), kwds };
      this.tasks._open().put(message_for(job, part, task), Infinity);
    }
    return result;
  }

  private all(given: Given, spread: boolean): AsyncResult<unknown[]> {
    const items = [...given.iterable];
    const calls = items.map((item) => (spread ? arguments_in(item) : [item]));
    const even = Math.max(1, Math.ceil(items.length / (4 * this.workers.length)));
    return this.start(given, calls, {}, chunk_of(given, even), (values) => values);
  }

  /** Calls a function in one process. */
  apply(func: Target, args?: readonly unknown[], kwds?: object): unknown;
  apply(...args: unknown[]): unknown {
    const given = METHODS.apply.read(args);
    return this.start(given, [given.args ?? []], given.kwds ?? {}, 1, ([value]) => value).get();
  }

  /** {@link Pool.apply} without waiting. The callbacks are called when a result is asked for. */
  apply_async(
    ...args: Arguments<
      [
        func: Target,
        args?: readonly unknown[],
        kwds?: object,
        callback?: ((value: unknown) => void) | null,
        error_callback?: ((error: Error) => void) | null,
      ],
      Applied,
      ['func', 'args', 'kwds', 'callback', 'error_callback']
    >
  ): AsyncResult;
  apply_async(...args: unknown[]): AsyncResult {
    const given = METHODS.apply_async.read(args);
    return this.start(given, [given.args ?? []], given.kwds ?? {}, 1, ([value]) => value);
  }

  /** Calls a function with each of the values, and returns what it returned, in their order. */
  map(func: Target, iterable: Iterable<unknown>, chunksize?: number | null): unknown[];
  map(...args: unknown[]): unknown[] {
    return this.all(METHODS.map.read(args), false).get();
  }

  /** {@link Pool.map} without waiting. */
  map_async(func: Target, iterable: Iterable<unknown>, chunksize?: number | null): AsyncResult<unknown[]>;
  map_async(
    func: Target,
    iterable: Iterable<unknown>,
    options: Omit<Given, 'func' | 'iterable'>,
  ): AsyncResult<unknown[]>;
  map_async(...args: unknown[]): AsyncResult<unknown[]> {
    return this.all(METHODS.map_async.read(args), false);
  }

  /** {@link Pool.map} of lists of arguments. */
  starmap(func: Target, iterable: Iterable<Iterable<unknown>>, chunksize?: number | null): unknown[];
  starmap(...args: unknown[]): unknown[] {
    return this.all(METHODS.starmap.read(args), true).get();
  }

  /** {@link Pool.starmap} without waiting. */
  starmap_async(func: Target, iterable: Iterable<Iterable<unknown>>, chunksize?: number | null): AsyncResult<unknown[]>;
  starmap_async(...args: unknown[]): AsyncResult<unknown[]> {
    return this.all(METHODS.starmap_async.read(args), true);
  }

  private *each(given: Given, in_order: boolean): Generator<unknown> {
    chunk_of(given, 1);
    const results = [...given.iterable].map((item) => this.start(given, [[item]], {}, 1, ([value]) => value));
    const left = new Set(results);
    while (left.size > 0) {
      const [first] = left;
      const next = in_order ? first! : ([...left].find((result) => result.ready()) ?? null);
      if (next === null) {
        this._drain(LOOK);
        continue;
      }
      left.delete(next);
      yield next.get();
    }
  }

  /** What {@link Pool.map} returns, one after the other. */
  imap(func: Target, iterable: Iterable<unknown>, chunksize?: number): Generator<unknown>;
  imap(...args: unknown[]): Generator<unknown> {
    return this.each(METHODS.imap.read(args), true);
  }

  /** The same in the order in which it is done. */
  imap_unordered(func: Target, iterable: Iterable<unknown>, chunksize?: number): Generator<unknown>;
  imap_unordered(...args: unknown[]): Generator<unknown> {
    return this.each(METHODS.imap_unordered.read(args), false);
  }

  /** Takes no more work: the processes end when all is done. */
  close(...args: []): void {
    METHODS.none.read(args);
    if (this.state !== 'running') return;
    this.state = 'closed';
    for (let i = 0; i < this.workers.length; i++) this.tasks._open().put(new Uint8Array(0), Infinity);
  }

  /** Ends the processes at once. */
  terminate(...args: []): void {
    METHODS.none.read(args);
    this.state = 'ended';
    for (const worker of this.workers) if (worker.exitcode === null) worker.terminate();
  }

  /** Waits until the processes have ended. @throws Error before `close()` or `terminate()` */
  join(...args: []): void {
    METHODS.none.read(args);
    if (this.state === 'running') throw new Error('Pool is still running');
    while (this.workers.some(({ exitcode }) => exitcode === null)) {
      this.workers.find(({ exitcode }) => exitcode === null)!.join(LOOK);
      this._drain(0);
    }
  }

  [Symbol.dispose](): void {
    this.terminate();
    this.join();
  }
}
