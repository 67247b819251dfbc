import { as_tensor, type TensorData } from '../../creation.js';
import { float64, int64 } from '../../dtype.js';
import { empty, multinomial, randint, randperm } from '../../generated/functions.js';
import { kind_of } from '../../nn/representation.js';
import { Generator } from '../../random.js';
import type { Tensor } from '../../tensor.js';

/** Anything that knows how many items it has. */
export interface Sized {
  readonly length: number;
}

/** A 63-bit seed from the generator (the default one when null), drawn as Python draws it. */
export function draw_seed(generator: Generator | null): number | bigint {
  return empty([], { dtype: int64 }).random_({ generator }).item<number | bigint>();
}

function positive_integer(name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw new Error(`${name} should be a positive integer value, but got ${name}=${String(value)}`);
  }
}

function boolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') {
    throw new TypeError(`${name} should be a boolean value, but got ${name}=${String(value)}`);
  }
}

/**
 * The order in which a loader reads a dataset: something iterable over item numbers (or over arrays of them), with a
 * `length` where it is known. Mirrors `torch.utils.data.Sampler`.
 */
export abstract class Sampler<T = number> implements Iterable<T> {
  abstract [Symbol.iterator](): Iterator<T>;
}

/** Item after item; mirrors `torch.utils.data.SequentialSampler`. */
export class SequentialSampler extends Sampler {
  constructor(readonly data_source: Sized) {
    super();
  }

  get length(): number {
    return this.data_source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0, n = this.data_source.length; i < n; i++) yield i;
  }
}

/**
 * Items in random order; mirrors `torch.utils.data.RandomSampler`, whose order it gives for the same seed.
 * `num_samples` is the dataset's length by default; with `replacement`, an item may come again.
 */
export class RandomSampler extends Sampler {
  readonly replacement: boolean;
  readonly generator: Generator | null;
  private readonly wanted: number | null;

  /** @throws Error unless `num_samples` is a positive integer */
  constructor(
    readonly data_source: Sized,
    options: { replacement?: boolean; num_samples?: number | null; generator?: Generator | null } = {},
  ) {
    super();
    this.replacement = options.replacement ?? false;
    this.wanted = options.num_samples ?? null;
    this.generator = options.generator ?? null;
    boolean('replacement', this.replacement);
    positive_integer('num_samples', this.num_samples);
  }

  /** How many items it draws. */
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
      const draw = (size: number): number[] =>
        randint(n, [size], { dtype: int64, generator }).tolist() as number[];
      for (let i = 0; i < Math.floor(count / 32); i++) yield* draw(32);
      yield* draw(count % 32);
      return;
    }
    const shuffled = (): number[] => randperm(n, { generator }).tolist() as number[];
    for (let i = 0; i < Math.floor(count / n); i++) yield* shuffled();
    yield* shuffled().slice(0, count % n);
  }
}

/** Given items in random order; mirrors `torch.utils.data.SubsetRandomSampler`. */
export class SubsetRandomSampler extends Sampler {
  readonly generator: Generator | null;

  constructor(readonly indices: readonly number[], options: { generator?: Generator | null } = {}) {
    super();
    this.generator = options.generator ?? null;
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

/** Items with given probabilities, which need not sum up to 1; mirrors `torch.utils.data.WeightedRandomSampler`. */
export class WeightedRandomSampler extends Sampler {
  readonly weights: Tensor;
  readonly replacement: boolean;
  readonly generator: Generator | null;

  constructor(
    weights: TensorData, readonly num_samples: number,
    options: { replacement?: boolean; generator?: Generator | null } = {},
  ) {
    super();
    positive_integer('num_samples', num_samples);
    this.replacement = options.replacement ?? true;
    boolean('replacement', this.replacement);
    this.generator = options.generator ?? null;
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

/** Batches of another sampler's items; mirrors `torch.utils.data.BatchSampler`. */
export class BatchSampler extends Sampler<number[]> {
  constructor(readonly sampler: Iterable<number>, readonly batch_size: number, readonly drop_last: boolean) {
    super();
    positive_integer('batch_size', batch_size);
    boolean('drop_last', drop_last);
  }

  /** @throws TypeError when the sampler does not know its length */
  get length(): number {
    const batches = length_of(this.sampler) / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length < this.batch_size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.drop_last) yield batch;
  }
}

/** The `length` of something that need not have one. @throws TypeError */
export function length_of(value: object): number {
  const { length } = value as { length?: unknown };
  if (typeof length !== 'number') throw new TypeError(`object of type '${kind_of(value)}' has no length`);
  return length;
}
