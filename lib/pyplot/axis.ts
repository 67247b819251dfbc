/** An axis: its scale, limits, ticks and labels. Mirrors `matplotlib.axis`. */
import { define_kind, method_signature } from '../_internal/signature.js';
import { stroke_of, Text } from './artists.js';
import { color_of, type ColorLike, type Rgba } from './colors.js';
import { date_ticks } from './dates.js';
import { type Box, type Renderer, type TextStyle, union } from './renderer.js';
import type { Scale, ScaleName } from './scales.js';
import { font_size, rc } from './style.js';
import {
  AutoLocator,
  FixedFormatter,
  FixedLocator,
  type Formatter,
  FuncFormatter,
  type Locator,
  MaxNLocator,
  MinorLocator,
  NullLocator,
  ScalarFormatter,
  type TickAxis,
} from './ticker.js';

/** How ticks look. */
export interface TickLook {
  length: number;
  width: number;
  pad: number;
  color: ColorLike;
  label_color: ColorLike;
  label_size: number;
  label_rotation: number;
  direction: 'in' | 'out' | 'inout';
  /** Whether there are ticks, and labels, at the bottom or left, and at the top or right. */
  ticks: boolean;
  labels: boolean;
  far_ticks: boolean;
  far_labels: boolean;
  label_ha: 'left' | 'center' | 'right' | null;
}

/** How lines of a grid look. */
export interface GridLook {
  color: ColorLike;
  style: string;
  width: number;
  alpha: number;
}

/** A tick: where it is, and what is written at it. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

define_kind(
  'locator',
  'a locator',
  (value) => typeof (value as Locator | null | undefined)?.tick_values === 'function',
);
define_kind(
  'formatter',
  'a formatter or a function',
  (value) => typeof value === 'function' || typeof (value as Formatter | null | undefined)?.format === 'function',
);

const SET_MAJOR_LOCATOR = method_signature<{ locator: Locator }>('set_major_locator', 'locator: locator');
const SET_MINOR_LOCATOR = method_signature<{ locator: Locator }>('set_minor_locator', 'locator: locator');
const SET_MAJOR_FORMATTER = method_signature<{ formatter: Formatter | ((value: number, position: number) => string) }>(
  'set_major_formatter',
  'formatter: formatter',
);
const SET_MINOR_FORMATTER = SET_MAJOR_FORMATTER.renamed('set_minor_formatter');
const MINORTICKS_ON = method_signature<object>('minorticks_on');
const MINORTICKS_OFF = method_signature<object>('minorticks_off');
const GET_MAJORTICKLOCS = method_signature<object>('get_majorticklocs');
const GET_MINORTICKLOCS = method_signature<object>('get_minorticklocs');
const SET_VISIBLE = method_signature<{ b: boolean }>('set_visible', 'b: bool');
const TICK_TOP = method_signature<object>('tick_top');

/** One axis of axes. */
export class Axis {
  /** The scale, where it is not linear. @internal */
  _scaling: Scale | null = null;
  /** The limits as they are drawn: the second may be the lower one. @internal */
  _limits: [number, number] = [0, 1];
  /** @internal */
  _autoscale = true;
  /** @internal */
  _stale = false;
  /** The part of the smallest step between ticks that is enough, in three dimensions. @internal */
  _step_part = 1;
  /** @internal */
  _margin: number;
  /** @internal */
  _locator: Locator = new AutoLocator();
  /** @internal */
  _minor_locator: Locator = new NullLocator();
  /** @internal */
  _formatter: Formatter = new ScalarFormatter();
  /** @internal */
  _minor_formatter: Formatter | null = null;
  /** @internal */
  _label: Text;
  /** @internal */
  _label_pad = rc['axes.labelpad'] as number;
  /** @internal */
  _look: TickLook;
  /** @internal */
  _minor_look: TickLook;
  /** @internal */
  _grid: GridLook | null = null;
  /** @internal */
  _minor_grid: GridLook | null = null;
  /** @internal */
  _visible = true;
  /** Whether ticks and labels are at the top, or the right. @internal */
  _far = false;
  /** The names of positions, in their order. @internal */
  _categories = new Map<string, number>();
  /** Pixels of the axis, by which there is room for labels. @internal */
  _length_in_points: () => number = () => 100;
  /** @internal */
  _minpos: () => number = () => Number.POSITIVE_INFINITY;
  /** Brings the limits up to date with what was drawn. @internal */
  _update: () => void = () => undefined;

