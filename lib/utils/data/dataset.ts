import { randperm } from '../../generated/functions.js';
import { kind_of } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { default_generator, type Generator } from '../../random.js';
import type { Tensor } from '../../_tensor.js';
import type { Subscript } from '../../_C/indexing.js';
import type { Tail } from '../../_internal/arguments.js';
import type { NDArray } from '../../numpy/ndarray.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { define_kind, method_signature, signature } from '../../_internal/signature.js';
import { NotImplementedError } from '../../_internal/not_implemented.js';
import type { Collated } from './collate.js';
import type { Sized } from './sampler.js';
import { index_list, length_of, type Indices } from './indices.js';
import { is_dataset, item_of, items_of, rows_of, type Items, type MapDataset } from './items.js';

const CONCAT = signature<{ other: unknown }>('concat', 'other: Dataset');
const CHAIN = method_signature<{ other: IterableDataset<never> }>('concat', 'other: IterableDataset');
const TENSOR_DATASET = signature<{ tensors: Tensor[] }>('TensorDataset', '*tensors: Tensor');
const CONCAT_DATASET = signature<{ datasets: Iterable<Items<unknown>> }>('ConcatDataset', 'datasets: Iterable');
const CUMSUM = signature<{ sequence: Iterable<Sized> }>('cumsum', 'sequence: Iterable');
const CHAIN_DATASET = signature<{ datasets: Iterable<unknown> }>('ChainDataset', 'datasets: Iterable');
const SUBSET = signature<{ dataset: unknown; indices: Indices }>(
  'Subset',
  'dataset: Dataset, indices: int[]|Tensor|NDArray',
);
const RANDOM_SPLIT = signature<{ dataset: Items<unknown>; lengths: readonly number[]; generator?: Generator | null }>(
  'random_split',
  'dataset: Dataset, lengths: float[], generator?: Generator|None',
);

/**
 * The base class of map-style datasets. Mirrors `torch.utils.data.Dataset`.
 *
 * A subclass defines `get(index)`, which is Python's `__getitem__`, and `length`, which is `__len__`.
 *
 * @example
 * ```ts
 * class Squares extends torch.utils.data.Dataset<number> {
 *   readonly length = 4;
 *   get(index: number): number {
 *     return index ** 2;
 *   }
 * }
 * for (const batch of new torch.utils.data.DataLoader(new Squares(), { batch_size: 2 })) print(batch);
 * ```
 * ```python
 * class Squares(torch.utils.data.Dataset):
 *     def __len__(self):
 *         return 4
 *     def __getitem__(self, index):
 *         return index ** 2
 * for batch in torch.utils.data.DataLoader(Squares(), batch_size=2):
 *     print(batch)
 * ```
 */
export abstract class Dataset<T> implements MapDataset<T> {
  /** The item with this index; Python's `dataset[index]`. */
  abstract get(index: number): T;
  /** How many items there are; Python's `len(dataset)`. */
  abstract readonly length: number;

  /** This dataset followed by another one; Python's `dataset + other`. */
  concat(other: Items<T>): ConcatDataset<T>;
  concat(...args: unknown[]): ConcatDataset<T> {
    return new ConcatDataset<T>([this, CONCAT.read(args).other as Items<T>]);
  }
}

/**
 * The base class of datasets that can only be read in order, such as streams. Mirrors
 * `torch.utils.data.IterableDataset`.
 *
 * A subclass defines `[Symbol.iterator]`, which is Python's `__iter__`.
 *
 * @example
 * ```ts
 * class Countdown extends torch.utils.data.IterableDataset<number> {
 *   *[Symbol.iterator](): Iterator<number> {
 *     for (let i = 5; i > 0; i--) yield i;
 *   }
 * }
 * for (const batch of new torch.utils.data.DataLoader(new Countdown(), { batch_size: 2 })) print(batch);
 * ```
 * ```python
 * class Countdown(torch.utils.data.IterableDataset):
 *     def __iter__(self):
 *         yield from range(5, 0, -1)
 * for batch in torch.utils.data.DataLoader(Countdown(), batch_size=2):
 *     print(batch)
 * ```
 */
export abstract class IterableDataset<T> implements Iterable<T> {
  abstract [Symbol.iterator](): Iterator<T>;

