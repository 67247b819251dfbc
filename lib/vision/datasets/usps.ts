/** USPS. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { unpack_bzip2 } from './bzip2.js';
import { checked_index, TransformedDataset, type TransformOptions } from './transformed.js';
import { download_url } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** The options of {@link USPS}. */
export interface USPSOptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder that contains, or will contain, `usps.bz2` and `usps.t.bz2`. */
  root: string;
  /** The 7,291 training images, or the 2,007 test images. Default true. */
  train?: boolean;
  /** Download the file when it is missing. Default false. */
  download?: boolean;
}

const USPS_ARGUMENTS = signature<USPSOptions<unknown, unknown>>(
  'USPS',
  'root: str, train?: bool, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

/**
 * The USPS dataset of handwritten digits of postal codes. Mirrors `torchvision.datasets.USPS`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(16, 16)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `usps.bz2` and `usps.t.bz2`
 * @param train - the training images, or the test images; default true
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the file when it is missing; default false
 * @throws Error when the file is missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.USPS('./missing');
 * } catch (error) {
 *   print((error as Error).message.includes('usps.bz2')); // True
 * }
 * ```
 */
export class USPS<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static split_list: Readonly<Record<'train' | 'test', readonly [url: string, filename: string, md5: string]>> = {
    train: [
      'https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/usps.bz2',
      'usps.bz2',
      'ec16c51db3855ca6c91edd34d0e9b197',
    ],
    test: [
      'https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/usps.t.bz2',
      'usps.t.bz2',
      '8ea070ee2aca1ac39742fdd1ef5ed118',
    ],
  };

  /** The images: uint8, `(N, 16, 16)`. */
  data: Tensor;
  /** The labels. */
  targets: number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        train?: boolean,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      USPSOptions<I, L>,
      ['root', 'train', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const { root, train = true, download = false, ...transforms } = USPS_ARGUMENTS.read(args) as USPSOptions<I, L>;
    super(expand_user(root), transforms);
    const [url, filename, md5] = (this.constructor as typeof USPS).split_list[train ? 'train' : 'test'];
    const path = join(this.root, filename);
    if (download && !existsSync(path)) download_url(url, this.root, filename, md5);
    const lines = Buffer.from(unpack_bzip2(readFileSync(path), path))
      .toString('latin1')
      .trim()
      .split('\n');
    const pixels = new Uint8Array(lines.length * 256);
    this.targets = lines.map((line, i) => {
      const [label, ...features] = line.trim().split(/\s+/);
      if (features.length !== 256) throw new Error(`${path}: line ${i + 1} has ${features.length} pixels, not 256`);
      features.forEach((feature, j) => {
        // In float32, as Python computes it.
        const value = Math.fround(Number(feature.slice(feature.lastIndexOf(':') + 1)));
        pixels[i * 256 + j] = Math.fround(Math.fround(Math.fround(value + 1) / 2) * 255);
      });
      return Number(label) - 1;
    });
    this.data = from_numpy(pixels).view(-1, 16, 16);
  }

  get length(): number {
    return this.targets.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(as_pil_image(this.data.select(0, at)), this.targets[at]!);
  }
}
