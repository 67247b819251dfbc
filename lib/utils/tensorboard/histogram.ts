/** Histograms as numpy counts them, and as TensorBoard stores them. */
import type { NDArray } from '../../numpy/ndarray.js';
import { flat } from './arrays.js';
import { double, doubles, message } from './protobuf.js';

/** The limits between bins that grow by a tenth, from 1e-12 to 1e20 and the same below zero. */
export const default_bins: readonly number[] = (() => {
  const limits: number[] = [];
  for (let v = 1e-12; v < 1e20; v *= 1.1) limits.push(v);
  return [...limits.map((v) => -v).reverse(), 0, ...limits];
})();

/** How `add_histogram` makes bins: their limits, their number, or numpy's rule for a number. */
export type Bins = readonly number[] | number | string;

interface Counts {
  readonly counts: Float64Array;
  readonly limits: Float64Array;
}

/** The first place whose value is greater. */
function after(sorted: ArrayLike<number>, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts between given limits; the last bin has its right limit too. */
function counted_between(values: Float64Array, limits: Float64Array): Counts {
  for (let i = 1; i < limits.length; i++) {
    if (limits[i]! < limits[i - 1]!) throw new RangeError('`bins` must increase monotonically, when an array');
  }
  const bins = limits.length - 1;
  const counts = new Float64Array(bins);
  for (const value of values) {
    const place = after(limits, value) - 1;
    if (place >= 0 && place < bins) counts[place]!++;
    else if (place === bins && value === limits[bins]) counts[bins - 1]!++;
  }
  return { counts, limits };
}

/** Values from `first` to `last` in equal steps, as numpy's `linspace` rounds them. */
export function linspace(first: number, last: number, count: number): Float64Array {
  const step = (last - first) / (count - 1);
  const values = Float64Array.from({ length: count }, (_, i) => i * step + first);
  values[count - 1] = last;
  return values;
}

/** Counts in bins of one width, as numpy's `histogram` does it; with weights their sums. */
export function counted_evenly(
  values: Float64Array,
  bins: number,
  range: readonly [number, number],
  weights?: (i: number) => number,
): Counts {
  let [first, last] = range;
  if (first === last) [first, last] = [first - 0.5, last + 0.5];
  const limits = linspace(first, last, bins + 1);
  const counts = new Float64Array(bins);
  const width = last - first;
  values.forEach((value, i) => {
    if (!(value >= first && value <= last)) return;
    let place = Math.trunc(((value - first) / width) * bins);
    if (place === bins) place--;
    // The division may round to the neighbour.
    if (value < limits[place]!) place--;
    if (place !== bins - 1 && value >= limits[place + 1]!) place++;
    counts[place]! += weights === undefined ? 1 : weights(i);
  });
  return { counts, limits };
}

/** A percentile of sorted values, between neighbours. */
function percentile(sorted: Float64Array, q: number): number {
  const place = (q / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const [a, b] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  const t = place - below;
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}

/** numpy's rules for the width of bins. */
const widths: Readonly<Record<string, (values: NDArray, sorted: Float64Array) => number>> = {
  sqrt: (x) => x.ptp() / Math.sqrt(x.size),
  sturges: (x) => x.ptp() / (Math.log2(x.size) + 1),
  rice: (x) => x.ptp() / (2 * x.size ** (1 / 3)),
  scott: (x) => ((24 * Math.PI ** 0.5) / x.size) ** (1 / 3) * x.std(),
  fd: (x, sorted) => (2 * (percentile(sorted, 75) - percentile(sorted, 25))) / x.size ** (1 / 3),
  doane: (x) => {
    if (x.size <= 2) return 0;
    const deviation = x.std();
    if (!(deviation > 0)) return 0;
    const mean = x.mean();
    const skewness = (x.sub(mean).div(deviation) as NDArray).pow(3).mean();
    const spread = Math.sqrt((6 * (x.size - 2)) / ((x.size + 1) * (x.size + 3)));
    return x.ptp() / (1 + Math.log2(x.size) + Math.log2(1 + Math.abs(skewness) / spread));
  },
  auto: (x, sorted) => {
    const width = widths.fd!(x, sorted);
    const sturges = widths.sturges!(x, sorted);
    const bound = widths.sqrt!(x, sorted) / 2;
    return width ? Math.min(Math.max(width, bound), sturges) : sturges;
  },
};

/** `np.histogram(values, bins)`. @throws Error for bins that numpy does not know */
function counted(array: NDArray, values: Float64Array, bins: Bins): Counts {
  if (Array.isArray(bins)) return counted_between(values, Float64Array.from(bins as number[]));
  const range = [array.min(), array.max()] as const;
  if (!range.every(Number.isFinite)) throw new RangeError(`autodetected range of [${range.join(', ')}] is not finite`);
  if (typeof bins === 'number') {
    if (bins < 1) throw new RangeError('`bins` must be positive, when an integer');
    return counted_evenly(values, bins, range);
  }
  const rule = widths[bins as string];
  if (rule === undefined) throw new RangeError(`'${String(bins)}' is not a valid estimator for \`bins\``);
  const width = rule(array, Float64Array.from(values).sort());
  return counted_evenly(values, width ? Math.ceil((range[1] - range[0]) / width) : 1, range);
}

/** Neighbouring bins as one, until there are at most about `most`. */
function merged({ counts, limits }: Counts, most: number | null): Counts {
  if (most === null || counts.length <= most) return { counts, limits };
  const step = Math.floor(counts.length / most);
  const sums = new Float64Array(Math.ceil(counts.length / step));
  counts.forEach((count, i) => {
    sums[Math.floor(i / step)]! += count;
  });
  const kept = Float64Array.from({ length: sums.length + 1 }, (_, i) =>
    i === sums.length ? limits[limits.length - 1]! : limits[i * step]!,
  );
  return { counts: sums, limits: kept };
}

/**
 * A `HistogramProto` of values. TensorBoard's bins have right limits only, so that an empty one on the left tells where the
 * first begins.
 * @throws Error when there are no values, or none in the bins
 */
export function histogram_proto(array: NDArray, bins: Bins, max_bins: number | null): Uint8Array {
  if (array.size === 0) throw new Error('The input has no element.');
  const as_floats = array.astype('float64').ravel();
  const values = flat(as_floats);
  const { counts, limits } = merged(counted(as_floats, values, bins), max_bins);
  const filled = counts.findIndex((count) => count > 0);
  // Where no bin has a value, Python's search finds these, and so an empty histogram unless there is one bin.
  const first = filled < 0 ? counts.length : filled;
  let last = filled < 0 ? 0 : counts.length - 1;
  while (filled >= 0 && counts[last] === 0) last--;
  const buckets = first > 0 ? counts.slice(first - 1, last + 1) : Float64Array.of(0, ...counts.subarray(0, last + 1));
  if (buckets.length === 0) throw new Error('The histogram is empty, please file a bug report.');
  return histogram_of({
    ...{ min: as_floats.min(), max: as_floats.max(), num: values.length, sum: as_floats.sum() },
    sum_squares: values.reduce((sum, value) => sum + value * value, 0),
    limits: limits.subarray(first, last + 2),
    counts: buckets,
  });
}

/** A `HistogramProto` of what was counted before. */
export const histogram_of = (counted_values: {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sum_squares: number;
  readonly limits: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}): Uint8Array => {
  const { min, max, num, sum, sum_squares, limits, counts } = counted_values;
  return message(
    ...[double(1, min), double(2, max), double(3, num), double(4, sum), double(5, sum_squares)],
    ...[doubles(6, limits), doubles(7, counts)],
  );
};
