/** CLEVR, as a task of classification. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder, names_in } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The options of {@link CLEVRClassification}. */
export interface CLEVRClassificationOptions<I = Tensor, L = number | null> extends LoaderOptions<number | null, I, L> {
  /** `'train'`, `'val'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'val' | 'test';
}

const CLEVRCLASSIFICATION_ARGUMENTS = signature<CLEVRClassificationOptions<unknown, unknown>>(
  'CLEVRClassification',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The CLEVR dataset of images of objects, as a task of classification: labels are the counts of objects. Mirrors `torchvision.datasets.CLEVRClassification`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image. Labels of the part
 * `'test'` are null.
 *
 * @param root - the folder that contains, or will contain, `clevr`
 * @param split - `'train'`, `'val'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.CLEVRClassification('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class CLEVRClassification<I = Tensor, L = number | null> extends LabeledImages<I, L, number | null> {
  static _URL = 'https://dl.fbaipublicfiles.com/clevr/CLEVR_v1.0.zip';
  static _MD5 = 'b11922020e72d0cd9154779b2d3d07d2';

  readonly _split: 'train' | 'val' | 'test';

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'val' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number | null) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      CLEVRClassificationOptions<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = CLEVRCLASSIFICATION_ARGUMENTS.read(args) as CLEVRClassificationOptions<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val', 'test']);
    const { _URL, _MD5 } = this.constructor as typeof CLEVRClassification;
    const folder = join(this.root, 'clevr', basename(_URL, '.zip'));
    if (given.download && !is_folder(folder)) {
      download_and_extract_archive(_URL, join(this.root, 'clevr'), { md5: _MD5 });
    }
    if (!is_folder(folder)) not_found();
    const images = join(folder, 'images', this._split);
    const names = names_in(images);
    this._image_files = names.map((name) => join(images, name));
    this._labels = this._split === 'test' ? names.map(() => null) : this.counts(folder, names);
  }

  /** The count of objects in each image. */
  private counts(folder: string, names: readonly string[]): number[] {
    const path = join(folder, 'scenes', `CLEVR_${this._split}_scenes.json`);
    const { scenes } = JSON.parse(readFileSync(path, 'utf8')) as {
      scenes: readonly { image_filename: string; objects: readonly unknown[] }[];
    };
    const counts = new Map(scenes.map(({ image_filename, objects }) => [image_filename, objects.length]));
    return names.map((name) => {
      const count = counts.get(name);
      if (count === undefined) throw new Error(`${path}: has no scene of ${name}`);
      return count;
    });
  }

  override extra_repr(): string {
    return `split=${this._split}`;
  }
}
