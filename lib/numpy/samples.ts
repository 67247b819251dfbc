/** How numpy's legacy generator draws from binomial, gamma and beta distributions: number by number, so that seeds give its samples. */
import { exp, log, pow, sqrt } from '../python/math.js';

/** The draws that the others are made of. */
export interface Source {
  /** A float in [0, 1). */
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly exponential: () => number;
}

/** The number of successes by adding up probabilities until they pass a uniform number. */
function binomial_by_inversion(n: number, p: number, uniform: () => number): number {
  const q = 1 - p;
  const none = exp(n * log(q));
  const bound = Math.min(n, n * p + 10 * sqrt(n * p * q + 1));
  let [successes, probability, left] = [0, none, uniform()];
  while (left > probability) {
    successes++;
    if (successes > bound) [successes, probability, left] = [0, none, uniform()];
    else {
      left -= probability;
      probability = ((n - successes + 1) * p * probability) / (successes * q);
    }
  }
  return successes;
}

/** A term of Stirling's series. */
const stirling = (x: number): number => {
  const square = x * x;
  return (13680 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / x / 166320;
};

/** Kachitvichyanukul and Schmeiser's BTPE, for `p` of at most a half. */
function binomial_btpe(n: number, p: number, uniform: () => number): number {
  const q = 1 - p;
  const mean = n * p + p;
  const m = Math.floor(mean);
  const nrq = n * p * q;
  const p1 = Math.floor(2.195 * sqrt(nrq) - 4.6 * q) + 0.5;
  const [xm, xl, xr] = [m + 0.5, m + 0.5 - p1, m + 0.5 + p1];
  const c = 0.134 + 20.5 / (15.3 + m);
  const left_slope = (mean - xl) / (mean - xl * p);
  const laml = left_slope * (1 + left_slope / 2);
  const right_slope = (xr - mean) / (xr * q);
  const lamr = right_slope * (1 + right_slope / 2);
  const p2 = p1 * (1 + 2 * c);
  const p3 = p2 + c / laml;
  const p4 = p3 + c / lamr;

  /** Whether the candidate is below the distribution at a height. */
  const accepted = (y: number, v: number): boolean => {
    const k = Math.abs(y - m);
    if (k <= 20 || k >= nrq / 2 - 1) {
      const s = p / q;
      const a = s * (n + 1);
      let ratio = 1;
      for (let i = m + 1; i <= y; i++) ratio *= a / i - s;
      for (let i = y + 1; i <= m; i++) ratio /= a / i - s;
      return v <= ratio;
    }
    const rho = (k / nrq) * ((k * (k / 3 + 0.625) + 0.16666666666666666) / nrq + 0.5);
    const t = (-k * k) / (2 * nrq);
    const a = log(v);
    if (a < t - rho) return true;
    if (a > t + rho) return false;
    const [x1, f1, z, w] = [y + 1, m + 1, n + 1 - m, n - y + 1];
    return (
      a <=
      xm * log(f1 / x1) +
        (n - m + 0.5) * log(z / w) +
        (y - m) * log((w * p) / (x1 * q)) +
        stirling(f1) +
        stirling(z) +
        stirling(x1) +
        stirling(w)
    );
  };

  for (;;) {
    const u = uniform() * p4;
    let v = uniform();
    if (u <= p1) return Math.floor(xm - p1 * v + u);
    let y: number;
    if (u <= p2) {
      const x = xl + (u - p1) / c;
      v = v * c + 1 - Math.abs(m - x + 0.5) / p1;
      if (v > 1) continue;
      y = Math.floor(x);
    } else if (u <= p3) {
      y = Math.floor(xl + log(v) / laml);
      if (y < 0 || v === 0) continue;
      v = v * (u - p2) * laml;
    } else {
      y = Math.floor(xr - log(v) / lamr);
      if (y > n || v === 0) continue;
      v = v * (u - p3) * lamr;
    }
    if (accepted(y, v)) return y;
  }
}

/** How many of `n` attempts succeed, each with probability `p`. */
export function binomial_number(n: number, p: number, { uniform }: Source): number {
  const rarer = Math.min(p, 1 - p);
  const drawn = rarer * n <= 30 ? binomial_by_inversion(n, rarer, uniform) : binomial_btpe(n, rarer, uniform);
  return p <= 0.5 ? drawn : n - drawn;
}

/** A number of the gamma distribution with scale 1. */
export function gamma_number(shape: number, { uniform, normal, exponential }: Source): number {
  if (shape === 1) return exponential();
  if (shape === 0) return 0;
  if (shape < 1) {
    for (;;) {
      const [u, v] = [uniform(), exponential()];
      if (u <= 1 - shape) {
        const x = pow(u, 1 / shape);
        if (x <= v) return x;
      } else {
        const y = -log((1 - u) / shape);
        const x = pow(1 - shape + shape * y, 1 / shape);
        if (x <= v + y) return x;
      }
    }
  }
  const b = shape - 1 / 3;
  const c = 1 / sqrt(9 * b);
  for (;;) {
    let x: number;
    let v: number;
    do {
      x = normal();
      v = 1 + c * x;
    } while (v <= 0);
    v = v * v * v;
    const u = uniform();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (log(u) < 0.5 * x * x + b * (1 - v + log(v))) return b * v;
  }
}

/** A number of the beta distribution. */
export function beta_number(a: number, b: number, source: Source): number {
  if (a > 1 || b > 1) {
    const x = gamma_number(a, source);
    return x / (x + gamma_number(b, source));
  }
  for (;;) {
    const [u, v] = [source.uniform(), source.uniform()];
    const [x, y] = [pow(u, 1 / a), pow(v, 1 / b)];
    if (x + y > 1 || u + v === 0) continue;
    if (x + y > 0) return x / (x + y);
    // Both powers are too small for floats: their logarithms are not.
    const [log_x, log_y] = [log(u) / a, log(v) / b];
    const most = Math.max(log_x, log_y);
    return exp(log_x - most - log(exp(log_x - most) + exp(log_y - most)));
  }
}
