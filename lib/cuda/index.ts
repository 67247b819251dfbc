/** CUDA devices: `torch.cuda`. What programs ask before they use one is answered on a CPU build too. */
export * as amp from './amp/index.js';
export * as comm from './comm.js';
export * as gds from './gds.js';
export * as graphs from './graphs.js';
export * as green_contexts from './green_contexts.js';
export * as jiterator from './jiterator.js';
export * as memory from './memory.js';
export * as nccl from './nccl.js';
export * as nvtx from './nvtx.js';
export * as profiler from './profiler.js';
export * as random from './random.js';
export * as streams from './streams.js';
export * as tunable from './tunable.js';
export * from './current_stream.js';
export * from './devices.js';
export * from './graphs.js';
export { make_graphed_step, type LossFunction } from './graphed_step.js';
export * from './green_contexts.js';
export * from './memory.js';
export {
  clock_rate,
  device_memory_used,
  memory_usage,
  power_draw,
  temperature,
  utilization,
} from './nvml.js';
export { AcceleratorError, OutOfMemoryError } from '../_C/device_errors.js';
export * from './random.js';
export { check_error, CudaError, cudart, cudaStatus, DeferredCudaCallError, type CudaRuntime } from './runtime.js';
export { Event, ExternalStream, Stream } from './streams.js';
export * from './tensor_types.js';
