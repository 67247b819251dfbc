/** `torch-node port`: files in, files and a report out. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import { type Place, port_source, PythonSyntaxError } from './port.js';

export interface CommandOptions {
  /** A file for one script, or a folder. By default the TypeScript of one script is printed. */
  out?: string;
  /** Also writes package.json and tsconfig.json into the folder. */
  package?: boolean;
  /** Writes nothing: only says whether everything can be ported. */
  check?: boolean;
  report?: string;
}

interface FileReport {
  readonly file: string;
  readonly out: string | null;
  readonly places: readonly Place[];
  readonly error: { line: number; column: number; message: string } | null;
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
  for (const { file, name } of files) {
    const folder = dirname(file);
    const is_local = (module: string): boolean => existsSync(join(folder, `${module.replaceAll('.', '/')}.py`));
    const out = options.check
      ? null
      : several
        ? join(options.out!, name.replace(/\.py$/, '.ts'))
        : (options.out ?? null);
    reports.push(port_file(file, out, is_local, options));
  }
  if (options.package && !options.check) write_package(options.out!);
  if (options.report === 'json') process.stderr.write(`${JSON.stringify(reports, null, 2)}\n`);
  else for (const report of reports) process.stderr.write(text_of(report));
  if (reports.some((report) => report.error)) return 2;
  return reports.some((report) => report.places.some((place) => place.kind === 'left out')) ? 1 : 0;
}

function python_files(script: string): { file: string; name: string }[] {
  if (!existsSync(script)) throw new Error(`torch-node port: no file '${script}'`);
  if (!statSync(script).isDirectory()) return [{ file: script, name: basename(script) }];
  const found: { file: string; name: string }[] = [];
  for (const entry of readdirSync(script, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
    const file = join(entry.parentPath, entry.name);
    found.push({ file, name: relative(script, file) });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function port_file(
  file: string,
  out: string | null,
  is_local: (module: string) => boolean,
  options: CommandOptions,
): FileReport {
  try {
    if (statSync(file).size > MAX_BYTES) throw new PythonSyntaxError(`the file has more than ${MAX_BYTES} bytes`, 1, 1);
    const { text, places } = port_source(readFileSync(file, 'utf8'), { is_local });
    if (out !== null) {
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, text);
    } else if (!options.check) process.stdout.write(text);
    return { file, out, places, error: null };
  } catch (error) {
    if (!(error instanceof PythonSyntaxError)) throw error;
    return { file, out: null, places: [], error: { line: error.line, column: error.column, message: error.message } };
  }
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

function text_of({ file, places, error }: FileReport): string {
  if (error) return `${file}:${error.line}:${error.column}: SyntaxError: ${error.message}\n`;
  return places.map((place) => `${file}:${place.line}: ${place.kind}: ${place.reason}\n`).join('');
}