  /** This dataset followed by another one; Python's `dataset + other`. */
  concat<U>(other: IterableDataset<U>): ChainDataset<T | U>;
  concat(...args: unknown[]): ChainDataset<unknown> {
    return new ChainDataset<unknown>([this, CHAIN.read(args).other]);
  }
}

define_kind('Dataset', 'a Dataset (with get(index) and length) or an array', is_dataset);
define_kind('IterableDataset', 'an IterableDataset', (value) => value instanceof IterableDataset);

type SameLength<T extends readonly Tensor[]> = { -readonly [K in keyof T]: Tensor };

/**
 * A dataset of tensors of equal first size: item `i` is row `i` of each. Mirrors `torch.utils.data.TensorDataset`.
 *
 * `get` takes what indexes a tensor: `dataset.get(1)`, `dataset.get('1:3')`, `dataset.get(torch.tensor([0, 2]))`.
 *
 * @param tensors - tensors of shape `(N, ...)`, of any dtypes
 * @throws Error when the tensors differ in their first size; TypeError when one is not a Tensor, or none is given
 * @example
 * ```ts
 * const dataset = new torch.utils.data.TensorDataset(torch.arange(6).view(3, 2), torch.tensor([0, 1, 0]));
 * const [x, y] = dataset.get(1);
 * print(x, y, dataset.length);
 * ```
 * ```python
 * dataset = torch.utils.data.TensorDataset(torch.arange(6).view(3, 2), torch.tensor([0, 1, 0]))
 * x, y = dataset[1]
 * print(x, y, len(dataset))
 * ```
 */
export class TensorDataset<T extends readonly Tensor[]> extends Dataset<SameLength<T>> {
  readonly tensors: T;

  constructor(...tensors: T);
  constructor(...args: unknown[]) {
    super();
    const { tensors } = TENSOR_DATASET.read(args) as unknown as { tensors: T };
    const first = tensors[0];
    if (first === undefined) throw new TypeError('TensorDataset(): expected at least one Tensor');
    for (const element of tensors) {
      if (element.size(0) !== first.size(0)) throw new Error('Size mismatch between tensors');
    }
    this.tensors = tensors;
  }

  get length(): number {
    return this.tensors[0]!.size(0);
  }

  get(index: Subscript): SameLength<T> {
    return this.tensors.map((element) => element.index(index)) as SameLength<T>;
  }

  get_batch(indices: readonly number[]): Collated<SameLength<T>> | undefined {
    // A subclass that makes its items itself makes all of them.
    if ((Object.getPrototypeOf(this) as this).get !== TensorDataset.prototype.get) return undefined;
    return this.tensors.map((element) => rows_of(element, indices)) as Collated<SameLength<T>>;
  }
}

/**
 * Several datasets as one, each after the previous one. Mirrors `torch.utils.data.ConcatDataset`.
 *
 * @param datasets - map-style datasets, arrays or tensors
 * @throws Error when there is no dataset; TypeError when one is an IterableDataset or not a dataset
 * @example
 * ```ts
 * const both = new torch.utils.data.ConcatDataset([[0.5, 1.5], [2.5, 3.5, 4.5]]);
 * print(both.get(2), both.length, both.cumulative_sizes);
 * ```
 * ```python
 * both = torch.utils.data.ConcatDataset([[0.5, 1.5], [2.5, 3.5, 4.5]])
 * print(both[2], len(both), both.cumulative_sizes)
 * ```
 */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly Items<T>[];
  /** The number of items up to and including each dataset. */
  readonly cumulative_sizes: readonly number[];

  constructor(datasets: Iterable<Items<T>>);
  constructor(...args: unknown[]) {
    super();
    this.datasets = [...CONCAT_DATASET.read(args).datasets] as Items<T>[];
    if (this.datasets.length === 0) throw new Error('datasets should not be an empty iterable');
    if (this.datasets.some((dataset) => dataset instanceof IterableDataset)) {
      throw new TypeError('ConcatDataset does not support IterableDataset');
    }
    this.datasets.forEach((dataset, i) => {
      if (is_dataset(dataset)) return;
      throw new TypeError(
        `ConcatDataset(): argument 'datasets' must be a list of Datasets, but found element of type ${kind_of(dataset)} at pos ${i}`,
      );
    });
    this.cumulative_sizes = ConcatDataset.cumsum(this.datasets);
  }

  /** The number of items up to and including each of some datasets. */
  static cumsum(sequence: Iterable<Sized>): number[];
  static cumsum(...args: unknown[]): number[] {
    let total = 0;
    return Array.from(CUMSUM.read(args).sequence, (dataset) => (total += length_of(dataset)));
  }

  /** @deprecated renamed to `cumulative_sizes` */
  get cummulative_sizes(): readonly number[] {
    warn('`cummulative_sizes` attribute is renamed to `cumulative_sizes`', 'FutureWarning');
    return this.cumulative_sizes;
  }

  get length(): number {
    return this.cumulative_sizes[this.cumulative_sizes.length - 1] as number;
  }

  get(index: number): T {
    if (-index > this.length) throw new RangeError('absolute value of index should not exceed dataset length');
    const position = index < 0 ? index + this.length : index;
    const which = this.cumulative_sizes.findIndex((size) => position < size);
    if (which < 0) {
      throw new RangeError(`dataset index ${index} is out of range of ${this.length} items`);
    }
    const before = which === 0 ? 0 : (this.cumulative_sizes[which - 1] as number);
    return item_of(this.datasets[which] as Items<T>, position - before);
  }
}

