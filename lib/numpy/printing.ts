/** Arrays as text, character for character as numpy's `str` and `repr` with its default options. */
import type { NDArray } from './ndarray.js';
import { type NDArrayDType, type NDArrayElement, read_element } from './types.js';
import { float_repr, format_exponential, format_fixed } from '../_internal/python_numbers.js';
import type { Complex } from '../types/scalar.js';

// numpy's defaults: np.get_printoptions().
const precision = 8;
const threshold = 1000;
const edgeitems = 3;
const linewidth = 75;

type Real = number | bigint | boolean;
type Writer = (value: NDArrayElement) => string;

/** An element of an array without dimensions or with one. It does not leave the array: what is noted of it stays. */
const element_of = (array: NDArray, index = 0): NDArrayElement =>
  read_element(array, array.offset + index * (array.strides[0] ?? 0));

/** Significant digits that tell all numbers of a type apart, and those that it always keeps. */
const digits_of: Partial<Record<NDArrayDType, { distinct: number; kept: number }>> = {
  float16: { distinct: 5, kept: 3 },
  float32: { distinct: 9, kept: 6 },
  complex64: { distinct: 9, kept: 6 },
};

function rounds_to(dtype: NDArrayDType, text: string, value: number): boolean {
  const read = Number(text);
  if (dtype !== 'float16') return Math.fround(read) === value;
  // A float16 has 11 bits: half a unit in its last place either way still reads as the same number, when that is even.
  const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
  const distance = Math.abs(read - value);
  return distance < unit / 2 || (distance === unit / 2 && (value / unit) % 2 === 0);
}

/** A number with so many digits, halves to the even digit, where `toPrecision` takes the larger one. */
function to_digits(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  const exact = value.toExponential(digits + 30);
  const halfway = exact.slice(exact.indexOf('.') + digits, exact.indexOf('e'));
  if (!/^50*$/.test(halfway)) return text;
  const below = `${exact.slice(0, exact.indexOf('.') + digits)}${exact.slice(exact.indexOf('e'))}`;
  return Number(/\d\.?e/.exec(below)![0].charAt(0)) % 2 === 0 ? below : text;
}

