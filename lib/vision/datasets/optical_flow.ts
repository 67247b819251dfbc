/** Datasets of optical flow. */
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { ConcatDataset } from '../../utils/data/dataset.js';
import { read_flo, read_flow_png, read_pfm } from './flow_files.js';
import { is_folder, lines_of, matching, names_in } from './folders.js';
import { default_loader } from './images.js';
import { checked_index } from './transformed.js';
import { verify_str_arg } from './utils.js';
import { VisionDataset } from './vision_dataset.js';

/** An item of a dataset of optical flow: two images, and the flow from the first one to the second. */
export type FlowItem = readonly [first: Tensor, second: Tensor, flow: Tensor | null];
/** An item with the mask of the pixels whose flow is known. */
export type MaskedFlowItem = readonly [first: Tensor, second: Tensor, flow: Tensor | null, valid: Tensor | null];
/** A transform of both images, the flow and the mask of known pixels, which is null where a dataset has none. */
export type FlowTransform<R> = (
  first: Tensor,
  second: Tensor,
  flow: Tensor | null,
  valid: Tensor | null,
) => readonly [...MaskedFlowItem] | R;

/** The options of datasets of optical flow. */
export interface FlowOptions<R> {
  /** The folder that contains that of the dataset. */
  root: string;
  /** Transform of the items. Default null. */
  transforms?: FlowTransform<R> | null;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
}

/** Pairs of images, and files of the flow between them. */
abstract class FlowDataset<R> extends VisionDataset<R> {
  readonly transform = null;
  readonly target_transform = null;
  declare transforms: FlowTransform<R> | null;
  loader: (path: string) => Tensor;
  /** The paths of both images of each item. */
  readonly _image_list: (readonly [first: string, second: string])[] = [];
  /** The path of the flow of each item; none in parts without flow. */
  readonly _flow_list: string[] = [];
  /** Whether the files of the flow have the mask of known pixels. */
  protected readonly has_mask: boolean = false;

  constructor(options: FlowOptions<R>) {
    super(expand_user(options.root));
    this.transforms = options.transforms ?? null;
    this.loader = options.loader ?? default_loader;
  }

  /** The flow of a file, and the mask where it has one. */
  protected abstract read_flow(path: string): readonly [flow: Tensor, valid: Tensor | null];

  get length(): number {
    return this._image_list.length;
  }

  get(index: number): R {
    const at = checked_index(this, index);
    const [first, second] = this._image_list[at]!.map((path) => this.loader(path)) as [Tensor, Tensor];
    const path = this._flow_list[at];
    const [flow, valid] = path === undefined ? [null, null] : this.read_flow(path);
    const item = this.transforms === null ? [first, second, flow, valid] : this.transforms(first, second, flow, valid);
    const all = item as unknown as MaskedFlowItem;
    const masked = this.has_mask || (all[3] ?? null) !== null;
    return (masked ? all : all.slice(0, 3)) as unknown as R;
  }

  /** The dataset several times in a row, as `n * dataset` in Python. */
  repeat(count: number): ConcatDataset<R> {
    return new ConcatDataset<R>(Array.from({ length: count }, () => this));
  }

  /** Adds each image with the one behind it. */
  protected add_in_a_row(images: readonly string[]): void {
    for (let i = 0; i + 1 < images.length; i++) this._image_list.push([images[i]!, images[i + 1]!]);
  }

  /** Adds the images of one list with those of another one. */
  protected add_pairs(first: readonly string[], second: readonly string[]): void {
    for (let i = 0; i < Math.min(first.length, second.length); i++) {
      this._image_list.push([first[i]!, second[i]!]);
    }
  }
}

const passes_of = <P extends string>(name: P | 'both', all: readonly P[]): readonly P[] =>
  name === 'both' ? all : [name];

/** The options of {@link Sintel}. */
export interface SintelOptions<R = FlowItem> extends FlowOptions<R> {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
  /** Which renderings: `'clean'`, `'final'` or `'both'`. Default `'clean'`. */
  pass_name?: 'clean' | 'final' | 'both';
}

