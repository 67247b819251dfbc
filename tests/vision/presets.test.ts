/** What the inputs of pretrained models go through, against what tests/reference/vision/presets.py has written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { models } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

interface PresetCase {
  name: string;
  options: Record<string, unknown>;
  shape: number[];
  printed: string;
  result: number[];
  sum: number;
  first: number[];
}

interface PairCase {
  name: `Raft_${'Small' | 'Large'}_Weights.${string}`;
  printed: string;
  pair: [number[], number[]];
}

const lines = readFileSync(join(root, 'tests/reference/vision/presets.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as PresetCase | PairCase);
const cases = lines.filter((line): line is PresetCase => !('pair' in line));
const pairs = lines.filter((line): line is PairCase => 'pair' in line);

describe('the transforms of', () => {
  it.each(cases.map((given, i) => [given.name, i] as const))(
    '%s (%i) print and give what they do in Python',
    (name, i) => {
      const { options, shape, printed, result, sum, first } = cases[i]!;
      const count = shape.reduce((all, size) => all * size, 1);
      const image = torch.arange(count).mul(7).remainder(251).to(torch.uint8).view(shape);
      const preset = models.get_weight(name).transforms(options);
      expect(String(preset)).toBe(printed);
      const found = preset(image);
      expect(found.shape).toEqual(result);
      expect(found.flatten().narrow(0, 0, 4).tolist()).toEqual(first);
      expect(found.double().sum().item<number>()).toBeCloseTo(sum, 2);
    },
  );

  it.each(pairs)('$name print and give two images', ({ name, printed, pair }) => {
    const preset = models.get_weight(name).transforms() as unknown as ReturnType<
      typeof models.optical_flow.Raft_Small_Weights.DEFAULT.transforms
    >;
    expect(String(preset)).toBe(printed);
    const image = torch.arange(60).mul(7).remainder(251).to(torch.uint8).view(3, 4, 5);
    const given = { img1: image, img2: image.flip(-1) };
    for (const found of [preset(given.img1, given.img2), preset(given)]) {
      expect(found.map((each) => each.flatten().tolist())).toEqual(pair);
    }
    expect(() => preset(image, 3 as never)).toThrow(TypeError);
  });

  it('weights refuse other arguments', () => {
    expect(() => models.ResNet18_Weights.DEFAULT.transforms({ crop: 1 })).toThrow(
      new TypeError("ImageClassification() got an unexpected keyword argument 'crop'"),
    );
    expect(() => models.ResNet18_Weights.DEFAULT.transforms()('cat.jpg' as never)).toThrow(TypeError);
  });
});
