'use strict';
/**
 * Brings libtorch into the cache folder: the `torch` wheel through pip (a wheel is a libtorch), else the official zip.
 * Everything happens in a temporary folder that is renamed at the end: several installations at once do no harm.
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { VERSION } = require('./libtorch.js');
const { download } = require('./download.js');

const MIRROR = process.env.TORCH_NODE_LIBTORCH_MIRROR || 'https://download.pytorch.org/libtorch';

/**
 * The official archives. `sha256` is null where PyTorch publishes none that we could check: then only the length that
 * the server states is verified, and the sum that was computed is printed.
 * @type {Record<string, { url: string, sha256: string | null }>}
 */
const archives = {
  'linux-x64': { url: `${MIRROR}/cpu/libtorch-shared-with-deps-${VERSION}%2Bcpu.zip`, sha256: null },
  'darwin-arm64': { url: `${MIRROR}/cpu/libtorch-macos-arm64-${VERSION}.zip`, sha256: null },
  'win32-x64': { url: `${MIRROR}/cpu/libtorch-win-shared-with-deps-${VERSION}%2Bcpu.zip`, sha256: null },
};

// What the package needs of a wheel: libraries, headers, the operator schemas that the generator reads.
const unpack_wheel = `
import sys, zipfile, pathlib, shutil
wheel, target = sys.argv[1], pathlib.Path(sys.argv[2])
keep = ("torch/lib/", "torch/include/", "torch/share/", "torch/version.py")
with zipfile.ZipFile(wheel) as archive:
    for info in archive.infolist():
        name = info.filename
        if name.startswith("torch/") and name.startswith(keep):
            out = target / name[len("torch/"):]
        elif ".dist-info/" in name and ("LICENSE" in name or "NOTICE" in name):
            out = target / "licenses" / pathlib.PurePosixPath(name).name
        else:
            continue
        if info.is_dir():
            continue
        out.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, open(out, "wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
`;

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) return { ok: false, text: String(result.error.message) };
  return { ok: result.status === 0, text: `${result.stdout}${result.stderr}`.trim() };
}

/** The wheel through pip; null with a reason when that does not work. @param {string} work @param {string} target */
function from_pip(work, target) {
  for (const python of ['python3', 'python']) {
    const pip = run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', work, `torch==${VERSION}`]);
    const wheel = pip.ok && fs.readdirSync(work).find((file) => file.endsWith('.whl'));
    if (!wheel) {
      if (pip.ok || !/ENOENT/.test(pip.text)) return `pip download torch==${VERSION}: ${pip.text.split('\n').pop()}`;
      continue;
    }
    const unpacked = run(python, ['-c', unpack_wheel, path.join(work, wheel), target]);
    return unpacked.ok ? null : `the wheel cannot be unpacked: ${unpacked.text}`;
  }
  return 'there is no Python with pip';
}

/** @param {string} archive @param {string} target */
function unzip(archive, target) {
  const attempts = [
    () => run('unzip', ['-q', archive, '-d', target]),
    () => run('python3', ['-m', 'zipfile', '-e', archive, target]),
    () => run('tar', ['-xf', archive, '-C', target]),
  ];
  const reasons = [];
  for (const attempt of attempts) {
    const result = attempt();
    if (result.ok) return;
    reasons.push(result.text);
  }
  throw new Error(`torch-node: ${archive} cannot be unpacked: ${reasons.join('; ')}`);
}

/** The official zip. @param {string} work @param {string} target @param {string} downloads */
async function from_zip(work, target, downloads) {
  const archive = archives[`${process.platform}-${process.arch}`];
  if (!archive) throw new Error(`torch-node: PyTorch publishes no libtorch for ${process.platform}-${process.arch}`);
  const sha256 = process.env.TORCH_NODE_LIBTORCH_SHA256 || archive.sha256;
  const file = path.join(downloads, decodeURIComponent(path.basename(archive.url)));
  const sum = await download(archive.url, file, { sha256, progress: process.stderr.isTTY === true });
  if (sha256 === null) console.error(`torch-node: no published checksum to compare with; sha256 is ${sum}`);
  unzip(file, work);
  fs.rmSync(file);
  fs.renameSync(path.join(work, 'libtorch'), target);
}

/**
 * Obtains libtorch and returns its folder. Does nothing when it is there.
 * @param {string} root where it shall lie @param {{ pip?: boolean }} [options]
 */
async function obtain(root, { pip = process.env.TORCH_NODE_NO_PIP !== '1' } = {}) {
  if (fs.existsSync(path.join(root, 'lib'))) return root;
  const parent = path.dirname(root);
  fs.mkdirSync(parent, { recursive: true });
  const work = fs.mkdtempSync(path.join(parent, '.obtaining-'));
  try {
    const target = path.join(work, 'ready');
    const reason = pip ? from_pip(work, target) : 'pip is switched off';
    if (reason !== null) {
      console.error(`torch-node: ${reason}; trying the official archive`);
      fs.rmSync(target, { recursive: true, force: true });
      await from_zip(work, target, parent);
    }
    try {
      fs.renameSync(target, root);
    } catch (error) {
      // another installation was faster
      if (!fs.existsSync(path.join(root, 'lib'))) throw error;
    }
    return root;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

module.exports = { archives, obtain };
