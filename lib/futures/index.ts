/** Results that come later: `torch.futures`. */
import { kind_of, name_class } from '../_internal/kind_of.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { Device, device_text, type DeviceLike } from '../types/device.js';

/** What has become of a future. */
type State<T> = { done: false } | { done: true; value: T } | { done: true; error: Error };

/**
 * Keeps TypeScript from taking Python's form of `then` for that which `await` calls: it looks at all forms whose `this` is a
 * supertype of the future, and for that a property that may be missing counts.
 */
interface NotAwaited {
  readonly _not_awaited?: never;
}

const FUTURE = signature<{ devices?: readonly DeviceLike[] | null }>('Future', '*, devices?: device[]|None');
const CALLS = {
  done: method_signature<object>('Future.done'),
  wait: method_signature<object>('Future.wait'),
  value: method_signature<object>('Future.value'),
  then: method_signature<{ callback: (future: Future<unknown>) => unknown }>('Future.then', 'callback: Callable'),
  add_done_callback: method_signature<{ callback: (future: Future<unknown>) => void }>(
    'Future.add_done_callback',
    'callback: Callable',
  ),
  set_result: method_signature<{ result: unknown }>('Future.set_result', 'result: any'),
  set_exception: method_signature<{ result: unknown }>('Future.set_exception', 'result: any'),
};

function check_devices(devices: readonly DeviceLike[]): void {
  for (const device of devices) {
    const { index } = new Device(device_text(device));
    if (index === null) throw new Error(`Expected devices to have indices, got ${String(device)}`);
  }
}

/** An error of a callback, as Python words it. */
function callback_error(error: unknown): Error {
  const { name, message } = error as Error;
  return new Error(`Got the following error when running the callback: ${name}: ${message}`, { cause: error });
}

/**
 * A result that comes later. Mirrors `torch.futures.Future`. `await future` gives the result, or throws the exception;
 * {@link Future.wait} gives it when it is there already, since a thread of JavaScript cannot wait for what it must do itself.
 *
 * @param options - `devices`: the devices of the tensors in the result; default null
 * @throws Error for a device without an index
 * @example
 * ```ts
 * const future = new torch.futures.Future<number>();
 * const next = future.then((done) => done.wait() + 1);
 * future.set_result(1);
 * print(next.done(), next.wait());
 * ```
 * ```python
 * future = torch.futures.Future()
 * next = future.then(lambda done: done.wait() + 1)
 * future.set_result(1)
 * print(next.done(), next.wait())
 * ```
 */
export class Future<T = unknown> {
  private state: State<T> = { done: false };
  private callbacks: (() => void)[] = [];
  /** What blocks until this future is done, where a thread can wait for it: that of a collective does. */
  private finish: (() => void) | null = null;

  constructor(options?: { devices?: readonly DeviceLike[] | null });
  constructor(...args: unknown[]) {
    check_devices(FUTURE.read(args).devices ?? []);
  }

  /** Whether the result, or an exception, is there. */
  done(...args: []): boolean {
    CALLS.done.read(args);
    return this.state.done;
  }

  /**
   * The result. That of a collective is waited for, and so is what callbacks make of it.
   * @throws the exception, when there is one instead
   * @throws Error while neither is there: `await` the future then
   */
  wait(...args: []): T {
    CALLS.wait.read(args);
    if (!this.state.done) this.finish?.();
    return this.outcome('wait');
  }

  /** The result of a future that is done. @throws the exception, when there is one instead; Error while neither is there */
  value(...args: []): T {
    CALLS.value.read(args);
    return this.outcome('value');
  }

  private outcome(name: string): T {
    const { state } = this;
    if (!state.done)
      throw new Error(`Future.${name}(): the future is not done; await it, or wait for it in a callback`);
    if ('error' in state) throw state.error;
    return state.value;
  }

  /**
   * Runs a function with the future once it is done, at once when it is.
   * @param callback - gets this future
   * @returns a future of what the function returns; an error that it throws is the exception of that one
   */
  then<S>(this: Future<T> & NotAwaited, callback: (future: Future<T>) => S): Future<S>;
  /** What `await` calls. */
  then<A = T, B = never>(
    on_value: ((value: T) => A | PromiseLike<A>) | null | undefined,
    on_error: ((reason: unknown) => B | PromiseLike<B>) | null | undefined,
  ): Promise<A | B>;
  then(...args: unknown[]): unknown {
    if (args.length === 2 && args.every((each) => typeof each === 'function' || each === null || each === undefined)) {
      const [on_value, on_error] = args as [((value: T) => unknown) | null, ((reason: unknown) => unknown) | null];
      return new Promise<T>((resolve, reject) => {
        this.when_done(() => {
          const { state } = this;
          if ('error' in state) reject(state.error);
          else resolve((state as { value: T }).value);
        });
      }).then(on_value, on_error);
    }
    const { callback } = CALLS.then.read(args);
    const next = new Future<unknown>();
    next.finish = this.finish;
    this.when_done(() => {
      try {
        next.set_result(callback(this as Future<unknown>));
      } catch (error) {
        next.set_exception(callback_error(error));
      }
    });
    return next;
  }

