import { as_tensor, type TensorData } from '../../creation.js';
import { float64, int64 } from '../../types/dtype.js';
import { multinomial, randint, randperm } from '../../generated/functions.js';
import type { Tail } from '../../_internal/arguments.js';
import { Generator } from '../../random.js';
import type { Tensor } from '../../_tensor.js';
import { define_kind, signature } from '../../_internal/signature.js';
import { draw_seed, index_list, index_number, length_of, type Indices } from './indices.js';

/** Anything with a `length`. */
export interface Sized {
  readonly length: number;
}

function positive_integer(name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw new Error(`${name} should be a positive integer value, but got ${name}=${String(value)}`);
  }
}

define_kind(
  'Sized',
  'something with a length',
  (value) => typeof value === 'object' && value !== null && typeof (value as Partial<Sized>).length === 'number',
);

const SEQUENTIAL_SAMPLER = signature<{ data_source: Sized }>('SequentialSampler', 'data_source: Sized');
const RANDOM_SAMPLER = signature<RandomSamplerOptions & { data_source: Sized }>(
  'RandomSampler',
  'data_source: Sized, replacement?: bool, num_samples?: float|None, generator?: Generator|None',
);
const SUBSET_RANDOM_SAMPLER = signature<GeneratorOption & { indices: Indices }>(
  'SubsetRandomSampler',
  'indices: any[]|Tensor|NDArray, generator?: Generator|None',
);
const WEIGHTED_RANDOM_SAMPLER = signature<WeightedOptions & { weights: TensorData; num_samples: number }>(
  'WeightedRandomSampler',
  'weights: Tensor|NDArray|float[], num_samples: float, replacement?: bool, generator?: Generator|None',
);
const BATCH_SAMPLER = signature<{ sampler: Iterable<number | Tensor>; batch_size: number; drop_last: boolean }>(
  'BatchSampler',
  'sampler: Iterable, batch_size: float, drop_last: bool',
);

interface GeneratorOption {
  /** Draws the indices. Default null: the default generator. */
  generator?: Generator | null;
}

/** The options of {@link RandomSampler}. */
export interface RandomSamplerOptions extends GeneratorOption {
  /** Draw with replacement. Default false. */
  replacement?: boolean;
  /** The number of indices to draw. Default null: the length of the dataset. */
  num_samples?: number | null;
}

/** The options of {@link WeightedRandomSampler}. */
export interface WeightedOptions extends GeneratorOption {
  /** Draw with replacement. Default true. */
  replacement?: boolean;
}

/**
 * The base class of samplers: the order in which a loader reads a dataset. Mirrors `torch.utils.data.Sampler`.
 *
 * A subclass defines `[Symbol.iterator]` over indices (or over arrays of indices, for a `batch_sampler`), and a
 * `length` where it is known.
 *
 * @example
 * ```ts
 * class Backwards extends torch.utils.data.Sampler {
 *   *[Symbol.iterator](): Iterator<number> {
 *     for (let i = 3; i >= 0; i--) yield i;
 *   }
 * }
 * const loader = new torch.utils.data.DataLoader(torch.arange(4), { sampler: new Backwards(), batch_size: 2 });
 * for (const batch of loader) print(batch);
 * ```
 * ```python
 * class Backwards(torch.utils.data.Sampler):
 *     def __iter__(self):
 *         yield from range(3, -1, -1)
 * loader = torch.utils.data.DataLoader(torch.arange(4), sampler=Backwards(), batch_size=2)
 * for batch in loader:
 *     print(batch)
 * ```
 */
export abstract class Sampler<T = number> implements Iterable<T> {
  abstract [Symbol.iterator](): Iterator<T>;
}

/**
 * Samples the indices in order. Mirrors `torch.utils.data.SequentialSampler`.
 *
 * @param data_source - the dataset, or anything with a `length`
 * @throws TypeError when it has no length
 * @example
 * ```ts
 * print([...new torch.utils.data.SequentialSampler(['a', 'b', 'c'])]);
 * ```
 * ```python
 * print(list(torch.utils.data.SequentialSampler(['a', 'b', 'c'])))
 * ```
 */
