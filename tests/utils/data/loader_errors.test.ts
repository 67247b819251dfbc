/** What wrong uses of loaders, samplers and datasets say is what Python says. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../../reference.js';

const { DataLoader, IterableDataset, TensorDataset, ConcatDataset } = torch.utils.data;
const { BatchSampler, RandomSampler, WeightedRandomSampler, random_split } = torch.utils.data;
const five = [0, 1, 2, 3, 4];

class It extends IterableDataset<number> {
  *[Symbol.iterator](): IterableIterator<number> {
    yield* five;
  }
}

const uses: Record<string, () => unknown> = {
  'batch_size 0': () => new DataLoader(five, { batch_size: 0 }),
  'batch_size -1': () => new DataLoader(five, { batch_size: -1 }),
  'batch_size float': () => new DataLoader(five, { batch_size: 1.5 }),
  'num_workers -1': () => new DataLoader(five, { num_workers: -1 }),
  'timeout -1': () => new DataLoader(five, { timeout: -1 }),
  'prefetch without workers': () => new DataLoader(five, { prefetch_factor: 2 }),
  'prefetch negative': () => new DataLoader(five, { prefetch_factor: -2, num_workers: 1 }),
  'persistent without workers': () => new DataLoader(five, { persistent_workers: true }),
  'context without workers': () => new DataLoader(five, { multiprocessing_context: 'spawn' }),
  'context unknown': () => new DataLoader(five, { num_workers: 1, multiprocessing_context: 'thread' }),
  'iterable shuffle': () => new DataLoader(new It(), { shuffle: true }),
  'iterable sampler': () => new DataLoader(new It(), { sampler: [1] }),
  'iterable batch_sampler': () => new DataLoader(new It(), { batch_sampler: [[1]] }),
  'sampler and shuffle': () => new DataLoader(five, { sampler: [1], shuffle: true }),
  'batch_sampler and batch_size': () => new DataLoader(five, { batch_sampler: [[1]], batch_size: 2 }),
  'batch_sampler and shuffle': () => new DataLoader(five, { batch_sampler: [[1]], shuffle: true }),
  'batch_sampler and sampler': () => new DataLoader(five, { batch_sampler: [[1]], sampler: [1] }),
  'batch_sampler and drop_last': () => new DataLoader(five, { batch_sampler: [[1]], drop_last: true }),
  'no batch and drop_last': () => new DataLoader(five, { batch_size: null, drop_last: true }),
  'empty shuffled': () => new DataLoader([], { shuffle: true }),
  'set batch_size': () => {
    (new DataLoader(five) as { batch_size: unknown }).batch_size = 3;
  },
  'set dataset': () => {
    (new DataLoader(five) as { dataset: unknown }).dataset = [1];
  },
  'collate lengths': () => [...new DataLoader([[1, 2], [1]], { batch_size: 2 })],
  'collate none': () => [...new DataLoader([null, null], { batch_size: 2 })],
  'tensor sizes': () => new TensorDataset(torch.ones(2), torch.ones(3)),
  'concat empty': () => new ConcatDataset([]),
  'concat iterable': () => new ConcatDataset([new It() as never]),
  'random_split sum': () => random_split(five, [1, 2]),
  'random_split fraction': () => random_split(five, [0.6, 0.6]),
  'batch sampler size': () => new BatchSampler([1], 0, false),
  'random sampler samples': () => new RandomSampler(five, { num_samples: 0 }),
  'weighted samples': () => new WeightedRandomSampler([1.0], 0),
  'weighted shape': () => new WeightedRandomSampler(torch.ones(1, 1), 1),
};

const expected = python<Record<string, string>>('loader_errors.py', []);

describe('the error of', () => {
  it.each(Object.entries(uses))('%s is that of Python', (name, use) => {
    expect(expected).toHaveProperty([name]);
    expect(use).toThrow(new RegExp(`^${expected[name]!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  });

  it.each([
    ['batch_size', () => new DataLoader(five, { batch_size: '2' as never })],
    ['drop_last', () => new BatchSampler([1], 2, 3 as never)],
    ['replacement', () => new RandomSampler(five, { replacement: 3 as never })],
    ['replacement', () => new WeightedRandomSampler([1], 1, 3 as never)],
  ])('a wrong kind of %s names the argument', (name, use) => {
    expect(use).toThrow(TypeError);
    expect(use).toThrow(`argument '${name}' must be `);
  });
});
