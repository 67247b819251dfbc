/** Lines and areas of equal height on a grid. Mirrors `matplotlib.contour.QuadContourSet`. */
import { method_signature } from '../_internal/signature.js';
import { type DataLimits, type LineStyle, pixel, ScalarMappable, stroke_of, type Text, type View } from './artists.js';
import type { Axes, ClabelOptions } from './axes.js';
import type { Colormap, Normalize } from './cm.js';
import { color_of, type Rgba } from './colors.js';
import { is_long_enough, placed_label, type PlacedLabel, straightest } from './contour_labels.js';
import { draw_hatch } from './hatch.js';
import type { Renderer } from './renderer.js';
import { rc } from './style.js';
import { extent } from './values.js';

/** Heights at the corners of a grid. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/** A line through points in data coordinates. */
export interface Trace {
  readonly x: number[];
  readonly y: number[];
}

/** The lines of a height in a cell, from edge to edge: below, right, above, left. The corners go round from the lower left. */
function cell_lines(heights: readonly number[], level: number): [number, number][] {
  if (!heights.every(Number.isFinite)) return [];
  const above = heights.map((height) => height > level);
  const cut = [0, 1, 2, 3].filter((edge) => above[edge] !== above[(edge + 1) % 4]);
  if (cut.length === 0) return [];
  if (cut.length === 2) return [[cut[0]!, cut[1]!]];
  // A saddle: the middle says which corners belong together.
  const together = heights.reduce((sum, height) => sum + height, 0) / 4 > level === above[0];
  return together
    ? [
        [0, 1],
        [2, 3],
      ]
    : [
        [0, 3],
        [2, 1],
      ];
}

/** The lines on which a grid has a height: each as long as it can be. */
export function trace_level({ rows, columns, x, y, z }: Grid, level: number): Trace[] {
  // Edges are numbered: those along rows first, then those along columns.
  const along = rows * (columns - 1);
  const horizontal = (i: number, j: number): number => i * (columns - 1) + j;
  const vertical = (i: number, j: number): number => along + i * columns + j;
  const neighbours = new Map<number, number[]>();
  const connect = (a: number, b: number): void => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = neighbours.get(from);
      if (list === undefined) neighbours.set(from, [to]);
      else list.push(to);
    }
  };
  for (let i = 0; i + 1 < rows; i++) {
    for (let j = 0; j + 1 < columns; j++) {
      const heights = [
        z[i * columns + j]!,
        z[i * columns + j + 1]!,
        z[(i + 1) * columns + j + 1]!,
        z[(i + 1) * columns + j]!,
      ];
      const edges = [horizontal(i, j), vertical(i, j + 1), horizontal(i + 1, j), vertical(i, j)];
      for (const [from, to] of cell_lines(heights, level)) connect(edges[from]!, edges[to]!);
    }
  }
  const point = (edge: number): [number, number] => {
    const is_row = edge < along;
    const i = is_row ? Math.floor(edge / (columns - 1)) : Math.floor((edge - along) / columns);
    const j = is_row ? edge % (columns - 1) : (edge - along) % columns;
    const from = i * columns + j;
    const to = is_row ? from + 1 : from + columns;
    const part = (level - z[from]!) / (z[to]! - z[from]!);
    return [x[from]! + part * (x[to]! - x[from]!), y[from]! + part * (y[to]! - y[from]!)];
  };
  return chains(neighbours).map((edges) => {
    const points = edges.map(point);
    return { x: points.map(([px]) => px), y: points.map(([, py]) => py) };
  });
}

/** Takes a graph whose nodes have one or two neighbours apart into lines: open ones first, then closed ones. */
function chains(neighbours: Map<number, number[]>): number[][] {
  const found: number[][] = [];
  const walk = (start: number): void => {
    const line = [start];
    let at = start;
    for (;;) {
      const list = neighbours.get(at);
      const next = list?.pop();
      if (list !== undefined && list.length === 0) neighbours.delete(at);
      if (next === undefined) break;
      const back = neighbours.get(next);
      if (back !== undefined) {
        back.splice(back.indexOf(at), 1);
        if (back.length === 0) neighbours.delete(next);
      }
      line.push(next);
      at = next;
    }
    found.push(line);
  };
  for (const [node, list] of [...neighbours]) if (list.length === 1 && neighbours.has(node)) walk(node);
  for (const node of [...neighbours.keys()]) if (neighbours.has(node)) walk(node);
  return found;
}

