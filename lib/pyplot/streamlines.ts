/** Lines along a field of directions: `streamplot`. Steps and places are those of `matplotlib.streamplot`. */
import { method_signature } from '../_internal/signature.js';
import { Artist, type DataLimits, limits_of, pixel, ScalarMappable, stroke_of, type View } from './artists.js';
import type { Colormap, Normalize } from './cm.js';
import type { Rgba } from './colors.js';
import type { Renderer } from './renderer.js';
import { round_even } from './ticker.js';

const GET_SEGMENTS = method_signature<object>('get_segments');

type Point = readonly [x: number, y: number];

/** A regular grid, with the length of its steps. */
export interface FieldGrid {
  readonly nx: number;
  readonly ny: number;
  readonly origin: Point;
  readonly step: Point;
  readonly width: number;
  readonly height: number;
}

/** What {@link streamlines} is told. */
export interface Tracing {
  readonly density: Point;
  readonly minlength: number;
  readonly maxlength: number;
  readonly direction: 'both' | 'forward' | 'backward';
  /** Whether lines end where there are others. */
  readonly broken: boolean;
  readonly step_scale: number;
  readonly error_scale: number;
  /** Where lines begin; null to cover the grid. */
  readonly starts: readonly Point[] | null;
}

/** Between the four values around a place. */
export function interpolated(values: ArrayLike<number>, { nx, ny }: FieldGrid, x: number, y: number): number {
  const [i, j] = [Math.trunc(x), Math.trunc(y)];
  const [right, above] = [i === nx - 1 ? i : i + 1, j === ny - 1 ? j : j + 1];
  const at = (column: number, row: number): number => values[row * nx + column]!;
  const [xt, yt] = [x - i, y - j];
  const low = at(i, j) * (1 - xt) + at(right, j) * xt;
  const high = at(i, above) * (1 - xt) + at(right, above) * xt;
  return low * (1 - yt) + high * yt;
}

/** Places from the edges of a grid to its middle. */
function* spiral(nx: number, ny: number): Generator<Point> {
  let [xfirst, yfirst, xlast, ylast] = [0, 1, nx - 1, ny - 1];
  let [x, y] = [0, 0];
  let direction = 0;
  for (let i = 0; i < nx * ny; i++) {
    yield [x, y];
    if (direction === 0) {
      if (++x >= xlast) [xlast, direction] = [xlast - 1, 1];
    } else if (direction === 1) {
      if (++y >= ylast) [ylast, direction] = [ylast - 1, 2];
    } else if (direction === 2) {
      if (--x <= xfirst) [xfirst, direction] = [xfirst + 1, 3];
    } else if (--y <= yfirst) [yfirst, direction] = [yfirst + 1, 0];
  }
}

/** Where lines are already: cells of a coarser grid. */
class Mask {
  readonly nx: number;
  readonly ny: number;
  private readonly taken: Uint8Array;
  private current = -1;
  private own: number[] = [];

  constructor([x, y]: Point) {
    [this.nx, this.ny] = [Math.trunc(30 * x), Math.trunc(30 * y)];
    this.taken = new Uint8Array(this.nx * this.ny);
  }

  is_free(x: number, y: number): boolean {
    return this.taken[y * this.nx + x] === 0;
  }

  /** Goes to a cell. @returns false where another line is */
  enter(x: number, y: number, broken: boolean): boolean {
    const cell = y * this.nx + x;
    if (cell === this.current) return true;
    if (this.taken[cell] !== 0) return !broken;
    this.own.push(cell);
    this.taken[cell] = 1;
    this.current = cell;
    return true;
  }

  start(x: number, y: number, broken: boolean): boolean {
    this.own = [];
    return this.enter(x, y, broken);
  }

  go_back_to(x: number, y: number): void {
    this.current = y * this.nx + x;
  }

  undo(): void {
    for (const cell of this.own) this.taken[cell] = 0;
  }
}

/** Follows a field. */
class Tracer {
  private readonly speed: Float64Array;
  private readonly u: Float64Array;
  private readonly v: Float64Array;
  readonly mask: Mask;

