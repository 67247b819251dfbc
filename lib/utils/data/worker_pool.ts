/** The workers of a `DataLoader`: threads that wait for tasks and answer them. */
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';

import { native } from '../../_C/native.js';
import { is_tensor } from '../../_C/tensor_base.js';
import { release_parcel, pack } from '../../multiprocessing/parcel.js';
import { named_module, ReferenceTable, type Definition } from '../../multiprocessing/references.js';
import {
  CLOSED,
  ENDED,
  EPOCH,
  SENT,
  type Answer,
  type Reply,
  type Task,
  type Thrown,
  type WorkerContent,
  type WorkerSetup,
} from './worker_protocol.js';

/** What all workers of a loader have in common. */
export interface PoolOptions extends WorkerContent {
  readonly num_workers: number;
  readonly base_seed: number | bigint;
  readonly auto_collation: boolean;
  readonly drop_last: boolean;
  /** The URL of the module that exports what names no module itself; null when there is none. */
  readonly worker_module: string | null;
}

/** How often a waiting loader looks whether a worker that could not say so has ended, in milliseconds. */
const CHECK_INTERVAL = 1000;

const BUILT_IN = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };

/** An error of a worker as it was there. */
const error_of = ({ name, message, stack }: Thrown): Error => Object.assign(new Error(message), { name, stack });

/** An error of a worker in this thread, with its stack in the message, as Python has it. */
export function rethrown(thrown: Thrown, worker: number): Error {
  const { name, stack } = thrown;
  const kind = name in BUILT_IN ? BUILT_IN[name as keyof typeof BUILT_IN] : Error;
  const text = `Caught ${name} in DataLoader worker process ${worker}.\nOriginal Traceback (most recent call first):\n${stack}`;
  const error = new kind(text, { cause: error_of(thrown) });
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return error;
}

const refuse = (where: string, what: string): Error =>
  new TypeError(
    `DataLoader(): ${where} is ${what} that a worker cannot find. Workers are threads, with classes and functions of their own: put it into a ` +
      'module and export it by its name; in the main file, export it and run the program only `if (isMainThread)` of node:worker_threads, ' +
      "since workers load that file. Where the module is not found by itself, name it in the class by 'static module = import.meta.url' or in " +
      "the loader by worker_module: new URL('./data.js', import.meta.url)",
  );

/** The modules that classes among some values name, the loader's own before them. */
function modules_of({ dataset, collate_fn, worker_init_fn, worker_module }: PoolOptions): string[] {
  const found = new Set<string>(worker_module === null ? [] : [worker_module]);
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    for (const kind of [value, (value as object).constructor]) {
      const module = typeof kind === 'function' ? named_module(kind as Definition) : undefined;
      if (module !== undefined) found.add(module);
    }
    // Long arrays and memory hold no classes as a rule.
    if (ArrayBuffer.isView(value) || (Array.isArray(value) && value.length > 1000)) return;
    if (Object.getPrototypeOf(value) !== null && !is_tensor(value)) Object.values(value).forEach(visit);
  };
  [dataset, collate_fn, worker_init_fn].forEach(visit);
  return [...found];
}

/** A worker, as its loader sees it. */
class LoaderWorker {
  /** What has come while the event loop turned. */
  private readonly inbox: Reply[] = [];
  private listening = false;
  private port_closed = false;
  private has_exited = false;
  /** The token that it sent when it had its dataset; 0 until then. */
  life = 0;
  /** The number of its thread, which a thread that has ended has no longer. */
  readonly number: number;

  constructor(
    private readonly thread: Worker,
    private readonly port: MessagePort,
    private readonly id: number,
    private readonly control: Int32Array,
  ) {
    this.number = thread.threadId;
    thread.unref();
    port.unref();
    // What it dies of is said by the worker itself; an error without a listener would end the process.
    thread.on('error', (error: Error) => {
      this.inbox.push({ kind: 'died', error: { name: error.name, message: error.message, stack: error.stack ?? '' } });
    });
    thread.on('exit', () => {
      this.has_exited = true;
    });
    // Node 20 crashes when a port that is being closed is asked for a message.
    port.on('close', () => {
      this.port_closed = true;
    });
  }

