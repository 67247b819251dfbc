/** `torch.nn.modules.pixelshuffle`. */
export { PixelShuffle, PixelUnshuffle } from '../pixelshuffle.js';