const SINTEL_ARGUMENTS = signature<SintelOptions<unknown>>(
  'Sintel',
  'root: str, split?: str, pass_name?: str, transforms?: Callable|None, loader?: Callable',
);

/**
 * The Sintel dataset of rendered scenes with optical flow. Mirrors `torchvision.datasets.Sintel`.
 *
 * Items are `[image, image, flow]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the flow a float32 tensor `(2, H, W)`, null
 * in the test part.
 *
 * @param root - the folder that contains `Sintel`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param pass_name - which renderings: `'clean'`, `'final'` or `'both'`; default `'clean'`
 * @param transforms - transform of the items; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Sintel('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('ENOENT')); // True
 * }
 * ```
 */
export class Sintel<R = FlowItem> extends FlowDataset<R> {
  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test',
        pass_name?: 'clean' | 'final' | 'both',
        transforms?: FlowTransform<R> | null,
        loader?: (path: string) => Tensor,
      ],
      SintelOptions<R>,
      ['root', 'split', 'pass_name', 'transforms', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = SINTEL_ARGUMENTS.read(args) as SintelOptions<R>;
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const pass_name = verify_str_arg(given.pass_name ?? 'clean', 'pass_name', ['clean', 'final', 'both']);
    const part = join(this.root, 'Sintel', split === 'train' ? 'training' : 'test');
    for (const pass of passes_of(pass_name, ['clean', 'final'])) {
      for (const scene of names_in(join(part, pass))) {
        this.add_in_a_row(matching(join(part, pass), scene, '*.png'));
        if (split === 'train') this._flow_list.push(...matching(join(part, 'flow'), scene, '*.flo'));
      }
    }
  }

  protected read_flow(path: string): readonly [Tensor, null] {
    return [read_flo(path), null];
  }
}

/** The options of {@link KittiFlow}. */
export interface KittiFlowOptions<R = MaskedFlowItem> extends FlowOptions<R> {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const KITTI_FLOW_ARGUMENTS = signature<KittiFlowOptions<unknown>>(
  'KittiFlow',
  'root: str, split?: str, transforms?: Callable|None, loader?: Callable',
);

/**
 * The KITTI dataset of images of streets with optical flow, of 2015. Mirrors `torchvision.datasets.KittiFlow`.
 *
 * Items are `[image, image, flow, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the flow a float32 tensor `(2, H, W)`,
 * the mask of the pixels that have one a bool tensor `(H, W)`. Both are null in parts without flow.
 *
 * @param root - the folder that contains `KittiFlow`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.KittiFlow('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Could not find the Kitti flow images. Please make sure the directory structure is correct.
 * }
 * ```
 */
export class KittiFlow<R = MaskedFlowItem> extends FlowDataset<R> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'test', transforms?: FlowTransform<R> | null, loader?: (path: string) => Tensor],
      KittiFlowOptions<R>,
      ['root', 'split', 'transforms', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = KITTI_FLOW_ARGUMENTS.read(args) as KittiFlowOptions<R>;
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'KittiFlow', `${split}ing`);
    const first = matching(folder, 'image_2', '*_10.png');
    const second = matching(folder, 'image_2', '*_11.png');
    if (first.length === 0 || second.length === 0) {
      throw new Error('Could not find the Kitti flow images. Please make sure the directory structure is correct.');
    }
    this.add_pairs(first, second);
    if (split === 'train') this._flow_list.push(...matching(folder, 'flow_occ', '*_10.png'));
  }

  protected read_flow(path: string): readonly [Tensor, Tensor] {
    return read_flow_png(path);
  }
}

/** The options of {@link FlyingChairs}. */
export interface FlyingChairsOptions<R = FlowItem> extends Omit<FlowOptions<R>, 'loader'> {
  /** `'train'` or `'val'`. Default `'train'`. */
  split?: 'train' | 'val';
}

