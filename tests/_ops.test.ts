/** torch.ops: every operator by its own name, and those of other libraries. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { beforeAll, describe, expect, it } from 'vitest';

import { root } from './package_root.js';

const require = createRequire(import.meta.url);
const { build_folder } = require('../scripts/install/addon.js') as { build_folder(minor: string): string };
const { MINOR } = require('../scripts/install/libtorch.js') as { MINOR: string };

describe('torch.ops.load_library', () => {
  // With the sanitizers, the folder is another one.
  const library = join(build_folder(MINOR), 'Release', 'custom_ops.torch');
  beforeAll(() => {
    const script = `require(${JSON.stringify(join(root, 'scripts', 'install', 'build.js'))}).build({ target: 'custom_ops' })`;
    const result = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stdout + result.stderr);
  }, 300_000);

  it('makes the operators of a library callable', () => {
    expect(torch.ops['torch_node_test']?.['scaled']).toBeUndefined();
    torch.ops.load_library(library);
    torch.ops.load_library(library);
    const { scaled, counted } = torch.ops['torch_node_test'] as Record<string, (...args: unknown[]) => unknown>;
    const x = torch.tensor([1, 2], { dtype: torch.float32, requires_grad: true });
    const y = scaled?.(x, { scale: 3 }) as torch.Tensor;
    expect(y.tolist()).toEqual([3, 6]);
    expect((scaled!(x) as torch.Tensor).tolist()).toEqual([2, 4]);
    y.sum().backward();
    expect(x.grad?.tolist()).toEqual([3, 3]);
    const [more, count] = counted!(x) as [torch.Tensor, number];
    expect([more.tolist(), count]).toEqual([[2, 3], 2]);
    expect(() => scaled?.('a')).toThrow(/scaled\(\): argument 'x' \(position 1\) must be Tensor, not str/);
  });

  it('says why a library cannot be opened', () => {
    expect(() => {
      torch.ops.load_library(join(root, 'no-such-library'));
    }).toThrow(/load_library\(\): cannot open .*no-such-library/);
    expect(() => {
      torch.ops.load_library(join(root, 'package.json'));
    }).toThrow(/load_library\(\): cannot open/);
    expect(() => {
      torch.ops.load_library(3 as unknown as string);
    }).toThrow(/'path' must be str, not int/);
  });
});

describe('bags of quantized rows', () => {
  const names = ['byte', '4bit', '2bit'];

  it.each(names)('of %s refuse offsets that libtorch would read outside of the indices', (kind) => {
    const { quantized } = torch.ops as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>;
    const packed = quantized![`embedding_bag_${kind}_prepack`]!(torch.randn(10, 16));
    const bag = quantized![`embedding_bag_${kind}_rowwise_offsets`]!;
    const indices = torch.tensor([0, 1, 2, 9]);
    expect((bag(packed, indices, torch.tensor([0, 2])) as torch.Tensor).tolist()).toHaveLength(2);
    for (const offsets of [
      [-50_000_000, 2],
      [0, 200_000_000],
      [3, 2],
    ]) {
      expect(() => bag(packed, indices, torch.tensor(offsets))).toThrow(
        'offsets must not decrease, and lie between 0 and the 4',
      );
      expect(() => bag(packed, { indices, offsets: torch.tensor(offsets) })).toThrow('offsets must not decrease');
    }
  });
});