  /** @internal */
  constructor(
    /** @internal */
    readonly _which: 'x' | 'y',
    private readonly changed: () => void,
  ) {
    this._margin = rc[`axes.${_which}margin`] as number;
    const tick = `${_which}tick`;
    const look = (kind: 'major' | 'minor'): TickLook => ({
      length: rc[`${tick}.${kind}.size`] as number,
      width: rc[`${tick}.${kind}.width`] as number,
      pad: rc[`${tick}.major.pad`] as number,
      color: rc[`${tick}.color`] as string,
      label_color: rc[`${tick}.color`] as string,
      label_size: font_size(rc[`${tick}.labelsize`]),
      label_rotation: 0,
      direction: rc[`${tick}.direction`] as 'out',
      ...{ ticks: true, labels: true, far_ticks: false, far_labels: false, label_ha: null },
    });
    this._look = look('major');
    this._minor_look = { ...look('minor'), pad: 3.4 };
    this._label = this._make_label('', {});
    if (rc['axes.grid'] === true) this._grid = default_grid();
    this._minor_locator = this.default_minor_locator();
  }

  /** What chooses minor ticks where steps are equal. */
  private default_minor_locator(): Locator {
    const tick = `${this._which}tick`;
    if (rc[`${tick}.minor.visible`] !== true) return new NullLocator();
    return new MinorLocator(rc[`${tick}.minor.ndivs`] as number | 'auto');
  }

  /** @internal */
  _make_label(text: string, options: ConstructorParameters<typeof Text>[4], callee = 'set_label'): Text {
    return new Text(callee, 0, 0, text, options, {
      size: font_size(rc['axes.labelsize']),
      color: color_of(callee, 'color', rc['axes.labelcolor']),
      weight: rc['axes.labelweight'] as string,
      ha: 'center',
      va: this._which === 'x' ? 'top' : 'bottom',
      ...(this._which === 'y' ? { rotation: 90, rotation_mode: 'anchor' } : {}),
    });
  }

  /** The name of the scale. @internal */
  get _scale(): ScaleName {
    return this._scaling?.name ?? 'linear';
  }

  /** Sets the scale, with the locators and formatters that belong to it; null for the linear one. @internal */
  _set_scale(scale: Scale | null): void {
    this._scaling = scale;
    const ticks = scale?.ticks(false);
    this._locator = ticks?.locator ?? new AutoLocator();
    this._formatter = ticks?.formatter ?? new ScalarFormatter();
    this._minor_locator = scale?.ticks(true).locator ?? this.default_minor_locator();
    this._minor_formatter = scale?.ticks(true).formatter ?? null;
  }

  /** The positions of names, which are given numbers in the order in which they come. @internal */
  _category_values(names: readonly string[]): Float64Array {
    const values = Float64Array.from(names, (name) => {
      const known = this._categories.get(name);
      if (known !== undefined) return known;
      this._categories.set(name, this._categories.size);
      return this._categories.size - 1;
    });
    this._locator = new FixedLocator([...this._categories.values()]);
    this._formatter = new FixedFormatter([...this._categories.keys()]);
    return values;
  }

  /** Makes an axis of dates of one that has the ticks of numbers still. @internal */
  _use_dates(): void {
    const { locator, formatter } = date_ticks();
    if (this._locator instanceof AutoLocator) this._locator = locator;
    if (this._formatter instanceof ScalarFormatter) this._formatter = formatter;
  }

  /** A number where steps are equal. @internal */
  _transform(value: number): number {
    return this._scaling === null ? value : this._scaling.transform(value);
  }

  /** @internal */
  _inverse(value: number): number {
    return this._scaling === null ? value : this._scaling.inverse(value);
  }

  /** @internal */
  _tick_axis(): TickAxis {
    const [a, b] = this._limits;
    const size = this._look.label_size * (this._which === 'x' ? 3 : 2);
    const space = size > 0 ? Math.floor(this._length_in_points() / size) : 2 ** 31 - 1;
    return {
      low: Math.min(a, b),
      high: Math.max(a, b),
      tick_space: space,
      minpos: this._minpos(),
      step_part: this._step_part,
      locator: this._locator,
      inverted: a > b,
    };
  }

  private within(values: readonly number[]): number[] {
    const { low, high } = this._tick_axis();
    const [from, to] = [this._transform(low), this._transform(high)];
    // Half a pixel of five hundred is near enough to the edge.
    const tolerance = Math.abs(to - from) * 1e-10;
    return values.filter((value) => {
      const at = this._transform(value);
      return at >= from - tolerance && at <= to + tolerance;
    });
  }

