/** Tensors in the tests of a user: Jest, with nothing set up, and where its `expect` comes after the package. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failing_tests, passing_tests } from '../expectations.js';
import { project, type Project, type Ran } from '../project.js';

let user: Project;
beforeAll(() => {
  user = project();
  user.install('jest@30');
});
afterAll(() => {
  user.remove();
});

const header = "const torch = require('torch-node'); const fn = jest.fn;\n";
const JEST = join('node_modules', 'jest', 'bin', 'jest.js');

/** Runs test files in this order in one process, as a worker of Jest runs those that fall to it. */
function jest(files: Readonly<Record<string, string>>, config: object = {}, args: readonly string[] = []): Ran {
  user.write(files);
  const paths = Object.keys(files).filter((file) => file.endsWith('.test.js'));
  return user.node([
    ...args,
    JEST,
    '--runInBand',
    '--ci=false',
    '--config',
    JSON.stringify({ rootDir: user.folder, ...config }),
    '--runTestsByPath',
    ...paths,
  ]);
}

describe('Jest', () => {
  it('compares dtype, shape and values, and throws errors of the classes that tests know, file after file', () => {
    const { status, output } = jest({ 'one.test.js': header + passing_tests, 'two.test.js': header + passing_tests });
    expect(status, output).toBe(0);
    expect(output).toMatch(/Test Suites: 2 passed/);
  });

  it('shows how tensors differ', () => {
    const { status, output } = jest({ 'failing.test.js': header + failing_tests });
    expect(status).toBe(1);
    for (const text of [
      '- tensor(2)',
      '+ tensor(1)',
      '- tensor([1., 2.], dtype=torch.float64)',
      '+ tensor([1, 2])',
      '"weights": Array [',
      '-     tensor([1., 3.]),',
      '+     tensor([1., 2.]),',
      '  tensor([0.1000, 0.2000])',
      '+ Mismatched elements: 1 / 2 (50.0%)',
      '- array([0.1, 0.3], dtype=float32)',
    ])
      expect(output).toContain(text);
  });

  it('keeps the tensors of a test file when the sandbox of the one before it is gone', () => {
    const source = `${header}
      const kept = torch.ones(3);
      test('kept', async () => {
        for (let turn = 0; turn < 5; turn++) {
          for (let i = 0; i < 1000; i++) torch.ones(1000);
          globalThis.collect();
          await new Promise(setImmediate);
        }
        expect(kept.tolist()).toEqual([1, 1, 1]);
      });`;
    const files = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`kept_${i}.test.js`, source]));
    // The sandbox has no gc() of its own.
    user.write({
      'environment.js': `
      const { TestEnvironment } = require('jest-environment-node');
      module.exports = class extends TestEnvironment {
        async setup() { await super.setup(); this.global.collect = globalThis.gc; }
      };`,
    });
    const { status, output } = jest(files, { testEnvironment: join(user.folder, 'environment.js') }, ['--expose-gc']);
    expect(status, output).toBe(0);
  });

  it('is taught by setup_expect() when the package was there before its expect', () => {
    const test_file = `${header}test('equal', () => {
      expect(torch.tensor(1)).toEqual(torch.tensor(1)); expect(torch.tensor([1])).not.toEqual(torch.tensor([2]));
    });`;
    const { status, output } = jest(
      {
        'early.test.js': test_file,
        'early.js': "require('torch-node');",
        'set_up.js': "require('torch-node/testing').setup_expect(expect);",
      },
      { setupFiles: ['<rootDir>/early.js'], setupFilesAfterEnv: ['<rootDir>/set_up.js'] },
    );
    expect(status, output).toBe(0);
  });

  it('works without globals', () => {
    const { status, output } = jest(
      {
        'bare.test.js':
          "const { expect, test } = require('@jest/globals'); const torch = require('torch-node');\n" +
          "test('equal', () => { expect(torch.tensor(1)).toEqual(torch.tensor(1)); });",
      },
      { injectGlobals: false },
    );
    expect(status, output).toBe(0);
  });
});
