/** Meshes of coloured cells, and fields of arrows. */
import { Artist, type DataLimits, limits_of, pixel, ScalarMappable, type Text, type View } from './artists.js';
import type { Colormap, Normalize } from './cm.js';
import { css, type Rgba } from './colors.js';
import type { PathStep, Renderer, Stroke } from './renderer.js';
import { extent, floats, matrix } from './values.js';

/** The corners of cells: one more row and column than there are cells. */
export interface Corners {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Cells of any four corners, coloured by numbers. Mirrors `matplotlib.collections.QuadMesh`. */
export class QuadMesh extends ScalarMappable {
  /** @internal */
  constructor(
    private readonly corners: Corners,
    private readonly cells: Float64Array,
    private readonly edge: { readonly color: Rgba; readonly width: number } | null,
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    norm._fit(cells);
  }

  /** @internal */
  _coordinates(): number[][][] {
    const { rows, columns, x, y } = this.corners;
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (__, j) => [x[i * columns + j]!, y[i * columns + j]!]),
    );
  }

  /** @internal */
  _faces(): Rgba[] {
    return Array.from(this.cells, (value): Rgba => {
      const color = this.cmap._color(this.norm._map(value));
      return this._alpha === null || color[3] === 0 ? color : [color[0], color[1], color[2], this._alpha];
    });
  }

  /** @internal */
  override _limits(): DataLimits {
    const { x, y } = this.corners;
    return { ...limits_of(x, y), sticky_x: extent(x) ?? [], sticky_y: extent(y) ?? [] };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const { rows, columns, x, y } = this.corners;
    const points = Array.from(x, (value, i) => pixel(view, value, y[i]!));
    const [px, py] = [points.map(([at]) => at), points.map(([, at]) => at)];
    const faces = this._faces();
    const edge: Stroke | null =
      this.edge === null ? null : { color: this.edge.color, width: r.px(this.edge.width), join: 'miter' };
    for (let i = 0; i + 1 < rows; i++) {
      for (let j = 0; j + 1 < columns; j++) {
        const face = faces[i * (columns - 1) + j]!;
        const at = [i * columns + j, i * columns + j + 1, (i + 1) * columns + j + 1, (i + 1) * columns + j];
        const straight =
          px[at[0]!] === px[at[3]!] &&
          px[at[1]!] === px[at[2]!] &&
          py[at[0]!] === py[at[1]!] &&
          py[at[2]!] === py[at[3]!];
        if (straight && edge === null && r.snaps) {
          // Whole pixels leave no seams between cells.
          const [left, right] = [Math.round(px[at[0]!]!), Math.round(px[at[1]!]!)];
          const [bottom, top] = [Math.round(py[at[0]!]!), Math.round(py[at[3]!]!)];
          r.context.fillStyle = css(face);
          r.context.fillRect(
            Math.min(left, right),
            Math.min(top, bottom),
            Math.abs(right - left),
            Math.abs(top - bottom),
          );
          continue;
        }
        const steps = at.map((k, n): PathStep => [n === 0 ? 'M' : 'L', px[k]!, py[k]!]);
        const seam: Stroke | null = face[3] === 1 ? { color: face, width: 0.5 } : null;
        r.path([...steps, ['Z']], face, edge ?? seam);
      }
    }
  }
}

