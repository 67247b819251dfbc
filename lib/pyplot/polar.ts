/** Axes of angles and radii. Mirrors `matplotlib.projections.polar.PolarAxes`. */
import { method_signature } from '../_internal/signature.js';
import { Tuple } from '../python/values.js';
import { stroke_of, TEXT_OPTIONS, type TextOptions, type View } from './artists.js';
import { Axes, type AxisName, type FigureLike, type TicksArguments } from './axes.js';
import { type Axis, default_grid, type Tick } from './axis.js';
import { arc } from './charts.js';
import { color_of } from './colors.js';
import { type Box, type PathStep, type Renderer, type TextStyle, union } from './renderer.js';
import type { ScaleOptions } from './scales.js';
import { rc } from './style.js';
import {
  AutoLocator,
  type Formatter,
  type Locator,
  LogLocator,
  MaxNLocator,
  nonsingular,
  type TickAxis,
} from './ticker.js';
import { FormatStrFormatter } from './tickers.js';
import { flat_floats, type Values } from './values.js';

const DEGREE = Math.PI / 180;
const is_full = (low: number, high: number): boolean => Math.abs(Math.abs(high - low) - 2 * Math.PI) < 1.74e-14;

/** Every 45 degrees of a whole circle; steps of 1, 1.5, 3, 4.5 and 9 on a part of one. */
class ThetaLocator implements Locator {
  private readonly base = new MaxNLocator('auto', [1, 1.5, 3, 4.5, 9, 10]);

  tick_values(axis: TickAxis): number[] {
    const { low, high } = axis;
    if (is_full(low, high)) return Array.from({ length: 8 }, (_, i) => low + (i * 2 * Math.PI) / 8);
    return this.base
      .tick_values({ ...axis, low: low / DEGREE, high: high / DEGREE })
      .map((degrees) => degrees * DEGREE);
  }

  nonsingular(low: number, high: number): [number, number] {
    return nonsingular(low, high, 0.05);
  }

  view_limits(low: number, high: number): [number, number] {
    return [low, high];
  }
}

class ThetaFormatter implements Formatter {
  format(locations: readonly number[], { low, high }: TickAxis): { labels: string[]; offset: string } {
    const digits = Math.max(-Math.trunc(Math.log10((high - low) / DEGREE) - 1.5), 0);
    return { labels: locations.map((x) => `${(x / DEGREE).toFixed(digits)}°`), offset: '' };
  }
}

/** The ticks of another locator, without those in the middle of the circle; limits that begin at the middle. */
class RadialLocator implements Locator {
  constructor(
    readonly base: Locator,
    private readonly axes: PolarAxes,
  ) {}

  tick_values(axis: TickAxis): number[] {
    const ticks = this.base.tick_values(axis);
    const origin = this.axes.get_rorigin();
    const [low] = this.axes._get_limits('y');
    return is_full(...this.axes._get_limits('x')) && low <= origin ? ticks.filter((tick) => tick > origin) : ticks;
  }

  nonsingular(low: number, high: number, axis: Pick<TickAxis, 'minpos'>): [number, number] {
    const empty = low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;
    if (empty && !(this.base instanceof LogLocator)) return [0, 1];
    return this.base.nonsingular(low, high, axis);
  }

  view_limits(low: number, high: number): [number, number] {
    const [from, to] = this.base.view_limits(low, high);
    return nonsingular(to > from && !(this.base instanceof LogLocator) ? Math.min(0, from) : from, to);
  }
}

const THETA_TEXT = TEXT_OPTIONS;
/** The options of {@link PolarAxes.set_thetagrids}. */
export interface ThetagridOptions extends TextOptions {
  labels?: Iterable<unknown> | null;
  /** A format of Python's `%` for angles in radians. */
  fmt?: string | null;
}
/** The options of {@link PolarAxes.set_rgrids}. */
export interface RgridOptions extends TextOptions {
  labels?: Iterable<unknown> | null;
  /** Where the labels are, in degrees. */
  angle?: number | null;
  /** A format of Python's `%`. */
  fmt?: string | null;
}
/** How `set_rgrids` and `set_thetagrids` read their calls, after the first argument. */
export const GRIDS = {
  rgrids: `labels?: Iterable|None, angle?: float|None, fmt?: str|None, *, ${THETA_TEXT}`,
  thetagrids: `labels?: Iterable|None, fmt?: str|None, *, ${THETA_TEXT}`,
} as const;

