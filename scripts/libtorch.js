#!/usr/bin/env node
'use strict';
/**
 * Finds libtorch. Used at run time by lib/native.ts, when building by CMakeLists.txt, and on the command line:
 *
 *   node scripts/libtorch.js --explain      each place that was looked at, and why it was taken or refused
 *   node scripts/libtorch.js --print-root [--for-building]
 *   node scripts/libtorch.js --obtain       download libtorch into the user's cache folder
 *
 * A candidate is a folder with `lib/` (and `include/` when building): a libtorch zip or an installed Python `torch`.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

/** The libtorch release that is obtained, and the minor version that the addon is made for. */
const VERSION = '2.13.0';
const MINOR = process.env.TORCH_NODE_LIBTORCH_MINOR || VERSION.split('.').slice(0, 2).join('.');

const platform_package = `@torch-node/libtorch-${process.platform}-${process.arch}-cpu`;

/**
 * @typedef {{ root: string, version: string, lib_dir: string, include_dir: string | null, libraries: string[], source: string }} Libtorch
 * @typedef {{ candidate: string, source: string, reason: string }} Refusal
 */

/** @param {string} name */
function library_file(name) {
  if (process.platform === 'win32') return `${name}.dll`;
  return `lib${name}.${process.platform === 'darwin' ? 'dylib' : 'so'}`;
}

/** The user's cache folder for what torch-node downloads. */
function cache_folder() {
  const { env, platform } = process;
  const base =
    platform === 'win32' ? env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local')
    : env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME
    : platform === 'darwin' ? path.join(os.homedir(), 'Library', 'Caches')
    : path.join(os.homedir(), '.cache');
  return path.join(base, 'torch-node');
}

/** Where an obtained libtorch lies. */
function cached_root() {
  return path.join(cache_folder(), `libtorch-${VERSION}-cpu`);
}

/** @param {string} file */
function read_text(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** The version of a libtorch folder, from the files that the wheel or the zip carries. @param {string} root */
function version_of(root) {
  const python = read_text(path.join(root, 'version.py'));
  const from_python = python && /__version__\s*(?::\s*str\s*)?=\s*['"]([^'"]+)['"]/.exec(python);
  if (from_python) return from_python[1];
  const zip = read_text(path.join(root, 'build-version'));
  if (zip && zip.trim()) return zip.trim();
  const header = read_text(path.join(root, 'include', 'torch', 'headeronly', 'version.h')) ??
    read_text(path.join(root, 'include', 'torch', 'version.h'));
  const from_header = header && /#define\s+TORCH_VERSION\s+"?([0-9][^"\s]*)"?/.exec(header);
  return from_header ? from_header[1] : null;
}

const machines = {
  linux: { x64: 0x3e, arm64: 0xb7 },
  darwin: { x64: 0x01000007, arm64: 0x0100000c },
  win32: { x64: 0x8664, arm64: 0xaa64 },
};

/** What a library was made for: `linux-x64` and so on, or null when it is no library. @param {string} file */
function platform_of(file) {
  const head = Buffer.alloc(4096);
  const descriptor = fs.openSync(file, 'r');
  const length = fs.readSync(descriptor, head, 0, head.length, 0);
  fs.closeSync(descriptor);
  if (length < 64) return null;
  let system, machine;
  if (head.readUInt32BE(0) === 0x7f454c46) [system, machine] = ['linux', head.readUInt16LE(18)];
  else if (head.readUInt32LE(0) === 0xfeedfacf) [system, machine] = ['darwin', head.readUInt32LE(4)];
  else if (head.toString('latin1', 0, 2) === 'MZ') {
    const pe = head.readUInt32LE(60);
    if (pe + 6 > length) return null;
    [system, machine] = ['win32', head.readUInt16LE(pe + 4)];
  } else return null;
  const arch = Object.entries(machines[system]).find(([, code]) => code === machine);
  return `${system}-${arch ? arch[0] : `unknown machine 0x${machine.toString(16)}`}`;
}

/**
 * The libraries to open, in order. A CUDA build also has its own, which need the `nvidia-*` packages beside it.
 * @param {string} lib_dir
 */
function libraries_of(lib_dir) {
  const files = fs.readdirSync(lib_dir);
  const present = (/** @type {string} */ file) => files.includes(file);
  const openmp = files.filter((file) => /^lib(gomp|omp|iomp5)[-.].*(so|dylib)/.test(file) || file === 'libiomp5md.dll');
  const named = ['c10', 'torch_cpu', 'c10_cuda', 'torch_cuda', 'torch'].map(library_file).filter(present);
  const own = [...openmp, ...named].map((file) => path.join(lib_dir, file));
  return present(library_file('torch_cuda')) ? [...nvidia_libraries(lib_dir), ...own] : own;
}

/** The CUDA libraries of the `nvidia-*` Python packages, those that others need first. @param {string} lib_dir */
function nvidia_libraries(lib_dir) {
  const site = path.join(lib_dir, '..', '..', 'nvidia');
  if (process.platform !== 'linux' || !fs.existsSync(site)) return [];
  const order = ['cudart', 'nvrtc', 'nvJitLink', 'nvjitlink', 'cublasLt', 'cublas', 'cusparse', 'cusolver', 'cufft', 'curand',
    'cupti', 'nvToolsExt', 'nvtx', 'cudnn', 'cusparseLt', 'cufile', 'nccl', 'nvshmem'];
  /** @type {string[]} */
  const found = [];
  const walk = (/** @type {string} */ folder, /** @type {number} */ depth) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && depth < 3) walk(full, depth + 1);
      else if (path.basename(folder) === 'lib' && /^lib.+\.so(\.\d+)+$/.test(entry.name)) found.push(full);
    }
  };
  walk(site, 0);
  const rank = (/** @type {string} */ file) => {
    const name = path.basename(file).slice(3).split('.')[0];
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  return found.filter((file) => rank(file) < order.length).sort((a, b) => rank(a) - rank(b));
}