/** The corners of cells whose middles, or whose corners, are given. @throws TypeError for shapes that do not fit */
export function mesh_corners(
  callee: string,
  given: readonly unknown[],
  shading: string,
): { corners: Corners; cells: Float64Array } {
  const { data: cells, rows, columns: across } = matrix(callee, 'C', given.length === 1 ? given[0] : given[2]);
  if (given.length === 1) {
    const more = shading === 'nearest' ? 0 : 1;
    const line = (count: number): Float64Array =>
      more === 1
        ? Float64Array.from({ length: count + 1 }, (_, i) => i)
        : halves(Float64Array.from({ length: count }, (_, i) => i));
    return { corners: outer(line(across), line(rows)), cells };
  }
  const [X, Y] = [floats(callee, given[0]), floats(callee, given[1])];
  if (![...X.data, ...Y.data].every(Number.isFinite))
    throw new Error(
      `${callee}(): x and y arguments to pcolormesh cannot have non-finite values or be of type numpy.ma.MaskedArray with masked values`,
    );
  const [nx, ny] = [X.shape.at(-1) ?? 1, Y.shape[0] ?? 1];
  const spread = (value: typeof X, along: 'x' | 'y'): Float64Array => {
    if (value.shape.length === 2 && value.shape[along === 'x' ? 0 : 1] !== 1) return value.data;
    return Float64Array.from({ length: nx * ny }, (_, k) => value.data[along === 'x' ? k % nx : Math.floor(k / nx)]!);
  };
  const [x, y] = [spread(X, 'x'), spread(Y, 'y')];
  if (x.length !== nx * ny || y.length !== nx * ny)
    throw new TypeError(`${callee}(): Incompatible X, Y inputs to ${callee}; see help(${callee})`);
  const own = shading === 'auto' ? (nx === across && ny === rows ? 'nearest' : 'flat') : shading;
  const extra = own === 'flat' ? 1 : 0;
  if (nx !== across + extra || ny !== rows + extra) {
    throw new TypeError(
      own === 'flat'
        ? `${callee}(): Dimensions of C (${rows}, ${across}) should be one smaller than X(${nx}) and Y(${ny}) while using shading='flat' see help(${callee})`
        : `${callee}(): Dimensions of C (${rows}, ${across}) are incompatible with X (${nx}) and/or Y (${ny}); see help(${callee})`,
    );
  }
  const corners = { rows: ny, columns: nx, x, y };
  return { corners: own === 'flat' ? corners : between(corners), cells };
}

/** The places half-way between places, and as far beyond the first and the last. */
function halves(row: Float64Array): Float64Array {
  const n = row.length;
  if (n < 2) return Float64Array.of(...row, ...row);
  return Float64Array.from({ length: n + 1 }, (_, i) => {
    if (i === 0) return row[0]! - (row[1]! - row[0]!) * 0.5;
    if (i === n) return row[n - 1]! + (row[n - 1]! - row[n - 2]!) * 0.5;
    return row[i - 1]! + (row[i]! - row[i - 1]!) * 0.5;
  });
}

const outer = (x: Float64Array, y: Float64Array): Corners => ({
  rows: y.length,
  columns: x.length,
  x: Float64Array.from({ length: x.length * y.length }, (_, k) => x[k % x.length]!),
  y: Float64Array.from({ length: x.length * y.length }, (_, k) => y[Math.floor(k / x.length)]!),
});

/** The corners around middles. */
function between({ rows, columns, x, y }: Corners): Corners {
  const wider = (grid: Float64Array): Float64Array => {
    const lines = Array.from({ length: rows }, (_, i) => halves(grid.subarray(i * columns, (i + 1) * columns)));
    const width = columns + 1;
    const result = new Float64Array((rows + 1) * width);
    for (let j = 0; j < width; j++) {
      halves(Float64Array.from(lines, (line) => line[j]!)).forEach((value, i) => {
        result[i * width + j] = value;
      });
    }
    return result;
  };
  return { rows: rows + 1, columns: columns + 1, x: wider(x), y: wider(y) };
}

/** How arrows look. */
export interface ArrowLook {
  readonly units: string;
  /** `'uv'`, `'xy'`, or degrees of each arrow. */
  readonly angles: 'uv' | 'xy' | Float64Array;
  readonly scale: number | null;
  readonly scale_units: string | null;
  readonly width: number | null;
  readonly headwidth: number;
  readonly headlength: number;
  readonly headaxislength: number;
  readonly minshaft: number;
  readonly minlength: number;
  readonly pivot: string;
  readonly colors: readonly Rgba[];
}

/** Places and directions of arrows. */
export interface Field {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly c: Float64Array | null;
}

/** Arrows. Mirrors `matplotlib.quiver.Quiver`. */
export class Quiver extends ScalarMappable {
  private measured: { vertices: number[][][]; scale: number; width: number } | undefined;

  /** @internal */
  constructor(
    private readonly field: Field,
    private readonly look: ArrowLook,
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    if (field.c !== null) norm._fit(field.c);
  }

  /** @internal */
  override _limits(): DataLimits {
    return limits_of(this.field.x, this.field.y);
  }

  /** @internal */
  _faces(): Rgba[] {
    const { c } = this.field;
    const colors = c === null ? this.look.colors : Array.from(c, (value) => this.cmap._color(this.norm._map(value)));
    return colors.map((color) => (this._alpha === null ? color : [color[0], color[1], color[2], this._alpha]));
  }

