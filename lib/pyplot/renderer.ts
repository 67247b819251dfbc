/** What figures are drawn on: a canvas of the npm package `@napi-rs/canvas`, for pixels, SVG or PDF. */
import { optional_package } from '../_internal/optional_package.js';
import { css, type Rgba } from './colors.js';
import { layout_math, type MathRun } from './mathtext.js';

/** What is used of a drawing context. */
export interface Context {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  miterLimit: number;
  font: string;
  imageSmoothingEnabled: boolean;
  imageSmoothingQuality: string;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  closePath(): void;
  fill(rule?: string): void;
  stroke(): void;
  clip(): void;
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  rotate(angle: number): void;
  scale(x: number, y: number): void;
  setLineDash(pattern: number[]): void;
  lineDashOffset: number;
  fillRect(x: number, y: number, width: number, height: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): {
    width: number;
    actualBoundingBoxAscent: number;
    actualBoundingBoxDescent: number;
    fontBoundingBoxAscent: number;
  };
  drawImage(image: unknown, x: number, y: number, width: number, height: number): void;
  createImageData(width: number, height: number): { data: Uint8ClampedArray };
  putImageData(image: { data: Uint8ClampedArray }, x: number, y: number): void;
}

/** A canvas of pixels. */
export interface RasterCanvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): Context;
  encodeSync(format: 'png'): Uint8Array;
  encodeSync(format: 'jpeg' | 'webp', quality?: number): Uint8Array;
  data(): Uint8Array;
}

interface CanvasLibrary {
  createCanvas(width: number, height: number): RasterCanvas;
  createCanvas(
    width: number,
    height: number,
    svg: number,
  ): { getContext(kind: '2d'): Context; getContent(): Uint8Array };
  readonly GlobalFonts: { has(name: string): boolean };
  readonly SvgExportFlag: { readonly ConvertTextToPaths: number };
  readonly PDFDocument: new (
    metadata: Record<string, unknown>,
  ) => {
    beginPage(width: number, height: number): Context;
    endPage(): void;
    close(): Uint8Array;
  };
}

/** The package that draws. @throws Error that says how to install it */
export const canvas_library = (): CanvasLibrary =>
  optional_package<CanvasLibrary>('@napi-rs/canvas', 'torch-node/pyplot');

