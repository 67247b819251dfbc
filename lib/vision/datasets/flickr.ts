/** Flickr8k and Flickr30k. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import type { Arguments } from '../../_internal/signature.js';
import { family } from '../../nn/modules/forward_arguments.js';
import type { Tensor } from '../../_tensor.js';
import { lines_of, names_in } from './folders.js';
import { default_loader } from './images.js';
import { sorted } from './sorting.js';
import { checked_index, TransformedDataset, type TransformOptions } from './transformed.js';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\xa0' };

/** A text of HTML with its entities replaced. */
function plain(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? parseInt(hex!, 16) : Number(decimal));
  });
}

/** The captions of the table of an HTML page: links to images, each with a list behind it. */
function captions_of_page(path: string, folder: string): Record<string, string[]> {
  const page = readFileSync(path, 'utf8');
  const files = names_in(folder);
  const found: Record<string, string[]> = {};
  const tables = page.match(/<table[\s\S]*?<\/table>/gi) ?? [];
  for (const table of tables) {
    let captions: string[] | null = null;
    for (const [, link, item, text] of table.matchAll(/<a\b[^>]*>([^<]*)|<li\b[^>]*>([^<]*)|(Image Not Found)/gi)) {
      if (text !== undefined) captions = null;
      else if (link !== undefined) {
        const id = plain(link).split('/').at(-2) ?? '';
        const name = files.find((file) => file.startsWith(`${id}_`) && file.endsWith('.jpg'));
        if (name === undefined) throw new Error(`${folder}: has no image ${id}_*.jpg`);
        captions = found[join(folder, name)] = [];
      } else captions?.push(plain(item ?? '').trim());
    }
  }
  return found;
}

/** The captions of a file with lines of an image with a number, a tab and a caption. */
function captions_of_lines(path: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of lines_of(path)) {
    const [numbered = '', caption] = line.split('\t');
    if (caption === undefined) throw new Error(`${path}: has a line without a caption: ${line}`);
    (found[numbered.slice(0, -2)] ??= []).push(caption);
  }
  return found;
}

/** The options of {@link Flickr8k}. */
export interface Flickr8kOptions<I = Tensor, L = string[]> extends TransformOptions<string[], I, L> {
  /** The folder of the images. */
  root: string;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
  /** The file of the captions. */
  ann_file: string;
}

/** Images with captions. */
abstract class CaptionedImages<I, L> extends TransformedDataset<string[], I, L> {
  loader: (path: string) => Tensor;
  readonly ann_file: string;
  /** The captions of each image. */
  readonly annotations: Record<string, string[]>;
  /** The images, sorted. */
  readonly ids: readonly string[];

  constructor(given: Flickr8kOptions<I, L>, captions: (ann_file: string, root: string) => Record<string, string[]>) {
    super(expand_user(given.root), given);
    this.loader = given.loader ?? default_loader;
    this.ann_file = expand_user(given.ann_file);
    this.annotations = captions(this.ann_file, this.root);
    this.ids = sorted(Object.keys(this.annotations));
  }

  /** The path of an image. */
  protected abstract path_of(id: string): string;

  get length(): number {
    return this.ids.length;
  }

  get(index: number): [I, L] {
    const id = this.ids[checked_index(this, index)]!;
    return this.item(this.loader(this.path_of(id)), this.annotations[id]!);
  }
}

const FLICKR = family<Flickr8kOptions<unknown, unknown>>(
  ['Flickr8k', 'Flickr30k'],
  'root: str, ann_file: str, transform?: Callable|None, target_transform?: Callable|None, loader?: Callable',
);

type FlickrArguments<I, L> = Arguments<
  [
    root: string,
    ann_file: string,
    transform?: ((image: Tensor) => I) | null,
    target_transform?: ((target: string[]) => L) | null,
    loader?: (path: string) => Tensor,
  ],
  Flickr8kOptions<I, L>,
  ['root', 'ann_file', 'transform', 'target_transform', 'loader']
>;

/**
 * The Flickr8k dataset of images with captions, of an HTML page. Mirrors `torchvision.datasets.Flickr8k`.
 *
 * Items are `[image, captions]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder of the images
 * @param ann_file - the file of the captions
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each list of captions; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when the file of the captions cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Flickr8k('./missing', './missing/captions');
 * } catch (error) {
 *   print((error as Error).message.startsWith('ENOENT')); // True
 * }
 * ```
 */
export class Flickr8k<I = Tensor, L = string[]> extends CaptionedImages<I, L> {
  constructor(...args: FlickrArguments<I, L>);
  constructor(...args: unknown[]) {
    super(FLICKR.read(new.target, args) as Flickr8kOptions<I, L>, captions_of_page);
  }

  protected path_of(id: string): string {
    return id;
  }
}

/** The options of {@link Flickr30k}. */
export type Flickr30kOptions<I = Tensor, L = string[]> = Flickr8kOptions<I, L>;

/**
 * The Flickr30k dataset of images with captions. Mirrors `torchvision.datasets.Flickr30k`.
 *
 * Items are `[image, captions]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder of the images
 * @param ann_file - the file of the captions
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each list of captions; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when the file of the captions cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.Flickr30k('./missing', './missing/captions');
 * } catch (error) {
 *   print((error as Error).message.startsWith('ENOENT')); // True
 * }
 * ```
 */
export class Flickr30k<I = Tensor, L = string[]> extends CaptionedImages<I, L> {
  constructor(...args: FlickrArguments<I, L>);
  constructor(...args: unknown[]) {
    super(FLICKR.read(new.target, args) as Flickr8kOptions<I, L>, captions_of_lines);
  }

  protected path_of(id: string): string {
    return join(this.root, id);
  }
}
