/** The package in bundles that esbuild makes. Other bundlers, which are not among the development dependencies: installed/. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expect_advice, expect_to_run, program } from './bundled.js';
import { project, tool, type Project } from './project.js';

describe.each([
  ['cjs', 'cjs'],
  ['esm', 'mjs'],
])('esbuild --format=%s', (format, extension) => {
  let user: Project;
  beforeAll(() => {
    user = project();
    user.write({ 'program.mjs': program });
  });
  afterAll(() => {
    user.remove();
  });

  const bundle = (name: string, ...options: string[]): string => {
    const file = `${name}.${extension}`;
    const { status, stderr } = spawnSync(
      tool('esbuild', 'bin/esbuild'),
      [
        'program.mjs',
        '--bundle',
        '--platform=node',
        `--format=${format}`,
        `--outfile=${file}`,
        '--log-level=error',
        ...options,
      ],
      { cwd: user.folder, encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return file;
  };

  it.each([['--external:torch-node'], ['--packages=external']])('runs with %s', (option) => {
    expect_to_run(user.node([bundle('external', option)]));
  });

  it.each([['plain'], ['minified']])('says what to do when it is in the bundle, %s', (name) => {
    expect_advice(user, bundle(name, ...(name === 'minified' ? ['--minify'] : [])));
  });
});

it('an application without the addon names the tools that leave it behind', () => {
  const user = project();
  const { output } = user.node([
    '-e',
    `
    const { rmSync } = require('node:fs');
    rmSync('node_modules/torch-node/build', { recursive: true });
    try { require('torch-node'); } catch (error) { console.log(error.message); }
  `,
  ]);
  user.remove();
  expect(output).toMatch(/^torch-node: there is no addon for .*standalone output/s);
});
