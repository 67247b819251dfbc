/** What is missing of PyTorch's public names is missing for a reason, and what programs need first is here. */
import { createRequire } from 'node:module';

import { beforeAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

interface Entry {
  readonly have: number;
  readonly of: number;
  readonly missing: readonly { readonly name: string; readonly reason: string | undefined }[];
}
const require = createRequire(import.meta.url);
const { core, coverage, percent, python_names } = require('../../scripts/dev/name_coverage.js') as {
  core: readonly string[];
  coverage(names: readonly (readonly [string, string])[]): Map<string, Entry>;
  percent(entry: Entry): number;
  python_names(): [string, string][];
};
const { internal, left_out } = require('../../scripts/dev/names_left_out.js') as Record<
  'internal' | 'left_out',
  readonly (readonly [RegExp | string, string])[]
>;
const { lookup } = require('../../scripts/dev/name_lookup.js') as { lookup(name: string): boolean };

let names: [string, string][];
let by_package: Map<string, Entry>;
beforeAll(() => {
  // What Python says does not depend on this process; that it runs at all is asked first.
  expect(python<unknown[][]>('snippets.py', [['show(1)']])).toEqual([[1]]);
  names = python_names();
  by_package = coverage(names);
});

describe('public names of PyTorch', () => {
  it('are found by reflection', () => {
    expect(names.length).toBeGreaterThan(15_000);
    const paths = new Set(names.map(([, name]) => name));
    for (const name of [
      'torch.add',
      'torch.Tensor.add_',
      'torch.nn.Linear',
      'torch.nn.functional.conv2d',
      'torch.optim.SGD.step',
    ])
      expect(paths).toContain(name);
  });

  it('that are not here have a reason', () => {
    const without = [...by_package.values()].flatMap(({ missing }) =>
      missing.filter(({ reason }) => reason === undefined),
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('are named by no reason of their own where they are here, and by none that names nothing', () => {
    const paths = names.map(([, name]) => name);
    const idle = [...internal, ...left_out].filter(([pattern]) =>
      typeof pattern === 'string' ? lookup(pattern) : !paths.some((path) => pattern.test(path)),
    );
    expect(idle.map(([pattern]) => String(pattern))).toEqual([]);
  });

  it('are looked up: one that Python does not have is not found', () => {
    expect(lookup('torch.nn.Linear.in_features')).toBe(true);
    expect(lookup('torch.distributions.Normal.loc')).toBe(true);
    for (const name of ['torch.ad', 'torch.nn.Linear.in_feature', 'torch.compile.x', 'torch.Tensor.ad'])
      expect(lookup(name)).toBe(false);
  });
});

describe('what programs need first', () => {
  // The rest is symbolic numbers, and of tensors what is old or of other devices.
  const least: Record<string, number> = { torch: 94, 'torch.Tensor': 97 };
  it('is counted', () => {
    expect(core.length).toBeGreaterThan(10);
  });

  it.each(core)('%s is here', (name) => {
    expect(percent(by_package.get(name)!)).toBeGreaterThanOrEqual(least[name] ?? 99);
  });
});
