/** The example that trains a ResNet on a folder of images. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { io } from 'torch-node/vision';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { root } from '../package_root.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-finetune-'));
  torch.manual_seed(0);
  for (const [part, count] of [
    ['train', 12],
    ['val', 4],
  ] as const) {
    for (const [color, name] of ['blue', 'red'].entries()) {
      mkdirSync(join(folder, part, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        const image = torch.randint(0, 60, [3, 40, 48], { dtype: torch.uint8 });
        image.select(0, color === 0 ? 2 : 0).add_(180);
        io.write_png(image, join(folder, part, name, `${i}.png`));
      }
    }
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('learns colors, writes events and saves the weights', () => {
  const log = join(folder, 'log');
  const saved = join(folder, 'model.pt');
  // Rates and batches at which it learns with the rounding of every processor, not of one.
  const args = ['--data', folder, '--epochs', '6', '--size', '32', '--batch', '8', '--lr', '0.003', '--workers', '1'];
  const ran = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'examples/imagefolder_finetune.ts', ...args, '--log', log, '--save', saved],
    { cwd: root, encoding: 'utf8' },
  );
  expect(ran.stdout + (ran.status === 0 ? '' : ran.stderr)).toMatch(
    /^24 images of blue, red\n(?:Epoch: \d .*\n){5}Epoch: 6 \| train loss: \d\.\d{4} \| val accuracy: 1\.00\n$/,
  );
  expect(readdirSync(log)).toHaveLength(1);
  const state_dict = torch.load<Record<string, torch.Tensor>>(saved);
  expect(state_dict['fc.weight']?.shape).toEqual([2, 512]);
}, 120_000);
