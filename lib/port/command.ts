/** `torch-node port`: files in, files and a report out. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import { type Checked, compare_runs } from './check.js';
import { read_notebook } from './notebook.js';
import { type ModuleSource, type Place, port_modules, type Ported, PythonSyntaxError, resolve_module } from './port.js';

export interface CommandOptions {
  /** A file for one script, or a folder. By default the TypeScript of one script is printed. */
  out?: string;
  /** Also writes package.json and tsconfig.json into the folder. */
  package?: boolean;
  /** Writes nothing: only says whether everything can be ported. */
  check?: boolean;
  report?: string;
  /** With `check`: a Python that has PyTorch, which runs the program too. */
  python?: string;
  /** With `python`: how many lines of output are compared. */
  lines?: string;
  /** With `python`: the arguments of the program, with blanks between them. */
  args?: string;
}

interface FileReport {
  readonly file: string;
  readonly out: string | null;
  readonly places: readonly Place[];
  readonly error: { line: number; column: number; message: string } | null;
  /** How its output compares with Python's. */
  readonly checked?: Checked;
}

const MAX_BYTES = 4 << 20;

/** How programs are compiled that were ported. */
export const compiler_options = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'preserve',
  moduleResolution: 'bundler',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
} as const;

/**
 * Runs the command.
 * @param scripts Python files, or folders of them
 * @returns the exit status: 0, 1 where lines were left out, 2 where a file is no Python or cannot be read
 */
export function run_port(scripts: readonly string[], options: CommandOptions): number {
  if (scripts.length === 0) throw new Error('torch-node port: a Python script is needed');
  if (options.report !== undefined && options.report !== 'json')
    throw new Error("torch-node port: --report must be 'json'");
  const files = scripts.flatMap((script) => python_files(script));
  const several =
    files.length > 1 ||
    options.package === true ||
    (options.out !== undefined && existsSync(options.out) && statSync(options.out).isDirectory());
  if (several && options.out === undefined && !options.check)
    throw new Error('torch-node port: several files need a folder, -o FOLDER');
  const reports: FileReport[] = [];
  for (const group of groups_of(scripts)) {
    const named = group.modules.filter((module) => group.all || module.path === group.modules[0]!.path);
    const out_of = (path: string): string | null =>
      options.check
        ? null
        : several || path !== group.modules[0]!.path
          ? join(out_folder(options, several), ts_name(path))
          : (options.out ?? null);
    // What a script imports is written beside it, not printed.
    const written = options.out === undefined ? named : group.modules;
    const { results, errors } = port_group(group);
    reports.push(...errors);
    for (const [module, { text, places: found }] of results) {
      if (!written.includes(module)) continue;
      const out = out_of(module.path);
      const places = [...module.commands, ...found].sort((x, y) => x.line - y.line);
      if (out !== null) {
        mkdirSync(dirname(out), { recursive: true });
        writeFileSync(out, text);
      } else if (!options.check) process.stdout.write(text);
      reports.push({ file: module.file, out, places, error: null });
    }
    if (options.check && options.python !== undefined && errors.length === 0) {
      const modules = [...results].map(([{ path }, { text }]) => ({ path: ts_name(path), text }));
      const checked = compare_runs(group.modules[0]!.file, modules, {
        python: options.python,
        lines: options.lines === undefined ? null : Number(options.lines),
        args: options.args === undefined ? [] : options.args.split(' ').filter(Boolean),
      });
      reports.push({ file: group.modules[0]!.file, out: null, places: [], error: null, checked });
    }
  }
  if (options.package && !options.check) write_package(options.out!);
  if (options.report === 'json') process.stderr.write(`${JSON.stringify(reports, null, 2)}\n`);
  else for (const report of reports) process.stderr.write(text_of(report));
  if (reports.some((report) => report.error)) return 2;
  if (reports.some(({ checked }) => checked && (checked.difference || checked.error))) return 1;
  return reports.some((report) => report.places.some((place) => place.kind === 'left out')) ? 1 : 0;
}

interface Module extends ModuleSource {
  readonly file: string;
  readonly commands: readonly Place[];
}

/** Modules that import each other: those of a folder, or a script with what it imports. */
interface Group {
  readonly modules: readonly Module[];
  /** Whether all of them were asked for. */
  readonly all: boolean;
}

const ts_name = (path: string): string => path.replace(/\.(py|ipynb)$/, '.ts');

function out_folder(options: CommandOptions, several: boolean): string {
  return several ? options.out! : dirname(options.out ?? '.');
}

