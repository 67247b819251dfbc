/** Before all tests: the reference Python, and on Linux one that has read torch once for all of them. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

import { interpreter, prepared_folder, reference_env } from './reference.js';

export default function setup(project: TestProject): (() => void) | undefined {
  const { reference_python } = createRequire(import.meta.url)('../scripts/dev/reference.js') as {
    reference_python(): string;
  };
  reference_python();
  if (process.platform !== 'linux') return undefined;

  const folder = mkdtempSync(join(tmpdir(), 'reference-'));
  const env = { ...reference_env(), ...project.config.env };
  writeFileSync(join(folder, 'env.json'), JSON.stringify(env));
  spawnSync('mkfifo', ['-m', '600', join(folder, 'asked')]);
  const script = fileURLToPath(new URL('prepared.py', import.meta.url));
  const python = spawn(interpreter, [script, folder], { env, stdio: ['pipe', 'inherit', 'inherit'] });
  python.on('error', () => {}); // Tests start their own then.
  process.env[prepared_folder] = folder;
  return () => {
    python.stdin.end();
    python.kill();
    rmSync(folder, { recursive: true, force: true });
  };
}
