/** Draws rectangles, circles and lines over pixels, where Pillow draws them. */
import { frombuffer } from '../../creation.js';
import { uint8 } from '../../types/dtype.js';
import type { Tensor } from '../../_tensor.js';
import type { Rgb } from './colors.js';

/** Halves away from zero. */
const round_up = (x: number): number => (x >= 0 ? Math.floor(x + 0.5) : -Math.floor(-x + 0.5));
/** Halves towards zero. */
const round_down = (x: number): number => (x >= 0 ? Math.ceil(x - 0.5) : -Math.ceil(-x - 0.5));

/** A pixel, or a place between pixels. */
export type Point = readonly [x: number, y: number];

/** An image with three bytes for each pixel. */
export class PixelCanvas {
  constructor(
    readonly data: Uint8Array<ArrayBuffer>,
    readonly width: number,
    readonly height: number,
  ) {}

  /** A copy of a uint8 image of shape `(3, H, W)`. */
  static from(image: Tensor): PixelCanvas {
    const rows = image.cpu().permute(1, 2, 0).contiguous();
    return new PixelCanvas(new Uint8Array(rows.numpy().data as Uint8Array), image.size(2), image.size(1));
  }

  /** The image, of shape `(3, H, W)`. */
  tensor(): Tensor {
    return frombuffer(this.data, { dtype: uint8 }).view(this.height, this.width, 3).permute(2, 0, 1);
  }

  /** A row of pixels, both ends included; `alpha` of 255 covers what was there. */
  private row(from: number, to: number, y: number, color: Rgb, alpha = 255): void {
    if (y < 0 || y >= this.height) return;
    const last = Math.min(to, this.width - 1);
    for (let x = Math.max(from, 0); x <= last; x++) {
      const at = (y * this.width + x) * 3;
      for (let k = 0; k < 3; k++) {
        const mixed = this.data[at + k]! * (255 - alpha) + color[k]! * alpha + 128;
        this.data[at + k] = (mixed + (mixed >> 8)) >> 8;
      }
    }
  }

  /** Pixels of a column, without the last; `to` may be above `from`. */
  private column(x: number, from: number, to: number, color: Rgb): void {
    const [first, last] = from < to ? [from, to - 1] : [to + 1, from];
    for (let y = Math.max(first, 0); y <= Math.min(last, this.height - 1); y++) this.row(x, x, y, color);
  }

  /** All pixels of a rectangle, over which the color is mixed. */
  fill_rectangle([left, top, right, bottom]: readonly number[], color: Rgb, alpha: number): void {
    for (let y = Math.max(top!, 0); y <= Math.min(bottom!, this.height - 1); y++)
      this.row(left!, right!, y, color, alpha);
  }

  /** The outline of a rectangle, which is within it. */
  outline_rectangle([left, top, right, bottom]: readonly number[], color: Rgb, width: number): void {
    for (let i = 0; i < width; i++) {
      this.row(left!, right!, top! + i, color);
      this.row(left!, right!, bottom! - i, color);
      this.column(right! - i, top! + width, bottom! - width + 1, color);
      this.column(left! + i, top! + width, bottom! - width + 1, color);
    }
  }

  /**
   * A disk of whole radius. Its edge goes from pixel to neighbouring pixel, each time to the one that deviates least from
   * the circle.
   */
  disk([center_x, center_y]: Point, radius: number, color: Rgb): void {
    if (radius === 0) return; // Pillow draws none
    const deviation = (x: number, y: number): number => Math.abs(x * x + y * y - radius * radius);
    let [x, y] = [radius, 0];
    let widest = x;
    for (;;) {
      this.row(center_x - widest, center_x + widest, center_y - y, color);
      if (y !== 0) this.row(center_x - widest, center_x + widest, center_y + y, color);
      const row = y;
      while (y === row) {
        if (x === 0 && y === radius) return;
        const up: Point = [x, y + 1];
        const next = x > 0 ? [up, [x - 1, y + 1] as const, [x - 1, y] as const] : [up];
        let best = up;
        for (const each of next) if (deviation(...each) < deviation(...best)) best = each;
        [x, y] = best;
      }
      widest = x;
    }
  }