export class SequentialSampler extends Sampler {
  readonly data_source: Sized;

  constructor(data_source: Sized | { data_source: Sized });
  constructor(...args: unknown[]) {
    super();
    this.data_source = SEQUENTIAL_SAMPLER.read(args).data_source;
  }

  get length(): number {
    return this.data_source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0, n = this.data_source.length; i < n; i++) yield i;
  }
}

/**
 * Samples indices at random, with or without replacement. Mirrors `torch.utils.data.RandomSampler`; the order equals
 * Python's for the same seed.
 *
 * @param data_source - the dataset, or anything with a `length`
 * @param replacement - draw with replacement; default false
 * @param num_samples - the number of indices to draw; default null, the length of the dataset
 * @param generator - for the indices; default null, a new one seeded from the default generator in each epoch
 * @throws Error unless `num_samples` is a positive integer
 * @example
 * ```ts
 * print([...new torch.utils.data.RandomSampler(torch.arange(5))]);
 * print([...new torch.utils.data.RandomSampler(torch.arange(5), { replacement: true, num_samples: 3 })]);
 * ```
 * ```python
 * print(list(torch.utils.data.RandomSampler(torch.arange(5))))
 * print(list(torch.utils.data.RandomSampler(torch.arange(5), replacement=True, num_samples=3)))
 * ```
 */
export class RandomSampler extends Sampler {
  readonly data_source: Sized;
  readonly replacement: boolean;
  readonly generator: Generator | null;
  private readonly wanted: number | null;

  constructor(
    data_source: Sized,
    ...options: Tail<
      [replacement: boolean, num_samples: number | null, generator: Generator | null],
      RandomSamplerOptions
    >
  );
  constructor(options: RandomSamplerOptions & { data_source: Sized });
  constructor(...args: unknown[]) {
    super();
    const { data_source, replacement = false, num_samples = null, generator = null } = RANDOM_SAMPLER.read(args);
    this.data_source = data_source;
    this.replacement = replacement;
    this.wanted = num_samples;
    this.generator = generator;
    positive_integer('num_samples', this.num_samples);
  }

  /** The number of indices drawn per epoch. */
  get num_samples(): number {
    return this.wanted ?? this.data_source.length;
  }

  get length(): number {
    return this.num_samples;
  }

  *[Symbol.iterator](): Iterator<number> {
    const n = this.data_source.length;
    const count = this.num_samples;
    const generator = this.generator ?? new Generator().manual_seed(draw_seed(null));
    if (this.replacement) {
      const draw = (size: number): number[] => randint(n, [size], { dtype: int64, generator }).tolist() as number[];
      for (let i = 0; i < Math.floor(count / 32); i++) yield* draw(32);
      yield* draw(count % 32);
      return;
    }
    const shuffled = (): number[] => randperm(n, { generator }).tolist() as number[];
    for (let i = 0; i < Math.floor(count / n); i++) yield* shuffled();
    yield* shuffled().slice(0, count % n);
  }
}

/**
 * Samples given indices in random order, without replacement. Mirrors `torch.utils.data.SubsetRandomSampler`.
 *
 * @param indices - the indices, as an array or a 1-D Tensor
 * @param generator - for the order; default null, the default generator
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print([...new torch.utils.data.SubsetRandomSampler([2, 4, 6, 8])]);
 * ```
 * ```python
 * print(list(torch.utils.data.SubsetRandomSampler([2, 4, 6, 8])))
 * ```
 */
export class SubsetRandomSampler extends Sampler {
  readonly generator: Generator | null;

  readonly indices: readonly number[];

  constructor(indices: Indices, ...options: Tail<[generator: Generator | null], GeneratorOption>);
  constructor(options: GeneratorOption & { indices: Indices });
  constructor(...args: unknown[]) {
    super();
    const { indices, generator = null } = SUBSET_RANDOM_SAMPLER.read(args);
    this.indices = index_list(indices);
    this.generator = generator;
  }

  get length(): number {
    return this.indices.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const i of randperm(this.indices.length, { generator: this.generator }).tolist() as number[]) {
      yield this.indices[i] as number;
    }
  }
}

