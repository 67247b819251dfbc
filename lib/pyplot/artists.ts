/** What is drawn in axes: lines, markers, patches, collections, images and texts. */
import { define_kind, method_signature } from '../_internal/signature.js';
import { Tuple } from '../python/values.js';
import { cmap_of, type Colormap, type ColormapLike, type Normalize } from './cm.js';
import { color_of, type ColorLike, type Rgba } from './colors.js';
import { check_hatch, hatch_path, type HatchLook } from './hatch.js';
import { marker_shape } from './markers.js';
import type { Box, HorizontalAlignment, PathStep, Renderer, Stroke, TextStyle, VerticalAlignment } from './renderer.js';
import { font_size, rc } from './style.js';
import { extent, flat_floats, floats, type Values } from './values.js';

/** Where numbers are in pixels. */
export interface View {
  readonly box: Box;
  readonly figure: Box;
  x(value: number): number;
  y(value: number): number;
  /** The place of both numbers, where it is not that of each by itself, as in polar axes. */
  readonly point?: (x: number, y: number) => readonly [number, number];
  /** The limits of both axes, where there is a projection. */
  readonly limits?: Readonly<Record<'x' | 'y', readonly [number, number]>>;
}

/** The place of a point of data. */
export const pixel = (view: View, x: number, y: number): readonly [number, number] =>
  view.point === undefined ? [view.x(x), view.y(y)] : view.point(x, y);

/** What an artist is in: axes, or a figure. */
export interface Parent {
  readonly artists: Artist[];
  /** Called after a change of what is drawn. */
  _changed(): void;
}

/** Limits of data. */
export interface DataLimits {
  readonly x: readonly [number, number] | undefined;
  readonly y: readonly [number, number] | undefined;
  /** Positions that margins do not cross. */
  readonly sticky_x?: readonly number[];
  readonly sticky_y?: readonly number[];
  /** The smallest positive values. */
  readonly minpos_x?: number;
  readonly minpos_y?: number;
}

/** What a legend shows of an artist. */
export interface Handle {
  readonly line?: { readonly stroke: LineLook; readonly marker: MarkerLook | null };
  readonly patch?: {
    readonly face: Rgba | null;
    readonly edge: Rgba | null;
    readonly width: number;
    readonly hatch: HatchLook | null;
  };
  readonly points?: MarkerLook;
}

/** How a line looks, in points. */
export interface LineLook {
  readonly color: Rgba;
  readonly width: number;
  readonly style: LineStyle;
}

/** How a marker looks, in points. */
export interface MarkerLook {
  readonly marker: string;
  readonly size: number;
  readonly face: Rgba | null;
  readonly edge: Rgba | null;
  readonly edge_width: number;
}

/** A style of lines: a name, or an offset with lengths of dashes and gaps. */
export type LineStyle = string | readonly [offset: number, lengths: readonly number[] | null];

define_kind('linestyle', 'str or (offset, lengths)', (value) => typeof value === 'string' || Array.isArray(value));

const patterns: Readonly<Record<string, readonly number[] | null>> = {
  '-': null,
  solid: null,
  '--': [3.7, 1.6],
  dashed: [3.7, 1.6],
  '-.': [6.4, 1.6, 1, 1.6],
  dashdot: [6.4, 1.6, 1, 1.6],
  ':': [1, 1.65],
  dotted: [1, 1.65],
};
const no_line = new Set(['None', 'none', '', ' ']);

/** @throws Error for a style that is not there */
export function check_linestyle(callee: string, style: LineStyle): LineStyle {
  if (typeof style === 'string' && !no_line.has(style) && !Object.hasOwn(patterns, style)) {
    throw new Error(
      `${callee}(): '${style}' is not a valid value for ls; supported values are '-', '--', '-.', ':', 'None', ' ', '', 'solid', 'dashed', 'dashdot', 'dotted'`,
    );
  }
  return style;
}

/** The stroke of a look; undefined for none. */
export function stroke_of(r: Renderer, look: LineLook, cap?: Stroke['cap']): Stroke | undefined {
  if (typeof look.style === 'string' && no_line.has(look.style)) return undefined;
  const lengths = typeof look.style === 'string' ? patterns[look.style] : look.style[1];
  const width = r.px(look.width);
  const dashes = lengths?.map((length) => length * width) ?? null;
  const offset = typeof look.style === 'string' ? 0 : look.style[0] * width;
  return {
    ...{ color: look.color, width, dashes, dash_offset: offset },
    cap: dashes === null ? (cap ?? 'square') : 'butt',
    join: 'round',
  };
}

let last_marker: { marker: string; size: number; path: readonly PathStep[] } | undefined;

/** The outline of a marker in its size; the last one is kept, since points that are drawn one by one are often alike. */
function scaled_marker(marker: string, shape: readonly PathStep[], size: number): readonly PathStep[] {
  if (last_marker?.marker === marker && last_marker.size === size) return last_marker.path;
  const path = shape.map((step): PathStep => {
    if (step[0] === 'Z') return step;
    return [step[0], ...step.slice(1).map((part) => (part as number) * size)] as unknown as PathStep;
  });
  last_marker = { marker, size, path };
  return path;
}

/** Draws a marker at each place. */
export function draw_markers(r: Renderer, look: MarkerLook, x: ArrayLike<number>, y: ArrayLike<number>): void {
  const shape = marker_shape('draw', look.marker);
  if (shape === null) return;
  const size = r.px(look.size);
  const edge =
    look.edge === null || look.edge_width === 0
      ? null
      : { color: look.edge, width: r.px(look.edge_width), join: shape.join };
  const path = scaled_marker(look.marker, shape.path, size);
  const opaque =
    (look.face === null || !shape.filled || look.face[3] === 1) && (look.edge === null || look.edge[3] === 1);
  const { context } = r;
  // Markers that do not cover each other could be one path; those with an edge are drawn one by one, in order.
  const together = opaque && (edge === null || !shape.filled);
  if (together) context.beginPath();
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    if (!together) context.beginPath();
    r.trace(path, px, py);
    if (!together) r.paint(shape.filled ? look.face : null, edge);
  }
  if (together) r.paint(shape.filled ? look.face : null, edge);
}

const SET_VISIBLE = method_signature<{ b: boolean }>('set_visible', 'b: bool');
const SET_LABEL = method_signature<{ s: string | null }>('set_label', 's: str|None');
const SET_ALPHA = method_signature<{ alpha: number | null }>('set_alpha', 'alpha: float|None');
const SET_ZORDER = method_signature<{ level: number }>('set_zorder', 'level: float');
const REMOVE = method_signature<object>('remove');
const GET_LABEL = method_signature<object>('get_label');
const GET_VISIBLE = method_signature<object>('get_visible');
const GET_ALPHA = method_signature<object>('get_alpha');

/** Something that is drawn. Mirrors `matplotlib.artist.Artist`. */
export abstract class Artist {
  /** @internal */
  _zorder = 1;
  /** @internal */
  _visible = true;
  /** @internal */
  _label = '';
  /** @internal */
  _alpha: number | null = null;
  /** @internal */
  _clipped = true;
  /** @internal */
  _parent: Parent | null = null;

  /** @internal */
  abstract _draw(r: Renderer, view: View): void;

  /** @internal */
  _limits(): DataLimits | undefined {
    return undefined;
  }

  /** @internal */
  _handle(): Handle | undefined {
    return undefined;
  }

  /** What the artist covers outside the axes, in pixels. @internal */
  _extent(_r: Renderer, _view: View): Box | undefined {
    return undefined;
  }

  /** @internal */
  _changed(): void {
    this._parent?._changed();
  }

  /** Takes the artist out of its axes. */
  remove(...none: []): void;
  remove(...args: unknown[]): void {
    REMOVE.read(args);
    const list = this._parent?.artists;
    const at = list?.indexOf(this) ?? -1;
    if (at < 0) throw new Error('remove(): the artist is not in a figure');
    list!.splice(at, 1);
    this._changed();
    this._parent = null;
  }

  /** Shows or hides the artist. */
  set_visible(b: boolean | { b: boolean }): void;
  set_visible(...args: unknown[]): void {
    this._visible = SET_VISIBLE.read(args).b;
    this._changed();
  }

  /** Whether the artist is shown. */
  get_visible(...none: []): boolean;
  get_visible(...args: unknown[]): boolean {
    GET_VISIBLE.read(args);
    return this._visible;
  }

  /** Sets the text that legends show. */
  set_label(s: string | null | { s: string | null }): void;
  set_label(...args: unknown[]): void {
    this._label = SET_LABEL.read(args).s ?? '';
    this._changed();
  }

