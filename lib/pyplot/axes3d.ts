/** A plot in three dimensions. Mirrors `mpl_toolkits.mplot3d.axes3d.Axes3D`. */
import { method_signature, signature } from '../_internal/signature.js';
import { Tuple } from '../python/values.js';
import {
  type Artist,
  colors_of,
  LINE_OPTIONS,
  type Line2D,
  type LineOptions,
  type LineStyle,
  check_linestyle,
  type PathCollection,
  Text,
  TEXT_OPTIONS,
  type TextOptions,
  type View,
} from './artists.js';
import {
  type Deep,
  Line3D,
  Line3DCollection,
  Path3DCollection,
  type Point3,
  type Points3,
  Poly3DCollection,
  type Projection,
  QuadContourSet3D,
  readable_angle,
  Text3D,
} from './artists3d.js';
import {
  Axes,
  type AxisName,
  type Categories,
  CONTOUR_OPTIONS,
  type ContourOptions,
  type DataRange,
  type FigureLike,
  type GridArguments,
  type LimitsArguments,
  type ScatterOptions,
  SIGNATURES,
  type TicksArguments,
} from './axes.js';
import { Axis, default_grid } from './axis.js';
import { cmap_of, type ColormapLike, norm_of, type NormLike } from './cm.js';
import { color_of, type ColorLike, type Rgba } from './colors.js';
import type { Figure } from './figure.js';
import { parse_format } from './format_string.js';
import { marker_shape } from './markers.js';
import { type Box, type PathStep, type Renderer, type TextStyle, union } from './renderer.js';
import { rc } from './style.js';
import { flat_floats, floats, type Values } from './values.js';

/** The direction in which `z` of flat data counts. */
export type Direction = 'x' | 'y' | 'z';

/** Keyword arguments of {@link Axes3D}. */
export interface Axes3DOptions {
  /** Angle of the eye above the plane of x and y, in degrees. Default 30. */
  elev?: number;
  /** Angle of the eye around the z axis, in degrees. Default -60. */
  azim?: number;
  /** Angle of the eye around the direction in which it looks, in degrees. Default 0. */
  roll?: number;
  /** `'persp'`, the default, or `'ortho'`. */
  proj_type?: 'persp' | 'ortho';
  focal_length?: number | null;
  /** Lengths of the sides of the box. Default 4, 4 and 3. */
  box_aspect?: readonly number[] | null;
}

/** Keyword arguments of {@link Axes3D.scatter}. */
export interface Scatter3DOptions extends ScatterOptions {
  zs?: Values | number;
  zdir?: Direction;
  /** Whether points that are farther away are paler. Default true. */
  depthshade?: boolean;
}

/** Keyword arguments of {@link Axes3D.plot_surface}. */
export interface SurfaceOptions {
  rstride?: number;
  cstride?: number;
  rcount?: number;
  ccount?: number;
  color?: ColorLike | null;
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  vmin?: number | null;
  vmax?: number | null;
  /** Whether the colour depends on the angle of the light. Default: without a colour map. */
  shade?: boolean;
  alpha?: number | null;
  linewidth?: number | null;
  lw?: number | null;
  edgecolor?: ColorLike | null;
  antialiased?: boolean;
  label?: string | null;
}

/** Keyword arguments of {@link Axes3D.plot_wireframe}. */
export interface WireframeOptions {
  rstride?: number;
  cstride?: number;
  rcount?: number;
  ccount?: number;
  color?: ColorLike | null;
  linewidth?: number | null;
  lw?: number | null;
  linestyle?: LineStyle | null;
  alpha?: number | null;
  label?: string | null;
}

/** Keyword arguments of {@link Axes3D.contour} and {@link Axes3D.contourf}. */
export interface Contour3DOptions extends Omit<ContourOptions, 'origin' | 'extent'> {
  /** The axis along which heights are. Default `'z'`. */
  zdir?: Direction;
  /** Where on that axis all lines or areas are; default: each at its height. */
  offset?: number | null;
}

/** Keyword arguments of {@link Axes3D.bar3d}. */
export interface Bar3DOptions {
  /** One for all, or one for each block. */
  color?: ColorLike | readonly ColorLike[] | null;
  /** Whether the colour depends on the angle of the light. Default true. */
  shade?: boolean;
  alpha?: number | null;
  edgecolor?: ColorLike | null;
  linewidth?: number | null;
  label?: string | null;
}

type Limits3 = Record<AxisName, [number, number]>;
type Matrix = readonly (readonly number[])[];

const NAMES = ['x', 'y', 'z'] as const;
/** Where flat data are before anything was drawn. */
const empty_margin = (0.05 * 10) / 11;
/** The part of their range by which the limits go further than their margins. */
const view_margin = 1 / 48;
/** The distance of the eye from the middle of the box. */
const distance = 10;
/** Lengths of tick lines, and distances of texts, are parts of this part of the box. */
const delta_part = 0.08;
const pane_colors: Record<AxisName, Rgba> = {
  x: [0.95, 0.95, 0.95, 0.5],
  y: [0.9, 0.9, 0.9, 0.5],
  z: [0.925, 0.925, 0.925, 0.5],
};
/** Corners of the box that make up its sides: two for each axis, the lower one first. */
const planes = [
  [0, 3, 7, 4],
  [1, 2, 6, 5],
  [0, 1, 5, 4],
  [3, 2, 6, 7],
  [0, 1, 2, 3],
  [4, 5, 6, 7],
] as const;
/** Along which axes the edge with the ticks of an axis is chosen, and lies. */
const juggled = [
  [1, 0, 2],
  [0, 1, 2],
  [0, 2, 1],
] as const;
/** Along which axis the ticks of an axis point. */
const tick_direction = [1, 0, 0] as const;

const multiply = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
const cross = (a: Point3, b: Point3): Point3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Point3, b: Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Point3): Point3 => {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
};
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
/** An angle between -180 and 180 degrees. */
const plain_angle = (degrees: number): number => {
  const angle = ((degrees % 360) + 360) % 360;
  return angle > 180 ? angle - 360 : angle;
};

/** Turns a direction around an axis. */
function turned(v: Point3, axis: Point3, angle: number): Point3 {
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  const across = cross(axis, v);
  const along = dot(axis, v) * (1 - c);
  return [0, 1, 2].map((i) => v[i]! * c + across[i]! * s + axis[i]! * along) as unknown as Point3;
}

