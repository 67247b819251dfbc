/** Locks, semaphores, conditions, events and barriers between processes, on words in shared memory. */
import { native } from '../_C/native.js';
import { define_kind, method_signature, no_arguments, signature, type Arguments } from '../_internal/signature.js';
import { this_process } from './current.js';
import { check_system, end_of, Words, type WordsState } from './process_memory.js';

// Places of a lock's words; the one behind VALUE counts who waits.
const VALUE = 0;
const OWNER = 2;
const COUNT = 3;

interface AcquireOptions {
  /** Wait until it is free. Default true. */
  block?: boolean;
  /** At most so many seconds. Default null: without an end. */
  timeout?: number | null;
}

const ACQUIRE = method_signature<AcquireOptions>('acquire', 'block?: bool, timeout?: float|None');

/** What a lock is in another process. */
interface LockState {
  readonly words: WordsState;
  readonly limit: number;
}

/** What all locks are: a number of permits, and who took one. */
abstract class SemLock {
  /** @internal */
  _words: Words;
  /** @internal */
  _limit: number;

  /** @internal */
  constructor(kind: string, value: number, limit: number) {
    check_system(kind);
    this._words = Words.zeros(4);
    this._words.store(VALUE, value);
    this._limit = limit;
  }

  /** @internal */
  __getstate__(): LockState {
    return { words: this._words.state(this.constructor.name), limit: this._limit };
  }

  /** @internal */
  __setstate__({ words, limit }: LockState): void {
    this._words = Words.of(words);
    this._limit = limit;
  }

  /**
   * Takes it, and waits until it is free.
   * @returns whether it was taken, which it is not when it is not free in time
   */
  acquire(
    ...args: Arguments<[block?: boolean, timeout?: number | null], AcquireOptions, ['block', 'timeout']>
  ): boolean;
  acquire(...args: unknown[]): boolean {
    const { block = true, timeout = null } = ACQUIRE.read(args);
    return this._take(block ? end_of(timeout) : 0);
  }

  /** @internal */
  _take(end: number): boolean {
    if (!this._words.take(VALUE, end)) return false;
    this._words.store(OWNER, native.thread_number());
    this._words.add(COUNT, 1);
    return true;
  }

  /** Gives it back. @throws Error when that is once too often */
  release(...none: []): void {
    no_arguments('release', none);
    if (this._words.load(VALUE) >= this._limit) throw new Error('semaphore or lock released too many times');
    this._give();
  }

  /** @internal */
  _give(): void {
    this._words.add(COUNT, -1);
    this._words.give(VALUE);
  }

  /** Whether this thread took it last, and it has not been given back. @internal */
  _is_mine(): boolean {
    return this._words.load(COUNT) > 0 && this._words.load(OWNER) === native.thread_number();
  }

  /** Whose it is, for texts. @internal */
  _owner(): string {
    if (this._words.load(VALUE) > 0) return 'None';
    return this._is_mine() ? this_process.name : 'SomeOtherProcess';
  }

  /** `using _ = lock;` takes it until the end of the block. */
  get [Symbol.dispose](): () => void {
    this.acquire();
    return () => {
      this.release();
    };
  }
}

const LOCK = signature('Lock', '');

/**
 * A lock between processes and threads: one of them has it at a time, and any may release it. `using _ = lock;` takes it until the end of
 * the block. A child process gets it among the arguments of its `Process`. Mirrors `torch.multiprocessing.Lock`.
 * @example
 * ```ts
 * const lock = new torch.multiprocessing.Lock();
 * print(lock.acquire(), lock.acquire(false), lock);
 * lock.release();
 * print(lock);
 * ```
 * ```python
 * lock = torch.multiprocessing.Lock()
 * print(lock.acquire(), lock.acquire(False), lock)
 * lock.release()
 * print(lock)
 * ```
 */
export class Lock extends SemLock {
  constructor();
  constructor(...none: unknown[]) {
    LOCK.read(none);
    super('Lock', 1, 1);
  }

  override toString(): string {
    return `<Lock(owner=${this._owner()})>`;
  }
}

const RLOCK = signature('RLock', '');

