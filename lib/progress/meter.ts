/** The line of a progress bar as text: counts, the bar itself, times and rates. Knows nothing of terminals. */
import { signature } from '../_internal/signature.js';
import { float_repr, format_fixed } from '../_internal/python_numbers.js';
import { warn } from '../_internal/warnings.js';
import { python_format } from '../python/format_spec.js';
import { format_fields, python_str } from '../python/print.js';
import { display_width, trim_to_width } from './display_width.js';

/** The arguments of {@link format_meter} by name, beyond the first three. */
export interface MeterOptions {
  /** Columns of the whole line, to which the bar adapts; 0 shows no bar; null: a bar of 10 columns. */
  ncols?: number | null;
  /** The description in front. */
  prefix?: string;
  /** Whether the bar is of `#` and digits; or its characters, from empty to full. */
  ascii?: boolean | string;
  /** Unit of the counts. Default `'it'`. */
  unit?: string;
  /** Whether counts have prefixes such as k and M; or a number to scale them by. */
  unit_scale?: boolean | number;
  /** Iterations per second; default: the average. */
  rate?: number | null;
  /** The line as a format of Python's `str.format`. */
  bar_format?: string | null;
  /** What comes behind the rate. */
  postfix?: unknown;
  /** Between two prefixes. Default 1000. */
  unit_divisor?: number;
  /** The count at the start. */
  initial?: number;
  /** A colour's name or `#rrggbb`. */
  colour?: string | null;
  /** Rows of the screen, for `bar_format`. */
  nrows?: number | null;
}

const SIZEOF = signature<{ num: number; suffix?: string; divisor?: number }>(
  'format_sizeof',
  'num: float, suffix?: str, divisor?: float',
);

/** A number of three digits with an SI prefix: `1.23k`. Mirrors `tqdm.format_sizeof`. */
export function format_sizeof(...args: unknown[]): string {
  const { num, suffix = '', divisor = 1000 } = SIZEOF.read(args);
  let size = num;
  for (const prefix of ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z']) {
    const magnitude = Math.abs(size);
    if (magnitude < 999.5) {
      const digits = magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;
      return fixed(size, digits, digits === 0 ? 3 : digits === 1 ? 2 : 1) + prefix + suffix;
    }
    size /= divisor;
  }
  return `${fixed(size, 1, 3)}Y${suffix}`;
}

/** `f'{value:{width}.{digits}f}'`. */
const fixed = (value: number, digits: number, width: number): string =>
  python_format(value, `${width}.${digits}f`, true);

const INTERVAL = signature<{ t: number }>('format_interval', 't: float');

