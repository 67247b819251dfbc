'use strict';
/**
 * Finds libtorch. Used at run time by lib/_C/native.ts, by `npx torch-node`, when building by CMakeLists.txt, and on the
 * command line:
 *
 *   node scripts/install/libtorch.js --explain      each place that was looked at, and why it was taken or rejected
 *   node scripts/install/libtorch.js --print-root [--for-building]
 *
 * A candidate is a folder with `lib/` (and `include/` when building): a libtorch zip or an installed Python `torch`.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { OWN_MINOR, minor_of, minors } = require('./addon.js');
const { length_by_header } = require('./elf.js');
const { VERSION } = require('./release.js');

/** The minor version of libtorch that the addon is built for. */
const MINOR = process.env.TORCH_NODE_LIBTORCH_MINOR || OWN_MINOR;

/** The npm package that carries libtorch's libraries. @param {string} platform such as `linux-x64` */
const package_for = (platform) => `@torch-node/libtorch-${platform}-cpu`;
const platform_package = package_for(`${process.platform}-${process.arch}`);

/**
 * @typedef {{ root: string, version: string, lib_dir: string, include_dir: string | null, libraries: string[],
 *   source: string }} Libtorch
 * @typedef {{ candidate: string, source: string, reason: string }} Refusal
 */

/** @param {string} name @param {string} [system] */
function library_file(name, system = process.platform) {
  if (system === 'win32') return `${name}.dll`;
  return `lib${name}.${system === 'darwin' ? 'dylib' : 'so'}`;
}

/** The user's cache folder for what torch-node downloads. */
function cache_folder() {
  const { env, platform } = process;
  const base =
    platform === 'win32'
      ? env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local')
      : env.XDG_CACHE_HOME
        ? env.XDG_CACHE_HOME
        : platform === 'darwin'
          ? path.join(os.homedir(), 'Library', 'Caches')
          : path.join(os.homedir(), '.cache');
  return path.join(base, 'torch-node');
}

/**
 * Where an obtained libtorch lies. That of a CUDA build is the `torch` of a folder like Python's, with `nvidia` beside
 * it: its libraries find those of CUDA by this relation.
 * @param {string} [build] `cpu`, `cu130`, ... @param {string} [version]
 */
function cached_root(build = 'cpu', version = VERSION) {
  const folder = path.join(cache_folder(), `libtorch-${version}-${build}`);
  return build === 'cpu' ? folder : path.join(folder, 'torch');
}

/** The CUDA build in the cache, the newest if there are several, or null. */
function cached_cuda_root() {
  const cache = cache_folder();
  const names = fs.existsSync(cache) ? fs.readdirSync(cache) : [];
  const prefix = `libtorch-${VERSION}-`;
  const builds = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((build) => /^cu\d+$/.test(build));
  const newest = builds.sort((a, b) => Number(b.slice(2)) - Number(a.slice(2)))[0];
  return newest === undefined ? null : cached_root(newest);
}

/** What is in the cache of other releases than the package's own, the newest first, CUDA builds before those for the CPU. */
function cached_other_roots() {
  const cache = cache_folder();
  const names = fs.existsSync(cache) ? fs.readdirSync(cache) : [];
  const found = names.flatMap((name) => {
    const [, version, build] = /^libtorch-(\d+\.\d+\.\d+)-(cpu|cu\d+)$/.exec(name) ?? [];
    return version === undefined || version === VERSION ? [] : [{ version, build }];
  });
  const number = (/** @type {{ version: string, build: string }} */ { version, build }) =>
    version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0) +
    (build === 'cpu' ? 0 : Number(build.slice(2)) / 10_000);
  return found.sort((a, b) => number(b) - number(a)).map(({ version, build }) => cached_root(build, version));
}

