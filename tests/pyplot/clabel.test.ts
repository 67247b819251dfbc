/** Labels of contours have the texts, colours and room of matplotlib's, and are on their lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as plt from 'torch-node/pyplot';
import { afterEach, describe, expect, it } from 'vitest';

interface Case {
  texts: [text: string, color: string, size: number, zorder: number][];
  left: number;
}
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden_clabel.json'), 'utf8')) as Record<
  string,
  Case
>;
const at = Array.from({ length: 81 }, (_, i) => -2 + i / 20);
const formulas = {
  rings: (x: number, y: number) => x * x + y * y,
  planes: (x: number, y: number) => x + 2 * y,
  saddle: (x: number, y: number) => x * y * 1000,
};
const cases = {
  rings: ['rings', {}, { levels: [0.5, 1, 2, 3.5] }],
  planes: ['planes', { fontsize: 8, colors: ['r', 'b'], fmt: '%.2f m' }, { levels: [-3, -1, 1, 3] }],
  saddle: ['saddle', { inline: false, levels: [-1000, 2000] }, { levels: [-2000, -1000, 1000, 2000], colors: 'k' }],
  close: ['rings', { inline_spacing: 1 }, { levels: [0.5, 1, 2, 3.5] }],
} as const;

afterEach(() => {
  plt.close('all');
});

/** What contours have that users do not ask for by name. */
interface Inner {
  lines(): { x: number[]; y: number[] }[][];
}
function length(set: plt.QuadContourSet): number {
  // Pixels of the default axes for a unit of x and of y.
  const [wide, high] = [(640 * 0.775) / 4, (480 * 0.77) / 4];
  const pieces = (set as unknown as Inner).lines().flat();
  return pieces.reduce((sum, { x, y }) => {
    let own = 0;
    for (let i = 1; i < x.length; i++) own += Math.hypot((x[i]! - x[i - 1]!) * wide, (y[i]! - y[i - 1]!) * high);
    return sum + own;
  }, 0);
}

describe('labels of', () => {
  it.each(Object.keys(cases) as (keyof typeof cases)[])('%s', (name) => {
    const [formula, options, how] = cases[name];
    const z = at.map((y) => at.map((x) => formulas[formula](x, y)));
    const set = plt.contour(at, at, z, { ...how, levels: [...how.levels] } as plt.ContourOptions);
    const whole = length(set);
    const texts = plt.clabel(set, options as plt.ClabelOptions);
    const inner = texts as unknown as { _style(): { size: number; color: number[] }; _zorder: number }[];
    const ours = texts
      .map((text, i) => {
        const { size, color } = inner[i]!._style();
        return [text.get_text(), plt.colors.to_hex(color), size, inner[i]!._zorder];
      })
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    const theirs = golden[name]!.texts.sort((a, b) => (a[0] < b[0] ? -1 : 1));
    expect(ours).toEqual(theirs);
    // As much of the lines is left, but for the widths of fonts.
    expect(Math.abs(length(set) / whole - golden[name]!.left)).toBeLessThan(0.02);
    // Each is on a line of its height.
    for (const text of texts) {
      const [x, y] = [...text.get_position()] as [number, number];
      const height = formulas[formula](x, y);
      const nearest = Math.min(...how.levels.map((level) => Math.abs(level - height)));
      expect(nearest / Math.max(...how.levels.map(Math.abs))).toBeLessThan(0.01);
    }
  });

  it('some levels, by texts and by functions', () => {
    const z = at.map((y) => at.map((x) => x + y));
    const set = plt.contour(at, at, z, { levels: [-1, 0, 1] });
    expect(plt.clabel(set, [0], { fmt: { 0: 'zero' } }).map((text) => text.get_text())).toEqual(['zero']);
    expect(plt.clabel(set, [1], { fmt: (level) => `<${level}>` }).map((text) => text.get_text())).toEqual(['<1>']);
    expect(() => plt.clabel(set, [5])).toThrow("Specified levels [5] don't match available levels [-1, 0, 1]");
    expect(() => plt.clabel(plt.contourf(at, at, z))).toThrow('labels are for the lines of contour()');
    plt.gcf().draw();
  });
});
