/** Transforms of the kind and the values of inputs. */
import { NDArray } from '../../../numpy/ndarray.js';
import { python_bool } from '../../../_internal/representation.js';
import { no_arguments, signature, type Arguments } from '../../../_internal/signature.js';
import { Tensor } from '../../../_tensor.js';
import { DType } from '../../../types/dtype.js';
import { BoundingBoxes, box_format, KeyPoints, type BoxFormatLike, type ClampingMode } from '../../tv_tensors/boxes.js';

import { Image, Video } from '../../tv_tensors/images.js';
import { plain_view, TVTensor } from '../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../tv_tensors/wrap.js';
import { float_list } from '../representation.js';
import {
  checked_mode,
  clamp_bounding_boxes,
  clamp_keypoints,
  convert_bounding_box_format,
} from './functional/boxes.js';
import { is_pure } from './functional/dispatch.js';
import { normalize, to_image, with_dtype } from './functional/values.js';
import { Transform } from './transform.js';

/**
 * Returns its inputs. Mirrors `torchvision.transforms.v2.Identity`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.Identity()(torch.ones(2))); // tensor([1., 1.])
 * ```
 */
export class Identity extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('Identity', none);
  }

  override transform(inpt: Tensor): Tensor {
    return inpt;
  }
}

/**
 * Makes images of plain tensors, which stand for PIL images, and NDArrays. Mirrors `torchvision.transforms.v2.ToImage`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.ToImage()(torch.zeros(1, 1, 2))); // Image([[[0., 0.]]], )
 * ```
 */
export class ToImage extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('ToImage', none);
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof NDArray || (leaf instanceof Tensor && is_pure(leaf));
  }

  override transform(inpt: Tensor | NDArray): Image {
    return to_image(inpt);
  }
}

/**
 * Makes plain tensors of tv_tensors. Mirrors `torchvision.transforms.v2.ToPureTensor`.
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * print(new transforms.v2.ToPureTensor()(new tv_tensors.Mask([1, 2]))); // tensor([1, 2])
 * ```
 */
export class ToPureTensor extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('ToPureTensor', none);
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof TVTensor;
  }

  override transform(inpt: Tensor): Tensor {
    return plain_view(inpt);
  }
}

/** Dtypes by class, with `'others'` for those that are not in it; null leaves inputs as they are. */
export type DTypes = ReadonlyMap<unknown, DType | null>;

interface ToDtypeArguments {
  dtype: DType | DTypes;
  scale?: boolean;
}

const TO_DTYPE = signature<ToDtypeArguments>('ToDtype', 'dtype: dtype|ByClass, scale?: bool');

/**
 * Converts images and videos to a dtype, or inputs by their class. Mirrors `torchvision.transforms.v2.ToDtype`.
 *
 * @param dtype - the dtype of images and videos, or a Map of dtypes by class, such as `tv_tensors.Mask`, and `'others'`
 * @param scale - scale the values of images and videos to the range of the dtype; default false
 * @throws Error for an input whose class is not in the Map
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.ToDtype(torch.float32, { scale: true });
 * print(transform, transform(torch.tensor([0, 51], { dtype: torch.uint8 }))); // ToDtype(scale=True) tensor([0.0000, 0.2000])
 * ```
 */
export class ToDtype extends Transform {
  readonly dtype: DType | DTypes;
  readonly scale: boolean;

  constructor(...args: Arguments<[dtype: DType | DTypes, scale?: boolean], ToDtypeArguments, ['dtype', 'scale']>);
  constructor(...args: unknown[]) {
    super();
    const { dtype, scale = false } = TO_DTYPE.read(args);
    this.dtype = dtype;
    this.scale = scale;
  }

  override transform(inpt: Tensor): Tensor {
    const { dtype, scale } = this;
    if (dtype instanceof DType) {
      const is_image = is_pure(inpt) || inpt instanceof Image || inpt instanceof Video;
      return is_image ? with_dtype(inpt, dtype, scale) : inpt;
    }
    const kind = dtype.has(inpt.constructor) ? inpt.constructor : 'others';
    const wanted = dtype.get(kind);
    if (wanted === undefined) {
      throw new Error(
        `No dtype was specified for type ${inpt.constructor.name}. If you only need to convert the dtype of images or ` +
          "videos, pass it alone; in a Map, 'others' is for all other classes.",
      );
    }
    return wanted === null ? inpt : with_dtype(inpt, wanted, scale);
  }

  protected override _texts(): Record<string, string> {
    return { scale: python_bool(this.scale) };
  }
}

interface NormalizeArguments {
  mean: readonly number[];
  std: readonly number[];
  inplace?: boolean;
}

const NORMALIZE = signature<NormalizeArguments>('Normalize', 'mean: float[], std: float[], inplace?: bool');

/**
 * Normalizes each channel of images and videos: `(x - mean) / std`. Mirrors `torchvision.transforms.v2.Normalize`.
 *
 * @param mean - mean of each channel
 * @param std - standard deviation of each channel
 * @param inplace - change the given tensors; default false
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.Normalize([0.5], [0.25]);
 * print(transform, transform(torch.ones(1, 1, 2))); // Normalize(mean=[0.5], std=[0.25], inplace=False) tensor([[[2., 2.]]])
 * ```
 */