/**
 * A lock that the thread that has it may take again; it is free after as many releases, which only that thread may make. Mirrors
 * `torch.multiprocessing.RLock`.
 * @example
 * ```ts
 * const lock = new torch.multiprocessing.RLock();
 * print(lock.acquire(), lock.acquire(), lock);
 * ```
 * ```python
 * lock = torch.multiprocessing.RLock()
 * print(lock.acquire(), lock.acquire(), lock)
 * ```
 */
export class RLock extends SemLock {
  constructor();
  constructor(...none: unknown[]) {
    RLOCK.read(none);
    super('RLock', 1, 1);
  }

  /** @internal */
  override _take(end: number): boolean {
    if (!this._is_mine()) return super._take(end);
    this._words.add(COUNT, 1);
    return true;
  }

  override release(...none: []): void {
    no_arguments('release', none);
    if (!this._is_mine()) throw new Error('attempt to release recursive lock not owned by thread');
    if (this._words.load(COUNT) === 1) this._give();
    else this._words.add(COUNT, -1);
  }

  override toString(): string {
    const owner = this._owner();
    const mine = this._is_mine();
    return `<RLock(${owner}, ${owner === 'None' ? 0 : mine ? this._words.load(COUNT) : 'nonzero'})>`;
  }
}

const SEMAPHORE = signature<{ value?: number }>('Semaphore', 'value?: int');

/** @throws Error for a number of permits that is negative, or more than a word holds */
function permits(value: number): number {
  if (value >= 0 && value <= 0x7fffffff) return Number(value);
  throw new Error(`Semaphore(): argument 'value' must be from 0 to ${0x7fffffff}, not ${value}`);
}

/**
 * A number of permits between processes and threads. Mirrors `torch.multiprocessing.Semaphore`.
 *
 * @param value - how many there are at first, default 1
 * @example
 * ```ts
 * const semaphore = new torch.multiprocessing.Semaphore(2);
 * print(semaphore.acquire(), semaphore.acquire(), semaphore.acquire(false));
 * semaphore.release();
 * print(semaphore.get_value(), semaphore);
 * ```
 * ```python
 * semaphore = torch.multiprocessing.Semaphore(2)
 * print(semaphore.acquire(), semaphore.acquire(), semaphore.acquire(False))
 * semaphore.release()
 * print(semaphore.get_value(), semaphore)
 * ```
 */
export class Semaphore extends SemLock {
  constructor(...args: Arguments<[value?: number], { value?: number }, ['value']>);
  constructor(...args: unknown[]) {
    const { value = 1 } = SEMAPHORE.renamed(new.target.name).read(args);
    super('Semaphore', permits(value), new.target.name === 'BoundedSemaphore' ? permits(value) : 0x7fffffff);
  }

  /** How many permits there are now. */
  get_value(...none: []): number {
    no_arguments('get_value', none);
    return this._words.load(VALUE);
  }

  override toString(): string {
    return `<Semaphore(value=${this._words.load(VALUE)})>`;
  }
}

/**
 * A {@link Semaphore} that is not released more often than it was acquired: that throws an Error. Mirrors
 * `torch.multiprocessing.BoundedSemaphore`.
 *
 * @param value - how many permits there are, default 1
 * @example
 * ```ts
 * const semaphore = new torch.multiprocessing.BoundedSemaphore(2);
 * print(semaphore);
 * try {
 *   semaphore.release();
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * semaphore = torch.multiprocessing.BoundedSemaphore(2)
 * print(semaphore)
 * try:
 *     semaphore.release()
 * except ValueError as error:
 *     print(error)
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  override toString(): string {
    return `<BoundedSemaphore(value=${this._words.load(VALUE)}, maxvalue=${this._limit})>`;
  }
}

define_kind('mp.Lock', 'Lock or RLock', (value) => value instanceof Lock || value instanceof RLock);
const CONDITION = signature<{ lock?: Lock | RLock | null }>('Condition', 'lock?: mp.Lock|None');
const WAIT = method_signature<{ timeout?: number | null }>('wait', 'timeout?: float|None');
const WAIT_FOR = method_signature<{ predicate: () => unknown; timeout?: number | null }>(
  'wait_for',
  'predicate: Callable, timeout?: float|None',
);
const NOTIFY = method_signature<{ n?: number }>('notify', 'n?: int');

// Places of a condition's words: permits to wake, and behind them who waits for one; who sleeps.
const WOKEN = 0;
const SLEEPING = 2;

/** What a condition is in another process. */
interface ConditionState {
  readonly lock: Lock | RLock;
  readonly words: WordsState;
}

