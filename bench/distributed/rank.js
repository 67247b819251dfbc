'use strict';
/** One process of bench/distributed.js: answers `all_reduce BYTES COUNT` and `ddp WIDTH COUNT` with seconds and seconds of the CPU, each by call. */
const { createInterface } = require('node:readline');
const torch = require('../../dist/index.js');

const { nn, optim, distributed: dist } = torch;
const [rank, size, port] = process.argv.slice(2).map(Number);
torch.set_num_threads(1);
dist.init_process_group('gloo', { init_method: `tcp://127.0.0.1:${port}`, rank, world_size: size });

/** @param {number} count @param {() => void} body */
function measured(count, body) {
  body();
  dist.barrier();
  const [began, used] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < count; i++) body();
  const { user, system } = process.cpuUsage(used);
  return [(performance.now() - began) / 1e3 / count, (user + system) / 1e6 / count];
}

/** @type {Record<string, (first: number, count: number) => number[]>} */
const answers = {
  all_reduce(bytes, count) {
    const x = torch.ones(bytes / 4);
    return measured(count, () => void dist.all_reduce(x, dist.ReduceOp.MAX));
  },
  ddp(width, count) {
    torch.manual_seed(0);
    const layers = () => new nn.Sequential(new nn.Linear(width, width), new nn.ReLU(), new nn.Linear(width, width));
    const model = new nn.parallel.DistributedDataParallel(layers());
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
    const x = torch.randn(32, width);
    return measured(count, () => {
      optimizer.zero_grad();
      model(x).square().mean().backward();
      optimizer.step();
    });
  },
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [name, first, count] = line.split(' ');
  console.log(answers[name](Number(first), Number(count)).join(' '));
});
lines.on('close', () => process.exit(0));
