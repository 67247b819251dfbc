/**
 * tsx in worker threads: on Node 20 what `--import tsx` registers holds for the main thread only, so that a worker cannot
 * load a `.ts` file.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the options of a process, or NODE_OPTIONS, ask to be loaded first. */
function preloaded(): string[] {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return options.flatMap((option, i) => {
    const match = /^(?:--import|--loader|--experimental-loader|--require|-r)(?:=(.*))?$/.exec(option);
    return match === null ? [] : [match[1] ?? options[i + 1] ?? ''];
  });
}

/** Where tsx lies when this process runs under it: what its files and its name resolve against. */
function base_of_tsx(): string | undefined {
  for (const name of preloaded()) {
    const path = name.replaceAll('\\', '/');
    if (path === 'tsx' || path.startsWith('tsx/')) return join(process.cwd(), 'package.json');
    const folder = /^(.*\/tsx)\/dist\//.exec(path);
    if (folder !== null)
      return folder[1]!.startsWith('file:')
        ? `${folder[1]!}/package.json`
        : pathToFileURL(`${folder[1]!}/package.json`).href;
  }
  return undefined;
}

/** What of its package.json says where the files for programs are. */
interface TsxManifest {
  exports: Record<string, { import: { default: string } }>;
}

/** Lets this worker load what tsx compiles, when the process runs under it and Node does not do so by itself. */
export async function register_tsx(): Promise<void> {
  const base = base_of_tsx();
  if (base === undefined || Number.parseInt(process.versions.node, 10) >= 22) return;
  const require_there = createRequire(base);
  const path = require_there.resolve('tsx/package.json');
  const { exports } = require_there(path) as TsxManifest;
  // The files for ES modules: those that `require` gives register hooks at a path that is not there.
  for (const api of ['./cjs/api', './esm/api']) {
    const file = join(dirname(path), exports[api]!.import.default);
    const { register } = (await import(pathToFileURL(file).href)) as { register(): unknown };
    register();
  }
}
