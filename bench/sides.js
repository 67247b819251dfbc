'use strict';
/** The two sides of a comparison: processes that answer a line with a line of numbers. */
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

/** Starts a side on a number of threads. @param {string} command @param {string[]} args @param {string} threads */
function start(command, args, threads) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: threads },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    send: (/** @type {string} */ line) => child.stdin.write(`${line}\n`),
    async ask(/** @type {string} */ line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ended`);
      if (value.startsWith('failed')) throw new Error(`${command}: ${value}`);
      return value.split(' ').map(Number);
    },
    end: () => child.stdin.end(),
  };
}

const geometric_mean = (/** @type {number[]} */ ratios) =>
  Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

module.exports = { geometric_mean, start };
