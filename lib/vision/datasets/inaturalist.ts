/** iNaturalist. */
import { existsSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { Tuple } from '../../python/values.js';
import { names_in } from './folders.js';
import { default_loader } from './images.js';
import { checked_index, not_found, TransformedDataset, type TransformOptions } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';

/** The years of {@link INaturalist}, and the parts of that of 2021. */
export type INaturalistVersion = '2017' | '2018' | '2019' | '2021_train' | '2021_train_mini' | '2021_valid';
/** What a label of {@link INaturalist} says: `'super'` before 2021, the others since, `'full'` always. */
export type INaturalistTargetType = 'full' | 'kingdom' | 'phylum' | 'class' | 'order' | 'family' | 'genus' | 'super';
/** A target of {@link INaturalist}: a label, or several. */
export type INaturalistTarget = number | readonly number[];

const ranks = ['kingdom', 'phylum', 'class', 'order', 'family', 'genus'] as const;

const SERVER = 'https://ml-inat-competition-datasets.s3.amazonaws.com/';

const CATEGORY_NAME = signature<{ category_type: string; category_id: number }>(
  'category_name',
  'category_type: str, category_id: int',
);

/** The options of {@link INaturalist}. */
export interface INaturalistOptions<I = Tensor, L = INaturalistTarget>
  extends TransformOptions<INaturalistTarget, I, L> {
  /** The folder that contains, or will contain, that of the version. */
  root: string;
  /** Download the archive when it is missing. Default false. */
  download?: boolean;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
  /** `'2017'`, `'2018'`, `'2019'`, `'2021_train'`, `'2021_train_mini'` or `'2021_valid'`. Default `'2021_train'`. */
  version?: INaturalistVersion;
  /** What labels say: `'full'`, the category; `'super'` before 2021; a rank, such as `'family'`, since; several give a tuple. Default `'full'`. */
  target_type?: INaturalistTargetType | readonly INaturalistTargetType[];
}

const INATURALIST_ARGUMENTS = signature<INaturalistOptions<unknown, unknown>>(
  'INaturalist',
  'root: str, version?: str, target_type?: str|str[], transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The iNaturalist dataset of images of plants, animals and fungi. Mirrors `torchvision.datasets.INaturalist`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image. They come in the order
 * of their names, where torchvision takes that of the file system.
 *
 * @param root - the folder that contains, or will contain, that of the version
 * @param version - `'2017'`, `'2018'`, `'2019'`, `'2021_train'`, `'2021_train_mini'` or `'2021_valid'`; default `'2021_train'`
 * @param target_type - what labels say: `'full'`, the category; `'super'` before 2021; a rank, such as `'family'`, since; several give a tuple; default `'full'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.INaturalist('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class INaturalist<I = Tensor, L = INaturalistTarget> extends TransformedDataset<INaturalistTarget, I, L> {
  static DATASET_URLS: Readonly<Record<INaturalistVersion, readonly [url: string, md5: string]>> = {
    '2017': [`${SERVER}2017/train_val_images.tar.gz`, '7c784ea5e424efaec655bd392f87301f'],
    '2018': [`${SERVER}2018/train_val2018.tar.gz`, 'b1c6952ce38f31868cc50ea72d066cc3'],
    '2019': [`${SERVER}2019/train_val2019.tar.gz`, 'c60a6e2962c9b8ccbd458d12c8582644'],
    '2021_train': [`${SERVER}2021/train.tar.gz`, 'e0526d53c7f7b2e3167b2b43bb2690ed'],
    '2021_train_mini': [`${SERVER}2021/train_mini.tar.gz`, 'db6ed8330e634445efc8fec83ae81442'],
    '2021_valid': [`${SERVER}2021/val.tar.gz`, 'f6f6e0e242e3d4c9569ba56400938afc'],
  };

  loader: (path: string) => Tensor;
  readonly version: INaturalistVersion;
  readonly target_type: readonly INaturalistTargetType[];
  /** The folders of the categories, by label. */
  readonly all_categories: string[] = [];
  /** For each kind of target, the label of each name. */
  readonly categories_index: Record<string, Record<string, number>> = {};
  /** Of each category, its labels for each kind of target. */
  readonly categories_map: Record<string, number>[] = [];
  /** The category and the name of each image. */
  readonly index: readonly (readonly [category: number, name: string])[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        version?: INaturalistVersion,
        target_type?: INaturalistTargetType | readonly INaturalistTargetType[],
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: INaturalistTarget) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      INaturalistOptions<I, L>,
      ['root', 'version', 'target_type', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = INATURALIST_ARGUMENTS.read(args) as INaturalistOptions<I, L>;
    const versions = Object.keys(new.target.DATASET_URLS) as INaturalistVersion[];
    const version = verify_str_arg(given.version ?? '2021_train', 'version', versions);
    super(join(expand_user(given.root), version), given);
    this.version = version;
    this.loader = given.loader ?? default_loader;
    if (given.download) this.download();
    if (!this.is_there()) not_found();
    const wanted = given.target_type ?? 'full';
    const kinds: readonly INaturalistTargetType[] = version.startsWith('2021') ? ['full', ...ranks] : ['full', 'super'];
    this.target_type = (typeof wanted === 'string' ? [wanted] : wanted).map((type) =>
      verify_str_arg(type, 'target_type', kinds),
    );
    if (version.startsWith('2021')) this.read_ranks();
    else this.read_supercategories();
    this.index = this.all_categories.flatMap((folder, category) =>
      names_in(join(this.root, folder)).map((name) => [category, name] as const),
    );
  }

  private is_there(): boolean {
    return existsSync(this.root) && names_in(this.root).length > 0;
  }

  /** Folders since 2021: a number, and the names of the ranks down to that of the species. */
  private read_ranks(): void {
    for (const rank of ranks) this.categories_index[rank] = {};
    names_in(this.root).forEach((folder, i) => {
      const pieces = folder.split('_');
      if (pieces.length !== 8) throw new Error(`Unexpected category name ${folder}, wrong number of pieces`);
      const number = String(i).padStart(5, '0');
      if (pieces[0] !== number) throw new Error(`Unexpected category id ${pieces[0]}, expecting ${number}`);
      const labels = ranks.map((rank, j) => {
        const known = this.categories_index[rank]!;
        return [rank, (known[pieces[j + 1]!] ??= Object.keys(known).length)] as const;
      });
      this.categories_map.push(Object.fromEntries(labels));
      this.all_categories.push(folder);
    });
  }

  /** Folders before 2021: those of categories in those of supercategories. The former are numbers, but for 2017. */
  private read_supercategories(): void {
    const known: Record<string, number> = {};
    this.categories_index['super'] = known;
    const found = new Map<number, { folder: string; label: number }>();
    names_in(this.root).forEach((above, label) => {
      known[above] = label;
      for (const name of names_in(join(this.root, above))) {
        if (this.version !== '2017' && !/^\d+$/.test(name)) throw new Error(`Unexpected non-numeric dir name: ${name}`);
        const category = this.version === '2017' ? found.size : Number(name);
        if (found.has(category)) throw new Error(`Duplicate category ${name}`);
        found.set(category, { folder: join(above, name), label });
      }
    });
    for (let i = 0; i < found.size; i++) {
      const category = found.get(i);
      if (category === undefined) throw new Error(`Missing category ${i}`);
      this.all_categories.push(category.folder);
      this.categories_map.push({ super: category.label });
    }
  }

  get length(): number {
    return this.index.length;
  }

  get(index: number): [I, L] {
    const [category, name] = this.index[checked_index(this, index)]!;
    const image = this.loader(join(this.root, this.all_categories[category]!, name));
    const targets = this.target_type.map((type) =>
      type === 'full' ? category : this.categories_map[category]![type]!,
    );
    return this.item(image, targets.length > 1 ? Tuple.from(targets) : targets[0]!);
  }

  /**
   * The name of a category.
   * @param category_type - `'full'`, or another kind of target
   * @param category_id - the label
   * @throws Error when there is none
   */
  category_name(
    ...args: Arguments<
      [category_type: string, category_id: number],
      { category_type: string; category_id: number },
      ['category_type', 'category_id']
    >
  ): string;
  category_name(...args: unknown[]): string {
    const { category_type, category_id } = CATEGORY_NAME.read(args);
    if (category_type === 'full') {
      const name = this.all_categories[category_id];
      if (name === undefined) throw new RangeError('category_name(): category_id is out of range');
      return name;
    }
    const names = this.categories_index[category_type];
    if (names === undefined) throw new Error(`Invalid category type '${category_type}'`);
    const found = Object.keys(names).find((name) => names[name] === category_id);
    if (found === undefined) throw new Error(`Invalid category id ${category_id} for ${category_type}`);
    return found;
  }

  /** Downloads and extracts the archive, when it is missing. @throws Error when that fails */
  download(): void {
    if (this.is_there()) return;
    const folder = dirname(this.root);
    const [url, md5] = (this.constructor as typeof INaturalist).DATASET_URLS[this.version];
    download_and_extract_archive(url, folder, { filename: `${this.version}.tgz`, md5 });
    const extracted = join(folder, basename(url, '.tar.gz'));
    if (!existsSync(extracted)) throw new Error(`Unable to find downloaded files at ${extracted}`);
    renameSync(extracted, this.root);
  }
}
