/** Caltech 101 and Caltech 256. Mirrors `torchvision.datasets.caltech`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { sorted } from './sorting.js';
import type { LoaderOptions } from './image_list.js';
import { read_image_file } from './images.js';
import { mat_numbers, parse_mat } from './mat.js';
import { checked_index, not_found, TransformedDataset } from './transformed.js';
import { download_and_extract_archive, extract_archive, verify_str_arg } from './utils.js';

/** What a target of {@link Caltech101} is. */
export type Caltech101TargetType = 'category' | 'annotation';

/** A target of {@link Caltech101}: a label, a contour `(2, K)`, or both. */
export type Caltech101Target = number | Tensor | readonly (number | Tensor)[];

/** The options of {@link Caltech101}. */
export interface Caltech101Options<I = Tensor, L = Caltech101Target> extends LoaderOptions<Caltech101Target, I, L> {
  /** What targets are; several give a list. Default `'category'`. */
  target_type?: Caltech101TargetType | readonly Caltech101TargetType[];
}

/** Loads an image as it is: some of Caltech's are grey. */
function load_unchanged(path: string): Tensor {
  return read_image_file(path, 'UNCHANGED');
}

/** The number of images in each folder, as the index of each within its category, and its category. */
function listed(folder: string, categories: readonly string[], suffix: string): { index: number[]; y: number[] } {
  const index: number[] = [];
  const y: number[] = [];
  for (const [category, name] of categories.entries()) {
    const { length } = readdirSync(join(folder, name)).filter((file) => file.endsWith(suffix));
    for (let i = 1; i <= length; i++) {
      index.push(i);
      y.push(category);
    }
  }
  return { index, y };
}

const padded = (value: number, digits: number): string => String(value).padStart(digits, '0');

const CALTECH101 = signature<Caltech101Options<unknown, unknown>>(
  'Caltech101',
  'root: str, target_type?: str|str[], transform?: Callable|None, target_transform?: Callable|None, download?: bool, *, loader?: Callable',
);

// The folders of annotations have other names.
const annotation_names: Readonly<Record<string, string>> = {
  Faces: 'Faces_2',
  Faces_easy: 'Faces_3',
  Motorbikes: 'Motorbikes_16',
  airplanes: 'Airplanes_Side_2',
};

/**
 * The Caltech 101 dataset of images of 101 kinds of objects. Mirrors `torchvision.datasets.Caltech101`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(C, H, W)`, where torchvision gives a PIL image, and a contour a
 * float64 tensor `(2, K)`.
 *
 * @param root - the folder that contains, or will contain, `caltech101`
 * @param target_type - `'category'`, `'annotation'` or both; default `'category'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default: as it is stored
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Caltech101('./missing', 'colour' as 'category');
 * } catch (error) {
 *   print((error as Error).message); // Unknown value 'colour' for argument target_type. Valid values are {'category', 'annotation'}.
 * }
 * ```
 */
export class Caltech101<I = Tensor, L = Caltech101Target> extends TransformedDataset<Caltech101Target, I, L> {
  static url = 'https://data.caltech.edu/records/mzrjq-6wc02/files/caltech-101.zip';
  static md5 = '3138e1922a9193bfa496528edbbc45d0';

