/** The functions of `matplotlib.pyplot`: each draws in the current axes of the current figure. */
import { no_arguments, signature } from '../_internal/signature.js';
import { Tuple } from '../python/values.js';
import type {
  Annotation,
  BarContainer,
  ErrorbarContainer,
  FillBetweenPolyCollection,
  Line2D,
  LineCollection,
  LineOptions,
  LineStyle,
  PatchOptions,
  PathCollection,
  Polygon,
  Rectangle,
  ScalarMappable,
  Text,
  TextOptions,
} from './artists.js';
import {
  type AnnotateOptions,
  type Axes,
  type BarhOptions,
  type BarOptions,
  type Boxplot,
  type BoxplotOptions,
  type Categories,
  type ClabelOptions,
  type ContourArguments,
  type ErrorbarOptions,
  type FillOptions,
  type GridArguments,
  type Hist2dOptions,
  type Histogram,
  type Histogram2d,
  type HistOptions,
  type ImshowOptions,
  type LimitsArguments,
  type PatchPlotArguments,
  type PcolormeshOptions,
  type PieOptions,
  type PlotArguments,
  type HexbinOptions,
  type QuiverkeyOptions,
  type QuiverOptions,
  type StreamplotOptions,
  type StreamplotSet,
  type ScatterOptions,
  SIGNATURES,
  type StackplotOptions,
  type StemOptions,
  type TickParams,
  type Violinplot,
  type ViolinplotOptions,
} from './axes.js';
import type { Axes3D } from './axes3d.js';
import type { Pie, Stems } from './charts.js';
import { cmap_of, type Colormap, type ColormapLike } from './cm.js';
import type { ColorLike } from './colors.js';
import type { QuadContourSet } from './contour.js';
import {
  type Colorbar,
  type ColorbarOptions,
  Figure,
  FIGURE_OPTIONS,
  FIGURE_SIGNATURES,
  type FigureOptions,
  type SavefigOptions,
  type SubplotOptions,
  type SubplotsAdjust,
  type SubplotsOptions,
  type TightLayoutOptions,
} from './figure.js';
import { GridSpec, type SubplotSpec } from './gridspec.js';
import type { AxesImage } from './image.js';
import type { Legend, LegendOptions } from './legend.js';
import {
  display,
  play,
  show_in_notebook,
  sleep,
  take_off_page,
  update_page,
  wait_for_page,
  write_files,
} from './live.js';
import type { PolyCollection } from './hexagons.js';
import type { QuadMesh, Quiver, QuiverKey } from './meshes.js';
import { GRIDS, PolarAxes, type RgridOptions, type ThetagridOptions } from './polar.js';
import type { ScaleOptions } from './scales.js';
import { rc } from './style.js';
import type { Values } from './values.js';

const figures = new Map<number, Figure>();
let names = new Map<string, number>();
let current: Figure | null = null;

function current_figure(): Figure {
  return current ?? new_figure(next_number(), {});
}
const next_number = (): number => Math.max(0, ...figures.keys()) + 1;

function new_figure(number: number, options: FigureOptions): Figure {
  const made = new Figure(options);
  made.number = number;
  made._on_close = () => forget(made);
  figures.set(number, made);
  current = made;
  return made;
}

function forget(figure_: Figure): void {
  if (figures.get(figure_.number) !== figure_) return;
  figures.delete(figure_.number);
  names = new Map([...names].filter(([, number]) => number !== figure_.number));
  take_off_page(figure_);
  if (current === figure_) current = [...figures.values()].at(-1) ?? null;
}

const axes = (): Axes => current_figure()._gca();

/** In interactive mode the page follows each change when the program pauses or shows. */
function is_interactive(): boolean {
  return rc['interactive'] === true;
}

/**
 * Draws lines and markers: `plot(y)`, `plot(x, y)`, `plot(x, y, 'r--')`, and more of these one after the other. Mirrors `matplotlib.pyplot.plot`.
 * @param args - x and y of any array type, format strings, and {@link LineOptions} at the end
 * @returns a line for each pair of rows
 * @throws Error for x and y of different lengths, and for a tensor that requires a gradient
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [line] = plt.plot([1, 2, 3], [1, 4, 9], 'r--', { label: 'squares' });
 * print(line!.get_color(), line!.get_ydata()); // r [1, 4, 9]
 * plt.close('all');
 * ```
 */
export function plot(...args: PlotArguments): Line2D[];
export function plot(...args: unknown[]): Line2D[] {
  return axes().plot(...(args as [never]));
}

/**
 * As {@link plot}, with a logarithmic x axis. Mirrors `matplotlib.pyplot.semilogx`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.semilogx([1, 10, 100], [1, 2, 3]);
 * print(plt.gca().get_xscale()); // log
 * plt.close('all');
 * ```
 */
export function semilogx(...args: PlotArguments): Line2D[];
export function semilogx(...args: unknown[]): Line2D[] {
  return axes().semilogx(...(args as [never]));
}

/**
 * As {@link plot}, with a logarithmic y axis. Mirrors `matplotlib.pyplot.semilogy`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.semilogy([1, 10, 100]);
 * print(plt.gca().get_yscale()); // log
 * plt.close('all');
 * ```
 */
export function semilogy(...args: PlotArguments): Line2D[];
export function semilogy(...args: unknown[]): Line2D[] {
  return axes().semilogy(...(args as [never]));
}

/**
 * As {@link plot}, with logarithmic axes. Mirrors `matplotlib.pyplot.loglog`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.loglog([1, 10], [1, 100]);
 * print(plt.gca().get_xscale()); // log
 * plt.close('all');
 * ```
 */
export function loglog(...args: PlotArguments): Line2D[];
export function loglog(...args: unknown[]): Line2D[] {
  return axes().loglog(...(args as [never]));
}

/**
 * Draws lines and markers in polar axes, which are made unless the current ones are polar: `polar(theta, r)` with angles in radians. Mirrors `matplotlib.pyplot.polar`.
 * @throws Error when the current axes are of another kind
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.polar([0, 1, 2], [1, 2, 3], 'ro-');
 * print(plt.gca().get_xticklabels().slice(0, 3), plt.gca().get_ylim()); // ['0°', '45°', '90°'] (0, 3.1)
 * plt.close('all');
 * ```
 */
export function polar(...args: PlotArguments): Line2D[];
export function polar(...args: unknown[]): Line2D[] {
  SIGNATURES.plot.renamed('polar').read(args);
  const fig = current_figure();
  fig._current ??= fig._add_subplot('polar', fig._spec('polar', []), { projection: 'polar' });
  return polar_axes('polar')._plot('polar', args);
}

function polar_axes(callee: string): PolarAxes {
  const ax = axes();
  if (!(ax instanceof PolarAxes)) throw new Error(`${callee}(): ${callee} only defined for polar Axes`);
  return ax;
}

/**
 * Sets the radii that have a circle of the grid, or returns them. Mirrors `matplotlib.pyplot.rgrids`.
 * @returns the radii and their labels
 * @throws Error unless the axes are polar
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.polar([0, 1], [1, 2]);
 * print(plt.rgrids([1, 2], ['near', 'far'])); // ([1, 2], ['near', 'far'])
 * plt.close('all');
 * ```
 */
export function rgrids(
  radii?: Values | null | RgridOptions,
  ...more: [RgridOptions?] | [labels?: Iterable<unknown> | null, ...rest: unknown[]]
): Tuple<number[] | string[]>;
export function rgrids(...args: unknown[]): Tuple<number[] | string[]> {
  const { radii = null, ...options } = OF_PYPLOT.rgrids.read(args);
  const ax = polar_axes('rgrids');
  if (radii !== null) ax._rgrids('rgrids', { radii, ...options });
  return Tuple.from([ax.get_yticks(), ax.get_yticklabels()]) as Tuple<number[] | string[]>;
}

/**
 * Sets the angles, in degrees, that have a line of the grid, or returns those in radians. Mirrors `matplotlib.pyplot.thetagrids`.
 * @returns the angles in radians and their labels
 * @throws Error unless the axes are polar
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.polar([0, 1], [1, 2]);
 * print(plt.thetagrids([0, 120, 240])[1]); // ['0°', '120°', '240°']
 * plt.close('all');
 * ```
 */
export function thetagrids(
  angles?: Values | null | ThetagridOptions,
  ...more: [ThetagridOptions?] | [labels?: Iterable<unknown> | null, ...rest: unknown[]]
): Tuple<number[] | string[]>;
export function thetagrids(...args: unknown[]): Tuple<number[] | string[]> {
  const { angles = null, ...options } = OF_PYPLOT.thetagrids.read(args);
  const ax = polar_axes('thetagrids');
  if (angles !== null) ax._thetagrids('thetagrids', { angles, ...options });
  return Tuple.from([ax.get_xticks(), ax.get_xticklabels()]) as Tuple<number[] | string[]>;
}

/**
 * Draws steps from point to point. `where` is `'pre'`, `'post'` or `'mid'`. Mirrors `matplotlib.pyplot.step`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [line] = plt.step([0, 1, 2], [1, 3, 2], { where: 'mid' });
 * print(line!.get_ydata()); // [1, 3, 2]
 * plt.close('all');
 * ```
 */
