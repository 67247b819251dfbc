/** Pascal VOC. Mirrors `torchvision.datasets.voc`. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import type { Arguments } from '../../_internal/signature.js';
import { family } from '../../nn/modules/forward_arguments.js';
import type { Tensor } from '../../_tensor.js';
import { default_loader, read_png_indices } from './images.js';
import {
  checked_index,
  not_found,
  TransformedDataset,
  type JointTransform,
  type JointTransformOptions,
} from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';
import { parse_xml, type XmlElement } from './xml.js';

/** The years of {@link VOCSegmentation} and {@link VOCDetection}. */
export type VOCYear = '2007' | '2008' | '2009' | '2010' | '2011' | '2012';

/** The options of {@link VOCSegmentation} and {@link VOCDetection}. */
export interface VOCOptions<T, I = Tensor, L = T> extends JointTransformOptions<T, I, L> {
  /** The folder that contains, or will contain, `VOCdevkit`. */
  root: string;
  /** The year of the challenge. Default `'2012'`. */
  year?: VOCYear;
  /** Which part; `'test'` for 2007 only. Default `'train'`. */
  image_set?: 'train' | 'trainval' | 'val' | 'test';
  /** Download the archive. Default false. */
  download?: boolean;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
}

interface Archive {
  url: string;
  filename: string;
  md5: string;
  base_dir: string;
}

const site = 'https://thor.robots.ox.ac.uk/pascal/VOC';
const archive = (year: string, filename: string, md5: string, base_dir: string, stored = filename): Archive => ({
  url: `${site}/voc${year}/${filename}`,
  filename: stored,
  md5,
  base_dir,
});

/** The archives by year; the tests of 2007 have one of their own. */
export const DATASET_YEAR_DICT: Readonly<Record<string, Archive>> = {
  '2012': archive(
    '2012',
    'VOCtrainval_11-May-2012.tar',
    '6cd6e144f989b92b3379bac3b3de84fd',
    join('VOCdevkit', 'VOC2012'),
  ),
  '2011': archive(
    '2011',
    'VOCtrainval_25-May-2011.tar',
    '6c3384ef61512963050cb5d687e5bf1e',
    join('TrainVal', 'VOCdevkit', 'VOC2011'),
  ),
  '2010': archive(
    '2010',
    'VOCtrainval_03-May-2010.tar',
    'da459979d0c395079b5c75ee67908abb',
    join('VOCdevkit', 'VOC2010'),
  ),
  '2009': archive(
    '2009',
    'VOCtrainval_11-May-2009.tar',
    'a3e00b113cfcfebf17e343f59da3caa1',
    join('VOCdevkit', 'VOC2009'),
  ),
  '2008': archive(
    '2008',
    'VOCtrainval_14-Jul-2008.tar',
    '2629fa636546599198acfcfbfcf1904a',
    join('VOCdevkit', 'VOC2008'),
    // As torchvision calls it.
    'VOCtrainval_11-May-2012.tar',
  ),
  '2007': archive(
    '2007',
    'VOCtrainval_06-Nov-2007.tar',
    'c52e279531787c972589f7e41ab4ae64',
    join('VOCdevkit', 'VOC2007'),
  ),
  '2007-test': archive(
    '2007',
    'VOCtest_06-Nov-2007.tar',
    'b6e924de25625d8de591ea690078ad9f',
    join('VOCdevkit', 'VOC2007'),
  ),
};

const VOC = family<VOCOptions<never, unknown, unknown>>(
  ['VOCSegmentation', 'VOCDetection'],
  'root: str, year?: str, image_set?: str, download?: bool, transform?: Callable|None, target_transform?: Callable|None, ' +
    'transforms?: Callable|None, *, loader?: Callable',
);

type VOCArguments<T, I, L> = Arguments<
  [
    root: string,
    year?: VOCYear,
    image_set?: 'train' | 'trainval' | 'val' | 'test',
    download?: boolean,
    transform?: ((image: Tensor) => I) | null,
    target_transform?: ((target: T) => L) | null,
    transforms?: JointTransform<T, I, L> | null,
  ],
  VOCOptions<T, I, L>,
  ['root', 'year', 'image_set', 'download', 'transform', 'target_transform', 'transforms']
>;

/** Where a task has its lists and targets. */
interface Task {
  splits: string;
  targets: string;
  suffix: string;
}

abstract class VOCBase<T, I, L> extends TransformedDataset<T, I, L> {
  loader: (path: string) => Tensor;
  readonly year: VOCYear;
  readonly image_set: string;
  /** The files of the images. */
  readonly images: readonly string[];
  /** The files of the targets. */
  readonly targets: readonly string[];