  loader: (path: string) => Tensor;
  readonly target_type: readonly Caltech101TargetType[];
  /** The names of the categories, by label. */
  readonly categories: readonly string[];
  readonly annotation_categories: readonly string[];
  /** The number of each image within its category. */
  readonly index: readonly number[];
  /** The label of each image. */
  readonly y: readonly number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        target_type?: Caltech101TargetType | readonly Caltech101TargetType[],
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: Caltech101Target) => L) | null,
        download?: boolean,
      ],
      Caltech101Options<I, L>,
      ['root', 'target_type', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = CALTECH101.read(args) as Caltech101Options<I, L>;
    const { target_type = 'category', transform = null, target_transform = null, loader = load_unchanged } = given;
    super(join(expand_user(given.root), 'caltech101'), { transform, target_transform });
    this.loader = loader;
    this.target_type = (typeof target_type === 'string' ? [target_type] : target_type).map((type) =>
      verify_str_arg(type, 'target_type', ['category', 'annotation']),
    );
    if (given.download) this.download();
    if (!existsSync(this.folder)) not_found();
    this.categories = sorted(readdirSync(this.folder)).filter((name) => name !== 'BACKGROUND_Google');
    this.annotation_categories = this.categories.map((name) => annotation_names[name] ?? name);
    const { index, y } = listed(this.folder, this.categories, '');
    this.index = index;
    this.y = y;
  }

  private get folder(): string {
    return join(this.root, '101_ObjectCategories');
  }

  get length(): number {
    return this.index.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const file = `image_${padded(this.index[at]!, 4)}.jpg`;
    const image = this.loader(join(this.folder, this.categories[this.y[at]!]!, file));
    const targets = this.target_type.map((type) => (type === 'category' ? this.y[at]! : this.contour(at)));
    return this.item(image, targets.length > 1 ? targets : targets[0]!);
  }

  private contour(at: number): Tensor {
    const folder = join(this.root, 'Annotations', this.annotation_categories[this.y[at]!]!);
    const path = join(folder, `annotation_${padded(this.index[at]!, 4)}.mat`);
    const { data, shape } = mat_numbers(parse_mat(readFileSync(path), path), 'obj_contour', path);
    return from_numpy(Float64Array.from(data)).view(shape[1]!, shape[0]!).t().contiguous();
  }

  /** Downloads and extracts the archive, when it is missing. @throws Error when that fails */
  download(): void {
    if (existsSync(this.folder)) return;
    mkdirSync(this.root, { recursive: true });
    const { url, md5 } = this.constructor as typeof Caltech101;
    download_and_extract_archive(url, this.root, { filename: 'caltech-101.zip', md5 });
    const unpacked = join(this.root, 'caltech-101');
    for (const name of readdirSync(unpacked)) {
      if (/\.(gz|tar)$/.test(name)) extract_archive(join(unpacked, name), this.root);
    }
    rmSync(unpacked, { recursive: true });
    rmSync(join(this.root, 'caltech-101.zip'));
  }

  override extra_repr(): string {
    return `Target type: [${this.target_type.map((type) => `'${type}'`).join(', ')}]`;
  }
}

/** The options of {@link Caltech256}. */
export type Caltech256Options<I = Tensor, L = number> = LoaderOptions<number, I, L>;

const CALTECH256 = signature<Caltech256Options<unknown, unknown>>(
  'Caltech256',
  'root: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, *, loader?: Callable',
);

/**
 * The Caltech 256 dataset of images of 256 kinds of objects. Mirrors `torchvision.datasets.Caltech256`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(C, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `caltech256`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default: as it is stored
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Caltech256('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class Caltech256<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static url = 'https://data.caltech.edu/records/nyy15-4j048/files/256_ObjectCategories.tar';
  static md5 = '67b4f42ca05d46448c6bb8ecd2220f6d';

  loader: (path: string) => Tensor;
  /** The names of the categories, by label. */
  readonly categories: readonly string[];
  /** The number of each image within its category. */
  readonly index: readonly number[];
  /** The label of each image. */
  readonly y: readonly number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      Caltech256Options<I, L>,
      ['root', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = CALTECH256.read(args) as Caltech256Options<I, L>;
    const { transform = null, target_transform = null, loader = load_unchanged } = given;
    super(join(expand_user(given.root), 'caltech256'), { transform, target_transform });
    this.loader = loader;
    if (given.download) this.download();
    if (!existsSync(this.folder)) not_found();
    this.categories = sorted(readdirSync(this.folder));
    const { index, y } = listed(this.folder, this.categories, '.jpg');
    this.index = index;
    this.y = y;
  }

  private get folder(): string {
    return join(this.root, '256_ObjectCategories');
  }

  get length(): number {
    return this.index.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const label = this.y[at]!;
    const file = `${padded(label + 1, 3)}_${padded(this.index[at]!, 4)}.jpg`;
    return this.item(this.loader(join(this.folder, this.categories[label]!, file)), label);
  }

  /** Downloads and extracts the archive, when it is missing. @throws Error when that fails */
  download(): void {
    if (existsSync(this.folder)) return;
    const { url, md5 } = this.constructor as typeof Caltech256;
    download_and_extract_archive(url, this.root, { filename: '256_ObjectCategories.tar', md5 });
  }
}
