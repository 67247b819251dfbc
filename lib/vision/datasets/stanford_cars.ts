/** Stanford Cars. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder } from './folders.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { parse_mat, type MatValue } from './mat.js';
import { numbered } from './transformed.js';
import { verify_str_arg } from './utils.js';

function text_of(value: MatValue | undefined, path: string): string {
  if (value?.kind !== 'text') throw new Error(`${path}: has something else where a text belongs`);
  return value.text;
}

/** The options of {@link StanfordCars}. */
export interface StanfordCarsOptions<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const STANFORD_CARS_ARGUMENTS = signature<StanfordCarsOptions<unknown, unknown>>(
  'StanfordCars',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The Stanford Cars dataset of images of cars of 196 kinds. Mirrors `torchvision.datasets.StanfordCars`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 * The files cannot be downloaded any more: `download` is an Error that says so.
 *
 * @param root - the folder that contains `stanford_cars`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged, and for `download`
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.StanfordCars('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found.
 * }
 * ```
 */
export class StanfordCars<I = Tensor, L = number> extends LabeledImages<I, L> {
  readonly _split: 'train' | 'test';
  /** The names of the classes, by label. */
  readonly classes: readonly string[];
  /** The label of each class by name. */
  readonly class_to_idx: Record<string, number>;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      StanfordCarsOptions<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = STANFORD_CARS_ARGUMENTS.read(args) as StanfordCarsOptions<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    if (given.download) this.download();
    const folder = join(this.root, 'stanford_cars');
    const devkit = join(folder, 'devkit');
    const images = join(folder, `cars_${this._split}`);
    const list =
      this._split === 'train' ? join(devkit, 'cars_train_annos.mat') : join(folder, 'cars_test_annos_withlabels.mat');
    if (!is_folder(devkit) || !existsSync(list) || !is_folder(images)) throw new Error('Dataset not found.');
    const annotations = parse_mat(readFileSync(list), list).get('annotations');
    if (annotations?.kind !== 'structs') throw new Error(`${list}: has no structs 'annotations'`);
    for (const { fname, class: label } of annotations.structs) {
      if (label?.kind !== 'numbers') throw new Error(`${list}: has an image without a class`);
      this._image_files.push(join(images, text_of(fname, list)));
      this._labels.push(label.data[0]! - 1);
    }
    const meta = join(devkit, 'cars_meta.mat');
    const names = parse_mat(readFileSync(meta), meta).get('class_names');
    if (names?.kind !== 'cells') throw new Error(`${meta}: has no cells 'class_names'`);
    this.classes = names.cells.map((name) => text_of(name, meta));
    this.class_to_idx = numbered(this.classes);
  }

  /** @throws Error always: the files are not where they were */
  download(): void {
    throw new Error('The original URL is broken so the StanfordCars dataset cannot be downloaded anymore.');
  }
}