  /** The positions of minor ticks, some of them outside the limits or at major ones. */
  private minor_values(axis: TickAxis, major: readonly number[]): number[] {
    return this._minor_locator.tick_values(this._scaling === null ? { ...axis, major } : axis);
  }

  /** The positions of minor ticks that are not those of major ones. @internal */
  _minor_positions(): number[] {
    const axis = this._tick_axis();
    const major = this._locator.tick_values(axis);
    return this.minor_values(axis, major).filter((value) => !this.is_near(value, major));
  }

  private is_near(value: number, major: readonly number[]): boolean {
    const at = this._transform(value);
    const { low, high } = this._tick_axis();
    const tolerance = Math.abs(this._transform(high) - this._transform(low)) * 1e-5;
    return major.some((each) => Math.abs(this._transform(each) - at) < tolerance);
  }

  /** All positions that the locator gives, those outside the limits too. @internal */
  _all_major(): Tick[] {
    const axis = this._tick_axis();
    const values = this._locator.tick_values(axis);
    const { labels } = this._formatter.format(values, axis);
    return values.map((value, i) => ({ value, label: labels[i] ?? '' }));
  }

  /** The ticks within the limits, and what is written at the end of the axis. @internal */
  _ticks(): { major: Tick[]; minor: Tick[]; offset: string } {
    const axis = this._tick_axis();
    const all = this._locator.tick_values(axis);
    const { labels, offset } = this._formatter.format(all, axis);
    const inside = new Set(this.within(all));
    const major = all.flatMap((value, i) => (inside.has(value) ? [{ value, label: labels[i] ?? '' }] : []));
    const minor_values = this.within(this.minor_values(axis, all)).filter((value) => !this.is_near(value, all));
    const minor_labels = this._minor_formatter?.format(minor_values, axis).labels;
    return { major, offset, minor: minor_values.map((value, i) => ({ value, label: minor_labels?.[i] ?? '' })) };
  }

  /** How labels look. @internal */
  _label_style(look: TickLook, far: boolean): TextStyle {
    const rotation = look.label_rotation;
    return {
      size: look.label_size,
      color: color_of('tick', 'labelcolor', look.label_color),
      ...(this._which === 'x'
        ? { ha: look.label_ha ?? 'center', va: far ? 'bottom' : 'top' }
        : { ha: look.label_ha ?? (far ? 'left' : 'right'), va: 'center_baseline' }),
      rotation,
    };
  }

  /** Where labels are: a distance from the axes in pixels. */
  private label_distance(r: Renderer, look: TickLook): number {
    const out = { out: 1, in: 0, inout: 0.5 }[look.direction];
    return r.px((look.ticks || look.far_ticks ? look.length * out : 0) + look.pad);
  }

  /** Calls with each label and where it is. */
  private each_label(
    r: Renderer,
    box: Box,
    at: (value: number) => number,
    call: (text: string, x: number, y: number, style: TextStyle) => void,
  ): void {
    const { major, minor } = this._ticks();
    const one_side = (ticks: readonly Tick[], look: TickLook, far: boolean): void => {
      const style = this._label_style(look, far);
      const distance = this.label_distance(r, look);
      for (const { value, label } of ticks) {
        if (label === '') continue;
        if (this._which === 'x') call(label, at(value), far ? box.top - distance : box.bottom + distance, style);
        else call(label, far ? box.right + distance : box.left - distance, at(value), style);
      }
    };
    for (const [ticks, look] of [
      [major, this._look],
      [minor, this._minor_look],
    ] as const) {
      if (look.labels) one_side(ticks, look, false);
      if (look.far_labels) one_side(ticks, look, true);
    }
  }

  /** The rectangles of the labels of ticks. @internal */
  _label_boxes(r: Renderer, box: Box, at: (value: number) => number): Box[] {
    if (!this._visible) return [];
    const boxes: Box[] = [];
    this.each_label(r, box, at, (text, x, y, style) => {
      const { box: own } = r.layout(text, style);
      boxes.push({ left: x + own.left, right: x + own.right, top: y + own.top, bottom: y + own.bottom });
    });
    return boxes;
  }

  /** Where the text at the end of the axis is. */
  private offset_place(r: Renderer, box: Box, labels: Box | undefined): [x: number, y: number, style: TextStyle] {
    const style = { size: this._look.label_size, color: color_of('tick', 'color', this._look.color) };
    if (this._which === 'x') {
      const bottom = Math.max(labels?.bottom ?? box.bottom, box.bottom) + r.px(3);
      return [box.right, bottom, { ...style, ha: 'right', va: 'top' }];
    }
    return [
      this._far ? box.right : box.left,
      box.top - r.px(3),
      { ...style, ha: this._far ? 'right' : 'left', va: 'baseline' },
    ];
  }

