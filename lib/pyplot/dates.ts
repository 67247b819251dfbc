/** Dates on axes: numbers of days since 1970, ticks at round times, and their labels, all in UTC. Mirrors `matplotlib.dates`. */
import { types } from 'node:util';

import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { TimeArray } from '../numpy/items.js';
import { NDArray } from '../numpy/ndarray.js';
import { type Clock, time_text } from '../python/strftime.js';
import { rc } from './style.js';
import { type Formatter, type Locator, modulo, round_even, type TickAxis } from './ticker.js';
import { MultipleLocator } from './tickers.js';
import { days_of_date, flat_floats } from './values.js';

type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'microsecond';

const SECONDS_PER_DAY = 86400;
const MICROSECONDS_PER_DAY = 86400e6;

/** A time: whole seconds since 1970, and microseconds. */
interface Moment {
  readonly second: number;
  readonly microsecond: number;
}

function moment_of(days: number): Moment {
  if (!Number.isFinite(days) || days < -719162 || days >= 2932897)
    throw new Error(
      `Date ordinal ${days} converts to a date outside of the years 1 to 9999; times of matplotlib are days since 1970`,
    );
  let total = Math.round(days * MICROSECONDS_PER_DAY);
  // Far from 1970 a number of days is not as fine as a microsecond.
  const far = Math.abs(days) > 70 * 365;
  let second = Math.floor(total / 1e6);
  let microsecond = total - second * 1e6;
  if (far) {
    microsecond = round_even(microsecond / 20) * 20;
    total = second * 1e6 + microsecond;
    if (microsecond === 1e6) [second, microsecond] = [second + 1, 0];
  }
  return { second, microsecond };
}

/** The fields of a time in UTC. */
interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function civil(second: number): Civil {
  const t = new Date(second * 1000);
  return {
    ...{ year: t.getUTCFullYear(), month: t.getUTCMonth() + 1, day: t.getUTCDate() },
    ...{ hour: t.getUTCHours(), minute: t.getUTCMinutes(), second: t.getUTCSeconds() },
  };
}

/** Midnight of a day, in seconds. */
function midnight(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / 1000;
}
const days_in_month = (year: number, month: number): number =>
  (midnight(year, month + 1, 1) - midnight(year, month, 1)) / SECONDS_PER_DAY;

/** A time moved by months; the last day of the month where it has no such day. */
function add_months(second: number, months: number): number {
  const { year, month, day } = civil(second);
  const count = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(count / 12), (count % 12) + 1];
  return midnight(y, m, Math.min(day, days_in_month(y, m))) + modulo(second, SECONDS_PER_DAY);
}

/** Whole months from one time to a later one, by the calendar. */
function months_between(low: Moment, high: Moment): number {
  const [a, b] = [civil(low.second), civil(high.second)];
  let months = (b.year - a.year) * 12 + (b.month - a.month);
  const is_later = (count: number): boolean => {
    const at = add_months(low.second, count);
    return at > high.second || (at === high.second && low.microsecond > high.microsecond);
  };
  while (months > 0 && is_later(months)) months--;
  return months;
}

/** Which times have ticks: every so many of a unit, counted from a time, with fields that are in lists. */
interface Rule {
  readonly unit: Exclude<Unit, 'year' | 'microsecond'>;
  readonly interval: number;
  readonly months?: readonly number[] | null;
  readonly days?: readonly number[] | null;
  /** From 0, Monday. */
  readonly weekdays?: readonly number[] | null;
  readonly hours?: readonly number[] | null;
  readonly minutes?: readonly number[] | null;
  readonly seconds?: readonly number[] | null;
}

const MOST_STEPS = 100_000;
const SIZES = { day: SECONDS_PER_DAY, hour: 3600, minute: 60, second: 1 } as const;

const allows = (list: readonly number[] | null | undefined, value: number): boolean =>
  list === null || list === undefined || list.includes(value);

/** Seconds from the beginning of a unit to each of the smaller fields that a rule lists. */
function parts_within(rule: Rule): number[] {
  const smaller = (name: 'hours' | 'minutes' | 'seconds', ...units: string[]): readonly number[] =>
    units.includes(rule.unit) ? [0] : (rule[name] ?? [0]);
  const hours = smaller('hours', 'hour', 'minute', 'second');
  const minutes = smaller('minutes', 'minute', 'second');
  const seconds = smaller('seconds', 'second');
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * 3600 + m * 60 + s)));
}

