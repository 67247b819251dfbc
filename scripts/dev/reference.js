#!/usr/bin/env node
'use strict';
/**
 * Makes `.venv`: the Python whose PyTorch is the reference of the tests, with the versions that
 * tests/reference/requirements.txt and models.txt pin. Does nothing when it is up to date. With another release of torch,
 * that of a minor version makes `.venv-2.14`. `node scripts/dev/reference.js [RELEASE] [--help]`
 */
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { minor_of } = require('../install/addon.js');
const { release, take } = require('../install/lock.js');

const root = path.join(__dirname, '..', '..');
const requirements = path.join(root, 'tests', 'reference', 'requirements.txt');
const models = path.join(root, 'tests', 'reference', 'models.txt');

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error || result.status !== 0) {
    throw new Error(`the reference Python cannot be made: ${command} ${args.join(' ')} failed`);
  }
}

/** What is installed with its dependencies. @param {string} [torch] another release than the pinned one */
function requirements_with(torch) {
  const text = fs.readFileSync(requirements, 'utf8');
  return torch === undefined ? text : text.replace(/^torch==.*$/m, `torch==${torch}`);
}

/** @param {string} [torch] */
function wanted(torch) {
  const hash = crypto.createHash('sha256');
  for (const content of [requirements_with(torch), fs.readFileSync(models)]) hash.update(content);
  return hash.digest('hex');
}

/** @param {string} venv @param {string} [torch] */
function is_current(venv, torch) {
  const stamp = path.join(venv, 'torch-node-requirements.sha256');
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted(torch);
}

/** Waits until no other process makes the environment; true when this one may. @param {string} venv @param {string} [torch] */
function take_lock(venv, torch) {
  const lock = `${venv}.lock`;
  const patience = Date.now() + 15 * 60_000;
  while (!is_current(venv, torch)) {
    if (take(lock)) return true;
    if (Date.now() > patience) throw new Error(`${lock} is held by another process; delete it if there is none`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  return false;
}

/**
 * Makes the virtual environment unless it is there; returns its Python. `TORCH_NODE_TEST_PYTHON` names one that somebody
 * else has made.
 * @param {string} [torch] another release of torch than the pinned one, such as `2.14.1`
 */
function reference_python(torch) {
  if (torch === undefined && process.env.TORCH_NODE_TEST_PYTHON) return process.env.TORCH_NODE_TEST_PYTHON;
  const venv = path.join(root, torch === undefined ? '.venv' : `.venv-${minor_of(torch)}`);
  const python = path.join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!take_lock(venv, torch)) return python;
  try {
    fs.rmSync(venv, { recursive: true, force: true });
    run('python3', ['-m', 'venv', venv]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
    const list = path.join(venv, 'requirements.txt');
    fs.writeFileSync(list, requirements_with(torch));
    run(python, [...install, list]);
    run(python, [...install, models, '--no-deps']);
    fs.writeFileSync(path.join(venv, 'torch-node-requirements.sha256'), wanted(torch));
    return python;
  } finally {
    release(`${venv}.lock`);
  }
}

module.exports = { reference_python };

if (require.main === module) {
  if (process.argv.includes('--help')) console.log('Usage: node scripts/dev/reference.js [RELEASE]');
  else console.log(reference_python(process.argv[2]));
}