/**
 * Samples indices with given probabilities. Mirrors `torch.utils.data.WeightedRandomSampler`.
 *
 * @param weights - a weight per index, which need not sum up to 1: an array or a 1-D Tensor, taken as float64
 * @param num_samples - the number of indices to draw
 * @param replacement - draw with replacement; default true
 * @param generator - for the indices; default null, the default generator
 * @throws Error unless `num_samples` is a positive integer and the weights have one dimension
 * @example
 * ```ts
 * print([...new torch.utils.data.WeightedRandomSampler([0.1, 0.9, 0.4], 5)]);
 * print([...new torch.utils.data.WeightedRandomSampler([0.1, 0.9, 0.4], 3, { replacement: false })]);
 * ```
 * ```python
 * print(list(torch.utils.data.WeightedRandomSampler([0.1, 0.9, 0.4], 5)))
 * print(list(torch.utils.data.WeightedRandomSampler([0.1, 0.9, 0.4], 3, replacement=False)))
 * ```
 */
export class WeightedRandomSampler extends Sampler {
  readonly weights: Tensor;
  readonly replacement: boolean;
  readonly generator: Generator | null;

  readonly num_samples: number;

  constructor(
    weights: TensorData,
    num_samples: number,
    ...options: Tail<[replacement: boolean, generator: Generator | null], WeightedOptions>
  );
  constructor(options: WeightedOptions & { weights: TensorData; num_samples: number });
  constructor(...args: unknown[]) {
    super();
    const { weights, num_samples, replacement = true, generator = null } = WEIGHTED_RANDOM_SAMPLER.read(args);
    positive_integer('num_samples', num_samples);
    this.num_samples = num_samples;
    this.replacement = replacement;
    this.generator = generator;
    this.weights = as_tensor(weights, { dtype: float64 });
    if (this.weights.dim() !== 1) {
      throw new Error(
        `weights should be a 1d sequence but given weights have shape (${this.weights.shape.join(', ')})`,
      );
    }
  }

  get length(): number {
    return this.num_samples;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { generator } = this;
    yield* multinomial(this.weights, this.num_samples, this.replacement, { generator }).tolist() as number[];
  }
}

/**
 * Groups the indices of another sampler into batches. Mirrors `torch.utils.data.BatchSampler`.
 *
 * @param sampler - a sampler, or any iterable of indices
 * @param batch_size - the number of indices per batch
 * @param drop_last - leave out a last batch that is not full
 * @throws Error unless `batch_size` is a positive integer; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const { BatchSampler, SequentialSampler } = torch.utils.data;
 * print([...new BatchSampler(new SequentialSampler(torch.arange(5)), 2, false)]);
 * print([...new BatchSampler(new SequentialSampler(torch.arange(5)), 2, true)]);
 * ```
 * ```python
 * from torch.utils.data import BatchSampler, SequentialSampler
 * print(list(BatchSampler(SequentialSampler(torch.arange(5)), 2, False)))
 * print(list(BatchSampler(SequentialSampler(torch.arange(5)), 2, True)))
 * ```
 */
export class BatchSampler extends Sampler<number[]> {
  readonly sampler: Iterable<number | Tensor>;
  readonly batch_size: number;
  readonly drop_last: boolean;

  constructor(sampler: Iterable<number | Tensor>, batch_size: number, drop_last: boolean);
  constructor(sampler: Iterable<number | Tensor>, batch_size: number, options: { drop_last: boolean });
  constructor(sampler: Iterable<number | Tensor>, options: { batch_size: number; drop_last: boolean });
  constructor(options: { sampler: Iterable<number | Tensor>; batch_size: number; drop_last: boolean });
  constructor(...args: unknown[]) {
    super();
    const { sampler, batch_size, drop_last } = BATCH_SAMPLER.read(args);
    positive_integer('batch_size', batch_size);
    this.sampler = sampler;
    this.batch_size = batch_size;
    this.drop_last = drop_last;
  }

  /** The number of batches. @throws TypeError when the sampler has no length */
  get length(): number {
    const batches = length_of(this.sampler) / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index_number(index));
      if (batch.length < this.batch_size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.drop_last) yield batch;
  }
}
