/** Signal processing; mirrors `torch.signal`. */
export * as windows from './windows.js';
