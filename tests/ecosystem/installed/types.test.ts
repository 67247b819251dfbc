/** The declarations under several compilers and settings. */
import { join } from 'node:path';
import { it } from 'vitest';
import { check_compilations } from '../compiled.js';
import { project, tool } from '../project.js';

it.each([['5.5'], ['6.0'], ['7.0']])('compile under TypeScript %s', (version) => {
  const user = project();
  user.install(`typescript@${version}`);
  user.write({ 'package.json': '{}' });
  // The older way to find modules; the newest compilers have left it.
  const classic = { module: 'commonjs', moduleResolution: 'node' };
  const old = [
    { ...classic, esModuleInterop: false },
    { ...classic, esModuleInterop: true },
  ];
  const more = version.startsWith('5.') ? old : [{ module: 'commonjs', moduleResolution: 'bundler' }];
  check_compilations(user, join('node_modules', 'typescript', 'bin', 'tsc'), tool('@types', ''), more);
  user.remove();
});
