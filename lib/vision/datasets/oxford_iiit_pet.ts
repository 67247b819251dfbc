/** Oxford-IIIT Pet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder } from './folders.js';
import { default_loader, read_png_indices } from './images.js';
import {
  checked_index,
  not_found,
  numbered,
  TransformedDataset,
  type JointTransform,
  type JointTransformOptions,
} from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** What a target of {@link OxfordIIITPet} is. */
export type PetTargetType = 'category' | 'binary-category' | 'segmentation';

/** A target of {@link OxfordIIITPet}: a label, a mask `(1, H, W)`, several of them, or null for none. */
export type PetTarget = number | Tensor | readonly (number | Tensor)[] | null;

/** The options of {@link OxfordIIITPet}. */
export interface OxfordIIITPetOptions<I = Tensor, L = PetTarget> extends JointTransformOptions<PetTarget, I, L> {
  /** The folder that contains, or will contain, `oxford-iiit-pet`. */
  root: string;
  /** Which part. Default `'trainval'`. */
  split?: 'trainval' | 'test';
  /** What targets are; several give a list. Default `'category'`. */
  target_types?: PetTargetType | readonly PetTargetType[];
  /** Download the archives when they are missing. Default false. */
  download?: boolean;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
}

const OXFORD_IIIT_PET = signature<OxfordIIITPetOptions<unknown, unknown>>(
  'OxfordIIITPet',
  'root: str, split?: str, target_types?: str|str[], transforms?: Callable|None, transform?: Callable|None, ' +
    'target_transform?: Callable|None, download?: bool, *, loader?: Callable',
);

/** Each word with a capital letter, as Python's `str.title`. */
function titled(words: string): string {
  return words.replace(/[A-Za-z]+/g, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase());
}

/**
 * The Oxford-IIIT dataset of images of cats and dogs of 37 breeds. Mirrors `torchvision.datasets.OxfordIIITPet`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image, a mask a uint8
 * tensor `(1, H, W)`: 1 for the animal, 2 for what is around it, 3 for its border.
 *
 * @param root - the folder that contains, or will contain, `oxford-iiit-pet`
 * @param split - `'trainval'` or `'test'`; default `'trainval'`
 * @param target_types - `'category'`, `'binary-category'` (cat or dog), `'segmentation'`, or several; default `'category'`
 * @param transforms - transform of each image and its target, instead of the two others; default null
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param download - download the archives when they are missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.OxfordIIITPet('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class OxfordIIITPet<I = Tensor, L = PetTarget> extends TransformedDataset<PetTarget, I, L> {
  static _RESOURCES: readonly (readonly [url: string, md5: string])[] = [
    ['https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz', '5c4f3ee8e5d25df40f4fd59a7f44e54c'],
    ['https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz', '95a8c909bbe2e81eed6a22bccdf3f68f'],
  ];

  loader: (path: string) => Tensor;
  readonly _split: 'trainval' | 'test';
  readonly _target_types: readonly PetTargetType[];
  readonly bin_classes: readonly string[] = ['Cat', 'Dog'];
  /** The names of the breeds, by label. */
  readonly classes: readonly string[];
  readonly _images: readonly string[];
  readonly _segs: readonly string[];
  readonly _labels: readonly number[];
  readonly _bin_labels: readonly number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'trainval' | 'test',
        target_types?: PetTargetType | readonly PetTargetType[],
        transforms?: JointTransform<PetTarget, I, L> | null,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: PetTarget) => L) | null,
        download?: boolean,
      ],
      OxfordIIITPetOptions<I, L>,
      ['root', 'split', 'target_types', 'transforms', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = OXFORD_IIIT_PET.read(args) as OxfordIIITPetOptions<I, L>;
    const { split = 'trainval', target_types = 'category', loader = default_loader } = given;
    super(expand_user(given.root), given);
    this.loader = loader;
    this._split = verify_str_arg(split, 'split', ['trainval', 'test']);
    this._target_types = (typeof target_types === 'string' ? [target_types] : target_types).map((type) =>
      verify_str_arg(type, 'target_types', ['category', 'binary-category', 'segmentation']),
    );
    const there = (): boolean => is_folder(this.path_of('images')) && is_folder(this.path_of('annotations'));
    if (given.download && !there()) {
      for (const [url, md5] of (this.constructor as typeof OxfordIIITPet)._RESOURCES) {
        download_and_extract_archive(url, this.path_of(), { md5 });
      }
    }
    if (!there()) not_found(false);
    const list = this.path_of('annotations', `${this._split}.txt`);
    const rows = readFileSync(list, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.trim().split(/\s+/));
    if (rows.some((row) => row.length !== 4)) throw new Error(`${list}: has a line that is not four fields`);
    const ids = rows.map(([id]) => id!);
    this._labels = rows.map((row) => Number(row[1]) - 1);
    this._bin_labels = rows.map((row) => Number(row[2]) - 1);
    const breeds = new Map(ids.map((id, i) => [id.slice(0, id.lastIndexOf('_')), this._labels[i]!]));
    this.classes = [...breeds].sort(([, a], [, b]) => a - b).map(([breed]) => breed.split('_').map(titled).join(' '));
    this._images = ids.map((id) => this.path_of('images', `${id}.jpg`));
    this._segs = ids.map((id) => this.path_of('annotations', 'trimaps', `${id}.png`));
  }

  private path_of(...parts: string[]): string {
    return join(this.root, 'oxford-iiit-pet', ...parts);
  }

  /** The label of each breed by name. */
  get class_to_idx(): Record<string, number> {
    return numbered(this.classes);
  }

  get bin_class_to_idx(): Record<string, number> {
    return numbered(this.bin_classes);
  }

  get length(): number {
    return this._images.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const targets = this._target_types.map((type) => {
      if (type === 'category') return this._labels[at]!;
      return type === 'binary-category' ? this._bin_labels[at]! : read_png_indices(this._segs[at]!);
    });
    const image = this.loader(this._images[at]!);
    return this.item(image, targets.length > 1 ? targets : (targets[0] ?? null));
  }
}