const none = (name: string): ReturnType<typeof method_signature<object>> => method_signature<object>(name);
const AXES3D = signature<Axes3DOptions & { fig: FigureLike; rect?: readonly number[] | null }>(
  'Axes3D',
  'fig: figure, rect?: float[]|None, *, elev?: float, azim?: float, roll?: float, proj_type?: str, focal_length?: float|None, box_aspect?: float[]|None',
);
const VIEW_INIT = method_signature<{ elev?: number | null; azim?: number | null; roll?: number | null }>(
  'view_init',
  'elev?: float|None, azim?: float|None, roll?: float|None',
);
const SET_PROJ_TYPE = method_signature<{ proj_type: 'persp' | 'ortho'; focal_length?: number | null }>(
  'set_proj_type',
  'proj_type: str, focal_length?: float|None',
);
const SET_BOX_ASPECT = method_signature<{ aspect: readonly number[] | null; zoom?: number }>(
  'set_box_aspect',
  'aspect: float[]|None, *, zoom?: float',
);
const PLOT = method_signature<LineOptions & { xs: Values; ys: Values; args: unknown[]; zs?: Values; zdir?: Direction }>(
  'plot',
  `xs: values, ys: values, *args: plotted, zs?: values, zdir?: str, ${LINE_OPTIONS}`,
);
const SCATTER = method_signature<Scatter3DOptions & { xs: Values; ys: Values }>(
  'scatter',
  'xs: values, ys: values, zs?: values, zdir?: str, s?: values|None, c?: color|None, depthshade?: bool, *, marker?: str|None, ' +
    'cmap?: cmap|None, norm?: norm|None, vmin?: float|None, vmax?: float|None, alpha?: float|None, linewidths/linewidth/lw?: values|None, ' +
    'edgecolors/edgecolor?: color|None, facecolors/facecolor?: color|None, color?: color|None, label?: str|float|None, zorder?: float|None',
);
const GRID_STEPS = 'rstride?: int, cstride?: int, rcount?: int, ccount?: int';
const PLOT_SURFACE = method_signature<SurfaceOptions & { X: Values; Y: Values; Z: Values }>(
  'plot_surface',
  `X: values, Y: values, Z: values, *, ${GRID_STEPS}, color?: color|None, cmap?: cmap|None, norm?: norm|None, vmin?: float|None, ` +
    'vmax?: float|None, shade?: bool, alpha?: float|None, linewidth/lw/linewidths?: float|None, edgecolor/edgecolors?: color|None, ' +
    'antialiased?: bool, label?: str|None',
);
const PLOT_WIREFRAME = method_signature<WireframeOptions & { X: Values; Y: Values; Z: Values }>(
  'plot_wireframe',
  `X: values, Y: values, Z: values, *, ${GRID_STEPS}, color/colors?: color|None, linewidth/lw/linewidths?: float|None, ` +
    'linestyle/ls/linestyles?: linestyle|None, alpha?: float|None, label?: str|None',
);
const CONTOUR3D = method_signature<Contour3DOptions & { X: Values; Y: Values; Z: Values; args: unknown[] }>(
  'contour',
  `X: values, Y: values, Z: values, *args: values, zdir?: str, offset?: float|None, ${CONTOUR_OPTIONS}`,
);
const BAR3D = method_signature<Bar3DOptions & Record<'x' | 'y' | 'z' | 'dx' | 'dy' | 'dz', Values | number>>(
  'bar3d',
  'x: values, y: values, z: values, dx: values, dy: values, dz: values, color?: color|None, *, shade?: bool, alpha?: float|None, ' +
    'edgecolor/edgecolors?: color|None, linewidth/lw/linewidths?: float|None, label?: str|None',
);
/** The faces of a block: two along each axis, the lower one of z first. */
const CUBOID = [
  [0, 2, 6, 4],
  [1, 5, 7, 3],
  [0, 4, 5, 1],
  [2, 3, 7, 6],
  [0, 1, 3, 2],
  [4, 6, 7, 5],
].map((face) => face.map((corner): Point3 => [(corner >> 2) & 1, (corner >> 1) & 1, corner & 1]));
const TEXT3D = method_signature<
  TextOptions & { x: number; y: number; z: number; s: unknown; zdir?: Direction | readonly number[] | null }
>('text', `x: float, y: float, z: float, s: any, zdir?: str|float[]|None, *, ${TEXT_OPTIONS}`);
const SET_ZLABEL = method_signature<TextOptions & { zlabel: unknown; labelpad?: number | null }>(
  'set_zlabel',
  `zlabel: str|float, fontdict?: dict|None, labelpad?: float|None, *, ${TEXT_OPTIONS.replace('fontdict?: dict|None, ', '')}`,
);
const SET_ZLIM = method_signature<LimitsArguments & { zmin?: number | null; zmax?: number | null }>(
  'set_zlim',
  'bottom/zmin?: limits|None, top/zmax?: float|None, *, auto?: bool|None',
);
const SET_ZTICKS = method_signature<TicksArguments>(
  'set_zticks',
  `ticks: values, labels?: Iterable|None, *, minor?: bool, ${TEXT_OPTIONS}`,
);
const SET_ZTICKLABELS = method_signature<TextOptions & { labels: Iterable<unknown> }>(
  'set_zticklabels',
  `labels: Iterable, *, ${TEXT_OPTIONS}`,
);
const GETTERS = {
  get_zlim: none('get_zlim'),
  get_zlabel: none('get_zlabel'),
  get_zticks: none('get_zticks'),
  get_zticklabels: none('get_zticklabels'),
  get_proj: none('get_proj'),
  invert_zaxis: none('invert_zaxis'),
};

/**
 * A plot in three dimensions, which `fig.add_subplot(111, { projection: '3d' })` adds. As in Python, `new Axes3D(fig)` is in its
 * figure only after `fig.add_axes(ax)`. Mirrors `mpl_toolkits.mplot3d.axes3d.Axes3D`.
 * @param fig - the figure
 * @param rect - left, bottom, width and height in parts of the figure; default: all of it
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const ax = plt.figure().add_subplot(111, { projection: '3d' });
 * ax.scatter([0, 1, 2], [0, 1, 4], [1, 2, 3]);
 * ax.text(1, 1, 2, 'middle', { backgroundcolor: 'wheat' });
 * ax.set_zlim(0, 4);
 * print(ax.get_zlim(), ax.elev); // (0, 4) 30
 * plt.close('all');
 * ```
 */
export class Axes3D extends Axes implements Projection {
  /** The third axis. */
  declare zaxis: Axis;
  /** Angles of the eye, in degrees. */
  elev = 30;
  azim = -60;
  roll = 0;
  private readonly initial: readonly [elev: number, azim: number, roll: number];
  private focal_length = 1;
  private sides!: Point3;
  declare private drawn: boolean;
  /** The last matrix, with the numbers from which it was made. */
  private known: { key: string; matrix: Matrix } | undefined;

  constructor(fig: Figure, ...more: [Axes3DOptions?] | [rect?: readonly number[] | null, options?: Axes3DOptions]);
  constructor(options: Axes3DOptions & { fig: Figure; rect?: readonly number[] | null });
  constructor(...args: unknown[]) {
    const {
      fig,
      rect = null,
      elev = 30,
      azim = -60,
      roll = 0,
      proj_type = 'persp',
      focal_length,
      box_aspect = null,
    } = AXES3D.read(args);
    super(fig);
    if (rect !== null && (rect.length !== 4 || !rect.every(Number.isFinite)))
      throw new Error('Axes3D(): rect must be left, bottom, width and height');
    this._rect = (rect ?? [0, 0, 1, 1]) as [number, number, number, number];
    this.initial = [elev, azim, roll];
    [this.elev, this.azim, this.roll] = this.initial;
    this.set_proj_type(proj_type, focal_length ?? null);
    this.set_box_aspect(box_aspect);
  }

  protected override reset(): void {
    super.reset();
    const changed = (): void => this._changed();
    for (const name of NAMES) {
      // All three axes take their settings from those of x, as in Python.
      const axis = new Axis('x', changed);
      axis._minpos = () => this.ranges[name].minpos;
      axis._length_in_points = () => {
        const { left, right } = this._box_in_inches();
        return 72 * (right - left);
      };
      axis._grid = default_grid();
      axis._stale = true;
      // The limits are wider than those that matplotlib chose ticks for.
      axis._step_part = 23 / 24;
      this[`${name}axis`] = axis;
    }
    this.zaxis._margin = 0;
    const range = (low: number, high: number): DataRange => ({ low, high, minpos: Number.POSITIVE_INFINITY });
    const flat = (): DataRange => range(empty_margin, 1 - empty_margin);
    this.ranges = { x: flat(), y: flat(), z: range(0, 1) };
    this.drawn = false;
  }

