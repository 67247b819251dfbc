/** Masks of MS COCO: polygons and runs, as the COCO API draws and stores them. */
import { frombuffer } from '../../creation.js';
import { python_repr } from '../../python/print.js';
import { uint8 } from '../../types/dtype.js';
import type { Tensor } from '../../_tensor.js';

type Size = readonly [height: number, width: number];

/** Runs of pixels outside and inside by turns, down one column after the other. */
interface Runs {
  readonly counts: string | readonly number[];
  readonly size: readonly number[];
}

/** Numbers of a text: of five bits a character, the last of each number with its sign; from the third on, differences. */
function counts_of(text: string): number[] {
  const counts: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of text) {
    const bits = char.charCodeAt(0) - 48;
    value |= (bits & 0x1f) << shift;
    shift += 5;
    if ((bits & 0x20) !== 0) continue;
    if ((bits & 0x10) !== 0) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value);
    value = 0;
    shift = 0;
  }
  return counts;
}

/** Rows of pixels, of columns one after the other. */
function rows_of(columns: Uint8Array, [height, width]: Size): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * width + x] = columns[x * height + y]!;
  return rows;
}

/** @throws Error for runs that are not those of their size */
function of_runs({ counts, size }: Runs): [Uint8Array<ArrayBuffer>, Size] {
  const [height = 0, width = 0] = size;
  const columns = new Uint8Array(height * width);
  let at = 0;
  for (const [i, count] of (typeof counts === 'string' ? counts_of(counts) : counts).entries()) {
    if (!(count >= 0 && at + count <= columns.length)) throw new Error('COCO segmentation: runs do not fit their size');
    columns.fill(i % 2, at, at + count);
    at += count;
  }
  return [rows_of(columns, [height, width]), [height, width]];
}

/** Parts of a pixel by which edges are placed. */
const FINE = 5;

/** The places along the edges of a polygon, at a fifth of a pixel. */
function edge_places(polygon: readonly number[]): [x: number, y: number][] {
  const fine = polygon.map((value) => Math.trunc(FINE * value + 0.5));
  const places: [number, number][] = [];
  for (let i = 0; i < fine.length; i += 2) {
    const next = (i + 2) % fine.length;
    const [from, to] = [[fine[i]!, fine[i + 1]!] as const, [fine[next]!, fine[next + 1]!] as const];
    const [across, down] = [Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
    const long = across >= down ? 0 : 1;
    const is_backwards = from[long] > to[long];
    const [first, last] = is_backwards ? [to, from] : [from, to];
    const length = Math.max(across, down);
    const slope = length === 0 ? 0 : (last[1 - long]! - first[1 - long]!) / length;
    for (let d = 0; d <= length; d++) {
      const t = is_backwards ? length - d : d;
      const along = t + first[long];
      const beside = Math.trunc(first[1 - long]! + slope * t + 0.5);
      places.push(long === 0 ? [along, beside] : [beside, along]);
    }
  }
  return places;
}

/** Adds the pixels of a polygon to a mask. */
function add_polygon(mask: Uint8Array, polygon: readonly number[], [height, width]: Size): void {
  // At each of these pixels, counted down the columns, inside becomes outside or the other way around.
  const changes = new Uint8Array(height * width + 1);
  const places = edge_places(polygon);
  const to_pixel = (fine: number): number => (fine + 0.5) / FINE - 0.5;
  for (let i = 1; i < places.length; i++) {
    const [[x, y], [before_x, before_y]] = [places[i]!, places[i - 1]!];
    if (x === before_x) continue;
    const column = to_pixel(x < before_x ? x : x - 1);
    if (!Number.isInteger(column) || column < 0 || column > width - 1) continue;
    const row = Math.ceil(Math.min(Math.max(to_pixel(Math.min(y, before_y)), 0), height));
    changes[column * height + row]! ^= 1;
  }
  let inside = 0;
  for (let i = 0; i < height * width; i++) {
    inside ^= changes[i]!;
    const [x, y] = [Math.floor(i / height), i % height];
    if (inside !== 0) mask[y * width + x] = 1;
  }
}

/**
 * The mask of a `segmentation` of an annotation, uint8 `(H, W)`.
 * @throws Error for what is neither a list of polygons nor an object of runs
 */
export function coco_mask(segmentation: unknown, size: Size): Tensor {
  if (Array.isArray(segmentation)) {
    const mask = new Uint8Array(size[0] * size[1]);
    for (const polygon of segmentation as number[][]) add_polygon(mask, polygon, size);
    return frombuffer(mask, { dtype: uint8 }).view(...size);
  }
  if (typeof segmentation !== 'object' || segmentation === null || !('counts' in segmentation)) {
    throw new Error(`COCO segmentation expected to be a dict or a list, got ${python_repr(segmentation)}`);
  }
  const [mask, own_size] = of_runs(segmentation as Runs);
  return frombuffer(mask, { dtype: uint8 }).view(...own_size);
}