export function step(
  x: Values,
  y: Values,
  ...args: [...format: string[], options: LineOptions & { where?: string }] | string[]
): Line2D[];
export function step(...args: unknown[]): Line2D[] {
  return axes().step(...(args as [never, never]));
}

/**
 * Draws points of any size and colour. Mirrors `matplotlib.pyplot.scatter`.
 * @param more - `s`: areas in square points; `c`: a colour, colours, or numbers for the colour map; see {@link ScatterOptions}
 * @throws Error unless x and y have the same size
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const points = plt.scatter([0, 1], [1, 0], { c: [0, 5], s: 40, cmap: 'RdYlGn' });
 * print(points.get_clim()); // (0, 5)
 * plt.close('all');
 * ```
 */
export function scatter(
  x: Categories,
  y: Categories,
  ...more: [ScatterOptions?] | [s?: number | Values | null, ...rest: unknown[]]
): PathCollection;
export function scatter(options: ScatterOptions & { x: Categories; y: Categories }): PathCollection;
export function scatter(...args: unknown[]): PathCollection {
  return axes().scatter(...(args as [never]));
}

/**
 * Draws vertical bars; names for x are written below them. Mirrors `matplotlib.pyplot.bar`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const bars = plt.bar(['a', 'b'], [3, 5], { width: 0.5 });
 * print(bars.length, bars.patches[1]!.get_height()); // 2 5
 * plt.close('all');
 * ```
 */
export function bar(
  x: Categories,
  height: Values | number,
  ...more: [BarOptions?] | [width?: number | Values, ...rest: unknown[]]
): BarContainer;
export function bar(options: BarOptions & { x: Categories; height: Values | number }): BarContainer;
export function bar(...args: unknown[]): BarContainer {
  return axes().bar(...(args as [never]));
}

/**
 * Draws horizontal bars. Mirrors `matplotlib.pyplot.barh`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.barh(['a', 'b'], [3, 5]).patches[1]!.get_width()); // 5
 * plt.close('all');
 * ```
 */
export function barh(
  y: Categories,
  width: Values | number,
  ...more: [BarhOptions?] | [height?: number | Values, ...rest: unknown[]]
): BarContainer;
export function barh(options: BarhOptions & { y: Categories; width: Values | number }): BarContainer;
export function barh(...args: unknown[]): BarContainer {
  return axes().barh(...(args as [never]));
}

/**
 * Draws a histogram, with the bins of `numpy.histogram`. Mirrors `matplotlib.pyplot.hist`.
 * @returns the counts, the edges of the bins, and the bars; lists of them for several sets of data
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [n, bins] = plt.hist([1, 2, 2, 4], { bins: 3 });
 * print(n, bins); // [1. 2. 1.] [1. 2. 3. 4.]
 * plt.close('all');
 * ```
 */
export function hist(
  x: Values,
  ...more: [HistOptions?] | [bins?: number | string | Values | null, ...rest: unknown[]]
): Histogram;
export function hist(options: HistOptions & { x: Values }): Histogram;
export function hist(...args: unknown[]): Histogram {
  return axes().hist(...(args as [never]));
}

/**
 * Shows a picture: numbers by a colour map, or colours of shape `(M, N, 3)` or `(M, N, 4)`. Mirrors `matplotlib.pyplot.imshow`.
 * @throws TypeError for other shapes
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow(torch.tensor([[0, 1], [2, 3]]), { cmap: 'gray' });
 * print(image.get_clim()); // (0, 3)
 * plt.close('all');
 * ```
 */
export function imshow(
  X: Values,
  ...more: [ImshowOptions?] | [cmap?: ColormapLike | null, ...rest: unknown[]]
): AxesImage;
export function imshow(options: ImshowOptions & { X: Values }): AxesImage;
export function imshow(...args: unknown[]): AxesImage {
  return axes().imshow(...(args as [never]));
}

/**
 * Shows a matrix as a picture. Mirrors `matplotlib.pyplot.matshow`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.matshow([[1, 2], [3, 4]]).get_clim()); // (1, 4)
 * plt.close('all');
 * ```
 */
export function matshow(Z: Values, options?: ImshowOptions): AxesImage;
export function matshow(...args: unknown[]): AxesImage {
  return axes().matshow(...(args as [never]));
}

/**
 * Draws lines of equal height: `contour(Z)` or `contour(X, Y, Z)`, and then perhaps levels. Mirrors `matplotlib.pyplot.contour`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.contour([[0, 1], [1, 2]], { levels: [0.5, 1.5] }).levels); // [0.5, 1.5]
 * plt.close('all');
 * ```
 */
export function contour(...args: ContourArguments): QuadContourSet;
export function contour(...args: unknown[]): QuadContourSet {
  return axes().contour(...(args as [never]));
}

/**
 * Writes the heights on the lines of {@link contour}, which are broken there. Where on a line a label is may differ from Python. Mirrors `matplotlib.pyplot.clabel`; without `manual` and `use_clabeltext`.
 * @returns the texts
 * @throws Error for heights that have no line
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const lines = plt.contour([[0, 1], [1, 2]], { levels: [0.5, 1.5] });
 * print(plt.clabel(lines, { fmt: '%.2f' }).map((text) => text.get_text())); // ['0.50', '1.50']
 * plt.close('all');
 * ```
 */
export function clabel(
  CS: QuadContourSet,
  ...more: [ClabelOptions?] | [levels?: readonly number[] | null, options?: Omit<ClabelOptions, 'levels'>]
): Text[];
export function clabel(...args: unknown[]): Text[] {
  return axes().clabel(...(args as [never]));
}

/**
 * Fills the areas between heights: `contourf(Z)` or `contourf(X, Y, Z)`, and then perhaps levels. Mirrors `matplotlib.pyplot.contourf`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.contourf([[0, 1], [1, 2]], { levels: [0, 1, 2], cmap: 'Blues' }).levels); // [0, 1, 2]
 * plt.close('all');
 * ```
 */
export function contourf(...args: ContourArguments): QuadContourSet;
export function contourf(...args: unknown[]): QuadContourSet {
  return axes().contourf(...(args as [never]));
}

/**
 * Fills what is between two curves, or between a curve and a height. `where` chooses points, `interpolate` lets areas reach to where the curves cross, and `step` is `'pre'`, `'post'` or `'mid'`. Mirrors `matplotlib.pyplot.fill_between`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.fill_between([0, 1, 2], [1, 2, 1], [0, 0, 0], { alpha: 0.3 });
 * plt.fill_between([0, 1, 2], [1, 2, 1], 1.5, { where: [true, false, true], interpolate: true });
 * print(plt.gca().collections.length); // 2
 * plt.close('all');
 * ```
 */
export function fill_between(
  x: Values,
  y1: Values | number,
  ...more:
    | [options?: FillOptions & { y2?: Values | number }]
    | [y2: Values | number, options?: FillOptions]
    | [y2: Values | number, where: Values | null, options?: FillOptions]
): FillBetweenPolyCollection;
export function fill_between(...args: unknown[]): FillBetweenPolyCollection {
  return axes().fill_between(...(args as [never, never]));
}

/**
 * Fills what is between two curves that go upwards, `x1` and `x2` of `y`. Mirrors `matplotlib.pyplot.fill_betweenx`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.fill_betweenx([0, 1, 2], [1, 2, 1]);
 * print(plt.gca().get_ylim()); // (-0.1, 2.1)
 * plt.close('all');
 * ```
 */
export function fill_betweenx(
  y: Values,
  x1: Values | number,
  ...more:
    | [options?: FillOptions & { x2?: Values | number }]
    | [x2: Values | number, options?: FillOptions]
    | [x2: Values | number, where: Values | null, options?: FillOptions]
): FillBetweenPolyCollection;
export function fill_betweenx(...args: unknown[]): FillBetweenPolyCollection {
  return axes().fill_betweenx(...(args as [never, never]));
}

/**
 * Draws areas that stand on each other: `stackplot(x, y)` with the rows of a matrix, or `stackplot(x, y1, y2)`. `baseline` is `'zero'`, `'sym'`, `'wiggle'` or `'weighted_wiggle'`. Mirrors `matplotlib.pyplot.stackplot`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const areas = plt.stackplot([0, 1, 2], [1, 2, 3], [3, 2, 1], { labels: ['a', 'b'] });
 * print(areas.length, plt.gca().get_ylim()); // 2 (0, 4.2)
 * plt.close('all');
 * ```
 */
export function stackplot(
  x: Values,
  ...args: [...rows: Values[], options: StackplotOptions] | Values[]
): FillBetweenPolyCollection[];
export function stackplot(...args: unknown[]): FillBetweenPolyCollection[] {
  return axes().stackplot(...(args as [never]));
}

/**
 * Draws boxes from the lower to the upper quartile of sets of data, with whiskers and the points outside. A list of vectors or the columns of a matrix are sets. Mirrors `matplotlib.pyplot.boxplot`; without `bootstrap`, `conf_intervals` and the deprecated `vert`.
 * @returns the lines: `whiskers`, `caps`, `boxes`, `medians`, `fliers` and `means`
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const { medians, fliers } = plt.boxplot([[1, 2, 3, 4, 20], [2, 4, 6]], { tick_labels: ['a', 'b'] });
 * print(medians[0]!.get_ydata(), fliers[0]!.get_ydata()); // [3, 3] [20]
 * plt.close('all');
 * ```
 */
