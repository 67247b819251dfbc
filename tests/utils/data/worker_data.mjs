// The datasets of tests/utils/data/workers.test.ts, which workers load; tests/reference/workers.py has them in Python.
import * as torch from 'torch-node';
import { random } from 'torch-node/python';
import { random as np_random } from 'torch-node/numpy';

const { Dataset, get_worker_info, IterableDataset } = torch.utils.data;

export class Noise extends Dataset {
  static module = import.meta.url;

  constructor(length) {
    super();
    this.length = length;
  }

  get(index) {
    return [torch.rand(2), index, random.random(), np_random.rand()];
  }
}

export class Shards extends IterableDataset {
  static module = import.meta.url;

  constructor(n) {
    super();
    this.n = n;
  }

  get length() {
    return this.n;
  }

  *[Symbol.iterator]() {
    const { id, num_workers } = get_worker_info();
    // The first worker comes to its end before the others.
    for (let i = id; i < (id === 0 ? Math.floor(this.n / 2) : this.n); i += num_workers) yield i;
  }

  toString() {
    return 'Shards';
  }
}

export class Failing extends Dataset {
  static module = import.meta.url;
  length = 8;

  constructor(how) {
    super();
    this.how = how;
  }

  get(index) {
    if (index === 3) fail(this.how);
    return index;
  }
}

const kept = [];

function fail(how) {
  if (how === 'throw') throw new TypeError('boom');
  if (how === 'throw a text') throw 'boom';
  if (how === 'exit') process.exit(3);
  if (how === 'be slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
  if (how === 'fill the memory') while (true) kept.push(new Array(1e6).fill(kept.length));
  if (how === 'throw later') setImmediate(() => undefined.missing);
}

/** A class that names no module. */
export class Point {
  constructor(x) {
    this.x = x;
  }

  double() {
    return 2 * this.x;
  }
}

/** Everything that a dataset may hold. */
export class Holder extends Dataset {
  length = 1;

  constructor(fields) {
    super();
    Object.assign(this, fields);
  }

  get() {
    return 0;
  }
}

/** What becomes of a {@link Holder} in a worker. */
export function described() {
  const { point, twin, self, transform, net, date, bytes, map, generator, rows, shared, tuple, dtype } =
    get_worker_info().dataset;
  shared.add_(1);
  return [
    [point.double(), point === twin, self === get_worker_info().dataset, point instanceof Point],
    [transform(torch.ones(1, 1, 2)), net(torch.ones(1, 2)).detach(), torch.rand(2, { generator })],
    [date.getTime(), bytes.toString('utf8'), map.get('a').double(), rows, tuple.length, String(dtype)],
  ];
}

let started = -1;

export function note_start(worker_id) {
  started = worker_id;
}

export const with_start = (items) => [items, started, String(get_worker_info().seed), get_worker_info().num_workers];

export function fail_at_start() {
  throw new RangeError('not today');
}