/** The beginnings of the months of a rule's days, as numbers of seconds. */
function days_of_months(rule: Rule, start: number, low: number, high: number): number[] {
  const index = (second: number): number => civil(second).year * 12 + civil(second).month - 1;
  const found: number[] = [];
  for (let at = aligned(index(start), index(low), rule.interval); at <= index(high); at += rule.interval) {
    const [year, month] = [Math.floor(at / 12), (at % 12) + 1];
    if (!allows(rule.months, month)) continue;
    const days = (rule.days ?? [civil(start).day]).filter((day) => day <= days_in_month(year, month));
    found.push(...days.map((day) => midnight(year, month, day)));
  }
  return found;
}

/** Whether a rule takes a unit that begins at a time. */
function takes(rule: Rule, second: number): boolean {
  const { month, day, hour, minute, second: own } = civil(second);
  const weekday = modulo(Math.floor(second / SECONDS_PER_DAY) + 3, 7);
  if (!allows(rule.months, month) || !allows(rule.days, day) || !allows(rule.weekdays, weekday)) return false;
  const fields = [
    ['hours', hour, ['hour', 'minute', 'second']],
    ['minutes', minute, ['minute', 'second']],
    ['seconds', own, ['second']],
  ] as const;
  return fields.every(
    ([name, value, units]) => !(units as readonly string[]).includes(rule.unit) || allows(rule[name], value),
  );
}

function beginnings(rule: Rule, start: number, low: number, high: number): number[] {
  const size = SIZES[rule.unit as 'day'];
  const index = (second: number): number => Math.floor(second / size);
  const steps = (index(high) - index(low)) / rule.interval;
  if (steps > MOST_STEPS)
    throw new Error(`Locator attempting to generate ${Math.round(steps)} ticks, which exceeds Locator.MAXTICKS`);
  const found: number[] = [];
  for (let at = aligned(index(start), index(low), rule.interval); at <= index(high); at += rule.interval)
    if (takes(rule, at * size)) found.push(at * size);
  return found;
}

/** The times of a rule from one time to another, both included. */
function times_of(rule: Rule, start: number, low: Moment, high: Moment): number[] {
  const from = low.microsecond > 0 ? low.second + 1 : low.second;
  const parts = parts_within(rule);
  return (rule.unit === 'month' ? days_of_months : beginnings)(rule, start, low.second, high.second)
    .flatMap((second) => parts.map((part) => second + part))
    .filter((second) => second >= from && second <= high.second);
}

/** The first count at or above `from` that is a whole number of steps from `start`. */
const aligned = (start: number, from: number, step: number): number => start + Math.ceil((from - start) / step) * step;

/** The limits of an axis without data: the first of January 1970. */
const NO_DATA: readonly [number, number] = [0, 1];

/** Chooses the times of ticks. Mirrors `matplotlib.dates.DateLocator`. */
export abstract class DateLocator implements Locator {
  /** The unit of its steps, by which labels are written. @internal */
  abstract _unit(): Unit;

  /** @internal */
  protected abstract between(low: Moment, high: Moment): number[];

  protected interval(): number {
    return 1;
  }

  tick_values({ low, high }: TickAxis): number[] {
    return this.between(moment_of(low), moment_of(high));
  }

  nonsingular(low: number, high: number): [number, number] {
    if (!Number.isFinite(low) || !Number.isFinite(high)) return [...NO_DATA];
    const [from, to] = [Math.min(low, high), Math.max(low, high)];
    const width = 2 * UNIT_DAYS[this._unit()] * this.interval();
    return to - from < 1e-6 ? [from - width, to + width] : [from, to];
  }

  view_limits(low: number, high: number): [number, number] {
    return [low, high];
  }
}

const UNIT_DAYS: Readonly<Record<Unit, number>> = {
  ...{ year: 365, month: 365 / 12, day: 1, hour: 1 / 24, minute: 1 / 1440, second: 1 / SECONDS_PER_DAY },
  microsecond: 1 / MICROSECONDS_PER_DAY,
};

