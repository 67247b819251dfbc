/** The TypeScript in README.md and docs/porting.md that stands as whole files: it compiles as it is, and runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

import { compile } from '../ecosystem/compiled.js';
import { project, tool } from '../ecosystem/placed.js';
import { root } from '../package_root.js';

const user = project({ type: 'module' });
user.link('@types/node', 'undici-types');
afterAll(() => { user.remove(); });

const tsc = tool('typescript', 'bin/tsc');
const without_node = { module: 'nodenext', noUncheckedIndexedAccess: true, lib: ['es2023'], types: [] };
const with_node = { ...without_node, types: ['node'] };

/** Blocks of a file that start with an import, after a comment at most. */
const snippets = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^```ts\n((?:\/\/.*\n)?import [\s\S]*?)^```$/gm)].map(([, code]) => code!);

it('README.md: the tutorial and the lines on memory compile without the types of Node', () => {
  const [tutorial, memory] = snippets('README.md');
  expect(tutorial).toContain('new torchvision.datasets.MNIST');
  expect(memory).toContain('torch.memory_stats()');
  user.write({ 'tutorial.ts': tutorial!, 'memory.ts': memory! });
  compile(user, tsc, 'tutorial.ts', { ...without_node, noEmit: true });
  compile(user, tsc, 'memory.ts', without_node);
  expect(user.node(['memory.js'])).toEqual({ status: 0, output: '' });
});

it('docs/porting.md: the files on threads compile, and do what they say', () => {
  const files = Object.fromEntries(snippets('docs/porting.md').map((code) => [/^\/\/ (\S+)/.exec(code)![1]!, code]));
  expect(Object.keys(files)).toEqual(['net.ts', 'main.ts', 'worker.ts', 'remote.ts']);
  user.write(files);
  for (const file of ['main.ts', 'worker.ts', 'remote.ts']) compile(user, tsc, file, with_node);
  expect(user.node(['main.js'])).toEqual({ status: 0, output: 'Parameter containing:\ntensor([1., 1.], requires_grad=True)\n' });
  expect(user.node(['remote.js'])).toEqual({ status: 0, output: 'torch.Size([4, 2])\n' });
});
