/** Modified Bessel functions of the first kind, by the polynomials of Abramowitz and Stegun, 9.8.1 to 9.8.4. */
import { where } from '../generated/functions.js';
import type { Tensor } from '../_tensor.js';
import { over } from './arithmetic.js';

const small = [
  [1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.360768e-1, 0.45813e-2],
  [0.5, 0.87890594, 0.51498869, 0.15084934, 0.2658733e-1, 0.301532e-2, 0.32411e-3],
] as const;
const large = [
  [
    0.39894228, 0.1328592e-1, 0.225319e-2, -0.157565e-2, 0.916281e-2, -0.2057706e-1, 0.2635537e-1, -0.1647633e-1,
    0.392377e-2,
  ],
  [
    0.39894228, -0.3988024e-1, -0.362018e-2, 0.163801e-2, -0.1031555e-1, 0.2282967e-1, -0.2895312e-1, 0.1787654e-1,
    -0.420059e-2,
  ],
] as const;

function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const last = coefficients.length - 1;
  let result = x.mul(coefficients[last]!).add(coefficients[last - 1]!);
  for (let i = last - 2; i >= 0; i--) result = x.mul(result).add(coefficients[i]!);
  return result;
}

/** The logarithm of the function of order 0 or 1, for positive arguments. */
export function log_modified_bessel(x: Tensor, order: 0 | 1): Tensor {
  const ratio = x.div(3.75);
  const of_small = polynomial(ratio.mul(ratio), small[order]);
  const log_small = (order === 1 ? x.abs().mul(of_small) : of_small).log();
  const inverse = over(3.75, x);
  const log_large = x.sub(x.log().mul(0.5)).add(polynomial(inverse, large[order]).log());
  return where(x.lt(3.75), log_small, log_large);
}