/**
 * Whether a folder is a libtorch that fits: the libtorch, or why not.
 * @param {string} root @param {string} source @param {boolean} for_building
 * @returns {Libtorch | string}
 */
function examine(root, source, for_building) {
  if (!fs.existsSync(root)) return 'the folder does not exist';
  const lib_dir = path.join(root, 'lib');
  if (!fs.existsSync(lib_dir)) return 'it has no lib/ folder';
  for (const name of ['c10', 'torch_cpu', 'torch']) {
    if (!fs.existsSync(path.join(lib_dir, library_file(name)))) return `lib/${library_file(name)} is missing`;
  }
  const made_for = platform_of(path.join(lib_dir, library_file('c10')));
  const wanted = `${process.platform}-${process.arch}`;
  if (made_for === null) return `lib/${library_file('c10')} is not a shared library (truncated?)`;
  if (made_for !== wanted) return `it is made for ${made_for}, this is ${wanted}`;
  const version = version_of(root);
  if (version === null) return 'its version cannot be read (no version.py, build-version or version.h)';
  if (!version.startsWith(`${MINOR}.`)) return `it is libtorch ${version}, torch-node needs ${MINOR}`;
  const include_dir = path.join(root, 'include');
  const headers = fs.existsSync(path.join(include_dir, 'ATen', 'ATen.h'));
  if (for_building && !headers) return 'it has no include/ folder, which building needs';
  return {
    root, version, lib_dir, include_dir: headers ? include_dir : null, libraries: libraries_of(lib_dir), source,
  };
}

/** The folder of an installed npm package that carries libtorch, or null. */
function package_root() {
  try {
    return path.dirname(require.resolve(`${platform_package}/package.json`));
  } catch {
    return null;
  }
}

