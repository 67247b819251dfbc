/** The numbers of box plots and violin plots. */
import { percentile } from './histogram.js';
import { extent, linspace } from './values.js';

const mean_of = (data: Float64Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;

/** A percentile from 0 to 100, by linear interpolation as `numpy.percentile`. */
function percent(sorted: Float64Array, at: number): number {
  if (sorted.length === 0 || sorted.some(Number.isNaN)) return Number.NaN;
  return percentile(sorted, at / 100);
}

/** What a box is drawn from. */
export interface BoxStatistics {
  readonly mean: number;
  readonly med: number;
  readonly q1: number;
  readonly q3: number;
  readonly cilo: number;
  readonly cihi: number;
  readonly whislo: number;
  readonly whishi: number;
  readonly fliers: Float64Array;
}

/** @param whis how far whiskers reach: in quartile ranges, or a pair of percentiles */
export function box_statistics(
  data: Float64Array,
  whis: number | readonly [number, number],
  autorange: boolean,
): BoxStatistics {
  const sorted = data.slice().sort();
  const [q1, med, q3] = [percent(sorted, 25), percent(sorted, 50), percent(sorted, 75)];
  const range = q3 - q1;
  const reach = range === 0 && autorange ? ([0, 100] as const) : whis;
  const [low, high] =
    typeof reach === 'number'
      ? [q1 - reach * range, q3 + reach * range]
      : [percent(sorted, reach[0]), percent(sorted, reach[1])];
  const above = sorted.findLast((value) => value <= high);
  const below = sorted.find((value) => value >= low);
  const whishi = above === undefined || above < q3 ? q3 : above;
  const whislo = below === undefined || below > q1 ? q1 : below;
  const half = (1.57 * range) / Math.sqrt(data.length);
  const fliers = Float64Array.of(...data.filter((value) => value < whislo), ...data.filter((value) => value > whishi));
  return { mean: mean_of(data), med, q1, q3, cilo: med - half, cihi: med + half, whislo, whishi, fliers };
}

/** What a violin is drawn from. */
export interface ViolinStatistics {
  readonly coords: Float64Array;
  readonly vals: Float64Array;
  readonly mean: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly quantiles: readonly number[];
}

/** How wide the kernels of a density are: a rule, or a part of the standard deviation. */
export type Bandwidth = 'scott' | 'silverman' | number;

/** The density of data at places, by kernels of Gauss. */
function density(data: Float64Array, places: Float64Array, width: Bandwidth): Float64Array {
  const n = data.length;
  const mean = mean_of(data);
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const factor = width === 'scott' ? n ** (-1 / 5) : width === 'silverman' ? ((n * 3) / 4) ** (-1 / 5) : width;
  const own = variance * factor ** 2;
  const total = Math.sqrt(2 * Math.PI * own) * n;
  return places.map(
    (place) => data.reduce((sum, value) => sum + Math.exp((-((value - place) ** 2) / own) * 0.5), 0) / total,
  );
}

export function violin_statistics(
  data: Float64Array,
  points: number,
  quantiles: ArrayLike<number>,
  width: Bandwidth,
): ViolinStatistics {
  const finite = data.filter((value) => Number.isFinite(value));
  const none = Number.NaN;
  const [min, max] = extent(finite) ?? [none, none];
  const sorted = finite.slice().sort();
  const coords = finite.length === 0 ? new Float64Array() : linspace(min, max, points);
  // Data of one value have no width.
  const vals = min === max ? coords.map((place) => (place === min ? 1 : 0)) : density(finite, coords, width);
  return {
    ...{ coords, vals: finite.length === 0 ? new Float64Array() : vals, min, max },
    mean: finite.length === 0 ? none : mean_of(finite),
    median: percent(sorted, 50),
    quantiles: finite.length === 0 ? [] : Array.from(quantiles, (part) => percent(sorted, 100 * part)),
  };
}
