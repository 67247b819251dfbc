/** The declarations under several compilers and settings. */
import { join } from 'node:path';
import { it } from 'vitest';
import { check_compilations } from '../compiled.js';
import { project, tool } from '../placed.js';

it.each([['5.5'], ['5.9'], ['6.0'], ['7.0']])('compile under TypeScript %s', (version) => {
  const user = project();
  user.install(`typescript@${version}`);
  user.write({ 'package.json': '{}' });
  check_compilations(user, join('node_modules', 'typescript', 'bin', 'tsc'), tool('@types', ''), [
    ['plain.ts', '--module', 'commonjs', '--esModuleInterop', 'false'], ['plain.ts', '--module', 'commonjs', '--esModuleInterop', 'true'],
  ].filter(() => version.startsWith('5.')) as [string, ...string[]][]);
  user.remove();
});