type Location = 'N' | 'NW' | 'W' | 'SW' | 'S' | 'SE' | 'E' | 'NE';
const LOCATIONS: Readonly<Record<string, number>> = {
  ...{ N: 0.5, NW: 0.75, W: 1, SW: 1.25, S: 1.5, SE: 1.75, E: 0, NE: 0.25 },
};
const none = (name: string): ReturnType<typeof method_signature<object>> => method_signature<object>(name);
const SIG = {
  set_thetagrids: method_signature<ThetagridOptions & { angles: Values }>(
    'set_thetagrids',
    `angles: values, ${GRIDS.thetagrids}`,
  ),
  set_rgrids: method_signature<RgridOptions & { radii: Values }>('set_rgrids', `radii: values, ${GRIDS.rgrids}`),
  set_rticks: method_signature<TicksArguments>(
    'set_rticks',
    `ticks: values, labels?: Iterable|None, *, minor?: bool, ${TEXT_OPTIONS}`,
  ),
  set_theta_zero_location: method_signature<{ loc: string; offset?: number }>(
    'set_theta_zero_location',
    'loc: str, offset?: float',
  ),
  set_theta_offset: method_signature<{ offset: number }>('set_theta_offset', 'offset: float'),
  set_theta_direction: method_signature<{ direction: string | number }>('set_theta_direction', 'direction: str|int'),
  set_thetamin: method_signature<{ thetamin: number }>('set_thetamin', 'thetamin: float'),
  set_thetamax: method_signature<{ thetamax: number }>('set_thetamax', 'thetamax: float'),
  set_thetalim: method_signature<{ left?: number | null; right?: number | null; thetamin?: number; thetamax?: number }>(
    'set_thetalim',
    'left?: float|None, right?: float|None, *, thetamin?: float, thetamax?: float',
  ),
  set_rmin: method_signature<{ rmin: number }>('set_rmin', 'rmin: float'),
  set_rmax: method_signature<{ rmax: number }>('set_rmax', 'rmax: float'),
  set_rorigin: method_signature<{ rorigin: number | null }>('set_rorigin', 'rorigin: float|None'),
  set_rlim: method_signature<{ bottom?: number | null; top?: number | null; auto?: boolean }>(
    'set_rlim',
    'bottom/rmin?: float|None, top/rmax?: float|None, *, auto?: bool',
  ),
  set_rlabel_position: method_signature<{ value: number }>('set_rlabel_position', 'value: float'),
  set_rscale: method_signature<{ value: string }>('set_rscale', 'value: str'),
} as const;
const GETTERS = {
  get_theta_offset: none('get_theta_offset'),
  get_theta_direction: none('get_theta_direction'),
  get_thetamin: none('get_thetamin'),
  get_thetamax: none('get_thetamax'),
  get_rmin: none('get_rmin'),
  get_rmax: none('get_rmax'),
  get_rorigin: none('get_rorigin'),
  get_rlabel_position: none('get_rlabel_position'),
};

/** Where a circle or a part of one is, in pixels: angles as they are drawn, against the clock. */
interface Disk {
  readonly center: readonly [number, number];
  readonly inner: number;
  readonly outer: number;
  readonly from: number;
  readonly to: number;
  readonly full: boolean;
}

/**
 * Axes of angles and radii: x is an angle in radians, y a radius. Mirrors `matplotlib.projections.polar.PolarAxes`; `quiver`, `imshow` and
 * ticks on the edge are not there.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const ax = plt.figure().add_subplot(111, { projection: 'polar' });
 * ax.plot([0, 1, 2], [1, 2, 3]);
 * ax.set_rticks([1, 2, 3]);
 * ax.set_theta_zero_location('N');
 * print(ax.get_rmax(), ax.get_yticks()); // 3.1 [1, 2, 3]
 * plt.close('all');
 * ```
 */
export class PolarAxes extends Axes {
  declare private offset: number;
  declare private direction: 1 | -1;
  declare private origin: number | null;
  declare private label_angle: number;

