/** Street view house numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { mat_numbers, parse_mat } from './mat.js';
import { checked_index, not_found, TransformedDataset, type TransformOptions } from './transformed.js';
import { check_integrity, download_url, verify_str_arg } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** The parts of {@link SVHN}. */
export type SVHNSplit = 'train' | 'test' | 'extra';

/** The options of {@link SVHN}. */
export interface SVHNOptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder that contains, or will contain, the `.mat` files. */
  root: string;
  /** Which part. Default `'train'`. */
  split?: SVHNSplit;
  /** Download the file when it is missing. Default false. */
  download?: boolean;
}

const SVHN_ARGUMENTS = signature<SVHNOptions<unknown, unknown>>(
  'SVHN',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

/**
 * The dataset of digits of house numbers, as Street View has seen them. Mirrors `torchvision.datasets.SVHN`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, 32, 32)`, where torchvision gives a PIL image. The digit 0 has
 * the label 0.
 *
 * @param root - the folder that contains, or will contain, the `.mat` files
 * @param split - `'train'`, `'test'` or `'extra'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the file when it is missing; default false
 * @throws Error when the file is missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SVHN('./missing', 'test');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class SVHN<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static split_list: Readonly<Record<SVHNSplit, readonly [url: string, filename: string, md5: string]>> = {
    train: [
      'http://ufldl.stanford.edu/housenumbers/train_32x32.mat',
      'train_32x32.mat',
      'e26dedcc434d2e4c54c9b2d4a06d8373',
    ],
    test: [
      'http://ufldl.stanford.edu/housenumbers/test_32x32.mat',
      'test_32x32.mat',
      'eb5a983be6a315427106f1b164d9cef3',
    ],
    extra: [
      'http://ufldl.stanford.edu/housenumbers/extra_32x32.mat',
      'extra_32x32.mat',
      'a93ce644f1a588dc4d68dda5feec44a7',
    ],
  };

  readonly split: SVHNSplit;
  /** The images: uint8, `(N, 3, 32, 32)`. */
  data: Tensor;
  /** The labels. */
  labels: number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: SVHNSplit,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      SVHNOptions<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const { root, split = 'train', download = false, ...transforms } = SVHN_ARGUMENTS.read(args) as SVHNOptions<I, L>;
    super(expand_user(root), transforms);
    this.split = verify_str_arg(split, 'split', ['train', 'test', 'extra']);
    if (download) this.download();
    if (!this._check_integrity()) not_found();
    const path = this.path;
    const variables = parse_mat(readFileSync(path), path);
    const images = mat_numbers(variables, 'X', path);
    const labels = mat_numbers(variables, 'y', path);
    const [height, width, channels, count] = images.shape;
    if (images.shape.length !== 4 || !(images.data instanceof Uint8Array) || labels.data.length !== count) {
      throw new Error(`${path}: has no images and labels of SVHN`);
    }
    // MATLAB counts along columns first.
    const by_columns = from_numpy(images.data).view(count, channels!, width!, height!);
    this.data = by_columns.permute(0, 1, 3, 2).contiguous();
    this.labels = [...labels.data].map((label) => (label === 10 ? 0 : label));
  }

  private get path(): string {
    return join(this.root, (this.constructor as typeof SVHN).split_list[this.split][1]);
  }

  get length(): number {
    return this.labels.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(as_pil_image(this.data.select(0, at)), this.labels[at]!);
  }

  /** Whether the file is there, with its MD5. */
  _check_integrity(): boolean {
    return check_integrity(this.path, (this.constructor as typeof SVHN).split_list[this.split][2]);
  }

  /** Downloads the file, unless it is there. @throws Error when that fails */
  download(): void {
    const [url, filename, md5] = (this.constructor as typeof SVHN).split_list[this.split];
    download_url(url, this.root, filename, md5);
  }

  override extra_repr(): string {
    return `Split: ${this.split}`;
  }
}
