/** The imitation of an accelerator (device/): builds it, and runs programs that have it in processes of their own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { root } from '../package_root.js';

const { find } = createRequire(import.meta.url)('../../scripts/install/libtorch.js') as {
  find(options: { for_building: boolean }): { root: string };
};

const folder = join(root, 'build', 'imitation');
const lock = `${folder}.lock`;
// Longer than a build takes: what is older was left by a process that was stopped.
const STALE_MS = 600_000;

/** Test files run side by side, and all build. */
function locked<T>(run: () => T): T {
  for (;;) {
    try {
      mkdirSync(join(root, 'build'), { recursive: true });
      mkdirSync(lock);
      break;
    } catch {
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_MS) {
        rmSync(lock, { recursive: true, force: true });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    return run();
  } finally {
    rmSync(lock, { recursive: true });
  }
}

function cmake(args: readonly string[]): void {
  const result = spawnSync('cmake', args, { encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(result.stdout + result.stderr);
}

let built = false;

/** The path of the library, for `torch.ops.load_library` here and in Python. */
export function imitation(): string {
  if (!built) {
    const libtorch = find({ for_building: true }).root;
    locked(() => {
      cmake(['-S', join(root, 'tests', 'imitation'), '-B', folder, `-DTORCH_NODE_LIBTORCH=${libtorch}`]);
      cmake(['--build', folder, '--parallel', '2']);
    });
    built = true;
  }
  return join(folder, 'imitation.torch');
}

/** What programs find at the beginning; `worker` in those that are started as a worker_thread. */
export function prelude(): string {
  return `
    const torch = require(${JSON.stringify(root)});
    const { nn, optim } = torch;
    const F = nn.functional;
    torch.ops.load_library(${JSON.stringify(imitation())});
    const { imitation } = torch.ops;
    const device = 'imitation';`;
}

const HANGS_MS = 150_000;

/**
 * Runs the body of a function, which may be asynchronous, in a process of its own and gives back what it returns. It has
 * `torch`, `nn`, `optim`, `F`, `device`, and the counts of the devices' memory in `imitation`.
 * @throws Error when the process fails or does not end
 */
export function on_imitation<T>(body: string, flags: readonly string[] = []): T {
  const script = `${prelude()}
    (async () => { ${body} })().then((result) => console.log(JSON.stringify(result)));`;
  const result = spawnSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8', timeout: HANGS_MS });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(`ended with ${String(result.status ?? result.signal)}: ${result.stderr}`);
  }
  return JSON.parse(result.stdout) as T;
}
