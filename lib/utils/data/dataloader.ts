import { availableParallelism } from 'node:os';

import { is_available } from '../../accelerator/index.js';
import type { Tail } from '../../_internal/arguments.js';
import { warn } from '../../_internal/warnings.js';
import type { NodeURL } from '../../_internal/node_types.js';
import { url_of_module } from '../../multiprocessing/references.js';
import type { Generator } from '../../random.js';
import { python_repr } from '../../python/print.js';
import type { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { default_collate, default_convert, type Collated } from './collate.js';
import { IterableDataset } from './dataset.js';
import { END, fetcher_for, pin, type Numbers } from './fetch.js';
import { draw_seed, index_list, index_number, length_of, type Indices } from './indices.js';
import type { Items } from './items.js';
import { BatchSampler, RandomSampler, SequentialSampler } from './sampler.js';
import { is_worker } from './worker_info.js';
import { WorkerIterator, type Epoch, type IteratorOptions } from './worker_iterator.js';

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
  /** Number of threads that read batches. Default 0: batches are read in the calling thread. */
  num_workers?: number;
  /** Joins the items of a batch. Default null: {@link default_collate}, or {@link default_convert} without batches. */
  collate_fn?: ((batch: T[]) => B) | null;
  /** Copy batches into page-locked memory where there is CUDA. Default false. */
  pin_memory?: boolean;
  /** Leave out a last batch that is not full. Default false. */
  drop_last?: boolean;
  /** Seconds after which waiting for a batch of workers is an Error. Default 0: never. */
  timeout?: number;
  /** Called in each worker with its number, after seeding: a function that a module exports. Default null. */
  worker_init_fn?: ((worker_id: number) => void) | null;
  /** One of Python's start methods, such as 'spawn'. All start threads. Default null. */
  multiprocessing_context?: string | null;
  /** Draws the order. Default null: the default generator. */
  generator?: Generator | null;
  /** Number of batches that each worker reads ahead. Default 2 with workers, else null. */
  prefetch_factor?: number | null;
  /** Keep the workers for the next loop. Default false. */
  persistent_workers?: boolean;
  /** Has no effect: the device is that of CUDA. */
  pin_memory_device?: string;
  /** Return batches in the order of the sampler, also where another worker is ready before. Default true. */
  in_order?: boolean;
  /**
   * The module that exports the classes and functions that workers need, when it is not found by itself, and they do not name it by
   * `static module = import.meta.url`: a URL or a path. Default null.
   */
  worker_module?: string | NodeURL | null;
}

type LoaderArguments<T, B> = DataLoaderOptions<T, B> & { dataset: Items<T> | IterableDataset<T> };

const DATA_LOADER = signature<LoaderArguments<unknown, unknown>>(
  'DataLoader',
  'dataset: Dataset|IterableDataset, batch_size?: float|None, shuffle?: bool|None, sampler?: Iterable|None, batch_sampler?: Iterable|None, ' +
    'num_workers?: int, collate_fn?: Callable|None, pin_memory?: bool, drop_last?: bool, timeout?: float, worker_init_fn?: Callable|None, ' +
    'multiprocessing_context?: any, generator?: Generator|None, *, prefetch_factor?: int|None, persistent_workers?: bool, ' +
    'pin_memory_device?: str, in_order?: bool, worker_module?: str|URL|None',
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
  multiprocessing_context: string | null,
  generator: Generator | null,
];

/** The ways in which Python can start processes on this system. */
const START_METHODS: readonly string[] =
  process.platform === 'win32'
    ? ['spawn']
    : process.platform === 'darwin'
      ? ['spawn', 'fork', 'forkserver']
      : ['fork', 'spawn', 'forkserver'];

function check_context(context: unknown, num_workers: number): void {
  if (context === null) return;
  if (num_workers === 0) {
    throw new Error(
      'multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got num_workers=0',
    );
  }
  if (typeof context !== 'string') {
    throw new TypeError(
      'multiprocessing_context option should be a valid context object or a string specifying the start method, but got ' +
        `multiprocessing_context=${python_repr(context)}`,
    );
  }
  if (!START_METHODS.includes(context)) {
    throw new Error(
      `multiprocessing_context option should specify a valid start method in ${python_repr(START_METHODS)}, but got ` +
        `multiprocessing_context=${python_repr(context)}`,
    );
  }
}

