/** The rows of docs/porting.md that are expressions on both sides: they run, and give what Python gives. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { f, format, math } from 'torch-node/python';
import { afterAll, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-porting-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const text = readFileSync(join(root, 'docs', 'porting.md'), 'utf8');
const section = /^## Expressions$([\s\S]*?)^## /m.exec(text)?.[1] ?? '';

/** Code as it stands in a cell of a table: between one or two backticks, with `|` escaped. */
const code = (cell: string): string => cell.replaceAll('\\|', '|').trim().replace(/^(`{1,2}) ?(.*?) ?\1$/, '$2');

const rows = [...section.matchAll(/^\| (`.*?`) \| (`.*`) \|$/gm)].map(([, left, right]) => [code(left!), code(right!)] as const);

const names = {
  x: torch.tensor([[1.5, -2], [0.5, 4]]), y: torch.tensor([[2.5, 1], [-0.25, 3]]), i: torch.tensor([7, -3, 5]),
  mask: torch.tensor([true, false]), loss: torch.tensor(0.625), a: torch.tensor([[0.5, -1.5, 2.25], [3.2, 0.1, -0.75]]).numpy(),
};
const prelude = 'x=torch.tensor([[1.5, -2.], [0.5, 4.]]), y=torch.tensor([[2.5, 1.], [-0.25, 3.]]), i=torch.tensor([7, -3, 5]), '
  + 'mask=torch.tensor([True, False]), loss=torch.tensor(0.625), a=torch.tensor([[0.5, -1.5, 2.25], [3.2, 0.1, -0.75]]).numpy()';

it('has the rows', () => {
  expect(rows.length).toBeGreaterThan(40);
});

it('gives what Python gives', () => {
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(rows.map(([theirs]) => `(lambda math, ${prelude}: ${theirs})(__import__('math'))`)));
  const expected = python<{ text?: string; error?: string }[]>('python_texts.py', [file]);
  const globals = { torch, f, format, math, ...names };
  rows.forEach(([theirs, ours], i) => {
    const value: unknown = new Function(...Object.keys(globals), `return (${ours});`)(...Object.values(globals));
    expect(format('%s', value), `${theirs} | ${ours}`).toBe(expected[i]!.text ?? expected[i]!.error);
  });
});