/** Seconds as `[H:]MM:SS`. Mirrors `tqdm.format_interval`. */
export function format_interval(...args: unknown[]): string {
  const { t } = INTERVAL.read(args);
  const seconds = Math.abs(Math.trunc(t));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${t < 0 ? '-' : ''}${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

const NUM = signature<{ n: number | bigint | boolean }>('format_num', 'n: float|bool');

/** A number as short as three digits allow. Mirrors `tqdm.format_num`. */
export function format_num(...args: unknown[]): string {
  const { n } = NUM.read(args);
  const short = python_format(typeof n === 'boolean' ? Number(n) : n, '.3g')
    .replaceAll('e+0', 'e+')
    .replaceAll('e-0', 'e-');
  const whole = python_str(n);
  return short.length < whole.length ? short : whole;
}

const ascii_characters = ' 123456789#';
const block_characters = ` ${String.fromCharCode(0x258f, 0x258e, 0x258d, 0x258c, 0x258b, 0x258a, 0x2589, 0x2588)}`;
const blank_characters = '  ';
const reset_colour = '\x1b[0m';
const colours = ['BLACK', 'RED', 'GREEN', 'YELLOW', 'BLUE', 'MAGENTA', 'CYAN', 'WHITE'];

/** The control sequence that begins a colour; nothing for no colour, and for an unknown one, of which it warns. */
function colour_sequence(colour: string | null): string {
  if (colour === null || colour === '') return '';
  const place = colours.indexOf(colour.toUpperCase());
  if (place >= 0) return `\x1b[${30 + place}m`;
  const channels = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour)?.slice(1);
  if (channels !== undefined) return `\x1b[38;2;${channels.map((channel) => parseInt(channel, 16)).join(';')}m`;
  warn(`Unknown colour (${colour}); valid choices: [hex (#00ff00), ${colours.join(', ')}]`);
  return '';
}

interface Bar {
  readonly fraction: number;
  readonly length: number;
  readonly characters: string;
  readonly colour: string | null;
}

const sets: Readonly<Record<string, string>> = { a: ascii_characters, u: block_characters, b: blank_characters };

/** The bar as the spec behind `{bar:` asks for it: a length, or what to subtract of it, and a set of characters. */
function bar_text({ fraction, length, characters, colour }: Bar, spec: string): string {
  const set = sets[spec.slice(-1).toLowerCase()];
  const asked = set === undefined ? spec : spec.slice(0, -1);
  const symbols = [...(set ?? characters)];
  const given = asked === '' ? length : Number(asked);
  if (!Number.isInteger(given)) throw new Error(`invalid literal for int() with base 10: '${asked}'`);
  const columns = given < 0 ? given + length : given;
  const steps = symbols.length - 1;
  const done = Math.trunc(fraction * columns * steps);
  const full = Math.floor(done / steps);
  const rest = columns - full;
  const text =
    symbols[steps]!.repeat(Math.max(0, full)) +
    (rest > 0 ? symbols[done - full * steps]! + symbols[0]!.repeat(rest - 1) : '');
  const begin = colour_sequence(colour);
  return begin === '' ? text : begin + text + reset_colour;
}

/** `{bar}` of a format, with the spec. */
const bar_field = /\{bar(?::([^{}]*))?\}/g;

/** Stands for the bars of a format while its other fields are filled in. */
const bar_mark = '\ue000';

/** Fills in a format; the bar takes what is left of the columns. */
function filled(
  bar_format: string,
  fields: Readonly<Record<string, unknown>>,
  ncols: number | null,
  bar: Omit<Bar, 'length'>,
): string {
  const specs: string[] = [];
  const marked = bar_format.replace(bar_field, (_whole, spec: string | undefined) => {
    specs.push(spec ?? '');
    return bar_mark;
  });
  const text = format_fields(marked, fields);
  const without = text.replaceAll(bar_mark, '');
  const limited = (line: string): string => (ncols === null || ncols === 0 ? line : trim_to_width(line, ncols));
  if (specs.length === 0) return limited(without);
  const length = ncols === null || ncols === 0 ? 10 : Math.max(1, ncols - display_width(without));
  return limited(text.replaceAll(bar_mark, () => bar_text({ ...bar, length }, specs.shift()!)));
}

/** Text of a value that is added behind the rate; what is not a text is left as it is for `bar_format`. */
function with_comma(postfix: unknown): unknown {
  if (typeof postfix === 'string') return postfix === '' ? '' : `, ${postfix}`;
  return postfix === null || postfix === undefined || postfix === false || postfix === 0 ? '' : postfix;
}

const METER = signature<{ n: number; total: number | null; elapsed: number; others: object } & MeterOptions>(
  'format_meter',
  'n: float, total: float|None, elapsed: float, ncols?: int|None, prefix?: str, ascii?: bool|str, unit?: str, ' +
    'unit_scale?: bool|float, rate?: float|None, bar_format?: str|None, postfix?: any|None, unit_divisor?: float, ' +
    'initial?: float, colour?: str|None, nrows?: int|None',
);

/** The counts of a bar, scaled as its unit asks for; `unit_scale` stays where counts have prefixes. */
interface Scaled {
  readonly n: number;
  readonly total: number | null;
  readonly rate: number | null;
  readonly with_prefixes: boolean;
  /** Whether the counts are floats in Python, which shows where they are whole. */
  readonly as_floats: boolean;
}

function scaled(n: number, given_total: number | null, rate: number | null, unit_scale: boolean | number): Scaled {
  const known = given_total !== null && given_total !== 0 && (n >= given_total + 0.5 || given_total === Infinity);
  const total = known ? null : given_total;
  if (typeof unit_scale === 'boolean' || unit_scale === 0 || unit_scale === 1) {
    return { n, total, rate, with_prefixes: Boolean(unit_scale), as_floats: false };
  }
  const times = (value: number | null): number | null => (value === null ? null : value * unit_scale);
  return {
    n: n * unit_scale,
    total: times(total),
    rate: times(rate),
    with_prefixes: false,
    as_floats: !Number.isInteger(unit_scale),
  };
}

/** What a line says of its rate. */
function rate_fields(rate: number | null, unit: string, with_prefixes: boolean) {
  const inverse = rate ? 1 / rate : null;
  const speed = (value: number | null): string =>
    !value ? '?' : with_prefixes ? format_sizeof(value) : fixed(value, 2, 5);
  const rate_noinv_fmt = `${speed(rate)}${unit}/s`;
  const rate_inv_fmt = `${speed(inverse)}s/${unit}`;
  const is_slow = inverse !== null && inverse > 1;
  return {
    ...{ rate: is_slow ? inverse : rate, rate_fmt: is_slow ? rate_inv_fmt : rate_noinv_fmt },
    ...{ rate_noinv: rate, rate_noinv_fmt, rate_inv: inverse, rate_inv_fmt },
  };
}

/** What a line says of its times; the time of its end as a date and time of day. */
function time_fields({ n, total }: Scaled, rate: number | null, elapsed: number) {
  const remaining_s = rate && total ? (total - n) / rate : 0;
  return {
    ...{ elapsed: format_interval(elapsed), elapsed_s: elapsed },
    ...{ remaining: rate ? format_interval(remaining_s) : '?', remaining_s },
    eta: local_time(new Date(rate && total ? Date.now() + remaining_s * 1000 : 0)),
  };
}

/** The line of a bar. Mirrors `tqdm.format_meter`. */
export function format_meter(...args: unknown[]): string {
  const given = METER.read(args);
  const { ncols = null, prefix = '', ascii = false, unit = 'it', bar_format = null } = given;
  const { unit_divisor = 1000, initial = 0, colour = null, nrows = null } = given;
  const counts = scaled(given.n, given.total, given.rate ?? null, given.unit_scale ?? false);
  const { n, total, with_prefixes, as_floats } = counts;
  const average = given.elapsed ? (n - initial) / given.elapsed : null;
  const rates = rate_fields(counts.rate ?? average, unit, with_prefixes);
  const times = time_fields(counts, rates.rate_noinv, given.elapsed);
  const count = (value: number): string =>
    with_prefixes ? format_sizeof(value, { divisor: unit_divisor }) : as_floats ? float_repr(value) : python_str(value);
  const n_fmt = count(n);
  const postfix = with_comma(given.postfix);
  const stats = `${rates.rate_fmt}${python_str(postfix)}]`;
  if (!total && !bar_format) {
    const line = `${prefix === '' ? '' : `${prefix}: `}${n_fmt}${unit} [${times.elapsed}, ${stats}`;
    return ncols ? trim_to_width(line, ncols) : line;
  }
  const total_fmt = total === null ? '?' : count(total);
  const r_bar = `| ${n_fmt}/${total_fmt} [${times.elapsed}<${times.remaining}, ${stats}`;
  const fraction = total ? n / total : 0;
  const percentage = fraction * 100;
  const before = prefix === '' ? '' : prefix.endsWith(': ') ? prefix : `${prefix}: `;
  const l_bar = total ? `${before}${format_fixed(percentage, 0).padStart(3)}%|` : `${before}|`;
  if (total && ncols === 0) return l_bar.slice(0, -1) + r_bar.slice(1);
  const fields = {
    ...{ n, n_fmt, total, total_fmt, ncols, nrows, desc: prefix, unit, unit_divisor, colour, postfix },
    ...{ l_bar, r_bar, percentage, ...rates, ...times },
  };
  const characters = total ? (ascii === true ? ascii_characters : ascii || block_characters) : blank_characters;
  const given_format = bar_format || '{l_bar}{bar}{r_bar}';
  const format = total && prefix === '' ? given_format.replaceAll('{desc}: ', '') : given_format;
  return filled(format, fields, ncols, { fraction: Math.max(0, Math.min(1, fraction)), characters, colour });
}

/** A time as `str(datetime)` writes it, to the second. */
function local_time(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