type Timeout = Arguments<[timeout?: number | null], { timeout?: number | null }, ['timeout']>;

/**
 * A lock whose holder can wait until another process notifies it. Mirrors `torch.multiprocessing.Condition`.
 *
 * @param lock - a `Lock` or `RLock`; default null: a new `RLock`
 * @example
 * ```ts
 * const condition = new torch.multiprocessing.Condition();
 * condition.acquire();
 * print(condition.wait(0.01), condition.wait_for(() => true), condition);
 * condition.release();
 * ```
 * ```python
 * condition = torch.multiprocessing.Condition()
 * condition.acquire()
 * print(condition.wait(0.01), condition.wait_for(lambda: True), condition)
 * condition.release()
 * ```
 */
export class Condition {
  /** @internal */
  _lock: Lock | RLock;
  /** @internal */
  _words: Words;

  constructor(...args: Arguments<[lock?: Lock | RLock | null], { lock?: Lock | RLock | null }, ['lock']>);
  constructor(...args: unknown[]) {
    check_system('Condition');
    this._lock = CONDITION.read(args).lock ?? new RLock();
    this._words = Words.zeros(3);
  }

  /** @internal */
  __getstate__(): ConditionState {
    return { lock: this._lock, words: this._words.state('Condition') };
  }

  /** @internal */
  __setstate__({ lock, words }: ConditionState): void {
    this._lock = lock;
    this._words = Words.of(words);
  }

  /** Takes the lock. */
  acquire(...args: Parameters<SemLock['acquire']>): boolean;
  acquire(...args: unknown[]): boolean {
    return this._lock.acquire(...(args as []));
  }

  /** Releases the lock. @throws Error when it is not held */
  release(...none: []): void {
    this._lock.release(...none);
  }

  /** `using _ = condition;` takes the lock until the end of the block. */
  get [Symbol.dispose](): () => void {
    return this._lock[Symbol.dispose];
  }

  /**
   * Releases the lock, waits to be notified, and takes the lock again.
   * @param timeout - at most so many seconds; default null: without an end
   * @returns whether it was notified
   * @throws Error when the lock is not held
   */
  wait(...args: Timeout): boolean;
  wait(...args: unknown[]): boolean {
    const { timeout = null } = WAIT.read(args);
    if (!this._lock._is_mine()) throw new Error('must acquire() condition before using wait()');
    const words = this._words;
    words.add(SLEEPING, 1);
    let held = 0;
    while (this._lock._is_mine()) {
      this._lock.release();
      held++;
    }
    try {
      return words.take(WOKEN, end_of(timeout)) || !this.sleeps_no_more();
    } finally {
      while (held-- > 0) this._lock.acquire();
    }
  }

  /** Leaves those who sleep. @returns false when it was notified just now */
  private sleeps_no_more(): boolean {
    const words = this._words;
    while (true) {
      const sleeping = words.load(SLEEPING);
      if (sleeping === 0) return !words.take(WOKEN, Infinity);
      if (words.exchange(SLEEPING, sleeping, sleeping - 1)) return true;
    }
  }

  /**
   * Waits until a function of the program returns something true, which is asked after each notification.
   * @param timeout - at most so many seconds; default null: without an end
   * @returns what the function returned last
   */
  wait_for<T>(predicate: () => T, timeout?: number | null): T;
  wait_for<T>(predicate: () => T, options: { timeout?: number | null }): T;
  wait_for(...args: unknown[]): unknown {
    const { predicate, timeout = null } = WAIT_FOR.read(args);
    const end = end_of(timeout);
    while (true) {
      const result = predicate();
      const left = end - performance.now();
      if (result || left <= 0) return result;
      this.wait(end === Infinity ? null : left / 1000);
    }
  }

  /**
   * Wakes those who wait.
   * @param n - how many at most, default 1
   * @throws Error when the lock is not held
   */
  notify(...args: Arguments<[n?: number], { n?: number }, ['n']>): void;
  notify(...args: unknown[]): void {
    this.wake(NOTIFY.read(args).n ?? 1);
  }

  /** Wakes all who wait. @throws Error when the lock is not held */
  notify_all(...none: []): void {
    no_arguments('notify_all', none);
    this.wake(Infinity);
  }