  constructor(
    private readonly grid: FieldGrid,
    u: Float64Array,
    v: Float64Array,
    private readonly how: Tracing,
  ) {
    const { nx, ny, step } = grid;
    const [per_x, per_y] = [1 / step[0], 1 / step[1]];
    this.u = u.map((value) => value * per_x);
    this.v = v.map((value) => value * per_y);
    this.speed = this.u.map((value, k) => Math.sqrt((value / (nx - 1)) ** 2 + (this.v[k]! / (ny - 1)) ** 2));
    this.mask = new Mask(how.density);
  }

  private is_within(x: number, y: number): boolean {
    return x >= 0 && x <= this.grid.nx - 1 && y >= 0 && y <= this.grid.ny - 1;
  }

  private cell_of(x: number, y: number): Point {
    const { nx, ny } = this.grid;
    return [round_even(x * ((this.mask.nx - 1) / (nx - 1))), round_even(y * ((this.mask.ny - 1) / (ny - 1)))];
  }

  /** A place in the grid of a cell. */
  place_of([x, y]: Point): Point {
    const { nx, ny } = this.grid;
    return [x * (1 / ((this.mask.nx - 1) / (nx - 1))), y * (1 / ((this.mask.ny - 1) / (ny - 1)))];
  }

  /** The direction at a place, of which a step of one is as long as the axes. */
  private direction(x: number, y: number, sign: 1 | -1): Point | 'outside' | 'still' {
    if (!this.is_within(x, y)) return 'outside';
    const speed = interpolated(this.speed, this.grid, x, y);
    if (Number.isNaN(speed) || speed === 0) return 'still';
    const scale = 1 / speed;
    const [u, v] = [interpolated(this.u, this.grid, x, y), interpolated(this.v, this.grid, x, y)];
    return [sign * (u * scale), sign * (v * scale)];
  }

  /** The directions at a place, and where a step of the first leads. */
  private slopes(x: number, y: number, ds: number, sign: 1 | -1): [Point, Point] | 'outside' | 'still' {
    const first = this.direction(x, y, sign);
    if (typeof first === 'string') return first;
    const second = this.direction(x + ds * first[0], y + ds * first[1], sign);
    return typeof second === 'string' ? second : [first, second];
  }

  /** Steps of Heun's method, shorter where the direction changes. */
  private follow([x0, y0]: Point, sign: 1 | -1, maxlength: number): { length: number; points: Point[] } {
    const { nx, ny } = this.grid;
    const { broken, step_scale, error_scale } = this.how;
    const most_error = 0.003 * error_scale;
    const most = Math.min(1 / this.mask.nx, 1 / this.mask.ny, 0.1) * step_scale;
    let [ds, length, x, y] = [most, 0, x0, y0];
    const points: Point[] = [];
    for (;;) {
      if (this.is_within(x, y)) points.push([x, y]);
      const slopes = this.slopes(x, y, ds, sign);
      if (slopes === 'outside' && points.length > 0) length += this.to_edge(points, sign);
      if (typeof slopes === 'string') break;
      const [first, second] = slopes;
      const [dx1, dy1] = [ds * first[0], ds * first[1]];
      const [dx2, dy2] = [ds * 0.5 * (first[0] + second[0]), ds * 0.5 * (first[1] + second[1])];
      const error = Math.hypot((dx2 - dx1) / (nx - 1), (dy2 - dy1) / (ny - 1));
      if (error < most_error) {
        x += dx2;
        y += dy2;
        if (!this.is_within(x, y) || !this.mask.enter(...this.cell_of(x, y), broken)) break;
        if (length + ds > maxlength) break;
        length += ds;
      }
      ds = error === 0 ? most : Math.min(most, 0.85 * ds * (most_error / error) ** 0.5);
    }
    return { length, points };
  }

  /** A straight step to the edge. */
  private to_edge(points: Point[], sign: 1 | -1): number {
    const { nx, ny } = this.grid;
    const [x, y] = points.at(-1)!;
    const direction = this.direction(x, y, sign);
    if (typeof direction === 'string') return 0;
    const reach = (at: number, speed: number, size: number): number =>
      speed === 0 ? Number.POSITIVE_INFINITY : speed < 0 ? at / -speed : (size - 1 - at) / speed;
    const ds = Math.min(reach(x, direction[0], nx), reach(y, direction[1], ny));
    points.push([x + direction[0] * ds, y + direction[1] * ds]);
    return ds;
  }

