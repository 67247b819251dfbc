/** The shapes of markers, by the letters of `matplotlib.markers`, around (0, 0) with a size of 1; y grows downwards. */
import { define_kind } from '../_internal/signature.js';
import type { PathStep } from './renderer.js';

/** A marker: its outline, and whether it has an inside. */
export interface MarkerShape {
  readonly path: readonly PathStep[];
  readonly filled: boolean;
  /** Whether its corners are sharp. */
  readonly join: 'miter' | 'round' | 'bevel';
}

const polygon = (points: readonly (readonly [number, number])[]): PathStep[] => [
  ...points.map(([x, y], i): PathStep => [i === 0 ? 'M' : 'L', x, y]),
  ['Z'],
];

// A circle of four curves.
const kappa = 0.5522847498307936;
const circle = (radius: number): PathStep[] => {
  const k = radius * kappa;
  return [
    ['M', radius, 0],
    ['C', radius, k, k, radius, 0, radius],
    ['C', -k, radius, -radius, k, -radius, 0],
    ['C', -radius, -k, -k, -radius, 0, -radius],
    ['C', k, -radius, radius, -k, radius, 0],
    ['Z'],
  ];
};

const regular = (count: number, radius: number, turn = 0): [number, number][] =>
  Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count + turn;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });

const star = (count: number, inner: number): [number, number][] =>
  Array.from({ length: 2 * count }, (_, i) => {
    const angle = (Math.PI * i) / count;
    const radius = i % 2 === 0 ? 0.5 : inner;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });

const turned = (points: readonly (readonly [number, number])[], quarters: number): [number, number][] =>
  points.map(([x, y]) => {
    let at: [number, number] = [x, y];
    for (let i = 0; i < quarters; i++) at = [-at[1], at[0]];
    return at;
  });

const triangle: [number, number][] = [
  [0, -0.5],
  [-0.5, 0.5],
  [0.5, 0.5],
];
const cross = (arms: readonly (readonly [number, number])[]): PathStep[] =>
  arms.flatMap(([x, y]): PathStep[] => [
    ['M', -x, -y],
    ['L', x, y],
  ]);
const arms = (points: readonly (readonly [number, number])[]): PathStep[] =>
  points.flatMap(([x, y]): PathStep[] => [
    ['M', 0, 0],
    ['L', x, y],
  ]);
const filled = (path: readonly PathStep[], join: MarkerShape['join'] = 'miter'): MarkerShape => ({
  path,
  filled: true,
  join,
});
const open = (path: readonly PathStep[]): MarkerShape => ({ path, filled: false, join: 'round' });

const plus_filled: [number, number][] = [
  [-1, -3],
  [1, -3],
  [1, -1],
  [3, -1],
  [3, 1],
  [1, 1],
  [1, 3],
  [-1, 3],
  [-1, 1],
  [-3, 1],
  [-3, -1],
  [-1, -1],
].map(([x, y]) => [x! / 6, y! / 6]);
const x_filled: [number, number][] = [
  [-1, -2],
  [0, -1],
  [1, -2],
  [2, -1],
  [1, 0],
  [2, 1],
  [1, 2],
  [0, 1],
  [-1, 2],
  [-2, 1],
  [-1, 0],
  [-2, -1],
].map(([x, y]) => [x! / 4, y! / 4]);

const shapes: Readonly<Record<string, MarkerShape>> = {
  o: filled(circle(0.5)),
  '.': filled(circle(0.25)),
  // A pixel has no outline of its own; here it is the smallest circle.
  ',': filled(
    polygon([
      [-0.08, -0.08],
      [0.08, -0.08],
      [0.08, 0.08],
      [-0.08, 0.08],
    ]),
  ),
  s: filled(
    polygon([
      [-0.5, -0.5],
      [0.5, -0.5],
      [0.5, 0.5],
      [-0.5, 0.5],
    ]),
  ),
  D: filled(polygon(regular(4, Math.SQRT1_2))),
  d: filled(polygon(regular(4, Math.SQRT1_2).map(([x, y]) => [x * 0.6, y]))),
  '^': filled(polygon(triangle)),
  v: filled(polygon(turned(triangle, 2))),
  '<': filled(polygon(turned(triangle, 3))),
  '>': filled(polygon(turned(triangle, 1))),
  p: filled(polygon(regular(5, 0.5))),
  '*': filled(polygon(star(5, 0.190983)), 'bevel'),
  h: filled(polygon(regular(6, 0.5))),
  H: filled(polygon(regular(6, 0.5, Math.PI / 6))),
  '8': filled(polygon(regular(8, 0.5, Math.PI / 8))),
  P: filled(polygon(plus_filled)),
  X: filled(polygon(x_filled)),
  '+': open(
    cross([
      [0.5, 0],
      [0, 0.5],
    ]),
  ),
  x: open(
    cross([
      [0.5, 0.5],
      [0.5, -0.5],
    ]),
  ),
  '|': open(cross([[0, 0.5]])),
  _: open(cross([[0.5, 0]])),
  '1': open(
    arms([
      [0, 0.5],
      [0.4, -0.25],
      [-0.4, -0.25],
    ]),
  ),
  '2': open(
    arms([
      [0, -0.5],
      [0.4, 0.25],
      [-0.4, 0.25],
    ]),
  ),
  '3': open(
    arms([
      [-0.5, 0],
      [0.25, 0.4],
      [0.25, -0.4],
    ]),
  ),
  '4': open(
    arms([
      [0.5, 0],
      [-0.25, 0.4],
      [-0.25, -0.4],
    ]),
  ),
};

/** Letters that format strings take for markers. */
export const marker_letters = new Set(Object.keys(shapes));

const none = new Set(['None', 'none', '', ' ']);

/** The shape of a marker; null for none. @throws Error when there is not one of that name */
export function marker_shape(callee: string, marker: string | null): MarkerShape | null {
  if (marker === null || none.has(marker)) return null;
  const shape = Object.hasOwn(shapes, marker) ? shapes[marker] : undefined;
  if (shape === undefined) throw new Error(`${callee}(): Unrecognized marker style '${marker}'`);
  return shape;
}

define_kind('marker', 'str', (value) => typeof value === 'string');
