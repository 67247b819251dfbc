#!/usr/bin/env node
'use strict';
/**
 * Training steps of whole models against Python's on the same libtorch, of four of them against C++ too: `npm run bench:models --
 * [NAME ...] [--sizes small,ordinary] [--threads 1,2] [--seconds S] [--rounds N]`. Each model runs with a small batch and an
 * ordinary one, in processes of its own as scripts do; the losses of the first three steps must be Python's, or the run ends
 * with status 1. Rounds alternate between the sides, which take the same count of steps, for at least the given time, so that
 * garbage is collected in it. Prints milliseconds a step by CPU time (user and system, of all threads) and by wall time,
 * medians of the rounds, and the peak memory of each side; then the geometric means of the ratios and the worst of them.
 */
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { median } = require('./median.js');
const { cpp_side, geometric_mean, start } = require('./sides.js');
const { models } = require('./models/models.js');
const { reference_python } = require('../scripts/dev/reference.js');

const SIZES = ['small', 'ordinary'];
/** The models of models.cpp. */
const IN_CPP = ['mlp', 'tutorial_lstm', 'cnn', 'gpt_nano'];

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: SIZES.join(',') },
    threads: { type: 'string', default: '1,2' },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean' },
  },
});
const chosen = names.length > 0 ? names : Object.keys(models);
const sizes = options.sizes.split(',');
const unknown = chosen.find((name) => !Object.hasOwn(models, name)) ?? sizes.find((size) => !SIZES.includes(size));
if (options.help || unknown !== undefined) {
  console.log(
    'usage: npm run bench:models -- [NAME ...] [--sizes small,ordinary] [--threads 1,2] [--seconds S] [--rounds N]',
  );
  console.log(`names: ${Object.keys(models).join(', ')}`);
  process.exit(options.help ? 0 : 2);
}

/** The processes of a model by side, ours first. */
function start_sides(name, size, threads) {
  const args = [name, size, threads];
  const python = [reference_python(), '-W', 'ignore', join(__dirname, 'models/side.py')];
  const commands = {
    ours: [process.execPath, '--no-warnings', join(__dirname, 'models/side.js')],
    Python: python,
    ...(IN_CPP.includes(name) && { 'C++': [cpp_side('models')] }),
  };
  const started = Object.entries(commands).map(([side, [command, ...first]]) => {
    return [side, start(command, [...first, ...args], threads)];
  });
  return new Map(started);
}

/** Throws unless all sides begin with the same losses, to the precision that Python prints. */
async function check_losses(sides) {
  const losses = new Map();
  for (const [side, { ask }] of sides) losses.set(side, await ask('losses 3'));
  const shown = [...losses].map(([side, values]) => `${side} ${values.join(' ')}`);
  const distinct = new Set([...losses.values()].map((values) => values.map((loss) => loss.toPrecision(4)).join()));
  if (distinct.size > 1) throw new Error(`the losses differ: ${shown.join('; ')}`);
}

/** How many steps take at least the given time on each side. The steps that find it out warm the sides up. */
async function count_steps(sides) {
  const seconds = Number(options.seconds);
  for (let count = 1; ; count *= 2) {
    const walls = [];
    for (const { ask } of sides.values()) walls.push((await ask(`time ${count}`))[1] / 1e9);
    const shortest = Math.min(...walls);
    if (shortest * count > seconds / 4) return Math.ceil(seconds / shortest);
  }
}

/** What a model takes by side, the medians of the rounds: nanoseconds of CPU and wall time a step, and MB. */
async function measure(name, size, threads) {
  const sides = start_sides(name, size, threads);
  try {
    await check_losses(sides);
    const count = await count_steps(sides);
    const rounds = new Map([...sides.keys()].map((side) => [side, []]));
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [side, { ask }] of sides) rounds.get(side).push(await ask(`time ${count}`));
    }
    const medians = [...rounds].map(([side, rows]) => {
      const [cpu, wall, memory] = [0, 1, 2].map((i) => median(rows.map((row) => row[i])));
      return [side, { cpu, wall, memory }];
    });
    return Object.fromEntries(medians);
  } finally {
    for (const { end } of sides.values()) end();
  }
}

/** Prints what a model took; returns its ratios. */
function report(name, { ours, Python: python, 'C++': in_cpp }) {
  const ms = (ns) => (ns / 1e6).toPrecision(4);
  const shown = (kind) => `${ms(ours[kind])} ${ms(python[kind])} ${(ours[kind] / python[kind]).toFixed(2)}`;
  const ratios = { cpu: ours.cpu / python.cpu, wall: ours.wall / python.wall };
  let line = `${name}: ${shown('cpu')}; ${shown('wall')}; ${ours.memory.toFixed(0)} ${python.memory.toFixed(0)}`;
  if (in_cpp !== undefined) {
    ratios.cpp_cpu = ours.cpu / in_cpp.cpu;
    ratios.cpp_wall = ours.wall / in_cpp.wall;
    line += `; C++ ${ms(in_cpp.cpu)} ${ratios.cpp_cpu.toFixed(2)}, ${ms(in_cpp.wall)} ${ratios.cpp_wall.toFixed(2)}`;
  }
  console.log(line);
  return ratios;
}

/** Measures the models of one size; returns a row of ratios for each. */
async function run(size, threads) {
  console.log(
    `# ${threads} threads, ${size}: CPU ms ours, Python, ratio; wall ms ours, Python, ratio; MB ours, Python`,
  );
  const rows = [];
  for (const name of chosen) {
    try {
      rows.push({ name, size, threads, ...report(name, await measure(name, size, threads)) });
    } catch (error) {
      console.log(`${name}: failed: ${error.message}`);
      process.exitCode = 1;
    }
  }
  const mean = (kind, of) => geometric_mean(of.map((row) => row[kind])).toFixed(3);
  if (rows.length > 0) console.log(`# geometric mean: CPU ${mean('cpu', rows)}, wall ${mean('wall', rows)}`);
  const beside = rows.filter((row) => row.cpp_cpu !== undefined);
  if (beside.length > 0) console.log(`# and to C++: CPU ${mean('cpp_cpu', beside)}, wall ${mean('cpp_wall', beside)}`);
  return rows;
}

async function main() {
  const rows = [];
  for (const threads of options.threads.split(',')) {
    for (const size of sizes) rows.push(...(await run(size, threads)));
  }
  const worst = rows.toSorted((a, b) => b.cpu - a.cpu).slice(0, 10);
  const shown = worst.map(({ name, size, threads, cpu }) => `${name} (${size}, ${threads}) ${cpu.toFixed(2)}`);
  console.log(`# worst by CPU time: ${shown.join(', ')}`);
}

void main();
