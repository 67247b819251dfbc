/** What libtorch computes with, and how: `torch.backends`. */
export * as mha from './nn/fastpath.js';
