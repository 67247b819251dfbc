/** A figure: its subplots, and its files. Mirrors `matplotlib.figure.Figure`. */
import { extname } from 'node:path';

import type { MimeBundle } from '../_internal/notebook.js';
import { method_signature } from '../_internal/signature.js';
import { encode_png } from '../_internal/io/png.js';
import { write_durably } from '../_internal/io/durable_file.js';
import { Artist, ScalarMappable, Text, type TextOptions, TEXT_OPTIONS, type View } from './artists.js';
import { Axes } from './axes.js';
import { Axes3D } from './axes3d.js';
import { color_of, type ColorLike, css, type Rgba } from './colors.js';
import { GridSpec, SubplotSpec, type SubplotParams } from './gridspec.js';
import { Legend, LEGEND_OPTIONS, type LegendOptions } from './legend.js';
import { PolarAxes } from './polar.js';
import { type Box, canvas_library, type Context, type RasterCanvas, Renderer, union } from './renderer.js';
import { font_size, rc } from './style.js';
import { every_so_many, FixedLocator } from './ticker.js';
import { flat_floats, type Values } from './values.js';
import { define_kind } from '../_internal/signature.js';

/** The options of {@link figure}. */
export interface FigureOptions {
  /** Width and height in inches. Default 6.4 by 4.8. */
  figsize?: readonly number[] | null;
  /** Dots per inch. Default 100. */
  dpi?: number | null;
  facecolor?: ColorLike | null;
  edgecolor?: ColorLike | null;
  linewidth?: number | null;
  frameon?: boolean;
  /** Whether {@link tight_layout} is called before each drawing. */
  tight_layout?: boolean | null;
  /** `'tight'`, or `'constrained'`, which here is the same. */
  layout?: string | null;
  constrained_layout?: boolean | null;
}

export const FIGURE_OPTIONS =
  'figsize?: float[]|None, dpi?: float|None, *, facecolor?: color|None, edgecolor?: color|None, linewidth?: float|None, frameon?: bool, ' +
  'tight_layout?: bool|None, layout?: str|None, constrained_layout?: bool|None';

/** The options of {@link savefig}. */
export interface SavefigOptions {
  /** Dots per inch, or `'figure'` for those of the figure. */
  dpi?: number | 'figure' | null;
  /** `'png'`, `'svg'`, `'pdf'`, `'jpg'` or `'webp'`; default: the ending of the name. */
  format?: string | null;
  /** `'tight'` cuts off the empty margins. */
  bbox_inches?: 'tight' | null;
  /** Inches around what `'tight'` leaves. Default 0.1. */
  pad_inches?: number | null;
  facecolor?: ColorLike | 'auto' | null;
  edgecolor?: ColorLike | 'auto' | null;
  transparent?: boolean | null;
  /** What a PDF says of itself: `Title`, `Author`, `Subject`, `Keywords`. */
  metadata?: Record<string, string> | null;
}

/** The options of {@link subplots_adjust}. */
export type SubplotsAdjust = Partial<SubplotParams>;

/** The options of {@link tight_layout}. */
export interface TightLayoutOptions {
  pad?: number;
  h_pad?: number | null;
  w_pad?: number | null;
  rect?: readonly number[] | null;
}

/** The options of {@link colorbar}. */
export interface ColorbarOptions {
  cax?: Axes | null;
  ax?: Axes | readonly Axes[] | null;
  /** `'vertical'` or `'horizontal'`. */
  orientation?: 'vertical' | 'horizontal' | null;
  fraction?: number;
  shrink?: number;
  aspect?: number;
  pad?: number | null;
  label?: string | null;
  ticks?: Values | null;
}

/** How subplots share their axes. */
export type Sharing = boolean | 'none' | 'all' | 'row' | 'col';

/** The options of {@link subplots}. */
export interface SubplotsOptions extends FigureOptions {
  sharex?: Sharing;
  sharey?: Sharing;
  /** Whether rows and columns of one are left out. Default true. */
  squeeze?: boolean;
  width_ratios?: readonly number[] | null;
  height_ratios?: readonly number[] | null;
  subplot_kw?: { projection?: string; polar?: boolean } | null;
  gridspec_kw?: Record<string, number | readonly number[]> | null;
  num?: number | string | null;
}

/** The options of {@link subplot}. */
export interface SubplotOptions {
  sharex?: Axes | null;
  sharey?: Axes | null;
  /** `'polar'`, `'3d'`, or `'rectilinear'`. */
  projection?: string | null;
  /** The same as `projection: 'polar'`. */
  polar?: boolean | null;
  title?: string;
  xlabel?: string;
  ylabel?: string;
  facecolor?: ColorLike;
}

define_kind('axes', 'Axes', (value) => value instanceof Axes);
define_kind('mappable', 'a mappable', (value) => value instanceof ScalarMappable);

const SUBPLOT_OPTIONS =
  'sharex?: axes|None, sharey?: axes|None, projection?: str|None, polar?: bool|None, title?: str, xlabel?: str, ylabel?: str, facecolor?: color';
const SHARING =
  'sharex?: bool|str, sharey?: bool|str, squeeze?: bool, width_ratios?: float[]|None, height_ratios?: float[]|None, ' +
  'subplot_kw?: dict|None, gridspec_kw?: dict|None';

