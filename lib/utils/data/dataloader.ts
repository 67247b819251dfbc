import { types } from 'node:util';

import { is_available } from '../../accelerator/index.js';
import type { Tail } from '../../_internal/arguments.js';
import { warn } from '../../_internal/warnings.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import type { Generator } from '../../random.js';
import { python_repr } from '../../python/print.js';
import { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { default_collate, default_convert, joins_tensors_by_default, type Collated } from './collate.js';
import { IterableDataset } from './dataset.js';
import { draw_seed, index_list, index_number, length_of, type Indices } from './indices.js';
import { item_of, items_of, rows_of, type Items, type MapDataset } from './items.js';
import { BatchSampler, RandomSampler, SequentialSampler } from './sampler.js';

/** The options of {@link DataLoader}. */
export interface DataLoaderOptions<T, B = Collated<T>> {
  /** Number of items per batch. Default 1; null yields the items themselves, without a batch dimension. */
  batch_size?: number | null;
  /** Read in another random order in each epoch. Default false. */
  shuffle?: boolean | null;
  /** The order of the indices; not together with `shuffle`. Default null: in order. */
  sampler?: Iterable<number | Tensor> | null;
  /** The indices of each batch; not together with `batch_size`, `shuffle`, `sampler` or `drop_last`. Default null. */
  batch_sampler?: Iterable<Indices> | null;
  /** Must be 0 (the default): batches are made in the calling thread. */
  num_workers?: number;
  /** Joins the items of a batch. Default null: {@link default_collate}, or {@link default_convert} without batches. */
  collate_fn?: ((batch: T[]) => B) | null;
  /** Copy batches into page-locked memory where there is CUDA. Default false. */
  pin_memory?: boolean;
  /** Leave out a last batch that is not full. Default false. */
  drop_last?: boolean;
  /** Must be 0 (the default), since there are no worker processes. */
  timeout?: number;
  /** Not called, since there are no worker processes. */
  worker_init_fn?: ((worker_id: number) => void) | null;
  /** Must be null (the default), since there are no worker processes. */
  multiprocessing_context?: null;
  /** Draws the order. Default null: the default generator. */
  generator?: Generator | null;
  /** Must be null (the default), since there are no worker processes. */
  prefetch_factor?: number | null;
  /** Must be false (the default), since there are no worker processes. */
  persistent_workers?: boolean;
  /** Has no effect: the device is that of CUDA. */
  pin_memory_device?: string;
  /** Has no effect: batches always come in order. */
  in_order?: boolean;
}

type LoaderArguments<T, B> = DataLoaderOptions<T, B> & { dataset: Items<T> | IterableDataset<T> };

const DATA_LOADER = signature<LoaderArguments<unknown, unknown>>(
  'DataLoader',
  'dataset: Dataset|IterableDataset, batch_size?: float|None, shuffle?: bool|None, sampler?: Iterable|None, batch_sampler?: Iterable|None, ' +
    'num_workers?: int, collate_fn?: Callable|None, pin_memory?: bool, drop_last?: bool, timeout?: float, worker_init_fn?: Callable|None, ' +
    'multiprocessing_context?: any, generator?: Generator|None, *, prefetch_factor?: int|None, persistent_workers?: bool, ' +
    'pin_memory_device?: str, in_order?: bool',
);

/** The options that come by position, in Python's order. */
type Positional<T, B> = [
  batch_size: number | null,
  shuffle: boolean | null,
  sampler: Iterable<number | Tensor> | null,
  batch_sampler: Iterable<Indices> | null,
  num_workers: number,
  collate_fn: ((batch: T[]) => B) | null,
  pin_memory: boolean,
  drop_last: boolean,
  timeout: number,
  worker_init_fn: ((worker_id: number) => void) | null,
  multiprocessing_context: null,
  generator: Generator | null,
];

function pin<B>(batch: B): B;
function pin(batch: unknown): unknown {
  if (batch instanceof Tensor) return batch.pin_memory();
  if (Array.isArray(batch)) return batch.map(pin);
  if (types.isMap(batch)) return new Map([...batch].map(([key, value]) => [key, pin(value)]));
  if (is_plain_object(batch)) return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, pin(value)]));
  const own = (batch as { pin_memory?: unknown } | null)?.pin_memory;
  return typeof own === 'function' ? (own.call(batch) as unknown) : batch;
}

