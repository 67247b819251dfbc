/** The TypeScript in README.md and docs/porting.md that stands as whole files: it compiles as it is, and runs. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { compile } from '../ecosystem/compiled.js';
import { project, tool } from '../ecosystem/placed.js';
import { root } from '../package_root.js';
import { python } from '../reference.js';

const user = project({ type: 'module' });
user.link('@types/node', 'undici-types');
afterAll(() => { user.remove(); });

const tsc = tool('typescript', 'bin/tsc');
const without_node = { module: 'nodenext', noUncheckedIndexedAccess: true, lib: ['es2023'], types: [] };
const with_node = { ...without_node, types: ['node'] };

const text_of = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Blocks of a text that start with an import, after a comment at most. */
const snippets = (text: string): string[] =>
  [...text.matchAll(/^```ts\n((?:\/\/.*\n)?import [\s\S]*?)^```$/gm)].map(([, code]) => code!);

const section = (name: string): string =>
  new RegExp(`^## ${name}$([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(text_of('docs/porting.md'))![1]!;

it('README.md: the tutorial and the lines on memory compile without the types of Node', () => {
  const [tutorial, memory] = snippets(text_of('README.md'));
  expect(tutorial).toContain('new torchvision.datasets.MNIST');
  expect(memory).toContain('torch.memory_stats()');
  user.write({ 'tutorial.ts': tutorial!, 'memory.ts': memory! });
  compile(user, tsc, 'tutorial.ts', { ...without_node, noEmit: true });
  compile(user, tsc, 'memory.ts', without_node);
  expect(user.node(['memory.js'])).toEqual({ status: 0, output: '' });
});

it('docs/porting.md: the files on threads compile, and do what they say', () => {
  const files = Object.fromEntries(snippets(section('Threads')).map((code) => [/^\/\/ (\S+)/.exec(code)![1]!, code]));
  expect(Object.keys(files)).toEqual(['net.ts', 'main.ts', 'worker.ts', 'remote.ts']);
  user.write(files);
  for (const file of ['main.ts', 'worker.ts', 'remote.ts']) compile(user, tsc, file, with_node);
  expect(user.node(['main.js'])).toEqual({ status: 0, output: 'Parameter containing:\ntensor([1., 1.], requires_grad=True)\n' });
  expect(user.node(['remote.js'])).toEqual({ status: 0, output: 'torch.Size([4, 2])\n' });
});

describe('docs/porting.md: the programs under Statements', () => {
  const pairs = [...section('Statements').matchAll(/^### (.*)$[\s\S]*?^```python\n([\s\S]*?)^```\n\n^```ts\n([\s\S]*?)^```$/gm)];
  const theirs = python<string[]>('programs.py', [pairs.map(([, , code]) => code)]);

  it('are all pairs', () => {
    expect(pairs.length).toBeGreaterThan(5);
    expect(pairs.map(([, , , ours]) => ours)).toEqual(snippets(section('Statements')));
  });

  it.each(pairs.map(([, title, , ours], i) => [title!, ours!, i] as const))('%s: compiles, and prints what Python prints', (_title, ours, i) => {
    const folder = join(user.folder, 'files');
    mkdirSync(folder, { recursive: true });
    user.write({ 'statements.ts': ours });
    compile(user, tsc, 'statements.ts', with_node);
    expect(user.node(['statements.js'], { TMPDIR: folder, TEMP: folder })).toEqual({ status: 0, output: theirs[i] });
  });
});