  /** The text that legends show. */
  get_label(...none: []): string;
  get_label(...args: unknown[]): string {
    GET_LABEL.read(args);
    return this._label;
  }

  /** Sets the opacity, from 0 to 1; null for that of the colours. */
  set_alpha(alpha: number | null | { alpha: number | null }): void;
  set_alpha(...args: unknown[]): void {
    this._alpha = SET_ALPHA.read(args).alpha;
    this._changed();
  }

  /** The opacity. */
  get_alpha(...none: []): number | null;
  get_alpha(...args: unknown[]): number | null {
    GET_ALPHA.read(args);
    return this._alpha;
  }

  /** Sets the place in the order of drawing: those with higher numbers cover others. */
  set_zorder(level: number | { level: number }): void;
  set_zorder(...args: unknown[]): void {
    this._zorder = SET_ZORDER.read(args).level;
    this._changed();
  }
}

/** The limits of points. */
export function limits_of(x: ArrayLike<number> | undefined, y: ArrayLike<number> | undefined): DataLimits {
  const minpos = (data: ArrayLike<number>): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < data.length; i++) if (data[i]! > 0 && data[i]! < least) least = data[i]!;
    return least;
  };
  return {
    x: x && extent(x),
    y: y && extent(y),
    minpos_x: x === undefined ? Number.POSITIVE_INFINITY : minpos(x),
    minpos_y: y === undefined ? Number.POSITIVE_INFINITY : minpos(y),
  };
}

/** Whether coordinates are data, or parts of the axes. */
export type Space = 'data' | 'axes';

const mapped_x = (view: View, space: Space): ((value: number) => number) =>
  space === 'data' ? (value) => view.x(value) : (value) => view.box.left + value * (view.box.right - view.box.left);
const mapped_y = (view: View, space: Space): ((value: number) => number) =>
  space === 'data' ? (value) => view.y(value) : (value) => view.box.bottom - value * (view.box.bottom - view.box.top);

/** The keyword arguments of lines. */
export interface LineOptions {
  /** Colour; default: the next of the cycle. */
  color?: ColorLike | null;
  c?: ColorLike | null;
  /** Width in points. Default 1.5. */
  linewidth?: number | null;
  lw?: number | null;
  /** `'-'`, `'--'`, `'-.'`, `':'`, `'None'`, or an offset with lengths of dashes and gaps. */
  linestyle?: LineStyle | null;
  ls?: LineStyle | null;
  /** `'o'`, `'.'`, `'s'`, `'x'`, `'^'` and so on. */
  marker?: string | null;
  /** Size of markers in points. Default 6. */
  markersize?: number | null;
  ms?: number | null;
  markerfacecolor?: ColorLike | null;
  mfc?: ColorLike | null;
  markeredgecolor?: ColorLike | null;
  mec?: ColorLike | null;
  markeredgewidth?: number | null;
  mew?: number | null;
  /** Every how many points have a marker. */
  markevery?: number | null;
  /** Opacity from 0 to 1. */
  alpha?: number | null;
  /** What legends show. */
  label?: string | number | null;
  /** Place in the order of drawing. */
  zorder?: number | null;
  /** How points are connected: `'default'`, `'steps'`, `'steps-pre'`, `'steps-mid'`, `'steps-post'`. */
  drawstyle?: string | null;
  visible?: boolean;
  clip_on?: boolean;
  /** Taken for animations; figures are drawn whole. */
  animated?: boolean;
}

/** The same for signatures. */
export const LINE_OPTIONS =
  'color/c?: color|None, linewidth/lw?: float|None, linestyle/ls?: linestyle|None, marker?: str|None, ' +
  'markersize/ms?: float|None, markerfacecolor/mfc?: color|None, markeredgecolor/mec?: color|None, ' +
  'markeredgewidth/mew?: float|None, markevery?: int|None, alpha?: float|None, label?: str|float|None, ' +
  'zorder?: float|None, drawstyle?: str|None, visible?: bool, clip_on?: bool, animated?: bool';

const SET_DATA = method_signature<{ args: unknown[] }>('set_data', '*args: values');
const SET_XDATA = method_signature<{ x: Values }>('set_xdata', 'x: values');
const SET_YDATA = method_signature<{ y: Values }>('set_ydata', 'y: values');
const SET_LINE_COLOR = method_signature<{ color: ColorLike }>('set_color', 'color: color');
const SET_LINEWIDTH = method_signature<{ w: number }>('set_linewidth', 'w: float');
const SET_LINESTYLE = method_signature<{ ls: LineStyle }>('set_linestyle', 'ls: linestyle');
const SET_MARKER = method_signature<{ marker: string }>('set_marker', 'marker: str');
const SET_MARKERSIZE = method_signature<{ sz: number }>('set_markersize', 'sz: float');
const GET_DATA = method_signature<object>('get_data');
const GET_XDATA = method_signature<object>('get_xdata');
const GET_YDATA = method_signature<object>('get_ydata');
const GET_COLOR = method_signature<object>('get_color');
const GET_LINEWIDTH = method_signature<object>('get_linewidth');
const GET_LINESTYLE = method_signature<object>('get_linestyle');
const GET_MARKER = method_signature<object>('get_marker');

/** A line with markers. Mirrors `matplotlib.lines.Line2D`. */
export class Line2D extends Artist {
  private xs: Float64Array;
  private ys: Float64Array;
  private shown_color: ColorLike;
  private width: number;
  private style: LineStyle;
  private marker: string;
  private marker_size: number;
  private readonly options: LineOptions;
  private readonly drawstyle: string;
  /** @internal */
  _sticky_x: readonly number[] = [];
  /** @internal */
  _sticky_y: readonly number[] = [];
  /** @internal */
  _cap: 'square' | 'butt' = 'square';

  /** @internal */
  constructor(
    callee: string,
    x: Float64Array,
    y: Float64Array,
    color: ColorLike,
    options: LineOptions,
    private readonly x_space: Space = 'data',
    private readonly y_space: Space = 'data',
  ) {
    super();
    this.xs = x;
    this.ys = y;
    this.options = options;
    this.shown_color = options.color ?? color;
    this.width = options.linewidth ?? (rc['lines.linewidth'] as number);
    this.style = check_linestyle(callee, options.linestyle ?? (rc['lines.linestyle'] as string));
    this.marker = options.marker ?? (rc['lines.marker'] as string);
    this.marker_size = options.markersize ?? (rc['lines.markersize'] as number);
    this.drawstyle = options.drawstyle ?? 'default';
    if (!['default', 'steps', 'steps-pre', 'steps-mid', 'steps-post'].includes(this.drawstyle)) {
      throw new Error(`${callee}(): '${this.drawstyle}' is not a valid value for drawstyle`);
    }
    marker_shape(callee, this.marker);
    for (const name of ['color', 'markerfacecolor', 'markeredgecolor'] as const) {
      if (options[name] !== undefined && options[name] !== null) color_of(callee, name, options[name]);
    }
    this._zorder = options.zorder ?? 2;
    this._alpha = options.alpha ?? null;
    this._label = options.label === undefined || options.label === null ? '' : String(options.label);
    this._visible = options.visible ?? true;
    this._clipped = options.clip_on ?? true;
  }

  private color(): Rgba {
    return color_of('draw', 'color', this.shown_color, this._alpha);
  }

  private line_look(): LineLook {
    return { color: this.color(), width: this.width, style: this.style };
  }

  private marker_look(): MarkerLook | null {
    if (marker_shape('draw', this.marker) === null) return null;
    const { markerfacecolor: face = null, markeredgecolor: edge = null, markeredgewidth = null } = this.options;
    const part = (color: ColorLike | null): Rgba =>
      color === null || color === 'auto' ? this.color() : color_of('draw', 'color', color, this._alpha);
    const width = markeredgewidth ?? (rc['lines.markeredgewidth'] as number);
    return { marker: this.marker, size: this.marker_size, face: part(face), edge: part(edge), edge_width: width };
  }

  /** @internal */
  override _limits(): DataLimits {
    const limits = limits_of(
      this.x_space === 'data' ? this.xs : undefined,
      this.y_space === 'data' ? this.ys : undefined,
    );
    return { ...limits, sticky_x: this._sticky_x, sticky_y: this._sticky_y };
  }

  /** @internal */
  override _handle(): Handle {
    return { line: { stroke: this.line_look(), marker: this.marker_look() } };
  }

