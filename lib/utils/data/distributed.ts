/** Parts of a dataset for programs that train together: `torch.utils.data.distributed`. */
import type { Tail } from '../../_internal/arguments.js';
import { signature } from '../../_internal/signature.js';
import { randperm } from '../../generated/functions.js';
import { Generator } from '../../random.js';
import { get_rank, get_world_size } from '../../distributed/process_group.js';
import { Sampler, type Sized } from './sampler.js';

/** The options of {@link DistributedSampler}. */
export interface DistributedSamplerOptions {
  /** The number of programs that read parts of the dataset. */
  num_replicas?: number | null;
  /** The number of this one among them, from 0. */
  rank?: number | null;
  /** Shuffle the indices, in another order in each epoch that {@link DistributedSampler.set_epoch} names. Default true. */
  shuffle?: boolean;
  /** The seed of the order, the same in all programs. Default 0. */
  seed?: number;
  /** Leave out what does not divide by `num_replicas`, instead of reading some items twice. Default false. */
  drop_last?: boolean;
}

const DISTRIBUTED_SAMPLER = signature<DistributedSamplerOptions & { dataset: Sized }>(
  'DistributedSampler',
  'dataset: Sized, num_replicas?: int|None, rank?: int|None, shuffle?: bool, seed?: int, drop_last?: bool',
);
const SET_EPOCH = signature<{ epoch: number }>('set_epoch', 'epoch: int');

/**
 * Samples the part of a dataset that one of several programs reads, such as one process of a group, or one of several
 * worker_threads that share a model. Mirrors `torch.utils.data.DistributedSampler`; the indices equal Python's.
 *
 * Indices are repeated from the start until all parts have the same length, or left out with `drop_last`. Call
 * `set_epoch(epoch)` before each epoch: otherwise the order is the same in all of them.
 *
 * @param dataset - the dataset, or anything with a `length`
 * @param num_replicas - the number of programs; default null, the processes of the default group
 * @param rank - the number of this program; default null, that of the process in the default group
 * @param shuffle - shuffle the indices; default true
 * @param seed - the seed of the order; default 0
 * @param drop_last - leave out the rest of the dataset; default false
 * @throws Error when `rank` is not between 0 and `num_replicas - 1`, or one of them is left out before
 *   `torch.distributed.init_process_group`
 * @example
 * ```ts
 * const sampler = new torch.utils.data.DistributedSampler(torch.arange(5), { num_replicas: 2, rank: 1 });
 * print(sampler.length, [...sampler]);
 * sampler.set_epoch(1);
 * print([...sampler]);
 * ```
 * ```python
 * sampler = torch.utils.data.DistributedSampler(torch.arange(5), num_replicas=2, rank=1)
 * print(len(sampler), list(sampler))
 * sampler.set_epoch(1)
 * print(list(sampler))
 * ```
 */
export class DistributedSampler extends Sampler {
  readonly dataset: Sized;
  readonly num_replicas: number;
  readonly rank: number;
  readonly drop_last: boolean;
  readonly num_samples: number;
  /** The length of all parts together. */
  readonly total_size: number;
  readonly shuffle: boolean;
  readonly seed: number;
  epoch = 0;

  constructor(
    dataset: Sized,
    ...options: Tail<
      [num_replicas: number | null, rank: number | null, shuffle: boolean, seed: number, drop_last: boolean],
      DistributedSamplerOptions
    >
  );
  constructor(options: DistributedSamplerOptions & { dataset: Sized });
  constructor(...args: unknown[]) {
    super();
    const { dataset, num_replicas, rank, shuffle = true, seed = 0, drop_last = false } = DISTRIBUTED_SAMPLER.read(args);
    this.dataset = dataset;
    this.num_replicas = num_replicas ?? get_world_size();
    this.rank = rank ?? get_rank();
    if (this.rank >= this.num_replicas || this.rank < 0) {
      throw new Error(`Invalid rank ${this.rank}, rank should be in the interval [0, ${this.num_replicas - 1}]`);
    }
    const { length } = dataset;
    this.num_samples = (drop_last ? Math.floor : Math.ceil)(length / this.num_replicas);
    this.total_size = this.num_samples * this.num_replicas;
    this.shuffle = shuffle;
    this.seed = seed;
    this.drop_last = drop_last;
  }

  get length(): number {
    return this.num_samples;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { length } = this.dataset;
    const generator = new Generator().manual_seed(this.seed + this.epoch);
    const order = this.shuffle ? (randperm(length, { generator }).tolist() as number[]) : null;
    for (let i = this.rank; i < this.total_size; i += this.num_replicas) {
      const index = i % length;
      yield order === null ? index : order[index]!;
    }
  }

  /** Sets the epoch, with which the order changes. */
  set_epoch(epoch: number): void;
  set_epoch(...args: unknown[]): void {
    this.epoch = SET_EPOCH.read(args).epoch;
  }
}
