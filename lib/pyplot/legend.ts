/** The box that says what lines, markers and patches are. Mirrors `matplotlib.legend.Legend`. */
import { method_signature } from '../_internal/signature.js';
import {
  Artist,
  draw_markers,
  FillBetweenPolyCollection,
  type Handle,
  Line2D,
  PathCollection,
  Polygon,
  Rectangle,
  rounded,
  stroke_of,
  Text,
  type View,
  pixel,
} from './artists.js';
import { hatch_path } from './hatch.js';
import { color_of, type ColorLike } from './colors.js';
import type { Box, Renderer, TextStyle } from './renderer.js';
import { font_size, rc } from './style.js';

/** The keyword arguments of {@link legend}. */
export interface LegendOptions {
  /** What is shown; default: all that has a label. */
  handles?: readonly Artist[] | null;
  /** Its texts. */
  labels?: readonly string[] | null;
  /** Where: `'best'`, `'upper right'` and so on, a number from 0 to 10, or the place of the lower left corner. */
  loc?: string | number | readonly [number, number] | null;
  fontsize?: number | string | null;
  title?: string | null;
  title_fontsize?: number | string | null;
  /** Number of columns. Default 1. */
  ncol?: number;
  ncols?: number;
  /** Whether there is a frame. Default true. */
  frameon?: boolean | null;
  framealpha?: number | null;
  facecolor?: ColorLike | null;
  edgecolor?: ColorLike | null;
  fancybox?: boolean | null;
  shadow?: boolean | null;
  labelcolor?: ColorLike | null;
  /** A point or rectangle in parts of the axes that `loc` is about. */
  bbox_to_anchor?: readonly number[] | null;
  borderpad?: number | null;
  labelspacing?: number | null;
  handlelength?: number | null;
  handletextpad?: number | null;
  borderaxespad?: number | null;
  columnspacing?: number | null;
  markerscale?: number | null;
  numpoints?: number | null;
  scatterpoints?: number | null;
}

export const LEGEND_OPTIONS =
  'loc?: str|int|float[]|None, fontsize?: float|str|None, title?: str|None, title_fontsize?: float|str|None, ncols/ncol?: int, ' +
  'frameon?: bool|None, framealpha?: float|None, facecolor?: color|None, edgecolor?: color|None, fancybox?: bool|None, ' +
  'shadow?: bool|None, labelcolor?: color|None, bbox_to_anchor?: float[]|None, borderpad?: float|None, ' +
  'labelspacing?: float|None, handlelength?: float|None, handletextpad?: float|None, borderaxespad?: float|None, ' +
  'columnspacing?: float|None, markerscale?: float|None, numpoints?: int|None, scatterpoints?: int|None';

const locations = [
  'best',
  'upper right',
  'upper left',
  'lower left',
  'lower right',
  'right',
  'center left',
  'center right',
  'lower center',
  'upper center',
  'center',
];

interface Shape {
  readonly width: number;
  readonly height: number;
}

/** What a legend must not cover, in pixels. */
interface Obstacles {
  readonly boxes: readonly Box[];
  readonly lines: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[];
  readonly points: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[];
}

function obstacles(r: Renderer, view: View, artists: readonly Artist[]): Obstacles {
  const found = {
    boxes: [] as Box[],
    lines: [] as { x: ArrayLike<number>; y: ArrayLike<number> }[],
    points: [] as { x: ArrayLike<number>; y: ArrayLike<number> }[],
  };
  for (const artist of artists) {
    if (artist instanceof Line2D) found.lines.push(artist._points(view));
    else if (artist instanceof Rectangle) found.boxes.push(artist._box(view));
    else if (artist instanceof Polygon) {
      const points = artist.get_xy().map(([x, y]) => pixel(view, x!, y!));
      found.lines.push({ x: points.map(([x]) => x), y: points.map(([, y]) => y) });
    } else if (artist instanceof FillBetweenPolyCollection) found.lines.push(...artist._outlines(view));
    else if (artist instanceof PathCollection) found.points.push(artist._points(view));
    else if (artist instanceof Text) {
      const box = artist._extent(r, view);
      if (box !== undefined) found.boxes.push(box);
    }
  }
  return found;
}

