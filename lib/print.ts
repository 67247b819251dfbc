/** Python's `print`, `repr` and `%`, so that what a port prints is what the script printed. */
import { types } from 'node:util';

import { string_argument } from './nn/arguments.js';
import { is_plain_object } from './plain_object.js';
import { float_repr, format_exponential, format_fixed } from './python_numbers.js';

/** Python's `repr` of a string: single quotes unless there are only single quotes inside. */
function string_repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', [quote]: `\\${quote}` };
  // eslint-disable-next-line no-control-regex
  const escaped = text.replace(/[\\\n\r\t'"]|[\x00-\x1f\x7f]/g, (c) =>
    escapes[c] ?? (/['"]/.test(c) ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
  return quote + escaped + quote;
}

function dict_repr(entries: Iterable<[unknown, unknown]>): string {
  return `{${Array.from(entries, ([key, value]) => `${python_repr(key)}: ${python_repr(value)}`).join(', ')}}`;
}

/**
 * What Python's `repr` gives. Arrays print as lists, plain objects and maps as dicts, `null` as None; integers have no
 * point, since JavaScript cannot tell `1.0` from `1`.
 */
export function python_repr(value: unknown): string {
  switch (typeof value) {
    case 'string': return string_repr(value);
    case 'number': return Number.isInteger(value) && Math.abs(value) < 1e16 ? BigInt(value).toString() : float_repr(value);
    case 'boolean': return value ? 'True' : 'False';
    case 'undefined': return 'None';
    case 'object': break;
    default: return String(value);
  }
  if (value === null) return 'None';
  if ('repr' in value && typeof value.repr === 'function') return String((value as { repr(): unknown }).repr());
  if (Array.isArray(value) && Array.isArray(Object.getPrototypeOf(value))) {
    return `[${value.map(python_repr).join(', ')}]`;
  }
  if (types.isMap(value)) return dict_repr(value as Map<unknown, unknown>);
  if (types.isSet(value)) return value.size === 0 ? 'set()' : `{${Array.from(value, python_repr).join(', ')}}`;
  if (is_plain_object(value)) return dict_repr(Object.entries(value));
  return String(value);
}

/** Python's `str`: strings as they are, arrays as numpy prints them, all else as `repr`. */
function python_str(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'repr' in value) return String(value);
  return python_repr(value);
}

const conversion = /%(?:%|([-+0#]*)(\d*)(?:\.(\d+))?([diufFeEgGsrxXo]))/g;

function number_for(kind: string, value: unknown): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object' && value !== null && 'item' in value && typeof value.item === 'function') {
    return number_for(kind, (value as { item(): unknown }).item());
  }
  throw new TypeError(`format(): %${kind} format: a real number is required, not ${value === null ? 'null' : typeof value}`);
}

function integer_for(kind: string, value: unknown): bigint {
  const number = number_for(kind, value);
  if (typeof number === 'number' && !Number.isFinite(number)) {
    throw new RangeError(`format(): %${kind} format: cannot convert float ${float_repr(number)} to integer`);
  }
  return typeof number === 'bigint' ? number : BigInt(Math.trunc(number));
}

/** `%g`: the shorter of the two notations at `precision` significant digits. */
function format_general(value: number, precision: number, keep_zeros: boolean): string {
  if (!Number.isFinite(value)) return format_fixed(value, 0);
  const digits = Math.max(1, precision);
  const scientific = format_exponential(value, digits - 1);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  const trim = (text: string): string => (keep_zeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent >= -4 && exponent < digits) return trim(format_fixed(value, digits - 1 - exponent));
  const [mantissa = '', power = ''] = scientific.split('e');
  return `${trim(mantissa)}e${power}`;
}

function in_base(value: bigint, kind: string, prefixed: boolean): string {
  const base = kind === 'o' ? 8 : 16;
  const digits = (value < 0n ? -value : value).toString(base);
  return `${value < 0n ? '-' : ''}${prefixed ? `0${kind === 'o' ? 'o' : 'x'}` : ''}${digits}`;
}

function converted(kind: string, flags: string, precision: number | undefined, value: unknown): string {
  switch (kind) {
    case 's': return python_str(value).slice(0, precision);
    case 'r': return python_repr(value).slice(0, precision);
    case 'd': case 'i': case 'u': return integer_for(kind, value).toString();
    case 'x': case 'X': case 'o': return in_base(integer_for(kind, value), kind, flags.includes('#'));
    default: {
      const number = Number(number_for(kind, value));
      const digits = precision ?? 6;
      if (kind === 'f' || kind === 'F') return format_fixed(number, digits);
      if (kind === 'e' || kind === 'E') return format_exponential(number, digits);
      return format_general(number, digits, flags.includes('#'));
    }
  }
}

/** Signs and pads what a conversion gave. */
function laid_out(text: string, kind: string, flags: string, width: number): string {
  const numeric = kind !== 's' && kind !== 'r';
  const cased = /[FEGX]/.test(kind) ? text.toUpperCase() : text;
  const signed = numeric && flags.includes('+') && !cased.startsWith('-') ? `+${cased}` : cased;
  if (flags.includes('-')) return signed.padEnd(width);
  if (!numeric || !flags.includes('0')) return signed.padStart(width);
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/.exec(signed) ?? [];
  return sign + rest.padStart(width - sign.length, '0');
}

/** How many values a text's conversions take. */
function conversions_in(text: string): number {
  return [...text.matchAll(conversion)].filter(([, , , , kind]) => kind !== undefined).length;
}

/**
 * Python's `template % values`: `format('%s: %.4f', 'loss', 0.25)` is `'loss: 0.2500'`. Takes `%d %i %f %e %g %s %r %x
 * %o`, the flags `- + 0 #`, width and precision.
 * @throws TypeError when there are too few or too many values, or one is not a number where one is needed
 */
export function format(template: string, ...values: unknown[]): string {
  string_argument('format', 'template', template);
  const wanted = conversions_in(template);
  if (values.length < wanted) throw new TypeError('format(): not enough arguments for format string');
  if (values.length > wanted) throw new TypeError('format(): not all arguments converted during string formatting');
  let next = 0;
  return template.replace(conversion, (_, flags: string, width: string, precision: string | undefined, kind?: string) => {
    if (kind === undefined) return '%';
    const digits = precision === undefined ? undefined : Number(precision);
    return laid_out(converted(kind, flags, digits, values[next++]), kind, flags, Number(width));
  });
}

/** What {@link print} takes by name. */
export interface PrintSettings {
  /** Between the values; a space when left out. */
  sep?: string;
  /** After the last one; a new line when left out. */
  end?: string;
}

function is_settings(value: unknown): value is PrintSettings {
  if (!is_plain_object(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => (name === 'sep' || name === 'end') && typeof value[name] === 'string');
}

/**
 * Python's `print`: the values with spaces between them, each as Python's `str` writes it. A text with `%` conversions
 * takes the values that follow it, as Python's `'...' % value` would; a trailing `{ sep, end }` is as in Python.
 *
 * @example
 * ```ts
 * print('Epoch: ', 0, '| train loss: %.4f', loss.item(), '| test accuracy: %.2f', accuracy);
 * // Epoch:  0 | train loss: 2.2992 | test accuracy: 0.21
 * ```
 * @throws TypeError when a conversion finds too few values, or no number where one is needed
 */
export function print(...values: unknown[]): void {
  const last = values[values.length - 1];
  const settings = is_settings(last) ? last : {};
  const given = is_settings(last) ? values.slice(0, -1) : values;
  const texts: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const value = given[i];
    const taken = typeof value === 'string' && i + 1 < given.length ? conversions_in(value) : 0;
    texts.push(taken > 0 ? format(value as string, ...given.slice(i + 1, i + 1 + taken)) : python_str(value));
    i += taken;
  }
  process.stdout.write(texts.join(settings.sep ?? ' ') + (settings.end ?? '\n'));
}
