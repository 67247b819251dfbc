/** Writes values into a module's `extra_repr` as Python's `repr` would. */
import { float_repr } from './python_numbers.js';
import { kind_of } from './kind_of.js';

export { kind_of };

/** A number where Python has a `float`: `1` is `1.0`, `0.00001` is `1e-05`. */
export function python_float(value: number): string {
  return float_repr(value);
}

/** An integer where Python has an `int`: no decimal point. */
export function python_int(value: number): string {
  return Number.isInteger(value) ? String(value) : python_float(value);
}

/** A boolean as `True` or `False`. */
export function python_bool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** An integer, `None`, a text as it is, or an array of them as a tuple: `(3,)`, `(3, 5)`. */
export function python_size(value: number | null | string | readonly (number | null | string)[]): string {
  if (value === null) return 'None';
  if (typeof value === 'number') return python_int(value);
  if (typeof value === 'string') return value;
  const inner = value.map(python_size);
  return inner.length === 1 ? `(${inner[0]},)` : `(${inner.join(', ')})`;
}

/** Indents all lines but the first. */
export function indent_rest(text: string, spaces: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}

/** A value that should have been one of several strings, for an error text: a string itself, other values by their kind. */
export function text_or_kind(value: unknown): string {
  return typeof value === 'string' ? value : kind_of(value);
}
