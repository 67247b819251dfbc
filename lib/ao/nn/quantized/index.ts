/** Mirrors `torch.ao.nn.quantized`. */
export * as dynamic from './dynamic/index.js';
export { Conv1d, Conv2d, Conv3d, Linear } from './layers.js';
export * from './modules.js';
