#!/usr/bin/env node
'use strict';
/**
 * Collectives and steps of DistributedDataParallel on Gloo, here and in Python, in the same run: `npm run bench:distributed -- [NAME ...]
 * [--ranks N] [--rounds N]`. Prints `name ours_ms python_ms ratio cpu_ratio`: by the clock, and by the time of all CPUs. Each figure is the best
 * of the rounds, which alternate between the sides.
 */
const { createServer } = require('node:net');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { reference_python } = require('../scripts/dev/reference.js');
const { geometric_mean, start } = require('./sides.js');

const KiB = 1024;
/** Names, with what is asked and how many calls make a round. @type {Record<string, [what: string, count: number]>} */
const cases = {
  all_reduce_1KB: [`all_reduce ${KiB}`, 300],
  all_reduce_16KB: [`all_reduce ${16 * KiB}`, 300],
  all_reduce_256KB: [`all_reduce ${256 * KiB}`, 100],
  all_reduce_1MB: [`all_reduce ${KiB * KiB}`, 40],
  all_reduce_16MB: [`all_reduce ${16 * KiB * KiB}`, 6],
  all_reduce_64MB: [`all_reduce ${64 * KiB * KiB}`, 2],
  ddp_step_64: ['ddp 64', 200],
  ddp_step_1024: ['ddp 1024', 15],
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ranks: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
});
const unknown = positionals.find((name) => !Object.hasOwn(cases, name));
if (options.help || unknown) {
  console.log(
    `usage: npm run bench:distributed -- [NAME ...] [--ranks N] [--rounds N]\nnames: ${Object.keys(cases).join(' ')}`,
  );
  process.exit(options.help ? 0 : 2);
}

/** @returns {Promise<number>} */
const free_port = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** The processes of a side. @param {string} command @param {string} script */
async function group(command, script) {
  const [size, port] = [Number(options.ranks), await free_port()];
  return Array.from({ length: size }, (_, rank) =>
    start(command, [join(__dirname, 'distributed', script), ...[rank, size, port].map(String)], '1'),
  );
}

async function main() {
  process.env.GLOO_SOCKET_IFNAME ??= 'lo';
  const sides = [await group(process.execPath, 'rank.js'), await group(reference_python(), 'rank.py')];
  /** @type {number[]} */
  const ratios = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
    const [what, count] = cases[name];
    const best = sides.map(() => [Infinity, Infinity]);
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [i, side] of sides.entries()) {
        const answers = await Promise.all(side.map((rank) => rank.ask(`${what} ${count}`)));
        const wall = Math.max(...answers.map(([seconds]) => seconds));
        const cpu = answers.reduce((sum, [, seconds]) => sum + seconds, 0);
        best[i] = [Math.min(best[i][0], wall), Math.min(best[i][1], cpu)];
      }
    }
    const [[ours, our_cpu], [python, python_cpu]] = best;
    ratios.push(our_cpu / python_cpu);
    const figures = [(1e3 * ours).toFixed(3), (1e3 * python).toFixed(3), (ours / python).toFixed(2)];
    console.log([name, ...figures, (our_cpu / python_cpu).toFixed(2)].join(' '));
  }
  console.log(`geometric mean of cpu ratios ${geometric_mean(ratios).toFixed(2)}`);
  for (const side of sides) for (const rank of side) rank.end();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
