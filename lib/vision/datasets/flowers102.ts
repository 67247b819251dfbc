/** Oxford 102 Flower. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { LabeledImages, type LoaderOptions } from './image_list.js';
import { mat_numbers, parse_mat } from './mat.js';
import { not_found } from './transformed.js';
import { check_integrity, download_and_extract_archive, download_url, verify_str_arg } from './utils.js';

/** The parts of {@link Flowers102}. */
export type Flowers102Split = 'train' | 'val' | 'test';

/** The options of {@link Flowers102}. */
export interface Flowers102Options<I = Tensor, L = number> extends LoaderOptions<number, I, L> {
  /** Which part. Default `'train'`. */
  split?: Flowers102Split;
}

const FLOWERS102 = signature<Flowers102Options<unknown, unknown>>(
  'Flowers102',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

const FLOWERS: readonly string[] = [
  'pink primrose',
  'hard-leaved pocket orchid',
  'canterbury bells',
  'sweet pea',
  'english marigold',
  'tiger lily',
  'moon orchid',
  'bird of paradise',
  'monkshood',
  'globe thistle',
  'snapdragon',
  "colt's foot",
  'king protea',
  'spear thistle',
  'yellow iris',
  'globe-flower',
  'purple coneflower',
  'peruvian lily',
  'balloon flower',
  'giant white arum lily',
  'fire lily',
  'pincushion flower',
  'fritillary',
  'red ginger',
  'grape hyacinth',
  'corn poppy',
  'prince of wales feathers',
  'stemless gentian',
  'artichoke',
  'sweet william',
  'carnation',
  'garden phlox',
  'love in the mist',
  'mexican aster',
  'alpine sea holly',
  'ruby-lipped cattleya',
  'cape flower',
  'great masterwort',
  'siam tulip',
  'lenten rose',
  'barbeton daisy',
  'daffodil',
  'sword lily',
  'poinsettia',
  'bolero deep blue',
  'wallflower',
  'marigold',
  'buttercup',
  'oxeye daisy',
  'common dandelion',
  'petunia',
  'wild pansy',
  'primula',
  'sunflower',
  'pelargonium',
  'bishop of llandaff',
  'gaura',
  'geranium',
  'orange dahlia',
  'pink-yellow dahlia?',
  'cautleya spicata',
  'japanese anemone',
  'black-eyed susan',
  'silverbush',
  'californian poppy',
  'osteospermum',
  'spring crocus',
  'bearded iris',
  'windflower',
  'tree poppy',
  'gazania',
  'azalea',
  'water lily',
  'rose',
  'thorn apple',
  'morning glory',
  'passion flower',
  'lotus',
  'toad lily',
  'anthurium',
  'frangipani',
  'clematis',
  'hibiscus',
  'columbine',
  'desert-rose',
  'tree mallow',
  'magnolia',
  'cyclamen',
  'watercress',
  'canna lily',
  'hippeastrum',
  'bee balm',
  'ball moss',
  'foxglove',
  'bougainvillea',
  'camellia',
  'mallow',
  'mexican petunia',
  'bromelia',
  'blanket flower',
  'trumpet creeper',
  'blackberry lily',
];

const ids_of_split: Readonly<Record<Flowers102Split, string>> = { train: 'trnid', val: 'valid', test: 'tstid' };

/**
 * The Oxford dataset of flowers of 102 kinds. Mirrors `torchvision.datasets.Flowers102`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `flowers-102`
 * @param split - `'train'`, `'val'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the files that are missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Flowers102('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class Flowers102<I = Tensor, L = number> extends LabeledImages<I, L> {
  static _download_url_prefix = 'https://www.robots.ox.ac.uk/~vgg/data/flowers/102/';
  static _file_dict: Readonly<Record<'image' | 'label' | 'setid', readonly [name: string, md5: string]>> = {
    image: ['102flowers.tgz', '52808999861908f626f3c1f4e79d11fa'],
    label: ['imagelabels.mat', 'e0620be6f572b9609742df49c70aed4d'],
    setid: ['setid.mat', 'a5357ecc9cb78c4bef273ce3793fc85c'],
  };

  /** The names of the classes, by label. */
  static classes: readonly string[] = FLOWERS;

  readonly _split: Flowers102Split;

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: Flowers102Split,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      Flowers102Options<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = FLOWERS102.read(args) as Flowers102Options<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val', 'test']);
    if (given.download) this.download();
    if (!this._check_integrity()) not_found();
    const { label, setid } = this.kind._file_dict;
    const labels = this.read_numbers(label[0], 'labels');
    for (const id of this.read_numbers(setid[0], ids_of_split[this._split])) {
      this._image_files.push(join(this.folder, 'jpg', `image_${String(id).padStart(5, '0')}.jpg`));
      this._labels.push(labels[id - 1]! - 1);
    }
  }

  private get kind(): typeof Flowers102 {
    return this.constructor as typeof Flowers102;
  }

  private get folder(): string {
    return join(this.root, 'flowers-102');
  }

  /** The names of the classes, by label. */
  get classes(): readonly string[] {
    return this.kind.classes;
  }

  private read_numbers(name: string, variable: string): number[] {
    const path = join(this.folder, name);
    return [...mat_numbers(parse_mat(readFileSync(path), path), variable, path).data];
  }

  /** Whether the images are there, and the other files with their MD5. */
  _check_integrity(): boolean {
    if (statSync(join(this.folder, 'jpg'), { throwIfNoEntry: false })?.isDirectory() !== true) return false;
    const { label, setid } = this.kind._file_dict;
    return [label, setid].every(([name, md5]) => check_integrity(join(this.folder, name), md5));
  }

  /** Downloads the files, when one is missing. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    const { _download_url_prefix: prefix, _file_dict: files } = this.kind;
    download_and_extract_archive(prefix + files.image[0], this.folder, { md5: files.image[1] });
    for (const [name, md5] of [files.label, files.setid]) download_url(prefix + name, this.folder, { md5 });
  }

  override extra_repr(): string {
    return `split=${this._split}`;
  }
}
