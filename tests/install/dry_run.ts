/**
 * A release without publishing: packs what is built, publishes it to a registry on this machine alone, installs it from there
 * as a user would, and runs the programs of tests/runtimes/ with it, the tutorial's first steps among them, on each runtime.
 * With `--minors` it packs the addons of all minor versions of libtorch that are built, and trains with each whose Python
 * `npm run test:minor` has made: `npm run release:dry -- [--minors] [--level N] [RUNTIME...]`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { start_registry } from './registry.js';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '..', '..');
const { built_minors, stage } = require('../../scripts/dev/prebuild.js') as {
  built_minors(): string[];
  stage(folder: string, minors: readonly string[]): void;
};
const { OWN_MINOR } = require('../../scripts/install/addon.js') as { OWN_MINOR: string };
const { libtorch_of } = require('../../scripts/dev/test_minor.js') as { libtorch_of(python: string): string };
const { addon_manifest, platform_manifest, platforms } = require('../../scripts/dev/package.js') as {
  addon_manifest(platform: string): object;
  platform_manifest(platform: string): object;
  platforms: object;
};
const here = `${process.platform}-${process.arch}`;

/** Runs a command and shows what it prints; throws where it fails. */
function run(
  command: string,
  args: readonly string[],
  { cwd = root, quiet = false, env = {} }: { cwd?: string; quiet?: boolean; env?: Record<string, string> } = {},
): void {
  const result = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${result.error?.message ?? result.signal ?? result.status}`,
    );
  }
}

/** An empty package, whose packages come from the registry. */
function empty_package(folder: string, url: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // The token only says who publishes; no one asks.
  const token = `${url.replace('http:', '')}:_authToken=none`;
  writeFileSync(join(folder, '.npmrc'), `registry=${url}\n${token}\ncache=${join(folder, '..', 'npm-cache')}\n`);
  return folder;
}

/** Publishes what was packed, and of the other platforms what a package manager reads: the descriptions. */
function publish(packages: string, publisher: string): void {
  const tarballs = readdirSync(packages).filter((name) => name.endsWith('.tgz'));
  for (const tarball of tarballs) {
    run('npm', ['publish', '--silent', join(packages, tarball)], { cwd: publisher, quiet: true });
  }
  for (const platform of Object.keys(platforms).filter((name) => name !== here)) {
    for (const manifest of [addon_manifest(platform), platform_manifest(platform)]) {
      const other = mkdtempSync(join(publisher, 'other-'));
      writeFileSync(join(other, 'package.json'), JSON.stringify(manifest));
      run('npm', ['publish', '--silent', other], { cwd: publisher, quiet: true });
    }
  }
}

/** That the installed package takes its addon and libtorch from the packages that were installed with it. */
function check_origin(target: string): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const result = spawnSync(join(target, 'node_modules', '.bin', 'torch-node'), ['which', '--json'], {
    encoding: 'utf8',
  });
  const which = JSON.parse(result.stdout) as { addon: string; libtorch: { source: string; version: string } };
  if (!which.addon.includes(join('@torch-node', `addon-${here}`)) || which.libtorch.source !== 'platform package') {
    throw new Error(`used is not what was installed:\n${result.stdout}`);
  }
  console.log(`torch-node ${version} is installed, with libtorch ${which.libtorch.version} from its packages`);
}

/** Opens the addon for CUDA of the installed package, for a question that needs no GPU. */
const with_cuda_addon =
  "const torch = require('torch-node'); console.log('addon for CUDA:', torch.__version__, torch.cuda.memory.get_allocator_backend())";

/** Trains with another minor version of libtorch, against its own Python, with the addon that was installed for it. */
function try_minor(target: string, minor: string): void {
  const python = join(root, `.venv-${minor}`, 'bin', 'python');
  if (!existsSync(python))
    return console.log(`libtorch ${minor} is not tried: npm run test:minor -- ${minor} makes it`);
  const libtorch = libtorch_of(python);
  const env = {
    TORCH_NODE_LIBTORCH: libtorch,
    TORCH_NODE_LIBTORCH_MINOR: minor,
    TORCH_NODE_TEST_PYTHON: python,
  };
  console.log(`libtorch ${minor}, ${libtorch}`);
  run(process.execPath, ['scripts/dev/runtimes.js', '--package', target, '--only', 'training', 'node22'], { env });
  const addons = readdirSync(join(target, 'node_modules', '@torch-node', `addon-${here}`));
  if (addons.some((name) => name.startsWith(`torch_node_cuda.libtorch-${minor}.`))) {
    run(process.execPath, ['-e', with_cuda_addon], { cwd: target, env });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { level: { type: 'string', default: '9' }, minors: { type: 'boolean', default: false } },
  });
  const minors = values.minors ? built_minors() : [OWN_MINOR];
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-release-'));
  try {
    const [packages, prebuilds] = [join(folder, 'packages'), join(folder, 'prebuilds')];
    stage(join(prebuilds, here), minors);
    const pack = ['scripts/dev/package.js', '--out', packages, '--prebuilds', prebuilds, '--level', values.level];
    run(process.execPath, pack);
    const target = join(folder, 'user');
    const registry = await start_registry(join(folder, 'registry'));
    try {
      publish(packages, empty_package(join(folder, 'publisher'), registry.url));
      empty_package(target, registry.url);
      run('npm', ['install', 'torch-node', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: target });
    } finally {
      await registry.stop();
    }
    check_origin(target);
    run(process.execPath, ['scripts/dev/runtimes.js', '--package', target, ...positionals]);
    for (const minor of minors.filter((each) => each !== OWN_MINOR)) try_minor(target, minor);
    console.log('the release would work');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(`release:dry: ${(error as Error).message}`);
  process.exitCode = 1;
});
