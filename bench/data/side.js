'use strict';
/**
 * Our side of data.js: `node side.js FOLDER WORKERS BATCH TRANSFORMS`, where TRANSFORMS is v1 or v2. Answers `check` with the means of the
 * first batches of an epoch, `epoch` with nanoseconds of CPU time, of all threads, and of wall time, and the count of samples; `empty N`
 * with microseconds a batch of N that need no reading.
 */
const { createInterface } = require('node:readline');
const torch = require('torch-node');
const { datasets, transforms } = require('torch-node/vision');
const { Ready } = require('../data_workers.js');

const { DataLoader } = torch.utils.data;
const [folder, workers, batch, kind] = process.argv.slice(2);
const num_workers = Number(workers);
const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

const pipelines = {
  v1: () => [
    new transforms.RandomResizedCrop(224),
    new transforms.RandomHorizontalFlip(),
    new transforms.ToTensor(),
    new transforms.Normalize(means, deviations),
  ],
  v2: () => [
    new transforms.v2.RandomResizedCrop(224),
    new transforms.v2.RandomHorizontalFlip(),
    new transforms.v2.ToImage(),
    new transforms.v2.ToDtype(torch.float32, { scale: true }),
    new transforms.v2.Normalize(means, deviations),
  ],
};

torch.set_num_threads(1);
const { Compose } = kind === 'v1' ? transforms : transforms.v2;
const dataset = new datasets.ImageFolder(folder, { transform: new Compose(pipelines[kind]()) });
const kept = { num_workers, persistent_workers: num_workers > 0 };
const loader = new DataLoader(dataset, { batch_size: Number(batch), shuffle: true, ...kept });

function check() {
  torch.manual_seed(1);
  const found = [];
  for (const [images] of loader) found.push(images.mean().item());
  return found.slice(0, 4);
}

function epoch() {
  const before = process.cpuUsage();
  const begin = process.hrtime.bigint();
  let samples = 0;
  for (const [images] of loader) samples += images.size(0);
  const wall = process.hrtime.bigint() - begin;
  const { user, system } = process.cpuUsage(before);
  return [(user + system) * 1000, Number(wall), samples];
}

function empty(count) {
  const ready = new DataLoader(new Ready(count), { batch_size: null, ...kept, prefetch_factor: 4 });
  for (const _ of ready);
  const begin = performance.now();
  for (const _ of ready);
  return [((performance.now() - begin) * 1000) / count];
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [what, count] = line.split(' ');
  const answer = what === 'check' ? check() : what === 'epoch' ? epoch() : empty(Number(count));
  console.log(answer.join(' '));
});
