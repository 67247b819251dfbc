'use strict';
/**
 * JavaScript's side of models.js. Reads a line: `losses MODEL SIZE` answers the losses of the first three steps, `time MODEL
 * SIZE SECONDS` answers CPU and wall nanoseconds a step and the peak memory in MB.
 */
const { createInterface } = require('node:readline');
const torch = require('../../dist/index.cjs');
const { models } = require('./models.js');

torch.set_num_threads(Number(process.argv[2]));
const made = new Map();

/** The step of a model, made once. */
function step_of(name, size) {
  const key = `${name} ${size}`;
  if (!made.has(key)) {
    torch.manual_seed(1);
    made.set(key, models[name](size === 'small'));
  }
  return made.get(key);
}

function measure(step, seconds) {
  let count = 0;
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  let wall = 0;
  while (wall < seconds * 1e9) {
    step();
    count++;
    wall = Number(process.hrtime.bigint() - begin);
  }
  const { user, system } = process.cpuUsage(cpu);
  return [((user + system) * 1000) / count, wall / count, process.resourceUsage().maxRSS / 1024];
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [what, name, size, seconds] = line.split(' ');
  try {
    const step = step_of(name, size);
    const answer = what === 'losses' ? [step(), step(), step()] : measure(step, Number(seconds));
    console.log(answer.join(' '));
  } catch (error) {
    console.log(`failed: ${String(error).split('\n')[0]}`);
  }
});