type Corner = readonly [x: number, y: number, z: number];

/** The part of a polygon on one side of a height. */
function clip(polygon: readonly Corner[], level: number, above: boolean): Corner[] {
  const inside = (corner: Corner): boolean => (above ? corner[2] >= level : corner[2] <= level);
  const result: Corner[] = [];
  polygon.forEach((corner, i) => {
    const next = polygon[(i + 1) % polygon.length]!;
    if (inside(corner)) result.push(corner);
    if (inside(corner) !== inside(next)) {
      const part = (level - corner[2]) / (next[2] - corner[2]);
      result.push([corner[0] + part * (next[0] - corner[0]), corner[1] + part * (next[1] - corner[1]), level]);
    }
  });
  return result;
}

/** What a set of contours is made of. */
export interface ContourLook {
  readonly filled: boolean;
  readonly levels: readonly number[];
  /** Colours of the levels instead of those of the map. */
  readonly colors: readonly Rgba[] | null;
  readonly linewidths: readonly number[];
  readonly linestyles: readonly LineStyle[] | null;
  readonly alpha: number | null;
  /** Patterns of areas; none when there are none. */
  readonly hatches: readonly (string | null)[];
}

const GET_LEVELS = method_signature<object>('get_levels');

/** Lines or areas of equal height, at its {@link levels}. */
export class QuadContourSet extends ScalarMappable {
  private traces: Trace[][] | undefined;

  /** @internal */
  constructor(
    protected readonly grid: Grid,
    protected readonly look: ContourLook,
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    norm._fit(look.levels);
    this._alpha = look.alpha;
    this._zorder = look.filled ? 1 : 2;
  }

  /** The heights. */
  get levels(): number[] {
    return [...this.look.levels];
  }

  /** The heights; the same as {@link levels}. */
  get_levels(...none: []): number[];
  get_levels(...args: unknown[]): number[] {
    GET_LEVELS.read(args);
    return this.levels;
  }

  /** @internal */
  override _bounds(): readonly number[] | undefined {
    return this.look.filled ? this.look.levels : undefined;
  }

  /** The colour of a level, or of the area above it. @internal */
  _level_color(i: number): Rgba {
    const { colors, levels, filled } = this.look;
    const value = filled ? (levels[i]! + levels[i + 1]!) / 2 : levels[i]!;
    const color = colors === null ? this.cmap._color(this.norm._map(value)) : colors[i % colors.length]!;
    return this._alpha === null ? color : [color[0], color[1], color[2], this._alpha];
  }

  /** @internal */
  _level_style(i: number): { width: number; style: LineStyle } {
    const { linewidths, linestyles, colors, levels } = this.look;
    // Heights below zero are dashed where colours do not tell them.
    const by_sign = colors !== null && colors.length === 1 && levels[i]! < 0 ? 'dashed' : 'solid';
    return {
      width: linewidths[i % linewidths.length]!,
      style: linestyles === null ? by_sign : linestyles[i % linestyles.length]!,
    };
  }

  /** The lines of each level. */
  protected lines(): Trace[][] {
    this.traces ??= this.look.levels.map((level) => trace_level(this.grid, level));
    return this.traces;
  }

  /** Writes the heights on the lines, as {@link Axes.clabel}. @returns the texts */
  clabel(
    ...args: [ClabelOptions?] | [levels?: readonly number[] | null, options?: Omit<ClabelOptions, 'levels'>]
  ): Text[];
  clabel(...args: unknown[]): Text[] {
    const axes = this._parent as Axes | null;
    if (axes === null) throw new Error('clabel(): the contours are not in a figure');
    return axes.clabel(this, ...(args as []));
  }

  /** @internal */
  get _is_filled(): boolean {
    return this.look.filled;
  }

