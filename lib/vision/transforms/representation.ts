/** How transforms print their arguments: as torchvision does. */
import { python_float } from '../../_internal/representation.js';
import { format_fixed } from '../../_internal/python_numbers.js';
import { python_repr } from '../../python/print.js';
import { Tuple } from '../../python/values.js';

/** Numbers that are floats in Python, as a list or a tuple. */
export function float_list(values: readonly number[]): string {
  const inner = values.map(python_float);
  if (!(values instanceof Tuple)) return `[${inner.join(', ')}]`;
  return inner.length === 1 ? `(${inner[0]},)` : `(${inner.join(', ')})`;
}

/** As {@link float_list}, or one float, or None. */
export function float_text(value: number | readonly number[] | null): string {
  if (value === null) return 'None';
  return typeof value === 'number' ? python_float(value) : float_list(value);
}

/** A tuple of floats with four digits behind the point. */
export const rounded_tuple = (values: readonly number[]): string =>
  float_list(Tuple.from(values.map((value) => Number(format_fixed(value, 4)))));

/** `Name(first=..., second=...)`, of parts that are left out where they are null. */
export function call_text(transform: object, parts: Readonly<Record<string, string | null>>): string {
  const inner = Object.entries(parts).flatMap(([name, text]) => (text === null ? [] : [`${name}=${text}`]));
  return `${transform.constructor.name}(${inner.join(', ')})`;
}

/** The text of transforms that hold others: one a line. */
export function container_text(transform: object, lines: readonly unknown[]): string {
  return `${transform.constructor.name}(\n${lines.map((line) => `    ${String(line)}\n`).join('')})`;
}

/** Integers, or numbers that may be either, as Python writes them: a list with a fraction in it is one of floats. */
export function number_text(value: number | readonly number[] | null): string {
  const is_list = typeof value === 'object' && value !== null;
  return is_list && !value.every((each) => Number.isInteger(each)) ? float_list(value) : python_repr(value);
}

/** The numbers of a tensor of floats, in nested lists. */
export function tensor_text(values: unknown): string {
  if (Array.isArray(values)) return `[${values.map(tensor_text).join(', ')}]`;
  return typeof values === 'number' ? python_float(values) : python_repr(values);
}
