/** `torch-node port --check --python PYTHON`: runs the program here and in Python, and finds the first line that differs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface CheckOptions {
  readonly python: string;
  /** How many lines of output are compared; both programs are ended behind them. All, by default. */
  readonly lines: number | null;
  /** The arguments of the program. */
  readonly args: readonly string[];
}

export interface Difference {
  readonly line: number;
  readonly python: string;
  readonly here: string;
}

export interface Checked {
  /** How many lines both have printed alike. */
  readonly same: number;
  readonly difference: Difference | null;
  /** What a program that failed has said. */
  readonly error: string | null;
}

const PYTHON = `
import json, os, random, runpy, sys
path, args, lines = json.loads(sys.argv[1])
import torch
random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(1)
try:
    import numpy
    numpy.random.seed(0)
except ImportError:
    pass
class Out:
    def __init__(self, inner):
        self.inner, self.count = inner, 0
    def write(self, text):
        for part in text.splitlines(keepends=True):
            self.inner.write(part)
            self.count += part.endswith('\\n')
            if lines is not None and self.count >= lines:
                self.inner.flush()
                os._exit(0)
        return len(text)
    def __getattr__(self, name):
        return getattr(self.inner, name)
sys.stdout = Out(sys.stdout)
sys.argv = [path, *args]
sys.path.insert(0, os.path.dirname(path))
runpy.run_path(path, run_name='__main__')
`;

const HERE = `
import * as torch from 'torch-node';
import * as np from 'torch-node/numpy';
import { random } from 'torch-node/python';
const [path, args, lines] = JSON.parse(process.argv[2]!);
random.seed(0);
torch.manual_seed(0);
torch.set_num_threads(1);
np.random.seed(0);
const write = process.stdout.write.bind(process.stdout) as (text: string) => boolean;
let count = 0;
process.stdout.write = ((text: string | Uint8Array) => {
  for (const part of String(text).split(/(?<=\\n)/)) {
    write(part);
    if (part.endsWith('\\n') && lines !== null && ++count >= lines) process.exit(0);
  }
  return true;
}) as typeof process.stdout.write;
process.argv = [process.argv[0]!, path, ...args];
await import(path);
`;

/**
 * Compares what a program prints here and in Python, with the same seeds and one thread.
 * @param script the Python file
 * @param modules the TypeScript of its modules, by their paths; the first is the program
 * @throws Error when the npm package tsx, which runs TypeScript, is not found
 */
export function compare_runs(
  script: string,
  modules: readonly { readonly path: string; readonly text: string }[],
  { python, lines, args }: CheckOptions,
): Checked {
  const folder = mkdtempSync(join(tmpdir(), 'port-check-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(__dirname, '..', '..'), join(folder, 'node_modules', 'torch-node'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const { path, text } of modules) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const start = join(folder, 'start.mts');
    writeFileSync(start, HERE);
    const common = { encoding: 'utf8', cwd: process.cwd(), maxBuffer: 1 << 28 } as const;
    const there = spawnSync(python, ['-c', PYTHON, JSON.stringify([resolve(script), args, lines])], common);
    if (there.error) throw new Error(`torch-node port: ${python} does not start: ${there.error.message}`);
    const here = spawnSync(
      process.execPath,
      [
        '--import',
        pathToFileURL(find_tsx()).href,
        start,
        JSON.stringify([join(folder, modules[0]!.path), args, lines]),
      ],
      common,
    );
    const [a, b] = [there.stdout.split('\n'), here.stdout.split('\n')];
    const at = [...a, ...b].findIndex((_, i) => (i < a.length || i < b.length) && a[i] !== b[i]);
    const failed =
      there.status !== 0 ? `Python: ${last_line(there.stderr)}` : here.status !== 0 ? error_line(here.stderr) : null;
    return {
      same: at < 0 ? a.length - 1 : at,
      difference: at < 0 ? null : { line: at + 1, python: a[at] ?? '', here: b[at] ?? '' },
      error: failed,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function find_tsx(): string {
  for (const from of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      return createRequire(from).resolve('tsx');
    } catch {
      // the next place
    }
  }
  throw new Error('torch-node port: --check with --python needs the npm package tsx');
}

const last_line = (text: string): string => text.trim().split('\n').at(-1) ?? '';

function error_line(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => /^\w*(Error|Exit|Exception)\b/.test(line))
      ?.trim() ?? last_line(text)
  );
}
