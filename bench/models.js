#!/usr/bin/env node
'use strict';
/**
 * Training steps of whole models against Python's on the same libtorch: `npm run bench:models -- [NAME ...] [--seconds S]
 * [--rounds N] [--threads 1,2]`. Each model runs with a small batch and an ordinary one; the losses of the first three steps must be
 * Python's. Prints milliseconds a step by CPU time and by wall time, medians of rounds that alternate between the sides, each of
 * which runs for the given time; then the geometric means of the ratios and the worst of them.
 */
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { median } = require('./median.js');
const { geometric_mean, start } = require('./sides.js');
const { models } = require('./models/models.js');
const { reference_python } = require('../scripts/dev/reference.js');

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1,2' },
    help: { type: 'boolean' },
  },
});
const unknown = names.find((name) => !Object.hasOwn(models, name));
if (options.help || unknown !== undefined) {
  console.log('usage: npm run bench:models -- [NAME ...] [--seconds S] [--rounds N] [--threads 1,2]');
  console.log(`names: ${Object.keys(models).join(', ')}`);
  process.exit(options.help ? 0 : 2);
}

/** Throws unless both sides begin with the same losses, to the precision that Python prints. */
async function check_losses(ours, theirs, name, size) {
  const line = `losses ${name} ${size}`;
  const [mine, python] = [await ours.ask(line), await theirs.ask(line)];
  const equal = mine.every((loss, i) => loss.toPrecision(4) === python[i].toPrecision(4));
  if (!equal) throw new Error(`${name} (${size}): losses ${mine.join(' ')}, in Python ${python.join(' ')}`);
}

/** The medians of the rounds of one model. */
async function compare(ours, theirs, name, size) {
  await check_losses(ours, theirs, name, size);
  const figures = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const line = `time ${name} ${size} ${options.seconds}`;
    figures.push([...(await ours.ask(line)), ...(await theirs.ask(line))]);
  }
  return [0, 1, 2, 3, 4, 5].map((i) => median(figures.map((row) => row[i])));
}

async function run(threads) {
  const ours = start(process.execPath, ['--no-warnings', join(__dirname, 'models/side.js'), threads], threads);
  const theirs = start(reference_python(), ['-W', 'ignore', join(__dirname, 'models/side.py'), threads], threads);
  const rows = [];
  for (const size of ['small', 'ordinary']) {
    console.log(`# ${threads} threads, ${size}: CPU ms ours, Python, ratio; wall ms ours, Python, ratio`);
    for (const name of names.length > 0 ? names : Object.keys(models)) {
      const [cpu, wall, , their_cpu, their_wall] = await compare(ours, theirs, name, size);
      const shown = (a, b) => `${(a / 1e6).toFixed(2)} ${(b / 1e6).toFixed(2)} ${(a / b).toFixed(2)}`;
      rows.push({ name, size, threads, cpu: cpu / their_cpu, wall: wall / their_wall });
      console.log(`${name}: ${shown(cpu, their_cpu)}; ${shown(wall, their_wall)}`);
    }
    const here = rows.filter((row) => row.size === size);
    const [cpu, wall] = ['cpu', 'wall'].map((kind) => geometric_mean(here.map((row) => row[kind])).toFixed(3));
    console.log(`# geometric mean: CPU ${cpu}, wall ${wall}`);
  }
  ours.end();
  theirs.end();
  return rows;
}

async function main() {
  const rows = [];
  for (const threads of options.threads.split(',')) rows.push(...(await run(threads)));
  const worst = rows.toSorted((a, b) => b.wall - a.wall).slice(0, 10);
  const shown = worst.map(({ name, size, threads, wall }) => `${name} (${size}, ${threads}) ${wall.toFixed(2)}`);
  console.log(`# worst by wall time: ${shown.join(', ')}`);
}

void main();
