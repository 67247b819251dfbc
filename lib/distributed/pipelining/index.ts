/** Models whose parts are in processes of their own: `torch.distributed.pipelining`. */
import '../../_internal/bundled.js';

export {
  Schedule1F1B,
  ScheduleDualPipeV,
  ScheduleGPipe,
  ScheduleInterleaved1F1B,
  ScheduleInterleavedZeroBubble,
  ScheduleLoopedBFS,
  ScheduleZBVZeroBubble,
  type LossFunction,
  type PipelineSchedule,
  type ScheduleOptions,
  type StepOptions,
} from './schedules.js';
export { PipelineStage } from './stage.js';
