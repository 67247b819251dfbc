/** Numbers as Python writes them: `format(x, '.4f')`, `format(x, '.4e')`, `format(x, '.4g')` and `repr(x)`. */

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return undefined;
}

const is_negative = (value: number): boolean => value < 0 || Object.is(value, -0);

/**
 * JavaScript rounds halves up, Python to the even digit. `exact` has 30 more digits, enough to tell a half, since a
 * double has 53 bits.
 */
function rounded_half_even(rounded: string, exact: string, kept: number): string {
  if (!/^50*$/.test(exact.slice(kept))) return rounded;
  const floor = exact.slice(0, kept);
  const last = floor.replace(/\D*$/, '').slice(-1);
  return Number(last) % 2 === 0 ? floor.replace(/\.$/, '') : rounded;
}

/** JavaScript's own functions go up to 100 digits, and some are needed to tell a half. */
const digits_of_javascript = 70;

/** A finite size as a fraction of integers. */
function ratio_of(size: number): [numerator: bigint, denominator: bigint] {
  let exponent = 0;
  let fraction = size;
  while (!Number.isInteger(fraction)) {
    fraction *= 2;
    exponent++;
  }
  return [BigInt(fraction), 2n ** BigInt(exponent)];
}

function quotient_half_even(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && floor % 2n === 1n) ? floor + 1n : floor;
}

function long_fixed(size: number, precision: number): string {
  const [numerator, denominator] = ratio_of(size);
  const digits = quotient_half_even(numerator * 10n ** BigInt(precision), denominator)
    .toString()
    .padStart(precision + 1, '0');
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

function long_exponential(size: number, precision: number): [digits: string, exponent: string] {
  let exponent = Number(size.toExponential(20).split('e')[1]);
  const [numerator, denominator] = ratio_of(size);
  const shift = BigInt(precision - exponent);
  let digits = (
    shift >= 0n
      ? quotient_half_even(numerator * 10n ** shift, denominator)
      : quotient_half_even(numerator, denominator * 10n ** -shift)
  ).toString();
  if (digits.length > precision + 1) {
    digits = digits.slice(0, -1);
    exponent++;
  }
  return [`${digits[0]}.${digits.slice(1).padEnd(precision, '0')}`, String(exponent)];
}

/** `format(value, '.{precision}f')` */
export function format_fixed(value: number, precision: number): string {
  const name = special(value);
  if (name !== undefined) return name;
  const sign = is_negative(value) ? '-' : '';
  const size = Math.abs(value);
  if (precision > digits_of_javascript) return sign + long_fixed(size, precision);
  if (size >= 1e21) {
    const whole = BigInt(size).toString();
    return sign + (precision > 0 ? `${whole}.${'0'.repeat(precision)}` : whole);
  }
  const rounded = size.toFixed(precision);
  const exact = size.toFixed(Math.min(100, precision + 30));
  const kept = exact.indexOf('.') + 1 + precision;
  return sign + rounded_half_even(rounded, exact, kept);
}

/** `format(value, '.{precision}e')` */
export function format_exponential(value: number, precision: number): string {
  const name = special(value);
  if (name !== undefined) return name;
  const sign = is_negative(value) ? '-' : '';
  const size = Math.abs(value);
  if (precision > digits_of_javascript) {
    const [digits, exponent] = long_exponential(size, precision);
    return `${sign}${digits}e${exponent.startsWith('-') ? '-' : '+'}${exponent.replace('-', '').padStart(2, '0')}`;
  }
  const [rounded = '', exponent = ''] = size.toExponential(precision).split('e');
  const [exact = '', exact_exponent] = size.toExponential(Math.min(100, precision + 30)).split('e');
  const kept = precision === 0 ? 1 : 2 + precision;
  const digits =
    exact_exponent === exponent
      ? rounded_half_even(rounded, precision === 0 ? exact.replace('.', '') : exact, kept)
      : rounded;
  const power = exponent.replace(/^[+-]/, '').padStart(2, '0');
  return `${sign}${digits}e${exponent.startsWith('-') ? '-' : '+'}${power}`;
}

/**
 * `format(value, '.{precision}g')`: the shorter of the two notations at `precision` significant digits. With `dot` as a spec
 * without a type: always with a digit after the point.
 */
export function format_general(value: number, precision: number, keep_zeros: boolean, dot = false): string {
  if (!Number.isFinite(value)) return format_fixed(value, 0);
  const digits = Math.max(1, precision);
  const scientific = format_exponential(value, digits - 1);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  const trim = (text: string): string => (keep_zeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  const pointed = (text: string): string => (keep_zeros && !text.includes('.') ? `${text}.` : text);
  if (exponent >= -4 && exponent < digits - (dot ? 1 : 0)) {
    const text = pointed(trim(format_fixed(value, digits - 1 - exponent)));
    return dot && !text.includes('.') ? `${text}.0` : text;
  }
  const [mantissa = '', power = ''] = scientific.split('e');
  return `${pointed(trim(mantissa))}e${power}`;
}

/** `repr(value)` of a Python float: the shortest digits, with `.0`, or an exponent from `limit` on. */
export function float_repr(value: number, limit = 1e16): string {
  const name = special(value);
  if (name !== undefined) return name;
  const sign = is_negative(value) ? '-' : '';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= limit)) {
    const [digits = '', exponent = ''] = size.toExponential().split('e');
    return `${sign}${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(size);
  return sign + (text.includes('.') ? text : `${text}.0`);
}

const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;
const NAMED_FLOAT = /^([+-]?)(inf|infinity|nan)$/i;

/** `float(text)`. @throws Error when the text is not a number */
export function parse_float(text: string): number {
  const trimmed = text.trim();
  const [, sign, name] = NAMED_FLOAT.exec(trimmed) ?? [];
  if (name !== undefined) return name.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity;
  if (!FLOAT.test(trimmed)) throw new Error(`could not convert string to float: '${text}'`);
  return Number(trimmed.replaceAll('_', ''));
}
