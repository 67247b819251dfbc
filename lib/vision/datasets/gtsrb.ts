/** German traffic signs. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { make_dataset, type Sample } from './folder.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The options of {@link GTSRB}. */
export interface GTSRBOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** Which part. Default `'train'`. */
  split?: 'train' | 'test';
}

const GTSRB_ARGUMENTS = signature<GTSRBOptions<unknown, unknown>>(
  'GTSRB',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, *, loader?: Callable',
);

/**
 * The GTSRB dataset of German traffic signs. Mirrors `torchvision.datasets.GTSRB`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `gtsrb`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archives when they are missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.GTSRB('./missing', { split: 'test' });
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class GTSRB<I = Tensor, L = number> extends LabeledImages<I, L> {
  static base_url = 'https://sid.erda.dk/public/archives/daaeac0d7ce1152aea9b61d9f1e19370/';
  static archives: Readonly<Record<'train' | 'test', readonly (readonly [name: string, md5: string])[]>> = {
    train: [['GTSRB-Training_fixed.zip', '513f3c79a4c5141765e10e952eaa2478']],
    test: [
      ['GTSRB_Final_Test_Images.zip', 'c7e4e6327067d32654124b0fe9e82185'],
      ['GTSRB_Final_Test_GT.zip', 'fe31e9c9270bbcd7b84b7f21a9d9d9e5'],
    ],
  };

  readonly _split: 'train' | 'test';

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      GTSRBOptions<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = GTSRB_ARGUMENTS.read(args) as GTSRBOptions<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    if (given.download) this.download();
    if (!this.is_there()) not_found(false);
    const samples = this._split === 'train' ? make_dataset(this.folder, { extensions: '.ppm' }) : this.test_samples();
    this._image_files = samples.map(([path]) => path);
    this._labels = samples.map(([, label]) => label);
  }

  private get folder(): string {
    const part = this._split === 'train' ? ['Training'] : ['Final_Test', 'Images'];
    return join(this.root, 'gtsrb', 'GTSRB', ...part);
  }

  private is_there(): boolean {
    return statSync(this.folder, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  private test_samples(): Sample[] {
    const path = join(this.root, 'gtsrb', 'GT-final_test.csv');
    const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
    const names = header.split(';').map((name) => name.trim());
    const [file, label] = [names.indexOf('Filename'), names.indexOf('ClassId')];
    if (file < 0 || label < 0) throw new Error(`${path}: has no columns Filename and ClassId`);
    return lines.map((line) => {
      const fields = line.split(';').map((field) => field.trim());
      return [join(this.folder, fields[file] ?? ''), Number(fields[label])];
    });
  }

  /** Downloads and extracts the archives, when they are missing. @throws Error when that fails */
  download(): void {
    if (this.is_there()) return;
    const { base_url, archives } = this.constructor as typeof GTSRB;
    for (const [name, md5] of archives[this._split]) {
      download_and_extract_archive(`${base_url}${name}`, join(this.root, 'gtsrb'), { md5 });
    }
  }
}