/** The shortest decimal number that reads back as this element. */
function shortest(value: number, dtype: NDArrayDType): number {
  const digits = digits_of[dtype];
  if (!digits || value === 0 || !Number.isFinite(value)) return value;
  for (let n = 1; n < digits.distinct; n++) {
    const text = to_digits(value, n);
    if (rounds_to(dtype, text, value)) return Number(text);
  }
  return Number(to_digits(value, digits.distinct));
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const without_zeros = (digits: string): string => digits.replace(/0+$/, '');
const longest = (texts: readonly string[]): number => texts.reduce((length, text) => Math.max(length, text.length), 0);

class FloatWriter {
  private readonly exponential: boolean;
  private fraction_digits = 0;
  private exponent_digits = 0;
  private before = 0;
  private after = 0;

  constructor(
    values: readonly number[],
    private readonly dtype: NDArrayDType,
    private readonly plus: boolean,
  ) {
    const finite = values.filter((value) => Number.isFinite(value));
    const sizes = finite.filter((value) => value !== 0).map(Math.abs);
    const largest = Math.max(0, ...sizes);
    const smallest = Math.min(Infinity, ...sizes);
    const limit = 10 ** Math.min(8, digits_of[dtype]?.kept ?? 15);
    this.exponential = sizes.length > 0 && (largest >= limit || smallest < 0.0001 || largest / smallest > 1000);
    if (this.exponential) {
      const texts = finite.map((value) => split(this.scientific(value, this.shortest_fraction(value)), 'e'));
      this.exponent_digits = longest(texts.map(([, exponent]) => exponent)) - 1;
      const parts = texts.map(([mantissa]) => split(mantissa, '.'));
      this.fraction_digits = longest(parts.map(([, fraction]) => fraction));
      this.before = longest(parts.map(([whole]) => whole));
      this.after = this.exponent_digits + 2 + this.fraction_digits;
    } else if (finite.length > 0) {
      const parts = finite.map((value) => split(this.positional(value), '.'));
      this.before = longest(parts.map(([whole]) => whole));
      this.after = longest(parts.map(([, fraction]) => fraction));
    }
    if (finite.length < values.length) {
      const rest = this.after + 1;
      const sign = plus || values.includes(-Infinity) ? 1 : 0;
      this.before = Math.max(this.before, 3 - rest, 3 + sign - rest);
    }
  }

  private signed(text: string): string {
    return this.plus && !text.startsWith('-') ? `+${text}` : text;
  }

  private shortest_fraction(value: number): number {
    const near = shortest(value, this.dtype);
    const digits = (text: string): string => split(split(text, 'e')[0], '.')[1];
    const all = digits(near.toExponential());
    // What is cut off may leave zeros at the end, which numpy drops.
    return all.length <= precision ? all.length : without_zeros(digits(format_exponential(near, precision))).length;
  }

  private scientific(value: number, digits: number): string {
    const [mantissa, exponent] = split(format_exponential(value, digits), 'e');
    const point = digits === 0 ? '.' : '';
    return this.signed(
      `${mantissa}${point}e${exponent.charAt(0)}${exponent.slice(1).padStart(this.exponent_digits, '0')}`,
    );
  }

  private positional(value: number): string {
    const near = shortest(value, this.dtype);
    // Neither so small nor so large that String() would write an exponent.
    const fraction = split(String(near), '.')[1].length;
    const text = fraction <= precision ? format_fixed(near, fraction) : format_fixed(value, precision);
    const [whole, rest] = split(text, '.');
    return this.signed(`${whole}.${without_zeros(rest)}`);
  }

  write(value: number): string {
    if (!Number.isFinite(value)) {
      const name = Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
      return this.signed(name).padStart(this.before + this.after + 1);
    }
    if (this.exponential) {
      const text = this.scientific(value, this.fraction_digits);
      return text.padStart(text.length + this.before - text.indexOf('.'));
    }
    const [whole, fraction] = split(this.positional(value), '.');
    return `${whole.padStart(this.before)}.${fraction.padEnd(this.after)}`;
  }
}

function writer_for(values: readonly NDArrayElement[], array: NDArray): Writer {
  const { dtype } = array;
  if (dtype === 'bool') return (value) => (value ? (array.ndim === 0 ? 'True' : ' True') : 'False');
  if (dtype.startsWith('complex')) {
    const numbers = values as Complex[];
    const real = new FloatWriter(
      numbers.map(({ re }) => re),
      dtype,
      false,
    );
    const imaginary = new FloatWriter(
      numbers.map(({ im }) => im),
      dtype,
      true,
    );
    return (value) => {
      const { re, im } = value as Complex;
      const second = imaginary.write(im);
      const end = second.trimEnd().length;
      return `${real.write(re)}${second.slice(0, end)}j${second.slice(end)}`;
    };
  }
  if (dtype.startsWith('float')) {
    const writer = new FloatWriter(values as number[], dtype, false);
    return (value) => writer.write(value as number);
  }
  const width = longest(values.map(String));
  return (value) => String(value as Real).padStart(width);
}

/** Which indices of a dimension are shown; null stands for the dots. */
function printed_indices(size: number, summary: boolean): (number | null)[] {
  const all = Array.from({ length: size }, (_, i) => i);
  if (!summary || size <= 2 * edgeitems) return all;
  return [...all.slice(0, edgeitems), null, ...all.slice(-edgeitems)];
}

function printed_elements(array: NDArray, summary: boolean): NDArrayElement[] {
  if (array.ndim === 0) return [element_of(array)];
  return printed_indices(array.length, summary).flatMap((i) => {
    if (i === null) return [];
    return array.ndim === 1 ? [element_of(array, i)] : printed_elements(array.index(i), summary);
  });
}

interface Layout {
  separator: string;
  summary: boolean;
  write: Writer;
}

/** `indent` is what stands before a row after the first, `width` what a line may hold. */
function nested_text(array: NDArray, indent: string, width: number, layout: Layout): string {
  const { separator, summary, write } = layout;
  const indices = printed_indices(array.length, summary);
  if (array.ndim > 1) {
    const parts = indices.map((i) =>
      i === null ? '...' : nested_text(array.index(i), `${indent} `, width - 1, layout),
    );
    return `[${parts.join(`${separator.trimEnd()}${'\n'.repeat(array.ndim - 1)}${indent}`)}]`;
  }
  let text = '';
  let line = indent;
  indices.forEach((i, n) => {
    const word = i === null ? '...' : write(element_of(array, i));
    const room = width - Math.max(separator.trimEnd().length, 1);
    if (line.length + word.length > room && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += word + (n < indices.length - 1 ? separator : '');
  });
  return `[${(text + line).slice(indent.length)}]`;
}

/** What stands for the elements: made for those that are shown, since widths depend on them. */
type WriterMaker = (shown: readonly NDArrayElement[]) => Writer;

function array_text(array: NDArray, separator: string, prefix: string, suffix: string, make: WriterMaker): string {
  if (array.size === 0) return '[]';
  const summary = array.size > threshold;
  const write = make(printed_elements(array, summary));
  if (array.ndim === 0) return write(element_of(array));
  return nested_text(array, ' '.repeat(prefix.length + 1), linewidth - suffix.length, { separator, summary, write });
}

/** numpy's `str` of one element: as Python's `str` of a number, with the digits that the type needs. */
export function scalar_str(value: NDArrayElement, dtype: NDArrayDType): string {
  const digits = digits_of[dtype];
  const text_of = (number: number): string =>
    float_repr(shortest(number, dtype), digits ? 10 ** digits.kept : undefined);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') {
    const { re, im } = value;
    const part = (number: number): string => text_of(number).replace(/\.0$/, '');
    const second = `${part(im)}j`;
    if (Object.is(re, 0)) return second;
    return `(${part(re)}${second.startsWith('-') ? '' : '+'}${second})`;
  }
  if (typeof value === 'bigint' || !dtype.startsWith('float')) return String(value);
  return text_of(value);
}

/** numpy's `str(array)`. */
export function array_str(array: NDArray): string {
  if (array.ndim === 0) return scalar_str(element_of(array), array.dtype);
  return array_text(array, ' ', '', '', (shown) => writer_for(shown, array));
}

/** numpy's `repr(array)`. */
export function array_repr(array: NDArray): string {
  const implied = array.size > 0 && ['bool', 'int64', 'float64', 'complex128'].includes(array.dtype);
  return repr_with(array, (shown) => writer_for(shown, array), implied ? '' : array.dtype);
}

/** `repr`, with a type unless the elements imply it. */
function repr_with(array: NDArray, make: WriterMaker, dtype: string): string {
  const prefix = 'array(';
  const text = `${prefix}${array_text(array, ', ', prefix, ')', make)}`;
  const extras: string[] = [];
  const one_empty = array.ndim === 1 && array.size === 0;
  if ((array.size === 0 && !one_empty) || array.size > threshold) {
    extras.push(`shape=(${array.shape.join(', ')}${array.ndim === 1 ? ',' : ''})`);
  }
  if (dtype !== '') extras.push(`dtype=${dtype}`);
  if (extras.length === 0) return `${text})`;
  const extra = `${extras.join(', ')})`;
  const line = text.length + 1 - (text.lastIndexOf('\n') + 1);
  const spacer = line + extra.length + 1 > linewidth ? `\n${' '.repeat(prefix.length)}` : ' ';
  return `${text},${spacer}${extra}`;
}

/** Writes the items whose numbers an array holds, to one width where `padded`. */
const items_writer =
  (text_of: (item: number) => string, padded: boolean): WriterMaker =>
  (shown) => {
    const width = padded ? longest(shown.map((item) => text_of(item as number))) : 0;
    return (item) => text_of(item as number).padStart(width);
  };

/** numpy's `str` of an array whose elements are not numbers. `places` has the number of the item for each element. */
export function items_str(places: NDArray, text_of: (item: number) => string, padded: boolean): string {
  return array_text(places, ' ', '', '', items_writer(text_of, padded));
}

/** As {@link items_str}, numpy's `repr`. */
export function items_repr(places: NDArray, text_of: (item: number) => string, padded: boolean, dtype: string): string {
  return repr_with(places, items_writer(text_of, padded), dtype);
}
