#!/usr/bin/env node
'use strict';
/**
 * Formats and checks the C++ sources, with .clang-format and .clang-tidy:
 * `node scripts/dev/lint_native.js [--format | --write] [FILES...]`. With --format, only compares the format; with --write,
 * formats; otherwise runs clang-tidy too, which is fetched on first use (150 MB) and takes some minutes.
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { configure } = require('../install/build.js');
const { reference_python } = require('./reference.js');

const CLANG_TIDY = '23.1.4';
const root = path.join(__dirname, '..', '..');

/** The C++ sources below a folder, without those of others. @param {string} folder @returns {string[]} */
function sources(folder) {
  return fs
    .readdirSync(path.join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'absent' ? [] : sources(file);
      return /\.(cpp|h)$/.test(entry.name) ? [file] : [];
    })
    .sort();
}

/** Runs a command in the root of the repository; whether it succeeded. @param {string} command @param {string[]} args */
function succeeds(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (result.error) throw result.error;
  return result.status === 0;
}

/** A program of a Python environment. @param {string} python @param {string} name */
function program(python, name) {
  return path.join(path.dirname(python), process.platform === 'win32' ? `${name}.exe` : name);
}

/** clang-tidy, in an environment of its own. @param {string} python */
function clang_tidy(python) {
  const environment = path.join(root, 'build', `clang-tidy-${CLANG_TIDY}`);
  const own = path.join(environment, process.platform === 'win32' ? 'Scripts' : 'bin', path.basename(python));
  if (!fs.existsSync(program(own, 'clang-tidy'))) {
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `clang-tidy==${CLANG_TIDY}`];
    if (!succeeds(python, ['-m', 'venv', environment]) || !succeeds(own, install)) {
      throw new Error(`torch-node: clang-tidy ${CLANG_TIDY} cannot be installed`);
    }
  }
  return program(own, 'clang-tidy');
}

/** @param {string[]} args */
function main(args) {
  const python = reference_python();
  const given = args.filter((arg) => !arg.startsWith('-'));
  const files = given.length > 0 ? given : [...sources('native'), ...sources('tests/native')];
  const how = args.includes('--write') ? ['-i'] : ['--dry-run', '-Werror'];
  let clean = succeeds(program(python, 'clang-format'), [...how, ...files]);
  if (!args.includes('--format') && !args.includes('--write')) {
    const folder = path.join(root, 'build', 'tidy');
    configure({ folder, definitions: ['CMAKE_DISABLE_PRECOMPILE_HEADERS=ON'] });
    // native/load is compiled for other systems, or by other rules.
    const checked = files.filter((file) => file.endsWith('.cpp') && /^native\/(?!load\/)/.test(file));
    for (const file of checked) clean = succeeds(clang_tidy(python), ['-p', folder, '--quiet', file]) && clean;
  }
  if (!clean) process.exitCode = 1;
}

if (process.argv.includes('--help')) {
  console.log('Usage: node scripts/dev/lint_native.js [--format | --write] [FILES...]');
} else {
  main(process.argv.slice(2));
}
