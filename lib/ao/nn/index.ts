/** Mirrors `torch.ao.nn` as far as dynamic quantization goes. */
export * as quantized from './quantized/index.js';