  /** Where the label of the axis is. @internal */
  _label_place(r: Renderer, box: Box, labels: Box | undefined): [x: number, y: number] {
    const pad = r.px(this._label_pad);
    if (this._which === 'x') {
      const x = (box.left + box.right) / 2;
      if (this._far) return [x, Math.min(labels?.top ?? box.top, box.top) - pad];
      return [x, Math.max(labels?.bottom ?? box.bottom, box.bottom) + pad];
    }
    const y = (box.top + box.bottom) / 2;
    return this._far
      ? [Math.max(labels?.right ?? box.right, box.right) + pad, y]
      : [Math.min(labels?.left ?? box.left, box.left) - pad, y];
  }

  private label_extent(r: Renderer, box: Box, labels: Box | undefined): Box | undefined {
    if (this._label.get_text() === '' || !this._label.get_visible()) return undefined;
    const [x, y] = this._label_place(r, box, labels);
    const { box: own } = r.layout(this._label.get_text(), this._styled_label());
    return { left: x + own.left, right: x + own.right, top: y + own.top, bottom: y + own.bottom };
  }

  private _styled_label(): TextStyle {
    const style = this._label._style();
    if (!this._far) return style;
    return { ...style, va: this._which === 'x' ? 'bottom' : 'top' };
  }

  /** What the axis covers with its labels. @internal */
  _extent(r: Renderer, box: Box, at: (value: number) => number): Box | undefined {
    if (!this._visible) return undefined;
    const labels = union(this._label_boxes(r, box, at));
    const { offset } = this._ticks();
    let offset_box: Box | undefined;
    if (offset !== '') {
      const [x, y, style] = this.offset_place(r, box, labels);
      const { box: own } = r.layout(offset, style);
      offset_box = { left: x + own.left, right: x + own.right, top: y + own.top, bottom: y + own.bottom };
    }
    const length =
      (this._look.ticks || this._look.far_ticks) && this._look.direction !== 'in' ? r.px(this._look.length) : 0;
    const ticks =
      this._which === 'x'
        ? { ...box, bottom: box.bottom + (this._far ? 0 : length) }
        : {
            ...box,
            left: box.left - (this._far ? 0 : length),
            right: box.right + (this._look.far_ticks ? length : 0),
          };
    return union([labels, offset_box, ticks, this.label_extent(r, box, labels)]);
  }

  /** @internal */
  _draw_grid(r: Renderer, box: Box, at: (value: number) => number): void {
    if (!this._visible) return;
    const { major, minor } = this._ticks();
    for (const [ticks, grid] of [
      [minor, this._minor_grid],
      [major, this._grid],
    ] as const) {
      if (grid === null) continue;
      const color = color_of('grid', 'color', grid.color, grid.alpha);
      const stroke = stroke_of(r, { color, width: grid.width, style: grid.style }, 'square');
      if (stroke === undefined) continue;
      for (const { value } of ticks) {
        const place = at(value);
        if (this._which === 'x') r.line(place, box.bottom, place, box.top, stroke);
        else r.line(box.left, place, box.right, place, stroke);
      }
    }
  }

  private draw_ticks(r: Renderer, box: Box, look: TickLook, places: readonly number[]): void {
    const color: Rgba = color_of('tick', 'color', look.color);
    const stroke = { color, width: r.px(look.width), cap: 'butt' as const };
    const length = r.px(look.length);
    const outside = { out: 1, in: 0, inout: 0.5 }[look.direction] * length;
    const inside = length - outside;
    const edge = (value: number): number => (r.snaps ? Math.round(value) : value);
    const is_x = this._which === 'x';
    const [near, far] = is_x ? [edge(box.bottom), edge(box.top)] : [edge(box.left), edge(box.right)];
    // Away from the axes is down at the bottom, and left at the left.
    const away = is_x ? 1 : -1;
    const tick = (place: number, from: number, to: number): void => {
      if (is_x) r.polyline([place, place], [from, to], stroke);
      else r.polyline([from, to], [place, place], stroke);
    };
    for (const each of places) {
      const place = r.snapped(each, stroke.width);
      if (look.ticks) tick(place, near + away * outside, near - away * inside);
      if (look.far_ticks) tick(place, far - away * outside, far + away * inside);
    }
  }

