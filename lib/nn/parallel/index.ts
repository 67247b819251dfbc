/** Mirrors `torch.nn.parallel`. */
export * from './data_parallel.js';
export { DistributedDataParallel, type DistributedDataParallelOptions } from './distributed.js';
export * as distributed from './distributed.js';
export * from '../../absent/nn_parallel.js';
