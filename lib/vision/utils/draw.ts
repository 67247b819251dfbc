/** Boxes, masks and keypoints over images. */
import { no_grad } from '../../autograd/grad_mode.js';
import { from_nested } from '../../creation.js';
import { ones, where } from '../../generated/functions.js';
import { bool, int64, uint8 } from '../../types/dtype.js';
import { python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import { convert_dtype } from '../transforms/functional/convert.js';
import { PixelCanvas, type Point } from './canvas.js';
import { parse_colors, type Color, type Colors, type Rgb } from './colors.js';
import { draw_labels } from './labels.js';

/** @throws Error unless it is one image of uint8 or floating point */
function check_image(image: Tensor, channels: readonly number[], message: string): void {
  if (image.dtype !== uint8 && !image.is_floating_point()) {
    throw new Error(`The image dtype must be uint8 or float, got ${String(image.dtype)}`);
  }
  if (image.dim() !== 3) throw new Error('Pass individual images, not batches');
  if (!channels.includes(image.size(0))) throw new Error(message);
}

const ONLY_RGB = 'Pass an RGB image. Other Image formats are not supported';

/** Draws over the bytes of an image, and gives it back in its dtype. */
function drawn(image: Tensor, draw: (canvas: PixelCanvas) => void): Tensor {
  const rgb = image.size(0) === 1 ? image.expand(3, -1, -1) : image;
  // As in torchvision: there is nothing to draw on.
  if (rgb.numel() === 0) return rgb.clone();
  const canvas = PixelCanvas.from(convert_dtype(rgb, uint8));
  draw(canvas);
  // As v2's to_dtype: by a factor, not by a division.
  const result =
    image.dtype === uint8
      ? canvas.tensor()
      : canvas
          .tensor()
          .to(image.dtype)
          .mul(1 / 255);
  return result.to(image.device);
}

/** The options of {@link draw_bounding_boxes}. */
export interface DrawBoundingBoxesOptions {
  /** Texts of the boxes. Default null: none. */
  labels?: readonly (string | null)[] | null;
  /** One color for all boxes, or one for each. Default null: different colors. */
  colors?: Colors | null;
  /** Fill boxes with their colors, so that the image is seen through. Default false. */
  fill?: boolean | null;
  /** Width of the lines. Default 1. */
  width?: number;
  /** The file of a TrueType font for labels. Default null: the font of the package that draws them. */
  font?: string | null;
  /** Size of `font`. Default null: 10. */
  font_size?: number | null;
  /** Colors of the labels. Default null: those of the boxes, and black for filled ones. */
  label_colors?: Colors | null;
  /** Colors behind labels, with `fill_labels`. Default null: those of the boxes. */
  label_background_colors?: Colors | null;
  /** Draw labels over rectangles. Default false. */
  fill_labels?: boolean;
}

interface DrawBoundingBoxesArguments extends DrawBoundingBoxesOptions {
  image: Tensor;
  boxes: Tensor;
}

const COLORS = 'Color|Color[]|None';
const DRAW_BOUNDING_BOXES = signature<DrawBoundingBoxesArguments>(
  'draw_bounding_boxes',
  `image: Tensor, boxes: Tensor, labels?: (str|None)[]|None, colors?: ${COLORS}, fill?: bool|None, width?: int, ` +
    `font?: str|None, font_size?: int|None, label_colors?: ${COLORS}, label_background_colors?: ${COLORS}, ` +
    'fill_labels?: bool',
);

/** @throws Error for what torchvision refuses, and for boxes of other than four or eight numbers */
function check_boxes(image: Tensor, boxes: Tensor): void {
  check_image(image, [1, 3], 'Only grayscale and RGB images are supported');
  if (boxes.dim() !== 2 || (boxes.size(1) !== 4 && boxes.size(1) !== 8)) {
    throw new Error(`draw_bounding_boxes(): boxes must be of shape (N, 4) or (N, 8), got ${python_size(boxes.shape)}`);
  }
  if (boxes.size(1) === 8) return;
  const [left, top, right, bottom] = boxes.unbind(1) as [Tensor, Tensor, Tensor, Tensor];
  if (left.gt(right).any().item<boolean>() || top.gt(bottom).any().item<boolean>()) {
    throw new Error(
      'Boxes need to be in (xmin, ymin, xmax, ymax) format. Use torchvision.ops.box_convert to convert them',
    );
  }
}

/** Draws a box of two corners, or a rotated one of four. */
function draw_box(
  canvas: PixelCanvas,
  place: readonly number[],
  { color, width, fill }: { readonly color: Rgb; readonly width: number; readonly fill: boolean },
): void {
  if (place.length === 4) {
    if (fill) canvas.fill_rectangle(place, color, 100);
    canvas.outline_rectangle(place, color, width);
    return;
  }
  const corners = [0, 2, 4, 6].map((i): Point => [place[i]!, place[i + 1]!]);
  if (width > 0) canvas.outline_quadrilateral(corners, color, width);
  if (fill) canvas.convex(corners, color, 100);
}

/**
 * Draws boxes over an image. Mirrors `torchvision.utils.draw_bounding_boxes`. Labels are drawn by the npm package
 * `@napi-rs/canvas`, which is to be installed beside this one, and look different from Python's, whose default font is
 * another.
 *
 * @param image - uint8 or floating point, of shape `(C, H, W)` with 1 or 3 channels
 * @param boxes - of shape `(N, 4)`: left, top, right, bottom; or `(N, 8)`: x and y of the corners of rotated boxes, one after
 *   the other, whose first side is dashed
 * @param labels - texts of the boxes; default null: none
 * @param colors - one color for all boxes, or one for each; default null: different colors
 * @param fill - fill boxes with their colors, so that the image is seen through; default false
 * @param width - width of the lines; default 1
 * @param font - the file of a TrueType font for labels; default null: the font of the package
 * @param font_size - size of `font`; default null: 10
 * @param label_colors - colors of the labels; default null: those of the boxes, and black for filled ones
 * @param label_background_colors - colors behind labels, with `fill_labels`; default null: those of the boxes
 * @param fill_labels - draw labels over rectangles; default false
 * @returns an image of shape `(3, H, W)`
 * @throws Error for other images, and boxes in another format
 * @example
 * ```ts
 * import { utils } from 'torch-node/vision';
 * const image = torch.zeros([3, 4, 5], { dtype: torch.uint8 });
 * print(utils.draw_bounding_boxes(image, torch.tensor([[1, 1, 3, 3]]), { colors: 'white' }).select(0, 0)); // tensor([[  0,   0,   0,   0,   0],
 * //         [  0, 255, 255, 255,   0],
 * //         [  0, 255,   0, 255,   0],
 * //         [  0, 255, 255, 255,   0]], dtype=torch.uint8)
 * ```
 */
export function draw_bounding_boxes(
  ...args: Arguments<
    [
      image: Tensor,
      boxes: Tensor,
      labels?: readonly (string | null)[] | null,
      colors?: Colors | null,
      fill?: boolean | null,
      width?: number,
      font?: string | null,
      font_size?: number | null,
      label_colors?: Colors | null,
      label_background_colors?: Colors | null,
      fill_labels?: boolean,
    ],
    DrawBoundingBoxesArguments,
    [
      'image',
      'boxes',
      'labels',
      'colors',
      'fill',
      'width',
      'font',
      'font_size',
      'label_colors',
      'label_background_colors',
      'fill_labels',
    ]
  >
): Tensor;
export function draw_bounding_boxes(...args: unknown[]): Tensor {
  const given = DRAW_BOUNDING_BOXES.read(args);
  const { image, boxes, labels = null, width = 1, fill_labels = false } = given;
  check_boxes(image, boxes);
  const count = boxes.size(0);
  if (count === 0) {
    warn("boxes doesn't contain any box. No box was drawn");
    return image;
  }
  if (labels !== null && labels.length !== count) {
    throw new Error(
      `Number of boxes (${count}) and labels (${labels.length}) mismatch. Please specify labels for each box.`,
    );
  }
  const colors = parse_colors(given.colors ?? null, count);
  const { label_colors = null, label_background_colors = null, font = null, font_size = null } = given;
  const text_colors = label_colors !== null || fill_labels ? parse_colors(label_colors ?? 'black', count) : colors;
  const backgrounds =
    fill_labels && label_background_colors !== null ? parse_colors(label_background_colors, count) : colors;
  if (font === null && font_size !== null) warn("Argument 'font_size' will be ignored since 'font' is not set.");
  const places = boxes.to(int64).tolist() as number[][];
  return no_grad(() =>
    drawn(image, (canvas) => {
      for (const [i, place] of places.entries()) {
        const color = colors[i]!;
        draw_box(canvas, place, { color, width, fill: given.fill ?? false });
        const text = labels?.[i] ?? null;
        if (text === null) continue;
        const at = [place[0]! + width + 1, place[1]! + width + 1] as const;
        const background = fill_labels ? backgrounds[i]! : null;
        draw_labels(canvas, { text, at, color: text_colors[i]!, background, font, size: font_size ?? 10 });
      }
    }),
  );
}

interface DrawSegmentationMasksArguments {
  image: Tensor;
  masks: Tensor;
  alpha?: number;
  colors?: Colors | null;
}

const DRAW_SEGMENTATION_MASKS = signature<DrawSegmentationMasksArguments>(
  'draw_segmentation_masks',
  `image: Tensor, masks: Tensor, alpha?: float, colors?: ${COLORS}`,
);

/** @throws Error for what torchvision refuses */
function check_masks(image: Tensor, masks: Tensor): void {
  check_image(image, [3], ONLY_RGB);
  if (masks.dim() !== 3) throw new Error('masks must be of shape (H, W) or (batch_size, H, W)');
  if (masks.dtype !== bool) throw new Error(`The masks must be of dtype bool. Got ${String(masks.dtype)}`);
  if (masks.size(-2) !== image.size(-2) || masks.size(-1) !== image.size(-1)) {
    throw new Error('The image and the masks must have the same height and width');
  }
}

/**
 * Mixes colors over the pixels of masks. Mirrors `torchvision.utils.draw_segmentation_masks`.
 *
 * @param image - uint8 or floating point, of shape `(3, H, W)`
 * @param masks - bool, of shape `(N, H, W)` or `(H, W)`
 * @param alpha - the share of the colors, from 0 to 1; default 0.8
 * @param colors - one color for all masks, or one for each; default null: different colors
 * @returns an image of the same shape and dtype; pixels of several masks are mixed with black
 * @throws Error for other images and masks
 * @example
 * ```ts
 * import { utils } from 'torch-node/vision';
 * const image = torch.zeros([3, 1, 2], { dtype: torch.uint8 });
 * const mask = torch.tensor([[true, false]]);
 * print(utils.draw_segmentation_masks(image, mask, { colors: 'red' })); // tensor([[[204,   0]],
 * //
 * //         [[  0,   0]],
 * //
 * //         [[  0,   0]]], dtype=torch.uint8)
 * ```
 */
export function draw_segmentation_masks(
  ...args: Arguments<
    [image: Tensor, masks: Tensor, alpha?: number, colors?: Colors | null],
    DrawSegmentationMasksArguments,
    ['image', 'masks', 'alpha', 'colors']
  >
): Tensor;
export function draw_segmentation_masks(...args: unknown[]): Tensor {
  const { image, masks: given, alpha = 0.8, colors = null } = DRAW_SEGMENTATION_MASKS.read(args);
  const masks = given.dim() === 2 ? given.unsqueeze(0) : given;
  check_masks(image, masks);
  const count = masks.size(0);
  if (count === 0) {
    warn("masks doesn't contain any mask. No mask was drawn");
    return image;
  }
  return no_grad(() => {
    const { dtype, device } = image;
    let painted = image.detach();
    for (const [i, color] of parse_colors(colors, count).entries()) {
      if (i >= count) break;
      const values = dtype.is_floating_point ? color.map((value) => value / 255) : color;
      const plane = from_nested(values as number[], { dtype }, 'draw_segmentation_masks')
        .to(device)
        .view(3, 1, 1);
      painted = where(masks.select(0, i), plane, painted);
    }
    painted = painted.masked_fill(masks.sum(0).gt(1), 0);
    const as_numbers = (img: Tensor): Tensor => (img.is_floating_point() ? img : img.float());
    return as_numbers(image)
      .mul(1 - alpha)
      .add(as_numbers(painted).mul(alpha))
      .to(dtype);
  });
}

/** The options of {@link draw_keypoints}. */
export interface DrawKeypointsOptions {
  /** Pairs of keypoints to connect by lines. Default null: none. */
  connectivity?: readonly (readonly number[])[] | null;
  /** The color of the keypoints. Default null: they are not drawn, but for lines between them. */
  colors?: Color | null;
  /** Radius of the keypoints. Default 2. */
  radius?: number;
  /** Width of the lines. Default 3. */
  width?: number;
  /** Which keypoints are drawn, of shape `(N, K)`. Default null: all. */
  visibility?: Tensor | null;
}

interface DrawKeypointsArguments extends DrawKeypointsOptions {
  image: Tensor;
  keypoints: Tensor;
}

const DRAW_KEYPOINTS = signature<DrawKeypointsArguments>(
  'draw_keypoints',
  'image: Tensor, keypoints: Tensor, connectivity?: Corner[]|None, colors?: Color|None, radius?: int, width?: int, ' +
    'visibility?: Tensor|None',
);

/** Of shape `(N, K)`. @throws Error for what torchvision refuses */
function checked_visibility(keypoints: Tensor, visibility: Tensor | null): Tensor {
  if (keypoints.dim() !== 3) throw new Error('keypoints must be of shape (num_instances, K, 2)');
  const given = visibility ?? ones([keypoints.size(0), keypoints.size(1)], { dtype: bool });
  const flat = given.dim() === 3 ? given.squeeze(-1) : given;
  if (flat.dim() !== 2) {
    throw new Error(`visibility must be of shape (num_instances, K). Got ndim=${flat.dim()}`);
  }
  if (flat.size(0) !== keypoints.size(0) || flat.size(1) !== keypoints.size(1)) {
    throw new Error(
      'keypoints and visibility must have the same dimensionality for num_instances and K. ' +
        `Got visibility.shape=${String(flat.shape)} and keypoints.shape=${String(keypoints.shape)}`,
    );
  }
  return flat;
}

const WHITE: Rgb = [255, 255, 255];

type Place = [x: number, y: number];

/** Draws the keypoints of one instance, and the lines between them. */
function draw_instance(
  canvas: PixelCanvas,
  points: readonly Place[],
  visible: readonly boolean[],
  { connectivity = null, colors = null, radius = 2, width = 3 }: DrawKeypointsOptions,
): void {
  const color = colors === null ? null : parse_colors(colors, 1)[0]!;
  if (color !== null) {
    for (const [k, point] of points.entries()) if (visible[k]) canvas.disk(point, radius, color);
  }
  for (const pair of connectivity ?? []) {
    const missing = pair.find((k) => points[k] === undefined);
    if (missing !== undefined) {
      throw new RangeError(`draw_keypoints(): there is no keypoint ${missing} in 'connectivity'`);
    }
    const [from, to] = pair as Place;
    if (visible[from] && visible[to]) canvas.line(points[from]!, points[to]!, width, WHITE);
  }
}

/**
 * Draws keypoints over an image. Mirrors `torchvision.utils.draw_keypoints`.
 *
 * @param image - uint8 or floating point, of shape `(3, H, W)`
 * @param keypoints - of shape `(N, K, 2)`: x and y of K keypoints of N instances
 * @param connectivity - pairs of keypoints to connect by white lines; default null: none
 * @param colors - the color of the keypoints; default null: they are not drawn, as in torchvision, but for lines between them
 * @param radius - radius of the keypoints; default 2
 * @param width - width of the lines; default 3
 * @param visibility - which keypoints are drawn, of shape `(N, K)`; default null: all
 * @returns an image of the same shape and dtype
 * @throws Error for other images and shapes
 * @example
 * ```ts
 * import { utils } from 'torch-node/vision';
 * const image = torch.zeros([3, 5, 5], { dtype: torch.uint8 });
 * print(utils.draw_keypoints(image, torch.tensor([[[2, 2]]]), { colors: 'red' }).select(0, 0)); // tensor([[  0, 255, 255, 255,   0],
 * //         [255, 255, 255, 255, 255],
 * //         [255, 255, 255, 255, 255],
 * //         [255, 255, 255, 255, 255],
 * //         [  0, 255, 255, 255,   0]], dtype=torch.uint8)
 * ```
 */
export function draw_keypoints(
  ...args: Arguments<
    [
      image: Tensor,
      keypoints: Tensor,
      connectivity?: readonly (readonly number[])[] | null,
      colors?: Color | null,
      radius?: number,
      width?: number,
      visibility?: Tensor | null,
    ],
    DrawKeypointsArguments,
    ['image', 'keypoints', 'connectivity', 'colors', 'radius', 'width', 'visibility']
  >
): Tensor;
export function draw_keypoints(...args: unknown[]): Tensor {
  const given = DRAW_KEYPOINTS.read(args);
  const { image, keypoints } = given;
  check_image(image, [3], ONLY_RGB);
  const visible = checked_visibility(keypoints, given.visibility ?? null)
    .to(bool)
    .tolist() as boolean[][];
  const instances = keypoints.to(int64).tolist() as Place[][];
  return no_grad(() =>
    drawn(image, (canvas) => {
      for (const [i, points] of instances.entries()) draw_instance(canvas, points, visible[i]!, given);
    }),
  );
}
