/** A plot: two axes and what is drawn between them. Mirrors `matplotlib.axes.Axes`. */
import { python_size } from '../_internal/representation.js';
import { types } from 'node:util';

import { kind_of } from '../_internal/kind_of.js';
import { define_kind, method_signature } from '../_internal/signature.js';
import { NDArray } from '../numpy/ndarray.js';
import { Tuple } from '../python/values.js';
import {
  Annotation,
  type ArrowOptions,
  Artist,
  BarContainer,
  check_linestyle,
  colors_of,
  ErrorbarContainer,
  FillBetweenPolyCollection,
  LINE_OPTIONS,
  Line2D,
  limits_of,
  LineCollection,
  type LineLook,
  type LineOptions,
  type LineStyle,
  Patch,
  PATCH_OPTIONS,
  PATCHES_OPTIONS_WITHOUT_COLOR,
  type PatchOptions,
  PathCollection,
  Polygon,
  Rectangle,
  type ScalarMappable,
  type Space,
  TEXT_OPTIONS,
  Text,
  text_options,
  type TextOptions,
  type View,
} from './artists.js';
import { Axis, default_grid, type TickLook } from './axis.js';
import {
  crossing,
  percent_format,
  type Pie,
  StemContainer,
  type Stems,
  stepped,
  Wedge,
  type WedgeOptions,
} from './charts.js';
import { cmap_of, type ColormapLike, norm_of, type NormLike } from './cm.js';
import { color_of, type ColorLike, parse_color, type Rgba, rgba_of_cycle } from './colors.js';
import { default_linewidths, type Grid, QuadContourSet } from './contour.js';
import { type LineFormat, parse_format } from './format_string.js';
import type { SubplotSpec } from './gridspec.js';
import { check_hatch } from './hatch.js';
import { bin_edges, type Bins, counts_of } from './histogram.js';
import { AxesImage, check_interpolation, checked_extent } from './image.js';
import { Legend, LEGEND_OPTIONS, type LegendOptions } from './legend.js';
import { marker_shape } from './markers.js';
import { count_in_hexagons, type Hexagons, in_bins, PolyCollection } from './hexagons.js';
import { type Field, mesh_corners, QuadMesh, Quiver, QuiverKey } from './meshes.js';
import { type Box, type PathStep, type Renderer, union } from './renderer.js';
import { type Bandwidth, box_statistics, type BoxStatistics, violin_statistics } from './statistics.js';
import { SCALE_OPTIONS, type ScaleOptions, scale_named } from './scales.js';
import {
  type FieldGrid,
  StreamArrows,
  StreamLines,
  type StreamLook,
  stream_parts,
  streamlines,
  type Tracing,
} from './streamlines.js';
import { font_size, rc } from './style.js';
import {
  FixedFormatter,
  FixedLocator,
  type Formatter,
  LogLocator,
  MaxNLocator,
  NullLocator,
  ScalarFormatter,
} from './ticker.js';
import {
  columns,
  days_of_date,
  extent,
  flat_floats,
  floats,
  is_categories,
  is_dates,
  is_values,
  matrix,
  type Values,
} from './values.js';

/** An axis by its name; only axes in three dimensions have a third. */
export type AxisName = 'x' | 'y' | 'z';

/** What axes need of their figure. */
export interface FigureLike {
  readonly _width: number;
  readonly _height: number;
  _changed(): void;
  _remove_axes(axes: Axes): void;
  _twin(axes: Axes, shared: 'x' | 'y'): Axes;
  /** For measuring texts in pixels of the figure. */
  _measuring(): Renderer;
}

/** Numbers in order, or names. */
export type Categories = Values | readonly string[] | string | number;

/** Keyword arguments of {@link Axes.bar}. */
export interface BarOptions extends Omit<PatchOptions, 'color' | 'label' | 'linewidth' | 'lw' | 'hatch'> {
  /** A pattern, or one for each bar. */
  hatch?: string | readonly string[] | null;
  width?: number | Values;
  bottom?: number | Values | null;
  align?: 'center' | 'edge';
  color?: ColorLike | readonly ColorLike[] | null;
  linewidth?: number | null;
  lw?: number | null;
  label?: string | number | readonly string[] | null;
  tick_label?: string | readonly string[] | null;
  xerr?: number | Values | null;
  yerr?: number | Values | null;
  ecolor?: ColorLike | null;
  capsize?: number | null;
  log?: boolean;
}

/** Keyword arguments of {@link Axes.barh}. */
export interface BarhOptions extends Omit<BarOptions, 'width' | 'bottom'> {
  height?: number | Values;
  left?: number | Values | null;
}

/** Keyword arguments of {@link Axes.scatter}. */
export interface ScatterOptions {
  /** Areas in square points. Default 36. */
  s?: number | Values | null;
  /** A colour, colours, or numbers for the colour map. */
  c?: ColorLike | readonly ColorLike[] | Values | null;
  marker?: string | null;
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  vmin?: number | null;
  vmax?: number | null;
  alpha?: number | null;
  linewidths?: number | Values | null;
  linewidth?: number | null;
  lw?: number | null;
  edgecolors?: ColorLike | readonly ColorLike[] | null;
  edgecolor?: ColorLike | readonly ColorLike[] | null;
  facecolors?: ColorLike | readonly ColorLike[] | null;
  facecolor?: ColorLike | readonly ColorLike[] | null;
  color?: ColorLike | readonly ColorLike[] | null;
  label?: string | number | null;
  zorder?: number | null;
}

/** Keyword arguments of {@link Axes.hist}. */
export interface HistOptions extends Omit<PatchOptions, 'color' | 'label' | 'hatch'> {
  /** A pattern, or one for each set of data. */
  hatch?: string | readonly string[] | null;
  /** A number of bins, their edges, or `'auto'` and other rules of numpy. Default 10. */
  bins?: number | string | Values | null;
  range?: readonly [number, number] | null;
  /** Whether the area of all bins is 1. */
  density?: boolean;
  weights?: Values | null;
  cumulative?: boolean | number;
  bottom?: number | Values | null;
  histtype?: 'bar' | 'barstacked' | 'step' | 'stepfilled';
  align?: 'left' | 'mid' | 'right';
  orientation?: 'vertical' | 'horizontal';
  rwidth?: number | null;
  log?: boolean;
  color?: ColorLike | readonly ColorLike[] | null;
  label?: string | number | readonly string[] | null;
  stacked?: boolean;
}

/** Keyword arguments of {@link Axes.imshow}. */
export interface ImshowOptions {
  /** Colour map of numbers. Default viridis. */
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  aspect?: 'equal' | 'auto' | number | null;
  interpolation?: string | null;
  alpha?: number | null;
  vmin?: number | null;
  vmax?: number | null;
  /** Whether the first row is at the top (`'upper'`, the default) or the bottom. */
  origin?: 'upper' | 'lower' | null;
  /** Left, right, bottom and top in data coordinates. */
  extent?: readonly number[] | null;
  zorder?: number | null;
  label?: string | null;
  /** Taken for animations; figures are drawn whole. */
  animated?: boolean;
}

/** Keyword arguments of {@link Axes.errorbar}. */
export interface ErrorbarOptions extends LineOptions {
  yerr?: number | Values | null;
  xerr?: number | Values | null;
  fmt?: string;
  ecolor?: ColorLike | null;
  elinewidth?: number | null;
  capsize?: number | null;
  capthick?: number | null;
  barsabove?: boolean;
  errorevery?: number;
}

/** Keyword arguments of {@link Axes.contour}. */
export interface ContourOptions {
  /** Heights, or about how many. */
  levels?: number | Values | null;
  colors?: ColorLike | readonly ColorLike[] | null;
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  vmin?: number | null;
  vmax?: number | null;
  alpha?: number | null;
  linewidths?: number | Values | null;
  linestyles?: LineStyle | readonly LineStyle[] | null;
  /** Patterns of the areas of {@link Axes.contourf}, from the lowest one on. */
  hatches?: readonly (string | null)[] | null;
  origin?: 'upper' | 'lower' | null;
  extent?: readonly number[] | null;
  zorder?: number | null;
}

/** Keyword arguments of {@link Axes.clabel}. */
export interface ClabelOptions {
  /** Which of the heights; default all. */
  levels?: readonly number[] | null;
  fontsize?: number | string | null;
  /** Whether lines are broken at their labels. Default true. */
  inline?: boolean;
  /** Pixels on both sides of a label. Default 5. */
  inline_spacing?: number;
  /** A format of Python's `%`, a function of the height, texts by height, or a formatter. */
  fmt?: string | ((level: number) => unknown) | Readonly<Record<number, string>> | Formatter | null;
  /** Default: those of the lines. */
  colors?: ColorLike | readonly ColorLike[] | null;
  /** Whether no label is upside down. Default true. */
  rightside_up?: boolean;
  zorder?: number | null;
}

/** Keyword arguments of {@link Axes.pie}. */
export interface PieOptions {
  /** How far each wedge is from the middle, in radii. */
  explode?: Values | null;
  /** A text beside each wedge. */
  labels?: readonly string[] | null;
  colors?: ColorLike | readonly ColorLike[] | null;
  /** The text in each wedge: a format such as `'%1.1f%%'`, or a function of the percentage. */
  autopct?: string | ((percentage: number) => string) | null;
  pctdistance?: number;
  labeldistance?: number | null;
  /** Where the first wedge begins, in degrees from the x axis. */
  startangle?: number;
  radius?: number;
  counterclock?: boolean;
  wedgeprops?: WedgeOptions | null;
  textprops?: TextOptions | null;
  center?: readonly [number, number];
  /** Whether the axes are drawn. */
  frame?: boolean;
  rotatelabels?: boolean;
  /** Whether the wedges make a whole circle. Default true. */
  normalize?: boolean;
  /** A pattern, or one for each wedge. */
  hatch?: string | readonly string[] | null;
}

/** Keyword arguments of {@link Axes.stem}. */
export interface StemOptions {
  linefmt?: string | null;
  markerfmt?: string | null;
  basefmt?: string | null;
  /** Where the stems begin. */
  bottom?: number;
  label?: string | null;
  orientation?: 'vertical' | 'horizontal';
}

/** Keyword arguments of {@link Axes.fill_between} besides those of patches. */
export interface FillOptions extends PatchOptions {
  where?: Values | null;
  /** Whether areas reach to where the curves cross. */
  interpolate?: boolean;
  step?: 'pre' | 'post' | 'mid' | null;
}

/** Keyword arguments of {@link Axes.boxplot}. */
export interface BoxplotOptions {
  /** Whether boxes are narrow at the median, as far as it is certain. */
  notch?: boolean | null;
  /** The format of points outside; `''` for none. */
  sym?: string | null;
  orientation?: 'vertical' | 'horizontal';
  /** How far whiskers reach: in quartile ranges (default 1.5), or a pair of percentiles. */
  whis?: number | readonly number[] | null;
  positions?: Values | null;
  widths?: number | Values | null;
  /** Whether boxes are filled. */
  patch_artist?: boolean | null;
  usermedians?: readonly (number | null)[] | null;
  meanline?: boolean | null;
  showmeans?: boolean | null;
  showcaps?: boolean | null;
  showbox?: boolean | null;
  showfliers?: boolean | null;
  boxprops?: (LineOptions & PatchOptions) | null;
  tick_labels?: readonly string[] | null;
  flierprops?: LineOptions | null;
  medianprops?: LineOptions | null;
  meanprops?: LineOptions | null;
  capprops?: LineOptions | null;
  whiskerprops?: LineOptions | null;
  manage_ticks?: boolean;
  autorange?: boolean;
  zorder?: number | null;
  capwidths?: number | Values | null;
  label?: string | readonly string[] | null;
}

/** What {@link Axes.boxplot} returns. */
export interface Boxplot {
  readonly whiskers: Line2D[];
  readonly caps: Line2D[];
  readonly boxes: (Line2D | Polygon)[];
  readonly medians: Line2D[];
  readonly fliers: Line2D[];
  readonly means: Line2D[];
}

/** Keyword arguments of {@link Axes.violinplot}. */
export interface ViolinplotOptions {
  positions?: Values | null;
  orientation?: 'vertical' | 'horizontal';
  widths?: number | Values;
  showmeans?: boolean;
  showextrema?: boolean;
  showmedians?: boolean;
  /** Parts from 0 to 1 at which there is a line; a list for each set of data. */
  quantiles?: Values | null;
  /** At how many places the density is calculated. Default 100. */
  points?: number;
  bw_method?: Bandwidth | null;
  side?: 'both' | 'low' | 'high';
  facecolor?: ColorLike | readonly ColorLike[] | null;
  linecolor?: ColorLike | readonly ColorLike[] | null;
}

/** What {@link Axes.violinplot} returns; the lines only where they are shown. */
export interface Violinplot {
  bodies: FillBetweenPolyCollection[];
  cmeans?: LineCollection;
  cmins?: LineCollection;
  cmaxes?: LineCollection;
  cbars?: LineCollection;
  cmedians?: LineCollection;
  cquantiles?: LineCollection;
}

/** Keyword arguments of {@link Axes.pcolormesh}. */
export interface PcolormeshOptions {
  alpha?: number | null;
  norm?: NormLike | null;
  cmap?: ColormapLike | null;
  vmin?: number | null;
  vmax?: number | null;
  /** `'flat'` when X and Y are the corners of cells, `'nearest'` when they are the middles; `'auto'` by their shapes. */
  shading?: 'flat' | 'nearest' | 'auto' | null;
  edgecolors?: ColorLike | null;
  edgecolor?: ColorLike | null;
  linewidth?: number | null;
  lw?: number | null;
  zorder?: number | null;
  label?: string | null;
}

/** Keyword arguments of {@link Axes.hist2d}. */
export interface Hist2dOptions extends PcolormeshOptions {
  /** A number of bins, edges, or a pair of either for x and y. Default 10. */
  bins?: number | Values | readonly [number | Values, number | Values];
  range?: readonly (readonly number[])[] | null;
  density?: boolean;
  weights?: Values | null;
  /** Bins with less, or more, are empty. */
  cmin?: number | null;
  cmax?: number | null;
}

/** What {@link Axes.hist2d} returns. */
export type Histogram2d = [h: NDArray, xedges: NDArray, yedges: NDArray, image: QuadMesh] & Tuple<unknown>;

/** Keyword arguments of {@link Axes.quiver}. */
export interface QuiverOptions {
  units?: 'width' | 'height' | 'dots' | 'inches' | 'x' | 'y' | 'xy';
  /** `'uv'`, `'xy'` for from (x, y) to (x + u, y + v), or degrees. */
  angles?: 'uv' | 'xy' | Values;
  scale?: number | null;
  scale_units?: 'width' | 'height' | 'dots' | 'inches' | 'x' | 'y' | 'xy' | null;
  width?: number | null;
  headwidth?: number;
  headlength?: number;
  headaxislength?: number;
  minshaft?: number;
  minlength?: number;
  pivot?: 'tail' | 'mid' | 'middle' | 'tip';
  color?: ColorLike | readonly ColorLike[] | null;
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  alpha?: number | null;
  zorder?: number | null;
  label?: string | null;
}

/** Keyword arguments of {@link Axes.quiverkey}. */
export interface QuiverkeyOptions {
  /** Of the arrow, in degrees from the direction of x. */
  angle?: number;
  /** In what the place is. Default `'axes'`. */
  coordinates?: 'axes' | 'figure' | 'data' | 'inches';
  /** Default: that of the arrows. */
  color?: ColorLike | null;
  /** Distance of the label, in inches. Default 0.1. */
  labelsep?: number;
  /** Where the label is. Default `'N'`, above the arrow. */
  labelpos?: 'N' | 'S' | 'E' | 'W';
  labelcolor?: ColorLike | null;
  /** Size, weight, style and family of the label. */
  fontproperties?: TextOptions | null;
  zorder?: number | null;
}

/** Keyword arguments of {@link Axes.hexbin}. */
export interface HexbinOptions {
  /** Hexagons in the direction of x, or in both. Default 100. */
  gridsize?: number | readonly [number, number];
  /** `'log'` for colours by logarithms; how many intervals the numbers are sorted into, or the edges of these. */
  bins?: 'log' | number | Values | null;
  xscale?: 'linear' | 'log';
  yscale?: 'linear' | 'log';
  /** The limits of x and y; of a logarithmic axis their exponents. Default: those of the points. */
  extent?: readonly number[] | null;
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  vmin?: number | null;
  vmax?: number | null;
  alpha?: number | null;
  linewidths?: number | null;
  edgecolors?: 'face' | 'none' | ColorLike | null;
  /** Makes one number of those of a hexagon. Default: their mean. */
  reduce_C_function?: (values: number[]) => number;
  /** The least number of points that a hexagon is drawn for. Default 0, and with `C` 1. */
  mincnt?: number | null;
  zorder?: number | null;
  label?: string | null;
}

/** Keyword arguments of {@link Axes.streamplot}. */
export interface StreamplotOptions {
  /** How close lines are; 1 is about thirty of them in each direction. A number, or two. */
  density?: number | readonly [number, number];
  /** A width, or one for each place of the grid. */
  linewidth?: number | Values | null;
  /** A colour, or a number for each place of the grid. */
  color?: ColorLike | Values | null;
  cmap?: ColormapLike | null;
  norm?: NormLike | null;
  arrowsize?: number;
  arrowstyle?: '-|>' | '->' | '-';
  /** The least length of a line, in parts of the axes. */
  minlength?: number;
  zorder?: number | null;
  /** Where lines begin: pairs of x and y. Default: everywhere. */
  start_points?: Values | null;
  /** The greatest length of a line, in parts of the axes. */
  maxlength?: number;
  integration_direction?: 'both' | 'forward' | 'backward';
  /** Whether lines end where they come near others. Default true. */
  broken_streamlines?: boolean;
  integration_max_step_scale?: number;
  integration_max_error_scale?: number;
  /** Arrows on each line. Default 1. */
  num_arrows?: number;
}

/** What {@link Axes.streamplot} returns. Mirrors `matplotlib.streamplot.StreamplotSet`. */
export interface StreamplotSet {
  readonly lines: StreamLines;
  readonly arrows: StreamArrows;
}

/** Keyword arguments of {@link Axes.stackplot}. */
export interface StackplotOptions extends Omit<PatchOptions, 'hatch'> {
  /** A pattern, or one for each area. */
  hatch?: string | readonly string[] | null;
  labels?: readonly string[];
  colors?: readonly ColorLike[] | null;
  baseline?: 'zero' | 'sym' | 'wiggle' | 'weighted_wiggle';
}

/** Keyword arguments of {@link Axes.annotate}. */
export interface AnnotateOptions extends TextOptions {
  xytext?: readonly [number | Date, number | Date] | null;
  xycoords?: string;
  textcoords?: string | null;
  arrowprops?: ArrowOptions | null;
  annotation_clip?: boolean | null;
}

/** Keyword arguments of {@link Axes.tick_params}. */
export interface TickParams {
  axis?: 'x' | 'y' | 'both';
  which?: 'major' | 'minor' | 'both';
  direction?: 'in' | 'out' | 'inout';
  length?: number;
  width?: number;
  color?: ColorLike;
  colors?: ColorLike;
  pad?: number;
  labelsize?: number | string;
  labelcolor?: ColorLike;
  labelrotation?: number;
  rotation?: number;
  bottom?: boolean;
  top?: boolean;
  left?: boolean;
  right?: boolean;
  labelbottom?: boolean;
  labeltop?: boolean;
  labelleft?: boolean;
  labelright?: boolean;
}

define_kind(
  'plotted',
  'Tensor, NDArray, a list of numbers, or a format string',
  (value) => is_values(value) || typeof value === 'number' || typeof value === 'string' || types.isDate(value),
);
define_kind(
  'limits',
  'float or a pair',
  (value) => typeof value === 'number' || is_values(value) || types.isDate(value),
);
define_kind('contours', 'what contour() returns', (value) => value instanceof QuadContourSet);
define_kind('arrows', 'what quiver() returns', (value) => value instanceof Quiver);
define_kind('artist', 'an artist', (value) => value instanceof Artist);

/** The options of contours, as a signature. */
export const CONTOUR_OPTIONS =
  'levels?: values|None, colors?: color|None, cmap?: cmap|None, norm?: norm|None, vmin?: float|None, ' +
  'vmax?: float|None, alpha?: float|None, linewidths?: values|None, linestyles?: linestyle|None, hatches?: Iterable|None, ' +
  'origin?: str|None, extent?: float[]|None, zorder?: float|None';

const SCALES = 'scalex?: bool, scaley?: bool';
const BAR_REST =
  `color/c?: color|None, ${PATCHES_OPTIONS_WITHOUT_COLOR}, label?: str|float|str[]|None, tick_label?: str|str[]|None, ` +
  'xerr?: values|None, yerr?: values|None, ecolor?: color|None, capsize?: float|None, log?: bool';
const MESH =
  'alpha?: float|None, norm?: norm|None, cmap?: cmap|None, vmin?: float|None, vmax?: float|None, shading?: str|None, ' +
  'edgecolors/edgecolor?: color|None, linewidth/lw?: float|None, zorder?: float|None, label?: str|None';
const HEADING = 'loc?: str|None, pad?: float|None';