/** How calls of functions of the same names are read. */
export const FIGURE_SIGNATURES = {
  subplots: method_signature<SubplotsOptions & { nrows?: number; ncols?: number }>(
    'subplots',
    `nrows?: int, ncols?: int, *, ${SHARING}`,
  ),
  add_subplot: method_signature<SubplotOptions & { args: unknown[] }>(
    'add_subplot',
    `*args: int|subplotspec, ${SUBPLOT_OPTIONS}`,
  ),
  suptitle: method_signature<TextOptions & { t: unknown; x?: number; y?: number }>(
    'suptitle',
    `t: str|float, *, x?: float, y?: float, ${TEXT_OPTIONS}`,
  ),
  savefig: method_signature<SavefigOptions & { fname: string }>(
    'savefig',
    'fname: str, *, transparent?: bool|None, dpi?: float|str|None, format?: str|None, metadata?: dict|None, bbox_inches?: str|None, ' +
      'pad_inches?: float|None, facecolor?: color|None, edgecolor?: color|None',
  ),
  subplots_adjust: method_signature<SubplotsAdjust>(
    'subplots_adjust',
    'left?: float, bottom?: float, right?: float, top?: float, wspace?: float, hspace?: float',
  ),
  tight_layout: method_signature<TightLayoutOptions>(
    'tight_layout',
    '*, pad?: float, h_pad?: float|None, w_pad?: float|None, rect?: float[]|None',
  ),
  colorbar: method_signature<ColorbarOptions & { mappable: ScalarMappable }>(
    'colorbar',
    'mappable: mappable, cax?: axes|None, ax?: axes|axes[]|None, *, orientation?: str|None, fraction?: float, shrink?: float, aspect?: float, ' +
      'pad?: float|None, label?: str|None, ticks?: values|None',
  ),
  figtext: method_signature<TextOptions & { x: number; y: number; s: unknown }>(
    'text',
    `x: float, y: float, s: any, fontdict?: dict|None, *, ${TEXT_OPTIONS.replace('fontdict?: dict|None, ', '')}`,
  ),
} as const;
const SIG = FIGURE_SIGNATURES;

const none = (name: string): ReturnType<typeof method_signature<object>> => method_signature<object>(name);
const PLAIN = {
  gca: none('gca'),
  clear: none('clear'),
  clf: none('clf'),
  draw: none('draw'),
  get_axes: none('get_axes'),
  delaxes: method_signature<{ ax: Axes }>('delaxes', 'ax: axes'),
  data: none('data'),
  close: none('close'),
  get_size_inches: none('get_size_inches'),
};
const SET_SIZE = method_signature<{ w: number | readonly number[]; h?: number | null }>(
  'set_size_inches',
  'w: float|float[], h?: float|None',
);
const ADD_AXES = method_signature<SubplotOptions & { rect: readonly number[] | Axes }>(
  'add_axes',
  `rect/ax: float[]|axes, *, ${SUBPLOT_OPTIONS}`,
);
const ADD_GRIDSPEC = method_signature<{ nrows?: number; ncols?: number }>(
  'add_gridspec',
  'nrows?: int, ncols?: int, *, width_ratios?: float[]|None, height_ratios?: float[]|None, wspace?: float|None, hspace?: float|None',
);
const LEGEND = method_signature<LegendOptions & { args: unknown[] }>(
  'legend',
  `*args: Iterable, handles?: artist[]|None, labels?: str[]|None, ${LEGEND_OPTIONS}`,
);
const CB_SET_LABEL = method_signature<TextOptions & { label: string }>('set_label', `label: str, *, ${TEXT_OPTIONS}`);
const CB_SET_TICKS = method_signature<{ ticks: Values; labels?: Iterable<unknown> | null }>(
  'set_ticks',
  'ticks: values, labels?: Iterable|None',
);
const CB_REMOVE = none('remove');
const AUTOFMT = method_signature<AutofmtOptions>(
  'autofmt_xdate',
  'bottom?: float, rotation?: float, ha?: str, which?: str',
);

/** The options of {@link Figure.autofmt_xdate}. */
export interface AutofmtOptions {
  /** The bottom of the subplots in parts of the figure. Default 0.2. */
  bottom?: number;
  /** The angle of labels in degrees. Default 30. */
  rotation?: number;
  /** Default `'right'`. */
  ha?: 'left' | 'center' | 'right';
  which?: 'major' | 'minor' | 'both';
}

/** The colours of a colour bar, over all of its axes. */
class Ramp extends Artist {
  constructor(
    private readonly mappable: ScalarMappable,
    private readonly vertical: boolean,
  ) {
    super();
    this._zorder = 0;
  }

  _draw(r: Renderer, { box, x, y }: View): void {
    const { mappable } = this;
    const at = this.vertical ? y : x;
    const cell = (from: number, to: number, color: Rgba): void => {
      const shade: Rgba = mappable._alpha === null ? color : [color[0], color[1], color[2], mappable._alpha];
      r.context.fillStyle = css(shade);
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      if (this.vertical) r.context.fillRect(box.left, low, box.right - box.left, high - low);
      else r.context.fillRect(low, box.top, high - low, box.bottom - box.top);
    };
    const bounds = mappable._bounds();
    if (bounds !== undefined) {
      for (let i = 0; i + 1 < bounds.length; i++) {
        const color = (mappable as unknown as { _level_color(i: number): Rgba })._level_color(i);
        cell(at(bounds[i]!), at(bounds[i + 1]!), color);
      }
      return;
    }
    // One strip for each pixel, so that strips do not leave seams.
    const [from, to] = this.vertical ? [box.bottom, box.top] : [box.left, box.right];
    const count = Math.max(1, Math.round(Math.abs(to - from) * (r.snaps ? 1 : 4)));
    const edge = (i: number): number =>
      r.snaps ? Math.round(from + ((to - from) * i) / count) : from + ((to - from) * i) / count;
    const overlap = r.snaps ? 0 : (to - from) / count;
    for (let i = 0; i < count; i++)
      cell(edge(i), i + 1 < count ? edge(i + 1) + overlap : edge(i + 1), mappable.cmap._color((i + 0.5) / count));
  }
}

/** A scale of colours beside axes. Mirrors `matplotlib.colorbar.Colorbar`. */
export class Colorbar {
  /** @internal */
  constructor(
    /** Its axes. */
    readonly ax: Axes,
    /** What it explains. */
    readonly mappable: ScalarMappable,
    private readonly vertical: boolean,
    ticks: readonly number[] | null,
  ) {
    ax._is_colorbar = true;
    const { norm } = mappable;
    const which = vertical ? 'y' : 'x';
    const [axis, other] = vertical ? [ax.yaxis, ax.xaxis] : [ax.xaxis, ax.yaxis];
    const bounds = mappable._bounds();
    if (bounds === undefined && norm._map(1e-300) !== norm._map(1e-300)) ax._set_scale(which, 'log');
    else if (norm.constructor.name === 'LogNorm') ax._set_scale(which, 'log');
    axis._margin = 0;
    axis._autoscale = false;
    axis._stale = false;
    other._visible = false;
    if (vertical) axis._to_far_side();
    if (bounds !== undefined) axis._locator = new FixedLocator(every_so_many(bounds, 10));
    if (ticks !== null) axis._locator = new FixedLocator(ticks);
    ax._add(new Ramp(mappable, vertical));
    this._update();
  }

