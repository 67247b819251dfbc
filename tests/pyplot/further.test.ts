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
  _measured(): { vertices: number[][][]; scale: number; width: number };
}
const inner = (value: unknown): Inner => value as Inner;
const hex = (color: readonly number[]): string => plt.colors.to_hex([...color], { keep_alpha: true });

function described(ax: plt.Axes): unknown {
  const limits = { xlim: [...ax.get_xlim()], ylim: [...ax.get_ylim()] };
  const axis = (each: unknown): unknown => {
    if (!inner(each)._visible) return null;
    const { major } = inner(each)._ticks();
    return { ticks: major.map(({ value }) => value), labels: major.map(({ label }) => label) };
  };
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
    segments: of('LineCollection').map((each) => inner(each)._segments()),
    meshes: of('QuadMesh').map((each) => [inner(each)._coordinates(), inner(each)._faces().map(hex)]),
    arrows: of('Quiver').map((each) => {
      const { vertices, scale, width } = inner(each)._measured();
      return [vertices, scale, width, inner(each)._faces().map(hex)];
    }),
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
    for (const [call, args, kwargs] of charts[name]!.calls)
      (plt as unknown as Record<string, (...given: unknown[]) => unknown>)[call]!(
        ...args,
        ...(Object.keys(kwargs).length > 0 ? [kwargs] : []),
      );
    const folder = process.env['PYPLOT_PICTURES'];
    if (folder !== undefined) plt.savefig(`${folder}/${name.replaceAll(' ', '_')}_node.png`, { dpi: 60 });
    else plt.gcf().draw();
    expect(
      close(
        plt
          .gcf()
          .axes.filter((ax) => !inner(ax)._is_colorbar)
          .map(described),
      ),
    ).toEqual(close(golden[name]));
  });
});
