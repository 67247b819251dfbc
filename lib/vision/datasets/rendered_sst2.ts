/** Rendered SST2. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { make_dataset } from './folder.js';
import { is_folder } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found, numbered } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The options of {@link RenderedSST2}. */
export interface RenderedSST2Options<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'train'`, `'val'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'val' | 'test';
}

const RENDERED_SST2_ARGUMENTS = signature<RenderedSST2Options<unknown, unknown>>(
  'RenderedSST2',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The Rendered SST2 dataset: images of sentences, which are negative or positive. Mirrors `torchvision.datasets.RenderedSST2`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `rendered-sst2`
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
 *   new datasets.RenderedSST2('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class RenderedSST2<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _URL = 'https://openaipublic.azureedge.net/clip/data/rendered-sst2.tgz';
  static _MD5 = '2384d08e9dcfa4bd55b324e610496ee5';

  readonly _split: 'train' | 'val' | 'test';
  /** The names of the classes, by label. */
  readonly classes: readonly string[] = ['negative', 'positive'];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number> = numbered(this.classes);

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'val' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      RenderedSST2Options<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = RENDERED_SST2_ARGUMENTS.read(args) as RenderedSST2Options<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val', 'test']);
    const folder = join(this.root, 'rendered-sst2', this._split === 'val' ? 'valid' : this._split);
    const there = (): boolean => this.classes.every((name) => is_folder(join(folder, name)));
    if (given.download && !there()) {
      const { _URL, _MD5 } = this.constructor as typeof RenderedSST2;
      download_and_extract_archive(_URL, this.root, { md5: _MD5 });
    }
    if (!there()) not_found(false);
    this.add(make_dataset(folder, { extensions: ['png'] }));
  }

  override extra_repr(): string {
    return `split=${this._split}`;
  }
}
