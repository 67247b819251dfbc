/** FGVC Aircraft. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder, lines_of } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { not_found, numbered } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The parts of {@link FGVCAircraft}. */
export type AircraftSplit = 'train' | 'val' | 'trainval' | 'test';
/** What the labels of {@link FGVCAircraft} say. */
export type AircraftLevel = 'variant' | 'family' | 'manufacturer';

const class_lists: Readonly<Record<AircraftLevel, string>> = {
  variant: 'variants.txt',
  family: 'families.txt',
  manufacturer: 'manufacturers.txt',
};

/** The options of {@link FGVCAircraft}. */
export interface FGVCAircraftOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'train'`, `'val'`, `'trainval'` or `'test'`. Default `'trainval'`. */
  split?: AircraftSplit;
  /** `'variant'`, `'family'` or `'manufacturer'`. Default `'variant'`. */
  annotation_level?: AircraftLevel;
}

const FGVCAIRCRAFT_ARGUMENTS = signature<FGVCAircraftOptions<unknown, unknown>>(
  'FGVCAircraft',
  'root: str, split?: str, annotation_level?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The FGVC Aircraft dataset of images of aircraft. Mirrors `torchvision.datasets.FGVCAircraft`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `fgvc-aircraft-2013b`
 * @param split - `'train'`, `'val'`, `'trainval'` or `'test'`; default `'trainval'`
 * @param annotation_level - `'variant'`, `'family'` or `'manufacturer'`; default `'variant'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.FGVCAircraft('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class FGVCAircraft<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _URL = 'https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/archives/fgvc-aircraft-2013b.tar.gz';

  readonly _split: AircraftSplit;
  readonly _annotation_level: AircraftLevel;
  /** The names of the classes, by label. */
  readonly classes: readonly string[];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: AircraftSplit,
        annotation_level?: AircraftLevel,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      FGVCAircraftOptions<I, L>,
      ['root', 'split', 'annotation_level', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = FGVCAIRCRAFT_ARGUMENTS.read(args) as FGVCAircraftOptions<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'trainval', 'split', ['train', 'val', 'trainval', 'test']);
    const levels = ['variant', 'family', 'manufacturer'] as const;
    this._annotation_level = verify_str_arg(given.annotation_level ?? 'variant', 'annotation_level', [...levels]);
    const folder = join(this.root, 'fgvc-aircraft-2013b');
    if (given.download && !is_folder(folder)) {
      download_and_extract_archive((this.constructor as typeof FGVCAircraft)._URL, this.root);
    }
    if (!is_folder(folder)) not_found(false);
    this.classes = lines_of(join(folder, 'data', class_lists[this._annotation_level]));
    this.class_to_idx = numbered(this.classes);
    for (const line of lines_of(join(folder, 'data', `images_${this._annotation_level}_${this._split}.txt`))) {
      const space = line.indexOf(' ');
      const label = this.class_to_idx[line.slice(space + 1)];
      if (label === undefined) throw new Error(`${folder}: ${line} names a class that is not listed`);
      this._image_files.push(join(folder, 'data', 'images', `${line.slice(0, space)}.jpg`));
      this._labels.push(label);
    }
  }
}