function contained({ x, y }: { x: ArrayLike<number>; y: ArrayLike<number> }, box: Box): number {
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i]! > box.left && x[i]! < box.right && y[i]! > box.top && y[i]! < box.bottom) count++;
  }
  return count;
}

/** Whether a line of two points crosses a rectangle, or lies in it. */
function crosses(x0: number, y0: number, x1: number, y1: number, box: Box): boolean {
  let [from, to] = [0, 1];
  for (const [start, delta, low, high] of [
    [x0, x1 - x0, box.left, box.right],
    [y0, y1 - y0, box.top, box.bottom],
  ] as const) {
    if (delta === 0) {
      if (start < low || start > high) return false;
      continue;
    }
    const [a, b] = [(low - start) / delta, (high - start) / delta];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from <= to;
}

function intersects({ x, y }: { x: ArrayLike<number>; y: ArrayLike<number> }, box: Box): boolean {
  for (let i = 1; i < x.length; i++) if (crosses(x[i - 1]!, y[i - 1]!, x[i]!, y[i]!, box)) return true;
  return false;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** How much of what is drawn a rectangle would cover. */
function badness({ boxes, lines, points }: Obstacles, box: Box): number {
  let bad = 0;
  for (const line of lines) bad += contained(line, box) + (intersects(line, box) ? 1 : 0);
  for (const each of points) bad += contained(each, box);
  for (const other of boxes) if (overlaps(other, box)) bad++;
  return bad;
}

/** The corner of a shape at a location of a rectangle. */
function anchored(code: number, { width, height }: Shape, box: Box, pad: number): { left: number; top: number } {
  const horizontal = [1, 4, 5, 7].includes(code) ? 'right' : [2, 3, 6].includes(code) ? 'left' : 'center';
  const vertical = [1, 2, 9].includes(code) ? 'top' : [3, 4, 8].includes(code) ? 'bottom' : 'center';
  return {
    left: { left: box.left + pad, right: box.right - pad - width, center: (box.left + box.right - width) / 2 }[
      horizontal
    ],
    top: { top: box.top + pad, bottom: box.bottom - pad - height, center: (box.top + box.bottom - height) / 2 }[
      vertical
    ],
  };
}

const GET_TEXTS = method_signature<object>('get_texts');

/** A legend. */
export class Legend extends Artist {
  private readonly code: number | readonly [number, number];
  private readonly texts: string[];

  /** @internal */
  constructor(
    callee: string,
    /** What is shown. */
    readonly legend_handles: readonly Artist[],
    labels: readonly string[],
    private readonly options: LegendOptions,
    private readonly artists: () => readonly Artist[],
  ) {
    super();
    this._zorder = 5;
    this.texts = [...labels];
    const loc = options.loc ?? (rc['legend.loc'] as string);
    if (typeof loc === 'string') {
      const code = locations.indexOf(loc);
      if (code < 0)
        throw new Error(
          `${callee}(): '${loc}' is not a valid value for loc; supported values are ${locations.map((each) => `'${each}'`).join(', ')}`,
        );
      this.code = code;
    } else if (typeof loc === 'number') {
      if (!(loc >= 0 && loc < locations.length))
        throw new Error(`${callee}(): loc must be a number from 0 to 10, not ${loc}`);
      this.code = loc;
    } else {
      if (loc.length !== 2)
        throw new Error(`${callee}(): loc must be string, coordinate tuple, or an integer 0-10, not ${String(loc)}`);
      this.code = loc;
    }
    for (const name of ['facecolor', 'edgecolor', 'labelcolor'] as const) {
      const color = options[name];
      if (color !== undefined && color !== null && color !== 'inherit') color_of(callee, name, color);
    }
    font_size(options.fontsize ?? rc['legend.fontsize']);
  }

  /** The texts. */
  get_texts(...none: []): string[];
  get_texts(...args: unknown[]): string[] {
    GET_TEXTS.read(args);
    return [...this.texts];
  }

  private sizes(r: Renderer): {
    style: TextStyle;
    title_style: TextStyle;
    font: number;
    row: number;
    columns: { entries: number[]; width: number }[];
    title: Shape;
    width: number;
    height: number;
  } {
    const { options } = this;
    const points = font_size(options.fontsize ?? rc['legend.fontsize']);
    const font = r.px(points);
    const color = color_of('legend', 'labelcolor', options.labelcolor ?? rc['text.color']);
    const style: TextStyle = { size: points, color };
    const title_style: TextStyle = {
      size: font_size(options.title_fontsize ?? rc['legend.fontsize'] ?? 'medium'),
      color,
    };
    const count = this.texts.length;
    const ncols = Math.max(1, Math.min(options.ncols ?? 1, count));
    const columns: { entries: number[]; width: number }[] = [];
    const handle = (options.handlelength ?? 2) * font + (options.handletextpad ?? 0.8) * font;
    let next = 0;
    for (let c = 0; c < ncols; c++) {
      const size = Math.floor(count / ncols) + (c < count % ncols ? 1 : 0);
      const entries = Array.from({ length: size }, () => next++);
      const widest = Math.max(0, ...entries.map((i) => this.text_size(r, i, style).width));
      columns.push({ entries, width: handle + widest });
    }
    const spacing = (options.labelspacing ?? 0.5) * font;
    const heights = columns.map(
      ({ entries }) =>
        entries.reduce((sum, i) => sum + this.text_size(r, i, style).height, 0) +
        spacing * Math.max(0, entries.length - 1),
    );
    const body = {
      width:
        columns.reduce((sum, { width }) => sum + width, 0) +
        (options.columnspacing ?? 2) * font * Math.max(0, ncols - 1),
      height: Math.max(0, ...heights),
    };
    const { title: text = null } = options;
    const title_box = text === null || text === '' ? undefined : r.layout(text, title_style).box;
    const title =
      title_box === undefined
        ? { width: 0, height: 0 }
        : { width: title_box.right - title_box.left, height: title_box.bottom - title_box.top + spacing };
    const pad = (options.borderpad ?? 0.4) * font;
    return {
      ...{ style, title_style, font, columns, title, row: spacing },
      width: Math.max(body.width, title.width) + 2 * pad,
      height: body.height + title.height + 2 * pad,
    };
  }

  private text_size(r: Renderer, i: number, style: TextStyle): Shape {
    const { box } = r.layout(this.texts[i]!, style);
    return { width: box.right - box.left, height: Math.max(box.bottom - box.top, r.px(style.size) * 0.7) };
  }

  private place(r: Renderer, view: View, shape: Shape, font: number): { left: number; top: number } {
    const { bbox_to_anchor: anchor = null } = this.options;
    const { box: axes } = view;
    const [across, down] = [axes.right - axes.left, axes.bottom - axes.top];
    let box = axes;
    if (anchor !== null) {
      const [x = 0, y = 0, width = 0, height = 0] = anchor;
      box = {
        left: axes.left + x * across,
        right: axes.left + (x + width) * across,
        bottom: axes.bottom - y * down,
        top: axes.bottom - (y + height) * down,
      };
    }
    const pad = (this.options.borderaxespad ?? 0.5) * font;
    const { code } = this;
    if (typeof code !== 'number') {
      return { left: axes.left + code[0] * across, top: axes.bottom - code[1] * down - shape.height };
    }
    if (code !== 0) return anchored(code, shape, box, pad);
    const around = obstacles(r, view, this.artists());
    let best = { bad: Number.POSITIVE_INFINITY, at: anchored(1, shape, box, pad) };
    for (let each = 1; each < locations.length; each++) {
      const at = anchored(each, shape, box, pad);
      const bad = badness(around, { ...at, right: at.left + shape.width, bottom: at.top + shape.height });
      if (bad < best.bad) best = { bad, at };
      if (bad === 0) break;
    }
    return best.at;
  }

  private box(r: Renderer, view: View): Box {
    const { width, height, font } = this.sizes(r);
    const { left, top } = this.place(r, view, { width, height }, font);
    return { left, top, right: left + width, bottom: top + height };
  }

  /** @internal */
  override _extent(r: Renderer, view: View): Box | undefined {
    return this._visible ? this.box(r, view) : undefined;
  }

  private draw_handle(r: Renderer, handle: Handle, left: number, baseline: number, font: number): void {
    const width = (this.options.handlelength ?? 2) * font;
    const height = 0.7 * font;
    const scale = this.options.markerscale ?? 1;
    const middle = left + width / 2;
    if (handle.line !== undefined) {
      const { stroke: look, marker } = handle.line;
      const y = baseline - height / 2;
      const stroke = stroke_of(r, look, 'square');
      if (stroke !== undefined) r.line(left, y, left + width, y, stroke);
      if (marker !== null) draw_markers(r, { ...marker, size: marker.size * scale }, [middle], [y]);
    } else if (handle.patch !== undefined) {
      const { face, edge, width: edge_width } = handle.patch;
      const stroke = edge === null ? null : { color: edge, width: r.px(edge_width), join: 'miter' as const };
      const snap = (value: number): number => r.snapped(value, stroke?.width ?? 0);
      const box = { left: snap(left), right: snap(left + width), top: snap(baseline - height), bottom: snap(baseline) };
      const steps = rounded(box, 0);
      r.path(steps, face, null);
      if (handle.patch.hatch !== null) hatch_path(r, steps, handle.patch.hatch);
      r.path(steps, null, stroke);
    } else if (handle.points !== undefined) {
      const { points } = handle;
      draw_markers(r, { ...points, size: points.size * scale }, [middle], [baseline - 0.375 * height]);
    }
  }

  private draw_frame(r: Renderer, box: Box, font: number): void {
    const { options } = this;
    const alpha = options.framealpha ?? (options.shadow === true ? 1 : (rc['legend.framealpha'] as number));
    const inherited = (value: unknown): unknown => (value === 'inherit' ? rc['axes.facecolor'] : value);
    const face = color_of('legend', 'facecolor', inherited(options.facecolor ?? rc['legend.facecolor']), alpha);
    const edge = color_of('legend', 'edgecolor', options.edgecolor ?? rc['legend.edgecolor'], alpha);
    const fancy = options.fancybox ?? (rc['legend.fancybox'] as boolean);
    const radius = fancy ? 0.2 * font : 0;
    if (options.shadow === true) {
      const [dx, dy] = [r.px(2), r.px(2)];
      r.path(
        rounded({ left: box.left + dx, right: box.right + dx, top: box.top + dy, bottom: box.bottom + dy }, radius),
        [0, 0, 0, 0.5],
        null,
      );
    }
    const snapped = fancy
      ? box
      : {
          left: r.snapped(box.left, 1),
          right: r.snapped(box.right, 1),
          top: r.snapped(box.top, 1),
          bottom: r.snapped(box.bottom, 1),
        };
    r.path(rounded(snapped, radius), face, {
      color: edge,
      width: r.px(rc['patch.linewidth'] as number),
      join: 'miter',
    });
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    if (this.texts.length === 0 && (this.options.title ?? '') === '') return;
    const { options } = this;
    const { style, title_style, font, row, columns, title } = this.sizes(r);
    const box = this.box(r, view);
    if (options.frameon ?? (rc['legend.frameon'] as boolean)) this.draw_frame(r, box, font);
    const pad = (options.borderpad ?? 0.4) * font;
    if (title.height > 0) {
      r.text(options.title!, (box.left + box.right) / 2, box.top + pad, { ...title_style, ha: 'center', va: 'top' });
    }
    const total =
      columns.reduce((sum, { width }) => sum + width, 0) +
      (options.columnspacing ?? 2) * font * Math.max(0, columns.length - 1);
    let x = title.height > 0 ? (box.left + box.right - total) / 2 : box.left + pad;
    for (const { entries, width } of columns) {
      let y = box.top + pad + title.height;
      for (const i of entries) {
        const { height } = this.text_size(r, i, style);
        const layout = r.layout(this.texts[i]!, { ...style, va: 'top' });
        const baseline = y + layout.lines[0]!.y;
        const handle = this.legend_handles[i]?._handle();
        if (handle !== undefined) this.draw_handle(r, handle, x, baseline, font);
        const at = x + ((options.handlelength ?? 2) + (options.handletextpad ?? 0.8)) * font;
        r.text(this.texts[i]!, at, y, { ...style, va: 'top' });
        y += height + row;
      }
      x += width + (options.columnspacing ?? 2) * font;
    }
  }
}
