/** The declarations in programs of users. More compilers and settings: installed/. */
import { expect, it } from 'vitest';
import { compile, printed, program } from './compiled.js';
import { project, tool } from './project.js';

it('compile without the types of Node, and what they promise is there at run time', () => {
  const user = project();
  user.write({ 'package.json': '{}', 'commonjs.cts': program, 'esm.mts': program });
  for (const kind of ['commonjs.c', 'esm.m']) {
    compile(user, tool('typescript', 'bin/tsc'), `${kind}ts`, { module: 'node16', lib: ['es2022'], types: [] });
    expect(user.node([`${kind}js`])).toEqual({ status: 0, output: printed });
  }
  user.remove();
});

it('the package for require() and the one for import are one', () => {
  const user = project();
  user.write({
    'one.mjs': `
    import { createRequire } from 'node:module';
    import torch, { ones } from 'torch-node';
    const required = createRequire(import.meta.url)('torch-node');
    console.log(required.ones === ones, torch.ones === ones, required.default === required, Object.keys(required).includes('default'),
      (await import('torch-node')).Tensor === required.Tensor);
  `,
  });
  expect(user.node(['one.mjs'])).toEqual({ status: 0, output: 'true true true false true\n' });
  user.remove();
});
