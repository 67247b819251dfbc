/** Tensors in the tests of a user: Vitest in all of its pools, with nothing set up. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failing_tests, passing_tests } from './expectations.js';
import { project, tool, type Project } from './project.js';

const header = `
import { expect, test, vi } from 'vitest';
import * as torch from 'torch-node';
const fn = vi.fn;
`;

describe.each(['forks', 'threads', 'vmForks', 'vmThreads'])('vitest --pool %s', (pool) => {
  let user: Project;
  beforeAll(() => {
    user = project({ type: 'module' });
    user.link('vitest');
    user.write({
      'passing.test.mjs': header + passing_tests,
      'again.test.mjs': header + passing_tests,
      'failing.test.mjs': header + failing_tests,
    });
  });
  afterAll(() => {
    user.remove();
  });

  const vitest = (...files: string[]): { status: number | null; output: string } =>
    user.node([
      tool('vitest', 'vitest.mjs'),
      'run',
      ...files,
      '--pool',
      pool,
      '--maxWorkers',
      '1',
      '--no-color',
      '--no-file-parallelism',
    ]);

  it('compares dtype, shape and values, and throws errors of the classes that tests know, file after file', () => {
    const { status, output } = vitest('passing.test.mjs', 'again.test.mjs');
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringMatching(/Test Files +2 passed/) });
  });

  it('shows how tensors differ', () => {
    const { status, output } = vitest('failing.test.mjs');
    expect(status).toBe(1);
    for (const text of [
      'expected tensor(1) to deeply equal tensor(2)',
      '- tensor(2)',
      '+ tensor(1)',
      '- tensor([1., 2.], dtype=torch.float64)',
      '+ tensor([1, 2])',
      '"weights": [',
      '-     tensor([1., 3.]),',
      '+     tensor([1., 2.]),',
      '  tensor([0.1000, 0.2000])',
      '+ Mismatched elements: 1 / 2 (50.0%)',
      '+ Greatest absolute difference: 1.043081283569336e-07 at index (1,)',
      '- array([0.1, 0.3], dtype=float32)',
    ])
      expect(output.replaceAll(/\u001b\[\d+m/g, '')).toContain(text);
  });
});
