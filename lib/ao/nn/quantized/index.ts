/** Mirrors `torch.ao.nn.quantized`. */
export * as dynamic from './dynamic/index.js';
export { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv_transpose.js';
export { Embedding, EmbeddingBag, EmbeddingPackedParams } from './embedding.js';
export { Conv1d, Conv2d, Conv3d, Linear } from './layers.js';
export * from './modules.js';
export { LSTM } from './rnn.js';