  /** A point by a projection: parts of the axes are parts of the limits. */
  private projected(view: View, i: number): readonly [number, number] {
    const part = (value: number, space: Space, which: 'x' | 'y'): number => {
      if (space === 'data') return value;
      const [low, high] = view.limits![which];
      return low + value * (high - low);
    };
    return pixel(view, part(this.xs[i]!, this.x_space, 'x'), part(this.ys[i]!, this.y_space, 'y'));
  }

  /** The points in pixels. @internal */
  _points(view: View): { x: Float64Array; y: Float64Array } {
    const count = Math.min(this.xs.length, this.ys.length);
    const [map_x, map_y] = [mapped_x(view, this.x_space), mapped_y(view, this.y_space)];
    const x = new Float64Array(count);
    const y = new Float64Array(count);
    const projected = view.point !== undefined;
    for (let i = 0; i < count; i++) {
      if (projected) [x[i], y[i]] = this.projected(view, i);
      else [x[i], y[i]] = [map_x(this.xs[i]!), map_y(this.ys[i]!)];
    }
    return { x, y };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const { x, y } = this._points(view);
    const stroke = stroke_of(r, this.line_look(), this._cap);
    if (stroke !== undefined && x.length > 0) {
      const stepped = this.drawstyle === 'default' ? { x, y } : steps(x, y, this.drawstyle);
      const straight = stepped.x.length === 2;
      if (straight) r.line(stepped.x[0]!, stepped.y[0]!, stepped.x[1]!, stepped.y[1]!, stroke);
      else r.polyline(stepped.x, stepped.y, stroke);
    }
    const look = this.marker_look();
    if (look === null) return;
    const every = this.options.markevery ?? 1;
    draw_markers(
      r,
      look,
      every > 1 ? x.filter((_, i) => i % every === 0) : x,
      every > 1 ? y.filter((_, i) => i % every === 0) : y,
    );
  }

  /** Sets the points: x and y, or a pair of them. */
  set_data(...args: [x: Values, y: Values] | [pair: readonly [Values, Values]]): void;
  set_data(...args: unknown[]): void {
    const { args: given } = SET_DATA.read(args);
    const [x, y] = (given.length === 1 ? (given[0] as unknown[]) : given) as [unknown, unknown];
    if (x === undefined || y === undefined)
      throw new TypeError("set_data() missing 1 required positional argument: 'y'");
    [this.xs, this.ys] = [flat_floats('set_data', x), flat_floats('set_data', y)];
    this._changed();
  }

  /** Sets the x of the points. */
  set_xdata(x: Values | { x: Values }): void;
  set_xdata(...args: unknown[]): void {
    this.xs = flat_floats('set_xdata', SET_XDATA.read(args).x);
    this._changed();
  }

  /** Sets the y of the points. */
  set_ydata(y: Values | { y: Values }): void;
  set_ydata(...args: unknown[]): void {
    this.ys = flat_floats('set_ydata', SET_YDATA.read(args).y);
    this._changed();
  }

  /** The points. */
  get_data(...none: []): Tuple<number[]>;
  get_data(...args: unknown[]): Tuple<number[]> {
    GET_DATA.read(args);
    return Tuple.from([[...this.xs], [...this.ys]]) as Tuple<number[]>;
  }

  /** The x of the points. */
  get_xdata(...none: []): number[];
  get_xdata(...args: unknown[]): number[] {
    GET_XDATA.read(args);
    return [...this.xs];
  }

  /** The y of the points. */
  get_ydata(...none: []): number[];
  get_ydata(...args: unknown[]): number[] {
    GET_YDATA.read(args);
    return [...this.ys];
  }

  /** Sets the colour. */
  set_color(color: ColorLike | { color: ColorLike }): void;
  set_color(...args: unknown[]): void {
    const { color } = SET_LINE_COLOR.read(args);
    color_of('set_color', 'color', color);
    this.shown_color = color;
    this._changed();
  }

  /** The colour, as it was given. */
  get_color(...none: []): ColorLike;
  get_color(...args: unknown[]): ColorLike {
    GET_COLOR.read(args);
    return this.shown_color;
  }

  /** Sets the width in points. */
  set_linewidth(w: number | { w: number }): void;
  set_linewidth(...args: unknown[]): void {
    this.width = SET_LINEWIDTH.read(args).w;
    this._changed();
  }

  /** The width in points. */
  get_linewidth(...none: []): number;
  get_linewidth(...args: unknown[]): number {
    GET_LINEWIDTH.read(args);
    return this.width;
  }

  /** Sets the style of the line. */
  set_linestyle(ls: LineStyle | { ls: LineStyle }): void;
  set_linestyle(...args: unknown[]): void {
    this.style = check_linestyle('set_linestyle', SET_LINESTYLE.read(args).ls);
    this._changed();
  }

  /** The style of the line. */
  get_linestyle(...none: []): LineStyle;
  get_linestyle(...args: unknown[]): LineStyle {
    GET_LINESTYLE.read(args);
    return this.style;
  }

  /** Sets the marker. */
  set_marker(marker: string | { marker: string }): void;
  set_marker(...args: unknown[]): void {
    const { marker } = SET_MARKER.read(args);
    marker_shape('set_marker', marker);
    this.marker = marker;
    this._changed();
  }

  /** The marker. */
  get_marker(...none: []): string;
  get_marker(...args: unknown[]): string {
    GET_MARKER.read(args);
    return this.marker;
  }

  /** Sets the size of markers in points. */
  set_markersize(sz: number | { sz: number }): void;
  set_markersize(...args: unknown[]): void {
    this.marker_size = SET_MARKERSIZE.read(args).sz;
    this._changed();
  }
}

/** Points with the corners of steps between them. */
function steps(x: Float64Array, y: Float64Array, style: string): { x: Float64Array; y: Float64Array } {
  const [xs, ys]: [number[], number[]] = [[x[0]!], [y[0]!]];
  for (let i = 1; i < x.length; i++) {
    if (style === 'steps-mid') {
      const middle = (x[i - 1]! + x[i]!) / 2;
      xs.push(middle, middle);
      ys.push(y[i - 1]!, y[i]!);
      if (i < x.length - 1) continue;
    } else if (style === 'steps-post') {
      xs.push(x[i]!);
      ys.push(y[i - 1]!);
    } else {
      xs.push(x[i - 1]!);
      ys.push(y[i]!);
    }
    xs.push(x[i]!);
    ys.push(y[i]!);
  }
  return { x: Float64Array.from(xs), y: Float64Array.from(ys) };
}

/** The keyword arguments of patches. */
export interface PatchOptions {
  /** Colour of inside and edge. */
  color?: ColorLike | null;
  /** Colour of the inside; default: the next of the cycle. */
  facecolor?: ColorLike | null;
  fc?: ColorLike | null;
  /** Colour of the edge. */
  edgecolor?: ColorLike | null;
  ec?: ColorLike | null;
  /** Width of the edge in points. Default 1. */
  linewidth?: number | null;
  lw?: number | null;
  linestyle?: LineStyle | null;
  ls?: LineStyle | null;
  /** Opacity from 0 to 1. */
  alpha?: number | null;
  label?: string | number | null;
  zorder?: number | null;
  /** Whether the inside is filled. Default true. */
  fill?: boolean;
  /** A pattern of `/`, `\\`, `|`, `-`, `+`, `x`, `o`, `O`, `.` and `*`; more of a character are denser. */
  hatch?: string | null;
  visible?: boolean;
  clip_on?: boolean;
}

/** The same for signatures, without `color`, which some functions take as a list. */
export const PATCH_OPTIONS_WITHOUT_COLOR =
  'facecolor/fc?: color|None, edgecolor/ec?: color|None, linewidth/lw?: float|None, linestyle/ls?: linestyle|None, ' +
  'alpha?: float|None, zorder?: float|None, fill?: bool, hatch?: str|None, visible?: bool, clip_on?: bool';
/** The same where several shapes may have a pattern each. */
export const PATCHES_OPTIONS_WITHOUT_COLOR = PATCH_OPTIONS_WITHOUT_COLOR.replace('hatch?: str|', 'hatch?: str|str[]|');
export const PATCH_OPTIONS = `color/c?: color|None, ${PATCH_OPTIONS_WITHOUT_COLOR}, label?: str|float|None`;