const days_of = ({ second, microsecond }: Moment): number => (second + microsecond / 1e6) / SECONDS_PER_DAY;

/** Ticks by a rule. */
class RuleLocator extends DateLocator {
  constructor(private readonly rule: Rule) {
    super();
    if (rule.interval < 1) throw new Error(`Locator: interval must be positive, not ${rule.interval}`);
  }

  override _unit(): Unit {
    return this.rule.unit;
  }

  protected override interval(): number {
    return this.rule.interval;
  }

  protected override between(low: Moment, high: Moment): number[] {
    // Steps are counted from as long before the limits as these are apart.
    const months = months_between(low, high);
    const rest = high.second + high.microsecond / 1e6 - add_months(low.second, months) - low.microsecond / 1e6;
    const start = Math.floor(add_months(low.second, -months) + low.microsecond / 1e6 - rest);
    const times = times_of(this.rule, start, low, high);
    return times.length === 0 ? [days_of(low), days_of(high)] : times.map((second) => second / SECONDS_PER_DAY);
  }
}

const yearly = (base: number, month: number, day: number, low: Moment, high: Moment): number[] => {
  const [from, to] = [civil(low.second).year, civil(high.second).year];
  const first = Math.max(Math.floor(from / base) * base, 1);
  const last = Math.min(Math.ceil(to / base) * base, 9999);
  const times: number[] = [];
  for (let year = first; year <= last; year += base)
    if (day <= days_in_month(year, month) && !(year === first && low.microsecond > 0))
      times.push(midnight(year, month, day) / SECONDS_PER_DAY);
  return times.length === 0 ? [days_of(low), days_of(high)] : times;
};

const micros = (interval: number, low: number, high: number): number[] => {
  const day = Math.floor(low);
  const axis = { low: (low - day) * MICROSECONDS_PER_DAY, high: (high - day) * MICROSECONDS_PER_DAY };
  const ticks = new MultipleLocator(interval).tick_values({ ...axis, tick_space: 9, minpos: 0 });
  return ticks.map((tick) => tick / MICROSECONDS_PER_DAY + day);
};

const count_to = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

/** For each unit: at most so many ticks, and by how many units they are apart. */
const CHOICES: readonly { unit: Unit; most: number; intervals: readonly number[]; all: readonly number[] | null }[] = [
  {
    ...{ unit: 'year', most: 11, all: null },
    intervals: [1, 2, 4, 5, 10, 20, 40, 50, 100, 200, 400, 500, 1000, 2000, 4000, 5000, 10000],
  },
  { unit: 'month', most: 12, intervals: [1, 2, 3, 4, 6], all: count_to(1, 13) },
  { unit: 'day', most: 11, intervals: [1, 2, 4, 7, 14], all: count_to(1, 32) },
  { unit: 'hour', most: 12, intervals: [1, 2, 3, 4, 6, 12], all: count_to(0, 24) },
  { unit: 'minute', most: 11, intervals: [1, 5, 10, 15, 30], all: count_to(0, 60) },
  { unit: 'second', most: 11, intervals: [1, 5, 10, 15, 30], all: count_to(0, 60) },
  {
    ...{ unit: 'microsecond', most: 8, all: null },
    intervals: [1, 2, 5].flatMap((digit) => count_to(0, 7).map((power) => digit * 10 ** power)),
  },
];

const AUTO_DATE = method_signature<{ minticks?: number; maxticks?: number | null }>(
  'AutoDateLocator',
  '*, minticks?: int, maxticks?: int|None',
);

/**
 * Ticks at round times, years, months, days, hours and so on down to microseconds, by the range of the axis; axes of dates have it at
 * first. Mirrors `matplotlib.dates.AutoDateLocator`; without `tz` and `interval_multiples`.
 * @param options - `minticks`: at least so many (default 5); `maxticks`: at most so many of each unit
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-01'), new Date('2024-07-01'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.AutoDateLocator({ maxticks: 4 }));
 * plt.gca().xaxis.set_major_formatter(new plt.dates.DateFormatter('%b'));
 * print(plt.gca().get_xticklabels()); // ['Jan', 'Mar', 'May', 'Jul']
 * plt.close('all');
 * ```
 */
export class AutoDateLocator extends DateLocator {
  private readonly minticks: number;
  private readonly maxticks: number | null;
  private unit: Unit = 'year';