  /** What was drawn last: corners of arrows in their unit, the scale and the width. @internal */
  _measured(): { vertices: number[][][]; scale: number; width: number } | undefined {
    return this.measured;
  }

  /** Pixels of a unit. */
  private dots(unit: string, r: Renderer, { box, x, y }: View): number {
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    const [dx, dy] = [Math.abs(x(1) - x(0)), Math.abs(y(1) - y(0))];
    switch (unit) {
      case 'x':
        return dx;
      case 'y':
        return dy;
      case 'xy':
        return Math.hypot(width, height) / Math.hypot(width / dx, height / dy);
      case 'height':
        return height;
      case 'dots':
        return 1;
      case 'inches':
        return r.dpi;
      default:
        return width;
    }
  }

  private measure(r: Renderer, view: View): { vertices: number[][][]; scale: number; width: number; unit: number } {
    const { x, y, u, v } = this.field;
    const { look } = this;
    const n = x.length;
    const unit = this.dots(look.units, r, view);
    const span = (view.box.right - view.box.left) / unit;
    const width = look.width ?? (0.06 * span) / Math.min(25, Math.max(8, Math.sqrt(n)));
    const by_axes = look.angles === 'xy' || look.scale_units === 'xy';
    const both = look.angles === 'xy' && look.scale_units === 'xy';
    // A small step along each arrow, for its direction where the axes have different scales.
    const furthest = Math.max(...[...x, ...y].map(Math.abs));
    const step = both ? 1 : furthest * 0.001 || 0.001;
    const moved = (i: number): [number, number] => [
      (view.x(x[i]! + step * u[i]!) - view.x(x[i]!)) / step,
      -(view.y(y[i]! + step * v[i]!) - view.y(y[i]!)) / step,
    ];
    const shown = (i: number): boolean => Number.isFinite(u[i]!) && Number.isFinite(v[i]!);
    const lengths = Float64Array.from(x, (_, i) => {
      if (!shown(i)) return Number.NaN;
      return by_axes && typeof look.angles === 'string' && look.scale_units === 'xy'
        ? Math.hypot(...moved(i))
        : Math.hypot(u[i]!, v[i]!);
    });
    const known = lengths.filter((length) => Number.isFinite(length));
    const mean = known.reduce((sum, length) => sum + length, 0) / known.length;
    const auto = (1.8 * mean * Math.max(10, Math.sqrt(n))) / span;
    const per_length =
      look.scale_units === null ? 1 : (look.scale_units === 'xy' ? 1 : this.dots(look.scale_units, r, view)) / unit;
    const scale = look.scale ?? auto * per_length;
    const vertices = Array.from(x, (_, i) => {
      if (!shown(i)) return [];
      const [dx, dy] = look.angles === 'xy' ? moved(i) : [u[i]!, v[i]!];
      const angle =
        typeof look.angles === 'string'
          ? Math.atan2(dy, dx)
          : ((look.angles[look.angles.length === 1 ? 0 : i] ?? 0) * Math.PI) / 180;
      const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
      return this.arrow((lengths[i]! * per_length) / (scale * width)).map(([ax, ay]) => [
        (ax * cos - ay * sin) * width,
        (ax * sin + ay * cos) * width,
      ]);
    });
    return { vertices, scale, width, unit };
  }

  /** A lying arrow of a length in widths of its shaft. */
  private arrow(given: number, pivot = this.look.pivot): [number, number][] {
    const { headwidth, headlength, headaxislength, minshaft, minlength } = this.look;
    const length = Math.min(given, 2 ** 16);
    if (length < minlength) {
      // A dot.
      return Array.from({ length: 8 }, (_, k) => [
        Math.cos((k * Math.PI) / 3) * minlength * 0.5,
        Math.sin((k * Math.PI) / 3) * minlength * 0.5,
      ]);
    }
    const least = minshaft * headlength;
    const short = length < least;
    const shrink = short ? length / least : 1;
    const x = short
      ? [0, least - headaxislength, least - headlength, least].map((value) => value * shrink)
      : [0, length - headaxislength, length - headlength, length];
    const y = [0.5, 0.5, 0.5 * headwidth, 0].map((value) => value * shrink);
    const order = [0, 1, 2, 3, 2, 1, 0, 0];
    const tip = x[3]!;
    const back = pivot === 'middle' || pivot === 'mid' ? 0.5 * tip : pivot === 'tip' ? tip : 0;
    return order.map((k, at) => [x[k]! - back, at >= 3 && at < 7 ? -y[k]! : y[k]!]);
  }

