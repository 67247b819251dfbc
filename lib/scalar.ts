/** Numbers that PyTorch calls scalars, and the complex ones that JavaScript lacks. */
import { inspect } from 'node:util';
import { define_kind } from './_internal/signature.js';
import { float_repr } from './python_numbers.js';

/** A complex number, as Python's `complex`. */
export class Complex {
  constructor(
    readonly re: number,
    readonly im: number = 0,
  ) {}

  /** As Python prints it: `(1+2j)`. */
  toString(): string {
    const part = (value: number): string => float_repr(value).replace(/\.0$/, '');
    const imaginary = `${part(this.im)}j`;
    if (Object.is(this.re, 0)) return imaginary;
    return `(${part(this.re)}${imaginary.startsWith('-') ? '' : '+'}${imaginary})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Makes a {@link Complex}; Python's `complex(re, im)`. */
export function complex_number(re: number, im = 0): Complex {
  return new Complex(re, im);
}

/** What PyTorch takes for a `Number`. Safe integers act as Python ints, other numbers as floats. */
export type Scalar = number | bigint | boolean | Complex;

define_kind('complex', 'complex', (value) => value instanceof Complex);
define_kind('Number', 'Number', (value) =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Complex);
