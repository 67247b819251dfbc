/** SEMEION. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { from_numpy } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { checked_index, not_found, TransformedDataset, type TransformOptions } from './transformed.js';
import { check_integrity, download_url } from './utils.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';

/** The options of {@link SEMEION}. */
export interface SEMEIONOptions<I = Tensor, L = number> extends TransformOptions<number, I, L> {
  /** The folder that contains, or will contain, `semeion.data`. */
  root: string;
  /** Download the file when it is missing. Default true. */
  download?: boolean;
}

const SEMEION_ARGUMENTS = signature<SEMEIONOptions<unknown, unknown>>(
  'SEMEION',
  'root: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

/**
 * The SEMEION dataset of 1,593 handwritten digits. Mirrors `torchvision.datasets.SEMEION`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(1, 16, 16)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `semeion.data`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default true
 * @throws Error when the file is missing or damaged
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.SEMEION('./missing', { download: false });
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download it
 * }
 * ```
 */
export class SEMEION<I = Tensor, L = number> extends TransformedDataset<number, I, L> {
  static url = 'http://archive.ics.uci.edu/ml/machine-learning-databases/semeion/semeion.data';
  static filename = 'semeion.data';
  static md5_checksum = 'cb545d371d2ce14ec121470795a77432';

  /** The images: uint8, `(N, 16, 16)`. */
  data: Tensor;
  /** The labels. */
  labels: number[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
      ],
      SEMEIONOptions<I, L>,
      ['root', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = SEMEION_ARGUMENTS.read(args) as SEMEIONOptions<I, L>;
    super(expand_user(given.root), given);
    if (given.download ?? true) this.download();
    if (!this._check_integrity()) not_found();
    const lines = readFileSync(this.path, 'latin1').trim().split('\n');
    const pixels = new Uint8Array(lines.length * 256);
    this.labels = lines.map((line, i) => {
      const values = line.trim().split(/\s+/).map(Number);
      if (values.length !== 266) throw new Error(`${this.path}: line ${i + 1} has ${values.length} values, not 266`);
      for (let j = 0; j < 256; j++) pixels[i * 256 + j] = values[j]! * 255;
      return values.indexOf(1, 256) - 256;
    });
    this.data = from_numpy(pixels).view(-1, 16, 16);
  }

  private get path(): string {
    return join(this.root, (this.constructor as typeof SEMEION).filename);
  }

  get length(): number {
    return this.labels.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(as_pil_image(this.data.select(0, at).unsqueeze(0)), this.labels[at]!);
  }

  /** Whether the file is there, with its MD5. */
  _check_integrity(): boolean {
    return check_integrity(this.path, (this.constructor as typeof SEMEION).md5_checksum);
  }

  /** Downloads the file, when it is missing. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    const { url, filename, md5_checksum } = this.constructor as typeof SEMEION;
    download_url(url, this.root, filename, md5_checksum);
  }
}
