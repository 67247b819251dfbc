/** Where ticks are, and what is written at them. The positions and texts are those of `matplotlib.ticker`. */

import { float_repr } from '../_internal/python_numbers.js';

/** What a locator or formatter asks of its axis. */
export interface TickAxis {
  /** The limits, the lower one first. */
  readonly low: number;
  readonly high: number;
  /** The number of labels that there is room for. */
  readonly tick_space: number;
  /** The smallest positive value that is drawn. */
  readonly minpos: number;
  /** The part of the smallest step that there is room for which still has room, where it is not all of it. */
  readonly step_part?: number;
  /** What minor ticks divide: the positions of the major ones, where steps are equal. */
  readonly major?: readonly number[];
  /** What chooses the positions of the ticks that are written. */
  readonly locator?: Locator;
  /** Whether the axis goes from the higher limit to the lower one. */
  readonly inverted?: boolean;
}

/** Chooses the positions of ticks. */
export interface Locator {
  tick_values(axis: TickAxis): number[];
  /** Limits that can be drawn: not equal, and for logarithms positive. */
  nonsingular(low: number, high: number, axis: Pick<TickAxis, 'minpos'>): [number, number];
  view_limits(low: number, high: number): [number, number];
}

/** Writes the labels of ticks. */
export interface Formatter {
  /** @returns a label for each position, and a text for the end of the axis */
  format(locations: readonly number[], axis: TickAxis): { labels: string[]; offset: string };
}

/** Moves limits that are equal, or nearly so, apart. */
export function nonsingular(low: number, high: number, expander = 0.001, tiny = 1e-15): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [-expander, expander];
  let [vmin, vmax] = low <= high ? [low, high] : [high, low];
  const most = Math.max(Math.abs(vmin), Math.abs(vmax));
  if (most < (1e6 / tiny) * 2.2250738585072014e-308) [vmin, vmax] = [-expander, expander];
  else if (vmax - vmin <= most * tiny) {
    if (vmin === 0 && vmax === 0) [vmin, vmax] = [-expander, expander];
    else [vmin, vmax] = [vmin - expander * Math.abs(vmin), vmax + expander * Math.abs(vmax)];
  }
  return [vmin, vmax];
}

/** 10 to an integer power, correctly rounded, which `10 ** n` is not everywhere. */
export const power10 = (exponent: number): number => Number(`1e${exponent}`);

/** A step of ticks and the tolerance with which its multiples are recognised. */
export class Edge {
  constructor(
    private readonly step: number,
    private readonly offset: number,
  ) {}

  private close_to(fraction: number, edge: number): boolean {
    let tolerance = 1e-10;
    if (this.offset > 0) {
      const digits = Math.log10(this.offset / this.step);
      tolerance = Math.min(0.4999, Math.max(1e-10, 10 ** (digits - 12)));
    }
    return Math.abs(fraction - edge) < tolerance;
  }

  private parts(x: number): [quotient: number, rest: number] {
    const rest = x - this.step * Math.floor(x / this.step);
    return [Math.round((x - rest) / this.step), rest];
  }

  /** The largest multiple at or below a value. */
  below(x: number): number {
    const [quotient, rest] = this.parts(x);
    return this.close_to(rest / this.step, 1) ? quotient + 1 : quotient;
  }

  /** The smallest multiple at or above a value. */
  above(x: number): number {
    const [quotient, rest] = this.parts(x);
    return this.close_to(rest / this.step, 0) ? quotient : quotient + 1;
  }
}

/** At most so many intervals of a round length. */
export class MaxNLocator implements Locator {
  private readonly steps: readonly number[];

