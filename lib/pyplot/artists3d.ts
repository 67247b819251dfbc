/** What is drawn in axes of three dimensions. Mirrors `mpl_toolkits.mplot3d.art3d`. */
import {
  type DataLimits,
  draw_markers,
  Line2D,
  type LineLook,
  type LineOptions,
  type MarkerLook,
  PathCollection,
  type PointsLook,
  ScalarMappable,
  type Handle,
  stroke_of,
  Text,
  type TextOptions,
  Artist,
  type View,
} from './artists.js';
import type { Colormap, Normalize } from './cm.js';
import { type ContourLook, type Grid, QuadContourSet } from './contour.js';
import type { Rgba } from './colors.js';
import type { PathStep, Renderer, TextStyle } from './renderer.js';

/** A point, or a direction. */
export type Point3 = readonly [number, number, number];

/** Where points in space are on the paper: to the right, to the top, and away from the eye. */
export interface Projection {
  /** @internal */
  _project(x: number, y: number, z: number): [number, number, number];
}

/** Coordinates by axis. */
export interface Points3 {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

const on_paper = (projection: Projection, view: View, { x, y, z }: Points3): Points3 => {
  const [px, py, pz] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length)];
  for (let i = 0; i < x.length; i++) {
    const [tx, ty, tz] = projection._project(x[i]!, y[i]!, z[i]!);
    [px[i], py[i], pz[i]] = [view.x(tx), view.y(ty), tz];
  }
  return { x: px, y: py, z: pz };
};

/** An angle at which a text is not upside down. */
export function readable_angle(degrees: number): number {
  const angle = (degrees + 360) % 180;
  return angle > 90 ? angle - 180 : angle;
}

/** A line through space. */
export class Line3D extends Line2D {
  /** @internal */
  constructor(
    callee: string,
    private readonly projection: Projection,
    private readonly points: Points3,
    color: string,
    options: LineOptions,
  ) {
    super(callee, points.x, points.y, color, options);
  }

  /** @internal */
  override _limits(): DataLimits {
    return { x: undefined, y: undefined };
  }

  /** @internal */
  override _points(view: View): { x: Float64Array; y: Float64Array } {
    return on_paper(this.projection, view, this.points);
  }

  /** The points: x, y and z. */
  get_data_3d(): [number[], number[], number[]] {
    return [[...this.points.x], [...this.points.y], [...this.points.z]];
  }
}

/** Something whose place in the order of drawing is its distance from the eye. */
export interface Deep {
  /** How far away its nearest part is. @internal */
  _depth(): number;
}

/** Points in space; those that are farther away are paler. */
export class Path3DCollection extends PathCollection implements Deep {
  /** @internal */
  constructor(
    private readonly projection: Projection,
    private readonly points: Points3,
    look: PointsLook,
    cmap: Colormap,
    norm: Normalize,
    private readonly shaded: boolean,
  ) {
    super(points.x, points.y, look, cmap, norm);
  }

  /** @internal */
  override _limits(): DataLimits {
    return { x: undefined, y: undefined };
  }

  /** @internal */
  override _points(view: View): { x: number[]; y: number[] } {
    const { x, y } = on_paper(this.projection, view, this.points);
    return { x: [...x], y: [...y] };
  }

  private projected(): Points3 {
    const { x, y, z } = this.points;
    const all = Array.from(x, (_, i) => this.projection._project(x[i]!, y[i]!, z[i]!));
    const row = (k: 0 | 1 | 2): Float64Array => Float64Array.from(all, (point) => point[k]);
    return { x: row(0), y: row(1), z: row(2) };
  }

  /** @internal */
  _depth(): number {
    return Math.min(...this.projected().z);
  }