function iterable_only<T>(dataset: Iterable<T>): IterableDataset<T> {
  if (dataset instanceof IterableDataset) return dataset as IterableDataset<T>;
  throw new Error('ChainDataset only supports IterableDataset');
}

/**
 * Several iterable datasets as one, each after the previous one. Mirrors `torch.utils.data.ChainDataset`.
 *
 * @param datasets - iterable datasets, which are read lazily
 * @throws TypeError when `datasets` is not iterable; Error on reading one that is not an IterableDataset
 * @example
 * ```ts
 * class Numbers extends torch.utils.data.IterableDataset<number> {
 *   *[Symbol.iterator](): Iterator<number> {
 *     yield* [0.5, 1.5];
 *   }
 * }
 * print([...new torch.utils.data.ChainDataset([new Numbers(), new Numbers()])]);
 * ```
 * ```python
 * class Numbers(torch.utils.data.IterableDataset):
 *     def __iter__(self):
 *         yield from [0.5, 1.5]
 * print(list(torch.utils.data.ChainDataset([Numbers(), Numbers()])))
 * ```
 */
export class ChainDataset<T> extends IterableDataset<T> {
  readonly datasets: Iterable<IterableDataset<T>>;

  constructor(datasets: Iterable<IterableDataset<T>>);
  constructor(...args: unknown[]) {
    super();
    this.datasets = CHAIN_DATASET.read(args).datasets as Iterable<IterableDataset<T>>;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const dataset of this.datasets) yield* iterable_only(dataset);
  }

  /** The sum of the lengths of the datasets. @throws TypeError when one has no length */
  get length(): number {
    let total = 0;
    for (const dataset of this.datasets) total += length_of(iterable_only(dataset));
    return total;
  }
}

/**
 * The items of a dataset with given indices. Mirrors `torch.utils.data.Subset`.
 *
 * @param dataset - a map-style dataset, array or tensor
 * @param indices - the indices of the items, as an array or a 1-D Tensor
 * @throws TypeError for an argument of a wrong type; RangeError when an item is read whose index is out of range;
 * NotImplementedError in a subclass that has its own `get`, which a loader would not call, and not its own `__getitems__`
 * @example
 * ```ts
 * const evens = new torch.utils.data.Subset([0.5, 1.5, 2.5, 3.5], [0, 2]);
 * print(evens.get(1), evens.length);
 * ```
 * ```python
 * evens = torch.utils.data.Subset([0.5, 1.5, 2.5, 3.5], [0, 2])
 * print(evens[1], len(evens))
 * ```
 */
export class Subset<T> extends Dataset<T> {
  readonly dataset: Items<T>;
  readonly indices: readonly number[];

  constructor(dataset: Items<T>, indices: Indices);
  constructor(options: { dataset: Items<T>; indices: Indices });
  constructor(...args: unknown[]) {
    super();
    const { dataset, indices } = SUBSET.read(args);
    this.dataset = dataset as Items<T>;
    this.indices = index_list(indices);
    const own = Subset.prototype;
    if (this.get !== own.get && this.__getitems__ === own.__getitems__) {
      throw new NotImplementedError(
        `${this.constructor.name} overrides get but not __getitems__. When subclassing Subset and overriding get, you must also ` +
          'override __getitems__ to ensure DataLoader works correctly with your custom logic. A simple implementation:\n\n' +
          '__getitems__(indices) {\n  return indices.map((index) => this.get(index));\n}',
      );
    }
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): T {
    return item_of(this.dataset, this.number_of(index));
  }

