/** `torch.utils.data.dataloader`, by which older programs import. */
export { default_collate, default_convert } from '../collate.js';
export { DataLoader } from '../dataloader.js';
export { get_worker_info } from '../worker_info.js';
export { Dataset, IterableDataset } from '../dataset.js';
export { BatchSampler, RandomSampler, Sampler, SequentialSampler } from '../sampler.js';
