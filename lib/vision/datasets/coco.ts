/** MS COCO. Mirrors `torchvision.datasets.coco`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import type { Arguments } from '../../_internal/signature.js';
import { family } from '../../nn/modules/forward_arguments.js';
import type { Tensor } from '../../_tensor.js';
import { default_loader } from './images.js';
import { checked_index, TransformedDataset, type JointTransform, type JointTransformOptions } from './transformed.js';

/** An annotation as the file has it: `bbox`, `category_id`, `segmentation`, `caption` and the like. */
export interface CocoAnnotation {
  id: number;
  image_id: number;
  [name: string]: unknown;
}

interface CocoImage {
  id: number;
  file_name: string;
}

/** The options of {@link CocoDetection} and {@link CocoCaptions}. */
export interface CocoOptions<T, I = Tensor, L = T> extends JointTransformOptions<T, I, L> {
  /** The folder of the images. */
  root: string;
  /** The file of the annotations, `.json`. */
  annFile: string;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
}

const COCO = family<CocoOptions<never, unknown, unknown>>(
  ['CocoDetection', 'CocoCaptions'],
  'root: str, annFile: str, transform?: Callable|None, target_transform?: Callable|None, transforms?: Callable|None, *, loader?: Callable',
);

type CocoArguments<T, I, L> = Arguments<
  [
    root: string,
    annFile: string,
    transform?: ((image: Tensor) => I) | null,
    target_transform?: ((target: T) => L) | null,
    transforms?: JointTransform<T, I, L> | null,
  ],
  CocoOptions<T, I, L>,
  ['root', 'annFile', 'transform', 'target_transform', 'transforms']
>;

abstract class CocoBase<T, I, L> extends TransformedDataset<T, I, L> {
  loader: (path: string) => Tensor;
  /** The ids of the images, in order. */
  readonly ids: readonly number[];
  private readonly files: ReadonlyMap<number, string>;
  private readonly annotations: ReadonlyMap<number, CocoAnnotation[]>;

  constructor(options: CocoOptions<T, I, L>) {
    super(expand_user(options.root), options);
    this.loader = options.loader ?? default_loader;
    const path = expand_user(options.annFile);
    const { images, annotations = [] } = JSON.parse(readFileSync(path, 'utf8')) as {
      images?: CocoImage[];
      annotations?: CocoAnnotation[];
    };
    if (!Array.isArray(images) || !Array.isArray(annotations)) throw new Error(`${path}: has no list of images`);
    this.files = new Map(images.map(({ id, file_name }) => [id, file_name]));
    const by_image = new Map<number, CocoAnnotation[]>();
    for (const annotation of annotations) {
      const its = by_image.get(annotation.image_id);
      if (its === undefined) by_image.set(annotation.image_id, [annotation]);
      else its.push(annotation);
    }
    this.annotations = by_image;
    this.ids = [...this.files.keys()].sort((a, b) => a - b);
  }

  /** The target of the annotations of an image. */
  protected abstract target_of(annotations: CocoAnnotation[]): T;

  get length(): number {
    return this.ids.length;
  }

  get(index: number): [I, L] {
    const id = this.ids[checked_index(this, index)]!;
    const image = this.loader(join(this.root, this.files.get(id)!));
    return this.item(image, this.target_of(this.annotations.get(id) ?? []));
  }
}

/**
 * The COCO dataset of images with annotations of objects. Mirrors `torchvision.datasets.CocoDetection`; the file is read
 * here, without pycocotools.
 *
 * Items are `[image, annotations]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image, the
 * annotations a list of objects as the file has them.
 *
 * @param root - the folder of the images
 * @param annFile - the file of the annotations, `.json`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each list of annotations; default null
 * @param transforms - transform of each image and its annotations, instead of the two others; default null
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when the file cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * const annotations = [{ id: 1, image_id: 7, category_id: 3, bbox: [0, 0, 1, 1] }];
 * writeFileSync(`${folder}/x.json`, JSON.stringify({ images: [{ id: 7, file_name: 'a.ppm' }], annotations }));
 * writeFileSync(`${folder}/a.ppm`, Buffer.from('P6 1 1 255 abc'));
 * const [image, target] = new datasets.CocoDetection(folder, `${folder}/x.json`).get(0);
 * print(image.shape, target[0]!['category_id']); // torch.Size([3, 1, 1]) 3
 * rmSync(folder, { recursive: true });
 * ```
 */
export class CocoDetection<I = Tensor, L = CocoAnnotation[]> extends CocoBase<CocoAnnotation[], I, L> {
  constructor(...args: CocoArguments<CocoAnnotation[], I, L>);
  constructor(...args: unknown[]) {
    super(COCO.read(new.target, args) as unknown as CocoOptions<CocoAnnotation[], I, L>);
  }

  protected override target_of(annotations: CocoAnnotation[]): CocoAnnotation[] {
    return annotations;
  }
}

/**
 * The COCO dataset of images with captions. Mirrors `torchvision.datasets.CocoCaptions`. The arguments are those of
 * {@link CocoDetection}; a target is a list of texts.
 *
 * @throws Error when the file cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * const annotations = [{ id: 1, image_id: 7, caption: 'a dot' }];
 * writeFileSync(`${folder}/x.json`, JSON.stringify({ images: [{ id: 7, file_name: 'a.ppm' }], annotations }));
 * writeFileSync(`${folder}/a.ppm`, Buffer.from('P6 1 1 255 abc'));
 * print(new datasets.CocoCaptions(folder, `${folder}/x.json`).get(0)[1]); // ['a dot']
 * rmSync(folder, { recursive: true });
 * ```
 */
export class CocoCaptions<I = Tensor, L = string[]> extends CocoBase<string[], I, L> {
  constructor(...args: CocoArguments<string[], I, L>);
  constructor(...args: unknown[]) {
    super(COCO.read(new.target, args) as unknown as CocoOptions<string[], I, L>);
  }

  protected override target_of(annotations: CocoAnnotation[]): string[] {
    return annotations.map(({ caption }) => String(caption));
  }
}
