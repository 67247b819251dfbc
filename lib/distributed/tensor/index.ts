/** Tensors over several processes: `torch.distributed.tensor`. */
import '../../_internal/bundled.js';

export * as parallel from './parallel/index.js';
export {
  distribute_module,
  distribute_tensor,
  type DistributeInput,
  type DistributeOutput,
  type DistributeTensorOptions,
  type PartitionFunction,
} from './api.js';
export { DTensor, type FromLocalOptions, type RedistributeOptions } from './dtensor.js';
export { Partial, Placement, Replicate, Shard } from './placement_types.js';