  /** The points from the farthest to the nearest, each with its opacity. @internal */
  _by_depth(): { index: number; opacity: number }[] {
    const { x, y, z } = this.projected();
    const range = (values: Float64Array): number => Math.max(...values) - Math.min(...values);
    const scale = Math.hypot(range(x), range(y), range(z));
    const nearest = Math.min(...z);
    const opacity = (depth: number): number =>
      this.shaded && scale !== 0 ? Math.min(1, Math.max(0.3, 1 - (depth - nearest) / scale)) : 1;
    return Array.from(z.keys())
      .filter((i) => Number.isFinite(z[i]!))
      .sort((a, b) => z[b]! - z[a]!)
      .map((index) => ({ index, opacity: opacity(z[index]!) }));
  }

  /** How a point looks at its distance. @internal */
  _shaded_marker(index: number, opacity: number): MarkerLook {
    const look = this._marker(index);
    // As in Python, an opacity of its own counts for the colours and again for the depth.
    const part = (this.shaded ? (this._alpha ?? 1) : 1) * opacity;
    const shade = (color: Rgba | null): Rgba | null => color && [color[0], color[1], color[2], color[3] * part];
    return { ...look, face: shade(look.face), edge: shade(look.edge) };
  }

  /** @internal */
  override _draw(r: Renderer, view: View): void {
    const { x, y } = this._points(view);
    for (const { index, opacity } of this._by_depth())
      draw_markers(r, this._shaded_marker(index, opacity), [x[index]!], [y[index]!]);
  }
}

/** A text at a place in space. */
export class Text3D extends Text {
  /** @internal */
  constructor(
    private readonly projection: Projection,
    private readonly at: Point3,
    text: unknown,
    private readonly direction: Point3 | null,
    options: TextOptions,
  ) {
    super('text', at[0], at[1], text, options);
  }

  protected override place(view: View): [number, number] {
    const [x, y] = this.projection._project(...this.at);
    return [view.x(x), view.y(y)];
  }

  /** @internal */
  override _style(): TextStyle {
    const style = super._style();
    const { direction, at } = this;
    if (direction === null) return { ...style, rotation: 0 };
    const [x0, y0] = this.projection._project(...at);
    const [x1, y1] = this.projection._project(at[0] + direction[0], at[1] + direction[1], at[2] + direction[2]);
    return { ...style, rotation: readable_angle((Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI) };
  }
}

/** How the polygons of a surface look. */
export interface SurfaceLook {
  /** Colours by polygon, or one; null where numbers choose them. */
  readonly faces: readonly Rgba[] | null;
  /** Colour of the edges; null for that of the polygon. */
  readonly edges: readonly Rgba[] | 'none' | null;
  readonly width: number;
}

/** Polygons in space, of which the nearest are drawn last. */
export class Poly3DCollection extends ScalarMappable implements Deep {
  private readonly heights: Float64Array;

  /** @internal */
  constructor(
    private readonly projection: Projection,
    private readonly polygons: readonly (readonly Point3[])[],
    private readonly look: SurfaceLook,
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    this.heights = Float64Array.from(
      polygons,
      (polygon) => polygon.reduce((sum, [, , z]) => sum + z, 0) / polygon.length,
    );
    if (look.faces === null) norm._fit(this.heights);
  }

  /** The colour of a polygon. @internal */
  _face_of(i: number): Rgba {
    const { faces } = this.look;
    const color = faces === null ? this.cmap._color(this.norm._map(this.heights[i]!)) : faces[i % faces.length]!;
    return this._alpha === null ? color : [color[0], color[1], color[2], this._alpha];
  }

  /** The number of polygons. @internal */
  get _count(): number {
    return this.polygons.length;
  }

  private edge_of(i: number): Rgba | null {
    const { edges } = this.look;
    if (edges === 'none') return null;
    if (edges === null) return this._face_of(i);
    const color = edges[i % edges.length]!;
    return this._alpha === null ? color : [color[0], color[1], color[2], this._alpha];
  }

  /** @internal */
  override _handle(): Handle {
    return { patch: { face: this._face_of(0), edge: this.edge_of(0), width: this.look.width, hatch: null } };
  }