  /** Takes over the limits of the colours. @internal */
  _update(): void {
    const bounds = this.mappable._bounds();
    const { vmin, vmax } = this.mappable.norm;
    const [low, high] = bounds === undefined ? [vmin ?? 0, vmax ?? 1] : [bounds[0]!, bounds[bounds.length - 1]!];
    this.ax._set_limits(this.vertical ? 'y' : 'x', low, high === low ? low + 1 : high);
  }

  /** Sets the text beside the scale. */
  set_label(label: string, options?: TextOptions): void;
  set_label(...args: unknown[]): void {
    const { label, ...options } = CB_SET_LABEL.read(args);
    this.ax._set_label(this.vertical ? 'y' : 'x', 'set_label', label, options);
  }

  /** Sets where the ticks are. */
  set_ticks(
    ticks: Values,
    ...more: [{ labels?: Iterable<unknown> | null }?] | [labels?: Iterable<unknown> | null]
  ): void;
  set_ticks(...args: unknown[]): void {
    const { ticks, labels = null } = CB_SET_TICKS.read(args);
    this.ax._set_tick_arguments(
      this.vertical ? 'y' : 'x',
      'set_ticks',
      labels === null ? { ticks } : { ticks, labels },
    );
    this._update();
  }

  /** Takes the scale out of the figure. */
  remove(...none: []): void;
  remove(...args: unknown[]): void {
    CB_REMOVE.read(args);
    this.ax.remove();
  }
}

/** Where a colour bar takes its place from axes. */
interface BarPlace {
  readonly vertical: boolean;
  readonly fraction: number;
  readonly shrink: number;
  readonly aspect: number;
  readonly pad: number;
}

/** What changes a figure from time to time. */
export interface Animated {
  /** Draws what is there before the first frame, once. @internal */
  _start(): void;
  /** Shows the next frame when it is time. @returns milliseconds until the one after it @internal */
  _advance(now: number): number;
}

/** A figure. */
export class Figure {
  /** Its subplots. */
  readonly axes: Axes[] = [];
  /** @internal */
  readonly artists: Artist[] = [];
  /** @internal */
  _width: number;
  /** @internal */
  _height: number;
  /** Dots per inch. */
  dpi: number;
  /** @internal */
  _params: SubplotParams = { left: 0.125, right: 0.9, bottom: 0.11, top: 0.88, wspace: 0.2, hspace: 0.2 };
  /** The axes that functions of pyplot draw in. @internal */
  _current: Axes | null = null;
  /** Its number in pyplot. */
  number = 0;
  /** Whether it was changed since it was last shown. @internal */
  _is_stale = true;
  /** Its animations. @internal */
  readonly _animations = new Set<Animated>();
  /** What closing does in pyplot. @internal */
  _on_close: (() => void) | null = null;
  /** For the `transform` of texts: parts of the figure. */
  readonly transFigure = 'figure';
  private facecolor: ColorLike;
  private tight: boolean;
  private readonly framed: boolean;
  private suptitle_: Text | null = null;
  private readonly colorbars: Colorbar[] = [];

  /** @internal */
  constructor(options: FigureOptions = {}) {
    const size = options.figsize ?? (rc['figure.figsize'] as readonly number[]);
    if (size.length !== 2 || !size.every((side) => Number.isFinite(side) && side > 0)) {
      throw new Error(`figure(): figure size must be positive finite, not (${size.join(', ')})`);
    }
    this.dpi = options.dpi ?? (rc['figure.dpi'] as number);
    if (!(this.dpi > 0)) throw new Error(`figure(): dpi must be positive, not ${this.dpi}`);
    [this._width, this._height] = size as [number, number];
    this.facecolor = options.facecolor ?? (rc['figure.facecolor'] as string);
    color_of('figure', 'facecolor', this.facecolor);
    this.framed = options.frameon ?? true;
    const layout = options.layout ?? null;
    if (layout !== null && !['tight', 'constrained', 'compressed', 'none'].includes(layout))
      throw new Error(`figure(): Invalid value for 'layout': '${layout}'`);
    this.tight =
      (options.tight_layout ?? options.constrained_layout ?? false) || (layout !== null && layout !== 'none');
  }

  /** @internal */
  _changed(): void {
    this._is_stale = true;
  }

  /** @internal */
  _remove_axes(axes: Axes): void {
    const at = this.axes.indexOf(axes);
    if (at < 0) throw new Error('remove(): the axes are not in a figure');
    this.axes.splice(at, 1);
    if (this._current === axes) this._current = this.axes.at(-1) ?? null;
    this._changed();
  }

  /** @internal */
  _add_axes(axes: Axes): Axes {
    this.axes.push(axes);
    this._current = axes;
    this._changed();
    return axes;
  }

  private share(axes: Axes, which: 'x' | 'y', other: Axes): void {
    const group = other._shared[which];
    group.push(axes);
    axes._shared[which] = group;
    const [own, theirs] = which === 'x' ? [axes.xaxis, other.xaxis] : [axes.yaxis, other.yaxis];
    own._limits = [...theirs._limits];
    own._autoscale = theirs._autoscale;
    if (theirs._scaling !== own._scaling) own._set_scale(theirs._scaling);
  }

  /** Axes in the place of others, with which they share an axis. @internal */
  _twin(axes: Axes, shared: 'x' | 'y'): Axes {
    const twin = new Axes(this);
    [twin._spec, twin._rect] = [axes._spec, axes._rect];
    this.share(twin, shared, axes);
    return this._add_axes(twin);
  }

  private new_axes(callee: string, { projection: given = null, polar = null }: SubplotOptions): Axes {
    if (polar === true && given !== null && given !== 'polar')
      throw new Error(
        `${callee}(): polar=True, yet projection='${given}'. Only one of these arguments should be supplied.`,
      );
    const projection = polar === true ? 'polar' : given;
    if (projection === 'polar') return new PolarAxes(this);
    if (projection === null || projection === 'rectilinear') return new Axes(this);
    if (projection === '3d') return new Axes3D(this);
    throw new Error(
      `${callee}(): projection '${projection}' is not in torch-node/pyplot; there are 'rectilinear', 'polar' and '3d'`,
    );
  }

