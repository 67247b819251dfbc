/** Folders of samples, a folder for each class. Mirrors `torchvision.datasets.folder`. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { cuts_first } from '../transforms/functional/unread_image.js';
import { default_loader, read_for_part } from './images.js';
import { sorted } from './sorting.js';
import { checked_index, numbered, TransformedDataset, type TransformOptions } from './transformed.js';

export { default_loader } from './images.js';

/** The suffixes of files that {@link ImageFolder} takes for images. */
export const IMG_EXTENSIONS: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.png',
  '.ppm',
  '.bmp',
  '.pgm',
  '.tif',
  '.tiff',
  '.webp',
];

const HAS_FILE_ALLOWED_EXTENSION = signature<{ filename: string; extensions: string | readonly string[] }>(
  'has_file_allowed_extension',
  'filename: str, extensions: str|str[]',
);

/**
 * Whether the name of a file ends with one of these, in capitals or not. Mirrors
 * `torchvision.datasets.folder.has_file_allowed_extension`.
 *
 * @param filename - the name
 * @param extensions - one suffix or several, in small letters
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * print(datasets.folder.has_file_allowed_extension('A.PNG', ['.png', '.jpg'])); // True
 * ```
 */
export function has_file_allowed_extension(
  ...args: Arguments<
    [filename: string, extensions: string | readonly string[]],
    { filename: string; extensions: string | readonly string[] },
    ['filename', 'extensions']
  >
): boolean;
export function has_file_allowed_extension(...args: unknown[]): boolean {
  const { filename, extensions } = HAS_FILE_ALLOWED_EXTENSION.read(args);
  const name = filename.toLowerCase();
  return (typeof extensions === 'string' ? [extensions] : extensions).some((suffix) => name.endsWith(suffix));
}

const IS_IMAGE_FILE = signature<{ filename: string }>('is_image_file', 'filename: str');

/**
 * Whether the name of a file is that of an image. Mirrors `torchvision.datasets.folder.is_image_file`.
 *
 * @param filename - the name
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * print(datasets.folder.is_image_file('a.txt')); // False
 * ```
 */
export function is_image_file(filename: string | { filename: string }): boolean;
export function is_image_file(...args: unknown[]): boolean {
  return has_file_allowed_extension(IS_IMAGE_FILE.read(args).filename, IMG_EXTENSIONS);
}

const FIND_CLASSES = signature<{ directory: string }>('find_classes', 'directory: str');

/**
 * The folders in a folder, sorted, as classes with their numbers. Mirrors `torchvision.datasets.folder.find_classes`.
 *
 * @param directory - the folder
 * @returns the names of the classes, and the number of each
 * @throws Error when there are none
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * for (const name of ['dog', 'cat']) mkdirSync(`${folder}/${name}`);
 * print(datasets.folder.find_classes(folder)[0]); // ['cat', 'dog']
 * rmSync(folder, { recursive: true });
 * ```
 */
export function find_classes(
  directory: string | { directory: string },
): [classes: string[], class_to_idx: Record<string, number>];
export function find_classes(...args: unknown[]): [classes: string[], class_to_idx: Record<string, number>] {
  const { directory } = FIND_CLASSES.read(args);
  const names = readdirSync(directory).filter((name) => statSync(join(directory, name)).isDirectory());
  if (names.length === 0) throw new Error(`Couldn't find any class folder in ${directory}.`);
  const classes = sorted(names);
  return [classes, numbered(classes)];
}

/** The folders at and below a folder, each with its files. */
function walk(folder: string, found: Map<string, string[]>, above: ReadonlySet<string>): void {
  // A link may lead back to a folder above it.
  const { dev, ino } = statSync(folder);
  const place = `${dev}:${ino}`;
  if (above.has(place)) return;
  const files: string[] = [];
  found.set(folder, files);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) files.push(path);
    else walk(path, found, new Set([...above, place]));
  }
}

/** All files below a folder, in the order of the paths of their folders, and then of their names. */
function files_below(folder: string): string[] {
  const found = new Map<string, string[]>();
  walk(folder, found, new Set());
  return sorted([...found.keys()]).flatMap((path) => sorted(found.get(path)!));
}

interface MakeDatasetArguments {
  directory: string;
  class_to_idx?: Readonly<Record<string, number>> | null;
  extensions?: string | readonly string[] | null;
  is_valid_file?: ((path: string) => boolean) | null;
  allow_empty?: boolean;
}

const MAKE_DATASET = signature<MakeDatasetArguments>(
  'make_dataset',
  'directory: str, class_to_idx?: dict|None, extensions?: str|str[]|None, is_valid_file?: Callable|None, allow_empty?: bool',
);

/** A sample: the path of its file, and the number of its class. */
export type Sample = [path: string, target: number];