const SET_HATCH = method_signature<{ hatch: string | null }>('set_hatch', 'hatch: str|None');
const GET_HATCH = method_signature<object>('get_hatch');
const SET_FACECOLOR = method_signature<{ color: ColorLike }>('set_facecolor', 'color: color');
const SET_EDGECOLOR = method_signature<{ color: ColorLike }>('set_edgecolor', 'color: color');
const SET_HEIGHT = method_signature<{ h: number }>('set_height', 'h: float');
const SET_WIDTH = method_signature<{ w: number }>('set_width', 'w: float');
const GET_FACECOLOR = method_signature<object>('get_facecolor');
const GET_EDGECOLOR = method_signature<object>('get_edgecolor');
const GET_HEIGHT = method_signature<object>('get_height');
const GET_WIDTH = method_signature<object>('get_width');
const GET_X = method_signature<object>('get_x');
const GET_Y = method_signature<object>('get_y');
const GET_XY = method_signature<object>('get_xy');

/** A shape with an inside and an edge. Mirrors `matplotlib.patches.Patch`. */
export abstract class Patch extends Artist {
  private face: ColorLike;
  private edge: ColorLike | null;
  private readonly filled: boolean;
  protected readonly width_of_edge: number;
  private readonly style: LineStyle;
  private hatch: string | null;

  /** @internal */
  constructor(callee: string, color: ColorLike, options: PatchOptions) {
    super();
    const { color: both = null, facecolor = null, edgecolor = null } = options;
    this.filled = options.fill ?? true;
    this.face = both ?? facecolor ?? color;
    const default_edge =
      rc['patch.force_edgecolor'] === true || !this.filled ? (rc['patch.edgecolor'] as string) : null;
    this.edge = both ?? edgecolor ?? default_edge;
    for (const [name, value] of Object.entries({ color: both, facecolor: this.face, edgecolor: this.edge })) {
      if (value !== null) color_of(callee, name, value);
    }
    this.width_of_edge = options.linewidth ?? (rc['patch.linewidth'] as number);
    this.style = check_linestyle(callee, options.linestyle ?? '-');
    this.hatch = options.hatch === undefined || options.hatch === null ? null : check_hatch(callee, options.hatch);
    this._alpha = options.alpha ?? null;
    this._zorder = options.zorder ?? 1;
    this._label = options.label === undefined || options.label === null ? '' : String(options.label);
    this._visible = options.visible ?? true;
    this._clipped = options.clip_on ?? true;
  }

  /** @internal */
  _face(): Rgba | null {
    return this.filled ? color_of('draw', 'facecolor', this.face, this._alpha) : null;
  }

  /** @internal */
  _edge(): Rgba | null {
    return this.edge === null ? null : color_of('draw', 'edgecolor', this.edge, this._alpha);
  }

  protected stroke(r: Renderer): Stroke | null {
    const edge = this._edge();
    const stroke = edge && stroke_of(r, { color: edge, width: this.width_of_edge, style: this.style }, 'butt');
    return stroke ? { ...stroke, join: 'miter' } : null;
  }

  /** @internal */
  override _handle(): Handle {
    return { patch: { face: this._face(), edge: this._edge(), width: this.width_of_edge, hatch: this._hatch_look() } };
  }

  /** @internal */
  _hatch_look(): HatchLook | null {
    if (this.hatch === null || this.hatch === '') return null;
    const edge = this._edge();
    const by_rule = rc['hatch.color'] as string;
    const own = by_rule === 'edge' ? (edge?.[3] ? edge : null) : color_of('draw', 'hatch.color', by_rule, this._alpha);
    const color = own ?? color_of('draw', 'edgecolor', rc['patch.edgecolor']);
    return { pattern: this.hatch, color, width: rc['hatch.linewidth'] as number };
  }

  /** Draws an outline: its inside, the pattern in it, and its edge. */
  protected draw_path(r: Renderer, steps: readonly PathStep[]): void {
    const hatch = this._hatch_look();
    if (hatch === null) return r.path(steps, this._face(), this.stroke(r));
    r.path(steps, this._face(), null);
    hatch_path(r, steps, hatch);
    r.path(steps, null, this.stroke(r));
  }

  /** Sets the pattern of the inside; null for none. */
  set_hatch(hatch: string | null | { hatch: string | null }): void;
  set_hatch(...args: unknown[]): void {
    const { hatch } = SET_HATCH.read(args);
    this.hatch = hatch === null ? null : check_hatch('set_hatch', hatch);
    this._changed();
  }

  /** The pattern of the inside; null for none. */
  get_hatch(...none: []): string | null;
  get_hatch(...args: unknown[]): string | null {
    GET_HATCH.read(args);
    return this.hatch;
  }

  /** Sets the colour of the inside. */
  set_facecolor(color: ColorLike | { color: ColorLike }): void;
  set_facecolor(...args: unknown[]): void {
    const { color } = SET_FACECOLOR.read(args);
    color_of('set_facecolor', 'color', color);
    this.face = color;
    this._changed();
  }

  /** Sets the colour of the edge. */
  set_edgecolor(color: ColorLike | { color: ColorLike }): void;
  set_edgecolor(...args: unknown[]): void {
    const { color } = SET_EDGECOLOR.read(args);
    color_of('set_edgecolor', 'color', color);
    this.edge = color;
    this._changed();
  }

  /** The colour of the inside, as four numbers. */
  get_facecolor(...none: []): Tuple<number>;
  get_facecolor(...args: unknown[]): Tuple<number> {
    GET_FACECOLOR.read(args);
    return Tuple.from(this._face() ?? [0, 0, 0, 0]) as Tuple<number>;
  }

  /** The colour of the edge, as four numbers. */
  get_edgecolor(...none: []): Tuple<number>;
  get_edgecolor(...args: unknown[]): Tuple<number> {
    GET_EDGECOLOR.read(args);
    return Tuple.from(this._edge() ?? [0, 0, 0, 0]) as Tuple<number>;
  }
}

/** A rectangle, such as a bar. Mirrors `matplotlib.patches.Rectangle`. */
export class Rectangle extends Patch {
  /** @internal */
  _sticky_x: readonly number[] = [];
  /** @internal */
  _sticky_y: readonly number[] = [];

  /** @internal */
  constructor(
    callee: string,
    private x: number,
    private y: number,
    private width: number,
    private height: number,
    color: ColorLike,
    options: PatchOptions,
    private readonly x_space: Space = 'data',
    private readonly y_space: Space = 'data',
  ) {
    super(callee, color, options);
  }

  /** In pixels. @internal */
  _box(view: View): Box {
    const [map_x, map_y] = [mapped_x(view, this.x_space), mapped_y(view, this.y_space)];
    const [x0, x1] = [map_x(this.x), map_x(this.x + this.width)];
    const [y0, y1] = [map_y(this.y), map_y(this.y + this.height)];
    return { left: Math.min(x0, x1), right: Math.max(x0, x1), top: Math.min(y0, y1), bottom: Math.max(y0, y1) };
  }

  /** @internal */
  override _limits(): DataLimits {
    const limits = limits_of(
      this.x_space === 'data' ? [this.x, this.x + this.width] : undefined,
      this.y_space === 'data' ? [this.y, this.y + this.height] : undefined,
    );
    return { ...limits, sticky_x: this._sticky_x, sticky_y: this._sticky_y };
  }

  /** The outline by a projection, in which the sides across the radius are bent. */
  private projected(view: View): PathStep[] {
    const part = (value: number, space: Space, which: 'x' | 'y'): number => {
      if (space === 'data') return value;
      const [low, high] = view.limits![which];
      return low + value * (high - low);
    };
    const [x0, x1] = [part(this.x, this.x_space, 'x'), part(this.x + this.width, this.x_space, 'x')];
    const [y0, y1] = [part(this.y, this.y_space, 'y'), part(this.y + this.height, this.y_space, 'y')];
    const count = 100;
    const side = (y: number, from: number, to: number): (readonly [number, number])[] =>
      Array.from({ length: count + 1 }, (_, i) => pixel(view, from + ((to - from) * i) / count, y));
    const corners = [...side(y0, x0, x1), ...side(y1, x1, x0)].filter(([px]) => Number.isFinite(px));
    return [...corners.map(([px, py], i): PathStep => [i === 0 ? 'M' : 'L', px, py]), ['Z']];
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    if (view.point !== undefined) return this.draw_path(r, this.projected(view));
    const box = this._box(view);
    // What is below a logarithmic axis reaches to its end.
    const clean = (value: number, fallback: number): number => (Number.isFinite(value) ? value : fallback);
    const width = this.stroke(r)?.width ?? 0;
    const snap = (value: number): number => r.snapped(value, width);
    const [left, right] = [snap(clean(box.left, view.box.left)), snap(clean(box.right, view.box.left))];
    const [top, bottom] = [snap(clean(box.top, view.box.bottom)), snap(clean(box.bottom, view.box.bottom + 10))];
    this.draw_path(r, [['M', left, bottom], ['L', right, bottom], ['L', right, top], ['L', left, top], ['Z']]);
  }

