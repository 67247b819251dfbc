/** Every `@example` in TSDoc compiles, runs, and prints what its Python prints, or what its comments say. */
import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import * as torch from 'torch-node';
import { project } from '../ecosystem/placed.js';
import { compile_all, examples, run_all, run_python } from './doctests.js';

const inner = createRequire(import.meta.url);
const { is_absent } = inner('../../dist/absent/absent.js') as { is_absent(value: unknown): boolean };

const user = project({ type: 'module' });
user.link('@types/node', 'undici-types', '@napi-rs/canvas', 'argparse', 'echarts');
afterAll(() => {
  user.remove();
});

const all = examples();
const complaints = compile_all(user, all);
const ours = run_all(user, all.length);
const theirs = run_python(user, all);

describe('examples in TSDoc', () => {
  it.each(all.map(({ name }, i) => [name, i] as const))('%s', (_name, i) => {
    const { said } = all[i]!;
    expect({ typescript: complaints[i], error: ours[i]!.error }).toEqual({ typescript: [], error: null });
    expect(theirs[i]?.error ?? null).toBeNull();
    const expected = theirs[i]?.output ?? said;
    if (expected === null) {
      throw new Error(
        'write the same program in a ```python block behind the ```ts block, or what is printed in comments behind print()',
      );
    }
    if (expected === '' && ours[i]!.output === '') throw new Error('print what the example is to show');
    expect(ours[i]!.output).toBe(expected);
  });
});

// Classes whose comment is to have an example: all that a package exports.
const packages: Readonly<Record<string, object>> = {
  nn: torch.nn,
  optim: torch.optim,
  lr_scheduler: torch.optim.lr_scheduler,
  'utils.data': torch.utils.data,
  distributions: torch.distributions,
};

describe.each(Object.entries(packages))('%s', (_name, names) => {
  const with_example = new Set(all.map(({ name }) => name.slice(name.indexOf(': ') + 2).replace(/ \(\d+\)$/, '')));
  const classes = Object.entries(names)
    .filter(([name, value]) => typeof value === 'function' && /^[A-Z]/.test(name) && !is_absent(value))
    .map(([name]) => name);

  it('has an example in the comment of each class', () => {
    expect(classes.filter((name) => !with_example.has(name))).toEqual([]);
  });
});
