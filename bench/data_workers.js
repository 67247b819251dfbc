#!/usr/bin/env node
'use strict';
/**
 * What workers of a DataLoader cost and gain: `node bench/data_workers.js [--workers N] [--batches N]`. Prints `hand_over_us`, what a batch
 * of two tensors takes from a worker's hands to those of the loop (the best of 200 rounds, both ends in one thread); `waiting_us`, the
 * time of a batch that needs no reading, in a loop with workers; and `speedup`, of a dataset that computes, against the calling thread.
 */
const { parseArgs } = require('node:util');
const { join } = require('node:path');
const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads');

const torch = require(join(__dirname, '..'));

const { pack, unpack } = require('../dist/multiprocessing/parcel.js');
const { ReferenceTable } = require('../dist/multiprocessing/references.js');

const { DataLoader, Dataset } = torch.utils.data;

class Ready extends Dataset {
  constructor(length) {
    super();
    this.length = length;
    this.row = torch.ones(64, 10);
    this.label = torch.ones(64);
  }

  get() {
    return [this.row, this.label];
  }
}

class Computing extends Dataset {
  constructor(length) {
    super();
    this.length = length;
    this.image = torch.rand(3, 256, 256);
  }

  get(index) {
    let x = this.image;
    for (let i = 0; i < 8; i++) x = x.mul(1.01).sub_(0.01).clamp_(0, 1);
    return [x.flip(-1), index];
  }
}

exports.Ready = Ready;
exports.Computing = Computing;

/** Seconds of one loop over a loader whose workers run. */
function seconds(loader) {
  for (const _ of loader);
  const begun = performance.now();
  for (const _ of loader);
  return (performance.now() - begun) / 1000;
}

/** Microseconds in which a batch becomes a message, and the message a batch. */
function hand_over_time(batch) {
  const { port1, port2 } = new MessageChannel();
  const refuse = () => new Error('not of tensors alone');
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 200; round++) {
    const begun = performance.now();
    for (let i = 0; i < 50; i++) {
      port1.postMessage(pack(batch, 'batch', new ReferenceTable(), refuse));
      unpack(receiveMessageOnPort(port2).message);
    }
    best = Math.min(best, ((performance.now() - begun) / 50) * 1000);
  }
  port1.close();
  return best;
}

function main() {
  const { values } = parseArgs({
    options: { workers: { type: 'string', default: '2' }, batches: { type: 'string', default: '2000' } },
  });
  const num_workers = Number(values.workers);
  const batches = Number(values.batches);
  torch.set_num_threads(1);
  const with_workers = { num_workers, persistent_workers: true, prefetch_factor: 4 };

  const ready = new Ready(batches);
  console.log(`hand_over_us ${hand_over_time(ready.get()).toFixed(1)}`);
  const waited = seconds(new DataLoader(ready, { batch_size: null, ...with_workers }));
  console.log(`waiting_us ${((waited / batches) * 1e6).toFixed(1)}`);

  const computing = new Computing(Math.ceil(batches / 4));
  const alone = seconds(new DataLoader(computing, { batch_size: 8 }));
  const together = seconds(new DataLoader(computing, { batch_size: 8, ...with_workers }));
  console.log(`speedup ${(alone / together).toFixed(2)}`);
}

// Workers load this file for its classes.
if (require.main === module) main();
