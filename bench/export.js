#!/usr/bin/env node
'use strict';
/**
 * Programs of torch.export against Python's `ep.module()` and against eager code of both sides, in the same run: `npm run
 * bench:export -- [NAME ...] [--rounds N] [--calls N]`. Python exports the models with small batches, both sides load them, on one thread, and
 * must give the same outputs, or the run ends with status 1. Prints for each model and kind of call (forward pass without gradients; step: forward pass,
 * sum, backward pass) microseconds of CPU time, of all threads, medians of the rounds, which alternate between the sides; then the ratios, by
 * CPU time and by wall time; and at the end how long the event loop stood still while calls of `forward_async` ran.
 */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { reference_python } = require('../scripts/dev/reference.js');
const { median } = require('./median.js');
const { geometric_mean, start } = require('./sides.js');

const models = ['mlp', 'cnn', 'lstm', 'encoder'];
const kinds = ['forward', 'step'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    calls: { type: 'string', default: '200' },
    help: { type: 'boolean' },
  },
});
const unknown = positionals.find((name) => !models.includes(name));
if (options.help || unknown) {
  console.log(`usage: npm run bench:export -- [NAME ...] [--rounds N] [--calls N]\nnames: ${models.join(' ')}`);
  process.exit(options.help ? 0 : 2);
}

/** @typedef {ReturnType<typeof start>} Side */

/** Medians of `[cpu, wall]` of each side. @param {Side[]} sides @param {string} line */
async function measured(sides, line) {
  const rounds = sides.map(() => /** @type {number[][]} */ ([]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, side] of sides.entries()) rounds[i].push(await side.ask(line));
  }
  return rounds.map((rows) => [0, 1].map((at) => median(rows.map((row) => row[at])) / 1000));
}

/** @param {Side[]} sides @param {string} name */
async function check(sides, name) {
  const [ours, python] = await Promise.all(sides.map((side) => side.ask(`check ${name}`)));
  if (ours.length > 0 && ours.join() === python.join()) return;
  throw new Error(`${name}: the outputs differ: ours ${ours.join(' ')}; Python's ${python.join(' ')}`);
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-bench-'));
  const python = start(reference_python(), ['-W', 'ignore', join(__dirname, 'export', 'side.py'), folder], '1');
  try {
    await python.ask('write');
    const ours = start(process.execPath, [join(__dirname, 'export', 'side.js'), folder], '1');
    const sides = [ours, python];
    try {
      console.log(
        '# CPU time of a call in us: program, ours and Python; eager, ours and Python; ratios of programs by CPU and wall time',
      );
      /** @type {number[][]} */
      const ratios = kinds.map(() => []);
      for (const name of positionals.length > 0 ? positionals : models) {
        await check(sides, name);
        for (const [i, kind] of kinds.entries()) {
          const program = await measured(sides, `program ${kind} ${name} ${options.calls}`);
          const eager = await measured(sides, `eager ${kind} ${name} ${options.calls}`);
          const ratio = (/** @type {number} */ at) => program[0][at] / program[1][at];
          ratios[i].push(ratio(0));
          const times = [...program, ...eager].map(([cpu]) => cpu.toFixed(1));
          console.log([name, kind, ...times, ratio(0).toFixed(2), ratio(1).toFixed(2)].join(' '));
        }
      }
      for (const [i, kind] of kinds.entries()) {
        console.log(`${kind}: geometric mean by CPU time ${geometric_mean(ratios[i]).toFixed(2)}`);
      }
      const [call, busy, idle] = (await ours.ask('background 20')).map((/** @type {number} */ ms) => ms.toFixed(0));
      console.log(
        `forward_async: the event loop stood still for ${busy} ms at most in calls of ${call} ms, ${idle} without them`,
      );
    } finally {
      ours.end();
    }
  } finally {
    python.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