  constructor(
    private readonly bins: number | 'auto' = 10,
    steps: readonly number[] = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10],
    private readonly options: {
      integer?: boolean;
      symmetric?: boolean;
      min_n_ticks?: number;
      prune?: 'lower' | 'upper' | 'both' | null;
    } = {},
  ) {
    this.steps = [...steps.slice(0, -1).map((step) => 0.1 * step), ...steps, 10 * steps[1]!];
  }

  tick_values({ low, high, tick_space, step_part = 1 }: TickAxis): number[] {
    const most = Math.max(Math.abs(low), Math.abs(high));
    const [from, to] = this.options.symmetric === true ? [-most, most] : [low, high];
    const [vmin, vmax] = nonsingular(from, to, 1e-13, 1e-14);
    const ticks = this.raw_ticks(vmin, vmax, tick_space, step_part);
    const { prune = null } = this.options;
    return ticks.slice(
      prune === 'lower' || prune === 'both' ? 1 : 0,
      prune === 'upper' || prune === 'both' ? -1 : undefined,
    );
  }

  private raw_ticks(vmin: number, vmax: number, space: number, step_part: number): number[] {
    const least = this.options.min_n_ticks ?? 2;
    const bins = this.bins === 'auto' ? Math.min(9, Math.max(space, Math.max(1, least - 1))) : this.bins;
    const middle = (vmax + vmin) / 2;
    const width = Math.abs(vmax - vmin);
    const offset =
      Math.abs(middle) / width < 100 ? 0 : Math.sign(middle) * power10(Math.floor(Math.log10(Math.abs(middle))));
    const scale = power10(Math.floor(Math.log10(width / bins)));
    const [from, to] = [vmin - offset, vmax - offset];
    let steps = this.steps.map((step) => step * scale);
    // Steps of less than one, and those that are not whole, are left out for integers.
    if (this.options.integer === true)
      steps = steps.filter((step) => step < 1 || Math.abs(step - Math.round(step)) < 0.001);
    const raw_step = ((to - from) / bins) * step_part;
    const first = steps.findIndex((step) => step >= raw_step);
    let ticks: number[] = [];
    for (let i = first < 0 ? steps.length - 1 : first; i >= 0; i--) {
      let step = steps[i]!;
      if (this.options.integer === true && Math.floor(to) - Math.ceil(from) >= least - 1) step = Math.max(1, step);
      const best = Math.floor(from / step) * step;
      const edge = new Edge(step, Math.abs(offset));
      const [lowest, highest] = [edge.below(from - best), edge.above(to - best)];
      ticks = Array.from({ length: highest - lowest + 1 }, (_, k) => (lowest + k) * step + best);
      if (ticks.filter((tick) => tick <= to && tick >= from).length >= least) break;
    }
    return ticks.map((tick) => tick + offset);
  }

  nonsingular(low: number, high: number): [number, number] {
    return nonsingular(low, high, 0.05);
  }

  view_limits(low: number, high: number): [number, number] {
    const most = Math.max(Math.abs(low), Math.abs(high));
    const [from, to] = this.options.symmetric === true ? [-most, most] : [low, high];
    return nonsingular(from, to, 1e-12, 1e-13);
  }
}

/** Steps of 1, 2, 2.5 and 5, as many as there is room for. */
export class AutoLocator extends MaxNLocator {
  constructor() {
    super('auto', [1, 2, 2.5, 5, 10]);
  }
}

/** Ticks at given positions. */
export class FixedLocator implements Locator {
  constructor(readonly locations: readonly number[]) {}

  tick_values(): number[] {
    return [...this.locations];
  }

  nonsingular(low: number, high: number): [number, number] {
    return Number.isFinite(low) && Number.isFinite(high) ? nonsingular(low, high, 0.05) : [0, 1];
  }

  view_limits(low: number, high: number): [number, number] {
    return nonsingular(low, high);
  }
}

/** Of many positions about as many as asked for, at equal steps: of the choices that leave out as many, the one nearest to 0. */
export function every_so_many(all: readonly number[], most: number): number[] {
  const step = Math.max(Math.ceil(all.length / most), 1);
  const nearest = (row: readonly number[]): number => Math.min(...row.map(Math.abs));
  let kept = all.filter((_, i) => i % step === 0);
  for (let first = 1; first < step; first++) {
    const other = all.filter((_, i) => i >= first && (i - first) % step === 0);
    if (nearest(other) < nearest(kept)) kept = other;
  }
  return kept;
}

/** Python's round(): halves go to even numbers. */
export const round_even = (value: number): number => {
  const down = Math.floor(value);
  const rest = value - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
};
export const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/** Ticks at powers of a base, or for minor ticks at multiples of them. */
export class LogLocator implements Locator {
  constructor(
    private readonly minor = false,
    private readonly base = 10,
    private readonly numticks: number | 'auto' = 'auto',
    private readonly subs: readonly number[] | null = null,
  ) {}

