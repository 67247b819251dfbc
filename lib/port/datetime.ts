/** `datetime`: what programs write into names of files and logs, and how long something took. Times have no zone. */
import { is_plain_object } from '../_internal/plain_object.js';
import { strftime } from '../python/time.js';
import { PyTypeError, ValueError } from './exceptions.js';
import type { Any } from './values.js';

const digits = (value: number, count: number): string => String(value).padStart(count, '0');

/** Arguments by position and by name, in the order of `names`. */
function given(args: readonly Any[], names: readonly string[]): number[] {
  const named = is_plain_object(args.at(-1)) ? (args.at(-1) as Record<string, number>) : {};
  const positional = args.slice(0, is_plain_object(args.at(-1)) ? -1 : undefined) as number[];
  for (const name of Object.keys(named))
    if (!names.includes(name)) throw new PyTypeError(`'${name}' is an invalid keyword argument`);
  return names.map((name, i) => Number(positional[i] ?? named[name] ?? 0));
}

/** A length of time. */
class timedelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  constructor(...args: Any[]) {
    const names = ['days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks'];
    const [days, seconds, micro, milli, minutes, hours, weeks] = given(args, names) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    // Whole seconds and the rest apart, so that years of microseconds are exact.
    const all = (days + weeks * 7) * 86400 + hours * 3600 + minutes * 60 + seconds;
    const whole = Math.floor(all);
    const rest = Math.round((all - whole) * 1e6 + milli * 1e3 + micro);
    const total = whole + Math.floor(rest / 1e6);
    this.days = Math.floor(total / 86400);
    this.seconds = total - this.days * 86400;
    this.microseconds = rest - Math.floor(rest / 1e6) * 1e6;
  }

  total_seconds(): number {
    return ((this.days * 86400 + this.seconds) * 1e6 + this.microseconds) / 1e6;
  }

  __add__(other: timedelta): timedelta {
    return new timedelta(this.days + other.days, this.seconds + other.seconds, this.microseconds + other.microseconds);
  }

  __sub__(other: timedelta): timedelta {
    return this.__add__(other.__neg__());
  }

  __neg__(): timedelta {
    return new timedelta(-this.days, -this.seconds, -this.microseconds);
  }

  __mul__(factor: number): timedelta {
    return new timedelta(this.days * factor, this.seconds * factor, this.microseconds * factor);
  }

  __rmul__(factor: number): timedelta {
    return this.__mul__(factor);
  }

  __truediv__(other: number | timedelta): timedelta | number {
    return other instanceof timedelta ? this.total_seconds() / other.total_seconds() : this.__mul__(1 / other);
  }

  __eq__(other: unknown): boolean {
    return other instanceof timedelta && this.total_seconds() === other.total_seconds();
  }

  __lt__(other: timedelta): boolean {
    return this.total_seconds() < other.total_seconds();
  }

  __gt__(other: timedelta): boolean {
    return other.__lt__(this);
  }

  __le__(other: timedelta): boolean {
    return !other.__lt__(this);
  }

  __ge__(other: timedelta): boolean {
    return !this.__lt__(other);
  }

  __str__(): string {
    const days = this.days === 0 ? '' : `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, `;
    const [hours, minutes] = [Math.floor(this.seconds / 3600), Math.floor(this.seconds / 60) % 60];
    const rest = this.microseconds === 0 ? '' : `.${digits(this.microseconds, 6)}`;
    return `${days}${hours}:${digits(minutes, 2)}:${digits(this.seconds % 60, 2)}${rest}`;
  }

  __repr__(): string {
    const parts = (['days', 'seconds', 'microseconds'] as const).filter((name) => this[name] !== 0);
    return `datetime.timedelta(${parts.map((name) => `${name}=${this[name]}`).join(', ') || '0'})`;
  }

  repr(): string {
    return this.__repr__();
  }
}

/** A day. */
class date {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  constructor(...args: Any[]) {
    const [year, month, day] = given(args, ['year', 'month', 'day', ...TIME]) as [number, number, number];
    const moment = new Date(year, month - 1, day);
    if (month < 1 || month > 12) throw new ValueError('month must be in 1..12');
    if (moment.getDate() !== day) throw new ValueError('day is out of range for month');
    [this.year, this.month, this.day] = [year, month, day];
  }

