/** The package in bundles of webpack and Rollup. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expect_advice, expect_to_run, program } from '../bundled.js';
import { project, type Project } from '../project.js';

let user: Project;
beforeAll(() => {
  user = project();
  user.install('webpack@5', 'webpack-cli', 'rollup@4', '@rollup/plugin-node-resolve', '@rollup/plugin-commonjs');
  user.write({ 'program.mjs': program });
});
afterAll(() => {
  user.remove();
});

function built(args: string[]): void {
  const { status, output } = user.node(args);
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
}

describe.each(['production', 'development'])('webpack, mode %s', (mode) => {
  const webpack = (name: string, options: string): void => {
    user.write({
      [`${name}.config.cjs`]: `module.exports = { mode: '${mode}', target: 'node', entry: './program.mjs', ${options} };`,
    });
    built(['node_modules/webpack/bin/webpack.js', '-c', `${name}.config.cjs`]);
  };

  it('runs when it is external', () => {
    webpack(
      'external',
      `externalsType: 'commonjs', externals: [/^torch-node(\\/|$)/],
      output: { path: __dirname, filename: 'external.cjs' }`,
    );
    expect_to_run(user.node(['external.cjs']));
  });

  it('runs when it is external to a bundle of ES modules', () => {
    webpack(
      'module',
      `experiments: { outputModule: true }, externals: [/^torch-node(\\/|$)/],
      output: { path: __dirname, filename: 'module.mjs', module: true }`,
    );
    expect_to_run(user.node(['module.mjs']));
  });

  it('says what to do when it is in the bundle', () => {
    webpack('bundled', "output: { path: __dirname, filename: 'bundled.cjs' }");
    expect_advice(user, 'bundled.cjs');
  });
});

describe.each([
  ['cjs', 'cjs'],
  ['es', 'mjs'],
])('rollup -f %s', (format, extension) => {
  const rollup = (name: string, external: string): string => {
    const file = `${name}.${extension}`;
    user.write({
      [`${name}.config.mjs`]: `import commonjs from '@rollup/plugin-commonjs'; import resolve from '@rollup/plugin-node-resolve';
        export default { input: 'program.mjs', plugins: [resolve(), commonjs()], output: { file: '${file}', format: '${format}' }, ${external} };`,
    });
    built(['node_modules/rollup/dist/bin/rollup', '-c', `${name}.config.mjs`]);
    return file;
  };

  it('runs when it is external', () => {
    expect_to_run(user.node([rollup('external', 'external: [/^torch-node(\\/|$)/]')]));
  });

  it('says what to do when it is in the bundle', () => {
    expect_advice(user, rollup('bundled', ''));
  });
});
