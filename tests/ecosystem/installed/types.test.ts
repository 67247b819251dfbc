/** The declarations under several compilers and settings. */
import { join } from 'node:path';
import { it } from 'vitest';
import { check_compilations } from '../compiled.js';
import { project, tool } from '../placed.js';

it.each([['5.5'], ['5.9'], ['6.0'], ['7.0']])('compile under TypeScript %s', (version) => {
  const user = project();
  user.install(`typescript@${version}`);
  user.write({ 'package.json': '{}' });
  // The older way to find modules; the newest compilers have left it.
  const classic = { module: 'commonjs', moduleResolution: 'node' };
  const old = [{ ...classic, esModuleInterop: false }, { ...classic, esModuleInterop: true }];
  check_compilations(user, join('node_modules', 'typescript', 'bin', 'tsc'), tool('@types', ''), version.startsWith('5.') ? old : []);
  user.remove();
});
