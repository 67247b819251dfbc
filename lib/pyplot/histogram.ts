/** Bins and counts, by the rules of `numpy.histogram`. */
import { extent, linspace } from './values.js';

/** A number of bins, their edges, or the name of a rule. */
export type Bins = number | string | Float64Array;

const sum = (data: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < data.length; i++) total += data[i]!;
  return total;
};

function deviation(data: ArrayLike<number>): number {
  const mean = sum(data) / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i]! - mean) ** 2;
  return Math.sqrt(squares / data.length);
}

/** A part from 0 to 1 of sorted data. */
export function percentile(sorted: Float64Array, part: number): number {
  const at = (sorted.length - 1) * part;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
}

/** The width of bins that a rule of numpy gives; 0 for one bin. */
const rules: Readonly<Record<string, (data: Float64Array) => number>> = {
  sqrt: (data) => width_of(data) / Math.sqrt(data.length),
  sturges: (data) => width_of(data) / (Math.log2(data.length) + 1),
  rice: (data) => width_of(data) / (2 * data.length ** (1 / 3)),
  scott: (data) => ((24 * Math.sqrt(Math.PI)) / data.length) ** (1 / 3) * deviation(data),
  fd: (data) => {
    const sorted = data.slice().sort();
    return (2 * (percentile(sorted, 0.75) - percentile(sorted, 0.25))) / data.length ** (1 / 3);
  },
  auto: (data) => {
    // Half the width of the rule by the square root keeps bins from being tiny.
    return Math.min(Math.max(rules['fd']!(data), rules['sqrt']!(data) / 2), rules['sturges']!(data));
  },
};

function width_of(data: Float64Array): number {
  const [low, high] = extent(data)!;
  return high - low;
}

/** The edges of bins. @throws Error for rules that are not there, and edges that do not grow */
export function bin_edges(
  callee: string,
  data: Float64Array,
  bins: Bins,
  range: readonly [number, number] | null,
): Float64Array {
  if (bins instanceof Float64Array) {
    if (bins.some((edge, i) => i > 0 && edge < bins[i - 1]!)) {
      throw new Error(`${callee}(): \`bins\` must increase monotonically, when an array`);
    }
    return bins;
  }
  let [low, high] = range ?? extent(data) ?? [0, 1];
  if (low > high) throw new Error(`${callee}(): max must be larger than min in range parameter.`);
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new Error(`${callee}(): supplied range of [${low}, ${high}] is not finite`);
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  if (typeof bins === 'number') {
    if (!Number.isInteger(bins)) throw new TypeError(`${callee}(): \`bins\` must be an integer, a string, or an array`);
    if (bins < 1) throw new Error(`${callee}(): \`bins\` must be positive, when an integer`);
    return linspace(low, high, bins + 1);
  }
  const rule = Object.hasOwn(rules, bins) ? rules[bins] : undefined;
  if (rule === undefined)
    throw new Error(
      `${callee}(): '${bins}' is not a valid estimator for \`bins\`; there are ${Object.keys(rules).join(', ')}`,
    );
  const inside = data.filter((value) => value >= low && value <= high);
  const width = inside.length === 0 ? 0 : rule(inside);
  return linspace(low, high, (width > 0 ? Math.ceil((high - low) / width) : 1) + 1);
}

/** How much of the data is in each bin; the last one includes its upper edge. */
export function counts_of(data: Float64Array, edges: Float64Array, weights: Float64Array | null): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  const [low, high] = [edges[0]!, edges[edges.length - 1]!];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!(value >= low && value <= high)) continue;
    let [from, to] = [0, counts.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (value >= edges[middle]!) from = middle;
      else to = middle;
    }
    counts[from]! += weights === null ? 1 : weights[i]!;
  }
  return counts;
}