  protected override axis_names(): readonly AxisName[] {
    return NAMES;
  }

  protected override axis_of(which: AxisName): Axis {
    return which === 'z' ? this.zaxis : super.axis_of(which);
  }

  // ---- places ----

  /** The axes are a square in the middle of their place. @internal */
  override _box_in_inches(): Box {
    const { left, right, top, bottom } = this.place();
    const side = Math.min(right - left, bottom - top);
    const [x, y] = [left + (right - left - side) / 2, top + (bottom - top - side) / 2];
    return { left: x, right: x + side, top: y, bottom: y + side };
  }

  /** @internal */
  override _view(r: Renderer): View {
    const inches = this._box_in_inches();
    const box: Box = {
      left: inches.left * r.dpi,
      right: inches.right * r.dpi,
      top: inches.top * r.dpi,
      bottom: inches.bottom * r.dpi,
    };
    // The window through which the eye looks.
    const [from, to] = [-0.95 / distance, 0.9 / distance];
    const part = (value: number): number => (value - from) / (to - from);
    return {
      box,
      figure: { left: 0, right: r.width, top: 0, bottom: r.height },
      x: (value) => box.left + part(value) * (box.right - box.left),
      y: (value) => box.bottom - part(value) * (box.bottom - box.top),
    };
  }

  private all_limits(): Limits3 {
    return { x: this._get_limits('x'), y: this._get_limits('y'), z: this._get_limits('z') };
  }

  private matrix(): Matrix {
    const limits = this.all_limits();
    const key = [
      ...limits.x,
      ...limits.y,
      ...limits.z,
      this.elev,
      this.azim,
      this.roll,
      this.focal_length,
      ...this.sides,
    ].join();
    if (this.known?.key === key) return this.known.matrix;
    const matrix = projection_matrix(limits, this);
    this.known = { key, matrix };
    return matrix;
  }

  /** @internal */
  _project(x: number, y: number, z: number): [number, number, number] {
    const m = this.matrix();
    const row = (i: number): number => m[i]![0]! * x + m[i]![1]! * y + m[i]![2]! * z + m[i]![3]!;
    const w = row(3);
    return [row(0) / w, row(1) / w, row(2) / w];
  }

  /** What the matrix of the projection is made of. @internal */
  get _camera(): { sides: Point3; focal_length: number } {
    return { sides: this.sides, focal_length: this.focal_length };
  }

  /** The matrix by which a point `(x, y, z, 1)` becomes its place on the paper, which is divided by its last number. */
  get_proj(...none: []): number[][];
  get_proj(...args: unknown[]): number[][] {
    GETTERS.get_proj.read(args);
    return this.matrix().map((row) => [...row]);
  }

  /** Sets from where the eye looks: angles in degrees; null for those with which the axes were made. */
  view_init(
    elev?: number | null | { elev?: number | null; azim?: number | null; roll?: number | null },
    ...more: [{ azim?: number | null; roll?: number | null }?] | [azim?: number | null, roll?: number | null]
  ): void;
  view_init(...args: unknown[]): void {
    const { elev = null, azim = null, roll = null } = VIEW_INIT.read(args);
    for (const angle of [elev, azim, roll])
      if (angle !== null && !Number.isFinite(angle)) throw new Error('view_init(): angles must be finite');
    [this.elev, this.azim, this.roll] = [elev ?? this.initial[0], azim ?? this.initial[1], roll ?? this.initial[2]];
    this._changed();
  }

  /** Sets whether what is far away is smaller: `'persp'`, or `'ortho'`. */
  set_proj_type(proj_type: 'persp' | 'ortho', focal_length?: number | null | { focal_length?: number | null }): void;
  set_proj_type(...args: unknown[]): void {
    const { proj_type, focal_length = null } = SET_PROJ_TYPE.read(args);
    if (proj_type === 'persp') {
      if (focal_length !== null && !(focal_length > 0))
        throw new Error(`set_proj_type(): focal_length = ${focal_length} must be greater than 0`);
      this.focal_length = focal_length ?? 1;
    } else if (proj_type === 'ortho') {
      if (focal_length !== null && focal_length !== Number.POSITIVE_INFINITY)
        throw new Error(`set_proj_type(): focal_length = ${focal_length} must be None for proj_type = ortho`);
      this.focal_length = Number.POSITIVE_INFINITY;
    } else
      throw new Error(
        `set_proj_type(): '${String(proj_type)}' is not a valid value for proj_type; supported values are 'persp', 'ortho'`,
      );
    this._changed();
  }

  /** Sets the lengths of the sides of the box; null for 4, 4 and 3. */
  set_box_aspect(aspect: readonly number[] | null, options?: { zoom?: number }): void;
  set_box_aspect(...args: unknown[]): void {
    const { aspect, zoom = 1 } = SET_BOX_ASPECT.read(args);
    if (!(zoom > 0)) throw new Error(`set_box_aspect(): Argument zoom = ${zoom} must be > 0`);
    const sides = aspect ?? [4, 4, 3];
    if (sides.length !== 3 || !sides.every((side) => side > 0))
      throw new Error('set_box_aspect(): aspect must be three positive numbers');
    // The size of the box in the picture, as matplotlib chose it.
    const scale = (1.8294640721620434 * (25 / 24) * zoom) / Math.hypot(...sides);
    this.sides = [sides[0]! * scale, sides[1]! * scale, sides[2]! * scale];
    this._changed();
  }

  /** All collections. */
  override get collections(): Artist[] {
    return this.artists.filter((artist) => '_depth' in artist);
  }

  // ---- limits ----

  protected override scale_to_data(which: AxisName): void {
    const axis = this.axis_of(which);
    if (!axis._autoscale) return;
    const range = this.ranges[which];
    let [low, high] = axis._locator.nonsingular(range.low, range.high, { minpos: range.minpos });
    const delta = (high - low) * axis._margin;
    [low, high] = axis._locator.view_limits(low - delta, high + delta);
    const more = (high - low) * view_margin;
    const inverted = axis._limits[0] > axis._limits[1];
    [low, high] = [low - more, high + more];
    this._set_limits(which, inverted ? high : low, inverted ? low : high);
  }

  /** Takes points into the range of the data; the first replace the range of empty axes. */
  private include_points(points: Points3): void {
    for (const name of NAMES) {
      const values = points[name].filter(Number.isFinite);
      const old = this.ranges[name];
      const [low, high] = this.drawn ? [old.low, old.high] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const positive = values.filter((value) => value > 0);
      this.ranges[name] = {
        low: values.reduce((a, b) => Math.min(a, b), low),
        high: values.reduce((a, b) => Math.max(a, b), high),
        minpos: positive.reduce((a, b) => Math.min(a, b), old.minpos),
      };
      this.axis_of(name)._stale = true;
    }
    this.drawn = true;
  }

  /** Sets the limits of z: two numbers, or a pair. */
  set_zlim(
    bottom?: number | readonly number[] | null | LimitsArguments,
    top?: number | null | LimitsArguments,
    options?: LimitsArguments,
  ): Tuple<number>;
  set_zlim(...args: unknown[]): Tuple<number> {
    return this._set_lim('z', 'set_zlim', SET_ZLIM.read(args));
  }

  /** The limits of z. */
  get_zlim(...none: []): Tuple<number>;
  get_zlim(...args: unknown[]): Tuple<number> {
    GETTERS.get_zlim.read(args);
    return Tuple.from(this._get_limits('z')) as Tuple<number>;
  }

