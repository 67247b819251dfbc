/** Scales of axes: from values to places at equal distances and back, with the ticks of each. Mirrors `matplotlib.scale`. */
import { format_fixed, float_repr } from '../_internal/python_numbers.js';
import { method_signature } from '../_internal/signature.js';
import {
  type Formatter,
  type Locator,
  LogFormatter,
  LogLocator,
  MaxNLocator,
  modulo,
  nonsingular,
  power10,
  round_even,
  type TickAxis,
} from './ticker.js';
import { flat_floats, type Values } from './values.js';

/** The names of scales. */
export type ScaleName = 'linear' | 'log' | 'symlog' | 'logit';

/** What chooses ticks, and writes their labels where there are any. */
interface Ticks {
  readonly locator: Locator;
  readonly formatter: Formatter | null;
}

/** A scale that is not linear. */
export interface Scale {
  readonly name: Exclude<ScaleName, 'linear'>;
  /** A number where steps are equal. */
  transform(value: number): number;
  inverse(value: number): number;
  /** Limits that it can show. */
  limit(low: number, high: number, minpos: number): [number, number];
  ticks(minor: boolean): Ticks;
}

/** Keyword arguments of the scales `'log'`, `'symlog'` and `'logit'`. */
export interface ScaleOptions {
  /** Of `'log'` and `'symlog'`: the base of logarithms. Default 10. */
  base?: number;
  /** Of `'symlog'`: values up to this far from 0 are on a linear scale. Default 2. */
  linthresh?: number;
  /** Of `'symlog'`: how many powers of the base are as long as each half of the linear part. Default 1. */
  linscale?: number;
  /** Of `'log'` and `'symlog'`: multiples of powers that have minor ticks. */
  subs?: Values | null;
  /**
   * Whether values that have no place are left out (`'mask'`), or far outside (`'clip'`). Default `'clip'` for `'log'` and `'mask'` for
   * `'logit'`.
   */
  nonpositive?: 'mask' | 'clip';
  /** Of `'logit'`: how 0.5 is written. Default `'\\frac{1}{2}'`. */
  one_half?: string;
  /** Of `'logit'`: writes what is near 1 with a line above instead of as 1 less something. Default false. */
  use_overline?: boolean;
}

class LogScale implements Scale {
  readonly name = 'log';

  constructor(private readonly options: { base?: number; subs?: readonly number[]; nonpositive?: string }) {}

  transform(value: number): number {
    if (value > 0) return Math.log10(value);
    // What has no logarithm is far below everything, as in Python.
    return value <= 0 && this.options.nonpositive !== 'mask' ? -1000 : Number.NaN;
  }

  inverse(value: number): number {
    return 10 ** value;
  }

  limit(low: number, high: number, minpos: number): [number, number] {
    const least = Number.isFinite(minpos) ? minpos : 1e-300;
    return [low <= 0 ? least : low, high <= 0 ? least : high];
  }

  ticks(minor: boolean): Ticks {
    const { base = 10, subs } = this.options;
    const formatter = minor && subs !== undefined ? null : new LogFormatter({ base });
    return { locator: new LogLocator(minor, base, 'auto', subs ?? null), formatter };
  }
}

class SymmetricalLogScale implements Scale {
  readonly name = 'symlog';
  private readonly base: number;
  private readonly linthresh: number;
  private readonly stretch: number;
  private readonly subs: readonly number[] | undefined;

  constructor({ base = 10, linthresh = 2, linscale = 1, subs }: SymlogSettings) {
    [this.base, this.linthresh, this.subs] = [base, linthresh, subs];
    this.stretch = linscale / (1 - 1 / base);
  }

  transform(value: number): number {
    const size = Math.abs(value);
    if (size <= this.linthresh) return value * this.stretch;
    const log = (x: number): number => Math.log(x) / Math.log(this.base);
    return Math.sign(value) * this.linthresh * (this.stretch - log(this.linthresh) + log(size));
  }

  inverse(value: number): number {
    const size = Math.abs(value);
    if (size <= this.linthresh * this.stretch) return value / this.stretch;
    return Math.sign(value) * this.linthresh * Math.exp((size / this.linthresh - this.stretch) * Math.log(this.base));
  }

