/** The examples in TSDoc comments: where they are, what they say they print, and what they print. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, tool } from '../ecosystem/project.js';
import { root } from '../package_root.js';
import { python } from '../reference.js';

/** An example: a block of TypeScript, and the same program in Python where there is one. */
export interface Example {
  /** File below lib/, and what the comment is about: `optim/sgd.ts: SGD`. */
  readonly name: string;
  readonly typescript: string;
  readonly python: string | null;
  /** What comments behind and below its print statements say, where there is no Python. */
  readonly said: string | null;
}

/** What a program has printed, and the error that it ended with. */
export interface Printed {
  readonly output: string;
  readonly error: string | null;
}

const COMMENT = /^([ \t]*)\/\*\*(.*?)\*\/[ \t]*\n?(?:[ \t]*\/\/ biome-ignore[^\n]*\n)?([^\n]*)/gms;
const BLOCK = /@example\b[^\n]*\n+```ts\n(.*?)^```\n*(?:```python\n(.*?)^```)?/gms;
const DECLARED =
  /^(?:export )?(?:declare )?(?:default )?(?:abstract )?(?:async )?(?:class|function|const|let|interface|type|namespace) (\w+)/;
const RENAMED = /^ *\w+ as (\w+),$/;
const MEMBER = /^(?:static |override |async |readonly |declare |get |set |protected |abstract )*(\w+)/;

function source_files(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? source_files(path) : entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** The expected output that stands in comments: behind a print statement, and in the lines below it. */
function said_by(code: string): string | null {
  const lines: string[] = [];
  let below = false;
  for (const line of code.split('\n')) {
    const behind = /\b(?:print|console\.log)\(.*\);? \/\/ (.*)$/.exec(line)?.[1];
    const further = /^\s*\/\/ ?(.*)$/.exec(line)?.[1];
    if (behind !== undefined) lines.push(behind);
    else if (below && further !== undefined) lines.push(further);
    below = behind !== undefined || (below && further !== undefined) || /\b(?:print|console\.log)\(/.test(line);
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : null;
}

type Block = Omit<Example, 'name'> & { readonly about: string };

/** The examples of a file, with what their comments are about. */
function* examples_in(text: string): Generator<Block> {
  let owner = '';
  for (const [, indent, comment, next] of text.matchAll(COMMENT)) {
    const declared = DECLARED.exec(next!)?.[1];
    if (indent === '') owner = declared ?? owner;
    const member = MEMBER.exec(next!.trim())?.[1];
    const renamed = RENAMED.exec(next!)?.[1];
    const about = renamed ?? (indent === '' ? (declared ?? 'module') : `${owner}.${member ?? ''}`);
    const stripped = comment!.replace(/^[ \t]*\* ?/gm, '');
    for (const [, typescript, theirs] of stripped.matchAll(BLOCK)) {
      yield {
        about,
        typescript: typescript!,
        python: theirs ?? null,
        said: theirs === undefined ? said_by(typescript!) : null,
      };
    }
  }
}

/** All examples of lib/, in the order of files and lines. */
export function examples(): Example[] {
  const found: Example[] = [];
  const counts = new Map<string, number>();
  for (const file of source_files('lib').sort()) {
    for (const { about, ...example } of examples_in(readFileSync(join(root, file), 'utf8'))) {
      const name = `${file.slice('lib/'.length)}: ${about}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      found.push({ name: count > 1 ? `${name} (${count})` : name, ...example });
    }
  }
  return found;
}

const PRELUDE: readonly (readonly [names: RegExp, line: string])[] = [
  [/\btorch\b/, "import * as torch from 'torch-node';"],
  [/\bprint\b/, "import { print } from 'torch-node/python';"],
  [/\bnn\b/, 'import nn = torch.nn;'],
  [/\bF\b/, 'import F = torch.nn.functional;'],
  [/\boptim\b/, 'import optim = torch.optim;'],
];

/** The module of an example: its imports, those of the prelude that it does not make itself, and its statements. */
function module_of(code: string): string {
  const imports = code.match(/^import [^;]*;\n/gm) ?? [];
  const names = imports.join('').replace(/from '[^']*'/g, '');
  const prelude = PRELUDE.filter(([name]) => !name.test(names)).map(([, line]) => line);
  const body = imports.reduce((text, line) => text.replace(line, ''), code);
  return [...prelude, ...imports, body, 'export {};', ''].join('\n');
}

const RUNNER = `
import { createRequire } from 'node:module';
import * as torch from 'torch-node';
const count = Number(process.argv[2]);
const results = [];
for (let i = 0; i < count; i++) {
  const write = process.stdout.write;
  let output = '';
  let error = null;
  torch.manual_seed(0);
  process.stdout.write = (text) => { output += text; return true; };
  try {
    await import('./example_' + i + '.js');
  } catch (thrown) {
    error = String(thrown?.stack ?? thrown);
  }
  process.stdout.write = write;
  results.push({ output, error });
  torch.set_default_dtype(torch.float32);
  torch.set_grad_enabled(true);
}
// A process that an example has started may have made the pipe one that does not wait.
process.stdout.write('\\n@' + JSON.stringify(results) + '\\n', () => process.exit(0));
`;

/** The module that the example of `RemoteModule` starts in another thread. */
const NET = `
import * as torch from 'torch-node';
export class Net extends torch.nn.Module {
  linear = new torch.nn.Linear(2, 1);
  forward(x) { return this.linear(x); }
}
`;

const OPTIONS = {
  strict: true,
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  skipLibCheck: true,
  noUncheckedIndexedAccess: false,
};

/** Compiles all examples at once; the compiler's complaints, by example. */
export function compile_all(user: Project, all: readonly Example[]): string[][] {
  user.write({
    ...Object.fromEntries(all.map(({ typescript }, i) => [`example_${i}.ts`, module_of(typescript)])),
    'tsconfig.json': JSON.stringify({ compilerOptions: OPTIONS, include: ['example_*.ts'] }),
    'run.js': RUNNER,
    'net.js': NET,
  });
  const { output } = user.node([tool('typescript', 'bin/tsc'), '-p', 'tsconfig.json', '--pretty', 'false']);
  const complaints: string[][] = all.map(() => []);
  for (const line of output.split('\n')) {
    const number = /^example_(\d+)\.ts/.exec(line)?.[1];
    if (number !== undefined) complaints[Number(number)]!.push(line.replace(/^example_\d+\.ts/, ''));
  }
  return complaints;
}

/** Runs all compiled examples in one process, each with seed 0. */
export function run_all(user: Project, count: number): Printed[] {
  const { status, output } = user.node(['--no-warnings', 'run.js', String(count)], { TMPDIR: user.folder });
  const at = output.lastIndexOf('\n@[');
  if (status !== 0 || at < 0) throw new Error(`the examples ended with ${status}:\n${output.slice(-4000)}`);
  // What libtorch writes to stderr comes behind.
  return JSON.parse(output.slice(at + 2, output.indexOf('\n', at + 2))) as Printed[];
}

/**
 * Runs Python's side of the examples in one process, each with seed 0. It makes the files that examples read, so that it comes
 * before {@link run_all}.
 */
export function run_python(user: Project, all: readonly Example[]): (Printed | null)[] {
  const file = join(user.folder, 'examples.json');
  writeFileSync(file, JSON.stringify(all.map(({ python: theirs }) => theirs)));
  return python<(Printed | null)[]>('examples.py', [file]);
}
