/** Datasets, samplers and the loader that makes batches of them; mirrors `torch.utils.data`. */
export { default_collate, default_convert, type Collated } from './collate.js';
export { DataLoader, get_worker_info, type DataLoaderOptions } from './dataloader.js';
export {
  ChainDataset,
  ConcatDataset,
  Dataset,
  IterableDataset,
  random_split,
  StackDataset,
  Subset,
  TensorDataset,
  type Items,
  type MapDataset,
  type SplitParts,
} from './dataset.js';
export {
  BatchSampler,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type Indices,
  type RandomSamplerOptions,
  type Sized,
  type WeightedOptions,
} from './sampler.js';
export * from '../../absent/utils_data.js';