export function boxplot(x: Values, ...more: [BoxplotOptions?] | [notch?: boolean | null, ...rest: unknown[]]): Boxplot;
export function boxplot(options: BoxplotOptions & { x: Values }): Boxplot;
export function boxplot(...args: unknown[]): Boxplot {
  return axes().boxplot(...(args as [never]));
}

/**
 * Draws the density of sets of data as areas around a line, by kernels of Gauss. Mirrors `matplotlib.pyplot.violinplot`; without functions for `bw_method`.
 * @returns the areas, `bodies`, and the lines that are shown: `cmeans`, `cmins`, `cmaxes`, `cbars`, `cmedians`, `cquantiles`
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const { bodies, cmedians } = plt.violinplot([[1, 2, 3, 5], [2, 4, 6]], { showmedians: true });
 * print(bodies.length, cmedians !== undefined); // 2 True
 * plt.close('all');
 * ```
 */
export function violinplot(
  dataset: Values,
  ...more: [ViolinplotOptions?] | [positions?: Values | null, options?: ViolinplotOptions]
): Violinplot;
export function violinplot(options: ViolinplotOptions & { dataset: Values }): Violinplot;
export function violinplot(...args: unknown[]): Violinplot {
  return axes().violinplot(...(args as [never]));
}

/**
 * Draws cells coloured by numbers: `pcolormesh(C)` or `pcolormesh(X, Y, C)`, where X and Y are the corners of the cells or their middles. Mirrors `matplotlib.pyplot.pcolormesh`; without `shading: 'gouraud'`.
 * @throws TypeError for shapes that do not fit
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const mesh = plt.pcolormesh([0, 1, 3], [0, 2], [[5, 7]], { cmap: 'Blues' });
 * print(mesh.get_clim(), plt.gca().get_xlim()); // (5, 7) (0, 3)
 * plt.close('all');
 * ```
 */
export function pcolormesh(...args: [...data: Values[], options: PcolormeshOptions] | Values[]): QuadMesh;
export function pcolormesh(...args: unknown[]): QuadMesh {
  return axes().pcolormesh(...(args as [never]));
}

/**
 * Draws a histogram of pairs as a mesh, with the bins of `numpy.histogram2d`. Mirrors `matplotlib.pyplot.hist2d`.
 * @returns the counts by x and y, the edges of both, and the mesh
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [h, xedges] = plt.hist2d([0, 1, 1, 2], [0, 1, 1, 2], { bins: 2 });
 * print(h, xedges);
 * // [[1. 0.]
 * //  [0. 3.]] [0. 1. 2.]
 * plt.close('all');
 * ```
 */
export function hist2d(
  x: Values,
  y: Values,
  ...more: [Hist2dOptions?] | [bins?: Hist2dOptions['bins'], ...rest: unknown[]]
): Histogram2d;
export function hist2d(options: Hist2dOptions & { x: Values; y: Values }): Histogram2d;
export function hist2d(...args: unknown[]): Histogram2d {
  return axes().hist2d(...(args as [never]));
}

/**
 * Draws arrows: `quiver(U, V)` or `quiver(X, Y, U, V)`, and then perhaps numbers for the colour map. Mirrors `matplotlib.pyplot.quiver`.
 * @throws Error for arrays of different sizes
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.quiver([0, 1], [0, 1], [1, 0], [0, 1], { color: 'r' });
 * print(plt.gca().get_xlim()); // (-0.05, 1.05)
 * plt.close('all');
 * ```
 */
export function quiver(...args: [...data: (Values | number)[], options: QuiverOptions] | (Values | number)[]): Quiver;
export function quiver(...args: unknown[]): Quiver {
  return axes().quiver(...(args as [never]));
}

/**
 * Draws an arrow with a label that explains the lengths of others. Mirrors `matplotlib.pyplot.quiverkey`.
 * @param Q - what {@link quiver} returned
 * @param X - its place, by default in parts of the axes
 * @param U - the length that it stands for
 * @throws Error for other `coordinates` and `labelpos`
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const arrows = plt.quiver([0, 1], [0, 1], [1, 0], [0, 1]);
 * const key = plt.quiverkey(arrows, 0.9, 0.9, 1, '1 m/s', { labelpos: 'E' });
 * print(key.text.get_text()); // 1 m/s
 * plt.close('all');
 * ```
 */
export function quiverkey(
  Q: Quiver,
  X: number,
  Y: number,
  U: number,
  label: unknown,
  options?: QuiverkeyOptions,
): QuiverKey;
export function quiverkey(
  options: QuiverkeyOptions & { Q: Quiver; X: number; Y: number; U: number; label: unknown },
): QuiverKey;
export function quiverkey(...args: unknown[]): QuiverKey {
  return axes().quiverkey(...(args as [never]));
}

/**
 * Counts points in hexagons; with `C`, shows the means of its numbers. Mirrors `matplotlib.pyplot.hexbin`; without `marginals`.
 * @throws Error for rows of different lengths, and for limits that are not in order
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const hexagons = plt.hexbin([0, 0.1, 1, 2], [0, 0.1, 1, 2], { gridsize: 3, mincnt: 1 });
 * print(hexagons.get_array()); // [2, 1, 1]
 * plt.close('all');
 * ```
 */
export function hexbin(
  x: Values,
  y: Values,
  ...more: [HexbinOptions?] | [C?: Values | null, options?: HexbinOptions]
): PolyCollection;
export function hexbin(options: HexbinOptions & { x: Values; y: Values; C?: Values | null }): PolyCollection;
export function hexbin(...args: unknown[]): PolyCollection {
  return axes().hexbin(...(args as [never]));
}

/**
 * Draws lines along a field of directions. Mirrors `matplotlib.pyplot.streamplot`; without `transform`.
 * @param x - the columns of the grid, at equal distances
 * @param y - its rows
 * @param u - the direction along x at each place, a matrix with a row for each of `y`
 * @throws Error for a grid whose steps are not equal, and for arrays of other shapes
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const field = [[1, 1, 1], [1, 1, 1]];
 * const { lines } = plt.streamplot([0, 1, 2], [0, 1], field, [[0, 0, 0], [0, 0, 0]], { start_points: [[1, 0.5]] });
 * print(lines.get_segments()[0]!.at(-1)); // [2, 0.5]
 * plt.close('all');
 * ```
 */
export function streamplot(
  x: Values,
  y: Values,
  u: Values,
  v: Values,
  ...more: [StreamplotOptions?] | [density?: StreamplotOptions['density'], ...rest: unknown[]]
): StreamplotSet;
export function streamplot(options: StreamplotOptions & { x: Values; y: Values; u: Values; v: Values }): StreamplotSet;
export function streamplot(...args: unknown[]): StreamplotSet {
  return axes().streamplot(...(args as [never]));
}

/**
 * Draws a pie: a wedge for each number. `autopct` is a format such as `'%1.1f%%'` or a function, and `wedgeprops: { width: 0.4 }` makes a ring. Mirrors `matplotlib.pyplot.pie`; without `shadow`.
 * @returns the wedges, their labels, and with `autopct` the texts in them
 * @throws Error for negative numbers, and when all are zero
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [wedges, texts, autotexts] = plt.pie([3, 1], { labels: ['cats', 'dogs'], autopct: '%1.1f%%' });
 * print(wedges[0]!.theta2, texts[1]!.get_text(), autotexts[0]!.get_text()); // 270 dogs 75.0%
 * plt.close('all');
 * ```
 */
export function pie(x: Values, ...more: [PieOptions?] | [explode?: Values | null, ...rest: unknown[]]): Pie;
export function pie(options: PieOptions & { x: Values }): Pie;
export function pie(...args: unknown[]): Pie {
  return axes().pie(...(args as [never]));
}

/**
 * Draws stems with markers at their heads: `stem(heads)`, `stem(locs, heads)`, and perhaps a format of the stems. Mirrors `matplotlib.pyplot.stem`.
 * @returns what can be taken apart into the markers, the stems and the line at the feet
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [markerline, , baseline] = plt.stem([1, 2, 3], [3, 1, 2]);
 * print(markerline.get_ydata(), baseline.get_xdata()); // [3, 1, 2] [1, 3]
 * plt.close('all');
 * ```
 */
export function stem(...args: [...data: (Values | string)[], options: StemOptions] | (Values | string)[]): Stems;
export function stem(...args: unknown[]): Stems {
  return axes().stem(...(args as [never]));
}

/**
 * Fills polygons: `fill(x, y)`, `fill(x, y, 'r')`, and more of these. Mirrors `matplotlib.pyplot.fill`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.fill([0, 1, 1], [0, 0, 1], 'g').length); // 1
 * plt.close('all');
 * ```
 */
export function fill(...args: PatchPlotArguments): Polygon[];
export function fill(...args: unknown[]): Polygon[] {
  return axes().fill(...(args as [never]));
}

