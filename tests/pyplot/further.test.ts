/** Twin axes, pies, boxes, stems, areas, meshes and arrows are those that matplotlib makes of the same calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as plt from 'torch-node/pyplot';
import { afterEach, describe, expect, it } from 'vitest';

type Charts = Record<string, { calls: [name: string, args: unknown[], kwargs: Record<string, unknown>][] }>;
const read = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;
const charts = read<Charts>('further.json');
const golden = read<{ charts: Record<string, unknown[]> }>('golden_further.json').charts;

/** What charts have that users do not ask for by name. */
interface Inner {
  _visible: boolean;
  _is_colorbar: boolean;
  _ticks(): { major: { value: number; label: string }[] };
  _style(): { ha: string; va: string; rotation: number; size: number; color: readonly number[] };
  _corners(): number[][][];
  _segments(): number[][][];
  _coordinates(): number[][][];
  _faces(): number[][];
  _polygons(): number[][][];
  get_segments(): number[][][];
  _color_of(i: number): number[];
  _widths(): number[];
  _mapped(value: number): number[];
  _arrows: { tail: number[]; head: number[]; width: number; color: number[] | number }[];
  _measured(): { vertices: number[][][]; scale: number; width: number };
}
const inner = (value: unknown): Inner => value as Inner;
const hex = (color: readonly number[]): string => plt.colors.to_hex([...color], { keep_alpha: true });

const folder = process.env['PYPLOT_PICTURES'];
const dpi = folder === undefined ? 100 : 60;

/** The shape of hexagons, their middles, numbers and colours. */
function hexagons(each: plt.PathCollection): unknown {
  const polygons = inner(each)._polygons();
  const middle = (corners: number[][]): number[] =>
    [0, 1].map((k) => {
      const row = corners.map((corner) => corner[k]!);
      // The mean of two corners is not exact.
      return Number(((Math.min(...row) + Math.max(...row)) / 2).toFixed(12));
    });
  const [x, y] = middle(polygons[0] ?? [[0, 0]]) as [number, number];
  const shape = (polygons[0] ?? []).map((corner) => [corner[0]! - x, corner[1]! - y]);
  return [shape, polygons.map(middle), each.get_array(), inner(each)._faces().map(hex)];
}

/** The widths and colours of the lines of streamplot, and its arrows. */
function streams(lines: unknown, arrows: unknown): unknown {
  if (lines === undefined) return null;
  const count = inner(lines).get_segments().length;
  const one = inner(lines)._widths().length === 1;
  const colors = Array.from({ length: one ? 1 : count }, (_, i) => hex(inner(lines)._color_of(i)));
  const color_of = (value: number[] | number): string =>
    hex(typeof value === 'number' ? inner(lines)._mapped(value) : value);
  const heads = inner(arrows)._arrows.map(({ tail, head, width, color }) => [tail, head, width, color_of(color)]);
  return { looks: [[inner(lines)._widths(), colors]], heads };
}

const ticks_of = (axis: unknown): unknown => {
  const { major } = inner(axis)._ticks();
  return { ticks: major.map(({ value }) => value), labels: major.map(({ label }) => label) };
};

/** What an earlier call returned, by its name, or a part of it. */
const earlier = (results: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], results);