  /** A line through a place in the grid; undefined for one that is too short. */
  line(start: Point): Point[] | undefined {
    const { direction, minlength, broken } = this.how;
    const maxlength = direction === 'both' ? this.how.maxlength / 2 : this.how.maxlength;
    const cell = this.cell_of(...start);
    if (!this.mask.start(...cell, broken)) return undefined;
    let total = 0;
    const line: Point[] = [];
    if (direction !== 'forward') {
      const { length, points } = this.follow(start, -1, maxlength);
      total += length;
      line.push(...points.reverse());
    }
    if (direction !== 'backward') {
      this.mask.go_back_to(...cell);
      const { length, points } = this.follow(start, 1, maxlength);
      total += length;
      line.push(...points.slice(1));
    }
    if (total > minlength) return line;
    this.mask.undo();
    return undefined;
  }
}

/** Lines along a field, as places in its grid. */
export function streamlines(grid: FieldGrid, u: Float64Array, v: Float64Array, how: Tracing): Point[][] {
  const tracer = new Tracer(grid, u, v, how);
  const lines: Point[][] = [];
  const trace = (start: Point): void => {
    const line = tracer.line(start);
    if (line !== undefined) lines.push(line);
  };
  if (how.starts !== null) {
    const within = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);
    for (const [x, y] of how.starts) {
      const [px, py] = [(x - grid.origin[0]) * (1 / grid.step[0]), (y - grid.origin[1]) * (1 / grid.step[1])];
      trace([within(px, grid.nx), within(py, grid.ny)]);
    }
  } else {
    for (const [x, y] of spiral(tracer.mask.nx, tracer.mask.ny)) {
      if (tracer.mask.is_free(x, y)) trace(tracer.place_of([x, y]));
    }
  }
  return lines;
}

/** A line with an arrow. */
export interface Arrow {
  readonly tail: Point;
  readonly head: Point;
  readonly width: number;
  /** A colour, or a number for the colour map. */
  readonly color: Rgba | number;
}

/** How lines look: one width and colour, or a number for each place of the grid. */
export interface StreamLook {
  readonly width: number | Float64Array;
  readonly color: Rgba | Float64Array;
  /** Arrows on each line. */
  readonly arrows: number;
}

/** The parts of lines that look alike, in data coordinates. */
export interface StreamParts {
  readonly lines: Point[][];
  readonly widths: number[];
  /** Numbers of the parts for the colour map, where there is not one colour. */
  readonly numbers: number[];
  readonly arrows: Arrow[];
}

/** Cuts lines into parts that look alike, and finds the places of arrows. */
export function stream_parts(traced: readonly (readonly Point[])[], grid: FieldGrid, look: StreamLook): StreamParts {
  const { origin, step } = grid;
  const parts: StreamParts = { lines: [], widths: [], numbers: [], arrows: [] };
  const [width, color] = [look.width, look.color];
  for (const line of traced) {
    const points = line.map(([x, y]): Point => [x / (1 / step[0]) + origin[0], y / (1 / step[1]) + origin[1]]);
    const along = (values: unknown): number[] | undefined =>
      values instanceof Float64Array ? line.slice(0, -1).map(([x, y]) => interpolated(values, grid, x, y)) : undefined;
    const [widths, numbers] = [along(width), along(color)];
    if (widths === undefined && numbers === undefined) parts.lines.push(points);
    else for (let i = 0; i + 1 < points.length; i++) parts.lines.push([points[i]!, points[i + 1]!]);
    parts.widths.push(...(widths ?? []));
    parts.numbers.push(...(numbers ?? []));
    for (const { index, tail, head } of arrow_places(points, look.arrows)) {
      const own = { width: widths?.[index] ?? (width as number), color: numbers?.[index] ?? (color as Rgba) };
      parts.arrows.push({ tail, head, ...own });
    }
  }
  return parts;
}

