/** Patterns in shapes are where matplotlib draws them, and as dark. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as plt from 'torch-node/pyplot';
import { afterEach, describe, expect, it } from 'vitest';

const { patterns } = JSON.parse(readFileSync(join(import.meta.dirname, 'golden_hatch.json'), 'utf8')) as {
  patterns: Record<string, number[][]>;
};
afterEach(() => {
  plt.close('all');
});

/** Means of the red of cells of 10 by 10 pixels. */
function cells(draw: (ax: plt.Axes) => void): number[][] {
  const fig = plt.figure({ figsize: [1.5, 1.5], dpi: 100 });
  const ax = fig.add_axes([0, 0, 1, 1]);
  draw(ax);
  ax.set_xlim(0, 1);
  ax.set_ylim(0, 1);
  ax.axis('off');
  const data = fig.data();
  return Array.from({ length: 15 }, (_, i) =>
    Array.from({ length: 15 }, (__, j) => {
      let sum = 0;
      for (let y = 0; y < 10; y++) for (let x = 0; x < 10; x++) sum += data[4 * ((10 * i + y) * 150 + 10 * j + x)]!;
      return sum / 100;
    }),
  );
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const distance = (a: number[][], b: number[][]): number =>
  mean(a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
/** How much of the square is drawn on. */
const ink = (all: number[][]): number => 1 - mean(all.flat()) / 255;

describe('a shape with the pattern', () => {
  it.each(Object.keys(patterns))('%s', (hatch) => {
    const ours = cells((ax) => ax.bar([0.5], [1], { width: 1, color: 'w', hatch }));
    const python = patterns[hatch]!;
    // Small rings depend on how their edges are smoothed.
    expect(Math.abs(ink(ours) / ink(python) - 1)).toBeLessThan(hatch === 'oo' ? 0.25 : 0.1);
    // Of all patterns it is most like its own.
    const nearest = Object.values(patterns).sort((a, b) => distance(ours, a) - distance(ours, b))[0]!;
    expect(distance(nearest, python)).toBe(0);
  });
});

describe('patterns', () => {
  const dark = (draw: (ax: plt.Axes) => void): number => ink(cells(draw));
  it.each<[string, (ax: plt.Axes) => unknown]>([
    ['of bars', (ax) => ax.bar([0.25, 0.75], [1, 1], { width: 0.5, color: 'w', hatch: ['x', 'x'] })],
    ['of areas', (ax) => ax.fill_between([0, 1], [1, 1], { facecolor: 'w', hatch: 'x' })],
    ['of polygons', (ax) => ax.fill([0, 1, 1, 0], [0, 0, 1, 1], { facecolor: 'w', hatch: 'x' })],
    ['of bands', (ax) => ax.axvspan(0, 1, { facecolor: 'w', edgecolor: 'k', hatch: 'x' })],
    ['of stacks', (ax) => ax.stackplot([0, 1], [1, 1], { colors: ['w'], hatch: 'x' })],
    ['of histograms', (ax) => ax.hist([0.5], { bins: [0, 1], color: 'w', hatch: 'x' })],
    ['of pies', (ax) => ax.pie([1], { colors: ['w'], radius: 3, hatch: ['x'] })],
    [
      'of contours',
      (ax) =>
        ax.contourf(
          [
            [0, 0],
            [0, 0],
          ],
          { extent: [0, 1, 0, 1], levels: [-1, 1], colors: 'w', hatches: ['x'] },
        ),
    ],
  ])('%s', (_name, draw) => {
    const expected = ink(patterns['x']!);
    const got = dark((ax) => void draw(ax));
    expect(got).toBeGreaterThan(0.85 * expected);
    expect(got).toBeLessThan(1.25 * expected);
  });

  it('have the colour of the edge, and legends show them', () => {
    const [bar] = plt.bar([1], [1], { color: 'w', edgecolor: 'r', hatch: '/', label: 'a' }).patches;
    expect([bar!.get_hatch(), plt.colors.to_hex(bar!.get_edgecolor())]).toEqual(['/', '#ff0000']);
    plt.legend();
    const count = (): number => {
      const data = plt.gcf().data();
      let red = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i]! > 200 && data[i + 1]! < 100) red++;
      return red;
    };
    const with_pattern = count();
    bar!.set_hatch(null);
    expect(count()).toBeLessThan(with_pattern / 2);
  });

  it('of other characters are refused', () => {
    expect(() => plt.bar([1], [1], { hatch: '/?' })).toThrow('bar(): hatch must consist of a string of');
    expect(() =>
      plt.contourf(
        [
          [0, 1],
          [1, 2],
        ],
        { hatches: ['q'] },
      ),
    ).toThrow('contourf(): hatch must consist of');
  });
});
