/** Where the labels of contours are, and the lines that are left around them. */
import type { Trace } from './contour.js';

type Point = readonly [x: number, y: number];

/** A label in pixels, and in what pieces its line is left, in data coordinates. */
export interface PlacedLabel {
  readonly x: number;
  readonly y: number;
  /** In degrees, against the clock. */
  readonly rotation: number;
  readonly pieces: Trace[];
}

/** Whether a line is long enough for a label of a width. */
export function is_long_enough(points: readonly Point[], width: number): boolean {
  if (points.length > 10 * width) return true;
  return ([0, 1] as const).some((axis) => {
    const values = points.map((point) => point[axis]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b)) > 1.2 * width;
  });
}

/** The straightest part of a line, as long as a label, that is not close to other labels. @returns the index of its middle */
export function straightest(points: readonly Point[], width: number, others: readonly Point[]): number {
  const count = points.length;
  const blocks = width > 1 ? Math.ceil(count / width) : 1;
  const size = blocks === 1 ? count : Math.trunc(width);
  const at = (block: number, i: number): Point => points[(block * size + i) % count]!;
  const bend = (block: number): number => {
    const [[x0, y0], [x1, y1]] = [at(block, 0), at(block, size - 1)];
    const length = Math.hypot(x1 - x0, y1 - y0);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const [x, y] = at(block, i);
      sum += Math.abs((y0 - y) * (x1 - x0) - (x0 - x) * (y1 - y0)) / length;
    }
    return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
  };
  const order = Array.from({ length: blocks }, (_, block) => ({ block, bend: bend(block) })).sort(
    (a, b) => a.bend - b.bend,
  );
  const middle = Math.floor(size / 2);
  const is_free = ({ block }: { block: number }): boolean => {
    const [x, y] = at(block, middle);
    return others.every(([ox, oy]) => (x - ox) ** 2 + (y - oy) ** 2 >= (1.2 * width) ** 2);
  };
  const { block } = order.find(is_free) ?? order[0]!;
  return (block * size + middle) % count;
}

/** A line with its length from the beginning at each point. */
class Measured {
  private readonly lengths: number[] = [0];

  constructor(
    private readonly trace: Trace,
    readonly pixels: readonly Point[],
  ) {
    for (let i = 1; i < pixels.length; i++) {
      const [[x0, y0], [x1, y1]] = [pixels[i - 1]!, pixels[i]!];
      this.lengths.push(this.lengths[i - 1]! + Math.hypot(x1 - x0, y1 - y0));
    }
  }

  get length(): number {
    return this.lengths[this.lengths.length - 1]!;
  }

  length_at(i: number): number {
    return this.lengths[i]!;
  }

  /** The segment in which a length is, and its part; the ends for lengths outside. */
  private segment(length: number): [i: number, part: number] {
    const last = this.lengths.length - 2;
    let i = this.lengths.findIndex((each) => each > length) - 1;
    if (i < 0 || i > last) i = length <= 0 ? 0 : last;
    const [from, to] = [this.lengths[i]!, this.lengths[i + 1]!];
    return [i, to === from ? 0 : Math.min(1, Math.max(0, (length - from) / (to - from)))];
  }

  pixel_at(length: number): Point {
    const [i, part] = this.segment(length);
    const [[x0, y0], [x1, y1]] = [this.pixels[i]!, this.pixels[i + 1]!];
    return [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
  }

  /** The piece from one length to another. */
  piece(from: number, to: number): Trace {
    const { x, y } = this.trace;
    const [i, p] = this.segment(from);
    const [j, q] = this.segment(to);
    const between = (row: readonly number[], k: number, part: number): number =>
      row[k]! + part * (row[k + 1]! - row[k]!);
    const cut = (row: readonly number[]): number[] => [
      between(row, i, p),
      ...row.slice(i + 1, j + 1),
      between(row, j, q),
    ];
    return { x: cut(x), y: cut(y) };
  }
}

/** A label at a point of a line. */
export function placed_label(
  trace: Trace,
  pixels: readonly Point[],
  index: number,
  width: number,
  { spacing, upright }: { spacing: number; upright: boolean },
): PlacedLabel {
  const last = pixels.length - 1;
  const closed = last > 1 && trace.x[0] === trace.x[last] && trace.y[0] === trace.y[last];
  const turn = <T>(row: readonly T[]): T[] =>
    closed ? [...row.slice(index, -1), ...row.slice(0, index + 1)] : [...row];
  const line = new Measured({ x: turn(trace.x), y: turn(trace.y) }, turn(pixels));
  const at = closed ? 0 : line.length_at(index);
  const before = (distance: number): number => (closed ? line.length - distance : at - distance);
  const [x0, y0] = line.pixel_at(before(width / 2));
  const [x1, y1] = line.pixel_at(at + width / 2);
  let rotation = (-Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
  if (upright) rotation = ((((rotation + 90) % 180) + 180) % 180) - 90;
  const [end, start] = [before(width / 2 + spacing), at + width / 2 + spacing];
  const pieces: Trace[] = [];
  if (closed) {
    if (end > start) pieces.push(line.piece(start, end));
  } else {
    if (end > 0) pieces.push(line.piece(0, end));
    if (start < line.length) pieces.push(line.piece(start, line.length));
  }
  const [x, y] = pixels[index]!;
  return { x, y, rotation, pieces };
}
