/** The older interface to the profiler: `torch.autograd.profiler`. */
export { EventList, FunctionEvent } from './profiler_events.js';
export {
  profile,
  record_function,
  type AutogradProfileOptions,
  type ExperimentalConfig,
  type KeyAveragesOptions,
  type Profile,
} from './profile.js';
export { emit_itt, emit_nvtx, type EmitOptions } from './emit.js';
export * from '../absent/autograd_profiler.js';
