/** `torch.nn.modules.channelshuffle`. */
export { ChannelShuffle } from '../pixelshuffle.js';