  /** @internal */
  constructor(figure: FigureLike) {
    super(figure);
    this.label_angle = 22.5;
  }

  protected override reset(): void {
    super.reset();
    [this.offset, this.direction, this.origin] = [0, 1, null];
    this.xaxis._locator = new ThetaLocator();
    this.xaxis._formatter = new ThetaFormatter();
    this.xaxis._limits = [0, 2 * Math.PI];
    this.xaxis._autoscale = false;
    this.yaxis._locator = new RadialLocator(new AutoLocator(), this);
    if (rc['polaraxes.grid'] === true) [this.xaxis._grid, this.yaxis._grid] = [default_grid(), default_grid()];
    for (const axis of [this.xaxis, this.yaxis]) axis._look.ticks = false;
  }

  // ---- limits ----

  protected override scale_to_data(which: AxisName): void {
    if (which === 'x') return;
    // A tick that is set keeps the limits of the middle, as its locator does in Python.
    const axis = this.yaxis;
    if (!(axis._locator instanceof RadialLocator)) axis._locator = new RadialLocator(axis._locator, this);
    super.scale_to_data(which);
  }

  protected override sticky_places(which: AxisName): number[] {
    return which === 'y' ? [...super.sticky_places(which), 0] : super.sticky_places(which);
  }

  /** @internal */
  override _set_scale(which: AxisName, value: string, callee = 'set_scale', options: ScaleOptions = {}): void {
    if (which === 'x') {
      if (value === 'linear') return;
      throw new Error(`${callee}(): The xscale cannot be set on a polar plot`);
    }
    if (value === 'logit') throw new Error(`${callee}(): Polar axis cannot be logit scaled yet`);
    super._set_scale(which, value, callee, options);
    this.yaxis._locator = new RadialLocator(this.yaxis._locator, this);
  }

  // ---- places ----

  /** The axes are a square in the middle of their place. @internal */
  override _box_in_inches(): Box {
    const { left, right, top, bottom } = this.place();
    const side = Math.min(right - left, bottom - top);
    const [x, y] = [left + (right - left - side) / 2, top + (bottom - top - side) / 2];
    return { left: x, right: x + side, top: y, bottom: y + side };
  }

  /** The radius of a number, in parts of the outer one. */
  private radius(value: number): number {
    const { yaxis } = this;
    const [low, high] = this._get_limits('y');
    const origin = yaxis._transform(this.origin ?? low);
    const part = (yaxis._transform(value) - origin) / (yaxis._transform(high) - origin);
    return part >= -1e-12 ? Math.max(0, part) : Number.NaN;
  }

  /** An angle as it is drawn. */
  private angle(theta: number): number {
    return theta * this.direction + this.offset;
  }

  /** The circle, or the part of one, with which the axes are filled. */
  private disk(box: Box): Disk {
    const [a, b] = this._get_limits('x').map((theta) => this.angle(theta)) as [number, number];
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const full = is_full(from, to);
    const inner = Math.max(0, this.radius(this._get_limits('y')[0]) || 0);
    // What the outline is drawn with, its middle too, is made to fit, as in Python.
    const { start, curves } = arc(from / DEGREE, to / DEGREE);
    const unit = [start, ...curves.flat()];
    const points = [[0, 0] as const, ...[1, inner].flatMap((r) => unit.map(([x, y]) => [r * x, r * y] as const))];
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const ends = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
    const [[x0, x1], [y0, y1]] = full ? [[-1, 1] as const, [-1, 1] as const] : [ends(xs), ends(ys)];
    // What is around the part is made a square.
    const side = Math.max(x1 - x0, y1 - y0);
    const scale = (box.right - box.left) / side;
    const [left, top] = [(x0 + x1 - side) / 2, (y0 + y1 + side) / 2];
    return {
      center: [box.left - left * scale, box.top + top * scale],
      ...{ inner: inner * scale, outer: scale, from, to, full },
    };
  }

