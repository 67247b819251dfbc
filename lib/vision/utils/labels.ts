/** Texts over images, by the npm package @napi-rs/canvas. */
import { optional_package } from '../../_internal/optional_package.js';
import type { PixelCanvas } from './canvas.js';
import type { Rgb } from './colors.js';

/** A text, and where its upper left corner is. */
export interface Label {
  readonly text: string;
  readonly at: readonly [x: number, y: number];
  readonly color: Rgb;
  /** The color of a rectangle behind the text; null for none. */
  readonly background: Rgb | null;
  /** The file of a font; null for that of the package. */
  readonly font: string | null;
  readonly size: number;
}

/** What is used of the package. */
interface Context {
  font: string;
  textBaseline: string;
  fillStyle: string;
  measureText(text: string): {
    readonly actualBoundingBoxLeft: number;
    readonly actualBoundingBoxRight: number;
    readonly actualBoundingBoxAscent: number;
    readonly actualBoundingBoxDescent: number;
  };
  fillText(text: string, x: number, y: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

interface CanvasPackage {
  createCanvas(width: number, height: number): { getContext(kind: '2d'): Context };
  readonly GlobalFonts: { registerFromPath(path: string, name: string): unknown };
}

const families = new Map<string, string>();

/** The family of a font in a file. @throws Error for files of no font */
function family_of({ GlobalFonts }: CanvasPackage, font: string | null): string {
  if (font === null) return 'sans-serif';
  const known = families.get(font);
  if (known !== undefined) return known;
  const name = `torch-node-${families.size}`;
  if (!GlobalFonts.registerFromPath(font, name)) {
    throw new Error(`draw_bounding_boxes(): cannot open resource '${font}' as a font`);
  }
  families.set(font, name);
  return name;
}

const css = ([red, green, blue]: Rgb): string => `rgb(${red}, ${green}, ${blue})`;

/** Draws a text over an image. */
export function draw_labels(canvas: PixelCanvas, { text, at, color, background, font, size }: Label): void {
  const made = optional_package<CanvasPackage>('@napi-rs/canvas', 'draw_bounding_boxes() with labels');
  const context = made.createCanvas(canvas.width, canvas.height).getContext('2d');
  context.font = `${size}px ${family_of(made, font)}`;
  context.textBaseline = 'top';
  const [x, y] = at;
  if (background !== null) {
    const box = context.measureText(text);
    const left = Math.floor(x - box.actualBoundingBoxLeft) - 1;
    const top = Math.floor(y - box.actualBoundingBoxAscent) - 1;
    const right = Math.ceil(x + box.actualBoundingBoxRight) + 1;
    const bottom = Math.ceil(y + box.actualBoundingBoxDescent) + 1;
    context.fillStyle = css(background);
    context.fillRect(left, top, right - left + 1, bottom - top + 1);
  }
  context.fillStyle = css(color);
  context.fillText(text, x, y);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < canvas.width * canvas.height; i++) {
    const alpha = data[4 * i + 3]!;
    if (alpha === 0) continue;
    for (let k = 0; k < 3; k++) {
      const under = canvas.data[3 * i + k]!;
      canvas.data[3 * i + k] = Math.round((under * (255 - alpha) + data[4 * i + k]! * alpha) / 255);
    }
  }
}