export class Normalize extends Transform {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly inplace: boolean;

  constructor(
    ...args: Arguments<
      [mean: readonly number[], std: readonly number[], inplace?: boolean],
      NormalizeArguments,
      ['mean', 'std', 'inplace']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { mean, std, inplace = false } = NORMALIZE.read(args);
    this.mean = [...mean];
    this.std = [...std];
    this.inplace = inplace;
  }

  override transform(inpt: Tensor): Tensor {
    return normalize(inpt, this.mean, this.std, this.inplace);
  }

  protected override _texts(): Record<string, string> {
    return { mean: float_list(this.mean), std: float_list(this.std), inplace: python_bool(this.inplace) };
  }
}

const CONVERT = signature<{ format: BoxFormatLike }>('ConvertBoundingBoxFormat', 'format: BoundingBoxFormat|str');

/**
 * Converts boxes to another format. Mirrors `torchvision.transforms.v2.ConvertBoundingBoxFormat`.
 *
 * @param format - the format
 * @throws Error for the name of no format
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(new transforms.v2.ConvertBoundingBoxFormat('xywh')(boxes)); // BoundingBoxes([[1, 2, 2, 2]], format=BoundingBoxFormat.XYWH, canvas_size=(10, 20), clamping_mode=soft)
 * ```
 */
export class ConvertBoundingBoxFormat extends Transform {
  readonly format: BoxFormatLike;

  constructor(...args: [format: BoxFormatLike] | [options: { format: BoxFormatLike }]);
  constructor(...args: unknown[]) {
    super();
    const { format } = CONVERT.read(args);
    box_format(format);
    this.format = format;
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof BoundingBoxes;
  }

  override transform(inpt: Tensor): Tensor {
    return convert_bounding_box_format(inpt, { new_format: this.format });
  }

  protected override _texts(): Record<string, string> {
    return { format: String(this.format) };
  }
}

const CLAMP = signature<{ clamping_mode?: ClampingMode | 'auto' }>('ClampBoundingBoxes', 'clamping_mode?: str|None');

/**
 * Cuts boxes off at the edges of the image. Mirrors `torchvision.transforms.v2.ClampBoundingBoxes`.
 *
 * @param clamping_mode - `'soft'`, `'hard'`, null for none, or `'auto'`, the default: as the boxes say
 * @throws Error for other modes
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([-1, 2, 3, 40], { format: 'XYXY', canvas_size: [10, 20] });
 * print(new transforms.v2.ClampBoundingBoxes()(boxes)); // BoundingBoxes([[ 0,  2,  3, 10]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 20), clamping_mode=soft)
 * ```
 */
export class ClampBoundingBoxes extends Transform {
  readonly clamping_mode: ClampingMode | 'auto';

  constructor(...args: [clamping_mode?: ClampingMode | 'auto'] | [options: { clamping_mode?: ClampingMode | 'auto' }]);
  constructor(...args: unknown[]) {
    super();
    const { clamping_mode = 'auto' } = CLAMP.read(args);
    checked_mode(clamping_mode, ['soft', 'hard', 'auto']);
    this.clamping_mode = clamping_mode;
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof BoundingBoxes;
  }

  override transform(inpt: Tensor): Tensor {
    return clamp_bounding_boxes(inpt, { clamping_mode: this.clamping_mode });
  }

  protected override _texts(): Record<string, string | null> {
    return { clamping_mode: this.clamping_mode };
  }
}

/**
 * Moves points outside of the image to its edges. Mirrors `torchvision.transforms.v2.ClampKeyPoints`.
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([-1, 20], { canvas_size: [10, 20] });
 * print(new transforms.v2.ClampKeyPoints()(points)); // KeyPoints([[0, 9]], canvas_size=(10, 20))
 * ```
 */
export class ClampKeyPoints extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('ClampKeyPoints', none);
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof KeyPoints;
  }

  override transform(inpt: Tensor): Tensor {
    return clamp_keypoints(inpt);
  }
}

const SET_MODE = signature<{ clamping_mode: ClampingMode }>('SetClampingMode', 'clamping_mode: str|None');

/**
 * Sets how later transforms clamp boxes to the image. Mirrors `torchvision.transforms.v2.SetClampingMode`.
 *
 * @param clamping_mode - `'soft'`, `'hard'`, or null: not
 * @throws Error for other modes
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(new transforms.v2.SetClampingMode(null)(boxes).clamping_mode); // None
 * ```
 */
export class SetClampingMode extends Transform {
  readonly clamping_mode: ClampingMode;

  constructor(...args: [clamping_mode: ClampingMode] | [options: { clamping_mode: ClampingMode }]);
  constructor(...args: unknown[]) {
    super();
    const { clamping_mode } = SET_MODE.read(args);
    checked_mode(clamping_mode, ['soft', 'hard']);
    this.clamping_mode = clamping_mode;
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof BoundingBoxes;
  }

  override transform(inpt: Tensor): Tensor {
    return wrapped(inpt.clone(), inpt as BoundingBoxes, { clamping_mode: this.clamping_mode });
  }

  protected override _texts(): Record<string, string | null> {
    return { clamping_mode: this.clamping_mode };
  }
}
