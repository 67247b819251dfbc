/** Mirrors `torch.nn.parallel`. */
export * from './data_parallel.js';