  /** Reverses the z axis. */
  invert_zaxis(...none: []): void;
  invert_zaxis(...args: unknown[]): void {
    GETTERS.invert_zaxis.read(args);
    const [a, b] = this._get_limits('z');
    this._set_limits('z', b, a);
    this._changed();
  }

  /** @internal */
  override _set_scale(_which: AxisName, value: string, callee = 'set_scale', _options = {}): void {
    if (value !== 'linear')
      throw new Error(
        `${callee}(): axes in three dimensions of torch-node/pyplot have only 'linear' scales, not '${value}'`,
      );
  }

  /** Sets where the ticks of z are, and perhaps their labels. */
  set_zticks(
    ticks: Values,
    ...more:
      | [(TextOptions & { labels?: Iterable<unknown> | null; minor?: boolean })?]
      | [labels?: Iterable<unknown> | null, options?: TextOptions & { minor?: boolean }]
  ): void;
  set_zticks(...args: unknown[]): void {
    this._set_tick_arguments('z', 'set_zticks', SET_ZTICKS.read(args));
  }

  /** Where the locator puts ticks on z, some of them outside the limits. */
  get_zticks(...none: []): number[];
  get_zticks(...args: unknown[]): number[] {
    GETTERS.get_zticks.read(args);
    this._get_limits('z');
    return this.zaxis._all_major().map(({ value }) => value);
  }

  /** Sets the labels of the ticks of z. */
  set_zticklabels(labels: Iterable<unknown>, options?: TextOptions): void;
  set_zticklabels(...args: unknown[]): void {
    const { labels, ...options } = SET_ZTICKLABELS.read(args);
    this.set_tick_labels('z', 'set_zticklabels', Array.from(labels, String), options);
  }

  /** The labels of the ticks of z. */
  get_zticklabels(...none: []): string[];
  get_zticklabels(...args: unknown[]): string[] {
    GETTERS.get_zticklabels.read(args);
    this._get_limits('z');
    return this.zaxis._all_major().map(({ label }) => label);
  }

