/** Omniglot. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { read_png_indices } from './images.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found } from './transformed.js';
import { check_integrity, download_and_extract_archive, list_dir, list_files } from './utils.js';

/** The options of {@link Omniglot}. */
export interface OmniglotOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** Whether the images are those of the background set, and not of the evaluation set. Default true. */
  background?: boolean;
}

const OMNIGLOT_ARGUMENTS = signature<OmniglotOptions<unknown, unknown>>(
  'Omniglot',
  'root: str, background?: bool, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The Omniglot dataset of handwritten characters of many alphabets. Mirrors `torchvision.datasets.Omniglot`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(1, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `omniglot-py`
 * @param background - whether the images are those of the background set, and not of the evaluation set; default true
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Omniglot('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class Omniglot<I = Tensor, L = number> extends LabeledImages<I, L> {
  static folder = 'omniglot-py';
  static download_url_prefix = 'https://raw.githubusercontent.com/brendenlake/omniglot/master/python';
  static zips_md5: Readonly<Record<'images_background' | 'images_evaluation', string>> = {
    images_background: '68d2efa1b9178cc56df9314c21c6e718',
    images_evaluation: '6b91aef0f799c5bb55b94e3f2daec811',
  };

  readonly background: boolean;
  /** The folders of the alphabets. */
  readonly _alphabets: readonly string[];
  /** The folders of the characters, by label. */
  readonly _characters: readonly string[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        background?: boolean,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      OmniglotOptions<I, L>,
      ['root', 'background', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = OMNIGLOT_ARGUMENTS.read(args) as OmniglotOptions<I, L>;
    super(join(expand_user(given.root), Omniglot.folder), { ...given, loader: given.loader ?? read_png_indices });
    this.background = given.background ?? true;
    if (given.download) this.download();
    if (!this._check_integrity()) not_found();
    const folder = join(this.root, this.part);
    this._alphabets = list_dir(folder);
    this._characters = this._alphabets.flatMap((name) => list_dir(join(folder, name)).map((each) => join(name, each)));
    this._characters.forEach((character, label) => {
      for (const path of list_files(join(folder, character), '.png', true)) {
        this._image_files.push(path);
        this._labels.push(label);
      }
    });
  }

  private get part(): 'images_background' | 'images_evaluation' {
    return this.background ? 'images_background' : 'images_evaluation';
  }

  /** Whether the archive is there, with its MD5. */
  _check_integrity(): boolean {
    const { zips_md5 } = this.constructor as typeof Omniglot;
    return check_integrity(join(this.root, `${this.part}.zip`), zips_md5[this.part]);
  }

  /** Downloads and extracts the archive, when it is missing. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    const { download_url_prefix, zips_md5 } = this.constructor as typeof Omniglot;
    const filename = `${this.part}.zip`;
    download_and_extract_archive(`${download_url_prefix}/${filename}`, this.root, {
      filename,
      md5: zips_md5[this.part],
    });
  }
}
