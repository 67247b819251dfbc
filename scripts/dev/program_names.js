#!/usr/bin/env node
'use strict';
/**
 * What share of the names that Python programs use is here: `node scripts/dev/program_names.js FOLDER...` parses the Python
 * files below each folder, counts the uses of names of torch, and looks each name up in the compiled package.
 */
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { lookup } = require('./name_lookup.js');
const { reference_python } = require('./reference.js');

/** @param {string} folder @param {Record<string, number>} uses @param {number} shown */
function report(folder, uses, shown) {
  const entries = Object.entries(uses);
  const missing = entries.filter(([name]) => !lookup(name)).sort(([, a], [, b]) => b - a);
  const sum = (/** @type {[string, number][]} */ list) => list.reduce((total, [, count]) => total + count, 0);
  const [all, absent] = [sum(entries), sum(missing)];
  const share = (100 * (all - absent)) / Math.max(all, 1);
  console.log(
    `${path.basename(folder)}  ${all - absent} of ${all} uses  ${share.toFixed(1)} %, ` +
      `${entries.length - missing.length} of ${entries.length} names`,
  );
  for (const [name, count] of missing.slice(0, shown)) console.log(`    ${String(count).padStart(5)}  ${name}`);
}

function main() {
  const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const shown = Number(process.argv.find((argument) => argument.startsWith('--missing='))?.slice(10) ?? 20);
  if (folders.length === 0) throw new Error('name one folder or more with Python programs');
  const script = path.join(__dirname, 'program_names.py');
  const { status, stdout } = spawnSync(reference_python(), ['-W', 'ignore', script, ...folders], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} failed`);
  for (const [folder, uses] of Object.entries(JSON.parse(stdout))) report(folder, uses, shown);
}

main();
