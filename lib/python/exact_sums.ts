/** Sums of floats without loss: what CPython's `fsum`, `sumprod`, `hypot` and `dist` are made of. */
import { native } from '../_C/native.js';

/** A sum as two floats that do not overlap. */
type Pair = readonly [high: number, low: number];

function two_sum(a: number, b: number): Pair {
  const sum = a + b;
  const rest = sum - a;
  return [sum, a - (sum - rest) + (b - rest)];
}

/** The sum of two numbers of which the first is the larger. */
function fast_two_sum(a: number, b: number): Pair {
  const sum = a + b;
  return [sum, a - sum + b];
}

function two_product(a: number, b: number): Pair {
  const product = a * b;
  return [product, native.math_fma(a, b, -product)];
}

/**
 * Adds a number to Shewchuk's partial sums, which do not overlap and grow in size. Returns the new ones and, apart, the largest of
 * them, which is not finite after an overflow.
 */
function add_to_partials(partials: readonly number[], number: number): [smaller: number[], largest: number] {
  const smaller: number[] = [];
  let x = number;
  for (let y of partials) {
    if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
    const [high, low] = fast_two_sum(x, y);
    if (low !== 0) smaller.push(low);
    x = high;
  }
  return [smaller, x];
}

/** The sum of partial sums, rounded once. */
function rounded_sum(partials: readonly number[]): number {
  let i = partials.length;
  if (i === 0) return 0;
  let high = partials[--i]!;
  let low = 0;
  while (i > 0) {
    [high, low] = fast_two_sum(high, partials[--i]!);
    if (low !== 0) break;
  }
  // Halves to even: the partials beyond decide which way a half goes.
  const decides = i > 0 && ((low < 0 && partials[i - 1]! < 0) || (low > 0 && partials[i - 1]! > 0));
  if (!decides) return high;
  const twice = low * 2;
  const sum = high + twice;
  return twice === sum - high ? sum : high;
}

/** The correctly rounded sum, as CPython's. @throws Error and RangeError with Python's texts */
export function exact_sum(numbers: Iterable<number>): number {
  let partials: number[] = [];
  let specials = 0;
  let infinities = 0;
  for (const number of numbers) {
    const [smaller, largest] = add_to_partials(partials, number);
    partials = smaller;
    if (Number.isFinite(largest)) {
      if (largest !== 0) partials.push(largest);
      continue;
    }
    if (Number.isFinite(number)) throw new RangeError('intermediate overflow in fsum');
    if (!Number.isNaN(number)) infinities += number;
    specials += number;
    partials = [];
  }
  if (specials === 0) return rounded_sum(partials);
  if (Number.isNaN(infinities)) throw new Error('-inf + inf in fsum');
  return specials;
}

/** The length of a vector without overflow and with all bits, as CPython's `vector_norm`. */
export function vector_norm(vector: readonly number[], largest: number, has_nan: boolean): number {
  if (largest === Infinity) return Infinity;
  if (has_nan) return NaN;
  if (largest === 0 || vector.length <= 1) return largest;
  const exponent = exponent_of(largest);
  if (exponent < -1023) {
    // Subnormal numbers are scaled up first.
    const least = 2 ** -1022;
    return (
      least *
      vector_norm(
        vector.map((x) => x / least),
        largest / least,
        has_nan,
      )
    );
  }
  const scale = native.math_ldexp(1, -exponent);
  let sum = 1;
  let [fraction, fraction_of_squares] = [0, 0];
  for (const element of vector) {
    const x = element * scale;
    const [square, rest] = two_product(x, x);
    const [high, low] = fast_two_sum(sum, square);
    sum = high;
    fraction += low;
    fraction_of_squares += rest;
  }
  const root = Math.sqrt(sum - 1 + (fraction + fraction_of_squares));
  // One step of Newton's with the error of the root.
  const [square, rest] = two_product(-root, root);
  const [high, low] = fast_two_sum(sum, square);
  fraction += low;
  fraction_of_squares += rest;
  const error = high - 1 + (fraction + fraction_of_squares);
  return (root + error / (2 * root)) / scale;
}

/** The exponent of C's `frexp`. */
export function exponent_of(x: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(x));
  const biased = bits.getUint16(0) >> 4;
  if (biased > 0) return biased - 1022;
  bits.setFloat64(0, Math.abs(x) * 2 ** 54);
  return (bits.getUint16(0) >> 4) - 1022 - 54;
}

/** A sum of products in triple precision, as CPython's `sumprod`. */
export function exact_dot(p: readonly number[], q: readonly number[]): number {
  let [high, low, tiny] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const [product, rest] = two_product(p[i]!, q[i]!);
    const [sum, lost] = two_sum(high, product);
    const [first, lost_first] = two_sum(low, rest);
    const [second, lost_second] = two_sum(first, lost);
    high = sum;
    low = second;
    tiny = tiny + lost_first + lost_second;
  }
  const [sum, rest] = two_sum(low, high);
  return tiny + rest + sum;
}
