/** Fully sharded data parallelism: `torch.distributed.fsdp`. */
import '../../_internal/bundled.js';

export { FSDPModule, fully_shard, type FullyShardOptions } from './fully_shard.js';
export { MixedPrecisionPolicy, type MixedPrecisionOptions } from './policies.js';
