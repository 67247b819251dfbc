/** Files of optical flow and of disparities: .flo, .pfm, and PNG files of 16 bits. */
import { readFileSync } from 'node:fs';

import { from_numpy } from '../../creation.js';
import type { NodeBuffer } from '../../_internal/node_types.js';
import type { Tensor } from '../../_tensor.js';
import { bool, float32 } from '../../types/dtype.js';
import { read_image_file } from './images.js';

/** Numbers of a file as float32. @throws Error when it is shorter */
function floats(bytes: NodeBuffer, at: number, count: number, little: boolean, path: string): Float32Array {
  if (!(count >= 0) || bytes.length - at < 4 * count) throw new Error(`${path}: it is truncated`);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = little ? bytes.readFloatLE(at + 4 * i) : bytes.readFloatBE(at + 4 * i);
  return values;
}

/** The flow of a .flo file: float32, `(2, H, W)`. @throws Error for another file */
export function read_flo(path: string): Tensor {
  const bytes: NodeBuffer = readFileSync(path);
  if (bytes.toString('latin1', 0, 4) !== 'PIEH') throw new Error(`${path}: Magic number incorrect. Invalid .flo file`);
  if (bytes.length < 12) throw new Error(`${path}: it is truncated`);
  const [width, height] = [bytes.readInt32LE(4), bytes.readInt32LE(8)];
  return from_numpy(floats(bytes, 12, 2 * width * height, true, path))
    .view(height, width, 2)
    .permute(2, 0, 1)
    .contiguous();
}

/**
 * The first channels of a .pfm file, whose rows go from the bottom to the top: float32, `(C, H, W)`.
 * @throws Error for another file
 */
export function read_pfm(path: string, channels: number): Tensor {
  const bytes: NodeBuffer = readFileSync(path);
  const header = /^(P[Ff])[ \t\r]*\n(\d{1,9})\s(\d{1,9})\s*?\n([-+.\deE]+)\s*?\n/.exec(
    bytes.toString('latin1', 0, 256),
  );
  if (header === null) throw new Error(`${path}: Invalid PFM file`);
  const [whole, kind, width, height, scale] = header;
  const all = kind === 'PF' ? 3 : 1;
  const shape = [Number(height), Number(width), all] as const;
  return from_numpy(floats(bytes, whole.length, shape[0] * shape[1] * all, Number(scale) < 0, path))
    .view(...shape)
    .permute(2, 0, 1)
    .flip(1)
    .narrow(0, 0, Math.min(channels, all))
    .contiguous();
}

/** The flow of a PNG file with 16 bits, `(2, H, W)`, and the mask of the pixels that have one, `(H, W)`. */
export function read_flow_png(path: string): readonly [flow: Tensor, valid: Tensor] {
  const all = read_image_file(path, 'UNCHANGED').to(float32);
  return [
    all
      .narrow(0, 0, 2)
      .sub(2 ** 15)
      .div(64)
      .contiguous(),
    all.select(0, 2).to(bool),
  ];
}
