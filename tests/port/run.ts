/** Ports programs, runs them here and in Python, and checks the types of what was written. Used by the tests and by parity:port. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { root } from '../package_root.js';
import { interpreter } from '../reference.js';

export interface Place {
  readonly line: number;
  readonly kind: 'left out' | 'operator' | 'assumed' | 'note';
  readonly reason: string;
}

const inner = createRequire(import.meta.url);
export const { port_modules, port_source, PythonSyntaxError } = inner('../../dist/port/port.js') as {
  port_source(source: string): { text: string; places: Place[] };
  port_modules(modules: readonly { path: string; source: string }[]): { text: string; places: Place[] }[];
  PythonSyntaxError: new (...args: never[]) => Error & { line: number; column: number };
};

export const { compiler_options, run_port } = inner('../../dist/port/command.js') as {
  compiler_options: object;
  run_port(scripts: readonly string[], options: { out?: string; report?: string }): number;
};

/** A folder beside which the package is found as an installed one is. */
export function make_folder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'port-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'torch-node'));
  symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Ran {
  readonly status: number | null;
  stdout: string;
  readonly stderr: string;
}

function finished(child: ChildProcess, limit?: number): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = limit === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limit);
  return new Promise((resolve) =>
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    }),
  );
}

/** Runs a TypeScript file as `npx tsx file` does, for `limit` milliseconds at most. */
export function run_ported(file: string, cwd: string, limit?: number, args: readonly string[] = []): Promise<Ran> {
  return finished(spawn(process.execPath, ['--import', inner.resolve('tsx'), file, ...args], { cwd }), limit);
}

/** Runs one program of Python in a process of its own, without windows and with the seeds of the programs here. */
export function run_python_alone(
  file: string,
  cwd: string,
  limit?: number,
  args: readonly string[] = [],
  python = interpreter,
): Promise<Ran> {
  const script = `
import os, random, runpy, sys
import torch
random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(1)
try:
    import numpy
    numpy.random.seed(0)
except ImportError:
    pass
path = sys.argv[1]
sys.argv = [path, *sys.argv[2:]]
sys.path.insert(0, os.path.dirname(path))
runpy.run_path(path, run_name='__main__')`;
  const env = { ...process.env, MPLBACKEND: 'Agg', PYTHONDONTWRITEBYTECODE: '1' };
  return finished(spawn(python, ['-W', 'ignore', '-c', script, file, ...args], { cwd, env }), limit);
}

/** What Python prints for each program, all in one process. */
export function run_python(files: readonly string[]): string[] {
  const script = `
import contextlib, io, json, random, sys, traceback, types
import torch
printed = []
for path in json.loads(sys.argv[1]):
    out = io.StringIO()
    random.seed(0)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)
    module = types.ModuleType('__main__')
    module.__file__ = path
    sys.modules['__main__'] = module  # pickles name its classes
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(open(path).read(), path, 'exec'), module.__dict__)
        except SystemExit:
            pass
        except Exception:
            print('Python: ' + traceback.format_exc())
    printed.append(out.getvalue())
print(json.dumps(printed))`;
  const result = spawnSync(interpreter, ['-c', script, JSON.stringify(files)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: tmpdir(),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as string[];
}

/** The compiler's complaints about the files of a folder, by file. */
export function type_errors(folder: string, files: readonly string[]): Map<string, string[]> {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: compiler_options, files }));
  const result = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 1 << 26,
  });
  const errors = new Map<string, string[]>();
  for (const line of result.stdout.split('\n')) {
    const found = /^(.*\.ts)\((\d+),\d+\): (error .*)$/.exec(line);
    if (!found) continue;
    // The folder may be behind a link.
    const name =
      files.find((file) => `/${found[1]}`.endsWith(`/${file}`)) ?? relative(folder, resolve(folder, found[1]!));
    errors.set(name, [...(errors.get(name) ?? []), `${found[2]}: ${found[3]}`]);
  }
  return errors;
}

export function read(file: string): string {
  return readFileSync(file, 'utf8');
}