  constructor(options?: { minticks?: number; maxticks?: number | null });
  constructor(...args: unknown[]) {
    super();
    const { minticks = 5, maxticks = null } = AUTO_DATE.read(args);
    [this.minticks, this.maxticks] = [minticks, maxticks];
  }

  override _unit(): Unit {
    return this.unit;
  }

  override nonsingular(low: number, high: number): [number, number] {
    if (!Number.isFinite(low) || !Number.isFinite(high)) return [...NO_DATA];
    const [from, to] = [Math.min(low, high), Math.max(low, high)];
    return from === to ? [from - 730, to + 730] : [from, to];
  }

  protected override between(low: Moment, high: Moment): number[] {
    const months = months_between(low, high);
    const exact = high.second - low.second + (high.microsecond - low.microsecond) / 1e6;
    const days = Math.floor(exact / SECONDS_PER_DAY);
    const hours = days * 24 + Math.floor(modulo(exact, SECONDS_PER_DAY) / 3600);
    const minutes = hours * 60 + Math.floor(modulo(exact, 3600) / 60);
    const counts = [Math.floor(months / 12), months, days, hours, minutes, Math.floor(exact), Math.floor(exact * 1e6)];
    const at = counts.findIndex((count) => count >= this.minticks);
    const choice = CHOICES[at < 0 ? CHOICES.length - 1 : at]!;
    const intervals = [...choice.intervals].sort((a, b) => a - b);
    const most = (this.maxticks ?? choice.most) - 1;
    const interval =
      at < 0 ? 1 : (intervals.find((each) => counts[at]! <= each * most) ?? intervals[intervals.length - 1]!);
    this.unit = choice.unit;
    if (choice.unit === 'year') return yearly(interval, 1, 1, low, high);
    if (choice.unit === 'microsecond') return micros(interval, days_of(low), days_of(high));
    let list = choice.all!.filter((_, i) => i % interval === 0);
    if (choice.unit === 'day' && interval === 14) list = [1, 15];
    if (choice.unit === 'day' && interval === 7) list = [1, 8, 15, 22];
    // Of smaller units the first has the tick.
    const lists = (['months', 'days', 'hours', 'minutes', 'seconds'] as const).map((name, i) => {
      const own = i + 1;
      return [name, own < at ? null : own === at ? list : [CHOICES[own]!.all![0]!]] as const;
    });
    const rule: Rule = { unit: choice.unit as Rule['unit'], interval: 1, ...Object.fromEntries(lists) };
    const times = times_of(rule, low.second, low, high);
    return times.length === 0 ? [days_of(low), days_of(high)] : times.map((second) => second / SECONDS_PER_DAY);
  }
}

const one_or_more = (callee: string, value: unknown, from: number, to: number): number[] | null => {
  if (value === null || value === undefined) return null;
  const list = [...flat_floats(callee, value)];
  const wrong = list.find((each) => !Number.isInteger(each) || each < from || each > to);
  if (wrong !== undefined) throw new Error(`${callee}(): ${wrong} is not an integer from ${from} to ${to}`);
  return list;
};

type List = number | readonly number[] | null;
const BY = {
  YearLocator: method_signature<{ base?: number; month?: number; day?: number }>(
    'YearLocator',
    'base?: int, month?: int, day?: int',
  ),
  MonthLocator: method_signature<{ bymonth?: List; bymonthday?: List; interval?: number }>(
    'MonthLocator',
    'bymonth?: values|None, bymonthday?: values|None, interval?: int',
  ),
  WeekdayLocator: method_signature<{ byweekday?: List; interval?: number }>(
    'WeekdayLocator',
    'byweekday?: values|None, interval?: int',
  ),
  DayLocator: method_signature<{ bymonthday?: List; interval?: number }>(
    'DayLocator',
    'bymonthday?: values|None, interval?: int',
  ),
  HourLocator: method_signature<{ byhour?: List; interval?: number }>(
    'HourLocator',
    'byhour?: values|None, interval?: int',
  ),
  MinuteLocator: method_signature<{ byminute?: List; interval?: number }>(
    'MinuteLocator',
    'byminute?: values|None, interval?: int',
  ),
  SecondLocator: method_signature<{ bysecond?: List; interval?: number }>(
    'SecondLocator',
    'bysecond?: values|None, interval?: int',
  ),
};

