/** The rules of torch-node/eslint, under ESLint itself: with the types of typescript-eslint, and without. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, type Project } from '../project.js';

// A line that a rule reports ends with `//! rule`.
const typed = `
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
declare const a: Tensor, b: Tensor, maybe: Tensor | null, text: string, n: number, unknown: unknown;
declare const parameter: nn.Parameter;
declare const either: Tensor | number;
export function conditions(): void {
  if (a.eq(b).all()) {} //! no-tensor-condition
  if (parameter) {} //! no-tensor-condition
  while (a) break; //! no-tensor-condition
  do {} while (a.gt(0)); //! no-tensor-condition
  for (; a.any();) break; //! no-tensor-condition
  const chosen = a.isnan() ? 1 : 2; //! no-tensor-condition
  const both = a.isnan() && n > 0; //! no-tensor-condition
  if (n > 0 && a) {} //! no-tensor-condition
  if (n > 0 || !a.all()) {} //! no-tensor-condition
  const not = !a; //! no-tensor-condition
  if (a.eq(b).all().item()) {}
  if (maybe) {}
  if (!maybe && n > 0) {}
  const fallback = maybe ?? a;
  const given = maybe || a;
  if (unknown) {}
  if (a.shape.length > 0 && text) {}
  void [chosen, both, not, fallback, given];
}
export function operators(x: Tensor): unknown[] {
  // @ts-expect-error
  const difference = a - b; //! no-tensor-operator
  // @ts-expect-error
  const power = a ** 2; //! no-tensor-operator
  // @ts-expect-error
  const sum = 1 + a; //! no-tensor-operator
  // @ts-expect-error
  x += 1; //! no-tensor-operator
  // @ts-expect-error
  x++; //! no-tensor-operator
  return [
    -a, //! no-tensor-operator
    +a, //! no-tensor-operator
    ~a, //! no-tensor-operator
    a > b, //! no-tensor-operator
    // @ts-expect-error
    a <= 0, //! no-tensor-operator
    a == b, //! no-tensor-operator
    // @ts-expect-error
    a & b, //! no-tensor-operator
    -either, //! no-tensor-operator
    difference, power, sum, a === b, maybe == null, text + a, 'loss ' + a, \`\${a}\`, -n, n > 0, a.shape[0]! + 1, typeof a, a instanceof torch.Tensor,
  ];
}
export function brackets(x: Tensor, i: number, name: 'shape' | 'dtype', rows: Tensor[]): unknown[] {
  // @ts-expect-error
  x[0] = 1; //! no-tensor-brackets
  return [
    // @ts-expect-error
    x[0], //! no-tensor-brackets
    // @ts-expect-error
    x[-1], //! no-tensor-brackets
    // @ts-expect-error
    x[i + 1], //! no-tensor-brackets
    // @ts-expect-error
    maybe?.[i], //! no-tensor-brackets
    // @ts-expect-error
    x[':'], //! no-tensor-brackets
    // @ts-expect-error
    x[[0, 2]], //! no-tensor-brackets
    // @ts-expect-error
    x[a], //! no-tensor-brackets
    // @ts-expect-error
    parameter[0], //! no-tensor-brackets
    // @ts-expect-error
    rows[0]![0], //! no-tensor-brackets
    // @ts-expect-error
    torch.max(x, 0)[1][0], //! no-tensor-brackets
    x['shape'], x[name], x.shape[0], rows[0], rows[i], x[Symbol.dispose], torch.max(x, 0)[1], x.tolist()[0], x.index(0),
  ];
}
export function generic<T extends Tensor>(x: T): unknown {
  return -x; //! no-tensor-operator
}
`;

const untyped = `
import torch, { ones } from 'torch-node';
const mask = torch.tensor([true, false]);
const x = ones(3).mul(2);
let changing = torch.ones(1);
changing = 3;
export function check(a) {
  if (torch.isclose(x, x).all()) return 1; //! no-tensor-condition
  if (!mask) return 2; //! no-tensor-condition
  if (x.eq(0).any().item()) return 3;
  if (a.eq(x)) return 4;
  if (changing) return 5;
  mask[':1'] = 0; //! no-tensor-brackets
  return [
    x[0], //! no-tensor-brackets
    x[-1], //! no-tensor-brackets
    x['shape'], a[0], x.tolist()[0], x.shape[0], x.split(1)[0],
    -x, //! no-tensor-operator
    ~mask, //! no-tensor-operator
    x.sum() + 1, //! no-tensor-operator
    x > 0, //! no-tensor-operator
    a > 0, x.item() + 1, x.shape[0] * 2, 'x: ' + x, -changing, x.size(0) + 1,
  ];
}
`;

const commonjs = `
const torch = require('torch-node');
module.exports = (n) => {
  const x = torch.zeros(n).float();
  if (x.eq(0)) return -n; //! no-tensor-condition
  return -x; //! no-tensor-operator
};
`;

const config = `
import torch from 'torch-node/eslint';
import tseslint from 'typescript-eslint';
export default [
  { ignores: ['eslint.config.mjs'] },
  torch.configs.recommended,
  { files: ['typed.ts'], languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname ?? process.cwd() } } },
  { files: ['parsed.ts'], languageOptions: { parser: tseslint.parser } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
];
`;

const sources: Record<string, string> = {
  'typed.ts': typed,
  'untyped.mjs': untyped,
  'commonjs.cjs': commonjs,
  // The parser of TypeScript without a program.
  'parsed.ts': untyped
    .replace('check(a)', 'check(a: any)')
    .replace('let changing', 'let changing: unknown')
    .replace('torch.isclose(x, x)', '(torch.isclose(x, x) as torch.Tensor)!'),
};

/** The lines that a source expects to be reported. */
const expected_of = (source: string): string[] =>
  source.split('\n').flatMap((line, i) => {
    const rule = /\/\/! (\S+)$/.exec(line)?.[1];
    return rule === undefined ? [] : [`${i + 1} torch-node/${rule}`];
  });

