'use strict';
/**
 * Our side of export.js: `node side.js FOLDER`, where Python's side has written the programs. Answers `check MODEL` with sums of its outputs and
 * of the gradients, `program KIND MODEL COUNT` and `eager KIND MODEL COUNT` with nanoseconds of CPU time, of all threads, and of wall time a call, and
 * `background COUNT` with the milliseconds of a call and the longest pauses of the event loop in milliseconds, while COUNT of them run and in as long
 * a time without them.
 */
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const torch = require('../../dist/index.cjs');

const { nn } = torch;
const [folder] = process.argv.slice(2);
torch.set_num_threads(1);

class Classifier extends nn.Module {
  constructor() {
    super();
    this.lstm = new nn.LSTM(8, 16, { batch_first: true });
    this.fc = new nn.Linear(16, 4);
  }

  forward(x) {
    return this.fc(this.lstm(x)[0].select(1, -1));
  }
}

const eager = {
  mlp: () =>
    new nn.Sequential(new nn.Linear(16, 32), new nn.ReLU(), new nn.Linear(32, 32), new nn.ReLU(), new nn.Linear(32, 4)),
  cnn: () =>
    new nn.Sequential(
      ...[new nn.Conv2d(1, 4, 3), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.MaxPool2d(2)],
      ...[new nn.Flatten(), new nn.Linear(36, 4)],
    ),
  lstm: () => new Classifier(),
  encoder: () =>
    new nn.TransformerEncoder(
      new nn.TransformerEncoderLayer(16, 2, { dim_feedforward: 32, dropout: 0, batch_first: true }),
      2,
      { enable_nested_tensor: false },
    ),
};

const loaded = new Map();

/** The program, the module in plain code with its weights, and the input. */
function sides_of(name) {
  let found = loaded.get(name);
  if (found === undefined) {
    const program = torch.export.load(join(folder, `${name}.pt2`));
    const module = program.module();
    const [[x]] = program.example_inputs;
    // In training mode, as the program was exported: without the fused inference of Transformers.
    const plain = eager[name]?.();
    plain?.load_state_dict(module.state_dict());
    found = { program: module, eager: plain, x };
    loaded.set(name, found);
  }
  return found;
}

function call(module, x, kind) {
  if (kind === 'step') {
    module.zero_grad();
    module(x).sum().backward();
  } else torch.no_grad(() => module(x));
}

function check(name) {
  const { program, x } = sides_of(name);
  const output = program(x);
  program.zero_grad();
  output.sum().backward();
  return [output.sum().item(), ...Array.from(program.parameters(), (parameter) => parameter.grad.sum().item())];
}

function measure(what, kind, name, count) {
  const { [what]: module, x } = sides_of(name);
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  for (let i = 0; i < count; i++) call(module, x, kind);
  const wall = Number(process.hrtime.bigint() - begin);
  const { user, system } = process.cpuUsage(cpu);
  return [((user + system) * 1000) / count, wall / count];
}

/** The longest pause of the event loop while something is awaited. */
async function pause_while(run) {
  let [longest, last, runs] = [0, performance.now(), true];
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (runs) setImmediate(tick);
  };
  setImmediate(tick);
  await run();
  runs = false;
  return longest;
}

async function background(count) {
  const { program, x } = sides_of('large');
  program(x);
  const begin = performance.now();
  const busy = await pause_while(async () => {
    for (let i = 0; i < count; i++) await program.forward_async(x);
  });
  const taken = performance.now() - begin;
  const idle = await pause_while(() => new Promise((resolve) => setTimeout(resolve, taken)));
  return [taken / count, busy, idle];
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [what, ...rest] = line.split(' ');
  let answer;
  if (what === 'check') answer = check(rest[0]);
  else if (what === 'background') answer = await background(Number(rest[0]));
  else answer = measure(what, rest[0], rest[1], Number(rest[2]));
  console.log(answer.join(' '));
});
