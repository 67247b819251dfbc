/** Mirrors `torch.ao.nn.qat`. */
export { Conv1d, Conv2d, Conv3d, Linear } from './layers.js';
