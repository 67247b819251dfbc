#!/usr/bin/env node
'use strict';
/**
 * Builds with prebuildify and copies the addons to where lib/_C/native.ts looks for prebuilt ones:
 * `prebuilds/<platform>-<arch>/{loader.node,torch_node.libtorch-<minor>.node}`. With `--stage`, what `npm run
 * build:native` has built is copied, without building. `node scripts/dev/prebuild.js [--stage] [--help]`
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { build_folder, prebuilt_folder } = require('../install/addon.js');
const { MINOR } = require('../install/libtorch.js');

const root = path.join(__dirname, '..', '..');
const built = path.join(build_folder(MINOR), 'Release');
const names = { 'loader.node': 'loader.node', 'torch_node.node': `torch_node.libtorch-${MINOR}.node` };

/** Copies both addons; prebuildify runs this between building and what it does itself. @param {string} [folder] */
function stage(folder = prebuilt_folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, prebuilt] of Object.entries(names)) {
    fs.copyFileSync(path.join(built, name), path.join(folder, prebuilt));
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
  for (const [name, prebuilt] of Object.entries(names)) {
    const moved = path.join(built, name);
    if (!fs.existsSync(moved)) fs.copyFileSync(path.join(prebuilt_folder, prebuilt), moved);
  }
  for (const file of fs.readdirSync(prebuilt_folder)) {
    if (file.startsWith('taken')) fs.rmSync(path.join(prebuilt_folder, file));
  }
  console.log(`torch-node: the prebuilt addons are in ${path.relative(process.cwd(), prebuilt_folder)}`);
}

module.exports = { stage };

if (require.main === module) {
  if (process.argv.includes('--help')) console.log('Usage: node scripts/dev/prebuild.js [--stage]');
  else if (process.argv.includes('--stage')) stage();
  else prebuild();
}
