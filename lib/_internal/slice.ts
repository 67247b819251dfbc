/** Slices with computed bounds, for `x.index(...)` of tensors and NDArrays. */
import { name_class } from './kind_of.js';
import { define_kind, signature } from './signature.js';

type Bound = number | bigint | null;

const SLICE = signature<{ start: Bound; stop?: Bound; step?: Bound }>(
  'slice',
  'start: int|None, stop?: int|None, step?: int|None',
);
const FROM = signature<{ start: Bound; step?: Bound }>('slice.from', 'start: int|None, step?: int|None');
const TO = signature<{ stop: Bound; step?: Bound }>('slice.to', 'stop: int|None, step?: int|None');

/** A range of indices, as {@link slice} returns it; mirrors Python's `slice`. */
export class Slice {
  /** @internal */
  constructor(
    /** The first index; null for the beginning. */
    readonly start: Bound,
    /** The index after the last; null for the end. */
    readonly stop: Bound,
    /** The step between indices; null for 1. */
    readonly step: Bound,
  ) {}

  /** As Python prints it: `slice(1, None, 2)`. */
  toString(): string {
    return `slice(${[this.start, this.stop, this.step].map((bound) => bound ?? 'None').join(', ')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function made(start: Bound, stop: Bound, step: Bound): Slice {
  if (step !== null && Number(step) === 0) throw new Error('slice step cannot be zero');
  return new Slice(start, stop, step);
}

/**
 * A range of indices for `x.index(...)`, as Python's `slice`; for computed bounds, where the text form `'1:5:2'` is
 * inconvenient.
 *
 * With one argument that is the end, as in Python; `slice.from(a)` and `slice.to(b)` name the bound. Negative bounds
 * count from the end.
 *
 * @param start - first index; null for the beginning
 * @param stop - index after the last; null for the end
 * @param step - step between indices; default null, 1
 * @throws Error when the step is 0
 * @example
 * ```ts
 * const x = torch.arange(10);
 * const n = 3;
 * print(x.index(torch.slice(n, 2 * n)), x.index(torch.slice.from(-n)), x.index(torch.slice(null, null, n)));
 * ```
 * ```python
 * x = torch.arange(10)
 * n = 3
 * print(x[n:2 * n], x[-n:], x[::n])
 * ```
 */
export function slice(stop: Bound): Slice;
export function slice(start: Bound, stop: Bound, step?: Bound): Slice;
export function slice(...args: unknown[]): Slice {
  const { start, stop, step = null } = SLICE.read(args);
  return stop === undefined ? made(null, start, step) : made(start, stop, step);
}

export namespace slice {
  /** All from an index on: Python's `a:`. */
  export function from(start: Bound, step?: Bound): Slice;
  export function from(...args: unknown[]): Slice {
    const { start, step = null } = FROM.read(args);
    return made(start, null, step);
  }

  /** All before an index: Python's `:b`. */
  export function to(stop: Bound, step?: Bound): Slice;
  export function to(...args: unknown[]): Slice {
    const { stop, step = null } = TO.read(args);
    return made(null, stop, step);
  }
}

name_class(Slice, 'slice');
define_kind('slice', 'slice', (value) => value instanceof Slice);
