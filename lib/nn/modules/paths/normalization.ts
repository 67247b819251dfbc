/** `torch.nn.modules.normalization`. */
export * from '../cross_map_lrn.js';
export * from '../normalization.js';
