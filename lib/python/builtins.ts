/** Python's builtins that training scripts lean on, so that a port reads like the original. */
import { signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { Tensor } from '../_tensor.js';

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

const ENUMERATE = signature<{ iterable: Iterable<unknown>; start?: number }>(
  'enumerate',
  'iterable: Iterable, start?: int',
);

/**
 * The elements of an iterable with their indices. Mirrors Python's `enumerate`.
 *
 * @param iterable - any iterable
 * @param start - first index; default 0
 * @throws TypeError when it is not iterable
 * @example
 * ```ts
 * import { enumerate } from 'torch-node/python';
 * for (const [i, name] of enumerate(['a', 'b'])) print(i, name);
 * ```
 * ```python
 * for i, name in enumerate(['a', 'b']):
 *     print(i, name)
 * ```
 */
export function enumerate<T>(iterable: Iterable<T>, start?: number | { start?: number }): IterableIterator<[number, T]>;
export function enumerate(...args: unknown[]): IterableIterator<[number, unknown]> {
  const { iterable, start = 0 } = ENUMERATE.read(args);
  // The iterator is asked for now, not at the first element, as Python does: it may draw random numbers.
  return numbered(iterable[Symbol.iterator](), start);
}

/**
 * The integers from `start` up to, not including, `stop`. Mirrors Python's `range`.
 *
 * @param start - first integer; default 0
 * @param stop - end, exclusive
 * @param step - difference of the integers; default 1
 * @returns the integers, with their number as `length`
 * @throws RangeError when the step is 0
 * @throws TypeError for arguments that are not integers
 * @example
 * ```ts
 * import { range } from 'torch-node/python';
 * print([...range(3)], [...range(5, 0, -2)]);
 * ```
 * ```python
 * print(list(range(3)), list(range(5, 0, -2)))
 * ```
 */
export function range(stop: number): IterableIterator<number> & { readonly length: number };
export function range(
  start: number,
  stop: number,
  step?: number,
): IterableIterator<number> & { readonly length: number };
export function range(...args: unknown[]): IterableIterator<number> & { readonly length: number } {
  const { numbers } = RANGE.read(args);
  if (numbers.length === 0) throw new TypeError('range() expected at least 1 argument, got 0');
  if (numbers.length > 3) throw new TypeError(`range() expected at most 3 arguments, got ${numbers.length}`);
  const [first, second, step = 1] = numbers.map(Number) as [number, number?, number?];
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new RangeError('range() arg 3 must not be zero');
  // As `len(range(...))`, which progress bars ask for.
  const length = Math.max(0, Math.ceil((stop - start) / step));
  const numbers_of: IterableIterator<number> = count(start, stop, step);
  return Object.defineProperty(numbers_of, 'length', { value: length }) as ReturnType<typeof range>;
}

const RANGE = signature<{ numbers: (number | bigint)[] }>('range', '*numbers: int');

function* count(start: number, stop: number, step: number): Generator<number, void, undefined> {
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) yield i;
}

type Zipped<I extends readonly Iterable<unknown>[]> = {
  -readonly [K in keyof I]: I[K] extends Iterable<infer T> ? T : never;
};

const ZIP = signature<{ iterables: Iterable<unknown>[]; strict?: boolean }>(
  'zip',
  '*iterables: Iterable, strict?: bool',
);

/**
 * The elements of several iterables side by side, until the shortest ends. Mirrors Python's `zip`.
 *
 * @param iterables - any iterables
 * @param options - `strict`: throw when one ends before another; default false
 * @throws Error with `strict` when the lengths differ
 * @example
 * ```ts
 * import { zip } from 'torch-node/python';
 * for (const [x, y] of zip([0.5, 1.5], ['a', 'b'])) print(x, y);
 * ```
 * ```python
 * for x, y in zip([0.5, 1.5], ['a', 'b']):
 *     print(x, y)
 * ```
 */
export function zip<I extends readonly Iterable<unknown>[]>(...iterables: I): IterableIterator<Zipped<I>>;
export function zip<I extends readonly Iterable<unknown>[]>(
  ...args: [...iterables: I, options: { strict?: boolean }]
): IterableIterator<Zipped<I>>;
export function zip(...args: unknown[]): IterableIterator<never> {
  const { iterables, strict = false } = ZIP.read(args);
  return zipped(
    iterables.map((iterable) => iterable[Symbol.iterator]()),
    strict,
  ) as IterableIterator<never>;
}

function* zipped(iterators: readonly Iterator<unknown>[], strict: boolean): Generator<unknown[], void, undefined> {
  const open = new Set(iterators);
  try {
    while (iterators.length > 0) {
      const row: unknown[] = [];
      for (const [i, iterator] of iterators.entries()) {
        const next = iterator.next();
        if (next.done) {
          open.delete(iterator);
          if (strict) check_all_ended(iterators, i, open);
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

/** Python's words for iterables of different lengths; the one at `ended` has no more elements. */
function check_all_ended(iterators: readonly Iterator<unknown>[], ended: number, open: Set<Iterator<unknown>>): void {
  const before = (n: number): string => (n === 1 ? ' 1' : `s 1-${n}`);
  if (ended > 0) throw new Error(`zip() argument ${ended + 1} is shorter than argument${before(ended)}`);
  for (let i = 1; i < iterators.length; i++) {
    if (!iterators[i]!.next().done) throw new Error(`zip() argument ${i + 1} is longer than argument${before(i)}`);
    open.delete(iterators[i]!);
  }
}

/**
 * A tensor that shares the memory of another one, without its history. Mirrors `torch.autograd.Variable`, which is
 * deprecated.
 *
 * @param data - the tensor
 * @param requires_grad - record autograd on the result; default false
 * @param volatile - has no effect; use `torch.no_grad`
 * @throws Error when both are true
 * @example
 * ```ts
 * print(torch.autograd.Variable(torch.ones(2), { requires_grad: true }));
 * ```
 * ```python
 * print(torch.autograd.Variable(torch.ones(2), requires_grad=True))
 * ```
 */
export function Variable(
  data: Tensor,
  requires_grad?: boolean | { requires_grad?: boolean; volatile?: boolean },
  volatile?: boolean,
): Tensor;
export function Variable(options: { data: Tensor; requires_grad?: boolean; volatile?: boolean }): Tensor;
export function Variable(...args: unknown[]): Tensor {
  const { data, requires_grad = false, volatile = false } = VARIABLE.read(args);
  if (volatile && requires_grad) throw new Error("Variable can't be volatile and require_grad at the same time!");
  if (volatile) warn('volatile was removed and now has no effect. Use `torch.no_grad(() => ...)` instead.');
  const variable = data.detach();
  return requires_grad ? variable.requires_grad_() : variable;
}

const VARIABLE = signature<{ data: Tensor; requires_grad?: boolean; volatile?: boolean }>(
  'Variable',
  'data: Tensor, requires_grad?: bool, volatile?: bool',
);