/** The options that are about workers. */
function check_workers<T, B>(options: DataLoaderOptions<T, B>): void {
  const { num_workers = 0, timeout = 0, prefetch_factor = null, persistent_workers = false } = options;
  if (num_workers < 0)
    throw new Error('num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.');
  if (timeout < 0) throw new Error('timeout option should be non-negative');
  if (num_workers === 0 && prefetch_factor !== null) {
    throw new Error(
      'prefetch_factor option could only be specified in multiprocessing.' +
        'let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.',
    );
  }
  if (prefetch_factor !== null && prefetch_factor < 0) throw new Error('prefetch_factor option should be non-negative');
  if (num_workers === 0 && persistent_workers) throw new Error('persistent_workers option needs num_workers > 0');
  // Python says so at the first iteration, by an assertion without a text.
  if (num_workers === 0 && timeout !== 0) throw new Error('DataLoader(): timeout must be 0 while num_workers is 0');
  check_context(options.multiprocessing_context ?? null, num_workers);
}

/** Warns of more workers than processors. */
function check_count(num_workers: number): void {
  const most = availableParallelism();
  if (num_workers <= most) return;
  const without_sets = process.platform === 'linux' ? '' : ' (`cpuset` is not taken into account)';
  warn(
    `This DataLoader will create ${num_workers} worker processes in total. Our suggested max number of worker in current system is ` +
      `${most}${without_sets}, which is smaller than what this DataLoader is going to create. Please be aware that excessive worker ` +
      'creation might get DataLoader running slow or even freeze, lower the worker number to avoid potential slowness/freeze if necessary.',
  );
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

/** A worker that loads the program's main file must not start workers as the main thread does. */
function check_nesting(): void {
  if (!is_worker()) return;
  throw new Error(
    'DataLoader(): a worker cannot have workers. If it loads the main file of the program, since the class of the dataset is there, put ' +
      'the class into a module of its own, or run what follows only `if (isMainThread)` of node:worker_threads',
  );
}

/** Fields of a loader that have done their work when it is made. */
const SETTLED = ['batch_size', 'batch_sampler', 'sampler', 'drop_last', 'dataset', 'persistent_workers'] as const;

function* forever(): Generator_<number> {
  while (true) yield 0;
}
type Generator_<T> = globalThis.Generator<T, void, undefined>;

/** The order in which a dataset is read where no sampler says it. */
function default_sampler(
  dataset: Items<unknown> | IterableDataset<unknown>,
  shuffle: boolean,
  generator: Generator | null,
): Iterable<number> {
  if (dataset instanceof IterableDataset) return { [Symbol.iterator]: forever };
  return shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset);
}

/** An object for a message: what it says of itself, or the name of its class. */
function described(value: unknown): string {
  const text = String(value);
  return text === '[object Object]' ? `<${(value as object).constructor.name} object>` : text;
}

