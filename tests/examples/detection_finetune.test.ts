/** The example that trains a Faster R-CNN on drawn shapes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { root } from '../package_root.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-detection-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('learns shapes, and saves the weights of a model with a layer of its own', () => {
  const saved = join(folder, 'model.pt');
  const args = ['--images', '12', '--epochs', '3', '--batch', '4', '--save', saved];
  const ran = spawnSync(process.execPath, ['--import', 'tsx', 'examples/detection_finetune.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    // Threads that wait for one another make small images slow on a machine that has other work.
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const text = ran.stdout + (ran.status === 0 ? '' : ran.stderr);
  expect(text).toMatch(
    /^12 images of square, disc\n(?:Epoch: \d \| train loss: \d\.\d{4} \| overlap: \d\.\d{2}\n){3}$/,
  );
  const losses = [...text.matchAll(/train loss: (\S+)/g)].map(([, loss]) => Number(loss));
  expect(losses[2]!).toBeLessThan(losses[0]! * 0.9);
  const state_dict = torch.load<Record<string, torch.Tensor>>(saved);
  expect(state_dict['roi_heads.box_predictor.cls_score.weight']?.shape).toEqual([3, 1024]);
}, 240_000);