  /** Sets the text beside the z axis. */
  set_zlabel(
    zlabel: unknown,
    ...more: [(TextOptions & { labelpad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
  ): Text;
  set_zlabel(...args: unknown[]): Text {
    const { zlabel, ...options } = SET_ZLABEL.read(args);
    return this._set_label('z', 'set_zlabel', zlabel, options);
  }

  /** The text beside the z axis. */
  get_zlabel(...none: []): string;
  get_zlabel(...args: unknown[]): string {
    GETTERS.get_zlabel.read(args);
    return this.zaxis._label.get_text();
  }

  /** Shows or hides the lines of the grid. */
  override grid(visible?: boolean | null | GridArguments, ...more: unknown[]): void;
  override grid(...args: unknown[]): void {
    const { visible = true } = SIGNATURES.grid.read(args);
    for (const name of NAMES) this.axis_of(name)._grid = visible === true ? default_grid() : null;
    this._changed();
  }

  // ---- what is drawn ----

  /** A line through points in space: `plot(xs, ys, zs)`, and then perhaps a format. */
  override plot(
    ...args: (Values | string | number | (LineOptions & { zs?: Values | number; zdir?: Direction }))[]
  ): Line2D[];
  override plot(...args: unknown[]): Line2D[] {
    const { xs, ys, args: rest, zs: by_name, zdir = 'z', ...options } = PLOT.read(args);
    const more = [...rest];
    const first = more[0] === undefined || typeof more[0] === 'string' ? undefined : more.shift();
    if (first !== undefined && by_name !== undefined)
      throw new TypeError("plot(): got multiple values for argument 'zs'");
    if (more.length > 1 || (more.length === 1 && typeof more[0] !== 'string'))
      throw new TypeError('plot(): takes x, y, z and a format string');
    const format = typeof more[0] === 'string' ? parse_format('plot', more[0]) : {};
    const points = this.points_of('plot', xs, ys, first ?? by_name ?? 0, zdir);
    const color = (options.color ?? format.color ?? this.cycle_name('lines')) as string;
    const given = Object.fromEntries(
      Object.entries(options).filter(([, value]) => value !== null && value !== undefined),
    );
    const line = this._add(new Line3D('plot', this, points, color, { ...format, ...(given as LineOptions) }));
    this.include_points(points);
    return [line];
  }

  /** The same as {@link plot}. */
  plot3D(...args: Parameters<Axes3D['plot']>): Line2D[] {
    return this.plot(...args);
  }

  private points_of(callee: string, xs: unknown, ys: unknown, zs: unknown, zdir: Direction): Points3 {
    if (!(NAMES as readonly string[]).includes(zdir))
      throw new Error(
        `${callee}(): '${String(zdir)}' is not a valid value for zdir; supported values are 'x', 'y', 'z'`,
      );
    const rows = [xs, ys, zs].map((value) => flat_floats(callee, value));
    const count = Math.max(...rows.map((row) => row.length));
    if (rows.some((row) => row.length !== 1 && row.length !== count))
      throw new Error(
        `${callee}(): shape mismatch: objects cannot be broadcast to a single shape, with ${rows.map((row) => row.length).join(', ')} elements`,
      );
    const [x, y, z] = rows.map((row) => (row.length === count ? row : new Float64Array(count).fill(row[0]!))) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    if (zdir === 'x') return { x: z, y: x, z: y };
    return zdir === 'y' ? { x, y: z, z: y } : { x, y, z };
  }

  /** Points in space, of any size and colour; those that are farther away are paler. */
  override scatter(
    xs: Categories,
    ys: Categories,
    ...more: [Scatter3DOptions?] | [zs?: Values | number | null, ...rest: unknown[]]
  ): PathCollection;
  override scatter(
    options: Scatter3DOptions & { x?: Categories; y?: Categories; xs?: Values; ys?: Values },
  ): PathCollection;
  override scatter(...args: unknown[]): PathCollection {
    const given = SCATTER.read(args);
    const { xs, ys, zs = 0, zdir = 'z', s = 20, c = null, depthshade = true, marker = null } = given;
    const {
      alpha = null,
      zorder = null,
      linewidths = null,
      edgecolors = null,
      facecolors = null,
      color = null,
    } = given;
    const points = this.points_of('scatter', xs, ys, zs, zdir);
    const count = points.x.length;
    const { array, faces } = this.point_colors(c, color ?? facecolors, count);
    const sizes = flat_floats('scatter', s ?? 20);
    if (sizes.length !== 1 && sizes.length !== count)
      throw new Error('scatter(): s must be a scalar, or float array-like with the same size as x and y');
    const shape_name = marker ?? (rc['scatter.marker'] as string);
    marker_shape('scatter', shape_name);
    const edge = color ?? edgecolors;
    const collection = new Path3DCollection(
      this,
      points,
      {
        ...{ marker: shape_name, sizes, array, faces },
        edges:
          edge === null || edge === 'face'
            ? 'face'
            : edge === 'none'
              ? 'none'
              : colors_of('scatter', 'edgecolors', edge),
        edge_width: linewidths === null ? (rc['lines.linewidth'] as number) : flat_floats('scatter', linewidths)[0]!,
      },
      cmap_of('scatter', given.cmap ?? null),
      norm_of('scatter', given.norm ?? null, given.vmin ?? null, given.vmax ?? null),
      depthshade,
    );
    collection._alpha = alpha;
    collection._zorder = zorder ?? 1;
    collection._label = given.label === null || given.label === undefined ? '' : String(given.label);
    if (array !== null) this._current_mappable = collection;
    if (count > 0) this.zaxis._margin = Math.max(this.zaxis._margin, 0.05);
    this._add(collection);
    this.include_points(points);
    return collection;
  }

  /** The same as {@link scatter}. */
  scatter3D(...args: Parameters<Axes3D['scatter']>): PathCollection {
    return this.scatter(...args);
  }

  private surface(
    callee: string,
    X: unknown,
    Y: unknown,
    Z: unknown,
  ): { rows: number; columns: number; points: Points3 } {
    const { data: z, shape } = floats(callee, Z);
    if (shape.length !== 2) throw new Error(`${callee}(): Argument Z must be 2-dimensional.`);
    const [rows, columns] = shape as [number, number];
    const grid = (value: unknown): Float64Array => {
      const { data, shape: own } = floats(callee, value);
      const [height, width] = own.length === 2 ? (own as [number, number]) : [1, own[0] ?? 1];
      if (own.length > 2 || (height !== 1 && height !== rows) || (width !== 1 && width !== columns))
        throw new Error(
          `${callee}(): shape mismatch: objects cannot be broadcast to a single shape, (${own.join(', ')}) and (${rows}, ${columns})`,
        );
      return Float64Array.from({ length: rows * columns }, (_, k) => {
        const [i, j] = [Math.floor(k / columns), k % columns];
        return data[(height === 1 ? 0 : i) * width + (width === 1 ? 0 : j)]!;
      });
    };
    return { rows, columns, points: { x: grid(X), y: grid(Y), z } };
  }

  /** A surface over a grid of points. */
  plot_surface(X: Values, Y: Values, Z: Values, options?: SurfaceOptions): Poly3DCollection;
  plot_surface(...args: unknown[]): Poly3DCollection {
    const given = PLOT_SURFACE.read(args);
    const { rows, columns, points } = this.surface('plot_surface', given.X, given.Y, given.Z);
    const [row_step, column_step] = steps_of('plot_surface', rows, columns, given, 10);
    const at = (i: number, j: number): Point3 => {
      const k = i * columns + j;
      return [points.x[k]!, points.y[k]!, points.z[k]!];
    };
    const polygons = patches_of(marks(rows, row_step), marks(columns, column_step), at);
    const { cmap = null, norm = null, vmin = null, vmax = null, color = null, shade = cmap === null } = given;
    let faces: Rgba[] | null = null;
    if (cmap === null) {
      const base = color === null ? this.next_color('lines') : color_of('plot_surface', 'color', color);
      faces = shade ? polygons.map((polygon) => shaded(base, polygon)) : [base];
    }
    const { edgecolor = null } = given;
    const collection = new Poly3DCollection(
      this,
      polygons,
      {
        faces,
        edges:
          edgecolor === null || edgecolor === 'none'
            ? 'none'
            : edgecolor === 'face'
              ? null
              : colors_of('plot_surface', 'edgecolor', edgecolor),
        width: given.linewidth ?? (rc['patch.linewidth'] as number),
      },
      cmap_of('plot_surface', cmap),
      norm_of('plot_surface', norm, vmin, vmax),
    );
    collection._alpha = given.alpha ?? null;
    collection._label = given.label ?? '';
    if (cmap !== null) this._current_mappable = collection as never;
    this._add(collection);
    this.include_points(points);
    return collection;
  }

  /** The lines of a grid of points. */
  plot_wireframe(X: Values, Y: Values, Z: Values, options?: WireframeOptions): Line3DCollection;
  plot_wireframe(...args: unknown[]): Line3DCollection {
    const given = PLOT_WIREFRAME.read(args);
    const { rows, columns, points } = this.surface('plot_wireframe', given.X, given.Y, given.Z);
    const [row_step, column_step] = steps_of('plot_wireframe', rows, columns, given, 1);
    const at = (i: number, j: number): Point3 => {
      const k = i * columns + j;
      return [points.x[k]!, points.y[k]!, points.z[k]!];
    };
    const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    const along = row_step === 0 ? [] : marks(rows, row_step).map((i) => all(columns).map((j) => at(i, j)));
    const across = column_step === 0 ? [] : marks(columns, column_step).map((j) => all(rows).map((i) => at(i, j)));
    const { color = null, linestyle = null, linewidth = null } = given;
    const collection = new Line3DCollection(this, [...along, ...across], {
      color: color === null ? this.next_color('lines') : color_of('plot_wireframe', 'color', color),
      width: linewidth ?? (rc['lines.linewidth'] as number),
      style: check_linestyle('plot_wireframe', linestyle ?? '-'),
    });
    collection._alpha = given.alpha ?? null;
    collection._label = given.label ?? '';
    this._add(collection);
    this.include_points(points);
    return collection;
  }

  /** Lines of equal height, each at its height; `zdir` is the axis along which heights are. */
  override contour(
    X: Values,
    Y: Values,
    Z: Values,
    ...more: [...levels: (Values | number)[], options: Contour3DOptions] | (Values | number)[]
  ): QuadContourSet3D;
  override contour(...args: unknown[]): QuadContourSet3D {
    return this.contours_in_space('contour', false, args);
  }

  /** Areas between heights, each in the middle of them. */
  override contourf(
    X: Values,
    Y: Values,
    Z: Values,
    ...more: [...levels: (Values | number)[], options: Contour3DOptions] | (Values | number)[]
  ): QuadContourSet3D;
  override contourf(...args: unknown[]): QuadContourSet3D {
    return this.contours_in_space('contourf', true, args);
  }

  /** The same as {@link contour}. */
  contour3D(
    X: Values,
    Y: Values,
    Z: Values,
    ...more: [...levels: (Values | number)[], options: Contour3DOptions] | (Values | number)[]
  ): QuadContourSet3D;
  contour3D(...args: unknown[]): QuadContourSet3D {
    return this.contours_in_space('contour3D', false, args);
  }

  /** The same as {@link contourf}. */
  contourf3D(
    X: Values,
    Y: Values,
    Z: Values,
    ...more: [...levels: (Values | number)[], options: Contour3DOptions] | (Values | number)[]
  ): QuadContourSet3D;
  contourf3D(...args: unknown[]): QuadContourSet3D {
    return this.contours_in_space('contourf3D', true, args);
  }

  private contours_in_space(callee: string, filled: boolean, args: readonly unknown[]): QuadContourSet3D {
    const { X, Y, Z, args: levels, zdir = 'z', offset = null, ...options } = CONTOUR3D.renamed(callee).read([...args]);
    if (!(NAMES as readonly string[]).includes(zdir))
      throw new Error(`${callee}(): '${zdir}' is not a valid value for zdir; supported values are 'x', 'y', 'z'`);
    const { rows, columns, points } = this.surface(callee, X, Y, Z);
    const grid = (name: AxisName): number[][] =>
      Array.from({ length: rows }, (_, i) => [...points[name].subarray(i * columns, (i + 1) * columns)]);
    const turned_axes = { x: ['y', 'z', 'x'], y: ['z', 'x', 'y'], z: ['x', 'y', 'z'] } as const;
    const given = [...turned_axes[zdir].map(grid), ...levels, ...(Object.keys(options).length > 0 ? [options] : [])];
    const set = this.contour_set(
      callee,
      filled,
      given,
      (...parts) => new QuadContourSet3D(this, zdir, offset, ...parts),
    );
    this._add(set);
    if (!filled) this.include_points(points);
    else {
      const middles = set.levels.slice(1).map((level, i) => set.levels[i]! + (level - set.levels[i]!) / 2);
      const ends = (name: AxisName): Float64Array => {
        const values = name === zdir ? middles : [...points[name]].filter(Number.isFinite);
        return Float64Array.of(Math.min(...values), Math.max(...values));
      };
      this.include_points({ x: ends('x'), y: ends('y'), z: ends('z') });
    }
    return set;
  }

  /** Blocks: a corner, and the lengths of the sides. */
  bar3d(
    x: Values | number,
    y: Values | number,
    z: Values | number,
    dx: Values | number,
    dy: Values | number,
    dz: Values | number,
    ...more: [Bar3DOptions?] | [color?: ColorLike | readonly ColorLike[] | null, options?: Bar3DOptions]
  ): Poly3DCollection;
  bar3d(...args: unknown[]): Poly3DCollection {
    const { color = null, shade = true, alpha = null, edgecolor = null, ...given } = BAR3D.read(args);
    const names = ['x', 'y', 'z', 'dx', 'dy', 'dz'] as const;
    const rows = names.map((name) => flat_floats('bar3d', given[name]));
    const count = Math.max(...rows.map((row) => row.length));
    if (rows.some((row) => row.length !== 1 && row.length !== count))
      throw new Error(
        `bar3d(): shape mismatch: objects cannot be broadcast to a single shape, of lengths ${rows.map((row) => row.length).join(', ')}`,
      );
    const at = (row: Float64Array, i: number): number => row[row.length === 1 ? 0 : i]!;
    const polygons = Array.from({ length: count }, (_, i) =>
      CUBOID.map((face) =>
        face.map((corner) => corner.map((end, k) => at(rows[k]!, i) + end * at(rows[k + 3]!, i)) as unknown as Point3),
      ),
    ).flat();
    const colors = color === null ? [this.next_color('patches')] : colors_of('bar3d', 'color', color);
    const own = (i: number): Rgba =>
      colors.length === count ? colors[Math.floor(i / 6)]! : colors[i % colors.length]!;
    const collection = new Poly3DCollection(
      this,
      polygons,
      {
        faces: polygons.map((polygon, i) => (shade ? shaded(own(i), polygon) : own(i))),
        edges: edgecolor === null ? 'none' : colors_of('bar3d', 'edgecolor', edgecolor),
        width: given.linewidth ?? (rc['patch.linewidth'] as number),
      },
      cmap_of('bar3d', null),
      norm_of('bar3d', null, null, null),
    );
    collection._alpha = alpha;
    collection._label = given.label ?? '';
    this._add(collection);
    const ends = (k: number): Float64Array => {
      const [low, high] = [0, 1].map((end) =>
        Array.from({ length: count }, (_, i) => at(rows[k]!, i) + end * at(rows[k + 3]!, i)),
      );
      return Float64Array.of(Math.min(...low!), Math.max(...high!));
    };
    this.include_points({ x: ends(0), y: ends(1), z: ends(2) });
    return collection;
  }

  /** A text at a place in space. `zdir` is the axis, or the direction, along which it is written; null for that of the paper. */
  override text(
    x: number,
    y: number,
    z: unknown,
    s?: unknown,
    ...more: [(TextOptions | undefined)?] | [zdir?: Direction | readonly number[] | null, options?: TextOptions]
  ): Text;
  override text(options: TextOptions & { x: number; y: number; z?: number; s: unknown }): Text;
  override text(...args: unknown[]): Text {
    const { x, y, z, s, zdir = null, ...options } = TEXT3D.read(args);
    let direction: Point3 | null = null;
    if (typeof zdir === 'string') {
      if (!(NAMES as readonly string[]).includes(zdir))
        throw new Error(`text(): '${zdir}' is not a valid value for zdir; supported values are 'x', 'y', 'z'`);
      direction = NAMES.map((name) => Number(name === zdir)) as unknown as Point3;
    } else if (zdir !== null) {
      if (zdir.length !== 3) throw new Error('text(): zdir must be an axis or three numbers');
      direction = zdir as Point3;
    }
    return this._add(new Text3D(this, [x, y, z], s, direction, options));
  }

  /** A text on the paper, with `transform: ax.transAxes` in parts of the axes. */
  text2D(x: number, y: number, s: unknown, fontdict?: TextOptions | null, options?: TextOptions): Text;
  text2D(x: number, y: number, s: unknown, options?: TextOptions): Text;
  text2D(...args: unknown[]): Text {
    const { x, y, s, ...options } = SIGNATURES.text.renamed('text2D').read(args);
    return this._add(new Text('text2D', this.coordinate('x', x), this.coordinate('y', y), s, options));
  }

  // ---- drawing ----

  /** The corners of the box on the paper, and on which side of it each of the three panes is. */
  private box_of_data(): { low: Point3; high: Point3; corners: [number, number, number][]; highs: boolean[] } {
    const limits = this.all_limits();
    const low = NAMES.map((name) => Math.min(...limits[name])) as unknown as Point3;
    const high = NAMES.map((name) => Math.max(...limits[name])) as unknown as Point3;
    const ends = [low, high] as const;
    const corner = (x: 0 | 1, y: 0 | 1, z: 0 | 1): [number, number, number] =>
      this._project(ends[x][0], ends[y][1], ends[z][2]);
    const corners = ([0, 1] as const).flatMap((z) => [
      corner(0, 0, z),
      corner(1, 0, z),
      corner(1, 1, z),
      corner(0, 1, z),
    ]);
    const mean = (plane: readonly number[]): number => plane.reduce((sum, i) => sum + corners[i]![2], 0) / plane.length;
    const pairs = [0, 1, 2].map((i) => [mean(planes[2 * i]!), mean(planes[2 * i + 1]!)] as const);
    let highs = pairs.map(([a, b]) => a < b);
    // Seen edge on, two pairs of panes are equally far away.
    const equal = pairs.map(([a, b]) => Math.abs(a - b) <= Number.EPSILON);
    if (equal.filter(Boolean).length === 2) {
      const vertical = equal.indexOf(false);
      if (vertical === 2) highs = [true, true, highs[2]!];
      else highs = vertical === 1 ? [true, highs[1]!, false] : [highs[0]!, false, false];
    }
    return { low, high, corners, highs };
  }

  /** Where the line, the ticks and the texts of an axis are, in coordinates of the data. @internal */
  _axis_layout(index: 0 | 1 | 2): AxisLayout {
    const { low, high, highs } = this.box_of_data();
    const { left, right, top, bottom } = this._box_in_inches();
    const center = low.map((value, i) => (value + high[i]!) / 2);
    const deltas = low.map((value, i) => (high[i]! - value) * delta_part);
    const per_point = 48 / (72 * (right - left + (bottom - top)));
    const near = low.map((_, i) => (highs[i]! ? high : low)[i]!);
    const far = low.map((_, i) => (highs[i]! ? low : high)[i]!);
    const [first, along] = juggled[index];
    const from = [...near];
    from[first] = far[first]!;
    const to = [...from];
    to[along] = far[along]!;
    const away = (place: readonly number[], points: number): Point3 =>
      place.map((value, i) => {
        if (i === index) return value;
        const sign = value - center[i]! < 0 || Object.is(value - center[i]!, -0) ? -1 : 1;
        return value + sign * points * per_point * deltas[i]!;
      }) as unknown as Point3;
    const axis = this.axis_of(NAMES[index]);
    const direction = tick_direction[index];
    const tick_delta = (highs[direction]! ? 1 : -1) * deltas[direction]!;
    const { major, offset } = axis._ticks();
    const ticks = major.map(({ value, label }) => {
      const at = [...from];
      at[index] = value;
      const moved = (part: number): Point3 =>
        at.map((each, i) => (i === direction ? each + part * tick_delta : each)) as unknown as Point3;
      return { value, label, outer: moved(0.1), inner: moved(-0.2), text: away(at, axis._look.pad + 8) };
    });
    const label_distance = axis._label_pad + 21;
    return {
      ...{ from: from as unknown as Point3, to: to as unknown as Point3, ticks, offset, highs },
      label: away(
        from.map((value, i) => (value + to[i]!) / 2),
        label_distance,
      ),
      offset_at: away(index === 2 ? to : from, label_distance),
      center: center as unknown as Point3,
      near: near as unknown as Point3,
      far: far as unknown as Point3,
    };
  }

  private texts_of_axis(index: 0 | 1 | 2, view: View): { text: string; x: number; y: number; style: TextStyle }[] {
    const axis = this.axis_of(NAMES[index]);
    const layout = this._axis_layout(index);
    const place = (point: Point3): [number, number] => {
      const [x, y] = this._project(...point);
      return [view.x(x), view.y(y)];
    };
    const texts: { text: string; x: number; y: number; style: TextStyle }[] = [];
    const style: TextStyle = {
      size: axis._look.label_size,
      color: color_of('tick', 'labelcolor', axis._look.label_color),
      ha: axis._look.label_ha ?? 'center',
      va: 'top',
      rotation: axis._look.label_rotation,
    };
    if (axis._look.labels)
      for (const { label, text } of layout.ticks) {
        const [x, y] = place(text);
        if (label !== '') texts.push({ text: label, x, y, style });
      }
    const [[x0, y0], [x1, y1]] = [place(layout.from), place(layout.to)];
    const angle = readable_angle((Math.atan2(y0 - y1, x1 - x0) * 180) / Math.PI);
    if (layout.offset !== '') {
      const [x, y] = place(layout.offset_at);
      const ha = offset_alignment(index, layout, (point) => this._project(...point));
      texts.push({
        text: layout.offset,
        x,
        y,
        style: { ...style, ha, va: 'center', rotation: angle, rotation_mode: 'anchor' },
      });
    }
    const text = axis._label.get_text();
    if (text !== '' && axis._label.get_visible()) {
      const [x, y] = place(layout.label);
      // Short labels are upright.
      const rotation = text.length > 4 ? angle : 0;
      const own = axis._label._style();
      texts.push({ text, x, y, style: { ...own, ha: 'center', va: 'center', rotation, rotation_mode: 'anchor' } });
    }
    return texts;
  }

  private draw_panes(r: Renderer, view: View): void {
    const { corners, highs } = this.box_of_data();
    NAMES.forEach((name, i) => {
      const plane = planes[2 * i + (highs[i]! ? 1 : 0)]!;
      const steps = plane.map(
        (k, j): PathStep => [j === 0 ? 'M' : 'L', view.x(corners[k]![0]), view.y(corners[k]![1])],
      );
      const color = pane_colors[name];
      r.path([...steps, ['Z']], color, { color, width: r.px(1), join: 'miter' });
    });
  }

  private draw_grid_lines(r: Renderer, view: View): void {
    NAMES.forEach((name, index) => {
      const grid = this.axis_of(name)._grid;
      if (grid === null) return;
      const { ticks, near, far } = this._axis_layout(index as 0 | 1 | 2);
      const stroke = stroke_of_grid(r, grid);
      for (const { value } of ticks) {
        const middle = near.map((each, i) => (i === index ? value : each));
        const end = (axis: number): number[] => middle.map((each, i) => (i === axis ? far[i]! : each));
        const points = [end((index + 1) % 3), middle, end((index + 2) % 3)].map((point) =>
          this._project(...(point as unknown as Point3)),
        );
        r.polyline(
          points.map(([x]) => view.x(x)),
          points.map(([, y]) => view.y(y)),
          stroke,
        );
      }
    });
  }

  private draw_axis(r: Renderer, view: View, index: 0 | 1 | 2): void {
    const axis = this.axis_of(NAMES[index]);
    if (!axis._visible) return;
    const { from, to, ticks } = this._axis_layout(index);
    const line = (a: Point3, b: Point3, color: Rgba, width: number): void => {
      const [[x0, y0], [x1, y1]] = [this._project(...a), this._project(...b)];
      r.polyline([view.x(x0), view.x(x1)], [view.y(y0), view.y(y1)], { color, width: r.px(width), cap: 'square' });
    };
    line(from, to, color_of('draw', 'color', rc['axes.edgecolor']), rc['axes.linewidth'] as number);
    const color = color_of('tick', 'color', axis._look.color);
    if (axis._look.ticks) for (const { outer, inner } of ticks) line(outer, inner, color, axis._look.width);
    for (const { text, x, y, style } of this.texts_of_axis(index, view)) r.text(text, x, y, style);
  }

  protected override title_place(r: Renderer, view: View, at: 'left' | 'center' | 'right'): [number, number] {
    const { left, right, top, bottom } = view.box;
    const x = at === 'left' ? left : at === 'right' ? right : (left + right) / 2;
    return [x, bottom - 0.92 * (bottom - top) - r.px(this.title_pad)];
  }

  /** @internal */
  override _extent(r: Renderer): Box | undefined {
    if (!this._visible) return undefined;
    const view = this._view(r);
    const boxes: (Box | undefined)[] = [view.box, ...this.title_boxes(r, view), this.legend_?._extent(r, view)];
    if (!this.off)
      for (const index of [0, 1, 2] as const)
        for (const { text, x, y, style } of this.texts_of_axis(index, view)) {
          const { box } = r.layout(text, style);
          boxes.push({ left: x + box.left, right: x + box.right, top: y + box.top, bottom: y + box.bottom });
        }
    for (const artist of this.artists)
      if (artist._visible && artist instanceof Text) boxes.push(artist._extent(r, view));
    return union(boxes);
  }

  /** @internal */
  override _draw(r: Renderer, transparent = false): void {
    if (!this._visible) return;
    const view = this._view(r);
    if (!this.off && !transparent) {
      const { left, right, top, bottom } = view.box;
      r.path(
        [['M', left, top], ['L', right, top], ['L', right, bottom], ['L', left, bottom], ['Z']],
        color_of('draw', 'facecolor', this.facecolor),
        null,
      );
    }
    if (!this.off) {
      this.draw_panes(r, view);
      this.draw_grid_lines(r, view);
      for (const index of [0, 1, 2] as const) this.draw_axis(r, view, index);
    }
    const is_deep = (artist: Artist): artist is Artist & Deep => '_depth' in artist;
    const visible = this.artists.filter((artist) => artist._visible);
    // What is farther away is drawn first, all of it after lines and before texts.
    const order = new Map(
      visible
        .filter(is_deep)
        .map((artist) => ({ artist, depth: artist._depth() }))
        .sort((a, b) => b.depth - a.depth)
        .map(({ artist }, i) => [artist as Artist, 2.5 + i]),
    );
    const level = (artist: Artist): number => order.get(artist) ?? artist._zorder;
    for (const artist of [...visible].sort((a, b) => level(a) - level(b)))
      r.clipped(artist._clipped && !is_deep(artist) ? view.box : undefined, () => artist._draw(r, view));
    for (const at of ['left', 'center', 'right'] as const) {
      const title = this.titles[at];
      if (title.get_text() === '' || !title.get_visible()) continue;
      const [x, y] = this.title_place(r, view, at);
      r.text(title.get_text(), x, y, title._style());
    }
    if (this.legend_?._visible === true) this.legend_._draw(r, view);
  }
}

/** Where what belongs to an axis is. */
interface AxisLayout {
  readonly from: Point3;
  readonly to: Point3;
  readonly ticks: readonly {
    readonly value: number;
    readonly label: string;
    readonly outer: Point3;
    readonly inner: Point3;
    readonly text: Point3;
  }[];
  readonly offset: string;
  readonly highs: readonly boolean[];
  readonly label: Point3;
  readonly offset_at: Point3;
  readonly center: Point3;
  readonly near: Point3;
  readonly far: Point3;
}

/** On which side of its place the text at the end of an axis is, by the cases that matplotlib distinguishes. */
function offset_alignment(
  index: 0 | 1 | 2,
  { center, from, to, highs }: AxisLayout,
  project: (point: Point3) => [number, number, number],
): 'left' | 'right' {
  const middle = project(center);
  const outer = project(index === 2 ? to : from);
  const even = highs.filter(Boolean).length % 2 === 0;
  const before = middle[index] <= outer[index];
  if (middle[tick_direction[index]] > outer[tick_direction[index]]) {
    if (!before || !even) return 'left';
    return !highs[0]! && highs[1]! && highs[2]! && index > 0 ? 'left' : 'right';
  }
  return before || !even || index === 2 ? 'right' : 'left';
}

const stroke_of_grid = (
  r: Renderer,
  grid: { color: ColorLike; width: number; alpha: number },
): Parameters<Renderer['polyline']>[2] => ({
  color: color_of('grid', 'color', grid.color, grid.alpha),
  width: r.px(grid.width),
});

/** The matrix that puts data in a box with the given sides, and the box before the eye. */
function projection_matrix(
  limits: Limits3,
  { elev, azim, roll, _camera: { sides, focal_length } }: Pick<Axes3D, 'elev' | 'azim' | 'roll' | '_camera'>,
): Matrix {
  const world = NAMES.map((name, i) => {
    const [low, high] = limits[name];
    const size = (high - low) / sides[i]!;
    return [0, 1, 2, 3].map((j) => (j === i ? 1 / size : j === 3 ? -low / size : 0));
  });
  world.push([0, 0, 0, 1]);
  const middle: Point3 = [sides[0] / 2, sides[1] / 2, sides[2] / 2];
  const [e, a] = [radians(elev), radians(azim)];
  const direction: Point3 = [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)];
  const up: Point3 = [0, 0, Math.abs(radians(plain_angle(elev))) > Math.PI / 2 ? -1 : 1];
  const w = unit(direction);
  let u = unit(cross(up, w));
  let v = cross(w, u);
  if (roll !== 0) {
    const angle = -radians(plain_angle(roll));
    [u, v] = [turned(u, w, angle), turned(v, w, angle)];
  }
  const flat = !Number.isFinite(focal_length);
  const reach = distance * (flat ? 1 : focal_length);
  const eye = middle.map((value, i) => value + reach * direction[i]!) as unknown as Point3;
  const view = [u, v, w].map((row) => [...row, -dot(row, eye)]);
  view.push([0, 0, 0, 1]);
  const lens = flat
    ? [
        [2, 0, 0, 0],
        [0, 2, 0, 0],
        [0, 0, -2, 0],
        [0, 0, 0, 2 * distance],
      ]
    : [
        [focal_length, 0, 0, 0],
        [0, focal_length, 0, 0],
        [0, 0, 0, -distance],
        [0, 0, -1, 0],
      ];
  return multiply(lens, multiply(view, world));
}

/** How many rows and columns of a grid one polygon or line covers. */
function steps_of(
  callee: string,
  rows: number,
  columns: number,
  given: { rstride?: number; cstride?: number; rcount?: number; ccount?: number },
  other: number,
): [number, number] {
  const has_stride = given.rstride !== undefined || given.cstride !== undefined;
  if (has_stride && (given.rcount !== undefined || given.ccount !== undefined))
    throw new Error(`${callee}(): Cannot specify both stride and count arguments`);
  const { rcount = 50, ccount = 50 } = given;
  const step = (count: number, wanted: number): number => (wanted === 0 ? 0 : Math.max(Math.ceil(count / wanted), 1));
  const steps: [number, number] = has_stride
    ? [given.rstride ?? other, given.cstride ?? other]
    : [step(rows, rcount), step(columns, ccount)];
  if (steps.some((each) => each < 0) || (other === 10 && steps.includes(0)))
    throw new Error(`${callee}(): strides and counts must be positive`);
  if (steps[0] === 0 && steps[1] === 0) throw new Error(`${callee}(): Either rstride or cstride must be non zero`);
  return steps;
}

/** Every so many indices, and the last one. */
function marks(count: number, step: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < count - 1; i += step) found.push(i);
  return [...found, count - 1];
}

/** The outlines of the parts of a grid; points that are not finite are left out. */
function patches_of(
  rows: readonly number[],
  columns: readonly number[],
  at: (i: number, j: number) => Point3,
): Point3[][] {
  const polygons: Point3[][] = [];
  for (let a = 0; a + 1 < rows.length; a++) {
    for (let b = 0; b + 1 < columns.length; b++) {
      const [top, bottom, left, right] = [rows[a]!, rows[a + 1]!, columns[b]!, columns[b + 1]!];
      const outline: Point3[] = [];
      for (let j = left; j < right; j++) outline.push(at(top, j));
      for (let i = top; i < bottom; i++) outline.push(at(i, right));
      for (let j = right; j > left; j--) outline.push(at(bottom, j));
      for (let i = bottom; i > top; i--) outline.push(at(i, left));
      const finite = outline.filter((point) => point.every(Number.isFinite));
      if (finite.length > 0) polygons.push(finite);
    }
  }
  return polygons;
}

const light: Point3 = (() => {
  const [azimuth, altitude] = [radians(90 - 225), radians(19.4712)];
  return [Math.cos(azimuth) * Math.cos(altitude), Math.sin(azimuth) * Math.cos(altitude), Math.sin(altitude)];
})();

/** A colour as a surface has it under a light from the left. */
function shaded(color: Rgba, polygon: readonly Point3[]): Rgba {
  const count = polygon.length;
  const [a, b, c] = [polygon[0]!, polygon[Math.floor(count / 3)]!, polygon[Math.floor((2 * count) / 3)]!];
  const minus = (p: Point3, q: Point3): Point3 => [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
  const angle = dot(unit(cross(minus(a, b), minus(b, c))), light);
  const part = 0.3 + (0.7 * ((Number.isNaN(angle) ? 0 : angle) + 1)) / 2;
  return [color[0] * part, color[1] * part, color[2] * part, color[3]];
}

/** Methods of flat axes that have no meaning here, each with an error that says so. */
for (const name of [
  ...[
    'semilogx',
    'semilogy',
    'loglog',
    'step',
    'axhline',
    'axvline',
    'axhspan',
    'axvspan',
    'hlines',
    'vlines',
    'errorbar',
  ],
  ...['bar', 'barh', 'hist', 'fill_between', 'fill', 'imshow', 'matshow', 'annotate'],
] as const) {
  Object.defineProperty(Axes3D.prototype, name, {
    configurable: true,
    writable: true,
    value: (): never => {
      throw new Error(`${name}(): axes in three dimensions of torch-node/pyplot have no ${name}`);
    },
  });
}