  send(task: Task | null): void {
    this.port.postMessage(task);
  }

  /** The next reply, when one is there. */
  take(): Reply | undefined {
    const received = this.inbox.shift();
    if (received !== undefined || this.port_closed) return received;
    return receiveMessageOnPort(this.port)?.message as Reply | undefined;
  }

  /** Whether it has ended; what it sent before is there by then. */
  get ended(): boolean {
    return this.has_exited || Atomics.load(this.control, ENDED + this.id) !== 0;
  }

  /** Looks whether it has ended without a word, as it does when it has no memory left. */
  check(): void {
    if (!native.is_orphan(this.life)) return;
    native.release_handed_over(this.life);
    this.has_exited = true;
  }

  /** Calls back when there may be a reply, and keeps the process alive until then. */
  listen(wake: () => void): () => void {
    if (!this.listening) {
      this.listening = true;
      this.port.on('message', (reply: Reply) => {
        this.inbox.push(reply);
      });
    }
    this.port.on('message', wake);
    this.port.on('close', wake);
    this.thread.on('exit', wake);
    this.port.ref();
    return () => {
      this.port.off('message', wake);
      this.port.off('close', wake);
      this.thread.off('exit', wake);
      this.port.unref();
    };
  }
}

/** For how long the end of a process waits for workers, in milliseconds. */
const LONGEST_END = 5000;

/**
 * Deno ends a process under its threads, which crash when they still read batches, or load the package, while libtorch is taken apart; Node
 * and Bun end the threads before.
 */
const ends_under_threads = 'Deno' in globalThis;

/** The pools that the end of the process waits for. */
const running = new Set<WorkerPool>();

if (ends_under_threads) {
  process.on('exit', () => {
    const end = performance.now() + LONGEST_END;
    for (const pool of running) pool.close();
    for (const pool of running) pool.wait_for_end(end - performance.now());
  });
}

/** Threads that read batches. */
export class WorkerPool {
  private readonly control: Int32Array;
  private readonly workers: LoaderWorker[] = [];
  private readonly threads = native.get_num_threads();

