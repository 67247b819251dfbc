#!/usr/bin/env node
'use strict';
/**
 * Builds the addon with cmake-js from CMakeLists.txt: `node scripts/install/build.js [--debug] [--help]`, or `npx torch-node
 * build`. For another minor version of libtorch than the package's own, the build lies in a folder of its own below
 * build/.
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { build_folder } = require('./addon.js');
const { find, MINOR } = require('./libtorch.js');

const root = path.join(__dirname, '..', '..');

/** A value that CMake keeps of a build folder, or null. @param {string} folder @param {string} name */
function cached_value(folder, name) {
  const cache = path.join(folder, 'CMakeCache.txt');
  if (!fs.existsSync(cache)) return null;
  const lines = fs.readFileSync(cache, 'utf8').split('\n');
  const line = lines.find((each) => each.startsWith(`${name}:`));
  return line === undefined ? null : line.slice(line.indexOf('=') + 1);
}

/** Whether a build folder was configured for another libtorch. @param {string} libtorch @param {string} folder */
function is_stale(libtorch, folder) {
  const configured = fs.existsSync(path.join(folder, 'CMakeCache.txt'));
  return configured && cached_value(folder, 'TORCH_NODE_LIBTORCH') !== libtorch;
}

/** Only building needs these; they are not dependencies of the published package. */
function cmake_js() {
  try {
    for (const name of ['node-addon-api', 'node-api-headers']) require.resolve(`${name}/package.json`);
    return path.join(path.dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  } catch {
    throw new Error(
      'torch-node: building needs three packages more: ' +
        'run `npm install --no-save cmake-js@8 node-addon-api@8 node-api-headers@1` first',
    );
  }
}

/**
 * Runs cmake-js on a build folder for the libtorch that is found; throws when that fails.
 * @param {string} command @param {string} folder @param {string[]} definitions of CMake @param {string[]} [more] arguments
 */
function run_cmake_js(command, folder, definitions, more = []) {
  const libtorch = find({ for_building: true }).root;
  if (is_stale(libtorch, folder)) fs.rmSync(folder, { recursive: true });
  const defined = [`TORCH_NODE_LIBTORCH=${libtorch}`, ...definitions].map((definition) => `--CD${definition}`);
  const args = [cmake_js(), command, '--out', folder, ...defined, ...more];
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (result.error || result.status !== 0) {
    throw new Error(
      'torch-node: the native build failed; it needs CMake 3.20 or newer and a C++20 compiler (see above)',
    );
  }
}

/**
 * Writes the build files into a folder without building. @param {{ folder: string, definitions?: string[] }} options
 */
function configure({ folder, definitions = [] }) {
  run_cmake_js('configure', folder, definitions);
}

/**
 * Builds the addon, or another target of CMakeLists.txt; throws when that fails.
 * @param {{ debug?: boolean, target?: string, folder?: string, sanitize?: boolean }} [options]
 */
function build({ debug = false, target, folder = build_folder(MINOR), sanitize = false } = {}) {
  const more = ['--parallel', '2', ...(debug ? ['--debug'] : []), ...(target ? ['--target', target] : [])];
  run_cmake_js('compile', folder, sanitize ? ['TORCH_NODE_SANITIZE=ON'] : [], more);
}

module.exports = { build, cached_value, configure };

if (require.main === module) {
  if (process.argv.includes('--help')) console.log('Usage: node scripts/install/build.js [--debug]');
  else {
    try {
      build({ debug: process.argv.includes('--debug') });
    } catch (error) {
      console.error(/** @type {Error} */ (error).message);
      process.exitCode = 1;
    }
  }
}
