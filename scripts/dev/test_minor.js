#!/usr/bin/env node
'use strict';
/**
 * Runs the tests on another minor version of libtorch than the package's own, compared with that version's Python:
 * `npm run test:minor -- MINOR [ARGUMENTS OF VITEST...]`. Makes `.venv-MINOR` with the wheel that pip finds (on Linux x64 a
 * CUDA build, some 5 GB), builds the addon into build/libtorch-MINOR, and fails when a test fails that
 * tests/minors/differences.json does not name, or when one that it names passes.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { RELEASES: releases, VERSION } = require('../install/release.js');
const { reference_python } = require('./reference.js');

const root = path.join(__dirname, '..', '..');

/** The release of each minor version that is tested. */
const RELEASES = new Map([...releases].filter(([, release]) => release !== VERSION));

const usage = `Usage: npm run test:minor -- MINOR [ARGUMENTS OF VITEST...], of ${[...RELEASES.keys()].join(', ')}`;

/** The folder of a Python's torch. @param {string} python */
function libtorch_of(python) {
  const program = 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])';
  const { status, stdout, stderr } = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} has no torch: ${stderr}`);
  return fs.realpathSync(stdout.trim());
}

/** @param {string[]} args */
function main([minor, ...rest]) {
  if (minor === undefined || minor === '--help') return console.log(usage);
  const release = RELEASES.get(minor);
  if (release === undefined) throw new Error(`'${minor}' is not a minor version that is tested. ${usage}`);
  const python = reference_python(release);
  const libtorch = { TORCH_NODE_LIBTORCH: libtorch_of(python), TORCH_NODE_LIBTORCH_MINOR: minor };
  const env = { ...process.env, ...libtorch, TORCH_NODE_TEST_PYTHON: python };

  const build = spawnSync(process.execPath, [path.join(root, 'scripts', 'install', 'build.js')], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error(`the addon for libtorch ${release} cannot be built (see above)`);

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-minor-'));
  try {
    const verdict = path.join(scratch, 'verdict.json');
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const run = spawnSync(process.execPath, [vitest, 'run', '--config', 'vitest.minors.config.mts', ...rest], {
      cwd: root,
      env: { ...env, TORCH_NODE_TEST_VERDICT: verdict },
      stdio: 'inherit',
    });
    // vitest itself fails with each test that fails, a named one too.
    const as_expected = fs.existsSync(verdict) && JSON.parse(fs.readFileSync(verdict, 'utf8')).as_expected;
    if (run.signal !== null || as_expected !== true) process.exitCode = 1;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

module.exports = { RELEASES, libtorch_of };

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(`test-minor: ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}
