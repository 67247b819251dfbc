/** Cityscapes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { python_repr } from '../../python/print.js';
import { Tuple } from '../../python/values.js';
import { is_folder, names_in } from './folders.js';
import { default_loader, read_image_file } from './images.js';
import { checked_index, TransformedDataset, type JointTransform, type JointTransformOptions } from './transformed.js';
import { extract_archive, verify_str_arg } from './utils.js';

/** A class of {@link Cityscapes}. */
export interface CityscapesClass {
  readonly name: string;
  readonly id: number;
  readonly train_id: number;
  readonly category: string;
  readonly category_id: number;
  readonly has_instances: boolean;
  readonly ignore_in_eval: boolean;
  readonly color: readonly [red: number, green: number, blue: number];
}

/** The parts of {@link Cityscapes}: `'train_extra'` of coarse annotations, `'test'` of fine ones. */
export type CityscapesSplit = 'train' | 'test' | 'val' | 'train_extra';
/** What a target of {@link Cityscapes} is. */
export type CityscapesTargetType = 'instance' | 'semantic' | 'polygon' | 'color';
/** A target of {@link Cityscapes}: an image, what a JSON file of polygons has, or several. */
export type CityscapesTarget = unknown;

type Row = readonly [
  name: string,
  id: number,
  train_id: number,
  category: string,
  category_id: number,
  has_instances: boolean,
  ignore_in_eval: boolean,
  color: CityscapesClass['color'],
];

const rows: readonly Row[] = [
  ['unlabeled', 0, 255, 'void', 0, false, true, [0, 0, 0]],
  ['ego vehicle', 1, 255, 'void', 0, false, true, [0, 0, 0]],
  ['rectification border', 2, 255, 'void', 0, false, true, [0, 0, 0]],
  ['out of roi', 3, 255, 'void', 0, false, true, [0, 0, 0]],
  ['static', 4, 255, 'void', 0, false, true, [0, 0, 0]],
  ['dynamic', 5, 255, 'void', 0, false, true, [111, 74, 0]],
  ['ground', 6, 255, 'void', 0, false, true, [81, 0, 81]],
  ['road', 7, 0, 'flat', 1, false, false, [128, 64, 128]],
  ['sidewalk', 8, 1, 'flat', 1, false, false, [244, 35, 232]],
  ['parking', 9, 255, 'flat', 1, false, true, [250, 170, 160]],
  ['rail track', 10, 255, 'flat', 1, false, true, [230, 150, 140]],
  ['building', 11, 2, 'construction', 2, false, false, [70, 70, 70]],
  ['wall', 12, 3, 'construction', 2, false, false, [102, 102, 156]],
  ['fence', 13, 4, 'construction', 2, false, false, [190, 153, 153]],
  ['guard rail', 14, 255, 'construction', 2, false, true, [180, 165, 180]],
  ['bridge', 15, 255, 'construction', 2, false, true, [150, 100, 100]],
  ['tunnel', 16, 255, 'construction', 2, false, true, [150, 120, 90]],
  ['pole', 17, 5, 'object', 3, false, false, [153, 153, 153]],
  ['polegroup', 18, 255, 'object', 3, false, true, [153, 153, 153]],
  ['traffic light', 19, 6, 'object', 3, false, false, [250, 170, 30]],
  ['traffic sign', 20, 7, 'object', 3, false, false, [220, 220, 0]],
  ['vegetation', 21, 8, 'nature', 4, false, false, [107, 142, 35]],
  ['terrain', 22, 9, 'nature', 4, false, false, [152, 251, 152]],
  ['sky', 23, 10, 'sky', 5, false, false, [70, 130, 180]],
  ['person', 24, 11, 'human', 6, true, false, [220, 20, 60]],
  ['rider', 25, 12, 'human', 6, true, false, [255, 0, 0]],
  ['car', 26, 13, 'vehicle', 7, true, false, [0, 0, 142]],
  ['truck', 27, 14, 'vehicle', 7, true, false, [0, 0, 70]],
  ['bus', 28, 15, 'vehicle', 7, true, false, [0, 60, 100]],
  ['caravan', 29, 255, 'vehicle', 7, true, true, [0, 0, 90]],
  ['trailer', 30, 255, 'vehicle', 7, true, true, [0, 0, 110]],
  ['train', 31, 16, 'vehicle', 7, true, false, [0, 80, 100]],
  ['motorcycle', 32, 17, 'vehicle', 7, true, false, [0, 0, 230]],
  ['bicycle', 33, 18, 'vehicle', 7, true, false, [119, 11, 32]],
  ['license plate', -1, -1, 'vehicle', 7, false, true, [0, 0, 142]],
];

const suffixes: Readonly<Record<CityscapesTargetType, string>> = {
  instance: 'instanceIds.png',
  semantic: 'labelIds.png',
  color: 'color.png',
  polygon: 'polygons.json',
};

/** The options of {@link Cityscapes}. */
export interface CityscapesOptions<I = Tensor, L = CityscapesTarget>
  extends JointTransformOptions<CityscapesTarget, I, L> {
  /** The folder that contains `leftImg8bit` and `gtFine` or `gtCoarse`, or their archives. */
  root: string;
  /** `'train'`, `'test'` or `'val'` in the mode `'fine'`, `'train'`, `'train_extra'` or `'val'` in the mode `'coarse'`. Default `'train'`. */
  split?: CityscapesSplit;
  /** Which annotations: `'fine'` or `'coarse'`. Default `'fine'`. */
  mode?: 'fine' | 'coarse';
  /** `'instance'`, `'semantic'`, `'polygon'` or `'color'`; several give a tuple. Default `'instance'`. */
  target_type?: CityscapesTargetType | readonly CityscapesTargetType[];
}