/** The minor versions that will do: for building the one that is built for, else those that there is an addon for. */
function wanted_minors(/** @type {boolean} */ for_building) {
  if (for_building || process.env.TORCH_NODE_LIBTORCH_MINOR) return [MINOR];
  const found = minors();
  return found.length > 0 ? found : [MINOR];
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
  if (zip?.trim()) return zip.trim();
  const header =
    read_text(path.join(root, 'include', 'torch', 'headeronly', 'version.h')) ??
    read_text(path.join(root, 'include', 'torch', 'version.h'));
  const from_header = header && /#define\s+TORCH_VERSION\s+"?([0-9][^"\s]*)"?/.exec(header);
  return from_header ? from_header[1] : null;
}

const machines = {
  linux: { x64: 0x3e, arm64: 0xb7 },
  darwin: { x64: 0x01000007, arm64: 0x0100000c },
  win32: { x64: 0x8664, arm64: 0xaa64 },
};

/** What a library was made for: `linux-x64` and so on, or null for other files. @param {string} file */
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
  const named = ['c10', 'torch_cpu', 'c10_cuda', 'torch_cuda', 'torch']
    .map((name) => library_file(name))
    .filter(present);
  const own = [...openmp, ...named].map((file) => path.join(lib_dir, file));
  return present(library_file('torch_cuda')) ? [...nvidia_libraries(lib_dir), ...own] : own;
}

/** The CUDA libraries of the `nvidia-*` Python packages, those that others need first. @param {string} lib_dir */
function nvidia_libraries(lib_dir) {
  const site = path.join(lib_dir, '..', '..', 'nvidia');
  if (process.platform !== 'linux' || !fs.existsSync(site)) return [];
  const order = [
    'cudart',
    'nvrtc',
    'nvJitLink',
    'nvjitlink',
    'cublasLt',
    'cublas',
    'cusparse',
    'cusolver',
    'cufft',
    'curand',
    'cupti',
    'nvToolsExt',
    'nvtx',
    'cudnn',
    'cusparseLt',
    'cufile',
    'nccl',
    'nvshmem',
  ];
  /** @type {string[]} */
  const found = [];
  const walk = (/** @type {string} */ folder, /** @type {number} */ depth) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && depth < 3) walk(full, depth + 1);
      else if (path.basename(folder) === 'lib' && /^lib[^.]+\.so(\.\d+)+$/.test(entry.name)) found.push(full);
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

