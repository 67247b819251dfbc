/** Mirrors `torch.ao.nn`. */
export * as intrinsic from './intrinsic/index.js';
export * as qat from './qat/index.js';
export * as quantizable from './quantizable/index.js';
export * as quantized from './quantized/index.js';
