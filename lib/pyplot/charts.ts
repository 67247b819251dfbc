/** Wedges of pies and the stems of stem plots: what those charts are made of. */
import type { Tuple } from '../python/values.js';
import { python_format } from '../python/format_spec.js';
import {
  Artist,
  type DataLimits,
  type Handle,
  type Line2D,
  type LineCollection,
  limits_of,
  Patch,
  type PatchOptions,
  type Text,
  type View,
} from './artists.js';
import type { ColorLike } from './colors.js';
import type { PathStep, Renderer } from './renderer.js';

type Point = readonly [x: number, y: number];

/** An arc of the unit circle as curves of the third degree, with as many parts as matplotlib takes; angles in degrees. */
export function arc(theta1: number, theta2: number): { start: Point; curves: (readonly [Point, Point, Point])[] } {
  let unwrapped = theta2 - 360 * Math.floor((theta2 - theta1) / 360);
  // A whole turn stays one.
  if (theta2 !== theta1 && unwrapped <= theta1) unwrapped += 360;
  const [from, to] = [(theta1 * Math.PI) / 180, (unwrapped * Math.PI) / 180];
  const count = Math.trunc(2 ** Math.ceil((to - from) / (Math.PI / 2)));
  const part = (to - from) / count;
  const t = Math.tan(part / 2);
  const alpha = (Math.sin(part) * (Math.sqrt(4 + 3 * t * t) - 1)) / 3;
  const at = (i: number): { p: Point; d: Point } => {
    const angle = from + (i * (to - from)) / count;
    return { p: [Math.cos(angle), Math.sin(angle)], d: [-Math.sin(angle), Math.cos(angle)] };
  };
  const curves = Array.from({ length: count }, (_, i) => {
    const [a, b] = [at(i), at(i + 1)];
    const first: Point = [a.p[0] + alpha * a.d[0], a.p[1] + alpha * a.d[1]];
    const second: Point = [b.p[0] - alpha * b.d[0], b.p[1] - alpha * b.d[1]];
    return [first, second, b.p] as const;
  });
  return { start: at(0).p, curves };
}

/** A part of a circle, or of a ring. Mirrors `matplotlib.patches.Wedge`. */
export class Wedge extends Patch {
  /** @internal */
  constructor(
    callee: string,
    /** The middle of the circle. */
    readonly center: Point,
    /** The radius. */
    readonly r: number,
    /** Where the wedge begins, in degrees. */
    readonly theta1: number,
    /** Where it ends. */
    readonly theta2: number,
    /** The width of the ring; null for a wedge that reaches the middle. */
    readonly width: number | null,
    color: ColorLike,
    options: PatchOptions,
  ) {
    super(callee, color, options);
  }

  /** The outline, by a function of places on the unit circle and a radius. */
  private outline(place: (point: Point, radius: number) => Point): PathStep[] {
    const { start, curves } = arc(this.theta1, this.theta2);
    const curve = (points: readonly Point[], radius: number): PathStep => {
      const [a, b, c] = points.map((point) => place(point, radius)) as [Point, Point, Point];
      return ['C', a[0], a[1], b[0], b[1], c[0], c[1]];
    };
    const steps: PathStep[] = [['M', ...place(start, this.r)], ...curves.map((each) => curve(each, this.r))];
    if (this.width === null) steps.push(['L', ...place([0, 0], 0)]);
    else {
      const inner = this.r - this.width;
      steps.push(['L', ...place(curves.at(-1)?.[2] ?? start, inner)]);
      for (let i = curves.length - 1; i >= 0; i--) {
        const [a, b] = curves[i]!;
        steps.push(curve([b, a, i > 0 ? curves[i - 1]![2] : start], inner));
      }
    }
    return [...steps, ['Z']];
  }

  /** @internal */
  override _limits(): DataLimits {
    const [xs, ys]: [number[], number[]] = [[], []];
    const [cx, cy] = this.center;
    const { curves, start } = arc(this.theta1, this.theta2);
    const add = ([x, y]: Point, radius: number): void => {
      xs.push(cx + x * radius);
      ys.push(cy + y * radius);
    };
    const radii = this.width === null ? [this.r] : [this.r, this.r - this.width];
    if (this.width === null) add([0, 0], 0);
    for (const radius of radii) {
      let from = start;
      add(from, radius);
      for (const [a, b, c] of curves) {
        for (const axis of [0, 1] as const) {
          for (const at of turning(from[axis], a[axis], b[axis], c[axis])) add(on_curve(from, a, b, c, at), radius);
        }
        add(c, radius);
        from = c;
      }
    }
    return limits_of(xs, ys);
  }

  /** @internal */
  _draw(r: Renderer, view: View): void {
    if (this.theta1 === this.theta2) return;
    const [cx, cy] = this.center;
    const steps = this.outline(([x, y], radius) => [view.x(cx + x * radius), view.y(cy + y * radius)]);
    this.draw_path(r, steps);
  }
}

/** Where a curve of the third degree turns back. */
function turning(p0: number, p1: number, p2: number, p3: number): number[] {
  const [a, b, c] = [p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0];
  const inside = (at: number): boolean => at > 0 && at < 1;
  if (Math.abs(a) < 1e-14) return Math.abs(b) < 1e-14 ? [] : [-c / b].filter(inside);
  const root = b * b - 4 * a * c;
  if (root < 0) return [];
  return [(-b + Math.sqrt(root)) / (2 * a), (-b - Math.sqrt(root)) / (2 * a)].filter(inside);
}

function on_curve(p0: Point, p1: Point, p2: Point, p3: Point, t: number): Point {
  const s = 1 - t;
  const one = (axis: 0 | 1): number =>
    s ** 3 * p0[axis] + 3 * s * s * t * p1[axis] + 3 * s * t * t * p2[axis] + t ** 3 * p3[axis];
  return [one(0), one(1)];
}