  private finish(axes: Axes, options: SubplotOptions): Axes {
    const { sharex = null, sharey = null, projection: _made, polar: _too, ...properties } = options;
    if (sharex !== null) this.share(axes, 'x', sharex);
    if (sharey !== null) this.share(axes, 'y', sharey);
    axes.set(properties);
    return axes;
  }

  /** The place that arguments of `subplot` mean: three numbers, one of three digits, or cells of a grid. @internal */
  _spec(callee: string, args: readonly unknown[]): SubplotSpec {
    let given = args;
    if (given.length === 0) given = [1, 1, 1];
    if (given[0] instanceof SubplotSpec) {
      const spec = given[0];
      spec._grid._figure ??= this;
      return spec;
    }
    if (given.length === 1) {
      const digits = String(given[0]);
      if (!/^[1-9]{3}$/.test(digits))
        throw new Error(`${callee}(): Single argument to subplot must be a three-digit integer, not ${digits}`);
      given = [...digits].map(Number);
    }
    if (given.length !== 3)
      throw new TypeError(`${callee}() takes 1 or 3 positional arguments but ${given.length} were given`);
    const [rows, columns, index] = given as [number, number, number];
    const grid = new GridSpec(rows, columns, { figure: this });
    if (!Number.isInteger(index) || index < 1 || index > rows * columns) {
      throw new Error(`${callee}(): num must be an integer with 1 <= num <= ${rows * columns}, not ${String(index)}`);
    }
    return grid._cells(index - 1, index - 1);
  }

  /** Adds a subplot: `add_subplot(rows, columns, index)`, `add_subplot(221)` or `add_subplot(gs.index(0, 0))`. */
  add_subplot(...args: [...place: (number | SubplotSpec)[], options: SubplotOptions & { projection: '3d' }]): Axes3D;
  add_subplot(
    ...args: [...place: (number | SubplotSpec)[], options: SubplotOptions & ({ projection: 'polar' } | { polar: true })]
  ): PolarAxes;
  add_subplot(...args: (number | SubplotSpec | SubplotOptions)[]): Axes;
  add_subplot(...args: unknown[]): Axes {
    const { args: given, ...options } = SIG.add_subplot.read(args);
    return this._add_subplot('add_subplot', this._spec('add_subplot', given), options);
  }

  /** @internal */
  _add_subplot(callee: string, spec: SubplotSpec, options: SubplotOptions): Axes {
    const axes = this.new_axes(callee, options);
    [axes._spec, axes._rect] = [spec, null];
    this.finish(axes, options);
    return this._add_axes(axes);
  }

  /** Adds axes at a place, left, bottom, width and height in parts of the figure; or axes that were made for this figure. */
  add_axes(rect: readonly number[], options: SubplotOptions & { projection: '3d' }): Axes3D;
  add_axes(rect: readonly number[], options: SubplotOptions & ({ projection: 'polar' } | { polar: true })): PolarAxes;
  add_axes<A extends Axes>(ax: A): A;
  add_axes(rect: readonly number[], options?: SubplotOptions): Axes;
  add_axes(...args: unknown[]): Axes {
    const { rect, ...options } = ADD_AXES.read(args);
    if (rect instanceof Axes) {
      if (rect._figure !== this) throw new Error('add_axes(): The Axes must have been created in the present figure');
      return this.axes.includes(rect) ? rect : this._add_axes(rect);
    }
    if (rect.length !== 4 || !rect.every(Number.isFinite))
      throw new Error('add_axes(): rect must be left, bottom, width and height');
    const axes = this.new_axes('add_axes', options);
    axes._rect = rect as unknown as [number, number, number, number];
    this.finish(axes, options);
    return this._add_axes(axes);
  }

  /** A grid for subplots of this figure. */
  add_gridspec(
    nrows?: number,
    ncols?: number,
    options?: { width_ratios?: readonly number[]; height_ratios?: readonly number[]; wspace?: number; hspace?: number },
  ): GridSpec;
  add_gridspec(...args: unknown[]): GridSpec {
    const { nrows = 1, ncols = 1, ...options } = ADD_GRIDSPEC.read(args);
    return new GridSpec(nrows, ncols, { ...options, figure: this });
  }

  /** Adds a grid of subplots. @returns the axes; a list, or a list of lists, where there are several */
  subplots<A extends Axes | Axes[] | Axes[][] = Axes[]>(
    nrows?: number | SubplotsOptions,
    ncols?: number | SubplotsOptions,
    options?: SubplotsOptions,
  ): A;
  subplots(...args: unknown[]): Axes | Axes[] | Axes[][] {
    return this._subplots('subplots', SIG.subplots.read(args));
  }

  /** @internal */
  _subplots(
    callee: string,
    {
      nrows = 1,
      ncols = 1,
      sharex = false,
      sharey = false,
      squeeze = true,
      width_ratios,
      height_ratios,
      gridspec_kw = null,
      subplot_kw = null,
    }: SubplotsOptions & { nrows?: number; ncols?: number },
  ): Axes | Axes[] | Axes[][] {
    const mode = (value: Sharing, name: string): string => {
      const text = value === true ? 'all' : value === false ? 'none' : value;
      if (!['all', 'none', 'row', 'col'].includes(text))
        throw new Error(
          `${callee}(): '${text}' is not a valid value for ${name}; supported values are 'all', 'row', 'col', 'none', false, true`,
        );
      return text;
    };
    const [share_x, share_y] = [mode(sharex, 'sharex'), mode(sharey, 'sharey')];
    if (nrows < 1 || ncols < 1)
      throw new Error(`${callee}(): Number of rows and columns must be positive integers, not ${nrows} and ${ncols}`);
    const grid = new GridSpec(nrows, ncols, {
      ...(gridspec_kw ?? {}),
      ...(width_ratios ? { width_ratios } : {}),
      ...(height_ratios ? { height_ratios } : {}),
      figure: this,
    });
    const rows: Axes[][] = [];
    for (let i = 0; i < nrows; i++) {
      rows.push([]);
      for (let j = 0; j < ncols; j++) {
        const candidates: Record<string, Axes | undefined> = {
          all: rows[0]![0],
          row: rows[i]![0],
          col: rows[i > 0 ? 0 : -1]?.[j],
        };
        const shared = (kind: string): Axes | null => candidates[kind] ?? null;
        const kind = { projection: subplot_kw?.projection ?? null, polar: subplot_kw?.polar ?? null };
        rows[i]!.push(
          this._add_subplot(callee, grid.index(i, j), { sharex: shared(share_x), sharey: shared(share_y), ...kind }),
        );
      }
    }
    hide_inner_labels(rows, share_x, share_y);
    if (!squeeze) return rows;
    if (nrows === 1 && ncols === 1) return rows[0]![0]!;
    if (nrows === 1) return rows[0]!;
    return ncols === 1 ? rows.map((row) => row[0]!) : rows;
  }

