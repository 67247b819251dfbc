'use strict';
/**
 * Downloads libtorch into the cache folder. It comes as the `torch` wheel (a wheel is a libtorch) from PyTorch's package
 * index, a CUDA build with the `nvidia-*` wheels that it asks for; the build for the CPU also through pip, where a
 * proxy or mirror is configured for that. Everything is unpacked into a temporary folder, which is renamed at the end.
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { download, sha256_of } = require('./download.js');
const { cache_folder, cached_root, examine } = require('./libtorch.js');
const { locked } = require('./lock.js');
const { VERSION } = require('./release.js');
const { requirements_of } = require('./requirements.js');
const { unzip } = require('./unzip.js');
const { find_wheel } = require('./wheels.js');

/** @param {string} build */
function indexes(build) {
  const named = process.env.TORCH_NODE_WHEEL_INDEX;
  return named ? [named] : [`https://download.pytorch.org/whl/${build}`, 'https://pypi.org/simple'];
}

/** What is kept of the wheel: libraries, headers, licenses. @param {string} name */
function part_of_libtorch(name) {
  if (/^torch\/(lib|include|share)\/|^torch\/version\.py$/.test(name)) return name.slice('torch/'.length);
  const [, license] = /\.dist-info\/(.*(?:LICEN[CS]E|NOTICE).*)$/.exec(name) ?? [];
  return license === undefined ? null : path.posix.join('licenses', license.replace(/^licenses\//, ''));
}

/** What is kept of a CUDA library's wheel. @param {string} file @param {string} name */
function part_of_cuda(file, name) {
  if (/^nvidia\/.+\.(so(\.\d+)*|dll)$/.test(name)) return name;
  const [, license] = /\.dist-info\/(.*(?:LICEN[CS]E|License|NOTICE).*)$/.exec(name) ?? [];
  return license === undefined ? null : path.posix.join('licenses', file.split('-')[0], path.posix.basename(license));
}

/** Where wheels lie until all of a build are there. */
const downloads = () => path.join(cache_folder(), 'downloads');

/** Fetches a wheel unless it is there, or continues what was fetched of it. @param {import('./wheels.js').Wheel} wheel */
async function fetch_wheel({ file, url, sha256 }) {
  fs.mkdirSync(downloads(), { recursive: true });
  const target = path.join(downloads(), file);
  if (fs.existsSync(target) && (await sha256_of(target)) === sha256) return target;
  console.error(`torch-node: ${file}`);
  await download(url, target, { sha256, progress: process.stderr.isTTY === true });
  return target;
}

/** @param {string} archive @param {string} work */
async function metadata_of(archive, work) {
  await unzip(archive, work, (name) => (/^[^/]+\.dist-info\/METADATA$/.test(name) ? 'METADATA' : null));
  return fs.readFileSync(path.join(work, 'METADATA'), 'utf8');
}

/**
 * The CUDA libraries that a wheel asks for, and those that they ask for. They are taken in the order of their distance from
 * the wheel: it and CUDA's own list name versions, the libraries among themselves often do not.
 * @param {string} metadata @param {string[]} from @param {string} work @param {string} target
 */
async function cuda_libraries(metadata, from, work, target) {
  const queue = requirements_of(metadata, []);
  /** @type {string[]} */
  const archives = [];
  const seen = new Set();
  for (const { name, extras, specifiers } of queue) {
    if (!/^(nvidia-|cuda-toolkit$)/.test(name) || seen.has(name)) continue;
    seen.add(name);
    const wheel = await find_wheel(from, name, specifiers);
    const archive = await fetch_wheel(wheel);
    await unzip(archive, target, (file) => part_of_cuda(wheel.file, file));
    queue.push(...requirements_of(await metadata_of(archive, work), extras));
    archives.push(archive);
  }
  return archives;
}

/** From the package index. @param {string} build @param {string} version @param {string} work @param {string} target */
async function from_index(build, version, work, target) {
  const from = indexes(build);
  // Only the first has this build: PyPI's torch is another one.
  const archive = await fetch_wheel(await find_wheel(from.slice(0, 1), 'torch', [`==${version}`]));
  const cuda = build !== 'cpu';
  await unzip(archive, cuda ? path.join(target, 'torch') : target, part_of_libtorch);
  const others = cuda ? await cuda_libraries(await metadata_of(archive, work), from, work, target) : [];
  // Not earlier: when one of many breaks off, the others need not be fetched again.
  for (const each of [archive, ...others]) fs.rmSync(each);
}

/** The wheel through pip, which checks it; throws with the reason when that does not work.
 * @param {string} version @param {string} work @param {string} target */
async function from_pip(version, work, target) {
  for (const python of ['python3', 'python']) {
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, `torch==${version}`];
    const { error, status, stderr } = spawnSync(python, args, { encoding: 'utf8' });
    if (error) continue;
    const wheel = fs.readdirSync(work).find((file) => file.endsWith('.whl'));
    if (status !== 0 || !wheel) throw new Error(`pip download torch==${version}: ${stderr.trim().split('\n').pop()}`);
    return unzip(path.join(work, wheel), target, part_of_libtorch);
  }
  throw new Error('there is no Python with pip');
}

/** @param {string} build @param {string} version @param {string} work @param {string} target */
async function from_anywhere(build, version, work, target) {
  const reasons = [];
  const ways = [() => from_index(build, version, work, target)];
  if (build === 'cpu' && process.env.TORCH_NODE_NO_PIP !== '1') ways.push(() => from_pip(version, work, target));
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      const reason = /** @type {Error} */ (error).message.replace(/^torch-node: /, '');
      reasons.push(`  - ${reason}`);
      fs.rmSync(target, { recursive: true, force: true });
    }
  }
  throw new Error(
    `torch-node: libtorch ${version} (${build}) cannot be obtained:\n${reasons.join('\n')}\nRun it again to continue a ` +
      'download that broke off. Behind a proxy or mirror, set TORCH_NODE_WHEEL_INDEX to a package index that has the ' +
      `torch wheel, or install a Python torch ${version} and have it on the PATH.`,
  );
}

/** Throws one Error that says what to do when the cache cannot be written to. Leaves nothing behind. */
function check_cache() {
  const folder = cache_folder();
  let existing = folder;
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  try {
    fs.rmdirSync(fs.mkdtempSync(path.join(existing, '.torch-node-')));
  } catch (error) {
    const variable = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME';
    const reason = /** @type {Error} */ (error).message;
    throw new Error(
      `torch-node: the cache folder ${folder} cannot be written to (${reason}). Make it writable, or set ${variable} to a ` +
        'folder that is.',
    );
  }
}

/**
 * Obtains a build of libtorch and returns its folder. Does nothing when it is there and whole.
 * @param {string} [build] `cpu`, `cu128`, `cu130` @param {string} [version]
 */
async function obtain(build = 'cpu', version = VERSION) {
  check_cache();
  fs.mkdirSync(cache_folder(), { recursive: true });
  const root = cached_root(build, version);
  const folder = build === 'cpu' ? root : path.dirname(root);
  return locked(`${folder}.lock`, async () => {
    if (typeof examine(root, 'cache', false) !== 'string') return root;
    const work = fs.mkdtempSync(path.join(cache_folder(), '.obtaining-'));
    try {
      const target = path.join(work, 'ready');
      await from_anywhere(build, version, work, target);
      if (fs.existsSync(folder)) fs.renameSync(folder, path.join(work, 'refused'));
      fs.renameSync(target, folder);
      return root;
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
  });
}

module.exports = { check_cache, obtain, part_of_libtorch };
