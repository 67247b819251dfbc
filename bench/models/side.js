'use strict';
/**
 * JavaScript's side of models.js: `node side.js MODEL SIZE THREADS` makes a model from the seed and reads lines, each a count of
 * steps to train it on. `losses COUNT` answers their losses, `time COUNT` answers CPU and wall nanoseconds a step and the peak
 * memory in MB.
 */
const { createInterface } = require('node:readline');
const torch = require('../../dist/index.cjs');
const { models } = require('./models.js');

const [name, size, threads] = process.argv.slice(2);
torch.set_num_threads(Number(threads));
torch.manual_seed(1);
const step = models[name](size === 'small');

function measure(count) {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  for (let i = 0; i < count; i++) step();
  const wall = Number(process.hrtime.bigint() - begin);
  const { user, system } = process.cpuUsage(cpu);
  return [((user + system) * 1000) / count, wall / count, process.resourceUsage().maxRSS / 1024];
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [what, count] = line.split(' ');
  const answer = what === 'losses' ? Array.from({ length: Number(count) }, step) : measure(Number(count));
  console.log(answer.join(' '));
});