const FLYING_CHAIRS_ARGUMENTS = signature<FlyingChairsOptions<unknown>>(
  'FlyingChairs',
  'root: str, split?: str, transforms?: Callable|None',
);

/**
 * The FlyingChairs dataset of moved images of chairs with optical flow. Mirrors `torchvision.datasets.FlyingChairs`.
 *
 * Items are `[image, image, flow]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the flow a float32 tensor `(2, H, W)`.
 *
 * @param root - the folder that contains `FlyingChairs`, with `FlyingChairs_train_val.txt` in it
 * @param split - `'train'` or `'val'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.FlyingChairs('./missing');
 * } catch (error) {
 *   print((error as Error).message); // The FlyingChairs_train_val.txt file was not found - please download it from the dataset page.
 * }
 * ```
 */
export class FlyingChairs<R = FlowItem> extends FlowDataset<R> {
  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'val', transforms?: FlowTransform<R> | null],
      FlyingChairsOptions<R>,
      ['root', 'split', 'transforms']
    >
  );
  constructor(...args: unknown[]) {
    const given = FLYING_CHAIRS_ARGUMENTS.read(args) as FlyingChairsOptions<R>;
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val']);
    const folder = join(this.root, 'FlyingChairs');
    const list = join(folder, 'FlyingChairs_train_val.txt');
    if (!is_folder(folder) || !names_in(folder).includes('FlyingChairs_train_val.txt')) {
      throw new Error('The FlyingChairs_train_val.txt file was not found - please download it from the dataset page.');
    }
    const images = matching(folder, 'data', '*.ppm');
    const flows = matching(folder, 'data', '*.flo');
    const parts = lines_of(list).map(Number);
    flows.forEach((flow, i) => {
      if (parts[i] !== (split === 'train' ? 1 : 2)) return;
      this._flow_list.push(flow);
      this._image_list.push([images[2 * i]!, images[2 * i + 1]!]);
    });
  }

  protected read_flow(path: string): readonly [Tensor, null] {
    return [read_flo(path), null];
  }
}

/** The options of {@link FlyingThings3D}. */
export interface FlyingThings3DOptions<R = FlowItem> extends FlowOptions<R> {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
  /** Which renderings: `'clean'`, `'final'` or `'both'`. Default `'clean'`. */
  pass_name?: 'clean' | 'final' | 'both';
  /** Which camera: `'left'`, `'right'` or `'both'`. Default `'left'`. */
  camera?: 'left' | 'right' | 'both';
}

const FLYING_THINGS3D_ARGUMENTS = signature<FlyingThings3DOptions<unknown>>(
  'FlyingThings3D',
  'root: str, split?: str, pass_name?: str, camera?: str, transforms?: Callable|None, loader?: Callable',
);

/**
 * The FlyingThings3D dataset of rendered scenes with optical flow. Mirrors `torchvision.datasets.FlyingThings3D`.
 *
 * Items are `[image, image, flow]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the flow a float32 tensor `(2, H, W)`.
 *
 * @param root - the folder that contains `FlyingThings3D`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param pass_name - which renderings: `'clean'`, `'final'` or `'both'`; default `'clean'`
 * @param camera - which camera: `'left'`, `'right'` or `'both'`; default `'left'`
 * @param transforms - transform of the items; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.FlyingThings3D('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Could not find the FlyingThings3D flow images. Please make sure the directory structure is correct.
 * }
 * ```
 */
