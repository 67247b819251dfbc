/** Measuring how long statements take: `torch.utils.benchmark`. */
export { Measurement, select_unit, TaskSpec, trim_sigfig, unit_to_english, type TaskSpecOptions } from './common.js';
export { Compare } from './compare.js';
export { Timer, timer, type TimerOptions } from './timer.js';