/** What asks for processes that load, of which there are none here. */
function check_workers<T, B>(options: DataLoaderOptions<T, B>): void {
  const {
    num_workers = 0,
    timeout = 0,
    prefetch_factor = null,
    persistent_workers = false,
    multiprocessing_context = null,
  } = options;
  if (num_workers < 0)
    throw new Error('num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.');
  if (num_workers !== 0) {
    throw new Error(
      `DataLoader(): num_workers must be 0, not ${String(num_workers)}: batches are made in the thread that asks for them`,
    );
  }
  if (timeout < 0) throw new Error('timeout option should be non-negative');
  if (timeout !== 0) {
    throw new Error(
      'DataLoader(): timeout must be 0 while num_workers is 0: _SingleProcessDataLoaderIter requires timeout == 0',
    );
  }
  if (prefetch_factor !== null) {
    throw new Error(
      'prefetch_factor option could only be specified in multiprocessing.' +
        'let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.',
    );
  }
  if (persistent_workers) throw new Error('persistent_workers option needs num_workers > 0');
  if (multiprocessing_context !== null) {
    throw new Error(
      'multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got num_workers=0',
    );
  }
}

function check<T, B>(options: DataLoaderOptions<T, B>, iterable: boolean): void {
  check_workers(options);
  const { batch_size = 1, shuffle = false, sampler, batch_sampler, drop_last = false } = options;
  if (iterable) {
    for (const [name, given] of [
      ['shuffle', shuffle || null],
      ['sampler', sampler ?? null],
      ['batch_sampler', batch_sampler ?? null],
    ] as const) {
      if (given !== null)
        throw new Error(
          `DataLoader with IterableDataset: expected unspecified ${name} option, but got ${name}=${python_repr(given)}`,
        );
    }
  }
  if (sampler && shuffle) throw new Error('sampler option is mutually exclusive with shuffle');
  if (batch_sampler && (batch_size !== 1 || shuffle || sampler || drop_last)) {
    throw new Error('batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last');
  }
  if (batch_size === null && drop_last) {
    throw new Error('batch_size=None option disables auto-batching and is mutually exclusive with drop_last');
  }
}

/** What a reader gives when there is nothing more; a batch may be anything. */
const END = Symbol('end');

/** Fields of a loader that have done their work when it is made. */
const SETTLED = ['batch_size', 'batch_sampler', 'sampler', 'drop_last', 'dataset', 'persistent_workers'] as const;

function* forever(): Generator_<number> {
  while (true) yield 0;
}
type Generator_<T> = globalThis.Generator<T, void, undefined>;

/** An object for a message: what it says of itself, or the name of its class. */
function described(value: unknown): string {
  const text = String(value);
  return text === '[object Object]' ? `<${(value as object).constructor.name} object>` : text;
}

const GET_WORKER_INFO = signature<object>('get_worker_info', '');

/**
 * Information about the current worker process: null, since batches are made in the calling thread. Mirrors
 * `torch.utils.data.get_worker_info`.
 * @example
 * ```ts
 * print(torch.utils.data.get_worker_info());
 * ```
 * ```python
 * print(torch.utils.data.get_worker_info())
 * ```
 */
export function get_worker_info(): null;
export function get_worker_info(...args: unknown[]): null {
  GET_WORKER_INFO.read(args);
  return null;
}