  /** The corners of an arrow of a length and angle with the look and scale of these, in pixels from its place. @internal */
  _key_arrow(r: Renderer, view: View, length: number, degrees: number, pivot: string): [number, number][] {
    const { scale, width, unit } = this.measure(r, view);
    const { scale_units } = this.look;
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const pixels = (): number => Math.hypot(view.x(length * cos) - view.x(0), view.y(length * sin) - view.y(0)) / unit;
    const own =
      scale_units === 'xy'
        ? pixels()
        : (Math.abs(length) * (scale_units === null ? unit : this.dots(scale_units, r, view))) / unit;
    const turn = Math.atan2(length * sin, length * cos);
    return this.arrow(own / (scale * width), pivot).map(([x, y]) => [
      (x * Math.cos(turn) - y * Math.sin(turn)) * width * unit,
      -(x * Math.sin(turn) + y * Math.cos(turn)) * width * unit,
    ]);
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    if (this.field.x.length === 0) return;
    const { vertices, scale, width, unit } = this.measure(r, view);
    this.measured = { vertices, scale, width };
    const faces = this._faces();
    vertices.forEach((corners, i) => {
      const [x, y] = [view.x(this.field.x[i]!), view.y(this.field.y[i]!)];
      const steps = corners.map(([dx, dy], k): PathStep => [k === 0 ? 'M' : 'L', x + dx! * unit, y - dy! * unit]);
      if (steps.length > 0) r.path([...steps, ['Z']], faces[i % faces.length]!, null);
    });
  }
}

/** Where the label of a {@link QuiverKey} is: its alignment, which part of the arrow is at the place, and the way there. */
const SIDES = {
  N: { ha: 'center', va: 'bottom', pivot: 'middle', x: 0, y: -1 },
  S: { ha: 'center', va: 'top', pivot: 'middle', x: 0, y: 1 },
  E: { ha: 'left', va: 'center', pivot: 'tip', x: 1, y: 0 },
  W: { ha: 'right', va: 'center', pivot: 'tail', x: -1, y: 0 },
} as const;

/** What a {@link QuiverKey} shows. */
export interface KeyLook {
  readonly at: readonly [x: number, y: number];
  readonly length: number;
  readonly angle: number;
  readonly coordinates: 'axes' | 'figure' | 'data' | 'inches';
  readonly color: Rgba | null;
  readonly side: keyof typeof SIDES;
  /** The distance of the label, in inches. */
  readonly separation: number;
}

/** An arrow with a label that explains the lengths of others. Mirrors `matplotlib.quiver.QuiverKey`. */
export class QuiverKey extends Artist {
  private measured: readonly (readonly [number, number])[] = [];

  /** @internal */
  constructor(
    private readonly arrows: Quiver,
    /** The label. */
    readonly text: Text,
    private readonly look: KeyLook,
  ) {
    super();
    this._clipped = false;
    this._zorder = arrows._zorder + 0.1;
  }

  /** The corners of the arrow that was drawn last, in pixels from its place. @internal */
  _corners(): readonly (readonly [number, number])[] {
    return this.measured;
  }

  /** @internal */
  _face(): Rgba {
    return this.look.color ?? this.arrows._faces()[0]!;
  }

  private place(r: Renderer, view: View): [number, number] {
    const [x, y] = this.look.at;
    const part = ({ left, right, top, bottom }: View['box']): [number, number] => [
      left + x * (right - left),
      bottom - y * (bottom - top),
    ];
    switch (this.look.coordinates) {
      case 'data':
        return [...pixel(view, x, y)];
      case 'axes':
        return part(view.box);
      case 'figure':
        return part(view.figure);
      default:
        return [x * r.dpi, view.figure.bottom - y * r.dpi];
    }
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const { length, angle, side, separation } = this.look;
    const { ha, va, pivot, ...way } = SIDES[side];
    const [x, y] = this.place(r, view);
    this.measured = this.arrows._key_arrow(r, view, length, angle, pivot);
    const steps = this.measured.map(([dx, dy], k): PathStep => [k === 0 ? 'M' : 'L', x + dx, y + dy]);
    r.path([...steps, ['Z']], this._face(), null);
    const away = separation * r.dpi;
    r.text(this.text.get_text(), x + way.x * away, y + way.y * away, { ...this.text._style(), ha, va });
  }
}