/**
 * Iterates over a dataset in batches, from the start in each `for` loop. Mirrors `torch.utils.data.DataLoader`: for
 * the same seed the batches are Python's, and so are the random numbers drawn afterwards.
 *
 * With `num_workers`, worker_threads read the batches, with Python's order and seeds; `for await` leaves the event loop free while they do.
 * A worker gets the fields of the dataset, and finds its class by the name that a module exports. Where the module is not found by
 * itself, as in bundled code, it is named by `static module = import.meta.url` in the class or by `worker_module`. Workers load the
 * main file of the program for a class that it exports: all else there must run only `if (isMainThread)`.
 * `T` is the type of an item, `B` that of a batch, and `D` that of the dataset. The options, with their defaults, are those of
 * {@link DataLoaderOptions}.
 *
 * @param dataset - a {@link Dataset} or any object with `get(index)` and `length`, an array, a Tensor, or an {@link
 * IterableDataset}
 * @param options - `batch_size`, `shuffle`, `sampler`, `batch_sampler`, `num_workers`, `collate_fn`, `pin_memory`,
 * `drop_last`, `timeout`, `worker_init_fn`, `multiprocessing_context`, `generator`, `prefetch_factor`,
 * `persistent_workers`, `pin_memory_device`, `in_order`, `worker_module`
 * @throws Error when options exclude each other, and on iteration when a worker throws, dies, or takes longer than `timeout`; TypeError
 * when `dataset` is not a dataset, or holds what workers cannot find
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
 * @example
 * ```ts
 * const dataset = new torch.utils.data.Subset([0.5, 1.5, 2.5, 3.5], [0, 2, 3]);
 * for (const batch of new torch.utils.data.DataLoader(dataset, { batch_size: 2, num_workers: 1 })) print(batch);
 * ```
 * ```python
 * dataset = torch.utils.data.Subset([0.5, 1.5, 2.5, 3.5], [0, 2, 3])
 * for batch in torch.utils.data.DataLoader(dataset, batch_size=2, num_workers=1):
 *     print(batch)
 * ```
 */
