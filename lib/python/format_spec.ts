/** Python's format mini-language: what `format(value, '>10,.2f')` gives for integers, floats, complex numbers and texts. */
import { float_repr, format_exponential, format_fixed, format_general } from '../_internal/python_numbers.js';
import { Complex } from '../types/scalar.js';

interface Spec {
  readonly fill: string;
  readonly align: '<' | '>' | '=' | '^' | undefined;
  readonly sign: '+' | '-' | ' ' | undefined;
  /** -0.0 goes as 0.0. */
  readonly positive_zero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: ',' | '_' | undefined;
  readonly precision: number | undefined;
  readonly type: string;
}

const grammar = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([\s\S])?$/u;

function parse(spec: string, kind: string): Spec {
  const match = grammar.exec(spec);
  if (match === null) {
    if (/\.(?!\d)/.test(spec)) throw new Error('Format specifier missing precision');
    throw new Error(`Invalid format specifier '${spec}' for object of type '${kind}'`);
  }
  const [, fill, align, sign, positive_zero, alternate, zero, width, grouping, precision, type = ''] = match;
  if (type === '.') throw new Error('Format specifier missing precision');
  if (grouping !== undefined && (type === ',' || type === '_')) {
    throw new Error(
      type === grouping ? `Cannot specify '${grouping}' with '${type}'.` : "Cannot specify both ',' and '_'.",
    );
  }
  if (grouping !== undefined && !(grouping === '_' ? /^[deEfFgG%boxX]?$/ : /^[deEfFgG%]?$/).test(type)) {
    throw new Error(`Cannot specify '${grouping}' with '${type}'.`);
  }
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: (align ?? (zero === undefined ? undefined : '=')) as Spec['align'],
    sign: sign as Spec['sign'],
    positive_zero: positive_zero !== undefined,
    alternate: alternate !== undefined,
    width: width === undefined ? 0 : Number(width),
    grouping: grouping as Spec['grouping'],
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

const unknown_code = (type: string, kind: string): Error => {
  const code = type.codePointAt(0)!;
  const shown = code > 32 && code < 128 ? type : `\\x${code.toString(16)}`;
  return new Error(`Unknown format code '${shown}' for object of type '${kind}'`);
};

const padded = (text: string, { fill, width }: Spec, align: Spec['align']): string => {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  const left = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing;
  return fill.repeat(left) + text + fill.repeat(missing - left);
};

function grouped(digits: string, separator: string, every: number): string {
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= every) parts.unshift(digits.slice(Math.max(0, end - every), end));
  return parts.join(separator);
}

/** Puts together sign, prefix, the digits before the point in groups, and the rest, in the width of the spec. */
function laid_out(negative: boolean, prefix: string, whole: string, rest: string, spec: Spec, every = 3): string {
  const sign = (negative ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : '') + prefix;
  const inside = spec.align === '=' && spec.fill === '0';
  let digits = whole;
  if (inside) {
    const room = spec.width - sign.length - rest.length;
    while (/^\w+$/.test(whole) && (spec.grouping ? grouped(digits, spec.grouping, every) : digits).length < room)
      digits = `0${digits}`;
  }
  const text = spec.grouping && /^\w+$/.test(whole) ? grouped(digits, spec.grouping, every) : digits;
  if (spec.align === '=') return sign + padded(text + rest, { ...spec, width: spec.width - sign.length }, '>');
  return padded(sign + text + rest, spec, spec.align ?? '>');
}

