#!/usr/bin/env node
'use strict';
/**
 * Builds with prebuildify and copies the addons to where lib/_C/native.ts looks for prebuilt ones:
 * `prebuilds/<platform>-<arch>/{loader.node,torch_node.libtorch-<minor>.node}`, and the addon for CUDA, where there is one, as
 * `torch_node_cuda.libtorch-<minor>.cu<major>.node`. With `--stage`, what `npm run build:native` has built is copied, without
 * building; with `--minors`, the addons of all minor versions of libtorch are built and copied.
 * `node scripts/dev/prebuild.js --help`
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');
const { build_folder, minor_of, OWN_MINOR, prebuilt_folder } = require('../install/addon.js');
const { cached_value } = require('../install/build.js');
const { MINOR, search, version_of } = require('../install/libtorch.js');
const { obtain } = require('../install/obtain.js');
const { RELEASES } = require('../install/release.js');

const root = path.join(__dirname, '..', '..');
const built = (/** @type {string} */ minor) => path.join(build_folder(minor), 'Release');

/** The major version of CUDA that a build folder's second addon was compiled for. @param {string} folder */
function cuda_major(folder) {
  const header = path.join(cached_value(folder, 'TORCH_NODE_HAS_cuda_runtime_api_h') ?? '', 'cuda_runtime_api.h');
  const version = /^#define\s+CUDART_VERSION\s+(\d+)/m.exec(fs.readFileSync(header, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${header} does not say which version of CUDA it is of`);
  return Math.floor(Number(version) / 1000);
}

/** What is built for a minor version, and its name among the prebuilt addons. @param {string} minor */
function built_files(minor) {
  const files = [[path.join(built(minor), 'torch_node.node'), `torch_node.libtorch-${minor}.node`]];
  const cuda = path.join(built(minor), 'torch_node_cuda.node');
  if (fs.existsSync(cuda))
    files.push([cuda, `torch_node_cuda.libtorch-${minor}.cu${cuda_major(build_folder(minor))}.node`]);
  // One opens all of them.
  if (minor === MINOR) files.push([path.join(built(minor), 'loader.node'), 'loader.node']);
  return files;
}

/** The minor versions that something is built for, the package's own first. */
function built_minors() {
  const others = [...RELEASES.keys()].filter((minor) => minor !== MINOR);
  return [MINOR, ...others.filter((minor) => fs.existsSync(path.join(built(minor), 'torch_node.node')))];
}

/** Copies the addons; prebuildify runs this between building and what it does itself. @param {string} [folder] @param {string[]} [minors] */
function stage(folder = prebuilt_folder, minors = [MINOR]) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, prebuilt] of minors.flatMap(built_files)) fs.copyFileSync(file, path.join(folder, prebuilt));
}

/** Builds for each minor version. @param {string[]} folders with libtorchs; what is not among them is obtained */
async function build_minors(folders) {
  for (const [minor, release] of RELEASES) {
    const own = minor === OWN_MINOR ? search({ for_building: true }).found?.root : undefined;
    const given = folders.find((folder) => minor_of(version_of(folder) ?? '') === minor);
    const libtorch = given === undefined ? (own ?? (await obtain('cpu', release))) : path.resolve(given);
    const env = { ...process.env, TORCH_NODE_LIBTORCH: libtorch, TORCH_NODE_LIBTORCH_MINOR: minor };
    const build = path.join(root, 'scripts', 'install', 'build.js');
    const { status } = spawnSync(process.execPath, [build], { cwd: root, env, stdio: 'inherit' });
    if (status !== 0) throw new Error(`torch-node: the addon for libtorch ${release} cannot be built (see above)`);
  }
}

function prebuild() {
  const prebuildify = path.join(path.dirname(require.resolve('prebuildify/package.json')), 'bin.js');
  // One Node-API build serves every Node.
  const args = [
    prebuildify,
    '--napi',
    '--strip=false',
    '--target',
    process.versions.node,
    '--name',
    'taken',
    '--postinstall',
    `"${process.execPath}" "${__filename}" --stage`,
  ];
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (result.error || result.status !== 0) throw new Error('torch-node: prebuildify failed (see above)');
  // prebuildify handles one addon per package, and has moved the first that it found.
  for (const file of fs.readdirSync(prebuilt_folder)) {
    const [, name, minor = MINOR] =
      /^(loader|torch_node|torch_node_cuda)(?:\.libtorch-(\d+\.\d+))?(?:\.cu\d+)?\.node$/.exec(file) ?? [];
    const moved = path.join(built(MINOR), `${name}.node`);
    if (name && minor === MINOR && !fs.existsSync(moved)) fs.copyFileSync(path.join(prebuilt_folder, file), moved);
  }
  for (const file of fs.readdirSync(prebuilt_folder)) {
    if (file.startsWith('taken')) fs.rmSync(path.join(prebuilt_folder, file));
  }
}

const usage = `Usage: node scripts/dev/prebuild.js [--stage] [--minors [--libtorch DIR]...]

  --stage         copy what is built, without building
  --minors        for all minor versions of libtorch (${[...RELEASES.keys()].join(', ')}); with --stage, for those that are built
  --libtorch DIR  build against this libtorch, where it is of one of these versions; others are obtained. Where it is a build
                  for CUDA and CUDA's headers are at hand, the addon for CUDA is built as well`;

async function main() {
  const { values } = parseArgs({
    options: {
      stage: { type: 'boolean' },
      minors: { type: 'boolean' },
      libtorch: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(usage);
  if (values.minors && !values.stage) await build_minors(values.libtorch);
  else if (!values.stage) prebuild();
  if (values.minors || values.stage) stage(prebuilt_folder, values.minors ? built_minors() : [MINOR]);
  console.log(`torch-node: the prebuilt addons are in ${path.relative(process.cwd(), prebuilt_folder)}`);
}

module.exports = { built_files, built_minors, stage };

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
