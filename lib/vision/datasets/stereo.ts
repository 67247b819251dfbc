/** Datasets of stereo matching: two images of one scene, and the disparity of their pixels. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { full_like } from '../../generated/functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { choice } from '../../python/random.js';
import { bool, float32, float64 } from '../../types/dtype.js';
import { read_pfm } from './flow_files.js';
import { is_folder, matching, names_in } from './folders.js';
import { default_loader, read_image_file } from './images.js';
import { checked_index } from './transformed.js';
import { download_and_extract_archive, verify_str_arg } from './utils.js';
import { VisionDataset } from './vision_dataset.js';

/** Something of the left and of the right image. */
export type LeftAndRight<T> = readonly [left: T, right: T];
/** An item of a dataset of stereo matching: both images, and the disparity of the left one. */
export type StereoItem = readonly [left: Tensor, right: Tensor, disparity: Tensor | null];
/** An item with the mask of the pixels whose disparity is known; null where no file and no transform makes one. */
export type MaskedStereoItem = readonly [left: Tensor, right: Tensor, disparity: Tensor | null, valid: Tensor | null];
/** A transform of both images, both disparities and both masks. */
export type StereoTransform = (
  images: LeftAndRight<Tensor>,
  disparities: LeftAndRight<Tensor | null>,
  masks: LeftAndRight<Tensor | null>,
) => readonly [LeftAndRight<Tensor>, LeftAndRight<Tensor | null>, LeftAndRight<Tensor | null>];

/** The options of datasets of stereo matching. */
export interface StereoOptions {
  /** The folder that contains that of the dataset. */
  root: string;
  /** Transform of the items. Default null. */
  transforms?: StereoTransform | null;
}

type Paths = LeftAndRight<string | null>;
type Read = readonly [disparity: Tensor | null, valid: Tensor | null];

/** Pairs of images, and files of disparities. */
abstract class StereoDataset<R extends StereoItem | MaskedStereoItem> extends VisionDataset<R> {
  readonly transform = null;
  readonly target_transform = null;
  declare transforms: StereoTransform | null;
  /** The paths of both images of each item. */
  readonly _images: Paths[] = [];
  /** The paths of both disparities of each item, which may be null. */
  readonly _disparities: Paths[] = [];
  /** Whether items have a mask, which is null unless a transform makes it. */
  protected readonly has_mask: boolean = false;

  constructor(options: StereoOptions) {
    super(expand_user(options.root));
    this.transforms = options.transforms ?? null;
  }

  protected read_image(path: string): Tensor {
    return default_loader(path);
  }

  /** The disparity of a file, and the mask where it has one. */
  protected abstract read_disparity(path: string): Read;

  get length(): number {
    return this._images.length;
  }

  get(index: number): R {
    const at = checked_index(this, index);
    const [left, right] = this._images[at]!.map((path) => this.read_image(path!)) as [Tensor, Tensor];
    const [first, second] = this._disparities[at]!.map((path) =>
      path === null ? ([null, null] as const) : this.read_disparity(path),
    ) as [Read, Read];
    const all = [
      [left, right],
      [first[0], second[0]],
      [first[1], second[1]],
    ] as const;
    const [images, disparities, masks] = this.transforms === null ? all : this.transforms(...all);
    const item = [images[0], images[1], disparities[0]] as const;
    return (this.has_mask || masks[0] !== null ? [...item, masks[0]] : item) as unknown as R;
  }

  /** Adds the images, and the disparities, of two patterns below a folder. @throws Error when there are none, or not as many */
  protected add(
    to: 'images' | 'disparities',
    folder: string,
    left: readonly string[],
    right: readonly string[] | null,
  ): void {
    const [first, second] = [left, right].map((pattern) => (pattern === null ? null : matching(folder, ...pattern)));
    for (const [found, pattern] of [
      [first, left],
      [second, right],
    ] as const) {
      if (found?.length === 0) {
        throw new Error(`Could not find any files matching the patterns: ${join(folder, ...pattern!)}`);
      }
    }
    if (second && second.length !== first!.length) {
      throw new Error(
        `Found ${first!.length} left files but ${second.length} right files using:\n left pattern: ${join(folder, ...left)}\n` +
          `right pattern: ${join(folder, ...right!)}\n`,
      );
    }
    const list = to === 'images' ? this._images : this._disparities;
    first!.forEach((path, i) => {
      list.push([path, second?.[i] ?? null]);
    });
  }