  /** @internal */
  _draw(r: Renderer, box: Box, at: (value: number) => number): void {
    if (!this._visible) return;
    const { major, minor, offset } = this._ticks();
    for (const [ticks, look] of [
      [minor, this._minor_look],
      [major, this._look],
    ] as const) {
      if (look.length > 0)
        this.draw_ticks(
          r,
          box,
          look,
          ticks.map(({ value }) => at(value)),
        );
    }
    this.each_label(r, box, at, (text, x, y, style) => r.text(text, x, y, style));
    const labels = union(this._label_boxes(r, box, at));
    if (offset !== '') {
      const [x, y, style] = this.offset_place(r, box, labels);
      r.text(offset, x, y, style);
    }
    if (this._label.get_text() !== '' && this._label.get_visible()) {
      const [x, y] = this._label_place(r, box, labels);
      r.text(this._label.get_text(), x, y, this._styled_label());
    }
  }

  /** Sets what chooses the positions of ticks. */
  set_major_locator(locator: Locator | { locator: Locator }): void;
  set_major_locator(...args: unknown[]): void {
    this._locator = SET_MAJOR_LOCATOR.read(args).locator;
    this.changed();
  }

  /** Sets what chooses the positions of minor ticks. */
  set_minor_locator(locator: Locator | { locator: Locator }): void;
  set_minor_locator(...args: unknown[]): void {
    this._minor_locator = SET_MINOR_LOCATOR.read(args).locator;
    this.changed();
  }

  /** Sets what writes the labels of ticks: a formatter, or a function of a value and its position. */
  set_major_formatter(formatter: Formatter | ((value: number, position: number) => string)): void;
  set_major_formatter(...args: unknown[]): void {
    const { formatter } = SET_MAJOR_FORMATTER.read(args);
    this._formatter = typeof formatter === 'function' ? new FuncFormatter(formatter) : formatter;
    this.changed();
  }

  /** Sets what writes the labels of minor ticks: a formatter, or a function of a value and its position. */
  set_minor_formatter(formatter: Formatter | ((value: number, position: number) => string)): void;
  set_minor_formatter(...args: unknown[]): void {
    const { formatter } = SET_MINOR_FORMATTER.read(args);
    this._minor_formatter = typeof formatter === 'function' ? new FuncFormatter(formatter) : formatter;
    this.changed();
  }

  /** Shows minor ticks between the major ones. */
  minorticks_on(...none: []): void;
  minorticks_on(...args: unknown[]): void {
    MINORTICKS_ON.read(args);
    this._minor_ticks(true);
  }

  /** Hides minor ticks. */
  minorticks_off(...none: []): void;
  minorticks_off(...args: unknown[]): void {
    MINORTICKS_OFF.read(args);
    this._minor_ticks(false);
  }

  /** @internal */
  _minor_ticks(shown: boolean): void {
    const parts = rc[`${this._which}tick.minor.ndivs`] as number | 'auto';
    if (!shown) this._minor_locator = new NullLocator();
    else this._minor_locator = this._scaling?.ticks(true).locator ?? new MinorLocator(parts);
    this.changed();
  }

  /** Where the locator puts ticks, some of them outside the limits. */
  get_majorticklocs(...none: []): number[];
  get_majorticklocs(...args: unknown[]): number[] {
    GET_MAJORTICKLOCS.read(args);
    this._update();
    return this._all_major().map(({ value }) => value);
  }

  /** Where the locator of minor ticks puts ticks, some of them outside the limits, without those at major ticks. */
  get_minorticklocs(...none: []): number[];
  get_minorticklocs(...args: unknown[]): number[] {
    GET_MINORTICKLOCS.read(args);
    this._update();
    return this._minor_positions();
  }

  /** Shows or hides the axis with its ticks and labels. */
  set_visible(b: boolean | { b: boolean }): void;
  set_visible(...args: unknown[]): void {
    this._visible = SET_VISIBLE.read(args).b;
    this.changed();
  }

  /** Puts the ticks and labels at the top. */
  tick_top(...none: []): void;
  tick_top(...args: unknown[]): void {
    TICK_TOP.read(args);
    this._to_far_side();
    this.changed();
  }

  /** @internal */
  _to_far_side(): void {
    this._far = true;
    for (const look of [this._look, this._minor_look]) {
      [look.far_ticks, look.far_labels, look.ticks, look.labels] = [look.ticks, look.labels, false, false];
    }
  }
}

/** The lines of a grid by the settings. */
export const default_grid = (): GridLook => ({
  color: rc['grid.color'] as string,
  style: rc['grid.linestyle'] as string,
  width: rc['grid.linewidth'] as number,
  alpha: rc['grid.alpha'] as number,
});

export { FixedFormatter, FixedLocator, MaxNLocator, NullLocator };
