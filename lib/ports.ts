/** Python's builtins that training scripts lean on, so that a port reads like the original. */
import { iterable_argument, number_arguments, tensor_arguments } from './nn/arguments.js';
import { kind_of } from './nn/representation.js';
import { warn } from './nn/warnings.js';
import type { Tensor } from './tensor.js';

function* numbered<T>(iterator: Iterator<T>, start: number): Generator<[number, T], void, undefined> {
  let done = false;
  try {
    for (let i = start; ; i++) {
      const next = iterator.next();
      done = next.done === true;
      if (next.done) return;
      yield [i, next.value];
    }
  } finally {
    if (!done) iterator.return?.();
  }
}

/**
 * The elements with their numbers, as Python's `enumerate`.
 * @example
 * ```ts
 * for (const [step, [x, y]] of enumerate(train_loader)) { ... }
 * ```
 */
export function enumerate<T>(iterable: Iterable<T>, start = 0): IterableIterator<[number, T]> {
  iterable_argument('enumerate', 'iterable', iterable);
  number_arguments('enumerate', 'int', { start });
  // The iterator is asked for now, not at the first element, as Python does: it may draw random numbers.
  return numbered(iterable[Symbol.iterator](), start);
}

/** The integers from `start` (0 when left out) up to but without `stop`, as Python's `range`. */
export function range(stop: number): IterableIterator<number>;
export function range(start: number, stop: number, step?: number): IterableIterator<number>;
export function range(first: number, second?: number, step = 1): IterableIterator<number> {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  for (const [name, value] of [['start', start], ['stop', stop], ['step', step]] as const) {
    if (!Number.isSafeInteger(value)) {
      throw new TypeError(`range(): argument '${name}' must be int, not ${kind_of(value)}`);
    }
  }
  if (step === 0) throw new RangeError('range(): argument \'step\' must not be zero');
  return count(start, stop, step);
}

function* count(start: number, stop: number, step: number): Generator<number, void, undefined> {
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) yield i;
}

type Zipped<I extends readonly Iterable<unknown>[]> = { -readonly [K in keyof I]: I[K] extends Iterable<infer T> ? T : never };

/** Elements side by side until the shortest iterable ends, as Python's `zip`. */
export function zip<I extends readonly Iterable<unknown>[]>(...iterables: I): IterableIterator<Zipped<I>> {
  iterables.forEach((iterable, i) => iterable_argument('zip', `iterables[${i}]`, iterable));
  return zipped(iterables.map((iterable) => iterable[Symbol.iterator]())) as IterableIterator<Zipped<I>>;
}

function* zipped(iterators: readonly Iterator<unknown>[]): Generator<unknown[], void, undefined> {
  const open = new Set(iterators);
  try {
    while (iterators.length > 0) {
      const row: unknown[] = [];
      for (const iterator of iterators) {
        const next = iterator.next();
        if (next.done) {
          open.delete(iterator);
          return;
        }
        row.push(next.value);
      }
      yield row;
    }
  } finally {
    for (const iterator of open) iterator.return?.();
  }
}

/**
 * What `torch.autograd.Variable` has become: a tensor that shares the memory of `data` and has no history.
 * `volatile` has no effect any more; use `torch.no_grad`.
 */
export function Variable(data: Tensor, options: { requires_grad?: boolean; volatile?: boolean } = {}): Tensor {
  tensor_arguments('Variable', { data });
  const { requires_grad = false, volatile = false } = options;
  if (volatile && requires_grad) throw new Error("Variable can't be volatile and require_grad at the same time!");
  if (volatile) warn('volatile was removed and now has no effect. Use `torch.no_grad(() => ...)` instead.');
  const variable = data.detach();
  return requires_grad ? variable.requires_grad_() : variable;
}
