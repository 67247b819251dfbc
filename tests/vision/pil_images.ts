/** Images of PIL in tests: the same noise as in tests/reference/vision/pil.py, and digests of bytes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { transforms } from 'torch-node/vision';

import { root } from '../package_root.js';

export type Found = [shape: number[], digest: string];

/** The cases of a file beside tests/reference/vision/pil.py, without its first line. */
export const cases_in = <Case>(file: string): Case[] =>
  readFileSync(join(root, 'tests', 'reference', 'vision', file), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Case);

const kinds: Readonly<Record<string, (value: number) => number>> = {
  noise: (value) => value,
  dim: (value) => Math.floor(value / 3) + 40,
  flat: (value) => Math.floor(value / 128) * 7,
};

/** Noise, the same in every language. */
export function noise(height: number, width: number, channels: number, kind = 'noise'): Tensor {
  let state = height * 1000 + width;
  const values = Uint8Array.from({ length: height * width * channels }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return kinds[kind]!(state >>> 24);
  });
  return torch.frombuffer(values, { dtype: torch.uint8 }).view(height, width, channels).permute(2, 0, 1).contiguous();
}

/** Noise that stands for an image of PIL. */
export const image = (height: number, width: number, channels: number, kind?: string): Tensor =>
  transforms.functional.to_pil_image(noise(height, width, channels, kind));

/** A shape `(C, H, W)`, and the beginning of a hash. */
export function digest(found: Tensor): Found {
  const planes = found.dim() === 2 ? found.unsqueeze(0) : found;
  const bytes = planes.contiguous().numpy().data;
  return [[...planes.shape], createHash('sha256').update(bytes).digest('hex').slice(0, 16)];
}

/** The mode of a name: `'bilinear'`. */
export const mode_named = (value: string): transforms.InterpolationMode =>
  Object.values(transforms.InterpolationMode).find((mode) => (mode as { value?: string }).value === value) as never;
