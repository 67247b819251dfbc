/** Programs of this folder that run beside the caller, which waits for them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs a program. @throws Error with what it said, after `what` */
export function run_beside(program: 'fetch_file' | 'extract_file', args: readonly string[], what: string): void {
  const ran = spawnSync(process.execPath, [join(__dirname, `${program}.js`), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (ran.error) throw ran.error;
  if (ran.status !== 0) throw new Error(`${what}: ${ran.stderr.trim() || `ended with status ${ran.status}`}`);
}
