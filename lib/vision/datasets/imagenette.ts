/** Imagenette. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { Tuple } from '../../python/values.js';
import { find_classes, make_dataset } from './folder.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The sizes of the images of {@link Imagenette}: their own, or that of the shorter edge. */
export type ImagenetteSize = 'full' | '320px' | '160px';

/** The options of {@link Imagenette}. */
export interface ImagenetteOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'train'` or `'val'`. Default `'train'`. */
  split?: 'train' | 'val';
  /** `'full'`, `'320px'` or `'160px'`. Default `'full'`. */
  size?: ImagenetteSize;
}

const IMAGENETTE_ARGUMENTS = signature<ImagenetteOptions<unknown, unknown>>(
  'Imagenette',
  'root: str, split?: str, size?: str, download?: bool, transform?: Callable|None, target_transform?: Callable|None, loader?: Callable',
);

/**
 * The Imagenette dataset: ten classes of ImageNet that are easily told apart. Mirrors `torchvision.datasets.Imagenette`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, that of the dataset, such as `imagenette2`
 * @param split - `'train'` or `'val'`; default `'train'`
 * @param size - `'full'`, `'320px'` or `'160px'`; default `'full'`
 * @param download - download the archive when it is missing; default false
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Imagenette('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it.
 * }
 * ```
 */
export class Imagenette<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _ARCHIVES: Readonly<Record<ImagenetteSize, readonly [url: string, md5: string]>> = {
    full: ['https://s3.amazonaws.com/fast-ai-imageclas/imagenette2.tgz', 'fe2fc210e6bb7c5664d602c3cd71e612'],
    '320px': ['https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-320.tgz', '3df6f0d01a2c9592104656642f5e78a3'],
    '160px': ['https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz', 'e793b78cc4c9e9a4ccc0c1155377a412'],
  };
  /** The names of each class. */
  static _WNID_TO_CLASS: Readonly<Record<string, readonly string[]>> = {
    n01440764: Tuple.of('tench', 'Tinca tinca'),
    n02102040: Tuple.of('English springer', 'English springer spaniel'),
    n02979186: Tuple.of('cassette player'),
    n03000684: Tuple.of('chain saw', 'chainsaw'),
    n03028079: Tuple.of('church', 'church building'),
    n03394916: Tuple.of('French horn', 'horn'),
    n03417042: Tuple.of('garbage truck', 'dustcart'),
    n03425413: Tuple.of('gas pump', 'gasoline pump', 'petrol pump', 'island dispenser'),
    n03445777: Tuple.of('golf ball'),
    n03888257: Tuple.of('parachute', 'chute'),
  };

  readonly _split: 'train' | 'val';
  readonly _size: ImagenetteSize;
  /** The folders of the classes, by label. */
  readonly wnids: readonly string[];
  /** The label of each folder. */
  readonly wnid_to_idx: Record<string, number>;
  /** The names of each class, by label. */
  readonly classes: readonly (readonly string[])[];
  /** The label of each name of a class. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'val',
        size?: ImagenetteSize,
        download?: boolean,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        loader?: (path: string) => Tensor,
      ],
      ImagenetteOptions<I, L>,
      ['root', 'split', 'size', 'download', 'transform', 'target_transform', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = IMAGENETTE_ARGUMENTS.read(args) as ImagenetteOptions<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val']);
    this._size = verify_str_arg(given.size ?? 'full', 'size', ['full', '320px', '160px']);
    const { _ARCHIVES: archives, _WNID_TO_CLASS: names } = this.constructor as typeof Imagenette;
    const [url, md5] = archives[this._size];
    const folder = join(this.root, basename(url, '.tgz'));
    if (!existsSync(folder)) {
      if (!given.download) throw new Error('Dataset not found. You can use download=True to download it.');
      download_and_extract_archive(url, this.root, { md5 });
    }
    const images = join(folder, this._split);
    [this.wnids, this.wnid_to_idx] = find_classes(images);
    const names_of = (wnid: string): readonly string[] => {
      const found = names[wnid];
      if (found === undefined) throw new Error(`${images}: ${wnid} is not a class of Imagenette`);
      return found;
    };
    this.classes = this.wnids.map(names_of);
    this.class_to_idx = Object.fromEntries(this.wnids.flatMap((wnid, i) => names_of(wnid).map((name) => [name, i])));
    this.add(make_dataset(images, this.wnid_to_idx, '.jpeg'));
  }
}
