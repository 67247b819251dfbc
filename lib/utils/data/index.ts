/** Datasets, samplers and the loader that makes batches of them; mirrors `torch.utils.data`. */
export { default_collate, default_convert, type Collated } from './collate.js';
export { DataLoader, type DataLoaderOptions } from './dataloader.js';
export {
  ChainDataset, ConcatDataset, Dataset, IterableDataset, random_split, Subset, TensorDataset, type MapDataset, type SplitParts,
} from './dataset.js';
export {
  BatchSampler, RandomSampler, Sampler, SequentialSampler, SubsetRandomSampler, WeightedRandomSampler, type RandomSamplerOptions,
  type Sized, type WeightedOptions,
} from './sampler.js';
