'use strict';
/** The two sides of a comparison: processes that answer a line with a line of numbers. */
const { spawn } = require('node:child_process');
const { existsSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { build } = require('../scripts/install/build.js');

/** The program of bench/NAME/NAME.cpp, built unless it is there and newer than its source. @param {string} name */
function cpp_side(name) {
  const program = join(__dirname, '..', 'build', 'Release', process.platform === 'win32' ? `${name}.exe` : name);
  const source = join(__dirname, name, `${name}.cpp`);
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(source).mtimeMs) build({ target: name });
  return program;
}

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

module.exports = { cpp_side, geometric_mean, start };
