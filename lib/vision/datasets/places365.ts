/** Places365. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { python_bool } from '../../_internal/representation.js';
import { lines_of } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { sorted } from './sorting.js';
import { check_integrity, download_and_extract_archive, verify_str_arg } from './utils.js';

/** The parts of {@link Places365}. */
export type Places365Split = 'train-standard' | 'train-challenge' | 'val' | 'test';

type File = readonly [name: string, md5: string];

/** The options of {@link Places365}. */
export interface Places365Options<I = Tensor, L = number | null> extends LoaderOptions<number | null, I, L> {
  /** `'train-standard'`, `'train-challenge'`, `'val'` or `'test'`. Default `'train-standard'`. */
  split?: Places365Split;
  /** Whether images have 256 x 256 pixels, and not their own size. Default false. */
  small?: boolean;
}

const PLACES365_ARGUMENTS = signature<Places365Options<unknown, unknown>>(
  'Places365',
  'root: str, split?: str, small?: bool, download?: bool, transform?: Callable|None, target_transform?: Callable|None, loader?: Callable',
);

/**
 * The Places365 dataset of images of places of 365 kinds. Mirrors `torchvision.datasets.Places365`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image. Labels of the part
 * `'test'` are null.
 *
 * @param root - the folder that contains, or will contain, the files
 * @param split - `'train-standard'`, `'train-challenge'`, `'val'` or `'test'`; default `'train-standard'`
 * @param small - whether images have 256 x 256 pixels, and not their own size; default false
 * @param download - download the archive when it is missing; default false
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Places365('./missing');
 * } catch (error) {
 *   print((error as Error).message.endsWith('You can set download=True to download it.')); // True
 * }
 * ```
 */
export class Places365<I = Tensor, L = number | null> extends LabeledImages<I, L, number | null> {
  static _BASE_URL = 'http://data.csail.mit.edu/places/places365/';
  static _DEVKIT_META: Readonly<Record<'standard' | 'challenge', File>> = {
    standard: ['filelist_places365-standard.tar', '35a0585fee1fa656440f3ab298f8479c'],
    challenge: ['filelist_places365-challenge.tar', '70a8307e459c3de41690a7c76c931734'],
  };
  static _CATEGORIES_META: File = ['categories_places365.txt', '06c963b85866bd0649f97cb43dd16673'];
  static _FILE_LIST_META: Readonly<Record<Places365Split, File>> = {
    'train-standard': ['places365_train_standard.txt', '30f37515461640559006b8329efbed1a'],
    'train-challenge': ['places365_train_challenge.txt', 'b2931dc997b8c33c27e7329c073a6b57'],
    val: ['places365_val.txt', 'e9f2fd57bfd9d07630173f4e8708e4b1'],
    test: ['places365_test.txt', '2fce8233fe493576d724142e45d93653'],
  };
  /** The archives of large images and of small ones. */
  static _IMAGES_META: Readonly<Record<Places365Split, readonly [large: File, small: File]>> = {
    'train-standard': [
      ['train_large_places365standard.tar', '67e186b496a84c929568076ed01a8aa1'],
      ['train_256_places365standard.tar', '53ca1c756c3d1e7809517cc47c5561c5'],
    ],
    'train-challenge': [
      ['train_large_places365challenge.tar', '605f18e68e510c82b958664ea134545f'],
      ['train_256_places365challenge.tar', '741915038a5e3471ec7332404dfb64ef'],
    ],
    val: [
      ['val_large.tar', '9b71c4993ad89d2d8bcbdc4aef38042f'],
      ['val_256.tar', 'e27b17d8d44f4af9a78502beb927f808'],
    ],
    test: [
      ['test_large.tar', '41a4b6b724b1d2cd862fb3871ed59913'],
      ['test_256.tar', 'f532f6ad7b582262a2ec8009075e186b'],
    ],
  };

  readonly split: Places365Split;
  readonly small: boolean;
  /** The names of the classes, sorted. */
  readonly classes: readonly string[];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: Places365Split,
        small?: boolean,
        download?: boolean,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number | null) => L) | null,
        loader?: (path: string) => Tensor,
      ],
      Places365Options<I, L>,
      ['root', 'split', 'small', 'download', 'transform', 'target_transform', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = PLACES365_ARGUMENTS.read(args) as Places365Options<I, L>;
    super(expand_user(given.root), given);
    const { small = false, download = false } = given;
    this.split = verify_str_arg(given.split ?? 'train-standard', 'split', [
      ...(['train-standard', 'train-challenge', 'val', 'test'] as const),
    ]);
    this.small = small;
    const categories = this.listed(this.kind._CATEGORIES_META, download).map((line) => line.split(/\s+/));
    this.class_to_idx = Object.fromEntries(categories.map(([name, label]) => [name!, Number(label)]));
    this.classes = sorted(Object.keys(this.class_to_idx));
    for (const line of this.listed(this.kind._FILE_LIST_META[this.split], download)) {
      const [image = '', label] = line.split(/\s+/);
      this._image_files.push(join(this.images_dir, ...image.replace(/^\/+/, '').split('/')));
      this._labels.push(label === undefined ? null : Number(label));
    }
    if (download) this.download_images();
  }

  private get kind(): typeof Places365 {
    return this.constructor as typeof Places365;
  }

  /** `'challenge'` for the part `'train-challenge'`, otherwise `'standard'`. */
  get variant(): 'standard' | 'challenge' {
    return this.split === 'train-challenge' ? 'challenge' : 'standard';
  }

  /** The folder of the images. */
  get images_dir(): string {
    const size = this.small ? '256' : 'large';
    return join(this.root, this.split.startsWith('train') ? `data_${size}_${this.variant}` : `${this.split}_${size}`);
  }

  /** The paths of the images with their labels. */
  get imgs(): [path: string, label: number | null][] {
    return this._image_files.map((path, i) => [path, this._labels[i]!]);
  }

  /** The labels. */
  get targets(): readonly (number | null)[] {
    return this._labels;
  }

  /** The lines of a file of the development kit. */
  private listed([name, md5]: File, download: boolean): string[] {
    const path = join(this.root, name);
    if (!check_integrity(path, md5)) {
      if (!download) {
        throw new Error(`The file ${path} does not exist or is corrupted. You can set download=True to download it.`);
      }
      this.download_devkit();
    }
    return lines_of(path);
  }

  /** Downloads and extracts the lists of files. @throws Error when that fails */
  download_devkit(): void {
    const [name, md5] = this.kind._DEVKIT_META[this.variant];
    download_and_extract_archive(this.kind._BASE_URL + name, this.root, { md5 });
  }

  /** Downloads and extracts the images, when they are missing. @throws Error when that fails */
  download_images(): void {
    if (existsSync(this.images_dir)) return;
    const [name, md5] = this.kind._IMAGES_META[this.split][this.small ? 1 : 0];
    download_and_extract_archive(this.kind._BASE_URL + name, this.root, { md5 });
    // The archives of both variants have the same name for their folder.
    const extracted = this.images_dir.slice(0, this.images_dir.lastIndexOf('_'));
    if (this.split.startsWith('train')) renameSync(extracted, this.images_dir);
  }

  override extra_repr(): string {
    return `Split: ${this.split}\nSmall: ${python_bool(this.small)}`;
  }
}