/** Steps of a path. */
export type PathStep =
  | readonly ['M' | 'L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

/** How a line is drawn. */
export interface Stroke {
  readonly color: Rgba;
  /** Width in pixels. */
  readonly width: number;
  /** Lengths of dashes and gaps in pixels. */
  readonly dashes?: readonly number[] | null;
  readonly dash_offset?: number;
  readonly cap?: 'butt' | 'round' | 'square';
  readonly join?: 'miter' | 'round' | 'bevel';
}

/** How text is written. */
export interface TextStyle {
  /** In points. */
  readonly size: number;
  readonly color: Rgba;
  readonly weight?: string;
  readonly style?: string;
  readonly family?: string;
  readonly ha?: HorizontalAlignment;
  readonly va?: VerticalAlignment;
  /** In degrees, against the clock. */
  readonly rotation?: number;
  readonly rotation_mode?: string;
  readonly linespacing?: number | null;
}

export type HorizontalAlignment = 'left' | 'center' | 'right';
export type VerticalAlignment = 'top' | 'bottom' | 'center' | 'baseline' | 'center_baseline';

/** A rectangle in pixels; y grows downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The smallest rectangle around some; undefined around none. */
export function union(boxes: readonly (Box | undefined)[]): Box | undefined {
  const all = boxes.filter((box) => box !== undefined);
  if (all.length === 0) return undefined;
  return {
    left: Math.min(...all.map((box) => box.left)),
    top: Math.min(...all.map((box) => box.top)),
    right: Math.max(...all.map((box) => box.right)),
    bottom: Math.max(...all.map((box) => box.bottom)),
  };
}

/** A text that has been laid out around the point where it is. */
export interface TextLayout {
  readonly box: Box;
  readonly lines: readonly { readonly runs: readonly MathRun[]; readonly x: number; readonly y: number }[];
  readonly angle: number;
}

// Parts of the size of a font above and below the baseline, as DejaVu Sans has them, and the gap between two lines.
const ascent_part = 1556 / 2048;
const descent_part = 492 / 2048;
const gap_part = 410 / 2048;

const generic = new Set(['sans-serif', 'serif', 'monospace', 'cursive', 'fantasy']);

function css_family(family: string): string {
  const { GlobalFonts } = canvas_library();
  const dejavu = { 'sans-serif': 'DejaVu Sans', serif: 'DejaVu Serif', monospace: 'DejaVu Sans Mono' }[family];
  if (dejavu !== undefined) return GlobalFonts.has(dejavu) ? `"${dejavu}", ${family}` : family;
  return generic.has(family) ? family : `"${family.replaceAll('"', '')}", "DejaVu Sans", sans-serif`;
}

let measuring: Context | undefined;

/** A context for measuring text, which needs no picture. */
const measuring_context = (): Context => (measuring ??= canvas_library().createCanvas(1, 1).getContext('2d'));

/** Draws with sizes in points, at a number of dots per inch. */
export class Renderer {
  constructor(
    readonly context: Context,
    /** In pixels. */
    readonly width: number,
    readonly height: number,
    readonly dpi: number,
    /** Whether straight lines are moved to whole pixels, which keeps them sharp. */
    readonly snaps: boolean,
  ) {}

  /** Pixels of a length in points. */
  px(points: number): number {
    return (points * this.dpi) / 72;
  }

  /** The place of a straight line of a width, in whole pixels. */
  snapped(value: number, width: number): number {
    if (!this.snaps) return value;
    return Math.round(width) % 2 === 1 ? Math.floor(value) + 0.5 : Math.round(value);
  }

  /** Runs `draw` with all of it clipped to a rectangle. */
  clipped(box: Box | undefined, draw: () => void): void {
    if (box === undefined) return draw();
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.clip();
    try {
      draw();
    } finally {
      context.restore();
    }
  }

  private apply(stroke: Stroke): void {
    const { context } = this;
    context.strokeStyle = css(stroke.color);
    context.lineWidth = stroke.width;
    context.lineCap = stroke.cap ?? 'butt';
    context.lineJoin = stroke.join ?? 'round';
    context.miterLimit = 10;
    context.setLineDash([...(stroke.dashes ?? [])]);
    context.lineDashOffset = stroke.dash_offset ?? 0;
  }

  /** Adds a path to the current one, moved by a distance. */
  trace(steps: readonly PathStep[], dx = 0, dy = 0): void {
    const { context } = this;
    for (const step of steps) {
      if (step[0] === 'M') context.moveTo(dx + step[1], dy + step[2]);
      else if (step[0] === 'L') context.lineTo(dx + step[1], dy + step[2]);
      else if (step[0] === 'C') {
        context.bezierCurveTo(dx + step[1], dy + step[2], dx + step[3], dy + step[4], dx + step[5], dy + step[6]);
      } else context.closePath();
    }
  }

  /** Draws a path: filled first, then its line. */
  path(steps: readonly PathStep[], fill: Rgba | null, stroke: Stroke | null): void {
    const { context } = this;
    context.beginPath();
    this.trace(steps);
    this.paint(fill, stroke);
  }

  /** Fills and strokes the current path. */
  paint(fill: Rgba | null, stroke: Stroke | null, rule: 'nonzero' | 'evenodd' = 'nonzero'): void {
    if (fill !== null && fill[3] > 0) {
      this.context.fillStyle = css(fill);
      this.context.fill(rule);
    }
    if (stroke !== null && stroke.width > 0 && stroke.color[3] > 0) {
      this.apply(stroke);
      this.context.stroke();
    }
  }

  /** A line through points; values that are not finite interrupt it. */
  polyline(x: ArrayLike<number>, y: ArrayLike<number>, stroke: Stroke): void {
    if (stroke.width <= 0 || stroke.color[3] === 0) return;
    // Skia takes much longer for one long line that crosses itself than for its parts: 150 ms and 15 ms for 10,000 points.
    if (x.length > 500 && stroke.color[3] === 1 && !stroke.dashes) {
      for (let i = 0; i < x.length - 1; i += 100)
        this.piece(x, y, i, Math.min(i + 101, x.length), { ...stroke, cap: 'round' });
    } else this.piece(x, y, 0, x.length, stroke);
  }

  private piece(x: ArrayLike<number>, y: ArrayLike<number>, from: number, to: number, stroke: Stroke): void {
    const { context } = this;
    context.beginPath();
    let down = false;
    for (let i = from; i < to; i++) {
      const [px, py] = [x[i]!, y[i]!];
      if (!Number.isFinite(px) || !Number.isFinite(py)) {
        down = false;
        continue;
      }
      if (down) context.lineTo(px, py);
      else context.moveTo(px, py);
      down = true;
    }
    this.paint(null, stroke);
  }

  /** A straight line, which is moved to whole pixels when it is horizontal or vertical. */
  line(x0: number, y0: number, x1: number, y1: number, stroke: Stroke): void {
    const dx = x0 === x1 ? this.snapped(x0, stroke.width) - x0 : 0;
    const dy = y0 === y1 ? this.snapped(y0, stroke.width) - y0 : 0;
    this.polyline([x0 + dx, x1 + dx], [y0 + dy, y1 + dy], stroke);
  }

  private font(size: number, style: TextStyle, run: MathRun | undefined): string {
    const slant = run?.italic === true ? 'italic' : (style.style ?? 'normal');
    const weight = run?.bold === true ? 'bold' : (style.weight ?? 'normal');
    const css_weight = { semibold: 600, light: 300, heavy: 800, black: 900, 'extra bold': 800 }[weight] ?? weight;
    return `${slant} ${css_weight} ${size}px ${css_family(style.family ?? 'sans-serif')}`;
  }

  /** A text as lines of runs, with the rectangle that it takes around the point (0, 0). */
  layout(text: string, style: TextStyle): TextLayout {
    const size = this.px(style.size);
    const context = measuring_context();
    const lines = text.split('\n').map((line) => {
      const runs = layout_math(line);
      let [width, ascent, descent] = [0, 0, 0];
      for (const run of runs) {
        context.font = this.font(size * run.scale, style, run);
        width += context.measureText(run.text).width;
        ascent = Math.max(ascent, ascent_part * size * run.scale + run.rise * size);
        descent = Math.max(descent, descent_part * size * run.scale - run.rise * size);
      }
      return { runs, width, ascent, descent };
    });
    const gap = lines.length > 1 ? gap_part * size : 0;
    const width = Math.max(...lines.map((line) => line.width));
    let y = 0;
    // Those of the last line, by which texts of several lines are placed.
    let [last_descent, baseline] = [0, 0];
    const placed = lines.map((line) => {
      let ascent = Math.max(line.ascent, ascent_part * size) + gap / 2;
      let descent = Math.max(line.descent, descent_part * size) + gap / 2;
      if (typeof style.linespacing === 'number') {
        const leading = style.linespacing * (ascent_part + descent_part) * size - (line.ascent + line.descent);
        [ascent, descent] = [line.ascent + leading / 2, line.descent + leading / 2];
      }
      y += ascent;
      baseline = y;
      const at = y;
      y += descent;
      last_descent = descent;
      return { ...line, y: at };
    });
    const height = y;
    const ha = style.ha ?? 'left';
    const va = style.va ?? 'baseline';
    const angle = ((style.rotation ?? 0) * Math.PI) / 180;
    const rotate = (px: number, py: number): [number, number] => [
      px * Math.cos(angle) + py * Math.sin(angle),
      -px * Math.sin(angle) + py * Math.cos(angle),
    ];
    const aligned = placed.map((line) => ({
      ...line,
      x: ha === 'left' ? 0 : ha === 'right' ? width - line.width : (width - line.width) / 2,
    }));
    const corners = [rotate(0, 0), rotate(width, 0), rotate(width, height), rotate(0, height)];
    const [left, right] = [Math.min(...corners.map(([x]) => x)), Math.max(...corners.map(([x]) => x))];
    const [top, bottom] = [Math.min(...corners.map(([, cy]) => cy)), Math.max(...corners.map(([, cy]) => cy))];
    let [dx, dy] = [0, 0];
    if (style.rotation_mode === 'anchor') {
      const ax = ha === 'left' ? 0 : ha === 'right' ? width : width / 2;
      const ay = { top: 0, bottom: height, center: height / 2, baseline, center_baseline: baseline / 2 }[va];
      [dx, dy] = rotate(ax, ay);
    } else {
      dx = ha === 'left' ? left : ha === 'right' ? right : (left + right) / 2;
      dy = {
        top,
        bottom,
        center: (top + bottom) / 2,
        baseline: bottom - last_descent,
        center_baseline: top + baseline / 2,
      }[va];
    }
    return {
      box: { left: left - dx, right: right - dx, top: top - dy, bottom: bottom - dy },
      lines: aligned.map(({ runs, x, y: line_y }) => {
        const [rx, ry] = rotate(x, line_y);
        return { runs, x: rx - dx, y: ry - dy };
      }),
      angle,
    };
  }

  /** Writes a text. @returns the rectangle that it takes */
  text(text: string, x: number, y: number, style: TextStyle): Box {
    const layout = this.layout(text, style);
    const { context } = this;
    const size = this.px(style.size);
    context.fillStyle = css(style.color);
    for (const line of layout.lines) {
      context.save();
      const [px, py] = [x + line.x, y + line.y];
      if (layout.angle === 0) context.translate(px, this.snaps ? Math.round(py) : py);
      else context.translate(this.snaps && Math.abs(layout.angle - Math.PI / 2) < 1e-9 ? Math.round(px) : px, py);
      if (layout.angle !== 0) context.rotate(-layout.angle);
      let at = 0;
      for (const run of line.runs) {
        context.font = this.font(size * run.scale, style, run);
        const { fontBoundingBoxAscent: above, width } = context.measureText(run.text);
        // The library puts the baseline where it is when the height above it is rounded.
        context.fillText(run.text, at, above - Math.round(above) - run.rise * size);
        at += width;
      }
      context.restore();
    }
    const { box } = layout;
    return { left: x + box.left, right: x + box.right, top: y + box.top, bottom: y + box.bottom };
  }

  /** Draws pixels, one each, at a place. */
  pixels(data: Uint8ClampedArray, width: number, height: number, x: number, y: number, scale = 1): void {
    const canvas = canvas_library().createCanvas(width, height);
    const context = canvas.getContext('2d');
    const image = context.createImageData(width, height);
    image.data.set(data);
    context.putImageData(image, 0, 0);
    this.context.save();
    this.context.imageSmoothingEnabled = false;
    this.context.drawImage(canvas, x, y, width * scale, height * scale);
    this.context.restore();
  }
}
