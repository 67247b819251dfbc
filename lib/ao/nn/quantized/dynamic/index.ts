/** Mirrors `torch.ao.nn.quantized.dynamic`. */
export { Linear } from './linear.js';
export { GRUCell, LSTMCell, RNNCell } from './cells.js';
export * from './rnn.js';
