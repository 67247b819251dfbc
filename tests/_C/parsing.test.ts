/** What Python's argument parser takes for bools, floats and lists of ints, and what it says of what it does not take. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const F = torch.nn.functional;
const folder = mkdtempSync(join(tmpdir(), 'torch-node-parsing-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Told = { text: string } | { error: string };

function answers(texts: readonly string[]): Told[] {
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(texts));
  return python<Told[]>('python_texts.py', [file]);
}

function ours(call: () => unknown): Told {
  try {
    return { text: String(call()) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Without the C++ stack in Python's text, and without the forms that one of several signatures might have had. */
function first_line(told: Told): Told {
  if ('text' in told) return told;
  const [line, ...more] = told.error.split('\n');
  return { error: more.length > 0 && line!.endsWith('Overflow when unpacking long long') ? `${line}"` : line! };
}

const x = torch.ones(4);
const none = null as unknown as number;
const yes = true as unknown as number;
const huge = (2n ** 63n) as unknown as number;
const cases: Record<string, [python: string, ours: () => unknown][]> = {
  'None for requires_grad is False': [
    ['torch.zeros(2, requires_grad=None)', () => torch.zeros(2, { requires_grad: null })],
    ['torch.full((2,), 1, requires_grad=None)', () => torch.full([2], 1, { requires_grad: null })],
    ['torch.arange(3, requires_grad=None)', () => torch.arange(3, { requires_grad: null })],
    ['torch.eye(2, requires_grad=None).requires_grad', () => python_bool(torch.eye(2, { requires_grad: null }))],
    ['torch.zeros_like(torch.ones(4), requires_grad=None)', () => torch.zeros_like(x, { requires_grad: null })],
    ['torch.ones(4).new_zeros(2, requires_grad=None)', () => x.new_zeros(2, { requires_grad: null })],
    ['torch.zeros(2, requires_grad=1)', () => torch.zeros(2, { requires_grad: 1 as unknown as boolean })],
  ],
  'a bool is a float': [
    ['torch.dropout(torch.ones(4), True, True)', () => torch.dropout(x, yes, true)],
    ['torch.dropout(torch.ones(4), 1.0, 1)', () => torch.dropout(x, 1, 1 as unknown as boolean)],
    ['torch.layer_norm(torch.ones(1, 2), [2], eps=True)', () => torch.layer_norm(torch.ones(1, 2), [2], { eps: yes })],
    ['torch.ones(4).bernoulli(True)', () => x.bernoulli(yes)],
    ['torch.ones(2).uniform_(False, True).shape', () => torch.ones(2).uniform_(false as unknown as number, yes).shape],
    ['torch.quantile(torch.arange(4.0), True)', () => torch.quantile(torch.arange(4).float(), yes)],
    ['torch.nan_to_num(torch.tensor([float("nan")]), True)', () => torch.nan_to_num(torch.tensor([NaN]), yes)],
    ['nn.functional.dropout(torch.ones(4), p=True)', () => F.dropout(x, { p: yes })],
    ['nn.functional.leaky_relu(-torch.ones(2), True)', () => F.leaky_relu(torch.ones(2).neg(), yes)],
    ['torch.cumsum(torch.ones(4), True)', () => torch.cumsum(x, yes)],
    ['torch.unsqueeze(torch.ones(4), True)', () => torch.unsqueeze(x, yes)],
  ],
  'an element that is not an int': [
    ['torch.zeros([2, None])', () => torch.zeros([2, none])],
    ['torch.zeros(2, None)', () => torch.zeros(2, none)],
    ['torch.zeros([2, 1.5])', () => torch.zeros([2, 1.5])],
    ['torch.zeros([2, "a"])', () => torch.zeros([2, 'a' as unknown as number])],
    ['torch.ones(4).view(2, None)', () => x.view(2, none)],
    ['torch.ones(4).view([2, 1.5])', () => x.view([2, 1.5])],
    ['torch.ones(4).reshape(2, None)', () => x.reshape(2, none)],
    ['torch.ones(4).repeat(2, None)', () => x.repeat(2, none)],
    ['torch.ones(4).sum([0, None])', () => x.sum([0, none])],
    ['torch.sum(torch.ones(4), dim=[0, 1.5])', () => torch.sum(x, { dim: [0, 1.5] })],
    ['torch.roll(torch.ones(4), [1, None])', () => torch.roll(x, [1, none])],
    ['torch.ones(4).roll([None], [0])', () => x.roll([none], [0])],
    ['torch.ones(4).permute(None)', () => x.permute(none)],
    ['nn.functional.pad(torch.ones(4), [1, None])', () => F.pad(x, [1, none])],
    [
      'nn.functional.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1), stride=[1, None])',
      () => F.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1), { stride: [1, none] }),
    ],
    [
      'nn.functional.max_pool2d(torch.ones(1, 2, 2), [1, None])',
      () => F.max_pool2d(torch.ones(1, 2, 2), [1, none] as [number, number]),
    ],
  ],
  'an int beyond 64 bits': [
    ['torch.ones(4).view(2**63)', () => x.view(huge)],
    ['torch.ones(4).view(1, 2**63)', () => x.view(1, huge)],
    ['torch.ones(4).view([2**63])', () => x.view([huge])],
    ['torch.ones(4).view(-2**63 - 1)', () => x.view((-(2n ** 63n) - 1n) as unknown as number)],
    ['torch.zeros(2, 2**63)', () => torch.zeros(2, huge)],
    ['torch.ones(4).sum([2**63])', () => x.sum([huge])],
  ],
};

const python_bool = (tensor: torch.Tensor): string => (tensor.requires_grad ? 'True' : 'False');

describe.each(Object.entries(cases))('%s', (_, pairs) => {
  const expected = answers(pairs.map(([text]) => text));
  it.each(pairs.map(([text, call], i) => [text, call, expected[i]!] as const))('%s', (_text, call, answer) => {
    expect(first_line(ours(call))).toEqual(first_line(answer));
  });
});

it('leaves an int beyond 64 bits that is no size to a RangeError', () => {
  expect(() => x.unsqueeze(huge)).toThrow(new RangeError('unsqueeze(): Overflow when unpacking long long'));
});
