/** Patterns of lines, circles and stars inside shapes. Mirrors `matplotlib.hatch`. */
import type { Rgba } from './colors.js';
import type { Box, PathStep, Renderer } from './renderer.js';

/** How the inside of a shape is hatched. */
export interface HatchLook {
  readonly pattern: string;
  readonly color: Rgba;
  /** Width of lines in points. */
  readonly width: number;
}

const CHARACTERS = '/\\|-+xXoO.*';
/** Lines or shapes of a character in an inch. */
const DENSITY = 6;

/** @throws Error for a character that is no pattern */
export function check_hatch(callee: string, pattern: string): string {
  const wrong = [...pattern].filter((each) => !CHARACTERS.includes(each));
  if (wrong.length > 0)
    throw new Error(
      `${callee}(): hatch must consist of a string of "${CHARACTERS}" or None, but found "${wrong.join('')}"`,
    );
  return pattern;
}

const STAR = Array.from({ length: 10 }, (_, i): [number, number] => {
  const [angle, radius] = [(Math.PI * i) / 5 - Math.PI / 2, i % 2 === 0 ? 1 : 0.381966];
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});

/** Draws a pattern over a box, which the caller clips to a shape. Patterns begin at the upper left corner of the figure. */
export function draw_hatch(r: Renderer, box: Box, { pattern, color, width }: HatchLook): void {
  const inch = r.dpi;
  const { context } = r;
  const count = (characters: string): number =>
    [...pattern].filter((each) => characters.includes(each)).length * DENSITY;
  const { left, right, top, bottom } = box;
  const line = { color, width: r.px(width), cap: 'square' as const, join: 'miter' as const };
  /** The numbers `(k + first) * step` from one number to another. */
  const between = (from: number, to: number, step: number, first = 0): number[] => {
    const [low, high] = [Math.ceil(from / step - first), Math.floor(to / step - first)];
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => (low + i + first) * step);
  };
  context.beginPath();
  const add = (x0: number, y0: number, x1: number, y1: number): void => {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  };
  const [flat, upright, rising, falling] = [count('-+'), count('|+'), count('/xX'), count('\\xX')];
  const slack = inch / DENSITY;
  if (flat > 0) for (const y of between(top - slack, bottom + slack, inch / flat, 0.5)) add(left, y, right, y);
  if (upright > 0) for (const x of between(left - slack, right + slack, inch / upright, 0.5)) add(x, top, x, bottom);
  if (rising > 0)
    for (const sum of between(left + top - slack, right + bottom + slack, (2 * inch) / rising))
      add(sum - bottom, bottom, sum - top, top);
  if (falling > 0)
    for (const gap of between(left - bottom - slack, right - top + slack, (2 * inch) / falling))
      add(gap + top, top, gap + bottom, bottom);
  r.paint(null, line);
  const shapes = (rows: number, radius: number, draw: (x: number, y: number, radius: number) => void): void => {
    const step = inch / rows;
    context.beginPath();
    for (const y of between(top - step, bottom + step, step)) {
      const odd = Math.abs(Math.round(y / step)) % 2 === 1;
      for (const x of between(left - step, right + step, step, odd ? 0.5 : 0)) draw(x, y, radius * step);
    }
  };
  const circle = (x: number, y: number, radius: number): void => {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.closePath();
  };
  for (const [character, radius] of [
    ['o', 0.2],
    ['O', 0.35],
  ] as const) {
    const rows = count(character);
    if (rows === 0) continue;
    // A ring a tenth of the radius wide, and its edges.
    shapes(rows, 0.95 * radius, circle);
    r.paint(null, { ...line, width: line.width + (0.1 * radius * inch) / rows });
  }
  if (count('.') > 0) {
    shapes(count('.'), 0.1, circle);
    r.paint(color, line);
  }
  if (count('*') > 0) {
    shapes(count('*'), 1 / 3, (x, y, radius) => {
      STAR.forEach(([dx, dy], i) => {
        if (i === 0) context.moveTo(x + dx * radius, y + dy * radius);
        else context.lineTo(x + dx * radius, y + dy * radius);
      });
      context.closePath();
    });
    r.paint(color, line);
  }
}

/** Draws a pattern in a path. */
export function hatch_path(r: Renderer, steps: readonly PathStep[], look: HatchLook): void {
  const xs = steps.flatMap((step) => step.slice(1).filter((_, i) => i % 2 === 0) as number[]).filter(Number.isFinite);
  const ys = steps.flatMap((step) => step.slice(1).filter((_, i) => i % 2 === 1) as number[]).filter(Number.isFinite);
  if (xs.length === 0) return;
  const { context } = r;
  context.save();
  context.beginPath();
  r.trace(steps);
  context.clip();
  const ends = (values: readonly number[], most: number): [number, number] => [
    Math.max(
      0,
      values.reduce((a, b) => Math.min(a, b)),
    ),
    Math.min(
      most,
      values.reduce((a, b) => Math.max(a, b)),
    ),
  ];
  const [[left, right], [top, bottom]] = [ends(xs, r.width), ends(ys, r.height)];
  draw_hatch(r, { left, right, top, bottom }, look);
  context.restore();
}
