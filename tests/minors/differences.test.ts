/** The verdict of `npm run test:minor` on a run, and what differences.json names. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { type Difference, verdict_of } from './differences.js';

const require = createRequire(import.meta.url);

describe('a run', () => {
  const named: Difference[] = [{ reason: 'another text', tests: ['a.test.ts > is > other', 'b.test.ts'] }];

  it.each([
    ['is as expected when what is named fails', { 'a.test.ts > is > other': 'failed', 'b.test.ts': 'failed' }, {}],
    ['is as expected without the files that are named', { 'c.test.ts > is': 'passed' }, {}],
    ['is as expected when what is named is left out', { 'a.test.ts > is > other': 'skipped' }, {}],
    ['complains of other failures', { 'c.test.ts > is': 'failed' }, { failed: ['c.test.ts > is'] }],
    ['complains when what is named passes', { 'b.test.ts': 'passed' }, { passed: ['b.test.ts'] }],
    ['complains when what is named is gone', { 'a.test.ts': 'passed' }, { unknown: ['a.test.ts > is > other'] }],
  ] as const)('%s', (_, states, complaints) => {
    const verdict = verdict_of(new Map(Object.entries(states)), named);
    expect(verdict).toEqual({ failed: [], passed: [], unknown: [], ...complaints });
  });
});

describe('differences.json', () => {
  const differences = JSON.parse(readFileSync(join(root, 'tests', 'minors', 'differences.json'), 'utf8')) as Record<
    string,
    Difference[]
  >;
  const { RELEASES } = require('../../scripts/dev/test_minor.js') as { RELEASES: Map<string, string> };

  it('has the minor versions that are tested', () => {
    expect(Object.keys(differences)).toEqual([...RELEASES.keys()]);
  });

  it.each(Object.entries(differences))('names tests of libtorch %s once, with a reason', (_, its) => {
    const names = its.flatMap(({ tests }) => tests);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(names.filter((name) => !existsSync(join(root, name.split(' > ', 1)[0]!)))).toEqual([]);
    expect(its.filter(({ reason, tests }) => reason === '' || tests.length === 0)).toEqual([]);
  });
});
