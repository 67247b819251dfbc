/** Mirrors `torch.ao.nn.quantized.dynamic`. */
export * from './linear.js';
export * from './rnn.js';