  limit(low: number, high: number): [number, number] {
    return [low, high];
  }

  ticks(minor: boolean): Ticks {
    const { base, linthresh } = this;
    const locator = new SymmetricalLogLocator(base, linthresh, minor ? this.subs : undefined);
    return { locator, formatter: minor ? null : new LogFormatter({ base, linthresh }) };
  }
}

interface SymlogSettings {
  base?: number;
  linthresh?: number;
  linscale?: number;
  subs?: readonly number[];
}

/** Ticks at powers of a base on both sides of 0, and at 0. */
class SymmetricalLogLocator implements Locator {
  constructor(
    private readonly base: number,
    private readonly linthresh: number,
    private readonly subs: readonly number[] = [1],
  ) {}

  tick_values({ low, high }: TickAxis): number[] {
    const { linthresh, base } = this;
    if (-linthresh <= low && low < high && high <= linthresh) return [...new Set([low, 0, high])].sort((a, b) => a - b);
    const has_lower = low < -linthresh;
    const has_upper = high > linthresh;
    const has_middle = (has_lower && high > -linthresh) || (has_upper && low < linthresh);
    const log = (x: number): number => Math.log(x) / Math.log(base);
    const exponents = (from: number, to: number): [number, number] => [Math.floor(log(from)), Math.ceil(log(to))];
    const lower = has_lower ? exponents(Math.abs(Math.min(-linthresh, high)), Math.abs(low) + 1) : ([0, 0] as const);
    const upper = has_upper ? exponents(Math.max(linthresh, low), high + 1) : ([0, 0] as const);
    const total = lower[1] - lower[0] + (upper[1] - upper[0]) + (has_middle ? 1 : 0);
    const stride = Math.max(Math.floor(total / 14), 1);
    const power = (e: number): number => (base === 10 ? power10(e) : base ** e);
    const powers = ([from, to]: readonly [number, number]): number[] =>
      Array.from({ length: Math.max(0, Math.ceil((to - from) / stride)) }, (_, i) => power(from + i * stride));
    const decades = [
      ...powers(lower)
        .reverse()
        .map((value) => -value),
      ...(has_middle ? [0] : []),
      ...powers(upper),
    ];
    return decades.flatMap((decade) => (decade === 0 ? [0] : this.subs.map((sub) => sub * decade)));
  }

  nonsingular(low: number, high: number): [number, number] {
    return nonsingular(low, high, 0.05);
  }

  view_limits(low: number, high: number): [number, number] {
    return nonsingular(low, high);
  }
}

class LogitScale implements Scale {
  readonly name = 'logit';

  constructor(private readonly options: { nonpositive?: string; one_half?: string; use_overline?: boolean }) {}

  transform(value: number): number {
    if (value > 0 && value < 1) return Math.log10(value / (1 - value));
    if (this.options.nonpositive !== 'clip' || Number.isNaN(value)) return Number.NaN;
    return value <= 0 ? -1000 : 1000;
  }

  inverse(value: number): number {
    return 1 / (1 + 10 ** -value);
  }

  limit(low: number, high: number, minpos: number): [number, number] {
    const least = Number.isFinite(minpos) ? minpos : 1e-7;
    return [low <= 0 ? least : low, high >= 1 ? 1 - least : high];
  }

  ticks(minor: boolean): Ticks {
    return { locator: new LogitLocator(minor), formatter: new LogitFormatter(minor, this.options) };
  }
}

/** 10 to an integer power below 0.5, and 1 less such powers above. */
const ideal_tick = (x: number): number => (x < 0 ? power10(x) : x > 0 ? 1 - power10(-x) : 0.5);

/** Ticks at powers of ten and at 1 less such powers. */
class LogitLocator extends MaxNLocator {
  constructor(private readonly minor: boolean) {
    super('auto', [1, 2, 5, 10]);
  }

