/** `torch.nn.modules.activation`. */
export * from '../activation.js';
export { MultiheadAttention, type AttentionOptions, type MultiheadAttentionOptions } from '../attention.js';
