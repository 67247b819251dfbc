/** Functions of images, against what torchvision makes of the same images: bytes are equal. */
import { transforms } from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { argument, cases_of, difference, image_of } from './transform_results.js';

const F = transforms.functional;
const functions = F as unknown as Record<string, (...args: unknown[]) => unknown>;

describe('as in torchvision', () => {
  it.each([...cases_of('functional')])('%s', (name, cases) => {
    const wrong = cases.flatMap(([each, { result }]) => {
      const image = image_of(each);
      const args = each.args.map((value) => argument(value, image));
      const named = Object.entries(each.kwargs).map(([key, value]) => [key, argument(value, image)]);
      const options = named.length > 0 ? [Object.fromEntries(named)] : [];
      let text: string | undefined;
      try {
        text = difference(functions[name]!(image, ...args, ...options), result);
      } catch (error) {
        text = String(error);
      }
      return text === undefined ? [] : [`${JSON.stringify(each)}: ${text}`];
    });
    expect(wrong).toEqual([]);
  });
});