  /** Says that no item has a disparity. */
  protected add_no_disparities(): void {
    for (const _ of this._images) this._disparities.push([null, null]);
  }
}

/** The disparity of a PNG file in fractions. */
const in_fractions = (path: string, fraction: number, dtype = float32): Read => [
  read_image_file(path, 'UNCHANGED').narrow(0, 0, 1).to(dtype).div(fraction),
  null,
];
const both = <P extends string>(name: P | 'both', all: readonly P[]): readonly P[] => (name === 'both' ? all : [name]);
const ROOT = 'root: str';
const TRANSFORMS = 'transforms?: Callable|None';

const CARLA_STEREO_ARGUMENTS = signature<StereoOptions>('CarlaStereo', `${ROOT}, ${TRANSFORMS}`);

/**
 * Scenes of the Carla simulator, as CREStereo uses them. Mirrors
 * `torchvision.datasets.CarlaStereo`.
 *
 * Items are `[left, right, disparity]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`. A mask that `transforms` makes comes behind them.
 *
 * @param root - the folder that contains `carla-highres`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.CarlaStereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class CarlaStereo extends StereoDataset<StereoItem> {
  constructor(
    ...args: Arguments<[root: string, transforms?: StereoTransform | null], StereoOptions, ['root', 'transforms']>
  );
  constructor(...args: unknown[]) {
    const given = CARLA_STEREO_ARGUMENTS.read(args);
    super(given);
    const folder = join(this.root, 'carla-highres', 'trainingF');
    this.add('images', folder, ['*', 'im0.png'], ['*', 'im1.png']);
    this.add('disparities', folder, ['*', 'disp0GT.pfm'], ['*', 'disp1GT.pfm']);
  }

  protected read_disparity(path: string): Read {
    return [read_pfm(path, 1).abs(), null];
  }
}

/** The options of {@link Kitti2012Stereo}. */
export interface Kitti2012StereoOptions extends StereoOptions {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const KITTI2012STEREO_ARGUMENTS = signature<Kitti2012StereoOptions>(
  'Kitti2012Stereo',
  `${ROOT}, split?: str, ${TRANSFORMS}`,
);

/**
 * The KITTI dataset of images of streets, of 2012. Mirrors
 * `torchvision.datasets.Kitti2012Stereo`.
 *
 * Items are `[left, right, disparity, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float64 tensor `(1, H, W)`, null in the test part. The mask is null unless `transforms` makes one.
 *
 * @param root - the folder that contains `Kitti2012`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Kitti2012Stereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class Kitti2012Stereo extends StereoDataset<MaskedStereoItem> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'test', transforms?: StereoTransform | null],
      Kitti2012StereoOptions,
      ['root', 'split', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = KITTI2012STEREO_ARGUMENTS.read(args);
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'Kitti2012', `${split}ing`);
    this.add('images', folder, ['colored_0', '*_10.png'], ['colored_1', '*_10.png']);
    if (split === 'train') this.add('disparities', folder, ['disp_noc', '*.png'], null);
    else this.add_no_disparities();
  }

  protected read_disparity(path: string): Read {
    return in_fractions(path, 256, float64);
  }
}

/** The options of {@link Kitti2015Stereo}. */
export interface Kitti2015StereoOptions extends StereoOptions {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const KITTI2015STEREO_ARGUMENTS = signature<Kitti2015StereoOptions>(
  'Kitti2015Stereo',
  `${ROOT}, split?: str, ${TRANSFORMS}`,
);

/**
 * The KITTI dataset of images of streets, of 2015. Mirrors
 * `torchvision.datasets.Kitti2015Stereo`.
 *
 * Items are `[left, right, disparity, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float64 tensor `(1, H, W)`, null in the test part. The mask is null unless `transforms` makes one.
 *
 * @param root - the folder that contains `Kitti2015`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Kitti2015Stereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class Kitti2015Stereo extends StereoDataset<MaskedStereoItem> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'test', transforms?: StereoTransform | null],
      Kitti2015StereoOptions,
      ['root', 'split', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = KITTI2015STEREO_ARGUMENTS.read(args);
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'Kitti2015', `${split}ing`);
    this.add('images', folder, ['image_2', '*.png'], ['image_3', '*.png']);
    if (split === 'train') this.add('disparities', folder, ['disp_occ_0', '*.png'], ['disp_occ_1', '*.png']);
    else this.add_no_disparities();
  }

  protected read_disparity(path: string): Read {
    return in_fractions(path, 256, float64);
  }
}

const CRESTEREO_ARGUMENTS = signature<StereoOptions>('CREStereo', `${ROOT}, ${TRANSFORMS}`);

/**
 * The rendered scenes of CREStereo. Mirrors
 * `torchvision.datasets.CREStereo`.
 *
 * Items are `[left, right, disparity, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`. The mask is null unless `transforms` makes one.
 *
 * @param root - the folder that contains `CREStereo`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.CREStereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class CREStereo extends StereoDataset<MaskedStereoItem> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<[root: string, transforms?: StereoTransform | null], StereoOptions, ['root', 'transforms']>
  );
  constructor(...args: unknown[]) {
    const given = CRESTEREO_ARGUMENTS.read(args);
    super(given);
    for (const part of ['shapenet', 'reflective', 'tree', 'hole']) {
      const folder = join(this.root, 'CREStereo', part);
      this.add('images', folder, ['*_left.jpg'], ['*_right.jpg']);
      this.add('disparities', folder, ['*_left.disp.png'], ['*_right.disp.png']);
    }
  }

  protected read_disparity(path: string): Read {
    return in_fractions(path, 32);
  }
}

/** The options of {@link FallingThingsStereo}. */
export interface FallingThingsStereoOptions extends StereoOptions {
  /** Scenes of one object, of several, or both: `'single'`, `'mixed'` or `'both'`. Default `'single'`. */
  variant?: 'single' | 'mixed' | 'both';
}

const FALLING_THINGS_STEREO_ARGUMENTS = signature<FallingThingsStereoOptions>(
  'FallingThingsStereo',
  `${ROOT}, variant?: str, ${TRANSFORMS}`,
);

/**
 * The Falling Things dataset of rendered objects. Mirrors
 * `torchvision.datasets.FallingThingsStereo`.
 *
 * Items are `[left, right, disparity]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`. A mask that `transforms` makes comes behind them.
 *
 * @param root - the folder that contains `FallingThings`
 * @param variant - scenes of one object, of several, or both: `'single'`, `'mixed'` or `'both'`; default `'single'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.FallingThingsStereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class FallingThingsStereo extends StereoDataset<StereoItem> {
  constructor(
    ...args: Arguments<
      [root: string, variant?: 'single' | 'mixed' | 'both', transforms?: StereoTransform | null],
      FallingThingsStereoOptions,
      ['root', 'variant', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = FALLING_THINGS_STEREO_ARGUMENTS.read(args);
    super(given);
    const variant = verify_str_arg(given.variant ?? 'single', 'variant', ['single', 'mixed', 'both']);
    for (const part of both(variant, ['single', 'mixed'])) {
      const folder = join(this.root, 'FallingThings', part);
      const below = part === 'single' ? ['*', '*'] : ['*'];
      this.add('images', folder, [...below, '*.left.jpg'], [...below, '*.right.jpg']);
      this.add('disparities', folder, [...below, '*.left.depth.png'], [...below, '*.right.depth.png']);
    }
  }

  protected read_disparity(path: string): Read {
    const settings = join(dirname(path), '_camera_settings.json');
    const { camera_settings } = JSON.parse(readFileSync(settings, 'utf8')) as {
      camera_settings: { intrinsic_settings: { fx: number } }[];
    };
    // A baseline of 6 cm, and depths in hundredths of one.
    const scale = 6 * camera_settings[0]!.intrinsic_settings.fx * 100;
    const depth = read_image_file(path, 'UNCHANGED').narrow(0, 0, 1).to(float32);
    return [full_like(depth, scale).div(depth), null];
  }
}

/** The options of {@link SceneFlowStereo}. */
export interface SceneFlowStereoOptions extends StereoOptions {
  /** Which dataset: `'FlyingThings3D'`, `'Driving'` or `'Monkaa'`. Default `'FlyingThings3D'`. */
  variant?: 'FlyingThings3D' | 'Driving' | 'Monkaa';
  /** Which renderings: `'clean'`, `'final'` or `'both'`. Default `'clean'`. */
  pass_name?: 'clean' | 'final' | 'both';
}

const SCENE_FLOW_STEREO_ARGUMENTS = signature<SceneFlowStereoOptions>(
  'SceneFlowStereo',
  `${ROOT}, variant?: str, pass_name?: str, ${TRANSFORMS}`,
);

/**
 * The Scene Flow datasets of rendered scenes. Mirrors
 * `torchvision.datasets.SceneFlowStereo`.
 *
 * Items are `[left, right, disparity]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`. A mask that `transforms` makes comes behind them.
 *
 * @param root - the folder that contains `SceneFlow`
 * @param variant - which dataset: `'FlyingThings3D'`, `'Driving'` or `'Monkaa'`; default `'FlyingThings3D'`
 * @param pass_name - which renderings: `'clean'`, `'final'` or `'both'`; default `'clean'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SceneFlowStereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class SceneFlowStereo extends StereoDataset<StereoItem> {
  constructor(
    ...args: Arguments<
      [
        root: string,
        variant?: 'FlyingThings3D' | 'Driving' | 'Monkaa',
        pass_name?: 'clean' | 'final' | 'both',
        transforms?: StereoTransform | null,
      ],
      SceneFlowStereoOptions,
      ['root', 'variant', 'pass_name', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = SCENE_FLOW_STEREO_ARGUMENTS.read(args);
    super(given);
    const variants = ['FlyingThings3D', 'Driving', 'Monkaa'] as const;
    const variant = verify_str_arg(given.variant ?? 'FlyingThings3D', 'variant', variants);
    const pass_name = verify_str_arg(given.pass_name ?? 'clean', 'pass_name', ['clean', 'final', 'both']);
    const folder = join(this.root, 'SceneFlow', variant);
    const below = variant === 'Monkaa' ? ['*'] : ['*', '*', '*'];
    const add = (to: 'images' | 'disparities', part: string, files: string): void => {
      this.add(to, folder, [part, ...below, 'left', files], [part, ...below, 'right', files]);
    };
    for (const pass of both(pass_name, ['clean', 'final'])) {
      add('images', `frames_${pass}pass`, '*.png');
      add('disparities', 'disparity', '*.pfm');
    }
  }

  protected read_disparity(path: string): Read {
    return [read_pfm(path, 1).abs(), null];
  }
}

/** The options of {@link SintelStereo}. */
export interface SintelStereoOptions extends StereoOptions {
  /** Which renderings: `'final'`, `'clean'` or `'both'`. Default `'final'`. */
  pass_name?: 'final' | 'clean' | 'both';
}

const SINTEL_STEREO_ARGUMENTS = signature<SintelStereoOptions>(
  'SintelStereo',
  `${ROOT}, pass_name?: str, ${TRANSFORMS}`,
);

/**
 * The Sintel dataset of rendered scenes, for stereo matching. Mirrors
 * `torchvision.datasets.SintelStereo`.
 *
 * Items are `[left, right, disparity, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`, the mask of the pixels that are seen by both a bool
 * tensor `(H, W)`.
 *
 * @param root - the folder that contains `Sintel`
 * @param pass_name - which renderings: `'final'`, `'clean'` or `'both'`; default `'final'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SintelStereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class SintelStereo extends StereoDataset<MaskedStereoItem> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<
      [root: string, pass_name?: 'final' | 'clean' | 'both', transforms?: StereoTransform | null],
      SintelStereoOptions,
      ['root', 'pass_name', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = SINTEL_STEREO_ARGUMENTS.read(args);
    super(given);
    const pass_name = verify_str_arg(given.pass_name ?? 'final', 'pass_name', ['final', 'clean', 'both']);
    const folder = join(this.root, 'Sintel', 'training');
    for (const pass of both(pass_name, ['final', 'clean'])) {
      this.add('images', folder, [`${pass}_left`, '*', '*.png'], [`${pass}_right`, '*', '*.png']);
      this.add('disparities', folder, ['disparities', '*', '*.png'], null);
    }
  }

  protected read_disparity(path: string): Read {
    const [red, green, blue] = read_image_file(path, 'UNCHANGED').to(float32).unbind(0) as [Tensor, Tensor, Tensor];
    const disparity = red
      .mul(4)
      .add(green.div(2 ** 6))
      .add(blue.div(2 ** 14));
    const scene = dirname(path);
    const seen = (kind: string, what: string): Tensor => {
      const mask = join(dirname(dirname(scene)), kind, basename(scene), basename(path));
      if (!existsSync(mask)) throw new Error(`${what} mask ${mask} does not exist`);
      return read_image_file(mask, 'UNCHANGED').select(0, 0).eq(0);
    };
    const valid = seen('occlusions', 'Occlusion').logical_and(seen('outofframe', 'Out of frame'));
    return [disparity.unsqueeze(0), valid];
  }
}

/** The options of {@link InStereo2k}. */
export interface InStereo2kOptions extends StereoOptions {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const IN_STEREO2K_ARGUMENTS = signature<InStereo2kOptions>('InStereo2k', `${ROOT}, split?: str, ${TRANSFORMS}`);

/**
 * The InStereo2K dataset of images of rooms. Mirrors
 * `torchvision.datasets.InStereo2k`.
 *
 * Items are `[left, right, disparity]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`. A mask that `transforms` makes comes behind them.
 *
 * @param root - the folder that contains `InStereo2k`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.InStereo2k('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class InStereo2k extends StereoDataset<StereoItem> {
  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'test', transforms?: StereoTransform | null],
      InStereo2kOptions,
      ['root', 'split', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = IN_STEREO2K_ARGUMENTS.read(args);
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'InStereo2k', split);
    this.add('images', folder, ['*', 'left.png'], ['*', 'right.png']);
    this.add('disparities', folder, ['*', 'left_disp.png'], ['*', 'right_disp.png']);
  }

  protected read_disparity(path: string): Read {
    return in_fractions(path, 1024);
  }
}

/** The options of {@link ETH3DStereo}. */
export interface ETH3DStereoOptions extends StereoOptions {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const ETH3DSTEREO_ARGUMENTS = signature<ETH3DStereoOptions>('ETH3DStereo', `${ROOT}, split?: str, ${TRANSFORMS}`);

/**
 * The ETH3D dataset of images of places, of two views. Mirrors
 * `torchvision.datasets.ETH3DStereo`.
 *
 * Items are `[left, right, disparity, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`, the mask of the pixels that are seen by both a bool
 * tensor `(H, W)`; both are null in the test part.
 *
 * @param root - the folder that contains `ETH3D`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.ETH3DStereo('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('Could not find any files')); // True
 * }
 * ```
 */
export class ETH3DStereo extends StereoDataset<MaskedStereoItem> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'test', transforms?: StereoTransform | null],
      ETH3DStereoOptions,
      ['root', 'split', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = ETH3DSTEREO_ARGUMENTS.read(args);
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'ETH3D');
    const views = split === 'train' ? 'two_view_training' : 'two_view_test';
    this.add('images', folder, [views, '*', 'im0.png'], [views, '*', 'im1.png']);
    if (split === 'train') this.add('disparities', folder, ['two_view_training_gt', '*', 'disp0GT.pfm'], null);
    else this.add_no_disparities();
  }

