/** Collectives with gradients: `torch.distributed.nn`. */
import '../../_internal/bundled.js';

export * as functional from './functional.js';
export {
  all_gather,
  all_reduce,
  all_to_all,
  all_to_all_single,
  broadcast,
  gather,
  reduce,
  reduce_scatter,
  scatter,
} from './functional.js';
