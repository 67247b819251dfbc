/** Asks the reference Python: runs a script of tests/reference/ and reads the JSON document that it prints. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** The reference Python: `TORCH_NODE_TEST_PYTHON`, of another version of torch say, or that of `.venv`. */
export const interpreter =
  process.env['TORCH_NODE_TEST_PYTHON'] ??
  join(here, '..', '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/**
 * @param script a file of tests/reference/
 * @param args its arguments; anything that is not a string goes as JSON
 */
export function python<T>(script: string, args: readonly unknown[] = []): T {
  const texts = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)));
  const file = join(here, 'reference', script);
  const env = reference_env();
  const result =
    run_prepared(file, texts, env) ??
    spawnSync(interpreter, [file, ...texts], { encoding: 'utf8', maxBuffer: 1 << 29, env });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${script} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as T;
}

/** The environment of Python, which is not under the sanitizers of `npm run test:asan`. */
export function reference_env(): NodeJS.ProcessEnv {
  return { ...process.env, LD_PRELOAD: '', PYTHONDONTWRITEBYTECODE: '1' };
}

/** The folder of `prepared.py`, and the environment it was started with, in the workers of Vitest. */
export const prepared_folder = 'TORCH_NODE_TEST_PREPARED';
/** What libraries read when they are loaded. */
const read_at_start =
  /^(PYTHON|LD_|OMP_|MKL_|KMP_|OPENBLAS_|GOMP_|ATEN_|TORCH_(?!NODE_)|CUDA_|DNNL_|ONEDNN_|NUMPY_|MALLOC_|GLIBC_)/;
let requests = 0;

/** Whether the prepared Python is there, and has been given a line. */
function ask(folder: string, line: string): boolean {
  try {
    const pipe = openSync(join(folder, 'asked'), constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(pipe, line);
    closeSync(pipe);
    return true;
  } catch {
    return false;
  }
}

/** As `spawnSync` would, but in a fork of a Python that has torch; undefined where there is none that fits. */
function run_prepared(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { error?: Error; status: number; stdout: string; stderr: string } | undefined {
  const folder = process.env[prepared_folder];
  if (folder === undefined) return undefined;
  const start = JSON.parse(readFileSync(join(folder, 'env.json'), 'utf8')) as NodeJS.ProcessEnv;
  const differs = (key: string): boolean => read_at_start.test(key) && start[key] !== env[key];
  if (Object.keys({ ...start, ...env }).some(differs)) return undefined;

  const name = `${process.pid}-${requests++}`;
  const path = (end: string): string => join(folder, `${name}.${end}`);
  writeFileSync(path('part'), JSON.stringify({ script, args, env, cwd: process.cwd() }));
  renameSync(path('part'), path('json'));
  if (!ask(folder, `${name}\n`)) return undefined;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; !existsSync(path('status')); waited += 3) {
    // Nothing is written, but there must be someone who reads.
    if (waited > 600_000 || !ask(folder, '')) {
      if (existsSync(path('pid'))) process.kill(Number(readFileSync(path('pid'), 'utf8')), 'SIGKILL');
      throw new Error(`${script} has not ended in ten minutes, or the Python that runs it was ended`);
    }
    Atomics.wait(cell, 0, 0, 3);
  }
  const read = (end: string): string => readFileSync(path(end), 'utf8');
  const result = { status: Number(read('status')), stdout: read('out'), stderr: read('err') };
  for (const end of ['json', 'pid', 'status', 'out', 'err']) rmSync(path(end), { force: true });
  return result;
}

/** The bytes of a tensor's elements as hex, for comparisons to the last bit. */
export function hex_of(values: ArrayBufferView): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
}
