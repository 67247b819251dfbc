/** Images of several sizes in one tensor; mirrors `torchvision.models.detection.image_list`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import type { DeviceLike } from '../../../types/device.js';

/** Height and width of an image. */
export type ImageSize = readonly [height: number, width: number];

interface ImageListArguments {
  tensors: Tensor;
  image_sizes: readonly ImageSize[];
}

const IMAGE_LIST = signature<ImageListArguments>('ImageList', 'tensors: Tensor, image_sizes: any[]');
const TO = signature<{ device: DeviceLike }>('to', 'device: device');

/**
 * Images of several sizes, padded to one size. Mirrors `torchvision.models.detection.image_list.ImageList`.
 *
 * @param tensors - the padded images `(N, C, H, W)`
 * @param image_sizes - height and width of each image before the padding
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const images = new models.detection.image_list.ImageList(torch.zeros(2, 3, 32, 32), [[30, 32], [32, 20]]);
 * print(images.image_sizes.length, images.tensors.shape); // 2 torch.Size([2, 3, 32, 32])
 * ```
 */
export class ImageList {
  readonly tensors: Tensor;
  readonly image_sizes: readonly ImageSize[];

  constructor(tensors: Tensor, image_sizes: readonly ImageSize[] | { image_sizes: readonly ImageSize[] });
  constructor(options: ImageListArguments);
  constructor(...args: unknown[]) {
    const { tensors, image_sizes } = IMAGE_LIST.read(args);
    this.tensors = tensors;
    this.image_sizes = image_sizes;
  }

  /** The images on another device. */
  to(device: DeviceLike | { device: DeviceLike }): ImageList;
  to(...args: unknown[]): ImageList {
    return new ImageList(this.tensors.to(TO.read(args).device), this.image_sizes);
  }
}
