/** Names and modules of `torch.cuda` that are not here; using one throws an Error that says what to do instead. */
import { absent, absent_module } from './absent.js';

/** Not in torch-node: `torch.cuda.BoolTensor`. */
export const BoolTensor = absent('torch.cuda.BoolTensor');
/** Not in torch-node: `torch.cuda.ByteTensor`. */
export const ByteTensor = absent('torch.cuda.ByteTensor');
/** Not in torch-node: `torch.cuda.comm`. */
export const comm = absent_module('torch.cuda.comm');
/** Not in torch-node: `torch.cuda.CUDAGraph`. */
export const CUDAGraph = absent('torch.cuda.CUDAGraph');
/** Not in torch-node: `torch.cuda.current_stream`. */
export const current_stream = absent('torch.cuda.current_stream');
/** Not in torch-node: `torch.cuda.default_stream`. */
export const default_stream = absent('torch.cuda.default_stream');
/** Not in torch-node: `torch.cuda.device`. */
export const device = absent('torch.cuda.device');
/** Not in torch-node: `torch.cuda.DoubleTensor`. */
export const DoubleTensor = absent('torch.cuda.DoubleTensor');
/** Not in torch-node: `torch.cuda.empty_cache`. */
export const empty_cache = absent('torch.cuda.empty_cache');
/** Not in torch-node: `torch.cuda.Event`. */
export const Event = absent('torch.cuda.Event');
/** Not in torch-node: `torch.cuda.FloatTensor`. */
export const FloatTensor = absent('torch.cuda.FloatTensor');
/** Not in torch-node: `torch.cuda.get_device_capability`. */
export const get_device_capability = absent('torch.cuda.get_device_capability');
/** Not in torch-node: `torch.cuda.get_device_properties`. */
export const get_device_properties = absent('torch.cuda.get_device_properties');
/** Not in torch-node: `torch.cuda.get_rng_state_all`. */
export const get_rng_state_all = absent('torch.cuda.get_rng_state_all');
/** Not in torch-node: `torch.cuda.graph`. */
export const graph = absent('torch.cuda.graph');
/** Not in torch-node: `torch.cuda.graphs`. */
export const graphs = absent_module('torch.cuda.graphs');
/** Not in torch-node: `torch.cuda.HalfTensor`. */
export const HalfTensor = absent('torch.cuda.HalfTensor');
/** Not in torch-node: `torch.cuda.initial_seed`. */
export const initial_seed = absent('torch.cuda.initial_seed');
/** Not in torch-node: `torch.cuda.IntTensor`. */
export const IntTensor = absent('torch.cuda.IntTensor');
/** Not in torch-node: `torch.cuda.ipc_collect`. */
export const ipc_collect = absent('torch.cuda.ipc_collect');
/** Not in torch-node: `torch.cuda.is_bf16_supported`. */
export const is_bf16_supported = absent('torch.cuda.is_bf16_supported');
/** Not in torch-node: `torch.cuda.is_initialized`. */
export const is_initialized = absent('torch.cuda.is_initialized');
/** Not in torch-node: `torch.cuda.LongTensor`. */
export const LongTensor = absent('torch.cuda.LongTensor');
/** Not in torch-node: `torch.cuda.make_graphed_callables`. */
export const make_graphed_callables = absent('torch.cuda.make_graphed_callables');
/** Not in torch-node: `torch.cuda.max_memory_allocated`. */
export const max_memory_allocated = absent('torch.cuda.max_memory_allocated');
/** Not in torch-node: `torch.cuda.max_memory_reserved`. */
export const max_memory_reserved = absent('torch.cuda.max_memory_reserved');
/** Not in torch-node: `torch.cuda.mem_get_info`. */
export const mem_get_info = absent('torch.cuda.mem_get_info');
/** Not in torch-node: `torch.cuda.memory`. */
export const memory = absent_module('torch.cuda.memory');
/** Not in torch-node: `torch.cuda.memory_allocated`. */
export const memory_allocated = absent('torch.cuda.memory_allocated');
/** Not in torch-node: `torch.cuda.memory_reserved`. */
export const memory_reserved = absent('torch.cuda.memory_reserved');
/** Not in torch-node: `torch.cuda.memory_stats`. */
export const memory_stats = absent('torch.cuda.memory_stats');
/** Not in torch-node: `torch.cuda.memory_summary`. */
export const memory_summary = absent('torch.cuda.memory_summary');
/** Not in torch-node: `torch.cuda.nccl`. */
export const nccl = absent_module('torch.cuda.nccl');
/** Not in torch-node: `torch.cuda.nvtx`. */
export const nvtx = absent_module('torch.cuda.nvtx');
/** Not in torch-node: `torch.cuda.OutOfMemoryError`. */
export const OutOfMemoryError = absent('torch.cuda.OutOfMemoryError');
/** Not in torch-node: `torch.cuda.profiler`. */
export const profiler = absent_module('torch.cuda.profiler');
/** Not in torch-node: `torch.cuda.random`. */
export const random = absent_module('torch.cuda.random');
/** Not in torch-node: `torch.cuda.reset_peak_memory_stats`. */
export const reset_peak_memory_stats = absent('torch.cuda.reset_peak_memory_stats');
/** Not in torch-node: `torch.cuda.seed`. */
export const seed = absent('torch.cuda.seed');
/** Not in torch-node: `torch.cuda.seed_all`. */
export const seed_all = absent('torch.cuda.seed_all');
/** Not in torch-node: `torch.cuda.set_rng_state_all`. */
export const set_rng_state_all = absent('torch.cuda.set_rng_state_all');
/** Not in torch-node: `torch.cuda.set_stream`. */
export const set_stream = absent('torch.cuda.set_stream');
/** Not in torch-node: `torch.cuda.Stream`. */
export const Stream = absent('torch.cuda.Stream');
/** Not in torch-node: `torch.cuda.stream`. */
export const stream = absent('torch.cuda.stream');
/** Not in torch-node: `torch.cuda.streams`. */
export const streams = absent_module('torch.cuda.streams');
/** Not in torch-node: `torch.cuda.utilization`. */
export const utilization = absent('torch.cuda.utilization');
