/** Labeled Faces in the Wild. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import type { Arguments } from '../../_internal/signature.js';
import { family } from '../../nn/modules/forward_arguments.js';
import type { Tensor } from '../../_tensor.js';
import { Tuple } from '../../python/values.js';
import { lines_of } from './folders.js';
import { default_loader } from './images.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { checked_index, not_found } from './transformed.js';
import { check_integrity, verify_str_arg } from './utils.js';
import { VisionDataset } from './vision_dataset.js';

/** The parts of {@link LFWPeople} and {@link LFWPairs}. */
export type LFWSplit = '10fold' | 'train' | 'test';
/** How the faces of {@link LFWPeople} and {@link LFWPairs} are aligned. */
export type LFWImageSet = 'original' | 'funneled' | 'deepfunneled';

const BASE_FOLDER = 'lfw-py';
const NAMES = 'lfw-names.txt';

/** The folder of the images, the archive, and its MD5. */
const image_sets: Readonly<Record<LFWImageSet, readonly [folder: string, archive: string, md5: string]>> = {
  original: ['lfw', 'lfw.tgz', 'a17d05bd522c52d84eca14327a23d494'],
  funneled: ['lfw_funneled', 'lfw-funneled.tgz', '1b42dfed7d15c9b2dd63d5e5840c86ad'],
  deepfunneled: ['lfw-deepfunneled', 'lfw-deepfunneled.tgz', '68331da3eb755a505a502b5aacb3c201'],
};
const suffixes: Readonly<Record<LFWSplit, string>> = { '10fold': '', train: 'DevTrain', test: 'DevTest' };

/** The MD5 of each file of names, pairs and people. */
const checksums: Record<string, string> = {
  'pairs.txt': '9f1ba174e4e1c508ff7cdf10ac338a7d',
  'pairsDevTest.txt': '5132f7440eb68cf58910c8a45a2ac10b',
  'pairsDevTrain.txt': '4f27cbf15b2da4a85c1907eb4181ad21',
  'people.txt': '450f0863dd89e85e73936a6d71a3474b',
  'peopleDevTest.txt': 'e4bf5be0a43b5dcd9dc5ccfcb8fb19c5',
  'peopleDevTrain.txt': '54eaac34beb6d042ed3a7d883e247a21',
  [NAMES]: 'a6d0a479bd074669f656265a6e693f6d',
};

/** What both datasets are made of. */
interface Faces {
  readonly image_set: LFWImageSet;
  readonly split: LFWSplit;
  /** The lines of the list of people or pairs. */
  readonly rows: readonly (readonly string[])[];
  /** The path of an image of a person. */
  readonly path_of: (name: string, number: string | number) => string;
}

interface FacesOptions {
  readonly split?: LFWSplit;
  readonly image_set?: LFWImageSet;
  readonly download?: boolean;
}

/** Finds the files. @throws Error when they are missing or damaged, and for downloads */
function faces(
  root: string,
  view: 'people' | 'pairs',
  sums: { readonly archives: typeof image_sets; readonly lists: Readonly<Record<string, string>> },
  options: FacesOptions,
): Faces {
  const sets = ['original', 'funneled', 'deepfunneled'] as const;
  const image_set = verify_str_arg((options.image_set ?? 'funneled').toLowerCase() as LFWImageSet, 'image_set', [
    ...sets,
  ]);
  const split = verify_str_arg((options.split ?? '10fold').toLowerCase() as LFWSplit, 'split', [
    ...(['10fold', 'train', 'test'] as const),
  ]);
  if (options.download) {
    throw new Error(
      'LFW dataset is no longer available for automatic download. Please download the dataset manually and place it in the ' +
        'specified directory. A commonly used mirror is available at: https://www.kaggle.com/datasets/jessicali9530/lfw-dataset',
    );
  }
  const [images, archive, md5] = sums.archives[image_set];
  const list = `${view}${suffixes[split]}.txt`;
  const lists = view === 'people' ? [list, NAMES] : [list];
  const whole =
    check_integrity(join(root, archive), md5) &&
    lists.every((name) => check_integrity(join(root, name), sums.lists[name]!));
  if (!whole) not_found();
  return {
    image_set,
    split,
    rows: lines_of(join(root, list)).map((line) => line.split('\t')),
    path_of: (name, number) => join(root, images, name, `${name}_${String(number).padStart(4, '0')}.jpg`),
  };
}

const described = ({ image_set, split }: { image_set: string; split: string }): string =>
  `Alignment: ${image_set}\nSplit: ${split}`;