/**
 * Draws a line with bars for its errors. Mirrors `matplotlib.pyplot.errorbar`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const bars = plt.errorbar([0, 1], [1, 2], { yerr: 0.5, capsize: 3 });
 * print(bars.caplines.length); // 2
 * plt.close('all');
 * ```
 */
export function errorbar(
  x: Values,
  y: Values,
  ...more: [ErrorbarOptions?] | [yerr?: number | Values | null, ...rest: unknown[]]
): ErrorbarContainer;
export function errorbar(options: ErrorbarOptions & { x: Values; y: Values }): ErrorbarContainer;
export function errorbar(...args: unknown[]): ErrorbarContainer {
  return axes().errorbar(...(args as [never]));
}

/**
 * Draws a horizontal line across the axes. Mirrors `matplotlib.pyplot.axhline`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.axhline(0.5, { color: 'k' }).get_ydata()); // [0.5, 0.5]
 * plt.close('all');
 * ```
 */
export function axhline(
  y?: number | Date | (LineOptions & { y?: number | Date; xmin?: number; xmax?: number }),
  xmin?: number | (LineOptions & { xmin?: number; xmax?: number }),
  xmax?: number | LineOptions,
  options?: LineOptions,
): Line2D;
export function axhline(...args: unknown[]): Line2D {
  return axes().axhline(...(args as [never]));
}

/**
 * Draws a vertical line across the axes. Mirrors `matplotlib.pyplot.axvline`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.axvline(0.5, { ls: '--' }).get_xdata()); // [0.5, 0.5]
 * plt.close('all');
 * ```
 */
export function axvline(
  x?: number | Date | (LineOptions & { x?: number | Date; ymin?: number; ymax?: number }),
  ymin?: number | (LineOptions & { ymin?: number; ymax?: number }),
  ymax?: number | LineOptions,
  options?: LineOptions,
): Line2D;
export function axvline(...args: unknown[]): Line2D {
  return axes().axvline(...(args as [never]));
}

/**
 * Draws a horizontal band across the axes. Mirrors `matplotlib.pyplot.axhspan`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.axhspan(1, 3, { alpha: 0.2 }).get_height()); // 2
 * plt.close('all');
 * ```
 */
export function axhspan(
  ymin: number | Date,
  ymax: number | Date,
  ...more: [PatchOptions?] | [xmin?: number, xmax?: number, options?: PatchOptions]
): Rectangle;
export function axhspan(...args: unknown[]): Rectangle {
  return axes().axhspan(...(args as [never, never]));
}

/**
 * Draws a vertical band across the axes. Mirrors `matplotlib.pyplot.axvspan`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.axvspan(1, 3, { alpha: 0.2 }).get_width()); // 2
 * plt.close('all');
 * ```
 */
export function axvspan(
  xmin: number | Date,
  xmax: number | Date,
  ...more: [PatchOptions?] | [ymin?: number, ymax?: number, options?: PatchOptions]
): Rectangle;
export function axvspan(...args: unknown[]): Rectangle {
  return axes().axvspan(...(args as [never, never]));
}

/**
 * Draws horizontal lines at `y` from `xmin` to `xmax`. Mirrors `matplotlib.pyplot.hlines`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.hlines([1, 2], 0, 5);
 * print(plt.gca().collections.length); // 1
 * plt.close('all');
 * ```
 */
export function hlines(
  y: Values | number,
  xmin: Values | number,
  xmax: Values | number,
  options?: {
    colors?: ColorLike | readonly ColorLike[];
    linestyles?: LineStyle;
    linewidths?: number;
    label?: string;
    alpha?: number;
  },
): LineCollection;
export function hlines(...args: unknown[]): LineCollection {
  return axes().hlines(...(args as [never, never, never]));
}

/**
 * Draws vertical lines at `x` from `ymin` to `ymax`. Mirrors `matplotlib.pyplot.vlines`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.vlines([1, 2], 0, 5);
 * print(plt.gca().collections.length); // 1
 * plt.close('all');
 * ```
 */
export function vlines(
  x: Values | number,
  ymin: Values | number,
  ymax: Values | number,
  options?: {
    colors?: ColorLike | readonly ColorLike[];
    linestyles?: LineStyle;
    linewidths?: number;
    label?: string;
    alpha?: number;
  },
): LineCollection;
export function vlines(...args: unknown[]): LineCollection {
  return axes().vlines(...(args as [never, never, never]));
}

/**
 * Writes a text at a place in data coordinates. Mirrors `matplotlib.pyplot.text`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const text = plt.text(0.5, 0, 'Loss=0.1234', { fontdict: { size: 20, color: 'red' } });
 * print(text.get_text()); // Loss=0.1234
 * plt.close('all');
 * ```
 */
export function text(
  x: number | Date,
  y: number | Date,
  s: unknown,
  fontdict?: TextOptions | null,
  options?: TextOptions,
): Text;
export function text(options: TextOptions & { x: number | Date; y: number | Date; s: unknown }): Text;
export function text(...args: unknown[]): Text {
  return axes().text(...(args as [never]));
}

/**
 * Writes a text with an arrow to a point. Mirrors `matplotlib.pyplot.annotate`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const note = plt.annotate('best', [2, 1], { xytext: [3, 1.5], arrowprops: { arrowstyle: '->' } });
 * print(note.get_text()); // best
 * plt.close('all');
 * ```
 */
export function annotate(
  text: unknown,
  xy: readonly [number | Date, number | Date],
  ...more: [AnnotateOptions?] | [xytext?: readonly [number | Date, number | Date] | null, options?: AnnotateOptions]
): Annotation;
export function annotate(
  options: AnnotateOptions & { text: unknown; xy: readonly [number | Date, number | Date] },
): Annotation;
export function annotate(...args: unknown[]): Annotation {
  return axes().annotate(...(args as [never]));
}

/**
 * Shows a box that says what is what: `legend()`, `legend(labels)` or `legend(handles, labels)`. Mirrors `matplotlib.pyplot.legend`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([1, 2], { label: 'loss' });
 * print(plt.legend({ loc: 'upper right' }).get_texts()); // ['loss']
 * plt.close('all');
 * ```
 */
export function legend(...args: [...lists: Iterable<unknown>[], options: LegendOptions] | Iterable<unknown>[]): Legend;
export function legend(...args: unknown[]): Legend {
  return axes().legend(...(args as [never]));
}

/**
 * Shows or hides the lines of the grid. Mirrors `matplotlib.pyplot.grid`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.grid(true, { linestyle: '--' });
 * print(plt.gca().get_xlim()); // (0, 1)
 * plt.close('all');
 * ```
 */
export function grid(
  visible?: boolean | null | GridArguments,
  ...more: [GridArguments?] | [which?: string, ...rest: unknown[]]
): void;
export function grid(...args: unknown[]): void {
  return axes().grid(...(args as [never]));
}

/**
 * Hides the axes with `'off'`, shows them with `'on'`; takes `'equal'`, `'scaled'`, `'tight'`, `'square'`, `'image'` and `'auto'`, or limits. Mirrors `matplotlib.pyplot.axis`.
 * @returns the limits: xmin, xmax, ymin, ymax
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.axis([0, 5, -1, 1])); // (0, 5, -1, 1)
 * plt.close('all');
 * ```
 */
export function axis(
  arg?: string | boolean | readonly number[] | null | { xmin?: number; xmax?: number; ymin?: number; ymax?: number },
): Tuple<number>;
export function axis(...args: unknown[]): Tuple<number> {
  return axes().axis(...(args as [never]));
}

/**
 * Sets the parts of the range by which the limits go beyond what is drawn. Mirrors `matplotlib.pyplot.margins`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.margins(0.1)); // (0.1, 0.1)
 * plt.close('all');
 * ```
 */
export function margins(
  ...args: [number?, number?] | [{ x?: number; y?: number; tight?: boolean | null }]
): Tuple<number>;
export function margins(...args: unknown[]): Tuple<number> {
  return axes().margins(...(args as [never]));
}

/**
 * Changes ticks, their labels, and on which sides they are. Mirrors `matplotlib.pyplot.tick_params`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.tick_params('x', { labelrotation: 45 });
 * print(plt.gca().get_xlim()); // (0, 1)
 * plt.close('all');
 * ```
 */
export function tick_params(axis?: 'x' | 'y' | 'both' | TickParams, options?: TickParams): void;
export function tick_params(...args: unknown[]): void {
  return axes().tick_params(...(args as [never]));
}

/**
 * Shows minor ticks between the major ones of both axes. Mirrors `matplotlib.pyplot.minorticks_on`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(0, 2);
 * plt.xticks([0, 1, 2]);
 * plt.minorticks_on();
 * print(plt.gca().get_xticks({ minor: true })); // [0.2, 0.4, 0.6000000000000001, 0.8, 1.2000000000000002, 1.4000000000000001, 1.6, 1.8]
 * plt.close('all');
 * ```
 */
export function minorticks_on(...none: []): void;
export function minorticks_on(...args: unknown[]): void {
  axes().minorticks_on(...(args as []));
}

/**
 * Hides the minor ticks of both axes. Mirrors `matplotlib.pyplot.minorticks_off`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.semilogy([1, 1000]);
 * plt.minorticks_off();
 * print(plt.gca().get_yticks({ minor: true })); // []
 * plt.close('all');
 * ```
 */