/** How functions that go by the same name as methods, or by another, read their calls. */
export const SIGNATURES = {
  plot: method_signature<LineOptions & { args: unknown[] }>('plot', `*args: plotted, ${SCALES}, ${LINE_OPTIONS}`),
  scatter: method_signature<ScatterOptions & { x: Categories; y: Categories }>(
    'scatter',
    'x: categories, y: categories, s?: values|None, c?: color|None, marker?: str|None, cmap?: cmap|None, norm?: norm|None, ' +
      'vmin?: float|None, vmax?: float|None, alpha?: float|None, linewidths/linewidth/lw?: values|None, *, ' +
      'edgecolors/edgecolor?: color|None, facecolors/facecolor?: color|None, color?: color|None, label?: str|float|None, zorder?: float|None',
  ),
  bar: method_signature<BarOptions & { x: Categories; height: Categories }>(
    'bar',
    `x: categories, height: values, width?: values, bottom?: values|None, *, align?: str, ${BAR_REST}`,
  ),
  barh: method_signature<BarhOptions & { y: Categories; width: Categories }>(
    'barh',
    `y: categories, width: values, height?: values, left?: values|None, *, align?: str, ${BAR_REST}`,
  ),
  hist: method_signature<HistOptions & { x: Values }>(
    'hist',
    'x: values, bins?: int|str|values|None, range?: float[]|None, density?: bool, weights?: values|None, cumulative?: bool|float, ' +
      'bottom?: values|None, histtype?: str, align?: str, orientation?: str, rwidth?: float|None, log?: bool, color/c?: color|None, ' +
      `label?: str|float|str[]|None, stacked?: bool, *, ${PATCHES_OPTIONS_WITHOUT_COLOR}`,
  ),
  imshow: method_signature<ImshowOptions & { X: Values }>(
    'imshow',
    'X: values, cmap?: cmap|None, norm?: norm|None, *, aspect?: str|float|None, interpolation?: str|None, alpha?: float|None, ' +
      'vmin?: float|None, vmax?: float|None, origin?: str|None, extent?: float[]|None, zorder?: float|None, label?: str|None, animated?: bool',
  ),
  contour: method_signature<ContourOptions & { args: unknown[] }>('contour', `*args: values, ${CONTOUR_OPTIONS}`),
  clabel: method_signature<ClabelOptions & { CS: QuadContourSet }>(
    'clabel',
    'CS: contours, levels?: values|None, *, fontsize?: float|str|None, inline?: bool, inline_spacing?: float, fmt?: str|dict|Callable|formatter|None, ' +
      'colors?: color|None, rightside_up?: bool, zorder?: float|None',
  ),
  fill_between: method_signature<FillOptions & { x: Values; y1: Values; y2?: number | Values }>(
    'fill_between',
    `x: values, y1: values, y2?: values, where?: values|None, interpolate?: bool, step?: str|None, *, ${PATCH_OPTIONS}`,
  ),
  fill_betweenx: method_signature<FillOptions & { y: Values; x1: Values; x2?: number | Values }>(
    'fill_betweenx',
    `y: values, x1: values, x2?: values, where?: values|None, step?: str|None, interpolate?: bool, *, ${PATCH_OPTIONS}`,
  ),
  boxplot: method_signature<BoxplotOptions & { x: Values }>(
    'boxplot',
    'x: values, notch?: bool|None, sym?: str|None, *, orientation?: str, whis?: float|float[]|None, positions?: values|None, ' +
      'widths?: values|None, patch_artist?: bool|None, usermedians?: Iterable|None, meanline?: bool|None, showmeans?: bool|None, ' +
      'showcaps?: bool|None, showbox?: bool|None, showfliers?: bool|None, boxprops?: dict|None, tick_labels?: Iterable|None, ' +
      'flierprops?: dict|None, medianprops?: dict|None, meanprops?: dict|None, capprops?: dict|None, whiskerprops?: dict|None, ' +
      'manage_ticks?: bool, autorange?: bool, zorder?: float|None, capwidths?: values|None, label?: str|str[]|None',
  ),
  violinplot: method_signature<ViolinplotOptions & { dataset: Values }>(
    'violinplot',
    'dataset: values, positions?: values|None, *, orientation?: str, widths?: values, showmeans?: bool, showextrema?: bool, ' +
      'showmedians?: bool, quantiles?: values|None, points?: int, bw_method?: str|float|None, side?: str, facecolor?: color|None, ' +
      'linecolor?: color|None',
  ),
  pcolormesh: method_signature<PcolormeshOptions & { args: unknown[] }>('pcolormesh', `*args: values, ${MESH}`),
  hist2d: method_signature<Hist2dOptions & { x: Values; y: Values }>(
    'hist2d',
    `x: values, y: values, bins?: values, range?: values|None, density?: bool, weights?: values|None, cmin?: float|None, cmax?: float|None, *, ${MESH}`,
  ),
  quiver: method_signature<QuiverOptions & { args: unknown[] }>(
    'quiver',
    '*args: values, units?: str, angles?: str|values, scale?: float|None, scale_units?: str|None, width?: float|None, ' +
      'headwidth?: float, headlength?: float, headaxislength?: float, minshaft?: float, minlength?: float, pivot?: str, ' +
      'color/c?: color|None, cmap?: cmap|None, norm?: norm|None, alpha?: float|None, zorder?: float|None, label?: str|None',
  ),
  quiverkey: method_signature<
    QuiverkeyOptions & { Q: Quiver; X: number; Y: number; U: number; label: unknown; fontproperties?: TextOptions }
  >(
    'quiverkey',
    'Q: arrows, X: float, Y: float, U: float, label: str|float, *, angle?: float, coordinates?: str, color?: color|None, labelsep?: float, ' +
      'labelpos?: str, labelcolor?: color|None, fontproperties?: dict|None, zorder?: float|None',
  ),
  hexbin: method_signature<HexbinOptions & { x: Values; y: Values; C?: Values | null }>(
    'hexbin',
    'x: values, y: values, C?: values|None, *, gridsize?: int|int[], bins?: str|values|None, xscale?: str, yscale?: str, extent?: float[]|None, ' +
      'cmap?: cmap|None, norm?: norm|None, vmin?: float|None, vmax?: float|None, alpha?: float|None, linewidths/linewidth/lw?: float|None, ' +
      'edgecolors/edgecolor?: color|None, reduce_C_function?: Callable, mincnt?: float|None, zorder?: float|None, label?: str|None',
  ),
  streamplot: method_signature<StreamplotOptions & { x: Values; y: Values; u: Values; v: Values }>(
    'streamplot',
    'x: values, y: values, u: values, v: values, density?: values, linewidth?: values|None, color?: color|None, cmap?: cmap|None, norm?: norm|None, ' +
      'arrowsize?: float, arrowstyle?: str, minlength?: float, zorder?: float|None, start_points?: values|None, maxlength?: float, ' +
      'integration_direction?: str, broken_streamlines?: bool, *, integration_max_step_scale?: float, integration_max_error_scale?: float, ' +
      'num_arrows?: int',
  ),
  pie: method_signature<PieOptions & { x: Values }>(
    'pie',
    'x: values, explode?: values|None, labels?: Iterable|None, colors?: color|None, autopct?: str|Callable|None, pctdistance?: float, ' +
      'labeldistance?: float|None, startangle?: float, radius?: float, counterclock?: bool, wedgeprops?: dict|None, ' +
      'textprops?: dict|None, center?: float[], frame?: bool, rotatelabels?: bool, *, normalize?: bool, hatch?: str|str[]|None',
  ),
  stem: method_signature<StemOptions & { args: unknown[] }>(
    'stem',
    '*args: plotted, linefmt?: str|None, markerfmt?: str|None, basefmt?: str|None, bottom?: float, label?: str|None, orientation?: str',
  ),
  stackplot: method_signature<StackplotOptions & { x: Values; args: unknown[] }>(
    'stackplot',
    `x: values, *args: values, labels?: Iterable, colors?: color|None, baseline?: str, ${PATCH_OPTIONS.replace(', label?: str|float|None', '').replace('hatch?: str|', 'hatch?: str|str[]|')}`,
  ),
  fill: method_signature<PatchOptions & { args: unknown[] }>('fill', `*args: plotted, ${PATCH_OPTIONS}`),
  errorbar: method_signature<ErrorbarOptions & { x: Values; y: Values }>(
    'errorbar',
    'x: values, y: values, yerr?: values|None, xerr?: values|None, fmt?: str, *, ecolor?: color|None, elinewidth?: float|None, ' +
      `capsize?: float|None, capthick?: float|None, barsabove?: bool, errorevery?: int, ${LINE_OPTIONS}`,
  ),
  step: method_signature<LineOptions & { x: Values; y: Values; args: unknown[]; where?: string }>(
    'step',
    `x: values, y: values, *args: plotted, where?: str, ${LINE_OPTIONS}`,
  ),
  axhline: method_signature<LineOptions & { y?: number | Date; xmin?: number; xmax?: number }>(
    'axhline',
    `y?: place, xmin?: float, xmax?: float, *, ${LINE_OPTIONS}`,
  ),
  axvline: method_signature<LineOptions & { x?: number | Date; ymin?: number; ymax?: number }>(
    'axvline',
    `x?: place, ymin?: float, ymax?: float, *, ${LINE_OPTIONS}`,
  ),
  axhspan: method_signature<PatchOptions & { ymin: number | Date; ymax: number | Date; xmin?: number; xmax?: number }>(
    'axhspan',
    `ymin: place, ymax: place, xmin?: float, xmax?: float, *, ${PATCH_OPTIONS}`,
  ),
  axvspan: method_signature<PatchOptions & { xmin: number | Date; xmax: number | Date; ymin?: number; ymax?: number }>(
    'axvspan',
    `xmin: place, xmax: place, ymin?: float, ymax?: float, *, ${PATCH_OPTIONS}`,
  ),
  hlines: method_signature<LinesOptions & { y: Values | number; xmin: Values | number; xmax: Values | number }>(
    'hlines',
    'y: values, xmin: values, xmax: values, colors/color?: color|None, linestyles/linestyle/ls?: linestyle, label?: str, *, ' +
      'linewidths/linewidth/lw?: float|None, alpha?: float|None, zorder?: float|None',
  ),
  vlines: method_signature<LinesOptions & { x: Values | number; ymin: Values | number; ymax: Values | number }>(
    'vlines',
    'x: values, ymin: values, ymax: values, colors/color?: color|None, linestyles/linestyle/ls?: linestyle, label?: str, *, ' +
      'linewidths/linewidth/lw?: float|None, alpha?: float|None, zorder?: float|None',
  ),
  text: method_signature<TextOptions & { x: number | Date; y: number | Date; s: unknown }>(
    'text',
    `x: place, y: place, s: any, ${TEXT_OPTIONS.replace('fontdict?: dict|None, ', 'fontdict?: dict|None, *, ')}`,
  ),
  annotate: method_signature<AnnotateOptions & { text: unknown; xy: readonly [number | Date, number | Date] }>(
    'annotate',
    'text: str|float, xy: place[], xytext?: place[]|None, xycoords?: str, textcoords?: str|None, arrowprops?: dict|None, ' +
      `annotation_clip?: bool|None, *, ${TEXT_OPTIONS}`,
  ),
  set_title: method_signature<TextOptions & { label: unknown; loc?: string | null; pad?: number | null }>(
    'set_title',
    `label: str|float, fontdict?: dict|None, ${HEADING}, *, ${TEXT_OPTIONS.replace('fontdict?: dict|None, ', '')}`,
  ),
  set_xlabel: method_signature<TextOptions & { xlabel: unknown; labelpad?: number | null }>(
    'set_xlabel',
    `xlabel: str|float, fontdict?: dict|None, labelpad?: float|None, *, loc?: str|None, ${TEXT_OPTIONS.replace('fontdict?: dict|None, ', '')}`,
  ),
  set_ylabel: method_signature<TextOptions & { ylabel: unknown; labelpad?: number | null }>(
    'set_ylabel',
    `ylabel: str|float, fontdict?: dict|None, labelpad?: float|None, *, loc?: str|None, ${TEXT_OPTIONS.replace('fontdict?: dict|None, ', '')}`,
  ),
  set_xlim: method_signature<LimitsArguments>(
    'set_xlim',
    'left/xmin?: limits|None, right/xmax?: place|None, *, auto?: bool|None',
  ),
  set_ylim: method_signature<LimitsArguments>(
    'set_ylim',
    'bottom/ymin?: limits|None, top/ymax?: place|None, *, auto?: bool|None',
  ),
  set_xticks: method_signature<TicksArguments>(
    'set_xticks',
    `ticks: values, labels?: Iterable|None, *, minor?: bool, ${TEXT_OPTIONS}`,
  ),
  set_yticks: method_signature<TicksArguments>(
    'set_yticks',
    `ticks: values, labels?: Iterable|None, *, minor?: bool, ${TEXT_OPTIONS}`,
  ),
  set_xscale: method_signature<ScaleOptions & { value: string }>('set_xscale', `value: str, *, ${SCALE_OPTIONS}`),
  set_yscale: method_signature<ScaleOptions & { value: string }>('set_yscale', `value: str, *, ${SCALE_OPTIONS}`),
  legend: method_signature<LegendOptions & { args: unknown[] }>(
    'legend',
    `*args: Iterable, handles?: artist[]|None, labels?: str[]|None, ${LEGEND_OPTIONS}`,
  ),
  grid: method_signature<GridArguments>(
    'grid',
    'visible?: bool|None, which?: str, axis?: str, *, color/c?: color|None, linestyle/ls?: str|None, linewidth/lw?: float|None, alpha?: float|None',
  ),
  axis: method_signature<{
    arg?: string | boolean | readonly number[] | null;
    emit?: boolean;
    xmin?: number;
    xmax?: number;
    ymin?: number;
    ymax?: number;
  }>('axis', 'arg?: str|bool|float[]|None, *, emit?: bool, xmin?: float, xmax?: float, ymin?: float, ymax?: float'),
  margins: method_signature<{ margins: number[]; x?: number | null; y?: number | null; tight?: boolean | null }>(
    'margins',
    '*margins: float, x?: float|None, y?: float|None, tight?: bool|None',
  ),
  tick_params: method_signature<TickParams>(
    'tick_params',
    'axis?: str, *, which?: str, direction?: str, length?: float, width?: float, color?: color, colors?: color, pad?: float, ' +
      'labelsize?: float|str, labelcolor?: color, labelrotation?: float, rotation?: float, bottom?: bool, top?: bool, left?: bool, ' +
      'right?: bool, labelbottom?: bool, labeltop?: bool, labelleft?: bool, labelright?: bool',
  ),
} as const;
const SIG = SIGNATURES;

interface LinesOptions {
  colors?: ColorLike | readonly ColorLike[] | null;
  color?: ColorLike | readonly ColorLike[] | null;
  linestyles?: LineStyle;
  linestyle?: LineStyle;
  ls?: LineStyle;
  label?: string;
  linewidths?: number | null;
  linewidth?: number | null;
  lw?: number | null;
  alpha?: number | null;
  zorder?: number | null;
}
/** Limits by any of their names. */
export interface LimitsArguments {
  left?: number | Date | readonly (number | Date)[] | null;
  right?: number | Date | null;
  xmin?: number | Date | null;
  xmax?: number | Date | null;
  bottom?: number | Date | readonly (number | Date)[] | null;
  top?: number | Date | null;
  ymin?: number | Date | null;
  ymax?: number | Date | null;
  auto?: boolean | null;
}
/** Arguments of set_xticks. */
export interface TicksArguments extends TextOptions {
  ticks: Values;
  labels?: Iterable<unknown> | null;
  minor?: boolean;
}
/** Arguments of grid. */
export interface GridArguments {
  visible?: boolean | null;
  which?: 'major' | 'minor' | 'both';
  axis?: 'both' | 'x' | 'y';
  color?: ColorLike | null;
  c?: ColorLike | null;
  linestyle?: string | null;
  ls?: string | null;
  linewidth?: number | null;
  lw?: number | null;
  alpha?: number | null;
}

const WEDGE = method_signature<WedgeOptions>('wedgeprops', `*, width?: float|None, ${PATCH_OPTIONS}`);
const TEXTPROPS = method_signature<TextOptions>('textprops', `*, ${TEXT_OPTIONS}`);
const LINE_PROPS = method_signature<LineOptions>('props', `*, ${LINE_OPTIONS}`);
const BOX_PROPS = method_signature<PatchOptions>('boxprops', `*, ${PATCH_OPTIONS}`);
const FLIER: LineOptions = {
  ...{ color: 'black', marker: 'o', markersize: 6, markerfacecolor: 'none', markeredgecolor: 'black' },
  linestyle: 'None',
};
const MEAN_POINT: LineOptions = {
  ...{ color: 'C2', marker: '^', markersize: 6, markerfacecolor: 'C2', markeredgecolor: 'C2' },
  linestyle: 'None',
};
const CLA = method_signature<object>('cla');
const CLEAR = method_signature<object>('clear');
const REMOVE = method_signature<object>('remove');
const SET_ASPECT = method_signature<{
  aspect: 'auto' | 'equal' | number;
  adjustable?: 'box' | 'datalim' | null;
  anchor?: string | null;
}>('set_aspect', 'aspect: str|float, adjustable?: str|None, anchor?: str|None');
const SET_XTICKLABELS = method_signature<TextOptions & { labels: Iterable<unknown> }>(
  'set_xticklabels',
  `labels: Iterable, *, ${TEXT_OPTIONS}`,
);
const SET_YTICKLABELS = method_signature<TextOptions & { labels: Iterable<unknown> }>(
  'set_yticklabels',
  `labels: Iterable, *, ${TEXT_OPTIONS}`,
);
const SET_FACECOLOR = method_signature<{ color: ColorLike }>('set_facecolor', 'color: color');
const AUTOSCALE = method_signature<{ enable?: boolean | null; axis?: string; tight?: boolean | null }>(
  'autoscale',
  'enable?: bool|None, axis?: str, tight?: bool|None',
);
const AUTOSCALE_VIEW = method_signature<{ tight?: boolean | null; scalex?: boolean; scaley?: boolean }>(
  'autoscale_view',
  'tight?: bool|None, scalex?: bool, scaley?: bool',
);
const RELIM = method_signature<{ visible_only?: boolean }>('relim', 'visible_only?: bool');
const SET = method_signature<AxesProperties>(
  'set',
  '*, title?: str, xlabel?: str, ylabel?: str, xlim?: values, ylim?: values, xticks?: values, yticks?: values, xticklabels?: Iterable, ' +
    'yticklabels?: Iterable, xscale?: str, yscale?: str, aspect?: str|float, facecolor?: color',
);
const SET_VISIBLE = method_signature<{ b: boolean }>('set_visible', 'b: bool');
const none = (name: string): ReturnType<typeof method_signature<object>> => method_signature<object>(name);
const GETTERS = {
  get_xlim: none('get_xlim'),
  get_ylim: none('get_ylim'),
  get_xticks: method_signature<{ minor?: boolean }>('get_xticks', '*, minor?: bool'),
  get_yticks: method_signature<{ minor?: boolean }>('get_yticks', '*, minor?: bool'),
  xaxis_date: none('xaxis_date'),
  yaxis_date: none('yaxis_date'),
  minorticks_on: none('minorticks_on'),
  minorticks_off: none('minorticks_off'),
  get_xticklabels: none('get_xticklabels'),
  get_yticklabels: none('get_yticklabels'),
  get_title: none('get_title'),
  get_xlabel: none('get_xlabel'),
  get_ylabel: none('get_ylabel'),
  get_xscale: none('get_xscale'),
  get_yscale: none('get_yscale'),
  get_legend: none('get_legend'),
  get_lines: none('get_lines'),
  get_legend_handles_labels: none('get_legend_handles_labels'),
  invert_xaxis: none('invert_xaxis'),
  invert_yaxis: none('invert_yaxis'),
  set_axis_off: none('set_axis_off'),
  set_axis_on: none('set_axis_on'),
  label_outer: none('label_outer'),
  twinx: none('twinx'),
  twiny: none('twiny'),
};

/** What {@link Axes.set} takes. */
export interface AxesProperties {
  title?: string;
  xlabel?: string;
  ylabel?: string;
  xlim?: readonly [number, number];
  ylim?: readonly [number, number];
  xticks?: Values;
  yticks?: Values;
  xticklabels?: readonly string[];
  yticklabels?: readonly string[];
  xscale?: string;
  yscale?: string;
  aspect?: 'auto' | 'equal' | number;
  facecolor?: ColorLike;
}

/** Limits of all that was drawn, and the smallest positive value. */
export interface DataRange {
  low: number;
  high: number;
  minpos: number;
}
const empty_range = (): DataRange => ({
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  minpos: Number.POSITIVE_INFINITY,
});

/** A visible line around the axes. */
export class Spine {
  /** @internal */
  _visible: boolean;
  /** @internal */
  _color: ColorLike = rc['axes.edgecolor'] as string;
  /** @internal */
  _width = rc['axes.linewidth'] as number;

  /** @internal */
  constructor(
    side: string,
    private readonly changed: () => void,
  ) {
    this._visible = rc[`axes.spines.${side}`] as boolean;
  }

  /** Shows or hides the line. */
  set_visible(b: boolean | { b: boolean }): void;
  set_visible(...args: unknown[]): void {
    this._visible = SET_VISIBLE.read(args).b;
    this.changed();
  }

  /** Sets its colour. */
  set_color(color: ColorLike | { color: ColorLike }): void;
  set_color(...args: unknown[]): void {
    const { color } = SET_SPINE_COLOR.read(args);
    color_of('set_color', 'color', color);
    this._color = color;
    this.changed();
  }

  /** Sets its width in points. */
  set_linewidth(w: number | { w: number }): void;
  set_linewidth(...args: unknown[]): void {
    this._width = SET_SPINE_WIDTH.read(args).w;
    this.changed();
  }
}

const SET_SPINE_COLOR = method_signature<{ color: ColorLike }>('set_color', 'color: color');
const SET_SPINE_WIDTH = method_signature<{ w: number }>('set_linewidth', 'w: float');

type Spines = Record<'left' | 'right' | 'top' | 'bottom', Spine>;

/** A plot. */
export class Axes {
  /** The horizontal axis. */
  xaxis!: Axis;
  /** The vertical axis. */
  yaxis!: Axis;
  /** The lines around the axes. */
  spines!: Spines;
  /** @internal */
  readonly artists: Artist[] = [];
  /** Bars and errorbars, of which each has a label. @internal */
  _containers: Artist[] = [];
  /** @internal */
  _spec: SubplotSpec | null = null;
  /** Left, bottom, width and height in parts of the figure. @internal */
  _rect: readonly [number, number, number, number] | null = null;
  /** @internal */
  _shared: Record<AxisName, Axes[]> = { x: [this], y: [this], z: [this] };
  /** Where the axes are when they are not as large as their place: by compass, C for the middle. @internal */
  _anchor: 'C' | 'E' | 'W' | 'N' | 'S' = 'C';
  /** Height by width of the axes, for colour bars. @internal */
  _box_aspect: number | null = null;
  /** @internal */
  _frame_on = true;
  /** Whether there is a colour behind everything; twins of other axes have none. @internal */
  _has_ground = true;
  /** @internal */
  _visible = true;
  /** Whether this is a colour bar, which is not changed by what programs draw next. @internal */
  _is_colorbar = false;
  /** @internal */
  _current_mappable: ScalarMappable | null = null;
  protected titles!: { left: Text; center: Text; right: Text };
  protected title_pad!: number;
  protected facecolor!: ColorLike;
  protected off = false;
  private aspect!: 'auto' | number;
  private adjustable: 'box' | 'datalim' = 'box';
  protected ranges!: Record<AxisName, DataRange>;
  private colors_used!: { lines: number; patches: number };
  protected legend_: Legend | null = null;
  private child_count = 0;
  /** For the `transform` of texts: data coordinates, and parts of the axes. */
  readonly transData = 'data';
  readonly transAxes = 'axes';

  /** @internal */
  constructor(
    /** The figure. @internal */
    readonly _figure: FigureLike,
  ) {
    this.reset();
  }

  protected reset(): void {
    const changed = (): void => this._changed();
    for (const artist of this.artists) artist._parent = null;
    this.artists.length = 0;
    this._containers = [];
    this.xaxis = new Axis('x', changed);
    this.yaxis = new Axis('y', changed);
    for (const which of ['x', 'y'] as const) {
      const axis = this.axis_of(which);
      axis._update = () => void this._get_limits(which);
      axis._minpos = () => Math.min(...this._shared[which].map((axes) => axes.ranges[which].minpos));
      axis._length_in_points = () => {
        const box = this._box_in_inches();
        return 72 * (which === 'x' ? box.right - box.left : box.bottom - box.top);
      };
    }
    this.spines = {
      ...{ left: new Spine('left', changed), right: new Spine('right', changed) },
      ...{ top: new Spine('top', changed), bottom: new Spine('bottom', changed) },
    };
    this.titles = { left: this.make_title('', {}), center: this.make_title('', {}), right: this.make_title('', {}) };
    this.title_pad = rc['axes.titlepad'] as number;
    this.facecolor = rc['axes.facecolor'] as string;
    this.aspect = 'auto';
    this.adjustable = 'box';
    this.ranges = { x: empty_range(), y: empty_range(), z: empty_range() };
    this.colors_used = { lines: 0, patches: 0 };
    this.legend_ = null;
    this.off = false;
    this.child_count = 0;
    this._current_mappable = null;
  }

  protected make_title(text: string, options: TextOptions, ha: 'left' | 'center' | 'right' = 'center'): Text {
    const color = rc['axes.titlecolor'] === 'auto' ? rc['text.color'] : rc['axes.titlecolor'];
    return new Text('set_title', 0, 0, text, options, {
      size: font_size(rc['axes.titlesize']),
      weight: rc['axes.titleweight'] as string,
      color: color_of('set_title', 'color', color),
      ha,
    });
  }

  /** @internal */
  _changed(): void {
    this._figure._changed();
  }

  /** The names of its axes. */
  protected axis_names(): readonly AxisName[] {
    return ['x', 'y'];
  }

  protected axis_of(which: AxisName): Axis {
    return which === 'x' ? this.xaxis : this.yaxis;
  }

  // ---- places ----

  /** The place of the axes in inches, with y growing downwards, before it is adjusted to an aspect. */
  protected place(): Box {
    const { _width: width, _height: height } = this._figure;
    const [left, bottom, w, h] = this._rect ?? this._spec!._position();
    return {
      left: left * width,
      right: (left + w) * width,
      top: (1 - bottom - h) * height,
      bottom: (1 - bottom) * height,
    };
  }

  /** @internal */
  _original_box_in_inches(): Box {
    return this.place();
  }

  /** @internal */
  _box_in_inches(): Box {
    const place = this.place();
    const ratio =
      this._box_aspect ??
      (this.aspect !== 'auto' && this.adjustable === 'box' ? this.data_ratio() * this.aspect : null);
    if (ratio === null || !Number.isFinite(ratio) || ratio <= 0) return place;
    const [width, height] = [place.right - place.left, place.bottom - place.top];
    const [w, h] = width * ratio <= height ? [width, width * ratio] : [height / ratio, height];
    const left = place.left + (this._anchor === 'W' ? 0 : this._anchor === 'E' ? width - w : (width - w) / 2);
    const top = place.top + (this._anchor === 'N' ? 0 : this._anchor === 'S' ? height - h : (height - h) / 2);
    return { left, right: left + w, top, bottom: top + h };
  }

  /** Height by width of the limits. */
  private data_ratio(): number {
    const size = (which: 'x' | 'y'): number => {
      const axis = this.axis_of(which);
      const [a, b] = this._get_limits(which);
      return Math.max(Math.abs(axis._transform(b) - axis._transform(a)), 1e-30);
    };
    return size('y') / size('x');
  }

