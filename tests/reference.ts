/** Asks the reference Python: runs a script of tests/reference/ and reads the JSON document that it prints. */
import { spawnSync } from 'node:child_process';
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
  const result = spawnSync(interpreter, [join(here, 'reference', script), ...texts], {
    encoding: 'utf8',
    maxBuffer: 1 << 29, // Python is not under the sanitizers of `npm run test:asan`.
    env: { ...process.env, LD_PRELOAD: '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${script} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as T;
}

/** The bytes of a tensor's elements as hex, for comparisons to the last bit. */
export function hex_of(values: ArrayBufferView): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
}
