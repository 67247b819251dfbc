/** Boxes as differences from other boxes. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { cat, stack } from '../../../generated/functions.js';

/** Coordinates of boxes `(*, 4)`, each `(*)`. */
const corners = (boxes: Tensor): [x1: Tensor, y1: Tensor, x2: Tensor, y2: Tensor] =>
  [0, 1, 2, 3].map((i) => boxes.select(-1, i)) as [Tensor, Tensor, Tensor, Tensor];

/** Sizes and centers of boxes. */
function centered(boxes: Tensor): [widths: Tensor, heights: Tensor, x: Tensor, y: Tensor] {
  const [x1, y1, x2, y2] = corners(boxes);
  const [widths, heights] = [x2.sub(x1), y2.sub(y1)];
  return [widths, heights, x1.add(widths.mul(0.5)), y1.add(heights.mul(0.5))];
}

interface BoxCoderArguments {
  weights: readonly number[];
  bbox_xform_clip?: number;
}

const BOX_CODER = signature<BoxCoderArguments>('BoxCoder', 'weights: float[], bbox_xform_clip?: float');
const ENCODE = signature<{ reference_boxes: readonly Tensor[]; proposals: readonly Tensor[] }>(
  'encode',
  'reference_boxes: Tensor[], proposals: Tensor[]',
);
const ENCODE_SINGLE = signature<{ reference_boxes: Tensor; proposals: Tensor }>(
  'encode_single',
  'reference_boxes: Tensor, proposals: Tensor',
);
const DECODE = signature<{ rel_codes: Tensor; boxes: readonly Tensor[] }>(
  'decode',
  'rel_codes: Tensor, boxes: Tensor[]',
);
const DECODE_SINGLE = signature<{ rel_codes: Tensor; boxes: Tensor }>(
  'decode_single',
  'rel_codes: Tensor, boxes: Tensor',
);

/**
 * Boxes as offsets of their centers, in parts of the size of other boxes, and logarithms of the ratios of the sizes: what
 * the heads of detection models predict. Mirrors `torchvision.models.detection._utils.BoxCoder`.
 *
 * @param weights - factors of the four numbers: x, y, width, height
 * @param bbox_xform_clip - largest logarithm of a ratio; default `log(1000 / 16)`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const coder = new models.detection._utils.BoxCoder([1, 1, 1, 1]);
 * const [anchors, boxes] = [torch.tensor([[0, 0, 4, 4]]).float(), torch.tensor([[1, 0, 5, 8]]).float()];
 * const codes = coder.encode_single(boxes, anchors);
 * print(codes); // tensor([[0.2500, 0.5000, 0.0000, 0.6931]])
 * print(coder.decode_single(codes, anchors)); // tensor([[1., 0., 5., 8.]])
 * ```
 */
export class BoxCoder {
  readonly weights: readonly number[];
  readonly bbox_xform_clip: number;

  constructor(weights: readonly number[], bbox_xform_clip?: number | { bbox_xform_clip?: number });
  constructor(options: BoxCoderArguments);
  constructor(...args: unknown[]) {
    const { weights, bbox_xform_clip = Math.log(1000 / 16) } = BOX_CODER.read(args);
    this.weights = weights;
    this.bbox_xform_clip = bbox_xform_clip;
  }

  /** {@link encode_single} for each image. */
  encode(reference_boxes: readonly Tensor[], proposals: readonly Tensor[]): Tensor[];
  encode(...args: unknown[]): Tensor[] {
    const given = ENCODE.read(args);
    const counts = given.reference_boxes.map((boxes) => boxes.size(0));
    return this.encode_single(cat(given.reference_boxes), cat(given.proposals)).split(counts, 0);
  }

  /** What is to be predicted for `proposals` so that `reference_boxes` come out; both `(N, 4)`. */
  encode_single(reference_boxes: Tensor, proposals: Tensor): Tensor;
  encode_single(...args: unknown[]): Tensor {
    const { reference_boxes, proposals } = ENCODE_SINGLE.read(args);
    const [wx, wy, ww, wh] = this.weights as [number, number, number, number];
    const [widths, heights, x, y] = centered(proposals);
    const [wanted_widths, wanted_heights, wanted_x, wanted_y] = centered(reference_boxes);
    return stack(
      [
        wanted_x.sub(x).mul(wx).div(widths),
        wanted_y.sub(y).mul(wy).div(heights),
        wanted_widths.div(widths).log().mul(ww),
        wanted_heights.div(heights).log().mul(wh),
      ],
      1,
    );
  }

