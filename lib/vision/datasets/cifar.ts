/** CIFAR-10 and CIFAR-100. Mirrors `torchvision.datasets.cifar`. */
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { cat } from '../../generated/functions.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import type { Arguments } from '../../_internal/signature.js';
import { family } from '../../nn/modules/forward_arguments.js';
import type { Tensor } from '../../_tensor.js';
import type { Collated } from '../../utils/data/collate.js';
import { tensor } from '../../creation.js';
import { int64 } from '../../types/dtype.js';
import { rows_of } from '../../utils/data/items.js';
import { has_batched_form } from '../transforms/transform.js';
import { PickledArray, read_pickle } from './pickled_arrays.js';
import { checked_index, not_found, numbered, TransformedDataset, type TransformOptions } from './transformed.js';
import { check_integrity, download_and_extract_archive } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** A file with its MD5. */
export type FileSum = readonly [name: string, md5: string];

/** The options of {@link CIFAR10} and {@link CIFAR100}. */
export interface CIFAROptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder that contains, or will contain, `cifar-10-batches-py`. */
  root: string;
  /** The 50,000 training images, or the 10,000 test images. Default true. */
  train?: boolean;
  /** Download the archive when files are missing. Default false. */
  download?: boolean;
}

const CIFAR = family<CIFAROptions<unknown, unknown>>(
  ['CIFAR10', 'CIFAR100'],
  'root: str, train?: bool, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

/**
 * The CIFAR-10 dataset of small images of ten classes. Mirrors `torchvision.datasets.CIFAR10`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, 32, 32)`, where torchvision gives a PIL image. `data` has
 * all of them, `(N, 3, 32, 32)` instead of `(N, 32, 32, 3)`. A `DataLoader` reads whole batches at once where the transforms
 * support batches.
 *
 * @param root - the folder that contains, or will contain, `cifar-10-batches-py`
 * @param train - the training images, or the test images; default true
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when files are missing; default false
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.CIFAR10('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class CIFAR10<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static base_folder = 'cifar-10-batches-py';
  static url = 'https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz';
  static filename = 'cifar-10-python.tar.gz';
  static tgz_md5 = 'c58f30108f718f92721af3b95e74349a';
  static train_list: readonly FileSum[] = [
    ['data_batch_1', 'c99cafc152244af753f735de768cd75f'],
    ['data_batch_2', 'd4bba439e000b95fd0a9bffe97cbabec'],
    ['data_batch_3', '54ebc095f3ab1f0389bbae665268c751'],
    ['data_batch_4', '634d18415352ddfa80567beed471001a'],
    ['data_batch_5', '482c414d41f54cd18b22e5b47cb7c3cb'],
  ];
  static test_list: readonly FileSum[] = [['test_batch', '40351d587109b95175f43aff81a1287e']];
  static meta = { filename: 'batches.meta', key: 'label_names', md5: '5ff9c542aee3614f3951f8cda6e48888' };

  readonly train: boolean;
  /** The images: uint8, `(N, 3, 32, 32)`. */
  data: Tensor;
  /** The labels. */
  targets: number[];
  /** The names of the classes, by label. */
  readonly classes: readonly string[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        train?: boolean,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      CIFAROptions<I, L>,
      ['root', 'train', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const { root, train = true, download = false, ...transforms } = CIFAR.read(new.target, args) as CIFAROptions<I, L>;
    super(expand_user(root), transforms);
    this.train = train;
    if (download) this.download();
    if (!this._check_integrity()) not_found();
    const images: Tensor[] = [];
    this.targets = [];
    for (const [name] of train ? this.kind.train_list : this.kind.test_list) {
      const { data, labels } = this.read_batch(name);
      images.push(data);
      this.targets = this.targets.concat(labels);
    }
    this.data = images.length === 1 ? images[0]! : cat(images, 0);
    this.classes = this.read_classes();
  }

  private get kind(): typeof CIFAR10 {
    return this.constructor as typeof CIFAR10;
  }

  private path_of(name: string): string {
    return join(this.root, this.kind.base_folder, name);
  }

  private read_batch(name: string): { data: Tensor; labels: number[] } {
    const path = this.path_of(name);
    const entry = read_pickle(path) as { data?: unknown; labels?: unknown; fine_labels?: unknown };
    const { data } = entry;
    const labels = entry.labels ?? entry.fine_labels;
    if (!(data instanceof PickledArray) || !Array.isArray(labels) || data.data.length !== labels.length * 3072) {
      throw new Error(`${path}: has no images and labels of CIFAR`);
    }
    return { data: from_numpy(Uint8Array.from(data.data)).view(-1, 3, 32, 32), labels: labels.map(Number) };
  }

  private read_classes(): string[] {
    const { filename, key, md5 } = this.kind.meta;
    const path = this.path_of(filename);
    if (!check_integrity(path, md5)) {
      throw new Error('Dataset metadata file not found or corrupted. You can use download=True to download it');
    }
    const names = (read_pickle(path) as Record<string, unknown>)[key];
    if (!Array.isArray(names)) throw new Error(`${path}: has no names of classes`);
    return names.map(String);
  }

  /** The label of each class by name. */
  get class_to_idx(): Record<string, number> {
    return numbered(this.classes);
  }

  get length(): number {
    return this.targets.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(as_pil_image(this.data.select(0, at)), this.targets[at]!);
  }

  /** See `MapDataset.get_batch`; undefined when a transform needs the images one by one. */
  get_batch(indices: readonly number[]): Collated<[I, L]> | undefined {
    const { transform } = this;
    if (this.target_transform || (transform && !has_batched_form(transform))) return undefined;
    const images = rows_of(this.data, indices);
    const labels = tensor(
      indices.map((index) => this.targets[index]!),
      { dtype: int64 },
    );
    return [transform ? transform.forward_batch(images) : images, labels] as unknown as Collated<[I, L]>;
  }

  /** Whether all files are there, with their MD5. */
  _check_integrity(): boolean {
    const { train_list, test_list } = this.kind;
    return [...train_list, ...test_list].every(([name, md5]) => check_integrity(this.path_of(name), md5));
  }

  /** Downloads and extracts the archive, when files are missing. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    const { url, filename, tgz_md5 } = this.kind;
    download_and_extract_archive(url, this.root, { filename, md5: tgz_md5 });
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }
}

/**
 * The CIFAR-100 dataset of small images of a hundred classes. Mirrors `torchvision.datasets.CIFAR100`. The arguments and
 * items are those of {@link CIFAR10}.
 *
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.CIFAR100({ root: './missing', train: false });
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class CIFAR100<I = Tensor, L = number> extends CIFAR10<I, L> {
  static override base_folder = 'cifar-100-python';
  static override url = 'https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz';
  static override filename = 'cifar-100-python.tar.gz';
  static override tgz_md5 = 'eb9058c3a382ffc7106e4002c42a8d85';
  static override train_list: readonly FileSum[] = [['train', '16019d7e3df5f24257cddd939b257f8d']];
  static override test_list: readonly FileSum[] = [['test', 'f0ef6b0ae62326f3e7ffdfab6717acfc']];
  static override meta = { filename: 'meta', key: 'fine_label_names', md5: '7973b15100ade9c7d40fb424638fde48' };
}
