/** Describable textures. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder, lines_of } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { sorted } from './sorting.js';
import { not_found, numbered } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The options of {@link DTD}. */
export interface DTDOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'train'`, `'val'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'val' | 'test';
  /** Which of the ten partitions, from 1 to 10. Default 1. */
  partition?: number;
}

const DTD_ARGUMENTS = signature<DTDOptions<unknown, unknown>>(
  'DTD',
  'root: str, split?: str, partition?: int, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The Describable Textures Dataset: images of textures of 47 kinds. Mirrors `torchvision.datasets.DTD`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `dtd`
 * @param split - `'train'`, `'val'` or `'test'`; default `'train'`
 * @param partition - which of the ten partitions, from 1 to 10; default 1
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing, and for another partition
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.DTD('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class DTD<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _URL = 'https://www.robots.ox.ac.uk/~vgg/data/dtd/download/dtd-r1.0.1.tar.gz';
  static _MD5 = 'fff73e5086ae6bdbea199a49dfb8a4c1';

  readonly _split: 'train' | 'val' | 'test';
  readonly _partition: number;
  /** The names of the classes, by label. */
  readonly classes: readonly string[];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'val' | 'test',
        partition?: number,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      DTDOptions<I, L>,
      ['root', 'split', 'partition', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = DTD_ARGUMENTS.read(args) as DTDOptions<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val', 'test']);
    this._partition = given.partition ?? 1;
    if (this._partition < 1 || this._partition > 10) {
      throw new Error(
        `Parameter 'partition' should be an integer with \`1 <= partition <= 10\`, but got ${this._partition} instead`,
      );
    }
    const folder = join(this.root, 'dtd', 'dtd');
    if (given.download && !is_folder(folder)) {
      const { _URL, _MD5 } = this.constructor as typeof DTD;
      download_and_extract_archive(_URL, join(this.root, 'dtd'), { md5: _MD5 });
    }
    if (!is_folder(folder)) not_found(false);
    const names = lines_of(join(folder, 'labels', `${this._split}${this._partition}.txt`));
    const classes = names.map((name) => name.slice(0, name.indexOf('/')));
    this.classes = sorted([...new Set(classes)]);
    this.class_to_idx = numbered(this.classes);
    this._image_files = names.map((name) => join(folder, 'images', ...name.split('/')));
    this._labels = classes.map((name) => this.class_to_idx[name]!);
  }

  override extra_repr(): string {
    return `split=${this._split}, partition=${this._partition}`;
  }
}
