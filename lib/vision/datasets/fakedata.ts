/** Random images. */
import { randint, randn } from '../../generated/functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { get_rng_state, manual_seed, set_rng_state } from '../../random.js';
import type { Tensor } from '../../_tensor.js';
import { int64, uint8 } from '../../types/dtype.js';
import { checked_index, TransformedDataset, type TransformOptions } from './transformed.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** The options of {@link FakeData}. */
export interface FakeDataOptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** Number of images. Default 1000. */
  size?: number;
  /** Channels, height and width. Default `[3, 224, 224]`. */
  image_size?: readonly [channels: number, height: number, width: number];
  /** Number of classes. Default 10. */
  num_classes?: number;
  /** Added to the index for the seed of an image. Default 0. */
  random_offset?: number;
}

const FAKE_DATA = signature<FakeDataOptions<unknown, unknown>>(
  'FakeData',
  'size?: int, image_size?: int[], num_classes?: int, transform?: Callable|None, target_transform?: Callable|None, random_offset?: int',
);

/**
 * A dataset of random images and labels, each the same whenever it is read. Mirrors `torchvision.datasets.FakeData`, with
 * the same numbers.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `image_size`, where torchvision gives a PIL image.
 *
 * @param size - number of images; default 1000
 * @param image_size - channels, height and width; default `[3, 224, 224]`
 * @param num_classes - number of classes; default 10
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param random_offset - added to the index for the seed of an image; default 0
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * const data = new datasets.FakeData({ size: 4, image_size: [3, 8, 8] });
 * const [image, label] = data.get(0);
 * print(data.length, image.shape, image.dtype, label); // 4 torch.Size([3, 8, 8]) torch.uint8 6
 * ```
 */
export class FakeData<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  readonly size: number;
  readonly image_size: readonly number[];
  readonly num_classes: number;
  readonly random_offset: number;

  constructor(
    ...args: Arguments<
      [
        size?: number,
        image_size?: readonly [channels: number, height: number, width: number],
        num_classes?: number,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        random_offset?: number,
      ],
      FakeDataOptions<I, L>,
      ['size', 'image_size', 'num_classes', 'transform', 'target_transform', 'random_offset']
    >
  );
  constructor(...args: unknown[]) {
    const given = FAKE_DATA.read(args) as FakeDataOptions<I, L>;
    const { size = 1000, image_size = [3, 224, 224], num_classes = 10, random_offset = 0, ...transforms } = given;
    super('', transforms);
    this.size = size;
    this.image_size = image_size;
    this.num_classes = num_classes;
    this.random_offset = random_offset;
  }

  get length(): number {
    return this.size;
  }

  get(index: number): [I, L] {
    const [image, target] = this.drawn(checked_index(this, index));
    return this.item(as_pil_image(image), target);
  }

  /** An image and its label; the state of the generator stays as it was. */
  private drawn(index: number): [image: Tensor, target: number] {
    const state = get_rng_state();
    try {
      manual_seed(index + this.random_offset);
      const image = randn(this.image_size).mul(255).to(uint8);
      return [image, randint(0, this.num_classes, [1], { dtype: int64 }).item<number>()];
    } finally {
      set_rng_state(state);
    }
  }
}
