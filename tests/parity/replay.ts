/** Runs the Python side of a replay and reads what it writes; and runs a whole replay, for tests. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Calls `check` with each JSON document that a script of tests/parity/ prints, and with the bytes of its file.
 *
 * @param options - what the script takes by name; `undefined` is left out, an array is given again and again
 */
export async function for_each_group<G extends { file: string }>(
  script: string,
  options: Record<string, string | readonly string[] | undefined>,
  check: (group: G, content: Buffer) => void,
): Promise<void> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const { reference_python } = require('./scripts/dev/reference.js') as { reference_python(): string };
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-parity-'));
  const args = [join('tests', 'parity', script), folder];
  for (const [name, value] of Object.entries(options)) {
    for (const item of value === undefined ? [] : [value].flat()) args.push(`--${name}`, item);
  }
  try {
    const python = spawn(reference_python(), args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    const ended = new Promise<number | null>((resolve) => python.on('close', resolve));
    for await (const line of createInterface({ input: python.stdout })) {
      const group = JSON.parse(line) as G;
      check(group, readFileSync(group.file));
      rmSync(group.file);
    }
    if ((await ended) !== 0) throw new Error('the reference failed (see above)');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `tests/parity/<script>` as `npm run parity:...` does. */
export function replay(cwd: string, script: string, ...args: string[]): { status: number | null; lines: string[] } {
  const result = spawnSync(process.execPath, ['--import', 'tsx', join('tests', 'parity', script), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status: result.status, lines: result.stdout.trim().split('\n') };
}