  /** @internal */
  override _view(r: Renderer): View {
    const inches = this._box_in_inches();
    const box: Box = {
      ...{ left: inches.left * r.dpi, right: inches.right * r.dpi },
      ...{ top: inches.top * r.dpi, bottom: inches.bottom * r.dpi },
    };
    const { center, outer } = this.disk(box);
    return {
      box,
      figure: { left: 0, right: r.width, top: 0, bottom: r.height },
      x: () => Number.NaN,
      y: () => Number.NaN,
      point: (theta, value) => {
        const [angle, radius] = [this.angle(theta), this.radius(value) * outer];
        return [center[0] + radius * Math.cos(angle), center[1] - radius * Math.sin(angle)];
      },
      limits: { x: this._get_limits('x'), y: this._get_limits('y') },
    };
  }

  // ---- drawing ----

  private arc(disk: Disk, radius: number, backwards = false): [number, number][] {
    const { center, from, to } = disk;
    const count = Math.max(2, Math.ceil((to - from) / DEGREE));
    const points = Array.from({ length: count + 1 }, (_, i): [number, number] => {
      const angle = from + ((to - from) * i) / count;
      return [center[0] + radius * Math.cos(angle), center[1] - radius * Math.sin(angle)];
    });
    return backwards ? points.reverse() : points;
  }

  protected override ground(_r: Renderer, view: View): PathStep[] {
    const disk = this.disk(view.box);
    const path = (points: readonly [number, number][]): PathStep[] => [
      ...points.map(([x, y], i): PathStep => [i === 0 ? 'M' : 'L', x, y]),
      ['Z'],
    ];
    const outside = this.arc(disk, disk.outer);
    if (disk.full)
      return disk.inner > 0 ? [...path(outside), ...path(this.arc(disk, disk.inner, true))] : path(outside);
    return path([...outside, ...this.arc(disk, disk.inner, true)]);
  }

  protected override clip(r: Renderer, view: View, clipped: boolean, draw: () => void): void {
    if (!clipped) return draw();
    const { context } = r;
    context.save();
    context.beginPath();
    r.trace(this.ground(r, view));
    context.clip();
    try {
      draw();
    } finally {
      context.restore();
    }
  }

  protected override draw_spines(r: Renderer, view: View): void {
    const disk = this.disk(view.box);
    const { _visible: shown, _color: given, _width: points } = this.spines.top;
    if (!shown || !this._frame_on || points === 0) return;
    const stroke = { color: color_of('draw', 'color', given), width: r.px(points), cap: 'square' as const };
    const line = (all: readonly [number, number][]): void =>
      r.polyline(
        all.map(([x]) => x),
        all.map(([, y]) => y),
        stroke,
      );
    line(this.arc(disk, disk.outer));
    if (disk.inner > 0) line(this.arc(disk, disk.inner));
    if (disk.full) return;
    for (const angle of [disk.from, disk.to]) line(this.ray(disk, angle));
  }

  private ray({ center, inner, outer }: Disk, angle: number): [number, number][] {
    return [inner, outer].map((radius): [number, number] => [
      center[0] + radius * Math.cos(angle),
      center[1] - radius * Math.sin(angle),
    ]);
  }

  /** Each label of an axis with its place. */
  private labels(
    r: Renderer,
    view: View,
    which: 'x' | 'y',
  ): { text: string; x: number; y: number; style: TextStyle }[] {
    const axis = this.axis_of(which);
    if (!axis._visible || !axis._look.labels) return [];
    const disk = this.disk(view.box);
    const look = axis._look;
    const style = axis._label_style(look, false);
    return axis._ticks().major.flatMap(({ value, label }: Tick) => {
      if (label === '') return [];
      if (which === 'x') {
        const angle = this.angle(value);
        const radius = disk.outer + r.px(look.pad + 7);
        const [x, y] = [disk.center[0] + radius * Math.cos(angle), disk.center[1] - radius * Math.sin(angle)];
        return [{ text: label, x, y, style: { ...style, ha: 'center' as const, va: 'center' as const } }];
      }
      const theta = disk.full ? this.label_angle * DEGREE : this._get_limits('x')[0];
      const [x, y] = view.point!(theta, value);
      if (disk.full) return [{ text: label, x, y, style: { ...style, ha: 'left' as const, va: 'bottom' as const } }];
      return [{ text: label, ...this.beside_edge(r, [x, y], this.angle(theta), style, look.pad) }];
    });
  }

