/** The rows of docs/porting.md that are expressions on both sides: they run, and give or throw what Python does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { enumerate, f, format, math, range, zip } from 'torch-node/python';
import { afterAll, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-porting-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const text = readFileSync(join(root, 'docs', 'porting.md'), 'utf8');
const section = (name: string): string => new RegExp(`^## ${name}$([\\s\\S]*?)^## `, 'm').exec(text)?.[1] ?? '';

/** Code as it stands in a cell of a table: between one or two backticks, with `|` escaped. */
const code = (cell: string): string =>
  cell
    .replaceAll('\\|', '|')
    .trim()
    .replace(/^(`{1,2}) ?(.*?) ?\1$/, '$2');

const rows = [...section('Expressions').matchAll(/^\| (`.*?`) \| (`.*`) \|$/gm)].map(
  ([, left, right]) => [code(left!), code(right!)] as const,
);

const names = {
  x: torch.tensor([
    [1.5, -2],
    [0.5, 4],
  ]),
  y: torch.tensor([
    [2.5, 1],
    [-0.25, 3],
  ]),
  i: torch.tensor([7, -3, 5]),
  mask: torch.tensor([true, false]),
  loss: torch.tensor(0.625),
  a: torch
    .tensor([
      [0.5, -1.5, 2.25],
      [3.2, 0.1, -0.75],
    ])
    .numpy(),
  loader: new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(torch.arange(4), torch.arange(4, 8)), {
    batch_size: 2,
  }),
};
const prelude =
  'x=torch.tensor([[1.5, -2.], [0.5, 4.]]), y=torch.tensor([[2.5, 1.], [-0.25, 3.]]), i=torch.tensor([7, -3, 5]), ' +
  'mask=torch.tensor([True, False]), loss=torch.tensor(0.625), a=torch.tensor([[0.5, -1.5, 2.25], [3.2, 0.1, -0.75]]).numpy(), ' +
  'loader=torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.arange(4), torch.arange(4, 8)), batch_size=2)';
const globals = { torch, enumerate, f, format, math, range, zip, ...names };
const evaluated = (code: string): unknown =>
  new Function(...Object.keys(globals), `return (${code});`)(...Object.values(globals));

it('has the rows', () => {
  expect(rows.length).toBeGreaterThan(40);
});

it('gives what Python gives', () => {
  const file = join(folder, 'texts.json');
  writeFileSync(
    file,
    JSON.stringify(rows.map(([theirs]) => `(lambda math, ${prelude}: ${theirs})(__import__('math'))`)),
  );
  const expected = python<{ text?: string; error?: string }[]>('python_texts.py', [file]);
  rows.forEach(([theirs, ours], i) => {
    expect(format('%s', evaluated(ours)), `${theirs} | ${ours}`).toBe(expected[i]!.text ?? expected[i]!.error);
  });
});

it('throws where Python raises, of the classes that the table of exceptions names', () => {
  const cases = [...section('Exceptions').matchAll(/^\| (`.*`) \| (`.*`) \| (`.*`) \| (`.*`) \|$/gm)].map((row) =>
    row.slice(1).map(code),
  );
  expect(cases.length).toBeGreaterThan(9);
  const raised = python<{ 0: [is_it: boolean, text: string] }[]>('snippets.py', [
    cases.map(
      ([theirs, name]) => `
try:
    (lambda ${prelude}: ${theirs})()
except Exception as error:
    show([type(error) is ${name}, str(error)])`,
    ),
  ]);
  cases.forEach(([theirs, , ours, name], i) => {
    const [is_it, message] = raised[i]![0];
    expect(is_it, theirs).toBe(true);
    let error: unknown;
    try {
      evaluated(ours!);
    } catch (thrown) {
      error = thrown;
    }
    expect((error as Error).constructor, ours).toBe(evaluated(name!));
    // Errors of files are Node's own.
    if (!('code' in (error as Error)))
      expect((error as Error).message.endsWith(message), `${ours}: ${(error as Error).message}`).toBe(true);
  });
});
