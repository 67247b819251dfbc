#!/usr/bin/env node
'use strict';
/**
 * Calls of all kinds against Python's on the same libtorch: `npm run bench:ops -- [NAME ...] [--seconds S] [--rounds N]
 * [--threads N]`. Each loop runs for the given time, so that it holds its garbage collections; rounds alternate between the
 * sides. Prints `name`, nanoseconds a call by CPU time (ours, Python's, ratio) and by wall time, medians of the rounds; then
 * the geometric means of the ratios and the worst ten.
 */
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { median } = require('./median.js');
const { geometric_mean, start } = require('./sides.js');
const { cases } = require('./ops_cases.js');
const { reference_python } = require('../scripts/dev/reference.js');

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
});
const unknown = names.find((name) => !cases.some((one) => one.name === name));
if (options.help || unknown !== undefined) {
  console.log('usage: npm run bench:ops -- [NAME ...] [--seconds S] [--rounds N] [--threads N]');
  console.log(`names: ${cases.map(({ name }) => name).join(', ')}`);
  process.exit(options.help ? 0 : 2);
}

async function main() {
  const ours = start(
    process.execPath,
    ['--no-warnings', join(__dirname, 'ops_side.js'), options.threads],
    options.threads,
  );
  const theirs = start(
    reference_python(),
    ['-W', 'ignore', join(__dirname, 'ops_side.py'), options.threads],
    options.threads,
  );
  theirs.send(JSON.stringify(cases));
  console.log(`# ${options.threads} threads, median of ${options.rounds} rounds of ${options.seconds} s`);
  console.log('# name: CPU ns ours, Python, ratio; wall ns ours, Python, ratio');
  const rows = [];
  for (const [number, { name }] of cases.entries()) {
    if (names.length > 0 && !names.includes(name)) continue;
    const figures = [];
    for (let round = 0; round < Number(options.rounds); round++) {
      const line = `${number} ${options.seconds}`;
      figures.push([...(await ours.ask(line)), ...(await theirs.ask(line))]);
    }
    const [cpu, wall, their_cpu, their_wall] = [0, 1, 2, 3].map((i) => median(figures.map((row) => row[i])));
    const row = { name, cpu: cpu / their_cpu, wall: wall / their_wall };
    rows.push(row);
    const shown = (a, b, ratio) => `${a.toFixed(0)} ${b.toFixed(0)} ${ratio.toFixed(2)}`;
    console.log(`${name}: ${shown(cpu, their_cpu, row.cpu)}; ${shown(wall, their_wall, row.wall)}`);
  }
  ours.end();
  theirs.end();
  const means = ['cpu', 'wall'].map((kind) => geometric_mean(rows.map((row) => row[kind])).toFixed(3));
  console.log(`# geometric mean of ${rows.length}: CPU ${means[0]}, wall ${means[1]}`);
  const worst = rows.toSorted((a, b) => b.cpu - a.cpu).slice(0, 10);
  console.log(`# worst by CPU time: ${worst.map(({ name, cpu }) => `${name} ${cpu.toFixed(2)}`).join(', ')}`);
}

void main();