export class FlyingThings3D<R = FlowItem> extends FlowDataset<R> {
  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test',
        pass_name?: 'clean' | 'final' | 'both',
        camera?: 'left' | 'right' | 'both',
        transforms?: FlowTransform<R> | null,
        loader?: (path: string) => Tensor,
      ],
      FlyingThings3DOptions<R>,
      ['root', 'split', 'pass_name', 'camera', 'transforms', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = FLYING_THINGS3D_ARGUMENTS.read(args) as FlyingThings3DOptions<R>;
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']).toUpperCase();
    const pass_name = verify_str_arg(given.pass_name ?? 'clean', 'pass_name', ['clean', 'final', 'both']);
    const camera = verify_str_arg(given.camera ?? 'left', 'camera', ['left', 'right', 'both']);
    const folder = join(this.root, 'FlyingThings3D');
    for (const pass of passes_of(pass_name, ['clean', 'final'])) {
      for (const side of passes_of(camera, ['left', 'right'])) {
        for (const direction of ['into_future', 'into_past']) {
          const images = matching(folder, `frames_${pass}pass`, split, '*', '*').map((path) => join(path, side));
          const flows = matching(folder, 'optical_flow', split, '*', '*').map((path) => join(path, direction, side));
          if (images.length === 0 || flows.length === 0) {
            throw new Error(
              'Could not find the FlyingThings3D flow images. Please make sure the directory structure is correct.',
            );
          }
          for (let i = 0; i < Math.min(images.length, flows.length); i++) {
            this.add_scene(matching(images[i]!, '*.png'), matching(flows[i]!, '*.pfm'), direction === 'into_past');
          }
        }
      }
    }
  }

  /** Adds each image but the last one with the one behind it, or the other way round. */
  private add_scene(images: readonly string[], flows: readonly string[], backwards: boolean): void {
    for (let i = 0; i + 1 < flows.length; i++) {
      const pair = [images[i]!, images[i + 1]!] as const;
      this._image_list.push(backwards ? [pair[1], pair[0]] : pair);
      this._flow_list.push(flows[backwards ? i + 1 : i]!);
    }
  }

  protected read_flow(path: string): readonly [Tensor, null] {
    return [read_pfm(path, 2), null];
  }
}

/** The options of {@link HD1K}. */
export interface HD1KOptions<R = MaskedFlowItem> extends FlowOptions<R> {
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const HD1K_ARGUMENTS = signature<HD1KOptions<unknown>>(
  'HD1K',
  'root: str, split?: str, transforms?: Callable|None, loader?: Callable',
);

/**
 * The HD1K dataset of images of streets with optical flow. Mirrors `torchvision.datasets.HD1K`.
 *
 * Items are `[image, image, flow, mask]`; images are uint8 tensors `(3, H, W)`, where torchvision gives PIL images, the flow a float32 tensor `(2, H, W)`,
 * the mask of the pixels that have one a bool tensor `(H, W)`. Both are null in parts without flow.
 *
 * @param root - the folder that contains `hd1k`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transforms - transform of the items; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.HD1K('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Could not find the HD1K images. Please make sure the directory structure is correct.
 * }
 * ```
 */
export class HD1K<R = MaskedFlowItem> extends FlowDataset<R> {
  protected override readonly has_mask = true;

  constructor(
    ...args: Arguments<
      [root: string, split?: 'train' | 'test', transforms?: FlowTransform<R> | null, loader?: (path: string) => Tensor],
      HD1KOptions<R>,
      ['root', 'split', 'transforms', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = HD1K_ARGUMENTS.read(args) as HD1KOptions<R>;
    super(given);
    const split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'hd1k');
    if (split === 'train') {
      for (let i = 0; i < 36; i++) {
        const sequence = `${String(i).padStart(6, '0')}_*.png`;
        const flows = matching(folder, 'hd1k_flow_gt', 'flow_occ', sequence).slice(0, -1);
        const images = matching(folder, 'hd1k_input', 'image_2', sequence);
        this._flow_list.push(...flows);
        this.add_in_a_row(images.slice(0, flows.length + 1));
      }
    } else {
      const images = join(folder, 'hd1k_challenge', 'image_2');
      this.add_pairs(matching(images, '*10.png'), matching(images, '*11.png'));
    }
    if (this._image_list.length === 0) {
      throw new Error('Could not find the HD1K images. Please make sure the directory structure is correct.');
    }
  }

  protected read_flow(path: string): readonly [Tensor, Tensor] {
    return read_flow_png(path);
  }
}
