/** What a profile consists of: `torch.autograd.profiler_util`. */
export {
  EventList,
  FunctionEvent,
  FunctionEventAvg,
  Interval,
  type Kernel,
  type ProfiledEvent,
  type TableOptions,
} from './profiler_events.js';
