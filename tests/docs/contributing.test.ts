/**
 * The worked examples of CONTRIBUTING.md, added to a copy of the sources: they compile, touch as many files as the table
 * says, and run. The C++ is compiled as the build compiles its own files, and linked with them into another addon.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const require = createRequire(import.meta.url);

interface Block {
  readonly language: string;
  /** What its first line names. */
  readonly file: string;
  /** The line of the file that it goes below, or replaces. */
  readonly where: 'below' | 'instead of' | undefined;
  readonly line: string | undefined;
  readonly code: string;
}

const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const adding = /^## Adding something$([\s\S]*?)^## /m.exec(text)![1]!;
const [table, ...parts] = adding.split(/^### /m);

const sections = parts.map((part) => {
  const [title] = part.split('\n', 1);
  const blocks = [
    ...part.matchAll(/^(```+)(ts|js|cpp|text)\n(?:\/\/|#) ([\w./]+)(?:, (below|instead of): (.*))?\n([\s\S]*?)^\1$/gm),
  ].map(
    ([, , language, file, where, line, code]): Block => ({
      language: language!,
      file: file!,
      where: where as Block['where'],
      line,
      code: code!,
    }),
  );
  return {
    title: title!,
    files: blocks.filter(({ file }) => file.includes('/')),
    program: blocks.find(({ file }) => file === 'program.mjs')?.code,
    theirs: /^```python\n([\s\S]*?)^```$/m.exec(part)?.[1],
  };
});

const section = (title: string): (typeof sections)[number] => sections.find((its) => its.title === title)!;

/** How many files a row of the table says. */
function count_of(title: string): number {
  const anchor = title.toLowerCase().replaceAll(' ', '-').replaceAll('+', '');
  const row = table!.split('\n').find((line) => line.includes(`(#${anchor})`));
  return Number(/^ (\d): /.exec(row!.split('|')[2]!)![1]);
}

const folder = mkdtempSync(join(tmpdir(), 'torch-node-contributing-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function add({ file, where, line, code }: Block, to = folder): void {
  const path = join(to, file);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  } else if (where === undefined) {
    appendFileSync(path, code);
  } else {
    const [before, after, ...more] = readFileSync(path, 'utf8').split(`\n${line!}\n`);
    expect([after, more]).toEqual([expect.any(String), []]);
    writeFileSync(path, `${before!}\n${where === 'below' ? `${line!}\n` : ''}${code}${after!}`);
  }
}

function node(args: string[], env: NodeJS.ProcessEnv = {}): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
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
  expect(node([join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'])).toEqual({
    status: 0,
    output: '',
  });
});

/** The most files that adding one may take. */
const AT_MOST: Readonly<Record<string, number>> = {
  'A module': 2,
  'An optimizer': 2,
  'An optimizer with a step in C++': 3,
  'A dataset': 2,
  'A method of tensors': 1,
  'A type of device': 3,
  'An operator': 1,
  'A minor version of libtorch': 2,
};

it('are all in the table', () => {
  expect(sections.map(({ title }) => title)).toEqual(Object.keys(AT_MOST));
});

it.each(sections.map(({ title, files }) => [title, files] as const))(
  '%s: touches as many files as the table says',
  (title, files) => {
    expect(new Set(files.map(({ file }) => file)).size).toBe(files.length);
    expect(files.length).toBe(count_of(title));
    expect(files.length).toBeLessThanOrEqual(AT_MOST[title]!);
  },
);

describe('An operator', () => {
  const [line] = section('An operator').files as [Block];

  const name = line.code.slice(0, line.code.indexOf(':'));

  /** What codegen says of the descriptions without their line for the operator, and with that of the example. */
  function codegen(example?: string): { status: number | null; output: string } {
    const copy = mkdtempSync(join(folder, 'operator-'));
    cpSync(join(root, 'scripts', 'dev', 'descriptions'), join(copy, dirname(line.file)), { recursive: true });
    const file = join(copy, line.file);
    const text = readFileSync(file, 'utf8');
    const without = text.replace(new RegExp(`^${name}: .*\n`, 'm'), '');
    expect(without).not.toBe(text);
    writeFileSync(file, without);
    if (example !== undefined) add({ ...line, code: example }, copy);
    return node([join(root, 'scripts', 'dev', 'codegen.js'), '--check', '--descriptions', dirname(file)]);
  }

  it('without its line, codegen fails and names it', () => {
    const { status, output } = codegen();
    expect(status).toBe(1);
    expect(output).toContain(`torch.${name} has no description`);
    expect(output).toContain(`Tensor.${name} has no description`);
  });

  it('with its line, codegen writes what lib/generated/ has', () => {
    expect(codegen(line.code)).toEqual({ status: 0, output: '' });
  });

  it('with other words, codegen writes other documentation', () => {
    const { status, output } = codegen(line.code.replace('Computes', 'Gives'));
    expect(status).toBe(1);
    expect(output).toMatch(/^out of date: .*functions\.ts/m);
    expect(output).toMatch(/tensor_methods\.ts/);
  });
});

describe('A minor version of libtorch', () => {
  const { files } = section('A minor version of libtorch');
  const version_in = (from: string): string =>
    /const VERSION = '(.*)'/.exec(readFileSync(join(from, 'scripts/install/release.js'), 'utf8'))![1]!;
  const pinned_in = (from: string): string =>
    /^torch==(.*)$/m.exec(readFileSync(join(from, 'tests/reference/requirements.txt'), 'utf8'))![1]!;

  it('is the same for the package and for the reference', () => {
    expect(pinned_in(root)).toBe(version_in(root));
  });

  it('is what the installer then looks for, and what the reference pins', () => {
    const copy = join(folder, 'other_minor');
    for (const path of ['scripts/install', 'tests/reference/requirements.txt', 'package.json'])
      cpSync(join(root, path), join(copy, path), { recursive: true });
    for (const block of files) add(block, copy);
    expect(pinned_in(copy)).toBe(version_in(copy));
    const minor = version_in(copy).split('.').slice(0, 2).join('.');
    const { output } = node([join(copy, 'scripts', 'install', 'libtorch.js'), '--explain', '--for-building'], {
      TORCH_NODE_LIBTORCH_MINOR: '',
    });
    expect(output.split('\n', 1)[0]).toBe(`libtorch ${minor} for ${process.platform}-${process.arch}`);
  });
});

/** The object files below a folder. */
const objects_in = (from: string): string[] =>
  (readdirSync(from, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.o') && !file.includes('cmake_pch'))
    .map((file) => join(from, file));

interface CompileCommand {
  readonly directory: string;
  readonly file: string;
  readonly command: string;
  readonly output?: string;
}

/** Builds an addon from the objects of the build and one more source; the variables under which a program takes it. */
function addon_with({ file, code }: Block): NodeJS.ProcessEnv {
  const source = join(folder, file);
  mkdirSync(dirname(source), { recursive: true });
  writeFileSync(source, code);
  const commands = JSON.parse(readFileSync(join(root, 'build', 'compile_commands.json'), 'utf8')) as CompileCommand[];
  const { command, directory, file: other } = commands.find((its) => /native.optim.sgd\.cpp$/.test(its.file))!;
  const object = join(folder, 'signum.o');
  const compile = command.replaceAll(other, source).replace(/ -o \S+/, () => ` -o "${object}" -Werror`);
  expect(compile).toContain(object);
  const compiled = spawnSync(compile, { cwd: directory, shell: true, encoding: 'utf8' });
  expect([compiled.status, compiled.stderr]).toEqual([0, '']);

  const build = join(folder, 'native_build');
  mkdirSync(join(build, 'Release'), { recursive: true });
  cpSync(join(root, 'build', 'Release', 'loader.node'), join(build, 'Release', 'loader.node'));
  const { find } = require('../../scripts/install/libtorch.js') as {
    find(options: object): { lib_dir: string };
  };
  const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const exported =
    process.platform === 'darwin' ? [] : [`-Wl,--version-script=${join(root, 'native', 'load', 'exports.map')}`];
  const [, compiler] = /^CMAKE_CXX_COMPILER:\w+=(.*)$/m.exec(
    readFileSync(join(root, 'build', 'CMakeCache.txt'), 'utf8'),
  )!;
  const linked = spawnSync(
    compiler!,
    [
      ...shared,
      ...exported,
      ...objects_in(join(root, 'build', 'CMakeFiles', 'torch_node.dir')),
      object,
      ...['-o', join(build, 'Release', 'torch_node.node')],
      ...['-L', find({ for_building: true }).lib_dir, '-ltorch', '-ltorch_cpu', '-lc10'],
    ],
    { encoding: 'utf8' },
  );
  expect([linked.status, linked.stderr]).toEqual([0, '']);
  return { TORCH_NODE_BUILD: build };
}

describe('the programs print what Python prints, or what their comments say', () => {
  const programs = sections.flatMap(({ title, files, program, theirs }) =>
    program === undefined ? [] : [{ title, files, program, theirs }],
  );

  it('are of all but the minor version', () => {
    expect(programs.map(({ title }) => title)).toEqual(Object.keys(AT_MOST).slice(0, -1));
  });

  it.each(programs)('$title', ({ files, program, theirs }) => {
    const said = [...program.matchAll(/(?:^|\); )\/\/ (.*)$/gm)].map(([, line]) => `${line}\n`).join('');
    const expected = theirs === undefined ? said : python<string[]>('programs.py', [[theirs]])[0]!;
    expect(expected).not.toBe('');
    const native = files.find(({ language }) => language === 'cpp');
    if (native && process.platform === 'win32') return; // MSVC's options differ
    const env = native ? addon_with(native) : {};
    const seeded = program.replace(/^(?!import )/m, 'torch.manual_seed(1);\n');
    writeFileSync(join(folder, 'program.mjs'), seeded);
    expect(node(['program.mjs'], env)).toEqual({ status: 0, output: expected });
  });
});
