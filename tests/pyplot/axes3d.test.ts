/** Axes in three dimensions have the limits, ticks, projections and colours that matplotlib has for the same calls. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import * as plt from 'torch-node/pyplot';
import { afterEach, describe, expect, it } from 'vitest';

type Point = [number, number, number];
interface DescribedAxis {
  limits: number[];
  ticks: number[];
  texts: string[];
  places: number[][];
  line: number[][];
  label: number[] | null;
  angle: number | null;
}
interface Described {
  axes: Record<'x' | 'y' | 'z', DescribedAxis>;
  matrix: number[][];
  projected: number[][];
  faces: number[][][];
  surfaces: number[][][];
  contours: unknown[];
  lines: string[];
}
interface Layout {
  from: Point;
  to: Point;
  ticks: { value: number; label: string; text: Point }[];
  label: Point;
}
/** What axes have that users do not ask for by name. */
interface Inner {
  _project(x: number, y: number, z: number): Point;
  _axis_layout(index: number): Layout;
}
interface Points {
  _by_depth(): { index: number; opacity: number }[];
  _shaded_marker(index: number, opacity: number): { face: number[] };
}
interface Surface {
  readonly _count: number;
  _face_of(i: number): number[];
}

interface Contours {
  readonly levels: number[];
  readonly _is_filled: boolean;
  readonly direction: 'x' | 'y' | 'z';
  lines(): { x: number[]; y: number[] }[][];
  place(x: number, y: number, level: number): Point;
  _height(level: number): number;
  _level_color(level: number): number[];
}

/** The levels, and of each where its lines are, or at which place along which axis its areas. */
function contours_of(set: Contours): unknown {
  const { levels } = set;
  const count = set._is_filled ? levels.length - 1 : levels.length;
  const all = Array.from({ length: count }, (_, i) => i);
  const places = all.map((level) => {
    if (set._is_filled) return [['xyz'.indexOf(set.direction), set._height(level)]];
    const points = set.lines()[level]!.flatMap(({ x, y }) => x.map((px, k) => set.place(px, y[k]!, level)));
    if (points.length === 0) return null;
    const ends = (pick: (...values: number[]) => number): number[] =>
      [0, 1, 2].map((k) => pick(...points.map((point) => point[k]!)));
    return [ends(Math.min), ends(Math.max)];
  });
  const hex = (color: number[]): string => plt.colors.to_hex(color, { keep_alpha: true });
  return [levels, places, all.map((level) => hex(set._level_color(level)))];
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;
const golden = read<{ charts: Record<string, Described> }>('golden3d.json').charts;
const charts =
  read<Record<string, { calls: [name: string, args: unknown[], kwargs: Record<string, unknown>][] }>>('charts3d.json');
/** A folder in which the pictures are left, to look at them beside those of matplotlib. */
const pictures = process.env['TORCH_NODE_PICTURES'];

function draw(name: string): plt.Axes3D {
  const ax = plt.figure().add_subplot(111, { projection: '3d' });
  for (const [method, args, kwargs] of charts[name]!.calls)
    (ax as unknown as Record<string, (...given: unknown[]) => unknown>)[method]!(
      ...args,
      ...(Object.keys(kwargs).length > 0 ? [kwargs] : []),
    );
  return ax;
}

function describe_axes(ax: plt.Axes3D): Described {
  const inner = ax as unknown as Inner;
  const at = ([x, y, z]: Point): number[] => inner._project(x, y, z).slice(0, 2);
  const axis = (name: 'x' | 'y' | 'z', index: number): DescribedAxis => {
    const { from, to, ticks, label } = inner._axis_layout(index);
    const text = { x: ax.get_xlabel(), y: ax.get_ylabel(), z: ax.get_zlabel() }[name];
    const [[x0, y0], [x1, y1]] = [at(from), at(to)] as [[number, number], [number, number]];
    let angle = ((Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI + 360) % 180;
    if (angle > 90) angle -= 180;
    // Python counts the angles of texts from 0 to 360.
    return {
      limits: [...{ x: ax.get_xlim(), y: ax.get_ylim(), z: ax.get_zlim() }[name]],
      ticks: ticks.map(({ value }) => value),
      texts: ticks.map((tick) => tick.label),
      places: ticks.map((tick) => at(tick.text)),
      line: [
        [x0, x1],
        [y0, y1],
      ],
      label: text === '' ? null : at(label),
      angle: text === '' ? null : text.length > 4 ? (angle + 360) % 360 : 0,
    };
  };
  const points: Point[] = [
    [0, 0, 0],
    [1, 0, 0],
    [1, 2, 3],
    [-1, 0.5, 2],
  ];
  const children = (ax as unknown as { artists: object[] }).artists;
  const kept = <T>(kind: string): T[] => children.filter((each) => each.constructor.name === kind) as T[];
  return {
    axes: { x: axis('x', 0), y: axis('y', 1), z: axis('z', 2) },
    matrix: ax.get_proj(),
    projected: points.map((point) => inner._project(...point)),
    faces: kept<Points>('Path3DCollection').map((each) =>
      each._by_depth().map(({ index, opacity }) => [...each._shaded_marker(index, opacity).face]),
    ),
    surfaces: kept<Surface>('Poly3DCollection').map((each) =>
      Array.from({ length: each._count }, (_, i) => [...each._face_of(i)]).sort((a, b) => {
        const k = a.findIndex((value, i) => value !== b[i]);
        return k < 0 ? 0 : a[k]! - b[k]!;
      }),
    ),
    contours: kept<Contours>('QuadContourSet3D').map(contours_of),
    lines: ax.lines.map((line) => plt.colors.to_hex(line.get_color())),
  };
}

/** Numbers to nine digits after the point; sums are made in another order than numpy's. */
function close(value: unknown, digits = 9): unknown {
  if (typeof value === 'number') return Math.abs(value) < 1e-10 ? 0 : Number(value.toPrecision(digits));
  if (Array.isArray(value)) return value.map((each) => close(each, digits));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, close(each, digits)]));
  return value;
}

