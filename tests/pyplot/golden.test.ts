/** Limits, ticks, labels, colours, bins and legends are those that matplotlib has for the same calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as plt from 'torch-node/pyplot';
import { afterEach, describe, expect, it } from 'vitest';

interface Described {
  readonly xlim: number[];
  readonly ylim: number[];
  readonly x: { ticks: number[]; labels: string[]; offset: string };
  readonly y: { ticks: number[]; labels: string[]; offset: string };
  readonly lines: string[];
  readonly patches: (number | string)[][];
  readonly points: string[][];
  readonly legend: string[] | null;
}
interface Golden {
  readonly charts: Record<string, Described>;
  readonly maps: Record<string, string>;
  readonly data: number[];
  readonly hists: Record<string, [number[], number[]]>;
  readonly named: Record<string, string>;
}
type Charts = Record<string, { calls: [name: string, args: unknown[], kwargs: Record<string, unknown>][] }>;

const read = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;
const golden = read<Golden>('golden.json');
const charts = read<Charts>('charts.json');

/** What charts have that users do not ask for by name. */
interface Inner {
  _ticks(): { major: { value: number; label: string }[]; offset: string };
}
interface Bar {
  get_x(): number;
  get_y(): number;
  get_width(): number;
  get_height(): number;
  get_facecolor(): number[];
}

const call = (name: string, args: unknown[], kwargs: Record<string, unknown>): unknown =>
  (plt as unknown as Record<string, (...given: unknown[]) => unknown>)[name]!(
    ...args,
    ...(Object.keys(kwargs).length > 0 ? [kwargs] : []),
  );

const round = (value: number): number => Math.round(value * 1e9) / 1e9 + 0;

function describe_axes(): Described {
  const ax = plt.gca();
  const axis = (each: object): Described['x'] => {
    const { major, offset } = (each as Inner)._ticks();
    return { ticks: major.map(({ value }) => value), labels: major.map(({ label }) => label), offset };
  };
  const hex = (color: readonly number[]): string => plt.colors.to_hex([...color], { keep_alpha: true });
  const bars = ax.patches.filter((patch) => 'get_width' in patch) as unknown as Bar[];
  const points = ax.collections.filter((each) => 'get_offsets' in each) as plt.PathCollection[];
  return {
    xlim: [...ax.get_xlim()],
    ylim: [...ax.get_ylim()],
    x: axis(ax.xaxis),
    y: axis(ax.yaxis),
    lines: ax.lines.map((line) => plt.colors.to_hex(line.get_color())),
    patches: bars.map((bar) => [
      ...[bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()].map(round),
      hex(bar.get_facecolor()),
    ]),
    points: points.map((each) => each.get_facecolors().map(hex)),
    legend: ax.get_legend()?.get_texts() ?? null,
  };
}

/** Numbers to nine digits, since logarithms of two libraries differ in the last bits. */
function close(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(close);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, close(each)]));
  return value;
}

afterEach(() => {
  plt.close('all');
});

describe('a chart has the limits, ticks, colours and texts of matplotlib', () => {
  it.each(Object.keys(charts))('%s', (name) => {
    for (const [fn, args, kwargs] of charts[name]!.calls) call(fn, args, kwargs);
    expect(close(describe_axes())).toEqual(close(golden.charts[name]));
  });
});

describe('colour maps', () => {
  const values = Array.from({ length: 103 }, (_, i) => (i === 102 ? 1.01 : i * ((1.01 + 0.01) / 102) - 0.01));
  it('have the bytes of matplotlib, outside of 0 to 1 too', () => {
    const different = Object.entries(golden.maps).filter(([name, expected]) => {
      const bytes = (plt.get_cmap(name) as unknown as { _bytes(values: number[]): Uint8ClampedArray })._bytes(values);
      const rgb = Array.from(bytes).filter((_, i) => i % 4 !== 3);
      return Buffer.from(rgb).toString('hex') !== expected;
    });
    expect(different.map(([name]) => name)).toEqual([]);
    expect(Object.keys(golden.maps).length).toBeGreaterThan(160);
  });

  it('are functions of numbers, and of indices', () => {
    expect(plt.cm['tab10']!(3).map((part) => Math.round(part * 255))).toEqual([214, 39, 40, 255]);
    expect(plt.cm['viridis']!([0, 1]).length).toBe(2);
    expect(() => plt.get_cmap('nothing')).toThrow("get_cmap(): 'nothing' is not a valid value for cmap");
  });
});

it('named colours are those of matplotlib', () => {
  const ours = Object.fromEntries(Object.keys(golden.named).map((name) => [name, plt.colors.to_hex(name)]));
  expect(ours).toEqual(golden.named);
});

describe('bins of a histogram by the rules of numpy', () => {
  it.each(Object.keys(golden.hists))('%s', (rule) => {
    const [n, bins] = plt.hist(golden.data, { bins: rule });
    expect(n.tolist()).toEqual(golden.hists[rule]![0]);
    expect(close(bins.tolist())).toEqual(close(golden.hists[rule]![1]));
  });
});
