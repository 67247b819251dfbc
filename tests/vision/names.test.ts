/** The names at run time of the modules of torch-node/vision: those of torchvision's modules, and no others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as vision from 'torch-node/vision';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

const [, ...rows] = readFileSync(join(root, 'tests/reference/vision/names.jsonl'), 'utf8').trim().split('\n');
const names: Readonly<Record<string, string[]>> = Object.fromEntries(
  rows.map((row) => {
    const found = JSON.parse(row) as { module: string; names: string[] };
    return [found.module, found.names];
  }),
);

/** What torchvision has elsewhere, or loads when it is asked for, and what is in its place. */
const own: Readonly<Record<string, readonly string[]>> = {
  // Of `datasets.folder`, and of `datasets.mnist`, where it is read_sn3_pascalvincent_tensor.
  datasets: ['default_loader', 'read_idx', 'wrap_dataset_for_transforms_v2'],
  // Several images at once, which Python decodes by threads.
  io: ['decode_image_async'],
  // register_model is of `models._api`; an enumeration of weights is a class there.
  models: ['_utils', 'feature_extraction', 'register_model', 'weights_enum'],
  'models.detection': ['_utils'],
  // Of `ops.feature_pyramid_network` and `ops.misc`.
  ops: ['ConvNormActivation', 'ExtraFPNBlock', 'LastLevelMaxPool', 'LastLevelP6P7'],
  // Bases of transforms of one's own; Python's are `torch.nn.Module`.
  transforms: ['Transform', 'has_batched_form', 'v2'],
};

/** All modules of the package below one, with their paths. */
function modules_in(path: string, module: object): [path: string, module: object][] {
  const inside = Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && '__esModule' in value
      ? modules_in(path === '' ? name : `${path}.${name}`, value)
      : [],
  );
  return path === '' ? inside : [[path, module], ...inside];
}

describe('the names of torch-node/vision', () => {
  const modules = modules_in('', vision).filter(([path]) => path in names);

  it('are compared for all modules of models', () => {
    expect(modules.length).toBeGreaterThan(30);
    expect(modules.map(([path]) => path)).toEqual(
      expect.arrayContaining(['models.mobilenetv3', 'models.detection.ssd']),
    );
  });

  it.each(modules)('%s', (path, module) => {
    const expected = new Set([...names[path]!, ...(own[path] ?? [])]);
    expect(Object.keys(module).filter((name) => name !== 'default' && !expected.has(name))).toEqual([]);
  });

  it('that are not torchvision’s are there', () => {
    const found = new Map(modules_in('', vision));
    const absent = Object.entries(own).flatMap(([path, list]) =>
      list.filter((name) => !(name in found.get(path)!)).map((name) => `${path}.${name}`),
    );
    expect(absent).toEqual([]);
  });
});
