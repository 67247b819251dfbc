/** Sizes of images that stand for those of PIL, against torchvision with images of PIL: bytes are equal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { datasets, io, transforms, tv_tensors } from 'torch-node/vision';
import { afterAll, describe, expect, it } from 'vitest';

import { cases_in, digest, image, mode_named, noise, type Found } from './pil_images.js';

const { v2, InterpolationMode } = transforms;
const folder = mkdtempSync(join(tmpdir(), 'torch-node-pil-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Case {
  readonly image?: [number, number, number];
  readonly size: number[];
  readonly mode: string;
  readonly pipeline?: string;
  readonly library: 'v1' | 'v2';
  readonly found: Found | Found[];
}
const cases = cases_in<Case>('pil_results.jsonl');

describe('resize', () => {
  const grid = cases.filter((each) => each.image !== undefined);
  it.each(['nearest', 'nearest-exact', 'bilinear', 'bicubic', 'box', 'hamming', 'lanczos'])('%s', (mode) => {
    const chosen = grid.filter((each) => each.mode === mode);
    expect(chosen.length).toBeGreaterThan(50);
    for (const { image: of, size, found } of chosen) {
      const interpolation = mode_named(mode);
      const given = image(...of!);
      expect(digest(transforms.functional.resize(given, size, { interpolation })), `${of} to ${size}`).toEqual(found);
      expect(digest(v2.functional.resize(given, size, { interpolation })), `v2: ${of} to ${size}`).toEqual(found);
    }
  });
});

describe('pipelines', () => {
  const { BICUBIC } = InterpolationMode;
  const steps: Record<string, (t: typeof v2) => ((given: Tensor) => Tensor)[]> = {
    'resize, crop': (t) => [new t.Resize(32), new t.CenterCrop(28)],
    'crop out, flip, resize': (t) => [new t.CenterCrop(60), new t.RandomHorizontalFlip(1), new t.Resize([20, 30])],
    'pad, flip, resize': (t) => [
      new t.Pad([3, 5], { fill: 7 }),
      new t.RandomVerticalFlip(1),
      new t.Resize(16, { max_size: 40 }),
    ],
    'random crops': (t) => [new t.RandomResizedCrop(24)],
    'random crops, cubic': (t) => [new t.RandomCrop(40), new t.RandomResizedCrop([24, 30], { interpolation: BICUBIC })],
    inverted: (t) => [new t.RandomInvert(1), new t.Resize(20)],
    'of arrays': (t) => [new t.ToPILImage(), new t.Resize(20)],
  };
  it.each(cases.filter((each) => each.pipeline !== undefined))('$library $pipeline', ({ pipeline, library, found }) => {
    torch.manual_seed(3);
    const given = pipeline === 'of arrays' ? noise(50, 70, 3) : image(50, 70, 3);
    const t = library === 'v2' ? v2 : (transforms as unknown as typeof v2);
    const made = steps[pipeline!]!(t);
    const transform = (from: Tensor): Tensor => made.reduce((value, step) => step(value), from);
    expect(found).toHaveLength(3);
    expect([1, 2, 3].map(() => digest(transform(given)))).toEqual(found);
  });
});

describe('which tensors stand for images of PIL', () => {
  const small = (given: Tensor): Found => digest(transforms.functional.resize(given, [24, 24]));
  const as_pillow = small(image(50, 70, 3));

  it('those that are read from files, and those of datasets in memory', () => {
    const file = join(folder, 'noise.png');
    io.write_png(noise(50, 70, 3), file);
    expect(small(datasets.default_loader(file))).toEqual(as_pillow);
    const fake = new datasets.FakeData({ size: 1, image_size: [3, 50, 70], transform: (given) => given });
    const [given] = fake.get(0);
    expect(small(given)).toEqual(small(transforms.functional.to_pil_image(given)));
    expect(small(given)).not.toEqual(small(given.clone()));
  });

  it('not tensors, which torchvision computes with otherwise', () => {
    const tensor = noise(50, 70, 3);
    expect(small(tensor)).not.toEqual(as_pillow);
    expect(small(transforms.functional.pil_to_tensor(image(50, 70, 3)))).toEqual(small(tensor));
    expect(digest(v2.functional.resize(new tv_tensors.Image(image(50, 70, 3)), [24, 24]))).not.toEqual(as_pillow);
  });
});

it('is computed as for tensors on other devices, and for what has become a batch in place', () => {
  const meta = transforms.functional.to_pil_image(noise(4, 4, 3).to('meta'));
  const { resize } = transforms.functional;
  expect([...resize(meta, [2, 3]).shape]).toEqual([3, 2, 3]);
  expect([...v2.functional.resize(meta, [2, 3]).shape]).toEqual([3, 2, 3]);
  const batch = image(50, 70, 3);
  batch.unsqueeze_(0);
  expect(digest(resize(batch, [24, 24]))).toEqual(digest(resize(noise(50, 70, 3).unsqueeze(0), [24, 24])));
});

describe('refused', () => {
  it.each([
    [[0, 5], /height and width must be > 0/],
    [[5, -1], /height and width must be > 0/],
  ])('a size of %j', (size, message) => {
    expect(() => transforms.functional.resize(image(4, 4, 3), size)).toThrow(message);
  });
  it('filters of PIL, for tensors', () => {
    expect(() =>
      transforms.functional.resize(noise(4, 4, 3), [2, 2], { interpolation: InterpolationMode.BOX }),
    ).toThrow();
  });
});
