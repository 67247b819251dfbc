/** Moving MNIST. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { load } from '../../numpy/index.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { checked_index } from './transformed.js';
import { download_url, verify_str_arg } from './utils.js';
import { VisionDataset } from './vision_dataset.js';

/** The options of {@link MovingMNIST}. */
export interface MovingMNISTOptions<I = Tensor> {
  /** The folder that contains, or will contain, `MovingMNIST`. */
  root: string;
  /** Transform of each video. Default null. */
  transform?: ((image: Tensor) => I) | null;
  /** Download the file when it is missing. Default false. */
  download?: boolean;
  /** Which frames: the first ones, the last ones, or all. Default null: all. */
  split?: 'train' | 'test' | null;
  /** The number of frames of the part `'train'`, from 1 to 19. Default 10. */
  split_ratio?: number;
}

const MOVING_MNIST_ARGUMENTS = signature<MovingMNISTOptions<unknown>>(
  'MovingMNIST',
  'root: str, split?: str|None, split_ratio?: int, download?: bool, transform?: Callable|None',
);

/**
 * The Moving MNIST dataset of 10,000 videos of two digits. Mirrors `torchvision.datasets.MovingMNIST`.
 *
 * Items are videos: uint8 tensors `(T, 1, 64, 64)`.
 *
 * @param root - the folder that contains, or will contain, `MovingMNIST`
 * @param split - which frames: the first ones, the last ones, or all; default null: all
 * @param split_ratio - the number of frames of the part `'train'`, from 1 to 19; default 10
 * @param download - download the archive when it is missing; default false
 * @param transform - transform of each video; default null
 * @throws Error when the file is missing, and for another ratio
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.MovingMNIST('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it.
 * }
 * ```
 */
export class MovingMNIST<I = Tensor> extends VisionDataset<I> {
  static _URL = 'http://www.cs.toronto.edu/~nitish/unsupervised_video/mnist_test_seq.npy';

  transform: ((image: Tensor) => I) | null;
  readonly target_transform = null;
  readonly split: 'train' | 'test' | null;
  readonly split_ratio: number;
  /** The videos: uint8, `(N, T, 1, 64, 64)`. */
  data: Tensor;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test' | null,
        split_ratio?: number,
        download?: boolean,
        transform?: ((image: Tensor) => I) | null,
      ],
      MovingMNISTOptions<I>,
      ['root', 'split', 'split_ratio', 'download', 'transform']
    >
  );
  constructor(...args: unknown[]) {
    const given = MOVING_MNIST_ARGUMENTS.read(args) as MovingMNISTOptions<I>;
    super(expand_user(given.root));
    this.transform = given.transform ?? null;
    const { split = null, split_ratio = 10 } = given;
    this.split = split === null ? null : verify_str_arg(split, 'split', ['train', 'test']);
    if (split_ratio < 1 || split_ratio > 19) {
      throw new Error(`\`split_ratio\` should be \`1 <= split_ratio <= 19\`, but got ${split_ratio} instead.`);
    }
    this.split_ratio = split_ratio;
    if (given.download) this.download();
    if (!existsSync(this.path)) {
      throw new Error('Dataset not found. You can use download=True to download it.');
    }
    const frames = from_numpy(load(this.path));
    const count = frames.size(0);
    const train = Math.min(split_ratio, count);
    const [first, length] =
      this.split === null ? [0, count] : this.split === 'train' ? [0, train] : [train, count - train];
    this.data = frames.narrow(0, first, length).transpose(0, 1).unsqueeze(2).contiguous();
  }

  private get path(): string {
    return join(this.root, this.constructor.name, 'mnist_test_seq.npy');
  }

  get length(): number {
    return this.data.size(0);
  }

  get(index: number): I {
    const video = this.data.select(0, checked_index(this, index));
    return this.transform === null ? (video as I) : this.transform(video);
  }

  /** Downloads the file, when it is missing. @throws Error when that fails */
  download(): void {
    if (existsSync(this.path)) return;
    const { _URL } = this.constructor as typeof MovingMNIST;
    const folder = join(this.root, this.constructor.name);
    download_url(_URL, folder, 'mnist_test_seq.npy', 'be083ec986bfe91a449d63653c411eb2');
  }
}
