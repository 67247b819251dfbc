import { extname } from 'node:path';

import { no_grad } from '../../autograd/grad_mode.js';
import { uint8 } from '../../types/dtype.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { write_jpeg, write_png } from '../io/index.js';
import { make_grid, type MakeGridOptions } from './make_grid.js';

interface SaveImageArguments extends MakeGridOptions {
  tensor: Tensor | readonly Tensor[];
  fp: string;
  format?: string | null;
}

const SAVE_IMAGE = signature<SaveImageArguments>(
  'save_image',
  'tensor: Tensor|Tensor[], fp: str, format?: str|None, *, nrow?: int, padding?: int, normalize?: bool, ' +
    'value_range?: float[]|None, scale_each?: bool, pad_value?: float',
);

/** How files of a format are written. */
const writers: Readonly<Record<string, (image: Tensor, file: string) => void>> = {
  png: write_png,
  jpeg: write_jpeg,
  jpg: write_jpeg,
};

/**
 * Writes images to a file, several in a grid. Mirrors `torchvision.utils.save_image`.
 *
 * @param tensor - of shape `(B, C, H, W)`, or a list of images of one size; values from 0 to 1
 * @param fp - the file, `.png` or `.jpg`, which needs the npm package `sharp`
 * @param format - `'png'` or `'jpeg'`; default null: as `fp` ends
 * @param options - `format`, and the options of {@link make_grid}
 * @throws Error for other formats, and for a file that cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { io, utils } from 'torch-node/vision';
 * const path = join(mkdtempSync(join(tmpdir(), 'utils-')), 'image.png');
 * utils.save_image(torch.ones(4, 3, 2, 2).mul(0.5), path, { nrow: 2, padding: 1 });
 * print(io.read_image(path).select(0, 0)); // tensor([[  0,   0,   0,   0,   0,   0,   0],
 * //         [  0, 128, 128,   0, 128, 128,   0],
 * //         [  0, 128, 128,   0, 128, 128,   0],
 * //         [  0,   0,   0,   0,   0,   0,   0],
 * //         [  0, 128, 128,   0, 128, 128,   0],
 * //         [  0, 128, 128,   0, 128, 128,   0],
 * //         [  0,   0,   0,   0,   0,   0,   0]], dtype=torch.uint8)
 * ```
 */
export function save_image(
  ...args: Arguments<
    [tensor: Tensor | readonly Tensor[], fp: string, format?: string | null],
    SaveImageArguments,
    ['tensor', 'fp', 'format']
  >
): void;
export function save_image(...args: unknown[]): void {
  const { tensor, fp, format = null, ...options } = SAVE_IMAGE.read(args);
  const kind = (format ?? extname(fp).slice(1)).toLowerCase();
  const write = Object.hasOwn(writers, kind) ? writers[kind] : undefined;
  if (write === undefined) throw new Error(`save_image(): unknown file extension: .${kind}; there are .png and .jpg`);
  const grid = make_grid({ tensor, ...options });
  const image = no_grad(() => grid.mul(255).add(0.5).clamp(0, 255).to(uint8).cpu());
  write(image, fp);
}
