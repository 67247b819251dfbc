/** `torch.nn.modules.loss`: losses of programs extend `_Loss` and `_WeightedLoss`. */
export * from '../loss.js';
export { Loss as _Loss, WeightedLoss as _WeightedLoss } from '../loss_base.js';