/** Where the arrows of a line are: at equal distances along it. */
function arrow_places(points: readonly Point[], count: number): { index: number; tail: Point; head: Point }[] {
  let length = 0;
  const lengths = points.slice(1).map(([x, y], i) => {
    length += Math.hypot(x - points[i]![0], y - points[i]![1]);
    return length;
  });
  return Array.from({ length: count }, (_, k) => {
    const index = lengths.findIndex((each) => each >= length * ((k + 1) / (count + 1)));
    const [tail, next] = [points[index]!, points[index + 1]!];
    return { index, tail, head: [(tail[0] + next[0]) / 2, (tail[1] + next[1]) / 2] };
  });
}

/** Lines of many points, each with a width and a colour or a number for the colour map. */
export class StreamLines extends ScalarMappable {
  /** @internal */
  constructor(
    private readonly lines: readonly (readonly Point[])[],
    private readonly widths: readonly number[],
    /** One colour, or a number of each line for the colour map. */
    private readonly color: { readonly one: Rgba } | { readonly numbers: readonly number[] },
    private readonly edges: { readonly x: readonly number[]; readonly y: readonly number[] },
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    this._zorder = 2;
    if ('numbers' in color) norm._fit(color.numbers);
  }

  /** The points of each line. */
  get_segments(...none: []): [number, number][][];
  get_segments(...args: unknown[]): [number, number][][] {
    GET_SEGMENTS.read(args);
    return this.lines.map((line) => line.map(([x, y]) => [x, y]));
  }

  /** @internal */
  _color_of(i: number): Rgba {
    return 'one' in this.color ? this.color.one : this._mapped(this.color.numbers[i]!);
  }

  /** The colour of a number. @internal */
  _mapped(value: number): Rgba {
    return this.cmap._color(this.norm._map(value));
  }

  /** @internal */
  _widths(): readonly number[] {
    return this.widths;
  }

  /** @internal */
  override _limits(): DataLimits {
    const points = this.lines.flat();
    const limits = limits_of(
      points.map(([x]) => x),
      points.map(([, y]) => y),
    );
    return { ...limits, sticky_x: this.edges.x, sticky_y: this.edges.y };
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    this.lines.forEach((line, i) => {
      const look = { color: this._color_of(i), width: this.widths[i % this.widths.length]!, style: '-' as const };
      const stroke = stroke_of(r, look, 'butt');
      if (stroke === undefined) return;
      const points = line.map(([x, y]) => pixel(view, x, y));
      r.polyline(
        points.map(([x]) => x),
        points.map(([, y]) => y),
        stroke,
      );
    });
  }
}

/** The heads of arrows of a {@link StreamLines}. */
export class StreamArrows extends Artist {
  /** @internal */
  constructor(
    private readonly arrows: readonly Arrow[],
    private readonly lines: StreamLines,
    private readonly style: string,
    private readonly size: number,
  ) {
    super();
    this._zorder = 2;
  }

  /** @internal */
  get _arrows(): readonly Arrow[] {
    return this.arrows;
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    for (const { tail, head, width, color } of this.arrows) {
      const own = typeof color === 'number' ? this.lines._mapped(color) : color;
      const [[x0, y0], [x1, y1]] = [pixel(view, ...tail), pixel(view, ...head)];
      const distance = Math.hypot(x1 - x0, y1 - y0);
      if (distance === 0) continue;
      const [dx, dy] = [(x0 - x1) / distance, (y0 - y1) / distance];
      // A head of 0.4 by 0.4 of the size, moved back by what its sharp corner takes.
      const [length, half] = [r.px(0.4 * this.size), r.px(0.2 * this.size)];
      const line = r.px(width);
      const back = (0.5 * line) / (half / Math.hypot(length, half));
      const [px, py] = [x1 + back * dx, y1 + back * dy];
      const side = (sign: 1 | -1): [number, number] => [
        px + dx * length - sign * dy * half,
        py + dy * length + sign * dx * half,
      ];
      const stroke = { color: own, width: line, join: 'miter' as const };
      const [a, b] = [side(1), side(-1)];
      if (this.style === '-|>') r.path([['M', ...a], ['L', px, py], ['L', ...b], ['Z']], own, stroke);
      else if (this.style === '->')
        r.path(
          [
            ['M', ...a],
            ['L', px, py],
            ['L', ...b],
          ],
          null,
          stroke,
        );
    }
  }
}
