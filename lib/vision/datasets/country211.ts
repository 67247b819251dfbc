/** Country211. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { ImageFolder } from './folder.js';
import { is_folder } from './folders.js';
import type { LoaderOptions } from './image_list.js';
import { not_found } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The options of {@link Country211}. */
export interface Country211Options<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'train'`, `'valid'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'valid' | 'test';
}

const COUNTRY211_ARGUMENTS = signature<Country211Options<unknown, unknown>>(
  'Country211',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The Country211 dataset of images of 211 countries. Mirrors `torchvision.datasets.Country211`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `country211`
 * @param split - `'train'`, `'valid'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Country211('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class Country211<I = Tensor, L = number> extends ImageFolder<I, L> {
  static _URL = 'https://openaipublic.azureedge.net/clip/data/country211.tgz';
  static _MD5 = '84988d7644798601126c29e9877aab6a';

  readonly _split: 'train' | 'valid' | 'test';

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'valid' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      Country211Options<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = COUNTRY211_ARGUMENTS.read(args) as Country211Options<I, L>;
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'valid', 'test']);
    const root = expand_user(given.root);
    const folder = join(root, 'country211');
    const { _URL, _MD5 } = new.target;
    if (given.download && !is_folder(folder)) download_and_extract_archive(_URL, root, { md5: _MD5 });
    if (!is_folder(folder)) not_found(false);
    const { transform = null, target_transform = null, loader } = given;
    super(join(folder, split), { transform, target_transform, ...(loader && { loader }) });
    this.root = root;
    this._split = split;
  }
}