  /** A label beside the edge at which a part of a circle begins. */
  private beside_edge(
    r: Renderer,
    [x, y]: readonly [number, number],
    angle: number,
    style: TextStyle,
    pad: number,
  ): { x: number; y: number; style: TextStyle } {
    // Away from the part is to the right of its first edge, seen from the middle.
    const away = angle - (this.direction * Math.PI) / 2;
    const [dx, dy] = [Math.cos(away), -Math.sin(away)];
    const ha = dx > 0.38 ? ('left' as const) : dx < -0.38 ? ('right' as const) : ('center' as const);
    const va = dy > 0.38 ? ('top' as const) : dy < -0.38 ? ('bottom' as const) : ('center' as const);
    return { x: x + dx * r.px(pad), y: y + dy * r.px(pad), style: { ...style, ha, va } };
  }

  private draw_grid_of(r: Renderer, view: View, which: 'x' | 'y'): void {
    const axis: Axis = this.axis_of(which);
    const disk = this.disk(view.box);
    const { major, minor } = axis._ticks();
    for (const [ticks, grid] of [
      [minor, axis._minor_grid],
      [major, axis._grid],
    ] as const) {
      if (grid === null) continue;
      const color = color_of('grid', 'color', grid.color, grid.alpha);
      const stroke = stroke_of(r, { color, width: grid.width, style: grid.style }, 'square');
      if (stroke === undefined) continue;
      for (const { value } of ticks) {
        const points =
          which === 'x' ? this.ray(disk, this.angle(value)) : this.arc(disk, this.radius(value) * disk.outer);
        r.polyline(
          points.map(([x]) => x),
          points.map(([, y]) => y),
          stroke,
        );
      }
    }
  }

  protected override draw_plane_axis(r: Renderer, view: View, which: 'x' | 'y'): void {
    const axis = this.axis_of(which);
    if (!axis._visible) return;
    this.clip(r, view, true, () => this.draw_grid_of(r, view, which));
    for (const { text, x, y, style } of this.labels(r, view, which)) r.text(text, x, y, style);
    const label = axis._label;
    if (label.get_text() === '' || !label.get_visible()) return;
    r.text(label.get_text(), ...axis._label_place(r, view.box, this.label_box(r, view, which)), label._style());
  }

  private label_box(r: Renderer, view: View, which: 'x' | 'y'): Box | undefined {
    return union(
      this.labels(r, view, which).map(({ text, x, y, style }) => {
        const { box } = r.layout(text, style);
        return { left: x + box.left, right: x + box.right, top: y + box.top, bottom: y + box.bottom };
      }),
    );
  }

  protected override axis_boxes(r: Renderer, view: View): (Box | undefined)[] {
    return (['x', 'y'] as const).map((which) => this.label_box(r, view, which));
  }

  protected override title_place(r: Renderer, view: View, at: 'left' | 'center' | 'right'): [number, number] {
    const { left, right, top } = view.box;
    const x = at === 'left' ? left : at === 'right' ? right : (left + right) / 2;
    const labels = this.off ? undefined : this.label_box(r, view, 'x');
    return [x, Math.min(top, labels?.top ?? top) - r.px(this.title_pad)];
  }

  // ---- angles ----

  /** Turns the axes: where the angle 0 is, in radians against the clock from the right. */
  set_theta_offset(offset: number | { offset: number }): void;
  set_theta_offset(...args: unknown[]): void {
    this.offset = SIG.set_theta_offset.read(args).offset;
    this._changed();
  }

  /** Where the angle 0 is, in radians against the clock from the right. */
  get_theta_offset(...none: []): number;
  get_theta_offset(...args: unknown[]): number {
    GETTERS.get_theta_offset.read(args);
    return this.offset;
  }

  /** Turns the axes: where the angle 0 is, by compass, and degrees against the clock from there. */
  set_theta_zero_location(loc: Location, offset?: number | { offset?: number }): void;
  set_theta_zero_location(...args: unknown[]): void {
    const { loc, offset = 0 } = SIG.set_theta_zero_location.read(args);
    if (!Object.hasOwn(LOCATIONS, loc))
      throw new Error(
        `set_theta_zero_location(): '${loc}' is not a valid value for loc; supported values are ${Object.keys(LOCATIONS).join(', ')}`,
      );
    this.offset = LOCATIONS[loc]! * Math.PI + offset * DEGREE;
    this._changed();
  }

