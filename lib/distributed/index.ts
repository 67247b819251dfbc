/** Processes that communicate: `torch.distributed`, with c10d and Gloo of libtorch. */
import '../_internal/bundled.js';

export * as _functional_collectives from './_functional_collectives.js';
export * as algorithms from './algorithms/index.js';
export * as checkpoint from './checkpoint/index.js';
export * as fsdp from './fsdp/index.js';
export * as nn from './nn/index.js';
export * as optim from './optim/index.js';
export * as pipelining from './pipelining/index.js';
export * as tensor from './tensor/index.js';
export { BuiltinCommHookType, GradBucket, type BuiltinCommHook, type CommHook } from './comm_hooks.js';
export { default_pg_timeout, is_available } from './availability.js';
export {
  all_gather,
  all_gather_coalesced,
  all_gather_into_tensor,
  all_gather_single,
  all_reduce,
  all_reduce_coalesced,
  all_to_all,
  all_to_all_single,
  barrier,
  batch_isend_irecv,
  broadcast,
  gather,
  irecv,
  isend,
  monitored_barrier,
  P2POp,
  recv,
  reduce,
  reduce_scatter,
  reduce_scatter_single,
  reduce_scatter_tensor,
  scatter,
  send,
  type PointToPoint,
} from './collectives.js';
export {
  DebugLevel,
  get_debug_level,
  set_debug_level,
  set_debug_level_from_env,
  type Level as DebugLevelType,
} from './debug.js';
export * as device_mesh from './device_mesh.js';
export { DeviceMesh, init_device_mesh } from './device_mesh.js';
export { DistBackendError, DistError, DistNetworkError, DistStoreError, QueueEmptyError } from './errors.js';
export { ProcessGroupNCCL, type NCCLConfig, type NCCLOptions } from './nccl.js';
export {
  all_gather_object,
  broadcast_object_list,
  gather_object,
  recv_object_list,
  scatter_object_list,
  send_object_list,
} from './object_collectives.js';
export {
  Backend,
  destroy_process_group,
  get_backend,
  get_backend_config,
  get_default_backend_for_device,
  get_global_rank,
  get_group_rank,
  get_node_local_rank,
  get_pg_count,
  get_process_group_ranks,
  get_rank,
  get_world_size,
  group,
  GroupMember,
  init_process_group,
  is_backend_available,
  is_gloo_available,
  is_initialized,
  is_mpi_available,
  is_nccl_available,
  is_torchelastic_launched,
  is_ucc_available,
  is_xccl_available,
  new_group,
  new_subgroups,
  new_subgroups_by_enumeration,
  ProcessGroup,
  split_group,
  type Group,
  type InitProcessGroupOptions,
  type NewGroupOptions,
  type NewSubgroupsByEnumerationOptions,
  type NewSubgroupsOptions,
  type SplitGroupOptions,
} from './process_group.js';
export { ReduceOp, type RedOpType } from './reduce_op.js';
export { FileStore, HashStore, PrefixStore, Store, TCPStore, type StoreValue } from './store.js';
export { Work } from './work.js';
