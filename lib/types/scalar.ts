/** Numbers that PyTorch calls scalars, and the complex ones that JavaScript lacks. */
import { name_class } from '../_internal/kind_of.js';
import { define_kind, signature } from '../_internal/signature.js';
import { float_repr } from '../_internal/python_numbers.js';

const COMPLEX = signature<{ real?: number; imag?: number }>('Complex', 'real?: float, imag?: float');
const COMPLEX_NUMBER = signature<{ real?: number; imag?: number }>('complex_number', 'real?: float, imag?: float');

/**
 * A complex number, as Python's `complex`.
 *
 * `structuredClone` and `postMessage` turn it into a plain `{ re, im }`, as any class; `new Complex(re, im)` restores
 * it.
 *
 * @param re - the real part
 * @param im - the imaginary part; default 0
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(new torch.Complex(1, 2), torch.tensor([new torch.Complex(0.5, -1)]));
 * ```
 * ```python
 * print(complex(1, 2), torch.tensor([complex(0.5, -1)]))
 * ```
 */
export class Complex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im?: number | { imag?: number });
  constructor(parts: { real?: number; imag?: number });
  constructor(...args: unknown[]) {
    const [re, im = 0] = args;
    // Elements of tensors come here.
    if (args.length <= 2 && typeof re === 'number' && typeof im === 'number') {
      this.re = re;
      this.im = im;
    } else {
      ({ real: this.re = 0, imag: this.im = 0 } = COMPLEX.read(args));
    }
  }

  /** As Python prints it: `(1+2j)`. */
  toString(): string {
    const part = (value: number): string => float_repr(value).replace(/\.0$/, '');
    const imaginary = `${part(this.im)}j`;
    if (Object.is(this.re, 0)) return imaginary;
    return `(${part(this.re)}${imaginary.startsWith('-') ? '' : '+'}${imaginary})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * Makes a {@link Complex}; Python's `complex(re, im)`.
 *
 * @param re - the real part; default 0
 * @param im - the imaginary part; default 0
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.complex_number(1, -2));
 * ```
 * ```python
 * print(complex(1, -2))
 * ```
 */
export function complex_number(re: number, im?: number | { imag?: number }): Complex;
export function complex_number(parts?: { real?: number; imag?: number }): Complex;
export function complex_number(...args: unknown[]): Complex {
  const { real = 0, imag = 0 } = COMPLEX_NUMBER.read(args);
  return new Complex(real, imag);
}

/** What PyTorch accepts as a `Number`. Safe integers act as Python ints, other numbers as floats. */
export type Scalar = number | bigint | boolean | Complex;

name_class(Complex, 'complex');
define_kind('complex', 'complex', (value) => value instanceof Complex);
define_kind(
  'Number',
  'Number',
  (value) =>
    typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Complex,
);
