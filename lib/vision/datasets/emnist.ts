/** EMNIST and QMNIST, relatives of MNIST in its format. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { int64, uint8 } from '../../types/dtype.js';
import { read_idx } from './idx.js';
import { MNIST } from './mnist.js';
import { checked_index, not_found, numbered, TransformedDataset, type TransformOptions } from './transformed.js';
import { download_and_extract_archive, extract_archive, verify_str_arg } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** A file, gzipped or not. */
function file_of(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((each) => join(folder, each)).find((path) => existsSync(path));
}

/** The images and the labels of two files. @throws Error when one is missing, or they do not fit */
function read_pair(folder: string, images: string, labels: string, rank: 1 | 2): [data: Tensor, targets: Tensor] {
  const [data_file, targets_file] = [file_of(folder, images), file_of(folder, labels)];
  if (data_file === undefined || targets_file === undefined) return not_found(false);
  const [data, targets] = [read_idx(data_file), read_idx(targets_file)];
  if (data.dtype !== uint8 || data.dim() !== 3 || targets.dim() !== rank) {
    throw new Error(`${folder}: has no images of three dimensions and labels of ${rank}`);
  }
  if (data.size(0) !== targets.size(0)) {
    throw new Error(`${folder}: there are ${data.size(0)} images, but ${targets.size(0)} labels`);
  }
  return [data, targets.to(int64)];
}

/** The options of {@link EMNIST}. */
export interface EMNISTOptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder that contains, or will contain, `EMNIST/raw`. */
  root: string;
  /** Which of six sets of characters. */
  split: EMNISTSplit;
  /** The training images, or the test images. Default true. */
  train?: boolean;
  /** Download the archive when files are missing. Default false. */
  download?: boolean;
}

/** The sets of characters of {@link EMNIST}. */
export type EMNISTSplit = 'byclass' | 'bymerge' | 'balanced' | 'letters' | 'digits' | 'mnist';

const EMNIST_ARGUMENTS = signature<EMNISTOptions<unknown, unknown>>(
  'EMNIST',
  'root: str, split: str, *, train?: bool, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

const digits = [...'0123456789'];
const capitals = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const small = [...'abcdefghijklmnopqrstuvwxyz'];
// Small letters that look like the capital ones are one class with them.
const merged = [...digits, ...capitals, ...small.filter((letter) => !'cijklmopsuvwxyz'.includes(letter))];

/**
 * The EMNIST dataset of handwritten letters and digits. Mirrors `torchvision.datasets.EMNIST`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(28, 28)`, lying on its side as published, where torchvision gives a
 * PIL image.
 *
 * @param root - the folder that contains, or will contain, `EMNIST/raw`
 * @param split - `'byclass'`, `'bymerge'`, `'balanced'`, `'letters'`, `'digits'` or `'mnist'`
 * @param options - `train`, `transform`, `target_transform`, `download`; see {@link EMNISTOptions}
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * print(datasets.EMNIST.classes_split_dict.balanced.length); // 47
 * ```
 */
export class EMNIST<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static url = 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip';
  static md5 = '58c8d27c78d21e728a6bc7b3cc06412e';
  static splits: readonly EMNISTSplit[] = ['byclass', 'bymerge', 'balanced', 'letters', 'digits', 'mnist'];
  static classes_split_dict: Readonly<Record<EMNISTSplit, readonly string[]>> = {
    byclass: [...digits, ...capitals, ...small],
    bymerge: merged,
    balanced: merged,
    letters: ['N/A', ...small],
    digits,
    mnist: digits,
  };

  readonly split: EMNISTSplit;
  readonly train: boolean;
  /** The images: uint8, `(N, 28, 28)`. */
  data: Tensor;
  /** The labels: int64, `(N)`. */
  targets: Tensor;
  /** The names of the classes, by label. */
  readonly classes: readonly string[];

  constructor(...args: Arguments<[root: string, split: EMNISTSplit], EMNISTOptions<I, L>, ['root', 'split']>);
  constructor(...args: unknown[]) {
    const given = EMNIST_ARGUMENTS.read(args) as EMNISTOptions<I, L>;
    const { root, split, train = true, download = false, ...transforms } = given;
    super(expand_user(root), transforms);
    this.split = verify_str_arg(split, 'split', EMNIST.splits);
    this.train = train;
    if (download) this.download();
    [this.data, this.targets] = read_pair(this.raw_folder, this.images_name, this.labels_name, 1);
    this.classes = EMNIST.classes_split_dict[this.split];
  }

  /** Where the files are. */
  get raw_folder(): string {
    return join(this.root, this.constructor.name, 'raw');
  }

  private get images_name(): string {
    return `emnist-${this.split}-${this.train ? 'train' : 'test'}-images-idx3-ubyte`;
  }

  private get labels_name(): string {
    return `emnist-${this.split}-${this.train ? 'train' : 'test'}-labels-idx1-ubyte`;
  }

  /** The label of each class by name. */
  get class_to_idx(): Record<string, number> {
    return numbered(this.classes);
  }

  get length(): number {
    return this.data.size(0);
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(as_pil_image(this.data.select(0, at)), this.targets.select(0, at).item<number>());
  }

  /** Downloads and extracts the archive, when files are missing. @throws Error when that fails */
  download(): void {
    const folder = this.raw_folder;
    if ([this.images_name, this.labels_name].every((name) => file_of(folder, name) !== undefined)) return;
    const { url, md5 } = this.constructor as typeof EMNIST;
    download_and_extract_archive(url, folder, { md5 });
    const packed = join(folder, 'gzip');
    for (const name of readdirSync(packed)) {
      if (name.endsWith('.gz')) extract_archive(join(packed, name), folder);
    }
    rmSync(packed, { recursive: true });
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }
}