function format_text(value: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') throw unknown_code(spec.type, 'str');
  if (spec.grouping !== undefined) throw new Error(`Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.sign !== undefined) {
    throw new Error(
      spec.sign === ' '
        ? 'Space not allowed in string format specifier'
        : 'Sign not allowed in string format specifier',
    );
  }
  if (spec.positive_zero) throw new Error('Negative zero coercion (z) not allowed in string format specifier');
  if (spec.alternate) throw new Error('Alternate form (#) not allowed in string format specifier');
  if (spec.align === '=' && spec.fill !== '0') throw new Error("'=' alignment not allowed in string format specifier");
  const cut = spec.precision === undefined ? value : [...value].slice(0, spec.precision).join('');
  return padded(cut, spec, spec.align === undefined || spec.align === '=' ? '<' : spec.align);
}

const bases: Record<string, { base: number; prefix: string }> = {
  b: { base: 2, prefix: '0b' },
  o: { base: 8, prefix: '0o' },
  x: { base: 16, prefix: '0x' },
  X: { base: 16, prefix: '0X' },
};

function format_integer(value: bigint, spec: Spec): string {
  const { type } = spec;
  if (spec.precision !== undefined) throw new Error('Precision not allowed in integer format specifier');
  if (spec.positive_zero) throw new Error('Negative zero coercion (z) not allowed in integer format specifier');
  const size = value < 0n ? -value : value;
  if (type === 'c') {
    if (spec.sign !== undefined) throw new Error("Sign not allowed with integer format specifier 'c'");
    if (spec.alternate) throw new Error("Alternate form (#) not allowed with integer format specifier 'c'");
    if (BigInt.asIntN(64, value) !== value) throw new RangeError('Python int too large to convert to C long');
    if (value < 0n || value > 0x10ffffn) throw new RangeError('%c arg not in range(0x110000)');
    return padded(
      String.fromCodePoint(Number(value)),
      spec,
      spec.align === undefined || spec.align === '=' ? '>' : spec.align,
    );
  }
  const { base, prefix } = bases[type] ?? { base: 10, prefix: '' };
  const digits = size.toString(base);
  return laid_out(
    value < 0n,
    spec.alternate ? prefix : '',
    type === 'X' ? digits.toUpperCase() : digits,
    '',
    spec,
    base === 10 ? 3 : 4,
  );
}

/** The digits of a float that is not negative, by the type of the spec. */
function float_digits(size: number, { type, precision, alternate }: Spec): string {
  const digits = precision ?? 6;
  const point = (text: string): string =>
    alternate && Number.isFinite(size) && !text.includes('.') ? text.replace(/e|$/, (end) => `.${end}`) : text;
  switch (type.toLowerCase()) {
    case 'f':
      return point(format_fixed(size, digits));
    case 'e':
      return point(format_exponential(size, digits));
    case '%':
      return `${point(format_fixed(size * 100, digits))}%`;
    case 'g':
    case 'n':
      return point(format_general(size, digits, alternate));
    default: {
      if (precision === undefined) return point(float_repr(size));
      return format_general(size, precision, alternate, true);
    }
  }
}

function format_float(value: number, spec: Spec): string {
  let negative = value < 0 || Object.is(value, -0);
  const text = float_digits(Math.abs(value), spec);
  if (spec.positive_zero && !/[1-9a-df-z]/i.test(text.replace(/e.*/i, ''))) negative = false;
  const cased = /[EFG]/.test(spec.type) ? text.toUpperCase() : text;
  const [, whole = '', rest = ''] = /^(\d*|[a-zA-Z]+)([\s\S]*)$/.exec(cased) ?? [];
  return laid_out(negative, '', whole, rest, spec);
}

function format_complex(value: Complex, spec: Spec): string {
  if (spec.align === '=' && spec.fill !== '0')
    throw new Error("'=' alignment flag is not allowed in complex format specifier");
  if (spec.fill === '0') throw new Error('Zero padding is not allowed in complex format specifier');
  if (!/^[eEfFgGn]?$/.test(spec.type)) throw unknown_code(spec.type, 'complex');
  const part: Spec = { ...spec, width: 0, align: undefined, fill: ' ' };
  if (spec.type !== '')
    return padded(
      `${format_float(value.re, part)}${format_float(value.im, { ...part, sign: '+' })}j`,
      spec,
      spec.align ?? '>',
    );
  // As repr: without a point that adds nothing, and in brackets unless there is no real part.
  const plain = (number: number, sign: Spec['sign']): string => {
    const text =
      spec.precision === undefined
        ? format_float(number, { ...part, sign }).replace(/\.0(?=e|$)/, spec.alternate ? '.' : '')
        : format_float(number, { ...part, sign, type: 'g' });
    return text;
  };
  const imaginary = (sign: Spec['sign']): string => `${plain(value.im, sign)}j`;
  const text = Object.is(value.re, 0) ? imaginary(spec.sign) : `(${plain(value.re, spec.sign)}${imaginary('+')})`;
  return padded(text, spec, spec.align ?? '>');
}

/**
 * `format(value, spec)` of a number or text.
 * @param as_float whether a number is a float in Python even when it is whole; when left out a safe integer is an int
 * @throws Error with Python's texts for a spec that does not fit
 */
export function python_format(
  value: number | bigint | boolean | string | Complex,
  spec: string,
  as_float?: boolean,
): string {
  if (typeof value === 'string') return format_text(value, parse(spec, 'str'));
  if (value instanceof Complex) return format_complex(value, parse(spec, 'complex'));
  if (typeof value === 'boolean' && spec === '') return value ? 'True' : 'False';
  const whole = typeof value !== 'number' || Number.isSafeInteger(value);
  const kind = typeof value === 'boolean' ? 'bool' : whole && as_float !== true ? 'int' : 'float';
  const parsed = parse(spec, kind);
  const float = (): string => format_float(Number(value), parsed);
  if (parsed.type !== '' && 'eEfFgG%'.includes(parsed.type)) return float();
  // A lone precision is for a float: a float that is whole looks like an int here.
  if (kind === 'float' || (parsed.type === '' && parsed.precision !== undefined && typeof value === 'number')) {
    if (parsed.type !== '' && parsed.type !== 'n') throw unknown_code(parsed.type, 'float');
    return float();
  }
  if (parsed.type !== '' && !'bcdnoxX'.includes(parsed.type)) throw unknown_code(parsed.type, kind);
  return format_integer(BigInt(value), parsed);
}