  private wake(n: number): void {
    if (!this._lock._is_mine()) throw new Error('lock is not owned');
    while (true) {
      const sleeping = this._words.load(SLEEPING);
      const count = Math.max(0, Math.min(n, sleeping));
      if (!this._words.exchange(SLEEPING, sleeping, sleeping - count)) continue;
      if (count > 0) this._words.give(WOKEN, count);
      return;
    }
  }

  toString(): string {
    return `<Condition(${String(this._lock)}, ${this._words.load(SLEEPING)})>`;
  }
}

const EVENT = signature('Event', '');

/** What words are in another process. */
interface EventState {
  readonly words: WordsState;
}

/**
 * A flag that processes wait for. Mirrors `torch.multiprocessing.Event`.
 * @example
 * ```ts
 * const event = new torch.multiprocessing.Event();
 * print(event.is_set(), event.wait(0.01));
 * event.set();
 * print(event.is_set(), event.wait());
 * ```
 * ```python
 * event = torch.multiprocessing.Event()
 * print(event.is_set(), event.wait(0.01))
 * event.set()
 * print(event.is_set(), event.wait())
 * ```
 */
export class Event {
  /** @internal */
  _words: Words;

  constructor();
  constructor(...none: unknown[]) {
    EVENT.read(none);
    check_system('Event');
    this._words = Words.zeros(1);
  }

  /** @internal */
  __getstate__(): EventState {
    return { words: this._words.state('Event') };
  }

  /** @internal */
  __setstate__({ words }: EventState): void {
    this._words = Words.of(words);
  }

  /** Whether the flag is set. */
  is_set(...none: []): boolean {
    no_arguments('is_set', none);
    return this._words.load(0) === 1;
  }

  /** Sets the flag, and wakes all who wait for it. */
  set(...none: []): void {
    no_arguments('set', none);
    this._words.store(0, 1);
    this._words.wake(0);
  }

  /** Resets the flag. */
  clear(...none: []): void {
    no_arguments('clear', none);
    this._words.store(0, 0);
  }

  /**
   * Waits until the flag is set.
   * @param timeout - at most so many seconds; default null: without an end
   * @returns whether it is set
   */
  wait(...args: Timeout): boolean;
  wait(...args: unknown[]): boolean {
    const end = end_of(WAIT.read(args).timeout ?? null);
    while (this._words.load(0) === 0) {
      if (end <= performance.now()) return false;
      this._words.wait(0, 0, end);
    }
    return true;
  }

  toString(): string {
    return `<Event ${this._words.load(0) === 1 ? 'set' : 'unset'}>`;
  }
}

/**
 * A {@link Barrier} was broken, or given up, while a process waited at it. Mirrors `threading.BrokenBarrierError`.
 * @example
 * ```ts
 * const barrier = new torch.multiprocessing.Barrier(2);
 * barrier.abort();
 * try {
 *   barrier.wait();
 * } catch (error) {
 *   print((error as Error).name); // BrokenBarrierError
 * }
 * ```
 */
export class BrokenBarrierError extends Error {
  override name = 'BrokenBarrierError';
}

interface BarrierOptions {
  /** Called by one of the processes when all are there, before they go on. Default null. */
  action?: (() => void) | null;
  /** How long `wait()` waits when it is not said there, in seconds. Default null: without an end. */
  timeout?: number | null;
}

const BARRIER = signature<BarrierOptions & { parties: number }>(
  'Barrier',
  'parties: int, action?: Callable|None, timeout?: float|None',
);

// Places of a barrier's words.
const STATE = 0;
const ARRIVED = 1;
const [FILLING, DRAINING, RESETTING, BROKEN] = [0, 1, 2, 3];

/** What a barrier is in another process. */
interface BarrierState {
  readonly condition: Condition;
  readonly words: WordsState;
  readonly parties: number;
  readonly action: (() => void) | null;
  readonly timeout: number | null;
}

/**
 * A place where a number of processes wait for each other. Mirrors `torch.multiprocessing.Barrier`.
 *
 * @param parties - how many wait for each other
 * @param action - called by one of them when all are there
 * @param timeout - of `wait()`, in seconds; default null: without an end
 * @example
 * ```ts
 * const barrier = new torch.multiprocessing.Barrier(1, { action: () => { print('all are here'); } });
 * print(barrier.wait(), barrier.parties, barrier.n_waiting, barrier.broken);
 * ```
 * ```python
 * barrier = torch.multiprocessing.Barrier(1, action=lambda: print('all are here'))
 * print(barrier.wait(), barrier.parties, barrier.n_waiting, barrier.broken)
 * ```
 */