  /** Runs a function with the future once it is done, at once when it is. What it throws is a warning. */
  add_done_callback(callback: (future: Future<T>) => void): void;
  add_done_callback(...args: unknown[]): void {
    const { callback } = CALLS.add_done_callback.read(args);
    this.when_done(() => {
      try {
        callback(this as Future<unknown>);
      } catch (error) {
        process.emitWarning(callback_error(error));
      }
    });
  }

  /**
   * Sets the result, and runs the callbacks.
   * @throws Error when the future is done already
   */
  set_result(result: T): void;
  set_result(...args: unknown[]): void {
    this.complete({ done: true, value: CALLS.set_result.read(args).result as T });
  }

  /**
   * Sets an exception instead of a result, and runs the callbacks.
   * @throws Error for what is not an Error, and when the future is done already
   */
  set_exception(result: Error): void;
  set_exception(...args: unknown[]): void {
    const { result } = CALLS.set_exception.read(args);
    if (!is_error(result)) {
      throw new Error(`${String(result)} is of type <class '${kind_of(result)}'>, not an Exception.`);
    }
    this.complete({ done: true, error: result });
  }

  /** A future whose wait waits for others. @internal */
  static _of_all(futures: readonly Future[]): Future<Future[]> {
    const all = new Future<Future[]>();
    all.finish = () => {
      for (const each of futures) if (!each.state.done) each.finish?.();
    };
    return all;
  }

  /**
   * A future that the event loop, or a wait, completes.
   * @param start - starts what completes the future without blocking; it gets a function that does that
   * @param finish - blocks, and returns the result
   * @internal
   */
  static _of_waiting<T>(start: (done: () => void) => void, finish: () => T): Future<T> {
    const future = new Future<T>();
    future.finish = () => {
      if (future.state.done) return;
      let state: State<T>;
      try {
        state = { done: true, value: finish() };
      } catch (error) {
        state = { done: true, error: error as Error };
      }
      future.complete(state);
    };
    start(future.finish);
    return future;
  }

  private complete(state: State<T>): void {
    if (this.state.done) {
      throw new Error(
        'Attempting to mark a completed Future as complete again. Note that a Future can only be marked completed once.',
      );
    }
    this.state = state;
    const { callbacks } = this;
    this.callbacks = [];
    for (const callback of callbacks) callback();
  }

  private when_done(callback: () => void): void {
    if (this.state.done) callback();
    else this.callbacks.push(callback);
  }
}

const is_error = (value: unknown): value is Error =>
  Object.prototype.toString.call(value) === '[object Error]' || value instanceof Error;

name_class(Future, 'torch.jit.Future');
define_kind('Future', 'torch.futures.Future', (value) => value instanceof Future);

const COLLECT_ALL = signature<{ futures: readonly Future[] }>('collect_all', 'futures: Future[]');
const WAIT_ALL = signature<{ futures: readonly Future[] }>('wait_all', 'futures: Future[]');

/** The results of futures, one for each. */
type Results<F extends readonly Future<unknown>[]> = {
  -readonly [K in keyof F]: F[K] extends Future<infer T> ? T : never;
};

/**
 * A future that is done when all of a list are; its result is the list. Mirrors `torch.futures.collect_all`.
 *
 * @param futures - the futures
 * @returns a future, which has the first exception among them, if any
 * @example
 * ```ts
 * const [a, b] = [new torch.futures.Future<number>(), new torch.futures.Future<number>()];
 * const both = torch.futures.collect_all([a, b]);
 * a.set_result(1);
 * print(both.done());
 * b.set_result(2);
 * print(both.wait().map((future) => future.wait()));
 * ```
 * ```python
 * a, b = torch.futures.Future(), torch.futures.Future()
 * both = torch.futures.collect_all([a, b])
 * a.set_result(1)
 * print(both.done())
 * b.set_result(2)
 * print([future.wait() for future in both.wait()])
 * ```
 */
export function collect_all<T>(futures: readonly Future<T>[]): Future<Future<T>[]>;
export function collect_all(...args: unknown[]): Future<Future[]> {
  return collected(COLLECT_ALL.read(args).futures);
}

function collected(futures: readonly Future[]): Future<Future[]> {
  const all = Future._of_all(futures);
  let left = futures.length;
  if (left === 0) all.set_result([]);
  const count = (): void => {
    if (--left > 0) return;
    try {
      for (const each of futures) each.value();
      all.set_result([...futures]);
    } catch (error) {
      all.set_exception(error as Error);
    }
  };
  for (const future of futures) future.add_done_callback(count);
  return all;
}

/**
 * The results of a list of futures. Mirrors `torch.futures.wait_all`.
 *
 * @param futures - the futures, all of them done
 * @throws the first exception among them
 * @throws Error while one is not done: `await` {@link collect_all} then
 * @example
 * ```ts
 * const future = new torch.futures.Future<number>();
 * future.set_result(1);
 * print(torch.futures.wait_all([future, future.then((done) => done.wait() + 1)]));
 * ```
 * ```python
 * future = torch.futures.Future()
 * future.set_result(1)
 * print(torch.futures.wait_all([future, future.then(lambda done: done.wait() + 1)]))
 * ```
 */
export function wait_all<const F extends readonly Future<unknown>[]>(futures: F): Results<F>;
export function wait_all(...args: unknown[]): unknown[] {
  return collected(WAIT_ALL.read(args).futures)
    .wait()
    .map((future) => future.wait());
}