  /** Widens the limits of one axis, so that steps on both are of the same length. */
  private widen_limits(): void {
    if (this.aspect === 'auto' || this.adjustable !== 'datalim') return;
    const place = this.place();
    const wanted = (place.bottom - place.top) / (place.right - place.left) / this.aspect;
    const ratio = this.data_ratio();
    const grow = wanted / ratio - 1;
    if (Math.abs(grow) < 0.005) return;
    const which = grow > 0 ? 'y' : 'x';
    const [a, b] = this._get_limits(which);
    const size = (grow > 0 ? wanted / ratio : ratio / wanted) * (b - a);
    const middle = (a + b) / 2;
    this.axis_of(which)._limits = [middle - size / 2, middle + size / 2];
  }

  /** @internal */
  _view(r: Renderer): View {
    this.widen_limits();
    const inches = this._box_in_inches();
    const box: Box = {
      left: inches.left * r.dpi,
      right: inches.right * r.dpi,
      top: inches.top * r.dpi,
      bottom: inches.bottom * r.dpi,
    };
    const map = (which: 'x' | 'y', from: number, to: number): ((value: number) => number) => {
      const axis = this.axis_of(which);
      const [low, high] = this._get_limits(which).map((limit) => axis._transform(limit)) as [number, number];
      const scale = (to - from) / (high - low);
      return axis._scaling === null
        ? (value) => from + (value - low) * scale
        : (value) => from + (axis._transform(value) - low) * scale;
    };
    return {
      box,
      figure: { left: 0, right: r.width, top: 0, bottom: r.height },
      x: map('x', box.left, box.right),
      y: map('y', box.bottom, box.top),
    };
  }

  // ---- limits ----

  /** The limits in the order in which they are drawn, scaled to what was drawn since. @internal */
  _get_limits(which: AxisName): [number, number] {
    const group = this._shared[which];
    if (group.some((axes) => axes.axis_of(which)._stale)) {
      for (const axes of group) axes.axis_of(which)._stale = false;
      this.scale_to_data(which);
    }
    return [...this.axis_of(which)._limits];
  }

  /** @internal */
  _set_limits(which: AxisName, low: number, high: number): void {
    for (const axes of this._shared[which]) axes.axis_of(which)._limits = [low, high];
  }