function groups_of(scripts: readonly string[]): Group[] {
  return scripts.map((script) => {
    const files = python_files(script);
    if (statSync(script).isDirectory())
      return { all: true, modules: files.map(({ file, name }) => read_module(file, name)) };
    return { all: false, modules: with_imports(script) };
  });
}

function read_module(file: string, path: string): Module {
  if (statSync(file).size > MAX_BYTES) return { file, path, source: '', commands: [] };
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.ipynb')) return { file, path, source: text, commands: [] };
  const { source, commands } = read_notebook(text);
  return {
    file,
    path: path.replace(/\.ipynb$/, '.py'),
    source,
    commands: commands.map(({ line, text: command }) => ({
      line,
      kind: command.startsWith('!') ? 'left out' : 'note',
      reason: `\`${command}\` is for IPython`,
    })),
  };
}

/** A script, and the modules beside it that it imports. */
function with_imports(script: string): Module[] {
  const folder = dirname(script);
  const found = new Map<string, Module>();
  const exists = { has: (path: string): boolean => existsSync(join(folder, path)) };
  const visit = (path: string, file: string): void => {
    const module = read_module(file, path);
    found.set(path, module);
    for (const [, level, name, several, one_line] of module.source.matchAll(
      /^[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n]*))/gm,
    )) {
      const items = (several ?? one_line ?? '').split(/[,\n]/).map((item) => item.trim().split(/\s/)[0]!);
      if (name !== '') next(name!, level!.length, path);
      for (const item of items)
        if (/^\w+$/.test(item)) next(name === '' ? item : `${name}.${item}`, level!.length, path);
    }
    for (const [, list] of module.source.matchAll(/^[ \t]*import[ \t]+([\w. \t,]+)/gm))
      for (const one of list!.split(',')) next(one.trim().split(/\s/)[0]!, 0, path);
  };
  const next = (name: string, level: number, from: string): void => {
    const path = resolve_module(exists, from, name, level);
    if (path !== null && !found.has(path)) visit(path, join(folder, path));
  };
  visit(basename(script), script);
  return [...found.values()];
}

function python_files(script: string): { file: string; name: string }[] {
  if (!existsSync(script)) throw new Error(`torch-node port: no file '${script}'`);
  if (!statSync(script).isDirectory()) return [{ file: script, name: basename(script) }];
  const found: { file: string; name: string }[] = [];
  for (const entry of readdirSync(script, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(py|ipynb)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    found.push({ file, name: relative(script, file).replaceAll('\\', '/') });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What was ported of each module; a module with a mistake is left out, and the others are ported without it. */
function port_group(group: Group): { results: Map<Module, Ported>; errors: FileReport[] } {
  const errors: FileReport[] = [];
  let modules = group.modules;
  while (modules.length > 0) {
    try {
      for (const { file, path } of modules)
        if (statSync(file).size > MAX_BYTES)
          throw Object.assign(new PythonSyntaxError(`the file has more than ${MAX_BYTES} bytes`, 1, 1), { file: path });
      const results = port_modules(modules);
      return { results: new Map(modules.map((module, i) => [module, results[i]!])), errors };
    } catch (error) {
      if (!(error instanceof PythonSyntaxError)) throw error;
      const bad = modules.find(({ path }) => path === error.file) ?? modules[0]!;
      const { line, column, message } = error;
      errors.push({ file: bad.file, out: null, places: [], error: { line, column, message } });
      modules = group.all ? modules.filter((module) => module !== bad) : [];
    }
  }
  return { results: new Map(), errors };
}

function write_package(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { 'torch-node': `^${version}`, tsx: '^4.0.0', typescript: '>=5.2' },
  };
  for (const [name, content] of [
    ['package.json', manifest],
    ['tsconfig.json', { compilerOptions: compiler_options }],
  ] as const) {
    const file = join(folder, name);
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  }
}

function text_of({ file, places, error, checked }: FileReport): string {
  if (checked) {
    const { same, difference, error: failed } = checked;
    const lines = difference
      ? `${file}: line ${difference.line} of the output differs\n  Python: ${difference.python}\n  here:   ${difference.here}\n`
      : `${file}: ${same} lines of output are the same\n`;
    return failed ? `${lines}${file}: ${failed}\n` : lines;
  }
  if (error) return `${file}:${error.line}:${error.column}: SyntaxError: ${error.message}\n`;
  return places.map((place) => `${file}:${place.line}: ${place.kind}: ${place.reason}\n`).join('');
}
