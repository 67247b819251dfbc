/** Mirrors `torch.ao`. */
export * as nn from './nn/index.js';
export * as quantization from './quantization/index.js';
