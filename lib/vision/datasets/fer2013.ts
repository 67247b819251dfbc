/** FER2013. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { DictReader } from '../../python/csv.js';
import { checked_index, TransformedDataset, type TransformOptions } from './transformed.js';
import { check_integrity, verify_str_arg } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** The options of {@link FER2013}. */
export interface FER2013Options<I = Tensor, L = number | null> extends TransformOptions<number | null, I, L> {
  /** The folder that contains `fer2013`. */
  root: string;
  /** `'train'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'test';
}

const FER2013_ARGUMENTS = signature<FER2013Options<unknown, unknown>>(
  'FER2013',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None',
);

/**
 * The FER2013 dataset of faces with 7 expressions, of the files that Kaggle has. Mirrors `torchvision.datasets.FER2013`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(1, 48, 48)`, where torchvision gives a PIL image. Labels of `test.csv`
 * are null.
 *
 * @param root - the folder that contains `fer2013`, with `fer2013.csv`, `icml_face_data.csv`, or `train.csv` and `test.csv`
 * @param split - `'train'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @throws Error when files are missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.FER2013('./missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('train.csv not found in ')); // True
 * }
 * ```
 */
export class FER2013<I = Tensor, L = number | null> extends TransformedDataset<number | null, I, L> {
  static _RESOURCES: Readonly<Record<'train' | 'test' | 'fer' | 'icml', readonly [name: string, md5: string]>> = {
    train: ['train.csv', '3f0dfb3d3fd99c811a1299cb947e3131'],
    test: ['test.csv', 'b02c2298636a634e8c2faabbf3ea9a23'],
    fer: ['fer2013.csv', 'f8428a1edbd21e88f42c73edd2a14f95'],
    icml: ['icml_face_data.csv', 'b114b9e04e6949e5fe8b6a98b3892b1d'],
  };

  readonly _split: 'train' | 'test';
  /** The images with their labels. */
  readonly _samples: readonly (readonly [image: Tensor, label: number | null])[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number | null) => L) | null,
      ],
      FER2013Options<I, L>,
      ['root', 'split', 'transform', 'target_transform']
    >
  );
  constructor(...args: unknown[]) {
    const given = FER2013_ARGUMENTS.read(args) as FER2013Options<I, L>;
    super(expand_user(given.root), given);
    this._split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'test']);
    const folder = join(this.root, 'fer2013');
    const files = (this.constructor as typeof FER2013)._RESOURCES;
    const whole = (['fer', 'icml'] as const).find((key) => existsSync(join(folder, files[key][0])));
    const [name, md5] = files[whole ?? this._split];
    const path = join(folder, name);
    if (!check_integrity(path, md5)) {
      throw new Error(
        `${name} not found in ${folder} or corrupted. You can download it from ` +
          'https://www.kaggle.com/c/challenges-in-representation-learning-facial-expression-recognition-challenge',
      );
    }
    // The names of one of the files begin with a space.
    const [pixels, usage] = whole === 'icml' ? [' pixels', ' Usage'] : ['pixels', 'Usage'];
    const uses = this._split === 'train' ? ['Training'] : ['PublicTest', 'PrivateTest'];
    const samples: [Tensor, number | null][] = [];
    for (const row of new DictReader(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== ''),
    )) {
      if (whole !== undefined && !uses.includes(row[usage] ?? '')) continue;
      const values = Uint8Array.from((row[pixels] ?? '').split(' '), Number);
      if (values.length !== 48 * 48) throw new Error(`${path}: an image has ${values.length} pixels, not 48 x 48`);
      const label = whole === undefined && this._split === 'test' ? null : Number(row['emotion']);
      samples.push([from_numpy(values).view(1, 48, 48), label]);
    }
    this._samples = samples;
  }

  get length(): number {
    return this._samples.length;
  }

  get(index: number): [I, L] {
    const [image, label] = this._samples[checked_index(this, index)]!;
    return this.item(as_pil_image(image), label);
  }

  override extra_repr(): string {
    return `split=${this._split}`;
  }
}
