/** Points counted in hexagons: `hexbin`. */
import { method_signature } from '../_internal/signature.js';
import { type DataLimits, limits_of, pixel, ScalarMappable, type View } from './artists.js';
import type { Colormap, Normalize } from './cm.js';
import type { Rgba } from './colors.js';
import type { PathStep, Renderer, Stroke } from './renderer.js';
import { nonsingular, round_even } from './ticker.js';

const GET_ARRAY = method_signature<object>('get_array');

type Corner = readonly [x: number, y: number];

/** Polygons, coloured by numbers. Mirrors `matplotlib.collections.PolyCollection`. */
export class PolyCollection extends ScalarMappable {
  /** @internal */
  constructor(
    private readonly polygons: readonly (readonly Corner[])[],
    private readonly array: readonly number[],
    /** The corners of all that has a place. */
    private readonly range: readonly [Corner, Corner],
    private readonly edge: { readonly color: 'face' | 'none' | Rgba; readonly width: number },
    cmap: Colormap,
    norm: Normalize,
  ) {
    super(cmap, norm);
    norm._fit(array);
  }

  /** The number of each polygon. */
  get_array(...none: []): number[];
  get_array(...args: unknown[]): number[] {
    GET_ARRAY.read(args);
    return [...this.array];
  }

  /** @internal */
  _polygons(): readonly (readonly Corner[])[] {
    return this.polygons;
  }

  /** @internal */
  _faces(): Rgba[] {
    return this.array.map((value) => {
      const color = this.cmap._color(this.norm._map(value));
      return this._alpha === null ? color : [color[0], color[1], color[2], this._alpha];
    });
  }

  /** @internal */
  override _limits(): DataLimits {
    const [[x0, y0], [x1, y1]] = this.range;
    return limits_of([x0, x1], [y0, y1]);
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    const faces = this._faces();
    this.polygons.forEach((polygon, i) => {
      const steps = polygon.map(([x, y], k): PathStep => [k === 0 ? 'M' : 'L', ...pixel(view, x, y)]);
      const color = this.edge.color === 'face' ? faces[i]! : this.edge.color;
      const stroke: Stroke | null = color === 'none' ? null : { color, width: r.px(this.edge.width), join: 'miter' };
      r.path([...steps, ['Z']], faces[i]!, stroke);
    });
  }
}

/** What {@link count_in_hexagons} is told. */
export interface Hexagons {
  /** Hexagons in the direction of x and of y. */
  readonly size: readonly [nx: number, ny: number];
  /** The limits of x and of y; null for those of the points. */
  readonly extent: readonly number[] | null;
  /** Numbers of the points; null to count these. */
  readonly values: ArrayLike<number> | null;
  readonly reduce: (values: number[]) => number;
  /** The least number of points that a hexagon is drawn for. */
  readonly mincnt: number | null;
}

/** Two grids of hexagons, the second between the first, with the points that are nearest to each of their middles. */
export function count_in_hexagons(
  x: Float64Array,
  y: Float64Array,
  { size: [nx, ny], extent, values, reduce, mincnt }: Hexagons,
): { polygons: Corner[][]; numbers: number[]; range: [Corner, Corner] } {
  const range_of = (row: Float64Array): [number, number] =>
    row.length === 0 ? [0, 1] : nonsingular(Math.min(...row), Math.max(...row), 0.1);
  const [[left, right], [bottom, top]] =
    extent === null
      ? [range_of(x), range_of(y)]
      : [extent.slice(0, 2) as [number, number], extent.slice(2) as [number, number]];
  const padding = 1e-9 * (right - left);
  const [xmin, xmax] = [left - padding, right + padding];
  const [sx, sy] = [(xmax - xmin) / nx, (top - bottom) / ny];
  const [nx1, ny1] = [nx + 1, ny + 1];
  const members: number[][] = Array.from({ length: nx1 * ny1 + nx * ny }, () => []);
  for (let k = 0; k < x.length; k++) {
    const [ix, iy] = [(x[k]! - xmin) / sx, (y[k]! - bottom) / sy];
    const [ix1, iy1, ix2, iy2] = [round_even(ix), round_even(iy), Math.floor(ix), Math.floor(iy)];
    const first = (ix - ix1) ** 2 + 3 * (iy - iy1) ** 2;
    const second = (ix - ix2 - 0.5) ** 2 + 3 * (iy - iy2 - 0.5) ** 2;
    const inside = (i: number, j: number, wide: number, high: number): boolean =>
      i >= 0 && i < wide && j >= 0 && j < high;
    const at =
      first < second
        ? inside(ix1, iy1, nx1, ny1)
          ? ix1 * ny1 + iy1
          : -1
        : inside(ix2, iy2, nx, ny)
          ? nx1 * ny1 + ix2 * ny + iy2
          : -1;
    members[at]?.push(values === null ? 1 : values[k]!);
  }
  const least = mincnt ?? (values === null ? 0 : 1);
  const shape: readonly Corner[] = [
    ...([
      [0.5, -0.5],
      [0.5, 0.5],
      [0, 1],
    ] as const),
    ...([
      [-0.5, 0.5],
      [-0.5, -0.5],
      [0, -1],
    ] as const),
  ];
  const [polygons, numbers]: [Corner[][], number[]] = [[], []];
  members.forEach((own, k) => {
    const number = own.length < least ? Number.NaN : values === null ? own.length : reduce(own);
    if (Number.isNaN(number)) return;
    const second = k >= nx1 * ny1;
    const at = second ? k - nx1 * ny1 : k;
    const high = second ? ny : ny1;
    const [i, j] = [Math.floor(at / high) + (second ? 0.5 : 0), (at % high) + (second ? 0.5 : 0)];
    polygons.push(shape.map(([dx, dy]) => [i * sx + xmin + dx * sx, j * sy + bottom + (dy * sy) / 3]));
    numbers.push(number);
  });
  return {
    polygons,
    numbers,
    range: [
      [xmin, bottom],
      [xmax, top],
    ],
  };
}

/** The numbers of the intervals between edges in which numbers are. */
export function in_bins(numbers: readonly number[], bins: number | Float64Array): number[] {
  let edges: number[];
  if (typeof bins === 'number') {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const steps = bins - 1;
    edges = Array.from({ length: steps }, (_, i) => low + ((high - low) * i) / steps);
  } else edges = [...bins].sort((a, b) => a - b);
  return numbers.map((number) => edges.filter((edge) => edge < number).length);
}