/**
 * Iterates over a dataset in batches, from the start in each `for` loop. Mirrors `torch.utils.data.DataLoader`: for
 * the same seed the batches are Python's, and so are the random numbers drawn afterwards.
 *
 * Batches are made in the calling thread. `T` is the type of an item, `B` that of a batch, and `D` that of the
 * dataset. The options, with their defaults, are those of {@link DataLoaderOptions}.
 *
 * @param dataset - a {@link Dataset} or any object with `get(index)` and `length`, an array, a Tensor, or an {@link
 * IterableDataset}
 * @param options - `batch_size`, `shuffle`, `sampler`, `batch_sampler`, `num_workers`, `collate_fn`, `pin_memory`,
 * `drop_last`, `timeout`, `worker_init_fn`, `multiprocessing_context`, `generator`, `prefetch_factor`,
 * `persistent_workers`, `pin_memory_device`, `in_order`
 * @throws Error when options exclude each other or ask for worker processes; TypeError when `dataset` is not a
 * dataset
 * @example
 * ```ts
 * const dataset = new torch.utils.data.TensorDataset(torch.randn(5, 2), torch.arange(5));
 * const loader = new torch.utils.data.DataLoader(dataset, { batch_size: 2, shuffle: true });
 * print(loader.length);
 * for (const [x, y] of loader) print(x, y);
 * ```
 * ```python
 * dataset = torch.utils.data.TensorDataset(torch.randn(5, 2), torch.arange(5))
 * loader = torch.utils.data.DataLoader(dataset, batch_size=2, shuffle=True)
 * print(len(loader))
 * for x, y in loader:
 *     print(x, y)
 * ```
 */
export class DataLoader<T, B = Collated<T>, D = Items<T>> implements Iterable<B> {
  readonly dataset: D;
  readonly batch_size: number | null;
  readonly drop_last: boolean;
  readonly sampler: Iterable<number | Tensor>;
  readonly batch_sampler: Iterable<Indices> | null;
  readonly generator: Generator | null;
  readonly pin_memory: boolean;
  readonly num_workers = 0;
  readonly prefetch_factor = null;
  readonly timeout = 0;
  readonly worker_init_fn: ((worker_id: number) => void) | null;
  readonly multiprocessing_context = null;
  readonly persistent_workers = false;
  readonly pin_memory_device: string;
  readonly in_order: boolean;
  readonly collate_fn: (batch: T[]) => B;
  private readonly default_collation: boolean;
  /** What `length` was when it was last asked for, of an IterableDataset: a longer one gets a warning. */
  private length_called: number | null = null;

  constructor(
    dataset: D & (Items<T> | IterableDataset<T>),
    ...options: Tail<Positional<T, B>, DataLoaderOptions<T, B>>
  );
  constructor(options: DataLoaderOptions<T, B> & { dataset: D & (Items<T> | IterableDataset<T>) });
  constructor(...args: unknown[]) {
    const { dataset: given, ...rest } = DATA_LOADER.read(args);
    const dataset = given as Items<T> | IterableDataset<T>;
    const options = rest as DataLoaderOptions<T, B>;
    const iterable = dataset instanceof IterableDataset;
    check(options, iterable);
    this.dataset = dataset as D;
    this.generator = options.generator ?? null;
    this.pin_memory = options.pin_memory ?? false;
    this.pin_memory_device = options.pin_memory_device ?? '';
    this.worker_init_fn = options.worker_init_fn ?? null;
    this.in_order = options.in_order ?? true;
    this.drop_last = options.drop_last ?? false;
    this.sampler =
      options.sampler ??
      (iterable
        ? { [Symbol.iterator]: forever }
        : options.shuffle
          ? new RandomSampler(dataset, { generator: this.generator })
          : new SequentialSampler(dataset));
    const batch_size = options.batch_sampler ? null : options.batch_size === undefined ? 1 : options.batch_size;
    this.batch_size = batch_size;
    this.batch_sampler =
      options.batch_sampler ??
      (batch_size === null ? null : new BatchSampler(this.sampler, batch_size, this.drop_last));
    this.default_collation = !options.collate_fn;
    // Without a collate_fn, B is what the default makes of T.
    this.collate_fn =
      options.collate_fn ?? ((this.batch_sampler ? default_collate : default_convert) as unknown as (batch: T[]) => B);
    for (const name of SETTLED) {
      const value = this[name];
      Object.defineProperty(this, name, {
        get: () => value,
        set: () => {
          throw new Error(`${name} attribute should not be set after ${this.constructor.name} is initialized`);
        },
        enumerable: true,
        configurable: true,
      });
    }
  }

