/** Mirrors `torch.nn.parallel`. */
export * from './data_parallel.js';
export * from '../../absent/nn_parallel.js';
