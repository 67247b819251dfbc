/** Colours: names, letters, `#rrggbb`, grey levels, `C0`, and lists of numbers from 0 to 1. Mirrors `matplotlib.colors`. */
import { named_colors } from '../generated/colormaps.js';
import { define_kind, signature } from '../_internal/signature.js';
import { python_repr } from '../python/print.js';
import { Tuple } from '../python/values.js';
import { rc } from './style.js';
import { floats, is_values } from './values.js';

/** Red, green, blue and opacity from 0 to 1. */
export type Rgba = readonly [number, number, number, number];

/** A colour as programs write it. */
export type ColorLike = string | readonly number[] | readonly [ColorLike, number];

const letters: Readonly<Record<string, Rgba>> = {
  ...{ b: [0, 0, 1, 1], g: [0, 0.5, 0, 1], r: [1, 0, 0, 1], c: [0, 0.75, 0.75, 1] },
  ...{ m: [0.75, 0, 0.75, 1], y: [0.75, 0.75, 0, 1], k: [0, 0, 0, 1], w: [1, 1, 1, 1] },
};

define_kind('color', 'a colour', (value) => typeof value === 'string' || is_values(value));

function from_hex(text: string): Rgba | undefined {
  const long = /^#(?:[\da-f]{6}|[\da-f]{8})$/i.test(text);
  const short = /^#(?:[\da-f]{3}|[\da-f]{4})$/i.test(text);
  if (!long && !short) return undefined;
  const digits = short ? text.slice(1).replace(/./g, '$&$&') : text.slice(1);
  const part = (i: number): number => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16) / 255;
  return [part(0), part(1), part(2), digits.length === 8 ? part(3) : 1];
}

function from_text(text: string): Rgba | undefined {
  if (text.toLowerCase() === 'none') return [0, 0, 0, 0];
  const cycled = /^C(\d+)$/.exec(text);
  if (cycled !== null) return rgba_of_cycle(Number(cycled[1]));
  const letter = Object.hasOwn(letters, text) ? letters[text] : undefined;
  if (letter !== undefined) return letter;
  const name = text.toLowerCase().replace(/^tab:gray$/, 'tab:grey');
  const key = [text, text.toLowerCase(), name, name.replace('grey', 'gray')].find((each) =>
    Object.hasOwn(named_colors, each),
  );
  if (key !== undefined) return from_hex(named_colors[key]!);
  if (text.startsWith('#')) return from_hex(text);
  if (text.trim() !== '' && Number(text) >= 0 && Number(text) <= 1)
    return [Number(text), Number(text), Number(text), 1];
  return undefined;
}

/** A colour of the cycle that lines go through. */
export function rgba_of_cycle(index: number): Rgba {
  const cycle = rc['axes.prop_cycle'] as readonly string[];
  return from_text(cycle[index % cycle.length]!)!;
}

/** A colour, or undefined when the value is not one. */
export function parse_color(value: unknown): Rgba | undefined {
  if (typeof value === 'string') return from_text(value);
  if (Array.isArray(value) && value.length === 2 && typeof value[1] === 'number' && typeof value[0] !== 'number') {
    const base = parse_color(value[0]);
    return base && [base[0], base[1], base[2], value[1]];
  }
  if (!is_values(value)) return undefined;
  let data: ArrayLike<number>;
  try {
    const read = floats('to_rgba', value);
    if (read.shape.length !== 1) return undefined;
    data = read.data;
  } catch {
    return undefined;
  }
  if (data.length !== 3 && data.length !== 4) return undefined;
  for (let i = 0; i < data.length; i++) if (!(data[i]! >= 0 && data[i]! <= 1)) return undefined;
  return [data[0]!, data[1]!, data[2]!, data[3] ?? 1];
}

/** A colour with an opacity instead of its own when one is given. @throws Error when the value is not a colour */
export function color_of(callee: string, name: string, value: unknown, alpha: number | null = null): Rgba {
  const color = parse_color(value);
  if (color === undefined) {
    const shown = typeof value === 'string' ? python_repr(value) : JSON.stringify(value);
    throw new Error(`${callee}(): argument '${name}': Invalid RGBA argument: ${shown}`);
  }
  const none = typeof value === 'string' && value.toLowerCase() === 'none';
  return alpha === null || none ? color : [color[0], color[1], color[2], alpha];
}

const TO_RGBA = signature<{ c: ColorLike; alpha?: number | null }>('to_rgba', 'c: color, alpha?: float|None');

/**
 * A colour as red, green, blue and opacity from 0 to 1. Mirrors `matplotlib.colors.to_rgba`.
 * @param c - a name, a letter, `#rrggbb`, a grey level as a string, `C0` to `C9`, or three or four numbers
 * @param alpha - opacity instead of that of the colour
 * @throws Error when it is not a colour
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.colors.to_rgba('r')); // (1, 0, 0, 1)
 * ```
 */
export function to_rgba(c: ColorLike, alpha?: number | null): Tuple<number>;
export function to_rgba(options: { c: ColorLike; alpha?: number | null }): Tuple<number>;
export function to_rgba(c: ColorLike, options: { alpha?: number | null }): Tuple<number>;
export function to_rgba(...args: unknown[]): Tuple<number> {
  const { c, alpha = null } = TO_RGBA.read(args);
  return Tuple.from(color_of('to_rgba', 'c', c, alpha)) as Tuple<number>;
}

const TO_HEX = signature<{ c: ColorLike; keep_alpha?: boolean }>('to_hex', 'c: color, keep_alpha?: bool');
const hex2 = (value: number): string =>
  Math.round(value * 255)
    .toString(16)
    .padStart(2, '0');

/**
 * A colour as `#rrggbb`. Mirrors `matplotlib.colors.to_hex`.
 * @param keep_alpha - whether the opacity is written too; default false
 * @throws Error when it is not a colour
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.colors.to_hex('C1')); // #ff7f0e
 * ```
 */
export function to_hex(c: ColorLike, keep_alpha?: boolean | { keep_alpha?: boolean }): string;
export function to_hex(options: { c: ColorLike; keep_alpha?: boolean }): string;
export function to_hex(...args: unknown[]): string {
  const { c, keep_alpha = false } = TO_HEX.read(args);
  const color = color_of('to_hex', 'c', c);
  // Halves go to even bytes, as Python's `round` has it.
  const even = (value: number): number => {
    const byte = value * 255;
    return byte % 1 === 0.5 ? (2 * Math.round(byte / 2)) / 255 : value;
  };
  return `#${color
    .slice(0, keep_alpha ? 4 : 3)
    .map((part) => hex2(even(part)))
    .join('')}`;
}

/** A colour in the syntax of CSS, for canvases. */
export function css(color: Rgba): string {
  const [r, g, b, a] = color;
  const byte = (value: number): number => Math.round(value * 255);
  return a >= 1 ? `#${hex2(r)}${hex2(g)}${hex2(b)}` : `rgba(${byte(r)}, ${byte(g)}, ${byte(b)}, ${a})`;
}
