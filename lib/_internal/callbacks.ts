/**
 * Functions of the caller's that run while something is switched: a grad mode, a default device, hooks. What is switched
 * ends when the function returns, so an asynchronous one throws, and a generator function gets it in each of its steps.
 * Knows nothing of torch.
 */
import { types } from 'node:util';

import { end_scopes_within, open_scopes } from './scopes.js';

/** A mode that can be entered and left: `leave` is called with the result of `enter`. */
export interface Mode<S> {
  enter(): S;
  leave(before: S): void;
}

/** `AsyncFunction`, `GeneratorFunction`, `AsyncGeneratorFunction`; undefined for other functions. */
function tag_of(fn: unknown): unknown {
  return (fn as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
}

function must_be_synchronous(callee: string): TypeError {
  return new TypeError(`${callee}(): the function must be synchronous: the mode ends when it returns`);
}

function is_thenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

/**
 * Refuses an asynchronous function before it runs.
 * @throws TypeError
 */
export function refuse_async(callee: string, fn: unknown): void {
  const tag = tag_of(fn);
  if (tag === 'AsyncFunction' || tag === 'AsyncGeneratorFunction') throw must_be_synchronous(callee);
}

/**
 * Refuses a generator function beside an asynchronous one: where what it would do in its steps could not be looked after.
 * @throws TypeError
 */
export function refuse_steps(callee: string, fn: unknown): void {
  refuse_async(callee, fn);
  if (tag_of(fn) === 'GeneratorFunction')
    throw new TypeError(`${callee}(): the function must not be a generator function`);
}

/**
 * Refuses a promise that a plain function has returned. What it does goes on; should it fail, then the error that this
 * function throws has said enough, and the process must not end for a rejection that no one can handle.
 * @throws TypeError
 */
export function refuse_promise<T>(callee: string, result: T): T {
  if (!is_thenable(result)) return result;
  if (types.isPromise(result)) result.catch(() => undefined);
  throw must_be_synchronous(callee);
}

/** Calls a function whose work must be done when it returns. @throws TypeError for an asynchronous one */
export function call_synchronously<A extends unknown[], T>(callee: string, fn: (...args: A) => T, ...args: A): T {
  refuse_async(callee, fn);
  return refuse_promise(callee, fn(...args));
}

/** Runs a function in a mode; a promise or generator that it returns is not checked. */
export function call_in_mode<S, T>(mode: Mode<S>, run: () => T): T {
  const before = mode.enter();
  try {
    return run();
  } finally {
    mode.leave(before);
  }
}

/**
 * A generator whose every step, also the ones by `throw` and `return`, runs in the mode; Python's `_wrap_generator`. It is not
 * in the mode while it waits for its next step.
 */
function in_steps<S, G extends Generator>(mode: Mode<S>, generator: G): G {
  const wrapped = Object.create(Object.getPrototypeOf(generator) as object) as G;
  const step = <A extends unknown[]>(name: string, go_on: (...args: A) => unknown): void => {
    const value = (...args: A): unknown => call_in_mode(mode, () => go_on.apply(generator, args));
    Object.defineProperty(wrapped, name, { value, writable: true, configurable: true });
  };
  const { next, throw: fail, return: close } = generator;
  step('next', next);
  step('throw', fail);
  step('return', close);
  return wrapped;
}

/** Runs a plain function in a mode; guards that it leaves open end with it. */
function run_plain<S, T>(callee: string, mode: Mode<S>, run: () => T): T {
  const depth = open_scopes();
  const before = mode.enter();
  try {
    return refuse_promise(callee, run());
  } finally {
    if (open_scopes() > depth) end_scopes_within(depth, callee);
    mode.leave(before);
  }
}

/**
 * Runs a function in a mode and returns its result. Of a generator function, each step runs in the mode.
 * @throws TypeError when the function is asynchronous
 */
export function run_in_mode<S, T>(callee: string, mode: Mode<S>, fn: () => T): T {
  const tag = tag_of(fn);
  if (tag !== undefined) {
    refuse_async(callee, fn);
    if (tag === 'GeneratorFunction') return in_steps(mode, fn() as Generator) as T;
  }
  return run_plain(callee, mode, fn);
}

/**
 * A function each of whose calls runs in a mode; of a generator function, each step.
 * @throws TypeError when the function is asynchronous
 */
export function in_mode<S>(callee: string, mode: Mode<S>, fn: (...args: never[]) => unknown): typeof fn {
  refuse_async(callee, fn);
  return tag_of(fn) === 'GeneratorFunction'
    ? function (this: unknown, ...args: never[]) {
        return in_steps(mode, fn.apply(this, args) as Generator);
      }
    : function (this: unknown, ...args: never[]) {
        return run_plain(callee, mode, () => fn.apply(this, args));
      };
}
