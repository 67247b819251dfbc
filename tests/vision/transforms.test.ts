/** Transforms of images, against torchvision's: the same random numbers, the same images, the same texts. */
import * as torch from 'torch-node';
import { random } from 'torch-node/python';
import { describe, expect, it } from 'vitest';

import { argument, cases_of, difference, image_of, loose } from './transform_results.js';

describe('as in torchvision', () => {
  it.each([...cases_of('class')])('%s', (name, cases) => {
    const wrong = cases.flatMap(([each, expected]) => {
      const image = image_of(each);
      const args = each.args.map((value) => argument(value, image));
      const named = Object.entries(each.kwargs).map(([key, value]) => [key, argument(value, image)]);
      const options = named.length > 0 ? [Object.fromEntries(named)] : [];
      const texts: string[] = [];
      try {
        const transform = new loose[name]!(...args, ...options);
        if (String(transform) !== expected.text) texts.push(`prints ${String(transform)} instead of ${expected.text}`);
        torch.manual_seed(each.seed!);
        random.seed(each.seed!);
        const results = (expected.result as unknown[]).map(() => transform(image));
        results.forEach((result, i) => {
          const text = difference(result, (expected.result as unknown[])[i]);
          if (text !== undefined) texts.push(`call ${i}: ${text}`);
        });
        const next = torch.rand(1).item<number>();
        if (next !== expected.next) texts.push(`draws other numbers: ${next} instead of ${expected.next}`);
      } catch (error) {
        texts.push(String((error as Error).stack).slice(0, 300));
      }
      return texts.map((text) => `${JSON.stringify(each)}: ${text}`);
    });
    expect(wrong).toEqual([]);
  });
});
