/** STL-10. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { cat } from '../../generated/functions.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { rows_of } from '../../utils/data/items.js';
import type { FileSum } from './cifar.js';
import { checked_index, not_found, TransformedDataset, type TransformOptions } from './transformed.js';
import { check_integrity, download_and_extract_archive, verify_str_arg } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** The parts of {@link STL10}. */
export type STL10Split = 'train' | 'train+unlabeled' | 'unlabeled' | 'test';

/** The options of {@link STL10}. */
export interface STL10Options<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder that contains, or will contain, `stl10_binary`. */
  root: string;
  /** Which part. Default `'train'`. */
  split?: STL10Split;
  /** One of the ten published parts of the training images, 0 to 9. Default null: all. */
  folds?: number | null;
  /** Download the archive when files are missing. Default false. */
  download?: boolean;
}

const STL10_ARGUMENTS = signature<STL10Options<unknown, unknown>>(
  'STL10',
  'root: str, split?: str, folds?: int|None, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

/**
 * The STL-10 dataset of images of ten classes, and many without labels. Mirrors `torchvision.datasets.STL10`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, 96, 96)`, where torchvision gives a PIL image; images without
 * a label have -1.
 *
 * @param root - the folder that contains, or will contain, `stl10_binary`
 * @param split - `'train'`, `'train+unlabeled'`, `'unlabeled'` or `'test'`; default `'train'`
 * @param folds - one of the ten published parts of the training images; default null: all
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when files are missing; default false
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.STL10('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class STL10<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static base_folder = 'stl10_binary';
  static url = 'http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz';
  static filename = 'stl10_binary.tar.gz';
  static tgz_md5 = '91f7769df0f17e558f3565bffb0c7dfb';
  static class_names_file = 'class_names.txt';
  static folds_list_file = 'fold_indices.txt';
  static train_list: readonly FileSum[] = [
    ['train_X.bin', '918c2871b30a85fa023e0c44e0bee87f'],
    ['train_y.bin', '5a34089d4802c674881badbb80307741'],
    ['unlabeled_X.bin', '5242ba1fed5e4be9e1e742405eb56ca4'],
  ];
  static test_list: readonly FileSum[] = [
    ['test_X.bin', '7f263ba9f9e0b06b93213547f721ac82'],
    ['test_y.bin', '36f9794fa4beb8a2c72628de14fa638e'],
  ];

  readonly split: STL10Split;
  readonly folds: number | null;
  /** The images: uint8, `(N, 3, 96, 96)`. */
  data: Tensor;
  /** The labels; -1 for none. */
  labels: number[];
  /** The names of the classes, by label. */
  readonly classes: readonly string[] = [];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: STL10Split,
        folds?: number | null,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      STL10Options<I, L>,
      ['root', 'split', 'folds', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = STL10_ARGUMENTS.read(args) as STL10Options<I, L>;
    const { root, split = 'train', folds = null, download = false, ...transforms } = given;
    super(expand_user(root), transforms);
    this.split = verify_str_arg(split, 'split', ['train', 'train+unlabeled', 'unlabeled', 'test']);
    if (folds !== null && !(folds >= 0 && folds < 10)) {
      throw new Error(`Value for argument folds should be in the range [0, 10), but got ${folds}.`);
    }
    this.folds = folds;
    if (download) this.download();
    if (!this._check_integrity()) not_found();
    const { train_list, test_list, class_names_file } = this.kind;
    const [images, labels, unlabeled] = train_list.map(([name]) => name) as [string, string, string];
    if (this.split === 'test') {
      this.data = this.read_images(test_list[0]![0]);
      this.labels = this.read_labels(test_list[1]![0]);
    } else if (this.split === 'unlabeled') {
      this.data = this.read_images(unlabeled);
      this.labels = Array<number>(this.data.size(0)).fill(-1);
    } else {
      this.data = this.read_images(images);
      this.labels = this.read_labels(labels);
      if (folds !== null) this.choose(folds);
      if (this.split === 'train+unlabeled') {
        const others = this.read_images(unlabeled);
        this.data = cat([this.data, others], 0);
        this.labels = [...this.labels, ...Array<number>(others.size(0)).fill(-1)];
      }
    }
    if (this.labels.length !== this.data.size(0)) {
      throw new Error(`${this.path_of('')}: there are ${this.data.size(0)} images, but ${this.labels.length} labels`);
    }
    const names = this.path_of(class_names_file);
    if (existsSync(names)) this.classes = lines_of(names);
  }

  private get kind(): typeof STL10 {
    return this.constructor as typeof STL10;
  }

  private path_of(name: string): string {
    return join(this.root, this.kind.base_folder, name);
  }

  private read_images(name: string): Tensor {
    const path = this.path_of(name);
    const bytes = Uint8Array.from(readFileSync(path));
    if (bytes.length % (3 * 96 * 96) !== 0) throw new Error(`${path}: is not a whole number of images`);
    // They are stored column by column.
    return from_numpy(bytes).view(-1, 3, 96, 96).permute(0, 1, 3, 2).contiguous();
  }

  private read_labels(name: string): number[] {
    return [...readFileSync(this.path_of(name))].map((label) => label - 1);
  }

  private choose(fold: number): void {
    const path = this.path_of(this.kind.folds_list_file);
    const line = lines_of(path)[fold];
    const chosen = (line ?? '').trim().split(/\s+/).map(Number);
    if (line === undefined || chosen.some((index) => !(index >= 0 && index < this.labels.length))) {
      throw new Error(`${path}: has no indices of fold ${fold}`);
    }
    this.data = rows_of(this.data, chosen);
    this.labels = chosen.map((index) => this.labels[index]!);
  }

  get length(): number {
    return this.labels.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(as_pil_image(this.data.select(0, at)), this.labels[at]!);
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
    return `Split: ${this.split}`;
  }
}

function lines_of(path: string): string[] {
  return readFileSync(path, 'utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
}