  /** Sets the height. */
  set_height(h: number | { h: number }): void;
  set_height(...args: unknown[]): void {
    this.height = SET_HEIGHT.read(args).h;
    this._changed();
  }

  /** Sets the width. */
  set_width(w: number | { w: number }): void;
  set_width(...args: unknown[]): void {
    this.width = SET_WIDTH.read(args).w;
    this._changed();
  }

  /** The height. */
  get_height(...none: []): number;
  get_height(...args: unknown[]): number {
    GET_HEIGHT.read(args);
    return this.height;
  }

  /** The width. */
  get_width(...none: []): number;
  get_width(...args: unknown[]): number {
    GET_WIDTH.read(args);
    return this.width;
  }

  /** The x of the left edge. */
  get_x(...none: []): number;
  get_x(...args: unknown[]): number {
    GET_X.read(args);
    return this.x;
  }

  /** The y of the lower edge. */
  get_y(...none: []): number;
  get_y(...args: unknown[]): number {
    GET_Y.read(args);
    return this.y;
  }
}

/** A shape of straight lines. Mirrors `matplotlib.patches.Polygon`. */
export class Polygon extends Patch {
  /** @internal */
  _sticky_y: readonly number[] = [];

  /** @internal */
  constructor(
    callee: string,
    private readonly xs: Float64Array,
    private readonly ys: Float64Array,
    color: ColorLike,
    options: PatchOptions,
    private readonly closed = true,
  ) {
    super(callee, color, options);
  }

  /** @internal */
  override _limits(): DataLimits {
    return { ...limits_of(this.xs, this.ys), sticky_y: this._sticky_y };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const steps: PathStep[] = [];
    for (let i = 0; i < this.xs.length; i++) {
      const [x, y] = pixel(view, this.xs[i]!, this.ys[i]!);
      if (!Number.isFinite(x)) continue;
      steps.push([steps.length === 0 ? 'M' : 'L', x, Number.isFinite(y) ? y : view.box.bottom + 10]);
    }
    if (this.closed) steps.push(['Z']);
    this.draw_path(r, steps);
  }

  /** The corners. */
  get_xy(...none: []): number[][];
  get_xy(...args: unknown[]): number[][] {
    GET_XY.read(args);
    return Array.from(this.xs, (x, i) => [x, this.ys[i]!]);
  }
}

/** Bars that were drawn together: a list of their rectangles. Mirrors `matplotlib.container.BarContainer`. */
export class BarContainer extends Artist implements Iterable<Rectangle> {
  /** Its errorbars. */
  errorbar: ErrorbarContainer | null = null;

  /** @internal */
  constructor(
    /** The rectangles. */
    readonly patches: readonly Rectangle[],
    label: string,
  ) {
    super();
    this._label = label;
  }

  /** The number of bars. */
  get length(): number {
    return this.patches.length;
  }

  [Symbol.iterator](): Iterator<Rectangle> {
    return this.patches[Symbol.iterator]();
  }

  /** @internal */
  _draw(): void {
    // The rectangles are artists of the axes themselves.
  }

  /** @internal */
  override _handle(): Handle | undefined {
    return this.patches[0]?._handle();
  }

  /** Takes the bars out of their axes. */
  override remove(...args: unknown[]): void {
    super.remove(...(args as []));
    for (const patch of this.patches) if (patch._parent !== null) patch.remove();
    if (this.errorbar !== null && this.errorbar._parent !== null) this.errorbar.remove();
  }
}

/** Numbers as colours, which a colour bar can show. Mirrors `matplotlib.cm.ScalarMappable`. */
export abstract class ScalarMappable extends Artist {
  /** The map. */
  cmap: Colormap;
  /** How numbers become 0 to 1. */
  norm: Normalize;

  /** @internal */
  constructor(cmap: Colormap, norm: Normalize) {
    super();
    [this.cmap, this.norm] = [cmap, norm];
  }

  /** The edges of the colours of a colour bar, where they are not continuous. @internal */
  _bounds(): readonly number[] | undefined {
    return undefined;
  }

  /** Sets the numbers that become the first and the last colour. */
  set_clim(vmin?: number | null, vmax?: number | null): void;
  set_clim(options: { vmin?: number | null; vmax?: number | null }): void;
  set_clim(...args: unknown[]): void {
    const { vmin = null, vmax = null } = SET_CLIM.read(args);
    if (vmin !== null) this.norm.vmin = vmin;
    if (vmax !== null) this.norm.vmax = vmax;
    this._changed();
  }

  /** The numbers that become the first and the last colour. */
  get_clim(...none: []): Tuple<number | null>;
  get_clim(...args: unknown[]): Tuple<number | null> {
    GET_CLIM.read(args);
    return Tuple.from([this.norm.vmin, this.norm.vmax]) as Tuple<number | null>;
  }

  /** Sets the colour map. */
  set_cmap(cmap: ColormapLike | { cmap: ColormapLike }): void;
  set_cmap(...args: unknown[]): void {
    this.cmap = cmap_of('set_cmap', SET_CMAP.read(args).cmap);
    this._changed();
  }

  /** The colour map. */
  get_cmap(...none: []): Colormap;
  get_cmap(...args: unknown[]): Colormap {
    GET_CMAP.read(args);
    return this.cmap;
  }
}

const SET_CLIM = method_signature<{ vmin?: number | null; vmax?: number | null }>(
  'set_clim',
  'vmin?: float|None, vmax?: float|None',
);
const GET_CLIM = method_signature<object>('get_clim');
const SET_CMAP = method_signature<{ cmap: ColormapLike }>('set_cmap', 'cmap: cmap');
const GET_CMAP = method_signature<object>('get_cmap');

const SET_OFFSETS = method_signature<{ offsets: Values }>('set_offsets', 'offsets: values');
const SET_ARRAY = method_signature<{ A: Values | null }>('set_array', 'A: values|None');
const SET_SIZES = method_signature<{ sizes: Values }>('set_sizes', 'sizes: values');
const GET_OFFSETS = method_signature<object>('get_offsets');
const GET_ARRAY = method_signature<object>('get_array');
const GET_SIZES = method_signature<object>('get_sizes');
const SET_POINTS_COLOR = method_signature<{ c: ColorLike | readonly ColorLike[] }>('set_color', 'c: color');
const GET_FACECOLORS = method_signature<object>('get_facecolors');

/** What points have besides their places. */
export interface PointsLook {
  readonly marker: string;
  /** Areas in square points. */
  readonly sizes: Float64Array;
  /** Numbers for the colour map, or colours. */
  readonly array: Float64Array | null;
  readonly faces: readonly Rgba[];
  /** `'face'` for that of the inside, `'none'`, or colours. */
  readonly edges: 'face' | 'none' | readonly Rgba[];
  readonly edge_width: number;
}

/** Points of any size and colour. Mirrors `matplotlib.collections.PathCollection`. */
export class PathCollection extends ScalarMappable {
  /** @internal */
  constructor(
    private xs: Float64Array,
    private ys: Float64Array,
    private look: PointsLook,
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    if (look.array !== null) norm._fit(look.array);
  }

  private face(i: number): Rgba | null {
    const { array, faces } = this.look;
    const color = array !== null ? this.cmap._color(this.norm._map(array[i % array.length]!)) : faces[i % faces.length];
    if (color === undefined) return null;
    return this._alpha === null || (array === null && color[3] === 0)
      ? color
      : [color[0], color[1], color[2], this._alpha];
  }

  private edge(i: number): Rgba | null {
    const { edges } = this.look;
    if (edges === 'none') return null;
    if (edges === 'face') return this.face(i);
    const color = edges[i % edges.length]!;
    return this._alpha === null ? color : [color[0], color[1], color[2], this._alpha];
  }

  /** @internal */
  _marker(i: number): MarkerLook {
    const { marker, sizes, edge_width } = this.look;
    const filled = marker_shape('draw', marker)?.filled ?? true;
    const edge = filled ? this.edge(i) : (this.edge(i) ?? this.face(i));
    return { marker, size: Math.sqrt(sizes[i % sizes.length] ?? 36), face: this.face(i), edge, edge_width };
  }

