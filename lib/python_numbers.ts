/** Numbers as Python writes them: `format(x, '.4f')`, `format(x, '.4e')` and `repr(x)`. */

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

/** `format(value, '.{precision}f')` */
export function format_fixed(value: number, precision: number): string {
  const name = special(value);
  if (name !== undefined) return name;
  const sign = is_negative(value) ? '-' : '';
  const size = Math.abs(value);
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