interface Result {
  filePath: string;
  messages: { line: number; ruleId: string | null; message: string }[];
}

describe.each([['eslint@10'], ['eslint@9']])('%s', (eslint) => {
  let user: Project;
  let results: Record<string, Result['messages']>;
  beforeAll(() => {
    user = project();
    user.install(eslint, 'typescript-eslint@8', 'typescript@5.9');
    user.write({
      ...sources,
      'eslint.config.mjs': config,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { strict: true, target: 'es2022', module: 'node16', noEmit: true, types: [] },
        files: ['typed.ts'],
      }),
    });
    // The rules need neither the addon nor libtorch.
    const { output } = user.node(
      [join('node_modules', 'eslint', 'bin', 'eslint.js'), '--format', 'json', ...Object.keys(sources)],
      { TORCH_NODE_LIBTORCH: '/nowhere' },
    );
    const parsed = JSON.parse(output.slice(output.indexOf('[{'))) as Result[];
    results = Object.fromEntries(parsed.map(({ filePath, messages }) => [filePath.split(/[\\/]/).pop(), messages]));
  });
  afterAll(() => {
    user.remove();
  });

  it('has a sample that compiles', () => {
    expect(user.node([join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'])).toEqual({ status: 0, output: '' });
  });

  it.each(Object.keys(sources))('reports what is wrong in %s, and nothing else', (file) => {
    const found = results[file]!.map(({ line, ruleId, message }) => (ruleId === null ? message : `${line} ${ruleId}`));
    expect(found).toEqual(expected_of(sources[file]!));
  });

  it('says what to write', () => {
    const message = (rule: string, line: RegExp): string | undefined =>
      results['typed.ts']!.find(
        ({ ruleId, line: at }) => ruleId === `torch-node/${rule}` && line.test(typed.split('\n')[at - 1]!),
      )?.message;
    expect(message('no-tensor-condition', /if \(a\.eq/)).toBe(
      'A tensor is always true, whatever it holds. Write a.eq(b).all().item(), or .all().item() or .any().item() of several elements.',
    );
    expect(message('no-tensor-brackets', /x\[-1\]/)).toBe(
      'Brackets read a property of the object, which is undefined. Write x.index(-1).',
    );
    expect(message('no-tensor-brackets', /x\[0\] = 1/)).toBe(
      'Brackets write a property of the object, and no element. Write x.index_put_(0, value).',
    );
    expect(message('no-tensor-operator', /~a/)).toBe(
      'The operator ~ does not compute with tensors. Write a.bitwise_not().',
    );
  });
});