  override tick_values(axis: TickAxis): number[] {
    const [low, high] = this.nonsingular(axis.low, axis.high, axis);
    const from = low < 0.5 ? Math.floor(Math.log10(low)) : low < 0.9 ? 0 : -Math.ceil(Math.log10(1 - low));
    const to = high <= 0.5 ? Math.ceil(Math.log10(high)) : high <= 0.9 ? 1 : -Math.floor(Math.log10(1 - high));
    const ideal = to - from - 1;
    // So little of the scale is seen that it is nearly linear.
    if (ideal < 2) return this.minor ? [] : super.tick_values({ ...axis, low, high });
    const all = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const bins = Math.max(2, axis.tick_space);
    if (ideal > bins) {
      const part = Math.ceil(ideal / bins);
      return all.filter((exponent) => (modulo(exponent, part) !== 0) === this.minor).map(ideal_tick);
    }
    if (!this.minor) return all.map(ideal_tick);
    const digits = (first: number, last: number): number[] =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return all.slice(0, -1).flatMap((exponent) => {
      if (exponent < -1) return digits(2, 9).map((digit) => digit * power10(exponent));
      if (exponent === -1) return digits(2, 4).map((digit) => digit / 10);
      if (exponent === 0) return digits(6, 8).map((digit) => digit / 10);
      return digits(2, 9)
        .reverse()
        .map((digit) => 1 - digit * power10(-exponent - 1));
    });
  }

  override nonsingular(low: number, high: number, axis?: Pick<TickAxis, 'minpos'>): [number, number] {
    const standard = 1e-7;
    let [vmin, vmax] = low <= high ? [low, high] : [high, low];
    if (!Number.isFinite(vmin) || !Number.isFinite(vmax) || vmax <= 0 || vmin >= 1) return [standard, 1 - standard];
    const minpos = axis !== undefined && Number.isFinite(axis.minpos) ? axis.minpos : standard;
    if (vmin <= 0) vmin = minpos;
    if (vmax >= 1) vmax = 1 - minpos;
    return vmin === vmax ? [0.1 * vmin, 1 - 0.1 * vmin] : [vmin, vmax];
  }
}

const is_close = (a: number, b: number, relative = 1e-5): boolean => Math.abs(a - b) <= 1e-8 + relative * Math.abs(b);
const is_whole = (value: number): boolean => is_close(value, round_even(value));
const is_power = (value: number): boolean => {
  if (value === 0) return true;
  const log = Math.log(Math.abs(value)) / Math.log(10);
  return is_close(log, round_even(log), 1e-7);
};

/** Probabilities: powers of ten, 1 less such powers, and numbers between them. */
class LogitFormatter implements Formatter {
  constructor(
    private readonly minor: boolean,
    private readonly options: { one_half?: string; use_overline?: boolean },
  ) {}

  /** The minor ticks that have labels: where there are few of them, those with the most room. */
  private labelled(locations: readonly number[]): ReadonlySet<number> {
    const ideal = (x: number): boolean =>
      is_power(x) || is_power(1 - x) || (is_whole(2 * x) && round_even(2 * x) === 1);
    if (locations.every(ideal) || locations.length >= 25) return new Set();
    if (locations.length < 6) return new Set(locations);
    const places = locations.map((x) => -Math.log(1 / x - 1));
    const room = places.map((place, i) => {
      const before = i === 0 ? Number.POSITIVE_INFINITY : place - places[i - 1]!;
      const after = i === places.length - 1 ? Number.POSITIVE_INFINITY : places[i + 1]! - place;
      const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
      return { i, least: Math.min(before, after), sum: finite(before) + finite(after) };
    });
    room.sort((a, b) => a.least - b.least || a.sum - b.sum);
    return new Set(room.slice(-6).map(({ i }) => locations[i]!));
  }

  private number(x: number, locations: readonly number[], scientific: boolean): string {
    const exponent = scientific ? Math.floor(Math.log10(x)) : 0;
    const least = scientific ? 0 : 1;
    let precision = least;
    if (locations.length >= 2) {
      const [, distance] = locations.map((each) => Math.abs(each - x)).sort((a, b) => a - b);
      const wanted = -Math.log10(distance!) + exponent;
      precision = Math.max(least, is_whole(wanted) ? round_even(wanted) : Math.ceil(wanted));
    }
    const mantissa = format_fixed(x * power10(-exponent), precision);
    return scientific ? `${mantissa}\\cdot10^{${exponent}}` : mantissa;
  }