afterEach(() => {
  plt.close('all');
});

describe('a plot in three dimensions is that of matplotlib', () => {
  it.each(Object.keys(charts))('%s', (name) => {
    const ax = draw(name);
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      plt.savefig(join(pictures, `${name.replaceAll(' ', '_')}_ours.png`));
    }
    const { faces, surfaces, ...rest } = describe_axes(ax);
    const { faces: wanted_faces, surfaces: wanted_surfaces, ...wanted } = golden[name]!;
    expect(close(rest)).toEqual(close(wanted));
    // Colours of a map have 16 bits.
    const flat = (colors: unknown): number[] => (colors as number[][][]).flat(2);
    // Without shade Python has one colour for all points.
    for (const own of faces) if (wanted_faces[0]!.length === 1) own.length = 1;
    expect(flat(faces).length).toBe(flat(wanted_faces).length);
    expect(flat(surfaces).length).toBe(flat(wanted_surfaces).length);
    flat(wanted_faces).forEach((value, i) => expect(flat(faces)[i]).toBeCloseTo(value, 4));
    flat(wanted_surfaces).forEach((value, i) => expect(flat(surfaces)[i]).toBeCloseTo(value, 4));
  });
});

describe('Axes3D', () => {
  it('is in its figure only after add_axes, as in Python', () => {
    const fig = plt.figure();
    const ax = new plt.Axes3D(fig);
    expect(fig.axes).toEqual([]);
    expect(fig.add_axes(ax)).toBe(ax);
    expect(fig.axes).toEqual([ax]);
    expect(() => plt.figure().add_axes(ax)).toThrow(
      'add_axes(): The Axes must have been created in the present figure',
    );
  });

  it('is what subplot and subplots make', () => {
    expect(plt.subplot(1, 2, 1, { projection: '3d' })).toBeInstanceOf(plt.Axes3D);
    const [, axs] = plt.subplots<plt.Axes3D[]>(1, 2, { subplot_kw: { projection: '3d' } });
    expect(axs.every((ax) => ax instanceof plt.Axes3D)).toBe(true);
  });

  it('takes tensors and arrays', () => {
    const ax = plt.figure().add_subplot({ projection: '3d' });
    const view = torch.arange(6).reshape(3, 2).float();
    const points = ax.scatter(view.select(1, 0), view.select(1, 1).numpy(), torch.zeros(3));
    expect(points.get_offsets().length).toBe(3);
    const [X, Y] = torch.meshgrid(torch.linspace(0, 1, 4), torch.linspace(0, 1, 5), { indexing: 'ij' });
    ax.plot_surface(X!, Y!, X!.mul(Y!));
    expect(ax.collections.length).toBe(2);
  });

  it.each<[string, (ax: plt.Axes3D) => unknown, string]>([
    [
      'another projection',
      () => plt.subplot(111, { projection: 'mollweide' }),
      "projection 'mollweide' is not in torch-node/pyplot",
    ],
    ['flat charts', (ax) => ax.hist([1]), 'hist(): axes in three dimensions of torch-node/pyplot have no hist'],
    ['a flat surface', (ax) => ax.plot_surface([1], [1], [1]), 'plot_surface(): Argument Z must be 2-dimensional.'],
    ['other lengths', (ax) => ax.scatter([1, 2], [1, 2, 3], 0), 'scatter(): shape mismatch'],
    [
      'a direction that is not there',
      (ax) => ax.text(0, 0, 0, 's', 'w' as 'x'),
      "text(): 'w' is not a valid value for zdir",
    ],
    ['a logarithm', (ax) => ax.set_xscale('log'), "have only 'linear' scales"],
    ['three limits', (ax) => ax.set_zlim([1, 2, 3]), 'set_zlim(): limits must be two numbers, not 3'],
    ['no zoom', (ax) => ax.set_box_aspect(null, { zoom: 0 }), 'set_box_aspect(): Argument zoom = 0 must be > 0'],
  ])('refuses %s', (_name, act, message) => {
    const ax = plt.figure().add_subplot(111, { projection: '3d' });
    expect(() => act(ax)).toThrow(message);
  });
});

describe('contours and blocks in space refuse', () => {
  const grid = [
    [0, 1],
    [1, 2],
  ];
  const ax = (): plt.Axes3D => plt.figure().add_subplot(111, { projection: '3d' });
  it.each<[string, () => unknown, string]>([
    [
      'another axis',
      () => ax().contour(grid, grid, grid, { zdir: 'w' as 'x' }),
      "contour(): 'w' is not a valid value for zdir",
    ],
    [
      'a row of heights',
      () => ax().contourf3D([0, 1], [0, 1], [1, 2]),
      'contourf3D(): Argument Z must be 2-dimensional',
    ],
    ['sides of other lengths', () => ax().bar3d([0, 1], 0, 0, [1, 1, 1], 1, 1), 'bar3d(): shape mismatch'],
  ])('%s', (_, call, text) => {
    expect(call).toThrow(text);
  });
});
