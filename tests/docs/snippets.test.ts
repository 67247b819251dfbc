/** The TypeScript in README.md and docs/ that stands as whole files: it compiles as it is, and runs. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { compile } from '../ecosystem/compiled.js';
import { project, tool } from '../ecosystem/project.js';
import { root } from '../package_root.js';
import { python } from '../reference.js';

const user = project({ type: 'module' });
user.link('@types/node', 'undici-types', 'argparse', '@napi-rs/canvas');
afterAll(() => {
  user.remove();
});

const tsc = tool('typescript', 'bin/tsc');
const without_node = { module: 'nodenext', noUncheckedIndexedAccess: true, lib: ['es2023'], types: [] };
const with_node = { ...without_node, types: ['node'] };

/** Blocks of a file that start with an import, after a comment at most. */
const files = (file: string): Record<string, string> =>
  Object.fromEntries(
    snippets(file).flatMap(
      (code) =>
        /^\/\/ (\S+)/
          .exec(code)
          ?.slice(1)
          .map((name) => [name, code]) ?? [],
    ),
  );

const snippets = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^```ts\n((?:\/\/.*\n)?import [\s\S]*?)^```$/gm)].map(
    ([, code]) => code!,
  );

it('README.md: the tutorial and the lines on memory compile without the types of Node', () => {
  const [tutorial, memory] = snippets('README.md');
  expect(tutorial).toContain('new torchvision.datasets.MNIST');
  expect(memory).toContain('torch.memory_stats()');
  user.write({ 'tutorial.ts': tutorial!, 'memory.ts': memory! });
  compile(user, tsc, 'tutorial.ts', { ...without_node, noEmit: true });
  compile(user, tsc, 'memory.ts', without_node);
  expect(user.node(['memory.js'])).toEqual({ status: 0, output: '' });
});

it('README.md: the table of dependencies names each of package.json', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const [, rows] = /^## Dependencies.*\n([\s\S]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
  const named = [...rows!.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, names]) => names!.split(', '));
  expect(Object.keys(devDependencies).filter((name) => !named.includes(name))).toEqual([]);
});

it.each(['getting_started', 'memory', 'gpu', 'distributed'])(
  'docs/%s.md: each block compiles without the types of Node, and runs',
  (page) => {
    const blocks = snippets(`docs/${page}.md`);
    expect(blocks.length).toBeGreaterThan(0);
    blocks.forEach((block, i) => {
      const name = `${page}_${i}`;
      user.write({ [`${name}.ts`]: block });
      compile(user, tsc, `${name}.ts`, { ...without_node, lib: ['es2023', 'esnext.disposable'] });
      // A group of one process, as `npx torch-node run` would make it.
      const group = { RANK: '0', WORLD_SIZE: '1', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '29517' };
      expect(user.node([`${name}.js`], group)).toMatchObject({ status: 0 });
    });
  },
);

it('docs/pyplot.md: the program compiles without the types of Node, and writes its picture', () => {
  user.write({ 'plotted.ts': files('docs/pyplot.md')['plotted.ts']! });
  compile(user, tsc, 'plotted.ts', { ...without_node, lib: ['es2023', 'esnext.disposable'] });
  expect(user.node(['plotted.js'])).toEqual({ status: 0, output: '' });
  expect(existsSync(join(user.folder, 'regression.png'))).toBe(true);
});

it('docs/getting_started.md: the first program prints what its Python prints', () => {
  const text = readFileSync(join(root, 'docs', 'getting_started.md'), 'utf8');
  const source = /^```python\n([\s\S]*?)^```$/m.exec(text)![1]!;
  user.write({ 'first.ts': snippets('docs/getting_started.md')[0]! });
  compile(user, tsc, 'first.ts', without_node);
  expect(user.node(['first.js'])).toEqual({ status: 0, output: python<string[]>('programs.py', [[source]])[0] });
});

it('docs/tutorial.md: its blocks are one program, which compiles', () => {
  const text = readFileSync(join(root, 'docs', 'tutorial.md'), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
  expect(blocks).toHaveLength(5);
  user.write({ 'digits.ts': blocks.join('\n') });
  compile(user, tsc, 'digits.ts', { ...without_node, noEmit: true });
});

it('docs/porting.md: the files on threads compile, and do what they say', () => {
  const { 'net.ts': net, 'main.ts': main, 'worker.ts': worker, 'remote.ts': remote } = files('docs/porting.md');
  user.write({ 'net.ts': net!, 'main.ts': main!, 'worker.ts': worker!, 'remote.ts': remote! });
  for (const file of ['main.ts', 'worker.ts', 'remote.ts']) compile(user, tsc, file, with_node);
  expect(user.node(['main.js'])).toEqual({
    status: 0,
    output: 'Parameter containing:\ntensor([1., 1.], requires_grad=True)\n',
  });
  expect(user.node(['remote.js'])).toEqual({ status: 0, output: 'torch.Size([4, 2])\n' });
});

it('docs/porting.md: the files on workers compile, and read all batches twice', () => {
  const { 'noise.ts': noise, 'loader.ts': loader } = files('docs/porting.md');
  user.write({ 'noise.ts': noise!, 'loader.ts': loader! });
  compile(user, tsc, 'loader.ts', with_node);
  const lines = [0, 4, 0, 4].map((i) => `torch.Size([4, 2]) tensor([${[i, i + 1, i + 2, i + 3].join(', ')}])\n`);
  expect(user.node(['loader.js'])).toEqual({ status: 0, output: lines.join('') });
});

it('docs/porting.md: a function with a backward of its own compiles, and prints what its Python prints', () => {
  const source = /^```python\n(class Square[\s\S]*?)^```$/m.exec(
    readFileSync(join(root, 'docs', 'porting.md'), 'utf8'),
  )![1]!;
  const [[printed]] = python<string[][]>('snippets.py', [[`def print(value):\n    show(str(value))\n${source}`]]) as [
    [string],
  ];
  user.write({ 'square.ts': files('docs/porting.md')['square.ts']! });
  compile(user, tsc, 'square.ts', without_node);
  expect(user.node(['square.js'])).toEqual({ status: 0, output: `${printed}\n` });
});

describe('docs/porting.md: programs side by side', () => {
  const text = /^## Programs side by side$([\s\S]*?)^## /m.exec(
    readFileSync(join(root, 'docs', 'porting.md'), 'utf8'),
  )![1]!;
  const pairs = [...text.matchAll(/^### (.*)$[\s\S]*?^```python\n([\s\S]*?)^```\n\n^```ts\n([\s\S]*?)^```$/gm)];
  const theirs = python<string[]>('programs.py', [pairs.map(([, , code]) => code)]);

  it('are all pairs', () => {
    expect(pairs.length).toBeGreaterThan(3);
    expect(pairs).toHaveLength(text.match(/^### /gm)!.length);
  });

  it.each(pairs.map(([, title, , ours], i) => [title!, ours!, i] as const))(
    '%s: compiles, and prints what Python prints',
    (_title, ours, i) => {
      const folder = join(user.folder, 'files');
      mkdirSync(folder, { recursive: true });
      user.write({ 'program.ts': ours });
      compile(user, tsc, 'program.ts', with_node);
      expect(user.node(['program.js'], { TMPDIR: folder, TEMP: folder })).toEqual({ status: 0, output: theirs[i] });
    },
  );
});
