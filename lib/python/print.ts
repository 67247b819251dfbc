/** Python's `print`, `repr`, `%`, `str.format` and f-strings, so that what a port prints is what the script printed. */
import { inspect, types } from 'node:util';

import { define_kind, signature } from '../_internal/signature.js';
import { python_format } from './format_spec.js';
import { scalar_str } from '../numpy/printing.js';
import { scalar_dtype } from '../numpy/types.js';
import { kind_of } from '../_internal/kind_of.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { float_repr, format_exponential, format_fixed, format_general } from '../_internal/python_numbers.js';
import { Complex } from '../types/scalar.js';
import { Float, has_int_keys, is_ordered_dict, Tuple } from './values.js';

// --- repr and str ------------------------------------------------------------------------------------

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Python's `repr` of a string: single quotes unless there are only single quotes inside. */
function string_repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(
    /[\\\n\r\t'"]|(?! )[\p{C}\p{Z}]/gu,
    (c) => escapes[c] ?? (c === quote ? `\\${c}` : /['"]/.test(c) ? c : escaped(c)),
  );
  return quote + inner + quote;
}

function bytes_repr(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(
    /[\\\n\r\t'"]|[^ -~]/g,
    (c) => escapes[c] ?? (c === quote ? `\\${c}` : /['"]/.test(c) ? c : escaped(c)),
  );
  return `b${quote}${inner}${quote}`;
}

type Seen = readonly object[];

const dict_items = (entries: Iterable<[unknown, unknown]>, seen: Seen): string =>
  Array.from(entries, ([key, value]) => `${repr(key, seen)}: ${repr(value, seen)}`).join(', ');

function dict_repr(dict: object, entries: readonly [unknown, unknown][], seen: Seen): string {
  if (!is_ordered_dict(dict)) return `{${dict_items(entries, seen)}}`;
  if (entries.length === 0) return 'OrderedDict()';
  return `OrderedDict([${entries.map(([key, value]) => `(${repr(key, seen)}, ${repr(value, seen)})`).join(', ')}])`;
}

function object_entries(value: object): [unknown, unknown][] {
  const numbers = has_int_keys(value);
  return Object.entries(value).map(([key, item]) => [numbers && /^-?\d+$/.test(key) ? Number(key) : key, item]);
}

/** What Python writes for something that contains itself. */
function recursion(value: object): string {
  if (value instanceof Tuple) return '(...)';
  if (Array.isArray(value)) return '[...]';
  return types.isSet(value) ? 'set(...)' : '{...}';
}

function number_repr(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? BigInt(value).toString() : float_repr(value);
}

function items_repr(items: readonly unknown[], seen: Seen): string {
  return items.map((item) => repr(item, seen)).join(', ');
}

/** A class of the reader's own, which says how it is written, or not. */
function instance_repr(value: object): string {
  if ('repr' in value && typeof value.repr === 'function') return String((value as { repr(): unknown }).repr());
  if (inspect.custom in value && typeof value[inspect.custom] === 'function') {
    return String(
      (value as { [inspect.custom]: (depth: number, options: object, inspected: typeof inspect) => unknown })[
        inspect.custom
      ](2, {}, inspect),
    );
  }
  if (value.toString !== Object.prototype.toString && !/^\[object \w+\]$/.test(String(value))) return String(value);
  return `<${kind_of(value)} object>`;
}

function repr(value: unknown, seen: Seen): string {
  switch (typeof value) {
    case 'string':
      return string_repr(value);
    case 'number': {
      const dtype = scalar_dtype(value);
      return dtype === undefined ? number_repr(value) : `np.${dtype}(${scalar_str(value, dtype)})`;
    }
    case 'boolean':
      return value ? 'True' : 'False';
    case 'undefined':
      return 'None';
    case 'function':
      return function_repr(value);
    case 'object':
      return value === null ? 'None' : object_repr(value, seen);
    default:
      return String(value);
  }
}

function object_repr(value: object, seen: Seen): string {
  if (seen.includes(value)) return recursion(value);
  const inside = [...seen, value];
  // Named tuples, counters and other dictionaries of Python's say themselves how they are written.
  if ((value instanceof Tuple || types.isMap(value)) && inspect.custom in value) return instance_repr(value);
  if (value instanceof Tuple)
    return value.length === 1 ? `(${repr(value[0], inside)},)` : `(${items_repr(value, inside)})`;
  if (Array.isArray(value) && (value.constructor?.name ?? 'Array') === 'Array') return `[${items_repr(value, inside)}]`;
  if (types.isMap(value)) return dict_repr(value, [...value], inside);
  if (types.isSet(value)) return value.size === 0 ? 'set()' : `{${items_repr([...value], inside)}}`;
  if (is_plain_object(value))
    return 'repr' in value && typeof value['repr'] === 'function'
      ? instance_repr(value)
      : dict_repr(value, object_entries(value), inside);
  if (value instanceof Float) return float_repr(value.value);
  if (types.isUint8Array(value)) return bytes_repr(value);
  if (types.isTypedArray(value)) return `[${items_repr([...(value as unknown as number[])], inside)}]`;
  return instance_repr(value);
}

/** Functions as Python's, without an address; modules and classes that are callable say themselves how they are written. */
function function_repr(value: object & { name?: unknown }): string {
  if ('prototype' in value && /^class\b/.test(Function.prototype.toString.call(value)))
    return `<class '${String(value.name)}'>`;
  const own_text = value.toString !== Function.prototype.toString;
  if (('repr' in value && typeof value.repr === 'function') || inspect.custom in value || own_text)
    return instance_repr(value);
  return `<function ${value.name === '' ? '<lambda>' : String(value.name)}>`;
}

/**
 * The text of Python's `repr`. Arrays print as lists, `Tuple`s as tuples, plain objects and Maps as dicts, `null` as
 * None; whole numbers print as ints, since JavaScript cannot distinguish `1.0` from `1`. A number that has just left
 * a float32 NDArray is `np.float32(0.6)`.
 *
 * @param value - any value
 * @example
 * ```ts
 * import { python_repr } from 'torch-node/python';
 * print(python_repr(['a', null, true, 1e-5]));
 * ```
 * ```python
 * print(repr(['a', None, True, 1e-5]))
 * ```
 */
export function python_repr(value: unknown): string {
  return repr(value, []);
}

/** Python's `str`: strings as they are, what has a text of its own as that, all else as `repr`. */
export function python_str(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    const dtype = scalar_dtype(value);
    if (dtype !== undefined) return scalar_str(value, dtype);
  }
  const written =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !is_plain_object(value) &&
    !types.isMap(value) &&
    !types.isSet(value) &&
    !types.isTypedArray(value) &&
    value.toString !== Object.prototype.toString &&
    !/^\[object \w+\]$/.test(String(value));
  return written ? String(value) : python_repr(value);
}

/** Python's `ascii`: as `repr`, with escapes for all that is not ASCII. */
const python_ascii = (value: unknown): string => python_repr(value).replace(/[^\0-\x7f]/gu, escaped);

// --- tensors and other things with a number inside ---------------------------------------------------

interface TensorLike {
  dim(): number;
  item(): unknown;
  readonly dtype: { readonly is_floating_point: boolean };
}

const is_tensor_like = (value: unknown): value is TensorLike =>
  typeof value === 'object' &&
  value !== null &&
  'dim' in value &&
  typeof value.dim === 'function' &&
  'item' in value &&
  typeof value.item === 'function';

/**
 * Python's `format(value, spec)`. A tensor without dimensions is formatted as its number, other tensors take no spec.
 * @throws Error with Python's texts for specs that do not fit the value
 */
function format_value(value: unknown, spec: string): string {
  switch (typeof value) {
    case 'string':
    case 'bigint':
    case 'boolean':
      return python_format(value, spec);
    // numpy's scalars format as Python's floats, with all digits.
    case 'number':
      return spec === '' ? number_repr(value) : python_format(value, spec);
    case 'object':
      if (value instanceof Complex) return python_format(value, spec);
      if (value instanceof Float) return python_format(value.value, spec, true);
      if (value !== null && '__format__' in value && typeof value.__format__ === 'function') {
        return String((value as { __format__(spec: string): unknown }).__format__(spec));
      }
      if (is_tensor_like(value) && value.dim() === 0) {
        return python_format(value.item() as number, spec, value.dtype.is_floating_point);
      }
  }
  if (spec === '') return python_str(value);
  throw new TypeError(
    `unsupported format string passed to ${value === null || value === undefined ? 'NoneType' : python_kind(value)}.__format__`,
  );
}

function python_kind(value: unknown): string {
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (types.isMap(value) || is_plain_object(value)) return 'dict';
  return types.isSet(value) ? 'set' : kind_of(value);
}

// --- % -----------------------------------------------------------------------------------------------

/** `%` with a key, flags, width, precision (or stars for them), a length modifier that means nothing, and the conversion. */
const conversion = /%(?:\(([^)]*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/gu;
const kinds = 'diouxXeEfFgGcrsa';

function number_for(kind: string, value: unknown, wanted = 'a real number is'): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object' && value !== null && 'item' in value && typeof value.item === 'function') {
    return number_for(kind, (value as { item(): unknown }).item(), wanted);
  }
  throw new TypeError(
    `format(): %${kind} format: ${wanted} required, not ` +
      (value === null || value === undefined ? 'NoneType' : python_kind(value)),
  );
}

/** A float where C's conversions want one. */
function float_for(value: unknown): number {
  try {
    return Number(number_for('f', value));
  } catch {
    throw new TypeError(
      `format(): must be real number, not ${value === null || value === undefined ? 'NoneType' : python_kind(value)}`,
    );
  }
}

function integer_for(kind: string, value: unknown): bigint {
  const truncates = 'diu'.includes(kind);
  const number = number_for(kind, value, truncates ? 'a real number is' : 'an integer is');
  if (typeof number === 'bigint') return number;
  if (!truncates && !Number.isInteger(number))
    throw new TypeError(`format(): %${kind} format: an integer is required, not float`);
  if (Number.isNaN(number)) throw new RangeError('format(): cannot convert float NaN to integer');
  if (!Number.isFinite(number)) throw new RangeError('format(): cannot convert float infinity to integer');
  return BigInt(Math.trunc(number));
}

function character_for(value: unknown): string {
  if (typeof value === 'string') {
    if ([...value].length !== 1) throw new TypeError('format(): %c requires int or char');
    return value;
  }
  if (typeof value !== 'bigint' && !Number.isInteger(value)) throw new TypeError('format(): %c requires int or char');
  const code = Number(value);
  if (code < 0 || code > 0x10ffff) throw new RangeError('format(): %c arg not in range(0x110000)');
  return String.fromCodePoint(code);
}

/** The digits of a conversion to an integer, with the prefix of `#`. */
function integer_text(kind: string, flags: string, precision: number | undefined, value: unknown): string {
  const number = integer_for(kind, value);
  const base = kind === 'o' ? 8 : kind === 'x' || kind === 'X' ? 16 : 10;
  const digits = (number < 0n ? -number : number).toString(base).padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') && base !== 10 ? (kind === 'o' ? '0o' : '0x') : '';
  return `${number < 0n ? '-' : ''}${prefix}${digits}`;
}

function format_conversion(kind: string, flags: string, precision: number | undefined, value: unknown): string {
  const cut = (text: string): string => (precision === undefined ? text : [...text].slice(0, precision).join(''));
  switch (kind) {
    case 's':
      return cut(python_str(value));
    case 'r':
      return cut(python_repr(value));
    case 'a':
      return cut(python_ascii(value));
    case 'c':
      return character_for(value);
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      return integer_text(kind, flags, precision, value);
    default: {
      const number = float_for(value);
      const digits = precision ?? 6;
      const alternate = flags.includes('#') && Number.isFinite(number);
      if (kind === 'g' || kind === 'G') return format_general(number, digits, alternate);
      const text = kind === 'f' || kind === 'F' ? format_fixed(number, digits) : format_exponential(number, digits);
      return alternate && !text.includes('.') ? text.replace(/e|$/, (end) => `.${end}`) : text;
    }
  }
}

/** Signs and pads what a conversion gave. */
function laid_out(text: string, kind: string, flags: string, width: number): string {
  const numeric = !'srac'.includes(kind);
  const cased = /[FEGX]/.test(kind) ? text.toUpperCase() : text;
  const mark = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const signed = numeric && !cased.startsWith('-') ? mark + cased : cased;
  const missing = Math.max(0, width - [...signed].length);
  if (flags.includes('-')) return signed + ' '.repeat(missing);
  if (!numeric || !flags.includes('0')) return ' '.repeat(missing) + signed;
  const [, start = '', rest = ''] = /^([-+ ]?(?:0[xXoO])?)(.*)$/.exec(signed) ?? [];
  return start + '0'.repeat(missing) + rest;
}

/** What `print` takes as a conversion: not `% d`, which stands in texts such as `50% done`. */
function conversions_in(text: string): number {
  let count = 0;
  for (const [, key, flags, width, precision, kind] of text.matchAll(conversion)) {
    if (kind === undefined || kind === '%' || !kinds.includes(kind) || flags!.includes(' ') || key !== undefined)
      continue;
    count += 1 + Number(width === '*') + Number(precision === '*');
  }
  return count;
}

/**
 * A text of `print`: conversions without spaces are filled in, all else stays as it is. Null when the values do not fit: then it
 * is not a format, since Python's `print` takes any values.
 */
function format_loosely(template: string, values: readonly unknown[]): string | null {
  const text = template.replace(conversion, (whole, key: string | undefined, flags: string, _w, _p, kind?: string) =>
    kind !== '%' && (kind === undefined || !kinds.includes(kind) || flags.includes(' ') || key !== undefined)
      ? whole.replaceAll('%', '%%')
      : whole,
  );
  try {
    return format_percent(text, values);
  } catch {
    return null;
  }
}

function looked_up(mapping: unknown, key: string): unknown {
  if (types.isMap(mapping)) {
    if (mapping.has(key)) return mapping.get(key);
  } else if (is_plain_object(mapping)) {
    if (Object.hasOwn(mapping, key)) return mapping[key];
  } else throw new TypeError('format(): format requires a mapping');
  throw new RangeError(`format(): ${string_repr(key)}`);
}

function format_percent(template: string, values: readonly unknown[]): string {
  let next = 0;
  const take = (): unknown => {
    if (next >= values.length) throw new TypeError('format(): not enough arguments for format string');
    return values[next++];
  };
  const star = (): number => {
    const value = take();
    if (!Number.isInteger(value)) throw new TypeError('format(): * wants int');
    return value as number;
  };
  let by_key = false;
  const text = template.replace(
    conversion,
    (
      whole,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      kind: string | undefined,
      index: number,
    ) => {
      if (kind === undefined) throw new Error('format(): incomplete format');
      if (kind === '%') return '%';
      if (key !== undefined) by_key = true;
      const size = width === '*' ? star() : Number(width ?? 0);
      const digits = precision === '*' ? Math.max(0, star()) : precision === undefined ? undefined : Number(precision);
      const value = key === undefined ? take() : looked_up(values[0], key);
      if (!kinds.includes(kind)) {
        const code = kind.codePointAt(0)!;
        const shown = code > 31 && code < 128 ? kind : '?';
        throw new Error(
          `format(): unsupported format character '${shown}' (0x${code.toString(16)}) at index ${index + whole.length - 1}`,
        );
      }
      return laid_out(
        format_conversion(kind, flags, digits, value),
        kind,
        size < 0 ? `${flags}-` : flags,
        Math.abs(size),
      );
    },
  );
  // A dict that no conversion names is no mistake in Python, as in `'' % meter`.
  const only_mapping = values.length === 1 && (types.isMap(values[0]) || is_plain_object(values[0]));
  if (!by_key && !only_mapping && next < values.length)
    throw new TypeError('format(): not all arguments converted during string formatting');
  return text;
}

// --- str.format --------------------------------------------------------------------------------------

/** A step into a value: `[key]` or `.name`. */
const step = /^(?:\.([^.[\]]+)|\[([^\]]*)\])/;

function field_value(name: string, values: readonly unknown[], named: unknown, automatic: () => number): unknown {
  const [, first = '', path = ''] = /^([^.[]*)([\s\S]*)$/.exec(name) ?? [];
  let value: unknown;
  if (first === '' || /^\d+$/.test(first)) {
    const place = first === '' ? automatic() : Number(first);
    if (place >= values.length)
      throw new RangeError(`format(): Replacement index ${place} out of range for positional args tuple`);
    value = values[place];
  } else {
    if (!is_plain_object(named) || !Object.hasOwn(named, first))
      throw new RangeError(`format(): ${string_repr(first)}`);
    value = named[first];
  }
  for (let rest = path; rest !== ''; ) {
    const match = step.exec(rest);
    if (match === null) throw new Error("format(): Only '.' or '[' may follow ']' in format field specifier");
    const key = match[1] ?? match[2]!;
    value =
      match[1] === undefined ? element_of(value, key) : (value as Record<string, unknown> | null | undefined)?.[key];
    if (match[1] !== undefined && value === undefined)
      throw new TypeError(`format(): object has no attribute ${string_repr(key)}`);
    rest = rest.slice(match[0].length);
  }
  return value;
}

function element_of(value: unknown, key: string): unknown {
  if (types.isMap(value)) {
    const found = value.has(key) ? value.get(key) : value.get(Number(key));
    if (found === undefined) throw new RangeError(`format(): ${string_repr(key)}`);
    return found;
  }
  if (typeof value === 'object' && value !== null) {
    if ('index' in value && typeof value.index === 'function')
      return (value as { index(i: number): unknown }).index(Number(key));
    if (Object.hasOwn(value, key)) return (value as Record<string, unknown>)[key];
  }
  throw new RangeError(
    `format(): ${/^\d+$/.test(key) && Array.isArray(value) ? 'list index out of range' : string_repr(key)}`,
  );
}

/** The end of a replacement field that begins behind `start`: its closing brace, past fields inside of it. */
function closing_brace(template: string, start: number): number {
  let depth = 1;
  for (let i = start; i < template.length; i++) {
    if (template[i] === '{') depth++;
    else if (template[i] === '}' && --depth === 0) return i;
  }
  throw new Error("format(): expected '}' before end of string");
}

const conversions: Readonly<Record<string, (value: unknown) => unknown>> = {
  r: python_repr,
  s: python_str,
  a: python_ascii,
};

/** A value as the conversion behind its `!` writes it. @throws Error with Python's text for an unknown conversion */
function with_conversion(value: unknown, how: string | undefined): unknown {
  if (how === undefined) return value;
  const conversion = conversions[how];
  if (conversion !== undefined) return conversion(value);
  if (how === '') throw new Error('format(): end of string while looking for conversion specifier');
  if (how.length > 1) throw new Error("format(): expected ':' after conversion specifier");
  throw new Error(`format(): Unknown conversion specifier ${string_repr(how).slice(1, -1)}`);
}

/** `str.format`: fills the fields of a template from values. */
class BracesFormatter {
  private used = 0;
  private numbering: 'automatic' | 'manual' | undefined;
  private readonly last: unknown;

  constructor(private readonly values: readonly unknown[]) {
    this.last = values[values.length - 1];
  }

  /** @param depth - 0 for the template, 1 for a spec, whose fields have no specs with fields */
  fill(text: string, depth: number): string {
    let result = '';
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!;
      if ((character === '{' || character === '}') && text[i + 1] === character && depth === 0) {
        result += character;
        i++;
      } else if (character === '}') throw new Error("format(): Single '}' encountered in format string");
      else if (character !== '{') result += character;
      else {
        if (i + 1 === text.length) throw new Error("format(): Single '{' encountered in format string");
        if (depth > 1) throw new Error('format(): Max string recursion exceeded');
        const end = closing_brace(text, i + 1);
        result += this.field(text.slice(i + 1, end), depth);
        i = end;
      }
    }
    return result;
  }

  /** What is written for a field, given without its braces. */
  private field(text: string, depth: number): string {
    const [, name = '', how, spec = ''] = /^((?:\[[^\]]*\]|[^!:[])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(text) ?? [];
    this.check_numbering(name);
    const value = field_value(name, this.values, this.last, () => this.used++);
    return format_value(with_conversion(value, how), this.fill(spec, depth + 1));
  }

  private check_numbering(name: string): void {
    const kind = /^\d/.test(name) ? 'manual' : /^[.[]|^$/.test(name) ? 'automatic' : undefined;
    if (kind === undefined) return;
    if (this.numbering !== undefined && this.numbering !== kind) {
      const [from, to] = ['manual field specification', 'automatic field numbering'];
      throw new Error(`format(): cannot switch from ${kind === 'automatic' ? `${from} to ${to}` : `${to} to ${from}`}`);
    }
    this.numbering = kind;
  }
}

/** `str.format` with fields by name alone. @throws RangeError for a name that is not there */
export function format_fields(template: string, fields: Readonly<Record<string, unknown>>): string {
  return new BracesFormatter([fields]).fill(template, 0);
}

/** Whether a text is one of `str.format`: it has a field in braces, and nothing that only `%` would fill in. */
const has_fields = (template: string): boolean =>
  /\{[^{}%]*(?:\{[^{}]*\}[^{}%]*)*%?\}/.test(template) && conversions_in(template) === 0;

const FORMAT = signature<{ template: unknown; values: unknown[] }>('format', 'template: any, *values: any');

/**
 * Python's ways of formatting.
 *
 * - `'%s: %.4f' % values`: `format('%s: %.4f', 'loss', 0.25)`. All conversions, flags, widths, precisions and stars;
 *   `%(name)s` takes an object of values.
 * - `'{}: {:.4f}'.format(...)`: `format('{}: {:.4f}', 'loss', 0.25)`, when the text has fields in braces and no `%`
 *   conversion. Fields by position, `{0}`, by name (of an object at the end), with `!r`, with specs and fields in
 *   specs.
 * - `format(value, spec)`: `format(0.25, '.4f')`, when the first argument is not a string.
 *
 * A whole number acts as Python's int: `format('{}', 2.0)` is `'2'`.
 *
 * @param template - the text, or a value
 * @param values - the values, or the spec
 * @throws TypeError when there are too few or too many values, or one is not a number where one is needed
 * @throws Error for an invalid format, with the text of Python
 * @example
 * ```ts
 * import { format } from 'torch-node/python';
 * print(format('%s: %.4f', 'loss', 0.25));
 * print(format('{:>8} {!r}', 'loss', 'a'));
 * print(format(1234567.891, ',.1f'));
 * ```
 * ```python
 * print('%s: %.4f' % ('loss', 0.25))
 * print('{:>8} {!r}'.format('loss', 'a'))
 * print(format(1234567.891, ',.1f'))
 * ```
 */
export function format(template: string, ...values: unknown[]): string;
export function format(value: number | bigint | boolean | object | null, spec?: string): string;
export function format(...args: unknown[]): string {
  const { template, values } = FORMAT.read(args.length === 0 ? args : [args[0], ...args.slice(1)]);
  if (typeof template !== 'string') {
    const [spec = '', surplus] = values;
    if (surplus !== undefined)
      throw new TypeError(`format() takes from 1 to 2 positional arguments but ${values.length + 1} were given`);
    if (typeof spec !== 'string') throw new TypeError(`format(): argument 'spec' must be str, not ${kind_of(spec)}`);
    return format_value(template, spec);
  }
  return has_fields(template) ? new BracesFormatter(values).fill(template, 0) : format_percent(template, values);
}

// --- f-strings ---------------------------------------------------------------------------------------

/**
 * A spec behind a value: a colon, and directly after it a whole spec of Python's that says more than text would. What ends it
 * must not run on as a word or a number. See {@link f} for the rule in words.
 */
const following_spec = (() => {
  const type = '(?:[bcdeEfFgGnosxX](?!\\w)|%)';
  const width = '[1-9]\\d*';
  const options = `z?#?0?(?:${width})?[,_]?`;
  const forms = [
    // An alignment, with a width: `:>8`, `:*^8.2f`.
    `(?:\\S?[<>^]|\\S=)[-+ ]?z?#?0?${width}[,_]?(?:\\.\\d+)?${type}`,
    `(?:\\S?[<>^]|\\S=)[-+]?z?#?0?${width}[,_]?(?:\\.\\d+)?(?!\\w)`,
    // A type or a precision: `:d`, `:+.3f`, `:,.2`.
    `[-+]?${options}(?:\\.\\d+)?${type}`,
    `[-+]?${options}\\.\\d+(?!\\w)`,
    // Groups, but not a comma of a sentence; a width of zeros.
    `[-+]?#?0?(?:${width})?[,_](?![\\w ])`,
    `[-+]?#?0${width}(?!\\w)`,
  ];
  return new RegExp(`^:(${forms.join('|')})`, 'u');
})();

define_kind('template', 'the texts of a template literal', (value) => Array.isArray(value) && 'raw' in value);
const F = signature<{ texts: TemplateStringsArray; values: unknown[] }>('f', 'texts: template, *values: any');

/** The begin of a spec whose width or precision is the next substitution: `${x}:.${digits}f`. */
const open_spec = /^:((?:\S?[<>^]|\S=)[-+ ]?#?0?|(?:\S?[<>^]|\S=)?[-+]?#?0?\d*[,_]?\.)$/u;

/**
 * Python's f-strings as a template literal: prints values as Python does (`1e-05`, `True`, `[1, 2]`, tensors by
 * `Tensor.__format__`), with a format spec directly behind a value.
 *
 * A colon behind a value starts a spec when a whole spec of Python follows directly and contains one of: a type
 * (`:d`, `:,.2f`, `:.1%`), a precision (`:.3`), a width with an alignment or with zeros (`:>8`, `:05`), or `,` or `_`
 * for groups without a space after it (`:,`). A letter, digit or underscore must not follow. All else is text: `${a}:
 * ${b}`, `${a}:${b}`, `${a}:1`, `${a}:, b`, `${a}:<b>`, `${a}:done`. So in the middle of a sentence Python's `{n:,}`
 * is `${n}:,d`.
 *
 * Where a spec would be read but text is meant, write `\:` for the colon: `` f`${h}\:05` ``, or make it a value, ``
 * f`${h}${':05'}` ``.
 *
 * @throws Error for a spec that does not fit the value, with the text of Python
 * @example
 * ```ts
 * import { f } from 'torch-node/python';
 * const [epoch, loss, digits] = [3, 0.25, 2];
 * print(f`epoch ${epoch}:3d loss ${loss}:.4f ${true}`);
 * print(f`${loss}:.${digits}f`);
 * ```
 * ```python
 * epoch, loss, digits = 3, 0.25, 2
 * print(f'epoch {epoch:3d} loss {loss:.4f} {True}')
 * print(f'{loss:.{digits}f}')
 * ```
 */
export function f(texts: TemplateStringsArray, ...values: unknown[]): string;
export function f(...args: unknown[]): string {
  const { texts, values } = F.read(args);
  let result = texts[0] ?? '';
  for (let i = 0; i < values.length; i++) {
    let text = texts[i + 1] ?? '';
    const value = values[i];
    let spec = '';
    // A colon behind a backslash is text. The cooked text does not tell.
    if (texts.raw[i + 1]?.startsWith('\\:') === true) {
      result += format_value(value, '') + text;
      continue;
    }
    const open = open_spec.exec(text);
    if (open !== null && i + 1 < values.length && Number.isInteger(values[i + 1])) {
      const completed = `:${open[1]}${String(values[i + 1])}${texts[i + 2] ?? ''}`;
      const match = following_spec.exec(completed);
      if (match !== null) {
        spec = match[1]!;
        text = completed.slice(match[0].length);
        i++;
      }
    } else {
      const match = following_spec.exec(text);
      if (match !== null) {
        spec = match[1]!;
        text = text.slice(match[0].length);
      }
    }
    result += format_value(value, spec) + text;
  }
  return result;
}

// --- print -------------------------------------------------------------------------------------------

/** The options of {@link print}. */
export interface PrintSettings {
  /** Text between the values. Default a space. */
  sep?: string;
  /** Text after the last value. Default a newline. */
  end?: string;
  /** Has no effect: the text is written at once. */
  flush?: boolean;
}

function is_settings(value: unknown): value is PrintSettings {
  if (!is_plain_object(value)) return false;
  const names = Object.keys(value);
  return (
    names.length > 0 &&
    names.every((name) =>
      name === 'flush'
        ? typeof value[name] === 'boolean'
        : (name === 'sep' || name === 'end') && typeof value[name] === 'string',
    )
  );
}

/**
 * Python's `print`: the values with spaces between them, each as Python's `str` writes it.
 *
 * A string with `%` conversions takes the values that follow it, as Python's `'...' % value`, with `%%` for a percent
 * sign. A string whose conversions do not fit the values that follow, or are more than these, is written unchanged,
 * as by Python's `print('%d', 'a')` ({@link format} throws there), and so is `%%` in a string without conversions.
 *
 * @param values - any values; a trailing `{ sep, end }` sets the texts between and after them
 * @example
 * ```ts
 * print('epoch', 3, [0.5, null], { lr: 1e-5 });
 * print('a', 'b', { sep: '-', end: '!\n' });
 * print('loss: %.4f', 0.25, '| done: %d%%', 50);
 * ```
 * ```python
 * print('epoch', 3, [0.5, None], {'lr': 1e-5})
 * print('a', 'b', sep='-', end='!\n')
 * print('loss: %.4f' % 0.25, '| done: %d%%' % 50)
 * ```
 */
export function print(...values: unknown[]): void {
  const last = values[values.length - 1];
  const settings = is_settings(last) ? last : {};
  const given = is_settings(last) ? values.slice(0, -1) : values;
  const texts: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const value = given[i];
    const taken = typeof value === 'string' && i + 1 < given.length ? conversions_in(value) : 0;
    const filled = taken > 0 ? format_loosely(value as string, given.slice(i + 1, i + 1 + taken)) : null;
    texts.push(filled ?? python_str(value));
    if (filled !== null) i += taken;
  }
  process.stdout.write(texts.join(settings.sep ?? ' ') + (settings.end ?? '\n'));
}