  /** @internal */
  override _limits(): DataLimits {
    // A point counts only when both of its numbers are finite.
    const both = Array.from(this.xs, (x, i) => Number.isFinite(x) && Number.isFinite(this.ys[i]!));
    return limits_of(
      this.xs.filter((_, i) => both[i]),
      this.ys.filter((_, i) => both[i]),
    );
  }

  /** @internal */
  override _handle(): Handle {
    return { points: this._marker(0) };
  }

  /** The places in pixels. @internal */
  _points(view: View): { x: number[]; y: number[] } {
    const points = Array.from(this.xs, (x, i) => pixel(view, x, this.ys[i]!));
    return { x: points.map(([x]) => x), y: points.map(([, y]) => y) };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const { x, y } = this._points(view);
    const { array, faces, sizes, edges } = this.look;
    const alike =
      array === null && faces.length <= 1 && sizes.length <= 1 && (typeof edges === 'string' || edges.length <= 1);
    if (alike) draw_markers(r, this._marker(0), x, y);
    else for (let i = 0; i < x.length; i++) draw_markers(r, this._marker(i), [x[i]!], [y[i]!]);
  }

  /** Sets the places, as rows of x and y. */
  set_offsets(offsets: Values | { offsets: Values }): void;
  set_offsets(...args: unknown[]): void {
    const { data, shape } = floats('set_offsets', SET_OFFSETS.read(args).offsets);
    if (shape[shape.length - 1] !== 2) throw new Error('set_offsets(): offsets must have shape (N, 2)');
    this.xs = Float64Array.from({ length: data.length / 2 }, (_, i) => data[2 * i]!);
    this.ys = Float64Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + 1]!);
    this._changed();
  }

  /** The places, as rows of x and y. */
  get_offsets(...none: []): number[][];
  get_offsets(...args: unknown[]): number[][] {
    GET_OFFSETS.read(args);
    return Array.from(this.xs, (x, i) => [x, this.ys[i]!]);
  }

  /** Sets the numbers for the colour map. */
  set_array(A: Values | null | { A: Values | null }): void;
  set_array(...args: unknown[]): void {
    const { A } = SET_ARRAY.read(args);
    this.look = { ...this.look, array: A === null ? null : flat_floats('set_array', A) };
    if (this.look.array !== null) this.norm._fit(this.look.array);
    this._changed();
  }

  /** The numbers for the colour map. */
  get_array(...none: []): number[] | null;
  get_array(...args: unknown[]): number[] | null {
    GET_ARRAY.read(args);
    return this.look.array === null ? null : [...this.look.array];
  }

  /** Sets the areas in square points. */
  set_sizes(sizes: Values | { sizes: Values }): void;
  set_sizes(...args: unknown[]): void {
    this.look = { ...this.look, sizes: flat_floats('set_sizes', SET_SIZES.read(args).sizes) };
    this._changed();
  }

  /** The areas in square points. */
  get_sizes(...none: []): number[];
  get_sizes(...args: unknown[]): number[] {
    GET_SIZES.read(args);
    return [...this.look.sizes];
  }

  /** Sets the colour of all points, or of each. */
  set_color(c: ColorLike | readonly ColorLike[] | { c: ColorLike | readonly ColorLike[] }): void;
  set_color(...args: unknown[]): void {
    const { c } = SET_POINTS_COLOR.read(args);
    this.look = { ...this.look, array: null, faces: colors_of('set_color', 'c', c), edges: 'face' };
    this._changed();
  }

  /** The colours of the points. */
  get_facecolors(...none: []): Tuple<number>[];
  get_facecolors(...args: unknown[]): Tuple<number>[] {
    GET_FACECOLORS.read(args);
    const count = this.look.array?.length ?? this.look.faces.length;
    return Array.from({ length: count }, (_, i) => Tuple.from(this.face(i) ?? []) as Tuple<number>);
  }
}

/** A colour, or a list of them. @throws Error */
export function colors_of(callee: string, name: string, value: unknown): Rgba[] {
  if (typeof value === 'string') return [color_of(callee, name, value)];
  if (Array.isArray(value) && value.length > 0 && !value.every((each) => typeof each === 'number')) {
    const is_pair = value.length === 2 && typeof value[1] === 'number';
    if (!is_pair) return value.map((each) => color_of(callee, name, each));
  }
  if (!Array.isArray(value)) {
    const { data, shape } = floats(callee, value);
    if (shape.length === 2) {
      const width = shape[1]!;
      return Array.from({ length: shape[0]! }, (_, i) =>
        color_of(callee, name, [...data.subarray(i * width, (i + 1) * width)]),
      );
    }
  }
  return [color_of(callee, name, value)];
}

/** What is between two curves. Mirrors `matplotlib.collections.FillBetweenPolyCollection`. */
export class FillBetweenPolyCollection extends Patch {
  /** @internal */
  _sticky_y: readonly number[] = [];

  /** @internal */
  constructor(
    callee: string,
    private readonly polygons: readonly { readonly x: Float64Array; readonly y: Float64Array }[],
    color: ColorLike,
    options: PatchOptions,
    private readonly limits?: DataLimits,
  ) {
    super(callee, color, options);
  }

  /** The corners of its areas, in data coordinates. @internal */
  _corners(): number[][][] {
    return this.polygons.map(({ x, y }) => Array.from(x, (value, i) => [value, y[i]!]));
  }

  /** @internal */
  override _limits(): DataLimits {
    if (this.limits !== undefined) return { ...this.limits, sticky_y: this._sticky_y };
    const join = (key: 'x' | 'y'): Float64Array =>
      Float64Array.from(this.polygons.flatMap((polygon) => [...polygon[key]]));
    return limits_of(join('x'), join('y'));
  }

  /** The outlines in pixels. @internal */
  _outlines(view: View): { x: number[]; y: number[] }[] {
    return this.polygons.map(({ x, y }) => {
      const points = Array.from(x, (value, i) => pixel(view, value, y[i]!));
      return { x: points.map(([px]) => px), y: points.map(([, py]) => py) };
    });
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    for (const { x, y } of this._outlines(view)) {
      const steps = x.map((px, i): PathStep => [i === 0 ? 'M' : 'L', px, y[i]!]);
      this.draw_path(r, [...steps, ['Z']]);
    }
  }
}

/** Straight lines, each between two points. Mirrors `matplotlib.collections.LineCollection`. */
export class LineCollection extends Artist {
  /** @internal */
  constructor(
    private readonly segments: readonly (readonly [number, number, number, number])[],
    private readonly looks: readonly LineLook[],
    options: { alpha?: number | null; label?: string; zorder?: number | null },
  ) {
    super();
    this._alpha = options.alpha ?? null;
    this._label = options.label ?? '';
    this._zorder = options.zorder ?? 2;
  }

  /** @internal */
  override _limits(): DataLimits {
    return limits_of(
      this.segments.flatMap(([x0, , x1]) => [x0, x1]),
      this.segments.flatMap(([, y0, , y1]) => [y0, y1]),
    );
  }

  /** The ends of the lines. @internal */
  _segments(): number[][][] {
    return this.segments.map(([x0, y0, x1, y1]) => [
      [x0, y0],
      [x1, y1],
    ]);
  }

  private look(i: number): LineLook {
    const look = this.looks[i % this.looks.length]!;
    return this._alpha === null ? look : { ...look, color: [look.color[0], look.color[1], look.color[2], this._alpha] };
  }

  /** @internal */
  override _handle(): Handle {
    return { line: { stroke: this.look(0), marker: null } };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    this.segments.forEach(([x0, y0, x1, y1], i) => {
      const stroke = stroke_of(r, this.look(i), 'butt');
      if (stroke !== undefined) r.line(...pixel(view, x0, y0), ...pixel(view, x1, y1), stroke);
    });
  }
}

/** A line with bars for its errors. Mirrors `matplotlib.container.ErrorbarContainer`. */
export class ErrorbarContainer extends Artist {
  /** @internal */
  constructor(
    /** The line; null without one. */
    readonly data_line: Line2D | null,
    /** The ends of the bars. */
    readonly caplines: readonly Line2D[],
    /** The bars. */
    readonly barlines: readonly LineCollection[],
    label: string,
  ) {
    super();
    this._label = label;
  }

  /** @internal */
  _draw(): void {
    // Its parts are artists of the axes themselves.
  }

  /** @internal */
  override _handle(): Handle | undefined {
    return this.data_line?._handle() ?? this.barlines[0]?._handle();
  }

  /** Takes line and bars out of their axes. */
  override remove(...args: unknown[]): void {
    super.remove(...(args as []));
    for (const part of [this.data_line, ...this.caplines, ...this.barlines]) if (part?._parent) part.remove();
  }
}

