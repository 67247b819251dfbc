/** Mirrors `torch.ao.nn.quantizable`. */
export { LSTM, LSTMCell, type LSTMCellOptions, type LSTMOptions } from './rnn.js';
