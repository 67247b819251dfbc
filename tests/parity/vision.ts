/**
 * Compares torchvision's parts with what tests/reference/vision/ has written of them, one after the other:
 *
 *   npm run parity:vision -- [--part models] [--name resnet18]
 *
 * Each file in tests/parity/vision/ is a part, whose `cases` are compared by name. Prints what differs, and for each part
 * how many agree: `models P of N`, `ops P of N`, `transforms P of N`. Exit status 1 on a difference.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { root } from '../package_root.js';

/** A part: for each name what runs the comparison, and returns what differs. */
export type Cases = Readonly<Record<string, () => string[] | Promise<string[]>>>;

const { values: options } = parseArgs({
  options: { part: { type: 'string', multiple: true }, name: { type: 'string', multiple: true } },
});

async function compare(part: string, cases: Cases): Promise<boolean> {
  const wanted = Object.entries(cases).filter(([name]) => options.name?.includes(name) ?? true);
  let passed = 0;
  for (const [name, run] of wanted) {
    const problems = await run();
    if (problems.length === 0) passed += 1;
    for (const problem of problems) console.log(`${part} ${name}: ${problem}`);
  }
  console.log(`${part} ${passed} of ${wanted.length}`);
  return passed === wanted.length;
}

async function compare_all(): Promise<void> {
  const folder = join(root, 'tests/parity/vision');
  for (const file of readdirSync(folder).sort()) {
    const part = basename(file, '.ts');
    if (options.part !== undefined && !options.part.includes(part)) continue;
    const { cases } = (await import(pathToFileURL(join(folder, file)).href)) as { cases: Cases };
    if (!(await compare(part, cases))) process.exitCode = 1;
  }
}

void compare_all();
