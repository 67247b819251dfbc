/**
 * What Jest and Vitest ask of tensors: whether two are equal, and how one is printed. Both keep their equality testers in an
 * object under a well-known symbol; a tester put there holds for the whole file, as `expect.addEqualityTesters` does.
 */
import { NDArray } from '../numpy/ndarray.js';
import { python_repr } from '../python/print.js';
import { Tensor } from '../_tensor.js';
import { as_tensor } from '../creation.js';
import { define_kind, signature } from '../_internal/signature.js';
import { tensor_difference } from './comparison.js';

/** Returns whether two values are equal, or undefined when it does not apply to them. */
export type EqualityTester = (this: unknown, a: unknown, b: unknown) => boolean | undefined;

/** The part of a runner's `expect` that is used here. */
export interface Expect {
  addEqualityTesters(testers: EqualityTester[]): void;
}

const is_array = (value: unknown): value is Tensor | NDArray => value instanceof Tensor || value instanceof NDArray;

// The texts of the last two values that are not equal but print alike, such as 0.1 and 0.1 + 1e-9.
let alike: { readonly texts: ReadonlyMap<object | number, string> } = { texts: new Map() };

/** The same through copies that runners make of what they print. */
const identity = (value: Tensor | NDArray): object | number => (value instanceof Tensor ? value._h : value.data);

/**
 * Equality of tensors and NDArrays, for `expect.addEqualityTesters`: equal dtype, shape, layout, device and values,
 * where two NaN are equal. `requires_grad` is not compared.
 * @example
 * ```ts
 * import { tensors_equal } from 'torch-node/testing';
 * print(tensors_equal.call(undefined, torch.ones(2), torch.ones(2)), tensors_equal.call(undefined, torch.ones(2), torch.zeros(2))); // True False
 * ```
 */
export function tensors_equal(this: unknown, a: unknown, b: unknown): boolean | undefined {
  if (!is_array(a) && !is_array(b)) return undefined;
  // A matcher such as expect.any(Tensor) decides for itself.
  if (!is_array(a) || !is_array(b)) return is_matcher(a) || is_matcher(b) ? undefined : false;
  if (a === b) return true;
  if (a instanceof Tensor !== b instanceof Tensor) return false;
  const difference = tensor_difference(as_tensor(a), as_tensor(b));
  if (difference === null) return true;
  note_difference(a, b, difference);
  return false;
}

function is_matcher(value: unknown): boolean {
  return typeof (value as { asymmetricMatch?: unknown } | null | undefined)?.asymmetricMatch === 'function';
}

function note_difference(a: Tensor | NDArray, b: Tensor | NDArray, difference: string): void {
  const text = python_repr(a);
  if (text !== python_repr(b)) {
    alike = { texts: new Map() };
    return;
  }
  alike = {
    texts: new Map([
      [identity(a), `${text}\n${difference}`],
      [identity(b), text],
    ]),
  };
}

function printed(this: Tensor | NDArray): string {
  return alike.texts.get(identity(this)) ?? python_repr(this);
}

/**
 * Makes Jest's and Vitest's printer write tensors as Python does: without this it would show nested arrays, without dtype.
 * It leaves the writing to objects that carry the mark of its own matchers. Jest prints copies, for which it would read
 * every property of the class, `T` and `H` too, unless those that it needs are given.
 */
function make_printable(prototype: object): void {
  Object.defineProperties(prototype, {
    $$typeof: { value: Symbol.for('jest.asymmetricMatcher'), configurable: true },
    toAsymmetricMatcher: { value: printed, configurable: true, writable: true },
    [Symbol.for('@jest/serializableProperties')]: {
      get(this: object) {
        return Object.keys(this);
      },
      configurable: true,
    },
  });
}

interface RunnerState {
  customEqualityTesters?: EqualityTester[];
}

function runner_state(): RunnerState | undefined {
  return (globalThis as unknown as Record<symbol, RunnerState | undefined>)[Symbol.for('$$jest-matchers-object')];
}

define_kind(
  'expect',
  'the expect of a test runner',
  (value) => typeof (value as { addEqualityTesters?: unknown } | null | undefined)?.addEqualityTesters === 'function',
);
const SETUP_EXPECT = signature<{ expect: Expect }>('setup_expect', 'expect: expect');

function prepare_printing(): void {
  make_printable(Tensor.prototype);
  make_printable(NDArray.prototype);
}

/**
 * Makes the `expect` of Jest or Vitest compare and print tensors. Importing torch-node in a test does so by itself;
 * this is for an `expect` that did not exist yet.
 *
 * ```ts
 * import { expect } from 'vitest';
 * import { setup_expect } from 'torch-node/testing';
 * setup_expect(expect);
 * ```
 *
 * @param expect - the `expect` of the runner
 */
export function setup_expect(expect: Expect): void;
export function setup_expect(options: { expect: Expect }): void;
export function setup_expect(...args: unknown[]): void {
  const { expect } = SETUP_EXPECT.read(args);
  expect.addEqualityTesters([tensors_equal]);
  prepare_printing();
}

/** Does the same for the runner that the program runs under, if there is one. @internal */
export function setup_runner(): void {
  const testers = runner_state()?.customEqualityTesters;
  if (!Array.isArray(testers)) return;
  testers.push(tensors_equal);
  prepare_printing();
}
