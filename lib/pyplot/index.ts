/** torch-node/pyplot: the plots of Python's `matplotlib.pyplot`, drawn by the npm package `@napi-rs/canvas`. */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/one_file.js';
import '../index.js';

export * from './pyplot.js';
export {
  Axes3D,
  type Axes3DOptions,
  type Bar3DOptions,
  type Contour3DOptions,
  type Scatter3DOptions,
  type SurfaceOptions,
  type WireframeOptions,
} from './axes3d.js';
export { GridSpec, type SubplotSpec } from './gridspec.js';
export { cm, type Colormap, type ColormapLike, get_cmap } from './cm.js';
export * as colors from './color_functions.js';
export * as style from './styles.js';
export { rc as rcParams, rc_context, rc_group as rc, rcdefaults } from './style.js';
export * as animation from './animation_functions.js';
export * as dates from './date_functions.js';
export * as ticker from './tickers.js';
export * as widgets from './widgets.js';
export {
  AutoLocator,
  FixedFormatter,
  FixedLocator,
  FormatStrFormatter,
  FuncFormatter,
  LinearLocator,
  MaxNLocator,
  MultipleLocator,
  NullFormatter,
  NullLocator,
} from './tickers.js';
export type {
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
export type {
  Axes,
  BarOptions,
  Boxplot,
  BoxplotOptions,
  ClabelOptions,
  ContourOptions,
  ErrorbarOptions,
  FillOptions,
  Hist2dOptions,
  HexbinOptions,
  HistOptions,
  Histogram,
  Histogram2d,
  ImshowOptions,
  PcolormeshOptions,
  PieOptions,
  QuiverkeyOptions,
  QuiverOptions,
  ScatterOptions,
  StackplotOptions,
  StemOptions,
  StreamplotOptions,
  StreamplotSet,
  Violinplot,
  ViolinplotOptions,
} from './axes.js';
export type { Pie, StemContainer, Stems, Wedge, WedgeOptions } from './charts.js';
export type { ColorLike } from './colors.js';
export type { QuadContourSet } from './contour.js';
export type { Colorbar, ColorbarOptions, Figure, FigureOptions, SavefigOptions, SubplotsOptions } from './figure.js';
export type { AxesImage } from './image.js';
export type { PolarAxes, RgridOptions, ThetagridOptions } from './polar.js';
export type { Legend, LegendOptions } from './legend.js';
export type { PolyCollection } from './hexagons.js';
export type { QuadMesh, Quiver, QuiverKey } from './meshes.js';
export type { StreamArrows, StreamLines } from './streamlines.js';
export type { ScaleOptions } from './scales.js';
export type { Values } from './values.js';
