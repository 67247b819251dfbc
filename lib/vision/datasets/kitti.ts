/** KITTI, as a task of detection. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { is_folder, lines_of, names_in } from './folders.js';
import { default_loader } from './images.js';
import { checked_index, TransformedDataset, type JointTransform, type JointTransformOptions } from './transformed.js';
import { download_and_extract_archive } from './utils.js';

/** An object of an image of {@link Kitti}. */
export interface KittiObject {
  type: string;
  /** The share that is out of the image. */
  truncated: number;
  /** 0 for an object in full sight, up to 3. */
  occluded: number;
  /** The angle of observation. */
  alpha: number;
  /** Left, top, right and bottom. */
  bbox: number[];
  /** Height, width and length in meters. */
  dimensions: number[];
  /** x, y and z in meters. */
  location: number[];
  rotation_y: number;
}

/** A target of {@link Kitti}: null for images of the test part. */
export type KittiTarget = KittiObject[] | null;

/** An object of a line of 15 fields. */
function object_of(line: string, path: string): KittiObject {
  const [type = '', ...fields] = line.split(' ');
  const numbers = fields.map(Number);
  if (numbers.length < 14 || numbers.slice(0, 14).some(Number.isNaN)) {
    throw new Error(`${path}: has a line that is not an object: ${line}`);
  }
  const [truncated, occluded, alpha] = numbers as [number, number, number];
  return {
    ...{ type, truncated, occluded, alpha },
    bbox: numbers.slice(3, 7),
    dimensions: numbers.slice(7, 10),
    location: numbers.slice(10, 13),
    rotation_y: numbers[13]!,
  };
}

/** The options of {@link Kitti}. */
export interface KittiOptions<I = Tensor, L = KittiTarget> extends JointTransformOptions<KittiTarget, I, L> {
  /** The folder that contains, or will contain, `Kitti`. */
  root: string;
  /** Download the archives when they are missing. Default false. */
  download?: boolean;
  /** Whether images are those of the training part, which alone has objects. Default true. */
  train?: boolean;
}

const KITTI_ARGUMENTS = signature<KittiOptions<unknown, unknown>>(
  'Kitti',
  'root: str, train?: bool, transform?: Callable|None, target_transform?: Callable|None, transforms?: Callable|None, download?: bool',
);

/**
 * The KITTI dataset of images of streets with objects. Mirrors `torchvision.datasets.Kitti`.
 *
 * Items are `[image, objects]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image. They come in the order
 * of their names, where torchvision takes that of the file system.
 *
 * @param root - the folder that contains, or will contain, `Kitti`
 * @param train - whether images are those of the training part, which alone has objects; default true
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each list of objects; default null
 * @param transforms - transform of each image and its target, instead of the two others; default null
 * @param download - download the archive when it is missing; default false
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Kitti('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You may use download=True to download it.
 * }
 * ```
 */
export class Kitti<I = Tensor, L = KittiTarget> extends TransformedDataset<KittiTarget, I, L> {
  static data_url = 'https://s3.eu-central-1.amazonaws.com/avg-kitti/';
  static resources: readonly string[] = ['data_object_image_2.zip', 'data_object_label_2.zip'];

  readonly train: boolean;
  /** The paths of the images. */
  readonly images: readonly string[];
  /** The paths of the files of the objects. */
  readonly targets: readonly string[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        train?: boolean,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: KittiTarget) => L) | null,
        transforms?: JointTransform<KittiTarget, I, L> | null,
        download?: boolean,
      ],
      KittiOptions<I, L>,
      ['root', 'train', 'transform', 'target_transform', 'transforms', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = KITTI_ARGUMENTS.read(args) as KittiOptions<I, L>;
    super(expand_user(given.root), given);
    this.train = given.train ?? true;
    if (given.download) this.download();
    if (!this.is_there()) throw new Error('Dataset not found. You may use download=True to download it.');
    const names = names_in(this.folder('image_2'));
    this.images = names.map((name) => join(this.folder('image_2'), name));
    const labels = (name: string): string => join(this.folder('label_2'), `${name.split('.')[0]}.txt`);
    this.targets = this.train ? names.map(labels) : [];
  }

  private get raw(): string {
    return join(this.root, this.constructor.name, 'raw');
  }

  private folder(name: 'image_2' | 'label_2'): string {
    return join(this.raw, this.train ? 'training' : 'testing', name);
  }

  private is_there(): boolean {
    return is_folder(this.folder('image_2')) && (!this.train || is_folder(this.folder('label_2')));
  }

  get length(): number {
    return this.images.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const path = this.targets[at];
    const target = path === undefined ? null : lines_of(path).map((line) => object_of(line, path));
    return this.item(default_loader(this.images[at]!), target);
  }

  /** Downloads and extracts the archives, when they are missing. @throws Error when that fails */
  download(): void {
    if (this.is_there()) return;
    mkdirSync(this.raw, { recursive: true });
    const { data_url, resources } = this.constructor as typeof Kitti;
    for (const filename of resources) download_and_extract_archive(`${data_url}${filename}`, this.raw, { filename });
  }
}
