/** Functions of images, against what torchvision makes of the same images: bytes are equal. */
import { describe, expect, it } from 'vitest';

import { cases_of, function_differences } from './transform_results.js';

describe('as in torchvision', () => {
  it.each([...cases_of('functional')])('%s', (name, cases) => {
    expect(function_differences(name, cases)).toEqual([]);
  });
});