  protected scale_to_data(which: AxisName): void {
    const axis = this.axis_of(which);
    if (!axis._autoscale) return;
    const group = this._shared[which];
    const ranges = group.map((axes) => axes.ranges[which]);
    let low = Math.min(...ranges.map((range) => range.low));
    let high = Math.max(...ranges.map((range) => range.high));
    if (!(low <= high)) [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const minpos = Math.min(...ranges.map((range) => range.minpos));
    [low, high] = axis._locator.nonsingular(low, high, { minpos });
    const sticky = group
      .flatMap((axes) => axes.sticky_places(which))
      .filter((value) => axis._scale !== 'log' || value > 0)
      .sort((a, b) => a - b);
    const tolerance = 1e-5 * Math.abs(high - low);
    const lower = sticky.filter((value) => value < low + tolerance).at(-1);
    const upper = sticky.find((value) => value >= high - tolerance);
    if (axis._scaling !== null) [low, high] = axis._scaling.limit(low, high, minpos);
    const [a, b] = [axis._transform(low), axis._transform(high)];
    let delta = (b - a) * axis._margin;
    if (!Number.isFinite(delta)) delta = 0;
    [low, high] = [axis._inverse(a - delta), axis._inverse(b + delta)];
    if (lower !== undefined) low = Math.max(low, lower);
    if (upper !== undefined) high = Math.min(high, upper);
    [low, high] = axis._locator.view_limits(low, high);
    const inverted = axis._limits[0] > axis._limits[1];
    this._set_limits(which, inverted ? high : low, inverted ? low : high);
  }

  /** Positions that margins do not cross. */
  protected sticky_places(which: AxisName): number[] {
    return this.artists.flatMap((artist) => [...(artist._limits()?.[`sticky_${which as 'x' | 'y'}`] ?? [])]);
  }

  private include(which: AxisName, limits: readonly [number, number] | undefined, minpos: number): void {
    const range = this.ranges[which];
    if (limits !== undefined) {
      range.low = Math.min(range.low, limits[0]);
      range.high = Math.max(range.high, limits[1]);
    }
    range.minpos = Math.min(range.minpos, minpos);
  }

  private include_artist(artist: Artist): void {
    const limits = artist._limits();
    if (limits === undefined) return;
    for (const which of ['x', 'y'] as const) {
      const own = limits[which];
      const least =
        limits[`minpos_${which}`] ??
        (own === undefined ? Number.POSITIVE_INFINITY : (own.find((value) => value > 0) ?? Number.POSITIVE_INFINITY));
      this.include(which, own, least);
    }
  }

  private request_scaling(x = true, y = true): void {
    if (x) this.xaxis._stale = true;
    if (y) this.yaxis._stale = true;
  }

  /** Adds an artist, whose data count for the limits. @internal */
  _add<A extends Artist>(artist: A, scale: { x?: boolean; y?: boolean } = {}): A {
    artist._parent = this;
    this.artists.push(artist);
    if (
      artist._label === '' &&
      (artist instanceof Line2D || artist instanceof Patch || artist instanceof PathCollection)
    ) {
      artist._label = `_child${this.child_count}`;
    }
    this.child_count++;
    this.include_artist(artist);
    if (artist._limits() !== undefined) this.request_scaling(scale.x, scale.y);
    this._changed();
    return artist;
  }

  protected next_color(kind: 'lines' | 'patches'): Rgba {
    return rgba_of_cycle(this.colors_used[kind]++);
  }

  protected cycle_name(kind: 'lines' | 'patches'): string {
    const cycle = rc['axes.prop_cycle'] as readonly string[];
    return cycle[this.colors_used[kind]++ % cycle.length]!;
  }

  private coordinates(callee: string, which: 'x' | 'y', value: unknown): Float64Array {
    if (is_categories(value)) return this.axis_of(which)._category_values(typeof value === 'string' ? [value] : value);
    this.note_dates(which, value);
    return flat_floats(callee, value);
  }

  /** Makes axes of dates of those on which there are times. */
  protected note_dates(which: AxisName, value: unknown): void {
    const first: unknown = Array.isArray(value) && Array.isArray(value[0]) ? value[0] : value;
    if (is_dates(first)) for (const axes of this._shared[which]) axes.axis_of(which)._use_dates();
  }

  /** A number or time on an axis. */
  protected coordinate(which: 'x' | 'y', value: number | Date): number {
    this.note_dates(which, value);
    return types.isDate(value) ? days_of_date(value) : Number(value);
  }

  /** Makes x an axis of dates. */
  xaxis_date(...none: []): void;
  xaxis_date(...args: unknown[]): void {
    GETTERS.xaxis_date.read(args);
    this.note_dates('x', new Date(0));
    this._changed();
  }

  /** Makes y an axis of dates. */
  yaxis_date(...none: []): void;
  yaxis_date(...args: unknown[]): void {
    GETTERS.yaxis_date.read(args);
    this.note_dates('y', new Date(0));
    this._changed();
  }

  // ---- lines ----

  /** Lines and markers: `plot(y)`, `plot(x, y)`, `plot(x, y, 'r--')`, and more of these one after the other. */
  plot(...args: PlotArguments): Line2D[];
  plot(...args: unknown[]): Line2D[] {
    return this._plot('plot', args);
  }

  /** @internal */
  _plot(callee: string, args: readonly unknown[], more: LineOptions = {}): Line2D[] {
    const {
      args: given,
      scalex = true,
      scaley = true,
      ...options
    } = (callee === 'plot' || callee === 'step' ? SIG.plot : SIG.plot.renamed(callee)).read(args) as LineOptions & {
      args: unknown[];
      scalex?: boolean;
      scaley?: boolean;
    };
    const lines: Line2D[] = [];
    for (let i = 0; i < given.length; ) {
      if (typeof given[i] === 'string')
        throw new Error(`${callee}(): the ${i === 0 ? 'first' : 'third'} arg must not be a format string without data`);
      const group = [given[i++]];
      // A list of strings is a row of names, a string is a format.
      if (i < given.length && typeof given[i] !== 'string') group.push(given[i++]);
      const format = typeof given[i] === 'string' ? parse_format(callee, given[i++] as string) : {};
      lines.push(...this.plot_group(callee, group, format, { ...options, ...more }));
    }
    for (const line of lines) this._add(line, { x: scalex, y: scaley });
    return lines;
  }

  private plot_group(callee: string, group: readonly unknown[], format: LineFormat, options: LineOptions): Line2D[] {
    const rows = (which: 'x' | 'y', value: unknown): Float64Array[] =>
      is_categories(value) || is_dates(value) ? [this.coordinates(callee, which, value)] : columns(callee, value);
    const ys = rows('y', group.length === 1 ? group[0] : group[1]);
    const xs = group.length === 1 ? [Float64Array.from(ys[0]!, (_, i) => i)] : rows('x', group[0]);
    if (xs[0]!.length !== ys[0]!.length) {
      const shape = (value: unknown): string => python_size(floats(callee, value).shape);
      throw new Error(
        `${callee}(): x and y must have same first dimension, but have shapes ${shape(group[0])} and ${shape(group[1])}`,
      );
    }
    const count = Math.max(xs.length, ys.length);
    if (xs.length > 1 && ys.length > 1 && xs.length !== ys.length) {
      throw new Error(`${callee}(): x has ${xs.length} columns but y has ${ys.length} columns`);
    }
    return Array.from({ length: count }, (_, i) => {
      const given = options.color ?? format.color ?? null;
      const color = given ?? this.cycle_name('lines');
      const all: LineOptions = { ...format, ...drop_null(options) };
      return new Line2D(callee, xs[i % xs.length]!, ys[i % ys.length]!, color, all);
    });
  }

  /** {@link plot} with a logarithmic x axis. */
  semilogx(...args: PlotArguments): Line2D[];
  semilogx(...args: unknown[]): Line2D[] {
    this._set_scale('x', 'log');
    return this._plot('semilogx', args);
  }

  /** {@link plot} with a logarithmic y axis. */
  semilogy(...args: PlotArguments): Line2D[];
  semilogy(...args: unknown[]): Line2D[] {
    this._set_scale('y', 'log');
    return this._plot('semilogy', args);
  }

  /** {@link plot} with logarithmic axes. */
  loglog(...args: PlotArguments): Line2D[];
  loglog(...args: unknown[]): Line2D[] {
    this._set_scale('x', 'log');
    this._set_scale('y', 'log');
    return this._plot('loglog', args);
  }

  /** Steps from point to point. `where` is `'pre'`, `'post'` or `'mid'`. */
  step(
    x: Values,
    y: Values,
    ...args: [...format: string[], options: LineOptions & { where?: string }] | string[]
  ): Line2D[];
  step(...args: unknown[]): Line2D[] {
    const { x, y, args: formats, where = 'pre', ...options } = SIG.step.read(args);
    if (!['pre', 'post', 'mid'].includes(where))
      throw new Error(`step(): '${where}' is not a valid value for where; supported values are 'pre', 'post', 'mid'`);
    return this._plot('step', [x, y, ...formats, options], { drawstyle: `steps-${where}` });
  }

  /** A horizontal line across the axes. `xmin` and `xmax` are parts of their width. */
  axhline(
    y?: number | Date | (LineOptions & { y?: number | Date; xmin?: number; xmax?: number }),
    xmin?: number | (LineOptions & { xmin?: number; xmax?: number }),
    xmax?: number | LineOptions,
    options?: LineOptions,
  ): Line2D;
  axhline(...args: unknown[]): Line2D {
    const { y: given = 0, xmin = 0, xmax = 1, ...options } = SIG.axhline.read(args);
    const y = this.coordinate('y', given);
    return this.across('axhline', [xmin, xmax], [y, y], 'axes', 'data', options);
  }

  /** A vertical line across the axes. `ymin` and `ymax` are parts of their height. */
  axvline(
    x?: number | Date | (LineOptions & { x?: number | Date; ymin?: number; ymax?: number }),
    ymin?: number | (LineOptions & { ymin?: number; ymax?: number }),
    ymax?: number | LineOptions,
    options?: LineOptions,
  ): Line2D;
  axvline(...args: unknown[]): Line2D {
    const { x: given = 0, ymin = 0, ymax = 1, ...options } = SIG.axvline.read(args);
    const x = this.coordinate('x', given);
    return this.across('axvline', [x, x], [ymin, ymax], 'data', 'axes', options);
  }

  private across(
    callee: string,
    x: readonly number[],
    y: readonly number[],
    x_space: Space,
    y_space: Space,
    options: LineOptions,
  ): Line2D {
    const line = new Line2D(callee, Float64Array.from(x), Float64Array.from(y), 'C0', options, x_space, y_space);
    // The limits change only when the line is outside.
    const which = x_space === 'data' ? 'x' : 'y';
    const [low, high] = [...this._get_limits(which)].sort((a, b) => a - b) as [number, number];
    const at = which === 'x' ? x[0]! : y[0]!;
    const outside = at < low || at > high;
    return this._add(line, { x: which === 'x' && outside, y: which === 'y' && outside });
  }

  /** A horizontal band across the axes. */
  axhspan(
    ymin: number | Date,
    ymax: number | Date,
    ...more: [PatchOptions?] | [xmin?: number, xmax?: number, options?: PatchOptions]
  ): Rectangle;
  axhspan(...args: unknown[]): Rectangle {
    const { ymin: from, ymax: to, xmin = 0, xmax = 1, ...options } = SIG.axhspan.read(args);
    const [ymin, ymax] = [this.coordinate('y', from), this.coordinate('y', to)];
    const patch = new Rectangle(
      'axhspan',
      xmin,
      ymin,
      xmax - xmin,
      ymax - ymin,
      rc['patch.facecolor'] as string,
      span_options(options),
      'axes',
      'data',
    );
    return this._add(patch, { x: false });
  }

  /** A vertical band across the axes. */
  axvspan(
    xmin: number | Date,
    xmax: number | Date,
    ...more: [PatchOptions?] | [ymin?: number, ymax?: number, options?: PatchOptions]
  ): Rectangle;
  axvspan(...args: unknown[]): Rectangle {
    const { xmin: from, xmax: to, ymin = 0, ymax = 1, ...options } = SIG.axvspan.read(args);
    const [xmin, xmax] = [this.coordinate('x', from), this.coordinate('x', to)];
    const patch = new Rectangle(
      'axvspan',
      xmin,
      ymin,
      xmax - xmin,
      ymax - ymin,
      rc['patch.facecolor'] as string,
      span_options(options),
      'data',
      'axes',
    );
    return this._add(patch, { y: false });
  }

  /** Horizontal lines at `y` from `xmin` to `xmax`. */
  hlines(
    y: Values | number,
    xmin: Values | number,
    xmax: Values | number,
    ...more: [LinesOptions?] | [colors?: ColorLike, linestyles?: LineStyle, label?: string]
  ): LineCollection;
  hlines(...args: unknown[]): LineCollection {
    const { y, xmin, xmax, ...options } = SIG.hlines.read(args);
    return this.parallel_lines('hlines', y, xmin, xmax, options, (at, from, to) => [from, at, to, at]);
  }

  /** Vertical lines at `x` from `ymin` to `ymax`. */
  vlines(
    x: Values | number,
    ymin: Values | number,
    ymax: Values | number,
    ...more: [LinesOptions?] | [colors?: ColorLike, linestyles?: LineStyle, label?: string]
  ): LineCollection;
  vlines(...args: unknown[]): LineCollection {
    const { x, ymin, ymax, ...options } = SIG.vlines.read(args);
    return this.parallel_lines('vlines', x, ymin, ymax, options, (at, from, to) => [at, from, at, to]);
  }

  private parallel_lines(
    callee: string,
    at: unknown,
    from: unknown,
    to: unknown,
    { colors = null, linestyles = 'solid', linewidths = null, label = '', alpha = null, zorder = null }: LinesOptions,
    segment: (at: number, from: number, to: number) => [number, number, number, number],
  ): LineCollection {
    const [along, across] = callee === 'hlines' ? (['x', 'y'] as const) : (['y', 'x'] as const);
    if (callee === 'hlines' || callee === 'vlines') {
      this.note_dates(across, at);
      for (const value of [from, to]) this.note_dates(along, value);
    }
    const rows = [at, from, to].map((value) => flat_floats(callee, value));
    const count = Math.max(...rows.map((row) => row.length));
    const value = (row: Float64Array, i: number): number => row[row.length === 1 ? 0 : i]!;
    const segments = Array.from({ length: count }, (_, i) =>
      segment(value(rows[0]!, i), value(rows[1]!, i), value(rows[2]!, i)),
    );
    const looks = colors_of(callee, 'colors', colors ?? 'C0').map(
      (color): LineLook => ({
        color,
        width: linewidths ?? (rc['lines.linewidth'] as number),
        style: check_linestyle(callee, linestyles),
      }),
    );
    return this._add(new LineCollection(segments, looks, { alpha, label, zorder }));
  }

  /** A line with bars for its errors. */
  errorbar(
    x: Values,
    y: Values,
    ...more: [ErrorbarOptions?] | [yerr?: number | Values | null, ...rest: unknown[]]
  ): ErrorbarContainer;
  errorbar(options: ErrorbarOptions & { x: Values; y: Values }): ErrorbarContainer;
  errorbar(...args: unknown[]): ErrorbarContainer {
    const given = SIG.errorbar.read(args);
    const {
      x,
      y,
      yerr = null,
      xerr = null,
      fmt = '',
      ecolor = null,
      elinewidth = null,
      capsize = null,
      capthick = null,
    } = given;
    const {
      barsabove = false,
      errorevery = 1,
      label = null,
      zorder = 2,
      ...line_options
    } = omit(given, ['x', 'y', 'yerr', 'xerr', 'fmt', 'ecolor', 'elinewidth', 'capsize', 'capthick']);
    const [xs, ys] = this.pair_of_rows('errorbar', x, y);
    if (errorevery < 1) throw new Error('errorbar(): errorevery must be positive');
    const is_none = fmt.toLowerCase() === 'none';
    const format = is_none ? {} : parse_format('errorbar', fmt);
    const level = zorder ?? 2;
    const color = line_options.color ?? format.color ?? this.cycle_name('lines');
    const line = new Line2D('errorbar', xs, ys, color, {
      ...format,
      ...drop_null(line_options),
      zorder: level + (barsabove ? -0.1 : 0.1),
      label: '_nolegend_',
    });
    const bar_color = color_of('errorbar', 'ecolor', ecolor ?? line.get_color());
    const look: LineLook = { color: bar_color, width: elinewidth ?? line.get_linewidth(), style: '-' };
    const [bars, caps]: [LineCollection[], Line2D[]] = [[], []];
    const cap = capsize ?? (rc['errorbar.capsize'] as number);
    const alpha = line_options.alpha ?? null;
    const kept = Array.from(xs.keys()).filter((i) => i % errorevery === 0);
    const both = [
      ['x', xerr],
      ['y', yerr],
    ] as const;
    for (const [which, error] of both) {
      if (error === null) continue;
      const { low, high } = error_bounds('errorbar', which, error, { x: xs, y: ys }[which]);
      const segments = kept.map((i) => segment_of(which, xs[i]!, ys[i]!, low[i]!, high[i]!));
      bars.push(this._add(new LineCollection(segments, [look], { zorder: level, alpha })));
      const options: LineOptions = {
        ...{ linestyle: 'None', marker: { x: '|', y: '_' }[which], markersize: 2 * cap, markeredgewidth: capthick },
        ...{ markeredgecolor: [...bar_color], label: '_nolegend_', zorder: level, alpha },
      };
      for (const ends of cap > 0 ? [low, high] : []) {
        const at = Float64Array.from(kept, (i) => ends[i]!);
        const other = Float64Array.from(kept, (i) => ({ x: ys, y: xs })[which][i]!);
        const [cx, cy] = which === 'x' ? [at, other] : [other, at];
        caps.push(this._add(new Line2D('errorbar', cx, cy, line.get_color(), options)));
      }
    }
    if (!is_none) this._add(line);
    return this.add_container(new ErrorbarContainer(is_none ? null : line, caps, bars, String(label ?? '')));
  }

  private pair_of_rows(callee: string, x: unknown, y: unknown): [Float64Array, Float64Array] {
    const rows: [Float64Array, Float64Array] = [this.coordinates(callee, 'x', x), this.coordinates(callee, 'y', y)];
    if (rows[0].length !== rows[1].length) throw new Error(`${callee}(): 'x' and 'y' must have the same size`);
    return rows;
  }

  private add_container<C extends Artist>(container: C): C {
    container._parent = { artists: this._containers, _changed: () => this._changed() };
    if (container._label === '') container._label = `_container${this._containers.length}`;
    this._containers.push(container);
    return container;
  }

  // ---- points ----

  /** Points of any size and colour. */
  scatter(
    x: Categories,
    y: Categories,
    ...more: [ScatterOptions?] | [s?: number | Values | null, ...rest: unknown[]]
  ): PathCollection;
  scatter(options: ScatterOptions & { x: Categories; y: Categories }): PathCollection;
  scatter(...args: unknown[]): PathCollection {
    const given = SIG.scatter.read(args);
    const {
      s = null,
      c = null,
      marker = null,
      cmap = null,
      norm = null,
      vmin = null,
      vmax = null,
      alpha = null,
      zorder = null,
    } = given;
    const { linewidths = null, edgecolors = null, facecolors = null, color = null, label = null } = given;
    const xs = this.coordinates('scatter', 'x', given.x);
    const ys = this.coordinates('scatter', 'y', given.y);
    if (xs.length !== ys.length) throw new Error('scatter(): x and y must be the same size');
    const shape_name = marker ?? (rc['scatter.marker'] as string);
    const shape = marker_shape('scatter', shape_name);
    const { array, faces } = this.point_colors(c, color ?? facecolors, xs.length);
    const sizes = s === null ? Float64Array.of((rc['lines.markersize'] as number) ** 2) : flat_floats('scatter', s);
    if (sizes.length !== 1 && sizes.length !== xs.length)
      throw new Error('scatter(): s must be a scalar, or float array-like with the same size as x and y');
    const widths = linewidths === null ? null : flat_floats('scatter', linewidths);
    const edge_given = color ?? edgecolors ?? null;
    const edges =
      edge_given === null || edge_given === 'face'
        ? ('face' as const)
        : edge_given === 'none'
          ? ('none' as const)
          : colors_of('scatter', 'edgecolors', edge_given);
    const collection = new PathCollection(
      xs,
      ys,
      {
        marker: shape_name,
        sizes,
        array,
        faces,
        edges: shape?.filled === false && edges === 'none' ? 'face' : edges,
        edge_width: widths?.[0] ?? (rc['lines.linewidth'] as number),
      },
      cmap_of('scatter', cmap),
      norm_of('scatter', norm, vmin, vmax),
    );
    collection._alpha = alpha;
    collection._zorder = zorder ?? 1;
    collection._label = label === null ? '' : String(label);
    if (array !== null) this._current_mappable = collection;
    return this._add(collection);
  }

  /** What `c` means: a colour, colours, or numbers. */
  protected point_colors(c: unknown, color: unknown, count: number): { array: Float64Array | null; faces: Rgba[] } {
    if (c === null || c === undefined) {
      if (color === null || color === undefined) return { array: null, faces: [this.next_color('patches')] };
      return { array: null, faces: color === 'none' ? [[0, 0, 0, 0]] : colors_of('scatter', 'color', color) };
    }
    if (typeof c !== 'string' && !is_categories(c)) {
      let numbers: ReturnType<typeof floats> | undefined;
      try {
        numbers = floats('scatter', c);
      } catch (error) {
        if (!Array.isArray(c)) throw error;
      }
      if (
        numbers !== undefined &&
        numbers.data.length === count &&
        !(numbers.shape.length === 2 && numbers.shape[0] === 1)
      ) {
        return { array: numbers.data, faces: [] };
      }
    }
    const faces = colors_of('scatter', 'c', c);
    if (faces.length !== 1 && faces.length !== count) {
      throw new Error(
        `scatter(): 'c' argument has ${faces.length} elements, which is inconsistent with 'x' and 'y' with size ${count}.`,
      );
    }
    return { array: null, faces };
  }

  // ---- bars ----

  /** Vertical bars. */
  bar(
    x: Categories,
    height: Values | number,
    ...more: [BarOptions?] | [width?: number | Values, ...rest: unknown[]]
  ): BarContainer;
  bar(options: BarOptions & { x: Categories; height: Values | number }): BarContainer;
  bar(...args: unknown[]): BarContainer {
    const { x, height, width = 0.8, bottom = null, ...options } = SIG.bar.read(args);
    return this.bars('bar', 'x', x, height, width, bottom, options);
  }

  /** Horizontal bars. */
  barh(
    y: Categories,
    width: Values | number,
    ...more: [BarhOptions?] | [height?: number | Values, ...rest: unknown[]]
  ): BarContainer;
  barh(options: BarhOptions & { y: Categories; width: Values | number }): BarContainer;
  barh(...args: unknown[]): BarContainer {
    const { y, width, height = 0.8, left = null, ...options } = SIG.barh.read(args);
    return this.bars('barh', 'y', y, width, height, left, options);
  }

  /** @param along the axis on which the bars stand side by side */
  private bars(
    callee: string,
    along: 'x' | 'y',
    at: unknown,
    length: unknown,
    thickness: unknown,
    base: unknown,
    options: Omit<BarOptions, 'width' | 'bottom'>,
  ): BarContainer {
    const {
      align = 'center',
      color = null,
      label = null,
      tick_label = null,
      xerr = null,
      yerr = null,
      ecolor = null,
      capsize = null,
      log = false,
      hatch = null,
      ...patch_options
    } = options;
    if (align !== 'center' && align !== 'edge')
      throw new Error(
        `${callee}(): '${String(align)}' is not a valid value for align; supported values are 'center', 'edge'`,
      );
    if (log) this._set_scale(along === 'x' ? 'y' : 'x', 'log');
    const rows = [
      this.coordinates(callee, along, at),
      flat_floats(callee, length),
      flat_floats(callee, thickness),
      base === null ? Float64Array.of(0) : flat_floats(callee, base),
    ];
    const count = broadcast_count(callee, rows);
    const value = (row: Float64Array, i: number): number => row[row.length === 1 ? 0 : i]!;
    const faces = color === null ? null : colors_of(callee, 'color', color);
    const default_color =
      faces === null && (patch_options.facecolor ?? null) === null ? this.next_color('patches') : null;
    const labels = Array.isArray(label) ? (label as string[]) : null;
    if (labels !== null && labels.length !== count)
      throw new Error(`${callee}(): number of labels (${labels.length}) does not match number of bars (${count}).`);
    const patches = Array.from({ length: count }, (_, i) => {
      const [place, size, thick, from] = rows.map((row) => value(row, i)) as [number, number, number, number];
      const start = align === 'center' ? place - thick / 2 : place;
      const face =
        faces === null ? (default_color ?? (patch_options.facecolor as ColorLike)) : faces[i % faces.length]!;
      const { facecolor: _own, ...rest } = patch_options;
      const look: PatchOptions = { ...rest, hatch: nth_hatch(hatch, i), label: labels?.[i] ?? '_nolegend_' };
      const patch =
        along === 'x'
          ? new Rectangle(callee, start, from, thick, size, face as ColorLike, look)
          : new Rectangle(callee, from, start, size, thick, face as ColorLike, look);
      // Margins do not go below the foot of bars.
      if (along === 'x') patch._sticky_y = [from];
      else patch._sticky_x = [from];
      return this._add(patch);
    });
    if (count === 0) this.request_scaling();
    const container = new BarContainer(patches, labels !== null || label === null ? '' : String(label));
    if (xerr !== null || yerr !== null) {
      const tips = Float64Array.from({ length: count }, (_, i) => value(rows[3]!, i) + value(rows[1]!, i));
      const middles = Float64Array.from(
        { length: count },
        (_, i) => value(rows[0]!, i) + (align === 'edge' ? value(rows[2]!, i) / 2 : 0),
      );
      const [ex, ey] = along === 'x' ? [middles, tips] : [tips, middles];
      container.errorbar = this.errorbar({
        x: ex,
        y: ey,
        xerr,
        yerr,
        fmt: 'none',
        ecolor: ecolor ?? 'k',
        capsize,
        label: '_nolegend_',
      });
    }
    if (tick_label !== null) {
      const names = typeof tick_label === 'string' ? Array<string>(count).fill(tick_label) : tick_label;
      this._set_ticks(along, [...rows[0]!], names);
    }
    return this.add_container(container);
  }

  /** A histogram. @returns the counts, the edges of the bins, and the bars */
  hist(x: Values, ...more: [HistOptions?] | [bins?: number | string | Values | null, ...rest: unknown[]]): Histogram;
  hist(options: HistOptions & { x: Values }): Histogram;
  hist(...args: unknown[]): Histogram {
    const given = SIG.hist.read(args);
    const {
      x,
      bins = null,
      range = null,
      density = false,
      weights = null,
      cumulative = false,
      bottom = null,
      histtype = 'bar',
    } = given;
    const { align = 'mid', orientation = 'vertical', rwidth = null, log = false, color = null, label = null } = given;
    const one_of = (name: string, value: string, values: readonly string[]): void => {
      if (!values.includes(value))
        throw new Error(
          `hist(): '${value}' is not a valid value for ${name}; supported values are ${values.map((each) => `'${each}'`).join(', ')}`,
        );
    };
    one_of('histtype', histtype, ['bar', 'barstacked', 'step', 'stepfilled']);
    one_of('align', align, ['left', 'mid', 'right']);
    one_of('orientation', orientation, ['horizontal', 'vertical']);
    const stacked = given.stacked === true || (histtype === 'barstacked' && true);
    this.note_dates(orientation === 'vertical' ? 'x' : 'y', x);
    const sets = datasets(x);
    const weight_sets = weights === null ? null : datasets(weights);
    if (weight_sets?.some((each, i) => each.length !== sets[i]?.length))
      throw new Error('hist(): weights should have the same shape as x');
    const all = sets.length === 1 ? sets[0]! : Float64Array.from(sets.flatMap((each) => [...each]));
    const kind: Bins =
      bins === null
        ? (rc['hist.bins'] as number)
        : typeof bins === 'number' || typeof bins === 'string'
          ? bins
          : flat_floats('hist', bins);
    if (range !== null && range.length !== 2) throw new Error('hist(): range must be a pair of numbers');
    const edges = bin_edges(
      'hist',
      all.filter((value) => Number.isFinite(value)),
      kind,
      range,
    );
    let counts = sets.map((each, i) => counts_of(each, edges, weight_sets?.[i] ?? null));
    const widths = Float64Array.from({ length: edges.length - 1 }, (_, i) => edges[i + 1]! - edges[i]!);
    if (stacked) counts = running(counts);
    if (density) {
      const top = stacked ? counts[counts.length - 1]! : null;
      counts = counts.map((each) => {
        const total = (top ?? each).reduce((sum, value) => sum + value, 0);
        return each.map((value, i) => value / total / widths[i]!);
      });
    }
    if (cumulative !== false && cumulative !== 0)
      counts = counts.map((each) =>
        cumulated(each, density ? widths : null, typeof cumulative === 'number' && cumulative < 0),
      );
    const patches = this.histogram_patches(counts, edges, widths, {
      ...{ stacked, histtype, align, orientation, rwidth, log },
      bottom: bottom === null ? null : flat_floats('hist', bottom),
      colors: this.histogram_colors(color, sets.length),
      labels: Array.isArray(label) ? (label as string[]) : [label === null ? null : String(label)],
      options: omit(given, [
        'x',
        'bins',
        'range',
        'density',
        'weights',
        'cumulative',
        'bottom',
        'histtype',
        'align',
        'orientation',
        'rwidth',
        'log',
        'color',
        'label',
        'stacked',
        'hatch',
      ]) as PatchOptions,
      hatch: given.hatch ?? null,
    });
    const arrays = counts.map((each) => new NDArray(each));
    const single = sets.length === 1;
    return Tuple.of<unknown>(
      single ? arrays[0] : arrays,
      new NDArray(edges),
      single ? patches[0] : patches,
    ) as unknown as Histogram;
  }

  private histogram_colors(color: unknown, count: number): Rgba[] {
    if (color === null || color === undefined) return Array.from({ length: count }, () => this.next_color('lines'));
    const colors = colors_of('hist', 'color', color);
    if (colors.length === 1 && count > 1) return Array<Rgba>(count).fill(colors[0]!);
    if (colors.length !== count)
      throw new Error(
        `hist(): The 'color' keyword argument must have one color per dataset, but ${count} datasets and ${colors.length} colors were provided`,
      );
    return colors;
  }

  private histogram_outlines(
    counts: readonly Float64Array[],
    edges: Float64Array,
    widths: Float64Array,
    { stacked, histtype, align, orientation, log, bottom, colors, labels, options, hatch }: HistogramLook,
  ): Polygon[][] {
    const horizontal = orientation === 'horizontal';
    const base = (i: number): number => (bottom === null ? 0 : bottom[bottom.length === 1 ? 0 : i]!);
    if (log) this._set_scale(horizontal ? 'x' : 'y', 'log');
    const part = { left: -0.5, mid: 0, right: 0.5 }[align]!;
    const places = edges.map((edge, i) => edge + part * widths[Math.min(i, widths.length - 1)]!);
    const made: { patches: Polygon[]; at: number }[] = [];
    // Later ones are below, so that stacked ones can be seen.
    for (let d = counts.length - 1; d >= 0; d--) {
      const foot =
        histtype === 'step' ? null : counts[d]!.map((_, i) => base(i) + (stacked && d > 0 ? counts[d - 1]![i]! : 0));
      const { along, height } = step_outline(counts[d]!, places, base, foot);
      const [px, py] = horizontal ? [height, along] : [along, height];
      const outline = histtype === 'step';
      const color = colors[d]!;
      const look: PatchOptions = outline
        ? { fill: false, edgecolor: color, ...options, hatch: nth_hatch(hatch, d), label: labels[d] ?? '_nolegend_' }
        : { ...options, hatch: nth_hatch(hatch, d), label: labels[d] ?? '_nolegend_' };
      const patch = new Polygon('hist', Float64Array.from(px), Float64Array.from(py), color, look, !outline);
      if (!horizontal) patch._sticky_y = [0];
      made.push({ patches: [patch], at: d });
      this._add(patch);
    }
    return made.sort((a, b) => a.at - b.at).map(({ patches }) => patches);
  }

  private histogram_patches(
    counts: readonly Float64Array[],
    edges: Float64Array,
    widths: Float64Array,
    how: HistogramLook,
  ): (BarContainer | Polygon[])[] {
    const { stacked, histtype, align, orientation, rwidth, log, bottom, colors, labels, options } = how;
    const horizontal = orientation === 'horizontal';
    const base = (i: number): number => (bottom === null ? 0 : bottom[bottom.length === 1 ? 0 : i]!);
    if (histtype === 'step' || histtype === 'stepfilled') return this.histogram_outlines(counts, edges, widths, how);
    const sets = counts.length;
    const beside = histtype === 'bar' && !stacked ? sets : 1;
    const part = rwidth === null ? (beside > 1 ? 0.8 : 1) : Math.min(1, Math.max(0, rwidth));
    return counts.map((own, d) => {
      const center = Float64Array.from(widths, (width, i) => {
        const first = beside > 1 ? -0.5 * part * width * (1 - 1 / beside) + (d * part * width) / beside : 0;
        return edges[i]! + first + (align === 'left' ? 0 : align === 'right' ? width : width / 2);
      });
      const thick = widths.map((width) => (part * width) / beside);
      const under = (i: number): number => base(i) + (stacked && d > 0 ? counts[d - 1]![i]! : 0);
      const height = own.map((value, i) => value - (stacked && d > 0 ? counts[d - 1]![i]! : 0));
      const foot = Float64Array.from(height, (_, i) => under(i));
      const bars = this.bars(horizontal ? 'barh' : 'bar', horizontal ? 'y' : 'x', center, height, thick, foot, {
        ...(options as object),
        hatch: nth_hatch(how.hatch, d),
        color: colors[d]!,
        log,
      });
      const label = labels[d] ?? null;
      if (label !== null && bars.patches[0] !== undefined) bars.patches[0]._label = label;
      // Margins stop at the foot of the lowest bars only: those above stand within the data.
      if (d > 0) for (const patch of bars.patches) [patch._sticky_x, patch._sticky_y] = [[], []];
      return bars;
    });
  }

  // ---- areas ----

  /** What is between two curves, or between a curve and a height. */
  fill_between(
    x: Values,
    y1: Values | number,
    ...more:
      | [options?: FillOptions & { y2?: Values | number }]
      | [y2: Values | number, options?: FillOptions]
      | [y2: Values | number, where: Values | null, options?: FillOptions]
  ): FillBetweenPolyCollection;
  fill_between(...args: unknown[]): FillBetweenPolyCollection {
    const { x, y1, y2 = 0, ...options } = SIG.fill_between.read(args);
    return this.fill_region('fill_between', 'x', x, y1, y2, options);
  }

  /** What is between two curves that go upwards: x of y. */
  fill_betweenx(
    y: Values,
    x1: Values | number,
    ...more:
      | [options?: FillOptions & { x2?: Values | number }]
      | [x2: Values | number, options?: FillOptions]
      | [x2: Values | number, where: Values | null, options?: FillOptions]
  ): FillBetweenPolyCollection;
  fill_betweenx(...args: unknown[]): FillBetweenPolyCollection {
    const { y, x1, x2 = 0, ...options } = SIG.fill_betweenx.read(args);
    return this.fill_region('fill_betweenx', 'y', y, x1, x2, options);
  }

  /** @param along the axis of the places; the curves are numbers of the other */
  private fill_region(
    callee: string,
    along: 'x' | 'y',
    places: unknown,
    first: unknown,
    second: unknown,
    { where = null, interpolate = false, step = null, ...options }: FillOptions,
  ): FillBetweenPolyCollection {
    const across = along === 'x' ? 'y' : 'x';
    const t = this.coordinates(callee, along, places);
    const [upper, lower] = [first, second].map((value, k) => {
      const row = flat_floats(callee, value);
      if (row.length !== 1 && row.length !== t.length)
        throw new Error(
          `${callee}(): '${along}' has size ${t.length}, but '${across}${k + 1}' has an unequal size of ${row.length}`,
        );
      return row.length === t.length ? row : new Float64Array(t.length).fill(row[0]!);
    }) as [Float64Array, Float64Array];
    if (step !== null && !['pre', 'post', 'mid'].includes(step))
      throw new Error(
        `${callee}(): '${String(step)}' is not a valid value for step; supported values are 'pre', 'post', 'mid'`,
      );
    const kept = where === null ? null : flat_floats(callee, where);
    if (kept !== null && kept.length !== t.length)
      throw new Error(`${callee}(): where size (${kept.length}) does not match ${along} size (${t.length})`);
    const shown = Array.from(
      t,
      (value, i) =>
        (kept === null || kept[i] !== 0) && [value, upper[i]!, lower[i]!].every((each) => Number.isFinite(each)),
    );
    const polygons: { x: Float64Array; y: Float64Array }[] = [];
    for (let from = 0; from < t.length; from++) {
      if (!shown[from]) continue;
      let to = from;
      while (to < t.length && shown[to]) to++;
      const cut = [t, upper, lower].map((row) => row.slice(from, to));
      const [ts, us, ls] = (step === null ? cut : stepped(step, cut)) as [Float64Array, Float64Array, Float64Array];
      const last = ts.length - 1;
      const [start, end] = interpolate
        ? [crossing(t, upper, lower, from), crossing(t, upper, lower, to)]
        : [
            [ts[0]!, ls[0]!],
            [ts[last]!, ls[last]!],
          ];
      const at = Float64Array.of(start[0]!, ...ts, end[0]!, ...ts.slice().reverse());
      const height = Float64Array.of(start[1]!, ...us, end[1]!, ...ls.slice().reverse());
      polygons.push(along === 'x' ? { x: at, y: height } : { x: height, y: at });
      from = to;
    }
    const has_color = (options.color ?? options.facecolor ?? null) !== null;
    const color = has_color ? 'C0' : [...this.next_color('patches')];
    // What is between points does not count for the limits.
    const inside = [t, upper, lower].map((row) => row.filter((_, i) => shown[i]));
    const heights = Float64Array.of(...inside[1]!, ...inside[2]!);
    const limits = along === 'x' ? limits_of(inside[0], heights) : limits_of(heights, inside[0]);
    return this._add(new FillBetweenPolyCollection(callee, polygons, color, options, limits));
  }

  /** Areas that stand on each other: `stackplot(x, y)` with the rows of y, or `stackplot(x, y1, y2)`. */
  stackplot(x: Values, ...args: [...rows: Values[], options: StackplotOptions] | Values[]): FillBetweenPolyCollection[];
  stackplot(...args: unknown[]): FillBetweenPolyCollection[] {
    const {
      x,
      args: given,
      labels = [],
      colors = null,
      baseline = 'zero',
      hatch = null,
      ...options
    } = SIG.stackplot.read(args);
    const rows = given.flatMap((each) => rows_of('stackplot', each));
    const places = this.coordinates('stackplot', 'x', x);
    if (rows.length === 0) throw new Error('stackplot(): need at least one array to stack');
    if (rows.some((row) => row.length !== rows[0]!.length))
      throw new Error(
        'stackplot(): all the input array dimensions except for the concatenation axis must match exactly',
      );
    const faces = colors === null ? rows.map(() => this.next_color('lines')) : colors_of('stackplot', 'colors', colors);
    const { stack, first } = stacked_rows(rows, baseline);
    const names = Array.from(labels, String);
    return stack.map((upper, i) => {
      const area = this.fill_region('stackplot', 'x', places, i === 0 ? first : stack[i - 1], upper, {
        facecolor: [...faces[i % faces.length]!],
        ...options,
        hatch: nth_hatch(hatch, i),
        label: names[i] ?? null,
      });
      if (i === 0) area._sticky_y = [0];
      return area;
    });
  }

  /** Boxes from the lower to the upper quartile of each set of data, with whiskers and the points outside. */
  boxplot(x: Values, ...more: [BoxplotOptions?] | [notch?: boolean | null, ...rest: unknown[]]): Boxplot;
  boxplot(options: BoxplotOptions & { x: Values }): Boxplot;
  boxplot(...args: unknown[]): Boxplot {
    const given = SIG.boxplot.read(args);
    const sets = datasets(given.x);
    const { whis = null, tick_labels = null, usermedians = null, autorange = false } = given;
    if (Array.isArray(whis) && whis.length !== 2)
      throw new Error('boxplot(): whis must be a float or list of percentiles');
    const reach = (whis ?? 1.5) as number | readonly [number, number];
    const names = tick_labels === null ? null : Array.from(tick_labels, String);
    if (names !== null && names.length !== sets.length)
      throw new Error(
        `boxplot(): The number of labels (${names.length}) must match the number of columns (${sets.length}).`,
      );
    const medians = usermedians === null ? null : [...usermedians];
    if (medians !== null && medians.length !== sets.length)
      throw new Error("boxplot(): 'usermedians' and 'x' have different lengths");
    const stats = sets.map((data, i) => {
      const own = box_statistics(data, reach, autorange);
      return { ...own, med: medians?.[i] ?? own.med };
    });
    return this.boxes(stats, names, given);
  }

  private boxes(stats: readonly BoxStatistics[], names: readonly string[] | null, given: BoxplotOptions): Boxplot {
    const callee = 'boxplot';
    const count = stats.length;
    const vertical = is_vertical(callee, given.orientation ?? 'vertical');
    const { positions, widths } = placed(callee, count, given.positions ?? null, given.widths ?? null, (places) =>
      Math.min(0.5, Math.max(0.15, 0.15 * (Math.max(...places) - Math.min(...places)))),
    );
    const capwidths =
      (given.capwidths ?? null) === null
        ? widths.map((width) => 0.5 * width)
        : placed(callee, count, positions, given.capwidths, () => 0).widths;
    const zorder = given.zorder ?? 2;
    const filled = given.patch_artist ?? false;
    const props = (name: string, own: LineOptions, explicit: unknown): LineOptions => ({
      ...{ linestyle: '-', linewidth: 1, color: 'black', zorder, label: '_nolegend_', ...own },
      ...drop_null(LINE_PROPS.renamed(name).read([explicit ?? {}])),
    });
    const whisker = props('whiskerprops', {}, given.whiskerprops);
    const cap = props('capprops', {}, given.capprops);
    const median = props('medianprops', { color: 'C1', zorder: zorder + 0.1 }, given.medianprops);
    const mean = props(
      'meanprops',
      given.meanline === true
        ? { color: 'C2', linestyle: '--', zorder: zorder + 0.1 }
        : { ...MEAN_POINT, zorder: zorder + 0.1 },
      given.meanprops,
    );
    const flier = { ...props('flierprops', FLIER, given.flierprops), ...flier_format(given.sym ?? null) };
    const box_look = filled
      ? box_patch(given.boxprops ?? {}, zorder)
      : props('boxprops', { label: null }, given.boxprops);
    const line = (x: readonly number[], y: ArrayLike<number>, options: LineOptions): Line2D => {
      const [px, py] = vertical ? [x, y] : [y, x];
      return this._add(new Line2D(callee, Float64Array.from(px), Float64Array.from(py), 'black', options));
    };
    const made: Boxplot = { whiskers: [], caps: [], boxes: [], medians: [], fliers: [], means: [] };
    stats.forEach((own, i) => {
      const [at, width, ends] = [positions[i]!, widths[i]!, capwidths[i]! / 2];
      const [left, right] = [at - width * 0.5, at + width * 0.5];
      const [inner_left, inner_right] = [at - width * 0.25, at + width * 0.25];
      const { q1, q3, med, whislo, whishi } = own;
      const notched = given.notch === true;
      if (given.showbox !== false) {
        const { x, y } = box_outline(own, [left, right], [inner_left, inner_right], notched);
        const [px, py] = (vertical ? [x, y] : [y, x]).map((row) => Float64Array.from(row)) as [
          Float64Array,
          Float64Array,
        ];
        made.boxes.push(
          filled
            ? this._add(new Polygon(callee, px, py, rc['patch.facecolor'] as string, box_look as PatchOptions))
            : line(x, y, box_look as LineOptions),
        );
      }
      made.whiskers.push(line([at, at], [q1, whislo], whisker), line([at, at], [q3, whishi], whisker));
      if (given.showcaps !== false)
        for (const level of [whislo, whishi]) made.caps.push(line([at - ends, at + ends], [level, level], cap));
      const middle = line(notched ? [inner_left, inner_right] : [left, right], [med, med], median);
      middle._cap = 'butt';
      made.medians.push(middle);
      if (given.showmeans === true)
        made.means.push(
          given.meanline === true ? line([left, right], [own.mean, own.mean], mean) : line([at], [own.mean], mean),
        );
      if (given.showfliers !== false && given.sym !== '')
        made.fliers.push(line(Array<number>(own.fliers.length).fill(at), own.fliers, flier));
    });
    this.label_boxes(made, given.label ?? null, filled && given.showbox !== false);
    if (given.manage_ticks !== false && count > 0)
      this.name_places(vertical ? 'x' : 'y', positions, names, made.medians);
    return made;
  }

  private label_boxes(made: Boxplot, label: string | readonly string[] | null, filled: boolean): void {
    if (label === null) return;
    const shown: Artist[] = filled ? made.boxes : made.medians;
    if (typeof label === 'string') shown[0]?.set_label(label);
    else if (label.length !== shown.length)
      throw new Error('boxplot(): List of boxplot statistics and `label` values must have same the length');
    else label.forEach((each, i) => shown[i]!.set_label(each));
  }

  /** Writes names at the places of boxes, and keeps half a step around them. */
  private name_places(
    which: 'x' | 'y',
    positions: readonly number[],
    names: readonly string[] | null,
    medians: readonly Line2D[],
  ): void {
    this.include(which, [Math.min(...positions) - 0.5, Math.max(...positions) + 0.5], Number.POSITIVE_INFINITY);
    medians.forEach((line, i) => {
      line[`_sticky_${which}`] = [positions[i]! - 0.5, positions[i]! + 0.5];
    });
    const axis = this.axis_of(which);
    const [places, labels] = [
      axis._locator instanceof FixedLocator ? axis._locator.locations : [],
      axis._formatter instanceof FixedFormatter ? axis._formatter.labels : [],
    ];
    axis._locator = new FixedLocator([...places, ...positions]);
    axis._formatter = new FixedFormatter([...labels, ...(names ?? positions.map(String))]);
    this.request_scaling();
    this._changed();
  }

  /** The density of each set of data as an area around a line. */
  violinplot(
    dataset: Values,
    ...more: [ViolinplotOptions?] | [positions?: Values | null, options?: ViolinplotOptions]
  ): Violinplot;
  violinplot(options: ViolinplotOptions & { dataset: Values }): Violinplot;
  violinplot(...args: unknown[]): Violinplot {
    const callee = 'violinplot';
    const given = SIG.violinplot.read(args);
    const { points = 100, bw_method = null, side = 'both', quantiles = null } = given;
    const vertical = is_vertical(callee, given.orientation ?? 'vertical');
    if (!['both', 'low', 'high'].includes(side))
      throw new Error(
        `${callee}(): '${String(side)}' is not a valid value for side; supported values are 'both', 'low', 'high'`,
      );
    const width = bw_method ?? 'scott';
    if (typeof width === 'string' && !['scott', 'silverman'].includes(width))
      throw new Error(`${callee}(): \`bw_method\` should be 'scott', 'silverman' or a number`);
    if (points < 1) throw new Error(`${callee}(): points must be positive, not ${points}`);
    const sets = datasets(given.dataset);
    const parts = quantiles === null ? sets.map(() => new Float64Array()) : datasets(quantiles);
    if (parts.length !== sets.length)
      throw new Error(`${callee}(): List of violinplot statistics and quantiles values must have the same length`);
    if (parts.some((row) => row.some((part) => !(part >= 0 && part <= 1))))
      throw new Error(`${callee}(): Percentiles must be in the range [0, 100]`);
    const stats = sets.map((data, i) => violin_statistics(data, points, parts[i]!, width));
    const { positions, widths } = placed(callee, sets.length, given.positions ?? null, given.widths ?? null, () => 0.5);
    const { facecolor = null, linecolor = null } = given;
    const next = facecolor === null || linecolor === null ? this.next_color('lines') : null;
    const faces = facecolor === null ? [next!] : colors_of(callee, 'facecolor', facecolor);
    const line_colors = linecolor === null ? [next!] : colors_of(callee, 'linecolor', linecolor);
    const bodies = stats.map(({ coords, vals }, i) => {
      const most = vals.reduce((top, value) => Math.max(top, value), Number.NEGATIVE_INFINITY);
      const half = vals.map((value) => (0.5 * widths[i]! * value) / most);
      const at = positions[i]!;
      const low = side === 'high' ? at : half.map((value) => -value + at);
      const high = side === 'low' ? at : half.map((value) => value + at);
      return this.fill_region(vertical ? 'fill_betweenx' : 'fill_between', vertical ? 'y' : 'x', coords, low, high, {
        facecolor: [...faces[i % faces.length]!],
        alpha: facecolor === null ? 0.3 : null,
      });
    });
    const from = positions.map((at, i) => at - (side === 'high' ? 0 : 0.25 * widths[i]!));
    const to = positions.map((at, i) => at + (side === 'low' ? 0 : 0.25 * widths[i]!));
    const flat = (at: number, a: number, b: number): [number, number, number, number] => [a, at, b, at];
    const upright = (at: number, a: number, b: number): [number, number, number, number] => [at, a, at, b];
    const colors = line_colors.map((color) => [...color]);
    const across = (level: readonly number[], a = from, b = to): LineCollection =>
      this.parallel_lines(callee, level, a, b, { colors }, vertical ? flat : upright);
    const made: Violinplot = { bodies };
    const all = (name: 'mean' | 'median' | 'min' | 'max'): number[] => stats.map((each) => each[name]);
    if (given.showmeans === true) made.cmeans = across(all('mean'));
    if (given.showextrema !== false) {
      made.cmaxes = across(all('max'));
      made.cmins = across(all('min'));
      made.cbars = this.parallel_lines(
        callee,
        positions,
        all('min'),
        all('max'),
        { colors },
        vertical ? upright : flat,
      );
    }
    if (given.showmedians === true) made.cmedians = across(all('median'));
    const levels = stats.flatMap((each) => each.quantiles);
    if (levels.length > 0) {
      const repeat = (row: readonly number[]): number[] => row.flatMap((end, i) => stats[i]!.quantiles.map(() => end));
      made.cquantiles = across(levels, repeat(from), repeat(to));
    }
    return made;
  }

  /** Cells coloured by numbers: `pcolormesh(C)` or `pcolormesh(X, Y, C)`. */
  pcolormesh(...args: [...data: Values[], options: PcolormeshOptions] | Values[]): QuadMesh;
  pcolormesh(...args: unknown[]): QuadMesh {
    const { args: given, ...options } = SIG.pcolormesh.read(args);
    return this.mesh('pcolormesh', given, options);
  }

  private mesh(callee: string, given: readonly unknown[], options: PcolormeshOptions): QuadMesh {
    const { alpha = null, norm = null, cmap = null, vmin = null, vmax = null, edgecolors = null } = options;
    const shading = (options.shading ?? 'auto').toLowerCase();
    if (given.length !== 1 && given.length !== 3)
      throw new TypeError(`${callee}() takes 1 or 3 positional arguments but ${given.length} were given`);
    if (!['flat', 'nearest', 'auto'].includes(shading))
      throw new Error(
        `${callee}(): shading '${shading}' is not in torch-node/pyplot; there are 'flat', 'nearest' and 'auto'`,
      );
    const { corners, cells } = mesh_corners(callee, given, shading);
    const edge =
      edgecolors === null || edgecolors === 'none'
        ? null
        : { color: color_of(callee, 'edgecolors', edgecolors), width: options.linewidth ?? 1 };
    const mesh = new QuadMesh(corners, cells, edge, cmap_of(callee, cmap), norm_of(callee, norm, vmin, vmax));
    mesh._alpha = alpha;
    mesh._zorder = options.zorder ?? 0;
    mesh._label = options.label ?? '';
    this._current_mappable = mesh;
    return this._add(mesh);
  }

  /** A histogram of pairs as a mesh. @returns the counts by x and y, the edges of both, and the mesh */
  hist2d(
    x: Values,
    y: Values,
    ...more: [Hist2dOptions?] | [bins?: Hist2dOptions['bins'], ...rest: unknown[]]
  ): Histogram2d;
  hist2d(options: Hist2dOptions & { x: Values; y: Values }): Histogram2d;
  hist2d(...args: unknown[]): Histogram2d {
    const {
      x,
      y,
      bins = 10,
      range = null,
      density = false,
      weights = null,
      cmin = null,
      cmax = null,
      ...options
    } = SIG.hist2d.read(args);
    const [xs, ys] = [flat_floats('hist2d', x), flat_floats('hist2d', y)];
    if (xs.length !== ys.length) throw new Error('hist2d(): x and y must have the same length.');
    const own = weights === null ? null : flat_floats('hist2d', weights);
    if (own !== null && own.length !== xs.length) throw new Error('hist2d(): weights must have as many numbers as x');
    const limits = range === null ? [null, null] : range.map((pair) => [...flat_floats('hist2d', pair)]);
    if (limits.length !== 2 || limits.some((pair) => pair !== null && pair.length !== 2))
      throw new Error('hist2d(): range must be two pairs of numbers');
    const edges = pair_of_bins(bins).map((kind, k) =>
      bin_edges('hist2d', k === 0 ? xs : ys, kind, limits[k] as [number, number] | null),
    ) as [Float64Array, Float64Array];
    const [nx, ny] = [edges[0].length - 1, edges[1].length - 1];
    const counts = counts_of_pairs(xs, ys, edges, own);
    if (density) {
      const total = counts.reduce((sum, value) => sum + value, 0);
      counts.forEach((value, k) => {
        const [i, j] = [Math.floor(k / ny), k % ny];
        counts[k] = value / (edges[0][i + 1]! - edges[0][i]!) / (edges[1][j + 1]! - edges[1][j]!) / total;
      });
    }
    const shown = counts.map((value) =>
      (cmin !== null && value < cmin) || (cmax !== null && value > cmax) ? Number.NaN : value,
    );
    const cells = Array.from({ length: ny }, (_, j) => Array.from({ length: nx }, (__, i) => shown[i * ny + j]!));
    const image = this.mesh('hist2d', [edges[0], edges[1], cells], options);
    const h = new NDArray(shown).reshape([nx, ny]);
    return Tuple.of<unknown>(h, new NDArray(edges[0]), new NDArray(edges[1]), image) as unknown as Histogram2d;
  }

  /** Arrows: `quiver(U, V)` or `quiver(X, Y, U, V)`, and then perhaps numbers for the colour map. */
  quiver(...args: [...data: (Values | number)[], options: QuiverOptions] | (Values | number)[]): Quiver;
  quiver(...args: unknown[]): Quiver {
    const callee = 'quiver';
    const {
      args: given,
      color = null,
      cmap = null,
      norm = null,
      alpha = null,
      zorder = null,
      label = null,
      ...look
    } = SIG.quiver.read(args);
    const field = arrows_of(callee, given);
    const units = ['width', 'height', 'dots', 'inches', 'x', 'y', 'xy'];
    const one_of = (name: string, value: string | null, values: readonly string[]): void => {
      if (value !== null) check_one_of(callee, name, value, values);
    };
    const { units: unit = 'width', scale_units = null, pivot = 'tail', angles = 'uv' } = look;
    one_of('units', unit, units);
    one_of('scale_units', scale_units, units);
    one_of('pivot', pivot, ['tail', 'mid', 'middle', 'tip']);
    if (typeof angles === 'string') one_of('angles', angles, ['uv', 'xy']);
    const arrows = new Quiver(
      field,
      {
        ...{ units: unit, scale_units, pivot, scale: look.scale ?? null, width: look.width ?? null },
        angles: typeof angles === 'string' ? angles : flat_floats(callee, angles),
        ...{ headwidth: look.headwidth ?? 3, headlength: look.headlength ?? 5 },
        ...{ headaxislength: look.headaxislength ?? 4.5, minshaft: look.minshaft ?? 1, minlength: look.minlength ?? 1 },
        colors: colors_of(callee, 'color', color ?? 'k'),
      },
      cmap_of(callee, cmap),
      norm_of(callee, norm, null, null),
    );
    arrows._alpha = alpha;
    arrows._zorder = zorder ?? 1;
    arrows._label = label ?? '';
    if (field.c !== null) this._current_mappable = arrows;
    return this._add(arrows);
  }

  /**
   * An arrow with a label that explains the lengths of others.
   * @param Q - what {@link quiver} returned
   * @param X - its place
   * @param U - the length that it stands for
   */
  quiverkey(Q: Quiver, X: number, Y: number, U: number, label: unknown, options?: QuiverkeyOptions): QuiverKey;
  quiverkey(options: QuiverkeyOptions & { Q: Quiver; X: number; Y: number; U: number; label: unknown }): QuiverKey;
  quiverkey(...args: unknown[]): QuiverKey {
    const { Q, X, Y, U, label, ...given } = SIG.quiverkey.read(args);
    const { angle = 0, coordinates = 'axes', color = null, labelsep = 0.1, labelpos = 'N', zorder = null } = given;
    check_one_of('quiverkey', 'coordinates', coordinates, ['data', 'axes', 'figure', 'inches']);
    check_one_of('quiverkey', 'labelpos', labelpos, ['N', 'S', 'E', 'W']);
    const font = given.fontproperties ? text_options('quiverkey', { ...TEXTPROPS.read([given.fontproperties]) }) : {};
    const text = new Text('quiverkey', 0, 0, label, {
      ...font,
      ...(given.labelcolor === undefined ? {} : { color: given.labelcolor }),
    });
    const key = new QuiverKey(Q, text, {
      ...{ at: [X, Y], length: U, angle, coordinates, side: labelpos, separation: labelsep },
      color: color === null ? null : color_of('quiverkey', 'color', color),
    });
    if (zorder !== null) key._zorder = zorder;
    return this._add(key);
  }

  /** Points counted in hexagons; with `C`, the means of its numbers. */
  hexbin(
    x: Values,
    y: Values,
    ...more: [HexbinOptions?] | [C?: Values | null, options?: HexbinOptions]
  ): PolyCollection;
  hexbin(options: HexbinOptions & { x: Values; y: Values; C?: Values | null }): PolyCollection;
  hexbin(...args: unknown[]): PolyCollection {
    const callee = 'hexbin';
    const { x, y, C = null, ...given } = SIG.hexbin.read(args);
    const { xscale = 'linear', yscale = 'linear', vmin = null, vmax = null, norm = null, bins = null } = given;
    for (const [name, scale] of Object.entries({ xscale, yscale }))
      check_one_of(callee, name, scale, ['linear', 'log']);
    if (typeof bins === 'string' && bins !== 'log')
      throw new Error(`${callee}(): bins must be 'log', a number or the edges of intervals, not '${bins}'`);
    const points = hexbin_points(
      callee,
      [this.coordinates(callee, 'x', x), xscale],
      [this.coordinates(callee, 'y', y), yscale],
      C === null ? null : flat_floats(callee, C),
    );
    const found = count_in_hexagons(points.x, points.y, { ...hexbin_options(callee, given), values: points.c });
    const back = ([px, py]: readonly [number, number]): [number, number] => [
      xscale === 'log' ? 10 ** px : px,
      yscale === 'log' ? 10 ** py : py,
    ];
    if (xscale === 'log') this._set_scale('x', 'log', callee);
    if (yscale === 'log') this._set_scale('y', 'log', callee);
    const plain = bins === null || bins === 'log';
    const edges = given.edgecolors ?? 'face';
    const hexagons = new PolyCollection(
      found.polygons.map((polygon) => polygon.map(back)),
      plain ? found.numbers : in_bins(found.numbers, typeof bins === 'number' ? bins : flat_floats(callee, bins)),
      [back(found.range[0]), back(found.range[1])],
      {
        color: edges === 'face' || edges === 'none' ? edges : color_of(callee, 'edgecolors', edges),
        width: given.linewidths ?? (rc['patch.linewidth'] as number),
      },
      cmap_of(callee, given.cmap ?? null),
      norm_of(callee, bins === 'log' && norm === null ? 'log' : norm, vmin, vmax),
    );
    hexagons._alpha = given.alpha ?? null;
    hexagons._label = given.label ?? '';
    if (given.zorder !== undefined && given.zorder !== null) hexagons._zorder = given.zorder;
    this._current_mappable = hexagons;
    return this._add(hexagons);
  }

  /**
   * Lines along a field of directions.
   * @param x - the columns of the grid, at equal distances
   * @param y - its rows
   * @param u - the direction along x at each place, a matrix with a row for each of `y`
   */
  streamplot(
    x: Values,
    y: Values,
    u: Values,
    v: Values,
    ...more: [StreamplotOptions?] | [density?: StreamplotOptions['density'], ...rest: unknown[]]
  ): StreamplotSet;
  streamplot(options: StreamplotOptions & { x: Values; y: Values; u: Values; v: Values }): StreamplotSet;
  streamplot(...args: unknown[]): StreamplotSet {
    const callee = 'streamplot';
    const { x, y, u, v, linewidth = null, color = null, ...given } = SIG.streamplot.read(args);
    const { arrowsize = 1, arrowstyle = '-|>', num_arrows = 1, zorder = null } = given;
    check_one_of(callee, 'arrowstyle', arrowstyle, ['-|>', '->', '-']);
    if (num_arrows < 0)
      throw new Error(`${callee}(): The value of num_arrows must be >= 0, got num_arrows=${num_arrows}`);
    const grid = field_grid(callee, x, y);
    const on_grid = (name: string, value: unknown): Float64Array => {
      const { data, shape } = floats(callee, value);
      if (shape.length !== 2 || shape[0] !== grid.ny || shape[1] !== grid.nx)
        throw new Error(`${callee}(): '${name}' must match the shape of the (x, y) grid, (${grid.ny}, ${grid.nx})`);
      return data;
    };
    const stream_color = (): Rgba | Float64Array => {
      if (color === null) return this.next_color('lines');
      if (parse_color(color) === undefined && is_values(color)) return on_grid('color', color);
      return color_of(callee, 'color', color);
    };
    const traced = streamlines(grid, on_grid('u', u), on_grid('v', v), stream_options(callee, grid, given));
    const look: StreamLook = {
      width: is_values(linewidth) ? on_grid('linewidth', linewidth) : (linewidth ?? (rc['lines.linewidth'] as number)),
      color: stream_color(),
      arrows: num_arrows,
    };
    const parts = stream_parts(traced, grid, look);
    const norm = norm_of(callee, given.norm ?? null, null, null);
    const by_numbers = look.color instanceof Float64Array;
    if (look.color instanceof Float64Array) norm._fit(look.color);
    const { origin, width, height } = grid;
    const lines = new StreamLines(
      parts.lines,
      typeof look.width === 'number' ? [look.width] : parts.widths,
      look.color instanceof Float64Array ? { numbers: parts.numbers } : { one: look.color },
      { x: [origin[0], origin[0] + width], y: [origin[1], origin[1] + height] },
      cmap_of(callee, given.cmap ?? null),
      norm,
    );
    const arrows = new StreamArrows(parts.arrows, lines, arrowstyle, 10 * arrowsize);
    if (zorder !== null) [lines._zorder, arrows._zorder] = [zorder, zorder];
    if (by_numbers) this._current_mappable = lines;
    return { lines: this._add(lines), arrows: this._add(arrows) };
  }

  /** A pie. @returns the wedges, their labels, and with `autopct` the texts in them */
  pie(x: Values, ...more: [PieOptions?] | [explode?: Values | null, ...rest: unknown[]]): Pie;
  pie(options: PieOptions & { x: Values }): Pie;
  pie(...args: unknown[]): Pie {
    const given = SIG.pie.read(args);
    const { colors = null, autopct = null, pctdistance = 0.6, labeldistance = 1.1, startangle = 0 } = given;
    const { radius = 1, counterclock = true, center = [0, 0], frame = false, rotatelabels = false } = given;
    const wedgeprops = given.wedgeprops ? WEDGE.read([given.wedgeprops]) : {};
    const textprops = given.textprops ? text_options('pie', { ...TEXTPROPS.read([given.textprops]) }) : {};
    const { data, shape } = floats('pie', given.x);
    if (shape.length > 1) throw new Error('pie(): x must be 1D');
    const fractions = pie_fractions(data, given.normalize ?? true);
    const labels = given.labels ? Array.from(given.labels, String) : data.length === 0 ? [] : [...data].map(() => '');
    const explode = given.explode ? flat_floats('pie', given.explode) : new Float64Array(data.length);
    for (const [name, row] of Object.entries({ labels, explode })) {
      if (row.length !== data.length) throw new Error(`pie(): '${name}' must be of length 'x', not ${row.length}`);
    }
    if (radius <= 0) throw new Error(`pie(): 'radius' must be a positive number, not ${radius}`);
    if (center.length !== 2) throw new Error('pie(): center must be a pair of numbers');
    const faces = colors === null ? null : colors_of('pie', 'colors', colors);
    this.set_aspect('equal');
    const { width = null, ...look } = wedgeprops;
    let theta = startangle / 360;
    const wedges = Array.from(fractions, (fraction, i) => {
      const end = counterclock ? theta + fraction : theta - fraction;
      const middle = Math.PI * (theta + end);
      const place: [number, number] = [
        center[0] + explode[i]! * Math.cos(middle),
        center[1] + explode[i]! * Math.sin(middle),
      ];
      const [from, to] = [360 * Math.min(theta, end), 360 * Math.max(theta, end)];
      const color = faces?.[i % faces.length] ?? this.next_color('patches');
      theta = end;
      const hatch = nth_hatch(given.hatch ?? null, i);
      const options = { clip_on: false, label: labels[i]!, hatch, ...drop_null(look) };
      return this._add(new Wedge('pie', place, radius, from, to, width, [...color], options));
    });
    const outer: TextOptions = { fontsize: rc['xtick.labelsize'] as string, ...textprops };
    const texts =
      labeldistance === null ? [] : this.pie_texts(wedges, labels, labeldistance, true, rotatelabels, outer);
    const parts: [Wedge[], Text[], Text[]?] = [wedges, texts];
    if (autopct !== null) {
      const inner = Array.from(fractions, (fraction) =>
        typeof autopct === 'string' ? percent_format('pie', autopct, 100 * fraction) : String(autopct(100 * fraction)),
      );
      parts.push(this.pie_texts(wedges, inner, pctdistance, false, false, textprops));
    }
    if (!frame) {
      this._frame_on = false;
      this._set_ticks('x', [], null);
      this._set_ticks('y', [], null);
      this.set_xlim(-1.25 + center[0], 1.25 + center[0]);
      this.set_ylim(-1.25 + center[1], 1.25 + center[1]);
    }
    return Tuple.from<unknown>(parts) as unknown as Pie;
  }

  private pie_texts(
    wedges: readonly Wedge[],
    labels: readonly string[],
    distance: number,
    outer: boolean,
    rotate: boolean,
    options: TextOptions,
  ): Text[] {
    return wedges.map(({ center, r, theta1, theta2 }, i) => {
      const angle = (Math.PI * (theta1 + theta2)) / 360;
      const [x, y] = [center[0] + distance * r * Math.cos(angle), center[1] + distance * r * Math.sin(angle)];
      return this._add(
        new Text('pie', x, y, labels[i]!, {
          clip_on: false,
          rotation: rotate ? (angle * 180) / Math.PI + (x > 0 ? 0 : 180) : 0,
          horizontalalignment: outer ? (x > 0 ? 'left' : 'right') : 'center',
          verticalalignment: rotate && outer ? (y > 0 ? 'bottom' : 'top') : 'center',
          ...options,
        }),
      );
    });
  }

  /** Stems with markers at their heads: `stem(heads)` or `stem(locs, heads)`. */
  stem(...args: [...data: (Values | string)[], options: StemOptions] | (Values | string)[]): Stems;
  stem(...args: unknown[]): Stems {
    const {
      args: given,
      markerfmt = null,
      bottom = 0,
      label = null,
      orientation = 'vertical',
      ...formats
    } = SIG.stem.read(args);
    if (orientation !== 'vertical' && orientation !== 'horizontal')
      throw new Error(
        `stem(): '${String(orientation)}' is not a valid value for orientation; supported values are 'horizontal', 'vertical'`,
      );
    const rest = [...given];
    const last = typeof rest.at(-1) === 'string' && rest.length > 1 ? (rest.pop() as string) : null;
    if (rest.length === 0 || rest.length > 2)
      throw new TypeError(`stem() takes 1-3 positional arguments but ${given.length} were given`);
    const heads = flat_floats('stem', rest.at(-1));
    const locs =
      rest.length === 1
        ? heads.map((_, i) => i)
        : this.coordinates('stem', orientation === 'vertical' ? 'x' : 'y', rest[0]);
    if (locs.length !== heads.length)
      throw new Error(
        `stem(): x and y must have same first dimension, but have shapes (${locs.length},) and (${heads.length},)`,
      );
    if (heads.length === 0)
      throw new Error('stem(): zero-size array to reduction operation minimum which has no identity');
    const line = parse_format('stem', formats.linefmt ?? last ?? 'C0-');
    const marker = parse_format('stem', markerfmt === '' ? ' ' : (markerfmt ?? 'o'));
    const base = parse_format('stem', formats.basefmt ?? 'C3-');
    const ends = extent(locs) ?? [0, 0];
    const vertical = orientation === 'vertical';
    const stemlines = this.parallel_lines(
      'stem',
      locs,
      bottom,
      heads,
      {
        colors: line.color ?? null,
        linestyles: line.linestyle ?? (rc['lines.linestyle'] as string),
        label: '_nolegend_',
      },
      vertical ? (at, from, to) => [at, from, at, to] : (at, from, to) => [from, at, to, at],
    );
    const draw = (along: Float64Array, height: Float64Array, format: LineFormat): Line2D => {
      const [x, y] = vertical ? [along, height] : [height, along];
      return this._plot('stem', [x, y], { color: null, ...format, label: '_nolegend_' } as LineOptions)[0]!;
    };
    const style = { linestyle: 'None', marker: 'o', ...drop_null(marker) };
    const color = marker.color ?? line.color;
    const markerline = draw(locs, heads, color === undefined ? style : { ...style, color });
    const baseline = draw(Float64Array.from(ends), Float64Array.of(bottom, bottom), base);
    return this.add_container(new StemContainer(markerline, stemlines, baseline, label ?? '')) as unknown as Stems;
  }

  /** Filled polygons: `fill(x, y)`, `fill(x, y, 'r')`, and more of these. */
  fill(...args: PatchPlotArguments): Polygon[];
  fill(...args: unknown[]): Polygon[] {
    const { args: given, ...options } = SIG.fill.read(args);
    const made: Polygon[] = [];
    for (let i = 0; i + 1 < given.length; ) {
      const xs = this.coordinates('fill', 'x', given[i]);
      const ys = this.coordinates('fill', 'y', given[i + 1]);
      i += 2;
      const format = typeof given[i] === 'string' ? parse_format('fill', given[i++] as string) : {};
      const color = format.color ?? [...this.next_color('patches')];
      made.push(this._add(new Polygon('fill', xs, ys, color, options)));
    }
    return made;
  }

  /** A picture: numbers by a colour map, or colours `(M, N, 3)` or `(M, N, 4)`. */
  imshow(X: Values, ...more: [ImshowOptions?] | [cmap?: ColormapLike | null, ...rest: unknown[]]): AxesImage;
  imshow(options: ImshowOptions & { X: Values }): AxesImage;
  imshow(...args: unknown[]): AxesImage {
    const {
      X,
      cmap = null,
      norm = null,
      aspect = null,
      interpolation = null,
      alpha = null,
      vmin = null,
      vmax = null,
      origin = null,
      extent: edges = null,
      zorder = null,
      label = null,
    } = SIG.imshow.read(args);
    const from = origin ?? (rc['image.origin'] as 'upper');
    if (from !== 'upper' && from !== 'lower')
      throw new Error(
        `imshow(): '${String(from)}' is not a valid value for origin; supported values are 'upper', 'lower'`,
      );
    const image = new AxesImage('imshow', X, cmap_of('imshow', cmap), norm_of('imshow', norm, vmin, vmax), {
      origin: from,
      extent: edges === null ? null : checked_extent('imshow', edges),
      interpolation: check_interpolation('imshow', interpolation ?? (rc['image.interpolation'] as string)),
    });
    image._alpha = alpha;
    image._zorder = zorder ?? 0;
    image._label = label ?? '';
    this.set_aspect(aspect ?? (rc['image.aspect'] as 'equal'));
    const [left, right, bottom, top] = image._edges();
    // The limits are exactly those of the picture, in its direction.
    if (this.xaxis._autoscale) this._set_limits('x', left, right);
    if (this.yaxis._autoscale) this._set_limits('y', bottom, top);
    this._add(image);
    this._current_mappable = image;
    return image;
  }

  /** A matrix as a picture, with its rows and columns counted at the left and the top. */
  matshow(Z: Values, options?: ImshowOptions): AxesImage;
  matshow(...args: unknown[]): AxesImage {
    const { Z, ...options } = MATSHOW.read(args);
    const image = this.imshow(Z, { interpolation: 'nearest', origin: 'upper', aspect: 'equal', ...options });
    this.xaxis._to_far_side();
    this.xaxis._look.ticks = true;
    this.xaxis._locator = new MaxNLocator(9, [1, 2, 5, 10], { integer: true });
    this.yaxis._locator = new MaxNLocator(9, [1, 2, 5, 10], { integer: true });
    return image;
  }

  /** Lines of equal height: `contour(Z)` or `contour(X, Y, Z)`, and then perhaps levels. */
  contour(...args: ContourArguments): QuadContourSet;
  contour(...args: unknown[]): QuadContourSet {
    return this._add(this.contour_set('contour', false, args));
  }

  /** Areas between heights: `contourf(Z)` or `contourf(X, Y, Z)`, and then perhaps levels. */
  contourf(...args: ContourArguments): QuadContourSet;
  contourf(...args: unknown[]): QuadContourSet {
    return this._add(this.contour_set('contourf', true, args));
  }

  /** Contours that are not in the axes yet. @param make - makes what is drawn of them */
  protected contour_set<Set extends QuadContourSet = QuadContourSet>(
    callee: string,
    filled: boolean,
    args: readonly unknown[],
    make: (...parts: ConstructorParameters<typeof QuadContourSet>) => Set = (...parts) =>
      new QuadContourSet(...parts) as Set,
  ): Set {
    const {
      args: given,
      levels: by_name = null,
      colors = null,
      cmap = null,
      norm = null,
      vmin = null,
      vmax = null,
      alpha = null,
      linewidths = null,
      linestyles = null,
      hatches = null,
      origin = null,
      extent: edges = null,
      zorder = null,
    } = SIG.contour.renamed(callee).read(args);
    if (given.length === 0 || given.length > 4)
      throw new TypeError(`${callee}() takes from 1 to 4 positional arguments but ${given.length} were given`);
    const with_places = given.length >= 3;
    const grid = with_places
      ? placed_grid(callee, given[0], given[1], given[2])
      : counted_grid(callee, given[0], origin, edges);
    const levels = contour_levels(callee, grid, (with_places ? given[3] : given[1]) ?? by_name, norm === 'log');
    if (levels.length < (filled ? 2 : 1))
      throw new Error(`${callee}(): ${filled ? 'Filled contours require at least 2 levels.' : 'no levels'}`);
    const set = make(
      grid,
      {
        ...{ filled, levels, alpha, hatches: checked_hatches(callee, filled, hatches) },
        colors: colors === null ? null : colors_of(callee, 'colors', colors),
        linewidths: linewidths === null ? default_linewidths() : [...flat_floats(callee, linewidths)],
        linestyles:
          linestyles === null
            ? null
            : (Array.isArray(linestyles) && typeof linestyles[0] === 'string'
                ? (linestyles as string[])
                : [linestyles as LineStyle]
              ).map((style) => check_linestyle(callee, style)),
      },
      cmap_of(callee, cmap),
      norm_of(callee, norm, vmin, vmax),
    );
    if (zorder !== null) set._zorder = zorder;
    this._current_mappable = set;
    return set;
  }

  /** Writes the heights on the lines of {@link contour}. @returns the texts */
  clabel(
    CS: QuadContourSet,
    ...more: [ClabelOptions?] | [levels?: readonly number[] | null, options?: Omit<ClabelOptions, 'levels'>]
  ): Text[];
  clabel(...args: unknown[]): Text[] {
    const {
      CS,
      levels: wanted = null,
      fontsize = null,
      inline = true,
      inline_spacing = 5,
      ...given
    } = SIG.clabel.read(args);
    const { fmt = null, colors = null, rightside_up = true, zorder = null } = given;
    if (CS._is_filled)
      throw new Error(
        'clabel(): labels are for the lines of contour(), which may be drawn over the areas of contourf()',
      );
    const all = CS.levels;
    const chosen = wanted === null ? null : [...flat_floats('clabel', wanted)];
    const indices = all.flatMap((level, i) => (chosen === null || chosen.includes(level) ? [i] : []));
    if (chosen !== null && indices.length < chosen.length)
      throw new Error(
        `clabel(): Specified levels [${chosen.join(', ')}] don't match available levels [${all.join(', ')}]`,
      );
    const texts = level_texts(
      fmt,
      indices.map((i) => all[i]!),
    );
    const own_colors = colors === null ? null : colors_of('clabel', 'colors', colors);
    const r = this._figure._measuring();
    const view = this._view(r);
    const [others, made]: [[number, number][], Text[]] = [[], []];
    indices.forEach((index, k) => {
      const color = own_colors === null ? CS._level_color(index) : own_colors[k % own_colors.length]!;
      const options: TextOptions = {
        ...{ color: [...color], clip_on: true, zorder: zorder ?? 2 + CS._zorder },
        ...{ horizontalalignment: 'center', verticalalignment: 'center', ...(fontsize === null ? {} : { fontsize }) },
      };
      const { box } = r.layout(texts[k]!, new Text('clabel', 0, 0, texts[k]!, options)._style());
      const how = { inline, spacing: inline_spacing, upright: rightside_up };
      for (const label of CS._place_labels(index, box.right - box.left, view, others, how)) {
        const [x, y] = this.data_at(view, label.x, label.y);
        made.push(this._add(new Text('clabel', x, y, texts[k]!, { ...options, rotation: label.rotation })));
      }
    });
    return made;
  }

  /** The data at a place in pixels. */
  private data_at(view: View, px: number, py: number): [number, number] {
    if (view.point !== undefined) throw new Error('clabel(): labels of contours in polar axes are not there');
    const { left, right, top, bottom } = view.box;
    const inner = (which: 'x' | 'y', part: number): number => {
      const axis = this.axis_of(which);
      const [low, high] = this._get_limits(which).map((limit) => axis._transform(limit)) as [number, number];
      return axis._inverse(low + part * (high - low));
    };
    return [inner('x', (px - left) / (right - left)), inner('y', (bottom - py) / (bottom - top))];
  }

  // ---- texts ----

  /** A text at a place in data coordinates, or with `transform: ax.transAxes` in parts of the axes. */
  text(x: number | Date, y: number | Date, s: unknown, fontdict?: TextOptions | null, options?: TextOptions): Text;
  text(options: TextOptions & { x: number | Date; y: number | Date; s: unknown }): Text;
  text(...args: unknown[]): Text {
    const { x, y, s, ...options } = SIG.text.read(args);
    return this._add(new Text('text', this.coordinate('x', x), this.coordinate('y', y), s, options));
  }

  /** A text with an arrow to a point. */
  annotate(
    text: unknown,
    xy: readonly [number | Date, number | Date],
    ...more: [AnnotateOptions?] | [xytext?: readonly [number | Date, number | Date] | null, options?: AnnotateOptions]
  ): Annotation;
  annotate(options: AnnotateOptions & { text: unknown; xy: readonly [number | Date, number | Date] }): Annotation;
  annotate(...args: unknown[]): Annotation {
    const {
      text,
      xy,
      xytext = null,
      xycoords = 'data',
      textcoords = null,
      arrowprops = null,
      annotation_clip: _clip,
      ...options
    } = SIG.annotate.read(args);
    const coords = ['data', 'axes fraction', 'figure fraction', 'offset points', 'offset pixels'];
    for (const each of [xycoords, textcoords ?? xycoords]) {
      if (!coords.includes(each))
        throw new Error(`annotate(): '${each}' is not a coordinate system; there are ${coords.join(', ')}`);
    }
    if (xycoords.startsWith('offset')) throw new Error(`annotate(): xycoords cannot be '${xycoords}'`);
    if (xy.length !== 2 || (xytext !== null && xytext.length !== 2))
      throw new Error('annotate(): xy and xytext must be pairs of numbers');
    const place = ([x, y]: readonly [number | Date, number | Date]): [number, number] => [
      this.coordinate('x', x),
      this.coordinate('y', y),
    ];
    const [at, text_at] = [place(xy), place(xytext ?? xy)];
    return this._add(
      new Annotation('annotate', text, at, xycoords, text_at, textcoords ?? xycoords, arrowprops, options),
    );
  }

  /** Sets the title. `loc` is `'center'`, `'left'` or `'right'`. */
  set_title(
    label: unknown,
    ...more: [(TextOptions & { loc?: string; pad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
  ): Text;
  set_title(...args: unknown[]): Text {
    return this._set_title('set_title', SIG.set_title.read(args));
  }

  /** @internal */
  _set_title(
    callee: string,
    {
      label,
      loc = null,
      pad = null,
      ...options
    }: TextOptions & { label: unknown; loc?: string | null; pad?: number | null },
  ): Text {
    const at = (loc ?? 'center') as 'left' | 'center' | 'right';
    if (!['left', 'center', 'right'].includes(at))
      throw new Error(
        `${callee}(): '${at}' is not a valid value for loc; supported values are 'left', 'center', 'right'`,
      );
    if (pad !== null) this.title_pad = pad;
    this.titles[at] = this.make_title(String(label), options, at);
    this.titles[at]._parent = { artists: [], _changed: () => this._changed() };
    this._changed();
    return this.titles[at];
  }

  /** Sets the text below the x axis. */
  set_xlabel(
    xlabel: unknown,
    ...more: [(TextOptions & { labelpad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
  ): Text;
  set_xlabel(...args: unknown[]): Text {
    const { xlabel, ...options } = SIG.set_xlabel.read(args);
    return this._set_label('x', 'set_xlabel', xlabel, options);
  }

  /** Sets the text beside the y axis. */
  set_ylabel(
    ylabel: unknown,
    ...more: [(TextOptions & { labelpad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
  ): Text;
  set_ylabel(...args: unknown[]): Text {
    const { ylabel, ...options } = SIG.set_ylabel.read(args);
    return this._set_label('y', 'set_ylabel', ylabel, options);
  }

  /** @internal */
  _set_label(
    which: AxisName,
    callee: string,
    text: unknown,
    { labelpad = null, loc: _loc, ...options }: TextOptions & { labelpad?: number | null; loc?: string | null },
  ): Text {
    const axis = this.axis_of(which);
    if (labelpad !== null) axis._label_pad = labelpad;
    axis._label = axis._make_label(String(text), options, callee);
    axis._label._parent = { artists: [], _changed: () => this._changed() };
    this._changed();
    return axis._label;
  }

  /** The title. */
  get_title(...none: []): string;
  get_title(...args: unknown[]): string {
    GETTERS.get_title.read(args);
    return this.titles.center.get_text();
  }

  /** The text below the x axis. */
  get_xlabel(...none: []): string;
  get_xlabel(...args: unknown[]): string {
    GETTERS.get_xlabel.read(args);
    return this.xaxis._label.get_text();
  }

  /** The text beside the y axis. */
  get_ylabel(...none: []): string;
  get_ylabel(...args: unknown[]): string {
    GETTERS.get_ylabel.read(args);
    return this.yaxis._label.get_text();
  }

  // ---- axes ----

  /** Sets the limits of x: two numbers, or a pair. */
  set_xlim(
    left?: number | Date | readonly (number | Date)[] | null | LimitsArguments,
    right?: number | Date | null | LimitsArguments,
    options?: LimitsArguments,
  ): Tuple<number>;
  set_xlim(...args: unknown[]): Tuple<number> {
    return this._set_lim('x', 'set_xlim', SIG.set_xlim.read(args));
  }

  /** Sets the limits of y: two numbers, or a pair. */
  set_ylim(
    bottom?: number | Date | readonly (number | Date)[] | null | LimitsArguments,
    top?: number | Date | null | LimitsArguments,
    options?: LimitsArguments,
  ): Tuple<number>;
  set_ylim(...args: unknown[]): Tuple<number> {
    return this._set_lim('y', 'set_ylim', SIG.set_ylim.read(args));
  }

  /** @internal */
  _set_lim(which: AxisName, callee: string, given: LimitsArguments): Tuple<number> {
    const ends = which === 'x' ? [given.left, given.right] : [given.bottom, given.top];
    for (const end of ends) this.note_dates(which, end);
    const [first, second] = limit_pair(callee, ends[0] ?? null, (ends[1] ?? null) as number | Date | null);
    const old = this._get_limits(which);
    let [low, high] = [first ?? old[0], second ?? old[1]];
    const axis = this.axis_of(which);
    if (axis._scale === 'log') {
      if (low <= 0) low = old[0];
      if (high <= 0) high = old[1];
    }
    const reverse = low > high;
    const [a, b] = axis._locator.nonsingular(Math.min(low, high), Math.max(low, high), { minpos: axis._minpos() });
    [low, high] = reverse ? [b, a] : [a, b];
    const auto = given.auto ?? false;
    for (const axes of this._shared[which]) {
      axes.axis_of(which)._limits = [low, high];
      if (given.auto !== null) axes.axis_of(which)._autoscale = auto;
      axes.axis_of(which)._stale = false;
    }
    this._changed();
    return Tuple.from([low, high]) as Tuple<number>;
  }

  /** The limits of x. */
  get_xlim(...none: []): Tuple<number>;
  get_xlim(...args: unknown[]): Tuple<number> {
    GETTERS.get_xlim.read(args);
    return Tuple.from(this._get_limits('x')) as Tuple<number>;
  }

  /** The limits of y. */
  get_ylim(...none: []): Tuple<number>;
  get_ylim(...args: unknown[]): Tuple<number> {
    GETTERS.get_ylim.read(args);
    return Tuple.from(this._get_limits('y')) as Tuple<number>;
  }

  /** Reverses the x axis. */
  invert_xaxis(...none: []): void;
  invert_xaxis(...args: unknown[]): void {
    GETTERS.invert_xaxis.read(args);
    const [a, b] = this._get_limits('x');
    this._set_limits('x', b, a);
    this._changed();
  }

  /** Reverses the y axis. */
  invert_yaxis(...none: []): void;
  invert_yaxis(...args: unknown[]): void {
    GETTERS.invert_yaxis.read(args);
    const [a, b] = this._get_limits('y');
    this._set_limits('y', b, a);
    this._changed();
  }

  /** Sets the scale of x: `'linear'`, `'log'`, `'symlog'` or `'logit'`. @throws Error for another name, and for options that do not fit */
  set_xscale(value: string | (ScaleOptions & { value: string }), options?: ScaleOptions): void;
  set_xscale(...args: unknown[]): void {
    const { value, ...options } = SIG.set_xscale.read(args);
    this._set_scale('x', value, 'set_xscale', options);
  }

  /** Sets the scale of y: `'linear'`, `'log'`, `'symlog'` or `'logit'`. @throws Error for another name, and for options that do not fit */
  set_yscale(value: string | (ScaleOptions & { value: string }), options?: ScaleOptions): void;
  set_yscale(...args: unknown[]): void {
    const { value, ...options } = SIG.set_yscale.read(args);
    this._set_scale('y', value, 'set_yscale', options);
  }

  /** @internal */
  _set_scale(which: AxisName, value: string, callee = 'set_scale', options: ScaleOptions = {}): void {
    const scale = scale_named(callee, value, options);
    const axis = this.axis_of(which);
    const default_limits = (): [number, number] =>
      axis._locator.nonsingular(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, { minpos: axis._minpos() });
    const before = default_limits();
    for (const axes of this._shared[which]) axes.axis_of(which)._set_scale(scale);
    const after = default_limits();
    const [low, high] = axis._limits;
    if (scale !== null && !axis._limits.every((limit) => Math.abs(scale.transform(limit)) < 1000)) {
      const [a, b] = axis._autoscale
        ? after
        : axis._locator.nonsingular(Math.min(low, high), Math.max(low, high), { minpos: axis._minpos() });
      this._set_limits(which, low > high ? b : a, low > high ? a : b);
    }
    // As in Python, a scale for the same numbers keeps the limits.
    if (before[0] !== after[0] || before[1] !== after[1]) axis._stale = true;
    this._changed();
  }

  /** The scale of x. */
  get_xscale(...none: []): string;
  get_xscale(...args: unknown[]): string {
    GETTERS.get_xscale.read(args);
    return this.xaxis._scale;
  }

  /** The scale of y. */
  get_yscale(...none: []): string;
  get_yscale(...args: unknown[]): string {
    GETTERS.get_yscale.read(args);
    return this.yaxis._scale;
  }

  /** Sets where the ticks of x are, and perhaps their labels. */
  set_xticks(
    ticks: Values,
    ...more:
      | [(TextOptions & { labels?: Iterable<unknown> | null; minor?: boolean })?]
      | [labels?: Iterable<unknown> | null, options?: TextOptions & { minor?: boolean }]
  ): void;
  set_xticks(...args: unknown[]): void {
    this._set_tick_arguments('x', 'set_xticks', SIG.set_xticks.read(args));
  }

  /** Sets where the ticks of y are, and perhaps their labels. */
  set_yticks(
    ticks: Values,
    ...more:
      | [(TextOptions & { labels?: Iterable<unknown> | null; minor?: boolean })?]
      | [labels?: Iterable<unknown> | null, options?: TextOptions & { minor?: boolean }]
  ): void;
  set_yticks(...args: unknown[]): void {
    this._set_tick_arguments('y', 'set_yticks', SIG.set_yticks.read(args));
  }

  /** @internal */
  _set_tick_arguments(
    which: AxisName,
    callee: string,
    { ticks, labels = null, minor = false, ...options }: TicksArguments,
  ): void {
    this.note_dates(which, ticks);
    const values = [...flat_floats(callee, ticks)];
    const names = labels === null ? null : Array.from(labels, String);
    if (names !== null && names.length !== values.length) {
      throw new Error(
        `${callee}(): The number of FixedLocator locations (${values.length}), usually from a call to set_ticks, does not match the number of labels (${names.length}).`,
      );
    }
    this._set_ticks(which, values, names, minor);
    if (Object.keys(options).length > 0) this._tick_text(which, callee, options);
  }

  /** @internal */
  _set_ticks(which: AxisName, values: readonly number[], labels: readonly string[] | null, minor = false): void {
    const axis = this.axis_of(which);
    // The limits grow, so that all ticks are within them.
    const found = extent(values);
    if (found !== undefined) {
      const [a, b] = this._get_limits(which);
      const [low, high] = [Math.min(a, b, found[0]), Math.max(a, b, found[1])];
      this._set_limits(which, a > b ? high : low, a > b ? low : high);
    }
    if (minor) axis._minor_locator = new FixedLocator(values);
    else axis._locator = values.length === 0 ? new NullLocator() : new FixedLocator(values);
    if (labels !== null) {
      if (minor) axis._minor_formatter = new FixedFormatter(labels);
      else axis._formatter = new FixedFormatter(labels);
    }
    this._changed();
  }

  /** The options of the labels of ticks. @internal */
  _tick_text(which: AxisName, callee: string, options: TextOptions): void {
    const look = this.axis_of(which)._look;
    const all = { ...(options.fontdict ?? {}), ...options };
    if (all.fontsize !== undefined && all.fontsize !== null) look.label_size = font_size(all.fontsize);
    if (all.color !== undefined && all.color !== null) {
      color_of(callee, 'color', all.color);
      look.label_color = all.color;
    }
    if (all.rotation !== undefined && all.rotation !== null)
      look.label_rotation = all.rotation === 'vertical' ? 90 : Number(all.rotation) || 0;
    if (all.horizontalalignment !== undefined && all.horizontalalignment !== null)
      look.label_ha = all.horizontalalignment;
    this._changed();
  }

  /** Sets the labels of the ticks of x. */
  set_xticklabels(labels: Iterable<unknown>, options?: TextOptions): void;
  set_xticklabels(...args: unknown[]): void {
    const { labels, ...options } = SET_XTICKLABELS.read(args);
    this.set_tick_labels('x', 'set_xticklabels', Array.from(labels, String), options);
  }

  /** Sets the labels of the ticks of y. */
  set_yticklabels(labels: Iterable<unknown>, options?: TextOptions): void;
  set_yticklabels(...args: unknown[]): void {
    const { labels, ...options } = SET_YTICKLABELS.read(args);
    this.set_tick_labels('y', 'set_yticklabels', Array.from(labels, String), options);
  }

  protected set_tick_labels(which: AxisName, callee: string, labels: readonly string[], options: TextOptions): void {
    const axis = this.axis_of(which);
    const { _locator: locator } = axis;
    if (locator instanceof FixedLocator && labels.length > 0 && locator.locations.length !== labels.length) {
      throw new Error(
        `${callee}(): The number of FixedLocator locations (${locator.locations.length}), usually from a call to set_ticks, does not match the number of labels (${labels.length}).`,
      );
    }
    axis._formatter = new FixedFormatter(labels);
    this._tick_text(which, callee, options);
  }

  /** Where the locator puts ticks on x, some of them outside the limits; `minor` asks for the minor ticks. */
  get_xticks(options?: { minor?: boolean }): number[];
  get_xticks(...args: unknown[]): number[] {
    const { minor = false } = GETTERS.get_xticks.read(args);
    return minor ? this.xaxis.get_minorticklocs() : this.xaxis.get_majorticklocs();
  }

  /** Where the locator puts ticks on y, some of them outside the limits; `minor` asks for the minor ticks. */
  get_yticks(options?: { minor?: boolean }): number[];
  get_yticks(...args: unknown[]): number[] {
    const { minor = false } = GETTERS.get_yticks.read(args);
    return minor ? this.yaxis.get_minorticklocs() : this.yaxis.get_majorticklocs();
  }

  /** Shows minor ticks between the major ones of both axes. */
  minorticks_on(...none: []): void;
  minorticks_on(...args: unknown[]): void {
    GETTERS.minorticks_on.read(args);
    for (const name of this.axis_names()) this.axis_of(name)._minor_ticks(true);
  }

  /** Hides the minor ticks of both axes. */
  minorticks_off(...none: []): void;
  minorticks_off(...args: unknown[]): void {
    GETTERS.minorticks_off.read(args);
    for (const name of this.axis_names()) this.axis_of(name)._minor_ticks(false);
  }

  /** The labels of the ticks of x. */
  get_xticklabels(...none: []): string[];
  get_xticklabels(...args: unknown[]): string[] {
    GETTERS.get_xticklabels.read(args);
    this._get_limits('x');
    return this.xaxis._all_major().map(({ label }) => label);
  }

  /** The labels of the ticks of y. */
  get_yticklabels(...none: []): string[];
  get_yticklabels(...args: unknown[]): string[] {
    GETTERS.get_yticklabels.read(args);
    this._get_limits('y');
    return this.yaxis._all_major().map(({ label }) => label);
  }

  /** Changes ticks, their labels, and on which sides they are. */
  tick_params(axis?: 'x' | 'y' | 'both' | TickParams, options?: TickParams): void;
  tick_params(...args: unknown[]): void {
    const { axis = 'both', which = 'major', ...given } = SIG.tick_params.read(args);
    if (!['x', 'y', 'both'].includes(axis))
      throw new Error(`tick_params(): '${axis}' is not a valid value for axis; supported values are 'x', 'y', 'both'`);
    for (const each of [given.color, given.colors, given.labelcolor]) {
      if (each !== undefined) color_of('tick_params', 'color', each);
    }
    if (given.direction !== undefined && !['in', 'out', 'inout'].includes(given.direction))
      throw new Error(`tick_params(): direction must be 'in', 'out' or 'inout', not '${given.direction}'`);
    for (const one of axis === 'both' ? this.axis_names() : [axis]) {
      const { _look: major, _minor_look: minor } = this.axis_of(one);
      for (const look of which === 'both' ? [major, minor] : [which === 'minor' ? minor : major]) {
        change_ticks(look, one === 'y' ? 'y' : 'x', given);
      }
    }
    this._changed();
  }

  /** Shows or hides the lines of the grid. */
  grid(
    visible?: boolean | null | GridArguments,
    ...more: [GridArguments?] | [which?: string, ...rest: unknown[]]
  ): void;
  grid(...args: unknown[]): void {
    const {
      visible = null,
      which = 'major',
      axis = 'both',
      color = null,
      linestyle = null,
      linewidth = null,
      alpha = null,
    } = SIG.grid.read(args);
    if (!['major', 'minor', 'both'].includes(which))
      throw new Error(
        `grid(): '${which}' is not a valid value for which; supported values are 'major', 'minor', 'both'`,
      );
    if (!['x', 'y', 'both'].includes(axis))
      throw new Error(`grid(): '${axis}' is not a valid value for axis; supported values are 'x', 'y', 'both'`);
    if (color !== null) color_of('grid', 'color', color);
    const styled = color !== null || linestyle !== null || linewidth !== null || alpha !== null;
    const base = default_grid();
    const look = {
      color: color ?? base.color,
      style: String(check_linestyle('grid', linestyle ?? base.style)),
      width: linewidth ?? base.width,
      alpha: alpha ?? base.alpha,
    };
    for (const each of (axis === 'both' ? this.axis_names() : [axis]).map((name) => this.axis_of(name))) {
      if (which !== 'minor') each._grid = (visible ?? (styled || each._grid === null)) ? look : null;
      if (which !== 'major') each._minor_grid = (visible ?? (styled || each._minor_grid === null)) ? look : null;
    }
    this._changed();
  }

  /**
   * Hides the axes with `'off'`, shows them with `'on'`; `'equal'`, `'scaled'`, `'tight'`, `'square'`, `'image'`, `'auto'`; or
   * sets the limits by a list of four. @returns the limits: xmin, xmax, ymin, ymax
   */
  axis(
    arg?:
      | string
      | boolean
      | readonly number[]
      | null
      | { xmin?: number; xmax?: number | Date; ymin?: number; ymax?: number },
  ): Tuple<number>;
  axis(...args: unknown[]): Tuple<number> {
    const { arg = null, xmin, xmax, ymin, ymax } = SIG.axis.read(args);
    if (typeof arg === 'string' || typeof arg === 'boolean') this.apply_axis_option(arg);
    else if (arg !== null) {
      if (arg.length !== 4)
        throw new TypeError(
          'axis(): the first argument to axis() must be an iterable of the form [xmin, xmax, ymin, ymax]',
        );
      this.set_xlim(arg[0]!, arg[1]!);
      this.set_ylim(arg[2]!, arg[3]!);
    }
    if (xmin !== undefined || xmax !== undefined) this.set_xlim(xmin ?? null, xmax ?? null);
    if (ymin !== undefined || ymax !== undefined) this.set_ylim(ymin ?? null, ymax ?? null);
    return Tuple.from([...this._get_limits('x'), ...this._get_limits('y')]) as Tuple<number>;
  }

  /** Makes both axes as long as the longer one. */
  private square_limits(): void {
    const limits = { x: this._get_limits('x'), y: this._get_limits('y') };
    const edge = Math.max(limits.x[1] - limits.x[0], limits.y[1] - limits.y[0]);
    for (const which of ['x', 'y'] as const) {
      this._set_limits(which, limits[which][0], limits[which][0] + edge);
      this.axis_of(which)._autoscale = false;
    }
  }

  private apply_axis_option(arg: string | boolean): void {
    const option = typeof arg === 'string' ? arg.toLowerCase() : arg ? 'on' : 'off';
    if (option === 'on' || option === 'off') this.off = option === 'off';
    else if (['equal', 'tight', 'scaled', 'auto', 'image', 'square'].includes(option)) {
      for (const axis of [this.xaxis, this.yaxis]) axis._autoscale = true;
      this.aspect = 'auto';
      if (option === 'equal') [this.aspect, this.adjustable] = [1, 'datalim'];
      else if (option === 'scaled' || option === 'image') [this.aspect, this.adjustable] = [1, 'box'];
      else if (option === 'square') {
        [this.aspect, this.adjustable] = [1, 'box'];
      }
      this.request_scaling();
      if (option === 'square') this.square_limits();
      if (option === 'tight' || option === 'scaled' || option === 'image') {
        for (const which of ['x', 'y'] as const) {
          this._get_limits(which);
          this.axis_of(which)._autoscale = false;
        }
      }
    } else throw new Error(`axis(): Unrecognized string '${String(arg)}' to axis; try 'on' or 'off'`);
    this._changed();
  }

  /** Hides the axes. */
  set_axis_off(...none: []): void;
  set_axis_off(...args: unknown[]): void {
    GETTERS.set_axis_off.read(args);
    this.off = true;
    this._changed();
  }

  /** Shows the axes. */
  set_axis_on(...none: []): void;
  set_axis_on(...args: unknown[]): void {
    GETTERS.set_axis_on.read(args);
    this.off = false;
    this._changed();
  }

  /** Sets the parts of the range by which the limits go beyond what is drawn. */
  margins(...args: [number?, number?] | [{ x?: number; y?: number; tight?: boolean | null }]): Tuple<number>;
  margins(...args: unknown[]): Tuple<number> {
    const { margins, x = null, y = null } = SIG.margins.read(args);
    if (margins.length > 2)
      throw new TypeError(
        'margins(): Must pass a single positional argument for all margins, or one for each margin (x, y).',
      );
    const [mx, my] = margins.length === 1 ? [margins[0]!, margins[0]!] : margins.length === 2 ? margins : [x, y];
    if ((mx ?? null) !== null) this.xaxis._margin = mx!;
    if ((my ?? null) !== null) this.yaxis._margin = my!;
    this.request_scaling();
    this._changed();
    return Tuple.from([this.xaxis._margin, this.yaxis._margin]) as Tuple<number>;
  }

  /** Sets whether the limits follow what is drawn. */
  autoscale(
    enable?: boolean | null | { enable?: boolean | null; axis?: string; tight?: boolean | null },
    axis?: string,
    tight?: boolean | null,
  ): void;
  autoscale(...args: unknown[]): void {
    const { enable = true, axis = 'both', tight = null } = AUTOSCALE.read(args);
    for (const each of (axis === 'both' ? this.axis_names() : [axis as 'x']).map((name) => this.axis_of(name))) {
      if (enable !== null) each._autoscale = enable;
      if (tight === true) each._margin = 0;
      if (each._autoscale) each._stale = true;
    }
    this._changed();
  }

  /** Sets the limits to what is drawn, where they follow it. */
  autoscale_view(options?: { tight?: boolean | null; scalex?: boolean; scaley?: boolean }): void;
  autoscale_view(...args: unknown[]): void {
    const { scalex = true, scaley = true } = AUTOSCALE_VIEW.read(args);
    this.request_scaling(scalex, scaley);
    this._changed();
  }

  /** Calculates the limits of data from what is drawn now; {@link autoscale_view} then applies them. */
  relim(visible_only?: boolean | { visible_only?: boolean }): void;
  relim(...args: unknown[]): void {
    const { visible_only = false } = RELIM.read(args);
    this.ranges = { x: empty_range(), y: empty_range(), z: empty_range() };
    for (const artist of this.artists) if (!visible_only || artist._visible) this.include_artist(artist);
  }

  /** Sets the ratio of steps on both axes: `'equal'`, `'auto'` or a number. */
  set_aspect(
    aspect: 'auto' | 'equal' | number,
    ...more:
      | [{ adjustable?: 'box' | 'datalim' | null }?]
      | [adjustable?: 'box' | 'datalim' | null, anchor?: string | null]
  ): void;
  set_aspect(...args: unknown[]): void {
    const { aspect, adjustable = null } = SET_ASPECT.read(args);
    if (typeof aspect === 'string' && aspect !== 'auto' && aspect !== 'equal')
      throw new Error(`set_aspect(): aspect must be 'auto', 'equal' or a number, not '${String(aspect)}'`);
    if (typeof aspect === 'number' && !(aspect > 0 && Number.isFinite(aspect)))
      throw new Error('set_aspect(): aspect must be finite and positive');
    this.aspect = aspect === 'equal' ? 1 : aspect;
    if (adjustable !== null) this.adjustable = adjustable;
    this._changed();
  }

  /** Sets the colour behind everything. */
  set_facecolor(color: ColorLike | { color: ColorLike }): void;
  set_facecolor(...args: unknown[]): void {
    const { color } = SET_FACECOLOR.read(args);
    color_of('set_facecolor', 'color', color);
    this.facecolor = color;
    this._changed();
  }

  /** Shows or hides the axes with all that is in them. */
  set_visible(b: boolean | { b: boolean }): void;
  set_visible(...args: unknown[]): void {
    this._visible = SET_VISIBLE.read(args).b;
    this._changed();
  }

  /** Sets several properties by name: `ax.set({ title: 'loss', xlabel: 'step' })`. */
  set(properties: AxesProperties): void;
  set(...args: unknown[]): void {
    const given = SET.read(args);
    if (given.title !== undefined) this.set_title(given.title);
    if (given.xlabel !== undefined) this.set_xlabel(given.xlabel);
    if (given.ylabel !== undefined) this.set_ylabel(given.ylabel);
    if (given.xscale !== undefined) this.set_xscale(given.xscale);
    if (given.yscale !== undefined) this.set_yscale(given.yscale);
    if (given.xlim !== undefined) this.set_xlim(given.xlim);
    if (given.ylim !== undefined) this.set_ylim(given.ylim);
    if (given.xticks !== undefined) this.set_xticks(given.xticks);
    if (given.yticks !== undefined) this.set_yticks(given.yticks);
    if (given.xticklabels !== undefined) this.set_xticklabels(given.xticklabels);
    if (given.yticklabels !== undefined) this.set_yticklabels(given.yticklabels);
    if (given.aspect !== undefined) this.set_aspect(given.aspect);
    if (given.facecolor !== undefined) this.set_facecolor(given.facecolor);
  }

  // ---- legend and lists ----

  /** What has a label that legends show, with the labels. */
  get_legend_handles_labels(...none: []): Tuple<unknown>;
  get_legend_handles_labels(...args: unknown[]): Tuple<unknown> {
    GETTERS.get_legend_handles_labels.read(args);
    const found = this._labelled();
    return Tuple.from([found, found.map((artist) => artist._label)]) as Tuple<unknown>;
  }

  /** All that legends can show. */
  private legend_artists(): Artist[] {
    return [...this.artists, ...this._containers].filter(
      (artist) => artist._label !== '_nolegend_' && artist._handle() !== undefined,
    );
  }

  /** @internal */
  _labelled(): Artist[] {
    return this.legend_artists().filter((artist) => artist._label !== '' && !artist._label.startsWith('_'));
  }

  /** A box that says what is what: `legend()`, `legend(labels)` or `legend(handles, labels)`. */
  legend(...args: [...lists: Iterable<unknown>[], options: LegendOptions] | Iterable<unknown>[]): Legend;
  legend(...args: unknown[]): Legend {
    const { args: lists, handles = null, labels = null, ...options } = SIG.legend.read(args);
    if (lists.length > 2)
      throw new TypeError(`legend(): 0-2 positional arguments expected, but ${lists.length} were given`);
    let shown: readonly Artist[] = handles ?? this._labelled();
    let texts: readonly string[] | null = labels;
    if (lists.length === 2) {
      shown = [...(lists[0] as Iterable<Artist>)];
      texts = Array.from(lists[1] as Iterable<unknown>, String);
    } else if (lists.length === 1) {
      texts = Array.from(lists[0] as Iterable<unknown>, String);
      shown = handles ?? this.legend_artists();
    } else if (labels !== null && handles === null) shown = this.legend_artists();
    for (const each of shown)
      if (!(each instanceof Artist)) throw new TypeError(`legend(): handles must be artists, not ${kind_of(each)}`);
    const names = texts ?? shown.map((artist) => artist._label);
    const count = Math.min(shown.length, names.length);
    this.legend_ = new Legend('legend', shown.slice(0, count), names.slice(0, count), options, () => this.artists);
    this.legend_._parent = { artists: [], _changed: () => this._changed() };
    this._changed();
    return this.legend_;
  }

  /** The legend; null without one. */
  get_legend(...none: []): Legend | null;
  get_legend(...args: unknown[]): Legend | null {
    GETTERS.get_legend.read(args);
    return this.legend_;
  }

  /** All lines. */
  get_lines(...none: []): Line2D[];
  get_lines(...args: unknown[]): Line2D[] {
    GETTERS.get_lines.read(args);
    return this.lines;
  }

  /** All lines. */
  get lines(): Line2D[] {
    return this.artists.filter((artist) => artist instanceof Line2D);
  }

  /** All patches. */
  get patches(): Patch[] {
    return this.artists.filter(
      (artist) => artist instanceof Patch && !(artist instanceof FillBetweenPolyCollection),
    ) as Patch[];
  }

  /** All collections. */
  get collections(): Artist[] {
    return this.artists.filter(
      (artist) =>
        artist instanceof PathCollection ||
        artist instanceof LineCollection ||
        artist instanceof FillBetweenPolyCollection ||
        artist instanceof QuadContourSet ||
        artist instanceof QuadMesh ||
        artist instanceof Quiver ||
        artist instanceof PolyCollection ||
        artist instanceof StreamLines ||
        artist instanceof StreamArrows,
    );
  }

  /** All images. */
  get images(): AxesImage[] {
    return this.artists.filter((artist) => artist instanceof AxesImage);
  }

  /** All texts. */
  get texts(): Text[] {
    return this.artists.filter((artist) => artist instanceof Text);
  }

  /** Takes everything out of the axes and sets all back. */
  clear(...none: []): void;
  clear(...args: unknown[]): void {
    CLEAR.read(args);
    this.reset();
    this._changed();
  }

  /** Takes everything out of the axes and sets all back; the same as {@link clear}. */
  cla(...none: []): void;
  cla(...args: unknown[]): void {
    CLA.read(args);
    this.reset();
    this._changed();
  }

  /** New axes in the same place that share x, and have a y axis of their own at the right. */
  twinx(...none: []): Axes;
  twinx(...args: unknown[]): Axes {
    GETTERS.twinx.read(args);
    return this._twin('x');
  }

  /** New axes in the same place that share y, and have an x axis of their own at the top. */
  twiny(...none: []): Axes;
  twiny(...args: unknown[]): Axes {
    GETTERS.twiny.read(args);
    return this._twin('y');
  }

  /** @internal */
  _twin(shared: 'x' | 'y'): Axes {
    const twin = this._figure._twin(this, shared);
    const [own, other] = shared === 'x' ? [twin.yaxis, twin.xaxis] : [twin.xaxis, twin.yaxis];
    own._to_far_side();
    other._visible = false;
    other._categories = this.axis_of(shared)._categories;
    other._locator = this.axis_of(shared)._locator;
    other._formatter = this.axis_of(shared)._formatter;
    this.adjustable = 'datalim';
    twin.adjustable = 'datalim';
    twin._has_ground = false;
    return twin;
  }

  /** Takes the axes out of the figure. */
  remove(...none: []): void;
  remove(...args: unknown[]): void {
    REMOVE.read(args);
    this._figure._remove_axes(this);
    for (const which of ['x', 'y'] as const) {
      const group = this._shared[which];
      const at = group.indexOf(this);
      if (at >= 0 && group.length > 1) group.splice(at, 1);
    }
  }

  /** Keeps the labels of ticks only at the left and the bottom of a grid of subplots. */
  label_outer(...none: []): void;
  label_outer(...args: unknown[]): void {
    GETTERS.label_outer.read(args);
    if (this._spec === null) return;
    if (!this._spec._is_last_row()) {
      this.xaxis._look.labels = false;
      this.xaxis._minor_look.labels = false;
      this.xaxis._label.set_visible(false);
    }
    if (!this._spec._is_first_column()) {
      this.yaxis._look.labels = false;
      this.yaxis._minor_look.labels = false;
      this.yaxis._label.set_visible(false);
    }
  }

  // ---- drawing ----

  /** The legend, and artists outside the axes, in pixels; with the axes themselves. @internal */
  _extent(r: Renderer): Box | undefined {
    if (!this._visible) return undefined;
    const view = this._view(r);
    const boxes: (Box | undefined)[] = [view.box];
    if (!this.off) boxes.push(...this.axis_boxes(r, view));
    boxes.push(...this.title_boxes(r, view));
    for (const artist of this.artists) if (artist._visible && !artist._clipped) boxes.push(artist._extent(r, view));
    boxes.push(this.legend_?._extent(r, view));
    return union(boxes);
  }

  /** What the axes cover with their labels. */
  protected axis_boxes(r: Renderer, view: View): (Box | undefined)[] {
    return [this.xaxis._extent(r, view.box, view.x), this.yaxis._extent(r, view.box, view.y)];
  }

  protected title_place(r: Renderer, view: View, at: 'left' | 'center' | 'right'): [number, number] {
    const { left, right, top } = view.box;
    const x = at === 'left' ? left : at === 'right' ? right : (left + right) / 2;
    // Above labels at the top.
    const labels = this.xaxis._look.far_labels && !this.off ? this.xaxis._extent(r, view.box, view.x) : undefined;
    return [x, Math.min(top, labels?.top ?? top) - r.px(this.title_pad)];
  }

  protected title_boxes(r: Renderer, view: View): Box[] {
    return (['left', 'center', 'right'] as const).flatMap((at) => {
      const title = this.titles[at];
      if (title.get_text() === '' || !title.get_visible()) return [];
      const [x, y] = this.title_place(r, view, at);
      const { box } = r.layout(title.get_text(), title._style());
      return [{ left: x + box.left, right: x + box.right, top: y + box.top, bottom: y + box.bottom }];
    });
  }

  protected draw_spines(r: Renderer, view: View): void {
    const { box } = view;
    for (const [side, spine] of Object.entries(this.spines) as [keyof Spines, Spine][]) {
      if (!spine._visible || !this._frame_on) continue;
      const width = r.px(spine._width);
      const stroke = { color: color_of('draw', 'color', spine._color), width, cap: 'square' as const };
      if (width === 0) continue;
      const snap = (value: number): number => r.snapped(value, width);
      const [left, right, top, bottom] = [snap(box.left), snap(box.right), snap(box.top), snap(box.bottom)];
      const [x0, y0, x1, y1] = {
        left: [left, bottom, left, top],
        right: [right, bottom, right, top],
        top: [left, top, right, top],
        bottom: [left, bottom, right, bottom],
      }[side] as [number, number, number, number];
      r.polyline([x0, x1], [y0, y1], stroke);
    }
  }

  /** The outline of what is behind everything. */
  protected ground(r: Renderer, view: View): PathStep[] {
    const edge = (value: number): number => (r.snaps ? Math.round(value) : value);
    const { left, right, top, bottom } = view.box;
    return [
      ['M', edge(left), edge(top)],
      ['L', edge(right), edge(top)],
      ['L', edge(right), edge(bottom)],
      ['L', edge(left), edge(bottom)],
      ['Z'],
    ];
  }

  protected draw_plane_axis(r: Renderer, view: View, which: 'x' | 'y'): void {
    const at = which === 'x' ? view.x : view.y;
    r.clipped(view.box, () => this.axis_of(which)._draw_grid(r, view.box, at));
    this.axis_of(which)._draw(r, view.box, at);
  }

  /** Draws within the outline of the axes. */
  protected clip(r: Renderer, view: View, clipped: boolean, draw: () => void): void {
    r.clipped(clipped ? view.box : undefined, draw);
  }

  /** @internal */
  _draw(r: Renderer, transparent = false): void {
    if (!this._visible) return;
    const view = this._view(r);
    if (!this.off && this._frame_on && this._has_ground && !transparent) {
      const face = color_of('draw', 'facecolor', this.facecolor);
      r.path(this.ground(r, view), face, null);
    }
    const steps: { zorder: number; draw: () => void }[] = [];
    if (!this.off) {
      const below = rc['axes.axisbelow'];
      const axes_at = below === true ? 0.5 : below === 'line' ? 1.5 : 2.5;
      for (const which of ['x', 'y'] as const)
        steps.push({ zorder: axes_at, draw: () => this.draw_plane_axis(r, view, which) });
      steps.push({ zorder: 2.5, draw: () => this.draw_spines(r, view) });
    }
    for (const artist of this.artists) {
      if (artist._visible)
        steps.push({
          zorder: artist._zorder,
          draw: () => this.clip(r, view, artist._clipped, () => artist._draw(r, view)),
        });
    }
    for (const at of ['left', 'center', 'right'] as const) {
      const title = this.titles[at];
      if (title.get_text() === '' || !title.get_visible()) continue;
      steps.push({
        zorder: 3,
        draw: () => {
          const [x, y] = this.title_place(r, view, at);
          r.text(title.get_text(), x, y, title._style());
        },
      });
    }
    if (this.legend_?._visible === true)
      steps.push({ zorder: this.legend_._zorder, draw: () => this.legend_!._draw(r, view) });
    steps.sort((a, b) => a.zorder - b.zorder);
    for (const { draw } of steps) draw();
  }
}

const MATSHOW = method_signature<ImshowOptions & { Z: Values }>(
  'matshow',
  'Z: values, *, cmap?: cmap|None, norm?: norm|None, alpha?: float|None, vmin?: float|None, vmax?: float|None, extent?: float[]|None',
);

/** What the bars of a histogram look like. */
interface HistogramLook {
  stacked: boolean;
  histtype: string;
  align: string;
  orientation: string;
  rwidth: number | null;
  log: boolean;
  bottom: Float64Array | null;
  colors: readonly Rgba[];
  labels: readonly (string | null)[];
  options: PatchOptions;
  hatch: string | readonly string[] | null;
}

/** What a histogram returns: counts, edges of bins, and bars; lists of them for several sets of data. */
export type Histogram = [n: NDArray, bins: NDArray, patches: BarContainer] & Tuple<unknown>;

/** Arguments of {@link Axes.plot}. */
export type PlotArguments =
  | [...data: (Values | string | number)[], options: LineOptions & { scalex?: boolean; scaley?: boolean }]
  | (Values | string | number)[];
/** Arguments of {@link Axes.fill}. */
export type PatchPlotArguments = [...data: (Values | string)[], options: PatchOptions] | (Values | string)[];
/** Arguments of {@link Axes.contour}. */
export type ContourArguments = [...data: (Values | number)[], options: ContourOptions] | (Values | number)[];

function drop_null<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined)) as T;
}

/** The texts of heights. */
function level_texts(fmt: NonNullable<ClabelOptions['fmt']> | null, levels: readonly number[]): string[] {
  if (levels.length === 0) return [];
  if (typeof fmt === 'string') return levels.map((level) => percent_format('clabel', fmt, level));
  if (typeof fmt === 'function') return levels.map((level) => String(fmt(level)));
  const formatter = fmt === null ? new ScalarFormatter({ use_offset: false }) : fmt;
  if (typeof (formatter as Partial<Formatter>).format !== 'function')
    return levels.map((level) => (fmt as Readonly<Record<number, string>>)[level] ?? '%1.3f');
  const ends = { low: Math.min(...levels), high: Math.max(...levels), tick_space: 9, minpos: Number.POSITIVE_INFINITY };
  return levels.map((level) => (formatter as Formatter).format([...levels, level], ends).labels.at(-1)!);
}

function checked_hatches(callee: string, filled: boolean, hatches: Iterable<unknown> | null): (string | null)[] {
  return Array.from(filled ? (hatches ?? []) : [], (each) =>
    each === null ? null : check_hatch(callee, String(each)),
  );
}

/** The pattern of one of several shapes. */
const nth_hatch = (hatch: string | readonly string[] | null, i: number): string | null =>
  hatch === null || typeof hatch === 'string' ? hatch : (hatch[i % hatch.length] ?? null);

function omit<T extends object, K extends keyof T>(options: T, names: readonly K[]): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as Omit<T, K>;
}

/** A band has an edge of its own colour. */
function span_options(options: PatchOptions): PatchOptions {
  const both = (options.color ?? null) !== null || (options.edgecolor ?? null) !== null;
  return both ? options : { ...options, edgecolor: options.facecolor ?? (rc['patch.facecolor'] as string) };
}

/** An error bar of a point. */
const segment_of = (
  which: 'x' | 'y',
  x: number,
  y: number,
  low: number,
  high: number,
): [number, number, number, number] => (which === 'x' ? [low, y, high, y] : [x, low, x, high]);

function error_bounds(
  callee: string,
  which: 'x' | 'y',
  error: unknown,
  at: Float64Array,
): { low: Float64Array; high: Float64Array } {
  const { data, shape } = floats(callee, error);
  const two = shape.length === 2 && shape[0] === 2;
  const count = two ? shape[1]! : data.length;
  if (count !== 1 && count !== at.length) {
    throw new Error(
      `${callee}(): '${which}err' must be a scalar or a 1D or (2, n) array-like whose shape matches '${which}'`,
    );
  }
  if (data.some((value) => value < 0)) throw new Error(`${callee}(): '${which}err' must not contain negative values`);
  const part = (i: number, upper: boolean): number => data[(two && upper ? count : 0) + (count === 1 ? 0 : i)]!;
  return { low: at.map((value, i) => value - part(i, false)), high: at.map((value, i) => value + part(i, true)) };
}

function is_vertical(callee: string, orientation: string): boolean {
  if (orientation !== 'vertical' && orientation !== 'horizontal')
    throw new Error(
      `${callee}(): '${orientation}' is not a valid value for orientation; supported values are 'horizontal', 'vertical'`,
    );
  return orientation === 'vertical';
}

/** Where boxes and violins are, 1, 2 and so on, and how wide. */
function placed(
  callee: string,
  count: number,
  positions: unknown,
  widths: unknown,
  default_width: (positions: readonly number[]) => number,
): { positions: number[]; widths: number[] } {
  const at = positions === null ? Array.from({ length: count }, (_, i) => i + 1) : [...flat_floats(callee, positions)];
  const given = widths === null ? [default_width(at)] : [...flat_floats(callee, widths)];
  const wide = given.length === 1 ? Array<number>(count).fill(given[0]!) : given;
  for (const [name, row] of Object.entries({ positions: at, widths: wide })) {
    if (row.length !== count)
      throw new Error(`${callee}(): List of ${callee} statistics and \`${name}\` values must have the same length`);
  }
  return { positions: at, widths: wide };
}

/** The corners of a box, which is narrow at the median with a notch. */
function box_outline(
  { q1, q3, med, cilo, cihi }: BoxStatistics,
  [left, right]: readonly [number, number],
  [inner_left, inner_right]: readonly [number, number],
  notched: boolean,
): { x: number[]; y: number[] } {
  if (!notched) return { x: [left, right, right, left, left], y: [q1, q1, q3, q3, q1] };
  return {
    x: [left, right, right, inner_right, right, right, left, left, inner_left, left, left],
    y: [q1, q1, cilo, med, cihi, q3, q3, cihi, med, cilo, q1],
  };
}

/** The format of points outside of boxes. */
function flier_format(sym: string | null): LineOptions {
  if (sym === null || sym === '') return {};
  const { marker, color } = parse_format('boxplot', sym);
  return {
    ...(marker === undefined ? {} : { marker }),
    ...(color === undefined ? {} : { color, markerfacecolor: color, markeredgecolor: color }),
  };
}

/** How filled boxes look; their colour is that of the edge. */
function box_patch(given: LineOptions & PatchOptions, zorder: number): PatchOptions {
  const { color = null, ...rest } = BOX_PROPS.read([given]);
  const edge = color === null ? 'black' : color;
  return { linestyle: '-', linewidth: 1, edgecolor: edge, zorder, ...drop_null(rest) };
}

/** Bins of x and y. */
function pair_of_bins(bins: Hist2dOptions['bins']): [Bins, Bins] {
  if (typeof bins === 'number') return [bins, bins];
  const list = Array.isArray(bins) ? (bins as unknown[]) : [...flat_floats('hist2d', bins)];
  if (list.length === 2) {
    const one = (value: unknown): Bins => (typeof value === 'number' ? value : flat_floats('hist2d', value));
    return [one(list[0]), one(list[1])];
  }
  const edges = flat_floats('hist2d', list);
  return [edges, edges];
}

/** How many pairs are in each bin of x and y. */
function counts_of_pairs(
  x: Float64Array,
  y: Float64Array,
  [xedges, yedges]: readonly [Float64Array, Float64Array],
  weights: Float64Array | null,
): Float64Array {
  const find = (value: number, edges: Float64Array): number => {
    const last = edges.length - 1;
    if (!(value >= edges[0]! && value <= edges[last]!)) return -1;
    let [from, to] = [0, last];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (value >= edges[middle]!) from = middle;
      else to = middle;
    }
    return from;
  };
  const across = yedges.length - 1;
  const counts = new Float64Array((xedges.length - 1) * across);
  for (let k = 0; k < x.length; k++) {
    const [i, j] = [find(x[k]!, xedges), find(y[k]!, yedges)];
    if (i >= 0 && j >= 0) counts[i * across + j]! += weights === null ? 1 : weights[k]!;
  }
  return counts;
}

/** Places and directions of arrows, from two to five arrays. */
function arrows_of(callee: string, given: readonly unknown[]): Field {
  if (given.length < 2 || given.length > 5)
    throw new TypeError(`${callee}() takes from 2 to 5 positional arguments but ${given.length} were given`);
  const placed_arrows = given.length >= 4;
  const [u, v] = (placed_arrows ? given.slice(2, 4) : given.slice(0, 2)).map((each) => floats(callee, each)) as [
    ReturnType<typeof floats>,
    ReturnType<typeof floats>,
  ];
  const last = given.length === 3 ? given[2] : given.length === 5 ? given[4] : undefined;
  const [rows, across] = u.shape.length === 2 ? (u.shape as [number, number]) : [1, u.data.length];
  const count_of = (x: Float64Array, y: Float64Array): [Float64Array, Float64Array] => [
    Float64Array.from({ length: x.length * y.length }, (_, k) => x[k % x.length]!),
    Float64Array.from({ length: x.length * y.length }, (_, k) => y[Math.floor(k / x.length)]!),
  ];
  const steps = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i);
  let [x, y] = placed_arrows
    ? [flat_floats(callee, given[0]), flat_floats(callee, given[1])]
    : count_of(steps(across), steps(rows));
  if (placed_arrows && x.length === across && y.length === rows) [x, y] = count_of(x, y);
  else if (x.length !== y.length)
    throw new Error(`${callee}(): X and Y must be the same size, but X.size is ${x.length} and Y.size is ${y.length}.`);
  const c = last === undefined ? null : flat_floats(callee, last);
  for (const [name, row] of Object.entries({ U: u.data, V: v.data, C: c })) {
    if (row !== null && row.length !== x.length && row.length !== 1)
      throw new Error(
        `${callee}(): Argument ${name} has a size ${row.length} which does not match ${x.length}, the number of arrow positions`,
      );
  }
  const full = (row: Float64Array): Float64Array =>
    row.length === x.length ? row : new Float64Array(x.length).fill(row[0]!);
  return { x, y, u: full(u.data), v: full(v.data), c: c === null ? null : full(c) };
}

/** @throws Error unless a value is one of several */
function check_one_of(callee: string, name: string, value: string, values: readonly string[]): void {
  if (!values.includes(value))
    throw new Error(
      `${callee}(): '${value}' is not a valid value for ${name}; supported values are ${values.map((each) => `'${each}'`).join(', ')}`,
    );
}

/** The pairs of a matrix of two columns. */
function pairs_of(callee: string, value: unknown): [number, number][] {
  const { data, shape } = floats(callee, value);
  if (shape.length !== 2 || shape[1] !== 2) throw new Error(`${callee}(): start_points must be pairs of x and y`);
  return Array.from({ length: shape[0]! }, (_, i) => [data[2 * i]!, data[2 * i + 1]!]);
}

/** A grid of places at equal distances, of rows and columns or of matrices of them. */
function field_grid(callee: string, x: unknown, y: unknown): FieldGrid {
  const line = (name: 'x' | 'y', value: unknown): Float64Array => {
    const { data, shape } = floats(callee, value);
    if (shape.length > 2) throw new Error(`${callee}(): '${name}' can have at maximum 2 dimensions`);
    if (shape.length < 2) return data;
    const [rows, columns] = shape as [number, number];
    const own =
      name === 'x' ? data.slice(0, columns) : Float64Array.from({ length: rows }, (_, i) => data[i * columns]!);
    const same = data.every((each, k) => is_near(each, own[name === 'x' ? k % columns : Math.floor(k / columns)]!));
    if (!same) throw new Error(`${callee}(): The ${name === 'x' ? 'rows' : 'columns'} of '${name}' must be equal`);
    return own;
  };
  const is_near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
  const size = (name: 'x' | 'y', row: Float64Array): number => {
    const whole = row[row.length - 1]! - row[0]!;
    const steps = Array.from({ length: row.length - 1 }, (_, i) => row[i + 1]! - row[i]!);
    if (steps.length === 0 || !steps.every((step) => step > 0))
      throw new Error(`${callee}(): '${name}' must be strictly increasing`);
    if (!steps.every((step) => is_near(step, whole / steps.length)))
      throw new Error(`${callee}(): '${name}' values must be equally spaced`);
    return whole;
  };
  const [xs, ys] = [line('x', x), line('y', y)];
  const [width, height] = [size('x', xs), size('y', ys)];
  return {
    ...{ nx: xs.length, ny: ys.length, width, height },
    origin: [xs[0]!, ys[0]!],
    step: [xs[1]! - xs[0]!, ys[1]! - ys[0]!],
  };
}

/** The points of hexbin that have a place, on a logarithmic axis by their exponents. */
function hexbin_points(
  callee: string,
  [x, xscale]: readonly [Float64Array, string],
  [y, yscale]: readonly [Float64Array, string],
  c: Float64Array | null,
): { x: Float64Array; y: Float64Array; c: Float64Array | null } {
  if (y.length !== x.length || (c !== null && c.length !== x.length))
    throw new Error(`${callee}(): x, y and C must have the same length`);
  const row = (values: Float64Array, scale: string): Float64Array =>
    scale === 'log' ? values.map((value) => (value > 0 ? Math.log10(value) : Number.NaN)) : values;
  const [px, py] = [row(x, xscale), row(y, yscale)];
  const kept = [...px.keys()].filter((i) => [px[i], py[i], c?.[i] ?? 0].every(Number.isFinite));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!);
  return { x: pick(px), y: pick(py), c: c === null ? null : pick(c) };
}

/** The options of hexbin with their defaults. @throws Error for values that do not fit */
function hexbin_options(callee: string, given: HexbinOptions): Omit<Hexagons, 'values'> {
  const { gridsize = 100, mincnt = null, extent: edges = null, reduce_C_function: reduce } = given;
  const size: readonly [number, number] =
    typeof gridsize === 'number' ? [gridsize, Math.trunc(gridsize / Math.sqrt(3))] : gridsize;
  if (size.length !== 2 || size.some((count) => !(count >= 1)))
    throw new Error(`${callee}(): gridsize must be positive: a number of at least 2, or two numbers`);
  const limits = edges === null ? null : checked_extent(callee, edges);
  if (limits !== null && (limits[0]! > limits[1]! || limits[2]! > limits[3]!))
    throw new Error(`${callee}(): In extent, xmax must be greater than xmin, and ymax greater than ymin`);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { size, extent: limits, mincnt, reduce: reduce ?? mean };
}

/** The options of streamplot with their defaults. @throws Error for values that do not fit */
function stream_options(callee: string, grid: FieldGrid, given: StreamplotOptions): Tracing {
  const { density = 1, start_points = null, integration_direction: direction = 'both' } = given;
  const { integration_max_step_scale: step_scale = 1, integration_max_error_scale: error_scale = 1 } = given;
  check_one_of(callee, 'integration_direction', direction, ['both', 'forward', 'backward']);
  if (step_scale <= 0 || error_scale <= 0)
    throw new Error(`${callee}(): integration_max_step_scale and integration_max_error_scale must be > 0`);
  const both = typeof density === 'number' ? [density, density] : [...flat_floats(callee, density)];
  if (both.length !== 2) throw new Error(`${callee}(): 'density' must be a scalar or be of length 2`);
  if (!both.every((each) => each * 30 >= 1)) throw new Error(`${callee}(): 'density' must be positive`);
  const starts = start_points === null ? null : pairs_of(callee, start_points);
  const { origin, width, height } = grid;
  const outside = starts?.find(
    ([x, y]) => !(x >= origin[0] && x <= origin[0] + width && y >= origin[1] && y <= origin[1] + height),
  );
  if (outside !== undefined)
    throw new Error(`${callee}(): Starting point (${outside.join(', ')}) outside of data boundaries`);
  return {
    ...{ density: both as [number, number], direction, step_scale, error_scale, starts },
    ...{ minlength: given.minlength ?? 0.1, maxlength: given.maxlength ?? 4, broken: given.broken_streamlines ?? true },
  };
}

/** What part of a circle each number is. */
function pie_fractions(data: Float64Array, normalize: boolean): Float64Array {
  if (data.some((value) => value < 0)) throw new Error("pie(): Wedge sizes 'x' must be non negative values");
  if (!data.every(Number.isFinite)) throw new Error('pie(): Wedge sizes must be finite numbers');
  const sum = data.reduce((total, value) => total + value, 0);
  if (sum === 0) throw new Error('pie(): All wedge sizes are zero');
  if (!normalize && sum > 1) throw new Error('pie(): Cannot plot an unnormalized pie with sum(x) > 1');
  return normalize ? data.map((value) => value / sum) : data;
}

/** The rows of a matrix, or a vector as one row. */
function rows_of(callee: string, value: unknown): Float64Array[] {
  const { data, shape } = floats(callee, value);
  if (shape.length < 2) return [data];
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, i) => data.slice(i * width, (i + 1) * width));
}

/** The upper edges of areas that stand on each other, and the lowest edge. */
function stacked_rows(rows: readonly Float64Array[], baseline: string): { stack: Float64Array[]; first: Float64Array } {
  const bases = ['zero', 'sym', 'wiggle', 'weighted_wiggle'];
  if (!bases.includes(baseline))
    throw new Error(
      `stackplot(): '${baseline}' is not a valid value for baseline; supported values are ${bases.map((each) => `'${each}'`).join(', ')}`,
    );
  const stack = running(rows);
  const [m, top] = [rows.length, stack[stack.length - 1]!];
  let first = new Float64Array(top.length);
  if (baseline === 'sym') first = top.map((value) => -value * 0.5);
  else if (baseline === 'wiggle') {
    first = top.map((_, j) => rows.reduce((sum, row, i) => sum + row[j]! * (m - 0.5 - i), 0) / -m);
  } else if (baseline === 'weighted_wiggle') {
    let center = 0;
    first = top.map((total, j) => {
      rows.forEach((row, i) => {
        const increase = row[j]! - (j === 0 ? 0 : row[j - 1]!);
        const below = total - stack[i]![j]! + 0.5 * row[j]!;
        const up = j === 0 ? 0.5 : total > 0 ? below / total : 0;
        center += (up - 0.5) * increase;
      });
      return center - 0.5 * total;
    });
  }
  return { stack: stack.map((row) => row.map((value, j) => value + first[j]!)), first };
}

/** The sets of data of a histogram: a vector, the columns of a matrix, or a list of vectors. */
function datasets(x: unknown): Float64Array[] {
  if (Array.isArray(x) && x.length > 0 && x.every((each) => is_values(each) && typeof each !== 'string')) {
    return x.map((each) => flat_floats('hist', each));
  }
  const { data, shape } = floats('hist', x);
  return shape.length === 2 ? columns('hist', x) : [data];
}

function running(counts: readonly Float64Array[]): Float64Array[] {
  let sum: Float64Array | undefined;
  return counts.map((each) => {
    sum = each.map((value, i) => value + (sum?.[i] ?? 0));
    return sum;
  });
}

function cumulated(counts: Float64Array, widths: Float64Array | null, from_the_end: boolean): Float64Array {
  const parts = widths === null ? counts : counts.map((value, i) => value * widths[i]!);
  let sum = 0;
  const result = new Float64Array(parts.length);
  for (let k = 0; k < parts.length; k++) {
    const i = from_the_end ? parts.length - 1 - k : k;
    sum += parts[i]!;
    result[i] = sum;
  }
  return result;
}

/** The outline of the bars of a histogram: up and down over the counts, and back along the feet of the bars when it is filled. */
function step_outline(
  counts: Float64Array,
  edges: Float64Array,
  base: (i: number) => number,
  foot: Float64Array | null,
): { along: number[]; height: number[] } {
  const last = counts.length - 1;
  const [along, height]: [number[], number[]] = [[edges[0]!], [base(0)]];
  for (let i = 0; i <= last; i++) {
    along.push(edges[i]!, edges[i + 1]!);
    height.push(counts[i]! + base(i), counts[i]! + base(i));
  }
  along.push(edges[last + 1]!);
  height.push(base(last));
  for (let i = last; foot !== null && i >= 0; i--) {
    along.push(edges[i + 1]!, edges[i]!);
    height.push(foot[i]!, foot[i]!);
  }
  return { along, height };
}

/** The number of elements of rows of one length, or one element. @throws Error for others */
function broadcast_count(callee: string, rows: readonly Float64Array[]): number {
  // None where one has none: numbers stand for as many as the others have.
  const count = rows.find((row) => row.length !== 1)?.length ?? 1;
  if (rows.some((row) => row.length !== 1 && row.length !== count)) {
    throw new Error(
      `${callee}(): shape mismatch: objects cannot be broadcast to a single shape. Mismatch is between arrays of ${rows[0]!.length} and ${rows[1]!.length} elements`,
    );
  }
  return count;
}

/** One limit or two, from a number or a pair. */
function limit_pair(callee: string, given: unknown, last: number | Date | null): [number | null, number | null] {
  const number = (value: number | Date | null): number | null => (types.isDate(value) ? days_of_date(value) : value);
  const second = number(last);
  let pair: [number | null, number | null] = [number(given as number | Date | null), second];
  if (given !== null && typeof given !== 'number' && !types.isDate(given)) {
    if (second !== null) throw new TypeError(`${callee}(): a pair of limits goes alone`);
    const both = flat_floats(callee, given);
    if (both.length !== 2) throw new Error(`${callee}(): limits must be two numbers, not ${both.length}`);
    pair = [both[0]!, both[1]!];
  }
  for (const value of pair) {
    if (value !== null && !Number.isFinite(value)) throw new Error(`${callee}(): Axis limits cannot be NaN or Inf`);
  }
  return pair;
}

/** Changes how ticks look, by what is given. */
function change_ticks(look: TickLook, which: 'x' | 'y', given: TickParams): void {
  look.length = given.length ?? look.length;
  look.width = given.width ?? look.width;
  look.pad = given.pad ?? look.pad;
  look.direction = given.direction ?? look.direction;
  look.color = given.color ?? given.colors ?? look.color;
  look.label_color = given.labelcolor ?? given.colors ?? look.label_color;
  look.label_rotation = given.labelrotation ?? given.rotation ?? look.label_rotation;
  look.label_size = given.labelsize === undefined ? look.label_size : font_size(given.labelsize);
  const [near, far] = which === 'x' ? (['bottom', 'top'] as const) : (['left', 'right'] as const);
  look.ticks = given[near] ?? look.ticks;
  look.far_ticks = given[far] ?? look.far_ticks;
  look.labels = given[`label${near}`] ?? look.labels;
  look.far_labels = given[`label${far}`] ?? look.far_labels;
}

function placed_grid(callee: string, X: unknown, Y: unknown, Z: unknown): Grid {
  const { data: z, rows, columns: across } = matrix(callee, 'z', Z);
  const places = (name: string, value: unknown, along: 'rows' | 'columns'): Float64Array => {
    const { data, shape } = floats(callee, value);
    if (shape.length === 2) {
      if (shape[0] !== rows || shape[1] !== across)
        throw new TypeError(
          `${callee}(): Shapes of ${name} (${shape.join(', ')}) and z (${rows}, ${across}) do not match`,
        );
      return data;
    }
    const wanted = along === 'columns' ? across : rows;
    if (data.length !== wanted)
      throw new TypeError(
        `${callee}(): Length of ${name} (${data.length}) must match number of ${along} in z (${wanted})`,
      );
    return Float64Array.from(
      { length: rows * across },
      (_, k) => data[along === 'columns' ? k % across : Math.floor(k / across)]!,
    );
  };
  return checked_grid(callee, { rows, columns: across, z, x: places('x', X, 'columns'), y: places('y', Y, 'rows') });
}

function counted_grid(callee: string, Z: unknown, origin: string | null, edges: readonly number[] | null): Grid {
  const { data: z, rows, columns: across } = matrix(callee, 'z', Z);
  let [x0, dx, y0, dy] = [0, 1, 0, 1];
  if (origin !== null) {
    const [left, right, bottom, top] =
      edges === null
        ? [-0.5, across - 0.5, -0.5, rows - 0.5]
        : (checked_extent(callee, edges) as [number, number, number, number]);
    [dx, dy] = [(right - left) / across, (top - bottom) / rows];
    [x0, y0] = [left + dx / 2, bottom + dy / 2];
    if (origin === 'upper') [y0, dy] = [y0 + (rows - 1) * dy, -dy];
  } else if (edges !== null) {
    const [left, right, bottom, top] = checked_extent(callee, edges) as [number, number, number, number];
    [x0, y0, dx, dy] = [left, bottom, (right - left) / (across - 1), (top - bottom) / (rows - 1)];
  }
  const x = Float64Array.from({ length: rows * across }, (_, k) => x0 + dx * (k % across));
  const y = Float64Array.from({ length: rows * across }, (_, k) => y0 + dy * Math.floor(k / across));
  return checked_grid(callee, { rows, columns: across, z, x, y });
}

function checked_grid(callee: string, grid: Grid): Grid {
  if (grid.rows < 2 || grid.columns < 2)
    throw new TypeError(
      `${callee}(): Input z must be at least a (2, 2) shaped array, but has shape (${grid.rows}, ${grid.columns})`,
    );
  return grid;
}

/** The heights that are given, or as many as are wanted at round numbers. */
function contour_levels(callee: string, { z }: Grid, given: unknown, log: boolean): number[] {
  const found = extent(z) ?? [0, 1];
  if (given !== null && given !== undefined && typeof given !== 'number') {
    const levels = [...flat_floats(callee, given)];
    if (levels.some((level, i) => i > 0 && level <= levels[i - 1]!))
      throw new Error(`${callee}(): Contour levels must be increasing`);
    return levels;
  }
  const count = typeof given === 'number' ? given : 7;
  const axis = {
    low: found[0],
    high: found[1],
    tick_space: 9,
    minpos: Math.min(...z.filter((value) => value > 0), Number.POSITIVE_INFINITY),
  };
  const all = log
    ? new LogLocator(false, 10, count).tick_values(axis)
    : new MaxNLocator(count + 1, undefined, { min_n_ticks: 1 }).tick_values(axis);
  const below = all.filter((level) => level < found[0]).length;
  const above = all.findIndex((level) => level > found[1]);
  const from = below > 0 ? below - 1 : 0;
  const to = above >= 0 ? above + 1 : all.length;
  return to - from < 3 ? all : all.slice(from, to);
}
