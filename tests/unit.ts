/** Which test files run on Node and the built addon alone: those of `npm run test:unit`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { root } from './package_root.js';

/**
 * What a file says when it needs more: the reference Python, some other Python, a compiler or tsx to build or run something
 * first, or a set time. A test that slips through fails in `npm run test:unit`, which hides all of these.
 */
const NEEDS = /\/reference\.js'|'codegen\.js'|\bpython3\b|'build\.js'|'cmake'|'tsx'|--seconds/;

/** Tools of users, which the tests install or run; what needs a CUDA build, a GPU or a browser. */
const FOLDERS = /^(browser|cuda|cuda_build|ecosystem|install)\//;

function needs_more(file: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (NEEDS.test(text)) return true;
  return [...text.matchAll(/from '(\.[^']*)\.js'/g)]
    .map(([, path]) => resolve(dirname(file), `${path!}.ts`))
    .some((imported) => existsSync(imported) && needs_more(imported, seen));
}

export function unit_tests(): string[] {
  const folder = join(root, 'tests');
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts') && !FOLDERS.test(file))
    .filter((file) => !needs_more(join(folder, file), new Set()))
    .map((file) => `tests/${file}`);
}
