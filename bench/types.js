#!/usr/bin/env node
'use strict';
/**
 * What the package's declarations cost the TypeScript compiler: `npm run bench:types -- [--tsc FILE] [--rounds N]`. Prints
 * `name user_s` for an empty program and for one line that uses torch, each the median of the rounds, which alternate; and
 * `added_user_s`, the difference, which has a limit (exit status 1). `--tsc` is the bin/tsc of another TypeScript.
 */
const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { median } = require('./median.js');

const root = join(__dirname, '..');
/** In seconds of user time, with the compiler of this checkout. */
const LIMIT = 0.4;

const own_tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const programs = {
  empty: 'export {};\n',
  one_line: "import * as torch from 'torch-node'; torch.ones(2);\n",
};

const { values: options } = parseArgs({
  options: {
    tsc: { type: 'string', default: own_tsc },
    rounds: { type: 'string', default: '7' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log('usage: npm run bench:types -- [--tsc FILE] [--rounds N]');
  process.exit();
}

const settings = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext'];

/** The user time in seconds of one run of the compiler: the shell's `times` counts what it has waited for. */
function user_time(folder, file) {
  const command = ['-c', '"$@" && times', 'sh', process.execPath, options.tsc, ...settings, file];
  const { status, stdout, stderr } = spawnSync('sh', command, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file}: the compiler ended with ${status}:\n${stdout}${stderr}`);
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(stdout.trim().split('\n').at(-1));
  return 60 * Number(minutes) + Number(seconds);
}

const folder = mkdtempSync(join(tmpdir(), 'torch-node-types-'));
try {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'torch-node'), 'junction');
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, `${name}.mts`), text);
    user_time(folder, `${name}.mts`); // warms the file cache
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const name of Object.keys(programs)) times[name].push(user_time(folder, `${name}.mts`));
  }
  const added = median(times.one_line) - median(times.empty);
  for (const name of Object.keys(programs)) console.log(`${name}_user_s`, median(times[name]).toFixed(2));
  console.log('added_user_s', added.toFixed(2));
  if (options.tsc === own_tsc && added > LIMIT) {
    console.error(`added_user_s: over its limit of ${LIMIT}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