  /** A line of a width. */
  line([x0, y0]: Point, [x1, y1]: Point, width: number, color: Rgb): void {
    if (width <= 1) return this.thin_line([x0, y0], [x1, y1], color);
    const [across, down] = [x1 - x0, y1 - y0];
    if (across === 0 && down === 0) return this.row(x0, x0, y0, color);
    const length = Math.hypot(across, down);
    const half = (width - 1) / 2;
    const [more, less] = [round_up(half) / length, round_down(half) / length];
    const [x_less, x_more] = [round_down(less * down), round_down(more * down)];
    const [y_less, y_more] = [round_up(less * across), round_down(more * across)];
    this.convex(
      [
        [x0 - x_less, y0 + y_more],
        [x1 - x_less, y1 + y_more],
        [x1 + x_more, y1 - y_less],
        [x0 + x_more, y0 - y_less],
      ],
      color,
    );
  }

  /**
   * The outline of a quadrilateral, whose first side is dashed, so that it can be seen which way up it is; as torchvision
   * draws rotated boxes.
   */
  outline_quadrilateral(corners: readonly Point[], color: Rgb, width: number): void {
    const [first, second] = corners as [Point, Point];
    this.dashed_line(first, second, color, width);
    for (let i = 1; i < corners.length; i++) {
      this.line(corners[i]!, corners[(i + 1) % corners.length]!, width, color);
    }
  }

  /** A line of dashes and gaps of five pixels; ends of dashes are cut off to whole pixels. */
  private dashed_line(from: Point, to: Point, color: Rgb, width: number): void {
    const [x1, y1] = to;
    let [x, y] = from;
    let left = ((x1 - x) ** 2 + (y1 - y) ** 2) ** 0.5;
    for (let is_dash = true; left > 0; is_dash = !is_dash) {
      const length = Math.min(left, 5);
      const angle = Math.atan2(y1 - y, x1 - x);
      const end: Point = [x + Math.cos(angle) * length, y + Math.sin(angle) * length];
      const whole = (point: Point): Point => [Math.trunc(point[0]), Math.trunc(point[1])];
      if (is_dash) this.line(whole([x, y]), whole(end), width, color);
      left -= length;
      [x, y] = end;
    }
  }

  /** All pixels of a convex polygon, over which the color is mixed. */
  convex(corners: readonly Point[], color: Rgb, alpha = 255): void {
    const rows = corners.map(([, y]) => y);
    for (let y = Math.max(Math.min(...rows), 0); y <= Math.min(Math.max(...rows), this.height - 1); y++) {
      const places = corners.flatMap(([x0, y0], i) => {
        const [x1, y1] = corners[(i + 1) % corners.length]!;
        if (y < Math.min(y0, y1) || y > Math.max(y0, y1)) return [];
        return y0 === y1 ? [x0, x1] : [x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)];
      });
      this.row(round_up(Math.min(...places)), round_down(Math.max(...places)), y, color, alpha);
    }
  }

  /** A line of single pixels, by Bresenham's algorithm. */
  private thin_line([x0, y0]: Point, [x1, y1]: Point, color: Rgb): void {
    const [across, down] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
    const [step_x, step_y] = [Math.sign(x1 - x0), Math.sign(y1 - y0)];
    const steep = down > across;
    const [long, short] = steep ? [down, across] : [across, down];
    let [x, y, error] = [x0, y0, 2 * short - long];
    for (let i = 0; i <= long; i++) {
      this.row(x, x, y, color);
      if (error >= 0) {
        if (steep) x += step_x;
        else y += step_y;
        error -= 2 * long;
      }
      if (steep) y += step_y;
      else x += step_x;
      error += 2 * short;
    }
  }
}