/** The keyword arguments of texts. */
export interface TextOptions {
  /** Options under one name, such as `{ size: 12, color: 'r' }`. */
  fontdict?: TextOptions | null;
  /** Size in points, or a name such as `'large'`. */
  fontsize?: number | string | null;
  size?: number | string | null;
  color?: ColorLike | null;
  c?: ColorLike | null;
  fontweight?: string | number | null;
  weight?: string | number | null;
  fontstyle?: string | null;
  style?: string | null;
  fontfamily?: string | null;
  family?: string | null;
  fontname?: string | null;
  horizontalalignment?: HorizontalAlignment | null;
  ha?: HorizontalAlignment | null;
  verticalalignment?: VerticalAlignment | null;
  va?: VerticalAlignment | null;
  /** In degrees, or `'vertical'`, `'horizontal'`. */
  rotation?: number | string | null;
  rotation_mode?: string | null;
  linespacing?: number | null;
  /** Options of a frame: `{ facecolor: 'wheat', alpha: 0.5, boxstyle: 'round' }`. */
  bbox?: (PatchOptions & { boxstyle?: string; pad?: number }) | null;
  /** Colour of a frame without a line of its own. */
  backgroundcolor?: ColorLike | null;
  alpha?: number | null;
  zorder?: number | null;
  visible?: boolean;
  clip_on?: boolean;
  /** What x and y count: data, or `ax.transAxes` for parts of the axes. */
  transform?: 'data' | 'axes' | 'figure' | null;
}

export const TEXT_OPTIONS =
  'fontdict?: dict|None, fontsize/size?: float|str|None, color/c?: color|None, fontweight/weight?: str|float|None, ' +
  'fontstyle/style?: str|None, fontfamily/family/fontname?: str|None, horizontalalignment/ha?: str|None, ' +
  'verticalalignment/va?: str|None, rotation?: float|str|None, rotation_mode?: str|None, linespacing?: float|None, ' +
  'bbox?: dict|None, backgroundcolor?: color|None, alpha?: float|None, zorder?: float|None, visible?: bool, clip_on?: bool, transform?: str|None';

const FONTDICT = method_signature<TextOptions>('fontdict', `*, ${TEXT_OPTIONS}`);
const SET_TEXT = method_signature<{ s: unknown }>('set_text', 's: any');
const GET_TEXT = method_signature<object>('get_text');
const SET_TEXT_COLOR = method_signature<{ color: ColorLike }>('set_color', 'color: color');
const SET_FONTSIZE = method_signature<{ fontsize: number | string }>('set_fontsize', 'fontsize: float|str');
const SET_POSITION = method_signature<{ xy: readonly [number, number] }>('set_position', 'xy: float[]');
const SET_ROTATION = method_signature<{ s: number }>('set_rotation', 's: float');
const GET_POSITION = method_signature<object>('get_position');
const GET_FONTSIZE = method_signature<object>('get_fontsize');

/** The options of a text, with those of `fontdict` behind those by name. */
export function text_options(callee: string, options: TextOptions): TextOptions {
  const { fontdict = null, ...own } = options;
  const all = fontdict === null ? own : { ...FONTDICT.renamed(callee).read([fontdict]), ...own };
  const one_of = (name: string, value: unknown, values: readonly string[]): void => {
    if (value !== undefined && value !== null && !values.includes(value as string)) {
      throw new Error(
        `${callee}(): '${String(value)}' is not a valid value for ${name}; supported values are ${values.map((each) => `'${each}'`).join(', ')}`,
      );
    }
  };
  one_of('ha', all.horizontalalignment, ['center', 'right', 'left']);
  one_of('va', all.verticalalignment, ['top', 'bottom', 'center', 'baseline', 'center_baseline']);
  one_of('transform', all.transform, ['data', 'axes', 'figure']);
  if (all.color !== undefined && all.color !== null) color_of(callee, 'color', all.color);
  if (all.backgroundcolor !== undefined && all.backgroundcolor !== null)
    color_of(callee, 'backgroundcolor', all.backgroundcolor);
  if (all.fontsize !== undefined && all.fontsize !== null) font_size(all.fontsize);
  if (typeof all.rotation === 'string' && !['vertical', 'horizontal'].includes(all.rotation)) {
    throw new Error(`${callee}(): rotation must be 'vertical', 'horizontal' or a number, not '${all.rotation}'`);
  }
  return all;
}

/** A text. Mirrors `matplotlib.text.Text`. */
export class Text extends Artist {
  protected options: TextOptions;
  protected shown: string;

  /** @internal */
  constructor(
    callee: string,
    protected x: number,
    protected y: number,
    text: unknown,
    options: TextOptions,
    private readonly defaults: Partial<TextStyle> = {},
  ) {
    super();
    this.shown = String(text);
    this.options = text_options(callee, options);
    this._zorder = this.options.zorder ?? 3;
    this._alpha = this.options.alpha ?? null;
    this._visible = this.options.visible ?? true;
    this._clipped = this.options.clip_on ?? false;
  }

  /** @internal */
  _style(): TextStyle {
    const { options, defaults } = this;
    const color = options.color ?? (rc['text.color'] as string);
    const { rotation = null } = options;
    return {
      size:
        options.fontsize === undefined || options.fontsize === null
          ? (defaults.size ?? (rc['font.size'] as number))
          : font_size(options.fontsize),
      color:
        options.color === undefined && defaults.color !== undefined
          ? defaults.color
          : color_of('text', 'color', color, this._alpha),
      weight: String(options.fontweight ?? defaults.weight ?? 'normal'),
      style: options.fontstyle ?? 'normal',
      family: options.fontfamily ?? (rc['font.family'] as string),
      ha: options.horizontalalignment ?? defaults.ha ?? 'left',
      va: options.verticalalignment ?? defaults.va ?? 'baseline',
      rotation:
        rotation === 'vertical'
          ? 90
          : typeof rotation === 'number'
            ? rotation
            : rotation === 'horizontal'
              ? 0
              : (defaults.rotation ?? 0),
      rotation_mode: options.rotation_mode ?? defaults.rotation_mode ?? 'default',
      linespacing: options.linespacing ?? null,
    };
  }

  protected place(view: View): [number, number] {
    const { transform = null } = this.options;
    if (transform === null || transform === 'data') return [...pixel(view, this.x, this.y)];
    const box = transform === 'axes' ? view.box : view.figure;
    return [box.left + this.x * (box.right - box.left), box.bottom - this.y * (box.bottom - box.top)];
  }

  /** @internal */
  override _extent(r: Renderer, view: View): Box | undefined {
    if (!this._visible || this.shown === '') return undefined;
    const [x, y] = this.place(view);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return undefined;
    const { box } = r.layout(this.shown, this._style());
    return { left: x + box.left, right: x + box.right, top: y + box.top, bottom: y + box.bottom };
  }

  protected draw_frame(r: Renderer, view: View): void {
    const { backgroundcolor = null } = this.options;
    const ground = backgroundcolor === null ? null : { facecolor: backgroundcolor, edgecolor: backgroundcolor };
    const bbox: (PatchOptions & { boxstyle?: string; pad?: number }) | null = this.options.bbox ?? ground;
    const extent_of_text = this._extent(r, view);
    if (bbox === null || extent_of_text === undefined) return;
    // Without a style the frame is four points away, and otherwise a part of the size of the text.
    const default_pad = bbox.boxstyle === undefined ? 4 / this._style().size : 0.3;
    const { boxstyle = 'square', pad = default_pad, ...rest } = bbox;
    const given = /pad=([\d.]+)/.exec(boxstyle)?.[1];
    const distance = r.px(this._style().size) * (given === undefined ? pad : Number(given));
    const box = {
      left: extent_of_text.left - distance,
      right: extent_of_text.right + distance,
      top: extent_of_text.top - distance,
      bottom: extent_of_text.bottom + distance,
    };
    const radius = boxstyle.startsWith('round') ? distance : 0;
    const alpha = rest.alpha ?? null;
    const face = color_of('text', 'facecolor', rest.facecolor ?? rest.fc ?? rest.color ?? 'C0', alpha);
    const edge = color_of('text', 'edgecolor', rest.edgecolor ?? rest.ec ?? rest.color ?? 'black', alpha);
    r.path(rounded(box, radius), face, { color: edge, width: r.px(rest.linewidth ?? rest.lw ?? 1), join: 'miter' });
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const [x, y] = this.place(view);
    if (this.shown === '' || !Number.isFinite(x) || !Number.isFinite(y)) return;
    this.draw_frame(r, view);
    r.text(this.shown, x, y, this._style());
  }

