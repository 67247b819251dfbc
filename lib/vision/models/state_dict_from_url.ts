/** State dicts from the network for callers that cannot wait for a promise: another process downloads meanwhile. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { expand_user } from '../../_internal/io/expand_user.js';
import { get_dir } from '../../hub.js';
import { load } from '../../serialization/load.js';
import type { GetStateDictOptions } from './_api.js';

const HASH_IN_NAME = /-([a-f0-9]*)\./;

// Runs in the other process; what it throws goes to this one.
const PROGRAM = `
const [script, url, file, sha256, progress] = process.argv.slice(1);
require(script).download(url, file, { sha256: sha256 || null, progress: progress === 'true' }).catch((error) => {
  process.stdout.write(error.message);
  process.exitCode = 1;
});`;

function download(url: string, file: string, sha256: string | null, progress: boolean): void {
  const script = join(__dirname, '../../../scripts/install/download.js');
  const ran = spawnSync(process.execPath, ['-e', PROGRAM, script, url, file, sha256 ?? '', String(progress)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (ran.error) throw ran.error;
  if (ran.status !== 0) throw new Error(ran.stdout.trim() || `${url}: the download ended with status ${ran.status}`);
}

/** As `torch.hub.load_state_dict_from_url`, but it returns when the file is there. */
export function state_dict_from_url<T>(url: string, options: GetStateDictOptions): T {
  const { model_dir, map_location = null, progress = true, check_hash = false, file_name } = options;
  const name = file_name ?? basename(new URL(url).pathname);
  const cached = join(expand_user(model_dir ?? join(get_dir(), 'checkpoints')), name);
  if (!existsSync(cached)) {
    mkdirSync(dirname(cached), { recursive: true });
    process.stderr.write(`Downloading: "${url}" to ${cached}\n`);
    download(url, cached, check_hash ? (HASH_IN_NAME.exec(name)?.[1] ?? null) : null, progress);
  }
  return load<T>(cached, { map_location, weights_only: true });
}