/**
 * A tick on a day of each year that is a multiple of `base`. Mirrors `matplotlib.dates.YearLocator`; without `tz`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2001-03-01'), new Date('2020-01-01'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.YearLocator(10));
 * print(plt.dates.num2date(plt.gca().get_xticks()).map((t) => t.getUTCFullYear())); // [2000, 2010, 2020]
 * plt.close('all');
 * ```
 */
export class YearLocator extends DateLocator {
  private readonly options: { base: number; month: number; day: number };

  constructor(base?: number, month?: number, day?: number);
  constructor(base: number, options: { month?: number; day?: number });
  constructor(options: { base?: number; month?: number; day?: number });
  constructor(...args: unknown[]) {
    super();
    const { base = 1, month = 1, day = 1 } = BY.YearLocator.read(args);
    if (base < 1) throw new Error(`YearLocator(): base must be positive, not ${base}`);
    one_or_more('YearLocator', month, 1, 12);
    one_or_more('YearLocator', day, 1, 31);
    this.options = { base, month, day };
  }

  override _unit(): Unit {
    return 'year';
  }

  protected override interval(): number {
    return this.options.base;
  }

  protected override between(low: Moment, high: Moment): number[] {
    return yearly(this.options.base, this.options.month, this.options.day, low, high);
  }
}

/**
 * Ticks on days of months. Mirrors `matplotlib.dates.MonthLocator`; without `tz`.
 * @param bymonth - which months, from 1; default all
 * @param bymonthday - which days of them; default the first
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2023-11-15'), new Date('2024-08-01'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.MonthLocator([1, 7]));
 * print(plt.gca().get_xticklabels()); // ['2024-01', '2024-07']
 * plt.close('all');
 * ```
 */
export class MonthLocator extends RuleLocator {
  constructor(bymonth?: List, bymonthday?: List, interval?: number);
  constructor(options: { bymonth?: List; bymonthday?: List; interval?: number });
  constructor(...args: unknown[]) {
    const { bymonth = null, bymonthday = 1, interval = 1 } = BY.MonthLocator.read(args);
    const days = one_or_more('MonthLocator', bymonthday, 1, 31);
    super({ unit: 'month', interval, months: one_or_more('MonthLocator', bymonth, 1, 12), days });
  }
}

/**
 * Ticks on days of the week. Mirrors `matplotlib.dates.WeekdayLocator`; without `tz`.
 * @param byweekday - `dates.MO` to `dates.SU`, which are 0 to 6; default Tuesday
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-01'), new Date('2024-01-20'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.WeekdayLocator(plt.dates.SU));
 * print(plt.gca().get_xticklabels()); // ['2024-01-07', '2024-01-14']
 * plt.close('all');
 * ```
 */
export class WeekdayLocator extends RuleLocator {
  constructor(byweekday?: List, interval?: number);
  constructor(options: { byweekday?: List; interval?: number });
  constructor(...args: unknown[]) {
    const { byweekday = 1, interval = 1 } = BY.WeekdayLocator.read(args);
    super({ unit: 'day', interval, weekdays: one_or_more('WeekdayLocator', byweekday, 0, 6) });
  }
}

/**
 * Ticks on days, by default on all. Mirrors `matplotlib.dates.DayLocator`; without `tz`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-20'), new Date('2024-02-20'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.DayLocator([1, 15]));
 * print(plt.gca().get_xticklabels()); // ['2024-02-01', '2024-02-15']
 * plt.close('all');
 * ```
 */
export class DayLocator extends RuleLocator {
  constructor(bymonthday?: List, interval?: number);
  constructor(options: { bymonthday?: List; interval?: number });
  constructor(...args: unknown[]) {
    const { bymonthday = null, interval = 1 } = BY.DayLocator.read(args);
    super({ unit: 'day', interval, days: one_or_more('DayLocator', bymonthday, 1, 31) });
  }
}

/**
 * Ticks at hours, by default at all. Mirrors `matplotlib.dates.HourLocator`; without `tz`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-20'), new Date('2024-01-21'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.HourLocator([6, 18]));
 * print(plt.gca().get_xticklabels()); // ['01-20 06', '01-20 18']
 * plt.close('all');
 * ```
 */
