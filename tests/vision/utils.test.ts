/** Drawings over images, against torchvision's: the same bytes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { io, utils } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

interface Case {
  readonly function: string;
  readonly image: string;
  readonly given: Readonly<Record<string, number[][]>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly result: { readonly shape: number[]; readonly bytes: string };
}

const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'reference', 'vision', 'utils_results.jsonl');
const cases = readFileSync(results, 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line) as Case);

/** The same as in tests/reference/vision/utils.py. */
function make_images(): Record<string, Tensor> {
  torch.manual_seed(0);
  return {
    rgb: torch.randint(0, 256, [3, 30, 40], { dtype: torch.uint8 }),
    gray: torch.randint(0, 256, [1, 30, 40], { dtype: torch.uint8 }),
    float: torch.rand(3, 30, 40),
    flow: torch.randn(2, 6, 7),
    flows: torch.randn(3, 2, 5, 4),
    grid: torch.rand(5, 3, 4, 6),
  };
}

function disks(places: readonly (readonly number[])[]): Tensor {
  const y = torch.arange(30).unsqueeze(1);
  const x = torch.arange(40).unsqueeze(0);
  const disk = ([top, left, radius]: readonly number[]): Tensor =>
    y
      .sub(top!)
      .pow(2)
      .add(x.sub(left!).pow(2))
      .le(radius! ** 2);
  return torch.stack(places.map(disk));
}

function argument(name: string, value: unknown): unknown {
  if (name === 'disks') return disks(value as number[][]);
  if (name === 'visibility') return torch.tensor(value as number[][]).to(torch.bool);
  if (name === 'boxes' || name === 'keypoints') return torch.tensor(value as number[][]);
  return typeof value === 'object' && value !== null && 'tuple' in value ? value.tuple : value;
}

const functions = utils as unknown as Record<string, (...args: unknown[]) => Tensor>;
const named = cases.map((each) => [`${each.function} ${each.image} ${JSON.stringify(each.options)}`, each] as const);

describe('as in torchvision', () => {
  it.each(named)('%s', (_name, each) => {
    const given = Object.entries(each.given).map(([key, value]) => argument(key, value));
    const options = Object.fromEntries(Object.entries(each.options).map(([key, value]) => [key, argument(key, value)]));
    const image = make_images()[each.image]!;
    const result = functions[each.function]!(image, ...given, ...(Object.keys(options).length > 0 ? [options] : []));
    const own = result.dtype === torch.uint8 ? result : result.mul(1e6).round().to(torch.int32);
    const bytes = new Uint8Array(Buffer.from(each.result.bytes, 'base64'));
    const expected = torch.frombuffer(bytes, { dtype: own.dtype }).view(each.result.shape);
    expect([...own.shape]).toEqual(each.result.shape);
    const differences = own.to(torch.int32).sub(expected.to(torch.int32));
    expect([differences.ne(0).sum().item(), differences.abs().max().item()]).toEqual([0, 0]);
  });
});

describe('labels', () => {
  const image = torch.zeros([3, 40, 80], { dtype: torch.uint8 });
  const boxes = torch.tensor([
    [5, 5, 70, 30],
    [0, 0, 10, 10],
  ]);

  it('are drawn within boxes, in their colors', () => {
    const plain = utils.draw_bounding_boxes(image, boxes, { colors: 'blue' });
    const labeled = utils.draw_bounding_boxes(image, boxes, {
      colors: 'blue',
      labels: ['cat', null],
      label_colors: 'red',
    });
    expect(labeled.equal(plain)).toBe(false);
    expect(labeled.select(0, 2).equal(plain.select(0, 2)) || labeled.select(0, 0).max().item<number>() > 100).toBe(
      true,
    );
    const outside = labeled.clone();
    outside.narrow(1, 5, 26).narrow(2, 5, 66).zero_();
    plain.narrow(1, 5, 26).narrow(2, 5, 66).zero_();
    expect(outside.equal(plain)).toBe(true);
  });

  it('may have a background', () => {
    const drawn = utils.draw_bounding_boxes(image, boxes.narrow(0, 0, 1), ['cat'], {
      fill_labels: true,
      label_background_colors: 'lime',
      colors: 'red',
    });
    expect(drawn.select(0, 1).gt(200).sum().item<number>()).toBeGreaterThan(50);
  });

  it('of another number are refused', () => {
    expect(() => utils.draw_bounding_boxes(image, boxes, ['one'])).toThrow(
      'Number of boxes (2) and labels (1) mismatch',
    );
  });
});

describe('refused are', () => {
  const image = torch.zeros([3, 8, 8], { dtype: torch.uint8 });
  const box = torch.tensor([[1, 1, 3, 3]]);

  it.each([
    ['batches', () => utils.draw_bounding_boxes(torch.zeros(1, 3, 8, 8), box), 'Pass individual images, not batches'],
    ['other dtypes', () => utils.draw_bounding_boxes(image.long(), box), 'The image dtype must be uint8 or float'],
    [
      'boxes of five numbers',
      () => utils.draw_bounding_boxes(image, torch.ones(1, 5)),
      'shape (N, 4) or (N, 8), got (1, 5)',
    ],
    ['boxes in disorder', () => utils.draw_bounding_boxes(image, torch.tensor([[3, 1, 1, 3]])), 'Boxes need to be in'],
    ['unknown colors', () => utils.draw_bounding_boxes(image, box, { colors: 'reddish' }), 'unknown color specifier'],
    ['too few colors', () => utils.draw_bounding_boxes(image, box, { colors: [] }), 'but got 0 < 1'],
    ['masks of other sizes', () => utils.draw_segmentation_masks(image, torch.zeros(3, 3).bool()), 'the same height'],
    ['masks of numbers', () => utils.draw_segmentation_masks(image, torch.zeros(8, 8)), 'must be of dtype bool'],
    ['flat keypoints', () => utils.draw_keypoints(image, torch.ones(2, 2)), '(num_instances, K, 2)'],
    [
      'missing keypoints',
      () => utils.draw_keypoints(image, torch.ones(1, 2, 2), { connectivity: [[0, 2]] }),
      'no keypoint 2',
    ],
    ['other flows', () => utils.flow_to_image(torch.ones(3, 2, 2)), 'Input flow should have shape (2, H, W)'],
    ['formats of files', () => utils.save_image(torch.ones(3, 2, 2), 'image.tiff'), 'unknown file extension: .tiff'],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('images without pixels', () => {
  it('are returned as they are, with three channels', () => {
    const shapes = [
      [3, 0, 5],
      [1, 5, 0],
    ].map((shape) => {
      const image = torch.zeros(shape, { dtype: torch.uint8 });
      return [...utils.draw_bounding_boxes(image, torch.tensor([[0, 0, 1, 1]])).shape];
    });
    expect(shapes).toEqual([
      [3, 0, 5],
      [3, 5, 0],
    ]);
  });
});

describe('save_image', () => {
  it('writes grids, rounded to the nearest byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-utils-'));
    const images = torch.rand(5, 3, 4, 6);
    for (const file of ['image.png', 'image.jpg'].map((name) => join(folder, name))) {
      utils.save_image(images, file, { nrow: 3, padding: 1 });
      const grid = utils.make_grid(images, { nrow: 3, padding: 1 }).mul(255).round().to(torch.uint8);
      const read = io.read_image(file);
      if (file.endsWith('png')) expect(read.equal(grid)).toBe(true);
      else expect([...read.shape]).toEqual([...grid.shape]);
    }
    rmSync(folder, { recursive: true });
  });
});
