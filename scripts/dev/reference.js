#!/usr/bin/env node
'use strict';
/**
 * Makes `.venv`: the Python whose PyTorch is the reference of the tests, with the versions that
 * tests/reference/requirements.txt and models.txt pin. Does nothing when it is up to date. `node scripts/dev/reference.js [--help]`
 */
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { release, take } = require('../install/lock.js');

const root = path.join(__dirname, '..', '..');
const venv = path.join(root, '.venv');
const requirements = path.join(root, 'tests', 'reference', 'requirements.txt');
const models = path.join(root, 'tests', 'reference', 'models.txt');
const python = path.join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error || result.status !== 0) {
    throw new Error(`the reference Python cannot be made: ${command} ${args.join(' ')} failed`);
  }
}

const stamp = path.join(venv, 'torch-node-requirements.sha256');
const lock = `${venv}.lock`;

function wanted() {
  const hash = crypto.createHash('sha256');
  for (const file of [requirements, models]) hash.update(fs.readFileSync(file));
  return hash.digest('hex');
}

function is_current() {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted();
}

/** Waits until no other process makes the environment; true when this one may. */
function take_lock() {
  const patience = Date.now() + 15 * 60_000;
  while (!is_current()) {
    if (take(lock)) return true;
    if (Date.now() > patience) throw new Error(`${lock} is held by another process; delete it if there is none`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  return false;
}

/** Makes the virtual environment unless it is there; returns its Python. */
function reference_python() {
  if (!take_lock()) return python;
  try {
    fs.rmSync(venv, { recursive: true, force: true });
    run('python3', ['-m', 'venv', venv]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
    run(python, [...install, requirements]);
    run(python, [...install, models, '--no-deps']);
    fs.writeFileSync(stamp, wanted());
    return python;
  } finally {
    release(lock);
  }
}

module.exports = { reference_python };

if (require.main === module) {
  if (process.argv.includes('--help')) console.log('Usage: node scripts/dev/reference.js');
  else console.log(reference_python());
}
