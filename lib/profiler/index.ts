/** What a program does and how long it takes: `torch.profiler`. */
export { DeviceType } from '../autograd/profiler_events.js';
export { ProfilerActivity, record_function } from '../autograd/profile.js';
export {
  kineto_available,
  profile,
  ProfilerAction,
  schedule,
  supported_activities,
  tensorboard_trace_handler,
  type KinetoProfile,
  type ProfileOptions,
  type ScheduleOptions,
} from './profiler.js';