  constructor(options: VOCOptions<T, I, L>, task: Task) {
    const { year = '2012', image_set = 'train', download = false, loader = default_loader } = options;
    super(expand_user(options.root), options);
    this.loader = loader;
    this.year = verify_str_arg(year, 'year', ['2007', '2008', '2009', '2010', '2011', '2012']);
    const sets = ['train', 'trainval', 'val', ...(year === '2007' ? ['test'] : [])];
    this.image_set = verify_str_arg(image_set, 'image_set', sets);
    const source = DATASET_YEAR_DICT[year === '2007' && image_set === 'test' ? '2007-test' : year]!;
    if (download) {
      download_and_extract_archive(source.url, this.root, { filename: source.filename, md5: source.md5 });
    }
    const folder = join(this.root, source.base_dir);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) not_found();
    const names = readFileSync(join(folder, 'ImageSets', task.splits, `${image_set}.txt`), 'utf8')
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .map((line) => line.trim());
    this.images = names.map((name) => join(folder, 'JPEGImages', `${name}.jpg`));
    this.targets = names.map((name) => join(folder, task.targets, `${name}${task.suffix}`));
  }

  /** The target in a file. */
  protected abstract read_target(path: string): T;

  get length(): number {
    return this.images.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(this.loader(this.images[at]!), this.read_target(this.targets[at]!));
  }
}

/**
 * The Pascal VOC dataset of images with masks of 20 classes. Mirrors `torchvision.datasets.VOCSegmentation`.
 *
 * Items are `[image, mask]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image, the mask a uint8
 * tensor `(1, H, W)` with the class of each pixel, 255 for borders.
 *
 * @param root - the folder that contains, or will contain, `VOCdevkit`
 * @param year - `'2007'` to `'2012'`; default `'2012'`
 * @param image_set - `'train'`, `'trainval'`, `'val'`, or `'test'` of 2007; default `'train'`
 * @param download - download the archive; default false
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each mask; default null
 * @param transforms - transform of each image and its mask, instead of the two others; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.VOCSegmentation('./missing', '2012', 'test');
 * } catch (error) {
 *   print((error as Error).message); // Unknown value 'test' for argument image_set. Valid values are {'train', 'trainval', 'val'}.
 * }
 * ```
 */
export class VOCSegmentation<I = Tensor, L = Tensor> extends VOCBase<Tensor, I, L> {
  constructor(...args: VOCArguments<Tensor, I, L>);
  constructor(...args: unknown[]) {
    const given = VOC.read(new.target, args) as unknown as VOCOptions<Tensor, I, L>;
    super(given, { splits: 'Segmentation', targets: 'SegmentationClass', suffix: '.png' });
  }

  /** The files of the masks. */
  get masks(): readonly string[] {
    return this.targets;
  }

  protected override read_target(path: string): Tensor {
    return read_png_indices(path);
  }
}

/** An annotation of {@link VOCDetection}: elements by their names, texts where there are no others inside. */
export interface VOCAnnotation {
  [tag: string]: string | VOCAnnotation | (string | VOCAnnotation)[];
}

function annotation_of({ tag, children, text }: XmlElement): VOCAnnotation {
  if (children.length === 0) return text === '' ? {} : { [tag]: text.trim() };
  const grouped = new Map<string, (string | VOCAnnotation)[]>();
  for (const child of children) {
    for (const [name, value] of Object.entries(annotation_of(child))) {
      const group = grouped.get(name);
      if (group === undefined) grouped.set(name, [value as string | VOCAnnotation]);
      else group.push(value as string | VOCAnnotation);
    }
  }
  // Objects are a list even where there is one of them.
  const content: VOCAnnotation = {};
  for (const [name, group] of grouped) {
    content[name] = group.length === 1 && !(tag === 'annotation' && name === 'object') ? group[0]! : group;
  }
  if (tag === 'annotation' && !grouped.has('object')) content['object'] = [];
  return { [tag]: content };
}

/**
 * The Pascal VOC dataset of images with boxes of objects of 20 classes. Mirrors `torchvision.datasets.VOCDetection`.
 *
 * Items are `[image, annotation]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image, the
 * annotation an object as the XML file has it: `annotation.object[0].bndbox.xmin`.
 *
 * @param root - the folder that contains, or will contain, `VOCdevkit`
 * @param year - `'2007'` to `'2012'`; default `'2012'`
 * @param image_set - `'train'`, `'trainval'`, `'val'`, or `'test'` of 2007; default `'train'`
 * @param download - download the archive; default false
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each annotation; default null
 * @param transforms - transform of each image and its annotation, instead of the two others; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.VOCDetection('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class VOCDetection<I = Tensor, L = VOCAnnotation> extends VOCBase<VOCAnnotation, I, L> {
  constructor(...args: VOCArguments<VOCAnnotation, I, L>);
  constructor(...args: unknown[]) {
    const given = VOC.read(new.target, args) as unknown as VOCOptions<VOCAnnotation, I, L>;
    super(given, { splits: 'Main', targets: 'Annotations', suffix: '.xml' });
  }

  /** The files of the annotations. */
  get annotations(): readonly string[] {
    return this.targets;
  }

  protected override read_target(path: string): VOCAnnotation {
    return annotation_of(parse_xml(readFileSync(path, 'utf8'), path));
  }
}
