/** How batches are read, in the calling thread and in workers alike; mirrors `torch.utils.data._utils.fetch`. */
import { types } from 'node:util';

import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { default_collate, default_convert, joins_tensors_by_default } from './collate.js';
import { IterableDataset } from './dataset.js';
import { item_of, items_of, rows_of, type Items, type MapDataset } from './items.js';

/** What a fetcher gives when there is nothing more; a batch may be anything. */
export const END = Symbol('end');

/** The number of an item, or those of the items of a batch. */
export type Numbers = number | readonly number[];

/** Reads one batch after the other. */
export interface Fetcher {
  fetch(numbers: Numbers): unknown;
  /** Ends an iterator that has not come to its end. */
  close(): void;
}

/** What a {@link Fetcher} is made of. */
export interface FetcherOptions {
  readonly dataset: unknown;
  /** Whether items are joined to batches. */
  readonly auto_collation: boolean;
  /** Null for the default. */
  readonly collate_fn: ((items: never) => unknown) | null;
  readonly drop_last: boolean;
}

type Collate = (items: unknown) => unknown;

function collate_of({ collate_fn, auto_collation }: FetcherOptions): Collate {
  return (collate_fn ?? (auto_collation ? default_collate : default_convert)) as Collate;
}

function fetch_by_number(options: FetcherOptions): Fetcher {
  const dataset = options.dataset as Items<unknown>;
  const collate = collate_of(options);
  const fetch = (numbers: Numbers): unknown => {
    if (typeof numbers === 'number' || !options.auto_collation) return collate(item_of(dataset, numbers as number));
    if (options.collate_fn === null && !Array.isArray(dataset) && joins_tensors_by_default()) {
      if (dataset instanceof Tensor) return rows_of(dataset, numbers);
      const batch = (dataset as MapDataset<unknown>).get_batch?.(numbers);
      if (batch !== undefined) return batch;
    }
    return collate(items_of(dataset, numbers));
  };
  return { fetch, close: () => undefined };
}

function fetch_in_order(dataset: IterableDataset<unknown>, options: FetcherOptions): Fetcher {
  const collate = collate_of(options);
  const items = dataset[Symbol.iterator]();
  let ended = false;
  const next = (): unknown => {
    const { done, value } = items.next();
    if (done) ended = true;
    return done ? END : value;
  };
  const fetch = (numbers: Numbers): unknown => {
    if (ended) return END;
    if (!options.auto_collation) {
      const item = next();
      return item === END ? END : collate(item);
    }
    const { length } = numbers as readonly number[];
    const batch: unknown[] = [];
    for (let item: unknown; batch.length < length && (item = next()) !== END; ) batch.push(item);
    if (batch.length === 0 || (options.drop_last && batch.length < length)) {
      ended = true;
      return END;
    }
    return collate(batch);
  };
  return { fetch, close: () => void (ended || items.return?.()) };
}

/** Reads batches of a dataset, an iterable one from its start. */
export function fetcher_for(options: FetcherOptions): Fetcher {
  const { dataset } = options;
  return dataset instanceof IterableDataset ? fetch_in_order(dataset, options) : fetch_by_number(options);
}

/** Copies the tensors of a batch into page-locked memory. */
export function pin<B>(batch: B): B;
export function pin(batch: unknown): unknown {
  if (batch instanceof Tensor) return batch.pin_memory();
  if (Array.isArray(batch)) return batch.map(pin);
  if (types.isMap(batch)) return new Map([...batch].map(([key, value]) => [key, pin(value)]));
  if (is_plain_object(batch)) return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, pin(value)]));
  const own = (batch as { pin_memory?: unknown } | null)?.pin_memory;
  return typeof own === 'function' ? (own.call(batch) as unknown) : batch;
}