const CITYSCAPES_ARGUMENTS = signature<CityscapesOptions<unknown, unknown>>(
  'Cityscapes',
  'root: str, split?: str, mode?: str, target_type?: str|str[], transform?: Callable|None, target_transform?: Callable|None, transforms?: Callable|None',
);

/**
 * The Cityscapes dataset of images of streets. Mirrors `torchvision.datasets.Cityscapes`.
 *
 * Items are `[image, target]`; images are tensors, where torchvision gives PIL images: `(3, H, W)` for the image, uint16 `(1, H, W)` for
 * instances, uint8 `(1, H, W)` for classes, `(4, H, W)` for colors. They come in the order of their names, where torchvision takes that
 * of the file system.
 *
 * @param root - the folder that contains `leftImg8bit` and `gtFine` or `gtCoarse`, or their archives, which are extracted
 * @param split - `'train'`, `'test'` or `'val'` in the mode `'fine'`, `'train'`, `'train_extra'` or `'val'` in the mode `'coarse'`; default `'train'`
 * @param mode - which annotations: `'fine'` or `'coarse'`; default `'fine'`
 * @param target_type - `'instance'`, `'semantic'`, `'polygon'` or `'color'`; several give a tuple; default `'instance'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param transforms - transform of each image and its target, instead of the two others; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * print(datasets.Cityscapes.classes[7]!.name); // road
 * try {
 *   new datasets.Cityscapes('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Dataset not found or incomplete.')); // True
 * }
 * ```
 */
export class Cityscapes<I = Tensor, L = CityscapesTarget> extends TransformedDataset<CityscapesTarget, I, L> {
  /** The classes, by id; the last one has the id -1. */
  static classes: readonly CityscapesClass[] = rows.map((row) => {
    const [name, id, train_id, category, category_id, has_instances, ignore_in_eval, color] = row;
    return { name, id, train_id, category, category_id, has_instances, ignore_in_eval, color };
  });

  readonly split: CityscapesSplit;
  /** `'gtFine'` or `'gtCoarse'`. */
  readonly mode: 'gtFine' | 'gtCoarse';
  readonly target_type: readonly CityscapesTargetType[];
  /** The paths of the images. */
  readonly images: string[] = [];
  /** The paths of the targets of each image. */
  readonly targets: (readonly string[])[] = [];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: CityscapesSplit,
        mode?: 'fine' | 'coarse',
        target_type?: CityscapesTargetType | readonly CityscapesTargetType[],
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: CityscapesTarget) => L) | null,
        transforms?: JointTransform<CityscapesTarget, I, L> | null,
      ],
      CityscapesOptions<I, L>,
      ['root', 'split', 'mode', 'target_type', 'transform', 'target_transform', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = CITYSCAPES_ARGUMENTS.read(args) as CityscapesOptions<I, L>;
    super(expand_user(given.root), given);
    const mode = verify_str_arg(given.mode ?? 'fine', 'mode', ['fine', 'coarse']);
    this.mode = mode === 'fine' ? 'gtFine' : 'gtCoarse';
    const splits: readonly CityscapesSplit[] =
      mode === 'fine' ? ['train', 'test', 'val'] : ['train', 'train_extra', 'val'];
    this.split = given.split ?? 'train';
    if (!splits.includes(this.split)) {
      throw new Error(
        `Unknown value '${this.split}' for argument split if mode is '${mode}'. ` +
          `Valid values are {${splits.map((name) => `'${name}'`).join(', ')}}.`,
      );
    }
    const types = given.target_type ?? 'instance';
    this.target_type = (typeof types === 'string' ? [types] : types).map((type) =>
      verify_str_arg(type, 'target_type', ['instance', 'semantic', 'polygon', 'color']),
    );
    const [images, targets] = [join(this.root, 'leftImg8bit', this.split), join(this.root, this.mode, this.split)];
    if (!is_folder(images) || !is_folder(targets)) this.extract();
    for (const city of names_in(images)) {
      for (const name of names_in(join(images, city))) {
        const start = name.split('_leftImg8bit')[0]!;
        this.images.push(join(images, city, name));
        this.targets.push(
          this.target_type.map((type) => join(targets, city, `${start}_${this.mode}_${suffixes[type]}`)),
        );
      }
    }
  }

  /** Extracts the archives. @throws Error when they are not there */
  private extract(): void {
    const extra = this.split === 'train_extra' ? 'trainextra' : 'trainvaltest';
    const archives = [
      `leftImg8bit_${extra}.zip`,
      this.mode === 'gtFine' ? 'gtFine_trainvaltest.zip' : 'gtCoarse.zip',
    ].map((name) => join(this.root, name));
    if (!archives.every((path) => existsSync(path))) {
      throw new Error(
        'Dataset not found or incomplete. Please make sure all required folders for the specified "split" and "mode" are ' +
          'inside the "root" directory',
      );
    }
    for (const path of archives) extract_archive(path, this.root);
  }

  get length(): number {
    return this.images.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const targets = this.targets[at]!.map((path, i) =>
      this.target_type[i] === 'polygon'
        ? (JSON.parse(readFileSync(path, 'utf8')) as unknown)
        : read_image_file(path, 'UNCHANGED'),
    );
    return this.item(default_loader(this.images[at]!), targets.length > 1 ? Tuple.from(targets) : targets[0]);
  }

  override extra_repr(): string {
    return `Split: ${this.split}\nMode: ${this.mode}\nType: ${python_repr(this.target_type)}`;
  }
}
