/** Twenty seconds of `npm run fuzz`, always from the same seed, so that failures can be reproduced. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';

it('random calls give results or Errors, and give memory back', () => {
  const result = spawnSync(
    process.execPath,
    ['--import', 'tsx', join('tests', 'fuzz', 'fuzz.ts'), '--seconds', '20', '--seed', '1'],
    { cwd: root, encoding: 'utf8' },
  );
  expect(result.stderr).toBe('');
  expect(result.stdout).toMatch(/^fuzz --seed \d+: \d+ calls, \d+ results, \d+ errors, memory \+\d+ MB$/m);
}, 300_000);
