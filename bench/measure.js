'use strict';
/** One measurement of this package: node measure.js NAME THREADS FOLDER_OF_IDX_FILES. Prints a number; see run.js. */
const [, , name, threads, folder] = process.argv;

const start = performance.now();
const torch = require('torch-node');
const imported = performance.now() - start;

const { trainer } = require('./tutorial.js');

torch.set_num_threads(Number(threads));
torch.manual_seed(1);

/** Milliseconds a call, of the best round. */
function best_of(rounds, count, body) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    for (let i = 0; i < count; i++) body();
    best = Math.min(best, (performance.now() - begin) / count);
  }
  return best;
}

function binary(size, requires_grad, method) {
  const a = torch.ones(size, size, { requires_grad });
  const b = torch.ones(size, size);
  const call = torch[method];
  return best_of(10, 20000, () => call(a, b)) * 1e3;
}

function step() {
  const train = trainer();
  const x = torch.rand(64, 1, 28, 28);
  const y = torch.randint(0, 10, [64]);
  return best_of(10, 50, () => train(x, y));
}

function epoch() {
  const { datasets, transforms } = require('torch-node/vision');
  const { mkdtempSync, rmSync } = require('node:fs');
  const { join } = require('node:path');
  const root = mkdtempSync(join(require('node:os').tmpdir(), 'torch-node-bench-'));
  try {
    const data = new datasets.MNIST({ root, transform: new transforms.ToTensor(), download: true, mirrors: [folder] });
    const loader = new torch.utils.data.DataLoader(data, { batch_size: 64, shuffle: true });
    const train = trainer();
    const begin = performance.now();
    for (const [x, y] of loader) train(x, y);
    return (performance.now() - begin) / 1e3;
  } finally {
    rmSync(root, { recursive: true });
  }
}

const measurements = {
  import_ms: () => imported,
  add_us: () => binary(2, false, 'add'),
  add_grad_us: () => binary(2, true, 'add'),
  mm_us: () => binary(4, false, 'mm'),
  step_ms: step,
  epoch_s: epoch,
};
console.log(measurements[name]());
console.log(process.resourceUsage().maxRSS / 1024);
