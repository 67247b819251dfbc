'use strict';
/** JavaScript's side of ../ops.js: reads `case seconds` a line, prints `CPU wall` in nanoseconds a call. */
const { createInterface } = require('node:readline');
const torch = require('../../dist/index.cjs');
const { cases } = require('./cases.js');

torch.set_num_threads(Number(process.argv[2]));
const PRELUDE = `
const { nn } = torch;
const F = nn.functional;
torch.manual_seed(1);
const [x, y, z, w] = [0, 1, 2, 3].map(() => torch.randn(4, 4));
const g = torch.randn(4, 4, { requires_grad: true });
const row = torch.randn(4);
const scalar = torch.tensor(1.5);
const mask = x.gt(0);
const classes = torch.tensor([0, 1, 2, 3]);
const places = torch.tensor([0, 2]);
const image = torch.randn(1, 1, 8, 8);
`;

/** The loop of a case, in a function of its own. */
function loop_of({ js, js_setup }) {
  const make = new Function(
    'torch',
    `${PRELUDE}${js_setup};\nreturn (n) => { for (let i = 0; i < n; i++) { ${js}; } };`,
  );
  return make(torch);
}

function measure(number, seconds) {
  const loop = loop_of(cases[number]);
  let count = 100;
  let took = 0;
  for (;;) {
    const begin = process.hrtime.bigint();
    loop(count);
    took = Number(process.hrtime.bigint() - begin) / 1e9;
    if (took > seconds / 10) break;
    count *= 2;
  }
  count = Math.ceil((count * seconds) / took);
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  loop(count);
  const wall = Number(process.hrtime.bigint() - begin);
  const { user, system } = process.cpuUsage(cpu);
  return [((user + system) * 1000) / count, wall / count];
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [number, seconds] = line.split(' ').map(Number);
  try {
    console.log(measure(number, seconds).join(' '));
  } catch (error) {
    console.log(`failed: ${String(error).split('\n')[0]}`);
  }
});
