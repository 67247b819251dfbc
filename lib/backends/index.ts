/** Mirrors `torch.backends`. */
export * as mha from './mha.js';
