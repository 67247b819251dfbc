/** CelebA. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { tensor } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { int64 } from '../../types/dtype.js';
import type { LoaderOptions } from './image_list.js';
import { default_loader } from './images.js';
import { checked_index, not_found, TransformedDataset } from './transformed.js';
import { check_integrity, download_file_from_google_drive, extract_archive, verify_str_arg } from './utils.js';

/** What a target of {@link CelebA} is. */
export type CelebATargetType = 'attr' | 'identity' | 'bbox' | 'landmarks';

/** A target of {@link CelebA}: an int64 tensor, several, or null for none. */
export type CelebATarget = Tensor | readonly Tensor[] | null;

/** The options of {@link CelebA}. */
export interface CelebAOptions<I = Tensor, L = CelebATarget> extends LoaderOptions<CelebATarget, I, L> {
  /** Which part. Default `'train'`. */
  split?: 'train' | 'valid' | 'test' | 'all';
  /** What targets are; several give a list. Default `'attr'`. */
  target_type?: CelebATargetType | readonly CelebATargetType[];
}

const CELEBA = signature<CelebAOptions<unknown, unknown>>(
  'CelebA',
  'root: str, split?: str, target_type?: str|str[], transform?: Callable|None, target_transform?: Callable|None, download?: bool, *, loader?: Callable',
);

/** A table with a name in front of the numbers of each row. */
interface Table {
  header: string[];
  index: string[];
  rows: number[][];
}

