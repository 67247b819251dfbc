/** The Semantic Boundaries Dataset. */
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { stack } from '../../generated/functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder, lines_of } from './folders.js';
import { default_loader } from './images.js';
import { parse_mat, type MatValue } from './mat.js';
import { checked_index, not_found, TransformedDataset, type JointTransform } from './transformed.js';
import { download_and_extract_archive, download_url, verify_str_arg } from './utils.js';

/** The options of {@link SBDataset}. */
export interface SBDatasetOptions<I = Tensor, L = Tensor> {
  /** The folder that contains, or will contain, `img` and `cls`. */
  root: string;
  /** `'train'`, `'val'` or `'train_noval'`. Default `'train'`. */
  image_set?: 'train' | 'val' | 'train_noval';
  /** What targets are. Default `'boundaries'`. */
  mode?: 'boundaries' | 'segmentation';
  /** Download the archive. Default false. */
  download?: boolean;
  /** Transform of each image and its target. Default null. */
  transforms?: JointTransform<Tensor, I, L> | null;
}

const SBDATASET = signature<SBDatasetOptions<unknown, unknown>>(
  'SBDataset',
  'root: str, image_set?: str, mode?: str, download?: bool, transforms?: Callable|None',
);

/**
 * Segmentations and boundaries of images of Pascal VOC. Mirrors `torchvision.datasets.SBDataset`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image. The target is a uint8
 * tensor: boundaries `(20, H, W)`, one for each class, or a segmentation `(1, H, W)`.
 *
 * @param root - the folder that contains, or will contain, `img` and `cls`
 * @param image_set - `'train'`, `'val'` or `'train_noval'`, without those of VOC 2012; default `'train'`
 * @param mode - `'boundaries'` or `'segmentation'`; default `'boundaries'`
 * @param download - download the archive; default false
 * @param transforms - transform of each image and its target; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SBDataset('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class SBDataset<I = Tensor, L = Tensor> extends TransformedDataset<Tensor, I, L> {
  static url = 'https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/grouping/semantic_contours/benchmark.tgz';
  static md5 = '82b4d87ceb2ed10f6038a1cba92111cb';
  static filename = 'benchmark.tgz';
  static voc_train_url = 'https://www.cs.cornell.edu/~bharathh/train_noval.txt';
  static voc_split_filename = 'train_noval.txt';
  static voc_split_md5 = '79bff800c5f0b1ec6b21080a3c066722';

  readonly image_set: 'train' | 'val' | 'train_noval';
  readonly mode: 'boundaries' | 'segmentation';
  readonly num_classes: number = 20;
  /** The paths of the images. */
  readonly images: readonly string[];
  /** The paths of the files of the targets. */
  readonly masks: readonly string[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        image_set?: 'train' | 'val' | 'train_noval',
        mode?: 'boundaries' | 'segmentation',
        download?: boolean,
        transforms?: JointTransform<Tensor, I, L> | null,
      ],
      SBDatasetOptions<I, L>,
      ['root', 'image_set', 'mode', 'download', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = SBDATASET.read(args) as SBDatasetOptions<I, L>;
    super(expand_user(given.root), { transforms: given.transforms ?? null });
    this.image_set = verify_str_arg(given.image_set ?? 'train', 'image_set', ['train', 'val', 'train_noval']);
    this.mode = verify_str_arg(given.mode ?? 'boundaries', 'mode', ['segmentation', 'boundaries']);
    if (given.download) this.download();
    if (!is_folder(this.root)) not_found();
    const names = lines_of(join(this.root, `${this.image_set}.txt`));
    this.images = names.map((name) => join(this.root, 'img', `${name}.jpg`));
    this.masks = names.map((name) => join(this.root, 'cls', `${name}.mat`));
  }

  get length(): number {
    return this.images.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(default_loader(this.images[at]!), this.read_target(this.masks[at]!));
  }

  private read_target(path: string): Tensor {
    const variable = parse_mat(readFileSync(path), path).get('GTcls');
    const fields = variable?.kind === 'structs' ? variable.structs[0] : undefined;
    const fail = (name: string): never => {
      throw new Error(`${path}: has no 'GTcls' with '${name}'`);
    };
    const plane = (value: MatValue | undefined, name: string): Tensor => {
      if (value?.kind !== 'numbers') return fail(name);
      const [height = 0, width = 0] = value.shape;
      return from_numpy(value.data).view(width, height).t().contiguous();
    };
    if (this.mode === 'segmentation') return plane(fields?.['Segmentation'], 'Segmentation').unsqueeze(0);
    const cells = fields?.['Boundaries'];
    if (cells?.kind !== 'cells') return fail('Boundaries');
    return stack(Array.from({ length: this.num_classes }, (_, i) => plane(cells.cells[i], 'Boundaries')));
  }

  /** Downloads the archive, and moves what is in it to its place. @throws Error when that fails */
  private download(): void {
    const { url, md5, filename, voc_train_url, voc_split_filename, voc_split_md5 } = this
      .constructor as typeof SBDataset;
    download_and_extract_archive(url, this.root, { filename, md5 });
    const extracted = join(this.root, 'benchmark_RELEASE', 'dataset');
    for (const name of ['cls', 'img', 'inst', 'train.txt', 'val.txt']) {
      renameSync(join(extracted, name), join(this.root, name));
    }
    if (this.image_set === 'train_noval') download_url(voc_train_url, this.root, voc_split_filename, voc_split_md5);
  }

  override extra_repr(): string {
    return `Image set: ${this.image_set}\nMode: ${this.mode}`;
  }
}