  __getitems__(indices: readonly number[]): T[] {
    return items_of(
      this.dataset,
      indices.map((index) => this.number_of(index)),
    );
  }

  get_batch(indices: readonly number[]): Collated<T> | undefined {
    if (Array.isArray(this.dataset) || this.__getitems__ !== Subset.prototype.__getitems__) return undefined;
    const numbers = indices.map((index) => this.number_of(index));
    return (this.dataset as MapDataset<T>).get_batch?.(numbers);
  }

  private number_of(index: number): number {
    const number = this.indices[index < 0 ? index + this.indices.length : index];
    if (number === undefined) {
      throw new RangeError(`dataset index ${index} is out of range of ${this.length} items`);
    }
    return number;
  }
}

/** What {@link StackDataset} returns for an index: an item of each dataset, in an array or under the dataset's name. */
type Stacked<D> = {
  -readonly [K in keyof D]: D[K] extends Tensor
    ? Tensor
    : D[K] extends NDArray
      ? NDArray
      : D[K] extends Items<infer T>
        ? T
        : never;
};

type Stackable = Items<unknown> | Tensor | NDArray;

/**
 * Datasets of equal length side by side: an item contains that of each dataset, in an array or by name. Mirrors
 * `torch.utils.data.StackDataset`.
 *
 * @param datasets - map-style datasets, arrays or tensors, or one object of them by name (Python's keyword arguments)
 * @throws Error when there is no dataset, or they differ in length; TypeError when one is not a dataset
 * @example
 * ```ts
 * const images = torch.arange(4).view(2, 2);
 * const dataset = new torch.utils.data.StackDataset({ image: images, label: torch.tensor([0, 1]) });
 * print(dataset.get(1));
 * const [image, label] = new torch.utils.data.StackDataset(images, ['cat', 'dog']).get(0);
 * print(image, label);
 * ```
 * ```python
 * images = torch.arange(4).view(2, 2)
 * dataset = torch.utils.data.StackDataset(image=images, label=torch.tensor([0, 1]))
 * print(dataset[1])
 * image, label = torch.utils.data.StackDataset(images, ['cat', 'dog'])[0]
 * print(image, label)
 * ```
 */
export class StackDataset<D extends readonly Stackable[] | Readonly<Record<string, Stackable>>> extends Dataset<
  Stacked<D>
> {
  readonly datasets: D;
  readonly length: number;

  constructor(...datasets: D & readonly Stackable[]);
  constructor(datasets: D & Readonly<Record<string, Stackable>>);
  constructor(...args: unknown[]) {
    super();
    const last = args[args.length - 1];
    const named = is_plain_object(last) && !is_dataset(last) ? last : undefined;
    if (args.length === 0) throw new Error('At least one dataset should be passed');
    if (named !== undefined && args.length > 1) {
      throw new TypeError(
        'Supported either ``tuple``- (via ``args``) or ``dict``- (via ``kwargs``) like input/output, but both types ' +
          'are given.',
      );
    }
    const entries =
      named === undefined ? args.map((dataset, i) => [String(i), dataset] as const) : Object.entries(named);
    if (entries.length === 0) throw new Error('At least one dataset should be passed');
    for (const [name, dataset] of entries) {
      if (is_dataset(dataset)) continue;
      throw new TypeError(
        `StackDataset(): argument '${named === undefined ? 'datasets' : name}' must be a Dataset (with get(index) and ` +
          `length) or an array, not ${kind_of(dataset)}`,
      );
    }
    const datasets = entries.map(([, dataset]) => dataset as Items<unknown>);
    this.length = datasets[0]!.length;
    if (datasets.some((dataset) => dataset.length !== this.length)) throw new Error('Size mismatch between datasets');
    this.datasets = (named ?? args) as unknown as D;
  }

  get(index: number): Stacked<D> {
    return this.each((dataset) => item_of(dataset, index));
  }

  __getitems__(indices: readonly number[]): Stacked<D>[] {
    const columns = this.each((dataset) => {
      const items = items_of(dataset, indices);
      if (items.length === indices.length) return items;
      throw new Error(`Nested dataset's output size mismatch. Expected ${indices.length}, got ${items.length}`);
    }) as unknown as Record<string, readonly unknown[]>;
    const names = Object.keys(columns);
    return indices.map(
      (_, i) =>
        (Array.isArray(columns)
          ? names.map((name) => columns[name]![i])
          : Object.fromEntries(names.map((name) => [name, columns[name]![i]]))) as Stacked<D>,
    );
  }

  private each(read: (dataset: Items<unknown>) => unknown): Stacked<D> {
    const { datasets } = this;
    if (Array.isArray(datasets)) return datasets.map(read) as Stacked<D>;
    return Object.fromEntries(
      Object.entries(datasets).map(([name, dataset]) => [name, read(dataset as Items<unknown>)]),
    ) as Stacked<D>;
  }
}