function described(ax: plt.Axes): unknown {
  if (inner(ax)._is_colorbar) return { bar: ticks_of(inner(ax.yaxis)._visible ? ax.yaxis : ax.xaxis) };
  const limits = { xlim: [...ax.get_xlim()], ylim: [...ax.get_ylim()] };
  const axis = (each: unknown): unknown => (inner(each)._visible ? ticks_of(each) : null);
  const of = (name: string): plt.PathCollection[] =>
    ax.collections.filter((each) => each.constructor.name === name) as plt.PathCollection[];
  const areas = of('FillBetweenPolyCollection') as unknown as plt.Polygon[];
  return {
    ...limits,
    x: axis(ax.xaxis),
    y: axis(ax.yaxis),
    lines: ax.lines.map((line) => [
      line.get_xdata(),
      line.get_ydata(),
      plt.colors.to_hex(line.get_color()),
      line.get_linestyle(),
    ]),
    wedges: ax.patches
      .filter((patch) => 'theta1' in patch)
      .map((patch) => {
        const { center, r, theta1, theta2, width } = patch as plt.Wedge;
        return [...center, r, theta1, theta2, width, hex(patch.get_facecolor())];
      }),
    boxes: ax.patches
      .filter((patch) => patch.constructor.name === 'Polygon')
      .map((patch) => [(patch as plt.Polygon).get_xy(), hex(patch.get_facecolor())]),
    texts: ax.texts.map((text) => {
      const { ha, va, rotation, size, color } = inner(text)._style();
      return [...text.get_position(), text.get_text(), ha, va, rotation, size, plt.colors.to_hex([...color])];
    }),
    areas: areas.map((each) => [inner(each)._corners(), hex(each.get_facecolor())]),
    segments: [
      ...of('LineCollection').map((each) => inner(each)._segments()),
      ...of('StreamLines').map((each) => inner(each).get_segments()),
    ],
    meshes: of('QuadMesh').map((each) => [inner(each)._coordinates(), inner(each)._faces().map(hex)]),
    arrows: of('Quiver').map((each) => {
      const { vertices, scale, width } = inner(each)._measured();
      return [vertices, scale, width, inner(each)._faces().map(hex)];
    }),
    streams: streams(
      of('StreamLines')[0],
      ax.collections.find((each) => each.constructor.name === 'StreamArrows'),
    ),
    keys: (ax as unknown as { artists: object[] }).artists
      .filter((each) => each.constructor.name === 'QuiverKey')
      .map((each) => {
        const key = each as unknown as { _corners(): number[][]; text: plt.Text; _face(): number[] };
        const corners = key._corners().map(([x, y]) => [x! / dpi, -y! / dpi]);
        return [corners, key.text.get_text(), hex(key._face())];
      }),
    hexagons: of('PolyCollection').map(hexagons),
    legend: ax.get_legend()?.get_texts() ?? null,
  };
}

/** Numbers to nine digits, and not a number as null. */
function close(value: unknown): unknown {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(9));
  }
  if (Array.isArray(value)) return Array.from(value, close);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, close(each)]));
  return value;
}

afterEach(() => {
  plt.close('all');
});

describe('a chart has the limits, points, areas, texts and colours of matplotlib', () => {
  it.each(Object.keys(charts))('%s', (name) => {
    const results: Record<string, unknown> = {};
    for (const [call, args, kwargs] of charts[name]!.calls) {
      const given = args.map((arg) =>
        typeof arg === 'string' && arg.startsWith('$') ? earlier(results, arg.slice(1).split('.')) : arg,
      );
      results[call] = (plt as unknown as Record<string, (...given: unknown[]) => unknown>)[call]!(
        ...given,
        ...(Object.keys(kwargs).length > 0 ? [kwargs] : []),
      );
    }
    if (folder !== undefined) plt.savefig(`${folder}/${name.replaceAll(' ', '_')}_node.png`, { dpi: 60 });
    else plt.gcf().draw();
    expect(close(plt.gcf().axes.map(described))).toEqual(close(golden[name]));
  });
});