  /** {@link decode_single} for the boxes of all images: `(N, C * 4)` gives `(N, C, 4)`. */
  decode(rel_codes: Tensor, boxes: readonly Tensor[]): Tensor;
  decode(...args: unknown[]): Tensor {
    const { rel_codes, boxes } = DECODE.read(args);
    const total = boxes.reduce((sum, each) => sum + each.size(0), 0);
    if (total === 0) return this.decode_single(rel_codes, cat(boxes));
    return this.decode_single(rel_codes.reshape(total, -1), cat(boxes)).reshape(total, -1, 4);
  }

  /** The boxes that predictions `(N, C * 4)` give of boxes `(N, 4)`. */
  decode_single(rel_codes: Tensor, boxes: Tensor): Tensor;
  decode_single(...args: unknown[]): Tensor {
    const { rel_codes, boxes } = DECODE_SINGLE.read(args);
    const [widths, heights, x, y] = centered(boxes.to(rel_codes.dtype)).map((part) => part.unsqueeze(1)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const code = (i: number): Tensor => rel_codes.index(':', `${i}::4`).div(this.weights[i]!);
    const clipped = (codes: Tensor): Tensor => codes.clamp({ max: this.bbox_xform_clip });
    const center_x = code(0).mul(widths).add(x);
    const center_y = code(1).mul(heights).add(y);
    const half_width = clipped(code(2)).exp().mul(widths).mul(0.5);
    const half_height = clipped(code(3)).exp().mul(heights).mul(0.5);
    const sides = [
      center_x.sub(half_width),
      center_y.sub(half_height),
      center_x.add(half_width),
      center_y.add(half_height),
    ];
    return stack(sides, 2).flatten(1);
  }
}

const LINEAR_CODER = signature<{ normalize_by_size?: boolean }>('BoxLinearCoder', 'normalize_by_size?: bool');
const ENCODE_LINEAR = signature<{ reference_boxes: Tensor; proposals: Tensor }>(
  'encode',
  'reference_boxes: Tensor, proposals: Tensor',
);
const DECODE_LINEAR = signature<{ rel_codes: Tensor; boxes: Tensor }>('decode', 'rel_codes: Tensor, boxes: Tensor');

/** The sizes of boxes, for each of the four sides. */
function sizes_of(boxes: Tensor): Tensor {
  const [x1, y1, x2, y2] = corners(boxes);
  const [width, height] = [x2.sub(x1), y2.sub(y1)];
  return stack([width, height, width, height], -1);
}

/** The centers of boxes. */
function centers_of(boxes: Tensor): [x: Tensor, y: Tensor] {
  const [x1, y1, x2, y2] = corners(boxes);
  return [x1.add(x2).mul(0.5), y1.add(y2).mul(0.5)];
}

/**
 * Boxes as the distances of their four sides from the center of other boxes, as FCOS predicts them. Mirrors
 * `torchvision.models.detection._utils.BoxLinearCoder`.
 *
 * @param normalize_by_size - distances in parts of the size of the other boxes; default true
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const coder = new models.detection._utils.BoxLinearCoder();
 * const [anchors, boxes] = [torch.tensor([[0, 0, 4, 4]]).float(), torch.tensor([[1, 0, 5, 8]]).float()];
 * const codes = coder.encode(anchors, boxes);
 * print(codes); // tensor([[0.2500, 0.5000, 0.7500, 1.5000]])
 * print(coder.decode(codes, anchors)); // tensor([[1., 0., 5., 8.]])
 * ```
 */
export class BoxLinearCoder {
  readonly normalize_by_size: boolean;

  constructor(normalize_by_size?: boolean | { normalize_by_size?: boolean });
  constructor(...args: unknown[]) {
    this.normalize_by_size = LINEAR_CODER.read(args).normalize_by_size ?? true;
  }

  /** What is to be predicted for `reference_boxes` so that `proposals` come out; both `(*, 4)`. */
  encode(reference_boxes: Tensor, proposals: Tensor): Tensor;
  encode(...args: unknown[]): Tensor {
    const { reference_boxes, proposals } = ENCODE_LINEAR.read(args);
    const [x, y] = centers_of(reference_boxes);
    const [x1, y1, x2, y2] = corners(proposals);
    const distances = stack([x.sub(x1), y.sub(y1), x2.sub(x), y2.sub(y)], -1);
    return this.normalize_by_size ? distances.div(sizes_of(reference_boxes)) : distances;
  }

  /** The boxes that predictions give of boxes; both `(*, 4)`. */
  decode(rel_codes: Tensor, boxes: Tensor): Tensor;
  decode(...args: unknown[]): Tensor {
    const { rel_codes, boxes } = DECODE_LINEAR.read(args);
    const from = boxes.to(rel_codes.dtype);
    const [x, y] = centers_of(from);
    const [left, top, right, bottom] = corners(this.normalize_by_size ? rel_codes.mul(sizes_of(from)) : rel_codes);
    return stack([x.sub(left), y.sub(top), x.add(right), y.add(bottom)], -1);
  }
}