/** The parts of {@link QMNIST}. */
export type QMNISTPart = 'train' | 'test' | 'test10k' | 'test50k' | 'nist';

/** The options of {@link QMNIST}. */
export interface QMNISTOptions<I = Tensor, L = number | Tensor> extends TransformOptions<number | Tensor, I, L> {
  /** The folder that contains, or will contain, `QMNIST/raw`. */
  root: string;
  /** Which part. Default null: `'train'` or `'test'`, as `train` says. */
  what?: QMNISTPart | null;
  /** Whether a target is the class alone, and not all that is known of an image. Default true. */
  compat?: boolean;
  /** Default true. */
  train?: boolean;
  /** Download the files that are missing. Default false. */
  download?: boolean;
}

const QMNIST_ARGUMENTS = signature<QMNISTOptions<unknown, unknown>>(
  'QMNIST',
  'root: str, what?: str|None, compat?: bool, train?: bool, *, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

const qmnist = 'https://raw.githubusercontent.com/facebookresearch/qmnist/master/';
const subsets = { train: 'train', test: 'test', test10k: 'test', test50k: 'test', nist: 'nist' } as const;

/**
 * The QMNIST dataset of handwritten digits: MNIST with 50,000 more test images, and who wrote them. Mirrors
 * `torchvision.datasets.QMNIST`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(28, 28)`, where torchvision gives a PIL image; the target is the
 * class, or without `compat` an int64 tensor `(8)` with the class first.
 *
 * @param root - the folder that contains, or will contain, `QMNIST/raw`
 * @param what - `'train'`, `'test'`, `'test10k'`, `'test50k'` or `'nist'`; default null: as `train` says
 * @param compat - whether a target is the class alone; default true
 * @param train - `'train'` or `'test'`, without `what`; default true
 * @param options - `transform`, `target_transform`, `download`; see {@link QMNISTOptions}
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.QMNIST('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class QMNIST<I = Tensor, L = number | Tensor> extends TransformedDataset<number | Tensor, I, L> {
  static resources: Readonly<Record<'train' | 'test' | 'nist', readonly (readonly [url: string, md5: string])[]>> = {
    train: [
      [`${qmnist}qmnist-train-images-idx3-ubyte.gz`, 'ed72d4157d28c017586c42bc6afe6370'],
      [`${qmnist}qmnist-train-labels-idx2-int.gz`, '0058f8dd561b90ffdd0f734c6a30e5e4'],
    ],
    test: [
      [`${qmnist}qmnist-test-images-idx3-ubyte.gz`, '1394631089c404de565df7b7aeaf9412'],
      [`${qmnist}qmnist-test-labels-idx2-int.gz`, '5b5b05890a5e13444e108efe57b788aa'],
    ],
    nist: [
      [`${qmnist}xnist-images-idx3-ubyte.xz`, '7f124b3b8ab81486c9d8c2749c17f834'],
      [`${qmnist}xnist-labels-idx2-int.xz`, '5ed0e788978e45d4a8bd4b7caec3d79d'],
    ],
  };

  /** The names of the classes, in the order of their labels. */
  static classes: readonly string[] = MNIST.classes;

  readonly what: QMNISTPart;
  readonly compat: boolean;
  readonly train: boolean;
  /** The images: uint8, `(N, 28, 28)`. */
  data: Tensor;
  /** What is known of each: int64, `(N, 8)`. */
  targets: Tensor;

  constructor(
    ...args: Arguments<
      [root: string, what?: QMNISTPart | null, compat?: boolean, train?: boolean],
      QMNISTOptions<I, L>,
      ['root', 'what', 'compat', 'train']
    >
  );
  constructor(...args: unknown[]) {
    const given = QMNIST_ARGUMENTS.read(args) as QMNISTOptions<I, L>;
    const { root, what = null, compat = true, train = true, download = false, ...transforms } = given;
    super(expand_user(root), transforms);
    const part = what ?? (train ? 'train' : 'test');
    this.what = verify_str_arg(part, 'what', ['train', 'test', 'test10k', 'test50k', 'nist']);
    this.compat = compat;
    this.train = train;
    if (download) this.download();
    const [images, labels] = this.files as [string, string];
    const [data, targets] = read_pair(this.raw_folder, images, labels, 2);
    const from = this.what === 'test50k' ? Math.min(10_000, data.size(0)) : 0;
    const to = this.what === 'test10k' ? Math.min(10_000, data.size(0)) : data.size(0);
    this.data = data.narrow(0, from, to - from);
    this.targets = targets.narrow(0, from, to - from);
  }

  private get resources(): (typeof QMNIST.resources)['train'] {
    return (this.constructor as typeof QMNIST).resources[subsets[this.what]];
  }

  private get files(): string[] {
    return this.resources.map(([url]) => basename(url).replace(/\.[^.]+$/, ''));
  }

  /** Where the files are. */
  get raw_folder(): string {
    return join(this.root, this.constructor.name, 'raw');
  }

  /** The names of the classes, by label. */
  get classes(): readonly string[] {
    return (this.constructor as typeof QMNIST).classes;
  }

  /** The label of each class by name. */
  get class_to_idx(): Record<string, number> {
    return numbered(this.classes);
  }

  get length(): number {
    return this.data.size(0);
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const target = this.targets.select(0, at);
    return this.item(as_pil_image(this.data.select(0, at)), this.compat ? target.select(0, 0).item<number>() : target);
  }

  /** Downloads the files of this part that are missing. @throws Error when that fails */
  download(): void {
    if (this.files.every((name) => file_of(this.raw_folder, name) !== undefined)) return;
    for (const [url, md5] of this.resources) download_and_extract_archive(url, this.raw_folder, { md5 });
  }

  override extra_repr(): string {
    return `Split: ${this.what}`;
  }
}
