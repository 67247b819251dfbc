import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../package_root.js';

it('lib/generated/ is what the schemas of the reference give', () => {
  const result = spawnSync(process.execPath, [join(root, 'scripts', 'codegen.js'), '--check'], { encoding: 'utf8' });
  expect(result.stdout + result.stderr).toBe('');
  expect(result.status).toBe(0);
});