  private log(x: number): number {
    return this.base === 10 ? Math.log10(x) : this.base === 2 ? Math.log2(x) : Math.log(x) / Math.log(this.base);
  }

  private power(exponent: number): number {
    return this.base === 10 ? power10(exponent) : this.base ** exponent;
  }

  private exponents(
    emin: number,
    emax: number,
    [efmin, efmax]: readonly [number, number],
    request: number,
  ): [number[], number] {
    const available = emax - emin + 1;
    let stride = Math.floor(available / (request + 1)) + 1;
    const wanted = Math.min(Math.ceil(available / stride), request);
    if (wanted === 0) return [[emin - 1, emax + 1], emax - emin + 2];
    if (wanted === 1) {
      const middle = round_even((efmin + efmax) / 2);
      stride = Math.max(middle - (emin - 1), emax + 1 - middle);
      return [[middle - stride, middle, middle + stride], stride];
    }
    stride = Math.floor((available - 1) / (wanted - 1));
    if (stride < available / wanted) stride = Math.floor(available / wanted);
    const least = Math.max(available - stride * wanted, 0);
    const most = Math.min(available - stride * (wanted - 1), stride);
    let offset = modulo(-emin, stride);
    if (offset < least || offset >= most) offset = least;
    const exponents: number[] = [];
    for (let e = emin + offset - stride; e < emax + stride + 1; e += stride) exponents.push(e);
    return [exponents, stride];
  }

  tick_values(axis: TickAxis): number[] {
    const request = this.numticks === 'auto' ? Math.min(9, Math.max(2, axis.tick_space)) : this.numticks;
    const low = axis.low > 0 ? axis.low : axis.minpos;
    if (!(low > 0) || !Number.isFinite(low)) return [];
    const [efmin, efmax] = [this.log(low), this.log(axis.high)];
    const [emin, emax] = [Math.ceil(efmin), Math.floor(efmax)];
    const available = emax - emin + 1;
    if (this.minor && this.subs === null && (available >= 10 || this.base < 3)) return [];
    const [exponents, stride] = this.exponents(emin, emax, [efmin, efmax], request);
    const subs = this.subs ?? Array.from({ length: Math.ceil(this.base) - 2 }, (_, i) => i + 2);
    if (!this.minor || (subs.length === 1 && subs[0] === 1)) return exponents.map((e) => this.power(e));
    const ticks: number[] = [];
    if (stride === 1 || available <= 1) {
      for (let e = emin - 1; e <= emax; e++) ticks.push(...subs.map((sub) => sub * this.power(e)));
    }
    const inside = ticks.filter((tick) => low <= tick && tick <= axis.high).length;
    if (subs.length > 1 && stride === 1 && exponents.length - 2 + inside <= 1)
      return new AutoLocator().tick_values({ ...axis, low });
    return ticks;
  }

  nonsingular(low: number, high: number, { minpos }: Pick<TickAxis, 'minpos'>): [number, number] {
    let [vmin, vmax] = low <= high ? [low, high] : [high, low];
    if (!Number.isFinite(vmin) || !Number.isFinite(vmax) || vmax <= 0) return [1, 10];
    if (vmin <= 0) vmin = Number.isFinite(minpos) ? minpos : 1e-300;
    if (vmin === vmax) {
      const exponent = this.log(vmin);
      vmin = this.power(Math.ceil(exponent) - 1);
      vmax = this.power(Math.floor(exponent) + 1);
    }
    return [vmin, vmax];
  }

  view_limits(low: number, high: number): [number, number] {
    return this.nonsingular(low, high, { minpos: Number.POSITIVE_INFINITY });
  }
}

/** Divides the steps between major ticks: into five where these are 1, 2.5 or 5 times a power of ten, else into four. */
export class MinorLocator extends FixedLocator {
  constructor(private readonly parts: number | 'auto') {
    super([]);
  }

