/** Times as text by the conversions of `strftime`, in English. */

/** The fields of a time, of a Date in the machine's zone or in another. */
export type Clock = Pick<
  Date,
  'getDate' | 'getDay' | 'getFullYear' | 'getHours' | 'getMinutes' | 'getMonth' | 'getSeconds'
>;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const two = (value: number): string => String(value).padStart(2, '0');

const fields: Readonly<Record<string, (t: Clock) => string>> = {
  a: (t) => DAYS[t.getDay()]!.slice(0, 3),
  A: (t) => DAYS[t.getDay()]!,
  b: (t) => MONTHS[t.getMonth()]!.slice(0, 3),
  B: (t) => MONTHS[t.getMonth()]!,
  d: (t) => two(t.getDate()),
  e: (t) => String(t.getDate()).padStart(2),
  F: (t) => `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`,
  H: (t) => two(t.getHours()),
  I: (t) => two(t.getHours() % 12 || 12),
  j: (t) => {
    const days = (Date.UTC(2000, t.getMonth(), t.getDate()) - Date.UTC(2000, 0, 0)) / 864e5;
    const year = t.getFullYear();
    const is_leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return String(days - (!is_leap && t.getMonth() > 1 ? 1 : 0)).padStart(3, '0');
  },
  m: (t) => two(t.getMonth() + 1),
  M: (t) => two(t.getMinutes()),
  p: (t) => (t.getHours() < 12 ? 'AM' : 'PM'),
  S: (t) => two(t.getSeconds()),
  T: (t) => `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`,
  y: (t) => two(t.getFullYear() % 100),
  Y: (t) => String(t.getFullYear()),
  '%': () => '%',
};

/**
 * A time as text.
 * @param more texts of further conversions
 * @throws Error for another conversion
 */
export function time_text(format: string, t: Clock, more: Readonly<Record<string, string>> = {}): string {
  return format.replace(/%([\s\S]?)/g, (whole, field: string) => {
    const text = more[field] ?? fields[field]?.(t);
    if (text === undefined) throw new Error(`Invalid format string: ${whole}`);
    return text;
  });
}
