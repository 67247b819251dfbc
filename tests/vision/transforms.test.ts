/** Transforms of images, against torchvision's: the same random numbers, the same images, the same texts. */
import { describe, expect, it } from 'vitest';

import { cases_of, class_differences } from './transform_results.js';

describe('as in torchvision', () => {
  it.each([...cases_of('class')])('%s', (name, cases) => {
    expect(class_differences(name, cases)).toEqual([]);
  });
});
