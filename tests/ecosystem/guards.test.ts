/** Guards in programs of users, as compilers write `using` and decorators. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compile } from './compiled.js';
import { printed_by_python, program } from './guards.js';
import { project, tool, type Project } from './project.js';

let user: Project;
beforeAll(() => {
  user = project({ type: 'module' });
  user.link('tsx', 'esbuild');
  user.write({ 'main.mts': program });
});
afterAll(() => {
  user.remove();
});

it.each([
  ['without the library of disposables', ['es2022']],
  ['with it', ['es2022', 'esnext.disposable']],
])('run when TypeScript has compiled them for Node 20, %s', (_, lib) => {
  compile(user, tool('typescript', 'bin/tsc'), 'main.mts', { module: 'node16', lib, types: [] });
  expect(user.node(['main.mjs'])).toEqual({ status: 0, output: printed_by_python() });
});

it('run under tsx', () => {
  expect(user.node(['--import', 'tsx', 'main.mts'])).toEqual({ status: 0, output: printed_by_python() });
});