  private text(x: number, locations: readonly number[]): string {
    const { one_half = '\\frac{1}{2}', use_overline = false } = this.options;
    const below_one = (text: string): string => (use_overline ? `\\overline{${text}}` : `1-${text}`);
    if (is_whole(2 * x) && round_even(2 * x) === 1) return one_half;
    if (x < 0.5 && is_power(x)) return `10^{${round_even(Math.log10(x))}}`;
    if (x > 0.5 && is_power(1 - x)) return below_one(`10^{${round_even(Math.log10(1 - x))}}`);
    if (x < 0.1) return this.number(x, locations, true);
    if (x <= 0.9) return this.number(x, locations, false);
    return below_one(
      this.number(
        1 - x,
        locations.map((each) => 1 - each),
        true,
      ),
    );
  }

  format(locations: readonly number[]): { labels: string[]; offset: string } {
    const shown = this.minor ? this.labelled(locations) : undefined;
    const labels = locations.map((x) => {
      if (x <= 0 || x >= 1 || shown?.has(x) === false) return '';
      return `$\\mathdefault{${this.text(x, locations)}}$`;
    });
    return { labels, offset: '' };
  }
}

/** The options of all scales, as a signature. */
export const SCALE_OPTIONS =
  'base?: float, linthresh?: float, linscale?: float, subs?: values|None, nonpositive?: str, one_half?: str, use_overline?: bool';

const OPTIONS = {
  linear: method_signature<object>('set_scale'),
  log: method_signature<Pick<ScaleOptions, 'base' | 'subs' | 'nonpositive'>>(
    'set_scale',
    '*, base?: float, subs?: values|None, nonpositive?: str',
  ),
  symlog: method_signature<Pick<ScaleOptions, 'base' | 'linthresh' | 'linscale' | 'subs'>>(
    'set_scale',
    '*, base?: float, linthresh?: float, linscale?: float, subs?: values|None',
  ),
  logit: method_signature<Pick<ScaleOptions, 'nonpositive' | 'one_half' | 'use_overline'>>(
    'set_scale',
    '*, nonpositive?: str, one_half?: str, use_overline?: bool',
  ),
};

/** A scale by its name; null for the linear one. @throws Error for another name, and for options that do not fit */
export function scale_named(callee: string, name: string, given: ScaleOptions): Scale | null {
  if (!Object.hasOwn(OPTIONS, name))
    throw new Error(
      `${callee}(): '${name}' is not a scale of torch-node/pyplot; there are 'linear', 'log', 'symlog' and 'logit'`,
    );
  const arguments_of = Object.keys(given).length > 0 ? [given] : [];
  const options = OPTIONS[name as ScaleName].renamed(callee).read(arguments_of) as ScaleOptions;
  if (name === 'linear') return null;
  const { base = 10, linthresh = 2, linscale = 1, subs = null, nonpositive } = options;
  if (nonpositive !== undefined && nonpositive !== 'mask' && nonpositive !== 'clip')
    throw new Error(
      `${callee}(): '${String(nonpositive)}' is not a valid value for nonpositive; supported values are 'mask', 'clip'`,
    );
  if (name === 'log' && (base <= 0 || base === 1))
    throw new Error(`${callee}(): The log base cannot be <= 0 or == 1, as ${float_repr(base)} is`);
  if (name === 'symlog') {
    if (base <= 1) throw new Error(`${callee}(): 'base' must be larger than 1`);
    if (linthresh <= 0) throw new Error(`${callee}(): 'linthresh' must be positive`);
    if (linscale <= 0) throw new Error(`${callee}(): 'linscale' must be positive`);
  }
  const minor = subs === null ? {} : { subs: [...flat_floats(callee, subs)] };
  if (name === 'logit') return new LogitScale(options);
  if (name === 'symlog') return new SymmetricalLogScale({ base, linthresh, linscale, ...minor });
  return new LogScale({ base, ...minor, ...(nonpositive === undefined ? {} : { nonpositive }) });
}