export class HourLocator extends RuleLocator {
  constructor(byhour?: List, interval?: number);
  constructor(options: { byhour?: List; interval?: number });
  constructor(...args: unknown[]) {
    const { byhour = null, interval = 1 } = BY.HourLocator.read(args);
    super({ unit: 'hour', interval, hours: one_or_more('HourLocator', byhour, 0, 23) });
  }
}

/**
 * Ticks at minutes, by default at all. Mirrors `matplotlib.dates.MinuteLocator`; without `tz`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-20T10:00Z'), new Date('2024-01-20T11:00Z'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.MinuteLocator([15, 45]));
 * print(plt.gca().get_xticklabels()); // ['20 10:15', '20 10:45']
 * plt.close('all');
 * ```
 */
export class MinuteLocator extends RuleLocator {
  constructor(byminute?: List, interval?: number);
  constructor(options: { byminute?: List; interval?: number });
  constructor(...args: unknown[]) {
    const { byminute = null, interval = 1 } = BY.MinuteLocator.read(args);
    super({ unit: 'minute', interval, minutes: one_or_more('MinuteLocator', byminute, 0, 59) });
  }
}

/**
 * Ticks at seconds, by default at all. Mirrors `matplotlib.dates.SecondLocator`; without `tz`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-20T10:00Z'), new Date('2024-01-20T10:01Z'));
 * plt.gca().xaxis.set_major_locator(new plt.dates.SecondLocator(30));
 * print(plt.gca().get_xticklabels()); // ['10:00:30']
 * plt.close('all');
 * ```
 */
export class SecondLocator extends RuleLocator {
  constructor(bysecond?: List, interval?: number);
  constructor(options: { bysecond?: List; interval?: number });
  constructor(...args: unknown[]) {
    const { bysecond = null, interval = 1 } = BY.SecondLocator.read(args);
    super({ unit: 'second', interval, seconds: one_or_more('SecondLocator', bysecond, 0, 59) });
  }
}

/** Monday, for {@link WeekdayLocator}. */
export const MO = 0;
/** Tuesday. */
export const TU = 1;
/** Wednesday. */
export const WE = 2;
/** Thursday. */
export const TH = 3;
/** Friday. */
export const FR = 4;
/** Saturday. */
export const SA = 5;
/** Sunday. */
export const SU = 6;

/** The time of a number of days by a format of `strftime`. */
function written(format: string, days: number): string {
  const { second, microsecond } = moment_of(days);
  const t = new Date(second * 1000);
  const clock: Clock = {
    ...{ getDate: () => t.getUTCDate(), getDay: () => t.getUTCDay(), getFullYear: () => t.getUTCFullYear() },
    ...{ getHours: () => t.getUTCHours(), getMinutes: () => t.getUTCMinutes(), getMonth: () => t.getUTCMonth() },
    getSeconds: () => t.getUTCSeconds(),
  };
  return time_text(format, clock, { f: String(microsecond).padStart(6, '0'), z: '+0000', Z: 'UTC' });
}

const DATE_FORMATTER = method_signature<{ fmt: string }>('DateFormatter', 'fmt: str');

/**
 * Labels by a format of `strftime`. Mirrors `matplotlib.dates.DateFormatter`; times are in UTC, without `tz`.
 * @throws Error for another conversion
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xticks([new Date('2024-05-01'), new Date('2024-06-01')]);
 * plt.gca().xaxis.set_major_formatter(new plt.dates.DateFormatter('%d %B'));
 * print(plt.gca().get_xticklabels()); // ['01 May', '01 June']
 * plt.close('all');
 * ```
 */
export class DateFormatter implements Formatter {
  private readonly fmt: string;

  constructor(fmt: string | { fmt: string });
  constructor(...args: unknown[]) {
    this.fmt = DATE_FORMATTER.read(args).fmt;
    written(this.fmt, 0);
  }

  format(locations: readonly number[]): { labels: string[]; offset: string } {
    return { labels: locations.map((value) => written(this.fmt, value)), offset: '' };
  }
}

define_kind('date_locator', 'a locator of dates', (value) => value instanceof DateLocator);
const AUTO_FORMATTER = method_signature<{ locator: DateLocator; defaultfmt?: string }>(
  'AutoDateFormatter',
  'locator: date_locator, defaultfmt?: str',
);

