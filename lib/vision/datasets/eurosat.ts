/** EuroSAT. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { ImageFolder } from './folder.js';
import type { LoaderOptions } from './image_list.js';
import { default_loader } from './images.js';
import { not_found } from './transformed.js';
import { download_and_extract_archive } from './utils.js';

/** The options of {@link EuroSAT}. */
export type EuroSATOptions<I = Tensor, L = number> = LoaderOptions<number, I, L>;

const EUROSAT = signature<EuroSATOptions<unknown, unknown>>(
  'EuroSAT',
  'root: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool, loader?: Callable',
);

/**
 * The EuroSAT dataset of satellite images of land use, in RGB. Mirrors `torchvision.datasets.EuroSAT`.
 *
 * Items are `[image, label]`; the image is a uint8 tensor `(3, 64, 64)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `eurosat`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each label; default null
 * @param download - download the archive when it is missing; default false
 * @param loader - loads an image from its path; default {@link default_loader}
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.EuroSAT('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found. You can use download=True to download it
 * }
 * ```
 */
export class EuroSAT<I = Tensor, L = number> extends ImageFolder<I, L> {
  static url =
    'https://huggingface.co/datasets/torchgeo/eurosat/resolve/c877bcd43f099cd0196738f714544e355477f3fd/EuroSAT.zip';
  static md5 = 'c8fa014336c82ac7804f0398fcb19387';

  constructor(
    ...args: Arguments<
      [
        root: string,
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: number) => L) | null,
        download?: boolean,
        loader?: (path: string) => Tensor,
      ],
      EuroSATOptions<I, L>,
      ['root', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: unknown[]) {
    const given = EUROSAT.read(args) as EuroSATOptions<I, L>;
    const { download = false, loader = default_loader, transform = null, target_transform = null } = given;
    const root = expand_user(given.root);
    const folder = join(root, 'eurosat', '2750');
    if (download && !existsSync(folder)) {
      download_and_extract_archive(new.target.url, join(root, 'eurosat'), { md5: new.target.md5 });
    }
    if (!existsSync(folder)) not_found(false);
    super({ root: folder, transform, target_transform, loader });
    this.root = root;
  }
}