  /** Sets in which direction angles grow: 1 or `'counterclockwise'`, -1 or `'clockwise'`. */
  set_theta_direction(direction: 1 | -1 | 'clockwise' | 'counterclockwise' | 'anticlockwise'): void;
  set_theta_direction(...args: unknown[]): void {
    const { direction } = SIG.set_theta_direction.read(args);
    if (![1, -1, 'clockwise', 'counterclockwise', 'anticlockwise'].includes(direction))
      throw new Error(
        `set_theta_direction(): ${String(direction)} is not a valid value for direction; supported values are -1, 1, 'clockwise', 'counterclockwise', 'anticlockwise'`,
      );
    this.direction = direction === -1 || direction === 'clockwise' ? -1 : 1;
    this._changed();
  }

  /** 1 where angles grow against the clock, else -1. */
  get_theta_direction(...none: []): number;
  get_theta_direction(...args: unknown[]): number {
    GETTERS.get_theta_direction.read(args);
    return this.direction;
  }

  /** Sets the first angle in degrees. */
  set_thetamin(thetamin: number | { thetamin: number }): void;
  set_thetamin(...args: unknown[]): void {
    this._set_limits('x', SIG.set_thetamin.read(args).thetamin * DEGREE, this._get_limits('x')[1]);
    this._changed();
  }

  /** Sets the last angle in degrees. */
  set_thetamax(thetamax: number | { thetamax: number }): void;
  set_thetamax(...args: unknown[]): void {
    this._set_limits('x', this._get_limits('x')[0], SIG.set_thetamax.read(args).thetamax * DEGREE);
    this._changed();
  }

  /** The first angle in degrees. */
  get_thetamin(...none: []): number;
  get_thetamin(...args: unknown[]): number {
    GETTERS.get_thetamin.read(args);
    return Math.min(...this._get_limits('x')) / DEGREE;
  }

  /** The last angle in degrees. */
  get_thetamax(...none: []): number;
  get_thetamax(...args: unknown[]): number {
    GETTERS.get_thetamax.read(args);
    return Math.max(...this._get_limits('x')) / DEGREE;
  }

  /** Sets the first and the last angle, in radians, or with `thetamin` and `thetamax` in degrees. @returns both in degrees */
  set_thetalim(left: number, right: number): Tuple<number>;
  set_thetalim(options: { thetamin?: number; thetamax?: number }): Tuple<number>;
  set_thetalim(...args: unknown[]): Tuple<number> {
    const { left = null, right = null, thetamin, thetamax } = SIG.set_thetalim.read(args);
    const [low, high] = this._get_limits('x');
    const from = thetamin === undefined ? (left ?? low) : thetamin * DEGREE;
    const to = thetamax === undefined ? (right ?? high) : thetamax * DEGREE;
    if (!Number.isFinite(from) || !Number.isFinite(to) || Math.abs(to - from) > 2 * Math.PI)
      throw new Error('set_thetalim(): The angle range must be less than a full circle');
    this._set_limits('x', from, to);
    this._changed();
    return Tuple.from([from / DEGREE, to / DEGREE]) as Tuple<number>;
  }

  /** Sets the angles, in degrees, that have a line of the grid, and perhaps their labels. */
  set_thetagrids(
    angles: Values,
    ...more: [ThetagridOptions?] | [labels?: Iterable<unknown> | null, ...rest: unknown[]]
  ): void;
  set_thetagrids(...args: unknown[]): void {
    this._thetagrids('set_thetagrids', SIG.set_thetagrids.read(args));
  }

  /** @internal */
  _thetagrids(
    callee: string,
    { angles, labels = null, fmt = null, ...options }: ThetagridOptions & { angles: Values },
  ): void {
    const radians = flat_floats(callee, angles).map((degrees) => degrees * DEGREE);
    this._set_tick_arguments('x', callee, { ticks: radians, labels, ...options });
    if (labels === null && fmt !== null) this.xaxis._formatter = new FormatStrFormatter(fmt);
  }

