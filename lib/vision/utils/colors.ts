/** Colors of drawings: triplets, names and texts of CSS, or a palette. */
import { define_kind } from '../../_internal/signature.js';
import { python_repr } from '../../python/print.js';
import { css_colors } from './css_colors.js';

/** Red, green and blue, from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];
/** A name or text as in CSS (`'red'`, `'#ff0000'`, `'rgb(255, 0, 0)'`), or red, green and blue. */
export type Color = string | readonly number[];
/** One color for all, or one for each. */
export type Colors = Color | readonly Color[];

define_kind(
  'Color',
  'str or three numbers',
  (value) => typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'number')),
);

/** The color of a text. @throws Error for texts of no color */
function color_of(text: string): Rgb {
  const wanted = text.trim().toLowerCase();
  const named = css_colors.get(wanted);
  if (named !== undefined) return named;
  const digits = /^#([0-9a-f]{3,8})$/.exec(wanted)?.[1];
  if (digits !== undefined && (digits.length === 3 || digits.length === 4)) {
    return [0, 1, 2].map((i) => Number.parseInt(digits[i]! + digits[i]!, 16)) as unknown as Rgb;
  }
  if (digits !== undefined && (digits.length === 6 || digits.length === 8)) {
    return [0, 2, 4].map((i) => Number.parseInt(digits.slice(i, i + 2), 16)) as unknown as Rgb;
  }
  const parts = /^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(wanted);
  if (parts !== null) return parts.slice(1, 4).map(Number) as unknown as Rgb;
  throw new Error(`unknown color specifier: ${python_repr(text)}`);
}

const rgb_of = (color: Color): Rgb => (typeof color === 'string' ? color_of(color) : (color as unknown as Rgb));

/** Different colors: multiples of one, modulo 255. */
const palette = (count: number): Rgb[] =>
  Array.from(
    { length: count },
    (_, i) => [2 ** 25 - 1, 2 ** 15 - 1, 2 ** 21 - 1].map((x) => (i * x) % 255) as unknown as Rgb,
  );

/** A color for each object. @throws Error for what torchvision refuses */
export function parse_colors(colors: Colors | null, count: number): Rgb[] {
  if (colors === null) return palette(count);
  if (typeof colors === 'string') return Array<Rgb>(count).fill(color_of(colors));
  if (colors.length > 0 && typeof colors[0] === 'number') {
    if (colors.length !== 3) {
      throw new Error(`If passed as tuple, colors should be an RGB triplet, but got ${python_repr(colors)}.`);
    }
    return Array<Rgb>(count).fill(colors as unknown as Rgb);
  }
  if (colors.length < count) {
    throw new Error(
      `Number of colors must be equal or larger than the number of objects, but got ${colors.length} < ${count}.`,
    );
  }
  return (colors as readonly Color[]).map(rgb_of);
}
