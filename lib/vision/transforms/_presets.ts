/**
 * What the inputs of pretrained models must go through: `weights.transforms()` returns one of these. Mirrors
 * `torchvision.transforms._presets`.
 */
import { python_repr } from '../../python/print.js';
import { signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { float32 } from '../../types/dtype.js';
import { convert_image_dtype, normalize } from './functional/convert.js';
import { center_crop, resize } from './functional/geometry.js';
import { InterpolationMode, mode_of, type Interpolation } from './functional/interpolation_mode.js';
import { float_list } from './representation.js';
import { check_tensor, Transform } from './transform.js';

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

const VIDEO_MEAN = [0.43216, 0.394666, 0.37645];
const VIDEO_STD = [0.22803, 0.22145, 0.216989];

const KINDS = 'interpolation?: InterpolationMode|int, antialias?: bool|None';

/** Keyword arguments of {@link SemanticSegmentation}. */
export interface SemanticSegmentationOptions {
  /** Length of the shorter edge; null: as it is. */
  resize_size: number | null;
  /** Mean of each channel. Default ImageNet's. */
  mean?: readonly number[];
  /** Standard deviation of each channel. Default ImageNet's. */
  std?: readonly number[];
  /** Default `InterpolationMode.BILINEAR`. */
  interpolation?: Interpolation;
  /** Low-pass filter when downsampling. Default true. */
  antialias?: boolean | null;
}

/** Keyword arguments of {@link ImageClassification}. */
export interface ImageClassificationOptions extends Omit<SemanticSegmentationOptions, 'resize_size'> {
  /** Height and width of the result. */
  crop_size: number;
  /** Length of the shorter edge before the crop. Default 256. */
  resize_size?: number;
}

/** What the presets that resize and normalize have in common. */
abstract class Normalized extends Transform<Tensor, Tensor> {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly interpolation: InterpolationMode;
  readonly antialias: boolean | null;

  constructor(given: Omit<SemanticSegmentationOptions, 'resize_size'>) {
    super();
    this.mean = given.mean ?? MEAN;
    this.std = given.std ?? STD;
    this.interpolation = mode_of(given.interpolation ?? InterpolationMode.BILINEAR);
    this.antialias = given.antialias === undefined ? true : given.antialias;
  }

  protected resized(img: Tensor, size: number): Tensor {
    return resize(img, [size], { interpolation: this.interpolation, antialias: this.antialias });
  }

  protected normalized(img: Tensor): Tensor {
    return normalize(convert_image_dtype(img, float32), this.mean, this.std);
  }

  /** The arguments as Python writes them. */
  protected abstract parts(): Readonly<Record<string, string>>;

  protected written(): Readonly<Record<'mean' | 'std' | 'interpolation', string>> {
    return { mean: float_list(this.mean), std: float_list(this.std), interpolation: String(this.interpolation) };
  }

  override toString(): string {
    const lines = Object.entries(this.parts()).map(([name, text]) => `\n    ${name}=${text}`);
    return `${this.constructor.name}(${lines.join('')}\n)`;
  }
}

const CLASSIFICATION = signature<ImageClassificationOptions>(
  'ImageClassification',
  `*, crop_size: int, resize_size?: int, mean?: float[], std?: float[], ${KINDS}`,
);

/**
 * Resizes an image, crops its center, and normalizes it. Mirrors `torchvision.transforms._presets.ImageClassification`.
 *
 * Shapes: input `(*, C, H, W)`, output `(*, C, crop_size, crop_size)` of dtype float32.
 *
 * @param crop_size - height and width of the result
 * @param resize_size - length of the shorter edge before the crop; default 256
 * @param mean - mean of each channel; default ImageNet's
 * @param std - standard deviation of each channel; default ImageNet's
 * @param interpolation - default `InterpolationMode.BILINEAR`
 * @param antialias - low-pass filter when downsampling; default true
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const preprocess = models.ResNet18_Weights.DEFAULT.transforms();
 * print(preprocess(torch.zeros([3, 300, 400], { dtype: torch.uint8 })).shape); // torch.Size([3, 224, 224])
 * print(preprocess); // ImageClassification(
 * //     crop_size=[224]
 * //     resize_size=[256]
 * //     mean=[0.485, 0.456, 0.406]
 * //     std=[0.229, 0.224, 0.225]
 * //     interpolation=InterpolationMode.BILINEAR
 * // )
 * ```
 */
export class ImageClassification extends Normalized {
  readonly crop_size: readonly number[];
  readonly resize_size: readonly number[];

  constructor(options: ImageClassificationOptions);
  constructor(...args: unknown[]) {
    const given = CLASSIFICATION.read(args);
    super(given);
    this.crop_size = [given.crop_size];
    this.resize_size = [given.resize_size ?? 256];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return this.normalized(center_crop(this.resized(img, this.resize_size[0]!), this.crop_size));
  }

  /** What it does, in a sentence. */
  describe(): string {
    const { mean, std, interpolation } = this.written();
    return (
      'Accepts batched `(B, C, H, W)` and single `(C, H, W)` image tensors. They are resized to ' +
      `resize_size=${python_repr(this.resize_size)} using interpolation=${interpolation}, and cropped to ` +
      `crop_size=${python_repr(this.crop_size)} around the center. The values are then rescaled to [0.0, 1.0], and ` +
      `normalized using mean=${mean} and std=${std}.`
    );
  }

  protected override parts(): Readonly<Record<string, string>> {
    return {
      crop_size: python_repr(this.crop_size),
      resize_size: python_repr(this.resize_size),
      ...this.written(),
    };
  }
}

const SEGMENTATION = signature<SemanticSegmentationOptions>(
  'SemanticSegmentation',
  `*, resize_size: int|None, mean?: float[], std?: float[], ${KINDS}`,
);

/**
 * Resizes an image and normalizes it. Mirrors `torchvision.transforms._presets.SemanticSegmentation`.
 *
 * Shapes: input `(*, C, H, W)`, output of dtype float32, whose shorter edge has `resize_size` pixels.
 *
 * @param resize_size - length of the shorter edge; null: as it is
 * @param mean - mean of each channel; default ImageNet's
 * @param std - standard deviation of each channel; default ImageNet's
 * @param interpolation - default `InterpolationMode.BILINEAR`
 * @param antialias - low-pass filter when downsampling; default true
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const preprocess = models.segmentation.FCN_ResNet50_Weights.DEFAULT.transforms();
 * print(preprocess(torch.zeros([3, 260, 520], { dtype: torch.uint8 })).shape); // torch.Size([3, 520, 1040])
 * ```
 */
export class SemanticSegmentation extends Normalized {
  readonly resize_size: readonly number[] | null;

  constructor(options: SemanticSegmentationOptions);
  constructor(...args: unknown[]) {
    const given = SEGMENTATION.read(args);
    super(given);
    this.resize_size = given.resize_size === null ? null : [given.resize_size];
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return this.normalized(this.resize_size === null ? img : this.resized(img, this.resize_size[0]!));
  }

  /** What it does, in a sentence. */
  describe(): string {
    const { mean, std, interpolation } = this.written();
    return (
      'Accepts batched `(B, C, H, W)` and single `(C, H, W)` image tensors. They are resized to ' +
      `resize_size=${python_repr(this.resize_size)} using interpolation=${interpolation}. The values are then rescaled ` +
      `to [0.0, 1.0], and normalized using mean=${mean} and std=${std}.`
    );
  }

  protected override parts(): Readonly<Record<string, string>> {
    return { resize_size: python_repr(this.resize_size), ...this.written() };
  }
}

/** Keyword arguments of {@link VideoClassification}. */
export interface VideoClassificationOptions {
  /** Height and width of the result. */
  crop_size: readonly number[];
  /** Height and width before the crop, or the length of the shorter edge. */
  resize_size: readonly number[];
  /** Mean of each channel. Default that of Kinetics-400. */
  mean?: readonly number[];
  /** Standard deviation of each channel. Default that of Kinetics-400. */
  std?: readonly number[];
  /** Default `InterpolationMode.BILINEAR`. */
  interpolation?: Interpolation;
}

const VIDEO = signature<VideoClassificationOptions>(
  'VideoClassification',
  '*, crop_size: int[], resize_size: int[], mean?: float[], std?: float[], interpolation?: InterpolationMode|int',
);

/**
 * Resizes the frames of a video, crops their centers, and normalizes them. Mirrors
 * `torchvision.transforms._presets.VideoClassification`.
 *
 * Shapes: input `(N, T, C, H, W)` or `(T, C, H, W)`, output `(N, C, T, *crop_size)` or `(C, T, *crop_size)` of dtype
 * float32.
 *
 * @param crop_size - height and width of the result
 * @param resize_size - height and width before the crop, or the length of the shorter edge
 * @param mean - mean of each channel; default that of Kinetics-400
 * @param std - standard deviation of each channel; default that of Kinetics-400
 * @param interpolation - default `InterpolationMode.BILINEAR`; there is no low-pass filter
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const preprocess = models.video.R3D_18_Weights.DEFAULT.transforms();
 * print(preprocess(torch.zeros([16, 3, 128, 171], { dtype: torch.uint8 })).shape); // torch.Size([3, 16, 112, 112])
 * ```
 */
export class VideoClassification extends Normalized {
  readonly crop_size: readonly number[];
  readonly resize_size: readonly number[];

  constructor(options: VideoClassificationOptions);
  constructor(...args: unknown[]) {
    const { crop_size, resize_size, mean = VIDEO_MEAN, std = VIDEO_STD, interpolation } = VIDEO.read(args);
    super({ mean, std, antialias: false, ...(interpolation === undefined ? {} : { interpolation }) });
    this.crop_size = crop_size;
    this.resize_size = resize_size;
  }

  forward(vid: Tensor): Tensor {
    check_tensor(this, vid);
    const one = vid.dim() < 5;
    const videos = one ? vid.unsqueeze(0) : vid;
    const [batch, frames, channels, height, width] = videos.shape as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    const images = videos.reshape(-1, channels, height, width);
    const { interpolation, antialias, crop_size } = this;
    const resized = resize(images, [...this.resize_size], { interpolation, antialias });
    const normal = this.normalized(center_crop(resized, crop_size));
    const result = normal.view(batch, frames, channels, crop_size[0]!, crop_size[1]!).permute(0, 2, 1, 3, 4);
    return one ? result.squeeze(0) : result;
  }

  /** What it does, in a sentence. */
  describe(): string {
    const { mean, std, interpolation } = this.written();
    return (
      'Accepts batched `(B, T, C, H, W)` and single `(T, C, H, W)` video tensors. Their frames are resized to ' +
      `resize_size=${python_repr(this.resize_size)} using interpolation=${interpolation}, and cropped to ` +
      `crop_size=${python_repr(this.crop_size)} around the center. The values are then rescaled to [0.0, 1.0], and ` +
      `normalized using mean=${mean} and std=${std}. The result has the dimensions \`(..., C, T, H, W)\`.`
    );
  }

  protected override parts(): Readonly<Record<string, string>> {
    return {
      crop_size: python_repr(this.crop_size),
      resize_size: python_repr(this.resize_size),
      ...this.written(),
    };
  }
}

const DETECTION = signature<object>('ObjectDetection', '*');

/**
 * Converts an image to float32, with values from 0 to 1. Mirrors `torchvision.transforms._presets.ObjectDetection`.
 *
 * Shapes: input and output `(C, H, W)`.
 *
 * @throws TypeError for an argument
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const preprocess = models.detection.FasterRCNN_ResNet50_FPN_Weights.DEFAULT.transforms();
 * print(preprocess(torch.tensor([[[0, 255]]], { dtype: torch.uint8 }))); // tensor([[[0., 1.]]])
 * print(preprocess); // ObjectDetection()
 * ```
 */
export class ObjectDetection extends Transform<Tensor, Tensor> {
  constructor(options?: Readonly<Record<string, never>>);
  constructor(...args: unknown[]) {
    super();
    DETECTION.read(args);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return convert_image_dtype(img, float32);
  }
}

const OPTICAL_FLOW = signature<object>('OpticalFlow', '*');
const TWO_IMAGES = signature<{ img1: Tensor; img2: Tensor }>('OpticalFlow.forward', 'img1: Tensor, img2: Tensor');

/** Two images at once: `preprocess(img1, img2)`. */
export interface OpticalFlow {
  (img1: Tensor, img2: Tensor): [img1: Tensor, img2: Tensor];
  (options: { img1: Tensor; img2: Tensor }): [img1: Tensor, img2: Tensor];
}

/**
 * Converts two images to float32, with values from -1 to 1. Mirrors `torchvision.transforms._presets.OpticalFlow`.
 *
 * Shapes: inputs and outputs `(*, C, H, W)`.
 *
 * @throws TypeError for an argument
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const preprocess = models.optical_flow.Raft_Small_Weights.DEFAULT.transforms();
 * const image = torch.full([3, 1, 1], 255, { dtype: torch.uint8 });
 * const [before, after] = preprocess(image, torch.zeros_like(image));
 * print(before.flatten(), after.flatten()); // tensor([1., 1., 1.]) tensor([-1., -1., -1.])
 * ```
 */
export class OpticalFlow extends Transform<never, [img1: Tensor, img2: Tensor]> {
  constructor(options?: Readonly<Record<string, never>>);
  constructor(...args: unknown[]) {
    super();
    OPTICAL_FLOW.read(args);
  }

  forward(img1: Tensor, img2: Tensor): [img1: Tensor, img2: Tensor];
  forward(options: { img1: Tensor; img2: Tensor }): [img1: Tensor, img2: Tensor];
  forward(...args: unknown[]): [img1: Tensor, img2: Tensor] {
    const { img1, img2 } = TWO_IMAGES.read(args);
    const normal = (img: Tensor): Tensor =>
      normalize(convert_image_dtype(img, float32), [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]).contiguous();
    return [normal(img1), normal(img2)];
  }
}

const PRESETS = { ImageClassification, ObjectDetection, OpticalFlow, SemanticSegmentation, VideoClassification };

/** The name of a preset. */
export type PresetName = keyof typeof PRESETS;

/** What the inputs of a model go through. */
export type Preset = Transform<Tensor, Tensor>;

/** What the inputs of a model with weights of an enumeration go through. */
export type PresetOf<N extends string> = N extends 'Raft_Large_Weights' | 'Raft_Small_Weights' ? OpticalFlow : Preset;

/** A preset by its name; the name of an interpolation stands for the member. @internal */
export function make_preset(name: PresetName, options: Readonly<Record<string, unknown>>): Preset {
  const { interpolation, ...others } = options;
  const given = typeof interpolation === 'string' ? InterpolationMode[member_of(interpolation)] : interpolation;
  const all = given === undefined ? others : { ...others, interpolation: given };
  return Reflect.construct(PRESETS[name], [all]) as Preset;
}

function member_of(value: string): 'BILINEAR' | 'BICUBIC' {
  return value === 'bicubic' ? 'BICUBIC' : 'BILINEAR';
}
