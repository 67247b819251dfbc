/** Guards in a Node that has `using` itself. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scopes } from '../guards.js';
import { environment, project } from '../project.js';

it('run as they stand on Node 24', () => {
  const user = project({ type: 'module' });
  user.install('node@24');
  user.write({ 'main.mjs': scopes });
  const bin = join(user.folder, 'node_modules', 'node', 'bin');
  const node = join(bin, existsSync(join(bin, 'node.exe')) ? 'node.exe' : 'node');
  const { status, stdout, stderr } = spawnSync(node, ['main.mjs'], {
    cwd: user.folder,
    encoding: 'utf8',
    env: environment,
  });
  expect({ status, stderr, stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout:
      'True\nFalse True\nFalse meta\nTrue cpu\n' +
      'no_grad(): the mode ended at the first await, which its scope must not contain\nTrue\n',
  });
  user.remove();
});
