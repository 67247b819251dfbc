/** The worked examples of CONTRIBUTING.md, added to a copy of lib/: they compile, touch as many files as the table says, and run. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

interface Block {
  readonly language: string;
  /** What its first line names. */
  readonly file: string;
  /** The line of the file that it goes below. */
  readonly below: string | undefined;
  readonly code: string;
}

const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const adding = /^## Adding something$([\s\S]*?)^## /m.exec(text)![1]!;
const [table, ...parts] = adding.split(/^### /m);

const sections = parts.map((part) => {
  const [title] = part.split('\n', 1);
  const blocks = [...part.matchAll(/^```+(ts|cpp)\n\/\/ ([\w./]+)(?:, below: (.*))?\n([\s\S]*?)^```+$/gm)].map(
    ([, language, file, below, code]): Block => ({ language: language!, file: file!, below, code: code! }),
  );
  return {
    title: title!,
    files: blocks.filter(({ file }) => file.includes('/')),
    program: blocks.find(({ file }) => file === 'program.mjs')?.code,
    theirs: /^```python\n([\s\S]*?)^```$/m.exec(part)?.[1],
  };
});

/** The numbers of a row of the table, as `2` or `2 ... 3 with a step in C++`. */
function counts_of(title: string): number[] {
  const anchor = title.toLowerCase().replaceAll(' ', '-');
  const row = table!.split('\n').find((line) => line.includes(`(#${anchor})`));
  return [...row!.split('|')[2]!.matchAll(/(?:^|; )\s*(\d)/g)].map(([, count]) => Number(count));
}

const folder = mkdtempSync(join(tmpdir(), 'torch-node-contributing-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function add({ file, below, code }: Block): void {
  const path = join(folder, file);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  } else if (below === undefined) {
    appendFileSync(path, code);
  } else {
    const before = readFileSync(path, 'utf8');
    expect(before.split(`\n${below}\n`)).toHaveLength(2);
    writeFileSync(
      path,
      before.replace(`\n${below}\n`, () => `\n${below}\n${code}`),
    );
  }
}

function node(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

beforeAll(() => {
  for (const name of ['package.json', 'tsconfig.json', 'lib'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['node_modules', 'scripts', 'build'])
    symlinkSync(join(root, name), join(folder, name), 'junction');
  for (const { files } of sections) for (const block of files) if (block.language === 'ts') add(block);
});

it('compile together', () => {
  expect(node(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json')).toEqual({
    status: 0,
    output: '',
  });
});

it.each(sections.filter(({ files }) => files.length > 0).map(({ title, files }) => [title, files] as const))(
  '%s: touches as many files as the table says',
  (title, files) => {
    const typescript = files.filter(({ language }) => language === 'ts');
    const numbers = [typescript.length, ...(files.length > typescript.length ? [files.length] : [])];
    expect(new Set(files.map(({ file }) => file)).size).toBe(files.length);
    expect(counts_of(title)).toEqual(numbers);
  },
);

describe('the programs print what Python prints, or what their comments say', () => {
  const programs = sections.flatMap(({ title, program, theirs }) =>
    program === undefined ? [] : [[title, program, theirs] as const],
  );

  it('are some', () => {
    expect(programs.length).toBeGreaterThan(3);
  });

  it.each(programs)('%s', (_title, program, theirs) => {
    const said = [...program.matchAll(/(?:^|\); )\/\/ (.*)$/gm)].map(([, line]) => `${line}\n`).join('');
    const expected = theirs === undefined ? said : python<string[]>('programs.py', [[theirs]])[0]!;
    expect(expected).not.toBe('');
    const seeded = program.replace(/^(?!import )/m, 'torch.manual_seed(1);\n');
    writeFileSync(join(folder, 'program.mjs'), seeded);
    expect(node('program.mjs')).toEqual({ status: 0, output: expected });
  });
});