/**
 * The samples in the folders of classes. Mirrors `torchvision.datasets.folder.make_dataset`.
 *
 * @param directory - the folder with a folder for each class
 * @param class_to_idx - the number of each class; default null: as {@link find_classes} gives them
 * @param extensions - the suffixes of samples' files; default null: see `is_valid_file`
 * @param is_valid_file - whether a path is that of a sample; instead of `extensions`; default null
 * @param allow_empty - whether a class may have no samples; default false
 * @returns the path and the class of each sample
 * @throws Error without classes, for a class without samples, and unless one of `extensions` and `is_valid_file` is given
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * mkdirSync(`${folder}/cat`);
 * writeFileSync(`${folder}/cat/1.png`, '');
 * print(datasets.folder.make_dataset(folder, { extensions: '.png' }).map(([path, target]) => [path.slice(folder.length), target])); // [['/cat/1.png', 0]]
 * rmSync(folder, { recursive: true });
 * ```
 */
export function make_dataset(
  ...args: Arguments<
    [
      directory: string,
      class_to_idx?: Readonly<Record<string, number>> | null,
      extensions?: string | readonly string[] | null,
      is_valid_file?: ((path: string) => boolean) | null,
      allow_empty?: boolean,
    ],
    MakeDatasetArguments,
    ['directory', 'class_to_idx', 'extensions', 'is_valid_file', 'allow_empty']
  >
): Sample[];
export function make_dataset(...args: unknown[]): Sample[] {
  const given = MAKE_DATASET.read(args);
  const { extensions = null, is_valid_file = null, allow_empty = false } = given;
  const directory = expand_user(given.directory);
  const class_to_idx = given.class_to_idx ?? find_classes(directory)[1];
  if (Object.keys(class_to_idx).length === 0) {
    throw new Error("'class_to_index' must have at least one entry to collect any samples.");
  }
  if ((extensions === null) === (is_valid_file === null)) {
    throw new Error('Both extensions and is_valid_file cannot be None or not None at the same time');
  }
  const is_sample = is_valid_file ?? ((path: string) => has_file_allowed_extension(path, extensions!));
  const samples: Sample[] = [];
  const empty: string[] = [];
  for (const name of sorted(Object.keys(class_to_idx))) {
    const folder = join(directory, name);
    const is_folder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    const files = is_folder ? files_below(folder).filter((path) => is_sample(path)) : [];
    if (files.length === 0) empty.push(name);
    for (const path of files) samples.push([path, class_to_idx[name]!]);
  }
  if (empty.length > 0 && !allow_empty) {
    const supported =
      extensions === null
        ? ''
        : `Supported extensions are: ${typeof extensions === 'string' ? extensions : extensions.join(', ')}`;
    throw new Error(`Found no valid file for the classes ${empty.join(', ')}. ${supported}`);
  }
  return samples;
}

/** The options of {@link DatasetFolder}. `S` is the type of a loaded sample. */
export interface DatasetFolderOptions<S = Tensor, I = S, L = number> {
  /** The folder with a folder for each class. */
  root: string;
  /** Loads a sample from its path. */
  loader: (path: string) => S;
  /** The suffixes of samples' files. Default null: see `is_valid_file`. */
  extensions?: string | readonly string[] | null;
  /** Transform of each sample. Default null. */
  transform?: ((sample: S) => I) | null;
  /** Transform of each target. Default null. */
  target_transform?: ((target: number) => L) | null;
  /** Whether a path is that of a sample; instead of `extensions`. Default null. */
  is_valid_file?: ((path: string) => boolean) | null;
  /** Whether a class may have no samples. Default false. */
  allow_empty?: boolean;
}

const DATASET_FOLDER = signature<DatasetFolderOptions<unknown, unknown, unknown>>(
  'DatasetFolder',
  'root: str, loader: Callable, extensions?: str|str[]|None, transform?: Callable|None, target_transform?: Callable|None, ' +
    'is_valid_file?: Callable|None, allow_empty?: bool',
);

/**
 * A dataset of samples in a folder for each class: `root/dog/1.ext`, `root/cat/other/2.ext`. Mirrors
 * `torchvision.datasets.DatasetFolder`.
 *
 * Items are `[sample, target]`. In workers of a `DataLoader` the loader and the transforms must be functions or classes that
 * a module exports.
 *
 * @param root - the folder with a folder for each class
 * @param loader - loads a sample from its path
 * @param extensions - the suffixes of samples' files; default null: see `is_valid_file`
 * @param transform - transform of each sample; default null
 * @param target_transform - transform of each target; default null
 * @param is_valid_file - whether a path is that of a sample; instead of `extensions`; default null
 * @param allow_empty - whether a class may have no samples; default false
 * @throws Error without classes, for a class without samples, and unless one of `extensions` and `is_valid_file` is given
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * for (const name of ['cat', 'dog']) {
 *   mkdirSync(`${folder}/${name}`);
 *   writeFileSync(`${folder}/${name}/1.txt`, `a ${name}`);
 * }
 * const data = new datasets.DatasetFolder(folder, (path: string) => readFileSync(path, 'utf8'), '.txt');
 * print(data.classes, data.get(1)); // ['cat', 'dog'] ['a dog', 1]
 * rmSync(folder, { recursive: true });
 * ```
 */