  protected read_disparity(path: string): Read {
    const mask = read_image_file(join(dirname(path), 'mask0nocc.png'), 'UNCHANGED');
    return [read_pfm(path, 1).abs(), mask.select(0, 0).to(bool)];
  }
}

const MIDDLEBURY_SCENES = {
  train: 'Adirondack Jadeplant Motorcycle Piano Pipes Playroom Playtable Recycle Shelves Vintage',
  additional: 'Backpack Bicycle1 Cable Classroom1 Couch Flowers Mask Shopvac Sticks Storage Sword1 Sword2 Umbrella',
  test:
    'Plants Classroom2E Classroom2 Australia DjembeL CrusadeP Crusade Hoops Bicycle2 Staircase Newkuba AustraliaP ' +
    'Djembe Livingroom Computer',
} as const;
type MiddleburySplit = keyof typeof MIDDLEBURY_SCENES;

/** The options of {@link Middlebury2014Stereo}. */
export interface Middlebury2014StereoOptions extends StereoOptions {
  /** `'train'`, `'additional'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'additional' | 'test';
  /** Which calibration: `'perfect'`, `'imperfect'` or `'both'`; null for the test part. Default `'perfect'`. */
  calibration?: 'perfect' | 'imperfect' | 'both' | null;
  /** Take the right image in one of several lights, at random. Default false. */
  use_ambient_views?: boolean;
  /** Download the archives that are missing. Default false. */
  download?: boolean;
}

const MIDDLEBURY_ARGUMENTS = signature<Middlebury2014StereoOptions>(
  'Middlebury2014Stereo',
  `${ROOT}, split?: str, calibration?: str|None, use_ambient_views?: bool, ${TRANSFORMS}, download?: bool`,
);

/**
 * The Middlebury dataset of scenes in high resolution, of 2014. Mirrors
 * `torchvision.datasets.Middlebury2014Stereo`.
 *
 * Items are `[left, right, disparity, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the disparity
 * a float32 tensor `(1, H, W)`, the mask a bool tensor `(H, W)`, both null in the test part.
 *
 * @param root - the folder that contains, or will contain, `Middlebury2014`
 * @param split - `'train'`, `'additional'` or `'test'`; default `'train'`
 * @param calibration - `'perfect'`, `'imperfect'` or `'both'`, and null for the test part alone; default `'perfect'`
 * @param use_ambient_views - take the right image in one of several lights, by `random` of `torch-node/python`; default false
 * @param transforms - transform of the items; default null
 * @param download - download the archives that are missing; default false
 * @throws Error when files are missing, and for a calibration where there is none
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Middlebury2014Stereo('./missing');
 * } catch (error) {
 *   print((error as Error).message); // The train directory was not found in the provided root directory
 * }
 * ```
 */
export class Middlebury2014Stereo extends StereoDataset<MaskedStereoItem> {
  /** The names of the scenes of each part. */
  static splits: Readonly<Record<MiddleburySplit, readonly string[]>> = {
    train: MIDDLEBURY_SCENES.train.split(' '),
    additional: MIDDLEBURY_SCENES.additional.split(' '),
    test: MIDDLEBURY_SCENES.test.split(' '),
  };
  protected override readonly has_mask = true;
  readonly split: 'train' | 'additional' | 'test';
  readonly use_ambient_views: boolean;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'additional' | 'test',
        calibration?: 'perfect' | 'imperfect' | 'both' | null,
        use_ambient_views?: boolean,
        transforms?: StereoTransform | null,
        download?: boolean,
      ],
      Middlebury2014StereoOptions,
      ['root', 'split', 'calibration', 'use_ambient_views', 'transforms', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = MIDDLEBURY_ARGUMENTS.read(args);
    super(given);
    const { calibration = 'perfect' } = given;
    this.split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test', 'additional']);
    this.use_ambient_views = given.use_ambient_views ?? false;
    const suffixes = calibrations_of(this.split, calibration);
    if (given.download) this.download();
    const folder = join(this.root, 'Middlebury2014', this.split);
    if (!is_folder(folder)) {
      throw new Error(`The ${this.split} directory was not found in the provided root directory`);
    }
    const scenes = Middlebury2014Stereo.splits[this.split];
    if (!names_in(folder).some((name) => scenes.some((scene) => name.startsWith(scene)))) {
      throw new Error(`Provided root folder does not contain any scenes from the ${this.split} split.`);
    }
    for (const suffix of suffixes) {
      this.add('images', folder, [`*${suffix}`, 'im0.png'], [`*${suffix}`, 'im1.png']);
      if (this.split !== 'test')
        this.add('disparities', folder, [`*${suffix}`, 'disp0.pfm'], [`*${suffix}`, 'disp1.pfm']);
    }
    if (this.split === 'test') this.add_no_disparities();
  }