  /** @internal */
  _depth(): number {
    return Math.min(
      ...this.polygons.flatMap((polygon) => polygon.map((point) => this.projection._project(...point)[2])),
    );
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const shapes = this.polygons.map((polygon, i) => {
      const points = polygon.map((point) => this.projection._project(...point));
      return { i, points, depth: points.reduce((sum, [, , z]) => sum + z, 0) / points.length };
    });
    shapes.sort((a, b) => b.depth - a.depth);
    for (const { i, points } of shapes) {
      const steps = points.map(([x, y], k): PathStep => [k === 0 ? 'M' : 'L', view.x(x), view.y(y)]);
      const edge = this.edge_of(i);
      const stroke = edge === null ? null : { color: edge, width: r.px(this.look.width), join: 'miter' as const };
      r.path([...steps, ['Z']], this._face_of(i), stroke);
    }
  }
}

/** Lines of several points in space. */
export class Line3DCollection extends Artist implements Deep {
  /** @internal */
  constructor(
    private readonly projection: Projection,
    private readonly lines: readonly (readonly Point3[])[],
    private readonly look: LineLook,
  ) {
    super();
    this._zorder = 2;
  }

  /** @internal */
  override _handle(): Handle {
    return { line: { stroke: this.look, marker: null } };
  }

  /** The lines. @internal */
  get _lines(): readonly (readonly Point3[])[] {
    return this.lines;
  }

  /** @internal */
  _depth(): number {
    return Math.min(...this.lines.flatMap((line) => line.map((point) => this.projection._project(...point)[2])));
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const [red, green, blue] = this.look.color;
    const color: Rgba = this._alpha === null ? this.look.color : [red, green, blue, this._alpha];
    const stroke = stroke_of(r, { ...this.look, color }, 'butt');
    if (stroke === undefined) return;
    for (const line of this.lines) {
      const points = line.map((point) => this.projection._project(...point));
      r.polyline(
        points.map(([x]) => view.x(x)),
        points.map(([, y]) => view.y(y)),
        stroke,
      );
    }
  }
}

/** Contours at their heights, or all at one place, along an axis. */
export class QuadContourSet3D extends QuadContourSet implements Deep {
  /** @internal */
  constructor(
    private readonly projection: Projection,
    private readonly direction: 'x' | 'y' | 'z',
    private readonly offset: number | null,
    grid: Grid,
    look: ContourLook,
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(grid, look, cmap, norm);
  }

  /** Where a level is along the axis: areas are in the middle between their two heights. @internal */
  _height(level: number): number {
    const { levels, filled } = this.look;
    if (this.offset !== null) return this.offset;
    return filled ? levels[level]! + (levels[level + 1]! - levels[level]!) / 2 : levels[level]!;
  }

  private place(x: number, y: number, level: number): Point3 {
    const height = this._height(level);
    return { x: [height, x, y] as const, y: [y, height, x] as const, z: [x, y, height] as const }[this.direction];
  }

  protected override view_of(view: View, level: number): View {
    const point = (x: number, y: number): readonly [number, number] => {
      const [px, py] = this.projection._project(...this.place(x, y, level));
      return [view.x(px), view.y(py)];
    };
    return { ...view, point };
  }

  protected override get apart(): boolean {
    return true;
  }

  /** @internal */
  override _limits(): DataLimits {
    return { x: undefined, y: undefined };
  }

  /** @internal */
  _depth(): number {
    const { x, y } = this.grid;
    const depth = (px: number, py: number, level: number): number =>
      this.projection._project(...this.place(px, py, level))[2];
    const depths = this.look.filled
      ? this.look.levels.slice(1).flatMap((_, level) => Array.from(x, (px, k) => depth(px, y[k]!, level)))
      : this.lines().flatMap((traces, level) =>
          traces.flatMap((trace) => trace.x.map((px, k) => depth(px, trace.y[k]!, level))),
        );
    return depths.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  }
}
