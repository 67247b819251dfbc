/** What is a tuple in Python prints as one: sizes of modules, and the shape of arrays. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { python_repr } from 'torch-node/python';
import { afterAll, expect, it } from 'vitest';

import { python } from '../reference.js';

const { nn } = torch;
const folder = mkdtempSync(join(tmpdir(), 'torch-node-tuples-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cases: [python: string, ours: () => unknown][] = [
  ['nn.Conv2d(1, 1, 3).kernel_size', () => new nn.Conv2d(1, 1, 3).kernel_size],
  ['nn.Conv2d(1, 1, [3, 5]).kernel_size', () => new nn.Conv2d(1, 1, [3, 5]).kernel_size],
  ['nn.Conv1d(1, 1, 3, stride=2).stride', () => new nn.Conv1d(1, 1, 3, { stride: 2 }).stride],
  ['nn.ConvTranspose2d(1, 1, 3).output_padding', () => new nn.ConvTranspose2d(1, 1, 3).output_padding],
  ['nn.AvgPool1d(2).padding', () => new nn.AvgPool1d(2).padding],
  ['nn.AvgPool2d(2).padding', () => new nn.AvgPool2d(2).padding],
  ['nn.MaxUnpool2d(2).stride', () => new nn.MaxUnpool2d(2).stride],
  ['nn.ZeroPad2d(1).padding', () => new nn.ZeroPad2d(1).padding],
  ['nn.LayerNorm(3).normalized_shape', () => new nn.LayerNorm(3).normalized_shape],
  ['nn.LayerNorm([3, 4]).normalized_shape', () => new nn.LayerNorm([3, 4]).normalized_shape],
  ['torch.ones(2, 3).numpy().shape', () => torch.ones(2, 3).numpy().shape],
  ['torch.ones(2, 3).numpy()[1:].shape', () => torch.ones(2, 3).numpy().index(torch.slice(1, null)).shape],
  ['torch.ones(2).numpy().sum(keepdims=True).shape', () => torch.ones(2).numpy().sum({ keepdims: true }).shape],
  ['torch.ones(2, 3).numpy().mean(axis=0).shape', () => torch.ones(2, 3).numpy().mean({ axis: 0 }).shape],
];

it('print as in Python', () => {
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(cases.map(([text]) => text)));
  const expected = python<{ text: string }[]>('python_texts.py', [file]);
  expect(cases.map(([, ours]) => python_repr(ours()))).toEqual(expected.map(({ text }) => text));
});

it('stay tuples when a module is saved and loaded', () => {
  const file = join(folder, 'module.pt');
  torch.save(new nn.Conv2d(1, 1, 3), file);
  const loaded = torch.load(file, { weights_only: false }) as torch.nn.Conv2d;
  expect(python_repr(loaded.kernel_size)).toBe('(3, 3)');
});