  /** The current axes; new ones when there are none. */
  gca(...none: []): Axes;
  gca(...args: unknown[]): Axes {
    PLAIN.gca.read(args);
    return this._gca();
  }

  /** @internal */
  _gca(): Axes {
    return this._current ?? this._add_subplot('gca', this._spec('gca', []), {});
  }

  /** All axes. */
  get_axes(...none: []): Axes[];
  get_axes(...args: unknown[]): Axes[] {
    PLAIN.get_axes.read(args);
    return [...this.axes];
  }

  /** @internal */
  _measuring(): Renderer {
    return this.measuring(this.dpi);
  }

  /** Takes axes out of the figure. */
  delaxes(ax: Axes | { ax: Axes }): void;
  delaxes(...args: unknown[]): void {
    PLAIN.delaxes.read(args).ax.remove();
  }

  /** Takes everything out of the figure. */
  clear(...none: []): void;
  clear(...args: unknown[]): void {
    PLAIN.clear.read(args);
    this._clear();
  }

  /** Takes everything out of the figure; the same as {@link clear}. */
  clf(...none: []): void;
  clf(...args: unknown[]): void {
    PLAIN.clf.read(args);
    this._clear();
  }

  /** @internal */
  _clear(): void {
    [this.axes.length, this.artists.length, this.colorbars.length] = [0, 0, 0];
    this._animations.clear();
    [this._current, this.suptitle_] = [null, null];
    this._params = { left: 0.125, right: 0.9, bottom: 0.11, top: 0.88, wspace: 0.2, hspace: 0.2 };
    this._changed();
  }

  /** Sets the title above all subplots. */
  suptitle(t: unknown, options?: TextOptions & { x?: number; y?: number }): Text;
  suptitle(...args: unknown[]): Text {
    const { t, x = 0.5, y = 0.98, ...options } = SIG.suptitle.read(args);
    this.suptitle_ = new Text(
      'suptitle',
      x,
      y,
      t,
      { transform: 'figure', ...options },
      { ha: 'center', va: 'top', size: font_size(rc['figure.titlesize']) },
    );
    this.suptitle_._parent = { artists: [], _changed: () => this._changed() };
    this._changed();
    return this.suptitle_;
  }

  /** A text at a place in parts of the figure. */
  text(
    x: number,
    y: number,
    s: unknown,
    ...more: [TextOptions?] | [fontdict?: TextOptions | null, options?: TextOptions]
  ): Text;
  text(...args: unknown[]): Text {
    const { x, y, s, ...options } = SIG.figtext.read(args);
    const text = new Text('text', x, y, s, { transform: 'figure', ...options });
    text._parent = this;
    this.artists.push(text);
    this._changed();
    return text;
  }

  /** A legend of all subplots. */
  legend(...args: [...lists: Iterable<unknown>[], options: LegendOptions] | Iterable<unknown>[]): Legend;
  legend(...args: unknown[]): Legend {
    const { args: lists, handles = null, labels = null, ...options } = LEGEND.read(args);
    const shown =
      (lists.length === 2 ? [...(lists[0] as Iterable<Artist>)] : handles) ??
      this.axes.flatMap((axes) => axes._labelled());
    const given = lists.length > 0 ? Array.from(lists[lists.length - 1] as Iterable<unknown>, String) : labels;
    const names = given ?? shown.map((artist) => artist._label);
    const count = Math.min(shown.length, names.length);
    const legend = new Legend(
      'legend',
      shown.slice(0, count),
      names.slice(0, count),
      { loc: 'upper right', ...options },
      () => [],
    );
    legend._parent = this;
    this.artists.push(legend);
    this._changed();
    return legend;
  }

  /** Sets the margins around the subplots and the gaps between them. */
  subplots_adjust(options: SubplotsAdjust): void;
  subplots_adjust(...args: unknown[]): void {
    this._adjust('subplots_adjust', SIG.subplots_adjust.read(args));
  }

  /** @internal */
  _adjust(callee: string, given: SubplotsAdjust): void {
    const params = { ...this._params, ...given };
    if (params.left >= params.right) throw new Error(`${callee}(): left cannot be >= right`);
    if (params.bottom >= params.top) throw new Error(`${callee}(): bottom cannot be >= top`);
    this._params = params;
    this._changed();
  }

  /** Turns the labels of x, so that dates do not overlap, and leaves them out above the lowest row of subplots. */
  autofmt_xdate(bottom?: number | AutofmtOptions, rotation?: number, ha?: string, which?: string): void;
  autofmt_xdate(...args: unknown[]): void {
    const { bottom = 0.2, rotation = 30, ha = 'right', which = 'major' } = AUTOFMT.read(args);
    if (!['major', 'minor', 'both'].includes(which))
      throw new Error(
        `autofmt_xdate(): '${String(which)}' is not a valid value for which; supported values are 'major', 'minor', 'both'`,
      );
    if (!['left', 'center', 'right'].includes(ha))
      throw new Error(
        `autofmt_xdate(): '${String(ha)}' is not a valid value for ha; supported values are 'left', 'center', 'right'`,
      );
    const axes = this.axes.filter((each) => !each._is_colorbar);
    const all_placed = axes.every((each) => each._spec !== null);
    for (const each of axes) {
      const { _look: major, _minor_look: minor } = each.xaxis;
      const looks = which === 'both' ? [major, minor] : [which === 'major' ? major : minor];
      if (axes.length === 1 || each._spec?._is_last_row() === true)
        for (const look of looks) [look.label_rotation, look.label_ha] = [rotation, ha];
      else if (all_placed) {
        for (const look of looks) look.labels = false;
        each.set_xlabel('');
      }
    }
    if (all_placed) this._adjust('autofmt_xdate', { bottom });
    this._changed();
  }

