/** ImageNet, the classification challenge of 2012. Mirrors `torchvision.datasets.imagenet`. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { Tuple } from '../../python/values.js';
import { load } from '../../serialization/load.js';
import { save } from '../../serialization/save.js';
import type { Tensor } from '../../_tensor.js';
import { ImageFolder, type ImageFolderOptions } from './folder.js';
import { sorted } from './sorting.js';
import { parse_mat, type MatValue } from './mat.js';
import { check_integrity, extract_archive, verify_str_arg } from './utils.js';

/** The archives, which must be downloaded by hand, with their MD5. */
const archives = {
  train: ['ILSVRC2012_img_train.tar', '1d675b47d978889d74fa0da5fadfb00e'],
  val: ['ILSVRC2012_img_val.tar', '29b22e2961454d5413ddabcf34fc5622'],
  devkit: ['ILSVRC2012_devkit_t12.tar.gz', 'fa75699e90414af021442c21a62c3abf'],
} as const;
const META_FILE = 'meta.bin';

type Archives = Readonly<Record<'train' | 'val' | 'devkit', readonly [file: string, md5: string]>>;

/** The path of an archive. @throws Error unless it is there, with its MD5 */
function verified(root: string, [file, md5]: readonly [file: string, md5: string]): string {
  const path = join(root, file);
  if (check_integrity(path, md5)) return path;
  throw new Error(
    `The archive ${file} is not present in the root directory or is corrupted. ` +
      `You need to download it externally and place it in ${root}.`,
  );
}

const number_of = (value: MatValue | undefined): number => (value?.kind === 'numbers' ? (value.data[0] ?? NaN) : NaN);
const text_of = (value: MatValue | undefined): string => (value?.kind === 'text' ? value.text : '');

/** The classes without others below them: their WordNet ids by number, and the names by id. */
function read_synsets(path: string): { wnids: Map<number, string>; names: Record<string, Tuple> } {
  const synsets = parse_mat(readFileSync(path), path).get('synsets');
  if (synsets?.kind !== 'structs') throw new Error(`${path}: has no structs 'synsets'`);
  const wnids = new Map<number, string>();
  const names: Record<string, Tuple> = {};
  for (const { ILSVRC2012_ID, WNID, words, num_children } of synsets.structs) {
    if (number_of(num_children) !== 0) continue;
    const wnid = text_of(WNID);
    wnids.set(number_of(ILSVRC2012_ID), wnid);
    names[wnid] = Tuple.from(text_of(words).split(', '));
  }
  return { wnids, names };
}

/** Writes what torchvision writes: the names of the classes, and the class of each image for validation. */
function parse_devkit(root: string, archive: Archives['devkit']): void {
  const path = verified(root, archive);
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-devkit-'));
  try {
    extract_archive(path, folder);
    const data = join(folder, 'ILSVRC2012_devkit_t12', 'data');
    const { wnids, names } = read_synsets(join(data, 'meta.mat'));
    const truth = join(data, 'ILSVRC2012_validation_ground_truth.txt');
    const val_wnids = readFileSync(truth, 'utf8')
      .trim()
      .split(/\s+/)
      .map((id) => {
        const wnid = wnids.get(Number(id));
        if (wnid === undefined) throw new Error(`${truth}: has the unknown class ${id}`);
        return wnid;
      });
    save(Tuple.from([names, val_wnids]), join(root, META_FILE));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse_train(root: string, archive: Archives['train']): void {
  const folder = join(root, 'train');
  extract_archive(verified(root, archive), folder);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    extract_archive(path, path.slice(0, -extname(path).length), true);
  }
}

function parse_val(root: string, archive: Archives['val'], wnids: readonly string[]): void {
  const folder = join(root, 'val');
  extract_archive(verified(root, archive), folder);
  const images = sorted(readdirSync(folder));
  for (const wnid of new Set(wnids)) mkdirSync(join(folder, wnid));
  wnids.forEach((wnid, i) => {
    const image = images[i];
    if (image !== undefined) renameSync(join(folder, image), join(folder, wnid, basename(image)));
  });
}

/** The options of {@link ImageNet}. */
export interface ImageNetOptions<I = Tensor, L = number> extends ImageFolderOptions<I, L> {
  /** Which part. Default `'train'`. */
  split?: 'train' | 'val';
}

const IMAGE_NET = signature<ImageNetOptions<unknown, unknown>>(
  'ImageNet',
  'root: str, split?: str, *, transform?: Callable|None, target_transform?: Callable|None, loader?: Callable, is_valid_file?: Callable|None, allow_empty?: bool',
);

/**
 * The ImageNet 2012 classification dataset. Mirrors `torchvision.datasets.ImageNet`.
 *
 * Its archives must be downloaded by hand, into `root`: `ILSVRC2012_devkit_t12.tar.gz`, `ILSVRC2012_img_train.tar` and
 * `ILSVRC2012_img_val.tar`; the first use extracts them. Items are those of {@link ImageFolder}; `classes` has the names of
 * each class, `wnids` its folder.
 *
 * @param root - the folder with the archives
 * @param split - `'train'` or `'val'`; default `'train'`
 * @param options - `transform`, `target_transform`, `loader`, `is_valid_file`, `allow_empty`; see {@link ImageFolder}
 * @throws Error when an archive is missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.ImageNet('./missing', 'val');
 * } catch (error) {
 *   print((error as Error).message.startsWith('The archive ILSVRC2012_devkit_t12.tar.gz is not present')); // True
 * }
 * ```
 */
export class ImageNet<I = Tensor, L = number> extends ImageFolder<I, L, readonly string[]> {
  static archives: Archives = archives;

  readonly split: 'train' | 'val';
  /** The WordNet id of each class. */
  readonly wnids: readonly string[];
  /** The label of each WordNet id. */
  readonly wnid_to_idx: Record<string, number>;

  constructor(...args: Arguments<[root: string, split?: 'train' | 'val'], ImageNetOptions<I, L>, ['root', 'split']>);
  constructor(...args: unknown[]) {
    const { root: given, split: part = 'train', ...options } = IMAGE_NET.read(args) as ImageNetOptions<I, L>;
    const root = expand_user(given);
    const split = verify_str_arg(part, 'split', ['train', 'val']);
    const sources = new.target.archives;
    if (!check_integrity(join(root, META_FILE))) parse_devkit(root, sources.devkit);
    const [names, val_wnids] = load<[Record<string, string[]>, string[]]>(join(root, META_FILE));
    const folder = join(root, split);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      if (split === 'train') parse_train(root, sources.train);
      else parse_val(root, sources.val, val_wnids);
    }
    super({ root: folder, ...options });
    this.root = root;
    this.split = split;
    this.wnids = this.classes as readonly unknown[] as readonly string[];
    this.wnid_to_idx = this.class_to_idx;
    this.classes = this.wnids.map((wnid) => [...(names[wnid] ?? [])]);
    this.class_to_idx = Object.fromEntries(this.classes.flatMap((all, i) => all.map((name) => [name, i])));
  }

  /** Where the images are. */
  get split_folder(): string {
    return join(this.root, this.split);
  }

  override extra_repr(): string {
    return `Split: ${this.split}`;
  }
}