describe('refused, with what is wrong, are', () => {
  const grid = [
    [1, 1],
    [1, 1],
  ];
  const stream = (options: plt.StreamplotOptions) => () => plt.streamplot([0, 1], [0, 1], grid, grid, options);
  it.each<[string, () => unknown, string]>([
    [
      'hexagons of rows of different lengths',
      () => plt.hexbin([1, 2], [1]),
      'hexbin(): x, y and C must have the same length',
    ],
    ['no hexagons in a row', () => plt.hexbin([1], [1], { gridsize: 0 }), 'hexbin(): gridsize must be positive'],
    [
      'limits that are not in order',
      () => plt.hexbin([1], [1], { extent: [1, 0, 0, 1] }),
      'xmax must be greater than xmin',
    ],
    ['another kind of intervals', () => plt.hexbin([1], [1], { bins: 'auto' as 'log' }), "bins must be 'log'"],
    ['steps that differ', () => plt.streamplot([0, 1, 5], [0, 1], grid, grid), "'x' values must be equally spaced"],
    ['steps back', () => plt.streamplot([0, 1], [1, 0], grid, grid), "'y' must be strictly increasing"],
    ['a field of another shape', () => plt.streamplot([0, 1], [0, 1], [[1, 2]], grid), "'u' must match the shape"],
    ['no lines', stream({ density: 0 }), "'density' must be positive"],
    ['a beginning outside', stream({ start_points: [[2, 0]] }), 'Starting point (2, 0) outside of data boundaries'],
    [
      'another direction',
      stream({ integration_direction: 'up' as 'both' }),
      "'up' is not a valid value for integration_direction",
    ],
    ['another arrow', stream({ arrowstyle: 'fancy' as '->' }), "'fancy' is not a valid value for arrowstyle"],
    ['no steps', stream({ integration_max_step_scale: 0 }), 'must be > 0'],
    ['fewer than no arrows', stream({ num_arrows: -1 }), 'got num_arrows=-1'],
    ['a key of no arrows', () => plt.quiverkey({} as plt.Quiver, 0, 0, 1, ''), "argument 'Q'"],
    [
      'a key in no units',
      () => plt.quiverkey(plt.quiver([1], [1]), 0, 0, 1, '', { coordinates: 'pixels' as 'axes' }),
      "'pixels' is not a valid value for coordinates",
    ],
    [
      'labels of contours that are not there',
      () => {
        const set = plt.contour([
          [0, 1],
          [1, 2],
        ]);
        set.remove();
        set.clabel();
      },
      'clabel(): the contours are not in a figure',
    ],
    [
      'sliders',
      () => new plt.widgets.Slider(plt.gca(), 'a', 0, 1),
      'Slider(): figures of torch-node/pyplot take no input',
    ],
    [
      'settings that are not there',
      () => plt.rcParams.update({ 'font.size': 3, nothing: 1 }),
      'nothing is not a setting',
    ],
  ])('%s', (_, call, text) => {
    expect(call).toThrow(text);
  });
});

it('fields with holes have lines around them', () => {
  const [columns, rows] = [9, 7];
  const u = Array.from({ length: rows }, (_, j) =>
    Array.from({ length: columns }, (__, i) => (i === 4 && j === 3 ? Number.NaN : 1)),
  );
  const v = u.map((row) => row.map(() => 0));
  const { lines } = plt.streamplot([...u[0]!.keys()], [...u.keys()], u, v);
  const inside = lines
    .get_segments()
    .flat()
    .filter(([x, y]) => x! > 3 && x! < 5 && y! > 2 && y! < 4);
  expect(lines.get_segments().length).toBeGreaterThan(5);
  expect(inside).toEqual([]);
});

it('contours label themselves', () => {
  const set = plt.contour(
    [
      [0, 1],
      [1, 2],
    ],
    { levels: [0.5, 1.5] },
  );
  expect(set.clabel({ fmt: '%.1f' }).map((text) => text.get_text())).toEqual(['0.5', '1.5']);
  expect(
    plt
      .contour(
        [
          [0, 1],
          [1, 2],
        ],
        { levels: [0.5, 1.5] },
      )
      .clabel([1.5]).length,
  ).toBe(1);
});

it('several settings change at once, or none', () => {
  plt.rcParams.update({ 'font.size': 12, 'lines.linewidth': 3 });
  expect([plt.rcParams['font.size'], plt.rcParams['lines.linewidth']]).toEqual([12, 3]);
  expect(Object.keys(plt.rcParams)).not.toContain('update');
  expect(() => plt.rcParams.update({ 'font.size': 3, nothing: 1 })).toThrow('nothing is not a setting');
  expect(plt.rcParams['font.size']).toBe(12);
  plt.rcdefaults();
});
