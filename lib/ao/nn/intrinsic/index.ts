/** Mirrors `torch.ao.nn.intrinsic`. */
export * from './fused.js';
export * as qat from './qat/index.js';
export * as quantized from './quantized/index.js';
