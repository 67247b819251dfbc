/** Mirrors `torch.ao.nn.quantized` as far as dynamic quantization goes. */
export * as dynamic from './dynamic/index.js';