export class DatasetFolder<S = Tensor, I = S, L = number, C = string> extends TransformedDataset<number, I, L> {
  loader: (path: string) => S;
  readonly extensions: string | readonly string[] | null;
  /** The names of the classes. */
  classes: readonly C[];
  /** The number of each class. */
  class_to_idx: Record<string, number>;
  /** The path and the class of each sample. */
  samples: Sample[];
  /** The class of each sample. */
  targets: number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        loader: (path: string) => S,
        extensions?: string | readonly string[] | null,
        transform?: ((sample: S) => I) | null,
        target_transform?: ((target: number) => L) | null,
        is_valid_file?: ((path: string) => boolean) | null,
        allow_empty?: boolean,
      ],
      DatasetFolderOptions<S, I, L>,
      ['root', 'loader', 'extensions', 'transform', 'target_transform', 'is_valid_file', 'allow_empty']
    >
  );
  constructor(...args: unknown[]) {
    const given = DATASET_FOLDER.read(args) as DatasetFolderOptions<S, I, L>;
    const { root, loader, extensions = null, transform = null, target_transform = null } = given;
    const { is_valid_file = null, allow_empty = false } = given;
    super(expand_user(root), { transform: transform as unknown as ((image: Tensor) => I) | null, target_transform });
    const [classes, class_to_idx] = this.find_classes(this.root);
    this.loader = loader;
    this.extensions = extensions;
    this.classes = classes as readonly unknown[] as readonly C[];
    this.class_to_idx = class_to_idx;
    this.samples = make_dataset(this.root, { class_to_idx, extensions, is_valid_file, allow_empty });
    this.targets = this.samples.map(([, target]) => target);
  }

  /** The classes of a folder, for subclasses to define otherwise. */
  find_classes(directory: string): [classes: string[], class_to_idx: Record<string, number>];
  find_classes(...args: unknown[]): [classes: string[], class_to_idx: Record<string, number>] {
    return find_classes(...(args as [string]));
  }

  get length(): number {
    return this.samples.length;
  }

  /** Whether nothing but a transform that cuts a part out of it first sees an image. */
  private reads_parts(): boolean {
    if (this.loader !== (default_loader as unknown) || this.transforms !== null) return false;
    return this.item === DatasetFolder.prototype.item && cuts_first(this.transform);
  }

  get(index: number): [I, L] {
    const [path, target] = this.samples[checked_index(this, index)]!;
    const image = this.reads_parts() ? read_for_part(path) : (this.loader(path) as unknown as Tensor);
    return this.item(image, target);
  }
}

/** The options of {@link ImageFolder}. */
export interface ImageFolderOptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder with a folder for each class. */
  root: string;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
  /** Whether a path is that of an image. Default null: by its suffix. */
  is_valid_file?: ((path: string) => boolean) | null;
  /** Whether a class may have no images. Default false. */
  allow_empty?: boolean;
}

const IMAGE_FOLDER = signature<ImageFolderOptions<unknown, unknown>>(
  'ImageFolder',
  'root: str, transform?: Callable|None, target_transform?: Callable|None, loader?: Callable, is_valid_file?: Callable|None, allow_empty?: bool',
);

/**
 * A dataset of images in a folder for each class: `root/dog/1.png`, `root/cat/2.png`. Mirrors
 * `torchvision.datasets.ImageFolder`.
 *
 * Items are `[image, target]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder with a folder for each class
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @param is_valid_file - whether a path is that of an image; default null: by its suffix
 * @param allow_empty - whether a class may have no images; default false
 * @throws Error without classes, and for a class without images
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * mkdirSync(`${folder}/red`);
 * writeFileSync(`${folder}/red/1.ppm`, Buffer.from('P6 1 1 255 \xff\0\0', 'latin1'));
 * const [image, target] = new datasets.ImageFolder(folder).get(0);
 * print(image.flatten(), target); // tensor([255,   0,   0], dtype=torch.uint8) 0
 * rmSync(folder, { recursive: true });
 * ```
 */
export class ImageFolder<I = Tensor, L = number, C = string> extends DatasetFolder<Tensor, I, L, C> {
  constructor(
    ...args: Arguments<
      [
        root: string,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        loader?: (path: string) => Tensor,
        is_valid_file?: ((path: string) => boolean) | null,
        allow_empty?: boolean,
      ],
      ImageFolderOptions<I, L>,
      ['root', 'transform', 'target_transform', 'loader', 'is_valid_file', 'allow_empty']
    >
  );
  constructor(...args: unknown[]) {
    const given = IMAGE_FOLDER.read(args) as ImageFolderOptions<I, L>;
    const extensions = given.is_valid_file == null ? IMG_EXTENSIONS : null;
    super({ loader: default_loader, extensions, ...given });
  }

  /** Old name of `samples`. */
  get imgs(): Sample[] {
    return this.samples;
  }
}
