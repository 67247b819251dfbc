#!/usr/bin/env node
'use strict';
/**
 * Calls of all kinds against Python's on the same libtorch: `npm run bench:ops -- [NAME ...] [--seconds S] [--rounds N]
 * [--threads N]`. Each loop runs for the given time, so that it holds its garbage collections; rounds alternate between the
 * sides. Prints `name`, nanoseconds a call by CPU time (ours, Python's, ratio) and by wall time, medians of the rounds, and what
 * the same call takes in C++ where there is one, which is libtorch's own share; then the geometric means and the worst ten.
 */
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { median } = require('./median.js');
const { cpp_side, geometric_mean, start } = require('./sides.js');
const { cases } = require('./ops/cases.js');
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
    ['--no-warnings', join(__dirname, 'ops/side.js'), options.threads],
    options.threads,
  );
  const theirs = start(
    reference_python(),
    ['-W', 'ignore', join(__dirname, 'ops/side.py'), options.threads],
    options.threads,
  );
  theirs.send(JSON.stringify(cases));
  const program = cpp_side('ops');
  const in_cpp = new Set(execFileSync(program, ['names'], { encoding: 'utf8' }).trim().split('\n'));
  const cpp = start(program, [options.threads], options.threads);
  console.log(`# ${options.threads} threads, median of ${options.rounds} rounds of ${options.seconds} s`);
  console.log('# name: CPU ns ours, Python, ratio; wall ns ours, Python, ratio; CPU ns in C++, its ratio to Python');
  const rows = [];
  for (const [number, { name }] of cases.entries()) {
    if (names.length > 0 && !names.includes(name)) continue;
    const figures = [];
    for (let round = 0; round < Number(options.rounds); round++) {
      const line = `${number} ${options.seconds}`;
      const beside = in_cpp.has(name) ? await cpp.ask(`${options.seconds} ${name}`) : [];
      figures.push([...(await ours.ask(line)), ...(await theirs.ask(line)), ...beside]);
    }
    const [cpu, wall, their_cpu, their_wall, cpp_cpu] = figures[0].map((_, i) => median(figures.map((row) => row[i])));
    const row = { name, cpu: cpu / their_cpu, wall: wall / their_wall, cpp: cpp_cpu && cpp_cpu / their_cpu };
    rows.push(row);
    const shown = (a, b, ratio) => `${a.toFixed(0)} ${b.toFixed(0)} ${ratio.toFixed(2)}`;
    const beside = cpp_cpu === undefined ? '' : `; C++ ${cpp_cpu.toFixed(0)} ${row.cpp.toFixed(2)}`;
    console.log(`${name}: ${shown(cpu, their_cpu, row.cpu)}; ${shown(wall, their_wall, row.wall)}${beside}`);
  }
  ours.end();
  theirs.end();
  cpp.end();
  const means = ['cpu', 'wall'].map((kind) => geometric_mean(rows.map((row) => row[kind])).toFixed(3));
  console.log(`# geometric mean of ${rows.length}: CPU ${means[0]}, wall ${means[1]}`);
  const beside = rows.filter((row) => row.cpp !== undefined);
  const floor = beside.length > 0 && geometric_mean(beside.map((row) => row.cpp)).toFixed(3);
  if (floor) {
    const same = geometric_mean(beside.map((row) => row.cpu)).toFixed(3);
    console.log(`# of the ${beside.length} that C++ has: ours ${same}, C++ itself ${floor} of Python's CPU time`);
  }
  const worst = rows.toSorted((a, b) => b.cpu - a.cpu).slice(0, 10);
  console.log(`# worst by CPU time: ${worst.map(({ name, cpu }) => `${name} ${cpu.toFixed(2)}`).join(', ')}`);
}

void main();
