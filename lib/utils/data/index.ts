/** Datasets, samplers and the loader that makes batches of them; mirrors `torch.utils.data`. */
export {
  default_collate,
  default_convert,
  type Collated,
  type CollateContext,
  type CollateFunction,
  type CollateMap,
  type CollateType,
} from './collate.js';
export { DataLoader, type DataLoaderOptions } from './dataloader.js';
export { get_worker_info, type WorkerInfo } from './worker_info.js';
export {
  ChainDataset,
  ConcatDataset,
  Dataset,
  IterableDataset,
  random_split,
  StackDataset,
  Subset,
  TensorDataset,
  type SplitParts,
} from './dataset.js';
export { DistributedSampler, type DistributedSamplerOptions } from './distributed.js';
export type { Indices } from './indices.js';
export type { Items, MapDataset } from './items.js';
export {
  BatchSampler,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type RandomSamplerOptions,
  type Sized,
  type WeightedOptions,
} from './sampler.js';
export * as dataset from './dataset.js';
export * as distributed from './distributed.js';
export * as sampler from './sampler.js';
export * as dataloader from './modules/dataloader.js';
export * as _utils from './modules/utils.js';
export * from '../../absent/utils_data.js';