/** The options of {@link LFWPeople} and {@link LFWPairs}. */
export interface LFWPeopleOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'10fold'`, `'train'` or `'test'`. Default `'10fold'`. */
  split?: LFWSplit;
  /** `'original'`, `'funneled'` or `'deepfunneled'`. Default `'funneled'`. */
  image_set?: LFWImageSet;
}

const LFW = family<LFWPeopleOptions<unknown, unknown>>(
  ['LFWPeople', 'LFWPairs'],
  'root: str, split?: str, image_set?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

type LFWArguments<I, L> = Arguments<
  [
    root: string,
    split?: LFWSplit,
    image_set?: LFWImageSet,
    transform?: ((image: Tensor) => I) | null,
    target_transform?: ((target: number) => L) | null,
    download?: boolean,
    loader?: (path: string) => Tensor,
  ],
  LFWPeopleOptions<I, L>,
  ['root', 'split', 'image_set', 'transform', 'target_transform', 'download', 'loader']
>;

/**
 * The LFW dataset of faces of 5,749 people. Mirrors `torchvision.datasets.LFWPeople`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 * The files cannot be downloaded any more: `download` is an Error that says where they are.
 *
 * @param root - the folder that contains `lfw-py`, with an archive, its images, and the lists
 * @param split - `'10fold'`, `'train'` or `'test'`; default `'10fold'`
 * @param image_set - `'original'`, `'funneled'` or `'deepfunneled'`; default `'funneled'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged, and for `download`
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.LFWPeople('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class LFWPeople<I = Tensor, L = number> extends LabeledImages<I, L> {
  static base_folder = BASE_FOLDER;
  static file_dict = image_sets;
  static checksums: Readonly<Record<string, string>> = checksums;

  readonly split: LFWSplit;
  readonly image_set: LFWImageSet;
  /** The label of each person by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(...args: LFWArguments<I, L>);
  constructor(...args: unknown[]) {
    const given = LFW.read(new.target, args) as LFWPeopleOptions<I, L>;
    super(join(expand_user(given.root), BASE_FOLDER), given);
    const { file_dict, checksums: lists } = this.constructor as typeof LFWPeople;
    const found = faces(this.root, 'people', { archives: file_dict, lists }, given);
    this.split = found.split;
    this.image_set = found.image_set;
    const names = lines_of(join(this.root, NAMES)).map((line) => line.split(/\s+/)[0]!);
    this.class_to_idx = Object.fromEntries(names.map((name, i) => [name, i]));
    // Each fold begins with its count, which is alone on its line; what begins with that of the folds is the whole.
    for (const [name = '', count] of found.rows) {
      if (count === undefined) continue;
      for (let i = 1; i <= Number(count); i++) {
        this._image_files.push(found.path_of(name, i));
        this._labels.push(this.class_to_idx[name]!);
      }
    }
  }

  /** The paths of the images. */
  get data(): readonly string[] {
    return this._image_files;
  }

  /** The labels. */
  get targets(): readonly number[] {
    return this._labels;
  }

  override extra_repr(): string {
    return `${described(this)}\nClasses (identities): ${Object.keys(this.class_to_idx).length}`;
  }
}

/** The options of {@link LFWPairs}. */
export type LFWPairsOptions<I = Tensor, L = number> = LFWPeopleOptions<I, L>;

/**
 * Pairs of faces of the LFW dataset, of one person or of two. Mirrors `torchvision.datasets.LFWPairs`.
 *
 * Items are `[image, image, label]`, with label 1 for one person and 0 for two; an image is a uint8 tensor `(3, H, W)`, where torchvision
 * gives a PIL image. The files cannot be downloaded any more: `download` is an Error that says where they are.
 *
 * @param root - the folder that contains `lfw-py`, with an archive, its images, and the lists
 * @param split - `'10fold'`, `'train'` or `'test'`; default `'10fold'`
 * @param image_set - `'original'`, `'funneled'` or `'deepfunneled'`; default `'funneled'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged, and for `download`
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.LFWPairs('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class LFWPairs<I = Tensor, L = number> extends VisionDataset<[I, I, L]> {
  static base_folder = BASE_FOLDER;
  static file_dict = image_sets;
  static checksums: Readonly<Record<string, string>> = checksums;

  transform: ((image: Tensor) => I) | null;
  target_transform: ((target: number) => L) | null;
  loader: (path: string) => Tensor;
  readonly split: LFWSplit;
  readonly image_set: LFWImageSet;
  /** The names of both people of each pair. */
  readonly pair_names: (readonly string[])[] = [];
  /** The paths of both images of each pair. */
  readonly data: (readonly string[])[] = [];
  /** The labels. */
  readonly targets: number[] = [];

  constructor(...args: LFWArguments<I, L>);
  constructor(...args: unknown[]) {
    const given = LFW.read(new.target, args) as LFWPairsOptions<I, L>;
    super(join(expand_user(given.root), BASE_FOLDER));
    this.transform = given.transform ?? null;
    this.target_transform = given.target_transform ?? null;
    this.loader = given.loader ?? default_loader;
    const { file_dict, checksums: lists } = this.constructor as typeof LFWPairs;
    const { split, image_set, rows, path_of } = faces(this.root, 'pairs', { archives: file_dict, lists }, given);
    this.split = split;
    this.image_set = image_set;
    // A person and two numbers, or two people with a number each; the first line has counts.
    for (const [first = '', number = '', other = '', other_number] of rows.slice(1)) {
      const second = other_number === undefined ? first : other;
      this.pair_names.push(Tuple.of(first, second));
      this.data.push(Tuple.of(path_of(first, number), path_of(second, other_number ?? other)));
      this.targets.push(other_number === undefined ? 1 : 0);
    }
  }

  get length(): number {
    return this.data.length;
  }

  get(index: number): [I, I, L] {
    const at = checked_index(this, index);
    const [first, second] = this.data[at]!.map((path) => this.loader(path)) as [Tensor, Tensor];
    const target = this.targets[at]!;
    const transformed = (image: Tensor): I => (this.transform === null ? (image as I) : this.transform(image));
    return [
      transformed(first),
      transformed(second),
      this.target_transform === null ? (target as L) : this.target_transform(target),
    ];
  }

  override extra_repr(): string {
    return described(this);
  }
}
