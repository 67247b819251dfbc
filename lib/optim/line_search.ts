/** The line search of {@link LBFGS}: a step length that fulfils the strong Wolfe conditions. */
import type { Tensor } from '../_tensor.js';
import {
  absolute,
  add,
  at_most,
  divide,
  larger,
  less,
  multiply,
  minimum,
  subtract,
  type Hyperparameter,
} from './hyperparameter.js';

/** A step length, with the loss and gradient there. */
export interface Point {
  t: Hyperparameter;
  loss: number;
  grad: Tensor;
  /** The slope: the gradient times the direction. */
  slope: Tensor;
}

/** The problem of a line search: the start, the direction, and the loss with its gradient at a step length. */
export interface Search {
  start: Point;
  direction: Tensor;
  evaluate(t: Hyperparameter): Point;
  tolerance_change: number;
  max_evaluations: number;
}

export interface Found {
  point: Point;
  evaluations: number;
}

// c1 (sufficient decrease) and c2 (curvature) of the Wolfe conditions.
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

/** The minimizer of the cubic through two points, within bounds; the midpoint when it has none. */
function cubic_minimum(a: Point, b: Point, bounds?: readonly [Hyperparameter, Hyperparameter]): Hyperparameter {
  const rising = at_most(a.t, b.t);
  const [least, most] = bounds ?? (rising ? [a.t, b.t] : [b.t, a.t]);
  const chord = divide(3 * (a.loss - b.loss), subtract(a.t, b.t));
  const d1 = subtract(a.slope.add(b.slope), chord);
  const square = d1.pow(2).sub(a.slope.mul(b.slope));
  if (!at_most(0, square)) return divide(add(least, most), 2);
  const d2 = square.sqrt();
  const [far, near] = rising ? [b, a] : [a, b];
  const share = far.slope
    .add(d2)
    .sub(d1)
    .div(far.slope.sub(near.slope).add(d2.mul(2)));
  return minimum(larger(subtract(far.t, multiply(subtract(far.t, near.t), share)), least), most);
}

const without_alias = (point: Point): Point => ({ ...point, grad: point.grad.clone() });

/** Whether the loss at a point is not low enough to stop there. */
function too_high({ start }: Search, point: Point): boolean {
  return less(add(start.loss, multiply(multiply(SUFFICIENT_DECREASE, point.t), start.slope)), point.loss);
}

function flat_enough({ start }: Search, point: Point): boolean {
  return at_most(point.slope.abs(), start.slope.mul(-CURVATURE));
}

/** Increases the step until a minimum is bracketed. A bracket of one point satisfies the conditions. */
function bracket_minimum(search: Search, first: Point): { bracket: Point[]; iterations: number; last: Point } {
  let previous = search.start;
  let point = first;
  let iterations = 0;
  for (; iterations < search.max_evaluations; iterations++) {
    if (too_high(search, point) || (iterations > 1 && point.loss >= previous.loss)) {
      return { bracket: [previous, without_alias(point)], iterations, last: point };
    }
    if (flat_enough(search, point)) return { bracket: [point], iterations, last: point };
    if (at_most(0, point.slope)) return { bracket: [previous, without_alias(point)], iterations, last: point };
    const least = add(point.t, multiply(0.01, subtract(point.t, previous.t)));
    const t = cubic_minimum(previous, point, [least, multiply(point.t, 10)]);
    previous = without_alias(point);
    point = search.evaluate(t);
  }
  return { bracket: [search.start, point], iterations, last: point };
}

/** Keeps a proposed step away from the ends of the bracket when it lies there twice, or outside. */
class Progress {
  private insufficient = false;

  corrected(t: Hyperparameter, least: Hyperparameter, most: Hyperparameter): Hyperparameter {
    const margin = multiply(0.1, subtract(most, least));
    if (!less(minimum(subtract(most, t), subtract(t, least)), margin)) {
      this.insufficient = false;
      return t;
    }
    if (!this.insufficient && less(t, most) && less(least, t)) {
      this.insufficient = true;
      return t;
    }
    this.insufficient = false;
    const nearer_most = less(absolute(subtract(t, most)), absolute(subtract(t, least)));
    return nearer_most ? subtract(most, margin) : add(least, margin);
  }
}

/** Python's `strong_wolfe`: brackets a minimum, then narrows the bracket. */
export function strong_wolfe(search: Search, t: Hyperparameter): Found {
  const size = search.direction.abs().max();
  const found = bracket_minimum(search, search.evaluate(t));
  let { iterations } = found;
  const [one, two] = found.bracket as [Point, Point?];
  if (two === undefined) return { point: one, evaluations: iterations + 1 };

  let [low, high] = one.loss <= two.loss ? [one, two] : [two, one];
  // The ends in the order in which they were found: the cubic is not symmetric in rounding.
  let ends: [Point, Point] = [one, two];
  const progress = new Progress();
  while (iterations < search.max_evaluations) {
    if (less(multiply(absolute(subtract(ends[1].t, ends[0].t)), size), search.tolerance_change)) break;
    const least = minimum(ends[0].t, ends[1].t);
    const most = larger(ends[0].t, ends[1].t);
    const point = search.evaluate(progress.corrected(cubic_minimum(ends[0], ends[1]), least, most));
    iterations++;
    const fresh = without_alias(point);
    if (too_high(search, point) || point.loss >= low.loss) {
      ends = ends[0] === low ? [low, fresh] : [fresh, low];
      [low, high] = ends[0].loss <= ends[1].loss ? ends : [ends[1], ends[0]];
      continue;
    }
    const done = flat_enough(search, point);
    const beyond = !done && at_most(0, multiply(point.slope, subtract(high.t, low.t)));
    const other = beyond ? low : high;
    ends = ends[0] === low ? [fresh, other] : [other, fresh];
    [low, high] = [fresh, other];
    if (done) break;
  }
  return { point: low, evaluations: iterations + 1 };
}