  /** The number of batches. @throws TypeError when the sampler or dataset has no length */
  get length(): number {
    if (!(this.dataset instanceof IterableDataset)) return length_of(this.batch_sampler ?? this.sampler);
    const items = length_of(this.dataset);
    this.length_called = items;
    if (this.batch_size === null) return items;
    const batches = items / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): IterableIterator<B> {
    // In Python's order: the sampler's iterator first, then the draw that seeds its workers.
    const numbers = (this.batch_sampler ?? this.sampler)[Symbol.iterator]();
    draw_seed(this.generator);
    if (this.pin_memory && this.pin_memory_device !== '') {
      warn(
        'pin_memory_device is deprecated, the current accelerator will be used as the device,' +
          `ignore pin_memory_device='${this.pin_memory_device}'.`,
      );
    }
    if (this.pin_memory && !is_available()) {
      warn(
        "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
      );
    }
    return this.batches(numbers, this.pin_memory && is_available(), this.length_called);
  }

  private *batches(
    numbers: Iterator<number | Tensor | Indices>,
    pinned: boolean,
    length_called: number | null,
  ): Generator_<B> {
    const items =
      this.dataset instanceof IterableDataset ? (this.dataset[Symbol.iterator]() as Iterator<T>) : undefined;
    const read = items === undefined ? this.read_by_number.bind(this) : this.reader_in_order(items);
    let ended = false;
    let fetched = 0;
    try {
      for (let next = numbers.next(); !next.done; next = numbers.next()) {
        // A Tensor as sampler gives Tensors.
        const { value } = next;
        const batch = read(
          this.batch_sampler === null ? index_number(value) : index_list(value as readonly number[]).map(index_number),
        );
        if (batch === END) {
          ended = true;
          break;
        }
        fetched++;
        if (length_called !== null && fetched > length_called) {
          warn(
            `Length of IterableDataset ${described(this.dataset)} was reported to be ${length_called}(when accessing ` +
              `len(dataloader)), but ${fetched} samples have been fetched. `,
          );
        }
        yield pinned ? pin(batch) : batch;
      }
    } finally {
      // Who leaves a loop early, or by an error, leaves those behind it as well: they may have something to close.
      if (!ended) items?.return?.();
      numbers.return?.();
    }
  }

  private read_by_number(numbers: number | readonly number[]): B {
    const dataset = this.dataset as unknown as Items<T>;
    if (typeof numbers === 'number') return this.collate_fn(item_of(dataset, numbers) as T[]);
    if (this.default_collation && !Array.isArray(dataset) && joins_tensors_by_default()) {
      if (dataset instanceof Tensor) return rows_of(dataset, numbers) as B;
      const batch = (dataset as MapDataset<T>).get_batch?.(numbers);
      if (batch !== undefined) return batch as B;
    }
    return this.collate_fn(items_of(dataset, numbers));
  }

  private reader_in_order(items: Iterator<T>): (numbers: number | readonly number[]) => B | typeof END {
    return (numbers) => {
      if (typeof numbers === 'number') {
        const next = items.next();
        return next.done ? END : this.collate_fn(next.value as T[]);
      }
      const batch: T[] = [];
      while (batch.length < numbers.length) {
        const next = items.next();
        if (next.done) break;
        batch.push(next.value);
      }
      if (batch.length === 0 || (this.drop_last && batch.length < numbers.length)) return END;
      return this.collate_fn(batch);
    };
  }
}