export class Barrier {
  /** @internal */
  _condition: Condition;
  /** @internal */
  _words: Words;
  /** @internal */
  _parties: number;
  /** @internal */
  _action: (() => void) | null;
  /** @internal */
  _timeout: number | null;

  constructor(parties: number, action?: (() => void) | null, timeout?: number | null);
  constructor(parties: number, options: BarrierOptions);
  constructor(parties: number, action: (() => void) | null, options: Omit<BarrierOptions, 'action'>);
  constructor(options: BarrierOptions & { parties: number });
  constructor(...args: unknown[]) {
    const { parties, action = null, timeout = null } = BARRIER.read(args);
    check_system('Barrier');
    if (parties < 1) throw new Error('parties must be > 0');
    this._condition = new Condition();
    this._words = Words.zeros(2);
    this._parties = Number(parties);
    this._action = action;
    this._timeout = timeout;
  }

  /** @internal */
  __getstate__(): BarrierState {
    const { _condition: condition, _words, _parties: parties, _action: action, _timeout: timeout } = this;
    return { condition, words: _words.state('Barrier'), parties, action, timeout };
  }

  /** @internal */
  __setstate__({ condition, words, parties, action, timeout }: BarrierState): void {
    this._condition = condition;
    this._words = Words.of(words);
    this._parties = parties;
    this._action = action;
    this._timeout = timeout;
  }

  /** How many wait for each other. */
  get parties(): number {
    return this._parties;
  }

  /** How many wait now. */
  get n_waiting(): number {
    return this._words.load(STATE) === FILLING ? this._words.load(ARRIVED) : 0;
  }

  /** Whether it is broken. */
  get broken(): boolean {
    return this._words.load(STATE) === BROKEN;
  }

  /**
   * Waits until all are there.
   * @param timeout - in seconds, after which the barrier is broken; default that of the barrier
   * @returns a number from 0 to `parties - 1`, another one for each
   * @throws BrokenBarrierError when it is broken or reset, by then or before
   */
  wait(...args: Timeout): number;
  wait(...args: unknown[]): number {
    const timeout = WAIT.read(args).timeout ?? this._timeout;
    const words = this._words;
    return this.locked(() => {
      this._condition.wait_for(() => words.load(STATE) === FILLING || this.broken);
      if (this.broken) throw new BrokenBarrierError();
      const index = words.add(ARRIVED, 1);
      try {
        if (index + 1 === this._parties) this.open();
        else this.until_open(timeout);
        return index;
      } finally {
        words.add(ARRIVED, -1);
        const state = words.load(STATE);
        if (words.load(ARRIVED) === 0 && (state === DRAINING || state === RESETTING)) this.change(FILLING);
      }
    });
  }

  private locked<T>(run: () => T): T {
    this._condition.acquire();
    try {
      return run();
    } finally {
      this._condition.release();
    }
  }

  private change(state: number): void {
    this._words.store(STATE, state);
    this._condition.notify_all();
  }

  /** By the last one. */
  private open(): void {
    try {
      this._action?.();
    } catch (error) {
      this.change(BROKEN);
      throw error;
    }
    this.change(DRAINING);
  }

  private until_open(timeout: number | null): void {
    if (!this._condition.wait_for(() => this._words.load(STATE) !== FILLING, timeout)) this.change(BROKEN);
    if (this._words.load(STATE) !== DRAINING) throw new BrokenBarrierError();
  }

  /** Makes it as new; those who wait get a {@link BrokenBarrierError}. */
  reset(...none: []): void {
    no_arguments('reset', none);
    this.locked(() => {
      this.change(this._words.load(ARRIVED) > 0 ? RESETTING : FILLING);
    });
  }

  /** Breaks it, for those who wait and who come later. */
  abort(...none: []): void {
    no_arguments('abort', none);
    this.locked(() => {
      this.change(BROKEN);
    });
  }

  toString(): string {
    return `<multiprocessing.synchronize.Barrier: waiters=${this.n_waiting}/${this._parties}>`;
  }
}
