/** SUN397. */
import { join, relative, sep } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { files_below, is_folder, lines_of } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found, numbered } from './transformed.js';
import { download_and_extract_archive } from './utils.js';

/** The options of {@link SUN397}. */
export type SUN397Options<I = Tensor, L = number> = LoaderOptions<number, I, L>;

const SUN397_ARGUMENTS = signature<SUN397Options<unknown, unknown>>(
  'SUN397',
  'root: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The SUN397 dataset of images of scenes of 397 kinds. Mirrors `torchvision.datasets.SUN397`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image. They come in the order of their
 * paths, where torchvision takes that of the file system.
 *
 * @param root - the folder that contains, or will contain, `SUN397`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SUN397('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class SUN397<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _DATASET_URL = 'http://vision.princeton.edu/projects/2010/SUN/SUN397.tar.gz';
  static _DATASET_MD5 = '8ca2778205c41d23104230ba66911c7a';

  /** The names of the classes, by label. */
  readonly classes: readonly string[];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      SUN397Options<I, L>,
      ['root', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = SUN397_ARGUMENTS.read(args) as SUN397Options<I, L>;
    super(expand_user(given.root), given);
    const folder = join(this.root, 'SUN397');
    if (given.download && !is_folder(folder)) {
      const { _DATASET_URL, _DATASET_MD5 } = this.constructor as typeof SUN397;
      download_and_extract_archive(_DATASET_URL, this.root, { md5: _DATASET_MD5 });
    }
    if (!is_folder(folder)) not_found(false);
    // Each is the path of a folder, below one for its first letter: `/a/abbey`.
    this.classes = lines_of(join(folder, 'ClassName.txt')).map((line) => line.slice(3));
    this.class_to_idx = numbered(this.classes);
    this._image_files = files_below(folder, (name) => /^sun_.*\.jpg$/.test(name));
    this._labels = this._image_files.map((path) => {
      const name = relative(folder, path).split(sep).slice(1, -1).join('/');
      const label = this.class_to_idx[name];
      if (label === undefined) throw new Error(`${path}: ${JSON.stringify(name)} is not in ClassName.txt`);
      return label;
    });
  }
}