  // ---- radii ----

  /** Sets the radius at the edge. */
  set_rmax(rmax: number | { rmax: number }): void;
  set_rmax(...args: unknown[]): void {
    this._set_limits('y', this._get_limits('y')[0], SIG.set_rmax.read(args).rmax);
    this._changed();
  }

  /** Sets the radius in the middle, or at the inner edge. */
  set_rmin(rmin: number | { rmin: number }): void;
  set_rmin(...args: unknown[]): void {
    this._set_limits('y', SIG.set_rmin.read(args).rmin, this._get_limits('y')[1]);
    this._changed();
  }

  /** The radius at the edge. */
  get_rmax(...none: []): number;
  get_rmax(...args: unknown[]): number {
    GETTERS.get_rmax.read(args);
    return Math.max(...this._get_limits('y'));
  }

  /** The radius in the middle, or at the inner edge. */
  get_rmin(...none: []): number;
  get_rmin(...args: unknown[]): number {
    GETTERS.get_rmin.read(args);
    return Math.min(...this._get_limits('y'));
  }

  /** Sets the radius in the middle, so that radii from the lower limit on make a ring; null for the lower limit. */
  set_rorigin(rorigin: number | null | { rorigin: number | null }): void;
  set_rorigin(...args: unknown[]): void {
    this.origin = SIG.set_rorigin.read(args).rorigin;
    this._changed();
  }

  /** The radius in the middle. */
  get_rorigin(...none: []): number;
  get_rorigin(...args: unknown[]): number {
    GETTERS.get_rorigin.read(args);
    return this.origin ?? this._get_limits('y')[0];
  }

  /** Sets the limits of radii. */
  set_rlim(
    bottom?:
      | number
      | null
      | { rmin?: number | null; rmax?: number | null; bottom?: number | null; top?: number | null },
    top?: number | null | { rmax?: number | null; top?: number | null },
  ): Tuple<number>;
  set_rlim(...args: unknown[]): Tuple<number> {
    return this._set_lim('y', 'set_rlim', SIG.set_rlim.read(args));
  }

  /** Sets the radii that have a circle of the grid, and perhaps their labels. */
  set_rticks(
    ticks: Values,
    ...more: [Omit<TicksArguments, 'ticks'>?] | [labels?: Iterable<unknown> | null, options?: TextOptions]
  ): void;
  set_rticks(...args: unknown[]): void {
    this._set_tick_arguments('y', 'set_rticks', SIG.set_rticks.read(args));
  }

  /** Sets the radii that have a circle of the grid, and perhaps their labels and the angle at which these are. */
  set_rgrids(radii: Values, ...more: [RgridOptions?] | [labels?: Iterable<unknown> | null, ...rest: unknown[]]): void;
  set_rgrids(...args: unknown[]): void {
    this._rgrids('set_rgrids', SIG.set_rgrids.read(args));
  }

  /** @internal */
  _rgrids(
    callee: string,
    { radii, labels = null, angle = null, fmt = null, ...options }: RgridOptions & { radii: Values },
  ): void {
    this._set_tick_arguments('y', callee, { ticks: radii, labels, ...options });
    if (labels === null && fmt !== null) this.yaxis._formatter = new FormatStrFormatter(fmt);
    if (angle !== null) this.label_angle = angle;
  }

  /** Sets the angle at which the labels of radii are, in degrees. */
  set_rlabel_position(value: number | { value: number }): void;
  set_rlabel_position(...args: unknown[]): void {
    this.label_angle = SIG.set_rlabel_position.read(args).value;
    this._changed();
  }

  /** The angle at which the labels of radii are, in degrees. */
  get_rlabel_position(...none: []): number;
  get_rlabel_position(...args: unknown[]): number {
    GETTERS.get_rlabel_position.read(args);
    return this.label_angle;
  }

  /** Sets the scale of radii: `'linear'` or `'log'`. */
  set_rscale(value: 'linear' | 'log' | { value: 'linear' | 'log' }): void;
  set_rscale(...args: unknown[]): void {
    this._set_scale('y', SIG.set_rscale.read(args).value, 'set_rscale');
  }
}