  /**
   * Finds places for the labels of a level, as wide as its text in pixels; with `inline` the lines are broken there.
   * @param others - where labels are already, to which those that are found are added
   * @internal
   */
  _place_labels(
    level: number,
    width: number,
    view: View,
    others: [number, number][],
    how: { inline: boolean; spacing: number; upright: boolean },
  ): PlacedLabel[] {
    const found: PlacedLabel[] = [];
    const lines = this.lines()[level]!.flatMap((trace) => {
      const pixels = trace.x.map((x, i) => pixel(view, x, trace.y[i]!));
      if (!is_long_enough(pixels, width)) return [trace];
      const label = placed_label(trace, pixels, straightest(pixels, width, others), width, how);
      found.push(label);
      others.push([label.x, label.y]);
      return label.pieces;
    });
    if (how.inline) this.lines()[level] = lines;
    return found;
  }

  /** @internal */
  override _limits(): DataLimits {
    const [x, y] = [extent(this.grid.x), extent(this.grid.y)];
    return { x, y, sticky_x: x ?? [], sticky_y: y ?? [] };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    if (this.look.filled) this.draw_areas(r, view);
    else this.draw_lines(r, view);
  }

  /** Where the points of a level are, when that is not the same for all. */
  protected view_of(view: View, _level: number): View {
    return view;
  }

  /** Whether the areas of levels have no edges in common. */
  protected get apart(): boolean {
    return false;
  }

  private draw_lines(r: Renderer, flat: View): void {
    this.lines().forEach((traces, i) => {
      const view = this.view_of(flat, i);
      const stroke = stroke_of(r, { color: this._level_color(i), ...this._level_style(i) }, 'butt');
      if (stroke === undefined) return;
      for (const { x, y } of traces) {
        const points = x.map((value, k) => pixel(view, value, y[k]!));
        r.polyline(
          points.map(([px]) => px),
          points.map(([, py]) => py),
          stroke,
        );
      }
    });
  }

  private draw_areas(r: Renderer, flat: View): void {
    const { rows, columns, x, y, z } = this.grid;
    const { levels } = this.look;
    const corner = (i: number, j: number): Corner => [x[i * columns + j]!, y[i * columns + j]!, z[i * columns + j]!];
    const top = levels[levels.length - 1]!;
    const { context } = r;
    /** The outline of what is between two heights. */
    const trace = (view: View, from: number, until: number): void => {
      context.beginPath();
      for (let i = 0; i + 1 < rows; i++) {
        for (let j = 0; j + 1 < columns; j++) {
          let cell: Corner[] = [corner(i, j), corner(i, j + 1), corner(i + 1, j + 1), corner(i + 1, j)];
          if (!cell.every(([, , height]) => Number.isFinite(height))) continue;
          cell = clip(clip(cell, from, true), until, false);
          if (cell.length < 3) continue;
          cell.forEach(([px, py], k) => {
            const [at_x, at_y] = pixel(view, px, py);
            if (k === 0) context.moveTo(at_x, at_y);
            else context.lineTo(at_x, at_y);
          });
          context.closePath();
        }
      }
    };
    for (let level = 0; level + 1 < levels.length; level++) {
      const color = this._level_color(level);
      // Each area covers what is above it too, so that there is no seam; where it shines through, it must not.
      const until = color[3] < 1 || this.apart ? levels[level + 1]! : top;
      trace(this.view_of(flat, level), levels[level]!, until);
      r.paint(color, null);
    }
    const { hatches } = this.look;
    for (let level = 0; level + 1 < levels.length && hatches.length > 0; level++) {
      const pattern = hatches[level % hatches.length] ?? '';
      if (pattern === '') continue;
      context.save();
      trace(this.view_of(flat, level), levels[level]!, levels[level + 1]!);
      context.clip();
      const color = color_of('contourf', 'edgecolor', rc['patch.edgecolor'], this._alpha);
      draw_hatch(r, flat.box, { pattern, color, width: rc['hatch.linewidth'] as number });
      context.restore();
    }
  }
}

/** The default width of lines. */
export const default_linewidths = (): number[] => [rc['lines.linewidth'] as number];