export function minorticks_off(...none: []): void;
export function minorticks_off(...args: unknown[]): void {
  axes().minorticks_off(...(args as []));
}

/**
 * Sets whether the limits follow what is drawn. Mirrors `matplotlib.pyplot.autoscale`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([0, 1]);
 * plt.autoscale({ tight: true });
 * print(plt.xlim()); // (0, 1)
 * plt.close('all');
 * ```
 */
export function autoscale(
  enable?: boolean | null | { enable?: boolean | null; axis?: string; tight?: boolean | null },
  axis?: string,
  tight?: boolean | null,
): void;
export function autoscale(...args: unknown[]): void {
  return axes().autoscale(...(args as [never]));
}

const RENAMED = {
  title: SIGNATURES.set_title.renamed('title'),
  xlabel: SIGNATURES.set_xlabel.renamed('xlabel'),
  ylabel: SIGNATURES.set_ylabel.renamed('ylabel'),
  xlim: SIGNATURES.set_xlim.renamed('xlim'),
  ylim: SIGNATURES.set_ylim.renamed('ylim'),
  xscale: SIGNATURES.set_xscale.renamed('xscale'),
  yscale: SIGNATURES.set_yscale.renamed('yscale'),
  subplot: FIGURE_SIGNATURES.add_subplot.renamed('subplot'),
};
const OF_PYPLOT = {
  xticks: signature<TextOptions & { ticks?: Values | null; labels?: Iterable<unknown> | null; minor?: boolean }>(
    'xticks',
    `ticks?: values|None, labels?: Iterable|None, *, minor?: bool, fontsize/size?: float|str|None, color/c?: color|None, rotation?: float|str|None, horizontalalignment/ha?: str|None`,
  ),
  figure: signature<FigureOptions & { num?: number | string | Figure | null; clear?: boolean }>(
    'figure',
    `num?: int|str|figure|None, ${FIGURE_OPTIONS}, clear?: bool`,
  ),
  subplots: signature<SubplotsOptions & { nrows?: number; ncols?: number }>(
    'subplots',
    'nrows?: int, ncols?: int, *, sharex?: bool|str, sharey?: bool|str, squeeze?: bool, width_ratios?: float[]|None, height_ratios?: float[]|None, ' +
      `subplot_kw?: dict|None, gridspec_kw?: dict|None, num?: int|str|None, ${FIGURE_OPTIONS.replace('*, ', '')}`,
  ),
  subplot2grid: signature<
    SubplotOptions & { shape: readonly number[]; loc: readonly number[]; rowspan?: number; colspan?: number }
  >(
    'subplot2grid',
    'shape: int[], loc: int[], rowspan?: int, colspan?: int, *, sharex?: axes|None, sharey?: axes|None, projection?: str|None, polar?: bool|None',
  ),
  rgrids: signature<RgridOptions & { radii?: Values | null }>('rgrids', `radii?: values|None, ${GRIDS.rgrids}`),
  thetagrids: signature<ThetagridOptions & { angles?: Values | null }>(
    'thetagrids',
    `angles?: values|None, ${GRIDS.thetagrids}`,
  ),
  delaxes: signature<{ ax?: Axes | null }>('delaxes', 'ax?: axes|None'),
  sca: signature<{ ax: Axes }>('sca', 'ax: axes'),
  twinx: signature<{ ax?: Axes | null }>('twinx', 'ax?: axes|None'),
  twiny: signature<{ ax?: Axes | null }>('twiny', 'ax?: axes|None'),
  close: signature<{ fig?: number | string | Figure | null }>('close', 'fig?: int|str|figure|None'),
  show: signature<{ block?: boolean | null }>('show', '*, block?: bool|None'),
  pause: signature<{ interval: number }>('pause', 'interval: float'),
  colorbar: signature<ColorbarOptions & { mappable?: ScalarMappable | null }>(
    'colorbar',
    'mappable?: mappable|None, cax?: axes|None, ax?: axes|axes[]|None, *, orientation?: str|None, fraction?: float, shrink?: float, aspect?: float, pad?: float|None, label?: str|None, ticks?: values|None',
  ),
  clim: signature<{ vmin?: number | null; vmax?: number | null }>('clim', 'vmin?: float|None, vmax?: float|None'),
  fignum_exists: signature<{ num: number }>('fignum_exists', 'num: int'),
  set_cmap: signature<{ cmap: ColormapLike }>('set_cmap', 'cmap: cmap'),
};
const YTICKS = OF_PYPLOT.xticks.renamed('yticks');

/**
 * Sets the title of the axes. Mirrors `matplotlib.pyplot.title`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.title('Loss', { fontsize: 14 }).get_text()); // Loss
 * plt.close('all');
 * ```
 */