  constructor(options: PoolOptions) {
    const { num_workers } = options;
    this.control = new Int32Array(new SharedArrayBuffer(4 * (ENDED + num_workers)));
    const modules = modules_of(options);
    if (ends_under_threads) running.add(this);
    try {
      for (let id = 0; id < num_workers; id++) this.workers.push(this.start(id, options, modules));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private start(id: number, options: PoolOptions, modules: readonly string[]): LoaderWorker {
    const { num_workers, base_seed, auto_collation, drop_last, dataset, collate_fn, worker_init_fn } = options;
    const parts: WorkerContent = { dataset, collate_fn, worker_init_fn };
    const content = pack(parts, 'options', new ReferenceTable(modules), (where, what) =>
      refuse(where.replace('options.', ''), what),
    );
    const { port1, port2 } = new MessageChannel();
    const { control } = this;
    const setup: WorkerSetup = {
      ...{ port: port2, control, id, num_workers, base_seed, content, auto_collation, drop_last },
    };
    try {
      const thread = new Worker(join(__dirname, 'worker.js'), { workerData: setup, transferList: [port2] });
      thread.on('exit', () => {
        if (this.workers.every((worker) => worker.ended)) running.delete(this);
      });
      return new LoaderWorker(thread, port1, id, control);
    } catch (error) {
      release_parcel(content);
      throw error;
    }
  }

  /** Begins an epoch: what belongs to the one before is skipped. */
  next_epoch(): void {
    Atomics.add(this.control, EPOCH, 1);
  }

  get epoch(): number {
    return Atomics.load(this.control, EPOCH);
  }

  send(worker: number, index: number, numbers: Task['numbers']): void {
    this.workers[worker]!.send({ epoch: this.epoch, index, numbers });
  }

  /** Lets the workers end. */
  close(): void {
    if (this.epoch === CLOSED) return;
    Atomics.store(this.control, EPOCH, CLOSED);
    this.workers.forEach((worker, id) => {
      worker.send(null);
      while (this.take(id) !== undefined);
    });
  }

  /** Waits until the workers of a pool that was closed have ended, for some milliseconds at most. */
  wait_for_end(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    while (true) {
      const seen = Atomics.load(this.control, SENT);
      if (this.workers.every((worker) => worker.ended)) return;
      const left = end - performance.now();
      if (left <= 0) return;
      Atomics.wait(this.control, SENT, seen, left);
    }
  }

  /** The answer of a worker, if it is there. @throws Error when the worker could not begin, or has died */
  private take(id: number): Answer | undefined {
    const worker = this.workers[id]!;
    for (let reply = worker.take(); reply !== undefined; reply = worker.take()) {
      if (reply.kind === 'ready') this.begun(worker, reply.life);
      else if (this.epoch === CLOSED) discard(reply);
      else if (reply.kind === 'refused')
        throw new Error(`DataLoader(): worker ${id} has not got its dataset: ${reply.message}`);
      else if (reply.kind === 'died') throw this.death(worker, reply.error);
      else if (reply.epoch === this.epoch) return reply;
      else discard(reply);
    }
    return undefined;
  }

  private begun(worker: LoaderWorker, life: number): void {
    worker.life = life;
    // See worker.ts.
    native.set_num_threads(this.threads);
  }

  private death(worker: LoaderWorker, error?: Thrown): Error {
    const text = `DataLoader worker (pid(s) ${worker.number}) exited unexpectedly`;
    if (error === undefined) return new Error(text);
    return new Error(`${text}: ${error.stack}`, { cause: error_of(error) });
  }

  /** The next answer of one of some workers, if it is there. @throws Error when one of them has died */
  private poll(ids: readonly number[]): Answer | undefined {
    for (const id of ids) {
      const ended = this.workers[id]!.ended;
      const answer = this.take(id);
      if (answer !== undefined) return answer;
      if (ended) throw this.death(this.workers[id]!);
    }
    return undefined;
  }

  /** Whether a time that does not count the start of the workers has passed. */
  private timer(ids: readonly number[], timeout: number): () => number {
    let end = Infinity;
    return () => {
      if (timeout === 0 || ids.some((id) => this.workers[id]!.life === 0)) return Infinity;
      if (end === Infinity) end = performance.now() + 1000 * timeout;
      const left = end - performance.now();
      if (left <= 0) throw new Error(`DataLoader timed out after ${timeout} seconds`);
      return left;
    };
  }

  /**
   * Waits for the next answer of one of some workers.
   * @param timeout - in seconds; 0 waits without an end
   * @throws Error when the time is over, or one of them has died
   */
  wait(ids: readonly number[], timeout: number): Answer {
    const left = this.timer(ids, timeout);
    while (true) {
      const seen = Atomics.load(this.control, SENT);
      const answer = this.poll(ids);
      if (answer !== undefined) return answer;
      const slept = Atomics.wait(this.control, SENT, seen, Math.min(left(), CHECK_INTERVAL));
      if (slept === 'timed-out') ids.forEach((id) => void this.workers[id]!.check());
    }
  }

  /** As {@link WorkerPool.wait}, while the event loop turns. */
  async wait_async(ids: readonly number[], timeout: number): Promise<Answer> {
    const left = this.timer(ids, timeout);
    while (true) {
      const answer = this.poll(ids);
      if (answer !== undefined) return answer;
      await this.woken(ids, left());
    }
  }

  private woken(ids: readonly number[], milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const ends: (() => void)[] = [];
      const wake = (): void => {
        ends.forEach((end) => {
          end();
        });
        resolve();
      };
      for (const id of ids) ends.push(this.workers[id]!.listen(wake));
      if (milliseconds < Infinity) {
        const timer = setTimeout(wake, milliseconds);
        ends.push(() => {
          clearTimeout(timer);
        });
      }
    });
  }
}

function discard(reply: Reply): void {
  if (reply.kind === 'batch') release_parcel(reply.batch);
}