/**
 * Labels by the unit of the steps between ticks, in formats of the settings `date.autoformatter.year` to
 * `date.autoformatter.microsecond`; axes of dates have it at first. Mirrors `matplotlib.dates.AutoDateFormatter`; without `tz` and `scaled`.
 * @param defaultfmt - the format for locators that are not of dates
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2024-01-01'), new Date('2024-01-07'));
 * const locator = new plt.dates.DayLocator({ interval: 3 });
 * plt.gca().xaxis.set_major_locator(locator);
 * plt.gca().xaxis.set_major_formatter(new plt.dates.AutoDateFormatter(locator));
 * print(plt.gca().get_xticklabels()); // ['2024-01-01', '2024-01-04', '2024-01-07']
 * plt.close('all');
 * ```
 */
export class AutoDateFormatter implements Formatter {
  private readonly locator: DateLocator;
  private readonly defaultfmt: string;

  constructor(locator: DateLocator, defaultfmt?: string | { defaultfmt?: string });
  constructor(options: { locator: DateLocator; defaultfmt?: string });
  constructor(...args: unknown[]) {
    const { locator, defaultfmt = '%Y-%m-%d' } = AUTO_FORMATTER.read(args);
    [this.locator, this.defaultfmt] = [locator, defaultfmt];
    written(defaultfmt, 0);
  }

  format(locations: readonly number[], axis: TickAxis): { labels: string[]; offset: string } {
    const locator = axis.locator ?? this.locator;
    const unit = locator instanceof DateLocator ? locator._unit() : 'day';
    const format =
      locator instanceof DateLocator || unit === 'day' ? (rc[`date.autoformatter.${unit}`] as string) : null;
    return { labels: locations.map((value) => written(format ?? this.defaultfmt, value)), offset: '' };
  }
}

interface ConciseOptions {
  /** Formats of years, months, days, hours, minutes and seconds. */
  formats?: readonly string[] | null;
  /** Those of the first of each, January, the first day, midnight and so on. */
  zero_formats?: readonly string[] | null;
  /** Those of the text at the end of the axis. */
  offset_formats?: readonly string[] | null;
  /** Whether there is a text at the end of the axis. Default true. */
  show_offset?: boolean;
}
const CONCISE = method_signature<ConciseOptions & { locator: DateLocator }>(
  'ConciseDateFormatter',
  'locator: date_locator, *, formats?: str[]|None, zero_formats?: str[]|None, offset_formats?: str[]|None, show_offset?: bool',
);
const CONCISE_FORMATS = ['%Y', '%b', '%d', '%H:%M', '%H:%M', '%S.%f'];
const CONCISE_ZEROS = ['', '%Y', '%b', '%b-%d', '%H:%M', '%H:%M'];
const CONCISE_OFFSETS = ['', '%Y', '%Y-%b', '%Y-%b-%d', '%Y-%b-%d', '%Y-%b-%d %H:%M'];

/**
 * Labels as short as can be, with what all have in common at the end of the axis. Mirrors `matplotlib.dates.ConciseDateFormatter`; without
 * `tz`.
 * @throws Error unless there are six formats
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(new Date('2023-11-20'), new Date('2024-04-15'));
 * const locator = new plt.dates.MonthLocator();
 * plt.gca().xaxis.set_major_locator(locator);
 * plt.gca().xaxis.set_major_formatter(new plt.dates.ConciseDateFormatter(locator));
 * print(plt.gca().get_xticklabels()); // ['Dec', '2024', 'Feb', 'Mar', 'Apr']
 * plt.close('all');
 * ```
 */
export class ConciseDateFormatter implements Formatter {
  private readonly formats: readonly string[];
  private readonly zeros: readonly string[];
  private readonly offsets: readonly string[];
  private readonly show_offset: boolean;