  override tick_values(axis?: TickAxis): number[] {
    if (axis?.major === undefined) return [];
    const major = [...new Set(axis.major)].sort((a, b) => a - b);
    if (major.length < 2) return [];
    const first = major[0]!;
    const step = major[1]! - first;
    const mantissa = 10 ** modulo(Math.log10(step), 1);
    const in_five = [1, 2.5, 5, 10].some((each) => Math.abs(mantissa - each) <= 1e-8 + 1e-5 * each);
    const small = step / (this.parts === 'auto' ? (in_five ? 5 : 4) : this.parts);
    const [from, to] = [round_even((axis.low - first) / small), round_even((axis.high - first) / small)];
    return Array.from({ length: Math.min(1000, to - from + 1) }, (_, i) => (from + i) * small + first);
  }
}

/** No ticks. */
export class NullLocator extends FixedLocator {
  constructor() {
    super([]);
  }
}

export const fix_minus = (text: string): string => text.replaceAll('-', '\u2212');

/** `numpy.round` of a number to so many decimals. */
function rounded(value: number, decimals: number): number {
  const scale = power10(decimals);
  return round_even(value * scale) / scale;
}

/** A number as a significand with a power of ten. */
const scientific = (value: number): string => {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const significand = Number((value / 10 ** exponent).toPrecision(10));
  return exponent === 0 ? String(significand) : `${significand}e${exponent}`;
};

/** Plain numbers, with a common offset or power of ten at the end of the axis where that is shorter. */
export class ScalarFormatter implements Formatter {
  constructor(
    private readonly options: { use_offset?: boolean; scientific?: boolean; limits?: readonly [number, number] } = {},
  ) {}

  private offset_of(locations: readonly number[]): number {
    if (this.options.use_offset === false || locations.length === 0) return 0;
    const [lowest, highest] = [Math.min(...locations), Math.max(...locations)];
    if (lowest === highest || (lowest <= 0 && 0 <= highest)) return 0;
    const [small, large] = [Math.abs(lowest), Math.abs(highest)].sort((a, b) => a - b) as [number, number];
    const sign = Math.sign(lowest);
    const top = Math.ceil(Math.log10(large));
    const quotient = (value: number, oom: number): number => Math.floor(value / power10(oom));
    let oom = top;
    while (quotient(small, oom) === quotient(large, oom)) oom--;
    oom++;
    if ((large - small) / power10(oom) <= 1e-2) {
      oom = top;
      while (quotient(large, oom) - quotient(small, oom) <= 1) oom--;
      oom++;
    }
    const digits = quotient(large, oom);
    return digits >= 1000 ? sign * digits * power10(oom) : 0;
  }

  private order_of(locations: readonly number[], offset: number, { low, high }: TickAxis): number {
    if (this.options.scientific === false || locations.length === 0) return 0;
    const [from, to] = this.options.limits ?? [-5, 6];
    if (from === to && from !== 0) return from;
    const largest = Math.max(...locations.map(Math.abs));
    const oom = offset !== 0 ? Math.floor(Math.log10(high - low)) : largest === 0 ? 0 : Math.floor(Math.log10(largest));
    return oom <= from || oom >= to ? oom : 0;
  }

  private decimals(locations: readonly number[], offset: number, order: number, { low, high }: TickAxis): number {
    const scale = (value: number): number => (value - offset) / 10 ** order;
    const scaled = (locations.length < 2 ? [...locations, low, high] : [...locations]).map(scale);
    let range = Math.max(...scaled) - Math.min(...scaled);
    if (range === 0) range = Math.max(...scaled.map(Math.abs));
    if (range === 0) range = 1;
    const kept = locations.length < 2 ? scaled.slice(0, -2) : scaled;
    const oom = Math.floor(Math.log10(range));
    let digits = Math.max(0, 3 - oom);
    const threshold = 1e-3 * 10 ** oom;
    while (digits >= 0) {
      const shown = digits;
      if (Math.max(...kept.map((value) => Math.abs(value - rounded(value, shown)))) >= threshold) break;
      digits--;
    }
    return digits + 1;
  }