/** The keyword arguments of the wedges of a pie. */
export interface WedgeOptions extends PatchOptions {
  /** The width of a ring, for a pie with a hole. */
  width?: number | null;
}

/** What a pie returns: its wedges, their labels, and with `autopct` the texts in them. */
export type Pie = [wedges: Wedge[], texts: Text[], autotexts: Text[]] & Tuple<unknown>;

/** A number by a format of Python's `%` operator, such as `'%1.1f%%'`. @throws Error for others */
export function percent_format(callee: string, pattern: string, value: number): string {
  let used = 0;
  const text = pattern.replace(/%(?:%|([-+ 0#]*)(\d*)(\.\d+)?([a-zA-Z])|.|$)/g, (all, flags, width, digits, type) => {
    if (all === '%%') return '%';
    if (typeof type !== 'string' || !'diufFeEgG'.includes(type))
      throw new Error(`${callee}(): unsupported format '${all}' in '${pattern}'`);
    used++;
    const whole = 'diu'.includes(type);
    const given = String(flags);
    const align = given.includes('-') ? '<' : given.includes('0') && width !== '' ? '=' : '>';
    const fill = align === '=' ? '0' : ' ';
    const sign = given.includes('+') ? '+' : given.includes(' ') ? ' ' : '';
    const spec = `${fill}${align}${sign}${String(width)}${whole ? 'd' : `${String(digits ?? '')}${type}`}`;
    return python_format(whole ? Math.trunc(value) : value, spec, !whole);
  });
  if (used !== 1) {
    const why =
      used === 0 ? 'not all arguments converted during string formatting' : 'not enough arguments for format string';
    throw new TypeError(`${callee}(): ${why}`);
  }
  return text;
}

/** The lines and markers of a stem plot. Mirrors `matplotlib.container.StemContainer`. */
export class StemContainer extends Artist implements Iterable<Line2D | LineCollection> {
  /** @internal */
  constructor(
    /** The markers at the heads. */
    readonly markerline: Line2D,
    /** The stems. */
    readonly stemlines: LineCollection,
    /** The line at the feet. */
    readonly baseline: Line2D,
    label: string,
  ) {
    super();
    this._label = label;
  }

  [Symbol.iterator](): Iterator<Line2D | LineCollection> {
    return [this.markerline, this.stemlines, this.baseline][Symbol.iterator]();
  }

  /** @internal */
  _draw(): void {
    // Its parts are artists of the axes themselves.
  }

  /** @internal */
  override _handle(): Handle | undefined {
    const stem = this.stemlines._handle().line;
    const marker = this.markerline._handle().line?.marker ?? null;
    return stem && { line: { stroke: stem.stroke, marker } };
  }

  /** Takes stems, markers and the line at the feet out of their axes. */
  override remove(...args: unknown[]): void {
    super.remove(...(args as []));
    for (const part of this) if (part._parent !== null) part.remove();
  }
}

/** What a stem plot returns, which can be taken apart: `const [markerline, stemlines, baseline] = plt.stem(y)`. */
export type Stems = StemContainer & readonly [markerline: Line2D, stemlines: LineCollection, baseline: Line2D];

/** Corners of steps between points, as `fill_between` with `step` has them. */
export function stepped(step: string, rows: readonly Float64Array[]): Float64Array[] {
  const [t, ...others] = rows as [Float64Array, ...Float64Array[]];
  const n = t.length;
  if (n === 0) return [...rows];
  if (step === 'mid') {
    const middle = Float64Array.from({ length: 2 * n }, (_, k) => {
      if (k === 0) return t[0]!;
      if (k === 2 * n - 1) return t[n - 1]!;
      const i = Math.floor((k - 1) / 2);
      return (t[i]! + t[i + 1]!) / 2;
    });
    return [middle, ...others.map((row) => Float64Array.from({ length: 2 * n }, (_, k) => row[k >> 1]!))];
  }
  const count = 2 * n - 1;
  const late = (row: Float64Array): Float64Array => Float64Array.from({ length: count }, (_, k) => row[(k + 1) >> 1]!);
  const early = (row: Float64Array): Float64Array => Float64Array.from({ length: count }, (_, k) => row[k >> 1]!);
  return step === 'pre' ? [early(t), ...others.map(late)] : [late(t), ...others.map(early)];
}

/** Where two curves cross between the points `index - 1` and `index`, or the point itself at the end of the data. */
export function crossing(t: Float64Array, upper: Float64Array, lower: Float64Array, index: number): [number, number] {
  const before = Math.max(index - 1, 0);
  const points = [before, index].filter((i, k, all) => i < t.length && all.indexOf(i) === k);
  const gap = points.map((i) => upper[i]! - lower[i]!);
  if (points.length === 1) return [t[before]!, upper[before]!];
  if (!Number.isFinite(gap[1]!)) return [t[before]!, upper[before]!];
  if (!Number.isFinite(gap[0]!)) return [t[index]!, upper[index]!];
  const root = interpolated(0, gap, [t[before]!, t[index]!]);
  return [root, interpolated(root, [t[before]!, t[index]!], [upper[before]!, upper[index]!])];
}

/** A value between two points; outside of them that of the nearer one. */
function interpolated(x: number, xs: readonly number[], ys: readonly number[]): number {
  const [lo, hi] = xs[0]! <= xs[1]! ? [0, 1] : [1, 0];
  if (x <= xs[lo]!) return ys[lo]!;
  if (x >= xs[hi]!) return ys[hi]!;
  return ys[lo]! + ((ys[hi]! - ys[lo]!) / (xs[hi]! - xs[lo]!)) * (x - xs[lo]!);
}
