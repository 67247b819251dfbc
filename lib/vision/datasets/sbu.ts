/** The SBU Captioned Photo Dataset. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { lines_of } from './folders.js';
import { default_loader } from './images.js';
import { checked_index, not_found, TransformedDataset, type TransformOptions } from './transformed.js';
import { check_integrity, download_and_extract_archive, download_url } from './utils.js';

/** The options of {@link SBU}. */
export interface SBUOptions<I = Tensor, L = string> extends TransformOptions<string, I, L> {
  /** The folder that contains, or will contain, the archive and `dataset`. */
  root: string;
  /** Download the archive when it is missing, and all photos that it lists. Default true. */
  download?: boolean;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
}

const SBU_ARGUMENTS = signature<SBUOptions<unknown, unknown>>(
  'SBU',
  'root: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The SBU Captioned Photo Dataset: images with a caption each. Mirrors `torchvision.datasets.SBU`.
 *
 * Items are `[image, caption]`, of the photos that are there; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL
 * image.
 *
 * @param root - the folder that contains, or will contain, the archive and `dataset`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each caption; default null
 * @param download - download the archive when it is missing; default true
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SBU('./missing', { download: false });
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class SBU<I = Tensor, L = string> extends TransformedDataset<string, I, L> {
  static url = 'https://www.cs.rice.edu/~vo9/sbucaptions/SBUCaptionedPhotoDataset.tar.gz';
  static filename = 'SBUCaptionedPhotoDataset.tar.gz';
  static md5_checksum = '9aec147b3488753cf758b4d493422285';

  loader: (path: string) => Tensor;
  /** The names of the photos that are there. */
  readonly photos: string[] = [];
  /** The caption of each. */
  readonly captions: string[] = [];

  constructor(
    ...args: Arguments<
      [
        root: string,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: string) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      SBUOptions<I, L>,
      ['root', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = SBU_ARGUMENTS.read(args) as SBUOptions<I, L>;
    super(expand_user(given.root), given);
    this.loader = given.loader ?? default_loader;
    if (given.download ?? true) this.download();
    if (!this._check_integrity()) not_found();
    const captions = lines_of(join(this.folder, 'SBU_captioned_photo_dataset_captions.txt'));
    this.urls().forEach((url, i) => {
      const photo = basename(url);
      if (!existsSync(join(this.folder, photo))) return;
      this.photos.push(photo);
      this.captions.push(captions[i] ?? '');
    });
  }

  private get folder(): string {
    return join(this.root, 'dataset');
  }

  private urls(): string[] {
    return lines_of(join(this.folder, 'SBU_captioned_photo_dataset_urls.txt'));
  }

  get length(): number {
    return this.photos.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(this.loader(join(this.folder, this.photos[at]!)), this.captions[at]!);
  }

  /** Whether the archive is there, with its MD5. */
  _check_integrity(): boolean {
    const { filename, md5_checksum } = this.constructor as typeof SBU;
    return check_integrity(join(this.root, filename), md5_checksum);
  }

  /** Downloads the archive, when it is missing, and the photos that it lists, but for those that are gone. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    const { url, filename, md5_checksum } = this.constructor as typeof SBU;
    download_and_extract_archive(url, this.root, { filename, md5: md5_checksum });
    for (const photo of this.urls()) {
      try {
        download_url(photo, this.folder);
      } catch {
        // Many photos are not there any more.
      }
    }
  }
}