  format(locations: readonly number[], axis: TickAxis): { labels: string[]; offset: string } {
    if (locations.length === 0) return { labels: [], offset: '' };
    const inside = locations.filter((value) => axis.low <= value && value <= axis.high);
    const offset = this.offset_of(inside);
    const order = this.order_of(inside, offset, axis);
    const decimals = Math.min(100, this.decimals(locations, offset, order, axis));
    const labels = locations.map((location) => {
      let value = (location - offset) / 10 ** order;
      if (Math.abs(value) < 1e-8) value = 0;
      return fix_minus(value.toFixed(decimals));
    });
    const shift = offset === 0 ? '' : (offset > 0 ? '+' : '') + scientific(offset);
    const power = order === 0 ? '' : `1e${order}`;
    return { labels, offset: fix_minus(power + shift) };
  }
}

/** Given labels, in the order of the ticks. */
export class FixedFormatter implements Formatter {
  constructor(readonly labels: readonly string[]) {}

  format(locations: readonly number[]): { labels: string[]; offset: string } {
    return { labels: locations.map((_, i) => this.labels[i] ?? ''), offset: '' };
  }
}

/** Labels that a function gives. */
export class FuncFormatter implements Formatter {
  constructor(private readonly text: (value: number, position: number) => string) {}

  format(locations: readonly number[]): { labels: string[]; offset: string } {
    return { labels: locations.map((value, i) => this.text(value, i)), offset: '' };
  }
}

/** Powers of a base; where there are few of them, some multiples too. */
export class LogFormatter implements Formatter {
  private readonly base: number;

  /** @param options - with `linthresh`, what is as close to 0 has no part in how few powers there are */
  constructor(private readonly options: { base?: number; linthresh?: number } = {}) {
    this.base = options.base ?? 10;
  }

  private log(x: number): number {
    return this.base === 10 ? Math.log10(x) : Math.log(x) / Math.log(this.base);
  }

  /** How many powers are seen, and how long that part of the axis is. */
  private seen({ low, high }: TickAxis): [powers: number, length: number] {
    const { linthresh } = this.options;
    const powers = (from: number, to: number): number => Math.floor(to) - (Math.ceil(from) - 1);
    if (linthresh === undefined) {
      const [from, to] = [this.log(low), this.log(high)];
      return [powers(from, to), Math.abs(to - from)];
    }
    const log = (x: number): number => Math.log(x) / Math.log(this.base);
    const seen: [number, number] = [0, 0];
    if (low < -linthresh) {
      const end = Math.min(high, -linthresh);
      seen[0] += powers(log(-low), log(-end));
      seen[1] += log(low / end);
    }
    if (high > linthresh) {
      const start = Math.max(low, linthresh);
      seen[0] += powers(log(start), log(high));
      seen[1] += log(high / start);
    }
    return seen;
  }

  /** Which multiples of powers have labels. */
  private digits(axis: TickAxis): ReadonlySet<number> {
    if (this.options.linthresh === undefined && axis.low <= 0) return new Set([1]);
    const [powers, length] = this.seen(axis);
    if (powers > 1) return new Set([1]);
    const whole = Math.floor(this.base);
    if (length <= 0.4) return new Set(Array.from({ length: whole }, (_, i) => i + 1));
    const steps = Math.floor(whole / 2);
    return new Set(Array.from({ length: steps + 1 }, (_, i) => round_even(this.base ** (i / steps))));
  }

  format(locations: readonly number[], axis: TickAxis): { labels: string[]; offset: string } {
    const digits = this.digits(axis);
    const base = Number.isInteger(this.base) ? String(this.base) : float_repr(this.base);
    const labels = locations.map((location) => {
      if (location === 0) return '$\\mathdefault{0}$';
      const sign = location < 0 ? '-' : '';
      const fx = this.log(Math.abs(location));
      const is_power = Math.abs(fx - Math.round(fx)) < 1e-10;
      const exponent = is_power ? Math.round(fx) : Math.floor(fx);
      const exact = this.base ** (fx - exponent);
      if (!digits.has(Math.round(exact))) return '';
      if (is_power) return `$\\mathdefault{${sign}${base}^{${exponent}}}$`;
      const shown = Math.abs(exact - Math.round(exact)) < 1e-10 ? Math.round(exact) : Number(exact.toPrecision(6));
      return `$\\mathdefault{${sign}${shown}\\times${base}^{${exponent}}}$`;
    });
    return { labels, offset: '' };
  }
}