  constructor(locator: DateLocator, options?: ConciseOptions);
  constructor(options: ConciseOptions & { locator: DateLocator });
  constructor(...args: unknown[]) {
    const { formats = null, zero_formats = null, offset_formats = null, show_offset = true } = CONCISE.read(args);
    for (const [name, list] of Object.entries({ formats, zero_formats, offset_formats })) {
      if (list !== null && list.length !== 6)
        throw new Error(`ConciseDateFormatter(): ${name} argument must be a list of 6 format strings (or None)`);
      for (const each of list ?? []) written(each, 0);
    }
    this.formats = formats ?? CONCISE_FORMATS;
    this.zeros = zero_formats ?? (formats === null ? CONCISE_ZEROS : ['', ...formats.slice(0, -1)]);
    this.offsets = offset_formats ?? CONCISE_OFFSETS;
    this.show_offset = show_offset;
  }

  format(locations: readonly number[], axis: TickAxis): { labels: string[]; offset: string } {
    if (locations.length === 0) return { labels: [], offset: '' };
    const moments = locations.map(moment_of);
    const fields = moments.map(({ second }) => {
      const { year, month, day, hour, minute, second: own } = civil(second);
      return [year, month, day, hour, minute, own];
    });
    const kinds = (level: number): Set<number> => new Set(fields.map((row) => row[level]!));
    const found = [5, 4, 3, 2, 1, 0].find((each) => kinds(each).size > 1);
    const level = found ?? 5;
    const shows = this.show_offset && !(found !== undefined && found < 2 && kinds(found).has(1));
    const zero = [0, 1, 1, 0, 0, 0][level]!;
    let labels = locations.map((value, i) => {
      const is_zero = level < 5 ? fields[i]![level] === zero : fields[i]![5] === 0 && moments[i]!.microsecond === 0;
      return written((is_zero ? this.zeros : this.formats)[level]!, value);
    });
    if (level === 5) {
      const zeros = labels.flatMap((text) => (text.includes('.') ? [/0*$/.exec(text)![0].length] : []));
      const cut = zeros.length === 0 ? 0 : Math.min(...zeros);
      if (cut > 0) labels = labels.map((text) => (text.includes('.') ? text.slice(0, -cut).replace(/\.$/, '') : text));
    }
    const last = axis.inverted === true ? locations[0]! : locations[locations.length - 1]!;
    return { labels, offset: shows ? written(this.offsets[level]!, last) : '' };
  }
}

/** A time, or several. */
export type Dates = Date | TimeArray | readonly Date[];

define_kind(
  'dates',
  'Date, an array of times, or a list of Dates',
  (value) => types.isDate(value) || value instanceof TimeArray || (Array.isArray(value) && value.every(types.isDate)),
);
const DATE2NUM = signature<{ d: Dates }>('date2num', 'd: dates');
const NUM2DATE = signature<{ x: number | Iterable<number> }>('num2date', 'x: values');

/**
 * Days since 1970 of times. Mirrors `matplotlib.dates.date2num`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.dates.date2num(new Date('1970-01-02T12:00Z'))); // 1.5
 * ```
 */
export function date2num(d: Date | { d: Date }): number;
export function date2num(d: TimeArray | readonly Date[] | { d: TimeArray | readonly Date[] }): NDArray;
export function date2num(...args: unknown[]): number | NDArray {
  const { d } = DATE2NUM.read(args);
  return types.isDate(d) ? days_of_date(d) : new NDArray(flat_floats('date2num', d));
}

/**
 * The times of numbers of days since 1970. Mirrors `matplotlib.dates.num2date`; a Date has milliseconds.
 * @throws Error outside of the years 1 to 9999
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.dates.num2date(1.5).toISOString()); // 1970-01-02T12:00:00.000Z
 * ```
 */
export function num2date(x: number): Date;
export function num2date(x: Iterable<number> | { x: Iterable<number> }): Date[];
export function num2date(options: { x: number }): Date;
export function num2date(...args: unknown[]): Date | Date[] {
  const { x } = NUM2DATE.read(args);
  const date = (days: number): Date => {
    const { second, microsecond } = moment_of(days);
    return new Date(second * 1000 + Math.round(microsecond / 1000));
  };
  return typeof x === 'number' ? date(x) : Array.from(flat_floats('num2date', x), date);
}

/** What chooses ticks and writes labels on an axis of dates. @internal */
export function date_ticks(): { locator: DateLocator; formatter: Formatter } {
  const locator = new AutoDateLocator();
  const formatter =
    rc['date.converter'] === 'concise' ? new ConciseDateFormatter(locator) : new AutoDateFormatter(locator);
  return { locator, formatter };
}
