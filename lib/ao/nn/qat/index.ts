/** Mirrors `torch.ao.nn.qat`. */
export { Embedding, EmbeddingBag } from './embedding.js';
export { Conv1d, Conv2d, Conv3d, Linear } from './layers.js';
