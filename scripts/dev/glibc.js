#!/usr/bin/env node
'use strict';
/**
 * Installs the packed tarballs in the root of an old Debian, with nothing but Node beside them, and runs the doctor and
 * the programs of tests/runtimes/ there: `npm run test:glibc -- [SUITE]`. Needs Linux x64, root, debootstrap and tar.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { stage } = require('./prebuild.js');
const { RUNTIMES } = require('./runtimes.js');

const root = path.join(__dirname, '..', '..');

/** The oldest release that Debian's mirrors still serve. */
const SUITE = 'bullseye';

/** Runs a command; its output. @param {string} command @param {string[]} args @param {string} [cwd] */
function run(command, args, cwd = root) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) {
    const ended = result.error?.message ?? result.signal ?? result.status;
    throw new Error(`${command} ${args.join(' ')} ended with ${ended}:\n${result.stdout ?? ''}${result.stderr ?? ''}`);
  }
  return result.stdout;
}

/** The Debian of a suite, made unless it is there. @param {string} suite @param {string} folder */
function debian(suite, folder) {
  const target = path.join(folder, suite);
  if (fs.existsSync(path.join(target, 'complete'))) return target;
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  // Node is linked with libstdc++.
  run('debootstrap', ['--variant=minbase', '--include=libstdc++6', suite, target]);
  fs.writeFileSync(path.join(target, 'complete'), '');
  return target;
}

/** Puts Node's binary and the packages into a Debian, as an installation would. @param {string} target @param {string} folder */
function install(target, folder) {
  const packages = path.join(folder, 'packages');
  fs.rmSync(packages, { recursive: true, force: true });
  stage(path.join(folder, 'prebuilds', `${process.platform}-${process.arch}`));
  const pack = path.join(root, 'scripts', 'dev', 'package.js');
  run(process.execPath, [pack, '--out', packages, '--prebuilds', path.join(folder, 'prebuilds'), '--level', '1']);

  const node = path.join(folder, 'node');
  if (!fs.existsSync(path.join(node, 'node_modules', 'node20'))) {
    fs.mkdirSync(node, { recursive: true });
    fs.writeFileSync(path.join(node, 'package.json'), '{ "private": true }\n');
    const wanted = `node20@${RUNTIMES.get('node20')?.package}`;
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', wanted], node);
  }
  fs.copyFileSync(path.join(node, 'node_modules', 'node20', 'bin', 'node'), path.join(target, 'usr', 'bin', 'node'));
  fs.chmodSync(path.join(target, 'usr', 'bin', 'node'), 0o755);

  const app = path.join(target, 'app');
  fs.rmSync(app, { recursive: true, force: true });
  for (const tarball of fs.readdirSync(packages).filter((name) => name.endsWith('.tgz'))) {
    const scratch = path.join(app, 'unpacked');
    fs.mkdirSync(scratch, { recursive: true });
    run('tar', ['-xzf', path.join(packages, tarball), '-C', scratch]);
    const { name } = JSON.parse(fs.readFileSync(path.join(scratch, 'package', 'package.json'), 'utf8'));
    const place = path.join(app, 'node_modules', name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.renameSync(path.join(scratch, 'package'), place);
  }
  for (const file of fs.readdirSync(path.join(root, 'tests', 'runtimes'))) {
    if (file.endsWith('.mjs')) fs.copyFileSync(path.join(root, 'tests', 'runtimes', file), path.join(app, file));
  }
}

/** @param {string[]} args */
function main([suite = SUITE]) {
  if (suite === '--help') return console.log(`Usage: npm run test:glibc -- [SUITE, default ${SUITE}]`);
  // Not below the checkout, whose tools would walk through a whole system.
  const folder = path.join(os.tmpdir(), 'torch-node-glibc');
  const target = debian(suite, folder);
  install(target, folder);
  /** @param {string[]} args */
  const inside = (...args) => run('chroot', [target, '/usr/bin/env', '-i', 'PATH=/usr/bin:/bin', 'HOME=/tmp', ...args]);
  // Threads of Node read /proc, which a worker looks into for the flags of the process.
  const proc = path.join(target, 'proc');
  const mounted = spawnSync('mount', ['-t', 'proc', 'proc', proc]).status === 0;
  try {
    const version = inside('node', '-p', 'process.report.getReport().header.glibcVersionRuntime').trim();
    console.log(`${suite}: glibc ${version}`);
    console.log(inside('node', '/app/node_modules/torch-node/scripts/install/torch-node.js', 'doctor').trimEnd());
    let passed = 0;
    for (const program of ['core.mjs', 'workers.mjs', ...(mounted ? ['memory.mjs'] : [])]) {
      const { values } = JSON.parse(inside('node', `/app/${program}`, ...(program === 'core.mjs' ? ['/tmp'] : [])));
      passed += Object.keys(values).length;
    }
    console.log(`${passed} passed, 0 failed`);
  } finally {
    if (mounted) spawnSync('umount', [proc]);
  }
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(`test-glibc: ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}
