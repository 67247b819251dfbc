/** What tests/runtimes/workers.mjs and loaders.mjs run in other threads. */
import * as torch from 'torch-node';
import { nn } from 'torch-node';

export class Squares extends torch.utils.data.Dataset {
  static module = import.meta.url;

  constructor(length) {
    super();
    this.length = length;
  }

  get(index) {
    return [torch.tensor(index * index), index];
  }
}

/** Random numbers, by which the seeds of workers can be compared. */
export class Noise extends torch.utils.data.Dataset {
  static module = import.meta.url;
  length = 5;

  get(index) {
    return [torch.rand(2), index];
  }
}

/** Numbers, of which each worker reads its part; the first one comes to its end before the others. */
export class Stream extends torch.utils.data.IterableDataset {
  static module = import.meta.url;

  constructor(n) {
    super();
    this.n = n;
  }

  *[Symbol.iterator]() {
    const { id, num_workers } = torch.utils.data.get_worker_info();
    for (let i = id; i < (id === 0 ? this.n / 2 : this.n); i += num_workers) yield i;
  }
}

/** Fails at its fourth item, in a way that it is told. */
export class Failing extends torch.utils.data.Dataset {
  static module = import.meta.url;
  length = 8;

  constructor(how) {
    super();
    this.how = how;
  }

  get(index) {
    if (index === 3) {
      if (this.how === 'throw') throw new TypeError('boom');
      if (this.how === 'exit') process.exit(3);
      if (this.how === 'be slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 12_000);
      if (this.how === 'throw later') setImmediate(() => undefined.missing);
    }
    return index;
  }
}

let started = -1;

export function note_start(worker_id) {
  started = worker_id;
}

export const with_start = (items) => [items, started];

export class Net extends nn.Module {
  constructor() {
    super();
    this.out = new nn.Linear(3, 2);
  }

  forward(x) {
    return this.out(x);
  }
}
