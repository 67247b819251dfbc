/** Operators that the loaded libtorch does not have, as those of lib/generated/ in another minor version. */
import { createRequire } from 'node:module';
import * as torch from 'torch-node';
import { expect, it } from 'vitest';

import { python } from '../reference.js';

type Loose = (...args: unknown[]) => unknown;
const inner = createRequire(import.meta.url);
const { overloads_of } = inner('../../dist/_C/dispatch.js') as {
  overloads_of(display: string, base: string, overloads: readonly string[]): Loose;
};
const { torch_table } = inner('../../dist/generated/tables.js') as { torch_table: Record<string, string> };
const { native } = inner('../../dist/_C/native.js') as {
  native: { schema_of(name: string, overload: string): string | null };
};

const has = (overload: string): boolean => {
  const [name = '', ...rest] = overload.split('.');
  return native.schema_of(`aten::${name}`, rest.join('.')) !== null;
};

/** Functions of `torch` of which the loaded libtorch has no overload. */
const missing = Object.keys(torch_table).filter((name) => !torch_table[name]!.split(' ').some(has));

it('an operator that the loaded libtorch lacks is an Error with its name and the version', () => {
  const absent = overloads_of('absent', 'aten::_torch_node_absent', ['', 'out']);
  const text = `absent(): libtorch ${torch.__version__} has no aten::_torch_node_absent`;
  // The second call says the same: nothing of the first one is kept.
  for (let i = 0; i < 2; i++) expect(() => absent(torch.ones(1))).toThrow(new Error(text));
});

it('an operator of which the loaded libtorch has some overloads takes what these take', () => {
  const add = overloads_of('add', 'aten::add', ['Tensor', '_torch_node_absent']);
  expect(add(torch.ones(1), torch.full([1], 1.5))).toEqual(torch.full([1], 2.5));
  expect(() => add(torch.ones(1), { absent: 1 })).toThrow(TypeError);
});

it('functions are missing where that Python does not have them either', () => {
  const theirs = python<string[]>('missing_operators.py', [missing]);
  expect(missing).toEqual(theirs);
  for (const name of missing) {
    const call = (torch as unknown as Record<string, Loose | undefined>)[name];
    if (call !== undefined) expect(() => call(torch.ones(1))).toThrow(`libtorch ${torch.__version__} has no aten::`);
  }
});