/** The folder of `torch` in the active Python, without importing it, or null. */
function python_root() {
  const program = 'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")';
  const virtual = process.env.VIRTUAL_ENV;
  const pythons = [
    ...(virtual ? [path.join(virtual, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')] : []),
    'python3', 'python',
  ];
  for (const python of pythons) {
    const answer = spawnSync(python, ['-c', program], { encoding: 'utf8' });
    if (answer.status === 0) return answer.stdout.trim() || null;
  }
  return null;
}

/**
 * The places to look at, in order; each is only worked out when those before it are refused.
 * @returns {{ source: string, root: () => string | null, absent: string, where: string }[]}
 */
function candidates() {
  return [
    { source: 'TORCH_NODE_LIBTORCH', root: () => process.env.TORCH_NODE_LIBTORCH || null, absent: 'not set',
      where: 'the environment variable TORCH_NODE_LIBTORCH' },
    { source: 'platform package', root: package_root, absent: 'not installed', where: platform_package },
    { source: 'cache', root: cached_root, absent: '', where: cached_root() },
    { source: 'Python', root: python_root, absent: 'no Python with torch on the PATH', where: "the active Python's torch" },
  ];
}

/**
 * Looks at all places in order.
 * @param {{ for_building?: boolean, all?: boolean }} [options]
 * @returns {{ found: Libtorch | null, refused: Refusal[] }}
 */
function search({ for_building = false } = {}) {
  /** @type {Refusal[]} */
  const refused = [];
  for (const { source, root, absent, where } of candidates()) {
    const folder = root();
    if (folder === null) {
      refused.push({ candidate: where, source, reason: absent });
      continue;
    }
    const result = examine(folder, source, for_building);
    if (typeof result !== 'string') return { found: result, refused };
    refused.push({ candidate: folder, source, reason: result });
    // What somebody named is not silently replaced by something else.
    if (source === 'TORCH_NODE_LIBTORCH') break;
  }
  return { found: null, refused };
}

/** @param {Refusal[]} refused */
function advice(refused) {
  const given = refused.find(({ source, reason }) => source === 'TORCH_NODE_LIBTORCH' && reason !== 'not set');
  if (given) return 'Set TORCH_NODE_LIBTORCH to a folder that fits, or unset it.';
  return 'Run `node node_modules/torch-node/scripts/libtorch.js --obtain` to download it, install a Python torch ' +
    `${MINOR}.*, or set TORCH_NODE_LIBTORCH to a libtorch folder.`;
}

/**
 * The libtorch to use. Throws one Error that says where it was looked for, why each place was refused, and what to do.
 * @param {{ for_building?: boolean }} [options]
 * @returns {Libtorch}
 */
function find(options) {
  const { found, refused } = search(options);
  if (found) return found;
  const lines = refused.map(({ candidate, reason }) => `  - ${candidate}: ${reason}`);
  throw new Error(
    `torch-node: no usable libtorch ${MINOR} for ${process.platform}-${process.arch} was found. Looked at:\n` +
      `${lines.join('\n')}\n${advice(refused)}`,
  );
}

/** The text of --explain. @param {{ for_building?: boolean }} [options] */
function explain(options) {
  const { found, refused } = search(options);
  const lines = [`libtorch ${MINOR} for ${process.platform}-${process.arch}`];
  for (const { candidate, source, reason } of refused) lines.push(`refused  ${source}: ${candidate}: ${reason}`);
  if (found) {
    lines.push(`chosen   ${found.source}: ${found.root}: libtorch ${found.version}`);
    for (const library of found.libraries) lines.push(`         opens ${path.basename(library)}`);
  } else lines.push(`nothing was found. ${advice(refused)}`);
  return lines.join('\n');
}

module.exports = { VERSION, MINOR, cache_folder, cached_root, examine, explain, find, search };

const help = `Usage: node scripts/libtorch.js [--explain | --print-root | --obtain | --help] [--for-building]
  --explain       print each place where libtorch was looked for and why it was taken or refused
  --print-root    print the folder of the libtorch in use
  --for-building  ask for one with headers
  --obtain        download libtorch ${VERSION} into ${cached_root()}`;

async function main(/** @type {string[]} */ args) {
  const for_building = args.includes('--for-building');
  if (args.includes('--explain')) console.log(explain({ for_building }));
  else if (args.includes('--print-root')) console.log(find({ for_building }).root);
  else if (args.includes('--obtain')) console.log(await require('./obtain.js').obtain(cached_root()));
  else console.log(help);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