export function title(
  label: unknown,
  ...more: [(TextOptions & { loc?: string; pad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
): Text;
export function title(...args: unknown[]): Text {
  return axes()._set_title('title', RENAMED.title.read(args));
}

/**
 * Sets the text of the x axis. Mirrors `matplotlib.pyplot.xlabel`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.xlabel('step').get_text()); // step
 * plt.close('all');
 * ```
 */
export function xlabel(
  xlabel: unknown,
  ...more: [(TextOptions & { labelpad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
): Text;
export function xlabel(...args: unknown[]): Text {
  const { xlabel: text, ...options } = RENAMED.xlabel.read(args);
  return axes()._set_label('x', 'xlabel', text, options);
}

/**
 * Sets the limits of x, or returns them. Mirrors `matplotlib.pyplot.xlim`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(0, 5);
 * print(plt.xlim()); // (0, 5)
 * plt.close('all');
 * ```
 */
export function xlim(
  left?: number | Date | readonly (number | Date)[] | null | LimitsArguments,
  right?: number | Date | null | LimitsArguments,
  options?: LimitsArguments,
): Tuple<number>;
export function xlim(...args: unknown[]): Tuple<number> {
  const given = RENAMED.xlim.read(args);
  return Object.keys(given).length === 0 ? axes().get_xlim() : axes()._set_lim('x', 'xlim', given);
}

/**
 * Sets where the ticks of x are and what is written at them, or returns both. Mirrors `matplotlib.pyplot.xticks`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.xticks([0, 1], ['low', 'high'])); // ([0, 1], ['low', 'high'])
 * plt.close('all');
 * ```
 */
export function xticks(
  ticks?: Values | null,
  ...more:
    | [(TextOptions & { labels?: Iterable<unknown> | null; minor?: boolean })?]
    | [labels?: Iterable<unknown> | null, options?: TextOptions & { minor?: boolean }]
): Tuple<number[] | string[]>;
export function xticks(
  options: TextOptions & { ticks?: Values | null; labels?: Iterable<unknown> | null; minor?: boolean },
): Tuple<number[] | string[]>;
export function xticks(...args: unknown[]): Tuple<number[] | string[]> {
  const { ticks = null, labels = null, ...options } = OF_PYPLOT.xticks.read(args);
  const ax = axes();
  if (ticks !== null) ax._set_tick_arguments('x', 'xticks', { ticks, labels, ...options });
  else if (labels !== null) ax.set_xticklabels(labels, options);
  else if (Object.keys(options).length > 0) ax._tick_text('x', 'xticks', options);
  return Tuple.from([ax.get_xticks(), ax.get_xticklabels()]) as Tuple<number[] | string[]>;
}

/**
 * Sets the scale of x: `'linear'`, `'log'`, `'symlog'` or `'logit'`. Mirrors `matplotlib.pyplot.xscale`.
 * @throws Error for another name, and for options that do not fit
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xscale('log');
 * print(plt.gca().get_xscale()); // log
 * plt.close('all');
 * ```
 */
export function xscale(value: string | (ScaleOptions & { value: string }), options?: ScaleOptions): void;
export function xscale(...args: unknown[]): void {
  const { value, ...options } = RENAMED.xscale.read(args);
  axes()._set_scale('x', value, 'xscale', options);
}

/**
 * Sets the text of the y axis. Mirrors `matplotlib.pyplot.ylabel`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.ylabel('step').get_text()); // step
 * plt.close('all');
 * ```
 */
export function ylabel(
  ylabel: unknown,
  ...more: [(TextOptions & { labelpad?: number })?] | [fontdict?: TextOptions | null, ...rest: unknown[]]
): Text;
export function ylabel(...args: unknown[]): Text {
  const { ylabel: text, ...options } = RENAMED.ylabel.read(args);
  return axes()._set_label('y', 'ylabel', text, options);
}

/**
 * Sets the limits of y, or returns them. Mirrors `matplotlib.pyplot.ylim`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.ylim(0, 5);
 * print(plt.ylim()); // (0, 5)
 * plt.close('all');
 * ```
 */
export function ylim(
  bottom?: number | Date | readonly (number | Date)[] | null | LimitsArguments,
  top?: number | Date | null | LimitsArguments,
  options?: LimitsArguments,
): Tuple<number>;
export function ylim(...args: unknown[]): Tuple<number> {
  const given = RENAMED.ylim.read(args);
  return Object.keys(given).length === 0 ? axes().get_ylim() : axes()._set_lim('y', 'ylim', given);
}

/**
 * Sets where the ticks of y are and what is written at them, or returns both. Mirrors `matplotlib.pyplot.yticks`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.yticks([0, 1], ['low', 'high'])); // ([0, 1], ['low', 'high'])
 * plt.close('all');
 * ```
 */
export function yticks(
  ticks?: Values | null,
  ...more:
    | [(TextOptions & { labels?: Iterable<unknown> | null; minor?: boolean })?]
    | [labels?: Iterable<unknown> | null, options?: TextOptions & { minor?: boolean }]
): Tuple<number[] | string[]>;
export function yticks(
  options: TextOptions & { ticks?: Values | null; labels?: Iterable<unknown> | null; minor?: boolean },
): Tuple<number[] | string[]>;
export function yticks(...args: unknown[]): Tuple<number[] | string[]> {
  const { ticks = null, labels = null, ...options } = YTICKS.read(args);
  const ax = axes();
  if (ticks !== null) ax._set_tick_arguments('y', 'yticks', { ticks, labels, ...options });
  else if (labels !== null) ax.set_yticklabels(labels, options);
  else if (Object.keys(options).length > 0) ax._tick_text('y', 'yticks', options);
  return Tuple.from([ax.get_yticks(), ax.get_yticklabels()]) as Tuple<number[] | string[]>;
}

/**
 * Sets the scale of y: `'linear'`, `'log'`, `'symlog'` or `'logit'`. Mirrors `matplotlib.pyplot.yscale`.
 * @throws Error for another name, and for options that do not fit
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.yscale('log');
 * print(plt.gca().get_yscale()); // log
 * plt.close('all');
 * ```
 */
export function yscale(value: string | (ScaleOptions & { value: string }), options?: ScaleOptions): void;
export function yscale(...args: unknown[]): void {
  const { value, ...options } = RENAMED.yscale.read(args);
  axes()._set_scale('y', value, 'yscale', options);
}

/**
 * Makes a figure the current one: a new one, or the one of a number or name. Mirrors `matplotlib.pyplot.figure`.
 * @throws Error for a size that is not positive
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const fig = plt.figure({ figsize: [4, 3] });
 * print(fig.width, fig.height); // 400 300
 * plt.close('all');
 * ```
 */
export function figure(
  num?: number | string | Figure | null | (FigureOptions & { num?: number | string | Figure | null; clear?: boolean }),
  ...more: [(FigureOptions & { clear?: boolean })?] | [figsize?: readonly number[] | null, ...rest: unknown[]]
): Figure;
export function figure(...args: unknown[]): Figure {
  const { num = null, clear = false, ...options } = OF_PYPLOT.figure.read(args);
  if (num instanceof Figure) {
    current = num;
    return num;
  }
  const number = typeof num === 'string' ? (names.get(num) ?? next_number()) : (num ?? next_number());
  if (typeof num === 'string') names.set(num, number);
  const known = figures.get(number);
  if (known === undefined) return new_figure(number, options);
  if (clear) known._clear();
  current = known;
  return known;
}

/**
 * Makes a figure with a grid of subplots. Mirrors `matplotlib.pyplot.subplots`.
 * @returns the figure and its axes: one, a list, or a list of rows, as the type parameter says
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [fig, axs] = plt.subplots<plt.Axes[]>(1, 2, { figsize: [8, 3] });
 * axs[0]!.plot([1, 2]);
 * print(fig.width, axs.length); // 800 2
 * plt.close('all');
 * ```
 */
export function subplots<A extends Axes | Axes[] | Axes[][] = Axes>(
  nrows?: number | SubplotsOptions,
  ncols?: number | SubplotsOptions,
  options?: SubplotsOptions,
): [fig: Figure, ax: A];
export function subplots(...args: unknown[]): [fig: Figure, ax: Axes | Axes[] | Axes[][]] {
  const { num = null, ...given } = OF_PYPLOT.subplots.read(args);
  const {
    figsize,
    dpi,
    facecolor,
    edgecolor,
    linewidth,
    frameon,
    tight_layout: tight,
    layout,
    constrained_layout,
    ...grid
  } = given;
  const look = {
    figsize,
    dpi,
    facecolor,
    edgecolor,
    linewidth,
    frameon,
    tight_layout: tight,
    layout,
    constrained_layout,
    num,
  };
  const made = figure(
    Object.fromEntries(
      Object.entries(look).filter(([, value]) => value !== undefined && value !== null),
    ) as FigureOptions,
  );
  return Tuple.of<unknown>(made, made._subplots('subplots', grid)) as unknown as [Figure, Axes];
}

/**
 * Makes a subplot the current one: `subplot(rows, columns, index)`, `subplot(221)` or `subplot(gs.index(0, 0))`. Mirrors `matplotlib.pyplot.subplot`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.subplot(1, 2, 1);
 * plt.subplot(122);
 * print(plt.gcf().axes.length); // 2
 * plt.close('all');
 * ```
 */
export function subplot(
  ...args: [...place: (number | SubplotSpec)[], options: SubplotOptions & { projection: '3d' }]
): Axes3D;
export function subplot(
  ...args: [...place: (number | SubplotSpec)[], options: SubplotOptions & ({ projection: 'polar' } | { polar: true })]
): PolarAxes;
export function subplot(...args: (number | SubplotSpec | SubplotOptions)[]): Axes;
export function subplot(...args: unknown[]): Axes {
  const { args: given, ...options } = RENAMED.subplot.read(args);
  const fig = current_figure();
  const spec = fig._spec('subplot', given);
  const known = fig.axes.find((each) => each._spec?._topmost()._equals(spec) === true && !each._is_colorbar);
  if (known !== undefined && (options.projection ?? null) === null && options.polar !== true) {
    fig._current = known;
    return known;
  }
  return fig._add_subplot('subplot', spec, options);
}

/**
 * Makes a subplot over some cells of a grid. Mirrors `matplotlib.pyplot.subplot2grid`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.subplot2grid([2, 2], [0, 0], { colspan: 2 });
 * print(plt.gcf().axes.length); // 1
 * plt.close('all');
 * ```
 */
export function subplot2grid(
  shape: readonly [number, number],
  loc: readonly [number, number],
  ...more: [(SubplotOptions & { rowspan?: number; colspan?: number })?] | [rowspan?: number, ...rest: unknown[]]
): Axes;
export function subplot2grid(...args: unknown[]): Axes {
  const { shape, loc, rowspan = 1, colspan = 1, ...options } = OF_PYPLOT.subplot2grid.read(args);
  const fig = current_figure();
  const grid = new GridSpec(shape[0]!, shape[1]!, { figure: fig });
  const [i, j] = [loc[0]!, loc[1]!];
  return fig._add_subplot('subplot2grid', grid.index(`${i}:${i + rowspan}`, `${j}:${j + colspan}`), options);
}

/**
 * Makes new axes in the place of the current ones, or of those that are given, with which they share x; their y axis is at the right. Mirrors `matplotlib.pyplot.twinx`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([0, 1, 2], [1, 2, 3]);
 * const right = plt.twinx();
 * right.plot([0, 1, 2], [100, 50, 25], 'r--');
 * print(right.get_xlim(), plt.gcf().axes.length); // (-0.1, 2.1) 2
 * plt.close('all');
 * ```
 */
export function twinx(ax?: Axes | null | { ax?: Axes | null }): Axes;
export function twinx(...args: unknown[]): Axes {
  return (OF_PYPLOT.twinx.read(args).ax ?? axes())._twin('x');
}

/**
 * Makes new axes in the place of the current ones, or of those that are given, with which they share y; their x axis is at the top. Mirrors `matplotlib.pyplot.twiny`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([0, 1, 2], [1, 2, 3]);
 * print(plt.twiny().get_ylim()); // (0.9, 3.1)
 * plt.close('all');
 * ```
 */
export function twiny(ax?: Axes | null | { ax?: Axes | null }): Axes;
export function twiny(...args: unknown[]): Axes {
  return (OF_PYPLOT.twiny.read(args).ax ?? axes())._twin('y');
}

/**
 * The current axes; new ones when there are none. Mirrors `matplotlib.pyplot.gca`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.gca().get_xlim()); // (0, 1)
 * plt.close('all');
 * ```
 */
export function gca(...none: []): Axes;
export function gca(...args: unknown[]): Axes {
  no_arguments('gca', args);
  return axes();
}

/**
 * The current figure; a new one when there is none. Mirrors `matplotlib.pyplot.gcf`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.gcf().number); // 1
 * plt.close('all');
 * ```
 */
export function gcf(...none: []): Figure;
export function gcf(...args: unknown[]): Figure {
  no_arguments('gcf', args);
  return current_figure();
}

/**
 * Makes axes the current ones. Mirrors `matplotlib.pyplot.sca`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [, axs] = plt.subplots<plt.Axes[]>(1, 2);
 * plt.sca(axs[0]!);
 * print(plt.gca() === axs[0]); // True
 * plt.close('all');
 * ```
 */
export function sca(ax: Axes | { ax: Axes }): void;
export function sca(...args: unknown[]): void {
  const { ax } = OF_PYPLOT.sca.read(args);
  current = ax._figure as Figure;
  current._current = ax;
}

/**
 * Takes axes out of their figure: the current ones, or those that are given. Mirrors `matplotlib.pyplot.delaxes`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [fig, axs] = plt.subplots<plt.Axes[]>(1, 2);
 * plt.delaxes(axs[1]!);
 * print(fig.axes.length, plt.gca() === axs[0]); // 1 True
 * plt.close('all');
 * ```
 */
export function delaxes(ax?: Axes | null | { ax?: Axes | null }): void;
export function delaxes(...args: unknown[]): void {
  (OF_PYPLOT.delaxes.read(args).ax ?? axes()).remove();
}

/**
 * Takes everything out of the current axes. Mirrors `matplotlib.pyplot.cla`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([1, 2]);
 * plt.cla();
 * print(plt.gca().lines.length); // 0
 * plt.close('all');
 * ```
 */
export function cla(...none: []): void;
export function cla(...args: unknown[]): void {
  no_arguments('cla', args);
  axes().cla();
}

/**
 * Takes everything out of the current figure. Mirrors `matplotlib.pyplot.clf`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([1, 2]);
 * plt.clf();
 * print(plt.gcf().axes.length); // 0
 * plt.close('all');
 * ```
 */
export function clf(...none: []): void;
export function clf(...args: unknown[]): void {
  no_arguments('clf', args);
  current_figure()._clear();
}

/**
 * Takes a figure out of memory: the current one, one by number or name, or `'all'`. Mirrors `matplotlib.pyplot.close`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.figure();
 * plt.close();
 * print(plt.get_fignums()); // []
 * plt.close('all');
 * ```
 */
export function close(fig?: number | string | Figure | null | { fig?: number | string | Figure | null }): void;
export function close(...args: unknown[]): void {
  const { fig = null } = OF_PYPLOT.close.read(args);
  if (fig === 'all') for (const each of [...figures.values()]) forget(each);
  else if (fig instanceof Figure) forget(fig);
  else {
    const found = fig === null ? current : figures.get(typeof fig === 'string' ? (names.get(fig) ?? -1) : fig);
    if (found) forget(found);
  }
}

/**
 * The numbers of all figures. Mirrors `matplotlib.pyplot.get_fignums`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.figure(3);
 * print(plt.get_fignums()); // [3]
 * plt.close('all');
 * ```
 */
export function get_fignums(...none: []): number[];
export function get_fignums(...args: unknown[]): number[] {
  no_arguments('get_fignums', args);
  return [...figures.keys()].sort((a, b) => a - b);
}

/**
 * Whether there is a figure of a number. Mirrors `matplotlib.pyplot.fignum_exists`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.figure(3);
 * print(plt.fignum_exists(3)); // True
 * plt.close('all');
 * ```
 */
export function fignum_exists(num: number | { num: number }): boolean;
export function fignum_exists(...args: unknown[]): boolean {
  return figures.has(OF_PYPLOT.fignum_exists.read(args).num);
}

/**
 * Sets the title above all subplots. Mirrors `matplotlib.pyplot.suptitle`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.suptitle('Results').get_text()); // Results
 * plt.close('all');
 * ```
 */
export function suptitle(t: unknown, options?: TextOptions & { x?: number; y?: number }): Text;
export function suptitle(...args: unknown[]): Text {
  return current_figure().suptitle(...(args as [unknown]));
}

/**
 * Writes a text at a place in parts of the figure. Mirrors `matplotlib.pyplot.figtext`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.figtext(0.5, 0.5, 'middle').get_text()); // middle
 * plt.close('all');
 * ```
 */
export function figtext(x: number, y: number, s: unknown, options?: TextOptions): Text;
export function figtext(...args: unknown[]): Text {
  const { x, y, s, ...options } = FIGTEXT.read(args);
  return current_figure().text(x, y, s, options);
}

const FIGTEXT = FIGURE_SIGNATURES.figtext.renamed('figtext');

/**
 * Adds a scale of the colours of the current image, points or contours. Mirrors `matplotlib.pyplot.colorbar`.
 * @throws Error when there is none
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.imshow([[0, 10], [20, 30]]);
 * print(plt.colorbar().ax.get_ylim()); // (0, 30)
 * plt.close('all');
 * ```
 */
export function colorbar(
  mappable?: ScalarMappable | null | ColorbarOptions,
  ...more: [ColorbarOptions?] | [cax?: Axes | null, ...rest: unknown[]]
): Colorbar;
export function colorbar(...args: unknown[]): Colorbar {
  const { mappable = null, ...options } = OF_PYPLOT.colorbar.read(args);
  const fig = current_figure();
  const shown = mappable ?? fig._current?._current_mappable ?? null;
  if (shown === null)
    throw new Error(
      'colorbar(): No mappable was found to use for colorbar creation. First define a mappable such as an image (with imshow) or a contour set (with contourf).',
    );
  return fig._colorbar('colorbar', { mappable: shown, ...options });
}

/**
 * Sets the numbers that become the first and the last colour of the current image. Mirrors `matplotlib.pyplot.clim`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.clim(0, 20);
 * print(image.get_clim()); // (0, 20)
 * plt.close('all');
 * ```
 */
export function clim(vmin?: number | null | { vmin?: number | null; vmax?: number | null }, vmax?: number | null): void;
export function clim(...args: unknown[]): void {
  const { vmin = null, vmax = null } = OF_PYPLOT.clim.read(args);
  const shown = axes()._current_mappable;
  if (shown === null) throw new Error('clim(): You must first define an image, e.g., with imshow');
  shown.set_clim(vmin, vmax);
}

/**
 * Sets the default colour map, and that of the current image. Mirrors `matplotlib.pyplot.set_cmap`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.set_cmap('gray');
 * print(plt.rcParams['image.cmap']); // gray
 * plt.style.use('default');
 * plt.close('all');
 * ```
 */
export function set_cmap(cmap: ColormapLike | { cmap: ColormapLike }): void;
export function set_cmap(...args: unknown[]): void {
  change_cmap(cmap_of('set_cmap', OF_PYPLOT.set_cmap.read(args).cmap));
}

function change_cmap(cmap: Colormap): void {
  rc['image.cmap'] = cmap.name;
  current?._current?._current_mappable?.set_cmap(cmap);
}

/**
 * Sets the default colour map, and that of the current image, to `autumn`. Mirrors `matplotlib.pyplot.autumn`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.autumn();
 * print(image.get_cmap().name); // autumn
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function autumn(...none: []): void;
export function autumn(...args: unknown[]): void {
  no_arguments('autumn', args);
  change_cmap(cmap_of('autumn', 'autumn'));
}

/**
 * Sets the default colour map, and that of the current image, to `bone`. Mirrors `matplotlib.pyplot.bone`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.bone();
 * print(image.get_cmap().name); // bone
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function bone(...none: []): void;
export function bone(...args: unknown[]): void {
  no_arguments('bone', args);
  change_cmap(cmap_of('bone', 'bone'));
}

/**
 * Sets the default colour map, and that of the current image, to `cool`. Mirrors `matplotlib.pyplot.cool`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.cool();
 * print(image.get_cmap().name); // cool
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function cool(...none: []): void;
export function cool(...args: unknown[]): void {
  no_arguments('cool', args);
  change_cmap(cmap_of('cool', 'cool'));
}

/**
 * Sets the default colour map, and that of the current image, to `copper`. Mirrors `matplotlib.pyplot.copper`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.copper();
 * print(image.get_cmap().name); // copper
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function copper(...none: []): void;
export function copper(...args: unknown[]): void {
  no_arguments('copper', args);
  change_cmap(cmap_of('copper', 'copper'));
}

/**
 * Sets the default colour map, and that of the current image, to `flag`. Mirrors `matplotlib.pyplot.flag`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.flag();
 * print(image.get_cmap().name); // flag
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function flag(...none: []): void;
export function flag(...args: unknown[]): void {
  no_arguments('flag', args);
  change_cmap(cmap_of('flag', 'flag'));
}

/**
 * Sets the default colour map, and that of the current image, to `gray`. Mirrors `matplotlib.pyplot.gray`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.gray();
 * print(image.get_cmap().name); // gray
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function gray(...none: []): void;
export function gray(...args: unknown[]): void {
  no_arguments('gray', args);
  change_cmap(cmap_of('gray', 'gray'));
}

/**
 * Sets the default colour map, and that of the current image, to `hot`. Mirrors `matplotlib.pyplot.hot`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.hot();
 * print(image.get_cmap().name); // hot
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function hot(...none: []): void;
export function hot(...args: unknown[]): void {
  no_arguments('hot', args);
  change_cmap(cmap_of('hot', 'hot'));
}

/**
 * Sets the default colour map, and that of the current image, to `hsv`. Mirrors `matplotlib.pyplot.hsv`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.hsv();
 * print(image.get_cmap().name); // hsv
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function hsv(...none: []): void;
export function hsv(...args: unknown[]): void {
  no_arguments('hsv', args);
  change_cmap(cmap_of('hsv', 'hsv'));
}

/**
 * Sets the default colour map, and that of the current image, to `jet`. Mirrors `matplotlib.pyplot.jet`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.jet();
 * print(image.get_cmap().name); // jet
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function jet(...none: []): void;
export function jet(...args: unknown[]): void {
  no_arguments('jet', args);
  change_cmap(cmap_of('jet', 'jet'));
}

/**
 * Sets the default colour map, and that of the current image, to `pink`. Mirrors `matplotlib.pyplot.pink`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.pink();
 * print(image.get_cmap().name); // pink
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function pink(...none: []): void;
export function pink(...args: unknown[]): void {
  no_arguments('pink', args);
  change_cmap(cmap_of('pink', 'pink'));
}

/**
 * Sets the default colour map, and that of the current image, to `prism`. Mirrors `matplotlib.pyplot.prism`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.prism();
 * print(image.get_cmap().name); // prism
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function prism(...none: []): void;
export function prism(...args: unknown[]): void {
  no_arguments('prism', args);
  change_cmap(cmap_of('prism', 'prism'));
}

/**
 * Sets the default colour map, and that of the current image, to `spring`. Mirrors `matplotlib.pyplot.spring`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.spring();
 * print(image.get_cmap().name); // spring
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function spring(...none: []): void;
export function spring(...args: unknown[]): void {
  no_arguments('spring', args);
  change_cmap(cmap_of('spring', 'spring'));
}

/**
 * Sets the default colour map, and that of the current image, to `summer`. Mirrors `matplotlib.pyplot.summer`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.summer();
 * print(image.get_cmap().name); // summer
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function summer(...none: []): void;
export function summer(...args: unknown[]): void {
  no_arguments('summer', args);
  change_cmap(cmap_of('summer', 'summer'));
}

/**
 * Sets the default colour map, and that of the current image, to `winter`. Mirrors `matplotlib.pyplot.winter`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.winter();
 * print(image.get_cmap().name); // winter
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function winter(...none: []): void;
export function winter(...args: unknown[]): void {
  no_arguments('winter', args);
  change_cmap(cmap_of('winter', 'winter'));
}

/**
 * Sets the default colour map, and that of the current image, to `magma`. Mirrors `matplotlib.pyplot.magma`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.magma();
 * print(image.get_cmap().name); // magma
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function magma(...none: []): void;
export function magma(...args: unknown[]): void {
  no_arguments('magma', args);
  change_cmap(cmap_of('magma', 'magma'));
}

/**
 * Sets the default colour map, and that of the current image, to `inferno`. Mirrors `matplotlib.pyplot.inferno`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.inferno();
 * print(image.get_cmap().name); // inferno
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function inferno(...none: []): void;
export function inferno(...args: unknown[]): void {
  no_arguments('inferno', args);
  change_cmap(cmap_of('inferno', 'inferno'));
}

/**
 * Sets the default colour map, and that of the current image, to `plasma`. Mirrors `matplotlib.pyplot.plasma`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.plasma();
 * print(image.get_cmap().name); // plasma
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function plasma(...none: []): void;
export function plasma(...args: unknown[]): void {
  no_arguments('plasma', args);
  change_cmap(cmap_of('plasma', 'plasma'));
}

/**
 * Sets the default colour map, and that of the current image, to `viridis`. Mirrors `matplotlib.pyplot.viridis`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.viridis();
 * print(image.get_cmap().name); // viridis
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function viridis(...none: []): void;
export function viridis(...args: unknown[]): void {
  no_arguments('viridis', args);
  change_cmap(cmap_of('viridis', 'viridis'));
}

/**
 * Sets the default colour map, and that of the current image, to `nipy_spectral`. Mirrors `matplotlib.pyplot.nipy_spectral`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const image = plt.imshow([[0, 10], [20, 30]]);
 * plt.nipy_spectral();
 * print(image.get_cmap().name); // nipy_spectral
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function nipy_spectral(...none: []): void;
export function nipy_spectral(...args: unknown[]): void {
  no_arguments('nipy_spectral', args);
  change_cmap(cmap_of('nipy_spectral', 'nipy_spectral'));
}

/**
 * The current image, points or contours; null without one. Mirrors `matplotlib.pyplot.gci`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.gci()); // None
 * plt.close('all');
 * ```
 */
export function gci(...none: []): ScalarMappable | null;
export function gci(...args: unknown[]): ScalarMappable | null {
  no_arguments('gci', args);
  return current?._current?._current_mappable ?? null;
}

/**
 * Moves the subplots apart, so that no labels overlap. Mirrors `matplotlib.pyplot.tight_layout`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([1, 2]);
 * plt.tight_layout();
 * print(plt.gcf().axes.length); // 1
 * plt.close('all');
 * ```
 */
export function tight_layout(options?: TightLayoutOptions): void;
export function tight_layout(...args: unknown[]): void {
  current_figure()._tight_layout(FIGURE_SIGNATURES.tight_layout.read(args));
}

/**
 * Sets the margins around the subplots and the gaps between them. Mirrors `matplotlib.pyplot.subplots_adjust`.
 * @throws Error when left is not less than right, or bottom than top
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.subplots_adjust({ left: 0.2, hspace: 0.4 });
 * print(plt.get_fignums()); // [1]
 * plt.close('all');
 * ```
 */
export function subplots_adjust(options: SubplotsAdjust): void;
export function subplots_adjust(...args: unknown[]): void {
  current_figure()._adjust('subplots_adjust', FIGURE_SIGNATURES.subplots_adjust.read(args));
}

/**
 * Writes the current figure to a file, whose ending says in which format: png, svg, pdf, jpg or webp. Mirrors `matplotlib.pyplot.savefig`.
 * @throws Error for a format that is not there, and when `@napi-rs/canvas` is not installed
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * plt.plot([1, 4, 9]);
 * plt.savefig(`${folder}/squares.png`, { dpi: 50, bbox_inches: 'tight' });
 * print(readdirSync(folder)); // ['squares.png']
 * rmSync(folder, { recursive: true });
 * plt.close('all');
 * ```
 */
export function savefig(fname: string, options?: SavefigOptions): void;
export function savefig(options: SavefigOptions & { fname: string }): void;
export function savefig(...args: unknown[]): void {
  current_figure()._savefig(FIGURE_SIGNATURES.savefig.read(args));
}

/**
 * Draws the current figure: on the page, where there is one. Mirrors `matplotlib.pyplot.draw`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.plot([1, 2]);
 * plt.draw();
 * print(plt.get_fignums()); // [1]
 * plt.close('all');
 * ```
 */
export function draw(...none: []): void;
export function draw(...args: unknown[]): void {
  no_arguments('draw', args);
  const fig = current_figure();
  if (display() === 'browser' && is_interactive()) update_page([fig]);
  else fig.draw();
}

/**
 * Turns interactive mode on, in which {@link show} does not wait. Mirrors `matplotlib.pyplot.ion`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.ion();
 * print(plt.isinteractive()); // True
 * plt.ioff();
 * plt.close('all');
 * ```
 */
export function ion(...none: []): void;
export function ion(...args: unknown[]): void {
  no_arguments('ion', args);
  rc['interactive'] = true;
}

/**
 * Turns interactive mode off. Mirrors `matplotlib.pyplot.ioff`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.ioff();
 * print(plt.isinteractive()); // False
 * plt.close('all');
 * ```
 */
export function ioff(...none: []): void;
export function ioff(...args: unknown[]): void {
  no_arguments('ioff', args);
  rc['interactive'] = false;
}

/**
 * Whether interactive mode is on. Mirrors `matplotlib.pyplot.isinteractive`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * print(plt.isinteractive()); // False
 * plt.close('all');
 * ```
 */
export function isinteractive(...none: []): boolean;
export function isinteractive(...args: unknown[]): boolean {
  no_arguments('isinteractive', args);
  return is_interactive();
}

/**
 * Shows the figures as they are now, and blocks for some seconds. In a page they change while the program goes on; without a screen it only waits. Mirrors `matplotlib.pyplot.pause`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.pause(0.01);
 * print(plt.get_fignums()); // []
 * plt.close('all');
 * ```
 */
export function pause(interval: number | { interval: number }): void;
export function pause(...args: unknown[]): void {
  const { interval } = OF_PYPLOT.pause.read(args);
  if (figures.size > 0 && display() === 'browser') play([...figures.values()], interval);
  else if (interval > 0) sleep(interval);
}

/**
 * Shows all figures. With a screen, in a page of the browser, and the program waits until the page is closed, except in interactive mode or with `block: false`; without one, they are written to temporary files, whose names are printed. `TORCH_NODE_PYPLOT` may be set to `browser` or `file`. Mirrors `matplotlib.pyplot.show`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.show(); // without a figure there is nothing to show
 * print(plt.get_fignums()); // []
 * plt.close('all');
 * ```
 */
export function show(options?: { block?: boolean | null }): void;
export function show(...args: unknown[]): void {
  const block = OF_PYPLOT.show.read(args).block ?? !is_interactive();
  if (figures.size === 0) return;
  const all = [...figures.values()];
  if (!show_in_notebook(all)) {
    if (display() === 'file') write_files(all);
    else {
      update_page(all);
      if (block) wait_for_page(all);
    }
  }
  // As in Python, what was shown and closed is gone.
  if (block) for (const each of all) forget(each);
}
