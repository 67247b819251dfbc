import * as cuda from '../../cuda/index.js';
import { kind_of } from '../../nn/representation.js';
import { warn } from '../../nn/warnings.js';
import { is_plain_object } from '../../plain_object.js';
import type { Generator } from '../../random.js';
import { Tensor } from '../../tensor.js';
import { default_collate, default_convert, type Collated } from './collate.js';
import { IterableDataset, item_of, type Items, type MapDataset } from './dataset.js';
import { BatchSampler, draw_seed, length_of, RandomSampler, SequentialSampler } from './sampler.js';

/** How a {@link DataLoader} reads. */
export interface DataLoaderOptions<T, B = Collated<T>> {
  /** Items a batch. Default 1; null gives the items themselves, without a batch dimension. */
  batch_size?: number | null;
  /** Another random order in each epoch. Default false. */
  shuffle?: boolean;
  /** The numbers of the items, in order; in place of `shuffle`. */
  sampler?: Iterable<number> | null;
  /** The numbers of the items of each batch; in place of `batch_size`, `shuffle`, `sampler` and `drop_last`. */
  batch_sampler?: Iterable<readonly number[]> | null;
  /** Must be 0: batches are made in the thread that asks for them. */
  num_workers?: number;
  /** Joins the items of a batch; `default_collate` when left out. */
  collate_fn?: ((batch: T[]) => B) | null;
  /** Put batches into page-locked memory where there is CUDA. Default false. */
  pin_memory?: boolean;
  /** Leave out a last batch that is not full. Default false. */
  drop_last?: boolean;
  /** Draws the order; the default generator when left out. */
  generator?: Generator | null;
}

const known_options = new Set([
  'batch_size', 'shuffle', 'sampler', 'batch_sampler', 'num_workers', 'collate_fn', 'pin_memory', 'drop_last', 'generator',
]);

function pin<B>(batch: B): B;
function pin(batch: unknown): unknown {
  if (batch instanceof Tensor) return batch.pin_memory();
  if (Array.isArray(batch)) return batch.map(pin);
  if (!is_plain_object(batch)) return batch;
  return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, pin(value)]));
}

function check<T, B>(options: DataLoaderOptions<T, B>, iterable: boolean): void {
  for (const name in options) {
    if (!known_options.has(name)) throw new TypeError(`DataLoader() got an unexpected keyword argument '${name}'`);
  }
  const { batch_size = 1, shuffle = false, sampler, batch_sampler, drop_last = false, num_workers = 0 } = options;
  if (num_workers !== 0) {
    throw new Error(
      `DataLoader(): num_workers must be 0, not ${String(num_workers)}: batches are made in the thread that asks for them`,
    );
  }
  if (iterable) {
    for (const [name, given] of [['shuffle', shuffle], ['sampler', sampler], ['batch_sampler', batch_sampler]] as const) {
      if (given) throw new Error(`DataLoader with IterableDataset: expected unspecified ${name} option`);
    }
  }
  if (sampler && shuffle) throw new Error('sampler option is mutually exclusive with shuffle');
  if (batch_sampler && (batch_size !== 1 || shuffle || sampler || drop_last)) {
    throw new Error('batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last');
  }
  if (batch_size === null && drop_last) {
    throw new Error('batch_size=null option disables auto-batching and is mutually exclusive with drop_last');
  }
}

function* forever(): Generator_<number> {
  while (true) yield 0;
}
type Generator_<T> = globalThis.Generator<T, void, undefined>;

/**
 * Batches of a dataset, anew in each `for` loop. Mirrors `torch.utils.data.DataLoader`: for the same seed the batches
 * are Python's, and so are the random numbers drawn afterwards.
 *
 * `T` is the type of an item and `B` that of a batch.
 *
 * @example
 * ```ts
 * const loader = new DataLoader(train_data, { batch_size: 64, shuffle: true });
 * for (const [x, y] of loader) { ... }
 * ```
 */
