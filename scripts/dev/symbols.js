#!/usr/bin/env node
'use strict';
/**
 * Checks the addons of Linux: which symbol versions they need, what they link, that of the runtime they ask Node-API 9 alone, and what they
 * export; without files, all that are built. `node scripts/dev/symbols.js [--help] [FILE ...]`
 */
const path = require('node:path');
const { read_elf } = require('../install/elf.js');
const { LIMITS } = require('../install/limits.js');
const { compare_versions } = require('../install/requirements.js');
const { built_files, built_minors } = require('./prebuild.js');

const ENTRIES = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const LINKED = /^(lib(c10|torch_cpu|torch|c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so(\.\d+)?|ld-linux-.+)$/;
/** What only the addon for CUDA links. */
const LINKED_BY_CUDA = /^lib(c10_cuda|torch_cuda)\.so$/;

/** The functions of Node-API 9, which every runtime from Node 20.3 on has: Bun, Deno and Electron too. */
const { js_native_api_symbols, node_api_symbols } = require('node-api-headers').symbols.v9;
const NODE_API = new Set([...js_native_api_symbols, ...node_api_symbols]);

/** Whether a name is of the runtime but not of its Node-API: of a later version, or of V8, Node or libuv. @param {string} name */
function is_beyond_node_api(name) {
  if (/^(napi|node_api)_/.test(name)) return !NODE_API.has(name);
  return /^(_ZN?[KVRO]*(2v8|4node)|uv_)/.test(name);
}

/**
 * The newest symbol version that an addon needs, by the name of its version set, and its faults.
 * @param {string} file @returns {{ newest: Record<string, string>, faults: string[] }}
 */
function check(file) {
  const { needed, versions, exported, imported } = read_elf(file);
  /** @type {Record<string, string>} */
  const newest = {};
  const faults = [];
  for (const { library, version, symbols } of versions) {
    const [, set, number] = /^([A-Z]+)_(\d[\d.]*)$/.exec(version) ?? [];
    if (set === undefined || !(set in LIMITS)) {
      faults.push(`it needs ${version} of ${library}, which is not a known set`);
      continue;
    }
    if (!newest[set] || compare_versions(number, newest[set]) > 0) newest[set] = number;
    const limit = LIMITS[/** @type {keyof typeof LIMITS} */ (set)];
    if (compare_versions(number, limit) > 0) {
      faults.push(`${symbols.join(', ')} needs ${version}; the limit is ${set}_${limit}`);
    }
  }
  const for_cuda = path.basename(file).startsWith('torch_node_cuda');
  for (const library of needed) {
    if (!LINKED.test(library) && !(for_cuda && LINKED_BY_CUDA.test(library))) faults.push(`it links ${library}`);
  }
  if (!needed.includes('libstdc++.so.6')) faults.push('it does not link libstdc++.so.6: has it a copy inside?');
  for (const name of imported) if (is_beyond_node_api(name)) faults.push(`it asks the runtime for ${name}`);
  for (const name of exported) if (!ENTRIES.includes(name)) faults.push(`it exports ${name}`);
  return { newest, faults };
}

module.exports = { check };

function main(/** @type {string[]} */ files) {
  for (const file of files) {
    const { newest, faults } = check(file);
    const sets = Object.entries(newest)
      .map(([set, version]) => `${set}_${version}`)
      .join(', ');
    console.log(`${path.relative(process.cwd(), file)}: ${sets}`);
    for (const fault of faults) console.error(`  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

if (require.main === module) {
  const args = process.argv.slice(2);
  if (args.includes('--help')) console.log('Usage: node scripts/dev/symbols.js [FILE ...]');
  else if (args.length > 0) main(args);
  else main(built_minors().flatMap((minor) => built_files(minor).map(([file]) => file)));
}
