/**
 * Types of torch.utils.data: `npm run typecheck` compiles this file. Calls that must compile stand as they are; calls that must
 * not stand below `@ts-expect-error`. Nothing here is run.
 */
import * as torch from 'torch-node';
import type { NDArray, Tensor } from 'torch-node';

declare const x: Tensor;
declare const array: NDArray;

const { data } = torch.utils;

/** Compiles when the type of the value is exactly `T`. */
type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends <G>() => G extends B ? 1 : 2 ? true : false;
function same<T>() {
  return <V>(_value: V, ..._equal: Same<V, T> extends true ? [] : [never]): void => undefined;
}

class Pairs extends data.Dataset<[Tensor, string]> {
  readonly length = 4;
  get(_index: number): [Tensor, string] {
    return [x, 'a'];
  }
}

/** The rows of tensors and arrays are items, and those of the parts are of the same type as in the whole. */
export function parts(): void {
  const [train, test] = data.random_split(x, [0.7, 0.3]);
  same<Tensor>()(train.get(0));
  same<Tensor>()(test.get(0));
  same<Tensor>()(data.random_split(x, [7, 3], { generator: torch.default_generator })[0].get(0));
  same<Tensor>()(data.random_split({ dataset: x, lengths: [7, 3] })[1].get(0));
  same<number>()(data.random_split(array, [7, 3])[0].length);
  same<string>()(data.random_split(['a', 'b'], [1, 1])[0].get(0));
  same<[Tensor, string]>()(data.random_split(new Pairs(), [2, 2])[0].get(0));
  // @ts-expect-error - not a dataset
  data.random_split(7, [0.7, 0.3]);
  // @ts-expect-error - an object without get()
  data.random_split({ length: 3 }, [2, 1]);
}

export function joined(): void {
  same<Tensor>()(new data.Subset(x, [1, 2]).get(0));
  same<Tensor>()(new data.Subset({ dataset: x, indices: torch.tensor([1]) }).get(0));
  same<number>()(new data.Subset(array, [0]).length);
  same<string>()(new data.Subset(['a', 'b'], torch.tensor([1])).get(0));
  same<Tensor>()(new data.ConcatDataset([x, x]).get(0));
  same<[Tensor, string]>()(new data.StackDataset(x, ['a']).get(0));
  // @ts-expect-error - a number has no items
  new data.Subset(3, [0]);
}

export function samplers(): void {
  new data.SequentialSampler(x);
  new data.RandomSampler(x);
  new data.RandomSampler({ data_source: array, replacement: true });
  new data.SubsetRandomSampler(torch.tensor([1]));
  new data.WeightedRandomSampler(torch.ones(3), 2);
  new data.BatchSampler(x, 2, false);
  new data.BatchSampler(new data.RandomSampler(x), 2, false);
}

export function batches(): void {
  for (const batch of new data.DataLoader(x, { batch_size: 2 })) same<Tensor>()(batch);
  for (const batch of new data.DataLoader(data.random_split(x, [0.5, 0.5])[0])) same<Tensor>()(batch);
}