  protected override read_image(path: string): Tensor {
    if (!this.use_ambient_views || basename(path) !== 'im1.png') return super.read_image(path);
    const views = ['im1E.png', 'im1L.png'].map((name) => join(dirname(path), name)).filter((each) => existsSync(each));
    return super.read_image(choice([...views, path]));
  }

  protected read_disparity(path: string): Read {
    const disparity = read_pfm(path, 1).abs();
    const finite = disparity.masked_fill(disparity.isinf(), 0);
    return [finite, finite.gt(0).squeeze(0)];
  }

  /** Downloads and extracts the archives of the scenes that are missing. @throws Error when that fails */
  private download(): void {
    const folder = join(this.root, 'Middlebury2014');
    const scenes = Middlebury2014Stereo.splits[this.split];
    const target = join(folder, this.split);
    if (this.split !== 'test') {
      for (const name of scenes.flatMap((scene) => [`${scene}-perfect`, `${scene}-imperfect`])) {
        if (existsSync(join(target, name))) continue;
        const url = `https://vision.middlebury.edu/stereo/data/scenes2014/zip/${name}.zip`;
        download_and_extract_archive(url, target, { filename: `${name}.zip`, remove_finished: true });
      }
      return;
    }
    mkdirSync(target, { recursive: true });
    if (scenes.every((scene) => existsSync(join(target, scene)))) return;
    const url = 'https://vision.middlebury.edu/stereo/submit3/zip/MiddEval3-data-F.zip';
    download_and_extract_archive(url, folder, { remove_finished: true });
    const extracted = join(folder, 'MiddEval3', 'testF');
    for (const scene of names_in(extracted)) renameSync(join(extracted, scene), join(target, scene));
    rmSync(join(folder, 'MiddEval3'), { recursive: true });
  }
}

/** What the names of the folders of scenes end with. @throws Error for a calibration where there is none, and for none elsewhere */
function calibrations_of(split: MiddleburySplit, calibration: string | null): readonly string[] {
  if (calibration === null) {
    if (split === 'test') return [''];
    throw new Error(
      `Split '${split}' has calibration settings, however None was provided as an argument.\nSetting calibration to ` +
        `'perfect' for split '${split}'. Available calibration settings are: 'perfect', 'imperfect', 'both'.`,
    );
  }
  const known = verify_str_arg(calibration, 'calibration', ['perfect', 'imperfect', 'both']);
  if (split === 'test') {
    throw new Error("Split 'test' has only no calibration settings, please set `calibration=None`.");
  }
  return both(known, ['perfect', 'imperfect']).map((name) => `-${name}`);
}