/**
 * The CelebA dataset of faces of celebrities, with attributes. Mirrors `torchvision.datasets.CelebA`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(3, 218, 178)`, where torchvision gives a PIL image; targets are
 * int64 tensors: 40 attributes of 0 or 1, the number of the person, a box `x, y, width, height`, or ten coordinates of
 * landmarks.
 *
 * @param root - the folder that contains, or will contain, `celeba`
 * @param split - `'train'`, `'valid'`, `'test'` or `'all'`; default `'train'`
 * @param target_type - `'attr'`, `'identity'`, `'bbox'`, `'landmarks'`, or several; default `'attr'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param download - download the files that are missing, from Google Drive; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.CelebA('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class CelebA<I = Tensor, L = CelebATarget> extends TransformedDataset<CelebATarget, I, L> {
  static base_folder = 'celeba';
  static file_list: readonly (readonly [file_id: string, md5: string, filename: string])[] = [
    ['0B7EVK8r0v71pZjFTYXZWM3FlRnM', '00d2c5bc6d35e252742224ab0c1e8fcb', 'img_align_celeba.zip'],
    ['0B7EVK8r0v71pblRyaVFSWGxPY0U', '75e246fa4810816ffd6ee81facbd244c', 'list_attr_celeba.txt'],
    ['1_ee_0u7vcNLOfNLegJRHmolfH5ICW-XS', '32bd1bd63d3c78cd57e08160ec5ed1e2', 'identity_CelebA.txt'],
    ['0B7EVK8r0v71pbThiMVRxWXZ4dU0', '00566efa6fedff7a56946cd1c10f1c16', 'list_bbox_celeba.txt'],
    ['0B7EVK8r0v71pd0FJY3Blby1HUTQ', 'cc24ecafdb5b50baae59b03474781f8c', 'list_landmarks_align_celeba.txt'],
    ['0B7EVK8r0v71pY0NSMzRuSXJEVkk', 'd32c9cbf5e040fd4025c592c306e6668', 'list_eval_partition.txt'],
  ];

  loader: (path: string) => Tensor;
  readonly split: 'train' | 'valid' | 'test' | 'all';
  readonly target_type: readonly CelebATargetType[];
  /** The names of the files of the images. */
  readonly filename: readonly string[];
  /** The attributes, `(N, 40)`, of 0 and 1. */
  readonly attr: Tensor;
  /** The number of the person, `(N, 1)`. */
  readonly identity: Tensor;
  /** `x, y, width, height` of the face, `(N, 4)`. */
  readonly bbox: Tensor;
  /** Five landmarks, `(N, 10)`. */
  readonly landmarks_align: Tensor;
  /** The names of the attributes. */
  readonly attr_names: readonly string[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'valid' | 'test' | 'all',
        target_type?: CelebATargetType | readonly CelebATargetType[],
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: CelebATarget) => L) | null,
        download?: boolean,
      ],
      CelebAOptions<I, L>,
      ['root', 'split', 'target_type', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = CELEBA.read(args) as CelebAOptions<I, L>;
    const { split = 'train', target_type = 'attr', transform = null, target_transform = null } = given;
    super(expand_user(given.root), { transform, target_transform });
    this.loader = given.loader ?? default_loader;
    this.split = split;
    this.target_type = typeof target_type === 'string' ? [target_type] : target_type;
    if (this.target_type.length === 0 && target_transform !== null) {
      throw new Error('target_transform is specified but target_type is empty');
    }
    if (given.download) this.download();
    if (!this._check_integrity()) not_found();
    const part = ['train', 'valid', 'test'].indexOf(
      verify_str_arg(split.toLowerCase(), 'split', ['train', 'valid', 'test', 'all']),
    );
    const parts = this.table('list_eval_partition.txt', false);
    const chosen = parts.index.flatMap((_, row) => (part < 0 || parts.rows[row]![0] === part ? [row] : []));
    const numbers = (table: Table): Tensor =>
      tensor(
        chosen.map((row) => table.rows[row]!),
        { dtype: int64 },
      );
    this.filename = chosen.map((row) => parts.index[row]!);
    this.identity = numbers(this.table('identity_CelebA.txt', false));
    this.bbox = numbers(this.table('list_bbox_celeba.txt', true));
    this.landmarks_align = numbers(this.table('list_landmarks_align_celeba.txt', true));
    const attributes = this.table('list_attr_celeba.txt', true);
    this.attr = numbers(attributes).add(1).div(2, { rounding_mode: 'floor' });
    this.attr_names = attributes.header;
  }

  private path_of(...parts: string[]): string {
    return join(this.root, (this.constructor as typeof CelebA).base_folder, ...parts);
  }

  /** The second line of some files has the names of the columns. */
  private table(name: string, has_header: boolean): Table {
    const path = this.path_of(name);
    const lines = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
    const fields = (line: string): string[] => line.replace(/^ +/, '').split(/ +/);
    const rows = lines.slice(has_header ? 2 : 0).map((line) => fields(line.trimEnd()));
    const numbers = rows.map(([, ...row]) => row.map(Number));
    if (numbers.flat().some((number) => !Number.isInteger(number))) {
      throw new Error(`${path}: has a row that is not of integers`);
    }
    return {
      header: has_header ? fields(lines[1] ?? '') : [],
      index: rows.map(([first]) => first!),
      rows: numbers,
    };
  }

  get length(): number {
    return this.filename.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    const image = this.loader(this.path_of('img_align_celeba', this.filename[at]!));
    const targets = this.target_type.map((type) => {
      if (type === 'attr') return this.attr.select(0, at);
      if (type === 'identity') return this.identity.select(0, at).select(0, 0);
      if (type === 'bbox') return this.bbox.select(0, at);
      if (type === 'landmarks') return this.landmarks_align.select(0, at);
      throw new Error(`Target type "${String(type)}" is not recognized.`);
    });
    return this.item(image, targets.length > 1 ? targets : (targets[0] ?? null));
  }

  /** Whether the lists are there with their MD5, and the folder of the images. */
  _check_integrity(): boolean {
    const { file_list } = this.constructor as typeof CelebA;
    const lists = file_list.filter(([, , name]) => !/\.(zip|7z)$/.test(name));
    if (!lists.every(([, md5, name]) => check_integrity(this.path_of(name), md5))) return false;
    return statSync(this.path_of('img_align_celeba'), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** Downloads the files, when one is missing. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    for (const [id, md5, name] of (this.constructor as typeof CelebA).file_list) {
      download_file_from_google_drive(id, this.path_of(), name, md5);
    }
    extract_archive(this.path_of('img_align_celeba.zip'));
  }

  override extra_repr(): string {
    return `Target type: [${this.target_type.map((type) => `'${type}'`).join(', ')}]\nSplit: ${this.split}`;
  }
}