  /** Sets the text. */
  set_text(s: unknown): void;
  set_text(...args: unknown[]): void {
    this.shown = String(SET_TEXT.read(args).s);
    this._changed();
  }

  /** The text. */
  get_text(...none: []): string;
  get_text(...args: unknown[]): string {
    GET_TEXT.read(args);
    return this.shown;
  }

  /** Sets the colour. */
  set_color(color: ColorLike | { color: ColorLike }): void;
  set_color(...args: unknown[]): void {
    const { color } = SET_TEXT_COLOR.read(args);
    color_of('set_color', 'color', color);
    this.options = { ...this.options, color };
    this._changed();
  }

  /** Sets the size in points, or by a name such as `'large'`. */
  set_fontsize(fontsize: number | string | { fontsize: number | string }): void;
  set_fontsize(...args: unknown[]): void {
    this.options = { ...this.options, fontsize: font_size(SET_FONTSIZE.read(args).fontsize) };
    this._changed();
  }

  /** The size in points. */
  get_fontsize(...none: []): number;
  get_fontsize(...args: unknown[]): number {
    GET_FONTSIZE.read(args);
    return this._style().size;
  }

  /** Sets the place. */
  set_position(xy: readonly [number, number] | { xy: readonly [number, number] }): void;
  set_position(...args: unknown[]): void {
    [this.x, this.y] = SET_POSITION.read(args).xy;
    this._changed();
  }

  /** The place. */
  get_position(...none: []): Tuple<number>;
  get_position(...args: unknown[]): Tuple<number> {
    GET_POSITION.read(args);
    return Tuple.from([this.x, this.y]) as Tuple<number>;
  }

  /** Sets the angle in degrees. */
  set_rotation(s: number | { s: number }): void;
  set_rotation(...args: unknown[]): void {
    this.options = { ...this.options, rotation: SET_ROTATION.read(args).s };
    this._changed();
  }
}

/** A rectangle with round corners. */
export function rounded({ left, top, right, bottom }: Box, radius: number): PathStep[] {
  if (radius <= 0) return [['M', left, bottom], ['L', right, bottom], ['L', right, top], ['L', left, top], ['Z']];
  const d = Math.min(radius, (right - left) / 2, (bottom - top) / 2);
  // Quadratic curves with the corner as their control point, as curves of the third degree.
  const k = d / 3;
  return [
    ['M', left + d, bottom],
    ['L', right - d, bottom],
    ['C', right - k, bottom, right, bottom - k, right, bottom - d],
    ['L', right, top + d],
    ['C', right, top + k, right - k, top, right - d, top],
    ['L', left + d, top],
    ['C', left + k, top, left, top + k, left, top + d],
    ['L', left, bottom - d],
    ['C', left, bottom - k, left + k, bottom, left + d, bottom],
    ['Z'],
  ];
}

/** The options of arrows. */
export interface ArrowOptions {
  arrowstyle?: string;
  color?: ColorLike;
  facecolor?: ColorLike;
  edgecolor?: ColorLike;
  lw?: number;
  linewidth?: number;
  shrink?: number;
  width?: number;
  headwidth?: number;
  headlength?: number;
  alpha?: number;
  connectionstyle?: string;
}

/** A text with an arrow to a point. Mirrors `matplotlib.text.Annotation`. */
export class Annotation extends Text {
  /** @internal */
  constructor(
    callee: string,
    text: unknown,
    private readonly xy: readonly [number, number],
    private readonly xycoords: string,
    xytext: readonly [number, number],
    private readonly textcoords: string,
    private readonly arrow: ArrowOptions | null,
    options: TextOptions,
  ) {
    super(callee, xytext[0], xytext[1], text, options);
  }

  private at(view: View, [x, y]: readonly [number, number], coords: string, r: Renderer | null): [number, number] {
    if (coords === 'data') return [...pixel(view, x, y)];
    if (coords.startsWith('offset ')) {
      const [px, py] = this.at(view, this.xy, this.xycoords, r);
      const scale = coords === 'offset points' ? (r ?? this.last)!.px(1) : 1;
      return [px + x * scale, py - y * scale];
    }
    const box = coords.startsWith('axes') ? view.box : view.figure;
    return [box.left + x * (box.right - box.left), box.bottom - y * (box.bottom - box.top)];
  }

  private last: Renderer | null = null;

  protected override place(view: View): [number, number] {
    return this.at(view, [this.x, this.y], this.textcoords, null);
  }

  /** @internal */
  override _extent(r: Renderer, view: View): Box | undefined {
    this.last = r;
    return super._extent(r, view);
  }

  /** @internal */
  override _draw(r: Renderer, view: View): void {
    this.last = r;
    const [tx, ty] = this.at(view, this.xy, this.xycoords, r);
    // As in Python, a note to data outside the axes is not drawn.
    const { box } = view;
    if (
      this.xycoords === 'data' &&
      (tx < box.left - 1 || tx > box.right + 1 || ty < box.top - 1 || ty > box.bottom + 1)
    )
      return;
    if (this.arrow !== null) this.draw_arrow(r, view, tx, ty);
    super._draw(r, view);
  }

  private draw_arrow(r: Renderer, view: View, tx: number, ty: number): void {
    const arrow = this.arrow!;
    const box = this._extent(r, view);
    if (box === undefined) return;
    const alpha = arrow.alpha ?? null;
    const edge = color_of('annotate', 'color', arrow.color ?? arrow.edgecolor ?? 'black', alpha);
    const fancy = arrow.arrowstyle === undefined;
    const [cx, cy] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const length = Math.hypot(tx - cx, ty - cy);
    if (length === 0) return;
    const [ux, uy] = [(tx - cx) / length, (ty - cy) / length];
    const pad = r.px(4);
    // The arrow begins where the line from the middle of the text leaves its frame.
    const to_x = ux === 0 ? Number.POSITIVE_INFINITY : ((box.right - box.left) / 2 + pad) / Math.abs(ux);
    const to_y = uy === 0 ? Number.POSITIVE_INFINITY : ((box.bottom - box.top) / 2 + pad) / Math.abs(uy);
    const start = Math.min(to_x, to_y, length);
    const [sx, sy] = [cx + ux * start, cy + uy * start];
    const gap = fancy ? (arrow.shrink ?? 0) * length : r.px(2);
    const [ex, ey] = [tx - ux * gap, ty - uy * gap];
    const width = r.px(arrow.lw ?? arrow.linewidth ?? 1);
    if (fancy) {
      const half = r.px(arrow.width ?? 4) / 2;
      const head = r.px(arrow.headwidth ?? 12) / 2;
      const tip = Math.min(r.px(arrow.headlength ?? 12), Math.hypot(ex - sx, ey - sy));
      const [bx, by] = [ex - ux * tip, ey - uy * tip];
      const off = (px: number, py: number, d: number): [number, number] => [px - uy * d, py + ux * d];
      const face = color_of('annotate', 'facecolor', arrow.color ?? arrow.facecolor ?? 'C0', alpha);
      const points = [
        off(sx, sy, half),
        off(bx, by, half),
        off(bx, by, head),
        [ex, ey] as [number, number],
        off(bx, by, -head),
        off(bx, by, -half),
        off(sx, sy, -half),
      ];
      r.path([...points.map(([px, py], i): PathStep => [i === 0 ? 'M' : 'L', px, py]), ['Z']], face, {
        color: edge,
        width,
        join: 'miter',
      });
      return;
    }
    const style = arrow.arrowstyle ?? '-';
    r.polyline([sx, ex], [sy, ey], { color: edge, width, cap: 'round' });
    const size = r.px(this._style().size) * 0.4;
    const head = (px: number, py: number, dx: number, dy: number): void => {
      const [bx, by] = [px - dx * size, py - dy * size];
      const spread = size / 2;
      const [ax, ay, zx, zy] = [bx - dy * spread, by + dx * spread, bx + dy * spread, by - dx * spread];
      if (style.includes('|>') || style.includes('<|')) {
        r.path([['M', ax, ay], ['L', px, py], ['L', zx, zy], ['Z']], edge, { color: edge, width, join: 'miter' });
      } else r.polyline([ax, px, zx], [ay, py, zy], { color: edge, width, cap: 'round' });
    };
    if (style.includes('>') || style === 'fancy' || style === 'simple') head(ex, ey, ux, uy);
    if (style.startsWith('<')) head(sx, sy, -ux, -uy);
  }
}