  /** Moves the subplots apart, so that no labels overlap. */
  tight_layout(options?: TightLayoutOptions): void;
  tight_layout(...args: unknown[]): void {
    this._tight_layout(SIG.tight_layout.read(args));
  }

  /** Axes by the cells in which they are, alone or with a colour bar. */
  private placed_groups(): { spec: SubplotSpec; axes: Axes[] }[] {
    const groups = new Map<string, { spec: SubplotSpec; axes: Axes[] }>();
    for (const axes of this.axes) {
      const spec = axes._spec?._topmost();
      if (spec === undefined || spec._grid._has_own_margins()) continue;
      const key = [spec._grid.nrows, spec._grid.ncols, ...spec._rows, ...spec._columns].join();
      const group = groups.get(key) ?? { spec, axes: [] };
      group.axes.push(axes);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  /** @internal */
  _tight_layout({ pad = 1.08, h_pad = null, w_pad = null, rect = null }: TightLayoutOptions = {}): void {
    const all = this.placed_groups();
    if (all.length === 0) return;
    const rows = Math.max(...all.map(({ spec }) => spec._grid.nrows));
    const columns = Math.max(...all.map(({ spec }) => spec._grid.ncols));
    const r = this.measuring(this.dpi);
    const [width, height] = [this._width * this.dpi, this._height * this.dpi];
    // How far labels reach out of each cell, at the edges between rows and columns.
    const across = Array.from({ length: rows }, () => Array<number>(columns + 1).fill(0));
    const down = Array.from({ length: rows + 1 }, () => Array<number>(columns).fill(0));
    for (const { spec, axes } of all) {
      const { _grid: grid } = spec;
      const [tall, wide] = [rows / grid.nrows, columns / grid.ncols];
      const [r0, r1] = [Math.floor(spec._rows[0] * tall), Math.ceil((spec._rows[1] + 1) * tall)];
      const [c0, c1] = [Math.floor(spec._columns[0] * wide), Math.ceil((spec._columns[1] + 1) * wide)];
      const box = union(axes.map((each) => each._extent(r)));
      if (box === undefined) continue;
      const [left, bottom, w, h] = spec._position();
      for (let i = r0; i < r1; i++) {
        across[i]![c0]! += left - box.left / width;
        across[i]![c1]! += box.right / width - (left + w);
      }
      for (let j = c0; j < c1; j++) {
        down[r0]![j]! += 1 - box.top / height - (bottom + h);
        down[r1]![j]! += bottom - (1 - box.bottom / height);
      }
    }
    const font = (rc['font.size'] as number) / 72;
    const [pad_x, pad_y] = [(pad * font) / this._width, (pad * font) / this._height];
    const [gap_x, gap_y] = [((w_pad ?? pad) * font) / this._width, ((h_pad ?? pad) * font) / this._height];
    const [rl = 0, rb = 0, rr = 1, rt = 1] = rect ?? [];
    const margin = {
      left: rl + Math.max(0, ...across.map((row) => row[0]!)) + pad_x,
      right: 1 - rr + Math.max(0, ...across.map((row) => row[columns]!)) + pad_x,
      top: 1 - rt + Math.max(0, ...down[0]!) + pad_y,
      bottom: rb + Math.max(0, ...down[rows]!) + pad_y,
    };
    if (this.suptitle_?._visible) {
      const { box } = r.layout(this.suptitle_.get_text(), this.suptitle_._style());
      margin.top += (box.bottom - box.top) / height + pad_y;
    }
    // What does not fit stays as it is, as in Python.
    if (margin.left + margin.right >= 1 || margin.top + margin.bottom >= 1) return;
    const params = {
      ...this._params,
      left: margin.left,
      right: 1 - margin.right,
      bottom: margin.bottom,
      top: 1 - margin.top,
    };
    if (columns > 1) {
      const gap = Math.max(...across.flatMap((row) => row.slice(1, -1))) + gap_x;
      const cell = (1 - margin.right - margin.left - gap * (columns - 1)) / columns;
      if (cell < 0) return;
      params.wspace = gap / cell;
    }
    if (rows > 1) {
      const gap = Math.max(...down.slice(1, -1).flat()) + gap_y;
      const cell = (1 - margin.top - margin.bottom - gap * (rows - 1)) / rows;
      if (cell < 0) return;
      params.hspace = gap / cell;
    }
    this._params = params;
    this._changed();
  }

  /** Adds a scale of the colours of an image, of points or of contours. */
  colorbar(mappable: ScalarMappable, ...more: [ColorbarOptions?] | [cax?: Axes | null, ...rest: unknown[]]): Colorbar;
  colorbar(options: ColorbarOptions & { mappable: ScalarMappable }): Colorbar;
  colorbar(...args: unknown[]): Colorbar {
    return this._colorbar('colorbar', SIG.colorbar.read(args));
  }

  /** @internal */
  _colorbar(
    callee: string,
    {
      mappable,
      cax = null,
      ax = null,
      orientation = null,
      fraction = 0.15,
      shrink = 1,
      aspect = 20,
      pad = null,
      label = null,
      ticks = null,
    }: ColorbarOptions & { mappable: ScalarMappable },
  ): Colorbar {
    const vertical = (orientation ?? 'vertical') === 'vertical';
    if (orientation !== null && orientation !== 'vertical' && orientation !== 'horizontal')
      throw new Error(
        `${callee}(): '${String(orientation)}' is not a valid value for orientation; supported values are 'vertical', 'horizontal'`,
      );
    const current = this._current;
    let bar = cax;
    if (bar === null) {
      const owner = this.axes.find((axes) => axes.artists.includes(mappable)) ?? current;
      const parents = ax === null ? (owner === null ? [] : [owner]) : ax instanceof Axes ? [ax] : [...ax];
      if (parents.length === 0) throw new Error(`${callee}(): Unable to determine Axes to steal space for Colorbar.`);
      const place: BarPlace = { vertical, fraction, shrink, aspect, pad: pad ?? (vertical ? 0.05 : 0.15) };
      bar =
        parents.length === 1 && parents[0]!._spec !== null
          ? this.bar_in_grid(parents[0]!, place)
          : this.bar_beside(parents, place);
    }
    this._current = current;
    const colorbar = new Colorbar(bar, mappable, vertical, ticks === null ? null : [...flat_floats(callee, ticks)]);
    if (label !== null) colorbar.set_label(label);
    this.colorbars.push(colorbar);
    return colorbar;
  }

  private bar_in_grid(parent: Axes, { vertical, fraction, shrink, aspect, pad }: BarPlace): Axes {
    const space = (2 * pad) / (1 - pad);
    const main = [1 - fraction - pad, fraction];
    const side = (1 - shrink) / 2;
    // Ratios of zero take no place, but divide nothing either.
    const sides = [side, shrink, side];
    const grid = vertical
      ? new GridSpec(3, 2, { figure: this, wspace: space, hspace: 0, width_ratios: main, height_ratios: sides })
      : new GridSpec(2, 3, { figure: this, wspace: 0, hspace: space, height_ratios: main, width_ratios: sides });
    grid._within = parent._spec!;
    parent._spec = vertical ? grid.index(':', 0) : grid.index(0, ':');
    parent._anchor = vertical ? 'E' : 'S';
    const bar = this._add_subplot('colorbar', grid.index(1, 1), {});
    bar._anchor = vertical ? 'W' : 'N';
    bar._box_aspect = vertical ? aspect : 1 / aspect;
    return bar;
  }

  private bar_beside(parents: readonly Axes[], { vertical, fraction, shrink, aspect, pad }: BarPlace): Axes {
    const inches = parents.map((axes) => axes._original_box_in_inches());
    const box = union(inches)!;
    const place = (each: Box): [number, number, number, number] => [
      each.left / this._width,
      1 - each.bottom / this._height,
      (each.right - each.left) / this._width,
      (each.bottom - each.top) / this._height,
    ];
    const [left, bottom, width, height] = place(box);
    const kept = 1 - fraction - pad;
    parents.forEach((axes, i) => {
      const [x, y, w, h] = place(inches[i]!);
      axes._spec = null;
      axes._rect = vertical
        ? [left + (x - left) * kept, y, w * kept, h]
        : [x, bottom + height * (fraction + pad) + (y - bottom) * kept, w, h * kept];
    });
    const rect: [number, number, number, number] = vertical
      ? [left + width * (1 - fraction), bottom + (height * (1 - shrink)) / 2, width * fraction, height * shrink]
      : [left + (width * (1 - shrink)) / 2, bottom, width * shrink, height * fraction];
    const bar = this.add_axes(rect);
    bar._anchor = vertical ? 'W' : 'N';
    bar._box_aspect = vertical ? aspect : 1 / aspect;
    return bar;
  }

  /** Sets width and height in inches. */
  set_size_inches(w: number | readonly number[], h?: number | null): void;
  set_size_inches(...args: unknown[]): void {
    const { w, h = null } = SET_SIZE.read(args);
    const [width, height] = typeof w === 'number' ? [w, h ?? Number.NaN] : [w[0] ?? Number.NaN, w[1] ?? Number.NaN];
    if (!(width > 0 && height > 0 && Number.isFinite(width * height)))
      throw new Error(`set_size_inches(): figure size must be positive finite, not (${width}, ${height})`);
    [this._width, this._height] = [width, height];
    this._changed();
  }

  /** Width and height in inches. */
  get_size_inches(...none: []): number[];
  get_size_inches(...args: unknown[]): number[] {
    PLAIN.get_size_inches.read(args);
    return [this._width, this._height];
  }

  // ---- drawing ----

  private measuring(dpi: number): Renderer {
    const context = canvas_library().createCanvas(1, 1).getContext('2d');
    return new Renderer(context, this._width * dpi, this._height * dpi, dpi, true);
  }

  private view(r: Renderer): View {
    const box = { left: 0, right: r.width, top: 0, bottom: r.height };
    return { box, figure: box, x: (value) => value * r.width, y: (value) => (1 - value) * r.height };
  }

  /** @internal */
  _render(r: Renderer, how: { facecolor?: ColorLike | null; transparent?: boolean } = {}): void {
    if (this.tight) this._tight_layout();
    for (const bar of this.colorbars) if (bar.ax._figure === this && this.axes.includes(bar.ax)) bar._update();
    const { transparent = false, facecolor = null } = how;
    if (!transparent && (this.framed || facecolor !== null)) {
      r.context.fillStyle = css(color_of('savefig', 'facecolor', facecolor ?? this.facecolor));
      r.context.fillRect(0, 0, r.width, r.height);
    }
    for (const axes of this.axes) axes._draw(r, transparent);
    const view = this.view(r);
    for (const artist of [...this.artists].sort((a, b) => a._zorder - b._zorder))
      if (artist._visible) artist._draw(r, view);
    if (this.suptitle_?._visible === true) this.suptitle_._draw(r, view);
  }

  /** What is drawn, in pixels. */
  private extent(r: Renderer): Box {
    const view = this.view(r);
    const boxes = [
      ...this.axes.map((axes) => axes._extent(r)),
      ...this.artists.map((artist) => (artist._visible ? artist._extent(r, view) : undefined)),
      this.suptitle_?._extent(r, view),
    ];
    return union(boxes) ?? view.box;
  }

  /** @internal */
  _raster(dpi = this.dpi, how: Parameters<Figure['_render']>[1] = {}, crop: Box | null = null): RasterCanvas {
    const [width, height] = [this._width * dpi, this._height * dpi];
    const box = crop ?? { left: 0, top: 0, right: width, bottom: height };
    const [w, h] =
      crop === null
        ? [Math.floor(width + 1e-6), Math.floor(height + 1e-6)]
        : [Math.ceil(box.right - box.left), Math.ceil(box.bottom - box.top)];
    if (w < 1 || h < 1 || w >= 65536 || h >= 65536)
      throw new Error(
        `savefig(): Image size of ${w}x${h} pixels is too large or too small. It must be at least 1 and less than 2^16 in each direction.`,
      );
    for (const each of this._animations) each._start();
    const canvas = canvas_library().createCanvas(w, h);
    const context = canvas.getContext('2d');
    this.translated(context, box, () => this._render(new Renderer(context, width, height, dpi, true), how));
    return canvas;
  }

  private translated(context: Context, box: Box, draw: () => void): void {
    context.save();
    if (box.left !== 0 || box.top !== 0) context.translate(-Math.round(box.left), -Math.round(box.top));
    draw();
    context.restore();
  }

  /** The picture as a PNG file. @internal */
  _png(): Buffer {
    const canvas = this._raster();
    return encode_png(canvas.data(), ...size_of(canvas), 4);
  }

  /** Writes the figure to a file, whose ending says in which format: png, svg, pdf, jpg or webp. */
  savefig(fname: string, options?: SavefigOptions): void;
  savefig(options: SavefigOptions & { fname: string }): void;
  savefig(...args: unknown[]): void {
    this._savefig(SIG.savefig.read(args));
  }

  /** @internal */
  _savefig({ fname, ...options }: SavefigOptions & { fname: string }): void {
    const format = (options.format ?? (extname(fname).slice(1) || 'png')).toLowerCase();
    const file = extname(fname) === '' ? `${fname}.${format}` : fname;
    const bytes = this._bytes(format, options);
    write_durably(file, (sink) => sink.write(bytes));
  }

  /** The figure as a file of a format. @internal */
  _bytes(format: string, options: SavefigOptions = {}): Uint8Array {
    const transparent = options.transparent ?? (rc['savefig.transparent'] as boolean);
    const face = options.facecolor ?? (rc['savefig.facecolor'] as string);
    const how = {
      transparent: transparent && (options.facecolor ?? null) === null,
      facecolor: face === 'auto' ? null : face,
    };
    const wanted = options.dpi ?? (rc['savefig.dpi'] as number | 'figure');
    const given = wanted === 'figure' ? this.dpi : wanted;
    if (!(typeof given === 'number' && given > 0))
      throw new Error(`savefig(): dpi must be positive, or 'figure', not ${wanted}`);
    const vector = format === 'svg' || format === 'pdf';
    if (!vector && !['png', 'jpg', 'jpeg', 'webp'].includes(format))
      throw new Error(
        `savefig(): Format '${format}' is not supported (supported formats: jpeg, jpg, pdf, png, svg, webp)`,
      );
    const dpi = vector ? 72 : given;
    const tight = options.bbox_inches ?? (rc['savefig.bbox'] as string | null);
    if (tight !== null && tight !== 'tight')
      throw new Error(`savefig(): bbox_inches must be 'tight' or null, not '${String(tight)}'`);
    const crop = tight === null ? null : this.tight_box(dpi, options.pad_inches ?? 0.1);
    if (!vector) {
      const canvas = this._raster(dpi, how, crop);
      if (format === 'png') return encode_png(canvas.data(), ...size_of(canvas), 4);
      return format === 'webp' ? canvas.encodeSync('webp', 90) : canvas.encodeSync('jpeg', 90);
    }
    return this.vector_file(format, dpi, crop, how, options.metadata ?? {});
  }

  private vector_file(
    format: string,
    dpi: number,
    crop: Box | null,
    how: Parameters<Figure['_render']>[1],
    { Title, Author, Subject, Keywords }: Record<string, string>,
  ): Uint8Array {
    const [width, height] = [this._width * dpi, this._height * dpi];
    const box = crop ?? { left: 0, top: 0, right: width, bottom: height };
    const [w, h] = [box.right - box.left, box.bottom - box.top];
    const library = canvas_library();
    const draw = (context: Context): void =>
      this.translated(context, box, () => this._render(new Renderer(context, width, height, dpi, false), how));
    if (format === 'svg') {
      const canvas = library.createCanvas(Math.ceil(w), Math.ceil(h), library.SvgExportFlag.ConvertTextToPaths);
      draw(canvas.getContext('2d'));
      return Buffer.from(with_own_names(Buffer.from(canvas.getContent()).toString('utf8')));
    }
    const named = { title: Title, author: Author, subject: Subject, keywords: Keywords };
    const document = new library.PDFDocument(
      Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    );
    draw(document.beginPage(w, h));
    document.endPage();
    return document.close();
  }

  private tight_box(dpi: number, pad: number): Box {
    if (this.tight) this._tight_layout();
    const { left, right, top, bottom } = this.extent(
      new Renderer(
        canvas_library().createCanvas(1, 1).getContext('2d'),
        this._width * dpi,
        this._height * dpi,
        dpi,
        true,
      ),
    );
    const distance = pad * dpi;
    return { left: left - distance, right: right + distance, top: top - distance, bottom: bottom + distance };
  }

  /** Calculates what is drawn, so that errors in it come now. */
  draw(...none: []): void;
  draw(...args: unknown[]): void {
    PLAIN.draw.read(args);
    this._raster();
  }

  /** Width in pixels. */
  get width(): number {
    return Math.floor(this._width * this.dpi + 1e-6);
  }

  /** Height in pixels. */
  get height(): number {
    return Math.floor(this._height * this.dpi + 1e-6);
  }

  /** The picture as red, green, blue and opacity of each pixel; `SummaryWriter.add_figure` logs it. */
  data(...none: []): Uint8Array;
  data(...args: unknown[]): Uint8Array {
    PLAIN.data.read(args);
    return this._raster().data();
  }

  /** Takes the figure out of those of pyplot. */
  close(...none: []): void;
  close(...args: unknown[]): void {
    PLAIN.close.read(args);
    this._on_close?.();
  }

  /** What notebooks show. @internal */
  [Symbol.for('Jupyter.display')](): MimeBundle {
    return { 'text/plain': this.toString(), 'image/png': this._png().toString('base64') };
  }

  /** As Python prints it. */
  toString(): string {
    return `Figure(${this.width}x${this.height})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const size_of = ({ width, height }: RasterCanvas): [width: number, height: number] => [width, height];

/** Labels of shared axes are at the left and the bottom alone. */
function hide_inner_labels(rows: readonly (readonly Axes[])[], share_x: string, share_y: string): void {
  const hide = (axis: Axes['xaxis']): void => {
    axis._look.labels = false;
    axis._minor_look.labels = false;
  };
  if (share_x === 'all' || share_x === 'col')
    for (const row of rows.slice(0, -1)) for (const axes of row) hide(axes.xaxis);
  if (share_y === 'all' || share_y === 'row') for (const row of rows) for (const axes of row.slice(1)) hide(axes.yaxis);
}

/** The same file for the same figure: the library counts the names of clips and images from one file to the next. */
function with_own_names(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/\b(cl|img|gr)_(\w+)/g, (name, kind: string) => {
    const known = names.get(name) ?? `${kind}${names.size}`;
    names.set(name, known);
    return known;
  });
}