function lengths_of_fractions(total: number, fractions: readonly number[]): number[] {
  const lengths = fractions.map((fraction, i) => {
    if (fraction < 0 || fraction > 1) throw new Error(`Fraction at index ${i} is not between 0 and 1`);
    return Math.floor(total * fraction);
  });
  const remainder = total - lengths.reduce((sum, length) => sum + length, 0);
  for (let i = 0; i < remainder; i++) (lengths[i % lengths.length] as number)++;
  lengths.forEach((length, i) => {
    if (length === 0) warn(`Length of split at index ${i} is 0. This might result in an empty dataset.`);
  });
  return lengths;
}

/** A part for each length; of a literal list, TypeScript knows how many. */
export type SplitParts<T, L extends readonly number[]> = { -readonly [I in keyof L]: Subset<T> };

/**
 * Splits a dataset at random into parts that do not overlap. Mirrors `torch.utils.data.random_split`.
 *
 * Fractions are rounded down, and the remaining items go to the first parts in turn. The parts equal Python's for the
 * same generator.
 *
 * @param dataset - a map-style dataset, array or tensor
 * @param lengths - the lengths of the parts, or fractions that sum up to 1
 * @param generator - for the permutation; default: the default generator
 * @returns a {@link Subset} per length
 * @throws Error when the lengths do not sum up to that of the dataset, or a fraction is not between 0 and 1
 * @example
 * ```ts
 * const dataset = new torch.utils.data.TensorDataset(torch.randn(10, 2));
 * const generator = new torch.Generator().manual_seed(42);
 * const [train, test] = torch.utils.data.random_split(dataset, [0.7, 0.3], { generator });
 * print(train.indices, test.indices);
 * ```
 * ```python
 * dataset = torch.utils.data.TensorDataset(torch.randn(10, 2))
 * generator = torch.Generator().manual_seed(42)
 * train, test = torch.utils.data.random_split(dataset, [0.7, 0.3], generator=generator)
 * print(train.indices, test.indices)
 * ```
 */
export function random_split<T, const L extends readonly number[]>(
  dataset: Items<T>,
  lengths: L,
  generator?: Generator | null,
  options?: { generator?: Generator | null },
): SplitParts<T, L>;
export function random_split<T, const L extends readonly number[]>(
  dataset: Items<T>,
  lengths: L,
  ...generator: Tail<[generator: Generator | null], { generator?: Generator | null }>
): SplitParts<T, L>;
export function random_split<T, const L extends readonly number[]>(options: {
  dataset: Items<T>;
  lengths: L;
  generator?: Generator | null;
}): SplitParts<T, L>;
export function random_split(...args: unknown[]): Subset<unknown>[] {
  const { dataset, lengths, generator = default_generator } = RANDOM_SPLIT.read(args);
  const sum = lengths.reduce((total, length) => total + length, 0);
  const fractions = Math.abs(sum - 1) <= 1e-9 && sum <= 1;
  const sizes = fractions ? lengths_of_fractions(dataset.length, lengths) : lengths;
  const total = sizes.reduce((all, size) => all + size, 0);
  if (total !== dataset.length) {
    throw new Error('Sum of input lengths does not equal the length of the input dataset!');
  }
  const indices = randperm(total, { generator }).tolist() as number[];
  let start = 0;
  return sizes.map((size) => new Subset(dataset, indices.slice(start, (start += size))));
}
