/** Food-101. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder } from './folders.js';
import { sorted } from './sorting.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found, numbered } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The options of {@link Food101}. */
export interface Food101Options<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** Which part. Default `'train'`. */
  split?: 'train' | 'test';
}

const FOOD101 = signature<Food101Options<unknown, unknown>>(
  'Food101',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The Food-101 dataset of images of dishes. Mirrors `torchvision.datasets.Food101`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `food-101`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Food101('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class Food101<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _URL = 'http://data.vision.ee.ethz.ch/cvl/food-101.tar.gz';
  static _MD5 = '85eeb15f3717b99a5da872d97d918f87';

  readonly _split: 'train' | 'test';
  /** The names of the classes, by label. */
  readonly classes: readonly string[];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      Food101Options<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = FOOD101.read(args) as Food101Options<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'food-101');
    const there = (): boolean => ['meta', 'images'].every((name) => is_folder(join(folder, name)));
    if (given.download && !there()) {
      const { _URL, _MD5 } = this.constructor as typeof Food101;
      download_and_extract_archive(_URL, this.root, { md5: _MD5 });
    }
    if (!there()) not_found(false);
    const path = join(folder, 'meta', `${this._split}.json`);
    const metadata = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string[]>;
    this.classes = sorted(Object.keys(metadata));
    this.class_to_idx = numbered(this.classes);
    for (const [name, images] of Object.entries(metadata)) {
      for (const image of images) {
        this._image_files.push(join(folder, 'images', ...`${image}.jpg`.split('/')));
        this._labels.push(this.class_to_idx[name]!);
      }
    }
  }

  override extra_repr(): string {
    return `split=${this._split}`;
  }
}
