/** `torch.distributed.algorithms.model_averaging`: processes that train alone, and average their parameters now and then. */
export * as averagers from './averagers.js';
export * as hierarchical_model_averager from './hierarchical_model_averager.js';
export * as utils from './utils.js';