export class DataLoader<T, B = Collated<T>, D = Items<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: D;
  readonly batch_size: number | null;
  readonly drop_last: boolean;
  readonly sampler: Iterable<number | Tensor>;
  readonly batch_sampler: Iterable<Indices> | null;
  readonly generator: Generator | null;
  readonly pin_memory: boolean;
  readonly num_workers: number;
  readonly prefetch_factor: number | null;
  readonly timeout: number;
  readonly worker_init_fn: ((worker_id: number) => void) | null;
  readonly multiprocessing_context: string | null;
  readonly persistent_workers: boolean;
  readonly pin_memory_device: string;
  readonly in_order: boolean;
  /** The URL of the module from which workers take classes and functions that name none themselves. */
  readonly worker_module: string | null;
  readonly collate_fn: (batch: T[]) => B;
  private readonly default_collation: boolean;
  /** What `length` was when it was last asked for, of an IterableDataset: a longer one gets a warning. */
  private length_called: number | null = null;
  /** The iterator of a loader whose workers are kept. */
  private kept: WorkerIterator<B> | null = null;

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
    this.num_workers = options.num_workers ?? 0;
    this.prefetch_factor = options.prefetch_factor ?? (this.num_workers > 0 ? 2 : null);
    this.timeout = options.timeout ?? 0;
    this.multiprocessing_context = options.multiprocessing_context ?? null;
    this.persistent_workers = options.persistent_workers ?? false;
    this.worker_module = options.worker_module ? url_of_module(options.worker_module) : null;
    this.worker_init_fn = options.worker_init_fn ?? null;
    this.in_order = options.in_order ?? true;
    this.drop_last = options.drop_last ?? false;
    this.sampler = options.sampler ?? default_sampler(dataset, options.shuffle ?? false, this.generator);
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
    if (this.num_workers > 0) check_count(this.num_workers);
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
    return this.num_workers > 0 ? this.iterator_of_workers() : this.batches_here();
  }

  /** As the plain iterator; with workers, the event loop turns while they read. */
  [Symbol.asyncIterator](): AsyncIterableIterator<B> {
    return new AsyncBatches(this[Symbol.iterator]());
  }

  private iterator_of_workers(): WorkerIterator<B> {
    const { kept } = this;
    if (kept !== null && !kept.closed) {
      kept.begin(this.epoch());
      return kept;
    }
    check_nesting();
    check_count(this.num_workers);
    // In Python's order: the sampler's iterator, the draw of the seed, and the iterator again.
    this.indices();
    const base_seed = draw_seed(this.generator);
    const iterator = new WorkerIterator<B>({ ...this.worker_options(), base_seed }, this.epoch());
    if (this.persistent_workers) this.kept = iterator;
    return iterator;
  }

  private worker_options(): Omit<IteratorOptions, 'base_seed'> {
    const { num_workers, drop_last, worker_init_fn, worker_module, timeout, in_order, persistent_workers } = this;
    return {
      ...{ num_workers, drop_last, worker_init_fn, worker_module, timeout, in_order, persistent_workers },
      dataset: this.dataset,
      collate_fn: this.default_collation ? null : (this.collate_fn as (items: never) => unknown),
      auto_collation: this.batch_sampler !== null,
      prefetch_factor: this.prefetch_factor ?? 2,
      pin_memory: this.pins(),
    };
  }

  private epoch(): Epoch {
    return { numbers: this.numbers(), counted: this.counter() };
  }

  private indices(): Iterator<number | Tensor | Indices> {
    return (this.batch_sampler ?? this.sampler)[Symbol.iterator]();
  }

  /** The numbers of the items, or those of each batch. */
  private numbers(indices = this.indices()): Iterator<Numbers> {
    const to_numbers =
      this.batch_sampler === null
        ? index_number
        : (value: unknown): Numbers => index_list(value as readonly number[]).map(index_number);
    return {
      next: () => {
        const next = indices.next();
        // A Tensor as sampler gives Tensors.
        return next.done ? { done: true, value: undefined } : { done: false, value: to_numbers(next.value) };
      },
      return: () => {
        indices.return?.();
        return { done: true, value: undefined };
      },
    };
  }

  /** Warns of more batches than an IterableDataset has said to have. */
  private counter(): (count: number) => void {
    const length = this.length_called;
    return (count) => {
      if (length === null || count <= length) return;
      const hint =
        this.num_workers > 0
          ? 'For multiprocessing data-loading, this could be caused by not properly configuring the IterableDataset replica at each ' +
            'worker. Please see https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset for examples.'
          : '';
      warn(
        `Length of IterableDataset ${described(this.dataset)} was reported to be ${length}(when accessing len(dataloader)), but ` +
          `${count} samples have been fetched. ${hint}`,
      );
    };
  }

  /** Whether batches are copied into page-locked memory; warns where they cannot be. */
  private pins(): boolean {
    if (!this.pin_memory) return false;
    if (this.pin_memory_device !== '') {
      warn(
        'pin_memory_device is deprecated, the current accelerator will be used as the device,' +
          `ignore pin_memory_device='${this.pin_memory_device}'.`,
      );
    }
    if (is_available()) return true;
    warn("'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.");
    return false;
  }

  private batches_here(): IterableIterator<B> {
    // In Python's order: the sampler's iterator first, then the draw that seeds its workers.
    const indices = this.indices();
    draw_seed(this.generator);
    return this.read_here(this.numbers(indices), this.pins(), this.counter());
  }

  private *read_here(numbers: Iterator<Numbers>, pinned: boolean, counted: (count: number) => void): Generator_<B> {
    const fetcher = fetcher_for({
      dataset: this.dataset,
      auto_collation: this.batch_sampler !== null,
      collate_fn: this.default_collation ? null : (this.collate_fn as (items: never) => unknown),
      drop_last: this.drop_last,
    });
    let count = 0;
    try {
      for (let next = numbers.next(); !next.done; next = numbers.next()) {
        const batch = fetcher.fetch(next.value);
        if (batch === END) break;
        counted(++count);
        yield (pinned ? pin(batch) : batch) as B;
      }
    } finally {
      // Who leaves a loop early, or by an error, leaves those behind it as well: they may have something to close.
      fetcher.close();
      numbers.return?.();
    }
  }
}

/** The batches of an iterator as promises, one after the other. */
class AsyncBatches<B> implements AsyncIterableIterator<B> {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly batches: IterableIterator<B>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<B>> {
    return this.after(async () => {
      if (this.batches instanceof WorkerIterator) return (this.batches as WorkerIterator<B>).next_async();
      const next = this.batches.next();
      // A batch that a collate_fn promises, as the loop over a plain iterator would have it.
      return next.done ? next : { done: false, value: await next.value };
    });
  }

  return(value?: unknown): Promise<IteratorResult<B>> {
    return this.after(() => Promise.resolve(this.batches.return!(value)));
  }

  private after<R>(run: () => Promise<R>): Promise<R> {
    const result = this.last.then(run);
    this.last = result.catch(() => undefined);
    return result;
  }
}