export class DataLoader<T, B = Collated<T>> implements Iterable<B> {
  readonly dataset: Items<T> | IterableDataset<T>;
  readonly batch_size: number | null;
  readonly drop_last: boolean;
  readonly sampler: Iterable<number>;
  readonly batch_sampler: Iterable<readonly number[]> | null;
  readonly generator: Generator | null;
  readonly pin_memory: boolean;
  readonly num_workers = 0;
  readonly collate_fn: (batch: T[]) => B;
  private readonly default_collation: boolean;

  /** @throws Error when options exclude each other; TypeError when `dataset` is none */
  constructor(dataset: Items<T> | IterableDataset<T>, options: DataLoaderOptions<T, B> = {}) {
    const iterable = dataset instanceof IterableDataset;
    if (!iterable && !Array.isArray(dataset) && typeof (dataset as Partial<MapDataset<T>> | null)?.get !== 'function') {
      throw new TypeError(
        `DataLoader(): argument 'dataset' must be a Dataset (with get(index) and length) or an array, not ${kind_of(dataset)}`,
      );
    }
    check(options, iterable);
    this.dataset = dataset;
    this.generator = options.generator ?? null;
    this.pin_memory = options.pin_memory ?? false;
    this.drop_last = options.drop_last ?? false;
    this.sampler = options.sampler ?? (
      iterable ? { [Symbol.iterator]: forever }
      : options.shuffle ? new RandomSampler(dataset, { generator: this.generator })
      : new SequentialSampler(dataset)
    );
    const batch_size = options.batch_sampler ? null : options.batch_size === undefined ? 1 : options.batch_size;
    this.batch_size = batch_size;
    this.batch_sampler = options.batch_sampler ??
      (batch_size === null ? null : new BatchSampler(this.sampler, batch_size, this.drop_last));
    this.default_collation = !options.collate_fn;
    // Without a collate_fn, B is what the default makes of T.
    this.collate_fn = options.collate_fn ??
      ((this.batch_sampler ? default_collate : default_convert) as unknown as (batch: T[]) => B);
  }

  /** How many batches there are. @throws TypeError when the sampler or dataset does not know */
  get length(): number {
    if (!(this.dataset instanceof IterableDataset)) return length_of(this.batch_sampler ?? this.sampler);
    const items = length_of(this.dataset);
    if (this.batch_size === null) return items;
    const batches = items / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): IterableIterator<B> {
    // In Python's order: the sampler's iterator first, then the draw that seeds its workers.
    const numbers = (this.batch_sampler ?? this.sampler)[Symbol.iterator]();
    draw_seed(this.generator);
    if (this.pin_memory && !cuda.is_available()) {
      warn("'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.");
    }
    return this.batches(numbers, this.pin_memory && cuda.is_available());
  }

  private *batches(numbers: Iterator<number | readonly number[]>, pinned: boolean): Generator_<B> {
    const read = this.dataset instanceof IterableDataset ? this.reader_in_order(this.dataset) : this.read_by_number;
    for (let next = numbers.next(); !next.done; next = numbers.next()) {
      const batch = read.call(this, next.value);
      if (batch === undefined) return;
      yield pinned ? pin(batch) : batch;
    }
  }

  private read_by_number(numbers: number | readonly number[]): B {
    const dataset = this.dataset as Items<T>;
    if (typeof numbers === 'number') return this.collate_fn(item_of(dataset, numbers) as T[]);
    if (this.default_collation && !Array.isArray(dataset)) {
      const batch = (dataset as MapDataset<T>).get_batch?.(numbers);
      if (batch !== undefined) return batch as B;
    }
    return this.collate_fn(numbers.map((number) => item_of(dataset, number)));
  }

  private reader_in_order(dataset: IterableDataset<T>): (numbers: number | readonly number[]) => B | undefined {
    const items = dataset[Symbol.iterator]();
    return (numbers) => {
      if (typeof numbers === 'number') {
        const next = items.next();
        return next.done ? undefined : this.collate_fn(next.value as T[]);
      }
      const batch: T[] = [];
      while (batch.length < numbers.length) {
        const next = items.next();
        if (next.done) break;
        batch.push(next.value);
      }
      if (batch.length === 0 || (this.drop_last && batch.length < numbers.length)) return undefined;
      return this.collate_fn(batch);
    };
  }
}