/** That a library is shorter than its own tables say (a copy that broke off), or null. @param {string} file */
function truncation(file) {
  const expected = length_by_header(file);
  const { size } = fs.statSync(file);
  return expected === null || size >= expected
    ? null
    : `lib/${path.basename(file)} is truncated: ${size} of ${expected} bytes are there`;
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
  const cut = ['c10', 'torch_cpu', 'torch'].map((name) => truncation(path.join(lib_dir, library_file(name))));
  const first_cut = cut.find((reason) => reason !== null);
  if (first_cut) return first_cut;
  const made_for = platform_of(path.join(lib_dir, library_file('c10')));
  const wanted = `${process.platform}-${process.arch}`;
  if (made_for === null) return `lib/${library_file('c10')} is not a shared library (truncated?)`;
  if (made_for !== wanted) return `it is made for ${made_for}, this is ${wanted}`;
  const version = version_of(root);
  if (version === null) return 'its version cannot be read (no version.py, build-version or version.h)';
  const wanted_versions = wanted_minors(for_building);
  if (!wanted_versions.includes(minor_of(version))) {
    return `it is libtorch ${version}, torch-node needs ${wanted_versions.join(' or ')}`;
  }
  const include_dir = path.join(root, 'include');
  const headers = fs.existsSync(path.join(include_dir, 'ATen', 'ATen.h'));
  if (for_building && !headers) return 'it has no include/ folder, which building needs';
  return {
    root,
    version,
    lib_dir,
    include_dir: headers ? include_dir : null,
    libraries: libraries_of(lib_dir),
    source,
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
  const program =
    'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")';
  const virtual = process.env.VIRTUAL_ENV;
  const pythons = [
    ...(virtual ? [path.join(virtual, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')] : []),
    'python3',
    'python',
  ];
  for (const python of pythons) {
    const answer = spawnSync(python, ['-c', program], { encoding: 'utf8' });
    if (answer.status === 0) return answer.stdout.trim() || null;
  }
  return null;
}

/**
 * The candidates, in order; each is only computed when those before it are rejected.
 * @returns {{ source: string, root: () => string | null, absent: string, where: string }[]}
 */
function candidates() {
  return [
    {
      source: 'TORCH_NODE_LIBTORCH',
      root: () => process.env.TORCH_NODE_LIBTORCH || null,
      absent: 'not set',
      where: 'the environment variable TORCH_NODE_LIBTORCH',
    },
    {
      source: 'cache (CUDA)',
      root: cached_cuda_root,
      absent: 'not there',
      where: path.join(cache_folder(), `libtorch-${VERSION}-cu*`),
    },
    { source: 'platform package', root: package_root, absent: 'not installed', where: platform_package },
    { source: 'cache', root: () => cached_root(), absent: '', where: cached_root() },
    ...cached_other_roots().map((root) => ({ source: 'cache', root: () => root, absent: '', where: root })),
    {
      source: 'Python',
      root: python_root,
      absent: 'no Python with torch on the PATH',
      where: "the active Python's torch",
    },
  ];
}

/**
 * Tries all candidates in order.
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
    // A libtorch that the user named is not silently replaced by another one.
    if (source === 'TORCH_NODE_LIBTORCH') break;
  }
  return { found: null, refused };
}

/** What to do when nothing fits. @param {Refusal[]} refused @param {string[]} wanted */
function advice(refused, wanted) {
  const given = refused.find(({ source, reason }) => source === 'TORCH_NODE_LIBTORCH' && reason !== 'not set');
  if (given) return 'Set TORCH_NODE_LIBTORCH to a folder that fits, or unset it.';
  return (
    'Run `npx torch-node install` to download it, or reinstall torch-node without leaving out optional ' +
    `dependencies, or install a Python torch ${wanted.join('.* or ')}.*, or set TORCH_NODE_LIBTORCH to a libtorch folder.`
  );
}

/**
 * The libtorch to use. Throws one Error that says where it was looked for, why each place was rejected, and what to do.
 * @param {{ for_building?: boolean }} [options]
 * @returns {Libtorch}
 */
function find({ for_building = false } = {}) {
  const { found, refused } = search({ for_building });
  if (found) return found;
  const wanted = wanted_minors(for_building);
  const lines = refused.map(({ candidate, reason }) => `  - ${candidate}: ${reason}`);
  throw new Error(
    `torch-node: no usable libtorch ${wanted.join(' or ')} for ${process.platform}-${process.arch} was found. ` +
      `Looked at:\n${lines.join('\n')}\n${advice(refused, wanted)}`,
  );
}

/** The text of --explain. @param {{ for_building?: boolean }} [options] */
function explain({ for_building = false } = {}) {
  const { found, refused } = search({ for_building });
  const wanted = wanted_minors(for_building);
  const lines = [`libtorch ${wanted.join(' or ')} for ${process.platform}-${process.arch}`];
  for (const { candidate, source, reason } of refused) lines.push(`rejected ${source}: ${candidate}: ${reason}`);
  if (found) {
    lines.push(`chosen   ${found.source}: ${found.root}: libtorch ${found.version}`);
    for (const library of found.libraries) lines.push(`         opens ${path.basename(library)}`);
  } else lines.push(`nothing was found. ${advice(refused, wanted)}`);
  return lines.join('\n');
}

module.exports = {
  MINOR,
  advice,
  cache_folder,
  cached_root,
  examine,
  explain,
  find,
  library_file,
  package_for,
  platform_of,
  search,
  version_of,
  wanted_minors,
};

const help = `Usage: node scripts/install/libtorch.js [--explain | --print-root | --help] [--for-building]
  --explain       print each place where libtorch was looked for and why it was taken or rejected
  --print-root    print the folder of the libtorch in use
  --for-building  ask for one with headers`;

function main(/** @type {string[]} */ args) {
  const for_building = args.includes('--for-building');
  if (args.includes('--explain')) console.log(explain({ for_building }));
  else if (args.includes('--print-root')) console.log(find({ for_building }).root);
  else console.log(help);
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
