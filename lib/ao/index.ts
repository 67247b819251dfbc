/** Mirrors `torch.ao` as far as dynamic quantization goes. */
export * as nn from './nn/index.js';
export * as quantization from './quantization/index.js';
