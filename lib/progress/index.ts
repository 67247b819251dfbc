/** torch-node/progress: progress bars on a terminal, the `tqdm` and `trange` of Python's package tqdm. */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/one_file.js';
import '../index.js';

export {
  type ProgressOptions,
  type TextSink,
  type Tqdm,
  type TqdmClass,
  tqdm,
  trange,
} from './tqdm.js';
export type { MeterOptions } from './meter.js';