  static today(): date {
    const now = new Date();
    return new this(now.getFullYear(), now.getMonth() + 1, now.getDate());
  }

  weekday(): number {
    return (new Date(this.year, this.month - 1, this.day).getDay() + 6) % 7;
  }

  isoformat(): string {
    return `${digits(this.year, 4)}-${digits(this.month, 2)}-${digits(this.day, 2)}`;
  }

  strftime(format: string): string {
    return strftime(format, new Date(this.year, this.month - 1, this.day));
  }

  __str__(): string {
    return this.isoformat();
  }
}

const TIME = ['hour', 'minute', 'second', 'microsecond'];

/** A day and a time of it. */
class datetime extends date {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;

  constructor(...args: Any[]) {
    super(...args);
    const all = given(args, ['year', 'month', 'day', ...TIME]);
    [this.hour, this.minute, this.second, this.microsecond] = all.slice(3) as [number, number, number, number];
    for (const [i, limit] of [24, 60, 60, 1e6].entries())
      if (!(all[i + 3]! >= 0 && all[i + 3]! < limit)) throw new ValueError(`${TIME[i]} must be in 0..${limit - 1}`);
  }

  static fromtimestamp(seconds: number): datetime {
    const moment = new Date(Math.floor(seconds) * 1000);
    return of_date(moment, Math.round((seconds - Math.floor(seconds)) * 1e6) % 1e6);
  }

  static now(): datetime {
    const now = new Date();
    return of_date(now, now.getMilliseconds() * 1000);
  }

  static override today(): datetime {
    return datetime.now();
  }

  date(): date {
    return new date(this.year, this.month, this.day);
  }

  timestamp(): number {
    return this.as_date().getTime() / 1000 + this.microsecond / 1e6;
  }

  private as_date(): Date {
    return new Date(this.year, this.month - 1, this.day, this.hour, this.minute, this.second);
  }

  override isoformat(sep: string | { sep?: string } = 'T'): string {
    const between = typeof sep === 'string' ? sep : (sep.sep ?? 'T');
    const time = [this.hour, this.minute, this.second].map((part) => digits(part, 2)).join(':');
    return `${super.isoformat()}${between}${time}${this.microsecond === 0 ? '' : `.${digits(this.microsecond, 6)}`}`;
  }

  override strftime(format: string): string {
    const known = format.replace(/%%|%f/g, (field) => (field === '%f' ? digits(this.microsecond, 6) : field));
    return strftime(known, this.as_date());
  }

  override __str__(): string {
    return this.isoformat(' ');
  }

  /** Days and seconds since 1970, as if there were no zones. */
  private elapsed(): timedelta {
    const seconds = Date.UTC(this.year, this.month - 1, this.day, this.hour, this.minute, this.second) / 1000;
    return new timedelta(0, seconds, this.microsecond);
  }

  __sub__(other: datetime | timedelta): datetime | timedelta {
    return other instanceof timedelta ? this.__add__(other.__neg__()) : this.elapsed().__sub__(other.elapsed());
  }

  __add__(other: timedelta): datetime {
    const sum = this.elapsed().__add__(other);
    const moment = new Date((sum.days * 86400 + sum.seconds) * 1000);
    return new datetime(
      moment.getUTCFullYear(),
      moment.getUTCMonth() + 1,
      moment.getUTCDate(),
      moment.getUTCHours(),
      moment.getUTCMinutes(),
      moment.getUTCSeconds(),
      sum.microseconds,
    );
  }

  __radd__(other: timedelta): datetime {
    return this.__add__(other);
  }

  __eq__(other: unknown): boolean {
    return other instanceof datetime && this.elapsed().__eq__(other.elapsed());
  }

  __lt__(other: datetime): boolean {
    return this.elapsed().__lt__(other.elapsed());
  }

  __gt__(other: datetime): boolean {
    return other.__lt__(this);
  }

  __le__(other: datetime): boolean {
    return !other.__lt__(this);
  }

  __ge__(other: datetime): boolean {
    return !this.__lt__(other);
  }
}

function of_date(moment: Date, microsecond: number): datetime {
  return new datetime(
    moment.getFullYear(),
    moment.getMonth() + 1,
    moment.getDate(),
    moment.getHours(),
    moment.getMinutes(),
    moment.getSeconds(),
    microsecond,
  );
}

const classes = { date, datetime, timedelta };
export { classes as datetime };
